-- Every bet type of a sport or of every sport, one after the other, whatever becomes of one.
SET search_path = bet_edge, public;
SET client_min_messages = error;
SELECT plan(8);
SELECT simulate_league(3, 8, 6) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
SELECT throws_ok($$CALL train_all(sport => 'XFL')$$, '42704', 'unknown sport "XFL"', 'an unknown sport');
SELECT throws_ok($$CALL train_all(1000, 'SIM')$$, 'P0002', (SELECT format('No games found for training: SIM has %s finished games, not 1000', count(*)) FROM sports_events WHERE status = 'final'), 'a sport with too few games');
SELECT throws_ok($$CALL train_all(sport => 'EPL')$$, 'P0002', 'No games found for training: EPL has 0 finished games, not 500', 'or none');
INSERT INTO training_setting (sport, bet_type, framework, market, rounds) SELECT 'SIM', b, 'xgboost', 'none', 2 FROM unnest('{moneyline,spread,total}'::text[]) AS b;
SELECT queue_training('SIM', 'spread', refit_weeks => 60, params => '{"nonsense": 1}') \g /dev/null
CALL train_all(100);
SELECT results_eq('SELECT bet_type, status FROM training_run ORDER BY run_id', $$VALUES ('spread', 'failed'), ('moneyline', 'finished'), ('total', 'finished')$$, 'every bet type that did not wait already, and a failure stops none');
SELECT matches(message, 'nonsense', 'it says why') FROM training_run WHERE status = 'failed';
SELECT is((SELECT array_agg(bet_type ORDER BY bet_type) FROM model WHERE stage = 'production'), '{moneyline,total}', 'what was trained speaks');
CALL train_all(100, 'SIM');
SELECT results_eq('SELECT bet_type, status FROM training_run WHERE run_id > 3 ORDER BY run_id', $$VALUES ('moneyline', 'finished'), ('spread', 'finished'), ('total', 'finished')$$, 'every bet type of a sport');
SELECT is((SELECT count(*) FROM training_status(1) WHERE status = 'failed'), 1::bigint, 'what failed is not tried again by itself');
SELECT * FROM finish();
