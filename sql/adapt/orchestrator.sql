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

CREATE FUNCTION strategy_verdict(sport text, as_of timestamptz DEFAULT now(), strategy text DEFAULT NULL, rule text DEFAULT NULL)
RETURNS SETOF strategy_configuration
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	WITH recent AS MATERIALIZED (
		SELECT * FROM recent_performance(strategy_verdict.sport, as_of)
	), rule AS MATERIALIZED (
		SELECT * FROM orchestrator_rule AS r WHERE r.rule = coalesce(strategy_verdict.rule, selected_rule())
	), posterior AS MATERIALIZED (
		SELECT s.* FROM rule AS r CROSS JOIN LATERAL strategy_posterior(strategy_verdict.sport, as_of, r.rule) AS s WHERE r.kind = 'shrunk'
	)
	SELECT as_of, k.sport, y.strategy_name, y.signal_type, y.signal_function,
		f.callable AND coalesce(w.decision = 'on', j.good),
		CASE WHEN NOT f.callable THEN format('off: no function %s(text, timestamptz)', y.signal_function)
			WHEN w.decision IS NOT NULL THEN format('%s by hand: %s', w.decision, w.reason)
			WHEN p.backtest_date IS NULL THEN 'off: no backtest in the last 7 days'
			WHEN p.total_bets = 0 THEN 'off: no bets in the backtest'
			WHEN p.roi_per_100 IS NULL THEN 'off: ROI unknown'
			ELSE CASE WHEN j.good THEN 'on: ' ELSE 'off: ' END
				|| format('ROI %s %% over %s bets', round(p.roi_per_100::numeric, 1), p.total_bets)
				|| CASE WHEN r.kind = 'shrunk' THEN format('%s, shrunk to %s [%s, %s]; %s %% of those as good or better lose',
						CASE WHEN s.expected = s.clv THEN format(', closing line value %s %% over %s', round(s.clv::numeric, 1), s.clv_bets) END,
						round(s.posterior::numeric, 1), round(s.lower::numeric, 1), round(s.upper::numeric, 1), round(100 * s.false_share::numeric, 1))
					WHEN p.roi_per_100 < -10 THEN ', below -10 %'
					WHEN p.total_bets >= 20 THEN CASE WHEN p.roi_per_100 > 0 THEN ', above 0' ELSE ', not above 0' END
					ELSE format(', %s won; fewer than 20 bets need more than 5 %% and more than 55 %% won',
						coalesce(round(100 * p.win_rate::numeric, 1)::text || ' %', 'unknown')) END END,
		strategy_multiplier(j.roi), strategy_threshold_adjustment(j.roi, p.total_bets),
		CASE WHEN r.kind = 'shrunk' THEN coalesce(1 - s.prob_loss, 0.5) ELSE strategy_weight(p.roi_per_100, p.total_bets) END, p.win_rate, p.roi_per_100, coalesce(p.total_bets, 0),
		strategy_trend(p.roi_per_100, o.roi_per_100, (p.roi_upper - p.roi_lower) / (2 * 1.96)),
		y.min_differential_threshold, y.max_recommendations_per_day, now(), y.max_implied_probability, y.max_price, y.max_edge
	FROM sport AS k
	CROSS JOIN strategy AS y
	CROSS JOIN rule AS r
	CROSS JOIN LATERAL (SELECT strategy_function(y.signal_function) IS NOT NULL AS callable) AS f
	LEFT JOIN LATERAL strategy_switched(y.strategy_name, k.sport, as_of) AS w ON strategy_verdict.rule IS NULL AND w.decision <> 'judged'
	LEFT JOIN recent AS p ON p.strategy_name = y.strategy_name
	LEFT JOIN posterior AS s ON s.strategy_name = y.strategy_name
	CROSS JOIN LATERAL (SELECT CASE r.kind WHEN 'shrunk' THEN s.posterior ELSE p.roi_per_100 END AS roi,
		CASE r.kind WHEN 'shrunk' THEN coalesce(s.passes, false) ELSE strategy_enabled(p.roi_per_100, p.total_bets, p.win_rate) END AS good) AS j
	LEFT JOIN strategy_performance AS o ON o.strategy_name = y.strategy_name AND o.sport = k.sport AND o.backtest_date = p.backtest_date - 28
	WHERE k.sport = strategy_verdict.sport AND (strategy_verdict.strategy IS NULL OR y.strategy_name = strategy_verdict.strategy)
	ORDER BY y.strategy_name;
