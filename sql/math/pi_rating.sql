-- Pi-ratings: one match, the expected goal difference, a whole history in one pass.

CREATE FUNCTION pi_rating_expected(home_home float8, away_away float8) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_pi_rating_expected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pi_rating_expected(float8, float8) IS
'Expected goal difference of a match (home minus away) from the home side''s rating at home and the away side''s rating away: g(home_home) - g(away_away), g(R) = sign(R)(10^(abs(R)/3) - 1). Refuses infinite ratings and NaN, and ratings whose goals overflow. Source: Constantinou & Fenton 2013.';

CREATE FUNCTION pi_rating_update(INOUT home_home float8, INOUT home_away float8, INOUT away_home float8, INOUT away_away float8,
		home_score int, away_score int, learning_rate float8 DEFAULT 0.035, catch_up float8 DEFAULT 0.7, OUT expected float8)
	AS 'MODULE_PATHNAME', 'bet_edge_pi_rating_update' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION pi_rating_update(float8, float8, float8, float8, int, int, float8, float8) IS
'Pi-ratings after a match: the home side''s ratings at home and away (home_home, home_away), the away side''s (away_home, away_away), and the goal difference that was expected. A new team has 0 and 0. The error of that expectation, e goals, moves the ratings of the ground played on by learning_rate * 3 log10(1+e), the other two by catch_up of it. Refuses negative goals, learning_rate or catch_up outside 0..1, and ratings whose goals overflow. Source: Constantinou & Fenton 2013 (b = 10, c = 3, learning rate 0.035, catch-up 0.7).';

CREATE FUNCTION pi_rating_history(source text, learning_rate float8 DEFAULT 0.035, catch_up float8 DEFAULT 0.7, initial jsonb DEFAULT NULL)
	RETURNS TABLE (game_id bigint, home text, away text, home_home float8, home_away float8, away_home float8, away_away float8,
		expected float8, home_home_after float8, home_away_after float8, away_home_after float8, away_away_after float8)
	AS 'MODULE_PATHNAME', 'bet_edge_pi_rating_history' LANGUAGE C STABLE ROWS 10000 COST 10000;
COMMENT ON FUNCTION pi_rating_history(text, float8, float8, jsonb) IS
'Pi-ratings before and after every match of source, and the goal difference expected of it, in one pass; teams start at 0, or with initial, {"team": {"home": …, "away": …}}. source is the text of a query, run read-only with the caller''s rights, that gives game_id, home, away, home_score and away_score in the order in which results became known; or the name of a table or view with these columns and played_at, by which, then by game_id, its games are ordered. Numbers may be smallint, integer or bigint; home and away text, varchar, name or such numbers. A match without scores shows the ratings before it and moves nothing. Refuses a missing or mistyped column, NULL other than both scores, a team against itself, and what pi_rating_update refuses. Source: Constantinou & Fenton 2013.';

CREATE FUNCTION pi_rating_history(source regclass, learning_rate float8 DEFAULT 0.035, catch_up float8 DEFAULT 0.7, initial jsonb DEFAULT NULL)
	RETURNS TABLE (game_id bigint, home text, away text, home_home float8, home_away float8, away_home float8, away_away float8,
		expected float8, home_home_after float8, home_away_after float8, away_home_after float8, away_away_after float8)
	LANGUAGE sql STABLE ROWS 10000 COST 10000
BEGIN ATOMIC
	SELECT * FROM pi_rating_history(source::text, learning_rate, catch_up, initial);
END;
COMMENT ON FUNCTION pi_rating_history(regclass, float8, float8, jsonb) IS
'pi_rating_history() of a table or view given as regclass, such as ''my_games''::regclass or a tableoid: its games in the order of played_at, then game_id. All else is as for a source of text, to which a bare literal goes.';
