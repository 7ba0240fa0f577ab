-- The Odds API: every form of answer and every trap of the feed, in made-up games.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(64);

CREATE FUNCTION pg_temp.load(name text, doc text, at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('the_odds_api', name, convert_to(doc, 'UTF8'), at) $$;
-- an event: id, start, home, away, books as JSON
CREATE FUNCTION pg_temp.event(id text, starts text, home text, away text, books text DEFAULT '[]', sport text DEFAULT 'basketball_nba') RETURNS text LANGUAGE sql AS $$
	SELECT format('{"id": "%s", "sport_key": "%s", "sport_title": "x", "commence_time": "%s", "home_team": "%s", "away_team": "%s", "bookmakers": %s}', id, sport, starts, home, away, books) $$;
CREATE FUNCTION pg_temp.book(key text, markets text, updated text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"key": "%s", "title": "x"%s, "markets": [%s]}', key, CASE WHEN updated IS NOT NULL THEN format(', "last_update": "%s"', updated) ELSE '' END, markets) $$;
-- a market: key, then name, price, point triples
CREATE FUNCTION pg_temp.market(key text, outcomes text[], updated text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"key": "%s"%s, "outcomes": [%s]}', key, CASE WHEN updated IS NOT NULL THEN format(', "last_update": "%s"', updated) ELSE '' END,
		(SELECT string_agg(format('{"name": "%s", "price": %s%s%s}', p[1], p[2], CASE WHEN p[3] <> '' THEN ', "point": ' || p[3] ELSE '' END, CASE WHEN p[4] <> '' THEN format(', "description": "%s"', p[4]) ELSE '' END), ', ' ORDER BY i)
			FROM unnest(outcomes) WITH ORDINALITY AS o (o, i), string_to_array(o, '|') AS p)) $$;
CREATE FUNCTION pg_temp.said(p_home text, at timestamptz) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', q.book, q.market, q.participant, q.side, q.line, round(q.price::numeric, 3)) FROM sports_events AS e, quotes(e.game_id, at) AS q
	WHERE e.home_team = p_home ORDER BY q.book, q.market, q.participant, q.line, q.side $$;

-- ---- a first poll -----------------------------------------------------------------------------
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e1', '2030-01-10T20:00:00Z', 'Boston Celtics', 'Atlanta Hawks', '['
	|| pg_temp.book('draftkings', pg_temp.market('h2h', '{Atlanta Hawks|2.6,Boston Celtics|1.5}') || ',' || pg_temp.market('spreads', '{Atlanta Hawks|1.9|4.5,Boston Celtics|1.92|-4.5}', '2030-01-09T09:58:00Z'), '2030-01-09T09:59:00Z') || ','
	|| pg_temp.book('pinnacle', pg_temp.market('totals', '{Over|1.95|221.5,Under|1.93|221.5}', '2030-01-09T09:50:00Z')) || ']') || ']', '2030-01-09 10:00Z'), '1 1 6 0', 'one event, two books, three markets');
SELECT results_eq($$SELECT pg_temp.said('Boston Celtics', '2030-01-09 10:00Z')$$, $$VALUES ('draftkings h2h away 2.600'), ('draftkings h2h home 1.500'), ('draftkings spreads home -4.5 1.920'), ('draftkings spreads away 4.5 1.900'),
	('pinnacle totals over 221.5 1.950'), ('pinnacle totals under 221.5 1.930')$$, 'sides by name whatever their order; the point belongs to the side it stands with');
SELECT is((SELECT array_agg(DISTINCT market || ' ' || to_char(updated_at AT TIME ZONE 'UTC', 'HH24:MI') ORDER BY market || ' ' || to_char(updated_at AT TIME ZONE 'UTC', 'HH24:MI')) FROM quote),
	'{h2h 09:59,spreads 09:58,totals 09:50}', 'last_update: the market''s before the book''s');
