-- Damaged models: errors and nothing else. Whatever the reader lets pass, libxgboost loads and sees alike.
SELECT plan(8);
SET search_path = bet_edge, public;

CREATE FUNCTION pg_temp.noise(i int, j int) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT hashint8extended(i::bigint * 1000 + j, 7) & 1048575
$$;
CREATE TEMP TABLE sound AS SELECT kind, f, f::text AS model
FROM (VALUES ('logistic', '{"objective": "binary:logistic", "max_depth": 4}'::jsonb),
		('softprob', '{"objective": "multi:softprob", "num_class": 3, "max_depth": 3}')) v(kind, params),
	train_forest('SELECT (i * 7 % 13 > 6)::int AS label, ARRAY[i % 13, i % 17, NULLIF(sin(i), sin(5))]::real[] AS features FROM generate_series(1, 500) i', params, 4) f;

-- gives the forest's text, NULL when it was refused as bad input; any other error comes through
CREATE FUNCTION pg_temp.read(model text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN model::bet_edge.forest::text;
EXCEPTION WHEN invalid_text_representation THEN
	RETURN NULL;
END $$;
CREATE TEMP TABLE damaged (kind text, model text, taken text);
-- cut short
INSERT INTO damaged SELECT 'cut', left(model, (length(model) * pg_temp.noise(i, 1) >> 20)::int) FROM sound, generate_series(1, 50) i;
-- bytes overwritten
INSERT INTO damaged SELECT 'noise', overlay(overlay(model PLACING chr(32 + (pg_temp.noise(i, 2) % 95)::int) FROM 1 + (length(model) * pg_temp.noise(i, 3) >> 20)::int FOR 1)
	PLACING chr(32 + (pg_temp.noise(i, 4) % 95)::int) FROM 1 + (length(model) * pg_temp.noise(i, 5) >> 20)::int FOR 1) FROM sound, generate_series(1, 150) i;
-- a number in place of the n-th one: sound JSON, another model
INSERT INTO damaged SELECT 'number', regexp_replace(model, '[0-9]+', (ARRAY['0', '1', '7', '2147483647', '4294967296', '99'])[1 + i % 6], 1, 1 + (pg_temp.noise(i, 6) % 2000)::int)
FROM sound, generate_series(1, 100) i;
-- by name
INSERT INTO damaged SELECT 'edit', e FROM sound, unnest(ARRAY[
	regexp_replace(model, '"left_children":\[1,', '"left_children":[1000000,'), regexp_replace(model, '"left_children":\[1,', '"left_children":[-5,'),
	regexp_replace(model, '"left_children":\[1,', '"left_children":[0,'), regexp_replace(model, '"left_children":\[1,', '"left_children":[2,'),
	regexp_replace(model, '"tree_info":\[0,', '"tree_info":['), regexp_replace(model, '"tree_info":\[0,', '"tree_info":[9,'),
	regexp_replace(model, '"num_trees":"\d+"', '"num_trees":"1000000000"'), regexp_replace(model, '"num_nodes":"\d+"', '"num_nodes":"1000000000"'),
	regexp_replace(model, '"split_indices":\[\d+', '"split_indices":[5000'), regexp_replace(model, '"num_class":"\d"', '"num_class":"1000000"'),
	regexp_replace(model, '"num_feature":"\d"', '"num_feature":"0"', 'g'), replace(model, '"sum_hessian":[', '"sum_hessian":[1e400,'),
	replace(model, '{"learner"', repeat('[', 200000) || '{"learner"'), replace(model, '"attributes":{}', '"attributes":' || repeat('{"a":', 200000)),
	repeat('[', 200000) || repeat(']', 200000), model || model]) e;
UPDATE damaged SET taken = pg_temp.read(model);

SELECT cmp_ok((SELECT count(*) FROM damaged), '>', 600::bigint, 'hundreds of damaged models, and the backend lives');
SELECT is((SELECT count(*) FROM damaged WHERE kind IN ('edit', 'cut') AND taken IS NOT NULL), 0::bigint, 'cut and edited ones are all refused');
SELECT cmp_ok((SELECT count(*) FROM damaged WHERE kind = 'number' AND taken IS NOT NULL), '>', 10::bigint, 'some changed numbers make another model');
SELECT is((SELECT count(*) FROM damaged WHERE taken IS NOT NULL AND pg_temp.read(taken) IS DISTINCT FROM taken), 0::bigint, 'which goes out and in again');
SELECT is((SELECT count(*) FROM damaged, LATERAL (SELECT taken::forest OFFSET 0) t(f), generate_series(1, 3) n,
	LATERAL (SELECT array_agg(CASE WHEN k % 5 <> n THEN sin(k * n) * 9 END)::real[] FROM generate_series(1, (forest_summary(f)).features) k) r(x)
	WHERE taken IS NOT NULL AND predict_margin(f, x) IS DISTINCT FROM libxgboost_predict(f, x, 'margin')), 0::bigint,
	'and which libxgboost loads, with the same margins to the last bit');
SELECT is((SELECT count(*) FROM sound WHERE pg_temp.read(model) IS DISTINCT FROM model), 0::bigint, 'sound models come out byte for byte as they went in');
-- the binary form is checked alike
SELECT is((SELECT count(*) FROM sound WHERE forest_send(f) IS DISTINCT FROM convert_to(model, 'UTF8')), 0::bigint, 'the binary form is the text');
SELECT is((SELECT count(*) FROM damaged WHERE taken IS NULL), (SELECT count(*) FROM damaged WHERE pg_temp.read(model) IS NULL), 'the same are refused again');
SELECT * FROM finish();
