-- job_health: every job and every feed, when it did well, when it is next, what is wrong; and the alerts that follow from it.

CREATE FUNCTION cron_values(field text, low int, high int) RETURNS int[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg(DISTINCT v ORDER BY v)
	FROM regexp_matches(field, '(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/([1-9]\d?))?(?:,|$)', 'g') AS part(it),
		generate_series(coalesce(part.it[1]::int, low), CASE WHEN part.it[1] IS NULL THEN high ELSE coalesce(part.it[2], part.it[1])::int END, coalesce(part.it[3]::int, 1)) AS v
	WHERE field ~ '^((\*|\d{1,2}(-\d{1,2})?)(/[1-9]\d?)?(,(?!$)|$))+$' AND v BETWEEN low AND high);
COMMENT ON FUNCTION cron_values(text, int, int) IS 'The numbers from low to high that a field of a cron stands for: *, 5, 1-5, */15, 0-30/10 and lists of these; NULL for anything else, names of days and months among it.';

CREATE FUNCTION next_run(cron text, after timestamptz, time_zone text DEFAULT coalesce(current_setting('cron.timezone', true), 'GMT')) RETURNS timestamptz
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	WITH field AS MATERIALIZED (
		SELECT after AT TIME ZONE time_zone AS local, f.it, cron_values(f.it[1], 0, 59) AS minutes, cron_values(f.it[2], 0, 23) AS hours, cron_values(f.it[3], 1, 31) AS days,
			cron_values(f.it[4], 1, 12) AS months, (SELECT array_agg(v % 7) FROM unnest(cron_values(f.it[5], 0, 7)) AS v) AS weekdays
		FROM (SELECT regexp_split_to_array(btrim(cron), '\s+') AS it) AS f),
	clock AS (SELECT make_time(h, m, 0) AS at FROM field AS f, unnest(f.hours) AS h, unnest(f.minutes) AS m),
	-- A day of the month or of the week: where both are restricted either will do.
	day AS (
		SELECT d.on_day FROM field AS f, LATERAL (SELECT f.local::date + i AS on_day FROM generate_series(0, 1500) AS i) AS d
		WHERE extract(month FROM d.on_day)::int = ANY (f.months)
		  AND CASE WHEN f.it[3] ~ '^\*' OR f.it[5] ~ '^\*' THEN extract(day FROM d.on_day)::int = ANY (f.days) AND extract(dow FROM d.on_day)::int = ANY (f.weekdays)
			ELSE extract(day FROM d.on_day)::int = ANY (f.days) OR extract(dow FROM d.on_day)::int = ANY (f.weekdays) END
		  AND (d.on_day > f.local::date OR EXISTS (SELECT 1 FROM clock AS c WHERE c.at > f.local::time))
		LIMIT 1)
	SELECT CASE WHEN cron ~ '^\d{1,9} seconds?$' THEN after + cron::interval
		ELSE (day.on_day + (SELECT min(c.at) FROM clock AS c WHERE day.on_day > f.local::date OR c.at > f.local::time)) AT TIME ZONE time_zone END
	FROM field AS f LEFT JOIN day ON true;
END;
COMMENT ON FUNCTION next_run(text, timestamptz, text) IS
'When a cron (five numeric fields, or so many seconds) is next due after a moment, in pg_cron''s time zone: cron.timezone, GMT before pg_cron 1.5. NULL for one that it does not read (names of days and months) and one that is never due.';

