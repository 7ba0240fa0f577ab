-- training: walk-forward by weeks, committed fold by fold, so that another session can watch and
-- nothing that is finished is lost.

CREATE FUNCTION feature_names(feature_function text, market text DEFAULT 'feature', sport text DEFAULT '') RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	family  text := (SELECT s.family FROM sport AS s WHERE s.sport = feature_names.sport);
	names   text[];
	missing text;
	bad     text;
BEGIN
	SELECT array_agg(a.name ORDER BY a.position), string_agg(format('"%s" is of type %s', a.name, format_type(a.type, NULL)), ', ')
		FILTER (WHERE t.typcategory <> 'N' AND a.name <> ALL ('{game_id,as_of,known_at,last_game_at,window_end}')) INTO names, bad
	FROM pg_proc AS p, unnest(p.proargnames, p.proargmodes, p.proallargtypes) WITH ORDINALITY AS a (name, mode, type, position)
	JOIN pg_type AS t ON t.oid = a.type
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
	ELSIF bad IS NOT NULL THEN
		RAISE EXCEPTION 'features are numbers, but of feature_function "%" %', feature_function, bad USING ERRCODE = 'datatype_mismatch', HINT = 'Say yes by 1 and no by 0.';
	END IF;
	names := (SELECT array_agg(n ORDER BY position) FROM unnest(names) WITH ORDINALITY AS u (n, position)
		WHERE n <> ALL ('{game_id,as_of,known_at,last_game_at,window_end}'::text[])
		  AND NOT EXISTS (SELECT FROM feature AS f WHERE f.name = n AND ((f.trained OR family = ANY (f.trained_in)) IS NOT TRUE OR market <> 'feature' AND f.feature_group = 'odds')));
	IF names IS NULL THEN
		RAISE EXCEPTION 'feature_function "%" has no feature to learn from', feature_function USING ERRCODE = 'undefined_column',
			HINT = 'A column that the table feature calls not trained is none, nor one of its group odds unless market is feature.';
	END IF;
	RETURN names;
END;
$$;
COMMENT ON FUNCTION feature_names(text, text, text) IS
'Names of the features of a feature function that models learn from, in its order: its columns without game_id, as_of and the evidence known_at, last_game_at, window_end, without those that the table feature calls not trained (but those that it trains in the family of sport), and, unless market is feature (see training_run.market), without its group odds. Errors: no such set-returning function (42883), an evidence column is missing or no other one left (42703), a feature that is no number (42804).';

CREATE FUNCTION features_by(feature_function text, sport text, since timestamptz, until timestamptz, as_of timestamptz) RETURNS TABLE (game_id bigint, features jsonb)
LANGUAGE plpgsql STABLE STRICT ROWS 30
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF to_regproc(feature_function) IS NULL THEN
		RAISE EXCEPTION 'feature_function "%", which a model of % learned from, is no longer there', feature_function, sport USING ERRCODE = 'undefined_function';
	END IF;
	IF feature_function = 'bet_edge.game_features' THEN	-- the plan of which is kept
		RETURN QUERY SELECT f.game_id, to_jsonb(f) FROM game_features(sport, since, until, features_by.as_of) AS f;
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format('SELECT f.game_id, to_jsonb(f) FROM %s($1, $2, $3, $4) AS f', to_regproc(feature_function)) USING sport, since, until, features_by.as_of;
END $$;
COMMENT ON FUNCTION features_by(text, text, timestamptz, timestamptz, timestamptz) IS
'What a feature function (training_run.feature_function) says of the games of a sport with since <= start < until as of as_of: its rows as JSON. So a model is asked by the features that it learned from. Error: there is no such function any more (42883).';

CREATE FUNCTION training_label(bet_type text, outcomes int, home int, away int) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE training_label.bet_type
	WHEN 'spread' THEN training_label.home - training_label.away
	WHEN 'total' THEN training_label.home + training_label.away
	ELSE CASE WHEN training_label.outcomes = 3 THEN 1 - sign(training_label.home - training_label.away) WHEN training_label.home <> training_label.away THEN (training_label.home < training_label.away)::int END
END;
COMMENT ON FUNCTION training_label(text, int, int, int) IS
'What a model of a bet type learns from a score: home margin (spread), total, class 0 home, 1 draw, 2 away (moneyline of three outcomes), 0 home, 1 away (two outcomes; NULL for a tie, which no two-way bet decides).';

CREATE FUNCTION calibration_losses(run_id bigint, fold int, outcomes int) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	fits   jsonb := '[{"method": "none"}]';
	losses jsonb := '{}';
	fit    jsonb;
BEGIN
	-- fitted on the folds before this one, judged on this one: never on what it was fitted to
	IF (SELECT count(*) FROM oof_prediction AS o WHERE o.run_id = calibration_losses.run_id AND o.fold < calibration_losses.fold) >= 100 THEN
		fits := fits || calibration_fits(calibration_losses.run_id, calibration_losses.fold - 1, calibration_losses.outcomes);
	END IF;
	FOR fit IN SELECT * FROM jsonb_array_elements(fits) LOOP
		losses := losses || jsonb_build_object(fit ->> 'method',
			(SELECT log_loss(calibrate(fit, o.raw, o.market), o.label::int) FROM oof_prediction AS o WHERE o.run_id = calibration_losses.run_id AND o.fold = calibration_losses.fold));
	END LOOP;
	RETURN losses;
END;
$$;
COMMENT ON FUNCTION calibration_losses(bigint, int, int) IS 'Mean log loss of a fold''s out-of-fold predictions by calibration method, each method fitted on the folds before it.';

CREATE FUNCTION calibration_fits(run_id bigint, last_fold int, outcomes int) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT jsonb_build_array(jsonb_build_object('method', 'temperature', 'temperature', temperature_fit(f.own, f.label)))
		|| CASE WHEN calibration_fits.outcomes = 2 THEN jsonb_build_array(jsonb_build_object('method', 'platt', 'platt', to_jsonb(platt_fit(log_odds(f.own[1]), f.label = 1))),
			jsonb_build_object('method', 'beta', 'beta', to_jsonb(beta_fit(f.own[1], f.label = 1))),
			jsonb_build_object('method', 'isotonic', 'isotonic', to_jsonb(isotonic_fit(f.own[1], f.label = 1)), 'least', 1 / (count(*) + 2)::float8)) ELSE '[]' END
		|| CASE WHEN max(f.own_voices) = 2 THEN '[{"method": "trees", "weights": [1, 0]}, {"method": "logistic", "weights": [0, 1]}]'::jsonb ELSE '[]' END
		|| CASE WHEN count(f.voices) >= 100 THEN jsonb_build_array(
			jsonb_build_object('method', 'market', 'weights', array_fill(0, ARRAY[max(f.own_voices)]) || 1),
			jsonb_build_object('method', 'blend', 'weights', blend_fit(f.voices, f.label, 1000))) ELSE '[]' END
	FROM (SELECT pooled(o.raw) AS own, o.label::int AS label, CASE array_ndims(o.raw) WHEN 2 THEN array_length(o.raw, 1) ELSE 1 END AS own_voices,
			CASE WHEN o.market IS NOT NULL AND 0 < ALL (o.raw || o.market) THEN CASE array_ndims(o.raw) WHEN 2 THEN o.raw || o.market ELSE ARRAY[o.raw, o.market] END END AS voices
		FROM oof_prediction AS o WHERE o.run_id = calibration_fits.run_id AND o.fold <= last_fold) AS f;
