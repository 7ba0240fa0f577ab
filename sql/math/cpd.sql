-- Conformal predictive distributions: from past residuals to the chance of every line.

CREATE TYPE cpd;
CREATE FUNCTION cpd_in(cstring) RETURNS cpd
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cpd_in(cstring) IS 'Text form of a cpd: its residuals as an array, {-3.5,0,2}, in any order. Refuses none, NULL, NaN and infinite ones.';
CREATE FUNCTION cpd_out(cpd) RETURNS cstring
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cpd_out(cpd) IS 'Text form of a cpd: its residuals as an array, ascending.';
CREATE FUNCTION cpd_recv(internal) RETURNS cpd
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cpd_recv(internal) IS 'Binary form of a cpd: the number of residuals (int4) and each (float8), checked like the text form.';
CREATE FUNCTION cpd_send(cpd) RETURNS bytea
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cpd_send(cpd) IS 'Binary form of a cpd: the number of residuals (int4) and each (float8).';
CREATE TYPE cpd (
	INPUT = cpd_in, OUTPUT = cpd_out, RECEIVE = cpd_recv, SEND = cpd_send,
	INTERNALLENGTH = variable, ALIGNMENT = double, STORAGE = external
);
COMMENT ON TYPE cpd IS
'A conformal predictive distribution as one value: the residuals (outcome minus prediction, divided by sigma where sigma is used) of calibration cases in ascending order, 8 bytes each. One value serves every new prediction, which is given when it is asked.';

CREATE FUNCTION cpd(residuals float8[]) RETURNS cpd
	AS 'MODULE_PATHNAME', 'bet_edge_cpd' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION cpd(float8[]) IS
'Conformal predictive distribution from the residuals of calibration cases: outcome minus prediction, divided by that case''s sigma where sigma is used. The cases must not be those that the model was trained on. Refuses no residuals, NULL, NaN and infinite ones. Source: Vovk, Petej, Nouretdinov, Manokhin & Gammerman 2020 (split conformal predictive systems).';

CREATE FUNCTION cpd_accum(internal, float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION cpd_accum(internal, float8) IS 'Transition function of cpd.';
CREATE FUNCTION cpd_final(internal) RETURNS cpd
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION cpd_final(internal) IS 'Final function of cpd.';
CREATE AGGREGATE cpd(residual float8) (
	SFUNC = cpd_accum, STYPE = internal, FINALFUNC = cpd_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE cpd(float8) IS
'Conformal predictive distribution from the residuals of a group, as function cpd makes it from an array. NULL residuals are left out; NULL without rows. Keeps all residuals in memory (8 bytes each). Refuses NaN and infinite ones. Source: Vovk et al. 2020.';

CREATE FUNCTION cpd_residuals(d cpd) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_residuals' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cpd_residuals(cpd) IS 'The residuals of a cpd, ascending.';

CREATE FUNCTION cpd_prob(d cpd, line float8, prediction float8 DEFAULT 0, sigma float8 DEFAULT 1, whole boolean DEFAULT true,
		OUT prob_over float8, OUT prob_push float8, OUT prob_under float8,
		OUT over_lower float8, OUT over_upper float8, OUT under_lower float8, OUT under_upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_prob' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION cpd_prob(cpd, float8, float8, float8, boolean) IS
'Probabilities that the outcome is above, at and below a line, from the n points prediction + sigma * residual; they sum to 1. whole: outcomes are whole numbers; a point counts for the nearest one (a half for both neighbours alike), so that prob_push is the chance that the outcome equals the line. The new case weighs as much as a point, 1/(n+1), half of it over and half under: neither is ever 0 or 1. The bounds are the least and the greatest share when that mass lies elsewhere and, with whole, when the border between two numbers lies anywhere between them. Over games that are exchangeable with the residuals'' the share of outcomes beyond a line at a given distance (in sigmas) from the prediction is within the bounds on average. The work grows with log n. Refuses NaN, infinite numbers, sigma not above 0. Source: Vovk et al. 2020.';

CREATE FUNCTION cpd_cdf(d cpd, value float8, prediction float8 DEFAULT 0, sigma float8 DEFAULT 1, u float8 DEFAULT 0.5) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_cdf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION cpd_cdf(cpd, float8, float8, float8, float8) IS
'The predictive distribution function at a value: (points below it + u * (points at it + 1)) / (n + 1). At the outcome itself, with u drawn evenly from 0 to 1, it is uniform over exchangeable games, whatever the model: the check of calibration (PIT). u = 0 and 1 give its bounds. Refuses NaN, infinite numbers, sigma not above 0 and u outside 0 to 1. Source: Vovk et al. 2020.';

CREATE FUNCTION cpd_quantile(d cpd, prob float8, prediction float8 DEFAULT 0, sigma float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION cpd_quantile(cpd, float8, float8, float8) IS
'The value that the outcome does not exceed with at least this probability: the ceil((n+1) prob)-th of the points prediction + sigma * residual, Infinity when there are fewer. The rank is that of the decimal prob as written. Refuses prob outside (0,1), NaN, infinite numbers, sigma not above 0. Source: Vovk et al. 2020.';

CREATE FUNCTION cpd_interval(d cpd, alpha float8 DEFAULT 0.05, prediction float8 DEFAULT 0, sigma float8 DEFAULT 1, OUT lower float8, OUT upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_cpd_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION cpd_interval(cpd, float8, float8, float8) IS
'Prediction interval that leaves out at most alpha/2 on each side, so holds at least 1 - alpha: from the floor((n+1) alpha/2)-th of the points prediction + sigma * residual to the same from above; infinite ends when there are too few. Unlike conformal_interval it follows skewed residuals. Refuses alpha outside (0,1), NaN, infinite numbers, sigma not above 0. Source: Vovk et al. 2020.';
