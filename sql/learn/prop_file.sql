-- prop_file: a prop model as a document, for other databases and for those that come with the extension.

CREATE FUNCTION export_prop_model(model_id bigint) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT jsonb_build_object('sport', m.sport, 'prop_type', m.bet_type, 'name', m.name, 'features', m.features, 'knowledge_cutoff', m.knowledge_cutoff AT TIME ZONE 'UTC', 'training_rows', m.training_rows,
		'sha256', m.sha256, 'law', p.law, 'usual', p.usual, 'card', p.card,
		'calibration', ARRAY(SELECT round(x::numeric, 6) FROM unnest(p.curve[1:1]) AS x),
		'trials', (SELECT coalesce(jsonb_agg(jsonb_build_object('slot', t.slot, 'weights', t.weights) ORDER BY t.slot), '[]') FROM prop_trials AS t WHERE t.model_id = m.model_id),
		'forest', m.forest::text, 'spread', p.spread::text) || CASE WHEN p.extra_zero IS NOT NULL THEN jsonb_build_object('extra_zero', p.extra_zero) ELSE '{}' END
	FROM model AS m JOIN prop_model AS p ON p.model_id = m.model_id WHERE m.model_id = export_prop_model.model_id;
END;
COMMENT ON FUNCTION export_prop_model(bigint) IS 'A prop model as one JSON document, for import_prop_model() in another database: forests as XGBoost''s own JSON. NULL for a model that is no prop model.';

CREATE FUNCTION import_prop_model(artifact jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	type prop_type;
	made text := (SELECT m.name FROM model AS m WHERE m.name = artifact ->> 'name');
	id   bigint;
	curve float8[];
BEGIN
	IF made IS NOT NULL THEN
		RETURN made;
	ELSIF NOT artifact ?& '{sport,prop_type,name,features,knowledge_cutoff,sha256,law,usual,calibration,trials,forest}'::text[] THEN
		RAISE EXCEPTION 'artifact is no model of a prop' USING ERRCODE = 'invalid_parameter_value', HINT = 'export_prop_model() gives one.';
	END IF;
	type := prop_type_named(artifact ->> 'sport', artifact ->> 'prop_type');
	IF artifact -> 'features' <> to_jsonb(prop_feature_names()) THEN
		RAISE EXCEPTION 'model % was trained on other features than prop_feature_names()', artifact ->> 'name' USING ERRCODE = 'invalid_parameter_value';
	ELSIF jsonb_array_length(CASE jsonb_typeof(artifact -> 'calibration') WHEN 'array' THEN artifact -> 'calibration' ELSE '[]' END) <> 101 THEN
		RAISE EXCEPTION 'calibration of model % must have 101 numbers', artifact ->> 'name' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	curve := ARRAY(SELECT x::float8 FROM jsonb_array_elements_text(artifact -> 'calibration') WITH ORDINALITY AS u (x, n) ORDER BY n);
	IF curve[1] <> 0 OR curve[101] <> 1 OR array_position(curve, NULL) IS NOT NULL OR (SELECT bool_and(curve[k] >= curve[k - 1]) FROM generate_series(2, 101) AS k) IS NOT TRUE THEN
		RAISE EXCEPTION 'calibration of model % must rise from 0 to 1', artifact ->> 'name' USING ERRCODE = 'invalid_parameter_value';
	ELSIF ((artifact #>> '{usual,league_rate}')::float8 > 0 AND (artifact #>> '{usual,exposure}')::float8 > 0) IS NOT TRUE THEN
		RAISE EXCEPTION 'usual of model % must have league_rate and exposure above 0', artifact ->> 'name' USING ERRCODE = 'invalid_parameter_value';
	ELSIF artifact ->> 'law' = 'binomial' AND NOT EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(artifact -> 'trials') WHEN 'array' THEN artifact -> 'trials' ELSE '[]' END) AS t WHERE t ->> 'slot' = '0')
		OR EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(artifact -> 'trials') WHEN 'array' THEN artifact -> 'trials' ELSE '[]' END) AS t
			WHERE (SELECT count(*) = 10 AND min(w::float8) >= 0 AND abs(sum(w::float8) - 1) < 1e-6 FROM jsonb_array_elements_text(CASE jsonb_typeof(t -> 'weights') WHEN 'array' THEN t -> 'weights' ELSE '[]' END) AS w) IS NOT TRUE) THEN
		RAISE EXCEPTION 'trials of model % must have slot 0 and be ten shares each that sum to 1', artifact ->> 'name' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- the checksum of its row holds it to the trees that were exported
	INSERT INTO model (name, sport, bet_type, framework, features, knowledge_cutoff, training_rows, forest, sha256, stage)
	VALUES (artifact ->> 'name', type.sport, type.prop_type, 'xgboost', prop_feature_names(), (artifact ->> 'knowledge_cutoff')::timestamp AT TIME ZONE 'UTC', (artifact ->> 'training_rows')::int,
		(artifact ->> 'forest')::forest, artifact ->> 'sha256', 'candidate')
	RETURNING model_id, name INTO id, made;
	INSERT INTO prop_model (model_id, law, spread, extra_zero, curve, usual, card)
	SELECT id, artifact ->> 'law', (artifact ->> 'spread')::forest, (artifact ->> 'extra_zero')::float8,
		ARRAY[curve, ARRAY(SELECT k / 100.0 FROM generate_series(0, 100) AS k)::float8[]],
		artifact -> 'usual', coalesce(artifact -> 'card', '{}');
	INSERT INTO prop_trials (model_id, slot, weights)
	SELECT id, (t ->> 'slot')::int, ARRAY(SELECT x::float8 FROM jsonb_array_elements_text(t -> 'weights') WITH ORDINALITY AS u (x, n) ORDER BY n) FROM jsonb_array_elements(artifact -> 'trials') AS t;
	IF NOT EXISTS (SELECT FROM model AS m WHERE m.sport = type.sport AND m.bet_type = type.prop_type AND m.stage = 'production') THEN
		PERFORM make_live(id, 'first', 'import_prop_model()');
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION import_prop_model(jsonb) IS
'Stores what export_prop_model() gave and returns its name; one that is there already is not stored again. It prices from now on unless its prop has a model that does. Errors: no such document, other features, a calibration that does not rise from 0 to 1, trials that are no shares (22023), a sport or prop_type that is not there (42704), a damaged forest (22P02), trees that are not those of the checksum (23514).';
