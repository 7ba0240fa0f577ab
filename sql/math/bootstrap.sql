-- The clustered bootstrap: intervals of a return or a mean when games are independent and bets are not.

CREATE TYPE bootstrap_estimate AS (clusters bigint, estimate float8, lower float8, upper float8, standard_error float8, prob_positive float8);
COMMENT ON TYPE bootstrap_estimate IS 'A ratio or mean over so many clusters, its 95 % interval, the standard deviation of its replicates and the share of them above 0 (those at 0 count half). All but clusters and estimate are NULL for a single cluster, estimate too without any.';

CREATE FUNCTION roi_bootstrap_accum(state internal, profit float8, stake float8, cluster bigint, replicates int, seed int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_roi_bootstrap_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION roi_bootstrap_accum(internal, float8, float8, bigint, int, int) IS 'Adds a bet to the state of aggregate roi_bootstrap.';
CREATE FUNCTION mean_bootstrap_accum(state internal, value float8, cluster bigint, replicates int, seed int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_mean_bootstrap_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION mean_bootstrap_accum(internal, float8, bigint, int, int) IS 'Adds a value to the state of aggregate mean_bootstrap.';
CREATE FUNCTION bootstrap_final(state internal) RETURNS bootstrap_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_bootstrap_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bootstrap_final(internal) IS 'The estimate and interval that a state of aggregate roi_bootstrap or mean_bootstrap holds; NULL without rows.';

CREATE AGGREGATE roi_bootstrap(profit float8, stake float8, cluster bigint, replicates int, seed int)
	(SFUNC = roi_bootstrap_accum, STYPE = internal, FINALFUNC = bootstrap_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE roi_bootstrap(float8, float8, bigint, int, int) IS
'Return on turnover, sum of profit over sum of stake, with a bootstrap interval over clusters: bets of one cluster, a game''s id, are drawn together, as they win and lose together. replicates (100 to 1,000,000; 10,000 is usual) and seed are the same in every row; the same rows in any order, in parallel or not, and the same seed give the same numbers to the last bit. lower and upper: BCa at 95 %, bias-corrected and accelerated, the bias from (replicates below the estimate + half those equal + 1/2) / (replicates + 1), the acceleration from leaving out each cluster. prob_positive: share of replicates above 0, those at 0 by half. Clusters without turnover and rows with a NULL are left out; NULL without rows. Memory: 24 bytes a row, three times that at the end, and 8 a replicate. Refuses a negative stake and what is not finite. Source: Efron 1987.';

CREATE AGGREGATE mean_bootstrap(value float8, cluster bigint, replicates int, seed int)
	(SFUNC = mean_bootstrap_accum, STYPE = internal, FINALFUNC = bootstrap_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE mean_bootstrap(float8, bigint, int, int) IS
'Mean of values (closing line value, a difference of two losses) with a bootstrap interval over clusters, as roi_bootstrap with every stake 1: that says what the arguments and the result mean.';
