-- The stakes of a slate: what comes together, the maximum against a search of it, every limit kept and every cut told.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(31);
SELECT setseed(0.5);

-- ---- what becomes of a leg ------------------------------------------------------------------------
SELECT is_empty($$
	SELECT b.*, m.margin, m.total FROM (VALUES ('h2h', 'home', NULL::float8), ('h2h', 'draw', NULL), ('h2h', 'away', NULL), ('spreads', 'home', -0.75), ('spreads', 'away', 1.0), ('spreads', 'home', -2.5),
		('totals', 'over', 2.25), ('totals', 'under', 3.0), ('totals', 'under', 2.5)) AS b (market, side, line)
	CROSS JOIN (SELECT h - a AS margin, h + a AS total, h, a FROM generate_series(0, 6) AS h, generate_series(0, 6) AS a) AS m
	CROSS JOIN unnest('{true,false}'::boolean[]) AS d
	CROSS JOIN LATERAL settle_bet(b.market, b.side, b.line, m.h, m.a, 2, 1, draw_offered => d) AS s
	WHERE (b.side <> 'draw' OR d) AND leg_result(b.market, b.side, b.line, m.margin, m.total, d) IS DISTINCT FROM array_position('{loss,half_loss,push,half_win,win}'::text[], s.result) / 2.0 - 1.5$$,
	'a leg''s result is what settle_bet() makes of it');
SELECT is(leg_result('player_points', 'over', 20.5, 1, 3, true), NULL, 'the score says nothing of a player');

-- ---- what comes together --------------------------------------------------------------------------
CREATE FUNCTION pg_temp.leg(game bigint, market text, side text, line float8, price float8, outcome float8[], book text DEFAULT 'sim_soft_1') RETURNS signal LANGUAGE sql AS
	'SELECT signal_of(game, market, side, line, book, price, outcome, 0.5)';
CREATE TEMP TABLE together AS
SELECT l.legs, (leg_scenarios(l.legs, g.grid)).*, g.grid FROM (SELECT dixon_coles_grid(1.6, 1.1, -0.05) AS grid) AS g
CROSS JOIN LATERAL (SELECT array_agg(pg_temp.leg(1, m.market, m.side, m.line, m.price, (SELECT ARRAY[s.p_win, s.p_half_win, s.p_push, s.p_half_loss, s.p_loss]
		FROM line_probabilities(CASE m.market WHEN 'totals' THEN total_law(g.grid) ELSE margin_law(g.grid) END, m.market, m.side, m.line) AS s)) ORDER BY m.n) AS legs
	FROM (VALUES (1, 'spreads', 'home', -0.25, 1.95), (2, 'totals', 'over', 2.75, 2.10), (3, 'spreads', 'away', 1.0, 2.2)) AS m (n, market, side, line, price)) AS l;
SELECT ok((SELECT abs(sum(p) - 1) < 1e-12 FROM together, unnest(probs) AS p), 'scenarios sum to 1');
SELECT ok((SELECT bool_and(abs(e.edge - (SELECT sum(t.probs[s] * t.net_returns[3 * (s - 1) + e.n]) FROM generate_subscripts(t.probs, 1) AS s)) < 1e-12)
	FROM together AS t, unnest(t.legs) WITH ORDINALITY AS e (game_id, market, side, line, book, price, outcome, probability, market_probability, edge, prob_edge, strength, confidence, participant, n)), 'each leg is worth in them what it is worth alone');
SELECT ok((SELECT bool_and(NOT (t.net_returns[3 * s - 2] > 0 AND t.net_returns[3 * s] > 0)) FROM together AS t, generate_subscripts(t.probs, 1) AS s), 'home and away of one spread never win together');
SELECT ok((SELECT abs((SELECT sum(t.probs[s]) FROM generate_subscripts(t.probs, 1) AS s WHERE t.net_returns[3 * s - 2] > 0 AND t.net_returns[3 * s - 1] = 1.10)
		- (SELECT sum(t.grid[h][a]) FROM generate_subscripts(t.grid, 1) AS h, generate_subscripts(t.grid, 2) AS a WHERE h > a AND h + a - 2 >= 4)) < 1e-12 FROM together AS t), 'and how often they do is the grid''s');
