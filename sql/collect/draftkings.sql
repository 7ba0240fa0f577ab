-- draftkings: players' props in a category answer of DraftKings.

CREATE FUNCTION parse_draftkings_events(payload jsonb) RETURNS TABLE (event_id text, away text, home text, starts_at timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT e ->> 'providerEventId', coalesce(e ->> 'teamName1', split_part(e ->> 'name', ' @ ', 1)), coalesce(e ->> 'teamName2', split_part(e ->> 'name', ' @ ', 2)), utc_time(e ->> 'startDate')
	FROM jsonb_path_query(payload, '$.eventGroup.events[*]') AS e WHERE e ->> 'providerEventId' IS NOT NULL;
$$;
COMMENT ON FUNCTION parse_draftkings_events(jsonb) IS 'The games of an answer of DraftKings by the id that its offers use (providerEventId, not eventId); names as the book has them, away first.';

CREATE FUNCTION parse_draftkings(payload jsonb) RETURNS SETOF collected_quote
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT o.offer ->> 'providerEventId', 'draftkings',
		-- The Odds API's keys: batter_hits, batter_home_runs, pitcher_strikeouts, …
		CASE WHEN c.category ->> 'name' ~* '^(batter|pitcher|player)' THEN lower(substring(c.category ->> 'name' FROM '^\w+')) || '_' ELSE '' END || lower(regexp_replace(btrim(s.sub ->> 'name'), '\W+', '_', 'g')),
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
'The open offers of an answer of DraftKings, one row a side: the player by the book''s name (from the offer''s label where the outcome has none), market after The Odds API, prices from the American ones, which are strings with their sign. Games are in parse_draftkings_events(). Joined to nothing.';
