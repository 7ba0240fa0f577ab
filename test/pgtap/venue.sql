-- venue: shipped grounds, distances, time zones, where games are played, and the features of travel.
BEGIN;
SET search_path = bet_edge, public;
SELECT plan(32);

-- ---- arithmetic ------------------------------------------------------------------------------
SELECT is(round(great_circle_km(36.12, -86.67, 33.94, -118.40)::numeric, 1), 2886.4, 'Nashville to Los Angeles, the textbook''s haversine example');
SELECT ok(abs(great_circle_km(12, 34, -12, -146) - pi() * 6371.0088) < 1e-6 AND great_circle_km(48.2, 11.6, 48.2, 11.6) = 0, 'opposite places and the same one');
SELECT ok(abs(great_circle_km(45, 10, 45.00001, 10) - 0.0011119508) < 1e-9, 'a metre apart');
SELECT is(great_circle_km(NULL, 0, 0, 0), NULL, 'NULL in, NULL out');
SELECT throws_ok('SELECT great_circle_km(91, 10, 45, ''NaN'')', '22023', 'a place must be a latitude from -90 to 90 and a longitude from -360 to 360 degrees, not 91, 10 or 45, NaN', 'no such places');
SELECT is(time_zones_crossed('America/New_York', 'America/Los_Angeles', '2023-10-01 17:00+00'), -3::float8, 'westward is negative');
SELECT results_eq($$SELECT time_zones_crossed('America/Los_Angeles', 'America/Phoenix', at) FROM unnest('{2023-10-01 17:00+00,2023-12-01 17:00+00}'::timestamptz[]) AS at$$,
	'VALUES (0::float8), (1)', 'Arizona has no summer time');
SELECT is(time_zones_crossed('America/New_York', 'Europe/London', '2023-10-30 13:30+00'), 4::float8, 'the week in which London has left summer time already');
SELECT is(time_zones_crossed('Europe/London', NULL, now()), NULL, 'NULL zone');
SELECT throws_ok($$SELECT time_zones_crossed('Europe/London', 'Mars/Olympus', now())$$, '22023', NULL, 'an unknown zone is refused');

-- ---- shipped rows ------------------------------------------------------------------------------
SELECT is_empty($$SELECT venue FROM venue WHERE builtin AND (latitude <> round(latitude::numeric, 4) OR longitude <> round(longitude::numeric, 4)
	OR num_nulls(latitude, longitude, altitude, roof) NOT IN (0, 4))$$, 'a place has all it needs, in four decimals');
SELECT is_empty($$SELECT venue FROM venue CROSS JOIN (VALUES ('US', 24, 48, -125, -66), ('CA', 42, 54, -125, -66), ('GB', 50, 56, -6, 2), ('DE', 47, 55, 6, 15), ('MX', 18, 21, -100, -98)) AS box (c, s, n, w, e)
	WHERE country = c AND NOT (latitude BETWEEN s AND n AND longitude BETWEEN w AND e)$$, 'each in its country');
SELECT is_empty($$SELECT venue FROM venue WHERE latitude IS NOT NULL AND country IN ('US', 'CA') AND NOT time_zone = ANY (CASE WHEN longitude > -84 THEN '{America/New_York,America/Detroit,America/Toronto}'
	WHEN longitude > -87.2 THEN '{America/New_York,America/Detroit,America/Indiana/Indianapolis,America/Chicago}'
	WHEN longitude > -101 THEN '{America/Chicago,America/Winnipeg}' WHEN longitude > -115 THEN '{America/Denver,America/Phoenix,America/Edmonton}' ELSE '{America/Los_Angeles,America/Vancouver}' END::text[])$$,
	'each in the time zone of its longitude');
SELECT is_empty($$SELECT a.pool, a.target FROM alias AS a WHERE a.kind = 'team' AND a.builtin AND a.pool IN ('nfl', 'nba', 'mlb', 'nhl')
	AND NOT EXISTS (SELECT FROM home_venue AS h WHERE h.pool = a.pool AND h.team = a.target)$$, 'every American team that a feed names has a ground');