SELECT ok((SELECT abs(s.probs[1] + s.probs[2] - 0.62) < 1e-9 FROM leg_scenarios(ARRAY[pg_temp.leg(1, 'h2h', 'home', NULL, 1.8, '{0.62,0,0,0,0.38}'), pg_temp.leg(1, 'totals', 'over', 2.5, 1.9, '{0.48,0,0,0,0.52}')],
	(SELECT grid FROM together)) AS s), 'a leg keeps its own signal''s probability where that is not the law''s');
SELECT throws_ok($$SELECT leg_scenarios(ARRAY[pg_temp.leg(1, 'h2h', 'home', NULL, 1.8, '{0.62,0,0,0,0.38}'), pg_temp.leg(1, 'totals', 'over', 2.5, 1.9, '{0.48,0,0,0,0.52}')])$$, '22023', NULL, 'two legs need a law');
SELECT is((SELECT array_agg(leg_group(o, m) ORDER BY o, m) FROM (VALUES (3, 'h2h'), (3, 'totals'), (2, 'h2h'), (2, 'totals'), (2, 'player_points')) AS v (o, m)),
	'{margin,NULL,total,score,score}'::text[], 'what depends on each other');

-- ---- games ----------------------------------------------------------------------------------------
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', now());
INSERT INTO team SELECT stable_id('simulated:' || n), 'simulated', n FROM (SELECT 'T' || i AS n FROM generate_series(1, 100) AS i) AS t;
INSERT INTO game SELECT stable_id(k), CASE WHEN i <= 40 THEN 'SIM' ELSE 'NFL' END, 2030, stable_id('simulated:T' || 2 * i - 1), stable_id('simulated:T' || 2 * i), k FROM (SELECT i, 'G' || i AS k FROM generate_series(1, 50) AS i) AS g;
INSERT INTO fixture SELECT game_id, '2030-09-07 15:00+00', true, false, NULL, NULL, '2030-08-01', now(), 1 FROM game;
CREATE TEMP TABLE numbered AS SELECT substr(game_key, 2)::int AS i, game_id, sport FROM game;
CREATE FUNCTION pg_temp.game(i int) RETURNS bigint LANGUAGE sql AS 'SELECT game_id FROM numbered WHERE numbered.i = game.i';
CREATE FUNCTION pg_temp.rule(change jsonb) RETURNS staking_rule LANGUAGE sql AS $$
	SELECT jsonb_populate_record(s, '{"multiplier": 1, "max_stake": 1, "max_day": 1, "max_game": 1, "stake_unit": 0.01}'::jsonb || change) FROM staking_rule AS s WHERE s.staking = 'default' $$;

-- ---- the maximum, searched for --------------------------------------------------------------------
-- one stake at a time by golden section over all combinations of scenarios, until nothing moves
CREATE FUNCTION pg_temp.search(probs float8[], net_returns float8[]) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
	n int := array_length(net_returns, 2); f float8[] := array_fill(0::float8, ARRAY[n]); a float8; b float8; x float8; y float8; was float8; moved float8; left_of float8[]; right_of float8[];
BEGIN
	FOR turn IN 1..60 LOOP
		moved := 0;
		FOR i IN 1..n LOOP
			was := f[i]; a := 0; b := 0.3;
			FOR cut IN 1..45 LOOP
				x := b - 0.6180339887498949 * (b - a); y := a + 0.6180339887498949 * (b - a);
				left_of := f; left_of[i] := x; right_of := f; right_of[i] := y;
				IF growth_rate_scenarios(left_of, probs, net_returns) < growth_rate_scenarios(right_of, probs, net_returns) THEN a := x; ELSE b := y; END IF;
			END LOOP;
			f[i] := CASE WHEN b < 1e-8 THEN 0 ELSE (a + b) / 2 END;
			moved := greatest(moved, abs(f[i] - was));
		END LOOP;
		EXIT WHEN moved < 1e-8;
	END LOOP;
	RETURN f;
