-- Margins and totals that start from the market or are weighed against it: what was quoted is what is said, until games show better.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(29);
SELECT simulate_league(3, 12, 5) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;

-- ---- what the row says --------------------------------------------------------------------------
CREATE TEMP TABLE row_of AS SELECT * FROM game_features('SIM', '-infinity', 'infinity', 'infinity');
SELECT cmp_ok((SELECT count(*) FROM row_of WHERE market_cover IS NOT NULL AND market_over IS NOT NULL), '>', 100::bigint, 'lines are quoted');
CREATE TEMP TABLE offered AS
SELECT r.game_id, q.market, q.book, b.kind, max(q.line) FILTER (WHERE q.side IN ('home', 'over')) AS line, array_agg(q.price ORDER BY q.side NOT IN ('home', 'over')) AS prices
FROM row_of AS r CROSS JOIN LATERAL quotes(r.game_id, r.as_of) AS q JOIN book AS b USING (book) WHERE q.market <> 'h2h' AND b.kind <> 'aggregate' GROUP BY 1, 2, 3, 4;
CREATE TEMP TABLE sharpest AS SELECT DISTINCT ON (game_id, market) *, market_probabilities(prices, (SELECT overround_method FROM sport WHERE sport = 'SIM')) AS probs FROM offered
WHERE overround(prices) >= 0 ORDER BY game_id, market, array_position('{sharp,exchange,consensus,soft}'::text[], kind), overround(prices);
SELECT is_empty($$SELECT FROM row_of AS r JOIN sharpest AS s USING (game_id) WHERE CASE s.market WHEN 'spreads' THEN r.market_spread <> s.line OR abs(r.market_cover - s.probs[1]) > 1e-9
	ELSE r.market_total <> s.line OR abs(r.market_over - s.probs[1]) > 1e-9 END$$, 'line and probability are one book''s, the sharpest with the least margin');
SELECT is_empty($$SELECT FROM row_of AS r LEFT JOIN strength_history AS h ON h.sport = 'SIM' AND h.known_at <= r.as_of AND r.as_of < h.valid_until
	CROSS JOIN LATERAL joint_score_law(3, NULL, r.implied_margin, r.implied_total, (h.fit).rho, NULL, NULL) AS l
	WHERE abs(line_chance(l.margins, 'spreads', r.market_spread) - r.market_cover) + abs(line_chance(l.totals, 'totals', r.market_total) - r.market_over) > 1e-7$$, 'the means they imply price them again');
SELECT is(row_market(to_jsonb(r), 'spread'), ARRAY[implied_margin, market_spread, market_cover, implied_total], 'a row''s spread') FROM row_of AS r WHERE market_cover IS NOT NULL LIMIT 1;
SELECT is(row_market('{"current_total": 2.5}', 'total'), '{2.5,NULL,NULL,NULL}'::float8[], 'without more the line stands for the mean');
SELECT ok(calibrate_number('{"method": "blend", "weights": [0.25, 0.75]}', 4, 2) = 2.5 AND calibrate_number('{"method": "market"}', 4, 2) = 2 AND calibrate_number('{"method": "market"}', 4) = 4 AND calibrate_number('{"method": "none"}', 4, 2) = 4, 'calibrations of numbers');

SELECT results_eq($$SELECT model_margin(setting, bet_type, '{3,-2.5,0.5,44}', '{elo,kalman_margin,kalman_total}', '{1,2.5,47}') FROM (VALUES ('none', 'spread'), ('blend', 'total'), ('margin', 'total'), ('feature', 'total')) AS t (setting, bet_type)$$,
	$$VALUES ('{2.5}'::real[]), ('{47}'), ('{3}'), ('{}')$$, 'a model without odds starts from the filter''s number, with them from the market''s or from none');
SELECT is(model_margin('none', 'total', NULL, '{kalman_margin,kalman_total}', '{2.5,NULL}'), NULL, 'and has nothing to say where that is not known');

