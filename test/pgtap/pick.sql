-- From signals to picks: thresholds, votes, one bet a game, stakes and limits, on strategies whose every word is known.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(87);

-- tiers: a boundary belongs to the better side
SELECT is(signal_tier(0.35::float8 * 3 - 1), 'B', '35 % at 3.00 is an edge of 5 %, whatever float8 makes of it');
SELECT is(array_agg(signal_tier(e) ORDER BY e DESC), '{A,A,B,B,C,C,D,D}'::text[], 'tiers at 10, 5 and 2 %')
FROM unnest('{0.2,0.1,0.0999999,0.05,0.0499999,0.02,0.0199999,-0.5}'::float8[]) AS e;

-- a signal's arithmetic: quarter line at 1.95, {win, half win, push, half loss, loss}
SELECT ok(abs((signal_of(1, 'spreads', 'home', -0.25, 'pinnacle', 1.95, '{0.45,0,0,0.27,0.28}', 0.5)).edge - (0.45 * 0.95 - 0.135 - 0.28)) < 1e-12, 'edge counts halves');
SELECT ok(abs((signal_of(1, 'spreads', 'home', -1, 'pinnacle', 1.95, '{0.4,0,0.2,0,0.4}', 0.45)).probability - 0.5) < 1e-12, 'probability is of the bets that are not pushed');
SELECT ok(abs((signal_of(1, 'spreads', 'home', -1, 'pinnacle', 1.95, '{0.4,0,0.2,0,0.4}', 0.45)).prob_edge - 0.05) < 1e-12, 'prob_edge is against the market');
SELECT is((signal_of(1, 'spreads', 'home', -1, 'pinnacle', 1.95, '{0,0,1,0,0}', 0.45)).probability, NULL, 'a bet that must push has no probability');
SELECT ok(abs(signal_stake('{0.55,0,0,0,0.45}', 2.0, 0.25, 1) - 0.025) < 1e-9, 'a quarter of Kelly');
SELECT is(signal_stake('{0.55,0,0,0,0.45}', 2.0, 1, 0.02), 0.02::float8, 'the cap');
SELECT is(signal_stake('{0.45,0,0,0,0.55}', 2.0, 1, 0.02), 0::float8, 'no value, no stake');

