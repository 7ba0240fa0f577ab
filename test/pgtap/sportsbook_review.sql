-- Opening and closing lines of the American sports, in made-up games with every defect that the archives have; their real files when they are there.
SELECT :'data' <> '' AS has_data \gset
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(38);

CREATE FUNCTION pg_temp.load(file text, lines text, at timestamptz DEFAULT '2030-01-01') RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql AS $$ SELECT rows_read, games, quotes, rejects FROM load_payload('sportsbook_review', file, convert_to(lines, 'UTF8'), at) $$;
CREATE FUNCTION pg_temp.prices(home text, p_market text, p_closing boolean) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', q.side, q.line, round(q.price::numeric, 4)) FROM quote AS q JOIN sports_events AS e USING (game_id)
	WHERE e.home_team = home AND q.market = p_market AND q.closing = p_closing ORDER BY e.starts_at, array_position('{home,over,away,under}', q.side) $$;
CREATE FUNCTION pg_temp.rejected(file text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', r.line_no, r.reason, r.detail) FROM reject AS r JOIN payload AS p USING (payload_id) WHERE p.name = file ORDER BY r.line_no, r.reason, r.detail $$;

-- ---- basketball: closing lines without prices, seasons by the year in which they end, franchises that moved, neutral ground ----
\set nba 'season,date,away_team,home_team,neutral,away_score,home_score,away_ml,home_ml,away_spread,home_spread,total,second_half_total\n'
SELECT results_eq($$SELECT * FROM pg_temp.load('nba.csv', E'$$ || :'nba' || $$'
	'2008,2007-10-30,Utah,Seattle,0,117,96,100,-120,1,-1,212,105.5\n2009,2008-11-01,Utah,Oklahoma City,0,97,106,-110,-110,0,0,189.5,95\n'
	'2013,2012-11-01,New Jersey,Chicago,0,97,106,900,-1400,13.5,-13.5,189.5,95\n2020,2020-08-01,Brooklyn,Chicago,1,97,106,-110,-110,-2,2,220,110\n')$$,
	$$VALUES (4, 4, 24, 0)$$, 'four games, six prices each');
SELECT results_eq($$SELECT season, home_team, away_team, starts_at, time_known, neutral, home_score, away_score, status FROM sports_events WHERE sport = 'NBA' ORDER BY starts_at$$, $$VALUES
	(2007, 'Oklahoma City Thunder', 'Utah Jazz', '2007-10-30 23:00+00'::timestamptz, false, false, 96, 117, 'final'),
	(2008, 'Oklahoma City Thunder', 'Utah Jazz', '2008-11-01 23:00+00', false, false, 106, 97, 'final'),
	(2012, 'Chicago Bulls', 'Brooklyn Nets', '2012-11-01 23:00+00', false, false, 106, 97, 'final'),
	(2019, 'Chicago Bulls', 'Brooklyn Nets', '2020-08-01 23:00+00', false, true, 106, 97, 'final')$$,
	'season by its first year, the bubble of August 2020 in its own; franchises keep a name; the usual hour; neutral ground');
SELECT results_eq($$SELECT pg_temp.prices('Oklahoma City Thunder', 'spreads', true)$$, $$VALUES ('home -1 1.9091'), ('away 1 1.9091'), ('home 0 1.9091'), ('away 0 1.9091')$$,
	'a line without a price has -110; a pick''em is a line of 0');
SELECT results_eq($$SELECT pg_temp.prices('Chicago Bulls', 'h2h', true)$$, $$VALUES ('home 1.0714'), ('away 10.0000'), ('home 1.9091'), ('away 1.9091')$$, 'a very long price is real');
SELECT is(count(*), 24::bigint, 'closing prices are known at the start') FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE q.closing AND q.known_at = e.starts_at AND e.sport = 'NBA';
SELECT is(detail, '{"second_half_total": 110}', 'what makes no quote stays with the result') FROM result JOIN sports_events USING (game_id) WHERE neutral;
SELECT results_eq($$SELECT * FROM pg_temp.load('nba_defects.csv', E'$$ || :'nba' || $$'
	'2010,2009-11-06,Utah,Chicago,0,97,106,0,0,0,0,189.5,95\n2010,2009-11-07,Utah,Boston,0,97,106,-7.5,110,0,0,189.5,95\n2010,2009-11-08,Utah,Miami,0,97,106,-650,-650,0,0,189.5,95\n'
	'2010,2009-11-09,Utah,Dallas,0,97,106,240,-200,0,0,189.5,95\n2010,2009-11-10,Utah,Denver,0,97,97,110,-130,0,0,189.5,95\n2010,2009-11-11,Utah,Denver,0,97,,110,-130,0,0,189.5,95\n'
	'2010,2009-11-31,Utah,Denver,0,97,99,110,-130,0,0,189.5,95\n2010,2009-11-12,Utah,Supersonics,0,97,99,110,-130,0,0,189.5,95\n2010,2009-11-13,Utah,,0,97,99,110,-130,0,0,189.5,95\n'
	'2010,2009-11-14,Utah,Memphis,0,97,99,110,-130,199.5,-199.5,3.5,95\n2010,2009-11-14,Utah,Memphis,0,97,99,110,-130,3,-3,199.5,95\n2010,2009-11-15,Utah,Toronto,0,97,99,110,-130,3,3,199.3,95\n'
	'2010,2009-11-16,Utah,Phoenix,2,97,99,110,-130,0,0,189.5,95\n2010,2009-11-17,Utah,Indiana,0,97,99,,,,,,\n,,,,\n')$$, $$VALUES (14, 7, 20, 15)$$, 'defects');
SELECT results_eq($$SELECT pg_temp.rejected('nba_defects.csv')$$, $$VALUES ('2 bad_odds consensus h2h: home_ml is ''0'', away_ml is ''0'''), ('3 bad_odds consensus h2h: away_ml is ''-7.5'''),
	('4 overround_above_limit consensus h2h: the prices imply 1.7333 in all'), ('5 implied_sum_below_1 consensus h2h: the prices imply 0.9608 in all'),
	('6 bad_score scores ''97'' and ''97'', a tie in NBA'), ('7 bad_score scores NULL and ''97'', by parts unknown and unknown'),
	('8 bad_date not a season as yyyy or yyyy-yy, a day as yyyy-mm-dd, a whole number of the game, neutral 0 or 1: 2010 2009-11-31 0'),
	('9 unknown_team alias has no team of NBA named ''Supersonics'''), ('10 short_row home team or away team is missing'),
	('11 bad_line consensus spreads: home_spread is -199.5, not in -40 to 40'), ('11 bad_line consensus totals: total is 3.5, not in 120 to 300'),
	('12 duplicate_row Memphis against Utah on that day is there already'),
	('13 bad_line consensus spreads: home_spread is 3 and away_spread is 3'), ('13 bad_line consensus totals: ''199.3'' is not a line in quarter points'),
	('14 bad_date not a season as yyyy or yyyy-yy, a day as yyyy-mm-dd, a whole number of the game, neutral 0 or 1: 2010 2009-11-16 2')$$,
	'each with its reason: no prices, a spread for a price, the same price twice, an implied sum below 1, exchanged columns, both sides giving points');
SELECT is(rows_blank, 1, 'a line of commas is skipped') FROM load_report WHERE name = 'nba_defects.csv';

-- ---- hockey: opening and closing prices, periods that must agree with the score ----------------
\set nhl 'season,date,away_team,home_team,neutral,away_p1,away_p2,away_p3,away_final,home_p1,home_p2,home_p3,home_final,away_open_ml,home_open_ml,away_close_ml,home_close_ml,away_puckline,away_puckline_odds,home_puckline,home_puckline_odds,open_total,open_over_odds,open_under_odds,close_total,close_over_odds,close_under_odds\n'
SELECT results_eq($$SELECT * FROM pg_temp.load('nhl.csv', E'$$ || :'nhl' || $$'
	'2010-11,2011-01-20,Montréal Canadiens,Atlanta Thrashers,0,1,1,1,3,1,1,1,4,-155,135,-123,103,-1.5,200,1.5,-240,6,100,-120,5.5,-105,-115\n'
	'2014-15,2014-10-09,Phoenix Coyotes,Winnipeg Jets Jets,0,1,0,1,2,1,2,2,5,115,-135,132,-152,,,,,5,100,-120,5,-105,-115\n'
	'2014-15,2014-10-10,Arizona Coyotes,Edmonton OIlers,0,1,0,1,2,1,2,2,5,,,,,,,,,,,,,,\n')$$, $$VALUES (3, 3, 18, 0)$$, 'no puck line before its time, a game without odds');
SELECT results_eq($$SELECT home_team, away_team, season, home_score FROM sports_events WHERE sport = 'NHL' ORDER BY starts_at$$, $$VALUES ('Winnipeg Jets', 'Montréal Canadiens', 2010, 4),
	('Winnipeg Jets', 'Arizona Coyotes', 2014, 5), ('Edmonton Oilers', 'Arizona Coyotes', 2014, 5)$$, 'spellings and moves end in one name; overtime adds a goal');
SELECT results_eq($$SELECT DISTINCT closing, known_at FROM quote JOIN game USING (game_id) WHERE sport = 'NHL' AND season = 2010 ORDER BY 1$$,
	$$VALUES (false, '2011-01-20 15:00+00'::timestamptz), (true, '2011-01-21 00:00+00')$$, 'opening prices are known when bets are decided, on the morning of the game, closing prices at its start');
SELECT results_eq($$SELECT pg_temp.prices('Winnipeg Jets', 'totals', false)$$, $$VALUES ('over 6 2.0000'), ('under 6 1.8333'), ('over 5 2.0000'), ('under 5 1.8333')$$, 'the opening total');
SELECT results_eq($$SELECT pg_temp.prices('Winnipeg Jets', 'spreads', true)$$, $$VALUES ('home 1.5 1.4167'), ('away -1.5 3.0000')$$, 'the puck line');
SELECT results_eq($$SELECT * FROM pg_temp.load('nhl_defects.csv', E'$$ || :'nhl' || $$'
	'2010-11,2011-02-01,Boston Bruins,Dallas Stars,0,1,1,1,3,1,1,1,3,-155,135,-123,103,,,,,6,100,-120,5.5,-105,-115\n'
	'2010-11,2011-02-02,Boston Bruins,Dallas Stars,0,1,1,1,0,1,1,1,1,-155,135,-123,103,,,,,6,100,-120,5.5,-105,-115\n'
	'2010-11,2011-02-03,Boston Bruins,Dallas Stars,0,1,1,1,3,0,0,1,2,-155,135,-123,103,,,,,6,100,-120,5.5,-105,-115\n'
	'2010-11,2011-02-04,Boston Bruins,Dallas Stars,0,1,1,?,3,0,0,1,2,-155,135,-123,103,248.5,-110,-248.5,-110,-110,100,-120,5.5,-105,\n')$$, $$VALUES (4, 1, 4, 6)$$, 'defects');
SELECT results_eq($$SELECT pg_temp.rejected('nhl_defects.csv')$$, $$VALUES ('2 bad_score scores ''3'' and ''3'', a tie in NHL'), ('3 bad_score scores ''1'' and ''0'', by parts 3 and 3'),
	('4 bad_score scores ''2'' and ''3'', by parts 1 and 3'), ('5 bad_line consensus spreads: home_puckline is -248.5, not in -4 to 4'),
	('5 bad_line consensus totals: open_total is -110, not in 2 to 12'), ('5 incomplete_market consensus totals: close_under_odds missing')$$,
	'an impossible tie, finals that the periods contradict, a total''s number as puck line; periods that are no numbers are no evidence');

-- ---- baseball: double-headers, suspended games, two spellings, opening and closing -------------
\set mlb 'season,date,rot_away,rot_home,away_team,home_team,neutral,away_pitcher,home_pitcher,away_innings,home_innings,away_final,home_final,away_open_ml,home_open_ml,away_close_ml,home_close_ml,away_run_line,away_run_line_odds,home_run_line,home_run_line_odds,open_total,open_over_odds,open_under_odds,close_total,close_over_odds,close_under_odds\n'
SELECT results_eq($$SELECT * FROM pg_temp.load('mlb.csv', E'$$ || :'mlb' || $$'
	'2016,2016-06-06,951,952,NYM,PIT,0,A-L,B-R,,,,,130,-140,130,-140,1.5,-160,-1.5,140,8,-110,-110,8,-110,-110\n'
	'2016,2016-06-07,967,968,NYM,PIT,0,A-L,B-R,0|0|0|0|0|0|0|0|1,0|0|0|0|0|0|0|3|x,1,3,130,-140,130,-140,1.5,-160,-1.5,140,8,-110,-110,8,-110,-110\n'
	'2016,2016-06-07,951,952,NYM,PIT,0,C-L,D-R,0|0|0|0|0|0|0|0|1,0|0|0|0|0|0|0|0|1,2,1,,,120,-130,1.5,-160,-1.5,140,8,-110,-110,8.5,-110,-110\n'
	'2016,2016-06-07,951,952,NYM,PIT,0,C-L,D-R,0|0|0|0|0|0|0|0|1,0|0|0|0|0|0|0|0|1,2,1,,,120,-130,1.5,-160,-1.5,140,8,-110,-110,8.5,-110,-110\n'
	'2016,2016-06-08,951,952,LOS,CUB,0,C-L,,0|0|-1|0|0|0|0|0|1,0||0|0|0|0|0|0|1,2,1,110,-120,120,-130,-1.5,-160,-1.5,140,8,-110,-110,8.5,-110,-110\n'
	'2016,2016-06-08,953,954,BOS,SFO,0,C-L,D-R,0|1,0|1,1,1,110,-120,120,-130,1.5,-160,-1.5,140,8,-110,-110,8.5,-110,-110\n'
	'2019,2019-03-20,951,952,SEA,OAK,1,C-L,D-R,0|1,0|0,1,0,110,-120,120,-130,1.5,-160,-1.5,140,8,-110,-110,100,-110,-110\n')$$, $$VALUES (7, 5, 44, 4)$$, 'a made-up week of baseball');
SELECT results_eq($$SELECT home_team, away_team, neutral, starts_at, status, home_score, away_score, g.game_key ~ ':1$' FROM sports_events JOIN game AS g USING (game_id) WHERE g.sport = 'MLB' ORDER BY starts_at$$, $$VALUES
	('Pittsburgh Pirates', 'New York Mets', false, '2016-06-06 23:00+00'::timestamptz, 'postponed', NULL, NULL, true),
	('Pittsburgh Pirates', 'New York Mets', false, '2016-06-07 23:00+00', 'final', 1, 2, false),
	('Pittsburgh Pirates', 'New York Mets', false, '2016-06-08 02:30+00', 'final', 3, 1, false),
	('Chicago Cubs', 'Los Angeles Dodgers', false, '2016-06-08 23:00+00', 'final', 1, 2, true),
	('Oakland Athletics', 'Seattle Mariners', true, '2019-03-20 23:00+00', 'final', 0, 1, true)$$,
	'a postponed game has no score; a double-header is two games in the order of their numbers, the second when the first is over');
SELECT results_eq($$SELECT pg_temp.rejected('mlb.csv')$$, $$VALUES ('5 duplicate_row PIT against NYM on that day is there already'), ('6 bad_line consensus spreads: home_run_line is -1.5 and away_run_line is -1.5'),
	('7 bad_score scores ''1'' and ''1'', a tie in MLB'), ('8 bad_line consensus totals: close_total is 100, not in 3 to 25')$$,
	'the same number twice is a duplicate; both sides giving a run and a half; a suspended game is no result; an over price as a total');
SELECT is(count(*), 0::bigint, 'a game without opening moneyline has none') FROM quote JOIN sports_events USING (game_id)
WHERE home_team = 'Pittsburgh Pirates' AND home_score = 1 AND market = 'h2h' AND NOT closing;
SELECT is(detail ->> 'away_innings', '0|0|-1|0|0|0|0|0|1', 'an inning of -1 stays as found, and says nothing about the score') FROM result JOIN sports_events USING (game_id) WHERE home_team = 'Chicago Cubs';
SELECT results_eq($$SELECT * FROM pg_temp.load('close.csv', E'season,date,game_number,game_type,away_team,home_team,away_score,home_score,away_close_ml,home_close_ml,away_run_line,away_run_line_odds,home_run_line,home_run_line_odds,close_total,close_over_odds,close_under_odds,site,start_time,day_night,temp_f,wind_mph,wind_dir,attendance\n'
	'2016,2016-06-08,0,regular,LAD,CHC,2,1,120,-130,1.5,-160,-1.5,140,8.5,-110,-110,CHI11,6:36PM,night,72,0,unknown,45787\n'
	'2020,2020-09-18,1,regular,LAD,CHC,2,1,140,-130,1.5,-160,-1.5,140,4.5,-110,-110,CHI11,1:36PM,day,72,0,unknown,0\n'
	'2020,2020-09-18,2,regular,LAD,CHC,5,1,,,,,,,,,,CHI11,6:36PM,night,72,0,unknown,0\n'
	'2020,2020-10-20,0,worldseries,TB,LAD,3,8,,,,,,,,,,ARL03,6:36PM,night,72,0,unknown,0\n', '2031-01-01')$$, $$VALUES (4, 4, 6, 1)$$,
	'the other layout: a game that the first file had brings its run line alone; mixed-up prices stay out');
SELECT is(count(*), 1::bigint, 'it is the same game under the usual abbreviations') FROM game WHERE game_key = 'MLB:2016:Chicago Cubs:Los Angeles Dodgers:1';
SELECT results_eq($$SELECT stage, detail ->> 'site', detail ->> 'start_time' FROM sports_events JOIN result USING (game_id) WHERE starts_at = '2020-10-21 00:00+00'::timestamptz - interval '1 hour'$$,
	$$VALUES ('worldseries', 'ARL03', '6:36PM')$$, 'stage; a clock without a time zone is no start');

-- ---- football: opening lines beside the games of nflverse ---------------------------------------
\set nfl 'season,date,away_team,home_team,away_q1,away_q2,away_q3,away_q4,away_final,home_q1,home_q2,home_q3,home_q4,home_final,away_close_ml,home_close_ml,away_open_spread,home_open_spread,away_close_spread,home_close_spread,away_2h_spread,home_2h_spread,open_total,close_total,second_half_total\n'
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('nflverse', 'games.csv', convert_to(
	E'game_id,season,game_type,week,gameday,gametime,away_team,away_score,home_team,home_score,location,result,total,away_moneyline,home_moneyline,spread_line,away_spread_odds,home_spread_odds,total_line,under_odds,over_odds,roof\n'
	'x,2016,REG,4,2016-10-02,09:30,IND,27,JAX,30,Neutral,3,57,130,-150,3,-105,-115,47.5,-108,-112,outdoors\n'
	'x,2016,REG,5,2016-10-09,13:00,IND,27,OAK,27,Home,0,54,130,-150,3,-105,-115,47.5,-108,-112,outdoors\n', 'UTF8'), '2029-01-01')$$, $$VALUES (2, 2, 12, 0)$$, 'two games that another feed has told');
