-- One stored distribution asked about n lines: the work of a question grows with the logarithm of its residuals
-- (and with what the processor's cache no longer holds, at a million).
CREATE TABLE residual AS SELECT 13 * (random() + random() + random() - 1.5) AS r FROM generate_series(1, 1000000);
CREATE TABLE stored AS SELECT size, (SELECT cpd(r) FROM (SELECT r FROM residual LIMIT size) AS x) AS d FROM unnest('{100,1000,10000,100000,1000000}'::int[]) AS size;
CREATE TABLE game AS SELECT random() * 20 - 10 AS prediction, floor(random() * 40) / 2 - 10 AS line FROM generate_series(1, :n);
CREATE TABLE few AS SELECT * FROM residual LIMIT 10000;
VACUUM ANALYZE;

INSERT INTO pair (subject, n, ours, other_name, other, goal)
	SELECT format('cpd_prob, %s residuals', to_char(size, 'FM9,999,999')), :n,
		format('SELECT sum((cpd_prob(d, line, prediction)).prob_over) FROM stored, game WHERE size = %s', size), '100 residuals',
		'SELECT sum((cpd_prob(d, line, prediction)).prob_over) FROM stored, game WHERE size = 100', CASE WHEN size = 100000 THEN 3 END FROM stored;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('cpd_cdf, 10,000 residuals', 100, 'SELECT sum(cpd_cdf(d, line, prediction, 1, 0)) FROM stored, (SELECT * FROM game LIMIT 100) AS g WHERE size = 10000',
		'counting them', 'SELECT sum(below / 10001) FROM (SELECT * FROM game LIMIT 100) AS g, LATERAL (SELECT count(*)::float8 AS below FROM few WHERE r < line - prediction) AS c', 1e-12, 0.05);
