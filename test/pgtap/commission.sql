-- An exchange keeps a share of what is won: edges, choices, stakes, grades and closing line value are after it, prices are shown before and after.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(26);
SELECT is(round(net_odds(2.2, 0.05)::numeric, 12), 2.14, 'net odds');

INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', '2030-09-01');
INSERT INTO team SELECT stable_id('simulated:' || n), 'simulated', n FROM unnest('{A,B,C,D}'::text[]) AS n;
INSERT INTO game SELECT stable_id(k), 'SIM', 2030, stable_id('simulated:' || split_part(k, ':', 3)), stable_id('simulated:' || split_part(k, ':', 4)), k
FROM unnest('{SIM:2030:A:B:1,SIM:2030:C:D:1}'::text[]) AS k;
SELECT stable_id('SIM:2030:A:B:1') AS g, stable_id('SIM:2030:C:D:1') AS h \gset
INSERT INTO fixture SELECT game_id, '2030-09-07 15:00Z', true, false, NULL, NULL, '2030-08-01', '2030-08-01', 1 FROM game;
UPDATE book SET kind = 'exchange', commission = 0.05 WHERE book = 'sim_soft_1';
-- A: 2.20 at the exchange pays 2.14, less than the 2.16 of the other book. C: 2.08 pays 2.026, which is worth nothing any more.
INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id)
SELECT v.game_id, 'h2h', s.side, NULL, v.book, s.price, c.closing, CASE WHEN c.closing THEN timestamptz '2030-09-07 15:00Z' ELSE '2030-09-06 12:00Z' END, '2030-09-06', 1
FROM (VALUES (:g, 'sim_sharp', 2.00, 3.60, 3.90), (:g, 'sim_soft_1', 2.20, 3.5, 3.5), (:g, 'sim_soft_2', 2.16, 3.4, 3.4),
	(:h, 'sim_sharp', 2.00, 3.60, 3.90), (:h, 'sim_soft_1', 2.08, 3.5, 3.5), (:h, 'sim_soft_2', 1.95, 3.4, 3.4)) AS v (game_id, book, home, draw, away)
CROSS JOIN LATERAL (VALUES ('home', v.home), ('draw', v.draw), ('away', v.away)) AS s (side, price)
CROSS JOIN (VALUES (false), (true)) AS c (closing);
CREATE FUNCTION pg_temp.at() RETURNS timestamptz LANGUAGE sql AS $$ SELECT decision_time('SIM', '2030-09-07 15:00Z') $$;

-- ---- prices and edges -----------------------------------------------------------------------
SELECT results_eq($$SELECT book, price, commission, round(net_price::numeric, 6) FROM market_prices('SIM', pg_temp.at()) WHERE game_id = stable_id('SIM:2030:A:B:1') AND side = 'home' ORDER BY book$$,
	$$VALUES ('sim_sharp', 2::float8, 0::float8, 2::numeric), ('sim_soft_1', 2.2, 0.05, 2.14), ('sim_soft_2', 2.16, 0, 2.16)$$, 'market_prices has the price, the commission and what is left');
SELECT results_eq('SELECT book, price FROM strategy_sharp_consensus(''SIM'', pg_temp.at()) ORDER BY 1', $$VALUES ('sim_soft_2', 2.16::float8)$$,
	'the better price is the one that pays more; what commission eats is no edge');
UPDATE quote SET price = 2.00 WHERE game_id = :g AND book = 'sim_soft_2' AND side = 'home';
SELECT is(abs(s.edge - (s.probability * 2.14 - 1)) < 1e-12 AND abs(s.strength - 100 * s.edge) < 1e-10 AND s.price = 2.2, true, 'edge after commission, the price as the book shows it')
FROM strategy_sharp_consensus('SIM', pg_temp.at()) AS s;
-- One who reckons by himself and forgets it.
CREATE FUNCTION public.forgets(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT (m.game_id, m.market, m.side, m.line, m.book, m.price, ARRAY[0.49, 0, 0, 0, 0.51], 0.49, m.market_probability, 0.49 * m.price - 1, 0, 100 * (0.49 * m.price - 1), 0.49, NULL)::bet_edge.signal
	FROM bet_edge.market_prices(sport, as_of) AS m WHERE m.side = 'home' AND m.book = 'sim_soft_1' $$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description, min_differential_threshold) VALUES ('forgets', 'test', 'public.forgets', 'Reckons with the price that is shown.', 0);
INSERT INTO strategy_configuration (effective_at, sport, strategy_name, signal_type, signal_function, is_enabled, reason, confidence_multiplier,
	threshold_adjustment, weight_in_ensemble, sample_size, performance_trend, min_differential_threshold, max_recommendations_per_day)
