-- nflverse's games.csv: played games, fixtures, franchises, and every defect that the real file has, in made-up games.
BEGIN;
SET search_path = bet_edge, public;
SELECT plan(35);

CREATE FUNCTION pg_temp.load(file text, lines text, at timestamptz DEFAULT '2030-01-01') RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql AS $$ SELECT rows_read, games, quotes, rejects FROM load_payload('nflverse', file, convert_to(
	E'game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,total,overtime,'
	'away_moneyline,home_moneyline,spread_line,away_spread_odds,home_spread_odds,total_line,under_odds,over_odds,roof,surface,temp,wind,home_qb_name\n' || lines, 'UTF8'), at) $$;
CREATE FUNCTION pg_temp.prices(home text, p_season int, p_market text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', q.side, q.line, round(q.price::numeric, 4)) FROM quote AS q JOIN sports_events AS e USING (game_id)
	WHERE e.home_team = home AND e.season = p_season AND q.market = p_market ORDER BY array_position('{home,over,draw,away,under}', q.side) $$;

SELECT results_eq($$SELECT * FROM pg_temp.load('played.csv',
	E'x,2016,REG,1,2016-09-11,Sunday,13:00,OAK,21,SD,24,Home,3,45,0,130,-150,3,-105,-115,47.5,-108,-112,outdoors,"grass ",72,5,A. Passer\n'
	'x,2016,REG,9,2016-11-06,Sunday,20:30,LA,10,STL,10,Neutral,0,20,1,-110,-110,0,-110,-110,40,-110,-110,dome,"",,,\n'
	'x,2017,REG,2,2017-09-17,Sunday,16:25,DEN,21,LAC,17,Home,-4,38,0,-102,-118,-2.5,-110,-110,47,-110,-110,outdoors,grass,-3,10,\n')$$,
	$$VALUES (3, 2, 12, 1)$$, 'two games; one of a franchise against itself');
SELECT is(concat_ws(' ', line_no, reason, detail), '3 same_team ''STL'' and ''LA'' are both Los Angeles Rams', 'two codes of one franchise') FROM reject;
SELECT results_eq($$SELECT season, home_team, away_team, starts_at, time_known, week, stage, home_score, away_score, status FROM sports_events ORDER BY starts_at$$,
	$$VALUES (2016, 'Los Angeles Chargers', 'Las Vegas Raiders', '2016-09-11 17:00+00'::timestamptz, true, 1, 'REG', 24, 21, 'final'),
	(2017, 'Los Angeles Chargers', 'Denver Broncos', '2017-09-17 20:25+00', true, 2, 'REG', 17, 21, 'final')$$, 'a franchise keeps one name wherever it plays; times are US Eastern');
SELECT results_eq($$SELECT pg_temp.prices('Los Angeles Chargers', 2016, 'h2h')$$, $$VALUES ('home 1.6667'), ('away 2.3000')$$, 'moneylines');
SELECT results_eq($$SELECT pg_temp.prices('Los Angeles Chargers', 2016, 'spreads')$$, $$VALUES ('home -3 1.8696'), ('away 3 1.9524')$$, 'spread_line 3: the home side gives 3');
SELECT results_eq($$SELECT pg_temp.prices('Los Angeles Chargers', 2017, 'spreads')$$, $$VALUES ('home 2.5 1.9091'), ('away -2.5 1.9091')$$, 'spread_line -2.5: it gets 2.5');
SELECT results_eq($$SELECT pg_temp.prices('Los Angeles Chargers', 2016, 'totals')$$, $$VALUES ('over 47.5 1.8929'), ('under 47.5 1.9259')$$, 'the total');
SELECT is(count(*), 12::bigint, 'prices of played games are closing prices, known at the start')
FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE q.closing AND q.known_at = e.starts_at AND q.book = 'consensus';
SELECT results_eq($$SELECT detail FROM result JOIN sports_events USING (game_id) ORDER BY starts_at$$,
	$$VALUES ('{"overtime": 0, "roof": "outdoors", "surface": "grass", "temp": 72, "wind": 5, "home_qb_name": "A. Passer", "spread_line": 3, "total_line": 47.5}'::jsonb),
	('{"overtime": 0, "roof": "outdoors", "surface": "grass", "temp": -3, "wind": 10, "spread_line": -2.5, "total_line": 47}')$$, 'what else is told of a game, without white space');
SELECT is(max(r.known_at - e.starts_at), '3 hours 30 minutes'::interval, 'a result is known when the game is over') FROM result AS r JOIN sports_events AS e USING (game_id);

SELECT results_eq($$SELECT * FROM pg_temp.load('old.csv',
	E'x,1999,REG,1,1999-09-12,Sunday,,MIN,17,ATL,14,Home,-3,31,0,,,-4,,,49,,,dome,astroturf,,,\n'
	'x,1999,REG,2,1999-09-19,Sunday,,ATL,17,MIN,17,Home,0,34,1,,,0,,,49,,,dome,astroturf,,,\n'
	'x,1999,SB,21,2000-01-30,Sunday,,MIN,17,ATL,24,Neutral,7,41,0,,,7,,,49,,,dome,astroturf,,,\n'
	'x,1999,WC,18,2000-01-09,Sunday,,MIN,17,ATL,24,Home,7,41,0,,,7,,,49,,,dome,astroturf,,,\n')$$, $$VALUES (4, 4, 0, 0)$$, 'old games: no times, lines without prices');
SELECT results_eq($$SELECT starts_at, time_known, neutral, home_score = away_score, split_part(game_key, ':', 5) FROM sports_events JOIN game USING (game_id) WHERE game.season = 1999 ORDER BY 1$$,
	$$VALUES ('1999-09-12 17:00+00'::timestamptz, false, false, false, '1'), ('1999-09-19 17:00+00', false, false, true, '1'),
	('2000-01-09 18:00+00', false, false, false, '2'), ('2000-01-30 18:00+00', false, true, false, '3')$$,
	'start at the usual hour; a tie is a result; neutral ground; meetings numbered by date');
SELECT is((detail ->> 'spread_line')::float8, -4::float8, 'a line without a price is kept with the result') FROM result JOIN game USING (game_id) WHERE game_key = 'NFL:1999:Atlanta Falcons:Minnesota Vikings:1';

SELECT results_eq($$SELECT * FROM pg_temp.load('defects.csv',
	E'x,2020,REG,1,2020-09-13,Sunday,13:00,LV,34,CAR,30,Home,-4,64,0,134,-124,-3,-110,-110,48,-110,-110,outdoors,grass,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,GB,34,MIN,30,Home,-4,64,0,0,-124,-3.1,-110,-110,48,-110,,outdoors,grass,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,NE,34,MIA,30,Home,-4,64,0,99,-50,x,-110,-110,,-110,-110,outdoors,grass,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,CLE,34,BAL,30,Home,4,64,0,,,,,,,,,,,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,CLE,34,BAL,30,Home,-4,65,0,,,,,,,,,,,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,CLE,34,BAL,,Home,,,0,,,,,,,,,,,,,\n'
	'x,2020,REG,1,2020-09-31,Sunday,13:00,CLE,34,BAL,30,Home,-4,64,0,,,,,,,,,,,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,XYZ,34,BAL,30,Home,-4,64,0,,,,,,,,,,,,,\n'
	'x,2020,REG,1,2020-09-13,Sunday,13:00,,34,BAL,30,Home,-4,64,0,,,,,,,,,,,,,\n,,,,,,\n')$$, $$VALUES (9, 3, 4, 13)$$, 'defects');
SELECT results_eq($$SELECT concat_ws(' ', line_no, reason, detail) FROM reject JOIN payload AS p USING (payload_id) WHERE p.name = 'defects.csv' ORDER BY line_no, reason, detail$$, $$VALUES
	('2 implied_sum_below_1 consensus h2h: the prices imply 0.9809 in all'),
	('3 bad_line consensus spreads: ''3.1'' is not a line in quarter points'), ('3 bad_odds consensus h2h: away_moneyline is ''0'''), ('3 incomplete_market consensus totals: over_odds missing'),
	('4 bad_line consensus spreads: ''x'' is not a line in quarter points'), ('4 bad_odds consensus h2h: home_moneyline is ''-50'', away_moneyline is ''99'''), ('4 incomplete_market consensus totals: the line is missing'),
	('5 bad_score scores ''30'' and ''34'', result ''4'', total ''64'''), ('6 bad_score scores ''30'' and ''34'', result ''-4'', total ''65'''), ('7 bad_score scores NULL and ''34'', result NULL, total NULL'),
	('8 bad_date not a season as yyyy, a week, a day as yyyy-mm-dd, a time as hh:mm: 2020 1 2020-09-31 13:00'), ('9 unknown_team alias has no team of NFL named ''XYZ'''), ('10 short_row home team or away team is missing')$$,
	'each with its reason');
SELECT is(rows_blank, 1, 'a line of commas is skipped') FROM load_report WHERE name = 'defects.csv';
SELECT results_eq($$SELECT * FROM pg_temp.load('nul.csv', E'x,2021,REG,1,2021-09-13,Sunday,13:00,CLE,34\n')$$, $$VALUES (1, 0, 0, 1)$$, 'a row that ends early');
SELECT is(rejects, 1, 'another header is a bad file') FROM load_payload('nflverse', 'other.csv', 'season,week,home_team');
SELECT matches(detail, 'is not nflverse''s games.csv: its header lacks game_type, gameday, ', 'and says what is missing') FROM reject WHERE reason = 'bad_file';

-- ---- fixtures -----------------------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('fixtures.csv',
	E'x,2025,REG,13,2025-12-01,Monday,20:15,NYG,,NE,,Home,,,,295,-375,7.5,-120,100,46.5,-108,-112,outdoors,,,,\n'
	'x,2025,REG,14,2025-12-07,Sunday,13:00,SEA,,ATL,,Home,,,,-375,295,-7.5,-105,-115,43.5,-110,-110,closed,,,,\n'
	'x,2025,REG,18,2026-01-04,Sunday,13:00,DET,,CHI,,Home,,,,,,,,,,,,outdoors,,,,\n', '2026-11-01')$$, $$VALUES (3, 3, 12, 0)$$, 'fixtures with prices and without');
