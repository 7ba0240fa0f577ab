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

SELECT 'the formula itself', abs(kelly_criterion(0.4, 2.2) + 0.1) < 1e-15, kelly_criterion(0.55, 2) = kelly_fraction(0.55, 2), kelly_criterion(0.5, 3, commission => 1) = '-Infinity', kelly_criterion(0, 2, 1) = 0;

-- ---- a line with half results -------------------------------------------------------------------
SELECT 'line as payoffs', bool_and(abs(kelly_line(0.3, 0.2, 0.1, 0.1, 0.3, o) - kelly_payoffs('{0.3,0.2,0.1,0.1,0.3}', ARRAY[o - 1, (o - 1) / 2, 0, -0.5, -1])) < 1e-15) FROM generate_series(1.2, 4, 0.2) o;
SELECT 'line as the closed form', bool_and(abs(kelly_line(p, 0, 0.1, 0, 0.9 - p, o, 0.05) - kelly_fraction(p, o, 0.1, 0.05)) < 1e-13)
FROM generate_series(0.05, 0.85, 0.1) p, generate_series(1.1, 9, 0.7) o;
SELECT 'lay is back of the other side', bool_and(abs(kelly_line(0.1, 0.2, 0.1, 0.25, 0.35, o, side => 'lay') - kelly_line(0.35, 0.25, 0.1, 0.2, 0.1, o / (o - 1))) < 1e-14) FROM generate_series(1.3, 4, 0.3) o;
SELECT 'multiplier, then cap', kelly_line(0.5, 0, 0.1, 0, 0.4, 2, multiplier => 0.5) = kelly_line(0.5, 0, 0.1, 0, 0.4, 2) * 0.5, kelly_line(0.5, 0, 0.1, 0, 0.4, 2, cap => 0.01) = 0.01;

-- ---- outcomes of one event ----------------------------------------------------------------------
SELECT 'one outcome is one bet', bool_and(abs((kelly_exclusive(ARRAY[p], ARRAY[o]))[1] - kelly_fraction(p, o)) < 1e-15)
FROM generate_series(5, 95, 5) i, generate_series(11, 90, 7) j, LATERAL (SELECT i / 100.0::float8, j / 10.0::float8) x (p, o);
SELECT 'sure bet: the probabilities themselves', kelly_exclusive('{0.6,0.4}', '{2.1,2.1}') = '{0.6,0.4}';
SELECT 'a fair book: nothing', kelly_exclusive('{0.5,0.25,0.25}', '{2,4,4}') = '{0,0,0}', kelly_exclusive('{0,1}', '{5,1.2}') = '{0,1}', kelly_exclusive('{0,0}', '{5,5}') = '{0,0}';
SELECT 'a hedge of negative value', f[2] > 0 FROM kelly_exclusive('{0.5,0.3,0.2}', '{2.3,3.3,3}') f;
SELECT 'multiplier, then total_cap', (SELECT abs(sum(f) - 0.1) < 1e-15 FROM unnest(kelly_exclusive('{0.4,0.3}', '{2.8,3.4}', 0.9, 0.1)) f),
	(SELECT abs(sum(f) - 1) < 1e-15 FROM unnest(kelly_exclusive('{0.6,0.4}', '{2.1,2.1}', 5)) f), kelly_exclusive('{0.6,0.4}', '{2.1,2.1}', 0) = '{0,0}';
SELECT 'no other stakes grow faster', bool_and(growth_rate_exclusive(best, p, o) >= growth_rate_exclusive(ARRAY[greatest(best[1] + a * 0.01, 0), greatest(best[2] + b * 0.01, 0), greatest(best[3] + c * 0.01, 0)], p, o))
FROM (VALUES ('{0.5,0.3,0.2}'::float8[], '{2.3,3.3,3}'::float8[]), ('{0.2,0.2,0.3}', '{6,5.5,3.4}'), ('{0.7,0.1,0.05}', '{1.6,8,30}')) v (p, o), kelly_exclusive(p, o) best,
	generate_series(-1, 1) a, generate_series(-1, 1) b, generate_series(-1, 1) c;

