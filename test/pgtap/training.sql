-- train_model on a small simulated league: walk-forward, hold-out, reproducible, refused when it should be.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(119);

SELECT simulate_league(3, 10, 6) IS NOT NULL AS loaded \gset
SELECT refresh_ratings('SIM') > 0 AS rated \gset

-- what must be refused
SELECT throws_ok($$CALL train_model('EPL', 'moneyline')$$, 'P0002', NULL, 'no games is a clear error');
SELECT throws_like($$CALL train_model('EPL', 'moneyline')$$, 'No games found for training: EPL has 0 finished games', '… that says so');
SELECT throws_like($$CALL train_model('SIM', 'moneyline', holdout_season => 2016)$$, 'No games found for training: SIM has % finished games, % of them in the held-out season 2016 or later', '… and says when the hold-out took them all');
SELECT throws_ok($$CALL train_model('XFL', 'moneyline')$$, '42704', 'unknown sport "XFL"', 'unknown sport');
SELECT throws_ok($$CALL train_model('SIM', 'outright')$$, '22023', 'bet_type must be moneyline, spread or total, not "outright"', 'unknown bet type');
SELECT throws_ok($$CALL train_model('SIM', 'total', 'h2o')$$, '22023', 'framework must be xgboost, logistic or mean, not "h2o"', 'unknown framework');
SELECT throws_ok($$CALL train_model('SIM', 'total', rounds => 0)$$, '22023', NULL, 'no rounds');
SELECT throws_ok($$CALL train_model('SIM', 'total', feature_function => 'bet_edge.nothing')$$, '42883', NULL, 'unknown feature function');
SELECT throws_ok($$CALL train_model('SIM', 'total', feature_function => NULL)$$, '22004', 'feature_function must not be NULL', 'no feature function');
-- of several bad numbers any one is refused, before anything waits in the queue
SELECT throws_ok(format($$SELECT queue_training('SIM', 'total', %s)$$, a), '22023', NULL, a || ' is refused')
FROM unnest('{max_runtime_seconds => -5,max_runtime_seconds => NULL,refit_weeks => 0,refit_weeks => -3,refit_weeks => NULL,refit_weeks => 2000000000}'::text[]) AS a;
SELECT throws_ok($$SELECT queue_training('SIM', 'total', params => '[1]')$$, '22023', 'params must be a JSON object of the framework''s parameters, not [1]', 'params that are no object');
SELECT throws_ok($$SELECT queue_training('SIM', 'total', params => '{"objective": "reg:gamma"}')$$, '22023',
	'params must not give objective or num_class other than those of the bet type: "reg:squarederror", not {"objective": "reg:gamma"}', 'an objective is not passed over');
SELECT lives_ok($$SELECT training_request('SIM', 'total', NULL, 1, NULL, 1, 1, '{"objective": "reg:squarederror"}', 'bet_edge.game_features', NULL, NULL, NULL, NULL, 1)$$, 'its own may be said');
SELECT throws_ok($$SELECT queue_training('SIM', 'moneyline', 'logistic', params => '{"ridge": -1}')$$, '22023', 'params of framework logistic is {"ridge": a number from 1e-6 to 1e12}, not {"ridge": -1}', 'a ridge below 0');

-- a feature that is the result under another name
CREATE FUNCTION public.leaky(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, home_elo float8, innocent float8)
LANGUAGE sql STABLE AS $$
	SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, f.home_elo, (r.home_score - r.away_score)::float8
	FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f LEFT JOIN bet_edge.results(p_as_of) AS r USING (game_id)
$$;
SELECT throws_like($$CALL train_model('SIM', 'moneyline', feature_function => 'public.leaky')$$, '%innocent%', 'a result in disguise is refused by name');
-- features that are no numbers, none at all, a game twice, the weather as it was
SELECT format($f$CREATE FUNCTION public.%I(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz%s) LANGUAGE sql STABLE AS
'SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end%s FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f%s'$f$, name, columns, said, beside)
FROM (VALUES ('strong', ', strong boolean', ', f.elo_diff > 0', ''), ('nothing', '', '', ''), ('twice', ', home_elo float8', ', f.home_elo', ', generate_series(1, 2)'),
	('weather', ', warm float8', ', w.temperature', ' LEFT JOIN bet_edge.weather_archive AS w ON false')) AS t (name, columns, said, beside) \gexec
