-- Lines of n players, and the negative binomial law of 10 n box scores.
CREATE TABLE prop AS SELECT 5 + 30 * random() AS mean, 4 + 20 * random() AS size, floor(5 + 30 * random()) + 0.5 AS line FROM generate_series(1, :n);
CREATE TABLE box AS SELECT floor(-ln(random()) * 8 + -ln(random()) * 8)::int AS points FROM generate_series(1, 10 * :n);
VACUUM ANALYZE;
CREATE FUNCTION negbin_over_loop(mean float8, size float8, line float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	p float8 := power(size / (size + mean), size); q float8 := mean / (size + mean); below float8 := 0; k int := 0;
BEGIN
	WHILE k < line LOOP
		below := below + p;
		k := k + 1;
		p := p * (size + k - 1) / k * q;
	END LOOP;
	RETURN 1 - below;
END $$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('negbin_line', :n, 'SELECT sum((negbin_line(mean, size, line)).prob_over) FROM prop', 'the pmf summed in plpgsql',
		'SELECT sum(negbin_over_loop(mean, size, line)) FROM prop', 1e-9, 0.2),
	('negbin_fit', 10 * :n, 'SELECT (negbin_fit(points)).mean FROM box', 'mean and variance, the fit by moments',
		'SELECT mean FROM (SELECT avg(points)::float8 AS mean, avg(points) ^ 2 / (var_pop(points) - avg(points)) AS size FROM box) AS x WHERE size > 0', 1e-9, 1.5);