END $$;
CREATE TEMP TABLE small AS
SELECT t.i, s.said FROM generate_series(1, 4) AS t (i) CROSS JOIN LATERAL (SELECT ARRAY[
	pg_temp.leg(pg_temp.game(1), 'h2h', 'home', NULL, 2.1 + 0.1 * t.i, '{0.5,0,0,0,0.5}'), pg_temp.leg(pg_temp.game(1), 'totals', 'over', 2.5, 1.9 + 0.05 * t.i, '{0.55,0,0,0,0.45}'),
	pg_temp.leg(pg_temp.game(2), 'h2h', 'draw', NULL, 3.8, '{0.3,0,0,0,0.7}'), pg_temp.leg(pg_temp.game(2), 'h2h', 'away', NULL, 3.0 + 0.1 * t.i, '{0.35,0,0,0,0.65}')] AS said) AS s;
SELECT ok(bool_and(abs(growth_rate_slate(k.f, s.bets, s.scenarios, s.probs, s.net_returns) - growth_rate_scenarios(pg_temp.search(l.joint, l.net), l.joint, l.net)) < 1e-9), 'the growth of small slates is what a search of every combination finds, to 1e-9')
FROM small, slate_scenarios(said, NULL) AS s
CROSS JOIN LATERAL (SELECT kelly_slate(s.bets, s.scenarios, s.probs, s.net_returns) AS f) AS k
CROSS JOIN LATERAL (SELECT array_agg(s.probs[x] * s.probs[s.scenarios[1]::int + y]) AS joint,
	array_agg(ARRAY[s.net_returns[2 * x - 1], s.net_returns[2 * x], s.net_returns[2 * (s.scenarios[1]::int + y) - 1], s.net_returns[2 * (s.scenarios[1]::int + y)]]) AS net
	FROM generate_series(1, s.scenarios[1]::int) AS x, generate_series(1, s.scenarios[2]::int) AS y) AS l;

-- the conditions of Karush, Kuhn and Tucker on a hundred bets
CREATE TEMP TABLE large AS SELECT e.width, array_agg(pg_temp.leg(g.game_id, m.market, m.side, m.line, (1 + e.width * (random() - 0.3)) / m.p, ARRAY[m.p, 0, 0, 0, 1 - m.p], m.book) ORDER BY g.i, m.market) AS said
FROM numbered AS g CROSS JOIN (VALUES ('h2h', 'home', NULL::float8, 0.4, 'pinnacle'), ('totals', 'over', 2.5, 0.5, 'sim_soft_1')) AS m (market, side, line, p, book)
CROSS JOIN unnest('{0.03,0.15}'::float8[]) AS e (width) GROUP BY e.width;
CREATE TEMP TABLE solved AS SELECT s.*, kelly_slate(s.bets, s.scenarios, s.probs, s.net_returns) AS f FROM large, slate_scenarios(said, NULL) AS s WHERE width = 0.03;
CREATE TEMP TABLE slope AS
SELECT i, s.f[i] AS f, (growth_rate_slate(s.f[:i - 1] || s.f[i] + 2e-5 || s.f[i + 1:], s.bets, s.scenarios, s.probs, s.net_returns)
	- growth_rate_slate(s.f[:i - 1] || greatest(s.f[i] - 2e-5, 0) || s.f[i + 1:], s.bets, s.scenarios, s.probs, s.net_returns)) / (2e-5 + least(s.f[i], 2e-5)) AS slope
