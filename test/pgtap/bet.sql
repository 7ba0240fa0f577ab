-- Bets and money: what is placed, how it settles, what the close says of it, and that no cent is lost.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SELECT plan(62);

-- ---- a game by hand ----------------------------------------------------------------------------
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', '2024-01-01');
CREATE FUNCTION pg_temp.make_game(p_sport text, n int, starts timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	key  text := p_sport || ':2023:' || n;
	pool text := (SELECT s.pool FROM sport AS s WHERE s.sport = p_sport);
BEGIN
	INSERT INTO team (team_id, pool, name) SELECT stable_id(pool || ':' || t), pool, t FROM unnest(ARRAY['home ' || n, 'away ' || n]) AS t;
	INSERT INTO game (game_id, sport, season, home_id, away_id, game_key)
	VALUES (stable_id(key), p_sport, 2023, stable_id(pool || ':home ' || n), stable_id(pool || ':away ' || n), key);
	INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
	SELECT stable_id(key), starts, true, starts - interval '14 days', now(), payload_id FROM payload WHERE feed = 'test';
	RETURN stable_id(key);
END $$;
CREATE FUNCTION pg_temp.quoted(p_game bigint, p_market text, p_book text, p_closing boolean, at timestamptz, sides text[], lines float8[], prices float8[]) RETURNS void LANGUAGE sql AS $$
	INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id)
	SELECT p_game, p_market, s, l, p_book, p, p_closing, at, now(), payload_id FROM unnest(sides, lines, prices) AS t (s, l, p), payload WHERE feed = 'test'
$$;
CREATE FUNCTION pg_temp.ended(p_game bigint, home int, away int, p_status text, at timestamptz) RETURNS void LANGUAGE sql AS $$
	INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
	SELECT p_game, home, away, p_status, at, now(), payload_id FROM payload WHERE feed = 'test'
$$;
CREATE FUNCTION pg_temp.bet(p_game bigint, p_market text, p_side text, p_line float8, p_price float8, p_stake numeric, at timestamptz) RETURNS bigint LANGUAGE sql AS $$
	SELECT place_bet(NULL, at, ROW(p_game, p_market, p_side, p_line, 'bet365', p_price, NULL, 0.55, 0.5, 0.06, 0.05, 6, 0.55, NULL)::signal, p_stake, 'model_value')
$$;
SELECT pg_temp.make_game('EPL', 1, '2024-01-06 15:00') AS one, pg_temp.make_game('EPL', 2, '2024-01-06 15:00') AS two,
	pg_temp.make_game('EPL', 3, '2024-01-06 15:00') AS three, pg_temp.make_game('NFL', 4, '2024-01-07 18:00') AS four,
	pg_temp.make_game('EPL', 5, '2024-01-08 20:00') AS five \gset
SELECT pg_temp.quoted(:one, 'h2h', 'pinnacle', false, '2024-01-05 15:00', '{home,draw,away}', '{NULL,NULL,NULL}', '{2,3.5,4}'),
	pg_temp.quoted(:one, 'h2h', 'bet365', true, '2024-01-06 15:00', '{home,draw,away}', '{NULL,NULL,NULL}', '{1.9,3.4,4}'),
	pg_temp.quoted(:one, 'h2h', 'market_avg', true, '2024-01-06 15:00', '{home,draw,away}', '{NULL,NULL,NULL}', '{1.95,3.4,4}'),
	pg_temp.quoted(:one, 'spreads', 'pinnacle', true, '2024-01-06 15:00', '{home,away}', '{-0.5,0.5}', '{1.95,1.95}'),
	pg_temp.quoted(:one, 'spreads', 'betvictor', true, '2024-01-06 15:00', '{home,away}', '{-0.75,0.75}', '{2.2,1.7}') \g /dev/null

-- ---- prices ---------------------------------------------------------------------------------------
SELECT pg_temp.quoted(:two, 'spreads', 'pinnacle', false, '2024-01-05 10:00', '{home,away}', '{-1,1}', '{1.9,1.9}'),
	pg_temp.quoted(:two, 'spreads', 'pinnacle', false, '2024-01-05 12:00', '{home,away}', '{-1.5,1.5}', '{1.95,1.85}') \g /dev/null
