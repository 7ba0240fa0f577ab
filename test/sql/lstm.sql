-- Long short-term memory: a network by hand, what training must do, what is refused.
\pset tuples_only on
SET search_path = bet_edge, public;

-- all weights 0 but the head: gates of 1/2, cells of 0; then one input through the cell's gate into unit 1
SELECT lstm_predict(array_fill(0::real, ARRAY[18 * 64]) || ARRAY[3] || array_fill(1::real, ARRAY[16]), 1, 16, '{1,2,3}');
SELECT abs(out[1] - tanh(tanh(0.7) / 2) / 2) < 1e-6, abs(out[2] - 5) < 1e-6 FROM lstm_predict(
	(SELECT array_agg(CASE i WHEN 64 + 33 THEN 0.7 WHEN 1154 THEN 5 WHEN 1155 THEN 1 ELSE 0 END::real ORDER BY i) FROM generate_series(1, 18 * 64 + 34) AS i), 1, 16, '{1}') AS out;

-- it learns what needs a memory, by its seed, in any order of the rows
CREATE TEMP TABLE walk AS SELECT i, array_agg(x ORDER BY t)::real[] AS sequence, ARRAY[sum(x)]::real[] AS targets
	FROM (SELECT i, t, (abs(hashint4(i * 7 + t)) % 1000 / 500.0 - 1) AS x FROM generate_series(1, 300) AS i, generate_series(1, 5) AS t) AS s GROUP BY i;
SELECT lstm_fit(sequence, targets, i > 250, 1, 16, 60, 0.01, 1) AS weights FROM walk \gset
SELECT array_length(:'weights'::real[], 1) = 18 * 64 + 17;
SELECT avg((targets[1] - (lstm_predict(:'weights', 1, 16, sequence))[1]) ^ 2) < 0.1 * var_pop(targets[1]) FROM walk WHERE i > 250;
SELECT lstm_fit(sequence, targets, i > 250, 1, 16, 60, 0.01, 1 ORDER BY -i) = :'weights' FROM walk;
SELECT lstm_fit(sequence, targets, i > 250, 1, 16, 5, 0.01, 2) = lstm_fit(sequence, targets, i > 250, 1, 16, 5, 0.01, 1) FROM walk;
-- rows aside are not learnt from: other targets there, the same first epoch
SELECT lstm_fit(sequence, targets, i > 250, 1, 16, 1, 0.01, 1) = lstm_fit(sequence, CASE WHEN i > 250 THEN '{3}' ELSE targets END, i > 250, 1, 16, 1, 0.01, 1) FROM walk;
SELECT lstm_fit(sequence, targets, false, 1, 16, 1, 0.01, NULL) IS NULL FROM walk;
SELECT lstm_fit(sequence, targets, false, 1, 16, 1, 0.01, 1) IS NULL FROM walk WHERE false;

-- stored weights stay in the session: those of another row, or of the same row once it is changed, are others
CREATE TEMP TABLE network (i int, weights real[]);
ALTER TABLE network ALTER weights SET STORAGE EXTERNAL;
INSERT INTO network SELECT i, ARRAY(SELECT (w * i)::real FROM unnest(:'weights'::real[]) AS w) FROM generate_series(1, 2) AS i;
CREATE TEMP TABLE answer AS SELECT i, lstm_predict(ARRAY(SELECT (w * i)::real FROM unnest(:'weights'::real[]) AS w), 1, 16, '{1,2}') AS said FROM generate_series(1, 3) AS i;
SELECT bool_and(lstm_predict(n.weights, 1, 16, '{1,2}') = a.said) FROM generate_series(1, 3), network AS n JOIN answer AS a USING (i);
SELECT lstm_predict(n.weights, 1, 16, '{1,2}') = a.said FROM network AS n JOIN answer AS a USING (i) WHERE i = 2;
UPDATE network SET weights = ARRAY(SELECT (w * 3)::real FROM unnest(:'weights'::real[]) AS w) WHERE i = 2;
SELECT lstm_predict(n.weights, 1, 16, '{1,2}') = a.said FROM network AS n, answer AS a WHERE n.i = 2 AND a.i = 3;
-- of several in one statement, in turn and by two calls, each is answered by its own: as many as the session keeps, and more
TRUNCATE network, answer;
INSERT INTO network SELECT i, ARRAY(SELECT (w * i)::real FROM unnest(:'weights'::real[]) AS w) FROM generate_series(1, 7) AS i;
INSERT INTO answer SELECT i, lstm_predict(ARRAY(SELECT (w * i)::real FROM unnest(:'weights'::real[]) AS w), 1, 16, '{1,2}') FROM generate_series(1, 7) AS i;
SELECT most, count(*), bool_and(lstm_predict(n.weights, 1, 16, '{1,2}') = a.said), bool_and(lstm_predict(m.weights, 1, 16, '{1,2}') = b.said)
	FROM generate_series(1, 7) AS most, generate_series(1, 3), network AS n JOIN answer AS a USING (i), network AS m JOIN answer AS b USING (i)
	WHERE n.i <= most AND m.i = 1 + n.i * 3 % most GROUP BY most ORDER BY most;

-- refused
SELECT lstm_predict('{1,2,3}', 1, 16, '{1}');
SELECT lstm_predict(:'weights', 2, 16, '{1,2}');
SELECT lstm_predict(:'weights', 1, 17, '{1}');
SELECT lstm_predict(:'weights', 1, 0, '{1}');
SELECT lstm_predict(:'weights', 0, 16, '{1}');
SELECT lstm_predict(:'weights', 1, 16, '{}');
SELECT lstm_predict(:'weights', 1, 16, '{1,NULL}');
SELECT lstm_predict(:'weights', 1, 16, '{NaN}');
SELECT lstm_predict(array_fill(3e38::real, ARRAY[18 * 64 + 17]), 1, 16, '{1}');
SELECT lstm_fit(sequence, targets, true, 1, 16, 1, 0.01, 1) FROM walk;
SELECT lstm_fit(sequence, targets, false, 2, 16, 1, 0.01, 1) FROM walk;
SELECT lstm_fit(sequence, targets, false, 1, 16, 0, 0.01, 1) FROM walk;
SELECT lstm_fit(sequence, targets, false, 1, 16, 1, 2, 1) FROM walk;
SELECT lstm_fit(sequence, targets, false, 1, 16, 1, 0.01, i) FROM walk;
SELECT lstm_fit(sequence[1:1 + i % 2], targets, false, 1, 16, 1, 0.01, 1) FROM walk;
SELECT lstm_fit(sequence, '{3e38}', false, 1, 16, 40, 1, 1) FROM walk;
