-- Measures of settled bets: the aggregates' numbers, intervals by game, the same bits in any order; reports of seasons, backtests and trials.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(21);
CREATE TEMP TABLE made AS SELECT n, (n / 2)::bigint AS game_id, timestamptz '2024-01-01' + n * interval '1 day' AS settled_at, 10 + (n % 3)::float8 AS stake,
	(10 + n % 3) * CASE WHEN simulated_uniform(1, 'bet ' || n) < 0.5 THEN -1 WHEN n % 11 = 0 THEN 0 ELSE 1.1 END AS profit, 2.1::float8 AS price,
	CASE WHEN n % 2 = 0 THEN 'A' ELSE 'B' END AS tier, CASE WHEN n % 5 > 0 THEN simulated_normal(1, 'clv ' || n) / 50 + 0.02 END AS clv FROM generate_series(1, 400) AS n;
CREATE FUNCTION pg_temp.report(shuffle int DEFAULT 0) RETURNS TABLE (measure text, value float8, lower float8, upper float8, bets bigint, games bigint, trials bigint) LANGUAGE sql AS $$
	SELECT * FROM bet_report(ARRAY(SELECT ROW(game_id, settled_at, stake, profit, price, tier, clv, NULL, NULL)::settled_bet FROM made ORDER BY md5(shuffle || ' ' || n)), 1000, 7, 1000, 3) $$;
CREATE TEMP TABLE said AS SELECT * FROM pg_temp.report();
SELECT set_eq('SELECT measure FROM said', '{roi,flat_roi,hit_rate,hit_rate_A,hit_rate_B,clv,return_on_bankroll,sharpe_ratio,sortino_ratio,calmar_ratio,max_drawdown,max_drawdown_fraction,longest_losing_run,p_value,bets_needed}'::text[], 'every measure');
SELECT set_eq('SELECT * FROM pg_temp.report(1)', 'TABLE said', 'the same numbers to the last bit for the bets in another order');
SELECT is_empty($$SELECT FROM said WHERE NOT (lower <= upper) OR (lower IS NULL) <> (measure IN ('p_value', 'bets_needed')) OR trials <> 7 OR games > 201$$, 'with intervals, games and trials');
SELECT ok(bool_and(abs(s.value - a.value) < 1e-9), 'the values are those of the aggregates') FROM said AS s JOIN (
	SELECT 'roi' AS measure, roi(profit, stake) AS value FROM made UNION ALL SELECT 'flat_roi', avg(profit / stake) FROM made UNION ALL SELECT 'hit_rate', win_rate(profit) FROM made
	UNION ALL SELECT 'hit_rate_B', win_rate(profit) FROM made WHERE tier = 'B' UNION ALL SELECT 'clv', avg(clv) FROM made UNION ALL SELECT 'return_on_bankroll', return_on_bankroll(profit, 1000) FROM made
	UNION ALL SELECT 'sharpe_ratio', sharpe_ratio(profit / stake) FROM made UNION ALL SELECT 'sortino_ratio', sortino_ratio(profit / stake) FROM made UNION ALL SELECT 'calmar_ratio', calmar_ratio(profit, 1000, settled_at) FROM made
	UNION ALL SELECT 'max_drawdown', max_drawdown(profit, 1000, settled_at) FROM made UNION ALL SELECT 'max_drawdown_fraction', max_drawdown_fraction(profit, 1000, settled_at) FROM made
	UNION ALL SELECT 'longest_losing_run', longest_losing_run(profit, settled_at) FROM made
	UNION ALL SELECT 'p_value', roi_p_value(profit, stake) FROM (SELECT sum(profit) AS profit, sum(stake) AS stake FROM made GROUP BY game_id) AS g
	UNION ALL SELECT 'bets_needed', CASE WHEN roi(profit, stake) > 0 THEN bets_needed(roi(profit, stake), avg(price)) END FROM made) AS a USING (measure) WHERE s.value IS NOT NULL;
