-- Logistic regression: worked examples, what must hold, what is refused.
\pset tuples_only on
SET search_path = bet_edge, public;

-- the intercept alone is the log odds; a coefficient by hand: 2 x 2 rows at -1 and 1, 4 / (1 + e^b) = ridge x b at b = 1
SELECT abs(m[2][1] - ln(3)) < 1e-12, m[2][2], m[1][2] FROM (SELECT logistic_fit(ARRAY[5]::real[], CASE WHEN i < 2 THEN 1 ELSE 2 END, 1) AS m FROM generate_series(0, 7) AS i) AS f;
SELECT abs(m[2][2] - 1) < 1e-12, abs(m[2][1]) < 1e-12 FROM (SELECT logistic_fit(ARRAY[2 * (i % 2) - 1]::real[], i % 2 + 1, 4 / (1 + exp(1))) AS m FROM generate_series(0, 3) AS i) AS f;

-- shares of the classes are kept, whatever the features; probabilities sum to one; missing counts as the mean
CREATE TEMP TABLE played AS SELECT i, 1 + (i * 7 + i / 3) % 3 AS outcome, ARRAY[sin(i), CASE WHEN i % 5 > 0 THEN i % 11 + i % 3 END, cos(i * i)]::real[] AS features FROM generate_series(1, 300) AS i;
SELECT logistic_fit(features, outcome, 10) AS model FROM played \gset
SELECT array_dims(:'model'::float8[]);
SELECT bool_and(abs(said - happened) < 1e-9) FROM (SELECT k, avg((logistic_apply(:'model', features))[k]) AS said, avg((outcome = k)::int) AS happened FROM played, generate_series(1, 3) AS k GROUP BY k) AS x;
SELECT bool_and(abs((SELECT sum(p) FROM unnest(logistic_apply(:'model', features)) AS p) - 1) < 1e-12) FROM played;
SELECT logistic_apply(:'model', ARRAY[0.5, NULL, 1]::real[]) = logistic_apply(:'model', ARRAY[0.5, 'NaN', 1]::real[]);
SELECT log_loss(logistic_apply(:'model', features), outcome) < ln(3) FROM played;
-- a greater ridge shrinks
SELECT bool_and(abs(weak[a][j]) > abs(strong[a][j])) FROM (SELECT logistic_fit(features, outcome, 1) AS weak, logistic_fit(features, outcome, 1000) AS strong FROM played) AS f, generate_series(2, 4) AS a, generate_series(2, 4) AS j;
-- scale and order of rows do not matter, nor how the features are scaled
SELECT max(abs(p - q)) < 1e-6 FROM (SELECT unnest(logistic_apply(:'model', features)) AS p, unnest(logistic_apply(m, ARRAY[features[1] * 1024, features[2] + 4, -features[3]]::real[])) AS q
	FROM played, (SELECT logistic_fit(ARRAY[features[1] * 1024, features[2] + 4, -features[3]]::real[], outcome, 10 ORDER BY -i) AS m FROM played) AS f) AS x;
-- contributions sum to the margin
SELECT bool_and(abs(m[2] - m[1] - ln(p[2] / p[1])) < 1e-9) FROM played, LATERAL (SELECT array_agg(margin ORDER BY class) AS m FROM (SELECT class, sum(contribution) AS margin FROM logistic_contributions(:'model', features) GROUP BY class) AS c) AS c,
	LATERAL logistic_apply(:'model', features) AS p;
SELECT logistic_fit(features, outcome, 1) IS NULL FROM played WHERE false;
SELECT logistic_fit(features, outcome, NULL) IS NULL FROM played;

-- on top of margins: what the features add to them; the margins themselves when the ridge is great, but for the intercepts
CREATE TEMP TABLE priced AS SELECT *, ARRAY[sin(i), cos(i), 0]::real[] AS margin FROM played;
SELECT logistic_fit(features, outcome, 10, margin) AS model FROM priced \gset on_
SELECT bool_and(abs(said - happened) < 1e-9) FROM (SELECT k, avg((logistic_apply(:'on_model', features, margin))[k]) AS said, avg((outcome = k)::int) AS happened FROM priced, generate_series(1, 3) AS k GROUP BY k) AS x;
SELECT bool_and(logistic_apply(:'on_model', features, '{}') = logistic_apply(:'on_model', features)) FROM priced;
-- margins that are all the same move the intercepts alone; those of two classes are one number
SELECT bool_and(abs(p - q) < 1e-6) FROM (SELECT unnest(logistic_apply(:'model', features)) AS p, unnest(logistic_apply(m, features, '{1,2,3}')) AS q FROM played, (SELECT logistic_fit(features, outcome, 10, '{1,2,3}') AS m FROM played) AS f) AS x;
SELECT abs(m[2][1] - ln(3) + 5) < 1e-6 FROM (SELECT logistic_fit(ARRAY[5]::real[], CASE WHEN i < 2 THEN 1 ELSE 2 END, 1, '{5}') AS m FROM generate_series(0, 7) AS i) AS f;

-- refused
SELECT logistic_fit(features, outcome, 1, '{1,2}') FROM priced;
SELECT logistic_fit(features, outcome, 1, '{}') FROM priced;
SELECT logistic_fit(features, outcome, 1, '{1}') FROM priced;
SELECT logistic_fit(features, 1, 1, margin[1:1 + 2 * (i % 2)]) FROM priced;
SELECT logistic_fit(features, outcome, 1, '{1,NULL,2}') FROM priced;
SELECT logistic_fit(features, outcome, 1, '{1,Infinity,2}') FROM priced;
SELECT logistic_apply(:'on_model', '{1,2,3}', '{1}');
SELECT logistic_apply(:'on_model', '{1,2,3}', '{1,2,NaN}');
SELECT logistic_fit(features, 1 + outcome % 2 * 2, 1) FROM played;
SELECT logistic_fit(features, 1, 1) FROM played;
SELECT logistic_fit(features, outcome - 1, 1) FROM played;
SELECT logistic_fit(features, outcome, 0) FROM played;
SELECT logistic_fit(features, outcome, i) FROM played;
SELECT logistic_fit(features[1:1 + i % 2], outcome, 1) FROM played;
SELECT logistic_fit(ARRAY['Infinity']::real[], outcome, 1) FROM played;
SELECT logistic_fit('{}', outcome, 1) FROM played;
SELECT logistic_fit(array_fill(i::real, ARRAY[1000]), 1 + i % 5, 1) FROM played;
SELECT logistic_apply(:'model', '{1,2}');
SELECT logistic_apply('{1,2}', '{1}');
SELECT logistic_apply('{{0,0},{1e308,1e308}}', '{3e38}');
