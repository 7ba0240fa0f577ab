-- Calibrating n scores.
CREATE TABLE calibrated AS SELECT row_number() OVER () AS i, s, random() < s * s AS won FROM (SELECT random() AS s FROM generate_series(1, :n)) AS x;
VACUUM ANALYZE;
-- pool adjacent violators over arrays: the mean of the fitted values times the score tells fits apart
CREATE FUNCTION pava_loop() RETURNS float8 LANGUAGE plpgsql STABLE AS $$
DECLARE
	r record; sums float8[] := '{}'; counts float8[] := '{}'; scores float8[] := '{}'; top int := 0; one_sum float8; one_count float8; one_score float8; total float8 := 0;
BEGIN
	FOR r IN SELECT s, won::int::float8 AS y FROM calibrated ORDER BY s LOOP
		one_sum := r.y; one_count := 1; one_score := r.s;
		WHILE top > 0 AND sums[top] / counts[top] >= one_sum / one_count LOOP
			one_sum := one_sum + sums[top]; one_count := one_count + counts[top]; one_score := one_score + scores[top];
			top := top - 1;
		END LOOP;
		top := top + 1;
		sums[top] := one_sum; counts[top] := one_count; scores[top] := one_score;
	END LOOP;
	FOR k IN 1 .. top LOOP
		total := total + scores[k] * sums[k] / counts[k];
	END LOOP;
	RETURN total;
END $$;
CREATE TABLE fitted AS SELECT * FROM calibrated ORDER BY i LIMIT 10000;
CREATE TABLE stored_fit AS SELECT venn_abers_fit(s, won) AS fit FROM fitted;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('isotonic_fit', :n, 'WITH f AS MATERIALIZED (SELECT isotonic_fit(s, won) AS fit FROM calibrated) SELECT sum(s * isotonic_apply(fit, s)) FROM calibrated, f',
		'PAVA in plpgsql', 'SELECT pava_loop()', 1e-9, 0.3),
	('venn_abers_fit', :n, 'SELECT cardinality(venn_abers_fit(s, won)) FROM calibrated', 'isotonic_fit twice',
		'SELECT cardinality(isotonic_fit(s, won)) + cardinality(isotonic_fit(-s, NOT won)) FROM calibrated', NULL, 1.5),
	('venn_abers_apply, the fit stored', :n, 'SELECT sum((venn_abers_apply(fit, s)).prob) FROM calibrated, stored_fit', 'the fit in memory',
		'WITH f AS MATERIALIZED (SELECT venn_abers_fit(s, won) AS fit FROM fitted) SELECT sum((venn_abers_apply(fit, s)).prob) FROM calibrated, f', 1e-12, 1.2),
	('beta_fit', :n, 'SELECT (beta_fit(s, won))[1] FROM calibrated', 'platt_fit of the logit', 'SELECT -(platt_fit(ln(s / (1 - s)), won))[1] FROM calibrated', NULL, 3);
