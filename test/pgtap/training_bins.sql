-- With tree_method hist the library is given the rows block by block: the model is the one that it makes of a matrix of
-- their values, byte for byte. A named updater keeps to the values.
SET search_path = bet_edge, public;
CREATE TEMP TABLE example AS
SELECT i, u[1] AS u, u[2] AS weight, ARRAY[u[3] - 0.5]::real[] AS base_margin, ARRAY[u[3], 0.1, -u[1]]::real[] AS base_margins, i % 5 = 0 AS validation,
	ARRAY[CASE WHEN i % 7 > 0 THEN u[1] END, floor(u[2] * 20), round(u[3] * 500) / 10, CASE WHEN i % 100 = 0 THEN 'NaN' ELSE exp(9 * u[2]) END, 3, CASE WHEN i > 5000 THEN u[1] - u[3] END]::real[] AS features,
	((u[1] + u[2] * u[3] > 0.8) <> (u[3] > 0.9))::int AS label
FROM generate_series(1, 12345) AS i, LATERAL (SELECT array_agg((hashint8extended(i, j) & 1048575) / 1048576.0::float8 ORDER BY j) AS u FROM generate_series(1, 3) AS j) AS r;

CREATE TEMP TABLE asked (name text, columns text, params jsonb, early_stopping int, categories boolean);
INSERT INTO asked VALUES
	('binary', 'label', '{"objective": "binary:logistic"}', NULL, false),
	('weights', 'label, weight', '{"objective": "binary:logistic", "max_bin": 16}', NULL, false),
	('base margin', 'label, base_margin', '{"objective": "binary:logistic", "max_bin": 1000}', NULL, false),
	('classes', 'i % 3 AS label, base_margins AS base_margin, weight', '{"objective": "multi:softprob", "num_class": 3}', NULL, false),
	('samples', 'u AS label', '{"subsample": 0.7, "colsample_bytree": 0.5, "colsample_bynode": 0.7, "seed": 5}', NULL, false),
	('parallel trees', 'u AS label', '{"num_parallel_tree": 3, "subsample": 0.5}', NULL, false),
	('leaf by leaf', 'u AS label', '{"grow_policy": "lossguide", "max_leaves": 50, "max_depth": 0}', NULL, false),
	('constraints', 'u AS label', '{"monotone_constraints": "(1,-1,0,0,0,1)", "interaction_constraints": "[[0,1],[2,3,5]]"}', NULL, false),
	('absolute error', 'u AS label, weight', '{"objective": "reg:absoluteerror"}', NULL, false),
	('counts', 'i % 4 AS label', '{"objective": "count:poisson", "gamma": 1}', NULL, false),
	('ranks', 'label', '{"objective": "rank:pairwise"}', NULL, false),
	('categories', 'label, weight', '{"objective": "binary:logistic", "max_cat_to_onehot": 5}', NULL, true),
	('validation', 'label, validation, weight', '{"objective": "binary:logistic", "eval_metric": "logloss", "eta": 1}', 3, false),
	('validation of classes', 'i % 3 AS label, validation, base_margins AS base_margin', '{"objective": "multi:softprob", "num_class": 3, "eta": 1}', 2, false);
SELECT plan((SELECT count(*)::int FROM asked));
CREATE FUNCTION pg_temp.trained(a asked, others jsonb) RETURNS bytea LANGUAGE sql AS $$
	SELECT libxgboost_save(train_forest(format('SELECT %s, features FROM example ORDER BY i', a.columns), a.params || '{"tree_method": "hist"}' || others, 15,
		feature_types => CASE WHEN a.categories THEN '{q,c,q,q,q,q}'::text[] END, early_stopping => a.early_stopping))
$$;
SELECT is(sha256(pg_temp.trained(a, '{}')), sha256(pg_temp.trained(a, '{"updater": "grow_quantile_histmaker"}')), name) FROM asked AS a;
SELECT * FROM finish();
