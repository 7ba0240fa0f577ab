-- Grounds, weather and injuries on real files: where the NFL has played since 1999, and every sample of the feeds.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SELECT plan(11);
SELECT :'data' <> '' AS has_data \gset
\if :has_data
CREATE TEMP TABLE file (n int GENERATED ALWAYS AS IDENTITY, feed text, name text, body bytea);
\cd :data
\lo_import nfl/games.csv
INSERT INTO file (feed, name, body) VALUES ('nflverse', 'games.csv', lo_get(:LASTOID));
\cd payloads/weather
\lo_import nws_points.json
INSERT INTO file (feed, name, body) VALUES ('nws_points', 'https://api.weather.gov/points/33.8,-117.882', lo_get(:LASTOID));
\lo_import nws_forecast.json
INSERT INTO file (feed, name, body) VALUES ('nws', 'https://api.weather.gov/gridpoints/SGX/38,66/forecast', lo_get(:LASTOID));
\lo_import nws_hourly_forecast.json
INSERT INTO file (feed, name, body) VALUES ('nws', 'https://api.weather.gov/gridpoints/SGX/38,66/forecast/hourly', lo_get(:LASTOID));
\lo_import open_meteo_archive_hourly_daily.json
INSERT INTO file (feed, name, body) VALUES ('open_meteo_archive', 'https://archive-api.open-meteo.com/v1/archive?latitude=49.009&longitude=2.5541', lo_get(:LASTOID));
\lo_import open_meteo_archive_units.json
INSERT INTO file (feed, name, body) VALUES ('open_meteo_archive', 'https://archive-api.open-meteo.com/v1/archive?latitude=49.009&longitude=2.5541', lo_get(:LASTOID));
\lo_import open_meteo_ensemble.json
INSERT INTO file (feed, name, body) VALUES ('open_meteo', 'https://ensemble-api.open-meteo.com/v1/ensemble?latitude=49.009&longitude=2.5541', lo_get(:LASTOID));
\lo_import open_meteo_historical_forecast.json
INSERT INTO file (feed, name, body) VALUES ('open_meteo', 'https://historical-forecast-api.open-meteo.com/v1/forecast?latitude=49.009&longitude=2.5541', lo_get(:LASTOID));
\lo_import open_meteo_single_run.json
INSERT INTO file (feed, name, body) VALUES ('open_meteo', 'https://single-runs-api.open-meteo.com/v1/forecast?latitude=49.009&longitude=2.5541&run=2026-07-14T12:00', lo_get(:LASTOID));
\lo_import open_meteo_forecast_hourly_mph.json
INSERT INTO file (feed, name, body) VALUES ('open_meteo', 'https://api.open-meteo.com/v1/forecast?latitude=42.7738&longitude=-78.7870&wind_speed_unit=mph', lo_get(:LASTOID));
\lo_import openweather_forecast_5day_3h_imperial.json
INSERT INTO file (feed, name, body) VALUES ('openweather', 'https://api.openweathermap.org/data/2.5/forecast?lat=33.8&lon=-117.882&units=imperial', lo_get(:LASTOID));
\cd ../injuries
\lo_import nflverse_injuries_shape.csv
INSERT INTO file (feed, name, body) VALUES ('nflverse_injuries', 'injuries_2023.csv', lo_get(:LASTOID));
\lo_import sleeper_players.json
INSERT INTO file (feed, name, body) VALUES ('sleeper_players', 'https://api.sleeper.app/v1/players/nfl', lo_get(:LASTOID));
\lo_import espn_injuries_wnba.json
INSERT INTO file (feed, name, body) VALUES ('espn_injuries', 'https://site.api.espn.com/apis/site/v2/sports/basketball/wnba/injuries', lo_get(:LASTOID));
\lo_import balldontlie_player_injuries.json
INSERT INTO file (feed, name, body) VALUES ('balldontlie_injuries', 'https://api.balldontlie.io/wnba/v1/player_injuries', lo_get(:LASTOID));
INSERT INTO venue (venue, title, country, latitude, longitude, time_zone, roof) VALUES ('anaheim', 'Anaheim', 'US', 33.8, -117.882, 'America/Los_Angeles', 'outdoors'), ('roissy', 'Roissy', 'FR', 49.009, 2.5541, 'Europe/Paris', 'outdoors');
INSERT INTO sport (sport, title, family, pool, outcomes, time_zone, default_start, duration, elo_rules) SELECT 'W', 'W', family, 'w', 2, time_zone, default_start, duration, elo_rules FROM sport WHERE sport = 'NBA';
INSERT INTO alias (feed, kind, name, target) SELECT f, 'sport', 'wnba', 'W' FROM unnest('{espn_injuries,balldontlie_injuries}'::text[]) AS f ON CONFLICT (feed, kind, pool, name) DO UPDATE SET target = 'W';
CREATE TEMP TABLE loaded AS SELECT f.n, f.feed, l.* FROM (SELECT * FROM file ORDER BY n) AS f, LATERAL load_payload(f.feed, f.name, f.body, '2026-07-20'::timestamptz + f.n * interval '1 minute') AS l;

