-- Scores of distributions.
SELECT golden.agrees('crps_normal', $$SELECT case_id, golden.ok(crps_normal(y, mu, sigma), expected, tolerance) FROM golden.crps_normal$$);
SELECT golden.agrees('crps_poisson', $$SELECT case_id, golden.ok(crps_poisson(y::int, lambda_), expected, least(tolerance, 1e-11)) FROM golden.crps_poisson$$);
SELECT golden.agrees('crps_negbin', $$SELECT case_id, golden.ok(crps_negbin(y::int, mean, size), expected, least(tolerance, 1e-11)) FROM golden.crps_negbin$$);
SELECT golden.agrees('crps_ensemble', $$SELECT case_id, golden.ok(crps_ensemble(y, members), expected, tolerance)
		AND CASE WHEN expected_fair IS NULL THEN cardinality(members) = 1 AND golden.refused(format('SELECT crps_ensemble(%s, %L, true)', y, members))
			ELSE golden.ok(crps_ensemble(y, members, true), expected_fair, tolerance) END
	FROM golden.crps_ensemble$$);
