-- Forests by hand, their refusals, and training.
SET search_path = bet_edge, public;
SET extra_float_digits = -9;
\pset format unaligned
\set SHOW_CONTEXT never

-- A tree by hand: feature 0 < 0.5 (missing: left) ? (feature 1 < 2 (missing: right) ? -1 : 3) : 10
CREATE FUNCTION pg_temp.tree(children text DEFAULT '"left_children":[1,3,-1,-1,-1],"right_children":[2,4,-1,-1,-1],"parents":[2147483647,0,0,1,1]',
	splits text DEFAULT '"split_indices":[0,1,0,0,0],"split_conditions":[0.5,2,10,-1,3]',
	more text DEFAULT '"default_left":[1,0,0,0,0],"sum_hessian":[10,6,4,2,4],"tree_param":{"num_nodes":"5","num_deleted":"0"}')
RETURNS text LANGUAGE sql AS $$
	SELECT '{"loss_changes":[5,4,0,0,0],"base_weights":[0,0,0,0,0],' || concat_ws(',', children, splits, more) || '}'
$$;
CREATE FUNCTION pg_temp.model(trees text DEFAULT pg_temp.tree(), groups text DEFAULT '0', objective text DEFAULT 'reg:squarederror',
	base text DEFAULT '"5E-1"', classes text DEFAULT '0', booster text DEFAULT 'gbtree', count text DEFAULT '1')
RETURNS text LANGUAGE sql AS $$
	SELECT format('{"learner":{"attributes":{},"feature_names":["elo","rest"],"gradient_booster":{"model":{"gbtree_model_param":{"num_trees":"%s"},"tree_info":[%s],"trees":[%s]},"name":"%s"},"learner_model_param":{"base_score":%s,"num_class":"%s","num_feature":"2"},"objective":{"name":"%s","%s":{%s}}},"version":[1,7,4]}',
		count, groups, trees, booster, base, classes, objective, CASE split_part(objective, ':', 1) WHEN 'count' THEN 'poisson_regression_param'
			WHEN 'multi' THEN 'softmax_multiclass_param' ELSE 'reg_loss_param' END, CASE WHEN objective LIKE 'multi:%' THEN '"num_class":"3"' END)
$$;

-- the same tree asking whether feature 0 is 1 or 3 at its root: those go right
CREATE FUNCTION pg_temp.categorical(types text DEFAULT '1,0,0,0,0', categories text DEFAULT '1,3', nodes text DEFAULT '0', segments text DEFAULT '0', sizes text DEFAULT '2')
RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.model(pg_temp.tree(splits => format('"split_indices":[0,1,0,0,0],"split_conditions":[NaN,2,10,-1,3],"split_type":[%s],"categories":[%s],"categories_nodes":[%s],"categories_segments":[%s],"categories_sizes":[%s]',
		types, categories, nodes, segments, sizes)))