SELECT is((SELECT array_agg(DISTINCT known_at) FROM quote), ARRAY['2030-01-09 10:00Z'::timestamptz], 'known when we saw it, not when the book wrote it');
SELECT is((SELECT count(*) FROM sports_events, quotes(game_id, '2030-01-09 09:59:59Z')), 0::bigint, 'and to nobody before');
SELECT is((SELECT game_key || ' ' || month || ' ' || season FROM game), 'NBA:2029:Boston Celtics:Atlanta Hawks:1 2030-01-01 2029', 'the game, its season and its month');

-- ---- nothing new, something new ------------------------------------------------------------------
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e1', '2030-01-10T20:00:00Z', 'Boston Celtics', 'Atlanta Hawks', '['
	|| pg_temp.book('pinnacle', pg_temp.market('totals', '{Under|1.93|221.5,Over|1.95|221.5}', '2030-01-09T10:09:00Z')) || ','
	|| pg_temp.book('draftkings', pg_temp.market('h2h', '{Atlanta Hawks|2.6,Boston Celtics|1.5}') || ',' || pg_temp.market('spreads', '{Atlanta Hawks|1.9|4.5,Boston Celtics|1.92|-4.5}'), '2030-01-09T10:09:00Z') || ']') || ']', '2030-01-09 10:10Z'),
	'1 1 0 0', 'the same prices later and in another order are no news');
SELECT results_eq('SELECT DISTINCT known_at, last_seen, is_standing FROM current_quote', $$VALUES ('2030-01-09 10:00Z'::timestamptz, '2030-01-09 10:10Z'::timestamptz, true)$$, 'but they were seen: known since, last seen');
SELECT is((SELECT count(*) FROM fixture), 1::bigint, 'and the fixture was not told again');
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e1', '2030-01-10T20:00:00Z', 'Boston Celtics', 'Atlanta Hawks', '['
	|| pg_temp.book('draftkings', pg_temp.market('h2h', '{Atlanta Hawks|2.7,Boston Celtics|1.5}') || ',' || pg_temp.market('spreads', '{Atlanta Hawks|1.9|5.5,Boston Celtics|1.92|-5.5}'), '2030-01-09T10:19:00Z') || ','
	|| pg_temp.book('fanduel', pg_temp.market('totals', '{Over|1.9|221.5,Under|1.9|221.5}'), '2030-01-09T10:19:00Z') || ']') || ']', '2030-01-09 10:20Z'), '1 1 6 0', 'one price moves and both sides are written; a line moves');
SELECT results_eq($$SELECT pg_temp.said('Boston Celtics', '2030-01-09 10:20Z')$$, $$VALUES ('draftkings h2h away 2.700'), ('draftkings h2h home 1.500'), ('draftkings spreads home -5.5 1.920'), ('draftkings spreads away 5.5 1.900'),
	('fanduel totals over 221.5 1.900'), ('fanduel totals under 221.5 1.900'), ('pinnacle totals over 221.5 1.950'), ('pinnacle totals under 221.5 1.930')$$, 'nothing of the line that was left');
SELECT results_eq($$SELECT DISTINCT book, last_seen, is_standing FROM current_quote WHERE market = 'totals' ORDER BY 1$$, $$VALUES ('fanduel', '2030-01-09 10:20Z'::timestamptz, true), ('pinnacle', '2030-01-09 10:10Z', false)$$,
	'a book that took its total down: last seen in the poll before');
SELECT is((SELECT count(*) FROM sports_events, quotes(game_id, '2030-01-09 10:15Z') AS q WHERE q.market = 'spreads' AND abs(line) = 4.5), 2::bigint, 'the past is as it was');
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e1', '2030-01-10T20:00:00Z', 'Boston Celtics', 'Atlanta Hawks', '['
	|| pg_temp.book('pinnacle', pg_temp.market('totals', '{Over|1.95|221.5,Under|1.93|221.5}', '2030-01-09T10:29:00Z')) || ']') || ']', '2030-01-09 10:30Z'), '1 1 2 0', 'it comes back with the same prices, which are quoted anew');
