-- What a bet at any line is worth: the law that a market implies, prices carried over key numbers, the model beside the books.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(38);
CREATE FUNCTION pg_temp.near(got float8, want float8, within float8 DEFAULT 1e-9) RETURNS boolean LANGUAGE sql AS $$ SELECT abs(got - want) <= within $$;

-- an NFL of which three is the number: three times as likely as its neighbours make it
INSERT INTO key_number_fit VALUES ('NFL', 'spreads', '2020-01-01', ROW(13, '{0.2,1,1,3,1,1,1,2}'), 1000), ('NFL', 'totals', '2020-01-01', ROW(13, '{}'), 1000);
SELECT ok(pg_temp.near((convert_line('NFL', 'spreads', 'home', -3, 0.5, -3)).probability, 0.5), 'the same line is the same probability');
SELECT ok(pg_temp.near((convert_line('NFL', 'spreads', 'home', -3, 0.55, -7)).probability, 1 - (convert_line('NFL', 'spreads', 'away', 3, 0.45, 7)).probability), 'the other side is the rest');
SELECT ok((SELECT bool_and(probability > before) FROM (SELECT (convert_line('NFL', 'spreads', 'home', -3, 0.5, l / 4.0)).probability, lag((convert_line('NFL', 'spreads', 'home', -3, 0.5, l / 4.0)).probability, 1, 0::float8) OVER (ORDER BY l) AS before
	FROM generate_series(-40, 40) AS l) AS x), 'points never cost the side that gets them');
SELECT ok((SELECT a.value > 2 * b.value AND a.value > 0.04 FROM half_point_value('NFL', 'spreads', -3, '2030-01-01') AS a, half_point_value('NFL', 'spreads', -5, '2030-01-01') AS b), 'half a point off three is worth more than twice one off five');
SELECT ok((SELECT pg_temp.near(v.push, 0) AND pg_temp.near(v.fair_price, 1 / v.probability) FROM half_point_value('NFL', 'spreads', -3, '2030-01-01') AS v), 'at two and a half nothing is pushed; the fair price is one over it');
SELECT ok((SELECT v.push > 0.08 FROM half_point_value('NFL', 'spreads', -3.5, '2030-01-01') AS v), 'at three much is');
SELECT ok((SELECT c.points = -1 AND c.probability < 0.5 FROM convert_line('NFL', 'totals', 'over', 44, 0.5, 45, '2030-01-01') AS c), 'a higher total is harder to be over');
SELECT is((convert_line('NFL', 'spreads', 'home', -3, 0.5, -7, '2019-01-01')).probability, NULL, 'before anything was fitted nothing is converted');
-- goals: a round trip, and a line through the grid that dixon_coles_grid() gives
SELECT ok(pg_temp.near((convert_line('EPL', 'totals', 'over', 3, (convert_line('EPL', 'totals', 'over', 2.5, 0.53, 3)).probability, 2.5)).probability, 0.53), 'there and back again');
SELECT ok((SELECT pg_temp.near(c.probability, p.p_win) FROM convert_line('EPL', 'spreads', 'home', -0.5, (line_probabilities(margin_law(dixon_coles_grid(1.7, 1.1)), 'spreads', 'home', -0.5)).p_win, -1.5,
		other_line => 2.5, other_prob => (line_probabilities(total_law(dixon_coles_grid(1.7, 1.1)), 'totals', 'over', 2.5)).p_win) AS c,
	line_probabilities(margin_law(dixon_coles_grid(1.7, 1.1)), 'spreads', 'home', -1.5) AS p), 'goals: the law of 1.7 and 1.1');
SELECT throws_ok($$SELECT convert_line('XFL', 'spreads', 'home', -3, 0.5, -7)$$, '42704', 'unknown sport "XFL"', 'unknown sport');
SELECT throws_ok($$SELECT convert_line('NFL', 'h2h', 'home', 0, 0.5, -7)$$, '42704', 'lines are those of spreads (home, away) and totals (over, under), not of h2h (home)', 'a market without lines');
SELECT throws_ok($$SELECT convert_line('NFL', 'spreads', 'home', -3.1, 0.5, -7)$$, '22023', NULL, 'no line');
SELECT throws_ok($$SELECT convert_line('NFL', 'spreads', 'home', -3, 1.5, -7)$$, '22023', NULL, 'no probability');

