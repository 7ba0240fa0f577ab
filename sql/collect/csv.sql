-- csv: files as values. COPY wants a file and rows of equal length; feeds deliver neither.

CREATE FUNCTION csv_rows(body text)
RETURNS TABLE (line_no int, fields text[], raw text)
	AS 'MODULE_PATHNAME', 'bet_edge_csv_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 400;
COMMENT ON FUNCTION csv_rows(text) IS
'The records of a CSV text (RFC 4180): where each begins (lines counted from 1), its fields, and the record as received without its line end. Lines end in LF, CRLF or CR; quoted fields may hold commas, doubled quotes and line ends; rows may differ in length; empty lines are skipped but counted; the header is a record like the others. Refuses a quote that is never closed, naming its line (22P04).';

CREATE FUNCTION decode_text(body bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'bet_edge_decode_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION decode_text(bytea) IS
'A file''s bytes as text: without a UTF-8 byte-order mark; UTF-8 when all of it is valid UTF-8, else Windows-1252, which is Latin-1 with more quotes and dashes, or Latin-1 itself where a byte is none of that. Refuses a zero byte (22021).';

CREATE FUNCTION cell(fields text[], place int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(btrim(fields[place], E' \t\r\n' || chr(160)), '');
COMMENT ON FUNCTION cell(text[], int) IS
'A field of csv_rows() without the white space around it (no-break spaces included); NULL when empty, missing in a short row, or when place is NULL.';

CREATE FUNCTION iso_day(day text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN day ~ '^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'
	AND right(day, 2)::int <= extract(day FROM make_date(left(day, 4)::int, substr(day, 6, 2)::int, 1) + interval '1 month' - interval '1 day')
	THEN make_date(left(day, 4)::int, substr(day, 6, 2)::int, 1) + (right(day, 2)::int - 1) END;
COMMENT ON FUNCTION iso_day(text) IS 'A date written yyyy-mm-dd; NULL when it is not one.';

CREATE FUNCTION utc_time(moment text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN moment ~ '^\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[-+](0\d|1[0-4]):?[0-5]\d)?$' AND iso_day(left(moment, 10)) IS NOT NULL
	THEN (iso_day(left(moment, 10)) + make_time(substr(moment, 12, 2)::int, substr(moment, 15, 2)::int, coalesce(substring(moment FROM '^.{16}:(\d\d(?:\.\d+)?)')::float8, 0))
		- CASE WHEN moment ~ '[-+]\d\d:?\d\d$' THEN (substring(moment FROM '([-+])\d\d:?\d\d$') || '1')::int
			* make_interval(hours => substring(moment FROM '[-+](\d\d):?\d\d$')::int, mins => right(moment, 2)::int) ELSE '0' END) AT TIME ZONE 'UTC' END;
COMMENT ON FUNCTION utc_time(text) IS
'A time as feeds write it, yyyy-mm-ddThh:mm with or without seconds, their fractions and a zone (Z, +hh:mm); without a zone it is UTC. NULL when it is not one.';

CREATE FUNCTION whole_number(digits text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(digits FROM '^\s*(-?\d{1,9})\s*$')::int;
COMMENT ON FUNCTION whole_number(text) IS 'A whole number of up to nine digits that a feed wrote as a string or a number; NULL when it is not one.';

CREATE FUNCTION decimal_number(digits text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(digits FROM '^\s*([-+]?\d{1,9}(?:\.\d{1,30})?)\s*$')::float8;
COMMENT ON FUNCTION decimal_number(text) IS 'A number of up to nine digits before its point that a feed wrote as a string or a number; NULL when it is not one.';

-- Not STRICT, so that it is planned as a part of the statement.
CREATE FUNCTION json_list(list jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(list) = 'array' THEN CASE WHEN list @? 'strict $[*] ? (@.type() != "object")' THEN jsonb_path_query_array(list, 'strict $[*] ? (@.type() == "object")') ELSE list END END;
COMMENT ON FUNCTION json_list(jsonb) IS 'A list of a feed as one of objects alone, for jsonb_array_elements() and jsonb_to_recordset(), which refuse what is not; NULL when it is no list. One null in the middle of an answer costs nothing beside it.';
