-- Polls: what the same answer again, an answer taken back, one that comes late and one without a price leave, and that replay() gives it again.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT no_plan();

-- An answer of The Odds API: books (name, home price, away price), NULL prices for a book that has nothing.
CREATE FUNCTION pg_temp.odds(VARIADIC books text[]) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('id', 'e1', 'sport_key', 'basketball_nba', 'commence_time', '2030-01-10T20:00:00Z', 'home_team', 'Boston Celtics', 'away_team', 'Atlanta Hawks', 'bookmakers',
		(SELECT jsonb_agg(jsonb_build_object('key', b[1], 'title', 'x', 'markets', jsonb_build_array(jsonb_build_object('key', 'h2h', 'outcomes', jsonb_build_array(
			jsonb_build_object('name', 'Boston Celtics', 'price', b[2]::float8), jsonb_build_object('name', 'Atlanta Hawks', 'price', b[3]::float8))))) ORDER BY n)
		FROM unnest(books) WITH ORDINALITY AS x (it, n), string_to_array(it, ' ') AS b)))::text $$;
CREATE FUNCTION pg_temp.load(doc text, at text, name text DEFAULT 'https://api.the-odds-api.com/odds', feed text DEFAULT 'the_odds_api') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', l.quotes, l.rejects, CASE WHEN l.duplicate THEN 'again' END) FROM load_payload(feed, name, convert_to(doc, 'UTF8'), ('2030-01-09 ' || at || 'Z')::timestamptz) AS l $$;
-- A snapshot of history.
CREATE FUNCTION pg_temp.late(doc text, seen text, at text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.load(jsonb_build_object('timestamp', '2030-01-09T' || seen || ':00Z', 'data', doc::jsonb)::text, at, 'history ' || seen) $$;
CREATE FUNCTION pg_temp.current() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', c.book, c.price, to_char(c.known_at, 'HH24:MI'), to_char(c.last_seen, 'HH24:MI'), CASE WHEN NOT c.is_standing THEN 'gone' END)
	FROM current_quote AS c WHERE c.side = 'home' ORDER BY c.book, c.price $$;
-- The home prices that could be had.
CREATE FUNCTION pg_temp.had(at text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(p.book || ' ' || p.price, ', ' ORDER BY p.book) FROM game AS g, standing_prices(g.game_id, ('2030-01-09 ' || at || 'Z')::timestamptz, '1 day') AS p WHERE p.side = 'home' $$;
CREATE FUNCTION pg_temp.listed(at text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(p.book || ' ' || p.price, ', ' ORDER BY p.book) FROM market_prices('NBA', ('2030-01-09 ' || at || 'Z')::timestamptz) AS p WHERE p.side = 'home' $$;
CREATE FUNCTION pg_temp.offered(at text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((o ->> 'book') || ' ' || (o ->> 'price'), ', ' ORDER BY o ->> 'book') FROM game AS g, jsonb_array_elements(standing_offers(g.game_id, 'h2h', 'home', NULL, ('2030-01-09 ' || at || 'Z')::timestamptz)) AS o $$;
-- Every row that polls leave.
\ir replayed.inc

-- ---- the same bytes again ----------------------------------------------------------------------------
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9 1.9'), '10:00'), '4 0', 'a first poll');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9 1.9'), '10:10'), '0 0 again', 'the same bytes again are no news');
SELECT results_eq('SELECT pg_temp.current()', $$VALUES ('fanduel 1.9 10:00 10:10'), ('pinnacle 1.8 10:00 10:10')$$, 'but what they list was seen again');
SELECT is((SELECT count(body) || ' of ' || count(*) FROM payload), '1 of 2', 'they are kept once');
SELECT ok(pg_temp.replayed(), 'replay() knows it');

-- ---- an answer that is taken back ----------------------------------------------------------------------
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.5 2.8', 'fanduel 1.9 1.9'), '10:20'), '2 0', 'a price moves');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9 1.9'), '10:30'), '2 0', 'and back: the bytes are known, what they say is news');
SELECT results_eq('SELECT pg_temp.current()', $$VALUES ('fanduel 1.9 10:00 10:30'), ('pinnacle 1.8 10:30 10:30')$$, 'so it stands again');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.5 2.8', 'fanduel 1.9 1.9'), '10:20'), '0 0 again', 'a file of before, loaded once more, is none');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9 1.9'), '10:35', 'a copy'), '0 0 again', 'nor is a copy of the last one under another name');
SELECT ok(pg_temp.replayed(), 'replay() goes there and back');
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'football_data', 'team', 'england', n, n FROM unnest('{Arsenal,Chelsea}'::text[]) AS n ON CONFLICT DO NOTHING;
CREATE FUNCTION pg_temp.season(score text, at text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.load(E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,02/01/2030,Arsenal,Chelsea,' || score, at, 'E0.csv', 'football_data') $$;
SELECT is(array[pg_temp.season('2,1,H', '11:00'), pg_temp.season('2,2,D', '11:10'), pg_temp.season('2,1,H', '11:20'), pg_temp.season('2,1,H', '11:30')], '{"0 0","0 0","0 0","0 0 again"}', 'a score is corrected and the correction withdrawn');
SELECT is((SELECT home_score || ':' || away_score FROM sports_events WHERE sport = 'EPL'), '2:1', 'the first score counts again');
SELECT is((SELECT count(*) FROM result), 3::bigint, 'as a third statement');
SELECT ok(pg_temp.replayed(), 'replay() gives the three');
-- ---- prices that are taken down -------------------------------------------------------------------------
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9 1.9'), '12:00'), '0 0 again', 'both books');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1'), '12:10'), '0 0', 'one takes its price down');
SELECT is(array[pg_temp.had('12:05'), pg_temp.had('12:11'), pg_temp.listed('12:05'), pg_temp.listed('12:11'), pg_temp.offered('12:05'), pg_temp.offered('12:11')],
	'{"fanduel 1.9, pinnacle 1.8","pinnacle 1.8","fanduel 1.9, pinnacle 1.8","pinnacle 1.8","fanduel 1.9, pinnacle 1.8","pinnacle 1.8"}', 'from then on nobody has it, by any of the three');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9'), '12:20'), '0 1', 'half a price');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8 2.1', 'fanduel 1.9 1.9'), '12:30'), '2 0', 'it is back');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.8', 'fanduel 1.9 1.9'), '12:40'), '0 1', 'the other has half a price');
