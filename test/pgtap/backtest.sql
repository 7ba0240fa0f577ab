-- Strategies and their backtest: what they may see and say, how it is settled and summed up.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(58);
SELECT simulate_league(3, 8, 3) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;

-- ---- signals ---------------------------------------------------------------------------------
CREATE TEMP TABLE said AS
SELECT m.at, y.strategy_name, y.max_price, y.max_implied_probability, y.max_edge, s.*
FROM betting_rounds('SIM', '2017-08-01', '2018-08-01') AS m (at)
CROSS JOIN strategy AS y
CROSS JOIN LATERAL (SELECT * FROM strategy_sharp_consensus('SIM', m.at) WHERE y.strategy_name = 'sharp_consensus'
	UNION ALL SELECT * FROM strategy_elo_value('SIM', m.at) WHERE y.strategy_name = 'elo_value') AS s;
SELECT cmp_ok((SELECT count(*) FROM said WHERE strategy_name = 'sharp_consensus'), '>', 20::bigint, 'sharp_consensus speaks');
SELECT cmp_ok((SELECT count(*) FROM said WHERE strategy_name = 'elo_value'), '>', 20::bigint, 'so does elo_value');
SELECT is_empty('SELECT FROM said GROUP BY strategy_name, at, game_id HAVING count(*) > 1', 'at most one signal of a strategy a game');
SELECT is_empty('SELECT FROM said WHERE edge <= 0 OR edge > max_edge OR price > max_price OR 1 / price > max_implied_probability',
	'only with a positive edge within the limits of the strategy');
SELECT is_empty('SELECT FROM said JOIN sports_events USING (game_id) WHERE starts_at < at', 'no game that has begun');
SELECT is_empty($$SELECT FROM said WHERE abs(edge - (probability * price - 1)) > 1e-12 OR abs(strength - 100 * edge) > 1e-12$$,
	'edge = probability x price - 1 where a bet wins or loses, strength = edge in per cent');
SELECT is_empty($$SELECT FROM said WHERE strategy_name = 'sharp_consensus' AND (book = 'sim_sharp' OR probability <> market_probability
		OR market = 'spreads' AND abs(line) - floor(abs(line)) <> 0.5)$$,
	'sharp_consensus bets at other books than its reference, on lines that cannot push');
SELECT is_empty($$SELECT FROM said AS s WHERE strategy_name = 'sharp_consensus' AND price < (
		SELECT max(q.price) FROM quotes(s.game_id, s.at) AS q
		WHERE q.book <> 'sim_sharp' AND q.market = s.market AND q.side = s.side AND q.line IS NOT DISTINCT FROM s.line)$$, 'at the best price');
-- Its probability, computed here from the sharp book's own prices.
SELECT is_empty($$SELECT FROM said AS s WHERE strategy_name = 'sharp_consensus' AND market = 'h2h' AND abs(probability - (
		SELECT (remove_overround(array_agg(q.price ORDER BY array_position('{home,draw,away}', q.side)), 'shin'))[array_position('{home,draw,away}', s.side)]
		FROM quote AS q WHERE q.game_id = s.game_id AND q.book = 'sim_sharp' AND q.market = 'h2h' AND q.known_at <= s.at)) > 1e-12$$,
	'against the sharp book''s prices of that moment without their margin');
SELECT is_empty($$SELECT FROM said AS s JOIN game AS g USING (game_id) WHERE strategy_name = 'elo_value' AND (market <> 'h2h' OR abs(probability -
		(elo_outcomes(elo_expected(team_rating(g.home_id, 'SIM', s.at, g.season), team_rating(g.away_id, 'SIM', s.at, g.season), 65), elo_draw('SIM', s.at)))
			[array_position('{home,draw,away}', s.side)]) > 1e-12)$$, 'elo_value: h2h, from the ratings as of then');
SELECT is_empty($$SELECT * FROM strategy_elo_value('SIM', (SELECT min(starts_at) FROM sports_events))$$, 'before the first rated game Elo says nothing');
SELECT is_empty($$SELECT * FROM strategy_model_value('EPL', now())$$, 'no games, no signals');
UPDATE strategy SET max_price = 3 WHERE strategy_name = 'sharp_consensus';
SELECT cmp_ok((SELECT max(s.price) FROM betting_rounds('SIM', '2017-08-01', '2018-08-01') AS m (at), strategy_sharp_consensus('SIM', m.at) AS s),
	'<=', 3::float8, 'a row of the table strategy moves the limit');
UPDATE strategy SET max_price = 10 WHERE strategy_name = 'sharp_consensus';

