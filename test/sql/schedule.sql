-- The schedule where pg_cron is absent: it says so and does nothing.
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT job_name, cron, command FROM schedule WHERE is_enabled AND builtin ORDER BY job_name;
SELECT pg_cron_version() IS NULL;
SELECT count(*) = 0 FROM schedule_jobs();
SELECT count(*) = 0 FROM unschedule_jobs();
SELECT count(*) = 0 FROM job_runs();
SELECT count(*) = 0 FROM job_run;
SELECT prune_job_runs() = 0;
SELECT prune_job_runs('-1 day');

-- A shipped row that is changed becomes the user's; so does the row that replaces one.
UPDATE schedule SET cron = '5 4 * * *' WHERE job_name = 'collect';
UPDATE schedule SET cron = cron WHERE job_name = 'picks';
INSERT INTO schedule (job_name, cron, command) VALUES ('ratings', '0 5 * * *', 'SELECT bet_edge.refresh_ratings()');
SELECT job_name, cron, builtin FROM schedule WHERE job_name IN ('collect', 'picks', 'ratings') ORDER BY job_name;
INSERT INTO schedule (job_name, cron, command) VALUES ('ratings', '0 3 * * *', 'SELECT 1');
INSERT INTO schedule (job_name, cron, command) VALUES ('Bad name', '0 3 * * *', 'SELECT 1');
DELETE FROM schedule WHERE NOT builtin;