SELECT results_eq(format($$SELECT side, line, price FROM quotes(%s, '2024-01-05 13:00') ORDER BY side$$, :two),
	$$VALUES ('away', 1.5::float8, 1.85::float8), ('home', -1.5, 1.95)$$, 'a line that a book has left can no longer be had');
SELECT is((SELECT array_agg(line ORDER BY line) FROM quotes(:two, '2024-01-05 11:00')), '{-1,1}'::float8[], 'before it could');

-- ---- the closing market -------------------------------------------------------------------------
SELECT results_eq(format($$SELECT book, side, round(probability::numeric, 6) FROM closing_market(%s, '2024-01-07', 'multiplicative') WHERE market = 'h2h' ORDER BY side$$, :one),
	$$SELECT 'market_avg', s, round(1 / p / (1 / 1.95 + 1 / 3.4 + 1 / 4.0), 6)
		FROM (VALUES ('away', 4.0), ('draw', 3.4), ('home', 1.95)) AS v (s, p)$$, 'the sharpest book with a close, not a soft one before it');
SELECT is((SELECT count(*) FROM closing_market(:one, '2024-01-06 14:59')), 0::bigint, 'nobody knows the close before the start');
SELECT is((SELECT count(*) FROM closing_market(:one, '2024-01-07', NULL, 'betvictor')), 2::bigint, 'a soft book''s close is there when it is named');
SELECT results_eq(format($$SELECT side, line, probability FROM closing_market(%s, '2024-01-07') WHERE market = 'spreads' ORDER BY side$$, :one),
	$$VALUES ('away', 0.5::float8, 0.5::float8), ('home', -0.5, 0.5)$$, 'both sides of a spread with their own lines');
SELECT is(closing_line(:one, 'spreads', 'away', 0.5, 'pinnacle', '2024-01-07')::text, '(0.5,pinnacle,1.95,"2024-01-06 15:00:00+00")', 'closing_line: probability, whose, the same book''s price, and since when');
SELECT is(closing_line(:one, 'spreads', 'home', -0.75, 'betvictor', '2024-01-07')::text, '(,,2.2,)', 'another line has no reference');
SELECT is(closing_line(:one, 'spreads', 'home', -1, 'bet365', '2024-01-07')::text, '(,,,)', 'and one that nobody quoted nothing');
SELECT pg_temp.quoted(:one, 'spreads', 'pinnacle', true, '2024-01-06 15:20', '{home,away}', '{-0.5,0.5}', '{9,1.05}') \g /dev/null
SELECT is(closing_line(:one, 'spreads', 'away', 0.5, 'pinnacle', '2024-01-07')::text, '(0.5,pinnacle,1.95,"2024-01-06 15:00:00+00")', 'what is called closing but came after the start is no close');

-- ---- money ------------------------------------------------------------------------------------------
SELECT is(bankroll()::text, '(0,0,0)', 'no money before the first deposit');
SELECT throws_ok($$SELECT move_money('deposit', -1)$$, '22023', 'amount of a deposit must be at least 0, not -1', 'a negative deposit is refused');
SELECT throws_ok($$SELECT move_money('withdrawal', 1)$$, '22023', 'amount of a withdrawal must be at most 0, not 1', 'so is a positive withdrawal');
SELECT throws_ok($$SELECT move_money('deposit', NULL)$$, '22023', NULL, 'and an unknown amount');
SELECT throws_ok($$SELECT move_money('gift', 1)$$, '22023', 'event must be deposit, withdrawal, stake or correction, not ''gift''', 'and an unknown event, by name');
SELECT is(move_money('deposit', 1000, '2024-01-01'), 1000::numeric, 'a deposit');
SELECT throws_ok($$SELECT move_money('withdrawal', -1000.01)$$, '22023', 'a withdrawal of 1000.01 needs more than the 1000 available', 'no more than there is');

