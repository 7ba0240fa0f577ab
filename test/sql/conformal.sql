-- Conformal prediction: the exact rank, the coverage it promises, the aggregates in parallel, online control, and what is refused.
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

-- ---- per category, p-values ------------------------------------------------------------------
SELECT 'mondrian', conformal_mondrian('{1,9,2,9,3}', '{a,b,a,b,a}', 0.25, 'a') = 3, conformal_mondrian('{1,9,2,9,3}', '{a,b,a,b,a}', 0.2, 'a') = 'Infinity', conformal_mondrian('{1,9}', '{a,b}', 0.5, 'c') = 'Infinity';
SELECT 'mondrian is GROUP BY', bool_and(q = conformal_mondrian(scores, categories, 0.1, c))
FROM (SELECT 'c' || i % 3 c, conformal_quantile(abs(sin(i)), 0.1) q FROM generate_series(1, 100) i GROUP BY 1) g,
	(SELECT array_agg(abs(sin(i))) scores, array_agg('c' || i % 3) categories FROM generate_series(1, 100) i) a;
SELECT 'categories are whole words', conformal_mondrian('{1,2}', '{ab,a}', 0.5, 'a') = 2, conformal_mondrian('{1,2}', '{"",é}', 0.5, 'é') = 2;
SELECT 'p-value', conformal_pvalue('{1,2,2,3}', 2) = 0.8, conformal_pvalue('{1,2,2,3}', 2, 0) = 0.2, conformal_pvalue('{1,2,2,3}', 2, 0.5) = 0.5, conformal_pvalue('{1}', 2) = 0.5, conformal_pvalue('{1}', 'Infinity') = 0.5;
SELECT 'it is above alpha where the score is within the quantile', bool_and((conformal_pvalue(s, x) > 0.1) = (x <= conformal_quantile(s, 0.1)))
FROM (SELECT array_agg(round(10 * abs(sin(i)))::float8) s FROM generate_series(1, 58) i) v, generate_series(0, 12) x;

-- ---- weighted --------------------------------------------------------------------------------------
SELECT 'equal weights', bool_and(conformal_weighted_quantile(s, array_fill(w, ARRAY[n]), a::float8, w) = conformal_quantile(s, a::float8))
FROM generate_series(1, 40) n, LATERAL (SELECT array_agg(round(10 * sin(i * n))::float8) s FROM generate_series(1, n) i) v, generate_series(0.01, 0.99, 0.07) a, unnest('{1,0.1,3e-300,7e300}'::float8[]) w;
SELECT 'the heavy one', conformal_weighted_quantile('{1,2,3,4}', '{8,1,0.5,0}', 0.2, 1) = 2, conformal_weighted_quantile('{1,2,3,4}', '{8,1,0.5,0}', 0.09, 1) = 'Infinity', conformal_weighted_quantile('{1,2,3,4}', '{8,1,0,0}', 0.1, 1) = 2;
SELECT 'no weight at all', conformal_weighted_quantile('{1,2}', '{0,0}', 0.5, 1) = 'Infinity', conformal_weighted_quantile('{3,2}', '{0,1}', 0.999999, 1) = 2;
SELECT 'aggregate is the function', conformal_weighted_quantile(s, w, 0.1) = conformal_weighted_quantile(array_agg(s), array_agg(w), 0.1, 1), conformal_weighted_quantile(s, w / 2, 0.1) = conformal_weighted_quantile(array_agg(s), array_agg(w), 0.1, 2)
FROM (SELECT abs(sin(i)) s, 0.99 ^ i w FROM generate_series(1, 400) i) v;
SELECT 'NULL rows are left out', conformal_weighted_quantile(s, w, 0.5) = 1 FROM (VALUES (1::float8, 2::float8), (NULL, 9), (5, NULL)) v (s, w);
SELECT 'no rows', conformal_weighted_quantile(s, s, 0.1) IS NULL FROM (VALUES (NULL::float8)) v (s);

