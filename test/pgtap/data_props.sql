-- Real prices on players with what became of them, when they are there: all join by id or wait under their name, are priced, and settle as the source says.
SELECT :'data' <> '' AS has_data \gset
SELECT plan(17);
\if :has_data
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET timezone = 'UTC';
\ir data_file.inc
SELECT load_payload('retrosheet', f, pg_temp.bytes('players/' || f), '2020-12-01') FROM unnest('{mlb_batter_games_2020.csv.gz,mlb_pitcher_games_2020.csv.gz}'::text[]) AS f \g /dev/null

-- ---- DraftKings, 25 April 2022: 866 offers of eight counts -------------------------------------------
CREATE TEMP TABLE offered AS
SELECT r.line_no, r.fields[2] AS event_id, r.fields[3]::timestamptz AS starts_at, r.fields[4] AS away, r.fields[5] AS home, r.fields[6] AS player, nullif(r.fields[7], '') AS player_id, r.fields[8] AS team,
	'batter_' || replace(lower(r.fields[9]), ' ', '_') AS market, replace(lower(r.fields[9]), ' ', '_') AS stat, r.fields[10]::float8 AS line, replace(r.fields[11], '+', '')::int AS over_odds, replace(r.fields[13], '+', '')::int AS under_odds,
	nullif(r.fields[15], '')::int AS actual, r.fields[16] AS result
FROM csv_rows(convert_from(pg_temp.bytes('players/mlb_dk_batter_props_2022-04-25.csv'), 'UTF8')) AS r WHERE r.line_no > 1 AND r.fields[2] IS NOT NULL;
UPDATE offered SET player_id = NULL WHERE player_id LIKE 'fox%';	-- no id of the league's
-- what a person would say who these names are
INSERT INTO players SELECT DISTINCT ON (player_id) 'mlb', player_id, player FROM offered WHERE player_id IS NOT NULL ON CONFLICT DO NOTHING;
INSERT INTO alias (feed, kind, pool, name, target) SELECT DISTINCT f, 'player', 'mlb', player, player_id FROM offered, unnest('{draftkings,the_odds_api}'::text[]) AS f WHERE player_id IS NOT NULL;
SELECT is((SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('draftkings', 'hits', pg_temp.bytes('payloads/draftkings/mlb_batter_hits_2022-04-25.json'), '2022-04-25 21:00')),
	(SELECT concat_ws(' ', 2 * count(*), 7, 2 * count(player_id), count(DISTINCT event_id) FILTER (WHERE player_id IS NULL)) FROM offered WHERE stat = 'hits'), 'the book''s own answer: every price of the players that alias knows');
SELECT results_eq($$SELECT name FROM unknown_names('draftkings') ORDER BY 1$$, $$SELECT DISTINCT player FROM offered WHERE player_id IS NULL AND stat = 'hits' ORDER BY 1$$, 'the others wait under their names');
SELECT is(count(*), (SELECT 2 * count(player_id) FROM offered WHERE stat = 'hits'), 'at the prices that were written down elsewhere') FROM offered AS o JOIN game_event AS e ON e.feed = 'draftkings' JOIN quote AS q ON q.game_id = e.game_id
	AND q.participant = o.player_id AND q.market = o.market AND q.line = o.line AND abs(q.price - decimal_odds(CASE q.side WHEN 'over' THEN o.over_odds ELSE o.under_odds END::text, 'american')) < 1e-9;

CREATE FUNCTION pg_temp.as_answer(moment text, at timestamptz) RETURNS bytea LANGUAGE sql AS $$	-- the table as The Odds API would have said it
	SELECT convert_to(jsonb_build_object('timestamp', moment, 'data', (SELECT jsonb_agg(e.event) FROM (
		SELECT jsonb_build_object('id', m.event_id, 'sport_key', 'baseball_mlb', 'commence_time', min(m.starts_at), 'home_team', min(m.home), 'away_team', min(m.away), 'bookmakers',
			jsonb_build_array(jsonb_build_object('key', 'draftkings', 'markets', jsonb_agg(jsonb_build_object('key', m.market, 'last_update', moment, 'outcomes', m.outcomes))))) AS event
		FROM (SELECT o.event_id, o.market, min(o.starts_at) AS starts_at, min(h.target) AS home, min(a.target) AS away, jsonb_agg(s.outcome) AS outcomes
			FROM offered AS o JOIN alias AS h ON (h.feed, h.kind, h.name) = ('retrosheet', 'team', o.home) JOIN alias AS a ON (a.feed, a.kind, a.name) = ('retrosheet', 'team', o.away)
			CROSS JOIN LATERAL (VALUES (jsonb_build_object('name', 'Over', 'description', o.player, 'price', o.over_odds, 'point', o.line)), (jsonb_build_object('name', 'Under', 'description', o.player, 'price', o.under_odds, 'point', o.line))) AS s (outcome)
			GROUP BY o.event_id, o.market) AS m GROUP BY m.event_id) AS e))::text, 'UTF8') $$;
