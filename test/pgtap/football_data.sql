-- football-data.co.uk files: every layout and every defect that the real ones have, in made-up leagues.
BEGIN;
SET search_path = bet_edge, public;
SELECT plan(92);

CREATE FUNCTION pg_temp.load(file text, content text, at timestamptz DEFAULT '2030-01-01') RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql AS $$ SELECT rows_read, games, quotes, rejects FROM load_payload('football_data', file, convert_to(content, 'UTF8'), at) $$;
-- Rejects of a file, in lines: line reason detail.
CREATE FUNCTION pg_temp.rejects(file text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', line_no, reason, detail) FROM reject JOIN payload AS p USING (payload_id) WHERE p.name = file ORDER BY line_no, reject_id $$;
-- Prices of a team's one home game of a season.
CREATE FUNCTION pg_temp.prices(home text, p_season int, p_book text, p_market text, p_closing boolean DEFAULT false) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', q.side, q.line, q.price) FROM quote AS q JOIN sports_events AS e USING (game_id)
	WHERE e.home_team = home AND e.season = p_season AND q.book = p_book AND q.market = p_market AND q.closing = p_closing ORDER BY array_position('{home,over,draw,away,under}', q.side) $$;

INSERT INTO alias (feed, kind, pool, name, target)
SELECT 'football_data', 'team', 'england', n, n FROM unnest('{Ashby,Brook,Corley,Dunmere,Elston,Farrow,"Nott''m Vale",Oldmoor}'::text[]) AS n;

-- ---- names: the gate ----------------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('unknown.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\n'
	'SC0,01/08/15,Ardvale,Benmore,1,0,H,2,3,4\nSC0,08/08/15,Benmore,Ardvale,1,1,D,2,3,4\nSC0,09/08/15,Ardvale,Cairn,1,1,D,2,3,4\nXX,01/08/15,Ashby,Brook,1,0,H,2,3,4\n')$$,
	$$VALUES (4, 0, 0, 4)$$, 'rows with unknown names stay out, whole');
SELECT results_eq($$SELECT pg_temp.rejects('unknown.csv')$$, $$VALUES ('2 unknown_team alias has no team of SPL named ''Ardvale'' or ''Benmore'''),
	('3 unknown_team alias has no team of SPL named ''Benmore'' or ''Ardvale'''), ('4 unknown_team alias has no team of SPL named ''Ardvale'' or ''Cairn'''),
	('5 unknown_sport alias has no sport for ''XX''')$$, 'each with its reason');
SELECT is(count(*), 0::bigint, 'an unknown name makes no team') FROM team WHERE pool = 'scotland';
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('football_data', 'team', 'scotland', 'Cairn', 'Ardvale');
SELECT results_eq($$SELECT * FROM register_names('football_data', 'SPL')$$, $$VALUES ('Ardvale'), ('Benmore'), ('Cairn')$$, 'register_names makes teams of the waiting names');
SELECT results_eq($$SELECT pg_temp.rejects('unknown.csv')$$, $$VALUES ('4 same_team ''Ardvale'' and ''Cairn'' are both Ardvale'), ('5 unknown_sport alias has no sport for ''XX''')$$,
	'and loads their files again; an alias that was there keeps its target');
SELECT results_eq($$SELECT home_team, away_team, home_score FROM sports_events WHERE sport = 'SPL' ORDER BY starts_at$$,
	$$VALUES ('Ardvale', 'Benmore', 1), ('Benmore', 'Ardvale', 1)$$, 'the rows are in');
SELECT is_empty($$SELECT * FROM register_names('football_data', 'SPL')$$, 'a second time there is nothing to register');
SELECT throws_ok($$SELECT register_names('football_data', 'CURLING')$$, '42704', 'sport ''CURLING'' is not there');
SELECT throws_ok($$SELECT register_names('footbal_data', 'SPL')$$, '22023', 'feed ''footbal_data'' has no loader', 'nor has a misspelt feed names');
SELECT results_eq($$SELECT * FROM pg_temp.load('division.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nSC0,01/08/17,ardvale,Benmore,1,0,H')$$,
	$$VALUES (1, 0, 0, 1)$$, 'names match exactly: another capital is another name');

