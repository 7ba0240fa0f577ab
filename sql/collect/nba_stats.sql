-- nba_stats: players' lines of whole NBA seasons from stats.nba.com, as CSV, one row a player and game.

-- Codes of the time; a franchise keeps one name.
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT f, 'team', 'nba', n, t, true
FROM unnest('{nba_stats,nba_live}'::text[]) AS f, (VALUES ('ATL', 'Atlanta Hawks'), ('BOS', 'Boston Celtics'), ('BKN', 'Brooklyn Nets'), ('NJN', 'Brooklyn Nets'), ('CHA', 'Charlotte Hornets'), ('CHH', 'Charlotte Hornets'),
	('CHI', 'Chicago Bulls'), ('CLE', 'Cleveland Cavaliers'), ('DAL', 'Dallas Mavericks'), ('DEN', 'Denver Nuggets'), ('DET', 'Detroit Pistons'), ('GSW', 'Golden State Warriors'), ('HOU', 'Houston Rockets'),
	('IND', 'Indiana Pacers'), ('LAC', 'Los Angeles Clippers'), ('LAL', 'Los Angeles Lakers'), ('MEM', 'Memphis Grizzlies'), ('VAN', 'Memphis Grizzlies'), ('MIA', 'Miami Heat'), ('MIL', 'Milwaukee Bucks'),
	('MIN', 'Minnesota Timberwolves'), ('NOP', 'New Orleans Pelicans'), ('NOH', 'New Orleans Pelicans'), ('NOK', 'New Orleans Pelicans'), ('NYK', 'New York Knicks'), ('OKC', 'Oklahoma City Thunder'),
	('SEA', 'Oklahoma City Thunder'), ('ORL', 'Orlando Magic'), ('PHI', 'Philadelphia 76ers'), ('PHX', 'Phoenix Suns'), ('POR', 'Portland Trail Blazers'), ('SAC', 'Sacramento Kings'), ('SAS', 'San Antonio Spurs'),
	('TOR', 'Toronto Raptors'), ('UTA', 'Utah Jazz'), ('WAS', 'Washington Wizards')) AS code (n, t);

CREATE FUNCTION parse_nba_stats(body text) RETURNS SETOF collected_player_game
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH head AS MATERIALIZED (
		SELECT r.line_no, (SELECT array_agg(array_position(r.fields, n) ORDER BY i) FROM unnest('{game_id,player_id,player_name,team,starter,min,pts,reb,oreb,ast,stl,blk,tov,fgm,fga,fg3m,fg3a,ftm,fta,pos,home}'::text[])
			WITH ORDINALITY AS want (n, i)) AS at FROM csv_rows(body) AS r LIMIT 1
	)
	SELECT r.line_no, r.raw, 'NBA', cell(r.fields, at[1]), substring(cell(r.fields, at[2]) FROM '^\d{1,10}$'), cell(r.fields, at[3]), cell(r.fields, at[4]), 'player', cell(r.fields, at[5]) = '1',
		CASE WHEN cell(r.fields, at[6]) ~ '^\d{1,3}(\.\d+)?$' THEN cell(r.fields, at[6])::float8 END,
		jsonb_strip_nulls(jsonb_build_object('points', whole_number(cell(r.fields, at[7])), 'rebounds', whole_number(cell(r.fields, at[8])), 'offensive_rebounds', whole_number(cell(r.fields, at[9])),
			'assists', whole_number(cell(r.fields, at[10])), 'steals', whole_number(cell(r.fields, at[11])), 'blocks', whole_number(cell(r.fields, at[12])), 'turnovers', whole_number(cell(r.fields, at[13])),
			'field_goals_made', whole_number(cell(r.fields, at[14])), 'field_goals_attempted', whole_number(cell(r.fields, at[15])), 'threes', whole_number(cell(r.fields, at[16])), 'threes_attempted', whole_number(cell(r.fields, at[17])),
			'free_throws_made', whole_number(cell(r.fields, at[18])), 'free_throws_attempted', whole_number(cell(r.fields, at[19])), 'position', cell(r.fields, at[20])))
	FROM head AS h, csv_rows(body) AS r
	WHERE r.line_no > h.line_no AND r.raw !~ '^[,"[:space:]]*$';
$$;
COMMENT ON FUNCTION parse_nba_stats(text) IS 'The players'' lines in a season''s table: minutes as a decimal, counts with overtime. What is empty stays out of stats.';

