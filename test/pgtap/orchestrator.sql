-- The orchestrator's rules, every branch by hand; what is absent is off; versions are kept.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SELECT plan(79);
DELETE FROM strategy WHERE strategy_name <> ALL ('{elo_value,model_value,sharp_consensus}');	-- three are enough here

-- ---- on or off -------------------------------------------------------------------------------
SELECT is(strategy_enabled(roi, bets, win_rate), wanted, format('roi %s, %s bets, win rate %s: %s', roi, bets, win_rate, wanted))
FROM (VALUES
	(-10.01::float8, 500, 0.60::float8, false),	-- below -10: off whatever else
	(-10.01, 19, 0.90, false),
	(-10, 500, 0.60, false),					-- at -10 the rule goes on to n, and roi > 0 fails
	(-10, 19, 0.90, false),
	(0, 20, 0.60, false),						-- from 20 bets on: above 0, not at it
	(0.01, 20, 0.10, true),						-- and the win rate does not matter
	(0.01, 20, NULL, true),
	(0.01, 19, 0.90, false),					-- with 19 it takes more than 5
	(5, 19, 0.90, false),
	(5.01, 19, 0.55, false),					-- and more than 0.55
	(5.01, 19, 0.5501, true),
	(5.01, 1, 1, true),
	(5.01, 19, NULL, false),
	(50, 0, 0.90, false),						-- no bets
	(50, NULL, 0.90, false),
	(NULL, 100, 0.90, false),
	(NULL, NULL, NULL, false),
	('NaN', 100, 0.90, false),
	('Infinity', 100, 0.90, false)) AS v (roi, bets, win_rate, wanted);

-- ---- how loudly --------------------------------------------------------------------------------
SELECT is(ARRAY(SELECT strategy_multiplier(r) FROM unnest('{-50,-0.01,0,15,15.01,90,NULL}'::float8[]) WITH ORDINALITY AS t (r, n) ORDER BY n),
	'{0.9,0.9,1,1,1.2,1.2,1}'::float8[], 'the multiplier: 1.2 above 15, 0.9 below 0, 1 in between, at both ends and when unknown');
SELECT is(ARRAY(SELECT strategy_threshold_adjustment(r, 20) FROM unnest('{-90,-15,-5,0,10,15,90,NULL}'::float8[]) WITH ORDINALITY AS t (r, n) ORDER BY n),
	'{0.3,0.3,0.1,0,-0.2,-0.3,-0.3,0.3}'::float8[], 'the threshold moves by -roi/50 within 0.3; unknown meets the highest bar');
SELECT is(strategy_threshold_adjustment(90, 19), 0.3::float8, 'so do fewer than 20 bets');
SELECT is(strategy_weight(NULL, NULL), 0.5::float8, 'weight 0.5 when unknown');
SELECT is(strategy_weight(90, 0), 0.5::float8, 'and without bets');
SELECT is(strategy_weight(20, 100), 0.75::float8, '100 bets carry half of the way');
SELECT is(strategy_weight(-10, 300), 0.3125::float8, 'down as well as up: 0.5 - 0.5 * 0.5 * 0.75');
SELECT ok(min(w) >= 0 AND max(w) <= 1, 'a weight stays within 0 and 1')
FROM (SELECT strategy_weight(r, n) AS w FROM unnest('{-100,-20,0,20,1e6}'::float8[]) AS r, unnest('{0,1,20,2000000000}'::int[]) AS n) AS t;
SELECT is(strategy_trend(10, 4.9, 1), 'IMPROVING', 'more than 5 points up');
SELECT is(strategy_trend(10, 5, 1), 'STABLE', '5 points are not enough');
SELECT is(strategy_trend(10, 4, 7), 'STABLE', 'nor is less than a standard error');
SELECT is(strategy_trend(-4, 4, 7), 'DECLINING', 'more than both down');
SELECT is(strategy_trend(10, NULL, 7), 'STABLE', 'nothing to compare with');

