-- Players' lines of games: made-up tables in the shape of the real ones, with every trap that those have.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(27);

CREATE FUNCTION pg_temp.nba(lines text, at timestamptz DEFAULT '2019-07-01') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('nba_stats', 'season.csv', convert_to(
	E'season,game_date,game_id,player_id,player_name,team,opp,home,starter,pos,min,pts,reb,ast,stl,blk,tov,fgm,fga,fg3m,fg3a,ftm,fta,oreb,team_won\n' || lines, 'UTF8'), at) $$;
-- a game in overtime, the franchise under its old code, two players of one name, an empty count
SELECT is(pg_temp.nba(
	E'2011-12,2011-12-25,0021100001,11,Al Bee,NJN,BOS,1,1,G,150.00,60,7,4,0,0,3,20,24,8,9,12,12,0,1\n'
	'2011-12,2011-12-25,0021100001,12,Bo Cee,NJN,BOS,1,0,,115.00,41,0,2,1,0,0,20,30,1,4,0,0,,1\n'
	'2011-12,2011-12-25,0021100001,13,Al Bee,BOS,NJN,0,1,F,265.00,99,0,2,1,0,0,40,90,9,14,10,20,5,0\n'
	'2011-12,2012-01-05,0021100099,11,Al Bee,BOS,NJN,1,1,G,240.00,80,7,4,0,0,3,20,24,8,9,12,12,0,0\n'
	'2011-12,2012-01-05,0021100099,12,Bo Cee,NJN,BOS,0,1,G,0.00,81,7,4,0,0,3,20,24,8,9,12,12,0,1\n'), '5 2 0 0', 'five lines are two games');
SELECT results_eq($$SELECT e.home_team, e.away_team, e.home_score, e.away_score, e.starts_at, e.time_known, r.detail -> 'overtime' FROM sports_events AS e JOIN result AS r USING (game_id) ORDER BY e.starts_at$$,
	$$VALUES ('Brooklyn Nets', 'Boston Celtics', 101, 99, '2011-12-26 00:00+00'::timestamptz, false, '1'::jsonb), ('Boston Celtics', 'Brooklyn Nets', 80, 81, '2012-01-06 00:00+00', false, '-5')$$,
	'their score is the sum of the points, overtime follows from the minutes; codes of the time');
SELECT results_eq($$SELECT g.player_id, p.name, t.name, g.starter, g.minutes, g.stats ->> 'points', g.stats ->> 'position', g.stats ? 'offensive_rebounds', g.known_at FROM player_game AS g JOIN players AS p USING (pool, player_id)
	JOIN team AS t USING (team_id) ORDER BY known_at, player_id$$, $$VALUES
	('11', 'Al Bee', 'Brooklyn Nets', true, 150::float8, '60', 'G', true, '2011-12-26 02:30+00'::timestamptz), ('12', 'Bo Cee', 'Brooklyn Nets', false, 115, '41', NULL, false, '2011-12-26 02:30+00'),
	('13', 'Al Bee', 'Boston Celtics', true, 265, '99', 'F', true, '2011-12-26 02:30+00'), ('11', 'Al Bee', 'Boston Celtics', true, 240, '80', 'G', true, '2012-01-06 02:30+00'),
	('12', 'Bo Cee', 'Brooklyn Nets', true, 0, '81', 'G', true, '2012-01-06 02:30+00')$$, 'lines: ids decide where two have one name; known when the game is over');
SELECT results_eq($$SELECT player_id, t.name, known_at FROM player_team JOIN team AS t USING (team_id) ORDER BY known_at, player_id$$, $$VALUES ('11', 'Brooklyn Nets', '2011-12-26 02:30+00'::timestamptz),
	('12', 'Brooklyn Nets', '2011-12-26 02:30+00'), ('13', 'Boston Celtics', '2011-12-26 02:30+00'), ('11', 'Boston Celtics', '2012-01-06 02:30+00')$$, 'a row where the team changes');
SELECT results_eq($$SELECT t.name FROM unnest('{2011-12-26 02:29+00,2011-12-27,2012-02-01}'::timestamptz[]) AS at LEFT JOIN player_teams(at) AS p ON p.player_id = '11' LEFT JOIN team AS t USING (team_id) ORDER BY at$$,
	$$VALUES (NULL), ('Brooklyn Nets'), ('Boston Celtics')$$, 'the team as of a time');
