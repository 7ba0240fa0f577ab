-- report: what the recorded backtests show, and how much of it so many trials would show by luck.

CREATE FUNCTION trial_sharpes(sport text)
RETURNS TABLE (trial_id bigint, strategy_name text, weeks bigint, sharpe float8, skewness float8, kurtosis float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT t.trial_id, t.strategy_name, count(*), sharpe_ratio(coalesce(w.profit, 0) ORDER BY s.week), skewness(coalesce(w.profit, 0) ORDER BY s.week), kurtosis(coalesce(w.profit, 0) ORDER BY s.week)
	FROM backtest_trial AS t
	CROSS JOIN LATERAL (SELECT min(x.week) AS first, max(x.week) AS last FROM backtest_trial_week AS x WHERE x.trial_id = t.trial_id) AS span
	CROSS JOIN LATERAL generate_series(span.first::timestamp, span.last, '7 days') AS s (week)
	LEFT JOIN backtest_trial_week AS w ON w.trial_id = t.trial_id AND w.week = s.week::date
	WHERE t.sport = trial_sharpes.sport
	GROUP BY t.trial_id, t.strategy_name;
END;
COMMENT ON FUNCTION trial_sharpes(text) IS 'Sharpe ratio, skewness and kurtosis of the weekly profit of every recorded trial in a sport, from its first week with a bet to its last, weeks without a bet at 0.';

CREATE FUNCTION trial_overfitting(sport text, blocks int DEFAULT NULL) RETURNS TABLE (trials bigint, weeks bigint, splits bigint, pbo float8, prob_loss float8)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	returns float8[];
	played  bigint[] := ARRAY(SELECT s.trial_id FROM trial_sharpes(trial_overfitting.sport) AS s WHERE s.sharpe IS NOT NULL ORDER BY s.trial_id);
BEGIN
	trials := cardinality(played);
	WITH week AS (
		SELECT generate_series(min(w.week)::timestamp, max(w.week), '7 days')::date AS week FROM backtest_trial_week AS w WHERE w.trial_id = ANY (played)
	)
	SELECT array_agg(r.profits ORDER BY r.week), count(*) INTO returns, weeks
	FROM (SELECT k.week, array_agg(coalesce(w.profit, 0) ORDER BY t) AS profits
		FROM week AS k CROSS JOIN unnest(played) AS t LEFT JOIN backtest_trial_week AS w ON w.trial_id = t AND w.week = k.week GROUP BY k.week) AS r;
	trial_overfitting.blocks := coalesce(trial_overfitting.blocks, CASE WHEN weeks >= 64 THEN 16 ELSE 8 END);
	IF trials >= 2 AND weeks >= 2 * trial_overfitting.blocks THEN
		SELECT o.splits, o.pbo, o.prob_loss INTO splits, pbo, prob_loss FROM backtest_overfitting(returns, trial_overfitting.blocks) AS o;
	END IF;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION trial_overfitting(text, int) IS
'Probability of backtest overfitting over the recorded trials of a sport, by backtest_overfitting() of their weekly profits (0 in weeks without a bet): how often the best trial in one half of the time is not above the median in the other. blocks: NULL = 16, or 8 below 64 weeks. pbo is NULL with fewer than two trials or too few weeks.';

CREATE FUNCTION strategy_report(strategy text, sport text, since timestamptz DEFAULT '-infinity', until timestamptz DEFAULT 'infinity', replicates int DEFAULT 10000, seed int DEFAULT 1)
RETURNS TABLE (measure text, value float8, lower float8, upper float8, bets bigint, games bigint, trials bigint)
LANGUAGE sql STABLE ROWS 22
BEGIN ATOMIC
	WITH bet AS MATERIALIZED (
		SELECT b.*, net_odds(b.price, k.commission) AS net_price, l.points, l.clv AS line_clv FROM strategy_bet AS b
		JOIN book AS k ON k.book = b.book
		LEFT JOIN LATERAL moved_line(b.game_id, b.market, b.side, b.line, net_odds(b.price, k.commission), b.settled_at) AS l ON b.clv IS NULL
		WHERE b.strategy_name = strategy_report.strategy AND b.sport = strategy_report.sport AND b.as_of >= since AND b.as_of < until AND b.result <> 'void'
	), tried AS MATERIALIZED (
		SELECT * FROM trial_sharpes(strategy_report.sport) AS s WHERE s.sharpe IS NOT NULL
	), total AS (
		SELECT count(*) AS trials, coalesce(var_samp(t.sharpe), 0) AS variance FROM tried AS t
	)
	SELECT r.measure, r.value, r.lower, r.upper, r.bets, r.games, greatest(t.trials, 1)
	FROM total AS t CROSS JOIN LATERAL bet_report(ARRAY(
		SELECT ROW(b.game_id, b.settled_at, 1, b.profit, b.net_price, signal_tier(b.edge), b.clv, b.points, b.line_clv)::settled_bet FROM bet AS b), NULL, t.trials, replicates, seed) AS r
	UNION ALL
	SELECT 'deflated_sharpe_ratio', deflated_sharpe_ratio(s.sharpe, s.weeks, s.skewness, greatest(s.kurtosis, 1 + s.skewness ^ 2), t.trials, t.variance), NULL, NULL, (SELECT count(*) FROM bet), (SELECT count(*) FROM bet), t.trials
	FROM total AS t JOIN tried AS s ON s.trial_id = (SELECT max(b.trial_id) FROM bet AS b) AND s.weeks >= 2
	UNION ALL
	SELECT 'backtest_overfitting', o.pbo, NULL, NULL, (SELECT count(*) FROM bet), (SELECT count(*) FROM bet), o.trials
	FROM trial_overfitting(strategy_report.sport) AS o WHERE o.pbo IS NOT NULL AND EXISTS (SELECT FROM bet);
END;
COMMENT ON FUNCTION strategy_report(text, text, timestamptz, timestamptz, int, int) IS
'bet_report() of a strategy''s backtest in a sport (strategy_bet, one unit a bet, decided in [since, until)), with the number of trials recorded in that sport, deflated_sharpe_ratio (of weekly profits of the trial, as the best of all of them) and backtest_overfitting (trial_overfitting()).';

CREATE FUNCTION backtest_report(sports text[] DEFAULT NULL, strategies text[] DEFAULT NULL, replicates int DEFAULT 2000, seed int DEFAULT 1)
RETURNS TABLE (sport text, strategy_name text, measure text, value float8, lower float8, upper float8, bets bigint, games bigint, trials bigint)
LANGUAGE sql STABLE ROWS 500
BEGIN ATOMIC
	SELECT b.sport, b.strategy_name, r.*
	FROM (SELECT DISTINCT x.sport, x.strategy_name FROM strategy_bet AS x
		WHERE (sports IS NULL OR x.sport = ANY (sports)) AND (backtest_report.strategies IS NULL OR x.strategy_name = ANY (backtest_report.strategies))) AS b
	CROSS JOIN LATERAL strategy_report(b.strategy_name, b.sport, '-infinity', 'infinity', replicates, seed) AS r
	ORDER BY b.sport, b.strategy_name;
END;
COMMENT ON FUNCTION backtest_report(text[], text[], int, int) IS 'strategy_report() of every strategy and sport that have been backtested (or of those given): what CALL backtest_history() found.';