-- ---- dates, times, seasons ----------------------------------------------------------------
SELECT results_eq($$SELECT d, football_data_day(d) FROM unnest('{13/08/16,05/08/2022,1/2/03,20/08/94,31/12/89}'::text[]) AS d$$,
	$$VALUES ('13/08/16', '2016-08-13'::date), ('05/08/2022', '2022-08-05'), ('1/2/03', '2003-02-01'), ('20/08/94', '1994-08-20'), ('31/12/89', '2089-12-31')$$, 'both forms of date, day first');
SELECT is(count(football_data_day(d)), 0::bigint, 'what is no day') FROM unnest('{31/02/2020,29/02/2019,00/01/20,01/13/20,2020-01-01,1/1/1,"",x,01/01/020}'::text[]) AS d;
SELECT results_eq($$SELECT * FROM pg_temp.load('season.csv', E'Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\n'
	'E0,12/09/2020,12:30,Ashby,Brook,1,0,H,2,3.4,4\nE0,12/12/2020,20:00,Brook,Ashby,1,0,H,2,3.4,4\nE0,26/07/2021,,Corley,Brook,2,2,D,2,3.4,4\n'
	'E1,31/05/2021,15:00,Dunmere,Elston,2,2,D,2,3.4,4\n')$$, $$VALUES (4, 4, 12, 0)$$, 'two divisions, with and without a time');
SELECT results_eq($$SELECT sport, season, home_team, starts_at, time_known FROM sports_events WHERE season = 2020 ORDER BY starts_at$$,
	$$VALUES ('EPL', 2020, 'Ashby', '2020-09-12 11:30+00'::timestamptz, true), ('EPL', 2020, 'Brook', '2020-12-12 20:00+00', true),
	('CHAMPIONSHIP', 2020, 'Dunmere', '2021-05-31 14:00+00', true), ('EPL', 2020, 'Corley', '2021-07-26 14:00+00', false)$$,
	'UK time in summer and winter; the season is that of the division''s first day, late ends included');
SELECT results_eq($$SELECT home_team, f.known_at, r.known_at, (SELECT min(q.known_at) FROM quote AS q WHERE q.game_id = e.game_id)
	FROM sports_events AS e JOIN fixture AS f USING (game_id) JOIN result AS r USING (game_id) WHERE season = 2020 AND sport = 'EPL' AND away_team = 'Brook' ORDER BY 1$$,
	$$VALUES ('Ashby', '2020-08-29 11:30+00'::timestamptz, '2020-09-12 13:30+00'::timestamptz, '2020-09-11 14:00+00'::timestamptz),
	('Corley', '2021-07-12 14:00+00', '2021-07-26 16:00+00', '2021-07-23 14:00+00')$$,
	'known: the fixture 14 days before, the result two hours after the start, the prices on Friday afternoon');
SELECT is(count(*), 0::bigint, 'recorded when the payload was received') FROM quote JOIN payload AS p USING (payload_id) WHERE recorded_at <> p.received_at;

-- ---- odds cells ---------------------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('odds.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,PSH,PSD,PSA,MaxH,MaxD,MaxA,B365>2.5,B365<2.5\n'
	'E0,06/08/2011,Ashby,Brook,1,0,H,0,3.75,4.2,1.85,3.6,4.2,2.6,3.9,4.6,1.9,1.95\n'
	'E0,06/08/2011,Corley,Dunmere,1,0,H,1,3.75,4.2,1.85,3.6,4.2,,,,0,0\n'
	'E0,06/08/2011,Elston,Farrow,1,0,H,0.967,3.75,4.2,"2.,3",3.6,4.2,,,,1.9,\n'
	'E0,06/08/2011,Nott''m Vale,Oldmoor,1,0,H,2,3.75,,n/a,-,4.2, 2.5 ,3.9,4.6,2.2,2.3\n'
	'E0,13/08/2011,Ashby,Corley,1,0,H,,,,5,5.0,1.5,,,,,\n')$$, $$VALUES (5, 5, 17, 9)$$, 'bad cells cost their own market and no more');