VALUES ('2030-09-01', 'SIM', 'forgets', 'test', 'public.forgets', true, 'test', 1, 0, 0.5, 100, 'STABLE', 0, 10);
SELECT is(array_agg(round((v.said).edge::numeric, 10) ORDER BY 1 DESC), '{0.0486}'::numeric[], 'he is heard with what is left') FROM strategy_signals('SIM', pg_temp.at()) AS v;
SELECT is(array_agg(round(s.edge::numeric, 10) || ' ' || round(s.strength::numeric, 8) ORDER BY s.edge DESC), '{0.0486000000 4.86000000,-0.0072600000 -0.72600000}'::text[], 'his edges are put right, and the strength that is one')
FROM strategy_says('public.forgets'::regproc, 'SIM', pg_temp.at(), 1, 100, 1) AS s;

-- ---- picks and stakes -------------------------------------------------------------------------
CREATE TEMP TABLE picked AS SELECT * FROM generate_picks(pg_temp.at(), 10, true, 'SIM', 1000);
SELECT is((SELECT array_agg(game_id) FROM picked), ARRAY[:g]::bigint[], 'one bet is left');
SELECT is(row(price, round(net_price::numeric, 6), round(edge::numeric, 6))::text, '(2.2,2.140000,0.048600)', 'both prices are columns') FROM picked;
SELECT is(round((detail ->> 'net_price')::numeric, 6), 2.14, 'and in the jsonb') FROM picked;
SELECT is(detail #>> '{prices,0,book}', 'sim_soft_1', 'every book''s price, what pays most first') FROM picked;
SELECT is(round((detail #>> '{prices,0,net_price}')::numeric, 6), 2.14, 'with what it pays') FROM picked;
SELECT matches(reason, 'forgets: \+4.9 % expected at 2.2 \(2.1400 after commission\)', 'the reason says so') FROM picked;
SELECT is(abs(kelly - kelly_fraction(0.49, 2.2, 0, 0.05)) < 1e-9, true, 'Kelly at what is paid') FROM picked;
SELECT is(abs(growth - growth_rate((stake / 1000)::float8, 0.49, 2.2, 0, 0.05)) < 1e-12, true, 'growth too') FROM picked;
SELECT is((SELECT net_price FROM ai_predictions), (SELECT net_price FROM picked), 'stored');
SELECT is((SELECT same FROM ai_predictions AS a, replay_pick(a.prediction_id)), true, 'and decided again');
INSERT INTO staking_rule (staking, bankroll, multiplier, max_stake, max_day, min_edge, max_edge, prob_error) VALUES ('doubt', 1000, 1, 1, 1, 0.02, 0.25, 0.05);
SELECT is(abs(c.after - 1000 * kelly_shrink(0.49, 2.2, 0.05, 'delta', 0.05)) < 1e-6, true, 'a doubted probability is shrunk at what is paid')
FROM generate_picks(pg_temp.at(), 10, false, 'SIM', 1000, 'doubt', staked_today => 0) AS p, jsonb_to_recordset(p.detail -> 'cuts') AS c (reason text, after float8) WHERE c.reason = 'probability_error';
SELECT is(round((SELECT net_price FROM analyze_opportunities(100000, false, pg_temp.at()) WHERE game_id = :g)::numeric, 6), 2.14, 'analyze_opportunities shows it');

-- ---- settled, in the ledger and in the backtest -------------------------------------------------
SELECT move_money('deposit', 1000, pg_temp.at()) \g /dev/null
SELECT place_pick(prediction_id, 10, pg_temp.at()) FROM ai_predictions \g /dev/null
UPDATE strategy SET min_differential_threshold = 1 WHERE strategy_name = 'forgets';
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id) VALUES (:g, 2, 1, 'final', '2030-09-07 17:00Z', '2030-09-07', 1), (:h, 2, 1, 'final', '2030-09-07 17:00Z', '2030-09-07', 1);
SELECT settle_bets('2030-09-08') \g /dev/null
SELECT is(profit, 11.40, 'the ledger: 10 at 2.20 wins 12 less 5 %') FROM weekly_bets;
SELECT is(abs(clv - (2.14 * closing_probability - 1)) < 1e-12, true, 'closing line value at what is paid') FROM weekly_bets;
SELECT is(run_backtest('forgets', '2030-09-01', '2030-09-09', 'SIM'), 1, 'the backtest does not bet what commission eats either');
UPDATE strategy SET min_differential_threshold = -1 WHERE strategy_name = 'forgets';
SELECT is(run_backtest('forgets', '2030-09-01', '2030-09-09', 'SIM'), 2, 'unless it is told to');
SELECT is(array_agg(round(profit::numeric, 12) ORDER BY price DESC), '{1.14,1.026}'::numeric[], 'and wins what the ledger does') FROM strategy_bet WHERE strategy_name = 'forgets';
SELECT is((SELECT clv FROM strategy_bet WHERE game_id = :g), (SELECT clv FROM weekly_bets), 'with the same closing line value');
SELECT is(max(s.value), NULL, 'two bets won at what was paid leave no price at which to reckon how many are needed') FROM strategy_report('forgets', 'SIM', replicates => 100) AS s WHERE s.measure = 'bets_needed';
SELECT is(abs(max(s.value) - (1.14 + 1.026) / 2) < 1e-9, true, 'which the report adds up') FROM strategy_report('forgets', 'SIM', replicates => 100) AS s WHERE s.measure = 'roi';
SELECT * FROM finish();
ROLLBACK;
