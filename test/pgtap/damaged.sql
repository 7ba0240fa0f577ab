-- Answers with damage: whatever one place of them becomes, be it missing, null, empty or of another type, no loader fails, and the games beside it are in with all that is said of them.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(50);

-- Every place of the part of a document at a path, be it JSON or a line of CSV (the path is its number), with everything that may stand there instead.
CREATE FUNCTION pg_temp.damaged(body text, part text[]) RETURNS TABLE (place text[], damage text, damaged text) LANGUAGE plpgsql AS $$
BEGIN
	IF body ~ '^[[{]' THEN
		RETURN QUERY
		WITH RECURSIVE node AS (
			SELECT part AS place, body::jsonb #> part AS value
			UNION ALL
			SELECT n.place || e.key, e.value FROM node AS n CROSS JOIN LATERAL (
				SELECT o.key, o.value FROM jsonb_each(CASE jsonb_typeof(n.value) WHEN 'object' THEN n.value END) AS o
				UNION ALL SELECT (a.n - 1)::text, a.value FROM jsonb_array_elements(CASE jsonb_typeof(n.value) WHEN 'array' THEN n.value END) WITH ORDINALITY AS a (value, n)) AS e
		)
		SELECT n.place, coalesce(d.value::text, 'missing'), CASE WHEN d.value IS NULL THEN body::jsonb #- n.place ELSE jsonb_set(body::jsonb, n.place, d.value) END::text
		FROM node AS n CROSS JOIN (VALUES (NULL::jsonb), ('null'), ('"x"'), ('-7'), ('1e400'), ('[]'), ('[null, 5, {}]'), ('{"a": 1}')) AS d (value)
		WHERE n.place <> '{}';
	ELSE
		RETURN QUERY
		SELECT ARRAY[h.name], d.value, (SELECT string_agg(CASE WHEN l.n = part[1]::int THEN array_to_string(f.fields[:h.place - 1] || d.value || f.fields[h.place + 1:], ',') ELSE l.line END, E'\n' ORDER BY l.n)
			FROM string_to_table(body, E'\n') WITH ORDINALITY AS l (line, n))
		FROM (SELECT string_to_array(split_part(body, E'\n', part[1]::int), ',') AS fields) AS f
		CROSS JOIN LATERAL string_to_table(split_part(body, E'\n', 1), ',') WITH ORDINALITY AS h (name, place)
		CROSS JOIN unnest('{"",x,-7,1e400,99999999999,2031-02-30,2031-13-45T25:61:00Z,Infinity}'::text[]) AS d (value);
	END IF;
END $$;
-- What went wrong: the loader failed, or less is known of the others (what a load leaves, counted by a query) than without the damage. Each is taken back.
CREATE FUNCTION pg_temp.wrong(feed text, name text, body text, part text[], others text, at timestamptz) RETURNS TABLE (place text[], damage text, wrong text) LANGUAGE plpgsql AS $$
DECLARE
	loaded bigint;
	sound  bigint;
	here   bigint;
BEGIN
	FOR place, damage, body IN SELECT NULL::text[], 'none', body UNION ALL SELECT * FROM pg_temp.damaged(body, part) LOOP
		BEGIN
			SELECT l.payload_id INTO loaded FROM load_payload(feed, name, convert_to(body, 'UTF8'), at) AS l;
			wrong := (SELECT r.detail FROM reject AS r WHERE r.payload_id = loaded AND r.reason = 'parse_error');
			EXECUTE others INTO here;
			RAISE EXCEPTION 'taken back' USING ERRCODE = '22L00';
		EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
		WHEN OTHERS THEN wrong := SQLSTATE || ' ' || SQLERRM;
		END;
		IF place IS NULL AND coalesce(here, 0) = 0 THEN
			wrong := 'nothing of the others is there without any damage';
		ELSIF place IS NULL THEN
			sound := here;
		ELSIF here < sound THEN
			wrong := coalesce(wrong, format('%s of %s', here, sound));
		END IF;
		IF wrong IS NOT NULL THEN
			RETURN NEXT;
		END IF;
	END LOOP;
END $$;

