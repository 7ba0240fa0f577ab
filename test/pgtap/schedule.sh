#!/bin/sh
# Jobs in a real pg_cron: scheduled, replaced, run within the minute, recorded, unscheduled. A cluster of its own, whose
# launcher has its database from the start and sees no other test.
if [ -z "$OWN_CLUSTER" ]; then
	OWN_CLUSTER=1 PGPORT=$(make/free_port) exec pg_virtualenv -t -v "$PGVERSION" \
		-o extension_destdir="$STAGE" -o jit=off -o fsync=off -o shared_preload_libraries=pg_cron \
		-o cron.use_background_workers=on -o max_worker_processes=32 sh "$0"
fi
export PGDATABASE=postgres
psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=terse <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION pgtap;
CREATE EXTENSION pg_cron;
CREATE EXTENSION bet_edge;
CREATE TABLE marker (at timestamptz);
-- Nothing leaves this machine.
UPDATE bet_edge.feed SET is_enabled = false;

-- Waits until the query gives true, at most so many seconds.
CREATE PROCEDURE wait_until(query text, seconds int) LANGUAGE plpgsql AS $$
DECLARE
	done boolean := false;
	until timestamptz := clock_timestamp() + make_interval(secs => seconds);
BEGIN
	LOOP
		EXECUTE query INTO done;
		EXIT WHEN done OR clock_timestamp() > until;
		COMMIT;
		PERFORM pg_sleep(0.2);
	END LOOP;
END $$;

SELECT plan(34);
CALL wait_until($$SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'pg_cron launcher')$$, 60);
SELECT ok(EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'pg_cron launcher'), 'its launcher runs');
SELECT ok(bet_edge.pg_cron_version() IS NOT NULL, 'pg_cron is there');

-- Other people's jobs, whatever their name is like.
SELECT ok(cron.schedule('somebody_elses', '0 5 * * *', 'SELECT 1') > 0, 'a job of somebody else');
SELECT ok(cron.schedule('betxedge_picks', '0 5 * * *', 'SELECT 1') > 0, 'a job whose name is only like ours');

SELECT set_eq('SELECT bet_edge.schedule_jobs()', $$SELECT 'bet_edge_' || job_name FROM bet_edge.schedule WHERE is_enabled$$, 'every enabled job is scheduled');
SELECT set_eq($$SELECT jobname::text, schedule, command, database, username FROM cron.job WHERE jobname LIKE 'bet\_edge\_%'$$,
	$$SELECT 'bet_edge_' || job_name, bet_edge.cron_for(cron, bet_edge.pg_cron_version()), command, current_database()::text, current_user::text FROM bet_edge.schedule WHERE is_enabled$$, 'as the table says');
CREATE TABLE before AS SELECT * FROM cron.job;
SELECT ok(count(*) > 0, 'scheduling again') FROM bet_edge.schedule_jobs();
SELECT set_eq('SELECT jobid, jobname, schedule, command FROM cron.job', 'SELECT jobid, jobname, schedule, command FROM before', 'changes nothing');

UPDATE bet_edge.schedule SET cron = '7 4 * * *' WHERE job_name = 'collect';
UPDATE bet_edge.schedule SET is_enabled = false WHERE job_name = 'train';
INSERT INTO bet_edge.schedule (job_name, cron, command) VALUES
	('marker', '* * * * *', 'INSERT INTO public.marker VALUES (now())'),
	('broken', '* * * * *', 'SELECT 1/0');
-- Every shipped command as a job of this minute too, on a league to work with.
SELECT bet_edge.simulate_league(seed => 3, teams => 4, seasons => 1) \g /dev/null
INSERT INTO bet_edge.schedule (job_name, cron, command)
	SELECT 'now_' || job_name, '* * * * *', command FROM bet_edge.schedule WHERE job_name NOT IN ('marker', 'broken');
SELECT ok(count(*) > 0, 'changed rows are scheduled') FROM bet_edge.schedule_jobs();
SELECT is(schedule, '7 4 * * *', 'a changed cron replaces the old one') FROM cron.job WHERE jobname = 'bet_edge_collect';
SELECT is_empty($$SELECT FROM cron.job WHERE jobname = 'bet_edge_train'$$, 'a disabled job is removed');