SELECT throws_ok($$SELECT queue_training('SIM', 'total', feature_function => 'public.strong')$$, '42804', 'features are numbers, but of feature_function "public.strong" "strong" is of type boolean', 'a feature that is no number is named at once');
SELECT throws_ok($$SELECT queue_training('SIM', 'total', feature_function => 'public.nothing')$$, '42703', 'feature_function "public.nothing" has no feature to learn from', 'nothing to learn from');
SELECT throws_like($$CALL train_model('SIM', 'total', market => 'none', feature_function => 'public.twice')$$, 'structure: public.twice has more than one row of game %', 'a game twice');
SELECT throws_like($$CALL train_model('SIM', 'total', market => 'none', feature_function => 'public.weather')$$, 'structure: public.weather reads weather_archive in public.weather(%', 'the weather as it was');
SELECT is((SELECT count(*) FROM training_run), 0::bigint, 'what was refused left no run');

-- one honest training a bet type
CALL train_model('SIM', 'moneyline', holdout_season => 2021, refit_weeks => 12, rounds => 20);
SELECT is((SELECT status FROM training_status(1)), 'finished', 'the run finished');
SELECT ok((SELECT folds_done = folds AND folds > 3 FROM training_status(1)), 'every fold was done');
SELECT is((SELECT training_rows FROM training_status(1)), (SELECT count(*)::int FROM sports_events WHERE status = 'final' AND season < 2021), 'training has every season before the held-out one');
SELECT is((SELECT holdout_rows FROM training_status(1)), (SELECT count(*)::int FROM sports_events WHERE status = 'final' AND season >= 2021), 'what was held out is counted');
SELECT is((SELECT count(*) FROM oof_prediction JOIN game USING (game_id) WHERE season >= 2021), 0::bigint, 'no held-out game was forecast in training');
SELECT is((SELECT count(*) FROM oof_prediction AS o JOIN training_fold AS f USING (run_id, fold) JOIN model AS m USING (model_id)
	WHERE o.as_of < m.knowledge_cutoff), 0::bigint, 'no fold knew anything after the decision that it forecasts');
SELECT ok((SELECT bool_and(abs(raw[1] + raw[2] + raw[3] - 1) < 1e-6) FROM oof_prediction), 'probabilities sum to one');
SELECT ok((SELECT avg(-ln(raw[label::int])) < ln(3) FROM oof_prediction), 'better than knowing nothing');
SELECT is((SELECT training_rows FROM training_fold WHERE fold = 1), (SELECT count(*)::int FROM sports_events AS e JOIN results() AS r USING (game_id)
	WHERE e.season < 2021 AND r.known_at <= (SELECT trained_until FROM training_fold WHERE fold = 1)), 'a fold trains on all that was known, and on nothing else');

CALL train_model('SIM', 'moneyline', holdout_season => 2021, refit_weeks => 12, rounds => 20);
SELECT is((SELECT sha256 FROM model WHERE run_id = 2 AND fold IS NULL), (SELECT sha256 FROM model WHERE run_id = 1 AND fold IS NULL), 'the same row of training_run gives the same model, byte for byte');
SELECT is((SELECT array_agg(stage ORDER BY run_id) FROM model WHERE fold IS NULL), '{production,candidate}'::text[], 'the second model waits');
SELECT is(promote_model((SELECT model_id FROM model WHERE run_id = 2 AND fold IS NULL), force => true), 'SIM/moneyline/2', 'until it is promoted');
SELECT is((SELECT array_agg(stage ORDER BY run_id) FROM model WHERE fold IS NULL), '{archived,production}'::text[], 'which archives the first');
SELECT throws_ok('SELECT promote_model((SELECT model_id FROM model WHERE fold = 1 AND run_id = 1))', '22023', NULL, 'a fold cannot be promoted');

