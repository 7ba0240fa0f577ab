-- A season of three games, for what a whole one does not show: limits over the decisions of a day, prices that rise, no decision at all.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(10);
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', '2030-09-01');
INSERT INTO team SELECT stable_id('simulated:' || n), 'simulated', n FROM unnest('{A,B,C,D,E,F}'::text[]) AS n;
INSERT INTO game SELECT stable_id(k), 'SIM', 2030, stable_id('simulated:' || split_part(k, ':', 3)), stable_id('simulated:' || split_part(k, ':', 4)), k
FROM unnest('{SIM:2030:A:B:1,SIM:2030:C:D:1,SIM:2030:E:F:1}'::text[]) AS k;
-- Two games of a Saturday, each decided at its own start, and one of the day after.
UPDATE sport SET decision_days = NULL, decision_hour = NULL WHERE sport = 'SIM';
INSERT INTO fixture SELECT g.game_id, CASE split_part(g.game_key, ':', 3) WHEN 'A' THEN timestamptz '2030-09-07 12:00Z' WHEN 'C' THEN '2030-09-07 18:00Z' ELSE '2030-09-08 12:00Z' END, true, false, NULL, NULL, '2030-08-01', '2030-08-01', 1 FROM game AS g;
INSERT INTO quote (game_id, market, side, line, book, price, known_at, recorded_at, payload_id)
SELECT f.game_id, 'h2h', s.side, NULL, b, s.price, f.starts_at - interval '3 hours', f.starts_at, 1
FROM fixture AS f, unnest('{sim_sharp,sim_soft_1}'::text[]) AS b, (VALUES ('home', 2.1), ('draw', 3.4), ('away', 3.4)) AS s (side, price);
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id) SELECT f.game_id, 1, 0, 'final', f.starts_at + interval '2 days', f.starts_at, 1 FROM fixture AS f;
CREATE FUNCTION public.says(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT (m.game_id, m.market, m.side, m.line, m.book, m.price, '{0.5,0,0,0,0.5}', 0.5, m.market_probability, 0.5 * m.price - 1, 0, 5, 0.5, NULL)::bet_edge.signal
	FROM bet_edge.market_prices(sport, as_of, '1 hour') AS m WHERE m.side = 'home' AND m.book = 'sim_soft_1' $$;
INSERT INTO strategy_configuration (effective_at, sport, strategy_name, signal_type, signal_function, is_enabled, reason, confidence_multiplier,
	threshold_adjustment, weight_in_ensemble, sample_size, performance_trend, min_differential_threshold, max_recommendations_per_day)
VALUES ('2030-08-01', 'SIM', 'a', 'test', 'public.says', true, 'test', 1, 0, 0.5, 100, 'STABLE', 1, 10);
CREATE FUNCTION pg_temp.played(simulation bigint) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(split_part(g.game_key, ':', 3) || ' ' || b.price || ' ' || b.stake, ', ' ORDER BY b.placed_at) FROM weekly_bets AS b JOIN game AS g USING (game_id) WHERE b.simulation_id = played.simulation $$;
INSERT INTO staking_rule (staking, bankroll, multiplier, max_stake, max_day, min_edge, max_edge, max_book) VALUES ('free', 1000, 1, 0.02, 1, 0.02, 0.25, 1), ('booked', 1000, 1, 0.02, 1, 0.02, 0.25, 0.03);

-- ---- limits of a day -----------------------------------------------------------------------------
SELECT is(pg_temp.played(simulate_season('SIM', 2030, 1000, 'free')), 'A 2.1 20.00, C 2.1 19.60, E 2.1 19.20', 'three bets, each of what was free then');
SELECT is(pg_temp.played(simulate_season('SIM', 2030, 1000, 'booked')), 'A 2.1 20.00, C 2.1 9.40, E 2.1 19.41', 'max_book holds over the decisions of a day, and the next day begins anew');
SELECT is(pg_temp.played(simulate_season('SIM', 2030, 1000, 'free', 1)), 'A 2.1 20.00, E 2.1 19.60', 'so does p_top');
UPDATE strategy_configuration SET max_recommendations_per_day = 1;
SELECT is(pg_temp.played(simulate_season('SIM', 2030, 1000, 'free')), 'A 2.1 20.00, E 2.1 19.60', 'and max_recommendations_per_day');
UPDATE strategy_configuration SET max_recommendations_per_day = 10;

-- ---- a price that rises while the bet is on its way ---------------------------------------------------
INSERT INTO quote (game_id, market, side, line, book, price, known_at, recorded_at, payload_id)
SELECT game_id, market, side, line, book, price + 0.1, f.starts_at - interval '30 minutes', f.starts_at, 1 FROM quote AS q JOIN fixture AS f USING (game_id);
SELECT is(pg_temp.played(simulate_season('SIM', 2030, 1000, 'free', lead_time => '50 minutes', latency => '45 minutes')), 'A 2.2 20.00, C 2.2 19.60, E 2.2 19.20', 'is struck at the price that the book has then');
SELECT is(pg_temp.played(simulate_season('SIM', 2030, 1000, 'free', lead_time => '50 minutes', latency => '15 minutes')), 'A 2.1 20.00, C 2.1 19.60, E 2.1 19.20', 'and not before it is there');
INSERT INTO simulation (sport, season, staking, bankroll, settings) VALUES ('SIM', 2030, 'free', 100, '{}') RETURNING simulation_id AS prompt \gset
SELECT move_money('deposit', 100, '2030-09-07', :prompt) \g /dev/null
SELECT throws_ok(format($$SELECT place_bet(%s, '2030-09-07 11:00Z', ROW(%s, 'h2h', 'home', NULL, 'sim_soft_1', 2.2, NULL, 0.5, 0.5, 0.05, 0, 5, 0.5, NULL)::signal, 1, 'a')$$, :prompt, stable_id('SIM:2030:A:B:1')), '22023', NULL, 'without latency nobody bets at the price of later');

-- ---- no decision ---------------------------------------------------------------------------------------
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) SELECT stable_id('late'), 'SIM', 2040, min(home_id), max(home_id), 'late' FROM game;
INSERT INTO fixture SELECT stable_id('late'), '2040-08-04 15:00Z', true, false, NULL, NULL, '2040-08-04 16:00Z', now(), 1;
SELECT simulate_season('SIM', 2040, 500) AS idle \gset
SELECT is((SELECT array_agg(event || ' ' || bankroll) FROM bankroll_history WHERE simulation_id = :idle), '{"deposit 500"}'::text[], 'a season without a decision has its money');
SELECT is(concat_ws(' ', bets, starting_bankroll, final_bankroll), '0 500 500', 'and ends with it') FROM season_summary(:idle);
SELECT is_empty('SELECT * FROM simulation AS s CROSS JOIN LATERAL bankroll_faults(s.simulation_id) AS f', 'the books agree');
SELECT * FROM finish();
ROLLBACK;
