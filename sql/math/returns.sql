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