-- spread and total: residuals of the folds before, never of a fold itself
CALL train_model('SIM', 'spread', holdout_season => 2021, refit_weeks => 12, rounds => 20);
SELECT is((SELECT cardinality(residuals) FROM model WHERE bet_type = 'spread' AND fold = 3),
	(SELECT count(*)::int FROM oof_prediction WHERE run_id = 3 AND fold < 3), 'a fold''s residuals are those of the folds before it');

-- a score corrected long after is no residual of the models that came before the correction
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT r.game_id, r.home_score + 1, r.away_score, 'final', r.known_at + interval '1 year', now(), r.payload_id
FROM results() AS r JOIN oof_prediction AS o ON o.game_id = r.game_id AND o.run_id = 3 AND o.fold = 2 ORDER BY r.game_id LIMIT 3;
-- (and what lies in the caller's path is not taken for a function of the server's own)
CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'taken for pg_catalog.format'; END$$;
CALL train_model('SIM', 'spread', holdout_season => 2021, refit_weeks => 12, rounds => 20);
DROP FUNCTION public.format(text, text);
SELECT is(current_setting('search_path'), 'bet_edge, public', 'training gives the caller''s path back');
SELECT is_empty($$SELECT FROM training_fold AS f JOIN oof_prediction AS o ON o.run_id = f.run_id AND o.fold < f.fold JOIN results() AS r USING (game_id)
	WHERE f.run_id = 4 AND r.known_at > f.trained_until$$, 'what a fold learns calibration and residuals from was known before it');
SELECT is((SELECT cardinality(residuals) FROM model WHERE run_id = 4 AND fold = 3), (SELECT cardinality(residuals) FROM model WHERE run_id = 3 AND fold = 3) - 3, 'three corrected games fewer');

-- which model prices what
SELECT is((SELECT count(*) FROM model_at('SIM', 'moneyline', '2016-01-01')), 0::bigint, 'before the first fold nothing is priced');
SELECT ok((SELECT m.fold = f.fold FROM training_fold AS f, model_at('SIM', 'moneyline', f.tested_from + interval '1 day') AS m WHERE f.run_id = 2 AND f.fold = 2), 'the past is priced by the fold that was live');
SELECT is((SELECT m.name FROM model_at('SIM', 'moneyline', 'infinity') AS m), 'SIM/moneyline/2', 'the present by the production model');

-- an artifact that does not match its checksum
SELECT throws_ok($$UPDATE model SET sha256 = repeat('0', 64) WHERE fold IS NULL$$, '23514', NULL, 'a checksum that does not match is refused');

-- by name and by record
SELECT is((SELECT predict_class('SIM/moneyline', f) FROM game_features('SIM', '2021-09-01', '2021-10-01', now()) AS f ORDER BY game_id LIMIT 1),
	(SELECT predict_class('SIM/moneyline', feature_vector(to_jsonb(f), feature_names('bet_edge.game_features', sport => 'SIM'))) FROM game_features('SIM', '2021-09-01', '2021-10-01', now()) AS f ORDER BY game_id LIMIT 1),
	'a record is matched to the features by name');
SELECT throws_ok($$SELECT predict_class('SIM/moneyline', r) FROM (SELECT 1 AS home_elo) AS r$$, '42703', NULL, 'a missing feature is named');

