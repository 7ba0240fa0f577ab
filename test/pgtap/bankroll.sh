#!/bin/sh
# Eight sessions bet from one bankroll and settle it at once, in every isolation level: no cent is spent twice.
n=0
ok() { # ok <true or false> <name>
	n=$((n + 1))
	if [ "$1" = t ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
export PGDATABASE=bankroll_$$
createdb -T bet_edge_template "$PGDATABASE" || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"; dropdb --force "$PGDATABASE"' EXIT
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET search_path = bet_edge, public' -c "$1"; }

psql -X -q -v ON_ERROR_STOP=1 <<'SQL' || exit 1
SET search_path = bet_edge, public;
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', now() - interval '3 days');
INSERT INTO team SELECT stable_id('simulated:' || t), 'simulated', t FROM unnest('{A,B}'::text[]) AS t;
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key)
SELECT stable_id(k), 'SIM', 2030, stable_id('simulated:A'), stable_id('simulated:B'), k FROM (SELECT 'SIM:2030:A:B:' || i AS k FROM generate_series(1, 400) AS i) AS g;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
SELECT game_id, now() - interval '1 day', true, now() - interval '3 days', now(), payload_id FROM game, payload;
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT game_id, abs(game_id % 3), 1, 'final', now() - interval '1 hour', now(), payload_id FROM game, payload;
CREATE FUNCTION public.bet(n bigint, stake numeric) RETURNS bigint LANGUAGE sql AS $$
	SELECT bet_edge.place_bet(NULL, now() - interval '2 days', ROW(bet_edge.stable_id('SIM:2030:A:B:' || 1 + n % 400), 'totals', CASE WHEN n % 2 = 0 THEN 'over' ELSE 'under' END, 0.5 + n / 400,
		'sim_soft_1', 1.97, NULL, 0.5, 0.5, 0.05, 0, 5, 0.5, NULL)::bet_edge.signal, stake, 'test') $$;
SQL

# Each asks for 20 bets of 10 to 20 of a bankroll that holds a handful, and settles now and then.
client() { # client <number> <isolation level>
	for i in $(seq 0 19); do
		echo "BEGIN ISOLATION LEVEL $2; SELECT public.bet($(($1 * 20 + i)), 10 + 0.49 * $i); COMMIT; ROLLBACK;"
		[ $((i % 6)) = "$(($1 % 6))" ] && echo "BEGIN ISOLATION LEVEL $2; SELECT bet_edge.settle_bets(); COMMIT; ROLLBACK;"
	done | psql -X -q -A -t -v VERBOSITY=sqlstate >"$dir/out.$1" 2>"$dir/err.$1"
}
round() { # round <first client> <isolation level>: with what is enough for three bets
	ask "SELECT move_money('withdrawal', -available), move_money('deposit', 50) FROM bankroll()" >/dev/null
	for c in $(seq "$1" $(($1 + 7))); do client "$c" "$2" & done
	wait
	refused=$(cat "$dir"/err.* | grep -c 22023)
	ok "$([ "$refused" -gt 0 ] && echo t)" "$2: $refused bets beyond the available money are refused"
	ok "$(cat "$dir"/err.* | grep -v -e 22023 -e 40001 -e 23505 -e 'no transaction' -e 25P01 -q && echo f || echo t)" "$2: and nothing else fails but what may be tried again"
	ok "$(ask 'SELECT count(*) = 0 FROM bankroll_faults()')" "$2: every entry follows from the one before it"
	ok "$(ask "SELECT b.bankroll = (SELECT sum(amount) FROM bankroll_history WHERE event IN ('deposit', 'withdrawal')) + (SELECT coalesce(sum(profit), 0) FROM weekly_bets)
		AND b.at_risk = (SELECT coalesce(sum(stake), 0) FROM weekly_bets WHERE result IS NULL) AND (b.available, b.at_risk) = (s.available, s.at_risk)
		FROM bankroll() AS b, bankroll_balance AS s")" "$2: the sums are exact"
	ok "$(ask 'SELECT min(available) >= 0 FROM bankroll_history')" "$2: and never was there less than nothing"
	rm -f "$dir"/err.*
}
round 0 'READ COMMITTED'
ok "$(ask 'SELECT count(*) > 10 FROM weekly_bets')" 'bets were placed'
round 8 'REPEATABLE READ'
round 16 'SERIALIZABLE'

# All settle at once: each bet is paid once.
ask "SELECT move_money('deposit', 5000)" >/dev/null
ask 'SELECT count(public.bet(n, 1.23)) FROM generate_series(2000, 2999) AS n' >/dev/null
for c in $(seq 8); do ask 'SELECT settle_bets()' >"$dir/settled.$c" & done
wait
ok "$([ "$(cat "$dir"/settled.* | awk '{ s += $1 } END { print s }')" -ge 1000 ] && echo t)" 'eight sessions settle a thousand bets'
ok "$(ask "SELECT count(*) = (SELECT count(*) FROM weekly_bets) AND count(DISTINCT bet_id) = count(*) FROM bankroll_history WHERE event = 'return'")" 'each once'
ok "$(ask 'SELECT count(*) = 0 FROM bankroll_faults()')" 'and the books agree'
for statement in 'UPDATE bankroll_history SET amount = 1' 'DELETE FROM bankroll_history' 'TRUNCATE bankroll_history' 'UPDATE weekly_bets SET stake = 1' 'DELETE FROM weekly_bets'; do
	ok "$(psql -X -q -v VERBOSITY=sqlstate -c 'SET search_path = bet_edge' -c "$statement" 2>&1 | grep -q 55000 && echo t)" "refused: $statement"
done
echo "1..$n"
