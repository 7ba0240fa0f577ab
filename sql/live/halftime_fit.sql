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

CREATE FUNCTION halftime_fits(last int DEFAULT 10000) RETURNS TABLE (season int, target text, strength text, method text, weights float8[])
LANGUAGE sql STABLE STRICT ROWS 200
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH product AS MATERIALIZED (
		SELECT x.season, x.target, x.strength, i.n AS i, j.n AS j, sum(i.v * j.v) AS xx, sum(i.v * x.change) AS xy
		FROM (SELECT o.season, o.target, o.change, k.strength, halftime_terms(o, k.strength) AS terms FROM halftime_out_of_fold AS o CROSS JOIN unnest('{none,elo,spread}'::text[]) AS k (strength)
			WHERE o.season <= last AND (k.strength <> 'spread' OR o.spread IS NOT NULL)) AS x
		CROSS JOIN unnest(x.terms) WITH ORDINALITY AS i (v, n) CROSS JOIN unnest(x.terms) WITH ORDINALITY AS j (v, n)
		GROUP BY x.season, x.target, x.strength, i.n, j.n
	), total AS MATERIALIZED (
		SELECT s.season, p.target, p.strength, p.i, p.j, sum(p.xx ORDER BY p.season) * CASE WHEN p.i = p.j THEN 1 + 1e-9 ELSE 1 END AS xx, sum(p.xy ORDER BY p.season) AS xy
		FROM (SELECT DISTINCT x.season + n AS season FROM product AS x CROSS JOIN generate_series(0, 1) AS n) AS s JOIN product AS p ON p.season < s.season
		GROUP BY s.season, p.target, p.strength, p.i, p.j
	)
	SELECT g.season, g.target, g.strength, m.method, ARRAY(SELECT coalesce(s.x[array_position(m.terms, n)], 0) FROM generate_series(1, 5) AS n)
	FROM total AS g
	CROSS JOIN LATERAL (SELECT v.method, array_agg(t ORDER BY t) AS terms FROM unnest('{random walk,least squares,learned}'::text[]) AS v (method) CROSS JOIN unnest(blend_terms(v.method)) AS t WHERE g.strength <> 'none' OR t <> 3 GROUP BY v.method) AS m
	CROSS JOIN LATERAL (SELECT linear_solution(
		(SELECT array_agg(r.cells ORDER BY r.i) FROM (SELECT t.i, array_agg(t.xx ORDER BY t.j) AS cells FROM total AS t WHERE t.season = g.season AND t.target = g.target AND t.strength = g.strength AND t.i = ANY (m.terms) AND t.j = ANY (m.terms) GROUP BY t.i) AS r),
		(SELECT array_agg(t.xy ORDER BY t.i) FROM total AS t WHERE t.season = g.season AND t.target = g.target AND t.strength = g.strength AND t.i = ANY (m.terms) AND t.j = 1)) AS x) AS s
	WHERE g.i = 1 AND g.j = 1 AND g.xx >= 50;
$$;
COMMENT ON FUNCTION halftime_fits(int) IS
'For every season of halftime_out_of_fold up to last and the one after it: the weights of halftime_terms() that fit the changes of the seasons before it best in the mean of squares, by target, strength before the game and blend; terms that a blend leaves out have 0. No row where fewer than 50 games are known.';

CREATE FUNCTION halftime_sha256(weights real[], points real[], changes real[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(sha256(array_send(weights) || array_send(points) || array_send(changes)), 'hex');
COMMENT ON FUNCTION halftime_sha256(real[], real[], real[]) IS 'SHA-256 of the bytes of a halftime_model''s network, points and changes, in hexadecimal.';

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
	changes          real[] NOT NULL,
	metrics          jsonb NOT NULL DEFAULT '{}',
	sha256           text NOT NULL,
	shipped          boolean NOT NULL DEFAULT false,
	CHECK (cardinality(changes) = 2 * array_length(points, 1)),
	CHECK (sha256 = halftime_sha256(weights, points, changes))
);
ALTER TABLE halftime_model ALTER weights SET STORAGE EXTERNAL, ALTER points SET STORAGE EXTERNAL, ALTER changes SET STORAGE EXTERNAL;
COMMENT ON TABLE halftime_model IS 'Models of the live game, each the network (weights) and the patterns that Dejavu looks among (points, whose games are halftime_neighbour). The latest one whose knowledge_cutoff has passed speaks. The registry of models of whole games is model.';
COMMENT ON COLUMN halftime_model.knowledge_cutoff IS 'The last game that it knows was over then: it speaks of no game before.';
COMMENT ON COLUMN halftime_model.changes IS 'What became of the leads of points: until the half, then until the end.';
COMMENT ON COLUMN halftime_model.games IS 'Games that the network learnt from.';
COMMENT ON COLUMN halftime_model.metrics IS 'Measured on seasons that it had not seen when it spoke of them, by target, strength and blend: n, mae and coverage at 80, 90 and 95 %.';
COMMENT ON COLUMN halftime_model.sha256 IS 'halftime_sha256() of the row: one that does not match cannot be stored or restored.';
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
COMMENT ON TABLE halftime_blend IS 'How a halftime_model weighs what it knows: weights of 1, the lead, the strength before the game, Dejavu''s change and the network''s, added to the lead. learned: by halftime_fits(); source: 0.4 Dejavu and 0.6 network, the named default of the source.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_blend', '');

CREATE TABLE halftime_calibration (
	model_id  int NOT NULL REFERENCES halftime_model ON DELETE CASCADE,
	target    text NOT NULL,
	strength  text NOT NULL,
	blend     text NOT NULL,
	closeness text NOT NULL CHECK (closeness IN ('close', 'open', 'wide')),
	scores    float8[] NOT NULL,
	PRIMARY KEY (model_id, target, strength, blend, closeness),
	FOREIGN KEY (model_id, target, strength, blend) REFERENCES halftime_blend ON DELETE CASCADE
);
ALTER TABLE halftime_calibration ALTER scores SET STORAGE EXTERNAL;
COMMENT ON TABLE halftime_calibration IS 'Absolute errors out of fold of the latest seasons, by the closeness of the score at the trigger, in ascending order: what the intervals are made of.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_calibration', '');