-- a row that repeats a score with other statistics is no news of the label
INSERT INTO result SELECT game_id, home_score, away_score, status, '{"referee": "J Moss"}', now(), now(), payload_id
FROM results() JOIN game USING (game_id) WHERE sport = 'SIM' AND season = 2017 LIMIT 1;
CALL train_model('SIM', 'total', holdout_season => 2021, refit_weeks => 40, rounds => 5);
SELECT ok(abs(avg(raw[1]) - avg(label)) < 0.3, 'a few small steps do not leave a total near where the library begins') FROM oof_prediction WHERE run_id = 5;
SELECT results_eq($$SELECT (forest_summary(a.forest)).base_margin FROM unnest('{"{}","{\"base_score\": 3}"}'::jsonb[]) WITH ORDINALITY AS p (params, n),
	train_artifact('xgboost', 'SELECT 40 + i % 11 AS label, ARRAY[i]::real[] AS features FROM generate_series(0, 109) AS i', '{"objective": "reg:squarederror"}' || p.params, 1, false) AS a ORDER BY p.n$$,
	'VALUES (45::float8), (3)', 'trees of a number start from its mean, or from where they are told to');
SELECT is((SELECT knowledge_cutoff FROM model WHERE bet_type = 'total' AND fold IS NULL),
	(SELECT max(first) FROM (SELECT min(known_at) AS first FROM result JOIN game USING (game_id) WHERE sport = 'SIM' AND season < 2021 GROUP BY game_id) AS r),
	'another spelling of the referee does not move what a model knows');

-- the row of a run is enough to have its models again, whatever has become known since
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT r.game_id, r.home_score + 3, r.away_score, 'final', now(), now(), r.payload_id
FROM results() AS r JOIN game USING (game_id) WHERE sport = 'SIM' AND season = 2018 LIMIT 5;
SET timezone = 'Asia/Tokyo';
SET extra_float_digits = -10;
CALL repeat_training(5);
RESET timezone;
RESET extra_float_digits;
SELECT results_eq($$SELECT data_fingerprint, parameter_fingerprint, training_rows, folds FROM training_run WHERE repeats = 5$$,
	$$SELECT data_fingerprint, parameter_fingerprint, training_rows, folds FROM training_run WHERE run_id = 5$$, 'a run is repeated from its row: the same data, the same parameters');
SELECT is_empty($$SELECT coalesce(m.fold, 0) AS fold, m.sha256, m.calibration, m.residuals, m.training_rows, m.knowledge_cutoff FROM model AS m JOIN training_run AS r USING (run_id) WHERE r.repeats = 5
	EXCEPT SELECT coalesce(m.fold, 0), m.sha256, m.calibration, m.residuals, m.training_rows, m.knowledge_cutoff FROM model AS m WHERE m.run_id = 5$$, 'every fold and the model are the same, byte for byte');
SELECT is((SELECT count(*) FROM model AS m JOIN training_run AS r USING (run_id) WHERE r.repeats = 5), (SELECT count(*) FROM model WHERE run_id = 5), 'all of them');
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT r.game_id, r.home_score + 1, r.away_score, 'final', r.known_at + interval '1 hour', now(), r.payload_id
FROM results() AS r JOIN game USING (game_id) WHERE sport = 'SIM' AND season = 2016 LIMIT 1;
SELECT throws_ok('CALL repeat_training(5)', '55000', NULL, 'a past that has changed since is refused');
SELECT throws_ok('CALL repeat_training(0)', '42704', 'run 0 cannot be repeated: there is none', 'so is a run that is not there');

