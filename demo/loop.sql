-- The loop of the demo, from loaded facts to the picks of the next round. Plain statements that a
-- user could type; \gexec only repeats one of them for every competition.
SET search_path = bet_edge, public;
SET client_min_messages = notice;
SET timezone = 'UTC';
\pset footer off
\pset null '-'

\echo
\echo '== Loaded, by source'
SELECT feed, count(*) AS files, sum(rows_read) AS rows, sum(games) AS games, sum(quotes) AS quotes, sum(rejects) AS rejects FROM load_report GROUP BY feed ORDER BY feed;
SELECT EXISTS (SELECT FROM reject) AS rejected \gset
\echo '== Rejected, by reason'
\if :rejected
SELECT feed, reason, count(*) AS times, min(detail) AS example FROM reject JOIN payload USING (payload_id)
GROUP BY feed, reason ORDER BY feed, times DESC;
\else
\echo 'nothing'
\echo
\endif

-- One three-way and one two-way competition: the Premier League and the NFL when they are there,
-- else the one with the most games. The last complete season is held out.
CREATE TEMP TABLE target AS
WITH played AS (
	SELECT g.sport, s.outcomes, g.season, count(*) AS games
	FROM game AS g JOIN sport AS s USING (sport) JOIN results() AS r USING (game_id)
	WHERE r.status = 'final' GROUP BY g.sport, s.outcomes, g.season
), usual AS (
	SELECT sport, percentile_disc(0.5) WITHIN GROUP (ORDER BY games) AS games FROM played GROUP BY sport
), complete AS (
	SELECT p.sport, p.outcomes, max(p.season) FILTER (WHERE p.games >= 0.9 * u.games) AS season, sum(p.games) AS games
	FROM played AS p JOIN usual AS u USING (sport) GROUP BY p.sport, p.outcomes
)
SELECT DISTINCT ON (outcomes) sport, season FROM complete WHERE games >= 1000
ORDER BY outcomes DESC, sport IN ('EPL', 'NFL') DESC, games DESC, sport;
SELECT format('Held out: season %s-%s of %s', season, lpad(((season + 1) % 100)::text, 2, '0'), sport) AS " " FROM target \g (format=unaligned tuples_only=on)

\echo '== Ratings'
SELECT to_char(refresh_ratings(), 'FM999,999,999') AS "rows of rating history, every competition";

\echo '== Training, walk-forward by weeks'
SELECT format('CALL train_model(%L, %L, holdout_season => %s)', sport, bet_type, season)
FROM target, unnest('{moneyline,spread,total}'::text[]) WITH ORDINALITY AS t (bet_type, position) ORDER BY sport, position \gexec