SELECT is(array[pg_temp.had('12:29'), pg_temp.listed('12:29'), pg_temp.had('12:31'), pg_temp.listed('12:31'), pg_temp.had('12:41'), pg_temp.listed('12:41')],
	'{"pinnacle 1.8","pinnacle 1.8","fanduel 1.9, pinnacle 1.8","fanduel 1.9, pinnacle 1.8","fanduel 1.9","fanduel 1.9"}', 'what could be had when stays known');
SELECT results_eq('SELECT pg_temp.current()', $$VALUES ('fanduel 1.9 12:30 12:40')$$, 'now');
SELECT is(pg_temp.load(jsonb_set(pg_temp.odds('draftkings 1 1')::jsonb, '{0,bookmakers,0,markets,0}', '{"key": "alternate_totals", "outcomes": [{"name": "Over", "point": 200.5, "price": 1.9}, {"name": "Under", "point": 200.5, "price": 1.9},
	{"name": "Over", "point": 210.5, "price": 1.2}, {"name": "Under", "point": 210.5, "price": 1.2}, {"name": "Over", "point": 220.5, "price": 1.0}, {"name": "Under", "point": 220.5, "price": 4}]}')::text, '12:55', 'alternates'), '2 1', 'lines of which two cannot be');
SELECT results_eq($$SELECT line, price FROM current_quote WHERE market = 'alternate_totals' AND book = 'draftkings' ORDER BY side$$, $$VALUES (200.5::float8, 1.9::float8), (200.5, 1.9)$$, 'are not current');
SELECT ok(pg_temp.replayed(), 'replay() takes down and puts back');

-- Two addresses, each with books of its own.
SELECT is(array[pg_temp.load(pg_temp.odds('williamhill 1.8 2.1'), '12:56', 'odds?regions=uk'), pg_temp.load(pg_temp.odds('williamhill 1.8 2.1', 'coral 1.8 2.1'), '12:57', 'odds?regions=uk'), pg_temp.load(pg_temp.odds('tab 1.8 2.1'), '12:58', 'odds?regions=au'),
	pg_temp.load(pg_temp.odds('coral 1.8 2.1'), '12:59', 'odds?regions=uk')], '{"2 0","2 0","2 0","0 0"}', 'other regions, other books');
SELECT is(pg_temp.listed('12:59'), 'coral 1.8, fanduel 1.9, tab 1.8', 'a poll takes down what its own region had');

-- ---- snapshots that come late ---------------------------------------------------------------------------
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '13:00'), '2 0', 'a price');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '13:10'), '0 0 again', 'seen again');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '13:20'), '0 0 again', 'and again');
SELECT is(pg_temp.late(pg_temp.odds('pinnacle 1.7 2.3', 'fanduel 1.75 2.2'), '13:05', '13:30'), '4 0', 'then a snapshot of between says something else');
SELECT results_eq($$SELECT * FROM pg_temp.current() AS c WHERE c ~ 'pinnacle'$$, $$VALUES ('pinnacle 1.6 13:10 13:20')$$, 'which is not what stands');
SELECT is(array[pg_temp.had('13:04'), pg_temp.had('13:06'), pg_temp.had('13:11'), pg_temp.listed('13:25')],
	'{"coral 1.8, pinnacle 1.6, tab 1.8","coral 1.8, fanduel 1.75, pinnacle 1.7, tab 1.8","coral 1.8, pinnacle 1.6, tab 1.8","coral 1.8, pinnacle 1.6, tab 1.8"}', 'but what stood until the next poll');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '13:40'), '0 0 again', 'the next poll brings nothing new');
