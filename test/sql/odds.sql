-- Odds in every format: the formats' own examples, the way there and back, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;

-- one price, seven texts
SELECT f, format_odds(2.2, f), format_odds(1.8, f), format_odds(2, f), format_odds(1001, f)
FROM unnest('{decimal,american,fractional,hongkong,malay,indonesian,probability}'::text[]) f;
SELECT 'read', bool_and(decimal_odds(t, f) = d)
FROM (VALUES ('2.2', 'decimal', 2.2), ('+120', 'american', 2.2), ('120', 'american', 2.2), ('-110', 'american', 21.0::float8 / 11),
	('-100', 'american', 2), ('+100', 'american', 2), ('6/5', 'fractional', 2.2), ('12/10', 'fractional', 2.2), ('5', 'fractional', 6),
	('Evens', 'fractional', 2), ('EVEN', 'american', 2), ('1.2', 'hongkong', 2.2), ('.2', 'hongkong', 1.2), ('0.85', 'malay', 1.85),
	('-0.8', 'malay', 2.25), ('1', 'malay', 2), ('-1', 'malay', 2), ('1.2', 'indonesian', 2.2), ('-1.25', 'indonesian', 1.8),
	('0.4', 'probability', 2.5), ('40%', 'probability', 2.5), (E' 1.87\r\n', 'decimal', 1.87), ('2.', 'decimal', 2),
	('1.3333333333333333333333', 'decimal', 4.0::float8 / 3)) v (t, f, d);

-- recognising: slash, percent, sign or size; everything else is decimal
SELECT t, decimal_odds(t) FROM unnest('{2.2,99.99,+120,-125,120,100,6/5,evens,50%,1.01}'::text[]) t;
SELECT t, odds_format(t) FROM unnest('{2.2,99.99,+120,-125,120,100,6/5,evens,EV,50%,1.01,1/100}'::text[]) t;
SELECT 'recognised is as if named', bool_and(decimal_odds(t) = decimal_odds(t, odds_format(t)))
FROM unnest('{2.2,99.99,+120,-125,120,100,6/5,evens,EV,50%,0.5%,1.01,1/100,+100.5}'::text[]) t;
SELECT 'what is printed is recognised', f, count(*), count(*) FILTER (WHERE odds_format(format_odds(d, f)) = f)
FROM unnest('{american,fractional}'::text[]) f, (SELECT 1 + n / 100.0::float8 FROM generate_series(1, 2000) n) v (d) GROUP BY f ORDER BY f;
SELECT 'large decimal odds need their format', decimal_odds('151') = 2.51, decimal_odds('151', 'decimal') = 151;

-- numbers are their text; a bare literal is text
SELECT n, decimal_odds(n) = decimal_odds(n::text), odds_format(n) FROM unnest('{-110,120,100,-100,2.5,2.50,1.01,99.99}'::numeric[]) n;
SELECT 'moneylines', bool_and(decimal_odds(m) = decimal_odds(m::text) AND decimal_odds(m::bigint, 'american') = decimal_odds(m) AND odds_or_null(m, 'american') = decimal_odds(m)
	AND decimal_odds(m::smallint) = decimal_odds(m) AND odds_format(m) = 'american') FROM generate_series(-20000, 20000, 5) m WHERE abs(m) >= 100;
SELECT 'literals', decimal_odds('2.5') = 2.5, decimal_odds(' +120 ') = 2.2, decimal_odds(-110) = 21 / 11.0::float8, decimal_odds(150, 'decimal') = 150, decimal_odds(odds => 6, format => 'fractional') = 7,
	decimal_odds(0.4, 'probability') = 2.5, decimal_odds(-110.0::float8::numeric) = decimal_odds(-110);
SELECT 'no numbers', decimal_odds(NULL::numeric) IS NULL, decimal_odds(NULL::int, 'american') IS NULL, decimal_odds(2, NULL) = 2, odds_format(NULL::numeric) IS NULL,
	num_nonnulls(odds_or_null(0, 'american'), odds_or_null(-99, 'american'), odds_or_null('NaN'::numeric, 'decimal'), odds_or_null(NULL::int, 'american'), odds_or_null(2, NULL));
EXPLAIN (COSTS off, VERBOSE) SELECT decimal_odds(m), odds_format(m) FROM generate_series(100, 200) m;

-- exact, for prices that books print and for any others
SELECT 'there and back', f, count(*) FILTER (WHERE decimal_odds(format_odds(d, f), f) IS DISTINCT FROM d)
FROM unnest('{decimal,american,fractional,hongkong,malay,indonesian,probability}'::text[]) f,
	(SELECT 1 + n / 100.0::float8 FROM generate_series(1, 2000) n
	UNION ALL SELECT 1 + exp(n / 37.0::float8) FROM generate_series(-1200, 1200, 7) n
	UNION ALL VALUES (1 + 1e-9::float8), (1e6), (1e15)) v (d)