-- ---- the backtest -------------------------------------------------------------------------------
SELECT run_backtest('sharp_consensus', '2017-08-01', '2018-08-01', 'SIM', '90 days') AS bets \gset
SELECT is((SELECT count(*) FROM strategy_bet), :bets::bigint, 'run_backtest returns the number of bets');
SELECT set_eq('SELECT as_of, game_id, market, side, line, book, price, probability, edge FROM strategy_bet',
	$$SELECT DISTINCT ON (game_id) at, game_id, market, side, line, book, price, probability, edge FROM said
		WHERE strategy_name = 'sharp_consensus' AND strength >= 2.5 ORDER BY game_id, at$$,
	'it bets what the strategy says when called at that time, from the threshold on, a game once');
SELECT is_empty($$SELECT FROM strategy_bet AS b JOIN sports_events AS e USING (game_id) JOIN result AS r USING (game_id)
		CROSS JOIN LATERAL settle_bet(b.market, b.side, b.line, e.home_score, e.away_score, b.price, 1, 'final', true) AS x
		WHERE (b.result, b.profit) IS DISTINCT FROM (x.result, x.profit::float8) OR b.settled_at <> r.known_at OR b.clv IS DISTINCT FROM b.price * (SELECT c.closing_probability FROM closing_line(b.game_id, b.market, b.side, b.line, b.book, 'infinity') AS c) - 1$$,
	'settled at one unit by the result, with its closing line value');
SELECT results_eq('SELECT backtest_date FROM strategy_performance ORDER BY 1',
	$$SELECT d::date FROM generate_series(timestamp '2017-08-07', '2018-07-30', '7 days') AS d$$, 'a row every Monday');
SELECT is_empty($$
	SELECT p.backtest_date, p.total_bets, b.* FROM strategy_performance AS p
	CROSS JOIN LATERAL (
		SELECT count(*) AS n, 100 * sum(profit) / count(*) AS roi, avg((profit > 0)::int) FILTER (WHERE profit <> 0) AS won, avg(clv) AS clv
		FROM strategy_bet WHERE settled_at < p.backtest_date AND settled_at >= p.backtest_date - interval '90 days') AS b
	WHERE p.total_bets <> b.n OR abs(p.roi_per_100 - b.roi) > 1e-9 OR (p.roi_per_100 IS NULL) <> (b.n = 0) OR abs(p.win_rate - b.won) > 1e-12 OR abs(p.clv - b.clv) > 1e-12
		OR p.window_to <> p.backtest_date OR p.roi_lower > p.roi_per_100 OR p.roi_upper < p.roi_per_100$$,
	'from the bets settled in the window before it and from nothing later');
SELECT cmp_ok((SELECT max(total_bets) FROM strategy_performance), '>', 5, '(which are there)');

-- ---- again ---------------------------------------------------------------------------------------
CREATE TEMP TABLE first_bets AS SELECT * FROM strategy_bet;
CREATE TEMP TABLE first_rows AS SELECT * FROM strategy_performance;
SELECT is(run_backtest('sharp_consensus', '2017-08-01', '2018-08-01', 'SIM', '90 days'), :bets, 'a second run');
SELECT set_eq('TABLE strategy_bet', 'TABLE first_bets', 'gives the same bets');
SELECT set_eq('SELECT strategy_name, sport, backtest_date, total_bets, win_rate, roi_per_100, clv FROM strategy_performance',
	'SELECT strategy_name, sport, backtest_date, total_bets, win_rate, roi_per_100, clv FROM first_rows', 'and the same rows');
SELECT run_backtest('sharp_consensus', '2017-12-01', '2018-02-01', 'SIM', '90 days') \g /dev/null
SELECT set_eq('TABLE strategy_bet', 'TABLE first_bets', 'so does running a part of it');
SELECT cmp_ok(run_backtest('elo_value', '2016-08-01', '2017-08-01', 'SIM'), '>', 0, 'another strategy beside it');
SELECT set_eq($$SELECT * FROM strategy_bet WHERE strategy_name = 'sharp_consensus'$$, 'TABLE first_bets', 'leaves its bets alone');

SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND mode = 'ExclusiveLock' AND granted), 2::bigint,
	'each strategy is locked until the end: a second session''s run of it waits, and replaces these bets');

-- ---- a strategy of one's own -------------------------------------------------------------------------
CREATE FUNCTION public.every_price(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price, '{1,0,0,0,0}', m.market_probability)
	FROM market_prices(sport, as_of) AS m WHERE m.market = 'h2h' AND m.book <> 'sim_sharp'
