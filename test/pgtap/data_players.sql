-- The real tables of players and minutes, when they are there: every row in or out for a reason, and what they are known for.
SELECT :'data' <> '' AS has_data \gset
SELECT plan(17);
\if :has_data
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET bet_edge.data = :'data';
CREATE TEMP TABLE hexed (line text);
CREATE FUNCTION pg_temp.load(feed text, name text, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE hexed;
	EXECUTE format('COPY hexed FROM PROGRAM %L', format('%s %s/%s | od -An -v -tx1 | tr -d '' \n''', CASE WHEN name ~ '\.gz$' THEN 'gzip -dc' ELSE 'cat' END, current_setting('bet_edge.data'), name));
	RETURN (SELECT concat_ws(' ', l.rows_read, l.games, l.quotes, l.rejects) FROM hexed, load_payload(load.feed, load.name, decode(line, 'hex'), load.at) AS l);
END $$;
SELECT is(pg_temp.load('nba_stats', 'players/nba_player_games_2018-19.csv.gz', '2019-07-01'), '26095 1230 0 0', 'NBA 2018-19: every line, every game');
SELECT is(sum((stats ->> 'points')::int), 2818::bigint, 'Harden''s points') FROM player_game JOIN players USING (pool, player_id) WHERE name = 'James Harden';
SELECT is(pg_temp.load('nba_stats', 'pbp/nba_minute_diffs_1996-97_2018-19.csv.gz', '2019-07-02'), '27253 27253 0 0', 'differentials by minute of 23 seasons');
SELECT results_eq($$SELECT round(avg(half_diff), 2), round(avg(final_diff), 2), round(avg(abs(pattern[18] - half_diff)), 2), round(avg(abs(pattern[18] - final_diff)), 2) FROM score_pattern_history$$,
	$$VALUES (1.81, 3.03, 4.48, 8.94)$$, 'home advantage at the half and in the end; how far the score after 18 minutes is off');
SELECT is(count(*) FILTER (WHERE e.home_score - e.away_score = h.final_diff AND (r.detail ->> 'overtime')::int = h.overtime), count(*), 'points of the players, differentials and overtimes agree in every game of 2018-19')
FROM score_pattern_history AS h JOIN game_event AS g ON g.feed = 'nba_stats' AND g.event_id = h.event_id JOIN sports_events AS e USING (game_id) JOIN result AS r USING (game_id);
SELECT is(count(*), 0::bigint, 'nobody plays for a team that is not in the game') FROM player_game AS p JOIN game AS g USING (game_id) WHERE p.team_id NOT IN (g.home_id, g.away_id);
SELECT results_eq($$SELECT t.name FROM player_team AS m JOIN team AS t USING (team_id) JOIN players AS p ON p.pool = m.pool AND p.player_id = m.player_id WHERE p.name = 'Tobias Harris' ORDER BY known_at$$,
	$$VALUES ('Los Angeles Clippers'), ('Philadelphia 76ers')$$, 'a trade');
SELECT is(pg_temp.load('retrosheet', 'players/mlb_batter_games_2020.csv.gz', '2020-12-01') || ', ' || pg_temp.load('retrosheet', 'players/mlb_pitcher_games_2020.csv.gz', '2020-12-02') || ', ' || pg_temp.load('retrosheet', 'players/mlb_player_names.csv', '2020-12-03'),
	'17963 898 0 0, 7962 898 0 0, 2621 0 0 31', 'MLB 2020: batters, pitchers, names; 31 spellings used once or twice stay out');
SELECT results_eq($$SELECT role, sum((stats ->> 'home_runs')::int), sum((stats ->> 'strikeouts')::int), count(*) FILTER (WHERE role = 'pitcher' AND NOT stats ? 'earned_runs') FROM player_game WHERE pool = 'mlb' GROUP BY role ORDER BY role$$,
	$$VALUES ('batter', 2304::bigint, 15586::bigint, 0::bigint), ('pitcher', 2304, 15586, 2)$$, 'the season''s official totals, twice');
SELECT cmp_ok(count(*), '>', 30::bigint, 'double-headers are two games') FROM (SELECT FROM sports_events WHERE sport = 'MLB' GROUP BY home_id, away_id, (starts_at AT TIME ZONE 'America/New_York')::date HAVING count(*) = 2) AS d;
-- Four raw games: a replay's row with a later score, rows out of order, four overtimes and a free throw taken back.
SELECT is(string_agg(split_part(pg_temp.load('nba_stats', 'pbp/raw_samples/' || g || '.csv', '2020-12-04'), ' ', 4), '' ORDER BY g), '0000', 'raw play-by-play') FROM unnest('{0021800001,0021700002,0021700025,0021500391}'::text[]) AS g;
SELECT is(count(*) FILTER (WHERE score_pattern('nba_stats', event_id, 24) = pattern), 4::bigint, 'gives the differentials that were worked out elsewhere') FROM score_pattern_history WHERE event_id IN ('0021800001', '0021700002', '0021700025', '0021500391');
SELECT is(differential, final_diff, 'after four overtimes too') FROM score_pattern_history AS h CROSS JOIN LATERAL score_minutes('nba_stats', h.event_id, 48 + 5 * h.overtime) AS m WHERE h.event_id = '0021500391' AND m.minute = 48 + 5 * h.overtime;

-- ---- DraftKings, nflverse --------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.json(name text) RETURNS jsonb LANGUAGE sql AS $$ SELECT convert_from(pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/draftkings/' || name || '.json'), 'UTF8')::jsonb $$;
SELECT results_eq($$SELECT q.market, count(*), count(DISTINCT q.participant) > 90, count(*) FILTER (WHERE q.participant IS NULL OR q.line IS NULL OR q.price IS NULL OR e.home IS NULL OR q.side NOT IN ('over', 'under')), max(e.starts_at - e.starts_at::date) < '1 day'
	FROM unnest('{mlb_batter_hits_2022-04-25,mlb_batter_home_runs_2022-04-28}'::text[]) AS f CROSS JOIN LATERAL parse_draftkings(pg_temp.json(f)) AS q LEFT JOIN parse_draftkings_events(pg_temp.json(f)) AS e ON e.event_id = q.event_id GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('batter_hits', 236::bigint, true, 0::bigint, true), ('batter_home_runs', 318, true, 0, true)$$, 'DraftKings: 118 and 159 offers, both sides each, with a player, a line, a price and a game');
SELECT is(concat_ws(' ', q.event_id, q.side, q.line, round(q.price::numeric, 4), q.quoted), '26720407 over 0.5 1.4878 -205', 'one of them') FROM parse_draftkings(pg_temp.json('mlb_batter_hits_2022-04-25')) AS q WHERE q.participant = 'Andrew McCutchen' AND q.side = 'over';
SELECT is(pg_temp.load('nflverse', 'payloads/nflverse/games.csv', '2026-01-01') || ' ' || count(*), '50 50 288 0 0', 'nflverse: the sample of its games') FROM sports_events WHERE sport = 'NFL' AND starts_at > '2999-01-01';
SELECT results_eq($$SELECT count(*) FILTER (WHERE status = 'scheduled'), count(*) FILTER (WHERE home_score = away_score), bool_or(neutral), count(*) FILTER (WHERE stage <> 'REG') > 0 FROM sports_events WHERE sport = 'NFL'$$,
	$$VALUES (2::bigint, 2::bigint, true, true)$$, 'two not played, two ties, neutral ground, play-offs');
\else
SELECT skip('no DATA_DIR', 17);
\endif
SELECT * FROM finish();
