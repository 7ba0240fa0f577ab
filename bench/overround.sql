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

INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'the scan that builds the array', 'SELECT sum((ARRAY[home, draw, away])[1]) FROM market', NULL),
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'Newton in plpgsql', 'SELECT sum((shin_newton(ARRAY[home, draw, away]))[1]) FROM market', 1e-9);

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
numpy.savetxt(sys.argv[2], p, delimiter=",", fmt="%.17g")', 3)$$, 1e-9, 0.058);
\endif
