-- payload: what a feed delivered, byte for byte; everything below it can be rebuilt from here.

CREATE TABLE inbox (
	feed        text NOT NULL,
	name        text NOT NULL,
	body        bytea NOT NULL,
	received_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE inbox IS 'Staging: COPY files here (one row a file), then CALL ingest(). A row leaves when its payload is stored.';
COMMENT ON COLUMN inbox.feed IS 'One of loadable_feeds().';
COMMENT ON COLUMN inbox.name IS 'File name or address, for the report.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.inbox', '');

CREATE TABLE payload (
	payload_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	feed        text NOT NULL,
	name        text NOT NULL,
	sha256      text NOT NULL,
	body        bytea,
	received_at timestamptz NOT NULL,
	loaded_at   timestamptz,
	rows_read   int,
	rows_blank  int,
	same_as     bigint REFERENCES payload,
	CHECK ((body IS NULL) = (same_as IS NOT NULL))
);
COMMENT ON TABLE payload IS 'Raw payloads, kept until retention says otherwise: replay() rebuilds every collected table from them. Bytes that come again are kept once; a row more says when they counted again: after the address had said something else, or as a poll that confirms the one before.';
COMMENT ON COLUMN payload.body IS 'NULL: that of same_as; see payload_body().';
COMMENT ON COLUMN payload.same_as IS 'The payload with these bytes that came first, which also has their rejects; NULL: this one.';
COMMENT ON COLUMN payload.received_at IS 'When the bytes reached us; becomes recorded_at of every fact in them, and known_at of every correction.';
COMMENT ON COLUMN payload.payload_id IS 'In the order of loading, which replay() follows.';
COMMENT ON COLUMN payload.rows_read IS 'Data rows in the payload, blank ones left out.';
COMMENT ON COLUMN payload.rows_blank IS 'Rows of nothing but commas, which are skipped.';
CREATE UNIQUE INDEX payload_bytes ON payload (feed, sha256) WHERE same_as IS NULL;
CREATE INDEX payload_name ON payload (feed, md5(name), received_at);
CREATE INDEX payload_same ON payload (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX payload_received ON payload (received_at);
CREATE INDEX payload_unloaded ON payload (feed) WHERE loaded_at IS NULL;
-- pglz takes six times as long, which is more than a poll without news costs otherwise.
DO $$ BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
		ALTER TABLE payload ALTER COLUMN body SET COMPRESSION lz4;
	END IF;
END $$;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.payload', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.payload_payload_id_seq', '');

CREATE TABLE reject (
	reject_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	payload_id bigint NOT NULL REFERENCES payload ON DELETE CASCADE,
	line_no    int,
	reason     text NOT NULL,
	detail     text NOT NULL,
	raw        text,
	sport      text,
	unknown    text[]
);
COMMENT ON TABLE reject IS 'What stayed out of the tables, whole, and why. Rows of a payload are written anew whenever it is replayed.';
COMMENT ON COLUMN reject.reason IS 'A code to group by: bad_file, parse_error, unknown_sport, unknown_team, unknown_venue, same_team, duplicate_row, short_row, long_row, bad_date, bad_value, bad_score, contradicts_feed, exhibition, unknown_game, rare_name stand for a whole row; unknown_book, bad_market, bad_odds, bad_line, incomplete_market, implied_sum_below_1, overround_above_limit for one book''s market in a row.';
COMMENT ON COLUMN reject.detail IS 'The reason in words with the offending value.';
COMMENT ON COLUMN reject.raw IS 'The line as received.';
COMMENT ON COLUMN reject.unknown IS 'Names of teams that alias does not know, for register_names(); NULL for other reasons.';
CREATE INDEX reject_payload ON reject (payload_id);
CREATE INDEX reject_reason ON reject (reason);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.reject', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.reject_reject_id_seq', '');

