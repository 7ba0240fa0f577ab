-- CSV as values: records, lines, encodings; what is refused.
SET search_path = bet_edge;
\pset format unaligned
\pset tuples_only

SELECT line_no, cardinality(fields) AS n, fields, raw = split_part(E'a,b\n1,2', E'\n', line_no) FROM csv_rows(E'a,b\n1,2');
SELECT line_no, to_json(fields), to_json(raw) FROM csv_rows(E'a,"b,c",""\r\n\n"d""e","f\ng"\r1\n,,\n5" nails,"x"y');
SELECT 'nothing', count(*) FROM csv_rows('') UNION ALL SELECT 'line ends alone', count(*) FROM csv_rows(E'\n\r\n\r');
SELECT 'wide', cardinality(fields), fields[5000] FROM csv_rows(repeat('x,', 4999) || 'last');
SELECT 'long', count(*), sum(length(fields[2])) FROM csv_rows(repeat(E'1,"two\n"\n', 20000));
SELECT 'in a join', count(*) FROM (VALUES (E'a\nb'), (E'c,d')) AS v (t), csv_rows(t);
SELECT 'NULL', count(*) FROM csv_rows(NULL);

SELECT 'cell', to_json(cell(ARRAY[' a ', '  ', chr(160) || 'b' || chr(160), ''], i)) FROM generate_series(0, 5) AS i;
SELECT 'no place', cell('{a}', NULL) IS NULL;

SELECT 'UTF-8', decode_text('\xc3bc') = 'ü', 'mark', decode_text('\xefbbbf61') = 'a', 'only the first', length(decode_text('\xefbbbfefbbbf61'));
SELECT 'Latin-1', decode_text('\x61a0fc') = 'a' || chr(160) || 'ü', 'overlong is not UTF-8', length(decode_text('\xc080')), 'empty', decode_text('') = '';
SELECT 'Windows-1252', decode_text('\x4b696e679273') = 'King’s', 'what it has not is Latin-1', decode_text('\x8192') = chr(129) || chr(146);

-- refused
SELECT * FROM csv_rows(E'a,b\n1,"2\n3');
SELECT decode_text('\x610062');

SELECT 'labels', proname, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname IN ('csv_rows', 'decode_text', 'cell') ORDER BY 2;