-- one game, three books on three lines
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', now());
INSERT INTO team SELECT stable_id('nfl:' || n), 'nfl', n FROM unnest('{Left,Right}'::text[]) AS n;
INSERT INTO game SELECT stable_id('N1'), 'NFL', 2030, stable_id('nfl:Left'), stable_id('nfl:Right'), 'N1';
INSERT INTO fixture SELECT game_id, '2030-09-08 17:00+00', true, false, NULL, NULL, '2030-08-01', now(), 1 FROM game;
INSERT INTO quote (game_id, market, side, line, book, price, known_at, recorded_at, payload_id)
SELECT stable_id('N1'), q.market, q.side, q.line, q.book, q.price, '2030-09-07', now(), 1 FROM (VALUES
	('spreads', 'home', -3::float8, 'pinnacle', 1.95), ('spreads', 'away', 3, 'pinnacle', 1.95), ('totals', 'over', 44.5, 'pinnacle', 1.95), ('totals', 'under', 44.5, 'pinnacle', 1.95),
	('h2h', 'home', NULL, 'pinnacle', 1.65), ('h2h', 'away', NULL, 'pinnacle', 2.35),
	('spreads', 'home', -2.5, 'draftkings', 1.86), ('spreads', 'away', 2.5, 'draftkings', 1.96),
	('spreads', 'home', -3.5, 'fanduel', 2.08), ('spreads', 'away', 3.5, 'fanduel', 1.80)) AS q (market, side, line, book, price);
SELECT stable_id('N1') AS g \gset
SELECT ok((SELECT pg_temp.near(line_chance(l.margins, 'spreads', -3), 0.5, 1e-6) AND pg_temp.near(line_chance(l.totals, 'totals', 44.5), 0.5, 1e-6) FROM market_law(:g, '2030-09-08') AS l), 'the law says at the main lines what the books do');
SELECT is((SELECT array_agg(b.line ORDER BY b.line) FROM best_lines(:g, '2030-09-08') AS b WHERE b.market = 'spreads' AND b.side = 'home'), '{-3.5,-3,-2.5}'::float8[], 'every line of the side');
SELECT is((SELECT row(b.line, b.book)::text FROM best_lines(:g, '2030-09-08') AS b WHERE b.market = 'spreads' AND b.side = 'home' AND b.is_best), row(-2.5, 'draftkings')::text, 'two and a half at 1.86 beats three at 1.95 where three is the number');
UPDATE key_number_fit SET keys = ROW(13, '{}')::key_numbers WHERE market = 'spreads';
SELECT is((SELECT row(b.line, b.book)::text FROM best_lines(:g, '2030-09-08') AS b WHERE b.market = 'spreads' AND b.side = 'home' AND b.is_best), row(-3.5, 'fanduel')::text, 'and not where it is a number like others');
UPDATE key_number_fit SET keys = ROW(13, '{0.2,1,1,3,1,1,1,2}')::key_numbers WHERE market = 'spreads';
SELECT ok((SELECT bool_and(pg_temp.near(b.edge, (1 - b.push) * (b.probability * b.price - 1))) FROM best_lines(:g, '2030-09-08') AS b), 'edge: what is not pushed');
SELECT is((SELECT count(*) FROM market_law(:g, '2030-09-06') AS l WHERE l.margins IS NOT NULL), 0::bigint, 'nothing before the prices are known');

