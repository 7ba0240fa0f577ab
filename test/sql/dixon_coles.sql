-- Fits of Dixon and Coles's model: what must hold at a maximum, with priors and at the limits of rho, and the rates of a match.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE hint text; BEGIN EXECUTE statement; RETURN 'accepted'; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' (' || nullif(hint, '') || ')', ''); END $$;
CREATE TEMP TABLE game AS
SELECT n, 'team ' || h AS home, 'team ' || (h + 1 + (n / 7) % 5) % 6 AS away, (1.5 + 2 * sin(n * 3.7))::int % 4 + (n % 2) AS home_goals,
	(1.4 + 1.4 * sin(n * 2.3))::int AS away_goals, 0.5 + (n % 10) / 10.0 AS weight, n % 5 = 0 AS neutral
FROM (SELECT n, n % 6 AS h FROM generate_series(1, 150) n) x;
CREATE FUNCTION pg_temp.close(a float8[], b float8[], tolerance float8) RETURNS boolean LANGUAGE sql AS
$$ SELECT cardinality(a) = cardinality(b) AND bool_and(abs(x - y) <= tolerance) FROM unnest(a, b) u (x, y) $$;

CREATE TEMP TABLE fit AS SELECT dixon_coles_fit(home, away, home_goals, away_goals, weight, neutral) AS f FROM game;
SELECT 'the mean attack is 0', abs((SELECT sum(x) FROM unnest((f).attack) x)) < 1e-12, (f).matches, cardinality((f).teams) FROM fit;
-- the likelihood of Dixon and Coles, from the grid of scores
CREATE FUNCTION pg_temp.likelihood(f dixon_coles_fit) RETURNS float8 LANGUAGE sql AS
$$ SELECT sum(weight * ln((dixon_coles_grid(r.home_rate, r.away_rate, (f).rho, 20, false))[home_goals + 1][away_goals + 1]))
	FROM game, dixon_coles_rates(f, home, away, neutral) r $$;
SELECT 'is its log_likelihood', abs(pg_temp.likelihood(f) - (f).log_likelihood) < 1e-9 FROM fit;
SELECT 'and less anywhere near', bool_and(pg_temp.likelihood(ROW((f).teams, ARRAY(SELECT a + 0.01 * sin(n * 7 + i * 3) FROM unnest((f).attack) WITH ORDINALITY u (a, i) ORDER BY i),
		ARRAY(SELECT d + 0.01 * sin(n * 5 + i * 11) FROM unnest((f).defence) WITH ORDINALITY u (d, i) ORDER BY i),
		(f).home_advantage + 0.01 * sin(n), (f).rho + 0.01 * cos(n), 0, 0)::dixon_coles_fit) < (f).log_likelihood)
FROM fit, generate_series(1, 30) n;
SELECT 'weights are relative', pg_temp.close((f).attack || (f).defence || (f).home_advantage || (f).rho, (g).attack || (g).defence || (g).home_advantage || (g).rho, 1e-10),
	abs((g).log_likelihood / (f).log_likelihood - w) < 1e-9 * w
FROM fit, unnest('{8,0.3,1e-200,1e200}'::float8[]) w, LATERAL (SELECT dixon_coles_fit(home, away, home_goals, away_goals, w * weight, neutral) g FROM game) x;
SELECT 'a weight of 2 is two rows', pg_temp.close((a).attack, (b).attack, 1e-10), abs((a).log_likelihood - (b).log_likelihood) < 1e-9
FROM (SELECT dixon_coles_fit(home, away, home_goals, away_goals, CASE WHEN n % 3 = 0 THEN 2 ELSE 1 END) a FROM game) x,
	(SELECT dixon_coles_fit(home, away, home_goals, away_goals) b FROM game, generate_series(1, CASE WHEN n % 3 = 0 THEN 2 ELSE 1 END)) y;
SELECT 'all neutral', (dixon_coles_fit(home, away, home_goals, away_goals, 1, true)).home_advantage = 0 FROM game;

