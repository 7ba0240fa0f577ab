-- Ratings, settlement, scores, calibration and returns against the reference values.
\ir golden.inc
SELECT plan(2);
\if :has_golden
SET search_path = bet_edge, public;

SELECT golden.agrees('elo_update', $$SELECT case_id, golden.ok(u.expected, c.expected_prob_a, c.tolerance)
	AND golden.ok(u.home, c.expected_a, c.tolerance) AND golden.ok(u.away, c.expected_b, c.tolerance)
	AND golden.ok(elo_expected(rating_a, rating_b, home_advantage), c.expected_prob_a, c.tolerance)
	FROM golden.elo_update c, elo_update(rating_a, rating_b, score_a, k, home_advantage) u$$);
SELECT golden.agrees('asian_settlement', $$SELECT case_id, s.result = expected_result
	AND golden.ok(s.payout::float8, expected_payout, tolerance) AND golden.ok(s.profit::float8, expected_profit, tolerance)
	FROM golden.asian_settlement, settle_bet(CASE market WHEN 'handicap' THEN 'spreads' ELSE 'totals' END, side, line,
		home_goals, away_goals, decimal_odds, stake::numeric) s$$);
\else
SELECT skip('no folder of reference values', 2);
\endif
SELECT finish();
