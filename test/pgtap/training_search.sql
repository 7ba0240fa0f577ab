-- Search and early stopping within folds: every trial recorded, judged on weeks that it did not train on, the best one used.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(30);
SELECT simulate_league(3, 10, 5) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;

SELECT throws_ok($$CALL train_model('SIM', 'total', search => '[]')$$, '22023', 'search is {"parameter": [values to try], …}, rounds in 1 to 10000, not []', 'a search is an object');
SELECT throws_ok($$CALL train_model('SIM', 'total', search => '{"eta": 0.1}')$$, '22023', NULL, 'of arrays');
SELECT throws_ok($$CALL train_model('SIM', 'total', search => '{"eta": []}')$$, '22023', NULL, 'that have elements');
SELECT throws_ok($$CALL train_model('SIM', 'total', search => '{"rounds": [0]}')$$, '22023', NULL, 'no rounds');
SELECT throws_ok(format($$SELECT queue_training('SIM', 'total', search => '{"rounds": [5, %s]}')$$, r), '22023', NULL, r || ' rounds') FROM unnest('{1.5,"\"many\"","null"}'::text[]) AS r;
SELECT throws_ok($$CALL train_model('SIM', 'total', search => '{"objective": ["reg:gamma"]}')$$, '22023', NULL, 'the objective is the bet type''s');
SELECT throws_ok($$CALL train_model('SIM', 'moneyline', 'logistic', search => '{"ridge": [1, 10], "eta": [0.1, 0.2]}')$$, '22023', NULL, 'a regression has a ridge alone');
SELECT throws_ok($$CALL train_model('SIM', 'total', trials => 3)$$, '22023', 'trials must be at least 1 and needs a search, not 3', 'trials of nothing');
SELECT throws_ok($$CALL train_model('SIM', 'moneyline', 'logistic', early_stopping => 3)$$, '22023', NULL, 'a regression has no rounds to stop');
SELECT throws_ok($$CALL train_model('SIM', 'total', validation_weeks => 0)$$, '22023', 'validation_weeks must be in 1 to 10000, not 0', 'no validation');
SELECT throws_ok($$SELECT queue_training('SIM', 'total', search => jsonb_build_object('a', (SELECT jsonb_agg(i) FROM generate_series(1, 101) AS i), 'b', (SELECT jsonb_agg(i) FROM generate_series(1, 101) AS i)))$$, '54000', NULL, 'too many combinations');

SELECT is((SELECT count(DISTINCT params) FROM training_candidates('{"a": [1, 2, 3], "b": [true, false], "c": ["x"]}', NULL, '1')), 6::bigint, 'every combination');
SELECT ok(array_agg(params) = (SELECT array_agg(params) FROM training_candidates('{"b": [true, false], "a": [1, 2, 3]}', 4, '1')) AND array_agg(params) <> (SELECT array_agg(params) FROM training_candidates('{"a": [1, 2, 3], "b": [true, false]}', 4, '2')), 'drawn by the seed')
FROM training_candidates('{"a": [1, 2, 3], "b": [true, false]}', 4, '1');

CALL train_model('SIM', 'moneyline', refit_weeks => 30, search => '{"max_depth": [1, 3], "rounds": [5, 15]}', validation_weeks => 6);
SELECT is((SELECT count(*) FROM training_trial WHERE run_id = 1), (SELECT 4 * (folds + 1)::bigint FROM training_run WHERE run_id = 1), 'every trial of every fold and of the model is a row');
SELECT ok(bool_and((f.params ->> 'max_depth', f.rounds, (forest_summary(m.forest)).trees / 3) = (t.params ->> 'max_depth', t.rounds, t.rounds)), 'each fold is trained by its best')
FROM training_fold AS f JOIN model AS m USING (model_id), LATERAL (SELECT * FROM training_trial AS t WHERE t.run_id = 1 AND t.fold = f.fold ORDER BY t.loss, t.trial LIMIT 1) AS t WHERE f.run_id = 1;
SELECT ok(m.metrics -> 'rounds' = to_jsonb(t.rounds) AND m.metrics -> 'params' -> 'max_depth' = t.params -> 'max_depth', 'and the model')
FROM model AS m, LATERAL (SELECT * FROM training_trial AS t WHERE t.run_id = 1 AND t.fold > (SELECT folds FROM training_run WHERE run_id = 1) ORDER BY t.loss, t.trial LIMIT 1) AS t WHERE m.run_id = 1 AND m.fold IS NULL;
-- the first trial of the first fold by hand: trained on what was known six weeks of play before, judged on these weeks
CREATE TEMP TABLE played AS SELECT f.game_id, f.as_of, feature_vector(to_jsonb(f), feature_names('bet_edge.game_features', sport => 'SIM')) AS features, 1 - sign(r.home_score - r.away_score) AS label, r.known_at
FROM game_features('SIM', '-infinity', 'infinity', now()) AS f JOIN results() AS r USING (game_id) WHERE r.status = 'final';
SELECT trained_until AS until, max(p.as_of) - interval '6 weeks' AS cut FROM training_fold, played AS p WHERE run_id = 1 AND fold = 1 AND p.known_at <= trained_until GROUP BY 1 \gset
SELECT ok(count(*) = t.n AND abs(avg(-ln((predict_class(f, p.features))[p.label::int + 1])) - t.loss) < 1e-9, 'validation is the last weeks known, and nothing of them was trained on')
FROM played AS p, training_trial AS t, training_run AS r,
	train_forest(format('SELECT label, features FROM played WHERE known_at <= %L ORDER BY as_of, game_id', :'cut'), r.params || t.params - 'rounds', t.rounds) AS f
