-- Laws of margins and totals: what must hold whatever the numbers.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

CREATE TEMP TABLE keys AS SELECT ROW(13, '{0.1,0.7,0.75,2.7,1,0.7,1.25,1.9,0.85,0.4,1.2}')::key_numbers AS k;
SELECT 'a margin is its own subscript', m[3] > m[2] * 2, m[-3] > m[-2] * 2, m[0] < m[1], abs((SELECT sum(p) FROM unnest(m) p) - 1) < 1e-14,
	array_lower(m, 1) = -array_upper(m, 1) FROM keys, margin_law(2.5, k) m;
SELECT 'a total is its own', array_lower(t, 1) = 0, abs((SELECT sum(p) FROM unnest(t) p) - 1) < 1e-14,
	t[44] > t[40] FROM total_law(45, ROW(13.5, '{}')::key_numbers) t;
SELECT 'without keys a rounded normal', abs((margin_law(0, ROW(1, '{}')::key_numbers))[0] - 1 / (SELECT sum(exp(-0.5 * i::float8 * i)) FROM generate_series(-8, 8) i)) < 1e-15;
SELECT 'sums to one, and the sides mirror', bool_and(abs(s.p_win + s.p_half_win + s.p_push + s.p_half_loss + s.p_loss - 1) < 1e-13
	AND s.p_win = o.p_loss AND s.p_half_win = o.p_half_loss AND s.p_push = o.p_push)
FROM keys, generate_series(-80, 80) l, (VALUES ('spreads', 'home', 'away', -1), ('totals', 'over', 'under', 1)) m (market, side, other, sign),
	LATERAL (SELECT CASE market WHEN 'spreads' THEN margin_law(3.5, k) ELSE total_law(41.2, k) END AS law) w,
	line_probabilities(law, market, side, l * 0.25) s, line_probabilities(law, market, other, sign * l * 0.25) o;
SELECT 'monotone in the line', bool_and(p >= before) FROM (SELECT p_win AS p, lag(p_win, 1, 0::float8) OVER (ORDER BY l) AS before
	FROM keys, generate_series(-200, 200) l, line_probabilities(margin_law(3.5, k), 'spreads', 'home', l * 0.25)) x;
SELECT 'settled one by one', bool_and(abs(law.p_win + law.p_half_win / 2 - (SELECT sum(m[i] * CASE b.result WHEN 'win' THEN 1 WHEN 'half_win' THEN 0.5 ELSE 0 END)
	FROM generate_subscripts(m, 1) i, settle_bet('spreads', 'away', l * 0.25, 200 + i, 200, 1.9, 1) b)) < 1e-13)
FROM keys, margin_law(2.3, k) m, generate_series(-13, 13) l, line_probabilities(m, 'spreads', 'away', l * 0.25) law;
SELECT 'who wins is the line of half a point', abs(o[1] - a.p_win) < 1e-15, abs(o[3] - b.p_loss) < 1e-15, abs(o[2] - z.p_push) < 1e-15
FROM keys, margin_law(2.3, k) m, margin_law_outcomes(m) o, line_probabilities(m, 'spreads', 'home', -0.5) a, line_probabilities(m, 'spreads', 'home', 0.5) b,
	line_probabilities(m, 'spreads', 'home', 0) z;
SELECT 'reconciled', abs(o[1] / (o[1] + o[3]) - 0.7) < 1e-14, abs(o[2] - m[0]) < 1e-15, abs(r[3] / r[7] - m[3] / m[7]) < 1e-14
FROM keys, margin_law(2.3, k) m, margin_law_reconcile(m, '{0.7,0.3}') r, margin_law_outcomes(r) o;
SELECT 'three outcomes', (SELECT bool_and(abs(p - w) < 1e-15) FROM unnest(margin_law_outcomes(margin_law_reconcile(m, '{0.5,0.2,0.3}')), '{0.5,0.2,0.3}'::float8[]) x (p, w))
FROM keys, margin_law(2.3, k) m;

