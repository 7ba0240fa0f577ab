#!/bin/sh
# Two sessions decide at once: what one stores the other sees, whichever began first, and no game is picked twice.
n=0
ok() { # ok <true or false> <name>
	n=$((n + 1))
	if [ "$1" = t ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
export PGDATABASE=pick_lock_$$
createdb -T bet_edge_template "$PGDATABASE" || exit 1
trap 'dropdb --force "$PGDATABASE"' EXIT
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET search_path = bet_edge, public' -c "$1"; }

psql -X -q -v ON_ERROR_STOP=1 <<'SQL' || exit 1
SET search_path = bet_edge, public;
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', now());
INSERT INTO team SELECT stable_id('simulated:' || n), 'simulated', n FROM unnest('{A,B,C,D}'::text[]) AS n;
INSERT INTO game SELECT stable_id(k), 'SIM', 2030, stable_id('simulated:' || split_part(k, ':', 3)), stable_id('simulated:' || split_part(k, ':', 4)), k FROM unnest('{SIM:2030:A:B:1,SIM:2030:C:D:1}'::text[]) AS k;
INSERT INTO fixture SELECT game_id, now() + interval '1 day', true, false, NULL, NULL, now() - interval '1 day', now(), 1 FROM game;
CREATE FUNCTION public.says(text, timestamptz) RETURNS SETOF bet_edge.signal LANGUAGE sql STABLE AS $$
	SELECT (g.game_id, 'h2h', 'home', NULL, 'sim_soft_1', 2.1, '{0.5,0,0,0,0.5}', 0.5, 0.48, 0.05, 0.02, 5, 0.5, NULL)::bet_edge.signal FROM bet_edge.game AS g $$;
INSERT INTO strategy_configuration (effective_at, sport, strategy_name, signal_type, signal_function, is_enabled, reason, confidence_multiplier,
	threshold_adjustment, weight_in_ensemble, sample_size, performance_trend, min_differential_threshold, max_recommendations_per_day)
VALUES (now() - interval '1 day', 'SIM', 'a', 'test', 'public.says', true, 'test', 1, 0, 0.5, 100, 'STABLE', 1, 10);
-- Waits, two minutes at most, until a condition is true.
CREATE FUNCTION public.wait_until(condition text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	met boolean;
BEGIN
	FOR i IN 1..1200 LOOP
		EXECUTE 'SELECT ' || condition INTO met;
		EXIT WHEN met;
		PERFORM pg_sleep(0.1);
	END LOOP;
END $$;
SQL

begun="EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND granted)"
waits="EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT granted)"
# The first holds its picks back until the second waits for them, or has stored some itself.
ask "BEGIN; SELECT count(*) FROM generate_picks(); SELECT pg_advisory_lock(1), public.wait_until(\$\$ $waits OR (SELECT count(DISTINCT as_of) > 1 FROM bet_edge.ai_predictions) \$\$); COMMIT" >/dev/null &
ask "SELECT public.wait_until(\$\$ $begun \$\$)" >/dev/null
second=$(ask 'SELECT count(*) FROM generate_picks()')
wait
ok "$([ "$second" = 0 ] && echo t)" 'the second session waits for the first and finds its games picked'
ok "$(ask 'SELECT count(*) = 2 AND count(DISTINCT game_id) = 2 FROM ai_predictions')" 'each game is stored once'

# The one that began first comes to decide last.
ask 'DELETE FROM ai_predictions' >/dev/null
ask "BEGIN; SELECT pg_advisory_lock(1), public.wait_until('EXISTS (SELECT FROM bet_edge.ai_predictions)'); SELECT count(*) FROM generate_picks(); COMMIT" >/dev/null &
ask "SELECT public.wait_until(\$\$ $begun \$\$)" >/dev/null
ok "$([ "$(ask 'SELECT count(*) FROM generate_picks()')" = 2 ] && echo t)" 'one that began later decides first'
wait
ok "$(ask 'SELECT count(*) = 2 AND count(DISTINCT game_id) = 2 FROM ai_predictions')" 'and the other adds nothing'
echo "1..$n"
