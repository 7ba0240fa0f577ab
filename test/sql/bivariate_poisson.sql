-- Fits of the bivariate Poisson model: the likelihood they bring to its maximum, goals in common or none, and the rates of a match.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE hint text; BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' (' || nullif(hint, '') || ')', ''); END $$;
CREATE TEMP TABLE game AS
SELECT n, 'team ' || h AS home, 'team ' || (h + 1 + (n / 7) % 5) % 6 AS away, (1.5 + 2 * sin(n * 3.7))::int % 4 + (n % 2) + (n % 9 = 0)::int AS home_goals,
	(1.4 + 1.4 * sin(n * 2.3))::int + (n % 9 = 0)::int AS away_goals, 0.5 + (n % 10) / 10.0 AS weight, n % 5 = 0 AS neutral
FROM (SELECT n, n % 6 AS h FROM generate_series(1, 150) n) x;

CREATE TEMP TABLE fit AS SELECT bivariate_poisson_fit(home, away, home_goals + s, away_goals + s, weight, neutral) AS f, common FROM
	(SELECT *, CASE WHEN common AND n % 3 = 0 THEN 2 ELSE 0 END AS s FROM game, (VALUES (true), (false)) v (common)) x GROUP BY common;
SELECT 'goals in common', common, (f).common_rate > 0.2, abs((SELECT sum(x) FROM unnest((f).attack) x)) < 1e-12, (f).matches FROM fit ORDER BY common;
-- the likelihood, from the grid of scores
CREATE FUNCTION pg_temp.likelihood(f bivariate_poisson_fit, common boolean) RETURNS float8 LANGUAGE sql AS
$$ SELECT sum(weight * ln((bivariate_poisson_grid(r.home_rate, r.away_rate, (f).common_rate, 30, false))[home_goals + s + 1][away_goals + s + 1]))
	FROM game, LATERAL (SELECT CASE WHEN common AND n % 3 = 0 THEN 2 ELSE 0 END AS s) x, bivariate_poisson_rates(f, home, away, neutral) r $$;
SELECT 'is its log_likelihood', abs(pg_temp.likelihood(f, common) - (f).log_likelihood) < 1e-9 FROM fit;
SELECT 'and less anywhere near', bool_and(pg_temp.likelihood(ROW((f).teams, ARRAY(SELECT a + 0.01 * sin(n * 7 + i * 3) FROM unnest((f).attack) WITH ORDINALITY u (a, i) ORDER BY i),
		ARRAY(SELECT d + 0.01 * sin(n * 5 + i * 11) FROM unnest((f).defence) WITH ORDINALITY u (d, i) ORDER BY i),
		(f).home_advantage + 0.01 * sin(n), greatest((f).common_rate + 0.01 * cos(n), 0), 0, 0)::bivariate_poisson_fit, common) < (f).log_likelihood)
FROM fit, generate_series(1, 20) n;
-- without goals in common it is the fit of independent goals, which dixon_coles_fit is without low scores
SELECT 'independent', (b).common_rate = 0, (d).rho = 0, abs((b).log_likelihood - (d).log_likelihood) < 1e-9,
	(SELECT bool_and(abs(x - y) < 1e-9) FROM unnest((b).attack || (b).defence, (d).attack || (d).defence) u (x, y)), abs((b).home_advantage - (d).home_advantage) < 1e-9
FROM (SELECT bivariate_poisson_fit(home, away, home_goals + 2, greatest(3 - home_goals, 0)) b, dixon_coles_fit(home, away, home_goals + 2, greatest(3 - home_goals, 0)) d FROM game) x;
SELECT 'a larger prior, less spread', (SELECT stddev_pop(x) FROM unnest((g).attack) x) < (SELECT stddev_pop(x) FROM unnest((f).attack) x)
FROM fit, (SELECT bivariate_poisson_fit(home, away, home_goals, away_goals, weight, neutral, 5) g FROM game) x WHERE NOT common;
SELECT 'NULL', bivariate_poisson_fit(NULL, 'B', 1, 1) IS NULL, bivariate_poisson_rates(NULL, 'A', 'B') IS NULL;
SELECT pg_temp.refusal('SELECT bivariate_poisson_fit(home, away, 1, 1) FROM game');
SELECT pg_temp.refusal('SELECT bivariate_poisson_fit(home, away, home_goals, 0) FROM game');
SELECT pg_temp.refusal('SELECT bivariate_poisson_rates(f, ''team 0'', ''team 9'') FROM fit');
SELECT 'labels', proname, provolatile, proparallel FROM pg_proc WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'bivariate_poisson_%' AND proname <> 'bivariate_poisson_grid' ORDER BY 2, pronargs;
