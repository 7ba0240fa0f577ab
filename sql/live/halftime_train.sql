-- halftime_train: a model of the live game from all that is known, its weights and intervals from the seasons walked through.

CREATE FUNCTION make_halftime_model(as_of timestamptz DEFAULT now()) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	setting halftime_setting;
	network real[] := fit_halftime_lstm(10000, as_of);
	made    int;
	last    int;
	walked  int;	-- the last season whose forecasts out of fold were all known
BEGIN
	SELECT * INTO STRICT setting FROM halftime_setting;
	IF network IS NULL THEN
		RAISE EXCEPTION 'score_pattern_history has no game that was known at %', as_of USING ERRCODE = 'invalid_parameter_value';
	END IF;
	CREATE TEMP TABLE halftime_near ON COMMIT DROP AS
		SELECT row_number() OVER (ORDER BY h.known_at DESC, h.event_id DESC)::int AS place, h.event_id, h.season, h.played_on, h.known_at, t.name AS home, a.name AS away, h.half_diff, h.final_diff, h.pattern[:18]::smallint[] AS pattern
		FROM score_pattern_history AS h JOIN team AS t ON t.team_id = h.home_id JOIN team AS a ON a.team_id = h.away_id WHERE h.known_at <= as_of
		ORDER BY 1 LIMIT setting.base_games;
	INSERT INTO halftime_model (knowledge_cutoff, first_season, last_season, games, distance, neighbours, hidden, weights, points, changes, sha256)
	SELECT n.cutoff, h.first, h.last, h.games, setting.distance, least(setting.neighbours, n.games), setting.lstm_hidden, network, n.points, n.halves || n.finals, halftime_sha256(network, n.points, n.halves || n.finals)
	FROM (SELECT max(x.known_at) AS cutoff, count(*) AS games, array_agg(pattern_point(x.pattern::int[], setting.distance) ORDER BY x.place) AS points,
		array_agg((x.half_diff - x.pattern[18])::real ORDER BY x.place) AS halves, array_agg((x.final_diff - x.pattern[18])::real ORDER BY x.place) AS finals FROM halftime_near AS x) AS n
	CROSS JOIN (SELECT min(x.season) AS first, max(x.season) AS last, count(*) AS games FROM (SELECT y.season, dense_rank() OVER (ORDER BY y.season DESC) AS age FROM score_pattern_history AS y WHERE y.known_at <= as_of) AS x
		WHERE x.age <= setting.lstm_seasons) AS h
	RETURNING halftime_model.model_id, halftime_model.last_season INTO made, last;
	INSERT INTO halftime_neighbour SELECT made, n.place, n.event_id, n.played_on, n.home, n.away, n.half_diff, n.final_diff, n.pattern FROM halftime_near AS n;
	DROP TABLE halftime_near;
	-- blends and intervals rest on whole seasons that were known
	walked := last - (EXISTS (SELECT FROM halftime_out_of_fold AS o JOIN score_pattern_history AS h ON h.event_id = o.event_id WHERE o.season = last AND h.known_at > as_of))::int;
	CREATE TEMP TABLE halftime_error ON COMMIT DROP AS SELECT e.* FROM halftime_errors(0, walked) AS e WHERE e.method IN ('random walk', 'least squares', 'learned', 'served', 'source');
	INSERT INTO halftime_blend
	(SELECT DISTINCT ON (f.target, f.strength) made, f.target, f.strength, 'learned', f.weights
	FROM halftime_fits(walked) AS f LEFT JOIN (SELECT e.target, e.strength, e.method, avg(e.error ^ 2) AS square FROM halftime_error AS e GROUP BY e.target, e.strength, e.method) AS r
		ON r.target = f.target AND r.strength = f.strength AND r.method = f.method
	WHERE f.season = walked + 1 ORDER BY f.target, f.strength, r.square, f.method = 'least squares' DESC)
	UNION ALL
	-- nothing was walked through yet: the lead stands
	SELECT made, t.target, 'none', 'learned', '{0,0,0,0,0}' FROM unnest('{half,final}'::text[]) AS t (target) WHERE NOT EXISTS (SELECT FROM halftime_fits(walked) AS f WHERE f.season = walked + 1)
	UNION ALL
	SELECT made, t.target, 'none', 'source', '{0,0,0,0.4,0.6}' FROM unnest('{half,final}'::text[]) AS t (target);
	INSERT INTO halftime_calibration
	SELECT b.model_id, b.target, b.strength, b.blend, e.closeness, array_agg(round(abs(e.error)::numeric, 2)::float8 ORDER BY abs(e.error))
	FROM halftime_blend AS b JOIN halftime_error AS e ON e.target = b.target AND e.strength = b.strength AND e.method = CASE b.blend WHEN 'learned' THEN 'served' ELSE 'source' END
	WHERE b.model_id = made AND e.season > walked - setting.calibration_seasons GROUP BY b.model_id, b.target, b.strength, b.blend, e.closeness;
	DROP TABLE halftime_error;
	UPDATE halftime_model AS m SET metrics = (SELECT coalesce(jsonb_object_agg(g.target, g.measured), '{}') FROM (
		SELECT s.target, jsonb_object_agg(s.strength, s.measured) AS measured FROM (
			SELECT q.target, q.strength, jsonb_object_agg(CASE q.method WHEN 'served' THEN 'learned' ELSE q.method END, q.measured) AS measured FROM (
				SELECT x.target, x.strength, x.method, jsonb_build_object('seasons', int4range(min(x.season), max(x.season), '[]'), 'n', sum(x.n), 'mae', round((sum(x.mae * x.n) / sum(x.n))::numeric, 3),
					'coverage80', round((sum(x.coverage80 * x.n) / sum(x.n))::numeric, 4), 'coverage90', round((sum(x.coverage90 * x.n) / sum(x.n))::numeric, 4), 'coverage95', round((sum(x.coverage95 * x.n) / sum(x.n))::numeric, 4)) AS measured
				FROM halftime_quality(walked - setting.calibration_seasons + 1, walked) AS x WHERE x.method IN ('served', 'source') GROUP BY x.target, x.strength, x.method) AS q
			GROUP BY q.target, q.strength) AS s
		GROUP BY s.target) AS g)
	WHERE m.model_id = made;
	TRUNCATE halftime_adaptation;
	RETURN made;
