-- Returns: worked examples, what must hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'roi', abs(roi(p, s) - 0.15) < 1e-15 FROM (VALUES (47.5, 100), (-25.0, 50)) v (p, s);
SELECT 'profit over turnover, not the mean of returns', roi(p, s) = -0.8 FROM (VALUES (10, 10), (-90, 90)) v (p, s);
SELECT 'money goes in as numeric', roi(profit, 100) = -0.05
FROM (VALUES (1), (0)) v (h), settle_bet('h2h', 'home', NULL, h, 0, 1.9, 100, draw_offered => true);
SELECT 'no turnover', roi(0, 0) IS NULL, roi_interval(0, 0);

-- profits of 10, -10, 5 on 10 each: the t-interval of the returns 1, -1, 0.5
SELECT 'equal stakes are a mean', (r).n, abs((r).roi - 1 / 6.0) < 1e-15, abs((r).upper - (r).roi - 4.302652729749464 * sd / sqrt(3)) < 1e-12, abs((r).upper + (r).lower - 2 * (r).roi) < 1e-15
FROM (SELECT roi_interval(p, 10) AS r, stddev_samp(p / 10) AS sd FROM unnest('{10,-10,5}'::float8[]) p) x;
-- unequal ones: residuals 25, -12.5, -12.5 of roi 0.25
SELECT 'unequal stakes', abs((r).roi - 0.25) < 1e-15, abs((r).upper - 0.25 - 4.302652729749464 * sqrt(1.5 * (25.0 ^ 2 + 12.5 ^ 2 + 12.5 ^ 2)) / 200) < 1e-12
FROM (SELECT roi_interval(p, s) AS r FROM (VALUES (50, 100), (0, 50), (0, 50)) v (p, s)) x;
SELECT 'one row', roi_interval(5, 10);
SELECT 'equal returns', abs((r).roi - 0.3) < 1e-15, (r).upper - (r).lower < 1e-7 FROM (SELECT roi_interval(0.3 * i, i) AS r FROM generate_series(1, 100) i) x;
-- a row of stake 0 (a void bet) moves nothing but n
SELECT 'void', abs((a).roi - (b).roi) < 1e-15, (a).n - (b).n FROM (SELECT roi_interval(p, s) a, roi_interval(p, s) FILTER (WHERE s > 0) b FROM (VALUES (50, 100), (-50, 50), (0, 0)) v (p, s)) x;
-- honest: of many samples with a true return of 0, about 95 % hold it
CREATE TEMP TABLE sample AS SELECT k, i, CASE WHEN abs(hashint4(k * 1000 + i)::bigint) % 100 < 50 THEN s ELSE -s END AS p, s::float8
FROM generate_series(1, 400) k, generate_series(1, 60) i, LATERAL (SELECT 10 + i % 7 * 5 AS s) x;
SELECT 'coverage', count(*) FILTER (WHERE 0 BETWEEN (r).lower AND (r).upper) BETWEEN 364 AND 394 FROM (SELECT roi_interval(p, s) r FROM sample GROUP BY k) x;

-- ---- drawdown -----------------------------------------------------------------------------------------
SELECT 'falls', max_drawdown(p, 100 ORDER BY i) = 45, abs(max_drawdown_fraction(p, 100 ORDER BY i) - 45 / 110.0) < 1e-15, longest_underwater(p, 100 ORDER BY i) = 3
FROM unnest('{10,-20,5,-30,50}'::float8[]) WITH ORDINALITY u (p, i);
SELECT 'order counts', max_drawdown(p, 100 ORDER BY p) = 50 FROM unnest('{10,-20,5,-30,50}'::float8[]) WITH ORDINALITY u (p, i);
SELECT 'ruin', max_drawdown_fraction(-100, 100), 'and beyond', max_drawdown_fraction(-150, 100);
SELECT 'largest fall and largest share differ', max_drawdown(p, 10 ORDER BY i), max_drawdown_fraction(p, 10 ORDER BY i) FROM unnest('{-5,100,-20}'::float8[]) WITH ORDINALITY u (p, i);
SELECT 'as defined', bool_and(d = w) FROM (SELECT k, max_drawdown(p, 500 ORDER BY i) AS d FROM sample GROUP BY k) a
JOIN (SELECT k, max(peak - balance) AS w FROM (SELECT k, balance, greatest(500, max(balance) OVER (PARTITION BY k ORDER BY i)) AS peak
	FROM (SELECT k, i, 500 + sum(p) OVER (PARTITION BY k ORDER BY i) AS balance FROM sample) x) y GROUP BY k) b USING (k);
