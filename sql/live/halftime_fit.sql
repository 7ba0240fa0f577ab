-- halftime_fit: what the methods together say, with weights and errors from seasons that they had not seen.

CREATE FUNCTION linear_solution(a float8[], b float8[]) RETURNS float8[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	n      int := cardinality(b);
	m      float8[] := a;
	x      float8[] := b;
	pivot  int;
	factor float8;
	kept   float8;
BEGIN
	IF array_ndims(a) IS DISTINCT FROM 2 OR array_length(a, 1) <> n OR array_length(a, 2) <> n OR array_ndims(b) <> 1 OR n > 50 OR array_position(b, NULL) IS NOT NULL
		OR EXISTS (SELECT FROM unnest(a) AS v WHERE v IS NULL OR v IN ('NaN', 'Infinity', '-Infinity')) OR EXISTS (SELECT FROM unnest(b) AS v WHERE v IN ('NaN', 'Infinity', '-Infinity'))
		OR array_lower(a, 1) <> 1 OR array_lower(a, 2) <> 1 OR array_lower(b, 1) <> 1 THEN
		RAISE EXCEPTION 'a must be a square matrix of as many rows as b has elements, at most 50, all of them finite numbers and counted from 1' USING ERRCODE = 'array_subscript_error';
	END IF;
	FOR c IN 1 .. n LOOP
		pivot := (SELECT r FROM generate_series(c, n) AS r ORDER BY abs(m[r][c]) DESC, r LIMIT 1);
		IF abs(m[pivot][c]) < 1e-12 * greatest(1e-300, (SELECT max(abs(v)) FROM unnest(a) AS v)) THEN
			RAISE EXCEPTION 'a has no inverse: column % says nothing of its own', c USING ERRCODE = 'invalid_parameter_value';
		END IF;
		FOR k IN 1 .. n LOOP
			kept := m[c][k];
			m[c][k] := m[pivot][k];
			m[pivot][k] := kept;
		END LOOP;
		kept := x[c];
		x[c] := x[pivot];
		x[pivot] := kept;
		FOR r IN 1 .. n LOOP
			CONTINUE WHEN r = c;
			factor := m[r][c] / m[c][c];
			FOR k IN c .. n LOOP
				m[r][k] := m[r][k] - factor * m[c][k];
			END LOOP;
			x[r] := x[r] - factor * x[c];
		END LOOP;
	END LOOP;
	RETURN (SELECT array_agg(x[r] / m[r][r] ORDER BY r) FROM generate_series(1, n) AS r);
END $$;
COMMENT ON FUNCTION linear_solution(float8[], float8[]) IS 'The x with a x = b: Gauss and Jordan with partial pivoting, for the few weights of a blend. Refuses what is not square or not finite (2202E), and a matrix without an inverse (22023).';

CREATE FUNCTION halftime_terms(o halftime_out_of_fold, strength text) RETURNS float8[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY[1, o.lead, CASE strength WHEN 'elo' THEN o.elo WHEN 'spread' THEN o.spread ELSE 0 END, o.dejavu, o.lstm];
COMMENT ON FUNCTION halftime_terms(halftime_out_of_fold, text) IS 'What the weights of halftime_blend multiply: 1, the lead, the strength before the game (none: 0), and the changes that Dejavu and the network say.';

CREATE FUNCTION blend_terms(method text) RETURNS int[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE method WHEN 'random walk' THEN '{1,3}'::int[] WHEN 'least squares' THEN '{1,2,3}' WHEN 'learned' THEN '{1,2,3,4,5}' END;
COMMENT ON FUNCTION blend_terms(text) IS 'Which of halftime_terms() a blend weighs: random walk (drift and strength times the time left), least squares (and the lead), learned (and Dejavu and the network). NULL for another.';

CREATE FUNCTION halftime_weights(target text, strength text, terms int[] DEFAULT '{1,2,3,4,5}', before int DEFAULT 10000) RETURNS float8[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH used AS MATERIALIZED (
		SELECT array_agg(t ORDER BY t) AS terms FROM unnest(terms) AS t WHERE strength <> 'none' OR t <> 3
	), product AS MATERIALIZED (
		SELECT i.t AS i, j.t AS j, sum(x.v[i.t] * x.v[j.t]) AS xx, sum(x.v[i.t] * x.change) AS xy
		FROM (SELECT halftime_terms(o, halftime_weights.strength) AS v, o.change FROM halftime_out_of_fold AS o WHERE o.target = halftime_weights.target AND o.season < before AND (halftime_weights.strength <> 'spread' OR o.spread IS NOT NULL)) AS x
		CROSS JOIN used AS u CROSS JOIN unnest(u.terms) AS i (t) CROSS JOIN unnest(u.terms) AS j (t)
		GROUP BY i.t, j.t
	), solved AS (
		SELECT linear_solution((SELECT array_agg(r.cells ORDER BY r.i) FROM (SELECT p.i, array_agg(p.xx ORDER BY p.j) AS cells FROM product AS p GROUP BY p.i) AS r),
			(SELECT array_agg(p.xy ORDER BY p.i) FROM product AS p WHERE p.j = u.terms[1])) AS x, u.terms FROM used AS u
	)
	SELECT CASE WHEN s.x IS NOT NULL THEN ARRAY(SELECT coalesce(s.x[array_position(s.terms, n)], 0) FROM generate_series(1, 5) AS n) END FROM solved AS s;
$$;
COMMENT ON FUNCTION halftime_weights(text, text, int[], int) IS
'Weights of halftime_terms() that fit the changes of halftime_out_of_fold best in the mean of squares, over the seasons before a season: of all terms, or of those named; the others have 0. NULL without games.';

CREATE TABLE halftime_model (
	model_id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	made_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
	knowledge_cutoff timestamptz NOT NULL,
	first_season     int NOT NULL,
	last_season      int NOT NULL,
	games            int NOT NULL,
	distance         text NOT NULL CHECK (distance IN ('level', 'shape', 'time')),
	neighbours       int NOT NULL CHECK (neighbours > 0),
	hidden           int NOT NULL CHECK (hidden > 0),
	weights          real[] NOT NULL,
	points           real[] NOT NULL CHECK (array_ndims(points) = 2),
	metrics          jsonb NOT NULL DEFAULT '{}',
	sha256           text NOT NULL,
	shipped          boolean NOT NULL DEFAULT false,
	CHECK (sha256 = encode(sha256(array_send(weights) || array_send(points)), 'hex'))
);
ALTER TABLE halftime_model ALTER weights SET STORAGE EXTERNAL, ALTER points SET STORAGE EXTERNAL;
COMMENT ON TABLE halftime_model IS 'Models of the live game, each the network (weights) and the patterns that Dejavu looks among (points, whose games are halftime_neighbour). The latest one whose knowledge_cutoff has passed speaks. The registry of models of whole games is model.';
COMMENT ON COLUMN halftime_model.knowledge_cutoff IS 'The last game that it knows was over then: it speaks of no game before.';
COMMENT ON COLUMN halftime_model.games IS 'Games that the network learnt from.';
COMMENT ON COLUMN halftime_model.metrics IS 'Measured on seasons that it had not seen when it spoke of them, by target, strength and blend: n, mae and coverage at 80, 90 and 95 %.';
COMMENT ON COLUMN halftime_model.sha256 IS 'Of the bytes of weights and points: a row that does not match cannot be stored or restored.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_model', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_model_model_id_seq', '');

CREATE TABLE halftime_neighbour (
	model_id   int NOT NULL REFERENCES halftime_model ON DELETE CASCADE,
	place      int NOT NULL,
	event_id   text NOT NULL,
	played_on  date NOT NULL,
	home       text NOT NULL,
	away       text NOT NULL,
	half_diff  smallint NOT NULL,
	final_diff smallint NOT NULL,
	pattern    smallint[] NOT NULL CHECK (cardinality(pattern) = 18),
	PRIMARY KEY (model_id, place)
);
COMMENT ON TABLE halftime_neighbour IS 'The games among which a halftime_model looks for similar ones: place is the row of its points.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_neighbour', '');

CREATE TABLE halftime_blend (
	model_id int NOT NULL REFERENCES halftime_model ON DELETE CASCADE,
	target   text NOT NULL CHECK (target IN ('half', 'final')),
	strength text NOT NULL CHECK (strength IN ('none', 'elo', 'spread')),
	blend    text NOT NULL CHECK (blend IN ('learned', 'source')),
	weights  float8[] NOT NULL CHECK (cardinality(weights) = 5),
	PRIMARY KEY (model_id, target, strength, blend)
);
COMMENT ON TABLE halftime_blend IS 'How a halftime_model weighs what it knows: weights of 1, the lead, the strength before the game, Dejavu''s change and the network''s, added to the lead. learned: by halftime_weights(); source: 0.4 Dejavu and 0.6 network, the named default of the source.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_blend', '');

CREATE TABLE halftime_calibration (
	model_id  int NOT NULL REFERENCES halftime_model ON DELETE CASCADE,
	target    text NOT NULL,
	strength  text NOT NULL,
	blend     text NOT NULL,
	closeness text NOT NULL CHECK (closeness IN ('close', 'open', 'wide')),
	scores    real[] NOT NULL,
	PRIMARY KEY (model_id, target, strength, blend, closeness),
	FOREIGN KEY (model_id, target, strength, blend) REFERENCES halftime_blend ON DELETE CASCADE
);
COMMENT ON TABLE halftime_calibration IS 'Absolute errors out of fold of the latest seasons, by the closeness of the score at the trigger, in ascending order: what the intervals are made of.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_calibration', '');
