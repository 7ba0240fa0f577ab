-- feed: what is asked for, where, how often; and every request that was made.

CREATE FUNCTION url_encode(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT coalesce(string_agg(CASE WHEN c ~ '[A-Za-z0-9_.~,:-]' THEN c
		ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, '' ORDER BY n), '')
	FROM string_to_table(value, NULL) WITH ORDINALITY AS t(c, n));
COMMENT ON FUNCTION url_encode(text) IS 'A value as it may stand in an address: what is not a letter, a digit or one of _ . ~ , : - becomes %XX of its UTF-8 bytes.';

CREATE TABLE feed (
	feed       text PRIMARY KEY CHECK (feed ~ '^[a-z][a-z0-9_]*$'),
	source     text NOT NULL CHECK (source <> ''),
	sport      text REFERENCES sport,
	endpoint   text NOT NULL CHECK (endpoint ~ '^https?://' AND endpoint !~* '[?&](api_?key|access_token|token|key|appid)=[^{&#]'),
	parameters text CHECK (parameters <> ''),
	"interval" interval CHECK ("interval" > interval '0'),
	daily_at   time NOT NULL DEFAULT '00:00',
	silent_after interval NOT NULL DEFAULT '1 hour' CHECK (silent_after > interval '0'),
	cost       int CHECK (cost >= 0),
	timeout_ms int NOT NULL DEFAULT 20000 CHECK (timeout_ms BETWEEN 1 AND 600000),
	max_bytes  int NOT NULL DEFAULT 33554432 CHECK (max_bytes BETWEEN 1 AND 1000000000),
	retries    int NOT NULL DEFAULT 3 CHECK (retries BETWEEN 0 AND 10),
	retry_ms   int CHECK (retry_ms BETWEEN 1 AND 60000),
	is_logged  boolean NOT NULL DEFAULT false,
	is_enabled boolean NOT NULL DEFAULT true,
	builtin    boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE feed IS 'What collect() asks for: one row an endpoint. Whoever may write here has a function run as the role that collects.';
COMMENT ON COLUMN feed.source IS 'Whose data it is: payload.feed, so the loader that reads it, and credit_plan.source.';
COMMENT ON COLUMN feed.endpoint IS
'The address, with places: {key} the host''s key (filled in on the way, never stored), {sport} sport.api_key, {YYYYMMDD} or any other day pattern of Y, M, D and - the day in the sport''s time zone, {YYYY-MM-DD -1} the day before, and whatever parameters gives. A key itself is refused.';
COMMENT ON COLUMN feed.parameters IS 'A function (feed text, at timestamptz) RETURNS SETOF jsonb: a request for each row, whose fields fill the places of the endpoint; no row, no request. NULL: one request.';
COMMENT ON COLUMN feed."interval" IS 'How often it is asked, by collect(), or by poll_live() below a minute: once in each interval of the clock, counted from daily_at. NULL: each address once, and only when the feed is named: a back-fill, which goes on where it stopped.';
COMMENT ON COLUMN feed.daily_at IS 'A time of the day, UTC, at which an interval begins.';
COMMENT ON COLUMN feed.silent_after IS 'After so long without an answer check_jobs() raises an alert.';
COMMENT ON COLUMN feed.cost IS 'Credits of one request; NULL: what the credit_plan of the source predicts from the address.';
COMMENT ON COLUMN feed.timeout_ms IS 'Of one attempt; all attempts of a request with the waits between them have three times as long.';
COMMENT ON COLUMN feed.retries IS 'How often a request that failed in a way that feed_error calls retried is made again, as far as its time reaches.';
COMMENT ON COLUMN feed.retry_ms IS 'The pause between two attempts. NULL: about 1 second, then 2, 4, …. What the server says (Retry-After) comes first.';
COMMENT ON COLUMN feed.is_logged IS 'A line in the server''s log for every request: its number, the rows of the answer, milliseconds.';
COMMENT ON COLUMN feed.max_bytes IS 'A longer answer is refused.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON feed FOR EACH ROW EXECUTE FUNCTION keep_own_row('feed');

CREATE TABLE feed_error (
	source     text NOT NULL,
	error_code text NOT NULL,
	is_retried boolean NOT NULL DEFAULT false,
	is_spent   boolean NOT NULL DEFAULT false,
	hold       interval,
	scope      text NOT NULL DEFAULT 'url' CHECK (scope IN ('url', 'feed', 'source')),
	builtin    boolean NOT NULL DEFAULT false,
	PRIMARY KEY (source, error_code)
);
COMMENT ON TABLE feed_error IS 'What is done about an error. Of the rows that fit, the source''s own before those of source '''', and the code itself before http_503, http_5xx or the SQLSTATE class.';
COMMENT ON COLUMN feed_error.error_code IS 'error_code in the body of the answer, else http_ and the status (http_404), a group of them (http_5xx), an SQLSTATE or its class (08), or not_data for a page where data belongs.';
COMMENT ON COLUMN feed_error.is_retried IS 'true: asked again after a pause, feed.retries times within the time of the feed. An HTTP status of 4xx other than 429 never is.';
COMMENT ON COLUMN feed_error.is_spent IS 'true: it says that nothing is left of the month''s credits.';
COMMENT ON COLUMN feed_error.hold IS 'How long nobody asks again (the negative cache); a longer Retry-After counts instead.';
COMMENT ON COLUMN feed_error.scope IS 'What is held: this address (url), the feed, or all feeds of the source.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed_error', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON feed_error FOR EACH ROW EXECUTE FUNCTION keep_own_row('source', 'error_code');

INSERT INTO feed_error (source, error_code, is_retried, is_spent, hold, scope, builtin)
SELECT coalesce(s, ''), c, r, p, h::interval, w, true
FROM (VALUES
	(NULL, 'http_429', true,  false, '1 minute',   'source'),
	(NULL, 'http_4xx', false, false, '1 hour',     'url'),
	(NULL, 'http_401', false, false, '1 hour',     'source'),
	(NULL, 'http_403', false, false, '1 hour',     'feed'),
	(NULL, 'http_404', false, false, '6 hours',    'url'),
	(NULL, 'http_410', false, false, '30 days',    'url'),
	(NULL, 'http_5xx', true,  false, NULL,         'url'),
	(NULL, 'not_data', false, false, '10 minutes', 'url'),
	(NULL, '08',       true,  false, NULL,         'url'),
	(NULL, '38',       true,  false, NULL,         'url'),
	(NULL, '54',       false, false, '1 hour',     'url'),
	('the_odds_api', 'OUT_OF_USAGE_CREDITS',  false, true,  NULL, 'source'),
	('the_odds_api', 'INVALID_KEY',           false, false, '1 hour', 'source'),
	('the_odds_api', 'MISSING_KEY',           false, false, '1 hour', 'source'),
	('the_odds_api', 'DEACTIVATED_KEY',       false, false, '1 hour', 'source'),
	('the_odds_api', 'EXCEEDED_FREQ_LIMIT',   true,  false, '10 seconds', 'source'),
	('the_odds_api', 'UNKNOWN_SPORT',         false, false, '1 day', 'feed'),
	('the_odds_api', 'EVENT_NOT_FOUND',       false, false, '1000 years', 'url'),
	('the_odds_api', 'INVALID_MARKET',        false, false, '1 day', 'url'),
	('the_odds_api', 'INVALID_MARKET_COMBO',  false, false, '1 day', 'url'),
	('the_odds_api', 'MISSING_REGION',        false, false, '1 day', 'url'),
	('the_odds_api', 'INVALID_HISTORICAL_TIMESTAMP',             false, false, '1000 years', 'url'),
	('the_odds_api', 'HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN', false, false, '1 day', 'feed'),
	('the_odds_api', 'HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE',   false, false, '1000 years', 'url')
) AS shipped (s, c, r, p, h, w);

CREATE TABLE feed_request (
	request_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	feed            text NOT NULL,
	source          text NOT NULL,
	url             text NOT NULL,
	at              timestamptz NOT NULL,
	attempts        int NOT NULL DEFAULT 0,
	status          int,
	bytes           int,
	ms              int,
	credits_planned int NOT NULL,
	credits_used    int,
	credits_left    int,
	etag            text,
	last_modified   text,
	sha256          text,
	error_code      text,
	message         text,
	held_until      timestamptz,
	held_scope      text CHECK (held_scope IN ('url', 'feed', 'source'))
);
COMMENT ON TABLE feed_request IS 'Every request, written down before it is made and completed after: one that a kill or a cancel cut short has neither ms nor error_code. No row holds a key.';
COMMENT ON COLUMN feed_request.url IS 'The address, {key} in place of a key.';
COMMENT ON COLUMN feed_request.attempts IS '0: refused before it was made, error_code says why: held, over_budget, over_pace, unknown_cost.';
COMMENT ON COLUMN feed_request.status IS 'The last HTTP status; 304: nothing new. NULL: none came.';
COMMENT ON COLUMN feed_request.bytes IS 'Of the decoded body.';
COMMENT ON COLUMN feed_request.ms IS 'From the first attempt to the end of the last, waits included.';
COMMENT ON COLUMN feed_request.credits_planned IS 'What it was predicted to cost.';
COMMENT ON COLUMN feed_request.credits_used IS 'What it cost: x-requests-last, or the prediction when an answer did not tell; of all attempts, one whose answer was lost as predicted. NULL while under way: the prediction counts.';
COMMENT ON COLUMN feed_request.credits_left IS 'x-requests-remaining, where it was told.';
COMMENT ON COLUMN feed_request.sha256 IS 'Of the body: payload.sha256.';
COMMENT ON COLUMN feed_request.error_code IS 'NULL: well. What feed_error.error_code lists, or why it was not made.';
COMMENT ON COLUMN feed_request.held_until IS 'Nobody asks for held_scope (this url, the feed, the source) before. NULL it to ask again at once.';
CREATE INDEX feed_request_url ON feed_request (url, at);
CREATE INDEX feed_request_feed ON feed_request (feed, at);
CREATE INDEX feed_request_source ON feed_request (source, at);
CREATE INDEX feed_request_held ON feed_request (source, held_until) WHERE held_until IS NOT NULL;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed_request', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed_request_request_id_seq', '');

CREATE TABLE feed_round (
	feed text PRIMARY KEY,
	slot timestamptz NOT NULL
);
COMMENT ON TABLE feed_round IS 'The interval in which all addresses of a feed were asked last, by its beginning: what a kill leaves unasked is seen here.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed_round', '');

-- ---- what the endpoint's places stand for -----------------------------------------------------

CREATE FUNCTION feed_urls(feed text, at timestamptz DEFAULT now()) RETURNS SETOF text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	asked  feed;
	league sport;
	given  jsonb;
	place  text;
	day    text[];
	value  text;
	url    text;
BEGIN
	SELECT * INTO asked FROM feed AS f WHERE f.feed = feed_urls.feed;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'feed % is not there', quote_literal(feed_urls.feed) USING ERRCODE = 'undefined_object', HINT = 'SELECT feed FROM bet_edge.feed.';
	END IF;
	SELECT * INTO league FROM sport AS s WHERE s.sport = asked.sport;
	FOR given IN EXECUTE CASE WHEN asked.parameters IS NULL THEN 'SELECT ''{}''::jsonb'
		ELSE format('SELECT * FROM %s($1, $2)', asked.parameters::regproc) END USING feed_urls.feed, feed_urls.at
	LOOP
		url := asked.endpoint;
		FOR place IN SELECT DISTINCT m.it[1] FROM regexp_matches(asked.endpoint, '\{([^{}]*)\}', 'g') AS m(it) WHERE m.it[1] <> 'key' LOOP
			day := regexp_match(place, '^([YMD-]+)(?: ([+-]\d{1,4}))?$');
			value := CASE
				WHEN given ? place THEN given ->> place
				WHEN place = 'sport' THEN league.api_key
				WHEN day IS NOT NULL THEN to_char(feed_urls.at AT TIME ZONE coalesce(league.time_zone, 'UTC') + make_interval(days => coalesce(day[2], '0')::int), day[1])
			END;
			IF value IS NULL THEN
				RAISE EXCEPTION 'endpoint of feed % has a place {%} that nothing fills', feed_urls.feed, place USING ERRCODE = 'invalid_parameter_value';
			END IF;
			url := replace(url, '{' || place || '}', url_encode(value));
		END LOOP;
		RETURN NEXT url;
	END LOOP;
END $$;
COMMENT ON FUNCTION feed_urls(text, timestamptz) IS
'The addresses that a feed asks for at a moment, the places of its endpoint filled but for {key}. Refuses an unknown feed or parameters function (42704, 42883) and a place without a value (22023).';

CREATE FUNCTION event_list(feed text, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	listed jsonb;
BEGIN
	SELECT decode_text(p.body)::jsonb INTO listed
	FROM feed AS f JOIN sport AS s ON s.sport = f.sport
	JOIN feed_request AS r ON r.source = f.source AND r.at <= event_list.at AND r.status = 200 AND r.url ~ ('/sports/' || s.api_key || '/events([?]|$)')
	JOIN payload AS p ON p.feed = r.source AND p.sha256 = r.sha256 AND p.same_as IS NULL
	WHERE f.feed = event_list.feed
	ORDER BY r.at DESC, r.request_id DESC LIMIT 1;
	RETURN CASE jsonb_typeof(listed) WHEN 'array' THEN listed END;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION event_list(text, timestamptz) IS 'The newest list of coming events (The Odds API''s /events, which costs nothing) of the feed''s source and sport that had come by a moment; NULL without one.';

CREATE FUNCTION upcoming_events(feed text, at timestamptz) RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT jsonb_build_object('event', e ->> 'id') FROM jsonb_array_elements(event_list(upcoming_events.feed, upcoming_events.at)) AS e
	WHERE (e ->> 'commence_time')::timestamptz > upcoming_events.at AND (e ->> 'commence_time')::timestamptz <= upcoming_events.at + interval '24 hours'
	ORDER BY (e ->> 'commence_time')::timestamptz, e ->> 'id';
END;
COMMENT ON FUNCTION upcoming_events(text, timestamptz) IS 'For feed.parameters: {event} is the id of each event of event_list() that starts within 24 hours, so that props, which cost by event, are asked for those alone.';

CREATE FUNCTION if_games_ahead(feed text, at timestamptz) RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT '{}'::jsonb WHERE event_list(if_games_ahead.feed, if_games_ahead.at) IS NULL OR EXISTS (SELECT 1 FROM upcoming_events(if_games_ahead.feed, if_games_ahead.at));
END;
COMMENT ON FUNCTION if_games_ahead(text, timestamptz) IS 'For feed.parameters: one request when an event of event_list() starts within 24 hours or no list is known, none otherwise: a day without games costs nothing.';

CREATE FUNCTION games_on(feed text, at timestamptz) RETURNS TABLE (game_id bigint, event_id text, starts_at timestamptz)
LANGUAGE sql STABLE STRICT ROWS 10
BEGIN ATOMIC
	SELECT g.game_id, e.event_id, x.starts_at
	FROM feed AS f JOIN game AS g ON g.sport = f.sport JOIN fixture AS x ON x.game_id = g.game_id
	LEFT JOIN game_event AS e ON e.game_id = g.game_id AND e.feed = f.source
	LEFT JOIN LATERAL (SELECT s.status FROM result AS s WHERE s.game_id = g.game_id AND s.known_at <= games_on.at ORDER BY s.known_at DESC, s.recorded_at DESC LIMIT 1) AS r ON true
	WHERE f.feed = games_on.feed AND x.known_at <= games_on.at AND x.starts_at BETWEEN games_on.at - interval '24 hours' AND games_on.at + interval '15 minutes'
	  AND NOT EXISTS (SELECT FROM fixture AS later WHERE later.game_id = x.game_id AND later.known_at <= games_on.at AND (later.known_at, later.recorded_at) > (x.known_at, x.recorded_at))
	  AND coalesce(r.status, 'scheduled') IN ('scheduled', 'postponed')
	  AND (x.starts_at >= games_on.at - interval '5 hours' OR EXISTS (SELECT FROM live_score AS l WHERE l.feed = e.feed AND l.event_id = e.event_id AND l.status = 'live' AND l.received_at BETWEEN games_on.at - interval '3 hours' AND games_on.at));
END;
COMMENT ON FUNCTION games_on(text, timestamptz) IS 'The games of a feed''s sport that may be on at a moment, and the feed''s id of each where it is known: not over, and beginning within 15 minutes, begun within 5 hours, or within a day and seen being played in the last 3 hours. A game that was put off may begin after all.';

CREATE FUNCTION if_game_on(feed text, at timestamptz) RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT '{}'::jsonb WHERE EXISTS (SELECT FROM games_on(if_game_on.feed, if_game_on.at));
END;
COMMENT ON FUNCTION if_game_on(text, timestamptz) IS 'For feed.parameters of live feeds: one request while games_on() has one, none otherwise.';

CREATE FUNCTION games_with_gaps(feed text, at timestamptz) RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	-- whether a feed of all games at once is heard
	WITH asked AS MATERIALIZED (
		SELECT f.source, EXISTS (SELECT FROM feed AS b JOIN feed_request AS r ON r.feed = b.feed
			WHERE b.source = f.source AND b.sport = f.sport AND b.feed <> f.feed AND r.error_code IS NULL AND r.ms IS NOT NULL AND r.at BETWEEN games_with_gaps.at - interval '1 minute' AND games_with_gaps.at) AS is_heard
		FROM feed AS f WHERE f.feed = games_with_gaps.feed
	)
	SELECT jsonb_build_object('event', g.event_id)
	FROM asked AS a CROSS JOIN games_on(games_with_gaps.feed, games_with_gaps.at) AS g
	LEFT JOIN LATERAL (SELECT l.status FROM live_score AS l WHERE l.feed = a.source AND l.event_id = g.event_id AND l.source = 'poll' AND l.received_at <= games_with_gaps.at ORDER BY l.received_at DESC LIMIT 1) AS polled ON true
	CROSS JOIN LATERAL (SELECT coalesce(max(l.elapsed), 0) AS elapsed, floor(coalesce(max(l.elapsed), 0) / 60)::int AS minutes, count(DISTINCT ceil(l.elapsed / 60)) FILTER (WHERE l.elapsed > 0) AS minutes_heard
		FROM live_score AS l WHERE l.feed = a.source AND l.event_id = g.event_id AND l.status = 'live' AND l.received_at <= games_with_gaps.at) AS s
	WHERE g.event_id IS NOT NULL AND g.starts_at <= games_with_gaps.at AND s.elapsed < 1440
	  AND (NOT a.is_heard OR CASE WHEN polled.status = 'live' AND s.minutes_heard < ceil(s.elapsed / 60) THEN EXISTS (SELECT FROM score_minutes(a.source, g.event_id, s.minutes, games_with_gaps.at) AS m WHERE m.source IN ('carried', 'missing')) END)
	ORDER BY g.starts_at, g.event_id;
$$;
COMMENT ON FUNCTION games_with_gaps(text, timestamptz) IS
'For feed.parameters of play-by-play: {event} is the id of each game of the NBA in its first half of whose minutes score_minutes() has to carry one or misses it, since polls failed or began late; and of every game that has begun while no other feed of the source and sport is heard (no answer within a minute: switched off, or failing). None otherwise: while polls come, nothing more is asked.';

CREATE FUNCTION football_data_files(feed text, at timestamptz) RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT jsonb_build_object('division', a.name, 'season', to_char(football_data_files.at AT TIME ZONE 'UTC' - interval '7 months', 'YY') || to_char(football_data_files.at AT TIME ZONE 'UTC' + interval '5 months', 'YY'))
	FROM alias AS a WHERE a.feed = 'football_data' AND a.kind = 'sport' AND a.name ~ '^[A-Z]{1,2}[0-9C]$'
	ORDER BY a.name;
END;
COMMENT ON FUNCTION football_data_files(text, timestamptz) IS 'For feed.parameters: {division} and {season} of football-data.co.uk''s files of the season under way (from August on the new one), for every division that alias knows.';

CREATE FUNCTION grounds_ahead(feed text, at timestamptz) RETURNS SETOF jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT jsonb_build_object('latitude', v.latitude, 'longitude', v.longitude)
	FROM venue AS v
	WHERE v.latitude IS NOT NULL AND v.roof IS DISTINCT FROM 'dome' AND v.venue IN (
		SELECT coalesce((SELECT t.venue FROM game_ground(g.game_id, grounds_ahead.at) AS t),
			(SELECT h.venue FROM pool_grounds(s.pool) AS h WHERE h.team_id = g.home_id AND f.starts_at >= h.valid_from AND f.starts_at < h.valid_until))
		FROM fixture AS f JOIN game AS g ON g.game_id = f.game_id JOIN sport AS s ON s.sport = g.sport
		WHERE f.starts_at > grounds_ahead.at AND f.starts_at <= grounds_ahead.at + interval '168 hours' AND f.known_at <= grounds_ahead.at)
	ORDER BY v.venue;
END;
COMMENT ON FUNCTION grounds_ahead(text, timestamptz) IS 'For feed.parameters: {latitude} and {longitude} of every ground without a dome where a game starts within 7 days, as known then: weather is asked for there alone.';

-- Those that need a key wait for one.
INSERT INTO feed (feed, source, sport, endpoint, parameters, "interval", daily_at, silent_after, timeout_ms, retries, retry_ms, is_enabled, builtin)
SELECT f, s, league, endpoint, parameters, every::interval, CASE WHEN every ~ 'day|12 hours' THEN time '04:00' ELSE '00:00' END,
	CASE every WHEN '10 seconds' THEN interval '5 minutes' ELSE '1 hour' END, CASE every WHEN '10 seconds' THEN 3000 ELSE 20000 END,
	CASE every WHEN '10 seconds' THEN 2 ELSE 3 END, CASE every WHEN '10 seconds' THEN 500 END, endpoint !~ '[{]key[}]' AND s <> 'pinnacle', true
FROM (
	SELECT x.f || '_' || lower(c.code), x.s, c.code, replace(replace(replace(x.endpoint, '{espn}', c.espn), '{pinnacle}', c.pinnacle), '{thesportsdb}', c.thesportsdb), x.parameters, x.every
	FROM (VALUES
		('NFL', 'football/nfl',   '889',  '4391'),
		('NBA', 'basketball/nba', '487',  '4387'),
		('MLB', 'baseball/mlb',   '246',  '4424'),
		('NHL', 'hockey/nhl',     '1456', '4380'),
		('EPL', 'soccer/eng.1',   '1980', '4328')) AS c (code, espn, pinnacle, thesportsdb),
	(VALUES
		('the_odds_api_events', 'the_odds_api', 'https://api.the-odds-api.com/v4/sports/{sport}/events?apiKey={key}', NULL, '12 hours'),
		('the_odds_api_odds', 'the_odds_api', 'https://api.the-odds-api.com/v4/sports/{sport}/odds?apiKey={key}&regions=us&markets=h2h,spreads,totals&oddsFormat=decimal&dateFormat=iso', 'bet_edge.if_games_ahead', '1 day'),
		('pinnacle_matchups', 'pinnacle', 'https://guest.api.arcadia.pinnacle.com/0.1/leagues/{pinnacle}/matchups', NULL, '1 hour'),
		('pinnacle_straight', 'pinnacle', 'https://guest.api.arcadia.pinnacle.com/0.1/leagues/{pinnacle}/markets/straight', NULL, '15 minutes'),
		('espn_scoreboard', 'espn', 'https://site.api.espn.com/apis/site/v2/sports/{espn}/scoreboard?dates={YYYYMMDD -1}-{YYYYMMDD +7}&limit=1000', NULL, '1 hour'),
		('thesportsdb_day', 'thesportsdb', 'https://www.thesportsdb.com/api/v1/json/{key}/eventsday.php?d={YYYY-MM-DD -1}&l={thesportsdb}', NULL, '1 day')) AS x (f, s, endpoint, parameters, every)
	UNION ALL VALUES
		('nba_live_scoreboard', 'nba_live', 'NBA', 'https://cdn.nba.com/static/json/liveData/scoreboard/todaysScoreboard_00.json', 'bet_edge.if_game_on', '10 seconds'),
		('nba_live_plays', 'nba_live', 'NBA', 'https://cdn.nba.com/static/json/liveData/playbyplay/playbyplay_{event}.json', 'bet_edge.games_with_gaps', '10 seconds'),
		('open_meteo_forecast', 'open_meteo', NULL, 'https://api.open-meteo.com/v1/forecast?latitude={latitude}&longitude={longitude}&hourly=temperature_2m,wind_speed_10m,wind_gusts_10m,wind_direction_10m,precipitation_probability,precipitation&forecast_days=8&timezone=GMT', 'bet_edge.grounds_ahead', '6 hours'),
		('football_data_season', 'football_data', NULL, 'https://www.football-data.co.uk/mmz4281/{season}/{division}.csv', 'bet_edge.football_data_files', '1 day'),
		('nflverse_games', 'nflverse', NULL, 'https://raw.githubusercontent.com/nflverse/nfldata/master/data/games.csv', NULL, '1 day'),
		('tennis_abstract_atp', 'tennis_abstract', NULL, 'https://raw.githubusercontent.com/JeffSackmann/tennis_atp/master/atp_matches_{YYYY}.csv', NULL, '1 day'),
		('tennis_abstract_wta', 'tennis_abstract', NULL, 'https://raw.githubusercontent.com/JeffSackmann/tennis_wta/master/wta_matches_{YYYY}.csv', NULL, '1 day')
) AS shipped (f, s, league, endpoint, parameters, every);

-- ---- how the feeds stand ---------------------------------------------------------------------------

CREATE FUNCTION held_until(feed text, source text, url text, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT max(r.held_until) FROM feed_request AS r
	WHERE r.source = held_until.source AND r.held_until > held_until.at AND r.at <= held_until.at
	  AND CASE r.held_scope WHEN 'source' THEN true WHEN 'feed' THEN r.feed = held_until.feed ELSE r.url = held_until.url END;
END;
COMMENT ON FUNCTION held_until(text, text, text, timestamptz) IS 'Until when nobody asks for an address of a feed and source, as of a moment: the negative cache. NULL: it may be asked; a NULL address leaves out what holds single addresses.';

CREATE FUNCTION feed_slot("interval" interval, daily_at time, at timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN date_bin(make_interval(secs => extract(epoch FROM "interval")::float8), at, timestamptz '2000-01-01 00:00Z' + daily_at::interval);
COMMENT ON FUNCTION feed_slot(interval, time, timestamptz) IS 'The beginning of the interval of the clock, counted from daily_at (UTC), in which a moment lies; a month is 30 days.';

CREATE FUNCTION unanswered(feed text, at timestamptz DEFAULT now()) RETURNS TABLE (url text, failures bigint, ask_at timestamptz)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT l.url, l.failures, l.at + greatest(least(l."interval", '1 hour', interval '1 minute' * 2 ^ least(l.failures - 1, 10)),
		CASE WHEN l.ms IS NULL THEN make_interval(secs => 3 * l.timeout_ms / 1000.0) END)
	FROM (SELECT DISTINCT ON (r.url) r.url, r.at, r.ms, r.error_code, f."interval", f.timeout_ms,
			count(*) FILTER (WHERE r.error_code IS NOT NULL OR r.ms IS NULL) OVER (PARTITION BY r.url) AS failures
		FROM feed AS f JOIN feed_request AS r ON r.feed = f.feed AND r.at >= feed_slot(f."interval", f.daily_at, unanswered.at) AND r.at <= unanswered.at
		WHERE f.feed = unanswered.feed
		ORDER BY r.url, r.at DESC, r.request_id DESC) AS l
	WHERE l.error_code IS NOT NULL OR l.ms IS NULL;
END;
COMMENT ON FUNCTION unanswered(text, timestamptz) IS
'The addresses of a feed whose last request of the interval under way failed, was refused or was cut short, how many did, and when it is asked again: a minute after the first, then 2, 4, … up to an hour, but not later than the next interval; a request without an end once it must be over.';

CREATE FUNCTION feed_status(at timestamptz DEFAULT now())
RETURNS TABLE (feed text, source text, sport text, is_enabled boolean, "interval" interval, last_request_at timestamptz, last_success_at timestamptz,
	last_status int, last_error_code text, last_message text, failures bigint, failing_since timestamptz, held_until timestamptz, due_at timestamptz)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT f.feed, f.source, f.sport, f.is_enabled, f."interval", last.at, good.at, last.status, last.error_code, last.message, bad.n, bad.since, hold.until,
		CASE WHEN f.is_enabled AND f."interval" IS NOT NULL THEN greatest(hold.until, least(
			coalesce((SELECT o.slot + f."interval" FROM feed_round AS o WHERE o.feed = f.feed AND o.slot <= feed_status.at), '-infinity'),
			(SELECT min(u.ask_at) FROM unanswered(f.feed, feed_status.at) AS u))) END
	FROM feed AS f
	LEFT JOIN LATERAL (SELECT r.at, r.status, r.error_code, r.message FROM feed_request AS r WHERE r.feed = f.feed AND r.at <= feed_status.at ORDER BY r.at DESC, r.request_id DESC LIMIT 1) AS last ON true
	LEFT JOIN LATERAL (SELECT r.at FROM feed_request AS r WHERE r.feed = f.feed AND r.at <= feed_status.at AND r.status IN (200, 304) AND r.error_code IS NULL ORDER BY r.at DESC LIMIT 1) AS good ON true
	LEFT JOIN LATERAL (SELECT count(*) AS n, min(r.at) AS since FROM feed_request AS r
		WHERE r.feed = f.feed AND r.at <= feed_status.at AND r.error_code IS NOT NULL AND r.at > coalesce(good.at, '-infinity')) AS bad ON true
	LEFT JOIN LATERAL (SELECT held_until(f.feed, f.source, NULL, feed_status.at) AS until) AS hold ON true
	ORDER BY f.feed;
END;
COMMENT ON FUNCTION feed_status(timestamptz) IS
'Every feed as of a moment: its last request and last success (an answer or 304), last status and error, requests that failed or were refused since that success and since when, until when it is held, and when it is due: the next interval, or before it what is unanswered(), not before the hold ends; -infinity when it was never asked, NULL when it is not asked by itself.';