SELECT is((SELECT concat_ws(' ', rows_read, games, quotes) FROM load_payload('the_odds_api', 'x?oddsFormat=american', pg_temp.as_answer('2022-04-25T21:05:00Z', '2022-04-25 21:05'), '2022-04-25 21:05')),
	(SELECT concat_ws(' ', 7, 7, 2 * count(*)) FROM offered WHERE player_id IS NOT NULL AND 1 / decimal_odds(over_odds::text, 'american') + 1 / decimal_odds(under_odds::text, 'american') BETWEEN 0.99 AND 1.35
		AND greatest(-over_odds, -under_odds) < 10000),
	'all eight counts: of 866 offers 799 are on players with an id, and what nobody can have sold stays out');
SELECT is((SELECT count(*) FROM sports_events WHERE sport = 'MLB' AND starts_at > '2022-01-01'), 7::bigint, 'one game, told by two feeds, is one game');

-- ---- priced ---------------------------------------------------------------------------------------------
SELECT load_shipped_models() \g /dev/null
SELECT refresh_prop_forms('MLB', 'hits', '2022-04-25 20:00'), refresh_prop_forms('MLB', 'home_runs', '2022-04-25 20:00') \g /dev/null
CREATE TEMP TABLE worth AS SELECT * FROM prop_edges('MLB', '2022-04-25 21:10');
SELECT ok(count(*) > 200 AND bool_and(abs(w.edge - (w.probability * w.price - 1)) < 1e-9 AND w.market_probability BETWEEN 0 AND 1), 'hits and home runs of players with a record have an edge, mostly below 0') FROM worth AS w;
SELECT is((SELECT count(DISTINCT participant) FROM worth WHERE market = 'batter_hits'), (SELECT count(DISTINCT c.player_id) FROM prop_contexts('MLB', '2022-04-25 21:10') AS c JOIN LATERAL standing_prices(c.game_id, '2022-04-25 21:10', '1 hour') AS q
	ON q.market = 'batter_hits' AND q.participant = c.player_id WHERE c.prop_type = 'hits'), 'each of them whose team, as last known, plays, once');
SELECT ok(avg(w.market_probability) < avg(1 / w.price), 'the market without its margin') FROM worth AS w WHERE w.side = 'over';
SELECT diag(format('%s, %s overs: log loss of the model %s, of the price without its margin %s, difference %s with a standard error of %s', x.market, count(*), round(avg(x.ours)::numeric, 4), round(avg(x.theirs)::numeric, 4), round(avg(x.ours - x.theirs)::numeric, 4), round((stddev(x.ours - x.theirs) / sqrt(count(*)))::numeric, 4)))
FROM (SELECT w.market, forecast_log_loss(w.probability, o.actual > w.line) AS ours, forecast_log_loss(w.market_probability, o.actual > w.line) AS theirs FROM worth AS w JOIN offered AS o ON o.market = w.market AND o.player_id = w.participant AND o.line = w.line
	WHERE w.side = 'over' AND o.actual IS NOT NULL) AS x GROUP BY x.market ORDER BY x.market;
INSERT INTO injury (pool, player_id, source, team_id, status, chance_out, is_injury, known_at, recorded_at, payload_id)
SELECT 'mlb', min(w.participant), 'test', min(g.home_id), 'out', 1, true, '2022-04-25 21:08', '2022-04-25 21:08', 1 FROM worth AS w JOIN game AS g USING (game_id);
SELECT is((SELECT count(DISTINCT participant) FROM prop_edges('MLB', '2022-04-25 21:10')), (SELECT count(DISTINCT participant) - 1 FROM worth), 'one who is out is withdrawn');

