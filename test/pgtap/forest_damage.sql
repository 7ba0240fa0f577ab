-- Damaged models: errors and nothing else. Whatever the reader lets pass, libxgboost loads and sees alike.
SELECT plan(14);
SET search_path = bet_edge, public;

CREATE FUNCTION pg_temp.noise(i int, j int) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT hashint8extended(i::bigint * 1000 + j, 7) & 1048575
$$;
CREATE TEMP TABLE sound AS SELECT kind, f, f::text AS model
FROM (VALUES ('logistic', '{"objective": "binary:logistic", "max_depth": 4}'::jsonb, 'q'),
		('softprob', '{"objective": "multi:softprob", "num_class": 3, "max_depth": 3}', 'q'),
		('dart with categories', '{"booster": "dart", "rate_drop": 0.5, "one_drop": 1, "tree_method": "hist", "max_depth": 3}', 'c')) v(kind, params, type),
	train_forest('SELECT (i * 7 % 13 > 6)::int AS label, ARRAY[i % 13, i % 17, NULLIF(sin(i), sin(5))]::real[] AS features FROM generate_series(1, 500) i', params, 4,
		feature_types => ARRAY[type, 'q', 'q']) f;

-- gives the forest's text, NULL when it was refused as bad input; any other error comes through
CREATE FUNCTION pg_temp.read(model text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN model::bet_edge.forest::text;
EXCEPTION WHEN invalid_text_representation THEN
	RETURN NULL;
END $$;
CREATE TEMP TABLE damaged (kind text, model text, taken text);
-- cut short
INSERT INTO damaged SELECT 'cut', left(model, (length(model) * pg_temp.noise(i, 1) >> 20)::int) FROM sound, generate_series(1, 80) i;
-- bytes overwritten
INSERT INTO damaged SELECT 'noise', overlay(overlay(model PLACING chr(32 + (pg_temp.noise(i, 2) % 95)::int) FROM 1 + (length(model) * pg_temp.noise(i, 3) >> 20)::int FOR 1)
	PLACING chr(32 + (pg_temp.noise(i, 4) % 95)::int) FROM 1 + (length(model) * pg_temp.noise(i, 5) >> 20)::int FOR 1) FROM sound, generate_series(1, 150) i;
-- a number in place of the n-th one: sound JSON, another model
INSERT INTO damaged SELECT 'number', regexp_replace(model, '[0-9]+', (ARRAY['0', '1', '7', '2147483647', '4294967296', '99'])[1 + i % 6], 1, 1 + (pg_temp.noise(i, 6) % 2000)::int)
FROM sound, generate_series(1, 100) i;
-- by name
INSERT INTO damaged SELECT 'edit', e FROM sound, unnest(ARRAY[
	regexp_replace(model, '"split_type":\[\d', '"split_type":[7'), regexp_replace(model, '"categories_sizes":\[\d+', '"categories_sizes":[99999999'),
	regexp_replace(model, '"categories_segments":\[0', '"categories_segments":[1'), regexp_replace(model, '"categories":\[\d+', '"categories":[16777216'),
	regexp_replace(model, '"categories_nodes":\[\d+', '"categories_nodes":[99'), regexp_replace(model, '"weight_drop":\[', '"weight_drop":[1E39,'),
	regexp_replace(model, '"weight_drop":\[', '"weight_drop":[1,'), replace(model, '"name":"dart"', '"name":"gbtree"'), regexp_replace(model, 'NaN', 'Infinity'),
	regexp_replace(model, '"left_children":\[1,', '"left_children":[1000000,'), regexp_replace(model, '"left_children":\[1,', '"left_children":[-5,'),
	regexp_replace(model, '"left_children":\[1,', '"left_children":[0,'), regexp_replace(model, '"left_children":\[1,', '"left_children":[2,'),
	regexp_replace(model, '"tree_info":\[0,', '"tree_info":['), regexp_replace(model, '"tree_info":\[0,', '"tree_info":[9,'),
	regexp_replace(model, '"num_trees":"\d+"', '"num_trees":"1000000000"'), regexp_replace(model, '"num_nodes":"\d+"', '"num_nodes":"1000000000"'),
	regexp_replace(model, '"split_indices":\[\d+', '"split_indices":[5000'), regexp_replace(model, '"num_class":"\d"', '"num_class":"1000000"'),
	regexp_replace(model, '"num_feature":"\d"', '"num_feature":"0"', 'g'), replace(model, '"sum_hessian":[', '"sum_hessian":[1e400,'),
	replace(model, '{"learner"', repeat('[', 200000) || '{"learner"'), replace(model, '"attributes":{}', '"attributes":' || repeat('{"a":', 200000)),
	repeat('[', 200000) || repeat(']', 200000), model || model]) e WHERE e <> model;
UPDATE damaged SET taken = pg_temp.read(model);

SELECT cmp_ok((SELECT count(*) FROM damaged), '>', 1000::bigint, 'a thousand damaged models, and the backend lives');
SELECT is((SELECT count(*) FROM damaged WHERE kind IN ('edit', 'cut') AND taken IS NOT NULL), 0::bigint, 'cut and edited ones are all refused');
SELECT cmp_ok((SELECT count(*) FROM damaged WHERE kind = 'number' AND taken IS NOT NULL), '>', 10::bigint, 'some changed numbers make another model');
SELECT is((SELECT count(*) FROM damaged WHERE taken IS NOT NULL AND pg_temp.read(taken) IS DISTINCT FROM taken), 0::bigint, 'which goes out and in again');
SELECT cmp_ok((SELECT count(*) FROM damaged WHERE kind = 'number' AND taken LIKE '%NaN%'), '>', 10::bigint, 'categorical ones among them');
SELECT is((SELECT count(*) FROM damaged, LATERAL (SELECT taken::forest OFFSET 0) t(f), generate_series(1, 3) n,
	LATERAL (SELECT array_agg(CASE WHEN k % 5 <> n THEN sin(k * n) * 9 END)::real[] FROM generate_series(1, (forest_summary(f)).features) k) r(x)
	WHERE taken IS NOT NULL AND predict_margin(f, x) IS DISTINCT FROM libxgboost_predict(f, x, 'margin')), 0::bigint,
	'and which libxgboost loads, with the same margins to the last bit');
SELECT is((SELECT count(*) FROM sound WHERE pg_temp.read(model) IS DISTINCT FROM model), 0::bigint, 'sound models come out byte for byte as they went in');
-- the binary form is checked alike
SELECT is((SELECT count(*) FROM sound WHERE forest_send(f) IS DISTINCT FROM convert_to(model, 'UTF8')), 0::bigint, 'the binary form is the text');
SELECT is((SELECT count(*) FROM damaged WHERE taken IS NULL), (SELECT count(*) FROM damaged WHERE pg_temp.read(model) IS NULL), 'the same are refused again');

-- UBJSON likewise
CREATE TEMP TABLE sound_bytes AS SELECT f, libxgboost_save(f) AS bytes, length(libxgboost_save(f)) AS n FROM sound;
SELECT is((SELECT count(*) FROM sound_bytes WHERE forest_send(forest(bytes)) IS DISTINCT FROM forest_send(f)), 0::bigint, 'UBJSON is the same forest');
CREATE FUNCTION pg_temp.read(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN forest(bytes)::text;
EXCEPTION WHEN invalid_text_representation OR invalid_binary_representation OR character_not_in_repertoire THEN
	RETURN NULL;
END $$;
CREATE TEMP TABLE damaged_bytes (kind text, bytes bytea, taken text);
INSERT INTO damaged_bytes SELECT 'cut', substr(bytes, 1, (n * pg_temp.noise(i, 11) >> 20)::int) FROM sound_bytes, generate_series(1, 50) i;
-- any byte anywhere
INSERT INTO damaged_bytes SELECT 'noise', set_byte(set_byte(bytes, (n * pg_temp.noise(i, 12) >> 20)::int, (pg_temp.noise(i, 13) % 256)::int), (n * pg_temp.noise(i, 14) >> 20)::int, (pg_temp.noise(i, 15) % 256)::int)
FROM sound_bytes, generate_series(1, 150) i;
-- marks of the format for other marks: other types, other nesting
INSERT INTO damaged_bytes SELECT 'mark', set_byte(bytes, (n * pg_temp.noise(i, 16) >> 20)::int, ascii(substr('[]{}#$iUIlLdDSZTFN', 1 + i % 18, 1))) FROM sound_bytes, generate_series(1, 100) i;
-- a stretch left out, doubled, or put elsewhere
INSERT INTO damaged_bytes SELECT 'stretch', CASE i % 3 WHEN 0 THEN substr(bytes, 1, at) || substr(bytes, at + size) WHEN 1 THEN substr(bytes, 1, at + size) || substr(bytes, at)
		ELSE overlay(bytes PLACING substr(bytes, at, size) FROM elsewhere) END
FROM sound_bytes, generate_series(1, 60) i, LATERAL (SELECT 1 + (n * pg_temp.noise(i, 17) >> 20)::int AS at, 1 + (pg_temp.noise(i, 18) % 200)::int AS size, 1 + (n * pg_temp.noise(i, 19) >> 20)::int AS elsewhere) s;
-- a byte of a number within an array of floats: another model, but for NaN and infinity
INSERT INTO damaged_bytes SELECT 'number', set_byte(bytes, at + 12 + (pg_temp.noise(i, 20) % 16)::int, (pg_temp.noise(i, 21) % 256)::int) FROM sound_bytes, generate_series(1, 60) i,
	LATERAL (SELECT position('\x5b2464234c'::bytea IN substr(bytes, 1 + i * n / 120)) + i * n / 120 AS at) p;
-- lengths that reach far beyond the end
INSERT INTO damaged_bytes SELECT 'length', overlay(bytes PLACING '\x4c7fffffffffffffff' FROM at) FROM sound_bytes, generate_series(1, 20) i,
	LATERAL (SELECT position('\x4c00000000'::bytea IN substr(bytes, 1 + i * n / 40)) + i * n / 40 AS at) p;
INSERT INTO damaged_bytes VALUES ('depth', decode(repeat('5b', 100000), 'hex')), ('depth', decode(repeat('7b690161', 100000), 'hex')), ('room', '\x7b690161 5b 24 64 23 4c 0fffffffffffffff'),
	('room', '\x7b690161 5b 24 5a 23 4c 0fffffffffffffff'), ('room', '\x7b690161 5b 23 4c 7fffffffffffffff');
UPDATE damaged_bytes SET taken = pg_temp.read(bytes);
SELECT cmp_ok((SELECT count(*) FROM damaged_bytes), '>', 1000::bigint, 'a thousand damaged models in UBJSON, and the backend lives');
SELECT is((SELECT count(*) FROM damaged_bytes d WHERE kind IN ('cut', 'length', 'depth', 'room') AND taken IS NOT NULL), 0::bigint, 'cut ones and lengths beyond the end are all refused');
CREATE TEMP TABLE other AS SELECT taken FROM damaged_bytes WHERE taken IS NOT NULL AND pg_temp.read(taken) = taken;
SELECT ok(count(*) > 100 AND count(*) = (SELECT count(taken) FROM damaged_bytes), 'what is taken goes out and in again') FROM other;
SELECT is((SELECT count(*) FROM other, LATERAL (SELECT taken::forest OFFSET 0) t(f),
	LATERAL (SELECT array_agg(CASE WHEN k % 5 <> 1 THEN abs(sin(k)) * 9 END)::real[] FROM generate_series(1, (forest_summary(f)).features) k) r(x)
	WHERE predict_margin(f, x) IS DISTINCT FROM libxgboost_predict(f, x, 'margin')), 0::bigint,
	'and libxgboost loads it, with the same margins to the last bit');
SELECT * FROM finish();
