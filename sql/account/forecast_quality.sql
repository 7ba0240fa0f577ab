-- forecast_quality: who forecasts how well, over seasons and leagues, beside the market of the decision and the closing one.

CREATE TABLE game_forecast (
	game_id     bigint NOT NULL REFERENCES game,
	forecaster  text NOT NULL CHECK (forecaster <> ''),
	as_of       timestamptz NOT NULL,
	probs       float8[] NOT NULL CHECK (cardinality(probs) IN (2, 3) AND 0 <= ALL (probs) AND 1 >= ALL (probs)),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	bet_type    text NOT NULL DEFAULT 'moneyline' CHECK (bet_type IN ('moneyline', 'spread', 'total')),
	line        float8,
	PRIMARY KEY (game_id, bet_type, forecaster),
	CHECK ((bet_type = 'moneyline') = (line IS NULL))
);
COMMENT ON TABLE game_forecast IS
'What forecasters said of games that were played, for forecast_quality(). refresh_game_forecasts() writes those of the house; rows of other forecasters are yours to add, and are left alone.';
COMMENT ON COLUMN game_forecast.as_of IS 'Nothing known later entered it; market_close has the game''s decision time here and the prices of its start.';
COMMENT ON COLUMN game_forecast.probs IS '{home, draw, away} or {home, away}; at a line {home, away} or {over, under} when it is no push, half results as halves.';
COMMENT ON COLUMN game_forecast.line IS 'The home side''s line (spread) or the total: the one quoted at the decision, where none was the closing one.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.game_forecast', '');

CREATE FUNCTION market_quotes(sport text, game_ids bigint[], moments timestamptz[])
RETURNS TABLE (game_id bigint, probs float8[], spread_line float8, cover float8, total_line float8, over_prob float8, margins float8[], totals float8[])
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT q.game_id, p.probs, q.spread_line, p.cover, q.total_line, p.over_prob, l.margins, l.totals
	FROM sport AS s
	CROSS JOIN unnest(game_ids, moments) AS d (game_id, moment)
	JOIN game_markets(game_ids, s.outcomes, moments) AS q ON q.game_id = d.game_id
	CROSS JOIN LATERAL overround_methods(s.family, s.overround_method, q.sharpest_book, q.sharpest_closing, d.moment) AS x
	CROSS JOIN LATERAL overround_methods(s.family, s.overround_method, q.spread_book, q.spread_closing, d.moment) AS y
	CROSS JOIN LATERAL overround_methods(s.family, s.overround_method, q.total_book, q.total_closing, d.moment) AS z
	CROSS JOIN LATERAL (SELECT market_probabilities(q.sharpest, x.method) AS probs,
		(market_probabilities(q.spread_prices, y.method))[1] AS cover, (market_probabilities(q.total_prices, z.method))[1] AS over_prob,
		key_numbers_at(market_quotes.sport, 'spreads', d.moment) AS margin_keys, key_numbers_at(market_quotes.sport, 'totals', d.moment) AS total_keys,
		CASE s.outcomes WHEN 3 THEN (SELECT (h.fit).rho FROM strength_history AS h WHERE h.sport = market_quotes.sport AND h.known_at <= d.moment AND d.moment < h.valid_until) END AS rho OFFSET 0) AS p
	CROSS JOIN LATERAL implied_score(s.outcomes, q.spread_line, p.cover, p.probs, q.total_line, p.over_prob, p.rho, p.margin_keys, p.total_keys) AS i
	CROSS JOIN LATERAL joint_score_law(s.outcomes, p.probs, i.margin, i.total, p.rho, p.margin_keys, p.total_keys, q.spread_line, q.total_line) AS l
	WHERE s.sport = market_quotes.sport;