FROM solved AS s, generate_subscripts(s.f, 1) AS i;
SELECT is((SELECT count(*) FROM slope), 100::bigint, 'a hundred bets on fifty games');
SELECT ok((SELECT count(*) > 30 AND max(abs(slope)) < 1e-8 FROM slope WHERE f > 1e-4), 'what is staked has no slope');
SELECT ok((SELECT count(*) > 5 AND max(slope) < 1e-4 FROM slope WHERE f = 0), 'what is not staked has none upwards');
SELECT ok((SELECT sum(f) < 1 FROM slope), 'all within the bankroll');

-- ---- limits ---------------------------------------------------------------------------------------
CREATE TEMP TABLE stakes AS SELECT t.*, (l.said)[t.n].* FROM large AS l, slate_stakes(l.said, pg_temp.rule('{"multiplier": 0.5, "max_stake": 0.02, "max_tier": [0.02, 0.01, 0.005], "max_game": 0.025, "max_book": 0.1, "max_sport": 0.12, "max_day": 0.14, "min_stake": 5, "stake_unit": 1}'), 10000) AS t WHERE l.width = 0.15;
SELECT is((SELECT count(*) FROM stakes), 100::bigint, 'every bet has its answer');
SELECT ok((SELECT bool_and(stake = trunc(stake) AND (stake = 0 OR stake >= 5)) FROM stakes), 'whole units, none too small');
SELECT ok((SELECT bool_and(stake <= 10000 * CASE signal_tier(edge) WHEN 'A' THEN 0.02 WHEN 'B' THEN 0.01 WHEN 'C' THEN 0.005 ELSE 0.02 END) FROM stakes), 'caps of a bet and of a tier');
SELECT ok((SELECT max(s) <= 250 FROM (SELECT sum(stake) AS s FROM stakes GROUP BY game_id) AS g), 'cap of a game');
SELECT ok((SELECT max(s) <= 1000 FROM (SELECT sum(stake) AS s FROM stakes GROUP BY book) AS g), 'cap of a book');
SELECT ok((SELECT max(s) <= 1200 FROM (SELECT sum(x.stake) AS s FROM stakes AS x JOIN game USING (game_id) GROUP BY sport) AS g) AND (SELECT sum(stake) <= 1400 FROM stakes), 'caps of a sport and of the day');
SELECT is_empty($$
	SELECT s.n FROM stakes AS s CROSS JOIN LATERAL (SELECT array_agg(c ORDER BY i) AS c FROM jsonb_array_elements(s.cuts) WITH ORDINALITY AS x (c, i)) AS x
	WHERE s.kelly > 1e-9 AND ((c[1] ->> 'before')::numeric <> trunc(10000 * s.kelly::numeric, 8) OR (c[cardinality(c)] ->> 'after')::numeric <> s.stake
		OR EXISTS (SELECT FROM generate_series(2, cardinality(c)) AS i WHERE c[i] ->> 'before' <> c[i - 1] ->> 'after'))$$, 'cuts lead from the full stake to the stake without a gap');
SELECT is((SELECT array_agg(DISTINCT c ->> 'reason' ORDER BY c ->> 'reason') FROM stakes, jsonb_array_elements(cuts) AS c),
	'{fraction,max_book,max_day,max_game,max_sport,max_stake,max_tier,min_stake,stake_unit}'::text[], 'each under its reason');
SELECT is((SELECT sum(t.stake) FROM large AS l, slate_stakes(l.said, pg_temp.rule('{"max_day": 0.1, "max_book": 0.05}'), 10000, NULL, '{"day": 900, "book": {"pinnacle": 500}}') AS t WHERE l.width = 0.15 AND (l.said)[t.n].book = 'pinnacle'), 0.00, 'a book that has had its share gets none');
SELECT cmp_ok((SELECT sum(t.stake) FROM large AS l, slate_stakes(l.said, pg_temp.rule('{"max_day": 0.1}'), 10000, NULL, '{"day": 900}') AS t WHERE l.width = 0.15), '<=', 100::numeric, 'nor is more staked than the day leaves');
SELECT ok((SELECT abs(t.stake - trunc(10000 * kelly_shrink(0.55, 2, 0.04)::numeric, 2)) <= 0.01 AND t.cuts #>> '{0,reason}' = 'probability_error'
	FROM slate_stakes(ARRAY[pg_temp.leg(pg_temp.game(3), 'h2h', 'home', NULL, 2, '{0.55,0,0,0,0.45}')], pg_temp.rule('{"prob_error": 0.04}'), 10000) AS t), 'a doubted probability: kelly_shrink()');