SELECT results_eq($$SELECT * FROM pg_temp.load('nfl.csv', E'$$ || :'nfl' || $$'
	'2016,2016-10-02,Colts,Jaguars,7,10,10,0,27,21,7,2,0,30,210,-250,-1.5,1.5,2,-2,24.5,-24.5,46,48,0\n'
	'2016,2016-10-09,Colts,Oakland,7,10,10,0,27,21,7,-1,0,28,-240,-240,3,-3,3,-3,0.5,-0.5,46,48,0\n'
	'2016,2016-10-16,Colts,LosAngeles,7,10,10,0,27,21,7,0,0,28,110,-130,3,-3,3,-3,0.5,-0.5,46,48,0\n'
	'2017,2017-02-05,Patriots,0,0,28,0,0,28,0,34,0,0,34,0,0,0,0,0,0,0,0,0,0,0\n'
	'2017,2017-09-10,Colts,Chargers,7,10,0,10,27,14,7,0,7,28,110,-130,-45.5,45.5,45.5,-45.5,0.5,-0.5,3,1,0\n'
	'2017,2017-09-17,Colts,Bills,7,10,0,10,27,14,7,0,6,27,110,-130,-3,3,3,-3,0.5,-0.5,44,44,0\n')$$, $$VALUES (6, 3, 8, 5)$$, 'opening lines');
