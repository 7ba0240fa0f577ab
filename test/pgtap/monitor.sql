-- Monitoring: the stated rate of false alarms, an alarm soon after a model turns bad, retraining, and what it changed.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(24);

-- ---- alarms ---------------------------------------------------------------------------------
-- Three laws without degradation, 40,000 games each: steady, rare large losses, drifting with mean 0; no more than one alarm in 200 games.
SELECT ok(count(*) FILTER (WHERE a.is_alarm) <= 40000 / 200, format('%s: %s false alarms in 40,000 games, 200 are allowed', l.law, count(*) FILTER (WHERE a.is_alarm)))
FROM (SELECT law, array_agg(CASE law WHEN 'steady' THEN 0.5 * (u - 0.5) WHEN 'rare' THEN CASE WHEN u < 0.05 THEN 1.9 ELSE -0.1 END ELSE 1.8 * (u - 0.5) END ORDER BY n) AS d
	FROM unnest('{steady,rare,wild}'::text[]) AS law, generate_series(1, 40000) AS n, simulated_uniform(11, law || n) AS u GROUP BY law) AS l
CROSS JOIN LATERAL degradation_alarms(l.d, 0, 200) AS a GROUP BY l.law ORDER BY l.law;
SELECT cmp_ok(min(a.game), '<=', 1500, format('a model that turns bad after 1,000 games is told of after %s, at one false alarm in 2,000', min(a.game) - 1000))
FROM (SELECT array_agg(CASE WHEN n > 1000 THEN 0.1 ELSE 0 END + 0.8 * (simulated_uniform(12, n::text) - 0.5) ORDER BY n) AS d FROM generate_series(1, 3000) AS n) AS l
CROSS JOIN LATERAL degradation_alarms(l.d) AS a WHERE a.is_alarm;
SELECT is_empty($$SELECT FROM degradation_alarms((SELECT array_agg(0.05 + 0.4 * (simulated_uniform(13, n::text) - 0.5)) FROM generate_series(1, 3000) AS n), 0.1) WHERE is_alarm$$, 'what is tolerated is no alarm');
-- by hand: one share a line, the mean of four
SELECT is(array_agg(round(evidence::numeric, 6) ORDER BY game), ARRAY[(1 + 0.81 * 0.5 / 4)::numeric(10,6), round((((1.25 + 1) * 1.25 + (1.1 + 1) * 1.1 + (1.04 + 1) * 1.04 + (1.015 + 1) * 1.015) / 4)::numeric, 6)], 'evidence by hand')
FROM degradation_alarms('{1,1}', 0, 100);
SELECT throws_ok($$SELECT * FROM degradation_alarms('{0, 3}')$$, '22023', 'differences must lie within 2 on either side of 0, but number 2 is 3', 'a difference that Brier scores cannot have');
SELECT throws_ok($$SELECT * FROM degradation_alarms('{0}', 0, 1)$$, '22023', NULL, 'a rate that is none');

-- ---- a model that turns bad, and the next -----------------------------------------------------------
SELECT simulate_league(3, 10, 3) \g /dev/null
INSERT INTO training_run (sport, bet_type, framework, status, feature_function, params, rounds, refit_weeks, max_runtime_seconds)
VALUES ('SIM', 'moneyline', 'xgboost', 'finished', 'bet_edge.game_features', '{}', 1, 8, 60);
INSERT INTO model (name, sport, bet_type, framework, run_id, features, knowledge_cutoff, forest, sha256, stage)
SELECT 'SIM/moneyline/' || n, 'SIM', 'moneyline', 'xgboost', (SELECT max(run_id) FROM training_run), '{a,b}', '2010-01-01', f, forest_sha256(f), CASE n WHEN 1 THEN 'production' ELSE 'archived' END
FROM generate_series(1, 2) AS n, train_forest('SELECT i % 3 AS label, ARRAY[i, i % 7]::real[] AS features FROM generate_series(1, 50) AS i', '{"objective": "multi:softprob", "num_class": 3}', 2) AS f;
-- What it says: the truth in 2016 and 2017, nearly the opposite in 2018 until a second model says the truth again, from game 61 of that season on.
CREATE TEMP TABLE spoken AS
SELECT g.game_id, g.season, e.starts_at, row_number() OVER (PARTITION BY g.season ORDER BY e.starts_at, g.game_id) AS n, ARRAY[t.p_home, t.p_draw, t.p_away] AS truth
FROM game AS g JOIN sports_events AS e USING (game_id) JOIN simulated_truth AS t USING (game_id) WHERE g.sport = 'SIM';
INSERT INTO model_forecast (model_id, game_id, as_of, role, probs)
SELECT (SELECT m.model_id FROM model AS m WHERE m.name = 'SIM/moneyline/' || CASE WHEN s.season = 2018 AND s.n >= 61 OR s.season > 2018 THEN 2 ELSE 1 END), s.game_id, s.starts_at - interval '1 hour', 'champion',
	CASE WHEN s.season = 2018 AND s.n < 61 THEN ARRAY[0.05, 0.05, 0.9] ELSE s.truth END FROM spoken AS s;
