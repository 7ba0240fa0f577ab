-- The best of many strategies: worked examples, what must hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- the numerical example of the paper: 5 years of 250 days, 2.5 a year, the best of 100 trials whose ratios vary by 0.5 a year
SELECT 'deflated', abs(expected_max_sharpe(100, 0.5 / 250) - 0.1132) < 5e-5, abs(deflated_sharpe_ratio(2.5 / sqrt(250), 1250, -3, 10, 100, 0.5 / 250) - 0.9004) < 5e-5;
SELECT 'is probabilistic against the best of none', deflated_sharpe_ratio(0.1, 500, 0.2, 4, 20, 0.002) = probabilistic_sharpe_ratio(0.1, 500, 0.2, 4, expected_max_sharpe(20, 0.002));
SELECT 'one trial is not chosen', expected_max_sharpe(1, 3), deflated_sharpe_ratio(0.1, 50, 0, 3, 1, 3) = probabilistic_sharpe_ratio(0.1, 50);
SELECT 'level', probabilistic_sharpe_ratio(0, 10), probabilistic_sharpe_ratio(0.2, 10, benchmark => 0.2);
SELECT 'more returns, more sure', probabilistic_sharpe_ratio(0.1, 100) < probabilistic_sharpe_ratio(0.1, 1000);
SELECT 'more trials, less sure', bool_and(d < before) FROM (SELECT deflated_sharpe_ratio(0.1, 500, 0, 3, n, 0.002) AS d, lag(deflated_sharpe_ratio(0.1, 500, 0, 3, n, 0.002), 1, 2::float8) OVER (ORDER BY n) AS before FROM generate_series(1, 50) n) x;
-- flat bets at one price have two returns, and exactly the least kurtosis for their skewness
SELECT 'from the aggregates', bool_and(p BETWEEN 0 AND 1) FROM (SELECT odds, probabilistic_sharpe_ratio(sharpe_ratio(r), count(*), skewness(r), kurtosis(r)) AS p
	FROM generate_series(1.1, 9, 0.1) odds, LATERAL (SELECT CASE WHEN i % 3 = 0 THEN odds - 1 ELSE -1 END AS r FROM generate_series(1, 100) i) x GROUP BY odds) x;

-- ---- overfitting of backtests -------------------------------------------------------------------------
SELECT 'by hand', splits, pbo, prob_loss, abs(mean_logit - ln(0.5)) < 1e-15 FROM backtest_overfitting('{{1,-1},{2,-3},{-1,1},{-4,2}}', 2);
CREATE TEMP TABLE noise AS SELECT t, array_agg((abs(hashint8(t * 100 + s)::bigint) % 20001 - 10000) / 1e4::float8 ORDER BY s) AS r FROM generate_series(1, 320) t, generate_series(1, 10) s GROUP BY t;
SELECT 'noise is a coin', probability_of_backtest_overfitting(array_agg(r ORDER BY t)) BETWEEN 0.2 AND 0.8, (backtest_overfitting(array_agg(r ORDER BY t))).splits FROM noise;
SELECT 'skill is not', probability_of_backtest_overfitting(array_agg(r || (r[1] + 0.5) ORDER BY t)) < 0.01, (backtest_overfitting(array_agg(r || (r[1] + 0.5) ORDER BY t), 10)).prob_loss = 0 FROM noise;
SELECT 'scale of a strategy is nothing', probability_of_backtest_overfitting(array_agg(r ORDER BY t), 8) = probability_of_backtest_overfitting(array_agg(ARRAY(SELECT x * 2.0 ^ (i * 40) FROM unnest(r) WITH ORDINALITY u (x, i)) ORDER BY t), 8) FROM noise;
-- the middle of equal ranks is the median: not above it
SELECT 'all alike', pbo, mean_logit FROM backtest_overfitting(array_fill(0.1::float8, ARRAY[8, 5]), 4);
SELECT 'never bet', pbo FROM backtest_overfitting('{{0,0},{0,0},{0,0},{0,0}}', 2);

-- refused
SELECT probabilistic_sharpe_ratio(0.1, 1);
SELECT probabilistic_sharpe_ratio('NaN', 10);
SELECT probabilistic_sharpe_ratio(0.1, 10, 2, 3);
SELECT expected_max_sharpe(0, 1);
SELECT expected_max_sharpe(10, -1);
SELECT deflated_sharpe_ratio(0.1, 10, 0, 3, 0, 1);
SELECT probability_of_backtest_overfitting('{1,2}');
SELECT probability_of_backtest_overfitting('{{1,2},{1,NULL}}', 2);
SELECT probability_of_backtest_overfitting('{{1,2},{1,NaN},{1,1},{1,1}}', 2);
SELECT probability_of_backtest_overfitting('{{1,2},{3,4}}', 2);
SELECT probability_of_backtest_overfitting('{{1},{2},{3},{4}}', 2);
SELECT probability_of_backtest_overfitting('{{1,2},{3,4},{5,6},{7,8}}', 3);
