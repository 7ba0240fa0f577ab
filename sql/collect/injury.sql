-- injury: who is said to miss games, by whom, and since when; every statement kept.

CREATE TABLE injury (
	pool        text NOT NULL,
	player_id   text NOT NULL,
	source      text NOT NULL,
	team_id     bigint NOT NULL REFERENCES team,
	status      text NOT NULL CHECK (status IN ('out', 'doubtful', 'questionable', 'probable', 'active')),
	chance_out  float8 NOT NULL CHECK (chance_out BETWEEN 0 AND 1),
	is_injury   boolean NOT NULL,
	injury      text,
	comment     text,
	returns_on  date,
	reported_at timestamptz,
	valid_until timestamptz NOT NULL DEFAULT 'infinity',
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (pool, player_id, source, known_at, recorded_at),
	FOREIGN KEY (pool, player_id) REFERENCES players
);
COMMENT ON TABLE injury IS 'What feeds said of players who may miss games: a row whenever a feed says something else. Lists that show the present are known when they came; who is on them no more is active from then on.';
COMMENT ON COLUMN injury.source IS 'The feed.';
COMMENT ON COLUMN injury.chance_out IS 'Probability that he misses the next game: injury_chance() of the status, or the mean of it and that of the comment where the two contradict each other.';
COMMENT ON COLUMN injury.is_injury IS 'false: a coach''s decision, rest, a suspension, personal reasons and the like, which stand in the same lists.';
COMMENT ON COLUMN injury.returns_on IS 'The feed''s guess.';
COMMENT ON COLUMN injury.reported_at IS 'The feed''s own time of the note.';
COMMENT ON COLUMN injury.valid_until IS 'For reports of one week''s game: 6 days after the note; infinity otherwise.';
CREATE INDEX injury_team ON injury (team_id);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.injury', '');

CREATE TABLE injury_report (
	pool        text NOT NULL,
	source      text NOT NULL,
	team_id     bigint REFERENCES team,
	known_at    timestamptz NOT NULL,
	valid_until timestamptz NOT NULL,
	is_whole    boolean NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	UNIQUE (pool, source, team_id, known_at)
);
COMMENT ON TABLE injury_report IS 'That a feed''s list was seen, even if it brought nothing new: who is not on a list is fit only while there is one. A list stands for three days; without one injuries are unknown.';
COMMENT ON COLUMN injury_report.team_id IS 'The team reported on; NULL: all of the pool that have no row of their own of that time.';
COMMENT ON COLUMN injury_report.is_whole IS 'false: players of the team, or of one that could not be read, wait in reject, so that its injuries are unknown.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.injury_report', '');

CREATE TABLE player_share (
	pool        text NOT NULL,
	player_id   text NOT NULL,
	share       float8 NOT NULL CHECK (share BETWEEN 0 AND 1),
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (pool, player_id, known_at, recorded_at),
	FOREIGN KEY (pool, player_id) REFERENCES players
);
COMMENT ON TABLE player_share IS 'Your own word on the share of a game that a player plays when fit (minutes over the game''s minutes, snaps over the side''s snaps), which weighs his absence before player_game does; a row whenever it is known anew.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.player_share', '');

