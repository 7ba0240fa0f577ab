-- Both sides of every pair run in turns, five times each, on one core; medians are compared.
-- n markets (psql variable n) and as much of the rest as keeps the whole short.
-- A pair counts only when both sides give the same number (column "agree").
SET client_min_messages = warning;
CREATE EXTENSION bet_edge;
SET search_path = public, bet_edge;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SELECT setseed(0.5) \g /dev/null

CREATE TABLE pair (position int GENERATED ALWAYS AS IDENTITY, subject text, n bigint, ours text, other_name text, other text, tolerance float8);
CREATE TABLE timing (position int, ours boolean, ms float8, value float8);

-- ---- the data --------------------------------------------------------------------------------
CREATE TABLE market AS
	SELECT 1 / (0.03 + a / (a + b + c) * 0.97) AS home, 1 / (0.03 + b / (a + b + c) * 0.97) AS draw, 1 / (0.03 + c / (a + b + c) * 0.97) AS away
	FROM (SELECT 0.2 + random() AS a, 0.2 + random() AS b, 0.2 + random() AS c FROM generate_series(1, :n)) AS x;
CREATE TABLE match AS
	SELECT n::bigint AS game_id, n / 2000 AS season, 1 + h AS home, 1 + (h + 1 + floor(random() * 199)::int) % 200 AS away,
		floor(random() * 5)::int AS home_score, floor(random() * 4)::int AS away_score
	FROM (SELECT n, floor(random() * 200)::int AS h FROM generate_series(1, :n) AS n) AS x;
-- one short of a round number: there the conformal rank ceil((n+1)*0.9) is percentile_disc's ceil(n*0.9)
CREATE TABLE forecast AS
	SELECT p, random() < p AS outcome, NULL::float8 AS y, abs(random() - random()) AS score
	FROM (SELECT random() AS p FROM generate_series(1, 10 * :n - 1)) AS x;
UPDATE forecast SET y = outcome::int;
CREATE TABLE row_of_features AS
	SELECT n, ARRAY(SELECT random()::real FROM generate_series(1, 20) WHERE n > 0) AS features FROM generate_series(1, :n / 20) AS n;
CREATE TABLE model AS SELECT train_forest(
	'SELECT (features[1] + features[2] * features[3] + features[20] > 1.2)::int AS label, features FROM row_of_features ORDER BY n',
	'{"objective": "binary:logistic", "max_depth": 5, "eta": 0.1}', 200) AS f;
CREATE TABLE matrix AS SELECT array_agg(features ORDER BY n) AS rows FROM row_of_features;
VACUUM ANALYZE;

-- ---- the other ways ----------------------------------------------------------------------------
CREATE FUNCTION shin_newton(odds float8[]) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	q float8[]; booksum float8 := 0; z float8 := 0; root float8; sum_p float8; slope float8; step float8; p float8[];
BEGIN
	FOR i IN 1 .. cardinality(odds) LOOP q[i] := 1 / odds[i]; booksum := booksum + q[i]; END LOOP;
	FOR iteration IN 1 .. 50 LOOP
		sum_p := 0; slope := 0;
		FOR i IN 1 .. cardinality(q) LOOP
			root := sqrt(z * z + 4 * (1 - z) * q[i] * q[i] / booksum);
			p[i] := (root - z) / (2 * (1 - z));
			sum_p := sum_p + p[i];
			slope := slope + (((z - 2 * q[i] * q[i] / booksum) / root - 1) * (1 - z) + root - z) / (2 * (1 - z) * (1 - z));
		END LOOP;
		step := (sum_p - 1) / slope;
		z := z - step;
		EXIT WHEN abs(step) < 1e-13;
	END LOOP;
	RETURN p;
END $$;

CREATE FUNCTION elo_loop() RETURNS SETOF float8 LANGUAGE plpgsql STABLE AS $$
DECLARE
	m record; rating float8[] := array_fill(1500::float8, ARRAY[200]); expected float8; moved float8;
