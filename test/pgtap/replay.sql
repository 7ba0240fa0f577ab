-- Replay: whatever the order in which payloads arrive, each price is on its own game, and replay() gives every row again.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT plan(8);

CREATE FUNCTION pg_temp.scores(day date, home text, away text) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_build_object('leagues', '[{"slug": "nhl"}]'::jsonb, 'events', jsonb_build_array(jsonb_build_object('id', 's' || day, 'date', day || 'T20:00Z', 'season', '{"year": 2026}'::jsonb, 'status', s,
		'competitions', jsonb_build_array(jsonb_build_object('id', '1', 'date', day || 'T20:00Z', 'status', s, 'competitors', jsonb_build_array(
			jsonb_build_object('homeAway', 'home', 'score', '7', 'team', jsonb_build_object('id', '1', 'displayName', home)),
			jsonb_build_object('homeAway', 'away', 'score', extract(day FROM day)::text, 'team', jsonb_build_object('id', '2', 'displayName', away)))))))) ::text, 'UTF8')
	FROM (SELECT '{"type": {"name": "STATUS_FINAL", "state": "post", "completed": true}, "period": 3}'::jsonb AS s) AS x $$;
-- Prices tell the day of their game: 1.31 is of 2 June.
CREATE FUNCTION pg_temp.odds(n int, VARIADIC days date[]) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_agg(jsonb_build_object('id', 'o' || d, 'sport_key', 'icehockey_nhl', 'commence_time', d || 'T20:00:00Z', 'home_team', 'Boston Bruins', 'away_team', 'Toronto Maple Leafs', 'bookmakers',
		jsonb_build_array(jsonb_build_object('key', 'pinnacle', 'title', 'x', 'markets', jsonb_build_array(jsonb_build_object('key', 'h2h', 'outcomes', jsonb_build_array(
			jsonb_build_object('name', 'Boston Bruins', 'price', 1 + extract(month FROM d) / 20 + extract(day FROM d) / 200), jsonb_build_object('name', 'Toronto Maple Leafs', 'price', 4 + n / 100.0))))))))::text, 'UTF8')
	FROM unnest(days) AS d $$;
-- A pairing's meetings in February, April (the sides turned in one of the feeds) and June, from two feeds that do not tell of them in order of date.
CREATE TEMP TABLE file AS VALUES
	('a', 'the_odds_api', pg_temp.odds(1, '2026-06-02')),
	('b', 'espn', pg_temp.scores('2026-02-01', 'Boston Bruins', 'Toronto Maple Leafs')),
	('c', 'the_odds_api', pg_temp.odds(2, '2026-06-02', '2026-04-05', '2026-02-03')),
	('d', 'espn', pg_temp.scores('2026-02-03', 'Boston Bruins', 'Toronto Maple Leafs')),
	('e', 'espn', pg_temp.scores('2026-04-05', 'Toronto Maple Leafs', 'Boston Bruins'));
ALTER TABLE file RENAME column1 TO name;
ALTER TABLE file RENAME column2 TO feed;
ALTER TABLE file RENAME column3 TO body;
CREATE FUNCTION pg_temp.tables() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(t || ' ' || r, E'\n' ORDER BY t COLLATE "C", r COLLATE "C")) FROM (
		SELECT 'game', g::text FROM game AS g UNION ALL SELECT 'fixture', f::text FROM fixture AS f UNION ALL SELECT 'result', r::text FROM result AS r UNION ALL SELECT 'event', e::text FROM game_event AS e
		UNION ALL SELECT 'quote', q::text FROM quote AS q UNION ALL SELECT 'offer', o::text FROM offer AS o UNION ALL SELECT 'poll', p::text FROM offer_poll AS p UNION ALL SELECT 'withdrawal', w::text FROM withdrawal AS w
		UNION ALL SELECT 'reject', (to_jsonb(r) - 'reject_id')::text FROM reject AS r) AS x (t, r) $$;
