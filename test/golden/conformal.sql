-- Conformal prediction.
SELECT golden.agrees('conformal_quantile', $$
	SELECT case_id, golden.ok(conformal_quantile(scores, alpha), expected, tolerance)
		AND golden.ok((SELECT conformal_quantile(s, alpha) FROM unnest(scores) AS s), expected, tolerance)
	FROM golden.conformal_quantile$$);

SELECT golden.agrees('conformal_interval', $$
	SELECT case_id, golden.ok(conformal_quantile(scores, alpha), expected_quantile, tolerance)
		AND golden.ok(lo, expected_lo, tolerance) AND golden.ok(hi, expected_hi, tolerance)
	FROM golden.conformal_interval,
		LATERAL (SELECT array_agg(abs(y - f) / coalesce(s, 1)) AS scores FROM unnest(y_cal, yhat_cal, sigma_cal) AS c(y, f, s)) AS cal,
		LATERAL (SELECT array_agg(i.lower) AS lo, array_agg(i.upper) AS hi FROM unnest(yhat_new, sigma_new) AS t(f, s),
			conformal_interval(f, scores, alpha, coalesce(s, 1)) AS i) AS new$$);

-- Written out, so that a case that is new or reworded fails until it is looked at.
SELECT golden.agrees('invalid_inputs', $$
	SELECT case_id, CASE arguments
		WHEN '{"scores": [], "alpha": 0.1}' THEN golden.refused('SELECT conformal_quantile(''{}''::float8[], 0.1)')
		WHEN '{"scores": ["NaN", 1], "alpha": 0.1}' THEN golden.refused('SELECT conformal_quantile(''{NaN, 1}''::float8[], 0.1)')
		ELSE false END
	FROM golden.invalid_inputs WHERE function = 'conformal_quantile'$$);
