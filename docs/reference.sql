-- Writes docs/reference.md from the catalog: psql -d DATABASE_WITH_BET_EDGE -v parts="…" -f docs/reference.sql
-- parts: lines "name stage/subject" from the install script's parts (make reference passes them), so that
-- every object stands under the page of its subject.
\pset format unaligned
\pset tuples_only on
\pset footer off
SET search_path = bet_edge, pg_catalog;

CREATE TEMP TABLE part AS
	SELECT DISTINCT ON (name) split_part(line, ' ', 1) AS name, split_part(line, ' ', 2) AS file, n
	FROM regexp_split_to_table(:'parts', E'\n') WITH ORDINALITY AS x(line, n), LATERAL split_part(line, ' ', 1) AS name
	WHERE line <> '' ORDER BY name, n;

CREATE FUNCTION pg_temp.first_sentence(comment text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(replace(coalesce(substring(line FROM '^(.*?[.])(?:\s|$)'), line), '|', '\|'), '<', '&lt;')
	FROM split_part(comment, E'\n', 1) AS line
$$;
-- Types by the names that people write, and no casts on defaults.
CREATE FUNCTION pg_temp.plain(arguments text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(replace(replace(replace(arguments, 'double precision', 'float8'), 'timestamp with time zone', 'timestamptz'), 'integer', 'int'),
		'(DEFAULT (?:NULL|''[^'']*''))::[a-z0-9_\[\]]+( \w+)?', '\1', 'g')
$$;

CREATE TEMP TABLE object AS
	WITH member AS (
		SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
		WHERE e.extname = 'bet_edge' AND d.deptype = 'e'),
	support AS (
		SELECT unnest(ARRAY[aggtransfn, aggcombinefn, aggfinalfn, aggserialfn, aggdeserialfn]::oid[]) AS oid
		FROM member JOIN pg_aggregate ON classid = 'pg_proc'::regclass AND aggfnoid = objid
		UNION SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze]::oid[])
		FROM member JOIN pg_type AS t ON classid = 'pg_type'::regclass AND t.oid = objid)
	SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, p.proname::text AS name,
		
		regexp_replace(pg_get_function_arguments(p.oid), '(, |^)OUT [^,]+', '', 'g') AS arguments,
		coalesce((SELECT 'row(' || string_agg(name || ' ' || format_type(type, NULL), ', ' ORDER BY n) || ')'
			FROM unnest(p.proargnames, p.proallargtypes, p.proargmodes) WITH ORDINALITY AS a(name, type, mode, n)
			WHERE mode = 'o' HAVING count(*) > 1), pg_get_function_result(p.oid)) AS result, obj_description(p.oid, 'pg_proc') AS comment
	FROM member JOIN pg_proc AS p ON classid = 'pg_proc'::regclass AND p.oid = objid
	WHERE p.oid NOT IN (SELECT oid FROM support WHERE oid <> 0) AND p.prorettype <> 'trigger'::regtype
	UNION ALL
	SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname, NULL,
		(SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), obj_description(c.oid, 'pg_class')
	FROM member JOIN pg_class AS c ON classid = 'pg_class'::regclass AND c.oid = objid WHERE c.relkind IN ('r', 'p', 'v', 'm')
	UNION ALL
	SELECT 'type', t.typname, NULL,
		(SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0), obj_description(t.oid, 'pg_type')
	FROM member JOIN pg_type AS t ON classid = 'pg_type'::regclass AND t.oid = objid WHERE t.typcategory <> 'A';

CREATE TEMP TABLE line AS
	SELECT coalesce(split_part(part.file, '/', 1), 'other') AS stage, split_part(part.file, '/', 2) AS subject, kind, name, arguments,
		format('| `%s` | %s | %s |', name || CASE WHEN arguments IS NULL THEN '' ELSE '(' || pg_temp.plain(arguments) || ')' END,
			CASE WHEN kind IN ('table', 'view', 'type') THEN kind || coalesce(': ' || result, '')
				ELSE CASE kind WHEN 'aggregate' THEN 'aggregate, ' WHEN 'procedure' THEN 'procedure' ELSE '' END
					|| coalesce('`' || pg_temp.plain(result) || '`', '') END,
			pg_temp.first_sentence(comment)) AS text
	FROM object LEFT JOIN part USING (name);

SELECT E'# Reference\n\nMade from the catalog by `make reference`; not written by hand. The first sentence of every COMMENT;\n`\\df+ bet_edge.*` and `\\dt+ bet_edge.*` in psql show the whole. Support functions of aggregates and types are left out.';
SELECT CASE WHEN row_number() OVER (PARTITION BY stage, subject ORDER BY name COLLATE "C", kind, arguments) = 1 THEN
		CASE WHEN subject = min(subject) OVER (PARTITION BY stage) THEN format(E'\n## %s\n', stage) ELSE '' END
		|| format(E'\n### %s\n\n| name | gives | what |\n|---|---|---|\n', subject) ELSE '' END || text
FROM line
ORDER BY array_position(ARRAY['math', 'collect', 'know', 'learn', 'decide', 'account', 'adapt', 'live', 'operate'], stage), subject COLLATE "C",
	name COLLATE "C", kind, arguments COLLATE "C";
