-- forecast_quality: who forecasts how well, over seasons and leagues, beside the closing market.

CREATE TABLE game_forecast (
	game_id     bigint NOT NULL REFERENCES game,
	forecaster  text NOT NULL CHECK (forecaster <> ''),
	as_of       timestamptz NOT NULL,
	probs       float8[] NOT NULL CHECK (cardinality(probs) IN (2, 3) AND 0 <= ALL (probs) AND 1 >= ALL (probs)),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (game_id, forecaster)
);
COMMENT ON TABLE game_forecast IS
'What forecasters said of games that were played, for forecast_quality(). refresh_game_forecasts() writes those of the house; rows of other forecasters are yours to add, and are left alone.';
COMMENT ON COLUMN game_forecast.as_of IS 'Nothing known later entered it; market_close has the game''s decision time here and the prices of its start.';
COMMENT ON COLUMN game_forecast.probs IS '{home, draw, away} or {home, away}.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.game_forecast', '');

CREATE FUNCTION refresh_game_forecasts(p_sport text, p_first int DEFAULT NULL, p_last int DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	written bigint;
BEGIN
	IF NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = p_sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	DELETE FROM game_forecast AS f USING game AS g
	WHERE g.game_id = f.game_id AND g.sport = p_sport AND g.season BETWEEN coalesce(p_first, g.season) AND coalesce(p_last, g.season)
	  AND f.forecaster IN ('base_rate', 'elo', 'dixon_coles', 'chances', 'market_open', 'market_close', 'model', 'model_with_odds', 'blend');
	INSERT INTO game_forecast (game_id, forecaster, as_of, probs)
	WITH played AS MATERIALIZED (
		SELECT r.* FROM (SELECT DISTINCT g.season FROM game AS g WHERE g.sport = p_sport) AS y CROSS JOIN LATERAL reference_forecasts(p_sport, y.season) AS r
		WHERE y.season BETWEEN coalesce(p_first, y.season) AND coalesce(p_last, y.season)
	), fold AS MATERIALIZED (
		SELECT m.*, f.tested_from, f.tested_until
		FROM (SELECT DISTINCT ON (r.market) r.run_id FROM training_run AS r
			WHERE r.sport = p_sport AND r.bet_type = 'moneyline' AND r.status = 'finished' ORDER BY r.market, r.run_id DESC) AS x
		JOIN training_fold AS f ON f.run_id = x.run_id
		JOIN model AS m ON m.model_id = f.model_id
	), known AS MATERIALIZED (
		SELECT f.game_id, f.as_of, to_jsonb(f) AS row
		FROM game_features(p_sport, (SELECT min(p.starts_at) FROM played AS p), (SELECT max(p.starts_at) + interval '1 second' FROM played AS p), 'infinity') AS f
		WHERE EXISTS (SELECT FROM fold) AND f.game_id IN (SELECT p.game_id FROM played AS p)
	), modelled AS (
		SELECT k.game_id, k.as_of, s.forecaster, s.probs, m.run_id
		FROM fold AS m JOIN known AS k ON k.as_of >= m.tested_from AND k.as_of < m.tested_until
		CROSS JOIN LATERAL (SELECT feature_vector(k.row, m.features) AS vector, row_market(k.row, 'moneyline') AS market OFFSET 0) AS v
		CROSS JOIN LATERAL (SELECT artifact_output(m.forest, m.coefficients, 'moneyline', v.vector, model_margin(m.market, 'moneyline', v.market, m.features, v.vector)) AS raw OFFSET 0) AS o
		CROSS JOIN LATERAL (VALUES	-- what a blend weighs against the market is the model without odds
			(CASE m.market WHEN 'blend' THEN 'blend' WHEN 'none' THEN 'model' ELSE 'model_with_odds' END, calibrate(m.calibration, o.raw, v.market)),
			(CASE m.market WHEN 'blend' THEN 'model' END, calibrate(m.calibration, o.raw))) AS s (forecaster, probs)
		WHERE s.forecaster IS NOT NULL
	)
	SELECT p.game_id, s.forecaster, p.as_of, s.probs
	FROM played AS p CROSS JOIN LATERAL (VALUES ('base_rate', p.base_rate), ('elo', p.elo), ('dixon_coles', p.dixon_coles), ('chances', p.chances),
		('market_open', p.market_open), ('market_close', p.market_close)) AS s (forecaster, probs)
	WHERE s.probs IS NOT NULL
	UNION ALL
	SELECT l.game_id, l.forecaster, l.as_of, l.probs
	FROM (SELECT DISTINCT ON (m.game_id, m.forecaster) m.* FROM modelled AS m WHERE m.probs IS NOT NULL ORDER BY m.game_id, m.forecaster, m.run_id DESC) AS l;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_game_forecasts(text, int, int) IS
'Writes into game_forecast what the house said of the played games of a sport''s seasons from p_first to p_last (NULL: all), and returns the number of rows: base_rate, elo, dixon_coles, chances, market_open and market_close by reference_forecasts(); and of the latest finished moneyline training of each training_run.market what its folds say of every game between their test dates, calibrated as each was then, from what was known before: model (market none, or blend without the market), blend, model_with_odds (market margin or feature). Rows of other forecasters stay. Error: unknown sport (42704).';

CREATE FUNCTION forecast_quality(p_sports text[], p_first int DEFAULT NULL, p_last int DEFAULT NULL)
RETURNS TABLE (forecaster text, n bigint, log_loss float8, brier float8, rps float8, calibration_slope float8,
	difference float8, lower float8, upper float8)
LANGUAGE sql STABLE
SET jit = off
SET enable_nestloop = off	-- nobody knows beforehand how many games have all forecasts
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT f.game_id, f.forecaster, f.as_of, f.probs, g.sport, g.season,
			training_label('moneyline', s.outcomes, r.home_score, r.away_score)::int + 1 AS outcome
		FROM game_forecast AS f
		JOIN game AS g ON g.game_id = f.game_id
		JOIN sport AS s ON s.sport = g.sport
		JOIN results() AS r ON r.game_id = f.game_id AND r.status = 'final'
		WHERE g.sport = ANY (p_sports) AND g.season BETWEEN coalesce(p_first, g.season) AND coalesce(p_last, g.season)
		  AND (s.outcomes = 3 OR r.home_score <> r.away_score)
	), present AS MATERIALIZED (
		SELECT s.sport, s.season, s.forecaster FROM said AS s
		JOIN (SELECT g.sport, g.season, count(DISTINCT g.game_id) AS games FROM said AS g GROUP BY g.sport, g.season) AS a ON a.sport = s.sport AND a.season = s.season
		GROUP BY s.sport, s.season, s.forecaster, a.games HAVING 2 * count(*) >= a.games
	), common AS (
		SELECT s.game_id FROM said AS s JOIN present AS p ON p.sport = s.sport AND p.season = s.season AND p.forecaster = s.forecaster
		GROUP BY s.game_id, s.sport, s.season
		HAVING count(*) = (SELECT count(*) FROM present AS a WHERE a.sport = s.sport AND a.season = s.season)
	), loss AS MATERIALIZED (
		SELECT s.*, forecast_log_loss(s.probs, s.outcome) AS log_loss
		FROM said AS s JOIN common AS c ON c.game_id = s.game_id
		JOIN present AS p ON p.sport = s.sport AND p.season = s.season AND p.forecaster = s.forecaster
	)
	SELECT q.forecaster, q.n, q.log_loss, q.brier, q.rps, 1 / q.temperature, (q.d).mean, (q.d).lower, (q.d).upper
	FROM (
		SELECT l.forecaster, count(*) AS n, avg(l.log_loss) AS log_loss, brier_score(l.probs, l.outcome) AS brier,
			ranked_probability_score(l.probs, l.outcome) AS rps, temperature_fit(l.probs, l.outcome) AS temperature,
			CASE WHEN l.forecaster <> 'market_close' THEN paired_difference(l.log_loss, m.log_loss,
				hashtextextended(l.sport || date_trunc('week', l.as_of AT TIME ZONE 'UTC'), 0)) END AS d
		FROM loss AS l LEFT JOIN loss AS m ON m.game_id = l.game_id AND m.forecaster = 'market_close'
		GROUP BY l.forecaster) AS q
	ORDER BY q.log_loss DESC, q.forecaster;
END;
COMMENT ON FUNCTION forecast_quality(text[], int, int) IS
'How well each forecaster of game_forecast did on the h2h outcomes of the sports p_sports, seasons p_first to p_last (NULL: all), the worst first: n games; mean log loss (nats), Brier (sum over outcomes, 0 to 2), ranked probability score; calibration_slope, the exponent that their probabilities should have had (1 over temperature_fit(): below 1 they were too sure); difference, the mean over games of log loss less that of market_close, with its 95 % interval clustered by sport and week, below 0 where better than the close. Season by season everybody is judged on the same games, those that all priced; who priced fewer than half of a season''s games has no part in that season, so that n may differ between forecasters of a pool. Ties of two-way sports are left out. All p_sports must have as many outcomes.';
