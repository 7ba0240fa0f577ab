-- Scores of 10 n forecasts.
CREATE TABLE forecast AS
	SELECT p, random() < p AS outcome, NULL::float8 AS y
	FROM (SELECT random() AS p FROM generate_series(1, 10 * :n)) AS x;
UPDATE forecast SET y = outcome::int;
VACUUM ANALYZE forecast;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('brier_score', 10 * :n, 'SELECT brier_score(p, outcome) FROM forecast', 'avg((p-y)*(p-y))', 'SELECT avg((p-y)*(p-y)) FROM forecast', 1e-12, 0.714),
	('brier_score', 10 * :n, 'SELECT brier_score(p, outcome) FROM forecast', 'avg(float8)', 'SELECT avg(p) FROM forecast', NULL, 1.3),
	('log_loss', 10 * :n, 'SELECT log_loss(p, outcome) FROM forecast', 'avg of CASE with ln',
		'SELECT avg(CASE WHEN outcome THEN -ln(p) ELSE -ln(1 - p) END) FROM forecast', 1e-12, 0.83),
	('log_loss', 10 * :n, 'SELECT log_loss(p, outcome) FROM forecast', 'avg(float8)', 'SELECT avg(p) FROM forecast', NULL, 1.3),
	('spiegelhalter_test', 10 * :n, 'SELECT (spiegelhalter_test(p, outcome)).z FROM forecast', 'sum / sqrt(sum)',
		'SELECT sum((y-p)*(1-2*p)) / sqrt(sum((1-2*p)*(1-2*p)*p*(1-p))) FROM forecast', 1e-6, 0.8),
	('expected_calibration_error, 10 bins', 10 * :n, 'SELECT expected_calibration_error(p, outcome) FROM forecast', 'GROUP BY bin',
		'SELECT sum(abs(p - y)) / sum(n) FROM (SELECT sum(p) AS p, sum(y) AS y, count(*) AS n FROM forecast GROUP BY ceil(p * 10)) AS b', 1e-9, 0.8),
	('crps_poisson', 10 * :n, 'SELECT sum(crps_poisson(2, 1 + p)) FROM forecast', 'the scan and a sum', 'SELECT sum(1 + p) FROM forecast', NULL, NULL);

-- A pass over columns of the same rows: what an aggregate costs beyond the simplest one.
INSERT INTO pair (subject, n, ours, other_name, other, goal)
	SELECT split_part(ltrim(call, '('), '(', 1), 10 * :n, format('SELECT %s FROM forecast', call), 'avg(float8)', 'SELECT avg(p) FROM forecast', 1.3
	FROM unnest(ARRAY['ignorance(p, outcome)', 'brier_skill_score(y, p, outcome)', 'pinball_loss(y, p, 0.5)', '(paired_difference(p, y)).mean',
		'interval_coverage(p, p, y + 1)', '(spiegelhalter_test(p, outcome)).z', 'expected_calibration_error(p, outcome)']) AS call;

-- The same statement with two workers and with none: 0.59 is 1.7 times as fast.
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal, workers)
	SELECT split_part(call, '(', 1) || ', two workers', 10 * :n, format('SELECT %s FROM forecast', call), 'none',
		format('SELECT %s FROM forecast', call), 1e-12, 0.59, 2
	FROM unnest(ARRAY['brier_score(p, outcome)', 'log_loss(p, outcome)', 'ignorance(p, outcome)', 'brier_skill_score(y, p, outcome)',
		'pinball_loss(y, p, 0.5)', 'expected_calibration_error(p, outcome)']) AS call;
