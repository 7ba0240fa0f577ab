-- Probability integral transforms: known values, uniformity, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'normal', pit_normal(3, 3, 2), abs(pit_normal(1.959963984540054, 0, 1) - 0.975) < 1e-15, pit_normal(1e308, -1e308, 1), pit_normal(-1e308, 1e308, 1);
SELECT 'Poisson', abs(pit_poisson(0, 2, 1) - exp(-2)) < 1e-16, pit_poisson(0, 2, 0), abs(pit_poisson(2, 2) - exp(-2) * 4) < 1e-15, pit_poisson(7, 0);
SELECT 'negative binomial, the geometric case', max(abs(pit_negbin(k, 3, 1, 1) - (1 - 0.75 ^ (k + 1)))) < 1e-15 FROM generate_series(0, 60) k;
SELECT 'steps meet', max(abs(pit_poisson(k, 40, 1) - pit_poisson(k + 1, 40, 0))) < 1e-15, max(abs(pit_negbin(k, 40, 3, 1) - pit_negbin(k + 1, 40, 3, 0))) < 1e-14 FROM generate_series(0, 200) k;
SELECT 'the law of poisson_cdf and negbin_cdf', max(abs(pit_poisson(k, m, 1) - poisson_cdf(m, k))) < 1e-15, max(abs(pit_negbin(k, m, 3, 1) - negbin_cdf(m, 3, k))) < 1e-15 FROM generate_series(9500, 10500, 50) k, unnest('{10000,10000.5}'::float8[]) m;
SELECT 'an endless size is Poisson', pit_negbin(3, 2.5, 'Infinity') = pit_poisson(3, 2.5);
SELECT 'from cdf values', abs(pit(0.2, 0.6) - 0.4) < 1e-15, pit(0.2, 0.6, 0), pit(0.2, 0.6, 1), pit(0.5, 0.5);
-- mid-PITs have mean 1/2 under the forecast's own law
SELECT 'mean 1/2', abs(sum((pit_poisson(k, 2.7, 1) - pit_poisson(k, 2.7, 0)) * pit_poisson(k, 2.7)) - 0.5) < 1e-14,
	abs(sum((pit_negbin(k, 2.7, 1.3, 1) - pit_negbin(k, 2.7, 1.3, 0)) * pit_negbin(k, 2.7, 1.3)) - 0.5) < 1e-14 FROM generate_series(0, 300) k;
SELECT 'NULL', num_nonnulls(pit(NULL, 1), pit_normal(NULL, 1, 1), pit_poisson(1, NULL), pit_negbin(1, 1, NULL));

-- refused
SELECT pit(0.6, 0.2);
SELECT pit(0.2, 1.2);
SELECT pit(0.2, 0.6, 'NaN');
SELECT pit_normal(1, 0, 0);
SELECT pit_normal('Infinity', 0, 1);
SELECT pit_poisson(-1, 1);
SELECT pit_poisson(1, 1, 1.5);
SELECT pit_negbin(1, 1, -1);
SELECT pit_poisson(1, 1.1e9);
