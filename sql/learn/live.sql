-- live: which model speaks, and which one spoke when. model.stage is the present, model_live the history.

CREATE TABLE model_live (
	live_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sport    text NOT NULL REFERENCES sport,
	bet_type text NOT NULL,
	model_id bigint NOT NULL REFERENCES model,
	live     tstzrange NOT NULL CHECK (lower(live) IS NOT NULL AND NOT lower_inf(live) AND lower_inc(live) AND NOT upper_inc(live)),
	action   text NOT NULL CHECK (action IN ('first', 'promotion', 'rollback')),
	previous bigint REFERENCES model_live,
	made_by  text NOT NULL DEFAULT session_user,
	reason   text NOT NULL,
	gates    jsonb,
	-- equality of the target as overlap of one-number ranges: gist knows ranges without any further extension
	CONSTRAINT one_model_at_a_time EXCLUDE USING gist (
		int8range(hashtextextended(sport || '/' || bet_type, 0), hashtextextended(sport || '/' || bet_type, 0), '[]') WITH &&,
		live WITH &&)
);
COMMENT ON TABLE model_live IS
'When which model was live, by sport and bet type: ranges that never overlap (an exclusion constraint), never change (a trigger) and are written by make_live() alone. live_model(sport, bet_type, at) asks it.';
COMMENT ON COLUMN model_live.live IS 'From when on, inclusive, and until when, exclusive; no end: it is live.';
COMMENT ON COLUMN model_live.action IS 'first: the first finished training of its target; promotion: promote_model(); rollback: rollback_model().';
COMMENT ON COLUMN model_live.gates IS 'What promotion_check() said at a promotion.';
COMMENT ON COLUMN model_live.previous IS 'The row to which rollback_model() goes back; NULL: there is none.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model_live', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model_live_live_id_seq', '');

CREATE FUNCTION keep_live_history() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND upper_inf(OLD.live) AND NOT upper_inf(NEW.live) THEN
		OLD.live := tstzrange(lower(OLD.live), upper(NEW.live));
		IF OLD IS NOT DISTINCT FROM NEW THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION 'model_live is history: % is refused', lower(TG_OP) USING ERRCODE = 'restrict_violation',
		HINT = 'promote_model() and rollback_model() write the next row.';
END $$;
COMMENT ON FUNCTION keep_live_history() IS 'Trigger of model_live: a range that has no end may be given one, once; any other change is an error (23001).';
CREATE TRIGGER history BEFORE UPDATE OR DELETE ON model_live FOR EACH ROW EXECUTE FUNCTION keep_live_history();
CREATE TRIGGER history_whole BEFORE TRUNCATE ON model_live FOR EACH STATEMENT EXECUTE FUNCTION keep_live_history();

