-- injury: every trap of its feeds in small lists of their shape, what was known when, and the features.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(45);

-- ---- words ------------------------------------------------------------------------------------
SELECT results_eq($$SELECT injury_status(s) FROM unnest('{Out,IR,PUP,Sus,COV,Injured Reserve,Suspension,Doubtful,Day-To-Day,Questionable,Probable,"",Active,Healed}'::text[]) WITH ORDINALITY AS x (s, n) ORDER BY n$$,
	$$VALUES ('out'), ('out'), ('out'), ('out'), ('out'), ('out'), ('out'), ('doubtful'), ('questionable'), ('questionable'), ('probable'), ('active'), ('active'), (NULL)$$, 'words of the feeds; nothing said is fit');
SELECT is(injury_status(NULL), 'active', 'nor NULL');

-- ---- ESPN -------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.said(team text, id int, name text, status text, comment text, type text, back text DEFAULT '2024-01-20') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('displayName', team, 'injuries', jsonb_build_array(jsonb_build_object('id', '1', 'shortComment', comment, 'status', status, 'date', '2024-01-14T20:48Z',
		'athlete', jsonb_build_object('displayName', name, 'links', jsonb_build_array(jsonb_build_object('rel', '["playercard"]'::jsonb, 'href', format('https://www.espn.com/nba/player/_/id/%s/x', id)))),
		'details', jsonb_build_object('type', type, 'returnDate', back, 'fantasyStatus', jsonb_build_object('description', 'OUT'))))) $$;
CREATE FUNCTION pg_temp.espn(at timestamptz, VARIADIC teams jsonb[]) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, rejects) FROM load_payload('espn_injuries', 'https://site.api.espn.com/apis/site/v2/sports/basketball/nba/injuries',
		convert_to(jsonb_build_object('timestamp', at, 'injuries', to_jsonb(teams))::text, 'UTF8'), at) $$;
SELECT results_eq($$SELECT league, team, player, name, status, injury, returns_on, reported_at FROM parse_espn_injuries(jsonb_build_object('injuries', jsonb_build_array(pg_temp.said('Boston Celtics', 4597509, 'A. Guard', 'Out', 'x', 'Knee'))))$$,
	$$VALUES ('nba', 'Boston Celtics', '4597509', 'A. Guard', 'Out', 'Knee', '2024-01-20'::date, '2024-01-14 20:48+00'::timestamptz)$$, 'the id is in the player card''s link alone');
SELECT throws_ok($$SELECT parse_espn_injuries('{"code": 404}')$$, '22P04', 'no injuries of ESPN: {"code": 404}', 'an error answer');
INSERT INTO players (pool, player_id, name) VALUES ('nba', '11', 'A. Guard'), ('nba', '12', 'B. Forward'), ('nba', '13', 'C. Center');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('espn_injuries', 'player', 'nba', '911', '11'), ('espn_injuries', 'player', 'nba', '912', '12');
SELECT is(pg_temp.espn('2024-01-15 12:00+00', pg_temp.said('Boston Celtics', 911, 'A. Guard', 'Out', 'Guard (knee) is questionable for Monday.', 'Knee'),
	pg_temp.said('Boston Celtics', 912, 'B. Forward', 'Out', 'Forward has been ruled out.', 'Coach''s Decision'), pg_temp.said('Miami Heat', 913, 'C. Center', 'Out', 'x', 'Foot'), pg_temp.said('Utah Jazz', 914, 'D.', 'Resting', NULL, NULL)),
	'4 2', 'a list with a player whom alias does not know');
SELECT results_eq('SELECT reason, unknown FROM reject ORDER BY line_no', $$VALUES ('unknown_player', '{913}'::text[]), ('unknown_player', '{914}')$$, 'who waits by his id, not by a name like his');
SELECT results_eq('SELECT player_id, status, chance_out, is_injury, known_at FROM injury ORDER BY 1', $$VALUES ('11', 'out', 0.75::float8, true, '2024-01-15 12:00+00'::timestamptz), ('12', 'out', 1, false, '2024-01-15 12:00+00')$$,
	'status and comment that contradict each other meet in the middle; a coach''s decision is no injury; known when it was seen');
