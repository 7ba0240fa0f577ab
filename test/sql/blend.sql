-- Forecasts blended by weights on their logarithms: worked examples, what must hold, what is refused.
\pset tuples_only on
SET search_path = bet_edge, public;

-- one alone, the geometric mean, log odds of two outcomes
SELECT abs(b[1] - 0.5) < 1e-15 AND abs(b[3] - 0.2) < 1e-15 FROM blend(ARRAY[ARRAY[0.5, 0.3, 0.2], ARRAY[0.6, 0.3, 0.1]], '{1,0}') AS b;
SELECT abs(b[1] - sqrt(0.3) / (sqrt(0.3) + 0.3 + sqrt(0.02))) < 1e-15 FROM blend(ARRAY[ARRAY[0.5, 0.3, 0.2], ARRAY[0.6, 0.3, 0.1]], '{0.5,0.5}') AS b;
SELECT abs(log_odds(b[1]) - 0.3 * log_odds(0.7) - 0.8 * log_odds(0.4)) < 1e-12 FROM blend('{{0.7,0.3},{0.4,0.6}}', '{0.3,0.8}') AS b;
SELECT blend('{{0,1},{0.4,0.6}}', '{0,1}'), blend('{{0,1},{0.4,0.6}}', '{0.1,1}'), blend('{{0.2,0.8}}', '{0}');

-- games that one forecaster knows and the other does not: the weight goes to the one who knows
CREATE TEMP TABLE played AS
SELECT ARRAY[ARRAY[p, 1 - p], ARRAY[q, 1 - q]] AS probs, 1 + (i % 100 >= 100 * p)::int AS outcome
FROM generate_series(0, 4999) AS i, LATERAL (SELECT 0.1 + 0.16 * (i / 100 % 6) AS p, 0.2 + 0.3 * (i / 700 % 3) AS q) AS x;
SELECT abs(w[1] - 1) < 0.05, abs(w[2]) < 0.05 FROM (SELECT blend_fit(probs, outcome, 1) AS w FROM played) AS f;
-- the best there is: no other weights lose less
SELECT bool_and(l >= best) FROM (SELECT blend_fit(probs, outcome, 1e-6) AS w FROM played) AS f,
	LATERAL (SELECT log_loss(blend(probs, w), outcome) AS best FROM played) AS b,
	LATERAL (SELECT log_loss(blend(probs, ARRAY[w[1] + x, w[2] + y]), outcome) AS l FROM played, (VALUES (0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)) AS d (x, y) GROUP BY x, y) AS o;
-- one forecast alone: the inverse of its temperature
SELECT abs(w[1] - 1 / t) < 1e-6 FROM (SELECT blend_fit(ARRAY[[probs[1][1], probs[1][2]]], outcome, 1e-6) AS w, temperature_fit(ARRAY[probs[1][1], probs[1][2]], outcome) AS t FROM played) AS f;
-- a great ridge: the last alone
SELECT abs(w[1]) < 1e-6, abs(w[2] - 1) < 1e-6 FROM (SELECT blend_fit(probs, outcome, 1e12) AS w FROM played) AS f;
SELECT blend_fit(probs, outcome, 1) IS NULL FROM played WHERE false;
SELECT blend_fit(probs, NULL, 1) IS NULL FROM played;

-- refused
SELECT blend('{0.5,0.5}', '{1}');
SELECT blend('{{0.5,0.5}}', '{1,1}');
SELECT blend('{{0.5,0.4}}', '{1}');
SELECT blend('{{1},{1}}', '{1,1}');
SELECT blend('{{0.5,0.5}}', '{NaN}');
SELECT blend('{{0.5,NULL}}', '{1}');
SELECT blend('{{0,1},{1,0}}', '{1,1}');
SELECT blend('{{0,1}}', '{-1}');
SELECT blend(array_fill(0.5::float8, ARRAY[17, 2]), array_fill(1::float8, ARRAY[17]));
SELECT blend_fit('{{0,1}}', 1, 1);
SELECT blend_fit(probs, outcome + 1, 1) FROM played;
SELECT blend_fit(probs, outcome, 0) FROM played;
SELECT blend_fit(probs, outcome, outcome) FROM played;
SELECT blend_fit(p, 1, 1) FROM (VALUES ('{{0.5,0.5},{0.5,0.5}}'::float8[]), ('{{0.25,0.25,0.25,0.25}}')) AS v (p);