-- ---- The Odds API ---------------------------------------------------------------------------------------------
SELECT '[{"id": "a", "sport_key": "baseball_mlb", "sport_title": "MLB", "commence_time": "2031-04-02T17:05:00Z", "home_team": "Boston Red Sox", "away_team": "Chicago Cubs", "bookmakers": [
		{"key": "pinnacle", "title": "Pinnacle", "last_update": "2031-04-02T10:00:00Z", "markets": [
			{"key": "h2h", "last_update": "2031-04-02T10:00:00Z", "outcomes": [{"name": "Boston Red Sox", "price": 1.9, "bet_limit": 500}, {"name": "Chicago Cubs", "price": 1.95}]},
			{"key": "alternate_spreads", "outcomes": [{"name": "Boston Red Sox", "price": 1.9, "point": -1.5}, {"name": "Chicago Cubs", "price": 1.95, "point": 1.5}, {"name": "Boston Red Sox", "price": 2.9, "point": -2.5}, {"name": "Chicago Cubs", "price": 1.4, "point": 2.5}]},
			{"key": "pitcher_strikeouts", "outcomes": [{"name": "Over", "description": "A. Pitcher", "price": 1.9, "point": 5.5}, {"name": "Under", "description": "A. Pitcher", "price": 1.9, "point": 5.5}]}]}]},
	{"id": "b", "sport_key": "baseball_mlb", "sport_title": "MLB", "commence_time": "2031-04-02T17:05:00Z", "home_team": "New York Mets", "away_team": "Miami Marlins", "bookmakers": [
		{"key": "pinnacle", "title": "Pinnacle", "last_update": "2031-04-02T10:00:00Z", "markets": [
			{"key": "h2h", "outcomes": [{"name": "New York Mets", "price": 1.9}, {"name": "Miami Marlins", "price": 1.95}]},
			{"key": "totals", "outcomes": [{"name": "Over", "price": 1.9, "point": 8.5}, {"name": "Under", "price": 1.95, "point": 8.5}]}]}]}]' AS odds \gset
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/sports/baseball_mlb/odds?regions=us&markets=h2h,totals', %L, '{0}',
	'SELECT count(*) FROM sports_events AS e JOIN quote USING (game_id) WHERE e.home_team = ''New York Mets''', '2031-04-02 10:01Z')$$, :'odds'), 'The Odds API: prices of one game');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/historical/sports/baseball_mlb/odds?date=2031-04-02T10:01:00Z', %L, '{data,0,bookmakers,0,markets}',
	'SELECT count(*) FROM quote', '2031-05-02 10:01Z') WHERE wrong !~ '^\d+ of \d+$'$$, jsonb_build_object('timestamp', '2031-04-02T10:00:00Z', 'data', :'odds'::jsonb)), 'and of history');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/sports/baseball_mlb/scores', %L, '{0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets'' AND e.home_score = 3', '2031-04-03 10:01Z')$$,
	'[{"id": "a", "sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "completed": true, "home_team": "Boston Red Sox", "away_team": "Chicago Cubs", "scores": [{"name": "Boston Red Sox", "score": "5"}, {"name": "Chicago Cubs", "score": "4"}], "last_update": "2031-04-02T23:00:00Z"},
	{"id": "b", "sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "completed": true, "home_team": "New York Mets", "away_team": "Miami Marlins", "scores": [{"name": "New York Mets", "score": "3"}, {"name": "Miami Marlins", "score": "4"}], "last_update": null}]'), 'scores');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/sports/americanfootball_nfl_super_bowl_winner/odds?markets=outrights', %L, '{0}', 'SELECT count(*) FROM outright_quote WHERE runner = ''Us''', '2031-04-03 10:01Z')$$,
	'[{"id": "a", "sport_key": "americanfootball_nfl_super_bowl_winner", "commence_time": "2032-02-02T17:05:00Z", "home_team": null, "away_team": null, "bookmakers": [{"key": "fanduel", "markets": [{"key": "outrights", "outcomes": [{"name": "They", "price": 9.5}]}]}]},
	{"id": "b", "sport_key": "americanfootball_nfl_super_bowl_winner", "commence_time": "2033-02-02T17:05:00Z", "home_team": null, "away_team": null, "bookmakers": [{"key": "fanduel", "markets": [{"key": "outrights", "outcomes": [{"name": "Us", "price": 2.5}]}]}]}]'), 'outrights');

-- ---- Pinnacle ---------------------------------------------------------------------------------------------------
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('pinnacle', 'matchups', %L, '{0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets''', '2031-04-03 10:01Z')$$,
	'[{"id": 11, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}}, "participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]},
	{"id": 12, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}}, "participants": [{"alignment": "home", "name": "New York Mets"}, {"alignment": "away", "name": "Miami Marlins"}]}]'), 'Pinnacle: matchups');
SELECT games FROM load_payload('pinnacle', 'matchups', convert_to('[{"id": 12, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
	"participants": [{"alignment": "home", "name": "New York Mets"}, {"alignment": "away", "name": "Miami Marlins"}]}]', 'UTF8'), '2030-04-01 09:00Z') \g /dev/null
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('pinnacle', 'straight', %L, '{0}', 'SELECT count(*) FROM quote WHERE market = ''spreads''', '2031-04-03 10:01Z')$$,
	'[{"matchupId": 12, "type": "team_total", "side": "home", "period": 0, "isAlternate": false, "status": "open", "version": 7, "key": "s", "cutoffAt": "2030-04-02T00:10:00Z", "limits": [{"type": "maxRiskStake", "amount": 500}], "prices": [{"designation": "over", "price": -150, "points": 4.5}, {"designation": "under", "price": 130, "points": 4.5}]},
	{"matchupId": 12, "type": "spread", "period": 0, "status": "open", "version": 7, "prices": [{"designation": "home", "price": -110, "points": -1.5}, {"designation": "away", "price": -105, "points": 1.5}]}]'), 'and markets');

