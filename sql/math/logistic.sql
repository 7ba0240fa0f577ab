-- Logistic regression with a ridge.

CREATE FUNCTION logistic_accum(state internal, features real[], outcome int, ridge float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_logistic_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_accum(internal, real[], int, float8) IS 'Adds a row to the state of aggregate logistic_fit.';
CREATE FUNCTION logistic_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_logistic_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_final(internal) IS 'Fits the rows in the state of aggregate logistic_fit.';

CREATE AGGREGATE logistic_fit(features real[], outcome int, ridge float8)
	(SFUNC = logistic_accum, STYPE = internal, FINALFUNC = logistic_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE logistic_fit(real[], int, float8) IS
'Logistic regression of outcome (the class that happened, from 1) on features (NULL or NaN for missing: counted as the mean) with a ridge: the greatest log-likelihood less ridge / 2 times the sum of the squared coefficients of the features scaled to standard deviation 1 within these rows; intercepts are free. The value is what logistic_apply takes: a matrix of {0, means}, then {intercept, coefficients} for each class, or for the second of two alone. ridge: 1e-6 to 1e12, the same in every row. Rows with a NULL argument are left out; NULL without rows. Refuses infinite features, rows of different length, more than 1000 features or 4000 coefficients, a class that never happened. Source: le Cessie & van Houwelingen 1992.';

CREATE FUNCTION logistic_accum(state internal, features real[], outcome int, ridge float8, base_margin real[]) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_logistic_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_accum(internal, real[], int, float8, real[]) IS 'Adds a row with its margins to the state of aggregate logistic_fit.';
CREATE FUNCTION logistic_margin_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_logistic_margin_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION logistic_margin_final(internal) IS 'Fits the rows with margins in the state of aggregate logistic_fit.';

CREATE AGGREGATE logistic_fit(features real[], outcome int, ridge float8, base_margin real[])
	(SFUNC = logistic_accum, STYPE = internal, FINALFUNC = logistic_margin_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE logistic_fit(real[], int, float8, real[]) IS
'logistic_fit() of what the features add to base_margin, an offset that each row brings: the log odds of the second of two classes ({ln(p2 / p1)}), or one number a class, such as ln of the market''s probabilities. With the market there, a great ridge says what the market says, but for the intercepts. logistic_apply takes the same base_margin. Refuses, beside what logistic_fit refuses, NULL and infinite margins and rows with another number of them.';

CREATE FUNCTION logistic_apply(model float8[], features real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_logistic_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_apply(float8[], real[]) IS
'Probabilities of the classes by a model of logistic_fit, in the order 1, 2, ...; features as in the fit, NULL or NaN for missing. Refuses infinite features, a model for another number of features (2202E), margins beyond all numbers (22003).';

CREATE FUNCTION logistic_apply(model float8[], features real[], base_margin real[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_logistic_apply' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION logistic_apply(float8[], real[], real[]) IS
'logistic_apply() of what the features add to base_margin, as logistic_fit() with base_margin has it; empty: nothing to add to. Refuses, beside what logistic_apply refuses, NULL and infinite margins and another number of them (2202E).';

CREATE FUNCTION logistic_contributions(model float8[], features real[]) RETURNS TABLE (feature int, class int, contribution float8)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT j - 1, a, CASE j WHEN 1 THEN model[a + 1][1]
		ELSE coalesce(model[a + 1][j] * (nullif(features[j - 1], 'NaN') - model[1][j]), 0) END
	FROM generate_series(1, array_length(model, 1) - 1) AS a, generate_series(1, array_length(model, 2)) AS j
	-- refuses what does not fit together
	WHERE logistic_apply(model, features) IS NOT NULL
	ORDER BY a, j;
END;
COMMENT ON FUNCTION logistic_contributions(float8[], real[]) IS
'How much each feature (numbered from 1) moved the margin of each row of coefficients of a model of logistic_fit: coefficient x (feature - mean), which for a linear model is its exact Shapley value; 0 where it is missing. Feature 0 is the intercept; the contributions of a class sum to its margin. Errors as logistic_apply.';
