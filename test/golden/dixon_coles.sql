-- Fits by maximum likelihood: rates, home advantage, rho and the log-likelihood do not depend on how strengths are pinned.
SELECT golden.agrees('dixon_coles_fit', $$
	SELECT e.case_id, golden.ok(r.home_rate, e.expected_lambda_home, e.tolerance) AND golden.ok(r.away_rate, e.expected_lambda_away, e.tolerance)
		AND golden.ok((f.fit).home_advantage, e.expected_home_advantage, e.tolerance) AND golden.ok((f.fit).rho, e.expected_rho, e.tolerance)
		AND golden.ok((f.fit).log_likelihood, e.expected_loglik, e.tolerance)
	FROM golden.dixon_coles_fit_expected AS e
	JOIN (SELECT dataset, dixon_coles_fit(home, away, home_goals, away_goals, weight) AS fit FROM golden.dixon_coles_fit_matches GROUP BY dataset) AS f USING (dataset),
	LATERAL dixon_coles_rates(f.fit, e.home, e.away) AS r$$);
SELECT golden.agrees('dixon_coles_fit_matches', $$
	SELECT m.case_id, m.home = ANY ((f.fit).teams) AND m.away = ANY ((f.fit).teams) AND (f.fit).matches = f.n
	FROM golden.dixon_coles_fit_matches AS m
	JOIN (SELECT dataset, count(*) AS n, dixon_coles_fit(home, away, home_goals, away_goals, weight) AS fit FROM golden.dixon_coles_fit_matches GROUP BY dataset) AS f USING (dataset)$$);
