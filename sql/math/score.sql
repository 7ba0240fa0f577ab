-- Scores of forecasts: of one forecast, their means, and the difference of two forecasters.

CREATE FUNCTION forecast_brier(prob float8, outcome boolean) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_brier' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_brier(float8, boolean) IS
'Brier loss of one forecast of an event, (prob - outcome)^2: 0 best, 1 worst. Refuses a probability outside 0..1. Source: Brier 1950.';

CREATE FUNCTION forecast_brier(probs float8[], outcome int) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_brier_classes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_brier(float8[], int) IS
'Brier loss of one forecast over classes, the sum over classes of (prob - happened)^2: 0 best, 2 worst, twice the binary loss for two classes. outcome is the number of the class that happened, from 1. Refuses probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6, and an outcome that is no class. Source: Brier 1950.';

CREATE FUNCTION forecast_log_loss(prob float8, outcome boolean) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_log_loss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_log_loss(float8, boolean) IS
'Logarithmic loss of one forecast of an event in nats, -ln of the probability given to what happened; Infinity for a certain wrong forecast. Refuses a probability outside 0..1.';

CREATE FUNCTION forecast_log_loss(prob float8, outcome boolean, eps float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_log_loss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_log_loss(float8, boolean, float8) IS
'Logarithmic loss of one forecast of an event in nats with the probability clipped to [eps, 1-eps]. Refuses a probability outside 0..1 and eps outside 0..0.5.';

CREATE FUNCTION forecast_log_loss(probs float8[], outcome int) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_log_loss_classes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_log_loss(float8[], int) IS
'Logarithmic loss of one forecast over classes in nats, -ln of the probability of the class that happened (from 1); Infinity if that was 0. Refuses probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6, and an outcome that is no class.';

CREATE FUNCTION forecast_ignorance(prob float8, outcome boolean) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_ignorance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_ignorance(float8, boolean) IS
'Ignorance of one forecast of an event in bits, -log2 of the probability given to what happened: the log loss over ln 2; Infinity for a certain wrong forecast. Refuses a probability outside 0..1. Sources: Good 1952; Roulston & Smith 2002.';

CREATE FUNCTION forecast_ignorance(prob float8, outcome boolean, eps float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_ignorance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_ignorance(float8, boolean, float8) IS
'Ignorance of one forecast of an event in bits with the probability clipped to [eps, 1-eps]. Refuses a probability outside 0..1 and eps outside 0..0.5.';

CREATE FUNCTION forecast_ignorance(probs float8[], outcome int) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_ignorance_classes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_ignorance(float8[], int) IS
'Ignorance of one forecast over classes in bits, -log2 of the probability of the class that happened (from 1); Infinity if that was 0. Refuses probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6, and an outcome that is no class.';

CREATE FUNCTION forecast_rps(probs float8[], outcome int) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_rps' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_rps(float8[], int) IS
'Ranked probability loss of one forecast over ordered classes (home, draw, away), the squared differences of the cumulative distributions over r-1: 0 best, 1 worst. outcome is the number of the class that happened, from 1. Refuses probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6, and an outcome that is no class. Sources: Epstein 1969; Constantinou & Fenton 2012.';

-- ---- means: state {n, sum, low part of the sum} ------------------------------------------------

CREATE FUNCTION brier_accum(state float8[], prob float8, outcome boolean) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_brier_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_accum(float8[], float8, boolean) IS 'Adds a forecast to the state of aggregate brier_score.';
CREATE FUNCTION brier_accum(state float8[], probs float8[], outcome int) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_brier_classes_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_accum(float8[], float8[], int) IS 'Adds a forecast to the state of aggregate brier_score.';
CREATE FUNCTION log_loss_accum(state float8[], prob float8, outcome boolean) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_log_loss_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_loss_accum(float8[], float8, boolean) IS 'Adds a forecast to the state of aggregate log_loss.';
CREATE FUNCTION log_loss_accum(state float8[], prob float8, outcome boolean, eps float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_log_loss_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_loss_accum(float8[], float8, boolean, float8) IS 'Adds a forecast, clipped, to the state of aggregate log_loss.';
CREATE FUNCTION log_loss_accum(state float8[], probs float8[], outcome int) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_log_loss_classes_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_loss_accum(float8[], float8[], int) IS 'Adds a forecast to the state of aggregate log_loss.';
CREATE FUNCTION log_loss_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_log_loss_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_loss_combine(float8[], float8[]) IS 'Merges two states {n, sum, its low part, product, its low part} of aggregate log_loss or ignorance.';
CREATE FUNCTION log_loss_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_log_loss_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_loss_final(float8[]) IS 'The mean in nats that a state of aggregate log_loss holds; NULL without forecasts.';
CREATE FUNCTION ignorance_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_ignorance_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ignorance_final(float8[]) IS 'The mean in bits that a state of aggregate ignorance holds; NULL without forecasts.';
CREATE FUNCTION rps_accum(state float8[], probs float8[], outcome int) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_rps_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rps_accum(float8[], float8[], int) IS 'Adds a forecast to the state of aggregate ranked_probability_score.';
CREATE FUNCTION score_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_score_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_combine(float8[], float8[]) IS 'Merges two states of an aggregate of forecast scores.';
CREATE FUNCTION score_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_score_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_final(float8[]) IS 'The mean that a state of an aggregate of forecast scores holds; NULL without forecasts.';

CREATE AGGREGATE brier_score(prob float8, outcome boolean)
	(SFUNC = brier_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE brier_score(float8, boolean) IS
'Mean Brier loss of forecasts of an event: 0 best, 1 worst, 0.25 for always 1/2. Rows with a NULL are left out; NULL without rows. See forecast_brier.';
CREATE AGGREGATE brier_score(probs float8[], outcome int)
	(SFUNC = brier_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE brier_score(float8[], int) IS
'Mean Brier loss of forecasts over classes, summed over classes: 0 best, 2 worst. Rows with a NULL are left out; NULL without rows. See forecast_brier.';
CREATE AGGREGATE log_loss(prob float8, outcome boolean)
	(SFUNC = log_loss_accum, STYPE = float8[], FINALFUNC = log_loss_final, COMBINEFUNC = log_loss_combine, INITCOND = '{0,0,0,1,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE log_loss(float8, boolean) IS
'Mean logarithmic loss of forecasts of an event in nats, not clipped: one certain wrong forecast makes it Infinity. Rows with a NULL are left out; NULL without rows. See forecast_log_loss.';
CREATE AGGREGATE log_loss(prob float8, outcome boolean, eps float8)
	(SFUNC = log_loss_accum, STYPE = float8[], FINALFUNC = log_loss_final, COMBINEFUNC = log_loss_combine, INITCOND = '{0,0,0,1,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE log_loss(float8, boolean, float8) IS
'Mean logarithmic loss of forecasts of an event in nats with probabilities clipped to [eps, 1-eps]. Rows with a NULL are left out; NULL without rows. See forecast_log_loss.';
CREATE AGGREGATE log_loss(probs float8[], outcome int)
	(SFUNC = log_loss_accum, STYPE = float8[], FINALFUNC = log_loss_final, COMBINEFUNC = log_loss_combine, INITCOND = '{0,0,0,1,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE log_loss(float8[], int) IS
'Mean logarithmic loss of forecasts over classes in nats, not clipped. Rows with a NULL are left out; NULL without rows. See forecast_log_loss.';
CREATE AGGREGATE ignorance(prob float8, outcome boolean)
	(SFUNC = log_loss_accum, STYPE = float8[], FINALFUNC = ignorance_final, COMBINEFUNC = log_loss_combine, INITCOND = '{0,0,0,1,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE ignorance(float8, boolean) IS
'Mean ignorance of forecasts of an event in bits, not clipped: log_loss over ln 2. Rows with a NULL are left out; NULL without rows. See forecast_ignorance.';
CREATE AGGREGATE ignorance(prob float8, outcome boolean, eps float8)
	(SFUNC = log_loss_accum, STYPE = float8[], FINALFUNC = ignorance_final, COMBINEFUNC = log_loss_combine, INITCOND = '{0,0,0,1,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE ignorance(float8, boolean, float8) IS
'Mean ignorance of forecasts of an event in bits with probabilities clipped to [eps, 1-eps]. Rows with a NULL are left out; NULL without rows. See forecast_ignorance.';
CREATE AGGREGATE ignorance(probs float8[], outcome int)
	(SFUNC = log_loss_accum, STYPE = float8[], FINALFUNC = ignorance_final, COMBINEFUNC = log_loss_combine, INITCOND = '{0,0,0,1,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE ignorance(float8[], int) IS
'Mean ignorance of forecasts over classes in bits, not clipped. Rows with a NULL are left out; NULL without rows. See forecast_ignorance.';
CREATE AGGREGATE ranked_probability_score(probs float8[], outcome int)
	(SFUNC = rps_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE ranked_probability_score(float8[], int) IS
'Mean ranked probability score (RPS) of forecasts over ordered classes, divided by r-1: 0 best, 1 worst. Rows with a NULL are left out; NULL without rows. See forecast_rps.';

-- ---- intervals and quantiles ---------------------------------------------------------------------

CREATE FUNCTION forecast_interval_score(y float8, lower float8, upper float8, alpha float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_interval_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_interval_score(float8, float8, float8, float8) IS
'Winkler''s score of a central interval lower..upper at 1 - alpha when y happened: its width, and 2/alpha times the distance when y lies outside. Smaller is better; Infinity for an infinite interval. Refuses an infinite y, alpha outside 0..1 and an upper below lower. Sources: Winkler 1972; Gneiting & Raftery 2007.';
CREATE FUNCTION forecast_pinball_loss(y float8, forecast float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_forecast_pinball_loss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forecast_pinball_loss(float8, float8, float8) IS
'Pinball loss of a forecast of the quantile prob when y happened: prob (y - forecast) above it, (1 - prob) (forecast - y) below. 0 best; half the absolute error for prob 0.5. Refuses infinite values and prob outside 0..1. Source: Koenker & Bassett 1978.';
CREATE FUNCTION interval_coverage_accum(state float8[], y float8, lower float8, upper float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_interval_coverage_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION interval_coverage_accum(float8[], float8, float8, float8) IS 'Adds an interval to the state of aggregate interval_coverage.';
CREATE FUNCTION interval_width_accum(state float8[], lower float8, upper float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_interval_width_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION interval_width_accum(float8[], float8, float8) IS 'Adds an interval to the state of aggregate interval_width.';
CREATE FUNCTION interval_score_accum(state float8[], y float8, lower float8, upper float8, alpha float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_interval_score_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION interval_score_accum(float8[], float8, float8, float8, float8) IS 'Adds an interval to the state of aggregate interval_score.';
CREATE FUNCTION pinball_loss_accum(state float8[], y float8, forecast float8, prob float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_pinball_loss_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pinball_loss_accum(float8[], float8, float8, float8) IS 'Adds a forecast to the state of aggregate pinball_loss.';

CREATE AGGREGATE interval_coverage(y float8, lower float8, upper float8)
	(SFUNC = interval_coverage_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE interval_coverage(float8, float8, float8) IS
'Share of intervals lower..upper, ends included, in which y lies: compare it with 1 - alpha. Ends may be infinite. Rows with a NULL are left out; NULL without rows. Refuses an infinite y and an upper below lower.';
CREATE AGGREGATE interval_width(lower float8, upper float8)
	(SFUNC = interval_width_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE interval_width(float8, float8) IS
'Mean width of intervals lower..upper; Infinity with an infinite one. Rows with a NULL are left out; NULL without rows. Refuses an upper below lower.';
CREATE AGGREGATE interval_score(y float8, lower float8, upper float8, alpha float8)
	(SFUNC = interval_score_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE interval_score(float8, float8, float8, float8) IS
'Mean Winkler score of intervals lower..upper at 1 - alpha: width, and 2/alpha times the distance of what fell outside. Smaller is better. Rows with a NULL are left out; NULL without rows. See forecast_interval_score.';
CREATE AGGREGATE pinball_loss(y float8, forecast float8, prob float8)
	(SFUNC = pinball_loss_accum, STYPE = float8[], FINALFUNC = score_final, COMBINEFUNC = score_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE pinball_loss(float8, float8, float8) IS
'Mean pinball loss of forecasts of the quantile prob. Rows with a NULL are left out; NULL without rows. See forecast_pinball_loss.';

-- ---- skill ---------------------------------------------------------------------------------------

CREATE FUNCTION skill_score(score float8, reference float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_skill_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_score(float8, float8) IS
'Skill of a mean loss against that of a reference (the closing market) on the same games, 1 - score/reference: 1 perfect, 0 as good, below 0 worse; NULL when the reference lost nothing. For any loss of which 0 is best. Refuses losses that are infinite or below 0. Source: Murphy 1988.';
CREATE FUNCTION brier_skill_accum(state float8[], prob float8, reference_prob float8, outcome boolean) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_brier_skill_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_skill_accum(float8[], float8, float8, boolean) IS 'Adds two forecasts to the state of aggregate brier_skill_score.';
CREATE FUNCTION brier_skill_accum(state float8[], probs float8[], reference_probs float8[], outcome int) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_brier_skill_classes_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_skill_accum(float8[], float8[], float8[], int) IS 'Adds two forecasts to the state of aggregate brier_skill_score.';
CREATE FUNCTION brier_skill_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_brier_skill_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_skill_combine(float8[], float8[]) IS 'Merges two states of aggregate brier_skill_score.';
CREATE FUNCTION brier_skill_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_brier_skill_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_skill_final(float8[]) IS 'The skill that a state of aggregate brier_skill_score holds; NULL without forecasts.';
CREATE AGGREGATE brier_skill_score(prob float8, reference_prob float8, outcome boolean)
	(SFUNC = brier_skill_accum, STYPE = float8[], FINALFUNC = brier_skill_final, COMBINEFUNC = brier_skill_combine, INITCOND = '{0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE brier_skill_score(float8, float8, boolean) IS
'Brier skill of forecasts of an event against a reference (the closing market) on the same rows, 1 - Brier/Brier of the reference: 1 perfect, 0 as good, below 0 worse. Rows with a NULL in either are left out of both; NULL without rows and when the reference lost nothing. Refuses a probability outside 0..1. For other losses see skill_score. Source: Murphy 1988.';
CREATE AGGREGATE brier_skill_score(probs float8[], reference_probs float8[], outcome int)
	(SFUNC = brier_skill_accum, STYPE = float8[], FINALFUNC = brier_skill_final, COMBINEFUNC = brier_skill_combine, INITCOND = '{0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE brier_skill_score(float8[], float8[], int) IS
'Brier skill of forecasts over classes against a reference on the same rows. outcome is the number of the class that happened, from 1. See brier_skill_score(prob, reference_prob, outcome).';

-- ---- two forecasters on the same games ---------------------------------------------------------

CREATE TYPE mean_estimate AS (n bigint, mean float8, lower float8, upper float8);
COMMENT ON TYPE mean_estimate IS 'A mean of n values with its 95 % interval; lower and upper are NULL for a single value.';

CREATE FUNCTION paired_difference_accum(state float8[], a float8, b float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_paired_difference_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION paired_difference_accum(float8[], float8, float8) IS 'Adds a pair to the state {n, mean, squared deviations} of aggregate paired_difference.';
CREATE FUNCTION paired_difference_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_paired_difference_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION paired_difference_combine(float8[], float8[]) IS 'Merges two states of aggregate paired_difference.';
CREATE FUNCTION paired_difference_final(state float8[]) RETURNS mean_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_paired_difference_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION paired_difference_final(float8[]) IS 'The estimate that a state of aggregate paired_difference holds; NULL without pairs.';

CREATE AGGREGATE paired_difference(a float8, b float8)
	(SFUNC = paired_difference_accum, STYPE = float8[], FINALFUNC = paired_difference_final,
	COMBINEFUNC = paired_difference_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE paired_difference(float8, float8) IS
'Mean of a - b over pairs with its 95 % interval by Student''s t: (n, mean, lower, upper). Give the losses of two forecasters on the same games, one row a game; rows of one game are not independent: give the game as cluster. Rows with a NULL are left out; NULL without rows. Refuses infinite values.';

CREATE TYPE clustered_estimate AS (n bigint, clusters bigint, mean float8, lower float8, upper float8, standard_error float8);
COMMENT ON TYPE clustered_estimate IS 'A mean of n values in so many clusters with its 95 % interval and standard error; these are NULL for a single cluster.';
CREATE FUNCTION paired_difference_accum(state internal, a float8, b float8, cluster bigint) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_paired_difference_clustered_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION paired_difference_accum(internal, float8, float8, bigint) IS 'Adds a pair to the state of aggregate paired_difference.';
CREATE FUNCTION paired_difference_final(state internal) RETURNS clustered_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_paired_difference_clustered_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION paired_difference_final(internal) IS 'The estimate that a state of aggregate paired_difference holds; NULL without pairs.';
CREATE AGGREGATE paired_difference(a float8, b float8, cluster bigint)
	(SFUNC = paired_difference_accum, STYPE = internal, FINALFUNC = paired_difference_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE paired_difference(float8, float8, bigint) IS
'Mean of a - b over pairs with a 95 % interval that knows which rows go together: cluster is a game''s id where one game has many rows (hashtextextended(name, 0) for a text). The squared sums of each cluster''s deviations take the place of the rows'' (Liang & Zeger 1986), with G/(G-1) and Student''s t of G-1 degrees of freedom for G clusters. Keeps every pair: 16 bytes, and up to 128 a row at the end. Rows with a NULL are left out; NULL without rows. Refuses infinite values.';
