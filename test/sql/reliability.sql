-- Reliability: known values, what must hold of every aggregate, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

CREATE TEMP TABLE forecast AS SELECT i, (i * 37 % 101) / 100.0::float8 AS p, i * 7919 % 101 < i * 37 % 101 AS y FROM generate_series(1, 3000) i;

SELECT 'the parts make up the score', abs((d).brier - b) < 1e-15, abs((d).reliability - (d).resolution + (d).uncertainty - b) < 1e-15, (d).within_bin_variance, (d).within_bin_covariance,
	abs((e).brier - b) < 1e-14, abs((e).reliability - (e).resolution + (e).uncertainty + (e).within_bin_variance - (e).within_bin_covariance - b) < 1e-14,
	(d).uncertainty = (e).uncertainty, (d).reliability > (e).reliability
FROM (SELECT brier_decomposition(p, y) AS d, brier_decomposition(p, y, 10) AS e, brier_score(p, y) AS b FROM forecast) x;
SELECT 'by hand', expected_calibration_error(p, y) = 0.25, maximum_calibration_error(p, y) = 0.25 FROM (VALUES (0.25, false), (0.25, true), (0.75, true), (0.75, true)) v (p, y);
SELECT 'edges: (lower, upper]', array_agg(n ORDER BY lower) FROM (SELECT reliability_table(p, true) AS t FROM unnest('{0,0.1,0.10000000000000002,0.2,0.3,0.6,0.7,0.9,1}'::float8[]) p) x, unnest(t);
SELECT 'a table', lower, upper, n, round(mean_prob::numeric, 6), round(frequency::numeric, 6), round(frequency_lower::numeric, 4), round(frequency_upper::numeric, 4)
FROM (SELECT reliability_table(p, y, 3) AS t FROM forecast WHERE i <= 30) x, unnest(t);
SELECT 'equal counts', array_agg(n ORDER BY lower), sum(n) FROM (SELECT reliability_table(p, y, 7, 'quantile') AS t FROM forecast WHERE i <= 100) x, unnest(t);
SELECT 'more bins than forecasts', cardinality(reliability_table(p, y, 1000, 'quantile')) FROM forecast WHERE i <= 5;
SELECT 'uniform is the default', expected_calibration_error(p, y) = expected_calibration_error(p, y, 10), expected_calibration_error(p, y) = expected_calibration_error(p, y, 10, 'uniform'),
	maximum_calibration_error(p, y) = maximum_calibration_error(p, y, 10, 'uniform'), reliability_table(p, y) = reliability_table(p, y, 10, 'uniform') FROM forecast;
SELECT 'the order of rows does not matter', abs(a - b) < 1e-15 FROM (SELECT expected_calibration_error(p, y, 9, 'quantile' ORDER BY y, i) AS a, expected_calibration_error(p, y, 9, 'quantile' ORDER BY y DESC, i) AS b FROM forecast) x;
SELECT 'one bin is the bias', abs(expected_calibration_error(p, y, 1) - abs(avg(p) - avg(y::int))) < 1e-12 FROM forecast;
SELECT 'Kolmogorov-Smirnov', abs(k - m) < 1e-12 FROM (SELECT ks_calibration_error(p, y) AS k FROM forecast) a,
	(SELECT max(abs(s)) / 3000 AS m FROM (SELECT DISTINCT ON (p) sum(y::int - p) OVER (ORDER BY p) AS s FROM forecast) w) b;
SELECT 'Spiegelhalter', (t).n, abs((t).z - z) < 1e-12, (t).p_value BETWEEN 0 AND 1
FROM (SELECT spiegelhalter_test(p, y) AS t, sum((y::int - p) * (1 - 2 * p)) / sqrt(sum((1 - 2 * p) ^ 2 * p * (1 - p))) AS z FROM forecast) x;
SELECT 'Spiegelhalter, no variance', spiegelhalter_test(p, y) FROM (VALUES (0.5, true), (1, true), (0, false)) v (p, y);
SELECT 'honest forecasts', abs((spiegelhalter_test(p, i <= p * 1000)).z) < 1e-6, expected_calibration_error(p, i <= p * 1000, 20) < 1e-12 FROM generate_series(1, 1000) i, generate_series(0.1, 0.9, 0.1) p;

-- NULL, nothing, FILTER, windows
SELECT 'nothing', num_nonnulls(brier_decomposition(p, y), brier_decomposition(p, y, 10), expected_calibration_error(p, y), expected_calibration_error(p, y, 5, 'quantile'), maximum_calibration_error(p, y),
	reliability_table(p, y), reliability_table(p, y, 5, 'quantile'), spiegelhalter_test(p, y), ks_calibration_error(p, y)) FROM forecast WHERE false;
SELECT 'only NULL', num_nonnulls(brier_decomposition(NULL, true), expected_calibration_error(0.5, NULL), expected_calibration_error(0.5, true, NULL), expected_calibration_error(0.5, true, 5, NULL), spiegelhalter_test(NULL, true));
SELECT 'window', bool_and(abs(w - v) < 1e-15) FROM (SELECT i, expected_calibration_error(p, y) OVER (ORDER BY i ROWS 49 PRECEDING) AS w FROM forecast WHERE i <= 300) x,
	LATERAL (SELECT expected_calibration_error(p, y) AS v FROM forecast f WHERE f.i BETWEEN x.i - 49 AND x.i) z;
SELECT 'parts merge', reliability_combine(a, b) = c, reliability_combine(a, '{}') = a, reliability_combine('{}', a) = a, expected_calibration_error_final('{}') IS NULL
FROM (SELECT reliability_accum('{}', 0.25, true) AS a, reliability_accum('{}', 0.75, false) AS b, reliability_accum(reliability_accum('{}', 0.25, true), 0.75, false) AS c) x;

-- refused
SELECT expected_calibration_error(1.5, true);
SELECT expected_calibration_error('NaN', true);
SELECT expected_calibration_error(0.5, true, 0);
SELECT expected_calibration_error(0.5, true, 1001);
SELECT expected_calibration_error(0.5, true, 10, 'width');
SELECT expected_calibration_error(0.5, true, i) FROM generate_series(10, 11) i;
SELECT expected_calibration_error(0.5, true, i, 'quantile') FROM generate_series(10, 11) i;
SELECT brier_decomposition(-0.1, true);
SELECT spiegelhalter_test('Infinity', true);
SELECT reliability_accum('{1,2}', 0.5, true);
SELECT expected_calibration_error_final('{1,2,0,0,0,0,0,0}');
SELECT spiegelhalter_final('{1,5,0,1,0}');
SELECT reliability_combine('{NaN,0,0,0,0,0,0,0}', '{}');
