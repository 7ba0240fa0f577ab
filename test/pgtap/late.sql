-- An answer that comes late, after one that said again what the one before it had said: it holds until then, and no longer. Fixtures and results, lists of injuries, forecasts.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(8);
CREATE FUNCTION pg_temp.load(feed text, name text, body text, day int) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, rejects) FROM load_payload(feed, name, convert_to(jsonb_set(body::jsonb, '{day}', to_jsonb(day))::text, 'UTF8'), make_timestamptz(2031, 4, day, 0, 0, 0, 'UTC')) $$;

CREATE FUNCTION pg_temp.game(day int, starts text, score text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.load('espn', 'https://x/sports/baseball/mlb/scoreboard', format('{"events": [{"id": "7", "date": "%s", "season": {"year": 2031, "type": 2}, "competitions": [{"status": {"type": {"state": "pre"}}, "competitors": [{"homeAway": "home", "team": {"displayName": "Boston Red Sox"}}, {"homeAway": "away", "team": {"displayName": "Chicago Cubs"}}]}]},
		{"id": "8", "date": "2031-03-30T18:00Z", "season": {"year": 2031, "type": 2}, "competitions": [{"status": {"type": {"state": "post", "completed": true}}, "competitors": [{"homeAway": "home", "score": "%s", "team": {"displayName": "New York Mets"}}, {"homeAway": "away", "score": "1", "team": {"displayName": "Miami Marlins"}}]}]}]}', starts, score), day) $$;
SELECT is(array[pg_temp.game(1, '2031-04-20T23:00Z', '5'), pg_temp.game(5, '2031-04-20T23:00Z', '5'), pg_temp.game(9, '2031-04-20T23:00Z', '5'), pg_temp.game(3, '2031-04-20T21:00Z', '4')], '{2 0,2 0,2 0,2 0}', 'three pages that say the same, and one of between with another start and score');
SELECT results_eq($$SELECT f.starts_at, r.home_score FROM unnest('{2031-04-02Z,2031-04-04Z,2031-04-06Z}'::timestamptz[]) WITH ORDINALITY AS at (at, n)
	JOIN LATERAL fixtures(at) AS f ON f.game_id = (SELECT game_id FROM game_event WHERE event_id = 'MLB:7') JOIN LATERAL results(at) AS r ON r.game_id = (SELECT game_id FROM game_event WHERE event_id = 'MLB:8') ORDER BY n$$,
	$$VALUES ('2031-04-20 23:00Z'::timestamptz, 5), ('2031-04-20 21:00Z', 4), ('2031-04-20 23:00Z', 5)$$, 'which were so for two days');

INSERT INTO players (pool, player_id, name) VALUES ('nba', '1', 'A. Guard');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('espn_injuries', 'player', 'nba', '1', '1');
CREATE FUNCTION pg_temp.hurt(day int, status text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.load('espn_injuries', 'https://x/sports/basketball/nba/injuries', CASE WHEN status IS NULL THEN '{"injuries": []}' ELSE format('{"injuries": [{"displayName": "Boston Celtics", "injuries": [{"status": "%s",
		"athlete": {"displayName": "A. Guard", "links": [{"rel": ["playercard"], "href": "https://www.espn.com/nba/player/_/id/1/a"}]}}]}]}', status) END, day) $$;
SELECT is(array[pg_temp.hurt(1, 'Out'), pg_temp.hurt(5, 'Out'), pg_temp.hurt(3, NULL)], '{1 0,1 0,0 0}', 'out, out, and between the two on no list');
SELECT results_eq($$SELECT (SELECT status FROM injuries('nba', at)) FROM unnest('{2031-04-02Z,2031-04-04Z,2031-04-06Z}'::timestamptz[]) WITH ORDINALITY AS at (at, n) ORDER BY n$$, $$VALUES ('out'), (NULL), ('out')$$, 'fit for two days');

INSERT INTO venue (venue, title, country, latitude, longitude, time_zone, roof) VALUES ('somewhere', 'Somewhere', 'US', 33.9, -117.9, 'America/Los_Angeles', 'outdoors');
CREATE FUNCTION pg_temp.warm(day int, degrees int) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.load('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=33.9&longitude=-117.9', format('{"hourly_units": {"temperature_2m": "°C"}, "hourly": {"time": ["2031-04-12T12:00"], "temperature_2m": [%s]}}', degrees), day) $$;
SELECT is(array[pg_temp.warm(1, 20), pg_temp.warm(5, 20), pg_temp.warm(3, 10)], '{1 0,1 0,1 0}', 'warm, warm, and between the two cold');
SELECT results_eq($$SELECT (SELECT temperature FROM weather_at('somewhere', '2031-04-12 12:00Z', at)) FROM unnest('{2031-04-02Z,2031-04-04Z,2031-04-06Z}'::timestamptz[]) WITH ORDINALITY AS at (at, n) ORDER BY n$$, 'VALUES (20::float8), (10), (20)', 'cold for two days');

CREATE FUNCTION pg_temp.facts() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(x, ';' ORDER BY x COLLATE "C") FROM (SELECT f::text FROM fixture AS f UNION ALL SELECT r::text FROM result AS r UNION ALL SELECT i::text FROM injury AS i
	UNION ALL SELECT i::text FROM injury_report AS i UNION ALL SELECT w::text FROM weather_forecast AS w) AS t (x) $$;
SELECT pg_temp.facts() AS before, replay() AS payloads \gset
SELECT is(pg_temp.facts(), :'before', 'replay() gives the same');
SELECT is(array[pg_temp.game(8, '2031-04-20T19:00Z', '5'), pg_temp.game(7, '2031-04-20T20:00Z', '5'), (SELECT starts_at AT TIME ZONE 'UTC' FROM sports_events WHERE home_team = 'Boston Red Sox')::text], '{2 0,2 0,2031-04-20 23:00:00}', 'two more, the newest first: the last word stays the last');
SELECT * FROM finish();
ROLLBACK;
