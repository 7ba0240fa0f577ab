-- Glicko-2 ratings: one rating period, the expected score, a whole history in one pass.

CREATE FUNCTION glicko2_expected(rating float8, opponent_rating float8, rd float8 DEFAULT 0, opponent_rd float8 DEFAULT 0) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_glicko2_expected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION glicko2_expected(float8, float8, float8, float8) IS
'Expected score against an opponent, 1/(1+exp(-g(rating-opponent_rating)/173.7178)) with g = 1/sqrt(1+3(rd^2+opponent_rd^2)/(173.7178 pi)^2): probability of a win plus half that of a draw, drawn towards 1/2 by what is not known of the two. Ratings and rating deviations (rd) are on the scale of Elo. Refuses infinite ratings, NaN and a negative rd. Source: Glickman 2012.';

CREATE FUNCTION glicko2_update(INOUT rating float8, INOUT rd float8, INOUT volatility float8, opponent_ratings float8[], opponent_rds float8[], scores float8[],
		tau float8 DEFAULT 0.5, max_rd float8 DEFAULT NULL)
	AS 'MODULE_PATHNAME', 'bet_edge_glicko2_update' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION glicko2_update(float8, float8, float8, float8[], float8[], float8[], float8, float8) IS
'A Glicko-2 rating after one rating period: rating, rating deviation (rd) and volatility before; ratings and deviations of the opponents as the period began and the scores against them (1 win, 0.5 draw, 0 defeat), game by game. A newcomer has 1500, 350, 0.06. tau, 0.3 to 1.2, says how fast volatility may change. Without games (empty arrays) only rd grows, to sqrt(rd^2 + (173.7178 volatility)^2); max_rd, such as 350, is the most that rd grows to, NULL for no limit. Refuses arrays of different lengths, scores outside 0..1, rd or volatility not above 0, tau outside 0..100. Source: Glickman, Example of the Glicko-2 system, 2012; step 5 by its Illinois iteration to 1e-13.';

CREATE FUNCTION glicko2_history(source text, tau float8 DEFAULT 0.5, rating float8 DEFAULT 1500, rd float8 DEFAULT 350,
		volatility float8 DEFAULT 0.06, max_rd float8 DEFAULT NULL, initial jsonb DEFAULT NULL)
	RETURNS TABLE (game_id bigint, period int, home text, away text, home_rating float8, home_rd float8, home_volatility float8,
		away_rating float8, away_rd float8, away_volatility float8, expected float8,
		home_rating_after float8, home_rd_after float8, home_volatility_after float8,
		away_rating_after float8, away_rd_after float8, away_volatility_after float8)
	AS 'MODULE_PATHNAME', 'bet_edge_glicko2_history' LANGUAGE C STABLE ROWS 10000 COST 10000;
COMMENT ON FUNCTION glicko2_history(text, float8, float8, float8, float8, float8, jsonb) IS
'Glicko-2 ratings as each game''s rating period began and as it ended, and the score expected of the home side, in one pass. source is the text of a query, run read-only with the caller''s rights, that gives game_id, period, home, away, home_score and away_score ordered by period; or the name of a table or view with these columns and played_at, by which, then by game_id, its games are ordered. Numbers may be smallint, integer or bigint; home and away text, varchar, name or such numbers. period numbers the rating periods: all games of one count together. A team''s rd grows over every period of source that it misses. Teams start with rating, rd and volatility; max_rd is the most that rd grows to, NULL for no limit. initial, {"team": {"rating": …, "rd": …, "volatility": …, "idle": periods missed since}}, goes on where an earlier history ended, to the bit. A game without scores shows the ratings before it and counts for nothing. Refuses a missing or mistyped column, NULL other than both scores, a team against itself, a period that goes back, and what glicko2_update refuses. Source: Glickman 2012.';

CREATE FUNCTION glicko2_history(source regclass, tau float8 DEFAULT 0.5, rating float8 DEFAULT 1500, rd float8 DEFAULT 350,
		volatility float8 DEFAULT 0.06, max_rd float8 DEFAULT NULL, initial jsonb DEFAULT NULL)
	RETURNS TABLE (game_id bigint, period int, home text, away text, home_rating float8, home_rd float8, home_volatility float8,
		away_rating float8, away_rd float8, away_volatility float8, expected float8,
		home_rating_after float8, home_rd_after float8, home_volatility_after float8,
		away_rating_after float8, away_rd_after float8, away_volatility_after float8)
	LANGUAGE sql STABLE ROWS 10000 COST 10000
BEGIN ATOMIC
	SELECT * FROM glicko2_history(source::text, tau, rating, rd, volatility, max_rd, initial);
END;
COMMENT ON FUNCTION glicko2_history(regclass, float8, float8, float8, float8, float8, jsonb) IS
'glicko2_history() of a table or view given as regclass, such as ''my_games''::regclass or a tableoid: its games in the order of played_at, then game_id. All else is as for a source of text, to which a bare literal goes.';