CREATE FUNCTION injury_status(status text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(btrim(status), '') = '' THEN 'active' ELSE (SELECT s.word FROM (VALUES
	('out', '{out,o,ir,injured reserve,injured list,pup,nfi,na,sus,suspension,suspended,cov,out for season,bereavement,paternity,7-day-il,10-day-il,15-day-il,60-day-il}'::text[]),
	('doubtful', '{doubtful,d}'), ('questionable', '{questionable,q,day-to-day,dtd,game time decision,gtd}'), ('probable', '{probable,p}'), ('active', '{active,available}')
	) AS s (word, said) WHERE lower(btrim(injury_status.status)) = ANY (s.said)) END;
COMMENT ON FUNCTION injury_status(text) IS
'A feed''s word as one of out (injured reserve, PUP, suspensions and injured lists too), doubtful, questionable (day-to-day), probable, active. Nothing said means active; NULL: a word that is not known.';

CREATE FUNCTION injury_chance(status text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE status WHEN 'out' THEN 1 WHEN 'doubtful' THEN 0.75 WHEN 'questionable' THEN 0.5 WHEN 'probable' THEN 0.05 WHEN 'active' THEN 0 END::float8;
COMMENT ON FUNCTION injury_chance(text) IS
'Probability of missing the game by status: out 1, doubtful 0.75, questionable 0.5, probable 0.05 (a virtual certainty to play), active 0: the definitions of the NFL''s injury report until 2015. NULL for another word.';

CREATE TYPE collected_injury AS (
	line_no     int,
	league      text,
	team        text,
	player      text,
	name        text,
	status      text,
	injury      text,
	comment     text,
	returns_on  date,
	reported_at timestamptz,
	raw         text,
	problem     text
);
COMMENT ON TYPE collected_injury IS 'A player on a list of injuries as a feed told it: league, team and player (id) under the feed''s names, the status in its words; problem: what stands in his place, NULL mostly.';

CREATE FUNCTION parse_espn_injuries(body jsonb) RETURNS SETOF collected_injury
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(body -> 'injuries') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'no injuries of ESPN: %', left(body::text, 60) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY
	SELECT (row_number() OVER (ORDER BY t.n, i.n))::int, substring(l.href FROM '//www\.espn\.com/([^/]+)/player/'), t.team ->> 'displayName', substring(l.href FROM '/id/(\d{1,9})(?:/|$)'),
		i.said -> 'athlete' ->> 'displayName', i.said ->> 'status', i.said -> 'details' ->> 'type', i.said ->> 'shortComment',
		iso_day(left(i.said -> 'details' ->> 'returnDate', 10)), utc_time(i.said ->> 'date'), coalesce(i.said, t.team)::text,
		CASE WHEN i.said IS NULL THEN 'a team without a list of players' WHEN jsonb_typeof(i.said) <> 'object' THEN 'no player' END
	FROM jsonb_array_elements(body -> 'injuries') WITH ORDINALITY AS t (team, n)
	LEFT JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(t.team -> 'injuries') WHEN 'array' THEN t.team -> 'injuries' END) WITH ORDINALITY AS i (said, n) ON true
	-- the only place of the athlete's id and of the league
	LEFT JOIN LATERAL (SELECT k ->> 'href' AS href FROM jsonb_array_elements(json_list(i.said -> 'athlete' -> 'links')) AS k WHERE k -> 'rel' ? 'playercard' LIMIT 1) AS l ON true
	WHERE i.said IS NOT NULL OR jsonb_typeof(t.team -> 'injuries') IS DISTINCT FROM 'array';
END $$;
COMMENT ON FUNCTION parse_espn_injuries(jsonb) IS 'The players of ESPN''s list of injuries; league and id are those of the player card''s link. What stands there in place of a player or of a team''s list has a problem. Refuses (22P04) what is no such list.';

CREATE FUNCTION parse_balldontlie_injuries(body jsonb, received_at timestamptz) RETURNS SETOF collected_injury
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(body -> 'data') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'no injuries of balldontlie: %', left(body::text, 60) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY
	SELECT d.n::int, NULL::text, d.said -> 'player' -> 'team' ->> 'full_name', substring(d.said -> 'player' ->> 'id' FROM '^\d{1,9}$'), concat_ws(' ', d.said -> 'player' ->> 'first_name', d.said -> 'player' ->> 'last_name'),
		d.said ->> 'status', (regexp_match(d.said ->> 'comment', '\(([^)]+)\)'))[1], d.said ->> 'comment',
		-- a day without a year: the one nearest to the day on which it was said
		(SELECT v.day FROM generate_series(-1, 1) AS k
			CROSS JOIN LATERAL (SELECT to_date(d.said ->> 'return_date' || ' ' || extract(year FROM received_at) + k, 'Mon DD YYYY') AS day
				WHERE d.said ->> 'return_date' ~ '^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([1-9]|1\d|2[0-8])$'
				   OR d.said ->> 'return_date' ~ '^((Jan|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (29|30)|(Jan|Mar|May|Jul|Aug|Oct|Dec) 31)$') AS v
			ORDER BY abs(v.day - received_at::date) LIMIT 1),
		NULL::timestamptz, d.said::text, CASE WHEN jsonb_typeof(d.said) <> 'object' THEN 'no player' END
	FROM jsonb_array_elements(body -> 'data') WITH ORDINALITY AS d (said, n);
END $$;
COMMENT ON FUNCTION parse_balldontlie_injuries(jsonb, timestamptz) IS
'The players of balldontlie''s list of injuries. The league is in the address alone; return dates have no year ("Jul 9") and get the one nearest to received_at (29 February none). Refuses (22P04) what is no such list.';

CREATE FUNCTION parse_sleeper_players(body jsonb) RETURNS SETOF collected_injury
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(body) IS DISTINCT FROM 'object' OR NOT jsonb_path_exists(body, '$.* ? (@.type() == "object")') THEN
		RAISE EXCEPTION 'no players of Sleeper: %', left(body::text, 60) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	RETURN QUERY
	SELECT (row_number() OVER (ORDER BY e.key COLLATE "C"))::int, NULL::text, e.value ->> 'team', e.key, e.value ->> 'full_name', e.value ->> 'injury_status',
		e.value ->> 'injury_body_part', e.value ->> 'injury_notes', NULL::date, NULL::timestamptz, e.value::text, CASE WHEN jsonb_typeof(e.value) <> 'object' THEN 'no player' END
	FROM jsonb_each(body) AS e
	WHERE e.value ->> 'position' IS DISTINCT FROM 'DEF' AND e.value ->> 'team' IS NOT NULL AND e.value ->> 'injury_status' IS NOT NULL OR jsonb_typeof(e.value) <> 'object';
END $$;
COMMENT ON FUNCTION parse_sleeper_players(jsonb) IS 'The players of Sleeper''s map of a league who have an injury_status and a team; defences are no players. What stands there in place of a player has a problem. Refuses (22P04) what is no such map, be it an empty one.';

CREATE FUNCTION parse_nflverse_injuries(body text) RETURNS SETOF collected_injury
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	wanted CONSTANT text[] := '{team,gsis_id,full_name,report_status,report_primary_injury,practice_primary_injury,practice_status,date_modified}';
	top    int;
	names  text[];
	at     int[];
BEGIN
	SELECT r.line_no, (SELECT array_agg(cell(r.fields, i) ORDER BY i) FROM generate_subscripts(r.fields, 1) AS i) INTO top, names FROM csv_rows(body) AS r LIMIT 1;
	IF NOT coalesce(names, '{}') @> wanted THEN
		RAISE EXCEPTION 'no injuries of nflverse: the header lacks %', (SELECT string_agg(n, ', ') FROM unnest(wanted) AS n WHERE n <> ALL (coalesce(names, '{}'))) USING ERRCODE = 'bad_copy_file_format';
	END IF;
	at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest(wanted) WITH ORDINALITY AS w (n, i));
	RETURN QUERY
	SELECT r.line_no, 'nfl', cell(r.fields, at[1]), cell(r.fields, at[2]), cell(r.fields, at[3]), cell(r.fields, at[4]), coalesce(cell(r.fields, at[5]), cell(r.fields, at[6])),
		cell(r.fields, at[7]), NULL::date, utc_time(substring(cell(r.fields, at[8]) FROM '^.+(?:Z|[-+]\d\d:?\d\d)$')), r.raw, NULL
	FROM csv_rows(body) AS r WHERE r.line_no > top AND r.raw !~ '^[,"[:space:]]*$';
