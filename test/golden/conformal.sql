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

SELECT golden.agrees('conformal_mondrian', $$
	SELECT case_id, golden.ok(conformal_mondrian(scores, categories, alpha, category), expected, tolerance)
		AND golden.ok(coalesce((SELECT conformal_quantile(s, alpha) FROM unnest(scores, categories) AS u (s, c) WHERE c = category), 'Infinity'), expected, tolerance)
		AND (SELECT count(*) FROM unnest(categories) AS c WHERE c = category) = expected_n
	FROM golden.conformal_mondrian$$);

SELECT golden.agrees('conformal_cqr', $$
	SELECT case_id, golden.ok(s.lower, expected_lo, tolerance) AND golden.ok(s.upper, expected_hi, tolerance)
		AND golden.ok(a.lower, expected_asym_lo, tolerance) AND golden.ok(a.upper, expected_asym_hi, tolerance)
		AND golden.ok((SELECT conformal_quantile(conformal_cqr_score(y, l, u), alpha) FROM unnest(y_cal, lo_cal, hi_cal) AS c (y, l, u)), expected_quantile, tolerance)
	FROM golden.conformal_cqr, conformal_cqr(lo_new, hi_new, y_cal, lo_cal, hi_cal, alpha) AS s,
		conformal_cqr(lo_new, hi_new, y_cal, lo_cal, hi_cal, alpha, each_side => true) AS a$$);

-- CV+ with a fold for every case is the jackknife+.
SELECT golden.agrees('jackknife_plus', $$
	SELECT case_id, golden.ok(j.lower, expected_lo, tolerance) AND golden.ok(j.upper, expected_hi, tolerance) AND j = c
	FROM golden.jackknife_plus, jackknife_plus(loo_predictions, loo_residuals, alpha) AS j,
		cv_plus(loo_predictions, loo_residuals, ARRAY(SELECT generate_subscripts(loo_residuals, 1)), alpha) AS c$$);

SELECT golden.agrees('conformal_pvalue', $$
	SELECT case_id, golden.ok(conformal_pvalue(scores, test_score), expected, tolerance)
		AND golden.ok(conformal_pvalue(scores, test_score, 0), expected_low, tolerance)
		AND golden.ok(conformal_pvalue(scores, test_score, 1), expected_high, tolerance)
	FROM golden.conformal_pvalue$$);

SELECT golden.agrees('aci_alpha', $$
	SELECT case_id, golden.ok(coalesce(steps, '{}'), expected_alpha, tolerance) AND golden.ok(coalesce(steps[cardinality(err)], alpha), expected_final, tolerance)
	FROM golden.aci_alpha, LATERAL (
		WITH RECURSIVE step (t, alpha_t) AS (
			SELECT 0, alpha UNION ALL SELECT t + 1, aci_update(alpha_t, err[t + 1] = 1, alpha, gamma) FROM step WHERE t < cardinality(err))
		SELECT array_agg(alpha_t ORDER BY t) FILTER (WHERE t > 0) AS steps FROM step) AS s$$);

SELECT golden.agrees('aci_stream', $$
	SELECT case_id, golden.ok(alphas, expected_alpha, tolerance) AND golden.ok(quantiles, expected_quantile, tolerance) AND errors = expected_err::int[]
		AND golden.ok(aci_update(last.alpha_t, last.missed, alpha, gamma), expected_final_alpha, tolerance)
		AND golden.ok(coverage, expected_coverage, tolerance)
		AND golden.ok(quantiles[cardinality(quantiles)], aci_quantile(cal_scores || stream_scores[:cardinality(stream_scores) - 1], last.alpha_t), 0)
	FROM golden.aci_stream, LATERAL (
		SELECT array_agg(alpha_t ORDER BY place) AS alphas, array_agg(quantile ORDER BY place) AS quantiles, array_agg(missed::int ORDER BY place) AS errors, avg((NOT missed)::int) AS coverage
		FROM aci_stream(cal_scores, stream_scores, alpha, gamma)) AS s,
		LATERAL (SELECT * FROM aci_stream(cal_scores, stream_scores, alpha, gamma) ORDER BY place DESC LIMIT 1) AS last$$);
