-- The simulated league: the same seed the same rows; its truth, prices and times are what the page says.
BEGIN;
SET search_path = bet_edge, public;
SELECT plan(40);

-- ---- numbers from a seed ------------------------------------------------------------------
SELECT is(simulated_uniform(1, 'a'), 0.17213594794122622::float8, 'simulated_uniform is 52 bits of md5(seed:key)');
SELECT is(simulated_uniform(-7, 'score'), 0.39758186254338324::float8, 'so with a negative seed');
SELECT ok(min(u) > 0 AND max(u) < 1 AND abs(avg(u) - 0.5) < 4 / sqrt(12 * 20000), 'uniform: inside (0, 1), mean one half')
FROM (SELECT simulated_uniform(3, i::text) AS u FROM generate_series(1, 20000) AS i) AS t;
SELECT ok(abs(avg(z)) < 4 / sqrt(20000) AND abs(var_samp(z) - 1) < 4 * sqrt(2 / 20000.0), 'normal: mean 0, variance 1')
FROM (SELECT simulated_normal(3, i::text) AS z FROM generate_series(1, 20000) AS i) AS t;

-- ---- the same arguments, the same league --------------------------------------------------
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5((SELECT string_agg(to_jsonb(g)::text, '' ORDER BY g.game_id) FROM game AS g)
		|| (SELECT string_agg(to_jsonb(t)::text, '' ORDER BY t.game_id) FROM simulated_truth AS t)
		|| (SELECT string_agg((to_jsonb(f) - 'payload_id')::text, '' ORDER BY f.game_id) FROM fixture AS f)
		|| (SELECT string_agg((to_jsonb(r) - 'payload_id')::text, '' ORDER BY r.game_id) FROM result AS r)
		|| (SELECT string_agg((to_jsonb(q) - 'payload_id')::text, '' ORDER BY q.game_id, q.closing, q.book, q.market, q.side) FROM quote AS q))
