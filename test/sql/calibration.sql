-- Calibration: closed forms, optimality, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- ---- Platt ----------------------------------------------------------------------------------------
SELECT 'reference', abs(f[1] + 0.4808612762417825) < 1e-12, abs(f[2] - 0.3591553515743047) < 1e-12
FROM (SELECT platt_fit(s, y) f FROM unnest('{-2,-1,0,1,2}'::float8[], '{f,f,t,f,t}'::bool[]) u (s, y)) x;
SELECT 'separable is finite', abs(f[1] + 0.6214019550085677) < 1e-12, abs(f[2]) < 1e-12
FROM (SELECT platt_fit(s, s > 0) f FROM unnest('{-3,-2,-1,1,2,3}'::float8[]) s) x;
-- two scores: each gets the mean of its own targets, 7/8 for a hit and 1/6 for a miss
SELECT 'two scores', f[1] < 0,
	abs(platt_apply(f, 10) - (5 * 7 / 8.0 + 1 / 6.0) / 6) < 1e-12, abs(platt_apply(f, 0) - (1 * 7 / 8.0 + 3 / 6.0) / 4) < 1e-12
FROM (SELECT platt_fit(s, y) f FROM unnest('{0,0,0,0,10,10,10,10,10,10}'::float8[], '{t,f,f,f,t,t,t,t,t,f}'::bool[]) u (s, y)) x;
SELECT 'one score', f[1] = 0, abs(platt_apply(f, 3) - 0.5) < 1e-15 FROM (SELECT platt_fit(3, i % 2 = 0) f FROM generate_series(1, 10) i) x;
SELECT 'one class', abs(f[1]) < 1e-12, abs(platt_apply(f, 99) - 11 / 12.0) < 1e-12 FROM (SELECT platt_fit(i, true) f FROM generate_series(1, 10) i) x;
CREATE TEMP TABLE game AS SELECT i, (i * 37 % 101 - 50) / 20.0::float8 AS s, (i * 37 % 101 + i * 61 % 89) > 95 AS y, 1 + i * 7 % 3 AS c FROM generate_series(1, 3000) i;
SELECT 'fits the mean', abs(avg(platt_apply(f, s)) - avg(CASE WHEN y THEN (h + 1) / (h + 2) ELSE 1 / (n - h + 2) END)) < 1e-12
FROM game, (SELECT platt_fit(s, y) f, count(*) FILTER (WHERE y)::float8 h, count(*)::float8 n FROM game) x;
SELECT 'any origin', abs(platt_apply(f, 1) - platt_apply(g, 1e6 + 1)) < 1e-8 FROM (SELECT platt_fit(s, y) f, platt_fit(1e6 + s, y) g FROM game) x;
SELECT 'large scores', abs(platt_apply(f, 1) - platt_apply(g, 1e12)) < 1e-12 FROM (SELECT platt_fit(s, y) f, platt_fit(s * 1e12, y) g FROM game) x;
SELECT 'order', f[1] < 0, platt_apply(f, -5) < platt_apply(f, 5), platt_apply(f, 1e300) = 1, platt_apply(f, -1e300) = 0 FROM (SELECT platt_fit(s, y) f FROM game) x;

-- ---- temperature ------------------------------------------------------------------------------------
-- said 0.9, came in 8 of 10: the logit is divided by T
SELECT 'closed form', abs(t - ln(9) / ln(4)) < 1e-12, abs((temperature_apply(t, '{0.9,0.1}'))[1] - 0.8) < 1e-12
FROM (SELECT temperature_fit('{0.9,0.1}', CASE WHEN i <= 8 THEN 1 ELSE 2 END) t FROM generate_series(1, 10) i) x;
SELECT 'honest', abs(temperature_fit('{0.8,0.2}', CASE WHEN i <= 8 THEN 1 ELSE 2 END) - 1) < 1e-12 FROM generate_series(1, 10) i;
SELECT 'timid', abs(temperature_fit('{0.6,0.4}', CASE WHEN i <= 8 THEN 1 ELSE 2 END) - ln(1.5) / ln(4)) < 1e-12 FROM generate_series(1, 10) i;
SELECT 'bounds', temperature_fit('{0.6,0.4}', 1), temperature_fit('{0.6,0.4}', 2);
SELECT 'nothing to learn', temperature_fit('{0.25,0.25,0.25,0.25}', 3);
SELECT 'a class of 0', abs(t - ln(9) / ln(4)) < 1e-12, abs((temperature_apply(t, '{0.9,0,0.1}'))[3] - 0.2) < 1e-12
FROM (SELECT temperature_fit('{0.9,0,0.1}', CASE WHEN i <= 8 THEN 1 ELSE 3 END) t FROM generate_series(1, 10) i) x;
CREATE TEMP TABLE forecast AS SELECT i, ARRAY[a, b, 1 - a - b] AS p, 1 + (i * 29 % 100 > 100 * a)::int + (i * 29 % 100 > 100 * (a + b))::int AS y
FROM (SELECT i, (i * 31 % 97 + 1) / 200.0::float8 AS a, (i * 17 % 89 + 1) / 200.0::float8 AS b FROM generate_series(1, 3000) i) x;
-- minimum: both neighbours are worse; hotter forecasts need a cooler T
SELECT 'minimum', log_loss(temperature_apply(t, p), y) < log_loss(temperature_apply(t * 1.001, p), y), log_loss(temperature_apply(t, p), y) < log_loss(temperature_apply(t / 1.001, p), y)
FROM forecast, (SELECT temperature_fit(p, y) t FROM forecast) x GROUP BY t;
SELECT 'recovers', abs(temperature_fit(temperature_apply(2.5, p), y) * 2.5 - (SELECT temperature_fit(p, y) FROM forecast)) < 1e-9 FROM forecast;
SELECT 'apply', temperature_apply(1, '{0.5,0.25,0.25}'), abs((temperature_apply(1e9, '{0.9,0.1}'))[1] - 0.5) < 1e-8, (temperature_apply(0.001, '{0.6,0.4}'))[1] = 1;
SELECT 'far apart', temperature_apply(20, '{1,0}'), temperature_apply(0.05, '{1e-300,1}') = '{0,1}';