GROUP BY f ORDER BY f;
SELECT 'and back again', count(*) FILTER (WHERE format_odds(decimal_odds(t), 'american') <> t)
FROM (SELECT format('+%s', n) FROM generate_series(100, 20000, 5) n UNION ALL SELECT format('-%s', n) FROM generate_series(105, 20000, 5) n) v (t);
SELECT 'fractions of bookmakers', count(*) FILTER (WHERE format_odds(decimal_odds(t), 'fractional') <> t)
FROM (SELECT format('%s/%s', a, b) FROM generate_series(1, 100) a, generate_series(1, 100) b WHERE gcd(a, b) = 1) v (t);
SELECT 'american grows with decimal', bool_and(a > b) FROM (
	SELECT format_odds(1 + n / 100.0::float8, 'american')::float8 a, lag(format_odds(1 + n / 100.0::float8, 'american')::float8) OVER (ORDER BY n) b
	FROM generate_series(101, 1000) n) v WHERE b IS NOT NULL;

SELECT 'NULL', decimal_odds(NULL) IS NULL, decimal_odds(NULL, 'american') IS NULL, decimal_odds('2', NULL) = 2, format_odds(NULL, 'decimal') IS NULL, odds_format(NULL) IS NULL;

-- refused
SELECT t, pg_temp.refusal(format('SELECT decimal_odds(%L)', t))
FROM unnest(ARRAY['0', '1', '0.967', '2.,3', '+99', '-50', '-99.99', '0/5', '5/0', '', ' ', '-', '.', 'abc', 'NaN', 'Infinity', '1e3', '2,5', '1.5.2',
	'6/5/4', '6 / 5', '-6/5', '0%', '100%', '5%%', '--110', '1234567890123456789', 'even money']) t;
SELECT 'odds_format refuses the same', bool_and(pg_temp.refusal(format('SELECT decimal_odds(%L)', t)) = pg_temp.refusal(format('SELECT odds_format(%L)', t)))
FROM unnest(ARRAY['0', '1', '0.967', '2.,3', '+99', '-50', '0/5', '5/0', '', '-', 'abc', 'NaN', '1e3', '6 / 5', '0%', '100%', '1234567890123456789']) t;
SELECT f, t, pg_temp.refusal(format('SELECT decimal_odds(%L, %L)', t, f))
FROM (VALUES ('decimal', '-2'), ('decimal', '1000000000000001'), ('decimal', '6/5'), ('decimal', 'evens'), ('decimal', '1.000000000000000000001'), ('american', '99'), ('american', '+120%'), ('american', '6/5'),
	('fractional', '1.5/2'), ('fractional', '+5'), ('hongkong', '0'), ('hongkong', '-0.5'), ('malay', '1.01'), ('malay', '-1.2'), ('malay', '0'),
	('indonesian', '0.99'), ('indonesian', '-0.5'), ('probability', '0'), ('probability', '1'), ('probability', '1.2'), ('probability', '-0.5'),
	('moneyline', '-110'), ('', '2'), ('Decimal', '2')) v (f, t);
SELECT d, pg_temp.refusal(format('SELECT format_odds(%L, ''american'')', d))
FROM unnest('{1,0.967,0,-2,NaN,Infinity,-Infinity,1.1e15}'::float8[]) d;
SELECT pg_temp.refusal('SELECT format_odds(2, ''us'')');
SELECT n, f, pg_temp.refusal(format('SELECT decimal_odds(%L::numeric, %L)', n, f)), pg_temp.refusal(format('SELECT odds_format(%L::numeric)', n)) FROM (VALUES
	(0, NULL), (1, NULL), (-50, NULL), (-99.99, NULL), (99, 'american'), ('NaN'::numeric, NULL), ('Infinity', NULL), ('-Infinity', 'american'), (1e30, 'decimal'), (1e30, NULL), (1.5, 'fractional'), (2, 'us')) v (n, f);
\set VERBOSITY default
SELECT decimal_odds('2.,3');
SELECT decimal_odds('0.45');
SELECT format_odds(2, 'us');

SELECT 'odds_or_null', odds_or_null(' 2.5', 'decimal') = 2.5, odds_or_null('-110', 'american') = 21 / 11.0::float8,
	num_nonnulls(odds_or_null('0', 'decimal'), odds_or_null('1', 'decimal'), odds_or_null('0.967', 'decimal'), odds_or_null('2.,3', 'decimal'),
	odds_or_null('', 'decimal'), odds_or_null('99', 'american'), odds_or_null(NULL, 'decimal'));
SELECT odds_or_null('2', 'us');

SELECT 'labels', proname, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname IN ('decimal_odds', 'format_odds', 'odds_format', 'odds_or_null') ORDER BY 2;
