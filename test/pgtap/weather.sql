-- weather: every trap of its feeds in small answers of their shape, forecasts as of a time, and the archive that no feature may read.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(52);

CREATE FUNCTION pg_temp.load(feed text, name text, body text, at timestamptz DEFAULT '2023-01-01 12:00+00') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, rejects) FROM load_payload(feed, name, convert_to(body, 'UTF8'), at) $$;
CREATE FUNCTION pg_temp.problem() RETURNS text LANGUAGE sql AS $$ SELECT reason || ': ' || detail FROM reject ORDER BY reject_id DESC LIMIT 1 $$;
INSERT INTO venue (venue, title, country, latitude, longitude, altitude, time_zone, roof) VALUES ('open', 'Open', 'FR', 48.5, 2.25, 30, 'Europe/Paris', 'outdoors'),
	('dome', 'Dome', 'FR', 48.6, 2.35, 30, 'Europe/Paris', 'dome'), ('slides', 'Slides', 'FR', 48.7, 2.45, 30, 'Europe/Paris', 'retractable'), ('both', 'At the same place', 'FR', 48.5, 2.25, 30, 'Europe/Paris', 'outdoors');

-- ---- units ------------------------------------------------------------------------------------
SELECT results_eq($$SELECT round(metric_value(v, u)::numeric, 6) FROM (VALUES ('50', '°F'), ('300.15', 'K'), ('-5', '°C'), ('10', 'mp/h'), ('10', 'mph'), ('10', 'm/s'), ('10', 'kn'), ('12.5', 'km/h'), ('60', '%'), ('0.6', 'share'), ('1', 'inch')) AS x (v, u)$$,
	'VALUES (10::numeric), (27), (-5), (16.09344), (16.09344), (36), (18.52), (12.5), (0.6), (0.6), (25.4)', 'units; mp/h is miles per hour');
SELECT results_eq($$SELECT metric_value(v, u) FROM (VALUES ('1', 'furlong'), ('80.87', 'K'), ('40', 'share'), ('-1', 'km/h'), ('warm', '°C'), ('1e400', '°C'), ('1', NULL)) AS x (v, u)$$, 'SELECT NULL::float8 FROM generate_series(1, 7)', 'an unknown unit, a value of another unit, a percentage for a share, what is no number');

-- ---- Open-Meteo -----------------------------------------------------------------------------------
SELECT results_eq($$SELECT starts_at, ends_at - starts_at, temperature, round(wind_speed::numeric, 3), precipitation_prob, issued_at FROM parse_open_meteo(
	'{"utc_offset_seconds": 3600, "timezone": "Europe/Paris", "timezone_abbreviation": "CEST", "hourly_units": {"time": "iso8601", "temperature_2m": "°F", "wind_speed_10m": "mp/h", "precipitation_probability": "%", "cloud_cover": "%"},
	"hourly": {"time": ["2024-07-15T00:00", "2024-07-15T01:00", "2024-12-15T12:00"], "temperature_2m": [68, null, 50], "wind_speed_10m": [10, 5, null], "precipitation_probability": [0, 50, 100], "cloud_cover": [1, 2, 3]}}')$$,
	$$VALUES ('2024-07-14 22:00+00'::timestamptz, interval '1 hour', 20::float8, 16.093, 0::float8, NULL::timestamptz), ('2024-07-14 23:00+00', '1 hour', NULL, 8.047, 0.5, NULL), ('2024-12-15 11:00+00', '1 hour', 10, NULL, 1, NULL)$$,
	'local times by the zone and not by the offset that it states; nulls are unknown');
