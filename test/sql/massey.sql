-- Massey's ratings: published ones, home advantage, the split of points, and what is refused.
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
CREATE TEMP TABLE fit AS SELECT massey_ratings(home, away, home_score, away_score) AS f FROM acc;
SELECT 'published', (f).teams, pg_temp.close((f).ratings, '{-24.8,18.2,-8,-3.4,18}', 1e-13), (f).home_advantage, (f).matches FROM fit;
SELECT 'split', pg_temp.close(ARRAY(SELECT o + d FROM unnest((f).offence, (f).defence) u (o, d)), (f).ratings, 1e-13) FROM fit;
SELECT 'points add up', team, abs(sum(points) - sum(expected)) < 1e-12 FROM fit, LATERAL (
	SELECT home AS team, home_score AS points, (f).offence[array_position((f).teams, home)] - (f).defence[array_position((f).teams, away)] AS expected FROM acc UNION ALL
	SELECT away, away_score, (f).offence[array_position((f).teams, away)] - (f).defence[array_position((f).teams, home)] FROM acc) x GROUP BY team ORDER BY team;
SELECT 'any order', count(DISTINCT f::text) FROM (SELECT massey_ratings(home, away, home_score, away_score ORDER BY md5(home || away || s)) f FROM acc, generate_series(1, 9) s GROUP BY s) x;
SELECT 'a weight of 2 is two rows, relative to the others', pg_temp.close((a).ratings, (b).ratings, 1e-12)
FROM (SELECT massey_ratings(home, away, home_score, away_score, CASE WHEN home = 'UNC' THEN 2e-200 ELSE 1e-200 END) a FROM acc) x,
	(SELECT massey_ratings(home, away, home_score, away_score) b FROM acc, generate_series(1, CASE WHEN home = 'UNC' THEN 2 ELSE 1 END)) y;
SELECT 'all neutral is without home advantage', (massey_ratings(home, away, home_score, away_score, 1, true))::text = (SELECT f::text FROM fit) FROM acc;
-- margins that ratings and 3 points at home make exactly
SELECT 'home advantage', abs((m).home_advantage - 3) < 1e-12, pg_temp.close((m).ratings, '{-2,-1,1,2}', 1e-12), abs(massey_margin(m, 'c', 'a') - 6) < 1e-12, abs(massey_margin(m, 'c', 'a', true) - 3) < 1e-12
FROM (SELECT massey_ratings(h, a, 20 + r - q + CASE WHEN n THEN 0 ELSE 3 END, 20, 1, n) m
	FROM (VALUES ('a', -2), ('b', -1), ('c', 1), ('d', 2)) x (h, r), (VALUES ('a', -2), ('b', -1), ('c', 1), ('d', 2)) y (a, q), (VALUES (true), (false)) z (n) WHERE h <> a) v;
SELECT 'two teams: a rating, no split', (m).ratings, (m).offence IS NULL, (m).defence IS NULL FROM (SELECT massey_ratings('A', 'B', 3, 1) m) x;
SELECT 'NULL', massey_ratings(NULL, 'B', 1, 1) IS NULL, massey_margin(NULL, 'A', 'B') IS NULL;
SELECT pg_temp.refusal('SELECT massey_ratings(h, a, 1, 1) FROM (VALUES (''A'', ''B''), (''C'', ''D'')) v (h, a)');
SELECT pg_temp.refusal('SELECT massey_ratings(h, a, 1, 1, 1, false) FROM (VALUES (''A'', ''B''), (''B'', ''C'')) v (h, a)');
SELECT pg_temp.refusal(format('SELECT massey_margin(f, %L, %L) FROM fit', h, a)) FROM (VALUES ('Duke', 'Yale'), ('Duke', 'Duke')) v (h, a);
SELECT pg_temp.refusal(format('SELECT massey_margin(%L::massey_ratings, ''A'', ''B'')', f)) FROM unnest(ARRAY['("{A,B}",,,,0,1)', '("{A,B}","{1}",,,0,1)', '("{A,B}","{1,NaN}",,,0,1)',
	'("{A,B}","{1e308,-1e308}",,,0,1)', '("{A,B}","{1,2}",,,,1)', '("{A,B}","{1,2}",,,0,1)']) f;
SELECT 'labels', proname, provolatile, proparallel FROM pg_proc WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'massey%' ORDER BY 2, pronargs;