SELECT is((SELECT is_standing FROM current_quote WHERE market = 'totals' AND book = 'pinnacle' AND side = 'over'), true, 'and stands again');

-- ---- starts that move, prices in play, the close ----------------------------------------------------
SELECT is(pg_temp.load('events', '[' || pg_temp.event('e1', '2030-01-12T21:00:00Z', 'Boston Celtics', 'Atlanta Hawks') || ']', '2030-01-09 12:00Z'), '1 1 0 0', 'the start moves by two days');
SELECT is((SELECT count(*) || ' ' || max(starts_at AT TIME ZONE 'UTC') FROM fixture), '2 2030-01-12 21:00:00', 'the event keeps its game: a second fixture row');
SELECT is((SELECT count(*) FROM game), 1::bigint, 'not a second game');
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e1', '2030-01-12T21:00:00Z', 'Boston Celtics', 'Atlanta Hawks', '['
	|| pg_temp.book('draftkings', pg_temp.market('h2h', '{Atlanta Hawks|2.8,Boston Celtics|1.45}'), '2030-01-12T20:58:00Z') || ','
	|| pg_temp.book('fanduel', pg_temp.market('h2h', '{Atlanta Hawks|2.8,Boston Celtics|1.45}'), '2030-01-12T20:59:00Z') || ']') || ']', '2030-01-12 20:59:30Z'), '1 1 4 0', 'half a minute before the start');
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e1', '2030-01-12T21:00:00Z', 'Boston Celtics', 'Atlanta Hawks', '['
	|| pg_temp.book('draftkings', pg_temp.market('h2h', '{Atlanta Hawks|3.4,Boston Celtics|1.3}'), '2030-01-12T20:59:50Z') || ','
	|| pg_temp.book('fanduel', pg_temp.market('h2h', '{Atlanta Hawks|15,Boston Celtics|1.02}'), '2030-01-12T21:04:00Z') || ']') || ']', '2030-01-12 21:05Z'), '1 1 4 0', 'five minutes after it');
SELECT results_eq($$SELECT DISTINCT q.book, q.price FROM sports_events, quotes(game_id, '2031-01-01') AS q WHERE q.market = 'h2h' AND q.side = 'away' ORDER BY 1$$, $$VALUES ('draftkings', 2.8::float8), ('fanduel', 2.8)$$,
	'what we saw after the start reaches nobody, even if the book wrote it before');
SELECT results_eq($$SELECT q.book, q.price, q.closing FROM sports_events AS e, closing_quotes(e.game_id, '2031-01-01') AS q WHERE q.market = 'h2h' AND q.side = 'away' ORDER BY 1$$, $$VALUES ('draftkings', 2.8::float8, true), ('fanduel', 2.8, true)$$, 'the close is the last before the start');
SELECT is((SELECT count(*) FROM sports_events, closing_quotes(game_id, '2030-01-12 20:59:45Z')), 0::bigint, 'before the start there is no close');
SELECT is(pg_temp.load('scores', '[{"id": "e1", "sport_key": "basketball_nba", "commence_time": "2030-01-12T20:30:00Z", "completed": false, "home_team": "Boston Celtics", "away_team": "Atlanta Hawks", "scores": null, "last_update": null}]', '2030-01-12 21:06Z'),
	'1 1 0 0', 'then it turns out that it began at half past eight');
SELECT results_eq($$SELECT DISTINCT q.book, q.market FROM sports_events AS e, closing_quotes(e.game_id, '2031-01-01') AS q ORDER BY 1, 2$$, $$VALUES ('draftkings', 'h2h'), ('draftkings', 'spreads'), ('pinnacle', 'totals')$$, 'the close follows the latest known start; a price that was taken down days before is none');
SELECT is((SELECT max(q.price) FROM sports_events AS e, closing_quotes(e.game_id, '2031-01-01') AS q WHERE q.market = 'h2h'), 2.7::float8, 'prices written since are in play');

