-- fetch: one answer from an allowed host; libcurl is loaded by the first call and by nothing else.

CREATE TABLE feed_host (
	host          text PRIMARY KEY CHECK (host = lower(host) AND host <> ''),
	allowed_by    text NOT NULL DEFAULT session_user,
	allow_private boolean NOT NULL DEFAULT false,
	allow_plain   boolean NOT NULL DEFAULT false,
	builtin       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE feed_host IS 'The hosts that http_get() may ask, exactly as they stand in an address, in lower case. It decides where this server connects to: only its owner and superusers change it, whatever else is granted.';
COMMENT ON COLUMN feed_host.allowed_by IS 'Who answers for the entry.';
COMMENT ON COLUMN feed_host.allow_private IS 'true: the host may be at a loopback, private or link-local address; otherwise such an address is refused even if a name server gives it.';
COMMENT ON COLUMN feed_host.allow_plain IS 'true: the host may be asked by plain http; otherwise https only.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feed_host', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON feed_host FOR EACH ROW EXECUTE FUNCTION keep_own_row('host');

CREATE FUNCTION only_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
		RAISE EXCEPTION 'only its owner may change table %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION only_owner() IS 'Trigger of a table that GRANT ... ON ALL TABLES must not open: refuses (42501) a change by any role without the rights of its owner.';
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON feed_host FOR EACH STATEMENT EXECUTE FUNCTION only_owner();

INSERT INTO feed_host (host, allowed_by, builtin)
SELECT host, 'bet_edge', true
FROM unnest(ARRAY['www.football-data.co.uk', 'raw.githubusercontent.com', 'github.com', 'objects.githubusercontent.com', 'release-assets.githubusercontent.com',
	'api.the-odds-api.com', 'guest.api.arcadia.pinnacle.com', 'site.api.espn.com', 'cdn.nba.com', 'www.thesportsdb.com', 'statsapi.mlb.com', 'api-web.nhle.com',
	'api.balldontlie.io', 'api.sleeper.app', 'api.weather.gov', 'api.open-meteo.com', 'archive-api.open-meteo.com', 'historical-forecast-api.open-meteo.com',
	'single-runs-api.open-meteo.com', 'ensemble-api.open-meteo.com', 'api.openweathermap.org']) AS host;

CREATE FUNCTION http_get(url text, timeout_ms int DEFAULT 20000, max_bytes int DEFAULT 33554432, etag text DEFAULT NULL, modified_since text DEFAULT NULL,
	OUT status int, OUT headers text, OUT body bytea, OUT ms int)
AS '$libdir/bet_edge_feed', 'bet_edge_http_get'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION http_get(text, int, int, text, text) IS
'GETs an http or https address: the HTTP status, the headers of the answer as lines, its decoded body, the milliseconds it took. {key} in the address stands for the host''s key in bet_edge_feed.key_file. etag and modified_since (NULL: none) ask for what has changed since, status 304 when nothing has. At most timeout_ms (1 to 600000) in all and max_bytes of decoded body (1 to 1000000000). Follows up to 5 redirects, each checked like the first address, never from https to http. Stops at once when the query is cancelled (57014). Refuses a host that is not in feed_host, plain http or a private address where its row does not allow them (42501), another scheme or a user name in the address (22023), a longer answer (54000), a missing key (42704), a key file that others can read (F0000). 08001: nobody there; 08006: no answer in time, or it broke off, or a certificate that is not good; 38000: whatever else libcurl reports.';
REVOKE ALL ON FUNCTION http_get(text, int, int, text, text) FROM PUBLIC;

CREATE FUNCTION http_header(headers text, name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT btrim(substr(line, length(http_header.name) + 2)) FROM unnest(string_to_array(http_header.headers, E'\n')) AS line
	WHERE lower(left(line, length(http_header.name) + 1)) = lower(http_header.name || ':') LIMIT 1);
COMMENT ON FUNCTION http_header(text, text) IS 'The value of a header among the lines of http_get(), whatever its case; NULL where it is absent.';
