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
