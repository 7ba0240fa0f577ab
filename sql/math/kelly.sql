-- How much to stake: the share of the bankroll that makes it grow fastest.

CREATE FUNCTION kelly_fraction(p_win float8, odds float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0,
		multiplier float8 DEFAULT 1, cap float8 DEFAULT NULL, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_fraction' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kelly_fraction(float8, float8, float8, float8, float8, float8, text) IS
'Share of the bankroll to risk on one bet: least(greatest(f, 0) * multiplier, cap, 1), f = (b*w-l)/(b*(w+l)) (Kelly 1956), w and l the probabilities that the bet wins and loses, b the net win per unit at risk.
p_win: probability that the selection wins; p_push: that the stake comes back; odds: decimal, above 1; commission: share of net winnings, 0 to 1; multiplier: 0.25 for quarter Kelly; cap: largest share, NULL for none. side: back, b = (odds-1)*(1-commission); or lay, where the result is the liability (the backer''s stake is the result/(odds-1)) and b = (1-commission)/(odds-1).
0 without value. NULL for any NULL but cap. Refuses probabilities outside 0..1 or summing to more than 1, odds of 1 or less, NaN, and other sides.';

CREATE FUNCTION kelly_criterion(p_win float8, odds float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_criterion' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kelly_criterion(float8, float8, float8, float8, text) IS
'The full Kelly fraction as the formula gives it, (b*w-l)/(b*(w+l)), negative without value: how far from value a bet is. Arguments as for kelly_fraction(), which is what to stake. -Infinity where nothing can be won (commission 1) and something lost; 0 for a bet that can only push. Source: Kelly 1956.';

CREATE FUNCTION kelly_line(p_win float8, p_half_win float8, p_push float8, p_half_loss float8, p_loss float8, odds float8,
		commission float8 DEFAULT 0, multiplier float8 DEFAULT 1, cap float8 DEFAULT NULL, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_line' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kelly_line(float8, float8, float8, float8, float8, float8, float8, float8, float8, text) IS
'Share of the bankroll to risk on a bet at a line that can win, half win, push, half lose or lose, such as a quarter-line handicap: least(f * multiplier, cap), f the root of sum(p*r/(1+f*r)) = 0, 0 without value. The probabilities, as line_probabilities() and score grids give them, sum to 1 (within 1e-6) and are those of a backer''s bet; odds decimal; commission, multiplier, cap and side as for kelly_fraction(): with side lay the results are the other way round and the answer is the liability.
NULL for any NULL but cap. Refuses probabilities outside 0..1 or not summing to 1, odds of 1 or less, other sides. Source: Kelly 1956.';

CREATE FUNCTION kelly_payoffs(probs float8[], net_returns float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_payoffs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kelly_payoffs(float8[], float8[]) IS
'Share of the bankroll, 0 to 1, for a bet with any results, such as a quarter-line handicap: the root f of sum(p*r/(1+f*r)) = 0; 0 without value, 1 when the bankroll would grow fastest beyond that. probs: probability of each of 1 to 1000 results; net_returns: profit per unit staked, -1 for a lost stake, -0.5 for a half loss, 0 for a push. What probs leave to 1 loses the stake. A dead heat is a result like another: one of two at odds o returns o/2 - 1. Refuses returns below -1, probabilities outside 0..1 or summing to more than 1, and arrays of different lengths. Source: Kelly 1956.';

CREATE FUNCTION kelly_exclusive(probs float8[], odds float8[], multiplier float8 DEFAULT 1, total_cap float8 DEFAULT NULL) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_exclusive' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kelly_exclusive(float8[], float8[], float8, float8) IS
'Shares of the bankroll to stake on the outcomes of one event, of which at most one comes (home, draw, away; the runners of a race): those that grow it fastest together. An outcome is staked on while p*o exceeds the reserve rate R = (1-sum p)/(1-sum 1/o) of those staked on, with f = p - R/o: also some of slightly negative value, as a hedge. Odds that leave a sure profit: f = p, nothing in reserve.
probs and odds (decimal): 1 to 1000 outcomes; with what probs leave to 1 all stakes are lost. multiplier: 0.25 for quarter Kelly; then all are scaled down together to total_cap (NULL: 1). NULL for any NULL but total_cap. Refuses probabilities outside 0..1 or summing to more than 1, odds of 1 or less, arrays of different lengths. Source: Smoczynski & Tomkins 2010.';

CREATE FUNCTION kelly_simultaneous(probs float8[], odds float8[], total_cap float8 DEFAULT NULL, cap_mode text DEFAULT 'constrained',
		multiplier float8 DEFAULT 1, p_push float8[] DEFAULT NULL) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_simultaneous' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kelly_simultaneous(float8[], float8[], float8, text, float8, float8[]) IS
'Shares of the bankroll to stake on independent bets placed together: those that maximise E ln(1 + sum f*X) over all 2^n results, exactly (Thorp 2006). Bets without value get 0. All may be lost at once, so they leave at least 1e-7 of the bankroll.
probs and odds (decimal, at most 1e9): 1 to 500 bets; p_push: for each the probability that the stake comes back, NULL for none. total_cap: largest sum of the stakes, NULL for none; cap_mode constrained: the maximum under that limit, scaled: the maximum without it, scaled down. multiplier: 0.25 for quarter Kelly; constrained, the maximum is taken under total_cap/multiplier. NULL for NULL probs, odds, cap_mode or multiplier.
The expectation is the integral of (exp(-t) - E exp(-t*(1+sum f*X)))/t over t > 0, where independence makes a product; solved by Newton''s method until the conditions of Karush, Kuhn and Tucker hold.';

CREATE FUNCTION kelly_scenarios(probs float8[], net_returns float8[], total_cap float8 DEFAULT NULL, cap_mode text DEFAULT 'constrained',
		multiplier float8 DEFAULT 1) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_scenarios' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kelly_scenarios(float8[], float8[], float8, text, float8) IS
'Shares of the bankroll to stake on bets whose results depend on each other, such as legs of the same game: those that maximise sum(p*ln(1 + sum f*r)) over scenarios, each f at least 0.
probs: probability of each of 1 to 1000000 scenarios; what they leave to 1 loses all stakes. net_returns: a matrix with a row a scenario and a column a bet (at most 500), the profit per unit staked, -1 for a lost stake, 0 for a push, at most 1e9. total_cap, cap_mode and multiplier as for kelly_simultaneous(); without total_cap the stakes sum to at most 1, or 1 - 1e-7 where all can be lost at once, and no scenario leaves less than 1e-7. Where several answers grow equally (a bet listed twice) one of them. NULL for any NULL but total_cap. Refuses probabilities summing to more than 1, returns below -1, and sizes that do not match.';

CREATE FUNCTION kelly_slate(bets float8[], scenarios float8[], probs float8[], net_returns float8[], total_cap float8 DEFAULT NULL,
		cap_mode text DEFAULT 'constrained', multiplier float8 DEFAULT 1) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_slate' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION kelly_slate(float8[], float8[], float8[], float8[], float8, text, float8) IS
'Shares of the bankroll to stake on a whole slate: games that do not depend on each other, each with bets whose results do (exclusive outcomes, legs of one game): those that maximise E ln(1 + sum f*r) over all combinations of the games'' scenarios, exactly, each f at least 0.
bets and scenarios: how many each game has, an element a game; probs: of the scenarios, game after game; what a game''s leave to 1 loses all stakes on it; net_returns: of each game the matrix of kelly_scenarios(), a row a scenario and a column a bet, row after row and game after game in one array. At most 500 bets. total_cap, cap_mode and multiplier as for kelly_simultaneous(). The stakes leave at least 1e-7 of the bankroll. Where several answers grow equally one of them. NULL for any NULL but total_cap. Refuses probabilities of a game summing to more than 1, returns below -1, and sizes that do not match. How: as kelly_simultaneous(), the product being over games.';

-- ---- what a stake does -----------------------------------------------------------------------

CREATE FUNCTION expected_value(p_win float8, odds float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_value(float8, float8, float8, float8, text) IS
'Expected profit per unit at risk, b*w - l; of a bet without push and commission p_win*odds - 1, the edge. Arguments as for kelly_fraction(): for side lay the unit at risk is one of liability. expected_profit() is the same of a bet at a quarter line.';

CREATE FUNCTION expected_value_payoffs(probs float8[], net_returns float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_value_payoffs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_value_payoffs(float8[], float8[]) IS
'Expected profit per unit staked of a bet with any results, sum(p*r); arguments as for kelly_payoffs().';

CREATE FUNCTION growth_rate(stake float8, p_win float8, odds float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_growth_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION growth_rate(float8, float8, float8, float8, float8, text) IS
'Expected log growth of the bankroll by one bet, w*ln(1+b*f) + l*ln(1-f): after n such bets the typical (median) bankroll is exp(n * growth_rate) times the first, and it doubles in ln(2)/growth_rate bets. stake: share of the bankroll at risk, 0 to 1 (for side lay the liability); other arguments as for kelly_fraction(). Largest at that stake, 0 at 0, negative beyond about twice it, -Infinity where all may be lost. Source: Kelly 1956.';

CREATE FUNCTION growth_rate_payoffs(stake float8, probs float8[], net_returns float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_growth_rate_payoffs' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION growth_rate_payoffs(float8, float8[], float8[]) IS
'Expected log growth of the bankroll by one bet with any results, sum(p*ln(1+f*r)), with f the stake, a share of the bankroll from 0 to 1; probs and net_returns as for kelly_payoffs(). -Infinity where all may be lost.';

CREATE FUNCTION growth_rate_exclusive(stakes float8[], probs float8[], odds float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_growth_rate_exclusive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION growth_rate_exclusive(float8[], float8[], float8[]) IS
'Expected log growth of the bankroll by stakes on outcomes of which at most one comes, sum(p*ln(1 - sum f + f*o)); stakes are shares of the bankroll that sum to no more than 1, probs and odds as for kelly_exclusive(). -Infinity where all may be lost.';

CREATE FUNCTION growth_rate_simultaneous(stakes float8[], probs float8[], odds float8[], p_push float8[] DEFAULT NULL) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_growth_rate_simultaneous' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION growth_rate_simultaneous(float8[], float8[], float8[], float8[]) IS
'Expected log growth of the bankroll by independent bets placed together, E ln(1 + sum f*X) over all 2^n results; stakes are shares of the bankroll that sum to no more than 1, the rest as for kelly_simultaneous(). -Infinity where all may be lost. NULL for any NULL but p_push.';

CREATE FUNCTION growth_rate_scenarios(stakes float8[], probs float8[], net_returns float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_growth_rate_scenarios' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION growth_rate_scenarios(float8[], float8[], float8[]) IS
'Expected log growth of the bankroll by stakes over scenarios, sum(p*ln(1 + sum f*r)); stakes are shares of the bankroll that sum to no more than 1, one a bet, probs and net_returns as for kelly_scenarios(). -Infinity where all may be lost.';

CREATE FUNCTION growth_rate_slate(stakes float8[], bets float8[], scenarios float8[], probs float8[], net_returns float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_growth_rate_slate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION growth_rate_slate(float8[], float8[], float8[], float8[], float8[]) IS
'Expected log growth of the bankroll by stakes on a slate of games, E ln(1 + sum f*r) over all combinations of their scenarios; stakes are shares of the bankroll that sum to no more than 1, one a bet, the rest as for kelly_slate(). -Infinity where all may be lost.';

CREATE FUNCTION lay_stake(liability float8, odds float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_lay_stake' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lay_stake(float8, float8) IS
'The backer''s stake that a layer with this liability takes at decimal odds, liability/(odds-1): what an exchange asks for. liability in any unit, not negative; odds above 1.';

CREATE FUNCTION lay_liability(stake float8, odds float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_lay_liability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lay_liability(float8, float8) IS
'What a layer risks on a backer''s stake at decimal odds, stake*(odds-1). stake in any unit, not negative; odds above 1.';

-- ---- an uncertain probability, and what a plan risks --------------------------------------------

CREATE FUNCTION kelly_shrink(p_win float8, odds float8, sigma float8, method text DEFAULT 'delta', commission float8 DEFAULT 0) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_kelly_shrink' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kelly_shrink(float8, float8, float8, text, float8) IS
'Kelly stake shrunk because the probability is an estimate with standard deviation sigma: k*f, f the full stake at p_win. Method delta: k = f^2/(f^2 + ((b+1)/b)^2*sigma^2), b = (odds-1)*(1-commission), the maximum of expected growth to second order. Method beta: the k that maximises E[p*ln(1+b*k*f(q)) + (1-p)*ln(1-k*f(q))] over estimates q with a beta distribution of mean p and standard deviation sigma, where an estimate without value is not bet (sigma below sqrt(p*(1-p))). p, the truth, is taken to be p_win in both. 0 without value. Source: Baker & McHale 2013.';

CREATE FUNCTION drawdown_probability(multiplier float8, fraction float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_drawdown_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION drawdown_probability(float8, float8) IS
'Probability that a bankroll ever falls to a fraction (above 0, at most 1) of what it is, when each bet is staked at a multiplier of the Kelly stake for its true probability: fraction^(2/multiplier - 1), 1 from multiplier 2 on. It is that of many small bets (a Brownian motion): half Kelly ever falls to a half with probability 0.125, full Kelly with 0.5. Source: Thorp 2006.';

CREATE FUNCTION drawdown_probability(stake float8, p_win float8, odds float8, fraction float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_drawdown_probability_bets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION drawdown_probability(float8, float8, float8, float8, float8, float8, text) IS
'Largest probability that a bankroll ever falls to a fraction of what it is by equal bets of the same stake (share of the bankroll at risk), as many as it takes: fraction^theta, theta the root of E (1+stake*r)^-theta = 1 (Lundberg''s inequality); the true one is at least (fraction*(1-stake))^theta. 1 where the bankroll does not grow, 0 where nothing can be lost. Other arguments as for kelly_fraction().';

CREATE FUNCTION drawdown_multiplier(fraction float8, prob float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_drawdown_multiplier' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION drawdown_multiplier(float8, float8) IS
'The multiplier of the Kelly stake at which a bankroll ever falls to a fraction (between 0 and 1) of what it is with a probability of prob (above 0): 2/(1 + ln(prob)/ln(fraction)), the inverse of drawdown_probability(). Source: Thorp 2006.';

CREATE FUNCTION ruin_probability(bankroll float8, p_win float8, odds float8, p_push float8 DEFAULT 0, commission float8 DEFAULT 0, side text DEFAULT 'back') RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_ruin_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ruin_probability(float8, float8, float8, float8, float8, text) IS
'Risk of ruin: probability that flat bets, one unit at risk each and as many as it takes, ever lose a bankroll of so many units: z^bankroll, z the root below 1 of w*z^b + l/z + push = 1. Exact when the net odds b and the bankroll are whole numbers; otherwise the largest it can be, and the true one is above z times that. 1 without value, 0 where nothing can be lost. Other arguments as for kelly_fraction(). Source: Feller; Lundberg.';
