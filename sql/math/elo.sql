-- Elo ratings: one game, one season's end, a whole history in one pass.

CREATE FUNCTION elo_expected(rating_a float8, rating_b float8, advantage float8 DEFAULT 0) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_elo_expected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elo_expected(float8, float8, float8) IS
'Expected score of a against b, 1/(1+10^(-(rating_a-rating_b+advantage)/400)): probability of a win plus half that of a draw. advantage: rating points added to a. Refuses infinite ratings and NaN. Source: Elo 1978.';

CREATE FUNCTION elo_update(rating_a float8, rating_b float8, score_a float8, k float8 DEFAULT 20, advantage float8 DEFAULT 0,
		OUT home float8, OUT away float8, OUT expected float8, OUT multiplier float8)
	AS 'MODULE_PATHNAME', 'bet_edge_elo_update' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elo_update(float8, float8, float8, float8, float8) IS
'Plain Elo after one game: both new ratings, what a was expected to score, and the multiplier (1). score_a is 1 for a win of a, 0.5 for a draw, 0 for a defeat; k is the most that a game can move. Refuses a score outside 0..1 and a negative k. Source: Elo 1978.';

CREATE FUNCTION elo_update(home_rating float8, away_rating float8, home_score int, away_score int, rules text,
		neutral boolean DEFAULT false, k float8 DEFAULT NULL, advantage float8 DEFAULT NULL,
		OUT home float8, OUT away float8, OUT expected float8, OUT multiplier float8)
	AS 'MODULE_PATHNAME', 'bet_edge_elo_update_game' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_update(float8, float8, int, int, text, boolean, float8, float8) IS
'Elo after a game with these scores under the rules of a sport: both new ratings, the expected score of the home side and the multiplier for the margin. rules: plain (k 20, advantage 0), nfl (20, 65), nba (20, 100), world_football (20, 100); k or advantage NULL takes the rules'' own; no advantage on neutral ground. A tie moves ratings too. Refuses negative scores, a tied nba game and unknown rules. Sources: FiveThirtyEight NFL and NBA Elo, eloratings.net.';

CREATE FUNCTION elo_constants(rules text, OUT k float8, OUT advantage float8, OUT keep float8, OUT mean float8, OUT newcomer float8)
	AS 'MODULE_PATHNAME', 'bet_edge_elo_constants' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elo_constants(text) IS
'The constants of a rule set where the caller gives none: k, home advantage, the share of a rating''s distance to the mean that survives a season''s end, that mean, and the rating of a team new to the league. Refuses unknown rules.';

CREATE FUNCTION elo_season_reversion(rating float8, keep float8, mean float8 DEFAULT 1505) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_elo_season_reversion' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elo_season_reversion(float8, float8, float8) IS
'A rating carried into a new season, keep*rating+(1-keep)*mean. FiveThirtyEight keeps 2/3 in the NFL and 3/4 in the NBA, mean 1505. Refuses keep outside 0..1.';

CREATE FUNCTION elo_outcomes(expected float8, draw float8) RETURNS float8[]
	AS 'MODULE_PATHNAME', 'bet_edge_elo_outcomes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elo_outcomes(float8, float8) IS
'Probabilities {home, draw, away} from an expected score: with s = sqrt(e(1-e)), {e, draw*s, 1-e} / (1+draw*s). draw is the league''s inclination to draws, 0 for none; between equals a draw has draw/(2+draw). Refuses expected outside 0..1 and a negative draw. Source: Davidson 1970.';