SELECT is_empty($$SELECT a.pool, a.team FROM home_venue AS a JOIN home_venue AS b ON b.pool = a.pool AND b.team = a.team AND a.valid_from < b.valid_from AND b.valid_from < a.valid_until$$,
	'no team has two at a time');
SELECT set_eq($$SELECT DISTINCT pool FROM sport WHERE family = 'soccer' AND pool <> 'simulated' AND NOT EXISTS (SELECT FROM home_venue AS h WHERE h.pool = sport.pool AND h.team = '')$$,
	'{brazil,mexico,russia,usa}'::text[], 'every football league has a time zone, but in countries of several');

-- ---- games ---------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.load(file text, lines text, at timestamptz DEFAULT '2030-01-01') RETURNS text
LANGUAGE sql AS $$ SELECT concat_ws(' ', rows_read, games, rejects) FROM load_payload('nflverse', file, convert_to(
	E'game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,total,overtime,roof,stadium_id\n' || lines, 'UTF8'), at) $$;
SELECT is(pg_temp.load('games.csv',
	E'x,2023,REG,1,2023-09-10,Sunday,16:25,DEN,10,SEA,20,Home,10,30,0,outdoors,SEA00\n'
	'x,2023,REG,1,2023-09-10,Sunday,13:00,JAX,10,KC,20,Home,10,30,0,outdoors,KAN00\n'
	'x,2023,REG,1,2023-09-13,Wednesday,13:00,DEN,10,JAX,20,Neutral,10,30,0,outdoors,LON00\n'
	'x,2023,REG,2,2023-09-16,Saturday,16:00,JAX,10,DEN,20,Home,10,30,0,outdoors,\n'
	'x,2023,REG,3,2023-10-01,Sunday,16:00,KC,10,SEA,20,Neutral,10,30,0,outdoors,\n'
	'x,2023,REG,4,2023-10-03,Tuesday,16:00,KC,10,DEN,20,Home,10,30,0,outdoors,DEN00\n'
	'x,2023,REG,5,2023-10-12,Thursday,16:00,ARI,10,LV,20,Home,10,30,0,dome,XXX00\n'), '7 7 1', 'seven games, one of a ground that alias does not know');
SELECT is(concat_ws(' ', line_no, reason, detail, unknown::text), '8 unknown_venue alias has no venue named ''XXX00'' {XXX00}', 'which is said') FROM reject;
SELECT results_eq('SELECT venue, count(*) FROM game_venue GROUP BY venue ORDER BY 1', $$VALUES ('empower_field', 1::bigint), ('arrowhead_stadium', 1), ('lumen_field', 1), ('wembley_stadium', 1) ORDER BY 1$$, 'grounds of games');
SELECT is((SELECT count(*) FROM game_venue JOIN sports_events USING (game_id) WHERE known_at <> starts_at - interval '14 days'), 0::bigint, 'known as fixtures are');
SELECT refresh_ratings('NFL') AS rated \gset
CREATE TEMP TABLE f AS SELECT e.starts_at, e.home_team, e.away_team, f.* FROM game_features('NFL', '2023-09-01', '2023-11-01', 'infinity') AS f JOIN sports_events AS e USING (game_id);
CREATE FUNCTION pg_temp.km(a text, b text) RETURNS int LANGUAGE sql AS $$ SELECT great_circle_km(x.latitude, x.longitude, y.latitude, y.longitude)::int FROM venue AS x, venue AS y WHERE x.venue = a AND y.venue = b $$;
SELECT results_eq('SELECT home_travel::int, away_travel::int, home_time_zones::int, away_time_zones::int, altitude_diff::int, roof::int FROM f ORDER BY starts_at',
	$$VALUES (0, pg_temp.km('everbank_stadium', 'arrowhead_stadium'), 0, -1, 262, 0),       -- no game before: from their own grounds
	(0, pg_temp.km('empower_field', 'lumen_field'), 0, -1, -1580, 0),
	(pg_temp.km('arrowhead_stadium', 'wembley_stadium'), pg_temp.km('lumen_field', 'wembley_stadium'), 6, 8, -1535, 0),  -- neutral, on the road
	(pg_temp.km('wembley_stadium', 'empower_field'), pg_temp.km('wembley_stadium', 'empower_field'), -7, -7, 1582, 0),
	(NULL, NULL, NULL, NULL, NULL, NULL),                                                    -- neutral ground that nobody names
	(0, NULL, 0, NULL, 1320, 0),                                                             -- and from there
	(0, pg_temp.km('state_farm_stadium', 'allegiant_stadium'), 0, 0, 330, 1)$$, 'travel, time zones, altitude and roof, unknown where the ground is');
