-- Markov's ratings: some by hand, votes by margin, a prior, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE hint text; BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' (' || nullif(hint, '') || ')', ''); END $$;
CREATE FUNCTION pg_temp.close(a float8[], b float8[], tolerance float8) RETURNS boolean LANGUAGE sql AS
$$ SELECT cardinality(a) = cardinality(b) AND bool_and(abs(x - y) <= tolerance) FROM unnest(a, b) u (x, y) $$;
-- five teams of the Atlantic Coast Conference in 2005
CREATE TEMP TABLE acc (home text, away text, home_score int, away_score int);
INSERT INTO acc VALUES ('Duke', 'Miami', 7, 52), ('Duke', 'UNC', 21, 24), ('Duke', 'UVA', 7, 38), ('Duke', 'VT', 0, 45), ('Miami', 'UNC', 34, 16),
	('Miami', 'UVA', 25, 17), ('Miami', 'VT', 27, 7), ('UNC', 'UVA', 7, 5), ('UNC', 'VT', 3, 30), ('UVA', 'VT', 14, 52);
-- by hand: Miami's votes go to all alike, so D = M/5, V = D/4 + M/5, U = V + V/3, T = U + U/2, M = T + T: in 137ths
SELECT 'by hand', (f).teams, (f).matches, pg_temp.close(ARRAY(SELECT 137 * r FROM unnest((f).ratings) r), '{12,60,20,15,30}', 1e-12) FROM (SELECT markov_ratings(home, away, home_score, away_score) f FROM acc) x;
SELECT 'margins do not matter', count(DISTINCT f::text) FROM (SELECT markov_ratings(home, away, home_score, away_score) f FROM acc UNION ALL
	SELECT markov_ratings(home, away, (home_score > away_score)::int, (home_score < away_score)::int) FROM acc) x;
-- A lost to B by 3 and to C by 1, B to A by 2, C to A by 4: A's votes are 3/4 and 1/4
SELECT 'but as weights they do', pg_temp.close((f).ratings, '{0.5,0.375,0.125}', 1e-15) FROM (SELECT markov_ratings(h, a, x, y, abs(x - y)) f
	FROM (VALUES ('A', 'B', 0, 3), ('C', 'A', 2, 1), ('B', 'A', 5, 7), ('A', 'C', 4, 0)) v (h, a, x, y)) x;
SELECT 'one win', pg_temp.close((f).ratings, '{0.6666666666666666,0.3333333333333333}', 1e-15) FROM (SELECT markov_ratings('A', 'B', 1, 0) f) x;
SELECT 'a draw', (f).ratings FROM (SELECT markov_ratings('A', 'B', 1, 1) f) x;
SELECT 'nobody comes back', (f).teams, (f).ratings FROM (SELECT markov_ratings(h, a, x, y) f FROM (VALUES ('A', 'B', 1, 0), ('B', 'A', 1, 0), ('A', 'C', 1, 0)) v (h, a, x, y)) x;
SELECT 'all weights alike', pg_temp.close((a).ratings, (b).ratings, 1e-15) FROM (SELECT markov_ratings(home, away, home_score, away_score, 1e-300) a FROM acc) x,
	(SELECT markov_ratings(home, away, home_score, away_score) b FROM acc) y;
SELECT 'a prior is votes for all', pg_temp.close((f).ratings, '{0.6,0.4}', 1e-15) FROM (SELECT markov_ratings('A', 'B', 1, 0, 1.0, 1.0) f) x;
SELECT 'and counts as weights do', pg_temp.close((a).ratings, (b).ratings, 1e-15) FROM (SELECT markov_ratings(home, away, home_score, away_score, 7, 3.5) a FROM acc) x,
	(SELECT markov_ratings(home, away, home_score, away_score, 1, 0.5) b FROM acc) y;
SELECT 'leagues apart', pg_temp.close((f).ratings, (f).ratings[1:2] || (f).ratings[1:2], 1e-15), (f).ratings[1] > (f).ratings[2] FROM (SELECT markov_ratings(h, a, 1, 0, 1.0, 0.1) f FROM (VALUES ('A', 'B'), ('C', 'D')) v (h, a)) x;
SELECT 'NULL', markov_ratings(NULL, 'B', 1, 1) IS NULL, markov_ratings('A', 'B', 1, 1, 0) IS NULL;
SELECT pg_temp.refusal('SELECT markov_ratings(h, a, x, y) FROM (VALUES (''A'', ''B'', 1, 1), (''C'', ''D'', 2, 2)) v (h, a, x, y)');
SELECT pg_temp.refusal('SELECT markov_ratings(home, away, home_score, away_score, 1e-300, 1e300) FROM acc');
SELECT pg_temp.refusal('SELECT markov_ratings(home, away, home_score, away_score, 1, -1) FROM acc');
SELECT pg_temp.refusal('SELECT markov_ratings(home, away, home_score, away_score, 1, ''NaN'') FROM acc');
SELECT pg_temp.refusal('SELECT markov_ratings(home, away, home_score, away_score, 1, home_score) FROM acc');
SELECT pg_temp.refusal('SELECT markov_ratings(''A'', ''A'', 1, 1)');
SELECT pg_temp.refusal('SELECT markov_ratings(''T'' || i, ''T0'', 1, 0) FROM generate_series(1, 2000) i');
SELECT 'labels', proname, provolatile, proparallel FROM pg_proc WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'markov%' ORDER BY 2, pronargs;