$$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description, max_recommendations_per_day, max_implied_probability, max_price, max_edge)
VALUES ('every_price', 'test', 'public.every_price', 'Believes in everything.', 3, 1, 1000, 1000);
SELECT cmp_ok(run_backtest('every_price', '2017-08-01', '2018-08-01', 'SIM'), '>', 20, 'a strategy that says many bets on a game');
SELECT is_empty($$SELECT FROM strategy_bet AS b WHERE strategy_name = 'every_price' AND price < (SELECT max(price) FROM quotes(b.game_id, b.as_of) WHERE market = 'h2h' AND book <> 'sim_sharp')
	UNION ALL SELECT FROM strategy_bet WHERE strategy_name = 'every_price' GROUP BY as_of HAVING count(*) > 3$$,
	'gets the strongest of them, and no more games than it may have a day');

-- Limits of odds hold whatever the function says.
INSERT INTO strategy (strategy_name, signal_type, signal_function, description, max_implied_probability, max_price, max_edge)
VALUES ('limited', 'test', 'public.every_price', 'Believes in everything from 2 to 3 that is not worth too much.', 0.5, 3, 1.5);
SELECT cmp_ok(run_backtest('limited', '2017-08-01', '2018-08-01', 'SIM'), '>', 20, 'a strategy with limits of odds');
SELECT is(min(price) >= 2 AND max(price) <= 2.5 AND max(edge) <= 1.5, true, 'keeps them, though its function knows nothing of them') FROM strategy_bet WHERE strategy_name = 'limited';
-- The second run comes later on the day than three bets of the first, with a limit of one.
CREATE TEMP TABLE busy AS SELECT as_of FROM strategy_bet WHERE strategy_name = 'every_price' GROUP BY as_of HAVING count(*) = 3 ORDER BY 1 LIMIT 1;
UPDATE strategy_bet SET as_of = as_of - interval '1 hour' WHERE strategy_name = 'every_price' AND as_of = (SELECT as_of FROM busy);
SELECT lives_ok(format($$SELECT run_backtest('every_price', %L, %L, 'SIM', day_limit => 1)$$, as_of, as_of + interval '1 minute'), 'a day that has more bets than it may have: no more of them, no error') FROM busy;
SELECT is(count(*), 3::bigint, 'its bets are left') FROM strategy_bet AS b, busy WHERE strategy_name = 'every_price' AND b.as_of::date = busy.as_of::date;
SELECT run_backtest('every_price', '2017-08-01', '2018-08-01', 'SIM') \g /dev/null

-- A signal that lacks something is no bet; the others are.
CREATE FUNCTION public.forgetful(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN n <> 1 THEN s.game_id END, CASE WHEN n <> 2 THEN s.market END, CASE WHEN n <> 3 THEN s.side END, s.line, CASE WHEN n <> 4 THEN s.book END,
		CASE WHEN n <> 5 THEN s.price END, s.outcome, CASE WHEN n <> 6 THEN s.probability END, s.market_probability, CASE WHEN n <> 7 THEN s.edge END, s.prob_edge, s.strength + n, s.confidence, s.participant
	FROM public.every_price(sport, as_of) AS s, generate_series(1, 7) AS n
	UNION ALL SELECT * FROM public.every_price(sport, as_of)
$$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description, max_recommendations_per_day, max_implied_probability, max_price, max_edge)
VALUES ('forgetful', 'test', 'public.forgetful', 'Says half of it.', 3, 1, 1000, 1000);
SET client_min_messages = error;
SELECT is(run_backtest('forgetful', '2017-08-01', '2018-08-01', 'SIM'), (SELECT count(*)::int FROM strategy_bet WHERE strategy_name = 'every_price'), 'signals that lack something are skipped');
SET client_min_messages = warning;
SELECT set_eq($$SELECT as_of, game_id, side, book, price FROM strategy_bet WHERE strategy_name = 'forgetful'$$,
	$$SELECT as_of, game_id, side, book, price FROM strategy_bet WHERE strategy_name = 'every_price'$$, 'and cost the whole ones nothing');

-- ---- under other conditions -------------------------------------------------------------------------
INSERT INTO strategy (strategy_name, signal_type, signal_function, description, min_differential_threshold)
VALUES ('late', 'market', 'bet_edge.strategy_sharp_consensus', 'Sharp consensus by a slower hand.', 2.5);
CREATE FUNCTION pg_temp.late(lead interval, latency interval, slippage float8, rejection float8, day_limit int, seed int) RETURNS int LANGUAGE sql AS
$$ SELECT run_backtest('late', '2017-08-01', '2018-08-01', 'SIM', '90 days', lead, latency, slippage, rejection, day_limit, seed) $$;
CREATE TEMP VIEW late AS SELECT as_of, game_id, market, side, line, book, price, profit FROM strategy_bet WHERE strategy_name = 'late';
SELECT is(abs(pg_temp.late('0', '0', 0.1, 0.5, NULL, 7) - 0.5 * :bets) < 0.2 * :bets, true, 'half of the bets are refused');
SELECT is_empty($$SELECT FROM late AS l LEFT JOIN first_bets AS f USING (game_id, market, side, as_of) WHERE l.price IS DISTINCT FROM 1 + (f.price - 1) * 0.9$$,
	'the others win a tenth less');