SELECT is((SELECT starts_at FROM parse_open_meteo('{"hourly_units": {"wind_speed_10m": "km/h"}, "hourly": {"time": ["2025-10-05T13:00"], "wind_speed_10m": [5]}}')), '2025-10-05 13:00+00', 'no zone is GMT');
SELECT is((SELECT starts_at FROM parse_open_meteo('{"timezone": "Europe/Paris", "hourly_units": {"time": "unixtime", "temperature_2m": "°C"}, "hourly": {"time": [1720994400], "temperature_2m": [5]}}')), '2024-07-14 22:00+00', 'epochs have none');
SELECT is((SELECT array_agg(starts_at) FROM parse_open_meteo('{"timezone": "Europe/Paris", "hourly_units": {"temperature_2m": "°C"}, "hourly": {"time": ["2024-10-27T02:00", "2024-10-27T02:00"], "temperature_2m": [5, 6]}}')), '{2024-10-27 01:00+00}'::timestamptz[], 'an hour that the clock shows twice is one');
SELECT results_eq($$SELECT temperature, wind_direction, members FROM parse_open_meteo('{"timezone": "GMT", "hourly_units": {"temperature_2m": "°C", "temperature_2m_member01": "°C", "temperature_2m_member02": "°C", "wind_direction_10m": "°", "wind_direction_10m_member01": "°"},
	"hourly": {"time": ["2024-07-15T12:00"], "temperature_2m": [26], "temperature_2m_member01": [25], "temperature_2m_member02": [24], "wind_direction_10m": [359], "wind_direction_10m_member01": [1]}}')$$,
	'VALUES (25::float8, 359::float8, 3)', 'an ensemble is its mean; directions have none');
SELECT throws_ok($$SELECT parse_open_meteo('{"hourly_units": {"temperature_2m": "°C"}, "hourly": {"time": ["2024-07-15T12:00", "2024-07-15T13:00"], "temperature_2m": [26]}}')$$, '22P04', 'column temperature_2m has 1 values for 2 times', 'arrays of unequal length');
SELECT throws_ok($$SELECT parse_open_meteo('{"error": true, "reason": "Daily API request limit exceeded"}')$$, '22P04', 'no hourly weather of Open-Meteo: Daily API request limit exceeded', 'an error answer');
SELECT throws_ok($$SELECT parse_open_meteo('{"timezone": "Mars/Olympus", "hourly": {"time": []}}')$$, '22P04', 'unknown time zone ''Mars/Olympus''', 'an unknown zone');
-- Of the hours one has no time, one a value of another unit, one a value that is no number.
SELECT is(pg_temp.load('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=48.7&longitude=2.45', '{"hourly_units": {"temperature_2m": "°F", "wind_speed_10m": "km/h"},
	"hourly": {"time": ["2022-12-31T01:00", "noon", "2022-12-31T03:00", "2022-12-31T04:00"], "temperature_2m": [50, 50, 280.87, 50], "wind_speed_10m": [1, 2, 3, "strong"]}}'), '4 3', 'damage to three of four hours');
SELECT results_eq('SELECT reason, detail, raw FROM reject ORDER BY line_no', $$VALUES ('bad_date', 'a step that begins or ends at no time', '{"time": "noon", "temperature_2m": 50, "wind_speed_10m": 2}'),
	('bad_value', 'temperature_2m is 280.87 °F', '{"time": "2022-12-31T03:00", "temperature_2m": 280.87, "wind_speed_10m": 3}'), ('bad_value', 'wind_speed_10m is strong km/h', '{"time": "2022-12-31T04:00", "temperature_2m": 50, "wind_speed_10m": "strong"}')$$, 'each waits with its reason');
SELECT results_eq('SELECT venue, starts_at, temperature FROM weather_forecast', $$VALUES ('slides' COLLATE "C", '2022-12-31 01:00+00'::timestamptz, 10::float8)$$, 'the fourth is in');
SELECT is(pg_temp.load('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=48.7&longitude=2.45', '{"hourly_units": {"temperature_2m": "°F"}, "hourly": {"time": ["2022-12-31T01:00", "2022-12-31T02:00"], "temperature_2m": [280, 281]}}'), '0 1', 'kelvin taken for Fahrenheit');
SELECT is(pg_temp.problem(), 'bad_file: none of 2 steps can be: temperature_2m is 280 °F', 'is a list of another unit');
DELETE FROM weather_forecast;

-- ---- National Weather Service ------------------------------------------------------------------------
SELECT results_eq($$SELECT starts_at, ends_at, issued_at, temperature, round(wind_speed::numeric, 4), wind_direction, precipitation_prob FROM parse_nws('{"properties": {"generatedAt": "2026-07-02T13:04:16+00:00", "updateTime": "2026-07-02T08:06:04+00:00", "periods": [
	{"startTime": "2026-07-02T06:00:00-07:00", "endTime": "2026-07-02T18:00:00-07:00", "temperature": 77, "temperatureUnit": "F", "probabilityOfPrecipitation": {"unitCode": "wmoUnit:percent", "value": null}, "dewpoint": {"unitCode": "wmoUnit:degC", "value": 13}, "windSpeed": "0 to 10 mph", "windDirection": "SW"},
	{"startTime": "2026-07-02T18:00:00-07:00", "endTime": "2026-07-02T19:00:00-07:00", "temperature": 50, "temperatureUnit": "F", "probabilityOfPrecipitation": {"unitCode": "wmoUnit:percent", "value": 30}, "windSpeed": "5 mph", "windDirection": ""},
	{"startTime": "2026-07-02T19:00:00-07:00", "endTime": "2026-07-02T20:00:00-07:00", "temperature": 50, "temperatureUnit": "F", "windSpeed": "light", "windDirection": "N"}]}}')$$,
	$$VALUES ('2026-07-02 13:00+00'::timestamptz, '2026-07-03 01:00+00'::timestamptz, '2026-07-02 13:04:16+00'::timestamptz, 25::float8, 8.0467, 225::float8, 0::float8),
	('2026-07-03 01:00+00', '2026-07-03 02:00+00', '2026-07-02 13:04:16+00', 10, 8.0467, NULL, 0.3), ('2026-07-03 02:00+00', '2026-07-03 03:00+00', '2026-07-02 13:04:16+00', 10, NULL, 0, 0)$$,
	'offsets, wind as text, no direction, no probability, Fahrenheit beside a dewpoint in Celsius');
