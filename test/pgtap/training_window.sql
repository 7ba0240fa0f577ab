-- Rolling walk-forward and embargo: what a fold trains on is what lies in its window and was known early enough, nothing else.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(12);
SELECT simulate_league(3, 10, 6) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
SELECT throws_ok(format($$SELECT queue_training('SIM', 'total', %s)$$, a), '22023', NULL, a) FROM unnest('{window_weeks => 0,window_weeks => 20000,embargo_days => -1,embargo_days => NULL}'::text[]) AS a;

CALL train_model('SIM', 'total', refit_weeks => 40, rounds => 3, market => 'none', window_weeks => 60, embargo_days => 20);
SELECT is((SELECT (window_weeks, embargo_days) FROM training_run WHERE run_id = 1), (60, 20), 'the run says so');
CREATE TEMP TABLE played AS SELECT f.game_id, f.as_of, feature_vector(to_jsonb(f), feature_names('bet_edge.game_features', 'none', 'SIM')) AS features, r.home_score + r.away_score AS label, r.known_at
FROM game_features('SIM', '-infinity', 'infinity', now()) AS f JOIN results() AS r USING (game_id) WHERE r.status = 'final';
CREATE FUNCTION pg_temp.by_hand(until timestamptz, since timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT forest_sha256(forest) FROM train_artifact('xgboost', format('SELECT label, features FROM played WHERE known_at <= %L AND as_of >= %L ORDER BY as_of, game_id', until, since), (SELECT params FROM training_run WHERE run_id = 1), 3, false) $$;
SELECT is_empty($$SELECT FROM training_fold AS f JOIN model AS m USING (model_id) WHERE f.run_id = 1
	AND (m.sha256, f.training_rows, m.training_rows) IS DISTINCT FROM (pg_temp.by_hand(f.trained_until - interval '20 days', f.trained_until - interval '420 days'),
		(SELECT count(*)::int FROM played AS p WHERE p.known_at <= f.trained_until - interval '20 days' AND p.as_of >= f.trained_until - interval '420 days'), f.training_rows)$$, 'each fold is trained by hand, and is the same');
SELECT cmp_ok(max(training_rows), '<', (SELECT count(*)::int FROM played) / 2, 'on part of what was known') FROM training_fold WHERE run_id = 1;
SELECT ok(m.sha256 = pg_temp.by_hand('infinity', k.last - interval '420 days') AND m.training_rows = (SELECT count(*) FROM played WHERE as_of >= k.last - interval '420 days'), 'so is the model, which needs no embargo')
FROM model AS m, (SELECT max(known_at) AS last FROM played) AS k WHERE m.run_id = 1 AND m.fold IS NULL;
CALL repeat_training(1);
SELECT is_empty($$SELECT coalesce(fold, 0), sha256 FROM model WHERE run_id = 1 EXCEPT SELECT coalesce(fold, 0), sha256 FROM model WHERE run_id = 2$$, 'the same row gives the same models, byte for byte');
SELECT ok((SELECT count(DISTINCT parameter_fingerprint) FROM training_run) = 1 AND (SELECT count(DISTINCT (window_weeks, embargo_days)) FROM training_run) = 1, 'and the same fingerprint');

-- a trial within a fold has the window and the embargo too
CALL train_model('SIM', 'total', refit_weeks => 60, rounds => 3, market => 'none', window_weeks => 60, embargo_days => 20, search => '{"max_depth": [2]}', validation_weeks => 6);
SELECT ok(abs(avg((predict(a.forest, p.features) - p.label) ^ 2) - t.loss) < 1e-9 AND count(*) = t.n, 'a trial trains in the window before its validation')
FROM training_trial AS t JOIN training_fold AS f USING (run_id, fold)
CROSS JOIN LATERAL (SELECT max(p.as_of) - interval '42 days' AS cut FROM played AS p WHERE p.known_at <= f.trained_until - interval '20 days') AS c
CROSS JOIN LATERAL train_artifact('xgboost', format('SELECT label, features FROM played WHERE known_at <= %L AND as_of >= %L ORDER BY as_of, game_id', c.cut - interval '20 days', c.cut - interval '420 days'), f.params, 3, false) AS a
JOIN played AS p ON p.as_of > c.cut AND p.known_at <= f.trained_until - interval '20 days'
WHERE t.run_id = 3 AND t.fold = 1 GROUP BY t.loss, t.n;

\set ON_ERROR_STOP off
CALL train_model('SIM', 'total', rounds => 3, market => 'none', window_weeks => 2);
\set ON_ERROR_STOP on
SELECT matches(:'LAST_ERROR_MESSAGE'::text, '^too few games to train fold \d+: window_weeks = 2 and embargo_days = 0 leave \d+, not 50$', 'a window that leaves too little says so');
SELECT * FROM finish();
