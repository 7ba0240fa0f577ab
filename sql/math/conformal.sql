-- How far outcomes may lie from predictions, with a coverage that holds for any model.

-- ---- split, absolute and normalised --------------------------------------------------------------

CREATE FUNCTION conformal_quantile(scores float8[], alpha float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_quantile(float8[], float8) IS
'Split-conformal quantile: the ceil((n+1)(1-alpha))-th smallest of n calibration scores, which the score of a new case exceeds with probability at most alpha. Infinity when there are too few scores for alpha. The rank is that of the decimal alpha as written. A literal array needs its type, ''{1,2,3}''::float8[], else it is taken for the aggregate''s score. Refuses no scores, NULL, NaN, and alpha outside (0,1). Sources: Vovk et al. 2005; Lei et al. 2018.';

CREATE FUNCTION conformal_interval(prediction float8, scores float8[], alpha float8 DEFAULT 0.05, sigma float8 DEFAULT 1,
		OUT lower float8, OUT upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_interval(float8, float8[], float8, float8) IS
'Prediction interval with coverage of at least 1 - alpha: prediction -/+ conformal_quantile(scores, alpha) * sigma. scores: absolute errors on calibration cases, divided by each case''s sigma where sigma is used; sigma: expected size of this case''s error. From -Infinity to Infinity when there are too few scores. Refuses what conformal_quantile refuses, a sigma not above 0, and scores whose quantile is negative. Sources: Lei et al. 2018; Papadopoulos et al. 2008.';

CREATE FUNCTION conformal_accum(internal, float8, float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION conformal_accum(internal, float8, float8) IS 'Transition function of conformal_quantile.';
CREATE FUNCTION conformal_final(internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION conformal_final(internal) IS 'Final function of conformal_quantile.';

CREATE AGGREGATE conformal_quantile(score float8, alpha float8) (
	SFUNC = conformal_accum, STYPE = internal, FINALFUNC = conformal_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE conformal_quantile(float8, float8) IS
'Split-conformal quantile of the scores of a group: the ceil((n+1)(1-alpha))-th smallest, Infinity when there are too few. Rows where score or alpha is NULL are left out; NULL without rows. alpha is the same in all rows. Keeps all scores in memory (8 bytes each). Refuses NaN and alpha outside (0,1). Sources: Vovk et al. 2005; Lei et al. 2018.';

-- ---- per category, p-values -------------------------------------------------------------------

CREATE FUNCTION conformal_mondrian(scores float8[], categories text[], alpha float8, category text) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_mondrian' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_mondrian(float8[], text[], float8, text) IS
'Mondrian conformal quantile: conformal_quantile of those scores whose category (categories[i] is that of scores[i]) is category, so that the coverage of 1 - alpha holds within it. Infinity for a category with too few scores, or none. Over rows the same is conformal_quantile(score, alpha) with GROUP BY. Refuses what conformal_quantile refuses, categories of another number, NULL ones. Source: Vovk et al. 2005.';

CREATE FUNCTION conformal_pvalue(scores float8[], score float8, u float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_pvalue' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_pvalue(float8[], float8, float8) IS
'Conformal p-value of a new case with this score: (scores above it + u * (scores equal to it + 1)) / (n + 1). With u = 1 it is at most p with probability at most p; with u drawn evenly from 0 to 1 (smoothed) it is uniform. Refuses no scores, NULL, NaN and u outside 0 to 1. Source: Vovk et al. 2005.';

-- ---- weighted -----------------------------------------------------------------------------------

CREATE FUNCTION conformal_weighted_quantile(scores float8[], weights float8[], alpha float8, test_weight float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_weighted_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_weighted_quantile(float8[], float8[], float8, float8) IS
'Weighted conformal quantile: the smallest score with which the greater scores and the new case together weigh at most alpha of the whole, test_weight included; Infinity when the new case alone weighs more. Weights are relative: the density ratio of new to calibration cases under covariate shift (Tibshirani et al. 2019; test_weight is the new case''s own), or a decay such as 0.99^days with test_weight 1 when the world drifts (Barber et al. 2023). Equal weights give conformal_quantile. Refuses what that refuses, weights below 0, infinite or of another number, and a test_weight not above 0.';

CREATE FUNCTION conformal_weighted_accum(internal, float8, float8, float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_weighted_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION conformal_weighted_accum(internal, float8, float8, float8) IS 'Transition function of conformal_weighted_quantile.';
CREATE FUNCTION conformal_weighted_final(internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_weighted_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION conformal_weighted_final(internal) IS 'Final function of conformal_weighted_quantile.';

CREATE AGGREGATE conformal_weighted_quantile(score float8, weight float8, alpha float8) (
	SFUNC = conformal_weighted_accum, STYPE = internal, FINALFUNC = conformal_weighted_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE conformal_weighted_quantile(float8, float8, float8) IS
'Weighted conformal quantile of the scores of a group; the new case weighs 1 (only ratios count: divide each weight by the new case''s where it has another). Rows with a NULL are left out; NULL without rows. alpha is the same in all rows. Keeps scores and weights in memory (16 bytes a row). Refuses NaN, weights below 0 or infinite, and alpha outside (0,1). Sources: Tibshirani et al. 2019; Barber et al. 2023.';

-- ---- quantile regression, leave-one-out and cross-validation --------------------------------------

CREATE FUNCTION conformal_cqr_score(outcome float8, lower float8, upper float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_cqr_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conformal_cqr_score(float8, float8, float8) IS
'How far an outcome lies outside the interval that was predicted for it: greatest(lower - outcome, outcome - upper), negative inside. Its conformal_quantile q makes the interval of a new case (lower - q, upper + q) hold 1 - alpha. Refuses infinite numbers. Source: Romano, Patterson & Candes 2019.';

CREATE FUNCTION conformal_cqr(prediction_lower float8, prediction_upper float8, outcomes float8[], lowers float8[], uppers float8[],
		alpha float8 DEFAULT 0.05, each_side boolean DEFAULT false, OUT lower float8, OUT upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_cqr' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_cqr(float8, float8, float8[], float8[], float8[], float8, boolean) IS
'Conformalized quantile regression: the interval (prediction_lower, prediction_upper) of any quantile model, widened or narrowed so that it holds at least 1 - alpha, by how far the outcomes of calibration cases lay outside their own (lowers[i], uppers[i]). Both ends move alike; with each_side each end by its own errors at alpha/2. From -Infinity to Infinity when there are too few cases; lower above upper is the empty interval of a model whose intervals were far too wide. Refuses no cases, arrays of different length, NULL, NaN and infinite numbers, alpha outside (0,1). Source: Romano, Patterson & Candes 2019.';

CREATE FUNCTION jackknife_plus(predictions float8[], residuals float8[], alpha float8 DEFAULT 0.05, OUT lower float8, OUT upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_jackknife_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION jackknife_plus(float8[], float8[], float8) IS
'Jackknife+ interval of a new case. predictions[i]: what the model fitted without case i predicts for the new case; residuals[i]: that model''s absolute error on case i. From the floor(alpha(n+1))-th smallest prediction - residual to the ceil((1-alpha)(n+1))-th smallest prediction + residual; without such ranks -Infinity to Infinity. Holds at least 1 - 2 alpha whatever the model, about 1 - alpha for stable ones. Refuses no cases, arrays of different length, NULL, NaN, infinite numbers, negative residuals, alpha outside (0,1). Source: Barber, Candes, Ramdas & Tibshirani 2021.';

CREATE FUNCTION cv_plus(predictions float8[], residuals float8[], folds int[], alpha float8 DEFAULT 0.05, OUT lower float8, OUT upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_cv_plus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION cv_plus(float8[], float8[], int[], float8) IS
'CV+ interval of a new case: jackknife_plus with one model a fold. predictions[k]: what the model fitted without fold k predicts for the new case; residuals[i]: absolute out-of-fold error of case i; folds[i]: its fold, from 1. Holds about 1 - alpha, at least 1 - 2 alpha - sqrt(2/n). Refuses what jackknife_plus refuses and a fold without a prediction. Source: Barber, Candes, Ramdas & Tibshirani 2021.';

-- ---- online ------------------------------------------------------------------------------------------

CREATE FUNCTION aci_update(alpha_t float8, missed boolean, alpha float8, gamma float8 DEFAULT 0.005) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_aci_update' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION aci_update(float8, boolean, float8, float8) IS
'Adaptive conformal inference, one step: the next alpha_t = alpha_t + gamma * (alpha - missed). missed: the last outcome lay outside its interval; alpha: the miscoverage that is wanted in the long run, reached whatever the outcomes do; gamma: the step, 0 to 1. Start with alpha_t = alpha. Not clipped: it may leave 0 to 1, which aci_quantile understands. Refuses infinite alpha_t, alpha outside (0,1), gamma outside 0 to 1. Source: Gibbs & Candes 2021.';

CREATE FUNCTION aci_quantile(scores float8[], alpha_t float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_aci_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION aci_quantile(float8[], float8) IS
'conformal_quantile at the alpha_t of aci_update: Infinity (every outcome) at 0 or below, -Infinity (none) at 1 or above; Infinity with too few scores or none. Refuses NULL and NaN scores, infinite alpha_t. Source: Gibbs & Candes 2021.';

CREATE FUNCTION aci_stream(scores float8[], new_scores float8[], alpha float8 DEFAULT 0.05, gamma float8 DEFAULT 0.005)
	RETURNS TABLE (place int, score float8, alpha_t float8, quantile float8, missed boolean)
	AS 'MODULE_PATHNAME', 'bet_edge_aci_stream' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION aci_stream(float8[], float8[], float8, float8) IS
'Adaptive conformal inference over the past: for each of new_scores, in order, the alpha_t then in force, the quantile at it of all scores before (scores, which may be empty, and the new ones so far) and whether the score exceeded it. The work grows with n log n. Refuses what aci_quantile and aci_update refuse. Source: Gibbs & Candes 2021.';

CREATE TYPE conformal_pid AS (quantile float8, tracked float8, errors bigint, n bigint);
COMMENT ON TYPE conformal_pid IS
'State of conformal PID control. quantile: what the next score should not exceed; tracked: its part that follows the errors one by one; errors: scores that exceeded their quantile; n: scores seen.';
CREATE FUNCTION conformal_pid_start(quantile float8 DEFAULT 0) RETURNS conformal_pid
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_pid_start' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conformal_pid_start(float8) IS
'State of conformal PID control before the first score. quantile: the first guess, such as conformal_quantile of the past. Refuses infinite numbers.';
CREATE FUNCTION conformal_pid_update(state conformal_pid, score float8, learning_rate float8, alpha float8 DEFAULT 0.05,
		integral_gain float8 DEFAULT 0, saturation float8 DEFAULT 5, forecast float8 DEFAULT 0) RETURNS conformal_pid
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_pid_update' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION conformal_pid_update(conformal_pid, float8, float8, float8, float8, float8, float8) IS
'Conformal PID control, one step: the state after score, whose quantile is for the next. With error 1 when score exceeded state.quantile: tracked moves by learning_rate * (error - alpha), in units of the score (a tenth of a typical large score does); the integrator adds integral_gain * tan(x ln(n) / (n * saturation)), x the sum of (error - alpha) so far, infinite beyond the poles of tan; forecast is a scorecaster''s own addition for the next score. The share of errors goes to alpha whatever the scores do, if they are bounded. Refuses NaN, infinite gains, negative gains, saturation not above 0, alpha outside (0,1), a state with NULL. Source: Angelopoulos, Candes & Tibshirani 2023.';
