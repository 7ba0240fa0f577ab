-- Predictions of n / 20 rows.
CREATE TABLE row_of_features AS
	SELECT n, ARRAY(SELECT random()::real FROM generate_series(1, 20) WHERE n > 0) AS features FROM generate_series(1, :n / 20) AS n;
CREATE TABLE model AS SELECT train_forest(
	'SELECT (features[1] + features[2] * features[3] + features[20] > 1.2)::int AS label, features FROM row_of_features ORDER BY n',
	'{"objective": "binary:logistic", "max_depth": 5, "eta": 0.1}', 200) AS f;
CREATE TABLE matrix AS SELECT array_agg(features ORDER BY n) AS rows FROM row_of_features;
VACUUM ANALYZE;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('predict(forest), 200 trees, 20 features', :n / 20, 'SELECT sum(predict(f, features)) FROM row_of_features, model',
		'libxgboost, all rows in one call', 'SELECT sum(p) FROM (SELECT unnest(libxgboost_predict(f, rows)) AS p FROM model, matrix) AS x', 1e-9);
