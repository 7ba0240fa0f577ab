-- Consensus, best price, arbitrage, middles, moves: one made-up game, its numbers by hand.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(33);
\ir book_poll.inc

SELECT is(pg_temp.poll('2030-01-09 10:00Z', '
	pinnacle      1.90 2.00  -3.5 1.95 1.93  x x x
	betfair_ex_eu 1.95 2.05  x x x           x x x
	betfair_ex_uk 1.95 2.05  x x x           x x x
	prizepicks    1.87 1.87  x x x           x x x
	draftkings    1.80 2.10  -3.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.95 1.90  -14.5 1.9 1.9   222.5 1.87 1.95'), '1 22 0', 'six books');
SELECT game_id AS g FROM game \gset
CREATE FUNCTION pg_temp.near(got float8, want float8) RETURNS boolean LANGUAGE sql AS $$ SELECT abs(got - want) < 1e-8 $$;

-- 2.00/3.90 x 4, 2.05/4.00 x 3, 2.10/3.90, 1.90/3.85: skins once, the fantasy game not at all
SELECT ok(pg_temp.near(probability, 4.620750084 / 9) AND books = 4 AND is_main, 'consensus of home, weighted 4, 3, 1, 1') FROM consensus(:g, '2030-01-09 10:01Z') WHERE market = 'h2h' AND side = 'home';
SELECT ok(pg_temp.near(sum(probability), 1) AND pg_temp.near(min(fair_price * probability), 1), 'probabilities sum to one, fair prices are one over them') FROM consensus(:g, '2030-01-09 10:01Z') WHERE market = 'h2h';
SELECT results_eq(format($$SELECT side, line, books FROM consensus(%s, '2030-01-09 10:01Z') WHERE market = 'spreads' AND is_main ORDER BY side DESC$$, :g), $$VALUES ('home', -3.5::float8, 2), ('away', 3.5, 2)$$, 'the main line is the weighted median: -14.5 among them moves nothing');
SELECT is((SELECT count(*) FROM consensus(:g, '2030-01-09 09:59Z')), 0::bigint, 'nothing is known before');
SELECT results_eq(format($$SELECT side, book, price, round(net_price::numeric, 6), offers FROM best_price(%s, '2030-01-09 10:01Z') WHERE market = 'h2h' ORDER BY side$$, :g),
	$$VALUES ('away', 'draftkings', 2.1::float8, 2.100000, 5), ('home', 'fanduel', 1.95, 1.950000, 5)$$, 'the exchange''s 1.95 is 1.9025 after commission');
SELECT ok(pg_temp.near(edge, 4.620750084 / 9 * 1.95 - 1), 'edge against the consensus') FROM best_price(:g, '2030-01-09 10:01Z') WHERE market = 'h2h' AND side = 'home';
SELECT results_eq(format($$SELECT sides, books, round(implied::numeric, 6), round(profit::numeric, 6), round(stakes[2]::numeric, 6) FROM arbitrage(%s, '2030-01-09 10:01Z') WHERE market = 'h2h'$$, :g),
	$$VALUES ('{away,home}'::text[], '{draftkings,fanduel}'::text[], 0.989011, 0.011111, 0.518519)$$, 'arbitrage: 1/1.95 + 1/2.10');
SELECT is((SELECT count(*) FROM arbitrage(:g, '2030-01-09 10:11Z')), 0::bigint, 'of prices seen eleven minutes ago there is none');
SELECT results_eq(format($$SELECT sides, lines, books, gap, round(cost::numeric, 6), round(break_even::numeric, 6) FROM middles(%s, '2030-01-09 10:01Z') WHERE market = 'totals'$$, :g),
	$$VALUES ('{over,under}'::text[], '{219.5,222.5}'::float8[], '{draftkings,fanduel}'::text[], 3::float8, 0.025000, 0.025641)$$, 'a middle of three points costs 1 - 1.95/2');
SELECT is((SELECT count(*) FROM middles(:g, '2030-01-09 10:01Z', max_cost => 0.02) WHERE market = 'totals'), 0::bigint, 'more than one would pay');

SELECT is(pg_temp.poll('2030-01-09 10:05Z', '
	pinnacle      1.70 2.30  -3.5 1.95 1.93  x x x
	betfair_ex_eu 1.95 2.05  x x x           x x x
	betfair_ex_uk 1.95 2.05  x x x           x x x
	draftkings    1.80 2.10  -3.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.95 1.90  -14.5 1.9 1.9   222.5 1.87 1.95'), '1 2 0', 'Pinnacle moves');
SELECT is(pg_temp.poll('2030-01-09 10:10Z', '
	pinnacle      1.70 2.30  -3.5 1.95 1.93  x x x
	betfair_ex_eu 1.75 2.25  x x x           x x x
	betfair_ex_uk 1.75 2.25  x x x           x x x
	draftkings    1.72 2.20  -4.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.95 1.90  -14.5 1.9 1.9   222.5 1.87 1.95'), '1 8 0', 'the others but one follow');
SELECT results_eq(format($$SELECT market, direction, began_at, ended_at, books, leader, leader_kind, round(move::numeric, 6) FROM steam_moves(%s, '2030-01-09 10:11Z')$$, :g),
	$$VALUES ('h2h', 1, '2030-01-09 10:05Z'::timestamptz, '2030-01-09 10:10Z'::timestamptz, 3, 'pinnacle', 'sharp', 0.044981)$$, 'steam: three families within ten minutes, Pinnacle first');
SELECT is((SELECT count(*) FROM steam_moves(:g, '2030-01-09 10:09Z')), 0::bigint, 'nobody could know at 10:09');
SELECT is((SELECT count(*) FROM steam_moves(:g, '2030-01-09 10:11Z', '4 minutes')), 0::bigint, 'not within four minutes');
SELECT is((SELECT direction || ' ' || old_line || ' ' || line FROM line_moves(:g, '2030-01-09 10:11Z') WHERE market = 'spreads'), '1 -3.5 -4.5', 'a lower home line is a move towards home');
SELECT results_eq(format($$SELECT side, book, price, sharp_moved_at, round(sharp_probability::numeric, 6), round(edge::numeric, 6) FROM stale_lines(%s, '2030-01-09 10:11Z') WHERE market = 'h2h'$$, :g),
	$$VALUES ('home', 'fanduel', 1.95::float8, '2030-01-09 10:10Z'::timestamptz, 0.568750, 0.109063)$$, 'the one that sleeps');

SELECT is(pg_temp.poll('2030-01-09 11:30Z', '
	pinnacle      1.70 2.30  -3.5 1.95 1.93  x x x
	betfair_ex_eu 1.75 2.25  x x x           x x x
	draftkings    1.95 1.87  -4.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.98 1.85  -14.5 1.9 1.9   222.5 1.87 1.95'), '1 4 0', 'the soft books go the other way; one skin is taken down');
SELECT results_eq(format($$SELECT market, side, round(sharp_before::numeric, 6), round(sharp_now::numeric, 6), round(soft_before::numeric, 6), round(soft_now::numeric, 6) FROM reverse_line_moves(%s, '2030-01-09 11:31Z')$$, :g),
	$$VALUES ('h2h', 'home', 0.512660, 0.568750, 0.515984, 0.486279)$$, 'a reverse move');
SELECT is((SELECT count(*) FROM standing_prices(:g, '2030-01-09 11:31Z') WHERE book = 'betfair_ex_uk'), 0::bigint, 'what was taken down is out');
SAVEPOINT whole;
SELECT is((SELECT concat_ws(' ', quotes, rejects) FROM load_payload('the_odds_api', 'half', convert_to('[{"id": "e1", "sport_key": "basketball_nba", "commence_time": "2030-01-10T20:00:00Z", "home_team": "Boston Celtics", "away_team": "Atlanta Hawks", "bookmakers": [
	{"key": "fanduel", "title": "x", "markets": [{"key": "h2h", "outcomes": [{"name": "Boston Celtics", "price": 1.97}]}]}]}]', 'UTF8'), '2030-01-09 11:45Z')), '0 1', 'half a market is kept out');
SELECT is((SELECT array_agg(DISTINCT market ORDER BY market) FROM standing_prices(:g, '2030-01-09 11:46Z') WHERE book = 'fanduel'), '{spreads,totals}'::text[], 'and takes down the price that stood before');
SELECT is((SELECT count(*) FROM best_price(:g, '2030-01-09 11:46Z') WHERE book = 'fanduel' AND market = 'h2h'), 0::bigint, 'which is nobody''s best price any more');
ROLLBACK TO whole;
SELECT is((SELECT count(*) FROM consensus(:g, '2030-01-09 12:31Z')), 0::bigint, 'an hour after the last poll no book counts');
SELECT is((SELECT count(*) FROM standing_prices(:g, '2030-01-09 11:20Z')), 0::bigint, 'nor did one at 11:20, whatever has been heard since');
SELECT is((SELECT string_agg(DISTINCT last_seen::text, ' ') FROM standing_prices(:g, '2030-01-09 10:12Z') WHERE market = 'h2h'), '2030-01-09 10:10:00+00', 'a moment in the past knows what was seen until then');
SELECT is((SELECT string_agg(DISTINCT last_seen::text, ' ') FROM standing_prices(:g, '2030-01-09 10:09Z')), '2030-01-09 10:00:00+00 2030-01-09 10:05:00+00', 'of a market without news that it was quoted, where every poll has another address');
SELECT is((SELECT min(price) FROM opening_quotes(:g, '2030-01-09 12:00Z') WHERE book = 'pinnacle' AND market = 'h2h'), 1.9::float8, 'Pinnacle opened at 1.90');
SELECT is((SELECT books FROM consensus(:g, '2030-01-09 10:01Z') WHERE market = 'h2h' AND side = 'home'), 4, 'the past is as it was');

-- ---- a price to back against one to lay; a mistake of the feed ---------------------------------------
SELECT is((SELECT concat_ws(' ', games, quotes) FROM load_payload('the_odds_api', 'lay?bookmakers=betfair_ex_eu,coral', convert_to('[{"id": "e1", "sport_key": "basketball_nba", "commence_time": "2030-01-10T20:00:00Z", "home_team": "Boston Celtics", "away_team": "Atlanta Hawks", "bookmakers": [
	{"key": "betfair_ex_eu", "title": "x", "markets": [{"key": "h2h_lay", "outcomes": [{"name": "Boston Celtics", "price": 1.8}, {"name": "Atlanta Hawks", "price": 2.6}]}]},
	{"key": "coral", "title": "x", "markets": [{"key": "h2h", "outcomes": [{"name": "Boston Celtics", "price": 1.2}, {"name": "Atlanta Hawks", "price": 6.0}]}]}]}]', 'UTF8'), '2030-01-09 11:31Z')), '1 4', 'prices to lay, and one that nobody sells');
-- laying home at 1.80 less 5 % is backing away at 1 + 0.95/0.80 = 2.1875; 1/1.98 + 1/2.1875 = 0.962193
SELECT results_eq(format($$SELECT sides, books, round(implied::numeric, 6) FROM arbitrage(%s, '2030-01-09 11:32Z') WHERE 'lay home' = ANY (sides)$$, :g), $$VALUES ('{home,"lay home"}'::text[], '{fanduel,betfair_ex_eu}'::text[], 0.962193)$$, 'back at 1.98, lay at 1.80');
SELECT is((SELECT book FROM best_price(:g, '2030-01-09 11:32Z') WHERE market = 'h2h' AND side = 'away'), 'pinnacle', '6.0 where all others say about 2.3 is no best price');
SELECT * FROM finish();
ROLLBACK;
