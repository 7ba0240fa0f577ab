-- The real files of the American sports and of tennis, when they are there: every row in or out for a reason, and exactly the known defects out.
SELECT :'data' <> '' AS has_data \gset
SELECT plan(22);
\if :has_data
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET bet_edge.data = :'data';
INSERT INTO inbox (feed, name, body, received_at)
SELECT f.feed, f.name, pg_read_binary_file(current_setting('bet_edge.data') || '/' || f.name), '2026-01-01'::timestamptz + f.n * interval '1 second'
FROM (VALUES (1, 'nflverse', 'nfl/games.csv'), (2, 'sportsbook_review', 'nba/odds.csv'), (3, 'sportsbook_review', 'nhl/odds.csv'), (4, 'sportsbook_review', 'mlb/odds.csv'),
	(5, 'sportsbook_review', 'mlb/games_close_2019_2020.csv'), (6, 'sportsbook_review', 'nfl/sbr_open_close_2011_2021.csv'), (7, 'tennis_data', 'tennis/tennisdata_atp_2013.csv'),
	(8, 'tennis_data', 'tennis/tennisdata_atp_2015.csv'), (9, 'tennis_data', 'tennis/tennisdata_atp_2016.csv'), (10, 'tennis_data', 'tennis/tennisdata_atp_2017.csv'),
	(11, 'tennis_data', 'tennis/atp_odds_2013_2022.csv')) AS f (n, feed, name);
-- what register_names() would do after a first pass; a row of one's own would replace a shipped spelling
INSERT INTO alias (feed, kind, pool, name, target)
SELECT DISTINCT 'tennis_data', 'team', 'atp', n, n
FROM inbox AS i CROSS JOIN LATERAL csv_rows(decode_text(i.body)) AS r
CROSS JOIN LATERAL unnest(CASE WHEN cardinality(r.fields) = 17 THEN ARRAY[cell(r.fields, 8), cell(r.fields, 9)] ELSE ARRAY[cell(r.fields, 10), cell(r.fields, 11)] END) AS n
WHERE i.feed = 'tennis_data' AND r.line_no > 1 AND NOT EXISTS (SELECT FROM alias AS a WHERE a.feed = 'tennis_data' AND a.name = n);
CALL ingest();
SELECT is(count(*), 744::bigint, 'tennis players, fifteen spellings of others apart') FROM team WHERE pool = 'atp';

-- ---- rows: read, taken, rejected -------------------------------------------------------------------
CREATE TEMP VIEW account AS
SELECT l.name, l.rows_read, l.quotes, (SELECT count(DISTINCT r.line_no) FROM reject AS r WHERE r.payload_id = l.payload_id
	AND r.reason NOT IN ('bad_odds', 'bad_line', 'incomplete_market', 'implied_sum_below_1', 'overround_above_limit')) AS rows_out, l.reasons
FROM load_report AS l WHERE l.feed <> 'nflverse';
SELECT results_eq($$SELECT name, rows_read, rows_out, quotes, reasons FROM account ORDER BY name COLLATE "C"$$, $$VALUES
	('mlb/games_close_2019_2020.csv', 3417, 0::bigint, 16836::bigint, '{"implied_sum_below_1": 19, "overround_above_limit": 2}'::jsonb),
	('mlb/odds.csv', 10361, 11, 103328, '{"bad_score": 11, "bad_line": 78, "implied_sum_below_1": 1, "overround_above_limit": 2}'),
	('nba/odds.csv', 16658, 0, 99924, '{"bad_odds": 3, "implied_sum_below_1": 1, "overround_above_limit": 8}'),
	('nfl/sbr_open_close_2011_2021.csv', 2956, 45, 11636, '{"bad_line": 4, "bad_score": 2, "unknown_team": 26, "contradicts_feed": 17}'),
	('nhl/odds.csv', 14025, 4, 122766, '{"bad_score": 4, "bad_line": 1, "implied_sum_below_1": 1, "overround_above_limit": 1}'),
	-- the second of two meetings in 2017 whose first ended by retirement has the prices of its own file
	('tennis/atp_odds_2013_2022.csv', 24598, 77, 28198, '{"bad_date": 62, "bad_odds": 23, "bad_score": 15, "implied_sum_below_1": 1, "overround_above_limit": 1}'),
	('tennis/tennisdata_atp_2013.csv', 2631, 62, 35730, '{"bad_date": 62, "bad_odds": 11, "incomplete_market": 2, "implied_sum_below_1": 1}'),
	('tennis/tennisdata_atp_2015.csv', 2630, 1, 31434, '{"bad_odds": 15, "bad_score": 1, "incomplete_market": 1, "implied_sum_below_1": 1, "overround_above_limit": 3}'),
	('tennis/tennisdata_atp_2016.csv', 2626, 0, 31382, '{"bad_odds": 23, "incomplete_market": 5, "overround_above_limit": 1}'),
	('tennis/tennisdata_atp_2017.csv', 2633, 0, 30962, '{"bad_odds": 7, "incomplete_market": 2, "overround_above_limit": 2}')$$,
	'rows, rows out, prices in and what stayed out, file by file');