-- ---- what a stake does --------------------------------------------------------------------------
SELECT 'value', abs(expected_value(0.55, 2) - 0.1) < 1e-15, abs(expected_value(0.2, 4, side => 'lay') - 0.2 / 3) < 1e-15, abs(expected_value_payoffs('{0.5,0.1}', '{0.95,-0.5}') - 0.025) < 1e-15;
SELECT 'growth', abs(growth_rate(0.1, 0.55, 2) - (0.55 * ln(1.1::float8) + 0.45 * ln(0.9::float8))) < 1e-15, growth_rate(0, 0.9, 3) = 0, growth_rate(1, 0.9, 3) = '-Infinity',
	abs(growth_rate(1, 1, 3) - ln(3::float8)) < 1e-15, abs(growth_rate(0.1, 0.55, 2) - growth_rate_payoffs(0.1, '{0.55}', '{1}')) < 1e-15,
	abs(growth_rate(0.1, 0.55, 2) - growth_rate_exclusive('{0.1}', '{0.55}', '{2}')) < 1e-15, growth_rate_exclusive('{0.5,0.5}', '{0.5,0.3}', '{2,2}') = '-Infinity';
SELECT 'a layer''s stake', lay_stake(30, 4) = 10, lay_liability(10, 4) = 30;

-- ---- bets placed together -----------------------------------------------------------------------
SELECT 'one bet', bool_and(abs((kelly_simultaneous(ARRAY[p], ARRAY[o]))[1] - kelly_fraction(p, o)) < 1e-12),
	bool_and(abs((kelly_simultaneous(ARRAY[p], ARRAY[o], p_push => ARRAY[(1 - p) / 4]))[1] - kelly_fraction(p, o, (1 - p) / 4)) < 1e-12)
FROM unnest('{0.1,0.3,0.5,0.7}'::float8[]) p, unnest('{1.2,1.9,2.4,7}'::float8[]) o;
SELECT 'no value, no stake', kelly_simultaneous('{0.52,0.3}', '{1.9,3}') = '{0,0}', (kelly_simultaneous('{0.5,0.6}', '{2,2}'))[1] = 0;
-- every result of three bets in a list gives the same stakes
CREATE FUNCTION pg_temp.results(probs float8[], odds float8[], OUT joint float8[], OUT net_returns float8[]) LANGUAGE sql AS $$
	SELECT array_agg(p ORDER BY s), array_agg(r ORDER BY s) FROM (
		SELECT s, exp(sum(ln(CASE WHEN s >> i & 1 = 1 THEN probs[i + 1] ELSE 1 - probs[i + 1] END))) AS p,
			array_agg(CASE WHEN s >> i & 1 = 1 THEN odds[i + 1] - 1 ELSE -1 END ORDER BY i) AS r
		FROM generate_series(0, 7) s, generate_series(0, 2) i GROUP BY s) x $$;
SELECT 'as listed', bool_and((SELECT bool_and(abs(a - b) < 1e-12) FROM unnest(kelly_simultaneous(probs, odds, cap), kelly_scenarios(joint, net_returns, cap)) u (a, b))),
	bool_and(abs(growth_rate_simultaneous(s, probs, odds) - growth_rate_scenarios(s, joint, net_returns)) < 1e-15)
FROM (VALUES ('{0.6,0.5,0.4}'::float8[], '{1.8,2.1,2.7}'::float8[]), ('{0.55,0.3,0.2}', '{2.1,3.6,4.4}')) v (probs, odds), unnest('{NULL,0.15,0.03}'::float8[]) cap,
	pg_temp.results(probs, odds), kelly_simultaneous(probs, odds, cap) s;
SELECT 'total_cap', (SELECT abs(sum(f) - 0.1) < 1e-15 FROM unnest(kelly_simultaneous('{0.6,0.58}', '{2,2}', 0.1)) f), (SELECT abs(sum(f) - 0.1) < 1e-15 FROM unnest(kelly_simultaneous('{0.6,0.58}', '{2,2}', 0.1, 'scaled')) f),
	kelly_simultaneous('{0.6,0.58}', '{2,2}', 0.9) = kelly_simultaneous('{0.6,0.58}', '{2,2}'), kelly_simultaneous('{0.6,0.58}', '{2,2}', 0) = '{0,0}';
