-- The margin of a book and fair probabilities without it: worked examples, what must hold for every book, what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
CREATE FUNCTION pg_temp.close(a float8[], b float8[], tolerance float8) RETURNS boolean LANGUAGE sql AS
$$ SELECT cardinality(a) = cardinality(b) AND bool_and(abs(x - y) <= tolerance) FROM unnest(a, b) u (x, y) $$;

SELECT 'margin', abs(overround('{1.33,4.8,8.5}') - 0.07786009140498304) < 1e-15, abs(hold('{1.33,4.8,8.5}') - 0.07223580502316675) < 1e-15;
SELECT 'payout', abs(payout('{1.33,4.8,8.5}') - 0.9277641949768333) < 1e-15, payout('{2.1,2.1}') > 1, bool_and(abs(payout(o, t) + hold(o, t) - 1) < 1e-15)
FROM (VALUES ('{1.33,4.8,8.5}'::float8[], 1), ('{1.2,1.5,2,3}', 2), ('{2.1,2.1}', 1)) v (o, t);
SELECT 'several winners', abs(overround('{1.2,1.5,2,3}', 2) - 1.0 / 6) < 1e-15, abs(hold('{1.2,1.5,2,3}', 2) - 1.0 / 7) < 1e-15;
SELECT 'no margin', overround('{2,2}') = 0, hold('{4,4,4,4}') = 0, 'arbitrage', overround('{2.1,2.1}') < 0, hold('{2.1,2.1}') < 0;

-- the same book by every method (reference values: penaltyblog, R implied, 40 digits)
SELECT m, pg_temp.close(remove_overround('{1.33,4.8,8.5}', m), p, 1e-13)
FROM (VALUES ('multiplicative', '{0.6975670638923558,0.19328420728684026,0.10914872882080391}'::float8[]),
	('additive', '{0.7259263354464592,0.18237996953167232,0.0916936950218684}'),
	('power', '{0.729588124939792,0.17654865429026714,0.09386322076994087}'),
	('shin', '{0.7185582841749564,0.18489489122057004,0.09654682460447356}'),
	('odds_ratio', '{0.7180851348240487,0.18113439774433152,0.10078046743161985}'), ('logarithmic', '{0.7180851348240487,0.18113439774433152,0.10078046743161985}'),
	('wpo', '{0.7259263354464592,0.18237996953167232,0.0916936950218684}'), ('jsd', '{0.7219517770371414,0.18141317806352897,0.09663504489932963}'),
	('balanced_book', '{0.7418290940816659,0.17626530397016385,0.08190560194817023}'),
	('goto', '{0.7352144989392057,0.17856527087503615,0.08622023018575828}')) v (m, p);
SELECT 'goto, its author''s example', pg_temp.close(remove_overround('{1.2,3.4,5.6}', 'goto'), '{0.7753528189788175,0.17479473292721065,0.04985244809397199}', 1e-15);
SELECT 'default is shin', remove_overround('{1.33,4.8,8.5}') = remove_overround('{1.33,4.8,8.5}', 'shin');
SELECT 'second names', bool_and(remove_overround(o, a) = remove_overround(o, m)) FROM (VALUES ('{1.5,4.4,7}'::float8[])) v (o),
	(VALUES ('basic', 'multiplicative'), ('proportional', 'multiplicative'), ('wpo', 'additive'), ('differential_margin_weighting', 'wpo'), ('or', 'odds_ratio'),
	('logarithmic', 'odds_ratio'), ('bb', 'balanced_book'), ('goto_conversion', 'goto')) n (a, m);
SELECT 'parameter', m, abs(overround_parameter('{1.33,4.8,8.5}', m) - x) < 1e-14
FROM (VALUES ('power', 1.1055343497990107), ('shin', 0.04035214651608874), ('odds_ratio', 1.1896743558679577), ('logarithmic', 0.17367961914317126),
	('jsd', 0.024036184294760593), ('balanced_book', 0.03893004570249152), ('goto', 0.0334564139240626)) v (m, x);