SELECT cron.alter_job(jobid, active => false) FROM cron.job WHERE jobname = 'bet_edge_settle' \g /dev/null
SELECT is(is_scheduled, false, 'a job that was made inactive is not scheduled') FROM bet_edge.job_status() WHERE job_name = 'settle';
SELECT count(*) FROM bet_edge.schedule_jobs() \g /dev/null
SELECT is(is_scheduled, true, 'until schedule_jobs() is called') FROM bet_edge.job_status() WHERE job_name = 'settle';

BEGIN;
INSERT INTO bet_edge.schedule (job_name, cron, command) VALUES ('nonsense', 'every tuesday', 'SELECT 1');
SELECT throws_ok('SELECT bet_edge.schedule_jobs()', '22023',
	format('job "nonsense" with cron "every tuesday" was refused by pg_cron %s', bet_edge.pg_cron_version()), 'a cron that pg_cron does not read is refused by name');
ROLLBACK;

CALL wait_until($$SELECT bool_and(last_status IS NOT NULL AND last_status IN ('succeeded', 'failed')) FROM bet_edge.job_status() WHERE cron = '* * * * *'$$, 240);
SELECT diag(concat_ws(' ', 'runs:', (SELECT string_agg(DISTINCT concat_ws(' ', status, return_message), '; ') FROM cron.job_run_details),
		'launcher:', (SELECT concat_ws(' ', backend_start, state, wait_event, query) FROM pg_stat_activity WHERE backend_type = 'pg_cron launcher')))
	FROM bet_edge.job_status() WHERE job_name = 'marker' AND last_status IS NULL;
SELECT ok(EXISTS (SELECT FROM marker), 'a scheduled job ran within the minute');
SELECT results_eq($$SELECT DISTINCT status, message FROM bet_edge.job_run WHERE job_name = 'marker' AND ended_at IS NOT NULL$$,
	$$VALUES ('succeeded', 'INSERT 0 1')$$, 'and its success is recorded');
SELECT ok(bool_and(status = 'failed' AND message LIKE '%division by zero%'), 'a failure is recorded with its error')
	FROM bet_edge.job_run WHERE job_name = 'broken' AND ended_at IS NOT NULL;
SELECT results_eq($$SELECT job_name, is_enabled, is_scheduled, last_status FROM bet_edge.job_status() WHERE job_name IN ('broken', 'collect', 'marker', 'train')$$,
	$$VALUES ('broken', true, true, 'failed'), ('collect', true, true, NULL), ('marker', true, true, 'succeeded'), ('train', false, false, NULL)$$, 'job_status() shows all of it');
SELECT is_empty($$SELECT job_name, last_status, last_message FROM bet_edge.job_status() WHERE job_name LIKE 'now\_%' AND last_status IS DISTINCT FROM 'succeeded'$$,
	'every shipped command succeeds as a job');
SELECT is(count(*), (SELECT count(*) FROM bet_edge.schedule WHERE job_name !~ '^(now_|marker$|broken$)'), 'all of them') FROM bet_edge.job_status() WHERE job_name LIKE 'now\_%';
UPDATE bet_edge.schedule SET cron = '1 1 * * *' WHERE job_name = 'picks';
-- What job_health() says of them, and the alerts.
SELECT results_eq($$SELECT name, is_running, last_success_at IS NOT NULL, failures > 0, last_error, next_run_at > now(), problem LIKE 'failed % times since ever: %division by zero%' FROM bet_edge.job_health WHERE kind = 'job' AND name IN ('broken', 'marker')$$,
	$$VALUES ('broken', false, false, true, 'ERROR: division by zero', true, true), ('marker', false, true, false, NULL, true, NULL)$$, 'job_health: what succeeds and what fails');
SELECT is(problem, 'not scheduled as its row says: SELECT bet_edge.schedule_jobs()', 'and what is not scheduled as it should be') FROM bet_edge.job_health WHERE name = 'picks';
SELECT count(*) FROM bet_edge.check_jobs() \g /dev/null
SELECT set_eq($$SELECT kind, subject FROM bet_edge.alert WHERE cleared_at IS NULL$$, $$VALUES ('job_failing', 'broken'), ('job_failing', 'picks')$$, 'each has one alert');
SELECT ok(bool_and(problem LIKE 'was due at%'), 'an hour later the others are late')
	FROM bet_edge.job_health(now() + interval '1 hour') WHERE name IN ('marker', 'now_settle', 'now_collect');