SELECT results_eq($$SELECT DISTINCT closing, known_at FROM quote JOIN game USING (game_id) WHERE season = 2025$$,
	$$VALUES (false, '2025-12-02 01:15+00'::timestamptz)$$, 'not closing; seen before the first of them began, whenever the file came');
SELECT is(count(*), 3::bigint, 'no results') FROM sports_events WHERE season = 2025 AND status = 'scheduled';
SELECT results_eq($$SELECT * FROM pg_temp.load('played2.csv',
	E'x,2025,REG,13,2025-12-01,Monday,20:15,NYG,20,NE,30,Home,10,50,0,295,-375,7.5,-120,100,46.5,-108,-112,outdoors,,,,\n'
	'x,2025,REG,14,2025-12-07,Sunday,16:25,SEA,,ATL,,Home,,,,-380,300,-7.5,-105,-115,43.5,-110,-110,closed,,,,\n', '2026-11-02')$$,
	$$VALUES (2, 2, 8, 0)$$, 'a week on: closing prices of the played game, one moneyline moved, a start moved');
SELECT results_eq($$SELECT price, known_at FROM quote JOIN game USING (game_id) WHERE game_key ~ '2025:Atlanta' AND market = 'h2h' AND side = 'home' ORDER BY known_at$$,
	$$VALUES (3.95::float8, '2025-12-02 01:15+00'::timestamptz), (4, '2025-12-07 21:25+00')$$, 'the moved price was seen before the first game that was left');
