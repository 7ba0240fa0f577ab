-- training: walk-forward by weeks, committed fold by fold, so that another session can watch and
-- nothing that is finished is lost.

CREATE FUNCTION feature_names(feature_function text) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	names   text[];
	missing text;
BEGIN
	SELECT array_agg(a.name ORDER BY a.position) INTO names
	FROM pg_proc AS p, unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS a (name, mode, position)
	WHERE p.oid = to_regproc(feature_function) AND a.mode = 't';
	IF names IS NULL THEN
		RAISE EXCEPTION 'feature_function "%" is not a function that returns a table', feature_function USING ERRCODE = 'undefined_function',
			HINT = 'It takes (sport text, from timestamptz, to timestamptz, as_of timestamptz) like bet_edge.game_features, and its name is schema-qualified.';
	END IF;
	SELECT string_agg(needed, ', ') INTO missing
	FROM unnest('{game_id,as_of,known_at,last_game_at,window_end}'::text[]) AS needed WHERE needed <> ALL (names);
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'feature_function "%" lacks the columns %', feature_function, missing USING ERRCODE = 'undefined_column',
			HINT = 'The leakage guard needs them, see check_leakage().';
	END IF;
	RETURN (SELECT array_agg(n ORDER BY position) FROM unnest(names) WITH ORDINALITY AS u (n, position)
		WHERE n <> ALL ('{game_id,as_of,known_at,last_game_at,window_end}'::text[]));
END;
$$;
COMMENT ON FUNCTION feature_names(text) IS
'Names of the features that a feature function returns, in its order: its columns without game_id, as_of and the evidence known_at, last_game_at, window_end. Errors: no such set-returning function (42883), an evidence column is missing (42703).';

CREATE FUNCTION training_label(p_bet_type text, p_outcomes int, p_home int, p_away int) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE p_bet_type
	WHEN 'spread' THEN p_home - p_away
	WHEN 'total' THEN p_home + p_away
	ELSE CASE WHEN p_outcomes = 3 THEN 1 - sign(p_home - p_away) WHEN p_home <> p_away THEN (p_home < p_away)::int END
END;
COMMENT ON FUNCTION training_label(text, int, int, int) IS
'What a model of a bet type learns from a score: home margin (spread), total, class 0 home, 1 draw, 2 away (moneyline of three outcomes), 0 home, 1 away (two outcomes; NULL for a tie, which no two-way bet decides).';

CREATE FUNCTION calibration_losses(p_run_id bigint, p_fold int, p_outcomes int) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	fits   jsonb := '[{"method": "none"}]';
	losses jsonb := '{}';
	fit    jsonb;
BEGIN
	-- fitted on the folds before this one, judged on this one: never on what it was fitted to
	IF (SELECT count(*) FROM oof_prediction WHERE run_id = p_run_id AND fold < p_fold) >= 100 THEN
		fits := fits || calibration_fits(p_run_id, p_fold - 1, p_outcomes);
	END IF;
	FOR fit IN SELECT * FROM jsonb_array_elements(fits) LOOP
		losses := losses || jsonb_build_object(fit ->> 'method',
			(SELECT log_loss(calibrate(fit, o.raw), o.label::int) FROM oof_prediction AS o WHERE o.run_id = p_run_id AND o.fold = p_fold));
	END LOOP;
	RETURN losses;
END;
$$;
COMMENT ON FUNCTION calibration_losses(bigint, int, int) IS 'Mean log loss of a fold''s out-of-fold predictions by calibration method, each method fitted on the folds before it.';

CREATE FUNCTION calibration_fits(p_run_id bigint, p_last_fold int, p_outcomes int) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT jsonb_build_array(jsonb_build_object('method', 'temperature', 'temperature', temperature_fit(o.raw, o.label::int)))
		|| CASE WHEN p_outcomes = 2 THEN jsonb_build_array(jsonb_build_object('method', 'platt', 'platt',
			to_jsonb(platt_fit(log_odds(o.raw[1]), o.label = 1)))) ELSE '[]' END
	FROM oof_prediction AS o
	WHERE o.run_id = p_run_id AND o.fold <= p_last_fold;
