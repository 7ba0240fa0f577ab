-- The real files, when they are there: every game in, and exactly the known defects out.
SELECT :'data' <> '' AS has_data \gset
SELECT plan(25);
\if :has_data
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET bet_edge.data = :'data';
INSERT INTO inbox (feed, name, body)
SELECT 'football_data', f, pg_read_binary_file(current_setting('bet_edge.data') || '/soccer/' || d || f)
FROM unnest(ARRAY['', 'quirks/']) AS d, pg_ls_dir(current_setting('bet_edge.data') || '/soccer/' || d) AS f WHERE f LIKE '%.csv'
UNION ALL
SELECT 'nflverse', f, pg_read_binary_file(current_setting('bet_edge.data') || '/nfl/' || f) FROM unnest('{games.csv,fixtures_2025_unplayed.csv}'::text[]) AS f;
SELECT clock_timestamp() AS began \gset
CALL ingest();
SELECT is(count(*), 0::bigint, 'the inbox is empty') FROM inbox;
SELECT is(sum(games) FILTER (WHERE feed = 'football_data'), 0::numeric, 'clubs nobody has registered stay out') FROM load_report;
SELECT is(array_agg(DISTINCT reason), '{unknown_team}', 'for that reason alone') FROM reject JOIN payload USING (payload_id) WHERE feed = 'football_data';
SELECT count(*) AS clubs FROM (SELECT DISTINCT sport FROM reject WHERE reason = 'unknown_team') AS s, register_names('football_data', s.sport) \gset
SELECT diag(format('%s quotes of %s games in %s', (SELECT count(*) FROM quote), (SELECT count(*) FROM game), date_trunc('second', clock_timestamp() - :'began')));

-- ---- counts -------------------------------------------------------------------------------
SELECT is_empty($$SELECT name, rows_read, games FROM load_report WHERE games <> rows_read$$, 'every row of each of ' || count(*) || ' files is a game: ' || sum(rows_read)) FROM load_report;
SELECT is(array_agg(DISTINCT n), '{380}', 'Premier League: 380 games in each of 8 seasons, 2016 to 2023')
FROM (SELECT count(*) AS n FROM game WHERE sport = 'EPL' AND season BETWEEN 2016 AND 2023 GROUP BY season HAVING count(*) > 0) AS s HAVING count(*) = 8;
SELECT is(array_agg(DISTINCT n), '{552}', 'Championship: 552 in each of 8')
FROM (SELECT count(*) AS n FROM game WHERE sport = 'CHAMPIONSHIP' GROUP BY season) AS s HAVING count(*) = 8;
SELECT is(array_agg(DISTINCT n), '{380}', 'La Liga and Serie A: 380 in each of 8')
FROM (SELECT count(*) AS n FROM game WHERE sport IN ('LALIGA', 'SERIEA') AND season >= 2016 GROUP BY sport, season) AS s HAVING count(*) = 16;
SELECT is(array_agg(n ORDER BY season), '{380,380,380,279,380,380,380,306}', 'Ligue 1: 279 of 2019-20, which was stopped; 306 of 18 clubs')
FROM (SELECT season, count(*) AS n FROM game WHERE sport = 'LIGUE1' GROUP BY season) AS s;
SELECT is(array_agg(name || ' ' || games || ' ' || rows_blank ORDER BY name),
	'{D2_0809.csv 306 0,E0_0405.csv 380 0,E0_1415.csv 380 1,E0_9495.csv 462 90,G1_2223.csv 240 0,I1_0203.csv 306 9,POL.csv 3332 0,SC0_2223.csv 228 0}',
	'the awkward files are in whole, their blank lines counted')
