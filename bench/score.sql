-- Scores of 10 n forecasts.
CREATE TABLE forecast AS
	SELECT p, random() < p AS outcome, NULL::float8 AS y
	FROM (SELECT random() AS p FROM generate_series(1, 10 * :n)) AS x;
UPDATE forecast SET y = outcome::int;
VACUUM ANALYZE forecast;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('brier_score', 10 * :n, 'SELECT brier_score(p, outcome) FROM forecast', 'avg((p-y)*(p-y))', 'SELECT avg((p-y)*(p-y)) FROM forecast', 1e-12, 0.72),
	('brier_score', 10 * :n, 'SELECT brier_score(p, outcome) FROM forecast', 'avg(float8)', 'SELECT avg(p) FROM forecast', NULL, 1.3),
	('log_loss', 10 * :n, 'SELECT log_loss(p, outcome) FROM forecast', 'avg of CASE with ln',
		'SELECT avg(CASE WHEN outcome THEN -ln(p) ELSE -ln(1 - p) END) FROM forecast', 1e-12, 0.83),
	('log_loss', 10 * :n, 'SELECT log_loss(p, outcome) FROM forecast', 'avg(float8)', 'SELECT avg(p) FROM forecast', NULL, 1.3),
	('spiegelhalter_test', 10 * :n, 'SELECT (spiegelhalter_test(p, outcome)).z FROM forecast', 'sum / sqrt(sum)',
		'SELECT sum((y-p)*(1-2*p)) / sqrt(sum((1-2*p)*(1-2*p)*p*(1-p))) FROM forecast', 1e-6, 0.8),
	('expected_calibration_error, 10 bins', 10 * :n, 'SELECT expected_calibration_error(p, outcome) FROM forecast', 'GROUP BY bin',
		'SELECT sum(abs(p - y)) / sum(n) FROM (SELECT sum(p) AS p, sum(y) AS y, count(*) AS n FROM forecast GROUP BY ceil(p * 10)) AS b', 1e-9, 0.8),
	('crps_poisson', 10 * :n, 'SELECT sum(crps_poisson(2, 1 + p)) FROM forecast', 'the scan and a sum', 'SELECT sum(1 + p) FROM forecast', NULL, NULL);
