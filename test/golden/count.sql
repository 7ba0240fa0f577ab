-- Counts against a line.
SELECT golden.agrees('count_over', $$SELECT case_id, golden.ok((r).prob_over, expected_over, tolerance) AND golden.ok((r).prob_push, expected_push, tolerance)
	AND golden.ok((r).prob_under, expected_under, tolerance)
	AND golden.ok((r).prob_over / nullif((r).prob_over + (r).prob_under, 0), expected_over_no_push, tolerance)
	AND golden.ok((r).fair_over, expected_fair_odds_over, tolerance) AND golden.ok((r).fair_under, expected_fair_odds_under, tolerance)
	FROM (SELECT *, CASE dist WHEN 'poisson' THEN poisson_line(mean, line) WHEN 'negbin' THEN negbin_line(mean, size, line) END AS r FROM golden.count_over) x$$);
SELECT golden.agrees('invalid_inputs', $$SELECT case_id, golden.refused(format('SELECT poisson_line(%L, %L)', arguments::jsonb ->> 'mean', arguments::jsonb ->> 'line'))
	FROM golden.invalid_inputs WHERE function = 'prop_over_probability'$$);
