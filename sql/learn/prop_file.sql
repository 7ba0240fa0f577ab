-- prop_file: prop models as files, and those that come with the extension.

CREATE FUNCTION export_prop_model(model_id bigint) RETURNS json
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT json_build_object('sport', m.sport, 'prop_type', m.bet_type, 'name', m.name, 'card', p.card, 'features', m.features, 'knowledge_cutoff', m.knowledge_cutoff, 'training_rows', m.training_rows,
		'sha256', m.sha256, 'law', p.law, 'usual', p.usual,
		'calibration', (SELECT json_agg(json_build_object('above', c.above, 'below', c.below, 'curve', ARRAY(SELECT round(x::numeric, 6) FROM unnest(c.curve[1:1]) AS x)) ORDER BY c.above) FROM prop_calibration AS c WHERE c.model_id = m.model_id),
		'trials', (SELECT json_agg(json_build_object('slot', t.slot, 'weights', t.weights) ORDER BY t.slot) FROM prop_trials AS t WHERE t.model_id = m.model_id),
		'forest', m.forest::text::json, 'spread', p.spread::text::json)
	FROM model AS m JOIN prop_model AS p ON p.model_id = m.model_id WHERE m.model_id = export_prop_model.model_id;
END;
COMMENT ON FUNCTION export_prop_model(bigint) IS 'A prop model as one JSON value, for import_prop_model(): forests as XGBoost''s own JSON. NULL for a model that is no prop model.';

CREATE FUNCTION import_prop_model(model json, promote boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	type prop_type;
	f    forest := (model -> 'forest')::text::forest;
	id   bigint;
BEGIN
	type := prop_type_named(model ->> 'sport', model ->> 'prop_type');
	IF ARRAY(SELECT json_array_elements_text(model -> 'features')) <> prop_feature_names() THEN
		RAISE EXCEPTION 'model % was trained on other features than prop_feature_names()', model ->> 'name' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO model (name, sport, bet_type, framework, features, knowledge_cutoff, training_rows, forest, sha256, stage)
	VALUES (model ->> 'name', type.sport, type.prop_type, 'xgboost', prop_feature_names(), (model ->> 'knowledge_cutoff')::timestamptz, (model ->> 'training_rows')::int, f, model ->> 'sha256', 'candidate')
	RETURNING model_id INTO id;
	INSERT INTO prop_model (model_id, law, spread, usual, card)
	VALUES (id, model ->> 'law', nullif((model -> 'spread')::text, 'null')::forest, (model -> 'usual')::jsonb, coalesce((model -> 'card')::jsonb, '{}'));
	INSERT INTO prop_calibration (model_id, above, below, curve)
	SELECT id, c.above, c.below, ARRAY[c.curve, ARRAY(SELECT k / 100.0 FROM generate_series(0, 100) AS k)::float8[]] FROM json_to_recordset(model -> 'calibration') AS c (above float8, below float8, curve float8[]);
	INSERT INTO prop_trials (model_id, slot, weights) SELECT id, t.slot, t.weights FROM json_to_recordset(nullif((model -> 'trials')::text, 'null')::json) AS t (slot int, weights float8[]);
	IF promote THEN
		PERFORM make_live(id, 'first', 'import_prop_model()');
	END IF;
	RETURN id;
END $$;
COMMENT ON FUNCTION import_prop_model(json, boolean) IS
'Stores what export_prop_model() gave, under its name, and returns model_id; promote: it prices from now on. Errors: a sport or prop_type that is not there (42704), other features (22023), a damaged forest (22P02), a checksum that does not match (23514), a name that is taken (23505).';

CREATE FUNCTION load_shipped_models(directory text DEFAULT NULL) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	place constant text := coalesce(directory, coalesce(current_setting('extension_destdir', true), '') || (SELECT c.setting FROM pg_config() AS c WHERE c.name = 'SHAREDIR') || '/extension');
	file  text;
	shipped json;
BEGIN
	FOR file IN SELECT l FROM pg_ls_dir(place) AS l WHERE l ~ '^bet_edge_.*\.json$' ORDER BY l LOOP
		shipped := pg_read_file(place || '/' || file)::json;
		CONTINUE WHEN EXISTS (SELECT FROM model AS m WHERE m.name = shipped ->> 'name');
		PERFORM import_prop_model(shipped, NOT EXISTS (SELECT FROM model AS m WHERE m.sport = shipped ->> 'sport' AND m.bet_type = shipped ->> 'prop_type' AND m.stage = 'production'));
		RETURN NEXT shipped ->> 'name';
	END LOOP;
END $$;
COMMENT ON FUNCTION load_shipped_models(text) IS
'Brings the models that are installed with the extension (or in another directory: bet_edge_*.json) into this database and returns the names of the new ones; each prices from now on unless its prop has a model that does. Reads files of the server: a superuser, or a member of pg_read_server_files that may call pg_config() and pg_ls_dir().';
