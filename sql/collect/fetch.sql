-- fetch: an address into inbox; libcurl is loaded by the first call and by nothing else.

CREATE TABLE feed_host (
	host          text PRIMARY KEY CHECK (host = lower(host) AND host <> ''),
	allowed_by    text NOT NULL DEFAULT session_user,
	allow_private boolean NOT NULL DEFAULT false,
	builtin       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE feed_host IS 'The hosts that fetch_feed() may ask, exactly as they stand in an address, in lower case. Whoever may write here decides where this server connects to.';
COMMENT ON COLUMN feed_host.allowed_by IS 'Who answers for the entry.';
COMMENT ON COLUMN feed_host.allow_private IS 'true: the host may be at a loopback, private or link-local address; otherwise such an address is refused even if a name server gives it.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed_host', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON feed_host FOR EACH ROW EXECUTE FUNCTION keep_own_row('host');

INSERT INTO feed_host (host, allowed_by, builtin)
SELECT host, 'bet_edge', true
FROM unnest(ARRAY['www.football-data.co.uk', 'raw.githubusercontent.com', 'api.the-odds-api.com', 'site.api.espn.com',
	'statsapi.mlb.com', 'api-web.nhle.com']) AS host;

CREATE FUNCTION fetch_feed(feed text, url text, timeout_ms int DEFAULT 20000, max_bytes int DEFAULT 33554432) RETURNS int
AS '$libdir/bet_edge_feed', 'bet_edge_fetch'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION fetch_feed(text, text, int, int) IS
'GETs an http or https address and returns the HTTP status; on 200 the body is a new row of inbox with this feed, named by the address (values of apiKey, key and token replaced by ***). Waits at most timeout_ms (1 to 600000) and stops at once when the query is cancelled. Redirects are not followed. Refuses a host that is not in feed_host, a private address, another scheme, a user name in the address and an answer above max_bytes.';
REVOKE ALL ON FUNCTION fetch_feed(text, text, int, int) FROM PUBLIC;