-- ---- which row counts ----------------------------------------------------------------------------
INSERT INTO strategy_performance (strategy_name, sport, backtest_date, window_from, window_to, total_bets, win_rate, roi_per_100, roi_lower, roi_upper) VALUES
	('model_value', 'EPL', '2024-01-08', '2023-01-08', '2024-01-08', 50, 0.5, 9, -5, 23),
	('model_value', 'EPL', '2024-02-05', '2023-02-05', '2024-02-05', 60, 0.5, 16, 2, 30),
	('elo_value', 'EPL', '2024-02-05', '2023-02-05', '2024-02-05', 0, NULL, NULL, NULL, NULL);
SELECT results_eq($$SELECT strategy_name, is_enabled, confidence_multiplier, threshold_adjustment, sample_size, performance_trend, reason
		FROM strategy_verdict('EPL', '2024-02-05 00:00+00')$$,
	$$VALUES ('elo_value', false, 1::float8, 0.3::float8, 0, 'STABLE', 'off: no bets in the backtest'),
		('model_value', true, 1.2, -0.3, 60, 'STABLE', 'on: ROI 16.0 % over 60 bets, above 0'),
		('sharp_consensus', false, 1, 0.3, 0, 'STABLE', 'off: no backtest in the last 7 days')$$,
	'judged by the latest row of the week; no bets and no row are off and no error');
SELECT is((SELECT is_enabled FROM strategy_verdict('EPL', '2024-02-11 23:59+00', 'model_value')), true, 'six days old counts');
SELECT is((SELECT reason FROM strategy_verdict('EPL', '2024-02-12 00:00+00', 'model_value')), 'off: no backtest in the last 7 days', 'seven days old does not');
SELECT is((SELECT sample_size FROM strategy_verdict('EPL', '2024-02-04 23:59+00', 'model_value')), 0, 'a row is not known before its Monday');
SET timezone = 'Asia/Tokyo';
SELECT is((SELECT sample_size FROM strategy_verdict('EPL', '2024-02-04 23:59+00', 'model_value')), 0, 'whatever the time zone of the session');
SET timezone = 'UTC';
UPDATE strategy_performance SET roi_upper = 20, roi_lower = 12 WHERE backtest_date = '2024-02-05' AND strategy_name = 'model_value';
SELECT is((SELECT performance_trend FROM strategy_verdict('EPL', '2024-02-05', 'model_value')), 'IMPROVING', 'the trend is against four weeks before');
UPDATE strategy SET signal_function = 'bet_edge.nothing_there' WHERE strategy_name = 'model_value';
SELECT is((SELECT reason FROM strategy_verdict('EPL', '2024-02-05', 'model_value')), 'off: no function bet_edge.nothing_there(text, timestamptz)',
	'a strategy without its function is off');
UPDATE strategy SET signal_function = 'bet_edge.strategy_model_value' WHERE strategy_name = 'model_value';

-- ---- versions ------------------------------------------------------------------------------------
SELECT is(ARRAY[refresh_strategies('EPL', '2024-02-05'), refresh_strategies('EPL', '2024-02-06')], '{3,0}'::int[], 'the first refresh writes, the same verdict again does not');
SELECT is(refresh_strategies('EPL', '2024-02-12'), 2, 'a week without a backtest switches off what was judged');
SELECT results_eq($$SELECT is_enabled FROM strategy_configuration_at('EPL', '2024-02-11') WHERE strategy_name = 'model_value'
		UNION ALL SELECT is_enabled FROM strategy_configuration_at('EPL', '2024-02-12') WHERE strategy_name = 'model_value'$$,
	'VALUES (true), (false)', 'and the past version can still be asked for');
