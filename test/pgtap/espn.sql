-- ESPN's scoreboards: made-up games in its shape, with every trap that the real ones have; then the real ones, when they are there.
SELECT :'data' <> '' AS has_data \gset
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(31);

CREATE FUNCTION pg_temp.side(place text, name text, score text, id text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_strip_nulls(jsonb_build_object('homeAway', place, 'score', score, 'records', '[{"summary": "9-1"}]'::jsonb, 'team', jsonb_build_object('id', id, 'displayName', name))) $$;
CREATE FUNCTION pg_temp.event(id text, at text, home jsonb, away jsonb, state text, word text, more jsonb DEFAULT '{}', season jsonb DEFAULT '{"year": 2031, "type": 2}', period int DEFAULT 4) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_build_object('id', id, 'date', at, 'name', id, 'season', season, 'status', jsonb_build_object('clock', 0.0, 'period', period,
	'type', jsonb_build_object('name', word, 'state', state, 'completed', state = 'post' AND word ~ 'FINAL')), 'competitions', jsonb_build_array(jsonb_build_object('competitors', jsonb_build_array(away, home)) || more)) $$;
CREATE FUNCTION pg_temp.load(league text, VARIADIC events jsonb[]) RETURNS TABLE (rows_read int, games int, quotes int, rejects int) LANGUAGE sql AS
$$ SELECT rows_read, games, quotes, rejects FROM load_payload('espn', 'https://site.example/apis/site/v2/sports/any/' || league || '/scoreboard?dates=1',
	convert_to(jsonb_build_object('events', to_jsonb(events))::text, 'UTF8'), '2030-11-01 12:00+00') $$;
CREATE TEMP VIEW seen AS SELECT e.sport, e.season, e.stage, e.starts_at, e.time_known, e.neutral, e.home_team, e.away_team, e.home_score, e.away_score, e.status, r.detail
	FROM sports_events AS e LEFT JOIN result AS r USING (game_id);

-- ---- games ---------------------------------------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('nba',
	pg_temp.event('final in overtime', '2030-10-21T23:30Z', pg_temp.side('home', 'Boston Celtics', '120', '2'), pg_temp.side('away', 'Miami Heat', '118', '14'), 'post', 'STATUS_FINAL', period => 5),
	pg_temp.event('not begun', '2030-11-02T00:00Z', pg_temp.side('home', 'Miami Heat', '0'), pg_temp.side('away', 'Boston Celtics', '0'), 'pre', 'STATUS_SCHEDULED', '{"neutralSite": true, "timeValid": false}'),
	pg_temp.event('going on', '2030-11-01T11:30Z', pg_temp.side('home', 'Utah Jazz', '50'), pg_temp.side('away', 'Boston Celtics', '40'), 'in', 'STATUS_IN_PROGRESS'),
	pg_temp.event('put off', '2030-10-30T23:30Z', pg_temp.side('home', 'Phoenix Suns', '0'), pg_temp.side('away', 'Utah Jazz', '0'), 'post', 'STATUS_POSTPONED'),
	pg_temp.event('off', '2030-10-30T23:30Z', pg_temp.side('home', 'Orlando Magic', '0'), pg_temp.side('away', 'Utah Jazz', '0'), 'post', 'STATUS_CANCELED'),
	pg_temp.event('stopped', '2030-10-30T23:30Z', pg_temp.side('home', 'Chicago Bulls', '7'), pg_temp.side('away', 'Utah Jazz', '9'), 'in', 'STATUS_SUSPENDED'),
	pg_temp.event('play-off', '2031-05-30T23:30Z', pg_temp.side('home', 'LA Clippers', '0'), pg_temp.side('away', 'Utah Jazz', '0'), 'pre', 'STATUS_SCHEDULED', '{}', '{"year": 2031, "type": 3}'))$$,
	$$VALUES (7, 7, 0, 0)$$, 'seven games');
SELECT results_eq($$SELECT home_team, away_team, home_score, away_score, status FROM seen WHERE starts_at < '2030-11-01' ORDER BY 1$$, $$VALUES
	('Boston Celtics', 'Miami Heat', 120, 118, 'final'), ('Chicago Bulls', 'Utah Jazz', NULL, NULL, 'scheduled'), ('Orlando Magic', 'Utah Jazz', NULL, NULL, 'cancelled'),
	('Phoenix Suns', 'Utah Jazz', NULL, NULL, 'postponed')$$, 'the away side stands first, scores are strings, a suspended game is not over');
