-- What every part of the bench uses. A part (one file a subject) makes its data and adds rows to pair.
-- Both sides of every pair run in turns, five times each, without workers unless a side asks for some; medians
-- are compared. A pair counts only when both sides give the same number (column "agree").
SET client_min_messages = warning;
CREATE EXTENSION bet_edge;
SET search_path = public, bet_edge;
SET jit = off;
SELECT setseed(0.5) \g /dev/null

-- goal: the largest ours / other that is good enough; tolerance: relative difference of the results, NULL where the
-- other way computes something else; workers: parallel workers that ours may have (the other side has none). An external
-- program on the other side leaves cold caches behind: ours then runs once more, untimed, before it is timed. A statement
-- that times the part of it that counts says so in the setting bench.ms.
CREATE TABLE pair (position int GENERATED ALWAYS AS IDENTITY, subject text NOT NULL, n bigint NOT NULL, ours text NOT NULL,
	other_name text NOT NULL, other text NOT NULL, tolerance float8, goal float8, workers int NOT NULL DEFAULT 0);
CREATE TABLE timing (position int, ours boolean, ms float8, value float8);

CREATE PROCEDURE measure(turns int) LANGUAGE plpgsql AS $$
DECLARE
	one record; begins timestamptz; value float8;
BEGIN
	FOR turn IN 0 .. turns LOOP
		FOR one IN SELECT position, side.ours, CASE WHEN side.ours THEN pair.ours ELSE other END AS statement, CASE WHEN side.ours THEN workers ELSE 0 END AS workers,
				side.ours AND other ~ 'through_python' AS after_program
				FROM pair, (VALUES (true), (false)) AS side (ours) ORDER BY position, side.ours = (turn % 2 = 0) LOOP
			PERFORM set_config('max_parallel_workers_per_gather', one.workers::text, false);
			IF one.after_program THEN
				EXECUTE one.statement INTO value;
			END IF;
			PERFORM set_config('bench.ms', '', false);
			begins := clock_timestamp();
			EXECUTE one.statement INTO value;
			-- turn 0 warms up
			IF turn > 0 THEN
				INSERT INTO timing VALUES (one.position, one.ours,
					coalesce(nullif(current_setting('bench.ms'), '')::float8, extract(epoch FROM clock_timestamp() - begins) * 1000), value);
			END IF;
		END LOOP;
	END LOOP;
END $$;

CREATE VIEW median AS
	SELECT position, ours, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms, min(value) AS least, max(value) AS most FROM timing GROUP BY 1, 2;
-- a line of the table in Markdown a pair
CREATE VIEW report AS
	SELECT format('| %s | %s | %s | %s | %s | %s | %s | %s |', subject, to_char(n, 'FM99,999,999'), round(o.ms::numeric, 1), other_name, round(x.ms::numeric, 1),
		round((o.ms / x.ms)::numeric, 3), coalesce('<= ' || goal, ''),
		CASE WHEN tolerance IS NULL THEN '' WHEN abs(o.most - x.most) <= tolerance * abs(x.most) AND abs(o.least - x.least) <= tolerance * abs(x.least)
			THEN 'yes' ELSE format('NO: %s, %s', o.most, x.most) END) AS line
	FROM pair JOIN median AS o USING (position) JOIN median AS x USING (position) WHERE o.ours AND NOT x.ours ORDER BY position;

-- What many do today: rows out by COPY, a Python script (reads the file sys.argv[1], writes sys.argv[2]), rows in by
-- COPY. Gives the sum of the first column. own_clock: the second column is the milliseconds that count of the script; with
-- 'copy' those of COPY are added to them. The programs are given no rows: they read none. Needs a superuser in a throwaway cluster, and python3 beside the server.
CREATE FUNCTION through_python(query text, script text, columns int, own_clock text DEFAULT NULL) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	stem text := '/tmp/bet_edge_bench_' || pg_backend_pid();
	begins timestamptz;
	copied float8;
	total float8;
BEGIN
	EXECUTE format('COPY (SELECT unnest(%L::text[])) TO %L', string_to_array(script, E'\n'), stem || '.py');
	begins := clock_timestamp();
	EXECUTE format('COPY (%s) TO %L WITH (FORMAT csv)', query, stem || '.in');
	copied := extract(epoch FROM clock_timestamp() - begins) * 1000;
	EXECUTE format('COPY (SELECT WHERE false) TO PROGRAM %L', format('/usr/bin/python3 %s.py %1$s.in %1$s.out', stem));
	EXECUTE format('CREATE TEMP TABLE back (%s) ON COMMIT DROP', (SELECT string_agg(format('c%s float8', i), ', ') FROM generate_series(1, columns) AS i));
	EXECUTE format('COPY back FROM %L WITH (FORMAT csv)', stem || '.out');
	EXECUTE format('COPY (SELECT WHERE false) TO PROGRAM %L', format('/bin/rm %s.py %1$s.in %1$s.out', stem));
	SELECT sum(c1) INTO total FROM back;
	IF own_clock IS NOT NULL THEN
		PERFORM set_config('bench.ms', (c2 + CASE own_clock WHEN 'copy' THEN copied ELSE 0 END)::text, false) FROM back;
	END IF;
	DROP TABLE back;
	RETURN total;
END $$;