WHERE p.as_of > :'cut' AND p.known_at <= :'until' AND t.run_id = 1 AND t.fold = 1 AND t.trial = 1 AND r.run_id = 1 GROUP BY t.n, t.loss;
CALL repeat_training(1);
SELECT is_empty($$SELECT coalesce(fold, 0), sha256 FROM model WHERE run_id = 1 EXCEPT SELECT coalesce(fold, 0), sha256 FROM model WHERE run_id = 2$$, 'the same row gives the same models, byte for byte');
SELECT is_empty($$SELECT fold, trial, params, loss FROM training_trial WHERE run_id = 1 EXCEPT SELECT fold, trial, params, loss FROM training_trial WHERE run_id = 2$$, 'by the same trials');

CALL train_model('SIM', 'total', refit_weeks => 30, rounds => 300, params => '{"eta": 0.3}', early_stopping => 5);
SELECT ok(bool_and(t.rounds = f.rounds AND t.rounds < 300 AND (forest_summary(m.forest)).trees = t.rounds) AND count(*) = (SELECT folds FROM training_run WHERE run_id = 3), 'early stopping: the rounds of the best validation, recorded')
FROM training_trial AS t JOIN training_fold AS f USING (run_id, fold) JOIN model AS m USING (model_id) WHERE t.run_id = 3;
SELECT is((SELECT count(*) FROM training_trial WHERE run_id = 3), (SELECT folds + 1::bigint FROM training_run WHERE run_id = 3), 'one trial a fold');
CALL train_model('SIM', 'moneyline', 'mean', refit_weeks => 40, rounds => 100, early_stopping => 3, search => '{"ridge": [300, 3000], "eta": [0.1, 0.3], "max_depth": [2, 3]}', trials => 3, market => 'margin');
SELECT ok(count(*) = 3 * (SELECT folds + 1 FROM training_run WHERE run_id = 4) AND bool_and(status = 'finished' AND rounds < 100), 'search and early stopping of trees and regression together, three drawn') FROM training_trial WHERE run_id = 4;

-- trials that cannot be trained are rows that say why; when none can be, so does the run
CALL train_model('SIM', 'total', refit_weeks => 40, rounds => 5, search => '{"max_depth": [2, -3]}');
SELECT ok(count(*) FILTER (WHERE status = 'failed' AND message ~ 'max_depth') = count(*) FILTER (WHERE status = 'finished'), 'a trial that fails') FROM training_trial WHERE run_id = 5;
SELECT is((SELECT status FROM training_status(5)), 'finished', 'is not the end of the run');
\set ON_ERROR_STOP off
CALL train_model('SIM', 'total', refit_weeks => 40, rounds => 5, search => '{"etaa": [1, 2]}');
\set ON_ERROR_STOP on
SELECT ok(status = 'failed' AND message ~ '^no trial of fold 1 could be trained: .*etaa', 'a run none of whose trials can be trained fails') FROM training_status(6);

-- what is over time ends between trials, and the trials are kept; from the queue, so that there is a row however slow the machine was with the data
SELECT queue_training('SIM', 'moneyline', max_runtime_seconds => 4, refit_weeks => 40, rounds => 10000, search => '{"max_depth": [8, 9], "eta": [0.01, 0.02, 0.03]}') AS late \gset
CALL run_training_queue();
SELECT ok(status = 'failed' AND message ~ 'max_runtime_seconds = 4 was over', 'the clock stops a search') FROM training_status(:late);
SELECT ok((SELECT count(*) FROM training_trial WHERE run_id = :late) < 6 AND (SELECT count(*) FROM model WHERE run_id = :late) = 0, 'without a model');
-- as after a kill: the queue goes on after the last trial
SELECT queue_training('SIM', 'moneyline', refit_weeks => 30, search => '{"max_depth": [1, 3], "rounds": [5, 15]}', validation_weeks => 6) AS run \gset
UPDATE training_run SET status = 'interrupted', as_of = (SELECT as_of FROM training_run WHERE run_id = 1) WHERE run_id = :run;
INSERT INTO training_trial SELECT :run, fold, trial, params, rounds, loss, n, -1, status FROM training_trial WHERE run_id = 1 AND fold = 1 AND trial <= 2;
CALL run_training_queue();
SELECT ok((SELECT count(*) FILTER (WHERE seconds = -1) = 2 AND count(*) = (SELECT count(*) FROM training_trial WHERE run_id = 1) FROM training_trial WHERE run_id = :run)
	AND NOT EXISTS (SELECT coalesce(fold, 0), sha256 FROM model WHERE run_id = 1 EXCEPT SELECT coalesce(fold, 0), sha256 FROM model WHERE run_id = :run), 'a run that goes on keeps its trials, and its models are those of one that never stopped');
SELECT * FROM finish();
