-- model: the registry. Every forest that ever priced anything is a row, folds of a walk-forward
-- run included, so that the past is priced by the same code as the present.

CREATE TABLE training_run (
	run_id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sport               text NOT NULL REFERENCES sport,
	bet_type            text NOT NULL CHECK (bet_type IN ('moneyline', 'spread', 'total')),
	framework           text NOT NULL CHECK (framework IN ('xgboost', 'logistic', 'mean')),
	market              text NOT NULL DEFAULT 'feature' CHECK (market IN ('feature', 'margin', 'blend', 'none')),
	status              text NOT NULL CHECK (status IN ('queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled')),
	holdout_season      int,
	feature_function    text NOT NULL,
	params              jsonb NOT NULL,
	rounds              int NOT NULL,
	refit_weeks         int NOT NULL,
	max_runtime_seconds int NOT NULL,
	search              jsonb,
	trials              int,
	early_stopping      int,
	validation_weeks    int NOT NULL DEFAULT 8,
	window_weeks        int,
	embargo_days        int NOT NULL DEFAULT 0,
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
COMMENT ON COLUMN training_run.market IS 'What becomes of the odds of a game''s row: feature: columns like others; margin: the de-vigged market is what the model starts from (its base margin: outcomes, or the mean margin or total that price and line imply), odds are no features; blend: odds are no features, and the out-of-fold forecasts are weighed against the market; none: unused. Models of the last two start from the features rated_home, rated_draw and rated_away where there are such.';
COMMENT ON COLUMN training_run.holdout_season IS 'This season and every later one stay out of the training; holdout_rows counts what was left out.';
COMMENT ON COLUMN training_run.search IS 'Parameters to choose from within each fold, {"max_depth": [2, 3], "rounds": [100, 300]}, NULL: none.';
COMMENT ON COLUMN training_run.trials IS 'How many of the combinations of search are tried, drawn by params.seed; NULL: all.';
COMMENT ON COLUMN training_run.early_stopping IS 'Rounds without a better validation after which the trees stop; NULL: rounds as they are.';
COMMENT ON COLUMN training_run.validation_weeks IS 'Length of the validation part at the end of what a fold knows.';
COMMENT ON COLUMN training_run.window_weeks IS 'Rolling: a fold trains on the games decided in so many weeks before it; NULL, expanding: on all.';
COMMENT ON COLUMN training_run.embargo_days IS 'A fold trains on results that were known so many days before it.';
COMMENT ON COLUMN training_run.as_of IS 'The facts that were known then are its data: set when it first starts, kept by repeat_training().';
COMMENT ON COLUMN training_run.data_fingerprint IS 'SHA-256 over games, times, labels and features in training order.';
COMMENT ON COLUMN training_run.parameter_fingerprint IS 'SHA-256 over target, framework, feature names, hold-out, refit weeks, rounds and params.';
COMMENT ON COLUMN training_run.from_queue IS 'Asked for by queue_training(): the queue takes it up again when it is interrupted.';
COMMENT ON COLUMN training_run.attempts IS 'How often it was started.';
COMMENT ON COLUMN training_run.repeats IS 'The run that it trains again, see repeat_training().';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_run', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_run_run_id_seq', '');