INSERT INTO alias (feed, kind, name, target) VALUES ('nflverse', 'venue', 'XXX00', 'lambeau_field');
SELECT is((SELECT replay(max(payload_id)) FROM payload), 1, 'the name is learnt, the payload replayed');
SELECT is((SELECT string_agg(DISTINCT venue, ' ') FILTER (WHERE home_team LIKE 'Las Vegas%') || ' ' || (SELECT count(*) FROM reject) FROM game_venue JOIN sports_events USING (game_id)), 'lambeau_field 0', 'the ground enters');
SELECT is(pg_temp.load('moved.csv', E'x,2023,REG,5,2023-10-12,Thursday,16:00,ARI,10,LV,20,Home,10,30,0,dome,PHO00\n', '2030-02-01'), '1 1 0', 'it is said to be elsewhere');
SELECT is((SELECT string_agg(venue || ' ' || known_at::date, ', ' ORDER BY known_at) FROM game_venue JOIN sports_events USING (game_id) WHERE home_team LIKE 'Las Vegas%'),
	'lambeau_field 2023-09-28, state_farm_stadium 2030-02-01', 'which is known from then on');
SELECT array_agg(g ORDER BY game_id, known_at) AS before FROM game_venue AS g \gset
SELECT is(replay(), 2, 'everything again');
SELECT is((SELECT array_agg(g ORDER BY game_id, known_at)::text FROM game_venue AS g), :'before', 'gives the same rows');

-- ---- the shipped rows are the user's to change -------------------------------------------------------
INSERT INTO home_venue (pool, team, venue, valid_from) VALUES ('nfl', 'Buffalo Bills', 'rogers_centre', '2026-03-01');
SELECT is((SELECT venue FROM pool_grounds('nfl') JOIN team USING (team_id) WHERE name = 'Denver Broncos' AND now() BETWEEN valid_from AND valid_until), 'empower_field', 'grounds as of now');
UPDATE home_venue SET venue = 'wembley_stadium' WHERE team = 'Denver Broncos' AND valid_until = 'infinity';
SELECT is((SELECT builtin FROM home_venue WHERE team = 'Denver Broncos' AND valid_until = 'infinity'), false, 'a row that is changed is the user''s');
SELECT is((SELECT count(*) FROM game_features('NFL', '2023-10-03', '2023-10-04', 'infinity') WHERE altitude_diff = 1320), 1::bigint, 'a game''s own ground stands above it');
SELECT is_empty($$SELECT DISTINCT pool, target FROM alias WHERE kind = 'team' AND builtin AND pool IN ('nfl', 'nba', 'mlb', 'nhl') EXCEPT SELECT pool, team FROM home_venue$$, 'every club that a feed names has a ground');
SELECT is_empty($$SELECT pool, team FROM home_venue WHERE builtin AND pool IN ('nfl', 'nba', 'mlb', 'nhl') EXCEPT SELECT pool, target FROM alias WHERE feed = 'the_odds_api' AND kind = 'team'$$, 'and every ground a club that prices are quoted for, under the same name');
SELECT * FROM finish();
ROLLBACK;