-- the consensus by another method, and the worst case of several
SELECT ok((SELECT bool_and(w.probability <= c.probability + 1e-12) AND sum(w.probability) < 1 FROM consensus(:g, '2030-09-08', method => 'worst') AS w JOIN consensus(:g, '2030-09-08') AS c USING (market, side) WHERE market = 'h2h'), 'the worst case is below every method');
SELECT ok((SELECT pg_temp.near(probability, (remove_overround('{1.65,2.35}', 'additive'))[1]) FROM consensus(:g, '2030-09-08', method => 'additive') WHERE market = 'h2h' AND side = 'home'), 'a method of one''s own');
SELECT throws_ok(format($$SELECT * FROM consensus(%s, '2030-09-08', method => 'magic')$$, stable_id('N1')), '22023', NULL, 'an unknown method');

-- fair prices: the books where no model was weighed against them
SELECT is((SELECT array_agg(DISTINCT f.basis) FROM fair_prices('NFL', '2030-09-07 12:00+00') AS f), '{consensus}'::text[], 'without a model the books say it');
SELECT ok((SELECT bool_and(pg_temp.near(f.fair_price * f.probability, 1) AND f.probability = f.consensus_probability AND f.model_probability IS NULL) FROM fair_prices('NFL', '2030-09-07 12:00+00') AS f), 'one over the probability');
SELECT is((SELECT count(*) FROM fair_prices('NFL', '2030-09-07 12:00+00')), 10::bigint, 'every line that is offered whole');
SELECT ok((SELECT sum(f.probability) < 1 FROM fair_prices('NFL', '2030-09-07 12:00+00', method => 'worst') AS f WHERE f.market = 'h2h'), 'by the worst case on request');

-- a live model beside the books: heard where it was weighed against them, and a price of its own where they have none
INSERT INTO model (name, sport, bet_type, framework, market, features, knowledge_cutoff, forest, sha256, calibration, stage)
SELECT 'NFL/moneyline/1', 'NFL', 'moneyline', 'xgboost', 'blend', '{home_elo}', '2020-01-01', f, forest_sha256(f), '{"method": "blend", "weights": [0.4, 0.6], "without_market": {"method": "none"}}', 'production'
FROM train_forest('SELECT (x % 4 = 0)::int AS label, ARRAY[x]::real[] AS features FROM generate_series(1, 40) AS x', '{"objective": "binary:logistic", "max_depth": 1}', 1) AS f;
SELECT ok((SELECT bool_and(f.basis = 'model' AND f.model_probability = f.probability AND f.probability <> f.consensus_probability) AND count(*) = 2 AND pg_temp.near(sum(f.probability), 1)
	FROM fair_prices('NFL', '2030-09-07 12:00+00') AS f WHERE f.market = 'h2h'), 'weighed against the market it has its say');
-- picks hear the blend, and the market that edges are measured against by the sport's setting
CREATE TEMP VIEW edge AS SELECT e.side, e.book, e.probability, e.market_probability FROM model_edges('NFL', '2030-09-07 12:00+00') AS e WHERE e.market = 'h2h';
CREATE FUNCTION pg_temp.weigh(model float8) RETURNS void LANGUAGE sql AS $$ UPDATE model SET calibration = jsonb_set(calibration, '{weights}', jsonb_build_array(weigh.model, 1 - weigh.model)) $$;
CREATE TEMP TABLE weighed (model float8, probability float8);
SELECT pg_temp.weigh(0) \g /dev/null
INSERT INTO weighed SELECT 0, probability FROM edge WHERE side = 'home';
SELECT pg_temp.weigh(1) \g /dev/null
INSERT INTO weighed SELECT 1, probability FROM edge WHERE side = 'home';
SELECT pg_temp.weigh(0.4) \g /dev/null
INSERT INTO weighed SELECT 0.4, probability FROM edge WHERE side = 'home';
SELECT ok((SELECT pg_temp.near(w.probability, e.market_probability) FROM weighed AS w, edge AS e WHERE w.model = 0 AND e.side = 'home'), 'edges: a model without weight is the market');
SELECT ok((SELECT abs(a.probability - b.probability) > 0.01 AND pg_temp.near(ln(c.probability / (1 - c.probability)), 0.4 * ln(b.probability / (1 - b.probability)) + 0.6 * ln(a.probability / (1 - a.probability)), 1e-6)
	FROM weighed AS a, weighed AS b, weighed AS c WHERE a.model = 0 AND b.model = 1 AND c.model = 0.4), 'with weight 0.4 it is the blend of log-odds');
