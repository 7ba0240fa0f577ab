-- alert: what somebody should look at, told once. It needs no other part, so every stage may raise one.

CREATE TABLE alert (
	alert_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind       text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{0,40}$'),
	subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
	message    text NOT NULL,
	raised_at  timestamptz NOT NULL,
	cleared_at timestamptz
);
COMMENT ON TABLE alert IS 'What was wrong from when to when; cleared_at NULL: it still is. Written by raise_alert() and clear_alert(), which also NOTIFY the channel bet_edge_alert.';
COMMENT ON COLUMN alert.kind IS 'What it is about: job_failing, feed_silent, … or any word of yours.';
COMMENT ON COLUMN alert.subject IS 'Whom it is about: the job, the feed, the model. Kind and subject are open once at a time.';
COMMENT ON COLUMN alert.message IS 'As it was when the alert was raised.';
CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE cleared_at IS NULL;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.alert', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.alert_alert_id_seq', '');

CREATE FUNCTION raise_alert(kind text, subject text, message text, at timestamptz DEFAULT clock_timestamp()) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	raised alert;
BEGIN
	IF raise_alert.kind !~ '^[a-z][a-z0-9_]{0,40}$' OR raise_alert.kind IS NULL THEN
		RAISE EXCEPTION 'kind must be a lower-case word, not %', quote_nullable(raise_alert.kind) USING ERRCODE = 'invalid_parameter_value';
	ELSIF length(raise_alert.subject) NOT BETWEEN 1 AND 200 OR raise_alert.subject IS NULL THEN
		RAISE EXCEPTION 'subject must have 1 to 200 characters, not %', coalesce(length(raise_alert.subject)::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF raise_alert.message IS NULL OR at IS NULL THEN
		RAISE EXCEPTION '% must not be NULL', CASE WHEN at IS NULL THEN 'at' ELSE 'message' END USING ERRCODE = 'null_value_not_allowed';
	END IF;
	INSERT INTO alert (kind, subject, message, raised_at) SELECT raise_alert.kind, raise_alert.subject, raise_alert.message, at
	WHERE NOT EXISTS (SELECT FROM alert AS a WHERE a.kind = raise_alert.kind AND a.subject = raise_alert.subject AND a.cleared_at IS NULL)
	ON CONFLICT (kind, subject) WHERE cleared_at IS NULL DO NOTHING
	RETURNING * INTO raised;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	-- A notification has less than 8000 bytes.
	raised.message := left(raised.message, 1000);
	PERFORM pg_notify('bet_edge_alert', to_jsonb(raised)::text);
	RETURN raised.alert_id;
END $$;
COMMENT ON FUNCTION raise_alert(text, text, text, timestamptz) IS
'Raises an alert: a row of alert and, at commit, a NOTIFY on the channel bet_edge_alert with that row as JSON (message cut to 1000 characters). Returns its number; NULL, and nothing happens, when one of that kind and subject is open already. kind: a lower-case word; subject: whom it is about, 1 to 200 characters; at: when it began. Refuses anything else (22023, 22004).';

CREATE FUNCTION clear_alert(kind text, subject text, at timestamptz DEFAULT clock_timestamp()) RETURNS bigint
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	cleared alert;
BEGIN
	UPDATE alert AS a SET cleared_at = greatest(at, a.raised_at)
	WHERE a.kind = clear_alert.kind AND a.subject = clear_alert.subject AND a.cleared_at IS NULL
	RETURNING * INTO cleared;
	IF FOUND THEN
		cleared.message := left(cleared.message, 1000);
		PERFORM pg_notify('bet_edge_alert', to_jsonb(cleared)::text);
	END IF;
	RETURN cleared.alert_id;
END $$;
COMMENT ON FUNCTION clear_alert(text, text, timestamptz) IS
'Clears the open alert of a kind and subject, with a NOTIFY on the channel bet_edge_alert (cleared_at is set then), and returns its number; NULL when none is open.';