END;
COMMENT ON FUNCTION calibration_fits(bigint, int, int) IS 'The calibrations that can be fitted on a run''s out-of-fold predictions up to a fold, in the form of calibrate(): temperature, of two outcomes platt, beta and isotonic, of framework mean each of the two alone, and where the run weighs the market the market itself and the blend with it (blend_fit() with ridge 1000, from 100 games with a market on).';

CREATE FUNCTION choose_calibration(run_id bigint, last_fold int, outcomes int) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	WITH judged AS (	-- only folds in which every method could be judged
		SELECT l.key AS method, f.fold, l.value::float8 AS loss, f.test_rows::float8 / sum(f.test_rows) OVER (PARTITION BY l.key) AS share
		FROM training_fold AS f, jsonb_each_text(f.losses) AS l
		WHERE f.run_id = choose_calibration.run_id AND f.fold <= last_fold AND f.test_rows > 0 AND f.losses ?| '{temperature,blend}' AND l.key <> 'squared_error'
	), ranked AS (
		SELECT x.method, row_number() OVER (ORDER BY x.loss, x.method) AS place
		FROM (SELECT d.method, sum(d.share * d.loss) AS loss FROM judged AS d GROUP BY d.method) AS x
	), gain AS (	-- of the best over the market, fold by fold
		SELECT d.share, m.loss - d.loss AS gain, sum(d.share * (m.loss - d.loss)) OVER () AS mean
		FROM ranked AS r JOIN judged AS d ON d.method = r.method JOIN judged AS m ON m.method = 'market' AND m.fold = d.fold WHERE r.place = 1
	), place AS (
		SELECT r.method, CASE WHEN r.method = 'market' AND g.unproven THEN 0 ELSE r.place END AS place
		FROM ranked AS r CROSS JOIN (SELECT count(*) < 4 OR max(y.mean) <= 2 * sqrt(sum((y.share * (y.gain - y.mean)) ^ 2)) AS unproven FROM gain AS y) AS g
	), fitted AS (
		SELECT fit, p.place FROM place AS p
		JOIN jsonb_array_elements(jsonb_build_array('{"method": "none"}'::jsonb) || CASE (SELECT r.bet_type FROM training_run AS r WHERE r.run_id = choose_calibration.run_id)
			WHEN 'moneyline' THEN calibration_fits(choose_calibration.run_id, last_fold, choose_calibration.outcomes) ELSE line_calibration_fits(choose_calibration.run_id, last_fold) END) AS fit ON fit ->> 'method' = p.method
	)
	SELECT coalesce((
		SELECT CASE WHEN b.fit ->> 'method' IN ('market', 'blend') THEN b.fit || jsonb_build_object('without_market',
			(SELECT r.fit FROM fitted AS r WHERE r.fit ->> 'method' NOT IN ('market', 'blend') ORDER BY r.place LIMIT 1)) ELSE b.fit END
		FROM fitted AS b ORDER BY b.place LIMIT 1), (
		-- until the games say otherwise
		SELECT CASE WHEN r.market IN ('margin', 'blend') THEN jsonb_build_object('method', 'market', 'weights', CASE r.framework WHEN 'mean' THEN '[0, 0, 1]'::jsonb ELSE '[0, 1]' END)
			ELSE '{"method": "none"}' END
		FROM training_run AS r WHERE r.run_id = choose_calibration.run_id));
END;
COMMENT ON FUNCTION choose_calibration(bigint, int, int) IS
'The calibration with the least out-of-fold log loss so far (of spread and total: at the quoted line; each fold judged by fits on the folds before it), fitted on all folds up to last_fold; until two folds can be compared none. Where the run weighs the market it is the market itself until the best is better, over four folds or more, by more than two standard errors.';

CREATE FUNCTION out_of_fold_key_numbers(run_id bigint, bet_type text, outcomes int) RETURNS key_numbers
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT coalesce(margin_key_numbers(o.forecast[1], o.label::int ORDER BY o.as_of, o.game_id) FILTER (WHERE out_of_fold_key_numbers.bet_type = 'spread'),
		total_key_numbers(o.forecast[1], o.label::int ORDER BY o.as_of, o.game_id) FILTER (WHERE out_of_fold_key_numbers.bet_type = 'total'))
	FROM out_of_fold(out_of_fold_key_numbers.run_id) AS o
	WHERE out_of_fold_key_numbers.outcomes = 2 AND out_of_fold_key_numbers.bet_type IN ('spread', 'total')
	HAVING count(*) >= 100;
END;
COMMENT ON FUNCTION out_of_fold_key_numbers(bigint, text, int) IS
'Key numbers from a run''s out-of-fold predictions so far: of margins (spread) or totals (total) of a two-way sport; NULL for moneyline, for sports with draws, whose law is a grid of goals, and below 100 predictions.';

CREATE FUNCTION training_target(sport text, bet_type text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN hashtext(sport || '/' || bet_type);
COMMENT ON FUNCTION training_target(text, text) IS 'Key of the advisory lock (class 25190) that the one training of a target holds; a run holds (25189, run_id).';

CREATE FUNCTION training_is_alive(run_id bigint) RETURNS boolean
LANGUAGE sql STABLE STRICT
RETURN EXISTS (SELECT 1 FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.classid = 25189 AND l.objid = run_id::int::oid AND l.objsubid = 2
	AND l.granted AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()));
COMMENT ON FUNCTION training_is_alive(bigint) IS 'Whether a session is at work on a run: it holds a lock from the run''s first row to its last, whatever it commits on the way.';

CREATE FUNCTION training_request(sport text, bet_type text, framework text, max_runtime_seconds int, holdout_season int, refit_weeks int,
	rounds int, params jsonb, feature_function text, market text, search jsonb, trials int, early_stopping int, validation_weeks int, window_weeks int DEFAULT NULL, embargo_days int DEFAULT 0) RETURNS training_run
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	league  sport;
	setting training_setting;
	request training_run;
