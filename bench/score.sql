-- Scores of 10 n forecasts of an event, of n forecasts of a number and of n of one of three outcomes.
CREATE TABLE forecast AS
	SELECT p, outcome, outcome::int::float8 AS y
	FROM (SELECT p, random() < p AS outcome FROM (SELECT random() AS p FROM generate_series(1, 10 * :n)) AS x) AS x;
CREATE TABLE number_forecast AS
	SELECT mean, mean - 2 AS lower, mean + 2 AS upper, y, greatest(y, 0)::int AS goals
	FROM (SELECT mean, mean + 2 * (random() + random() + random() + random() - 2) AS y
		FROM (SELECT 1 + 4 * random() AS mean FROM generate_series(1, :n)) AS x) AS x;
CREATE TABLE class_forecast AS
	SELECT home, ARRAY[home, 0.25, 0.75 - home] AS probs, ARRAY[0.45, 0.27, 0.28]::float8[] AS reference_probs, 1 + floor(3 * random())::int AS outcome
	FROM (SELECT 0.75 * random() AS home FROM generate_series(1, :n)) AS x;
VACUUM ANALYZE;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('brier_score', 10 * :n, 'SELECT brier_score(p, outcome) FROM forecast', 'avg((p-y)*(p-y))', 'SELECT avg((p-y)*(p-y)) FROM forecast', 1e-12, 0.714),
	('log_loss', 10 * :n, 'SELECT log_loss(p, outcome) FROM forecast', 'avg of CASE with ln',
		'SELECT avg(CASE WHEN outcome THEN -ln(p) ELSE -ln(1 - p) END) FROM forecast', 1e-12, 0.83),
	('spiegelhalter_test', 10 * :n, 'SELECT (spiegelhalter_test(p, outcome)).z FROM forecast', 'sum / sqrt(sum)',
		'SELECT sum((y-p)*(1-2*p)) / sqrt(sum((1-2*p)*(1-2*p)*p*(1-p))) FROM forecast', 1e-6, 0.8),
	('expected_calibration_error, 10 bins', 10 * :n, 'SELECT expected_calibration_error(p, outcome) FROM forecast', 'GROUP BY bin',
		'SELECT sum(abs(p - y)) / sum(n) FROM (SELECT sum(p) AS p, sum(y) AS y, count(*) AS n FROM forecast GROUP BY ceil(p * 10)) AS b', 1e-9, 0.8),
	-- what keeps every row
	('ks_calibration_error, which sorts', 10 * :n, 'SELECT ks_calibration_error(p, outcome) FROM forecast', 'a running sum',
		'SELECT max(abs(s)) / count(*) FROM (SELECT sum(p - y) OVER (ORDER BY p ROWS UNBOUNDED PRECEDING) AS s FROM forecast) AS x', 1e-6, 0.8),
	('paired_difference, 1,000 clusters', 10 * :n, 'SELECT (paired_difference(p, y, (p * 1000)::bigint)).standard_error FROM forecast', 'GROUP BY cluster',
		'SELECT sqrt(sum(off * off) * count(*) / (count(*) - 1)) / sum(n) FROM (SELECT sum(p - y - mean) AS off, count(*) AS n
			FROM forecast, (SELECT avg(p - y) AS mean FROM forecast) AS m GROUP BY (p * 1000)::bigint) AS x', 1e-9, 0.8);

-- A pass over the same rows: what an aggregate costs beyond the simplest one, of one column.
INSERT INTO pair (subject, n, ours, other_name, other, goal)
	SELECT call, rows, format('SELECT %s FROM %s', call, source), 'avg(float8)', format('SELECT avg(%s) FROM %s', simple, source), 1.3
	FROM (VALUES
		('forecast', 'p', 10 * :n, ARRAY['brier_score(p, outcome)', 'log_loss(p, outcome)', 'log_loss(p, outcome, 1e-9)', 'ignorance(p, outcome)',
			'brier_skill_score(y, p, outcome)', '(paired_difference(p, y)).mean', '(spiegelhalter_test(p, outcome)).z', 'expected_calibration_error(p, outcome)',
			'maximum_calibration_error(p, outcome)', '(brier_decomposition(p, outcome, 10)).brier', 'cardinality(reliability_table(p, outcome))']),
		('number_forecast', 'mean', :n, ARRAY['pinball_loss(y, lower, 0.05)', 'interval_coverage(y, lower, upper)', 'interval_width(lower, upper)',
			'interval_score(y, lower, upper, 0.1)']),
		('class_forecast', 'home', :n, ARRAY['brier_score(probs, outcome)', 'log_loss(probs, outcome)', 'ignorance(probs, outcome)',
			'ranked_probability_score(probs, outcome)', 'brier_skill_score(probs, reference_probs, outcome)'])) AS s (source, simple, rows, calls),
		unnest(calls) AS call;

-- Functions of one row that sum a series or take an error function: what the number itself costs.
INSERT INTO pair (subject, n, ours, other_name, other)
	SELECT call || ', ' || work, :n, format('SELECT avg(%s) FROM number_forecast', call), 'avg(float8)', 'SELECT avg(mean) FROM number_forecast'
	FROM (VALUES ('crps_normal(y, mean, 1)', 'an error function a row'), ('crps_poisson(goals, mean)', 'some 20 probabilities a row'),
		('crps_negbin(goals, mean, 5)', 'some 40 probabilities a row'), ('crps_ensemble(y, ARRAY[lower, mean, upper])', 'an array a row')) AS c (call, work);

-- The same statement with two workers and with none: 0.59 is 1.7 times as fast. avg shows what the server itself gains.
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal, workers)
	SELECT call || ', two workers', 10 * :n, format('SELECT %s FROM forecast', call), 'none', format('SELECT %s FROM forecast', call), 1e-12,
		CASE WHEN call <> 'avg(p)' THEN 0.59 END, 2
	FROM unnest(ARRAY['avg(p)', 'brier_score(p, outcome)', 'log_loss(p, outcome)', 'ignorance(p, outcome)', 'brier_skill_score(y, p, outcome)',
		'pinball_loss(y, p, 0.5)', 'interval_coverage(y, p, p)', '(spiegelhalter_test(p, outcome)).z', 'expected_calibration_error(p, outcome)']) AS call;
