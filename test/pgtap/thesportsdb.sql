-- TheSportsDB: made-up events in its shape, with every trap that the real ones have; then the real ones, when they are there.
SELECT :'data' <> '' AS has_data \gset
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(17);

CREATE FUNCTION pg_temp.load(VARIADIC events jsonb[]) RETURNS TABLE (rows_read int, games int, quotes int, rejects int) LANGUAGE sql AS
$$ SELECT rows_read, games, quotes, rejects FROM load_payload('thesportsdb', 'eventsseason.php?id=1', convert_to(jsonb_build_object('events', to_jsonb(events))::text, 'UTF8'), '2030-11-01 12:00+00') $$;
CREATE FUNCTION pg_temp.event(home text, away text, more jsonb) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_build_object('idEvent', '7', 'idLeague', '4328', 'strSeason', '2030-2031', 'strHomeTeam', home, 'strAwayTeam', away, 'intHomeScore', NULL, 'intAwayScore', NULL, 'intRound', '0',
	'dateEvent', '2030-08-17', 'strTime', '14:00:00', 'strStatus', 'Not Started', 'strResult', 'Goals:<br>1') || more $$;
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('thesportsdb', 'team', 'england', 'Town', 'Town'), ('thesportsdb', 'team', 'england', 'City', 'City'),
	('thesportsdb', 'team', 'england', '133', 'United'), ('thesportsdb', 'team', 'england', 'Rovers', 'Rovers');

SELECT results_eq($$SELECT * FROM pg_temp.load(
	pg_temp.event('Town', 'City', '{"intHomeScore": "2", "intAwayScore": "0", "strStatus": "Match Finished", "intRound": "3", "intSpectators": "41000"}'),
	pg_temp.event('City', 'Town', '{"intHomeScore": "1", "intAwayScore": "1", "strStatus": "2H"}'),
	pg_temp.event('Town', 'Rovers', '{"intHomeScore": "", "intAwayScore": "", "strStatus": "", "strTime": "", "strTimestamp": null}'),
	pg_temp.event('Rovers', 'Town', '{"strStatus": "FT"}'),
	pg_temp.event('Rovers', 'City', '{"strPostponed": "yes", "strTimestamp": "2030-08-17T11:30:00"}'),
	pg_temp.event('Man Utd', 'City', '{"idHomeTeam": "133", "strTime": "11:45:00+00:00", "strSeason": "3031"}'),
	pg_temp.event('City', 'Rovers', '{"strStatus": "CANC", "strTime": "00:00:00"}'),
	pg_temp.event('Town', 'Man Utd', '{"idAwayTeam": "133", "strStatus": "ABD"}'))$$, $$VALUES (8, 8, 0, 0)$$, 'eight games');
SELECT results_eq($$SELECT home_team, away_team, season, week, starts_at, time_known, home_score, away_score, status FROM sports_events ORDER BY 1, 2$$, $$VALUES
	('City', 'Rovers', 2030, NULL::int, '2030-08-17 14:00+00'::timestamptz, false, NULL::int, NULL::int, 'cancelled'), ('City', 'Town', 2030, NULL, '2030-08-17 14:00+00', true, NULL, NULL, 'scheduled'),
	('Rovers', 'City', 2030, NULL, '2030-08-17 11:30+00', true, NULL, NULL, 'postponed'), ('Rovers', 'Town', 2030, NULL, '2030-08-17 14:00+00', true, NULL, NULL, 'scheduled'),
	('Town', 'City', 2030, 3, '2030-08-17 14:00+00', true, 2, 0, 'final'), ('Town', 'Rovers', 2030, NULL, '2030-08-17 14:00+00', false, NULL, NULL, 'scheduled'),
	('Town', 'United', 2030, NULL, '2030-08-17 14:00+00', true, NULL, NULL, 'abandoned'), ('United', 'City', 2030, NULL, '2030-08-17 11:45+00', true, NULL, NULL, 'scheduled')$$,
	'strings, empty strings and nulls; over only with a finished word and both scores; three forms of season; times unknown and times in UTC; ids before names');
SELECT is((SELECT games FROM pg_temp.load(pg_temp.event('City', 'Rovers', '{"idEvent": "8", "strPostponed": "yes", "strTimestamp": "2030-10-17T11:30:00"}'))) + (SELECT games FROM pg_temp.load(pg_temp.event('City', 'Rovers', '{"idEvent": "8", "strTimestamp": "2030-10-17T11:30:00"}'))),
	2, 'put off, and on after all');