$$;
CREATE FUNCTION pg_temp.dart(model text, weights text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(model, '"gradient_booster":(.*),"learner_model_param"', '"gradient_booster":{"gbtree":\1,"name":"dart","weight_drop":[' || weights || ']},"learner_model_param"')
$$;

-- by hand: 0.5 + leaf
SELECT x, predict(pg_temp.model()::forest, x::real[])
FROM unnest(ARRAY['{0.4,1}', '{0.4,2}', '{0.5,1}', '{0.6,1}', '{NULL,1}', '{NaN,NULL}', '{0.4,NaN}', '{-1e30,-1e30}']) x;
SELECT * FROM forest_summary(pg_temp.model()::forest);
-- base_score as newer versions write it; links
SELECT base, predict(pg_temp.model(base => base)::forest, '{1,0}') FROM unnest(ARRAY['"[5E-1]"', '"[0.25]"', '"1"']) base;
SELECT v.objective, f.base_margin, predict(m::forest, '{0.4,1}'), predict_margin(m::forest, '{0.4,1}')
FROM (VALUES ('binary:logistic', '"0.2"'), ('binary:logitraw', '"0.2"'), ('count:poisson', '"0.2"')) v(objective, base),
	pg_temp.model(objective => objective, base => base) m, forest_summary(m::forest) f;
-- {1-p, p}; and the softmax of (0.5 - 1, 0.5, 0.5 + 2)
SELECT predict_class(pg_temp.model(objective => 'binary:logistic')::forest, '{0.4,1}');
SELECT predict_class(m::forest, '{0.4,1}'), predict_margin(m::forest, '{0.4,3}')
FROM pg_temp.model(pg_temp.tree() || ',' || pg_temp.tree(splits => '"split_indices":[1,1,0,0,0],"split_conditions":[2.5,2,3,2,0]'),
	'0,2', 'multi:softprob', classes => '3', count => '2') m;
-- multi:softmax names the likeliest class, and has its probabilities; each class may have its own base_score
SELECT predict(m::forest, '{0.4,1}'), predict_class(m::forest, '{0.4,1}'), predict_margin(m::forest, '{0.4,3}'), (forest_summary(m::forest)).base_margin
FROM pg_temp.model(pg_temp.tree() || ',' || pg_temp.tree(splits => '"split_indices":[1,1,0,0,0],"split_conditions":[2.5,2,3,2,0]'),
	'0,2', 'multi:softmax', '"[1E-1,2E-1,3E-1]"', '3', count => '2') m;
-- a weighted tree: 0.5 + 0.25 leaf, its Shapley values a quarter
SELECT predict(f, '{0.4,1}'), (SELECT round(sum(contribution)::numeric, 9) FROM explain(f, '{0.4,1}')) AS sum, (SELECT round(contribution::numeric, 9) FROM explain(f, '{0.4,1}') WHERE feature = 1) AS first,
	booster, f::text = pg_temp.dart(f0::text, '2.5E-1') AS same
FROM CAST(pg_temp.model() AS forest) f0, CAST(pg_temp.dart(pg_temp.model(), '0.25') AS forest) f, forest_summary(f);
-- categories: listed 1 and 3 go right (10), missing and all others left, a fraction counts as the whole number below it
SELECT x * 10 AS tenfold, predict(pg_temp.categorical()::forest, ARRAY[x, 3]) FROM unnest('{0,1,1.9,2,3,4,-1,-0.5,1e9,16777216,NULL}'::real[]) x;
SELECT regexp_replace(pg_temp.categorical()::forest::text, '.*("categories":.*),"default_left".*("split_conditions":[^]]*]).*("split_type":[^]]*]).*', '\1 \2 \3');
-- Row (1, 3) ends in leaf 10. Nothing known 5, feature 1 known 10, feature 2 known 0.6*3 + 0.4*10 = 5.8, both 10:
-- feature 1 gets ((10 - 5) + (10 - 5.8))/2 = 4.6, feature 2 ((5.8 - 5) + (10 - 10))/2 = 0.4, the rest is 5 + 0.5.
SELECT feature, round(contribution::numeric, 9) AS contribution FROM explain(pg_temp.categorical()::forest, '{1,3}');
-- dialects: brackets round base_score, which the text form leaves out; truth values for default_left; further keys
SELECT predict(m::forest, '{0.4,1}'), m::forest::text = pg_temp.model()::forest::text AS same
FROM replace(replace(pg_temp.model(base => '"[5E-1]"'), '"default_left":[1,0,0,0,0]', '"default_left":[true,false,false,false,false]'),
	'"tree_info":', '"cats":{"enc":[],"feature_segments":[],"sorted_idx":[]},"iteration_indptr":[0,1],"tree_info":')) m;