-- one grid: 1X2, totals, handicaps and correct scores agree
SELECT 'a grid', (SELECT bool_and(abs(p - w) < 1e-14) FROM unnest(score_grid_outcomes(g) || margin_law_outcomes(margin_law(g)), '{0.5,0.26,0.24,0.5,0.26,0.24}'::float8[]) x (p, w)),
	abs((margin_law(g))[0] - 0.26) < 1e-14, abs((total_law(g))[0] - score_grid_correct_score(g, 0, 0)) < 1e-16,
	abs((total_law(g))[1] - score_grid_correct_score(g, 1, 0) - score_grid_correct_score(g, 0, 1)) < 1e-15,
	abs((margin_law(g))[-2] - score_grid_margin(g, -2)) < 1e-15, abs((SELECT sum(p) FROM unnest(total_law(g)) p) - 1) < 1e-14
FROM score_grid_reconcile(dixon_coles_grid(1.6, 1.1, -0.05), '{0.5,0.26,0.24}') g;
SELECT 'priced as the grid', bool_and(abs(a.p_win - b.p_win) < 1e-14 AND abs(a.p_half_loss - b.p_half_loss) < 1e-14 AND abs(c.p_win - d.p_win) < 1e-14 AND abs(c.p_push - d.p_push) < 1e-14)
FROM score_grid_reconcile(dixon_coles_grid(1.6, 1.1, -0.05), '{0.5,0.26,0.24}') g, generate_series(-16, 16) l,
	score_grid_handicap(g, 'away', l * 0.25) a, line_probabilities(margin_law(g), 'spreads', 'away', l * 0.25) b,
	score_grid_total(g, 'over', l * 0.25) c, line_probabilities(total_law(g), 'totals', 'over', l * 0.25) d;
SELECT 'its own outcomes move nothing', bool_and(abs(a - b) < 1e-16) FROM dixon_coles_grid(1.6, 1.1, -0.05) g, unnest(g, score_grid_reconcile(g, score_grid_outcomes(g))) x (a, b);

-- what a price implies, and what was said of a line
SELECT 'a price again', bool_and(abs(line_chance(CASE market WHEN 'spreads' THEN margin_law(implied_margin(line, p, k), k) ELSE total_law(implied_total(line, p, k), k) END, market, line) - p) < 1e-11)
FROM keys, (VALUES ('spreads', -3.0), ('spreads', -3.25), ('spreads', 0), ('spreads', 10.5), ('totals', 43.5), ('totals', 44)) m (market, line), unnest('{0.05,0.4,0.5,0.53,0.9}'::float8[]) p;
SELECT 'half a point by 3 is worth more than by 5', line_chance(m, 'spreads', -2.5) - line_chance(m, 'spreads', -3) > 2 * (line_chance(m, 'spreads', -4.5) - line_chance(m, 'spreads', -5))
FROM keys, margin_law(implied_margin(-3, 0.52, k), k) m;
SELECT 'a better price, a better side', implied_margin(-3, 0.55, k) > implied_margin(-3, 0.5, k), implied_margin(-3, 0.5, k) > implied_margin(-2.5, 0.5, k), abs(implied_margin(0, 0.5, k)) < 1e-9 FROM keys;
SELECT 'goals', abs(line_chance(margin_law(g), 'spreads', -0.75) - 0.52) < 1e-8, abs(line_chance(total_law(g), 'totals', 2.75) - 0.47) < 1e-8
FROM implied_goals(-0.75, 0.52, 2.75, 0.47, -0.05) r, dixon_coles_grid(r[1], r[2], -0.05) g;
SELECT 'held under other outcomes', abs(line_chance(r, 'spreads', -3) - line_chance(m, 'spreads', -3)) < 1e-9, abs(o[1] / (o[1] + o[3]) - 0.64) < 1e-14, abs(o[2] - m[0]) < 1e-15,
	abs(line_chance(m, 'spreads', -3) - line_chance(margin_law_reconcile(m, '{0.64,0.36}'), 'spreads', -3)) > 0.01
FROM keys, margin_law(2.3, k) m, margin_law_reconcile(m, '{0.64,0.36}', -3) r, margin_law_outcomes(r) o;
SELECT 'goals too', abs(line_chance(margin_law(r), 'spreads', -1.25) - line_chance(margin_law(g), 'spreads', -1.25)) < 1e-9, abs(line_chance(total_law(r), 'totals', 2.5) - line_chance(total_law(g), 'totals', 2.5)) < 1e-9,
	(SELECT bool_and(abs(p - w) < 1e-14) FROM unnest(score_grid_outcomes(r), '{0.5,0.26,0.24}'::float8[]) x (p, w))
