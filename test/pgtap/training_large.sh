#!/bin/sh
# 300,000 rows of 30 features: a training is cancelled within a round wherever it is, killed with -9 and trained again to
# the same bytes, and leaves neither memory nor files nor locks. A cluster of its own, since kill -9 restarts the server
# under everybody's feet.
if [ -z "$OWN_CLUSTER" ]; then
	OWN_CLUSTER=1 PGPORT=$(make/free_port) exec pg_virtualenv -t -v "$PGVERSION" \
		-o extension_destdir="$STAGE" -o jit=off -o fsync=off sh "$0"
fi
n=0
ok() { # ok <true or false> <name>
	n=$((n + 1))
	if [ "$1" = t ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
export PGDATABASE=large
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET search_path = bet_edge, public' -c 'SET client_min_messages = error' -c "$1" 2>/dev/null; }
train="train_forest('played', '{\"objective\": \"binary:logistic\", \"tree_method\": \"hist\", \"max_depth\": 3}'"

psql -X -q -d postgres -c 'CREATE DATABASE large'
psql -X -q -c 'CREATE EXTENSION bet_edge'
# one hash gives four features of fifteen bits
ask "CREATE TABLE played AS SELECT (features[1] + features[12] > features[30])::int AS label, features
	FROM (SELECT array_agg(((hashint8extended(i, j / 4) >> j % 4 * 15) & 32767)::real ORDER BY j) AS features
		FROM generate_series(1, 300000) AS i, generate_series(1, 30) AS j GROUP BY i) AS r"

# one session is cancelled again and again: while it builds the matrix, and between rounds
cat >"$STAGE/large.sql" <<SQL
SET search_path = bet_edge, public;
SET client_min_messages = warning;
CREATE TABLE seen (n int GENERATED ALWAYS AS IDENTITY, what text, value float8);
CREATE FUNCTION pg_temp.memory(field text) RETURNS float8 LANGUAGE sql VOLATILE
	RETURN substring(pg_read_file('/proc/self/status') FROM field || ':\\s*([0-9]+)')::float8 / 1024;
SELECT length(forest_send(train_forest('SELECT * FROM played LIMIT 1000', '{"objective": "binary:logistic", "tree_method": "hist"}', 1)));
INSERT INTO seen (what, value) SELECT 'before', pg_temp.memory('VmRSS');
SELECT length(forest_send($train, 3)));
INSERT INTO seen (what, value) SELECT step, seconds FROM train_forest_times() AS t
	CROSS JOIN LATERAL (VALUES ('matrix', t.matrix), ('round', t.rounds / 3)) AS s (step, seconds);
CREATE FUNCTION pg_temp.cancelled(seconds float8) RETURNS void LANGUAGE plpgsql AS \$\$
DECLARE
	began timestamptz := clock_timestamp();
	times record;
BEGIN
	PERFORM claim_deadline(seconds);
	PERFORM $train, 100000);
EXCEPTION WHEN query_canceled THEN
	INSERT INTO seen (what, value) VALUES ('late', extract(epoch FROM clock_timestamp() - began) - seconds);
	SELECT * INTO times FROM train_forest_times();
	INSERT INTO seen (what, value) VALUES ('in the ' || CASE WHEN times.matrix = 0 THEN 'matrix' ELSE 'rounds' END, seconds);
END \$\$;
-- The steps take now longer, now shorter: what was measured is where to begin, and the time moves until both were met.
CREATE FUNCTION pg_temp.cancel_in(step text, seconds float8, factor float8, times int) RETURNS void LANGUAGE plpgsql AS \$\$
BEGIN
	FOR i IN 1 .. 12 LOOP
		PERFORM pg_temp.cancelled(seconds);
		IF (SELECT what FROM seen ORDER BY n DESC LIMIT 1) = 'in the ' || step THEN
			times := times - 1;
			EXIT WHEN times = 0;
			seconds := seconds * 0.9;
		ELSE
			seconds := seconds * factor;
		END IF;
	END LOOP;
END \$\$;
SELECT pg_temp.cancel_in('matrix', (SELECT value FROM seen WHERE what = 'matrix') * 0.7, 0.6, 3);
INSERT INTO seen (what, value) SELECT 'after', pg_temp.memory('VmRSS');
SELECT pg_temp.cancel_in('rounds', (SELECT value FROM seen WHERE what = 'matrix') * 1.3 + 0.4, 1.5, 2);
INSERT INTO seen (what, value) SELECT 'after', pg_temp.memory('VmRSS');
INSERT INTO seen (what, value) SELECT 'most', pg_temp.memory('VmHWM');
INSERT INTO seen (what, value) SELECT 'contexts', count(*) FROM pg_backend_memory_contexts WHERE name IN ('train_forest', 'training rows');
SQL
psql -X -q -A -t -v ON_ERROR_STOP=1 -f "$STAGE/large.sql" >/dev/null
seen() { ask "SELECT string_agg(round(value::numeric, 2)::text, ', ' ORDER BY n) FROM seen WHERE what = '$1'"; }
ok "$(ask "SELECT count(*) FILTER (WHERE what = 'in the matrix') >= 3 AND count(*) FILTER (WHERE what = 'in the rounds') >= 2 FROM seen")" \
	"cancelled while the matrix is built ($(seen matrix) s) and between rounds"
# the best of them, since a late one may be the machine; all the rounds would take hours
ok "$(ask "SELECT min(value) < 0.2 + (SELECT value FROM seen WHERE what = 'round') AND max(value) < 60 FROM seen WHERE what = 'late'")" \
	"within a round of $(seen round) s (late by $(seen late) s)"
