-- Where outcomes fell in their forecast distributions: uniform over 0..1 when the forecasts are right.

CREATE FUNCTION pit(cdf_below float8, cdf float8, u float8 DEFAULT 0.5) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_pit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pit(float8, float8, float8) IS
'Probability integral transform of an outcome from its forecast distribution: the point at share u between cdf_below, P(X < y), and cdf, P(X <= y). u 0.5 gives the mid-PIT; random() gives one that is uniform when the forecasts are right, of counts too. Refuses probabilities outside 0..1 and a cdf below cdf_below. Sources: Dawid 1984; Czado, Gneiting & Held 2009.';

CREATE FUNCTION pit_normal(y float8, mean float8, sd float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_pit_normal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pit_normal(float8, float8, float8) IS
'Probability integral transform of y under a normal forecast, P(X <= y). Refuses infinite y and mean and an sd that is infinite or not above 0.';

CREATE FUNCTION pit_poisson(y int, mean float8, u float8 DEFAULT 0.5) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_pit_poisson' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pit_poisson(int, float8, float8) IS
'Probability integral transform of a count y under a Poisson forecast, P(X < y) + u P(X = y): mid-PIT by default, randomised with random() for u. Refuses a y below 0, a mean outside 0..1e9 and a u outside 0..1.';

CREATE FUNCTION pit_negbin(y int, mean float8, size float8, u float8 DEFAULT 0.5) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_pit_negbin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pit_negbin(int, float8, float8, float8) IS
'Probability integral transform of a count y under a negative binomial forecast with variance mean + mean^2/size, P(X < y) + u P(X = y): mid-PIT by default, randomised with random() for u; an infinite size is Poisson. Refuses a y below 0, a mean outside 0..1e9, a size below 1e-100 and a u outside 0..1.';
