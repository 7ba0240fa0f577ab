-- The registry: what an imported model is called and its features are, and that an exported one is whole.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(18);

CREATE FUNCTION public.made(names text[]) RETURNS text LANGUAGE sql AS $$
	SELECT train_forest('SELECT i % 2 AS label, ARRAY[i % 7, i % 11]::real[] AS features FROM generate_series(1, 200) AS i', '{"objective": "binary:logistic"}', 3, feature_names => nullif(names, '{}'))::text
$$;
SELECT import_model('named', made('{elo_diff,rest}')) > 0, import_model('bare', made('{}')) > 0, import_model('told', made('{elo_diff,rest}'), '{a,b}') > 0 \g /dev/null
SELECT is(features, '{elo_diff,rest}', 'a model that carries the names of its features is asked by them') FROM model WHERE name = 'named';
SELECT is(features, '{f0,f1}', 'one that has none by f0, f1') FROM model WHERE name = 'bare';
SELECT is(features, '{a,b}', 'and any by those that are given') FROM model WHERE name = 'told';
SELECT is(predict('named', r), predict('bare', '{3,5}'::real[]), 'a record is matched by them') FROM (SELECT 5 AS rest, 'x' AS further, 3 AS elo_diff) AS r;
SELECT throws_ok($$SELECT import_model('d', made('{}'), '{a,a}')$$, '22023', 'features has "a" twice', 'two features of one name');
SELECT throws_ok($$SELECT import_model('d', made('{}'), '{a,NULL}')$$, '22004', 'features must not contain NULL', 'one without');
SELECT throws_ok($$SELECT import_model('d', made('{}'), '{{a},{b}}')$$, '2202E', 'features must have one dimension', 'a matrix of names');
SELECT throws_ok($$SELECT import_model('d', made('{}'), '{a}')$$, '22023', 'features must name 2 features, not 1', 'too few');
SELECT throws_ok($$SELECT import_model('d', made('{}'), '{}')$$, '22023', 'features must name 2 features, not 0', 'none');
-- sport/bet_type is the model in production, and what follows it a training's
SELECT throws_ok(format('SELECT import_model(%L, made(''{}''))', n), '22023', format('name must not begin like those of trained models, sport/bet_type: "%s"', n), 'the name ' || n || ' is kept')
FROM unnest('{EPL/moneyline,NFL/spread/7}'::text[]) AS n;
SELECT throws_ok($$SELECT import_model('', made('{}'))$$, '22023', 'name must not be empty', 'an empty name');

-- of trees and regression together both go out, and the trees come back as they were
INSERT INTO model (name, framework, features, knowledge_cutoff, forest, coefficients, sha256, stage)
SELECT 'both', 'mean', '{home,"b \"c"}', now(), a.forest, a.coefficients, artifact_sha256(a.forest, a.coefficients), 'candidate'
FROM train_artifact('mean', 'SELECT (i % 3 = 0)::int AS label, ARRAY[i % 7, i % 11]::real[] AS features FROM generate_series(1, 200) AS i', '{"objective": "binary:logistic", "ridge": 10}', 3, false) AS a;
SELECT is(export_model('named'), made('{elo_diff,rest}'), 'an exported model is XGBoost''s JSON');
CREATE TEMP TABLE out AS SELECT x, x::jsonb #> '{learner,attributes}' AS attributes FROM export_model('both') AS x;
SELECT is(attributes ->> 'framework', 'mean', 'trees and regression: the attributes name the framework') FROM out;
SELECT is((SELECT array_agg(f ORDER BY n) FROM jsonb_array_elements_text((attributes ->> 'features')::jsonb) WITH ORDINALITY AS u (f, n)), m.features, 'the features') FROM out, model AS m WHERE name = 'both';
SELECT is((attributes ->> 'coefficients')::jsonb, to_jsonb(m.coefficients), 'and hold the regression') FROM out, model AS m WHERE name = 'both';
SELECT is(predict(x::forest, '{3,5}'), predict(m.forest, '{3,5}'), 'beside the trees') FROM out, model AS m WHERE name = 'both';
SELECT ok(abs(p[1] - (predict_class('both', '{3,5}'::real[]))[1]) < 1e-12, 'so that the forecast can be had from it') FROM out,
	LATERAL (SELECT pooled(ARRAY[predict_class(x::forest, '{3,5}'), logistic_apply((SELECT array_agg(r ORDER BY n) FROM (SELECT n, ARRAY(SELECT c::float8 FROM jsonb_array_elements_text(e) AS c) AS r
		FROM jsonb_array_elements((attributes ->> 'coefficients')::jsonb) WITH ORDINALITY AS u (e, n)) AS rows), '{3,5}')]) AS p) AS q;
SELECT * FROM finish();
