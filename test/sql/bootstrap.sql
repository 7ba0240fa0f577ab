-- The clustered bootstrap: worked examples, what must hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- games 1..4, two bets on the second; an independent program gives -0.5, 10/7, 0.4968381097557852, 0.79055 for them
CREATE TEMP TABLE four AS SELECT * FROM (VALUES (10, 10, 1), (-10, 10, 2), (5, 10, 2), (-10, 10, 3), (30, 20, 4), (0, 0, 5)) v (profit, stake, game);
SELECT 'four games', (b).clusters, abs((b).estimate - 25 / 60.0) < 1e-15, abs((b).lower + 0.5) < 1e-12, abs((b).upper - 10 / 7.0) < 1e-12,
	abs((b).standard_error - 0.4968381097557852) < 1e-12, (b).prob_positive = 0.79055 FROM (SELECT roi_bootstrap(profit, stake, game, 10000, 42) AS b FROM four) x;
SELECT 'any order', roi_bootstrap(profit, stake, game, 1000, 7 ORDER BY profit) = roi_bootstrap(profit, stake, game, 1000, 7 ORDER BY stake DESC, game) FROM four;
SELECT 'another seed', roi_bootstrap(profit, stake, game, 1000, 7) <> roi_bootstrap(profit, stake, game, 1000, -7) FROM four;
SELECT 'a mean has stakes of 1', mean_bootstrap(profit, game, 1000, 7) = roi_bootstrap(profit, 1, game, 1000, 7), (mean_bootstrap(profit, game, 1000, 7)).estimate = avg(profit)::float8 FROM four WHERE game <= 2;
SELECT 'one game', roi_bootstrap(profit, stake, game, 1000, 7) FROM four WHERE game = 2;
SELECT 'no stake', roi_bootstrap(profit, stake, game, 1000, 7) FROM four WHERE game = 5;
SELECT 'nothing', roi_bootstrap(profit, stake, game, 1000, 7) IS NULL, mean_bootstrap(NULL, 1, 1000, 7) IS NULL FROM four WHERE false;
SELECT 'NULL is left out', roi_bootstrap(profit, stake, nullif(game, 4), 1000, 7) = roi_bootstrap(profit, stake, game, 1000, 7) FILTER (WHERE game <> 4) FROM four;
-- many independent bets: close to the t-interval
CREATE TEMP TABLE many AS SELECT i AS game, CASE WHEN abs(hashint4(i)::bigint) % 2 = 0 THEN 0.9 ELSE -1 END AS profit FROM generate_series(1, 1000) i;
SELECT 'near the t-interval', abs((b).lower - (t).lower) < 0.01, abs((b).upper - (t).upper) < 0.01 FROM (SELECT roi_bootstrap(profit, 1, game, 4000, 1) AS b, roi_interval(profit, 1) AS t FROM many) x;
-- the same bet twice tells nothing new
SELECT 'clusters', (roi_bootstrap(profit, 1, game, 500, 1)).standard_error = (SELECT (roi_bootstrap(profit, 1, game, 500, 1)).standard_error FROM many),
	(roi_bootstrap(profit, 1, game * 2 + copy, 500, 1)).standard_error < 0.8 * (roi_bootstrap(profit, 1, game, 500, 1)).standard_error FROM many, generate_series(0, 1) copy;

-- measures of the path: the aggregates' estimates, an interval around most of them
CREATE TEMP TABLE path AS SELECT p.* FROM (SELECT array_agg(profit ORDER BY game) AS profit, array_agg(1::float8 ORDER BY game) AS stake, array_agg(game ORDER BY game) AS game FROM many) AS b,
	path_bootstrap(profit, stake, game, 100, 2, 1000, 5) AS p;
SELECT 'path', measure, abs(estimate - (SELECT CASE measure WHEN 'return_on_bankroll' THEN return_on_bankroll(profit, 100) WHEN 'sharpe_ratio' THEN sharpe_ratio(profit) WHEN 'sortino_ratio' THEN sortino_ratio(profit)
	WHEN 'calmar_ratio' THEN calmar_ratio(profit, 100, 500 ORDER BY game) WHEN 'max_drawdown' THEN max_drawdown(profit, 100 ORDER BY game)
	WHEN 'max_drawdown_fraction' THEN max_drawdown_fraction(profit, 100 ORDER BY game) ELSE longest_losing_run(profit ORDER BY game) END FROM many)) < 1e-9, lower < upper FROM path;
SELECT 'near the mean''s interval', abs(p.lower - 10 * (t.b).lower) < 0.1, abs(p.upper - 10 * (t.b).upper) < 0.1 FROM path AS p, (SELECT mean_bootstrap(profit, game, 4000, 1) AS b FROM many) AS t WHERE measure = 'return_on_bankroll';
SELECT 'the same again', count(*) FROM (SELECT p.* FROM (SELECT array_agg(profit ORDER BY game) AS profit, array_agg(1::float8 ORDER BY game) AS stake, array_agg(game ORDER BY game) AS game FROM many) AS b,
	path_bootstrap(profit, stake, game, 100, 2, 1000, 5) AS p INTERSECT SELECT * FROM path) AS x;
SELECT 'only won', measure, estimate, lower, upper FROM path_bootstrap('{1,1}', '{1,1}', '{1,2}', 10) WHERE measure ~ 'ratio|fall|run';
SELECT 'one game', count(*) FROM path_bootstrap('{1,-1}', '{1,1}', '{1,1}', 10) WHERE lower = estimate AND upper = estimate;

-- refused
SELECT path_bootstrap('{1,2}', '{1}', '{1,2}', 10);
SELECT path_bootstrap('{1,2}', '{1,0}', '{1,2}', 10);
SELECT path_bootstrap('{1,NaN}', '{1,1}', '{1,2}', 10);
SELECT path_bootstrap('{1,2}', '{1,1}', '{1,NULL}', 10);
SELECT path_bootstrap('{1,2}', '{1,1}', '{1,2}', 0);
SELECT path_bootstrap('{1,2}', '{1,1}', '{1,2}', 10, replicates => 99);
SELECT path_bootstrap('{1e308,1e308}', '{1,1}', '{1,2}', 10);
SELECT roi_bootstrap(1, -1, 1, 1000, 1);
SELECT roi_bootstrap('NaN', 1, 1, 1000, 1);
SELECT mean_bootstrap('Infinity', 1, 1000, 1);
SELECT roi_bootstrap(1, 1, 1, 99, 1);
SELECT roi_bootstrap(1, 1, 1, 1000001, 1);
SELECT roi_bootstrap(1, 1, 1, 1000, i) FROM generate_series(1, 2) i;
SELECT roi_bootstrap(1e308, 1e-300, i, 1000, 1) FROM generate_series(1, 2) i;