-- ---- placing -----------------------------------------------------------------------------------------
SELECT pg_temp.bet(:one, 'h2h', 'home', NULL, 2.1, 100, '2024-01-05 15:00'), pg_temp.bet(:one, 'spreads', 'home', -0.75, 2.05, 10.01, '2024-01-05 15:00'),
	pg_temp.bet(:one, 'totals', 'over', 2, 1.9, 50, '2024-01-05 15:00'), pg_temp.bet(:one, 'totals', 'under', 2.25, 1.9, 20, '2024-01-05 15:00'),
	pg_temp.bet(:two, 'h2h', 'draw', NULL, 3.3, 30, '2024-01-05 15:00'), pg_temp.bet(:three, 'h2h', 'home', NULL, 2, 40, '2024-01-05 15:00'),
	pg_temp.bet(:four, 'h2h', 'home', NULL, 1.8, 60, '2024-01-05 15:00'), pg_temp.bet(:five, 'h2h', 'away', NULL, 5, 25, '2024-01-05 15:00') \g /dev/null
SELECT is(bankroll()::text, '(664.99,335.01,1000.00)', 'stakes go from available to at risk');
SELECT throws_ok(format($$SELECT pg_temp.bet(%s, 'h2h', 'home', NULL, 2.2, 1, '2024-01-05 16:00')$$, :one), '23505', NULL, 'the same bet twice is refused, though it has neither simulation nor line');
SELECT throws_ok(format($$SELECT pg_temp.bet(%s, 'h2h', 'away', NULL, 2.2, 665, '2024-01-05 16:00')$$, :one), '22023', 'a stake of 665 needs more than the 664.99 available', 'more than is available');
SELECT throws_ok(format($$SELECT pg_temp.bet(%s, 'h2h', 'away', NULL, 2.2, 0, '2024-01-05 16:00')$$, :one), '22023', 'a stake must be a finite amount above 0, not 0', 'a stake of nothing');
-- many at once: all or none
CREATE FUNCTION pg_temp.at_once(p_game bigint, sides text[], stakes numeric[], price float8 DEFAULT 1.9) RETURNS bigint[] LANGUAGE sql AS $$
	SELECT place_bets(NULL, '2024-01-05 16:00', array_agg(ROW(ROW(p_game, 'totals', s, 4.5, 'bet365', price, NULL, 0.55, 0.5, 0.06, 0.05, 6, 0.55, NULL)::signal, v, 'model_value', NULL)::bet_to_place))
	FROM unnest(sides, stakes) AS t (s, v)