SELECT results_eq($$SELECT pg_temp.rejected('nfl.csv')$$, $$VALUES ('3 contradicts_feed nflverse has 27 to 27 on 2016-10-09, this row 28 to 27 on 2016-10-09'),
	('4 unknown_team alias has no team of NFL named ''LosAngeles'''), ('5 unknown_team alias has no team of NFL named ''0'''),
	('6 bad_line consensus spreads: home_open_spread is 45.5, not in -30 to 30'), ('6 bad_line consensus totals: open_total is 3, not in 25 to 80')$$,
	'a score that another feed has otherwise; a name of two clubs; the Super Bowl rows; exchanged columns');
SELECT results_eq($$SELECT home_team, starts_at, neutral, status, home_score, (SELECT detail ->> 'roof' FROM results() AS r WHERE r.game_id = e.game_id) FROM sports_events AS e WHERE sport = 'NFL' AND season = 2016 ORDER BY starts_at$$,
	$$VALUES ('Jacksonville Jaguars', '2016-10-02 13:30+00'::timestamptz, true, 'final', 30, 'outdoors'), ('Las Vegas Raiders', '2016-10-09 17:00+00', false, 'final', 27, 'outdoors')$$,
	'a day alone and a score that is there already change nothing of a game that another feed has told');
SELECT results_eq($$SELECT closing, side, line, known_at FROM quote JOIN sports_events USING (game_id) WHERE home_team = 'Jacksonville Jaguars' AND market = 'spreads' ORDER BY 1, 2$$,
	$$VALUES (false, 'away', -1.5::float8, '2016-10-02 13:30+00'::timestamptz), (false, 'home', 1.5, '2016-10-02 13:30+00'), (true, 'away', 3, '2016-10-02 13:30+00'), (true, 'home', -3, '2016-10-02 13:30+00')$$,
	'the opening line stands beside the other feed''s closing line');