CREATE FUNCTION parse_nba_stats_games(body text) RETURNS SETOF parsed_game
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH head AS MATERIALIZED (
		SELECT r.line_no, (SELECT array_agg(array_position(r.fields, n) ORDER BY i) FROM unnest('{game_id,season,game_date,team,opp,home,team_won,pts,min}'::text[]) WITH ORDINALITY AS want (n, i)) AS at FROM csv_rows(body) AS r LIMIT 1
	), game AS MATERIALIZED (
		SELECT min(r.line_no) AS line_no, cell(r.fields, at[1]) AS id, min(left(cell(r.fields, at[2]), 4)) AS season, iso_day(min(cell(r.fields, at[3]))) AS day,
			min(cell(r.fields, at[4])) FILTER (WHERE cell(r.fields, at[6]) = '1') AS home, min(cell(r.fields, at[4])) FILTER (WHERE cell(r.fields, at[6]) = '0') AS away,
			sum(whole_number(cell(r.fields, at[8]))) FILTER (WHERE cell(r.fields, at[6]) = '1') AS home_score, sum(whole_number(cell(r.fields, at[8]))) FILTER (WHERE cell(r.fields, at[6]) = '0') AS away_score,
			bool_or(cell(r.fields, at[7]) = '1') FILTER (WHERE cell(r.fields, at[6]) = '1') AS home_won,
			round((sum(cell(r.fields, at[9])::float8) FILTER (WHERE cell(r.fields, at[9]) ~ '^\d{1,3}(\.\d+)?$') - 480) / 50)::int AS overtime
		FROM head AS h, csv_rows(body) AS r WHERE r.line_no > h.line_no AND r.raw !~ '^[,"[:space:]]*$' GROUP BY cell(r.fields, at[1])
	)
	SELECT ROW(g.line_no, g.id, 'NBA', whole_number(g.season), g.home, g.away, 1, (g.day + s.default_start) AT TIME ZONE s.time_zone, false, false, NULL, CASE substr(g.id, 3, 1) WHEN '2' THEN 'REG' WHEN '4' THEN 'POST' WHEN '5' THEN 'PLAYIN' END,
			g.home_score, g.away_score, 'final', jsonb_build_object('overtime', g.overtime), g.id, NULL)::collected_game,
		r.reason, CASE r.reason WHEN 'short_row' THEN format('game %s has players of one side alone', g.id) WHEN 'bad_date' THEN format('game %s has no day or no season', g.id)
			WHEN 'exhibition' THEN format('game %s counts for nothing', g.id) WHEN 'bad_score' THEN format('game %s: points of the players %s-%s, and the home side is said to have %s', g.id, g.home_score, g.away_score,
			CASE WHEN g.home_won THEN 'won' ELSE 'lost' END) END
	FROM game AS g JOIN sport AS s ON s.sport = 'NBA'
	CROSS JOIN LATERAL (SELECT CASE WHEN g.home IS NULL OR g.away IS NULL THEN 'short_row' WHEN g.day IS NULL OR whole_number(g.season) IS NULL THEN 'bad_date' WHEN substr(g.id, 3, 1) IN ('1', '3') THEN 'exhibition'
		WHEN (g.home_score > g.away_score) IS DISTINCT FROM g.home_won OR g.home_score = g.away_score THEN 'bad_score' END AS reason) AS r
	ORDER BY g.day, g.id;
$$;
COMMENT ON FUNCTION parse_nba_stats_games(text) IS 'The games in a season''s table of players'' lines: the score is the sum of the players'' points, overtime follows from their minutes, the winner must be the one that the table says.';