$$;
SELECT throws_ok(format($$SELECT pg_temp.at_once(%s, '{over,under}', '{600,65}')$$, :one), '22023', 'a stake of 65 needs more than the 64.99 available', 'two that are too much together');
SELECT throws_ok(format($$SELECT pg_temp.at_once(%s, '{over,under}', '{1,0}')$$, :one), '22023', 'a stake must be a finite amount above 0, not 0', 'one of them of nothing');
SELECT throws_ok(format($$SELECT pg_temp.at_once(%s, '{over,home}', '{1,1}')$$, :one), '42704', NULL, 'one of them on a side that could never be graded');
SELECT throws_ok(format($$SELECT pg_temp.at_once(%s, '{over,over}', '{1,1}')$$, :one), '23505', NULL, 'the same twice');
SELECT throws_ok($$SELECT pg_temp.at_once(1, '{over,under}', '{1,1}')$$, 'P0002', 'no game 1 is known at 2024-01-05 16:00:00+00', 'on a game that nobody knows');
SELECT is(place_bets(NULL, '2024-01-05 16:00', '{}'), '{}'::bigint[], 'none');
SAVEPOINT one_by_one;
SELECT pg_temp.at_once(:one, '{under,over}', '{600,64.99}') AS ids \gset
CREATE TEMP TABLE at_once AS SELECT b.side, b.stake, b.week, b.tier, h.entry, h.available, h.at_risk
FROM unnest(:'ids'::bigint[]) WITH ORDINALITY AS p (bet_id, n) JOIN weekly_bets AS b ON b.bet_id = p.bet_id JOIN bankroll_history AS h ON h.bet_id = b.bet_id ORDER BY p.n;
SELECT results_eq('SELECT side, stake, available, at_risk FROM at_once', $$VALUES ('under', 600::numeric, 64.99, 935.01), ('over', 64.99, 0, 1000)$$, 'in the order in which they are given, to the last cent');
SELECT array_agg(side || ' ' || stake || ' ' || week || ' ' || tier || ' ' || entry || ' ' || available || ' ' || at_risk) AS at_once FROM at_once \gset
ROLLBACK TO one_by_one;
SELECT pg_temp.at_once(:one, '{under}', '{600}'), pg_temp.at_once(:one, '{over}', '{64.99}') \g /dev/null
SELECT is(array_agg(b.side || ' ' || b.stake || ' ' || b.week || ' ' || b.tier || ' ' || h.entry || ' ' || h.available || ' ' || h.at_risk ORDER BY b.bet_id), :'at_once'::text[], 'as one by one')
FROM weekly_bets AS b JOIN bankroll_history AS h ON h.bet_id = b.bet_id WHERE b.line = 4.5;
ROLLBACK TO one_by_one;
SELECT throws_ok(format($$SELECT pg_temp.bet(%s, 'player_points', 'Over', 20.5, 1.9, 10, '2024-01-05 16:00')$$, :one), '42704', NULL, 'a side that could never be graded, of a player''s market too');
SELECT throws_ok($$SELECT pg_temp.bet(1, 'h2h', 'away', NULL, 2.2, 1, '2024-01-05 16:00')$$, 'P0002', NULL, 'an unknown game');
SELECT throws_ok(format($$SELECT pg_temp.bet(%s, 'h2h', 'away', NULL, 2.2, 1, '2023-01-05 16:00')$$, :one), 'P0002', NULL, 'a game whose fixture is not known yet');
INSERT INTO model (name, sport, bet_type, framework, features, knowledge_cutoff, coefficients, sha256, stage)
VALUES ('EPL/moneyline/late', 'EPL', 'moneyline', 'logistic', '{x}', '2024-01-05 16:01', '{0}', artifact_sha256(NULL, '{0}'), 'candidate') RETURNING model_id AS late \gset
CREATE FUNCTION pg_temp.offered(p_simulation bigint, p_game bigint, p_market text, p_side text, p_line float8, p_book text, p_price float8, p_model bigint, at timestamptz) RETURNS bigint LANGUAGE sql AS $$
	SELECT place_bet(p_simulation, at, ROW(p_game, p_market, p_side, p_line, p_book, p_price, NULL, 0.55, 0.5, 0.06, 0.05, 6, 0.55, NULL)::signal, 1, 'model_value', p_model)
$$;
SELECT throws_ok(format($$SELECT pg_temp.offered(NULL, %s, 'h2h', 'away', NULL, 'pinnacle', 4, %s, '2024-01-05 16:00')$$, :one, :late), '22023',
	format('model %s has learned from results until 2024-01-05 16:01:00+00: it cannot bet at 2024-01-05 16:00:00+00', :late), 'a model that has learned from what was not known at the bet');
INSERT INTO simulation (sport, season, staking, bankroll) VALUES ('EPL', 2023, 'default', 100) RETURNING simulation_id AS season \gset
SELECT throws_ok(format($$SELECT pg_temp.offered(%s, %s, 'h2h', 'home', NULL, 'pinnacle', 2.01, NULL, '2024-01-05 16:00')$$, :season, :one), '22023',
	'book "pinnacle" had not offered h2h home no line at 2.01 by 2024-01-05 16:00:00+00: line and price of a bet come from its book', 'in a simulation a better price than its book had');
SELECT throws_ok(format($$SELECT pg_temp.offered(%s, %s, 'spreads', 'home', -0.5, 'betvictor', 1.95, NULL, '2024-01-06 15:00')$$, :season, :one), '22023',
	'book "betvictor" had not offered spreads home -0.5 at 1.95 by 2024-01-06 15:00:00+00: line and price of a bet come from its book', 'and another book''s line');