-- ---- scores -----------------------------------------------------------------------------------
SELECT is(pg_temp.load('scores', '[{"id": "e1", "sport_key": "basketball_nba", "commence_time": "2030-01-12T20:30:00Z", "completed": true, "home_team": "Boston Celtics", "away_team": "Atlanta Hawks",
	"scores": [{"name": "Atlanta Hawks", "score": "101"}, {"name": "Boston Celtics", "score": "99"}], "last_update": "2030-01-12T23:10:00Z"}]', '2030-01-12 23:15Z'), '1 1 0 0', 'scores are strings, matched by name');
SELECT results_eq('SELECT home_score, away_score, status FROM sports_events', $$VALUES (99, 101, 'final')$$, 'away won');
SELECT is(pg_temp.load('scores', '[{"id": "e1", "sport_key": "basketball_nba", "commence_time": "2030-01-12T20:30:00Z", "completed": true, "home_team": "Boston Celtics", "away_team": "Atlanta Hawks",
	"scores": [{"name": "Atlanta Hawks", "score": "101"}, {"name": "Boston Celtics", "score": "100"}], "last_update": "2030-01-13T03:10:00Z"}]', '2030-01-13 03:15Z'), '1 1 0 0', 'a correction');
SELECT is((SELECT string_agg(home_score::text, ' ' ORDER BY known_at) FROM result), '99 100', 'is one more row');
SELECT is(pg_temp.load('scores', '[{"id": "e9", "sport_key": "basketball_nba", "commence_time": "2030-01-14T20:30:00Z", "completed": true, "home_team": "Miami Heat", "away_team": "Atlanta Hawks", "scores": null, "last_update": null}]', '2030-01-15'), '1 0 0 1', 'over, without scores');

-- ---- junk, exchanges, every market ---------------------------------------------------------------
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e2', '2030-02-01T20:00Z', 'Chicago Bulls', 'Miami Heat', '['
	|| pg_temp.book('betfair_ex_uk', pg_temp.market('h2h', '{Chicago Bulls|1.01,Miami Heat|500.0}')) || ',' || pg_temp.book('coral', pg_temp.market('h2h', '{Chicago Bulls|1.0,Miami Heat|21}')) || ','
	|| pg_temp.book('smarkets', pg_temp.market('h2h', '{Chicago Bulls|1.1,Miami Heat|1.05}') || ',' || pg_temp.market('h2h_lay', '{Chicago Bulls|2.1,Miami Heat|2.2}')) || ','
	|| pg_temp.book('bovada', pg_temp.market('spreads', '{Chicago Bulls|1.9|-3,Miami Heat|1.9|4}') || ',' || pg_temp.market('totals', '{Over|1.9|200.5}')) || ','
	|| pg_temp.book('nobody', pg_temp.market('h2h', '{Chicago Bulls|1.9,Miami Heat|1.9}')) || ','
	|| pg_temp.book('betus', pg_temp.market('h2h', '{Chicago|1.9,Miami Heat|1.9}') || ',' || pg_temp.market('spreads', '{Chicago Bulls|1.9,Miami Heat|1.9}')) || ']') || ']', '2030-01-31 10:00Z'), '1 1 2 8', 'of all that only the prices to lay stand');
SELECT results_eq($$SELECT x FROM (SELECT reason || ' ' || detail AS x FROM reject AS r JOIN payload AS p USING (payload_id) WHERE p.received_at = '2030-01-31 10:00Z') AS l ORDER BY x COLLATE "C"$$, $$VALUES
	('bad_line betus spreads: lines '), ('bad_line bovada spreads: lines -4 and -3'), ('bad_odds betfair_ex_uk h2h: not odds above 1.01: 1.01'), ('bad_odds coral h2h: not odds above 1.01: 1.0'),
	('incomplete_market bovada totals: 1 outcomes'), ('overround_above_limit smarkets h2h: the prices imply 1.8615 in all'), ('unknown_book neither book nor alias has them'), ('unknown_side betus h2h: an outcome that is neither side of the game')$$, 'each with its reason');