END;
COMMENT ON FUNCTION market_quotes(text, bigint[], timestamptz[]) IS
'What the market said of each game of game_ids at its element of moments, margins removed as overround_method() has it: probs of the outcomes, cover of the home line spread_line, over_prob of total_line, each by the sharpest book (game_markets()), and the one law of the score that has all three, which carries them to other lines.';

CREATE FUNCTION refresh_game_forecasts(sport text, first int DEFAULT NULL, last int DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
	written bigint;
	league  sport;
BEGIN
	SELECT s.* INTO league FROM sport AS s WHERE s.sport = refresh_game_forecasts.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', refresh_game_forecasts.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	DELETE FROM game_forecast AS f USING game AS g
	WHERE g.game_id = f.game_id AND g.sport = refresh_game_forecasts.sport AND g.season BETWEEN coalesce(first, g.season) AND coalesce(last, g.season)
	  AND f.forecaster IN ('base_rate', 'elo', 'dixon_coles', 'chances', 'market_open', 'market_at_decision', 'market_close', 'model', 'model_with_odds', 'odds_as_features', 'blend');
	INSERT INTO game_forecast (game_id, bet_type, line, forecaster, as_of, probs)
	WITH played AS MATERIALIZED (
		SELECT r.* FROM (SELECT DISTINCT g.season FROM game AS g WHERE g.sport = refresh_game_forecasts.sport) AS y CROSS JOIN LATERAL reference_forecasts(refresh_game_forecasts.sport, y.season) AS r
		WHERE y.season BETWEEN coalesce(first, y.season) AND coalesce(last, y.season)
	), fold AS MATERIALIZED (
		SELECT m.*, x.feature_function, f.tested_from, f.tested_until
		FROM (SELECT DISTINCT ON (r.bet_type, r.market) r.run_id, r.feature_function FROM training_run AS r
			WHERE r.sport = refresh_game_forecasts.sport AND r.status = 'finished' ORDER BY r.bet_type, r.market, r.run_id DESC) AS x
		JOIN training_fold AS f ON f.run_id = x.run_id
		JOIN model AS m ON m.model_id = f.model_id
	), known AS MATERIALIZED (
		SELECT f.game_id, (f.features ->> 'as_of')::timestamptz AS as_of, f.features AS row, x.feature_function
		FROM (SELECT DISTINCT m.feature_function FROM fold AS m) AS x
		CROSS JOIN LATERAL features_by(x.feature_function, refresh_game_forecasts.sport, (SELECT min(p.starts_at) FROM played AS p), (SELECT max(p.starts_at) + interval '1 second' FROM played AS p), 'infinity') AS f
		WHERE f.game_id IN (SELECT p.game_id FROM played AS p)
	), modelled AS (
		SELECT k.game_id, k.as_of, m.bet_type, s.forecaster, m.run_id, t.keys, t.line,
			CASE WHEN m.bet_type = 'moneyline' THEN calibrate(m.calibration, o.raw, s.market) END AS probs,
			CASE WHEN m.bet_type <> 'moneyline' THEN calibrate_number(m.calibration, o.raw[1], s.market[1]) END AS number
		FROM fold AS m JOIN known AS k ON k.feature_function = m.feature_function AND k.as_of >= m.tested_from AND k.as_of < m.tested_until
		CROSS JOIN LATERAL (SELECT feature_vector(k.row, m.features) AS vector, row_market(k.row, m.bet_type) AS market OFFSET 0) AS v
		CROSS JOIN LATERAL (SELECT artifact_output(m.forest, m.coefficients, m.bet_type, v.vector, model_margin(m.market, m.bet_type, v.market, m.features, v.vector)) AS raw OFFSET 0) AS o
		CROSS JOIN LATERAL (VALUES	-- what a blend weighs against the market is the model without odds
			(CASE m.market WHEN 'blend' THEN 'blend' WHEN 'none' THEN 'model' WHEN 'margin' THEN 'model_with_odds' ELSE 'odds_as_features' END, m.market, v.market),
			(CASE m.market WHEN 'blend' THEN 'model' END, 'none', NULL)) AS s (forecaster, setting, market)
		CROSS JOIN LATERAL model_law(s.setting, m.key_numbers, refresh_game_forecasts.sport, m.bet_type, s.market, k.as_of) AS t
		WHERE s.forecaster IS NOT NULL AND o.raw IS NOT NULL
	), latest AS MATERIALIZED (
		SELECT DISTINCT ON (m.game_id, m.bet_type, m.forecaster) m.* FROM modelled AS m WHERE num_nonnulls(m.probs, m.number) > 0 ORDER BY m.game_id, m.bet_type, m.forecaster, m.run_id DESC
	), close AS MATERIALIZED (
		SELECT q.* FROM (SELECT array_agg(p.game_id) AS ids, array_agg(p.starts_at) AS moments FROM played AS p WHERE EXISTS (SELECT FROM fold)) AS a
		CROSS JOIN LATERAL market_quotes(refresh_game_forecasts.sport, a.ids, a.moments) AS q
	), decided AS MATERIALIZED (
		SELECT q.* FROM (SELECT array_agg(p.game_id) AS ids, array_agg(p.as_of) AS moments FROM played AS p WHERE EXISTS (SELECT FROM fold)) AS a
		CROSS JOIN LATERAL market_quotes(refresh_game_forecasts.sport, a.ids, a.moments) AS q
	), judged AS MATERIALIZED (	-- everybody at one line
		SELECT p.game_id, p.as_of, coalesce(d.spread_line, c.spread_line) AS spread_line, coalesce(d.total_line, c.total_line) AS total_line
		FROM played AS p LEFT JOIN decided AS d ON d.game_id = p.game_id LEFT JOIN close AS c ON c.game_id = p.game_id
	), law AS MATERIALIZED (
		SELECT b.game_id, b.forecaster, l.margins, l.totals
		FROM (SELECT DISTINCT x.game_id, x.forecaster, x.as_of FROM latest AS x WHERE x.bet_type <> 'moneyline') AS b
		LEFT JOIN latest AS d ON d.game_id = b.game_id AND d.forecaster = b.forecaster AND d.bet_type = 'spread'
		LEFT JOIN latest AS t ON t.game_id = b.game_id AND t.forecaster = b.forecaster AND t.bet_type = 'total'
		-- who has no moneyline model of its kind has that of the blend
		LEFT JOIN latest AS m ON m.game_id = b.game_id AND m.forecaster = b.forecaster AND m.bet_type = 'moneyline'
		LEFT JOIN latest AS w ON w.game_id = b.game_id AND w.forecaster = 'blend' AND w.bet_type = 'moneyline'
		CROSS JOIN LATERAL joint_score_law(league.outcomes, coalesce(m.probs, w.probs), d.number, t.number,
			CASE league.outcomes WHEN 3 THEN (SELECT (h.fit).rho FROM strength_history AS h WHERE h.sport = refresh_game_forecasts.sport AND h.known_at <= b.as_of AND b.as_of < h.valid_until) END,
			d.keys, t.keys, d.line, t.line) AS l
		UNION ALL
		SELECT d.game_id, 'market_at_decision', d.margins, d.totals FROM decided AS d
		UNION ALL
		SELECT c.game_id, 'market_close', c.margins, c.totals FROM close AS c
	), chance AS (
		SELECT l.game_id, j.as_of, x.bet_type, x.line, l.forecaster, x.prob
		FROM law AS l JOIN judged AS j ON j.game_id = l.game_id
		LEFT JOIN decided AS d ON d.game_id = l.game_id AND l.forecaster = 'market_at_decision'
		LEFT JOIN close AS c ON c.game_id = l.game_id AND l.forecaster = 'market_close'
		CROSS JOIN LATERAL (SELECT	-- what was quoted needs no law; not within VALUES, which plans a function anew for every row
			CASE j.spread_line WHEN d.spread_line THEN d.cover WHEN c.spread_line THEN c.cover ELSE line_chance(l.margins, 'spreads', j.spread_line) END AS cover,
			CASE j.total_line WHEN d.total_line THEN d.over_prob WHEN c.total_line THEN c.over_prob ELSE line_chance(l.totals, 'totals', j.total_line) END AS over_prob OFFSET 0) AS e
		CROSS JOIN LATERAL (VALUES ('spread', j.spread_line, e.cover), ('total', j.total_line, e.over_prob)) AS x (bet_type, line, prob)
	)
	SELECT p.game_id, 'moneyline', NULL::float8, s.forecaster, p.as_of, s.probs
	FROM played AS p LEFT JOIN decided AS d ON d.game_id = p.game_id
	CROSS JOIN LATERAL (VALUES ('base_rate', p.base_rate), ('elo', p.elo), ('dixon_coles', p.dixon_coles), ('chances', p.chances),
		('market_open', p.market_open), ('market_at_decision', d.probs), ('market_close', p.market_close)) AS s (forecaster, probs)
	WHERE s.probs IS NOT NULL
	UNION ALL
	SELECT l.game_id, l.bet_type, NULL::float8, l.forecaster, l.as_of, l.probs FROM latest AS l WHERE l.bet_type = 'moneyline' AND l.game_id IN (SELECT p.game_id FROM played AS p)
	UNION ALL
	SELECT c.game_id, c.bet_type, c.line, c.forecaster, c.as_of, ARRAY[c.prob, 1 - c.prob] FROM chance AS c WHERE c.prob IS NOT NULL AND c.line IS NOT NULL;
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_game_forecasts(text, int, int) IS
'Writes into game_forecast what the house said of the played games of a sport''s seasons from first to last (NULL: all), and returns the number of rows: base_rate, elo, dixon_coles, chances, market_open and market_close by reference_forecasts(); and of the latest finished training of each bet type and training_run.market what its folds say of every game between their test dates, calibrated as each was then, from what was known before: model (market none, or blend without the market), blend, model_with_odds (market margin), odds_as_features (market feature); and beside them market_at_decision, the market that they knew (market_quotes()). Spreads and totals are said at the line quoted at the decision (where none was, the closing one), by the one law of the score of each forecaster''s spread, total and moneyline models (without one of its kind, the blend''s), and of each market''s prices. Rows of other forecasters stay. Error: unknown sport (42704).';

CREATE FUNCTION played_forecasts(sports text[], first int, last int, bet_type text)
RETURNS TABLE (game_id bigint, forecaster text, as_of timestamptz, line float8, probs float8[], sport text, season int, outcome int, ahead float8)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000	-- not STRICT, so that the planner can merge it
BEGIN ATOMIC
	SELECT f.game_id, f.forecaster, f.as_of, f.line, f.probs, g.sport, g.season, o.outcome, o.ahead
	FROM game_forecast AS f
	JOIN game AS g ON g.game_id = f.game_id
	JOIN sport AS s ON s.sport = g.sport
	JOIN results() AS r ON r.game_id = f.game_id AND r.status = 'final'
	CROSS JOIN LATERAL (SELECT training_label(played_forecasts.bet_type, s.outcomes, r.home_score, r.away_score) AS label) AS l
	CROSS JOIN LATERAL (SELECT CASE played_forecasts.bet_type WHEN 'spread' THEN l.label + f.line WHEN 'total' THEN l.label - f.line END AS ahead) AS a
	CROSS JOIN LATERAL (SELECT a.ahead, CASE played_forecasts.bet_type WHEN 'moneyline' THEN l.label::int + 1 ELSE 1 + (a.ahead < 0)::int END AS outcome) AS o
	WHERE g.sport = ANY (sports) AND g.season BETWEEN coalesce(first, g.season) AND coalesce(last, g.season) AND f.bet_type = played_forecasts.bet_type
	  AND CASE played_forecasts.bet_type WHEN 'moneyline' THEN l.label IS NOT NULL ELSE a.ahead <> 0 END;
END;
COMMENT ON FUNCTION played_forecasts(text[], int, int, text) IS
'game_forecast of the played games of sports, seasons first to last (NULL: all), with what came: outcome, the number of the element of probs; ahead, by how many points home or over beat the line (bet_type spread, total). Pushes, and ties of two-way moneylines, are left out.';

CREATE FUNCTION forecast_quality(sports text[], first int DEFAULT NULL, last int DEFAULT NULL, bet_type text DEFAULT 'moneyline')
RETURNS TABLE (forecaster text, n bigint, log_loss float8, brier float8, rps float8, calibration_slope float8,
	difference float8, lower float8, upper float8, market_difference float8, market_lower float8, market_upper float8)
LANGUAGE sql STABLE
SET enable_nestloop = off	-- nobody knows beforehand how many games have all forecasts
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT f.game_id, f.forecaster, f.as_of, f.probs, f.sport, f.season, f.outcome,
			CASE forecast_quality.bet_type WHEN 'moneyline' THEN forecast_log_loss(f.probs, f.outcome) ELSE line_loss(f.probs[1], f.ahead) END AS log_loss
		FROM played_forecasts(sports, first, last, forecast_quality.bet_type) AS f
	), present AS MATERIALIZED (
		SELECT s.sport, s.season, s.forecaster FROM said AS s
		JOIN (SELECT g.sport, g.season, count(DISTINCT g.game_id) AS games FROM said AS g GROUP BY g.sport, g.season) AS a ON a.sport = s.sport AND a.season = s.season
		GROUP BY s.sport, s.season, s.forecaster, a.games HAVING 2 * count(*) >= a.games
	), common AS (
		SELECT s.game_id FROM said AS s JOIN present AS p ON p.sport = s.sport AND p.season = s.season AND p.forecaster = s.forecaster
		GROUP BY s.game_id, s.sport, s.season
		HAVING count(*) = (SELECT count(*) FROM present AS a WHERE a.sport = s.sport AND a.season = s.season)
	), loss AS MATERIALIZED (
		SELECT s.*, hashtextextended(s.sport || date_trunc('week', s.as_of AT TIME ZONE 'UTC'), 0) AS week
		FROM said AS s JOIN common AS c ON c.game_id = s.game_id
		JOIN present AS p ON p.sport = s.sport AND p.season = s.season AND p.forecaster = s.forecaster
	)
	SELECT q.forecaster, q.n, q.log_loss, q.brier, q.rps, 1 / q.temperature, (q.d).mean, (q.d).lower, (q.d).upper, (q.m).mean, (q.m).lower, (q.m).upper
	FROM (
		SELECT l.forecaster, count(*) AS n, avg(l.log_loss) AS log_loss, brier_score(l.probs, l.outcome) AS brier,
			ranked_probability_score(l.probs, l.outcome) AS rps, temperature_fit(l.probs, l.outcome) AS temperature,
			CASE WHEN l.forecaster <> 'market_close' THEN paired_difference(l.log_loss, c.log_loss, l.week) END AS d,
			CASE WHEN l.forecaster <> 'market_at_decision' THEN paired_difference(l.log_loss, m.log_loss, l.week) END AS m
		FROM loss AS l LEFT JOIN loss AS c ON c.game_id = l.game_id AND c.forecaster = 'market_close'
		LEFT JOIN loss AS m ON m.game_id = l.game_id AND m.forecaster = 'market_at_decision'
		GROUP BY l.forecaster) AS q
	ORDER BY q.log_loss DESC, q.forecaster;
