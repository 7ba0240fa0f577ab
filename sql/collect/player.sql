-- player: who they are in each feed, and whose side they are on as of a time. Ids decide; names change and are shared.

CREATE TABLE players (
	pool      text NOT NULL,
	player_id text NOT NULL,
	name      text NOT NULL,
	detail    jsonb NOT NULL DEFAULT '{}',
	PRIMARY KEY (pool, player_id)
);
COMMENT ON TABLE players IS 'Players by pool and id. The id is the one of the league''s own feed: nba the NBA''s person id, mlb Retrosheet''s, nfl the GSIS id, atp and wta Jeff Sackmann''s number. Two players may have one name; other feeds reach them through alias, kind player.';
COMMENT ON COLUMN players.pool IS 'As team.pool: nba, mlb, nfl, nhl, ….';
COMMENT ON COLUMN players.player_id IS 'Text, with leading zeros where the league writes them.';
COMMENT ON COLUMN players.name IS 'The name in use last; player_name has all of them.';
COMMENT ON COLUMN players.detail IS 'What a feed of players says beside: height, hand, birth, country, under the feed''s names.';
CREATE INDEX players_name ON players (pool, name);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.players', '');

CREATE TABLE player_name (
	pool       text NOT NULL,
	player_id  text NOT NULL,
	name       text NOT NULL,
	known_at   timestamptz NOT NULL,
	last_at    timestamptz NOT NULL,
	payload_id bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (pool, player_id, name),
	FOREIGN KEY (pool, player_id) REFERENCES players
);
COMMENT ON TABLE player_name IS 'Every spelling under which a feed with the league''s own ids has named a player, and when it was known first and last.';
CREATE INDEX player_name_name ON player_name (pool, name);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.player_name', '');

CREATE TABLE player_team (
	pool        text NOT NULL,
	player_id   text NOT NULL,
	team_id     bigint REFERENCES team,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (pool, player_id, known_at, recorded_at),
	FOREIGN KEY (pool, player_id) REFERENCES players
);
COMMENT ON TABLE player_team IS 'Whose side a player is on: a row when a feed first says so and whenever it says otherwise.';
COMMENT ON COLUMN player_team.team_id IS 'NULL: on nobody''s.';
CREATE INDEX player_team_team ON player_team (team_id, known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.player_team', '');

CREATE FUNCTION player_teams(as_of timestamptz DEFAULT now())
RETURNS SETOF player_team
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 2000
BEGIN ATOMIC
	SELECT DISTINCT ON (t.pool, t.player_id) t.* FROM player_team AS t WHERE t.known_at <= as_of
	ORDER BY t.pool, t.player_id, t.known_at DESC, t.recorded_at DESC;
END;
COMMENT ON FUNCTION player_teams(timestamptz) IS 'The team of every player as it was known at as_of: join it to sports_events by team_id for the link from player to game.';

CREATE TYPE collected_player AS (
	pool      text,
	player_id text,
	name      text,
	detail    jsonb,
	team      text,
	known_at  timestamptz
);
COMMENT ON TYPE collected_player IS 'A player as a loader of a feed with the league''s own ids read him: detail and team (the feed''s name for it) NULL where the feed says nothing of them.';

CREATE FUNCTION append_players(payload_id bigint, seen collected_player[]) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
DECLARE
	source  payload;
	players int;
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_players.payload_id;
	WITH newest AS (
		SELECT DISTINCT ON (s.pool, s.player_id) s.pool, s.player_id, s.name, coalesce(s.detail, '{}') AS detail FROM unnest(seen) AS s
		ORDER BY s.pool, s.player_id, s.known_at DESC, s.name
	), add_player AS (
		INSERT INTO players AS p (pool, player_id, name, detail) SELECT n.pool, n.player_id, n.name, n.detail FROM newest AS n ORDER BY n.pool, n.player_id
		ON CONFLICT (pool, player_id) DO UPDATE SET detail = p.detail || excluded.detail WHERE p.detail || excluded.detail <> p.detail
	)
	SELECT count(*) INTO players FROM newest;
	INSERT INTO player_name AS k (pool, player_id, name, known_at, last_at, payload_id)
	SELECT s.pool, s.player_id, s.name, least(min(s.known_at), source.received_at), least(max(s.known_at), source.received_at), source.payload_id
	FROM unnest(seen) AS s GROUP BY s.pool, s.player_id, s.name ORDER BY s.pool, s.player_id, s.name
	ON CONFLICT (pool, player_id, name) DO UPDATE SET known_at = least(k.known_at, excluded.known_at), last_at = greatest(k.last_at, excluded.last_at)
	WHERE excluded.known_at < k.known_at OR excluded.last_at > k.last_at;
	UPDATE players AS p SET name = n.name
	FROM (SELECT DISTINCT ON (k.pool, k.player_id) k.pool, k.player_id, k.name FROM player_name AS k ORDER BY k.pool, k.player_id, k.last_at DESC, k.known_at DESC, k.name) AS n
	WHERE n.pool = p.pool AND n.player_id = p.player_id AND n.name <> p.name;
	-- A row where the team changes, in the order in which it became known, from what was known before.
	INSERT INTO player_team (pool, player_id, team_id, known_at, recorded_at, payload_id)
	SELECT c.pool, c.player_id, c.team_id, c.known_at, source.received_at, source.payload_id
	FROM (
		SELECT t.*, CASE WHEN told.known_at < lag(t.known_at) OVER earlier OR told.known_at IS NULL THEN lag(t.team_id) OVER earlier ELSE told.team_id END AS before
		FROM (SELECT DISTINCT ON (s.pool, s.player_id, s.known_at) s.pool, s.player_id, stable_id(s.pool || ':' || a.target) AS team_id, least(s.known_at, source.received_at) AS known_at
		      FROM unnest(seen) AS s JOIN alias AS a ON a.feed = source.feed AND a.kind = 'team' AND a.pool = s.pool AND a.name = s.team
		      JOIN team AS x ON x.pool = s.pool AND x.name = a.target
		      ORDER BY s.pool, s.player_id, s.known_at, a.target) AS t
		LEFT JOIN LATERAL (SELECT p.team_id, p.known_at FROM player_team AS p WHERE p.pool = t.pool AND p.player_id = t.player_id AND p.known_at <= t.known_at AND p.recorded_at <= source.received_at
		                   ORDER BY p.known_at DESC, p.recorded_at DESC LIMIT 1) AS told ON true
		WINDOW earlier AS (PARTITION BY t.pool, t.player_id ORDER BY t.known_at)) AS c
	WHERE c.team_id IS DISTINCT FROM c.before
	ORDER BY c.known_at, c.pool, c.player_id
	ON CONFLICT DO NOTHING;
	RETURN players;
END $$;
COMMENT ON FUNCTION append_players(bigint, collected_player[]) IS
'For loaders of feeds with the league''s own ids: players, every name they have, and their team where it is another than was known at that time. Names come and go, ids decide; the name in use last is the one in players. Returns the number of players.';