SELECT is(detail, '{"espn_id": "final in overtime", "overtime": 1}', 'overtime is counted in periods; records, which move, are not kept') FROM seen WHERE home_team = 'Boston Celtics';
SELECT is(count(*), 0::bigint, 'a score of 0 before the game, or of now in the middle of it, is no result') FROM seen WHERE starts_at > '2030-11-01' AND status <> 'scheduled';
SELECT results_eq($$SELECT home_team, season, stage, starts_at, time_known, neutral FROM seen WHERE starts_at > '2030-11-01' ORDER BY starts_at$$, $$VALUES
	('Utah Jazz', 2030, 'REG', '2030-11-01 11:30+00'::timestamptz, true, false), ('Miami Heat', 2030, 'REG', '2030-11-02 00:00+00', false, true), ('Los Angeles Clippers', 2030, 'POST', '2031-05-30 23:30+00', true, false)$$,
	'an NBA season has the year of its end; times without seconds; neutral ground; a play-off');
SELECT results_eq($$SELECT * FROM pg_temp.load('nfl', pg_temp.event('wild card', '2032-01-11T18:00Z', pg_temp.side('home', 'Buffalo Bills', '0'), pg_temp.side('away', 'Miami Dolphins', '0'), 'pre', 'STATUS_SCHEDULED',
		'{}', '{"year": 2031, "type": 3}') || '{"week": {"number": 1}}',
	pg_temp.event('tie', '2031-10-05T17:00Z', pg_temp.side('home', 'Buffalo Bills', '20'), pg_temp.side('away', 'Washington', '20'), 'post', 'STATUS_FINAL', period => 5) || '{"weather": {"temperature": 81}}')$$,
	$$VALUES (2, 2, 0, 0)$$, 'the NFL');
SELECT results_eq($$SELECT season, stage, away_team, home_score, detail FROM seen WHERE sport = 'NFL' ORDER BY starts_at$$, $$VALUES
	(2031, 'REG', 'Washington Commanders', 20, '{"espn_id": "tie", "overtime": 1, "weather_observed": {"temperature": 81}}'::jsonb), (2031, 'WC', 'Miami Dolphins', NULL, NULL)$$,
	'its season has the year of its beginning; a tie is a result; weather of the event is an observation');

-- ---- what stays out -----------------------------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('nba',
	pg_temp.event('stars', '2031-02-15T01:00Z', pg_temp.side('home', 'Team East', '131'), pg_temp.side('away', 'Team West', '151'), 'post', 'STATUS_FINAL', '{"type": {"abbreviation": "ALLSTAR"}}'),
	pg_temp.event('warm-up', '2030-10-05T23:00Z', pg_temp.side('home', 'Utah Jazz', '99'), pg_temp.side('away', 'Miami Heat', '98'), 'post', 'STATUS_FINAL', '{}', '{"year": 2031, "type": 1}'),
	'{"id": "x", "date": "2030-10-31T20:05Z", "competitions": [{"competitors": []}]}',
	pg_temp.event('day', '2030-10-32T23:00Z', pg_temp.side('home', 'Utah Jazz', '0'), pg_temp.side('away', 'Miami Heat', '0'), 'pre', 'STATUS_SCHEDULED'),
	pg_temp.event('year', '2030-10-30T23:00Z', pg_temp.side('home', 'Utah Jazz', '0'), pg_temp.side('away', 'Miami Heat', '0'), 'pre', 'STATUS_SCHEDULED', '{}', '{"type": 2}'),
	pg_temp.event('score', '2030-10-29T23:00Z', pg_temp.side('home', 'Utah Jazz', ''), pg_temp.side('away', 'Miami Heat', '98'), 'post', 'STATUS_FINAL'),
	pg_temp.event('level', '2030-10-28T23:00Z', pg_temp.side('home', 'Utah Jazz', '98'), pg_temp.side('away', 'Miami Heat', '98'), 'post', 'STATUS_FINAL'),
	pg_temp.event('who', '2030-10-27T23:00Z', pg_temp.side('home', 'Minnesota Lynx', '80', '8'), pg_temp.side('away', 'Miami Heat', '98'), 'post', 'STATUS_FINAL'))$$, $$VALUES (8, 0, 0, 8)$$, 'eight that stay out');