-- objectives without parameters, and with those of later versions
SELECT v.objective, predict(m::forest, '{0.4,1}'), base_margin FROM (VALUES ('reg:absoluteerror', ''), ('reg:gamma', ''), ('binary:hinge', ''), ('survival:cox', ''),
		('reg:quantileerror', ',"quantile_loss_param":{"quantile_alpha":"[0.9]"}'), ('rank:ndcg', ',"lambdarank_param":{"lambdarank_pair_method":"topk"}'),
		('survival:aft', ',"aft_loss_param":{"aft_loss_distribution":"normal","aft_loss_distribution_scale":"1"}'), ('reg:pseudohubererror', '')) v(objective, param),
	regexp_replace(pg_temp.model(), '"objective":{[^}]*}', '"objective":{"name":"' || v.objective || '"' || v.param) m, forest_summary(m::forest);
-- bytes: JSON, and UBJSON as libxgboost writes it
SELECT forest(convert_to(pg_temp.model(), 'UTF8'))::text = f::text AS json, libxgboost_save(f)::forest::text = forest(libxgboost_save(f, 'json'))::text AS ubjson
FROM CAST(pg_temp.model() AS forest) f;
SELECT libxgboost_save(pg_temp.model()::forest, 'binary');
SELECT forest(''::bytea);
SELECT forest('binf'::bytea);
SELECT forest('{i'::bytea);
SELECT forest('{i\001a[$d#i\003]}'::bytea);
SELECT forest('{}'::bytea);
SELECT forest('{}  {'::bytea);
SELECT forest('{"a":"\200"}'::bytea);
SELECT forest('{i\001a}'::bytea || 'S'::bytea);
BEGIN;
SELECT import_model('bytes', libxgboost_save(pg_temp.model()::forest)) > 0 AS stored, import_model('text', pg_temp.model()) > 0 AS stored;
SELECT predict('bytes', '{0.4,1}'::real[]), predict('text', '{0.4,1}'::real[]);
SELECT import_model('none', NULL::bytea);
ROLLBACK;
-- what goes in comes out, and comes in again
SELECT f::text = f::text::forest::text AS same, predict(f::text::forest, '{0.4,3}')
FROM (SELECT pg_temp.model()::forest) m(f);
SELECT f::text FROM (SELECT pg_temp.model()::forest) m(f);
-- on top of a margin of the row's own, in place of the model's
SELECT predict(f, '{0.4,1}', '{3}') - predict(f, '{0.4,1}', '{1}') AS two, predict(f, '{0.4,1}', '{}') = predict(f, '{0.4,1}') AS own, predict_margin(f, '{0.4,1}', '{0}') AS leaf, predict(f, '{0.4,1}', NULL) AS unknown
FROM (SELECT pg_temp.model()::forest) m(f);
-- NULL is NULL
-- all rows of a query or a table: one block and a bit, none, with domains and other integers
CREATE TEMP TABLE row_of (id smallint, features real[]);
INSERT INTO row_of SELECT i, ARRAY[NULLIF(i % 7, 3) / 10.0, i % 4] FROM generate_series(1, 200) AS i;
SELECT count(*), bool_and(prediction = predict(f, features)) AS same, array_agg(id ORDER BY n) = array_agg(id ORDER BY id) AS in_order
FROM CAST(pg_temp.model() AS forest) AS f, predict_rows(f, 'row_of') WITH ORDINALITY AS r(id, prediction, n) JOIN row_of USING (id);
SELECT id, prediction FROM predict_rows(pg_temp.model()::forest, 'SELECT features, id::bigint FROM row_of WHERE id < 5 ORDER BY id DESC');
SELECT count(*) FROM predict_rows(pg_temp.model()::forest, 'SELECT * FROM pg_temp.row_of WHERE false');
SELECT * FROM predict_class_rows(pg_temp.model(objective => 'binary:logistic')::forest, 'SELECT 1 AS id, ''{0.4,1}''::real[] AS features');
SELECT id, probabilities = predict_class(m::forest, features) AS same
FROM pg_temp.model(pg_temp.tree() || ',' || pg_temp.tree(splits => '"split_indices":[1,1,0,0,0],"split_conditions":[2.5,2,3,2,0]'),
	'0,2', 'multi:softprob', classes => '3', count => '2') m, predict_class_rows(m::forest, 'SELECT * FROM row_of WHERE id < 4') JOIN row_of USING (id);
