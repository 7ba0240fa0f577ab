-- A season played: money is conserved, limits hold, and nothing from after a decision entered it.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(44);
SELECT simulate_league(3, 10, 3) \g /dev/null
-- Tuesday's games are priced on Friday already: they are offered twice.
INSERT INTO quote SELECT game_id, market, side, line, book, price, closing, known_at - interval '4 days', recorded_at, payload_id
FROM quote WHERE NOT closing;
CREATE FUNCTION pg_temp.play() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM refresh_ratings('SIM');
	PERFORM run_backtest(s, '2016-08-01', '2019-07-01', 'SIM') FROM unnest('{sharp_consensus,elo_value}'::text[]) AS s;
	DELETE FROM strategy_configuration;
	PERFORM replay_strategies('SIM', '2017-07-01', '2019-07-01');
	RETURN simulate_season('SIM', 2018, 10000);
END $$;
ANALYZE;
SELECT pg_temp.play() AS sim \gset
CREATE TEMP VIEW bet AS SELECT * FROM weekly_bets WHERE simulation_id = :sim;
CREATE TEMP VIEW money AS SELECT *, lag(at) OVER w AS before, lag(available) OVER w AS had, lag(at_risk) OVER w AS risked
	FROM bankroll_history WHERE simulation_id = :sim WINDOW w AS (ORDER BY bankroll_id);

-- ---- bets ---------------------------------------------------------------------------------------
SELECT cmp_ok((SELECT count(*) FROM bet), '>', 10::bigint, 'a season with bets');
SELECT cmp_ok((SELECT count(DISTINCT placed_at) FROM bet), '>', 5::bigint, 'in several rounds');
SELECT is_empty('SELECT game_id FROM bet GROUP BY game_id HAVING count(*) > 1', 'a game is bet on once');
SELECT is_empty($$SELECT FROM bet JOIN sports_events AS e USING (game_id) WHERE e.season <> 2018 OR bet.placed_at > e.starts_at$$, 'on games of the season that had not begun');
SELECT is_empty($$SELECT FROM bet AS b WHERE NOT EXISTS (SELECT FROM strategy_configuration_at('SIM', b.placed_at) AS c WHERE c.strategy_name = b.strategy_name AND c.is_enabled)$$,
	'only by strategies that were enabled by then');
SELECT is_empty($$SELECT FROM bet AS b WHERE NOT EXISTS (SELECT FROM quotes(b.game_id, b.placed_at) AS q
		WHERE (q.market, q.side, q.book, q.price) = (b.market, b.side, b.book, b.price) AND q.line IS NOT DISTINCT FROM b.line)$$, 'at prices that were there');
SELECT is_empty('SELECT FROM bet WHERE stake <> trunc(stake, 2) OR stake <= 0', 'stakes are whole cents');
SELECT is_empty($$SELECT FROM bet AS b WHERE b.stake > 0.02 * (SELECT max(m.available) FROM money AS m WHERE m.at <= b.placed_at)$$, 'and within the cap of one bet');
SELECT is_empty($$SELECT FROM bet AS b JOIN sports_events AS e USING (game_id)
		CROSS JOIN LATERAL settle_bet(b.market, b.side, b.line, e.home_score, e.away_score, b.price, b.stake, 'final', true) AS s
		WHERE (b.result, b.profit) IS DISTINCT FROM (s.result, round(s.payout, 2) - b.stake)$$,
	'all settled by the result');
SELECT is_empty($$SELECT FROM bet WHERE market = 'h2h' AND abs(clv - (price * (SELECT (remove_overround(array_agg(q.price ORDER BY array_position('{home,draw,away}', q.side)), 'shin'))
		[array_position('{home,draw,away}', bet.side)] FROM quote AS q WHERE q.game_id = bet.game_id AND q.book = 'sim_sharp' AND q.market = 'h2h' AND q.closing) - 1)) > 1e-12$$,
	'closing line value is against the sharp close');

-- ---- money ----------------------------------------------------------------------------------------
SELECT is_empty('SELECT FROM money WHERE available < 0 OR at_risk < 0 OR bankroll <> available + at_risk', 'available + at_risk = bankroll, never below 0');
SELECT is_empty($$SELECT FROM money WHERE available <> had + amount OR at < before
		OR at_risk <> risked + CASE event WHEN 'stake' THEN -amount WHEN 'return' THEN -(SELECT b.stake FROM bet AS b WHERE b.bet_id = money.bet_id) ELSE 0 END$$,
	'every row follows from the one before');
SELECT is((SELECT bankroll FROM bankroll(:sim)), 10000 + (SELECT sum(profit) FROM bet), 'the final bankroll is the start and the profits');
SELECT is((SELECT count(*) FROM money WHERE event = 'return'), (SELECT count(*) FROM bet), 'every bet is settled once');
SELECT is_empty($$SELECT FROM bet AS b WHERE b.settled_at <> (SELECT known_at FROM result WHERE game_id = b.game_id)
		OR b.settled_at <> (SELECT at FROM money AS m WHERE m.bet_id = b.bet_id AND event = 'return')$$, 'when its result became known');

