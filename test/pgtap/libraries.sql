-- A backend that prices and predicts has neither libxgboost nor libcurl in its memory; one that trains has.
SELECT plan(5);
SET search_path = bet_edge, public;

CREATE FUNCTION pg_temp.mapped(library text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
	SELECT strpos(pg_read_file('/proc/self/maps'), '/' || library) > 0
$$;
-- Trained in another backend, through a connection of its own.
CREATE TABLE public.stored_forest (f forest);
\setenv DATABASE :DBNAME
\! psql -X -q -d "$DATABASE" -c "INSERT INTO stored_forest SELECT bet_edge.train_forest('SELECT i % 2 AS label, ARRAY[i % 2, i]::real[] AS features FROM generate_series(1, 1000) i', '{\"objective\": \"binary:logistic\"}', 50)"

SELECT cmp_ok(predict(f, '{1,5}'), '>', 0.9::float8, 'a stored forest predicts') FROM stored_forest;
SELECT is(array_length(remove_overround('{2.1,3.4,3.6}'), 1), 3, 'a book is priced');
SELECT ok(pg_temp.mapped('bet_edge.so'), 'by the library of the arithmetic');
SELECT ok(NOT pg_temp.mapped('libxgboost') AND NOT pg_temp.mapped('libcurl') AND NOT pg_temp.mapped('libgomp')
	AND NOT pg_temp.mapped('bet_edge_train.so') AND NOT pg_temp.mapped('bet_edge_feed.so'),
	'without libxgboost, libcurl or OpenMP');
SELECT forest_summary(train_forest('SELECT i AS label, ARRAY[i]::real[] AS features FROM generate_series(1, 10) i', '{}', 1)) IS NULL AS trained \gset
SELECT ok(pg_temp.mapped('libxgboost') AND pg_temp.mapped('bet_edge_train.so'), 'training loads them: the look at the memory sees it');
SELECT * FROM finish();
