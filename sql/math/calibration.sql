-- Making probabilities honest: fit on forecasts whose outcome is known, apply to the next.

-- ---- states that keep all their rows ------------------------------------------------------------

CREATE FUNCTION series_combine(state internal, other internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_series_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION series_combine(internal, internal) IS 'Merges two states of an aggregate that keeps all its rows.';
CREATE FUNCTION series_serial(state internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'bet_edge_series_serial' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_serial(internal) IS 'Writes the state of an aggregate that keeps all its rows.';
CREATE FUNCTION series_deserial(bytes bytea, state internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_series_deserial' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION series_deserial(bytea, internal) IS 'Reads what series_serial wrote.';

-- ---- Platt's sigmoid ------------------------------------------------------------------------------

CREATE FUNCTION platt_accum(state internal, score float8, outcome boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_platt_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION platt_accum(internal, float8, boolean) IS 'Adds a row to the state of aggregate platt_fit.';
CREATE FUNCTION platt_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_platt_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION platt_final(internal) IS 'Fits the rows in the state of aggregate platt_fit.';

CREATE AGGREGATE platt_fit(score float8, outcome boolean)
	(SFUNC = platt_accum, STYPE = internal, FINALFUNC = platt_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE platt_fit(float8, boolean) IS
'Sigmoid calibration {A, B} of P = 1/(1+exp(A*score+B)) by maximum likelihood with Platt''s smoothed targets (hits+1)/(hits+2) and 1/(misses+2); A is negative for a useful score. The score is any number that ranks: a logit does well. Rows with a NULL are left out; NULL without rows. Refuses infinite scores. Sources: Platt 1999; Lin, Lin & Weng 2007.';

CREATE FUNCTION platt_apply(fit float8[], score float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_platt_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION platt_apply(float8[], float8) IS
'Probability 1/(1+exp(A*score+B)) of a score under the fit {A, B} of platt_fit. Refuses a fit of other than two finite numbers and infinite scores.';

-- ---- temperature ----------------------------------------------------------------------------------

CREATE FUNCTION temperature_accum(state internal, probs float8[], outcome int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_temperature_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION temperature_accum(internal, float8[], int) IS 'Adds a row to the state of aggregate temperature_fit.';
CREATE FUNCTION temperature_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_temperature_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION temperature_final(internal) IS 'Fits the rows in the state of aggregate temperature_fit.';

CREATE AGGREGATE temperature_fit(probs float8[], outcome int)
	(SFUNC = temperature_accum, STYPE = internal, FINALFUNC = temperature_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE temperature_fit(float8[], int) IS
'Temperature T, between 0.05 and 20, with which p^(1/T), made to sum to 1, has the least log loss: above 1 the forecasts were too sure of themselves, below 1 too timid; 1 when nothing can be learnt. outcome is the class that happened, from 1. Rows with a NULL are left out; NULL without rows. Refuses rows of different length, probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6, an outcome that is no class or had probability 0. Source: Guo et al. 2017.';

CREATE FUNCTION temperature_apply(temperature float8, probs float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_temperature_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION temperature_apply(float8, float8[]) IS
'Probabilities p^(1/temperature) made to sum to 1. A temperature of 1 changes nothing, a higher one evens out. Refuses a temperature of 0 or less and probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6.';
