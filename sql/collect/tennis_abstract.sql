-- tennis_abstract: matches, players and rankings of both tours in Jeff Sackmann's tables (tennis_atp, tennis_wta), winner first.

CREATE TABLE ranking (
	pool        text NOT NULL,
	player_id   text NOT NULL,
	ranked_on   date NOT NULL,
	rank        int NOT NULL CHECK (rank > 0),
	points      int,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (pool, player_id, ranked_on, recorded_at)
);
COMMENT ON TABLE ranking IS 'Tennis rankings as published: known from the end of their day, a correction from the payload that brought it. No foreign key to players: rankings name people who never played.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.ranking', '');

CREATE FUNCTION parse_tennis_abstract(body text, sport text) RETURNS SETOF parsed_game
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
	WITH head AS MATERIALIZED (
		SELECT r.line_no, r.fields, (SELECT array_agg(array_position(r.fields, n) ORDER BY i) FROM unnest('{tourney_id,tourney_name,surface,draw_size,tourney_level,tourney_date,match_num,winner_id,winner_name,loser_id,loser_name,score,best_of,round,minutes}'::text[])
			WITH ORDINALITY AS want (n, i)) AS at FROM csv_rows(body) AS r LIMIT 1
	), stat AS MATERIALIZED (
		-- what the table says of both players, the loser's column beside the winner's
		SELECT w.name, w.place AS won, l.place AS lost FROM head AS h
		CROSS JOIN LATERAL (SELECT regexp_replace(c.name, '^(winner|w)_', '') AS name, c.place::int, c.name AS column_name FROM unnest(h.fields) WITH ORDINALITY AS c (name, place) WHERE c.name ~ '^(winner|w)_' AND c.name <> 'winner_name') AS w
		JOIN LATERAL (SELECT c.name, c.place::int FROM unnest(h.fields) WITH ORDINALITY AS c (name, place)) AS l ON l.name = regexp_replace(regexp_replace(w.column_name, '^winner_', 'loser_'), '^w_', 'l_')
	), record AS MATERIALIZED (
		SELECT r.line_no, r.raw, r.fields, s.sport, s.pool, s.time_zone, s.default_start, s.duration, cell(r.fields, at[1]) AS tourney, upper(coalesce(cell(r.fields, at[5]), '')) AS level,
			whole_number(cell(r.fields, at[4])) AS draw, whole_number(cell(r.fields, at[7])) AS match_num, iso_day(regexp_replace(cell(r.fields, at[6]), '^(\d{4})(\d\d)(\d\d)$', '\1-\2-\3')) AS began,
			cell(r.fields, at[6]) AS day, cell(r.fields, at[8]) AS first_id, cell(r.fields, at[9]) AS first_name, cell(r.fields, at[10]) AS second_id, cell(r.fields, at[11]) AS second_name,
			coalesce(cell(r.fields, at[12]), '') AS score, coalesce(whole_number(cell(r.fields, at[13])), 3) AS best_of, cell(r.fields, at[14]) AS round, at
		FROM head AS h, csv_rows(body) AS r, sport AS s
		WHERE r.line_no > h.line_no AND s.sport = parse_tennis_abstract.sport AND r.raw !~ '^[,"[:space:]]*$'
	), counted AS MATERIALIZED (
		SELECT r.*, feed_team('tennis_abstract', r.pool, r.first_id, r.first_name) AS first, feed_team('tennis_abstract', r.pool, r.second_id, r.second_name) AS second,
			s.won, s.lost, s.turned, btrim(regexp_replace(r.score, '\[?\d+-\d+\]?(\(\d+\))?', '', 'g')) AS word,
			-- the year begins in the last days of December
			extract(year FROM r.began + 12)::int AS season,
			-- rounds still to come after this one, and of the first; group matches stand before all of them
			coalesce(array_position('{F,SF,QF,R16,R32,R64,R128}', CASE r.round WHEN 'BR' THEN 'F' ELSE r.round END) - 1, 3) AS ahead,
			greatest(ceil(ln(greatest(r.draw, 2)) / ln(2)) - 1, 1) AS first_round,
			CASE WHEN r.level = 'G' THEN 13 WHEN r.draw >= 96 THEN 11 WHEN r.level = 'D' THEN 1 ELSE 6 END AS last_day
		FROM record AS r
		CROSS JOIN LATERAL (
			-- a match tie-break decides: its winner is the match's, whichever way round it is written
			SELECT count(*) FILTER (WHERE m[1] <> '' OR m[2]::int > m[3]::int)::int AS won, count(*) FILTER (WHERE m[1] = '' AND m[2]::int < m[3]::int)::int AS lost,
				string_agg(m[1] || m[3] || '-' || m[2] || m[4], ' ' ORDER BY n) AS turned
			FROM regexp_matches(r.score, '(\[?)(\d{1,2})-(\d{1,2})(\]?(?:\(\d+\))?)', 'g') WITH ORDINALITY AS g (m, n)) AS s
	), namesake AS MATERIALIZED (
		SELECT k.pool, k.name FROM player_name AS k GROUP BY k.pool, k.name HAVING count(*) > 1
	), turn AS MATERIALIZED (
		-- group matches of a player come one a day, in the order of their numbers
		SELECT line_no, max(n) AS nth FROM (
			SELECT c.line_no, row_number() OVER (PARTITION BY c.tourney, p.id ORDER BY c.match_num, c.line_no)::int AS n FROM counted AS c CROSS JOIN LATERAL (VALUES (c.first_id), (c.second_id)) AS p (id) WHERE c.round = 'RR') AS played
		GROUP BY line_no
	), judged AS MATERIALIZED (
		SELECT c.*, CASE WHEN c.word IN ('W/O', 'Walkover') THEN 'cancelled' WHEN c.word <> '' THEN 'abandoned' ELSE 'final' END AS ending,
			CASE WHEN c.first IS NOT NULL AND c.second IS NOT NULL THEN first_is_home(c.season, coalesce(a.target, c.first), coalesce(b.target, c.second)) END AS first_home,
			(c.began + c.default_start) AT TIME ZONE c.time_zone + interval '1 day' * CASE WHEN t.nth IS NOT NULL THEN least(t.nth - 1, c.last_day)
				ELSE floor(c.last_day * (1 - least(c.ahead / c.first_round, 1))) END AS starts_at,
			CASE WHEN c.first = c.first_name AND n.name IS NOT NULL THEN c.first WHEN c.second = c.second_name AND m.name IS NOT NULL THEN c.second END AS shared
		FROM counted AS c
		LEFT JOIN turn AS t ON t.line_no = c.line_no
		LEFT JOIN alias AS a ON a.feed = 'tennis_abstract' AND a.kind = 'team' AND a.pool = c.pool AND a.name = c.first
		LEFT JOIN alias AS b ON b.feed = 'tennis_abstract' AND b.kind = 'team' AND b.pool = c.pool AND b.name = c.second
		LEFT JOIN namesake AS n ON n.pool = c.pool AND n.name = c.first_name
		LEFT JOIN namesake AS m ON m.pool = c.pool AND m.name = c.second_name
	)
	SELECT ROW(j.line_no, j.raw, j.sport, j.season, CASE WHEN j.first_home THEN j.first ELSE j.second END, CASE WHEN j.first_home THEN j.second ELSE j.first END, 1, j.starts_at, false, true, NULL, j.round,
			CASE WHEN j.ending = 'final' THEN CASE WHEN j.first_home THEN j.won ELSE j.lost END END, CASE WHEN j.ending = 'final' THEN CASE WHEN j.first_home THEN j.lost ELSE j.won END END, j.ending,
			jsonb_strip_nulls(jsonb_build_object('winner', CASE WHEN j.first_home THEN 'home' ELSE 'away' END, 'sets', nullif(CASE WHEN j.first_home THEN btrim(replace(j.score, j.word, '')) ELSE j.turned END, ''),
				'tournament', cell(j.fields, at[2]), 'tournament_id', j.tourney, 'surface', cell(j.fields, at[3]), 'level', nullif(j.level, ''), 'round', j.round,
				'best_of', CASE WHEN j.ending = 'final' THEN greatest(j.best_of, 2 * j.won - 1) ELSE j.best_of END, 'minutes', nullif(whole_number(cell(j.fields, at[15])), 0)))
			|| (SELECT coalesce(jsonb_object_agg(side || s.name, v), '{}') FROM stat AS s
				CROSS JOIN LATERAL (VALUES (CASE WHEN j.first_home THEN 'home_' ELSE 'away_' END, cell(j.fields, s.won)), (CASE WHEN j.first_home THEN 'away_' ELSE 'home_' END, cell(j.fields, s.lost))) AS side (side, v) WHERE v IS NOT NULL), NULL, NULL)::collected_game,
		r.reason, CASE r.reason
			WHEN 'short_row' THEN 'a player is missing'
			WHEN 'bad_date' THEN format('not a day as yyyymmdd, or no round: %L, %L', j.day, j.round)
			WHEN 'bad_score' THEN format('best of %s, %L', j.best_of, j.score)
			WHEN 'unknown_team' THEN format('two players are named %L: give their ids aliases', j.shared) END
	FROM judged AS j
	CROSS JOIN LATERAL (SELECT CASE
		WHEN j.first IS NULL OR j.second IS NULL THEN 'short_row'
		WHEN j.began IS NULL OR j.round IS NULL THEN 'bad_date'
		WHEN j.ending = 'final' AND (j.won <= j.lost OR j.won < j.best_of / 2 + 1) THEN 'bad_score'
		WHEN j.shared IS NOT NULL THEN 'unknown_team' END AS reason) AS r
	ORDER BY j.line_no;
