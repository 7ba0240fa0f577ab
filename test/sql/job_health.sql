-- job_health: when a cron is next due; alerts of feeds that are silent, raised once and cleared. Jobs of a real pg_cron: test/pgtap/schedule.sh.
\pset tuples_only on
SET search_path = bet_edge, public;
SET timezone = 'UTC';

SELECT f, cron_values(f, 0, 59) FROM unnest('{5,1-3,*/20,10-30/10,"7,1-2,*/30",60,5-1,x,"1,",1/,*/0,"",-1,1--2,mon}'::text[]) AS f;
SELECT cron, next_run(cron, '2026-11-22 10:17:30Z', 'GMT') FROM (VALUES ('* * * * *'), ('*/15 * * * *'), ('17 10 * * *'), ('18 10 * * *'), ('0 2 * * 0'), ('0 2 * * 7'), ('0 4 1 * *'), ('0 0 29 2 *'),
	('0 0 13 * 5'), ('0 0 */2 * 1'), ('30 6 31 4 *'), ('10 seconds'), ('0 9 * * mon'), ('nonsense'), (' 5  4 * 12  1-5 ')) AS c(cron);
SELECT next_run('0 4 * * *', '2026-07-01 03:30Z', 'Europe/Dublin'), next_run('0 4 * * *', '2026-01-01 03:30Z', 'Europe/Dublin');
SELECT next_run('0 4 * * *', '2026-01-01 03:30Z') = '2026-01-01 04:00Z';
SELECT cron_for('10 seconds', '1.4-1'), cron_for('10 seconds', '1.5'), cron_for('10 seconds', '1.10'), cron_for('0 4 * * *', '1.4');

-- ---- when a feed is due -------------------------------------------------------------------------
SELECT feed_slot('1 day', '04:00', '2026-01-10 03:59Z'), feed_slot('1 day', '04:00', '2026-01-10 04:00Z'), feed_slot('12 hours', '04:00', '2026-01-10 20:00Z'), feed_slot('10 seconds', '00:00', '2026-01-10 20:00:19Z');
UPDATE feed SET is_enabled = false;
INSERT INTO feed (feed, source, endpoint, "interval", daily_at) VALUES ('daily', 'pub', 'https://example.org/a', '1 day', '04:00');
SELECT due_at FROM feed_status('2026-01-10 05:00Z') WHERE feed = 'daily';
SELECT urls_to_ask('daily', true, '2026-01-10 05:00Z');
-- cut short: asked again when it must be over; failed: after a minute, 2, 4 …; well: at the next 04:00
INSERT INTO feed_request (feed, source, url, at, credits_planned) VALUES ('daily', 'pub', 'https://example.org/a', '2026-01-10 05:00Z', 0);
SELECT urls_to_ask('daily', true, '2026-01-10 05:00:59Z');
SELECT urls_to_ask('daily', true, '2026-01-10 05:01Z');
INSERT INTO feed_round VALUES ('daily', '2026-01-10 04:00Z');
SELECT due_at FROM feed_status('2026-01-10 05:00:59Z') WHERE feed = 'daily';
INSERT INTO feed_request (feed, source, url, at, credits_planned, ms, status, error_code) SELECT 'daily', 'pub', 'https://example.org/a', '2026-01-10 05:01Z'::timestamptz + i * interval '1 minute', 0, 10, 500, 'http_500' FROM generate_series(0, 1) AS i;
SELECT failures, ask_at FROM unanswered('daily', '2026-01-10 05:03Z');
SELECT urls_to_ask('daily', true, '2026-01-10 05:05Z');
SELECT urls_to_ask('daily', true, '2026-01-10 05:06Z');
SELECT failures, failing_since, due_at FROM feed_status('2026-01-10 05:06Z') WHERE feed = 'daily';
SELECT kind, name, is_enabled, is_running, last_success_at, failures, last_error, next_run_at, problem FROM job_health('2026-01-10 05:30Z') WHERE name = 'daily';
SELECT count(*) FROM check_jobs('2026-01-10 05:30Z');
SELECT problem FROM job_health('2026-01-10 06:01Z') WHERE name = 'daily';
SELECT count(*) FROM check_jobs('2026-01-10 06:05Z');
SELECT count(*) FROM check_jobs('2026-01-10 06:10Z');
SELECT jsonb_array_elements_text(health() -> 'problems');
INSERT INTO feed_request (feed, source, url, at, credits_planned, ms, status) VALUES ('daily', 'pub', 'https://example.org/a', '2026-01-10 06:15Z', 0, 10, 200);
SELECT count(*) FROM check_jobs('2026-01-10 06:20Z');
SELECT kind, subject, message, raised_at, cleared_at FROM alert;
SELECT due_at FROM feed_status('2026-01-10 06:20Z') WHERE feed = 'daily';
-- nobody has asked for an hour
SELECT problem FROM job_health('2026-01-11 05:01Z') WHERE name = 'daily';
SELECT count(*) FROM job_health WHERE kind = 'job' AND problem IS NOT NULL;
SELECT count(*) = (SELECT count(*) FROM schedule) FROM job_health WHERE kind = 'job';

DELETE FROM alert;
DELETE FROM feed_request;
DELETE FROM feed_round;
DELETE FROM feed WHERE feed = 'daily';
UPDATE feed SET is_enabled = endpoint !~ '[{]key[}]' AND source <> 'pinnacle', builtin = true;