SELECT 'the limit inside the maximum grows faster', growth_rate_simultaneous(kelly_simultaneous(p, o, 0.1), p, o) > growth_rate_simultaneous(kelly_simultaneous(p, o, 0.1, 'scaled'), p, o)
FROM (VALUES ('{0.6,0.58,0.53}'::float8[], '{2,2,2}'::float8[])) v (p, o);
SELECT 'multiplier', (SELECT bool_and(abs(a - b / 4) < 1e-15) FROM unnest(kelly_simultaneous('{0.6,0.58}', '{2,2}', multiplier => 0.25), kelly_simultaneous('{0.6,0.58}', '{2,2}')) u (a, b)),
	(SELECT abs(sum(f) - 0.02) < 1e-15 FROM unnest(kelly_simultaneous('{0.6,0.58}', '{2,2}', 0.02, multiplier => 0.25)) f), kelly_simultaneous('{0.6}', '{2}', multiplier => 0) = '{0}';
SELECT '200 bets', count(*), bool_and(f >= 0), abs(sum(f) - 0.25) < 1e-14
FROM (SELECT kelly_simultaneous(array_agg(0.4 + i * 0.001), array_agg(2 + i % 17 * 0.03), 0.25) s FROM generate_series(1, 200) i) x, unnest(s) f;
SELECT 'something is left', bool_and(sum < 1) FROM (SELECT (SELECT sum(f) FROM unnest(kelly_simultaneous(array_fill(p, ARRAY[30]), array_fill(3::float8, ARRAY[30]))) f) FROM unnest('{0.5,0.9,1}'::float8[]) p) x;
SELECT 'outcomes of one event', bool_and(abs(a - b) < 1e-12) FROM unnest(kelly_scenarios('{0.5,0.3,0.2}', '{{1.3,-1,-1},{-1,2.3,-1},{-1,-1,2}}'), kelly_exclusive('{0.5,0.3,0.2}', '{2.3,3.3,3}')) u (a, b);
SELECT 'what is left loses', bool_and(abs(a - b) < 1e-12) FROM unnest(kelly_scenarios('{0.4,0.3}', '{{1.8,-1},{-1,2.4}}'), kelly_exclusive('{0.4,0.3}', '{2.8,3.4}')) u (a, b);
-- two legs of the same game are staked less than if they were independent
SELECT 'correlated legs', (SELECT sum(f) FROM unnest(kelly_scenarios('{0.4,0.15,0.15,0.3}', '{{1,1},{1,-1},{-1,1},{-1,-1}}')) f) < (SELECT sum(f) FROM unnest(kelly_simultaneous('{0.55,0.55}', '{2,2}')) f);
SELECT 'a copy shares the stake', abs(f[1] + f[2] - 0.1) < 1e-12 FROM kelly_scenarios('{0.55,0.45}', '{{1,1},{-1,-1}}') f;
SELECT 'the better of two', abs(f[1] - 0.65) < 1e-12 AND f[2] = 0 FROM kelly_scenarios('{0.55,0.45}', '{{1,1},{-0.5,-1}}') f;
SELECT 'a sure profit', abs(f[1] - 0.6) < 1e-12, abs(f[2] - 0.4) < 1e-12 FROM kelly_scenarios('{0.6,0.4}', '{{1.1,-1},{-1,1.1}}') f;
SELECT 'all may be lost', growth_rate_simultaneous('{0.5,0.5}', '{0.5,0.5}', '{3,3}') = '-Infinity', growth_rate_scenarios('{1}', '{0.5,0.5}', '{{2},{-1}}') = '-Infinity';

-- ---- an uncertain probability, and what a plan risks --------------------------------------------
SELECT 'shrunk', kelly_shrink(0.55, 2, 0) = kelly_fraction(0.55, 2), abs(kelly_shrink(0.55, 2, 0.05) - 0.05) < 1e-15, kelly_shrink(0.45, 2, 0.05) = 0, kelly_shrink(0.55, 2, 0, 'beta') = kelly_fraction(0.55, 2),
	abs(kelly_shrink(0.55, 2, 0.001, 'beta') / kelly_shrink(0.55, 2, 0.001) - 1) < 1e-4, kelly_shrink(0.55, 2, 0.02, commission => 0.05) < kelly_shrink(0.55, 2, 0.02);
