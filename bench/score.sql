-- Scores of 10 n forecasts.
CREATE TABLE forecast AS
	SELECT p, random() < p AS outcome, NULL::float8 AS y
	FROM (SELECT random() AS p FROM generate_series(1, 10 * :n)) AS x;
UPDATE forecast SET y = outcome::int;
VACUUM ANALYZE;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('brier_score', 10 * :n, 'SELECT brier_score(p, outcome) FROM forecast', 'avg((p-y)*(p-y))', 'SELECT avg((p-y)*(p-y)) FROM forecast', 1e-12);