SELECT results_eq('SELECT DISTINCT sport, week FROM weekly_bets ORDER BY sport, week', $$VALUES ('EPL', 1), ('EPL', 2), ('NFL', 1)$$,
	'weeks run from Monday to Sunday, 1 is that of the first game');

-- ---- settling ----------------------------------------------------------------------------------------
SELECT pg_temp.ended(:one, 2, 1, 'final', '2024-01-06 17:00'), pg_temp.ended(:two, 3, 0, 'awarded', '2024-01-06 17:00'),
	pg_temp.ended(:three, NULL, NULL, 'postponed', '2024-01-05 12:00'), pg_temp.ended(:four, 20, 20, 'final', '2024-01-07 21:30'),
	pg_temp.ended(:five, 1, 1, 'final', '2024-01-08 22:00') \g /dev/null
SELECT throws_ok(format($$SELECT pg_temp.bet(%s, 'h2h', 'away', NULL, 2.2, 1, '2024-01-06 17:00')$$, :one), '22023',
	format('the result of game %s was known at 2024-01-06 17:00:00+00: no bet at 2024-01-06 17:00:00+00', :one), 'no bet on a game whose result is known');
SELECT is(settle_bets('2024-01-06 16:59'), 0, 'nothing settles before its result is known');
SELECT is(settle_bets('2024-01-07 12:00'), 5, 'the results of Saturday');
SELECT is(settle_bets('2024-01-07 12:00'), 0, 'a second call settles nothing');
SELECT results_eq($$SELECT market, side, result, profit, settled_at FROM weekly_bets WHERE result IS NOT NULL ORDER BY bet_id$$,
	$$VALUES ('h2h', 'home', 'win', 110.0, timestamptz '2024-01-06 17:00+00'),
		('spreads', 'home', 'half_win', 5.26, '2024-01-06 17:00+00'),	-- one goal up: -0.5 wins, -1 pushes; 15.26525 is paid as 15.27
		('totals', 'over', 'win', 45, '2024-01-06 17:00+00'),
		('totals', 'under', 'loss', -20, '2024-01-06 17:00+00'),
		('h2h', 'draw', 'void', 0, '2024-01-06 17:00+00')$$, 'win, half win, loss, and void for an awarded match');
SELECT is((SELECT round(clv::numeric, 6) FROM weekly_bets WHERE market = 'h2h' AND side = 'home' AND game_id = :one),
	(SELECT round((2.1 * probability - 1)::numeric, 6) FROM closing_market(:one, '2024-01-07') WHERE market = 'h2h' AND side = 'home'), 'closing line value: price x fair closing probability - 1');
SELECT is((SELECT closing_price FROM weekly_bets WHERE market = 'h2h' AND side = 'home' AND game_id = :one), 1.9::float8, 'beside the same book''s close');
SELECT is((SELECT clv FROM weekly_bets WHERE market = 'totals' AND side = 'over'), NULL, 'NULL where nobody quoted a close');
SELECT is(settle_bets('2024-02-01'), 2, 'later ones');
SELECT is((SELECT result FROM weekly_bets WHERE game_id = :four), 'push', 'a tie pushes where it is no outcome of its own');
SELECT is((SELECT result FROM weekly_bets WHERE game_id = :five), 'loss', 'and loses where it is');
SELECT is((SELECT result FROM weekly_bets WHERE game_id = :three), NULL, 'a postponement known before the bet does not void it');
SELECT pg_temp.ended(:three, 1, 2, 'final', '2024-02-06 22:00'), pg_temp.ended(:one, 0, 1, 'final', '2024-02-06 22:00') \g /dev/null
SELECT is(settle_bets('2024-02-07'), 1, 'the game set anew settles; a corrected score does not settle again');
SELECT is((SELECT result FROM weekly_bets WHERE game_id = :three), 'loss', 'by the score on the pitch');
SELECT pg_temp.bet(:two, 'h2h', 'home', NULL, 2, 10, '2024-03-01 15:00') \g /dev/null
SELECT pg_temp.ended(:two, 1, 0, 'final', '2024-03-02 17:00'), pg_temp.ended(:two, 0, 1, 'final', '2025-03-02 17:00') \g /dev/null
SELECT is(settle_bets('infinity'), 1, 'called a year late');
SELECT is((SELECT result FROM weekly_bets WHERE game_id = :two AND side = 'home'), 'win', 'a bet still settles by the first score known, not by a later correction');
-- A close is the start's: one bet a minute before it, two with it, of which one at another book.
SELECT pg_temp.make_game('NFL', 6, '2024-04-07 18:00') AS six \gset
SELECT pg_temp.quoted(:six, 'h2h', 'consensus', true, '2024-04-07 18:00', '{home,away}', '{NULL,NULL}', '{1.9,1.9}'),
	pg_temp.quoted(:six, 'spreads', 'consensus', true, '2024-04-07 18:00', '{home,away}', '{-3,3}', '{1.9,1.9}') \g /dev/null
