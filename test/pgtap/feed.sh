#!/bin/sh
# Feeds end to end against test/feed_server: urls, retries, holds, credits, collect(), and a planted key that must show nowhere. Prints TAP.
dir=$(mktemp -d) && chmod 755 "$dir" || exit 1
db=t_feed_$$
key=planted$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
test/feed_server "$dir" &
server=$!
trap 'kill $server 2>/dev/null; dropdb --if-exists --force $db; rm -rf "$dir"' EXIT
for i in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.1; done
port=$(cat "$dir/port")
odds='"x-requests-last": "3", "x-requests-used": "7"'
cat >"$dir/script.json" <<JSON
{"/plain": {"body": "[1]", "etag": "v1", "headers": {"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}},
 "/balldontlie.io/nba/v1/player_injuries": {"body": "{\"data\": [], \"meta\": {}}", "etag": "v2"},
 "/changing": [{"body": "[1]"}, {"body": "[2]"}, {"body": "[1]"}], "/poison": [{"body": "poison"}, {"body": "[3]"}],
 "/stubborn": [{"status": 503}, {"status": 503}, {"status": 503}, {"status": 503}, {"status": 503}, {"status": 503}, {"body": "[5]"}], "/hasty": [{"status": 503}, {"status": 503}, {"body": "[6]"}],
 "/flaky": [{"status": 500}, {"status": 502, "body": "<html><title>502 Bad Gateway</title></html>"}, {"body": "[4]", "gzip": true}],
 "/down": {"status": 503, "body": "<html>\u0000 down"}, "/busy": [{"status": 429, "headers": {"Retry-After": "1"}}, {"body": "[5]"}], "/busy_long": {"status": 429, "headers": {"Retry-After": "3600"}},
 "/missing": {"status": 404, "body": "gone"}, "/page": {"body": "\ufeff\n<!DOCTYPE html><p>Back soon</p>", "headers": {"Content-Type": "application/json"}}, "/zero": {"body": "\u0000[6]"},
 "/silent": {"silent": true}, "/huge": {"body": "x", "repeat": 200000000}, "/short": {"body": "cut off", "length": 100, "cut": 7}, "/internal": {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data"}},
 "/echo": {"echo": true}, "/echo401": {"status": 401, "echo": true}, "/stolen": {"status": 302, "headers": {"Location": "http://localhost:$port/x?k=$key"}},
 "/file/E0": {"body": "[\"E0\"]"}, "/file/E1": [{"status": 500}, {"status": 500}, {"status": 500}, {"status": 500}, {"body": "[\"E1\"]"}], "/file/E2": {"body": "[\"E2\"]"},
 "/v4/sports/soccer_epl/events": {"body": "[{\"id\": \"abc\", \"commence_time\": \"2026-03-10T20:00:00Z\"}, {\"id\": \"later\", \"commence_time\": \"2026-03-14T20:00:00Z\"}]", "headers": {"x-requests-remaining": "490", "x-requests-last": "0"}},
 "/v4/sports/soccer_epl/odds": [{"body": "[10]", "headers": {"x-requests-remaining": "487", $odds}}, {"body": "[11]", "headers": {"x-requests-remaining": "484", $odds}},
   {"status": 401, "body": "{\"message\": \"Usage quota has been reached. \\\\\"See\\\\\" plans\", \"error_code\": \"OUT_OF_USAGE_CREDITS\"}"}],
 "/v4/sports/basketball_nba/odds": {"status": 429, "body": "{\"message\": \"Usage quota has been reached\", \"error_code\": \"OUT_OF_USAGE_CREDITS\"}"},
 "/v4/sports/icehockey_nhl/odds": [{"status": 429, "body": "{\"message\": \"Requests are too frequent\", \"error_code\": \"EXCEEDED_FREQ_LIMIT\"}"}, {"body": "[12]"}],
 "/v4/sports/baseball_mlb/odds": {"status": 422, "body": "{\"message\": \"Invalid markets: player_pts\", \"error_code\": \"INVALID_MARKET\"}"},
 "/v4/sports/soccer_epl/events/abc/odds": {"status": 404, "body": "{\"message\": \"Event not found\", \"error_code\": \"EVENT_NOT_FOUND\"}"},
 "/v4/sports/americanfootball_nfl/odds": {"silent": true}, "/v4/sports/race/odds": {"body": "[13]", "delay": 0.3}}
JSON
printf '127.0.0.1 %s\n' "$key" >"$dir/keys"
chown --reference="$(psql -X -A -t -d postgres -c 'SHOW data_directory')" "$dir/keys" && chmod 600 "$dir/keys" || exit 1

createdb -T bet_edge_template $db || exit 1
psql -X -q -v ON_ERROR_STOP=1 -d $db <<SQL || exit 1
ALTER DATABASE $db SET log_statement = 'all';
ALTER DATABASE $db SET log_min_messages = 'debug1';
ALTER DATABASE $db SET log_error_verbosity = 'verbose';
ALTER DATABASE $db SET bet_edge_feed.key_file = '$dir/keys';
INSERT INTO bet_edge.feed_host (host, allow_private, allow_plain) VALUES ('127.0.0.1', true, true), ('localhost', true, true), ('169.254.169.254', false, true);
-- A source of the test's own, with a loader that stumbles on poison.
CREATE FUNCTION bet_edge.load_fake(p_payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int) LANGUAGE plpgsql AS \$\$
BEGIN
	IF (SELECT body = 'poison' FROM bet_edge.payload WHERE payload_id = p_payload_id) THEN
		PERFORM 1 / 0;
	END IF;
	UPDATE bet_edge.payload SET loaded_at = clock_timestamp(), rows_read = 1 WHERE payload_id = p_payload_id;
	RETURN QUERY SELECT 1, 0, 0, 0;
END \$\$;
CREATE FUNCTION bet_edge.load_metered(p_payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int) LANGUAGE sql AS 'SELECT * FROM bet_edge.load_fake(\$1)';
INSERT INTO bet_edge.credit_plan (source, credits, cost_function) VALUES ('metered', 500, 'bet_edge.the_odds_api_cost');
INSERT INTO bet_edge.feed_error (source, error_code, is_retried, is_spent, hold, scope) SELECT 'metered', error_code, is_retried, is_spent, hold, scope FROM bet_edge.feed_error WHERE source = 'the_odds_api';
SQL

psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v port="$port" -v dir="$dir" -d $db >"$dir/tap" 2>"$dir/errors" <<'SQL'
SET search_path = bet_edge, public;
SET client_min_messages = error;
SELECT no_plan();
\set base 'http://127.0.0.1:' :port

-- ---- what a call costs ------------------------------------------------------------------------
SELECT is(the_odds_api_cost('https://api.the-odds-api.com/v4' || path), cost, path) FROM (VALUES
	('/sports?apiKey={key}', 0), ('/sports/', 0), ('/sports/soccer_epl/events', 0), ('/sports/soccer_epl/odds', 1), ('/sports/upcoming/odds?regions=us', 1),
	('/sports/soccer_epl/odds?apiKey={key}&regions=us&markets=h2h,spreads,totals', 3), ('/sports/x/odds?regions=us,uk&markets=h2h%2Cspreads', 4), ('/sports/x/odds?regions=us,us&markets=h2h,h2h,', 1),
	('/sports/x/odds?bookmakers=a,b,c,d,e,f,g,h,i,j&regions=us,uk,eu&markets=h2h,totals', 2), ('/sports/x/odds?bookmakers=a,b,c,d,e,f,g,h,i,j,k', 2),
	('/sports/x/scores', 1), ('/sports/x/scores?daysFrom=3', 2), ('/sports/x/participants', 1), ('/sports/x/events/id1/markets', 1), ('/sports/x/events/id1/odds?regions=us&markets=player_points,player_assists', 2),
	('/historical/sports/x/odds?regions=us,eu&markets=h2h,spreads&date=2021-11-25T12:00:00Z', 40), ('/historical/sports/x/events?date=2021-11-25T12:00:00Z', 1), ('/historical/sports/x/events/id1/odds?markets=alternate_spreads&regions=us', 10),
	('/sports/x/odds?xmarkets=a,b&markets=c', 1), ('/new_endpoint', NULL), ('', NULL)) AS c(path, cost);

-- ---- credits: a month under every pressure ---------------------------------------------------
CREATE FUNCTION pg_temp.spend(at timestamptz, used int, told int DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	INSERT INTO bet_edge.feed_request (feed, source, url, at, ms, credits_planned, credits_used, credits_left) VALUES ('greedy', 'metered', 'x', at, 1, used, used, told)
$$;
SELECT is((SELECT array[credits, remaining, spent_today, allowed_today, available, days_left] FROM credit_status('metered', '2026-04-01 00:00Z')), '{500,500,0,16,16,30}', 'a fresh month of 30 days');
SELECT is((SELECT available FROM credit_status('metered', '2026-04-02 23:59Z')), 33, 'what a quiet day saved may be spent on the next');
SELECT is((SELECT remaining FROM credit_status('nothing')), NULL, 'no plan, no account');
-- Hourly calls of 3 credits, as many as fit: all of April.
CREATE FUNCTION pg_temp.greedy_month(first timestamptz, cost int, every interval, OUT total int, OUT worst_day int, OUT last_day int) LANGUAGE plpgsql AS $$
DECLARE
	moment timestamptz := first;
	account record;
BEGIN
	WHILE moment < first + interval '1 month' LOOP
		SELECT * INTO account FROM bet_edge.credit_status('metered', moment);
		IF account.available >= cost THEN
			PERFORM pg_temp.spend(moment, cost);
		END IF;
		moment := moment + every;
	END LOOP;
	SELECT sum(d), max(d), max(d) FILTER (WHERE day = (first + interval '1 month' - interval '1 day')) INTO total, worst_day, last_day
	FROM (SELECT date_trunc('day', at) AS day, sum(credits_used) AS d FROM bet_edge.feed_request WHERE at >= first AND at < first + interval '1 month' GROUP BY 1) AS c;
END $$;
SET timezone = 'UTC';
SELECT * FROM pg_temp.greedy_month('2026-04-01', 3, '1 hour') \gset
SELECT ok(:total BETWEEN 480 AND 500 AND :worst_day <= 20 AND :last_day >= 12, 'hourly calls of 3: ' || :total || ' credits in the month, at most ' || :worst_day || ' a day, ' || :last_day || ' on the last');
SELECT is((SELECT array[remaining, available] FROM credit_status('metered', '2026-05-01 00:00Z')), '{500,16}', 'the 1st, UTC, begins anew');
SELECT * FROM pg_temp.greedy_month('2026-05-01', 40, '4 hours') \gset
SELECT ok(:total BETWEEN 440 AND 500, 'calls of 40, more than a day''s share, wait until it is saved: ' || :total);
SELECT pg_temp.spend('2026-06-10 12:00Z', 3, 100);
SELECT is((SELECT array[remaining, allowed_today, available] FROM credit_status('metered', '2026-06-10 13:00Z')), '{100,4,1}', 'used elsewhere: what the last answer told counts, spread over the 21 days left');
SELECT pg_temp.spend('2026-06-11 12:00Z', 3);
SELECT is((SELECT remaining FROM credit_status('metered', '2026-06-11 13:00Z')), 97, 'less what was asked since');
INSERT INTO feed_request (feed, source, url, at, credits_planned) VALUES ('greedy', 'metered', 'x', '2026-06-11 12:00Z', 7);
SELECT is((SELECT remaining FROM credit_status('metered', '2026-06-11 13:00Z')), 90, 'what is under way counts as predicted');
UPDATE credit_plan SET is_paced = false WHERE source = 'metered';
SELECT is((SELECT available FROM credit_status('metered', '2026-06-11 13:00Z')), 90, 'without a pace all of it is there');
UPDATE credit_plan SET is_paced = true WHERE source = 'metered';
TRUNCATE feed_request;

-- ---- addresses ------------------------------------------------------------------------------------
SELECT is_empty($$SELECT feed FROM feed WHERE builtin AND coalesce(parameters, '') NOT IN ('bet_edge.grounds_ahead', 'bet_edge.if_game_on', 'bet_edge.games_with_gaps') AND NOT EXISTS (SELECT FROM feed_urls(feed))$$, 'every shipped feed has an address');
SELECT is_empty($$SELECT source FROM feed WHERE builtin EXCEPT SELECT unnest(loadable_feeds())$$, 'and a loader');
-- Two games of ESPN's a week ahead, one under a dome: the weather is asked for at the other's ground.
SELECT rejects AS none FROM load_payload('espn', 'https://site.api.espn.com/apis/site/v2/sports/football/nfl/scoreboard', convert_to(replace(replace($${"leagues": [{"slug": "nfl"}], "events": [
	{"id": "1", "date": "2026-01-10T18:00Z", "season": {"year": 2025}, "competitions": [{"id": "1", "date": "2026-01-10T18:00Z", "status": {"type": {"name": "STATUS_SCHEDULED", "state": "pre", "completed": false}},
		"competitors": [{"homeAway": "home", "score": "0", "team": {"id": "2", "displayName": "Buffalo Bills"}}, {"homeAway": "away", "score": "0", "team": {"id": "15", "displayName": "Miami Dolphins"}}]}]},
	{"id": "2", "date": "2026-01-10T21:00Z", "season": {"year": 2025}, "competitions": [{"id": "2", "date": "2026-01-10T21:00Z", "status": {"type": {"name": "STATUS_SCHEDULED", "state": "pre", "completed": false}},
		"competitors": [{"homeAway": "home", "score": "0", "team": {"id": "16", "displayName": "Minnesota Vikings"}}, {"homeAway": "away", "score": "0", "team": {"id": "9", "displayName": "Green Bay Packers"}}]}]}]}$$, E'\n', ''), E'\t', ''), 'UTF8'), '2026-01-05 12:00Z') \gset
SELECT alike((SELECT string_agg(u, ' ') FROM feed_urls('open_meteo_forecast', '2026-01-06 12:00Z') AS u), 'https://api.open-meteo.com/v1/forecast?latitude=42.7738&longitude=-78.787&hourly=%&timezone=GMT', 'weather is asked for where a game in the open is near');
SELECT is((SELECT count(*) FROM feed_urls('open_meteo_forecast', '2026-01-11 12:00Z')), 0::bigint, 'and not when it is over');
UPDATE feed SET sport = 'NFL' WHERE feed = 'nba_live_scoreboard';
SELECT is((SELECT array_agg(n ORDER BY at) FROM unnest('{2026-01-10 17:00Z,2026-01-10 17:50Z,2026-01-10 20:00Z,2026-01-11 03:00Z}'::timestamptz[]) AS at, LATERAL (SELECT count(*) AS n FROM feed_urls('nba_live_scoreboard', at)) AS c), '{0,1,1,0}', 'a live feed is asked while a game is on');
SELECT is_empty($$SELECT u FROM feed, feed_urls(feed) AS u WHERE builtin AND NOT EXISTS (SELECT FROM feed_host AS h WHERE h.host = substring(u FROM '^https://([^/]+)/'))$$, 'at an allowed host, by https');
SELECT is_empty($$SELECT u FROM feed, feed_urls(feed) AS u WHERE builtin AND source = 'the_odds_api' AND the_odds_api_cost(u) IS NULL$$, 'of known cost');
SELECT cmp_ok((SELECT sum(the_odds_api_cost(u)) * 31 FROM feed, feed_urls(feed) AS u WHERE source = 'the_odds_api' AND builtin AND "interval" = '1 day'), '<=', 500::bigint, 'and the shipped ones fit into the free plan');
INSERT INTO feed (feed, source, sport, endpoint, "interval") VALUES
	('days', 'fake', 'NBA', :'base' || '/x/{sport}/{YYYYMMDD}-{YYYYMMDD +7}?d={YYYY-MM-DD -1}&k={key}', '1 hour'), ('unfilled', 'fake', NULL, :'base' || '/{sport}', '1 hour');
SELECT is((SELECT array_agg(u) FROM feed_urls('days', '2026-11-21 03:00Z') AS u), ARRAY[:'base' || '/x/basketball_nba/20261120-20261127?d=2026-11-19&k={key}'], 'days are the sport''s');
SELECT throws_ok($$SELECT feed_urls('unfilled')$$, '22023', 'endpoint of feed unfilled has a place {sport} that nothing fills', 'a place that nothing fills');
SELECT throws_ok($$SELECT feed_urls('nobody')$$, '42704', 'feed ''nobody'' is not there', 'an unknown feed');
SELECT throws_ok($$INSERT INTO feed (feed, source, endpoint) VALUES ('leak', 'fake', 'https://api.the-odds-api.com/v4/sports?apiKey=0123456789abcdef')$$, '23514', NULL, 'a key does not go into an endpoint');
SELECT is(url_encode('a b&c=d/é,~'), 'a%20b%26c%3Dd%2F%C3%A9,~', 'values are encoded');
DELETE FROM feed WHERE feed IN ('days', 'unfilled');

UPDATE feed SET is_enabled = false;

-- ---- errors of answers ----------------------------------------------------------------------------------
SELECT is((SELECT array[error_code, message] FROM answer_error(status, body)), want, status || ' ' || encode(body, 'escape')) FROM (VALUES
	(200, '[]'::bytea, '{NULL,NULL}'::text[]), (200, '', '{NULL,NULL}'), (200, '\x00ff3c', '{NULL,NULL}'), (304, '', '{NULL,NULL}'), (200, ' <html>', '{not_data," <html>"}'), (500, '\x00ff', '{http_500,\\000\\377}'),
	(404, '{"message": "Event not found", "error_code": "EVENT_NOT_FOUND"}', '{EVENT_NOT_FOUND,"Event not found"}'), (403, '{"error_code": 7}', '{http_403,"{\"error_code\": 7}"}')) AS c(status, body, want);

-- ---- collect -------------------------------------------------------------------------------------------------
-- What a call of collect('...') ends with.
CREATE FUNCTION pg_temp.last(p_feed text) RETURNS feed_request LANGUAGE sql AS $$ SELECT r FROM bet_edge.feed_request AS r WHERE r.feed = p_feed ORDER BY request_id DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.asked(path text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM regexp_split_to_table(pg_read_file(current_setting('test.dir') || '/requests'), E'\n') AS l WHERE l <> '' AND split_part(l::jsonb ->> 'path', '?', 1) = path $$;
SELECT set_config('test.dir', :'dir', false) IS NOT NULL AS set \gset
INSERT INTO feed (feed, source, endpoint, "interval", timeout_ms)
SELECT path, 'fake', :'base' || '/' || path || '?apiKey={key}', '1 hour', ms FROM (VALUES ('plain', 20000), ('changing', 20000), ('poison', 20000), ('flaky', 20000), ('down', 500), ('busy', 20000), ('busy_long', 20000), ('missing', 20000),
	('page', 20000), ('zero', 20000), ('silent', 300), ('huge', 20000), ('short', 300), ('internal', 20000), ('echo', 20000), ('echo401', 20000), ('stolen', 20000)) AS c(path, ms);
UPDATE feed SET is_enabled = false WHERE source = 'fake';
\set ON_ERROR_STOP off
\set VERBOSITY terse
CALL collect('plain');
SELECT ok((r).status = 200 AND (r).error_code IS NULL AND (r).attempts = 1 AND (r).bytes = 3 AND (r).ms >= 0 AND (r).credits_used = 0, 'an answer is noted') FROM pg_temp.last('plain') AS r;
SELECT is((SELECT name || encode(body, 'escape') FROM payload WHERE sha256 = (pg_temp.last('plain')).sha256), :'base' || '/plain?apiKey={key}[1]', 'stored and loaded');
SELECT is((SELECT count(*) FROM inbox), 0::bigint, 'and has left the inbox');
SELECT ok(received_at > r.at AND received_at < clock_timestamp() AND loaded_at > received_at, 'received when it had come') FROM payload AS p JOIN feed_request AS r USING (sha256);
CALL collect('plain');
SELECT ok((r).status = 304 AND (r).bytes = 0 AND (r).error_code IS NULL, 'what has not changed is a 304') FROM pg_temp.last('plain') AS r;
SELECT ok(last_success_at = last_request_at AND last_status = 304 AND failures = 0, 'which is a success') FROM feed_status() WHERE feed = 'plain';
DELETE FROM payload WHERE feed = 'fake';
CALL collect('plain');
SELECT is((pg_temp.last('plain')).status, 200, 'but what is gone here is asked for whole');
CALL collect('changing');
CALL collect('changing');
CALL collect('changing');
SELECT is((SELECT array_agg(encode(body, 'escape') ORDER BY payload_id) FROM payload WHERE name LIKE '%/changing%'), '{[2],NULL}', 'what plain had brought is no second payload; what comes back after something else is one, without a second body');
SELECT is((SELECT count(*) FROM feed_request WHERE feed = 'changing' AND status = 200), 3::bigint, 'but each request is noted');
INSERT INTO feed (feed, source, endpoint, "interval", is_enabled) VALUES ('hurt', 'balldontlie_injuries', :'base' || '/balldontlie.io/nba/v1/player_injuries', '1 hour', false);
CALL collect('hurt');
CALL collect('hurt');
SELECT is((SELECT array_agg(status ORDER BY request_id) FROM feed_request WHERE feed = 'hurt'), '{200,304}', 'a list that has not changed');
SELECT ok(count(*) = 2 AND max(r.known_at) = max(p.received_at) AND count(p.body) = 1, 'was seen again') FROM injury_report AS r JOIN payload AS p USING (payload_id);
CALL collect('poison');
SELECT is((SELECT p.loaded_at IS NULL AND p.body = 'poison' AND r.reason = 'parse_error' AND r.detail = '22012: division by zero' FROM payload AS p JOIN reject AS r USING (payload_id)), true, 'what its loader stumbles on is stored, with the reason');
CALL collect('poison');
SELECT is((SELECT count(*) FROM payload WHERE name LIKE '%/poison%' AND loaded_at IS NOT NULL), 1::bigint, 'and does not keep the next one waiting');
SELECT ok(health() ->> 'problems' LIKE '%1 payloads of feed fake are stored but not loaded%', 'health() tells');

-- ---- again or not again --------------------------------------------------------------------------------------
CALL collect('flaky');
SELECT ok((r).attempts = 3 AND (r).status = 200 AND (r).error_code IS NULL AND (r).ms > 1000, '500, 502, then an answer: the third attempt, after pauses') FROM pg_temp.last('flaky') AS r;
INSERT INTO feed (feed, source, endpoint, "interval", retries, retry_ms) SELECT f, 'fake', :'base' || '/' || f || '?apiKey={key}', '1 hour', n, 20 FROM (VALUES ('stubborn', 6), ('hasty', 1)) AS v (f, n);
CALL collect('stubborn');
SELECT ok((r).attempts = 7 AND (r).status = 200 AND (r).error_code IS NULL, 'as often as the feed says, and after its pause: doubled from a second there would be no time for seven') FROM pg_temp.last('stubborn') AS r;
CALL collect('hasty');
SELECT ok((r).attempts = 2 AND (r).error_code = 'http_503', 'and not more often') FROM pg_temp.last('hasty') AS r;
DELETE FROM feed WHERE feed IN ('stubborn', 'hasty');
SELECT results_eq($$SELECT feed, timeout_ms, retries, retry_ms FROM feed WHERE feed LIKE 'nba\_live\_%' ORDER BY 1$$, $$VALUES ('nba_live_plays', 3000, 2, 500), ('nba_live_scoreboard', 3000, 2, 500)$$, 'the live feeds: three seconds, two retries half a second apart');
CALL collect('down');
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '38000', 'a failed request is an error in the end');
SELECT ok((r).attempts BETWEEN 1 AND 2 AND (r).error_code = 'http_503' AND (r).message = '<html>\000 down' AND (r).held_until IS NULL AND (r).ms < 2500, '503: not longer than the feed has time') FROM pg_temp.last('down') AS r;
CALL collect('busy');
SELECT ok((r).attempts = 2 AND (r).status = 200 AND (r).ms BETWEEN 1000 AND 3000, '429 with Retry-After 1: a second later') FROM pg_temp.last('busy') AS r;
CALL collect('missing');
CALL collect('missing');
SELECT ok((r).attempts = 0 AND (r).error_code = 'held' AND (r).message LIKE 'known to fail, not asked before %', '404 is not asked again') FROM pg_temp.last('missing') AS r;
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '53400', 'but refused');
SELECT is(pg_temp.asked('/missing'), 1::bigint, 'the server saw one request');
UPDATE feed_request SET held_until = NULL WHERE feed = 'missing';
CALL collect('missing');
SELECT is(pg_temp.asked('/missing'), 2::bigint, 'until the hold is lifted');
CALL collect('page');
SELECT ok((r).status = 200 AND (r).error_code = 'not_data' AND NOT EXISTS (SELECT FROM payload WHERE name LIKE '%/page%'), 'a page under 200 is no payload') FROM pg_temp.last('page') AS r;
CALL collect('zero');
SELECT is((SELECT body FROM payload WHERE name LIKE '%/zero%'), '\x005b365d', 'a zero byte is one');
CALL collect('silent');
SELECT ok((r).status IS NULL AND (r).error_code = '08006' AND (r).attempts <= 2 AND (r).ms BETWEEN 300 AND 1100, 'no answer in time') FROM pg_temp.last('silent') AS r;
CALL collect('huge');
SELECT ok((r).error_code = '54000' AND (r).held_until > now() AND (r).attempts = 1, '200 MB: not taken, not asked again soon') FROM pg_temp.last('huge') AS r;
CALL collect('short');
SELECT is((pg_temp.last('short')).error_code, '08006', 'a body that breaks off');
CALL collect('internal');
SELECT ok((r).error_code = '42501' AND (r).attempts = 1, 'a redirect to the cloud''s metadata') FROM pg_temp.last('internal') AS r;
CALL collect('busy_long');
SELECT ok((r).attempts = 1 AND (r).held_scope = 'source' AND (r).held_until BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes', '429 with Retry-After 3600: all of the source waits an hour') FROM pg_temp.last('busy_long') AS r;
CALL collect('plain');
SELECT is((pg_temp.last('plain')).error_code, 'held', 'the others too');
SELECT ok(bool_and(due_at IS NULL AND held_until > now()), 'feed_status() shows it') FROM feed_status() WHERE source = 'fake';
UPDATE feed_request SET held_until = NULL;
CALL collect('nobody');
SELECT is(:'LAST_ERROR_SQLSTATE'::text, '42704', 'an unknown feed');

-- ---- a metered source, rehearsed in a March that is long past ---------------------------------------------
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", timeout_ms)
SELECT 'm_' || lower(sport), 'metered', sport, :'base' || '/v4/sports/{sport}/odds?apiKey={key}&regions=us&markets=h2h,spreads,totals', CASE sport WHEN 'EPL' THEN 'bet_edge.if_games_ahead' END, '1 day', CASE sport WHEN 'NFL' THEN 2500 ELSE 20000 END
FROM sport WHERE sport IN ('EPL', 'NBA', 'NHL', 'MLB', 'NFL');
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval") VALUES
	('m_events', 'metered', 'EPL', :'base' || '/v4/sports/{sport}/events?apiKey={key}', NULL, '12 hours'),
	('m_props', 'metered', 'EPL', :'base' || '/v4/sports/{sport}/events/{event}/odds?apiKey={key}&regions=us&markets=player_goals', 'bet_edge.upcoming_events', '1 day'),
	('m_unknown', 'metered', NULL, :'base' || '/v4/novelty?apiKey={key}', NULL, '1 day');
UPDATE feed SET is_enabled = false WHERE feed NOT IN ('m_epl', 'm_events');
CALL collect(at => '2026-03-10 12:00Z');
SELECT is((SELECT array_agg(feed || coalesce(credits_used::text, '-') || ':' || coalesce(credits_left::text, '-') ORDER BY request_id) FROM feed_request WHERE source = 'metered'), '{m_epl3:487,m_events0:490}', 'what is due is asked, with its credits');
CALL collect(at => '2026-03-10 12:30Z');
SELECT is((SELECT count(*) FROM feed_request WHERE source = 'metered'), 2::bigint, 'nothing is due half an hour later');
CALL collect(at => '2026-03-11 12:01Z');
SELECT is((SELECT array_agg(feed ORDER BY request_id) FROM feed_request WHERE source = 'metered' AND at = '2026-03-11 12:01Z'), '{m_events}', 'no game within a day: its odds are not paid for');
SELECT is((SELECT array_agg(u) FROM feed_urls('m_props', '2026-03-10 12:30Z') AS u), ARRAY[:'base' || '/v4/sports/soccer_epl/events/abc/odds?apiKey={key}&regions=us&markets=player_goals'], 'props: a request for each game that is near');
CALL collect('m_props', '2026-03-10 12:45Z');
CALL collect('m_props', '2026-03-20 12:45Z');
SELECT ok(error_code = 'EVENT_NOT_FOUND' AND message = 'Event not found' AND credits_used = 0 AND held_until > '3000-01-01', 'an event that is gone is never asked for again') FROM feed_request WHERE feed = 'm_props';
CALL collect('m_mlb', '2026-03-12 12:00Z');
CALL collect('m_mlb', '2026-03-12 13:00Z');
SELECT is((SELECT array_agg(error_code || attempts ORDER BY request_id) FROM feed_request WHERE feed = 'm_mlb'), '{INVALID_MARKET1,held0}', 'a market that is none: told once');
CALL collect('m_nhl', '2026-03-12 12:00Z');
SELECT ok((r).attempts = 2 AND (r).status = 200 AND (r).credits_used = 3, '429 for haste: again; without headers the prediction is the cost') FROM pg_temp.last('m_nhl') AS r;
CALL collect('m_unknown', '2026-03-12 12:00Z');
SELECT is((pg_temp.last('m_unknown')).error_code, 'unknown_cost', 'an endpoint of unknown cost is not asked');
CALL collect('m_epl', '2026-03-13 21:00Z');
CALL collect('m_epl', '2026-03-13 22:00Z');
SELECT is((SELECT array_agg(coalesce(error_code, 'well') || ':' || coalesce(credits_left::text, '-') ORDER BY request_id) FROM feed_request WHERE feed = 'm_epl' AND at > '2026-03-13'), '{well:484,OUT_OF_USAGE_CREDITS:0}', 'a 401 that means no credits');
SELECT is((pg_temp.last('m_epl')).message, 'Usage quota has been reached. \"See\" plans', 'in the API''s words');
CALL collect('m_epl', '2026-03-13 23:00Z');
SELECT ok((r).attempts = 0 AND (r).error_code = 'over_budget' AND (r).message = 'it costs 3 of the month''s 500 credits, 0 are left', 'and then nothing that costs is asked') FROM pg_temp.last('m_epl') AS r;
CALL collect('m_events', '2026-03-14 01:00Z');
SELECT is((SELECT remaining FROM credit_status('metered', '2026-03-14 01:00Z')), 490, 'a free call tells when there are credits again');
CALL collect('m_nba', '2026-03-14 02:00Z');
SELECT ok((r).attempts = 1 AND (r).status = 429 AND (r).error_code = 'OUT_OF_USAGE_CREDITS', 'the same under 429 is not asked again: the code decides, not the status') FROM pg_temp.last('m_nba') AS r;
CALL collect('m_events', '2026-03-14 03:00Z');
UPDATE credit_plan SET credits = 62 WHERE source = 'metered';
INSERT INTO feed_request (feed, source, url, at, ms, credits_planned, credits_used) VALUES ('m_nhl', 'metered', 'x', '2026-03-14 03:30Z', 1, 17, 17);
CALL collect('m_nhl', '2026-03-14 04:00Z');
SELECT ok((r).error_code = 'over_pace' AND (r).message LIKE 'it costs 3 credits, % of today''s % are left; % must last 18 days', 'what fits into the month but not into the day is refused') FROM pg_temp.last('m_nhl') AS r;
SELECT diag((pg_temp.last('m_nhl')).message);
UPDATE credit_plan SET credits = 500 WHERE source = 'metered';

-- ---- a cancel in the middle ---------------------------------------------------------------------------------
SET statement_timeout = 1800;
CALL collect('m_nfl', '2026-03-15 04:00Z');
SELECT :'LAST_ERROR_SQLSTATE' AS cancelled \gset
RESET statement_timeout;
SELECT is(:'cancelled'::text, '57014', 'a cancel ends collect()');
SELECT ok((r).ms IS NULL AND (r).error_code IS NULL AND (r).credits_planned = 3 AND (r).credits_used IS NULL, 'the request stays written down, its cost counted') FROM pg_temp.last('m_nfl') AS r;
CALL collect('m_nfl', '2026-03-15 05:00Z');
SELECT ok((r).error_code = '08006' AND (r).credits_used = 3 * (r).attempts, 'an answer that never came may have cost: it counts') FROM pg_temp.last('m_nfl') AS r;

-- ---- a back-fill ----------------------------------------------------------------------------------------------
CREATE FUNCTION public.files(feed text, at timestamptz) RETURNS SETOF jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('file', 'E' || i) FROM generate_series(0, 2) AS i $$;
INSERT INTO feed (feed, source, endpoint, parameters, timeout_ms) VALUES ('files', 'fake', :'base' || '/file/{file}', 'public.files', 300);
SELECT is((SELECT due_at FROM feed_status() WHERE feed = 'files'), NULL, 'a feed without an interval is asked by its name alone');
CALL collect('files');
SELECT is((SELECT array_agg(u) FROM urls_to_ask('files', false) AS u), ARRAY[:'base' || '/file/E1'], 'what failed of it is left');
CALL collect('files');
CALL collect('files');
CALL collect('files');
CALL collect('files');
SELECT is_empty($$SELECT urls_to_ask('files', false)$$, 'and asked until it is there');
SELECT is(pg_temp.asked('/file/E0') + pg_temp.asked('/file/E2'), 2::bigint, 'what was there is not asked again');

-- docs/feed.md: what a season of history would cost, before the first call.
CREATE FUNCTION public.noons(feed text, at timestamptz) RETURNS SETOF jsonb LANGUAGE sql STABLE AS
	$$SELECT jsonb_build_object('date', to_char(d, 'YYYY-MM-DD"T"12:00:00"Z"')) FROM generate_series(date '2023-10-24', date '2024-04-14', interval '1 day') AS d$$;
INSERT INTO feed (feed, source, sport, endpoint, parameters) VALUES ('nba_2023', 'the_odds_api', 'NBA',
	'https://api.the-odds-api.com/v4/historical/sports/{sport}/odds?apiKey={key}&regions=us&markets=h2h,spreads,totals&date={date}', 'public.noons');
SELECT is((SELECT array[count(*), sum(the_odds_api_cost(u))] FROM urls_to_ask('nba_2023', false) AS u), '{174,5220}', 'a back-fill is costed before its first call');

-- ---- answers that repeat the key ------------------------------------------------------------------------------
CALL collect('echo');
SELECT alike((SELECT encode(body, 'escape') FROM payload WHERE name LIKE '%/echo?%'), '/echo?apiKey=****%', 'in a body');
CALL collect('echo401');
SELECT alike((pg_temp.last('echo401')).message, '/echo401?apiKey=****%', 'in an error');
UPDATE feed_request SET held_until = NULL;
CALL collect('stolen');
SELECT is((pg_temp.last('stolen')).error_code, '42501', 'in a redirect');
INSERT INTO inbox (feed, name, body) SELECT 'kept', 'body', body FROM http_get(:'base' || '/echo?apiKey={key}');
SELECT * FROM http_get(:'base' || '/echo?apiKey={key}', 1) \g /dev/null
\set ON_ERROR_STOP on
SELECT * FROM finish();
SQL
status=$?
[ $status = 0 ] || cat "$dir/errors"
sed '/^1\.\./d' "$dir/tap"
n=$(grep -cE '^(not )?ok ' "$dir/tap")

# ---- five at once, and credits for two --------------------------------------------------------------------------
psql -X -q -d $db -c "INSERT INTO bet_edge.credit_plan (source, credits, cost_function, is_paced) VALUES ('race', 7, 'bet_edge.the_odds_api_cost', false)" \
	-c "INSERT INTO bet_edge.feed (feed, source, endpoint, \"interval\") VALUES ('race', 'race', 'http://127.0.0.1:$port/v4/sports/race/odds?markets=a,b,c', '1 hour')"
racers=
for i in 1 2 3 4 5; do
	psql -X -q -d $db -c "CALL bet_edge.collect('race')" >>"$dir/race" 2>&1 &
	racers="$racers $!"
done
wait $racers
got=$(psql -X -q -A -t -d $db -c "SELECT string_agg(coalesce(error_code, 'well'), ' ' ORDER BY error_code DESC) FROM bet_edge.feed_request WHERE feed = 'race'")
n=$((n + 1))
[ "$got" = 'well well over_budget over_budget over_budget' ] && echo "ok $n - five sessions at once spend no more than is there" || { echo "not ok $n - five sessions at once: $got"; sed 's/^/# /' "$dir/race"; }

# ---- the planted key --------------------------------------------------------------------------------------------
psql -X -q -d $db -c "SELECT bet_edge.http_get('http://127.0.0.1:$port/silent?apiKey={key}', 3000)" >"$dir/psql" 2>&1 &
waiting=$!
for i in $(seq 100); do psql -X -A -t -d $db -c 'SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()' | grep -q 'silent?apiKey' && break; sleep 0.02; done
psql -X -A -t -d $db -c 'SELECT * FROM pg_stat_activity' -c 'SELECT * FROM pg_settings' -c 'SELECT * FROM pg_stat_get_activity(NULL)' >"$dir/activity"
wait $waiting
pg_dump -d $db >"$dir/dump.sql" 2>"$dir/dump.log"
for t in feed_request inbox payload reject feed; do psql -X -A -t -d $db -c "SET bytea_output = escape" -c "SELECT * FROM bet_edge.$t"; done >"$dir/tables"
cp "$(pg_lsclusters -h | awk 'NR == 1 { print $NF }')" "$dir/log"
look() { # file, what must be in it, name
	n=$((n + 1))
	if ! grep -q "$2" "$1"; then echo "not ok $n - $3: nothing to look at"
	elif grep -q "$key" "$1"; then echo "not ok $n - $3"; grep "$key" "$1" | head -3 | sed 's/^/# /'
	else echo "ok $n - $3"; fi
}
look "$dir/activity" 'silent?apiKey={key}' 'no key in pg_stat_activity and pg_settings'
look "$dir/psql" 'no answer from 127.0.0.1' 'nor in an error message'
look "$dir/dump.sql" 'echo401?apiKey={key}' 'nor in a dump'
look "$dir/tables" 'echo?apiKey=\*\*\*\*' 'nor in feed_request, inbox, payload, reject'
look "$dir/log" 'statement: SELECT bet_edge.http_get' "nor in the server's log with log_statement = all"
n=$((n + 1))
grep -q "$key" "$dir/requests" && echo "ok $n - though it was sent" || echo "not ok $n - it was never sent"
echo "1..$n"
exit $status