-- ---- training -----------------------------------------------------------------------------------
SELECT format('CALL train_model(''SIM'', %L, %L, holdout_season => 2020, rounds => 10, market => %L)', bet_type, framework, market)
FROM (VALUES (1, 'moneyline', 'logistic', 'blend'), (2, 'spread', 'xgboost', 'margin'), (3, 'spread', 'xgboost', 'blend'), (4, 'total', 'xgboost', 'blend')) AS t (n, bet_type, framework, market) ORDER BY n \gexec
SELECT is((SELECT array_agg(DISTINCT calibration ->> 'method') FROM model WHERE bet_type <> 'moneyline' AND fold = 1), '{market}', 'until the games say otherwise the market speaks');
SELECT cmp_ok((SELECT count(*) FROM training_fold WHERE run_id IN (2, 3, 4) AND losses ?& '{none,market,blend,squared_error}'), '>', 10::bigint, 'then every fold judges');
SELECT is_empty($$SELECT FROM model AS m JOIN training_run USING (run_id) JOIN LATERAL (
		SELECT key AS method FROM training_fold AS f, jsonb_each_text(f.losses) WHERE f.run_id = m.run_id AND f.fold < coalesce(m.fold, 1000) AND f.losses ? 'blend' AND key <> 'squared_error'
		GROUP BY key ORDER BY sum(value::float8 * test_rows) / sum(test_rows), key LIMIT 1) AS best ON true
	WHERE m.run_id IN (2, 3, 4) AND m.calibration ->> 'method' NOT IN (best.method, 'market')$$, 'only the one of least loss at the quoted line takes the market''s place');
SELECT is_empty($$SELECT f.fold FROM training_fold AS f JOIN (SELECT o.fold, avg(-(greatest(w.won, 0) * ln(o.market[3]) + greatest(-w.won, 0) * ln(1 - o.market[3]))) AS loss
		FROM oof_prediction AS o, LATERAL (SELECT greatest(least(2 * (o.label + o.market[2]), 1), -1) AS won) AS w WHERE o.run_id = 2 AND w.won <> 0 GROUP BY 1) AS s USING (fold)
	WHERE f.run_id = 2 AND abs((f.losses ->> 'market')::float8 - s.loss) > 1e-7$$, 'that of the market is its own price''s');
SELECT is_empty($$SELECT FROM model AS m JOIN LATERAL (SELECT least(greatest(regr_slope(label - market[1], raw[1] - market[1]), 0), 1) AS with_constant,
		least(greatest(sum((label - market[1]) * (raw[1] - market[1])) / sum((raw[1] - market[1]) ^ 2), 0), 1) AS own FROM oof_prediction WHERE run_id = m.run_id AND fold < coalesce(m.fold, 1000)) AS w ON true
	WHERE m.calibration ->> 'method' = 'blend' AND m.run_id IN (2, 3, 4) AND abs((m.calibration -> 'weights' ->> 0)::float8 - w.own) > 1e-9$$, 'a blend is weighed on the folds before');
SELECT is_empty($$SELECT FROM out_of_fold(3) AS f JOIN oof_prediction AS o ON o.run_id = 3 AND o.game_id = f.game_id JOIN model AS m ON m.run_id = 3 AND m.fold = o.fold
	WHERE f.forecast[1] <> calibrate_number(m.calibration, o.raw[1], o.market[1])$$, 'out of fold they said what they were then calibrated to');
SELECT is_empty($$SELECT FROM model AS m WHERE m.run_id = 4 AND m.fold > 1 AND m.residuals <> (SELECT array_agg(f.label - f.forecast[1] ORDER BY f.as_of, f.game_id)
	FROM out_of_fold(4) AS f JOIN oof_prediction AS o ON o.run_id = 4 AND o.game_id = f.game_id WHERE o.fold < m.fold)$$, 'residuals are those of what was said');

-- ---- serving ------------------------------------------------------------------------------------
UPDATE model SET calibration = '{"method": "market", "weights": [0, 1]}' WHERE fold IS NULL;	-- nothing to add
SELECT starts_at - interval '1 hour' AS moment FROM sports_events WHERE season = 2020 ORDER BY starts_at, game_id LIMIT 1 \gset
CREATE TEMP TABLE said AS SELECT * FROM predict_games('SIM', :'moment', '3 days');
CREATE TEMP TABLE law AS SELECT * FROM predict_scores('SIM', :'moment', '3 days');
CREATE TEMP TABLE known AS SELECT * FROM game_features('SIM', :'moment', :'moment'::timestamptz + interval '3 days', :'moment');
SELECT cmp_ok((SELECT count(*) FROM law WHERE grid IS NOT NULL), '>=', 5::bigint, 'games to price');
SELECT is_empty($$SELECT FROM said JOIN known USING (game_id) WHERE bet_type <> 'moneyline' AND (prediction, line) IS DISTINCT FROM (CASE bet_type WHEN 'spread' THEN implied_margin ELSE implied_total END, CASE bet_type WHEN 'spread' THEN market_spread ELSE market_total END)$$,
	'the prediction is what the market implies, and the line its own');
