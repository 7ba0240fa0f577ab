-- halftime_forecast: as the 18th minute of a game closes it is forecast, once, and whoever listens hears it.

CREATE TABLE halftime_forecast (
	forecast_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	feed         text NOT NULL,
	event_id     text NOT NULL,
	game_info    jsonb NOT NULL,
	pattern      int[] NOT NULL,
	prediction   jsonb NOT NULL,
	final        jsonb NOT NULL,
	model_id     int NOT NULL REFERENCES halftime_model,
	received_at  timestamptz NOT NULL,
	forecast_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	steps        jsonb NOT NULL,
	UNIQUE (feed, event_id)
);
COMMENT ON TABLE halftime_forecast IS 'What was forecast of running games, one row a game, for good: written by the trigger of live_score. Ask by feed and event_id whether a game has one.';
COMMENT ON COLUMN halftime_forecast.game_info IS 'game_id (the feed''s), home_team, away_team, score_home, score_away, period, as of the reading that closed the minute.';
COMMENT ON COLUMN halftime_forecast.prediction IS 'Of the half, as predict_halftime() gave it; final: of the end.';
COMMENT ON COLUMN halftime_forecast.received_at IS 'When the reading was received that made the pattern whole.';
COMMENT ON COLUMN halftime_forecast.steps IS 'Milliseconds: buffer_ms, from the begin of the transaction to the reading in live_score; pattern_ms; model_ms; emit_ms, the record and the message; total_ms.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_forecast', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_forecast_forecast_id_seq', '');

CREATE TABLE halftime_outcome (
	forecast_id  bigint NOT NULL REFERENCES halftime_forecast,
	target       text NOT NULL CHECK (target IN ('half', 'final')),
	differential int NOT NULL,
	error        float8 NOT NULL,
	known_at     timestamptz NOT NULL,
	PRIMARY KEY (forecast_id, target)
);
COMMENT ON TABLE halftime_outcome IS 'How forecast games stood at the half and in the end, and by how much more than forecast, as it was last said. Intervals of later games follow what was said first, see halftime_adaptation.';
COMMENT ON COLUMN halftime_outcome.known_at IS 'When the reading was received that says so: of a correction its own.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_outcome', '');

CREATE TABLE halftime_call (
	call_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	called_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	feed      text NOT NULL,
	event_id  text NOT NULL,
	model_ms  float8,
	total_ms  float8,
	error     text
);
COMMENT ON TABLE halftime_call IS 'Every call of the model for a running game, failed ones with their error; halftime_statistics() counts them.';
CREATE INDEX halftime_call_time ON halftime_call (called_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_call', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.halftime_call_call_id_seq', '');

