-- Scores of forecasts: known values, what must hold of every aggregate, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'Brier', abs(brier_score(p, y) - 0.22) < 1e-15 FROM (VALUES (0.9, true), (0.1, false), (0.8, false)) v (p, y);
SELECT 'Brier, classes', abs(brier_score(p, y) - 0.5) < 1e-15
FROM (VALUES ('{0.5,0.3,0.2}'::float8[], 1), ('{0.2,0.3,0.5}', 3), ('{0.4,0.3,0.3}', 2)) v (p, y);
SELECT 'two classes are twice the event', abs(forecast_brier('{0.7,0.3}', 2) - 2 * forecast_brier(0.7, false)) < 1e-15;
SELECT 'log loss', abs(log_loss(0.7, true) - 0.35667494393873245) < 1e-15, abs(log_loss('{0.25,0.25,0.5}', 2) - ln(4)) < 1e-15;
SELECT 'certain and wrong', log_loss(1.0, false), log_loss('{1,0}', 2), log_loss(p, y) FROM (VALUES (1.0, false), (0.5, true), (0, true)) v (p, y);
SELECT 'certain and right', log_loss(1.0, true), forecast_log_loss(0, false), log_loss('{0,1}', 2);
SELECT 'clipped', abs(log_loss(1.0, false, 1e-15) - 34.53957599234088) < 1e-9, log_loss(0.3, true, 0.5) = ln(2)::float8;
SELECT 'a small probability keeps its digits', forecast_log_loss(1e-18, false) = 1e-18;
-- Constantinou & Fenton 2012: both forecasts of the first match right, the one that doubts nothing better
SELECT 'RPS', abs(ranked_probability_score('{0.9,0.1,0}', 1) - 0.005) < 1e-15, abs(ranked_probability_score('{0.8,0.1,0.1}', 1) - 0.025) < 1e-15;
SELECT 'RPS knows the order', forecast_rps('{0.6,0.25,0.15}', 1) < forecast_rps('{0.6,0.15,0.25}', 1);
SELECT 'RPS of two classes is the Brier loss', abs(forecast_rps('{0.7,0.3}', 1) - forecast_brier(0.7, true)) < 1e-15;

-- means of the losses of each
CREATE TEMP TABLE forecast AS SELECT i, p, 1 + i * 7 % 3 AS y, p[1] AS q, i * 7 % 3 = 0 AS won
FROM generate_series(1, 5000) i, LATERAL (SELECT ARRAY[a, b, 1 - a - b] AS p FROM (SELECT (i * 31 % 97 + 1) / 200.0::float8, (i * 17 % 89 + 1) / 200.0::float8) x (a, b)) z;
SELECT 'means of the losses', abs(brier_score(p, y) - avg(forecast_brier(p, y))) < 1e-12, abs(log_loss(p, y) - avg(forecast_log_loss(p, y))) < 1e-12,
	abs(ranked_probability_score(p, y) - avg(forecast_rps(p, y))) < 1e-12, abs(brier_score(q, won) - avg(forecast_brier(q, won))) < 1e-12,
	abs(log_loss(q, won) - avg(forecast_log_loss(q, won))) < 1e-12, abs(log_loss(q, won, 0.2) - avg(forecast_log_loss(q, won, 0.2))) < 1e-12 FROM forecast;
-- proper: nobody gains by saying something else than the frequency
SELECT 'proper', bool_and(b >= b0 AND l >= l0) FROM generate_series(1, 99) s, LATERAL (SELECT brier_score(s / 100.0, y <= 30) b, log_loss(s / 100.0, y <= 30) l,
	brier_score(0.3, y <= 30) b0, log_loss(0.3, y <= 30) l0 FROM generate_series(1, 100) y) x;
-- a million tiny losses beside a large one
SELECT 'no digits lost', abs(brier_score(q, false) * 1000001 - (1 + 1e6 * 1e-18)) < 3e-16 FROM (SELECT 1::float8 AS q UNION ALL SELECT 1e-9 FROM generate_series(1, 1000000)) x;

-- NULL, nothing, FILTER, windows
SELECT 'NULL is left out', brier_score(p, y) = 0.25, log_loss(p, y) = ln(2)::float8 FROM (VALUES (0.5, true), (NULL, true), (0.3, NULL)) v (p, y);
SELECT 'nothing', num_nonnulls(brier_score(q, won), brier_score(p, y), log_loss(q, won), log_loss(q, won, 0.1), log_loss(p, y), ranked_probability_score(p, y), paired_difference(q, q)) FROM forecast WHERE false;
SELECT 'only NULL', num_nonnulls(brier_score(NULL::float8, true), log_loss(NULL::float8[], 1), ranked_probability_score(NULL, 1), paired_difference(NULL, 1));
SELECT 'FILTER', brier_score(q, won) FILTER (WHERE i = 3) = max(forecast_brier(q, won)) FILTER (WHERE i = 3) FROM forecast WHERE i < 10;
SELECT 'window', bool_and(abs(w - v) < 1e-12) FROM (SELECT i, brier_score(p, y) OVER (ORDER BY i ROWS 9 PRECEDING) AS w FROM forecast WHERE i <= 200) x,
	LATERAL (SELECT brier_score(p, y) AS v FROM forecast f WHERE f.i BETWEEN x.i - 9 AND x.i) y;