END $$;
COMMENT ON FUNCTION parse_nflverse_injuries(text) IS 'The players of nflverse''s injuries_SEASON.csv, one row a week; columns are found by name, so season_type and game_type both do. Their comment is the practice status. Refuses (22P04) another header.';

CREATE FUNCTION append_injuries(payload_id bigint, seen collected_injury[], league text, is_complete boolean, is_history boolean)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	source payload;
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_injuries.payload_id;
	IF append_injuries.league IS NOT NULL AND cardinality(seen) = 0 AND NOT EXISTS (SELECT FROM alias AS a WHERE a.feed = source.feed AND a.kind = 'sport' AND a.name = append_injuries.league) THEN
		INSERT INTO reject (payload_id, reason, detail, unknown) VALUES (append_injuries.payload_id, 'unknown_sport', format('alias has no sport named %L', append_injuries.league), ARRAY[append_injuries.league]);
	END IF;
	INSERT INTO team (team_id, pool, name)
	SELECT DISTINCT stable_id(t.pool || ':' || t.target), t.pool, t.target
	FROM unnest(seen) AS r JOIN alias AS l ON l.feed = source.feed AND l.kind = 'sport' AND l.pool = '' AND l.name = coalesce(r.league, append_injuries.league) JOIN sport AS s ON s.sport = l.target
	JOIN alias AS t ON t.feed = source.feed AND t.kind = 'team' AND t.pool = s.pool AND t.name = r.team
	ORDER BY 2, 3 ON CONFLICT DO NOTHING;
	DELETE FROM injury_report AS r WHERE r.payload_id = append_injuries.payload_id AND NOT r.is_whole;	-- the names may be known by now
	IF is_history THEN	-- the league's own ids make players
		PERFORM append_players(append_injuries.payload_id, ARRAY(SELECT ROW(s.pool, r.player, r.name, '{}'::jsonb, r.team, coalesce(r.reported_at, source.received_at))::collected_player
			FROM unnest(seen) AS r JOIN alias AS l ON l.feed = source.feed AND l.kind = 'sport' AND l.pool = '' AND l.name = coalesce(r.league, append_injuries.league) JOIN sport AS s ON s.sport = l.target
			JOIN alias AS t ON t.feed = source.feed AND t.kind = 'team' AND t.pool = s.pool AND t.name = r.team
			WHERE r.player IS NOT NULL AND r.name IS NOT NULL));
	END IF;
	WITH named AS MATERIALIZED (
		SELECT r.*, l.target AS sport, s.pool, t.target AS team_name, stable_id(s.pool || ':' || t.target) AS team_id, o.player_id,
			injury_status(r.status) AS word, injury_status(substring(r.comment FROM '\m(?:is|as|remains|ruled|listed) (?:listed |still )?(?:as )?(out|doubtful|questionable|probable)\M')) AS said,
			coalesce(lower(concat_ws(' ', r.injury, r.status)) !~ 'coach|personal|\mrest|suspen|\msus\M|g.league|not injury related|bereavement|paternity', true) AS is_injury
		FROM unnest(seen) AS r
		LEFT JOIN alias AS l ON l.feed = source.feed AND l.kind = 'sport' AND l.pool = '' AND l.name = coalesce(r.league, append_injuries.league)
		LEFT JOIN sport AS s ON s.sport = l.target
		LEFT JOIN alias AS t ON t.feed = source.feed AND t.kind = 'team' AND t.pool = s.pool AND t.name = r.team
		LEFT JOIN alias AS a ON a.feed = source.feed AND a.kind = 'player' AND a.pool = s.pool AND a.name = r.player
		LEFT JOIN players AS o ON o.pool = s.pool AND o.player_id = CASE WHEN is_history THEN r.player ELSE a.target END
	), judged AS MATERIALIZED (
		SELECT n.*, CASE WHEN n.problem IS NOT NULL OR n.team IS NULL THEN 'short_row' WHEN n.sport IS NULL THEN 'unknown_sport' WHEN n.team_name IS NULL THEN 'unknown_team'
			WHEN n.player IS NULL THEN 'short_row' WHEN n.player_id IS NULL THEN 'unknown_player'
			-- who is on a list of the present is there for a reason
			WHEN n.word IS NULL OR n.status IS NULL AND NOT is_history THEN 'unknown_status' WHEN is_history AND n.reported_at IS NULL THEN 'bad_date' END AS reason,
			CASE WHEN n.said IS NULL OR n.comment IS NULL OR n.said = 'active' THEN injury_chance(n.word) ELSE (injury_chance(n.word) + injury_chance(n.said)) / 2 END AS chance_out
		FROM named AS n
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport, unknown)
		SELECT append_injuries.payload_id, j.line_no, j.reason, CASE j.reason WHEN 'unknown_sport' THEN format('alias has no sport named %L', coalesce(j.league, append_injuries.league))
				WHEN 'unknown_team' THEN format('alias has no team of %s named %L', j.sport, j.team) WHEN 'unknown_player' THEN format('alias has no player of %s with the id %L (%s, %s)', j.sport, j.player, j.name, j.team_name)
				WHEN 'unknown_status' THEN format('%L is no status', j.status)
				WHEN 'short_row' THEN coalesce(j.problem, CASE WHEN j.team IS NULL THEN 'the player has no team' ELSE 'the player has no id' END) ELSE 'no time of the report' END,
			j.raw, j.sport, CASE j.reason WHEN 'unknown_sport' THEN ARRAY[coalesce(j.league, append_injuries.league)] WHEN 'unknown_team' THEN ARRAY[j.team] WHEN 'unknown_player' THEN ARRAY[j.player] END
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), taken AS MATERIALIZED (
		SELECT DISTINCT ON (j.pool, j.player_id, CASE WHEN is_history THEN j.reported_at END) j.*
		FROM judged AS j WHERE j.reason IS NULL ORDER BY j.pool, j.player_id, CASE WHEN is_history THEN j.reported_at END, j.line_no DESC
	), listed AS MATERIALIZED (
		SELECT DISTINCT s.pool FROM alias AS l JOIN sport AS s ON s.sport = l.target
		WHERE l.feed = source.feed AND l.kind = 'sport' AND l.pool = '' AND (l.name = append_injuries.league OR l.name IN (SELECT r.league FROM unnest(seen) AS r))
	), hidden AS MATERIALIZED (
		-- Nobody knows who they are: of this team, or where that is not known of any that the list does not name.
		SELECT j.pool, j.team_id, j.player IS NULL AS is_anybody FROM judged AS j
		WHERE j.reason IN ('short_row', 'unknown_player', 'unknown_status') OR j.team_id IS NULL
	), named_team AS MATERIALIZED (
		SELECT DISTINCT j.pool, j.team_id FROM judged AS j WHERE j.team_id IS NOT NULL
	), last_said AS MATERIALIZED (
		SELECT DISTINCT ON (i.pool, i.player_id, CASE WHEN is_history THEN i.reported_at END) i.* FROM injury AS i
		WHERE i.source = source.feed AND i.recorded_at <= source.received_at AND i.payload_id <> append_injuries.payload_id
		ORDER BY i.pool, i.player_id, CASE WHEN is_history THEN i.reported_at END, i.known_at DESC, i.recorded_at DESC
	), told AS (
		SELECT t.pool, t.player_id, t.team_id, t.word, t.chance_out, t.is_injury, t.injury, t.comment, t.returns_on, t.reported_at,
			CASE WHEN is_history THEN t.reported_at + interval '6 days' ELSE 'infinity' END AS valid_until,
			CASE WHEN is_history AND l.pool IS NULL THEN least(t.reported_at, source.received_at) ELSE source.received_at END AS known_at
		FROM taken AS t
		LEFT JOIN last_said AS l ON l.pool = t.pool AND l.player_id = t.player_id AND (NOT is_history OR l.reported_at = t.reported_at)
		WHERE l.pool IS NULL OR (t.team_id, t.word, t.chance_out, t.is_injury, t.injury, t.comment, t.returns_on, t.reported_at)
			IS DISTINCT FROM (l.team_id, l.status, l.chance_out, l.is_injury, l.injury, l.comment, l.returns_on, l.reported_at)
		UNION ALL	-- on the list no more; who waits in reject is on it
		SELECT l.pool, l.player_id, l.team_id, 'active', 0, true, NULL, NULL, NULL, NULL, 'infinity', source.received_at
		FROM last_said AS l JOIN listed AS d ON d.pool = l.pool
		WHERE is_complete AND NOT is_history AND l.status <> 'active'
		  AND NOT EXISTS (SELECT FROM judged AS j WHERE j.pool = l.pool AND j.player_id = l.player_id)
		  AND NOT EXISTS (SELECT FROM hidden AS h WHERE h.is_anybody AND (h.team_id = l.team_id
			OR h.team_id IS NULL AND coalesce(h.pool, l.pool) = l.pool AND NOT EXISTS (SELECT FROM named_team AS t WHERE t.team_id = l.team_id)))
	), add_injury AS (
		INSERT INTO injury (pool, player_id, source, team_id, status, chance_out, is_injury, injury, comment, returns_on, reported_at, valid_until, known_at, recorded_at, payload_id)
		SELECT t.pool, t.player_id, source.feed, t.team_id, t.word, t.chance_out, t.is_injury, t.injury, t.comment, t.returns_on, t.reported_at, t.valid_until, t.known_at, source.received_at, append_injuries.payload_id
		FROM told AS t ORDER BY t.pool, t.player_id, t.known_at
		ON CONFLICT DO NOTHING
	)
	INSERT INTO injury_report (pool, source, team_id, known_at, valid_until, is_whole, recorded_at, payload_id)
	SELECT x.pool, source.feed, x.team_id, x.known_at, x.valid_until, x.is_whole, source.received_at, append_injuries.payload_id
	FROM (SELECT d.pool, NULL::bigint AS team_id, source.received_at AS known_at, source.received_at + interval '3 days' AS valid_until,
			NOT EXISTS (SELECT FROM hidden AS h WHERE h.team_id IS NULL AND coalesce(h.pool, d.pool) = d.pool) AS is_whole FROM listed AS d WHERE is_complete AND NOT is_history
		UNION SELECT h.pool, h.team_id, source.received_at, source.received_at + interval '3 days', false FROM hidden AS h WHERE h.team_id IS NOT NULL AND NOT is_history
		UNION SELECT t.pool, t.team_id, source.received_at, source.received_at + interval '3 days', true FROM named_team AS t
			WHERE is_complete AND NOT is_history AND NOT EXISTS (SELECT FROM hidden AS h WHERE h.team_id = t.team_id) AND EXISTS (SELECT FROM hidden AS h WHERE h.team_id IS NULL AND coalesce(h.pool, t.pool) = t.pool)
		UNION SELECT t.pool, t.team_id, least(t.reported_at, source.received_at), t.reported_at + interval '6 days', true FROM taken AS t WHERE is_history) AS x
	WHERE NOT EXISTS (SELECT FROM injury_report AS o WHERE o.source = source.feed AND o.pool = x.pool AND o.team_id IS NOT DISTINCT FROM x.team_id AND o.known_at = x.known_at)
	ORDER BY x.pool, x.team_id, x.known_at;
	rows_read := cardinality(seen);
	games := 0;
	quotes := 0;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = append_injuries.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = append_injuries.rows_read, rows_blank = 0 WHERE p.payload_id = append_injuries.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION append_injuries(bigint, collected_injury[], text, boolean, boolean) IS
