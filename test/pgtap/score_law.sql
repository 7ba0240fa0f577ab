-- One law of the score: every market of a game is read from it, and it knows nothing that its models did not.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(25);
SELECT simulate_league(3, 12, 5) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
SELECT format('CALL train_model(''SIM'', %L, holdout_season => 2020, rounds => 10, framework => ''xgboost'', market => ''feature'')', t) FROM unnest('{moneyline,spread,total}'::text[]) AS t \gexec
SELECT starts_at - interval '1 day' AS moment, home_team AS home, away_team AS away FROM sports_events WHERE season = 2020 ORDER BY starts_at, game_id LIMIT 1 \gset
CREATE TEMP TABLE law AS SELECT * FROM predict_scores('SIM', :'moment');
CREATE TEMP TABLE said AS SELECT * FROM predict_games('SIM', :'moment');

SELECT cmp_ok((SELECT count(*) FROM law WHERE grid IS NOT NULL), '>=', 6::bigint, 'a round of games');
SELECT is_empty($$SELECT FROM law JOIN said USING (game_id), unnest(margin_law_outcomes(margins), said.probs) AS x (p, q) WHERE bet_type = 'moneyline' AND abs(p - q) > 1e-12$$,
	'who wins is what the moneyline model says');
SELECT is_empty($$SELECT FROM law, unnest(margin_law_outcomes(margins), score_grid_outcomes(grid)) AS x (p, q) WHERE abs(p - q) > 1e-12$$, 'and what the grid says');
SELECT is_empty($$SELECT FROM law, generate_series(0, 8) AS t, LATERAL (SELECT sum(score_grid_correct_score(grid, i, t - i)) AS p FROM generate_series(0, t) AS i) AS c
	WHERE abs(c.p - totals[t]) > 1e-12$$, 'a total is the sum of its scores');
SELECT is_empty($$SELECT FROM law, generate_series(-24, 24) AS q, LATERAL (SELECT model_outcome(probs, margins, totals, m.market, m.side, 0.25 * q) AS o FROM (VALUES ('spreads', 'home'), ('spreads', 'away'), ('totals', 'over'), ('totals', 'under')) AS m (market, side)) AS x
	WHERE abs((SELECT sum(p) FROM unnest(o) AS p) - 1) > 1e-12$$, 'every line sums to one');
SELECT is_empty($$SELECT FROM (SELECT p_win, lag(p_win, 1, 0::float8) OVER (PARTITION BY game_id ORDER BY q) AS before FROM law, generate_series(-24, 24) AS q, line_probabilities(margins, 'spreads', 'home', 0.25 * q)) AS x
	WHERE p_win < before$$, 'and is monotone');
SELECT is_empty($$SELECT FROM law, line_probabilities(margins, 'spreads', 'home', -0.5) AS l WHERE abs(l.p_win - (model_outcome(probs, margins, totals, 'h2h', 'home', NULL))[1]) > 1e-12$$, 'giving half a point is winning');
SELECT is_empty($$SELECT FROM law AS l, said AS s WHERE s.game_id = l.game_id AND s.bet_type = 'total' AND abs((SELECT sum(k * l.totals[k]) FROM generate_subscripts(l.totals, 1) AS k) - s.prediction) > 0.5$$,
	'the total stays near that of its model');