SELECT is(count(*), 2::bigint, 'and so the games of a player') FROM sports_events AS e JOIN player_teams('2012-02-01') AS p ON p.team_id IN (e.home_id, e.away_id) WHERE p.player_id = '11';
-- a correction, a line said again, a name that changed, and what stays out
SELECT is(pg_temp.nba(
	E'2011-12,2011-12-25,0021100001,11,Al Bee,NJN,BOS,1,1,G,150.00,60,8,4,0,0,3,20,24,8,9,12,12,0,1\n'
	'2011-12,2011-12-25,0021100001,12,Bo Cee Jr.,NJN,BOS,1,0,,115.00,41,0,2,1,0,0,20,30,1,4,0,0,,1\n'
	'2011-12,2011-12-25,0021100001,12,Bo Cee Jr.,NJN,BOS,1,0,,115.00,0,0,2,1,0,0,20,30,1,4,0,0,,1\n'
	'2011-12,2011-12-25,0021100001,13,Al Bee,BOS,NJN,0,1,F,265.00,99,0,2,1,0,0,40,90,9,14,10,20,5,0\n'
	'2011-12,2011-12-25,0021100001,14,No One,CHI,NJN,,1,F,1.00,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n'
	'2011-12,2011-12-25,0021100001,15,No Two,ZZZ,NJN,,1,F,1.00,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n'
	'2011-12,2011-12-26,0021100002,16,One Side,CHI,MIA,1,1,F,1.00,10,0,0,0,0,0,0,0,0,0,0,0,0,0\n'
	'2011-12,2011-12-27,0021100003,16,One Side,CHI,MIA,1,1,F,1.00,10,0,0,0,0,0,0,0,0,0,0,0,0,0\n'
	'2011-12,2011-12-27,0021100003,17,Two Side,MIA,CHI,0,1,F,1.00,12,0,0,0,0,0,0,0,0,0,0,0,0,1\n'
	'2011-12,2011-12-28,0021100004,16,One Side,CHI,MIA,1,1,F,1.00,10,0,0,0,0,0,0,0,0,0,0,0,0,0\n'
	'2011-12,2011-12-28,0021100004,17,Two Side,MIA,CHI,0,1,F,1.00,9,0,0,0,0,0,0,0,0,0,0,0,0,1\n', '2019-08-01'), '11 2 0 8', 'a second edition');
SELECT results_eq($$SELECT reason, count(*), min(detail) FROM reject GROUP BY reason ORDER BY 1$$, $$VALUES
	('bad_score', 1::bigint, 'game 0021100004: points of the players 10-9, and the home side is said to have lost'), ('contradicts_feed', 1, 'CHI does not play in the game 0021100001'),
	('duplicate_row', 1, 'Bo Cee Jr. is in the game 0021100001 already'), ('short_row', 1, 'game 0021100002 has players of one side alone'),
	('unknown_game', 3, 'the game 0021100002 of One Side is not there'), ('unknown_team', 1, 'alias has no team of NBA named ''ZZZ''')$$, 'what stays out, and why');
SELECT results_eq($$SELECT stats ->> 'rebounds', known_at FROM player_game WHERE player_id = '11' AND known_at < '2012-01-01' OR player_id = '11' AND known_at > '2019-01-01' ORDER BY known_at$$,
	$$VALUES ('7', '2011-12-26 02:30+00'::timestamptz), ('8', '2019-08-01')$$, 'a correction is known from its payload on');
SELECT is(count(*), 1::bigint, 'what is said again is not stored again') FROM player_game WHERE player_id = '13';
SELECT results_eq($$SELECT stats ->> 'rebounds' FROM unnest('{2019-07-15,2019-08-15}'::timestamptz[]) AS at CROSS JOIN LATERAL player_games(at) AS g JOIN game AS x USING (game_id) WHERE g.player_id = '11' AND x.game_key ~ 'Boston Celtics:1$' ORDER BY at$$,
	$$VALUES ('7'), ('8')$$, 'lines as of a time');
