-- Nearest neighbours.

CREATE FUNCTION nearest_neighbours(points real[], query real[], k int DEFAULT 10) RETURNS TABLE (place int, distance float8)
	AS 'MODULE_PATHNAME', 'bet_edge_nearest_neighbours' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION nearest_neighbours(real[], real[], int) IS
'The k (1 to 10000) points nearest to query by Euclidean distance, nearest first, of equal ones the first; all of them when there are fewer. points: a matrix, a row a point, as array_agg() over arrays of equal length gives it; place: the row, from 1. Every point is looked at, so the answer is exact, and the same on every processor (squares in float32). Points in a table are unpacked once a query: ask many queries in one statement. Weights of the coordinates are their square roots multiplied into points and query. Refuses other dimensions, NULL and numbers that are not finite, distances out of range (22003). Source: Cover & Hart 1967.';
