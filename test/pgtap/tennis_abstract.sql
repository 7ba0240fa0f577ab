-- Jeff Sackmann's tables: made-up matches in their shape, with every trap that the real ones have; then the real ones, when they are there.
SELECT :'data' <> '' AS has_data \gset
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(22);

CREATE FUNCTION pg_temp.load(file text, lines text, at timestamptz DEFAULT '2031-01-01') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('tennis_abstract', file, convert_to(lines, 'LATIN1'), at) $$;
CREATE FUNCTION pg_temp.matches(lines text) RETURNS text LANGUAGE sql AS $$
	SELECT E'tourney_id,tourney_name,surface,draw_size,tourney_level,tourney_date,match_num,winner_id,winner_seed,winner_name,winner_ht,loser_id,loser_seed,loser_name,loser_ht,score,best_of,round,minutes,w_ace,l_ace,winner_rank,loser_rank\n' || lines $$;
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'tennis_abstract', 'team', 'atp', n, n FROM unnest('{Ann Ace,Bob Böll,Cy Chip,Di Drop,Ed Even,Flo Fore}'::text[]) AS n;

SELECT is(pg_temp.load('atp_matches_2030.csv', pg_temp.matches(
	E'2030-1,Major,Grass,128,G,20300114,1,1,1,Ann Ace,190,2,,Bob Böll,,6-4 3-6 7-6(5) 6-2,5,R128,150,10,4,1,90\n'
	'2030-1,Major,Grass,128,G,20300114,2,1,1,Ann Ace,190,3,,Cy Chip,,6-4 6-4 6-4,3,F,150,10,4,1,80\n'
	'2030-1,Major,Grass,128,G,20300114,3,3,,Cy Chip,,4,,Di Drop,,W/O,5,SF,0,,,,\n'
	'2030-2,Open,,32,A,20291231,1,2,,Bob Böll,,4,,Di Drop,,6-3 2-1 RET,3,R32,,3,2,90,\n'
	'2030-2,Open,Clay,32,A,20291231,2,5,,Ed Even,,6,,Flo Fore,,6-5 DEF,3,R32,,3,2,,\n'
	'2030-2,Open,Clay,32,A,20291231,3,5,,Ed Even,,6,,Flo Fore,,6-3 0-0 Def.,3,F,,3,2,,\n'
	'2030-D,Cup,,4,D,20300202,1,1,,Ann Ace,,6,,Flo Fore,,6-4 6-7(4) [10-4],3,RR,,,,,\n'
	'2030-D,Cup,,4,D,20300202,2,1,,Ann Ace,,5,,Ed Even,,6-4 6-7(4) [4-10],3,RR,,,,,\n'
	'2030-N,Youth,Hard,8,F,20301120,1,3,,Cy Chip,,6,,Flo Fore,,3-4(6) 4-1 4-2 3-4(9) 4-1,5,F,131,,,,\n'
	'2030-B,Bronze,Hard,64,A,20300720,1,3,,Cy Chip,,5,,Ed Even,,6-1 6-1,3,BR,60,,,,\n')), '10 10 0 0', 'ten matches');
SELECT results_eq($$SELECT r.detail ->> 'tournament', stage, season, starts_at::date, e.status, greatest(e.home_score, e.away_score), least(e.home_score, e.away_score) FROM sports_events AS e JOIN result AS r USING (game_id) ORDER BY 4, 1, 2 DESC, 3$$, $$VALUES
	('Open', 'R32', 2030, '2029-12-31'::date, 'abandoned', NULL::int, NULL::int), ('Open', 'R32', 2030, '2029-12-31', 'abandoned', NULL, NULL), ('Open', 'F', 2030, '2030-01-06', 'abandoned', NULL, NULL),
	('Major', 'R128', 2030, '2030-01-14', 'final', 3, 1), ('Major', 'SF', 2030, '2030-01-24', 'cancelled', NULL, NULL), ('Major', 'F', 2030, '2030-01-27', 'final', 3, 0),
	('Cup', 'RR', 2030, '2030-02-02', 'final', 2, 1), ('Cup', 'RR', 2030, '2030-02-03', 'final', 2, 1), ('Bronze', 'BR', 2030, '2030-07-26', 'final', 2, 0), ('Youth', 'F', 2030, '2030-11-26', 'final', 3, 2)$$,
	'retired, defaulted, walked over, short sets, match tie-breaks; rounds over the days of the tournament, a season that begins in December');
