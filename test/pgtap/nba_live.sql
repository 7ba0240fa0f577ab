-- The NBA's live feed: made-up polls with every trap that the real ones have, patterns worked out by hand; then the real evening, when it is there.
SELECT :'data' <> '' AS has_data \gset
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(98);

-- ---- clocks ------------------------------------------------------------------------------------------------
SELECT results_eq($$SELECT clock_seconds(c) FROM unnest('{PT07M15.00S,PT00M43.10S,"3:37 ",10:37,0.0,43.1,"",Half,PT7M,12:75}'::text[]) AS c$$,
	$$VALUES (435::float8), (43.1), (217), (637), (0), (43.1), (NULL), (NULL), (NULL), (NULL)$$, 'clocks in every form');
SELECT results_eq($$SELECT basketball_elapsed(p, s) FROM (VALUES (0, 0), (1, 720), (1, 0), (2, 435), (4, 0), (5, 300), (6, 10.5), (0, NULL), (2, NULL), (5, NULL), (NULL, 3)) AS v (p, s)$$, $$VALUES (0::float8), (0), (720), (1005), (2880), (2880), (3469.5), (NULL), (NULL), (NULL), (NULL)$$, 'seconds played, overtime after 48 minutes');
SELECT results_eq($$SELECT basketball_period(m) FROM unnest('{1,12,13,18,48,49,53,54}'::int[]) AS m$$, $$VALUES (1), (1), (2), (2), (4), (5), (5), (6)$$, 'a minute belongs to the period that it is played in');

-- ---- games --------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.game(id text, home text, away text, status int, text_ text, period int, clock text, h int, a int, periods int[] DEFAULT '{}', more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_build_object('gameId', id, 'gameStatus', status, 'gameStatusText', text_, 'period', period, 'gameClock', clock, 'gameTimeUTC', '2031-02-12T00:00:00Z', 'gameEt', '2031-02-11T19:00:00Z',
	'homeTeam', jsonb_build_object('teamTricode', home, 'score', h, 'periods', (SELECT coalesce(jsonb_agg(jsonb_build_object('period', n, 'score', periods[2 * n - 1]) ORDER BY n), '[]') FROM generate_series(1, cardinality(periods) / 2) AS n)),
	'awayTeam', jsonb_build_object('teamTricode', away, 'score', a, 'periods', (SELECT coalesce(jsonb_agg(jsonb_build_object('period', n, 'score', periods[2 * n]) ORDER BY n), '[]') FROM generate_series(1, cardinality(periods) / 2) AS n))) || more $$;
CREATE FUNCTION pg_temp.poll(at interval, VARIADIC games jsonb[]) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('nba_live', 'todaysScoreboard_00.json', convert_to(jsonb_build_object('meta', jsonb_build_object('time', '2031-02-11 07:33:43.3343'),
	'scoreboard', jsonb_build_object('games', to_jsonb(games)))::text, 'UTF8'), '2031-02-12 00:00+00'::timestamptz + at) $$;
CREATE FUNCTION pg_temp.pattern(id text, n int, as_of timestamptz DEFAULT 'infinity') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(differential::text, '-') || CASE source WHEN 'play_by_play' THEN 'a' ELSE coalesce(left(source, 1), '') END, ' ' ORDER BY minute) FROM score_minutes('nba_live', id, n, as_of) $$;
SELECT is(pg_temp.poll('-1 h', pg_temp.game('0023000001', 'CHA', 'ATL', 1, '7:00 pm ET', 0, '', 0, 0), pg_temp.game('0043000002', 'LAL', 'BOS', 1, 'PPD', 0, '', 0, 0, more => '{"isNeutral": true}'),
	pg_temp.game('0033000003', 'LBN', 'GNS', 1, '', 0, '', 0, 0), pg_temp.game('0023000004', 'MIA', 'ORL', 3, 'Final/OT', 5, '', 110, 107, '{30,30,30,30,20,20,20,20,10,7}'), pg_temp.game('0023000005', 'UTA', 'ORL', 3, 'Final', 4, '', 99, 99),
	pg_temp.game('x', 'UTA', 'ORL', 1, '', 0, '', 0, 0), pg_temp.game('0023000006', 'ZZZ', 'ORL', 1, '', 0, '', 0, 0)), '7 3 0 4', 'a scoreboard');
SELECT results_eq($$SELECT home_team, starts_at, season, stage, neutral, status, home_score FROM sports_events ORDER BY 1$$, $$VALUES
	('Charlotte Hornets', '2031-02-12 00:00+00'::timestamptz, 2030, 'REG', false, 'scheduled', NULL::int), ('Los Angeles Lakers', '2031-02-12 00:00+00', 2030, 'POST', true, 'postponed', NULL), ('Miami Heat', '2031-02-12 00:00+00', 2030, 'REG', false, 'final', 110)$$,
	'gameEt says Z and is Eastern: the time is gameTimeUTC; season and stage are in the id');
