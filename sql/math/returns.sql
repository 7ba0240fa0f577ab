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

CREATE FUNCTION roi_p_value_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_roi_p_value_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_p_value_final(float8[]) IS 'The p-value that a state of aggregate roi_p_value holds; NULL where there is none.';
CREATE AGGREGATE roi_p_value(profit float8, stake float8)
	(SFUNC = roi_accum, STYPE = float8[], FINALFUNC = roi_p_value_final, COMBINEFUNC = roi_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE roi_p_value(float8, float8) IS
'One-sided p-value of the return on turnover: the probability of one as high or higher were the true return 0, by Student''s t with n-1 degrees of freedom and the deviation of roi_interval. One row is one independent cluster: sum the bets on one game into one row first. Small is evidence of an edge, provided that this was the only strategy tried: see deflated_sharpe_ratio. NULL for fewer than two rows, without turnover and when all rows return the same. Rows with a NULL are left out. Refuses a negative stake and infinite amounts.';

CREATE FUNCTION bets_needed(edge float8, odds float8, alpha float8 DEFAULT 0.05, power float8 DEFAULT 0.8) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_bets_needed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bets_needed(float8, float8, float8, float8) IS 'Independent flat bets at such decimal odds until an edge, expected profit per unit staked, shows: until a one-sided test of no edge at level alpha finds it with probability power. n = ((z(1-alpha) sqrt(odds-1) + z(power) odds sqrt(p(1-p))) / edge)^2, p = (1+edge)/odds, rounded up. The normal law is assumed, so take small answers at long odds as a hint. Refuses an edge that is not above 0 or above odds-1, power that is not between alpha and 1, odds of 1 or less. Source: Fleiss 1981, Statistical Methods for Rates and Proportions.';

CREATE FUNCTION win_rate_accum(state float8[], profit float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_win_rate_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION win_rate_accum(float8[], float8) IS 'Adds a bet to the state of aggregate win_rate, {won, won or lost}.';
CREATE FUNCTION win_rate_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_win_rate_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION win_rate_combine(float8[], float8[]) IS 'Merges two states of aggregate win_rate.';
CREATE FUNCTION win_rate_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_win_rate_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION win_rate_final(float8[]) IS 'The share that a state of aggregate win_rate holds; NULL without a decided bet.';
CREATE AGGREGATE win_rate(profit float8)
	(SFUNC = win_rate_accum, STYPE = float8[], FINALFUNC = win_rate_final, COMBINEFUNC = win_rate_combine, INITCOND = '{0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE win_rate(float8) IS
'Share of bets won: those with a profit above 0 (half wins too) of those with a profit or a loss; a profit of 0, a push or a void bet, is neither. Rows with a NULL are left out; NULL without a decided bet. Refuses infinite amounts.';

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
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = max_drawdown_final, INITCOND = '{0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown(float8, float8) IS
'Furthest that bankroll plus profits so far fell below its highest value before, an amount of at least 0; the starting bankroll is the first peak. Order it: max_drawdown(profit, 1000 ORDER BY settled_at). Rows with a NULL are left out; 0 without rows. Refuses a bankroll that is not above 0 or not the same in every row.';
CREATE AGGREGATE max_drawdown_fraction(profit float8, bankroll float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = max_drawdown_fraction_final, INITCOND = '{0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown_fraction(float8, float8) IS
'As max_drawdown, but the largest fall as a share of the peak before it: 0 never down, 1 ruin, more when the balance went below 0.';
CREATE AGGREGATE longest_underwater(profit float8, bankroll float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = longest_underwater_final, INITCOND = '{0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_underwater(float8, float8) IS
'Most bets in a row after which the balance stood below its last peak. Order, NULL and refusals as in max_drawdown.';

CREATE FUNCTION drawdown_accum(state float8[], profit float8, bankroll float8, periods_per_year float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_drawdown_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION drawdown_accum(float8[], float8, float8, float8) IS 'Adds a period to the state of aggregate calmar_ratio.';
CREATE FUNCTION calmar_ratio_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_calmar_ratio_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION calmar_ratio_final(float8[]) IS 'The ratio that a state of aggregate calmar_ratio holds; NULL where it is not defined.';
CREATE AGGREGATE calmar_ratio(profit float8, bankroll float8, periods_per_year float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = calmar_ratio_final, INITCOND = '{0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE calmar_ratio(float8, float8, float8) IS
'Calmar ratio: growth a year over the largest fall as a share, ((bankroll + profits) / bankroll)^(periods_per_year / n) - 1 over max_drawdown_fraction, of n periods, a row each: give the days or weeks without a bet a profit of 0. Order it as max_drawdown. NULL without a fall, without rows, and when the balance ends below 0, where no growth leads; -1 or less has lost it all. Rows with a NULL are left out. Refuses a bankroll or periods_per_year that is not above 0 or not the same in every row. Source: Young 1991.';
CREATE FUNCTION return_on_bankroll_combine(state float8[], other float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_return_on_bankroll_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION return_on_bankroll_combine(float8[], float8[]) IS 'Merges two states of aggregate return_on_bankroll.';
CREATE FUNCTION return_on_bankroll_final(state float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_return_on_bankroll_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION return_on_bankroll_final(float8[]) IS 'The return that a state of aggregate return_on_bankroll holds; NULL without rows.';
CREATE AGGREGATE return_on_bankroll(profit float8, bankroll float8)
	(SFUNC = drawdown_accum, STYPE = float8[], FINALFUNC = return_on_bankroll_final, COMBINEFUNC = return_on_bankroll_combine, INITCOND = '{0,0,0,0,0,0,0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE return_on_bankroll(float8, float8) IS
'Return on the starting bankroll, sum of profit over bankroll: not roi, which is on turnover. Its order does not matter. Rows with a NULL are left out; NULL without rows. Refuses a bankroll that is not above 0 or not the same in every row.';
CREATE FUNCTION runs_accum(state float8[], profit float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_runs_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION runs_accum(float8[], float8) IS 'Adds a bet to the state of aggregates longest_losing_run and longest_winning_run.';
CREATE FUNCTION longest_losing_run_final(state float8[]) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_longest_losing_run_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION longest_losing_run_final(float8[]) IS 'The count that a state of aggregate longest_losing_run holds.';
CREATE AGGREGATE longest_losing_run(profit float8)
	(SFUNC = runs_accum, STYPE = float8[], FINALFUNC = longest_losing_run_final, INITCOND = '{0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_losing_run(float8) IS
'Most bets lost in a row. A profit of 0, a push or a void bet, neither counts nor ends a run. Order it: longest_losing_run(profit ORDER BY settled_at). Rows with a NULL are left out; 0 without rows. Refuses infinite amounts.';
CREATE FUNCTION longest_winning_run_final(state float8[]) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_longest_winning_run_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION longest_winning_run_final(float8[]) IS 'The count that a state of aggregate longest_winning_run holds.';
CREATE AGGREGATE longest_winning_run(profit float8)
	(SFUNC = runs_accum, STYPE = float8[], FINALFUNC = longest_winning_run_final, INITCOND = '{0,0,0,0}', PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_winning_run(float8) IS
'Most bets won in a row. A profit of 0, a push or a void bet, neither counts nor ends a run. Order it: longest_winning_run(profit ORDER BY settled_at). Rows with a NULL are left out; 0 without rows. Refuses infinite amounts.';

-- ---- the same with the time as an argument: rows in any order, so in parts too ---------------------------

CREATE FUNCTION timed_drawdown_accum(state internal, profit float8, bankroll float8, at timestamptz) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_timed_accum_time' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_drawdown_accum(internal, float8, float8, timestamptz) IS 'Adds a bet to the state of the drawdown aggregates that take a time.';
CREATE FUNCTION timed_runs_accum(state internal, profit float8, at timestamptz) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_timed_accum_time' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_runs_accum(internal, float8, timestamptz) IS 'Adds a bet to the state of the aggregates of runs that take a time.';
CREATE FUNCTION timed_drawdown_accum(state internal, profit float8, bankroll float8, at bigint) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_timed_accum_number' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_drawdown_accum(internal, float8, float8, bigint) IS 'Adds a bet to the state of the drawdown aggregates that take a time.';
CREATE FUNCTION timed_runs_accum(state internal, profit float8, at bigint) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_timed_accum_number' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_runs_accum(internal, float8, bigint) IS 'Adds a bet to the state of the aggregates of runs that take a time.';
CREATE FUNCTION timed_max_drawdown_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_timed_max_drawdown_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_max_drawdown_final(internal) IS 'What a state of aggregate max_drawdown with a time holds.';
CREATE FUNCTION timed_max_drawdown_fraction_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_timed_max_drawdown_fraction_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_max_drawdown_fraction_final(internal) IS 'What a state of aggregate max_drawdown_fraction with a time holds.';
CREATE FUNCTION timed_longest_underwater_final(state internal) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_timed_longest_underwater_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_longest_underwater_final(internal) IS 'What a state of aggregate longest_underwater with a time holds.';
CREATE FUNCTION timed_calmar_ratio_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_timed_calmar_ratio_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_calmar_ratio_final(internal) IS 'What a state of aggregate calmar_ratio with a time holds.';
CREATE FUNCTION timed_longest_losing_run_final(state internal) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_timed_longest_losing_run_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_longest_losing_run_final(internal) IS 'What a state of aggregate longest_losing_run with a time holds.';
CREATE FUNCTION timed_longest_winning_run_final(state internal) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bet_edge_timed_longest_winning_run_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION timed_longest_winning_run_final(internal) IS 'What a state of aggregate longest_winning_run with a time holds.';
CREATE AGGREGATE max_drawdown(profit float8, bankroll float8, at timestamptz)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_max_drawdown_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown(float8, float8, timestamptz) IS
'Furthest that bankroll plus profits fell below its highest value before, an amount of at least 0. at: when the bet was settled. Bets are put in order of at first, so no ORDER BY is needed and it runs in parallel; those of one time are settled together, as one step. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE max_drawdown(profit float8, bankroll float8, at bigint)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_max_drawdown_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown(float8, float8, bigint) IS
'Furthest that bankroll plus profits fell below its highest value before, an amount of at least 0. at: a number that grows with time, such as the id of a bet. Bets are put in order of at first, so no ORDER BY is needed and it runs in parallel; those of one time are settled together, as one step. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE max_drawdown_fraction(profit float8, bankroll float8, at timestamptz)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_max_drawdown_fraction_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown_fraction(float8, float8, timestamptz) IS
'Largest fall of bankroll plus profits as a share of the peak before it. at: when the bet was settled. Bets are put in order of at first, so no ORDER BY is needed and it runs in parallel; those of one time are settled together, as one step. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE max_drawdown_fraction(profit float8, bankroll float8, at bigint)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_max_drawdown_fraction_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE max_drawdown_fraction(float8, float8, bigint) IS
'Largest fall of bankroll plus profits as a share of the peak before it. at: a number that grows with time, such as the id of a bet. Bets are put in order of at first, so no ORDER BY is needed and it runs in parallel; those of one time are settled together, as one step. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE longest_underwater(profit float8, bankroll float8, at timestamptz)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_longest_underwater_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_underwater(float8, float8, timestamptz) IS
'Most bets in a row after which bankroll plus profits stood below its last peak. at: when the bet was settled. Bets are put in order of at first, so no ORDER BY is needed and it runs in parallel; those of one time are settled together, as one step. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE longest_underwater(profit float8, bankroll float8, at bigint)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_longest_underwater_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_underwater(float8, float8, bigint) IS
'Most bets in a row after which bankroll plus profits stood below its last peak. at: a number that grows with time, such as the id of a bet. Bets are put in order of at first, so no ORDER BY is needed and it runs in parallel; those of one time are settled together, as one step. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE calmar_ratio(profit float8, bankroll float8, at timestamptz)
	(SFUNC = timed_drawdown_accum, STYPE = internal, FINALFUNC = timed_calmar_ratio_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE calmar_ratio(float8, float8, timestamptz) IS
'Calmar ratio by the calendar: growth a year over the largest fall as a share, ((bankroll + profits) / bankroll)^(1/years) - 1 over max_drawdown_fraction, years of 365.25 days from the first bet to the last. at: when the bet was settled, rows in any order; bets of one time are settled together. NULL without a fall, without rows, when no time passes and when the balance ends below 0. Runs in parallel, keeps 16 bytes a row. Refuses a bankroll that is not above 0 or not the same in every row, and infinite times. Source: Young 1991.';
CREATE AGGREGATE longest_losing_run(profit float8, at timestamptz)
	(SFUNC = timed_runs_accum, STYPE = internal, FINALFUNC = timed_longest_losing_run_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_losing_run(float8, timestamptz) IS
'Most bets lost in a row, in order of at: no ORDER BY is needed and it runs in parallel. at: when the bet was settled. Of bets of one time the losses come first. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE longest_losing_run(profit float8, at bigint)
	(SFUNC = timed_runs_accum, STYPE = internal, FINALFUNC = timed_longest_losing_run_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_losing_run(float8, bigint) IS
'Most bets lost in a row, in order of at: no ORDER BY is needed and it runs in parallel. at: a number that grows with time, such as the id of a bet. Of bets of one time the losses come first. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE longest_winning_run(profit float8, at timestamptz)
	(SFUNC = timed_runs_accum, STYPE = internal, FINALFUNC = timed_longest_winning_run_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_winning_run(float8, timestamptz) IS
'Most bets won in a row, in order of at: no ORDER BY is needed and it runs in parallel. at: when the bet was settled. Of bets of one time the losses come first. Keeps 16 bytes a row. Otherwise as the form without at.';
CREATE AGGREGATE longest_winning_run(profit float8, at bigint)
	(SFUNC = timed_runs_accum, STYPE = internal, FINALFUNC = timed_longest_winning_run_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE longest_winning_run(float8, bigint) IS
'Most bets won in a row, in order of at: no ORDER BY is needed and it runs in parallel. at: a number that grows with time, such as the id of a bet. Of bets of one time the losses come first. Keeps 16 bytes a row. Otherwise as the form without at.';

-- ---- the worst returns -----------------------------------------------------------------------------------

CREATE FUNCTION tail_accum(state internal, return float8, alpha float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_tail_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tail_accum(internal, float8, float8) IS 'Adds a return to the state of aggregates value_at_risk and expected_shortfall.';
CREATE FUNCTION value_at_risk_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_value_at_risk_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_at_risk_final(internal) IS 'The loss that a state of aggregate value_at_risk holds; NULL without rows.';
CREATE FUNCTION expected_shortfall_final(state internal) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_shortfall_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION expected_shortfall_final(internal) IS 'The mean loss that a state of aggregate expected_shortfall holds; NULL without rows.';
CREATE AGGREGATE value_at_risk(return float8, alpha float8)
	(SFUNC = tail_accum, STYPE = internal, FINALFUNC = value_at_risk_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE value_at_risk(float8, float8) IS
'Historical value at risk: the loss, a positive number, that a return is worse than in a share alpha of cases. The returns ascending, it is minus what stands at place (n-1) alpha, counted from 0, between two returns in proportion (type 7 of Hyndman and Fan); below 0 when even that return is a gain. alpha, inside (0, 1), is of the decimal as written and the same in every row: 0.05 for the worst twentieth. Rows with a NULL are left out; NULL without rows. Keeps all values (8 bytes each), runs in parallel. Refuses what is not finite.';
CREATE AGGREGATE expected_shortfall(return float8, alpha float8)
	(SFUNC = tail_accum, STYPE = internal, FINALFUNC = expected_shortfall_final, COMBINEFUNC = series_combine, SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE expected_shortfall(float8, float8) IS
'Expected shortfall (conditional value at risk): minus the mean of the floor((n-1) alpha) + 1 worst returns; never less than value_at_risk at the same alpha. alpha, NULL and refusals as in value_at_risk.';