CREATE FUNCTION halftime_statistics(since timestamptz DEFAULT '-infinity')
RETURNS TABLE (calls bigint, errors bigint, success_rate float8, avg_ms float8, min_ms float8, max_ms float8, p95_ms float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT count(*), count(c.error), 1 - count(c.error)::float8 / nullif(count(*), 0), avg(c.model_ms), min(c.model_ms), max(c.model_ms),
		(array_agg(c.model_ms ORDER BY c.model_ms) FILTER (WHERE c.model_ms IS NOT NULL))[floor(count(c.model_ms) * 0.95)::int + 1]
	FROM halftime_call AS c WHERE c.called_at >= since;
END;
COMMENT ON FUNCTION halftime_statistics(timestamptz) IS
'Calls of the model for running games since a time: how many, how many failed, success_rate = 1 - errors / calls (all calls), and of those that answered the mean, least, greatest and 95th percentile (element int(0.95 n) of the sorted ones, from 0) of the milliseconds. NULL where there are none.';

CREATE FUNCTION game_strength(feed text, event_id text, as_of timestamptz DEFAULT now(), OUT elo float8, OUT spread float8)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT s.sign * (SELECT team_rating(g.home_id, g.sport, as_of, g.season) - team_rating(g.away_id, g.sport, as_of, g.season) + CASE WHEN f.neutral THEN 0 ELSE c.advantage END
			FROM sport_elo(g.sport) AS c WHERE EXISTS (SELECT FROM rating_history AS r WHERE r.team_id = g.home_id AND r.rated_at <= as_of) AND EXISTS (SELECT FROM rating_history AS r WHERE r.team_id = g.away_id AND r.rated_at <= as_of)),
		-s.sign * (SELECT avg(q.line) FROM closing_quotes(g.game_id, as_of) AS q WHERE q.market = 'spreads' AND q.side = 'home')
	FROM game_event AS e JOIN game AS g ON g.game_id = e.game_id
	CROSS JOIN LATERAL (SELECT CASE WHEN e.swapped THEN -1 ELSE 1 END AS sign) AS s
	LEFT JOIN LATERAL (SELECT x.neutral FROM fixture AS x WHERE x.game_id = g.game_id AND x.known_at <= as_of ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f ON true
	WHERE e.feed = game_strength.feed AND e.event_id = game_strength.event_id;
$$;
COMMENT ON FUNCTION game_strength(text, text, timestamptz) IS
'How strong the home side (as the feed has it) of a feed''s game was before it, as predict_halftime() takes it: elo, its team_rating() over the visitor''s with home advantage, NULL while one of them was never rated; spread, the points by which the closing lines of all books have it win, NULL without one. NULLs of a game that is not known.';

CREATE FUNCTION event_teams(feed text, event_id text, OUT home text, OUT away text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT h.name, a.name
	FROM (SELECT 1) AS one
	LEFT JOIN game_event AS e ON e.feed = event_teams.feed AND e.event_id = event_teams.event_id
	LEFT JOIN game AS g ON g.game_id = e.game_id
	LEFT JOIN team AS h ON h.team_id = CASE WHEN e.swapped THEN g.away_id ELSE g.home_id END
	LEFT JOIN team AS a ON a.team_id = CASE WHEN e.swapped THEN g.home_id ELSE g.away_id END;
END;
COMMENT ON FUNCTION event_teams(text, text) IS 'The teams of a feed''s game, home and away as the feed has them; NULLs while its event is not known.';

CREATE FUNCTION forecast_halftime(feed text, event_id text, received_at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	arrived  timestamptz := clock_timestamp();
	setting  halftime_setting;
	model    int := halftime_model_at(received_at);	-- never one that has seen the game
	known    int[] := score_pattern(feed, event_id, 18, received_at);
	seen     record;
	strength record;
	forecast halftime_forecast;
	asked    timestamptz;
	answered timestamptz;
	message  jsonb;
BEGIN
	IF known IS NULL OR model IS NULL
		-- what has been is no forecast
		OR EXISTS (SELECT FROM live_score AS l WHERE l.feed = forecast_halftime.feed AND l.event_id = forecast_halftime.event_id AND l.received_at > forecast_halftime.received_at AND (l.status = 'final' AND l.elapsed >= 2880 OR l.status = 'live' AND l.period > 2))
	THEN
		RETURN NULL;
	END IF;
	SELECT * INTO setting FROM halftime_setting;
	IF setting.log_predictions THEN
		RAISE LOG 'live: % pattern complete: %', event_id, known;
	END IF;
	SELECT s.home_score, s.away_score, s.period, t.home, t.away INTO seen
	FROM (SELECT x.* FROM sound_scores(forecast_halftime.feed, forecast_halftime.event_id, forecast_halftime.received_at) AS x WHERE x.source <> 'period' ORDER BY x.period DESC, x.elapsed DESC, x.received_at DESC LIMIT 1) AS s
	CROSS JOIN event_teams(forecast_halftime.feed, forecast_halftime.event_id) AS t;
	-- a row without a game is NULL, of which a record would have no fields
	SELECT * INTO strength FROM game_strength(forecast_halftime.feed, forecast_halftime.event_id, forecast_halftime.received_at);
	IF setting.log_predictions THEN
		RAISE LOG 'live: % asks model % (elo %, spread %)', event_id, model, coalesce(strength.elo::numeric(6, 1)::text, 'unknown'), coalesce(strength.spread::text, 'unknown');
	END IF;
	asked := clock_timestamp();
	forecast.prediction := predict_halftime(known, elo => strength.elo, spread => strength.spread, model_id => model);
	forecast.final := predict_halftime(known, return_explanation => false, target => 'final', elo => strength.elo, spread => strength.spread, model_id => model);
	answered := clock_timestamp();
	INSERT INTO halftime_forecast (feed, event_id, game_info, pattern, prediction, final, model_id, received_at, steps)
	VALUES (forecast_halftime.feed, forecast_halftime.event_id, jsonb_build_object('game_id', forecast_halftime.event_id, 'home_team', seen.home, 'away_team', seen.away, 'score_home', seen.home_score, 'score_away', seen.away_score, 'period', seen.period),
		known, forecast.prediction, forecast.final, model, forecast_halftime.received_at, '{}')
	ON CONFLICT DO NOTHING RETURNING * INTO forecast;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	message := jsonb_build_object('type', 'prediction', 'id', forecast.forecast_id, 'data', jsonb_build_object('game_id', forecast.event_id, 'game_info', forecast.game_info, 'forecast', forecast.prediction -> 'point_forecast',
		'interval', jsonb_build_array(forecast.prediction -> 'interval_lower', forecast.prediction -> 'interval_upper'), 'confidence', forecast.prediction -> 'coverage_probability', 'explanation', forecast.prediction -> 'explanation'));
	PERFORM pg_notify('bet_edge_live', message::text);
	UPDATE halftime_forecast AS f SET steps = jsonb_build_object('buffer_ms', s.buffer, 'pattern_ms', s.pattern, 'model_ms', s.model, 'emit_ms', s.emit, 'total_ms', s.total)
	FROM (SELECT round(1000 * extract(epoch FROM arrived - now()), 3) AS buffer, round(1000 * extract(epoch FROM asked - arrived), 3) AS pattern, round(1000 * extract(epoch FROM answered - asked), 3) AS model,
		round(1000 * extract(epoch FROM clock_timestamp() - answered), 3) AS emit, round(1000 * extract(epoch FROM clock_timestamp() - now()), 3) AS total) AS s
	WHERE f.forecast_id = forecast.forecast_id RETURNING f.steps INTO forecast.steps;
	INSERT INTO halftime_call (feed, event_id, model_ms, total_ms, error)
	SELECT forecast.feed, forecast.event_id, s.model, s.total, CASE WHEN s.total > setting.max_total_ms THEN format('took %s ms in all, more than %s', s.total, setting.max_total_ms) END
	FROM (SELECT (forecast.steps ->> 'model_ms')::float8 AS model, (forecast.steps ->> 'total_ms')::float8 AS total) AS s;
	IF (forecast.steps ->> 'model_ms')::float8 > setting.max_model_ms OR (forecast.steps ->> 'total_ms')::float8 > setting.max_total_ms THEN
		RAISE WARNING 'the forecast of game % took % ms in the model and % ms in all', event_id, forecast.steps ->> 'model_ms', forecast.steps ->> 'total_ms';
	END IF;
	IF setting.log_predictions THEN
		RAISE LOG 'live: % % at % after 18 minutes %, at the half % [%, %]', event_id, seen.away, seen.home, known[18], to_char((forecast.prediction ->> 'point_forecast')::numeric, 'FMSG990.0'), forecast.prediction -> 'interval_lower', forecast.prediction -> 'interval_upper';
	END IF;
	IF setting.log_performance THEN
		RAISE LOG 'live: % took %', event_id, forecast.steps;
	END IF;
	RETURN forecast.forecast_id;
END $$;
COMMENT ON FUNCTION forecast_halftime(text, text, timestamptz) IS
'Forecasts a running game from what had been received by received_at, with the halftime_model that knew no later game: stores the record in halftime_forecast, counts the call, and at commit NOTIFYs the channel bet_edge_live with {"type": "prediction", "id", "data": {game_id, game_info, forecast, interval, confidence, explanation}}. Returns the record''s id; NULL when the pattern is not whole, no model is there, the game has its forecast, or a later reading from the third period or of the end is known already, as where captures are loaded newest first. The trigger of live_score calls it. Warns above halftime_setting.max_model_ms; above max_total_ms it warns and the call counts as failed, though the forecast stands and is told.';

CREATE FUNCTION note_halftime_outcome(forecast_id bigint, target text, differential int, known_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	miss float8 := differential - (SELECT (CASE note_halftime_outcome.target WHEN 'half' THEN f.prediction ELSE f.final END ->> 'point_forecast')::float8 FROM halftime_forecast AS f WHERE f.forecast_id = note_halftime_outcome.forecast_id);
BEGIN
	INSERT INTO halftime_outcome VALUES (note_halftime_outcome.forecast_id, note_halftime_outcome.target, differential, miss, note_halftime_outcome.known_at) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		-- Intervals have followed what was said first.
		UPDATE halftime_outcome AS o SET differential = note_halftime_outcome.differential, error = miss, known_at = note_halftime_outcome.known_at
		WHERE o.forecast_id = note_halftime_outcome.forecast_id AND o.target = note_halftime_outcome.target AND o.differential <> note_halftime_outcome.differential AND o.known_at <= note_halftime_outcome.known_at;
		RETURN;
	END IF;
	INSERT INTO halftime_adaptation AS a (target, strength, blend, closeness, alpha, alpha_t, games, missed)
	SELECT c.target, c.strength, c.blend, c.closeness, n.alpha, aci_update(n.alpha_t, x.missed, n.alpha, s.adaptation), 1, x.missed::int
	FROM halftime_forecast AS f CROSS JOIN halftime_setting AS s
	JOIN halftime_calibration AS c ON c.model_id = f.model_id AND c.target = note_halftime_outcome.target AND c.blend = 'learned' AND c.strength = f.prediction #>> '{explanation,strength}' AND c.closeness = score_closeness(f.pattern[18])
	CROSS JOIN LATERAL (SELECT w.alpha, coalesce((SELECT o.alpha_t FROM halftime_adaptation AS o WHERE o.target = c.target AND o.strength = c.strength AND o.blend = c.blend AND o.closeness = c.closeness AND o.alpha = w.alpha), w.alpha) AS alpha_t
		FROM unnest('{0.2,0.1,0.05}'::float8[]) AS w (alpha)) AS n
	CROSS JOIN LATERAL (SELECT abs(miss) > aci_quantile(c.scores, n.alpha_t) AS missed) AS x
	WHERE f.forecast_id = note_halftime_outcome.forecast_id
	ON CONFLICT (target, strength, blend, closeness, alpha) DO UPDATE SET alpha_t = excluded.alpha_t, games = a.games + 1, missed = a.missed + excluded.missed;
END $$;
COMMENT ON FUNCTION note_halftime_outcome(bigint, text, int, timestamptz) IS
'Stores how a forecast game stood at its target and, the first time, moves the alpha_t of the intervals of 80, 90 and 95 % as aci_update() says. What is said later, by known_at, and is another differential, takes its place with its error and known_at; it moves no interval a second time. The trigger of live_score calls it.';

CREATE FUNCTION follow_live_score() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	game    record;
	reached int;
	is_told boolean;
BEGIN
	IF current_setting('bet_edge.replaying', true) = 'on' THEN
		RETURN NULL;
	END IF;
	IF (SELECT s.log_predictions FROM halftime_setting AS s) THEN
		FOR game IN
			SELECT n.event_id, t.home, t.away FROM (SELECT n.feed, n.event_id, min(n.received_at) AS received_at FROM added AS n WHERE n.status = 'live' GROUP BY n.feed, n.event_id) AS n
			CROSS JOIN LATERAL event_teams(n.feed, n.event_id) AS t
			WHERE NOT EXISTS (SELECT FROM live_score AS x WHERE x.feed = n.feed AND x.event_id = n.event_id AND x.status = 'live' AND x.received_at < n.received_at) ORDER BY n.feed, n.event_id
		LOOP
			RAISE LOG 'live: % is tracked, % at %', game.event_id, game.away, game.home;
		END LOOP;
	END IF;
	FOR game IN
		SELECT n.feed, n.event_id, max(n.received_at) AS received_at, max(n.elapsed) AS elapsed, f.forecast_id, f.received_at AS forecast_of, bool_or(n.status = 'final' AND n.elapsed >= 2880) AS over,
			(array_agg(n.home_score - n.away_score) FILTER (WHERE n.status = 'final' AND n.elapsed >= 2880 AND n.home_score <> n.away_score))[1] AS ending,
			bool_or(n.source = 'poll' AND n.period > 2) AS second_half, bool_or(n.source = 'play_by_play' AND n.elapsed >= 1440) AS played, bool_or(n.source <> 'poll' AND n.elapsed = 1440) AS half_told
		FROM added AS n
		LEFT JOIN halftime_forecast AS f ON f.feed = n.feed AND f.event_id = n.event_id
		WHERE n.status IN ('live', 'final')
		GROUP BY n.feed, n.event_id, f.forecast_id HAVING max(n.elapsed) >= 1080 ORDER BY n.feed, n.event_id
	LOOP
		BEGIN
			IF game.forecast_id IS NULL AND game.elapsed < 1440 AND NOT game.over THEN
				PERFORM forecast_halftime(game.feed, game.event_id, game.received_at);
			ELSIF game.forecast_id IS NOT NULL AND game.elapsed >= 1440 THEN
				is_told := EXISTS (SELECT FROM halftime_outcome AS o WHERE o.forecast_id = game.forecast_id AND o.target = 'half');
				-- A basket at the buzzer may come after the clock's 0:00; play-by-play is not asked beyond it where no poll tells more.
				is_told := game.over OR CASE WHEN is_told THEN game.half_told ELSE game.second_half OR game.played AND NOT EXISTS (SELECT FROM live_score AS l WHERE l.feed = game.feed AND l.event_id = game.event_id
					AND l.source = 'poll' AND l.status = 'live' AND l.received_at BETWEEN game.received_at - interval '1 minute' AND game.received_at) END;
				-- A game begun anew after its forecast is another one.
				CONTINUE WHEN NOT is_told OR (sound_polls(game.feed, game.event_id, game.received_at)).since >= game.forecast_of;
				reached := (SELECT m.differential FROM score_minutes(game.feed, game.event_id, 24, game.received_at) AS m WHERE m.minute = 24 AND (m.source IN ('play_by_play', 'period', 'poll')
					OR m.source = 'corrected' AND EXISTS (SELECT FROM live_score AS l WHERE l.feed = game.feed AND l.event_id = game.event_id AND l.period = 2 AND l.elapsed = 1440 AND l.received_at <= game.received_at)));
				PERFORM note_halftime_outcome(game.forecast_id, 'half', reached, game.received_at);
				PERFORM note_halftime_outcome(game.forecast_id, 'final', game.ending, game.received_at);
			END IF;
		EXCEPTION WHEN OTHERS THEN
			-- the poll is kept and the next one asks again
			INSERT INTO halftime_call (feed, event_id, error) VALUES (game.feed, game.event_id, format('%s: %s', SQLSTATE, SQLERRM));
			RAISE WARNING 'no forecast of game %: %', game.event_id, SQLERRM;
		END;
	END LOOP;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION follow_live_score() IS
'Trigger of live_score: games whose 18th minute is over, and whose half is not, are forecast, those that are forecast get their outcomes, unless they began anew meanwhile: the half when the third period has begun or, where no poll has told of the game for a minute, with the last play of the second; the end after four periods or more; and what corrects one of them. An error is a warning and a row of halftime_call; the readings are kept and the next one asks again. replay() says nothing new.';
CREATE TRIGGER forecast AFTER INSERT ON live_score REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_live_score();