-- By hand, at once and above the rule.
SELECT is(switch_strategy('elo_value', 'on', 'I know better', 'EPL'), 1, 'switched on');
SELECT is((SELECT is_enabled || ' ' || reason FROM strategy_orchestrator WHERE sport = 'EPL' AND strategy_name = 'elo_value'), NULL, 'the view has no sport without games');
SELECT is((SELECT is_enabled || ' ' || reason FROM strategy_configuration_at('EPL') WHERE strategy_name = 'elo_value'), 'true on by hand: I know better', 'it speaks, and says why');
SELECT is((SELECT is_enabled FROM strategy_verdict('EPL', now(), 'elo_value', 'source')), false, 'a rule that is asked for is asked');
SELECT is((SELECT reason FROM strategy_verdict('EPL', '2024-02-05', 'elo_value')), 'off: no bets in the backtest', 'and the past does not obey today''s hand');
SELECT is((SELECT is_enabled FROM strategy_verdict('NFL', now(), 'elo_value')), false, 'another sport is judged');
UPDATE strategy_switch SET known_at = known_at - interval '1 day';
SELECT switch_strategy('elo_value', 'off', 'all of them') \g /dev/null
SELECT is((SELECT reason FROM strategy_verdict('EPL', now(), 'elo_value')), 'off by hand: all of them', 'the later switch holds');
SELECT switch_strategy('elo_value', 'judged', 'enough', 'EPL') \g /dev/null
SELECT is((SELECT reason FROM strategy_verdict('EPL', now(), 'elo_value')), 'off: no backtest in the last 7 days', 'of the same moment the later one, and then the rule');
SELECT switch_strategy('elo_value', 'on', 'all again') \g /dev/null
SELECT is((SELECT reason FROM strategy_verdict('EPL', now(), 'elo_value')), 'on by hand: all again', 'whether it is of the sport or of all');
SELECT switch_strategy('elo_value', 'off', 'no, none') \g /dev/null
SELECT is((SELECT reason FROM strategy_verdict('EPL', now(), 'elo_value')), 'off by hand: no, none', 'a second thought of the same moment');
SELECT results_eq($$SELECT sport, decision FROM strategy_switch WHERE strategy_name = 'elo_value' ORDER BY switch_id$$,
	$$VALUES ('EPL', 'on'), ('*', 'off'), ('EPL', 'judged'), ('*', 'on'), ('*', 'off')$$, 'and every one stays a row');
SELECT throws_ok($$SELECT switch_strategy('elo_value', 'loud', 'why')$$, '22023', 'decision must be on, off or judged, not loud', 'there is no other decision');
ALTER TABLE strategy_configuration ADD CONSTRAINT stuck CHECK (strategy_name <> 'model_value' OR reason NOT LIKE '%by hand%');
SELECT refresh_strategies('EPL') \g /dev/null
UPDATE strategy_configuration SET is_enabled = true WHERE strategy_name = 'model_value' AND effective_at = (SELECT max(effective_at) FROM strategy_configuration WHERE strategy_name = 'model_value');
SELECT throws_like($$SELECT switch_strategy('model_value', 'off', 'stop', 'EPL')$$, 'strategy "model_value" could not be switched off in EPL: %', 'an off that is none is an error');
SELECT is((SELECT count(*) FROM strategy_switch WHERE strategy_name = 'model_value'), 0::bigint, 'and leaves nothing behind');
ALTER TABLE strategy_configuration DROP CONSTRAINT stuck;
SELECT throws_ok($$SELECT switch_strategy('nobody', 'on', 'why')$$, '42704', 'unknown strategy "nobody"', 'nor such a strategy');
-- A strategy whose verdict cannot be written keeps its last version; the others are refreshed.
INSERT INTO strategy_performance (strategy_name, sport, backtest_date, window_from, window_to, total_bets, win_rate, roi_per_100)
SELECT s, 'EPL', '2024-02-19', '2023-02-19', '2024-02-19', 40, 0.5, 3 FROM unnest('{elo_value,model_value}'::text[]) AS s;
ALTER TABLE strategy_configuration ADD CONSTRAINT broken CHECK (strategy_name <> 'elo_value' OR sample_size = 0);
SET client_min_messages = error;
SELECT is(refresh_strategies('EPL', '2024-02-19'), 1, 'one strategy fails, the other is written');
SET client_min_messages = warning;
SELECT results_eq($$SELECT strategy_name, effective_at::date FROM strategy_configuration_at('EPL', '2024-02-19') WHERE strategy_name <> 'sharp_consensus'$$,
	$$VALUES ('elo_value', date '2024-02-12'), ('model_value', '2024-02-19')$$, 'and the one that failed keeps its last good version');
DELETE FROM strategy WHERE strategy_name = 'model_value';
SET client_min_messages = error;
SELECT is(refresh_strategies('EPL', '2024-02-20'), 1, 'a strategy that left the table');
SELECT is((SELECT reason FROM strategy_configuration_at('EPL', '2024-02-20') WHERE strategy_name = 'model_value' AND NOT is_enabled), 'off: no longer in the table strategy',
	'is switched off');