-- ---- ESPN --------------------------------------------------------------------------------------------------------
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('espn', 'https://x/sports/baseball/mlb/scoreboard?dates=1', %L, '{events,0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets''', '2031-04-03 10:01Z')$$,
	(SELECT jsonb_build_object('events', jsonb_agg(jsonb_build_object('id', i::text, 'date', '2031-04-02T23:30Z', 'season', '{"year": 2031, "type": 2}'::jsonb, 'week', '{"number": 3}'::jsonb, 'weather', '{"temperature": 70, "displayValue": "1"}'::jsonb,
		'competitions', jsonb_build_array(jsonb_build_object('id', i::text, 'neutralSite', false, 'attendance', 100, 'type', '{"abbreviation": "STD"}'::jsonb, 'venue', '{"fullName": "A park", "indoor": false}'::jsonb,
			'status', '{"period": 9, "clock": 0, "displayClock": "0:00", "type": {"state": "post", "completed": true, "name": "STATUS_FINAL", "detail": "Final"}}'::jsonb,
			'competitors', jsonb_build_array(jsonb_build_object('homeAway', 'home', 'score', '5', 'team', jsonb_build_object('id', i::text, 'displayName', h), 'linescores', '[{"value": 5}]'::jsonb, 'records', '[{"summary": "1-2"}]'::jsonb),
				jsonb_build_object('homeAway', 'away', 'score', '4', 'team', jsonb_build_object('id', (i + 10)::text, 'displayName', a), 'linescores', '[{"value": 4}]'::jsonb)),
			'odds', '[{"provider": {"id": "58", "name": "ESPN BET"}, "details": "BOS -150", "overUnder": 8.5, "spread": -1.5, "homeTeamOdds": {"moneyLine": -150, "spreadOdds": "+130"}, "awayTeamOdds": {"moneyLine": "EVEN"}, "moneyline": {"home": {"close": {"odds": "-150"}}, "away": {"close": {"odds": "+130"}}},
				"total": {"over": {"close": {"line": "o8.5", "odds": "-110"}}}}]'::jsonb)))))::text
	FROM (VALUES (1, 'Boston Red Sox', 'Chicago Cubs'), (2, 'New York Mets', 'Miami Marlins')) AS g (i, h, a))), 'ESPN: a scoreboard with prices');

-- ---- lists of injuries: who is beside the damage is on the list, and who is in it is not said to be fit ----------------
INSERT INTO players (pool, player_id, name) SELECT p, n::text, 'Player ' || n FROM unnest('{nba,nfl}'::text[]) AS p, generate_series(1, 3) AS n;
INSERT INTO alias (feed, kind, pool, name, target) SELECT f, 'player', CASE f WHEN 'sleeper_players' THEN 'nfl' ELSE 'nba' END, n::text, n::text
FROM unnest('{espn_injuries,balldontlie_injuries,sleeper_players}'::text[]) AS f, generate_series(1, 3) AS n;
-- The second player comes on the list, the first was on it before.
CREATE FUNCTION pg_temp.known(pool text, source text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE i.player_id = '2' AND i.status = 'out') - count(*) FILTER (WHERE i.status = 'active') FROM injury AS i WHERE i.pool = known.pool AND i.source = known.source $$;
CREATE FUNCTION pg_temp.espn(players int[]) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_build_object('injuries', jsonb_agg(jsonb_build_object('displayName', ('{Boston Celtics,Miami Heat,Utah Jazz}'::text[])[p], 'injuries', jsonb_build_array(jsonb_build_object('status', 'Out', 'date', '2031-04-01T10:00Z', 'shortComment', 'A knee',
		'athlete', jsonb_build_object('displayName', 'A. Player', 'links', jsonb_build_array(jsonb_build_object('rel', '["playercard"]'::jsonb, 'href', format('https://www.espn.com/nba/player/_/id/%s/a', p)))),
		'details', '{"type": "Knee", "returnDate": "2031-04-09"}'::jsonb)))))::text FROM unnest(players) AS p $$;
SELECT payload_id FROM load_payload('espn_injuries', 'https://x/sports/basketball/nba/injuries', convert_to(pg_temp.espn('{1}'), 'UTF8'), '2031-04-02') \g /dev/null
SELECT is_empty($$SELECT * FROM pg_temp.wrong('espn_injuries', 'https://x/sports/basketball/nba/injuries', pg_temp.espn('{1,2}'), '{injuries,0}', 'SELECT pg_temp.known(''nba'', ''espn_injuries'')', '2031-04-03 10:01Z')
	WHERE NOT (damage = 'missing' AND place IN ('{injuries,0}', '{injuries,0,injuries,0}') OR damage = '[]' AND place = '{injuries,0,injuries}')$$, 'injuries of ESPN; who is not there at all is not on the list');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('espn_injuries', 'https://x/sports/basketball/nba/injuries', pg_temp.espn('{1}'), '{}', 'SELECT count(*) FROM payload', '2031-04-03 10:01Z')$$, 'all of it');
CREATE FUNCTION pg_temp.balldontlie(players int[]) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_build_object('data', jsonb_agg(jsonb_build_object('player', jsonb_build_object('id', p, 'first_name', 'A.', 'last_name', 'Player', 'team', jsonb_build_object('full_name', ('{Boston Celtics,Miami Heat,Utah Jazz}'::text[])[p])),
		'status', 'Out', 'return_date', 'Apr 9', 'comment', 'Apr 1: Player (knee) is out.')), 'meta', '{"next_cursor": null, "per_page": 100}'::jsonb)::text FROM unnest(players) AS p $$;
SELECT payload_id FROM load_payload('balldontlie_injuries', 'https://api.balldontlie.io/v1/player_injuries', convert_to(pg_temp.balldontlie('{1}'), 'UTF8'), '2031-04-02') \g /dev/null
SELECT is_empty($$SELECT * FROM pg_temp.wrong('balldontlie_injuries', 'https://api.balldontlie.io/v1/player_injuries', pg_temp.balldontlie('{1,2}'), '{data,0}', 'SELECT pg_temp.known(''nba'', ''balldontlie_injuries'')', '2031-04-03 10:01Z')
	WHERE NOT (damage = 'missing' AND place = '{data,0}')$$, 'of balldontlie');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('balldontlie_injuries', 'https://api.balldontlie.io/v1/player_injuries', jsonb_set(pg_temp.balldontlie('{2}')::jsonb, '{meta,next_cursor}', '7')::text, '{meta}', 'SELECT pg_temp.known(''nba'', ''balldontlie_injuries'')', '2031-04-03 10:01Z')
	WHERE NOT (place = '{meta,next_cursor}' AND damage IN ('missing', 'null') OR damage = '{"a": 1}')$$, 'a page that is not the whole list, without a cursor to the next');
