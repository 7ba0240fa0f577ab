-- A game that was put off, called over or off, and is on again: its status follows the scoreboard by the time of its capture, both ways.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(45);

CREATE FUNCTION pg_temp.game(id text, home text, away text, status int, says text, period int, clock text, h int, a int) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_build_object('gameId', id, 'gameStatus', status, 'gameStatusText', says, 'period', period, 'gameClock', clock, 'gameTimeUTC', '2031-02-12T00:00:00Z',
	'homeTeam', jsonb_build_object('teamTricode', home, 'score', h), 'awayTeam', jsonb_build_object('teamTricode', away, 'score', a)) $$;
CREATE FUNCTION pg_temp.poll(at interval, VARIADIC games jsonb[]) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, rejects) FROM load_payload('nba_live', 'scoreboard of ' || (games[1] ->> 'gameId'), convert_to(jsonb_build_object('meta', at::text, 'scoreboard', jsonb_build_object('games', to_jsonb(games)))::text, 'UTF8'),
	'2031-02-12 00:00+00'::timestamptz + at) $$;
-- Denver against Utah, as poll() takes it
CREATE FUNCTION pg_temp.den(at interval, status int, says text, period int DEFAULT 0, clock text DEFAULT '', h int DEFAULT 0, a int DEFAULT 0) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.poll(at, pg_temp.game('0023000001', 'DEN', 'UTA', status, says, period, clock, h, a)) $$;
CREATE FUNCTION pg_temp.said(home text DEFAULT 'Denver Nuggets') RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', status, home_score, away_score) FROM sports_events WHERE home_team = home $$;
CREATE FUNCTION pg_temp.asks(at interval) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM if_game_on('nba_live_scoreboard', '2031-02-12 00:00+00'::timestamptz + at)) $$;
CREATE FUNCTION pg_temp.offered(at interval) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM upcoming_games('NBA', '2031-02-12 00:00+00'::timestamptz + at) $$;
CREATE FUNCTION pg_temp.story(home text) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(concat_ws(' ', r.status, r.home_score, to_char(r.known_at AT TIME ZONE 'UTC', 'HH24:MI')), ', ' ORDER BY r.known_at) FROM result AS r JOIN game AS g USING (game_id) JOIN team AS t ON t.team_id = g.home_id WHERE t.name = home $$;

-- ---- put off and on again, before it has begun and after ------------------------------------------------------
SELECT is(pg_temp.den('-2 h', 1, '7:00 pm ET') || pg_temp.said() || pg_temp.offered('-2 h'), '1 1 0scheduled1', 'a game to be played');
SELECT is(pg_temp.den('-1 h', 1, 'PPD') || pg_temp.said() || pg_temp.offered('-1 h'), '1 1 0postponed0', 'is put off');
SELECT is(pg_temp.den('-30 min', 1, '7:30 pm ET') || pg_temp.said() || pg_temp.offered('-30 min'), '1 1 0scheduled1', 'and on after all');
SELECT is(pg_temp.offered('-1 h'), 0::bigint, 'who asks of before is told what was known then');
SELECT ok(pg_temp.asks('-10 min'), 'it is polled');
SELECT is(pg_temp.den('5 min', 2, 'Q1', 1, 'PT11M00.00S', 3, 0) || pg_temp.den('10 min', 2, 'Q1', 1, 'PT09M00.00S', 9, 5) || pg_temp.said(), '1 1 01 1 0scheduled', 'it begins');
SELECT is(pg_temp.den('15 min', 1, 'PPD', 1) || pg_temp.said(), '1 1 0postponed', 'and is put off once more');
SELECT ok(pg_temp.asks('16 min'), 'a game that may go on is polled on, though it is the only one');
SELECT is(score_pattern('nba_live', '0023000001', 2), NULL, 'it has no pattern');
SELECT is(pg_temp.den('20 min', 1, '8:00 pm ET') || pg_temp.den('40 min', 2, 'Q1', 1, 'PT09M00.00S', 9, 5) || pg_temp.said(), '1 1 01 1 0scheduled', 'it goes on');
SELECT is(score_pattern('nba_live', '0023000001', 2), '{3,3}', 'with what it had');
SELECT pg_temp.den(make_interval(mins => m), 2, 'Q1', 1, 'PT08M00.00S', 9, m) FROM generate_series(41, 45) AS m \g /dev/null
SELECT is(pg_temp.story('Denver Nuggets'), 'postponed 23:00, scheduled 23:30, postponed 00:15, scheduled 00:20', 'each change is a row, known from its capture on; what is said again is none');