CREATE FUNCTION elo_draw_fit(expected float8[], draws float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_elo_draw_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elo_draw_fit(float8[], float8) IS
'The draw of elo_outcomes() by maximum likelihood: Davidson''s nu at which games of these expected scores have so many draws on average, sum of nu*s/(1+nu*s) with s = sqrt(e(1-e)), to 1e-10 of draws. NULL where no nu has as many: all games that can be drawn were. Refuses an expected outside 0..1, and draws below 0 or above the number of games. Source: Davidson 1970.';

CREATE FUNCTION elo_history(source text, rules text, k float8 DEFAULT NULL, advantage float8 DEFAULT NULL,
		keep float8 DEFAULT NULL, mean float8 DEFAULT NULL, newcomer float8 DEFAULT NULL,
		promotes boolean DEFAULT false, initial jsonb DEFAULT NULL, seasons int[] DEFAULT NULL)
	RETURNS TABLE (game_id bigint, home text, away text, home_before float8, away_before float8,
		expected float8, multiplier float8, home_after float8, away_after float8)
	AS 'MODULE_PATHNAME', 'bet_edge_elo_history' LANGUAGE C STABLE ROWS 10000 COST 10000;
COMMENT ON FUNCTION elo_history(text, text, float8, float8, float8, float8, float8, boolean, jsonb, int[]) IS
'Ratings before and after every game of source, in one pass. source is the text of a query, run read-only with the caller''s rights, that gives game_id, season, home, away, home_score, away_score and neutral in the order in which results became known; or the name of a table or view with these columns and played_at, by which, then by game_id, its games are ordered. Numbers may be smallint, integer or bigint; home and away text, varchar, name or such numbers; neutral is boolean. A game without scores shows the ratings before it and moves nothing.
A team''s first game of a new season takes it to keep*rating+(1-keep)*mean. In the first season of the data teams start at mean, later ones at newcomer; with promotes a team that did not play the last season before it of which source has a game also starts at newcomer (a season that source lacks relegates nobody). initial, {"team": rating}, gives ratings to start with; {"team": {"rating": after its latest game, "season": of that game}} with seasons, those of the league until then (the first, the last and the one before it are enough), goes on where an earlier history ended, to the bit. NULL takes the rules'' own: nfl keep 2/3, mean 1505, newcomer 1300; nba 3/4, 1505, 1300; world_football 1, 1500, 1400; plain 1, 1500, 1500.
Refuses a missing or mistyped column, a season or score beyond int, NULL other than both scores, a team against itself, and a season that goes back.';

CREATE FUNCTION elo_history(source regclass, rules text, k float8 DEFAULT NULL, advantage float8 DEFAULT NULL,
		keep float8 DEFAULT NULL, mean float8 DEFAULT NULL, newcomer float8 DEFAULT NULL,
		promotes boolean DEFAULT false, initial jsonb DEFAULT NULL, seasons int[] DEFAULT NULL)
	RETURNS TABLE (game_id bigint, home text, away text, home_before float8, away_before float8,
		expected float8, multiplier float8, home_after float8, away_after float8)
	LANGUAGE sql STABLE ROWS 10000 COST 10000
BEGIN ATOMIC
	SELECT * FROM elo_history(source::text, rules, k, advantage, keep, mean, newcomer, promotes, initial, seasons);
END;
COMMENT ON FUNCTION elo_history(regclass, text, float8, float8, float8, float8, float8, boolean, jsonb, int[]) IS
'elo_history() of a table or view given as regclass, such as ''my_games''::regclass or a tableoid: its games in the order of played_at, then game_id. All else is as for a source of text, to which a bare literal goes.';

-- ---- the ratings after the last game, by an aggregate ----------------------------------------------

CREATE FUNCTION elo_ratings_accum(state internal, home text, away text, home_score int, away_score int, rules text) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_accum(internal, text, text, int, int, text) IS 'Adds a game to the state of aggregate elo_ratings.';
CREATE FUNCTION elo_ratings_accum(state internal, home text, away text, home_score int, away_score int, rules text, neutral boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_accum(internal, text, text, int, int, text, boolean) IS 'Adds a game to the state of aggregate elo_ratings.';
CREATE FUNCTION elo_ratings_accum(state internal, home text, away text, home_score int, away_score int, rules text, neutral boolean,
		season int, k float8, advantage float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_accum(internal, text, text, int, int, text, boolean, int, float8, float8) IS 'Adds a game to the state of aggregate elo_ratings.';
CREATE FUNCTION elo_ratings_accum(state internal, home bigint, away bigint, home_score int, away_score int, rules text) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_numbers_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_accum(internal, bigint, bigint, int, int, text) IS 'Adds a game to the state of aggregate elo_ratings.';
CREATE FUNCTION elo_ratings_accum(state internal, home bigint, away bigint, home_score int, away_score int, rules text, neutral boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_numbers_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_accum(internal, bigint, bigint, int, int, text, boolean) IS 'Adds a game to the state of aggregate elo_ratings.';
CREATE FUNCTION elo_ratings_accum(state internal, home bigint, away bigint, home_score int, away_score int, rules text, neutral boolean,
		season int, k float8, advantage float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_numbers_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_accum(internal, bigint, bigint, int, int, text, boolean, int, float8, float8) IS 'Adds a game to the state of aggregate elo_ratings.';
CREATE FUNCTION elo_ratings_final(state internal) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'bet_edge_elo_ratings_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION elo_ratings_final(internal) IS 'The ratings that a state of aggregate elo_ratings holds; NULL without games.';

CREATE AGGREGATE elo_ratings(home text, away text, home_score int, away_score int, rules text)
	(SFUNC = elo_ratings_accum, STYPE = internal, FINALFUNC = elo_ratings_final, PARALLEL = SAFE);
COMMENT ON AGGREGATE elo_ratings(text, text, int, int, text) IS
'Elo ratings of all teams after the last game, {"team": rating, ...}: what elo_history ends with, without its rows. Games count in the order of rows: give ORDER BY in the call, or rows of an ordered subquery. All teams start at the rules'' mean, with no seasons. Rows with a NULL are left out; NULL without rows. No combine function: a rating depends on all games before it, so parts of the games cannot be rated apart. Refuses negative scores, a team against itself, a tied nba game and unknown rules.';
CREATE AGGREGATE elo_ratings(home text, away text, home_score int, away_score int, rules text, neutral boolean)
	(SFUNC = elo_ratings_accum, STYPE = internal, FINALFUNC = elo_ratings_final, PARALLEL = SAFE);
COMMENT ON AGGREGATE elo_ratings(text, text, int, int, text, boolean) IS
'Elo ratings of all teams after the last game, {"team": rating, ...}, with no home advantage in neutral games. As elo_ratings without neutral: order of rows, NULLs, no combine function, errors.';
CREATE AGGREGATE elo_ratings(home text, away text, home_score int, away_score int, rules text, neutral boolean, season int, k float8, advantage float8)
	(SFUNC = elo_ratings_accum, STYPE = internal, FINALFUNC = elo_ratings_final, PARALLEL = SAFE);
COMMENT ON AGGREGATE elo_ratings(text, text, int, int, text, boolean, int, float8, float8) IS
'Elo ratings of all teams after the last game, {"team": rating, ...}, with the rules'' reversion between seasons and a k and an advantage a game (a World Cup match moves more than a friendly); NULL takes the rules'' own, in the other arguments it leaves the row out. As elo_ratings without them: order of rows, no combine function. Refuses also a season that goes back, a negative k and an infinite advantage.';
CREATE AGGREGATE elo_ratings(home bigint, away bigint, home_score int, away_score int, rules text)
	(SFUNC = elo_ratings_accum, STYPE = internal, FINALFUNC = elo_ratings_final, PARALLEL = SAFE);
COMMENT ON AGGREGATE elo_ratings(bigint, bigint, int, int, text) IS
'Elo ratings of all teams after the last game, {"team": rating, ...}, of teams that are numbers. As elo_ratings of names: order of rows, NULLs, no combine function, errors.';
CREATE AGGREGATE elo_ratings(home bigint, away bigint, home_score int, away_score int, rules text, neutral boolean)
	(SFUNC = elo_ratings_accum, STYPE = internal, FINALFUNC = elo_ratings_final, PARALLEL = SAFE);
COMMENT ON AGGREGATE elo_ratings(bigint, bigint, int, int, text, boolean) IS
'Elo ratings of all teams after the last game, {"team": rating, ...}, of teams that are numbers, with no home advantage in neutral games. As elo_ratings of names: order of rows, NULLs, no combine function, errors.';
CREATE AGGREGATE elo_ratings(home bigint, away bigint, home_score int, away_score int, rules text, neutral boolean, season int, k float8, advantage float8)
	(SFUNC = elo_ratings_accum, STYPE = internal, FINALFUNC = elo_ratings_final, PARALLEL = SAFE);
COMMENT ON AGGREGATE elo_ratings(bigint, bigint, int, int, text, boolean, int, float8, float8) IS
'Elo ratings of all teams after the last game, {"team": rating, ...}, of teams that are numbers, with the rules'' reversion between seasons and a k and an advantage a game. As elo_ratings of names: order of rows, NULLs, no combine function, errors.';
