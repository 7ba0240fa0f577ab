-- model: the registry. Every forest that ever priced anything is a row, folds of a walk-forward
-- run included, so that the past is priced by the same code as the present.

CREATE TABLE training_run (
	run_id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sport               text NOT NULL REFERENCES sport,
	bet_type            text NOT NULL CHECK (bet_type IN ('moneyline', 'spread', 'total')),
	framework           text NOT NULL CHECK (framework IN ('xgboost', 'logistic')),
	status              text NOT NULL CHECK (status IN ('queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled')),
	holdout_season      int,
	feature_function    text NOT NULL,
	params              jsonb NOT NULL,
	rounds              int NOT NULL,
	refit_weeks         int NOT NULL,
	max_runtime_seconds int NOT NULL,
	training_rows       int,
	holdout_rows        int,
	as_of               timestamptz,
	data_fingerprint    text,
	parameter_fingerprint text,
	folds               int,
	folds_done          int NOT NULL DEFAULT 0,
	requested_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	requested_by        text NOT NULL DEFAULT session_user,
	from_queue          boolean NOT NULL DEFAULT false,
	attempts            int NOT NULL DEFAULT 0,
	repeats             bigint REFERENCES training_run,
	started_at          timestamptz DEFAULT clock_timestamp(),
	updated_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
	finished_at         timestamptz,
	message             text
);
COMMENT ON TABLE training_run IS 'Trainings. The row alone, with the data of its fingerprint, reproduces the model byte for byte: repeat_training(run_id). See training_status(run_id).';
COMMENT ON COLUMN training_run.holdout_season IS 'This season and every later one stay out of the training; holdout_rows counts what was left out.';
COMMENT ON COLUMN training_run.as_of IS 'The facts that were known then are its data: set when it first starts, kept by repeat_training().';
COMMENT ON COLUMN training_run.data_fingerprint IS 'SHA-256 over games, times, labels and features in training order.';
COMMENT ON COLUMN training_run.parameter_fingerprint IS 'SHA-256 over target, framework, feature names, hold-out, refit weeks, rounds and params.';
COMMENT ON COLUMN training_run.from_queue IS 'Asked for by queue_training(): the queue takes it up again when it is interrupted.';
COMMENT ON COLUMN training_run.attempts IS 'How often it was started.';
COMMENT ON COLUMN training_run.repeats IS 'The run that it trains again, see repeat_training().';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_run', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_run_run_id_seq', '');

CREATE FUNCTION forest_sha256(f forest) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(sha256(convert_to(f::text, 'UTF8')), 'hex');
COMMENT ON FUNCTION forest_sha256(forest) IS 'SHA-256 of a forest''s text form, in hexadecimal.';

