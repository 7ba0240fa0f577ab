-- request: planned, written down, made, kept; then loaded.

CREATE FUNCTION plan_request(p_feed text, p_url text, p_at timestamptz DEFAULT NULL) RETURNS bigint
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
	SELECT * INTO asked FROM feed AS f WHERE f.feed = p_feed;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'feed % is not there', quote_literal(p_feed) USING ERRCODE = 'undefined_object';
	END IF;
	-- Whoever plans for the same source waits here, so that two do not spend the same credits; only then is it now.
	SELECT * INTO plan FROM credit_plan AS c WHERE c.source = asked.source FOR UPDATE;
	moment := coalesce(p_at, clock_timestamp());
	held := held_until(asked.feed, asked.source, p_url, moment);
	IF plan.source IS NOT NULL THEN
		cost := asked.cost;
		IF cost IS NULL AND plan.cost_function IS NULL THEN
			cost := 1;
		ELSIF cost IS NULL THEN
			EXECUTE format('SELECT %s($1)', plan.cost_function::regproc) INTO cost USING p_url;
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
	VALUES (asked.feed, asked.source, p_url, moment, coalesce(cost, 0), CASE WHEN refusal IS NOT NULL THEN 0 END, CASE WHEN refusal IS NOT NULL THEN 0 END, refusal, reason)
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

CREATE FUNCTION fetch_request(p_request_id bigint) RETURNS feed_request
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
BEGIN
	SELECT * INTO r FROM feed_request AS x WHERE x.request_id = p_request_id FOR UPDATE;
	SELECT * INTO asked FROM feed AS f WHERE f.feed = r.feed;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'request % is not there, or its feed', p_request_id USING ERRCODE = 'no_data_found';
	END IF;
	IF r.ms IS NOT NULL THEN
		RETURN r;
	END IF;
	-- When the last attempt must begin.
	deadline := began + make_interval(secs => 2 * asked.timeout_ms / 1000.0);
	-- Only what is still here may be answered with "not changed".
	SELECT x.etag, x.last_modified INTO known FROM feed_request AS x
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
			r.credits_used := CASE WHEN SQLSTATE IN ('08006', '38000', '54000') THEN NULL ELSE 0 END;
		END;
		EXIT WHEN r.error_code IS NULL;
		rule := NULL;
		SELECT e.* INTO rule
		FROM feed_error AS e JOIN unnest(ARRAY[r.error_code, 'http_' || r.status, 'http_' || r.status / 100 || 'xx', CASE WHEN r.status IS NULL THEN left(r.error_code, 2) END])
			WITH ORDINALITY AS c(code, n) ON e.error_code = c.code
		WHERE e.source IN (r.source, '')
		ORDER BY c.n, e.source DESC LIMIT 1;
		EXIT WHEN rule.is_retried IS NOT TRUE OR r.attempts >= 4 OR r.status BETWEEN 400 AND 499 AND r.status <> 429;
		pause := coalesce(later, make_interval(secs => 2.0 ^ (r.attempts - 1) * (0.5 + random())));
		EXIT WHEN clock_timestamp() + pause > deadline;
		PERFORM pg_sleep(extract(epoch FROM pause));
	END LOOP;
	-- In a rehearsal as well as live.
	arrived := r.at + (clock_timestamp() - began);
	r.ms := extract(epoch FROM arrived - r.at) * 1000;
	r.credits_used := coalesce(r.credits_used, r.credits_planned);
	IF r.error_code IS NULL THEN
		IF r.status = 200 THEN
			r.etag := http_header(got.headers, 'etag');
			r.last_modified := http_header(got.headers, 'last-modified');
			r.sha256 := encode(sha256(got.body), 'hex');
			INSERT INTO inbox (feed, name, body, received_at) VALUES (r.source, r.url, got.body, arrived);
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
	WHERE x.request_id = p_request_id;
	RETURN r;
END $$;
COMMENT ON FUNCTION fetch_request(bigint) IS
'Makes a planned request and returns its completed row. A body of status 200 is a new row of inbox in the same transaction; 304 and errors leave none. Sends ETag and Last-Modified of the last answer that is still here. Tries again, up to four times within three times feed.timeout_ms, what feed_error says to retry: after Retry-After, or else about 1, 2 and 4 seconds. Errors become error_code and message of the row and a hold as feed_error says; only a cancel (57014) ends it with an error, and the row then stays as planned. A request that was refused or made before is returned as it is.';