SELECT 'no parameter', bool_and(overround_parameter('{1.33,4.8,8.5}', m) IS NULL) FROM unnest('{multiplicative,additive,wpo}'::text[]) m;
SELECT 'no margin, no parameter', m, overround_parameter('{2,2}', m) FROM unnest('{power,shin,odds_ratio,logarithmic,jsd,balanced_book,goto}'::text[]) m;
SELECT 'two outcomes: shin is additive', pg_temp.close(remove_overround('{1.5,2.74}'), remove_overround('{1.5,2.74}', 'additive'), 1e-15);
SELECT 'no margin, no change', m, pg_temp.close(remove_overround('{3,1.5}', m), '{0.333333333333333333,0.666666666666666667}', 1e-15),
	pg_temp.close(remove_overround('{4,4,2}', m), '{0.25,0.25,0.5}', 1e-15)
FROM unnest('{shin,multiplicative,power,additive,odds_ratio,logarithmic,wpo,balanced_book,jsd,goto}'::text[]) m;
SELECT 'below 1', m, pg_temp.close(remove_overround('{2.05,2.02}', m), p, 1e-14)
FROM (VALUES ('multiplicative', '{0.4963144963144963,0.5036855036855037}'::float8[]), ('additive', '{0.4963776865491427,0.5036223134508573}'),
	('wpo', '{0.4963776865491427,0.5036223134508573}'), ('power', '{0.49640421289122133,0.5035957871087787}'), ('odds_ratio', '{0.4963766213206804,0.5036233786793196}')) v (m, p);
SELECT 'a margin is missing', m, pg_temp.refusal(format('SELECT remove_overround(''{2.05,2.02}'', %L)', m)) FROM unnest('{shin,logarithmic,balanced_book,jsd,goto}'::text[]) m;

-- several winners: a book on the first two of four, and books that list only some outcomes
SELECT 'target', m, abs((SELECT sum(x) FROM unnest(p) x) - 2) < 1e-13, 1 > ALL (p) AND 0 < ALL (p)
FROM unnest('{shin,multiplicative,power,additive,odds_ratio,logarithmic,wpo,balanced_book,jsd,goto}'::text[]) m, remove_overround('{1.2,1.5,2,3}', m, 2) p;
SELECT 'shin of T winners is shin of T markets of one', pg_temp.close(remove_overround('{4,4,5,6,7,8,10}', 'shin', 1), p, 1e-15)
FROM (SELECT array_agg(x / 2 ORDER BY i) p FROM unnest(remove_overround('{2,2,2.5,3,3.5,4,5}', 'shin', 2)) WITH ORDINALITY u (x, i)) v;
SELECT 'half the field', abs((SELECT sum(x) FROM unnest(remove_overround('{4,5,6}', m, 0.55)) x) - 0.55) < 1e-14 FROM unnest('{shin,power,multiplicative}'::text[]) m;
SELECT pg_temp.refusal(format('SELECT remove_overround(''{1.2,1.5,2}'', ''power'', %L)', t)), pg_temp.refusal(format('SELECT overround(''{1.2,1.5,2}'', %L)', t)) <> 'accepted'
FROM unnest('{0,3,-1,4,NaN,Infinity}'::float8[]) t;
SELECT pg_temp.refusal('SELECT remove_overround(''{1.1,3,4}'', ''multiplicative'', 2)'), pg_temp.refusal('SELECT remove_overround(''{1.1,3,4}'', ''power'', 2)');

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
FROM unnest('{shin,multiplicative,power,additive,odds_ratio,logarithmic,wpo,balanced_book,jsd,goto}'::text[]) m, generate_series(2, 40) n GROUP BY m ORDER BY m;
-- Against the favourite-longshot bias, shin, power and odds_ratio take more from longshots than multiplicative does.
SELECT 'favourites gain', m, bool_and((SELECT max(x) FROM unnest(p) x) >= 1 / ((SELECT min(x) FROM unnest(o) x) * (1 + overround(o))) - 1e-12)
FROM book WHERE m <> 'multiplicative' GROUP BY m ORDER BY m;