CREATE FUNCTION parse_nba_stats_plays(body text) RETURNS SETOF collected_score
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH head AS MATERIALIZED (
		SELECT r.line_no, (SELECT array_agg(array_position(r.fields, n) ORDER BY i) FROM unnest('{GAME_ID,EVENTNUM,EVENTMSGTYPE,PERIOD,PCTIMESTRING,HOMEDESCRIPTION,VISITORDESCRIPTION,SCORE}'::text[]) WITH ORDINALITY AS want (n, i)) AS at
		FROM csv_rows(body) AS r LIMIT 1
	), play AS (
		-- A play is counted once, by its number, wherever it stands; the scores in the rows, which a replay may give from later, are not read.
		SELECT DISTINCT ON (cell(r.fields, at[1]), whole_number(cell(r.fields, at[2]))) cell(r.fields, at[1]) AS event_id, whole_number(cell(r.fields, at[2])) AS n, whole_number(cell(r.fields, at[4])) AS period,
			clock_seconds(cell(r.fields, at[5])) AS seconds_left, coalesce(cell(r.fields, at[6]), '') AS home, coalesce(cell(r.fields, at[7]), '') AS away,
			CASE cell(r.fields, at[3]) WHEN '1' THEN CASE WHEN concat(cell(r.fields, at[6]), cell(r.fields, at[7])) ~ '3PT' THEN 3 ELSE 2 END
				-- a free throw that was taken back has no score
				WHEN '3' THEN CASE WHEN concat(cell(r.fields, at[6]), cell(r.fields, at[7])) ~ 'MISS' OR cell(r.fields, at[8]) IS NULL THEN 0 ELSE 1 END ELSE 0 END AS points
		FROM head AS h, csv_rows(body) AS r WHERE r.line_no > h.line_no AND r.raw !~ '^[,"[:space:]]*$'
		ORDER BY cell(r.fields, at[1]), whole_number(cell(r.fields, at[2])), r.line_no
	), told AS (
		SELECT p.*, sum(CASE WHEN p.home ~ '\(\d+ PTS\)' THEN p.points ELSE 0 END) OVER clock AS home_score, sum(CASE WHEN p.home !~ '\(\d+ PTS\)' THEN p.points ELSE 0 END) OVER clock AS away_score
		FROM play AS p WHERE p.event_id IS NOT NULL AND p.period > 0 AND p.seconds_left IS NOT NULL
		WINDOW clock AS (PARTITION BY p.event_id ORDER BY p.period, p.seconds_left DESC, p.n)
	)
	SELECT m.* FROM minute_scores((SELECT coalesce(array_agg(ROW(t.event_id, NULL, NULL, t.period, t.seconds_left, t.home_score, t.away_score)::collected_score ORDER BY t.period, t.seconds_left DESC, t.n), '{}') FROM told AS t)) AS m;
$$;
COMMENT ON FUNCTION parse_nba_stats_plays(text) IS
'The score at every minute of games in play-by-play of stats.nba.com (GAME_ID, EVENTNUM, EVENTMSGTYPE, …): made shots and free throws added up by the game clock, whatever the order of rows and whatever score a replay''s row gives.';

CREATE FUNCTION load_nba_stats(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	body  text;
	names text[];
	taken int;
	lines collected_player_game[];
BEGIN
	SELECT c.body, c.names INTO body, names FROM csv_payload(load_nba_stats.payload_id, 'nba_stats') AS c;
	IF names @> '{game_id,d01,d24,half_diff,final_diff}' THEN
		RETURN QUERY SELECT * FROM append_score_patterns(load_nba_stats.payload_id, 'nba_stats');
		RETURN;
	ELSIF names @> '{GAME_ID,EVENTNUM,EVENTMSGTYPE,PERIOD,PCTIMESTRING,HOMEDESCRIPTION,VISITORDESCRIPTION,SCORE}' THEN
		PERFORM append_scores(load_nba_stats.payload_id, (SELECT coalesce(array_agg(s), '{}') FROM parse_nba_stats_plays(body) AS s));
		RETURN QUERY SELECT * FROM finish_load(load_nba_stats.payload_id, (SELECT count(*)::int - 1 FROM csv_rows(body)), 0);
		RETURN;
	ELSIF NOT coalesce(names @> '{season,game_date,game_id,player_id,player_name,team,opp,home,team_won,pts,min}', false) THEN
		RAISE EXCEPTION 'payload % is neither a table of players'' lines nor one of score patterns: its header begins %', load_nba_stats.payload_id, array_to_string(names[1:6], ',') USING ERRCODE = 'bad_copy_file_format';
	END IF;
	taken := (SELECT a.games FROM append_parsed(load_nba_stats.payload_id, (SELECT coalesce(array_agg(g), '{}') FROM parse_nba_stats_games(body) AS g), '{}', 'decimal') AS a);
	lines := (SELECT coalesce(array_agg(l), '{}') FROM parse_nba_stats(body) AS l);
	PERFORM append_player_games(load_nba_stats.payload_id, lines);
	RETURN QUERY SELECT * FROM finish_load(load_nba_stats.payload_id, cardinality(lines), taken);
END $$;
COMMENT ON FUNCTION load_nba_stats(bigint) IS
'Loads a stored table of feed nba_stats; load_payload() and replay() call it: players'' lines of a season (season, game_date, game_id, player_id, …) become games, players, their teams and player_game; minute-by-minute differentials (d01 … d24) become score_pattern_history; play-by-play (GAME_ID, EVENTNUM, …) becomes live_score. Returns lines read, games taken, quotes appended (none) and rejects of the payload.';
