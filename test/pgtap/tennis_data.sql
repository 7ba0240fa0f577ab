-- Matches and odds of tennis-data.co.uk, in made-up matches with every defect that the files have.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(33);
CREATE FUNCTION pg_temp.load(file text, lines text, at timestamptz DEFAULT '2030-01-01') RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql AS $$ SELECT rows_read, games, quotes, rejects FROM load_payload('tennis_data', file, convert_to(lines, 'UTF8'), at) $$;
CREATE FUNCTION pg_temp.rejected(file text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', r.line_no, r.reason, r.detail) FROM reject AS r JOIN payload AS p USING (payload_id) WHERE p.name = file ORDER BY r.line_no, r.reason, r.detail $$;
-- a match from its winner's side
CREATE VIEW pg_temp.match AS
	SELECT e.starts_at, e.status, r.detail ->> 'winner' AS won, CASE r.detail ->> 'winner' WHEN 'home' THEN e.home_team ELSE e.away_team END AS winner,
		CASE r.detail ->> 'winner' WHEN 'home' THEN e.away_team ELSE e.home_team END AS loser,
		CASE r.detail ->> 'winner' WHEN 'home' THEN concat(e.home_score, '-', e.away_score) ELSE concat(e.away_score, '-', e.home_score) END AS sets,
		r.detail ->> 'sets' AS games, e.season, e.game_id
	FROM sports_events AS e CROSS JOIN LATERAL (SELECT * FROM result AS x WHERE x.game_id = e.game_id ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS r WHERE e.sport = 'ATP';

\set header 'ATP,Location,Tournament,Date,Series,Court,Surface,Round,Best of,Winner,Loser,WRank,LRank,WPts,LPts,W1,L1,W2,L2,W3,L3,W4,L4,W5,L5,Wsets,Lsets,Comment,B365W,B365L,EXW,EXL,PSW,PSL,MaxW,MaxL\n'
SELECT results_eq($$SELECT * FROM pg_temp.load('2013.csv', E'$$ || :'header' || $$'
	'1,A,Open,2012-12-31,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Baker B.,28,NR,1215,,6,4,6,4,,,,,,,2,0,Completed,1.36,3,1.45,2.65,1.47,2.85,1.5,3.1\n'
	'1,A,Open,2013-01-02,ATP250,Outdoor,Hard,Semifinals,3,Adams A.,Carter C.,28,57,1215,778,6,4,4,1,,,,,,,1,0,Retired,1.36,3,,,1.47,2.85,1.5,3.1\n'
	'1,A,Open,2013-01-03,ATP250,Outdoor,Hard,The Final,3,Adams A.,Evans E.,28,57,1215,778,6,7,7,6,7,5,,,,,2,1,Completed,1.36,3,,,,,,\n'
	'1,A,Open,2013-01-03,ATP250,Outdoor,Hard,Semifinals,3,Evans E.,Davis D.,28,57,1215,778,,,,,,,,,,,,,Walkover,1.36,3,,,,,,\n'
	'2,B,Slam,2013-05-27,Grand Slam,Outdoor,Clay,1st Round,5,Baker B.,Adams A.,28,57,1215,778,6,4,3,6,6,7,6,0,9,7,3,2,Completed,2.36,1.6,,,,,2.5,1.7\n')$$,
	$$VALUES (5, 0, 0, 5)$$, 'players nobody has registered wait');
SELECT results_eq($$SELECT register_names('tennis_data', 'ATP')$$, $$VALUES ('Adams A.'), ('Baker B.'), ('Carter C.'), ('Davis D.'), ('Evans E.')$$, 'the draw is registered');
SELECT results_eq($$SELECT winner, loser, status, sets, season, starts_at FROM pg_temp.match ORDER BY starts_at, winner$$, $$VALUES
	('Adams A.', 'Baker B.', 'final', '2-0', 2013, '2012-12-31 12:00+00'::timestamptz), ('Adams A.', 'Carter C.', 'abandoned', '-', 2013, '2013-01-02 12:00+00'),
	('Evans E.', 'Davis D.', 'cancelled', '-', 2013, '2013-01-03 12:00+00'), ('Adams A.', 'Evans E.', 'final', '2-1', 2013, '2013-01-03 16:00+00'),
	('Baker B.', 'Adams A.', 'final', '3-2', 2013, '2013-05-27 12:00+00')$$,
	'sets as scores; a retirement is abandoned, a walkover cancelled; the season begins in December; a final after the semifinal of its day');
SELECT is(bool_and(neutral), true, 'nobody plays at home') FROM sports_events WHERE sport = 'ATP';
SELECT is(count(*), 22::bigint, 'prices stand on the side of their player') FROM quote AS q JOIN pg_temp.match AS m USING (game_id)
WHERE (q.price IN (1.36, 1.45, 1.47, 1.5, 2.36, 2.5)) = (q.side = m.won);
SELECT is(count(*), (SELECT count(*) FROM quote), 'the one price a book has is its closing price, known at the start') FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE q.closing AND q.known_at = e.starts_at;
SELECT is(detail - 'winner' - 'sets' - 'home_rank' - 'away_rank' - 'home_points' - 'away_points', '{"Tournament": "Open", "Series": "ATP250", "Court": "Outdoor", "Surface": "Hard", "Round": "1st Round", "Best of": "3", "Comment": "Completed"}', 'what else is told')
FROM result JOIN pg_temp.match USING (game_id) WHERE loser = 'Baker B.';
SELECT is(CASE won WHEN 'home' THEN detail ->> 'home_rank' ELSE detail ->> 'away_rank' END, '28', 'ranks stand with their player too') FROM result JOIN pg_temp.match USING (game_id) WHERE loser = 'Baker B.';
SELECT is(string_agg(concat_ws(' ', CASE side WHEN 'both' THEN 'both' WHEN won THEN 'winner' ELSE 'loser' END, item, value, p.known_at AT TIME ZONE 'UTC'), ', ' ORDER BY item, side = won DESC),
	'both best_of 3 2012-12-31 00:00:00, winner rank 28 2012-12-31 00:00:00, loser rank NR 2012-12-31 00:00:00, winner ranking_points 1215 2012-12-31 00:00:00, both surface Hard 2012-12-31 00:00:00', 'ranks and ground are known on the Monday before')
FROM pregame AS p JOIN pg_temp.match USING (game_id) WHERE loser = 'Baker B.';
SELECT is(string_agg(concat_ws(' ', f.best_of, round((CASE won WHEN 'home' THEN 1 ELSE -1 END * rank_diff)::numeric, 4), round((CASE won WHEN 'home' THEN 1 ELSE -1 END * ranking_points_diff)::numeric, 4)), ', ' ORDER BY m.starts_at, m.winner),
	'3, 3 0.7108 0.4458, 3 0.7108 0.4458, 3 0.7108 0.4458, 5 0.7108 0.4458', 'and features: ln(57/28) and ln(1215/778) for the winner, unknown where a player has no rank')
FROM game_features('ATP', '-infinity', 'infinity', 'infinity') AS f JOIN pg_temp.match AS m USING (game_id);
SELECT is(refresh_ratings('ATP'), 6, 'three finished matches are rated, from both sides');

-- the same matches from a file that has drawn sides already, m/d/yyyy
\set drawn 'Tournament,Date,Series,Court,Surface,Round,Best of,Player_1,Player_2,Winner,Rank_1,Rank_2,Pts_1,Pts_2,Odd_1,Odd_2,score\n'
SELECT results_eq($$SELECT * FROM pg_temp.load('drawn.csv', E'$$ || :'drawn' || $$'
	'Open,12/31/2012,ATP250,Outdoor,Hard,1st Round,3,Baker B.,Adams A. ,Adams A.,NR,28,,1215,3,1.36,4-6 4-6   \n'
	'Slam,5/27/2013,Grand Slam,Outdoor,Clay,1st Round,5,Baker B.,Adams A.,Baker B.,28,57,1215,778,2.36,1.6,6-4 3-6 6-7 6-0 9-7\n'
	'Open,6/3/2013,ATP250,Outdoor,Hard,1st Round,3,Carter C.,Davis D.,Davis D.,1,2,3,4,2.36,1.6,3-6 1-4   \n'
	'Open,6/3/2013,ATP250,Outdoor,Hard,1st Round,3,Evans E.,Baker B.,Evans E.,1,2,3,4,2.36,1.6,6-Apr\n'
	'Open,6/4/2013,ATP250,Outdoor,Hard,1st Round,3,Evans E.,Adams A.,Evans E.,1,2,3,4,2.36,1.6,\n', '2030-01-02')$$, $$VALUES (5, 5, 6, 0)$$, 'the other layout: what is known already is not told again');
SELECT results_eq($$SELECT winner, loser, status, starts_at FROM pg_temp.match WHERE starts_at > '2013-06-01' ORDER BY starts_at, winner$$, $$VALUES
	('Davis D.', 'Carter C.', 'abandoned', '2013-06-03 12:00+00'::timestamptz), ('Evans E.', 'Baker B.', 'abandoned', '2013-06-03 12:00+00'), ('Evans E.', 'Adams A.', 'cancelled', '2013-06-04 12:00+00')$$,
	'too few sets, a set that a spreadsheet took for a day, none at all');
SELECT is(count(*), 8::bigint, 'a match is one game, however its row was turned') FROM game WHERE sport = 'ATP';
SELECT is(refresh_ratings('ATP'), 0, 'and the ratings stay');

-- defects
SELECT results_eq($$SELECT * FROM pg_temp.load('defects.csv', E'$$ || :'header' || $$'
	'1,A,Open,2015-01-05,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Baker B.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Completed,1,3,"2.,3",2.65,1.58,1.58,1.5,3.1\n'
	'1,A,Open,2015-01-06,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Carter C.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Completed,2.5,3.2,,2.65,,,1.5,3.5\n'
	'1,A,Open,2015-01-06,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Davis D.,28,57,1215,778,6,4,4,6,,,,,,,2,0,Completed,1.36,3,,,,,,\n'
	'1,A,Open,2015-01-06,ATP250,Outdoor,Hard,1st Round,0,Adams A.,Evans E.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Completed,1.36,3,,,,,,\n'
	'1,A,Open,2014-01-06,ATP250,Outdoor,Hard,1st Round,3,Carter C.,Evans E.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Completed,1.36,3,,,,,,\n'
	'1,A,Open,2015-01-06,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Adams A.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Completed,1.36,3,,,,,,\n'
	'1,A,Open,2015-01-06,ATP250,Outdoor,Hard,1st Round,3,Adams A.,,28,57,1215,778,6,4,6,4,,,,,,,2,0,Completed,1.36,3,,,,,,\n'
	'1,A,Open,2015-01-07,ATP250,Outdoor,Hard,1st Round,3,Adams A.,Baker B.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Somehow,1.36,3,,,,,,\n'
	'1,A,Open,2015-01-08,ATP250,Outdoor,Hard,1st Round,3,Struff J-L.,Adams A.,28,57,1215,778,6,4,6,4,,,,,,,2,0,Disqualified,1.36,3,,,,,,\n,,,,\n')$$, $$VALUES (9, 3, 6, 11)$$, 'defects');
SELECT results_eq($$SELECT pg_temp.rejected('defects.csv')$$, $$VALUES
	('2 bad_odds bet365 h2h: B365W is ''1'''), ('2 bad_odds expekt h2h: EXW is ''2.,3'''), ('2 overround_above_limit pinnacle h2h: the prices imply 1.2658 in all'),
	('3 implied_sum_below_1 bet365 h2h: the prices imply 0.7125 in all'), ('3 incomplete_market expekt h2h: EXW missing'),
	('4 bad_score best of 3, Completed, sets 6-4 4-6'), ('5 bad_score best of 0, Completed, sets 6-4 6-4'), ('6 bad_date not a day as yyyy-mm-dd, or before the file begins: ''2014-01-06'''),
	('7 same_team ''Adams A.'' and ''Adams A.'' are both Adams A.'), ('8 short_row a player is missing'), ('9 bad_score best of 3, Somehow, sets 6-4 6-4')$$, 'each with its reason');
SELECT is(winner, 'Struff J.L.', 'a second spelling is the same player') FROM pg_temp.match WHERE starts_at = '2015-01-08 12:00+00';
SELECT is(array_agg(q.price ORDER BY q.price), '{1.5,1.5,3.1,3.5}', 'a best price over books may imply less than 1') FROM (SELECT * FROM quote WHERE book = 'market_max' AND known_at > '2015-01-01' ORDER BY known_at, price) AS q;
SELECT is(rows_blank, 1, 'a line of commas is skipped') FROM load_report WHERE name = 'defects.csv';

-- nothing learns from the order of the players
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM pg_temp.load('many.csv', E'$$ || :'header' || $$' || (
	SELECT string_agg(format('1,A,Open,%s,ATP250,Outdoor,Hard,1st Round,3,P%s A.,Q%s B.,1,2,3,4,6,4,6,4,,,,,,,2,0,Completed,1.36,3,,,,,,', '2016-01-04'::date + i / 10, i, i), E'\n' ORDER BY i) FROM generate_series(1, 400) AS i), '2030-02-01')$$,
	$$VALUES (400, 0, 0, 400)$$, '400 matches, won by the player named first');
SELECT is(count(*), 800::bigint, 'players') FROM register_names('tennis_data', 'ATP');
SELECT ok(count(*) FILTER (WHERE home_score > away_score) BETWEEN 160 AND 240, 'half of them at home') FROM sports_events WHERE season = 2016;
SELECT is(rejects, 1, 'another header is a bad file') FROM pg_temp.load('other.csv', 'season,date,home,away');
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f), (SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r),
		(SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q), (SELECT string_agg((to_jsonb(j) - 'reject_id')::text, '' ORDER BY (to_jsonb(j) - 'reject_id')::text) FROM reject AS j))) $$;
