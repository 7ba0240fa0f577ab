-- rating_history: equal to a replay by hand at every time, corrections in versions, and only new rows for new results.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(48);
\ir elo_replay.inc

SELECT simulate_league(1, 6, 3) AS payload \gset
SELECT is(refresh_ratings('SIM'), 2 * (SELECT count(*) FROM result)::int, 'a row a team and game');
SELECT is(refresh_ratings('SIM'), 0, 'a second call writes nothing');
SELECT is(refresh_ratings(), 0, 'nor does one for all sports');
SELECT is(pg_temp.rating_differences('SIM', '2100-01-01'), 0::bigint, 'all ratings are those of a replay by hand');
SELECT ok(bool_and(rating_before = last), 'a team starts each game where it ended the one before')
FROM (SELECT rating_before, lag(rating_after, 1, 1500) OVER (PARTITION BY team_id ORDER BY rated_at) AS last FROM rating_history) AS x;
SELECT ok(bool_and(abs(h.expected + a.expected - 1) < 1e-12 AND h.score + a.score = 1 AND h.scored = a.allowed
	AND abs(h.rating_after - h.rating_before + a.rating_after - a.rating_before) < 1e-9), 'what one side wins the other loses')
FROM rating_history AS h JOIN rating_history AS a ON a.game_id = h.game_id AND a.team_id = h.opponent_id WHERE h.is_home;
SELECT is((SELECT count(*) FROM rating_history JOIN sport USING (sport) WHERE known_at < starts_at + duration), 0::bigint, 'no rating is known before its game has ended');
SELECT is((SELECT round(avg(r)) FROM (SELECT team_rating(team_id, 'SIM', '2100-01-01') AS r FROM team) AS x), 1500::float8, 'the mean of a closed league stays');

-- ---- one more day ---------------------------------------------------------------------------
CREATE TEMP TABLE last_day AS SELECT * FROM result WHERE known_at = (SELECT max(known_at) FROM result);
CREATE TEMP TABLE complete AS SELECT * FROM rating_history;
DELETE FROM result WHERE known_at = (SELECT max(known_at) FROM result);
SELECT is(refresh_ratings('SIM'), 2 * (SELECT count(*) FROM last_day)::int, 'a withdrawn day takes its rows along');
CREATE TEMP TABLE day_before AS SELECT ctid AS place, * FROM rating_history;
INSERT INTO result SELECT * FROM last_day;
SELECT is(refresh_ratings('SIM'), 2 * (SELECT count(*) FROM last_day)::int, 'a day''s results add their own rows');
SELECT is((SELECT count(*) FROM day_before AS d JOIN rating_history AS h ON h.ctid = d.place AND h.game_id = d.game_id), (SELECT count(*) FROM day_before), 'and touch no other');
SELECT set_eq('SELECT team_id, game_id, rating_after, known_at, valid_until FROM rating_history',
	'SELECT team_id, game_id, rating_after, known_at, valid_until FROM complete', 'day by day or at once is the same');

-- ---- a corrected score -----------------------------------------------------------------------
SELECT game_id AS wrong, known_at AS first FROM result ORDER BY known_at, game_id OFFSET 30 LIMIT 1 \gset
SELECT known_at + interval '10 minutes' AS news FROM result ORDER BY known_at, game_id OFFSET 60 LIMIT 1 \gset
INSERT INTO result SELECT game_id, away_score + 1, home_score, status, detail, :'news', recorded_at, payload_id FROM result WHERE game_id = :wrong;
SELECT refresh_ratings('SIM') AS written \gset
SELECT is(pg_temp.rating_differences('SIM', :'news'::timestamptz - interval '1 second'), 0::bigint, 'before the correction the old ratings stand');
SELECT is(pg_temp.rating_differences('SIM', :'news'), 0::bigint, 'from the correction on the new ones');
SELECT is(pg_temp.rating_differences('SIM', '2100-01-01'), 0::bigint, 'to the end');
SELECT ok(count(*) FILTER (WHERE known_at = :'news') > 10 AND bool_and(known_at = :'news') FILTER (WHERE rated_at < :'news' AND known_at <> rated_at), 'new versions are known from the correction on')
FROM rating_history;
SELECT is((SELECT count(*) FROM rating_history WHERE valid_until = :'news'), (SELECT count(*) FROM rating_history WHERE known_at = :'news'), 'and close the old ones at that moment');
SELECT is((SELECT count(*) FROM rating_history WHERE rated_at < :'first' AND (known_at <> rated_at OR valid_until < 'infinity')), 0::bigint, 'games before the corrected one have one version');
SELECT is((SELECT count(*) FROM rating_history AS a JOIN rating_history AS b USING (team_id, game_id)
	WHERE a.known_at < b.known_at AND a.valid_until > b.known_at), 0::bigint, 'versions do not overlap');
SELECT is(refresh_ratings('SIM'), 0, 'nothing is written twice');
CREATE TEMP TABLE corrected AS SELECT * FROM rating_history;
TRUNCATE rating_history;
SELECT refresh_ratings('SIM') AS written \gset
SELECT set_eq('SELECT team_id, game_id, rating_after, known_at, valid_until FROM rating_history',
	'SELECT team_id, game_id, rating_after, known_at, valid_until FROM corrected', 'rebuilt at once it has the same versions');