END;
COMMENT ON FUNCTION strategy_verdict(text, timestamptz, text, text) IS
'What the orchestrator says of every strategy in a sport as of a time, in the shape of strategy_configuration: judged by recent_performance() under rule (a row of orchestrator_rule; NULL: selected_rule()). Of kind source: strategy_enabled, strategy_multiplier, strategy_threshold_adjustment and strategy_weight of the ROI; of kind shrunk: strategy_posterior() says on or off, multiplier and adjustment follow from the posterior ROI, and the weight is the probability that the strategy wins. performance_trend by strategy_trend. Without such a row, with no bets, with an unknown ROI or without its function a strategy is off; none of that is an error. What strategy_switched() has of it by as_of stands above the rule, unless rule is given.';

CREATE VIEW strategy_orchestrator AS
SELECT v.*
FROM sport AS s
CROSS JOIN LATERAL strategy_verdict(s.sport, now()) AS v
WHERE EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport);
COMMENT ON VIEW strategy_orchestrator IS 'strategy_verdict() of now for every sport that has games: what refresh_strategies() would write to strategy_configuration.';

CREATE TABLE live_strategy_state (
	sport                 text NOT NULL REFERENCES sport,
	configuration_version int NOT NULL,
	effective_at          timestamptz NOT NULL,
	enabled_strategies    text[] NOT NULL,
	disabled_strategies   text[] NOT NULL,
	performance_summary   jsonb NOT NULL,
	last_updated          timestamptz NOT NULL,
	PRIMARY KEY (sport, configuration_version)
);
COMMENT ON TABLE live_strategy_state IS 'Which strategies were on in a sport, a row a version: refresh_strategies() adds one when strategy_configuration changed and else notes that it looked. A failed refresh leaves the last good one. get_live_strategy_configuration() has those in force.';
COMMENT ON COLUMN live_strategy_state.effective_at IS 'From when on it holds: the as_of of the refresh, until the next one''s.';
COMMENT ON COLUMN live_strategy_state.performance_summary IS 'By strategy: is_enabled, reason, roi, win_rate, bets, trend, weight, multiplier and threshold (with its adjustment).';
COMMENT ON COLUMN live_strategy_state.last_updated IS 'When a refresh last found it so.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.live_strategy_state', '');

CREATE FUNCTION get_live_strategy_configuration(as_of timestamptz DEFAULT now()) RETURNS SETOF live_strategy_state
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT DISTINCT ON (s.sport) s.* FROM live_strategy_state AS s WHERE s.effective_at <= as_of
	ORDER BY s.sport, s.effective_at DESC, s.configuration_version DESC;
END;
COMMENT ON FUNCTION get_live_strategy_configuration(timestamptz) IS 'The row of live_strategy_state of every sport that was in force at as_of.';