-- four games tomorrow; three strategies that say what the table says
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', now());
INSERT INTO team SELECT stable_id('simulated:' || n), 'simulated', n FROM unnest('{A,B,C,D,E,F,G,H}'::text[]) AS n;
INSERT INTO game SELECT stable_id(k), 'SIM', 2030, stable_id('simulated:' || split_part(k, ':', 3)), stable_id('simulated:' || split_part(k, ':', 4)), k
FROM unnest('{SIM:2030:A:B:1,SIM:2030:C:D:1,SIM:2030:E:F:1,SIM:2030:G:H:1}'::text[]) AS k;
INSERT INTO fixture SELECT game_id, '2030-09-07 15:00+00', true, false, NULL, NULL, '2030-08-01', now(), 1 FROM game;
CREATE TABLE public.word (strategy text, home text, market text, side text, book text, price float8, win float8, market_probability float8, confidence float8);
CREATE FUNCTION public.says_a(text, timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT (g.game_id, w.market, w.side, NULL, w.book, w.price, ARRAY[w.win, 0, 0, 0, 1 - w.win], w.win, w.market_probability,
		w.win * w.price - 1, w.win - w.market_probability, 100 * (w.win * w.price - 1), w.confidence, NULL)::bet_edge.signal
	FROM public.word AS w JOIN bet_edge.team AS t ON t.name = w.home JOIN bet_edge.game AS g ON g.home_id = t.team_id WHERE w.strategy = 'a' $$;
CREATE FUNCTION public.says_b(text, timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT (g.game_id, w.market, w.side, NULL, w.book, w.price, ARRAY[w.win, 0, 0, 0, 1 - w.win], w.win, w.market_probability,
		w.win * w.price - 1, w.win - w.market_probability, 100 * (w.win * w.price - 1), w.confidence, NULL)::bet_edge.signal
	FROM public.word AS w JOIN bet_edge.team AS t ON t.name = w.home JOIN bet_edge.game AS g ON g.home_id = t.team_id WHERE w.strategy = 'b' $$;
INSERT INTO public.word VALUES
	('a', 'A', 'h2h', 'home', 'sim_soft_1', 2.10, 0.50, 0.48, 0.50),   -- edge 5 %: B
	('b', 'A', 'h2h', 'away', 'sim_soft_2', 4.00, 0.30, 0.25, 0.30),   -- contradicts it, edge 20 %
	('a', 'C', 'h2h', 'home', 'sim_soft_1', 1.50, 0.68, 0.66, 0.68),   -- edge 2 %: C, at the boundary
	('a', 'E', 'h2h', 'home', 'sim_soft_1', 2.00, 0.505, 0.5, 0.505),  -- edge 1 %: below min_edge
	('b', 'E', 'h2h', 'draw', 'sim_soft_1', 9.00, 0.15, 0.1, 0.15),    -- edge 35 %: above max_edge
	('a', 'G', 'h2h', 'home', 'sim_soft_1', 2.00, 0.55, NULL, 0.55);   -- no market beside it

SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM')), 0::bigint, 'no configuration, no picks');
INSERT INTO strategy_configuration (effective_at, sport, strategy_name, signal_type, signal_function, is_enabled, reason, confidence_multiplier,
	threshold_adjustment, weight_in_ensemble, sample_size, performance_trend, min_differential_threshold, max_recommendations_per_day)
SELECT '2030-09-01', 'SIM', s, 'test', 'public.says_' || s, true, 'test', 1, 0, w, 100, 'STABLE', 1, 10 FROM (VALUES ('a', 0.5), ('b', 0.6)) AS v (s, w);

CREATE TEMP TABLE picked AS SELECT p.*, t.name AS home FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p
	JOIN game AS g USING (game_id) JOIN team AS t ON t.team_id = g.home_id;
SELECT is((SELECT array_agg(home ORDER BY rank) FROM picked), '{A,C}'::text[], 'two games have a bet: best edge first');
SELECT is((SELECT side FROM picked WHERE home = 'A'), 'home', '0.50 x 0.5 outvotes 0.30 x 0.6, though its edge is smaller');
SELECT is((SELECT tier FROM picked WHERE home = 'C'), 'C', 'exactly 2 % is C');
SELECT is((SELECT count(*) FROM picked WHERE home = 'E'), 0::bigint, 'below min_edge and above max_edge: no bet');
SELECT is((SELECT count(*) FROM picked WHERE home = 'G'), 0::bigint, 'no edge without the market beside it');
SELECT is((SELECT stake FROM picked WHERE home = 'A'), 11.35, 'a quarter of Kelly of 1000 (11.36 alone, a little less beside the other bet), cents rounded down');
SELECT ok((SELECT bool_and(stake <= 20) FROM picked), 'no stake above 2 %');

UPDATE strategy_configuration SET confidence_multiplier = 1.2, weight_in_ensemble = 0.75 WHERE strategy_name = 'b';
SELECT is((SELECT p.side FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.price IN (2.1, 4)), 'away', 'the multiplier turns the vote: 0.36 x 0.75 > 0.50 x 0.5');
UPDATE strategy_configuration SET threshold_adjustment = 0.3, min_differential_threshold = 1.8 WHERE strategy_name = 'a';
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.price = 1.5), 0::bigint, 'strength 2.0 does not pass 1.8 + 0.3');
UPDATE strategy_configuration SET threshold_adjustment = 0 WHERE strategy_name = 'a';
UPDATE strategy_configuration SET is_enabled = false WHERE strategy_name = 'b';
SELECT is((SELECT array_agg(p.strategy_name) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p), '{a,a}'::text[], 'a disabled strategy is silent');

SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, watch => true) AS p WHERE p.strategy_name = 'b'), 0::bigint, 'one that is watched does not displace a bet on the same game');
UPDATE strategy_configuration SET is_enabled = false WHERE strategy_name = 'a';
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000)), 0::bigint, 'all are off: no picks');
SELECT is((SELECT array_agg(p.stake) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, watch => true) AS p), '{0.00,0.00}'::numeric[], 'watched at stake 0');
UPDATE strategy_configuration SET is_enabled = true WHERE strategy_name = 'a';

-- what was in force then
INSERT INTO strategy_configuration SELECT '2030-09-05', sport, strategy_name, signal_type, signal_function, strategy_name = 'b', 'later', confidence_multiplier,
	threshold_adjustment, weight_in_ensemble, recent_win_rate, recent_roi, sample_size, performance_trend, min_differential_threshold, max_recommendations_per_day
	FROM strategy_configuration;
SELECT is((SELECT array_agg(DISTINCT p.strategy_name) FROM generate_picks('2030-09-04', 10, false, 'SIM', 1000) AS p), '{a}'::text[], 'before the refresh the old version speaks');
SELECT is((SELECT array_agg(DISTINCT p.strategy_name) FROM generate_picks('2030-09-06', 10, false, 'SIM', 1000) AS p), '{b}'::text[], 'after it the new one');
DELETE FROM strategy_configuration WHERE effective_at = '2030-09-05';

-- limits
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 1, false, 'SIM', 1000)), 1::bigint, 'top');
SELECT is((SELECT sum(p.stake) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, staked_today => 95) AS p), 4.99, 'the daily limit is 10 %, each share of it in whole cents, rounded down');
SELECT cmp_ok((SELECT sum(p.stake) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 4.98, staked_today => 0.418) AS p), '<=', 0.08, 'cents that rounding left out of the sum do not pass the limit');
SELECT ok((SELECT bool_and(p.reason LIKE '%cut by the daily limit') FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, staked_today => 95) AS p), 'and the reason says so');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, staked_today => 100)), 0::bigint, 'and then nothing');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, exclude => ARRAY[stable_id('SIM:2030:A:B:1')])), 1::bigint, 'excluded games');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 0)), 0::bigint, 'no money, no bets');

UPDATE strategy_configuration SET signal_function = 'public.says_c' WHERE strategy_name = 'b';
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, watch => true)), 2::bigint, 'a silent strategy whose function is gone is passed over');
UPDATE strategy_configuration SET is_enabled = true WHERE strategy_name = 'b';
SELECT throws_ok($$SELECT * FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000)$$, '42883', 'strategy "b" has no function "public.says_c"', 'one that is on is missed');
UPDATE strategy_configuration SET is_enabled = false WHERE strategy_name = 'b';

CREATE FUNCTION public.says_a(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000)), 2::bigint, 'a namesake with other arguments does not confuse it');
SELECT is(strategy_function(f), NULL, 'no function, NULL: ' || f) FROM unnest('{public.says_c,"public.says_a($1, $2) --"}'::text[]) AS f;

-- stored once
SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, true, 'SIM', 1000) \gset once_
SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, true, 'SIM', 1000) \gset twice_
SELECT is((SELECT count(*) FROM ai_predictions), 2::bigint, 'the same as_of is stored once');

-- explained, cut, and decided again
SELECT is((SELECT array_agg(DISTINCT (SELECT same FROM replay_pick(a.prediction_id))) FROM ai_predictions AS a), '{t}'::boolean[], 'every stored pick is decided the same again');
SELECT is((SELECT array_agg(c.reason ORDER BY c.step) FROM stake_cut AS c JOIN ai_predictions AS a USING (prediction_id) WHERE a.rank = 1), '{fraction,stake_unit}'::text[], 'what took from its stake has rows');
SELECT is((SELECT bool_and(c.stake_after < c.stake_before) AND min(c.stake_after) = min(a.stake) AND abs(max(c.stake_before) - 1000 * max(a.kelly)::numeric) < 0.0001
	FROM stake_cut AS c JOIN ai_predictions AS a USING (prediction_id) WHERE a.rank = 1), true, 'from the full Kelly stake down to the stake');