SELECT is(count(*), 2::bigint, 'the moved start is a new fixture row') FROM fixture JOIN game USING (game_id) WHERE game_key ~ '2025:Atlanta';
SELECT results_eq($$SELECT * FROM pg_temp.load('final.csv',
	E'x,2025,CON,20,2026-01-25,Sunday,15:00,NYG,3,NE,0,Home,-3,3,1,,,,,,,,,,,,,\n', '2026-11-03')$$, $$VALUES (1, 1, 0, 0)$$, 'a file with a later meeting alone');
SELECT results_eq($$SELECT game_key FROM game WHERE game_key ~ '2025:New England' ORDER BY 1$$,
	$$VALUES ('NFL:2025:New England Patriots:New York Giants:1'), ('NFL:2025:New England Patriots:New York Giants:2')$$, 'does not write into the earlier one');

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(g::text, '' ORDER BY g.game_id) FROM game AS g), (SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f),
		(SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r), (SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q),
		(SELECT string_agg((to_jsonb(j) - 'reject_id')::text, '' ORDER BY (to_jsonb(j) - 'reject_id')::text) FROM reject AS j))) $$;
SELECT cmp_ok(simulate_league(5, 6, 2), '>', 0::bigint, 'a feed that makes its own facts');
SELECT pg_temp.fingerprint() AS before \gset
SELECT is(replay(max(payload_id)), 1, 'its payload once more') FROM payload;
SELECT is(pg_temp.fingerprint(), :'before', 'changes nothing');
SELECT is(replay(), 9, 'all payloads again');
SELECT is(pg_temp.fingerprint(), :'before', 'give the same rows, byte for byte');
SELECT throws_ok($$SELECT load_nflverse(-1)$$, 'P0002', 'payload -1 is not there or not of feed nflverse');