SELECT throws_ok($$SELECT parse_nws('{"title": "Not Found", "status": 404}')$$, '22P04', 'no forecast of the NWS: Not Found', 'an error answer');
SELECT results_eq($$SELECT * FROM parse_nws_points('{"id": "https://api.weather.gov/points/48.5,2.25", "properties": {"gridId": "PAR", "gridX": 38, "gridY": 66, "timeZone": "Europe/Paris"}}')$$,
	$$VALUES (48.5::float8, 2.25::float8, 'PAR/38,66', 'Europe/Paris')$$, 'a point');
SELECT throws_ok($$SELECT parse_nws_points('{"title": "Data Unavailable For Requested Point"}')$$, '22P04', 'no point of the NWS: Data Unavailable For Requested Point', 'an error answer');

-- ---- OpenWeather ---------------------------------------------------------------------------------------
SELECT results_eq($$SELECT starts_at, ends_at - starts_at, temperature, wind_speed, wind_gust, precipitation_prob, precipitation FROM parse_openweather('{"cod": "200", "list": [
	{"dt": 1634342400, "main": {"temp": 290.15}, "wind": {"speed": 5, "deg": 343, "gust": 10}, "pop": 0.4, "rain": {"3h": 1.5}, "dt_txt": "2021-10-16 00:00:00"}, {"dt": 1634353200, "main": {"temp": 280.15}, "wind": {"speed": 2}, "pop": 0}]}')$$,
	$$VALUES ('2021-10-16 00:00+00'::timestamptz, interval '3 hours', 17::float8, 18::float8, 36::float8, 0.4::float8, 1.5::float8), ('2021-10-16 03:00+00', '3 hours', 7, 7.2, NULL, 0, 0)$$, 'kelvin and m/s unless asked otherwise; gust and rain may be missing');
SELECT is((SELECT round(temperature::numeric, 4) || ' ' || round(wind_speed::numeric, 4) FROM parse_openweather('{"cod": "200", "list": [{"dt": 1, "main": {"temp": 50}, "wind": {"speed": 10}, "pop": 0}]}', 'imperial')), '10.0000 16.0934', 'imperial');
SELECT throws_ok($$SELECT parse_openweather('{"cod": 401, "message": "Invalid API key"}')$$, '22P04', 'no forecast of OpenWeather: 401 Invalid API key', 'cod is a number on errors');
SELECT throws_ok($$SELECT parse_openweather('{"cod": "200", "list": []}', 'nautical')$$, '22P04', 'units ''nautical'' are not OpenWeather''s', 'unknown units');