INSERT INTO quote (game_id, market, side, book, price, known_at, recorded_at, payload_id, max_stake, game_month)
SELECT pg_temp.game(3), 'h2h', s, 'pinnacle', 2.0, '2030-09-06', now(), 1, 75, (SELECT month FROM game WHERE game_id = pg_temp.game(3)) FROM unnest('{home,draw,away}'::text[]) AS s;
SELECT is((SELECT row(t.stake, t.cuts #>> '{0,reason}')::text FROM slate_stakes(ARRAY[pg_temp.leg(pg_temp.game(3), 'h2h', 'home', NULL, 2, '{0.55,0,0,0,0.45}', 'pinnacle')], pg_temp.rule('{}'), 10000, '2030-09-07') AS t),
	row(75.00, 'book_limit')::text, 'the largest stake that the book takes');

-- ---- legs of a game without draws, a player's market, odd input ------------------------------------
SELECT is((SELECT row(s.bets, s.numbers) FROM slate_scenarios(ARRAY[pg_temp.leg(pg_temp.game(45), 'spreads', 'home', -3, 1.95, '{0.5,0,0.1,0,0.4}'), pg_temp.leg(pg_temp.game(45), 'totals', 'over', 44.5, 1.95, '{0.54,0,0,0,0.46}'),
	pg_temp.leg(pg_temp.game(45), 'h2h', 'home', NULL, 1.6, '{0.66,0,0,0,0.34}'), pg_temp.leg(pg_temp.game(45), 'player_pass_yds', 'over', 250.5, 1.9, '{0.56,0,0,0,0.44}')], NULL) AS s),
	row('{1,2,1}'::float8[], '{4,1,3,2}'::int[]), 'spread and winner depend on each other, the total and a player''s market stand for themselves');
SELECT ok((SELECT count(*) = 4 AND bool_and(t.stake > 0) FROM slate_stakes(ARRAY[pg_temp.leg(pg_temp.game(45), 'spreads', 'home', -3, 1.95, '{0.5,0,0.1,0,0.4}'), pg_temp.leg(pg_temp.game(45), 'totals', 'over', 44.5, 1.95, '{0.54,0,0,0,0.46}'),
	pg_temp.leg(pg_temp.game(45), 'h2h', 'away', NULL, 3.2, '{0.34,0,0,0,0.66}'), pg_temp.leg(pg_temp.game(45), 'player_pass_yds', 'over', 250.5, 1.9, '{0.56,0,0,0,0.44}')], pg_temp.rule('{}'), 10000) AS t), 'and are staked together');
SELECT is((SELECT count(*) FROM slate_stakes('{}', pg_temp.rule('{}'), 10000)), 0::bigint, 'nothing to stake on');
SELECT throws_ok($$SELECT * FROM slate_stakes(ARRAY[pg_temp.leg(1, 'h2h', 'home', NULL, 2, '{0.55,0,0,0,0.45}')], pg_temp.rule('{}'), 10000)$$, '22023', 'a signal of the slate is on a game that is not known', 'unknown game');
SELECT throws_ok($$SELECT * FROM slate_stakes(array_fill(pg_temp.leg(pg_temp.game(1), 'h2h', 'home', NULL, 2, '{0.55,0,0,0,0.45}'), ARRAY[501]), pg_temp.rule('{}'), 10000)$$, '22023', NULL, 'too many');