SELECT results_eq($$SELECT pg_temp.rejects('odds.csv')$$, $$VALUES
	('2 bad_odds bet365 h2h: B365H is ''0'''),
	('3 bad_odds bet365 h2h: B365H is ''1'''), ('3 bad_odds bet365 totals: B365>2.5 is ''0'', B365<2.5 is ''0'''),
	('4 bad_odds bet365 h2h: B365H is ''0.967'''), ('4 incomplete_market bet365 totals: B365<2.5 missing'), ('4 bad_odds pinnacle h2h: PSH is ''2.,3'''),
	('5 incomplete_market bet365 h2h: B365A missing'), ('5 implied_sum_below_1 bet365 totals: the prices imply 0.8893 in all'),
	('5 bad_odds pinnacle h2h: PSH is ''n/a'', PSD is ''-''')$$, 'the reason names column and value');
SELECT ok(bool_and(raw LIKE 'E0,%'), 'and keeps the line') FROM reject WHERE reason = 'bad_odds';
SELECT results_eq($$SELECT pg_temp.prices('Nott''m Vale', 2011, 'market_max', 'h2h')$$, $$VALUES ('home 2.5'), ('draw 3.9'), ('away 4.6')$$,
	'a maximum over many books may imply less than 1; apostrophes and spaces around numbers are no matter');
SELECT is_empty($$SELECT pg_temp.prices('Elston', 2011, 'pinnacle', 'h2h')$$, 'no side of a refused market is there');

-- ---- columns: books, closing prices, lines ------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('closing.csv', E'Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,PSH,PSD,PSA,PSCH,PSCD,PSCA,P>2.5,P<2.5,PC>2.5,PC<2.5,AHh,PAHH,PAHA,AvgAHH,AvgAHA,AHCh,PCAHH,PCAHA,XYZH,XYZD,XYZA\n'
	'E0,15/08/2022,19:45,Farrow,Elston,2,1,H,2.0,3.5,4.0,1.9,3.6,4.4,1.8,2.1,1.85,2.05,-0.25,1.9,2.0,1.88,1.98,-0.75,2.02,1.88,9,9,9\n')$$,
	$$VALUES (1, 1, 16, 0)$$, 'a book''s column that nobody knows is not read');
SELECT results_eq($$SELECT pg_temp.prices('Farrow', 2022, 'pinnacle', 'h2h')$$, $$VALUES ('home 2'), ('draw 3.5'), ('away 4')$$, 'PS: Pinnacle, before the close');
SELECT results_eq($$SELECT pg_temp.prices('Farrow', 2022, 'pinnacle', 'h2h', true)$$, $$VALUES ('home 1.9'), ('draw 3.6'), ('away 4.4')$$, 'PSC: at the close');
SELECT results_eq($$SELECT pg_temp.prices('Farrow', 2022, 'pinnacle', 'totals', true)$$, $$VALUES ('over 2.5 1.85'), ('under 2.5 2.05')$$, 'PC: totals at the close');
SELECT results_eq($$SELECT pg_temp.prices('Farrow', 2022, 'pinnacle', 'spreads')$$, $$VALUES ('home -0.25 1.9'), ('away 0.25 2')$$, 'AHh is the home side''s line, the away side has the opposite');
SELECT results_eq($$SELECT pg_temp.prices('Farrow', 2022, 'pinnacle', 'spreads', true)$$, $$VALUES ('home -0.75 2.02'), ('away 0.75 1.88')$$, 'AHCh is the line of the closing prices');
SELECT results_eq($$SELECT DISTINCT closing, known_at FROM quote JOIN sports_events AS e USING (game_id) WHERE e.home_team = 'Farrow' AND e.season = 2022 ORDER BY 1$$,
	$$VALUES (false, '2022-08-12 14:00+00'::timestamptz), (true, '2022-08-15 18:45+00')$$, 'closing prices are known at the start, others at the decision');