SELECT ok((SELECT bool_and(a.growth > 0 AND a.detail ?& '{outcome,votes,prices,features,kelly,stake,cuts,fair_price,market_fair_price}' AND jsonb_array_length(a.detail -> 'votes') >= 1) FROM ai_predictions AS a), 'explained as jsonb');
SELECT is((SELECT bool_and(e.p_win = (a.detail #>> '{outcome,0}')::float8 AND e.strategies[1] = a.detail #>> '{votes,0,strategy}' AND cardinality(e.weights) = jsonb_array_length(a.detail -> 'votes')
	AND e.cuts = '{fraction,stake_unit}' AND e.after_cut[2] = a.stake AND e.net_price = a.price AND abs(e.fair_price * e.probability - 1) < 1e-12) FROM explained_picks AS e JOIN ai_predictions AS a USING (prediction_id)), true, 'and as columns');
UPDATE staking_rule SET max_stake = 0.01 WHERE staking = 'default';
SELECT is((SELECT array_agg(DISTINCT (SELECT same FROM replay_pick(a.prediction_id))) FROM ai_predictions AS a), '{t}'::boolean[], 'by the rule that was then, not the one that is now');
SELECT is((SELECT p.detail #>> '{cuts,1,reason}' FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.price = 2.1), 'max_stake', 'the one that is now cuts sooner');
UPDATE staking_rule SET max_stake = 0.02 WHERE staking = 'default';
UPDATE public.word SET price = 2.15 WHERE home = 'A' AND strategy = 'a';
SELECT is((SELECT differences ? 'price' FROM ai_predictions AS a, replay_pick(a.prediction_id) WHERE a.price = 2.1), true, 'a strategy that says something else is found out');
UPDATE public.word SET price = 2.10 WHERE home = 'A' AND strategy = 'a';
SELECT throws_ok('SELECT replay_pick(-1)', 'P0002', 'no pick -1 with its settings', 'unknown pick');
SELECT is((SELECT row(count(*), sum(stake)) FROM ai_predictions)::text, (SELECT row(2, sum(stake)) FROM generate_picks('2030-09-06 15:00+00', 10, true, 'SIM', 1000))::text, 'and nothing was stored');

-- both sides of a market only where hedging is asked for
UPDATE strategy_configuration SET is_enabled = true, signal_function = 'public.says_b' WHERE strategy_name = 'b';
SELECT is((SELECT array_agg(p.side ORDER BY p.side) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.price IN (2.1, 4)), '{away}'::text[], 'one bet a market');
SELECT is((SELECT array_agg(p.side ORDER BY p.side) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, hedge => true) AS p WHERE p.price IN (2.1, 4)), '{away,home}'::text[], 'hedged');
SELECT ok((SELECT abs(p.kelly - (kelly_exclusive('{0.5,0.3}', '{2.1,4}'))[1]) < 1e-3 FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, hedge => true) AS p WHERE p.price = 2.1), 'as exclusive outcomes are');
UPDATE public.word SET market = 'btts', side = 'yes' WHERE home = 'A' AND strategy = 'b';
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.price IN (2.1, 4)), 1::bigint, 'two markets of a game: one bet by the default rule');
UPDATE staking_rule SET max_bets_game = 2 WHERE staking = 'default';
SELECT is((SELECT array_agg(p.market ORDER BY p.market) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.price IN (2.1, 4)), '{btts,h2h}'::text[], 'and as many as a rule allows');
UPDATE staking_rule SET max_bets_game = 1 WHERE staking = 'default';
UPDATE public.word SET market = 'h2h', side = 'away' WHERE home = 'A' AND strategy = 'b';
INSERT INTO public.word VALUES ('a', 'A', 'h2h', 'home', 'sim_soft_2', 2.05, 0.50, 0.48, 0.50);
UPDATE strategy_configuration SET is_enabled = false WHERE strategy_name = 'b';
SELECT is((SELECT array_agg(p.price) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.side = 'home' AND p.price > 2), '{2.1}'::float8[], 'of two prices the better');
DELETE FROM public.word WHERE book = 'sim_soft_2' AND strategy = 'a';