SELECT is((SELECT count(*) FROM game_venue JOIN sports_events USING (game_id)), (SELECT count(*) FROM sports_events WHERE sport = 'NFL'), 'every game of the NFL since 1999 has a ground');
SELECT results_eq($$SELECT e.home_team, h.venue, v.venue, count(*) FROM sports_events AS e JOIN game_venue AS v USING (game_id) LEFT JOIN pool_grounds('nfl') AS h ON h.team_id = e.home_id AND e.starts_at >= h.valid_from AND e.starts_at < h.valid_until
	WHERE NOT e.neutral AND v.venue IS DISTINCT FROM h.venue GROUP BY 1, 2, 3 ORDER BY 1, 3$$,
	$$VALUES ('Buffalo Bills', 'highmark_stadium', 'rogers_centre', 4::bigint), ('Minnesota Vikings', 'metrodome', 'huntington_bank_stadium', 1), ('New Orleans Saints', NULL, 'alamodome', 3),
	('New Orleans Saints', NULL, 'giants_stadium', 1), ('New Orleans Saints', NULL, 'tiger_stadium_lsu', 4)$$, 'and home_venue says the same, but for games that were moved');
SELECT is_empty($$SELECT e.game_id FROM result AS r JOIN sports_events AS e USING (game_id) JOIN game_venue AS g USING (game_id) JOIN venue AS v USING (venue)
	WHERE e.sport = 'NFL' AND NOT CASE v.roof WHEN 'outdoors' THEN r.detail ->> 'roof' = 'outdoors' WHEN 'dome' THEN r.detail ->> 'roof' IN ('dome', 'closed') ELSE true END$$, 'roofs agree with the games''');
SELECT results_eq('SELECT feed, sum(rows_read), sum(rejects) FROM loaded WHERE feed <> ''nflverse'' GROUP BY feed ORDER BY feed',
	$$VALUES ('balldontlie_injuries', 3::bigint, 3::bigint), ('espn_injuries', 4, 4), ('nflverse_injuries', 3, 0), ('nws', 30, 0), ('nws_points', 1, 0), ('open_meteo', 54, 0), ('open_meteo_archive', 3, 0), ('openweather', 3, 0), ('sleeper_players', 5, 5)$$,
	'every sample is read; players of unknown teams and ids wait');
SELECT is((SELECT string_agg(DISTINCT reason, ' ' ORDER BY reason) FROM reject JOIN payload USING (payload_id) WHERE feed <> 'nflverse'), 'unknown_player unknown_team', 'for names, and nothing else');
SELECT ok(min(temperature) > 10 AND max(temperature) < 35 AND max(wind_speed) < 25 AND bool_and(precipitation_prob BETWEEN 0 AND 1), 'summer in California') FROM weather_forecast WHERE source = 'nws';
SELECT is((SELECT round(wind_speed::numeric, 3) || ' ' || precipitation_prob FROM weather_at('highmark_stadium', '2025-10-05 06:30+00', 'infinity')), '64.374 0.9', 'forty miles an hour in Buffalo');
SELECT is((SELECT string_agg(temperature || ' ' || known_at, ', ' ORDER BY starts_at) FROM weather_forecast WHERE issued_at = '2026-07-14 12:00+00'), '24 2026-07-14 18:00:00+00, 28 2026-07-14 18:00:00+00, 30 2026-07-14 18:00:00+00', 'a run of noon was known at six');
SELECT is((SELECT max(members) FROM weather_forecast WHERE venue = 'roissy'), 3, 'an ensemble of three');
SELECT is((SELECT string_agg(temperature::text, ' ' ORDER BY starts_at) FROM weather_archive), '19.1 18.8 28.4', 'the weather as it was');
CREATE TEMP TABLE before AS SELECT to_jsonb(w) AS row FROM weather_forecast AS w UNION ALL SELECT to_jsonb(w) FROM weather_archive AS w UNION ALL SELECT to_jsonb(w) FROM weather_grid AS w UNION ALL SELECT to_jsonb(w) FROM injury AS w
	UNION ALL SELECT to_jsonb(w) FROM injury_report AS w UNION ALL SELECT to_jsonb(w) FROM game_venue AS w;
SELECT replay() AS again \gset
SELECT bag_eq('SELECT to_jsonb(w) AS row FROM weather_forecast AS w UNION ALL SELECT to_jsonb(w) FROM weather_archive AS w UNION ALL SELECT to_jsonb(w) FROM weather_grid AS w UNION ALL SELECT to_jsonb(w) FROM injury AS w
	UNION ALL SELECT to_jsonb(w) FROM injury_report AS w UNION ALL SELECT to_jsonb(w) FROM game_venue AS w', 'SELECT row FROM before', 'replay gives the same rows');
\else
SELECT skip('no folder of real matches', 11);
\endif
SELECT * FROM finish();
ROLLBACK;