# a leak would grow with each of the five; what the allocator keeps for the next does not
ok "$(ask "SELECT min(value) FILTER (WHERE what = 'after') - min(value) FILTER (WHERE what = 'before') < 60 FROM seen WHERE n > (SELECT max(n) FROM seen WHERE what LIKE 'in the %') OR what = 'before'")" \
	"five of them leave less than 60 MB of memory, where one holds 36 of rows ($(seen before) before, $(seen after) after)"
ok "$(ask "SELECT max(value) FILTER (WHERE what = 'most') - min(value) FILTER (WHERE what = 'before') < 250 FROM seen")" \
	"and none had more than 250 MB for rows of 36 ($(seen most))"
ok "$(ask "SELECT value = 0 FROM seen WHERE what = 'contexts'")" 'no memory context is left'

# killed
ask "SELECT $train, 100000)" &
for i in $(seq 300); do
	pid=$(ask "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT train_forest%' AND now() - query_start > interval '1 second'")
	[ -n "$pid" ] && break
	sleep 0.1
done
kill -9 "$pid"
wait
for i in $(seq 300); do [ "$(ask 'SELECT 1')" = 1 ] && break; sleep 0.1; done
ok "$(ask "SELECT count(*) = 300000 FROM played")" 'killed with -9: the server comes back with its rows'
ok "$(ask "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")" 'nothing is locked'
ok "$(ask "SELECT count(*) = 0 FROM pg_ls_tmpdir()")" 'no temporary file is left'
ok "$(ask "SELECT count(DISTINCT sha256(forest_send($train, 3)))) = 1 AND count(*) = 2 FROM generate_series(1, 2)")" 'and trains again, the same bytes'
# Killed in the queue: found by the next worker, which goes on after the folds that are there. A tenth of the rows, since each
# has to be a game with a result; what is killed is what was killed above, and what the queue keeps of it does not depend on rows.
cat >"$STAGE/games.sql" <<'SQL'
SET search_path = bet_edge, public;
CREATE TABLE played_game AS SELECT stable_id('large ' || n) AS game_id, timestamptz '2019-01-01' + n * interval '10 minutes' AS at, label, features
FROM (SELECT row_number() OVER () AS n, p.* FROM played AS p LIMIT 30000) AS p;
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('nflverse', 'made up', repeat('0', 64), '', '2020-01-01');
INSERT INTO team SELECT stable_id('large:' || n), 'large', n FROM unnest('{A,B}'::text[]) AS n;
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key)
SELECT stable_id('large ' || n), 'NFL', 2019, stable_id('large:A'), stable_id('large:B'), 'large ' || n FROM generate_series(1, 30000) AS n;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
SELECT g.game_id, g.at + interval '1 hour', true, g.at - interval '1 day', '2020-01-01', p.payload_id FROM played_game AS g, payload AS p;
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT g.game_id, g.label, 1 - g.label, 'final', g.at + interval '3 hours', '2020-01-01', p.payload_id FROM played_game AS g, payload AS p;
SELECT format($$CREATE FUNCTION large_features(sport text, from_time timestamptz, to_time timestamptz, now_at timestamptz)
	RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, %s) LANGUAGE sql STABLE
	AS 'SELECT g.game_id, g.at, g.at, g.at, g.at, %s FROM bet_edge.played_game AS g'$$,
	string_agg(format('f%s real', j), ', ' ORDER BY j), string_agg(format('g.features[%s]', j), ', ' ORDER BY j)) FROM generate_series(1, 30) AS j \gexec
ANALYZE;
SELECT queue_training('NFL', 'moneyline', 'xgboost', feature_function => 'bet_edge.large_features', market => 'none', refit_weeks => 10, rounds => 200, params => '{"max_depth": 6}');
SQL
psql -X -q -A -t -v ON_ERROR_STOP=1 -f "$STAGE/games.sql" >/dev/null
run=$(ask 'SELECT max(run_id) FROM training_run')
worker() { psql -X -q -c 'CALL bet_edge.run_training_queue()' >/dev/null 2>&1; }
worker &
for i in $(seq 6000); do [ "$(ask "SELECT folds_done >= 1 OR status NOT IN ('queued', 'running') FROM training_run WHERE run_id = $run")" = t ] && break; sleep 0.1; done
kill -9 "$(ask "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 25189")"
wait
for i in $(seq 300); do [ "$(ask 'SELECT 1')" = 1 ] && break; sleep 0.1; done
ok "$(ask "SELECT status = 'interrupted' AND folds_done = 1 AND folds = 2 AND training_rows = 30000 AND model_id IS NULL FROM training_status($run)")" \
	"a queue's training of $(ask "SELECT training_rows FROM training_run WHERE run_id = $run") rows, killed with -9, is known to be interrupted"
ok "$(ask "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")" 'and locks nothing'
kept=$(ask "SELECT model_id FROM training_fold WHERE run_id = $run")
worker
ok "$(ask "SELECT s.status = 'finished' AND s.folds_done = 2 AND r.attempts = 2 FROM training_status($run) AS s JOIN training_run AS r ON r.run_id = $run")" 'the next worker goes on with it'
ok "$(ask "SELECT array_agg(model_id ORDER BY fold) @> ARRAY[$kept::bigint] AND count(*) = 2 FROM training_fold WHERE run_id = $run")" 'after the fold that it had'
ok "$(ask "SELECT training_rows = 30000 AND cardinality(features) = 30 FROM model WHERE run_id = $run AND fold IS NULL")" 'to the model of all rows'
ok "$(ask "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'")" 'and lets go of all'
ok "$(ask "SELECT count(*) = 0 FROM pg_ls_tmpdir()")" 'without a temporary file'
echo "1..$n"
