-- The reader and the operator of docs/operate.md: what they can do, and what they and PUBLIC cannot.
SELECT 'nobody_' || pg_backend_pid() AS nobody, 'reader_' || pg_backend_pid() AS reader, 'operator_' || pg_backend_pid() AS operator \gset
SET search_path = public;
CREATE ROLE :nobody;
CREATE ROLE :reader;
GRANT USAGE ON SCHEMA bet_edge TO :reader, :nobody;
GRANT SELECT ON ALL TABLES IN SCHEMA bet_edge TO :reader;
CREATE ROLE :operator;
GRANT :reader TO :operator;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bet_edge TO :operator;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA bet_edge TO :operator;

SET client_min_messages = warning;
SELECT plan(15);
SET ROLE :nobody;
SELECT is(cardinality(bet_edge.remove_overround('{1.9,1.9}')), 2, 'anybody calculates');
SELECT throws_ok('SELECT * FROM bet_edge.sports_events', '42501', NULL, 'but reads no table');
SELECT throws_ok('SELECT bet_edge.health()', '42501', NULL, 'nor through a function');

SET ROLE :operator;
SELECT lives_ok('SELECT bet_edge.simulate_league(seed => 3, teams => 4, seasons => 1)', 'the operator loads');
SELECT lives_ok('SELECT bet_edge.refresh_ratings()', 'rates');
SELECT lives_ok('SELECT bet_edge.refresh_strategies()', 'refreshes the strategies');
SELECT lives_ok('SELECT count(*) FROM bet_edge.generate_picks()', 'asks for picks');
SELECT lives_ok('SELECT bet_edge.settle_bets()', 'settles');
SELECT count(*) FROM bet_edge.load_shipped_models() \g /dev/null

SET ROLE :reader;
SELECT cmp_ok((bet_edge.health() ->> 'games')::int, '>', 0, 'the reader asks how the house stands');
SELECT lives_ok('SELECT * FROM bet_edge.game_features(''SIM'', ''-infinity'', ''infinity'')', 'and reads features');
SELECT lives_ok('SELECT bet_edge.model_info()', 'what models there are');
SELECT is((bet_edge.predict_halftime(array_fill(0, '{18}'), return_explanation => false)) ? 'interval_lower', true, 'and for a forecast of the half, as a role of a web server does');
SELECT throws_ok('SELECT bet_edge.refresh_ratings()', '42501', 'permission denied for function refresh_ratings', 'but rates nothing');
SELECT throws_ok('CALL bet_edge.ingest()', '42501', 'permission denied for procedure ingest', 'loads nothing');
SELECT throws_ok('DELETE FROM bet_edge.game', '42501', 'permission denied for table game', 'and deletes nothing');
RESET ROLE;
SELECT * FROM finish();
DROP OWNED BY :nobody, :reader, :operator;
DROP ROLE :nobody, :reader, :operator;
