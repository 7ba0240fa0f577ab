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

-- ---- beta -------------------------------------------------------------------------------------------

CREATE FUNCTION beta_accum(state internal, prob float8, outcome boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_beta_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION beta_accum(internal, float8, boolean) IS 'Adds a row to the state of aggregate beta_fit.';
CREATE FUNCTION beta_accum(state internal, prob float8, outcome boolean, weight float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_beta_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION beta_accum(internal, float8, boolean, float8) IS 'Adds a row with its weight to the state of aggregate beta_fit.';
CREATE FUNCTION beta_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_beta_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION beta_final(internal) IS 'Fits the rows in the state of aggregate beta_fit.';

CREATE AGGREGATE beta_fit(prob float8, outcome boolean)
	(SFUNC = beta_accum, STYPE = internal, FINALFUNC = beta_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE beta_fit(float8, boolean) IS
'Beta calibration {a, b, c} of logit(p'') = a*ln(prob) - b*ln(1-prob) + c by maximum likelihood over a, b >= 0: {1, 1, 0} leaves prob as it is. A sign that would be negative is held at 0 and the rest fitted again. With two different probabilities a = b, with one a = b = 0; where one class is missing or a threshold separates the classes, which no finite curve fits best, the targets are Platt''s (hits+1)/(hits+2) and 1/(misses+2). Rows with a NULL are left out; NULL without rows. Refuses probabilities of 0 and 1. Source: Kull, Silva Filho & Flach 2017.';
CREATE AGGREGATE beta_fit(prob float8, outcome boolean, weight float8)
	(SFUNC = beta_accum, STYPE = internal, FINALFUNC = beta_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE beta_fit(float8, boolean, float8) IS
'Beta calibration {a, b, c} of logit(p'') = a*ln(prob) - b*ln(1-prob) + c by maximum likelihood over a, b >= 0: {1, 1, 0} leaves prob as it is. A sign that would be negative is held at 0 and the rest fitted again. With two different probabilities a = b, with one a = b = 0; where one class is missing or a threshold separates the classes, which no finite curve fits best, the targets are Platt''s (hits+1)/(hits+2) and 1/(misses+2). Each row counts weight times; a weight of 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses probabilities of 0 and 1, and weights that are not 0 or between 1e-100 and 1e100. Source: Kull, Silva Filho & Flach 2017.';

CREATE FUNCTION beta_apply(fit float8[], prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_beta_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION beta_apply(float8[], float8) IS
'Probability under the fit {a, b, c} of beta_fit: 1/(1+exp(-(a*ln(prob) - b*ln(1-prob) + c))), at 0 and 1 its limit. Refuses a fit of other than three finite numbers, a negative a or b, and a prob outside 0..1.';

-- ---- isotonic ---------------------------------------------------------------------------------------

CREATE FUNCTION isotonic_accum(state internal, score float8, outcome boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_isotonic_outcome_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION isotonic_accum(internal, float8, boolean) IS 'Adds a row to the state of aggregate isotonic_fit.';
CREATE FUNCTION isotonic_accum(state internal, score float8, outcome boolean, weight float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_isotonic_outcome_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION isotonic_accum(internal, float8, boolean, float8) IS 'Adds a row with its weight to the state of aggregate isotonic_fit.';
CREATE FUNCTION isotonic_accum(state internal, score float8, y float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_isotonic_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION isotonic_accum(internal, float8, float8) IS 'Adds a row to the state of aggregate isotonic_fit.';
CREATE FUNCTION isotonic_accum(state internal, score float8, y float8, weight float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_isotonic_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION isotonic_accum(internal, float8, float8, float8) IS 'Adds a row with its weight to the state of aggregate isotonic_fit.';
CREATE FUNCTION isotonic_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_isotonic_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION isotonic_final(internal) IS 'Fits the rows in the state of aggregate isotonic_fit.';

CREATE AGGREGATE isotonic_fit(score float8, outcome boolean)
	(SFUNC = isotonic_accum, STYPE = internal, FINALFUNC = isotonic_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE isotonic_fit(float8, boolean) IS
'Increasing least-squares fit of an outcome, true as 1, to score by pooling adjacent violators: a matrix {{scores}, {values}} of its knots, both ascending. Equal scores are averaged first, -0 and 0 among them; a constant score gives the one mean. A score that separates the classes gives 0 and 1, so a log loss may become infinite: see venn_abers_fit. Rows with a NULL are left out; NULL without rows. Refuses infinite scores. Source: Ayer et al. 1955; Zadrozny & Elkan 2002.';
CREATE AGGREGATE isotonic_fit(score float8, outcome boolean, weight float8)
	(SFUNC = isotonic_accum, STYPE = internal, FINALFUNC = isotonic_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE isotonic_fit(float8, boolean, float8) IS
'Increasing least-squares fit of an outcome, true as 1, to score by pooling adjacent violators: a matrix {{scores}, {values}} of its knots, both ascending. Equal scores are averaged first, -0 and 0 among them; a constant score gives the one mean. A score that separates the classes gives 0 and 1, so a log loss may become infinite: see venn_abers_fit. Weights count in the means; a row of weight 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses infinite scores, and weights that are not 0 or between 1e-100 and 1e100. Source: Ayer et al. 1955; Zadrozny & Elkan 2002.';
CREATE AGGREGATE isotonic_fit(score float8, y float8)
	(SFUNC = isotonic_accum, STYPE = internal, FINALFUNC = isotonic_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE isotonic_fit(float8, float8) IS
'Increasing least-squares fit of y to score by pooling adjacent violators: a matrix {{scores}, {values}} of its knots, both ascending. Equal scores are averaged first, -0 and 0 among them; a constant score gives the one mean. A score that separates the classes gives 0 and 1, so a log loss may become infinite: see venn_abers_fit. Rows with a NULL are left out; NULL without rows. Refuses infinite scores, y beyond 1e100. Source: Ayer et al. 1955; Zadrozny & Elkan 2002.';
CREATE AGGREGATE isotonic_fit(score float8, y float8, weight float8)
	(SFUNC = isotonic_accum, STYPE = internal, FINALFUNC = isotonic_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE isotonic_fit(float8, float8, float8) IS
'Increasing least-squares fit of y to score by pooling adjacent violators: a matrix {{scores}, {values}} of its knots, both ascending. Equal scores are averaged first, -0 and 0 among them; a constant score gives the one mean. A score that separates the classes gives 0 and 1, so a log loss may become infinite: see venn_abers_fit. Weights count in the means; a row of weight 0 not at all. Rows with a NULL are left out; NULL without rows. Refuses infinite scores, y beyond 1e100, and weights that are not 0 or between 1e-100 and 1e100. Source: Ayer et al. 1955; Zadrozny & Elkan 2002.';

CREATE FUNCTION isotonic_apply(fit float8[], score float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_isotonic_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION isotonic_apply(float8[], float8) IS
'Value of a score under the matrix {{scores}, {values}} of isotonic_fit: between two knots on the line between them, beyond the last ones constant. Refuses infinite scores and a fit that is no matrix of two rows or does not ascend where the score falls.';

-- ---- Venn-Abers -------------------------------------------------------------------------------------

CREATE TYPE venn_abers_prediction AS (p0 float8, p1 float8, prob float8);
COMMENT ON TYPE venn_abers_prediction IS 'A Venn-Abers prediction: p0 and p1, one of which is calibrated, and the one probability prob = p1/(1-p0+p1) between them.';

CREATE FUNCTION venn_abers_accum(state internal, score float8, outcome boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_venn_abers_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION venn_abers_accum(internal, float8, boolean) IS 'Adds a row to the state of aggregate venn_abers_fit.';
CREATE FUNCTION venn_abers_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_venn_abers_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION venn_abers_final(internal) IS 'Fits the rows in the state of aggregate venn_abers_fit.';

CREATE AGGREGATE venn_abers_fit(score float8, outcome boolean)
	(SFUNC = venn_abers_accum, STYPE = internal, FINALFUNC = venn_abers_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE venn_abers_fit(float8, boolean) IS
'Inductive Venn-Abers predictor from the scores and outcomes of a calibration set: a matrix {{scores}, {p0}, {p1}} that holds, exactly and for every score there is, what isotonic regression says of one more row with that score and outcome false (p0) or true (p1). p0 holds from its score on, p1 up to it. Never 0 or 1 in the wrong place: with one class, a constant score or classes that a threshold separates, p0 and p1 move apart instead. Rows with a NULL are left out; NULL without rows. Refuses infinite scores. Sources: Vovk & Petej 2014; Vovk, Petej & Fedorova 2015.';

CREATE FUNCTION venn_abers_apply(fit float8[], score float8) RETURNS venn_abers_prediction
	AS 'MODULE_PATHNAME', 'bet_edge_venn_abers_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION venn_abers_apply(float8[], float8) IS
'Prediction (p0, p1, prob) for a score under the matrix of venn_abers_fit, by binary search: p0 and p1 bracket the calibrated probability, and prob = p1/(1-p0+p1) is the one number that loses least against either in log loss. Refuses infinite scores and a fit that is no matrix of three rows with p0 <= p1 where the score falls.';

CREATE FUNCTION cross_venn_abers_accum(state float8[], p0 float8, p1 float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_cross_venn_abers_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cross_venn_abers_accum(float8[], float8, float8) IS 'Adds a fold to the state {folds, sum of ln(1-p0), sum of ln(p1)} of aggregate cross_venn_abers.';
CREATE FUNCTION cross_venn_abers_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_cross_venn_abers_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cross_venn_abers_combine(float8[], float8[]) IS 'Merges two states of aggregate cross_venn_abers.';
CREATE FUNCTION cross_venn_abers_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_cross_venn_abers_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cross_venn_abers_final(float8[]) IS 'The probability that a state of aggregate cross_venn_abers stands for; NULL without folds.';

CREATE AGGREGATE cross_venn_abers(p0 float8, p1 float8)
	(SFUNC = cross_venn_abers_accum, STYPE = float8[], FINALFUNC = cross_venn_abers_final, COMBINEFUNC = cross_venn_abers_combine, INITCOND = '{0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE cross_venn_abers(float8, float8) IS
'One probability from the predictions (p0, p1) that the Venn-Abers predictors of several folds make for one game, each with the score that its own model gives: GM(p1)/(GM(1-p0)+GM(p1)), GM the geometric mean over folds. With one fold it is prob of venn_abers_apply. Rows with a NULL are left out; NULL without rows. Refuses p0 above p1, p0 of 1 and p1 of 0. Source: Vovk, Petej & Fedorova 2015 (CVAP).';
