-- How the margin is taken out of a source's prices: found on made-up books whose way is known, from the past alone, and used by all.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(20);
SELECT simulate_league(5, 12, 8) \g /dev/null
SELECT is(refresh_overround_fits(NULL, 2000), 0, 'too few games: no row');
SELECT is(overround_method('SIM', 'sim_sharp', true), 'shin', 'and the sport''s own method stands');

-- A wide margin on the truth, each book in its own way; the close of soft_1 in another.
CREATE TEMP TABLE way (book, closing, method) AS VALUES ('sim_sharp', false, 'power'), ('sim_sharp', true, 'power'), ('sim_soft_1', false, 'multiplicative'),
	('sim_soft_1', true, 'shin'), ('sim_soft_2', false, 'shin'), ('sim_soft_2', true, 'multiplicative'), ('sim_soft_3', false, 'odds_ratio'), ('sim_soft_3', true, 'odds_ratio');
-- no certainties, and outcomes spread evenly over them (the golden ratio's sequence): 924 games then tell the ways apart
CREATE TEMP TABLE truth AS
SELECT game_id, p, (row_number() OVER (ORDER BY p[1], game_id) * 0.6180339887498949) % 1 AS u
FROM simulated_truth, LATERAL (SELECT ARRAY[0.8 * p_home + 0.2 / 3, 0.8 * p_draw + 0.2 / 3, 0.8 * p_away + 0.2 / 3]::float8[] AS p) AS x;
UPDATE result AS r SET home_score = (u < p[1])::int, away_score = (u > p[1] + p[2])::int FROM truth AS t WHERE t.game_id = r.game_id;
UPDATE quote AS q SET price = (add_overround(t.p, 0.2, w.method))[array_position('{home,draw,away}', q.side)]
FROM way AS w, truth AS t WHERE w.book = q.book AND w.closing = q.closing AND t.game_id = q.game_id AND q.market = 'h2h';
SELECT cmp_ok(refresh_overround_fits('soccer', 500), '>', 0, 'with games there are rows');
SELECT results_eq($$SELECT book, closing, overround_method('SIM', book, closing) FROM way WHERE method <> 'odds_ratio' ORDER BY 1, 2$$,
	$$SELECT book, closing, method FROM way WHERE method <> 'odds_ratio' ORDER BY 1, 2$$, 'the way of each book is found, the close''s apart');
-- Two ways that are nearly one: the loss says how near.
SELECT ok(bool_and(losses ->> 'odds_ratio' < losses ->> 'multiplicative'), 'odds_ratio is told from multiplicative') FROM overround_fit WHERE book = 'sim_soft_3' AND games > 900;
SELECT is(refresh_overround_fits('soccer', 500), 0, 'a second call writes nothing');

-- ---- the past alone -----------------------------------------------------------------------------------
SELECT refresh_overround_fits('soccer', 50) \g /dev/null
SELECT is_empty($$SELECT FROM overround_fit AS f WHERE games <> (SELECT count(*) FROM sports_events AS e JOIN result AS r USING (game_id) WHERE e.sport = 'SIM' AND r.known_at < f.valid_from)$$,
	'games are those whose result was known before valid_from');
SELECT is_empty($$SELECT FROM overround_fit AS f JOIN sports_events AS e ON e.sport = 'SIM' AND e.starts_at >= f.valid_from AND e.starts_at < f.valid_from + interval '7 days'
	WHERE decision_time('SIM', e.starts_at) < f.valid_from$$, 'which is before any decision of the season');
CREATE TEMP TABLE before AS SELECT * FROM overround_fit;
SELECT valid_from AS moment FROM overround_fit WHERE games > 500 ORDER BY valid_from LIMIT 1 \gset
SAVEPOINT scrambled;
UPDATE result SET home_score = 2 * away_score + 1, away_score = 2 * home_score WHERE known_at >= :'moment';
UPDATE quote SET price = 1 + (price - 1) * CASE side WHEN 'home' THEN 1.5 ELSE 0.9 END WHERE known_at >= :'moment';
SELECT cmp_ok(refresh_overround_fits('soccer', 50), '>', 0, 'what becomes known later changes later rows');
SELECT set_eq(format('SELECT family, book, closing, method, games, losses FROM overround_fit WHERE valid_from <= %L', :'moment'),
	format('SELECT family, book, closing, method, games, losses FROM before WHERE valid_from <= %L', :'moment'), 'and no row that was in force');
ROLLBACK TO scrambled;
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT game_id, away_score + 1, home_score, 'final', :'moment', now(), payload_id FROM result WHERE known_at < :'moment';
SELECT refresh_overround_fits('soccer', 50) \g /dev/null
SELECT set_eq(format('SELECT family, book, closing, method, games, losses FROM overround_fit WHERE valid_from <= %L', :'moment'),
	format('SELECT family, book, closing, method, games, losses FROM before WHERE valid_from <= %L', :'moment'), 'nor does a score corrected then');
SELECT ok(bool_and(f.losses <> b.losses) AND bool_and(f.games = b.games), 'which later rows know, once a game')
FROM overround_fit AS f JOIN before AS b USING (family, book, closing, valid_from) WHERE f.valid_from > :'moment';
ROLLBACK TO scrambled;

-- ---- whose row, and when ------------------------------------------------------------------------------
SELECT is(overround_method('SIM', 'sim_sharp', false, (SELECT min(valid_from) FROM overround_fit WHERE book = 'sim_sharp') - interval '1 second'), 'shin', 'before the first row the sport''s own');
SELECT is(overround_method('SIM', NULL, false), 'shin', 'and for a mean of several books');
INSERT INTO overround_fit (family, book, closing, valid_from, method) VALUES ('soccer', 'sim_sharp', false, '2100-01-01', 'goto');
SELECT refresh_overround_fits('soccer', 50) \g /dev/null
SELECT is(overround_method('SIM', 'sim_sharp', false, '2100-01-01'), 'goto', 'a row of one''s own is in force from its day, and stays');
SELECT throws_ok($$INSERT INTO overround_fit (family, book, closing, valid_from, method) VALUES ('soccer', 'sim_sharp', true, '2100-01-01', 'nope')$$, '22023', NULL, 'an unknown method is refused');
SELECT throws_ok($$SELECT refresh_overround_fits('curling')$$, '42704', 'unknown family "curling"', 'so is an unknown family');
SELECT throws_ok($$SELECT refresh_overround_fits(NULL, 0)$$, '22023', 'min_games must be at least 1, not 0', 'and no games');

-- ---- who asks -----------------------------------------------------------------------------------------
SELECT game_id AS game, starts_at AS starts FROM sports_events WHERE sport = 'SIM' AND season = 2023 AND status = 'final' ORDER BY starts_at DESC, game_id LIMIT 1 \gset
CREATE TEMP TABLE price AS
SELECT closing, array_agg(price ORDER BY array_position('{home,draw,away}', side)) AS prices
FROM quote WHERE game_id = :game AND market = 'h2h' AND book = 'sim_sharp' GROUP BY closing;
SELECT results_eq(format($$SELECT x.said FROM (
		SELECT 1, ARRAY[market_home, market_draw, market_away] FROM game_features('SIM', %2$L, %2$L::timestamptz + interval '1 second') WHERE game_id = %1$s
		UNION ALL SELECT 2, array_agg(probability ORDER BY array_position('{home,draw,away}', side)) FROM closing_market(%1$s) WHERE market = 'h2h'
		UNION ALL SELECT 3, array_agg(DISTINCT market_probability) FROM market_prices('SIM', decision_time('SIM', %2$L)) WHERE game_id = %1$s AND market = 'h2h' AND side = 'home'
		UNION ALL SELECT 4, market_open FROM season_forecasts('SIM', 2023) WHERE game_id = %1$s
		UNION ALL SELECT 5, market_close FROM season_forecasts('SIM', 2023) WHERE game_id = %1$s) AS x (n, said) ORDER BY n$$, :game, :'starts'),
	$$SELECT CASE n WHEN 3 THEN p[1:1] ELSE p END FROM generate_series(1, 5) AS n, price, remove_overround(prices, 'power') AS p WHERE closing = (n IN (2, 5)) ORDER BY n$$,
	'features, the close, edges and evaluation take the margin out in the same fitted way');
SELECT ok(market_probabilities('{2.1,2.1}', 'shin') = '{0.5,0.5}' AND market_probabilities('{2.1,NULL}', 'shin') IS NULL AND market_probabilities('{2.1,1}', 'shin') IS NULL,
	'prices without a margin are scaled, and what is no price has no probability');
SELECT * FROM finish();
ROLLBACK;