SELECT throws_ok($$SELECT refresh_strategies('NOPE')$$, '42704', 'unknown sport "NOPE"', 'an unknown sport is refused');
SELECT throws_ok($$SELECT replay_strategies('EPL', '2024-02-02', '2024-02-01')$$, '22023', NULL, 'so is a period that ends before it begins');
SELECT is((SELECT array_agg(begins ORDER BY begins) FROM sport_mondays('EPL', '2024-03-24 12:00+00', '2024-04-08 00:00+01')),
	ARRAY['2024-03-25 00:00+00', '2024-04-01 00:00+01', '2024-04-08 00:00+01']::timestamptz[], 'Mondays begin at midnight of the sport''s own clock');

-- ---- the shrunk rule ----------------------------------------------------------------------------------
SET client_min_messages = warning;
DELETE FROM strategy_performance;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description) SELECT s, 'test', 'bet_edge.strategy_elo_value', s FROM unnest('{lucky,unlucky,closing,bad}'::text[]) AS s;
INSERT INTO strategy_performance (strategy_name, sport, backtest_date, window_from, window_to, total_bets, win_rate, roi_per_100, roi_lower, roi_upper, clv, clv_bets, clv_lower, clv_upper) VALUES
	('lucky', 'EPL', '2024-03-04', '2023-03-04', '2024-03-04', 100, 0.5, 20, 0.4, 39.6, NULL, 0, NULL, NULL),			-- standard error 10, no close
	('closing', 'EPL', '2024-03-04', '2023-03-04', '2024-03-04', 100, 0.5, 5, -14.6, 24.6, 0.04, 90, 0.0302, 0.0498),	-- standard error 10; closes at 4 +- 0.5
	('unlucky', 'EPL', '2024-03-04', '2023-03-04', '2024-03-04', 100, 0.5, -11, -30.6, 8.6, 0.05, 90, 0.0402, 0.0598),	-- the same at -11 and 5
	('bad', 'EPL', '2024-03-04', '2023-03-04', '2024-03-04', 100, 0.5, 30, 10.4, 49.6, -0.05, 90, -0.06, -0.04);
CREATE TEMP VIEW said AS SELECT * FROM strategy_posterior('EPL', '2024-03-05');
SELECT is(strategy_name || ' ' || round(expected::numeric, 6), 'closing 4.000000', 'closing line value is what is expected') FROM said WHERE strategy_name = 'closing';
SELECT ok(abs(posterior - (4 / 4.25 + 5 / 100.0) / (1 / 4.25 + 1 / 100.0)) < 1e-9 AND abs((upper - lower) / 3.92 - 1 / sqrt(1 / 4.25 + 1 / 100.0)) < 1e-9
	AND abs(prob_loss - pit_normal(0, posterior, (upper - lower) / 3.92)) < 1e-12, 'the posterior of two normal laws') FROM said WHERE strategy_name = 'closing';
SELECT is(expected, 0::float8, 'without a close the strategies'' mean, never above 0') FROM said WHERE strategy_name = 'lucky';
SELECT ok(abs(posterior - 20 * 4 / 104.0) < 1e-9, '20 % over 100 bets are worth less than 1') FROM said WHERE strategy_name = 'lucky';
SELECT set_eq('SELECT strategy_name FROM said WHERE passes', '{closing,unlucky}'::text[], 'what passes: closing line value outlives bad luck, and good luck is not enough');
SELECT ok(bool_and(abs(false_share - mean) < 1e-12), 'false_share: the mean of prob_loss up to here') FROM (
	SELECT s.false_share, avg(s.prob_loss) OVER (PARTITION BY s.strategy_name = 'bad' ORDER BY s.prob_loss) AS mean FROM said AS s) AS f;