CREATE FUNCTION pg_temp.sleeper(players int[]) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_object_agg(p, jsonb_build_object('full_name', 'A. Player', 'team', ('{KC,CHI,BUF}'::text[])[p], 'position', 'RB', 'injury_status', 'Out', 'injury_body_part', 'Knee', 'injury_notes', 'A knee'))::text FROM unnest(players) AS p $$;
SELECT payload_id FROM load_payload('sleeper_players', 'https://api.sleeper.app/v1/players/nfl', convert_to(pg_temp.sleeper('{1}'), 'UTF8'), '2031-04-02') \g /dev/null
SELECT is_empty($$SELECT * FROM pg_temp.wrong('sleeper_players', 'https://api.sleeper.app/v1/players/nfl', pg_temp.sleeper('{1,2}'), '{1}', 'SELECT pg_temp.known(''nfl'', ''sleeper_players'')', '2031-04-03 10:01Z')
	WHERE NOT (place IN ('{1,team}', '{1,injury_status}') AND damage IN ('missing', 'null') OR place = '{1}' AND damage IN ('missing', '{"a": 1}'))$$, 'of Sleeper; without a team or a status he is not on the list');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nflverse_injuries', 'injuries_2031.csv', %L, '{2}', 'SELECT count(*) FROM injury WHERE player_id = ''00-2''', '2031-10-03 10:01Z')$$,
	E'season,season_type,team,week,gsis_id,position,full_name,report_primary_injury,report_status,practice_primary_injury,practice_status,date_modified\n'
	'2031,REG,KC,1,00-1,TE,One,Knee,Questionable,Knee,Limited,2031-09-06T19:31:07Z\n2031,REG,DET,1,00-2,TE,Two,Knee,Out,Knee,Limited,2031-09-06T19:31:07Z\n'), 'of nflverse');

-- ---- the weather: an hour with damage stays out, the others are in ---------------------------------------------------------
INSERT INTO venue (venue, title, country, latitude, longitude, time_zone, roof) VALUES ('somewhere', 'Somewhere', 'US', 33.9, -117.9, 'America/Los_Angeles', 'outdoors');
INSERT INTO weather_grid (grid, venue, recorded_at, payload_id) SELECT 'XYZ/1,2', 'somewhere', now(), min(payload_id) FROM payload;
SELECT '{"timezone": "America/Los_Angeles", "utc_offset_seconds": -25200, "hourly_units": {"time": "iso8601", "temperature_2m": "°C", "wind_speed_10m": "km/h", "precipitation_probability": "%", "cloud_cover": "%"},
	"hourly": {"time": ["2031-04-02T12:00", "2031-04-02T13:00", "2031-04-02T14:00"], "temperature_2m": [20, 21, 22], "wind_speed_10m": [5, 6, 7], "precipitation_probability": [10, 20, 30], "cloud_cover": [1, 2, 3]}}' AS hours \gset
-- What is missing from one column leaves it shorter than the others: nobody knows which hour's it is.
SELECT is_empty(format($$SELECT * FROM unnest('{time,temperature_2m,wind_speed_10m,precipitation_probability}'::text[]) AS c, pg_temp.wrong('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=33.9&longitude=-117.9', %L, ARRAY['hourly', c, '0'],
	'SELECT count(*) FROM weather_forecast WHERE starts_at > ''2031-04-02 19:00Z'' AND num_nonnulls(temperature, wind_speed, precipitation_prob) = 3', '2031-04-01Z') WHERE damage <> 'missing'$$, :'hours'), 'Open-Meteo');
SELECT is_empty(format($$SELECT * FROM unnest('{timezone,utc_offset_seconds,hourly_units}'::text[]) AS c, pg_temp.wrong('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=33.9&longitude=-117.9', %L, ARRAY[c],
	'SELECT count(*) FROM payload', '2031-04-01Z')$$, :'hours'), 'what is said of all of them');
SELECT is_empty(format($$SELECT * FROM unnest('{hourly,hourly_units}'::text[]) AS c, pg_temp.wrong('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=33.9&longitude=-117.9', %L, ARRAY[c, 'cloud_cover'],
	'SELECT count(*) FROM weather_forecast', '2031-04-01Z')$$, :'hours'), 'a column that nobody reads');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('open_meteo_archive', 'https://archive-api.open-meteo.com/v1/archive?latitude=33.9&longitude=-117.9', %L, '{hourly,temperature_2m,0}',
	'SELECT count(*) FROM weather_archive WHERE starts_at > ''2031-04-02 19:00Z''', '2031-05-01Z') WHERE damage <> 'missing'$$, :'hours'), 'its archive');
SELECT '{"properties": {"generatedAt": "2031-04-01T13:04:16+00:00", "updateTime": "2031-04-01T08:06:04+00:00", "periods": [
	{"startTime": "2031-04-02T06:00:00-07:00", "endTime": "2031-04-02T07:00:00-07:00", "temperature": 77, "temperatureUnit": "F", "probabilityOfPrecipitation": {"unitCode": "wmoUnit:percent", "value": 20}, "windSpeed": "0 to 10 mph", "windDirection": "SW"},
	{"startTime": "2031-04-02T07:00:00-07:00", "endTime": "2031-04-02T08:00:00-07:00", "temperature": 50, "temperatureUnit": "F", "probabilityOfPrecipitation": {"unitCode": "wmoUnit:percent", "value": 30}, "windSpeed": "5 mph", "windDirection": ""}]}}' AS periods \gset
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nws', 'https://api.weather.gov/gridpoints/XYZ/1,2/forecast/hourly', %L, '{properties,periods,0}', 'SELECT count(*) FROM weather_forecast WHERE temperature = 10', '2031-04-02Z')$$, :'periods'), 'the National Weather Service');
SELECT is_empty(format($$SELECT * FROM unnest('{generatedAt,updateTime}'::text[]) AS c, pg_temp.wrong('nws', 'https://api.weather.gov/gridpoints/XYZ/1,2/forecast/hourly', %L, ARRAY['properties', c], 'SELECT count(*) FROM weather_forecast', '2031-04-02Z')$$, :'periods'), 'when it says it was made');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('nws_points', 'https://api.weather.gov/points/33.9,-117.9', '{"id": "https://api.weather.gov/points/33.9,-117.9", "properties": {"gridId": "XYZ", "gridX": 1, "gridY": 2, "timeZone": "America/Los_Angeles"}}', '{}', 'SELECT count(*) FROM payload', '2031-04-02Z')$$, 'its points');
SELECT payload_id AS place FROM load_payload('nws_points', 'https://api.weather.gov/points/33.9,-117.9', '{"id": "https://api.weather.gov/points/1.2.3,4", "properties": {"gridId": "XYZ", "gridX": 1, "gridY": 2}}') \gset
SELECT is((SELECT reason FROM reject WHERE payload_id = :place), 'bad_file', 'a place that is none');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('openweather', 'https://x/data/2.5/forecast?lat=33.9&lon=-117.9&units=metric', '{"cod": "200", "list": [
	{"dt": 1933000000, "main": {"temp": 20}, "wind": {"speed": 5, "deg": 343, "gust": 10}, "pop": 0.4, "rain": {"3h": 1.5}, "snow": {"3h": 0}}, {"dt": 1933010800, "main": {"temp": 21}, "wind": {"speed": 2}, "pop": 0}]}', '{list,0}',
	'SELECT count(*) FROM weather_forecast WHERE temperature = 21', '2031-04-02Z')$$, 'OpenWeather');

