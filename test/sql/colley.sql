-- Colley's ratings: published ones, leagues apart, weights, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE hint text; BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' (' || nullif(hint, '') || ')', ''); END $$;
CREATE FUNCTION pg_temp.close(a float8[], b float8[], tolerance float8) RETURNS boolean LANGUAGE sql AS
$$ SELECT cardinality(a) = cardinality(b) AND bool_and(abs(x - y) <= tolerance) FROM unnest(a, b) u (x, y) $$;
-- five teams of the Atlantic Coast Conference in 2005 (Langville and Meyer 2012)
CREATE TEMP TABLE acc (home text, away text, home_score int, away_score int);
INSERT INTO acc VALUES ('Duke', 'Miami', 7, 52), ('Duke', 'UNC', 21, 24), ('Duke', 'UVA', 7, 38), ('Duke', 'VT', 0, 45), ('Miami', 'UNC', 34, 16),
	('Miami', 'UVA', 25, 17), ('Miami', 'VT', 27, 7), ('UNC', 'UVA', 7, 5), ('UNC', 'VT', 3, 30), ('UVA', 'VT', 14, 52);
SELECT 'published', (f).teams, pg_temp.close(ARRAY(SELECT 7 * r FROM unnest((f).ratings) r), '{1.5,5.5,3.5,2.5,4.5}', 1e-12), (f).matches
FROM (SELECT colley_ratings(home, away, home_score, away_score) f FROM acc) x;
SELECT 'margins do not matter', count(DISTINCT f::text) FROM (SELECT colley_ratings(home, away, home_score, away_score) f FROM acc UNION ALL
	SELECT colley_ratings(home, away, (home_score > away_score)::int, (home_score < away_score)::int) FROM acc) x;
SELECT 'one win', pg_temp.close((f).ratings, '{0.625,0.375}', 1e-15) FROM (SELECT colley_ratings('A', 'B', 1, 0) f) x;
SELECT 'a draw', (f).ratings FROM (SELECT colley_ratings('A', 'B', 1, 1) f) x;
SELECT 'leagues apart', (f).teams, pg_temp.close((f).ratings, '{0.625,0.375,0.625,0.375}', 1e-15) FROM (SELECT colley_ratings(h, a, 1, 0) f FROM (VALUES ('A', 'B'), ('C', 'D')) v (h, a)) x;
SELECT 'a weight of 3 is three matches', pg_temp.close((a).ratings, (b).ratings, 1e-14) FROM (SELECT colley_ratings(home, away, home_score, away_score, 3) a FROM acc) x,
	(SELECT colley_ratings(home, away, home_score, away_score) b FROM acc, generate_series(1, 3)) y;
SELECT 'light weights, even chances', pg_temp.close((f).ratings, array_fill(0.5::float8, ARRAY[5]), 1e-15) FROM (SELECT colley_ratings(home, away, home_score, away_score, 1e-300) f FROM acc) x;
SELECT 'NULL', colley_ratings(NULL, 'B', 1, 1) IS NULL;
SELECT pg_temp.refusal('SELECT colley_ratings(home, away, home_score, away_score, 1e300) FROM acc');
SELECT pg_temp.refusal('SELECT colley_ratings(''A'', ''A'', 1, 1)');
SELECT 'labels', proname, provolatile, proparallel FROM pg_proc WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'colley%' ORDER BY 2, pronargs;
