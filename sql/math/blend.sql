-- Several forecasts of one game as one.

CREATE FUNCTION blend(probs float8[], weights float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_blend' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION blend(float8[], float8[]) IS
'Forecasts of the same outcomes as one, by weights on their logarithms: exp(sum over v of weights[v] * ln(probs[v][k])), scaled to sum to 1 over the outcomes k (logarithmic opinion pool; of two outcomes it weighs log odds). probs: a matrix of one row of probabilities a forecast, such as ARRAY[model, market]. weights: one a row, within -1000..1000; {1,0} is the first alone, {0.5,0.5} the mean of both, a sum below 1 is more doubtful than either. Refuses rows that do not sum to 1 within 1e-6, more than 16 rows, and probabilities of 0 that leave nothing or are weighed negatively. Sources: Genest & Zidek 1986; Benter 1994.';

CREATE FUNCTION blend_accum(state internal, probs float8[], outcome int, ridge float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_blend_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION blend_accum(internal, float8[], int, float8) IS 'Adds a row to the state of aggregate blend_fit.';
CREATE FUNCTION blend_final(state internal) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_blend_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION blend_final(internal) IS 'Fits the rows in the state of aggregate blend_fit.';

CREATE AGGREGATE blend_fit(probs float8[], outcome int, ridge float8)
	(SFUNC = blend_accum, STYPE = internal, FINALFUNC = blend_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE blend_fit(float8[], int, float8) IS
'Weights for blend() from forecasts that had not seen the outcomes: those of the greatest log-likelihood less ridge / 2 times the squares of their distances to {0, …, 0, 1}, the last forecast alone: put there the one that is right unless the games say otherwise, such as the market. probs: a matrix of one row a forecast; outcome: what happened, from 1. ridge: 1e-6 to 1e12, the same in every row; 100 weighs as much as some 2,500 games on which the forecasts are 0.2 apart in log odds. Weights may be negative or sum to more than 1. Rows with a NULL argument are left out; NULL without rows. Refuses probabilities of 0, and what blend refuses. Source: Benter 1994.';