-- ---- settled --------------------------------------------------------------------------------------------
INSERT INTO player_market (market, role, stats) SELECT DISTINCT market, 'batter', ARRAY[stat] FROM offered ON CONFLICT DO NOTHING;
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id) SELECT game_id, 5, 4, 'final', starts_at + interval '3.5 hours', now(), 1 FROM sports_events WHERE sport = 'MLB' AND starts_at > '2022-01-01';
INSERT INTO player_game (game_id, pool, player_id, team_id, role, starter, stats, known_at, recorded_at, payload_id)
SELECT e.game_id, 'mlb', o.player_id, t.team_id, 'batter', true, jsonb_object_agg(o.stat, o.actual), max(o.starts_at) + interval '4 hours', now(), 1
FROM offered AS o JOIN game_event AS e ON e.feed = 'the_odds_api' AND e.event_id = o.event_id JOIN alias AS a ON (a.feed, a.kind, a.name) = ('retrosheet', 'team', o.team) JOIN team AS t ON t.pool = 'mlb' AND t.name = a.target
WHERE o.player_id IS NOT NULL AND o.actual IS NOT NULL GROUP BY e.game_id, o.player_id, t.team_id;
CREATE TEMP TABLE graded AS SELECT o.*, s.side, g.result AS came, g.payout FROM offered AS o JOIN game_event AS e ON e.feed = 'the_odds_api' AND e.event_id = o.event_id CROSS JOIN unnest('{over,under}'::text[]) AS s (side)
LEFT JOIN LATERAL bet_grade(e.game_id, '2022-04-25 21:10', o.market, s.side, o.line, 'draftkings', 2, 10, o.player_id, '2022-04-27') AS g ON true WHERE o.player_id IS NOT NULL;
SELECT results_eq($$SELECT came, count(*) FROM graded WHERE side = 'over' GROUP BY 1 ORDER BY 1$$, $$VALUES ('loss', 535::bigint), ('void', 23), ('win', 241)$$, 'overs: 241 won, 535 lost, 23 of players who did not bat are void');
SELECT is(count(*) FILTER (WHERE came IS DISTINCT FROM CASE WHEN result = 'void' THEN 'void' WHEN result = side THEN 'win' ELSE 'loss' END), 0::bigint, 'both sides of every offer as the source says') FROM graded;
SELECT is(sum(payout), (SELECT 20 * count(player_id)::numeric FROM offered), 'and the money adds up') FROM graded;

-- ---- pitchers, five books, moving lines ------------------------------------------------------------------
CREATE TEMP TABLE pitched AS
SELECT r.fields[2] AS event_id, r.fields[3] AS starts_at, r.fields[4] AS home, r.fields[5] AS away, r.fields[6] AS pitcher, r.fields[7] AS market, r.fields[8] AS book, r.fields[9] AS side, r.fields[10]::float8 AS line,
	r.fields[11]::int AS odds, r.fields[12] AS updated_at, r.fields[13] AS seen_at, n.player_id
FROM csv_rows(convert_from(pg_temp.bytes('players/mlb_pitcher_prop_quotes_2026-08-19_20.csv'), 'UTF8')) AS r LEFT JOIN (SELECT name, min(player_id) AS player_id FROM players WHERE pool = 'mlb' GROUP BY name HAVING count(*) = 1) AS n ON n.name = r.fields[6]
WHERE r.line_no > 1 AND r.fields[2] IS NOT NULL;
INSERT INTO alias (feed, kind, pool, name, target) SELECT DISTINCT 'the_odds_api', 'player', 'mlb', pitcher, player_id FROM pitched WHERE player_id IS NOT NULL ON CONFLICT DO NOTHING;
SELECT load_payload('the_odds_api', 'y?oddsFormat=american', convert_to(jsonb_build_object('timestamp', p.seen_at, 'data', jsonb_agg(p.event))::text, 'UTF8'), p.seen_at::timestamptz)
FROM (SELECT b.seen_at, b.event_id, jsonb_build_object('id', b.event_id, 'sport_key', 'baseball_mlb', 'commence_time', min(b.starts_at), 'home_team', min(b.home), 'away_team', min(b.away), 'bookmakers',
		jsonb_agg(jsonb_build_object('key', b.book, 'markets', b.markets))) AS event
	FROM (SELECT m.seen_at, m.event_id, m.book, min(m.starts_at) AS starts_at, min(m.home) AS home, min(m.away) AS away, jsonb_agg(jsonb_build_object('key', m.market, 'last_update', m.updated_at, 'outcomes', m.outcomes)) AS markets
		FROM (SELECT q.seen_at, q.event_id, q.book, q.market, min(q.starts_at) AS starts_at, min(q.home) AS home, min(q.away) AS away, max(q.updated_at) AS updated_at,
				jsonb_agg(jsonb_build_object('name', q.side, 'description', q.pitcher, 'price', q.odds, 'point', q.line)) AS outcomes
			FROM pitched AS q GROUP BY 1, 2, 3, 4) AS m GROUP BY 1, 2, 3) AS b GROUP BY 1, 2) AS p
