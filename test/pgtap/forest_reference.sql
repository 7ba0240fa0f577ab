-- Our predictions are libxgboost's to the last bit, and our Shapley values are its own: every objective, booster
-- and kind of split, 100,000 rows, a tenth of the values missing, categories of every wrong kind among them.
SET search_path = bet_edge, public;

-- Random from a formula: the same rows on every machine. Ten bits of a hash a feature; every third is a category.
CREATE FUNCTION pg_temp.feature(i int, bits int, j int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN bits < 100 THEN 'NaN' WHEN j % 3 > 0 THEN bits / 512.0::float8 - 1
		-- no model was trained on rows like these
		WHEN i > 4000 AND bits % 50 = 0 THEN (ARRAY[-1, -0.5, bits + 0.5, 16777215, 16777216, 1e9, -1e30])[1 + i % 7] ELSE bits % (8 * j) END
$$;
CREATE TEMP TABLE sample AS
SELECT i, ARRAY(SELECT pg_temp.feature(i, bits, j) FROM (SELECT j, (CASE WHEN j > 6 THEN c ELSE a END >> (j % 6) * 10 & 1023)::int AS bits FROM generate_series(1, 12) j OFFSET 0) q)::real[] AS features,
	(a & 1048575) / 1048576.0 AS u
FROM generate_series(1, 100000) i, hashint8extended(i, 1) a, hashint8extended(i, 2) c;
CREATE TEMP TABLE labelled AS
SELECT i, features, exp(s) AS mean, (u < 1 / (1 + exp(-s)))::int AS binary, greatest(floor(s + 2 * u), 0)::int AS count,
	CASE WHEN s + u > 0.9 THEN 0 WHEN s + u > 0.2 THEN 1 ELSE 2 END AS class
FROM (SELECT *, coalesce(nullif(features[1], 'NaN'), 0.3) - coalesce(nullif(features[2] * features[4], 'NaN'), 0)
	+ coalesce(nullif(sin(features[3]), 'NaN'), 2) / 3 AS s FROM sample WHERE i <= 3000) q;

CREATE TEMP TABLE trained (name text, label text, params jsonb, rounds int, categories boolean DEFAULT false, f forest);
INSERT INTO trained VALUES
	('squared error', 'mean', '{"objective": "reg:squarederror", "max_depth": 6}', 20),
	('squared log error', 'mean', '{"objective": "reg:squaredlogerror", "max_depth": 4}', 10),
	('pseudo-Huber error', 'mean', '{"objective": "reg:pseudohubererror", "max_depth": 4, "base_score": 3}', 10),
	('absolute error', 'mean', '{"objective": "reg:absoluteerror", "max_depth": 4}', 10),
	('logistic regression', '"binary" * 0.8', '{"objective": "reg:logistic", "max_depth": 4, "base_score": 0.1}', 10),
	('gamma', 'mean', '{"objective": "reg:gamma", "max_depth": 4}', 10),
	('tweedie', 'mean', '{"objective": "reg:tweedie", "max_depth": 4, "tweedie_variance_power": 1.3}', 10),
	('logistic', '"binary"', '{"objective": "binary:logistic", "max_depth": 6, "eta": 0.1}', 40),
	('logitraw', '"binary"', '{"objective": "binary:logitraw", "max_depth": 3, "base_score": 0.3}', 10),
	('hinge', '"binary"', '{"objective": "binary:hinge", "max_depth": 4, "base_score": 0.1}', 10),
	('poisson', 'count', '{"objective": "count:poisson", "max_depth": 4, "base_score": 1.7}', 20),
	('softprob', 'class', '{"objective": "multi:softprob", "num_class": 3, "max_depth": 4}', 10),
	('softmax', 'class', '{"objective": "multi:softmax", "num_class": 3, "max_depth": 4}', 10),
	('pairs', 'count', '{"objective": "rank:pairwise", "max_depth": 4}', 5),
	('ndcg', 'count', '{"objective": "rank:ndcg", "max_depth": 4, "min_child_weight": 0}', 5),
	('map', '"binary"', '{"objective": "rank:map", "max_depth": 4, "min_child_weight": 0}', 5),
	('cox', 'mean', '{"objective": "survival:cox", "max_depth": 4}', 10),
	('exact, pruned', '"binary"', '{"objective": "binary:logistic", "tree_method": "exact", "gamma": 2, "base_score": 0.2}', 10),
	('approximate, subsampled', 'mean', '{"tree_method": "approx", "subsample": 0.7, "colsample_bytree": 0.6, "seed": 7}', 10),
	('leaf by leaf', '"binary"', '{"objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 200, "max_depth": 0}', 5),
	('deep', 'mean', '{"tree_method": "hist", "max_depth": 12, "min_child_weight": 0}', 5),
	('a random forest', 'mean', '{"num_parallel_tree": 5, "subsample": 0.5, "max_depth": 5}', 3),
	('far from zero', 'mean * 1e6', '{"max_depth": 5, "base_score": 1e6}', 10),
	('dart', 'mean', '{"booster": "dart", "rate_drop": 0.3, "max_depth": 4, "base_score": 100}', 15),
	('dart, logistic', '"binary"', '{"booster": "dart", "objective": "binary:logistic", "rate_drop": 0.3, "normalize_type": "forest", "max_depth": 4}', 10),
	('dart, softprob', 'class', '{"booster": "dart", "objective": "multi:softprob", "num_class": 3, "rate_drop": 0.3, "max_depth": 4}', 5),
	('dart of random forests', 'mean', '{"booster": "dart", "rate_drop": 0.5, "num_parallel_tree": 3, "subsample": 0.5, "max_depth": 4}', 4);
INSERT INTO trained VALUES
	('categories one by one', 'mean', '{"tree_method": "hist", "max_depth": 6, "max_cat_to_onehot": 1000}', 10, true),
	('sets of categories', '"binary"', '{"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6}', 10, true),
	('sets of categories, pruned', 'class', '{"objective": "multi:softprob", "num_class": 3, "tree_method": "approx", "max_depth": 5, "gamma": 1}', 5, true),
	('dart with categories', 'mean', '{"booster": "dart", "rate_drop": 0.3, "tree_method": "hist", "max_depth": 6}', 8, true);
UPDATE trained SET f = train_forest(format('SELECT %s AS label, features FROM labelled ORDER BY i', label), params, rounds,
	feature_types => CASE WHEN categories THEN '{q,q,c,q,q,c,q,q,c,q,q,c}'::text[] END);
-- accelerated failure times are trained on intervals; here another model speaks for them
INSERT INTO trained SELECT 'failure times', NULL, NULL, NULL, false, replace(f::text, '{"name":"survival:cox"}',
	'{"aft_loss_param":{"aft_loss_distribution":"logistic","aft_loss_distribution_scale":"1.5"},"name":"survival:aft"}')::forest FROM trained WHERE name = 'cox';

SELECT plan(6 + 6 * (SELECT count(*) FROM trained)::int);
CREATE TEMP TABLE matrix AS SELECT array_agg(features ORDER BY i) AS whole, array_agg(features ORDER BY i) FILTER (WHERE i > 90000) AS part,
	array_agg(features ORDER BY i) FILTER (WHERE i <= 40) AS few FROM sample;
-- the sample is read as it was written, in the order of its rows
SELECT is(ARRAY(SELECT unnest(m) FROM (SELECT array_agg(predict_margin(f, features)) AS m FROM sample) q) = libxgboost_predict(f, whole, 'margin'),
	true, t.name || ': margins of 100,000 rows') FROM trained t, matrix;
SELECT is(ARRAY(SELECT unnest(v) FROM (SELECT array_agg(CASE WHEN s.objective = 'multi:softprob' THEN predict_class(f, features) ELSE ARRAY[predict(f, features)] END) AS v
		FROM sample WHERE i > 90000) q) = libxgboost_predict(f, part),
	true, t.name || ': values of 10,000 rows') FROM trained t, matrix, forest_summary(f) s;
-- the other ways to the same bits: by the links of the trees, and all rows of a query
SET bet_edge.avx512 = off;
SELECT is(ARRAY(SELECT unnest(m) FROM (SELECT array_agg(predict_margin(f, features)) AS m FROM sample) q) = libxgboost_predict(f, whole, 'margin'),
	true, t.name || ': margins of 100,000 rows without AVX-512') FROM trained t, matrix;
RESET bet_edge.avx512;
SELECT is(CASE WHEN s.objective = 'multi:softprob' THEN
		(SELECT array_agg(p ORDER BY id, class) FROM predict_class_rows(f, 'SELECT i AS id, features FROM sample WHERE i > 90000'), unnest(probabilities) WITH ORDINALITY AS u(p, class))
		ELSE (SELECT array_agg(prediction ORDER BY id) FROM predict_rows(f, 'SELECT i AS id, features FROM sample WHERE i > 90000')) END = libxgboost_predict(f, part),
	true, t.name || ': values of 10,000 rows at once') FROM trained t, matrix, forest_summary(f) s;
SELECT ok(count(DISTINCT predict(f, features)) > 5000, 'and they do differ from row to row') FROM trained, sample WHERE name = 'logistic' AND i > 90000;
-- libxgboost reads our JSON; its UBJSON is the same forest again, and JSON but for pruned nodes the same text
SELECT is(forest_send(libxgboost_save(f)::forest) = forest_send(f) AND libxgboost_save(f, 'json') = convert_to(f::text, 'UTF8'), true,
	name || ': out to libxgboost, and back as UBJSON') FROM trained;

-- Contributions: libxgboost's are float32 sums, so they agree to its precision; ours sum to the margin.
CREATE TEMP TABLE explained AS
SELECT name, i, class, feature, contribution FROM trained, sample, explain(f, features) WHERE i <= 40;
SELECT cmp_ok((SELECT max(abs(ours - theirs) / greatest(1, scale)) FROM (
	SELECT contribution AS ours, libxgboost[row_number() OVER (ORDER BY i, class, feature = 0, feature)] AS theirs,
		max(abs(contribution)) OVER () AS scale
	FROM explained e, (SELECT libxgboost_predict(f, few, 'contributions') FROM matrix) l(libxgboost)
	WHERE e.name = t.name) q), '<', 2e-5::float8, t.name || ': Shapley values of 40 rows') FROM trained t;
SELECT cmp_ok((SELECT max(abs(s - (predict_margin(f, features))[class]) / greatest(1, abs(s)))
	FROM (SELECT name, i, class, sum(contribution) AS s FROM explained GROUP BY 1, 2, 3) e
	JOIN trained USING (name) JOIN sample USING (i)), '<', 1e-6::float8, 'contributions sum to the margin');

-- trees on top of a margin that every row brings: the same bits again
CREATE TEMP TABLE margined AS
SELECT m.name, m.objective, m.label, CASE m.name WHEN 'classes' THEN ARRAY[sin(i), cos(i), sin(2 * i)] ELSE ARRAY[3 * sin(i)] END::real[] AS base_margin, i, features
FROM sample, (VALUES ('classes', 'multi:softprob', 'i % 3'), ('logistic', 'binary:logistic', 'i % 2'), ('points', 'reg:squarederror', 'i % 7')) AS m (name, objective, label) WHERE i <= 5000;
CREATE TEMP TABLE on_top AS
SELECT name, train_forest(format('SELECT %s AS label, features, base_margin FROM margined WHERE name = %L ORDER BY i', label, name),
	jsonb_build_object('objective', objective, 'max_depth', 3) || CASE name WHEN 'classes' THEN '{"num_class": 3}'::jsonb ELSE '{}' END, 10) AS f
FROM (SELECT DISTINCT name, objective, label FROM margined) AS m;
SELECT is(array_agg(said ORDER BY i, k), libxgboost_predict(max(f::text)::forest, array_agg(features ORDER BY i) FILTER (WHERE k = 1), 'value', array_agg(margin ORDER BY i, k)), name || ': values on top of margins')
FROM (SELECT o.name, o.f, m.i, k, m.features, m.base_margin[k] AS margin, (CASE o.name WHEN 'classes' THEN predict_class(f, features, base_margin) ELSE ARRAY[predict(f, features, base_margin)] END)[k] AS said
	FROM on_top AS o JOIN margined AS m USING (name), generate_subscripts(m.base_margin, 1) AS k) AS x GROUP BY name ORDER BY name;
SELECT ok(bool_and(predict_margin(f, features, base_margin) = libxgboost_predict(f, features, 'margin', base_margin) AND predict_margin(f, features, '{}') = predict_margin(f, features)), 'margins as well, and none given is the model''s own')
FROM on_top JOIN margined USING (name) WHERE i <= 100;
SELECT * FROM finish();
