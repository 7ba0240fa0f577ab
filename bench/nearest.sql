-- The ten nearest of n / 20 and of 10 n patterns of 18 whole numbers (score differentials by the minute), many queries a statement. numpy has the
-- points in memory and takes one matrix product a query, on one thread.
CREATE TABLE pattern AS SELECT i, ARRAY(SELECT (sum(round(random() * 6 - 3)) OVER (ORDER BY t))::real FROM generate_series(1, 18) AS t WHERE i > 0) AS p FROM generate_series(1, 10 * :n) AS i;
CREATE TABLE base (size int, points real[]);
ALTER TABLE base ALTER points SET STORAGE EXTERNAL;
INSERT INTO base SELECT size, (SELECT array_agg(p ORDER BY i) FROM pattern WHERE i <= size) FROM unnest(ARRAY[:n / 20, 10 * :n]) AS size;
CREATE TABLE query AS SELECT i, (SELECT array_agg(x + round(random())::real) FROM unnest(p) AS x) AS p FROM pattern WHERE i <= 200;
SELECT format('CREATE TABLE wide AS SELECT i, %s FROM pattern', string_agg(format('p[%s] AS p%1$s', t), ', ')) FROM generate_series(1, 18) AS t \gexec
VACUUM ANALYZE wide;
CREATE FUNCTION by_sort(size int, queries int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	total float8;
BEGIN
	EXECUTE (SELECT format('SELECT sum(d) FROM query AS q, LATERAL (SELECT sqrt(%s) AS d FROM wide AS w WHERE w.i <= %s ORDER BY 1 LIMIT 10) AS near WHERE q.i <= %s',
		string_agg(format('(w.p%s - q.p[%1$s]) ^ 2', t), ' + '), size, queries) FROM generate_series(1, 18) AS t) INTO total;
	RETURN total;
END $$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal)
	SELECT format('nearest_neighbours, %s queries', queries), size,
		format('SELECT sum(distance) FROM query, base, nearest_neighbours(points, p, 10) WHERE i <= %s AND size = %s', queries, size),
		'ORDER BY over 18 columns', format('SELECT by_sort(%s, %s)', size, queries), 1e-6, 0.01
	FROM (VALUES (:n / 20, 20), (10 * :n, 2)) AS asked (size, queries);
SELECT count(*) > 0 AS has_plpython FROM pg_available_extensions WHERE name = 'plpython3u' \gset
\if :has_plpython
\if :has_numpy
CREATE EXTENSION IF NOT EXISTS plpython3u;
CREATE FUNCTION by_numpy(size int, queries int) RETURNS float8 LANGUAGE plpython3u AS $$
import numpy
if size not in GD:
	points = numpy.array(plpy.execute(f"SELECT points FROM base WHERE size = {size}")[0]["points"], dtype="float32")
	GD[size] = points, (points * points).sum(1)
	GD["query"] = numpy.array([row["p"] for row in plpy.execute("SELECT p FROM query ORDER BY i")], dtype="float32")
points, squares = GD[size]
total = 0
for q in GD["query"][:queries]:
	far = squares - 2 * (points @ q) + q @ q
	near = numpy.argpartition(far, 10)[:10]
	total += numpy.sqrt(numpy.maximum(far[near], 0)).sum()
return total
$$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal)
	SELECT format('nearest_neighbours, %s queries', queries), size,
		format('SELECT sum(distance) FROM query, base, nearest_neighbours(points, p, 10) WHERE i <= %s AND size = %s', queries, size),
		'numpy, a product a query', format('SELECT by_numpy(%s, %s)', size, queries), 1e-4, 0.125
	FROM (VALUES (:n / 20, 200), (10 * :n, 20)) AS asked (size, queries);
\endif
\endif
