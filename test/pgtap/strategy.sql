-- Strategies that follow bets, money and moves; and that a backtest of yesterday says what live said yesterday.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(34);
\ir book_poll.inc
UPDATE sport SET decision_days = '{4}', decision_hour = '10:15' WHERE sport = 'NBA';	-- 15:15 UTC

SELECT pg_temp.poll('2030-01-10 15:00Z', '
	pinnacle      1.90 2.00  -3.5 1.95 1.93  x x x
	betfair_ex_eu 1.95 2.05  x x x           x x x
	draftkings    1.80 2.10  -3.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.95 1.90  -3.5 1.9 1.9    219.5 1.87 1.95') \g /dev/null
SELECT game_id AS g FROM game \gset
CREATE FUNCTION pg_temp.at() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '2030-01-10 15:15Z' $$;
CREATE FUNCTION pg_temp.says(strategy text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format('SELECT concat_ws('' '', market, side, line, book, price, round(strength::numeric, 2), round((confidence / probability)::numeric, 2)) FROM strategy_%s(''NBA'', pg_temp.at())', strategy) INTO said;
	RETURN said;
END $$;
SELECT is(pg_temp.says(s), NULL, s || ': nothing has moved, nobody has told of the public')
FROM unnest('{sharp_action,opposing_markets,reverse_line_move,steam}'::text[]) AS s;

-- ---- money and bets ------------------------------------------------------------------------
INSERT INTO bet_share (game_id, market, side, source, bets, money, known_at) VALUES
	(:g, 'h2h', 'home', 'vsin', 70, 55, '2030-01-10 12:00Z'), (:g, 'h2h', 'away', 'vsin', 30, 45, '2030-01-10 12:00Z'),
	(:g, 'h2h', 'away', 'vsin', 30, 60, '2030-01-10 16:00Z');
SELECT is(pg_temp.says('sharp_action'), 'h2h away draftkings 2.1 15.00 0.75', 'sharp_action: 15 points more money than bets is moderate, at the best price');
SELECT is(s.edge, s.market_probability * 2.1 - 1, 'its edge is that of the price by the market') FROM strategy_sharp_action('NBA', pg_temp.at()) AS s;
INSERT INTO bet_share (game_id, market, side, source, bets, money, known_at) VALUES
	(:g, 'h2h', 'away', 'vsin', 30, 51, '2030-01-10 14:00Z'), (:g, 'h2h', 'away', 'pub', 30, 51.5, '2030-01-10 14:00Z');
SELECT is(pg_temp.says('sharp_action'), 'h2h away draftkings 2.1 21.25 1.00', '20 is high; the latest of each source, their mean');
SELECT is(pg_temp.says('opposing_markets'), NULL, 'one market opposes nothing');
INSERT INTO bet_share (game_id, market, side, source, bets, money, known_at) VALUES
	(:g, 'spreads', 'home', 'vsin', 40, 70, '2030-01-10 14:00Z'), (:g, 'spreads', 'away', 'vsin', 60, 30, '2030-01-10 14:00Z');
SELECT is(pg_temp.says('opposing_markets'), 'spreads home -3.5 pinnacle 1.95 51.25 1.00', 'opposing_markets: the stronger of the two, both differentials together');

-- ---- moves -----------------------------------------------------------------------------------
SELECT pg_temp.poll('2030-01-10 15:05Z', '
	pinnacle      2.10 1.80  -3.5 1.95 1.93  x x x
	betfair_ex_eu 1.95 2.05  x x x           x x x
	draftkings    1.80 2.10  -3.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.95 1.90  -3.5 1.9 1.9    219.5 1.87 1.95') \g /dev/null
SELECT is(pg_temp.says('steam'), NULL, 'one book is no steam');
SELECT is(pg_temp.says('reverse_line_move'), 'h2h away draftkings 2.1 5.13 0.70', 'reverse_line_move: 70 % bet on the home side, the price goes to the away side');
SELECT pg_temp.poll('2030-01-10 15:10Z', '
	pinnacle      2.10 1.80  -3.5 1.95 1.93  x x x
	betfair_ex_eu 2.20 1.82  x x x           x x x
	draftkings    2.00 1.90  -3.5 1.91 1.91  219.5 1.95 1.87
	fanduel       2.00 1.87  -3.5 1.9 1.9    219.5 1.87 1.95') \g /dev/null
SELECT is(pg_temp.says('steam'), 'h2h away draftkings 1.9 4.00 1.00', 'steam: four families within ten minutes, a sharp book first, at the best price that is left');
SELECT is_empty($$SELECT * FROM strategy_steam('NBA', '2030-01-10 16:15Z')$$, 'an hour later it is cold');
SELECT is_empty(format($$SELECT * FROM bet_shares(%s, '2030-01-10 11:59Z')$$, :g), 'nobody knew before');

-- ---- a backtest of yesterday is what live said yesterday ----------------------------------------
-- One statement registers a strategy of one's own.
CREATE FUNCTION public.dogs(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT (signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price, ARRAY[m.market_probability * 1.1, 0, 0, 0, 1 - m.market_probability * 1.1], m.market_probability)).*
	FROM market_prices(sport, as_of) AS m WHERE m.market = 'h2h' AND m.book = 'betfair_ex_eu' AND m.price > 2 $$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description) VALUES ('dogs', 'market', 'public.dogs', 'Outsiders.');
SELECT refresh_strategies('NBA', pg_temp.at()) \g /dev/null
CREATE TEMP TABLE live AS SELECT strategy_name, pg_temp.at() AS as_of, (said).game_id, (said).market, (said).side, (said).line, (said).book, (said).price, (said).probability, (said).edge
FROM strategy_signals('NBA', pg_temp.at(), true);
SELECT set_eq('SELECT strategy_name FROM live', '{sharp_action,opposing_markets,reverse_line_move,steam,dogs}'::text[], 'five strategies speak, the user''s own among them');
-- And then the day went on.
SELECT pg_temp.poll('2030-01-10 17:00Z', '
	pinnacle      1.50 2.80  -5.5 1.95 1.93  x x x
	draftkings    1.52 2.70  -5.5 1.91 1.91  219.5 1.95 1.87
	fanduel       1.53 2.60  -5.5 1.9 1.9    219.5 1.87 1.95') \g /dev/null
INSERT INTO bet_share (game_id, market, side, source, bets, money, known_at) VALUES (:g, 'h2h', 'home', 'vsin', 10, 90, '2030-01-10 18:00Z');
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT :g, 99, 101, 'final', '2030-01-10 22:30Z', now(), min(payload_id) FROM payload;
SELECT is(sum(run_backtest(s.strategy_name, '2030-01-10', '2030-01-11', 'NBA')), 5::bigint, 'the backtest of that day bets five times') FROM strategy AS s;
SELECT set_eq('SELECT strategy_name, as_of, game_id, market, side, line, book, price, probability, edge FROM strategy_bet', 'TABLE live',
	'and says what live had said: same bets, same books, same prices');
SELECT results_eq($$SELECT DISTINCT result FROM strategy_bet WHERE market = 'h2h' AND side = 'away'$$, $$VALUES ('win')$$, 'they are settled by what came');
-- ---- after the orchestrator ---------------------------------------------------------------------------
DELETE FROM strategy_configuration;
DELETE FROM live_strategy_state;
DELETE FROM bet_share WHERE known_at > pg_temp.at();
CREATE FUNCTION pg_temp.near(minutes int, debug boolean DEFAULT false) RETURNS TABLE (market text, side text, price float8, votes numeric, strategies text, decision text) LANGUAGE sql AS
$$ SELECT market, side, price, round(votes::numeric, 4), strategies, decision FROM analyze_opportunities(minutes, debug, pg_temp.at()) $$;
SELECT is_empty('SELECT * FROM pg_temp.near(300)', 'nobody has been judged: nothing is recommended');
SELECT is((SELECT count(*) FROM pg_temp.near(300, true) WHERE decision = 'off: refresh_strategies() has not judged it'), 6::bigint, 'debug shows what they say and why it is nothing');
INSERT INTO strategy_configuration
SELECT '2030-01-10', 'NBA', strategy_name, signal_type, signal_function, true, 'on', 1.2, 0, CASE strategy_name WHEN 'dogs' THEN 0.7 ELSE 0.4 END, NULL, NULL, 100, 'STABLE', min_differential_threshold, 10 FROM strategy;
SELECT is_empty('SELECT * FROM pg_temp.near(60)', 'the game is not within the hour');
CREATE TEMP TABLE one AS SELECT (strategy_steam('NBA', pg_temp.at())).confidence AS steam,
	(strategy_reverse_line_move('NBA', pg_temp.at())).confidence AS reverse, (strategy_dogs).confidence AS dogs FROM public.dogs('NBA', pg_temp.at()) AS strategy_dogs;
SELECT results_eq($$SELECT side, votes, strategies FROM pg_temp.near(300) WHERE market = 'h2h'$$,
	$$SELECT 'away', round((0.4 * 1.2 * (steam + reverse))::numeric, 4), 'reverse_line_move, steam' FROM one$$, 'two of weight 0.4 outvote one of 0.7, confidence x multiplier x weight');
SELECT results_eq($$SELECT strategies, decision FROM pg_temp.near(300, true) WHERE market = 'h2h' AND side = 'home'$$,
	$$SELECT 'dogs', 'outvoted: ' || round((0.4 * 1.2 * (steam + reverse))::numeric, 3) || ' for the other side' FROM one$$, 'debug says so');
UPDATE strategy_configuration SET weight_in_ensemble = 0.1 WHERE strategy_name <> 'dogs';
SELECT is((SELECT side FROM pg_temp.near(300) WHERE market = 'h2h'), 'home', 'with other weights the other side wins');
UPDATE strategy_configuration SET threshold_adjustment = 0.3 WHERE strategy_name = 'dogs';
UPDATE strategy SET min_differential_threshold = 100 WHERE strategy_name = 'dogs';
SELECT matches((SELECT decision FROM pg_temp.near(300, true) WHERE strategies = 'dogs'), '^strength [0-9.]+ below 100.30$', 'the adjusted threshold holds');
UPDATE strategy SET min_differential_threshold = 2 WHERE strategy_name = 'dogs';
INSERT INTO ai_predictions (as_of, rank, sport, game_id, market, side, book, price, probability, market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, reason)
SELECT '2030-01-10 09:00Z', n, 'NBA', :g, 'h2h', 'home', 'pinnacle', 2.1, 0.5, 0.5, 0.05, 0, 'B', 0.5, 10, 'dogs', 'because' FROM generate_series(1, 1) AS n;
UPDATE strategy SET max_recommendations_per_day = 1 WHERE strategy_name = 'dogs';
SELECT is((SELECT decision FROM pg_temp.near(300, true) WHERE strategies = 'dogs'), 'the game was picked already', 'what was picked is not picked again');
INSERT INTO game SELECT stable_id('another'), sport, season, home_id, away_id, 'another' FROM game WHERE game_id = :g;
UPDATE ai_predictions SET game_id = stable_id('another');
SELECT is((SELECT decision FROM pg_temp.near(300, true) WHERE strategies = 'dogs'), 'over the limit of the day (0 left)', 'and a pick of another game counts against the limit of the day');
SELECT results_eq($$SELECT game, fixed_bets, adaptive_bets FROM orchestrator_demo(300, pg_temp.at()) WHERE strategy_name IN ('dogs', 'steam') ORDER BY strategy_name$$,
	$$VALUES ('Boston Celtics - Atlanta Hawks', true, false), ('Boston Celtics - Atlanta Hawks', true, true)$$, 'orchestrator_demo: fixed thresholds beside adaptive ones');
SELECT throws_ok('SELECT * FROM analyze_opportunities(0)', '22023', 'minutes_ahead must be from 1 to 100000 and as_of a time, not 0 and ' || now(), 'no time ahead');
SELECT is((SELECT count(*) FROM analyze_opportunities()), 0::bigint, 'without arguments: the next hour');

-- ---- states ---------------------------------------------------------------------------------------------
DELETE FROM strategy_configuration;
SELECT refresh_strategies('NBA', '2030-01-10'), refresh_strategies('NBA', '2030-01-11'), refresh_strategies('NBA', '2030-01-12', force => true) \g /dev/null
SELECT results_eq($$SELECT configuration_version, effective_at, enabled_strategies, cardinality(disabled_strategies) FROM live_strategy_state ORDER BY 1$$,
	$$SELECT v, at::timestamptz, '{}'::text[], (SELECT count(*)::int FROM strategy) FROM (VALUES (1, '2030-01-10'), (2, '2030-01-12')) AS t (v, at)$$, 'a version where something changed, or was forced');
SELECT is((SELECT configuration_version || ' ' || (performance_summary -> 'steam' ->> 'reason') FROM get_live_strategy_configuration('2030-01-11 12:00')), '1 off: no backtest in the last 7 days', 'past versions can be asked for');
SELECT throws_ok(format($$INSERT INTO bet_share VALUES (%s, 'h2h', 'home', 'x', 101, 1, now())$$, :g), '23514', NULL, 'a share above 100');
SELECT throws_ok(format($$INSERT INTO bet_share VALUES (%s, 'h2h', 'over', 'x', 1, -1, now())$$, :g), '23514', NULL, 'and one below 0');
SELECT * FROM finish();
ROLLBACK;
