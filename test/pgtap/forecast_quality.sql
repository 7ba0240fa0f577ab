-- Forecasters over seasons: the same games for everybody, the past alone, numbers that plain SQL gives again.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(20);
SELECT simulate_league(3, 12, 4) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
CALL train_model('SIM', 'moneyline', 'logistic', market => 'none');
CALL train_model('SIM', 'moneyline', 'mean', rounds => 10, market => 'blend');
CALL train_model('SIM', 'moneyline', rounds => 10, market => 'margin');
SELECT refresh_game_forecasts('SIM') AS written \gset
SELECT is(:written::bigint, (SELECT count(*) FROM game_forecast), 'forecasts are written');
CREATE TEMP TABLE said AS
SELECT f.*, g.season, 2 - sign(r.home_score - r.away_score)::int AS outcome
FROM game_forecast AS f JOIN game AS g USING (game_id) JOIN results() AS r USING (game_id) WHERE bet_type = 'moneyline';
SELECT is((SELECT string_agg(DISTINCT forecaster, ' ' ORDER BY forecaster) FROM said), 'base_rate blend dixon_coles elo market_at_decision market_close market_open model model_with_odds', 'of everybody');
SELECT is_empty($$SELECT FROM said AS s JOIN out_of_fold(2) AS o USING (game_id, as_of) WHERE s.forecaster = 'blend' AND s.probs <> o.forecast
	UNION ALL SELECT FROM said AS s JOIN out_of_fold(3) AS o USING (game_id, as_of) WHERE s.forecaster = 'model_with_odds' AND s.probs <> o.forecast$$, 'folds say what they said in training');
SELECT is_empty($$SELECT FROM said AS s JOIN oof_prediction AS o USING (game_id) JOIN model AS m USING (run_id, fold) WHERE s.forecaster = 'model' AND o.run_id = 2 AND s.probs <> calibrate(m.calibration, o.raw)$$,
	'model is the newest without the market: what the blend weighs against it');
SELECT is_empty($$SELECT FROM said AS s WHERE s.forecaster = 'model' AND NOT EXISTS (SELECT FROM training_fold AS t JOIN model AS m USING (model_id)
	WHERE t.run_id = 2 AND s.as_of >= t.tested_from AND s.as_of < t.tested_until AND m.knowledge_cutoff <= s.as_of)$$, 'no fold knew its future');
SELECT is_empty($$SELECT FROM said AS a WHERE forecaster = 'elo' AND as_of >= (SELECT min(tested_from) FROM training_fold WHERE run_id = 2)
	AND NOT EXISTS (SELECT FROM said AS b WHERE b.game_id = a.game_id AND b.forecaster = 'model')$$, 'and from the first on no game is left out');
SELECT is_empty($$SELECT FROM said AS s JOIN sports_events AS e USING (game_id) WHERE s.as_of <> decision_time('SIM', e.starts_at)$$, 'everybody speaks at the decision time');

-- ---- the scores ---------------------------------------------------------------------------------
CREATE TEMP TABLE quality AS SELECT * FROM forecast_quality('{SIM}', 2019, 2019);
CREATE TEMP TABLE season AS SELECT * FROM said WHERE season = 2019
	AND game_id IN (SELECT game_id FROM said GROUP BY game_id HAVING count(*) = (SELECT count(DISTINCT forecaster) FROM said));
SELECT cmp_ok((SELECT count(DISTINCT game_id) FROM season), '>=', 120::bigint, 'a season of 132 games');
SELECT results_eq('SELECT forecaster, n FROM quality ORDER BY 1', 'SELECT forecaster, count(*) FROM season GROUP BY 1 ORDER BY 1', 'all on the same games');
SELECT is_empty($$SELECT q.forecaster FROM quality AS q JOIN (SELECT forecaster, -avg(ln(probs[outcome])) AS loss,
		avg((probs[1] - (outcome = 1)::int) ^ 2 + (probs[2] - (outcome = 2)::int) ^ 2 + (probs[3] - (outcome = 3)::int) ^ 2) AS brier,
		avg(((probs[1] - (outcome = 1)::int) ^ 2 + (probs[3] - (outcome = 3)::int) ^ 2) / 2) AS rps FROM season GROUP BY 1) AS s USING (forecaster)
	WHERE abs(q.log_loss - s.loss) > 1e-12 OR abs(q.brier - s.brier) > 1e-12 OR abs(q.rps - s.rps) > 1e-7$$, 'log loss, Brier and ranked probability score');
