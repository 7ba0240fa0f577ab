-- Parts of the Brier score and calibration errors.
SELECT golden.agrees('brier_decomposition', $$SELECT case_id, golden.ok(ARRAY[(d).brier, (d).reliability, (d).resolution, (d).uncertainty, (d).within_bin_variance, (d).within_bin_covariance],
		ARRAY[expected_brier, expected_reliability, expected_resolution, expected_uncertainty, expected_within_bin_variance, expected_within_bin_covariance], tolerance)
	FROM golden.brier_decomposition, LATERAL (SELECT CASE WHEN bins IS NULL THEN brier_decomposition(p, y = 1) ELSE brier_decomposition(p, y = 1, bins) END AS d
		FROM unnest(probs, outcomes) u(p, y)) x$$);
SELECT golden.agrees('ece', $$SELECT case_id, golden.ok(e, expected, tolerance) AND golden.ok(m, expected_max, tolerance) AND (strategy <> 'width' OR e = w)
	FROM golden.ece, LATERAL (SELECT expected_calibration_error(p, y = 1, bins, s) AS e, maximum_calibration_error(p, y = 1, bins, s) AS m, expected_calibration_error(p, y = 1, bins) AS w
		FROM unnest(probs, outcomes) u(p, y), (VALUES (CASE strategy WHEN 'width' THEN 'uniform' ELSE 'quantile' END)) v (s)) x$$);