SELECT 'GROUP BY', abs(sum(b * n) / sum(n) - (SELECT brier_score(p, y) FROM forecast)) < 1e-12 FROM (SELECT brier_score(p, y) b, count(*) n FROM forecast GROUP BY i % 7) x;

-- paired difference: Student's own example
SELECT 'sleep data of Student 1908', (d).n, abs((d).mean - 1.58) < 1e-12, abs((d).lower - 0.7001142) < 1e-7, abs((d).upper - 2.4598858) < 1e-7
FROM (SELECT paired_difference(a, b) AS d FROM (VALUES (1.9, 0.7), (0.8, -1.6), (1.1, -0.2), (0.1, -1.2), (-0.1, -0.1), (4.4, 3.4), (5.5, 3.7), (1.6, 0.8), (4.6, 0), (3.4, 2)) s (a, b)) x;
SELECT 'many', abs((d).lower - ((d).mean - 1.9604387 * s / sqrt(5000))) < 1e-8 FROM (SELECT paired_difference(q, p[2]) AS d, stddev_samp(q - p[2]) AS s FROM forecast) x;
SELECT 'one pair', paired_difference(2, 1);
SELECT 'always ahead by one', paired_difference(i + 1, i) FROM generate_series(1, 50) i;
-- one row a cluster: Student's interval; the same row twice: that of the rows once
SELECT 'clusters of one', (c).n = (d).n AND (c).clusters = (d).n, abs((c).mean - (d).mean) < 1e-14, abs((c).lower - (d).lower) < 1e-12, abs((c).upper - (d).upper) < 1e-12
FROM (SELECT paired_difference(q, p[2], i::bigint) AS c, paired_difference(q, p[2]) AS d FROM forecast) x;
SELECT 'doubled rows', (c).n, (c).clusters, abs((c).lower - (d).lower) < 1e-12, (e).upper - (e).lower < (d).upper - (d).lower
FROM (SELECT paired_difference(q, p[2], i::bigint) AS c, paired_difference(q, p[2]) FILTER (WHERE k = 1) AS d, paired_difference(q, p[2]) AS e FROM forecast, generate_series(1, 2) k) x;
SELECT 'clusters by hand', abs((c).standard_error - se) < 1e-14 FROM (SELECT paired_difference(q, p[2], (i % 40)::bigint) AS c FROM forecast) x,
	(SELECT sqrt(sum(s ^ 2) * 40 / 39) / 5000 AS se FROM (SELECT sum(q - p[2] - m) AS s FROM forecast, (SELECT avg(q - p[2]) AS m FROM forecast) a GROUP BY i % 40) g) y;
SELECT 'one cluster', paired_difference(a, 0, 7::bigint) FROM (VALUES (1), (2)) v (a);
SELECT 'parts merge', abs((paired_difference_final(paired_difference_combine(a, b))).upper - 2.4598858) < 1e-7, paired_difference_combine(a, '{0,0,0}') = a, paired_difference_combine('{0,0,0}', b) = b
FROM (SELECT paired_difference_accum(paired_difference_accum(paired_difference_accum('{0,0,0}', 1.2, 0), 2.4, 0), 1.3, 0) AS a,
	paired_difference_accum(paired_difference_accum(paired_difference_accum(paired_difference_accum(paired_difference_accum(paired_difference_accum(paired_difference_accum('{0,0,0}',
		1.3, 0), 0, 0), 1.0, 0), 1.8, 0), 0.8, 0), 4.6, 0), 1.4, 0) AS b) x;

-- bits
SELECT 'ignorance', abs(ignorance(0.25, true) - 2) < 1e-15, abs(forecast_ignorance('{0.5,0.25,0.25}', 1) - 1) < 1e-15, ignorance(1.0, false), abs(ignorance(1.0, false, 0.125) - 3) < 1e-15;
SELECT 'log loss over ln 2', abs(ignorance(q, won) - log_loss(q, won) / ln(2)) < 1e-14, abs(ignorance(p, y) - log_loss(p, y) / ln(2)) < 1e-14, abs(avg(forecast_ignorance(q, won)) - ignorance(q, won)) < 1e-12 FROM forecast;
SELECT 'tiny losses keep their digits', abs(log_loss(1e-9, false) / 1.0000000005e-9 - 1) < 1e-15, abs(log_loss(q, false) / 1e-3 - 1.0005003335835335) < 1e-15 FROM (SELECT 1e-3::float8 AS q FROM generate_series(1, 10000)) x;