$$;
-- The answer of a query after statements that are then undone.
CREATE FUNCTION pg_temp.answer(query text, VARIADIC statements text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	FOR i IN 1 .. cardinality(statements) LOOP
		EXECUTE statements[i];
	END LOOP;
	EXECUTE query INTO answer;
	RAISE SQLSTATE 'UNDO0';
EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
	RETURN answer;
END $$;
SELECT pg_temp.answer('SELECT pg_temp.fingerprint()', 'SELECT simulate_league(1, 6, 3)') AS first \gset
SELECT is(pg_temp.answer('SELECT pg_temp.fingerprint()', 'SELECT simulate_league(1, 6, 3)'), :'first', 'the same seed gives the same rows in every table');
SELECT isnt(pg_temp.answer('SELECT pg_temp.fingerprint()', 'SELECT simulate_league(2, 6, 3)'), :'first', 'another seed gives others');
SELECT is(pg_temp.answer('SELECT pg_temp.fingerprint() || count(*) FROM payload', 'SELECT simulate_league(1, 6, 3)', 'SELECT simulate_league(1, 6, 3)'),
	:'first' || 1, 'the same call twice changes nothing');
SELECT is(pg_temp.answer('SELECT (load_simulated_league(max(payload_id))).games FROM payload', 'SELECT simulate_league(1, 6, 3)'), '0',
	'loading a payload again loads nothing');
-- What replay() does: the facts go, the payload brings them back.
SELECT is(pg_temp.answer('SELECT pg_temp.fingerprint()', 'SELECT simulate_league(1, 6, 3)', 'DELETE FROM quote', 'DELETE FROM result',
	'DELETE FROM fixture', 'DELETE FROM game', 'SELECT load_simulated_league(max(payload_id)) FROM payload'), :'first', 'a replay gives every row back, the truth with it');
SELECT is(pg_temp.answer('SELECT count(*) FROM game', 'SELECT simulate_league(1, 6, 3)'), '108', '6 teams, 3 seasons and six rounds: 3 * 30 + 6 * 3 games');
SELECT is(pg_temp.answer('SELECT count(*) FROM result', 'SELECT simulate_league(1, 4, 1, 1999, false)'), '12', 'without fixtures_ahead every game is played');
SELECT is(pg_temp.answer('SELECT count(*) FROM game', 'SELECT simulate_league(5, 40, 1, 2016, false)'), '1560', 'forty teams fit into one season');

-- ---- what is refused ----------------------------------------------------------------------
SELECT throws_ok('SELECT simulate_league(teams => 7)', '22023', 'teams must be an even number from 4 to 40, not 7', 'odd teams');
SELECT throws_ok('SELECT simulate_league(teams => 2)', '22023', 'teams must be an even number from 4 to 40, not 2', 'two teams');
SELECT throws_ok('SELECT simulate_league(teams => 42)', '22023', 'teams must be an even number from 4 to 40, not 42', '42 teams');
SELECT throws_ok('SELECT simulate_league(seasons => 0)', '22023', 'seasons must be from 1 to 100, not 0', 'no seasons');
SELECT throws_ok('SELECT simulate_league(first_season => 12)', '22023', 'first_season must be from 1900 to 2200, not 12', 'a season in antiquity');
SELECT throws_ok('SELECT load_simulated_league(0)', 'P0002', 'payload 0 is not there or not of feed simulated_league', 'no such payload');
INSERT INTO payload (feed, name, sha256, body, received_at)
VALUES ('simulated_league', 'x', 'x', '{"version": 1, "teams": 6}', '2020-01-01'), ('simulated_league', 'y', 'y', '{"version": 2}', '2020-01-01');
SELECT throws_ok($$SELECT load_simulated_league(payload_id) FROM payload WHERE name = 'x'$$, '22004', NULL, 'a payload without all parameters');
SELECT throws_ok($$SELECT load_simulated_league(payload_id) FROM payload WHERE name = 'y'$$, '22023', NULL, 'a payload of another version of the generator');
SELECT is((SELECT count(*) FROM game), 0::bigint, 'and none of them left a game');

-- ---- the calendar -------------------------------------------------------------------------
DELETE FROM payload;
SELECT simulate_league(1, 20, 4) > 0 AS done \gset
SELECT throws_ok('SELECT simulate_league(2, 20, 4)', '55000', 'another simulated league is there already', 'a second league beside the first is refused');
ANALYZE game, fixture, result, quote, simulated_truth;
SELECT is(count(*), 4 * 380::bigint, 'a complete season is a double round robin: every ordered pair once')
FROM (SELECT DISTINCT season, home_id, away_id FROM game WHERE season < 2020) AS pair;
SELECT ok(bool_and(n = 1), 'no team plays twice in a round')
FROM (SELECT count(*) AS n FROM sports_events, unnest(ARRAY[home_id, away_id]) AS t GROUP BY season, week, t) AS q;
SELECT ok(bool_and(extract(isodow FROM starts_at AT TIME ZONE 'UTC') IN (2, 6)) AND bool_or(extract(isodow FROM starts_at AT TIME ZONE 'UTC') = 2)
	AND bool_and(starts_at >= make_date(season, 8, 1) AND starts_at < make_date(season + 1, 6, 1)), 'Saturdays and Tuesdays, August to May')
FROM sports_events;
SELECT is(array_agg(DISTINCT (season, week, status)::text), ARRAY['(2020,6,scheduled)'], 'the one round without results is the sixth of the season after')
FROM sports_events WHERE status = 'scheduled';
SELECT ok(count(DISTINCT q.game_id) = 10 AND bool_and(NOT q.closing) AND count(*) = 10 * 27, 'its ten games have every opening price and no closing price')
FROM quote AS q JOIN sports_events AS e USING (game_id) WHERE e.status = 'scheduled';

-- ---- time ---------------------------------------------------------------------------------
SELECT ok(bool_and(CASE WHEN q.closing THEN q.known_at = f.starts_at ELSE q.known_at = decision_time('SIM', f.starts_at) AND q.known_at < f.starts_at END),
	'opening prices are known at the decision time, closing prices at the start')
FROM quote AS q JOIN fixture AS f USING (game_id);
SELECT ok(bool_and(r.known_at = f.starts_at + interval '2 hours'), 'results are known when the game ends') FROM result AS r JOIN fixture AS f USING (game_id);
SELECT ok(bool_and(known_at <= recorded_at), 'nothing is recorded before it is known')
FROM (SELECT known_at, recorded_at FROM quote UNION ALL SELECT known_at, recorded_at FROM result UNION ALL SELECT known_at, recorded_at FROM fixture) AS fact;

-- ---- truth --------------------------------------------------------------------------------
SELECT ok(max(abs(p_home + p_draw + p_away - 1)) < 1e-12 AND min(least(p_home, p_draw, p_away)) > 0, 'true probabilities are positive and sum to 1')
FROM simulated_truth;
CREATE TEMP TABLE played AS
SELECT t.*, (r.home_score > r.away_score)::int AS home, (r.home_score = r.away_score)::int AS draw, (r.home_score + r.away_score > 2)::int AS over,
	r.home_score, r.away_score, greatest(-1, least(1, 2 * (r.home_score - r.away_score + t.handicap))) AS covered
FROM simulated_truth AS t JOIN result AS r USING (game_id);
SELECT ok(abs(sum(home - p_home)) < 4 * sqrt(sum(p_home * (1 - p_home))) AND abs(sum(draw - p_draw)) < 4 * sqrt(sum(p_draw * (1 - p_draw)))
	AND abs(sum(over - p_over)) < 4 * sqrt(sum(p_over * (1 - p_over))), 'home wins, draws and overs are as frequent as the truth says')
FROM played;
SELECT ok(sum(chi) < 10 + 4 * sqrt(20), 'so in every tenth of the home probability (chi-square)')
FROM (SELECT sum(home - p_home) ^ 2 / sum(p_home * (1 - p_home)) AS chi
      FROM (SELECT *, ntile(10) OVER (ORDER BY p_home) AS tenth FROM played) AS t GROUP BY tenth) AS c;
SELECT ok(abs(sum(home_score - lambda_home)) < 4 * sqrt(sum(lambda_home)) AND abs(sum(away_score - lambda_away)) < 4 * sqrt(sum(lambda_away)),
	'goals have the means of the truth') FROM played;
-- A bet at the fair price wins nothing on the average: this checks p_handicap by settling it.
SELECT ok(abs(sum(profit)) < 4 * sqrt(sum(profit ^ 2)), 'a handicap at its fair price neither wins nor loses')
FROM (SELECT CASE WHEN covered > 0 THEN covered * (1 / p_handicap - 1) ELSE covered END AS profit FROM played) AS b;

-- ---- prices -------------------------------------------------------------------------------
CREATE TEMP TABLE offer AS
SELECT q.game_id, q.book, q.market, q.closing, count(*) AS sides, sum(1 / q.price) AS total, sum(q.line) AS lines,
	sum(1 / q.price) FILTER (WHERE q.side = 'home') AS home, sum(1 / q.price) FILTER (WHERE q.side = 'draw') AS draw,
	sum(1 / q.price) FILTER (WHERE q.side = 'away') AS away
FROM quote AS q GROUP BY q.game_id, q.book, q.market, q.closing;
SELECT ok(bool_and(CASE market WHEN 'h2h' THEN sides = 3 WHEN 'totals' THEN sides = 2 AND lines = 5 ELSE sides = 2 AND lines = 0 END)
	AND count(*) = (5 + 3 + 3) * (2 * 1570 + 10), 'every book''s market is complete, and the two lines of a handicap mirror each other') FROM offer;
SELECT ok(bool_and(mean BETWEEN aim - 0.001 AND aim + 0.001 AND lowest > 0), 'the overround of every book and market is what it aims at')
FROM (SELECT avg(o.total - 1) AS mean, min(o.total - 1) AS lowest, max(a.aim) AS aim FROM offer AS o
      JOIN (VALUES ('sim_sharp', 0.025), ('sim_soft_1', 0.05), ('sim_soft_2', 0.055), ('sim_soft_3', 0.06), ('sim_soft_4', 0.07)) AS a(book, aim) USING (book)
      GROUP BY o.book, o.market, o.closing) AS b;
-- Distance of the normalised prices from the truth: what a bettor who knew it would gain in log score.
CREATE TEMP TABLE loss AS
SELECT o.book, o.closing, avg(t.p_home * ln(t.p_home * total / home) + t.p_draw * ln(t.p_draw * total / draw) + t.p_away * ln(t.p_away * total / away)) AS excess
FROM offer AS o JOIN simulated_truth AS t USING (game_id) WHERE o.market = 'h2h' GROUP BY o.book, o.closing;
SELECT ok((SELECT excess FROM loss WHERE book = 'sim_sharp' AND closing) < 0.0006 AND
	(SELECT bool_and(excess > 1.5 * (SELECT excess FROM loss WHERE book = 'sim_sharp' AND closing)) FROM loss WHERE NOT (book = 'sim_sharp' AND closing)),
	'the sharp closing price is within 0.0006 of the truth''s log loss, every other price is further away');
CREATE TEMP TABLE bet AS
SELECT q.*, q.price * CASE q.side WHEN 'home' THEN t.p_home WHEN 'draw' THEN t.p_draw ELSE t.p_away END - 1 AS edge
FROM quote AS q JOIN simulated_truth AS t USING (game_id) WHERE q.market = 'h2h';
SELECT ok(bool_and(longshot < favourite - 0.01), 'at every book outsiders (above 5) lose more than favourites (below 1.6)')
FROM (SELECT avg(edge) FILTER (WHERE price > 5) AS longshot, avg(edge) FILTER (WHERE price < 1.6) AS favourite FROM bet GROUP BY book, closing) AS b;
SELECT ok(count(*) FILTER (WHERE edge > 0) BETWEEN 0.05 * count(*) AND 0.35 * count(*) AND avg(edge) FILTER (WHERE edge > 0) < 0.04
	AND avg(edge) < 0, 'the best soft opening price is a small true edge now and then, and a loss on the average')
FROM (SELECT max(edge) AS edge FROM bet WHERE book <> 'sim_sharp' AND NOT closing GROUP BY game_id, side) AS best;
SELECT * FROM finish();
ROLLBACK;