-- The five files loaded in this order. received: in this order, the other way round, or all at one moment.
CREATE FUNCTION pg_temp.wrong(names text[], received text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text;
	said   text;
BEGIN
	BEGIN
		PERFORM l.payload_id FROM (SELECT f.*, n.i FROM unnest(names) WITH ORDINALITY AS n(name, i) JOIN file AS f ON f.name = n.name ORDER BY n.i) AS f
		CROSS JOIN LATERAL load_payload(f.feed, f.name, f.body, '2026-01-20'::timestamptz + CASE received WHEN 'in order' THEN f.i WHEN 'backwards' THEN 0 - f.i ELSE 0 END * interval '1 second') AS l;
		said := concat_ws(', ',
			(SELECT format('%s prices on another game', count(*)) FROM quote AS q JOIN sports_events AS e USING (game_id)
			 WHERE q.side = 'home' AND e.home_team = 'Boston Bruins' AND round(q.price::numeric, 3) <> 1 + extract(month FROM e.starts_at) / 20 + extract(day FROM e.starts_at) / 200 HAVING count(*) > 0),
			(SELECT format('%s prices in another month', count(*)) FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE q.game_month <> date_trunc('month', e.starts_at)::date HAVING count(*) > 0),
			(SELECT format('%s games', count(*)) FROM sports_events HAVING count(*) <> 4),
			(SELECT format('%s prices', count(*)) FROM quote HAVING count(*) NOT IN (6, 8)),
			(SELECT format('%s results', count(*)) FROM result HAVING count(*) <> 3));
		before := pg_temp.tables();
		PERFORM replay();
		IF pg_temp.tables() <> before THEN
			said := concat_ws(', ', nullif(said, ''), 'replay gives other rows');
		END IF;
		-- From the payloads alone: without a game that might survive.
		TRUNCATE fixture, result, quote, game_event;
		DELETE FROM game;
		PERFORM replay();
		IF pg_temp.tables() <> before THEN
			said := concat_ws(', ', nullif(said, ''), 'from nothing it gives other rows');
		END IF;
		RAISE SQLSTATE 'ZZ000';
	EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
		RETURN nullif(said, '');
	END;
END $$;
-- Some of the 120 orders, the same ones everywhere.
CREATE TEMP TABLE arrival AS
WITH RECURSIVE o (names) AS (
	SELECT '{}'::text[] UNION ALL SELECT o.names || f.name FROM o JOIN file AS f ON f.name <> ALL (o.names))
SELECT names, row_number() OVER (ORDER BY md5(names::text)) AS n FROM o WHERE cardinality(names) = 5;
SELECT is_empty(format('SELECT names, w FROM arrival, pg_temp.wrong(names, %L) AS w WHERE n BETWEEN %s AND %s AND w IS NOT NULL', received, first, last), 'received ' || received)
FROM (VALUES ('in order', 1, 3), ('backwards', 4, 9), ('at one moment', 10, 12)) AS m (received, first, last);

-- ---- a list without ids beside a feed with ids ------------------------------------------------------------
SELECT l.payload_id FROM load_payload('the_odds_api', 'x', convert_to('[{"id": "spring", "sport_key": "soccer_epl", "commence_time": "2030-05-04T14:00:00Z", "home_team": "Arsenal", "away_team": "Chelsea"}]', 'UTF8'), '2029-12-01') AS l \g /dev/null
INSERT INTO alias (feed, kind, pool, name, target) SELECT f, 'team', 'england', n, n FROM unnest('{football_data,the_odds_api}'::text[]) AS f, unnest('{Arsenal,Chelsea}'::text[]) AS n ON CONFLICT DO NOTHING;
SELECT replay() AS n \gset
SELECT l.payload_id FROM load_payload('football_data', 'E0.csv', convert_to(E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,02/01/2030,Arsenal,Chelsea,,,', 'UTF8'), '2029-12-03') AS l \g /dev/null
SELECT results_eq($$SELECT starts_at::date FROM sports_events WHERE sport = 'EPL' ORDER BY 1$$, $$VALUES ('2030-01-02'::date), ('2030-05-04')$$, 'a list does not take the number of another feed''s game to come');
SELECT l.payload_id FROM load_payload('football_data', 'E0.csv', convert_to(E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,03/02/2030,Arsenal,Chelsea,2,1,H', 'UTF8'), '2030-02-04') AS l \g /dev/null
SELECT results_eq($$SELECT starts_at::date FROM sports_events WHERE sport = 'EPL' ORDER BY 1$$, $$VALUES ('2030-02-03'::date), ('2030-05-04')$$, 'but keeps that of its own which moved');

-- ---- a name that is learnt late --------------------------------------------------------------------------
SELECT l.payload_id FROM (SELECT format('[%s]', string_agg(format('{"id": "%s", "sport_key": "icehockey_nhl", "commence_time": "2030-02-%sT20:00:00Z", "home_team": "%s", "away_team": "Dallas Stars"}', e, d, h), ',')) AS doc
	FROM (VALUES ('early', '01', 'Sabres of Buffalo'), ('late', '10', 'Buffalo Sabres')) AS v (e, d, h)) AS x, load_payload('the_odds_api', 'y', convert_to(x.doc, 'UTF8'), '2030-01-20') AS l \g /dev/null
SELECT add_alias('the_odds_api', 'team', 'Sabres of Buffalo', 'Buffalo Sabres', 'NHL') AS n \gset
CREATE TEMP TABLE was AS SELECT event_id, game_key, starts_at FROM game_event JOIN game USING (game_id) JOIN fixture USING (game_id) WHERE event_id IN ('early', 'late');
SELECT results_eq('SELECT event_id, right(game_key, 1) FROM was ORDER BY 1', $$VALUES ('early', '2'), ('late', '1')$$, 'the game that waited for its name gets the next number');
SELECT pg_temp.tables() AS before \gset
SELECT replay() AS n \gset
SELECT bag_eq($$SELECT event_id, game_key, starts_at FROM game_event JOIN game USING (game_id) JOIN fixture USING (game_id) WHERE event_id IN ('early', 'late')$$, 'SELECT * FROM was', 'and replay() leaves each number to its game, although it meets the other first');
SELECT is(pg_temp.tables(), :'before', 'so that every row is as it was');
SELECT * FROM finish();
ROLLBACK;