END $$;
COMMENT ON FUNCTION make_halftime_model(timestamptz) IS
'A halftime_model from the games that were known at as_of: network and patterns from the latest of them, weights and calibration from halftime_out_of_fold. Of the blends that were fitted, the one with the least squared error out of fold becomes learned. Intervals begin to adapt anew. Returns its id. Error (22023): no game is known.';

CREATE PROCEDURE train_halftime(first_season int DEFAULT NULL, as_of timestamptz DEFAULT now(), again boolean DEFAULT false)
LANGUAGE plpgsql
AS $$
DECLARE
	walked int;
	made   int;
BEGIN
	PERFORM bet_edge.expect_to_commit('train_halftime');
	-- a procedure that commits can have no search_path of its own
	FOR walked IN SELECT s.season FROM (SELECT h.season, min(h.season) OVER () AS oldest FROM bet_edge.score_pattern_history AS h WHERE h.known_at <= as_of GROUP BY h.season) AS s
		JOIN (SELECT g.season, count(*) AS games FROM bet_edge.halftime_games(as_of) AS g GROUP BY g.season) AS a ON a.season = s.season
		WHERE s.season >= coalesce(first_season, s.oldest + 3)
		  -- a season that was walked through before it was over is walked through again
		  AND (again OR a.games > (SELECT count(*) FROM bet_edge.halftime_out_of_fold AS o WHERE o.season = s.season AND o.target = 'half')) ORDER BY s.season
	LOOP
		PERFORM bet_edge.walk_halftime(walked, as_of);
		COMMIT;
		RAISE NOTICE 'season % is forecast from those before it', walked;
	END LOOP;
	made := bet_edge.make_halftime_model(as_of);
	RAISE NOTICE 'model % of the live game is made', made;
END $$;
COMMENT ON PROCEDURE train_halftime(int, timestamptz, boolean) IS
'Trains the live game: forecasts every season of score_pattern_history from first_season on (NULL: the fourth known) from those before it, one transaction each, leaving out those that halftime_out_of_fold has unless again; then makes a halftime_model of all that was known at as_of. A run that was stopped goes on where it was. Error (22023): no game is known.';