-- another framework behind the same interface
-- a driver that opens a transaction by itself is told what is wrong, before work is lost
SELECT throws_ok($$CALL train_model('SIM', 'total', rounds => 2)$$, '25001', 'training commits on its way and cannot run inside a transaction block', 'a transaction around a training');
SELECT throws_ok('CALL ' || name || '()', '25001', name || ' commits on its way and cannot run inside a transaction block', 'or around ' || name)
FROM unnest('{ingest,collect,poll_live,backtest_strategies,backtest_history,run_training_queue,train_halftime}'::text[]) AS name;
SELECT throws_ok($$CALL train_model('SIM', 'total', 'logistic')$$, '22023', 'framework logistic forecasts outcomes: bet_type must be moneyline, not "total"', 'logistic is for outcomes');
SELECT throws_ok($$CALL train_model('SIM', 'moneyline', 'logistic', params => '{"eta": 1}')$$, '22023', 'params of framework logistic is {"ridge": a number from 1e-6 to 1e12}, not {"eta": 1}', 'and takes a ridge alone');
CALL train_model('SIM', 'moneyline', 'logistic', holdout_season => 2021, refit_weeks => 20);
SELECT max(run_id) AS run FROM training_run \gset
SELECT ok(status = 'finished' AND folds_done = folds, 'logistic trains') FROM training_status(:run);
SELECT ok((SELECT (metrics ->> 'out_of_fold_loss')::float8 FROM model WHERE run_id = :run AND fold IS NULL) < ln(3), 'better than knowing nothing');
SELECT ok(bool_and(forest IS NULL AND array_dims(coefficients) = format('[1:4][1:%s]', cardinality(features) + 1)), 'its artifact are coefficients') FROM model WHERE run_id = :run;
CREATE TEMP TABLE one AS SELECT feature_vector(to_jsonb(f), feature_names('bet_edge.game_features', sport => 'SIM')) AS v FROM game_features('SIM', '2021-09-01', '2021-10-01', now()) AS f ORDER BY game_id LIMIT 1;
SELECT is(promote_model(model_id, force => true), name, 'it is promoted like any other') FROM model WHERE run_id = :run AND fold IS NULL;
SELECT ok((SELECT abs(sum(p) - 1) < 1e-12 FROM unnest(predict_class('SIM/moneyline', v)) AS p) AND predict('SIM/moneyline', v) = (predict_class('SIM/moneyline', v))[1], 'and predicts by the same functions') FROM one;
SELECT ok(bool_and(abs(e.margin - ln(p.probs[e.class] / p.probs[1]) - e.first) < 1e-9), 'its contributions sum to the margins')
FROM (SELECT logistic_apply(m.coefficients, o.v) AS probs FROM one AS o, model AS m WHERE m.run_id = :run AND m.fold IS NULL) AS p,
	(SELECT class, sum(contribution) AS margin, first_value(sum(contribution)) OVER (ORDER BY class) AS first FROM one, explain('SIM/moneyline', v) GROUP BY class) AS e;
SELECT ok(count(DISTINCT e.class) = 3 AND bool_and(e.prediction = (predict_class('SIM/moneyline', v))[e.class]), 'beside what the model says after calibration') FROM one, explain('SIM/moneyline', v) AS e;
CALL repeat_training(:run);
SELECT is((SELECT count(*) - count(DISTINCT (coalesce(fold, 0), sha256)) FROM model JOIN training_run AS r USING (run_id) WHERE :run IN (r.run_id, r.repeats)),
	(SELECT count(*) FROM model WHERE run_id = :run), 'the same again, byte for byte');
-- the market: what a model starts from, and what its forecasts are weighed against
SELECT throws_ok($$CALL train_model('SIM', 'moneyline', market => 'odds')$$, '22023', 'market must be feature, margin, blend or none, not "odds"', 'an unknown use of the odds');
SELECT throws_ok($$CALL train_model('SIM', 'total', 'mean', market => 'blend')$$, '22023', 'framework mean forecasts outcomes: bet_type must be moneyline, not "total"', 'a total has trees alone');
SELECT throws_ok($$CALL train_model('SIM', 'moneyline', 'mean', params => '{"ridge": "much"}')$$, '22023', NULL, 'a ridge that is no number');
CREATE FUNCTION public.priceless(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, home_elo float8, away_elo float8)
LANGUAGE sql STABLE AS $$
	SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, f.home_elo, f.away_elo FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f
