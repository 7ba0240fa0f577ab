-- Laws of counts: closed forms, tails, mixtures, fits, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- ---- laws -----------------------------------------------------------------------------------------
SELECT 'pmf', abs(poisson_pmf(2, 3) - exp(-2) * 8 / 6) < 1e-16, abs(binomial_pmf(4, 0.5, 2) - 0.375) < 1e-15,
	abs(negbin_pmf(3, 1, 2) - 0.25 * 0.75 ^ 2) < 1e-15, abs(zero_inflated_poisson_pmf(2, 0.3, 0) - (0.3 + 0.7 * exp(-2))) < 1e-15,
	abs(zero_inflated_negbin_pmf(3, 1, 0.5, 1) - 0.5 * 0.25 * 0.75) < 1e-15;
SELECT 'cdf', abs(poisson_cdf(2, 1) - 3 * exp(-2)) < 1e-15, poisson_cdf(2, 1.9) = poisson_cdf(2, 1), poisson_cdf(2, -0.1) = 0,
	abs(negbin_cdf(3, 1, 4) - (1 - 0.75 ^ 5)) < 1e-15, binomial_cdf(4, 0.5, 4) = 1, abs(binomial_cdf(4, 0.5, 0) - 0.0625) < 1e-16,
	abs(zero_inflated_poisson_cdf(2, 0.3, 1) - (0.3 + 0.7 * 3 * exp(-2))) < 1e-15, zero_inflated_negbin_cdf(3, 2, 0.5, 1e300) = 1;
SELECT 'quantile', poisson_quantile(2, 0.5), poisson_quantile(2, 0), poisson_quantile(2, 1), binomial_quantile(4, 0.5, 1), negbin_quantile(25, 12, 0.9),
	zero_inflated_poisson_quantile(2, 0.7, 0.7), zero_inflated_negbin_quantile(3, 2, 1, 1);
SELECT 'sums to 1', abs(sum(poisson_pmf(6.5, k)) - 1) < 1e-14, abs(sum(negbin_pmf(6.5, 3, k)) - 1) < 1e-14, abs(sum(k * negbin_pmf(6.5, 3, k)) - 6.5) < 1e-12,
	abs(sum((k - 6.5) ^ 2 * negbin_pmf(6.5, 3, k)) - (6.5 + 6.5 ^ 2 / 3)) < 1e-10, abs(sum(binomial_pmf(40, 0.3, k)) - 1) < 1e-14 FROM generate_series(0, 300) k;

-- ---- lines ----------------------------------------------------------------------------------------
SELECT 'far tail', abs((r).prob_over / 6.352854124984599e-67 - 1) < 1e-12, (r).prob_push = 0, (r).prob_under = 1 FROM poisson_line(2, 60.5) AS r;
SELECT 'push', (r).prob_push = poisson_pmf(3, 3), abs((r).prob_over + (r).prob_push + (r).prob_under - 1) < 1e-15,
	(r).fair_over = 1 + (r).prob_under / (r).prob_over, (r).fair_under = 1 + (r).prob_over / (r).prob_under FROM poisson_line(3, 3) AS r;
SELECT 'line 0', (r).prob_under, (r).fair_over, (r).fair_under IS NULL FROM negbin_line(5, 2, 0) AS r;
SELECT 'mean 0', r, poisson_line(0, 0) FROM poisson_line(0, 0.5) AS r;
SELECT 'negative', poisson_line(3, -2), binomial_line(4, 0.3, -0.5);
SELECT 'no count gets there', poisson_line(3, 1e300), binomial_line(4, 0.3, 5);
SELECT 'huge', abs((poisson_line(1e9, 1e9 + 0.5)).prob_over - (0.5 - 2 / 3.0 / sqrt(2 * pi() * 1e9))) < 1e-9, (negbin_line(1e9, 1e-100, 0.5)).prob_under = 1;
SELECT 'infinite size is Poisson', negbin_line(7, 'Infinity', 6.5) = poisson_line(7, 6.5), negbin_pmf(7, 'Infinity', 6) = poisson_pmf(7, 6);
SELECT 'extra zeros', abs((zero_inflated_poisson_line(2, 0.3, 0.5)).prob_over - 0.7 * (poisson_line(2, 0.5)).prob_over) < 1e-16,
	zero_inflated_negbin_line(2, 5, 0, 1) = negbin_line(2, 5, 1);

