-- The margin of a book and fair probabilities without it: worked examples, what must hold for every book, what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
CREATE FUNCTION pg_temp.close(a float8[], b float8[], tolerance float8) RETURNS boolean LANGUAGE sql AS
$$ SELECT cardinality(a) = cardinality(b) AND bool_and(abs(x - y) <= tolerance) FROM unnest(a, b) u (x, y) $$;

SELECT 'margin', abs(overround('{1.33,4.8,8.5}') - 0.07786009140498304) < 1e-15, abs(hold('{1.33,4.8,8.5}') - 0.07223580502316675) < 1e-15;
SELECT 'no margin', overround('{2,2}') = 0, hold('{4,4,4,4}') = 0, 'arbitrage', overround('{2.1,2.1}') < 0, hold('{2.1,2.1}') < 0;

-- the same book by every method (reference values: penaltyblog, R implied, 40 digits)
SELECT m, pg_temp.close(remove_overround('{1.33,4.8,8.5}', m), p, 1e-13)
FROM (VALUES ('multiplicative', '{0.6975670638923558,0.19328420728684026,0.10914872882080391}'::float8[]),
	('additive', '{0.7259263354464592,0.18237996953167232,0.0916936950218684}'),
	('power', '{0.729588124939792,0.17654865429026714,0.09386322076994087}'),
	('shin', '{0.7185582841749564,0.18489489122057004,0.09654682460447356}'),
	('odds_ratio', '{0.7180851348240487,0.18113439774433152,0.10078046743161985}')) v (m, p);
SELECT 'default is shin', remove_overround('{1.33,4.8,8.5}') = remove_overround('{1.33,4.8,8.5}', 'shin');
SELECT 'second names', remove_overround(o, 'basic') = remove_overround(o, 'multiplicative'), remove_overround(o, 'wpo') = remove_overround(o, 'additive'),
	remove_overround(o, 'logarithmic') = remove_overround(o, 'odds_ratio') FROM (VALUES ('{1.5,4.4,7}'::float8[])) v (o);
SELECT 'two outcomes: shin is additive', pg_temp.close(remove_overround('{1.5,2.74}'), remove_overround('{1.5,2.74}', 'additive'), 1e-15);
SELECT 'no margin, no change', m, pg_temp.close(remove_overround('{3,1.5}', m), '{0.333333333333333333,0.666666666666666667}', 1e-15),
	pg_temp.close(remove_overround('{4,4,2}', m), '{0.25,0.25,0.5}', 1e-15)
FROM unnest('{shin,multiplicative,power,additive,odds_ratio}'::text[]) m;
SELECT 'below 1', m, pg_temp.close(remove_overround('{2.05,2.02}', m), p, 1e-12)
FROM (VALUES ('multiplicative', '{0.4963144963144963,0.5036855036855037}'::float8[]), ('additive', '{0.4963776865491427,0.5036223134508573}')) v (m, p);

-- Random books (a fixed seed): 2 to 40 outcomes, margins of 0 to 40 %, favourites of 1.02 to longshots of 10000.
CREATE TEMP TABLE book AS
SELECT id, m, o, remove_overround(o, m) p FROM (
	SELECT id, array_agg(greatest(s / (x * b), 1.001) ORDER BY k) o FROM (
		SELECT id, k, x, sum(x) OVER (PARTITION BY id) s, b FROM (
			SELECT id, k, exp(-6 * abs(sin(id * 12.9898 + k * 78.233))) x, 1 + 0.4 * abs(sin(id * 3.7)) b
			FROM generate_series(1, 400) id, generate_series(1, 2 + id % 39) k) a) b GROUP BY id) c,
	unnest('{shin,multiplicative,power,odds_ratio}'::text[]) m;