-- A run that has been going on for long is not late; one whose session is gone is.
UPDATE cron.job_run_details SET status = 'running', end_time = NULL, job_pid = pg_backend_pid() WHERE runid = (SELECT max(run_id) FROM bet_edge.job_run WHERE job_name = 'marker');
SELECT ok(is_running AND problem IS NULL, 'a job that runs') FROM bet_edge.job_health(now() + interval '1 hour') WHERE name = 'marker';
UPDATE cron.job_run_details SET job_pid = 0 WHERE runid = (SELECT max(run_id) FROM bet_edge.job_run WHERE job_name = 'marker');
SELECT ok(NOT is_running AND problem LIKE 'was due%', 'a job whose session was killed') FROM bet_edge.job_health(now() + interval '1 hour') WHERE name = 'marker';
UPDATE bet_edge.schedule SET is_enabled = false WHERE job_name = 'broken';
SELECT count(*) FROM bet_edge.check_jobs() \g /dev/null
SELECT set_eq($$SELECT subject FROM bet_edge.alert WHERE kind = 'job_failing' AND cleared_at IS NULL$$, $$VALUES ('picks')$$, 'an alert whose cause is gone is cleared');
SELECT is(count(*), 2::bigint, 'none was raised twice') FROM bet_edge.alert WHERE kind = 'job_failing' AND subject IN ('broken', 'picks');
UPDATE bet_edge.schedule SET is_enabled = true WHERE job_name = 'broken';
SELECT set_eq($$SELECT p FROM jsonb_array_elements_text(bet_edge.health() -> 'problems') AS p WHERE p NOT LIKE 'job_failing %'$$,
	$$VALUES ('job broken failed: ERROR: division by zero'), ('job picks is not scheduled as its row says: SELECT bet_edge.schedule_jobs()')$$, 'and health() what is wrong with it');

DELETE FROM bet_edge.schedule WHERE cron = '* * * * *';
CREATE TABLE ours AS SELECT jobname::text FROM cron.job WHERE jobname LIKE 'bet\_edge\_%';
SELECT set_eq('SELECT bet_edge.unschedule_jobs()', 'SELECT * FROM ours', 'unscheduling names every job of ours, one without its row too');
SELECT set_eq('SELECT jobname::text FROM cron.job', $$VALUES ('somebody_elses'), ('betxedge_picks')$$, 'and leaves the others');

-- Old runs of our jobs are forgotten, those of others kept.
SELECT ok(count(*) > 0, 'scheduled once more') FROM bet_edge.schedule_jobs();
INSERT INTO cron.job_run_details (jobid, runid, status, username, end_time)
	SELECT jobid, -row_number() OVER (), 'succeeded', current_user, now() - interval '31 days' FROM cron.job WHERE jobname IN ('bet_edge_picks', 'somebody_elses');
SELECT is(bet_edge.prune_job_runs(), 1::bigint, 'runs of our own that are older than 30 days are pruned');

-- A role that may use pg_cron schedules its own jobs and sees no others; one that may not is told so.
CREATE ROLE bet_edge_test_operator;
GRANT USAGE ON SCHEMA bet_edge, cron TO bet_edge_test_operator;
GRANT SELECT ON ALL TABLES IN SCHEMA bet_edge TO bet_edge_test_operator;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA bet_edge TO bet_edge_test_operator;
SET ROLE bet_edge_test_operator;
SELECT count(*) FROM bet_edge.schedule_jobs() \g /dev/null
RESET ROLE;
SELECT is(count(DISTINCT username), 2::bigint, 'two roles schedule beside each other') FROM cron.job WHERE jobname = 'bet_edge_picks';
SELECT count(*) FROM bet_edge.unschedule_jobs() \g /dev/null
SELECT * FROM finish();
SQL
# What the server had to say of a launcher that ran nothing.
[ "$(psql -X -A -t -c 'SELECT EXISTS (SELECT FROM marker)')" = t ] || tail -n 50 "$PG_CLUSTER_CONF_ROOT"/../log/*.log | sed 's/^/# /'
