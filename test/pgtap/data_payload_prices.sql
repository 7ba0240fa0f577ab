-- The real samples of The Odds API and Pinnacle, when they are there: every one in, or out with a reason.
SELECT :'data' <> '' AND (pg_stat_file(:'data' || '/payloads/the_odds_api', true)).size IS NOT NULL AS has_data \gset
SELECT plan(15);
\if :has_data
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET bet_edge.data = :'data';
CREATE TABLE sample AS SELECT f.name, l.* FROM (VALUES
	('sports.json', 'the_odds_api', '2024-03-21 14:00Z'::timestamptz), ('events_icehockey_nhl.json', 'the_odds_api', '2024-03-21 14:11Z'), ('odds_icehockey_nhl_decimal.json', 'the_odds_api', '2024-03-21 14:12Z'),
	('odds_icehockey_nhl_decimal_full.json', 'the_odds_api', '2024-03-21 14:13Z'), ('event_odds_decimal.json', 'the_odds_api', '2024-03-21 14:14Z'), ('scores_icehockey_nhl_days3.json', 'the_odds_api', '2024-03-22 10:00Z'),
	('historical_odds_nfl_2021_american.json', 'the_odds_api', '2026-05-01Z'), ('historical_odds_nfl_2021_american_full.json', 'the_odds_api', '2026-05-01Z'), ('historical_events.json', 'the_odds_api', '2026-05-01Z'),
	('historical_event_odds_alternate_spreads.json', 'the_odds_api', '2026-05-01Z'), ('odds_basketball_wnba_american.json', 'the_odds_api', '2026-07-09 20:40Z'), ('event_odds_player_props_wnba.json', 'the_odds_api', '2026-07-29 16:10Z'),
	('historical_odds_wnba_2023.json', 'the_odds_api', '2026-05-01Z'), ('historical_event_odds_player_props_wnba_2025.json', 'the_odds_api', '2026-05-01Z'), ('scores_basketball_wnba.json', 'the_odds_api', '2026-07-07 10:00Z'),
	('odds_basketball_nba_multi_region.json', 'the_odds_api', '2026-04-16 19:01Z'), ('odds_soccer_epl_multi_region.json', 'the_odds_api', '2026-04-16 19:01Z'), ('odds_tennis_atp.json', 'the_odds_api', '2026-04-16 19:01Z'),
	('odds_baseball_mlb_in_play.json', 'the_odds_api', '2026-04-16 19:01Z'), ('outrights_nfl_super_bowl.json', 'the_odds_api', '2026-04-16 19:01Z'), ('snapshots_nhl_wnba_2026-04-25_to_05-04.csv', 'the_odds_api', '2026-06-01Z'),
	('daily_nhl_2024-01-14_to_27.csv', 'the_odds_api', '2026-06-01Z'), ('flattened_scores_basketball_nba.csv', 'the_odds_api', '2026-06-01Z'), ('matchups.json', 'pinnacle', '2026-10-01 03:00Z'),
	('markets_straight.json', 'pinnacle', '2026-10-01 03:01Z')) AS f (name, feed, at),
	LATERAL load_payload(f.feed, f.name, pg_read_binary_file(current_setting('bet_edge.data') || '/payloads/' || f.feed || '/' || f.name), f.at) AS l;
SELECT is((SELECT count(*) FROM sample WHERE duplicate), 0::bigint, '25 samples are loaded');
SELECT is_empty('SELECT name FROM sample JOIN reject USING (payload_id) WHERE reason = ''bad_file''', 'none of them as a bad file');
SELECT results_eq('SELECT DISTINCT reason FROM reject ORDER BY 1', $$VALUES ('bad_odds'), ('not_a_game'), ('overround_above_limit'), ('unknown_event'), ('unknown_player'), ('unknown_team')$$, 'what is out is out for these reasons');
SELECT is((SELECT count(*) FROM unknown_names() WHERE kind = 'team'), 6::bigint, 'six teams and players of tennis have no alias');
SELECT is(count(add_alias('the_odds_api', 'team', name, name, sport, true)), 6::bigint, 'they get one') FROM unknown_names() WHERE kind = 'team';
SELECT is((SELECT count(*) FROM unknown_names() WHERE kind = 'team'), 0::bigint, 'and are in');
SELECT is((SELECT quotes FROM sample WHERE name = 'historical_odds_nfl_2021_american_full.json') + (SELECT quotes FROM sample WHERE name = 'historical_odds_nfl_2021_american.json'), 1636, 'every price of the NFL snapshot, but what the trimmed file had brought');
SELECT is((SELECT sum(jsonb_array_length(m -> 'outcomes')) FROM payload AS p, jsonb_path_query(decode_text(p.body)::jsonb, '$.data[*].bookmakers[*].markets[*]') AS m WHERE p.name = 'historical_odds_nfl_2021_american_full.json'), 1636::bigint, 'the file has as many');
SELECT is((SELECT count(*) FROM quote AS q JOIN payload AS p USING (payload_id) WHERE p.name LIKE 'historical%' AND q.known_at > q.recorded_at - interval '6 months'), 0::bigint, 'history is known at its snapshot, not when it came');
SELECT is((SELECT count(DISTINCT (q.game_id, q.known_at, q.book)) FROM quote AS q JOIN payload AS p USING (payload_id) JOIN sports_events AS e USING (game_id) WHERE p.name LIKE 'snapshots%' AND q.known_at >= e.starts_at), 9::bigint,
	'line history: nine captures were taken after the start');
SELECT is_empty($$SELECT q.* FROM payload AS p JOIN fixture AS f USING (payload_id), closing_quotes(f.game_id) AS q JOIN sports_events AS e USING (game_id) WHERE p.name LIKE 'snapshots%' AND (q.known_at >= e.starts_at OR q.updated_at >= e.starts_at)$$,
	'and none of them is a close');
SELECT cmp_ok((SELECT count(*) FROM (SELECT f.game_id FROM fixture AS f JOIN payload AS p USING (payload_id) WHERE p.name LIKE 'snapshots%' GROUP BY 1 HAVING count(DISTINCT f.starts_at) > 1) AS m), '>=', 17::bigint, '17 of its 49 games changed their start');
SELECT is((SELECT count(*) FROM game JOIN team AS h ON h.team_id = home_id WHERE h.name = 'Phoenix Suns'), 2::bigint, 'scores in a table and odds in a list: Phoenix has two games');
SELECT results_eq($$SELECT side, round(probability::numeric, 3), books > 30 FROM sports_events AS e, consensus(e.game_id, '2026-04-16 19:05Z') AS c WHERE e.home_team = 'Orlando Magic' AND c.market = 'h2h' ORDER BY side$$,
	$$VALUES ('away', 0.601, true), ('home', 0.399, true)$$, 'consensus of a game that 67 books price');
CREATE FUNCTION fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f), (SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r), (SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q),
		(SELECT string_agg(o::text, '' ORDER BY o::text) FROM offer AS o), (SELECT string_agg(e::text, '' ORDER BY e::text) FROM game_event AS e), (SELECT string_agg(o::text, '' ORDER BY o::text) FROM outright_quote AS o))) $$;
SELECT replay() \g /dev/null
SELECT fingerprint() AS first \gset
SELECT replay() \g /dev/null
SELECT is(fingerprint(), :'first', 'a replay of all samples gives the same rows');
\else
SELECT skip('the payloads of DATA_DIR are not there', 15);
\endif
SELECT * FROM finish();
