-- Sets of matches: what all aggregates over matches take, leave out and refuse, and that order is nothing to them.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE hint text; BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' (' || nullif(hint, '') || ')', ''); END $$;
-- a fit of (home, away, home score, away score, weight, neutral) rows, written as VALUES
CREATE FUNCTION pg_temp.of(rows text, args text DEFAULT 'h, a, x, y') RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.refusal(format('SELECT dixon_coles_fit(%s) FROM (VALUES %s) AS v (h, a, x, y, w, n)', args, rows)) $$;

CREATE TEMP TABLE game AS
SELECT n, 'team ' || h AS home, 'team ' || (h + 1 + (n / 7) % 5) % 6 AS away, (1.5 + 2 * sin(n * 3.7))::int % 4 + (n % 2) AS home_score,
	(1.4 + 1.4 * sin(n * 2.3))::int AS away_score, 0.5 + (n % 10) / 10.0 AS weight, n % 5 = 0 AS neutral
FROM (SELECT n, n % 6 AS h FROM generate_series(1, 150) n) x;

-- rows in any order, and parts merged in any order, give the same digits
SELECT 'any order', count(DISTINCT f::text) FROM (
	SELECT dixon_coles_fit(home, away, home_score, away_score, weight, neutral ORDER BY n) f FROM game UNION ALL
	SELECT dixon_coles_fit(home, away, home_score, away_score, weight, neutral ORDER BY n DESC) FROM game UNION ALL
	SELECT dixon_coles_fit(home, away, home_score, away_score, weight, neutral ORDER BY md5(n::text)) FROM game) x;
SELECT 'teams by name', (dixon_coles_fit(home, away, home_score, away_score ORDER BY md5(n::text))).teams FROM game;
SELECT 'byte order, whatever the collation', (dixon_coles_fit(h, a, 1, 1, 1, false, 1)).teams
FROM (VALUES ('b', 'B'), ('Ä', 'a'), ('', 'Z'), ('a ', 'a')) v (h, a);
SELECT 'left out: NULLs and weights of 0', a::text = b::text, (b).matches FROM
	(SELECT dixon_coles_fit(home, away, home_score, away_score, weight, neutral) a FROM game) x,
	(SELECT dixon_coles_fit(home, away, home_score, away_score, weight, neutral) b FROM (
		SELECT home, away, home_score, away_score, weight, neutral FROM game UNION ALL
		SELECT * FROM (VALUES (NULL, 'x', 1, 1, 1, false), ('x', NULL, 1, 1, 1, false), ('x', 'y', NULL, 1, 1, false), ('x', 'y', 1, NULL, 1, false),
			('x', 'y', 1, 1, NULL, false), ('x', 'y', 1, 1, 1, NULL), ('x', 'y', 9, 0, 0, false)) v) u) y;
SELECT 'nothing', dixon_coles_fit(home, away, home_score, away_score) IS NULL FROM game WHERE false;
SELECT 'weights of 0 alone', dixon_coles_fit(home, away, home_score, away_score, 0) IS NULL FROM game;
SELECT 'a thousand teams are named', cardinality((dixon_coles_fit('t' || n % 90, 't' || (n * 7 + 1) % 90, n % 3, n % 2, 1, false, 1)).teams) FROM generate_series(1, 900) n WHERE n % 90 <> (n * 7 + 1) % 90;

-- refused: by name
SELECT pg_temp.of('(''A'', ''A'', 1, 1, 1, false)');
SELECT pg_temp.of('(''A'', ''B'', -1, 1, 1, false)');
SELECT pg_temp.of('(''A'', ''B'', 1, -2147483648, 1, false)');
SELECT pg_temp.of('(''A'', ''B'', 1, 10001, 1, false)');
SELECT pg_temp.of(format('(''A'', ''B'', 1, 1, %L::float8, false)', w), 'h, a, x, y, w') FROM unnest('{-1,NaN,Infinity}'::text[]) w;
SELECT pg_temp.of('(''A'', ''B'', 1, 1, 1, false)', format('h, a, x, y, w, n, %L', p)) FROM unnest('{-1,NaN,Infinity}'::text[]) p;
SELECT pg_temp.of('(''A'', ''B'', 1, 1, 1::float8, false), (''A'', ''B'', 1, 1, 2, false)', 'h, a, x, y, 1, n, w');
SELECT pg_temp.of('(''A'', ''B'', 1, 1, 1, false), (''C'', ''D'', 1, 1, 1, false)');
SELECT pg_temp.of('(''A'', ''B'', 2, 1, 1, false), (''B'', ''A'', 1, 1, 1, false)');
SELECT pg_temp.of('(''A'', ''B'', 2, 1, 1, false), (''B'', ''C'', 1, 0, 1, false), (''C'', ''A'', 0, 3, 1, false), (''C'', ''B'', 0, 2, 1, false), (''A'', ''C'', 1, 0, 1, false)');
SELECT pg_temp.of('(''A'', ''C'', 1, 1, 1, false), (''C'', ''A'', 1, 2, 1, false), (''A'', ''D'', 1, 1, 1, false), (''B'', ''C'', 2, 1, 1, false), (''B'', ''D'', 1, 1, 1, false), (''D'', ''B'', 3, 1, 1, false), (''A'', ''B'', 0, 0, 1, false)');
SELECT pg_temp.of('(''A'', ''B'', 0, 1, 1, false), (''B'', ''C'', 0, 1, 1, false), (''C'', ''A'', 0, 1, 1, false)', 'h, a, x, y, w, n, 1.5');
SELECT pg_temp.of('(''A'', ''B'', 1, 1, 1, false)', 'h, a, x, y, 1e-300, n, 1e300');
SELECT pg_temp.refusal('SELECT dixon_coles_fit(''t'' || n, ''t'' || n + 1, 1, 1) FROM generate_series(1, 1000) n');
