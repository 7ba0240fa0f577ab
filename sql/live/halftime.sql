-- halftime: what an NBA game will be at the half and at its end, from the pattern of its first 18 minutes.

CREATE FUNCTION halftime_model_at(as_of timestamptz DEFAULT now()) RETURNS int
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN (SELECT m.model_id FROM halftime_model AS m WHERE m.knowledge_cutoff <= as_of ORDER BY m.knowledge_cutoff DESC, m.model_id DESC LIMIT 1);
END $$;
COMMENT ON FUNCTION halftime_model_at(timestamptz) IS 'The halftime_model that speaks at as_of: of those whose knowledge_cutoff has passed the latest. NULL: none.';

CREATE FUNCTION similar_games(pattern int[], k int DEFAULT 10, distance text DEFAULT 'shape', model_id int DEFAULT NULL)
RETURNS TABLE (place int, event_id text, played_on date, home text, away text, distance_to float8, lead int, half_diff int, final_diff int, game_pattern int[])
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF similar_games.distance IS NULL OR similar_games.distance NOT IN ('level', 'shape', 'time') THEN
		RAISE EXCEPTION 'distance must be level, shape or time, not %', coalesce(similar_games.distance, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM check_pattern(similar_games.pattern);
	RETURN QUERY
	SELECT n.place, g.event_id, g.played_on, g.home, g.away, n.distance, g.pattern[18]::int, g.half_diff::int, g.final_diff::int, g.pattern::int[]
	FROM (SELECT m.model_id, m.distance, m.points FROM halftime_model AS m WHERE m.model_id = coalesce(similar_games.model_id, halftime_model_at())) AS m
	CROSS JOIN LATERAL (SELECT CASE WHEN m.distance = similar_games.distance THEN m.points
		ELSE (SELECT array_agg(pattern_point(h.pattern::int[], similar_games.distance) ORDER BY h.place) FROM halftime_neighbour AS h WHERE h.model_id = m.model_id) END AS points OFFSET 0) AS p
	CROSS JOIN LATERAL nearest_neighbours(p.points, pattern_point(similar_games.pattern, similar_games.distance), similar_games.k) AS n
	JOIN halftime_neighbour AS g ON g.model_id = m.model_id AND g.place = n.place
	ORDER BY n.distance, n.place;
END $$;
COMMENT ON FUNCTION similar_games(int[], int, text, int) IS
'Dejavu: the k games of a halftime_model (NULL: the one that speaks now) whose first 18 minutes were nearest to a pattern, nearest first, with how they stood then, at the half and in the end, home minus away. distance as pattern_point() takes it: level, shape or time. No row without a model. Refuses another distance (22023) and what predict_halftime() refuses.';

CREATE FUNCTION check_pattern(pattern int[]) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF array_ndims(pattern) > 1 OR coalesce(cardinality(pattern), 0) <> 18 THEN
		RAISE EXCEPTION 'Pattern must be 18 values, got %', coalesce(cardinality(pattern), 0) USING ERRCODE = 'array_subscript_error';
	ELSIF array_position(pattern, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'pattern must not contain NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF 150 < ANY (pattern) OR -150 > ANY (pattern) THEN
		RAISE EXCEPTION 'pattern must hold differentials between -150 and 150, not %', (SELECT v FROM unnest(pattern) AS v ORDER BY abs(v::bigint) DESC LIMIT 1) USING ERRCODE = 'invalid_parameter_value';
	END IF;
END $$;
COMMENT ON FUNCTION check_pattern(int[]) IS 'Refuses what is no pattern of 18 minutes: another length (2202E), NULL (22004), differentials beyond 150 points (22023).';

CREATE TABLE halftime_adaptation (
	target    text NOT NULL,
	strength  text NOT NULL,
	blend     text NOT NULL,
	closeness text NOT NULL,
	alpha     float8 NOT NULL,
	alpha_t   float8 NOT NULL,
	games     bigint NOT NULL DEFAULT 0,
	missed    bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (target, strength, blend, closeness, alpha)
);
COMMENT ON TABLE halftime_adaptation IS 'How the intervals follow the season: the alpha_t of aci_update() after the games forecast so far, by target, strength, blend, closeness and nominal miscoverage. Written as outcomes come, by what was said of each first; empty it when a new model is trained or a new season begins.';
COMMENT ON COLUMN halftime_adaptation.missed IS 'Of games, those whose outcome lay outside the interval of 1 - alpha_t then in force.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_adaptation', '');

CREATE FUNCTION adapted_alpha(target text, strength text, blend text, closeness text, alpha float8) RETURNS float8
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	at      float8[];
	alpha_t float8[];
BEGIN
	SELECT array_agg(a.alpha ORDER BY a.alpha), array_agg(a.alpha_t ORDER BY a.alpha) INTO at, alpha_t
	FROM halftime_adaptation AS a WHERE a.target = adapted_alpha.target AND a.strength = adapted_alpha.strength AND a.blend = adapted_alpha.blend AND a.closeness = adapted_alpha.closeness;
	IF at IS NULL THEN
		RETURN adapted_alpha.alpha;
	END IF;
	RETURN (
		WITH level AS (
			-- never more than at a greater alpha: of two that contradict each other the wider interval stands
			SELECT k.at, min(k.alpha_t) OVER (ORDER BY k.at DESC) AS alpha_t
			FROM (SELECT * FROM unnest(at, alpha_t) AS x (at, alpha_t) UNION ALL SELECT v, v FROM unnest('{0.05,0.1,0.2}'::float8[]) AS v WHERE v <> ALL (at) UNION ALL VALUES (0::float8, 0::float8)
				UNION ALL SELECT 1, greatest(1, max(v)) FROM unnest(alpha_t) AS v) AS k
		)
		SELECT CASE WHEN l.at = adapted_alpha.alpha THEN l.alpha_t ELSE l.alpha_t + (adapted_alpha.alpha - l.at) / (u.at - l.at) * (u.alpha_t - l.alpha_t) END
		FROM (SELECT * FROM level AS x WHERE x.at <= adapted_alpha.alpha ORDER BY x.at DESC LIMIT 1) AS l
		LEFT JOIN (SELECT * FROM level AS x WHERE x.at > adapted_alpha.alpha ORDER BY x.at LIMIT 1) AS u ON true);
END $$;
COMMENT ON FUNCTION adapted_alpha(text, text, text, text, float8) IS
'The miscoverage between 0 and 1 with which an interval of 1 - alpha is made after the games so far: alpha itself before the first of them; then on straight lines through the levels of halftime_adaptation (those of 0.05, 0.1 and 0.2 are theirs), 0 and 1, none of them above that of a greater alpha, so that intervals lie within each other.';

CREATE FUNCTION predict_halftime(pattern int[], alpha float8 DEFAULT 0.05, return_explanation boolean DEFAULT true, target text DEFAULT 'half', elo float8 DEFAULT NULL, spread float8 DEFAULT NULL,
	blend text DEFAULT 'learned', model_id int DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	p_pattern  int[] := predict_halftime.pattern[:];	-- counted from 1, however it came
	p_target   text := predict_halftime.target;
	p_blend    text := predict_halftime.blend;
	p_strength text := CASE WHEN predict_halftime.blend = 'source' THEN 'none' WHEN predict_halftime.spread IS NOT NULL THEN 'spread' WHEN predict_halftime.elo IS NOT NULL THEN 'elo' ELSE 'none' END;
	p_id       int := coalesce(predict_halftime.model_id, halftime_model_at());
	lead       int;
	dejavu     float8;
	lstm       float8;
	weights    float8[];
	point      float8;
	half_width float8;
	games      int;
	measured   jsonb;
	alike      jsonb;
	near       int[];
BEGIN
	IF (cardinality(p_pattern) = 18 AND array_ndims(p_pattern) = 1 AND -150 <= ALL (p_pattern) AND 150 >= ALL (p_pattern)) IS NOT TRUE THEN
		PERFORM check_pattern(p_pattern);
	END IF;
	IF (predict_halftime.alpha > 0 AND predict_halftime.alpha < 1) IS NOT TRUE THEN
		RAISE EXCEPTION 'alpha must be above 0 and below 1, not %', coalesce(predict_halftime.alpha::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF p_target IS NULL OR p_target NOT IN ('half', 'final') THEN
		RAISE EXCEPTION 'target must be half or final, not %', coalesce(p_target, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF p_blend IS NULL OR p_blend NOT IN ('learned', 'source') THEN
		RAISE EXCEPTION 'blend must be learned or source, not %', coalesce(p_blend, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF abs(predict_halftime.elo) > 3000 OR predict_halftime.elo = 'NaN' THEN
		RAISE EXCEPTION 'elo must be between -3000 and 3000, not %', predict_halftime.elo USING ERRCODE = 'invalid_parameter_value';
	ELSIF abs(predict_halftime.spread) > 100 OR predict_halftime.spread = 'NaN' THEN
		RAISE EXCEPTION 'spread must be between -100 and 100, not %', predict_halftime.spread USING ERRCODE = 'invalid_parameter_value';
	END IF;
	lead := p_pattern[array_upper(p_pattern, 1)];
	-- with nothing appended an array is in memory, one in a row is fetched whole for every element
	SELECT b.weights, (SELECT CASE p_target WHEN 'half' THEN 6 * x[1] ELSE 13 * x[2] END FROM lstm_predict(m.weights, 1, m.hidden, halftime_sequence(p_pattern)) AS x), m.metrics #> ARRAY[p_target, p_strength, p_blend], d.dejavu, d.near
	INTO weights, lstm, measured, dejavu, near
	FROM halftime_model AS m JOIN halftime_blend AS b ON b.model_id = m.model_id AND b.target = p_target AND b.strength = p_strength AND b.blend = p_blend
	CROSS JOIN LATERAL (SELECT m.changes || '{}'::real[] AS changes OFFSET 0) AS c
	CROSS JOIN LATERAL (SELECT CASE p_target WHEN 'half' THEN 0 ELSE cardinality(c.changes) / 2 END AS first OFFSET 0) AS f
	CROSS JOIN LATERAL (SELECT avg(c.changes[f.first + n.place]) AS dejavu, (array_agg(n.place))[:10] AS near FROM nearest_neighbours(m.points, pattern_point(p_pattern, m.distance), m.neighbours) AS n) AS d
	WHERE m.model_id = p_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'there is no model of the live game%', coalesce(' with the id ' || predict_halftime.model_id, ' yet') || CASE WHEN p_id IS NULL OR p_strength = 'none' THEN '' ELSE ' that knows the strength ' || p_strength END USING ERRCODE = 'undefined_object',
			HINT = 'SELECT load_shipped_models(), or CALL train_halftime() where score_pattern_history has games.';
	END IF;
	IF return_explanation THEN
		alike := (SELECT jsonb_agg(jsonb_build_object('game_id', g.event_id, 'date', g.played_on, 'home_team', g.home, 'away_team', g.away, 'differential', g.pattern[18], 'half_time', g.half_diff, 'final', g.final_diff) ORDER BY n.n)
			FROM unnest(near) WITH ORDINALITY AS n (place, n)
			CROSS JOIN LATERAL (SELECT x.* FROM halftime_neighbour AS x WHERE x.model_id = p_id AND x.place = n.place OFFSET 0) AS g);
	END IF;
	point := lead + weights[1] + weights[2] * lead + weights[3] * coalesce(CASE p_strength WHEN 'spread' THEN predict_halftime.spread WHEN 'elo' THEN predict_halftime.elo END, 0) + weights[4] * dejavu + weights[5] * lstm;
	SELECT aci_quantile(s.scores, adapted_alpha(c.target, c.strength, c.blend, c.closeness, predict_halftime.alpha)), cardinality(s.scores) INTO half_width, games
	FROM halftime_calibration AS c
	CROSS JOIN LATERAL (SELECT c.scores || '{}'::float8[] AS scores OFFSET 0) AS s
	WHERE c.model_id = p_id AND c.target = p_target AND c.strength = p_strength AND c.blend = p_blend AND c.closeness = score_closeness(lead);
	half_width := coalesce(half_width, 'Infinity');
	RETURN jsonb_build_object('point_forecast', round(point::numeric, 2), 'interval_lower', CASE WHEN half_width < 'Infinity' THEN round((point - greatest(half_width, 0))::numeric, 2) END,
		'interval_upper', CASE WHEN half_width < 'Infinity' THEN round((point + greatest(half_width, 0))::numeric, 2) END, 'coverage_probability', trim_scale(1 - predict_halftime.alpha::numeric))
		|| CASE WHEN return_explanation THEN jsonb_build_object('explanation', jsonb_build_object(
			'dejavu_prediction', round((lead + dejavu)::numeric, 2), 'lstm_prediction', round((lead + lstm)::numeric, 2), 'ensemble_forecast', round(point::numeric, 2),
			'dejavu_weight', round(weights[4]::numeric, 4), 'lstm_weight', round(weights[5]::numeric, 4), 'source_forecast', round((lead + 0.4 * dejavu + 0.6 * lstm)::numeric, 2),
			'target', p_target, 'blend', p_blend, 'strength', p_strength, 'score_weight', round((1 + weights[2])::numeric, 4), 'strength_weight', round(weights[3]::numeric, 4), 'closeness', score_closeness(lead),
			'calibration_games', coalesce(games, 0), 'measured', measured, 'model_id', p_id, 'similar_games', alike)) ELSE '{}' END;
END $$;
COMMENT ON FUNCTION predict_halftime(int[], float8, boolean, text, float8, float8, text, int) IS
'The differential (home minus away) of an NBA game at the half from pattern, those at the end of each of its first 18 minutes, or with target final in the end: {point_forecast, interval_lower, interval_upper, coverage_probability, explanation {dejavu_prediction, lstm_prediction, ensemble_forecast, dejavu_weight, lstm_weight, similar_games, and what else it stands on}}. The interval is conformal and adaptive (adapted_alpha(): one of a smaller alpha has within it that of a greater), null at both ends (the whole line) where fewer games are known than alpha needs; measured is what such intervals did on seasons that were not seen. elo: the home side''s rating over the visitor''s with home advantage (100); spread: the points by which the pre-game line has it win; the spread is taken where both are given. blend learned: weighed out of fold; source: 0.4 Dejavu and 0.6 network. model_id NULL: the model that speaks now. Refuses other lengths in the source''s words (2202E), NULL in pattern, alpha outside (0,1), other targets and blends (22023); 42704: no model.';

CREATE FUNCTION warm_up() RETURNS float8
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	began timestamptz := clock_timestamp();
BEGIN
	PERFORM predict_halftime(array_fill(0, '{18}'), target => t) FROM unnest('{half,final}'::text[]) AS t WHERE halftime_model_at() IS NOT NULL;
	RETURN 1000 * extract(epoch FROM clock_timestamp() - began);
END $$;
COMMENT ON FUNCTION warm_up() IS 'Forecasts a game of eighteen noughts, so that plans, library and model are at hand in this session before the first game; the milliseconds that it took. Without a model it does nothing.';