FROM dixon_coles_grid(1.6, 1.1, -0.05) g, score_grid_reconcile(g, '{0.5,0.26,0.24}', -1.25, 2.5) r;
SELECT 'the outcomes come first', abs(o[1] / (o[1] + o[3]) - 0.9) < 1e-14, abs(line_chance(r, 'spreads', -0.5) - o[1]) < 1e-14 FROM keys, margin_law_reconcile(margin_law(2.3, k), '{0.9,0.1}', -0.5) r, margin_law_outcomes(r) o;
SELECT 'nothing implies it', implied_margin(-3, 0, k) IS NULL, implied_margin(-3, 1, k) IS NULL, implied_goals(-3, 0.9, 0.5, 0.1) IS NULL, margin_law_reconcile(NULL, '{0.5,0.5}', 1) IS NULL FROM keys;
SELECT 'half a loss counts half', line_loss(0.4, 0.25) * 2 = line_loss(0.4, 3), line_loss(0.4, -0.25) * 2 = -ln(0.6::float8), line_loss(0.4, 0) IS NULL;

-- key numbers found again: every third margin is 3 or -3
CREATE TEMP TABLE played AS SELECT sin(i) * 6 AS prediction, CASE i % 3 WHEN 0 THEN 3 * (1 - i % 2 * 2) ELSE (i * 37 % 41) - 20 END AS margin FROM generate_series(1, 900) i;
SELECT 'three', (f).weights[4] > 5, (SELECT bool_and(w > 0) FROM unnest((f).weights) w), abs((SELECT avg(w) FROM unnest((f).weights) w) - 1) < 1e-9,
	abs((f).scale - (SELECT sqrt(avg((margin - prediction) ^ 2)) FROM played)) < 1e-12
FROM (SELECT margin_key_numbers(prediction, margin) AS f FROM played) x;
SELECT 'totals', (total_key_numbers(30 + prediction, 30 + margin)).scale > 5, margin_key_numbers(NULL, 1) IS NULL, (margin_key_numbers(1, 1) FILTER (WHERE false)) IS NULL FROM played;
SELECT 'the same bits in any order', margin_key_numbers(prediction, margin ORDER BY prediction)::text = margin_key_numbers(prediction, margin ORDER BY margin, prediction DESC)::text
FROM (SELECT round(prediction) AS prediction, margin FROM played) x;

-- refused
SELECT margin_key_numbers(2, 2);
SELECT margin_key_numbers('NaN', 2);
SELECT margin_key_numbers(1, 20000);
SELECT total_key_numbers(1, -1);
SELECT margin_law('NaN', k) FROM keys;
SELECT margin_law(9990, k) FROM keys;
SELECT margin_law(1, ROW(0, '{}')::key_numbers);
SELECT margin_law(1, ROW(NULL, '{}')::key_numbers);
SELECT margin_law(1, ROW(1, '{1,-1}')::key_numbers);
SELECT total_law(0, ROW(0.001, '{0,0}')::key_numbers);
SELECT margin_law_outcomes('{0.5,0.4}');
SELECT margin_law_outcomes('[-20000:-19999]={0.5,0.5}');
SELECT margin_law_reconcile('{0.5,0.5}', '{0.5,0.5}');
SELECT margin_law_reconcile('{0.5,0.5}', '{0.5,0.6}');
SELECT score_grid_reconcile('{{0.5,0.5}}', '{0.5,0.5}');
SELECT line_probabilities('{}', 'spreads', 'home', -3);
SELECT line_probabilities('{1,NULL}', 'spreads', 'home', -3);
SELECT line_probabilities('{0.5,NaN}', 'spreads', 'home', -3);
SELECT line_probabilities('{0.5,0.5}', 'spreads', 'home', -3.1);
SELECT line_probabilities('{0.5,0.5}', 'h2h', 'home', 0);
SELECT line_probabilities('{0.5,0.5}', 'totals', 'home', 0);
SELECT implied_margin(-3.1, 0.5, k) FROM keys;
SELECT implied_total(40, 1.5, k) FROM keys;
SELECT implied_goals(-1, 0.5, 2.5, 'NaN');
SELECT margin_law_reconcile(margin_law(2.3, k), '{0.5,0.5}', 0.1) FROM keys;
