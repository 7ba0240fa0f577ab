-- request: planned, written down, made, kept; then loaded.

CREATE FUNCTION plan_request(feed text, url text, at timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	asked   feed;
	plan    credit_plan;
	account record;
	moment  timestamptz;
	held    timestamptz;
	cost    int := 0;
	id      bigint;
	refusal text;
	reason  text;
BEGIN
	SELECT * INTO asked FROM feed AS f WHERE f.feed = plan_request.feed;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'feed % is not there', quote_literal(plan_request.feed) USING ERRCODE = 'undefined_object';
	END IF;
	-- Whoever plans for the same source waits here, so that two do not spend the same credits; only then is it now.
	SELECT * INTO plan FROM credit_plan AS c WHERE c.source = asked.source FOR UPDATE;
	moment := coalesce(plan_request.at, clock_timestamp());
	held := held_until(asked.feed, asked.source, plan_request.url, moment);
	IF plan.source IS NOT NULL THEN
		cost := asked.cost;
		IF cost IS NULL AND plan.cost_function IS NULL THEN
			cost := 1;
		ELSIF cost IS NULL THEN
			EXECUTE format('SELECT %s($1)', plan.cost_function::regproc) INTO cost USING plan_request.url;
		END IF;
		SELECT * INTO account FROM credit_status(asked.source, moment);
		IF cost IS NULL THEN
			refusal := 'unknown_cost';
			reason := 'what this endpoint costs is not known: set feed.cost';
		ELSIF cost > 0 AND cost > account.remaining THEN
			refusal := 'over_budget';
			reason := format('it costs %s of the month''s %s credits, %s are left', cost, account.credits, account.remaining);
		ELSIF cost > 0 AND cost > account.available THEN
			refusal := 'over_pace';
			reason := format('it costs %s credits, %s of today''s %s are left; %s must last %s days', cost, account.available, account.allowed_today, account.remaining, account.days_left);
		END IF;
	END IF;
	IF held IS NOT NULL THEN
		refusal := 'held';
		reason := format('known to fail, not asked before %s', held);
	END IF;
	INSERT INTO feed_request (feed, source, url, at, credits_planned, credits_used, ms, error_code, message)
	VALUES (asked.feed, asked.source, plan_request.url, moment, coalesce(cost, 0), CASE WHEN refusal IS NOT NULL THEN 0 END, CASE WHEN refusal IS NOT NULL THEN 0 END, refusal, reason)
	RETURNING request_id INTO id;
	RETURN id;
END $$;
COMMENT ON FUNCTION plan_request(text, text, timestamptz) IS
'Writes down a request that a feed is about to make of an address at a moment (NULL: now), its cost predicted, and returns its number. It is refused, with error_code and message in the row, when its failure is known (held), when the cost is not (unknown_cost), or when it does not fit into what is left of the month (over_budget) or of the day (over_pace). What costs nothing always fits. Commit before fetch_request(), so that a crash in between does not forget what was spent.';

CREATE FUNCTION retry_after(headers text) RETURNS interval
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	value CONSTANT text := http_header(headers, 'retry-after');
BEGIN
	RETURN CASE WHEN value ~ '^\d{1,7}$' THEN make_interval(secs => value::float8)
		WHEN value ~ 'GMT$' THEN greatest(value::timestamptz - clock_timestamp(), interval '0') END;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION retry_after(text) IS 'How long an answer asks to wait (Retry-After, in seconds or as a date); NULL where it does not say.';

CREATE FUNCTION answer_error(status int, body bytea, OUT error_code text, OUT message text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
			WHEN status = 304 OR status = 200 AND start.text !~ '^(\\357\\273\\277)? *<' THEN NULL
			WHEN status = 200 THEN 'not_data'
			ELSE coalesce(substring(start.text FROM '"error_code"\s*:\s*"([A-Za-z0-9_]{1,100})"'), 'http_' || status) END,
		CASE WHEN status NOT IN (200, 304) OR start.text ~ '^(\\357\\273\\277)? *<' THEN left(regexp_replace(coalesce(substring(start.text FROM '"message"\s*:\s*"((?:[^"\\]|\\.)*)"'), start.text), '\s+', ' ', 'g'), 300) END
	-- Bytes of any kind as ASCII.
	FROM (SELECT regexp_replace(replace(encode(substr(body, 1, 4000), 'escape'), '\\', '\'), '[\u0001-\u001f]+', ' ', 'g') AS text) AS start;
END;
COMMENT ON FUNCTION answer_error(int, bytea) IS
'What is wrong with an answer: NULL for 200 and 304; error_code of its body (The Odds API''s) or else http_ and the status; not_data for a page (its first character is <) where data belongs, whatever its type says. message: the body''s message, or how it begins.';

CREATE FUNCTION fetch_request(request_id bigint) RETURNS feed_request
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	r        feed_request;
	asked    feed;
	known    record;
	got      record;
	rule     feed_error;
	pause    interval;
	later    interval;
	began    CONSTANT timestamptz := clock_timestamp();
	arrived  timestamptz;
	deadline timestamptz;
	spent    int := 0;
BEGIN
	SELECT * INTO r FROM feed_request AS x WHERE x.request_id = fetch_request.request_id FOR UPDATE;
	SELECT * INTO asked FROM feed AS f WHERE f.feed = r.feed;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'request % is not there, or its feed', fetch_request.request_id USING ERRCODE = 'no_data_found';
	END IF;
	IF r.ms IS NOT NULL THEN
		RETURN r;
	END IF;
	-- When the last attempt must begin.
	deadline := began + make_interval(secs => 2 * asked.timeout_ms / 1000.0);
	-- Only what is still here may be answered with "not changed".
	SELECT x.etag, x.last_modified, x.sha256 INTO known FROM feed_request AS x
	WHERE x.url = r.url AND x.source = r.source AND x.status = 200 AND x.error_code IS NULL AND x.at <= r.at AND x.request_id < r.request_id
	  AND (EXISTS (SELECT FROM payload AS p WHERE p.feed = x.source AND p.sha256 = x.sha256) OR EXISTS (SELECT FROM inbox AS i WHERE i.feed = x.source AND i.name = x.url))
	ORDER BY x.at DESC, x.request_id DESC LIMIT 1;
	LOOP
		r.attempts := r.attempts + 1;
		later := NULL;
		BEGIN
			SELECT * INTO got FROM http_get(r.url, asked.timeout_ms, asked.max_bytes, known.etag, known.last_modified);
			r.status := got.status;
			r.bytes := length(got.body);
			r.credits_used := coalesce(substring(http_header(got.headers, 'x-requests-last') FROM '^\d{1,9}$')::int, CASE WHEN got.status BETWEEN 400 AND 499 OR got.status = 304 THEN 0 END);
			r.credits_left := coalesce(substring(http_header(got.headers, 'x-requests-remaining') FROM '^\d{1,9}')::int, r.credits_left);
			later := retry_after(got.headers);
			SELECT e.error_code, e.message INTO r.error_code, r.message FROM answer_error(got.status, got.body) AS e;
		EXCEPTION WHEN connection_exception OR external_routine_exception OR program_limit_exceeded OR insufficient_privilege OR config_file_error
			OR data_exception OR undefined_object OR undefined_file THEN
			r.status := NULL;
			r.error_code := SQLSTATE;
			r.message := SQLERRM;
			-- Nobody took the call, or it was never made.
			r.credits_used := CASE WHEN SQLSTATE IN ('08006', '38000', '54000') THEN r.credits_planned ELSE 0 END;
		END;
		spent := spent + coalesce(r.credits_used, 0);
		EXIT WHEN r.error_code IS NULL;
		rule := NULL;
		SELECT e.* INTO rule
		FROM feed_error AS e JOIN unnest(ARRAY[r.error_code, 'http_' || r.status, 'http_' || r.status / 100 || 'xx', CASE WHEN r.status IS NULL THEN left(r.error_code, 2) END])
			WITH ORDINALITY AS c(code, n) ON e.error_code = c.code
		WHERE e.source IN (r.source, '')
		ORDER BY c.n, e.source DESC LIMIT 1;
		EXIT WHEN rule.is_retried IS NOT TRUE OR r.attempts > asked.retries OR r.status BETWEEN 400 AND 499 AND r.status <> 429;
		pause := coalesce(later, make_interval(secs => coalesce(asked.retry_ms / 1000.0, 2.0 ^ (r.attempts - 1) * (0.5 + random()))));
		EXIT WHEN clock_timestamp() + pause > deadline;
		PERFORM pg_sleep(extract(epoch FROM pause));
	END LOOP;
	-- In a rehearsal as well as live.
	arrived := r.at + (clock_timestamp() - began);
	r.ms := extract(epoch FROM arrived - r.at) * 1000;
	r.credits_used := spent + CASE WHEN r.credits_used IS NULL THEN r.credits_planned ELSE 0 END;
	IF r.error_code IS NULL THEN
		IF r.status = 200 THEN
			r.etag := http_header(got.headers, 'etag');
			r.last_modified := http_header(got.headers, 'last-modified');
			r.sha256 := encode(sha256(got.body), 'hex');
			INSERT INTO inbox (feed, name, body, received_at) VALUES (r.source, r.url, got.body, arrived);
		ELSIF r.source = ANY (confirming_feeds()) THEN
			-- Not changed: the same answer again.
			INSERT INTO inbox (feed, name, body, received_at)
			SELECT r.source, r.url, b.body, arrived FROM (SELECT p.body FROM payload AS p WHERE p.feed = r.source AND p.sha256 = known.sha256 AND p.same_as IS NULL
				UNION ALL (SELECT i.body FROM inbox AS i WHERE i.feed = r.source AND i.name = r.url ORDER BY i.received_at DESC LIMIT 1)) AS b LIMIT 1;
		END IF;
	ELSE
		IF rule.is_spent THEN
			r.credits_left := 0;
		END IF;
		r.held_until := arrived + greatest(rule.hold, later);
		r.held_scope := CASE WHEN r.held_until IS NOT NULL THEN coalesce(rule.scope, 'url') END;
	END IF;
	UPDATE feed_request AS x SET (attempts, status, bytes, ms, credits_used, credits_left, etag, last_modified, sha256, error_code, message, held_until, held_scope)
		= (r.attempts, r.status, r.bytes, r.ms, r.credits_used, r.credits_left, r.etag, r.last_modified, r.sha256, r.error_code, r.message, r.held_until, r.held_scope)
	WHERE x.request_id = fetch_request.request_id;
	RETURN r;
END $$;
COMMENT ON FUNCTION fetch_request(bigint) IS
'Makes a planned request and returns its completed row. A body of status 200 is a new row of inbox in the same transaction, and so is, of confirming_feeds(), the body that a 304 says is still the answer; errors leave none. Sends ETag and Last-Modified of the last answer that is still here. Tries again, up to feed.retries times within three times feed.timeout_ms, what feed_error says to retry: after Retry-After, or else feed.retry_ms, or about 1, 2 and 4 seconds. Errors become error_code and message of the row and a hold as feed_error says; only a cancel (57014) ends it with an error, and the row then stays as planned. A request that was refused or made before is returned as it is.';

CREATE FUNCTION urls_to_ask(feed text, due boolean, at timestamptz DEFAULT now()) RETURNS SETOF text
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT a.u FROM feed AS f CROSS JOIN feed_urls(f.feed, urls_to_ask.at) WITH ORDINALITY AS a(u, n)
	LEFT JOIN unanswered(urls_to_ask.feed, urls_to_ask.at) AS failed ON failed.url = a.u
	WHERE f.feed = urls_to_ask.feed
	  AND (f."interval" IS NOT NULL OR NOT EXISTS (SELECT FROM feed_request AS r WHERE r.url = a.u AND r.source = f.source AND r.status = 200 AND r.error_code IS NULL))
	  AND (NOT due AND f."interval" IS NOT NULL OR held_until(f.feed, f.source, a.u, urls_to_ask.at) IS NULL)
	  AND (NOT due OR failed.ask_at <= urls_to_ask.at OR NOT EXISTS (SELECT FROM feed_round AS o WHERE o.feed = f.feed AND o.slot = feed_slot(f."interval", f.daily_at, urls_to_ask.at))
		AND NOT EXISTS (SELECT FROM feed_request AS r WHERE r.feed = f.feed AND r.url = a.u AND r.at >= feed_slot(f."interval", f.daily_at, urls_to_ask.at) AND r.at <= urls_to_ask.at))
	ORDER BY a.n;
END;
COMMENT ON FUNCTION urls_to_ask(text, boolean, timestamptz) IS
'The addresses that are asked of a feed now: of those of feed_urls() that are not known to fail the ones that were not asked in this interval yet, and the unanswered() whose time has come. Called by name (due false): all of them, of a back-fill (interval NULL) those that were not answered yet and are not known to fail. sum(the_odds_api_cost(u)) over them is what it would cost.';

CREATE PROCEDURE collect_feed(feed text, due boolean, at timestamptz, INOUT failed int DEFAULT 0, INOUT first_failed feed_request DEFAULT NULL)
LANGUAGE plpgsql
-- A procedure that commits has no search_path of its own: every name is qualified.
AS $$
DECLARE
	moment  CONSTANT pg_catalog.timestamptz := coalesce(at, pg_catalog.clock_timestamp());
	asked   bet_edge.feed;
	urls    pg_catalog.text[];
	address pg_catalog.text;
	made    bet_edge.feed_request;
	number  pg_catalog.int8;
	made_by pg_catalog.int8[] := '{}';
BEGIN
	SELECT f.* INTO asked FROM bet_edge.feed AS f WHERE f.feed OPERATOR(pg_catalog.=) collect_feed.feed;
	BEGIN
		urls := ARRAY(SELECT u FROM bet_edge.urls_to_ask(asked.feed, due, moment) AS u);
	EXCEPTION WHEN OTHERS THEN
		-- An endpoint or a function that is wrong stops its own feed alone.
		urls := ARRAY[asked.endpoint];
		INSERT INTO bet_edge.feed_request (feed, source, url, at, ms, credits_planned, credits_used, error_code, message)
		VALUES (asked.feed, asked.source, asked.endpoint, moment, 0, 0, 0, SQLSTATE, SQLERRM) RETURNING request_id INTO number;
	END;
	FOREACH address IN ARRAY urls LOOP
		number := coalesce(number, bet_edge.plan_request(asked.feed, address, at));
		COMMIT;
		made := bet_edge.fetch_request(number);
		COMMIT;
		number := NULL;
		made_by := made_by OPERATOR(pg_catalog.||) made.request_id;
		IF made.error_code IS NOT NULL THEN
			failed := failed OPERATOR(pg_catalog.+) 1;
			IF failed OPERATOR(pg_catalog.=) 1 THEN
				first_failed := made;
			END IF;
			RAISE WARNING 'feed %: %: %', asked.feed, made.error_code, made.message;
		END IF;
	END LOOP;
	INSERT INTO bet_edge.feed_round AS o (feed, slot) SELECT asked.feed, bet_edge.feed_slot(asked."interval", asked.daily_at, moment) WHERE asked."interval" IS NOT NULL
	ON CONFLICT ON CONSTRAINT feed_round_pkey DO UPDATE SET slot = EXCLUDED.slot WHERE o.slot OPERATOR(pg_catalog.<>) EXCLUDED.slot;
	COMMIT;
	IF asked.source OPERATOR(pg_catalog.=) ANY (bet_edge.loadable_feeds()) THEN
		CALL bet_edge.ingest(asked.source);
	END IF;
	IF asked.is_logged THEN
		FOR made IN SELECT r.* FROM bet_edge.feed_request AS r WHERE r.request_id OPERATOR(pg_catalog.=) ANY (made_by) ORDER BY r.request_id LOOP
			RAISE LOG 'feed %: poll %, % rows, % ms%', asked.feed, made.request_id,
				coalesce((SELECT p.rows_read FROM bet_edge.payload AS p WHERE p.feed OPERATOR(pg_catalog.=) made.source AND p.sha256 OPERATOR(pg_catalog.=) made.sha256 AND p.same_as IS NULL), 0), made.ms,
				coalesce(', ' OPERATOR(pg_catalog.||) made.error_code, '');
		END LOOP;
	END IF;
END $$;
COMMENT ON PROCEDURE collect_feed(text, boolean, timestamptz, int, feed_request) IS
'What collect() and poll_live() do with one feed: asks its urls_to_ask(), loads what came. Each request is written down, committed, made, its body committed to inbox, and only then parsed by ingest(): nothing that fails later loses a body. An endpoint whose places cannot be filled is a failed request too. Adds the requests that failed to failed; first_failed is the first of them.';

CREATE PROCEDURE collect(feed text DEFAULT NULL, at timestamptz DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
	asked  pg_catalog.text[] := '{}';
	name   pg_catalog.text;
	first  bet_edge.feed_request;
	failed pg_catalog.int4 := 0;
BEGIN
	PERFORM bet_edge.expect_to_commit('collect');
	IF collect.feed IS NULL THEN
		IF NOT bet_edge.hold_claim(25191, 1) THEN
			RAISE NOTICE 'another session collects';
			RETURN;
		END IF;
		-- What a run that was cut short has left, before anything newer.
		CALL bet_edge.ingest();
		LOOP
			-- Asked anew each time: another session may have been there meanwhile.
			SELECT f.feed INTO name FROM bet_edge.feed_status(coalesce(collect.at, pg_catalog.clock_timestamp())) AS f
			WHERE f.feed OPERATOR(pg_catalog.<>) ALL (asked) AND f."interval" OPERATOR(pg_catalog.>=) '1 minute' AND f.due_at OPERATOR(pg_catalog.<=) coalesce(collect.at, pg_catalog.clock_timestamp())
			ORDER BY f.due_at, f.feed LIMIT 1;
			EXIT WHEN NOT FOUND;
			asked := asked OPERATOR(pg_catalog.||) name;
			CALL bet_edge.collect_feed(name, true, collect.at, failed, first);
		END LOOP;
		COMMIT;
		CALL bet_edge.ingest();
		PERFORM bet_edge.release_claims();
	ELSIF EXISTS (SELECT FROM bet_edge.feed AS f WHERE f.feed OPERATOR(pg_catalog.=) collect.feed) THEN
		CALL bet_edge.collect_feed(collect.feed, false, collect.at, failed, first);
	ELSE
		RAISE EXCEPTION 'feed % is not there', pg_catalog.quote_literal(collect.feed) USING ERRCODE = 'undefined_object', HINT = 'SELECT feed FROM bet_edge.feed.';
	END IF;
	IF failed OPERATOR(pg_catalog.>) 0 THEN
		RAISE EXCEPTION '% requests failed, the first of feed %: %', failed, first.feed, first.message
			USING ERRCODE = CASE WHEN first.attempts OPERATOR(pg_catalog.=) 0 THEN 'configuration_limit_exceeded' ELSE 'external_routine_exception' END,
				DETAIL = pg_catalog.format('error_code %s, status %s', first.error_code, first.status), HINT = 'SELECT * FROM bet_edge.feed_request ORDER BY request_id DESC.';
	END IF;
END $$;
COMMENT ON PROCEDURE collect(text, timestamptz) IS
'Asks a feed now, or, without a name, every enabled feed that is due (feed_status; those of intervals below a minute are poll_live()''s), and loads what came and whatever else waits in inbox. By state, not by the clock: what was missed, failed or cut short is asked by the next call. Without a name one session does it at a time, another returns at once. Failed and refused requests do not stop the others; at the end they are one error (53400 when the first was refused before it was made, 38000 otherwise), so that a scheduler sees them. at: for a rehearsal, the moment it is taken to be. A cancel leaves what is committed. Refuses an unknown feed (42704).';

CREATE FUNCTION has_urls(feed text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN EXISTS (SELECT FROM feed_urls(has_urls.feed, has_urls.at));
EXCEPTION WHEN OTHERS THEN
	RETURN true;	-- collect_feed() will say what is wrong
END $$;
COMMENT ON FUNCTION has_urls(text, timestamptz) IS 'Whether a feed has an address to ask at a moment; true also where its endpoint or parameters are wrong, so that collect_feed() asks and writes the failure down.';

CREATE PROCEDURE poll_live(until timestamptz DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
	"end"  CONSTANT pg_catalog.timestamptz := coalesce(until, pg_catalog.date_trunc('minute', pg_catalog.clock_timestamp()) OPERATOR(pg_catalog.+) interval '1 minute');
	moment pg_catalog.timestamptz;
	name   pg_catalog.text;
	next   pg_catalog.timestamptz;
	failed pg_catalog.int4;
	first  bet_edge.feed_request;
BEGIN
	PERFORM bet_edge.expect_to_commit('poll_live');
	IF NOT bet_edge.hold_claim(25191, 2) THEN
		RAISE NOTICE 'another session polls';
		RETURN;
	END IF;
	LOOP
		moment := pg_catalog.clock_timestamp();
		-- A feed that has nothing to ask, since no game is near, waits for the next call; so does one whose answer might come too late.
		SELECT s.feed, greatest(s.due_at, moment) INTO name, next
		FROM bet_edge.feed_status(moment) AS s JOIN bet_edge.feed AS f ON f.feed OPERATOR(pg_catalog.=) s.feed
		WHERE s.due_at IS NOT NULL AND f."interval" OPERATOR(pg_catalog.<) '1 minute'
		  AND greatest(s.due_at, moment) OPERATOR(pg_catalog.+) pg_catalog.make_interval(secs => 3 OPERATOR(pg_catalog.*) f.timeout_ms OPERATOR(pg_catalog./) 1000.0) OPERATOR(pg_catalog.<=) "end"
		  AND bet_edge.has_urls(f.feed, moment)
		ORDER BY s.due_at, s.feed LIMIT 1;
		EXIT WHEN NOT FOUND;
		COMMIT;
		PERFORM pg_catalog.pg_sleep_until(next);
		CALL bet_edge.collect_feed(name, true, NULL, failed, first);
	END LOOP;
	PERFORM bet_edge.release_claims();
END $$;
COMMENT ON PROCEDURE poll_live(timestamptz) IS
'Asks the enabled feeds with intervals below a minute (the NBA''s scoreboard: every ten seconds), each once in its interval, and loads what comes, until the end of the minute (until: the moment to be done by). Ends at once when none has anything to ask, as if_game_on() says when no game is near; starts no request that might outlast it. A failed request, or an endpoint that cannot be filled, is a row of feed_request and a WARNING, stops no other feed, and the next interval is asked again. Two never run at once: another call returns at once.';
