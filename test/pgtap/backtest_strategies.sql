-- The daily backtest: brings every strategy up to date, and one that fails does not hold up the others.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = error;
SELECT plan(8);
SELECT simulate_league(3, 8, 3) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
CREATE FUNCTION public.broken(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no idea'; END $$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description) VALUES ('broken', 'test', 'public.broken', 'Fails.');

SELECT results_eq($$SELECT strategy_name, sport, starts FROM backtest_due(NULL, '2018-03-01 07:00')$$,
	$$SELECT s, 'SIM', timestamptz '2017-03-01 07:00+00' FROM (SELECT strategy_name FROM strategy ORDER BY 1) AS t (s)$$, 'at first a whole window is due');
CALL backtest_strategies(NULL, '2018-03-01 07:00');
SELECT results_eq('SELECT DISTINCT strategy_name FROM strategy_performance ORDER BY 1', $$SELECT strategy_name FROM strategy WHERE builtin ORDER BY 1$$,
	'every strategy but the one that fails');
SELECT is((SELECT max(backtest_date) FROM strategy_performance), '2018-02-26', 'until the Monday before');
SELECT results_eq($$SELECT DISTINCT starts FROM backtest_due('SIM', '2018-03-02') WHERE strategy_name <> 'broken'$$, $$VALUES (timestamptz '2018-02-19 00:00+00')$$,
	'from then on a week before the latest row');
CALL backtest_strategies('SIM', '2018-03-02 07:00');
CALL backtest_strategies('SIM', '2018-03-05 07:00');
CALL backtest_strategies('SIM', '2018-03-20 07:00');
CREATE TABLE public.daily AS SELECT strategy_name, backtest_date, total_bets, win_rate, roi_per_100, clv FROM strategy_performance WHERE backtest_date > '2018-03-01';
CREATE TABLE public.daily_bets AS SELECT strategy_name, game_id, as_of, price, result, settled_at FROM strategy_bet;
SELECT is((SELECT count(*) FROM public.daily), 3 * (SELECT count(*) FROM strategy WHERE builtin), 'day by day, three Mondays of every strategy');
DELETE FROM strategy_bet;
DELETE FROM strategy_performance;
SELECT sum(run_backtest(s, '2017-03-01 07:00', '2018-03-20 07:00', 'SIM')) FROM (SELECT strategy_name AS s FROM strategy WHERE builtin) AS y \g /dev/null
SELECT set_eq($$SELECT strategy_name, backtest_date, total_bets, win_rate, roi_per_100, clv FROM strategy_performance WHERE backtest_date > '2018-03-01'$$,
	'TABLE public.daily', 'give the rows of one run over it all');
SELECT set_eq('SELECT strategy_name, game_id, as_of, price, result, settled_at FROM strategy_bet', 'TABLE public.daily_bets', 'and its bets');
SELECT is_empty($$SELECT * FROM backtest_due('EPL', now())$$, 'nothing is due in a sport without games');
SELECT * FROM finish();