CREATE TEMP TABLE was_late AS TABLE late;
SELECT is(pg_temp.late('0', '0', 0.1, 0.5, NULL, 7), (SELECT count(*)::int FROM was_late), 'again');
SELECT set_eq('TABLE late', 'TABLE was_late', 'the same bets to the last bit');
SELECT is(abs(sum(w.profit) - (SELECT sum(profit) FROM late)) < 1e-9, true, 'the trial keeps what each week won') FROM backtest_trial_week AS w JOIN backtest_trial AS t USING (trial_id) WHERE t.strategy_name = 'late';
SELECT pg_temp.late('0', '0', 0.1, 0.5, NULL, 8) \g /dev/null
SELECT set_ne('TABLE late', 'TABLE was_late', 'another seed, others are refused');
SELECT is(pg_temp.late('0', '1 hour', 0, 0, NULL, 0), :bets, 'an hour later the prices still stand');
SELECT set_eq('SELECT as_of, game_id, price FROM late', 'SELECT as_of, game_id, price FROM first_bets', 'and are the same');
SELECT is(pg_temp.late('0', '8 days', 0, 0, NULL, 0), 0, 'eight days later every game has begun');
SELECT is(pg_temp.late('1 day', '0', 0, 0, NULL, 0), 0, 'a day before the decision there are no prices yet');
SELECT pg_temp.late('0', '0', 0, 0, 1, 0) \g /dev/null
SELECT is(max(n), 1::bigint, 'a limit by the day') FROM (SELECT count(*) AS n FROM late GROUP BY as_of::date) AS d;
SELECT is(ARRAY[count(*), sum(runs)]::bigint[], '{6,7}', 'every trial is recorded, a repetition is none') FROM backtest_trial WHERE strategy_name = 'late';
SELECT throws_ok($$SELECT pg_temp.late('0', '0', 1, 0, NULL, 0)$$, '22023', 'slippage and rejection must be from 0 to below 1, not 1 and 0', 'all of it lost to slippage');
SELECT throws_ok($$SELECT pg_temp.late('-1 day', '0', 0, 0, NULL, 0)$$, '22023', NULL, 'a decision after the decision');

-- ---- at the close ---------------------------------------------------------------------------------
UPDATE sport SET decision_days = NULL, decision_hour = NULL WHERE sport = 'SIM';
SELECT cmp_ok(run_backtest('every_price', '2017-08-01', '2018-08-01', 'SIM'), '>', 20, 'decided at the start, at closing prices');
SELECT is((SELECT count(clv) FROM strategy_bet WHERE strategy_name = 'every_price'), 0::bigint, 'a bet has no closing line value');
SELECT is((SELECT count(clv) FROM strategy_performance WHERE strategy_name = 'every_price'), 0::bigint, 'nor has the strategy');
UPDATE sport SET decision_days = '{2,5}', decision_hour = '15:00' WHERE sport = 'SIM';

-- ---- refused ---------------------------------------------------------------------------------------
SELECT throws_ok($$SELECT run_backtest('nope', '2017-08-01', '2018-08-01')$$, '42704', 'unknown strategy "nope"', 'an unknown strategy');
SELECT throws_ok($$SELECT run_backtest('elo_value', '2017-08-01', '2018-08-01', 'NOPE')$$, '42704', 'unknown sport "NOPE"', 'an unknown sport');
SELECT throws_ok($$SELECT run_backtest('elo_value', '2018-08-01', '2018-08-01', 'SIM')$$, '22023', NULL, 'an empty period');
SELECT throws_ok($$SELECT run_backtest('elo_value', '-infinity', '2018-08-01', 'SIM')$$, '22023', NULL, 'a period without a beginning');
SELECT throws_ok($$SELECT run_backtest('elo_value', '2017-08-01', '2018-08-01', 'SIM', '0 days')$$, '22023', NULL, 'an empty window');
SELECT throws_ok($$INSERT INTO strategy (strategy_name, signal_type, signal_function, description, max_price) VALUES ('x', 'x', 'x', 'x', 1)$$, '23514', NULL, 'a limit that no price can keep');
INSERT INTO strategy (strategy_name, signal_type, signal_function, description)
VALUES ('smuggler', 'test', 'bet_edge.strategy_elo_value($2, $3) AS r, pg_sleep(0) AS q; --', 'A name that is a piece of SQL.');
SELECT throws_matching($$SELECT run_backtest('smuggler', '2017-08-01', '2018-08-01', 'SIM')$$, 'invalid name syntax|has no function', 'a function''s name is a name, not SQL');
SELECT * FROM finish();
ROLLBACK;