INSERT INTO result SELECT game_id, home_score, away_score, 'awarded', detail, :'news'::timestamptz + interval '1 month', recorded_at, payload_id
FROM result WHERE game_id = :wrong LIMIT 1;
SELECT refresh_ratings('SIM') AS written \gset
SELECT is(pg_temp.rating_differences('SIM', '2100-01-01'), 0::bigint, 'a game that a committee takes away moves no rating any more');
SELECT is((SELECT max(valid_until) FROM rating_history WHERE game_id = :wrong), :'news'::timestamptz + interval '1 month', 'its rows end when that became known');

-- a result of 2016 that nobody knew until 2018 had begun
SELECT array_agg(game_id) AS lost FROM (SELECT game_id FROM game JOIN result USING (game_id) WHERE season = 2016 GROUP BY game_id ORDER BY max(known_at), game_id LIMIT 1) AS x \gset
SAVEPOINT late;
UPDATE result SET known_at = (SELECT max(starts_at) FROM fixture JOIN game USING (game_id) WHERE season = 2018) WHERE game_id = ANY (:'lost');
SELECT lives_ok('SELECT refresh_ratings(''SIM'')', 'a result that comes seasons late stops nothing');
SELECT is((SELECT count(*) FROM rating_history WHERE game_id = ANY (:'lost')), 0::bigint, 'and is not rated');
ROLLBACK TO late;

-- ---- seasons: reversion, promotion, newcomers -------------------------------------------------
UPDATE sport SET elo_keep = 0.7, elo_promotes = true, elo_newcomer = 1390 WHERE sport = 'SIM';
-- one team misses the second season, another joins in it
SELECT (array_agg(team_id ORDER BY team_id))[1] AS absent, (array_agg(team_id ORDER BY team_id))[2] AS late FROM team \gset
DELETE FROM result USING game WHERE game.game_id = result.game_id
	AND ((season = 2017 AND :absent IN (home_id, away_id)) OR (season = 2016 AND :late IN (home_id, away_id)));
SELECT refresh_ratings('SIM') AS written \gset
SELECT is(pg_temp.rating_differences('SIM', '2100-01-01'), 0::bigint, 'with reversion, promotion and a newcomer: a replay by hand');
SELECT is((SELECT min(rating_before) FROM rating_history WHERE team_id = :absent AND season = 2018 AND rated_at =
	(SELECT min(rated_at) FROM rating_history WHERE team_id = :absent AND season = 2018)), 1390::float8, 'who missed a season starts as a newcomer');

-- team_rating is what elo_history says before a team's next game
CREATE TEMP TABLE asked AS SELECT t.team_id, y.season, a.at, CASE t.team_id WHEN :absent THEN :late ELSE :absent END AS other
FROM team AS t, (VALUES (2016), (2017), (2018), (2019), (2021)) AS y (season),
	(VALUES ('2016-01-01'::timestamptz), ('2016-12-01'), ('2017-07-01'), ('2018-01-01'), ('2018-07-01'), ('2100-01-01')) AS a (at)
WHERE y.season >= extract(year FROM a.at - interval '7 months') OR a.at = '2100-01-01' AND y.season >= 2019;
SELECT is(count(*) FILTER (WHERE (abs(team_rating(a.team_id, 'SIM', a.at, a.season) - h.home_before) < 1e-9) IS NOT TRUE), 0::bigint,
	format('%s ratings as of a time are what elo_history gives before the next game', count(*)))