CREATE FUNCTION artifact_sha256(forest forest, coefficients float8[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(forest_sha256(forest), encode(sha256(array_send(coefficients)), 'hex'));
COMMENT ON FUNCTION artifact_sha256(forest, float8[]) IS 'SHA-256 of a model''s artifact, in hexadecimal: of a forest''s text form, or of the bytes of a logistic regression''s coefficients.';

CREATE TABLE model (
	model_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name             text NOT NULL UNIQUE,
	sport            text REFERENCES sport,
	bet_type         text,
	framework        text NOT NULL,
	run_id           bigint REFERENCES training_run,
	fold             int,
	features         text[] NOT NULL,
	knowledge_cutoff timestamptz NOT NULL,
	training_rows    int,
	forest           forest,
	coefficients     float8[],
	sha256           text NOT NULL,
	calibration      jsonb NOT NULL DEFAULT '{"method": "none"}',
	residuals        float8[],
	metrics          jsonb NOT NULL DEFAULT '{}',
	stage            text NOT NULL CHECK (stage IN ('fold', 'candidate', 'production', 'archived')),
	created_at       timestamptz NOT NULL DEFAULT now(),
	CHECK (num_nonnulls(forest, coefficients) = 1),
	CHECK (sha256 = artifact_sha256(forest, coefficients))
);
COMMENT ON TABLE model IS 'Models: artifact (a forest, or the coefficients of a logistic regression), feature names in order, calibration and residuals. stage fold: one step of a walk-forward run, which prices the past; production: the live one, one per sport and bet type (since when: model_live); archived: was live; candidate: never was.';
COMMENT ON COLUMN model.name IS 'sport/bet_type/run_id, folds with /fold; what predict(model, …) takes.';
COMMENT ON COLUMN model.knowledge_cutoff IS 'Latest known_at of any label in its training rows: it may price nothing earlier.';
COMMENT ON COLUMN model.coefficients IS 'What logistic_fit() gave (framework logistic).';
COMMENT ON COLUMN model.sha256 IS 'artifact_sha256(forest, coefficients); a row whose artifact does not match cannot be stored or restored.';
COMMENT ON COLUMN model.calibration IS '{"method": "none" | "temperature" | "platt", "temperature": T, "platt": [A, B]}, fitted on earlier out-of-fold predictions.';
COMMENT ON COLUMN model.residuals IS 'Out-of-fold residuals (observed - predicted) of a spread or total model, all from before the cutoff.';
CREATE UNIQUE INDEX model_production ON model (sport, bet_type) WHERE stage = 'production';
CREATE INDEX model_target ON model (sport, bet_type, knowledge_cutoff);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model_model_id_seq', '');

CREATE TABLE training_fold (
	run_id        bigint NOT NULL REFERENCES training_run ON DELETE CASCADE,
	fold          int NOT NULL,
	model_id      bigint NOT NULL REFERENCES model,
	trained_until timestamptz NOT NULL,
	tested_from   timestamptz NOT NULL,
	tested_until  timestamptz NOT NULL,
	training_rows int NOT NULL,
	test_rows     int NOT NULL,
	seconds       float8 NOT NULL,
	losses        jsonb NOT NULL,
	PRIMARY KEY (run_id, fold)
);
COMMENT ON TABLE training_fold IS 'Walk-forward folds as they finish. losses: mean out-of-fold log loss (moneyline) by calibration method, each fitted on the folds before, or mean squared error (spread, total).';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_fold', '');

CREATE TABLE oof_prediction (
	run_id   bigint NOT NULL REFERENCES training_run ON DELETE CASCADE,
	game_id  bigint NOT NULL,
	fold     int NOT NULL,
	as_of    timestamptz NOT NULL,
	raw      float8[] NOT NULL,
	label    float8 NOT NULL,
	PRIMARY KEY (run_id, game_id)
);
COMMENT ON TABLE oof_prediction IS 'Out-of-fold predictions: the forest''s own output before calibration, and the label it was to foretell. They alone feed calibration and residuals.';
COMMENT ON COLUMN oof_prediction.raw IS 'Class probabilities {home, draw, away} or {home, away} (moneyline); {predicted margin or total} otherwise.';
COMMENT ON COLUMN oof_prediction.label IS 'Class from 1 (moneyline), home margin or total.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.oof_prediction', '');

CREATE FUNCTION feature_vector(features jsonb, names text[]) RETURNS real[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg((features ->> n.name)::real ORDER BY n.position)
	FROM unnest(names) WITH ORDINALITY AS n (name, position);
END;
COMMENT ON FUNCTION feature_vector(jsonb, text[]) IS 'The named numbers of a JSON object as real[], in the order of names; absent and null are NULL, which a forest takes for missing.';

CREATE FUNCTION calibrate(calibration jsonb, probs float8[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	home float8;
BEGIN
	CASE calibration ->> 'method'
	WHEN 'none' THEN
		RETURN probs;
	WHEN 'temperature' THEN
		RETURN temperature_apply((calibration ->> 'temperature')::float8, probs);
	WHEN 'platt' THEN
		IF cardinality(probs) <> 2 THEN
			RAISE EXCEPTION 'platt calibration takes 2 probabilities, not %', cardinality(probs) USING ERRCODE = 'invalid_parameter_value';
		END IF;
		home := platt_apply(ARRAY[(calibration -> 'platt' ->> 0)::float8, (calibration -> 'platt' ->> 1)::float8], log_odds(probs[1]));
		RETURN ARRAY[home, 1 - home];
	ELSE
		RAISE EXCEPTION 'unknown calibration method "%"', calibration ->> 'method' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Methods are none, temperature and platt.';
	END CASE;
END;
$$;
COMMENT ON FUNCTION calibrate(jsonb, float8[]) IS
'Applies a model''s calibration {"method": "none" | "temperature" | "platt", …} to its class probabilities. platt works on the log-odds of the first of two classes.';

CREATE FUNCTION log_odds(p float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN forecast_log_loss(p, false, 1e-15) - forecast_log_loss(p, true, 1e-15);
COMMENT ON FUNCTION log_odds(float8) IS 'ln(p / (1 - p)) of a forecast, held within ±34.5 so that 0 and 1 stay finite. Refuses a probability outside 0..1.';

-- The two places that know what kinds of artifact there are: a new kind is one more branch in each.
CREATE FUNCTION artifact_output(forest forest, coefficients float8[], bet_type text, features real[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coefficients IS NOT NULL THEN logistic_apply(coefficients, features)
	WHEN bet_type = 'moneyline' THEN predict_class(forest, features) ELSE ARRAY[predict(forest, features)] END;
COMMENT ON FUNCTION artifact_output(forest, float8[], text, real[]) IS
'What a model''s artifact itself says, before calibration: class probabilities (moneyline, and every logistic regression), or {margin or total}.';

CREATE FUNCTION artifact_contributions(forest forest, coefficients float8[], features real[])
RETURNS TABLE (feature int, class int, contribution float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT e.feature, e.class, e.contribution FROM explain(forest, features) AS e
	UNION ALL
	SELECT e.feature, e.class, e.contribution FROM logistic_contributions(coefficients, features) AS e;
END;
COMMENT ON FUNCTION artifact_contributions(forest, float8[], real[]) IS
'explain() of a forest or logistic_contributions() of coefficients, whichever the model has: exact Shapley values, feature 0 the rest; they sum to the margin of each class.';

CREATE FUNCTION model_probabilities(forest forest, coefficients float8[], calibration jsonb, features real[]) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN calibrate(calibration, artifact_output(forest, coefficients, 'moneyline', features));
END;
$$;
COMMENT ON FUNCTION model_probabilities(forest, float8[], jsonb, real[]) IS
'Class probabilities of a model, {home, draw, away} or {home, away}: those of its forest or of its coefficients, after calibrate().';

CREATE FUNCTION model_named(model text) RETURNS SETOF model
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN QUERY SELECT m.* FROM bet_edge.model AS m WHERE m.name = model_named.model
		UNION ALL
		SELECT m.* FROM bet_edge.model AS m WHERE m.sport || '/' || m.bet_type = model_named.model AND m.stage = 'production';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown model "%"', model_named.model USING ERRCODE = 'undefined_object',
			HINT = 'A model is named by bet_edge.model.name, or by sport/bet_type for the one in production.';
	END IF;
END;
$$;
COMMENT ON FUNCTION model_named(text) IS 'One model by its name, or by sport/bet_type the one in production; an unknown name is an error (42704).';

CREATE FUNCTION predict(model text, features real[]) RETURNS float8
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN m.bet_type = 'moneyline' THEN (model_probabilities(m.forest, m.coefficients, m.calibration, predict.features))[1]
		ELSE predict(m.forest, predict.features) END
	FROM model_named(predict.model) AS m;
END;
COMMENT ON FUNCTION predict(text, real[]) IS
'Prediction of a named model for features in its order, NULL or NaN = missing: the calibrated probability of the home side (moneyline; of all sides: predict_class()), the home margin (spread), the total; for an imported model what its forest says. A convenience that reads the model table; predict(forest, real[]) is the one to run on replicas and shards.';

CREATE FUNCTION predict_class(model text, features real[]) RETURNS float8[]
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT model_probabilities(m.forest, m.coefficients, m.calibration, predict_class.features) FROM model_named(predict_class.model) AS m;
END;
COMMENT ON FUNCTION predict_class(text, real[]) IS 'Calibrated class probabilities of a named model: {home, draw, away} or {home, away}.';

CREATE FUNCTION record_vector(model text, features record) RETURNS real[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	given jsonb := to_jsonb(features);
	names text[] := (SELECT m.features FROM model_named(record_vector.model) AS m);
	name text;
BEGIN
	FOREACH name IN ARRAY names LOOP
		IF NOT given ? name THEN
			RAISE EXCEPTION 'feature "%" of model "%" is missing from the record', name, record_vector.model USING ERRCODE = 'undefined_column';
		ELSIF jsonb_typeof(given -> name) NOT IN ('number', 'null') AND given ->> name <> 'NaN' THEN
			RAISE EXCEPTION 'feature "%" must be a number, not %', name, given -> name USING ERRCODE = 'datatype_mismatch';
		END IF;
	END LOOP;
	RETURN feature_vector(given, names);
END;
$$;
COMMENT ON FUNCTION record_vector(text, record) IS 'A record''s columns as the feature vector of a named model, matched by name; further columns are ignored. A missing column (42703) and one that is no number (42804) are errors that name it.';

CREATE FUNCTION predict(model text, features record) RETURNS float8
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$ BEGIN RETURN predict(model, record_vector(model, features)); END; $$;
COMMENT ON FUNCTION predict(text, record) IS 'predict(model, real[]) for a record whose columns are matched to the model''s feature names.';

CREATE FUNCTION predict_class(model text, features record) RETURNS float8[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$ BEGIN RETURN predict_class(model, record_vector(model, features)); END; $$;
COMMENT ON FUNCTION predict_class(text, record) IS 'predict_class(model, real[]) for a record whose columns are matched to the model''s feature names.';

CREATE FUNCTION explain(model text, features real[])
RETURNS TABLE (feature text, class int, contribution float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN e.feature = 0 THEN 'bias' ELSE m.features[e.feature] END, e.class, e.contribution
	FROM model_named(explain.model) AS m, artifact_contributions(m.forest, m.coefficients, explain.features) AS e;
END;
COMMENT ON FUNCTION explain(text, real[]) IS 'Exact Shapley values (TreeSHAP; of a logistic regression coefficient x (feature - mean)) of a named model''s features, and the bias: they sum to the margin (log-odds before calibration, or points).';

CREATE FUNCTION import_model(name text, artifact text, features text[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	f forest := import_model.artifact::forest;
	id bigint;
BEGIN
	IF import_model.name IS NULL OR f IS NULL THEN
		RAISE EXCEPTION '% must not be NULL', CASE WHEN import_model.name IS NULL THEN 'name' ELSE 'artifact' END USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF cardinality(import_model.features) <> (forest_summary(f)).features THEN
		RAISE EXCEPTION 'features must name % features, not %', (forest_summary(f)).features, cardinality(import_model.features) USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO model (name, framework, features, knowledge_cutoff, forest, sha256, stage)
	VALUES (import_model.name, 'xgboost',
		coalesce(import_model.features, (SELECT array_agg('f' || i ORDER BY i) FROM generate_series(0, (forest_summary(f)).features - 1) AS i)),
		now(), f, forest_sha256(f), 'candidate')
	RETURNING model_id INTO id;
	RETURN id;
END;
$$;
COMMENT ON FUNCTION import_model(text, text, text[]) IS 'Stores a model saved by XGBoost as JSON under a name; features default to f0, f1, …. Returns model_id. What the strict parser of forest refuses is an error (22P02); a name that is taken is 23505.';

CREATE FUNCTION import_model(name text, artifact bytea, features text[] DEFAULT NULL) RETURNS bigint
LANGUAGE sql VOLATILE
BEGIN ATOMIC
	SELECT import_model(import_model.name, import_model.artifact::forest::text, import_model.features);
END;
COMMENT ON FUNCTION import_model(text, bytea, text[]) IS 'import_model() for the bytes of XGBoost''s save_model or save_raw, UBJSON or JSON; bytes that are neither are an error (22P03).';

CREATE FUNCTION export_model(name text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(m.forest::text, jsonb_build_object('framework', m.framework, 'features', m.features, 'coefficients', m.coefficients)::text)
	FROM model_named(export_model.name) AS m;
END;
COMMENT ON FUNCTION export_model(text) IS 'A model as XGBoost''s own JSON, for Booster.load_model(); a logistic regression as {"framework", "features", "coefficients"}, the matrix that logistic_apply() takes.';
