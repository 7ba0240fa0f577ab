-- prop_quality: what forecasts of players' counts are worth beside plain averages.

CREATE FUNCTION prop_quality(model_id bigint, season int, min_games int DEFAULT 10)
RETURNS TABLE (forecaster text, n bigint, log_loss float8, crps float8, covered_90 float8, calibration_error float8)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
	WITH asked AS MATERIALIZED (
		SELECT t.sport, t.prop_type, t.regular, max(x.season) AS before FROM model AS m JOIN prop_type AS t ON t.sport = m.sport AND t.prop_type = m.bet_type
		LEFT JOIN prop_form AS x ON x.sport = t.sport AND x.prop_type = t.prop_type AND x.season < prop_quality.season
		WHERE m.model_id = prop_quality.model_id GROUP BY t.sport, t.prop_type, t.regular
	), form AS MATERIALIZED (
		SELECT f.*, t.regular, f.game_id || f.player_id AS key, count(*) OVER season AS games, f.features[1] * f.features[3] AS usual,
			sum(f.count) OVER season AS season_count, sum(f.count) OVER ten AS ten_count, count(*) OVER ten AS ten_games
		FROM asked AS t JOIN prop_form AS f ON f.sport = t.sport AND f.prop_type = t.prop_type AND f.game_id IS NOT NULL AND f.season IN (t.before, prop_quality.season)
		WINDOW season AS (PARTITION BY f.player_id, f.season ORDER BY f.starts_at, f.game_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
			ten AS (PARTITION BY f.player_id ORDER BY f.starts_at, f.game_id ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING)
	), offered AS MATERIALIZED (
		SELECT o.key, o.season, o.count, o.features, floor(o.season_count / o.games) + 0.5 AS line, (o.season_count + o.usual) / (o.games + 1) AS season_mean, (o.ten_count + o.usual) / (o.ten_games + 1) AS ten_mean,
			o.features[1] * o.features[2] * o.features[3] AS weighted_mean
		FROM form AS o WHERE o.games >= min_games AND (o.regular = 0 OR o.features[1] * o.features[16] >= 4 / 3.0 * o.regular)
	), before AS (
		SELECT avg((o.count - o.ten_mean) ^ 2) / avg(o.ten_mean) AS ten_spread, avg((o.count - o.weighted_mean) ^ 2) / avg(o.weighted_mean) AS weighted_spread FROM offered AS o WHERE o.season < prop_quality.season
	), said AS MATERIALIZED (
		SELECT v.forecaster, o.key, o.count, o.line, 'negbin' AS law, v.mean, v.spread, NULL::float8[] AS trials, NULL::float8[] AS curve
		FROM offered AS o, before AS b, LATERAL (VALUES ('season average, Poisson', o.season_mean, 1), ('last ten, negative binomial', o.ten_mean, b.ten_spread),
			('exponentially weighted, negative binomial', o.weighted_mean, b.weighted_spread)) AS v (forecaster, mean, spread)
		WHERE o.season = prop_quality.season
		UNION ALL
		SELECT v.forecaster, o.key, o.count, o.line, p.law, x.mean, CASE WHEN p.law <> 'binomial' THEN predict(p.spread, prop_inputs(v.features)) END, coalesce(t.weights, ARRAY[p.extra_zero]), CASE WHEN v.calibrated THEN p.curve END
		FROM offered AS o CROSS JOIN model AS m JOIN prop_model AS p ON p.model_id = m.model_id
		CROSS JOIN LATERAL (VALUES ('model before news', prop_without(o.features, '{pitcher,same_hand,starter,slot,team_exposure,team_count_ratio}'), true), ('model, law alone', o.features, false), ('model', o.features, true)) AS v (forecaster, features, calibrated)
		CROSS JOIN LATERAL (SELECT prop_mean(m.forest, v.features) AS mean OFFSET 0) AS x
		LEFT JOIN prop_trials AS t ON t.model_id = m.model_id AND t.slot = coalesce(v.features[9], 0)
		WHERE m.model_id = prop_quality.model_id AND o.season = prop_quality.season
	), judged AS (
		SELECT s.forecaster, s.count > s.line AS over, 1 - CASE WHEN s.curve IS NULL THEN b.at_line ELSE isotonic_apply(s.curve, b.at_line) END AS prob_over,
			CASE WHEN s.law = 'negbin' AND s.curve IS NULL THEN crps_negbin(s.count::int, s.mean, CASE WHEN s.spread > 1.001 THEN s.mean / (s.spread - 1) ELSE 'Infinity' END)
			ELSE (SELECT sum((CASE WHEN s.curve IS NULL THEN r.raw ELSE isotonic_apply(s.curve, r.raw) END - (s.count <= k)::int) ^ 2)
				FROM generate_series(0, greatest(s.count, ceil(s.mean + 6 * sqrt(s.mean * greatest(s.spread, 1)) + 3))::int) AS k
				CROSS JOIN LATERAL (SELECT count_below(s.law, s.mean, s.spread, s.trials, k) AS raw OFFSET 0) AS r) END AS crps,
			prop_pit(s.law, s.mean, s.spread, s.trials, s.count, even_number(s.key)) AS pit, s.curve
		FROM said AS s CROSS JOIN LATERAL (SELECT count_below(s.law, s.mean, s.spread, s.trials, floor(s.line)) AS at_line OFFSET 0) AS b
	)
	SELECT j.forecaster, count(*), avg(forecast_log_loss(j.prob_over, j.over)), avg(j.crps),
		avg((CASE WHEN j.curve IS NULL THEN j.pit ELSE isotonic_apply(j.curve, j.pit) END BETWEEN 0.05 AND 0.95)::int), expected_calibration_error(j.prob_over, j.over)
	FROM judged AS j GROUP BY j.forecaster ORDER BY avg(j.crps) DESC;
$$;
COMMENT ON FUNCTION prop_quality(bigint, int, int) IS
'A prop model on a season that it has not seen, by prop_form, beside averages: log loss of over and under at half a point above the whole part of the player''s season average, continuous ranked probability score, the share of outcomes between the 5th and 95th hundredth of the law (chance splits a count that lies on the border), and the calibration error of P(over). Players with min_games of the season before, of props with regulars those with a third more than a regular''s exposure. model before news: without line-ups; law alone: before its conformal calibration. Averages are joined by one game of the league''s; their dispersion is that of the season before.';