SELECT is((SELECT (b.r).lower || ' ' || (b.r).upper FROM (SELECT roi_bootstrap(profit, stake, game_id, 1000, 3) AS r FROM made) AS b), (SELECT lower || ' ' || upper FROM said WHERE measure = 'roi'), 'and the interval is clustered by game');
SELECT is((SELECT bets || ' ' || games FROM said WHERE measure = 'clv'), (SELECT count(*) || ' ' || count(DISTINCT game_id) FROM made WHERE clv IS NOT NULL), 'closing line value counts the bets that have one');
SELECT is_empty($$SELECT * FROM bet_report('{}')$$, 'no bets, no rows');
SELECT is(count(*), 13::bigint, 'one bet: values, and intervals that hold nothing else') FROM bet_report(ARRAY(SELECT ROW(game_id, settled_at, stake, profit, price, tier, NULL, NULL, NULL)::settled_bet FROM made WHERE n = 1)) WHERE lower IS NOT DISTINCT FROM upper;
SELECT throws_ok($$SELECT * FROM bet_report(ARRAY[ROW(1, now(), 1, 'NaN', 2, 'A', NULL, NULL, NULL)::settled_bet])$$, '22023', NULL, 'a profit that is no number');
SELECT throws_ok($$SELECT * FROM bet_report(ARRAY[ROW(1, now(), 1, 1, 2, 'A', NULL, NULL, NULL)::settled_bet], -5)$$, '22023', NULL, 'a bankroll below 0');

-- ---- backtests and trials --------------------------------------------------------------------------
SELECT simulate_league(3, 8, 3) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
SELECT sum(run_backtest(s, '2016-08-01', '2018-08-01', 'SIM')) AS bets FROM unnest('{sharp_consensus,elo_value}'::text[]) AS s \gset
SELECT is(value || ' ' || bets || ' ' || trials, (SELECT roi(profit, 1) || ' ' || count(*) FROM strategy_bet WHERE strategy_name = 'elo_value' AND result <> 'void') || ' 2', 'strategy_report: a backtest''s roi, bets and how many were tried')
FROM strategy_report('elo_value', 'SIM', replicates => 200) WHERE measure = 'roi';
SELECT is(count(*), 2::bigint, 'what so many trials would show by luck is beside it') FROM strategy_report('elo_value', 'SIM', replicates => 200) WHERE measure IN ('deflated_sharpe_ratio', 'backtest_overfitting') AND value BETWEEN 0 AND 1;
SELECT ok(abs(s.sharpe - (SELECT sharpe_ratio(coalesce(w.profit, 0)) FROM generate_series((SELECT min(week) FROM backtest_trial_week AS x WHERE x.trial_id = s.trial_id)::timestamp, (SELECT max(week) FROM backtest_trial_week AS x WHERE x.trial_id = s.trial_id), '7 days') AS k
	LEFT JOIN backtest_trial_week AS w ON w.trial_id = s.trial_id AND w.week = k::date)) < 1e-12, 'a trial is judged by its weeks, those without a bet too') FROM trial_sharpes('SIM') AS s WHERE s.strategy_name = 'elo_value';
SELECT is(trials || ' ' || splits, '2 12870', 'trial_overfitting: sixteen blocks of the weeks') FROM trial_overfitting('SIM');
SELECT is(pbo, NULL, 'one trial has nothing to be chosen from') FROM trial_overfitting('EPL');
SELECT set_eq($$SELECT DISTINCT strategy_name FROM backtest_report('{SIM}', replicates => 200)$$, '{elo_value,sharp_consensus}'::text[], 'backtest_report: all of them');
DELETE FROM strategy WHERE strategy_name = 'elo_value';
SELECT is(trials, 2::bigint, 'a strategy that was thrown away was tried all the same') FROM strategy_report('sharp_consensus', 'SIM', replicates => 200) WHERE measure = 'roi';

-- ---- a line that moved --------------------------------------------------------------------------------
SELECT b.game_id, b.line, b.price FROM (SELECT q.game_id, q.line, q.price FROM game AS g, closing_quotes(g.game_id) AS q WHERE g.sport = 'SIM' AND g.season = 2018 AND q.market = 'spreads' AND q.side = 'home' AND q.book = 'sim_sharp' ORDER BY q.game_id LIMIT 1) AS b \gset
SELECT is(points, 0.5::float8, 'half a goal more than at the close') FROM moved_line(:game_id, 'spreads', 'home', :line + 0.5, :price);
SELECT cmp_ok(m.clv, '>', n.clv, 'is worth more than half a goal less') FROM moved_line(:game_id, 'spreads', 'home', :line + 0.5, :price) AS m, moved_line(:game_id, 'spreads', 'home', :line - 0.5, :price) AS n;
SELECT is(concat_ws(' ', m.points, m.clv), '', 'a line that stood has none') FROM moved_line(:game_id, 'spreads', 'home', :line, :price) AS m;
SELECT is(concat_ws(' ', m.points, m.clv), '', 'nor has a bet without a line') FROM moved_line(:game_id, 'h2h', 'home', NULL, 2) AS m;
SELECT * FROM finish();
ROLLBACK;
