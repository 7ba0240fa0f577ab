-- A cancelled training stops at once, leaves nothing in memory, and the backend goes on.
SELECT plan(9);
SET search_path = bet_edge, public;

CREATE TEMP TABLE game AS
SELECT i, (i * 7 % 13 > 6)::int AS label, ARRAY[i % 13, i % 17, sin(i), cos(i * 3), i % 101]::real[] AS features
FROM generate_series(1, 20000) i;

-- Train until the timeout strikes; gives how long that took, in seconds. All the rounds would take an hour.
CREATE FUNCTION pg_temp.cancelled(threads int) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
	PERFORM train_forest('SELECT label, features FROM game ORDER BY i',
		jsonb_build_object('objective', 'binary:logistic', 'nthread', threads), 100000);
	RETURN NULL;
EXCEPTION WHEN query_canceled THEN
	RETURN extract(epoch FROM clock_timestamp() - statement_timestamp());
END $$;
CREATE FUNCTION pg_temp.status(name text) RETURNS int LANGUAGE sql VOLATILE AS $$
	SELECT substring(pg_read_file('/proc/self/status') FROM name || ':\s*([0-9]+)')::int
$$;

SET statement_timeout = '400ms';
SELECT pg_temp.cancelled(1) AS seconds \gset
RESET statement_timeout;
SELECT cmp_ok(:seconds, '>=', 0.4, 'the timeout strikes during training');
SELECT cmp_ok(:seconds, '<', 30.0, 'and training ends long before its rounds do');
SELECT diag('over after ' || :seconds || ' s');
SELECT is(pg_temp.status('Threads'), 1, 'one thread was asked for, one is there');
SELECT is((SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'train_forest'), 0::bigint, 'no memory is left to the call');

SELECT is((SELECT trees FROM forest_summary(train_forest('SELECT label, features FROM game ORDER BY i', '{"objective": "binary:logistic"}', 3))), 3,
	'the same backend trains the next');

-- the library's memory comes back: after the first ones, ten more cancels do not grow the process
SELECT pg_temp.status('VmRSS') AS before \gset
SET statement_timeout = '100ms';
\o /dev/null
SELECT 'SELECT pg_temp.cancelled(1)' FROM generate_series(1, 10) \gexec
\o
RESET statement_timeout;
SELECT cmp_ok(pg_temp.status('VmRSS') - :before, '<', 8000, 'ten cancels leave less than 8 MB');

-- two threads: the same, and the library's threads never run the server's signal handlers
CREATE FUNCTION pg_temp.with_threads() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	mask text;
BEGIN
	BEGIN
		PERFORM train_forest('SELECT label, features FROM game ORDER BY i', '{"nthread": 2}', 5);
	EXCEPTION WHEN invalid_parameter_value THEN
		RETURN NEXT skip('one processor', 2);
		RETURN;
	END;
	SELECT substring(pg_read_file(format('/proc/self/task/%s/status', t)) FROM 'SigBlk:\s*(\w+)') INTO mask
	FROM pg_ls_dir('/proc/self/task') t WHERE t::int <> pg_backend_pid() LIMIT 1;
	RETURN NEXT ok(mask IS NOT NULL, 'a second thread was started');
	-- SIGHUP 1, SIGINT 2, SIGUSR1 10, SIGALRM 14, SIGTERM 15 are blocked in it
	RETURN NEXT is(('x' || mask)::bit(64) & x'0000000000006203', x'0000000000006203', 'the server''s signals are not for it');
END $$;
SELECT pg_temp.with_threads();
SET statement_timeout = '400ms';
SELECT pg_temp.cancelled(2) AS seconds \gset
RESET statement_timeout;
SELECT ok(coalesce(NULLIF(:'seconds', '')::float8, 0.5) BETWEEN 0.4 AND 30, 'two threads are cancelled alike');
SELECT * FROM finish();