-- later the same day: what was stored counts
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 16:00+00', 10, false, 'SIM', 1000)), 0::bigint, 'a game picked earlier is not picked again');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 16:00+00', 10, false, 'SIM', 1000, staked_today => 0)), 2::bigint, 'unless the caller keeps the books');
UPDATE ai_predictions SET game_id = stable_id('SIM:2030:G:H:1'), stake = 90 WHERE rank = 1;
DELETE FROM ai_predictions WHERE rank > 1;
SELECT cmp_ok((SELECT sum(p.stake) FROM generate_picks('2030-09-06 16:00+00', 10, false, 'SIM', 1000) AS p), '<=', 10.00, 'stakes stored earlier that day count against the limit');
SELECT cmp_ok((SELECT sum(p.stake) FROM generate_picks('2030-09-07 14:00+00', 10, false, 'SIM', 1000) AS p), '>', 10.00, 'those of yesterday do not');

SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 16:00+00', 1, false, 'SIM', 1000)), 0::bigint, 'the day has its picks: what was stored earlier counts against top');

-- postponed, and set anew
INSERT INTO result (game_id, status, known_at, recorded_at, payload_id) VALUES (stable_id('SIM:2030:E:F:1'), 'postponed', '2030-09-06 12:00+00', now(), 1);
SELECT is((SELECT count(*) FROM upcoming_games('SIM', '2030-09-06 13:00+00') WHERE game_id = stable_id('SIM:2030:E:F:1')), 0::bigint, 'a postponed game is not offered');
INSERT INTO fixture SELECT game_id, '2030-09-10 15:00+00', true, false, NULL, NULL, '2030-09-06 14:00+00', now(), 1 FROM game WHERE game_id = stable_id('SIM:2030:E:F:1');
SELECT is((SELECT count(*) FROM upcoming_games('SIM', '2030-09-06 15:00+00') WHERE game_id = stable_id('SIM:2030:E:F:1')), 1::bigint, 'until it is set anew');

-- no price, no edge: fair odds alone are never one
SELECT is((SELECT row(s.edge, signal_tier(s.edge), s.probability)::text FROM signal_of(1, 'player_points', 'over', 20.5, NULL, NULL, '{0.9,0,0,0,0.1}', NULL) AS s), row(NULL::float8, NULL::text, 0.9::float8)::text, 'a prop without odds has a probability and no edge, nor a tier');
INSERT INTO public.word VALUES ('a', 'G', 'player_points', 'over', 'sim_soft_1', NULL, 0.9, 0.5, 0.9);
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000) AS p WHERE p.market = 'player_points'), 0::bigint, 'and is not picked');
DELETE FROM public.word WHERE price IS NULL;

-- a strategy's limits of odds hold for picks, as they were configured then
DELETE FROM ai_predictions;
DELETE FROM public.word WHERE home <> 'A' OR strategy <> 'a';
INSERT INTO public.word VALUES
	('a', 'C', 'h2h', 'home', 'sim_soft_1', 2.10, 0.50, 0.48, 0.50), ('a', 'E', 'h2h', 'home', 'sim_soft_1', 2.10, 0.50, 0.48, 0.50), ('a', 'G', 'h2h', 'home', 'sim_soft_1', 1.24, 0.85, 0.80, 0.50);