\echo
\echo '== Model against market on the held-out season (1X2 or moneyline; nothing here was trained on it)'
SELECT format('SELECT %L AS sport, scorer, book, n, round(log_loss::numeric, 4) AS log_loss, round(brier::numeric, 4) AS brier, round(rps::numeric, 4) AS rps,
	round(diff_log_loss_vs_close::numeric, 4) AS "log loss - close",
	''['' || round(diff_lower::numeric, 4) || '', '' || round(diff_upper::numeric, 4) || '']'' AS "95 %% interval"
	FROM evaluate_season(%L, %s) ORDER BY log_loss', sport, sport, season)
FROM target ORDER BY sport \gexec

\echo '== Strategies: backtest of the two seasons before, and of the held-out one as it went along'
SELECT format('SELECT run_backtest(%L, %L, %L, %L)', strategy_name, starts, ends, sport)
FROM target, strategy,
	LATERAL (SELECT min(starts_at) - interval '1 week' AS starts, max(starts_at) + interval '1 week' AS ends
	         FROM sports_events AS e WHERE e.sport = target.sport AND e.season BETWEEN target.season - 2 AND target.season + 1 AND e.status <> 'scheduled') AS span
ORDER BY sport, strategy_name
\o /dev/null
\gexec
SELECT format('SELECT replay_strategies(%L, %L, %L)', sport, starts, ends)
FROM target,
	LATERAL (SELECT min(starts_at) - interval '1 week' AS starts, max(starts_at) + interval '1 week' AS ends
	         FROM sports_events AS e WHERE e.sport = target.sport AND e.season BETWEEN target.season AND target.season + 1 AND e.status <> 'scheduled') AS span
ORDER BY sport \gexec
\o
-- one bet of one unit a game, so a bet is a cluster of its own
SELECT t.sport, s.strategy_name AS strategy, b.bets, round(100 * (b.roi).roi::numeric, 1) AS "roi %",
	'[' || round(100 * (b.roi).lower::numeric, 1) || ', ' || round(100 * (b.roi).upper::numeric, 1) || ']' AS "95 %",
	round(100 * b.clv::numeric, 2) AS "clv %", b.clv_bets AS "bets with a close"
FROM target AS t CROSS JOIN strategy AS s
CROSS JOIN LATERAL (SELECT count(*) AS bets, roi_interval(x.profit, 1) AS roi, avg(x.clv) AS clv, count(x.clv) AS clv_bets
	FROM strategy_bet AS x WHERE x.sport = t.sport AND x.strategy_name = s.strategy_name AND x.result <> 'void') AS b
ORDER BY t.sport, s.strategy_name;

\echo
\echo '== The held-out season, week by week'
CREATE TEMP TABLE played_season (sport text, simulation_id bigint);
SELECT format('INSERT INTO played_season SELECT %L, simulate_season(%L, %s)', sport, sport, season) FROM target ORDER BY sport \gexec
SELECT p.sport, week, week_starts, bets, won, turnover, round(profit, 2) AS profit, round(100 * roi::numeric, 1) AS "roi %",
	round(100 * clv::numeric, 1) AS "clv %", round(bankroll, 2) AS bankroll
FROM played_season AS p JOIN weekly_performance AS w USING (simulation_id) ORDER BY p.sport, week;
SELECT s.sport, s.bets, s.turnover, round(s.profit, 2) AS profit, round(100 * s.roi::numeric, 1) AS "roi %",
	'[' || round(100 * s.roi_lower::numeric, 1) || ', ' || round(100 * s.roi_upper::numeric, 1) || ']' AS "95 %",
	round(100 * s.clv::numeric, 2) AS "clv %", '[' || round(100 * s.clv_lower::numeric, 2) || ', ' || round(100 * s.clv_upper::numeric, 2) || ']' AS "95 %", s.clv_bets AS "clv games",
	round(100 * s.win_rate::numeric, 1) AS "won %", s.starting_bankroll AS "bankroll at start", round(s.final_bankroll, 2) AS "at the end",
	round(s.max_drawdown::numeric, 2) AS "max drawdown", round(100 * s.max_drawdown_fraction::numeric, 1) AS "of peak %"
FROM played_season AS p, season_summary(p.simulation_id) AS s ORDER BY s.sport;

SELECT EXISTS (SELECT FROM simulated_truth) AS simulated \gset
\if :simulated
\echo '== What only a simulated league can tell: the truth about these forecasts and bets (1X2)'
SELECT count(*) AS games, round(avg(forecast_log_loss(ARRAY[t.p_home, t.p_draw, t.p_away], 2 - sign(r.home_score - r.away_score)::int))::numeric, 4) AS "log loss of the truth"
FROM target JOIN game AS g USING (sport, season) JOIN simulated_truth AS t USING (game_id) JOIN results() AS r USING (game_id);
SELECT b.strategy_name AS strategy, count(*) AS bets, round(100 * avg(b.edge)::numeric, 1) AS "edge it saw %",
	round(100 * avg(p.win * b.price - 1)::numeric, 1) AS "true edge %", round(100 * avg(b.clv)::numeric, 1) AS "clv %",
	round(100 * (sum(b.profit) / sum(b.stake)), 1) AS "roi %"
FROM played_season JOIN weekly_bets AS b USING (simulation_id) JOIN simulated_truth AS t USING (game_id)
CROSS JOIN LATERAL (SELECT CASE b.side WHEN 'home' THEN t.p_home WHEN 'draw' THEN t.p_draw ELSE t.p_away END AS win) AS p
WHERE b.market = 'h2h' GROUP BY b.strategy_name ORDER BY b.strategy_name;
\endif

-- The next round: the first games without a result that have prices, or, where the files end with
-- results, the last round in them, seen from its own decision time.
CREATE TEMP TABLE next_round AS
SELECT t.sport, coalesce(ahead.at, behind.at) AS as_of, ahead.at IS NULL AS is_past, last_result.at AS last_result,
	coalesce(ahead.at, behind.at) - last_result.at > interval '60 days' AS is_stale
FROM target AS t
LEFT JOIN LATERAL (SELECT decision_time(t.sport, min(e.starts_at)) AS at FROM sports_events AS e
	WHERE e.sport = t.sport AND e.status = 'scheduled' AND EXISTS (SELECT 1 FROM quote AS q WHERE q.game_id = e.game_id)) AS ahead ON true
LEFT JOIN LATERAL (SELECT decision_time(t.sport, max(e.starts_at)) AS at FROM sports_events AS e
	WHERE e.sport = t.sport AND e.status <> 'scheduled' AND EXISTS (SELECT 1 FROM quote AS q WHERE q.game_id = e.game_id)) AS behind ON true
LEFT JOIN LATERAL (SELECT max(e.starts_at) AS at FROM sports_events AS e
	WHERE e.sport = t.sport AND e.status <> 'scheduled' AND e.starts_at < coalesce(ahead.at, behind.at)) AS last_result ON true;

\echo '== Strategies, as of the next round'
SELECT c.sport, c.strategy_name AS strategy, CASE WHEN c.is_enabled THEN 'on' ELSE 'off' END AS state, c.reason,
	round(c.weight_in_ensemble::numeric, 2) AS weight, c.confidence_multiplier AS multiplier, c.performance_trend AS trend
FROM next_round AS n, strategy_configuration_at(n.sport, n.as_of) AS c ORDER BY c.sport, c.strategy_name;

\echo '== Picks for the next round'
SELECT format(CASE
		WHEN is_stale THEN '%s: no picks: the next priced games start after %s, but the last result known is of %s; ratings that old say nothing.'
		WHEN is_past THEN '%s: the files hold no game still to be played with prices. The last round in them, as of %s, before any of its results was known:'
		ELSE '%s: as of %s:' END, sport, to_char(as_of, 'YYYY-MM-DD HH24:MI TZ'), to_char(last_result, 'YYYY-MM-DD')) AS " "
FROM next_round ORDER BY sport \g (format=unaligned tuples_only=on)
CREATE TEMP TABLE picked AS
SELECT n.as_of, p.* FROM next_round AS n, generate_picks(n.as_of, 10, true, n.sport, watch => true) AS p WHERE NOT n.is_stale;
SELECT format('%s: stakes from a bankroll of %s by the staking rule "default".%s', sport, (SELECT bankroll FROM staking_rule WHERE staking = 'default'),
	CASE WHEN sum(stake) = 0 THEN ' No strategy is on, so nothing is bet; stake 0 is what the silent ones would say.'
	     WHEN min(stake) = 0 THEN ' Stake 0: what a strategy says that is off; watched, not bet.' ELSE '' END) AS " "
FROM picked GROUP BY sport ORDER BY sport \g (format=unaligned tuples_only=on)
SELECT p.rank, to_char(e.starts_at, 'YYYY-MM-DD HH24:MI') AS "starts (UTC)", e.home_team || ' - ' || e.away_team AS match, p.market,
	concat_ws(' ', p.side, to_char(p.line, CASE p.market WHEN 'spreads' THEN 'FMSG990.09' ELSE 'FM990.09' END)) AS side, p.book, p.price,
	round(100 * p.probability::numeric, 1) AS "strategy %", round(100 * p.model_probability::numeric, 1) AS "model %", round(100 * p.market_probability::numeric, 1) AS "market %",
	round(100 * p.edge::numeric, 1) AS "edge %", p.tier, p.stake, p.strategy_name AS strategy, p.explanation AS "what moved the model most"
FROM picked AS p JOIN sports_events AS e USING (game_id) ORDER BY p.sport, p.rank;