CREATE TABLE training_setting (
	sport     text NOT NULL REFERENCES sport,
	bet_type  text NOT NULL CHECK (bet_type IN ('moneyline', 'spread', 'total')),
	framework text NOT NULL CHECK (framework IN ('xgboost', 'logistic', 'mean')),
	market    text NOT NULL CHECK (market IN ('feature', 'margin', 'blend', 'none')),
	rounds    int NOT NULL DEFAULT 150 CHECK (rounds BETWEEN 1 AND 10000),
	params    jsonb NOT NULL DEFAULT '{}',
	builtin   boolean NOT NULL DEFAULT false,
	PRIMARY KEY (sport, bet_type)
);
COMMENT ON TABLE training_setting IS 'How a target is trained where train_model() and queue_training() are not told otherwise; a target without a row: xgboost, market feature, 150 rounds. Shipped rows were chosen by out-of-fold log loss before 2023 (see the page of this stage).';
COMMENT ON COLUMN training_setting.market IS 'As training_run.market.';
COMMENT ON COLUMN training_setting.params IS 'Of its framework; what train_model() is given goes over it.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_setting', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON training_setting FOR EACH ROW EXECUTE FUNCTION keep_own_row('sport', 'bet_type');
INSERT INTO training_setting (sport, bet_type, framework, market, rounds, params, builtin)
SELECT l, 'moneyline', 'logistic', 'blend', 150, '{"ridge": 10}'::jsonb, true FROM unnest('{NFL,NBA,NHL,MLB}'::text[]) AS l
UNION ALL	-- soccer's ratings say nearly all: a league's few games may correct them a little
SELECT s.sport, 'moneyline', 'mean', 'blend', 30, '{"ridge": 10000, "eta": 0.02}', true FROM sport AS s WHERE s.family = 'soccer' AND s.sport <> 'SIM';
INSERT INTO training_setting (sport, bet_type, framework, market, builtin)
SELECT s.sport, t.bet_type, 'xgboost', 'blend', true FROM sport AS s, unnest('{spread,total}'::text[]) AS t (bet_type) WHERE s.builtin AND s.family <> 'tennis' AND s.sport <> 'SIM';

CREATE FUNCTION forest_sha256(f forest) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(sha256(convert_to(f::text, 'UTF8')), 'hex');
COMMENT ON FUNCTION forest_sha256(forest) IS 'SHA-256 of a forest''s text form, in hexadecimal.';

CREATE FUNCTION artifact_sha256(forest forest, coefficients float8[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coefficients IS NULL THEN forest_sha256(forest) WHEN forest IS NULL THEN encode(sha256(array_send(coefficients)), 'hex')
	ELSE encode(sha256(convert_to(forest_sha256(forest), 'UTF8') || array_send(coefficients)), 'hex') END;
COMMENT ON FUNCTION artifact_sha256(forest, float8[]) IS 'SHA-256 of a model''s artifact, in hexadecimal: of a forest''s text form, of the bytes of a logistic regression''s coefficients, or of the one''s checksum and the other''s bytes.';

CREATE TABLE model (
	model_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name             text NOT NULL UNIQUE,
	sport            text REFERENCES sport,
	bet_type         text,
	framework        text NOT NULL,
	market           text NOT NULL DEFAULT 'feature',
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
	key_numbers      key_numbers,
	metrics          jsonb NOT NULL DEFAULT '{}',
	stage            text NOT NULL CHECK (stage IN ('fold', 'candidate', 'production', 'archived')),
	created_at       timestamptz NOT NULL DEFAULT now(),
	CHECK (num_nonnulls(forest, coefficients) >= 1),
	CHECK (sha256 = artifact_sha256(forest, coefficients))
);
COMMENT ON TABLE model IS 'Models: artifact (a forest, the coefficients of a logistic regression, or both, whose log odds are averaged), feature names in order, calibration and residuals. stage fold: one step of a walk-forward run, which prices the past; production: the live one, one per sport and bet type (since when: model_live); archived: was live; candidate: never was.';
COMMENT ON COLUMN model.name IS 'sport/bet_type/run_id, folds with /fold; what predict(model, …) takes.';
COMMENT ON COLUMN model.knowledge_cutoff IS 'Latest known_at of any label in its training rows: it may price nothing earlier.';
COMMENT ON COLUMN model.market IS 'As training_run.market: margin says that it adds to the market.';
COMMENT ON COLUMN model.coefficients IS 'What logistic_fit() gave (framework logistic and mean).';
COMMENT ON COLUMN model.sha256 IS 'artifact_sha256(forest, coefficients); a row whose artifact does not match cannot be stored or restored.';
COMMENT ON COLUMN model.calibration IS 'As calibrate() takes it, of spread and total as calibrate_number() does, fitted on earlier out-of-fold predictions.';
COMMENT ON COLUMN model.residuals IS 'Out-of-fold residuals (observed - predicted) of a spread or total model, all from before the cutoff: the conformal intervals.';
COMMENT ON COLUMN model.key_numbers IS 'Of a spread or total model of a two-way sport, from the same forecasts: what makes a law of its prediction.';
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
	params        jsonb,
	rounds        int,
	PRIMARY KEY (run_id, fold)
);
COMMENT ON TABLE training_fold IS 'Walk-forward folds as they finish. losses: mean out-of-fold log loss (moneyline) by calibration method, each fitted on the folds before; of spread and total squared_error, and log loss at the quoted line by method.';
COMMENT ON COLUMN training_fold.params IS 'Of its model: those of the run, over them the best trial''s.';
COMMENT ON COLUMN training_fold.rounds IS 'Of its trees: the run''s, or those of the best trial.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_fold', '');