SELECT is(pg_temp.load('odds', '[' || pg_temp.event('e2', '2030-02-01T20:00Z', 'Chicago Bulls', 'Miami Heat', '[' || pg_temp.book('coral', pg_temp.market('h2h', '{Chicago Bulls|1.0,Miami Heat|21}'), '2030-01-31T10:04:00Z') || ']') || ']', '2030-01-31 10:05Z'),
	'1 1 0 0', 'the same junk again is no second reject');
SELECT is(pg_temp.load('event odds', pg_temp.event('e2', '2030-02-01T20:00:00Z', 'Chicago Bulls', 'Miami Heat', '['
	|| pg_temp.book('fanduel', pg_temp.market('alternate_spreads', '{Chicago Bulls|3.1|-8.5,Miami Heat|1.36|8.5,Chicago Bulls|1.5|2.5,Miami Heat|2.5|-2.5,Chicago Bulls|1.02|20,Miami Heat|1.03|-20}') || ','
	|| pg_temp.market('h2h_q1', '{Chicago Bulls|1.9,Miami Heat|1.9}') || ',' || pg_temp.market('team_totals', '{Over|1.9|108.5|Miami Heat,Under|1.9|108.5|Miami Heat}') || ',' || pg_temp.market('draw_no_bet', '{Chicago Bulls|1.8,Miami Heat|2.0}')) || ']'), '2030-01-31 11:00Z'),
	'1 1 10 1', 'one event, an object: alternates line by line, a quarter, a team''s total');
SELECT is((SELECT detail FROM reject JOIN payload USING (payload_id) WHERE received_at = '2030-01-31 11:00Z'), 'fanduel alternate_spreads: lines whose prices cannot be: away -20 1.03, home 20 1.02', 'one line of many is refused alone');
SELECT results_eq($$SELECT pg_temp.said('Chicago Bulls', '2030-01-31 12:00Z')$$, $$VALUES ('fanduel alternate_spreads home -8.5 3.100'), ('fanduel alternate_spreads away -2.5 2.500'), ('fanduel alternate_spreads home 2.5 1.500'), ('fanduel alternate_spreads away 8.5 1.360'),
	('fanduel draw_no_bet away 2.000'), ('fanduel draw_no_bet home 1.800'), ('fanduel h2h_q1 away 1.900'), ('fanduel h2h_q1 home 1.900'), ('fanduel team_totals away over 108.5 1.900'), ('fanduel team_totals away under 108.5 1.900'),
	('smarkets h2h_lay away 2.200'), ('smarkets h2h_lay home 2.100')$$, 'all of it');
SELECT is((SELECT count(*) FROM market_prices('NBA', '2030-01-31 12:00Z')), 0::bigint, 'and none of it among the prices of the three markets that strategies bet');

-- ---- formats ------------------------------------------------------------------------------------
SELECT is(pg_temp.load('https://api.the-odds-api.com/v4/sports/basketball_nba/odds?oddsFormat=american&dateFormat=unix', '[' || pg_temp.event('e3', '1896550200', 'Utah Jazz', 'Miami Heat', '['
	|| pg_temp.book('fanduel', pg_temp.market('h2h', '{Utah Jazz|-150,Miami Heat|130}', '1896540000')) || ']') || ']', '2030-02-05 20:00Z'), '1 1 2 0', 'american prices and unix times, by the address');