-- ---- the NBA, TheSportsDB, DraftKings, Sleeper ----------------------------------------------------------------------
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nba_live', 'scoreboard', %L, '{scoreboard,games,0}', 'SELECT count(*) FROM live_score JOIN game_event USING (feed, event_id) WHERE event_id = ''0023000002''', '2031-02-12 01:01Z')$$,
	(SELECT jsonb_build_object('scoreboard', jsonb_build_object('games', jsonb_agg(jsonb_build_object('gameId', id, 'gameStatus', 2, 'gameStatusText', 'Q2 05:00', 'period', 2, 'gameClock', 'PT05M00.00S', 'gameTimeUTC', '2031-02-12T00:00:00Z', 'gameEt', '2031-02-11T19:00:00Z',
		'homeTeam', jsonb_build_object('teamTricode', h, 'score', 40, 'periods', '[{"period": 1, "score": 25}, {"period": 2, "score": 15}]'::jsonb),
		'awayTeam', jsonb_build_object('teamTricode', a, 'score', 41, 'periods', '[{"period": 1, "score": 20}, {"period": 2, "score": 21}]'::jsonb)))))::text
	FROM (VALUES ('0023000001', 'CHA', 'ATL'), ('0023000002', 'MIA', 'ORL')) AS g (id, h, a))), 'the NBA: a scoreboard');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('nba_live', 'playbyplay', '{"game": {"gameId": "0023000001", "actions": [{"orderNumber": 1, "actionNumber": 1, "period": 1, "clock": "PT11M30.00S", "scoreHome": "2", "scoreAway": "0", "edited": "2031-02-12T00:01:00Z"},
	{"orderNumber": 2, "actionNumber": 2, "period": 1, "clock": "PT10M00.00S", "scoreHome": "2", "scoreAway": "3"}]}}', '{game,actions,0}', 'SELECT count(*) FROM live_score WHERE away_score = 3 AND elapsed = 120', '2031-02-12 01:01Z')$$, 'play by play');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('nba_live', 'boxscore', (SELECT jsonb_build_object('game', jsonb_build_object('gameId', '0023000003', 'gameStatus', 3, 'gameStatusText', 'Final', 'period', 4, 'gameClock', '', 'gameTimeUTC', '2031-02-12T00:00:00Z',
		'attendance', 100, 'arena', '{"arenaName": "A hall"}'::jsonb, 'homeTeam', jsonb_build_object('teamTricode', 'CHA', 'score', 90, 'periods', '[{"period": 1, "score": 90}]'::jsonb, 'players', p),
		'awayTeam', jsonb_build_object('teamTricode', 'ATL', 'score', 91, 'periods', '[{"period": 1, "score": 91}]'::jsonb, 'players', '[]'::jsonb)))::text
	FROM (SELECT jsonb_agg(jsonb_build_object('personId', n, 'name', 'A. Player', 'played', '1', 'starter', '1', 'position', 'C', 'statistics', jsonb_build_object('minutes', 'PT30M00.00S', 'points', 10 + n, 'assists', 2))) AS p FROM generate_series(1, 2) AS n) AS x),
	'{game,homeTeam,players,0}', 'SELECT count(*) FROM player_game WHERE player_id = ''2''', '2031-02-13 01:01Z')$$, 'a box score');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('thesportsdb', 'eventsday', (SELECT jsonb_build_object('events', jsonb_agg(jsonb_build_object('idEvent', i::text, 'idLeague', '4424', 'strLeague', 'MLB', 'strSeason', '2031', 'idHomeTeam', i::text, 'idAwayTeam', (i + 10)::text,
		'strHomeTeam', h, 'strAwayTeam', a, 'intHomeScore', '3', 'intAwayScore', '1', 'intRound', '0', 'strTimestamp', '2031-04-02T17:05:00', 'dateEvent', '2031-04-02', 'dateEventLocal', '2031-04-02', 'strTime', '17:05:00', 'strTimeLocal', '13:05:00',
		'strStatus', 'FT', 'strPostponed', 'no', 'intSpectators', '', 'strVenue', 'A park')))::text FROM (VALUES (1, 'Boston Red Sox', 'Chicago Cubs'), (2, 'New York Mets', 'Miami Marlins')) AS g (i, h, a)),
	'{events,0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets'' AND e.home_score = 3', '2031-05-12 01:01Z')$$, 'TheSportsDB');
