-- Sets of matches: the state that the aggregates over matches share.

CREATE FUNCTION matches_accum(state internal, home text, away text, home_score int, away_score int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_matches_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION matches_accum(internal, text, text, int, int) IS
'Adds a match to the state of an aggregate over matches.';
CREATE FUNCTION matches_accum(state internal, home text, away text, home_score int, away_score int, weight float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_matches_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION matches_accum(internal, text, text, int, int, float8) IS
'Adds a match with a weight to the state of an aggregate over matches.';
CREATE FUNCTION matches_accum(state internal, home text, away text, home_score int, away_score int, weight float8, neutral boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_matches_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION matches_accum(internal, text, text, int, int, float8, boolean) IS
'Adds a match with a weight, on neutral ground or not, to the state of an aggregate over matches.';
CREATE FUNCTION matches_accum(state internal, home text, away text, home_score int, away_score int, weight float8, neutral boolean, prior float8) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_matches_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION matches_accum(internal, text, text, int, int, float8, boolean, float8) IS
'Adds a match with a weight, on neutral ground or not, to the state of an aggregate over matches, and keeps the prior that all share.';
CREATE FUNCTION matches_combine(state internal, other internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_matches_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION matches_combine(internal, internal) IS 'Merges two states of an aggregate over matches.';
CREATE FUNCTION matches_serial(state internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'bet_edge_matches_serial' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION matches_serial(internal) IS 'The state of an aggregate over matches as bytes, to travel between processes.';
CREATE FUNCTION matches_deserial(bytes bytea, context internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_matches_deserial' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION matches_deserial(bytea, internal) IS 'The state of an aggregate over matches from its bytes.';
