-- What becomes of a bet, what it is expected to become, and what that is worth.

CREATE FUNCTION settle_bet(market text, side text, line float8, home_score int, away_score int, odds float8, stake numeric,
		status text DEFAULT 'final', draw_offered boolean DEFAULT NULL, commission float8 DEFAULT 0,
		OUT result text, OUT payout numeric, OUT profit numeric)
	AS 'MODULE_PATHNAME', 'bet_edge_settle_bet' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION settle_bet(text, text, float8, int, int, float8, numeric, text, boolean, float8) IS
'Settles one bet: result win, half_win, push, half_loss, loss or void, what is paid back (stake included) and the profit, exact and unrounded.
market and its sides: h2h or h2h_3_way (home, draw, away), draw_no_bet (home, away), double_chance (home_draw, draw_away, home_away), btts, both teams to score (yes, no), none with a line; spreads (home, away; the line belongs to the side), totals (over, under), team_totals (home_over, home_under, away_over, away_under) and alternate_ before these three. A quarter line is two half stakes on the neighbouring lines. The scores are those of the period that was bet on. odds are decimal and count as the decimal number that prints them; commission is the share of net winnings that an exchange keeps, 0 to 1.
status postponed, abandoned, cancelled or walkover is void and needs no score; final with a NULL score is not settled, NULL. After a level score a h2h bet on home or away needs draw_offered: true (soccer) loses, false (NFL moneyline) pushes; h2h_3_way always offers a draw.
Refuses a line that is no multiple of 0.25, a missing or superfluous line, odds of 1 or less, a negative stake or score, a commission outside 0..1, unknown names.';

CREATE FUNCTION bet_profit(result text, stake numeric, odds float8, commission float8 DEFAULT 0, tied int DEFAULT 1, places int DEFAULT 1) RETURNS numeric
	AS 'MODULE_PATHNAME', 'bet_edge_bet_profit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bet_profit(text, numeric, float8, float8, int, int) IS
'Profit of a bet by its result: win stake*(odds-1), half_win half of that, push and void 0, half_loss -stake/2, loss -stake; winnings less commission, the share of them that an exchange keeps (0 to 1). Exact and unrounded, odds (decimal) counting as the decimal number that prints them.
A dead heat is a win with tied, how many share, and places, how many paid places they share: the share places/tied of the stake wins at full odds, the rest loses. Refuses results with other names, a negative stake, odds of 1 or less, a commission outside 0..1, places above tied, tied with a result other than win.';

CREATE FUNCTION expected_profit(p_win float8, p_half_win float8, p_push float8, p_half_loss float8, p_loss float8, odds float8,
		commission float8 DEFAULT 0) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_expected_profit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_profit(float8, float8, float8, float8, float8, float8, float8) IS
'Expected profit per unit staked at decimal odds, (p_win + p_half_win/2)(odds-1)(1-commission) - p_half_loss/2 - p_loss: the edge. commission is the share of net winnings that an exchange keeps. Refuses probabilities outside 0..1 or that miss a sum of 1 by more than 1e-6 (less is rounding, and scaled away), odds of 1 or less, a commission outside 0..1.';

CREATE FUNCTION net_odds(odds float8, commission float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_net_odds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION net_odds(float8, float8) IS
'What decimal odds pay after the share of net winnings that an exchange keeps: 1 + (odds-1)(1-commission), 2.14 for 2.20 at 0.05. The odds themselves at commission 0. Refuses odds of 1 or less, a commission outside 0..1.';
