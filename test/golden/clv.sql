-- Closing line value.
SELECT golden.agrees('clv', $$
	SELECT case_id, golden.ok(clv(taken_odds, closing_odds[selection]), expected_clv_raw, tolerance)
		AND golden.ok((remove_overround(closing_odds, method))[selection], expected_fair_closing_prob, tolerance)
		AND golden.ok(clv(taken_odds, closing_odds, selection, method), expected_clv_fair, tolerance)
		AND golden.ok(clv_prob(taken_odds, closing_odds, selection, method), expected_prob_points, tolerance)
	FROM golden.clv$$);
