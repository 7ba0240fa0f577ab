-- pinnacle: the guest API of Pinnacle: matchups, and straight markets with alternates, limits, periods and versions.

INSERT INTO alias (feed, kind, name, target, builtin)
SELECT 'pinnacle', 'sport', n, t, true
FROM (VALUES ('Baseball/MLB', 'MLB'), ('Basketball/NBA', 'NBA'), ('Basketball/WNBA', 'WNBA'), ('Football/NFL', 'NFL'), ('Hockey/NHL', 'NHL'), ('Soccer/England - Premier League', 'EPL'),
	('Soccer/England - Championship', 'CHAMPIONSHIP'), ('Soccer/Spain - La Liga', 'LALIGA'), ('Soccer/Italy - Serie A', 'SERIEA'), ('Soccer/Germany - Bundesliga', 'BUNDESLIGA'),
	('Soccer/France - Ligue 1', 'LIGUE1')) AS league (n, t);
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'pinnacle', 'team', a.pool, a.name, a.target, true FROM alias AS a WHERE a.feed = 'the_odds_api' AND a.kind = 'team' AND a.builtin;

CREATE FUNCTION parse_pinnacle(payload jsonb)
RETURNS TABLE (line_no int, event_id text, market text, period int, is_open boolean, side text, participant text, line float8, price float8, quoted text, max_stake float8, version bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT x.n::int, x.m ->> 'matchupId',
		CASE WHEN x.m -> 'isAlternate' = 'true' THEN 'alternate_' ELSE '' END || CASE x.m ->> 'type' WHEN 'moneyline' THEN 'h2h' WHEN 'spread' THEN 'spreads' WHEN 'total' THEN 'totals' WHEN 'team_total' THEN 'team_totals' ELSE x.m ->> 'type' END,
		whole_number(x.m ->> 'period'), coalesce(x.m ->> 'status', 'open') = 'open', p.designation, x.m ->> 'side', decimal_number(p.points), odds_or_null(p.price, 'american'), p.price,
		(SELECT min(decimal_number(l ->> 'amount')) FROM jsonb_array_elements(json_list(x.m -> 'limits')) AS l WHERE l ->> 'type' = 'maxRiskStake'), substring(x.m ->> 'version' FROM '^\d{1,18}$')::bigint
	FROM jsonb_array_elements(CASE jsonb_typeof(payload) WHEN 'array' THEN payload ELSE '[]' END) WITH ORDINALITY AS x (m, n)
	CROSS JOIN LATERAL jsonb_to_recordset(json_list(x.m -> 'prices')) AS p (designation text, points text, price text)
	WHERE x.m ->> 'matchupId' IS NOT NULL;
END;
COMMENT ON FUNCTION parse_pinnacle(jsonb) IS
'The prices in an answer of …/markets/straight, one row an outcome: american prices as decimal, points of each side, alternates under alternate_…, period 0 for the game. side is NULL where a participantId stands instead (specials); is_open: only then the price may be used. max_stake: maxRiskStake. version rises with every change.';

CREATE FUNCTION pinnacle_period(family text, period int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN period = 0 THEN '' WHEN family IN ('basketball', 'american_football') AND period > 2 THEN '_q' || period - 2 WHEN family = 'hockey' THEN '_p' || period
	WHEN family = 'baseball' THEN CASE period WHEN 1 THEN '_1st_5_innings' ELSE '_inning_' || period END WHEN family = 'tennis' THEN '_set_' || period ELSE '_h' || period END;
COMMENT ON FUNCTION pinnacle_period(text, int) IS 'The ending of a market''s key for one of Pinnacle''s periods: none for the game, _h1, _q1, _p1, _1st_5_innings, _inning_9, _set_1.';

CREATE FUNCTION load_pinnacle(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	doc    jsonb := json_payload(load_pinnacle.payload_id, 'pinnacle');
	listed collected_game[];
	priced collected_quote[];
BEGIN
	IF jsonb_typeof(doc) <> 'array' THEN
		RAISE EXCEPTION 'Pinnacle answered with no list: %', left(doc::text, 80) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	WITH matchup AS (
		SELECT x.n::int AS line_no, x.m, a.target AS sport, s.time_zone, utc_time(x.m ->> 'startTime') AS starts_at,
			jsonb_path_query_first(x.m, '$.participants[*] ? (@.alignment == "home")') ->> 'name' AS home, jsonb_path_query_first(x.m, '$.participants[*] ? (@.alignment == "away")') ->> 'name' AS away
		FROM jsonb_array_elements(doc) WITH ORDINALITY AS x (m, n)
		LEFT JOIN alias AS a ON a.feed = 'pinnacle' AND a.kind = 'sport' AND a.pool = '' AND a.name = concat(x.m #>> '{league,sport,name}', '/', x.m #>> '{league,name}')
		LEFT JOIN sport AS s ON s.sport = a.target
		WHERE x.m ->> 'matchupId' IS NULL
	), judged AS MATERIALIZED (
		SELECT m.*, CASE WHEN m.m ->> 'type' IS DISTINCT FROM 'matchup' OR m.m -> 'parentId' <> 'null' OR m.m -> 'isLive' = 'true' OR coalesce(m.m ->> 'units', 'Regular') <> 'Regular' THEN 'not_a_game'
			WHEN m.sport IS NULL THEN 'unknown_sport' WHEN m.home IS NULL OR m.away IS NULL THEN 'short_row' WHEN m.starts_at IS NULL THEN 'bad_date' END AS reason
		FROM matchup AS m
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT load_pinnacle.payload_id, j.line_no, j.reason, CASE j.reason
			WHEN 'not_a_game' THEN format('%s of %s', concat_ws(' ', CASE WHEN j.m -> 'isLive' = 'true' THEN 'live' END, j.m ->> 'type', j.m ->> 'units', j.m #>> '{special,description}'), coalesce(j.m ->> 'parentId', 'no game'))
			WHEN 'unknown_sport' THEN format('alias has no sport for %L', concat(j.m #>> '{league,sport,name}', '/', j.m #>> '{league,name}'))
			WHEN 'short_row' THEN 'a side is missing' ELSE format('%L is no time', j.m ->> 'startTime') END, j.m::text, j.sport
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	)
	SELECT coalesce(array_agg(ROW(j.line_no, j.m::text, j.sport, season_of(j.sport, j.starts_at), j.home, j.away, j.number, j.starts_at, true, false, NULL, NULL, NULL, NULL, NULL, '{}',
		j.m ->> 'id', NULL)::collected_game ORDER BY j.line_no), '{}') INTO listed
	FROM (SELECT x.*, row_number() OVER (PARTITION BY x.sport, x.home, x.away, (x.starts_at AT TIME ZONE x.time_zone)::date ORDER BY x.starts_at, x.line_no)::int AS number
		FROM judged AS x WHERE x.reason IS NULL) AS j;
	games := (append_facts(load_pinnacle.payload_id, listed, '{}', 'american')).games_read;
	-- A three-way price where the sport's market has two ways is another market.
	SELECT array_agg(ROW(q.event_id, 'pinnacle', CASE WHEN q.is_three_way AND (q.outcomes = 2 OR q.period > 0) THEN 'h2h_3_way' ELSE q.market END || pinnacle_period(coalesce(q.family, 'soccer'), q.period),
		q.side, q.participant, q.line, q.price, q.quoted, q.max_stake, NULL, q.version)::collected_quote) INTO priced
	FROM (SELECT p.*, s.family, s.outcomes, p.market = 'h2h' AND bool_or(p.side = 'draw') OVER (PARTITION BY p.line_no) AS is_three_way
		FROM parse_pinnacle(doc) AS p
		LEFT JOIN game_event AS e ON e.feed = 'pinnacle' AND e.event_id = p.event_id
		LEFT JOIN game AS g ON g.game_id = e.game_id LEFT JOIN sport AS s ON s.sport = g.sport
		WHERE p.is_open) AS q;
	-- An answer has all markets of its matchups.
	quotes := append_quotes(load_pinnacle.payload_id, priced, events => ARRAY(SELECT DISTINCT x ->> 'matchupId' FROM jsonb_array_elements(doc) AS x WHERE x ->> 'matchupId' IS NOT NULL));
	rows_read := jsonb_array_length(doc);
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_pinnacle.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_pinnacle.rows_read, rows_blank = 0 WHERE p.payload_id = load_pinnacle.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_pinnacle(bigint) IS
'Loads a stored payload of feed pinnacle, a list of matchups or of straight markets; load_payload() and replay() call it. A game is a matchup without a parent, not live, in regular units; live copies, corners, sets, specials and futures are not_a_game. Markets of matchups that no list of matchups has brought wait as unknown_event. Prices that are not open are passed over; what of a matchup is not there or not open any more is taken down, and a market whose version is not above the stored one is an old answer from a cache. Returns rows read, games taken, quotes appended and rejects.';