-- ---- over, and not over after all --------------------------------------------------------------------------------
SELECT is(pg_temp.den('2 h', 3, 'Final', 4, '', 101, 99) || pg_temp.said() || pg_temp.asks('2 h'), '1 1 0final 101 99false', 'the end');
SELECT is(pg_temp.den('2 h 1 min', 2, 'Q4', 4, 'PT00M00.80S', 101, 99) || pg_temp.said() || pg_temp.asks('2 h 1 min'), '1 1 0scheduledtrue', 'eight tenths of a second are put back on the clock');
SELECT is(pg_temp.den('2 h 9 min', 3, 'Final', 4, '', 101, 102) || pg_temp.said() || pg_temp.asks('2 h 9 min'), '1 1 0final 101 102false', 'the end, once more');
SELECT is((SELECT status || home_score FROM results('2031-02-12 02:00+00')) || (SELECT status FROM results('2031-02-12 02:05+00')), 'final101scheduled', 'as of each time');
SELECT is(pg_temp.den('2 h 4 min', 2, 'Q4', 4, 'PT00M00.30S', 101, 100) || pg_temp.said(), '1 1 0final 101 102', 'an answer of before that comes late changes nothing');

-- ---- what comes late stands in its place -------------------------------------------------------------------------
SELECT pg_temp.poll('-3 h', pg_temp.game('0023000002', 'MIA', 'ORL', 1, 'PPD', 0, '', 0, 0)), pg_temp.poll('-1 h', pg_temp.game('0023000002', 'MIA', 'ORL', 1, 'PPD', 0, '', 0, 0)) \g /dev/null
SELECT is(pg_temp.poll('-2 h', pg_temp.game('0023000002', 'MIA', 'ORL', 1, '7:00 pm ET', 0, '', 0, 0)) || pg_temp.said('Miami Heat'), '1 1 0postponed', 'the newest capture has the word, not the one loaded last');
SELECT pg_temp.poll('-3 h', pg_temp.game('0023000003', 'BOS', 'NYK', 1, '7:00 pm ET', 0, '', 0, 0)), pg_temp.poll('-1 h', pg_temp.game('0023000003', 'BOS', 'NYK', 1, '7:00 pm ET', 0, '', 0, 0)) \g /dev/null
SELECT is(pg_temp.poll('-2 h', pg_temp.game('0023000003', 'BOS', 'NYK', 1, 'PPD', 0, '', 0, 0)) || pg_temp.said('Boston Celtics') || (SELECT status FROM live_games WHERE event_id = '0023000003'), '1 1 0scheduledscheduled', 'both ways');
SELECT is(pg_temp.story('Miami Heat') || '; ' || pg_temp.story('Boston Celtics'), 'postponed 21:00, scheduled 22:00, postponed 23:00; postponed 22:00, scheduled 23:00', 'with all that was said, at its time');

-- ---- how long it is polled -----------------------------------------------------------------------------------------
SELECT is(pg_temp.asks('5 h 40 min'), false, 'five hours after the start nobody asks any more');
SELECT is(pg_temp.poll('4 h', pg_temp.game('0023000005', 'PHX', 'SAC', 1, 'PPD', 0, '', 0, 0)) || pg_temp.poll('4 h 30 min', pg_temp.game('0023000005', 'PHX', 'SAC', 2, 'Q1', 1, 'PT06M00.00S', 9, 8)) || pg_temp.asks('5 h 40 min') || pg_temp.asks('9 h'),
	'1 1 01 1 0truefalse', 'but for a game that they play');
SELECT is(pg_temp.poll('5 days', pg_temp.game('0023000006', 'LAL', 'HOU', 1, '', 0, '', 0, 0) || '{"gameTimeUTC": "2031-03-01T00:00:00Z"}') || pg_temp.poll('6 days', pg_temp.game('0023000006', 'LAL', 'HOU', 1, '', 0, '', 0, 0) || '{"gameTimeUTC": "2031-03-05T00:00:00Z"}')
	|| pg_temp.asks('17 days') || pg_temp.asks('21 days'), '1 1 01 1 0falsetrue', 'a game that was moved is asked for when it is played');