$$;
SELECT throws_ok($$CALL train_model('SIM', 'moneyline', market => 'margin', feature_function => 'public.priceless')$$, 'P0002', 'no game of SIM has a market to train on: market is "margin"', 'no prices, no market to start from');
CALL train_model('SIM', 'moneyline', 'mean', holdout_season => 2021, refit_weeks => 20, rounds => 20, market => 'blend');
SELECT max(run_id) AS run FROM training_run \gset
SELECT ok(bool_and(forest IS NOT NULL AND coefficients IS NOT NULL AND features && '{home_elo}' AND NOT features && '{market_home,home_moneyline,current_spread}'), 'trees and coefficients of features without odds') FROM model WHERE run_id = :run;
SELECT ok(bool_and(array_dims(raw) = '[1:2][1:3]' AND cardinality(market) = 3), 'both voices are kept, and the market''s') FROM oof_prediction WHERE run_id = :run;
SELECT ok(bool_and(losses ?& '{none,temperature,trees,logistic,market,blend}'), 'every blend is judged by folds before') FROM training_fold WHERE run_id = :run AND fold > 3;
SELECT is(calibration, '{"method": "market", "weights": [0, 0, 1]}', 'before anything is judged the market speaks') FROM model WHERE run_id = :run AND fold = 1;
SELECT is(calibration ->> 'method', (
	SELECT CASE WHEN count(*) >= 4 AND g.mean > 2 * sqrt(sum((g.share * (g.gain - g.mean)) ^ 2)) THEN min(g.best) ELSE 'market' END
	FROM (SELECT b.key AS best, f.gain, f.share, sum(f.share * f.gain) OVER () AS mean
		FROM (SELECT l.key FROM training_fold AS f, jsonb_each_text(f.losses) AS l WHERE f.run_id = :run AND f.losses ? 'blend' GROUP BY 1 ORDER BY sum(l.value::float8 * f.test_rows), 1 LIMIT 1) AS b,
			LATERAL (SELECT (x.losses ->> 'market')::float8 - (x.losses ->> b.key)::float8 AS gain, x.test_rows::float8 / sum(x.test_rows) OVER () AS share FROM training_fold AS x WHERE x.run_id = :run AND x.losses ? 'blend') AS f) AS g
	GROUP BY g.mean), 'the one with the least loss is used where it is better than the market, by two standard errors') FROM model WHERE run_id = :run AND fold IS NULL;
SELECT ok(calibration -> 'without_market' ->> 'method' <> 'blend', 'and another where there is no price') FROM model WHERE run_id = :run AND fold IS NULL;
SELECT ok(abs(c[1] - 0.25) < 1e-15, 'the market alone') FROM calibrate('{"method": "market", "weights": [0, 0, 1]}', '{{0.5,0.5},{0.4,0.6}}', '{0.25,0.75}') AS c;
SELECT ok(abs(c[1] - 0.75) < 1e-15, 'without a price') FROM calibrate('{"method": "blend", "weights": [0, 0, 1], "without_market": {"method": "logistic", "weights": [0, 1]}}', '{{0.5,0.5},{0.75,0.25}}') AS c;
SELECT ok(bool_and(abs(o.forecast[1] - (calibrate(m.calibration, p.raw, p.market))[1]) < 1e-12), 'forecasts out of fold are weighed as they were then')
FROM out_of_fold(:run) AS o JOIN oof_prediction AS p USING (game_id) JOIN training_fold AS f ON f.run_id = p.run_id AND f.fold = p.fold JOIN model AS m ON m.model_id = f.model_id WHERE p.run_id = :run;
-- a fold without games, as the weeks of summer are, changes no choice
BEGIN;
CREATE TEMP TABLE chosen AS SELECT run_id, choose_calibration(run_id, 99, 3) AS fit FROM training_run WHERE run_id = :run;
INSERT INTO training_fold SELECT run_id, 99, model_id, trained_until, tested_from, tested_until, training_rows, 0, 0.1, '{"none": null, "blend": null, "market": null, "temperature": null}'
	FROM training_fold WHERE run_id = :run AND fold = 4;