FROM load_report WHERE name IN ('D2_0809.csv', 'E0_0405.csv', 'E0_1415.csv', 'E0_9495.csv', 'G1_2223.csv', 'I1_0203.csv', 'POL.csv', 'SC0_2223.csv');
SELECT results_eq($$SELECT sport, count(*) FROM game WHERE game_key !~ ':1$' AND sport IN ('GREECE', 'SPL') GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('GREECE', 58::bigint), ('SPL', 96)$$, 'pairings that meet twice or three times at one ground');
SELECT is(count(*), 3332::bigint, 'Polish seasons start in 2012 to 2023') FROM game WHERE sport = 'EKSTRAKLASA' AND season BETWEEN 2012 AND 2023;
SELECT is(max(starts_at)::date, '2020-08-02', 'the season 2019-20 runs into August') FROM sports_events WHERE sport = 'SERIEA' AND season = 2019;
SELECT is(count(*), 0::bigint, 'no-break spaces around referees and spaces after clubs are gone')
FROM team AS t FULL JOIN result AS r ON false WHERE t.name <> btrim(t.name) OR r.detail ->> 'Referee' <> btrim(r.detail ->> 'Referee', ' ' || chr(160));
SELECT results_eq($$SELECT sport, home_team, away_team, home_score, away_score, (SELECT count(*) > 0 FROM quote AS q WHERE q.game_id = e.game_id)
	FROM sports_events AS e WHERE status = 'awarded' ORDER BY 1$$, $$VALUES ('CHAMPIONSHIP', 'Bolton', 'Brentford', 0, 1, true), ('LIGUE1', 'Bastia', 'Lyon', 0, 3, true)$$, 'two games were awarded');
SELECT results_eq($$SELECT p.name, r.line_no, r.reason, r.detail FROM reject AS r JOIN payload AS p USING (payload_id) ORDER BY 1, 2$$, $$VALUES
	('E0_0405.csv', 362, 'bad_line', 'ladbrokes_uk spreads: ''1.28'' is not a line in quarter points'),
	('E0_2122.csv', 168, 'bad_odds', 'bet365 totals: B365C>2.5 is ''0'', B365C<2.5 is ''0'''),
	('E1_1819.csv', 348, 'bad_odds', 'bet365 h2h: B365H is ''0'''),
	('SP1_2324.csv', 28, 'implied_sum_below_1', 'pinnacle spreads: the prices imply 0.9998 in all'),
	('games.csv', 5589, 'implied_sum_below_1', 'consensus h2h: the prices imply 0.9809 in all')$$, 'of 1.2 million prices these markets are refused');
SELECT is(count(DISTINCT game_id), 300::bigint, 'the best price of the market may imply less than 1: 300 games of 2016-17')
FROM (SELECT game_id FROM quote JOIN game USING (game_id) WHERE sport = 'EPL' AND season = 2016 AND book = 'market_max' AND market = 'h2h'
	GROUP BY game_id HAVING sum(1 / price) < 1) AS s;
SELECT ok(avg(o) BETWEEN 0.020 AND 0.032, 'mean overround of Pinnacle''s closing prices, Premier League: ' || round(avg(o)::numeric, 4))
FROM (SELECT overround(array_agg(price)) AS o FROM closing_quote JOIN game USING (game_id) WHERE sport = 'EPL' AND season >= 2016 AND book = 'pinnacle' AND market = 'h2h' GROUP BY game_id) AS s;

-- ---- NFL ----------------------------------------------------------------------------------
SELECT results_eq($$SELECT status, count(*), min(season), max(season) FROM sports_events WHERE sport = 'NFL' GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('final', 6706::bigint, 1999, 2023), ('scheduled', 79, 2025, 2025)$$, 'NFL: 6,706 games and 79 fixtures');
SELECT is(count(*), 14::bigint, 'with 14 ties') FROM sports_events WHERE sport = 'NFL' AND home_score = away_score;
SELECT is(count(*), 32::bigint, 'of 32 franchises') FROM team WHERE pool = 'nfl';
SELECT is(count(*), 284::bigint, '284 games in 2022') FROM game WHERE sport = 'NFL' AND season = 2022;
SELECT results_eq($$SELECT q.side, q.line FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE e.sport = 'NFL' AND e.season = 2023 AND e.stage = 'SB' AND q.market = 'spreads' ORDER BY 1 DESC$$,
	$$VALUES ('home', 1.5::float8), ('away', -1.5)$$, 'the last Super Bowl: the home side got 1.5');
SELECT is(count(*) FILTER (WHERE NOT time_known), count(*), 'no kick-off times in 1999') FROM sports_events WHERE sport = 'NFL' AND season = 1999;
SELECT is(count(DISTINCT game_id), 15::bigint, '15 fixtures with prices') FROM quote JOIN game USING (game_id) WHERE sport = 'NFL' AND season = 2025 AND NOT closing;
SELECT is(count(*), 0::bigint, 'no price of a played game was known after its start') FROM quote AS q JOIN sports_events AS e USING (game_id)
WHERE q.known_at > e.starts_at;
\else
SELECT skip('no data folder: the real files of football-data.co.uk and nflverse', 26);
\endif
SELECT * FROM finish();
