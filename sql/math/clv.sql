-- Closing line value: what a bet's price and line were worth at the close.

CREATE FUNCTION clv(taken_odds float8, closing_odds float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_clv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv(float8, float8) IS
'Closing line value on the price, raw: taken_odds / closing_odds - 1, the odds being decimal, of the same bet at the same line. The closing price still has the margin in it, so 0 is a losing bet: see clv with all closing odds. Refuses odds of 1 or less. Source: Buchdahl 2015.';

CREATE FUNCTION clv(taken_odds float8, closing_odds float8[], selection int, method text DEFAULT 'shin') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_clv_fair' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION clv(float8, float8[], int, text) IS
'Closing line value against the fair close: taken_odds * p - 1, p the closing probability of the selection without the margin, remove_overround(closing_odds, method). It is the expected profit per unit staked if the close was right. closing_odds: all outcomes of the market at the close; selection: the place in them, from 1, of what was bet on. Refuses what remove_overround refuses and a selection that is no outcome. Source: Buchdahl 2015.';

CREATE FUNCTION clv_prob(taken_odds float8, closing_odds float8[], selection int, method text DEFAULT 'shin') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_clv_prob' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION clv_prob(float8, float8[], int, text) IS
'Closing line value in probability: the fair closing probability of the selection less the break-even probability of the price taken, p - 1/taken_odds. Unlike clv it does not grow with the odds. Arguments and refusals as in clv.';

CREATE FUNCTION clv_points(market text, side text, taken_line float8, closing_line float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_clv_points' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_points(text, text, float8, float8) IS
'Closing line value on the line: points by which the line taken is better for the side than the closing one, below 0 when it is worse. market spreads (side home, away; the lines belong to the side: +3.5 that closed +3 gains 0.5) or totals (over, under). Refuses other names and lines that are no multiples of 0.25. What the points are worth: clv_line.';

CREATE FUNCTION clv_line(market text, side text, taken_line float8, closing_line float8, taken_odds float8, closing_prob float8, sample float8[],
		OUT points float8, OUT prob float8, OUT clv float8)
	AS 'MODULE_PATHNAME', 'bet_edge_clv_line' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION clv_line(text, text, float8, float8, float8, float8, float8[]) IS
'Closing line value where the line moved: points gained, prob, the fair probability at the close of the bet at the line that was taken (pushes aside, as closing_prob), and clv, its expected profit per unit staked at taken_odds, pushes and half results in it. closing_prob: fair probability of the side at closing_line, of a two-way market without its margin. sample: final home margins (spreads) or totals (totals) of games like this one, 2 to 1,000,000 of them between -1e6 and 1e6; their law, tilted by exp(theta * score) until the side has closing_prob at closing_line, is the market''s opinion: so a half point is worth most at the scores that are frequent. market, side and lines as in clv_points. Refuses a sample that does not reach to both sides of closing_line or holds what is no whole number, a closing_prob that is not within (0, 1), odds of 1 or less. Source: exponential tilting, the law nearest to the sample''s in Kullback-Leibler distance under that constraint (Csiszar 1975).';
