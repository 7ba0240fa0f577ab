-- How much to stake: the share of the bankroll that makes it grow fastest.

CREATE FUNCTION kelly_fraction(p_win float8, odds float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0,
		multiplier float8 DEFAULT 1, cap float8 DEFAULT NULL, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_fraction' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kelly_fraction(float8, float8, float8, float8, float8, float8, text) IS
'Share of the bankroll to risk on one bet: least(greatest(f, 0) * multiplier, cap, 1), f = (b*w-l)/(b*(w+l)) (Kelly 1956), w and l the probabilities that the bet wins and loses, b the net win per unit at risk.
p_win: probability that the selection wins; p_push: that the stake comes back; odds: decimal, above 1; commission: share of net winnings, 0 to 1; multiplier: 0.25 for quarter Kelly; cap: largest share, NULL for none. side: back, b = (odds-1)*(1-commission); or lay, where the result is the liability (the backer''s stake is the result/(odds-1)) and b = (1-commission)/(odds-1).
0 without value. NULL for any NULL but cap. Refuses probabilities outside 0..1 or summing to more than 1, odds of 1 or less, NaN, and other sides.';

CREATE FUNCTION kelly_payoffs(probs float8[], net_returns float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_payoffs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kelly_payoffs(float8[], float8[]) IS
'Share of the bankroll, 0 to 1, for a bet with any results, such as a quarter-line handicap: the root f of sum(p*r/(1+f*r)) = 0; 0 without value, 1 when the bankroll would grow fastest beyond that. probs: probability of each of 1 to 1000 results; net_returns: profit per unit staked, -1 for a lost stake, -0.5 for a half loss, 0 for a push. What probs leave to 1 loses the stake. Refuses returns below -1, probabilities outside 0..1 or summing to more than 1, and arrays of different lengths. Source: Kelly 1956.';