-- a prior: no different at 0, all alike without end, and an answer where there is none without
SELECT 'prior 0 is none', f::text = g::text FROM fit, (SELECT dixon_coles_fit(home, away, home_goals, away_goals, weight, neutral, 0) g FROM game) x;
SELECT 'a larger prior, less spread', p, (SELECT stddev_pop(x) FROM unnest((g).attack) x) < (SELECT stddev_pop(x) FROM unnest((f).attack) x)
FROM fit, unnest('{0.01,1,10,1000}'::float8[]) p, LATERAL (SELECT dixon_coles_fit(home, away, home_goals, away_goals, weight, neutral, p) g FROM game) x ORDER BY p;
SELECT 'without end', pg_temp.close((g).attack, array_fill(0::float8, ARRAY[6]), 1e-9) FROM (SELECT dixon_coles_fit(home, away, home_goals, away_goals, weight, neutral, 1e12) g FROM game) x;
SELECT 'never scored', (f).attack[1] < (f).attack[2], (f).attack[1] > -2 FROM (SELECT dixon_coles_fit(h, a, x, y, 1, false, 2) f
	FROM (VALUES ('A', 'B', 0, 2), ('B', 'C', 1, 1), ('C', 'A', 3, 0), ('B', 'A', 2, 0)) v (h, a, x, y)) z;
SELECT 'a single match', abs(r.home_rate - 2) < 1e-12, abs(r.away_rate - 1) < 1e-12
FROM (SELECT dixon_coles_fit('A', 'B', 2, 1, 1, false, 1) f) x, dixon_coles_rates(f, 'A', 'B') r;

-- rho: no low score, and at its limit, where every match still has its grid
SELECT 'no low scores', (dixon_coles_fit(home, away, home_goals + 2, away_goals)).rho = 0 FROM game;
SELECT 'at its limit', bool_and(f IS NOT NULL), bool_and((f).rho < 0), bool_and((SELECT abs(sum(p) - 1) < 1e-12 FROM unnest(dixon_coles_grid(r.home_rate, r.away_rate, (f).rho)) p))
FROM (SELECT dixon_coles_fit(home, away, x, y) f FROM (SELECT home, away, CASE WHEN n % 3 = 0 THEN 0 WHEN n % 3 = 1 THEN 1 ELSE home_goals + 2 END x,
		CASE WHEN n % 3 = 0 THEN 0 WHEN n % 3 = 1 THEN 1 ELSE away_goals + 2 END y FROM game) v) z, game, dixon_coles_rates(f, home, away) r;

-- the rates of a match
SELECT 'rates', abs(ln(r.home_rate) - ((f).attack[1] + (f).defence[2] + (f).home_advantage)) < 1e-14, abs(ln(r.away_rate) - ((f).attack[2] + (f).defence[1])) < 1e-14,
	abs(ln(n.home_rate) - ((f).attack[1] + (f).defence[2])) < 1e-14, n.away_rate = r.away_rate
FROM fit, dixon_coles_rates(f, 'team 0', 'team 1') r, dixon_coles_rates(f, 'team 0', 'team 1', neutral => true) n;
SELECT 'NULL', dixon_coles_rates(NULL, 'A', 'B') IS NULL, dixon_coles_rates(f, NULL, 'B') IS NULL FROM fit;
SELECT pg_temp.refusal(format('SELECT dixon_coles_rates(f, %L, %L) FROM fit', h, a)) FROM (VALUES ('team 0', 'team 7'), ('', 'team 1'), ('team 1', 'team 1')) v (h, a);
SELECT pg_temp.refusal(format('SELECT dixon_coles_rates(%L::dixon_coles_fit, ''A'', ''B'')', f)) FROM unnest(ARRAY[
	'("{A,B}","{0,0}","{0,0}",0,0,0,1)', '(,"{0,0}","{0,0}",0,0,0,1)', '("{A,B}",,"{0,0}",0,0,0,1)', '("{A,B}","{0}","{0,0}",0,0,0,1)', '("{A,B}","{0,NULL}","{0,0}",0,0,0,1)',
	'("{A,B}","{0,NaN}","{0,0}",0,0,0,1)', '("{A,B}","{0,0}","{0,Infinity}",0,0,0,1)', '("{A,B}","{0,0}","{0,0}",NaN,0,0,1)', '("{A,B}","{0,0}","{0,0}",0,NaN,0,1)',
	'("{{A,B}}","{0,0}","{0,0}",0,0,0,1)', '("{A,NULL}","{0,0}","{0,0}",0,0,0,1)', '("{}","{}","{}",0,0,0,1)',
	'("{A,B}","{999,0}","{0,0}",0,0,0,1)', '("{A,B}","{-999,0}","{0,0}",0,0,0,1)', '("[0:1]={A,B}","{0,0}","[5:6]={0,0}",0,0,0,1)']) f;
SELECT 'labels', proname, provolatile, proparallel FROM pg_proc WHERE pronamespace = 'bet_edge'::regnamespace AND proname LIKE 'dixon_coles_%' AND proname NOT IN ('dixon_coles_grid', 'dixon_coles_weight') ORDER BY 2, pronargs;
