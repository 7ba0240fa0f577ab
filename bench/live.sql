-- The live game. One forecast, explanation included, against SELECT 1 and a millisecond, both by the 95th percentile of n / 100 calls.
-- Then :n / 20,000 evenings (at least one) of twelve games at once, polled every ten seconds of theirs, each poll a transaction, until all are
-- forecast: what each step took from the payload's insert to who listens, median and 99th percentile, against the source's limits.
SELECT count(*) FROM load_shipped_models() \g /dev/null
CREATE TABLE asked AS SELECT i, ARRAY(SELECT (sum(round(random() * 6 - 3)) OVER (ORDER BY t))::int FROM generate_series(1, 18) AS t WHERE i > 0) AS p FROM generate_series(1, 200) AS i;
CREATE FUNCTION p95(statement text, calls int, more float8 DEFAULT 0) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	took  float8[];
	began timestamptz;
BEGIN
	FOR i IN 1 .. calls LOOP
		began := clock_timestamp();
		EXECUTE statement USING 1 + i % 200;
		took := array_append(took, 1000 * extract(epoch FROM clock_timestamp() - began)::float8);
	END LOOP;
	PERFORM set_config('bench.ms', (percentile_cont(0.95) WITHIN GROUP (ORDER BY t) + more)::text, false) FROM unnest(took) AS t;
	RETURN 0;
END $$;
INSERT INTO pair (subject, n, ours, other_name, other, goal)
	SELECT 'predict_halftime, p95', greatest(:n / 100, 20), format($$SELECT p95('SELECT predict_halftime(p) FROM asked WHERE i = $1', %s)$$, greatest(:n / 100, 20)), 'SELECT 1, and a millisecond',
		format($$SELECT p95('SELECT $1', %s, 1)$$, greatest(:n / 100, 20)), 1;

CREATE FUNCTION game(evening int, n int, poll int) RETURNS jsonb LANGUAGE sql AS $$
	-- a third of the time the clock stands; each game begins some polls after the one before it
	SELECT jsonb_build_object('gameId', format('0023%s%s', lpad(evening::text, 3, '0'), lpad(n::text, 3, '0')), 'gameStatus', 2, 'gameStatusText', 'Q', 'period', greatest((s.at + 719) / 720, 1), 'gameClock', format('PT%sM%s.00S', lpad(((4320 - s.at) % 720 / 60)::text, 2, '0'), lpad(((4320 - s.at) % 60)::text, 2, '0')),
		'gameTimeUTC', '2031-02-12T00:00:00Z', 'homeTeam', jsonb_build_object('teamTricode', (t.names)[2 * n - 1], 'score', s.at / (20 + n)), 'awayTeam', jsonb_build_object('teamTricode', (t.names)[2 * n], 'score', s.at / 25))
	FROM (SELECT greatest((poll - 2 * n) * 20 / 3, 1) AS at) AS s, (SELECT '{ATL,BOS,BKN,CHA,CHI,CLE,DAL,DEN,DET,GSW,HOU,IND,LAC,LAL,MEM,MIA,MIL,MIN,NOP,NYK,OKC,ORL,PHI,PHX}'::text[] AS names) AS t
$$;
CREATE TABLE poll AS SELECT e, k, convert_to(jsonb_build_object('meta', e * 1000 + k, 'scoreboard', jsonb_build_object('games', (SELECT jsonb_agg(game(e, n, k)) FROM generate_series(1, 12) AS n)))::text, 'UTF8') AS body
	FROM generate_series(1, greatest(:n / 20000, 1)) AS e, generate_series(1, 190) AS k;
\setenv PGDATABASE :DBNAME
\! ../test/listen bet_edge_live >/tmp/bet_edge_bench_heard & echo $! >/tmp/bet_edge_bench_heard.pid; sleep 1
SELECT format($$SELECT count(*) FROM load_payload('nba_live', 'poll', (SELECT body FROM poll WHERE e = %s AND k = %s), '2031-02-12 00:00Z'::timestamptz + %s * interval '1 day' + %s * interval '10 s')$$, e, k, e, k) FROM poll ORDER BY e, k
\o /dev/null
\gexec
\o
\! sleep 1; kill $(cat /tmp/bet_edge_bench_heard.pid); sed -i 1d /tmp/bet_edge_bench_heard
CREATE TABLE heard (arrived float8, message jsonb);
\copy heard FROM '/tmp/bet_edge_bench_heard' (FORMAT csv, DELIMITER E'\t', QUOTE E'\b')
\! rm /tmp/bet_edge_bench_heard /tmp/bet_edge_bench_heard.pid
-- forecast_at stands between model and emit
CREATE TABLE step AS SELECT k.step, s.ms, k.most FROM halftime_forecast AS f JOIN heard AS h ON f.forecast_id = (h.message ->> 'id')::bigint
	CROSS JOIN LATERAL (SELECT (f.steps ->> 'buffer_ms')::float8 AS buffer, (f.steps ->> 'pattern_ms')::float8 AS pattern, (f.steps ->> 'model_ms')::float8 AS model, (f.steps ->> 'total_ms')::float8 - (f.steps ->> 'emit_ms')::float8 AS before, 1000 * (h.arrived - extract(epoch FROM f.forecast_at)::float8) AS after) AS t
	CROSS JOIN (VALUES ('parse and buffer', 20), ('model', 150), ('emit, to who listens', 10), ('payload to listener', 700)) AS k (step, most)
	CROSS JOIN LATERAL (SELECT CASE k.step WHEN 'parse and buffer' THEN t.buffer + t.pattern WHEN 'model' THEN t.model WHEN 'emit, to who listens' THEN t.after ELSE t.before + t.after END AS ms) AS s;
CREATE FUNCTION known(ms float8) RETURNS float8 LANGUAGE sql AS $$ SELECT set_config('bench.ms', ms::text, false)::float8 * 0 $$;
INSERT INTO pair (subject, n, ours, other_name, other, goal)
	SELECT format('%s, %s', step, q.name), count(*), format('SELECT known(%s)', percentile_cont(q.part) WITHIN GROUP (ORDER BY ms)), 'the source''s limit', format('SELECT known(%s)', most), 1
	FROM step CROSS JOIN (VALUES ('median', 0.5), ('p99', 0.99)) AS q (name, part) GROUP BY step, most, q.name, q.part ORDER BY most, q.part;