-- ---- grounds: exactly where it was asked, never the nearest --------------------------------------------
SELECT set_eq($$SELECT weather_venues('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=48.50&longitude=2.25&hourly=temperature_2m')$$, '{open,both}'::text[], 'grounds at this place');
SELECT is_empty($$SELECT weather_venues('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=48.5001&longitude=2.25')$$, 'ten metres beside there is none');
SELECT is(pg_temp.load('nws', 'https://api.weather.gov/gridpoints/PAR/38,66/forecast/hourly', '{"properties": {"updateTime": "2022-12-31T08:00:00Z", "periods": [{"startTime": "2023-01-07T15:00:00+01:00", "endTime": "2023-01-07T16:00:00+01:00", "temperature": 41, "temperatureUnit": "F", "windSpeed": "10 mph", "windDirection": "N"}]}}'),
	'1 1', 'a cell of which no ground is known');
SELECT is(pg_temp.problem(), 'unknown_venue: no ground is where https://api.weather.gov/gridpoints/PAR/38,66/forecast/hourly asks', 'waits');
SELECT is(pg_temp.load('nws_points', 'https://api.weather.gov/points/48.5,2.25', '{"id": "https://api.weather.gov/points/48.5,2.25", "properties": {"gridId": "PAR", "gridX": 38, "gridY": 66, "timeZone": "Europe/Paris"}}'), '1 0', 'until its points say which lie there');
SELECT is((SELECT replay(payload_id) FROM payload WHERE feed = 'nws'), 1, 'and it is replayed');
SELECT results_eq('SELECT venue, known_at, issued_at FROM weather_forecast ORDER BY venue', $$VALUES ('both' COLLATE "C", '2022-12-31 08:00+00'::timestamptz, '2022-12-31 08:00+00'::timestamptz), ('open', '2022-12-31 08:00+00', '2022-12-31 08:00+00')$$, 'two grounds in one cell; known when it was issued');
SELECT is(pg_temp.load('open_meteo', 'somewhere.json', '{"hourly_units": {"temperature_2m": "°C"}, "hourly": {"time": ["2023-01-07T14:00"], "temperature_2m": [1]}}'), '1 1', 'a file that names no place');
INSERT INTO alias (feed, kind, name, target) VALUES ('open_meteo', 'venue', 'somewhere.json', 'slides');
SELECT replay(payload_id) AS again FROM payload WHERE name = 'somewhere.json' \gset
SELECT is((SELECT count(*) FROM weather_forecast WHERE venue = 'slides'), 1::bigint, 'needs an alias');

-- ---- forecasts as of a time ----------------------------------------------------------------------------
CREATE FUNCTION pg_temp.answer(degrees int) RETURNS text LANGUAGE sql AS $$ SELECT format('{"hourly_units": {"temperature_2m": "°C", "wind_speed_10m": "km/h", "precipitation_probability": "%%"},
	"hourly": {"time": ["2023-01-07T14:00", "2023-01-07T15:00"], "temperature_2m": [%s, -20], "wind_speed_10m": [40, 0], "precipitation_probability": [50, 0]}}', degrees) $$;
SELECT is(pg_temp.load('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=48.5&longitude=2.25', pg_temp.answer(4), '2023-01-02 12:00+00'), '2 0', 'a forecast on Monday');
SELECT pg_temp.load('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=48.5&longitude=2.25', pg_temp.answer(4) || ' ', '2023-01-03 12:00+00') AS again \gset
SELECT is(:'again' || ' ' || (SELECT count(*) FROM weather_forecast WHERE venue = 'open' AND source = 'open_meteo'), '2 0 2', 'the same on Tuesday is not stored again');
SELECT is(pg_temp.load('open_meteo', 'https://single-runs-api.open-meteo.com/v1/forecast?latitude=48.5&longitude=2.25&run=2023-01-04T00:00', pg_temp.answer(6), '2023-02-01'), '2 0', 'a run of Wednesday, fetched in February');
SELECT is(pg_temp.load('open_meteo', 'https://historical-forecast-api.open-meteo.com/v1/forecast?latitude=48.5&longitude=2.25', pg_temp.answer(9), '2023-03-01'), '2 0', 'a history of forecasts, which tells no runs, fetched in March');
SELECT results_eq($$SELECT temperature, known_at FROM unnest('{2023-01-02 11:00+00,2023-01-03 12:00+00,2023-01-04 05:59+00,2023-01-04 06:00+00,2023-02-28 00:00+00,2023-03-02 00:00+00}'::timestamptz[]) AS t LEFT JOIN LATERAL weather_at('open', '2023-01-07 14:30+00', t) ON true$$,
	$$VALUES (5::float8, '2022-12-31 08:00+00'::timestamptz), (4, '2023-01-02 12:00+00'), (4, '2023-01-02 12:00+00'), (6, '2023-01-04 06:00+00'), (6, '2023-01-04 06:00+00'), (9, '2023-03-01 00:00+00')$$,
	'the latest known then: a run six hours after its start, a history when it came');