SELECT cmp_ok((SELECT count(*) FROM monitored_forecasts('SIM')), '>=', (SELECT count(*) * 9 / 10 FROM spoken JOIN results() USING (game_id)), 'recorded forecasts of games with a close are watched');
SELECT is_empty($$SELECT FROM monitored_forecasts('SIM') AS f JOIN results() AS r USING (game_id) WHERE f.known_at <> r.known_at OR abs(f.brier - forecast_brier(f.probs, f.outcome)) > 1e-12 OR array_length(f.market, 1) <> 3$$, 'with its result and the close');
SELECT ok(abs(m.brier - a.brier) < 1e-12 AND abs(m.market_brier - a.market) < 1e-12 AND m.n = 50, 'forecast_monitor: the last 50 games')
FROM (SELECT * FROM forecast_monitor('SIM', NULL, 50) ORDER BY week DESC LIMIT 1) AS m,
	(SELECT avg(x.brier) AS brier, avg(x.market_brier) AS market FROM (SELECT * FROM monitored_forecasts('SIM') ORDER BY known_at DESC, game_id DESC LIMIT 50) AS x) AS a;
SELECT is((SELECT count(*) FROM forecast_monitor('SIM', NULL, 50, tolerance => 0.05, false_alarm_games => 300) WHERE is_alarm AND week < '2018-08-01'), 0::bigint, 'no alarm while it says the truth');
SELECT cmp_ok((SELECT count(*) FROM forecast_monitor('SIM', NULL, 50, tolerance => 0.05, false_alarm_games => 300) WHERE is_alarm AND week >= '2018-08-01'), '>=', 1::bigint, 'one soon after it no longer does');
SELECT min(starts_at) AS turned FROM spoken WHERE season = 2018 AND n = 61 \gset
SELECT is((SELECT reason FROM monitor_models('SIM', '2016-09-15')), (SELECT count(*) || ' games are too few to judge by: 100 are asked for' FROM monitored_forecasts('SIM', NULL, '2016-09-15')), 'few games are no verdict');
SELECT is((SELECT is_degraded || ' ' || reason FROM monitor_models('SIM', '2018-08-01', max_difference => 0.05, tolerance => 0.05)), 'false as it should be', 'a good model');
SELECT is((SELECT is_degraded FROM monitor_models('SIM', :'turned', games => 60, min_games => 40, max_difference => 0.05, tolerance => 0.05, retrain => true)), true, 'a bad one');
SELECT results_eq('SELECT kind, subject, cleared_at IS NULL FROM alert', $$VALUES ('model_degraded', 'SIM/moneyline', true)$$, 'is an alert');
SELECT is((SELECT count(*) FROM training_run WHERE sport = 'SIM' AND status = 'queued'), 1::bigint, 'and a training in the queue');
SELECT is((SELECT run_id FROM monitor_models('SIM', :'turned', games => 60, min_games => 40, max_difference => 0.05, tolerance => 0.05, retrain => true)), NULL, 'which is not asked for twice');
SELECT is((SELECT is_degraded FROM monitor_models('SIM', min_games => 20, max_difference => 0.05, tolerance => 0.05)), false, 'the next model is good again');
SELECT ok(bool_and(cleared_at IS NOT NULL), 'and the alert is cleared') FROM alert;
SELECT ok(count(*) = 1 AND bool_and(games_before = 60 AND games_after >= 25 AND change < 0 AND upper < 0 AND abs(change - (difference_after - difference_before)) < 1e-12), 'retraining_effect: before, after and the change with its interval')
FROM retraining_effect('SIM', 60);
SELECT throws_ok($$SELECT * FROM monitor_models('NOPE')$$, '42704', 'unknown sport "NOPE"', 'an unknown sport');
SELECT throws_ok($$SELECT * FROM monitor_models('SIM', games => 0)$$, '22023', NULL, 'no games');
SELECT * FROM finish();
ROLLBACK;