SELECT 'running', array_agg(d ORDER BY i) = '{0,20,20,45,45}' FROM (SELECT i, max_drawdown(p, 100) OVER (ORDER BY i) AS d FROM unnest('{10,-20,5,-30,50}'::float8[]) WITH ORDINALITY u (p, i)) x;

-- NULL, nothing, FILTER, windows, parallel
SELECT 'nothing', num_nonnulls(roi(p, s), roi_interval(p, s)), max_drawdown(p, 100), max_drawdown_fraction(p, 100), longest_underwater(p, 100) FROM sample WHERE false;
SELECT 'only NULL', num_nonnulls(roi(NULL, 1), roi(1, NULL), roi_interval(NULL, 1)), max_drawdown(NULL, 100);
SELECT 'NULL is left out', roi(p, s) = 0.5, max_drawdown(p, 100 ORDER BY p) = 0 FROM (VALUES (5, 10), (NULL, 10), (7, NULL)) v (p, s);
SELECT 'window', bool_and(abs(w - v) < 1e-12) FROM (SELECT i, roi(p, s) OVER (ORDER BY i ROWS 4 PRECEDING) AS w FROM sample WHERE k = 1) x,
	LATERAL (SELECT roi(p, s) AS v FROM sample f WHERE k = 1 AND f.i BETWEEN x.i - 4 AND x.i) y;
CREATE TABLE public.many_bets AS SELECT * FROM sample;
ANALYZE public.many_bets;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT roi(p, s), roi_interval(p, s) FROM public.many_bets;
CREATE TEMP TABLE in_parallel AS SELECT roi(p, s) a, (roi_interval(p, s)).upper b FROM public.many_bets;
SET max_parallel_workers_per_gather = 0;
SELECT 'parallel = serial', abs(a - roi(p, s)) < 1e-15, abs(b - (roi_interval(p, s)).upper) < 1e-15 FROM public.many_bets, in_parallel GROUP BY a, b;
DROP TABLE public.many_bets;

-- refused
SELECT roi(1, -1);
SELECT roi('NaN', 1);
SELECT roi(1, 'Infinity');
SELECT roi_interval(x, 1) FROM unnest('{1e200,-1e200}'::float8[]) x;
SELECT max_drawdown(1, 0);
SELECT max_drawdown(p, b) FROM (VALUES (1, 100), (2, 101)) v (p, b);
SELECT max_drawdown_fraction('-Infinity', 100);

-- ---- the shape of returns ------------------------------------------------------------------------------
SELECT 'ratios', abs(sharpe_ratio(r) - avg(r) / stddev_samp(r)) < 1e-15, abs(sharpe_ratio(r, 0.01, 52) - (avg(r) - 0.01) / stddev_samp(r) * sqrt(52)) < 1e-14,
	abs(sortino_ratio(r) - avg(r) / sqrt(avg(least(r, 0) ^ 2))) < 1e-15, abs(sortino_ratio(r, 0.01, 52) - (avg(r) - 0.01) / sqrt(avg(least(r - 0.01, 0) ^ 2)) * sqrt(52)) < 1e-14