SELECT is(string_agg(status, ' ' ORDER BY known_at), 'postponed scheduled', 'takes it back') FROM result AS r JOIN game_event USING (game_id) WHERE event_id = '8';
SELECT is(detail, '{"thesportsdb_id": "7", "attendance": 41000}', 'no HTML') FROM result WHERE home_score = 2;
SELECT results_eq($$SELECT * FROM pg_temp.load(
	pg_temp.event('Town', 'City', '{"idLeague": "9999", "strLeague": "Beach"}'), pg_temp.event('Town', '', '{}'), pg_temp.event('Town', 'City', '{"dateEvent": "2030-02-30", "strTime": ""}'),
	pg_temp.event('Town', 'City', '{"strSeason": ""}'), pg_temp.event('Town', 'City', '{"intHomeScore": "two"}'), pg_temp.event('Town', 'Villa', '{}'))$$, $$VALUES (6, 0, 0, 6)$$, 'six that stay out');
SELECT results_eq($$SELECT reason, detail FROM reject ORDER BY line_no$$, $$VALUES ('unknown_sport', 'alias has no sport of thesportsdb named ''9999'' (Beach)'), ('short_row', 'home team or away team is missing'),
	('bad_date', 'not a day or not a season: 2030-02-30, 2030-2031'), ('bad_date', 'not a day or not a season: 2030-08-17, '), ('bad_score', 'scores ''two'' and NULL'),
	('unknown_team', 'alias has no team of EPL named ''Villa''')$$, 'each with its reason');
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('thesportsdb', 'none', '{"events": null}', '2031-01-01')$$, $$VALUES (0, 0, 0, 0)$$, 'no events are no games');
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('thesportsdb', 'error', '{"message": "key"}', '2031-01-02')$$, $$VALUES (0, 0, 0, 1)$$, 'an error is');

-- "Away @ Home" of American sports, "Home vs Away" of the others: neither says who is at home where strHomeTeam does not.
SELECT results_eq($$SELECT * FROM pg_temp.load(pg_temp.event('City', 'Rovers', '{"idEvent": "9", "strEvent": "City vs Rovers", "strEventAlternate": "Rovers @ City", "strTimestamp": "2030-12-17T11:30:00"}'),
	pg_temp.event('Rovers', 'City', '{"idEvent": "10", "strEvent": "City vs Rovers", "strEventAlternate": "Rovers @ City", "strTimestamp": "2030-12-27T11:30:00"}'),
	pg_temp.event('', 'City', '{"idEvent": "11", "strEvent": "Rovers vs City", "strEventAlternate": "City @ Rovers"}'))$$, $$VALUES (3, 2, 0, 1)$$, 'titles in either order');
SELECT results_eq($$SELECT home_team, away_team FROM sports_events WHERE starts_at BETWEEN '2030-12-01' AND '2030-12-31' ORDER BY starts_at$$, $$VALUES ('City', 'Rovers'), ('Rovers', 'City')$$, 'are titles');

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$ SELECT md5(concat((SELECT string_agg(f::text, ';' ORDER BY f::text) FROM fixture AS f), (SELECT string_agg(r::text, ';' ORDER BY r::text) FROM result AS r),
	(SELECT string_agg(x::text, ';' ORDER BY x::text) FROM reject AS x))) $$;
SELECT pg_temp.fingerprint() AS first, replay() AS payloads \gset
SELECT is(pg_temp.fingerprint(), :'first', 'a replay gives the same rows');

\if :has_data
SET bet_edge.data = :'data';
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'thesportsdb', 'team', 'england', n, n FROM unnest('{Man United,Swansea,West Ham,Tottenham,Arsenal,Chelsea,Liverpool}'::text[]) AS n;
CREATE FUNCTION pg_temp.real(file text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('thesportsdb', file, pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/thesportsdb/' || file || '.json'), '2031-12-01') $$;
SELECT is(pg_temp.real('eventsday_mlb_new_schema') || ', ' || pg_temp.real('eventsseason_epl_2014-2015_old_schema') || ', ' || pg_temp.real('eventsseason_not_started') || ', ' || pg_temp.real('no_events'),
	'1 1 0 0, 2 2 0 0, 2 2 0 0, 0 0 0 0', 'four real answers: rows, games, prices, rejects');
SELECT is(concat_ws(' ', home_team, home_score, away_team, away_score, season, starts_at AT TIME ZONE 'America/Phoenix'), 'Arizona Diamondbacks 7 Texas Rangers 11 2023 2023-10-31 17:03:00', 'a night game is the next day in UTC') FROM sports_events WHERE sport = 'MLB';
SELECT results_eq($$SELECT concat_ws(' ', home_team, home_score, away_team, away_score) FROM sports_events WHERE season = 2014 ORDER BY starts_at$$, $$VALUES ('Man United 1 Swansea 2'), ('West Ham 0 Tottenham 1')$$, 'the old schema');
SELECT results_eq($$SELECT home_team, status, time_known FROM sports_events WHERE season = 2026 ORDER BY 1$$, $$VALUES ('Chelsea', 'postponed', false), ('Man United', 'scheduled', true)$$, 'not started, postponed');
SELECT is(r.detail ->> 'overtime', NULL, 'strResult is not kept') FROM result AS r JOIN game USING (game_id) WHERE sport = 'MLB';
\else
SELECT skip('no DATA_DIR', 5);
\endif
SELECT * FROM finish();
ROLLBACK;