-- ---- beta -------------------------------------------------------------------------------------------
CREATE TEMP TABLE said AS SELECT i, (i * 37 % 101 + 0.5) / 102 AS p, (i * 61 % 89 + 0.5) / 90 < (i * 37 % 101 + 0.5) / 102 AS honest,
	(i * 61 % 89 + 0.5) / 90 < 0.2 + 0.6 * (i * 37 % 101 + 0.5) / 102 AS timid FROM generate_series(1, 3000) i;
SELECT 'beta honest', abs(f[1] - 1) < 0.1, abs(f[2] - 1) < 0.1, abs(f[3]) < 0.1 FROM (SELECT beta_fit(p, honest) f FROM said) x;
SELECT 'fits the mean', abs(avg(beta_apply(f, p)) - avg(timid::int)) < 1e-10, f[1] BETWEEN 0.1 AND 0.9 FROM said, (SELECT beta_fit(p, timid) f FROM said) x GROUP BY f;
SELECT 'minimum', bool_and(least <= near) FROM (SELECT log_loss(beta_apply(f, p), timid) least FROM said, (SELECT beta_fit(p, timid) f FROM said) x) y,
	(SELECT log_loss(beta_apply(ARRAY[f[1] + a, f[2] + b, f[3] + c], p), timid) near FROM said, (SELECT beta_fit(p, timid) f FROM said) x,
	unnest('{0.001,-0.001,0,0,0,0}'::float8[], '{0,0,0.001,-0.001,0,0}'::float8[], '{0,0,0,0,0.001,-0.001}'::float8[]) u(a, b, c) GROUP BY a, b, c) z;
SELECT 'the other side', abs(f[1] - g[2]) < 1e-8, abs(f[2] - g[1]) < 1e-8, abs(f[3] + g[3]) < 1e-8 FROM (SELECT beta_fit(p, timid) f, beta_fit(1 - p, NOT timid) g FROM said) x;
SELECT 'against the order', beta_fit(p, NOT honest) = ARRAY[0, 0, f[3]], abs(beta_apply(f, 0.9) - avg((NOT honest)::int)) < 1e-12 FROM said, (SELECT beta_fit(p, NOT honest) f FROM said) x GROUP BY f;
SELECT 'weights', abs((beta_fit(p, timid, 3))[1] - (beta_fit(p, timid))[1]) < 1e-9, abs((beta_fit(p, timid, (i <= 99)::int))[2] - (beta_fit(p, timid) FILTER (WHERE i <= 99))[2]) < 1e-9 FROM said;
SELECT 'separated', f[1] + f[2] > 0, beta_apply(f, 0.1) < 0.5, beta_apply(f, 0.9) > 0.5 FROM (SELECT beta_fit(p, p > 0.5) f FROM said) x;
SELECT 'one class, one probability', abs(beta_apply(beta_fit(p, true), 0.3) - 3001 / 3002.0) < 1e-9, abs(beta_apply(beta_fit(0.3, honest), 0.8) - avg(honest::int)) < 1e-12 FROM said;
SELECT 'apply', abs(beta_apply('{1,1,0}', 0.3) - 0.3) < 1e-15, beta_apply('{1,1,0}', 0), beta_apply('{1,1,0}', 1), beta_apply('{0,1,0}', 0);

