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

-- NULL, nothing, FILTER, windows, parallel
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