-- signals, and the three questions
SELECT is_empty(format($$SELECT FROM model_edges('SIM', %L) AS e JOIN law USING (game_id) WHERE e.outcome IS DISTINCT FROM model_outcome(law.probs, law.margins, law.totals, e.market, e.side, e.line)$$, :'moment'), 'signals are priced by the law');
SELECT cmp_ok((SELECT count(*) FROM model_edges('SIM', :'moment') AS e), '>', 0::bigint, 'and there are some');
CREATE TEMP TABLE asked AS SELECT m.*, s.prob_home AS cover, s.lower, s.upper, s.conformal_home, s.prob_push, t.prob_over, t.prob_under, t.line
FROM predict_moneyline('SIM', :'home', :'away', :'moment') AS m, predict_spread('SIM', :'home', :'away', -0.5, :'moment') AS s, predict_total('SIM', :'home', :'away', 2.5, :'moment') AS t;
SELECT ok(abs(prob_home + prob_draw + prob_away - 1) < 1e-12 AND abs(cover - prob_home) < 1e-12 AND prob_push = 0 AND abs(prob_over + prob_under - 1) < 1e-12, 'moneyline, spread and total agree') FROM asked;
SELECT ok(lower < upper AND conformal_home > 0 AND conformal_home < 1 AND fair_home = 1 / prob_home AND confidence = greatest(prob_home, prob_draw, prob_away), 'interval, conformal probability, fair odds, confidence') FROM asked;
SELECT is((SELECT prob_home FROM asked), (SELECT (margin_law_outcomes(margins))[1] FROM law JOIN asked USING (game_id)), 'a game asked for by itself has the law of its round');
SELECT ok((SELECT line * 2 = floor(line * 2) FROM predict_spread('SIM', :'home', :'away', as_of => :'moment')), 'without a line the market''s or the next half point');
SELECT throws_ok(format($$SELECT predict_spread('SIM', %L, %L, 0.3, %L)$$, :'home', :'away', :'moment'), '22023', 'line must be a multiple of 0.25, not 0.3', 'no such line');
SELECT throws_ok(format($$SELECT predict_total('SIM', %L, 'Nobody', 2.5, %L)$$, :'home', :'moment'), '42704', 'unknown team "Nobody" of SIM', 'no such team');
SELECT throws_ok($$SELECT predict_moneyline('XFL', 'A', 'B')$$, '42704', 'unknown sport "XFL"', 'no such sport');
SELECT throws_like(format($$SELECT predict_moneyline('SIM', %L, %L, %L)$$, :'home', :'home', :'moment'), 'no game of % is known%', 'no such game');
SELECT throws_ok(format($$SELECT predict_spread('SIM', %L, %L, -1, '2016-12-01')$$, :'home', :'away'), '42704', NULL, 'nor one that was known then');

-- a two-way sport keeps key numbers, each fold those of the games before it
UPDATE sport SET outcomes = 2 WHERE sport = 'SIM';
CALL train_model('SIM', 'spread', holdout_season => 2020, rounds => 5, refit_weeks => 20);
SELECT max(run_id) AS run FROM training_run \gset
SELECT is_empty(format($$SELECT FROM model AS m WHERE m.run_id = %s AND m.fold IS NOT NULL AND m.key_numbers IS DISTINCT FROM
	(SELECT margin_key_numbers(o.raw[1], o.label::int ORDER BY o.as_of, o.game_id) FROM oof_prediction AS o WHERE o.run_id = m.run_id AND o.fold < m.fold HAVING count(*) >= 100)$$, :run),
	'a fold''s key numbers are those of the folds before it');
SELECT ok(key_numbers IS NOT NULL AND (key_numbers).scale BETWEEN 0.5 AND 5, 'the model''s those of all') FROM model WHERE run_id = :run AND fold IS NULL;
SELECT ok(abs(o[1] / (o[1] + o[3]) - 0.6) < 1e-12 AND l.grid IS NULL AND l.totals IS NULL, 'a law without a grid obeys the moneyline model too')
FROM model AS m, joint_score_law(2, '{0.6,0.4}', 0.2, NULL, NULL, m.key_numbers, NULL) AS l, margin_law_outcomes(l.margins) AS o WHERE m.run_id = :run AND m.fold IS NULL;
SELECT is(model_outcome('{0.6,0.4}', NULL, NULL, 'h2h', 'away', NULL), '{0.4,0,0,0,0.6}'::float8[], 'without a law h2h is the moneyline model''s alone');
SELECT throws_ok($$SELECT joint_score_law(3, NULL, 'NaN', 2.7, 0, NULL, NULL)$$, '22003', 'margin and total must be numbers of goals up to 1000, not NaN and 2.7', 'a law of goals that are no numbers');
SELECT throws_ok($$SELECT joint_score_law(3, NULL, 0.3, 'Infinity', 0, NULL, NULL)$$, '22003', 'margin and total must be numbers of goals up to 1000, not 0.3 and Infinity', 'or without end');
SELECT * FROM finish();
