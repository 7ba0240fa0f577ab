-- monitor: is a model still as good as it was? Rolling scores against the market, alarms with a stated rate, retraining and what it changed.

CREATE FUNCTION degradation_alarms(differences float8[], tolerance float8 DEFAULT 0, false_alarm_games int DEFAULT 2000, bound float8 DEFAULT 2)
RETURNS TABLE (game int, evidence float8, is_alarm boolean)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	difference float8;
	-- four bets against the model at once, from careful to bold; none may lose all it has
	shares float8[] := ARRAY[0.5, 0.2, 0.08, 0.03];
	stakes float8[] := '{0,0,0,0}';
BEGIN
	IF NOT (bound > 0 AND bound < 'Infinity' AND tolerance >= 0 AND tolerance < bound AND false_alarm_games >= 2) THEN
		RAISE EXCEPTION 'bound must be above 0, tolerance from 0 to below it, false_alarm_games at least 2, not %, % and %', bound, tolerance, false_alarm_games USING ERRCODE = 'invalid_parameter_value';
	END IF;
	game := 0;
	FOREACH difference IN ARRAY differences LOOP
		game := game + 1;
		IF NOT coalesce(abs(difference) <= bound, false) THEN
			RAISE EXCEPTION 'differences must lie within % on either side of 0, but number % is %', bound, game, coalesce(difference::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
		END IF;
		evidence := 0;
		FOR k IN 1..4 LOOP
			stakes[k] := (1 + stakes[k]) * (1 + shares[k] * (difference - tolerance) / (bound + tolerance));
			evidence := evidence + stakes[k] / 4;
		END LOOP;
		is_alarm := evidence >= false_alarm_games;
		RETURN NEXT;
		IF is_alarm THEN
			stakes := '{0,0,0,0}';
		END IF;
	END LOOP;
END $$;
COMMENT ON FUNCTION degradation_alarms(float8[], float8, int, float8) IS
'Watches the differences of two forecasters'' losses, game after game (above 0: the first was worse), and raises an alarm once the first has become worse by more than tolerance on average. Whatever the law of the differences within +-bound (2 for Brier scores), while their mean given the past is at most tolerance the expected number of games until a false alarm is at least false_alarm_games. evidence: the Shiryaev-Roberts sum of products of 1 + share x (difference - tolerance) / (bound + tolerance), the mean over four shares; an alarm at false_alarm_games, after which it starts again. Source: Shin, Ramdas and Rinaldo 2024 (e-detectors).';

CREATE FUNCTION monitored_forecasts(sport text, for_forecaster text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (game_id bigint, starts_at timestamptz, known_at timestamptz, forecaster text, probs float8[], market float8[], outcome int, brier float8, market_brier float8)
LANGUAGE sql STABLE
SET jit = off
BEGIN ATOMIC
	WITH played AS MATERIALIZED (
		SELECT g.game_id, g.sport, g.season, s.outcomes, e.starts_at, r.known_at,
			CASE WHEN r.home_score > r.away_score THEN 1 WHEN r.home_score < r.away_score THEN s.outcomes ELSE 2 END AS outcome
		FROM game AS g
		JOIN sport AS s ON s.sport = g.sport
		JOIN results(as_of) AS r ON r.game_id = g.game_id AND r.status = 'final'
		CROSS JOIN LATERAL (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = g.game_id AND f.known_at <= as_of ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS e
		WHERE g.sport = monitored_forecasts.sport AND (s.outcomes = 3 OR r.home_score <> r.away_score)
	), said AS (
		SELECT DISTINCT ON (p.game_id) p.*, 'model ' || m.model_id AS forecaster, f.probs
		FROM played AS p JOIN model_forecast AS f ON f.game_id = p.game_id AND f.role = 'champion' AND f.as_of <= p.starts_at AND f.probs IS NOT NULL
		JOIN model AS m ON m.model_id = f.model_id AND m.bet_type = 'moneyline'
		WHERE for_forecaster IS NULL
		ORDER BY p.game_id, f.as_of DESC, f.model_id
	), voiced AS (
		SELECT * FROM said
		UNION ALL
		SELECT p.*, f.forecaster, f.probs FROM played AS p JOIN game_forecast AS f ON f.game_id = p.game_id AND f.bet_type = 'moneyline' AND f.forecaster = for_forecaster
	), book AS MATERIALIZED (
		SELECT x.season, reference_book(monitored_forecasts.sport, x.season) AS book FROM (SELECT DISTINCT v.season FROM voiced AS v) AS x
	)
	SELECT v.game_id, v.starts_at, v.known_at, v.forecaster, v.probs, m.probs, v.outcome, forecast_brier(v.probs, v.outcome), forecast_brier(m.probs, v.outcome)
	FROM voiced AS v
	JOIN book AS b ON b.season = v.season
	LEFT JOIN game_forecast AS c ON c.game_id = v.game_id AND c.bet_type = 'moneyline' AND c.forecaster = 'market_close'
	CROSS JOIN LATERAL (SELECT coalesce(c.probs, market_h2h(v.game_id, b.book, overround_method(monitored_forecasts.sport, b.book, true, v.starts_at), v.outcomes, v.starts_at, true)) AS probs) AS m
	WHERE m.probs IS NOT NULL
	ORDER BY v.known_at, v.game_id;
END;
COMMENT ON FUNCTION monitored_forecasts(text, text, timestamptz) IS
'The moneyline forecasts of a sport''s games whose result was known at as_of, in the order of results: for_forecaster NULL: the last that the live model of the time had recorded before the start (record_forecasts(); forecaster says which model); else those of a forecaster of game_forecast. Beside each the de-vigged closing market, the outcome and both Brier scores (sum over outcomes). Games without a close and ties of two-way sports are left out.';

CREATE FUNCTION forecast_monitor(sport text, for_forecaster text DEFAULT NULL, games int DEFAULT 200, as_of timestamptz DEFAULT now(), tolerance float8 DEFAULT 0.01, false_alarm_games int DEFAULT 2000)
RETURNS TABLE (week date, forecaster text, n bigint, brier float8, market_brier float8, log_loss float8, market_log_loss float8,
	difference float8, lower float8, upper float8, calibration_slope float8, market_slope float8, evidence float8, is_alarm boolean)
LANGUAGE sql STABLE
SET jit = off
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT f.*, row_number() OVER (ORDER BY f.known_at, f.game_id) AS n, row_number() OVER (PARTITION BY f.forecaster ORDER BY f.known_at, f.game_id) AS own,
			date_trunc('week', f.known_at AT TIME ZONE s.time_zone)::date AS week
		FROM monitored_forecasts(forecast_monitor.sport, for_forecaster, as_of) AS f JOIN sport AS s ON s.sport = forecast_monitor.sport
	), watched AS MATERIALIZED (
		-- a new model starts with no evidence against it
		SELECT x.forecaster, a.game AS own, a.evidence, a.is_alarm
		FROM (SELECT s.forecaster, array_agg(s.brier - s.market_brier ORDER BY s.own) AS differences FROM said AS s GROUP BY s.forecaster) AS x
		CROSS JOIN LATERAL degradation_alarms(x.differences, tolerance, false_alarm_games) AS a
	), last AS (
		SELECT DISTINCT ON (s.week) s.week, s.forecaster, s.own, s.n FROM said AS s ORDER BY s.week, s.n DESC
	)
	SELECT l.week, l.forecaster, r.n, r.brier, r.market_brier, r.log_loss, r.market_log_loss, (r.d).mean, (r.d).lower, (r.d).upper, 1 / r.slope, 1 / r.market_slope, w.evidence,
		EXISTS (SELECT FROM watched AS a JOIN said AS s ON s.forecaster = a.forecaster AND s.own = a.own WHERE s.week = l.week AND a.is_alarm)
	FROM last AS l
	JOIN watched AS w ON w.forecaster = l.forecaster AND w.own = l.own
	CROSS JOIN LATERAL (
		SELECT count(*) AS n, avg(s.brier) AS brier, avg(s.market_brier) AS market_brier, avg(forecast_log_loss(s.probs, s.outcome)) AS log_loss,
			avg(forecast_log_loss(s.market, s.outcome)) AS market_log_loss, paired_difference(s.brier, s.market_brier) AS d,
			CASE WHEN count(*) >= 30 THEN temperature_fit(s.probs, s.outcome) END AS slope, CASE WHEN count(*) >= 30 THEN temperature_fit(s.market, s.outcome) END AS market_slope
		FROM said AS s WHERE s.n > l.n - forecast_monitor.games AND s.n <= l.n) AS r
	ORDER BY l.week;
END;
COMMENT ON FUNCTION forecast_monitor(text, text, int, timestamptz, float8, int) IS
'monitored_forecasts() week by week as results came: over the last games games Brier score and log loss of the forecaster and of the closing market, the mean difference of the Brier scores with its 95 % interval, and both calibration slopes (below 1: too sure; from 30 games on). evidence and is_alarm: degradation_alarms() of the Brier differences of the model that then spoke, since it began to speak: at most one false alarm in false_alarm_games games on average while its Brier score is no more than tolerance above the market''s.';

CREATE FUNCTION monitor_models(for_sport text DEFAULT NULL, as_of timestamptz DEFAULT now(), games int DEFAULT 200, min_games int DEFAULT 100,
	max_difference float8 DEFAULT 0.03, tolerance float8 DEFAULT 0.01, false_alarm_games int DEFAULT 2000, retrain boolean DEFAULT false)
RETURNS TABLE (sport text, forecaster text, n bigint, brier float8, market_brier float8, lower float8, upper float8, evidence float8, is_degraded boolean, reason text, run_id bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	league text;
BEGIN
	IF for_sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = for_sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', for_sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF NOT coalesce(games >= 1 AND min_games >= 1 AND max_difference >= 0, false) THEN
		RAISE EXCEPTION 'games and min_games must be at least 1 and max_difference at least 0, not %, % and %', games, min_games, max_difference USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR league IN SELECT DISTINCT m.sport FROM model_forecast AS f JOIN model AS m ON m.model_id = f.model_id
		WHERE f.role = 'champion' AND m.bet_type = 'moneyline' AND m.sport = coalesce(for_sport, m.sport) ORDER BY m.sport
	LOOP
		WITH said AS MATERIALIZED (
			SELECT f.*, row_number() OVER (ORDER BY f.known_at DESC, f.game_id DESC) AS age FROM monitored_forecasts(league, NULL, monitor_models.as_of) AS f
		), own AS (	-- the model that speaks now
			SELECT s.* FROM said AS s WHERE s.forecaster = (SELECT x.forecaster FROM said AS x WHERE x.age = 1)
		), watched AS (
			SELECT a.* FROM (SELECT array_agg(o.brier - o.market_brier ORDER BY o.age DESC) AS differences FROM own AS o) AS d, degradation_alarms(d.differences, tolerance, false_alarm_games) AS a
		)
		SELECT league, min(o.forecaster), count(*), avg(o.brier), avg(o.market_brier), (paired_difference(o.brier, o.market_brier)).lower, (paired_difference(o.brier, o.market_brier)).upper,
			(SELECT max(w.evidence) FROM watched AS w)
		INTO sport, forecaster, n, brier, market_brier, lower, upper, evidence
		FROM own AS o WHERE o.age <= monitor_models.games;
		CONTINUE WHEN n = 0;
		reason := CASE WHEN n < min_games THEN format('%s games are too few to judge by: %s are asked for', n, min_games)
			WHEN evidence >= false_alarm_games THEN format('its Brier score is more than %s above the market''s: an alarm that comes falsely once in %s games at most', tolerance, false_alarm_games)
			WHEN brier - market_brier > max_difference THEN format('its Brier score over the last %s games is %s above the market''s, more than %s', n, round((brier - market_brier)::numeric, 4), max_difference)
			ELSE 'as it should be' END;
		is_degraded := n >= min_games AND reason <> 'as it should be';
		run_id := NULL;
		IF is_degraded THEN
			PERFORM raise_alert('model_degraded', league || '/moneyline', forecaster || ': ' || reason);
			IF retrain AND NOT EXISTS (SELECT FROM training_run AS t WHERE t.sport = league AND t.bet_type = 'moneyline' AND t.status IN ('queued', 'running')) THEN
				run_id := queue_training(league, 'moneyline');
			END IF;
		ELSIF n >= min_games THEN
			PERFORM clear_alert('model_degraded', league || '/moneyline');
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;
COMMENT ON FUNCTION monitor_models(text, timestamptz, int, int, float8, float8, int, boolean) IS
'Judges the live moneyline model of each sport (NULL: all) by its recorded forecasts on the last games games since it began to speak, and returns a row each. Degraded, given min_games of them: degradation_alarms() at tolerance and false_alarm_games, or a mean Brier score more than max_difference above the closing market''s. Then an alert model_degraded is raised (a row and a NOTIFY) and, with retrain, a training queued unless one waits or runs; it is cleared once the model is as it should be. Run it daily after results. Refuses an unknown sport (42704) and limits that cannot be (22023).';

CREATE FUNCTION retraining_effect(sport text, games int DEFAULT 200, as_of timestamptz DEFAULT now())
RETURNS TABLE (changed_at timestamptz, before text, after text, games_before bigint, games_after bigint, difference_before float8, difference_after float8, change float8, lower float8, upper float8)
LANGUAGE sql STABLE
SET jit = off
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT f.forecaster, f.starts_at, f.brier - f.market_brier AS difference, row_number() OVER w AS n, lag(f.forecaster) OVER w AS previous
		FROM monitored_forecasts(retraining_effect.sport, NULL, as_of) AS f WINDOW w AS (ORDER BY f.starts_at, f.game_id)
	), turn AS (
		SELECT s.starts_at, s.n, s.previous, s.forecaster, lag(s.n, 1, 1::bigint) OVER (ORDER BY s.n) AS since, lead(s.n, 1, 9223372036854775807) OVER (ORDER BY s.n) AS until
		FROM said AS s WHERE s.previous <> s.forecaster
	)
	SELECT t.starts_at, t.previous, t.forecaster, b.n, a.n, b.mean, a.mean, a.mean - b.mean, a.mean - b.mean - 1.96 * e.error, a.mean - b.mean + 1.96 * e.error
	FROM turn AS t
	CROSS JOIN LATERAL (SELECT count(*) AS n, avg(s.difference) AS mean, var_samp(s.difference) AS variance FROM said AS s WHERE s.n < t.n AND s.n >= greatest(t.since, t.n - retraining_effect.games)) AS b
	CROSS JOIN LATERAL (SELECT count(*) AS n, avg(s.difference) AS mean, var_samp(s.difference) AS variance FROM said AS s WHERE s.n >= t.n AND s.n < least(t.until, t.n + retraining_effect.games)) AS a
	CROSS JOIN LATERAL (SELECT sqrt(a.variance / a.n + b.variance / b.n) AS error) AS e
	ORDER BY t.n;
END;
COMMENT ON FUNCTION retraining_effect(text, int, timestamptz) IS
'What each change of a sport''s live moneyline model did: its Brier score less the closing market''s over the last games games of the model before and the first of the model after it (as many as there were), and the change with its 95 % interval; below 0: the new one is better. Measured against the market, a season that was harder to forecast does not count as the model''s fault. NULL interval with fewer than two games on a side.';