-- corners: certainties, no chance, nearly no margin, the most outcomes, lower bounds other than 1
SELECT 'corners', m, bool_and(abs((SELECT sum(x) FROM unnest(remove_overround(o::float8[], m)) x) - 1) <= 1e-12)
FROM unnest('{shin,multiplicative,power,odds_ratio}'::text[]) m,
	(VALUES ('{1.000000001,1000000}'), ('{1.000000001,1.000000001}'), ('{1.000000001,1000000,1000000}'), ('{1.000000001,1.000000001,1.000000001}'),
	('{1000000,1.0000005}'), ('{2,2.0000000001}'), ('{1.999999,2,1e9}'), ('{1.0000001,1.5,1e9}'), ('[0:1]={1.9,1.9}')) v (o)
WHERE overround(o::float8[]) >= 0 OR m <> 'shin' GROUP BY m ORDER BY m;
SELECT 'most outcomes', abs((SELECT sum(x) FROM unnest(remove_overround(array_agg(2 + 3 * n::float8))) x) - 1) <= 1e-12 FROM generate_series(0, 999) n;
SELECT 'NULL', remove_overround(NULL) IS NULL, remove_overround('{2,2}', NULL) IS NULL, overround(NULL) IS NULL, hold(NULL) IS NULL,
	add_overround(NULL, 0.05) IS NULL, one_sided_probability(2, NULL) IS NULL, (SELECT count(*) FROM fair_probabilities(NULL));

-- The way back: the overround asked for, and the same probabilities.
SELECT 'there and back', m, count(*), bool_and(abs(overround(o2) - x) < 1e-13), bool_and(pg_temp.close(remove_overround(o2, m), p, 1e-13)) FROM
	(SELECT remove_overround(o) p, id FROM book WHERE m = 'shin' AND id % 4 = 0) b, unnest('{0,0.001,0.03,0.1}'::float8[]) x,
	unnest('{shin,multiplicative,power,additive,odds_ratio,logarithmic,wpo,balanced_book,jsd,goto}'::text[]) m,
	LATERAL (SELECT CASE WHEN pg_temp.refusal(format('SELECT add_overround(%L, %L, %L)', p, x, m)) = 'accepted' THEN add_overround(p, x, m) END o2) o
WHERE o2 IS NOT NULL GROUP BY m ORDER BY m;
SELECT 'default is shin', add_overround('{0.5,0.3,0.2}', 0.05) = add_overround('{0.5,0.3,0.2}', 0.05, 'shin');
SELECT 'several winners', pg_temp.close(remove_overround(add_overround('{0.9,0.6,0.3,0.2}', 0.1, m, 2), m, 2), '{0.9,0.6,0.3,0.2}', 1e-14), m
FROM unnest('{shin,power,odds_ratio,jsd,goto}'::text[]) m;
SELECT pg_temp.refusal(s) FROM unnest(ARRAY['SELECT add_overround(''{0.6,0.5}'', 0.05)', 'SELECT add_overround(''{0.6,0.4}'', -1)', 'SELECT add_overround(''{0.6,0.4}'', ''NaN'')',
	'SELECT add_overround(''{1,0}'', 0.05)', 'SELECT add_overround(''{0.6,0.4}'', 0.9)', 'SELECT add_overround(''{0.6,0.4}'', -0.05)', 'SELECT add_overround(''{0.6,0.4}'', 1.5)',
	'SELECT add_overround(''{0.9,0.07,0.03}'', 0.2, ''multiplicative'')', 'SELECT add_overround(''{0.9,0.07,0.03}'', 1.2, ''shin'')', 'SELECT add_overround(''{0.6,NULL}'', 0.05)',
	'SELECT add_overround(''{0.6,0.4}'', 0.05, ''nonsense'')']) s;

-- What is not listed: the missing outcome, and one side of two.
SELECT 'missing', abs(missing_odds('{1.33,4.8}', overround('{1.33,4.8,8.5}')) - 8.5) < 1e-13, abs(missing_odds('{1.9}', 0.05) - 1 / (1.05 - 1 / 1.9)) < 1e-15,
	abs(missing_odds('{1.2,1.5,2}', overround('{1.2,1.5,2,3}', 2), 2) - 3) < 1e-14;
