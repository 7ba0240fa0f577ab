-- challenger: candidates forecast beside the champion, on the same games at the same moment, and never bet.

CREATE TABLE model_forecast (
	model_id    bigint NOT NULL REFERENCES model,
	game_id     bigint NOT NULL REFERENCES game,
	as_of       timestamptz NOT NULL,
	role        text NOT NULL CHECK (role IN ('champion', 'challenger')),
	probs       float8[],
	prediction  float8,
	recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (model_id, game_id, as_of),
	CHECK (num_nonnulls(probs, prediction) = 1)
);
COMMENT ON TABLE model_forecast IS 'What the live model (champion) and its candidates (challengers) said of the games to come, as record_forecasts() stored it. Nothing that bets reads it.';
COMMENT ON COLUMN model_forecast.probs IS 'Calibrated class probabilities (moneyline); prediction: margin or total otherwise.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model_forecast', '');

CREATE FUNCTION record_forecasts(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', challengers int DEFAULT 2) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
	stored int;
BEGIN
	INSERT INTO model_forecast (model_id, game_id, as_of, role, probs, prediction)
	WITH speaker AS MATERIALIZED (
		SELECT 'champion' AS role, m.model_id FROM unnest('{moneyline,spread,total}'::text[]) AS t (bet_type), model_at(record_forecasts.sport, t.bet_type, record_forecasts.as_of) AS m
		UNION ALL
		SELECT 'challenger', c.model_id
		FROM (SELECT m.model_id, row_number() OVER (PARTITION BY m.bet_type ORDER BY m.model_id DESC) AS age FROM model AS m
			WHERE m.sport = record_forecasts.sport AND m.stage = 'candidate' AND m.knowledge_cutoff <= record_forecasts.as_of) AS c
		WHERE c.age <= challengers
	), model AS MATERIALIZED (
		SELECT s.role, m.*, coalesce(r.feature_function, 'bet_edge.game_features') AS source
		FROM speaker AS s JOIN bet_edge.model AS m ON m.model_id = s.model_id LEFT JOIN training_run AS r ON r.run_id = m.run_id
	), known AS MATERIALIZED (
		SELECT o.source, f.game_id, f.features AS row
		FROM (SELECT DISTINCT m.source FROM model AS m) AS o, features_by(o.source, record_forecasts.sport, record_forecasts.as_of, record_forecasts.as_of + horizon, record_forecasts.as_of) AS f
		WHERE f.game_id IN (SELECT u.game_id FROM upcoming_games(record_forecasts.sport, record_forecasts.as_of, horizon) AS u)
	)
	SELECT m.model_id, k.game_id, record_forecasts.as_of, m.role,
		CASE WHEN m.bet_type = 'moneyline' THEN model_probabilities(m.forest, m.coefficients, m.calibration, v.vector, q.market, b.margin) END,
		CASE WHEN m.bet_type <> 'moneyline' THEN model_number(m.forest, m.coefficients, m.calibration, m.bet_type, v.vector, q.market, b.margin) END
	FROM model AS m JOIN known AS k ON k.source = m.source
	CROSS JOIN LATERAL (SELECT feature_vector(k.row, m.features) AS vector) AS v
	CROSS JOIN LATERAL (SELECT row_market(k.row, m.bet_type) AS market) AS q
	CROSS JOIN LATERAL (SELECT model_margin(m.market, m.bet_type, q.market, m.features, v.vector) AS margin) AS b
	WHERE b.margin IS NOT NULL
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END $$;
COMMENT ON FUNCTION record_forecasts(text, timestamptz, interval, int) IS
'Stores what the live models and the newest candidates of each bet type (challengers of them) say of a sport''s upcoming games as of as_of; again at the same as_of changes nothing. Returns how many were stored. compare_challengers() judges them once the games are over.';

CREATE FUNCTION compare_challengers(sport text, bet_type text)
RETURNS TABLE (challenger_id bigint, champion_id bigint, games bigint, challenger_loss float8, champion_loss float8, difference float8, lower float8, upper float8)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	WITH judged AS (
		-- the last word of each before the game; both at the same moment
		SELECT DISTINCT ON (c.model_id, c.game_id) c.model_id AS challenger_id, l.model_id AS champion_id, c.game_id, c.probs, c.prediction,
			l.probs AS champion_probs, l.prediction AS champion_prediction, training_label(m.bet_type, s.outcomes, r.home_score, r.away_score) AS label
		FROM model_forecast AS c
		JOIN model AS m ON m.model_id = c.model_id AND m.sport = compare_challengers.sport AND m.bet_type = compare_challengers.bet_type
		JOIN sport AS s ON s.sport = m.sport
		JOIN model_forecast AS l ON l.game_id = c.game_id AND l.as_of = c.as_of AND l.role = 'champion'
		JOIN model AS x ON x.model_id = l.model_id AND x.bet_type = m.bet_type
		JOIN results() AS r ON r.game_id = c.game_id AND r.status = 'final'
		WHERE c.role = 'challenger'
		ORDER BY c.model_id, c.game_id, c.as_of DESC
	), losses AS (
		SELECT j.challenger_id, j.champion_id,
			coalesce(-ln(greatest(j.probs[j.label::int + 1], 1e-15)), (j.label - j.prediction) ^ 2) AS challenger_loss,
			coalesce(-ln(greatest(j.champion_probs[j.label::int + 1], 1e-15)), (j.label - j.champion_prediction) ^ 2) AS champion_loss
		FROM judged AS j WHERE j.label IS NOT NULL
	)
	SELECT g.challenger_id, g.champion_id, (g.d).n, g.challenger_loss, g.champion_loss, (g.d).mean, (g.d).lower, (g.d).upper
	FROM (SELECT l.challenger_id, l.champion_id, avg(l.challenger_loss) AS challenger_loss, avg(l.champion_loss) AS champion_loss,
			paired_difference(l.challenger_loss, l.champion_loss) AS d
		FROM losses AS l GROUP BY l.challenger_id, l.champion_id) AS g
	ORDER BY g.challenger_id, g.champion_id;
END;
COMMENT ON FUNCTION compare_challengers(text, text) IS
'Challengers against the champions of their time on the games that are over, by the last forecasts that both gave at one moment: mean log loss (moneyline) or squared error of each, and the mean difference with its 95 % interval, below 0 where the challenger is better. It was recorded before the games: no choice of folds is in it.';
