-- Score grids: the joint distribution of two scores, made from rates and read as markets.

CREATE FUNCTION dixon_coles_grid(home_rate float8, away_rate float8, rho float8 DEFAULT 0, max_goals int DEFAULT 15, normalized boolean DEFAULT true) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_dixon_coles_grid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dixon_coles_grid(float8, float8, float8, int, boolean) IS
'Probability of every score of a match as a matrix, one row a number of home goals 0..max_goals, one column a number of away goals: independent Poisson of the two rates (expected goals), times Dixon and Coles''s correction of 0:0, 1:0, 0:1 and 1:1 by rho; rho 0 is plain independent Poisson, below 0 makes draws of few goals likelier. normalized divides by the sum of the grid. Refuses rates outside 0..200, max_goals outside 1..255, rho beyond max(-1/home_rate, -1/away_rate) .. min(1/(home_rate*away_rate), 1), where a probability would be negative, and to divide a grid that holds less than 0.9. Source: Dixon & Coles 1997.';

CREATE FUNCTION bivariate_poisson_grid(home_rate float8, away_rate float8, common_rate float8, max_goals int DEFAULT 15, normalized boolean DEFAULT true) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_bivariate_poisson_grid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bivariate_poisson_grid(float8, float8, float8, int, boolean) IS
'Probability of every score of a match as a matrix, as dixon_coles_grid, where home goals are X1+X3 and away goals X2+X3 of three independent Poisson numbers with rates home_rate, away_rate and common_rate: common_rate is the covariance of the two scores, and is part of the expected goals of both. Refuses rates outside 0..200, max_goals outside 1..255 and to divide a grid that holds less than 0.9. Source: Karlis & Ntzoufras 2003.';

CREATE FUNCTION score_grid(home_probs float8[], away_probs float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid(float8[], float8[]) IS
'Probability of every score of a match as a matrix from the probabilities of 0, 1, 2, ... home goals and of 0, 1, 2, ... away goals, of any distribution, taken as independent. Refuses empty arrays and more than 256 elements, probabilities outside 0..1 and sums above 1.';

CREATE FUNCTION dixon_coles_weight(days float8, xi float8 DEFAULT 0.0018) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_dixon_coles_weight' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dixon_coles_weight(float8, float8) IS
'Weight of a match played so many days ago, exp(-xi*days): 1 today, half after ln(2)/xi days (385 with 0.0018). Dixon and Coles''s 0.0065 is per half week, 0.00186 a day. Refuses negative and infinite arguments. Source: Dixon & Coles 1997.';

-- ---- markets of any grid -------------------------------------------------------------------------

CREATE FUNCTION score_grid_outcomes(grid float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_outcomes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_outcomes(float8[]) IS
'Probabilities {home, draw, away} of a grid of scores (1X2): rows are home goals from 0, columns away goals. What lies beyond the grid is in none of them. Refuses what is no matrix of probabilities with a sum above 0 and at most 1 (within 1e-6), and more than 256 rows or columns.';

CREATE FUNCTION score_grid_handicap(grid float8[], side text, line float8,
		OUT p_win float8, OUT p_half_win float8, OUT p_push float8, OUT p_half_loss float8, OUT p_loss float8, OUT fair_odds float8)
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_handicap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_handicap(float8[], text, float8) IS
'How a bet on an Asian handicap settles under a grid of scores (rows home goals from 0, columns away goals): probabilities of win, half win, push, half loss and loss, and the decimal odds at which it is worth nothing, 1 + (p_loss + p_half_loss/2)/(p_win + p_half_win/2): Infinity when it cannot win, NULL when it can only push. side: home or away; line: the goals added to that side, a multiple of 0.25; 0 is draw no bet. Refuses other lines and sides, and what is no matrix of probabilities with a sum above 0 and at most 1.';

CREATE FUNCTION score_grid_total(grid float8[], side text, line float8,
		OUT p_win float8, OUT p_half_win float8, OUT p_push float8, OUT p_half_loss float8, OUT p_loss float8, OUT fair_odds float8)
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_total(float8[], text, float8) IS
'How a bet on the total of goals settles under a grid of scores: probabilities of win, half win, push, half loss and loss, and the decimal odds at which it is worth nothing, as score_grid_handicap. side: over or under; line: a multiple of 0.25. Refuses other lines and sides, and what is no matrix of probabilities with a sum above 0 and at most 1.';

CREATE FUNCTION score_grid_team_total(grid float8[], team text, side text, line float8,
		OUT p_win float8, OUT p_half_win float8, OUT p_push float8, OUT p_half_loss float8, OUT p_loss float8, OUT fair_odds float8)
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_team_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_team_total(float8[], text, text, float8) IS
'How a bet on the goals of one team, home or away, settles under a grid of scores: as score_grid_total. side: over or under; line: a multiple of 0.25. Refuses other lines, sides and teams, and what is no matrix of probabilities with a sum above 0 and at most 1.';

CREATE FUNCTION score_grid_both_score(grid float8[]) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_both_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_both_score(float8[]) IS
'Probability that both teams score (BTTS) under a grid of scores. Refuses what is no matrix of probabilities with a sum above 0 and at most 1.';

CREATE FUNCTION score_grid_correct_score(grid float8[], home_score int, away_score int) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_correct_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_correct_score(float8[], int, int) IS
'Probability of one score under a grid of scores: its element [home_score + 1][away_score + 1]. Refuses a negative score and one beyond the grid, and what is no matrix of probabilities with a sum above 0 and at most 1.';

CREATE FUNCTION score_grid_margin(grid float8[], margin int) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_margin(float8[], int) IS
'Probability that the home team wins by exactly this margin under a grid of scores; 0 is a draw, below 0 an away win. Refuses a margin beyond the grid, and what is no matrix of probabilities with a sum above 0 and at most 1.';