-- ---- weeks ----------------------------------------------------------------------------------------
CREATE TEMP VIEW week AS SELECT * FROM weekly_performance WHERE simulation_id = :sim;
SELECT results_eq('SELECT week, week_starts FROM week ORDER BY week',
	$$SELECT n::int, d::date FROM generate_series(date_trunc('week', (SELECT min(starts_at) FROM sports_events WHERE season = 2018)),
		(SELECT max(starts_at) FROM sports_events WHERE season = 2018), '7 days') WITH ORDINALITY AS s (d, n)$$, 'a row every week of the season');
SELECT is_empty($$SELECT FROM week AS w CROSS JOIN LATERAL (SELECT count(*) AS bets, coalesce(sum(b.stake), 0) AS turnover, coalesce(sum(b.profit), 0) AS profit
			FROM bet AS b JOIN sports_events AS e USING (game_id) WHERE e.starts_at >= w.week_starts AND e.starts_at < w.week_starts + 7) AS b
		WHERE (w.bets, w.turnover, w.profit) IS DISTINCT FROM (b.bets, b.turnover, b.profit) OR abs(w.roi - w.profit::float8 / nullif(w.turnover, 0)::float8) > 1e-12$$,
	'with the bets on the week''s games');
SELECT is((SELECT sum(games) FROM week), 90::bigint, 'every game is scored');
SELECT is((SELECT bankroll FROM week ORDER BY week DESC LIMIT 1), (SELECT bankroll FROM bankroll(:sim)), 'the last week ends with the final bankroll');
SELECT ok(abs(sum(w.market_brier * w.games) / sum(w.games) - e.brier) < 1e-12, 'Brier by week is Brier of the season')
FROM week AS w, (SELECT brier FROM evaluate_season('SIM', 2018, 'shin') WHERE scorer = 'market_close') AS e GROUP BY e.brier;

-- ---- the summary ------------------------------------------------------------------------------------
SELECT results_eq(format('SELECT bets, open_bets, turnover, profit, final_bankroll FROM season_summary(%s)', :sim),
	'SELECT count(*)::int, 0, sum(stake), sum(profit), 10000 + sum(profit) FROM bet', 'bets, turnover and profit');
SELECT ok(abs(roi - profit::float8 / turnover::float8) < 1e-12 AND roi_lower < roi AND roi < roi_upper AND abs(clv - (SELECT avg(b.clv) FROM bet AS b)) < 1e-12
	AND clv_lower < clv AND clv < clv_upper AND clv_bets <= bets, 'ROI and CLV within their intervals') FROM season_summary(:sim);
SELECT ok(abs(max_drawdown - (SELECT max(peak - bankroll) FROM (SELECT bankroll, max(bankroll) OVER (ORDER BY bankroll_id) AS peak FROM money) AS p)::float8) < 1e-6,
	'the largest fall from a peak') FROM season_summary(:sim);

-- ---- again, and under other conditions -----------------------------------------------------------------
SELECT repeat_simulation(:sim) AS same \gset
CREATE TEMP VIEW placed AS SELECT simulation_id, placed_at, game_id, market, side, line, book, price, stake, strategy_name, probability, edge, clv, result, profit, settled_at FROM weekly_bets;
SELECT set_eq(format('SELECT (p).* FROM placed AS p WHERE simulation_id = %s', :sim), format('SELECT %s::bigint, placed_at, game_id, market, side, line, book, price, stake, strategy_name, probability, edge, clv, result, profit, settled_at FROM placed WHERE simulation_id = %s', :sim, :same),
	'a season is played again from its row, to the last bit');
SELECT simulate_season('SIM', 2018, 10000, lead_time => '1 hour', slippage => 0.02, rejection => 0.3, max_stake => 25, seed => 5) AS hard \gset
SELECT is(max(stake) <= 25 AND count(*) BETWEEN 1 AND (SELECT count(*) FROM bet), true, 'a limit on the stake, bets refused') FROM weekly_bets WHERE simulation_id = :hard;
SELECT is((SELECT settings FROM simulation WHERE simulation_id = :hard), '{"top": 10, "seed": 5, "lead_time": "01:00:00", "max_stake": 25, "rejection": 0.3, "slippage": 0.02}'::jsonb, 'its row says under which conditions');
SELECT repeat_simulation(:hard) AS hard2 \gset
SELECT results_eq(format('SELECT game_id, price, stake, profit FROM weekly_bets WHERE simulation_id = %s ORDER BY bet_id', :hard2),
	format('SELECT game_id, price, stake, profit FROM weekly_bets WHERE simulation_id = %s ORDER BY bet_id', :hard), 'from which it is played again');
