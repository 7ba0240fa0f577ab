-- retrosheet: batters' and pitchers' lines of whole MLB seasons from Retrosheet's event files, and the names that those files give a player.

INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'retrosheet', 'team', 'mlb', n, t, true
FROM (VALUES ('ANA', 'Los Angeles Angels'), ('ATH', 'Oakland Athletics'), ('FLO', 'Miami Marlins'), ('MON', 'Washington Nationals'), ('ARI', 'Arizona Diamondbacks'), ('ATL', 'Atlanta Braves'), ('BAL', 'Baltimore Orioles'), ('BOS', 'Boston Red Sox'), ('CHA', 'Chicago White Sox'), ('CHN', 'Chicago Cubs'),
	('CIN', 'Cincinnati Reds'), ('CLE', 'Cleveland Guardians'), ('COL', 'Colorado Rockies'), ('DET', 'Detroit Tigers'), ('HOU', 'Houston Astros'), ('KCA', 'Kansas City Royals'), ('LAN', 'Los Angeles Dodgers'),
	('MIA', 'Miami Marlins'), ('MIL', 'Milwaukee Brewers'), ('MIN', 'Minnesota Twins'), ('NYA', 'New York Yankees'), ('NYN', 'New York Mets'), ('OAK', 'Oakland Athletics'), ('PHI', 'Philadelphia Phillies'),
	('PIT', 'Pittsburgh Pirates'), ('SDN', 'San Diego Padres'), ('SEA', 'Seattle Mariners'), ('SFN', 'San Francisco Giants'), ('SLN', 'St. Louis Cardinals'), ('TBA', 'Tampa Bay Rays'), ('TEX', 'Texas Rangers'),
	('TOR', 'Toronto Blue Jays'), ('WAS', 'Washington Nationals')) AS code (n, t);

CREATE FUNCTION parse_retrosheet(body text) RETURNS SETOF collected_player_game
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH head AS MATERIALIZED (
		SELECT r.line_no, array_position(r.fields, 'outs') IS NOT NULL AS pitchers, (SELECT array_agg(array_position(r.fields, n) ORDER BY i) FROM unnest(
			'{game_id,player_id,player_name,team,starter,h,hr,bb,so,hbp,slot,pos,bats,opp_sp_id,opp_sp_throws,pa,ab,sh,sf,b2,b3,throws,outs,bf,er}'::text[]) WITH ORDINALITY AS want (n, i)) AS at FROM csv_rows(body) AS r LIMIT 1
	)
	SELECT r.line_no, r.raw, 'MLB', cell(r.fields, at[1]), cell(r.fields, at[2]), cell(r.fields, at[3]), cell(r.fields, at[4]), CASE WHEN h.pitchers THEN 'pitcher' ELSE 'batter' END, cell(r.fields, at[5]) = '1', NULL::float8,
		jsonb_strip_nulls(jsonb_build_object('hits', whole_number(cell(r.fields, at[6])), 'home_runs', whole_number(cell(r.fields, at[7])), 'walks', whole_number(cell(r.fields, at[8])), 'strikeouts', whole_number(cell(r.fields, at[9])),
			'hit_by_pitch', whole_number(cell(r.fields, at[10])))
			|| CASE WHEN h.pitchers THEN jsonb_build_object('throws', cell(r.fields, at[22]), 'outs', whole_number(cell(r.fields, at[23])), 'batters_faced', whole_number(cell(r.fields, at[24])), 'earned_runs', whole_number(cell(r.fields, at[25])))
			ELSE jsonb_build_object('batting_order', whole_number(cell(r.fields, at[11])), 'position', cell(r.fields, at[12]), 'bats', cell(r.fields, at[13]), 'opposing_starter', cell(r.fields, at[14]), 'opposing_throws', cell(r.fields, at[15]),
				'plate_appearances', whole_number(cell(r.fields, at[16])), 'at_bats', whole_number(cell(r.fields, at[17])), 'sacrifice_hits', whole_number(cell(r.fields, at[18])), 'sacrifice_flies', whole_number(cell(r.fields, at[19])),
				'doubles', whole_number(cell(r.fields, at[20])), 'triples', whole_number(cell(r.fields, at[21])),
				'total_bases', whole_number(cell(r.fields, at[6])) + whole_number(cell(r.fields, at[20])) + 2 * whole_number(cell(r.fields, at[21])) + 3 * whole_number(cell(r.fields, at[7]))) END)
	FROM head AS h, csv_rows(body) AS r
	WHERE r.line_no > h.line_no AND r.raw !~ '^[,"[:space:]]*$';
$$;
COMMENT ON FUNCTION parse_retrosheet(text) IS 'The lines of a table of batters (pa, ab, …) or pitchers (outs, bf, …) in Retrosheet''s terms; total bases are reckoned. What is empty stays out of stats.';