SELECT results_eq($$SELECT t.players, round(t.loss::numeric, 9) FROM unnest('{Boston Celtics,Denver Nuggets}'::text[]) WITH ORDINALITY AS x (name, n) CROSS JOIN LATERAL team_injuries('nba', stable_id('nba:' || name), '2024-01-16') AS t ORDER BY n$$,
	$$VALUES (1, 0.583333333), (0, 0.000000000)$$, 'one injury; all absences weigh, a third each while nobody says more; a team that is not on the list has none');
SELECT is_empty($$SELECT * FROM team_injuries('nba', stable_id('nba:Miami Heat'), '2024-01-16')$$, 'whose players wait is unknown');
SELECT is_empty($$SELECT * FROM team_injuries('nba', stable_id('nba:Boston Celtics'), '2024-01-15 11:59+00')$$, 'before the first list nothing is known');
SELECT is_empty($$SELECT * FROM team_injuries('nba', stable_id('nba:Boston Celtics'), '2024-01-18 12:01+00')$$, 'nor when it is older than three days');
INSERT INTO player_share (pool, player_id, share, known_at) VALUES ('nba', '11', 0.8, '2024-01-01'), ('nba', '12', 0, '2024-01-01'), ('nba', '11', 0.1, '2024-02-01');
SELECT results_eq($$SELECT loss FROM team_injuries('nba', stable_id('nba:Boston Celtics'), '2024-01-16')$$, 'VALUES (0.75 * 0.8::float8)', 'weighed by minutes as known then; the end of the bench weighs nothing');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('espn_injuries', 'player', 'nba', '913', '13');
SELECT replay(payload_id) AS again FROM payload \gset
SELECT results_eq($$SELECT players FROM team_injuries('nba', stable_id('nba:Miami Heat'), '2024-01-16')$$, 'VALUES (1)', 'the name is learnt, the list replayed');
SELECT is((SELECT string_agg(reason || ' ' || detail, '') FROM reject), 'unknown_player alias has no player of NBA with the id ''914'' (D., Utah Jazz)', 'the other one waits on');
SELECT is(pg_temp.espn('2024-01-16 12:00+00', pg_temp.said('Boston Celtics', 911, 'A. Guard', 'Out', 'Guard (knee) is questionable for Monday.', 'Knee'), pg_temp.said('Miami Heat', 913, 'C. Center', 'Hurt', 'x', 'Foot')), '2 1', 'the next day');
SELECT results_eq($$SELECT player_id, status, known_at FROM injury WHERE known_at > '2024-01-16' ORDER BY 1$$, $$VALUES ('12', 'active', '2024-01-16 12:00+00'::timestamptz)$$,
	'what is as it was is not stored again; who is on the list no more plays; who waits is on it');
