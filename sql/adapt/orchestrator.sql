-- orchestrator: measured performance decides which strategies may speak tomorrow.

CREATE FUNCTION strategy_enabled(roi float8, bets int, win_rate float8) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(bets > 0 AND roi >= -10 AND roi < 'Infinity' AND CASE WHEN bets >= 20 THEN roi > 0 ELSE roi > 5 AND win_rate > 0.55 END, false);
COMMENT ON FUNCTION strategy_enabled(float8, int, float8) IS
'The enable rule: off below -10 profit per 100 staked; from 20 bets on, on above 0; with fewer, on above 5 with more than 0.55 of them won. Off when anything it needs is NULL and with no bets. At 20 bets of even odds the standard error of roi is about 22 points: the rule turns on luck as well as on skill.';

CREATE FUNCTION strategy_multiplier(roi float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(0.8, least(1.2, 1.0 + CASE WHEN roi > 15 THEN 0.2 WHEN roi < 0 THEN -0.1 ELSE 0 END));
COMMENT ON FUNCTION strategy_multiplier(float8) IS
'Confidence multiplier: 1.0, plus 0.2 above 15 profit per 100 staked, less 0.1 below 0, within [0.8, 1.2]. 1.0 for NULL.';

CREATE FUNCTION strategy_threshold_adjustment(roi float8, bets int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN roi IS NULL OR bets IS NULL OR bets < 20 THEN 0.3 ELSE greatest(-0.3, least(0.3, -roi / 50)) END;
COMMENT ON FUNCTION strategy_threshold_adjustment(float8, int) IS
'Added to a strategy''s min_differential_threshold (edge in per cent): -roi/50 within [-0.3, 0.3], roi in profit per 100 staked, so 15 lowers the bar by 0.3; unproven strategies (fewer than 20 bets, or NULL) meet the highest bar, +0.3.';

CREATE FUNCTION strategy_weight(roi float8, bets int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(0.5 + 0.5 * greatest(-1, least(1, roi / 20)) * bets / (bets + 100.0), 0.5);
COMMENT ON FUNCTION strategy_weight(float8, int) IS
'Weight in the ensemble, in [0, 1]: 0.5 + 0.5 * clamp(roi/20, -1, 1) * n/(n+100), roi in profit per 100 staked over n bets. 0.5 when unknown; 100 bets move it half of the way that their roi would.';

CREATE FUNCTION strategy_trend(roi float8, roi_before float8, standard_error float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN roi - roi_before > greatest(5, standard_error) THEN 'IMPROVING'
	WHEN roi_before - roi > greatest(5, standard_error) THEN 'DECLINING'
	ELSE 'STABLE' END;
COMMENT ON FUNCTION strategy_trend(float8, float8, float8) IS
'IMPROVING or DECLINING when roi (profit per 100 staked) moved against that of four weeks before by more than 5 points and more than its standard error; STABLE otherwise and when either is unknown.';

CREATE FUNCTION strategy_verdict(p_sport text, as_of timestamptz DEFAULT now(), p_strategy text DEFAULT NULL)
RETURNS SETOF strategy_configuration
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT as_of, k.sport, y.strategy_name, y.signal_type, y.signal_function,
		f.callable AND strategy_enabled(p.roi_per_100, p.total_bets, p.win_rate),
		CASE WHEN NOT f.callable THEN format('off: no function %s(text, timestamptz)', y.signal_function)
			WHEN p.backtest_date IS NULL THEN 'off: no backtest in the last 7 days'
			WHEN p.total_bets = 0 THEN 'off: no bets in the backtest'
			WHEN p.roi_per_100 IS NULL THEN 'off: ROI unknown'
			ELSE CASE WHEN strategy_enabled(p.roi_per_100, p.total_bets, p.win_rate) THEN 'on: ' ELSE 'off: ' END
				|| format('ROI %s %% over %s bets', round(p.roi_per_100::numeric, 1), p.total_bets)
				|| CASE WHEN p.roi_per_100 < -10 THEN ', below -10 %'
					WHEN p.total_bets >= 20 THEN CASE WHEN p.roi_per_100 > 0 THEN ', above 0' ELSE ', not above 0' END
					ELSE format(', %s won; fewer than 20 bets need more than 5 %% and more than 55 %% won',
						coalesce(round(100 * p.win_rate::numeric, 1)::text || ' %', 'unknown')) END END,
		strategy_multiplier(p.roi_per_100), strategy_threshold_adjustment(p.roi_per_100, p.total_bets),
		strategy_weight(p.roi_per_100, p.total_bets), p.win_rate, p.roi_per_100, coalesce(p.total_bets, 0),
		strategy_trend(p.roi_per_100, o.roi_per_100, (p.roi_upper - p.roi_lower) / (2 * 1.96)),
		y.min_differential_threshold, y.max_recommendations_per_day, now()
	FROM sport AS k
	CROSS JOIN strategy AS y
	CROSS JOIN LATERAL (SELECT strategy_function(y.signal_function) IS NOT NULL AS callable) AS f
	LEFT JOIN LATERAL (
		SELECT x.* FROM strategy_performance AS x
		WHERE x.strategy_name = y.strategy_name AND x.sport = k.sport
		  AND x.backtest_date <= (as_of AT TIME ZONE k.time_zone)::date AND x.backtest_date > (as_of AT TIME ZONE k.time_zone)::date - 7
		ORDER BY x.backtest_date DESC LIMIT 1) AS p ON true
	LEFT JOIN strategy_performance AS o ON o.strategy_name = y.strategy_name AND o.sport = k.sport AND o.backtest_date = p.backtest_date - 28
	WHERE k.sport = p_sport AND (p_strategy IS NULL OR y.strategy_name = p_strategy)
	ORDER BY y.strategy_name;
END;
COMMENT ON FUNCTION strategy_verdict(text, timestamptz, text) IS
'What the orchestrator says of every strategy in a sport as of a time, in the shape of strategy_configuration: judged by the latest row of strategy_performance of the last seven days (sport''s time zone), see strategy_enabled, strategy_multiplier, strategy_threshold_adjustment, strategy_weight and strategy_trend. Without such a row, with no bets, with an unknown ROI or without its function a strategy is off; none of that is an error.';

CREATE VIEW strategy_orchestrator AS
SELECT v.*
FROM sport AS s
CROSS JOIN LATERAL strategy_verdict(s.sport, now()) AS v
WHERE EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport);
COMMENT ON VIEW strategy_orchestrator IS 'strategy_verdict() of now for every sport that has games: what refresh_strategies() would write to strategy_configuration.';

CREATE FUNCTION refresh_strategies(p_sport text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	judged  record;
	verdict strategy_configuration;
	version strategy_configuration;
	written int := 0;
BEGIN
	IF p_sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = p_sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	FOR judged IN
		SELECT s.sport, y.strategy_name FROM sport AS s CROSS JOIN strategy AS y
		WHERE s.sport = p_sport OR (p_sport IS NULL AND EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport))
		ORDER BY s.sport, y.strategy_name
	LOOP
		BEGIN
			SELECT * INTO verdict FROM strategy_verdict(judged.sport, refresh_strategies.as_of, judged.strategy_name);
			SELECT * INTO version FROM strategy_configuration_at(judged.sport, refresh_strategies.as_of) AS c WHERE c.strategy_name = judged.strategy_name;
			version.effective_at := verdict.effective_at;
			version.recorded_at := verdict.recorded_at;
			CONTINUE WHEN version IS NOT DISTINCT FROM verdict;
			DELETE FROM strategy_configuration AS c	-- judged again as of the same moment
			WHERE c.effective_at = refresh_strategies.as_of AND c.sport = judged.sport AND c.strategy_name = judged.strategy_name;
			INSERT INTO strategy_configuration SELECT verdict.*;
			written := written + 1;
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'strategy % in % keeps its last configuration: %', judged.strategy_name, judged.sport, SQLERRM;
		END;
	END LOOP;
	FOR version IN
		SELECT c.* FROM sport AS s, strategy_configuration_at(s.sport, refresh_strategies.as_of) AS c
		WHERE s.sport = coalesce(p_sport, s.sport) AND c.is_enabled
		  AND NOT EXISTS (SELECT FROM strategy AS y WHERE y.strategy_name = c.strategy_name)
	LOOP
		DELETE FROM strategy_configuration AS c
		WHERE c.effective_at = refresh_strategies.as_of AND c.sport = version.sport AND c.strategy_name = version.strategy_name;
		version.effective_at := refresh_strategies.as_of;
		version.recorded_at := now();
		version.is_enabled := false;
		version.reason := 'off: no longer in the table strategy';
		INSERT INTO strategy_configuration SELECT version.*;
		written := written + 1;
	END LOOP;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_strategies(text, timestamptz) IS
'Writes the orchestrator''s verdict into strategy_configuration as the version in force from as_of on, for one sport or every sport with games (NULL), where it differs from the version in force; returns the number of versions written. A strategy that cannot be judged keeps its last good version, with a warning, and does not hold up the others; one that left the table strategy is switched off. Refuses an unknown sport.';

CREATE FUNCTION replay_strategies(p_sport text, p_from timestamptz, p_to timestamptz) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	monday  timestamptz;
	written int := 0;
BEGIN
	IF p_from IS NULL OR p_to IS NULL OR p_from > p_to THEN
		RAISE EXCEPTION 'p_from must not be after p_to, but they are % and %', coalesce(p_from::text, 'NULL'), coalesce(p_to::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	written := refresh_strategies(p_sport, p_from);
	FOR monday IN SELECT m.begins FROM sport_mondays(p_sport, p_from, p_to) AS m ORDER BY m.begins LOOP
		written := written + refresh_strategies(p_sport, monday);
	END LOOP;
	RETURN written;
END $$;
COMMENT ON FUNCTION replay_strategies(text, timestamptz, timestamptz) IS
'refresh_strategies() as of p_from and of every Monday until p_to, so that strategy_configuration holds what the orchestrator would have said each week: run it after run_backtest() and before simulate_season(). Returns the number of versions written. Refuses an unknown sport and a period that ends before it begins.';
