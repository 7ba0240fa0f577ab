-- The bookmaker's margin, and probabilities without it.

CREATE FUNCTION overround(odds float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_overround' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION overround(float8[]) IS
'How far the implied probabilities of all outcomes exceed 1: sum(1/odds) - 1; negative for a book that loses whatever happens. odds: decimal odds of 2 to 1000 outcomes of one market, each above 1.';

CREATE FUNCTION hold(odds float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_hold' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hold(float8[]) IS
'The share of the stakes that a balanced book keeps: 1 - 1/sum(1/odds), also called theoretical hold; 1 - hold is the payout. odds: decimal odds of 2 to 1000 outcomes of one market, each above 1.';

CREATE FUNCTION remove_overround(odds float8[], method text DEFAULT 'shin') RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_remove_overround' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION remove_overround(float8[], text) IS
'Fair probabilities from decimal odds: above 0, summing to 1, in the order of odds. odds: all 2 to 1000 outcomes of one market, each above 1. With q = 1/odds, B = sum(q), n outcomes:
shin: z in [0,1) with sum(p) = 1, p = (sqrt(z^2+4(1-z)q^2/B)-z)/(2(1-z)) (Shin 1993; Jullien and Salanie 1994). multiplicative, basic: q/B. power: q^k (Clarke, Kovalchik and Ingram 2017). additive, wpo: q-(B-1)/n. odds_ratio, logarithmic: q/(c+q-c*q) (Cheung 2015); logarithmic is a shift of the logit, not Buchdahl''s method of that name, which is power.
B = 1 gives q. Below 1, shin refuses the book and the others answer. Refuses a method that leaves an outcome no probability (additive on longshots), unknown methods, NULL, NaN and odds of 1 or less.';