END;
COMMENT ON FUNCTION calibration_fits(bigint, int, int) IS 'The calibrations that can be fitted on a run''s out-of-fold predictions up to a fold.';

CREATE FUNCTION choose_calibration(p_run_id bigint, p_last_fold int, p_outcomes int) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT coalesce((
		SELECT fit
		FROM (SELECT l.key AS method, sum(l.value::float8 * f.test_rows) / sum(f.test_rows) AS loss
		      FROM training_fold AS f, jsonb_each_text(f.losses) AS l
		      -- only folds in which every method could be judged
		      WHERE f.run_id = p_run_id AND f.fold <= p_last_fold AND f.losses ? 'temperature'
		      GROUP BY l.key) AS judged
		JOIN jsonb_array_elements(jsonb_build_array('{"method": "none"}'::jsonb) || calibration_fits(p_run_id, p_last_fold, p_outcomes)) AS fit
			ON fit ->> 'method' = judged.method
		ORDER BY judged.loss, judged.method LIMIT 1), '{"method": "none"}');
END;
COMMENT ON FUNCTION choose_calibration(bigint, int, int) IS
'The calibration with the least out-of-fold log loss so far (each fold judged by fits on the folds before it), fitted on all folds up to p_last_fold; none until two folds can be compared.';

CREATE PROCEDURE train_model(sport text, bet_type text, framework text DEFAULT 'xgboost', max_runtime_seconds int DEFAULT 3600,
	holdout_season int DEFAULT NULL, refit_weeks int DEFAULT 8, rounds int DEFAULT 150, params jsonb DEFAULT '{}',
	feature_function text DEFAULT 'bet_edge.game_features')
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	-- the class of our advisory locks: held while a run lives, gone the moment its backend or transaction is
	lock_class constant pg_catalog.int4 := 25189;
	target_key pg_catalog.int4;
	league     bet_edge.sport;
	run        bet_edge.training_run;
	names      pg_catalog.text[];
	setting    pg_catalog.jsonb;
	vector     pg_catalog.text;
	found_rows pg_catalog.int4;
	held_out   pg_catalog.int4;
	first_test pg_catalog.timestamptz;
	last_test  pg_catalog.timestamptz;
	fold_from  pg_catalog.timestamptz;
	fold_to    pg_catalog.timestamptz;
	fold_no    pg_catalog.int4 := 0;
	new_model  pg_catalog.int8;
	tested     pg_catalog.int4;
	known      pg_catalog.int4;
	started    pg_catalog.timestamptz;
	loss       pg_catalog.jsonb;
	residual   pg_catalog.float8[];
	fit        pg_catalog.jsonb;
	sql_rows   constant pg_catalog.text := 'SELECT label, features FROM pg_temp.bet_edge_training WHERE label_known_at <= %L ORDER BY as_of, game_id';