BEGIN
	SELECT s.* INTO league FROM sport AS s WHERE s.sport = training_request.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF bet_type IS NULL OR bet_type NOT IN ('moneyline', 'spread', 'total') THEN
		RAISE EXCEPTION 'bet_type must be moneyline, spread or total, not %', coalesce('"' || bet_type || '"', 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT s.* INTO setting FROM training_setting AS s WHERE s.sport = training_request.sport AND s.bet_type = training_request.bet_type;
	framework := coalesce(framework, setting.framework, 'xgboost');
	market := coalesce(market, setting.market, 'feature');
	rounds := coalesce(rounds, setting.rounds, 150);
	IF jsonb_typeof(params) <> 'object' THEN
		RAISE EXCEPTION 'params must be a JSON object of the framework''s parameters, not %', params USING ERRCODE = 'invalid_parameter_value';
	ELSIF feature_function IS NULL THEN
		RAISE EXCEPTION 'feature_function must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	params := CASE WHEN framework = setting.framework THEN setting.params ELSE '{}' END || coalesce(params, '{}');
	IF framework NOT IN ('xgboost', 'logistic', 'mean') THEN
		RAISE EXCEPTION 'framework must be xgboost, logistic or mean, not "%"', framework USING ERRCODE = 'invalid_parameter_value';
	ELSIF market NOT IN ('feature', 'margin', 'blend', 'none') THEN
		RAISE EXCEPTION 'market must be feature, margin, blend or none, not "%"', market USING ERRCODE = 'invalid_parameter_value';
	ELSIF framework <> 'xgboost' AND bet_type <> 'moneyline' THEN
		RAISE EXCEPTION 'framework % forecasts outcomes: bet_type must be moneyline, not "%"', framework, bet_type USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Margins and totals are for framework xgboost.';
	ELSIF framework = 'logistic' AND params - 'ridge' <> '{}' OR framework <> 'xgboost' AND params ? 'ridge' AND (params @@ 'strict $.ridge >= 1e-6 && $.ridge <= 1e12') IS NOT TRUE THEN
		RAISE EXCEPTION 'params of framework % is {"ridge": a number from 1e-6 to 1e12}%, not %', framework, CASE framework WHEN 'mean' THEN ' and those of xgboost' ELSE '' END, params USING ERRCODE = 'invalid_parameter_value';
	ELSIF (max_runtime_seconds > 0 AND refit_weeks BETWEEN 1 AND 10000 AND rounds BETWEEN 1 AND 10000) IS NOT TRUE THEN
		RAISE EXCEPTION 'max_runtime_seconds must be positive, refit_weeks and rounds in 1 to 10000, not %, % and %',
			coalesce(max_runtime_seconds::text, 'NULL'), coalesce(refit_weeks::text, 'NULL'), rounds USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF search IS NOT NULL AND (jsonb_typeof(search) <> 'object' OR search = '{}' OR EXISTS (SELECT FROM jsonb_each(search) AS e
			WHERE CASE jsonb_typeof(e.value) WHEN 'array' THEN jsonb_array_length(e.value) = 0
				OR e.key = 'rounds' AND EXISTS (SELECT FROM jsonb_array_elements(e.value) AS v WHERE v::text !~ '^([1-9]\d{0,3}|10000)$') ELSE true END)) THEN
		RAISE EXCEPTION 'search is {"parameter": [values to try], …}, rounds in 1 to 10000, not %', search USING ERRCODE = 'invalid_parameter_value';
	ELSIF search ?| '{objective,num_class}' OR framework = 'logistic' AND search - 'ridge' <> '{}' THEN
		RAISE EXCEPTION 'search of % with framework % must not have %', bet_type, framework, (SELECT string_agg(format('"%s"', k), ', ') FROM jsonb_object_keys(search) AS k WHERE framework = 'logistic' AND k <> 'ridge' OR k IN ('objective', 'num_class'))
			USING ERRCODE = 'invalid_parameter_value', HINT = 'The bet type gives the objective; a logistic regression has a ridge alone.';
	ELSIF (SELECT sum(ln(jsonb_array_length(e.value))) FROM jsonb_each(search) AS e) > ln(10001) THEN
		RAISE EXCEPTION 'search has more than 10000 combinations' USING ERRCODE = 'program_limit_exceeded';
	ELSIF trials < 1 OR trials IS NOT NULL AND search IS NULL THEN
		RAISE EXCEPTION 'trials must be at least 1 and needs a search, not %', trials USING ERRCODE = 'invalid_parameter_value';
	ELSIF early_stopping NOT BETWEEN 1 AND 10000 OR early_stopping IS NOT NULL AND framework = 'logistic' THEN
		RAISE EXCEPTION 'early_stopping must be in 1 to 10000 and is for trees, not % for framework %', early_stopping, framework USING ERRCODE = 'invalid_parameter_value';
	ELSIF (validation_weeks BETWEEN 1 AND 10000) IS NOT TRUE THEN
		RAISE EXCEPTION 'validation_weeks must be in 1 to 10000, not %', coalesce(validation_weeks::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF window_weeks NOT BETWEEN 1 AND 10000 OR (embargo_days BETWEEN 0 AND 10000) IS NOT TRUE THEN
		RAISE EXCEPTION 'window_weeks must be NULL or in 1 to 10000 and embargo_days in 0 to 10000, not % and %', coalesce(window_weeks::text, 'NULL'), coalesce(embargo_days::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM feature_names(feature_function, market, sport);
	request.sport := sport;
	request.bet_type := bet_type;
	request.framework := framework;
	request.market := market;
	request.search := search;
	request.trials := trials;
	request.early_stopping := early_stopping;
	request.validation_weeks := validation_weeks;
	request.window_weeks := window_weeks;
	request.embargo_days := embargo_days;
	request.status := 'queued';
	request.holdout_season := holdout_season;
	request.feature_function := feature_function;
	request.rounds := rounds;
	request.refit_weeks := refit_weeks;
	request.max_runtime_seconds := max_runtime_seconds;
	request.folds_done := 0;
	request.attempts := 0;
	request.from_queue := false;
	request.requested_by := session_user;
	request.params := CASE WHEN framework <> 'xgboost' THEN '{"ridge": 1000}'::jsonb ELSE '{}' END || CASE framework WHEN 'logistic' THEN params ELSE '{"max_depth": 2, "eta": 0.03, "subsample": 0.8, "colsample_bytree": 0.3, "min_child_weight": 30, "lambda": 20, "tree_method": "hist", "seed": 1, "nthread": 1}'::jsonb
		|| params
		|| CASE WHEN bet_type <> 'moneyline' THEN '{"objective": "reg:squarederror"}'::jsonb
		        WHEN league.outcomes = 3 THEN '{"objective": "multi:softprob", "num_class": 3}'::jsonb
		        ELSE '{"objective": "binary:logistic"}'::jsonb END END;
	IF NOT request.params @> params THEN
		RAISE EXCEPTION 'params must not give objective or num_class other than those of the bet type: %, not %', request.params -> 'objective', params USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN request;
END $$;
COMMENT ON FUNCTION training_request(text, text, text, int, int, int, int, jsonb, text, text, jsonb, int, int, int, int, int) IS
'The row of training_run that a training of these arguments begins with: every argument checked, NULL ones and params completed from training_setting. What train_model() and queue_training() share.';

CREATE FUNCTION train_artifact(framework text, source text, params jsonb, rounds int, starts boolean, early_stopping int DEFAULT NULL, OUT forest forest, OUT coefficients float8[])
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	known constant text := format('FROM (%s) AS s%s', source, CASE WHEN early_stopping IS NOT NULL THEN ' WHERE NOT validation' ELSE '' END);
	mean  numeric;	-- as text the same whatever the session says of digits
BEGIN
	IF framework IN ('xgboost', 'mean') THEN
		-- the library begins at 0.5, from where small steps hardly get to a basketball total
		IF params ->> 'objective' = 'reg:squarederror' AND NOT starts AND NOT params ? 'base_score' THEN
			EXECUTE 'SELECT avg(label) ' || known INTO mean;
			params := params || jsonb_strip_nulls(jsonb_build_object('base_score', mean));
		END IF;
		forest := train_forest(source, params - 'ridge', rounds, early_stopping => early_stopping);
	END IF;
	IF framework IN ('logistic', 'mean') THEN
		EXECUTE format('SELECT logistic_fit(features, label::int + 1, $1%s) %s', CASE WHEN starts THEN ', base_margin' ELSE '' END, known) INTO coefficients USING (params ->> 'ridge')::float8;
	END IF;
END $$;
COMMENT ON FUNCTION train_artifact(text, text, jsonb, int, boolean, int) IS
'What a framework learns from the rows of source (label from 0, features real[], base_margin real[] where it starts from one, validation boolean where there is early_stopping), the text of a query: a forest, coefficients, or both. Trees of reg:squarederror start from the mean label, unless the rows or params (base_score) say from where. The one place that knows the frameworks apart when it trains.';

CREATE FUNCTION training_candidates(search jsonb, trials int, seed text) RETURNS TABLE (trial int, params jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH RECURSIVE space AS (
		SELECT e.key, e.value, row_number() OVER (ORDER BY e.key COLLATE "C") AS n FROM jsonb_each(search) AS e
	), grid (n, params) AS (
		SELECT 0::bigint, '{}'::jsonb
		UNION ALL
		SELECT s.n, g.params || jsonb_build_object(s.key, v.value) FROM grid AS g JOIN space AS s ON s.n = g.n + 1, jsonb_array_elements(s.value) AS v
	), drawn AS (
		SELECT g.params, row_number() OVER (ORDER BY CASE WHEN trials IS NOT NULL THEN sha256(convert_to(seed || g.params::text, 'UTF8')) END, g.params::text COLLATE "C") AS place
		FROM grid AS g WHERE g.n = (SELECT count(*) FROM space)
	)
	SELECT d.place::int, d.params FROM drawn AS d WHERE trials IS NULL OR d.place <= trials ORDER BY d.place;
END;
COMMENT ON FUNCTION training_candidates(jsonb, int, text) IS
'The trials of a search {"parameter": [values], …}: every combination, or trials of them drawn by seed, the same ones in the same order for the same seed. Without a search the one trial that changes nothing.';

CREATE FUNCTION train_trial(run training_run, fold int, known_until timestamptz, trial int, candidate jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	began  timestamptz := clock_timestamp();
	cut    timestamptz;
	until  timestamptz;
	rounds int := coalesce((candidate ->> 'rounds')::int, run.rounds);
	params jsonb := run.params || candidate - 'rounds';
	made   record;
	judged record;
	starts constant boolean := (SELECT cardinality(t.base_margin) > 0 FROM pg_temp.bet_edge_training AS t LIMIT 1);
BEGIN
	-- the last weeks of play that are known; what trains was known before their first decision
	SELECT max(t.as_of) - make_interval(hours => 168 * run.validation_weeks) INTO cut FROM pg_temp.bet_edge_training AS t WHERE t.label_known_at <= known_until;
	until := cut - make_interval(hours => 24 * run.embargo_days);
	SELECT count(*) AS n, NULL::float8 AS loss INTO judged FROM pg_temp.bet_edge_training AS t WHERE t.as_of > cut AND t.label_known_at <= known_until;
	BEGIN
		SELECT * INTO made FROM train_artifact(run.framework, format('SELECT label, features%s%s FROM pg_temp.bet_edge_training WHERE label_known_at <= %L AND as_of >= %L%s ORDER BY as_of, game_id',
			CASE WHEN starts THEN ', base_margin' ELSE '' END,
			CASE WHEN run.early_stopping IS NOT NULL THEN format(', as_of > %L::timestamptz AS validation', cut) ELSE '' END, until,
			coalesce(cut - make_interval(hours => 168 * run.window_weeks), '-infinity'),
			CASE WHEN run.early_stopping IS NOT NULL THEN format(' OR as_of > %L AND label_known_at <= %L', cut, known_until) ELSE '' END),
			params, rounds, starts, run.early_stopping);
		SELECT count(*) AS n, avg(CASE run.bet_type WHEN 'moneyline' THEN -ln(greatest((pooled(o.said))[t.label::int + 1], 1e-15)) ELSE (o.said[1] - t.label) ^ 2 END) AS loss
		INTO judged
		FROM pg_temp.bet_edge_training AS t CROSS JOIN LATERAL (SELECT artifact_output(made.forest, made.coefficients, run.bet_type, t.features, t.base_margin) AS said OFFSET 0) AS o
		WHERE t.as_of > cut AND t.label_known_at <= known_until;
		IF run.early_stopping IS NOT NULL THEN
			SELECT f.trees / f.outputs / coalesce((params ->> 'num_parallel_tree')::int, 1) INTO rounds FROM forest_summary(made.forest) AS f;
		END IF;
		INSERT INTO training_trial VALUES (run.run_id, fold, trial, candidate, rounds, judged.loss, judged.n, extract(epoch FROM clock_timestamp() - began), 'finished');
	EXCEPTION WHEN OTHERS THEN	-- which a cancel is not
		INSERT INTO training_trial VALUES (run.run_id, fold, trial, candidate, rounds, NULL, judged.n, extract(epoch FROM clock_timestamp() - began), 'failed', SQLERRM);
	END;
END $$;
COMMENT ON FUNCTION train_trial(training_run, int, timestamptz, int, jsonb) IS
'One trial of a fold within run_training(): trains on the session''s training rows whose results were known before the last validation_weeks weeks of play that are known at known_until, judges on those, and writes its row of training_trial. A trial that cannot be trained is a row that says why.';

CREATE PROCEDURE run_training(request training_run, quiet boolean DEFAULT false)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
	lock_class constant pg_catalog.int4 := 25189;	-- of a run; its target has the next
	run        bet_edge.training_run := request;
	outcomes   pg_catalog.int4;
	names      pg_catalog.text[];
	vector     pg_catalog.text;
	found_rows pg_catalog.int4;
	first_test pg_catalog.timestamptz;
	last_test  pg_catalog.timestamptz;
	fold_from  pg_catalog.timestamptz;
	fold_to    pg_catalog.timestamptz;
	until      pg_catalog.timestamptz;	-- the rows that train: labels known until, games decided since
	since      pg_catalog.timestamptz;
	fold_no    pg_catalog.int4 := 0;
	new_model  pg_catalog.int8;
	tested     pg_catalog.int4;
	known      pg_catalog.int4;
	enough     pg_catalog.int4;
	began      pg_catalog.timestamptz := clock_timestamp();
	started    pg_catalog.timestamptz;
	loss       pg_catalog.jsonb;
	trial      pg_catalog.int4;
	candidate  pg_catalog.jsonb;
	advance    pg_catalog.bool;
	fold_params pg_catalog.jsonb;
	fold_rounds pg_catalog.int4;
	residual   pg_catalog.float8[];
	fit        pg_catalog.jsonb;
	prints     pg_catalog.text[];
	step       pg_catalog.text := 'data';
	state      pg_catalog.text;
	reason     pg_catalog.text;
	hint       pg_catalog.text;
	starts     pg_catalog.bool;	-- from a base margin
	sql_rows   pg_catalog.text;
BEGIN
	-- a procedure that commits has no SET: this one holds until the next COMMIT, so it comes again after each
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
	-- held to the end of the run over every commit, and let go by any failure: two trainings are never at once on a target
	IF NOT bet_edge.hold_claim(lock_class + 1, bet_edge.training_target(run.sport, run.bet_type)) THEN
		IF quiet THEN
			RETURN;
		END IF;
		RAISE EXCEPTION 'a training of % % is already running', run.sport, run.bet_type USING ERRCODE = 'lock_not_available';
	END IF;
	PERFORM bet_edge.claim_deadline(run.max_runtime_seconds);
	UPDATE bet_edge.training_run AS r SET status = 'interrupted', finished_at = clock_timestamp(), message = 'its session ended before it did'
	WHERE r.sport = run.sport AND r.bet_type = run.bet_type AND r.status = 'running';
	run.as_of := coalesce(run.as_of, now());
	IF run.run_id IS NOT NULL THEN
		PERFORM bet_edge.hold_claim(lock_class, run.run_id::int);
		UPDATE bet_edge.training_run AS r SET status = 'running', started_at = began, updated_at = began, finished_at = NULL, message = NULL,
			as_of = run.as_of, attempts = r.attempts + 1
		WHERE r.run_id = run.run_id AND r.status IN ('queued', 'interrupted');
		IF NOT FOUND THEN	-- another worker was faster
			PERFORM bet_edge.release_claims();
			RETURN;
		END IF;
		COMMIT;
		PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
	END IF;

	-- data, one fold after the other, the model: each step is done whole and committed, or ends the run
	LOOP
		BEGIN
			started := clock_timestamp();
			trial := NULL;
			advance := true;
			fold_params := run.params;
			fold_rounds := run.rounds;
			until := CASE step WHEN 'fold' THEN fold_from - make_interval(hours => 24 * run.embargo_days) ELSE 'infinity' END;
			IF (run.search IS NOT NULL OR run.early_stopping IS NOT NULL) AND (step = 'fold' AND fold_no > run.folds_done OR step = 'model') THEN
				SELECT c.trial, c.params INTO trial, candidate FROM bet_edge.training_candidates(run.search, run.trials, run.params ->> 'seed') AS c
				WHERE NOT EXISTS (SELECT FROM bet_edge.training_trial AS t WHERE t.run_id = run.run_id AND t.fold = fold_no AND t.trial = c.trial) ORDER BY c.trial LIMIT 1;
				IF trial IS NULL THEN
					SELECT run.params || t.params - 'rounds', t.rounds INTO fold_params, fold_rounds FROM bet_edge.training_trial AS t
					WHERE t.run_id = run.run_id AND t.fold = fold_no AND t.status = 'finished' ORDER BY t.loss, t.trial LIMIT 1;
					IF NOT FOUND THEN
						RAISE EXCEPTION 'no trial of fold % could be trained: %', fold_no, (SELECT t.message FROM bet_edge.training_trial AS t WHERE t.run_id = run.run_id AND t.fold = fold_no ORDER BY t.trial LIMIT 1)
							USING ERRCODE = 'invalid_parameter_value', HINT = 'training_trial has all of them.';
					END IF;
				END IF;
			END IF;
			IF trial IS NOT NULL THEN
				advance := false;
				PERFORM bet_edge.train_trial(run, fold_no, until, trial, candidate);
				UPDATE bet_edge.training_run AS r SET updated_at = clock_timestamp() WHERE r.run_id = run.run_id AND r.status = 'running';
				IF NOT FOUND THEN
					RAISE EXCEPTION 'cancelled' USING ERRCODE = 'query_canceled';
				END IF;
			ELSIF step = 'data' THEN
				SELECT s.outcomes INTO outcomes FROM bet_edge.sport AS s WHERE s.sport = run.sport;
				names := bet_edge.feature_names(run.feature_function, run.market, run.sport);
				SELECT 'ARRAY[' || string_agg(format('f.%I', n), ', ' ORDER BY position) || ']::real[]' INTO vector
				FROM unnest(names) WITH ORDINALITY AS u (n, position);
				IF to_regclass('pg_temp.bet_edge_training') IS NOT NULL THEN
					DROP TABLE pg_temp.bet_edge_training;
				END IF;
				IF to_regclass('pg_temp.bet_edge_features') IS NOT NULL THEN
					DROP TABLE pg_temp.bet_edge_features;
				END IF;
				EXECUTE format('CREATE TEMP TABLE bet_edge_features AS SELECT * FROM %s($1, ''-infinity'', ''infinity'', $2)', to_regproc(run.feature_function))
					USING run.sport, run.as_of;
				EXECUTE format($q$
					CREATE TEMP TABLE bet_edge_training AS
					SELECT f.game_id, f.as_of, g.season, first.known_at AS label_known_at,
						bet_edge.training_label(%L, %s, r.home_score, r.away_score) AS label, v.features, m.market, bet_edge.model_margin(%L, %L, m.market, %L, v.features) AS base_margin
					FROM pg_temp.bet_edge_features AS f
					JOIN bet_edge.game AS g ON g.game_id = f.game_id
					JOIN bet_edge.results($1) AS r ON r.game_id = f.game_id AND r.status = 'final'
					-- a later row that changes the referee's spelling is no news of the score
					JOIN LATERAL (SELECT min(v.known_at) AS known_at FROM bet_edge.result AS v
						WHERE v.game_id = r.game_id AND v.status = r.status AND v.home_score = r.home_score AND v.away_score = r.away_score) AS first ON true
					CROSS JOIN LATERAL (SELECT CASE WHEN %L IN ('margin', 'blend') THEN bet_edge.row_market(to_jsonb(f), %L) END AS market OFFSET 0) AS m
					CROSS JOIN LATERAL (SELECT %s AS features OFFSET 0) AS v $q$,
					run.bet_type, outcomes, run.market, run.bet_type, names, run.market, run.bet_type, vector) USING run.as_of;
				IF run.market IN ('margin', 'blend') AND NOT (SELECT coalesce(bool_or(t.market IS NOT NULL), true) FROM pg_temp.bet_edge_training AS t) THEN
					RAISE EXCEPTION 'no game of % has a market to train on: market is "%"', run.sport, run.market USING ERRCODE = 'no_data_found',
						HINT = format('Prices are the columns market_home, market_draw, market_away, implied_margin and implied_total of %s (refresh_key_number_fits()); market => ''none'' does without.', run.feature_function);
				END IF;
				DELETE FROM pg_temp.bet_edge_training WHERE label IS NULL OR base_margin IS NULL;
				SELECT bool_or(cardinality(t.base_margin) > 0) INTO starts FROM pg_temp.bet_edge_training AS t;
				sql_rows := 'SELECT label, features' || CASE WHEN starts THEN ', base_margin' ELSE '' END || ' FROM pg_temp.bet_edge_training WHERE label_known_at <= %L AND as_of >= %L ORDER BY as_of, game_id';
				SELECT count(*) FILTER (WHERE season >= run.holdout_season), count(*) INTO run.holdout_rows, found_rows FROM pg_temp.bet_edge_training;
				run.training_rows := found_rows - run.holdout_rows;
				IF run.training_rows = 0 THEN
					RAISE EXCEPTION 'No games found for training: % has % finished games%', run.sport, found_rows,
						CASE WHEN run.holdout_season IS NOT NULL THEN format(', %s of them in the held-out season %s or later', run.holdout_rows, run.holdout_season) ELSE '' END
						USING ERRCODE = 'no_data_found', HINT = 'Load results first (CALL bet_edge.ingest()); SELECT sport, count(*) FROM bet_edge.sports_events GROUP BY 1 counts the games.';
				END IF;
				DELETE FROM pg_temp.bet_edge_training WHERE season >= run.holdout_season;
				-- the guard sees what the model sees: nothing of the held-out season, every other row
				PERFORM bet_edge.check_leakage('SELECT f.* FROM pg_temp.bet_edge_features AS f JOIN pg_temp.bet_edge_training AS t USING (game_id)', run.sport, run.feature_function);
				DROP TABLE pg_temp.bet_edge_features;
				CREATE INDEX ON pg_temp.bet_edge_training (as_of, game_id);
				ANALYZE pg_temp.bet_edge_training;

				-- testing starts when a third of the games, at least 200, are known, and goes on in blocks of refit_weeks
				SELECT t.as_of INTO first_test FROM pg_temp.bet_edge_training AS t ORDER BY t.as_of, t.game_id OFFSET greatest(200, run.training_rows / 3) LIMIT 1;
				SELECT max(t.as_of), count(*) FILTER (WHERE t.as_of >= first_test) INTO last_test, tested FROM pg_temp.bet_edge_training AS t;
				enough := CASE run.bet_type WHEN 'moneyline' THEN 50 ELSE 100 END;
				IF tested < enough THEN
					RAISE EXCEPTION 'too few games to train % %: of % the first 200 train, % are left to forecast, and % needs at least %', run.sport, run.bet_type,
						run.training_rows, tested, CASE run.bet_type WHEN 'moneyline' THEN 'a calibration' ELSE 'the law of the residuals' END, enough
						USING ERRCODE = 'no_data_found', HINT = 'A model that was never tested on games it had not seen says nothing: load more seasons.';
				END IF;
				run.folds := (SELECT count(DISTINCT floor(extract(epoch FROM t.as_of - first_test) / (7 * 86400 * run.refit_weeks)))
					FROM pg_temp.bet_edge_training AS t WHERE t.as_of >= first_test);
				-- bytes, not text: no setting of the session has a say
				prints := ARRAY[
					(SELECT encode(sha256(string_agg(sha256(int8send(t.game_id) || timestamptz_send(t.as_of) || timestamptz_send(t.label_known_at)
						|| float8send(t.label) || array_send(t.features) || coalesce(array_send(t.market), '')), '' ORDER BY t.as_of, t.game_id)), 'hex') FROM pg_temp.bet_edge_training AS t),
					encode(sha256(convert_to(jsonb_build_array(run.sport, run.bet_type, run.framework, run.feature_function, names, run.holdout_season,
						run.refit_weeks, run.rounds, run.params, run.market, run.search, run.trials, run.early_stopping, run.validation_weeks)::text
						|| CASE WHEN run.window_weeks IS NOT NULL OR run.embargo_days > 0 THEN jsonb_build_array(run.window_weeks, run.embargo_days)::text ELSE '' END, 'UTF8')), 'hex')];
				-- a run that goes on, or comes again, has the data that it had
				SELECT r.run_id, r.data_fingerprint INTO new_model, reason FROM bet_edge.training_run AS r
				WHERE r.run_id = coalesce(run.repeats, run.run_id) AND r.data_fingerprint <> prints[1];
				IF FOUND THEN
					RAISE EXCEPTION 'the data of run % are not what they were: fingerprint % was %', new_model, prints[1], reason
						USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Facts that were known at the time of the run were loaded since: train anew.';
				END IF;
				IF run.run_id IS NULL THEN
					run.status := 'running';
					INSERT INTO bet_edge.training_run (sport, bet_type, framework, market, status, holdout_season, feature_function, params, rounds, refit_weeks,
						max_runtime_seconds, search, trials, early_stopping, validation_weeks, window_weeks, embargo_days, started_at, as_of, repeats, attempts)
					VALUES (run.sport, run.bet_type, run.framework, run.market, 'running', run.holdout_season, run.feature_function, run.params, run.rounds, run.refit_weeks,
						run.max_runtime_seconds, run.search, run.trials, run.early_stopping, run.validation_weeks, run.window_weeks, run.embargo_days, began, run.as_of, run.repeats, 1)
					RETURNING training_run.run_id INTO run.run_id;
					PERFORM bet_edge.hold_claim(lock_class, run.run_id::int);
				END IF;
				UPDATE bet_edge.training_run AS r SET folds = run.folds, training_rows = run.training_rows, holdout_rows = run.holdout_rows,
					data_fingerprint = prints[1], parameter_fingerprint = prints[2], updated_at = clock_timestamp() WHERE r.run_id = run.run_id;
				RAISE NOTICE '% %: run %, % games for training, % held out, % folds', run.sport, run.bet_type, run.run_id, run.training_rows, run.holdout_rows, run.folds;
				fold_to := first_test;
				step := 'fold';
			ELSIF step = 'fold' THEN
				IF fold_no > run.folds_done THEN	-- what an interrupted run had finished stays
					since := coalesce(fold_from - make_interval(hours => 168 * run.window_weeks), '-infinity');
					SELECT count(*) INTO known FROM pg_temp.bet_edge_training AS t WHERE t.label_known_at <= until AND t.as_of >= since;
					IF known < 50 AND (run.window_weeks IS NOT NULL OR run.embargo_days > 0) THEN
						RAISE EXCEPTION 'too few games to train fold %: window_weeks = % and embargo_days = % leave %, not 50', fold_no, coalesce(run.window_weeks::text, 'NULL'), run.embargo_days, known
							USING ERRCODE = 'no_data_found';
					END IF;
					residual := (SELECT array_agg(o.label - o.forecast[1] ORDER BY o.as_of, o.game_id) FROM bet_edge.out_of_fold(run.run_id) AS o
						WHERE run.bet_type <> 'moneyline');
					fit := bet_edge.choose_calibration(run.run_id, fold_no - 1, outcomes);
					INSERT INTO bet_edge.model AS m (name, sport, bet_type, framework, market, run_id, fold, features, knowledge_cutoff, training_rows, forest, coefficients, sha256, calibration, residuals, key_numbers, stage)
					SELECT format('%s/%s/%s/%s', run.sport, run.bet_type, run.run_id, fold_no), run.sport, run.bet_type,
						run.framework, run.market, run.run_id, fold_no, names, fold_from, known, f.forest, f.coefficients, bet_edge.artifact_sha256(f.forest, f.coefficients), fit, residual,
						bet_edge.out_of_fold_key_numbers(run.run_id, run.bet_type, outcomes), 'fold'
					FROM bet_edge.train_artifact(run.framework, format(sql_rows, until, since), fold_params, fold_rounds, starts) AS f
					RETURNING m.model_id INTO new_model;
					INSERT INTO bet_edge.oof_prediction (run_id, game_id, fold, as_of, raw, market, label)
					SELECT run.run_id, t.game_id, fold_no, t.as_of,
						bet_edge.artifact_output(m.forest, m.coefficients, run.bet_type, t.features, t.base_margin), t.market,
						CASE WHEN run.bet_type = 'moneyline' THEN t.label + 1 ELSE t.label END
					FROM pg_temp.bet_edge_training AS t, bet_edge.model AS m
					WHERE t.as_of >= fold_from AND t.as_of < fold_to AND m.model_id = new_model
					  -- the next fold learns calibration and residuals from these rows: what it could not know yet stays out
					  AND (t.label_known_at <= fold_to OR fold_to > last_test);
					GET DIAGNOSTICS tested = ROW_COUNT;
					loss := CASE WHEN run.bet_type = 'moneyline' THEN bet_edge.calibration_losses(run.run_id, fold_no, outcomes)
						ELSE bet_edge.line_calibration_losses(run.run_id, fold_no, outcomes, fit) END;
					INSERT INTO bet_edge.training_fold
					VALUES (run.run_id, fold_no, new_model, fold_from, fold_from, fold_to, known, tested, extract(epoch FROM clock_timestamp() - started), loss, fold_params, fold_rounds);
					UPDATE bet_edge.training_run AS r SET folds_done = fold_no, updated_at = clock_timestamp() WHERE r.run_id = run.run_id AND r.status = 'running';
					IF NOT FOUND THEN
						RAISE EXCEPTION 'cancelled' USING ERRCODE = 'query_canceled';
					END IF;
					RAISE NOTICE '% %: fold % of %, trained on % rows, tested on %, %, % s', run.sport, run.bet_type, fold_no, run.folds, known, tested,
						(SELECT string_agg(format('%s %s', e.key, round(e.value::numeric, 4)), ', ' ORDER BY e.key) FROM jsonb_each_text(loss) AS e),
						round(extract(epoch FROM clock_timestamp() - started)::numeric, 1);
				END IF;
			ELSE
				-- the model that goes on: every row, calibration and residuals of every fold; one transaction or nothing
				fit := bet_edge.choose_calibration(run.run_id, fold_no - 1, outcomes);
				residual := (SELECT array_agg(o.label - o.forecast[1] ORDER BY o.as_of, o.game_id) FROM bet_edge.out_of_fold(run.run_id) AS o
					WHERE run.bet_type <> 'moneyline');
				SELECT coalesce(max(t.label_known_at) - make_interval(hours => 168 * run.window_weeks), '-infinity') INTO since FROM pg_temp.bet_edge_training AS t;
				INSERT INTO bet_edge.model AS m (name, sport, bet_type, framework, market, run_id, features, knowledge_cutoff, training_rows, forest, coefficients, sha256, calibration, residuals, key_numbers, metrics, stage)
				SELECT format('%s/%s/%s', run.sport, run.bet_type, run.run_id), run.sport, run.bet_type, run.framework, run.market, run.run_id, names,
					(SELECT max(t.label_known_at) FROM pg_temp.bet_edge_training AS t), (SELECT count(*) FROM pg_temp.bet_edge_training AS t WHERE t.as_of >= since), f.forest, f.coefficients, bet_edge.artifact_sha256(f.forest, f.coefficients), fit, residual,
					bet_edge.out_of_fold_key_numbers(run.run_id, run.bet_type, outcomes),
					(SELECT jsonb_build_object('params', fold_params, 'rounds', fold_rounds, 'out_of_fold_rows', sum(t.test_rows), 'out_of_fold_loss',
							sum(t.test_rows * coalesce(t.losses ->> 'squared_error', t.losses ->> (fit ->> 'method'), t.losses ->> 'none')::float8) / sum(t.test_rows))
						FROM bet_edge.training_fold AS t WHERE t.run_id = run.run_id),
					'candidate'
				FROM bet_edge.train_artifact(run.framework, format(sql_rows, until, since), fold_params, fold_rounds, starts) AS f
				RETURNING m.model_id INTO new_model;
				IF NOT EXISTS (SELECT 1 FROM bet_edge.model AS p WHERE p.sport = run.sport AND p.bet_type = run.bet_type AND p.stage = 'production') THEN
					PERFORM bet_edge.make_live(new_model, 'first', 'the first model of its target');
				END IF;
				UPDATE bet_edge.training_run AS r SET status = 'finished', finished_at = clock_timestamp(), updated_at = clock_timestamp(),
					message = format('model %s, calibration %s', new_model, fit ->> 'method')
				WHERE r.run_id = run.run_id AND r.status = 'running';
				IF NOT FOUND THEN
					RAISE EXCEPTION 'cancelled' USING ERRCODE = 'query_canceled';
				END IF;
				DROP TABLE pg_temp.bet_edge_training;
				RAISE NOTICE '% %: model % trained on % rows, calibration %', run.sport, run.bet_type, new_model, run.training_rows, fit ->> 'method';
				step := 'done';
			END IF;
			-- the next block with games in it; after the last one, the model
			WHILE step = 'fold' AND advance LOOP
				fold_from := fold_to;
				fold_to := fold_from + make_interval(hours => 168 * run.refit_weeks);	-- weeks of every time zone alike
				IF fold_from > last_test THEN
					step := 'model';
				END IF;
				EXIT WHEN EXISTS (SELECT 1 FROM pg_temp.bet_edge_training AS t WHERE t.as_of >= fold_from AND t.as_of < fold_to);
			END LOOP;
			fold_no := fold_no + advance::int;
		EXCEPTION
			WHEN query_canceled THEN
				state := 'query_canceled';
				hint := '';
				reason := SQLERRM;
				IF clock_timestamp() >= began + make_interval(secs => run.max_runtime_seconds) THEN
					reason := format('training of %s %s stopped: max_runtime_seconds = %s was over in %s', run.sport, run.bet_type, run.max_runtime_seconds,
						CASE step WHEN 'fold' THEN format('fold %s of %s', fold_no, run.folds) ELSE 'the step: ' || step END);
					hint := 'The finished folds are kept; raise max_runtime_seconds or refit_weeks.';
				END IF;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, reason = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
		END;
		IF state IS NOT NULL THEN
			IF run.run_id IS NOT NULL AND (request.run_id IS NOT NULL OR step <> 'data') THEN
				UPDATE bet_edge.training_run AS r SET finished_at = clock_timestamp(), updated_at = clock_timestamp(), message = reason,
					status = CASE WHEN state = 'query_canceled' AND hint = '' THEN 'cancelled' ELSE 'failed' END
				WHERE r.run_id = run.run_id AND r.status = 'running';
				COMMIT;
				PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
			END IF;
			IF quiet AND state <> 'query_canceled' OR quiet AND hint <> '' THEN
				PERFORM bet_edge.release_claims();
				RAISE WARNING 'training of % % failed: %', run.sport, run.bet_type, reason;
				RETURN;
			ELSIF hint <> '' THEN
				RAISE EXCEPTION USING ERRCODE = state, MESSAGE = reason, HINT = hint;
			END IF;
			RAISE EXCEPTION USING ERRCODE = state, MESSAGE = reason;
		END IF;
		PERFORM bet_edge.expect_to_commit('training');
		COMMIT;
		PERFORM pg_catalog.set_config('search_path', 'pg_catalog, bet_edge, pg_temp', true);
		EXIT WHEN step = 'done';
	END LOOP;
	PERFORM bet_edge.release_claims();
END;
$$;
COMMENT ON PROCEDURE run_training(training_run, boolean) IS
'Trains what a row of training_run says: what train_model(), repeat_training() and run_training_queue() share. Commits after every step; a lock of the session is held from the first to the last. A run that was interrupted goes on after its last finished fold. quiet: a failure is a warning and a row with its reason, not an error; a target that another session trains is passed over.';

CREATE PROCEDURE train_model(sport text, bet_type text, framework text DEFAULT NULL, max_runtime_seconds int DEFAULT 3600,
	holdout_season int DEFAULT NULL, refit_weeks int DEFAULT 8, rounds int DEFAULT NULL, params jsonb DEFAULT '{}',
	feature_function text DEFAULT 'bet_edge.game_features', market text DEFAULT NULL,
	search jsonb DEFAULT NULL, trials int DEFAULT NULL, early_stopping int DEFAULT NULL, validation_weeks int DEFAULT 8,
	window_weeks int DEFAULT NULL, embargo_days int DEFAULT 0)
LANGUAGE plpgsql
AS $$
BEGIN
	CALL bet_edge.run_training(bet_edge.training_request(sport, bet_type, framework, max_runtime_seconds, holdout_season, refit_weeks, rounds, params, feature_function, market,
		search, trials, early_stopping, validation_weeks, window_weeks, embargo_days));
END;
$$;
COMMENT ON PROCEDURE train_model(text, text, text, int, int, int, int, jsonb, text, text, jsonb, int, int, int, int, int) IS
'Trains a model for one sport and bet type (moneyline, spread, total): features of feature_function for every finished game as of its decision time, leakage guard, walk-forward over blocks of refit_weeks (each block is forecast by a model trained on results known before it), calibration by out-of-fold log loss, then the model on all rows. window_weeks: rolling, a fold (and the model) trains on the games decided in so many weeks before it, NULL: expanding, on all; embargo_days: on results known so many days before it. holdout_season: that season and later ones are left out and counted. framework xgboost: gradient boosted trees; logistic (moneyline): logistic regression with a ridge on features that each fold scales by its own rows, params {"ridge": 1000}, rounds unused; mean (moneyline): both, the mean of their log odds. market: what becomes of the odds, as training_run.market: feature, margin (every game starts from its market: base margin of the trees, offset of the regression; games without one are left out), blend (forecast without odds, weighed against the market by weights fitted on earlier folds; of a margin or total against the mean that price and line imply), none. framework, market, rounds and params that are not given are those of training_setting, else xgboost, feature, 150. params of xgboost are the library''s, over the defaults max_depth 2, eta 0.03, subsample 0.8, colsample_bytree 0.3, min_child_weight 30, lambda 20, tree_method hist, seed 1, nthread 1, for margins and totals that start from no rating or market base_score their mean; rounds = trees a class. search: values to choose from within each fold, {"max_depth": [2, 3], "rounds": [100, 300]}, every combination or trials of them drawn by params.seed; early_stopping: the rounds after which trees stop that foretell the validation no better. Both train on what was known before the last validation_weeks weeks of play that the fold knows, are judged there, recorded in training_trial, and the fold''s model is trained on all that it knows by the best. Commits after every fold; training_status(run_id) shows it from another session; cancelled, killed or out of time it leaves whole folds and no model. The first model of a target goes into production, later ones wait for promote_model(). Errors: "No games found for training" and "too few games" (P0002), unknown sport (42704), bad argument (22023), the same target is being trained (55P03), max_runtime_seconds are over (57014), a leak (see check_leakage()).';

CREATE PROCEDURE repeat_training(run_id bigint)
LANGUAGE plpgsql
AS $$
DECLARE
	request bet_edge.training_run;
BEGIN
	SELECT r.* INTO request FROM bet_edge.training_run AS r WHERE r.run_id = repeat_training.run_id;
	IF NOT FOUND OR request.data_fingerprint IS NULL THEN
		RAISE EXCEPTION 'run % cannot be repeated: %', repeat_training.run_id, CASE WHEN request.sport IS NULL THEN 'there is none' ELSE 'it never had data' END USING ERRCODE = 'undefined_object';
	END IF;
	request.repeats := request.run_id;
	request.run_id := NULL;
	request.folds_done := 0;
	CALL bet_edge.run_training(request);
END;
$$;
COMMENT ON PROCEDURE repeat_training(bigint) IS
'Trains again what a row of training_run says, from what was known at its as_of: a new run whose models are the same byte for byte (sha256). Errors: no such run, or one that never got to its data (42704); facts that were known then have been loaded since, so the data differ (55000).';

CREATE PROCEDURE train_all(min_games int DEFAULT 500, sport text DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
	finished pg_catalog.int8 := (SELECT pg_catalog.count(*) FROM bet_edge.game AS g JOIN bet_edge.results() AS r ON r.game_id = g.game_id AND r.status = 'final' WHERE g.sport = train_all.sport);
BEGIN
	IF train_all.sport IS NOT NULL AND NOT EXISTS (SELECT FROM bet_edge.sport AS s WHERE s.sport = train_all.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', train_all.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF train_all.sport IS NOT NULL AND finished < min_games THEN
		RAISE EXCEPTION 'No games found for training: % has % finished games, not %', train_all.sport, finished, min_games USING ERRCODE = 'no_data_found';
	END IF;
	PERFORM bet_edge.queue_training(t.sport, t.bet_type) FROM (
		SELECT g.sport, t.bet_type
		FROM bet_edge.game AS g JOIN bet_edge.results() AS r ON r.game_id = g.game_id AND r.status = 'final',
			pg_catalog.unnest('{moneyline,spread,total}'::pg_catalog.text[]) WITH ORDINALITY AS t (bet_type, position)
		WHERE g.sport = coalesce(train_all.sport, g.sport)
		  AND NOT EXISTS (SELECT FROM bet_edge.training_run AS q WHERE q.sport = g.sport AND q.bet_type = t.bet_type AND q.status = 'queued')
		GROUP BY g.sport, t.bet_type, t.position HAVING pg_catalog.count(*) >= min_games
		ORDER BY g.sport, t.position) AS t;
	CALL bet_edge.run_training_queue();
END;
$$;
COMMENT ON PROCEDURE train_all(int, text) IS
'Queues a training for every bet type of a sport, or (NULL) of every sport with at least min_games finished games, that has none queued, and works the queue off, whatever else waits in it. One that fails is a warning and a row of training_run with its reason; the others go on. Errors: unknown sport (42704), one with fewer games (P0002).';
