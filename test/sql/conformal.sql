-- Conformal quantiles: the exact rank, the coverage it promises, the aggregate in parallel, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;

SELECT 'n = 9 at 90 %: the largest', conformal_quantile('{1,2,3,4,5,6,7,8,9}'::float8[], 0.1) = 9;
SELECT 'n = 8: too few', conformal_quantile('{1,2,3,4,5,6,7,8}'::float8[], 0.1) = 'Infinity';
SELECT 'unsorted, ties', conformal_quantile('{5,3,1,4,2}'::float8[], 0.5) = 3, conformal_quantile('{2,2,2,3}'::float8[], 0.4) = 2, conformal_quantile('{7,7,7}'::float8[], 0.5) = 7;
SELECT 'infinite scores', conformal_quantile('{1,Infinity,2}'::float8[], 0.5) = 2, conformal_quantile('{1,Infinity,2}'::float8[], 0.25) = 'Infinity';
SELECT 'the argument is left alone', s = '{5,3,1,4,2}' AND q = 3 FROM (SELECT s, conformal_quantile(s, 0.5) q FROM (VALUES ('{5,3,1,4,2}'::float8[])) v (s) OFFSET 0) t;

-- The rank is that of exact decimal arithmetic, also where (n+1)*alpha is whole and doubles are beside it.
SELECT 'exact rank', count(*), bool_and(CASE WHEN k > n THEN q = 'Infinity' ELSE q = k END)
FROM (SELECT n, ceil((n + 1) * (1 - a)) k, conformal_quantile(ARRAY(SELECT i::float8 FROM generate_series(1, n) i), a::float8) q
	FROM generate_series(1, 139) n, generate_series(0.01, 0.99, 0.01) a) t;
-- Leave one out: at least 1 - alpha of the scores lie within the quantile of the others.
SELECT 'coverage', bool_and(inside >= 1 - a::numeric)
FROM unnest('{0.05,0.1,0.2,0.33,0.5}'::float8[]) a, LATERAL (
	SELECT avg((abs(sin(i)) <= conformal_quantile(ARRAY(SELECT abs(sin(j)) FROM generate_series(1, 80) j WHERE j <> i), a))::int) inside FROM generate_series(1, 80) i) c;
SELECT 'smaller alpha, wider', bool_and(conformal_quantile(s, a) >= conformal_quantile(s, a + 0.01))
FROM (SELECT array_agg(abs(sin(i))) s FROM generate_series(1, 200) i) v, generate_series(0.01, 0.97, 0.02) a;

SELECT 'interval', lower = 10 - 2 * 9 AND upper = 10 + 2 * 9 FROM conformal_interval(10, '{1,2,3,4,5,6,7,8,9}', 0.1, 2);
SELECT 'default: 95 %', conformal_interval(10, array_agg(i::float8)) = (-9::float8, 29::float8) FROM generate_series(1, 19) i;
SELECT 'too few', * FROM conformal_interval(10, '{1,2,3}');
SELECT 'NULL', conformal_interval(NULL, '{1}') IS NULL, conformal_quantile(NULL::float8[], 0.1) IS NULL, conformal_quantile('{1}'::float8[], NULL) IS NULL;

-- the aggregate
SELECT 'aggregate', conformal_quantile(i, 0.1) = 9 FROM generate_series(1, 9) i;
SELECT 'by group', g, conformal_quantile(i, 0.2) = conformal_quantile(array_agg(i::float8), 0.2) FROM generate_series(1, 500) i, generate_series(1, 3) g WHERE i <= g * 100 GROUP BY g ORDER BY g;
SELECT 'NULL rows are left out', conformal_quantile(s, a) = 2 FROM (VALUES (1::float8, 0.5::float8), (NULL, 0.5), (2, 0.5), (3, NULL), (3, 0.5)) v (s, a);
SELECT 'no rows', conformal_quantile(s, 0.1) IS NULL FROM (VALUES (NULL::float8)) v (s);
SELECT 'as a window', array_agg(q) = '{1,2,2,3,3}' FROM (SELECT conformal_quantile(i, 0.5) OVER (ORDER BY i) q FROM generate_series(1, 5) i) t;

CREATE TABLE calibration AS SELECT abs(sin(i)) + (i % 7) score, i % 2 g FROM generate_series(1, 50000) i;
ANALYZE calibration;
SET max_parallel_workers_per_gather = 0;
SELECT conformal_quantile(score, 0.1) AS serial FROM calibration \gset
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT 'partial aggregate', count(*) FROM pg_temp.plan('SELECT conformal_quantile(score, 0.1) FROM calibration') l WHERE l LIKE '%Partial Aggregate%';
SELECT 'the serial answer', conformal_quantile(score, 0.1) = :serial FROM calibration;
SELECT 'parallel by group', count(*), bool_and(q = s) FROM (SELECT g, conformal_quantile(score, 0.05) q FROM calibration GROUP BY g) p
JOIN (SELECT g, conformal_quantile(array_agg(score), 0.05) s FROM calibration GROUP BY g) a USING (g);
DROP TABLE calibration;

-- refused
SELECT a, pg_temp.refusal(format('SELECT conformal_quantile(%s)', a))
FROM unnest(ARRAY['''{}''::float8[], 0.1', '''{NaN,1}''::float8[], 0.1', '''{1,NULL}''::float8[], 0.1', '''{{1,2},{3,4}}''::float8[], 0.1', '''{1}''::float8[], 0', '''{1}''::float8[], 1',
	'''{1}''::float8[], -0.1', '''{1}''::float8[], ''NaN''', '''NaN''::float8, 0.1', '1::float8, 1.5', '1::float8, ''NaN''']) a;
SELECT a, pg_temp.refusal(format('SELECT conformal_interval(%s)', a))
FROM unnest(ARRAY['''NaN'', ''{1}''', '''Infinity'', ''{1}''', '1, ''{}''', '1, ''{1}'', 0.5, 0', '1, ''{1}'', 0.5, -1', '1, ''{1}'', 0.5, ''NaN''', '1, ''{1}'', 95', '1, ''{-3,-2,-1}'', 0.5']) a;
SELECT 'one alpha a group', pg_temp.refusal('SELECT conformal_quantile(1, a) FROM unnest(''{0.1,0.2}''::float8[]) a');

SELECT 'labels', proname, prokind, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'conformal%' ORDER BY 2, 3;