SELECT results_eq($$SELECT reason FROM reject ORDER BY line_no$$, $$VALUES ('exhibition'), ('bad_score'), ('bad_date'), ('unknown_team')$$, 'an all-star game, a tie, an id that is none, an unknown team');
SELECT is(detail -> 'overtime', '1', 'overtime') FROM result WHERE home_score = 110;
SELECT is(count(*), 5::bigint, 'readings wait for no name: all but the tie''s and that of no id are there') FROM live_score WHERE source = 'poll' AND event_id ~ '^00' AND event_id <> '0023000005';
SELECT is(pg_temp.pattern('0023000004', 53), concat_ws(' ', (SELECT string_agg('-m', ' ') FROM generate_series(1, 11)), '0p', (SELECT string_agg('0c', ' ') FROM generate_series(1, 11)), '0p', (SELECT string_agg('0c', ' ') FROM generate_series(1, 11)), '0p',
	(SELECT string_agg('0c', ' ') FROM generate_series(1, 11)), '0p 0c 0c 0c 0c 3p'), 'a game seen only when it was over has the ends of its periods, overtime after the 48th minute');

-- ---- patterns: the score at the end of each minute of play -----------------------------------------------------
-- Charlotte is at home. Minute 1 ends 2-3, minute 2 5-3; no poll in minute 3; minute 4 11-8, in which two points are taken back.
SELECT is(pg_temp.poll(at, pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, clock, h, a)), '1 1 0 0', 'a poll') FROM (VALUES
	(interval '1 min', 'PT11M30.00S', 2, 0), ('2 min', 'PT11M01.50S', 2, 3), ('3 min', '10:59', 5, 3), ('5 min', ' 10:02 ', 5, 3), ('7 min', 'PT08M55.00S', 11, 8)) AS p (at, clock, h, a) LIMIT 1;
SELECT is(string_agg(pg_temp.poll(at, pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, clock, h, a)), ','), '1 1 0 0,1 1 0 0,1 1 0 0,1 1 0 0', 'and others') FROM (VALUES
	(interval '2 min', 'PT11M01.50S', 2, 3), ('3 min', '10:59', 5, 3), ('5 min', ' 10:02 ', 5, 3), ('7 min', 'PT08M55.00S', 11, 8)) AS p (at, clock, h, a);
