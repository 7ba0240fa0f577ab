-- What betting brought: 10 n bets, and drawdown of them in order.
CREATE TABLE bet_result AS
	SELECT i AS game, CASE WHEN random() < 0.52 THEN 0.91 ELSE -1 END AS profit, 1 + floor(random() * 3)::float8 AS stake, random() - 0.5 AS weekly
	FROM generate_series(1, 10 * :n) AS i;
CREATE TABLE few AS SELECT game::int, profit, stake FROM bet_result WHERE game <= :n / 100;
VACUUM ANALYZE bet_result, few;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('roi', 10 * :n, 'SELECT roi(profit, stake) FROM bet_result', 'sum / sum', 'SELECT sum(profit) / sum(stake) FROM bet_result', 1e-12, 1.3),
	('sharpe_ratio', 10 * :n, 'SELECT sharpe_ratio(profit) FROM bet_result', 'avg / stddev_samp', 'SELECT avg(profit) / stddev_samp(profit) FROM bet_result', 1e-10, 1.3),
	('sharpe_ratio', 10 * :n, 'SELECT sharpe_ratio(profit) FROM bet_result', 'avg(float8)', 'SELECT avg(profit) FROM bet_result', NULL, 1.3),
	('sortino_ratio', 10 * :n, 'SELECT sortino_ratio(profit) FROM bet_result', 'avg / sqrt(avg(least(r, 0)^2))',
		'SELECT avg(profit) / sqrt(avg(least(profit, 0) * least(profit, 0))) FROM bet_result', 1e-10, 1.3),
	('sharpe, sortino, skewness and kurtosis', 10 * :n, 'SELECT sharpe_ratio(profit) + sortino_ratio(profit) + skewness(profit) + kurtosis(profit) FROM bet_result', 'avg(float8) four times',
		'SELECT avg(profit) + avg(profit + 1) + avg(profit + 2) + avg(profit + 3) FROM bet_result', NULL, 1.3),
	('win_rate', 10 * :n, 'SELECT win_rate(profit) FROM bet_result', 'avg of CASE', 'SELECT avg(CASE WHEN profit > 0 THEN 1::float8 WHEN profit < 0 THEN 0 END) FROM bet_result', 1e-12, 1.3),
	('max_drawdown, ORDER BY', 10 * :n, 'SELECT max_drawdown(profit, 1000 ORDER BY game) FROM bet_result', 'window functions',
		'SELECT max(greatest(1000, peak) - balance) FROM (SELECT balance, max(balance) OVER (ORDER BY game) AS peak FROM (SELECT game, 1000 + sum(profit) OVER (ORDER BY game) AS balance FROM bet_result) AS b) AS p', 1e-9, 0.5),
	('max_drawdown, time as argument', 10 * :n, 'SELECT max_drawdown(profit, 1000, game) FROM bet_result', 'ORDER BY',
		'SELECT max_drawdown(profit, 1000 ORDER BY game) FROM bet_result', 1e-9, 1),
	('longest_losing_run, time as argument', 10 * :n, 'SELECT longest_losing_run(profit, game) FROM bet_result', 'window functions',
		'SELECT max(n) FROM (SELECT count(*) AS n FROM (SELECT profit, game - row_number() OVER (PARTITION BY profit < 0 ORDER BY game) AS island FROM bet_result) AS i WHERE profit < 0 GROUP BY island) AS r', 1e-9, 0.5),
	('value_at_risk', 10 * :n, 'SELECT value_at_risk(weekly, 0.05) FROM bet_result', 'percentile_cont',
		'SELECT -percentile_cont(0.05) WITHIN GROUP (ORDER BY weekly) FROM bet_result', 1e-12, 0.5),
	('roi_bootstrap, 1,000 replicates', :n / 100, 'SELECT (roi_bootstrap(profit, stake, game, 1000, 1)).standard_error FROM few', '100 replicates in SQL',
		'SELECT stddev_samp(r) FROM (SELECT k, sum(profit) / sum(stake) AS r FROM (SELECT k, 1 + floor(random() * n)::int AS game
			FROM generate_series(1, 100) AS k, (SELECT count(*)::int AS n FROM few) AS c, generate_series(1, n)) AS d JOIN few USING (game) GROUP BY k) AS x', NULL, 1),
	('path_bootstrap: 7 measures, 10,000 replicates of 5,000 bets', 5000, 'SELECT sum(upper) FROM (SELECT array_agg(profit ORDER BY game) AS p, array_agg(stake ORDER BY game) AS s, array_agg(game::int / 2 ORDER BY game) AS g FROM bet_result WHERE game <= 5000) AS b, path_bootstrap(p, s, g, 100000)',
		'mean_bootstrap, 10,000 replicates 10 times', 'SELECT sum((SELECT (mean_bootstrap(profit, game, 10000, k)).upper FROM bet_result WHERE game <= 5000)) FROM generate_series(1, 10) AS k', NULL, 1);
