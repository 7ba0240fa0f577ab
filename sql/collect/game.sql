-- game: games, fixtures and results as facts that are appended and never overwritten; prices are in quote.

CREATE TABLE game (
	game_id  bigint PRIMARY KEY,
	sport    text NOT NULL REFERENCES sport,
	season   int NOT NULL,
	home_id  bigint NOT NULL REFERENCES team,
	away_id  bigint NOT NULL REFERENCES team,
	game_key text NOT NULL UNIQUE,
	month    date NOT NULL DEFAULT '-infinity',
	CHECK (home_id <> away_id),
	CHECK (game_id = stable_id(game_key))
);
COMMENT ON TABLE game IS 'Games: who meets whom in which season. The key is stable_id(game_key).';
COMMENT ON COLUMN game.season IS 'Year in which the season starts: 2023 is 2023-24.';
COMMENT ON COLUMN game.game_key IS 'sport:season:home:away:n, n counting this pairing at this ground in the season, so a moved date stays the same game.';
COMMENT ON COLUMN game.month IS 'First day of the month (UTC) of the first start that was told: where its quotes are kept. -infinity: in quote_default.';
CREATE INDEX game_sport_season ON game (sport, season);
CREATE INDEX game_pairing ON game (home_id, away_id);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.game', '');

CREATE TABLE fixture (
	game_id     bigint NOT NULL REFERENCES game,
	starts_at   timestamptz NOT NULL,
	time_known  boolean NOT NULL,
	neutral     boolean NOT NULL DEFAULT false,
	week        int,
	stage       text,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (game_id, known_at, recorded_at)
);
COMMENT ON TABLE fixture IS 'When and where a game is played; a moved kick-off is a new row. Historical files do not say when a fixture was published: known_at is then 14 days before the start.';
COMMENT ON COLUMN fixture.time_known IS 'false when the source gave the day alone and sport.default_start stands in.';
COMMENT ON COLUMN fixture.week IS 'The source''s own week or round number, NULL where it has none.';
COMMENT ON COLUMN fixture.stage IS 'REG, WC, DIV, CON, SB, …; NULL in leagues without stages.';
CREATE INDEX fixture_starts ON fixture (starts_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.fixture', '');

CREATE TABLE result (
	game_id     bigint NOT NULL REFERENCES game,
	home_score  int,
	away_score  int,
	status      text NOT NULL CHECK (status IN ('final', 'awarded', 'postponed', 'abandoned', 'cancelled', 'scheduled')),
	detail      jsonb NOT NULL DEFAULT '{}',
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (game_id, known_at, recorded_at),
	CHECK ((status IN ('final', 'awarded')) = (home_score IS NOT NULL AND away_score IS NOT NULL)),
	CHECK (home_score >= 0 AND away_score >= 0)
);
COMMENT ON TABLE result IS 'Scores; a corrected score is a new row known from the payload that brought it. First known when the game ends: start plus sport.duration.';
COMMENT ON COLUMN result.status IS 'awarded: decided by a committee, not on the pitch; it settles no bet and moves no rating. scheduled: not postponed, called off or over after all; what was said before is taken back.';
COMMENT ON COLUMN result.detail IS 'What else the source says of the game (half-time score, shots, cards, …) under its own names.';
CREATE INDEX result_known ON result (known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.result', '');

CREATE TABLE game_event (
	feed       text NOT NULL,
	event_id   text NOT NULL,
	game_id    bigint NOT NULL REFERENCES game,
	swapped    boolean NOT NULL DEFAULT false,
	payload_id bigint REFERENCES payload,
	PRIMARY KEY (feed, event_id)
);
COMMENT ON TABLE game_event IS 'The ids under which feeds know games. A game keeps its id however its start moves; a row of your own says which game an event is that could not be joined by start, and stands before the feed''s first payload of it is loaded again.';
COMMENT ON COLUMN game_event.event_id IS 'The feed''s id; where the feed uses one id in several leagues, sport:id.';
COMMENT ON COLUMN game_event.swapped IS 'true: the feed calls home whom the game calls away; scores, lines and prices are turned round.';
COMMENT ON COLUMN game_event.payload_id IS 'The payload that named the event first; NULL: entered by hand, and kept by replay().';
CREATE INDEX game_event_game ON game_event (game_id);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.game_event', '');

CREATE TABLE pregame (
	game_id     bigint NOT NULL REFERENCES game,
	side        text NOT NULL CHECK (side IN ('home', 'away', 'both')),
	item        text NOT NULL,
	value       text NOT NULL,
	label       text NOT NULL,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (game_id, side, item, known_at, recorded_at)
);
COMMENT ON TABLE pregame IS 'What is known of a game before it begins, beyond fixture and prices: who starts (items quarterback, pitcher, goalie), ranks of the players, surface and length of a match. A change is a new row.';
COMMENT ON COLUMN pregame.value IS 'Of a starter the player: players.player_id where the feed has the league''s ids or alias knows the name, otherwise the name without spaces.';
COMMENT ON COLUMN pregame.label IS 'As the source writes it; of a starter the name.';
COMMENT ON COLUMN pregame.known_at IS 'By pregame_item.known for what a feed says of a played game for the first time, never later than its payload; otherwise when the payload came.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.pregame', '');

CREATE TABLE pregame_item (
	feed    text NOT NULL,
	name    text NOT NULL,
	side    text NOT NULL CHECK (side IN ('home', 'away', 'both')),
	item    text NOT NULL,
	label   text,
	player  boolean NOT NULL DEFAULT false,
	known   text NOT NULL CHECK (known IN ('start', 'decision', 'week')),
	builtin boolean NOT NULL DEFAULT false,
	PRIMARY KEY (feed, name)
);
COMMENT ON TABLE pregame_item IS 'Which fields that a feed has of a game (its names in result.detail) are known before it, as what. A feed that says more is a row more.';
COMMENT ON COLUMN pregame_item.label IS 'The field with the name to the value, NULL: the value itself.';
COMMENT ON COLUMN pregame_item.player IS 'The value is a player: an id, or a name that alias may know.';
COMMENT ON COLUMN pregame_item.known IS 'When it was known of a game that the feed first tells of when it is over: start, for who in fact started; decision: at decision_time(), for who was announced; week: on the Monday before, for rankings and the ground.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.pregame_item', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON pregame_item FOR EACH ROW EXECUTE FUNCTION keep_own_row('feed', 'name');
INSERT INTO pregame_item (feed, name, side, item, label, player, known, builtin) VALUES
	('nflverse', 'home_qb_id', 'home', 'quarterback', 'home_qb_name', true, 'start', true),
	('nflverse', 'away_qb_id', 'away', 'quarterback', 'away_qb_name', true, 'start', true),
	('sportsbook_review', 'home_pitcher', 'home', 'pitcher', NULL, true, 'decision', true),
	('sportsbook_review', 'away_pitcher', 'away', 'pitcher', NULL, true, 'decision', true),
	('tennis_data', 'Surface', 'both', 'surface', NULL, false, 'week', true),
	('tennis_data', 'Best of', 'both', 'best_of', NULL, false, 'week', true),
	('tennis_data', 'home_rank', 'home', 'rank', NULL, false, 'week', true),
	('tennis_data', 'away_rank', 'away', 'rank', NULL, false, 'week', true),
	('tennis_data', 'home_points', 'home', 'ranking_points', NULL, false, 'week', true),
	('tennis_data', 'away_points', 'away', 'ranking_points', NULL, false, 'week', true);

CREATE FUNCTION fixtures(as_of timestamptz DEFAULT now())
RETURNS SETOF fixture
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	SELECT DISTINCT ON (f.game_id) f.* FROM fixture AS f WHERE f.known_at <= as_of
	ORDER BY f.game_id, f.known_at DESC, f.recorded_at DESC;
END;
COMMENT ON FUNCTION fixtures(timestamptz) IS 'The latest fixture row of every game that was known at as_of.';

CREATE FUNCTION results(as_of timestamptz DEFAULT now())
RETURNS SETOF result
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	SELECT DISTINCT ON (r.game_id) r.* FROM result AS r WHERE r.known_at <= as_of
	ORDER BY r.game_id, r.known_at DESC, r.recorded_at DESC;
END;
COMMENT ON FUNCTION results(timestamptz) IS 'The latest result row of every game that was known at as_of.';

CREATE FUNCTION pregames(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS SETOF pregame
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4	-- not STRICT, so that the planner can inline it
BEGIN ATOMIC
	SELECT DISTINCT ON (p.side, p.item) p.* FROM pregame AS p WHERE p.game_id = pregames.game_id AND p.known_at <= as_of
	ORDER BY p.side, p.item, p.known_at DESC, p.recorded_at DESC;
END;
COMMENT ON FUNCTION pregames(bigint, timestamptz) IS 'What was known of one game before it, as of a time: of every side and item the latest row of pregame.';

CREATE VIEW lineup AS
SELECT g.game_id, g.sport, g.season, p.side, t.name AS team, p.item AS role, p.value AS player, p.label AS player_name, p.known_at
FROM game AS g
CROSS JOIN LATERAL pregames(g.game_id, 'infinity') AS p
JOIN team AS t ON t.team_id = CASE p.side WHEN 'home' THEN g.home_id ELSE g.away_id END
WHERE p.side <> 'both' AND EXISTS (SELECT FROM pregame_item AS i WHERE i.item = p.item AND i.player);
COMMENT ON VIEW lineup IS 'Who starts: the starters that were last named for every game, by side and role (quarterback, pitcher, goalie).';

CREATE VIEW sports_events AS
SELECT g.game_id, g.sport, g.season, f.week, f.stage, f.starts_at, f.time_known, f.neutral,
	h.name AS home_team, a.name AS away_team, g.home_id, g.away_id,
	r.home_score, r.away_score, coalesce(r.status, 'scheduled') AS status
FROM game AS g
JOIN team AS h ON h.team_id = g.home_id
JOIN team AS a ON a.team_id = g.away_id
JOIN LATERAL (SELECT * FROM fixture AS x WHERE x.game_id = g.game_id ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f ON true
LEFT JOIN LATERAL (SELECT * FROM result AS x WHERE x.game_id = g.game_id ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS r ON true;
COMMENT ON VIEW sports_events IS 'Games in their current state: teams by name, latest known start and result.';