SELECT is((SELECT count(*) FROM weather_at('open', '2023-01-07 16:00+00', 'infinity')), 0::bigint, 'no forecast for the hour, none of another hour');
SELECT throws_ok('SELECT weather_impact(20, ''NaN'', 0.5)', '22023', 'the weather must be -100 to 100 degrees, 0 to 500 km/h and a probability, not 20, NaN, 0.5', 'no such weather');
SELECT results_eq('SELECT round(weather_impact(t, w, p)::numeric, 4) FROM (VALUES (20, 10, 0), (20, 40, 0), (20, 16, 1), (-15, 0, 0), (45, 64, 1), (NULL, 0, 0)) AS x (t, w, p)', 'VALUES (0.0000), (0.5), (0.5), (0.5), (1), (NULL)', 'weather_impact');

-- ---- the archive is kept apart -------------------------------------------------------------------------
SELECT is(pg_temp.load('open_meteo', 'https://archive-api.open-meteo.com/v1/archive?latitude=48.5&longitude=2.25', pg_temp.answer(-3), '2023-01-09') || pg_temp.problem(),
	'0 1bad_file: feed open_meteo is not that of https://archive-api.open-meteo.com/v1/archive?latitude=48.5&longitude=2.25', 'an archive is no forecast');
SELECT pg_temp.load('open_meteo_archive', 'https://archive-api.open-meteo.com/v1/archive?latitude=48.5&longitude=2.25', pg_temp.answer(-3), '2023-01-09') AS archived \gset
SELECT is(:'archived' || ' ' || (SELECT string_agg(venue || ' ' || temperature, ', ' ORDER BY venue) FROM weather_archive WHERE starts_at = '2023-01-07 14:00+00'), '2 0 both -3, open -3', 'it has its own feed and table');

-- ---- features --------------------------------------------------------------------------------------------
SELECT simulate_league(7, 8, 2) AS payload \gset
SELECT refresh_ratings('SIM') AS written \gset
SELECT game_id AS game, home_id AS home FROM sports_events WHERE sport = 'SIM' ORDER BY starts_at, game_id OFFSET 70 LIMIT 1 \gset
SELECT name AS home_name FROM team WHERE team_id = :home \gset
SELECT f.starts_at AS start, decision_time('SIM', f.starts_at) AS decided FROM fixture AS f WHERE game_id = :game \gset
INSERT INTO home_venue (pool, team, venue, valid_from) VALUES ('simulated', '', 'dome', '-infinity'), ('simulated', :'home_name', 'open', '-infinity');
INSERT INTO weather_forecast (venue, source, starts_at, ends_at, temperature, wind_speed, precipitation_prob, known_at, recorded_at, payload_id)
SELECT 'open', 'test', date_trunc('hour', f.starts_at), date_trunc('hour', f.starts_at) + interval '1 hour', 4 + k, 40, 0.5, decision_time('SIM', f.starts_at) + (k - 2) * interval '1 hour', now(), :payload
FROM (SELECT DISTINCT starts_at FROM fixture JOIN game USING (game_id) WHERE sport = 'SIM' AND home_id = :home) AS f, generate_series(1, 3) AS k;
CREATE FUNCTION pg_temp.told() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', coalesce(temperature::text, '-'), coalesce(wind_speed::text, '-'), coalesce(precipitation_prob::text, '-'), coalesce(weather_impact::text, '-'), coalesce(roof::text, '-'))
	FROM game_features('SIM', '-infinity', 'infinity', 'infinity') WHERE game_id = current_setting('test.game')::bigint $$;
