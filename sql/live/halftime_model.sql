-- halftime_model: what 18 minutes of an NBA game say of its half and its end; trained here, season by season, from score_pattern_history.

-- plpgsql keeps their plans for the session: in sql, forecasts one by one would plan them again each time.
CREATE FUNCTION pattern_point(pattern int[], distance text DEFAULT 'level') RETURNS real[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF distance = 'level' THEN
		RETURN pattern[:]::real[];	-- counted from 1
	ELSIF distance = 'shape' THEN
		RETURN (SELECT array_agg((v - pattern[array_upper(pattern, 1)])::real) FROM unnest(pattern) AS v);
	ELSIF distance = 'time' THEN
		RETURN (SELECT array_agg((v * sqrt(2.0 * n / (cardinality(pattern) + 1)))::real ORDER BY n) FROM unnest(pattern) WITH ORDINALITY AS p (v, n));
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION pattern_point(int[], text) IS
'A pattern as a point of nearest_neighbours(). distance level: as it is; shape: its way to the last value, whatever that is; time: minute n counts 2n / (minutes + 1) times, so late ones more. NULL for another distance.';

-- Not STRICT: so it is inlined.
CREATE FUNCTION score_closeness(differential int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs(differential) <= 5 THEN 'close' WHEN abs(differential) <= 12 THEN 'open' WHEN differential IS NOT NULL THEN 'wide' END;
COMMENT ON FUNCTION score_closeness(int) IS 'How close a basketball score is: close up to 5 points, open up to 12, wide beyond. Intervals are calibrated within it.';

CREATE FUNCTION halftime_games(as_of timestamptz DEFAULT now())
RETURNS TABLE (event_id text, season int, played_on date, known_at timestamptz, pattern int[], lead int, half int, final int, elo float8, spread float8)
LANGUAGE sql STABLE STRICT ROWS 20000
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH rated AS MATERIALIZED (
		SELECT e.game_id, e.home_before - e.away_before AS lead FROM elo_history($source$
			SELECT h.event_id::bigint AS game_id, h.season, h.home_id AS home, h.away_id AS away, greatest(h.final_diff, 0) AS home_score, greatest(-h.final_diff, 0) AS away_score, false AS neutral
			FROM score_pattern_history AS h ORDER BY h.known_at, h.event_id $source$, 'nba') AS e
	), line AS MATERIALIZED (
		SELECT h.event_id, avg(q.line) AS line
		FROM score_pattern_history AS h
		JOIN game AS g ON g.sport = 'NBA' AND g.home_id = h.home_id AND g.away_id = h.away_id
		JOIN sport AS s ON s.sport = g.sport
		CROSS JOIN LATERAL (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = g.game_id AND f.known_at <= as_of ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS f
		CROSS JOIN LATERAL closing_quotes(g.game_id, as_of) AS q
		WHERE (f.starts_at AT TIME ZONE s.time_zone)::date = h.played_on AND q.market = 'spreads' AND q.side = 'home'
		GROUP BY h.event_id
	)
	SELECT h.event_id, h.season, h.played_on, h.known_at, h.pattern[:18], h.pattern[18], h.half_diff - h.pattern[18], h.final_diff - h.pattern[18], r.lead + c.advantage, -l.line
	FROM score_pattern_history AS h
	JOIN rated AS r ON r.game_id = h.event_id::bigint
	CROSS JOIN elo_constants('nba') AS c
	LEFT JOIN line AS l ON l.event_id = h.event_id
	WHERE h.known_at <= as_of
	ORDER BY h.known_at, h.event_id;
$$;
COMMENT ON FUNCTION halftime_games(timestamptz) IS
'What halftime models learn from: the games of score_pattern_history that were known at as_of, with the pattern of 18 minutes, the lead at its end, what became of that lead until the half and until the end, and the home side''s strength before the game: elo, its rating over the visitor''s with home advantage, by elo_history() over these very games; spread, the points by which the closing line has it win, NULL where no line is stored.';

CREATE TABLE halftime_out_of_fold (
	event_id        text NOT NULL,
	season          int NOT NULL,
	played_on       date NOT NULL,
	target          text NOT NULL CHECK (target IN ('half', 'final')),
	lead            int NOT NULL,
	change          int NOT NULL,
	elo             float8 NOT NULL,
	spread          float8,
	drift           float8 NOT NULL,
	dejavu_ten      float8 NOT NULL,
	dejavu          float8 NOT NULL,
	lstm            float8 NOT NULL,
	boosting        float8 NOT NULL,
	boosting_elo    float8 NOT NULL,
	boosting_spread float8,
	PRIMARY KEY (event_id, target)
);
COMMENT ON TABLE halftime_out_of_fold IS 'What each method said of the games of a season, having learnt from the seasons before it alone: written by walk_halftime(). All are changes of the lead after 18 minutes.';
COMMENT ON COLUMN halftime_out_of_fold.change IS 'What the lead in fact became, less what it was.';
COMMENT ON COLUMN halftime_out_of_fold.drift IS 'The mean change of the seasons before: a random walk with drift.';
COMMENT ON COLUMN halftime_out_of_fold.dejavu_ten IS 'The source''s: of the latest 3,000 games the ten nearest by level, the mean of where they ended.';
COMMENT ON COLUMN halftime_out_of_fold.dejavu IS 'The latest games'' nearest by the distance and number of halftime_setting: the mean of what became of their leads.';
COMMENT ON COLUMN halftime_out_of_fold.boosting IS 'Boosted trees on the pattern; boosting_elo and boosting_spread also know the strength before the game.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_out_of_fold', '');

CREATE TABLE halftime_setting (
	only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	base_games     int NOT NULL DEFAULT 5000 CHECK (base_games BETWEEN 10 AND 1000000),
	distance       text NOT NULL DEFAULT 'shape' CHECK (distance IN ('level', 'shape', 'time')),
	neighbours     int NOT NULL DEFAULT 200 CHECK (neighbours BETWEEN 10 AND 10000),
	lstm_seasons   int NOT NULL DEFAULT 6 CHECK (lstm_seasons BETWEEN 2 AND 100),
	lstm_hidden    int NOT NULL DEFAULT 64 CHECK (lstm_hidden BETWEEN 16 AND 512),
	lstm_epochs    int NOT NULL DEFAULT 10 CHECK (lstm_epochs BETWEEN 1 AND 10000),
	learning_rate  float8 NOT NULL DEFAULT 0.002 CHECK (learning_rate BETWEEN 1e-7 AND 1),
	seed           int NOT NULL DEFAULT 1,
	boosting       jsonb NOT NULL DEFAULT '{"objective": "reg:squarederror", "max_depth": 3, "eta": 0.05, "subsample": 0.7, "min_child_weight": 50, "tree_method": "hist", "rounds": 120}',
	calibration_seasons int NOT NULL DEFAULT 3 CHECK (calibration_seasons >= 1),
	adaptation     float8 NOT NULL DEFAULT 0.01 CHECK (adaptation BETWEEN 0 AND 1),
	max_model_ms    float8 NOT NULL DEFAULT 200,
	max_total_ms    float8 NOT NULL DEFAULT 1000,
	log_predictions boolean NOT NULL DEFAULT false,
	log_performance boolean NOT NULL DEFAULT false,
	builtin        boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE halftime_setting IS 'How halftime models are trained and served: one row, yours once it is changed. Of what it ships with only distance and neighbours were chosen by a search, on the games of 2005-06 and 2007-08; everything else was set by hand, and 2018-19 had been looked at before.';
COMMENT ON COLUMN halftime_setting.base_games IS 'Latest games among which Dejavu looks.';
COMMENT ON COLUMN halftime_setting.distance IS 'As pattern_point() takes it.';
COMMENT ON COLUMN halftime_setting.lstm_seasons IS 'Latest seasons that the network and the trees learn from; the network keeps the last of them aside to know when to stop.';
COMMENT ON COLUMN halftime_setting.calibration_seasons IS 'Latest seasons whose out-of-fold errors make the intervals.';
COMMENT ON COLUMN halftime_setting.adaptation IS 'gamma of aci_update(): how fast intervals follow the errors of the season that is played.';
COMMENT ON COLUMN halftime_setting.max_model_ms IS 'Milliseconds of the model above which a forecast warns; max_total_ms: those of the whole above which it counts as failed, too.';
COMMENT ON COLUMN halftime_setting.log_predictions IS 'Lines in the server''s log: a game is tracked, its pattern is complete, the model is asked, the forecast with its interval; log_performance: one with the milliseconds of each step. feed.is_logged has the polls.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_setting', 'WHERE NOT builtin');
INSERT INTO halftime_setting (builtin) VALUES (true);
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON halftime_setting FOR EACH ROW EXECUTE FUNCTION keep_own_row('only_row');

-- The scale of leads and of what becomes of them: standard deviations near 1, as the network wants them.
CREATE FUNCTION halftime_sequence(pattern int[]) RETURNS real[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN (SELECT array_agg((v / 10.0)::real) FROM unnest(pattern) AS v);
END $$;
COMMENT ON FUNCTION halftime_sequence(int[]) IS 'A pattern as the network of a halftime_model takes it: tens of points.';

CREATE FUNCTION fit_halftime_lstm(before int, as_of timestamptz DEFAULT now()) RETURNS real[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT lstm_fit(halftime_sequence(h.pattern[:18]), ARRAY[(h.half_diff - h.pattern[18]) / 6.0, (h.final_diff - h.pattern[18]) / 13.0]::real[], h.season = h.last, 1, s.lstm_hidden, s.lstm_epochs, s.learning_rate, s.seed)
	FROM (SELECT x.*, max(x.season) OVER () AS last, dense_rank() OVER (ORDER BY x.season DESC) AS age FROM score_pattern_history AS x WHERE x.season < fit_halftime_lstm.before AND x.known_at <= as_of) AS h
	CROSS JOIN halftime_setting AS s
	WHERE h.age <= s.lstm_seasons;
$$;
COMMENT ON FUNCTION fit_halftime_lstm(int, timestamptz) IS
'The network of a halftime_model, trained in this statement: lstm_fit() over the latest halftime_setting.lstm_seasons seasons before a season, the last of them aside. Its two outputs are the change of the lead until the half in sixes and until the end in thirteens.';

CREATE FUNCTION walk_halftime(season int, as_of timestamptz DEFAULT now()) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	setting halftime_setting;
	network real[] := fit_halftime_lstm(walk_halftime.season, as_of);
	trees   forest;
	learn   text;
	kind    text;
	goal    text;
	done    int;
BEGIN
	SELECT * INTO STRICT setting FROM halftime_setting;
	IF network IS NULL THEN
		RAISE EXCEPTION 'no game of a season before % is known', walk_halftime.season USING ERRCODE = 'invalid_parameter_value';
	END IF;
	CREATE TEMP TABLE halftime_game ON COMMIT DROP AS SELECT g.*, row_number() OVER (ORDER BY g.known_at DESC, g.event_id DESC) AS age FROM halftime_games(as_of) AS g WHERE g.season < walk_halftime.season;
	CREATE TEMP TABLE halftime_asked ON COMMIT DROP AS SELECT g.* FROM halftime_games(as_of) AS g WHERE g.season = walk_halftime.season;
	DELETE FROM halftime_out_of_fold AS o WHERE o.season = walk_halftime.season;
	INSERT INTO halftime_out_of_fold
	WITH past AS MATERIALIZED (
		SELECT array_agg(pattern_point(g.pattern) ORDER BY g.age) FILTER (WHERE g.age <= 3000) AS level, array_agg(pattern_point(g.pattern, setting.distance) ORDER BY g.age) FILTER (WHERE g.age <= setting.base_games) AS points,
			avg(g.half) FILTER (WHERE g.season >= walk_halftime.season - setting.lstm_seasons) AS half, avg(g.final) FILTER (WHERE g.season >= walk_halftime.season - setting.lstm_seasons) AS final
		FROM halftime_game AS g
	)
	SELECT a.event_id, a.season, a.played_on, t.target, a.lead, CASE t.target WHEN 'half' THEN a.half ELSE a.final END, a.elo, a.spread, CASE t.target WHEN 'half' THEN p.half ELSE p.final END,
		CASE t.target WHEN 'half' THEN ten.half ELSE ten.final END - a.lead, CASE t.target WHEN 'half' THEN near.half ELSE near.final END, CASE t.target WHEN 'half' THEN 6 * n.said[1] ELSE 13 * n.said[2] END, 0, 0, NULL
	FROM past AS p CROSS JOIN halftime_asked AS a
	CROSS JOIN LATERAL (SELECT avg(g.lead + g.half) AS half, avg(g.lead + g.final) AS final FROM nearest_neighbours(p.level, pattern_point(a.pattern), 10) AS x JOIN halftime_game AS g ON g.age = x.place) AS ten
	CROSS JOIN LATERAL (SELECT avg(g.half) AS half, avg(g.final) AS final FROM nearest_neighbours(p.points, pattern_point(a.pattern, setting.distance), setting.neighbours) AS x JOIN halftime_game AS g ON g.age = x.place) AS near
	CROSS JOIN LATERAL (SELECT lstm_predict(network, 1, setting.lstm_hidden, halftime_sequence(a.pattern)) AS said) AS n
	CROSS JOIN unnest('{half,final}'::text[]) AS t (target);
	GET DIAGNOSTICS done = ROW_COUNT;
	FOREACH goal IN ARRAY '{half,final}'::text[] LOOP
		FOREACH kind IN ARRAY '{none,elo,spread}'::text[] LOOP
			learn := format('SELECT g.%I AS label, array_append(g.pattern::real[], %s::real) AS features FROM pg_temp.halftime_game AS g WHERE g.season >= %s AND %s', goal,
				CASE kind WHEN 'none' THEN '0' ELSE 'g.' || kind END, walk_halftime.season - setting.lstm_seasons, CASE kind WHEN 'spread' THEN 'g.spread IS NOT NULL' ELSE 'true' END);
			CONTINUE WHEN kind = 'spread' AND (SELECT count(g.spread) FROM halftime_game AS g WHERE g.season >= walk_halftime.season - setting.lstm_seasons) < 1000;
			trees := train_forest(learn, setting.boosting - 'rounds' || jsonb_build_object('seed', setting.seed), (setting.boosting ->> 'rounds')::int);
			EXECUTE format('UPDATE halftime_out_of_fold AS o SET %I = predict($1, array_append(a.pattern::real[], %s::real)) FROM halftime_asked AS a WHERE a.event_id = o.event_id AND o.target = $2 %s',
				'boosting' || CASE kind WHEN 'none' THEN '' ELSE '_' || kind END, CASE kind WHEN 'none' THEN '0' ELSE 'a.' || kind END, CASE kind WHEN 'spread' THEN 'AND a.spread IS NOT NULL' ELSE '' END)
			USING trees, goal;
		END LOOP;
	END LOOP;
	DROP TABLE halftime_game, halftime_asked;
	RETURN done / 2;
END $$;
COMMENT ON FUNCTION walk_halftime(int, timestamptz) IS
'Forecasts the games of one season by every method, each having learnt from the seasons before it alone, into halftime_out_of_fold; what stood there of the season goes. Returns the games. Error (22023): no season before it is known.';
