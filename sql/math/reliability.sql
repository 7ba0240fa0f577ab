-- Do events happen as often as forecast: the parts of the Brier score, calibration errors, the reliability table.

CREATE TYPE brier_parts AS (brier float8, reliability float8, resolution float8, uncertainty float8, within_bin_variance float8, within_bin_covariance float8);
COMMENT ON TYPE brier_parts IS 'The Brier score and its parts: brier = reliability - resolution + uncertainty + within_bin_variance - within_bin_covariance.';
CREATE TYPE reliability_line AS (lower float8, upper float8, n bigint, mean_prob float8, frequency float8, frequency_lower float8, frequency_upper float8);
COMMENT ON TYPE reliability_line IS 'One bin of a reliability table: its ends (lower, upper], forecasts in it, their mean, how often the event happened, and the 95 % interval of that frequency (Wilson 1927).';
CREATE TYPE z_test AS (n bigint, z float8, p_value float8);
COMMENT ON TYPE z_test IS 'A test statistic that is standard normal when nothing is wrong, from n rows, and its two-sided p-value; both NULL where it has no variance.';

CREATE FUNCTION reliability_accum(state float8[], prob float8, outcome boolean) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_reliability_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reliability_accum(float8[], float8, boolean) IS 'Adds a forecast to the state of an aggregate of reliability, eight numbers for each of 10 bins.';
CREATE FUNCTION reliability_accum(state float8[], prob float8, outcome boolean, bins int) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_reliability_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reliability_accum(float8[], float8, boolean, int) IS 'Adds a forecast to the state of an aggregate of reliability, eight numbers for each bin.';
CREATE FUNCTION reliability_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_reliability_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reliability_combine(float8[], float8[]) IS 'Merges two states of an aggregate of reliability.';
CREATE FUNCTION forecasts_accum(state internal, prob float8, outcome boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_forecasts_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION forecasts_accum(internal, float8, boolean) IS 'Adds a forecast to the state of an aggregate that sorts them.';
CREATE FUNCTION forecasts_accum(state internal, prob float8, outcome boolean, bins int, strategy text) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_forecasts_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION forecasts_accum(internal, float8, boolean, int, text) IS 'Adds a forecast to the state of an aggregate that sorts them.';

-- ---- the parts of the Brier score -------------------------------------------------------------------

CREATE FUNCTION brier_decomposition_final(state float8[]) RETURNS brier_parts
	AS 'MODULE_PATHNAME', 'bet_edge_brier_decomposition_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION brier_decomposition_final(float8[]) IS 'The parts that a state of aggregate brier_decomposition holds; NULL without forecasts.';
CREATE FUNCTION brier_decomposition_final(state internal) RETURNS brier_parts
	AS 'MODULE_PATHNAME', 'bet_edge_brier_decomposition_distinct_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION brier_decomposition_final(internal) IS 'The parts that a state of aggregate brier_decomposition holds; NULL without forecasts.';

CREATE AGGREGATE brier_decomposition(prob float8, outcome boolean)
	(SFUNC = forecasts_accum, STYPE = internal, FINALFUNC = brier_decomposition_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE brier_decomposition(float8, boolean) IS
'The Brier score and its parts, one group for each distinct forecast: brier = reliability (0 best) - resolution (more is better) + uncertainty, exactly; nothing is left within bins. Keeps every forecast: 8 bytes each, three times that at the end. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1. Source: Murphy 1973.';
CREATE AGGREGATE brier_decomposition(prob float8, outcome boolean, bins int)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = brier_decomposition_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE brier_decomposition(float8, boolean, int) IS
'The Brier score and its parts over bins of equal width (lower, upper], 0 in the first: brier = reliability (0 best) - resolution (more is better) + uncertainty + within_bin_variance - within_bin_covariance, which carries its factor 2. bins, 1 to 1000, is the same in all rows. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1. Sources: Murphy 1973; Stephenson, Coelho & Jolliffe 2008.';

-- ---- calibration errors --------------------------------------------------------------------------------

CREATE FUNCTION expected_calibration_error_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_calibration_error_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_calibration_error_final(float8[]) IS 'The error that a state of aggregate expected_calibration_error holds; NULL without forecasts.';
CREATE FUNCTION expected_calibration_error_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_calibration_error_forecasts_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION expected_calibration_error_final(internal) IS 'The error that a state of aggregate expected_calibration_error holds; NULL without forecasts.';
CREATE FUNCTION maximum_calibration_error_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_maximum_calibration_error_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION maximum_calibration_error_final(float8[]) IS 'The error that a state of aggregate maximum_calibration_error holds; NULL without forecasts.';
CREATE FUNCTION maximum_calibration_error_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_maximum_calibration_error_forecasts_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION maximum_calibration_error_final(internal) IS 'The error that a state of aggregate maximum_calibration_error holds; NULL without forecasts.';

CREATE AGGREGATE expected_calibration_error(prob float8, outcome boolean)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = expected_calibration_error_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE expected_calibration_error(float8, boolean) IS
'Expected calibration error (ECE) of forecasts of an event over 10 bins of equal width: the mean over forecasts of |mean forecast - frequency| of their bin (lower, upper], 0 in the first. 0 best. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1. Sources: Naeini et al. 2015; Guo et al. 2017.';
CREATE AGGREGATE expected_calibration_error(prob float8, outcome boolean, bins int)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = expected_calibration_error_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE expected_calibration_error(float8, boolean, int) IS
'Expected calibration error over so many bins of equal width, 1 to 1000, the same in all rows. See expected_calibration_error(prob, outcome).';
CREATE AGGREGATE expected_calibration_error(prob float8, outcome boolean, bins int, strategy text)
	(SFUNC = forecasts_accum, STYPE = internal, FINALFUNC = expected_calibration_error_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE expected_calibration_error(float8, boolean, int, text) IS
'Expected calibration error over bins of a strategy: uniform, bins of equal width, or quantile, bins of equal counts in the order of the forecasts, the first (n mod bins) one more; equal forecasts share what happened evenly, so the order of rows does not matter. bins, 1 to 1000, and strategy are the same in all rows. Keeps every forecast, 8 bytes each. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1. Sources: Naeini et al. 2015; Guo et al. 2017.';
CREATE AGGREGATE maximum_calibration_error(prob float8, outcome boolean)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = maximum_calibration_error_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE maximum_calibration_error(float8, boolean) IS
'Largest |mean forecast - frequency| of 10 bins of equal width. See expected_calibration_error(prob, outcome), whose mean this is the largest term of.';
CREATE AGGREGATE maximum_calibration_error(prob float8, outcome boolean, bins int)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = maximum_calibration_error_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE maximum_calibration_error(float8, boolean, int) IS
'Largest |mean forecast - frequency| of so many bins of equal width, 1 to 1000, the same in all rows. See expected_calibration_error(prob, outcome, bins).';
CREATE AGGREGATE maximum_calibration_error(prob float8, outcome boolean, bins int, strategy text)
	(SFUNC = forecasts_accum, STYPE = internal, FINALFUNC = maximum_calibration_error_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE maximum_calibration_error(float8, boolean, int, text) IS
'Largest |mean forecast - frequency| over bins of a strategy, uniform or quantile. See expected_calibration_error(prob, outcome, bins, strategy).';

CREATE FUNCTION ks_calibration_error_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_ks_calibration_error_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ks_calibration_error_final(internal) IS 'The error that a state of aggregate ks_calibration_error holds; NULL without forecasts.';
CREATE AGGREGATE ks_calibration_error(prob float8, outcome boolean)
	(SFUNC = forecasts_accum, STYPE = internal, FINALFUNC = ks_calibration_error_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE ks_calibration_error(float8, boolean) IS
'Kolmogorov-Smirnov calibration error: the largest distance, in the order of the forecasts, of the cumulative sums of forecasts and of outcomes, over n. Needs no bins; 0 best. Keeps every forecast, 8 bytes each. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1. Source: Gupta et al. 2021.';

-- ---- the reliability table --------------------------------------------------------------------------------

CREATE FUNCTION reliability_table_final(state float8[]) RETURNS reliability_line[]
	AS 'MODULE_PATHNAME', 'bet_edge_reliability_table_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION reliability_table_final(float8[]) IS 'The table that a state of aggregate reliability_table holds; NULL without forecasts.';
CREATE FUNCTION reliability_table_final(state internal) RETURNS reliability_line[]
	AS 'MODULE_PATHNAME', 'bet_edge_reliability_table_forecasts_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION reliability_table_final(internal) IS 'The table that a state of aggregate reliability_table holds; NULL without forecasts.';

CREATE AGGREGATE reliability_table(prob float8, outcome boolean)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = reliability_table_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE reliability_table(float8, boolean) IS
'Reliability table (calibration curve) over 10 bins of equal width (lower, upper], 0 in the first: an array of one line for each bin that holds forecasts, for unnest. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1.';
CREATE AGGREGATE reliability_table(prob float8, outcome boolean, bins int)
	(SFUNC = reliability_accum, STYPE = float8[], FINALFUNC = reliability_table_final, COMBINEFUNC = reliability_combine, INITCOND = '{}', PARALLEL = SAFE);
COMMENT ON AGGREGATE reliability_table(float8, boolean, int) IS
'Reliability table over so many bins of equal width, 1 to 1000, the same in all rows. See reliability_table(prob, outcome).';
CREATE AGGREGATE reliability_table(prob float8, outcome boolean, bins int, strategy text)
	(SFUNC = forecasts_accum, STYPE = internal, FINALFUNC = reliability_table_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE reliability_table(float8, boolean, int, text) IS
'Reliability table over bins of a strategy, uniform (equal width) or quantile (equal counts). See expected_calibration_error(prob, outcome, bins, strategy) and reliability_table(prob, outcome).';

-- ---- Spiegelhalter's test ----------------------------------------------------------------------------------

CREATE FUNCTION spiegelhalter_accum(state float8[], prob float8, outcome boolean) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_spiegelhalter_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION spiegelhalter_accum(float8[], float8, boolean) IS 'Adds a forecast to the state of aggregate spiegelhalter_test.';
CREATE FUNCTION spiegelhalter_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_spiegelhalter_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION spiegelhalter_combine(float8[], float8[]) IS 'Merges two states of aggregate spiegelhalter_test.';
CREATE FUNCTION spiegelhalter_final(state float8[]) RETURNS z_test
	AS 'MODULE_PATHNAME', 'bet_edge_spiegelhalter_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION spiegelhalter_final(float8[]) IS 'The test that a state of aggregate spiegelhalter_test holds; NULL without forecasts.';
CREATE AGGREGATE spiegelhalter_test(prob float8, outcome boolean)
	(SFUNC = spiegelhalter_accum, STYPE = float8[], FINALFUNC = spiegelhalter_final, COMBINEFUNC = spiegelhalter_combine, INITCOND = '{0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE spiegelhalter_test(float8, boolean) IS
'Spiegelhalter''s test of calibration: z = sum((y-p)(1-2p)) / sqrt(sum((1-2p)^2 p(1-p))), standard normal when events happen as often as forecast; (n, z, p_value), two-sided. z and p_value are NULL when every forecast is 0, 1/2 or 1. Rows with a NULL are left out; NULL without rows. Refuses a probability outside 0..1. Source: Spiegelhalter 1986.';