SELECT is(count(*), 16658::bigint, 'NBA: every row is a game') FROM game WHERE sport = 'NBA';
SELECT is(count(*), 14021::bigint, 'NHL: every row that is not out') FROM game WHERE sport = 'NHL';
-- both files have the 505 games up to May 2019; one of them ended level in neither
SELECT is(count(*), (10361 - 11 + 3417 - 505)::bigint, 'MLB: the games of both files, those that both have once') FROM game WHERE sport = 'MLB';
SELECT is(16658 * 6 - 12 * 2, 99924, 'NBA: three markets a game, without the twelve that stayed out');

-- ---- what the files are known for ---------------------------------------------------------------------
SELECT is(array_agg(n ORDER BY season), '{1230,1230,1230,1230,990,1229,1230,1230,1230,1230,1230,1230,1059,1080}', 'NBA: games a season, 2007-08 to 2020-21')
FROM (SELECT season, count(*) AS n FROM game WHERE sport = 'NBA' GROUP BY season) AS s;
SELECT results_eq($$SELECT neutral, count(*) FROM sports_events WHERE sport = 'NBA' GROUP BY 1 ORDER BY 1$$, $$VALUES (false, 16561::bigint), (true, 97)$$, 'NBA: 97 on neutral ground');
SELECT is(array_agg(name ORDER BY name) FILTER (WHERE name ~ 'Seattle|Jersey|Nets|Thunder'), '{"Brooklyn Nets","Oklahoma City Thunder"}', 'NBA: 30 franchises under one name each') FROM team WHERE pool = 'nba' HAVING count(*) = 30;
SELECT is(count(*), 31::bigint, 'NHL: 31 franchises') FROM team WHERE pool = 'nhl';
SELECT is(count(*), 806::bigint, 'NHL: the lock-out of 2012-13') FROM game WHERE sport = 'NHL' AND season = 2012;
SELECT is(count(*), 0::bigint, 'NHL: no game ends level') FROM sports_events WHERE sport = 'NHL' AND home_score = away_score;
SELECT is(array_agg(e.home_team || ' ' || e.starts_at::date ORDER BY e.starts_at), '{"Dallas Stars 2014-04-09"}', 'NHL: one game without odds')
FROM sports_events AS e WHERE sport = 'NHL' AND NOT EXISTS (SELECT FROM quote AS q WHERE q.game_id = e.game_id);
SELECT is(count(*), 30::bigint, 'MLB: 30 clubs under three sets of abbreviations') FROM team WHERE pool = 'mlb';
SELECT is(array_agg(home_team || ' ' || starts_at::date), '{"Pittsburgh Pirates 2016-06-06"}', 'MLB: one game was postponed') FROM sports_events WHERE sport = 'MLB' AND status = 'postponed';
SELECT cmp_ok(count(*), '>=', 106::bigint, 'MLB: double-headers are two games each')
FROM (SELECT FROM sports_events WHERE sport = 'MLB' GROUP BY home_id, away_id, starts_at::date HAVING count(*) = 2) AS d;
SELECT is(count(*), 0::bigint, 'NFL: opening lines change no game of nflverse') FROM fixture AS f JOIN payload AS p USING (payload_id) JOIN game AS g USING (game_id) WHERE g.sport = 'NFL' AND p.feed <> 'nflverse';
SELECT cmp_ok(count(*), '>', 2800::bigint, 'NFL: games with an opening and a closing spread') FROM
	(SELECT FROM quote JOIN game AS g USING (game_id) WHERE g.sport = 'NFL' AND market = 'spreads' AND side = 'home' GROUP BY game_id HAVING count(DISTINCT closing) = 2) AS b;
SELECT ok(avg((home_score > away_score)::int) BETWEEN 0.49 AND 0.51, 'ATP: the first player wins half of the time') FROM sports_events WHERE sport = 'ATP' AND status = 'final';
SELECT is(count(*), 0::bigint, 'nothing is known before it could be: no price of a game after its start, no closing price before it')
FROM quote AS q JOIN fixture AS f ON f.game_id = q.game_id AND f.recorded_at <= q.recorded_at JOIN game AS g ON g.game_id = q.game_id
WHERE g.sport IN ('NBA', 'NHL', 'MLB', 'ATP') AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = q.game_id AND q.known_at <= x.starts_at AND (NOT q.closing OR q.known_at = x.starts_at)) AND q.known_at < '2026-01-01';
SELECT lives_ok('SELECT refresh_ratings(s) FROM unnest(''{NBA,NHL,MLB,ATP}''::text[]) AS s', 'ratings of all of them');
-- margins of the log loss: Elo's constants were chosen on earlier seasons than these
SELECT results_eq($$SELECT h.sport, log_loss(h.expected, h.score = 1) < b.bar FROM rating_history AS h
	JOIN (VALUES ('NBA', 2014, 0.617), ('NHL', 2013, 0.677), ('MLB', 2017, 0.679), ('ATP', 2018, 0.628)) AS b (sport, season, bar) ON b.sport = h.sport AND h.season >= b.season AND h.valid_until = 'infinity'
	WHERE h.is_home GROUP BY h.sport, b.bar ORDER BY h.sport$$, $$VALUES ('ATP', true), ('MLB', true), ('NBA', true), ('NHL', true)$$, 'Elo of later seasons is as good as it was found to be');
\else
SELECT skip('no DATA_DIR', 22);
\endif
SELECT * FROM finish();
