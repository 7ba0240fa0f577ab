-- Kelly stakes: closed forms, the maximum of growth, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;

SELECT 'Kelly 1956', abs(kelly_fraction(0.55, 2) - 0.1) < 1e-15;
SELECT 'no value, no stake', kelly_fraction(0.5, 2) = 0, kelly_fraction(0.4, 2.2) = 0, kelly_fraction(0, 5) = 0;
SELECT 'push', abs(kelly_fraction(0.53, 1.909090909, 0.05) - 0.07157894731978948) < 1e-12;
SELECT 'a push only rescales', abs(kelly_fraction(0.45, 2.1, 0.2) - kelly_fraction(0.45 / 0.8, 2.1)) < 1e-15;
SELECT 'commission', abs(kelly_fraction(0.25, 4.6, 0, 0.05) - 0.03070175438596491) < 1e-15, kelly_fraction(0.9, 2, 0, 1) = 0;
SELECT 'multiplier, then cap', kelly_fraction(0.55, 2, multiplier => 0.25) = kelly_fraction(0.55, 2) * 0.25, kelly_fraction(0.55, 2, multiplier => 0.25, cap => 0.02) = 0.02,
	kelly_fraction(0.55, 2, multiplier => 0.25, cap => 0.5) < 0.03, kelly_fraction(0.9, 5, multiplier => 3) = 1, kelly_fraction(0.9, 5, multiplier => 0) = 0;
SELECT 'lay: the liability', abs(kelly_fraction(0.2, 4, side => 'lay') - 0.2) < 1e-15, abs(kelly_fraction(0.2, 4, 0, 0.02, 0.5, 0.03, 'lay') - 0.03) < 1e-15,
	kelly_fraction(0.3, 4, side => 'lay') = 0;
-- To lay one side of a fair two-way market is to back the other.
SELECT 'lay is back of the other side', bool_and(abs(kelly_fraction(p, o, 0.04, side => 'lay') - kelly_fraction(0.96 - p, o / (o - 1), 0.04)) < 1e-14)
FROM unnest('{0.1,0.3,0.5,0.7}'::float8[]) p, unnest('{1.2,1.9,2.4,7}'::float8[]) o;
SELECT 'rounding of a sum is no error', kelly_fraction(0.7, 3, 0.1 + 0.2) = 1;
SELECT 'certainty', kelly_fraction(1, 1.01) = 1, kelly_fraction(0, 1.01, side => 'lay') = 1, kelly_fraction(0, 2, 1) = 0;

-- no other share of the bankroll grows faster
SELECT 'maximum', count(*), bool_and(p * ln(1 + f * (o - 1)) + (1 - p) * ln(1 - f) >= p * ln(1 + g * (o - 1)) + (1 - p) * ln(1 - g) - 1e-15)
FROM generate_series(5, 95, 9) i, unnest('{1.05,1.5,2,3.4,21}'::float8[]) o, LATERAL (SELECT i / 100.0::float8, kelly_fraction(i / 100.0, o)) k (p, f),
	unnest(ARRAY[greatest(f - 0.001, 0), least(f + 0.001, 0.999)]) g WHERE f > 0;
SELECT 'grows with the probability and the odds', bool_and(kelly_fraction(p + 0.01, o) >= kelly_fraction(p, o)), bool_and(kelly_fraction(p, o + 0.01) >= kelly_fraction(p, o))
FROM generate_series(0.05, 0.95, 0.05) p, generate_series(1.1, 5, 0.3) o;

SELECT 'quarter line', abs(kelly_payoffs('{0.5,0.1,0.4}', '{0.95,-0.5,-1}') - 0.028524126113489517) < 1e-12;
SELECT 'what is left loses', abs(kelly_payoffs('{0.5,0.1}', '{0.95,-0.5}') - kelly_payoffs('{0.5,0.1,0.4}', '{0.95,-0.5,-1}')) < 1e-14;
SELECT 'as the closed form', bool_and(abs(kelly_payoffs(ARRAY[p, 0.1, 0.9 - p], ARRAY[o - 1, 0, -1]) - kelly_fraction(p, o, 0.1)) < 1e-12)
FROM generate_series(0.05, 0.85, 0.1) p, generate_series(1.1, 9, 0.7) o;
SELECT 'ends', kelly_payoffs('{0.4,0.6}', '{1,-1}') = 0, kelly_payoffs('{1}', '{0.5}') = 1, kelly_payoffs('{0.5,0.5}', '{1,-0.1}') = 1, kelly_payoffs('{1}', '{0}') = 0, kelly_payoffs('{0}', '{5}') = 0;
SELECT 'order does not matter', abs(kelly_payoffs('{0.4,0.5,0.1}', '{-1,0.95,-0.5}') - kelly_payoffs('{0.5,0.1,0.4}', '{0.95,-0.5,-1}')) < 1e-14;

SELECT 'NULL', kelly_fraction(NULL, 2) IS NULL, kelly_fraction(0.5, NULL) IS NULL, kelly_fraction(0.6, 2, NULL) IS NULL, kelly_fraction(0.6, 2, side => NULL) IS NULL,
	kelly_fraction(0.6, 2, multiplier => NULL) IS NULL, kelly_fraction(0.6, 2, cap => NULL) > 0, kelly_payoffs(NULL, '{1}') IS NULL;

-- refused
SELECT a, pg_temp.refusal(format('SELECT kelly_fraction(%s)', a))
FROM unnest(ARRAY['''NaN'', 2', '-0.1, 2', '1.1, 2', '0.5, 1', '0.5, 0.967', '0.5, ''NaN''', '0.5, ''Infinity''', '0.6, 2, 0.5', '0.6, 2, -0.1', '0.6, 2, 0, 1.5',
	'0.6, 2, 0, ''NaN''', '0.6, 2, multiplier => -1', '0.6, 2, multiplier => ''Infinity''', '0.6, 2, cap => 1.5', '0.6, 2, cap => ''NaN''', '0.6, 2, side => ''both''', '0.6, 2, side => ''Back''']) a;
SELECT a, pg_temp.refusal(format('SELECT kelly_payoffs(%s)', a))
FROM unnest(ARRAY['''{}'', ''{}''', '''{0.5,0.5}'', ''{1}''', '''{0.7,0.4}'', ''{1,-1}''', '''{0.5,NaN}'', ''{1,-1}''', '''{0.5,-0.1}'', ''{1,-1}''', '''{0.5,0.5}'', ''{1,-1.5}''',
	'''{0.5,0.5}'', ''{1,NaN}''', '''{0.5,0.5}'', ''{Infinity,-1}''', '''{0.5,NULL}'', ''{1,-1}''', '''{{0.5,0.5}}'', ''{1,-1}''']) a;

SELECT 'labels', proname, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'kelly%' ORDER BY 2;