GROUP BY p.seen_at ORDER BY p.seen_at \g /dev/null
CREATE TEMP TABLE met AS SELECT p.*, EXISTS (SELECT FROM game_event AS e JOIN LATERAL quotes(e.game_id, p.seen_at::timestamptz) AS q ON q.market = p.market AND q.side = lower(p.side) AND q.line = p.line AND q.participant = p.player_id
		AND abs(q.price - decimal_odds(p.odds::text, 'american')) < 1e-9 AND q.book = coalesce((SELECT a.target FROM alias AS a WHERE a.feed = 'the_odds_api' AND a.kind = 'book' AND a.name = p.book), p.book)
	WHERE e.feed = 'the_odds_api' AND e.event_id = p.event_id) AS stands
FROM pitched AS p WHERE p.player_id IS NOT NULL;
SELECT is(count(*) FILTER (WHERE NOT stands AND seen_at::timestamptz <= starts_at::timestamptz), 0::bigint, 'every price of a known pitcher before his game stands at its time') FROM met;
SELECT is_empty($$SELECT FROM (SELECT DISTINCT event_id, starts_at FROM met) AS m JOIN game_event AS e USING (event_id) CROSS JOIN LATERAL quotes(e.game_id, '2026-08-22') AS q WHERE q.known_at > m.starts_at::timestamptz$$, 'and none from after its start');
SELECT is((SELECT count(*) FROM met) + (SELECT count(*) FROM pitched WHERE player_id IS NULL), 1684::bigint, 'with those that wait all are counted');
-- the first price of everybody against the close: what the books said together at the last capture before the start
CREATE TEMP TABLE moved AS
SELECT f.*, c.probability, c.books, c.known_at > f.known_at AND f.price IS NOT NULL AS later
FROM (SELECT DISTINCT ON (q.game_id, q.market, q.participant, q.side, q.line, q.book) q.* FROM quote AS q WHERE q.participant IS NOT NULL AND q.known_at > '2026-01-01' AND q.game_id IN (SELECT e.game_id FROM game_event AS e JOIN met AS m ON m.event_id = e.event_id)
	ORDER BY q.game_id, q.market, q.participant, q.side, q.line, q.book, q.known_at) AS f
LEFT JOIN LATERAL closing_player_market(f.game_id, '2026-08-22') AS c ON c.market = f.market AND c.participant = f.participant AND c.side = f.side AND c.line = f.line;
SELECT ok(count(*) FILTER (WHERE later) > 0 AND bool_and(probability BETWEEN 0 AND 1 AND books BETWEEN 2 AND 5) FILTER (WHERE probability IS NOT NULL), 'a later capture before the start is a close for the first one') FROM moved;
SELECT diag(format('%s first prices on pitchers, %s with a close of two books or more at their line, %s of those with a later capture: mean closing value %s', count(*), count(probability), count(*) FILTER (WHERE later), round(avg(price * probability - 1) FILTER (WHERE later)::numeric, 4))) FROM moved;
CREATE TEMP TABLE gone AS SELECT f.*, m.points, m.clv FROM moved AS f CROSS JOIN LATERAL moved_line(f.game_id, f.market, f.side, f.line, f.price, '2026-08-22', f.participant) AS m WHERE f.probability IS NULL AND f.price IS NOT NULL;
SELECT ok(bool_and(points IN (-1, 1)) AND count(points) > 0, 'of those whose line moved, it moved by one strikeout') FROM gone WHERE points IS NOT NULL;
SELECT diag(format('%s first prices without a close at their line, %s whose line moved, %s with enough games of their own for a value, mean %s', count(*), count(points), count(clv), round(avg(clv)::numeric, 4))) FROM gone;
\else
SELECT skip('no DATA_DIR', 17);
\endif
SELECT * FROM finish();
