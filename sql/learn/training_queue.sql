-- training_queue: trainings that wait for a worker, what became of them, and how to stop one.

CREATE FUNCTION queue_training(sport text, bet_type text, framework text DEFAULT NULL, max_runtime_seconds int DEFAULT 3600,
	holdout_season int DEFAULT NULL, refit_weeks int DEFAULT 8, rounds int DEFAULT NULL, params jsonb DEFAULT '{}',
	feature_function text DEFAULT 'bet_edge.game_features', market text DEFAULT NULL,
	search jsonb DEFAULT NULL, trials int DEFAULT NULL, early_stopping int DEFAULT NULL, validation_weeks int DEFAULT 8,
	window_weeks int DEFAULT NULL, embargo_days int DEFAULT 0) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	request training_run := training_request(queue_training.sport, queue_training.bet_type, queue_training.framework, queue_training.max_runtime_seconds,
		queue_training.holdout_season, queue_training.refit_weeks, queue_training.rounds, queue_training.params, queue_training.feature_function, queue_training.market,
		queue_training.search, queue_training.trials, queue_training.early_stopping, queue_training.validation_weeks, queue_training.window_weeks, queue_training.embargo_days);
BEGIN
	INSERT INTO training_run (sport, bet_type, framework, market, status, holdout_season, feature_function, params, rounds, refit_weeks, max_runtime_seconds, search, trials, early_stopping, validation_weeks, window_weeks, embargo_days, started_at, from_queue)
	VALUES (request.sport, request.bet_type, request.framework, request.market, 'queued', request.holdout_season, request.feature_function, request.params, request.rounds,
		request.refit_weeks, request.max_runtime_seconds, request.search, request.trials, request.early_stopping, request.validation_weeks, request.window_weeks, request.embargo_days, NULL, true)
	RETURNING run_id INTO request.run_id;
	RETURN request.run_id;
END $$;
COMMENT ON FUNCTION queue_training(text, text, text, int, int, int, int, jsonb, text, text, jsonb, int, int, int, int, int) IS
'Asks for a training in the background and returns its run_id at once; arguments and errors as train_model(). run_training_queue() works the queue off, every minute where pg_cron runs schedule; training_status(run_id) shows where it is, cancel_training(run_id) takes it back.';

CREATE PROCEDURE run_training_queue(max_attempts int DEFAULT 3)
LANGUAGE plpgsql
AS $$
DECLARE
	request bet_edge.training_run;
	done    pg_catalog.int8[] := '{}';
BEGIN
	PERFORM bet_edge.expect_to_commit('run_training_queue');
	-- runs whose server or session ended in the middle are found by the lock that nobody holds
	UPDATE bet_edge.training_run AS r SET status = 'interrupted', finished_at = pg_catalog.clock_timestamp(), message = 'its session ended before it did'
	WHERE r.status = 'running' AND NOT bet_edge.training_is_alive(r.run_id);
	LOOP
		SELECT r.* INTO request FROM bet_edge.training_run AS r
		WHERE (r.status = 'queued' OR r.status = 'interrupted' AND r.from_queue AND r.attempts < max_attempts) AND r.run_id <> ALL (done)
		ORDER BY r.run_id LIMIT 1;
		EXIT WHEN NOT FOUND;
		done := done || request.run_id;
		COMMIT;
		CALL bet_edge.run_training(request, true);
	END LOOP;
END;
$$;
COMMENT ON PROCEDURE run_training_queue(int) IS
'Works off what queue_training() asked for, oldest first, one after the other: the worker, run every minute by schedule. Runs that ended with their session or server are marked interrupted; those of the queue go on after their last finished fold, at most max_attempts times in all. A failure is a warning and a row with its reason; the next run follows. Several workers share the queue; a target that is being trained is passed over until the next time.';

CREATE FUNCTION cancel_training(run_id bigint) RETURNS text
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	before text;
BEGIN
	SELECT r.status INTO before FROM training_run AS r WHERE r.run_id = cancel_training.run_id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown run %', cancel_training.run_id USING ERRCODE = 'undefined_object';
	ELSIF before IN ('queued', 'running', 'interrupted') THEN
		UPDATE training_run AS r SET status = 'cancelled', finished_at = clock_timestamp(), updated_at = clock_timestamp(), message = 'cancelled by ' || session_user
		WHERE r.run_id = cancel_training.run_id;
		PERFORM pg_cancel_backend(l.pid) FROM pg_locks AS l
		WHERE l.locktype = 'advisory' AND l.classid = 25189 AND l.objid = cancel_training.run_id::int::oid AND l.objsubid = 2 AND l.granted
		  AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database());
	END IF;
	RETURN (SELECT r.status FROM training_run AS r WHERE r.run_id = cancel_training.run_id);
END $$;
COMMENT ON FUNCTION cancel_training(bigint) IS
'Takes a queued training back or stops one that runs, at once; its finished folds stay, there is no model, and the queue does not take it up again. Returns its status: cancelled, or finished or failed where it was over. Needs the right to cancel the session that trains. Error: unknown run (42704).';

CREATE FUNCTION training_status(run_id bigint)
RETURNS TABLE (status text, sport text, bet_type text, folds_done int, folds int, training_rows int, holdout_rows int,
	seconds float8, model_id bigint, message text)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT CASE WHEN r.status = 'running' AND NOT training_is_alive(r.run_id) THEN 'interrupted' ELSE r.status END,
		r.sport, r.bet_type, r.folds_done, r.folds, r.training_rows, r.holdout_rows,
		extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::float8,
		(SELECT m.model_id FROM model AS m WHERE m.run_id = r.run_id AND m.stage <> 'fold'), r.message
	FROM training_run AS r WHERE r.run_id = training_status.run_id;
END;
COMMENT ON FUNCTION training_status(bigint) IS
'How a training stands, seen from any session: queued, running, finished, failed, cancelled, or interrupted (its session or server ended; the folds it finished are kept). No row for an unknown run_id.';
