-- Ratings by votes: Markov's chain over who lost to whom.

CREATE TYPE markov_ratings AS (teams text[], ratings float8[], matches bigint);
COMMENT ON TYPE markov_ratings IS
'Ratings by aggregate markov_ratings: teams in byte order of their names; ratings, of at least 0, their sum 1; number of matches.';

CREATE FUNCTION markov_accum(state internal, home text, away text, home_score int, away_score int, weight float8, prior float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_votes_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION markov_accum(internal, text, text, int, int, float8, float8) IS 'Adds a row to the state of aggregate markov_ratings with a prior; without, matches_accum() does.';
CREATE FUNCTION markov_final(state internal) RETURNS markov_ratings
	AS 'MODULE_PATHNAME', 'bet_edge_markov_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION markov_final(internal) IS 'Rates the matches in the state of aggregate markov_ratings.';

CREATE AGGREGATE markov_ratings(home text, away text, home_score int, away_score int)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = markov_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE markov_ratings(text, text, int, int) IS
'Ratings by votes: each team votes for those that beat it, once a defeat, and half in a draw; one without a defeat votes for all alike. The rating is the share of time that a fan who follows the votes for ever spends with a team: beating who is rated high counts more. A team that no such fan comes back to has 0. One row a match; up to 2000 teams. Rows with a NULL are left out; NULL without rows. Refuses matches after which two sets of teams each vote among themselves alone, by names of one of each (22023). Source: Langville and Meyer 2012, chapter 6.';
CREATE AGGREGATE markov_ratings(home text, away text, home_score int, away_score int, weight float8)
	(SFUNC = matches_accum, STYPE = internal, FINALFUNC = markov_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE markov_ratings(text, text, int, int, float8) IS
'markov_ratings in which a match counts as weight votes, of at least 0: abs(home_score - away_score) for votes by margin, dixon_coles_weight(days) for recency; a weight of 0 is as no row.';
CREATE AGGREGATE markov_ratings(home text, away text, home_score int, away_score int, weight float8, prior float8)
	(SFUNC = markov_accum, STYPE = internal, FINALFUNC = markov_final, COMBINEFUNC = matches_combine,
	SERIALFUNC = matches_serial, DESERIALFUNC = matches_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE markov_ratings(text, text, int, int, float8, float8) IS
'markov_ratings in which each team has prior votes for all teams alike beside those of its defeats, of at least 0 and the same in all rows of a group: above 0 there is an answer for every set of matches, and few matches say little. prior counts as weight does.';