SELECT is((SELECT max(detail) FROM reject AS r JOIN payload USING (payload_id) WHERE received_at > '2024-01-16'), '''Hurt'' is no status', 'an unknown status');
SELECT results_eq($$SELECT (SELECT count(*) FROM injuries('nba', '2024-01-15 13:00+00')), (SELECT count(*) FROM injuries('nba', '2024-01-16 13:00+00'))$$, 'VALUES (3::bigint, 2::bigint)', 'as of then and now');
SELECT is(pg_temp.espn('2024-01-17 12:00+00', VARIADIC '{}'::jsonb[]), '0 0', 'an empty list');
SELECT is((SELECT count(*) FROM injuries('nba', '2024-01-17 13:00+00')), 0::bigint, 'is of the league of its address: all are fit');

-- What cannot be read: a player of a team, and a team of which not even the name is known. Boston has a list, Miami one with damage, Denver is not named.
CREATE FUNCTION pg_temp.known_of(at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(t.players::text, '-'), ' ' ORDER BY n) FROM unnest('{Boston Celtics,Miami Heat,Denver Nuggets}'::text[]) WITH ORDINALITY AS x (name, n) LEFT JOIN LATERAL team_injuries('nba', stable_id('nba:' || name), at) AS t ON true $$;
SAVEPOINT damage;
SELECT is(pg_temp.espn('2024-01-17 13:00+00', pg_temp.said('Boston Celtics', 911, 'A. Guard', 'Out', 'x', 'Knee'), pg_temp.said('Miami Heat', 913, 'C. Center', 'Out', 'x', 'Foot')) || ', ' || pg_temp.known_of('2024-01-17 13:30+00'), '2 0, 1 1 0', 'a list');
SELECT is(pg_temp.espn('2024-01-17 14:00+00', pg_temp.said('Boston Celtics', 911, 'A. Guard', 'Out', 'x', 'Knee'), '{"displayName": "Miami Heat", "injuries": [null]}') || ', ' || pg_temp.known_of('2024-01-17 14:30+00'), '2 1, 1 - 0', 'one with a player of Miami that is none: its injuries are unknown');
SELECT is((SELECT reason || ': ' || detail || ' ' || raw FROM reject ORDER BY reject_id DESC LIMIT 1), 'short_row: no player null', 'it waits');
SELECT is(pg_temp.espn('2024-01-17 15:00+00', pg_temp.said('Boston Celtics', 911, 'A. Guard', 'Out', 'x', 'Knee'), '5') || ', ' || pg_temp.known_of('2024-01-17 15:30+00'), '2 1, 1 - -', 'one with a team of no name: it may be any that is not named');
SELECT is((SELECT string_agg(player_id, ' ' ORDER BY player_id) FROM injuries('nba', '2024-01-17 15:30+00')), '11 13', 'nobody has become fit');
SELECT is(pg_temp.espn('2024-01-17 16:00+00', pg_temp.said('Boston Celtics', 911, 'A. Guard', 'Out', 'x', 'Knee')) || ', ' || pg_temp.known_of('2024-01-17 16:30+00'), '1 0, 1 0 0', 'until a list that can be read');
ROLLBACK TO damage;

-- ---- balldontlie ------------------------------------------------------------------------------------
SELECT results_eq($$SELECT returns_on FROM parse_balldontlie_injuries('{"data": [{"return_date": "Jul 9"}, {"return_date": "Jan 3"}, {"return_date": "Feb 29"}, {"return_date": "soon"}, {"return_date": null}, {"return_date": "Dec 31"}]}', '2026-12-20')$$,
	$$VALUES ('2026-07-09'::date), ('2027-01-03'), (NULL), (NULL), (NULL), ('2026-12-31')$$, 'days without a year');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('balldontlie_injuries', 'player', 'nba', '7', '11');
CREATE FUNCTION pg_temp.page(name text, cursor text, at timestamptz, rows text DEFAULT '{"player": {"id": 7, "first_name": "A.", "last_name": "Guard", "team": {"full_name": "Boston Celtics"}}, "status": "Day-To-Day", "return_date": "Jan 20", "comment": null}') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, rejects) FROM load_payload('balldontlie_injuries', name, convert_to(format('{"data": [%s], "meta": {"next_cursor": %s, "per_page": 100}, "x": "%s"}', rows, cursor, at), 'UTF8'), at) $$;
SELECT is(pg_temp.page('https://api.balldontlie.io/v1/player_injuries', 'null', '2024-01-18'), '1 0', 'a page that is all');
SELECT pg_temp.page('https://api.balldontlie.io/v1/player_injuries', '99', '2024-01-18 06:00+00', '') AS first, pg_temp.page('https://api.balldontlie.io/v1/player_injuries?cursor=99', 'null', '2024-01-18 07:00+00', '') AS second \gset
SELECT is((SELECT string_agg(status || ' ' || chance_out, ', ') FROM injuries('nba', '2024-01-18 08:00+00')), 'questionable 0.5', 'a page of several clears nobody');
SELECT pg_temp.page('https://api.balldontlie.io/wnba/v1/player_injuries', 'null', '2024-01-18 09:00+00', '') AS other \gset
SELECT is((SELECT reason || unknown::text FROM reject ORDER BY reject_id DESC LIMIT 1), 'unknown_sport{wnba}', 'the league is in the address, and may be unknown');

-- ---- Sleeper ----------------------------------------------------------------------------------------------
SELECT results_eq($$SELECT player, team, status FROM parse_sleeper_players('{"100": {"full_name": "P. Runner", "team": "KC", "position": "RB", "injury_status": null}, "101": {"full_name": "C. Back", "team": "CHI", "position": "RB", "injury_status": "IR"},
	"102": {"full_name": "No Team", "team": null, "position": "RB", "injury_status": "Out"}, "KC": {"full_name": "Kansas City", "team": "KC", "position": "DEF", "injury_status": null}}')$$, $$VALUES ('101', 'CHI', 'IR')$$, 'who is hurt and has a team; a defence is no player');
SELECT throws_like($$SELECT parse_sleeper_players('[1]')$$, 'no players of Sleeper: %', 'no map');

-- ---- nflverse -----------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.season(lines text, type text, at timestamptz) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', rows_read, rejects) FROM load_payload('nflverse_injuries', 'injuries_2023.csv', convert_to(
	'season,' || type || E',team,week,gsis_id,position,full_name,report_primary_injury,report_status,practice_primary_injury,practice_status,date_modified\n' || lines, 'UTF8'), at) $$;
SELECT is(pg_temp.season(E'2023,REG,KC,1,00-01,TE,One,Knee,Questionable,Knee,Limited,2023-09-06T19:31:07Z\n2023,REG,KC,1,00-02,DT,Two,,,Not injury related - personal matter,Did Not Participate,2023-09-07T18:02:11Z\n'
	'2023,REG,DET,1,00-03,CB,Three,Hamstring,Out,Hamstring,Did Not Participate,2023-09-06T20:12:45Z\n2023,REG,DET,1,00-04,CB,Four,Hamstring,Out,,,\n', 'season_type', '2024-03-01'), '4 1', 'a season of reports');
SELECT results_eq($$SELECT player_id, status, is_injury, known_at FROM injury WHERE pool = 'nfl' ORDER BY 1$$,
	$$VALUES ('00-01', 'questionable', true, '2023-09-06 19:31:07+00'::timestamptz), ('00-02', 'active', false, '2023-09-07 18:02:11+00'), ('00-03', 'out', true, '2023-09-06 20:12:45+00')$$, 'known when they were published; no status: he plays; ids make players');
SELECT is((SELECT count(*) FROM players WHERE pool = 'nfl') || ' ' || (SELECT count(*) FROM player_team WHERE pool = 'nfl'), '4 4', 'with their teams');
SELECT results_eq($$SELECT (SELECT players FROM team_injuries('nfl', stable_id('nfl:Detroit Lions'), t)) FROM unnest('{2023-09-06 20:00+00,2023-09-10 17:00+00,2023-09-13 00:00+00}'::timestamptz[]) WITH ORDINALITY AS x (t, n) ORDER BY n$$,
	'VALUES (NULL), (1), (NULL)', 'a report stands for its week');
SELECT is(pg_temp.season(E'2023,REG,DET,1,00-03,CB,Three,Hamstring,Out,Hamstring,Did Not Participate,2023-09-06T20:12:45Z\n2023,REG,DET,2,00-03,CB,Three,Hamstring,Doubtful,Hamstring,Limited,2023-09-15T20:12:45Z\n', 'game_type', '2024-03-02'), '2 0', 'the file again, a week longer, with another header');
SELECT is((SELECT count(*) FROM injury WHERE player_id = '00-03'), 2::bigint, 'adds the week');

-- ---- replay, features, guard ------------------------------------------------------------------------------------
SELECT string_agg(x::text, ' ' ORDER BY x::text COLLATE "C") AS before FROM (SELECT i::text FROM injury AS i UNION ALL SELECT r::text FROM injury_report AS r UNION ALL SELECT t::text FROM player_team AS t) AS x \gset
SELECT replay() AS again \gset
SELECT is((SELECT string_agg(x::text, ' ' ORDER BY x::text COLLATE "C") FROM (SELECT i::text FROM injury AS i UNION ALL SELECT r::text FROM injury_report AS r UNION ALL SELECT t::text FROM player_team AS t) AS x), :'before', 'everything again gives the same rows');
SELECT simulate_league(7, 8, 2) AS payload \gset
SELECT refresh_ratings('SIM') AS written \gset
SELECT game_id AS game, home_id AS home, decision_time('SIM', starts_at) AS decided, starts_at AS start FROM sports_events WHERE sport = 'SIM' ORDER BY starts_at, game_id OFFSET 70 LIMIT 1 \gset
DELETE FROM player_share;
INSERT INTO player_game (game_id, pool, player_id, team_id, role, minutes, stats, known_at, recorded_at, payload_id)
SELECT game_id, 'nba', '11', home_id, 'player', 6 * n, '{}', '2024-01-15'::timestamptz + n * interval '6 hours', now(), :payload FROM (SELECT *, row_number() OVER (ORDER BY game_id) AS n FROM game LIMIT 9) AS g;
SELECT results_eq($$SELECT round(loss::numeric, 9) FROM team_injuries('nba', stable_id('nba:Boston Celtics'), '2024-01-16')$$, 'VALUES (round((0.75 * 15 / 48 + 1.0 / 3)::numeric, 9))', 'weighed by the minutes of games known then: 6, 12, 18 and 24 of nine');
INSERT INTO players (pool, player_id, name) VALUES ('simulated', '1', 'One'), ('simulated', '2', 'Two');
INSERT INTO injury_report VALUES ('simulated', 'test', NULL, :'decided'::timestamptz - interval '1 day', :'decided'::timestamptz + interval '2 days', true, now(), :payload);
INSERT INTO injury (pool, player_id, source, team_id, status, chance_out, is_injury, known_at, recorded_at, payload_id)
VALUES ('simulated', '1', 'test', :home, 'out', 1, true, :'decided'::timestamptz - interval '1 day', now(), :payload),
	('simulated', '2', 'test', :home, 'out', 1, true, :'decided'::timestamptz + interval '1 hour', now(), :payload);
SELECT results_eq(format('SELECT home_injury_count, away_injury_count, injury_impact FROM game_features(''SIM'', ''-infinity'', ''infinity'', ''infinity'') WHERE game_id = %s', :game), 'VALUES (1::float8, 0::float8, -1::float8 / 3)', 'features: the news of an hour later is not in them');
SELECT ok(count(*) FILTER (WHERE home_injury_count IS NULL) > 50 AND count(*) FILTER (WHERE num_nulls(home_injury_count, away_injury_count, injury_impact) NOT IN (0, 3)) = 0, 'unknown without a list') FROM game_features('SIM', '-infinity', 'infinity', 'infinity');
SELECT ok(scramble_check('SIM', :'start') > 50, 'and nothing moves when later injuries do');
CREATE FUNCTION public.newest(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz) RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, out_now float8)
LANGUAGE sql STABLE AS $$ SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, (SELECT i.chance_out FROM bet_edge.injury AS i JOIN bet_edge.game AS g ON g.home_id = i.team_id
	WHERE g.game_id = f.game_id ORDER BY i.known_at DESC LIMIT 1) FROM bet_edge.game_features($1, $2, $3, $4) AS f $$;
SELECT throws_like(format('SELECT scramble_check(''SIM'', %L, ''public.newest'')', :'start'), 'behaviour: "out_now" of %', 'a planted leak: the newest word on a player');
-- two feeds: whose list was seen last is heard, though it says nothing new
INSERT INTO injury (pool, player_id, source, team_id, status, chance_out, is_injury, known_at, recorded_at, payload_id)
SELECT 'simulated', '1', x.source, :home, x.status, injury_chance(x.status), true, x.at, now(), :payload FROM (VALUES ('a', 'out', timestamptz '2031-01-01 16:50'), ('b', 'out', '2031-01-01 17:00'), ('b', 'active', '2031-01-01 18:30')) AS x (source, status, at);
INSERT INTO injury_report SELECT 'simulated', x.source, NULL, x.at, x.at + interval '3 days', true, now(), :payload FROM (VALUES ('a', timestamptz '2031-01-01 16:50'), ('b', '2031-01-01 17:00'), ('b', '2031-01-01 18:30'), ('a', '2031-01-01 18:45')) AS x (source, at);
SELECT results_eq(format($$SELECT (SELECT i.source FROM injuries('simulated', t) AS i WHERE i.player_id = '1'), (SELECT j.players FROM team_injuries('simulated', %s, t) AS j) FROM unnest('{2031-01-01 17:10,2031-01-01 18:40,2031-01-01 18:50}'::timestamptz[]) AS t$$, :home),
	$$VALUES ('b', 1), (NULL, 0), ('a', 1)$$, 'a feed that says the same again is not older than its list');
SELECT * FROM finish();
ROLLBACK;
