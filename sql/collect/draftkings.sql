-- draftkings: players' props in a category answer of DraftKings, joined to games and players.

CREATE FUNCTION parse_draftkings_events(payload jsonb) RETURNS TABLE (event_id text, away text, home text, starts_at timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT e ->> 'providerEventId', coalesce(e ->> 'teamName1', split_part(e ->> 'name', ' @ ', 1)), coalesce(e ->> 'teamName2', split_part(e ->> 'name', ' @ ', 2)), utc_time(e ->> 'startDate')
	FROM jsonb_path_query(payload, '$.eventGroup.events[*]') AS e WHERE e ->> 'providerEventId' IS NOT NULL;
$$;
COMMENT ON FUNCTION parse_draftkings_events(jsonb) IS 'The games of an answer of DraftKings by the id that its offers use (providerEventId, not eventId); names as the book has them, away first.';

CREATE FUNCTION draftkings_market(category text, subcategory text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- The Odds API's keys: batter_hits, batter_home_runs, pitcher_strikeouts, …
RETURN CASE WHEN category ~* '^(batter|pitcher|player)' THEN lower(substring(category FROM '^\w+')) || '_' ELSE '' END || lower(regexp_replace(btrim(subcategory), '\W+', '_', 'g'));
COMMENT ON FUNCTION draftkings_market(text, text) IS 'The market, after The Odds API, of a subcategory of DraftKings: Batter Props, Hits is batter_hits.';

CREATE FUNCTION parse_draftkings(payload jsonb) RETURNS SETOF collected_quote
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT o.offer ->> 'providerEventId', 'draftkings',
		draftkings_market(c.category ->> 'name', s.sub ->> 'name'),
		lower(x.outcome ->> 'label'), coalesce(nullif(btrim(x.outcome ->> 'participant'), ''), nullif(btrim(left(o.offer ->> 'label', - length(s.sub ->> 'name'))), '')),
		CASE WHEN x.outcome ->> 'line' ~ '^-?\d{1,4}(\.\d+)?$' THEN (x.outcome ->> 'line')::float8 END, odds_or_null(x.outcome ->> 'oddsAmerican', 'american'), x.outcome ->> 'oddsAmerican', NULL::float8, NULL::timestamptz, NULL::bigint
	FROM jsonb_path_query(payload, '$.eventGroup.offerCategories[*]') AS c (category)
	CROSS JOIN LATERAL jsonb_path_query(c.category, '$.offerSubcategoryDescriptors[*]') AS s (sub)
	-- a list of lists, and most subcategories are empty shells
	CROSS JOIN LATERAL jsonb_path_query(s.sub, '$.offerSubcategory.offers[*][*]') AS o (offer)
	CROSS JOIN LATERAL jsonb_path_query(o.offer, '$.outcomes[*]') AS x (outcome)
	WHERE o.offer ->> 'isSuspended' IS DISTINCT FROM 'true' AND o.offer ->> 'isOpen' IS DISTINCT FROM 'false';
$$;
COMMENT ON FUNCTION parse_draftkings(jsonb) IS
'The open offers of an answer of DraftKings, one row a side: the player by the book''s name (from the offer''s label where the outcome has none), market after The Odds API, prices from the American ones, which are strings with their sign. Games are in parse_draftkings_events(); load_draftkings() joins both.';

INSERT INTO alias (feed, kind, name, target, builtin) SELECT 'draftkings', 'sport', s, s, true FROM unnest('{MLB,NBA,NFL,NHL}'::text[]) AS s;
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'draftkings', 'team', 'mlb', n, t, true
FROM (VALUES ('ARI Diamondbacks', 'Arizona Diamondbacks'), ('ATL Braves', 'Atlanta Braves'), ('BAL Orioles', 'Baltimore Orioles'), ('BOS Red Sox', 'Boston Red Sox'), ('CHI Cubs', 'Chicago Cubs'),
	('CHI White Sox', 'Chicago White Sox'), ('CIN Reds', 'Cincinnati Reds'), ('CLE Guardians', 'Cleveland Guardians'), ('COL Rockies', 'Colorado Rockies'), ('DET Tigers', 'Detroit Tigers'),
	('HOU Astros', 'Houston Astros'), ('KC Royals', 'Kansas City Royals'), ('LA Angels', 'Los Angeles Angels'), ('LA Dodgers', 'Los Angeles Dodgers'), ('MIA Marlins', 'Miami Marlins'),
	('MIL Brewers', 'Milwaukee Brewers'), ('MIN Twins', 'Minnesota Twins'), ('NY Mets', 'New York Mets'), ('NY Yankees', 'New York Yankees'), ('OAK Athletics', 'Oakland Athletics'),
	('PHI Phillies', 'Philadelphia Phillies'), ('PIT Pirates', 'Pittsburgh Pirates'), ('SD Padres', 'San Diego Padres'), ('SEA Mariners', 'Seattle Mariners'), ('SF Giants', 'San Francisco Giants'),
	('STL Cardinals', 'St. Louis Cardinals'), ('TB Rays', 'Tampa Bay Rays'), ('TEX Rangers', 'Texas Rangers'), ('TOR Blue Jays', 'Toronto Blue Jays'), ('WAS Nationals', 'Washington Nationals')) AS club (n, t);

CREATE FUNCTION load_draftkings(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	doc    CONSTANT jsonb := json_payload(load_draftkings.payload_id, 'draftkings');
	league CONSTANT text := doc #>> '{eventGroup,name}';
	listed collected_game[];
	priced collected_quote[];
BEGIN
	IF jsonb_typeof(doc #> '{eventGroup,events}') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'DraftKings answered with no events: %', left(doc::text, 80) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	WITH event AS MATERIALIZED (
		SELECT e.*, row_number() OVER ()::int AS line_no, s.sport, s.time_zone,
			CASE WHEN s.sport IS NULL THEN 'unknown_sport' WHEN nullif(e.home, '') IS NULL OR nullif(e.away, '') IS NULL THEN 'short_row' WHEN e.starts_at IS NULL THEN 'bad_date' END AS reason
		FROM parse_draftkings_events(doc) AS e
		LEFT JOIN alias AS a ON a.feed = 'draftkings' AND a.kind = 'sport' AND a.pool = '' AND a.name = league LEFT JOIN sport AS s ON s.sport = a.target
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport, unknown)
		SELECT load_draftkings.payload_id, e.line_no, e.reason, CASE e.reason WHEN 'unknown_sport' THEN format('alias has no sport named %L', league) WHEN 'short_row' THEN 'a side is missing' ELSE 'no start' END,
			e.event_id, e.sport, CASE WHEN e.reason = 'unknown_sport' AND league IS NOT NULL THEN ARRAY[league] END
		FROM event AS e WHERE e.reason IS NOT NULL ORDER BY e.line_no
	)
	SELECT coalesce(array_agg(ROW(e.line_no, e.event_id, e.sport, season_of(e.sport, e.starts_at), e.home, e.away, e.number, e.starts_at, true, false, NULL, NULL, NULL, NULL, NULL, '{}',
		e.event_id, NULL)::collected_game ORDER BY e.line_no), '{}') INTO listed
	FROM (SELECT x.*, row_number() OVER (PARTITION BY x.home, x.away, (x.starts_at AT TIME ZONE x.time_zone)::date ORDER BY x.starts_at, x.line_no)::int AS number FROM event AS x WHERE x.reason IS NULL) AS e;
	games := (append_facts(load_draftkings.payload_id, listed, '{}', 'american')).games_read;
	priced := ARRAY(SELECT q FROM parse_draftkings(doc) AS q);
	quotes := append_quotes(load_draftkings.payload_id, priced, events => ARRAY(SELECT e.event_id FROM parse_draftkings_events(doc) AS e),
		-- The subcategory that was asked for has offers, none it may be; the others are empty shells.
		markets => ARRAY(SELECT draftkings_market(c ->> 'name', s ->> 'name') FROM jsonb_path_query(doc, '$.eventGroup.offerCategories[*]') AS c
			CROSS JOIN LATERAL jsonb_path_query(c, '$.offerSubcategoryDescriptors[*] ? (exists (@.offerSubcategory.offers))') AS s));
	rows_read := cardinality(priced);
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_draftkings.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_draftkings.rows_read, rows_blank = 0 WHERE p.payload_id = load_draftkings.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_draftkings(bigint) IS
'Loads a stored category answer of feed draftkings; load_payload() and replay() call it: its games, and the open offers on players, who are found by their alias alone (kind player, feed draftkings): other names wait in reject, see unknown_names(). An offer of the subcategories asked for that is not open or there any more is taken down. Returns prices read, games taken, quotes appended and rejects.';