SELECT 'beta at the maximum', bool_and(kelly_shrink(0.55, 2, a, 'beta') > kelly_shrink(0.55, 2, a + 0.01, 'beta')) FROM generate_series(0.01, 0.4, 0.03) a;
SELECT 'drawdown', drawdown_probability(0.5, 0.5) = 0.125, drawdown_probability(1, 0.3) = 0.3, drawdown_probability(2, 0.3) = 1, drawdown_probability(0, 0.3) = 0, drawdown_probability(0.5, 1) = 1,
	abs(drawdown_multiplier(0.5, 0.125) - 0.5) < 1e-15, drawdown_multiplier(0.5, 1) = 2;
SELECT 'drawdown by bets', abs(drawdown_probability(0.1, 0.55, 2, 0.5) - 0.5) < 1e-12, drawdown_probability(0.3, 0.55, 2, 0.5) = 1, drawdown_probability(0, 0.55, 2, 0.5) = 0, drawdown_probability(1, 0.55, 2, 0.5) = 1,
	drawdown_probability(0.5, 1, 2, 0.5) = 0;
SELECT 'ruin: the gambler''s', abs(ruin_probability(10, 0.55, 2) - (0.45 / 0.55) ^ 10) < 1e-12, ruin_probability(10, 0.5, 2) = 1, ruin_probability(10, 1, 2) = 0, ruin_probability(0, 0.6, 2) = 1,
	abs(ruin_probability(10, 0.44, 2, 0.2) - ruin_probability(10, 0.55, 2)) < 1e-12;
-- at odds of 3 with 0.4: 0.4 z^3 - z + 0.6 = (z - 1)(0.4 z^2 + 0.4 z - 0.6), z = (sqrt(7) - 1)/2
SELECT 'ruin: step by step', abs(ruin_probability(2, 0.4, 3) - 0.6771243444677) < 1e-12;

SELECT 'NULL', kelly_fraction(NULL, 2) IS NULL, kelly_fraction(0.5, NULL) IS NULL, kelly_fraction(0.6, 2, NULL) IS NULL, kelly_fraction(0.6, 2, side => NULL) IS NULL,
	kelly_fraction(0.6, 2, multiplier => NULL) IS NULL, kelly_fraction(0.6, 2, cap => NULL) > 0, kelly_payoffs(NULL, '{1}') IS NULL;

-- refused
SELECT a, pg_temp.refusal(format('SELECT kelly_fraction(%s)', a))
FROM unnest(ARRAY['''NaN'', 2', '-0.1, 2', '1.1, 2', '0.5, 1', '0.5, 0.967', '0.5, ''NaN''', '0.5, ''Infinity''', '0.6, 2, 0.5', '0.6, 2, -0.1', '0.6, 2, 0, 1.5',
	'0.6, 2, 0, ''NaN''', '0.6, 2, multiplier => -1', '0.6, 2, multiplier => ''Infinity''', '0.6, 2, cap => 1.5', '0.6, 2, cap => ''NaN''', '0.6, 2, side => ''both''', '0.6, 2, side => ''Back''']) a;
SELECT a, pg_temp.refusal(format('SELECT kelly_payoffs(%s)', a))
FROM unnest(ARRAY['''{}'', ''{}''', '''{0.5,0.5}'', ''{1}''', '''{0.7,0.4}'', ''{1,-1}''', '''{0.5,NaN}'', ''{1,-1}''', '''{0.5,-0.1}'', ''{1,-1}''', '''{0.5,0.5}'', ''{1,-1.5}''',
	'''{0.5,0.5}'', ''{1,NaN}''', '''{0.5,0.5}'', ''{Infinity,-1}''', '''{0.5,NULL}'', ''{1,-1}''', '''{{0.5,0.5}}'', ''{1,-1}''']) a;