SELECT throws_ok('SELECT repeat_simulation(-1)', '42704', 'unknown simulation -1', 'but not a season that nobody played');
SELECT simulate_season('SIM', 2018, 10000, 'tiered', max_stake => 7.5) AS whole \gset
SELECT ok(count(*) > 5 AND bool_and(stake <= 7 AND stake = trunc(stake)) AND max(stake) = 7, 'a stake cut by max_stake is still one of whole units') FROM weekly_bets WHERE simulation_id = :whole;
SELECT throws_ok($$SELECT simulate_season('SIM', 2018, max_stake => 0)$$, '22023', 'max_stake must be above 0, not 0', 'a stake of nothing');

-- ---- nothing from the future ---------------------------------------------------------------------------
-- Everything known after a moment is made up anew, and all of it played again.
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY placed_at) AS cut FROM bet \gset
CREATE TEMP TABLE was AS SELECT game_id, market, side, line, book, price, stake, strategy_name, probability, placed_at, edge FROM bet;
CREATE TEMP TABLE tested AS SELECT strategy_name, game_id, as_of, side, price, edge FROM strategy_bet;
CREATE TEMP TABLE configured AS SELECT effective_at, strategy_name, is_enabled, recent_roi, threshold_adjustment FROM strategy_configuration;
CREATE TEMP TABLE weeks AS SELECT week, week_starts, bets, turnover, bankroll FROM week;
UPDATE result SET home_score = away_score + abs(game_id % 3)::int, away_score = home_score WHERE known_at > :'cut';
UPDATE quote SET price = 1.2 + (abs(game_id + ascii(side) + length(book)) % 50) / 10.0 WHERE known_at > :'cut';
SELECT pg_temp.play() AS again \gset
SELECT set_eq(format('SELECT game_id, market, side, line, book, price, stake, strategy_name, probability, placed_at, edge FROM weekly_bets WHERE simulation_id = %s AND placed_at <= %L', :again, :'cut'),
	format('SELECT * FROM was WHERE placed_at <= %L', :'cut'), 'no bet placed by then changes, nor its stake');
SELECT set_ne(format('SELECT game_id, side, price, stake FROM weekly_bets WHERE simulation_id = %s AND placed_at > %L', :again, :'cut'),
	format('SELECT game_id, side, price, stake FROM was WHERE placed_at > %L', :'cut'), '(later ones do)');
SELECT set_eq(format('SELECT strategy_name, game_id, as_of, side, price, edge FROM strategy_bet WHERE as_of <= %L', :'cut'),
	format('SELECT * FROM tested WHERE as_of <= %L', :'cut'), 'no backtest bet');
SELECT set_eq(format('SELECT effective_at, strategy_name, is_enabled, recent_roi, threshold_adjustment FROM strategy_configuration WHERE effective_at <= %L', :'cut'),
	format('SELECT * FROM configured WHERE effective_at <= %L', :'cut'), 'and no verdict of the orchestrator');
SELECT set_eq(format('SELECT week, week_starts, bets, turnover, bankroll FROM weekly_performance WHERE simulation_id = %s AND week_starts + 7 <= %L', :again, :'cut'),
	format('SELECT * FROM weeks WHERE week_starts + 7 <= %L', :'cut'), 'nor a week that was over');

-- ---- refused ---------------------------------------------------------------------------------------------
SELECT throws_ok($$SELECT simulate_season('NOPE', 2018)$$, '42704', 'unknown sport "NOPE"', 'an unknown sport');
SELECT throws_ok($$SELECT simulate_season('SIM', 1950)$$, 'P0002', 'no games of SIM in season 1950', 'a season without games');
SELECT throws_ok($$SELECT simulate_season('SIM', 2018, 0)$$, '22023', 'bankroll must be above 0, not 0', 'no money');
SELECT throws_ok($$SELECT simulate_season('SIM', 2018, 100, 'nope')$$, '42704', NULL, 'an unknown staking rule');
SELECT throws_ok('SELECT season_summary(-1)', '42704', 'unknown simulation -1', 'the summary of a season that nobody played');
SELECT is(bets, NULL, 'of NULL there is none') FROM season_summary(NULL);

-- ---- bets at the close ------------------------------------------------------------------------------------
UPDATE sport SET decision_days = NULL, decision_hour = NULL WHERE sport = 'SIM';
DELETE FROM quote WHERE NOT closing;
SELECT pg_temp.play() AS late \gset
SELECT cmp_ok((SELECT count(closing_probability) FROM weekly_bets AS b JOIN sports_events AS e USING (game_id) WHERE simulation_id = :late AND placed_at = starts_at), '>', 5::bigint,
	'a sport that decides at the start and has closing prices alone bets at them');
SELECT is((SELECT count(clv) FROM weekly_bets WHERE simulation_id = :late) + (SELECT count(clv) FROM weekly_performance WHERE simulation_id = :late), 0::bigint,
	'which have no closing line value');
SELECT is(concat_ws(' ', bets > 5, clv_bets, clv, clv_lower, clv_upper), 't 0', 'nor has their season') FROM season_summary(:late);
SELECT * FROM finish();
ROLLBACK;