SELECT results_eq($$SELECT opening_spread, current_spread, opening_total, current_total FROM game_features('NFL', '2016-10-02', '2016-10-03')$$, $$VALUES (1.5::float8, -3::float8, 46::float8, 47.5::float8)$$, 'and features see the line move');
SELECT is(count(*), 1::bigint, 'a tie is a result here') FROM sports_events WHERE home_team = 'Buffalo Bills' AND home_score = 27 AND away_score = 27;

-- ---- any other layout, fixtures, replay ----------------------------------------------------------
INSERT INTO sportsbook_review_layout (layout, sport, season_shift, line_odds) VALUES ('own', 'NBA', 0, NULL);
INSERT INTO sportsbook_review_column (layout, name, role, market, side, closing, lowest, highest) VALUES ('own', 's', 'season', NULL, NULL, NULL, NULL, NULL), ('own', 'd', 'date', NULL, NULL, NULL, NULL, NULL),
	('own', 'h', 'home', NULL, NULL, NULL, NULL, NULL), ('own', 'a', 'away', NULL, NULL, NULL, NULL, NULL), ('own', 'hs', 'home_score', NULL, NULL, NULL, NULL, NULL), ('own', 'as', 'away_score', NULL, NULL, NULL, NULL, NULL),
	('own', 'hm', 'price', 'h2h', 'home', true, NULL, NULL), ('own', 'am', 'price', 'h2h', 'away', true, NULL, NULL), ('own', 't', 'line', 'totals', 'over', true, 100, 300);