SELECT is((SELECT round(price::numeric, 4) || ' ' || (updated_at AT TIME ZONE 'UTC') FROM quote JOIN sports_events USING (game_id) WHERE home_team = 'Utah Jazz' AND side = 'home'), '1.6667 2030-02-05 16:40:00', '-150 is 1.6667');
SELECT is(pg_temp.load('file.json', '[' || pg_temp.event('e3', '2030-02-05T21:30:00Z', 'Utah Jazz', 'Miami Heat', '[' || pg_temp.book('fanduel', pg_temp.market('h2h', '{Utah Jazz|-150,Miami Heat|130}')) || ']') || ']', '2030-02-05 20:01Z'), '1 1 0 0', 'a file without an address: a negative price says american');
SELECT is(pg_temp.load('https://api.the-odds-api.com/v4/x?oddsFormat=decimal', '[' || pg_temp.event('e3', '2030-02-05T21:30:00Z', 'Utah Jazz', 'Miami Heat', '[' || pg_temp.book('fanduel', pg_temp.market('h2h', '{Utah Jazz|-150,Miami Heat|130}'), '2030-02-05T20:01:00Z') || ']') || ']', '2030-02-05 20:02Z'), '1 1 0 1', 'the address says decimal, and -150 is none');

-- ---- history ------------------------------------------------------------------------------------
SELECT is(pg_temp.load('history', '{"timestamp": "2029-11-01T11:55:00Z", "previous_timestamp": null, "next_timestamp": null, "data": [' || pg_temp.event('h1', '2029-11-02T00:00:00Z', 'Denver Nuggets', 'Phoenix Suns', '['
	|| pg_temp.book('betfair', pg_temp.market('h2h', '{Denver Nuggets|1.5,Phoenix Suns|2.8}')) || ']') || ']}', '2030-03-01'), '1 1 2 0', 'an envelope of history, loaded months later');
SELECT results_eq($$SELECT known_at, updated_at, recorded_at FROM quote JOIN sports_events USING (game_id) WHERE home_team = 'Denver Nuggets' AND side = 'home'$$,
	$$VALUES ('2029-11-01 11:55Z'::timestamptz, '2029-11-01 11:55Z'::timestamptz, '2030-03-01'::timestamptz)$$, 'known at its timestamp, which also stands for a missing last_update; recorded when it came');
SELECT is(pg_temp.load('history', '{"timestamp": "2029-10-30T11:55:00Z", "data": ' || pg_temp.event('h1', '2029-11-01T23:30:00Z', 'Denver Nuggets', 'Phoenix Suns', '[' || pg_temp.book('betfair', pg_temp.market('h2h', '{Denver Nuggets|1.6,Phoenix Suns|2.5}')) || ']') || '}', '2030-03-02'),
	'1 1 2 0', 'an older snapshot after a younger, as one object');
SELECT results_eq($$SELECT DISTINCT (SELECT max(price) FROM quotes(game_id, '2029-10-31')), (SELECT max(price) FROM quotes(game_id, '2029-11-01 12:00Z')) FROM sports_events WHERE home_team = 'Denver Nuggets'$$,
	$$VALUES (2.5::float8, 2.8::float8)$$, 'each is read at its own time');

-- ---- players, outrights, tables, errors ------------------------------------------------------------
SELECT is(pg_temp.load('props', pg_temp.event('e2', '2030-02-01T20:00:00Z', 'Chicago Bulls', 'Miami Heat', '[' || pg_temp.book('fanduel', pg_temp.market('player_points', '{Over|1.9|22.5|A. Scorer,Under|1.9|22.5|A. Scorer,Over|1.8|9.5|B. Bench,Under|2.0|9.5|B. Bench}')
	|| ',' || pg_temp.market('player_double_double', '{Yes|3.5||A. Scorer}')) || ']'), '2030-01-31 13:00Z'), '1 1 0 1', 'players nobody knows');
