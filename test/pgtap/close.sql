-- Since when a close was known: when the price was last seen before the start, not when it last changed, and never after the start.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(15);
\ir book_poll.inc
SELECT pg_temp.poll('2030-01-10 10:00Z', '
	fanduel x x x x x 211.5 1.9 1.9
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT game_id AS g FROM game \gset
CREATE FUNCTION pg_temp.seen() RETURNS timestamptz LANGUAGE sql AS $$
	SELECT closing_known_at FROM game AS g CROSS JOIN LATERAL closing_line(g.game_id, 'h2h', 'home', NULL, 'draftkings', '2030-01-11') $$;
SELECT is(pg_temp.seen(), '2030-01-10 10:00Z', 'seen once');
SELECT pg_temp.poll('2030-01-10 19:00Z', '
	fanduel x x x x x 212.5 1.9 1.9
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT is(pg_temp.seen(), '2030-01-10 19:00Z', 'a poll without news says that it still stands');

SELECT move_money('deposit', 100, '2030-01-10') \g /dev/null
SELECT place_bet(NULL, '2030-01-10 18:00Z', ROW(:g, 'h2h', 'home', NULL, 'draftkings', 2.05, NULL, 0.5, 0.5, 0.02, 0, 2, 0.5, NULL)::signal, 10, 'test') AS bet \gset
CREATE FUNCTION public.dogs(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price, '{0.5,0,0,0,0.5}', m.market_probability, m.commission)
	FROM bet_edge.market_prices(sport, as_of) AS m WHERE m.market = 'h2h' AND m.book = 'draftkings' AND m.side = 'home' $$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description) VALUES ('dogs', 'test', 'public.dogs', 'Test.');
UPDATE sport SET decision_days = '{4}', decision_hour = '13:00' WHERE sport = 'NBA';	-- 18:00 UTC
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id) SELECT :g, 99, 90, 'final', '2030-01-10 22:30Z', now(), min(payload_id) FROM payload;
SAVEPOINT seen_before;
SELECT settle_bets('2030-01-11') \g /dev/null
SELECT is(round(clv::numeric, 12), round((2.05 * closing_probability - 1)::numeric, 12), 'a bet placed between has its closing line value') FROM weekly_bets;
SELECT isnt(clv, NULL, '(a number)') FROM weekly_bets;
SELECT run_backtest('dogs', '2030-01-10', '2030-01-11', 'NBA') \g /dev/null
SELECT is((SELECT round(clv::numeric, 12) FROM strategy_bet), (SELECT round(clv::numeric, 12) FROM weekly_bets), 'in the backtest, too');
ROLLBACK TO seen_before;

-- Seen on after the start: until the start.
SELECT pg_temp.poll('2030-01-10 20:10Z', '
	fanduel x x x x x 213.5 1.9 1.9
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT is(pg_temp.seen(), '2030-01-10 20:00Z', 'never after the start');
SELECT settle_bets('2030-01-11') \g /dev/null
SELECT isnt(clv, NULL, 'and a bet at 18:00 has its closing line value') FROM weekly_bets;
ROLLBACK TO seen_before;

-- Changed in play: what is known is when the feed last had news before the start.
SELECT pg_temp.poll('2030-01-10 19:30Z', '
	fanduel x x x x x 214.5 1.9 1.9
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.10 1.80  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT pg_temp.poll('2030-01-10 20:20Z', '
	fanduel x x x x x 215.5 1.9 1.9
	pinnacle   1.40 3.00  -3.5 1.95 1.93  x x x
	draftkings 1.45 2.70  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT is(pg_temp.seen(), '2030-01-10 19:30Z', 'changed in play: last seen when another book had news');
SELECT is(closing_price, 2.1::float8, 'and the close is the one of before the start') FROM closing_line(:g, 'h2h', 'home', NULL, 'draftkings', '2030-01-11');
ROLLBACK TO seen_before;

-- Taken down as the game begins: seen until then.
SELECT pg_temp.poll('2030-01-10 19:50Z', '
	fanduel x x x x x 216.5 1.9 1.9
	draftkings 2.10 1.80  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT pg_temp.poll('2030-01-10 20:20Z', '
	fanduel x x x x x 217.5 1.9 1.9
	draftkings 2.10 1.80  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT is(pg_temp.seen(), '2030-01-10 19:00Z', 'what its book took down was seen until it did');
-- A game that is moved to an earlier start.
INSERT INTO fixture SELECT game_id, '2030-01-10 18:30Z', true, false, NULL, NULL, '2030-01-10 12:00Z', now(), payload_id FROM fixture LIMIT 1;
SELECT is(pg_temp.seen(), '2030-01-10 18:30Z', 'the start that is known last');
ROLLBACK TO seen_before;

-- Taken down half an hour before: that is no close, and the reference is who was still there.
SELECT pg_temp.poll('2030-01-10 19:30Z', '
	betfair_ex_uk 1.45 3.2 x x x x x x
	draftkings 2.10 1.80  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT is(reference_book || ' ' || closing_known_at, 'betfair_ex_uk 2030-01-10 19:30:00+00', 'what its book took down long before the start is no close') FROM closing_line(:g, 'h2h', 'home', NULL, 'draftkings', '2030-01-11');
SELECT is((SELECT count(*) FROM closing_quotes(:g, '2030-01-11') WHERE book = 'pinnacle'), 0::bigint, 'nor has it one of before that');
SELECT pg_temp.poll('2030-01-10 19:40Z', '
	pinnacle   1.40 3.40  x x x  x x x
	betfair_ex_uk 1.45 3.2 x x x x x x
	draftkings 2.10 1.80  -3.5 1.91 1.91  x x x') \g /dev/null
SELECT is((SELECT price FROM closing_quotes(:g, '2030-01-11') WHERE book = 'pinnacle' AND market = 'h2h' AND side = 'home'), 1.4::float8, 'put back it has closed there');
SELECT is(reference_book, 'pinnacle', 'as the reference') FROM closing_line(:g, 'h2h', 'home', NULL, 'draftkings', '2030-01-11');
SELECT * FROM finish();
ROLLBACK;