CREATE FUNCTION parse_retrosheet_games(body text) RETURNS SETOF parsed_game
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH head AS MATERIALIZED (
		SELECT r.line_no, (SELECT array_agg(array_position(r.fields, n) ORDER BY i) FROM unnest('{game_id,date,team,opp,home}'::text[]) WITH ORDINALITY AS want (n, i)) AS at FROM csv_rows(body) AS r LIMIT 1
	), game AS MATERIALIZED (
		SELECT min(r.line_no) AS line_no, cell(r.fields, at[1]) AS id, iso_day(min(cell(r.fields, at[2]))) AS day,
			min(CASE cell(r.fields, at[5]) WHEN '1' THEN cell(r.fields, at[3]) WHEN '0' THEN cell(r.fields, at[4]) END) AS home, min(CASE cell(r.fields, at[5]) WHEN '1' THEN cell(r.fields, at[4]) WHEN '0' THEN cell(r.fields, at[3]) END) AS away
		FROM head AS h, csv_rows(body) AS r WHERE r.line_no > h.line_no AND r.raw !~ '^[,"[:space:]]*$' GROUP BY cell(r.fields, at[1])
	)
	SELECT ROW(g.line_no, g.id, 'MLB', extract(year FROM g.day)::int, g.home, g.away, n.number, (g.day + s.default_start) AT TIME ZONE s.time_zone + (n.number - 1) * s.duration, false, false, NULL, NULL, NULL, NULL, NULL, NULL, g.id, NULL)::collected_game,
		r.reason, CASE r.reason WHEN 'short_row' THEN format('game %s does not say who is at home', g.id) WHEN 'bad_date' THEN format('game %s is not named by club, day and number, or has no day', g.id) END
	FROM game AS g JOIN sport AS s ON s.sport = 'MLB'
	-- the second game of a double-header begins when the first is over
	CROSS JOIN LATERAL (SELECT greatest(whole_number(right(g.id, 1)), 1) AS number) AS n
	CROSS JOIN LATERAL (SELECT CASE WHEN g.home IS NULL OR g.away IS NULL THEN 'short_row' WHEN g.day IS NULL OR g.id !~ '^[A-Z]{3}\d{8}[0-2]$' THEN 'bad_date' END AS reason) AS r
	ORDER BY g.day, g.id;
$$;
COMMENT ON FUNCTION parse_retrosheet_games(text) IS 'The games in a table of batters or pitchers: club, day and number are their id. The tables have no runs: the result of a game comes from another feed.';

CREATE FUNCTION load_retrosheet(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	body  text;
	top   int;
	names text[];
	at    int[];
	taken int := 0;
	lines collected_player_game[];
BEGIN
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(load_retrosheet.payload_id, 'retrosheet') AS c;
	IF names @> '{player_id,name_as_recorded,appearances,is_most_common,seasons}' THEN
		at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest('{player_id,name_as_recorded,appearances,is_most_common,seasons}'::text[]) WITH ORDINALITY AS want (n, i));
		-- A spelling that was used once or twice may be a slip, even another player's name.
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT load_retrosheet.payload_id, r.line_no, 'rare_name', format('%s is %s %s times', cell(r.fields, at[1]), cell(r.fields, at[2]), cell(r.fields, at[3])), r.raw, 'MLB'
		FROM csv_rows(body) AS r WHERE r.line_no > top AND coalesce(whole_number(cell(r.fields, at[3])), 0) < 3 AND cell(r.fields, at[4]) IS DISTINCT FROM '1' ORDER BY r.line_no;
		PERFORM append_players(load_retrosheet.payload_id, (SELECT coalesce(array_agg(ROW('mlb', cell(r.fields, at[1]), cell(r.fields, at[2]), NULL, NULL, make_timestamptz(y::int, 10, 1, 0, 0, 0, 'UTC'))::collected_player), '{}')
			FROM csv_rows(body) AS r CROSS JOIN LATERAL regexp_split_to_table(cell(r.fields, at[5]), ' +') AS y
			WHERE r.line_no > top AND y ~ '^(18|19|20)\d\d$' AND (whole_number(cell(r.fields, at[3])) > 2 OR cell(r.fields, at[4]) = '1')));
		RETURN QUERY SELECT * FROM finish_load(load_retrosheet.payload_id, (SELECT count(*)::int FROM csv_rows(body) AS r WHERE r.line_no > top), 0);
		RETURN;
	ELSIF NOT coalesce(names @> '{date,game_id,player_id,player_name,team,opp,home,starter,h,hr,bb,so}' AND names && '{pa,outs}', false) THEN
		RAISE EXCEPTION 'payload % is not a table of batters, pitchers or names: its header begins %', load_retrosheet.payload_id, array_to_string(names[1:6], ',') USING ERRCODE = 'bad_copy_file_format';
	END IF;
	taken := (SELECT a.games FROM append_parsed(load_retrosheet.payload_id, (SELECT coalesce(array_agg(g), '{}') FROM parse_retrosheet_games(body) AS g), '{}', 'decimal') AS a);
	lines := (SELECT coalesce(array_agg(l), '{}') FROM parse_retrosheet(body) AS l);
	PERFORM append_player_games(load_retrosheet.payload_id, lines);
	RETURN QUERY SELECT * FROM finish_load(load_retrosheet.payload_id, cardinality(lines), taken);
END $$;
COMMENT ON FUNCTION load_retrosheet(bigint) IS
'Loads a stored table of feed retrosheet; load_payload() and replay() call it: batters'' or pitchers'' lines become games (without results), players, their teams and player_game; a table of names (name_as_recorded) every name of a player but those used once or twice. "The information used here was obtained free of charge from and is copyrighted by Retrosheet. Interested parties may contact Retrosheet at www.retrosheet.org." Returns lines read, games taken, quotes appended (none) and rejects of the payload.';
