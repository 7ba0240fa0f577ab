-- Calibration: the fit and what it makes of new scores.
SELECT golden.agrees('platt', $$SELECT case_id, golden.ok(fit, ARRAY[expected_a, expected_b], tolerance)
	AND golden.ok(ARRAY(SELECT platt_apply(fit, s) FROM unnest(score_new) WITH ORDINALITY u(s, i) ORDER BY i), expected_new, tolerance)
	FROM golden.platt, LATERAL (SELECT platt_fit(s, h = 1) AS fit FROM unnest(score, y) u(s, h)) x$$);
SELECT golden.agrees('isotonic', $$SELECT case_id, golden.ok(ARRAY(SELECT isotonic_apply(fit, s) FROM unnest(x) WITH ORDINALITY u(s, i) ORDER BY i), expected_fitted, tolerance)
	AND golden.ok(ARRAY(SELECT isotonic_apply(fit, s) FROM unnest(x_new) WITH ORDINALITY u(s, i) ORDER BY i), expected_new, tolerance)
	FROM golden.isotonic, LATERAL (SELECT isotonic_fit(s, h, coalesce(v, 1)) AS fit FROM unnest(x, y, w) u(s, h, v)) z$$);
