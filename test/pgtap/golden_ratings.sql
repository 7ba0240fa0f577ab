-- Ratings, settlement, scores, calibration and returns against the reference values.
\ir golden.inc
SELECT plan(18);
\if :has_golden
SET search_path = bet_edge, public;

SELECT golden.agrees('elo_update', $$SELECT case_id, golden.ok(u.expected, c.expected_prob_a, c.tolerance)
	AND golden.ok(u.home, c.expected_a, c.tolerance) AND golden.ok(u.away, c.expected_b, c.tolerance)
	AND golden.ok(elo_expected(rating_a, rating_b, home_advantage), c.expected_prob_a, c.tolerance)
	FROM golden.elo_update c, elo_update(rating_a, rating_b, score_a, k, home_advantage) u$$);
-- elo: games of two rule sets, some of them real with FiveThirtyEight's published ratings
SELECT golden.agrees(f, format($$SELECT case_id, golden.ok(u.expected, expected_prob1, tolerance)
	AND golden.ok(u.multiplier, expected_multiplier, tolerance)
	AND golden.ok(u.home, expected_elo1_post, tolerance) AND golden.ok(u.away, expected_elo2_post, tolerance)
	FROM golden.%I, elo_update(elo1_pre, elo2_pre, score1, score2, %L, neutral) u$$, f, right(f, 3)))
FROM unnest('{elo_nfl,elo_nba,elo_538_nfl,elo_538_nba}'::text[]) f;
SELECT golden.agrees('elo_538 as published', $$SELECT case_id, abs(u.home - published_elo1_post) < 0.0011
	AND abs(u.away - published_elo2_post) < 0.0011 FROM (SELECT *, 'nfl' AS rules FROM golden.elo_538_nfl
	UNION ALL SELECT *, 'nba' FROM golden.elo_538_nba) g, elo_update(elo1_pre, elo2_pre, score1, score2, rules, neutral) u$$);
SELECT golden.agrees('elo_world_football', $$SELECT case_id, golden.ok(u.expected, expected_prob_home, tolerance)
	AND golden.ok(u.multiplier, expected_multiplier, tolerance)
	AND golden.ok(u.home, expected_home, tolerance) AND golden.ok(u.away, expected_away, tolerance)
	FROM golden.elo_world_football c, elo_update(rating_home, rating_away, goals_home, goals_away, 'world_football', neutral, k => c.k) u$$);
SELECT golden.agrees('elo_season_reversion', $$SELECT case_id, golden.ok(elo_season_reversion(rating, keep, mean), expected, tolerance)
	FROM golden.elo_season_reversion$$);

SELECT golden.agrees('asian_settlement', $$SELECT case_id, s.result = expected_result
	AND golden.ok(s.payout::float8, expected_payout, tolerance) AND golden.ok(s.profit::float8, expected_profit, tolerance)
	FROM golden.asian_settlement, settle_bet(CASE market WHEN 'handicap' THEN 'spreads' ELSE 'totals' END, side, line,
		home_goals, away_goals, decimal_odds, stake::numeric) s$$);

-- scores: each case is a table of forecasts
SELECT golden.agrees('brier_binary', $$SELECT case_id, golden.ok((SELECT brier_score(p, y = 1) FROM unnest(probs, outcomes) u(p, y)), expected, tolerance)
	FROM golden.brier_binary$$);
SELECT golden.agrees('log_loss_binary', $$SELECT case_id, golden.ok((SELECT CASE WHEN eps IS NULL THEN log_loss(p, y = 1) ELSE log_loss(p, y = 1, eps) END
	FROM unnest(probs, outcomes) u(p, y)), expected, tolerance) FROM golden.log_loss_binary$$);
SELECT golden.agrees(f, format($$SELECT case_id, golden.ok((SELECT %I(ARRAY(SELECT probs[i][k] FROM generate_subscripts(probs, 2) k ORDER BY k), outcomes[i])
	FROM generate_subscripts(probs, 1) i), expected, tolerance) FROM golden.%I$$, a, f))
FROM (VALUES ('brier_multiclass', 'brier_score'), ('log_loss_multiclass', 'log_loss'), ('rps', 'ranked_probability_score')) v (f, a);
SELECT golden.agrees('rps of each', $$SELECT case_id, golden.ok(ARRAY(SELECT forecast_rps(ARRAY(SELECT probs[i][k] FROM generate_subscripts(probs, 2) k ORDER BY k), outcomes[i])
	FROM generate_subscripts(probs, 1) i ORDER BY i), expected_each, tolerance) FROM golden.rps$$);

-- calibration: the fit and what it makes of new scores
SELECT golden.agrees('platt', $$SELECT case_id, golden.ok(fit, ARRAY[expected_a, expected_b], tolerance)
	AND golden.ok(ARRAY(SELECT platt_apply(fit, s) FROM unnest(score_new) WITH ORDINALITY u(s, i) ORDER BY i), expected_new, tolerance)
	FROM golden.platt, LATERAL (SELECT platt_fit(s, h = 1) AS fit FROM unnest(score, y) u(s, h)) x$$);

-- returns
SELECT golden.agrees('max_drawdown', $$SELECT case_id, golden.ok(d, expected_drawdown, tolerance)
	AND golden.ok(f, expected_drawdown_fraction, tolerance) AND u = expected_longest_underwater
	FROM golden.max_drawdown, LATERAL (SELECT max_drawdown(p, bankroll ORDER BY i) d, max_drawdown_fraction(p, bankroll ORDER BY i) f,
		longest_underwater(p, bankroll ORDER BY i) u FROM unnest(profits) WITH ORDINALITY x(p, i)) y$$);
SELECT golden.agrees('bankroll_pnl', $$SELECT case_id, golden.ok((SELECT roi(p, s) FROM unnest(expected_profits, stakes, results) x(p, s, r) WHERE r <> 'void'), expected_roi, tolerance)
	FROM golden.bankroll_pnl$$);
\else
SELECT skip('no folder of reference values', 18);
\endif
SELECT finish();