UPDATE orchestrator_rule SET false_discovery_rate = 0.001 WHERE rule = 'shrunk';
SELECT is_empty('SELECT FROM said WHERE passes', 'a smaller rate of false discoveries lets nothing through');
UPDATE orchestrator_rule SET false_discovery_rate = 0.1 WHERE rule = 'shrunk';
SELECT set_eq($$SELECT strategy_name FROM strategy_verdict('EPL', '2024-03-05') WHERE is_enabled$$, '{lucky,closing,bad}'::text[], 'the source''s rule takes luck for skill');
SELECT select_rule('shrunk');
SELECT set_eq($$SELECT strategy_name FROM strategy_verdict('EPL', '2024-03-05') WHERE is_enabled$$, '{closing,unlucky}'::text[], 'the rule that is selected speaks');
SELECT is(reason, 'on: ROI 5.0 % over 100 bets, closing line value 4.0 % over 90, shrunk to 4.0 [0.1, 8.0]; 1.9 % of those as good or better lose', 'and says why')
FROM strategy_verdict('EPL', '2024-03-05') WHERE strategy_name = 'closing';
SELECT is(weight_in_ensemble, 1 - prob_loss, 'the weight is the probability of winning') FROM strategy_verdict('EPL', '2024-03-05') AS v JOIN said USING (strategy_name) WHERE strategy_name = 'closing';
SELECT throws_ok($$SELECT select_rule('nope')$$, '42704', 'unknown rule "nope"', 'an unknown rule');

-- ---- rules side by side ----------------------------------------------------------------------------------
-- Four Mondays; lucky is on by the source's rule in the first two weeks and loses, closing is on by both and wins.
INSERT INTO backtest_trial (strategy_name, sport, settings) VALUES ('lucky', 'EPL', '{}');
INSERT INTO team SELECT stable_id('england:team ' || n), 'england', 'team ' || n FROM generate_series(1, 2) AS n;
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key, month) SELECT stable_id('g' || n), 'EPL', 2023, stable_id('england:team 1'), stable_id('england:team 2'), 'g' || n, '2024-03-01' FROM generate_series(1, 8) AS n;
DELETE FROM strategy_performance WHERE strategy_name NOT IN ('lucky', 'closing');
INSERT INTO strategy_performance SELECT strategy_name, sport, date '2024-03-04' + 7 * w, window_from, window_to, total_bets, win_rate, CASE WHEN strategy_name = 'lucky' AND w > 1 THEN -1 ELSE roi_per_100 END,
	clv, roi_lower, roi_upper, clv_bets, clv_lower, clv_upper, created_at FROM strategy_performance, generate_series(1, 3) AS w;
INSERT INTO strategy_bet (trial_id, strategy_name, sport, as_of, game_id, market, side, book, price, probability, market_probability, edge, result, profit, settled_at)
SELECT max(t.trial_id) OVER (), s.name, 'EPL', timestamptz '2024-03-05 12:00+00' + (n - 1) / 2 * interval '7 days', stable_id('g' || n), 'h2h', 'home', 'pinnacle', 2, 0.5, 0.5, 0,
	CASE WHEN s.wins THEN 'win' ELSE 'loss' END, CASE WHEN s.wins THEN 1 ELSE -1 END, '2024-04-30'
FROM backtest_trial AS t, (VALUES ('lucky', false), ('closing', true)) AS s (name, wins), generate_series(1, 8) AS n;
SELECT results_eq($$SELECT rule, sport, weeks, weeks_on, turned_on, turned_on_lost, bets, games, roi FROM compare_rules('2024-03-01', '2024-04-01') WHERE sport IS NULL$$, $$VALUES
	('(all on)', NULL, 6::bigint, 6::bigint, 2::bigint, 1::bigint, 12::bigint, 6::bigint, 0::float8),
	('shrunk', NULL, 6, 3, 1, 0, 6, 6, 1),
	('source', NULL, 6, 4, 2, 1, 8, 6, 0.5)$$, 'compare_rules: what each rule turned on, and what came of it');
SELECT results_eq($$SELECT rule, weeks, bets, roi FROM compare_rules('2024-03-01', '2024-03-18 12:00+00') WHERE sport IS NULL AND rule <> 'shrunk'$$, $$VALUES
	('(all on)', 4::bigint, 4::bigint, 0::float8), ('source', 4, 4, 0)$$, 'bets after until have no part in it, though the last verdict still stood');
SELECT is((SELECT count(*) FROM compare_rules('2024-03-01', '2024-04-01', '{NFL}')), 0::bigint, 'of sports without backtests there is nothing to compare');
SELECT * FROM finish();
ROLLBACK;
