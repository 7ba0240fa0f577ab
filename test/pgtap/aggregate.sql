-- Every aggregate of the extension: in parallel, over windows, filtered, without rows, with nothing but NULLs.
-- A new aggregate gets a line in the table call; the sample has columns for most arguments.
SET client_min_messages = warning;
SET search_path = public, bet_edge;
SELECT setseed(0.25) \g /dev/null

CREATE TABLE sample AS
	SELECT n, prob, prob AS other_prob, ARRAY[prob, (1 - prob) * 0.4, (1 - prob) * 0.6] AS probs,
		random() < prob AS outcome, 1 + floor(random() * 3)::int AS class, random() * 4 - 2 AS score, random() * 4 - 2 AS y,
		floor(random() * 6)::int AS count, random() * 2 - 1 AS profit, 1 + random() AS stake, n % 40 AS cluster,
		'team ' || n % 20 AS home, 'team ' || (n + 1 + n / 20 % 19) % 20 AS away,
		floor(random() * 5)::int AS home_score, floor(random() * 4)::int AS away_score
	FROM (SELECT n, 0.05 + 0.9 * random() AS prob FROM generate_series(1, 2000) AS n) AS x;
UPDATE sample SET other_prob = 0.05 + 0.9 * random();
ALTER TABLE sample SET (parallel_workers = 2);
VACUUM ANALYZE sample;

