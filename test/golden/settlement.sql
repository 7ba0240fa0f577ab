-- Settled bets.
SELECT golden.agrees('asian_settlement', $$SELECT case_id, s.result = expected_result
	AND golden.ok(s.payout::float8, expected_payout, tolerance) AND golden.ok(s.profit::float8, expected_profit, tolerance)
	FROM golden.asian_settlement, settle_bet(CASE market WHEN 'handicap' THEN 'spreads' ELSE 'totals' END, side, line,
		home_goals, away_goals, decimal_odds, stake::numeric) s$$);
