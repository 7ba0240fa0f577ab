-- Ratings by margins: Massey's least squares.

CREATE TYPE massey_ratings AS (teams text[], ratings float8[], offence float8[], defence float8[], home_advantage float8, matches bigint);
COMMENT ON TYPE massey_ratings IS
'Ratings by aggregate massey_ratings, in points: teams in byte order of their names; ratings, whose sum is 0 and whose difference is the margin to expect; offence and defence, whose sum is the rating, offence - the other''s defence the points to expect, both NULL where teams of two groups only meet each other and any split would do; home_advantage, 0 where it was not sought; number of matches.';

CREATE FUNCTION massey_final(state internal) RETURNS massey_ratings
	AS 'MODULE_PATHNAME', 'bet_edge_massey_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION massey_final(internal) IS 'Rates the matches in the state of aggregate massey_ratings, without home advantage.';
CREATE FUNCTION massey_home_final(state internal) RETURNS massey_ratings
	AS 'MODULE_PATHNAME', 'bet_edge_massey_home_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION massey_home_final(internal) IS 'Rates the matches in the state of aggregate massey_ratings, with home advantage.';

CREATE AGGREGATE massey_ratings(home text, away text, home_score int, away_score int)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = massey_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE massey_ratings(text, text, int, int) IS
'Ratings whose differences come closest to the margins of the matches by least squares, with their sum 0, split into offence and defence by the points scored; no home advantage, as Massey has it. One row a match; up to 2000 teams. Rows with a NULL are left out; NULL without rows. Refuses teams that no chain of matches joins, by name. Source: Massey 1997.';
CREATE AGGREGATE massey_ratings(home text, away text, home_score int, away_score int, weight float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = massey_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE massey_ratings(text, text, int, int, float8) IS
'massey_ratings by weighted least squares: each match''s square times weight, of at least 0, such as dixon_coles_weight(days); a weight of 0 is as no row, and weights matter relative to each other alone.';
CREATE AGGREGATE massey_ratings(home text, away text, home_score int, away_score int, weight float8, neutral boolean)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = massey_home_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE massey_ratings(text, text, int, int, float8, boolean) IS
'massey_ratings by weighted least squares with home advantage, points that the home team of a match that is not neutral is ahead by, sought along with the ratings; half of it is added to the home team''s points and half taken from the other''s before they are split. Refuses matches whose home advantage could as well be strength.';

CREATE FUNCTION massey_margin(fit massey_ratings, home text, away text, neutral boolean DEFAULT false) RETURNS float8
	AS 'MODULE_PATHNAME', 'bet_edge_massey_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION massey_margin(massey_ratings, text, text, boolean) IS
'Margin to expect of a match, in points, above 0 for the home team: the difference of ratings and home_advantage, without it when neutral. Refuses a team that the ratings do not have.';
