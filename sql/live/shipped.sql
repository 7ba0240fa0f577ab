-- shipped: models that come with the extension, for a database that never saw the data.

CREATE TABLE shipped_model (
	name     text PRIMARY KEY,
	loader   text NOT NULL,
	artifact jsonb NOT NULL
);
COMMENT ON TABLE shipped_model IS 'Models as they were shipped, each from its file in models/, where its card stands beside it: load_shipped_models() makes them ready to speak. Not dumped: they come with the extension.';
COMMENT ON COLUMN shipped_model.loader IS 'Function of this schema that takes the artifact and returns text, the model''s name or id.';

-- no row is dumped: they come with the extension
SELECT pg_catalog.pg_extension_config_dump('bet_edge.shipped_model', 'WHERE false');

CREATE FUNCTION load_shipped_models() RETURNS TABLE (name text, model text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	shipped record;
BEGIN
	FOR shipped IN SELECT s.name, s.loader, s.artifact FROM shipped_model AS s ORDER BY s.name LOOP
		name := shipped.name;
		EXECUTE format('SELECT bet_edge.%I($1)', shipped.loader) INTO model USING shipped.artifact;
		RETURN NEXT;
	END LOOP;
END $$;
COMMENT ON FUNCTION load_shipped_models() IS 'Loads every model that came with the extension and returns its name and what it is known by here. Once more changes nothing.';

CREATE FUNCTION export_halftime_model(model_id int) RETURNS jsonb
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH named AS (
		SELECT x.name, row_number() OVER (ORDER BY x.name) AS n FROM (SELECT y.home AS name FROM halftime_neighbour AS y WHERE y.model_id = export_halftime_model.model_id UNION SELECT y.away FROM halftime_neighbour AS y WHERE y.model_id = export_halftime_model.model_id) AS x
	)
	SELECT jsonb_build_object('knowledge_cutoff', m.knowledge_cutoff AT TIME ZONE 'UTC', 'first_season', m.first_season, 'last_season', m.last_season, 'games', m.games, 'distance', m.distance, 'neighbours', m.neighbours, 'hidden', m.hidden, 'metrics', m.metrics, 'sha256', m.sha256,
		'weights', m.weights::text,
		'teams', (SELECT jsonb_agg(t.name ORDER BY t.n) FROM named AS t),
		'games_near', (SELECT string_agg(concat_ws(' ', n.event_id, n.played_on, h.n, a.n, n.half_diff, n.final_diff, array_to_string(n.pattern, ' ')), E'\n' ORDER BY n.place)
			FROM halftime_neighbour AS n JOIN named AS h ON h.name = n.home JOIN named AS a ON a.name = n.away WHERE n.model_id = m.model_id),
		'blends', (SELECT jsonb_agg(jsonb_build_object('target', b.target, 'strength', b.strength, 'blend', b.blend, 'weights', b.weights,
				'scores', (SELECT jsonb_object_agg(c.closeness, c.scores::text) FROM halftime_calibration AS c WHERE (c.model_id, c.target, c.strength, c.blend) = (b.model_id, b.target, b.strength, b.blend))) ORDER BY b.target, b.strength, b.blend)
			FROM halftime_blend AS b WHERE b.model_id = m.model_id))
	FROM halftime_model AS m WHERE m.model_id = export_halftime_model.model_id;
$$;
COMMENT ON FUNCTION export_halftime_model(int) IS 'A model of the live game as one JSON document, for import_halftime_model() in another database: network, the games that Dejavu looks among, weights, errors and what was measured. NULL for an unknown id.';

CREATE FUNCTION import_halftime_model(artifact jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	made    int := (SELECT m.model_id FROM halftime_model AS m WHERE m.sha256 = artifact ->> 'sha256');
	network real[];
BEGIN
	IF made IS NOT NULL THEN
		RETURN made;
	ELSIF NOT artifact ?& '{knowledge_cutoff,first_season,last_season,games,distance,neighbours,hidden,metrics,sha256,weights,teams,games_near,blends}'::text[] THEN
		RAISE EXCEPTION 'artifact is no model of the live game' USING ERRCODE = 'invalid_parameter_value', HINT = 'export_halftime_model() gives one.';
	END IF;
	network := (artifact ->> 'weights')::real[];
	CREATE TEMP TABLE halftime_near ON COMMIT DROP AS
		SELECT r.n::int AS place, f[1] AS event_id, f[2]::date AS played_on, artifact #>> ARRAY['teams', (f[3]::int - 1)::text] AS home, artifact #>> ARRAY['teams', (f[4]::int - 1)::text] AS away, f[5]::smallint AS half_diff, f[6]::smallint AS final_diff, f[7:]::smallint[] AS pattern
		FROM string_to_table(artifact ->> 'games_near', E'\n') WITH ORDINALITY AS r (line, n) CROSS JOIN LATERAL string_to_array(r.line, ' ') AS f;
	-- the checksum of its row holds it to the bits that were exported
	INSERT INTO halftime_model (knowledge_cutoff, first_season, last_season, games, distance, neighbours, hidden, weights, points, changes, metrics, sha256, shipped)
	SELECT (artifact ->> 'knowledge_cutoff')::timestamp AT TIME ZONE 'UTC', (artifact ->> 'first_season')::int, (artifact ->> 'last_season')::int, (artifact ->> 'games')::int, artifact ->> 'distance', (artifact ->> 'neighbours')::int, (artifact ->> 'hidden')::int, network,
		array_agg(pattern_point(n.pattern::int[], artifact ->> 'distance') ORDER BY n.place), array_agg((n.half_diff - n.pattern[18])::real ORDER BY n.place) || array_agg((n.final_diff - n.pattern[18])::real ORDER BY n.place), artifact -> 'metrics', artifact ->> 'sha256', true
	FROM halftime_near AS n RETURNING model_id INTO made;
	INSERT INTO halftime_neighbour SELECT made, n.place, n.event_id, n.played_on, n.home, n.away, n.half_diff, n.final_diff, n.pattern FROM halftime_near AS n;
	DROP TABLE halftime_near;
	INSERT INTO halftime_blend SELECT made, b ->> 'target', b ->> 'strength', b ->> 'blend', ARRAY(SELECT w::float8 FROM jsonb_array_elements_text(b -> 'weights') WITH ORDINALITY AS x (w, n) ORDER BY n) FROM jsonb_array_elements(artifact -> 'blends') AS b;
	INSERT INTO halftime_calibration SELECT made, b ->> 'target', b ->> 'strength', b ->> 'blend', s.closeness, s.scores::float8[] FROM jsonb_array_elements(artifact -> 'blends') AS b CROSS JOIN LATERAL jsonb_each_text(coalesce(nullif(b -> 'scores', 'null'), '{}')) AS s (closeness, scores);
	RETURN made;
END $$;
COMMENT ON FUNCTION import_halftime_model(jsonb) IS 'Stores what export_halftime_model() gave and returns its id here; one that is there already is not stored again. Errors: 22023, no such document; 23514, its bits are not those of its checksum.';