CREATE FUNCTION make_live(model_id bigint, action text, reason text, previous bigint DEFAULT NULL, gates jsonb DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	chosen  model;
	current model_live;
	at      timestamptz;
BEGIN
	LOCK TABLE model_live IN SHARE ROW EXCLUSIVE MODE;	-- two promotions at once: one after the other
	SELECT * INTO chosen FROM model AS m WHERE m.model_id = make_live.model_id FOR UPDATE;
	SELECT * INTO current FROM model_live AS l WHERE l.sport = chosen.sport AND l.bet_type = chosen.bet_type AND upper_inf(l.live);
	-- a clock that was set back does not turn a range round
	at := greatest(clock_timestamp(), (SELECT max(coalesce(upper(l.live), lower(l.live) + interval '1 microsecond')) FROM model_live AS l
		WHERE l.sport = chosen.sport AND l.bet_type = chosen.bet_type));
	UPDATE model_live AS l SET live = tstzrange(lower(l.live), at) WHERE l.live_id = current.live_id;
	-- the checksum of an artifact is a CHECK of its row: these statements compare both once more
	UPDATE model AS m SET stage = 'archived' WHERE m.sport = chosen.sport AND m.bet_type = chosen.bet_type AND m.stage = 'production' AND m.model_id <> chosen.model_id;
	UPDATE model AS m SET stage = 'production' WHERE m.model_id = chosen.model_id;
	INSERT INTO model_live (sport, bet_type, model_id, live, action, previous, reason, gates)
	VALUES (chosen.sport, chosen.bet_type, chosen.model_id, tstzrange(at, NULL), make_live.action,
		CASE make_live.action WHEN 'rollback' THEN make_live.previous ELSE current.live_id END, make_live.reason, make_live.gates);
	RETURN chosen.name;
END $$;
COMMENT ON FUNCTION make_live(bigint, text, text, bigint, jsonb) IS
'What first trainings, promote_model() and rollback_model() share: ends the range of the model that is live, archives it, and opens the range of the chosen one, from now on. The clock counts, not the commit: commit at once. Asks no gate.';

CREATE FUNCTION live_model(sport text, bet_type text, at timestamptz DEFAULT now())
RETURNS TABLE (model_id bigint, name text, live_from timestamptz, live_until timestamptz, action text, made_by text, reason text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1	-- not STRICT, so that the planner can merge it
BEGIN ATOMIC
	SELECT l.model_id, m.name, lower(l.live), upper(l.live), l.action, l.made_by, l.reason
	FROM model_live AS l JOIN model AS m ON m.model_id = l.model_id
	WHERE l.sport = live_model.sport AND l.bet_type = live_model.bet_type AND l.live @> live_model.at;
END;
COMMENT ON FUNCTION live_model(text, text, timestamptz) IS
'Which model was live for a sport''s bet type at a moment, since and until when (live_until NULL: it still is), who made it so and why: one row, or none when nothing was live then. Later trainings, promotions and rollbacks never change the answer for a moment that has passed.';

CREATE FUNCTION model_at(sport text, bet_type text, as_of timestamptz DEFAULT now()) RETURNS SETOF model
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1	-- not STRICT, so that the planner can merge it
BEGIN ATOMIC
	WITH live AS (
		SELECT l.model_id FROM live_model(model_at.sport, model_at.bet_type, as_of) AS l
	)
	SELECT m.*
	FROM model AS m
	WHERE m.sport = model_at.sport AND m.bet_type = model_at.bet_type AND m.knowledge_cutoff <= as_of
	  AND (m.model_id = (SELECT l.model_id FROM live AS l)
	       -- nothing was live yet, or it knew more than one could know then: the production model's own past
	       OR m.stage = 'production' AND NOT EXISTS (SELECT 1 FROM live)
	       OR m.stage = 'fold' AND m.run_id = (SELECT p.run_id FROM model AS p
	              WHERE p.sport = model_at.sport AND p.bet_type = model_at.bet_type
	                AND CASE WHEN EXISTS (SELECT 1 FROM live) THEN p.model_id = (SELECT l.model_id FROM live AS l) ELSE p.stage = 'production' END))
	ORDER BY m.knowledge_cutoff DESC, m.stage <> 'fold' DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION model_at(text, text, timestamptz) IS
'The model that prices a sport''s bet type at as_of: the one that was live then (live_model()). Before anything was live: the production model once its knowledge_cutoff has passed, before that the latest walk-forward fold of its run. Nothing is ever priced by a model that has seen it.';

CREATE FUNCTION rollback_model(sport text, bet_type text, reason text DEFAULT 'rolled back') RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	target model_live;
BEGIN
	LOCK TABLE model_live IN SHARE ROW EXCLUSIVE MODE;
	SELECT p.* INTO target FROM model_live AS l JOIN model_live AS p ON p.live_id = l.previous
	WHERE l.sport = rollback_model.sport AND l.bet_type = rollback_model.bet_type AND upper_inf(l.live);
	IF NOT FOUND THEN
		RAISE EXCEPTION '% % cannot be rolled back: %', rollback_model.sport, rollback_model.bet_type,
			coalesce((SELECT format('no model was live before %s', l.name) FROM live_model(rollback_model.sport, rollback_model.bet_type, 'infinity') AS l), 'no model is live')
			USING ERRCODE = 'undefined_object', HINT = 'promote_model(model_id) makes any other model live.';
	END IF;
	RETURN make_live(target.model_id, 'rollback', rollback_model.reason, target.previous);
END $$;
COMMENT ON FUNCTION rollback_model(text, text, text) IS
'Takes back the last promotion: the model that was live before is live again, from now on; once more goes back one further. No gate is asked. Returns its name. Error (42704): no model is live, or none was before.';

CREATE FUNCTION damaged_models() RETURNS TABLE (model_id bigint, name text, stored text, found text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT m.model_id, m.name, m.sha256, s.found FROM model AS m, LATERAL (SELECT artifact_sha256(m.forest, m.coefficients) AS found OFFSET 0) AS s WHERE s.found <> m.sha256;
END;
COMMENT ON FUNCTION damaged_models() IS
'Models whose artifact no longer has the SHA-256 that was stored with it: none, unless the storage was damaged or tampered with. Every row is checked when it is stored, restored or made live; this reads them all once more.';