END;
COMMENT ON FUNCTION forecast_quality(text[], int, int, text) IS
'How well each forecaster of game_forecast did on the games of the sports sports, seasons first to last (NULL: all), the worst first. bet_type moneyline: who won; spread and total: the bet on home or over at the line of game_forecast, pushes left out, half results with half their log loss (line_loss()) and as whole ones in the other scores. n games; mean log loss (nats), Brier (sum over outcomes, 0 to 2), ranked probability score; calibration_slope, the exponent that their probabilities should have had (1 over temperature_fit(): below 1 they were too sure); difference, the mean over games of log loss less that of market_close, with its 95 % interval clustered by sport and week, below 0 where better than the close; market_difference, market_lower, market_upper: the same against market_at_decision, what the market said when the forecast was made. Season by season everybody is judged on the same games, those that all priced; who priced fewer than half of a season''s games has no part in that season, so that n may differ between forecasters of a pool. Ties of two-way moneylines are left out. All sports must have as many outcomes.';

CREATE FUNCTION prob_error(sports text[], forecaster text DEFAULT 'blend', first int DEFAULT NULL, last int DEFAULT NULL, bet_type text DEFAULT 'moneyline',
	beside text DEFAULT 'market_at_decision', replicates int DEFAULT 10000, seed int DEFAULT 1)