-- ---- quantile regression, leave-one-out, cross-validation --------------------------------------------
SELECT 'cqr score', conformal_cqr_score(12, 5, 10) = 2, conformal_cqr_score(4, 5, 10) = 1, conformal_cqr_score(7, 5, 10) = -2;
SELECT 'cqr', lower = 4 AND upper = 11 FROM conformal_cqr(5, 10, '{11,5,7}', '{5,5,5}', '{10,10,10}', 0.25);
SELECT 'cqr, each side', lower = 5 AND upper = 11 FROM conformal_cqr(5, 10, '{11,5,7}', '{5,5,5}', '{10,10,10}', 0.5, each_side => true);
SELECT 'cqr narrows, to nothing if need be', lower = 7 AND upper = 6 FROM conformal_cqr(5, 8, '{50}', '{48}', '{52}', 0.5);
SELECT 'cqr by rows', (c.lower, c.upper) = (10 - q, 20 + q) FROM (SELECT conformal_quantile(conformal_cqr_score(y, y * 0.9 - 1, y + sin(y)), 0.1) q,
	array_agg(y) ys, array_agg(y * 0.9 - 1) ls, array_agg(y + sin(y)) us FROM generate_series(1, 50) y) v, conformal_cqr(10, 20, ys, ls, us, 0.1) c;
SELECT 'jackknife+', lower = 10 - 3 AND upper = 10 + 3 FROM jackknife_plus('{10,10.5,9}', '{3,2,1}', 0.25);
SELECT 'too few', * FROM jackknife_plus('{10,10.5,9}', '{3,2,1}', 0.2);
SELECT 'cv+', (j.lower, j.upper) = (c.lower, c.upper) FROM jackknife_plus('{10,10,11,11}', '{1,2,3,4}', 0.3) j, cv_plus('{10,11}', '{1,2,3,4}', '{1,1,2,2}', 0.3) c;

-- ---- online --------------------------------------------------------------------------------------------
SELECT 'aci', abs(aci_update(0.1, false, 0.1, 0.05) - 0.105) < 1e-15, abs(aci_update(0.1, true, 0.1, 0.05) - 0.055) < 1e-15, aci_update(-0.5, true, 0.1) < -0.5;
SELECT 'aci outside 0 to 1', aci_quantile('{1,2,3}', 0) = 'Infinity', aci_quantile('{1,2,3}', -3) = 'Infinity', aci_quantile('{1,2,3}', 1) = '-Infinity', aci_quantile('{1,2,3}', 0.25) = 3, aci_quantile('{}', 0.5) = 'Infinity';
-- whatever the scores do, the share of errors is within (max(alpha, 1 - alpha) + gamma) / (gamma n) of alpha (Gibbs & Candes, proposition 4.1)
SELECT 'aci in the long run', trend, count(*), abs(avg(missed::int) - 0.1) <= (0.9 + 0.02) / (0.02 * 4000)
FROM unnest('{steady,growing,jumping}'::text[]) trend, LATERAL (SELECT array_agg(CASE trend WHEN 'steady' THEN abs(sin(i * i)) WHEN 'growing' THEN i * abs(sin(i * i)) ELSE abs(sin(i * i)) * (1 + 50 * (i / 500 % 2)) END ORDER BY i) s FROM generate_series(1, 4000) i) v,
	aci_stream('{}', s, 0.1, 0.02) GROUP BY trend ORDER BY trend;
SELECT 'stream is the functions', bool_and(quantile = aci_quantile(s[:place - 1], alpha_t)), bool_and(missed = (s[place] > quantile))
FROM (SELECT array_agg(abs(sin(i * i))) s FROM generate_series(1, 300) i) v, aci_stream('{}', s, 0.3, 0.1);
SELECT 'no stream', count(*) FROM aci_stream('{1,2}', '{}');

CREATE TABLE thermostat (season int, state conformal_pid);
INSERT INTO thermostat VALUES (1, conformal_pid_start(2));
UPDATE thermostat SET state = conformal_pid_update(state, 5, 0.5, 0.1);
SELECT 'pid: an error raises the quantile', (state).quantile = 2 + 0.5 * 0.9, (state).errors = 1, (state).n = 1 FROM thermostat;
UPDATE thermostat SET state = conformal_pid_update(state, 1, 0.5, 0.1);
SELECT 'pid: none lowers it', abs((state).quantile - (2 + 0.5 * 0.8)) < 1e-15, (state).errors = 1, (state).n = 2 FROM thermostat;
SELECT 'pid: integrator and forecast', abs((s).quantile - ((s).tracked + 3 * tan((1 - 3 * 0.1) * ln(3) / (3 * 5)) + 7)) < 1e-12 FROM thermostat, conformal_pid_update(state, 1, 0.5, 0.1, integral_gain => 3, forecast => 7) s;
SELECT 'pid: saturated', (conformal_pid_update(ROW(0, 0, 50, 50), 1, 0.5, 0.1, 1, 0.001)).quantile, (conformal_pid_update(ROW(9, 0, 0, 50), 1, 0.5, 0.1, 1, 0.001)).quantile;
DROP TABLE thermostat;
-- the quantile tracker alone: |share - alpha| <= (b + eta) / (eta n) for scores in 0..b (Angelopoulos et al., proposition 1)
WITH RECURSIVE run (i, state) AS (SELECT 0, conformal_pid_start() UNION ALL SELECT i + 1, conformal_pid_update(state, abs(sin(i * i)) * (1 + i / 300 % 2), 0.1, 0.1) FROM run WHERE i < 3000)
SELECT 'pid in the long run', abs((state).errors / 3000.0 - 0.1) <= (2 + 0.1) / (0.1 * 3000) FROM run WHERE i = 3000;

