-- Quantiles of n scores.
-- one short of a round number: there the conformal rank ceil((n+1)*0.9) is percentile_disc's ceil(n*0.9)
CREATE TABLE residual AS SELECT abs(random() - random()) AS score FROM generate_series(1, :n - 1);
VACUUM ANALYZE;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('conformal_quantile, alpha 0.1', :n - 1, 'SELECT conformal_quantile(score, 0.1) FROM residual', 'percentile_disc(0.9)',
		'SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY score) FROM residual', 0, 0.233),
	('conformal_quantile, alpha 0.1', :n - 1, 'SELECT conformal_quantile(score, 0.1) FROM residual', 'sum(score)',
		'SELECT sum(score) FROM residual', NULL, NULL);