-- ---- uncertain playing time --------------------------------------------------------------------------
SELECT 'sure minutes', abs((poisson_mixture_line(0.5, '{30}', '{7}', 14.5)).prob_over - (poisson_line(15, 14.5)).prob_over) < 1e-15,
	abs((negbin_mixture_line(0.5, 9, '{30,10}', '{1,0}', 14.5)).prob_over - (negbin_line(15, 9, 14.5)).prob_over) < 1e-15,
	abs((binomial_mixture_line('{4}', 0.27, '{1}', 0.5)).prob_over - (1 - 0.73 ^ 4)) < 1e-15;
SELECT 'a mean of laws', abs((poisson_mixture_line(0.5, '{20,40}', '{1,3}', 15)).prob_push - (poisson_pmf(10, 15) + 3 * poisson_pmf(20, 15)) / 4) < 1e-16,
	abs((binomial_mixture_line('{3,4,5}', 0.25, '{1,2,1}', 0.5)).prob_under - (0.75 ^ 3 + 2 * 0.75 ^ 4 + 0.75 ^ 5) / 4) < 1e-15,
	poisson_mixture_line(0.5, '[0:1]={20,40}', '[5:6]={1,3}', 15) = poisson_mixture_line(0.5, '{20,40}', '{2,6}', 15);

-- ---- fits -----------------------------------------------------------------------------------------
CREATE TEMP TABLE player AS SELECT i, (i * i * 7 % 31 + i * 3 % 17)::int AS points FROM generate_series(1, 500) i;
SELECT 'means', abs(poisson_fit(points) - avg(points)) < 1e-12, abs((negbin_fit(points)).mean - avg(points)) < 1e-12, binomial_fit(points, 100) = sum(points) / 50000.0::float8 FROM player;
-- the slope of the likelihood by size is 0 where the shares above j balance
CREATE TEMP TABLE fitted AS SELECT (negbin_fit(points)).* FROM player;
SELECT 'likelihood equation', abs(sum((SELECT sum(1 / (size + j)) FROM generate_series(0, points - 1) j)) / (count(*) * ln(1 + mean / size)) - 1) < 1e-10
FROM player, fitted GROUP BY mean, size;
SELECT 'maximum', bool_and(l > near) FROM (SELECT sum(ln(negbin_pmf(mean, size, points))) l FROM player, fitted) x,
	(SELECT sum(ln(negbin_pmf(mean, size * f, points))) near FROM player, fitted, unnest('{0.99,1.01}'::float8[]) f GROUP BY f) z;
SELECT 'less spread than Poisson', negbin_fit(c) FROM unnest('{2,3,2,3}'::int[]) c;
SELECT 'many zeros', abs((f).mean / (1 - exp(-(f).mean)) - 2) < 1e-12, abs((1 - (f).extra_zero) * (f).mean - 1) < 1e-12 FROM (SELECT zero_inflated_poisson_fit(c) f FROM unnest('{0,0,0,1,2,3}'::int[]) c) x;
SELECT 'few zeros', zero_inflated_poisson_fit(c) FROM unnest('{0,1,1,2}'::int[]) c;
-- both equations and the slope by size, at zeros that neither a small size nor Poisson explains
CREATE TEMP TABLE inflated AS SELECT (zero_inflated_negbin_fit(c, w)).* FROM (VALUES (0, 50), (1, 9), (2, 6), (3, 4), (4, 3), (9, 1)) v (c, w);
SELECT 'many zeros and spread', extra_zero > 0.3 AND size < 10, abs(sum(w * c)::float8 / sum(w) / ((1 - extra_zero) * mean) - 1) < 1e-12,
	abs(zero_inflated_negbin_pmf(mean, size, extra_zero, 0) - 50.0 / sum(w)) < 1e-12,
	abs(sum(w * (SELECT sum(1 / (size + j)) FROM generate_series(0, c - 1) j)) / sum(w) / ((1 - extra_zero) * ln(1 + mean / size)) - 1) < 1e-10