SELECT is_empty($$SELECT FROM law JOIN known USING (game_id) WHERE abs(line_chance(totals, 'totals', market_total) - market_over) > 1e-7
	OR abs(market_spread) > 0.75 AND abs(line_chance(margins, 'spreads', market_spread) - market_cover) > 1e-7$$, 'who adds nothing says the market''s price at the market''s line');
SELECT is_empty($$SELECT FROM law JOIN known USING (game_id), unnest(margin_law_outcomes(margins), ARRAY[market_home, market_draw, market_away]) AS x (p, q) WHERE abs(p - q) > 1e-12$$, 'and the market''s 1X2');
SELECT is_empty($$SELECT FROM law JOIN known USING (game_id) WHERE abs(market_spread) <= 0.5 AND abs(line_chance(margins, 'spreads', market_spread) - market_cover) > 0.05$$, 'where 1X2 decides the line they nearly agree');
SELECT is_empty($$SELECT FROM (SELECT line_chance(m.law, m.market, 0.25 * q * m.sign) AS p, lag(line_chance(m.law, m.market, 0.25 * q * m.sign)) OVER (PARTITION BY game_id, m.market ORDER BY q) AS before
	FROM law, LATERAL (VALUES ('spreads', margins, 1), ('totals', totals, -1)) AS m (market, law, sign), generate_series(-16, 16) AS q WHERE m.market = 'spreads' OR q < 0) AS x WHERE p < before$$, 'monotone at every line');
SELECT is_empty(format($$SELECT FROM model_edges('SIM', %L, '3 days') AS e WHERE e.market <> 'h2h' AND e.edge > 0.05 AND e.price <= 1.05 / e.market_probability$$, :'moment'), 'no edge that the price of the day does not give');

-- ---- two outcomes: key numbers around what the market implied --------------------------------------
UPDATE sport SET outcomes = 2 WHERE sport = 'SIM';
SELECT is(refresh_key_number_fits('SIM', 5000), 0, 'too few games: no row');
SELECT cmp_ok(refresh_key_number_fits('SIM', 100), '>=', 4, 'a row a season and market');
SELECT is(refresh_key_number_fits('SIM', 100), 0, 'a second call writes none');
SELECT is((SELECT games FROM key_number_fit WHERE market = 'totals' ORDER BY valid_from DESC LIMIT 1), (SELECT count(*) FROM results() AS r JOIN game AS g USING (game_id)
	WHERE r.status = 'final' AND r.known_at <= (SELECT max(valid_from) FROM key_number_fit) AND EXISTS (SELECT FROM quote AS q WHERE q.game_id = g.game_id AND q.market = 'totals')), 'of the games before');
SELECT ok(key_numbers_at('SIM', 'spreads', '2000-01-01') IS NULL AND (key_numbers_at('SIM', 'spreads')).scale BETWEEN 0.5 AND 3, 'as of a time');
SELECT is_empty($$SELECT FROM game_features('SIM', '-infinity', 'infinity', 'infinity') AS r CROSS JOIN LATERAL (SELECT key_numbers_at('SIM', 'spreads', r.as_of) AS m, key_numbers_at('SIM', 'totals', r.as_of) AS t) AS k
	WHERE m IS NOT NULL AND (abs(line_chance(margin_law(r.implied_margin, k.m), 'spreads', r.market_spread) - r.market_cover) + abs(line_chance(total_law(r.implied_total, k.t), 'totals', r.market_total) - r.market_over) < 1e-9) IS NOT TRUE
	AND r.market_cover IS NOT NULL$$, 'means that price the lines again');
SELECT throws_ok($$SELECT refresh_key_number_fits('CURLING')$$, '42704', 'unknown sport "CURLING"', 'an unknown sport is refused');
SELECT * FROM finish();