SELECT results_eq($$SELECT line_no, reason, detail FROM reject ORDER BY line_no$$, $$VALUES
	(1, 'exhibition', 'stars counts for nothing'), (2, 'exhibition', 'warm-up counts for nothing'), (3, 'short_row', 'home team or away team is missing'),
	(4, 'bad_date', 'not a time or not a season: 2030-10-32T23:00Z, 2031'), (5, 'bad_date', 'not a time or not a season: 2030-10-30T23:00Z, none'), (6, 'bad_score', 'final with the scores  and 98'),
	(7, 'bad_score', 'final with the scores 98 and 98'), (8, 'unknown_team', 'alias has no team of NBA named ''Minnesota Lynx''')$$, 'each with its reason');
-- id 8 is one team in the NBA and another in the WNBA
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('espn', 'team', 'nba', '8', 'Detroit Pistons'), ('espn', 'team', 'wnba', '8', 'Minnesota Lynx'), ('espn', 'team', 'wnba', '9', 'New York Liberty');
SELECT is(feed_team('espn', 'nba', '8', 'Pistons of old') || feed_team('espn', 'wnba', '8', NULL) || feed_team('espn', 'nhl', '8', 'Detroit Red Wings'), '88Detroit Red Wings', 'an id counts inside its league, where alias has it');
SELECT results_eq($$SELECT * FROM pg_temp.load('wnba', pg_temp.event('w', '2031-06-05T17:00Z', pg_temp.side('home', 'Lynx', '70', '8'), pg_temp.side('away', 'Liberty', '79', '9'), 'post', 'STATUS_FINAL'))$$, $$VALUES (1, 1, 0, 0)$$, 'ids decide');
SELECT is(season || home_team, '2031Minnesota Lynx', 'a WNBA season lies in one year') FROM seen WHERE sport = 'WNBA';
SELECT results_eq($$SELECT * FROM pg_temp.load('cricket', '{"id": "1"}')$$, $$VALUES (1, 0, 0, 1)$$, 'a league without an alias');
SELECT is(reason || ': ' || detail, 'unknown_sport: alias has no sport of espn named ''cricket''', 'waits') FROM reject ORDER BY reject_id DESC LIMIT 1;
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('espn', 'x', '{"code": 404}')$$, $$VALUES (0, 0, 0, 1)$$, 'an error is no scoreboard');
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('espn', 'y', '<html>502')$$, $$VALUES (0, 0, 0, 1)$$, 'nor is a gateway''s page');

-- ---- double-headers, corrections, replay -----------------------------------------------------------------
SELECT results_eq($$SELECT * FROM pg_temp.load('mlb',
	pg_temp.event('first', '2031-07-04T17:00Z', pg_temp.side('home', 'New York Mets', '5'), pg_temp.side('away', 'Miami Marlins', '4'), 'post', 'STATUS_FINAL', period => 9),
	pg_temp.event('second', '2031-07-04T22:00Z', pg_temp.side('home', 'New York Mets', '1'), pg_temp.side('away', 'Miami Marlins', '4'), 'post', 'STATUS_FINAL', period => 11))$$, $$VALUES (2, 2, 0, 0)$$, 'a double-header');
SELECT results_eq($$SELECT home_score, detail -> 'overtime' FROM seen WHERE sport = 'MLB' ORDER BY starts_at$$, $$VALUES (5, '0'::jsonb), (1, '2')$$, 'is two games; extra innings are more than nine');
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('espn', 'https://site.example/sports/baseball/mlb/scoreboard', convert_to(jsonb_build_object('events', jsonb_build_array(
	pg_temp.event('first', '2031-07-04T17:00Z', pg_temp.side('home', 'New York Mets', '6'), pg_temp.side('away', 'Miami Marlins', '4'), 'post', 'STATUS_FINAL', period => 9)))::text, 'UTF8'), '2031-07-06')$$,
	$$VALUES (1, 1, 0, 0)$$, 'a corrected score');
SELECT results_eq($$SELECT home_score, known_at FROM result JOIN game USING (game_id) WHERE game_key = 'MLB:2031:New York Mets:Miami Marlins:1' ORDER BY known_at$$,
	$$VALUES (5, '2030-11-01 12:00:00.000005+00'::timestamptz), (6, '2031-07-06')$$, 'is a row beside the first, known from its payload on');