SELECT is(count(*) FILTER (WHERE (e.home_score > e.away_score) = (r.detail ->> 'winner' = 'home')), 6::bigint, 'the side that won is the side with more sets')
FROM sports_events AS e JOIN result AS r USING (game_id) WHERE e.status = 'final';
SELECT is(r.detail, CASE WHEN e.home_team = 'Ann Ace' THEN '{"winner": "home", "sets": "6-4 3-6 7-6(5) 6-2", "tournament": "Major", "tournament_id": "2030-1", "surface": "Grass", "level": "G", "round": "R128", "best_of": 5, "minutes": 150,
		"home_id": "1", "home_seed": "1", "home_ht": "190", "home_ace": "10", "home_rank": "1", "away_id": "2", "away_ace": "4", "away_rank": "90"}'::jsonb
	ELSE '{"winner": "away", "sets": "4-6 6-3 6-7(5) 2-6", "tournament": "Major", "tournament_id": "2030-1", "surface": "Grass", "level": "G", "round": "R128", "best_of": 5, "minutes": 150,
		"away_id": "1", "away_seed": "1", "away_ht": "190", "away_ace": "10", "away_rank": "1", "home_id": "2", "home_ace": "4", "home_rank": "90"}' END, 'every column goes with its side, and what is empty is not there')
FROM sports_events AS e JOIN result AS r USING (game_id) WHERE e.stage = 'R128';
SELECT is(r.detail ->> 'best_of', '5', 'three sets won of a match said to be of three') FROM result AS r JOIN fixture AS f USING (game_id) WHERE f.stage = 'F' AND r.home_score + r.away_score = 3;
SELECT is(count(*), 10::bigint, 'ground is neutral, the hour is not known') FROM fixture WHERE neutral AND NOT time_known;
SELECT is(first_is_home(2030, 'Ann Ace', 'Cy Chip'), NOT first_is_home(2030, 'Cy Chip', 'Ann Ace'), 'home is who it is whoever is named first');
SELECT results_eq($$SELECT count(*) BETWEEN 4850 AND 5150 FROM generate_series(1, 10000) AS i WHERE first_is_home(2030, 'p' || i, 'q' || i)$$, $$VALUES (true)$$, 'and is the first of them every other time');
SELECT is(name, 'Bob Böll', 'Latin-1') FROM players WHERE pool = 'atp' AND player_id = '2';

SELECT is(pg_temp.load('atp_matches_2031.csv', pg_temp.matches(
	E'2031-1,Open,Clay,32,A,20310199,1,1,,Ann Ace,,2,,Bob Böll,,6-3 6-3,3,R32,60,,,,\n'
	'2031-1,Open,Clay,32,A,20310106,2,1,,Ann Ace,,2,,,,6-3 6-3,3,R32,60,,,,\n'
	'2031-1,Open,Clay,32,A,20310106,3,1,,Ann Ace,,2,,Bob Böll,,6-3 3-6,3,R32,60,,,,\n'
	'2031-1,Open,Clay,32,A,20310106,4,1,,Ann Ace,,22,,Cy Chip,,6-3 6-3,3,R32,60,,,,\n'
	'2031-1,Open,Clay,32,A,20310106,5,1,,Ann Ace,,7,,Guy Gone,,6-3 6-3,3,R32,60,,,,\n'), '2031-02-01'), '5 0 0 5', 'five that stay out');
SELECT results_eq($$SELECT reason, detail FROM reject ORDER BY line_no$$, $$VALUES ('bad_date', 'not a day as yyyymmdd, or no round: ''20310199'', ''R32'''), ('short_row', 'a player is missing'), ('bad_score', 'best of 3, ''6-3 3-6'''),
	('unknown_team', 'two players are named ''Cy Chip'': give their ids aliases'), ('unknown_team', concat('alias has no team of ATP named ', '''Guy Gone'''))$$, 'each with its reason; a name that two players have is none');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('tennis_abstract', 'team', 'atp', '22', 'Cy Chip (22)');
SELECT replay(max(payload_id)) AS replayed FROM payload \gset
SELECT is(count(*), 1::bigint, 'until the id has an alias') FROM sports_events WHERE 'Cy Chip (22)' IN (home_team, away_team);
SELECT is(pg_temp.load('atp_players.csv', E'player_id,name_first,name_last,hand,dob,ioc,height,wikidata_id\n1,Ann,Ace,L,20050131,ESP,,Q1\n9,,,U,,,,\n'), '2 0 0 0', 'players');
SELECT is(detail, '{"hand": "L", "birth": "2005-01-31", "country": "ESP"}', 'what is said of them') FROM players WHERE player_id = '1';
SELECT is(pg_temp.load('atp_rankings_30s.csv', E'ranking_date,rank,player,points\n20310106,1,1,9000\n20310106,2,2,\n20310140,1,1,9\n'), '3 0 0 1', 'rankings');
SELECT is(pg_temp.load('atp_rankings_30s.csv', E'ranking_date,rank,player,points\n20310106,1,1,9000\n20310106,3,2,\n', '2031-03-01'), '2 0 0 0', 'and a correction');
SELECT results_eq($$SELECT player_id, rank, points, known_at FROM ranking ORDER BY known_at, rank$$, $$VALUES ('1', 1, 9000, '2031-01-01 00:00:00.000002+00'::timestamptz), ('2', 2, NULL, '2031-01-01 00:00:00.000002+00'), ('2', 3, NULL, '2031-03-01')$$,
	'known when they came; what is said again is not stored again');