SELECT id, prediction FROM predict_rows(pg_temp.model()::forest, 'SELECT id, features, ARRAY[id * 100]::real[] AS base_margin FROM row_of WHERE id < 5');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT id, features, ''{1,2}''::real[] AS base_margin FROM row_of');
SELECT * FROM predict_rows(NULL, 'row_of');
SELECT * FROM predict_rows(pg_temp.model(objective => 'multi:softprob', classes => '3')::forest, 'row_of');
SELECT * FROM predict_class_rows(pg_temp.model()::forest, 'row_of');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT id FROM row_of');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT id, features::float8[] FROM row_of');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT id::text, features FROM row_of');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT NULLIF(id, 2) AS id, features FROM row_of');
\set SHOW_CONTEXT always
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT 7 AS id, ''{1,2,3}''::real[] AS features');
\set SHOW_CONTEXT never
SELECT * FROM predict_rows(pg_temp.model()::forest, 'SELECT 1 AS id, ''{1,-Infinity}''::real[] AS features');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'DELETE FROM row_of RETURNING id, features');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'missing_table');
SELECT * FROM predict_rows(pg_temp.model()::forest, 'VACUUM');
SELECT predict(NULL::forest, '{1,2}'), predict(pg_temp.model()::forest, NULL), predict_class(pg_temp.model()::forest, NULL);
-- Shapley values by hand. Row (0.4, 1) ends in leaf -1. By cover the tree expects 5 when nothing is known,
-- 5/3 when feature 1 is, 0.6*(-1) + 0.4*10 = 3.4 when feature 2 is, -1 when both are. So feature 1 gets
-- ((5/3 - 5) + (-1 - 3.4))/2 = -58/15, feature 2 ((3.4 - 5) + (-1 - 5/3))/2 = -32/15, the rest is 5 + 0.5.
SELECT feature, class, round(contribution::numeric, 9) AS contribution FROM explain(pg_temp.model()::forest, '{0.4,1}');
SELECT round(sum(contribution)::numeric, 9) AS sum FROM explain(pg_temp.model()::forest, '{NULL,NULL}');