-- ---- prices ------------------------------------------------------------------------------------------------
SELECT results_eq($$SELECT o.market, o.book, o.closing, o.line, o.prices FROM parse_espn_odds(jsonb_build_object('events', jsonb_build_array(
	pg_temp.event('a', '', '{}', '{}', 'pre', 'x', '{"odds": [null, {"provider": {"name": "Flat"}, "overUnder": 44.5, "spread": -3.5, "homeTeamOdds": {"moneyLine": -150, "spreadOdds": -110.0}, "awayTeamOdds": {"moneyLine": 130, "spreadOdds": -110.0}}]}'),
	pg_temp.event('b', '', '{}', '{}', 'post', 'x', '{"odds": [{"provider": {"name": "Nested"}, "moneyline": {"home": {"close": {"odds": "EVEN"}}, "away": {"close": {"odds": "+240"}}},
		"pointSpread": {"home": {"close": {"line": "-3.5", "odds": "-110"}}, "away": {"close": {"line": "+3.5", "odds": "-112"}}}, "total": {"over": {"close": {"line": "o44.5", "odds": "-105"}}, "under": {"close": {"line": "u44.5", "odds": "EVEN"}}}}]}'),
	pg_temp.event('c', '', '{}', '{}', 'pre', 'x', '{"odds": [{"provider": {"id": "58"}, "details": "OFF", "moneyline": {"home": {"close": {"odds": "OFF"}}, "away": {"close": {"odds": "OFF"}}}, "pointSpread": {"home": {"close": {"line": "OFF", "odds": "OFF"}}}}]}'),
	pg_temp.event('d', '', '{}', '{}', 'in', 'x', '{"odds": [{"provider": {"name": "Live"}, "homeTeamOdds": {"moneyLine": -150}, "awayTeamOdds": {"moneyLine": 130}}]}'),
	pg_temp.event('e', '', '{}', '{}', 'pre', 'x', '{"odds": []}'), '{"id": "none"}'))) AS o$$, $$VALUES
	('h2h', 'Flat', false, NULL, '{-150,130}'::text[]), ('spreads', 'Flat', false, '-3.5', '{-110,-110}'),
	('h2h', 'Nested', true, NULL, '{+100,+240}'), ('spreads', 'Nested', true, '-3.5', '{-110,-112}'), ('totals', 'Nested', true, '44.5', '{-105,+100}')$$,
	'flat and nested, null, off the board, none, in play; a total without prices is no price');
SELECT results_eq($$SELECT * FROM pg_temp.load('nba', pg_temp.event('priced', '2030-11-03T00:00Z', pg_temp.side('home', 'Toronto Raptors', '0'), pg_temp.side('away', 'Denver Nuggets', '0'), 'pre', 'STATUS_SCHEDULED',
	'{"odds": [{"provider": {"name": "DraftKings"}, "spread": -3.5, "homeTeamOdds": {"moneyLine": -150, "spreadOdds": -110}, "awayTeamOdds": {"moneyLine": 130, "spreadOdds": -110}},
	{"provider": {"name": "Corner Shop"}, "homeTeamOdds": {"moneyLine": -150}, "awayTeamOdds": {"moneyLine": 130}}]}'))$$, $$VALUES (1, 1, 4, 1)$$, 'prices of a book that alias knows');
SELECT results_eq($$SELECT market, side, line, round(price::numeric, 4), book, date_trunc('minute', known_at) FROM quote ORDER BY 1, 2$$, $$VALUES ('h2h', 'away', NULL::float8, 2.3000, 'draftkings', '2030-11-01 12:00+00'::timestamptz),
	('h2h', 'home', NULL, 1.6667, 'draftkings', '2030-11-01 12:00+00'), ('spreads', 'away', 3.5, 1.9091, 'draftkings', '2030-11-01 12:00+00'), ('spreads', 'home', -3.5, 1.9091, 'draftkings', '2030-11-01 12:00+00')$$,
	'known when they came; the line is the home side''s');
SELECT is(reason || ' ' || detail, 'unknown_book alias has no book named ''Corner Shop'': its h2h stay out', 'of another not') FROM reject ORDER BY reject_id DESC LIMIT 1;

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$ SELECT md5(concat((SELECT string_agg(f::text, ';' ORDER BY f::text) FROM fixture AS f), (SELECT string_agg(r::text, ';' ORDER BY r::text) FROM result AS r),
	(SELECT string_agg(q::text, ';' ORDER BY q::text) FROM quote AS q), (SELECT string_agg(x::text, ';' ORDER BY x::text) FROM reject AS x))) $$;
SELECT replay() AS once \gset
SELECT pg_temp.fingerprint() AS first, replay() AS twice \gset
SELECT is(pg_temp.fingerprint(), :'first', 'a replay gives the same rows');

SELECT results_eq($$SELECT event_id, team, home, athlete_id, starter, absent, minutes, stats FROM parse_espn_summary('{"header": {"id": "7"}, "boxscore": {"teams": [{"homeAway": "away", "team": {"id": "1"}}, {"homeAway": "home", "team": {"id": "2"}}],
	"players": [{"team": {"id": "2", "displayName": "Home"}, "statistics": [{"labels": ["MIN", "PTS", "3PT", "+/-"], "athletes": [{"athlete": {"id": "11", "displayName": "A"}, "starter": true, "didNotPlay": false, "reason": "REST", "stats": ["31", "20", "2-7", "+8"]},
	{"athlete": {"id": "12", "displayName": "B"}, "starter": false, "didNotPlay": true, "reason": "KNEE", "stats": []}]}]}, {"team": {"id": "1", "displayName": "Away"}}]}}')$$, $$VALUES
	('7', 'Home', true, '11', true, NULL, 31::float8, '{"points": 20, "threes": 2, "threes_attempted": 7}'::jsonb), ('7', 'Home', true, '12', false, 'KNEE', NULL, '{}')$$, 'a box score: who played and what he did');