-- empty: what it says of no rows. ordered: its meaning depends on the order of rows, which no parallel plan keeps.
CREATE TABLE call (aggregate regprocedure, args text, empty text, ordered boolean DEFAULT false);
COPY call FROM stdin (DELIMITER '|', NULL '');
brier_score(float8, boolean)|prob, outcome||f
brier_score(float8[], int)|probs, class||f
log_loss(float8, boolean)|prob, outcome||f
log_loss(float8, boolean, float8)|prob, outcome, 0.01||f
log_loss(float8[], int)|probs, class||f
ignorance(float8, boolean)|prob, outcome||f
ignorance(float8, boolean, float8)|prob, outcome, 0.01||f
ignorance(float8[], int)|probs, class||f
ranked_probability_score(float8[], int)|probs, class||f
brier_decomposition(float8, boolean)|prob, outcome||f
brier_decomposition(float8, boolean, int)|prob, outcome, 10||f
expected_calibration_error(float8, boolean)|prob, outcome||f
expected_calibration_error(float8, boolean, int)|prob, outcome, 20||f
expected_calibration_error(float8, boolean, int, text)|prob, outcome, 10, 'quantile'||f
maximum_calibration_error(float8, boolean)|prob, outcome||f
maximum_calibration_error(float8, boolean, int)|prob, outcome, 20||f
maximum_calibration_error(float8, boolean, int, text)|prob, outcome, 10, 'quantile'||f
ks_calibration_error(float8, boolean)|prob, outcome||f
reliability_table(float8, boolean)|prob, outcome||f
reliability_table(float8, boolean, int)|prob, outcome, 4||f
reliability_table(float8, boolean, int, text)|prob, outcome, 4, 'quantile'||f
spiegelhalter_test(float8, boolean)|prob, outcome||f
interval_coverage(float8, float8, float8)|y, score, score + 1||f
interval_width(float8, float8)|score, score + prob||f
interval_score(float8, float8, float8, float8)|y, score, score + 1, 0.1||f
pinball_loss(float8, float8, float8)|y, score, 0.9||f
brier_skill_score(float8, float8, boolean)|prob, other_prob, outcome||f
brier_skill_score(float8[], float8[], int)|probs, probs, class||f
paired_difference(float8, float8, bigint)|prob, other_prob, cluster||f
paired_difference(float8, float8)|prob, other_prob||f
platt_fit(float8, boolean)|score, outcome||f
temperature_fit(float8[], int)|probs, class||f
logistic_fit(real[], int, float8)|ARRAY[score, y]::real[], class, 5||f
logistic_fit(real[], int, float8, real[])|ARRAY[score, y]::real[], class, 5, ARRAY[0, prob, -prob]::real[]||f
lstm_fit(real[], real[], boolean, int, int, int, float8, int)|ARRAY[score, prob]::real[], ARRAY[y]::real[], outcome, 1, 16, 2, 0.01, 1||f
blend_fit(float8[], int, float8)|ARRAY[probs, ARRAY[0.3, other_prob * 0.7, (1 - other_prob) * 0.7]], class, 1||f
beta_fit(float8, boolean)|prob, outcome||f
beta_fit(float8, boolean, float8)|prob, outcome, stake||f
isotonic_fit(float8, boolean)|prob, outcome||f
isotonic_fit(float8, boolean, float8)|prob, outcome, stake||f
isotonic_fit(float8, float8)|prob, y||f
isotonic_fit(float8, float8, float8)|prob, y, stake||f
venn_abers_fit(float8, boolean)|prob, outcome||f
cross_venn_abers(float8, float8)|prob / 2, prob||f
poisson_fit(float8)|count||f
poisson_fit(float8, float8)|count, stake||f
negbin_fit(float8)|count * home_score||f
negbin_fit(float8, float8)|count * home_score, stake||f
zero_inflated_poisson_fit(float8)|count * home_score||f
zero_inflated_poisson_fit(float8, float8)|count * home_score, stake||f
zero_inflated_negbin_fit(float8)|count * home_score||f
zero_inflated_negbin_fit(float8, float8)|count * home_score, stake||f
binomial_fit(int, int)|home_score, 4||f
conformal_quantile(float8, float8)|score, 0.1||f
conformal_weighted_quantile(float8, float8, float8)|score, prob, 0.1||f
cpd(float8)|score||f
margin_key_numbers(float8, int)|score, count||f
total_key_numbers(float8, int)|score, count||f
roi(float8, float8)|profit, stake||f
roi_interval(float8, float8)|profit, stake||f
bivariate_poisson_fit(text, text, int, int)|home, away, home_score, away_score||f
bivariate_poisson_fit(text, text, int, int, float8)|home, away, home_score, away_score, stake||f
bivariate_poisson_fit(text, text, int, int, float8, boolean)|home, away, home_score, away_score, stake, outcome||f
bivariate_poisson_fit(text, text, int, int, float8, boolean, float8)|home, away, home_score, away_score, stake, outcome, 2.5||f
massey_ratings(text, text, int, int)|home, away, home_score, away_score||f
massey_ratings(text, text, int, int, float8)|home, away, home_score, away_score, stake||f
massey_ratings(text, text, int, int, float8, boolean)|home, away, home_score, away_score, stake, outcome||f
colley_ratings(text, text, int, int)|home, away, home_score, away_score||f
colley_ratings(text, text, int, int, float8)|home, away, home_score, away_score, stake||f
markov_ratings(text, text, int, int)|home, away, home_score, away_score||f
markov_ratings(text, text, int, int, float8)|home, away, home_score, away_score, stake||f
markov_ratings(text, text, int, int, float8, float8)|home, away, home_score, away_score, stake, 2.5||f
dixon_coles_fit(text, text, int, int)|home, away, home_score, away_score||f
dixon_coles_fit(text, text, int, int, float8)|home, away, home_score, away_score, stake||f
dixon_coles_fit(text, text, int, int, float8, boolean)|home, away, home_score, away_score, stake, outcome||f
dixon_coles_fit(text, text, int, int, float8, boolean, float8)|home, away, home_score, away_score, stake, outcome, 2.5||f
market_summary(int, text, text, text, float8, float8, boolean, timestamptz, timestamptz, int)|(n % 9)::int, 'soft', 'spreads', CASE WHEN outcome THEN 'home' ELSE 'away' END, CASE WHEN outcome THEN 0.5 ELSE -0.5 END, stake + 0.5, false, timestamptz '2024-01-01 00:00+00' + n / 20 * interval '1 hour', timestamptz '2024-02-01 00:00+00', 2||f
elo_ratings(text, text, int, int, text)|home, away, home_score, away_score, 'nfl'||t
elo_ratings(text, text, int, int, text, boolean)|home, away, home_score, away_score, 'nfl', outcome||t
elo_ratings(text, text, int, int, text, boolean, int, float8, float8)|home, away, home_score, away_score, 'nfl', outcome, (n / 100)::int, stake, NULL||t
elo_ratings(bigint, bigint, int, int, text)|n % 20, (n + 1) % 20, home_score, away_score, 'world_football'||t
elo_ratings(bigint, bigint, int, int, text, boolean)|n % 20, (n + 1) % 20, home_score, away_score, 'plain', outcome||t
elo_ratings(bigint, bigint, int, int, text, boolean, int, float8, float8)|n % 20, (n + 1) % 20, home_score, away_score, 'plain', outcome, (n / 100)::int, stake, NULL||t
max_drawdown(float8, float8)|profit, 1000|0|t
max_drawdown_fraction(float8, float8)|profit, 1000|0|t
longest_underwater(float8, float8)|profit, 1000|0|t
sharpe_ratio(float8)|profit||f
sharpe_ratio(float8, float8)|profit, 0.01||f
sharpe_ratio(float8, float8, float8)|profit, 0.01, 52||f
sortino_ratio(float8)|profit||f
sortino_ratio(float8, float8)|profit, 0.01||f
sortino_ratio(float8, float8, float8)|profit, 0.01, 52||f
skewness(float8)|profit||f
kurtosis(float8)|profit||f
roi_bootstrap(float8, float8, bigint, int, int)|profit, stake, cluster, 200, 1||f
mean_bootstrap(float8, bigint, int, int)|profit, cluster, 200, 1||f
win_rate(float8)|profit||f
return_on_bankroll(float8, float8)|profit, 1000||f
roi_p_value(float8, float8)|profit, stake||f
value_at_risk(float8, float8)|profit, 0.05||f
expected_shortfall(float8, float8)|profit, 0.05||f
longest_losing_run(float8)|profit|0|t
longest_winning_run(float8)|profit|0|t
calmar_ratio(float8, float8, float8)|profit, 1000, 52||t
calmar_ratio(float8, float8, timestamptz)|profit, 1000, timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'||f
max_drawdown(float8, float8, bigint)|profit, 1000, n|0|f
max_drawdown(float8, float8, timestamptz)|profit, 1000, timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'|0|f
max_drawdown_fraction(float8, float8, bigint)|profit, 1000, n|0|f
max_drawdown_fraction(float8, float8, timestamptz)|profit, 1000, timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'|0|f
longest_underwater(float8, float8, bigint)|profit, 1000, n|0|f
longest_underwater(float8, float8, timestamptz)|profit, 1000, timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'|0|f
longest_losing_run(float8, bigint)|profit, n|0|f
longest_losing_run(float8, timestamptz)|profit, timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'|0|f
longest_winning_run(float8, bigint)|profit, n|0|f
longest_winning_run(float8, timestamptz)|profit, timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'|0|f
\.