SELECT ok(pg_temp.replayed(), 'replay() gives that again');

-- ---- what retention may forget ----------------------------------------------------------------------------
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5', 'betmgm 1.65 2.4'), '14:00'), '2 0', 'another book');
SELECT is(pg_temp.load(pg_temp.odds('betmgm 1.65 2.4', 'pinnacle 1.6 2.5'), '14:05'), '0 0', 'in another order');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '14:10'), '0 0', 'is gone');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '14:20'), '0 0 again', 'stays away');
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.6 2.5'), '14:30'), '0 0 again', 'and away');
DELETE FROM payload WHERE payload_id = ANY (spent_payloads('2031-01-01'));
SELECT pg_temp.rows() AS before \gset
SELECT is((SELECT count(*) FROM payload WHERE received_at = '2030-01-09 14:20Z'), 0::bigint, 'a poll that another has followed is forgotten');
SELECT is((SELECT string_agg(to_char(received_at, 'HH24:MI'), ' ' ORDER BY received_at) FROM payload WHERE received_at BETWEEN '2030-01-09 14:00Z' AND '2030-01-09 14:20Z'), '14:00 14:05 14:10', 'not the one in which a price was gone, nor that which saw it last');
SELECT replay() AS n \gset
SELECT is(pg_temp.rows(), :'before', 'replay() of what is left gives every row again');

-- ---- what a poll reads ------------------------------------------------------------------------------------
-- Tables that hold all that was ever collected are looked up by key, by plans of when they were empty too.
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(seq_scan)::bigint FROM pg_stat_xact_user_tables WHERE schemaname = 'bet_edge' AND relname IN ('offer', 'offer_poll', 'offer_digest', 'game_event', 'fixture', 'result') $$;
SELECT pg_temp.scans() AS scans \gset
SELECT is(pg_temp.load(pg_temp.odds('pinnacle 1.7 2.3', 'betmgm 1.65 2.4'), '15:00'), '4 0', 'other prices');
SELECT is(pg_temp.load(pg_temp.odds('betmgm 1.65 2.4'), '15:05'), '0 0', 'and one is gone');
SELECT is(pg_temp.scans(), :scans::bigint, 'no table of all polls was read from end to end');
SELECT * FROM finish();
ROLLBACK;