-- ---- the real ones -------------------------------------------------------------------------------------------
\if :has_data
SET bet_edge.data = :'data';
CREATE FUNCTION pg_temp.real(league text, file text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('espn', 'sports/x/' || league || '/' || file, pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/espn/' || file || '.json'), '2031-12-01') $$;
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'espn', 'team', 'wnba', n, n FROM unnest('{New York Liberty,Seattle Storm,Connecticut Sun,Las Vegas Aces,Minnesota Lynx,Golden State Valkyries}'::text[]) AS n;
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('espn', 'team', 'wnba', '14', 'Seattle Storm');
SELECT results_eq($$SELECT pg_temp.real('nba', 'scoreboard_nba_in_progress') UNION ALL SELECT pg_temp.real('nba', 'scoreboard_nba_scheduled') UNION ALL SELECT pg_temp.real('nfl', 'scoreboard_nfl_edge_cases')
	UNION ALL SELECT pg_temp.real('nfl', 'scoreboard_nfl_in_progress_weather') UNION ALL SELECT pg_temp.real('wnba', 'scoreboard_wnba_allstar')
	UNION ALL SELECT pg_temp.real('wnba', 'scoreboard_wnba_final') UNION ALL SELECT pg_temp.real('wnba', 'scoreboard_wnba_scheduled')$$,
	$$VALUES ('1 1 0 0'), ('1 1 0 0'), ('5 4 0 1'), ('1 1 0 0'), ('1 0 0 1'), ('2 2 0 0'), ('1 1 0 0')$$, 'seven real scoreboards: rows, games, prices, rejects');
SELECT results_eq($$SELECT home_team, season, home_score, away_score, status FROM sports_events WHERE starts_at IN ('2026-05-02 23:30+00', '2025-07-06 17:00+00', '2026-10-20 19:00+00') ORDER BY 1$$,
	$$VALUES ('Boston Celtics', 2025, NULL, NULL, 'scheduled'), ('Detroit Pistons', 2026, NULL, NULL, 'scheduled'), ('New York Liberty', 2025, 70, 79, 'final')$$, 'their games');
SELECT is(neutral, true, 'London is neutral ground') FROM sports_events WHERE home_team = 'Jacksonville Jaguars';
SELECT results_eq($$SELECT count(*), min(o.line), max(o.line) FROM jsonb_each(convert_from(pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/espn/odds_shapes.json'), 'UTF8')::jsonb) AS s (shape, odds)
	CROSS JOIN LATERAL parse_espn_odds(jsonb_build_object('events', jsonb_build_array(jsonb_build_object('competitions', jsonb_build_array(jsonb_build_object('odds', jsonb_build_array(odds))))))) AS o$$,
	$$VALUES (5::bigint, '-3.5', '44.5')$$, 'the four shapes of its odds');
SELECT results_eq($$SELECT team, home, count(*), count(absent), sum((stats ->> 'points')::int), max(minutes) FROM parse_espn_summary(convert_from(pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/espn/summary_wnba_boxscore.json'), 'UTF8')::jsonb)
	GROUP BY 1, 2 ORDER BY 1$$, $$VALUES ('New York Liberty', true, 4::bigint, 1::bigint, 27::bigint, 35::float8), ('Seattle Storm', false, 4, 1, 45, 35)$$, 'the sample of a box score');
\else
SELECT skip('no DATA_DIR', 5);
\endif
SELECT * FROM finish();
ROLLBACK;