FROM unnest('{0.91,-1,0.91,0.91,-1,0.5,0}'::float8[]) r;
-- two values, a and b = 1-a of the time: skewness (b-a)/sqrt(ab), kurtosis 1 + its square
SELECT 'shape', abs(skewness(r) - 4 / sqrt(5)) < 1e-14, abs(kurtosis(r) - (1 + 16 / 5.0)) < 1e-14 FROM unnest('{5,-1,-1,-1,-1,-1}'::float8[]) r;
SELECT 'no denominator', num_nonnulls(sharpe_ratio(r), sortino_ratio(r), skewness(r), kurtosis(r)) FROM unnest('{0.05,0.05,0.05}'::float8[]) r;
SELECT 'one row', sharpe_ratio(r), sortino_ratio(r), skewness(r) FROM unnest('{-2}'::float8[]) r;
SELECT 'nothing', num_nonnulls(sharpe_ratio(r), sortino_ratio(r, 0), skewness(r), kurtosis(r)) FROM unnest('{NULL,NULL}'::float8[]) r;
-- a large value that all share changes nothing
SELECT 'common offset', abs(skewness(r + 1e9) - skewness(r)) < 1e-12, abs(kurtosis(r + 1e9) - kurtosis(r)) < 1e-12, abs(sharpe_ratio(r + 1e9, 1e9) - sharpe_ratio(r)) < 1e-14
FROM (SELECT (i * 7919 % 1024 - 300) / 1024.0::float8 AS r FROM generate_series(1, 10000) i) x;
SELECT 'window', bool_and(abs(w - v) < 1e-12) FROM (SELECT i, sharpe_ratio(p) OVER (ORDER BY i ROWS 9 PRECEDING) AS w FROM sample WHERE k = 1) x,
	LATERAL (SELECT sharpe_ratio(p) AS v FROM sample f WHERE k = 1 AND f.i BETWEEN x.i - 9 AND x.i) y;
SELECT sharpe_ratio('NaN');
SELECT sharpe_ratio(1, 'Infinity');
SELECT sharpe_ratio(1, 0, 0);
SELECT sharpe_ratio(r, r) FROM unnest('{1,2}'::float8[]) r;
SELECT sharpe_ratio(r, 0, r) FROM unnest('{1,2}'::float8[]) r;
SELECT sharpe_ratio(r) FROM unnest('{1e-200,2e-200}'::float8[]) r;
SELECT sharpe_ratio(r) FROM unnest('{1e200,2e200}'::float8[]) r;
SELECT kurtosis(r) FROM unnest('{1e-100,2e-100}'::float8[]) r;

-- ---- shares, runs, growth, the worst returns -------------------------------------------------------------
SELECT 'win rate', win_rate(p) = 0.4, win_rate(p) FILTER (WHERE p = 0) IS NULL FROM unnest('{5,-1,0,-1,0.5,-2,0}'::float8[]) p;
SELECT 'return on bankroll is not on turnover', return_on_bankroll(p, 200) = 0.1, roi(p, 10) = 1 FROM unnest('{10,10}'::float8[]) p;
SELECT 'runs', longest_losing_run(p ORDER BY i) = 3, longest_winning_run(p ORDER BY i) = 2 FROM unnest('{1,-1,-1,0,-1,2,0,3,-1}'::float8[]) WITH ORDINALITY u (p, i);
-- 100 to 121 in two years' time, at worst 10 down from 110
SELECT 'calmar', abs(calmar_ratio(p, 100, 2 ORDER BY i) - 0.1 / (10 / 110.0)) < 1e-14 FROM unnest('{10,-10,11,10}'::float8[]) WITH ORDINALITY u (p, i);
SELECT 'by the calendar', abs(calmar_ratio(p, 100, timestamptz '2020-01-01 00:00+00' + i * interval '58440 hours' / 10) - 0.1 / (10 / 110.0)) < 1e-14
FROM unnest('{10,-10,21}'::float8[], '{0,1,3}'::int[]) u (p, i);
SELECT 'no fall', calmar_ratio(1, 100, 52), 'ruined', calmar_ratio(-100, 100, 52), 'overdrawn', calmar_ratio(-101, 100, 52);
SELECT 'worst returns', abs(value_at_risk(r, 0.05) - 0.091) < 1e-15, abs(expected_shortfall(r, 0.05) - 0.1) < 1e-15, abs(expected_shortfall(r, 0.3) - 0.085) < 1e-15
FROM unnest('{0.02,-0.1,0.04,-0.07,0.01,0.09,-0.02}'::float8[]) r;
SELECT 'as percentile_cont', bool_and(abs(value_at_risk - percentile) < 1e-12 AND expected_shortfall >= value_at_risk - 1e-12) FROM generate_series(0.01, 0.99, 0.07) alpha, LATERAL (SELECT value_at_risk(p, alpha), expected_shortfall(p, alpha), -percentile_cont(alpha::float8) WITHIN GROUP (ORDER BY p) AS percentile FROM sample WHERE k < 20) x;
-- with the time as an argument: any order of rows; bets of one time are one step
SELECT 'timed', bool_and(a = b AND c = d AND e = f AND g = h AND l = m) FROM (SELECT max_drawdown(p, 500 ORDER BY i) a, max_drawdown(p, 500, i ORDER BY p) b, max_drawdown_fraction(p, 500 ORDER BY i) c, max_drawdown_fraction(p, 500, i ORDER BY p) d,
	longest_underwater(p, 500 ORDER BY i) e, longest_underwater(p, 500, timestamptz '2024-01-01 00:00+00' + i * interval '1 hour' ORDER BY p DESC) f,
	longest_losing_run(p ORDER BY i) g, longest_losing_run(p, i ORDER BY p) h, longest_winning_run(p ORDER BY i) l, longest_winning_run(p, i ORDER BY p) m FROM sample GROUP BY k) x;
