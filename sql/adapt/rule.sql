-- rule: by what the orchestrator judges. The source's rule takes ROI as it is; the shrunk one asks what of it is luck.

CREATE TABLE orchestrator_rule (
	rule                 text PRIMARY KEY,
	kind                 text NOT NULL CHECK (kind IN ('source', 'shrunk')),
	prior_sd             float8 NOT NULL DEFAULT 2 CHECK (prior_sd > 0 AND prior_sd < 'Infinity'),
	false_discovery_rate float8 NOT NULL DEFAULT 0.1 CHECK (false_discovery_rate > 0 AND false_discovery_rate < 1),
	min_clv_bets         int NOT NULL DEFAULT 30 CHECK (min_clv_bets >= 2),
	min_clv              float8 NOT NULL DEFAULT 0,
	description          text NOT NULL DEFAULT '',
	selected_at          timestamptz,
	builtin              boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE orchestrator_rule IS 'Rules by which strategies are judged; the one selected last is in force: select_rule(). compare_rules() plays them all over the past.';
COMMENT ON COLUMN orchestrator_rule.kind IS 'source: strategy_enabled() on ROI, bets and win rate; shrunk: strategy_posterior(), to which the other numbers belong.';
COMMENT ON COLUMN orchestrator_rule.prior_sd IS 'How far the true ROI of a strategy lies from what is expected of it, a standard deviation in points per 100 staked.';
COMMENT ON COLUMN orchestrator_rule.false_discovery_rate IS 'Largest expected share, among the strategies that are on in a sport, of those whose true ROI is not above 0.';
COMMENT ON COLUMN orchestrator_rule.min_clv_bets IS 'From so many bets with a closing line value on, it is what is expected of the strategy, and the gate is asked.';
COMMENT ON COLUMN orchestrator_rule.min_clv IS 'The gate: a mean closing line value (per unit) that is not above this keeps a strategy off.';
COMMENT ON COLUMN orchestrator_rule.selected_at IS 'When it was selected; NULL: never.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.orchestrator_rule', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON orchestrator_rule FOR EACH ROW EXECUTE FUNCTION keep_own_row('rule');
INSERT INTO orchestrator_rule (rule, kind, description, selected_at, builtin) VALUES
	('source', 'source', 'Off below -10 %; from 20 bets on when above 0; with fewer above 5 % and 55 % won.', '-infinity', true),
	('shrunk', 'shrunk', 'On while few of those that are on are expected to lose, ROI shrunk towards closing line value.', NULL, true);

CREATE FUNCTION selected_rule() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.rule FROM orchestrator_rule AS r WHERE r.selected_at IS NOT NULL ORDER BY r.selected_at DESC, r.rule LIMIT 1;
END;
COMMENT ON FUNCTION selected_rule() IS 'The rule of orchestrator_rule in force: the one selected last.';

CREATE FUNCTION select_rule(rule text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	UPDATE orchestrator_rule AS r SET selected_at = clock_timestamp() WHERE r.rule = select_rule.rule;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown rule "%"', rule USING ERRCODE = 'undefined_object', HINT = 'Rules are rows of bet_edge.orchestrator_rule.';
	END IF;
END $$;
COMMENT ON FUNCTION select_rule(text) IS 'Puts a rule of orchestrator_rule in force; the next refresh_strategies() judges by it. Refuses an unknown rule (42704).';

CREATE FUNCTION recent_performance(sport text, as_of timestamptz DEFAULT now()) RETURNS SETOF strategy_performance
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT DISTINCT ON (p.strategy_name) p.*
	FROM sport AS k
	JOIN strategy_performance AS p ON p.sport = k.sport
	WHERE k.sport = recent_performance.sport
	  AND p.backtest_date <= (as_of AT TIME ZONE k.time_zone)::date AND p.backtest_date > (as_of AT TIME ZONE k.time_zone)::date - 7
	ORDER BY p.strategy_name, p.backtest_date DESC;
END;
COMMENT ON FUNCTION recent_performance(text, timestamptz) IS 'The latest row of strategy_performance of each strategy in a sport, not older than seven days at as_of (sport''s time zone): what the orchestrator judges.';

CREATE FUNCTION strategy_posterior(sport text, as_of timestamptz DEFAULT now(), rule text DEFAULT 'shrunk')
RETURNS TABLE (strategy_name text, bets int, roi float8, standard_error float8, clv_bets int, clv float8, expected float8,
	posterior float8, lower float8, upper float8, prob_loss float8, false_share float8, passes boolean)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	WITH measured AS (
		SELECT p.strategy_name, p.total_bets AS bets, p.roi_per_100 AS roi, r.prior_sd, r.false_discovery_rate, r.min_clv,
			-- a handful of bets with one result does not look certain: no bet varies by less than half its stake
			greatest((p.roi_upper - p.roi_lower) / (2 * 1.96), 50 / sqrt(p.total_bets)) AS error,
			p.clv_bets, 100 * p.clv AS clv, 100 * (p.clv_upper - p.clv_lower) / (2 * 1.96) AS clv_error, coalesce(p.clv_bets >= r.min_clv_bets, false) AS is_closed
		FROM orchestrator_rule AS r, recent_performance(strategy_posterior.sport, as_of) AS p
		WHERE r.rule = strategy_posterior.rule AND p.total_bets > 0 AND p.roi_per_100 IS NOT NULL
	), together AS (
		SELECT least(0, sum(m.roi / (m.error ^ 2 + m.prior_sd ^ 2)) / sum(1 / (m.error ^ 2 + m.prior_sd ^ 2))) AS mean FROM measured AS m
	), prior AS (
		SELECT m.*, CASE WHEN m.is_closed THEN m.clv ELSE t.mean END AS expected,
			m.prior_sd ^ 2 + CASE WHEN m.is_closed THEN m.clv_error ^ 2 ELSE 0 END AS variance
		FROM measured AS m, together AS t
	), posterior AS (
		SELECT p.*, (p.expected / p.variance + p.roi / p.error ^ 2) / w.precision AS mean, 1 / sqrt(w.precision) AS sd
		FROM prior AS p CROSS JOIN LATERAL (SELECT 1 / p.variance + 1 / p.error ^ 2 AS precision) AS w
	), judged AS (
		SELECT p.*, l.prob_loss, NOT p.is_closed OR p.clv > 100 * p.min_clv AS through
		FROM posterior AS p CROSS JOIN LATERAL (SELECT pit_normal(0, p.mean, p.sd) AS prob_loss) AS l
	)
	SELECT j.strategy_name, j.bets, j.roi, j.error, j.clv_bets, j.clv, j.expected, j.mean, j.mean - 1.96 * j.sd, j.mean + 1.96 * j.sd, j.prob_loss, f.false_share,
		j.through AND f.false_share <= j.false_discovery_rate
	FROM (SELECT j.*, avg(j.prob_loss) OVER (PARTITION BY j.through ORDER BY j.prob_loss, j.strategy_name) AS false_share FROM judged AS j) AS f
	JOIN judged AS j ON j.strategy_name = f.strategy_name
	ORDER BY j.prob_loss, j.strategy_name;
END;
COMMENT ON FUNCTION strategy_posterior(text, timestamptz, text) IS
'What is left of each strategy''s ROI in a sport once luck is reckoned with, in points per 100 staked, from recent_performance(). expected: the closing line value when at least min_clv_bets bets have one, else the strategies'' mean (weighted by precision, never above 0). posterior with its 95 % interval: the measured ROI shrunk towards that, normal laws of prior_sd and of the standard error; prob_loss: the probability that the true ROI is below 0. false_share: the mean prob_loss of this strategy and those more likely to win, which is the expected share of losers among them. passes: false_share at most false_discovery_rate, and the gate of min_clv. Sources: Efron and Morris 1975; Müller, Parmigiani, Robert and Rousseau 2004 (false discovery rate).';
