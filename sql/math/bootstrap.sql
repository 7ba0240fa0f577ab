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

CREATE FUNCTION path_bootstrap(profit float8[], stake float8[], cluster int[], bankroll float8, years float8 DEFAULT 1, replicates int DEFAULT 10000, seed int DEFAULT 1)
RETURNS TABLE (measure text, estimate float8, lower float8, upper float8)
	AS 'MODULE_PATHNAME', 'bet_edge_path_bootstrap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION path_bootstrap(float8[], float8[], int[], float8, float8, int, int) IS
'Measures that depend on the spread or the order of bets, with 95 % intervals: return_on_bankroll, sharpe_ratio and sortino_ratio (of profit/stake per bet, not annualised), calmar_ratio (growth a year over the largest fall as a share; years: how long the bets took), max_drawdown, max_drawdown_fraction, longest_losing_run. profit, stake (above 0) and cluster (a game''s number) of the bets in the order of their settlement; bankroll: at the start. Clusters are drawn with replacement, replicates (100 to 1,000,000) times; their bets stay at their places in time, as often as their cluster was drawn. Intervals are percentiles of the replicates; a fall or run of the past is one draw from a wide law, and its interval need not hold it in the middle. A ratio without anything to divide by (no loss, no fall) is NULL, and so is a bound that would be infinite. The same arguments give the same numbers to the last bit. Refuses arrays of different lengths and what is not finite. Source: Efron 1979.';
