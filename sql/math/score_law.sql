-- Score laws: the margin and the total of a game as distributions over whole numbers, from which every line is read.

CREATE TYPE key_numbers AS (scale float8, weights float8[]);
COMMENT ON TYPE key_numbers IS
'What past games say of a sport''s margins or totals: scale, the root mean square of outcome minus prediction; weights[k + 1], how much likelier margin (total) k is than its neighbours make it, 1 for no more, for margins of either sign. A number beyond the array weighs 1.';

CREATE FUNCTION key_numbers_accum(state internal, prediction float8, outcome int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_key_numbers_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION key_numbers_accum(internal, float8, int) IS 'Adds a row to the state of aggregates margin_key_numbers and total_key_numbers.';
CREATE FUNCTION margin_key_numbers_final(state internal) RETURNS key_numbers
	AS 'MODULE_PATHNAME', 'bet_edge_margin_key_numbers_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION margin_key_numbers_final(internal) IS 'Fits the rows in the state of aggregate margin_key_numbers.';
CREATE FUNCTION total_key_numbers_final(state internal) RETURNS key_numbers
	AS 'MODULE_PATHNAME', 'bet_edge_total_key_numbers_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION total_key_numbers_final(internal) IS 'Fits the rows in the state of aggregate total_key_numbers.';

CREATE AGGREGATE margin_key_numbers(prediction float8, margin int)
	(SFUNC = key_numbers_accum, STYPE = internal, FINALFUNC = margin_key_numbers_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE margin_key_numbers(float8, int) IS
'Key numbers of home margins: one row a past game, the margin that had been predicted (out of fold) and the one that came. The weights maximise the likelihood of margin_law() with a gamma prior on each that is worth 10 games at weight 1, so that a number that is seldom seen stays near 1. Rows with a NULL are left out; NULL without rows. Refuses predictions and margins beyond 10000, and predictions that are as good as exact.';
CREATE AGGREGATE total_key_numbers(prediction float8, total int)
	(SFUNC = key_numbers_accum, STYPE = internal, FINALFUNC = total_key_numbers_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE total_key_numbers(float8, int) IS
'Key numbers of totals, as margin_key_numbers of margins; for total_law(). Refuses a total below 0 too.';

CREATE FUNCTION margin_law(prediction float8, keys key_numbers) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_margin_law' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin_law(float8, key_numbers) IS
'Probability of every home margin when prediction is expected: an array whose subscripts are the margins, law[-3] an away win by 3. A normal density of the keys'' scale around the prediction, times the key number''s weight, divided by the sum; to eight scales beyond the prediction. They sum to 1. Refuses what is infinite, a prediction and eight scales beyond 10000, scales below 0.001, weights below 0 or above a million, none above 0.';
CREATE FUNCTION total_law(prediction float8, keys key_numbers) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_total_law' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total_law(float8, key_numbers) IS
'Probability of every total from 0 when prediction is expected: an array whose subscripts are the totals, made as margin_law() makes margins.';

CREATE FUNCTION margin_law(grid float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_grid_margin_law' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin_law(float8[]) IS
'Probability of every home margin under a grid of scores: an array whose subscripts are the margins. Refuses what is no matrix of probabilities with a sum above 0 and at most 1.';
CREATE FUNCTION total_law(grid float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_grid_total_law' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total_law(float8[]) IS
'Probability of every total from 0 under a grid of scores: an array whose subscripts are the totals. Refuses what is no matrix of probabilities with a sum above 0 and at most 1.';

CREATE FUNCTION margin_law_outcomes(margins float8[]) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_margin_law_outcomes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin_law_outcomes(float8[]) IS
'{home, draw, away} of a law of margins: the sums over the margins above, at and below 0. Refuses probabilities that do not sum to 1 (within 1e-6) and subscripts beyond 10000.';

CREATE FUNCTION margin_law_reconcile(margins float8[], probs float8[], line float8 DEFAULT NULL) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_margin_law_reconcile' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION margin_law_reconcile(float8[], float8[], float8) IS
'Of all laws of margins with these outcomes, {home, draw, away} or, where a tie stays as likely as it was, {home, away} without a tie, the one closest to margins in relative entropy: what lies above, at and below 0 is multiplied by a number each. line, a home line: what margins say of a bet there (win against loss, halves as halves) they go on saying, as far as the outcomes allow while no two margins of one outcome change their odds by more than a factor e^3. Refuses probs that do not sum to 1 (within 1e-6; less is scaled away), or that are above 0 for what margins call impossible; a line that is no multiple of 0.25. NULL without margins or probs. Source: Kullback 1959 (minimum discrimination information).';
CREATE FUNCTION score_grid_reconcile(grid float8[], probs float8[], spread float8 DEFAULT NULL, total float8 DEFAULT NULL) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_score_grid_reconcile' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION score_grid_reconcile(float8[], float8[], float8, float8) IS
'Of all grids of scores with these outcomes {home, draw, away} the one closest to grid in relative entropy: its home wins, draws and away wins are multiplied by a number each. spread, a home line, and total: lines at which the grid''s bets on home and on over go on being worth what they were, as margin_law_reconcile() does. Refuses as that. Source: Kullback 1959.';

CREATE FUNCTION implied_margin(line float8, prob float8, keys key_numbers) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_implied_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION implied_margin(float8, float8, key_numbers) IS
'The home margin that a price implies: the prediction under whose margin_law(prediction, keys) a bet on home at line wins with probability prob when it is not pushed, half results as halves: what the price of a spread says without its margin, and of a moneyline (two outcomes) at line 0. To 1e-12 of a point. With line_probabilities() it carries a price from one line to another. NULL where no prediction within 10000 does, as for prob 0 or 1. Refuses a line that is no multiple of 0.25, a prob outside 0..1, keys as margin_law().';
CREATE FUNCTION implied_total(line float8, prob float8, keys key_numbers) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_implied_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION implied_total(float8, float8, key_numbers) IS
'The total that a price implies: as implied_margin(), of a bet on over at line under total_law().';
CREATE FUNCTION implied_goals(spread float8, cover float8, total float8, over_prob float8, rho float8 DEFAULT 0) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_implied_goals' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION implied_goals(float8, float8, float8, float8, float8) IS
'The goals that two prices imply, {home, away}: the rates of dixon_coles_grid() with rho (held within its limits) under which a bet on home at the line spread wins with probability cover and one on over at total with over_prob, when they are not pushed, half results as halves. No rate is below 0.05; NULL where none up to 100 do. Refuses lines that are no multiples of 0.25, probabilities outside 0..1.';

CREATE FUNCTION line_probabilities(law float8[], market text, side text, line float8,
	OUT p_win float8, OUT p_half_win float8, OUT p_push float8, OUT p_half_loss float8, OUT p_loss float8)
	AS 'MODULE_PATHNAME', 'bet_edge_line_probabilities' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_probabilities(float8[], text, text, float8) IS
'How a bet at a line settles under a law, an array of probabilities whose subscripts are the numbers: of home margins for market spreads (side home, away; the line belongs to the side), of totals for totals (over, under). Probabilities of win, half win, push, half loss and loss. Of two lines the one that asks for more is never likelier to win. Refuses probabilities that do not sum to 1 (within 1e-6), a line that is no multiple of 0.25, unknown names (42704).';
