-- raise_alert() and clear_alert(): open once at a time, refused when they say nothing. The NOTIFY: test/pgtap/month.sh.
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT raise_alert('feed_silent', 'espn', 'nothing for a day', '2026-01-01 10:00Z') IS NOT NULL;
SELECT raise_alert('feed_silent', 'espn', 'nothing for two days', '2026-01-02 10:00Z') IS NULL;
SELECT raise_alert('feed_silent', 'pinnacle', 'nothing', '2026-01-02 10:00Z') IS NOT NULL;
SELECT clear_alert('feed_silent', 'espn', '2026-01-03 10:00Z') IS NOT NULL;
SELECT clear_alert('feed_silent', 'espn') IS NULL;
SELECT raise_alert('feed_silent', 'espn', 'again', '2026-01-04 10:00Z') IS NOT NULL;
SELECT clear_alert('feed_silent', 'pinnacle', '2025-12-31') IS NOT NULL;
SELECT kind, subject, message, raised_at AT TIME ZONE 'UTC', cleared_at AT TIME ZONE 'UTC' FROM alert ORDER BY alert_id;
-- as long as it may be: the notification stays below its limit
SELECT raise_alert('long', repeat(E'\u0001', 200), repeat(E'\u0001', 100000)) IS NOT NULL;
SELECT raise_alert('Not a word', 'x', 'y');
SELECT raise_alert(NULL, 'x', 'y');
SELECT raise_alert('x', '', 'y');
SELECT raise_alert('x', repeat('x', 201), 'y');
SELECT raise_alert('x', NULL, 'y');
SELECT raise_alert('x', 'y', NULL);
SELECT raise_alert('x', 'y', 'z', NULL);
DELETE FROM alert;