CREATE FUNCTION urls_to_ask(p_feed text, p_due boolean, p_at timestamptz DEFAULT now()) RETURNS SETOF text
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT u FROM feed AS f, feed_urls(f.feed, p_at) WITH ORDINALITY AS a(u, n)
	WHERE f.feed = p_feed
	  AND (f."interval" IS NOT NULL OR NOT EXISTS (SELECT FROM feed_request AS r WHERE r.url = a.u AND r.source = f.source AND r.status = 200 AND r.error_code IS NULL))
	  AND (NOT p_due AND f."interval" IS NOT NULL OR held_until(f.feed, f.source, a.u, p_at) IS NULL)
	ORDER BY n;
END;
COMMENT ON FUNCTION urls_to_ask(text, boolean, timestamptz) IS
'The addresses that collect() asks of a feed: those of feed_urls(); of a back-fill (interval NULL) those that were not answered yet; not those that are known to fail, unless the feed was called by name (p_due false) and is no back-fill. sum(the_odds_api_cost(u)) over them is what it would cost.';

CREATE PROCEDURE collect(feed text DEFAULT NULL, at timestamptz DEFAULT NULL)
LANGUAGE plpgsql
-- A procedure that commits has no search_path of its own: every name is qualified.
AS $$
DECLARE
	asked   pg_catalog.text[] := '{}';
	name    pg_catalog.text;
	source  pg_catalog.text;
	address pg_catalog.text;
	moment  pg_catalog.timestamptz;
	made    bet_edge.feed_request;
	first   bet_edge.feed_request;
	failed  pg_catalog.int4 := 0;
	number  pg_catalog.int8;
BEGIN
	LOOP
		moment := coalesce(collect.at, pg_catalog.clock_timestamp());
		-- Asked anew each time: another session may have been there meanwhile.
		SELECT f.feed INTO name FROM bet_edge.feed_status(moment) AS f
		WHERE f.feed OPERATOR(pg_catalog.<>) ALL (asked)
		  AND CASE WHEN collect.feed IS NULL THEN f.due_at OPERATOR(pg_catalog.<=) moment ELSE f.feed OPERATOR(pg_catalog.=) collect.feed END
		ORDER BY f.due_at, f.feed LIMIT 1;
		EXIT WHEN NOT FOUND;
		asked := asked OPERATOR(pg_catalog.||) name;
		SELECT f.source INTO source FROM bet_edge.feed AS f WHERE f.feed OPERATOR(pg_catalog.=) name;
		FOR address IN SELECT u FROM bet_edge.urls_to_ask(name, collect.feed IS NULL, moment) AS u LOOP
			number := bet_edge.plan_request(name, address, collect.at);
			COMMIT;
			made := bet_edge.fetch_request(number);
			COMMIT;
			IF made.error_code IS NOT NULL THEN
				failed := failed OPERATOR(pg_catalog.+) 1;
				IF failed OPERATOR(pg_catalog.=) 1 THEN
					first := made;
				END IF;
				RAISE WARNING 'feed %: %: %', name, made.error_code, made.message;
			END IF;
		END LOOP;
		COMMIT;
		IF source OPERATOR(pg_catalog.=) ANY (bet_edge.loadable_feeds()) THEN
			CALL bet_edge.ingest(source);
		END IF;
	END LOOP;
	IF collect.feed IS NOT NULL AND asked OPERATOR(pg_catalog.=) '{}' THEN
		RAISE EXCEPTION 'feed % is not there', pg_catalog.quote_literal(collect.feed) USING ERRCODE = 'undefined_object', HINT = 'SELECT feed FROM bet_edge.feed.';
	END IF;
	IF failed OPERATOR(pg_catalog.>) 0 THEN
		RAISE EXCEPTION '% requests failed, the first of feed %: %', failed, first.feed, first.message
			USING ERRCODE = CASE WHEN first.attempts OPERATOR(pg_catalog.=) 0 THEN 'configuration_limit_exceeded' ELSE 'external_routine_exception' END,
				DETAIL = pg_catalog.format('error_code %s, status %s', first.error_code, first.status), HINT = 'SELECT * FROM bet_edge.feed_request ORDER BY request_id DESC.';
	END IF;
END $$;
COMMENT ON PROCEDURE collect(text, timestamptz) IS
'Asks a feed now, or, without a name, every enabled feed that is due (feed_status), and loads what came. Each request is written down, committed, made, its body committed to inbox, and only then parsed by ingest(): nothing that fails later loses a body. Failed and refused requests do not stop the others; at the end they are one error (53400 when the first was refused before it was made, 38000 otherwise), so that a scheduler sees them. at: for a rehearsal, the moment it is taken to be. A cancel leaves what is committed. Refuses an unknown feed (42704).';