SELECT is(count(*), 5::bigint, 'closing_quote and quotes() agree on what is closing') FROM closing_quote AS c JOIN sports_events AS e USING (game_id) WHERE e.home_team = 'Farrow' AND c.book = 'pinnacle' AND c.market <> 'totals';

SELECT results_eq($$SELECT * FROM pg_temp.load('old.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,GBH,GBD,GBA,SOH,SOD,SOA,GB>2.5,GB<2.5,GBAHH,GBAHA,GBAH,LBAHH,LBAHA,LBAH,BbOU,BbMx>2.5,BbAv>2.5,BbMx<2.5,BbAv<2.5,BbAH,BbAHh,BbMxAHH,BbAvAHH,BbMxAHA,BbAvAHA\n'
	'E0,14/08/04,Ashby,Brook,2,0,H,1.9,3.25,4,2,3.3,3.5,1.91,1.79,1.75,2.05,-0.25,2.02,1.82,-0.5,20,2,1.9,1.9,1.8,12,-0.75,2.1,2,1.9,1.85\n'
	'E0,14/08/04,Corley,Dunmere,2,0,H,,,,,,,,,1.75,2.05,,2.02,1.82,1.28,,,,,,,-1,,,,\n')$$, $$VALUES (2, 2, 20, 2)$$, 'columns of the early years');
SELECT results_eq($$SELECT pg_temp.prices('Ashby', 2004, b, 'spreads') FROM unnest('{gamebookers,ladbrokes_uk,market_max}'::text[]) AS b$$,
	$$VALUES ('home -0.25 1.75'), ('away 0.25 2.05'), ('home -0.5 2.02'), ('away 0.5 1.82'), ('home -0.75 2.1'), ('away 0.75 1.9')$$, 'each book at its own line');
SELECT results_eq($$SELECT pg_temp.prices('Ashby', 2004, 'market_avg', 'totals')$$, $$VALUES ('over 2.5 1.9'), ('under 2.5 1.8')$$, 'Betbrain''s mean');
SELECT results_eq($$SELECT pg_temp.rejects('old.csv')$$, $$VALUES ('3 incomplete_market gamebookers spreads: the line is missing'),
	('3 bad_line ladbrokes_uk spreads: ''1.28'' is not a line in quarter points')$$, 'a handicap without a line, a line that is none; a line without prices is nothing');

SELECT results_eq($$SELECT * FROM pg_temp.load('extra.csv', E'Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PH,PD,PA,MaxH,MaxD,MaxA\n'
	'Poland,Ekstraklasa,2012/2013,17/08/2012,17:00,Wilcza,Zorza,4,0,H,3.2,3.2,2.5,3.3,3.3,2.6\nPoland,Ekstraklasa,2013,18/08/2012,17:00,Zorza,Wilcza,1,0,H,3.2,3.2,2.5,,,\n'
	'Poland,Ekstraklasa,,18/08/2012,17:00,Zorza,Wilcza,4,0,H,,,,,,\nPoland,Pierwsza,2013,18/08/2012,17:00,Zorza,Wilcza,4,0,H,,,,,,\n')$$, $$VALUES (4, 0, 0, 4)$$, 'the layout of the extra leagues');
SELECT results_eq($$SELECT * FROM register_names('football_data', 'EKSTRAKLASA')$$, $$VALUES ('Wilcza'), ('Zorza')$$, 'its names are registered in a pool of their own');
SELECT results_eq($$SELECT season, home_team, book, closing, q.known_at = starts_at FROM sports_events JOIN quote AS q USING (game_id) WHERE sport = 'EKSTRAKLASA' AND side = 'home' ORDER BY 1, 2, 3$$,
	$$VALUES (2012, 'Wilcza', 'market_max', true, true), (2012, 'Wilcza', 'pinnacle', true, true), (2013, 'Zorza', 'pinnacle', true, true)$$, 'its seasons stand in a column, its prices are closing prices');
