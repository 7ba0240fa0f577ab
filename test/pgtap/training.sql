-- train_model on a small simulated league: walk-forward, hold-out, reproducible, refused when it should be.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(35);

SELECT simulate_league(3, 8, 6) IS NOT NULL AS loaded \gset
SELECT refresh_ratings('SIM') > 0 AS rated \gset

-- what must be refused
SELECT throws_ok($$CALL train_model('EPL', 'moneyline')$$, 'P0002', NULL, 'no games is a clear error');
SELECT throws_like($$CALL train_model('EPL', 'moneyline')$$, 'No games found for training: EPL has 0 finished games', '… that says so');
SELECT throws_like($$CALL train_model('SIM', 'moneyline', holdout_season => 2016)$$, 'No games found for training: SIM has % finished games, % of them in the held-out season 2016 or later', '… and says when the hold-out took them all');
SELECT throws_ok($$CALL train_model('XFL', 'moneyline')$$, '42704', 'unknown sport "XFL"', 'unknown sport');
SELECT throws_ok($$CALL train_model('SIM', 'outright')$$, '22023', 'bet_type must be moneyline, spread or total, not "outright"', 'unknown bet type');
SELECT throws_ok($$CALL train_model('SIM', 'total', 'h2o')$$, '22023', 'framework must be xgboost, not "h2o"', 'unknown framework');
SELECT throws_ok($$CALL train_model('SIM', 'total', rounds => 0)$$, '22023', NULL, 'no rounds');
SELECT throws_ok($$CALL train_model('SIM', 'total', feature_function => 'bet_edge.nothing')$$, '42883', NULL, 'unknown feature function');

-- a feature that is the result under another name
CREATE FUNCTION public.leaky(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, home_elo float8, innocent float8)
LANGUAGE sql STABLE AS $$
	SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, f.home_elo, (r.home_score - r.away_score)::float8
	FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f LEFT JOIN bet_edge.results(p_as_of) AS r USING (game_id)
$$;
SELECT throws_like($$CALL train_model('SIM', 'moneyline', feature_function => 'public.leaky')$$, '%innocent%', 'a result in disguise is refused by name');
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
SELECT is(promote_model((SELECT model_id FROM model WHERE run_id = 2 AND fold IS NULL)), 'SIM/moneyline/2', 'until it is promoted');
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
	(SELECT predict_class('SIM/moneyline', feature_vector(to_jsonb(f), feature_names('bet_edge.game_features'))) FROM game_features('SIM', '2021-09-01', '2021-10-01', now()) AS f ORDER BY game_id LIMIT 1),
	'a record is matched to the features by name');
SELECT throws_ok($$SELECT predict_class('SIM/moneyline', r) FROM (SELECT 1 AS home_elo) AS r$$, '42703', NULL, 'a missing feature is named');

-- a row that repeats a score with other statistics is no news of the label
INSERT INTO result SELECT game_id, home_score, away_score, status, '{"referee": "J Moss"}', now(), now(), payload_id
FROM results() JOIN game USING (game_id) WHERE sport = 'SIM' AND season = 2017 LIMIT 1;
CALL train_model('SIM', 'total', holdout_season => 2021, refit_weeks => 40, rounds => 5);
SELECT is((SELECT knowledge_cutoff FROM model WHERE bet_type = 'total' AND fold IS NULL),
	(SELECT max(first) FROM (SELECT min(known_at) AS first FROM result JOIN game USING (game_id) WHERE sport = 'SIM' AND season < 2021 GROUP BY game_id) AS r),
	'another spelling of the referee does not move what a model knows');