SELECT is(rejects, 1, 'another header is a bad file') FROM pg_temp.load('other.csv', 'season,date,home,away');
SELECT matches(detail, 'is no file of a known layout: for the nearest, own, its header lacks a, am, as, d, h, hm, hs, s, t', 'and says what the nearest layout has') FROM reject WHERE reason = 'bad_file';
SELECT results_eq($$SELECT * FROM pg_temp.load('own.csv', E's,d,h,a,hs,as,hm,am,t\n2029,2029-12-30,Utah,Miami,101,99,-150,130,210\n2029,2030-01-02,Miami,Utah,,,-120,100,205\n', '2030-01-01 12:00+00')$$,
	$$VALUES (2, 2, 4, 0)$$, 'a layout of one''s own is rows; without line_odds a line makes no quote');
SELECT results_eq($$SELECT e.status, q.closing, q.known_at FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE season = 2029 AND side = 'home' ORDER BY e.starts_at$$,
	$$VALUES ('final', true, '2029-12-31 00:00+00'::timestamptz), ('scheduled', false, '2030-01-01 12:00+00')$$, 'the price of a game to come is not closing, and known when the file came');
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f), (SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r),
		(SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q), (SELECT string_agg((to_jsonb(j) - 'reject_id')::text, '' ORDER BY (to_jsonb(j) - 'reject_id')::text) FROM reject AS j))) $$;
SELECT pg_temp.fingerprint() AS before \gset
SELECT is(replay(), 10, 'all payloads again');
SELECT is(pg_temp.fingerprint(), :'before', 'give the same rows');
SELECT throws_ok('SELECT load_sportsbook_review(-1)', 'P0002', 'payload -1 is not there or not of feed sportsbook_review', 'no such payload');
SELECT * FROM finish();
ROLLBACK;