SELECT set_config('test.game', :'game', true) AS set \gset
SELECT is(pg_temp.told(), format('6 40 0.5 %s 0', weather_impact(6, 40, 0.5)), 'the latest forecast at the decision, not the one of an hour later');
UPDATE home_venue SET venue = 'dome' WHERE team = :'home_name';
SELECT is(pg_temp.told(), '- - - 0 1', 'a fixed roof: no weather, no effect');
UPDATE home_venue SET venue = 'slides' WHERE team = :'home_name';
UPDATE weather_forecast SET venue = 'slides' WHERE source = 'test';
SELECT is(pg_temp.told(), '6 40 0.5 - -', 'a roof that is decided on the day: what is forecast, no effect known');
UPDATE home_venue SET venue = 'open' WHERE team = :'home_name';
SELECT is(pg_temp.told(), '- - - - 0', 'no forecast: unknown, not 0');
UPDATE weather_forecast SET venue = 'open' WHERE source = 'test';
SELECT is(check_leakage($$SELECT * FROM bet_edge.game_features('SIM', '-infinity', 'infinity', 'infinity')$$, 'SIM'), (SELECT count(*)::int FROM game WHERE sport = 'SIM'), 'the guard agrees');
SELECT ok(scramble_check('SIM', :'start') > 50, 'and nothing moves when forecasts and weather do');

-- ---- planted leaks ------------------------------------------------------------------------------------------
INSERT INTO weather_archive (venue, source, starts_at, ends_at, temperature, known_at, recorded_at, payload_id)
SELECT venue, source, starts_at, ends_at, temperature, starts_at, now(), payload_id FROM weather_forecast WHERE source = 'test' ON CONFLICT DO NOTHING;
CREATE VIEW public.actual AS SELECT * FROM weather_archive;
CREATE FUNCTION public.cheat(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz, relation text)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, degrees float8) LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end,
		(SELECT w.temperature FROM %s AS w WHERE w.venue = ''open'' AND w.starts_at <= e.starts_at AND w.ends_at > e.starts_at ORDER BY w.known_at DESC LIMIT 1)
		FROM bet_edge.game_features($1, $2, $3, $4) AS f JOIN bet_edge.sports_events AS e ON e.game_id = f.game_id', relation) USING p_sport, p_from, p_to, p_as_of;
END $$;
CREATE FUNCTION public.hindsight(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz) RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, degrees float8)
LANGUAGE sql STABLE AS $$ SELECT * FROM public.cheat(p_sport, p_from, p_to, p_as_of, 'public.actual') $$;
CREATE FUNCTION public.newest(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz) RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, degrees float8)
LANGUAGE sql STABLE AS $$ SELECT * FROM public.cheat(p_sport, p_from, p_to, p_as_of, 'bet_edge.weather_forecast') $$;
CREATE FUNCTION public.plain(p_game bigint) RETURNS float8 LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(temperature) FROM weather_archive; END;
SELECT throws_ok($$SELECT check_leakage('SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, (SELECT max(temperature) FROM bet_edge.weather_archive) AS degrees FROM bet_edge.game_features(''SIM'', ''-infinity'', ''infinity'', ''infinity'') AS f', 'SIM')$$,
	'22L01', NULL, 'a query that reads the archive is refused');
SELECT throws_like($$SELECT check_leakage('SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, public.plain(f.game_id) AS degrees FROM bet_edge.game_features(''SIM'', ''-infinity'', ''infinity'', ''infinity'') AS f', 'SIM')$$,
	'structure: % reads weather_archive in public.plain(bigint)%', 'and a function that does');
SELECT throws_like(format('SELECT scramble_check(''SIM'', %L, ''public.hindsight'')', :'start'), 'behaviour: "degrees" of %', 'the archive behind a view is caught');
SELECT throws_like(format('SELECT scramble_check(''SIM'', %L, ''public.newest'')', :'start'), 'behaviour: "degrees" of %', 'and so is a forecast that came after the decision');
SELECT * FROM finish();
ROLLBACK;