INSERT INTO players (pool, player_id, name) VALUES ('mlb', 'b1', 'B. Player');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('draftkings', 'player', 'mlb', 'B. Player', 'b1');
SELECT '{"eventGroup": {"name": "MLB", "events": [{"providerEventId": "1", "eventId": 2, "name": "BOS Red Sox @ CHI Cubs", "teamName1": "BOS Red Sox", "teamName2": "CHI Cubs", "startDate": "2031-04-02T17:05:00.0000000Z"},
		{"providerEventId": "3", "eventId": 4, "name": "MIA Marlins @ NY Mets", "teamName1": "MIA Marlins", "teamName2": "NY Mets", "startDate": "2031-04-02T17:05:00.0000000Z"}],
	"offerCategories": [{"name": "Batter Props", "offerSubcategoryDescriptors": [{"name": "Hits", "offerSubcategory": {"offers": [
		[{"providerEventId": "1", "label": "A. Player Hits", "isOpen": true, "isSuspended": false, "outcomes": [{"label": "Over", "oddsAmerican": "+100", "line": 0.5, "participant": "A. Player"}, {"label": "Under", "oddsAmerican": "-130", "line": 0.5, "participant": "A. Player"}]}],
		[{"providerEventId": "3", "label": "B. Player Hits", "isOpen": true, "isSuspended": false, "outcomes": [{"label": "Over", "oddsAmerican": "+100", "line": 0.5, "participant": "B. Player"}, {"label": "Under", "oddsAmerican": "-130", "line": 0.5}]}]]}}]}]}}' AS props \gset
SELECT is_empty(format($$SELECT * FROM unnest('{"{eventGroup,events,0}","{eventGroup,offerCategories,0,offerSubcategoryDescriptors,0,offerSubcategory,offers,0}"}'::text[]) AS c,
	pg_temp.wrong('draftkings', 'props', %L, c::text[], 'SELECT count(*) FROM quote WHERE participant = ''b1''', '2031-04-02 01:01Z')$$, :'props'), 'DraftKings');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('draftkings', 'props', %L, '{eventGroup}', 'SELECT count(*) FROM payload', '2031-04-02 01:01Z')$$,
	:'props'::jsonb #- '{eventGroup,events,1}' #- '{eventGroup,offerCategories,0,offerSubcategoryDescriptors,0,offerSubcategory,offers,1}'), 'all of it');

-- ---- tables: every cell of a line --------------------------------------------------------------------------------------
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'football_data', 'team', 'england', n, n FROM unnest('{Ashby,Brook,Corley,Dunmere}'::text[]) AS n
UNION ALL SELECT f, 'team', 'atp', n, n FROM unnest('{tennis_data,tennis_abstract}'::text[]) AS f, unnest('{Adams A.,Baker B.,Carter C.,Davis D.}'::text[]) AS n;
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('football_data', 'E0.csv', %L, '{2}', 'SELECT count(*) FROM sports_events AS e JOIN quote USING (game_id) WHERE e.home_team = ''Corley'' AND e.home_score = 2', '2031-10-01Z')$$,
	E'Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,Referee,HS,AS,B365H,B365D,B365A,AHh,B365AHH,B365AHA,B365>2.5,B365<2.5,B365CH,B365CD,B365CA\nE0,16/08/2031,15:00,Ashby,Brook,1,0,H,A. Ref,10,11,2,3.4,3.9,-0.5,1.9,2,1.9,2,2,3.4,3.9\n'
	'E0,16/08/2031,15:00,Corley,Dunmere,2,0,H,A. Ref,10,11,2,3.4,3.9,-0.5,1.9,2,1.9,2,2,3.4,3.9\n'), 'football-data');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('football_data', 'POL.csv', %L, '{2}', 'SELECT count(*) FROM payload', '2031-10-01Z')$$,
	E'Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PSCH,PSCD,PSCA\nPoland,Ekstraklasa,2031/2032,16/08/2031,15:00,Ashby,Brook,1,0,H,2,3.4,3.9\n'), 'its extra leagues');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nflverse', 'games.csv', %L, '{2}', 'SELECT count(*) FROM sports_events AS e JOIN quote USING (game_id) WHERE e.home_score = 27', '2031-10-01Z')$$,
	E'game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,total,overtime,away_rest,home_rest,away_moneyline,home_moneyline,spread_line,away_spread_odds,home_spread_odds,total_line,under_odds,over_odds,div_game,roof,surface,temp,wind,away_qb_id,home_qb_id,home_qb_name,away_coach,home_coach,stadium_id\n'
	'x,2031,REG,1,2031-09-07,Sunday,13:00,DEN,21,SF,24,Home,3,45,0,7,7,130,-150,3,-105,-115,47.5,-108,-112,0,outdoors,grass,72,5,1,2,A. Passer,B,C,SFO01\ny,2031,REG,1,2031-09-07,Sunday,13:00,DAL,21,NYG,27,Home,6,48,0,7,7,130,-150,3,-105,-115,47.5,-108,-112,0,outdoors,grass,72,5,1,2,A. Passer,B,C,NYC01\n'), 'nflverse');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('sportsbook_review', 'nba.csv', %L, '{2}', 'SELECT count(*) FROM sports_events AS e JOIN quote USING (game_id) WHERE e.home_score = 106', '2031-10-01Z')$$,
	E'season,date,away_team,home_team,neutral,away_score,home_score,away_ml,home_ml,away_spread,home_spread,total,second_half_total\n2013,2012-11-01,Utah,Seattle,0,117,96,100,-120,1,-1,212,105.5\n2013,2012-11-01,New Jersey,Chicago,0,97,106,900,-1400,13.5,-13.5,189.5,95\n'), 'the archives of American books');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('tennis_data', 'atp.csv', %L, '{2}', 'SELECT count(*) FROM result AS r JOIN quote USING (game_id) WHERE r.detail ->> ''winner'' IS NOT NULL AND quote.price = 2.36', '2031-10-01Z')$$,
	E'ATP,Location,Tournament,Date,Series,Court,Surface,Round,Best of,Winner,Loser,WRank,LRank,WPts,LPts,W1,L1,W2,L2,W3,L3,W4,L4,W5,L5,Wsets,Lsets,Comment,B365W,B365L,PSW,PSL\n'
	'1,A,Open,2031-01-02,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Baker B.,28,30,1215,9,6,4,6,4,,,,,,,2,0,Completed,1.36,3,,\n1,A,Open,2031-01-02,ATP250,Outdoor,Hard,1st Round,3,Carter C.,Davis D.,28,30,1215,9,6,4,6,4,,,,,,,2,0,Completed,2.36,1.6,,\n'), 'tennis-data');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('tennis_abstract', 'atp_matches_2031.csv', %L, '{2}', 'SELECT count(*) FROM result WHERE status = ''final'' AND detail ->> ''minutes'' = ''151''', '2031-10-01Z')$$,
	E'tourney_id,tourney_name,surface,draw_size,tourney_level,tourney_date,match_num,winner_id,winner_seed,winner_name,winner_ht,loser_id,loser_seed,loser_name,loser_ht,score,best_of,round,minutes,w_ace,l_ace,winner_rank,loser_rank\n'
	'2031-1,Open,Grass,32,A,20310114,1,1,1,Adams A.,190,2,2,Baker B.,180,6-4 6-4,3,R32,150,10,4,1,90\n2031-1,Open,Grass,32,A,20310114,2,3,3,Carter C.,190,4,,Davis D.,,6-4 6-4,3,R32,151,10,4,1,80\n'), 'tennis tables');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('tennis_abstract', 'atp_rankings.csv', E'ranking_date,rank,player,points\n20310114,1,1,900\n20310114,2,2,800\n', '{2}', 'SELECT count(*) FROM ranking WHERE rank = 2', '2031-10-01Z')$$, 'rankings');
