-- Training on three rows a market: thirty features, a tenth of them missing, 200 rounds of depth 6, on one thread and on two. The
-- other side is Python's xgboost, which gets the rows by COPY and pandas. Its imports do not count. The number that both
-- give is a hash of the model's bytes, in Python without the two attributes that its train() adds.
\if :has_xgboost
CREATE FUNCTION known(x real) RETURNS float8 LANGUAGE sql IMMUTABLE RETURN coalesce(nullif(x, 'NaN'), 0.5);
CREATE TABLE example AS
	SELECT (random() < 1 / (1 + exp(-4 * (known(features[1]) + known(features[12]) * known(features[23]) + sin(9 * known(features[30])) - 0.8))))::int AS label, features
	FROM (SELECT ARRAY(SELECT CASE WHEN random() < 0.1 AND n > 0 THEN 'NaN' WHEN j <= 10 THEN floor(random() * 20) / 20 ELSE random() END::real
		FROM generate_series(1, 30) AS j) AS features FROM generate_series(1, 3 * :n) AS n) AS r;
VACUUM ANALYZE example;

-- part: rows, the rows as an array of floats (trained on for a round, which does not count); training, from there to the trained model; all
CREATE FUNCTION trained(part text, rounds int, threads int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	f bytea := libxgboost_save(train_forest('example',
		jsonb_build_object('objective', 'binary:logistic', 'max_depth', 6, 'eta', 0.1, 'tree_method', 'hist', 'nthread', threads), rounds));
BEGIN
	PERFORM set_config('bench.ms', (1000 * CASE part WHEN 'rows' THEN t.read WHEN 'training' THEN t.matrix + t.rounds ELSE t.read + t.matrix + t.rounds + t.save END)::text, false)
	FROM train_forest_times() AS t;
	RETURN ('x' || left(md5(f), 13))::bit(52)::bigint;
END $$;
CREATE FUNCTION python_trained(part text, rounds int, threads int) RETURNS float8 LANGUAGE sql RETURN through_python(
	(SELECT 'SELECT label, ' || string_agg(format('features[%s]', j), ', ') || ' FROM example' FROM generate_series(1, 30) AS j),
	format($$import hashlib, sys, time, pandas, xgboost
rounds, part, threads = %s, "%s", %s
began = time.perf_counter()
rows = pandas.read_csv(sys.argv[1], header=None).to_numpy(dtype="float32")
read = time.perf_counter()
saved = b""
if rounds > 0:
    matrix = xgboost.DMatrix(rows[:, 1:], label=rows[:, 0], nthread=threads)
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "tree_method": "hist", "nthread": threads}, matrix, rounds)
    trained = time.perf_counter()
    booster.set_attr(best_iteration=None, best_ntree_limit=None)
    saved = booster.save_raw("ubj")
seconds = read - began if part == "rows" else trained - read if part == "training" else time.perf_counter() - began
print(int(hashlib.md5(saved).hexdigest()[:13], 16), 1000 * seconds, sep=",", file=open(sys.argv[2], "w"))$$, rounds, part, threads),
	2, CASE part WHEN 'training' THEN 'script' ELSE 'copy' END);
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal)
	SELECT 'train_forest, rows to matrix', 3 * :n, $$SELECT trained('rows', 1, 1)$$, 'COPY and pandas', $$SELECT python_trained('rows', 0, 1)$$, NULL, 0.1
	UNION ALL SELECT format('train_forest, matrix and 200 rounds, %s', name), 3 * :n, format($$SELECT trained('training', 200, %s)$$, threads),
		'the same in Python', format($$SELECT python_trained('training', 200, %s)$$, threads), 0, 1.03 FROM (VALUES (1, 'one thread'), (2, 'two threads')) AS t(threads, name)
	UNION ALL SELECT format('train_forest, 200 rounds, %s', name), 3 * :n, format($$SELECT trained('all', 200, %s)$$, threads),
		'COPY, pandas and xgboost', format($$SELECT python_trained('all', 200, %s)$$, threads), 0, 0.909 FROM (VALUES (1, 'one thread'), (2, 'two threads')) AS t(threads, name);
\endif
