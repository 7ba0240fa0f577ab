-- Scores of whole distributions against what happened: the continuous ranked probability score.

CREATE FUNCTION crps_normal(y float8, mean float8, sd float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_crps_normal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION crps_normal(float8, float8, float8) IS
'Continuous ranked probability score of a normal forecast (a margin, a total) when y happened, in the units of y: 0 best; |y - mean| for sd 0. Refuses infinite y and mean and an sd that is infinite or below 0. Source: Gneiting et al. 2005, equation 5.';

CREATE FUNCTION crps_poisson(y int, mean float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_crps_poisson' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION crps_poisson(int, float8) IS
'Continuous ranked probability score of a Poisson forecast of a count (goals, corners) when y was counted: 0 best. Refuses a y below 0 and a mean outside 0..1e9. Source: Wei & Held 2014.';

CREATE FUNCTION crps_negbin(y int, mean float8, size float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_crps_negbin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION crps_negbin(int, float8, float8) IS
'Continuous ranked probability score of a negative binomial forecast of a count with variance mean + mean^2/size when y was counted: 0 best; an infinite size is Poisson. Refuses a y below 0, a mean outside 0..1e9 and a size below 1e-100. Source: Wei & Held 2014, their hypergeometric function as an integral.';

CREATE FUNCTION crps_ensemble(y float8, members float8[], fair boolean DEFAULT false) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_crps_ensemble' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION crps_ensemble(float8, float8[], boolean) IS
'Continuous ranked probability score of an ensemble (simulated seasons, bootstrap draws) when y happened, in the units of y: E|X - y| - E|X - X''|/2 over the members, 0 best. fair takes the mean over different members, 1/(n(n-1)), as if the ensemble were endless; it may be negative. Refuses infinite values, no members, and a single one when fair. Sources: Gneiting & Raftery 2007; Ferro 2014.';