SELECT is((SELECT choose_calibration(run_id, 99, 3) FROM chosen), (SELECT fit FROM chosen), 'a fold without games changes no choice');
ROLLBACK;
-- two outcomes have three more calibrations; here the truth is a curve that the forecasts do not know
BEGIN;
CREATE TEMP TABLE asked AS SELECT game_id, as_of, row_number() OVER (ORDER BY game_id) AS n, ((row_number() OVER (ORDER BY game_id)) * 0.6180339887) % 1.0 AS p FROM oof_prediction WHERE run_id = :run;
DELETE FROM oof_prediction WHERE run_id = :run;
INSERT INTO oof_prediction (run_id, game_id, fold, as_of, raw, label)
	SELECT :run, game_id, 1, as_of, ARRAY[p, 1 - p], CASE WHEN (n * 0.7548776662) % 1.0 < beta_apply('{2,0.5,0.5}', p) THEN 1 ELSE 2 END FROM asked;
CREATE TEMP TABLE fits AS SELECT fit ->> 'method' AS method, fit FROM jsonb_array_elements(calibration_fits(:run, 1, 2)) AS fit;
SELECT set_eq('SELECT method FROM fits', '{temperature,platt,beta,isotonic}'::text[], 'two outcomes have four calibrations');
SELECT ok(abs((calibrate(fit, ARRAY[p, 1 - p]))[1] - beta_apply('{2,0.5,0.5}', p)) < 0.1, method || ' finds the curve at ' || p) FROM fits, unnest('{0.3,0.5,0.8}'::float8[]) AS p WHERE method IN ('beta', 'isotonic');
SELECT ok(x.loss < y.loss, x.method || ' is better than temperature, which knows no curve') FROM
	(SELECT method, (SELECT log_loss(calibrate(fit, raw), label::int) FROM oof_prediction WHERE run_id = :run) AS loss FROM fits) AS x,
	(SELECT (SELECT log_loss(calibrate(fit, raw), label::int) FROM oof_prediction WHERE run_id = :run) AS loss FROM fits WHERE method = 'temperature') AS y WHERE method IN ('beta', 'isotonic');
SELECT ok(bool_and(abs(c[1] + c[2] - 1) < 1e-15 AND c[1] > 0 AND c[2] > 0), 'and none of them is ever certain') FROM fits, unnest('{0.000001,0.999999}'::float8[]) AS p, LATERAL calibrate(fit, ARRAY[p, 1 - p]) AS c;
ROLLBACK;
SELECT is(calibrate('{"method": "isotonic", "isotonic": [[0.2, 0.4, 0.6], [0, 0.5, 1]], "least": 0.125}', ARRAY[p, 1 - p]), said, 'isotonic at ' || p)
FROM (VALUES (0.1, '{0.125,0.875}'::float8[]), (0.4, '{0.5,0.5}'), (0.9, '{0.875,0.125}')) AS v (p, said);
SELECT throws_ok(format($$SELECT calibrate('{"method": "%s"}', '{0.5,0.3,0.2}')$$, method), '22023', method || ' calibration takes 2 probabilities, not 3', method || ' is for two outcomes') FROM unnest('{platt,beta,isotonic}'::text[]) AS method;
SELECT throws_ok($$SELECT calibrate('{"method": "guess"}', '{0.5,0.5}')$$, '22023', 'unknown calibration method "guess"', 'an unknown method');
CALL train_model('SIM', 'moneyline', holdout_season => 2021, refit_weeks => 20, rounds => 20, market => 'margin');
SELECT is(promote_model(model_id, force => true), name, 'trees on top of the market are promoted') FROM model WHERE run_id = (SELECT max(run_id) FROM training_run) AND fold IS NULL;
CREATE TEMP TABLE priced AS SELECT * FROM game_features('SIM', '2021-09-01', '2021-10-01', now()) WHERE market_home IS NOT NULL ORDER BY game_id LIMIT 1;
SELECT is(predict_class('SIM/moneyline', f), calibrate(m.calibration, predict_class(m.forest, feature_vector(to_jsonb(f), m.features), ARRAY[ln(f.market_home), ln(f.market_draw), ln(f.market_away)]::real[]), ARRAY[f.market_home, f.market_draw, f.market_away]), 'a record brings its market')
FROM priced AS f, model AS m WHERE m.stage = 'production' AND m.bet_type = 'moneyline';
SELECT is(predict_class('SIM/moneyline', feature_vector(to_jsonb(f), m.features)), NULL, 'without it there is nothing to start from') FROM priced AS f, model AS m WHERE m.stage = 'production' AND m.bet_type = 'moneyline';
SELECT ok(bool_and(abs(c.margin - p[c.class]) < 1e-5), 'contributions hold the market and sum to the margin')
FROM priced AS f, model AS m, LATERAL (SELECT feature_vector(to_jsonb(f), m.features) AS v, ARRAY[f.market_home, f.market_draw, f.market_away] AS market) AS x,
	LATERAL predict_margin(m.forest, x.v, market_margin('moneyline', x.market)) AS p, LATERAL (SELECT class, sum(contribution) AS margin FROM explain('SIM/moneyline', x.v, x.market) GROUP BY class) AS c
