#!/bin/sh
# A month of collecting, two hours at a time by calling the jobs, against a server with every fault there is: credits last, nothing is lost
# or doubled, every fault can be seen. Then poll_live(), and what maintain() forgets. Prints TAP.
dir=$(mktemp -d) && chmod 755 "$dir" || exit 1
db=t_month_$$
test/feed_server "$dir" &
server=$!
trap 'kill $server 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
for i in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
port=$(cat "$dir/port")
# Each path gives its answers in turn; expected.csv says what each would bring: path, number, error_code or nothing, sha256 of the body.
python3 - "$dir" "$port" <<'PYTHON'
import csv, datetime, hashlib, json, os, random, sys
random.seed(7)
answers, expected = {}, []
def add(path, good, faults, count):
    answers[path] = []
    for i in range(count):
        answer, error = good(i), ""
        fault = faults.get(i)
        if fault == "gzip": answer["gzip"] = True
        elif fault == "delay": answer["delay"] = 0.15
        elif fault == "type": answer["headers"] = {**answer.get("headers", {}), "Content-Type": "image/png"}
        elif fault == "chunked": answer["chunked"] = True
        elif fault == "page": answer, error = {"body": "<html>Back soon</html>", "headers": {"Content-Type": "application/json"}}, "not_data"
        elif fault == "huge": answer, error = {"body": "x", "repeat": 2000000}, "54000"
        elif fault == "metadata": answer, error = {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data"}}, "42501"
        elif fault == "localhost": answer, error = {"status": 302, "headers": {"Location": "http://localhost:%s/secret" % sys.argv[2]}}, "42501"
        elif fault == "cut": answer, error = {**answer, "cut": 40}, "08006"
        elif fault == "drip": answer, error = {**answer, "drip": 0.1}, "08006"
        elif fault == "silent": answer, error = {"silent": True}, "08006"
        elif isinstance(fault, int):
            answer, error = {"status": fault, "headers": {"Retry-After": "0"}, "body": "{\"message\": \"no\"}"}, "http_%d" % fault
        elif fault: answer, error = {"status": 429 if "FREQ" in fault else 422 if "MARKET" in fault else 401, "body": "{\"message\": \"no\", \"error_code\": \"%s\"}" % fault}, fault
        answers[path].append(answer)
        expected.append([path, i, error, "" if error else hashlib.sha256(answer["body"].encode()).hexdigest()])
teams = ["Boston Bruins", "Toronto Maple Leafs", "Detroit Red Wings", "Ottawa Senators", "Florida Panthers", "Tampa Bay Lightning", "Dallas Stars", "Nashville Predators"]
def scores(i):
    start = (datetime.datetime(2026, 2, 1) + datetime.timedelta(hours=4 * i)).strftime("%Y-%m-%dT%H:%MZ")
    status = {"type": {"name": "STATUS_FINAL", "state": "post", "completed": True}, "period": 3}
    return {"body": json.dumps({"leagues": [{"slug": "nhl"}], "events": [{"id": "g%d" % i, "date": start, "season": {"year": 2026}, "status": status, "competitions": [{"id": "1", "date": start, "status": status,
        "competitors": [{"homeAway": "home", "score": str(i), "team": {"id": "1", "displayName": teams[i % 4 * 2]}}, {"homeAway": "away", "score": str(i + 1), "team": {"id": "2", "displayName": teams[i % 4 * 2 + 1]}}]}]}]})}
def odds(i):
    return {"headers": {"x-requests-last": "3"}, "body": json.dumps([{"id": "final", "sport_key": "icehockey_nhl", "commence_time": "2026-06-10T20:00:00Z", "home_team": teams[0], "away_team": teams[1],
        "bookmakers": [{"key": "pinnacle", "title": "Pinnacle", "last_update": "2026-03-31T00:00:00Z", "markets": [{"key": "h2h", "outcomes": [{"name": teams[0], "price": round(1.7 + i / 1000, 3)}, {"name": teams[1], "price": 2.0}]}]}]}])}
kinds = ["gzip", "delay", "type", "chunked", "page", "huge", "metadata", "localhost", "cut", "drip", "silent", 401, 403, 404, 422, 429, 500, 502, 503]
add("/apis/site/v2/sports/hockey/nhl/scoreboard", scores, {**{5 + 3 * k: kind for k, kind in enumerate(kinds)}, **{i: 500 for i in range(80, 90)}}, 400)
kinds = ["gzip", "drip", "cut", "INVALID_KEY", "EXCEEDED_FREQ_LIMIT", "INVALID_MARKET", 500, "page", "huge", "metadata"]
add("/v4/sports/icehockey_nhl/odds", odds, {4 + 9 * k: kind for k, kind in enumerate(kinds)}, 400)
add("/v4/sports/icehockey_nhl/events", lambda i: {"body": json.dumps([{"id": "final", "sport_key": "icehockey_nhl", "commence_time": "2026-06-10T20:00:00Z", "home_team": teams[0], "away_team": teams[1], "n": i}])}, {}, 400)
def live(i):
    return {"body": json.dumps({"scoreboard": {"games": [{"gameId": "0022500001", "gameStatus": 2, "gameStatusText": "Q1", "period": 1, "gameClock": "PT%02dM00.00S" % max(11 - i, 0), "gameTimeUTC": datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:00:00Z"),
        "homeTeam": {"teamTricode": "BOS", "score": 2 * i, "periods": []}, "awayTeam": {"teamTricode": "LAL", "score": i, "periods": []}}]}})}
add("/live", live, {2: 500, 3: "silent"}, 50)
with open(os.path.join(sys.argv[1], "script.json"), "w") as file: json.dump(answers, file)
with open(os.path.join(sys.argv[1], "expected.csv"), "w", newline="") as file: csv.writer(file).writerows(expected)
PYTHON
chmod a+r "$dir"/*
createdb -T bet_edge_template $db || exit 1
psql -X -q -v ON_ERROR_STOP=1 -d $db <<SQL || exit 1
SET search_path = bet_edge, public;
INSERT INTO feed_host (host, allow_private, allow_plain) VALUES ('127.0.0.1', true, true), ('169.254.169.254', false, true);
UPDATE feed SET is_enabled = false;
INSERT INTO feed (feed, source, sport, endpoint, "interval", timeout_ms, max_bytes) VALUES
	('scores', 'espn', 'NHL', 'http://127.0.0.1:$port/apis/site/v2/sports/hockey/nhl/scoreboard?dates={YYYYMMDD}', '6 hours', 2000, 1000000),
	('events', 'the_odds_api', 'NHL', 'http://127.0.0.1:$port/v4/sports/{sport}/events', '12 hours', 2000, 1000000),
	('odds', 'the_odds_api', 'NHL', 'http://127.0.0.1:$port/v4/sports/{sport}/odds?regions=us&markets=h2h,spreads,totals', '1 hour', 2000, 1000000);
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", timeout_ms, is_enabled) VALUES ('live', 'nba_live', 'NBA', 'http://127.0.0.1:$port/live', 'bet_edge.if_game_on', '1 second', 1000, false);
CREATE TABLE public.expected (path text, n int, error_code text, sha256 text);
CREATE TABLE public.asked (line text);
CREATE VIEW public.served AS -- what the server was asked for, and what it answered
	SELECT e.* FROM (SELECT split_part(line::jsonb ->> 'path', '?', 1) AS path, row_number() OVER (PARTITION BY split_part(line::jsonb ->> 'path', '?', 1)) - 1 AS n FROM public.asked) AS a JOIN public.expected AS e USING (path, n);
CREATE VIEW public.requested AS SELECT r.*, substring(r.url FROM ':\d+(/[^?]*)') AS path FROM feed_request AS r;
SQL
psql -X -q -d $db -c "\\copy public.expected FROM '$dir/expected.csv' (FORMAT csv, FORCE_NOT_NULL (error_code, sha256))"

began=$(date +%s)
psql -X -q -A -t -v VERBOSITY=terse -d $db >"$dir/month" 2>&1 <<'SQL'
SET client_min_messages = error;
SET timezone = 'UTC';
LISTEN bet_edge_alert;
-- Every two hours what is every minute, the rest less often.
SELECT format(job, t) FROM generate_series(timestamptz '2026-04-01 00:10Z', '2026-04-30 23:10Z', '2 hours') AS t,
	unnest(ARRAY['SELECT count(*) FROM bet_edge.maintain(%1$L)', 'CALL bet_edge.collect(at => %1$L)', 'SELECT count(*) FROM bet_edge.check_jobs(%1$L)']) WITH ORDINALITY AS j(job, n)
WHERE extract(hour FROM t)::int % CASE n WHEN 1 THEN 24 WHEN 2 THEN 2 ELSE 4 END = 0
ORDER BY t, n \gexec
SQL
took=$(($(date +%s) - began))
psql -X -q -d $db -c "\\copy public.asked FROM PROGRAM 'cat $dir/requests' (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"

psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v dir="$dir" -v took="$took" -v notified="$(grep -c 'Asynchronous notification "bet_edge_alert"' "$dir/month")" -d $db >"$dir/tap" 2>"$dir/errors" <<'SQL'
SET search_path = bet_edge, public;
SET client_min_messages = error;
SET timezone = 'UTC';
SELECT no_plan();
SELECT diag(format('a month in %s s: %s requests, %s faults, %s credits, %s payloads', :'took', (SELECT count(*) FROM served), (SELECT count(*) FROM served WHERE error_code <> ''), (SELECT sum(credits_used) FROM feed_request), (SELECT count(*) FROM payload)));

-- ---- credits ------------------------------------------------------------------------------------
SELECT ok(sum(credits_used) BETWEEN 480 AND 500, 'the month''s 500 credits are kept, and used: ' || sum(credits_used)) FROM feed_request WHERE source = 'the_odds_api';
SELECT cmp_ok((SELECT 3 * count(*) FROM served WHERE path ~ 'odds$' AND error_code IN ('', '08006', '54000', 'not_data')), '<=', 500::bigint, 'by the server''s count too');
SELECT ok(max(at) > '2026-04-30', 'they last until the last day') FROM feed_request WHERE feed = 'odds' AND status = 200;
SELECT ok(bool_and(message LIKE 'it costs 3 credits, %'), 'what did not fit was refused with its reason, ' || count(*) || ' times') FROM feed_request WHERE error_code = 'over_pace';

-- ---- nothing lost, nothing doubled ------------------------------------------------------------------
SELECT set_eq('SELECT sha256 FROM payload', $$SELECT sha256 FROM served WHERE error_code = ''$$, 'every whole answer is a payload, and nothing else is');
SELECT is(count(*), (SELECT count(DISTINCT sha256) FROM served WHERE error_code = ''), 'once') FROM payload;
SELECT is_empty('SELECT name FROM payload WHERE loaded_at IS NULL UNION ALL SELECT name FROM inbox UNION ALL SELECT detail FROM reject', 'all are loaded, none waits, nothing is rejected');
SELECT results_eq('SELECT home_score, away_score FROM result ORDER BY 1', $$SELECT n, n + 1 FROM served WHERE path ~ 'scoreboard$' AND error_code = '' ORDER BY 1$$, 'each game that was told of has its result, once');
SELECT results_eq($$SELECT round(price::numeric, 3) FROM quote WHERE side = 'home' ORDER BY 1$$, $$SELECT 1.7 + round(n / 1000.0, 3) FROM served WHERE path ~ 'odds$' AND error_code = '' ORDER BY 1$$, 'and each price');
SELECT cmp_ok((SELECT count(*) FROM result), '>=', 110::bigint, 'four rounds a day, but for what the faults cost');

-- ---- every fault is seen ---------------------------------------------------------------------------------
SELECT results_eq('SELECT path, sum(attempts) FROM requested GROUP BY 1 ORDER BY 1', 'SELECT path, count(*) FROM served GROUP BY 1 ORDER BY 1', 'each request that the server saw is in feed_request');
SELECT results_eq($$SELECT path, sum(attempts) - count(*) FILTER (WHERE error_code IS NULL) FROM requested GROUP BY 1 ORDER BY 1$$, $$SELECT path, count(*) FILTER (WHERE error_code <> '') FROM served GROUP BY 1 ORDER BY 1$$, 'each that failed as well');
SELECT results_eq($$SELECT path, error_code, count(*) FROM requested WHERE attempts > 0 AND error_code !~ '^08|^http_(5|429)|FREQ' GROUP BY path, error_code ORDER BY path, error_code COLLATE "C"$$,
	$$SELECT path, error_code, count(*) FROM served WHERE error_code !~ '^08|^http_(5|429)|FREQ|^$' GROUP BY path, error_code ORDER BY path, error_code COLLATE "C"$$, 'those that are not asked again at once have a row with their code each');
SELECT is((SELECT count(DISTINCT error_code) FROM served WHERE error_code <> ''), 15::bigint, 'of fifteen kinds');
SELECT is_empty($$SELECT path FROM served WHERE path = '/secret'$$, 'nobody followed a redirect to localhost');
SELECT ok(bool_and(message ~ '^no answer since .*, http_500: '), 'a feed that was silent for more than an hour raised an alert: ' || string_agg(message, '; ')) FROM alert WHERE subject = 'scores' AND message LIKE '%http_500%';
SELECT is_empty($$SELECT subject FROM alert WHERE kind = 'feed_silent' AND subject = 'scores' AND cleared_at IS NULL$$, 'and it was cleared');
SELECT is(:'notified'::bigint, (SELECT count(*) + count(cleared_at) FROM alert), 'everybody who listens was told of each, once when it was raised and once when it was cleared');
SELECT ok(last_success_at > '2026-04-30' AND failures = 0 AND problem IS NULL AND lag < '7 hours' AND next_run_at > '2026-04-30 23:10Z', 'job_health: scores') FROM job_health('2026-04-30 23:10Z') WHERE name = 'scores';

-- ---- what was collected is what replay gives, also when what it does not need is gone ----------------------------------
CREATE FUNCTION public.facts() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s %s', t, n, sum), ', ' ORDER BY t) FROM (SELECT t, count(*) AS n, left(md5(string_agg(f, E'\n' ORDER BY f)), 8) AS sum FROM (
		SELECT 'fixture' AS t, f::text FROM fixture AS f UNION ALL SELECT 'result', r::text FROM result AS r UNION ALL SELECT 'quote', q::text FROM quote AS q
		UNION ALL SELECT 'offer', o::text FROM offer AS o UNION ALL SELECT 'offer_poll', o::text FROM offer_poll AS o UNION ALL SELECT 'withdrawal', w::text FROM withdrawal AS w UNION ALL SELECT 'game', g::text FROM game AS g) AS x (t, f) GROUP BY t) AS c $$;
SELECT public.facts() AS before \gset
SELECT is(replay(), (SELECT count(*)::int FROM payload), 'replay');
SELECT is(public.facts(), :'before', 'gives every row again, byte for byte: ' || :'before');
SELECT is_empty($$SELECT 'quote_' || to_char(m, 'YYYY_MM') AS name FROM generate_series(date '2026-04-01', '2026-07-01', '1 month') AS m EXCEPT SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid$$, 'maintain() has made the partitions of the months ahead');
SELECT ok(count(*) FILTER (WHERE p.feed = 'the_odds_api' AND name ~ 'events') BETWEEN 50 AND 70, 'lists that brought nothing new: ' || count(*)) FROM payload AS p WHERE p.payload_id = ANY (spent_payloads('2026-05-01'));
UPDATE retention SET keep = '32 days' WHERE what IN ('payload', 'feed_request');
UPDATE retention SET keep = '10 days' WHERE what = 'alert';
INSERT INTO feed_request (feed, source, url, at, credits_planned, ms, status, held_until, held_scope) VALUES ('scores', 'espn', 'gone', '2026-04-01 00:00Z', 0, 1, 404, 'infinity', 'url');
SELECT count(*) AS spent FROM payload WHERE payload_id = ANY (spent_payloads('2026-04-28')) \gset
SELECT results_eq($$SELECT what, done FROM maintain('2026-05-30') WHERE what IN ('alert', 'feed_request', 'payload', 'quote')$$,
	format($$VALUES ('alert', %s::bigint), ('feed_request', %s), ('payload', %s)$$, (SELECT count(*) FROM alert WHERE cleared_at < '2026-05-20'), (SELECT count(*) - 1 FROM feed_request WHERE at < '2026-04-28'), :spent), 'what retention says is forgotten');
SELECT is(count(*), 1::bigint, 'but not what is still held') FROM feed_request WHERE at < '2026-04-28';
SELECT is_empty($$SELECT payload_id FROM quote UNION SELECT payload_id FROM result EXCEPT SELECT payload_id FROM payload$$, 'what the tables hold has its payload');
SELECT is(replay(), (SELECT count(*)::int FROM payload), 'replay of what is left');
SELECT is(public.facts(), :'before', 'gives every row again');
-- The game of June and its prices: forgotten a year later, and then their payloads.
UPDATE retention SET keep = '1 year', is_detached = true WHERE what = 'quote';
SELECT results_eq($$SELECT what, done > 0 FROM maintain('2027-07-15') WHERE what IN ('payload', 'quote')$$, $$VALUES ('payload', true), ('quote', true)$$, 'prices of months past their retention');
SELECT is(count(*), 0::bigint, 'are no quotes any more') FROM quote;
SELECT is_empty('SELECT game_id FROM offer UNION SELECT game_id FROM offer_poll UNION SELECT game_id FROM offer_gap UNION SELECT game_id FROM offer_digest UNION SELECT game_id FROM withdrawal', 'nor what they were compared with');
SELECT cmp_ok((SELECT count(*) FROM quote_2026_06), '>', 100::bigint, 'but a table beside it');
SELECT cmp_ok((SELECT done FROM maintain('2027-07-16') WHERE what = 'payload'), '>', 100::bigint, 'and the next day their payloads go');
SELECT throws_ok($$UPDATE retention SET keep = '1 hour' WHERE what = 'quote'$$, '23514', NULL, 'no retention of an hour');

-- ---- poll_live ---------------------------------------------------------------------------------------------
UPDATE feed SET is_enabled = feed = 'live';
CALL poll_live();
SELECT ok(NOT EXISTS (SELECT FROM feed_request WHERE feed = 'live'), 'idle when no game is near');
-- A game that has begun within the hour, as the scoreboard itself tells.
CALL collect('live');
SELECT load_payload('nba_live', 'x', convert_to((SELECT format('{"scoreboard": {"games": [{"gameId": "0022500001", "gameStatus": 1, "gameStatusText": "soon", "period": 0, "gameClock": "", "gameTimeUTC": %s, "homeTeam": {"teamTricode": "BOS", "score": 0}, "awayTeam": {"teamTricode": "LAL", "score": 0}}]}}',
	to_json(to_char(date_trunc('hour', now()), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))), 'UTF8')) \g /dev/null
-- Two feeds beside it that are wrong.
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", timeout_ms, silent_after) VALUES ('broken', 'nba_live', 'NBA', 'http://127.0.0.1:1/x', 'public.no_such_function', '1 second', 300, '1 second'), ('unfilled', 'nba_live', 'NBA', 'http://127.0.0.1:1/{nothing}', NULL, '1 second', 300, '1 second');
SELECT clock_timestamp() AS began \gset
CALL poll_live(clock_timestamp() + interval '12 seconds');
SELECT ok(count(*) BETWEEN 2 AND 12 AND count(error_code) >= 1 AND (array_agg(error_code ORDER BY request_id DESC))[1] IS NULL, 'a request a second, and one that fails stops nothing: ' || string_agg(coalesce(error_code, 'well'), ' ' ORDER BY request_id)) FROM feed_request WHERE feed = 'live';
SELECT is((SELECT count(*) FROM live_score WHERE source = 'poll' AND status = 'live'), (SELECT count(*) FROM feed_request WHERE feed = 'live' AND status = 200), 'and each answer is a reading');
SELECT results_eq($$SELECT name, last_error, failures > 1, problem LIKE 'no answer since %' FROM job_health(clock_timestamp() + interval '1 second') WHERE name IN ('broken', 'unfilled') ORDER BY name$$,
	$$VALUES ('broken', '42883: function "public.no_such_function" does not exist', true, true), ('unfilled', '22023: endpoint of feed unfilled has a place {nothing} that nothing fills', true, true)$$, 'feeds that are wrong stop themselves alone, and can be seen');
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), 0::bigint, 'nothing is held afterwards');
CALL collect();
SELECT is((SELECT count(*) FROM feed_request WHERE feed = 'live' AND at > :'began'::timestamptz + interval '12 seconds'), 0::bigint, 'collect() leaves it alone');
SELECT * FROM finish();
SQL
[ $? = 0 ] || cat "$dir/errors"
sed '/^1\.\./d' "$dir/tap"
n=$(grep -cE '^(not )?ok ' "$dir/tap")

# ---- one at a time ------------------------------------------------------------------------------------------------
psql -X -q -d $db -c "SELECT bet_edge.hold_claim(25191, 1), bet_edge.hold_claim(25191, 2), pg_advisory_lock(25191, 3)" -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
holder=$!
for i in $(seq 100); do [ "$(psql -X -q -A -t -d $db -c "SELECT count(*) FROM pg_locks WHERE classid = 25191")" = 3 ] && break; sleep 0.1; done
got=$(psql -X -q -A -t -d $db -c 'CALL bet_edge.collect()' -c 'CALL bet_edge.poll_live()' -c 'SELECT * FROM bet_edge.maintain()' 2>&1 | tr '\n' ' ')
n=$((n + 1))
[ "$got" = 'NOTICE:  another session collects NOTICE:  another session polls NOTICE:  another session maintains ' ] && echo "ok $n - a job that runs already is left to run" || echo "not ok $n - a job that runs already: $got"
kill $holder 2>/dev/null
echo "1..$n"