INSERT INTO strategy_configuration (effective_at, sport, strategy_name, signal_type, signal_function, is_enabled, reason, confidence_multiplier, threshold_adjustment, weight_in_ensemble, sample_size,
	performance_trend, min_differential_threshold, max_recommendations_per_day) VALUES ('2030-09-01', 'NFL', 'model_value', 'model', 'bet_edge.strategy_model_value', true, 'test', 1, 0, 0.5, 100, 'STABLE', 1, 10);
UPDATE quote SET price = CASE side WHEN 'home' THEN greatest(1.05, 1.2 / w.probability) ELSE 1.02 END, book = 'draftkings', market = 'h2h', line = NULL FROM weighed AS w WHERE w.model = 0.4 AND quote.market = 'spreads' AND quote.book = 'draftkings';
SELECT ok((SELECT pg_temp.near(p.probability, w.probability) AND pg_temp.near(p.model_probability, w.probability) AND p.side = 'home' FROM generate_picks('2030-09-07 12:00+00', 10, false, 'NFL', 1000) AS p, weighed AS w WHERE w.model = 0.4), 'a pick is by the blend');
UPDATE sport SET edge_method = 'power' WHERE sport = 'NFL';
SELECT ok((SELECT pg_temp.near(p.market_probability, (remove_overround('{1.65,2.35}', 'power'))[1]) FROM generate_picks('2030-09-07 12:00+00', 10, false, 'NFL', 1000) AS p), 'its market by the method that is set');
UPDATE sport SET edge_method = 'worst' WHERE sport = 'NFL';
SELECT ok((SELECT pg_temp.near(p.market_probability, f.lowest) AND p.market_probability < (remove_overround('{1.65,2.35}', 'multiplicative'))[1] + 1e-12
	FROM generate_picks('2030-09-07 12:00+00', 10, false, 'NFL', 1000) AS p, fair_probabilities('{1.65,2.35}') AS f WHERE f.outcome = 1), 'and by the worst case of several');
SELECT ok((SELECT bool_and(pg_temp.near(m.market_probability, f.lowest)) AND count(*) = 2 FROM market_prices('NFL', '2030-09-07 12:00+00') AS m JOIN fair_probabilities('{1.65,2.35}') AS f ON f.outcome = CASE m.side WHEN 'home' THEN 1 ELSE 2 END
	WHERE m.market = 'h2h' AND m.book = 'pinnacle'), 'as every price has it');
SELECT throws_ok($$UPDATE sport SET edge_method = 'magic' WHERE sport = 'NFL'$$, '22023', NULL, 'an unknown method');
UPDATE sport SET edge_method = NULL WHERE sport = 'NFL';
DELETE FROM quote WHERE market = 'h2h' AND book = 'draftkings';
UPDATE model SET market = 'feature', calibration = '{"method": "none"}';
SELECT ok((SELECT bool_and(f.basis = 'consensus' AND f.model_probability <> f.probability AND f.probability = f.consensus_probability) FROM fair_prices('NFL', '2030-09-07 12:00+00') AS f WHERE f.market = 'h2h'), 'unproven it stands beside');
DELETE FROM quote WHERE market = 'h2h';
SELECT ok((SELECT bool_and(f.basis = 'model alone' AND f.consensus_probability IS NULL AND f.books = 0) AND count(*) = 2 FROM fair_prices('NFL', '2030-09-07 12:00+00') AS f WHERE f.market = 'h2h'), 'where nobody prices the winner it is a fair price');
SELECT is((SELECT count(*) FROM model_edges('NFL', '2030-09-07 12:00+00') AS e WHERE e.market = 'h2h'), 0::bigint, 'and no edge');
