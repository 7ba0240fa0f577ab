-- The error of probabilities, measured where it is known: the truth of an invented league, and noise of a known size on it.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(10);
SELECT simulate_league(5, 20, 5) \g /dev/null
ANALYZE;
SELECT setseed(0.5) \g /dev/null
CREATE TEMP TABLE truth AS
SELECT t.game_id, f.starts_at AS as_of, ARRAY[t.p_home, t.p_draw, t.p_away] AS p, 2 - sign(r.home_score - r.away_score)::int AS outcome
FROM simulated_truth AS t JOIN results() AS r ON r.game_id = t.game_id AND r.status = 'final' JOIN fixtures('infinity') AS f ON f.game_id = t.game_id
WHERE least(t.p_home, t.p_draw, t.p_away) > 0.16;	-- room for noise on both sides
-- three numbers of mean 0 and deviation 1, less their mean, times the root of 3/2: each has deviation 1 again
CREATE FUNCTION pg_temp.with_noise(p float8[], deviation float8) RETURNS float8[] LANGUAGE sql VOLATILE AS $$
	SELECT ARRAY[p[1] + s * (a - (a + b + c) / 3), p[2] + s * (b - (a + b + c) / 3), p[3] + s * (c - (a + b + c) / 3)]
	FROM (SELECT sqrt(12) * (random() - 0.5) AS a, sqrt(12) * (random() - 0.5) AS b, sqrt(12) * (random() - 0.5) AS c, deviation * sqrt(1.5) AS s OFFSET 0) AS x
$$;
INSERT INTO game_forecast (game_id, forecaster, as_of, probs)
SELECT t.game_id, f.forecaster, t.as_of, pg_temp.with_noise(t.p, f.deviation)
FROM (SELECT * FROM truth ORDER BY game_id) AS t CROSS JOIN (VALUES ('truth', 0.0), ('small', 0.03), ('large', 0.055), ('market', 0.02)) AS f (forecaster, deviation);
SELECT cmp_ok((SELECT count(*) FROM truth), '>', 1000::bigint, 'games enough');

CREATE TEMP TABLE measured AS
SELECT w.forecaster, w.beside, w.known, e.* FROM (VALUES ('small', 'truth', 0.03), ('large', 'truth', 0.055), ('small', 'market', 0.03), ('large', 'market', 0.055), ('large', 'small', 0.055)) AS w (forecaster, beside, known)
CROSS JOIN LATERAL prob_error('{SIM}', w.forecaster, beside => w.beside, replicates => 2000) AS e;
SELECT is_empty('SELECT * FROM measured WHERE NOT (lower < known AND known < upper)', 'the interval has the noise that is known, whoever stands beside, and with what error of his own');
SELECT is_empty('SELECT * FROM measured WHERE games <> (SELECT count(*) FROM truth) OR NOT (lower <= prob_error AND prob_error <= upper AND prob_error < difference * 1.5)', 'a row is whole');
SELECT ok((SELECT lower = 0 AND upper < 0.035 FROM prob_error('{SIM}', 'truth', beside => 'large')), 'the truth has none');
SELECT ok((SELECT came_true > 0.75 FROM prob_error('{SIM}', 'truth', beside => 'large')), 'and what it says apart from others comes true');
SELECT ok((SELECT abs(came_true) < 0.3 FROM measured WHERE forecaster = 'large' AND beside = 'truth'), 'what noise says does not');
SELECT ok((SELECT abs(m.prob_error ^ 2 - s.square) < 1e-12 AND abs(m.came_true - s.slope) < 1e-9 AND abs(m.difference ^ 2 - s.apart) < 1e-12 FROM measured AS m, (
	SELECT avg((q.probs[k] - (t.outcome = k)::int) * (q.probs[k] - m.probs[k])) AS square, avg((q.probs[k] - m.probs[k]) ^ 2) AS apart,
		sum(((t.outcome = k)::int - m.probs[k]) * (q.probs[k] - m.probs[k])) / sum((q.probs[k] - m.probs[k]) ^ 2) AS slope
	FROM truth AS t JOIN game_forecast AS q ON q.game_id = t.game_id AND q.forecaster = 'large' JOIN game_forecast AS m ON m.game_id = t.game_id AND m.forecaster = 'market', generate_series(1, 3) AS k) AS s
	WHERE m.forecaster = 'large' AND m.beside = 'market'), 'as plain SQL has it');
SELECT results_eq($$SELECT games, prob_error, upper FROM prob_error('{SIM}', 'nobody')$$, 'VALUES (0::bigint, NULL::float8, NULL::float8)', 'nobody has no error');

-- What it is for: stakes at the odds of the market grow a bankroll faster when they are shrunk by it.
CREATE TEMP TABLE bet AS
SELECT q.probs[k] AS p, 1 / m.probs[k] AS odds, t.p[k] AS truth FROM truth AS t
JOIN game_forecast AS q ON q.game_id = t.game_id AND q.forecaster = 'large' JOIN game_forecast AS m ON m.game_id = t.game_id AND m.forecaster = 'market', generate_series(1, 3) AS k
WHERE q.probs[k] > m.probs[k];
SELECT ok(avg(growth_rate(kelly_shrink(b.p, b.odds, e.prob_error), b.truth, b.odds)) > avg(growth_rate(kelly_fraction(b.p, b.odds), b.truth, b.odds)), 'shrunk stakes lose less where a forecast is worse than the market')
FROM bet AS b, measured AS e WHERE e.forecaster = 'large' AND e.beside = 'market';
SELECT throws_ok($$SELECT prob_error('{SIM}', 'large', beside => 'market', replicates => 10)$$, '22023', NULL, 'too few replicates');
SELECT * FROM finish();