SELECT is(pg_temp.pattern('0023000001', 5), '-1p 2p 2c - -', 'home minus away at each minute''s end, the last reading at or before it; minute 3 carried, minutes 4 and 5 not over');
SELECT is(pg_temp.pattern('0023000001', 5, '2031-02-12 00:04+00'), '-1p - - - -', 'as of a time');
SELECT is(pg_temp.poll('8 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, 'PT08M05.00S', 13, 8)) || pg_temp.poll('9 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, 'PT07M50.00S', 11, 8))
	|| pg_temp.poll('10 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, 'PT07M30.00S', 11, 8)), '1 1 0 01 1 0 01 1 0 0', 'a basket is taken back');
SELECT is(pg_temp.pattern('0023000001', 5), '-1p 2p 2c 3c -', 'the minute that had it is put right');
SELECT is(source, 'corrected', 'and says so') FROM score_minutes('nba_live', '0023000001', 4) WHERE minute = 4;
SELECT is(pg_temp.poll('11 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, 'PT07M20.00S', 0, 0)) || pg_temp.poll('12 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, 'PT06M59.00S', 13, 8)), '1 1 0 01 1 0 0', 'a poll of noughts');
SELECT is(pg_temp.pattern('0023000001', 5), '-1p 2p 2c 3c 3p', 'is a slip and changes nothing');
SELECT is(pg_temp.poll('13 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q1', 1, 'PT08M30.00S', 11, 8)), '1 1 0 0', 'an old answer comes late');
SELECT is(pg_temp.pattern('0023000001', 6), '-1p 2p 2c 3c 3p -', 'and changes nothing: the clock decides, not the wall');
SELECT is(pg_temp.poll('20 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'End Q1', 1, '', 30, 25, '{30,25}')) || pg_temp.poll('21 min', pg_temp.game('0023000001', 'CHA', 'ATL', 2, 'Q2 11:40', 2, 'PT11M40.00S', 30, 27, '{30,25,0,2}')), '1 1 0 01 1 0 0', 'the period ends with an empty clock');
SELECT is(pg_temp.pattern('0023000001', 13), '-1p 2p 2c 3c 3p 5p 5c 5c 5c 5c 5c 5p -', 'polls that were missed are carried, the end of the period is known');
SELECT is(score_pattern('nba_live', '0023000001', 12), NULL, 'too much of it to be a pattern');
SELECT is(score_pattern('nba_live', '0023000001', 12, max_carried => 12), '{-1,2,2,3,3,5,5,5,5,5,5,5}', 'unless that is asked for');
-- Play-by-play fills what was missed. Actions are out of order; a free throw before the first second of a period is that period's.
CREATE FUNCTION pg_temp.action(place int, period int, clock text, h int, a int) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_build_object('actionNumber', 1000 - place, 'orderNumber', place * 10000, 'period', period, 'clock', clock, 'scoreHome', h::text, 'scoreAway', a::text, 'actionType', 'any') $$;
CREATE FUNCTION pg_temp.plays(at interval, VARIADIC actions jsonb[]) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('nba_live', 'playbyplay_0023000001.json', convert_to(jsonb_build_object('game', jsonb_build_object('gameId', '0023000001', 'actions', to_jsonb(actions)))::text, 'UTF8'),
	'2031-02-12 00:00+00'::timestamptz + at) $$;
SELECT is(pg_temp.plays('22 min', pg_temp.action(9, 2, 'PT12M00.00S', 30, 26), pg_temp.action(1, 1, 'PT11M20.00S', 2, 0), pg_temp.action(2, 1, 'PT11M00.00S', 2, 3), pg_temp.action(4, 1, 'PT09M40.00S', 8, 3), pg_temp.action(3, 1, 'PT10M30.00S', 5, 3),
	pg_temp.action(5, 1, 'PT08M10.00S', 11, 8), pg_temp.action(7, 1, 'PT05M00.50S', 20, 18), pg_temp.action(8, 1, 'PT00M00.00S', 30, 25)), '8 0 0 0', 'a play-by-play');
SELECT is(pg_temp.pattern('0023000001', 13), '-1a 2a 5a 3a 3a 3a 2a 2a 2a 2a 2a 5a -', 'one value a minute, the last score at or before it');
SELECT is(score_pattern('nba_live', '0023000001', 12), '{-1,2,5,3,3,3,2,2,2,2,2,5}', 'now it is a pattern');
SELECT is(pg_temp.plays('23 min', pg_temp.action(1, 1, 'PT11M20.00S', 2, 0), pg_temp.action(2, 1, 'PT11M00.00S', 2, 3), pg_temp.action(3, 1, 'PT10M30.00S', 4, 3), pg_temp.action(4, 1, 'PT09M40.00S', 7, 3),
	pg_temp.action(5, 1, 'PT08M10.00S', 10, 8), pg_temp.action(7, 1, 'PT05M00.50S', 19, 18), pg_temp.action(8, 1, 'PT00M00.00S', 29, 25)), '7 0 0 0', 'a later answer: a three was a two');
SELECT is(pg_temp.pattern('0023000001', 12), '-1a 1a 4a 2a 2a 2a 1a 1a 1a 1a 1a 4a', 'every minute from then on is put right');
SELECT is(pg_temp.pattern('0023000001', 12, '2031-02-12 00:22:30+00'), '-1a 2a 5a 3a 3a 3a 2a 2a 2a 2a 2a 5a', 'and stays as it was for who asks of before');
SELECT is(count(*), 23::bigint, 'what is said again is not stored again') FROM live_score WHERE event_id = '0023000001' AND source = 'play_by_play';

-- An action that is edited after it was seen: its number and place stay, its points and the score of all after it change. What was said is known from the answer that said so.
CREATE FUNCTION pg_temp.edited(at interval, points int, edited text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, rejects) FROM load_payload('nba_live', 'playbyplay_0023000020.json', convert_to(jsonb_build_object('meta', jsonb_build_object('time', at), 'game', jsonb_build_object('gameId', '0023000020', 'actions', jsonb_build_array(
		pg_temp.action(3, 1, 'PT09M10.00S', points, 2), pg_temp.action(1, 1, 'PT11M20.00S', points, 0) || jsonb_build_object('timeActual', '2031-02-12T00:10:00.0Z', 'edited', edited), pg_temp.action(2, 1, 'PT10M20.00S', points, 2))))::text, 'UTF8'),
	'2031-02-12 00:00+00'::timestamptz + at) $$;
SELECT is(pg_temp.edited('12 min', 3, '2031-02-12T00:10:00Z') || ', ' || pg_temp.edited('30 min', 2, '2031-02-12T00:25:00Z'), '3 0, 3 0', 'an action is edited a quarter of an hour after it was seen');
SELECT is(pg_temp.pattern('0023000020', 2, '2031-02-12 00:29+00') || ', ' || pg_temp.pattern('0023000020', 2), '3a 1a, 2a 0a', 'until the answer that says so it was a three');
SELECT is(pg_temp.edited('40 min', 2, '2031-02-12T00:25:00Z'), '3 0', 'said again');
SELECT is(pg_temp.edited('35 min', 3, '2031-02-12T00:34:00Z'), '3 0', 'an answer between the two comes late: it was a three after all');
SELECT is(pg_temp.pattern('0023000020', 2, '2031-02-12 00:36+00') || ', ' || pg_temp.pattern('0023000020', 2), '3a 1a, 2a 0a', 'for five minutes; the last answer has the word');
CREATE FUNCTION pg_temp.box(at interval, points int) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, rejects) FROM load_payload('nba_live', 'boxscore_0023000021.json', convert_to(jsonb_build_object('meta', jsonb_build_object('time', at),
		'game', pg_temp.game('0023000021', 'MIL', 'IND', 3, 'Final', 4, '', points, 90))::text, 'UTF8'), '2031-02-12 00:00+00'::timestamptz + at) $$;
SELECT is(pg_temp.box('170 h', 99) || ', ' || pg_temp.box('172 h', 99) || ', ' || pg_temp.box('171 h', 98), '1 1 0, 1 1 0, 1 1 0', 'a box score that comes late has no word about what was said after it');
SELECT is(home_score, 99, 'the last one has') FROM sports_events AS e JOIN game_event USING (game_id) WHERE event_id = '0023000021';

-- Down and up again between polls: what was taken back while others were scored, what was put back, noughts.
SELECT is(string_agg(pg_temp.poll(at, pg_temp.game('0023000010', 'MEM', 'SAS', 2, 'Q1', 1, clock, h1, 0), pg_temp.game('0023000011', 'NOP', 'SAC', 2, 'Q1', 1, clock, h2, 0), pg_temp.game('0023000012', 'POR', 'TOR', 2, 'Q1', 1, clock, h3, 0)), ','), '3 3 0 0,3 3 0 0,3 3 0 0', 'three games')
FROM (VALUES (interval '40 min', 'PT11M10.00S', 5, 5, 5), ('41 min', 'PT10M58.00S', 2, 2, 0), ('42 min', 'PT10M10.00S', 6, 5, 7)) AS p (at, clock, h1, h2, h3);
SELECT results_eq($$SELECT m.differential, m.source FROM unnest('{0023000010,0023000011,0023000012}'::text[]) AS id, score_minutes('nba_live', id, 1) AS m$$, $$VALUES (2, 'corrected'), (5, 'poll'), (5, 'poll')$$, 'a three that is taken back is no slip, though the score is soon higher than before');

-- Put off after five minutes and begun again another day; then one that is stopped and goes on.
SELECT is(string_agg(pg_temp.poll(at, pg_temp.game('0023000007', 'DEN', 'UTA', status, txt, 1, clock, h, a)), ','), '1 1 0 0,1 1 0 0,1 1 0 0', 'a game that is put off') FROM (VALUES
	(interval '1 h', 2, 'Q1', 'PT11M00.00S', 5, 0), ('1 h 5 min', 2, 'Q1', 'PT07M00.00S', 20, 0), ('1 h 9 min', 1, 'PPD', '', 0, 0)) AS p (at, status, txt, clock, h, a);
SELECT is(pg_temp.pattern('0023000007', 3), '- - -', 'has no pattern');
SELECT is(string_agg(pg_temp.poll(at, pg_temp.game('0023000007', 'DEN', 'UTA', 2, 'Q1', 1, clock, h, a)), ','), '1 1 0 0,1 1 0 0', 'begun again') FROM (VALUES (interval '70 h', 'PT11M05.00S', 0, 2), ('70 h 5 min', 'PT10M00.00S', 0, 4)) AS p (at, clock, h, a);
SELECT is(pg_temp.pattern('0023000007', 3), '-2p -4p -', 'it has that of the second beginning');
SELECT is(string_agg(pg_temp.poll(at, pg_temp.game('0023000008', 'DEN', 'HOU', status, txt, 1, clock, h, a)), ','), '1 1 0 0,1 1 0 0,1 1 0 0', 'a game that one answer calls not begun') FROM (VALUES
	(interval '80 h', 2, 'Q1', 'PT11M00.00S', 5, 0), ('81 h', 1, '7:00 pm ET', '', 0, 0), ('82 h', 2, 'Q1', 'PT10M00.00S', 7, 0)) AS p (at, status, txt, clock, h, a);
SELECT is(pg_temp.pattern('0023000008', 3), '5p 7p -', 'goes on where it was');
SELECT is(pg_temp.poll('83 h', pg_temp.game('0023000009', 'DEN', 'SAC', 2, 'Q1', 1, 'PT06M30.00S', 15, 9)) || pg_temp.pattern('0023000009', 5), '1 1 0 0-m -m -m -m -m', 'a game joined late has no pattern either');
SELECT is(pg_temp.poll('84 h', pg_temp.game('0023000009', 'DEN', 'SAC', 2, 'Q1 6:30', 1, 'PT06M30.00S', 15, 9)) || count(*), '1 1 0 0' || 1, 'a poll without news writes nothing') FROM live_score WHERE event_id = '0023000009';
SELECT results_eq($$SELECT home_team, away_team, home_score - away_score = differential, status, elapsed FROM live_games WHERE event_id = '0023000009'$$, $$VALUES ('Denver Nuggets', 'Sacramento Kings', true, 'live', 330::float8)$$, 'the game as it was last seen');

-- ---- readings that are not to be believed: one every 20 seconds of play, the home side scores every 15 seconds and the visitors every 20 ------------------------------------
CREATE FUNCTION pg_temp.at(id text, e int, h int DEFAULT NULL, a int DEFAULT NULL, later interval DEFAULT '0', periods int[] DEFAULT '{}', more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.poll(right(id, 2)::int * interval '1 day' + later + e * interval '1 s', pg_temp.game(id, 'CHI', 'IND', 2, 'Q', p, format('PT%sM%s.00S', lpad(((p * 720 - e) / 60)::text, 2, '0'), lpad(((p * 720 - e) % 60)::text, 2, '0')), coalesce(h, e / 15), coalesce(a, e / 20), periods, jsonb_build_object('gameTimeUTC', to_char('2031-02-12'::date + right(id, 2)::int, 'YYYY-MM-DD"T00:00:00Z"')) || more))
	FROM (SELECT greatest((e + 719) / 720, 1) AS p) AS p $$;
CREATE FUNCTION pg_temp.play(id text, first int, last int, later interval DEFAULT '0') RETURNS text LANGUAGE sql AS $$ SELECT min(pg_temp.at(id, e, later => later)) FROM generate_series(first, last, 20) AS e $$;
CREATE FUNCTION pg_temp.leads(id text, n int, as_of int DEFAULT NULL) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(coalesce(differential::text, '-'), ' ' ORDER BY minute) FROM score_minutes('nba_live', id, n, coalesce('2031-02-12 00:00+00'::timestamptz + right(id, 2)::int * interval '1 day' + as_of * interval '1 s', 'infinity')) $$;
SELECT pg_temp.play('0023001001', 0, 320), pg_temp.play('0023001002', 0, 320), pg_temp.play('0023001003', 0, 320), pg_temp.play('0023001004', 0, 320) \g /dev/null
SELECT pg_temp.at('0023001001', 360, 0, 0), pg_temp.at('0023001002', 360, 10, 18), pg_temp.at('0023001003', 360, 18, 24), pg_temp.at('0023001004', 360, 124, 18) \g /dev/null
SELECT is(string_agg(pg_temp.leads(id, 6), ',' ORDER BY id), '1 2 3 4 5 -,1 2 3 4 5 -,1 2 3 4 5 -,1 2 3 4 5 -', 'noughts, fourteen less, sides changed, a hundred more: nobody knows yet, and the minute waits') FROM unnest('{0023001001,0023001002,0023001003,0023001004}'::text[]) AS id;
SELECT pg_temp.at(id, 380) FROM unnest('{0023001001,0023001002,0023001003,0023001004}'::text[]) AS id \g /dev/null
SELECT is(string_agg(pg_temp.leads(id, 6), ',' ORDER BY id), '1 2 3 4 5 5,1 2 3 4 5 5,1 2 3 4 5 5,1 2 3 4 5 5', 'the poll after it does: slips') FROM unnest('{0023001001,0023001002,0023001003,0023001004}'::text[]) AS id;
SELECT is(string_agg(pg_temp.leads(id, 6, 370), ',' ORDER BY id), '1 2 3 4 5 -,1 2 3 4 5 -,1 2 3 4 5 -,1 2 3 4 5 -', 'as of before it nobody did') FROM unnest('{0023001001,0023001002,0023001003,0023001004}'::text[]) AS id;
-- however long they stand
SELECT pg_temp.at(id, e, h, a) FROM (VALUES ('0023001001', 0, 0), ('0023001002', 14, 19), ('0023001003', 19, 26)) AS g (id, h, a), generate_series(400, 480, 20) AS e \g /dev/null
SELECT pg_temp.play(id, 500, 540) FROM unnest('{0023001001,0023001002,0023001003}'::text[]) AS id \g /dev/null
SELECT is(string_agg(pg_temp.leads(id, 9), ',' ORDER BY id), '1 2 3 4 5 5 6 6 9,1 2 3 4 5 5 6 6 9,1 2 3 4 5 5 6 6 9', 'points that are all there again sooner than they can be scored were never gone') FROM unnest('{0023001001,0023001002,0023001003}'::text[]) AS id;
SELECT pg_temp.play('0023001005', 0, 200), pg_temp.at('0023001005', 220, 7, 11), pg_temp.at('0023001005', 240, 8, 12), pg_temp.at('0023001005', 300, 12, 15) \g /dev/null
SELECT is(pg_temp.leads('0023001005', 5), '1 1 -2 -4 -3', 'two baskets that stay away are a correction');
SELECT is(pg_temp.leads('0023001005', 4, 230), '1 2 3 -', 'of which the first poll alone does not tell');
SELECT pg_temp.play('0023001006', 0, 200), pg_temp.at('0023001006', 220, 3, 11), pg_temp.at('0023001006', 240, 4, 12) \g /dev/null
SELECT is(pg_temp.leads('0023001006', 4), '1 2 3 -', 'ten points less want a minute of play');
SELECT pg_temp.at('0023001006', 280, 6, 14) \g /dev/null
SELECT is(pg_temp.leads('0023001006', 4), '0 -3 -6 -8', 'and are a correction then');
-- A game begun again, of which no status told; an old answer or two, which are not that.
SELECT pg_temp.at('0023001007', e, e / 60, e / 10) FROM generate_series(0, 500, 20) AS e \g /dev/null
SELECT pg_temp.at('0023001007', 5, 0, 0, '1 h') \g /dev/null
SELECT is(pg_temp.leads('0023001007', 8), '-5 -10 -15 -20 -25 -30 -35 -40', 'one answer with the clock back may be an old one');
SELECT pg_temp.play('0023001007', 20, 200, '1 h') \g /dev/null
SELECT is(pg_temp.leads('0023001007', 4), '1 2 3 -', 'two, and the game has begun again');
SELECT is(pg_temp.leads('0023001007', 9, 3000), '-5 -10 -15 -20 -25 -30 -35 -40 -', 'as of before it goes on');
SELECT is((sound_polls('nba_live', '0023001007')).since, '2031-02-19 01:00:05+00'::timestamptz - interval '1 microsecond', 'at the first of them');
SELECT pg_temp.play('0023001007', 220, 600, '1 h') \g /dev/null
SELECT is(pg_temp.leads('0023001007', 10), '1 2 3 4 5 6 7 8 9 10', 'it is played beyond where it was, and is the new one');
SELECT pg_temp.play('0023001008', 0, 300), pg_temp.at('0023001008', 200, later => '2 min'), pg_temp.at('0023001008', 220, later => '2 min'), pg_temp.play('0023001008', 345, 480) \g /dev/null
SELECT is(pg_temp.leads('0023001008', 7), '1 2 3 4 5 6 7', 'two old answers, after which the clock is further on than time is, are nothing');
-- Scores by period: the last word counts, and none that the polls contradict, nor what stands after one that is missing.
SELECT pg_temp.play('0023001009', 0, 720), pg_temp.at('0023001009', 740, periods => '{0,0,1,1}') \g /dev/null
SELECT is(pg_temp.leads('0023001009', 12), '1 2 3 4 5 6 7 8 9 10 11 12', 'a period of noughts that the polls know better');
SELECT pg_temp.at('0023001009', 760, periods => '{47,36,3,2}') \g /dev/null
SELECT is(pg_temp.leads('0023001009', 12), '1 2 3 4 5 6 7 8 9 10 11 11', 'put right it counts');
SELECT pg_temp.at('0023001010', 720, 30, 25, periods => '{30,25}'), pg_temp.at('0023001010', 740, 31, 25, periods => '{40,25,1,0}'), pg_temp.at('0023001010', 760, 31, 27, periods => '{30,25,1,2}'), pg_temp.at('0023001010', 780, 32, 27, periods => '{28,25,4,2}') \g /dev/null
SELECT results_eq($$SELECT home_score, away_score FROM live_score WHERE event_id = '0023001010' AND source = 'period' ORDER BY received_at$$, 'VALUES (30, 25), (28, 25)', 'more at the end of a period than now is none');
SELECT is(pg_temp.leads('0023001010', 12), '- - - - - - - - - - - 3', 'of many words on the end of a period the last');
SELECT pg_temp.at('0023001011', 1500, 70, 60, more => '{"homeTeam": {"teamTricode": "CHI", "score": 70, "periods": [{"score": null}, {"score": 30}]}, "awayTeam": {"teamTricode": "IND", "score": 60, "periods": [{"score": 20}, {"score": 30}]}}'),
	pg_temp.at('0023001012', 1500, 70, 60, more => '{"homeTeam": {"teamTricode": "CHI", "score": 70, "periods": [{"score": 35}, {"score": 30}]}, "awayTeam": {"teamTricode": "IND", "score": 60, "periods": [{"score": 20}]}}') \g /dev/null
SELECT results_eq($$SELECT event_id, elapsed, home_score, away_score FROM live_score WHERE event_id IN ('0023001011', '0023001012') AND source = 'period'$$, $$VALUES ('0023001012', 720::float8, 35, 20)$$, 'from a score that is missing on no sum is right');
-- No score is no reading, and no nought.
SELECT pg_temp.at('0023001013', 20, 1, 1), pg_temp.at('0023001013', 60, more => '{"homeTeam": {"teamTricode": "CHI", "score": null}}'), pg_temp.at('0023001013', 80, more => '{"awayTeam": {"teamTricode": "IND"}}'), pg_temp.at('0023001013', 100, more => '{"period": null}'),
	pg_temp.at('0023001013', 0, 0, 0, '-1 h', more => '{"gameStatus": 1, "homeTeam": {"teamTricode": "CHI"}, "awayTeam": {"teamTricode": "IND", "score": null}}'), pg_temp.at('0023001013', 2880, more => '{"gameStatus": 3, "awayTeam": {"teamTricode": "IND"}}') \g /dev/null
SELECT results_eq($$SELECT status, elapsed, home_score, away_score FROM live_score WHERE event_id = '0023001013' ORDER BY received_at$$, $$VALUES ('scheduled', 0::float8, 0, 0), ('live', 20, 1, 1)$$, 'a game that is on has no reading without a score or a period');
-- Numbers that no game has cost that game alone.
SELECT is(pg_temp.poll('300 days' + n * interval '1 min', pg_temp.game('0023001014', 'CHI', 'IND', 2, 'Q1', 1, 'PT10M00.00S', 4, 3) || more, pg_temp.game('0023001015', 'DET', 'IND', 2, 'Q1', 1, 'PT10M00.00S', n::int, 3)), '2 1 0 1', 'not one with ' || more::text)
FROM jsonb_array_elements('[{"period": 9999999}, {"period": -2}, {"period": 999999999, "gameStatus": 3}, {"gameClock": "PT99M00.00S"}, {"homeTeam": {"teamTricode": "CHI", "score": 999999999, "periods": [{"score": 999999999}, {"score": 999999999}, {"score": 999999999}]}},
	{"awayTeam": {"teamTricode": "IND", "score": -3}}]') WITH ORDINALITY AS m (more, n);
SELECT is((SELECT array_agg(detail ORDER BY reject_id) FROM reject WHERE payload_id IN (SELECT payload_id FROM payload WHERE received_at > '2031-12-01 12:00+00') AND raw ~ '0023001014')::text, '{"live with the scores 4 and 3, period 9999999, clock PT10M00.00S","live with the scores 4 and 3, period -2, clock PT10M00.00S","final with the scores 4 and 3, period 999999999, clock PT10M00.00S","live with the scores 4 and 3, period 1, clock PT99M00.00S","live with the scores 999999999 and 3, period 1, clock PT10M00.00S","live with the scores 4 and -3, period 1, clock PT10M00.00S"}', 'and the reject says which');
SELECT is((SELECT count(*) FROM live_score WHERE event_id = '0023001014')::text || (SELECT count(*) FROM live_score WHERE event_id = '0023001015' AND received_at > '2031-12-01 12:00+00'), '06', 'the others are there');
-- A play-by-play with a score from later, with noughts, with a last one that nothing follows.
SELECT is((SELECT array_agg(home_score ORDER BY seconds_left DESC) FROM minute_scores((SELECT array_agg(ROW('x', NULL, NULL, 1, 720 - e, h, 0)::collected_score ORDER BY n) FROM unnest('{30,60,90,120,121,150,180,200}'::int[], p::int[]) WITH ORDINALITY AS a (e, h, n)))), minutes::int[], why)
FROM (VALUES ('{2,4,5,80,6,8,9,9}', '{4,5,9}', 'a score from later'), ('{2,4,5,0,6,8,9,9}', '{4,5,9}', 'noughts'), ('{2,4,5,0,0,8,9,9}', '{4,5,9}', 'noughts twice'), ('{2,4,3,5,6,8,9,9}', '{4,5,9}', 'a point less for once'),
	('{2,5,4,4,6,8,9,9}', '{4,4,9}', 'a point taken back'), ('{2,4,5,5,6,8,80,0}', '{4,5,8}', 'the newest')) AS v (p, minutes, why);

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$ SELECT md5(concat((SELECT string_agg(f::text, ';' ORDER BY f::text) FROM live_score AS f), (SELECT string_agg(f::text, ';' ORDER BY f::text) FROM fixture AS f),
	(SELECT string_agg(f::text, ';' ORDER BY f::text) FROM player_game AS f))) $$;
SELECT pg_temp.fingerprint() AS first, replay() AS payloads \gset
SELECT is(pg_temp.fingerprint(), :'first', 'a replay gives the same rows');

-- ---- the real evening --------------------------------------------------------------------------------------------
\if :has_data
SET bet_edge.data = :'data';
CREATE FUNCTION pg_temp.real(n int, file text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('nba_live', file, pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/nba_live/' || file || '.json'), '2032-01-01'::timestamptz + n * interval '1 min') $$;
SELECT is(pg_temp.real(1, 'scoreboard_2026-02-11_q1') || ',' || pg_temp.real(2, 'playbyplay_0022500775_cut_in_q1'), '3 3 0 0,45 0 0 0', 'first quarter: the scoreboard and a play-by-play of 45 actions');
SELECT is(pg_temp.pattern('0022500775', 10), '1a 6a 1a 1c 1c 1c 1c 1c 1c -', 'three minutes known, and no more than carried to the poll at 9:44');
SELECT is(pg_temp.pattern('0022500776', 8) || ', ' || pg_temp.pattern('0022500777', 11), '-m -m -m -m -m -m -m -, -m -m -m -m -m -m -m -m -m -m -', 'the others are joined late');
SELECT is(pg_temp.real(3, 'scoreboard_2026-02-11_half') || ',' || pg_temp.real(4, 'playbyplay_0022500775_cut_at_halftime'), '3 3 0 0,302 0 0 0', 'half-time');
SELECT is(score_pattern('nba_live', '0022500775', 24), '{1,6,1,2,0,-2,1,5,5,5,10,8,6,7,13,16,15,13,16,12,9,4,6,9}', 'the pattern of Atlanta at Charlotte, by the points of its shots');
SELECT is(pg_temp.pattern('0022500776', 21), '-m -m -m -m -m -m -m 19p 19c 19c 19c 16p 16c 16c 16c 16c 16c 16c 16c 16c 16c', 'Washington at Cleveland: what two polls and the quarter say');
SELECT is(pg_temp.real(5, 'scoreboard_2026-02-11_q4') || ',' || pg_temp.real(6, 'scoreboard_2026-02-11_final') || ',' || pg_temp.real(7, 'playbyplay_0022500775_final') || ',' || pg_temp.real(8, 'playbyplay_0022500777_final') || ',' || pg_temp.real(9, 'playbyplay_0022000001_final'),
	'3 3 0 0,3 3 0 0,603 0 0 0,503 0 0 0,610 0 0 0', 'to the end');
SELECT is(score_pattern('nba_live', '0022500775', 24), '{1,6,1,2,0,-2,1,5,5,5,10,8,6,7,13,16,15,13,16,12,9,4,6,9}', 'the whole play-by-play says the same');
SELECT is(score_pattern('nba_live', '0022500777', 24), '{-2,-1,2,4,8,5,1,3,3,5,6,4,4,7,5,7,5,3,4,4,4,1,1,-1}', 'Milwaukee at Orlando');
SELECT is(score_pattern('nba_live', '0022000001', 24), '{-2,6,4,8,10,14,15,15,11,19,19,15,17,18,16,18,20,20,17,17,17,16,16,18}', 'Golden State at Brooklyn, of 2020');
SELECT results_eq($$SELECT home_team, home_score, away_score FROM sports_events WHERE season = 2025 ORDER BY 1$$, $$VALUES ('Charlotte Hornets', 110, 107), ('Cleveland Cavaliers', 138, 113), ('Orlando Magic', 108, 116)$$, 'the results');
SELECT is(pg_temp.real(10, 'scoreboard_2023-02-24_pregame') || ',' || pg_temp.real(11, 'scoreboard_2023-04-20_live_q2') || ',' || pg_temp.real(12, 'scoreboard_2025-01-24_three_live_games') || ',' || pg_temp.real(13, 'boxscore_0042200123'),
	'8 8 0 0,3 3 0 0,3 3 0 0,1 1 0 0', 'other evenings');
SELECT results_eq($$SELECT event_id, elapsed FROM live_score WHERE event_id ~ '^00224' AND source = 'poll' ORDER BY 1$$, $$VALUES ('0022400630', 1943::float8), ('0022400631', 1856), ('0022400632', 803)$$, 'clocks as 3:37 with a blank behind it');
SELECT results_eq($$SELECT count(*), sum((g.stats ->> 'points')::int), round(sum(g.minutes)::numeric, 2) FROM player_game AS g JOIN team AS t USING (team_id) GROUP BY t.name ORDER BY t.name$$, $$VALUES (9::bigint, 97::bigint, 240.00), (9, 102, 240.00)$$,
	'a box score: who played, and their points are the score');
\else
SELECT skip('no DATA_DIR', 14);
\endif
SELECT * FROM finish();
ROLLBACK;