FROM asked AS a, LATERAL (SELECT * FROM elo_history(format('SELECT game_id, season, home_id::text AS home, away_id::text AS away, home_score, away_score, neutral
		FROM (SELECT *, 1 AS part FROM rated_games(''SIM'', %L) UNION ALL SELECT 0, %s, %s, %s, NULL, NULL, false, ''infinity'', ''infinity'', 2) AS g
		ORDER BY part, rated_at, game_id', a.at + interval '1 microsecond', a.season, a.team_id, a.other),
	'world_football', advantage => 65, keep => 0.7, newcomer => 1390, promotes => true) AS x WHERE x.game_id = 0) AS h;
SELECT ok(count(*) >= 90, 'at enough times') FROM asked;
SELECT is(team_rating(:absent, 'SIM', NULL), NULL, 'NULL for NULL');
SELECT throws_ok($$SELECT team_rating(1, 'SIM')$$, '22023', 'unknown team 1', 'an unknown team is refused');
SELECT throws_ok(format('SELECT team_rating(%s, ''CURLING'')', :absent), '42704', 'unknown sport "CURLING"', 'an unknown sport is refused');
SELECT throws_ok($$SELECT refresh_ratings('CURLING')$$, '42704', 'unknown sport "CURLING"', 'also to be rated');

-- ---- a hole in the data: of 2018 to 2022 there is no file -------------------------------------
SAVEPOINT hole;
UPDATE game SET season = season + 5 WHERE season >= 2018;
SELECT refresh_ratings('SIM') AS written \gset
SELECT is(pg_temp.rating_differences('SIM', '2100-01-01'), 0::bigint, 'a hole: a replay by hand');
CREATE TEMP TABLE entered AS SELECT f.team_id, f.rated_at, f.rating_before, p.rating_after, p.season
FROM (SELECT DISTINCT ON (team_id) * FROM rating_history WHERE season = 2023 ORDER BY team_id, rated_at) AS f
JOIN (SELECT DISTINCT ON (team_id) * FROM rating_history WHERE season < 2023 ORDER BY team_id, rated_at DESC) AS p USING (team_id);
SELECT is(count(*) FILTER (WHERE abs(rating_before - (0.7 * rating_after + 0.3 * 1500)) < 1e-9), count(*), 'who played the last season there is keeps its rating')
FROM entered WHERE season = 2017 HAVING count(*) = 5;
SELECT is((SELECT rating_before FROM entered WHERE season = 2016 AND team_id = :absent), 1390::float8, 'who missed that one is a newcomer');
SELECT is((SELECT count(*) FROM entered WHERE (abs(team_rating(team_id, 'SIM', rated_at - interval '1 second', 2023) - rating_before) < 1e-9) IS NOT TRUE), 0::bigint, 'team_rating says the same before the game');
SELECT is((SELECT count(*) FROM game_features('SIM', '-infinity', 'infinity') AS f JOIN game AS g USING (game_id)
	WHERE (abs(f.home_elo - team_rating(g.home_id, 'SIM', f.as_of, g.season)) + abs(f.away_elo - team_rating(g.away_id, 'SIM', f.as_of, g.season)) < 1e-9) IS NOT TRUE), 0::bigint, 'and so do the features');
SELECT is(season_before('SIM', 2023, '2100-01-01'), 2017, 'season_before passes over the hole');
SELECT is(ARRAY[season_before('SIM', 2023, '2017-01-01'), season_before('SIM', 2016, '2100-01-01')], '{2016,NULL}', 'as known at the time, and NULL before the first');
SELECT ok(abs(team_rating(:absent, 'SIM', '2017-01-01', 2023) - (0.7 * team_rating(:absent, 'SIM', '2017-01-01') + 450)) < 1e-9, 'before 2017 was known to be played nobody had missed it');
ROLLBACK TO hole;

-- ---- draws ----------------------------------------------------------------------------------
SELECT ok(abs(sum(nu * s / (1 + nu * s)) - count(*) FILTER (WHERE score = 0.5)) < 1e-6 AND max(nu) > 0.2, 'elo_draw expects as many draws as there were')
FROM rating_history, sqrt(expected * (1 - expected)) AS s, elo_draw('SIM', '2018-01-01') AS nu
WHERE is_home AND known_at <= '2018-01-01' AND '2018-01-01' < valid_until;
SELECT is(elo_draw('SIM', '2000-01-01'), NULL, 'unknown while no game is');
SELECT is(elo_draw('NFL'), 0::float8, 'none where a draw is not an outcome');
SELECT throws_ok($$SELECT elo_draw('CURLING')$$, '42704', 'unknown sport "CURLING"', 'elo_draw refuses an unknown sport');
SELECT is((SELECT count(*) FROM sport, sport_elo(sport) AS e WHERE (e.k > 0 AND e.advantage >= 0 AND e.keep <= 1 AND e.mean >= e.newcomer) IS NOT TRUE), 0::bigint, 'every sport can be rated');

-- ---- a level score where there is none: the feed errs, and nobody else waits for it ----------
INSERT INTO sport (sport, title, family, pool, outcomes, time_zone, default_start, duration, elo_rules) VALUES ('KBL', 'Basketball', 'basketball', 'kbl', 2, 'UTC', '19:00', '2:15', 'nba');
INSERT INTO team (team_id, pool, name) SELECT stable_id('kbl:' || n), 'kbl', n FROM unnest('{A,B}'::text[]) AS n;
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) SELECT stable_id('kbl' || i), 'KBL', 2020, stable_id('kbl:A'), stable_id('kbl:B'), 'kbl' || i FROM generate_series(1, 3) AS i;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT stable_id('kbl' || i), timestamptz '2020-10-01 19:00+00' + i * interval '1 day', true, '2020-09-01', now(), :payload FROM generate_series(1, 3) AS i;
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT stable_id('kbl' || i), 90 + i, 92, 'final', timestamptz '2020-10-01 22:00+00' + i * interval '1 day', now(), :payload FROM generate_series(1, 3) AS i;
SELECT is(refresh_ratings(), 4, 'basketball that is said to have ended level is not rated, the other games are');
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id) VALUES (stable_id('kbl2'), 92, 91, 'final', '2020-10-05', now(), :payload);
SELECT refresh_ratings() \g /dev/null
SELECT is((SELECT count(*) FROM rating_history WHERE sport = 'KBL' AND valid_until = 'infinity'), 6::bigint, 'once it is corrected it is');

SELECT * FROM finish();
ROLLBACK;
