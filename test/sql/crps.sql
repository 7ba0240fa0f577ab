-- Scores of distributions: known values, the definition summed out, the ends of the domain, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- at the mean of a normal: sd (sqrt(2) - 1) / sqrt(pi)
SELECT 'normal', abs(crps_normal(3, 3, 2) - 2 * (sqrt(2) - 1) / sqrt(pi())) < 1e-15, crps_normal(5, 3, 0), abs(crps_normal(1000, 0, 1) - (1000 - 1 / sqrt(pi()))) < 1e-12;
SELECT 'normal, by quantiles', max(abs(crps_normal(y, 1, 2) - s)) < 2e-3 FROM unnest('{-4,0,1,3.3}'::float8[]) y,
	LATERAL (SELECT avg(((cdf - (x >= y)::int) ^ 2) * 40) AS s FROM (SELECT -19 + (i - 0.5) * 40 / 20000 AS x FROM generate_series(1, 20000) i) g, LATERAL (SELECT pit_normal(x, 1, 2) AS cdf) c) z;
SELECT 'count, by the definition', max(abs(crps_poisson(y, 2.7) - p)) < 1e-14, max(abs(crps_negbin(y, 2.7, 1.3) - n)) < 1e-14
FROM generate_series(0, 12) y, LATERAL (SELECT sum((pit_poisson(k, 2.7, 1) - (y <= k)::int) ^ 2) AS p, sum((pit_negbin(k, 2.7, 1.3, 1) - (y <= k)::int) ^ 2) AS n FROM generate_series(0, 400) k) s;
SELECT 'the closed form meets the sum', abs(crps_poisson(y, 64) - crps_poisson(y, 64.0000000001)) < 1e-9 FROM unnest('{0,50,64,90,500}'::int[]) y;
SELECT 'a large size is Poisson', abs(crps_negbin(y, 30, 1e14) - crps_poisson(y, 30)) < 1e-11, abs(crps_negbin(y, 3000, 1e17) - crps_poisson(y, 3000)) < 1e-9 FROM unnest('{0,20,30,3000}'::int[]) y;
SELECT 'certain', crps_poisson(4, 0), crps_negbin(4, 0, 1), crps_poisson(0, 0);
SELECT 'far', abs(crps_poisson(0, 1e9) / (1e9 - sqrt(1e9 / pi())) - 1) < 1e-12, abs(crps_poisson(2147483647, 1) - 2147483646) < 1,
	crps_negbin(0, 1e9, 1e-100) > 0, crps_negbin(2147483647, 1e-300, 1e300) = 2147483647, crps_negbin(0, 1e-300, 1) = 0;
SELECT 'an endless size is Poisson', crps_negbin(3, 2.5, 'Infinity') = crps_poisson(3, 2.5);
-- 1 - exp(-mean), squared, and the next terms: no digit is lost
SELECT 'small means keep their digits', abs(crps_poisson(0, 1e-9) / ((1 - 1e-9 / 2) ^ 2 * 1e-18) - 1) < 1e-9, abs(crps_negbin(0, 1, 1e-12) / (2 * ln(2) * 1e-12) - 1) < 1e-9;
SELECT 'ensemble', abs(crps_ensemble(3, '{1,2,3,4,10}') - 0.6) < 1e-15, abs(crps_ensemble(3, '{1,2,3,4,10}', true) - 0.2) < 1e-15, crps_ensemble(3, '{5}'), crps_ensemble(3, '{3,3,3}');
SELECT 'ensemble, by the definition', max(abs(crps_ensemble(y, m) - s)) < 1e-12, max(abs(crps_ensemble(y, m, true) - f)) < 1e-12 FROM
	(SELECT n, array_agg((i * 37 % 101)::float8) AS m FROM generate_series(2, 90, 11) n, generate_series(1, n) i GROUP BY n) e, unnest('{-5,40,50.5,200}'::float8[]) y,
	LATERAL (SELECT a - d / n ^ 2 / 2 AS s, a - d / n / (n - 1) / 2 AS f FROM (SELECT avg(abs(x - y)) AS a FROM unnest(m) x) p, (SELECT sum(abs(x - z)) AS d FROM unnest(m) x, unnest(m) z) q) w;
SELECT 'far from 0', crps_ensemble(1e15, '{1e15,1000000000000001}') = 0.25;
SELECT 'its order does not matter', crps_ensemble(2, '{3,1,2}') = crps_ensemble(2, '{1,2,3}'), crps_ensemble(2, '[5:7]={3,1,2}') = crps_ensemble(2, '{1,2,3}');
SELECT 'proper', bool_and(score >= least_score) FROM (SELECT m, sum(pit_poisson(y, 2.5, 1) - pit_poisson(y, 2.5, 0)) AS one,
	sum((pit_poisson(y, 2.5, 1) - pit_poisson(y, 2.5, 0)) * crps_poisson(y, m)) AS score, sum((pit_poisson(y, 2.5, 1) - pit_poisson(y, 2.5, 0)) * crps_poisson(y, 2.5)) AS least_score
	FROM generate_series(0.5, 6, 0.25) m, generate_series(0, 40) y GROUP BY m) x;
SELECT 'NULL', num_nonnulls(crps_normal(NULL, 1, 1), crps_poisson(1, NULL), crps_negbin(1, 1, NULL), crps_ensemble(1, NULL));

-- refused
SELECT crps_normal(1, 0, -1);
SELECT crps_normal('NaN', 0, 1);
SELECT crps_normal(1e308, -1e308, 1);
SELECT crps_poisson(-1, 1);
SELECT crps_poisson(1, -0.5);
SELECT crps_poisson(1, 'Infinity');
SELECT crps_poisson(1, 1.1e9);
SELECT crps_negbin(1, 1, 0);
SELECT crps_negbin(1, 'NaN', 1);
SELECT crps_negbin(1, 1, 1e-101);
SELECT crps_ensemble(1, '{}');
SELECT crps_ensemble(1, '{1}', true);
SELECT crps_ensemble(1, '{1,NULL}');
SELECT crps_ensemble(1, '{1,NaN}');
SELECT crps_ensemble(1, '{{1,2}}');
SELECT crps_ensemble(1e308, '{-1e308}');
