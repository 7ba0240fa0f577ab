-- How far outcomes may lie from predictions, with a coverage that holds for any model.

CREATE FUNCTION conformal_quantile(scores float8[], alpha float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_conformal_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION conformal_quantile(float8[], float8) IS
'Split-conformal quantile: the ceil((n+1)(1-alpha))-th smallest of n calibration scores, which the score of a new case exceeds with probability at most alpha. Infinity when there are too few scores for alpha. The rank is that of the decimal alpha as written. Refuses no scores, NULL, NaN, and alpha outside (0,1). Sources: Vovk et al. 2005; Lei et al. 2018.';

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