-- ---- starters --------------------------------------------------------------------------------------
\set qb 'game_id,season,game_type,week,gameday,weekday,gametime,away_team,away_score,home_team,home_score,location,result,total,away_qb_id,home_qb_id,away_qb_name,home_qb_name\n'
SELECT rows_read AS told FROM load_payload('nflverse', 'qb.csv', convert_to(E:'qb' || E'x,2021,REG,1,2021-09-12,Sunday,13:00,KC,20,DEN,21,Home,1,41,00-0001,00-0002,A. Passer,B. Runner\n', 'UTF8'), '2030-03-01') \gset
SELECT rows_read AS told FROM load_payload('nflverse', 'qb2.csv', convert_to(E:'qb' || E'x,2021,REG,1,2021-09-12,Sunday,13:00,KC,20,DEN,21,Home,1,41,00-0001,00-0003,A. Passer,C. Corrected\n', 'UTF8'), '2030-03-02') \gset
SELECT results_eq($$SELECT side, item, value, label, p.known_at FROM pregame AS p JOIN sports_events AS e USING (game_id) WHERE e.season = 2021 ORDER BY p.known_at, side$$,
	$$VALUES ('away', 'quarterback', '00-0001', 'A. Passer', '2021-09-12 17:00+00'::timestamptz), ('home', 'quarterback', '00-0002', 'B. Runner', '2021-09-12 17:00+00'),
	('home', 'quarterback', '00-0003', 'C. Corrected', '2030-03-02 00:00+00')$$, 'quarterbacks are known when the game begins, a correction when it came');
SELECT results_eq($$SELECT role, team, player FROM lineup WHERE season = 2021 ORDER BY team$$, $$VALUES ('quarterback', 'Denver Broncos', '00-0003'), ('quarterback', 'Kansas City Chiefs', '00-0001')$$, 'the line-up as it stands');
SELECT * FROM finish();
ROLLBACK;