CREATE FUNCTION get_strategy_performance_summary(as_of timestamptz DEFAULT now())
RETURNS TABLE (sport text, strategy_name text, is_enabled boolean, reason text, backtest_date date, total_bets int, win_rate float8, roi_per_100 float8,
	roi_lower float8, roi_upper float8, clv_bets int, clv float8, performance_trend text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT k.sport, c.strategy_name, c.is_enabled, c.reason, p.backtest_date, p.total_bets, p.win_rate, p.roi_per_100, p.roi_lower, p.roi_upper, p.clv_bets, p.clv, c.performance_trend
	FROM sport AS k
	CROSS JOIN LATERAL strategy_configuration_at(k.sport, as_of) AS c
	LEFT JOIN LATERAL (SELECT x.* FROM recent_performance(k.sport, as_of) AS x WHERE x.strategy_name = c.strategy_name) AS p ON true
	ORDER BY k.sport, c.strategy_name;
END;
COMMENT ON FUNCTION get_strategy_performance_summary(timestamptz) IS 'Every strategy of every sport as it is configured at as_of, with the recent_performance() it is judged by.';

CREATE FUNCTION note_strategy_state(sport text, as_of timestamptz, changed boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF NOT changed THEN
		UPDATE live_strategy_state AS s SET last_updated = clock_timestamp()
		FROM get_live_strategy_configuration(note_strategy_state.as_of) AS c
		WHERE s.sport = note_strategy_state.sport AND c.sport = s.sport AND c.configuration_version = s.configuration_version;
		RETURN;
	END IF;
	INSERT INTO live_strategy_state (sport, configuration_version, effective_at, enabled_strategies, disabled_strategies, performance_summary, last_updated)
	SELECT note_strategy_state.sport, 1 + coalesce((SELECT max(s.configuration_version) FROM live_strategy_state AS s WHERE s.sport = note_strategy_state.sport), 0), note_strategy_state.as_of,
		coalesce(array_agg(c.strategy_name ORDER BY c.strategy_name) FILTER (WHERE c.is_enabled), '{}'),
		coalesce(array_agg(c.strategy_name ORDER BY c.strategy_name) FILTER (WHERE NOT c.is_enabled), '{}'),
		coalesce(jsonb_object_agg(c.strategy_name, jsonb_build_object('is_enabled', c.is_enabled, 'reason', c.reason, 'roi', c.recent_roi, 'win_rate', c.recent_win_rate,
			'bets', c.sample_size, 'trend', c.performance_trend, 'weight', c.weight_in_ensemble, 'multiplier', c.confidence_multiplier,
			'threshold', c.min_differential_threshold + c.threshold_adjustment)), '{}'), clock_timestamp()
	FROM strategy_configuration_at(note_strategy_state.sport, note_strategy_state.as_of) AS c;
END $$;
COMMENT ON FUNCTION note_strategy_state(text, timestamptz, boolean) IS 'Adds the version of live_strategy_state that strategy_configuration now makes, or, when nothing changed, notes in the one in force that somebody looked.';

CREATE FUNCTION refresh_strategies(sport text DEFAULT NULL, as_of timestamptz DEFAULT now(), force boolean DEFAULT false) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	league  text;
	judged  text;
	verdict strategy_configuration;
	version strategy_configuration;
	written int := 0;
	before  int;
BEGIN
	IF refresh_strategies.sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = refresh_strategies.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', refresh_strategies.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	FOR league IN SELECT s.sport FROM sport AS s
		WHERE s.sport = refresh_strategies.sport OR (refresh_strategies.sport IS NULL AND EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport)) ORDER BY s.sport
	LOOP
		before := written;
		FOR judged IN SELECT y.strategy_name FROM strategy AS y ORDER BY y.strategy_name LOOP
			BEGIN
				SELECT * INTO verdict FROM strategy_verdict(league, refresh_strategies.as_of, judged);
				SELECT * INTO version FROM strategy_configuration_at(league, refresh_strategies.as_of) AS c WHERE c.strategy_name = judged;
				version.effective_at := verdict.effective_at;
				version.recorded_at := verdict.recorded_at;
				PERFORM clear_alert('strategy_refresh', league || '/' || judged);
				CONTINUE WHEN NOT force AND version IS NOT DISTINCT FROM verdict;
				DELETE FROM strategy_configuration AS c	-- judged again as of the same moment
				WHERE c.effective_at = refresh_strategies.as_of AND c.sport = league AND c.strategy_name = judged;
				INSERT INTO strategy_configuration SELECT verdict.*;
				written := written + 1;
			EXCEPTION WHEN OTHERS THEN
				RAISE WARNING 'strategy % in % keeps its last configuration: %', judged, league, SQLERRM;
				PERFORM raise_alert('strategy_refresh', league || '/' || judged, 'keeps its last configuration: ' || SQLERRM);
			END;
		END LOOP;
		FOR version IN SELECT c.* FROM strategy_configuration_at(league, refresh_strategies.as_of) AS c
			WHERE c.is_enabled AND NOT EXISTS (SELECT FROM strategy AS y WHERE y.strategy_name = c.strategy_name)
		LOOP
			DELETE FROM strategy_configuration AS c
			WHERE c.effective_at = refresh_strategies.as_of AND c.sport = league AND c.strategy_name = version.strategy_name;
			version.effective_at := refresh_strategies.as_of;
			version.recorded_at := now();
			version.is_enabled := false;
			version.reason := 'off: no longer in the table strategy';
			INSERT INTO strategy_configuration SELECT version.*;
			written := written + 1;
		END LOOP;
		PERFORM note_strategy_state(league, refresh_strategies.as_of, written > before);
	END LOOP;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_strategies(text, timestamptz, boolean) IS
'Writes the orchestrator''s verdict into strategy_configuration as the version in force from as_of on, for one sport or every sport with games (NULL), where it differs from the version in force (force: in any case); returns the number of versions written. What is on then is the next version of live_strategy_state. A strategy that cannot be judged keeps its last good version, with a warning and an alert (strategy_refresh), and does not hold up the others; one that left the table strategy is switched off. Refuses an unknown sport.';

CREATE FUNCTION switch_strategy(strategy text, decision text, reason text, sport text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	written int;
	other   record;
BEGIN
	IF NOT EXISTS (SELECT FROM strategy AS y WHERE y.strategy_name = switch_strategy.strategy) THEN
		RAISE EXCEPTION 'unknown strategy "%"', switch_strategy.strategy USING ERRCODE = 'undefined_object', HINT = 'Strategies are rows of bet_edge.strategy.';
	ELSIF switch_strategy.sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = switch_strategy.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', switch_strategy.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF switch_strategy.decision IN ('on', 'off', 'judged') IS NOT TRUE THEN
		RAISE EXCEPTION 'decision must be on, off or judged, not %', coalesce(switch_strategy.decision, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF (switch_strategy.reason <> '') IS NOT TRUE THEN
		RAISE EXCEPTION 'reason must say why, but is empty' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO strategy_switch (strategy_name, sport, decision, reason)
	VALUES (switch_strategy.strategy, coalesce(switch_strategy.sport, '*'), switch_strategy.decision, switch_strategy.reason);
	written := refresh_strategies(switch_strategy.sport);
	-- who switches off must know when it is not
	SELECT s.sport, c.reason INTO other FROM sport AS s CROSS JOIN LATERAL strategy_configuration_at(s.sport) AS c
	WHERE c.strategy_name = switch_strategy.strategy AND c.is_enabled <> (switch_strategy.decision = 'on') AND switch_strategy.decision <> 'judged'
	  AND (s.sport = switch_strategy.sport OR switch_strategy.sport IS NULL AND EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport)) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'strategy "%" could not be switched % in %: %', switch_strategy.strategy, switch_strategy.decision, other.sport, other.reason USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	RETURN written;
END $$;
COMMENT ON FUNCTION switch_strategy(text, text, text, text) IS
'Switches a strategy by hand and at once, in one sport or in all (NULL): on or off whatever its results, judged: by the orchestrator''s rule again. reason is kept and shown in strategy_orchestrator.reason. Holds until the next switch; every switch stays a row of strategy_switch, so that the past keeps its own. Returns the number of versions that refresh_strategies() wrote. Errors: unknown strategy or sport (42704), another decision, no reason (22023), a strategy that is not what was asked for afterwards, since it has no function or its version could not be written (55000).';

CREATE FUNCTION replay_strategies(sport text, since timestamptz, until timestamptz) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	monday  timestamptz;
	written int := 0;
BEGIN
	IF since IS NULL OR until IS NULL OR since > until THEN
		RAISE EXCEPTION 'since must not be after until, but they are % and %', coalesce(since::text, 'NULL'), coalesce(until::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	written := refresh_strategies(replay_strategies.sport, since);
	FOR monday IN SELECT m.begins FROM sport_mondays(replay_strategies.sport, since, until) AS m ORDER BY m.begins LOOP
		written := written + refresh_strategies(replay_strategies.sport, monday);
	END LOOP;
	RETURN written;
END $$;
COMMENT ON FUNCTION replay_strategies(text, timestamptz, timestamptz) IS
'refresh_strategies() as of since and of every Monday until until, so that strategy_configuration holds what the orchestrator would have said each week: run it after run_backtest() and before simulate_season(). Returns the number of versions written. Refuses an unknown sport and a period that ends before it begins.';

CREATE FUNCTION compare_rules(since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT now(), sports text[] DEFAULT NULL, replicates int DEFAULT 10000, seed int DEFAULT 1)
RETURNS TABLE (rule text, sport text, weeks bigint, weeks_on bigint, turned_on bigint, turned_on_lost bigint, bets bigint, games bigint,
	roi float8, roi_lower float8, roi_upper float8, clv_bets bigint, clv float8, clv_lower float8, clv_upper float8)
LANGUAGE sql STABLE
SET jit = off
BEGIN ATOMIC
	WITH span AS MATERIALIZED (
		SELECT b.sport, greatest(since, min(b.as_of)) AS first, least(until, max(b.as_of)) AS last
		FROM strategy_bet AS b WHERE sports IS NULL OR b.sport = ANY (sports) GROUP BY b.sport
	), monday AS MATERIALIZED (
		SELECT s.sport, m.begins, least(lead(m.begins, 1, 'infinity') OVER (PARTITION BY s.sport ORDER BY m.begins), until) AS ends
		FROM span AS s CROSS JOIN LATERAL sport_mondays(s.sport, s.first, s.last) AS m
	), verdict AS MATERIALIZED (
		SELECT r.rule, m.sport, m.begins, m.ends, v.strategy_name, v.is_enabled
		FROM monday AS m CROSS JOIN orchestrator_rule AS r CROSS JOIN LATERAL strategy_verdict(m.sport, m.begins, NULL, r.rule) AS v
		WHERE v.sample_size > 0
		UNION ALL	-- beside them what comes of never switching anything off
		SELECT '(all on)', m.sport, m.begins, m.ends, v.strategy_name, true
		FROM monday AS m CROSS JOIN LATERAL strategy_verdict(m.sport, m.begins) AS v WHERE v.sample_size > 0
	), stretch AS (
		SELECT v.*, count(*) FILTER (WHERE v.starts) OVER (PARTITION BY v.rule, v.sport, v.strategy_name ORDER BY v.begins) AS n
		FROM (SELECT x.*, x.is_enabled AND NOT coalesce(lag(x.is_enabled) OVER (PARTITION BY x.rule, x.sport, x.strategy_name ORDER BY x.begins), false) AS starts FROM verdict AS x) AS v
	), let AS MATERIALIZED (
		SELECT s.rule, s.sport, s.strategy_name, s.n, b.game_id, b.profit, b.clv
		FROM stretch AS s JOIN strategy_bet AS b ON b.strategy_name = s.strategy_name AND b.sport = s.sport AND b.as_of >= s.begins AND b.as_of < s.ends
		WHERE s.is_enabled AND b.result <> 'void'
	), judged AS (
		SELECT s.rule, s.sport, count(*) AS weeks, count(*) FILTER (WHERE s.is_enabled) AS weeks_on FROM stretch AS s GROUP BY GROUPING SETS ((s.rule, s.sport), (s.rule))
	), turned AS (
		SELECT t.rule, t.sport, count(*) AS turned_on, count(*) FILTER (WHERE t.profit < 0) AS lost
		FROM (SELECT l.rule, l.sport, sum(l.profit) AS profit FROM let AS l GROUP BY l.rule, l.sport, l.strategy_name, l.n) AS t GROUP BY GROUPING SETS ((t.rule, t.sport), (t.rule))
	), money AS (
		SELECT l.rule, l.sport, count(*) AS bets, roi_bootstrap(l.profit, 1, l.game_id, replicates, seed) AS roi, count(l.clv) AS clv_bets, mean_bootstrap(l.clv, l.game_id, replicates, seed) AS clv
		FROM let AS l GROUP BY GROUPING SETS ((l.rule, l.sport), (l.rule))
	)
	SELECT j.rule, j.sport, j.weeks, j.weeks_on, coalesce(t.turned_on, 0), coalesce(t.lost, 0), coalesce(m.bets, 0), coalesce((m.roi).clusters, 0),
		(m.roi).estimate, (m.roi).lower, (m.roi).upper, coalesce(m.clv_bets, 0), (m.clv).estimate, (m.clv).lower, (m.clv).upper
	FROM judged AS j
	LEFT JOIN turned AS t ON t.rule = j.rule AND t.sport IS NOT DISTINCT FROM j.sport
	LEFT JOIN money AS m ON m.rule = j.rule AND m.sport IS NOT DISTINCT FROM j.sport
	ORDER BY j.sport NULLS LAST, j.rule;
END;
COMMENT ON FUNCTION compare_rules(timestamptz, timestamptz, text[], int, int) IS
'Every rule of orchestrator_rule played over the backtests in strategy_bet, Monday by Monday from what strategy_performance then knew, and beside them all strategies always on; by sport, and NULL all sports together. weeks: strategy-weeks judged with a backtest behind them; weeks_on: of these on; turned_on: stretches of weeks in which a strategy was on without a break and bet, turned_on_lost: of these with a loss; then the bets that the rule let through: ROI and closing line value per unit with 95 % bootstrap intervals clustered by game. Nothing is written.';
