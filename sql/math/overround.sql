-- The bookmaker's margin, probabilities without it, and odds with it.

CREATE FUNCTION overround(odds float8[], target float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_overround' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION overround(float8[], float8) IS
'How far the implied probabilities of all outcomes exceed 1 (margin, vig, juice): sum(1/odds)/target - 1; negative for a book that loses whatever happens. odds: decimal odds of 2 to 1000 outcomes of one market, each above 1. target: how many of them win, at least 1e-9 and below their number; 1 for a winner, 4 for the first four.';

CREATE FUNCTION hold(odds float8[], target float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_hold' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hold(float8[], float8) IS
'The share of the stakes that a balanced book keeps: 1 - target/sum(1/odds), also called theoretical hold; 1 - hold is the payout. odds: decimal odds of 2 to 1000 outcomes of one market, each above 1. target: how many of them win.';

CREATE FUNCTION payout(odds float8[], target float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_payout' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payout(float8[], float8) IS
'The share of the stakes that a balanced book pays back: target/sum(1/odds) = 1 - hold; above 1 for a book that loses. odds: decimal odds of 2 to 1000 outcomes of one market, each above 1. target: how many of them win.';

CREATE FUNCTION remove_overround(odds float8[], method text DEFAULT 'shin', target float8 DEFAULT 1) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_remove_overround' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION remove_overround(float8[], text, float8) IS
'Fair (no-vig, devigged) probabilities from decimal odds: above 0, summing to target, in the order of odds. odds: all 2 to 1000 outcomes of one market, each above 1. target: how many of them win, at least 1e-9 and below their number (1 for a winner, 4 for the first four). With q = 1/odds, B = sum(q), T = target, n outcomes, and one parameter solved so that sum(p) = T:
shin: z in [0,1), p = (sqrt(z^2+4(1-z)q^2/B)-z)/(2(1-z)) (Shin 1993; Jullien and Salanie 1994), with p/T, q/T, B/T for p, q, B. multiplicative, basic, proportional: qT/B. power: q^k (Clarke, Kovalchik and Ingram 2017; Buchdahl calls it logarithmic). additive: q-(B-T)/n; wpo, differential_margin_weighting: margins in proportion to the odds (Buchdahl), the same numbers. odds_ratio, or: q/(c+q-cq) (Cheung 2015); logarithmic: logit(q)-c, the same numbers. balanced_book, bb: (q-z)/(1-z), z = (B-T)/(n-T) (Fingleton and Waldron 1999). jsd: the same binomial Jensen-Shannon distance between p < q and q for each outcome (Long). goto, goto_conversion: q-c*sqrt(1-q), the same number of standard errors (Goto).
B = T gives q. B < T: multiplicative, additive, wpo, power and odds_ratio answer, the others explain a margin and refuse. Refuses a method that gives an outcome no probability in (0,1) (additive, wpo, balanced_book, jsd and goto with longshots), unknown methods, NULL, NaN and odds of 1 or less.';

CREATE FUNCTION overround_parameter(odds float8[], method text DEFAULT 'shin', target float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_overround_parameter' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION overround_parameter(float8[], text, float8) IS
'What remove_overround(odds, method, target) solves for: shin z, the share of insiders; power the exponent k (the R package implied reports 1/k); odds_ratio the odds ratio of quoted to fair probabilities; logarithmic its logarithm; balanced_book z; jsd the distance (natural logarithm, square root); goto the number of standard errors. NULL for multiplicative, additive and wpo, which have none. Arguments and refusals are those of remove_overround.';

CREATE FUNCTION add_overround(probs float8[], overround float8, method text DEFAULT 'shin', target float8 DEFAULT 1) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_add_overround' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION add_overround(float8[], float8, text, float8) IS
'Decimal odds with a bookmaker''s margin: those of which overround(odds, target) is the overround asked for and remove_overround(odds, method, target) gives probs. probs: fair probabilities of 2 to 1000 outcomes, each above 0 and below 1, which sum to target within 1e-9. overround: above -1; 0.05 for a book of 105 %. method: as in remove_overround. Refuses an overround that the method cannot put on these probabilities with every price above 1 (22023).';

CREATE FUNCTION missing_odds(odds float8[], overround float8, target float8 DEFAULT 1) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_missing_odds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION missing_odds(float8[], float8, float8) IS
'Decimal odds of the one outcome that is not listed, when the overround of the whole market is known or assumed: 1/(target*(1+overround) - sum(1/odds)). odds: decimal odds of the 1 to 1000 listed outcomes, each above 1. remove_overround(odds || missing_odds(odds, 0.05)) then has the whole market. Refuses an overround that leaves the missing outcome no price above 1 (22023).';

CREATE FUNCTION one_sided_probability(odds float8, overround float8, method text DEFAULT 'multiplicative') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_one_sided_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION one_sided_probability(float8, float8, text) IS
'Fair probability of one side of a two-way market of which only that side is quoted (a yes without a no), when the overround of the market is known or assumed. multiplicative: 1/(odds*(1+overround)). Any other method of remove_overround is given both sides, the other at missing_odds(odds, overround); odds of 1/overround and longer have no other side and are refused (22023).';

CREATE FUNCTION fair_probabilities(odds float8[], methods text[] DEFAULT '{multiplicative,odds_ratio,power,shin}', target float8 DEFAULT 1,
		OUT outcome int, OUT price float8, OUT consensus float8, OUT lowest float8, OUT highest float8, OUT by_method jsonb) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'bet_edge_fair_probabilities' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 ROWS 3;
COMMENT ON FUNCTION fair_probabilities(float8[], text[], float8) IS
'What several methods of remove_overround make of one market, a row for each outcome in the order of odds: consensus, the mean of the methods (divided by its sum, times target, so that it sums to target to the last digit); lowest, the worst case for who backs the outcome, and highest (neither sums to target); by_method, each method''s probability under the name that it was asked by. methods: one or more of remove_overround''s, none twice. Any method that refuses the market refuses all of it; those of the default answer every market with a margin.';