CREATE TABLE training_trial (
	run_id   bigint NOT NULL REFERENCES training_run ON DELETE CASCADE,
	fold     int NOT NULL,
	trial    int NOT NULL,
	params   jsonb NOT NULL,
	rounds   int NOT NULL,
	loss     float8,
	n        int NOT NULL,
	seconds  float8 NOT NULL,
	status   text NOT NULL CHECK (status IN ('finished', 'failed')),
	message  text,
	PRIMARY KEY (run_id, fold, trial),
	CHECK ((loss IS NOT NULL) = (status = 'finished'))
);
COMMENT ON TABLE training_trial IS 'Every trial of a search or an early stopping, as it ends: within a fold, trained on what was known before the validation part and judged there. The fold''s model is trained on all that the fold knows, by the trial of least loss.';
COMMENT ON COLUMN training_trial.fold IS 'As training_fold.fold; one more than the last one is the model itself.';
COMMENT ON COLUMN training_trial.params IS 'What it changes of the run''s.';
COMMENT ON COLUMN training_trial.rounds IS 'Rounds of its trees; where early stopping is asked for, those up to the best.';
COMMENT ON COLUMN training_trial.loss IS 'Mean over the validation games: log loss (moneyline, before calibration) or squared error. NULL: it failed, and message says why.';
COMMENT ON COLUMN training_trial.n IS 'Validation games.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.training_trial', '');

CREATE TABLE oof_prediction (
	run_id   bigint NOT NULL REFERENCES training_run ON DELETE CASCADE,
	game_id  bigint NOT NULL,
	fold     int NOT NULL,
	as_of    timestamptz NOT NULL,
	raw      float8[] NOT NULL,
	market   float8[],
	label    float8 NOT NULL,
	PRIMARY KEY (run_id, game_id)
);
COMMENT ON TABLE oof_prediction IS 'Out-of-fold predictions: the forest''s own output before calibration, and the label it was to foretell. They alone feed calibration and residuals.';
COMMENT ON COLUMN oof_prediction.raw IS 'Class probabilities {home, draw, away} or {home, away} (moneyline), of framework mean those of the trees and those of the logistic regression, {{…},{…}}; {predicted margin or total} otherwise.';
COMMENT ON COLUMN oof_prediction.market IS 'What the market of the game''s row said (row_market()), where the run weighs it (market margin and blend).';
COMMENT ON COLUMN oof_prediction.label IS 'Class from 1 (moneyline), home margin or total.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.oof_prediction', '');