SELECT a, pg_temp.refusal(format('SELECT kelly_line(%s)', a))
FROM unnest(ARRAY['0.5, 0, 0, 0, 0.4, 2', '0.5, 0, -0.1, 0, 0.6, 2', '0.5, 0, 0, 0, 0.5, 1', '0.5, 0, 0, 0, 0.5, 2, 2', '0.5, 0, 0, 0, 0.5, 2, side => ''both''']) a;
SELECT a, pg_temp.refusal(format('SELECT kelly_exclusive(%s)', a))
FROM unnest(ARRAY['''{}'', ''{}''', '''{0.5,0.5}'', ''{2}''', '''{0.7,0.4}'', ''{2,2}''', '''{0.5,NaN}'', ''{2,2}''', '''{0.5,0.5}'', ''{2,1}''', '''{0.5,0.5}'', ''{2,Infinity}''', '''{0.5,NULL}'', ''{2,2}''',
	'''{0.5}'', ''{2}'', -1', '''{0.5}'', ''{2}'', 1, 1.5', '''{{0.5}}'', ''{2}''', 'array_fill(0.0::float8, ARRAY[1001]), array_fill(2::float8, ARRAY[1001])']) a;
SELECT a, pg_temp.refusal('SELECT ' || a) FROM unnest(ARRAY['growth_rate(1.5, 0.5, 2)', 'growth_rate_exclusive(''{0.7,0.7}'', ''{0.5,0.5}'', ''{2,2}'')', 'growth_rate_exclusive(''{0.7}'', ''{0.5,0.5}'', ''{2,2}'')',
	'growth_rate_payoffs(-1, ''{1}'', ''{1}'')', 'expected_value(0.5, 1)', 'lay_stake(-1, 2)', 'lay_stake(1e300, 1.000000000000001)', 'lay_liability(1, 1)']) a;

SELECT a, pg_temp.refusal(format('SELECT kelly_simultaneous(%s)', a))
FROM unnest(ARRAY['''{}'', ''{}''', '''{0.5,0.5}'', ''{2}''', '''{0.5,NaN}'', ''{2,2}''', '''{0.5,0.5}'', ''{2,1}''', '''{0.5}'', ''{2e9}''', '''{0.5,NULL}'', ''{2,2}''', '''{0.5}'', ''{2}'', 1.5', '''{0.5}'', ''{2}'', 0.5, ''clipped''',
	'''{0.5}'', ''{2}'', multiplier => -1', '''{0.5}'', ''{2}'', p_push => ''{0.1,0.1}''', '''{0.6}'', ''{2}'', p_push => ''{0.5}''', 'array_fill(0.5::float8, ARRAY[501]), array_fill(2::float8, ARRAY[501])']) a;
SELECT a, pg_temp.refusal(format('SELECT kelly_scenarios(%s)', a))
FROM unnest(ARRAY['''{}'', ''{}''', '''{0.5,0.5}'', ''{1,-1}''', '''{0.5,0.5}'', ''{{1,-1}}''', '''{0.7,0.4}'', ''{{1},{-1}}''', '''{0.5,0.5}'', ''{{1},{-1.5}}''', '''{0.5,0.5}'', ''{{1},{NaN}}''', '''{0.5,0.5}'', ''{{1},{NULL}}''',
	'''{0.5,0.5}'', ''{{1},{Infinity}}''', '''{0.5,0.5}'', ''{{1},{-1}}'', -0.1']) a;
SELECT a, pg_temp.refusal('SELECT ' || a) FROM unnest(ARRAY['growth_rate_simultaneous(''{0.1}'', ''{0.5,0.5}'', ''{2,2}'')', 'growth_rate_scenarios(''{0.1,0.1}'', ''{0.5,0.5}'', ''{{1},{-1}}'')', 'growth_rate_scenarios(''{-0.1}'', ''{0.5,0.5}'', ''{{1},{-1}}'')',
	'kelly_shrink(0.55, 2, -1)', 'kelly_shrink(0.55, 2, 0.5, ''beta'')', 'kelly_shrink(0.55, 2, 0.1, ''gamma'')', 'drawdown_probability(-1, 0.5)', 'drawdown_probability(1, 0)', 'drawdown_probability(0.1, 0.5, 2, 1.5)', 'drawdown_multiplier(1, 0.5)',
	'drawdown_multiplier(0.5, 0)', 'ruin_probability(-1, 0.5, 2)', 'ruin_probability(''Infinity'', 0.5, 2)']) a;

-- a slate: two games of two legs each, as one list of all combinations; and single bets, as independent ones
WITH game AS (
	SELECT '{0.36,0.17,0.19,0.28}'::float8[] AS a, '{{0.95,0.9},{0.95,-1},{-1,0.9},{-1,-1}}'::float8[] AS ra, '{0.45,0.3,0.25}'::float8[] AS b, '{{1.2,-1},{-1,2.5},{-1,-1}}'::float8[] AS rb
), listed AS (
	SELECT array_agg(a[i] * b[j] ORDER BY i, j) AS joint, array_agg(ARRAY[ra[i][1], ra[i][2], rb[j][1], rb[j][2]] ORDER BY i, j) AS net_returns FROM game, generate_series(1, 4) AS i, generate_series(1, 3) AS j
), asked AS (
	SELECT '{2,2}'::float8[] AS bets, '{4,3}'::float8[] AS scenarios, a || b AS probs, ARRAY(SELECT unnest(ra)) || ARRAY(SELECT unnest(rb)) AS flat FROM game
), found AS (
	SELECT kelly_slate(bets, scenarios, probs, flat) AS slate, kelly_scenarios(joint, net_returns) AS list, kelly_slate(bets, scenarios, probs, flat, 0.03) AS little,
		kelly_slate(bets, scenarios, probs, flat, multiplier => 0.25) AS quarter, a.*, l.* FROM asked AS a, listed AS l
)
SELECT 'slate', (SELECT bool_and(abs(x - y) < 1e-9) FROM unnest(slate, list) AS u (x, y)) AS stakes,
	abs(growth_rate_slate(slate, bets, scenarios, probs, flat) - growth_rate_scenarios(list, joint, net_returns)) < 1e-12 AS growth,
	(SELECT abs(sum(x) - 0.03) < 1e-12 FROM unnest(little) AS x) AS capped, (SELECT bool_and(abs(x - y / 4) < 1e-12) FROM unnest(quarter, slate) AS u (x, y)) AS quarter,
	growth_rate_slate(little, bets, scenarios, probs, flat) >= growth_rate_slate(array_scaled, bets, scenarios, probs, flat) AS better_than_scaled
FROM found, LATERAL (SELECT array_agg(x * 0.03 / (SELECT sum(y) FROM unnest(slate) AS y)) AS array_scaled FROM unnest(slate) AS x) AS s;
SELECT 'slate of single bets', bool_and(abs(x - y) < 1e-9) AS stakes
FROM unnest(kelly_slate('{1,1,1,1,1,1,1}', '{1,1,1,1,1,1,1}', array_fill(0.55::float8, ARRAY[7]), array_fill(1::float8, ARRAY[7])), kelly_simultaneous(array_fill(0.55::float8, ARRAY[7]), array_fill(2::float8, ARRAY[7]))) AS u (x, y);
SELECT 'slate, NULL', kelly_slate(NULL, '{1}', '{1}', '{1}') IS NULL, kelly_slate('{1}', '{1}', '{0.4}', '{1}') = '{0}', growth_rate_slate('{0.99999999}', '{1}', '{1}', '{0.5}', '{1}') < -5,
	growth_rate_slate('{1}', '{1}', '{1}', '{0.5}', '{1}') = '-Infinity';
SELECT a, pg_temp.refusal(format('SELECT kelly_slate(%s)', a))
FROM unnest(ARRAY['''{}'', ''{}'', ''{}'', ''{}''', '''{1}'', ''{1,1}'', ''{0.5}'', ''{1}''', '''{0}'', ''{1}'', ''{0.5}'', ''{1}''', '''{NaN}'', ''{1}'', ''{0.5}'', ''{1}''',
	'''{501}'', ''{1}'', ''{0.5}'', ''{1}''', '''{1}'', ''{2}'', ''{0.5}'', ''{1,1}''', '''{1}'', ''{2}'', ''{0.5,0.5}'', ''{1}''', '''{1}'', ''{2}'', ''{0.7,0.5}'', ''{1,-1}''',
	'''{1}'', ''{2}'', ''{0.5,0.5}'', ''{1,-2}''', '''{1}'', ''{2}'', ''{0.5,0.5}'', ''{1,NULL}''', '''{1}'', ''{1e9}'', ''{0.5}'', ''{1}''', '''{1}'', ''{1}'', ''{0.5}'', ''{1}'', -1']) a;
SELECT a, pg_temp.refusal('SELECT ' || a) FROM unnest(ARRAY['growth_rate_slate(''{0.1,0.1}'', ''{1}'', ''{1}'', ''{0.5}'', ''{1}'')', 'growth_rate_slate(''{0.7,0.7}'', ''{2}'', ''{1}'', ''{0.5}'', ''{1,1}'')']) a;

SELECT 'labels', proname, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname ~ '^(kelly|growth_rate|expected_value|lay_|drawdown_[pm]|ruin)' ORDER BY 2, pronargs;