-- Do two results agree? Their texts but for the numbers in them, and these within 1e-9.
CREATE FUNCTION agree(a text, b text) RETURNS boolean LANGUAGE sql AS $$
	SELECT coalesce(a, 'NULL') = coalesce(b, 'NULL') OR (
		regexp_replace(a, number, '#', 'g') = regexp_replace(b, number, '#', 'g')
		AND (SELECT bool_and(abs(x[1]::float8 - z[1]::float8) <= 1e-9 * greatest(1, abs(x[1]::float8)))
			FROM ROWS FROM (regexp_matches(a, number, 'g'), regexp_matches(b, number, 'g')) AS t (x, z)))
	FROM (VALUES ('-?[0-9]+\.?[0-9]*(?:e[-+]?[0-9]+)?')) AS v (number) $$;
CREATE FUNCTION result_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE query INTO result;
	RETURN coalesce(result, 'NULL');
END $$;
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END $$;
-- aggregate(args, with an order where it needs one) FILTER or OVER (…) ::text
CREATE FUNCTION expression(c call, tail text DEFAULT '', args text DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('%s(%s%s)%s::text', c.aggregate::regproc, coalesce(args, c.args), CASE WHEN c.ordered AND tail NOT LIKE ' OVER%' THEN ' ORDER BY n' END, tail) $$;
CREATE FUNCTION growing(c call) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT expression(c, format(' OVER (ORDER BY %s)', CASE WHEN c.ordered THEN 'n' ELSE 'n > 1200' END)) $$;
CREATE FUNCTION set_parallel(workers int) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('max_parallel_workers_per_gather', workers::text, false) $$;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;

SELECT no_plan();
SELECT set_eq($$SELECT a.aggfnoid::oid FROM pg_aggregate AS a JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = a.aggfnoid
		JOIN pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass WHERE e.extname = 'bet_edge' AND d.deptype = 'e'$$,
	'SELECT aggregate::oid FROM call', 'every aggregate has its call here');

SELECT set_parallel(0) \g /dev/null
CREATE TABLE serial AS SELECT aggregate, result_of(format('SELECT %s FROM sample', expression(call))) AS result FROM call;
SELECT is_empty($$SELECT aggregate FROM serial WHERE result = 'NULL' OR result ILIKE '%nan%'$$, 'each gives a result');
SELECT set_parallel(2) \g /dev/null
SELECT ok(plan_of(format('SELECT %s FROM sample', expression(call))) LIKE '%Partial Aggregate%', aggregate || ' runs in parallel') FROM call WHERE NOT ordered ORDER BY aggregate::text;
SELECT is_empty($$SELECT aggregate, result, parallel FROM (SELECT aggregate, s.result, result_of(format('SELECT %s FROM sample', expression(call))) AS parallel
		FROM call JOIN serial AS s USING (aggregate) WHERE NOT ordered) AS x WHERE NOT agree(result, parallel)$$, 'parallel equals serial');
SELECT set_parallel(0) \g /dev/null

-- the window grows from 1,200 rows to all, so the final function sees one state twice
SELECT is_empty($$SELECT * FROM (SELECT aggregate, result_of(format('SELECT %s FROM sample WHERE n <= 1200', expression(call))) AS part, s.result,
			result_of(format('SELECT min(r) FILTER (WHERE n = 1200) FROM (SELECT n, %s AS r FROM sample) AS x', growing(call))) AS window_part,
			result_of(format('SELECT min(r) FILTER (WHERE n = 2000) FROM (SELECT n, %s AS r FROM sample) AS x', growing(call))) AS window_whole
		FROM call JOIN serial AS s USING (aggregate)) AS x WHERE NOT agree(part, window_part) OR NOT agree(result, window_whole)$$,
	'over a window that grows each is what it is over its rows');
SELECT is_empty($$SELECT * FROM (SELECT aggregate, result_of(format('SELECT %s FROM sample', expression(call, ' FILTER (WHERE n % 2 = 0)'))) AS filtered,
			result_of(format('SELECT %s FROM sample WHERE n %% 2 = 0', expression(call))) AS selected FROM call) AS x WHERE NOT agree(filtered, selected)$$,
	'FILTER keeps the rows it names');
SELECT is_empty($$SELECT * FROM (SELECT aggregate, empty, result_of(format('SELECT %s FROM sample WHERE false', expression(call))) AS nothing FROM call) AS x
		WHERE nothing <> coalesce(empty, 'NULL')$$, 'without rows: NULL, or what is written here');
SELECT is_empty($$SELECT * FROM (SELECT aggregate, empty, result_of(format('SELECT %s FROM sample', expression(call, args => (
			SELECT string_agg('NULL::' || t, ', ') FROM unnest(string_to_array(trim(both '()' FROM substring(aggregate::text FROM '\(.*\)')), ',')) AS u (t))))) AS nulls FROM call) AS x
		WHERE nulls <> coalesce(empty, 'NULL')$$, 'NULLs alone are no rows');
SELECT finish();