SELECT 'sum to 1', m, count(*), bool_and(abs((SELECT sum(x) FROM unnest(p) x) - 1) <= 1e-12), bool_and(0 < ALL (p) AND 1 > ALL (p)) FROM book GROUP BY m ORDER BY m;
SELECT 'keep the order', m, bool_and((SELECT bool_and(pa > pb) FROM unnest(o, p) a (oa, pa), unnest(o, p) b (ob, pb) WHERE oa < ob * (1 - 1e-12))) FROM book GROUP BY m ORDER BY m;
SELECT 'any order', m, bool_and(pg_temp.close(remove_overround(ARRAY(SELECT x FROM unnest(o) WITH ORDINALITY u (x, i) ORDER BY i DESC), m),
	ARRAY(SELECT x FROM unnest(p) WITH ORDINALITY u (x, i) ORDER BY i DESC), 1e-12)) FROM book GROUP BY m ORDER BY m;
SELECT 'longer odds, less probable', m, bool_and((remove_overround(o[1] * 1.02 || o[2:], m))[1] < p[1]) FROM book WHERE overround(o) > 0.03 GROUP BY m ORDER BY m;
SELECT 'equal odds, equal parts', m, bool_and(pg_temp.close(remove_overround(array_fill(n * 0.93::float8, ARRAY[n]), m), array_fill(1.0::float8 / n, ARRAY[n]), 1e-13))
FROM unnest('{shin,multiplicative,power,additive,odds_ratio}'::text[]) m, generate_series(2, 40) n GROUP BY m ORDER BY m;
-- Against the favourite-longshot bias, shin, power and odds_ratio take more from longshots than multiplicative does.
SELECT 'favourites gain', m, bool_and((SELECT max(x) FROM unnest(p) x) >= 1 / ((SELECT min(x) FROM unnest(o) x) * (1 + overround(o))) - 1e-12)
FROM book WHERE m <> 'multiplicative' GROUP BY m ORDER BY m;

-- corners: certainties, no chance, nearly no margin, the most outcomes, lower bounds other than 1
SELECT 'corners', m, bool_and(abs((SELECT sum(x) FROM unnest(remove_overround(o::float8[], m)) x) - 1) <= 1e-12)
FROM unnest('{shin,multiplicative,power,odds_ratio}'::text[]) m,
	(VALUES ('{1.000000001,1000000}'), ('{1.000000001,1.000000001}'), ('{1.000000001,1000000,1000000}'), ('{1.000000001,1.000000001,1.000000001}'),
	('{1000000,1.0000005}'), ('{2,2.0000000001}'), ('{1.999999,2,1e9}'), ('{1.0000001,1.5,1e12}'), ('[0:1]={1.9,1.9}')) v (o)
WHERE overround(o::float8[]) >= 0 OR m <> 'shin' GROUP BY m ORDER BY m;
SELECT 'most outcomes', abs((SELECT sum(x) FROM unnest(remove_overround(array_agg(2 + 3 * n::float8))) x) - 1) <= 1e-12 FROM generate_series(0, 999) n;
SELECT 'NULL', remove_overround(NULL) IS NULL, remove_overround('{2,2}', NULL) IS NULL, overround(NULL) IS NULL, hold(NULL) IS NULL;

-- refused
SELECT o, pg_temp.refusal(format('SELECT remove_overround(%L)', o)), pg_temp.refusal(format('SELECT overround(%L)', o)) = pg_temp.refusal(format('SELECT hold(%L)', o))
FROM unnest(ARRAY['{}', '{2}', '{1,5}', '{2,0.967}', '{2,0}', '{-2,2}', '{NaN,3}', '{3,Infinity}', '{3,-Infinity}', '{2,NULL}', '{{2,2},{2,2}}', '{2.1,2.1}', '{3,3.1,3.2}']) o;
SELECT m, pg_temp.refusal(format('SELECT remove_overround(''{2,2}'', %L)', m)) FROM unnest('{jsd,balanced_book,goto,proportional,Shin,""}'::text[]) m;
SELECT pg_temp.refusal('SELECT remove_overround(array_fill(1100::float8, ARRAY[1001]))');
\set VERBOSITY default
SELECT remove_overround('{1.05,11,101,101}', 'additive');
SELECT remove_overround('{1.9,1.9}', 'nonsense');
SELECT remove_overround('{2.1,2.1}');

SELECT 'labels', proname, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname IN ('overround', 'hold', 'remove_overround') ORDER BY 2;