-- ---- refused ---------------------------------------------------------------------------------------------
SELECT c, pg_temp.refusal('SELECT ' || c) FROM unnest(ARRAY[
	$$conformal_mondrian('{}', '{}', 0.1, 'a')$$, $$conformal_mondrian('{1,2}', '{a}', 0.1, 'a')$$, $$conformal_mondrian('{1}', '{NULL}', 0.1, 'a')$$, $$conformal_mondrian('{1}', '{{a}}', 0.1, 'a')$$, $$conformal_mondrian('{1}', '{a}', 0, 'a')$$,
	$$conformal_pvalue('{}', 1)$$, $$conformal_pvalue('{1}', 'NaN')$$, $$conformal_pvalue('{1}', 1, 1.5)$$,
	$$conformal_weighted_quantile('{1}', '{1,2}', 0.1, 1)$$, $$conformal_weighted_quantile('{1}', '{-1}', 0.1, 1)$$, $$conformal_weighted_quantile('{1}', '{Infinity}', 0.1, 1)$$, $$conformal_weighted_quantile('{1}', '{1}', 0.1, 0)$$,
	$$conformal_weighted_quantile('{1,2}', '{1.7e308,1.7e308}', 0.1, 1)$$, $$conformal_weighted_quantile('{}', '{}', 0.1, 1)$$,
	$$conformal_weighted_quantile(1, -1, 0.1)$$, $$conformal_weighted_quantile('NaN', 1, 0.1)$$, $$conformal_weighted_quantile(1, 1, 1)$$,
	$$conformal_cqr_score('NaN', 1, 2)$$, $$conformal_cqr_score(-1.7e308, 1.7e308, 0)$$,
	$$conformal_cqr('NaN', 2, '{1}', '{1}', '{1}')$$, $$conformal_cqr(1, 2, '{1}', '{1,2}', '{1}')$$, $$conformal_cqr(1, 2, '{1}', '{1}', '{}')$$, $$conformal_cqr(1, 2, '{Infinity}', '{1}', '{1}')$$, $$conformal_cqr(1, 2, '{1}', '{1}', '{1}', 1)$$, $$conformal_cqr(1, 2, '{-1.7e308}', '{1.7e308}', '{1}')$$,
	$$jackknife_plus('{1}', '{}')$$, $$jackknife_plus('{1}', '{-1}')$$, $$jackknife_plus('{NaN}', '{1}')$$, $$jackknife_plus('{1.7e308}', '{1.7e308}')$$,
	$$cv_plus('{1}', '{1}', '{2}')$$, $$cv_plus('{1}', '{1}', '{0}')$$, $$cv_plus('{1}', '{1,2}', '{1}')$$, $$cv_plus('{1}', '{1}', '{NULL}')$$,
	$$aci_update('NaN', true, 0.1)$$, $$aci_update(0.1, true, 0)$$, $$aci_update(0.1, true, 0.1, -1)$$, $$aci_quantile('{NaN}', 0.1)$$, $$aci_quantile('{1}', 'Infinity')$$, $$aci_stream('{NULL}', '{1}')$$, $$aci_stream('{1}', '{1}', 2)$$,
	$$conformal_pid_start('NaN')$$, $$conformal_pid_update(conformal_pid_start(), 'NaN', 0.1)$$, $$conformal_pid_update(conformal_pid_start(), 1, -0.1)$$, $$conformal_pid_update(conformal_pid_start(), 1, 0.1, 0.1, 1, 0)$$,
	$$conformal_pid_update(ROW(0, 0, 2, 1), 1, 0.1)$$, $$conformal_pid_update(ROW(0, NULL, 1, 1), 1, 0.1)$$, $$conformal_pid_update(ROW(0, 'NaN', 1, 1), 1, 0.1)$$, $$conformal_pid_update(ROW(0, 1.7e308, 1, 1), 1, 1.7e308)$$]) c;

SELECT 'labels', proname, prokind, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname ~ '^(conformal|jackknife|cv_plus|aci)' ORDER BY 2, 3;
