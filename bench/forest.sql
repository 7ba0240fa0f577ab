-- Predictions of n rows of thirty features, a tenth of them missing, by forests of depth 6. The other sides run on one
-- thread too. libxgboost is asked through its C API in the same session; its one_by_one is XGBoosterPredictFromDense
-- with a matrix that is kept. Loading the model, once a statement, counts there: some per cent of its time.
CREATE TABLE row_of_features AS
	SELECT n, ARRAY(SELECT CASE WHEN random() < 0.1 AND n > 0 THEN 'NaN' WHEN j <= 10 THEN floor(random() * 20) / 20 ELSE random() END::real
		FROM generate_series(1, 30) AS j) AS features FROM generate_series(1, :n) AS n;
CREATE FUNCTION known(x real) RETURNS float8 LANGUAGE sql IMMUTABLE RETURN coalesce(nullif(x, 'NaN'), 0.5);
CREATE TABLE model AS SELECT trees, train_forest(
	'SELECT (random() < 1 / (1 + exp(-4 * (known(features[1]) + known(features[12]) * known(features[23]) + sin(9 * known(features[30])) - 0.8))))::int AS label,
		features FROM row_of_features WHERE n <= ' || :n / 5 || ' ORDER BY n',
	'{"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "tree_method": "hist"}', trees) AS f FROM unnest('{100,300,1000}'::int[]) AS trees;
CREATE TABLE matrix AS SELECT array_agg(features ORDER BY n) AS rows FROM row_of_features WHERE n <= :n / 2;
CREATE TABLE half AS SELECT * FROM row_of_features WHERE n <= :n / 2;
VACUUM ANALYZE;

CREATE FUNCTION without_avx512(trees int) RETURNS float8 LANGUAGE sql SET bet_edge.avx512 = off
	RETURN (SELECT sum(predict(f, features)) FROM half, model AS m WHERE m.trees = without_avx512.trees);
-- all predictions into a table, which goes again
CREATE FUNCTION into_table(trees int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	total float8;
BEGIN
	CREATE TEMP TABLE into_table AS SELECT id, prediction FROM model AS m, predict_rows(f, 'SELECT n AS id, features FROM row_of_features') WHERE m.trees = into_table.trees;
	SELECT sum(prediction) INTO total FROM into_table;
	DROP TABLE into_table;
	RETURN total;
END $$;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal)
	SELECT format('%s, %s trees', ours.name, trees), :n / 2, format(ours.statement, trees), 'libxgboost, row by row',
		format('SELECT sum(p) FROM (SELECT unnest(libxgboost_predict(f, rows, one_by_one => true)) AS p FROM model, matrix WHERE trees = %s) AS x', trees), 1e-9, goal
	FROM (VALUES (1, 100, 0.1), (1, 300, 0.1), (1, 1000, 0.167), (2, 100, 0.125), (2, 300, NULL), (2, 1000, NULL)) AS asked (way, trees, goal)
	JOIN (VALUES (1, 'predict', 'SELECT sum(predict(f, features)) FROM half, model WHERE trees = %s'), (2, 'predict without AVX-512', 'SELECT without_avx512(%s)')) AS ours (way, name, statement) USING (way)
	ORDER BY way, trees;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance)
	SELECT format('predict_rows, %s trees', trees), :n / 2, format($$SELECT sum(prediction) FROM model, predict_rows(f, 'SELECT n AS id, features FROM half') WHERE trees = %s$$, trees),
		'libxgboost, all rows in one call', format('SELECT sum(p) FROM (SELECT unnest(libxgboost_predict(f, rows)) AS p FROM model, matrix WHERE trees = %s) AS x', trees), 1e-9
	FROM unnest('{100,300,1000}'::int[]) AS trees;

\if :has_xgboost
CREATE FUNCTION through_pandas(trees int) RETURNS float8 LANGUAGE sql RETURN (SELECT through_python(
	(SELECT 'SELECT n, ' || string_agg(format('features[%s]', j), ', ') || ' FROM row_of_features' FROM generate_series(1, 30) AS j),
	$$import sys, pandas, xgboost
model = xgboost.Booster({"nthread": 1})
model.load_model(bytearray(b'$$ || f || $$'))
rows = pandas.read_csv(sys.argv[1], header=None)
prediction = model.inplace_predict(rows.iloc[:, 1:].to_numpy(dtype="float32"))
pandas.DataFrame({"prediction": prediction, "id": rows[0]}).to_csv(sys.argv[2], header=False, index=False)$$, 2) FROM model AS m WHERE m.trees = through_pandas.trees);
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal)
	SELECT format('predict_rows into a table, %s trees', trees), :n, format('SELECT into_table(%s)', trees),
		'COPY, pandas and xgboost, COPY', format('SELECT through_pandas(%s)', trees), 1e-6, 0.067 FROM unnest('{100,300}'::int[]) AS trees;
SELECT count(*) > 0 AS has_plpython FROM pg_available_extensions WHERE name = 'plpython3u' \gset
\if :has_plpython
CREATE EXTENSION IF NOT EXISTS plpython3u;
CREATE FUNCTION plpython_predict(trees int, features real[]) RETURNS float8 LANGUAGE plpython3u AS $$
if trees not in GD:
	import numpy, xgboost
	GD["numpy"] = numpy
	GD[trees] = xgboost.Booster({"nthread": 1})
	GD[trees].load_model(bytearray(plpy.execute(f"SELECT f::text AS json FROM model WHERE trees = {trees}")[0]["json"].encode()))
return float(GD[trees].inplace_predict(GD["numpy"].array([features], dtype="float32"))[0])
$$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('predict, 100 trees', :n / 10, 'SELECT sum(predict(f, features)) FROM half, model WHERE trees = 100 AND n <= ' || :n / 10,
		'plpython3u, the booster kept', 'SELECT sum(plpython_predict(100, features)) FROM half WHERE n <= ' || :n / 10, 1e-9, 0.02);
\else
\warn 'pair with plpython3u left out: postgresql-plpython3 is not installed'
\endif
\endif