CREATE FUNCTION pg_temp.said(at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(t.name, '' ORDER BY t.name) FROM strategy_signals('SIM', at) AS s JOIN game AS g ON g.game_id = (s.said).game_id JOIN team AS t ON t.team_id = g.home_id $$;
SELECT is(pg_temp.said('2030-09-06 15:00+00'), 'ACE', 'shorter than 1.25 is not bet');
UPDATE strategy_configuration SET max_implied_probability = 1 WHERE strategy_name = 'a';
SELECT is(pg_temp.said('2030-09-06 15:00+00'), 'ACEG', 'unless it is configured so');
UPDATE strategy_configuration SET max_implied_probability = 0.8, max_price = 2.05 WHERE strategy_name = 'a';
SELECT is(pg_temp.said('2030-09-06 15:00+00'), NULL, 'nor what is too long');
UPDATE strategy_configuration SET max_price = 10, max_edge = 0.04 WHERE strategy_name = 'a';
SELECT is(pg_temp.said('2030-09-06 15:00+00'), NULL, 'or worth too much to be true');
UPDATE strategy_configuration SET max_edge = 0.25 WHERE strategy_name = 'a';

-- the limit of signals is one of the day, and of equals it is known who comes first
UPDATE strategy_configuration SET max_recommendations_per_day = 2 WHERE strategy_name = 'a';
SELECT is(pg_temp.said('2030-09-06 15:00+00'), (SELECT string_agg(x.name, '' ORDER BY x.name) FROM (SELECT t.name FROM public.word AS w JOIN team AS t ON t.name = w.home JOIN game AS g ON g.home_id = t.team_id
	WHERE w.price = 2.1 ORDER BY g.game_id LIMIT 2) AS x), 'of equally strong signals those of the lower game_id');
UPDATE sport SET time_zone = 'Europe/London' WHERE sport = 'SIM';
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 10:00+00', 1, true, 'SIM', 1000)), 1::bigint, 'one in the morning');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, true, 'SIM', 1000)), 1::bigint, 'one more in the afternoon: two are the day''s');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 22:00+00', 10, true, 'SIM', 1000)), 0::bigint, 'and then none');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 23:30+00', 10, true, 'SIM', 1000)), 1::bigint, 'the next day begins when it does in the sport''s time zone');
SELECT is((SELECT array_agg(DISTINCT (SELECT same FROM replay_pick(a.prediction_id))) FROM ai_predictions AS a), '{t}'::boolean[], 'each is decided the same again');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000, staked => '{"day": 0, "picks": {"SIM": {"a": 1}}}')), 1::bigint, 'a caller who keeps the books says how many there were');
SELECT is((SELECT count(*) FROM generate_picks('2030-09-06 15:00+00', 2, false, 'SIM', 1000, staked => '{"picks": {"SIM": {"b": 2}}}')), 0::bigint, 'which count against top, too');
SELECT is((SELECT p.detail #>> '{cuts,1,reason}' FROM generate_picks('2030-09-06 15:00+00', 1, false, 'SIM', 1000, staked => '{"book": {"sim_soft_1": 995}}') AS p), 'max_book', 'and what lies at a book');
SELECT throws_ok($$SELECT * FROM generate_picks('2030-09-06 15:00+00', 1, false, 'SIM', 1000, staked => '95')$$, '22023', 'staked must be an object as slate_stakes() takes it, not 95', 'a number is no such object');

-- two sports asked at one moment share its limits, in whatever order, and each says the same again
UPDATE strategy_configuration SET max_recommendations_per_day = 10 WHERE strategy_name = 'a';
INSERT INTO sport SELECT (jsonb_populate_record(s, '{"sport": "SIN", "builtin": false}')).* FROM sport AS s WHERE sport = 'SIM';
UPDATE game SET sport = 'SIN' WHERE home_id IN (stable_id('simulated:C'), stable_id('simulated:G'));
INSERT INTO strategy_configuration SELECT (jsonb_populate_record(c, '{"sport": "SIN"}')).* FROM strategy_configuration AS c WHERE strategy_name = 'a';
CREATE FUNCTION public.says_all(p_sport text, timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$
	SELECT (g.game_id, 'h2h', 'home', NULL, 'sim_soft_1', 2.1, '{0.58,0,0,0,0.42}', 0.58, 0.5, 0.218, 0.08, 21.8, 0.5, NULL)::bet_edge.signal FROM bet_edge.game AS g WHERE g.sport = p_sport $$;
UPDATE strategy_configuration SET signal_function = 'public.says_all' WHERE strategy_name = 'a';
DELETE FROM ai_predictions;
UPDATE staking_rule SET max_day = 0.02 WHERE staking = 'default';
CREATE FUNCTION pg_temp.stakes(sport text, at timestamptz, keep boolean DEFAULT true) RETURNS numeric LANGUAGE sql AS $$ SELECT coalesce(sum(stake), 0) FROM generate_picks(at, 10, keep, sport, 1000) $$;
SELECT results_eq($$SELECT pg_temp.stakes('SIM', '2030-09-06 15:00+00'), pg_temp.stakes('SIN', '2030-09-06 15:00+00'), pg_temp.stakes('SIM', '2030-09-06 15:00+00', false)$$,
	'VALUES (20.00, 0::numeric, 20.00)', 'the second finds the day staked, and the first is not told of it afterwards');
UPDATE staking_rule SET max_day = 0.03 WHERE staking = 'default';
SELECT is(pg_temp.stakes('SIN', '2030-09-06 15:00+00'), 10.00, 'or gets what is left of it');
SELECT is(pg_temp.stakes(NULL, '2030-09-06 15:00+00', false), 0.00, 'which is all of it, for who is asked for both then');

-- the day of one sport is its own, of all it is UTC's
DELETE FROM ai_predictions;
UPDATE sport SET time_zone = 'America/New_York' WHERE sport IN ('SIM', 'SIN');
SELECT results_eq($$SELECT pg_temp.stakes('SIM', '2030-09-06 23:30+00'), pg_temp.stakes('SIN', '2030-09-07 00:30+00'), pg_temp.stakes(NULL, '2030-09-07 00:31+00', false), pg_temp.stakes('SIN', '2030-09-07 04:30+00', false)$$,
	'VALUES (30.00, 0::numeric, 30.00, 30.00)', 'half past seven and half past eight in the evening are one day in New York');

-- who has no confidence has no vote
UPDATE strategy_configuration SET signal_function = 'public.says_a' WHERE strategy_name = 'a';
DELETE FROM public.word;
INSERT INTO public.word VALUES ('a', 'A', 'h2h', 'home', 'sim_soft_1', 2.10, 0.55, 0.48, 0.9), ('b', 'A', 'h2h', 'away', 'sim_soft_1', 4, 0.29, 0.25, NULL);
SELECT results_eq($$SELECT side, confidence FROM generate_picks('2030-09-06 15:00+00', 10, false, 'SIM', 1000)$$, $$VALUES ('home', 0.9::float8)$$, 'a signal without confidence decides nothing');
UPDATE book SET kind = 'exchange', commission = 0.05 WHERE book = 'sim_soft_1';
CREATE FUNCTION public.mute(sport text, as_of timestamptz) RETURNS SETOF signal LANGUAGE sql STABLE AS $$ SELECT (jsonb_populate_record(s, '{"edge": null}')).* FROM public.says_a(sport, as_of) AS s $$;
SELECT is(edge, NULL, 'nor does commission make an edge of none') FROM strategy_says('public.mute'::regproc, 'SIM', '2030-09-06 15:00+00', 1, 10, 1);

-- refused
SELECT throws_ok($$SELECT * FROM generate_picks(now(), 10, false, 'XFL')$$, '42704', 'unknown sport "XFL"', 'unknown sport');
SELECT throws_ok($$SELECT * FROM generate_picks(now(), 10, false, 'SIM', 1000, 'wild')$$, '42704', 'unknown staking rule "wild"', 'unknown staking rule');
SELECT throws_ok($$SELECT * FROM generate_picks(now(), 0)$$, '22023', NULL, 'top below 1');
SELECT throws_ok($$SELECT * FROM generate_picks(now(), 10, false, 'SIM', -1)$$, '22023', NULL, 'negative bankroll');
