-- player_game: what a player did in a game, as facts that are appended.

CREATE TABLE player_game (
	game_id     bigint NOT NULL REFERENCES game,
	pool        text NOT NULL,
	player_id   text NOT NULL,
	team_id     bigint NOT NULL,
	role        text NOT NULL CHECK (role IN ('player', 'batter', 'pitcher')),
	starter     boolean,
	minutes     float8 CHECK (minutes >= 0),
	stats       jsonb NOT NULL,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL,
	PRIMARY KEY (game_id, player_id, role, known_at, recorded_at),
	FOREIGN KEY (pool, player_id) REFERENCES players
);
COMMENT ON TABLE player_game IS 'What players did in games: a row when a feed first says so, known at start plus sport.duration, and one more for a correction, known from its payload. Of one game of baseball a player may have two rows, as batter and as pitcher.';
COMMENT ON COLUMN player_game.minutes IS 'Minutes played, overtime included; NULL in sports that are not played by the clock.';
COMMENT ON COLUMN player_game.stats IS 'Numbers by name: points, rebounds, assists, … in basketball; hits, home_runs, strikeouts, … in baseball. What the feed leaves empty is not there.';
CREATE INDEX player_game_player ON player_game (pool, player_id, known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.player_game', '');

CREATE FUNCTION player_games(as_of timestamptz DEFAULT now())
RETURNS SETOF player_game
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	SELECT DISTINCT ON (g.game_id, g.player_id, g.role) g.* FROM player_game AS g WHERE g.known_at <= as_of
	ORDER BY g.game_id, g.player_id, g.role, g.known_at DESC, g.recorded_at DESC;
END;
COMMENT ON FUNCTION player_games(timestamptz) IS 'The latest row of every player in every game that was known at as_of.';

CREATE TYPE collected_player_game AS (
	line_no   int,
	raw       text,
	sport     text,
	event_id  text,
	player_id text,
	name      text,
	team      text,
	role      text,
	starter   boolean,
	minutes   float8,
	stats     jsonb
);
COMMENT ON TYPE collected_player_game IS 'A player''s line of a game as a loader read it: the game by the feed''s event id, the team by the feed''s name, the player by the league''s own id.';

CREATE FUNCTION append_player_games(payload_id bigint, lines collected_player_game[]) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
DECLARE
	source payload;
	rows   int;
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_player_games.payload_id;
	CREATE TEMP TABLE player_line ON COMMIT DROP AS
	SELECT l.*, s.pool, e.game_id, stable_id(s.pool || ':' || a.target) AS team_id, least(source.received_at, f.starts_at + s.duration) AS known_at,
		CASE WHEN num_nulls(l.player_id, l.name, l.stats) > 0 THEN 'short_row' WHEN a.target IS NULL THEN 'unknown_team' WHEN e.game_id IS NULL THEN 'unknown_game'
			WHEN stable_id(s.pool || ':' || a.target) NOT IN (g.home_id, g.away_id) THEN 'contradicts_feed'
			WHEN row_number() OVER (PARTITION BY l.event_id, l.player_id, l.role ORDER BY l.line_no) > 1 THEN 'duplicate_row' END AS reason
	FROM unnest(lines) AS l
	JOIN sport AS s ON s.sport = l.sport
	LEFT JOIN alias AS a ON a.feed = source.feed AND a.kind = 'team' AND a.pool = s.pool AND a.name = l.team
	LEFT JOIN game_event AS e ON e.feed = source.feed AND e.event_id = l.event_id
	LEFT JOIN game AS g ON g.game_id = e.game_id
	LEFT JOIN (SELECT DISTINCT ON (x.game_id) x.game_id, x.starts_at FROM fixture AS x WHERE x.recorded_at <= source.received_at ORDER BY x.game_id, x.known_at DESC, x.recorded_at DESC) AS f ON f.game_id = e.game_id;
	INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport, unknown)
	SELECT append_player_games.payload_id, l.line_no, l.reason, CASE l.reason
		WHEN 'short_row' THEN 'no id, no name or nothing that he did'
		WHEN 'unknown_team' THEN format('alias has no team of %s named %L', l.sport, l.team)
		WHEN 'unknown_game' THEN format('the game %s of %s is not there', l.event_id, l.name)
		WHEN 'contradicts_feed' THEN format('%s does not play in the game %s', l.team, l.event_id)
		ELSE format('%s is in the game %s already', l.name, l.event_id) END, l.raw, l.sport, CASE l.reason WHEN 'unknown_team' THEN ARRAY[l.team] END
	FROM player_line AS l WHERE l.reason IS NOT NULL ORDER BY l.line_no;
	PERFORM append_players(append_player_games.payload_id, (SELECT coalesce(array_agg(ROW(l.pool, l.player_id, l.name, NULL, l.team, l.known_at)::collected_player), '{}') FROM player_line AS l WHERE l.reason IS NULL));
	INSERT INTO player_game (game_id, pool, player_id, team_id, role, starter, minutes, stats, known_at, recorded_at, payload_id)
	SELECT l.game_id, l.pool, l.player_id, l.team_id, l.role, l.starter, l.minutes, l.stats, CASE WHEN told.game_id IS NULL THEN l.known_at ELSE source.received_at END, source.received_at, append_player_games.payload_id
	FROM player_line AS l
	LEFT JOIN (SELECT DISTINCT ON (g.game_id, g.player_id, g.role) g.* FROM player_game AS g WHERE g.recorded_at <= source.received_at AND g.game_id IN (SELECT x.game_id FROM player_line AS x)
	           ORDER BY g.game_id, g.player_id, g.role, g.known_at DESC, g.recorded_at DESC) AS told ON told.game_id = l.game_id AND told.player_id = l.player_id AND told.role = l.role
	WHERE l.reason IS NULL AND (told.game_id IS NULL OR (told.team_id, told.starter, told.minutes, told.stats) IS DISTINCT FROM (l.team_id, l.starter, l.minutes, l.stats))
	ORDER BY l.known_at, l.game_id, l.player_id, l.role;
	GET DIAGNOSTICS rows = ROW_COUNT;
	DROP TABLE player_line;
	RETURN rows;
END $$;
COMMENT ON FUNCTION append_player_games(bigint, collected_player_game[]) IS
'Players'' lines of games that the feed has named: players, their names and teams (append_players) and of player_game what is not there already. Lines without a player''s id, his name or what he did, of an unknown game or team, of a team that does not play in it, and second lines go to reject. Returns the rows appended.';

CREATE FUNCTION finish_load(payload_id bigint, read int, taken int, blank int DEFAULT 0)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE sql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = read, rows_blank = blank WHERE p.payload_id = finish_load.payload_id;
	SELECT read, taken, 0, (SELECT count(*)::int FROM reject AS r WHERE r.payload_id = finish_load.payload_id);
$$;
COMMENT ON FUNCTION finish_load(bigint, int, int, int) IS 'The end of a loader whose rows are no games: marks the payload as loaded and returns what a loader returns.';
