-- Score grids: grids of known sums, markets that agree with each other, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'shape', array_dims(dixon_coles_grid(1.5, 1.1)), array_dims(bivariate_poisson_grid(1.5, 1.1, 0.1, 3, false)), array_dims(score_grid('{0.5,0.5}', '{0.2,0.3,0.5}'));
SELECT 'sum', bool_and(abs((SELECT sum(p) FROM unnest(g) p) - 1) < 1e-14)
FROM (VALUES (dixon_coles_grid(1.5, 1.1, -0.1)), (bivariate_poisson_grid(1.2, 0.9, 0.2)), (score_grid('{0.5,0.5}', '{0.2,0.3,0.5}'))) v (g);
SELECT 'without correction and without common goals', max(abs(a - b)) < 1e-16
FROM unnest(dixon_coles_grid(1.5, 1.1), bivariate_poisson_grid(1.5, 1.1, 0)) u (a, b);
SELECT 'Poisson', abs(score_grid_correct_score(dixon_coles_grid(1.5, 1.1, max_goals => 3, normalized => false), 2, 1) - exp(-2.6) * 1.5 ^ 2 / 2 * 1.1) < 1e-16;
SELECT 'limits of rho are allowed', score_grid_correct_score(dixon_coles_grid(2, 1, -0.5), 0, 1) = 0, score_grid_correct_score(dixon_coles_grid(2, 1, 0.5), 0, 0) < 1e-16;
SELECT 'below 0 draws of few goals', (score_grid_outcomes(dixon_coles_grid(1.5, 1.1, -0.13)))[2] > (score_grid_outcomes(dixon_coles_grid(1.5, 1.1)))[2];

CREATE TEMP TABLE g AS SELECT dixon_coles_grid(1.62, 1.07, -0.11) AS g;
SELECT 'outcomes', abs(o[1] + o[2] + o[3] - 1) < 1e-14, o[2] = score_grid_margin(g, 0) FROM g, score_grid_outcomes(g) o;
SELECT 'draw no bet', abs(h.p_win - o[1]) < 1e-16 AND abs(h.p_push - o[2]) < 1e-16 AND abs(h.p_loss - o[3]) < 1e-16 FROM g, score_grid_outcomes(g) o, score_grid_handicap(g, 'home', 0) h;
SELECT 'both sides of a line', bool_and((h.p_win, h.p_half_win, h.p_push, h.p_half_loss, h.p_loss) = (a.p_loss, a.p_half_loss, a.p_push, a.p_half_win, a.p_win)
	AND abs(1 / h.fair_odds + 1 / a.fair_odds - 1) < 1e-14)
FROM g, generate_series(-4, 4, 0.25) l, score_grid_handicap(g, 'home', l) h, score_grid_handicap(g, 'away', -l) a;
SELECT 'over and under', bool_and(abs(o.p_win + o.p_half_win + o.p_push + o.p_half_loss + o.p_loss - 1) < 1e-14 AND o.p_win = u.p_loss AND o.p_half_win = u.p_half_loss)
FROM g, generate_series(0.5, 6, 0.25) l, score_grid_total(g, 'over', l) o, score_grid_total(g, 'under', l) u;
SELECT 'fair odds are worth nothing', bool_and(abs(expected_profit(p_win, p_half_win, p_push, p_half_loss, p_loss, fair_odds)) < 1e-14)
FROM g, generate_series(-2, 2, 0.25) l, score_grid_handicap(g, 'away', l);
SELECT 'as bets settle', bool_and(abs(r.p - l.p) < 1e-14)
FROM g, generate_series(-2, 2, 0.25) line, score_grid_handicap(g, 'home', line) h,
	LATERAL (SELECT s.result, sum(g[x + 1][y + 1]) AS p FROM generate_series(0, 15) x, generate_series(0, 15) y,
		settle_bet('spreads', 'home', line, x, y, 2, 1) s GROUP BY 1) r
	JOIN LATERAL (VALUES ('win', h.p_win), ('half_win', h.p_half_win), ('push', h.p_push), ('half_loss', h.p_half_loss), ('loss', h.p_loss)) l (result, p) USING (result);
SELECT 'team totals', abs(p_win - (1 - exp(-1.62) * 2.62)) < 1e-9 FROM g, score_grid_team_total(g, 'home', 'over', 1.5);
SELECT 'both score', abs(b - (1 - h.p_loss - a.p_loss + score_grid_correct_score(g, 0, 0))) < 1e-14
FROM g, score_grid_both_score(g) b, score_grid_team_total(g, 'home', 'over', 0.5) h, score_grid_team_total(g, 'away', 'over', 0.5) a;
SELECT 'margins', abs(sum(score_grid_margin(g, m)) - 1) < 1e-14 FROM g, generate_series(-15, 15) m;
SELECT 'any lower bound', score_grid_outcomes('[0:1][5:6]={{0.1,0.2},{0.3,0.4}}') = '{0.3,0.5,0.2}';
SELECT 'cannot win, can only push', (score_grid_handicap('{{0,1}}', 'home', 0)).fair_odds, (score_grid_handicap('{{1}}', 'home', 0)).fair_odds IS NULL, (score_grid_handicap('{{1}}', 'home', 0.5)).fair_odds;
SELECT 'weight', dixon_coles_weight(0) = 1, abs(dixon_coles_weight(ln(2) / 0.0018) - 0.5) < 1e-15, dixon_coles_weight(1e300, 1e300) = 0;
SELECT 'NULL', dixon_coles_grid(NULL, 1) IS NULL, score_grid_outcomes(NULL) IS NULL;

SELECT dixon_coles_grid(1.5, 1.2, 1.2);
SELECT dixon_coles_grid(1.5, 1.2, -0.7);
SELECT dixon_coles_grid(1.5, 1.2, 'NaN');
SELECT dixon_coles_grid(-1, 1.2);
SELECT dixon_coles_grid(1, 1e9);
SELECT dixon_coles_grid(1, 1, 0, 0);
SELECT dixon_coles_grid(1, 1, 0, 1000);
SELECT dixon_coles_grid(20, 1);
SELECT bivariate_poisson_grid(1, 1, -0.1);
SELECT score_grid('{0.5,0.6}', '{1}');
SELECT score_grid('{}', '{1}');
SELECT dixon_coles_weight(-1);
SELECT dixon_coles_weight(1, 'Infinity');
SELECT score_grid_outcomes('{0.5,0.5}');
SELECT score_grid_outcomes('{}');
SELECT score_grid_outcomes('{{{1}}}');
SELECT score_grid_outcomes('{{0.5,NULL}}');
SELECT score_grid_outcomes('{{0.5,0.6}}');
SELECT score_grid_outcomes('{{0.5,-0.1}}');
SELECT score_grid_outcomes('{{0.5,NaN}}');
SELECT score_grid_outcomes('{{0,0}}');
SELECT score_grid_handicap('{{1}}', 'over', 0);
SELECT score_grid_handicap('{{1}}', 'home', 0.3);
SELECT score_grid_handicap('{{1}}', 'home', 'Infinity');
SELECT score_grid_total('{{1}}', 'home', 2.5);
SELECT score_grid_team_total('{{1}}', 'both', 'over', 2.5);
SELECT score_grid_correct_score('{{1}}', 1, 0);
SELECT score_grid_correct_score('{{1}}', -1, 0);
SELECT score_grid_margin('{{1}}', 1);
SELECT score_grid_margin('{{1}}', -2147483648);