$$;
COMMENT ON FUNCTION parse_tennis_abstract(text, text) IS
'The matches in a table of tennis_atp or tennis_wta, of sport ATP or WTA. Sides are drawn by first_is_home(), and every winner_ and loser_, w_ and l_ column with them. The table has the first day of the tournament: rounds are spread over its days (14 for a major, 12 for a draw of 96, 2 for a Davis Cup tie, else 7), so that no round is dated before the one before it. A retirement or disqualification is abandoned, a walkover cancelled; a match tie-break goes to the winner however it is written; who won three sets of a match said to be of three played best of five. Scores are sets.';

CREATE FUNCTION load_tennis_abstract(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	source payload;
	body   text;
	top    int;
	names  text[];
	league sport;
	at     int[];
BEGIN
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(load_tennis_abstract.payload_id, 'tennis_abstract') AS c;
	SELECT * INTO source FROM payload AS p WHERE p.payload_id = load_tennis_abstract.payload_id;
	-- The two tours have one header: the file's name says whose it is.
	SELECT * INTO league FROM sport AS s WHERE s.sport = upper(substring(source.name FROM '(atp|wta)_(?:matches|players|rankings)'));
	IF league.sport IS NULL OR names IS NULL THEN
		RAISE EXCEPTION 'payload % is not named atp_ or wta_ matches, players or rankings, or is empty: %', load_tennis_abstract.payload_id, source.name USING ERRCODE = 'bad_copy_file_format';
	END IF;
	IF names @> '{tourney_id,tourney_date,winner_id,winner_name,loser_id,loser_name,score,round}' THEN
		PERFORM append_players(load_tennis_abstract.payload_id, (SELECT coalesce(array_agg(ROW(league.pool, p.id, p.name, NULL, NULL, source.received_at)::collected_player), '{}')
			FROM csv_rows(body) AS r CROSS JOIN LATERAL (VALUES
				(cell(r.fields, array_position(names, 'winner_id')), cell(r.fields, array_position(names, 'winner_name'))), (cell(r.fields, array_position(names, 'loser_id')), cell(r.fields, array_position(names, 'loser_name')))) AS p (id, name)
			WHERE r.line_no > top AND p.id IS NOT NULL AND p.name IS NOT NULL));
		RETURN QUERY SELECT * FROM append_parsed(load_tennis_abstract.payload_id, (SELECT coalesce(array_agg(g), '{}') FROM parse_tennis_abstract(body, league.sport) AS g), '{}', 'decimal');
		RETURN;
	ELSIF names @> '{player_id,name_first,name_last}' THEN
		at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest('{player_id,name_first,name_last,hand,dob,ioc,height}'::text[]) WITH ORDINALITY AS want (n, i));
		PERFORM append_players(load_tennis_abstract.payload_id, (SELECT coalesce(array_agg(ROW(league.pool, cell(r.fields, at[1]), concat_ws(' ', cell(r.fields, at[2]), cell(r.fields, at[3])),
				jsonb_strip_nulls(jsonb_build_object('hand', nullif(cell(r.fields, at[4]), 'U'), 'birth', iso_day(regexp_replace(cell(r.fields, at[5]), '^(\d{4})(\d\d)(\d\d)$', '\1-\2-\3')), 'country', cell(r.fields, at[6]),
					'height', whole_number(cell(r.fields, at[7])))), NULL, source.received_at)::collected_player), '{}')
			FROM csv_rows(body) AS r WHERE r.line_no > top AND cell(r.fields, at[1]) IS NOT NULL AND concat(cell(r.fields, at[2]), cell(r.fields, at[3])) <> ''));
	ELSIF names @> '{ranking_date,rank,player}' THEN
		at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest('{player,ranking_date,rank,points}'::text[]) WITH ORDINALITY AS want (n, i));
		WITH record AS MATERIALIZED (
			SELECT r.line_no, r.raw, cell(r.fields, at[1]) AS player_id, iso_day(regexp_replace(cell(r.fields, at[2]), '^(\d{4})(\d\d)(\d\d)$', '\1-\2-\3')) AS ranked_on,
				whole_number(cell(r.fields, at[3])) AS rank, whole_number(cell(r.fields, at[4])) AS points
			FROM csv_rows(body) AS r WHERE r.line_no > top
		), add_reject AS (
			INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
			SELECT load_tennis_abstract.payload_id, r.line_no, 'bad_date', 'no player, no day as yyyymmdd or no rank', r.raw, league.sport FROM record AS r WHERE num_nulls(r.player_id, r.ranked_on, r.rank) > 0 OR r.rank < 1 ORDER BY r.line_no
		)
		INSERT INTO ranking (pool, player_id, ranked_on, rank, points, known_at, recorded_at, payload_id)
		SELECT DISTINCT ON (r.player_id, r.ranked_on) league.pool, r.player_id, r.ranked_on, r.rank, r.points,
			CASE WHEN told.rank IS NULL THEN least((r.ranked_on + 1)::timestamp AT TIME ZONE 'UTC', source.received_at) ELSE source.received_at END, source.received_at, load_tennis_abstract.payload_id
		FROM record AS r
		LEFT JOIN LATERAL (SELECT k.rank, k.points FROM ranking AS k WHERE k.pool = league.pool AND k.player_id = r.player_id AND k.ranked_on = r.ranked_on AND k.recorded_at <= source.received_at
		                   ORDER BY k.recorded_at DESC LIMIT 1) AS told ON true
		WHERE num_nulls(r.player_id, r.ranked_on, r.rank) = 0 AND r.rank > 0 AND (told.rank, told.points) IS DISTINCT FROM (r.rank, r.points)
		ORDER BY r.player_id, r.ranked_on, r.line_no;
		games := 0;
	ELSE
		RAISE EXCEPTION 'payload % is not a table of matches, players or rankings: its header begins %', load_tennis_abstract.payload_id, array_to_string(names[1:6], ',') USING ERRCODE = 'bad_copy_file_format';
	END IF;
	rows_read := (SELECT count(*) FROM csv_rows(body) AS r WHERE r.line_no > top);
	games := 0;
	quotes := 0;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_tennis_abstract.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_tennis_abstract.rows_read, rows_blank = 0 WHERE p.payload_id = load_tennis_abstract.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_tennis_abstract(bigint) IS
'Loads a stored table of feed tennis_abstract, named atp_ or wta_ and matches, players or rankings; load_payload() and replay() call it. Matches are games (sets as scores) and register their players by id; players fill players, rankings ranking. A player is found by name, or by id where alias has it; two ids under one name wait for that. The data are Jeff Sackmann''s, CC BY-NC-SA 4.0. Returns rows read, games taken, quotes appended (none) and rejects of the payload.';