FROM (VALUES (0, 50), (1, 9), (2, 6), (3, 4), (4, 3), (9, 1)) v (c, w), inflated GROUP BY mean, size, extra_zero;
SELECT 'its edges', (z).extra_zero = 0 AND ((z).mean, (z).size) = ((n).mean, (n).size) FROM (SELECT zero_inflated_negbin_fit(points) z, negbin_fit(points) n FROM player WHERE points <> 0) x;
SELECT 'its edges', (z).size, abs((z).mean - (p).mean) < 1e-12 AND abs((z).extra_zero - (p).extra_zero) < 1e-12 FROM (SELECT zero_inflated_negbin_fit(c) z, zero_inflated_poisson_fit(c) p FROM unnest('{0,0,0,3,3}'::int[]) c) x;
SELECT 'zeros, ones', zero_inflated_negbin_fit(0), (SELECT zero_inflated_negbin_fit(c) FROM unnest('{0,1,0,1}'::int[]) c), (SELECT zero_inflated_negbin_fit(1));
SELECT 'weights are rows', abs((a).size / (b).size - 1) < 1e-12 FROM (SELECT zero_inflated_negbin_fit(c, w) a FROM (VALUES (0, 50), (1, 9), (2, 6), (3, 4), (4, 3), (9, 1)) v (c, w)) x,
	(SELECT zero_inflated_negbin_fit(c) b FROM (VALUES (0, 50), (1, 9), (2, 6), (3, 4), (4, 3), (9, 1)) v (c, w), generate_series(1, w)) y;
SELECT 'no rows', zero_inflated_negbin_fit(1, 0) IS NULL, zero_inflated_negbin_fit(NULL) IS NULL, (SELECT zero_inflated_negbin_fit(points, 2) IS NULL FROM player WHERE false), zero_inflated_negbin_final('{}') IS NULL;
SELECT 'weights', (negbin_fit(points, 2)).mean = (negbin_fit(points)).mean, abs((negbin_fit(points, 2)).size / (negbin_fit(points)).size - 1) < 1e-12,
	poisson_fit(points, CASE WHEN i <= 10 THEN 1 ELSE 0 END) = avg(points) FILTER (WHERE i <= 10), zero_inflated_poisson_fit(points, 0) IS NULL FROM player;
SELECT 'nothing', num_nonnulls(poisson_fit(points), negbin_fit(points), zero_inflated_poisson_fit(points), binomial_fit(points, 40)) FROM player WHERE false;
SELECT 'only NULL', num_nonnulls(poisson_fit(NULL), negbin_fit(1, NULL), zero_inflated_poisson_fit(NULL, 1), binomial_fit(NULL, 1), binomial_fit(0, 0));
SELECT 'state', histogram_accum(histogram_accum('{}', 1), 2, 0.5) = histogram_combine('{0,1}', '{0,0,0.5,0,0,0,0,0,0,0,0,0,0,0,0,0}'), (negbin_final('{1,0,0,0,1}')).mean, poisson_final('{}') IS NULL;

-- ---- refused --------------------------------------------------------------------------------------
SELECT poisson_line('NaN', 0.5);
SELECT poisson_line(-1, 0.5);
SELECT poisson_pmf(1e10, 1);
SELECT poisson_pmf(2, 1.5);
SELECT poisson_line(2, 2.25);
SELECT poisson_line(2, 'Infinity');
SELECT poisson_quantile(2, 1.5);
SELECT negbin_line(2, 0, 1.5);
SELECT negbin_line(2, 'NaN', 1.5);
SELECT binomial_line(-1, 0.5, 1.5);
SELECT binomial_pmf(4, 1.5, 1);
SELECT zero_inflated_poisson_line(2, -0.1, 1.5);
SELECT poisson_mixture_line(0.5, '{30,20}', '{1}', 14.5);
SELECT poisson_mixture_line(0.5, '{30,20}', '{0,0}', 14.5);
SELECT poisson_mixture_line(0.5, '{30,-20}', '{1,1}', 14.5);
SELECT negbin_mixture_line(0.5, 3, '{30,20}', '{1,-1}', 14.5);
SELECT negbin_mixture_line(0.5, 3, '{{30,20}}', '{1,1}', 14.5);
SELECT binomial_mixture_line('{3,NULL}', 0.5, '{1,1}', 0.5);
SELECT negbin_fit(2.5);
SELECT negbin_fit(-1);
SELECT negbin_fit(1000001);
SELECT zero_inflated_negbin_fit(2.5);
SELECT zero_inflated_negbin_fit(1, 'NaN');
SELECT zero_inflated_negbin_final('{1,-1}');
SELECT poisson_fit(1, -1);
SELECT poisson_fit(1, 'Infinity');
SELECT binomial_fit(5, 4);
SELECT negbin_final('{-1}');