SELECT pg_temp.bet(:six, 'h2h', 'home', NULL, 1.9, 10, '2024-04-07 17:59'), pg_temp.bet(:six, 'h2h', 'away', NULL, 1.9, 10, '2024-04-07 18:00'),
	pg_temp.bet(:six, 'spreads', 'home', -3, 1.9, 10, '2024-04-07 18:00') \g /dev/null
SELECT pg_temp.ended(:six, 24, 10, 'final', '2024-04-07 21:30') \g /dev/null
SELECT is(settle_bets('2024-04-08'), 3, 'bets before and at the close');
SELECT is((SELECT string_agg(closing_probability::text, ' ') FROM weekly_bets WHERE game_id = :six), '0.5 0.5 0.5', 'the close is stored for all');
SELECT results_eq(format('SELECT round(clv::numeric, 12) FROM weekly_bets WHERE game_id = %s ORDER BY bet_id', :six), 'VALUES (-0.05), (NULL), (NULL)',
	'a price taken at the close has no closing line value');
SELECT is((SELECT bankroll FROM bankroll()), 1000 + (SELECT sum(profit) FROM weekly_bets), 'the bankroll is the deposit and the profits, to the last digit');
SELECT is((SELECT at_risk FROM bankroll()), 0::numeric, 'and nothing is at risk');
SELECT is_empty($$SELECT * FROM (SELECT available, at_risk, amount, event, lag(available) OVER w AS had, lag(at_risk) OVER w AS risked, lag(at) OVER w AS before, at
		FROM bankroll_history WINDOW w AS (ORDER BY bankroll_id)) AS m
	WHERE available < 0 OR at_risk < 0 OR available <> had + amount OR (event = 'stake' AND at_risk <> risked - amount) OR at < before$$,
	'every row follows from the one before it, in time and money');
INSERT INTO ai_predictions (as_of, rank, sport, game_id, market, side, line, book, price, probability, market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, reason)
VALUES ('2024-01-05 15:00', 1, 'EPL', :two, 'spreads', 'away', 0.25, 'bet365', 1.95, 0.55, 0.5, 0.07, 0.05, 'B', 0.55, 12.34, 'elo_value', 'test');
SELECT available - 12.34 AS rest FROM bankroll() \gset
SELECT place_pick(prediction_id, NULL, '2024-01-05 16:00') FROM ai_predictions \g /dev/null
SELECT is((SELECT available FROM bankroll()), :rest::numeric, 'a pick is placed for its stake');
SELECT results_eq($$SELECT market, side, line, price, stake, tier, strategy_name FROM weekly_bets ORDER BY bet_id DESC LIMIT 1$$,
	$$VALUES ('spreads', 'away', 0.25::float8, 1.95::float8, 12.34, 'B', 'elo_value')$$, 'as a live bet');
SELECT throws_ok('SELECT place_pick(-1)', 'P0002', 'no pick -1', 'an unknown pick is refused');
SELECT is(bankroll(1)::text, '(0,0,0)', 'a simulation''s money is its own');
SELECT * FROM finish();
ROLLBACK;
