-- Conformal predictive distributions: the type, probabilities at lines, quantiles, what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;

-- the type
SELECT 'text form', '{3,-1.5,0,-0}'::cpd, cpd('{3,-1.5}'), cpd_residuals('{2,1}') = '{1,2}', cpd('[0:1]={2,1}'::float8[]);
SELECT 'aggregate', cpd(r)::text FROM (VALUES (2::float8), (NULL), (-1), (0.5)) v (r);
SELECT 'no rows', cpd(r) IS NULL FROM (VALUES (NULL::float8)) v (r);
SELECT 'NULL', cpd(NULL::float8[]) IS NULL, cpd_prob(NULL, 1) IS NULL, cpd_quantile('{1}', NULL) IS NULL;
SELECT 'aggregate is the function', cpd(r)::text = cpd(array_agg(r))::text, cpd_residuals(cpd(r)) = array_agg(r ORDER BY r) FROM (SELECT sin(i::float8 * i) * 20 r FROM generate_series(1, 1000) i) v;
CREATE TABLE stored (n int, d cpd);
INSERT INTO stored SELECT n, (SELECT cpd(sin(i::float8 * i) * 20) FROM generate_series(1, n) i) FROM unnest('{1,15,100,1000,100000}'::int[]) n;
CREATE TABLE copied (LIKE stored);
\copy stored TO 'cpd.copy' (FORMAT binary)
\copy copied FROM 'cpd.copy' (FORMAT binary)
\! rm -f cpd.copy
SELECT 'binary form', count(*), bool_and(s.d::text = c.d::text) FROM stored s JOIN copied c USING (n);
SELECT 'from disk, one after another', bool_and(p = cpd_prob(cpd(r), l, 3, 0.7)) FROM (SELECT n, l, cpd_prob(d, l, 3, 0.7) p FROM stored, generate_series(-10, 10, 2.5) l) s
	JOIN LATERAL (SELECT array_agg(sin(i::float8 * i) * 20) r FROM generate_series(1, n) i) v ON true WHERE n < 10000;
SELECT 'packed', bool_and(cpd_quantile(d, 0.5) = cpd_quantile(d::text::cpd, 0.5)) FROM stored;

-- probabilities at a line: points 44, 44.5, 46, 47.5
SELECT 'whole line', prob_over = 1.5 / 5, prob_push = 1 / 5.0, prob_under = 2.5 / 5 FROM cpd_prob('{-2,-1.5,0,1.5}', 46, 46);
SELECT 'halves are shared', prob_over = 3 / 5.0, prob_push = 1.5 / 5, prob_under = 0.5 / 5 FROM cpd_prob('{-2,-1.5,0,1.5}', 44, 46);
SELECT 'half line', prob_over = 3 / 5.0, prob_push = 0, prob_under = 2 / 5.0 FROM cpd_prob('{-2,-1.5,0,1.5}', 44.5, 46);
SELECT 'as it is', prob_over = 2.5 / 5, prob_push = 1 / 5.0, prob_under = 1.5 / 5 FROM cpd_prob('{-2,-1.5,0,1.5}', 44.5, 46, whole => false);
SELECT 'bounds', over_lower = 1 / 5.0, over_upper = 3 / 5.0, under_lower = 2 / 5.0, under_upper = 4 / 5.0 FROM cpd_prob('{-2,-1.5,0,1.5}', 46, 46);
SELECT 'never certain', prob_over = 0.25, prob_under = 0.75, over_lower = 0, under_upper = 1 FROM cpd_prob('{0}', 1000, 46);
SELECT 'sigma', cpd_prob('{-2,-1.5,0,1.5}', 50, 46, 2) = cpd_prob('{-4,-3,0,3}', 50, 46);
SELECT 'sums to 1, in its bounds', count(*), bool_and(abs(prob_over + prob_push + prob_under - 1) < 1e-15), bool_and(prob_over BETWEEN over_lower AND over_upper), bool_and(prob_under BETWEEN under_lower AND under_upper), bool_and(prob_push >= 0)
FROM stored, generate_series(-25, 25, 0.25) l, cpd_prob(d, l, 0.3, 1.1, whole => l::numeric % 2 <> 0);
SELECT 'as counted one by one', bool_and(abs(prob_under * (n + 1) - 0.5 - c.below) < 1e-6 AND abs(prob_over * (n + 1) - 0.5 - c.above) < 1e-6) FROM stored, generate_series(-25, 25, 0.5) l, cpd_prob(d, l, 7.7),
	LATERAL (SELECT count(*) FILTER (WHERE round(7.7 + r) < l) AS below, count(*) FILTER (WHERE round(7.7 + r) > l) AS above FROM unnest(cpd_residuals(d)) r) c WHERE n <= 1000;
-- decimals that doubles do not hold: a point on the border is on it
SELECT 'rounding', prob_push = 0.5 / 2 FROM cpd_prob('{0.1}', 3, 2.4);
SELECT 'rounding', prob_push = 1 / 2.0 FROM cpd_prob('{-0.1}', 2.6, 2.7, whole => false);
SELECT 'mirror', bool_and(a.prob_over = b.prob_under AND a.prob_push = b.prob_push) FROM generate_series(-3, 3, 0.5) l, cpd_prob('{-2.5,-2,0.5,1,1.5}', l) a, cpd_prob('{2.5,2,-0.5,-1,-1.5}', -l) b;