SELECT results_eq($$SELECT p.name, k.name FROM players AS p JOIN player_name AS k USING (pool, player_id) WHERE player_id = '12' ORDER BY k.last_at, k.name$$, $$VALUES ('Bo Cee', 'Bo Cee Jr.'), ('Bo Cee', 'Bo Cee')$$,
	'every name is kept; the one in use last is the player''s');
SELECT throws_ok($$INSERT INTO player_game SELECT game_id, 'nba', 'ghost', team_id, role, starter, minutes, stats, now(), now(), payload_id FROM player_game LIMIT 1$$, '23503', NULL, 'no line without a player');

-- ---- baseball ----------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.mlb(file text, lines text, at timestamptz DEFAULT '2021-01-01') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('retrosheet', file, convert_to(CASE file
	WHEN 'batters' THEN E'season,date,game_id,player_id,player_name,team,opp,home,starter,slot,pos,bats,opp_sp_id,opp_sp_throws,pa,ab,h,hr,bb,so,hbp,sh,sf,b2,b3\n'
	WHEN 'pitchers' THEN E'season,date,game_id,player_id,player_name,team,opp,home,starter,throws,outs,bf,h,er,bb,so,hr,hbp\n' ELSE E'player_id,name_as_recorded,appearances,is_most_common,seasons\n' END || lines, 'UTF8'), at) $$;
SELECT is(pg_temp.mlb('batters',
	E'2020,2020-08-01,NYN202008011,ohtas001,Shoe Hey,ANA,NYN,0,1,1,P,L,degrj001,R,5,4,2,1,1,1,0,0,0,1,0\n'
	'2020,2020-08-01,NYN202008012,ohtas001,Shoe Hey,ANA,NYN,0,1,1,DH,L,degrj001,R,4,4,0,0,0,1,0,0,0,0,0\n'
	'2020,2020-08-01,NYN202008012,smitw001,Will Smith,NYN,ANA,1,1,1,C,R,xxxxx001,R,4,4,0,0,0,1,0,0,0,0,0\n'), '3 2 0 0', 'batters of a double-header');
SELECT is(pg_temp.mlb('pitchers', E'2020,2020-08-01,NYN202008011,ohtas001,Shoe Hey,ANA,NYN,0,1,R,18,22,4,,2,9,1,0\n2020,2020-08-01,NYN202008012,smitw002,Will Smith,NYN,ANA,1,0,L,3,3,0,0,0,3,0,0\n', '2021-01-02'), '2 2 0 0', 'and its pitchers');
SELECT results_eq($$SELECT g.role, g.minutes, g.stats FROM player_game AS g WHERE g.player_id = 'ohtas001' ORDER BY g.known_at, g.role LIMIT 2$$, $$VALUES
	('batter', NULL::float8, '{"hits": 2, "walks": 1, "at_bats": 4, "doubles": 1, "triples": 0, "position": "P", "bats": "L", "home_runs": 1, "strikeouts": 1, "total_bases": 6, "hit_by_pitch": 0, "batting_order": 1, "sacrifice_hits": 0,
		"sacrifice_flies": 0, "opposing_starter": "degrj001", "opposing_throws": "R", "plate_appearances": 5}'::jsonb),
	('pitcher', NULL, '{"outs": 18, "hits": 4, "walks": 2, "throws": "R", "home_runs": 1, "strikeouts": 9, "hit_by_pitch": 0, "batters_faced": 22}')$$, 'a man may bat and pitch in one game; earned runs are not always there');
SELECT results_eq($$SELECT e.starts_at, e.home_team, e.status FROM sports_events AS e WHERE sport = 'MLB' ORDER BY 1$$,
	$$VALUES ('2020-08-01 23:00+00'::timestamptz, 'New York Mets', 'scheduled'), ('2020-08-02 02:30+00', 'New York Mets', 'scheduled')$$, 'two games, the second when the first is over; their results come from another feed');
