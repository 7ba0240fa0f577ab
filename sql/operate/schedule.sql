-- schedule: what runs when, as rows; pg_cron runs it where pg_cron is.

CREATE TABLE schedule (
	job_name    text PRIMARY KEY CHECK (job_name ~ '^[a-z][a-z0-9_]{0,40}$'),
	cron        text NOT NULL CHECK (cron <> ''),
	command     text NOT NULL CHECK (command <> ''),
	description text NOT NULL DEFAULT '',
	is_enabled  boolean NOT NULL DEFAULT true,
	builtin     boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE schedule IS
'Jobs by name. Change rows, then SELECT schedule_jobs(). A shipped row that is changed becomes yours and is dumped with your data; to be rid of one set is_enabled = false. Whoever may write here may have a statement run as the role that calls schedule_jobs().';
COMMENT ON COLUMN schedule.job_name IS 'Lower case; pg_cron knows the job as bet_edge_<job_name>.';
COMMENT ON COLUMN schedule.cron IS 'Minute, hour, day, month, weekday (0 = Sunday) in pg_cron''s time zone: GMT before pg_cron 1.5, cron.timezone from then on. Or so many seconds (10 seconds); every minute before pg_cron 1.5, which knows none.';
COMMENT ON COLUMN schedule.command IS 'One statement: several are one transaction in pg_cron, and a procedure that commits cannot run in it.';
COMMENT ON COLUMN schedule.builtin IS 'true for rows that came with the extension and were never changed.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.schedule', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON schedule FOR EACH ROW EXECUTE FUNCTION keep_own_row('job_name');

INSERT INTO schedule (job_name, cron, command, description, builtin) VALUES
	('overround',  '0 1 * * 0',    'SELECT bet_edge.refresh_overround_fits()',       'Sunday 01:00: how the margin is taken out of each book''s prices, by the seasons before', true),
	('key_numbers', '30 1 * * 0',  'SELECT bet_edge.refresh_key_number_fits()',      'Sunday 01:30: the law of each sport''s margins and totals around its lines, by the seasons before', true),
	('train',      '0 2 * * 0',    'CALL bet_edge.train_all()',                      'Sunday 02:00: train every sport and bet type with enough games', true),
	('training_queue', '* * * * *', 'CALL bet_edge.run_training_queue()',            'Every minute: trainings that queue_training() asked for, interrupted ones go on', true),
	('maintain',   '0 3 * * *',    'SELECT count(*) FROM bet_edge.maintain()',       'Daily 03:00: partitions for the months to come, and what retention says', true),
	('collect',    '* * * * *',    'CALL bet_edge.collect()',                        'Every minute: the feeds that are due, daily ones from 04:00 on, and what waits in inbox', true),
	('live',       '10 seconds',   'CALL bet_edge.poll_live()',                      'Every ten seconds while a game is on: live scoreboards', true),
	('check_jobs', '*/5 * * * *',  'SELECT count(*) FROM bet_edge.check_jobs()',     'Every five minutes: alerts for jobs that fail or are late and feeds that are silent', true),
	('ratings',    '0 6 * * *',    'SELECT bet_edge.refresh_ratings()',              'Daily 06:00: ratings after the games that became known', true),
	('prop_forms', '15 6 * * *',   'SELECT bet_edge.refresh_prop_forms()',           'Daily 06:15: players'' form after the games that became known', true),
	('settle',     '30 6 * * *',   'SELECT bet_edge.settle_bets()',                  'Daily 06:30: settle bets whose result is known', true),
	('monitor',    '45 6 * * *',   'SELECT count(*) FROM bet_edge.monitor_models(retrain => true)', 'Daily 06:45: alert and retraining where a live model has turned bad by the results', true),
	('backtest',   '0 7 * * *',    'CALL bet_edge.backtest_strategies()',            'Daily 07:00: what each strategy would have bet lately, and how it did', true),
	('forecasts',  '45 7 * * *',   'SELECT sum(bet_edge.record_forecasts(m.sport)) FROM (SELECT DISTINCT sport FROM bet_edge.model) AS m', 'Daily 07:45: what the live models and their challengers say of the games ahead, for the monitor', true),
	('picks',      '0 8 * * *',    'SELECT count(*) FROM bet_edge.generate_picks()', 'Daily 08:00: predict what is ahead and store the day''s picks', true),
	('strategies', '*/15 * * * *', 'SELECT bet_edge.refresh_strategies()',           'Every 15 minutes: judge the strategies by their results', true);

CREATE FUNCTION pg_cron_version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT e.extversion FROM pg_catalog.pg_extension AS e
	JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'cron'
	WHERE e.extname = 'pg_cron' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE');
END;
COMMENT ON FUNCTION pg_cron_version() IS 'Version of pg_cron in this database; NULL where it is absent or the caller may not use its schema.';

CREATE FUNCTION cron_for(cron text, version text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN cron ~ '^\d+ seconds?$' AND regexp_match(version, '^(\d+)\.(\d+)')::int[] < ARRAY[1, 5] THEN '* * * * *' ELSE cron END;
COMMENT ON FUNCTION cron_for(text, text) IS 'schedule.cron as a version of pg_cron reads it: seconds become every minute before 1.5.';

CREATE FUNCTION schedule_jobs() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	job record;
BEGIN
	IF pg_cron_version() IS NULL THEN
		RAISE NOTICE 'pg_cron is not in database "%" or out of reach: nothing is scheduled', current_database()
			USING HINT = format('In postgresql.conf: shared_preload_libraries = ''pg_cron'' and cron.database_name = %L; after a restart: CREATE EXTENSION pg_cron. '
				'When pg_cron serves another database, schedule from there: docs/operate.md has the statement.', current_database());
		RETURN;
	END IF;
	FOR job IN EXECUTE $cron$
		SELECT j.jobid FROM cron.job AS j
		WHERE j.database = current_database() AND j.username = current_user AND starts_with(j.jobname, 'bet_edge_')
		  AND NOT (j.active AND EXISTS (SELECT FROM schedule AS s WHERE s.is_enabled AND j.jobname = 'bet_edge_' || s.job_name)) $cron$
	LOOP
		EXECUTE 'SELECT cron.unschedule($1)' USING job.jobid;
	END LOOP;
	FOR job IN SELECT 'bet_edge_' || s.job_name AS name, cron_for(s.cron, pg_cron_version()) AS cron, s.command FROM schedule AS s WHERE s.is_enabled ORDER BY s.job_name
	LOOP
		BEGIN
			EXECUTE format('SELECT cron.schedule(%L, %L, %L)', job.name, job.cron, job.command);
		EXCEPTION WHEN OTHERS THEN
			RAISE EXCEPTION 'job "%" with cron "%" was refused by pg_cron %', substr(job.name, 10), job.cron, pg_cron_version()
				USING ERRCODE = 'invalid_parameter_value', DETAIL = SQLERRM,
					HINT = 'schedule.cron has five fields, as in 0 6 * * * or */15 * * * *, or is like 10 seconds.';
		END;
		RETURN NEXT job.name;
	END LOOP;
END $$;
COMMENT ON FUNCTION schedule_jobs() IS
'Makes pg_cron run the enabled rows of schedule in this database as the calling role: new jobs are added, changed ones replaced, the caller''s bet_edge_ jobs that are no longer enabled removed. All or nothing; again changes nothing. Returns the jobs'' names. Without pg_cron: a NOTICE and no row. Refuses (22023) a cron that pg_cron does not read.';

CREATE FUNCTION unschedule_jobs() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	job record;
BEGIN
	IF pg_cron_version() IS NULL THEN
		RAISE NOTICE 'pg_cron is not in database "%" or out of reach: nothing is scheduled', current_database();
		RETURN;
	END IF;
	FOR job IN EXECUTE $cron$
		SELECT j.jobid, j.jobname::text AS name FROM cron.job AS j
		WHERE j.database = current_database() AND starts_with(j.jobname, 'bet_edge_') ORDER BY j.jobname $cron$
	LOOP
		EXECUTE 'SELECT cron.unschedule($1)' USING job.jobid;
		RETURN NEXT job.name;
	END LOOP;
END $$;
COMMENT ON FUNCTION unschedule_jobs() IS
'Removes the bet_edge_ jobs of this database from pg_cron (a superuser: of every role) and returns their names; no other job is touched. Run it before DROP EXTENSION bet_edge: jobs belong to pg_cron and would stay. Without pg_cron: a NOTICE and no row.';

CREATE FUNCTION job_runs(since timestamptz DEFAULT now() - interval '7 days')
RETURNS TABLE (job_name text, run_id bigint, status text, started_at timestamptz, ended_at timestamptz, message text, is_alive boolean)
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF pg_cron_version() IS NOT NULL THEN
		RETURN QUERY EXECUTE $cron$
			SELECT substr(j.jobname, 10), d.runid, d.status, d.start_time, d.end_time, d.return_message,
				d.end_time IS NULL AND EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.pid = d.job_pid)
			FROM cron.job AS j JOIN cron.job_run_details AS d ON d.jobid = j.jobid
			WHERE j.database = current_database() AND starts_with(j.jobname, 'bet_edge_')
			  AND (d.start_time >= $1 OR d.start_time IS NULL)
			ORDER BY d.runid DESC $cron$
		USING since;
	END IF;
END $$;
COMMENT ON FUNCTION job_runs(timestamptz) IS
'Runs of this database''s bet_edge_ jobs that started at since or later, newest first, as pg_cron recorded them: status starting, running, succeeded or failed, message = command tag or error; is_alive while its session is there (a server that was killed leaves runs that say they are running). Shows what row security lets the caller see; no row without pg_cron.';

CREATE VIEW job_run AS SELECT * FROM job_runs();
COMMENT ON VIEW job_run IS 'Runs of the scheduled jobs in the last 7 days, newest first; empty without pg_cron.';

CREATE FUNCTION job_status()
RETURNS TABLE (job_name text, cron text, is_enabled boolean, is_scheduled boolean, last_status text, last_started_at timestamptz, last_message text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF pg_cron_version() IS NULL THEN
		RETURN QUERY SELECT s.job_name, s.cron, s.is_enabled, false, NULL::text, NULL::timestamptz, NULL::text FROM schedule AS s ORDER BY s.job_name;
	ELSE
		RETURN QUERY EXECUTE $cron$
			SELECT s.job_name, s.cron, s.is_enabled,
				coalesce(j.active AND j.schedule = cron_for(s.cron, pg_cron_version()) AND j.command = s.command, false), d.status, d.start_time, d.return_message
			FROM schedule AS s
			LEFT JOIN LATERAL (SELECT * FROM cron.job AS x WHERE x.database = current_database() AND x.jobname = 'bet_edge_' || s.job_name
				ORDER BY x.jobid DESC LIMIT 1) AS j ON true
			LEFT JOIN LATERAL (SELECT * FROM cron.job_run_details AS x WHERE x.jobid = j.jobid ORDER BY x.runid DESC LIMIT 1) AS d ON true
			ORDER BY s.job_name $cron$;
	END IF;
END $$;
COMMENT ON FUNCTION job_status() IS
'Every row of schedule, whether pg_cron has it as the row says (is_scheduled), and its last run. Shows what row security lets the caller see; nothing is scheduled and nothing ran where pg_cron is absent.';

CREATE FUNCTION prune_job_runs(keep interval DEFAULT '30 days') RETURNS bigint
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	pruned bigint := 0;
BEGIN
	IF keep < interval '0' THEN
		RAISE EXCEPTION 'keep must be at least 0, not %', keep USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF pg_cron_version() IS NOT NULL THEN
		EXECUTE $cron$
			DELETE FROM cron.job_run_details AS d USING cron.job AS j
			WHERE j.jobid = d.jobid AND j.database = current_database() AND starts_with(j.jobname, 'bet_edge_')
			  AND d.end_time < now() - $1 $cron$
		USING keep;
		GET DIAGNOSTICS pruned = ROW_COUNT;
	END IF;
	RETURN pruned;
END $$;
COMMENT ON FUNCTION prune_job_runs(interval) IS
'Deletes runs of this database''s bet_edge_ jobs that ended longer than keep ago and returns how many; pg_cron itself never forgets a run. Refuses a negative keep.';
