-- What betting brought: return on turnover, its interval, and the falls on the way.

CREATE TYPE roi_estimate AS (n bigint, roi float8, lower float8, upper float8);
COMMENT ON TYPE roi_estimate IS 'Profit over turnover of n rows with its 95 % interval; lower and upper are NULL for a single row, roi too without turnover.';

CREATE FUNCTION roi_accum(state float8[], profit float8, stake float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_roi_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_accum(float8[], float8, float8) IS 'Adds a row to the state of aggregates roi and roi_interval: n, then sums of profit, stake, profit^2, profit*stake and stake^2 in two numbers each.';
CREATE FUNCTION roi_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_roi_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_combine(float8[], float8[]) IS 'Merges two states of aggregates roi and roi_interval.';
CREATE FUNCTION roi_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_roi_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_final(float8[]) IS 'The return that a state of aggregate roi holds; NULL without turnover.';
CREATE FUNCTION roi_interval_final(state float8[]) RETURNS roi_estimate
	AS 'MODULE_PATHNAME', 'bet_edge_roi_interval_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_interval_final(float8[]) IS 'The estimate that a state of aggregate roi_interval holds; NULL without rows.';

CREATE AGGREGATE roi(profit float8, stake float8)
	(SFUNC = roi_accum, STYPE = float8[], FINALFUNC = roi_final, COMBINEFUNC = roi_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE roi(float8, float8) IS
'Return on turnover ("yield"), sum of profit over sum of stake. Void bets are no turnover: leave them out or give stake 0; pushed ones are. Rows with a NULL are left out; NULL without turnover. Refuses a negative stake and infinite amounts.';
CREATE AGGREGATE roi_interval(profit float8, stake float8)
	(SFUNC = roi_accum, STYPE = float8[], FINALFUNC = roi_interval_final, COMBINEFUNC = roi_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE roi_interval(float8, float8) IS
'Return on turnover with its 95 % interval (n, roi, lower, upper): Student''s t and the linearised variance of a ratio, n/(n-1) * sum (profit - roi*stake)^2 / turnover^2. One row is one independent cluster: sum the bets on one game into one row first. Rows with a NULL are left out; NULL without rows. Refuses a negative stake and infinite amounts. Source: Cochran 1977, Sampling Techniques, 6.3.';

-- ---- the shape of returns, one state for all: n, mean (2), m2, m3, m4, spread, squares below target (2), worst, target, periods --

CREATE FUNCTION returns_accum(state float8[], return float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_returns_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returns_accum(float8[], float8) IS 'Adds a return to the state of aggregates sharpe_ratio, sortino_ratio, skewness and kurtosis.';
CREATE FUNCTION returns_accum(state float8[], return float8, target float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_returns_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returns_accum(float8[], float8, float8) IS 'Adds a return to the state of aggregates sharpe_ratio and sortino_ratio with a target.';
CREATE FUNCTION returns_accum(state float8[], return float8, target float8, periods_per_year float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_returns_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returns_accum(float8[], float8, float8, float8) IS 'Adds a return to the state of aggregates sharpe_ratio and sortino_ratio with a target, annualised.';
CREATE FUNCTION returns_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_returns_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION returns_combine(float8[], float8[]) IS 'Merges two states of aggregates sharpe_ratio, sortino_ratio, skewness or kurtosis.';
CREATE FUNCTION sharpe_ratio_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_sharpe_ratio_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sharpe_ratio_final(float8[]) IS 'The ratio that a state of aggregate sharpe_ratio holds; NULL where its denominator is 0.';
CREATE FUNCTION sortino_ratio_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_sortino_ratio_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sortino_ratio_final(float8[]) IS 'The ratio that a state of aggregate sortino_ratio holds; NULL where its denominator is 0.';
CREATE FUNCTION skewness_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_skewness_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skewness_final(float8[]) IS 'The skewness that a state of aggregate skewness holds; NULL where its denominator is 0.';
CREATE FUNCTION kurtosis_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kurtosis_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kurtosis_final(float8[]) IS 'The kurtosis that a state of aggregate kurtosis holds; NULL where its denominator is 0.';

CREATE AGGREGATE sharpe_ratio(return float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = sharpe_ratio_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE sharpe_ratio(float8) IS
'Sharpe ratio of returns: mean over sample standard deviation (n-1), per row and not annualised. A return is profit per unit staked, or of a day, a week, on the bankroll. NULL for fewer than two rows and when all returns are equal. Rows with a NULL are left out. Refuses what is not finite, and returns so near each other that the squares of their differences underflow. Source: Sharpe 1994.';
CREATE AGGREGATE sharpe_ratio(return float8, target float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = sharpe_ratio_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE sharpe_ratio(float8, float8) IS
'Sharpe ratio of returns above a target: (mean - target) over sample standard deviation (n-1), not annualised. target is the same in every row. NULL for fewer than two rows and when all returns are equal. Rows with a NULL are left out. Refuses what is not finite.';
CREATE AGGREGATE sharpe_ratio(return float8, target float8, periods_per_year float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = sharpe_ratio_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE sharpe_ratio(float8, float8, float8) IS
'Sharpe ratio, annualised: (mean - target) over sample standard deviation (n-1), times the square root of periods_per_year (365 for returns of a day, 52 of a week). target and periods_per_year, above 0, are the same in every row. NULL for fewer than two rows and when all returns are equal. Rows with a NULL are left out. Refuses what is not finite.';
CREATE AGGREGATE sortino_ratio(return float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = sortino_ratio_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE sortino_ratio(float8) IS
'Sortino ratio of returns: mean over downside deviation, the root of the mean over all n rows of min(return, 0)^2; not annualised. NULL when no return is below 0. Rows with a NULL are left out. Refuses what is not finite, and shortfalls whose squares underflow. Source: Sortino and Price 1994.';
CREATE AGGREGATE sortino_ratio(return float8, target float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = sortino_ratio_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE sortino_ratio(float8, float8) IS
'Sortino ratio of returns above a target: (mean - target) over the root of the mean over all n rows of min(return - target, 0)^2, not annualised. target is the same in every row. NULL when no return is below it. Rows with a NULL are left out. Refuses what is not finite.';
CREATE AGGREGATE sortino_ratio(return float8, target float8, periods_per_year float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = sortino_ratio_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE sortino_ratio(float8, float8, float8) IS
'Sortino ratio, annualised: (mean - target) over the root of the mean over all n rows of min(return - target, 0)^2, times the square root of periods_per_year. target and periods_per_year, above 0, are the same in every row. NULL when no return is below the target. Rows with a NULL are left out. Refuses what is not finite.';
CREATE AGGREGATE skewness(return float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = skewness_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE skewness(float8) IS
'Skewness of returns, the third central moment over the standard deviation (of n) cubed: 0 for symmetric returns, above 0 where single large gains carry them, as at long odds. NULL for fewer than two rows and when all returns are equal. Rows with a NULL are left out. Refuses what is not finite. What probabilistic_sharpe_ratio asks for.';
CREATE AGGREGATE kurtosis(return float8)
	(SFUNC = returns_accum, STYPE = float8[], FINALFUNC = kurtosis_final, COMBINEFUNC = returns_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE kurtosis(float8) IS
'Kurtosis of returns, the fourth central moment over the squared variance (of n): 3 for a normal law (this is not the excess over 3), at least 1 + skewness^2. NULL for fewer than two rows and when all returns are equal. Rows with a NULL are left out. Refuses what is not finite. What probabilistic_sharpe_ratio asks for.';

-- ---- drawdown: in the order of the bets, so never in parts -------------------------------------------

CREATE FUNCTION drawdown_accum(state float8[], profit float8, bankroll float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_drawdown_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION drawdown_accum(float8[], float8, float8) IS 'Adds a bet to the state of aggregates max_drawdown, max_drawdown_fraction and longest_underwater.';
CREATE FUNCTION max_drawdown_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_max_drawdown_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION max_drawdown_final(float8[]) IS 'The amount that a state of aggregate max_drawdown holds.';
CREATE FUNCTION max_drawdown_fraction_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_max_drawdown_fraction_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION max_drawdown_fraction_final(float8[]) IS 'The fraction that a state of aggregate max_drawdown_fraction holds.';
CREATE FUNCTION longest_underwater_final(state float8[]) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_longest_underwater_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION longest_underwater_final(float8[]) IS 'The count that a state of aggregate longest_underwater holds.';

CREATE AGGREGATE max_drawdown(profit float8, bankroll float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = max_drawdown_final, INITCOND = '{0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown(float8, float8) IS
'Furthest that bankroll plus profits so far fell below its highest value before, an amount of at least 0; the starting bankroll is the first peak. Order it: max_drawdown(profit, 1000 ORDER BY settled_at). Rows with a NULL are left out; 0 without rows. Refuses a bankroll that is not above 0 or not the same in every row.';
CREATE AGGREGATE max_drawdown_fraction(profit float8, bankroll float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = max_drawdown_fraction_final, INITCOND = '{0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown_fraction(float8, float8) IS
'As max_drawdown, but the largest fall as a share of the peak before it: 0 never down, 1 ruin, more when the balance went below 0.';
CREATE AGGREGATE longest_underwater(profit float8, bankroll float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = longest_underwater_final, INITCOND = '{0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_underwater(float8, float8) IS
'Most bets in a row after which the balance stood below its last peak. Order, NULL and refusals as in max_drawdown.';
