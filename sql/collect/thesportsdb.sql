-- thesportsdb: events of a season or of a day of TheSportsDB; every number in it is a string.

INSERT INTO alias (feed, kind, name, target, builtin)
SELECT 'thesportsdb', 'sport', n, t, true
FROM (VALUES ('4328', 'EPL'), ('4329', 'CHAMPIONSHIP'), ('4331', 'BUNDESLIGA'), ('4332', 'SERIEA'), ('4334', 'LIGUE1'), ('4335', 'LALIGA'),
	('4380', 'NHL'), ('4387', 'NBA'), ('4391', 'NFL'), ('4424', 'MLB')) AS league (n, t);

CREATE FUNCTION parse_thesportsdb(payload jsonb) RETURNS SETOF parsed_game
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH event AS (
		SELECT e.n::int AS line_no, e.event, s.sport, s.pool, s.family, s.time_zone, s.default_start,
			feed_team('thesportsdb', s.pool, e.event ->> 'idHomeTeam', e.event ->> 'strHomeTeam') AS home, feed_team('thesportsdb', s.pool, e.event ->> 'idAwayTeam', e.event ->> 'strAwayTeam') AS away,
			whole_number(e.event ->> 'intHomeScore') AS home_points, whole_number(e.event ->> 'intAwayScore') AS away_points,
			-- without a zone it is UTC; midnight on the dot is a time that nobody knew
			CASE WHEN e.event ->> 'strTime' ~ '^00:00(:00)?(\+00:00)?$' AND coalesce(e.event ->> 'strTimeLocal', '00:00:00') ~ '^00:00' THEN NULL
				ELSE coalesce(utc_time(e.event ->> 'strTimestamp'), utc_time(concat(e.event ->> 'dateEvent', 'T', nullif(e.event ->> 'strTime', '')))) END AS starts_at,
			iso_day(coalesce(nullif(e.event ->> 'dateEventLocal', ''), e.event ->> 'dateEvent')) AS day,
			upper(btrim(coalesce(e.event ->> 'strStatus', ''))) AS word, lower(e.event ->> 'strPostponed') = 'yes' AS postponed,
			-- 2014-2015, 1415, 2026-2027, 2026
			CASE WHEN e.event ->> 'strSeason' ~ '^(19|20)\d\d(-(19|20)?\d\d)?$' THEN left(e.event ->> 'strSeason', 4)::int
				WHEN e.event ->> 'strSeason' ~ '^\d{4}$' THEN CASE WHEN left(e.event ->> 'strSeason', 2) >= '70' THEN 1900 ELSE 2000 END + left(e.event ->> 'strSeason', 2)::int END AS season
		FROM jsonb_array_elements(CASE jsonb_typeof(payload -> 'events') WHEN 'array' THEN payload -> 'events' ELSE '[]' END) WITH ORDINALITY AS e (event, n)
		LEFT JOIN alias AS a ON a.feed = 'thesportsdb' AND a.kind = 'sport' AND a.pool = '' AND a.name = e.event ->> 'idLeague'
		LEFT JOIN sport AS s ON s.sport = a.target
	), ended AS (
		SELECT e.*, coalesce(e.starts_at, (e.day + e.default_start) AT TIME ZONE e.time_zone) AS start, num_nonnulls(e.home_points, e.away_points) = 2 AS scored,
			CASE WHEN e.postponed OR e.word IN ('POST', 'PST', 'POSTPONED') THEN 'postponed'
				WHEN e.word IN ('CANC', 'CANCELLED', 'CANCELED') THEN 'cancelled'
				WHEN e.word IN ('ABD', 'ABANDONED') THEN 'abandoned'
				WHEN e.word IN ('AWD', 'WO') THEN 'awarded'
				WHEN e.word IN ('FT', 'AET', 'PEN', 'AOT', 'AP', 'MATCH FINISHED', 'FINISHED') THEN 'final'
				-- the old schema had no status: a game with both scores is over
				WHEN NOT e.event ? 'strStatus' AND num_nonnulls(e.home_points, e.away_points) = 2 THEN 'final'
				WHEN e.word IN ('NS', 'NOT STARTED') THEN 'scheduled' WHEN e.word IN ('1H', 'HT', '2H', 'Q1', 'Q2', 'Q3', 'Q4', 'OT', 'ET') THEN 'live' END AS ending
		FROM event AS e
	)
	SELECT ROW(e.line_no, e.event::text, e.sport, e.season, e.home, e.away,
			row_number() OVER (PARTITION BY e.sport, e.home, e.away, (e.start AT TIME ZONE e.time_zone)::date ORDER BY e.start, e.line_no), e.start, e.starts_at IS NOT NULL, false,
			nullif(whole_number(e.event ->> 'intRound'), 0), NULL, CASE WHEN e.ending IN ('final', 'awarded') AND e.scored THEN e.home_points END, CASE WHEN e.ending IN ('final', 'awarded') AND e.scored THEN e.away_points END,
			-- said to be over, without a score: not yet
			CASE WHEN e.ending NOT IN ('final', 'awarded') OR e.scored THEN e.ending END,
			jsonb_strip_nulls(jsonb_build_object('thesportsdb_id', e.event ->> 'idEvent', 'overtime', CASE WHEN e.word IN ('AET', 'PEN', 'AOT', 'AP') THEN 1 END,
				'attendance', whole_number(e.event ->> 'intSpectators'), 'venue', nullif(e.event ->> 'strVenue', ''))), e.event ->> 'idEvent', NULL)::collected_game,
		r.reason, CASE r.reason
			WHEN 'unknown_sport' THEN format('alias has no sport of thesportsdb named %L (%s)', e.event ->> 'idLeague', coalesce(e.event ->> 'strLeague', 'no name'))
			WHEN 'short_row' THEN 'home team or away team is missing'
			WHEN 'bad_date' THEN format('not a day or not a season: %s, %s', coalesce(e.event ->> 'dateEvent', 'none'), coalesce(e.event ->> 'strSeason', 'none'))
			WHEN 'bad_score' THEN format('scores %L and %L', e.event ->> 'intHomeScore', e.event ->> 'intAwayScore') END
	FROM ended AS e
	CROSS JOIN LATERAL (SELECT CASE
		WHEN e.sport IS NULL THEN 'unknown_sport'
		WHEN e.home IS NULL OR e.away IS NULL THEN 'short_row'
		WHEN e.start IS NULL OR e.season IS NULL THEN 'bad_date'
		WHEN nullif(e.event ->> 'intHomeScore', '') IS NOT NULL AND e.home_points IS NULL OR nullif(e.event ->> 'intAwayScore', '') IS NOT NULL AND e.away_points IS NULL OR least(e.home_points, e.away_points) < 0
			OR e.ending = 'final' AND e.scored AND e.home_points = e.away_points AND e.family IN ('basketball', 'hockey', 'baseball') THEN 'bad_score'
		END AS reason) AS r
	ORDER BY e.line_no;
$$;
COMMENT ON FUNCTION parse_thesportsdb(jsonb) IS
'The games of an answer of TheSportsDB (eventsseason, eventsday, lookupevent). Times without a zone are UTC; a game is over when its status is one of the finished words and both scores are there; null, an empty string and 0 are three things; {"events": null} is no games. Leagues are found by idLeague, teams by their ids where alias has those, else by their names.';

CREATE FUNCTION load_thesportsdb(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	content jsonb := json_payload(load_thesportsdb.payload_id, 'thesportsdb');
BEGIN
	IF NOT content ? 'events' THEN
		RAISE EXCEPTION 'payload % is not of TheSportsDB: it has no events', load_thesportsdb.payload_id USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY SELECT * FROM append_parsed(load_thesportsdb.payload_id, (SELECT coalesce(array_agg(g), '{}') FROM parse_thesportsdb(content) AS g), '{}', 'decimal');
END $$;
COMMENT ON FUNCTION load_thesportsdb(bigint) IS
'Loads a stored payload of feed thesportsdb; load_payload() and replay() call it. Returns rows read, games taken, quotes appended (none) and rejects of the payload.';