RETURNS TABLE (games bigint, prob_error float8, lower float8, upper float8, difference float8, came_true float8)
LANGUAGE sql STABLE ROWS 1
SET enable_nestloop = off	-- nobody knows beforehand how many games both have priced
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT f.* FROM played_forecasts(sports, first, last, prob_error.bet_type) AS f WHERE f.forecaster IN (prob_error.forecaster, beside)
	), pair AS (
		SELECT q.game_id, e.square, e.apart
		FROM said AS q JOIN said AS m ON m.game_id = q.game_id AND m.forecaster = beside
		CROSS JOIN LATERAL (SELECT avg((x.q - (x.n = q.outcome)::int) * (x.q - x.m)) AS square, avg((x.q - x.m) ^ 2) AS apart
			FROM unnest(q.probs, m.probs) WITH ORDINALITY AS x (q, m, n)) AS e
		WHERE q.forecaster = prob_error.forecaster AND q.line IS NOT DISTINCT FROM m.line
	), estimate AS (
		SELECT count(*) AS games, mean_bootstrap(p.square, p.game_id, replicates, seed) AS e, avg(p.apart) AS apart FROM pair AS p
	)
	SELECT g.games, r.roots[1], r.roots[2], r.roots[3], sqrt(g.apart), CASE WHEN g.apart > 1e-18 THEN 1 - (g.e).estimate / g.apart END
	FROM estimate AS g
	CROSS JOIN LATERAL (SELECT array_agg(CASE WHEN u.v > 0 THEN sqrt(u.v) WHEN u.v <= 0 THEN 0 END ORDER BY u.n) AS roots
		FROM unnest(ARRAY[(g.e).estimate, (g.e).lower, (g.e).upper]) WITH ORDINALITY AS u (v, n)) AS r;
END;
COMMENT ON FUNCTION prob_error(text[], text, int, int, text, text, int, int) IS
'The standard error of a forecaster''s probabilities as staking_rule.prob_error and kelly_shrink() mean it: with probability q = p + e of an outcome y of probability p, where e has mean 0 and depends neither on p nor on what somebody else (beside, m) says, E(q - y)(q - m) = E e² (errors in variables, Fuller 1987), and prob_error is the root of the mean of that over all outcomes of the games that both priced (game_forecast, of sports, seasons first to last, NULL: all; bet_type and pushes as in forecast_quality()); 0 where the mean is not positive. lower, upper: its 95 % interval by mean_bootstrap() over games (replicates, seed). difference: root mean square of q - m; came_true: the share of that difference which came true, 1 - (prob_error / difference)², the slope of y - m on q - m, NULL where both say the same. What both get wrong together is not seen: outcomes cannot show it. games 0 and NULL without a game that both priced.';
