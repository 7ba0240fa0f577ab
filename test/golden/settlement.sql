-- Settled bets.
SELECT golden.agrees('asian_settlement', $$SELECT case_id, s.result = expected_result
	AND golden.ok(s.payout::float8, expected_payout, 0) AND golden.ok(s.profit::float8, expected_profit, 0)
	AND bet_profit(s.result, stake::numeric, decimal_odds) = s.profit
	FROM golden.asian_settlement, settle_bet(CASE market WHEN 'handicap' THEN 'spreads' ELSE 'totals' END, side, line,
		home_goals, away_goals, decimal_odds, stake::numeric) s$$);

SELECT golden.agrees('bankroll_pnl', $$
	SELECT case_id, golden.ok(array_agg(profit::float8 ORDER BY n), expected_profits, least(tolerance, 1e-14))
		AND golden.ok(sum(profit)::float8, expected_profit, least(tolerance, 1e-14))
		AND golden.ok(sum(stake) FILTER (WHERE result <> 'void'), expected_turnover, tolerance)
		AND golden.ok(sum(profit)::float8 / sum(stake) FILTER (WHERE result <> 'void'), expected_roi, tolerance)
	FROM golden.bankroll_pnl, unnest(stakes, decimal_odds, results) WITH ORDINALITY AS b (stake, odds, result, n),
		bet_profit(result, stake::numeric, odds, commission) AS profit
	GROUP BY case_id, expected_profits, expected_profit, expected_turnover, expected_roi, tolerance$$);

SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"line": 0.3}' THEN golden.refused('SELECT settle_bet(''spreads'', ''home'', 0.3, 1, 0, 1.9, 10)')
			AND golden.refused('SELECT line_probabilities(''{1}'', ''totals'', ''over'', 0.3)')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'asian_settlement'$$);