CREATE FUNCTION feature_vector(features jsonb, names text[]) RETURNS real[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg((features ->> n.name)::real ORDER BY n.position)
	FROM unnest(names) WITH ORDINALITY AS n (name, position);
END;
COMMENT ON FUNCTION feature_vector(jsonb, text[]) IS 'The named numbers of a JSON object as real[], in the order of names; absent and null are NULL, which a forest takes for missing.';

CREATE FUNCTION log_odds(p float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN forecast_log_loss(p, false, 1e-15) - forecast_log_loss(p, true, 1e-15);
COMMENT ON FUNCTION log_odds(float8) IS 'ln(p / (1 - p)) of a forecast, held within ±34.5 so that 0 and 1 stay finite. Refuses a probability outside 0..1.';

-- What the market of a game's feature row says of a bet type, and what a model adds to when it starts from that.
CREATE FUNCTION row_market(features jsonb, bet_type text) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE bet_type
	WHEN 'spread' THEN CASE WHEN coalesce(features ->> 'implied_margin', features ->> 'current_spread') IS NOT NULL THEN ARRAY[coalesce((features ->> 'implied_margin')::float8,
		-(features ->> 'current_spread')::float8), (features ->> 'market_spread')::float8, (features ->> 'market_cover')::float8, (features ->> 'implied_total')::float8] END
	WHEN 'total' THEN CASE WHEN coalesce(features ->> 'implied_total', features ->> 'current_total') IS NOT NULL THEN ARRAY[coalesce((features ->> 'implied_total')::float8,
		(features ->> 'current_total')::float8), (features ->> 'market_total')::float8, (features ->> 'market_over')::float8, (features ->> 'implied_margin')::float8] END
	ELSE CASE WHEN features ->> 'market_home' IS NOT NULL AND features ->> 'market_away' IS NOT NULL THEN
		array_remove(ARRAY[(features ->> 'market_home')::float8, (features ->> 'market_draw')::float8, (features ->> 'market_away')::float8], NULL) END END;
COMMENT ON FUNCTION row_market(jsonb, text) IS
'What the market of a feature row (as JSON) says of a bet type. moneyline: probabilities {home, draw, away} or {home, away}, its columns market_home, market_draw, market_away. spread: {implied_margin, market_spread, market_cover, implied_total}; total: {implied_total, market_total, market_over, implied_margin}: the mean, the line and the probability at it that it was read from, and the other mean, which a grid of goals needs; without an implied mean (no key numbers yet) current_spread and current_total stand in for it. NULL where it was not quoted.';

CREATE FUNCTION market_margin(bet_type text, market float8[]) RETURNS real[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT and without a query, so that the planner can inline it
RETURN CASE WHEN bet_type <> 'moneyline' THEN market[1:1]::real[]
	WHEN cardinality(market) = 2 THEN ARRAY[-log_odds(market[1])]::real[]
	WHEN cardinality(market) = 3 THEN ARRAY[ln(greatest(market[1], 1e-15)), ln(greatest(market[2], 1e-15)), ln(greatest(market[3], 1e-15))]::real[] END;
COMMENT ON FUNCTION market_margin(text, float8[]) IS
'What row_market() said as the base margin of a model: the logarithm of each of three probabilities, the log odds of the second of two, the mean margin or total itself.';

CREATE FUNCTION model_margin(setting text, bet_type text, market float8[], names text[] DEFAULT '{}', features real[] DEFAULT '{}') RETURNS real[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	rated float8[];
BEGIN
	IF setting IN ('none', 'blend') AND bet_type = 'moneyline' AND 'rated_home' = ANY (names) THEN
		rated := ARRAY[features[array_position(names, 'rated_home')], features[array_position(names, 'rated_draw')], features[array_position(names, 'rated_away')]];
		RETURN CASE WHEN rated[1] IS NOT NULL AND rated[3] IS NOT NULL THEN market_margin(bet_type, array_remove(rated, NULL)) END;
	END IF;
	RETURN CASE WHEN setting = 'margin' THEN market_margin(bet_type, market)
	-- trees say nothing beyond the numbers they have seen, and totals rise
	WHEN setting IN ('none', 'blend') AND bet_type = 'spread' AND 'kalman_margin' = ANY (names) THEN nullif(ARRAY[features[array_position(names, 'kalman_margin')]], '{NULL}')
	WHEN setting IN ('none', 'blend') AND bet_type = 'total' AND 'kalman_total' = ANY (names) THEN nullif(ARRAY[features[array_position(names, 'kalman_total')]], '{NULL}')
	ELSE '{}' END;
END $$;
COMMENT ON FUNCTION model_margin(text, text, float8[], text[], real[]) IS
'The base margin of a model of a setting of training_run.market: for margin market_margin(); for none and blend of a moneyline model with the features rated_home, rated_draw and rated_away (by names) the same of those, of a spread or total model with kalman_margin or kalman_total that number; empty for the others. NULL where what it starts from is unknown: such a model then has nothing to say.';

CREATE FUNCTION pooled(probs float8[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN array_ndims(probs) = 2 THEN blend(probs, array_fill(1 / array_length(probs, 1)::float8, ARRAY[array_length(probs, 1)])) ELSE probs END;
COMMENT ON FUNCTION pooled(float8[]) IS 'One forecast as it is; of a matrix of several, the mean of their log odds (blend() with equal weights).';

CREATE FUNCTION calibrate(calibration jsonb, probs float8[], market float8[] DEFAULT NULL) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	weights float8[] := (SELECT array_agg(w::float8 ORDER BY n) FROM jsonb_array_elements_text(calibration -> 'weights') WITH ORDINALITY AS x (w, n));
	own     float8[];
	fit     float8[];
BEGIN
	IF calibration IS NULL OR probs IS NULL THEN
		RETURN NULL;
	END IF;
	CASE calibration ->> 'method'
	WHEN 'none' THEN
		RETURN pooled(probs);
	WHEN 'temperature' THEN
		RETURN temperature_apply((calibration ->> 'temperature')::float8, pooled(probs));
	WHEN 'platt', 'beta', 'isotonic' THEN
		own := pooled(probs);
		IF cardinality(own) <> 2 THEN
			RAISE EXCEPTION '% calibration takes 2 probabilities, not %', calibration ->> 'method', cardinality(own) USING ERRCODE = 'invalid_parameter_value';
		END IF;
		fit := translate(calibration ->> (calibration ->> 'method'), '[]', '{}')::float8[];
		own[1] := CASE calibration ->> 'method' WHEN 'platt' THEN platt_apply(fit, log_odds(own[1])) WHEN 'beta' THEN beta_apply(fit, own[1])
			-- an end of the curve where all games went one way is no certainty
			ELSE least(greatest(isotonic_apply(fit, own[1]), (calibration ->> 'least')::float8), 1 - (calibration ->> 'least')::float8) END;
		RETURN ARRAY[own[1], 1 - own[1]];
	WHEN 'trees', 'logistic' THEN
		RETURN blend(probs, weights);
	WHEN 'market', 'blend' THEN
		IF market IS NULL THEN
			RETURN calibrate(coalesce(calibration -> 'without_market', '{"method": "none"}'), probs);
		END IF;
		RETURN blend(CASE array_ndims(probs) WHEN 2 THEN probs || market ELSE ARRAY[probs, market] END, weights);
	ELSE
		RAISE EXCEPTION 'unknown calibration method "%"', calibration ->> 'method' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Methods are none, temperature, platt, beta, isotonic, trees, logistic, market and blend.';
	END CASE;
END;
$$;
COMMENT ON FUNCTION calibrate(jsonb, float8[], float8[]) IS
'A model''s forecast from what its artifact says (class probabilities; of framework mean a row of trees and one of logistic regression) and, where its calibration weighs it, the market of the row. {"method": …}: none: as they are, several as the mean of their log odds; temperature {"temperature": T}, of two classes, by the first: platt {"platt": [A, B]} on its log odds, beta {"beta": [a, b, c]}, isotonic {"isotonic": [[scores], [values]], "least": p}, never below p or above 1 - p; trees, logistic: one of the two alone; market: the market itself; blend: blend() by {"weights": […]}, the market''s last. Where market is NULL, market and blend are {"without_market": another calibration}. NULL where calibration or probs is.';

CREATE FUNCTION calibrate_number(calibration jsonb, said float8, market float8 DEFAULT NULL) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN market IS NULL THEN said
	ELSE CASE calibration ->> 'method' WHEN 'market' THEN market WHEN 'blend' THEN market + (calibration -> 'weights' ->> 0)::float8 * (said - market) ELSE said END END;
COMMENT ON FUNCTION calibrate_number(jsonb, float8, float8) IS
'A model''s margin or total from what its artifact says and what the market implies, as calibrate() does for probabilities: none: as it is; market: the market''s; blend: the mean of both by {"weights": [own, market]}. Where market is NULL, as it is.';

-- The two places that know what kinds of artifact there are: a new kind is one more branch in each.
CREATE FUNCTION artifact_output(forest forest, coefficients float8[], bet_type text, features real[], base_margin real[] DEFAULT '{}') RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN base_margin IS NULL OR features IS NULL THEN NULL
	WHEN num_nonnulls(forest, coefficients) = 2 THEN ARRAY[predict_class(forest, features, base_margin), logistic_apply(coefficients, features, base_margin)]
	WHEN coefficients IS NOT NULL THEN logistic_apply(coefficients, features, base_margin)
	WHEN bet_type = 'moneyline' THEN predict_class(forest, features, base_margin) ELSE ARRAY[predict(forest, features, base_margin)] END;
COMMENT ON FUNCTION artifact_output(forest, float8[], text, real[], real[]) IS
'What a model''s artifact itself says, before calibration: class probabilities (moneyline, and every logistic regression), of a forest and coefficients both as {{…},{…}}, or {margin or total}. base_margin as model_margin() gives it; NULL gives NULL.';

CREATE FUNCTION artifact_contributions(forest forest, coefficients float8[], features real[], base_margin real[] DEFAULT '{}')
RETURNS TABLE (feature int, class int, contribution float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT c.feature, c.class, (sum(c.contribution) + CASE c.feature WHEN 0 THEN sum(coalesce(base_margin[c.class] - c.base, 0)) ELSE 0 END) / num_nonnulls(forest, coefficients)
	FROM (
		SELECT e.feature, e.class, e.contribution, s.base_margin AS base FROM explain(forest, features) AS e, forest_summary(forest) AS s
		UNION ALL
		SELECT e.feature, e.class, e.contribution, 0 FROM logistic_contributions(coefficients, features) AS e) AS c
	GROUP BY c.class, c.feature ORDER BY c.class, c.feature;
END;
COMMENT ON FUNCTION artifact_contributions(forest, float8[], real[], real[]) IS
'explain() of a forest or logistic_contributions() of coefficients, whichever the model has, or the mean of both: exact Shapley values, feature 0 the rest, base_margin within it; they sum to the margin of each class.';

CREATE FUNCTION model_probabilities(forest forest, coefficients float8[], calibration jsonb, features real[], market float8[] DEFAULT NULL, base_margin real[] DEFAULT '{}') RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN calibrate(calibration, artifact_output(forest, coefficients, 'moneyline', features, base_margin), market);
END;
$$;
COMMENT ON FUNCTION model_probabilities(forest, float8[], jsonb, real[], float8[], real[]) IS
'Class probabilities of a model, {home, draw, away} or {home, away}: those of its artifact on top of base_margin (model_margin()), after calibrate() with the market of the row.';

CREATE FUNCTION model_number(forest forest, coefficients float8[], calibration jsonb, bet_type text, features real[], market float8[] DEFAULT NULL, base_margin real[] DEFAULT '{}') RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN calibrate_number(calibration, (artifact_output(forest, coefficients, bet_type, features, base_margin))[1], market[1]);
COMMENT ON FUNCTION model_number(forest, float8[], jsonb, text, real[], float8[], real[]) IS
'Margin or total of a model, as model_probabilities() for outcomes: that of its artifact on top of base_margin (model_margin()), after calibrate_number() with the market of the row (row_market()).';

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

CREATE FUNCTION predict(model text, features real[], market float8[] DEFAULT NULL) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN m.bet_type = 'moneyline' THEN (model_probabilities(m.forest, m.coefficients, m.calibration, predict.features, predict.market, b.margin))[1]
		ELSE calibrate_number(m.calibration, predict(m.forest, predict.features, b.margin), predict.market[1]) END
	FROM model_named(predict.model) AS m CROSS JOIN LATERAL (SELECT model_margin(m.market, m.bet_type, predict.market, m.features, predict.features) AS margin) AS b;
END;
COMMENT ON FUNCTION predict(text, real[], float8[]) IS
'Prediction of a named model for features in its order, NULL or NaN = missing, and the market as row_market() has it (for models that weigh it or start from it; one that starts from it gives NULL without): the calibrated probability of the home side (moneyline; of all sides: predict_class()), the home margin (spread), the total; for an imported model what its forest says. A convenience that reads the model table; predict(forest, real[]) is the one to run on replicas and shards.';

CREATE FUNCTION predict_class(model text, features real[], market float8[] DEFAULT NULL) RETURNS float8[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT model_probabilities(m.forest, m.coefficients, m.calibration, predict_class.features, predict_class.market, model_margin(m.market, m.bet_type, predict_class.market, m.features, predict_class.features))
	FROM model_named(predict_class.model) AS m;
END;
COMMENT ON FUNCTION predict_class(text, real[], float8[]) IS 'Calibrated class probabilities of a named model, {home, draw, away} or {home, away}; features and market as for predict().';

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
AS $$ BEGIN RETURN predict(model, record_vector(model, features), (SELECT row_market(to_jsonb(predict.features), m.bet_type) FROM model_named(predict.model) AS m)); END; $$;
COMMENT ON FUNCTION predict(text, record) IS 'predict(model, real[]) for a record whose columns are matched to the model''s feature names and, where they are there, the market''s.';

CREATE FUNCTION predict_class(model text, features record) RETURNS float8[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$ BEGIN RETURN predict_class(model, record_vector(model, features), (SELECT row_market(to_jsonb(predict_class.features), m.bet_type) FROM model_named(predict_class.model) AS m)); END; $$;
COMMENT ON FUNCTION predict_class(text, record) IS 'predict_class(model, real[]) for a record whose columns are matched to the model''s feature names and, where they are there, the market''s.';

CREATE FUNCTION explain(model text, features real[], market float8[] DEFAULT NULL)
RETURNS TABLE (feature text, class int, contribution float8, prediction float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN e.feature = 0 THEN 'bias' ELSE m.features[e.feature] END, e.class, e.contribution,
		p.said[e.class + (m.bet_type = 'moneyline' AND cardinality(p.said) = 2)::int]
	FROM model_named(explain.model) AS m CROSS JOIN LATERAL (SELECT model_margin(m.market, m.bet_type, explain.market, m.features, explain.features) AS margin) AS b
	CROSS JOIN LATERAL (SELECT CASE WHEN m.bet_type = 'moneyline' THEN model_probabilities(m.forest, m.coefficients, m.calibration, explain.features, explain.market, b.margin)
		WHEN (forest_summary(m.forest)).outputs > 1 THEN predict_class(m.forest, explain.features) ELSE ARRAY[predict(m.forest, explain.features, b.margin)] END AS said OFFSET 0) AS p,
		artifact_contributions(m.forest, m.coefficients, explain.features, coalesce(b.margin, '{}')) AS e;
END;
COMMENT ON FUNCTION explain(text, real[], float8[]) IS
'Exact Shapley values (TreeSHAP; of a logistic regression coefficient x (feature - mean)) of a named model''s features, and the bias, which holds the market where the model starts from it: they sum to the margin of the class, which is before calibration (log odds, of two outcomes those of the second, or points). prediction, the same in all rows of a class, is what the model says of it after calibration, as predict() and predict_class() do: the probability of the class (of two outcomes the second), the margin, the total.';

CREATE FUNCTION explain(model text, features record) RETURNS TABLE (feature text, class int, contribution float8, prediction float8)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT e.* FROM model_named(explain.model) AS m,
		explain(explain.model, record_vector(explain.model, explain.features), row_market(to_jsonb(explain.features), m.bet_type)) AS e;
END;
$$;
COMMENT ON FUNCTION explain(text, record) IS 'explain(model, real[]) for a record whose columns are matched to the model''s feature names and, where they are there, the market''s.';

CREATE FUNCTION import_model(name text, artifact text, features text[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	f     forest := import_model.artifact::forest;
	width int := (forest_summary(f)).features;
	names text[] := coalesce(import_model.features,
		(SELECT array_agg(n ORDER BY place) FROM jsonb_array_elements_text((forest_summary(f)).feature_names) WITH ORDINALITY AS u (n, place)),
		(SELECT array_agg('f' || i ORDER BY i) FROM generate_series(0, width - 1) AS i));
	id    bigint;
BEGIN
	IF import_model.name IS NULL OR f IS NULL THEN
		RAISE EXCEPTION '% must not be NULL', CASE WHEN import_model.name IS NULL THEN 'name' ELSE 'artifact' END USING ERRCODE = 'null_value_not_allowed';
	ELSIF import_model.name = '' THEN
		RAISE EXCEPTION 'name must not be empty' USING ERRCODE = 'invalid_parameter_value';
	ELSIF import_model.name ~ '^[^/]+/(moneyline|spread|total)(/|$)' THEN
		RAISE EXCEPTION 'name must not begin like those of trained models, sport/bet_type: "%"', import_model.name USING ERRCODE = 'invalid_parameter_value';
	ELSIF cardinality(names) <> width THEN
		RAISE EXCEPTION 'features must name % features, not %', width, cardinality(names) USING ERRCODE = 'invalid_parameter_value';
	ELSIF array_ndims(names) <> 1 THEN
		RAISE EXCEPTION 'features must have one dimension' USING ERRCODE = 'array_subscript_error';
	ELSIF array_position(names, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'features must not contain NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF EXISTS (SELECT FROM unnest(names) AS n GROUP BY n HAVING count(*) > 1) THEN
		RAISE EXCEPTION 'features has "%" twice', (SELECT min(n) FROM (SELECT n FROM unnest(names) AS n GROUP BY n HAVING count(*) > 1) AS twice) USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO model (name, framework, features, knowledge_cutoff, forest, sha256, stage)
	VALUES (import_model.name, 'xgboost', names, now(), f, forest_sha256(f), 'candidate')
	RETURNING model_id INTO id;
	RETURN id;
END;
$$;
COMMENT ON FUNCTION import_model(text, text, text[]) IS 'Stores a model saved by XGBoost as JSON under a name; features default to the names that it carries (of a DataFrame''s columns, say), else to f0, f1, …. Returns model_id. Errors: what the strict parser of forest refuses (22P02); a name that is taken (23505), empty or like those of trained models, sport/bet_type (22023); another number of features, one twice, one NULL (22023, 22004).';

CREATE FUNCTION import_model(name text, artifact bytea, features text[] DEFAULT NULL) RETURNS bigint
LANGUAGE sql VOLATILE
BEGIN ATOMIC
	SELECT import_model(import_model.name, import_model.artifact::forest::text, import_model.features);
END;
COMMENT ON FUNCTION import_model(text, bytea, text[]) IS 'import_model() for the bytes of XGBoost''s save_model or save_raw, UBJSON or JSON; bytes that are neither are an error (22P03).';

CREATE FUNCTION export_model(name text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN m.coefficients IS NULL THEN f.json
		WHEN m.forest IS NULL THEN r.regression::text
		-- XGBoost keeps attributes of strings: Booster.attributes()
		ELSE overlay(f.json PLACING (a.kept::jsonb || (SELECT jsonb_object_agg(e.key, coalesce(e.value #>> '{}', '')) FROM jsonb_each(r.regression) AS e))::text
			FROM position(a.kept IN f.json) FOR length(a.kept)) END
	FROM model_named(export_model.name) AS m
	CROSS JOIN LATERAL (SELECT m.forest::text AS json OFFSET 0) AS f
	CROSS JOIN LATERAL (SELECT substring(f.json FROM '^{"learner":{"attributes":({(?:"(?:[^"\\]|\\.)*"[:,]?)*})') AS kept OFFSET 0) AS a
	CROSS JOIN LATERAL (SELECT jsonb_build_object('framework', m.framework, 'features', m.features, 'coefficients', m.coefficients) AS regression) AS r;
END;
COMMENT ON FUNCTION export_model(text) IS 'A model''s artifact as XGBoost''s own JSON, for Booster.load_model(); a logistic regression as {"framework", "features", "coefficients"}, the matrix that logistic_apply() takes; of framework mean the trees, with these three (as JSON in strings) among their attributes, Booster.attributes(): the forecast is the mean of both log odds. What a model starts from (model_margin()) and its calibration are not part of an artifact.';