SELECT replay() AS replayed, pg_temp.fingerprint() AS before \gset
SELECT is(replay(), 5, 'all payloads again');
SELECT is(pg_temp.fingerprint(), :'before', 'give the same rows');
-- the women's tour has files of its own
SELECT results_eq($$SELECT * FROM pg_temp.load('w2019.csv', E'WTA,Location,Tournament,Date,Tier,Court,Surface,Round,Best of,Winner,Loser,WRank,LRank,WPts,LPts,W1,L1,W2,L2,W3,L3,Wsets,Lsets,Comment,B365W,B365L\n'
	'1,A,Open,2019-01-05,Premier,Outdoor,Hard,1st Round,3,Adams A.,Woods W.,28,57,1215,778,6,4,6,4,,,2,0,Completed,1.36,3\n1,A,Open,2019-01-06,Premier,Outdoor,Hard,2nd Round,3,Adams A.,,28,57,1215,778,6,4,6,4,,,2,0,Completed,1.36,3\n')$$, $$VALUES (2, 0, 0, 2)$$, 'known by its first column');
SELECT results_eq($$SELECT r.reason, r.sport FROM reject AS r JOIN payload AS p USING (payload_id) WHERE p.name = 'w2019.csv' ORDER BY 1$$, $$VALUES ('short_row', 'WTA'), ('unknown_team', 'WTA')$$, 'whose players are others, though of one name');
SELECT results_eq($$SELECT register_names('tennis_data', 'WTA')$$, $$VALUES ('Adams A.'), ('Woods W.')$$, 'and are registered as such');
SELECT results_eq($$SELECT e.sport, e.season, e.status, r.detail ->> 'Tier' FROM sports_events AS e JOIN result AS r USING (game_id) WHERE e.sport = 'WTA'$$, $$VALUES ('WTA', 2019, 'final', 'Premier')$$, 'its match is the women''s');
SELECT is(rejects, 1, 'the other layout does not say whose it is') FROM pg_temp.load('wta_2020.csv', E'Tournament,Date,Court,Surface,Round,Best of,Player_1,Player_2,Winner,Rank_1,Rank_2,Pts_1,Pts_2,Odd_1,Odd_2,score\nOpen,1/7/2020,Outdoor,Hard,1st Round,3,Quill Q.,Rook R.,Quill Q.,1,2,3,4,1.36,3,6-4 6-4\n');
SELECT is(r.sport, 'WTA', 'so its name does') FROM reject AS r JOIN payload AS p USING (payload_id) WHERE p.name = 'wta_2020.csv';
SELECT throws_ok('SELECT load_tennis_data(-1)', 'P0002', 'payload -1 is not there or not of feed tennis_data', 'no such payload');
SELECT * FROM finish();
ROLLBACK;