-- skill
SELECT 'skill', abs(skill_score(0.15, 0.2) - 0.25) < 1e-15, skill_score(0, 0.2), skill_score(0.3, 0.2) < 0, skill_score(0.1, 0);
SELECT 'Brier skill', abs(brier_skill_score(q, 0.3, won) - skill_score(brier_score(q, won), brier_score(0.3, won))) < 1e-12,
	abs(brier_skill_score(p, '{0.3,0.3,0.4}', y) - skill_score(brier_score(p, y), brier_score('{0.3,0.3,0.4}', y))) < 1e-12 FROM forecast;
SELECT 'a row without reference counts for neither', brier_skill_score(p, r, y) = 0 FROM (VALUES (0.5::float8, 0.5::float8, true), (0.9, NULL, true)) v (p, r, y);

-- intervals
SELECT 'intervals', interval_coverage(y, l, u) = 0.5, interval_width(l, u) = 2, abs(interval_score(y, l, u, 0.1) - 7) < 1e-14 FROM (VALUES (1, 1, 3), (3, 1, 3), (0.5, 1, 3), (3.5, 1, 3)) v (y, l, u);
SELECT 'an endless interval', interval_coverage(5, '-Infinity', 'Infinity'), interval_width('-Infinity', 0), interval_score(5, '-Infinity', 'Infinity', 0.1);
SELECT 'pinball', pinball_loss(3, 1, 0.9) = 1.8, abs(pinball_loss(1, 3, 0.9) - 0.2) < 1e-15, forecast_pinball_loss(2, 2, 0.5);
SELECT 'both ends make Winkler''s score', abs(interval_score(y, l, u, 0.2) - 2 / 0.2 * (pinball_loss(y, l, 0.1) + pinball_loss(y, u, 0.9))) < 1e-12 FROM (SELECT i % 17 AS y, i % 5 AS l, i % 5 + 6 AS u FROM generate_series(1, 200) i) x;

-- parallel: the plan has a Partial Aggregate and the result is the serial one
CREATE TABLE public.many_forecasts AS SELECT * FROM forecast;
ANALYZE public.many_forecasts;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT brier_score(q, won), brier_score(p, y), log_loss(q, won), log_loss(q, won, 0.1), log_loss(p, y), ranked_probability_score(p, y), paired_difference(q, p[2]) FROM public.many_forecasts;
CREATE TEMP TABLE in_parallel AS SELECT brier_score(q, won) a, brier_score(p, y) b, log_loss(q, won) c, log_loss(q, won, 0.1) d, log_loss(p, y) e, ranked_probability_score(p, y) f, (paired_difference(q, p[2])).upper g FROM public.many_forecasts;
SET max_parallel_workers_per_gather = 0;
SELECT 'parallel = serial', abs(a - brier_score(q, won)) < 1e-14, abs(b - brier_score(p, y)) < 1e-14, abs(c - log_loss(q, won)) < 1e-14, abs(d - log_loss(q, won, 0.1)) < 1e-14,
	abs(e - log_loss(p, y)) < 1e-14, abs(f - ranked_probability_score(p, y)) < 1e-14, abs(g - (paired_difference(q, p[2])).upper) < 1e-14 FROM public.many_forecasts, in_parallel GROUP BY a, b, c, d, e, f, g;
DROP TABLE public.many_forecasts;

-- refused
SELECT brier_score('NaN', true);
SELECT brier_score(1.01, true);
SELECT log_loss(-0.01, true);
SELECT log_loss(0.5, true, 0.6);
SELECT brier_score('{0.5,0.4}', 1);
SELECT brier_score('{0.5,0.5}', 3);
SELECT brier_score('{0.5,0.5}', 0);
SELECT log_loss('{1}', 1);
SELECT log_loss('{0.5,NULL,0.5}', 1);
SELECT ranked_probability_score('{1.2,-0.2}', 1);
SELECT ranked_probability_score('{{0.5,0.5}}', 1);
SELECT ignorance(1.5, true);
SELECT skill_score(-1, 0.2);
SELECT skill_score('Infinity', 0.2);
SELECT brier_skill_score(0.5, 1.2, true);
SELECT brier_skill_score('{0.5,0.5}', '{0.5,0.25,0.25}', 1);
SELECT interval_score(1, 3, 2, 0.1);
SELECT interval_score(1, 2, 3, 1);
SELECT interval_width('Infinity', 'Infinity');
SELECT interval_width(-1e308, 1e308);
SELECT interval_coverage('NaN', 0, 1);
SELECT pinball_loss(1, 2, 0);
SELECT log_loss_final('{1,1,0,2,0}');
SELECT log_loss_accum('{1,-1,0,1,0}', 0.5, true);
SELECT paired_difference(1, 'NaN', 1::bigint);
SELECT paired_difference('NaN', 1);
SELECT paired_difference('Infinity', 1);
SELECT brier_accum('{0,0}', 0.5, true);
SELECT score_final('{1,NaN,0}');
SELECT paired_difference(x, 0) FROM unnest('{1e308,-1e308,1e308}'::float8[]) AS x;
SELECT paired_difference_combine('{1e300,0,1}', '{1e300,0,1}');