SELECT results_eq($$SELECT pg_temp.rejects('extra.csv')$$, $$VALUES
	('4 bad_date not a day as dd/mm/yy or dd/mm/yyyy, a time as hh:mm, a season as yyyy or yyyy/yyyy: 18/08/2012 17:00'), ('5 unknown_sport alias has no sport for ''Poland/Pierwsza''')$$, 'its rejects');
SELECT is(games, 0, 'a league of the calendar year') FROM pg_temp.load('sweden.csv', E'Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PH,PD,PA\nSweden,Allsvenskan,2019,31/03/2019,14:00,Elgby,Vargstad,1,1,D,2.2,3.3,3.5\n');
SELECT results_eq($$SELECT * FROM register_names('football_data', 'ALLSVENSKAN')$$, $$VALUES ('Elgby'), ('Vargstad')$$, 'is known by country and league');
SELECT results_eq($$SELECT season, season_of(sport, starts_at), starts_at FROM sports_events WHERE sport = 'ALLSVENSKAN'$$, $$VALUES (2019, 2019, '2019-03-31 13:00+00'::timestamptz)$$, 'its season is the year, also of feeds that do not name it');
SELECT is_empty($$SELECT a.name FROM alias AS a LEFT JOIN sport AS s ON s.sport = a.target WHERE a.feed = 'football_data' AND a.kind = 'sport' AND s.family IS DISTINCT FROM 'soccer'$$, 'every division of the feed is a league');

-- ---- shapes of files ----------------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('ragged.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,,,B365H,B365D,B365A\r\n'
	'E0,20/08/94,Ashby,Brook,3,0,H\r\n,,,,,,,,,,,,,\r\n\r\nE0,20/08/94,Corley,Dunmere , 2 ,0,H,1,0,,,2,3,4,,,, \r\n'
	'E0,21/08/94,Brook,Dunmere,1,1,D,0,0,,,2,3,4,,x\r\nE0,21/08/94\r\n,,,,,,,,,,,,,,,\r\n"E0","22/08/94","Elston","Farrow","0","0","D"\r\n')$$,
	$$VALUES (5, 3, 3, 2)$$, 'CRLF, empty header cells, short rows, long rows, quotes');
SELECT results_eq($$SELECT pg_temp.rejects('ragged.csv')$$, $$VALUES ('6 long_row 16 fields under a header of 14, and not empty beyond it'),
	('7 short_row division, home team or away team is missing')$$, 'only what is not empty beyond the header costs the row');
SELECT is(rows_blank, 2, 'lines of commas are skipped and counted') FROM load_report WHERE name = 'ragged.csv';
SELECT results_eq($$SELECT home_team, away_team, detail FROM sports_events JOIN result USING (game_id) WHERE season = 1994 ORDER BY 1$$,
	$$VALUES ('Ashby', 'Brook', '{}'::jsonb), ('Corley', 'Dunmere', '{"HTHG": 1, "HTAG": 0}'), ('Elston', 'Farrow', '{}')$$, 'white space around names and numbers does not matter');