-- ---- one evening's pages in any order --------------------------------------------------------------------------------
CREATE TEMP TABLE page AS SELECT at, array_remove(ARRAY[CASE WHEN x IS NOT NULL THEN pg_temp.game('0023000011', 'HOU', 'DAL', x[1]::int, x[2], x[3]::int, x[4], x[5]::int, x[6]::int) END,
		CASE WHEN y IS NOT NULL THEN pg_temp.game('0023000012', 'MIN', 'POR', y[1]::int, y[2], y[3]::int, y[4], y[5]::int, y[6]::int) END], NULL) AS games
FROM (VALUES (interval '-3 h', '{1,7 pm,0,"",0,0}'::text[], '{1,7 pm,0,"",0,0}'::text[]), ('-2 h', '{1,PPD,0,"",0,0}', '{1,7 pm,0,"",0,0}'), ('-1 h', '{1,7 pm,0,"",0,0}', '{1,7 pm,0,"",0,0}'), ('5 min', '{2,Q1,1,PT11M00.00S,3,0}', NULL),
	('10 min', '{2,Q1,1,PT09M00.00S,9,5}', '{2,Q1,1,PT10M00.00S,2,2}'), ('11 min', '{1,PPD,1,"",0,0}', '{2,Q1,1,PT10M00.00S,2,2}'), ('12 min', '{2,Q1,1,PT09M00.00S,9,5}', '{2,Q1,1,PT09M30.00S,5,2}'), ('2 h', '{3,Final,4,"",101,99}', '{2,Q4,4,PT00M10.00S,80,88}'),
	('2 h 1 min', '{2,Q4,4,PT00M00.80S,101,99}', '{3,Final,4,"",80,90}'), ('2 h 5 min', '{3,Final,4,"",101,102}', '{3,Final,4,"",80,90}'), ('2 h 10 min', NULL, '{3,Final,4,"",80,91}'), ('3 h', '{3,Final,4,"",101,102}', '{3,Final,4,"",80,91}'), ('3 h 5 min', NULL, '{3,Final,4,"",80,91}')) AS p (at, x, y);
