-- Ratings by wins and losses: Colley's matrix.

CREATE TYPE colley_ratings AS (teams text[], ratings float8[], matches bigint);
COMMENT ON TYPE colley_ratings IS
'Ratings by aggregate colley_ratings: teams in byte order of their names; ratings, their mean 0.5; number of matches.';

CREATE FUNCTION colley_final(state internal) RETURNS colley_ratings
	AS 'MODULE_PATHNAME', 'bet_edge_colley_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION colley_final(internal) IS 'Rates the matches in the state of aggregate colley_ratings.';

CREATE AGGREGATE colley_ratings(home text, away text, home_score int, away_score int)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = colley_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE colley_ratings(text, text, int, int) IS
'Ratings from who beat whom, whatever the margin: each team begins as an even chance and (2 + games) * rating - the sum of its opponents'' ratings, one a game, = 1 + (wins - losses)/2; their mean is 0.5. A draw is half a win and half a loss. One row a match; up to 2000 teams, joined by matches or not. Rows with a NULL are left out; NULL without rows. Source: Colley 2002.';
CREATE AGGREGATE colley_ratings(home text, away text, home_score int, away_score int, weight float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = colley_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE colley_ratings(text, text, int, int, float8) IS
'colley_ratings in which a match counts as weight matches, of at least 0; a weight of 0 is as no row. Refuses weights so large that the even chance a team begins with is lost among them.';