-- ---- isotonic ---------------------------------------------------------------------------------------
SELECT 'pooled', isotonic_fit(s, y) FROM unnest('{1,2,3,4,5}'::float8[], '{1,2,3,2.5,4}'::float8[]) u (s, y);
SELECT 'outcomes', isotonic_fit(s, y) FROM unnest('{1,2,3,4,5,6}'::float8[], '{f,t,f,f,t,t}'::bool[]) u (s, y);
SELECT 'ties first', isotonic_fit(s, y), isotonic_fit(s, y, w) FROM unnest('{0,-0,1,1}'::float8[], '{0,1,0,1}'::float8[], '{1,3,1,1}'::float8[]) u (s, y, w);
SELECT 'no order of rows', isotonic_fit(s, y ORDER BY i) = isotonic_fit(s, y ORDER BY -i) FROM game;
SELECT 'apply', isotonic_apply('{{1,3,5},{0,0.5,0.6}}', 2), isotonic_apply('{{1,3,5},{0,0.5,0.6}}', -1e300), isotonic_apply('{{1,3,5},{0,0.5,0.6}}', 3), isotonic_apply('{{1,3,5},{0,0.5,0.6}}', 9);
SELECT 'one score, one class', isotonic_fit(3, y), isotonic_fit(s, true) FROM game;
SELECT 'weights', isotonic_fit(s, y, (i <= 99)::int) = isotonic_fit(s, y) FILTER (WHERE i <= 99), isotonic_fit(s, y, 0) IS NULL FROM game;
SELECT 'keeps the mean', abs(avg(isotonic_apply(f, s)) - avg(y::int)) < 1e-12, bool_and(isotonic_apply(f, s) BETWEEN 0 AND 1) FROM game, (SELECT isotonic_fit(s, y) f FROM game) x;

-- ---- Venn-Abers -------------------------------------------------------------------------------------
SELECT 'separated', f, venn_abers_apply(f, 2.5), venn_abers_apply(f, 2) FROM (SELECT venn_abers_fit(s, s > 2) f FROM unnest('{1,2,3,4}'::float8[]) s) x;
-- isotonic regression again with one more row
SELECT 'by force', bool_and(abs((v).p0 - isotonic_apply(f0, at)) < 1e-12), bool_and(abs((v).p1 - isotonic_apply(f1, at)) < 1e-12), bool_and((v).p0 < (v).prob AND (v).prob < (v).p1)
FROM (SELECT at, venn_abers_apply((SELECT venn_abers_fit(s, y) FROM game), at) v, isotonic_fit(t, z) FILTER (WHERE z IS NOT NULL AND kind <> 1) f0, isotonic_fit(t, z) FILTER (WHERE kind <> 0) f1
	FROM unnest('{-9,-1.7,-1.025,0,0.3,0.31,1,2.5,9}'::float8[]) at,
	LATERAL (SELECT s t, y z, 2 kind FROM game UNION ALL VALUES (at, false, 0), (at, true, 1)) r GROUP BY at) x;
SELECT 'one class', venn_abers_apply(venn_abers_fit(s, true), 0), venn_abers_apply(venn_abers_fit(3, y), 3) = (v.p0, v.p1, v.p1 / (1 - v.p0 + v.p1))::venn_abers_prediction
FROM game, (SELECT count(*) FILTER (WHERE y) / (count(*) + 1.0::float8) p0, (count(*) FILTER (WHERE y) + 1) / (count(*) + 1.0::float8) p1 FROM game) v GROUP BY v.p0, v.p1;
SELECT 'folds', abs(cross_venn_abers(p0, p1) - sqrt(0.5 * 0.8) / (sqrt(0.6 * 0.3) + sqrt(0.5 * 0.8))) < 1e-15 FROM (VALUES (0.4::float8, 0.5::float8), (0.7, 0.8)) v (p0, p1);
SELECT 'one fold', abs(cross_venn_abers(p0, p1) - 0.5 / 1.1) < 1e-15 FROM (VALUES (0.4::float8, 0.5::float8)) v (p0, p1);