-- refusals: of a row
SELECT predict(pg_temp.model()::forest, '{1,2,3}');
SELECT predict(pg_temp.model()::forest, '{}');
SELECT predict(pg_temp.model()::forest, '{{1,2}}');
SELECT predict(pg_temp.model()::forest, '{1,Infinity}');
SELECT predict_class(pg_temp.model()::forest, '{1,2}');
SELECT predict(pg_temp.model()::forest, '{1,2}', '{1,2}');
SELECT predict(pg_temp.model()::forest, '{1,2}', '{{1}}');
SELECT predict(pg_temp.model()::forest, '{1,2}', '{NULL}');
SELECT predict(pg_temp.model()::forest, '{1,2}', '{Infinity}');
SELECT predict(pg_temp.model(objective => 'multi:softprob', classes => '3')::forest, '{1,2}');
SELECT explain(pg_temp.model(pg_temp.tree(more => '"default_left":[1,0,0,0,0],"sum_hessian":[0,0,0,0,0],"tree_param":{"num_nodes":"5"}'))::forest, '{1,2}');
-- of a model
CREATE TEMP TABLE refused (n serial, why text, model text);
INSERT INTO refused (why, model) VALUES
	('not JSON', 'forest'), ('nothing', ''), ('not a model', '{}'), ('two values', pg_temp.model() || '{}'),
	('dart', pg_temp.model(booster => 'dart')), ('linear', pg_temp.model(booster => 'gblinear')),
	('weights', pg_temp.dart(pg_temp.model(), '0.5,0.5')), ('weights', pg_temp.dart(pg_temp.model(), '')), ('weights', pg_temp.dart(pg_temp.model(), '1e99')),
	('objective', pg_temp.model(objective => 'rank:xendcg')), ('its parameters', pg_temp.model(objective => 'rank:pairwise')),
	('targets', replace(pg_temp.model(), '"num_feature":"2"', '"num_feature":"2","num_target":"3"')),
	('vector leaves', replace(pg_temp.model(), '"num_nodes":"5"', '"num_nodes":"5","size_leaf_vector":"3"')),
	('vector leaves', replace(pg_temp.model(), '"num_trees":"1"', '"num_trees":"1","size_leaf_vector":"3"')),
	('base score', pg_temp.model(objective => 'binary:logistic', base => '"1"')),
	('base score', pg_temp.model(objective => 'count:poisson', base => '"0"')),
	('base score', pg_temp.model(base => '"NaN"')), ('base score', pg_temp.model(base => '0.5')), ('base scores', pg_temp.model(base => '"[0.5,0.5]"')),
	('classes', pg_temp.model(classes => '3')), ('classes', pg_temp.model(objective => 'multi:softprob')),
	('classes', pg_temp.model(objective => 'multi:softprob', classes => '1000000')),
	('classes', replace(pg_temp.model(objective => 'multi:softprob', classes => '3'), '{"num_class":"3"}', '{"num_class":"7"}')),
	('objective''s parameters', replace(pg_temp.model(), 'reg_loss_param', 'loss')),
	('names', replace(pg_temp.model(), '["elo","rest"]', '["elo"]')), ('names', replace(pg_temp.model(), '["elo","rest"]', '[1,2]')),
	('attributes', replace(pg_temp.model(), '"attributes":{}', '"attributes":{"a":[]}')), ('version', replace(pg_temp.model(), '[1,7,4]', '[1,7]')),
	('no trees', pg_temp.model('', '', count => '0')), ('too few trees', pg_temp.model(count => '2')),
	('group', pg_temp.model(groups => '1')), ('groups', pg_temp.model(groups => '0,0')),
	('child out of range', pg_temp.model(pg_temp.tree('"left_children":[1,3,-1,-1,-1],"right_children":[2,1000000,-1,-1,-1],"parents":[2147483647,0,0,1,1]'))),
	('negative child', pg_temp.model(pg_temp.tree('"left_children":[1,-5,-1,-1,-1],"right_children":[2,4,-1,-1,-1],"parents":[2147483647,0,0,1,1]'))),
	('one child', pg_temp.model(pg_temp.tree('"left_children":[1,3,-1,-1,-1],"right_children":[2,-1,-1,-1,-1],"parents":[2147483647,0,0,1,1]'))),
	('cycle to the root', pg_temp.model(pg_temp.tree('"left_children":[1,0,-1,-1,-1],"right_children":[2,4,-1,-1,-1],"parents":[1,0,0,1,1]'))),
	('itself', pg_temp.model(pg_temp.tree('"left_children":[1,1,-1,-1,-1],"right_children":[2,4,-1,-1,-1],"parents":[2147483647,1,0,1,1]'))),
	('twins', pg_temp.model(pg_temp.tree('"left_children":[1,3,-1,-1,-1],"right_children":[2,3,-1,-1,-1],"parents":[2147483647,0,0,1,1]'))),
	('wrong parent', pg_temp.model(pg_temp.tree('"left_children":[1,3,-1,-1,-1],"right_children":[2,4,-1,-1,-1],"parents":[2147483647,0,0,1,2]'))),
	('never reached', pg_temp.model(pg_temp.tree('"left_children":[1,-1,-1,-1,-1],"right_children":[2,-1,-1,-1,-1],"parents":[2147483647,0,0,1,1]'))),
	('short array', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0],"split_conditions":[0.5,2,10,-1,3]'))),
	('long array', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0,0],"split_conditions":[0.5,2,10,-1,3,4]'))),
	('feature', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,2,0,0,0],"split_conditions":[0.5,2,10,-1,3]'))),
	('threshold', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0,0],"split_conditions":[1e39,2,10,-1,3]'))),
	('threshold', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0,0],"split_conditions":[NaN,2,10,-1,3]'))),
	('threshold', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0,0],"split_conditions":[0x1p3,2,10,-1,3]'))),
	('missing key', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0,0]'))),
	('key twice', pg_temp.model(pg_temp.tree(splits => '"split_indices":[0,1,0,0,0],"split_indices":[0,1,0,0,0],"split_conditions":[0.5,2,10,-1,3]'))),
	('count', pg_temp.model(pg_temp.tree(more => '"default_left":[1,0,0,0,0],"sum_hessian":[10,6,4,2,4],"tree_param":{"num_nodes":"2000000000"}'))),
	('pruned', pg_temp.model(pg_temp.tree(more => '"default_left":[1,0,0,0,0],"sum_hessian":[10,6,4,2,4],"tree_param":{"num_nodes":"5","num_deleted":"2"}'))),
	('no categories', pg_temp.model(pg_temp.tree(more => '"default_left":[1,0,0,0,0],"sum_hessian":[10,6,4,2,4],"split_type":[1,0,0,0,0],"tree_param":{"num_nodes":"5"}'))),
	('split type', pg_temp.categorical('2,0,0,0,0')), ('split types', pg_temp.categorical('1,0,0,0')), ('category of a leaf alone', pg_temp.categorical('0,0,0,0,0')),
	('categories of another', pg_temp.categorical('0,1,0,0,0')), ('categories twice', pg_temp.categorical('1,1,0,0,0', nodes => '0,0', segments => '0,1', sizes => '1,1')),
	('descending', pg_temp.categorical(categories => '3,1')), ('negative', pg_temp.categorical(categories => '-1,1')), ('huge', pg_temp.categorical(categories => '1,16777216')),
	('fraction', pg_temp.categorical(categories => '1,2.5')), ('too few', pg_temp.categorical(sizes => '3')), ('too many', pg_temp.categorical(sizes => '1')),
	('none', pg_temp.categorical(sizes => '0')), ('overlap', pg_temp.categorical(segments => '1')), ('huge set', pg_temp.categorical(sizes => '2000000000')),
	('no sizes', pg_temp.categorical(sizes => '')), ('NaN for a number', replace(pg_temp.categorical(), '[NaN,2,10,-1,3]', '[0.5,NaN,10,-1,3]')),
	('NaN for a leaf', replace(pg_temp.categorical(), '[NaN,2,10,-1,3]', '[NaN,2,NaN,-1,3]')),
	('negative cover', pg_temp.model(pg_temp.tree(more => '"default_left":[1,0,0,0,0],"sum_hessian":[10,6,-4,2,4],"tree_param":{"num_nodes":"5"}'))),
	('deep nesting', repeat('[', 200000)), ('deep nesting', '{"learner":' || repeat('{"a":', 200000));