SELECT is(array_agg(player_id ORDER BY player_id), '{smitw001,smitw002}', 'two men of one name') FROM players WHERE name = 'Will Smith';
SELECT is(pg_temp.mlb('names', E'smitw001,Will Smith,90,1,2019 2020\nsmitw001,William Smith,7,0,2019\nsmitw001,Wil Smith,1,0,2020\nvasqf001,Filipe Alt,50,0,2015\nvasqf001,Felipe Vázquez,60,1,2019\n', '2021-01-03'), '5 0 0 1', 'names');
SELECT results_eq($$SELECT reason, detail FROM reject WHERE sport = 'MLB'$$, $$VALUES ('rare_name', 'smitw001 is Wil Smith 1 times')$$, 'one that was used once may be a slip');
SELECT results_eq($$SELECT p.name, array_agg(k.name ORDER BY k.known_at, k.name) FROM players AS p JOIN player_name AS k USING (pool, player_id) WHERE player_id IN ('smitw001', 'vasqf001') GROUP BY p.name ORDER BY 1$$,
	$$VALUES ('Felipe Vázquez', '{Filipe Alt,Felipe Vázquez}'::text[]), ('Will Smith', '{Will Smith,William Smith}')$$, 'a changed name, an accent');
SELECT is(pg_temp.mlb('pitchers', E'2020,2020-08-01,NYN2020,ohtas001,Shoe Hey,ANA,NYN,0,1,R,18,22,4,,2,9,1,0\n', '2021-01-04'), '1 0 0 2', 'a game that is not named by club, day and number');
SELECT is(pg_temp.mlb('x', '', '2021-01-05') || pg_temp.nba('', '2021-01-06'), '0 0 0 00 0 0 0', 'tables without rows');
SELECT results_eq($$SELECT rejects FROM load_payload('retrosheet', 'y', 'a,b', '2021-01-07') UNION ALL SELECT rejects FROM load_payload('nba_stats', 'y', 'a,b', '2021-01-07')$$, $$VALUES (1), (1)$$, 'other tables');

-- ---- patterns ------------------------------------------------------------------------------------------------
SELECT is((SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('nba_stats', 'patterns', convert_to('game_id,season,date,home,away,' || (SELECT string_agg('d' || to_char(i, 'FM00'), ',' ORDER BY i) FROM generate_series(1, 24) AS i)
	|| E',half_diff,final_diff,half_home,half_away,final_home,final_away,ot_periods\n' || string_agg(concat_ws(',', g, '1999-00,1999-11-02', h, 'VAN', d, half, 5, 50, 26, 105, 100, 1), E'\n'), 'UTF8'), '2021-02-01')), '4 1 0 3', 'games by minutes')
FROM (VALUES ('0029900001', 'CHH', array_to_string(array(SELECT generate_series(1, 24)), ','), 24), ('0029900002', 'QQQ', array_to_string(array(SELECT generate_series(1, 24)), ','), 24),
	('0029900003', 'CHH', array_to_string(array(SELECT generate_series(1, 24)), ','), 23), ('0029900001', 'CHH', array_to_string(array(SELECT generate_series(1, 24)), ','), 24)) AS v (g, h, d, half);
SELECT results_eq($$SELECT event_id, season, h.name, a.name, pattern[12], half_diff, final_diff, overtime, known_at FROM score_pattern_history JOIN team AS h ON h.team_id = home_id JOIN team AS a ON a.team_id = away_id$$,
	$$VALUES ('0029900001', 1999, 'Charlotte Hornets', 'Memphis Grizzlies', 12, 24, 5, 1, '1999-11-03 02:30+00'::timestamptz)$$, 'home minus away, by the codes of the time');

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$ SELECT md5(concat((SELECT string_agg(f::text, ';' ORDER BY f::text) FROM player_game AS f), (SELECT string_agg(r::text, ';' ORDER BY r::text) FROM player_team AS r),
	(SELECT string_agg(x::text, ';' ORDER BY x::text) FROM player_name AS x), (SELECT string_agg(x::text, ';' ORDER BY x::text) FROM score_pattern_history AS x), (SELECT string_agg(x::text, ';' ORDER BY x::text) FROM reject AS x),
	(SELECT string_agg(x::text, ';' ORDER BY x::text) FROM players AS x), (SELECT string_agg(x::text, ';' ORDER BY x::text) FROM fixture AS x))) $$;
SELECT pg_temp.fingerprint() AS first, replay() AS payloads \gset
SELECT is(pg_temp.fingerprint(), :'first', 'a replay gives the same rows');
SELECT * FROM finish();
ROLLBACK;