BEGIN
	FOR m IN SELECT home, away, home_score, away_score FROM match ORDER BY game_id LOOP
		expected := 1 / (1 + power(10::float8, (rating[m.away] - rating[m.home]) / 400));
		moved := 20 * ((sign(m.home_score - m.away_score) + 1) / 2 - expected);
		rating[m.home] := rating[m.home] + moved;
		rating[m.away] := rating[m.away] - moved;
		RETURN NEXT rating[m.home];
	END LOOP;
END $$;

-- ---- the pairs -----------------------------------------------------------------------------------
INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'the scan that builds the array', 'SELECT sum((ARRAY[home, draw, away])[1]) FROM market', NULL),
	('remove_overround(shin), three-way', :n, $$SELECT sum((remove_overround(ARRAY[home, draw, away], 'shin'))[1]) FROM market$$,
		'Newton in plpgsql', 'SELECT sum((shin_newton(ARRAY[home, draw, away]))[1]) FROM market', 1e-9),
	('elo_history(plain), 200 teams', :n,
		$$SELECT sum(home_after) FROM elo_history('SELECT game_id, season, home::text AS home, away::text AS away, home_score, away_score, false AS neutral FROM match ORDER BY game_id', 'plain')$$,
		'loop in plpgsql over an array', 'SELECT sum(r) FROM elo_loop() AS r', 1e-9),
	('brier_score', 10 * :n - 1, 'SELECT brier_score(p, outcome) FROM forecast', 'avg((p-y)*(p-y))', 'SELECT avg((p-y)*(p-y)) FROM forecast', 1e-12),
	('conformal_quantile, alpha 0.1', 10 * :n - 1, 'SELECT conformal_quantile(score, 0.1) FROM forecast', 'percentile_disc(0.9)',
		'SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY score) FROM forecast', 0),
	('predict(forest), 200 trees, 20 features', :n / 20, 'SELECT sum(predict(f, features)) FROM row_of_features, model',
		'libxgboost, all rows in one call', 'SELECT sum(p) FROM (SELECT unnest(libxgboost_predict(f, rows)) AS p FROM model, matrix) AS x', 1e-9);

CREATE PROCEDURE measure() LANGUAGE plpgsql AS $$
DECLARE
	one record; begins timestamptz; value float8;
BEGIN
	FOR turn IN 0 .. 5 LOOP
		FOR one IN SELECT position, side.ours, CASE WHEN side.ours THEN pair.ours ELSE other END AS statement
				FROM pair, (VALUES (true), (false)) AS side (ours) ORDER BY position, side.ours = (turn % 2 = 0) LOOP
			begins := clock_timestamp();
			EXECUTE one.statement INTO value;
			-- turn 0 warms up
			IF turn > 0 THEN
				INSERT INTO timing VALUES (one.position, one.ours, extract(epoch FROM clock_timestamp() - begins) * 1000, value);
			END IF;
		END LOOP;
	END LOOP;
END $$;
CALL measure();

CREATE VIEW median AS
	SELECT position, ours, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms, min(value) AS least, max(value) AS most FROM timing GROUP BY 1, 2;
\pset footer off
SELECT subject AS "ours", to_char(n, 'FM9,999,999') AS n, round(o.ms::numeric, 1) AS "ms", other_name AS "other", round(x.ms::numeric, 1) AS "other ms",
	round((o.ms / x.ms)::numeric, 3) AS "ours / other",
	CASE WHEN tolerance IS NULL THEN '' WHEN abs(o.most / x.most - 1) <= tolerance AND abs(o.least / x.least - 1) <= tolerance THEN 'yes' ELSE format('NO: %s, %s', o.most, x.most) END AS "agree"
FROM pair JOIN median AS o USING (position) JOIN median AS x USING (position) WHERE o.ours AND NOT x.ours ORDER BY position;