SELECT is_empty($$SELECT * FROM pg_temp.wrong('tennis_abstract', 'atp_players.csv', E'player_id,name_first,name_last,hand,dob,ioc,height,wikidata_id\n1,A.,Adams,R,20000101,USA,190,Q1\n2,B.,Baker,L,20000101,USA,180,Q2\n', '{2}', 'SELECT count(*) FROM players WHERE name = ''B. Baker''', '2031-10-01Z')$$, 'players');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nba_stats', 'season.csv', %L, '{2}', 'SELECT count(*) FROM player_game WHERE player_id = ''3''', '2031-10-01Z')$$,
	E'season,game_date,game_id,player_id,player_name,team,opp,home,starter,pos,min,pts,reb,ast,stl,blk,tov,fgm,fga,fg3m,fg3a,ftm,fta,oreb,team_won\n2030-31,2030-12-25,0023000001,1,Al Bee,BKN,BOS,1,1,G,240,60,7,4,0,0,3,20,24,8,9,12,12,0,1\n2030-31,2030-12-25,0023000001,2,Bo Cee,BOS,BKN,0,0,F,240,41,0,2,1,0,0,20,30,1,4,0,0,0,0\n'
	'2030-31,2030-12-25,0023000002,3,Cy Dee,ATL,CHI,1,1,G,240,60,7,4,0,0,3,20,24,8,9,12,12,0,1\n2030-31,2030-12-25,0023000002,4,Di Eee,CHI,ATL,0,0,F,240,41,0,2,1,0,0,20,30,1,4,0,0,0,0\n'), 'players'' lines');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nba_stats', 'plays.csv', %L, '{2}', 'SELECT count(*) FROM live_score WHERE event_id = ''0023000002''', '2031-10-01Z')$$,
	E'GAME_ID,EVENTNUM,EVENTMSGTYPE,PERIOD,PCTIMESTRING,HOMEDESCRIPTION,VISITORDESCRIPTION,SCORE\n0023000001,2,1,1,10:30,A Layup (2 PTS),,0 - 2\n0023000002,2,1,1,10:30,A Layup (2 PTS),,0 - 2\n'), 'plays');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nba_stats', 'patterns.csv', %L, '{2}', 'SELECT count(*) FROM score_pattern_history WHERE event_id = ''0023000002''', '2031-10-01Z')$$,
	(SELECT 'game_id,season,date,home,away,' || string_agg('d' || lpad(n::text, 2, '0'), ',' ORDER BY n) || E',half_diff,final_diff,ot_periods\n0023000001,2030-31,2030-12-25,BOS,MIA,' || string_agg('1', ',') || E',1,2,0\n0023000002,2030-31,2030-12-25,ATL,CHI,' || string_agg('1', ',') || E',1,2,0\n' FROM generate_series(1, 24) AS n)), 'patterns');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('retrosheet', 'batters.csv', %L, '{2}', 'SELECT count(*) FROM player_game WHERE player_id = ''b002''', '2031-10-01Z')$$,
	E'date,game_id,player_id,player_name,team,opp,home,starter,slot,pos,bats,opp_sp_id,opp_sp_throws,pa,ab,h,b2,b3,hr,bb,so,hbp,sh,sf\n2031-04-02,BOS203104020,b001,A. One,BOS,CHN,1,1,1,SS,R,p1,R,4,4,2,1,0,1,0,1,0,0,0\n2031-04-02,NYN203104020,b002,B. Two,NYN,MIA,1,1,1,SS,R,p1,R,4,4,2,1,0,1,0,1,0,0,0\n'), 'Retrosheet');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'daily.csv', %L, '{2}', 'SELECT count(*) FROM quote JOIN sports_events AS e USING (game_id) WHERE e.home_team = ''Miami Heat''', '2031-10-01Z')$$,
	E'game_id,sport,commence_time,home_team,away_team,bookmaker,date,ml_home,ml_away,spread_home,spread_home_odds,spread_away,spread_away_odds,total_line,total_over_odds,total_under_odds,bookmaker_last_update_utc,snapshot_taken_at_utc\n'
	'a,NBA,2031-01-02T00:10:00Z,Boston Celtics,Utah Jazz,draftkings,2031-01-01,-150,130,-3.5,-110,3.5,-110,220.5,-110,-110,2031-01-01T11:00:00Z,2031-01-01T12:00:00Z\nb,NBA,2031-01-02T00:10:00Z,Miami Heat,Chicago Bulls,draftkings,2031-01-01,-150,130,-3.5,-110,3.5,-110,220.5,-110,-110,2031-01-01T11:00:00Z,2031-01-01T12:00:00Z\n'), 'tables of The Odds API');