CREATE FUNCTION job_health(at timestamptz)
RETURNS TABLE (kind text, name text, is_enabled boolean, is_running boolean, last_success_at timestamptz, lag interval, failures bigint, last_error text,
	next_run_at timestamptz, problem text)
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	patience CONSTANT interval := '15 minutes';
BEGIN
	RETURN QUERY
		WITH run AS MATERIALIZED (SELECT r.* FROM job_runs('-infinity') AS r),
		job AS (
			SELECT s.job_name, s.is_enabled, s.is_scheduled, s.cron, s.last_started_at, bool_or(s.is_scheduled) OVER () AS any_scheduled,
				coalesce(last.status IN ('starting', 'running') AND last.is_alive, false) AS is_running, good.at AS good_at, bad.n AS failures, bad.message,
				next_run(s.cron, s.last_started_at) AS was_due_at, CASE WHEN s.is_enabled THEN next_run(s.cron, job_health.at) END AS next_at
			FROM job_status() AS s
			LEFT JOIN LATERAL (SELECT r.status, r.is_alive FROM run AS r WHERE r.job_name = s.job_name ORDER BY r.run_id DESC LIMIT 1) AS last ON true
			LEFT JOIN LATERAL (SELECT max(r.ended_at) AS at, coalesce(max(r.run_id), 0) AS run_id FROM run AS r WHERE r.job_name = s.job_name AND r.status = 'succeeded') AS good ON true
			LEFT JOIN LATERAL (SELECT count(*) AS n, rtrim((array_agg(r.message ORDER BY r.run_id DESC))[1], E'\n') AS message
				FROM run AS r WHERE r.job_name = s.job_name AND r.status = 'failed' AND r.run_id > good.run_id) AS bad ON true)
		SELECT 'job', j.job_name, j.is_enabled, j.is_running, j.good_at, job_health.at - j.good_at, j.failures, j.message, j.next_at,
			CASE WHEN NOT j.is_enabled THEN NULL
				WHEN NOT j.is_scheduled AND j.any_scheduled THEN 'not scheduled as its row says: SELECT bet_edge.schedule_jobs()'
				WHEN j.failures > 0 AND coalesce(j.good_at, '-infinity') < job_health.at - patience THEN format('failed %s times since %s: %s', j.failures, coalesce(j.good_at::text, 'ever'), j.message)
				WHEN j.is_scheduled AND NOT j.is_running AND j.was_due_at < job_health.at - patience THEN format('was due at %s', j.was_due_at) END
		FROM job AS j ORDER BY j.job_name;
	RETURN QUERY
		SELECT 'feed', f.feed, f.is_enabled, EXISTS (SELECT FROM feed_request AS r WHERE r.feed = f.feed AND r.ms IS NULL AND r.at <= job_health.at AND r.at > job_health.at - 3 * x.timeout_ms * interval '1 millisecond'),
			f.last_success_at, job_health.at - f.last_success_at, f.failures, f.last_error_code || coalesce(': ' || f.last_message, ''), CASE WHEN isfinite(f.due_at) THEN f.due_at END,
			CASE WHEN NOT f.is_enabled OR f."interval" IS NULL THEN NULL
				WHEN f.failing_since <= job_health.at - x.silent_after THEN format('no answer since %s, %s: %s', f.failing_since, f.last_error_code, f.last_message)
				WHEN f."interval" >= '1 minute' AND isfinite(f.due_at) AND f.due_at < job_health.at - x.silent_after THEN format('not asked, was due at %s', f.due_at)
				WHEN bad.n > 0 THEN format('%s payloads of %s are stored but not loaded', bad.n, f.source) END
		FROM feed_status(job_health.at) AS f JOIN feed AS x ON x.feed = f.feed
		LEFT JOIN (SELECT p.feed, count(*) AS n FROM payload AS p WHERE p.loaded_at IS NULL AND p.received_at <= job_health.at GROUP BY p.feed) AS bad ON bad.feed = f.source
		ORDER BY f.feed;
END $$;
COMMENT ON FUNCTION job_health(timestamptz) IS
'Every job of schedule and every feed (kind job or feed) at a moment: whether it runs now, its last success and how long ago that was (lag), failures since, the last error, when it is next due, and its problem, NULL when it is well. A job has one when pg_cron does not have it as its row says, when its last run failed and its last success is over 15 minutes ago, or when it is over 15 minutes late; a feed when it has not answered or was not asked for feed.silent_after, or when payloads of its source do not load. Jobs are as pg_cron knows them now.';

CREATE VIEW job_health AS SELECT * FROM job_health(now());
COMMENT ON VIEW job_health IS 'job_health() now: every job and every feed, its last success, lag, failures, next run, whether it runs now, and what is wrong with it.';

CREATE FUNCTION check_jobs(at timestamptz DEFAULT clock_timestamp()) RETURNS SETOF bigint
LANGUAGE plpgsql STRICT SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN QUERY
		WITH problem AS MATERIALIZED (SELECT CASE h.kind WHEN 'job' THEN 'job_failing' ELSE 'feed_silent' END AS kind, h.name, h.problem FROM job_health(check_jobs.at) AS h WHERE h.problem IS NOT NULL),
		cleared AS MATERIALIZED (
			SELECT clear_alert(a.kind, a.subject, check_jobs.at) AS alert_id FROM alert AS a
			WHERE a.cleared_at IS NULL AND a.kind IN ('job_failing', 'feed_silent') AND NOT EXISTS (SELECT FROM problem AS p WHERE p.kind = a.kind AND p.name = a.subject)),
		raised AS MATERIALIZED (SELECT raise_alert(p.kind, p.name, p.problem, check_jobs.at) AS alert_id FROM problem AS p)
		SELECT c.alert_id FROM cleared AS c UNION ALL SELECT r.alert_id FROM raised AS r WHERE r.alert_id IS NOT NULL;
END $$;
COMMENT ON FUNCTION check_jobs(timestamptz) IS
'Raises an alert for every problem of job_health(), kind job_failing or feed_silent, subject the job or the feed, and clears those of these kinds that are over; an alert that is open is not raised again. Returns the numbers of the alerts raised and cleared now.';