CREATE FUNCTION loadable_feeds() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(substr(p.proname, 6) ORDER BY p.proname COLLATE "C") FROM pg_catalog.pg_proc AS p
	WHERE p.proname ~ '^load_' AND p.pronargs = 1 AND p.proargtypes[0] = 'bigint'::pg_catalog.regtype
	  AND p.proallargtypes IS NOT NULL AND p.proname <> 'load_stored_payload'
	  AND p.pronamespace = (SELECT r.pronamespace FROM pg_catalog.pg_proc AS r WHERE r.oid = 'stable_id'::pg_catalog.regproc);
END;
COMMENT ON FUNCTION loadable_feeds() IS
'The feeds whose payloads load_payload() and ingest() can load: a feed is loadable once there is a function load_<feed>(payload_id bigint) that returns rows_read, games, quotes and rejects.';

CREATE FUNCTION confirming_feeds() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{balldontlie_injuries,draftkings,espn_injuries,pinnacle,sleeper_players,the_odds_api}'::text[];
COMMENT ON FUNCTION confirming_feeds() IS
'The feeds whose answer is what stands at that moment, prices or injuries: the same answer again says that all of it still does, and is loaded again. Of other feeds it says nothing.';

CREATE FUNCTION payload_body(payload_id bigint, feed text) RETURNS bytea
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(p.body, o.body) FROM payload AS p LEFT JOIN payload AS o ON o.payload_id = p.same_as
	WHERE p.payload_id = payload_body.payload_id AND p.feed = payload_body.feed;
END;
COMMENT ON FUNCTION payload_body(bigint, text) IS 'The bytes of a stored payload, wherever they are kept; NULL: no such payload of that feed.';

CREATE FUNCTION json_payload(payload_id bigint, feed text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	body CONSTANT bytea := payload_body(payload_id, feed);
BEGIN
	IF body IS NULL THEN
		RAISE EXCEPTION 'payload % is not there or not of feed %', payload_id, feed USING ERRCODE = 'no_data_found';
	END IF;
	RETURN decode_text(body)::jsonb;
EXCEPTION WHEN invalid_text_representation OR untranslatable_character OR numeric_value_out_of_range THEN
	BEGIN
		-- \u0000 and half of a surrogate pair are characters that no text has: one of them is not the end of all.
		RETURN regexp_replace(decode_text(body), '(?<!\\)((?:\\\\)*)(?:\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})', '\1\\ufffd', 'g')::jsonb;
	EXCEPTION WHEN invalid_text_representation OR untranslatable_character OR numeric_value_out_of_range THEN
		RAISE EXCEPTION 'payload % is not JSON: it begins %', payload_id, quote_literal(left(decode_text(body), 40)) USING ERRCODE = 'bad_copy_file_format';
	END;
END $$;
COMMENT ON FUNCTION json_payload(bigint, text) IS
'A stored JSON payload as its loader reads it; an escaped character that no text has (\u0000, half of a surrogate pair) is U+FFFD. What is not JSON (a gateway''s HTML, a body cut short) is refused (22P04) and becomes a reject, bad_file; no such payload of that feed: P0002.';

CREATE FUNCTION csv_payload(payload_id bigint, feed text, OUT body text, OUT header_line int, OUT names text[])
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	body := decode_text(payload_body(payload_id, feed));
	IF body IS NULL THEN
		RAISE EXCEPTION 'payload % is not there or not of feed %', payload_id, feed USING ERRCODE = 'no_data_found';
	END IF;
	SELECT r.line_no, (SELECT array_agg(cell(r.fields, i) ORDER BY i) FROM generate_subscripts(r.fields, 1) AS i)
	INTO header_line, names FROM csv_rows(body) AS r LIMIT 1;
END $$;
COMMENT ON FUNCTION csv_payload(bigint, text) IS
'A stored CSV file as its loader reads it: the text, the line of its header and the names there in order, both NULL for an empty file. No such payload of that feed: P0002.';