SELECT 'one settlement', max_drawdown(p, 100, 1), longest_underwater(p, 100, 1), longest_losing_run(p, 1) FROM unnest('{-30,20,-5,10}'::float8[]) p;
SELECT 'nothing', max_drawdown(p, 100, i), longest_underwater(p, 100, i), calmar_ratio(p, 100, now()), longest_losing_run(p, i), value_at_risk(p, 0.1), win_rate(p), return_on_bankroll(p, 100) FROM sample WHERE false;

-- ---- more than luck ---------------------------------------------------------------------------------------
-- returns 1, -1, 0.5: t = 1/6 over sd/sqrt(3), two degrees of freedom have a closed form
SELECT 'p-value', abs(roi_p_value(p, 10) - (0.5 - t / sqrt(2 + t * t) / 2)) < 1e-15 FROM unnest('{10,-10,5}'::float8[]) p, LATERAL (SELECT 1 / 6.0::float8 / (sqrt(13 / 12.0) / sqrt(3)) AS t) x GROUP BY t;
SELECT 'none', roi_p_value(5, 10), 'equal returns', (SELECT roi_p_value(0.3 * i, i) FROM generate_series(1, 10) i);
SELECT 'its interval says the same', bool_and((p < 0.025) = ((r).lower > 0)) FROM (SELECT roi_p_value(p + s / 8, s) AS p, roi_interval(p + s / 8, s) AS r FROM sample GROUP BY k) x;
SELECT 'bets needed', bets_needed(0.05, 1.91), bets_needed(0.05, 5), bets_needed(0.02, 1.91), bets_needed(0.05, 1.91, 0.01, 0.9);
-- as the binomial has it: 2,000 bets at even odds, edge 0.05: z(0.95) + z(power) = 0.05 sqrt(n) to first order
SELECT 'even odds', abs(bets_needed(0.05, 2) - ((1.6448536269514722 + 0.8416212335729143 * sqrt(1 - 0.05 ^ 2)) / 0.05) ^ 2) < 1;

SELECT win_rate('NaN');
SELECT return_on_bankroll(1, -1);
SELECT calmar_ratio(1, 100, 0);
SELECT calmar_ratio(1, 100, i) FROM generate_series(1, 2) i;
SELECT max_drawdown(1, 100, timestamptz 'infinity');
SELECT max_drawdown(1, i, i) FROM generate_series(1, 2) i;
SELECT max_drawdown(p, 1 ORDER BY p) FROM unnest('{-1.7e308,-1.7e308}'::float8[]) p;
SELECT longest_losing_run('Infinity', 1);
SELECT value_at_risk(1, 0);
SELECT value_at_risk(1, 0.5 / i) FROM generate_series(1, 2) i;
SELECT bets_needed(0, 2);
SELECT bets_needed(1.5, 2);
SELECT bets_needed(0.05, 2, 0.05, 0.04);
SELECT bets_needed(1e-12, 100);
SELECT returns_accum('{-1,0,0,0,0,0,0,0,0,0,0,0}', 1);
SELECT returns_combine('{3,1,-1e300,1,1,1,1,0,0,0,0,0}', '{3,1,0,1,1,1,1,0,0,0,0,0}');