CREATE FUNCTION pg_temp.refusal(model text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM model::forest;
	RETURN 'taken!';
EXCEPTION WHEN others THEN
	RETURN SQLSTATE || ' ' || replace(SQLERRM, 'invalid input for type forest: ', '');
END $$;
SELECT why, pg_temp.refusal(model) FROM refused ORDER BY n;

-- training: y = 1 where x1 > 0.5, learnt exactly
\set rows 'SELECT i % 10 > 5 AS label, ARRAY[i % 10 / 10.0, i % 7]::real[] AS features FROM generate_series(1, 1000) i'
SELECT train_forest(:'rows', '{"objective": "binary:logistic", "max_depth": 2, "eta": 1}', 5)::text
	= train_forest(:'rows', '{"objective": "binary:logistic", "max_depth": 2, "eta": 1}', 5)::text AS deterministic;
SELECT x, predict(f, x::real[]) > 0.9 AS yes FROM unnest(ARRAY['{0.3,1}', '{0.9,1}', '{0.9,NULL}']) x,
	train_forest(:'rows', '{"objective": "binary:logistic", "max_depth": 2, "eta": 1}', 5) f;
SELECT trees, outputs FROM forest_summary(train_forest('SELECT i % 3 AS label, ARRAY[i % 3, i]::real[] AS features, 1 + i % 2 AS weight FROM generate_series(1, 100) i',
	'{"objective": "multi:softprob", "num_class": 3}', 4));
SELECT feature_names FROM forest_summary(train_forest(:'rows', '{}', 1, '{"tenth",a \"name\"}'));
SELECT params, objective, booster FROM unnest(ARRAY['{"booster": "dart"}', '{"objective": "rank:pairwise"}', '{"objective": "reg:tweedie"}']::jsonb[]) params, forest_summary(train_forest(:'rows', params, 2));
SELECT predict(f, '{5,4}') > 0.8 AS listed, predict(f, '{5,3}') < 0.2 AS another, f::text LIKE '%"feature_types":["float","c"]%' AS types
FROM train_forest('SELECT i % 7 IN (2, 4) AS label, ARRAY[i % 10, i % 7]::real[] AS features FROM generate_series(1, 1000) i', '{"tree_method": "hist", "eta": 1}', 3, NULL, '{float,c}') f;
SELECT train_forest(NULL, '{}', 1), train_forest(:'rows', NULL, 1), train_forest(:'rows', '{}', NULL);
-- stops when rows that it does not train on are foretold no better, and is then the forest of the rounds up to the best
SELECT 'SELECT (hashint4(i) % 7 + i % 11 > 5) AS label, ARRAY[i % 11, hashint4(-i) % 100]::real[] AS features, i % 4 = 0 AS validation FROM generate_series(1, 600) i' AS watched \gset
CREATE TEMP TABLE stopped AS SELECT f, (forest_summary(f)).trees AS rounds, p AS params FROM unnest(ARRAY['{"objective": "binary:logistic", "eta": 1}', '{"objective": "binary:logistic", "eta": 1, "eval_metric": "auc"}']::jsonb[]) AS p, train_forest(:'watched', p, 200, early_stopping => 7) AS f;
SELECT rounds < 100 AS stopped, f::text = train_forest('SELECT label, features FROM (' || :'watched' || ') AS w WHERE NOT validation', params - 'eval_metric', rounds)::text AS same FROM stopped;
SELECT count(*) AS better FROM stopped, generate_series(1, rounds + 7) AS n, LATERAL (SELECT log_loss(predict(s, features), label) AS loss FROM train_forest('SELECT label, features FROM (' || :'watched' || ') AS w WHERE NOT validation', params, n) AS s,
	(SELECT (hashint4(i) % 7 + i % 11 > 5) AS label, ARRAY[i % 11, hashint4(-i) % 100]::real[] AS features FROM generate_series(4, 600, 4) i) AS w) AS l,
	LATERAL (SELECT log_loss(predict(f, features), label) AS loss FROM (SELECT (hashint4(i) % 7 + i % 11 > 5) AS label, ARRAY[i % 11, hashint4(-i) % 100]::real[] AS features FROM generate_series(4, 600, 4) i) AS w) AS kept
WHERE NOT params ? 'eval_metric' AND l.loss < kept.loss - 1e-6;
SELECT trees FROM forest_summary(train_forest(:'watched', '{}', 1, early_stopping => 5));
-- refusals
SELECT train_forest(:'rows', '{}', 1, '{one}');
SELECT train_forest(:'rows', '{}', 1, '{one,one}');
SELECT train_forest(:'rows', '{}', 1, '{one,NULL}');
SELECT train_forest('SELECT 1 AS label, ARRAY[1]::real[] AS features WHERE false', '{}', 1);
SELECT train_forest('SELECT 1 AS label', '{}', 1);
SELECT train_forest('SELECT 1 AS label, ARRAY[1]::float8[] AS features', '{}', 1);
SELECT train_forest('SELECT ''x''::text AS label, ARRAY[1]::real[] AS features', '{}', 1);
SELECT train_forest('SELECT NULLIF(i, 2) AS label, ARRAY[1]::real[] AS features FROM generate_series(1, 3) i', '{}', 1);
SELECT train_forest('SELECT 1/(3-i)::float8 AS label, ARRAY[1]::real[] AS features FROM generate_series(1, 2) i UNION ALL SELECT ''NaN'', ''{1}''', '{}', 1);
SELECT train_forest('SELECT i AS label, array_fill(1::real, ARRAY[i]) AS features FROM generate_series(1, 3) i', '{}', 1);
SELECT train_forest('SELECT i AS label, ARRAY[1, ''Infinity'']::real[] AS features FROM generate_series(1, 3) i', '{}', 1);
SELECT train_forest('SELECT i AS label, NULL::real[] AS features FROM generate_series(1, 3) i', '{}', 1);
SELECT train_forest('SELECT i AS label, ARRAY[1]::real[] AS features, -1 AS weight FROM generate_series(1, 3) i', '{}', 1);
SELECT train_forest('SELECT i AS label, ARRAY[1]::real[] AS features FROM generate_series(1, 3) i', '{"objective": "binary:logistic"}', 1);
SELECT train_forest('SELECT i AS label, ARRAY[1]::real[] AS features FROM generate_series(1, 3) i', '{"objective": "multi:softprob"}', 1);
SELECT train_forest('SELECT i AS label, ARRAY[1]::real[] AS features FROM generate_series(1, 3) i', '{"objective": "multi:softprob", "num_class": 3}', 1);
SELECT train_forest('SELECT -i AS label, ARRAY[1]::real[] AS features FROM generate_series(1, 3) i', '{"objective": "count:poisson"}', 1);
SELECT train_forest(:'rows', '{"objective": "guess"}', 1);
SELECT train_forest(:'rows', '{"booster": "gblinear"}', 1);
SELECT train_forest(:'rows', '{}', 1, NULL, '{c}');
SELECT train_forest(:'rows', '{}', 1, NULL, '{q,word}');
SELECT train_forest(:'rows', '{}', 1, NULL, '{c,c}');
SELECT train_forest(:'rows', '{"etaa": 1}', 1);
SELECT train_forest(:'rows', '{"max_depth": -3}', 1);
SELECT train_forest(:'rows', '{"eta": [1]}', 1);
SELECT train_forest(:'rows', '[]', 1);
SELECT train_forest(:'rows', '{}', 0);
SELECT train_forest(:'rows', '{}', 1, early_stopping => 0);
SELECT train_forest(:'rows', '{}', 1, early_stopping => 1);
SELECT train_forest(:'watched', '{}', 1);
SELECT train_forest('SELECT 1 AS label, ARRAY[1]::real[] AS features, true AS validation', '{}', 1, early_stopping => 1);
SELECT train_forest('SELECT 1 AS label, ARRAY[1]::real[] AS features, 1 AS validation', '{}', 1, early_stopping => 1);
SELECT train_forest('SELECT 1 AS label, ARRAY[1]::real[] AS features, NULL::boolean AS validation', '{}', 1, early_stopping => 1);
SELECT train_forest('SELECT i % 2 AS label, ARRAY[i]::real[] AS features, ARRAY[1,2]::real[] AS base_margin FROM generate_series(1, 3) i', '{"objective": "binary:logistic"}', 1);
SELECT train_forest('SELECT i % 2 AS label, ARRAY[i]::real[] AS features, ARRAY[NULL]::real[] AS base_margin FROM generate_series(1, 3) i', '{"objective": "binary:logistic"}', 1);
SELECT train_forest('SELECT i % 2 AS label, ARRAY[i]::real[] AS features, 1 AS base_margin FROM generate_series(1, 3) i', '{"objective": "binary:logistic"}', 1);
SELECT train_forest('DELETE FROM refused RETURNING n AS label, ARRAY[1]::real[] AS features', '{}', 1);
SELECT train_forest('SELECT 1; SELECT 2', '{}', 1);
SELECT count(*) > 30 AS untouched FROM refused;
