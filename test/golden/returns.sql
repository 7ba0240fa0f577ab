-- Results of betting.
SELECT golden.agrees('max_drawdown', $$SELECT case_id, golden.ok(d, expected_drawdown, tolerance)
	AND golden.ok(f, expected_drawdown_fraction, tolerance) AND u = expected_longest_underwater
	FROM golden.max_drawdown, LATERAL (SELECT max_drawdown(p, bankroll ORDER BY i) d, max_drawdown_fraction(p, bankroll ORDER BY i) f,
		longest_underwater(p, bankroll ORDER BY i) u FROM unnest(profits) WITH ORDINALITY x(p, i)) y$$);
SELECT golden.agrees('bankroll_pnl', $$SELECT case_id, golden.ok((SELECT roi(bet_profit(r, s::numeric, o, commission)::float8, s)
		FROM unnest(stakes, decimal_odds, results) x(s, o, r) WHERE r <> 'void'), expected_roi, tolerance)
	FROM golden.bankroll_pnl$$);
SELECT golden.agrees('sharpe_sortino', $$
	SELECT case_id, golden.ok(sharpe, expected_sharpe, tolerance) AND golden.ok(sortino, expected_sortino, tolerance)
	FROM golden.sharpe_sortino, LATERAL (SELECT
		CASE WHEN periods_per_year IS NULL THEN sharpe_ratio(r, target) ELSE sharpe_ratio(r, target, periods_per_year) END AS sharpe,
		CASE WHEN periods_per_year IS NULL THEN sortino_ratio(r, target) ELSE sortino_ratio(r, target, periods_per_year) END AS sortino
		FROM unnest(returns) AS r) AS x$$);
