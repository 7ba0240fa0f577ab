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
COMMENT ON COLUMN players.name IS 'The name that was known last; player_name has all of them.';
COMMENT ON COLUMN players.detail IS 'What a feed of players says beside: height, hand, birth, country, under the feed''s names.';
CREATE INDEX players_name ON players (pool, name);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.players', '');

CREATE TABLE player_name (
	pool       text NOT NULL,
	player_id  text NOT NULL,
	name       text NOT NULL,
	known_at   timestamptz NOT NULL,
	payload_id bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (pool, player_id, name),
	FOREIGN KEY (pool, player_id) REFERENCES players
);
COMMENT ON TABLE player_name IS 'Every spelling under which a feed with the league''s own ids has named a player, and when it was first known.';
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