-- distribution function, quantiles, intervals
SELECT 'cdf', cpd_cdf('{1,2,2,3}', 2) = 0.5, cpd_cdf('{1,2,2,3}', 2, u => 0) = 0.2, cpd_cdf('{1,2,2,3}', 2, u => 1) = 0.8, cpd_cdf('{1,2,2,3}', 12.5, 10) = 0.7;
SELECT 'quantile', cpd_quantile('{1,2,3}', 0.5) = 2, cpd_quantile('{1,2,3}', 0.75, 10, 2) = 16, cpd_quantile('{1,2,3}', 0.76) = 'Infinity', cpd_quantile('{1,2,3}', 0.25) = 1, cpd_quantile('{1,2,3}', 0.01) = 1;
SELECT 'the conformal quantile', bool_and(cpd_quantile(cpd(s), 1 - a::float8) = conformal_quantile(s, a::float8)) FROM (SELECT array_agg(sin(i * n)) s FROM generate_series(1, 120) n, generate_series(1, n) i GROUP BY n) v, generate_series(0.01, 0.99, 0.01) a;
SELECT 'interval', lower = -9 AND upper = 9 FROM cpd_interval((SELECT cpd(i::float8) FROM generate_series(-9, 9) i), 0.1);
SELECT 'interval, too few', lower, upper FROM cpd_interval('{1,2,3}');
SELECT 'interval moved', lower = 100 - 18 AND upper = 118 FROM cpd_interval((SELECT cpd(i::float8) FROM generate_series(-9, 9) i), 0.1, 100, 2);
-- leave one out: the place of a case among the others is uniform
SELECT 'uniform', abs(avg(p) - 0.5) < 1e-12, abs(avg(p * p) - (1 / 3.0 - 1 / (12.0 * 80 * 80))) < 1e-12 FROM generate_series(1, 80) i, LATERAL (SELECT cpd_cdf(cpd(sin(j)), sin(i)) p FROM generate_series(1, 80) j WHERE j <> i) c;

-- refused
SELECT c, pg_temp.refusal('SELECT ' || c) FROM unnest(ARRAY[
	$$'{}'::cpd$$, $$'{NULL}'::cpd$$, $$'{NaN}'::cpd$$, $$'{1,Infinity}'::cpd$$, $$'{{1,2}}'::cpd$$, $$'nonsense'::cpd$$, $$'{1,2'::cpd$$, $$cpd('{}'::float8[])$$, $$cpd('{NaN}'::float8[])$$,
	$$cpd(r) FROM unnest('{1,NaN}'::float8[]) r$$, $$cpd(r) FROM unnest('{1,-Infinity}'::float8[]) r$$,
	$$cpd_prob('{1}', 'NaN')$$, $$cpd_prob('{1}', 'Infinity')$$, $$cpd_prob('{1}', 1, 'NaN')$$, $$cpd_prob('{1}', 1, 1, 0)$$, $$cpd_prob('{1}', 1, 1, 'NaN')$$,
	$$cpd_cdf('{1}', 'NaN')$$, $$cpd_cdf('{1}', 1, u => 2)$$, $$cpd_quantile('{1}', 0)$$, $$cpd_quantile('{1}', 'NaN')$$, $$cpd_quantile('{1e308}', 0.5, 1e308)$$, $$cpd_interval('{1}', 1)$$, $$cpd_interval('{1e300,1e300,1e300}', 0.99, 0, 1e300)$$]) c;
-- binary input that is not one: too many announced, none, too long, NaN, and one that is, unsorted
SELECT what, pg_temp.refusal(format($$COPY copied (d) FROM PROGRAM 'printf "PGCOPY\\n\\377\\r\\n\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\1%s\\377\\377"' (FORMAT binary)$$, bytes))
FROM (VALUES ('many', '\\0\\0\\0\\14\\0\\0\\0\\2\\100\\0\\0\\0\\0\\0\\0\\0'), ('none', '\\0\\0\\0\\4\\0\\0\\0\\0'), ('huge', '\\0\\0\\0\\4\\177\\377\\377\\377'), ('short', '\\0\\0\\0\\2\\0\\0'),
	('rest', '\\0\\0\\0\\15\\0\\0\\0\\1\\100\\0\\0\\0\\0\\0\\0\\0\\0'), ('NaN', '\\0\\0\\0\\14\\0\\0\\0\\1\\177\\370\\0\\0\\0\\0\\0\\0'),
	('unsorted', '\\0\\0\\0\\24\\0\\0\\0\\2\\100\\0\\0\\0\\0\\0\\0\\0\\300\\0\\0\\0\\0\\0\\0\\0')) v (what, bytes);
SELECT 'arrived', d FROM copied WHERE n IS NULL;
DROP TABLE stored, copied;

SELECT 'labels', proname, prokind, provolatile, proparallel, proisstrict FROM pg_proc
WHERE pronamespace = 'bet_edge'::regnamespace AND proname ~ '^cpd' ORDER BY 2, 3;
