-- Our predictions are libxgboost's to the last bit, and our Shapley values are its own:
-- every objective and way of growing trees, thousands of rows, a tenth of the values missing.
SELECT plan(35);
SET search_path = bet_edge, public;

-- Random from a formula: the same rows on every machine.
CREATE FUNCTION pg_temp.noise(i int, j int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT (hashint8extended(i::bigint * 1000 + j, 42) & 1048575) / 1048576.0
$$;
CREATE TEMP TABLE sample AS
SELECT i, ARRAY(SELECT CASE WHEN pg_temp.noise(i, 100 + j) < 0.1 THEN 'NaN'
	WHEN j % 3 = 0 THEN floor(pg_temp.noise(i, j) * 8) ELSE pg_temp.noise(i, j) * 2 - 1 END
	FROM generate_series(1, 12) j)::real[] AS features, pg_temp.noise(i, 0) AS u
FROM generate_series(1, 4000) i;
CREATE TEMP TABLE labelled AS
SELECT i, features, exp(s) AS mean, (u < 1 / (1 + exp(-s)))::int AS binary, floor(s + 2 * u)::int AS count,
	CASE WHEN s + u > 0.9 THEN 0 WHEN s + u > 0.2 THEN 1 ELSE 2 END AS class
FROM (SELECT *, coalesce(nullif(features[1], 'NaN'), 0.3) - coalesce(nullif(features[2] * features[4], 'NaN'), 0)
	+ coalesce(nullif(features[3], 'NaN'), 2) / 8 AS s FROM sample) q;

CREATE TEMP TABLE model (name text, label text, params jsonb, rounds int, f forest);
INSERT INTO model VALUES
	('squared error', 'mean', '{"objective": "reg:squarederror", "max_depth": 6}', 30),
	('logistic', '"binary"', '{"objective": "binary:logistic", "max_depth": 6, "eta": 0.1}', 100),
	('logitraw', '"binary"', '{"objective": "binary:logitraw", "max_depth": 3, "base_score": 0.3}', 20),
	('poisson', 'greatest(count, 0)', '{"objective": "count:poisson", "max_depth": 4, "base_score": 1.7}', 40),
	('softprob', 'class', '{"objective": "multi:softprob", "num_class": 3, "max_depth": 4}', 25),
	('exact, pruned', '"binary"', '{"objective": "binary:logistic", "tree_method": "exact", "gamma": 2, "base_score": 0.2}', 30),
	('approximate, subsampled', 'mean', '{"tree_method": "approx", "subsample": 0.7, "colsample_bytree": 0.6, "seed": 7}', 20),
	('leaf by leaf', '"binary"', '{"objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 200, "max_depth": 0}', 10),
	('deep', 'mean', '{"tree_method": "hist", "max_depth": 12, "min_child_weight": 0}', 10),
	('a random forest', 'mean', '{"num_parallel_tree": 5, "subsample": 0.5, "max_depth": 5}', 3),
	('far from zero', 'mean * 1e6', '{"max_depth": 5, "base_score": 1e6}', 20);
UPDATE model SET f = train_forest(format('SELECT %s AS label, features FROM labelled ORDER BY i', label), params, rounds);

CREATE FUNCTION pg_temp.whole() RETURNS real[] LANGUAGE sql AS 'SELECT array_agg(features ORDER BY i) FROM sample';
-- float8out shows every bit that differs
CREATE TEMP TABLE ours AS SELECT name, i, predict_margin(f, features) AS margin,
	CASE name WHEN 'softprob' THEN predict_class(f, features) ELSE ARRAY[predict(f, features)] END AS value
FROM model, sample;
SELECT is((SELECT array_agg(v ORDER BY i, k) FROM ours o, unnest(o.margin) WITH ORDINALITY u(v, k) WHERE o.name = m.name) = libxgboost_predict(f, pg_temp.whole(), 'margin'),
	true, m.name || ': margins of 4000 rows') FROM model m;
SELECT is((SELECT array_agg(v ORDER BY i, k) FROM ours o, unnest(o.value) WITH ORDINALITY u(v, k) WHERE o.name = m.name) = libxgboost_predict(f, pg_temp.whole()),
	true, m.name || ': values of 4000 rows') FROM model m;
SELECT ok(count(DISTINCT value) > 1000, 'and they do differ from row to row') FROM ours WHERE name = 'logistic';

-- Contributions: libxgboost's are float32 sums, so they agree to its precision; ours sum to the margin.
CREATE TEMP TABLE explained AS
SELECT name, i, class, feature, contribution FROM model, sample, explain(f, features) WHERE i <= 40;
SELECT cmp_ok((SELECT max(abs(ours - theirs) / greatest(1, scale)) FROM (
	SELECT contribution AS ours, libxgboost[row_number() OVER (ORDER BY i, class, feature = 0, feature)] AS theirs,
		max(abs(contribution)) OVER () AS scale
	FROM explained e, (SELECT libxgboost_predict(f, (SELECT array_agg(features ORDER BY i) FROM sample WHERE i <= 40), 'contributions')) l(libxgboost)
	WHERE e.name = m.name) q), '<', 2e-5::float8, m.name || ': Shapley values of 40 rows') FROM model m;
SELECT cmp_ok((SELECT max(abs(s - margin[class]) / greatest(1, abs(s))) FROM (SELECT name, i, class, sum(contribution) AS s FROM explained GROUP BY 1, 2, 3) e
	JOIN ours USING (name, i)), '<', 1e-6::float8, 'contributions sum to the margin');
SELECT * FROM finish();