SELECT results_eq($$SELECT kind, sport, name, rejects FROM unknown_names('the_odds_api') WHERE kind = 'player'$$, $$VALUES ('player', 'NBA', 'A. Scorer', 1::bigint), ('player', 'NBA', 'B. Bench', 1)$$, 'wait by name');
INSERT INTO players (pool, player_id, name) VALUES ('nba', '7', 'Alan Scorer');
SELECT is(add_alias('the_odds_api', 'player', 'A. Scorer', '7', 'NBA'), 1, 'one becomes known and the payload is loaded again');
SELECT results_eq($$SELECT concat_ws(' ', market, participant, side, line, price) FROM quote WHERE participant = '7' ORDER BY 1$$, $$VALUES ('player_double_double 7 yes 3.5'), ('player_points 7 over 22.5 1.9'), ('player_points 7 under 22.5 1.9')$$, 'his prices are in, the other''s wait');
SELECT is(pg_temp.load('outright', '[{"id": "o1", "sport_key": "basketball_nba_championship_winner", "commence_time": "2030-06-20T00:00:00Z", "home_team": null, "away_team": null, "bookmakers": ['
	|| pg_temp.book('fanduel', pg_temp.market('outrights', '{Boston Celtics|4.5,Miami Heat|21}'), '2030-01-01T00:00:00Z') || ']}]', '2030-01-31 14:00Z'), '1 0 0 0', 'an outright has no sides');
SELECT results_eq('SELECT sport, runner, price FROM outright_quote ORDER BY price', $$VALUES ('NBA', 'Boston Celtics', 4.5::float8), ('NBA', 'Miami Heat', 21)$$, 'and is kept by runner');
SELECT is(pg_temp.load('table.csv', E'date,sport,game_id,commence_time,home_team,away_team,bookmaker,ml_home,ml_away,spread_home,spread_home_odds,spread_away,spread_away_odds,total_line,total_over_odds,total_under_odds\n'
	'2030-03-04,NBA,t1,2030-03-05T00:10:00Z,Orlando Magic,Miami Heat,caesars,-250,200,-6.5,-110,6.5,-110,,,\n2030-03-05,NBA,t1,2030-03-05T00:10:00Z,Orlando Magic,Miami Heat,caesars,-200,170,-6.5,-110,6.5,-110,,,\n', '2030-04-01'), '2 2 6 0', 'a table: two captures of a game, a market that is missing is no zero');
SELECT is(pg_temp.load('e', '{"message": "Usage quota has been reached.", "error_code": "OUT_OF_USAGE_CREDITS"}', '2030-04-02'), '0 0 0 1', 'an error is no answer');
SELECT is((SELECT reason || ' ' || detail FROM reject JOIN payload USING (payload_id) WHERE name = 'e'), 'bad_file The Odds API answered with an error: OUT_OF_USAGE_CREDITS, Usage quota has been reached.', 'and says which');
SELECT is(array[pg_temp.load('u1', '{"games": []}', '2030-04-02'), pg_temp.load('u2', '[{"game": "x"}, {}]', '2030-04-02'), pg_temp.load('u3', '7', '2030-04-02'), pg_temp.load('u4', '{"timestamp": "2030-04-01T00:00:00Z", "data": null}', '2030-04-02')],
	'{0 0 0 1,0 0 0 1,1 0 0 1,0 0 0 1}', 'nor is an answer of a form that it has not');
SELECT is((SELECT reason || ' ' || detail FROM reject JOIN payload USING (payload_id) WHERE name = 'u1'), 'bad_file no answer of The Odds API: {"games": []}', 'which would be no news for ever');
SELECT is(array[pg_temp.load('n1', '[]', '2030-04-03'), pg_temp.load('n2', '{"timestamp": "2030-04-01T00:00:00Z", "data": []}', '2030-04-03'), pg_temp.load('n3', '[{"key": "basketball_nba", "group": "Basketball", "title": "NBA"}]', '2030-04-03')],
	'{0 0 0 0,0 0 0 0,0 0 0 0}', 'no events are, and a list of sports');
SELECT is(pg_temp.load('h', '<html><head><title>502 Bad Gateway</title></head></html>', '2030-04-03'), '0 0 0 1', 'a gateway''s page is no JSON');

