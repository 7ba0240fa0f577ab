-- Every whole-season file of players and tennis, when they are there: each row is stored or in reject with its reason, and the counts add up.
SELECT :'data' <> '' AS has_data \gset
SELECT plan(3);
\if :has_data
SET search_path = bet_edge, public;
SET client_min_messages = warning;
\ir data_file.inc
-- All of a folder, so that a season more is looked at too; counts are known of these.
CREATE TEMP TABLE file AS
SELECT row_number() OVER (ORDER BY f.feed, n) AS i, f.feed, f.folder || n AS name,
	n ~ '^(nba_player_games_201[0-8]-|nba_minute_diffs_1996-97_2018-19\.|mlb_(batter|pitcher)_games_20(15|16|19|20)\.|mlb_player_names\.|atp_matches_20(1[89]|2[0-2])\.|(E0_2019-20|E0_2020-21|fixtures_cp1252)_first_rows\.)' AS is_known
FROM (VALUES ('nba_stats', 'players/', '^nba_player_games_'), ('nba_stats', 'pbp/', '^nba_minute_'), ('retrosheet', 'players/', '^mlb_(batter|pitcher)_games_|^mlb_player_names'),
	('tennis_abstract', 'tennis/', '^atp_matches_'), ('football_data', 'payloads/football_data/', '\.csv$')) AS f (feed, folder, pattern)
CROSS JOIN LATERAL pg_ls_dir(current_setting('bet_edge.data') || '/' || f.folder) AS n WHERE n ~ f.pattern;
-- What register_names() would do after a first pass.
INSERT INTO alias (feed, kind, pool, name, target)
SELECT DISTINCT 'tennis_abstract', 'team', 'atp', n, n FROM file AS f CROSS JOIN LATERAL csv_rows(decode_text(pg_temp.bytes(f.name))) AS r
CROSS JOIN LATERAL unnest(ARRAY[cell(r.fields, 11), cell(r.fields, 19)]) AS n WHERE f.feed = 'tennis_abstract' AND r.line_no > 1 AND n IS NOT NULL
ON CONFLICT DO NOTHING;
CREATE TEMP TABLE loaded AS SELECT f.*, l.* FROM (SELECT * FROM file ORDER BY i) AS f CROSS JOIN LATERAL load_payload(f.feed, f.name, pg_temp.bytes(f.name), '2031-01-01'::timestamptz + f.i * interval '1 minute') AS l;
CREATE TEMP VIEW account AS
SELECT l.feed, l.name, l.is_known, l.rows_read, l.games, (SELECT count(*) FROM reject AS r WHERE r.payload_id = l.payload_id AND r.line_no IS NOT NULL) AS rejected,
	CASE WHEN l.name ~ '_games_' THEN (SELECT count(*) FROM player_game AS g WHERE g.payload_id = l.payload_id) WHEN l.name ~ 'minute' THEN (SELECT count(*) FROM score_pattern_history AS h WHERE h.payload_id = l.payload_id)
		WHEN l.name ~ 'names' THEN (SELECT count(*) FROM csv_rows(decode_text(payload_body(l.payload_id, l.feed))) AS r JOIN player_name AS n ON n.pool = 'mlb' AND n.player_id = cell(r.fields, 1) AND n.name = cell(r.fields, 2)) ELSE l.games END AS stored
FROM loaded AS l;
SELECT diag(format('%s %s: %s rows, %s stored, %s rejected, %s games', feed, name, rows_read, stored, rejected, games)) FROM account ORDER BY name;
SELECT is_empty('SELECT name, rows_read, stored, rejected FROM account WHERE stored + rejected <> rows_read OR rows_read = 0', 'every row of each of ' || count(*) || ' files is stored or rejected, ' || sum(rows_read) || ' in all') FROM account;
SELECT results_eq($$SELECT substring(name FROM '(nba_p|nba_m|batter|pitcher|names|atp)'), count(*), sum(rows_read), sum(games) FROM account WHERE is_known AND feed <> 'football_data' GROUP BY 1 ORDER BY 1$$, $$VALUES
	('atp', 5::bigint, 12815::bigint, 12815::bigint), ('batter', 4, 172269, 8184), ('names', 1, 2621, 0), ('nba_m', 1, 27253, 27253), ('nba_p', 9, 227634, 10829), ('pitcher', 4, 69522, 8184)$$, 'as many as the files are said to have');
SELECT results_eq($$SELECT l.feed, CASE WHEN l.feed <> 'football_data' THEN r.reason END, count(*) FROM reject AS r JOIN loaded AS l USING (payload_id) WHERE l.is_known AND r.detail <> '' GROUP BY 1, 2 ORDER BY 1$$,
	$$VALUES ('football_data', NULL, 28::bigint), ('retrosheet', 'rare_name', 31)$$, 'what is out is out for a reason: clubs that nobody has registered, spellings used once or twice');
\else
SELECT skip('no DATA_DIR: the seasons of players and tennis', 3);
\endif
SELECT * FROM finish();