-- NULL, nothing, FILTER, windows, parallel
SELECT 'nothing', num_nonnulls(beta_fit(p, honest), isotonic_fit(p, honest), isotonic_fit(p, p), venn_abers_fit(p, honest), cross_venn_abers(p, p)) FROM said WHERE false;
SELECT 'only NULL', num_nonnulls(beta_fit(NULL, true), beta_fit(0.5, true, NULL), isotonic_fit(1, NULL::boolean), isotonic_fit(NULL, 1.0), isotonic_fit(1, 1, NULL), venn_abers_fit(1, NULL), cross_venn_abers(NULL, 1));
SELECT 'nothing', num_nonnulls(platt_fit(s, y), temperature_fit(ARRAY[s, 1 - s], 1)) FROM game WHERE false;
SELECT 'only NULL', num_nonnulls(platt_fit(NULL, true), platt_fit(1, NULL), temperature_fit(NULL, 1), temperature_fit('{0.5,0.5}', NULL));
SELECT 'NULL is left out', platt_fit(s, y) = platt_fit(s, y) FILTER (WHERE s IS NOT NULL) FROM unnest('{1,NULL,2,3}'::float8[], '{t,t,f,t}'::bool[]) u (s, y);
SELECT 'window', bool_and(f[1] IS NOT NULL AND t > 0) FROM (SELECT platt_fit(p[1], y = 1) OVER w AS f, temperature_fit(p, y) OVER w AS t FROM forecast WHERE i <= 100 WINDOW w AS (ORDER BY i)) x;
CREATE TABLE public.many_forecasts AS SELECT * FROM forecast;
ANALYZE public.many_forecasts;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT platt_fit(p[1], y = 1), temperature_fit(p, y) FROM public.many_forecasts;
CREATE TEMP TABLE in_parallel AS SELECT platt_fit(p[1], y = 1) f, temperature_fit(p, y) t FROM public.many_forecasts;
SET max_parallel_workers_per_gather = 0;
SELECT 'parallel = serial', abs(f[1] - (platt_fit(p[1], y = 1))[1]) < 1e-9, abs(f[2] - (platt_fit(p[1], y = 1))[2]) < 1e-9, abs(t - temperature_fit(p, y)) < 1e-10
FROM public.many_forecasts, in_parallel GROUP BY f, t;
DROP TABLE public.many_forecasts;

-- refused
SELECT platt_fit('NaN', true);
SELECT platt_fit(s, true) FROM unnest('{-1.7e308,1.7e308}'::float8[]) s;
SELECT platt_apply('{1,2,3}', 1);
SELECT platt_apply('{1,NaN}', 1);
SELECT platt_apply('{1,2}', 'Infinity');
SELECT temperature_fit('{0.5,0.4}', 1);
SELECT temperature_fit('{0.5,0.5}', 3);
SELECT temperature_fit('{1,0}', 2);
SELECT temperature_fit(p, 1) FROM (VALUES ('{0.5,0.5}'::float8[]), ('{0.5,0.25,0.25}')) v (p);
SELECT temperature_apply(0, '{0.5,0.5}');
SELECT temperature_apply('NaN', '{0.5,0.5}');
SELECT temperature_apply(1, '{0.5,0.6}');
SELECT beta_fit(0, true);
SELECT beta_fit(1.5, true);
SELECT beta_fit(0.5, true, -1);
SELECT beta_apply('{1,1}', 0.5);
SELECT beta_apply('{1,-1,0}', 0.5);
SELECT beta_apply('{1,1,0}', 'NaN');
SELECT isotonic_fit('Infinity', true);
SELECT isotonic_fit(1, 'NaN'::float8);
SELECT isotonic_fit(1, 1, 'NaN');
SELECT isotonic_apply('{1,2}', 1);
SELECT isotonic_apply('{{1,2},{0,1},{0,1}}', 1);
SELECT isotonic_apply('{{1,2},{1,0}}', 1.5);
SELECT isotonic_apply('{{1,2},{0,1}}', 'NaN');
SELECT venn_abers_fit('-Infinity', true);
SELECT venn_abers_apply('{{1,2},{0,1}}', 1);
SELECT venn_abers_apply('{{1,2},{0.5,0.6},{0.1,0.2}}', 1);
SELECT cross_venn_abers(0.5, 0.4);
SELECT cross_venn_abers(0, 0);

-- a stored fit is fetched once a query: the answers are those of the fit in memory, also when two fits take turns
CREATE TEMP TABLE stored_fit (fit float8[], steps float8[]);
ALTER TABLE stored_fit ALTER fit SET STORAGE EXTERNAL, ALTER steps SET STORAGE EXTERNAL;
INSERT INTO stored_fit SELECT venn_abers_fit(s, won), isotonic_fit(s, won)
	FROM generate_series(1, 2) AS k, generate_series(1, 80000) AS i, LATERAL (SELECT i / 80000.0::float8 AS s, abs(hashint4(i) % 80000) < i - 5000 * k AS won) AS x GROUP BY k;
SELECT bool_and(pg_column_size(fit) > 2500 AND pg_column_size(steps) > 2500) AS out_of_line FROM stored_fit;
SELECT count(*), count(DISTINCT isotonic_apply(steps, at)) > 50 AS vary, bool_and(venn_abers_apply(fit, at) = venn_abers_apply(array_cat(fit, '{}'), at)) AS venn_abers,
	bool_and(isotonic_apply(steps, at) = isotonic_apply(array_cat(steps, '{}'), at)) AS isotonic
FROM (SELECT i / 100.0::float8 AS at FROM generate_series(1, 99) AS i) AS x, stored_fit;