'The last step of every loader of injuries: names and ids through alias, then what the feed has not said already. league: the league of rows that name none. is_complete: the list is all of its league, so that who is missing is active again. is_history: rows are known at their reported_at (never later than the payload), count for six days and carry the league''s own player ids. Rows of unknown sports, teams, players or statuses and what is no player go to reject; a team of which there are any, and while one of them has no known team every team that the list does not name, is not whole (injury_report), and where nobody knows who they are nobody is active again.';

CREATE FUNCTION load_espn_injuries(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects FROM payload AS p
	CROSS JOIN LATERAL append_injuries(p.payload_id, ARRAY(SELECT i FROM parse_espn_injuries(json_payload(p.payload_id, 'espn_injuries')) AS i),
		substring(p.name FROM '/sports/[^/]+/([^/]+)/injuries'), true, false) AS a
	WHERE p.payload_id = load_espn_injuries.payload_id;
END;
COMMENT ON FUNCTION load_espn_injuries(bigint) IS 'Loads a stored list of injuries of ESPN, which is that of the whole league. Returns players read and rejects.';

CREATE FUNCTION load_balldontlie_injuries(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects FROM payload AS p
	CROSS JOIN LATERAL (SELECT json_payload(p.payload_id, 'balldontlie_injuries') AS body) AS j
	CROSS JOIN LATERAL append_injuries(p.payload_id, ARRAY(SELECT i FROM parse_balldontlie_injuries(j.body, p.received_at) AS i),
		coalesce(substring(p.name FROM 'balldontlie\.io/([a-z]+)/v\d+/'), CASE WHEN p.name ~ 'balldontlie\.io/v\d+/' THEN 'nba' END),
		coalesce(jsonb_typeof(j.body -> 'meta') = 'object' AND j.body -> 'meta' ->> 'next_cursor' IS NULL, false) AND p.name !~ '[?&](cursor|team_ids|player_ids)', false) AS a
	WHERE p.payload_id = load_balldontlie_injuries.payload_id;
END;
COMMENT ON FUNCTION load_balldontlie_injuries(bigint) IS 'Loads a stored page of balldontlie''s injuries; the league is that of its address, nba in one without. Only a first page that is the last is the whole list. Returns players read and rejects.';

CREATE FUNCTION load_sleeper_players(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects FROM payload AS p
	CROSS JOIN LATERAL append_injuries(p.payload_id, ARRAY(SELECT i FROM parse_sleeper_players(json_payload(p.payload_id, 'sleeper_players')) AS i),
		substring(p.name FROM '/players/([a-z]+)'), true, false) AS a
	WHERE p.payload_id = load_sleeper_players.payload_id;
END;
COMMENT ON FUNCTION load_sleeper_players(bigint) IS 'Loads a stored map of players of Sleeper, as a list of those with an injury_status; the league is in its address. Returns these and rejects.';

CREATE FUNCTION load_nflverse_injuries(payload_id bigint) RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
BEGIN ATOMIC
	SELECT a.rows_read, a.games, a.quotes, a.rejects FROM payload AS p
	CROSS JOIN LATERAL append_injuries(p.payload_id, ARRAY(SELECT i FROM parse_nflverse_injuries(decode_text(payload_body(p.payload_id, p.feed))) AS i), 'nfl', false, true) AS a
	WHERE p.payload_id = load_nflverse_injuries.payload_id;
END;
COMMENT ON FUNCTION load_nflverse_injuries(bigint) IS 'Loads a stored injuries_SEASON.csv of nflverse. Returns rows read and rejects.';

INSERT INTO alias (feed, kind, name, target, builtin)
SELECT f, 'sport', lower(s), s, true FROM unnest('{espn_injuries,balldontlie_injuries}'::text[]) AS f, unnest('{NFL,NBA,MLB,NHL}'::text[]) AS s
UNION ALL SELECT f, 'sport', 'nfl', 'NFL', true FROM unnest('{sleeper_players,nflverse_injuries}'::text[]) AS f;
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT DISTINCT f, 'team', h.pool, h.team, h.team, true FROM unnest('{espn_injuries,balldontlie_injuries}'::text[]) AS f, home_venue AS h WHERE h.pool IN ('nfl', 'nba', 'mlb', 'nhl')
UNION ALL SELECT f, 'team', n.* FROM unnest('{espn_injuries,balldontlie_injuries}'::text[]) AS f, (VALUES ('nba', 'LA Clippers', 'Los Angeles Clippers', true), ('nhl', 'Utah Hockey Club', 'Utah Mammoth', true)) AS n
UNION ALL SELECT f, 'team', a.pool, a.name, a.target, true FROM unnest('{sleeper_players,nflverse_injuries}'::text[]) AS f, alias AS a WHERE a.feed = 'nflverse' AND a.kind = 'team';

CREATE FUNCTION injuries(pool text, as_of timestamptz DEFAULT now())
RETURNS SETOF injury
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	-- a feed that says the same again adds no row: its word is as old as its list
	WITH seen AS MATERIALIZED (
		SELECT r.source, r.team_id, max(r.known_at) AS known_at FROM injury_report AS r WHERE r.pool = injuries.pool AND r.known_at <= as_of GROUP BY r.source, r.team_id
	), word AS (
		SELECT DISTINCT ON (i.player_id, i.source) i.* FROM injury AS i WHERE i.pool = injuries.pool AND i.known_at <= as_of ORDER BY i.player_id, i.source, i.known_at DESC, i.recorded_at DESC
	)
	SELECT (l.word).* FROM (
		SELECT DISTINCT ON (w.player_id) w AS word FROM word AS w
		LEFT JOIN seen AS a ON a.source = w.source AND a.team_id IS NULL LEFT JOIN seen AS t ON t.source = w.source AND t.team_id = w.team_id
		ORDER BY w.player_id, greatest(w.known_at, a.known_at, t.known_at) DESC, w.chance_out DESC, w.source) AS l
	WHERE (l.word).valid_until > as_of AND (l.word).status <> 'active';
END;
COMMENT ON FUNCTION injuries(text, timestamptz) IS 'Who of a pool was said to be out, doubtful, questionable or probable, by the word on each player of the feed whose list was seen last at as_of (of two at once the worse word).';

CREATE FUNCTION injury_lists(pool text, team_id bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (source text, known_at timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT n.source, n.known_at FROM (
		SELECT DISTINCT ON (r.source) r.* FROM injury_report AS r
		WHERE r.pool = injury_lists.pool AND (r.team_id IS NULL OR r.team_id = injury_lists.team_id) AND r.known_at <= injury_lists.as_of AND r.valid_until > injury_lists.as_of
		ORDER BY r.source, r.known_at DESC, r.team_id) AS n
	WHERE n.is_whole;
END;
COMMENT ON FUNCTION injury_lists(text, bigint, timestamptz) IS 'The feeds whose list of a team''s injuries stands at as_of, whole, and when it was last seen: who is on none of them plays. No row: the injuries are unknown, not none.';

CREATE FUNCTION team_injuries(pool text, team_id bigint, as_of timestamptz)
RETURNS TABLE (players int, loss float8, known_at timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	WITH report AS MATERIALIZED (
		SELECT l.source, l.known_at FROM injury_lists(team_injuries.pool, team_injuries.team_id, team_injuries.as_of) AS l
	), said AS MATERIALIZED (
		SELECT DISTINCT ON (w.player_id) w.* FROM (
			SELECT DISTINCT ON (i.player_id, i.source) i.* FROM injury AS i
			WHERE i.pool = team_injuries.pool AND i.known_at <= team_injuries.as_of AND i.player_id IN (SELECT x.player_id FROM injury AS x WHERE x.team_id = team_injuries.team_id AND x.pool = team_injuries.pool)
			ORDER BY i.player_id, i.source, i.known_at DESC, i.recorded_at DESC) AS w
		JOIN report AS r ON r.source = w.source
		ORDER BY w.player_id, greatest(w.known_at, r.known_at) DESC, w.chance_out DESC, w.source
	), missing AS MATERIALIZED (
		SELECT s.player_id, s.chance_out, s.is_injury, s.known_at, coalesce(w.share, m.share) AS share, coalesce(w.known_at, m.known_at) AS share_known_at
		FROM said AS s
		LEFT JOIN LATERAL (SELECT x.share, x.known_at FROM player_share AS x WHERE x.pool = s.pool AND x.player_id = s.player_id AND x.known_at <= team_injuries.as_of
		                   ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS w ON true
		LEFT JOIN LATERAL (SELECT least(avg(l.minutes) / CASE s.pool WHEN 'nba' THEN 48 WHEN 'wnba' THEN 40 END, 1) AS share, max(l.known_at) AS known_at
		                   FROM (SELECT x.minutes, x.known_at FROM player_game AS x WHERE x.pool = s.pool AND x.player_id = s.player_id AND x.minutes > 0 AND x.known_at <= team_injuries.as_of
		                         ORDER BY x.known_at DESC, x.game_id LIMIT 10) AS l HAVING count(*) > 0) AS m ON s.pool IN ('nba', 'wnba')
		WHERE s.team_id = team_injuries.team_id AND s.valid_until > team_injuries.as_of AND s.chance_out > 0
	)
	SELECT (SELECT count(*) FROM missing AS m WHERE m.is_injury AND m.chance_out >= 0.5)::int,
		(SELECT coalesce(sum(m.chance_out * coalesce(m.share, 1.0 / 3) ORDER BY m.player_id), 0) FROM missing AS m),
		greatest(max(r.known_at), (SELECT max(greatest(m.known_at, m.share_known_at)) FROM missing AS m))
	FROM report AS r
	HAVING count(*) > 0;
END;
COMMENT ON FUNCTION team_injuries(text, bigint, timestamptz) IS
'What was known at as_of of a team''s absences, by the word on each player of that feed, of those whose list stands then, whose list was seen last: players who are at least as likely to miss the game as not for an injury or illness; loss: chance_out times the share of a game that he plays, over all who may be missing for whatever reason. That share is player_share''s, or else his mean minutes of his latest ten games (NBA, of 48; WNBA, of 40), or else a third, an average place of a squad; a loss of 1 is a player who never leaves the field; known_at: the latest fact used. No row where no list is known, or players of the team wait in reject: the injuries are unknown, not none.';