-- ---- characters that no text has: half of a pair, none at all ----------------------------------------------------------
SELECT is((SELECT array_agg(concat_ws(' ', l.rows_read, l.games, l.rejects) ORDER BY n) FROM unnest(ARRAY['\u0000', '\ud83c', '\udf00 \ud83c\udf00', '\\\\u0000']) WITH ORDINALITY AS x (bad, n)
	CROSS JOIN LATERAL load_payload('pinnacle', 'matchups', convert_to(format('[{"id": %s1, "note": "%s", "type": "matchup", "startTime": "2031-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
		"participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]}]', n, bad), 'UTF8'), '2031-03-01Z'::timestamptz + n * interval '1 hour') AS l), '{1 1 0,1 1 0,1 1 0,1 1 0}', 'a character that is none');
SELECT is((SELECT json_payload(payload_id, 'pinnacle') -> 0 ->> 'note' FROM payload WHERE feed = 'pinnacle' ORDER BY received_at OFFSET 1 LIMIT 1), U&'\FFFD', 'stands as the mark of what cannot be read');

-- ---- said twice, or without a time or a name -----------------------------------------------------------------------------
SELECT is(concat_ws(' ', l.rows_read, l.games, l.rejects), '2 1 1', 'an event that stands twice on a page is one game') FROM load_payload('espn', 'https://x/sports/baseball/mlb/scoreboard', convert_to((SELECT jsonb_build_object('events', jsonb_build_array(e.g, e.g))::text
	FROM (SELECT '{"id": "7", "date": "2031-05-02T23:30Z", "season": {"year": 2031, "type": 2}, "competitions": [{"status": {"type": {"state": "pre"}}, "competitors": [{"homeAway": "home", "team": {"displayName": "Boston Red Sox"}}, {"homeAway": "away", "team": {"displayName": "Chicago Cubs"}}]}]}'::jsonb AS g) AS e), 'UTF8'), '2031-04-03') AS l;
SELECT is((SELECT reason FROM reject WHERE reason <> 'bad_file'), 'duplicate_row', 'and a duplicate');
SELECT is(concat_ws(' ', l.rows_read, l.rejects), '5 2', 'steps of the weather without a time stay out') FROM load_payload('openweather', 'https://x/data/2.5/forecast?lat=33.9&lon=-117.9&units=metric',
	'{"cod": "200", "list": [{"dt": 1900000000, "main": {"temp": 20}}, {"dt": 1900000000, "main": {"temp": 20}}, {"dt": null}, null, {"dt": 1900010800, "main": {"temp": 21}}]}', '2030-03-01') AS l;
SELECT is((SELECT array_agg(temperature ORDER BY starts_at) FROM weather_forecast WHERE venue = 'somewhere'), '{20,21}', 'and the others are in');
SELECT payload_id AS nameless FROM load_payload('the_odds_api', 'https://x/v4/sports/baseball_mlb/odds', '[null, {"sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "home_team": "Boston Red Sox", "away_team": "Chicago Cubs", "bookmakers": []}]', '2031-04-01') \gset
SELECT is((SELECT string_agg(reason || ': ' || detail, ', ' ORDER BY line_no) FROM reject WHERE payload_id = :nameless), 'short_row: the event has no id, short_row: the event has no id', 'events without an id are told of');
SELECT payload_id AS odd, quotes AS good FROM load_payload('the_odds_api', 'https://x/v4/sports/baseball_mlb/odds?markets=h2h', '[{"id": "z", "sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "home_team": "New York Mets", "away_team": "Miami Marlins", "bookmakers": [
	{"key": "pinnacle", "markets": [{"key": "A new market!", "outcomes": [{"name": "Over", "price": 1.9}]}, {"key": "a_new_market", "outcomes": [{"name": "Over", "price": 1.9}]}, {"key": "h2h", "outcomes": [{"name": "New York Mets", "price": 1.9}, {"name": "Miami Marlins", "price": 1.95}]}]},
	{"key": "nobody", "markets": [{"key": "h2h", "outcomes": [{"name": "New York Mets", "price": 1.9}, {"name": "Miami Marlins", "price": 1.95}]}]}]}]', '2031-04-01 12:00Z') \gset
SELECT is(:good, 3, 'a market that nobody has heard of is in');
SELECT is((SELECT string_agg(reason || ': ' || detail, ', ' ORDER BY reason) FROM reject WHERE payload_id = :odd), 'bad_market: pinnacle A new market!: a market of no name, unknown_book: neither book nor alias has them', 'one whose key is no word stays out, and so does an unknown book');
SELECT * FROM finish();
ROLLBACK;
