-- Removing the margin of n three-way markets.
CREATE TABLE market AS
	SELECT 1 / (0.03 + a / (a + b + c) * 0.97) AS home, 1 / (0.03 + b / (a + b + c) * 0.97) AS draw, 1 / (0.03 + c / (a + b + c) * 0.97) AS away
	FROM (SELECT 0.2 + random() AS a, 0.2 + random() AS b, 0.2 + random() AS c FROM generate_series(1, :n)) AS x;
VACUUM ANALYZE;

CREATE FUNCTION shin_newton(odds float8[]) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	q float8[]; booksum float8 := 0; z float8 := 0; root float8; sum_p float8; slope float8; step float8; p float8[];
BEGIN
	FOR i IN 1 .. cardinality(odds) LOOP q[i] := 1 / odds[i]; booksum := booksum + q[i]; END LOOP;
	FOR iteration IN 1 .. 50 LOOP
		sum_p := 0; slope := 0;
		FOR i IN 1 .. cardinality(q) LOOP
			root := sqrt(z * z + 4 * (1 - z) * q[i] * q[i] / booksum);
			p[i] := (root - z) / (2 * (1 - z));
			sum_p := sum_p + p[i];
			slope := slope + (((z - 2 * q[i] * q[i] / booksum) / root - 1) * (1 - z) + root - z) / (2 * (1 - z) * (1 - z));
		END LOOP;
		step := (sum_p - 1) / slope;
		z := z - step;
		EXIT WHEN abs(step) < 1e-13;
	END LOOP;
	RETURN p;
END $$;

-- Newton in plain SQL at its best: a subquery a step, kept apart by OFFSET 0 so that nothing is computed twice, written by this loop.
CREATE FUNCTION in_steps(base text, final text, steps int, VARIADIC step text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	FOR k IN 1 .. steps LOOP
		FOR i IN 1 .. cardinality(step) LOOP
			base := format('SELECT *, %s FROM (%s OFFSET 0) AS x', replace(replace(step[i], '#', k::text), '@', (k - 1)::text), base);
		END LOOP;
	END LOOP;
	RETURN format('SELECT sum(%s) FROM (%s OFFSET 0) AS x', replace(final, '#', steps::text), base);
END $$;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'the scan that builds the array', 'SELECT sum((ARRAY[home, draw, away])[1]) FROM market', NULL, 2.7),
	('remove_overround(power), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'power'))[1]) FROM market$$,
		'the scan that builds the array', 'SELECT sum((ARRAY[home, draw, away])[1]) FROM market', NULL, 2.7),
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'Newton in SQL, 5 steps unrolled', in_steps($$SELECT *, 4 * a * a / book AS d, 4 * b * b / book AS e, 4 * c * c / book AS f FROM
			(SELECT *, a + b + c AS book FROM (SELECT 1 / home AS a, 1 / draw AS b, 1 / away AS c, 0::float8 AS z0 FROM market OFFSET 0) AS x OFFSET 0) AS x$$,
			'(sqrt(z# * z# + (1 - z#) * d) - z#) / (2 * (1 - z#))', 5,
			'sqrt(z@ * z@ + (1 - z@) * d) AS r#, sqrt(z@ * z@ + (1 - z@) * e) AS s#, sqrt(z@ * z@ + (1 - z@) * f) AS t#, 0.5 / (1 - z@) AS h#',
			'(r# - z@) * h# AS p#, (s# - z@) * h# AS q#, (t# - z@) * h# AS u#',
			'z@ + (p# + q# + u# - 1) / (p# * (1 - p#) / r# + q# * (1 - q#) / s# + u# * (1 - u#) / t#) AS z#'), 1e-9, 0.2),
	('remove_overround(power), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'power'))[1]) FROM market$$,
		'Newton in SQL, 4 steps unrolled', in_steps($$SELECT ln(home) AS a, ln(draw) AS b, ln(away) AS c, 1::float8 AS k0 FROM market$$, 'exp(-k# * a)', 4,
			'exp(-k@ * a) AS p#, exp(-k@ * b) AS q#, exp(-k@ * c) AS u#',
			'k@ + (p# + q# + u# - 1) / (a * p# + b * q# + c * u#) AS k#'), 1e-9, 0.2),
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'Newton in plpgsql', 'SELECT sum((shin_newton(ARRAY[home, draw, away]))[1]) FROM market', 1e-9, 0.2);

\if :has_numpy
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'COPY, Newton in numpy, COPY', $$SELECT through_python('SELECT home, draw, away FROM market', 'import sys, numpy
odds = numpy.loadtxt(sys.argv[1], delimiter=",")
q = 1 / odds
book = q.sum(axis=1, keepdims=True)
z = numpy.zeros_like(book)
for step in range(12):
    root = numpy.sqrt(z * z + 4 * (1 - z) * q * q / book)
    p = (root - z) / (2 * (1 - z))
    slope = (((z - 2 * q * q / book) / root - 1) * (1 - z) + root - z) / (2 * (1 - z) ** 2)
    change = (p.sum(axis=1, keepdims=True) - 1) / slope.sum(axis=1, keepdims=True)
    z = z - change
    if abs(change).max() < 1e-13:
        break
numpy.savetxt(sys.argv[2], p, delimiter=",", fmt="%.17g")', 3)$$, 1e-9, 0.058),
	('remove_overround(power), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'power'))[1]) FROM market$$,
		'COPY, Newton in numpy, COPY', $$SELECT through_python('SELECT home, draw, away FROM market', 'import sys, numpy
odds = numpy.log(numpy.loadtxt(sys.argv[1], delimiter=","))
k = numpy.ones((len(odds), 1))
for step in range(12):
    p = numpy.exp(-k * odds)
    change = (p.sum(axis=1, keepdims=True) - 1) / (p * odds).sum(axis=1, keepdims=True)
    k = k + change
    if abs(change).max() < 1e-13:
        break
numpy.savetxt(sys.argv[2], p, delimiter=",", fmt="%.17g")', 3)$$, 1e-9, 0.058);
\endif