SELECT is(games, 1, 'a byte-order mark, no last line end') FROM pg_temp.load('mark.csv', chr(65279) || E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,20/08/95,Ashby,Brook,3,0,H');
SELECT is(games, 1, 'Latin-1 with no-break spaces') FROM load_payload('football_data', 'latin.csv',
	convert_to(E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,Referee\nE0,20/08/96,Ashby\u00a0,Brook,3,0,H,\u00a0J M\u00fcnch', 'LATIN1'));
SELECT is(detail ->> 'Referee', 'J Münch', 'read as Latin-1 and trimmed') FROM result JOIN payload AS p USING (payload_id) WHERE p.name = 'latin.csv';
SELECT is(l.rejects, 1, 'a file that cannot be read at all is one reject: ' || name)
FROM (VALUES ('quote.csv', E'Div,Date\n"E0'), ('header.csv', E'Datum,Heim\n1,2'), ('short.csv', E'Div,Date,HomeTeam\n'), ('empty.csv', '')) AS v (name, content), pg_temp.load(name, content) AS l;
SELECT is(rejects, 1, 'so are bytes that are no text') FROM load_payload('football_data', 'binary.csv', '\x89504e470d0a1a0a0000');
SELECT is(d, 'bad_file body is not CSV: the quote that opens in line 2 is never closed', 'the reason says what is wrong') FROM pg_temp.rejects('quote.csv') AS d;
SELECT throws_ok($$SELECT load_payload('curling', 'x', '')$$, '42704', 'feed ''curling'' has no loader');
SELECT throws_ok($$SELECT load_football_data(-1)$$, 'P0002', 'payload -1 is not there or not of feed football_data');

-- ---- scores, awarded games, fixtures ------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('score.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\n'
	'E0,10/08/97,Ashby,Brook,3,0,A\nE0,10/08/97,Brook,Ashby,3,,H\nE0,10/08/97,Brook,Corley,-1,0,A\nE0,10/08/97,Corley,Brook,1.5,0,H\nE0,31/09/97,Corley,Ashby,1,0,H\n'
	'E0,10/08/97,Ashby,Corley,,,H\nE0,11/08/97,Elston,Farrow,2,2,\nE0,11/08/97,Elston,Farrow,2,2,D\n')$$, $$VALUES (8, 1, 0, 7)$$, 'scores that contradict themselves');
SELECT results_eq($$SELECT reason, count(*) FROM reject JOIN payload AS p USING (payload_id) WHERE p.name = 'score.csv' GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('bad_date', 1::bigint), ('bad_score', 5), ('duplicate_row', 1)$$, 'stay out with their reasons');
SELECT is(games, 22, 'one game in 22 without statistics') FROM pg_temp.load('awarded.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HS,AS,HC,AC,B365H,B365D,B365A\n'
	|| (SELECT string_agg(format('E1,%s/09/98,Ashby,Brook,1,0,H,9,8,7,6,2,3,4', to_char(i, 'FM00')), E'\n') FROM generate_series(1, 21) AS i)
	|| E'\nE1,25/09/98,Brook,Ashby,0,3,A,,,,,2,3,4\n');
SELECT results_eq($$SELECT home_team, status, count(*), sum(n) FROM sports_events CROSS JOIN LATERAL (SELECT count(*) AS n FROM quote AS q WHERE q.game_id = sports_events.game_id) AS q
	WHERE sport = 'CHAMPIONSHIP' AND season = 1998 GROUP BY 1, 2 ORDER BY 1$$, $$VALUES ('Ashby', 'final', 21::bigint, 63::numeric), ('Brook', 'awarded', 1, 3)$$, 'is awarded, and keeps its prices');
SELECT is(max(split_part(game_key, ':', 5)::int), 21, 'meetings of one pairing at one ground are numbered by date') FROM game WHERE sport = 'CHAMPIONSHIP' AND season = 1998;
SELECT is(games, 2, 'statistics of one game in two') FROM pg_temp.load('plain.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HS,AS,HC,AC\nE1,01/09/99,Ashby,Brook,1,0,H,9,9,9,9\nE1,02/09/99,Brook,Ashby,1,0,H,,,,');
SELECT is(count(*), 2::bigint, 'award nothing') FROM sports_events WHERE sport = 'CHAMPIONSHIP' AND season = 1999 AND status = 'final';

SELECT results_eq($$SELECT * FROM pg_temp.load('fixtures.csv', E'Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,B365CH,B365CD,B365CA\n'
	'E0,05/08/2028,15:00,Ashby,Brook,,,,2,3.5,4,,,\nE0,05/08/2028,17:30,Corley,Dunmere,,,,2,3.5,4,1.9,3.6,4.4\nE0,06/08/2028,17:30,Elston,Farrow,,,,,,,,,\n', '2028-08-04 18:00+00')$$,
	$$VALUES (3, 3, 6, 0)$$, 'unplayed fixtures with prices; without a score nothing is closing');
SELECT results_eq($$SELECT home_team, status, (SELECT count(*) FROM result AS r WHERE r.game_id = e.game_id) FROM sports_events AS e WHERE season = 2028 ORDER BY 1$$,
	$$VALUES ('Ashby', 'scheduled', 0::bigint), ('Corley', 'scheduled', 0), ('Elston', 'scheduled', 0)$$, 'are scheduled');
SELECT is(array_agg(DISTINCT q.known_at), ARRAY['2028-08-04 18:00+00'::timestamptz], 'their prices are known when the file came')
FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE e.season = 2028;
SELECT results_eq($$SELECT home_team, q.side, q.price FROM sports_events AS e, quotes(e.game_id, '2028-08-04 18:00+00') AS q WHERE e.season = 2028 AND q.side = 'away' ORDER BY 1$$,
	$$VALUES ('Ashby', 'away', 4::float8), ('Corley', 'away', 4)$$, 'and can be bet on from then');
SELECT is(quotes, 3, 'a file that came late') FROM pg_temp.load('late.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\nE0,03/08/2024,Ashby,Brook,,,,2,3.5,4\n', '2025-01-01');
SELECT is(max(q.known_at), '2024-08-03 14:00+00'::timestamptz, 'was made before the first of its unplayed games began') FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE e.season = 2024;
SELECT is(games, 1, 'so is one whose first game has a club that nobody knows') FROM pg_temp.load('late_too.csv',
	E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\nE0,02/08/2025,Ashby,Zedhampton,,,,2,3.5,4\nE0,09/08/2025,Brook,Corley,,,,2,3.5,4\n', '2026-01-01');
SELECT is(max(q.known_at), '2025-08-02 14:00+00'::timestamptz, 'the moment is the file''s and does not depend on aliases') FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE e.season = 2025;
SELECT is(count(DISTINCT received_at), count(*), 'no two payloads share the moment of their receipt') FROM payload;

-- ---- the same again, corrections, what moved ----------------------------------------------
SELECT ok(duplicate AND games = 0 AND quotes = 0, 'the same bytes again are a duplicate') FROM load_payload('football_data', 'again.csv',
	(SELECT body FROM payload WHERE name = 'fixtures.csv'), '2028-08-05');
SELECT results_eq($$SELECT * FROM pg_temp.load('played.csv', E'Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,B365CH,B365CD,B365CA\n'
	'E0,05/08/2028,15:00,Ashby,Brook,2,0,H,2.0,3.50,4,1.9,3.6,4.4\nE0,05/08/2028,17:30,Corley,Dunmere,1,1,D,2,3.6,4,1.9,3.6,4.4\nE0,08/08/2028,19:45,Elston,Farrow,0,1,A,2,3.5,4,2,3.5,4\n', '2028-08-10 00:00+00')$$,
	$$VALUES (3, 3, 15, 0)$$, 'the results: nine closing prices, three corrected, three that are new; 2.0 is 2');
SELECT results_eq($$SELECT home_team, f.starts_at, f.known_at FROM sports_events AS e JOIN fixture AS f USING (game_id) WHERE season = 2028 ORDER BY 1, 3$$,
	$$VALUES ('Ashby', '2028-08-05 14:00+00'::timestamptz, '2028-07-22 14:00+00'::timestamptz), ('Corley', '2028-08-05 16:30+00', '2028-07-22 16:30+00'),
	('Elston', '2028-08-06 16:30+00', '2028-07-23 16:30+00'), ('Elston', '2028-08-08 18:45+00', '2028-08-10 00:00+00')$$, 'a moved game is the same game, known to have moved from the file on');
SELECT results_eq($$SELECT price, q.known_at FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE e.season = 2028 AND home_team = 'Corley' AND side = 'draw' AND NOT closing ORDER BY 2$$,
	$$VALUES (3.5::float8, '2028-08-04 18:00+00'::timestamptz), (3.6, '2028-08-10 00:00+00')$$, 'a corrected price is one more row, known from its file on');
SELECT results_eq($$SELECT q.price FROM sports_events AS e, quotes(e.game_id, '2028-08-05 12:00+00') AS q WHERE e.season = 2028 AND home_team = 'Corley' AND side = 'draw'$$,
	'VALUES (3.5::float8)', 'and no decision before that sees it');
SELECT results_eq($$SELECT * FROM pg_temp.load('corrected.csv', E'Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,B365CH,B365CD,B365CA\n'
	'E0,05/08/2028,15:00,Ashby,Brook,2,1,H,2.0,3.50,4,1.9,3.6,4.4\nE0,05/08/2028,17:30,Corley,Dunmere,1,1,D,2,3.6,4,1.9,3.6,4.4\n', '2028-08-12 00:00+00')$$,
	$$VALUES (2, 2, 0, 0)$$, 'a corrected score');
SELECT results_eq($$SELECT r.home_score, r.away_score, r.known_at FROM result AS r JOIN game AS g USING (game_id) WHERE g.game_key ~ '2028:(Ashby|Corley)' ORDER BY 3, 1$$,
	$$VALUES (2, 0, '2028-08-05 16:00+00'::timestamptz), (1, 1, '2028-08-05 18:30+00'), (2, 1, '2028-08-12 00:00+00')$$, 'appends; what did not change is not said twice');
SELECT is(away_score, 1, 'sports_events shows the new state') FROM sports_events WHERE season = 2028 AND home_team = 'Ashby';
SELECT is((SELECT away_score FROM results('2028-08-11') AS r JOIN game AS g USING (game_id) WHERE g.game_key ~ '2028:Ashby'), 0, 'results() of the day before the old one');
SELECT is(games, 1, 'a part of a season: the return match at the same ground') FROM pg_temp.load('part.csv', E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,03/02/2029,Ashby,Brook,0,0,D\n', '2029-03-01');
SELECT results_eq($$SELECT game_key FROM game WHERE game_key ~ '2028:Ashby' ORDER BY 1$$, $$VALUES ('EPL:2028:Ashby:Brook:1'), ('EPL:2028:Ashby:Brook:2')$$, 'is another game than the one that was played');

-- ---- the way back -------------------------------------------------------------------------
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(g::text, '' ORDER BY g.game_id) FROM game AS g), (SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f),
		(SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r), (SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q),
		(SELECT string_agg((to_jsonb(j) - 'reject_id')::text, '' ORDER BY (to_jsonb(j) - 'reject_id')::text) FROM reject AS j))) $$;
SELECT pg_temp.fingerprint() AS before \gset
SELECT cmp_ok(sum(replay(payload_id)), '>', 20::bigint, 'every payload once more') FROM payload;
SELECT is(pg_temp.fingerprint(), :'before', 'changes nothing');
SELECT is(replay(), (SELECT count(*)::int FROM payload), 'all tables from the payloads');
SELECT is(pg_temp.fingerprint(), :'before', 'are the same, byte for byte');
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key)
SELECT stable_id('EPL:1900:Ashby:Brook:1'), 'EPL', 1900, home_id, away_id, 'EPL:1900:Ashby:Brook:1' FROM game WHERE game_key = 'EPL:2028:Ashby:Brook:1';
SELECT cmp_ok(replay(), '>', 0, 'once more');
SELECT is(pg_temp.fingerprint(), :'before', 'a game that no payload holds is gone');
SELECT is(sum(rejects), (SELECT count(*) FROM reject)::numeric, 'load_report counts every reject') FROM load_report;
SELECT is(sum(quotes), (SELECT count(*) FROM quote)::numeric, 'and every quote') FROM load_report;
SELECT is(reasons, '{"bad_odds": 6, "implied_sum_below_1": 1, "incomplete_market": 2}'::jsonb, 'by reason') FROM load_report WHERE name = 'odds.csv';
SELECT * FROM finish();
ROLLBACK;