-- What there is to read at the time of every page, and in the end, when they were loaded in an order.
CREATE FUNCTION pg_temp.told(pages interval[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	PERFORM load_payload('nba_live', 'any order', convert_to(jsonb_build_object('meta', o.at::text, 'scoreboard', jsonb_build_object('games', to_jsonb(p.games)))::text, 'UTF8'), '2031-02-12 00:00+00'::timestamptz + o.at)
	FROM unnest(pages) WITH ORDINALITY AS o (at, n) JOIN page AS p ON p.at = o.at ORDER BY o.n;
	SELECT string_agg(concat_ws(' ', p.at, e.event_id, r.status, r.home_score, r.away_score, ';', l.status, l.elapsed, l.home_score, l.away_score), E'\n' ORDER BY p.at, e.event_id) INTO said
	FROM page AS p CROSS JOIN game_event AS e
	LEFT JOIN LATERAL (SELECT x.* FROM results('2031-02-12 00:00+00'::timestamptz + p.at) AS x WHERE x.game_id = e.game_id) AS r ON true
	LEFT JOIN LATERAL (SELECT x.* FROM live_score AS x WHERE x.event_id = e.event_id AND x.source = 'poll' AND x.received_at <= '2031-02-12 00:00+00'::timestamptz + p.at ORDER BY x.received_at DESC LIMIT 1) AS l ON true
	WHERE e.feed = 'nba_live' AND e.event_id IN ('0023000011', '0023000012');
	said := said || (SELECT string_agg(concat_ws(' ', g.status, g.home_score, g.away_score, (SELECT s.status || s.home_score || ' ' || s.away_score FROM sports_events AS s WHERE s.game_id = g.game_id),
		(SELECT string_agg(concat_ws(' ', m.minute, m.differential, m.source), ',' ORDER BY m.minute) FROM score_minutes('nba_live', g.event_id, 3) AS m)), E'\n' ORDER BY g.event_id) FROM live_games AS g WHERE g.event_id IN ('0023000011', '0023000012'));
	RAISE EXCEPTION 'taken back' USING ERRCODE = '22L00', DETAIL = said;
EXCEPTION WHEN SQLSTATE '22L00' THEN
	GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
	RETURN said;
END $$;
SELECT pg_temp.told(array_agg(at ORDER BY at)) AS forward FROM page \gset
SELECT is(pg_temp.told(array_agg(at ORDER BY at DESC)), :'forward', 'loaded backwards, the pages say the same at every moment') FROM page;
SELECT setseed(0.25) \g /dev/null
SELECT is_empty(format($$SELECT o.pages FROM (SELECT n, array_agg(at ORDER BY random()) AS pages FROM generate_series(1, 20) AS n CROSS JOIN page GROUP BY n) AS o WHERE pg_temp.told(o.pages) <> %L$$, :'forward'), 'as they do in any order');

-- ---- two feeds --------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.espn(at interval, state text, word text, h text DEFAULT '0', a text DEFAULT '0') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, rejects) FROM load_payload('espn', 'https://site.example/sports/basketball/nba/scoreboard', convert_to(jsonb_build_object('at', at::text, 'events', jsonb_build_array(jsonb_build_object('id', '1',
		'date', '2031-02-12T00:00Z', 'season', '{"year": 2031, "type": 2}'::jsonb, 'status', jsonb_build_object('period', 4, 'type', jsonb_build_object('name', word, 'state', state, 'completed', state = 'post' AND word = 'STATUS_FINAL')),
		'competitions', jsonb_build_array(jsonb_build_object('competitors', jsonb_build_array(jsonb_build_object('homeAway', 'home', 'score', h, 'team', '{"displayName": "Chicago Bulls"}'::jsonb),
			jsonb_build_object('homeAway', 'away', 'score', a, 'team', '{"displayName": "Detroit Pistons"}'::jsonb)))))))::text, 'UTF8'), '2031-02-12 00:00+00'::timestamptz + at) $$;
CREATE FUNCTION pg_temp.chi(at interval, status int, says text, period int DEFAULT 0, clock text DEFAULT '', h int DEFAULT 0, a int DEFAULT 0) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.poll(at, pg_temp.game('0023000004', 'CHI', 'DET', status, says, period, clock, h, a)) $$;
SELECT is(pg_temp.chi('-1 h', 1, '7:00 pm ET') || pg_temp.espn('0 min', 'pre', 'STATUS_POSTPONED') || pg_temp.said('Chicago Bulls'), '1 1 01 1 0postponed', 'one feed has a game put off');
SELECT is(pg_temp.chi('5 min', 1, '7:00 pm ET') || pg_temp.said('Chicago Bulls'), '1 1 0postponed', 'another that has nothing new does not contradict it');
SELECT is(pg_temp.chi('8 min', 2, 'Q1', 1, 'PT11M30.00S') || pg_temp.said('Chicago Bulls'), '1 1 0scheduled', 'unless they play');
SELECT is(pg_temp.espn('60 min', 'pre', 'STATUS_POSTPONED') || pg_temp.chi('61 min', 2, 'Q2', 2, 'PT11M30.00S', 20, 20) || pg_temp.said('Chicago Bulls'), '1 1 01 1 0scheduled', 'to repeat it says nothing');
SELECT is(pg_temp.espn('70 min', 'in', 'STATUS_IN_PROGRESS') || pg_temp.chi('150 min', 3, 'Final', 4, '', 99, 90) || pg_temp.espn('151 min', 'in', 'STATUS_IN_PROGRESS', '97', '90') || pg_temp.said('Chicago Bulls'), '1 1 01 1 01 1 0final 99 90', 'a feed that lags does not take back another one''s end');
SELECT is(pg_temp.story('Chicago Bulls'), 'postponed 00:00, scheduled 00:08, scheduled 01:10, final 99 02:30', 'each feed''s changes, no seesaw');

-- ---- bets ---------------------------------------------------------------------------------------------------------
INSERT INTO settlement_rule (book, postponed) VALUES ('fanduel', '0');
CREATE FUNCTION pg_temp.grade(book text, at interval) RETURNS text LANGUAGE sql AS $$
	SELECT result || ' ' || reason FROM game AS g JOIN team AS t ON t.team_id = g.home_id, bet_grade(g.game_id, '2031-02-11 20:00+00', 'h2h', 'home', NULL, book, 2.0, 10, NULL, '2031-02-12 00:00+00'::timestamptz + at) WHERE t.name = 'Chicago Bulls' $$;
SELECT is(pg_temp.grade('pinnacle', '5 min'), NULL, 'a bet on it is open while it is put off');
SELECT is(pg_temp.grade('pinnacle', '2 h'), NULL, 'and while it is on again');
SELECT is(pg_temp.grade('pinnacle', '151 min'), 'win 99-90', 'and graded by its end');
SELECT is(pg_temp.grade('fanduel', '151 min'), 'void postponed, and not played within 00:00:00', 'where the book voids at once it stays void');

-- What is taken back settles nothing.
CREATE FUNCTION pg_temp.gid(home text) RETURNS bigint LANGUAGE sql AS $$ SELECT game_id FROM sports_events WHERE home_team = home $$;
CREATE FUNCTION pg_temp.bet(home text, at interval) RETURNS bigint LANGUAGE sql AS $$
	SELECT place_bet(NULL, '2031-02-12 00:00+00'::timestamptz + at, ROW(pg_temp.gid(home), 'h2h', 'home', NULL, 'pinnacle', 2.0, NULL, 0.6, 0.5, 0.2, 0.1, NULL, NULL, NULL)::signal, 10, 'model_value') $$;
CREATE FUNCTION pg_temp.came(home text, at interval) RETURNS text LANGUAGE sql AS $$ SELECT settle_bets('2031-02-12 00:00+00'::timestamptz + at); SELECT result FROM weekly_bets WHERE game_id = pg_temp.gid(home) $$;
SELECT move_money('deposit', 1000, '2031-02-10 00:00+00'), pg_temp.poll('-3 h', pg_temp.game('0023000012', 'CLE', 'IND', 1, '7:00 pm ET', 0, '', 0, 0)), pg_temp.bet('Cleveland Cavaliers', '-170 min'),
	pg_temp.poll('-2 h', pg_temp.game('0023000012', 'CLE', 'IND', 1, 'Cancelled', 0, '', 0, 0)) \g /dev/null
SELECT is(pg_temp.came('Cleveland Cavaliers', '-115 min'), 'void', 'a game that is called off is void');
SELECT pg_temp.poll('-1 h', pg_temp.game('0023000012', 'CLE', 'IND', 1, '7:00 pm ET', 0, '', 0, 0)), pg_temp.poll('150 min', pg_temp.game('0023000012', 'CLE', 'IND', 3, 'Final', 4, '', 101, 99)) \g /dev/null
SELECT is(pg_temp.came('Cleveland Cavaliers', '3 h'), 'win', 'called off by mistake and played on time it is booked anew');
SELECT pg_temp.poll('-3 h', pg_temp.game('0023000013', 'BOS', 'NYK', 1, '7:00 pm ET', 0, '', 0, 0)), pg_temp.bet('Boston Celtics', '-170 min'),
	pg_temp.poll('1 h', pg_temp.game('0023000013', 'BOS', 'NYK', 3, 'Final', 4, '', 10, 2)), pg_temp.poll('62 min', pg_temp.game('0023000013', 'BOS', 'NYK', 2, 'Q1', 1, 'PT05M00.00S', 10, 2)) \g /dev/null
SELECT is(pg_temp.came('Boston Celtics', '65 min'), NULL, 'a false end grades nothing once it is taken back');
SELECT pg_temp.poll('80 min', pg_temp.game('0023000013', 'BOS', 'NYK', 1, 'PPD', 1, '', 10, 2)) \g /dev/null
SELECT is(pg_temp.came('Boston Celtics', '80 h'), 'void', 'and the game that was then put off is void in time');
SELECT pg_temp.poll('-3 h', pg_temp.game('0023000014', 'SAS', 'MEM', 1, '7:00 pm ET', 0, '', 0, 0)), pg_temp.poll('-2 h', pg_temp.game('0023000014', 'SAS', 'MEM', 3, 'Final', 4, '', 1, 0)),
	pg_temp.poll('-1 h', pg_temp.game('0023000014', 'SAS', 'MEM', 1, '7:00 pm ET', 0, '', 0, 0)) \g /dev/null
SELECT throws_like($$SELECT pg_temp.bet('San Antonio Spurs', '-90 min')$$, 'the result of game % was known at %', 'while it is said to be over nobody bets');
SELECT isnt(pg_temp.bet('San Antonio Spurs', '-30 min'), NULL, 'afterwards one can');
-- An old page of one feed takes nothing back that another still says.
SELECT pg_temp.poll('-1 h', pg_temp.game('0023000015', 'GSW', 'PHX', 1, '7:00 pm ET', 0, '', 0, 0)), pg_temp.poll('150 min', pg_temp.game('0023000015', 'GSW', 'PHX', 3, 'Final', 4, '', 99, 90)) \g /dev/null
CREATE FUNCTION pg_temp.gsw(at interval, state text, word text, h text, a text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, rejects) FROM load_payload('espn', 'https://site.example/sports/basketball/nba/scoreboard', convert_to(jsonb_build_object('at', at::text, 'events', jsonb_build_array(jsonb_build_object('id', '15',
		'date', '2031-02-12T00:00Z', 'season', '{"year": 2031, "type": 2}'::jsonb, 'status', jsonb_build_object('period', 4, 'type', jsonb_build_object('name', word, 'state', state, 'completed', state = 'post')),
		'competitions', jsonb_build_array(jsonb_build_object('competitors', jsonb_build_array(jsonb_build_object('homeAway', 'home', 'score', h, 'team', '{"displayName": "Golden State Warriors"}'::jsonb),
			jsonb_build_object('homeAway', 'away', 'score', a, 'team', '{"displayName": "Phoenix Suns"}'::jsonb)))))))::text, 'UTF8'), '2031-02-12 00:00+00'::timestamptz + at) $$;
SELECT pg_temp.gsw('151 min', 'post', 'STATUS_FINAL', '99', '90'), pg_temp.gsw('152 min', 'in', 'STATUS_IN_PROGRESS', '97', '90') \g /dev/null
SELECT is(pg_temp.said('Golden State Warriors'), 'final 99 90', 'two feeds say that it is over, and a late page of one does not undo it');

-- A bet on a game that was put off is open, and nobody is late with it; on one that is over it is.
SELECT load_payload('nba_live', 'lately ' || t, convert_to(jsonb_build_object('scoreboard', jsonb_build_object('games', jsonb_build_array(pg_temp.game('0022600001', 'DAL', 'HOU', s, w, p, '', h, a)
	|| jsonb_build_object('gameTimeUTC', to_char((now() - t + interval '1 hour') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))))::text, 'UTF8'), now() - t)
FROM (VALUES (interval '30 hours', 1, 'PPD', 0, 0, 0)) AS v (t, s, w, p, h, a) \g /dev/null
INSERT INTO weekly_bets (sport, season, week, placed_at, game_id, market, side, book, price, stake, strategy_name, tier, probability, edge)
SELECT 'NBA', 2026, 1, now() - interval '40 hours', game_id, 'h2h', 'home', 'pinnacle', 2, 10, 's', 'A', 0.6, 0.2 FROM game_event WHERE event_id = '0022600001';
SELECT unalike(health() ->> 'problems', '%not settled%', 'a bet on a game that may still be played is not late');
UPDATE settlement_rule SET postponed = '0';
SELECT alike(health() ->> 'problems', '%1 bets are not settled a day after their result%', 'one that is void since a day is');

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$ SELECT md5(concat((SELECT string_agg(f::text, ';' ORDER BY f::text) FROM live_score AS f), (SELECT string_agg(f::text, ';' ORDER BY f::text) FROM fixture AS f),
	(SELECT string_agg(r::text, ';' ORDER BY r::text) FROM result AS r))) $$;
SELECT pg_temp.fingerprint() AS first, replay() AS payloads \gset
SELECT is(pg_temp.fingerprint(), :'first', 'a replay gives the same rows');
SELECT * FROM finish();
ROLLBACK;