SELECT is_empty($$SELECT FROM quality AS q JOIN (SELECT a.forecaster, paired_difference(-ln(a.probs[a.outcome]), -ln(c.probs[a.outcome]), extract(epoch FROM date_trunc('week', a.as_of))::bigint) AS d
		FROM season AS a JOIN season AS c ON c.game_id = a.game_id AND c.forecaster = 'market_close' GROUP BY 1) AS s USING (forecaster)
	WHERE q.forecaster <> 'market_close' AND abs(q.difference - (s.d).mean) + abs(q.lower - (s.d).lower) + abs(q.upper - (s.d).upper) > 1e-12$$, 'the difference to the close, clustered by week');
SELECT ok(bool_and((difference IS NULL) = (forecaster = 'market_close')), 'the close is not compared with itself') FROM quality;
SELECT ok(bool_and((market_difference IS NULL) = (forecaster = 'market_at_decision')), 'nor the market of the decision') FROM quality;
SELECT is_empty($$SELECT q.forecaster FROM quality AS q JOIN (SELECT a.forecaster, paired_difference(-ln(a.probs[a.outcome]), -ln(c.probs[a.outcome]), extract(epoch FROM date_trunc('week', a.as_of))::bigint) AS d
		FROM season AS a JOIN season AS c ON c.game_id = a.game_id AND c.forecaster = 'market_at_decision' GROUP BY 1) AS s USING (forecaster)
	WHERE q.forecaster <> 'market_at_decision' AND abs(q.market_difference - (s.d).mean) + abs(q.market_lower - (s.d).lower) + abs(q.market_upper - (s.d).upper) > 1e-12$$, 'the difference to the market of the decision');
SELECT is((SELECT round(calibration_slope::numeric, 9) FROM quality WHERE forecaster = 'elo'), (SELECT round((1 / temperature_fit(probs, outcome))::numeric, 9) FROM season WHERE forecaster = 'elo'), 'the slope');

-- ---- the truth, and forecasters of one's own ------------------------------------------------------
INSERT INTO game_forecast (game_id, forecaster, as_of, probs) SELECT s.game_id, 'truth', s.as_of, ARRAY[t.p_home, t.p_draw, t.p_away]
FROM said AS s JOIN simulated_truth AS t USING (game_id) WHERE s.forecaster = 'market_close';
INSERT INTO game_forecast (game_id, forecaster, as_of, probs) SELECT game_id, 'too_sure', as_of, temperature_apply(0.5, probs) FROM game_forecast WHERE forecaster = 'truth' AND bet_type = 'moneyline';
CREATE TEMP TABLE pool AS SELECT * FROM forecast_quality('{SIM}', 2017);
SELECT ok(abs(2 * sure.calibration_slope / truth.calibration_slope - 1) < 1e-6, 'twice too sure has half the slope')
FROM pool AS sure, pool AS truth WHERE sure.forecaster = 'too_sure' AND truth.forecaster = 'truth';
SELECT refresh_game_forecasts('SIM') \g /dev/null
SELECT is((SELECT count(*) FROM game_forecast WHERE forecaster = 'truth'), (SELECT count(*) FROM said WHERE forecaster = 'market_close'), 'a refresh leaves them alone');
-- who priced few games of a season does not take them from the others
DELETE FROM game_forecast AS f USING (SELECT game_id FROM game WHERE season = 2019 ORDER BY game_id LIMIT 70) AS g WHERE g.game_id = f.game_id AND f.forecaster = 'truth';
SELECT is((SELECT n FROM forecast_quality('{SIM}', 2019, 2019) WHERE forecaster = 'truth'), NULL, 'who priced less than half of a season is not judged on it');
SELECT is((SELECT n FROM forecast_quality('{SIM}', 2019, 2019) WHERE forecaster = 'elo'), (SELECT n FROM quality WHERE forecaster = 'elo'), 'and the others keep their games');
SELECT throws_ok($$SELECT refresh_game_forecasts('NOPE')$$, '42704', 'unknown sport "NOPE"', 'an unknown sport is refused');
SELECT * FROM finish();