BEGIN
	-- a procedure that commits has no SET: this one holds until the next COMMIT, so it comes again after each
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
	SELECT s.* INTO league FROM bet_edge.sport AS s WHERE s.sport = train_model.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', train_model.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF train_model.bet_type IS NULL OR train_model.bet_type NOT IN ('moneyline', 'spread', 'total') THEN
		RAISE EXCEPTION 'bet_type must be moneyline, spread or total, not %', coalesce('"' || train_model.bet_type || '"', 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF train_model.framework IS DISTINCT FROM 'xgboost' THEN
		RAISE EXCEPTION 'framework must be xgboost, not %', coalesce('"' || train_model.framework || '"', 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT (train_model.max_runtime_seconds > 0 AND train_model.refit_weeks > 0 AND train_model.rounds BETWEEN 1 AND 10000) THEN
		RAISE EXCEPTION 'max_runtime_seconds and refit_weeks must be positive and rounds in 1 to 10000, not %, % and %',
			train_model.max_runtime_seconds, train_model.refit_weeks, train_model.rounds USING ERRCODE = 'invalid_parameter_value';
	END IF;
	names := bet_edge.feature_names(train_model.feature_function);
	SELECT 'ARRAY[' || string_agg(format('f.%I', n), ', ' ORDER BY position) || ']::real[]' INTO vector
	FROM unnest(names) WITH ORDINALITY AS u (n, position);
	setting := '{"max_depth": 2, "eta": 0.03, "subsample": 0.8, "colsample_bytree": 0.3, "min_child_weight": 30, "lambda": 20, "tree_method": "hist", "seed": 1, "nthread": 1}'::jsonb
		|| coalesce(train_model.params, '{}')
		|| CASE WHEN train_model.bet_type <> 'moneyline' THEN '{"objective": "reg:squarederror"}'::jsonb
		        WHEN league.outcomes = 3 THEN '{"objective": "multi:softprob", "num_class": 3}'::jsonb
		        ELSE '{"objective": "binary:logistic"}'::jsonb END;

	-- one training a target at a time; a lock is taken anew after every COMMIT
	target_key := hashtext(train_model.sport || '/' || train_model.bet_type);
	IF NOT pg_try_advisory_xact_lock(lock_class + 1, target_key) THEN
		RAISE EXCEPTION 'a training of % % is already running', train_model.sport, train_model.bet_type USING ERRCODE = 'lock_not_available';
	END IF;
	UPDATE bet_edge.training_run AS r SET status = 'interrupted', finished_at = clock_timestamp(), message = 'its session ended before it did'
	WHERE r.sport = train_model.sport AND r.bet_type = train_model.bet_type AND r.status = 'running';

	started := clock_timestamp();
	IF to_regclass('pg_temp.bet_edge_training') IS NOT NULL THEN
		DROP TABLE pg_temp.bet_edge_training;
	END IF;
	IF to_regclass('pg_temp.bet_edge_features') IS NOT NULL THEN
		DROP TABLE pg_temp.bet_edge_features;
	END IF;
	EXECUTE format('CREATE TEMP TABLE bet_edge_features AS SELECT * FROM %s($1, ''-infinity'', ''infinity'', now())', to_regproc(train_model.feature_function))
		USING train_model.sport;
	EXECUTE format($q$
		CREATE TEMP TABLE bet_edge_training AS
		SELECT f.game_id, f.as_of, g.season, first.known_at AS label_known_at,
			bet_edge.training_label(%L, %s, r.home_score, r.away_score) AS label, %s AS features
		FROM pg_temp.bet_edge_features AS f
		JOIN bet_edge.game AS g ON g.game_id = f.game_id
		JOIN bet_edge.results(now()) AS r ON r.game_id = f.game_id AND r.status = 'final'
		-- a later row that changes the referee's spelling is no news of the score
		JOIN LATERAL (SELECT min(v.known_at) AS known_at FROM bet_edge.result AS v
			WHERE v.game_id = r.game_id AND v.status = r.status AND v.home_score = r.home_score AND v.away_score = r.away_score) AS first ON true $q$,
		train_model.bet_type, league.outcomes, vector);
	DELETE FROM pg_temp.bet_edge_training WHERE label IS NULL;
	SELECT count(*) FILTER (WHERE season >= train_model.holdout_season), count(*) INTO held_out, found_rows FROM pg_temp.bet_edge_training;
	IF found_rows - held_out = 0 THEN
		RAISE EXCEPTION 'No games found for training: % has % finished games%', train_model.sport, found_rows,
			CASE WHEN train_model.holdout_season IS NOT NULL THEN format(', %s of them in the held-out season %s or later', held_out, train_model.holdout_season) ELSE '' END
			USING ERRCODE = 'no_data_found', HINT = 'Load results first (CALL bet_edge.ingest()); SELECT sport, count(*) FROM bet_edge.sports_events GROUP BY 1 counts the games.';
	END IF;
	DELETE FROM pg_temp.bet_edge_training WHERE season >= train_model.holdout_season;
	-- the guard sees what the model sees: nothing of the held-out season, every other row
	PERFORM bet_edge.check_leakage('SELECT f.* FROM pg_temp.bet_edge_features AS f JOIN pg_temp.bet_edge_training AS t USING (game_id)', train_model.sport);
	DROP TABLE pg_temp.bet_edge_features;
	CREATE INDEX ON pg_temp.bet_edge_training (as_of, game_id);
	ANALYZE pg_temp.bet_edge_training;

	INSERT INTO bet_edge.training_run (sport, bet_type, framework, status, holdout_season, feature_function, params, rounds, refit_weeks,
		max_runtime_seconds, training_rows, holdout_rows, data_fingerprint, started_at)
	SELECT train_model.sport, train_model.bet_type, train_model.framework, 'running', train_model.holdout_season, train_model.feature_function,
		setting, train_model.rounds, train_model.refit_weeks, train_model.max_runtime_seconds, found_rows - held_out, held_out,
		(SELECT md5(string_agg(md5(row(t.game_id, t.as_of, t.label, t.features)::text), '' ORDER BY t.as_of, t.game_id)) FROM pg_temp.bet_edge_training AS t), started
	RETURNING * INTO run;

	-- testing starts when a third of the games, at least 200, are known, and goes on in blocks of refit_weeks
	SELECT t.as_of INTO first_test FROM pg_temp.bet_edge_training AS t ORDER BY t.as_of, t.game_id OFFSET greatest(200, run.training_rows / 3) LIMIT 1;
	SELECT max(t.as_of) INTO last_test FROM pg_temp.bet_edge_training AS t;
	run.folds := (SELECT count(DISTINCT floor(extract(epoch FROM t.as_of - first_test) / (7 * 86400 * train_model.refit_weeks)))
		FROM pg_temp.bet_edge_training AS t WHERE t.as_of >= first_test);
	UPDATE bet_edge.training_run AS r SET folds = run.folds WHERE r.run_id = run.run_id;
	RAISE NOTICE '% %: run %, % games for training, % held out, % folds', train_model.sport, train_model.bet_type, run.run_id, run.training_rows, held_out, run.folds;
	COMMIT;
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);

	fold_from := first_test;
	WHILE fold_from <= last_test LOOP
		fold_to := fold_from + make_interval(weeks => train_model.refit_weeks);
		IF EXISTS (SELECT 1 FROM pg_temp.bet_edge_training AS t WHERE t.as_of >= fold_from AND t.as_of < fold_to) THEN
			PERFORM pg_advisory_xact_lock(lock_class + 1, target_key), pg_advisory_xact_lock(lock_class, run.run_id::int);
			IF clock_timestamp() > run.started_at + make_interval(secs => train_model.max_runtime_seconds) THEN
				UPDATE bet_edge.training_run AS r SET status = 'failed', finished_at = clock_timestamp(), updated_at = clock_timestamp(),
					message = format('max_runtime_seconds = %s was over in fold %s of %s', train_model.max_runtime_seconds, fold_no + 1, run.folds)
				WHERE r.run_id = run.run_id;
				COMMIT;
				PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
				RAISE EXCEPTION 'training of % % stopped: max_runtime_seconds = % was over in fold % of %',
					train_model.sport, train_model.bet_type, train_model.max_runtime_seconds, fold_no + 1, run.folds
					USING ERRCODE = 'query_canceled', HINT = 'The finished folds are kept; raise max_runtime_seconds or refit_weeks.';
			END IF;
			fold_no := fold_no + 1;
			started := clock_timestamp();
			SELECT count(*) INTO known FROM pg_temp.bet_edge_training AS t WHERE t.label_known_at <= fold_from;
			residual := (SELECT array_agg(o.label - o.raw[1] ORDER BY o.as_of, o.game_id) FROM bet_edge.oof_prediction AS o
				WHERE o.run_id = run.run_id AND train_model.bet_type <> 'moneyline');
			fit := CASE WHEN train_model.bet_type = 'moneyline' THEN bet_edge.choose_calibration(run.run_id, fold_no - 1, league.outcomes) ELSE '{"method": "none"}' END;
			INSERT INTO bet_edge.model AS m (name, sport, bet_type, framework, run_id, fold, features, knowledge_cutoff, training_rows, forest, sha256, calibration, residuals, stage)
			SELECT format('%s/%s/%s/%s', train_model.sport, train_model.bet_type, run.run_id, fold_no), train_model.sport, train_model.bet_type,
				train_model.framework, run.run_id, fold_no, names, fold_from, known, f.forest, bet_edge.forest_sha256(f.forest), fit, residual, 'fold'
			FROM (SELECT bet_edge.train_forest(format(sql_rows, fold_from), setting, train_model.rounds) AS forest OFFSET 0) AS f
			RETURNING m.model_id INTO new_model;
			INSERT INTO bet_edge.oof_prediction (run_id, game_id, fold, as_of, raw, label)
			SELECT run.run_id, t.game_id, fold_no, t.as_of,
				CASE WHEN train_model.bet_type = 'moneyline' THEN bet_edge.predict_class(m.forest, t.features) ELSE ARRAY[bet_edge.predict(m.forest, t.features)] END,
				CASE WHEN train_model.bet_type = 'moneyline' THEN t.label + 1 ELSE t.label END
			FROM pg_temp.bet_edge_training AS t, bet_edge.model AS m
			WHERE t.as_of >= fold_from AND t.as_of < fold_to AND m.model_id = new_model
			  -- the next fold learns calibration and residuals from these rows: what it could not know yet stays out
			  AND (t.label_known_at <= fold_to OR fold_to > last_test);
			GET DIAGNOSTICS tested = ROW_COUNT;
			loss := CASE WHEN train_model.bet_type = 'moneyline' THEN bet_edge.calibration_losses(run.run_id, fold_no, league.outcomes)
				ELSE (SELECT jsonb_build_object('squared_error', avg((o.label - o.raw[1]) ^ 2)) FROM bet_edge.oof_prediction AS o WHERE o.run_id = run.run_id AND o.fold = fold_no) END;
			INSERT INTO bet_edge.training_fold
			VALUES (run.run_id, fold_no, new_model, fold_from, fold_from, fold_to, known, tested, extract(epoch FROM clock_timestamp() - started), loss);
			UPDATE bet_edge.training_run AS r SET folds_done = fold_no, updated_at = clock_timestamp() WHERE r.run_id = run.run_id;
			RAISE NOTICE '% %: fold % of %, trained on % rows, tested on %, %, % s', train_model.sport, train_model.bet_type, fold_no, run.folds, known, tested,
				(SELECT string_agg(format('%s %s', e.key, round(e.value::numeric, 4)), ', ' ORDER BY e.key) FROM jsonb_each_text(loss) AS e),
				round(extract(epoch FROM clock_timestamp() - started)::numeric, 1);
			COMMIT;
			PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
		END IF;
		fold_from := fold_to;
	END LOOP;

	-- the model that goes on: every row, calibration and residuals of every fold; one transaction or nothing
	PERFORM pg_advisory_xact_lock(lock_class + 1, target_key), pg_advisory_xact_lock(lock_class, run.run_id::int);
	fit := CASE WHEN train_model.bet_type = 'moneyline' THEN bet_edge.choose_calibration(run.run_id, fold_no, league.outcomes) ELSE '{"method": "none"}' END;
	residual := (SELECT array_agg(o.label - o.raw[1] ORDER BY o.as_of, o.game_id) FROM bet_edge.oof_prediction AS o
		WHERE o.run_id = run.run_id AND train_model.bet_type <> 'moneyline');
	INSERT INTO bet_edge.model AS m (name, sport, bet_type, framework, run_id, features, knowledge_cutoff, training_rows, forest, sha256, calibration, residuals, metrics, stage)
	SELECT format('%s/%s/%s', train_model.sport, train_model.bet_type, run.run_id), train_model.sport, train_model.bet_type, train_model.framework, run.run_id, names,
		(SELECT max(t.label_known_at) FROM pg_temp.bet_edge_training AS t), run.training_rows, f.forest, bet_edge.forest_sha256(f.forest), fit, residual,
		(SELECT jsonb_build_object('out_of_fold_rows', sum(t.test_rows), 'out_of_fold_loss',
				sum(t.test_rows * coalesce(t.losses ->> (fit ->> 'method'), t.losses ->> 'none', t.losses ->> 'squared_error')::float8) / sum(t.test_rows))
			FROM bet_edge.training_fold AS t WHERE t.run_id = run.run_id),
		'candidate'
	FROM (SELECT bet_edge.train_forest(format(sql_rows, 'infinity'), setting, train_model.rounds) AS forest OFFSET 0) AS f
	RETURNING m.model_id INTO new_model;
	IF NOT EXISTS (SELECT 1 FROM bet_edge.model AS p WHERE p.sport = train_model.sport AND p.bet_type = train_model.bet_type AND p.stage = 'production') THEN
		PERFORM bet_edge.make_live(new_model, 'first', 'the first model of its target');
	END IF;
	UPDATE bet_edge.training_run AS r SET status = 'finished', finished_at = clock_timestamp(), updated_at = clock_timestamp(),
		message = format('model %s, calibration %s', new_model, fit ->> 'method')
	WHERE r.run_id = run.run_id;
	DROP TABLE pg_temp.bet_edge_training;
	COMMIT;
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
	RAISE NOTICE '% %: model % trained on % rows, calibration %', train_model.sport, train_model.bet_type, new_model, run.training_rows, fit ->> 'method';
END;
$$;
COMMENT ON PROCEDURE train_model(text, text, text, int, int, int, int, jsonb, text) IS
'Trains a model for one sport and bet type (moneyline, spread, total): features of feature_function for every finished game as of its decision time, leakage guard, walk-forward over blocks of refit_weeks (each block is forecast by a forest trained on results known before it), calibration by out-of-fold log loss, then the model on all rows. holdout_season: that season and later ones are left out and counted. params are XGBoost''s, over the defaults max_depth 2, eta 0.03, subsample 0.8, colsample_bytree 0.3, min_child_weight 30, lambda 20, tree_method hist, seed 1, nthread 1; rounds = trees a class. Commits after every fold; training_status(run_id) shows it from another session; cancelled or killed it leaves whole folds and no model. The first model of a target goes into production, later ones wait for promote_model(). Errors: "No games found for training" (P0002), unknown sport (42704), bad argument (22023), the same target is being trained (55P03), time is over (57014), a leak (see check_leakage()).';

CREATE FUNCTION training_status(run_id bigint)
RETURNS TABLE (status text, sport text, bet_type text, folds_done int, folds int, training_rows int, holdout_rows int,
	seconds float8, model_id bigint, message text)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT CASE WHEN r.status = 'running' AND NOT EXISTS (
			SELECT 1 FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.classid = 25189 AND l.objid = r.run_id::int::oid AND l.objsubid = 2)
			AND r.updated_at < clock_timestamp() - interval '1 second'
		THEN 'interrupted' ELSE r.status END,
		r.sport, r.bet_type, r.folds_done, r.folds, r.training_rows, r.holdout_rows,
		extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::float8,
		(SELECT m.model_id FROM model AS m WHERE m.run_id = r.run_id AND m.stage <> 'fold'), r.message
	FROM training_run AS r WHERE r.run_id = training_status.run_id;
END;
COMMENT ON FUNCTION training_status(bigint) IS
'How a training stands, seen from any session: running, finished, failed, or interrupted (its session was cancelled or ended; the folds it finished are kept). No row for an unknown run_id.';

CREATE PROCEDURE train_all(min_games int DEFAULT 500)
LANGUAGE plpgsql
AS $$
DECLARE
	target pg_catalog.record;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
	FOR target IN
		SELECT g.sport, t.bet_type
		FROM bet_edge.game AS g JOIN bet_edge.results() AS r ON r.game_id = g.game_id AND r.status = 'final',
			unnest('{moneyline,spread,total}'::text[]) WITH ORDINALITY AS t (bet_type, position)
		GROUP BY g.sport, t.bet_type, t.position HAVING count(*) >= min_games
		ORDER BY g.sport, t.position
	LOOP
		CALL bet_edge.train_model(target.sport, target.bet_type);
	END LOOP;
END;
$$;
COMMENT ON PROCEDURE train_all(int) IS 'train_model() for every bet type of every sport with at least min_games finished games, one after the other.';
