-- Score grids: 1X2, totals, both teams to score, scores and Asian lines of Dixon and Coles's grid.
SELECT golden.agrees('dixon_coles_probs', $$SELECT case_id,
	golden.ok(score_grid_outcomes(g), ARRAY[expected_home, expected_draw, expected_away], tolerance)
	AND golden.ok((score_grid_total(g, 'over', 2.5)).p_win, expected_over_2_5, tolerance)
	AND golden.ok(score_grid_both_score(g), expected_btts, tolerance)
	AND golden.ok(score_grid_correct_score(g, 0, 0), expected_0_0, tolerance) AND golden.ok(score_grid_correct_score(g, 1, 0), expected_1_0, tolerance)
	AND golden.ok(score_grid_correct_score(g, 0, 1), expected_0_1, tolerance) AND golden.ok(score_grid_correct_score(g, 1, 1), expected_1_1, tolerance)
	AND golden.ok(score_grid_correct_score(g, 2, 1), expected_2_1, tolerance)
	FROM golden.dixon_coles_probs c, dixon_coles_grid(lambda_home, lambda_away, c.rho, c.max_goals, normalized) g$$);
SELECT golden.agrees('dixon_coles_weight', $$SELECT case_id, golden.ok(dixon_coles_weight(days, xi), expected, tolerance) FROM golden.dixon_coles_weight$$);
SELECT golden.agrees('asian_probs', $$SELECT case_id, golden.ok(l.p_win, expected_win, tolerance) AND golden.ok(l.p_half_win, expected_half_win, tolerance)
	AND golden.ok(l.p_push, expected_push, tolerance) AND golden.ok(l.p_half_loss, expected_half_loss, tolerance)
	AND golden.ok(l.p_loss, expected_loss, tolerance) AND golden.ok(l.fair_odds, expected_fair_odds, tolerance)
	FROM golden.asian_probs c, dixon_coles_grid(lambda_home, lambda_away, c.rho) g,
		LATERAL (SELECT * FROM score_grid_handicap(g, side, line) WHERE market = 'handicap'
			UNION ALL SELECT * FROM score_grid_total(g, side, line) WHERE market <> 'handicap') l$$);
SELECT golden.agrees('dixon_coles, refused', $$SELECT case_id, golden.refused(format('SELECT dixon_coles_grid(%s, %s, %s)', a ->> 'lambda', a ->> 'mu', a ->> 'rho'))
	FROM golden.invalid_inputs, LATERAL (SELECT arguments::jsonb AS a) x WHERE function = 'dixon_coles'$$);