SELECT 'one side', abs(one_sided_probability(1.9, 0.05) - 1 / 1.995) < 1e-15, abs(one_sided_probability(51, 0.08) - 1 / (51 * 1.08)) < 1e-15, bool_and(
	one_sided_probability(1.8, 0.05, m) = (remove_overround(ARRAY[1.8, missing_odds('{1.8}', 0.05)], m))[1]) FROM unnest('{shin,power,odds_ratio,jsd,goto}'::text[]) m;
SELECT pg_temp.refusal(s) FROM unnest(ARRAY['SELECT missing_odds(''{1.5,2}'', 0.05)', 'SELECT missing_odds(''{51}'', 0.05)', 'SELECT missing_odds(''{}'', 0.05)', 'SELECT missing_odds(''{1.9}'', ''Infinity'')',
	'SELECT one_sided_probability(51, 0.05, ''power'')', 'SELECT one_sided_probability(1.01, -0.05)', 'SELECT one_sided_probability(1, 0.05)', 'SELECT one_sided_probability(2, -1)']) s;

-- Several methods side by side.
SELECT outcome, price, abs(consensus - (SELECT avg((remove_overround('{1.33,4.8,8.5}', m))[outcome]) FROM unnest('{multiplicative,odds_ratio,power,shin}'::text[]) m)) < 1e-15,
	lowest = (SELECT min(v::float8) FROM jsonb_each_text(by_method) j (k, v)), highest = (SELECT max(v::float8) FROM jsonb_each_text(by_method) j (k, v)),
	(SELECT bool_and(v::float8 = (remove_overround('{1.33,4.8,8.5}', k))[outcome]) FROM jsonb_each_text(by_method) j (k, v)), (SELECT string_agg(k, ',' ORDER BY k) FROM jsonb_object_keys(by_method) k)
FROM fair_probabilities('{1.33,4.8,8.5}');
SELECT 'consensus', abs(sum(consensus) - 1) < 1e-15 FROM fair_probabilities('{1.33,4.8,8.5}', '{basic,jsd,goto}');
SELECT 'consensus of places', abs(sum(consensus) - 2) < 1e-15 FROM fair_probabilities('{1.2,1.5,2,3}', '{power,jsd}', 2);
SELECT pg_temp.refusal(format('SELECT * FROM fair_probabilities(''{1.05,11,101,101}'', %L)', m)) FROM unnest(ARRAY['{}', '{shin,additive}', '{basic,multiplicative}', '{NULL}', '{nonsense}', '{{shin},{power}}']) m;
SELECT pg_temp.refusal('SELECT * FROM fair_probabilities(''{2.1,2.1}'')');

-- refused
SELECT o, pg_temp.refusal(format('SELECT remove_overround(%L)', o)), pg_temp.refusal(format('SELECT overround(%L)', o)) = pg_temp.refusal(format('SELECT hold(%L)', o))
FROM unnest(ARRAY['{}', '{2}', '{1,5}', '{2,0.967}', '{2,0}', '{-2,2}', '{NaN,3}', '{3,Infinity}', '{3,-Infinity}', '{2,NULL}', '{{2,2},{2,2}}', '{2.1,2.1}', '{3,3.1,3.2}']) o;
SELECT m, pg_temp.refusal(format('SELECT remove_overround(''{2,2}'', %L)', m)) FROM unnest('{nonsense,equal,Shin,""}'::text[]) m;
SELECT pg_temp.refusal('SELECT remove_overround(array_fill(1100::float8, ARRAY[1001]))');
\set VERBOSITY default
SELECT remove_overround('{1.05,11,101,101}', 'additive');
SELECT remove_overround('{1.9,1.9}', 'nonsense');
SELECT remove_overround('{2.1,2.1}');
SELECT remove_overround('{-110,-110}');

SELECT 'labels', proname, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname IN ('overround', 'hold', 'payout', 'remove_overround', 'overround_parameter', 'add_overround', 'missing_odds', 'one_sided_probability', 'fair_probabilities') ORDER BY 2;