WHERE m.stage = 'production' AND m.bet_type = 'moneyline';
CALL train_model('SIM', 'total', holdout_season => 2021, refit_weeks => 40, rounds => 5, market => 'margin');
SELECT ok(o.loss < 1.05 * m.loss, 'a total that starts from the line stays near it') FROM (SELECT avg((label - raw[1]) ^ 2) AS loss, avg((label - market[1]) ^ 2) AS market FROM oof_prediction WHERE run_id = (SELECT max(run_id) FROM training_run)) AS o, LATERAL (SELECT o.market AS loss) AS m;

SELECT rollback_model('SIM', 'moneyline') AS back \gset

-- too few games: no model, and the reason
SELECT throws_like($$CALL train_model('SIM', 'spread', holdout_season => 2019)$$, 'too few games to train SIM spread: of 270 the first 200 train, 70 are left to forecast, and the law of the residuals needs at least 100', 'too few games are refused');
SELECT throws_like($$CALL train_model('SIM', 'total', holdout_season => 2018)$$, 'too few games to train SIM total: of 180 the first 200 train, 0 are left%', 'so are so few that no fold fits');
SELECT is((SELECT count(*) FROM model JOIN training_run USING (run_id) WHERE training_run.holdout_season < 2021), 0::bigint, 'neither left a model');

-- time is up: at once, with its reason, and the finished folds
SELECT clock_timestamp() AS began \gset
\set ON_ERROR_STOP off
CALL train_model('SIM', 'moneyline', max_runtime_seconds => 12, rounds => 10000, params => '{"max_depth": 12, "min_child_weight": 0, "colsample_bytree": 1}');
\set ON_ERROR_STOP on
SELECT is(:'LAST_ERROR_SQLSTATE' || ' ' || :'LAST_ERROR_MESSAGE', '57014 training of SIM moneyline stopped: max_runtime_seconds = 12 was over in fold 1 of ' || folds, 'max_runtime_seconds is kept') FROM training_run ORDER BY run_id DESC LIMIT 1;
SELECT cmp_ok(clock_timestamp() - :'began', '>=', interval '12 seconds', 'and not before');
SELECT results_eq($$SELECT status, message LIKE '%max_runtime_seconds = 12 was over%', finished_at IS NOT NULL FROM training_run ORDER BY run_id DESC LIMIT 1$$, $$VALUES ('failed', true, true)$$, 'the run says so');
CREATE FUNCTION public.slow(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, home_elo float8)
LANGUAGE sql STABLE AS $$
	SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, f.home_elo FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f, pg_sleep(10)
$$;
\set ON_ERROR_STOP off
CALL train_model('SIM', 'moneyline', max_runtime_seconds => 1, feature_function => 'public.slow');
\set ON_ERROR_STOP on
SELECT is(:'LAST_ERROR_MESSAGE'::text, 'training of SIM moneyline stopped: max_runtime_seconds = 1 was over in the step: data', 'before the first fold too');
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), 0::bigint, 'no lock is left');
