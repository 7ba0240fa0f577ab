-- Scores of forecasts: each case is a table of forecasts.
SELECT golden.agrees('brier_binary', $$SELECT case_id, golden.ok((SELECT brier_score(p, y = 1) FROM unnest(probs, outcomes) u(p, y)), expected, tolerance)
	FROM golden.brier_binary$$);
SELECT golden.agrees('log_loss_binary', $$SELECT case_id, golden.ok((SELECT CASE WHEN eps IS NULL THEN log_loss(p, y = 1) ELSE log_loss(p, y = 1, eps) END
	FROM unnest(probs, outcomes) u(p, y)), expected, tolerance) FROM golden.log_loss_binary$$);
SELECT golden.agrees(f, format($$SELECT case_id, golden.ok((SELECT %I(ARRAY(SELECT probs[i][k] FROM generate_subscripts(probs, 2) k ORDER BY k), outcomes[i])
	FROM generate_subscripts(probs, 1) i), expected, tolerance) FROM golden.%I$$, a, f))
FROM (VALUES ('brier_multiclass', 'brier_score'), ('log_loss_multiclass', 'log_loss'), ('rps', 'ranked_probability_score')) v (f, a);
SELECT golden.agrees('rps of each', $$SELECT case_id, golden.ok(ARRAY(SELECT forecast_rps(ARRAY(SELECT probs[i][k] FROM generate_subscripts(probs, 2) k ORDER BY k), outcomes[i])
	FROM generate_subscripts(probs, 1) i ORDER BY i), expected_each, tolerance) FROM golden.rps$$);
SELECT golden.agrees('ignorance', $$SELECT case_id, golden.ok((SELECT ignorance(ARRAY(SELECT probs[i][k] FROM generate_subscripts(probs, 2) k ORDER BY k), outcomes[i])
	FROM generate_subscripts(probs, 1) i), expected_bits, tolerance) FROM golden.log_loss_multiclass$$);
SELECT golden.agrees('half of the Brier score over classes', $$SELECT case_id, golden.ok((SELECT brier_score(ARRAY(SELECT probs[i][k] FROM generate_subscripts(probs, 2) k ORDER BY k), outcomes[i])
	FROM generate_subscripts(probs, 1) i) / 2, expected_half, tolerance) FROM golden.brier_multiclass$$);
SELECT golden.agrees('interval_score', $$SELECT case_id, golden.ok(c, expected_coverage, tolerance) AND golden.ok(w, expected_width, tolerance)
		AND golden.ok(s, expected_winkler, tolerance) AND golden.ok(p, expected_pinball_lo, tolerance)
	FROM golden.interval_score, LATERAL (SELECT interval_coverage(a, b, d) AS c, interval_width(b, d) AS w, interval_score(a, b, d, alpha) AS s, pinball_loss(a, b, alpha / 2) AS p
		FROM unnest(y, lo, hi) u (a, b, d)) x$$);
-- An aggregate over no rows is NULL in SQL: there is no forecast to refuse.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"probs": [], "outcomes": []}' THEN (SELECT brier_score(p, true) FROM unnest('{}'::float8[]) p) IS NULL
		WHEN '{"probs": ["NaN"], "outcomes": [1]}' THEN golden.refused('SELECT brier_score(''NaN'', true)')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'brier_score'$$);