-- ---- tennis ----------------------------------------------------------------------------------------
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('the_odds_api', 'team', 'atp', 'Ann Ace', 'Ace A.'), ('the_odds_api', 'team', 'atp', 'Bob Break', 'Break B.');
SELECT is(pg_temp.load('tennis', '[' || pg_temp.event('t9', '2030-05-01T09:00:00Z', 'Ann Ace', 'Bob Break', '[' || pg_temp.book('pinnacle', pg_temp.market('totals', '{Over|1.9|22.5,Under|1.9|22.5}') || ',' || pg_temp.market('spreads', '{Ann Ace|1.9|-2.5,Bob Break|1.9|2.5}'))
	|| ',' || pg_temp.book('codere_it', pg_temp.market('totals', '{Over|1.98|2.5,Under|1.75|2.5}') || ',' || pg_temp.market('spreads', '{Ann Ace|2.4|-1.5,Bob Break|1.55|1.5}')) || ']', 'tennis_atp_made_up_open') || ']', '2030-04-30'), '1 1 8 0', 'games and sets under one key');
SELECT results_eq($$SELECT DISTINCT market, abs(line) FROM quote JOIN game USING (game_id) WHERE sport = 'ATP' ORDER BY 1$$, $$VALUES ('spreads_games', 2.5::float8), ('spreads_sets', 1.5), ('totals_games', 22.5), ('totals_sets', 2.5)$$, 'are told apart');

-- ---- replay ---------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f), (SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r), (SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q),
		(SELECT string_agg(o::text, '' ORDER BY o::text) FROM offer AS o), (SELECT string_agg(o::text, '' ORDER BY o::text) FROM offer_poll AS o), (SELECT string_agg(w::text, '' ORDER BY w::text) FROM withdrawal AS w), (SELECT string_agg(e::text, '' ORDER BY e::text) FROM game_event AS e),
		(SELECT string_agg(o::text, '' ORDER BY o::text) FROM outright_quote AS o), (SELECT string_agg(concat(r.payload_id, r.reason, r.detail, r.raw, r.unknown), '' ORDER BY r.reject_id) FROM reject AS r))) $$;
SELECT replay() AS once \gset
SELECT results_eq($$SELECT n, a.target FROM unnest('{Montréal Canadiens,St Louis Blues,St. Louis Blues,Utah Mammoth,Utah Hockey Club,Arizona Coyotes,Los Angeles Clippers,LA Clippers,Athletics,Oakland Athletics,Washington Commanders,Washington Football Team,Washington Redskins}'::text[]) WITH ORDINALITY AS u (n, i)
	LEFT JOIN alias AS a ON a.feed = 'the_odds_api' AND a.kind = 'team' AND a.name = n AND a.builtin ORDER BY i$$, $$VALUES ('Montréal Canadiens', 'Montréal Canadiens'), ('St Louis Blues', 'St. Louis Blues'), ('St. Louis Blues', 'St. Louis Blues'), ('Utah Mammoth', 'Utah Mammoth'),
	('Utah Hockey Club', 'Utah Mammoth'), ('Arizona Coyotes', 'Arizona Coyotes'), ('Los Angeles Clippers', 'Los Angeles Clippers'), ('LA Clippers', 'Los Angeles Clippers'), ('Athletics', 'Oakland Athletics'), ('Oakland Athletics', 'Oakland Athletics'),
	('Washington Commanders', 'Washington Commanders'), ('Washington Football Team', 'Washington Commanders'), ('Washington Redskins', 'Washington Commanders')$$, 'a team has the names that it has had');
SELECT ok(bool_and(endpoint ~ '[?&]limit=1000'), 'scoreboards of ESPN are asked for whole') FROM feed WHERE source = 'espn' AND endpoint ~ '/scoreboard';
SELECT pg_temp.fingerprint() AS first \gset
SELECT replay() AS again \gset
SELECT is(pg_temp.fingerprint(), :'first', 'a replay of everything gives the same rows, byte for byte');
SELECT * FROM finish();
ROLLBACK;