SELECT is(pg_temp.load('matches.csv', 'x'), '0 0 0 1', 'a table of no tour is none');
CREATE FUNCTION pg_temp.rows() RETURNS SETOF jsonb LANGUAGE sql AS $$
	SELECT to_jsonb(x) FROM fixture AS x UNION ALL SELECT to_jsonb(x) FROM result AS x UNION ALL SELECT to_jsonb(x) FROM pregame AS x UNION ALL SELECT to_jsonb(x) FROM ranking AS x UNION ALL SELECT to_jsonb(x) FROM player_name AS x
	UNION ALL SELECT to_jsonb(x) FROM game AS x UNION ALL SELECT to_jsonb(x) FROM players AS x UNION ALL SELECT to_jsonb(x) - 'reject_id' FROM reject AS x $$;
CREATE TEMP TABLE before AS SELECT pg_temp.rows() AS row;
SELECT replay() AS replayed \gset
SELECT bag_eq('SELECT pg_temp.rows() AS row', 'SELECT row FROM before', 'replay() gives matches, players, rankings and rejects again');

\if :has_data
SET bet_edge.data = :'data';
INSERT INTO alias (feed, kind, pool, name, target)
SELECT DISTINCT 'tennis_abstract', 'team', f.tour, n, n
FROM (SELECT 'atp' AS tour, 'tennis/atp_matches_2018.csv' AS name UNION ALL VALUES ('atp', 'payloads/tennis/atp_matches_2023_sample.csv'), ('wta', 'payloads/tennis/wta_matches_2023_sample.csv')) AS f
CROSS JOIN LATERAL csv_rows(decode_text(pg_read_binary_file(current_setting('bet_edge.data') || '/' || f.name))) AS r CROSS JOIN LATERAL (VALUES (r.fields[11]), (r.fields[19])) AS p (n) WHERE r.line_no > 1;
CREATE TEMP TABLE loaded AS SELECT l.rows_read, l.games, l.rejects, f.name FROM (VALUES ('tennis/atp_matches_2018'), ('payloads/tennis/atp_matches_2023_sample'), ('payloads/tennis/wta_matches_2023_sample'), ('payloads/tennis/atp_players_sample'),
	('payloads/tennis/atp_rankings_sample')) AS f (name), load_payload('tennis_abstract', f.name || '.csv', pg_read_binary_file(current_setting('bet_edge.data') || '/' || f.name || '.csv'), '2031-12-01') AS l;
SELECT results_eq('SELECT concat_ws('' '', rows_read, games, rejects) FROM loaded ORDER BY name', $$VALUES ('29 29 0'), ('7 0 0'), ('7 0 0'), ('26 26 0'), ('2897 2897 0')$$, 'real tables: every row is in');
SELECT is(count(*) FILTER (WHERE r.detail ->> 'winner' = 'home') BETWEEN 1360 AND 1540, true, 'who won says nothing of who is home')
FROM sports_events AS e JOIN result AS r USING (game_id) WHERE e.season = 2018;
SELECT is(count(*), 0::bigint, 'no player is in two rounds of a tournament in the wrong order')
FROM (SELECT r.detail ->> 'tournament_id' AS t, p.n, e.starts_at, array_position('{RR,R128,R64,R32,R16,QF,SF,BR,F}', e.stage) AS round, lag(e.starts_at) OVER w AS before
	FROM sports_events AS e JOIN result AS r USING (game_id) CROSS JOIN LATERAL (VALUES (e.home_team), (e.away_team)) AS p (n) WHERE e.season = 2018 AND e.stage <> 'RR'
	WINDOW w AS (PARTITION BY r.detail ->> 'tournament_id', p.n ORDER BY array_position('{RR,R128,R64,R32,R16,QF,SF,BR,F}', e.stage))) AS s WHERE s.starts_at <= s.before;
\else
SELECT skip('no DATA_DIR', 3);
\endif
SELECT * FROM finish();
ROLLBACK;
