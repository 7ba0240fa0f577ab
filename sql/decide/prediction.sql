-- prediction: what the live model says of the games to come.

CREATE FUNCTION upcoming_games(p_sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS TABLE (game_id bigint, starts_at timestamptz, home_id bigint, away_id bigint, season int, neutral boolean)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT g.game_id, f.starts_at, g.home_id, g.away_id, g.season, f.neutral
	FROM fixture AS f
	JOIN game AS g ON g.game_id = f.game_id
	WHERE f.starts_at >= as_of AND f.starts_at < as_of + horizon AND f.known_at <= as_of AND g.sport = p_sport
	  AND NOT EXISTS (SELECT 1 FROM fixture AS later
	                  WHERE later.game_id = f.game_id AND later.known_at <= as_of
	                    AND (later.known_at, later.recorded_at) > (f.known_at, f.recorded_at))
	  -- a postponed game comes back with a fixture that is known after the postponement
	  AND NOT EXISTS (SELECT 1 FROM result AS r WHERE r.game_id = f.game_id AND r.known_at <= as_of
	                    AND (r.status <> 'postponed' OR r.known_at >= f.known_at));
END;
COMMENT ON FUNCTION upcoming_games(text, timestamptz, interval) IS
'Games of a sport that start within horizon from as_of on, by the fixture known at as_of, without a result known at as_of; a postponed game counts again once a newer fixture is known.';

CREATE FUNCTION predict_games(p_sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS TABLE (game_id bigint, bet_type text, model_id bigint, probs float8[], prediction float8, residuals float8[], features real[])
LANGUAGE sql STABLE STRICT ROWS 30
BEGIN ATOMIC
	WITH known AS MATERIALIZED (
		SELECT f.game_id, to_jsonb(f) AS row
		FROM game_features(p_sport, as_of, as_of + horizon, as_of) AS f
		WHERE f.game_id IN (SELECT u.game_id FROM upcoming_games(p_sport, as_of, horizon) AS u)
	), live AS MATERIALIZED (
		SELECT m.* FROM unnest('{moneyline,spread,total}'::text[]) AS t (bet_type), model_at(p_sport, t.bet_type, as_of) AS m
	)
	SELECT k.game_id, l.bet_type, l.model_id,
		CASE WHEN l.bet_type = 'moneyline' THEN model_probabilities(l.forest, l.coefficients, l.calibration, v.vector, s.market, b.margin) END,
		CASE WHEN l.bet_type <> 'moneyline' THEN predict(l.forest, v.vector, b.margin) END,
		l.residuals, v.vector
	FROM live AS l
	CROSS JOIN known AS k
	CROSS JOIN LATERAL (SELECT feature_vector(k.row, l.features) AS vector) AS v
	CROSS JOIN LATERAL (SELECT row_market(k.row, l.bet_type) AS market) AS s
	CROSS JOIN LATERAL (SELECT model_margin(l.market, l.bet_type, s.market) AS margin) AS b;
END;
COMMENT ON FUNCTION predict_games(text, timestamptz, interval) IS
'Predictions for the upcoming games by the models live at as_of, features as of as_of. probs: calibrated {home, draw, away} or {home, away} (moneyline); prediction: home margin (spread) or total, with the model''s out-of-fold residuals. Both are NULL where a model starts from the market and the game has no price yet. For a past as_of the answer is the one that would have been given then: a model is live only after its knowledge_cutoff.';

CREATE FUNCTION model_outcome(probs float8[], prediction float8, residuals float8[], market text, side text, line float8)
RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		WHEN market = 'h2h' THEN (
			SELECT CASE WHEN p.win IS NOT NULL THEN ARRAY[p.win, 0, 0, 0, 1 - p.win] END
			FROM (SELECT probs[CASE side WHEN 'home' THEN 1 WHEN 'away' THEN cardinality(probs) WHEN 'draw' THEN CASE cardinality(probs) WHEN 3 THEN 2 END END] AS win) AS p)
		WHEN cardinality(residuals) >= 100 THEN (
			SELECT ARRAY[l.p_win, l.p_half_win, l.p_push, l.p_half_loss, l.p_loss]
			FROM line_probabilities(prediction, residuals, market, side, line) AS l)
	END;
END;
COMMENT ON FUNCTION model_outcome(float8[], float8, float8[], text, text, float8) IS
'Probabilities {win, half win, push, half loss, loss} of a bet from a prediction: class probabilities for h2h; for spreads and totals the law of prediction plus out-of-fold residuals (at least 100 of them, else NULL).';

CREATE TABLE ai_predictions (
	prediction_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	created_at         timestamptz NOT NULL DEFAULT now(),
	as_of              timestamptz NOT NULL,
	rank               int NOT NULL,
	sport              text NOT NULL REFERENCES sport,
	game_id            bigint NOT NULL REFERENCES game,
	market             text NOT NULL,
	side               text NOT NULL,
	line               float8,
	book               text NOT NULL REFERENCES book,
	price              float8 NOT NULL,
	probability        float8 NOT NULL,
	model_probability  float8,
	market_probability float8 NOT NULL,
	edge               float8 NOT NULL,
	prob_edge          float8 NOT NULL,
	tier               text NOT NULL,
	confidence         float8 NOT NULL,
	stake              numeric NOT NULL,
	strategy_name      text NOT NULL,
	model_id           bigint REFERENCES model,
	reason             text NOT NULL,
	explanation        text,
	UNIQUE (as_of, game_id)
);
COMMENT ON TABLE ai_predictions IS 'The picks, as generate_picks() stored them: at most one bet a game and decision time. SELECT … WHERE created_at > now() - interval ''1 day'' ORDER BY confidence DESC.';
COMMENT ON COLUMN ai_predictions.probability IS 'The strategy''s probability of winning the bet, given that it is not pushed.';
COMMENT ON COLUMN ai_predictions.model_probability IS 'The live model''s, where a model was live; it may disagree with the strategy.';
COMMENT ON COLUMN ai_predictions.stake IS '0 for what a strategy said that was off at the time.';
COMMENT ON COLUMN ai_predictions.explanation IS 'The features that moved the model''s forecast of this side most (TreeSHAP; log-odds or points).';
CREATE INDEX ai_predictions_created ON ai_predictions (created_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.ai_predictions', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.ai_predictions_prediction_id_seq', '');

CREATE FUNCTION explain_pick(p_sport text, p_game_id bigint, p_market text, p_side text, as_of timestamptz, top int DEFAULT 3)
RETURNS text
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	WITH forecast AS (
		SELECT m.forest, m.coefficients, m.features AS names, feature_vector(to_jsonb(f), m.features) AS vector
		FROM model_at(p_sport, CASE p_market WHEN 'h2h' THEN 'moneyline' WHEN 'spreads' THEN 'spread' ELSE 'total' END, as_of) AS m
		JOIN upcoming_games(p_sport, as_of) AS u ON u.game_id = p_game_id
		JOIN LATERAL game_features(p_sport, u.starts_at, u.starts_at + interval '1 second', as_of) AS f ON f.game_id = p_game_id
	), moved AS (
		SELECT c.names[e.feature] AS name,
			-- towards the side that is bet on; a forest of one output speaks for away (h2h), home, over
			e.contribution * CASE WHEN p_side = CASE p_market WHEN 'h2h' THEN 'home' WHEN 'spreads' THEN 'away' ELSE 'under' END AND f.outputs = 1
				THEN -1 ELSE 1 END AS contribution
		FROM forecast AS c
		CROSS JOIN LATERAL (SELECT coalesce((forest_summary(c.forest)).outputs, array_length(c.coefficients, 1) - 1) AS outputs) AS f
		CROSS JOIN LATERAL artifact_contributions(c.forest, c.coefficients, c.vector) AS e
		WHERE e.feature > 0 AND e.contribution <> 0
		  AND e.class = CASE f.outputs WHEN 3 THEN array_position('{home,draw,away}'::text[], p_side) ELSE 1 END
		ORDER BY abs(e.contribution) DESC, e.feature
		LIMIT top
	)
	SELECT string_agg(format('%s %s', name, to_char(contribution, 'FMSG990.000')), ', ' ORDER BY abs(contribution) DESC, name) FROM moved;
END;
COMMENT ON FUNCTION explain_pick(text, bigint, text, text, timestamptz, int) IS
'The top features by absolute TreeSHAP contribution to the live model''s forecast of this game, positive where they speak for the side: in log-odds (h2h), in points (spreads, totals). NULL where no model was live.';
