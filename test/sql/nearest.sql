-- Nearest neighbours: by hand, against sorting everything, what is refused.
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT * FROM nearest_neighbours('{{0,0},{3,4},{1,0},{0,1},{-1,0}}', '{0,0}', 4);
SELECT count(*) FROM nearest_neighbours('{{1},{2}}', '{0}');

CREATE TEMP TABLE game AS SELECT i, (SELECT array_agg((abs(hashint4(i * 31 + t)) % 21 - 10)::real ORDER BY t) FROM generate_series(1, 18) AS t) AS pattern FROM generate_series(1, 2000) AS i;
CREATE TEMP TABLE base AS SELECT array_agg(pattern ORDER BY i) AS points FROM game;
SELECT array_length(points, 1), array_length(points, 2) FROM base;
-- many queries, one statement; every one against a sort of all
SELECT count(*), bool_and(place = expected AND abs(distance - far) < 1e-9) FROM game, base,
	LATERAL (SELECT place, distance, row_number() OVER () AS n FROM nearest_neighbours(points, pattern, 7)) AS found,
	LATERAL (SELECT o.i AS expected, sqrt(sum((a - b) ^ 2)) AS far, row_number() OVER (ORDER BY sum((a - b) ^ 2), o.i) AS n
		FROM game AS o, unnest(o.pattern, game.pattern) AS u (a, b) GROUP BY o.i) AS sorted
	WHERE game.i <= 10 AND sorted.n = found.n;
-- other points in one statement, not those of the row before
SELECT array_agg(place ORDER BY n) FROM (SELECT 1 AS n, '{{0},{5}}'::real[] AS points UNION ALL SELECT 2, '{{5},{0}}' UNION ALL SELECT 3, '{{9},{8},{1}}') AS p, nearest_neighbours(points, '{0}', 1);

-- refused
SELECT * FROM nearest_neighbours('{1,2}', '{1}');
SELECT * FROM nearest_neighbours('{}', '{1}');
SELECT * FROM nearest_neighbours('{{1,2}}', '{1}');
SELECT * FROM nearest_neighbours('{{1,NULL}}', '{1,2}');
SELECT * FROM nearest_neighbours('{{1,NaN}}', '{1,2}');
SELECT * FROM nearest_neighbours('{{1,2}}', '{1,Infinity}');
SELECT * FROM nearest_neighbours('{{1,2}}', '{1,NULL}');
SELECT * FROM nearest_neighbours('{{1,2}}', '{1,2}', 0);
SELECT * FROM nearest_neighbours('{{3e38}}', '{-3e38}');
