-- game: what was collected, as facts that are appended and never overwritten.

CREATE TABLE game (
	game_id  bigint PRIMARY KEY,
	sport    text NOT NULL REFERENCES sport,
	season   int NOT NULL,
	home_id  bigint NOT NULL REFERENCES team,
	away_id  bigint NOT NULL REFERENCES team,
	game_key text NOT NULL UNIQUE,
	CHECK (home_id <> away_id),
	CHECK (game_id = stable_id(game_key))
);
COMMENT ON TABLE game IS 'Games: who meets whom in which season. The key is stable_id(game_key).';
COMMENT ON COLUMN game.season IS 'Year in which the season starts: 2023 is 2023-24.';
COMMENT ON COLUMN game.game_key IS 'sport:season:home:away:n, n counting this pairing at this ground in the season, so a moved date stays the same game.';
CREATE INDEX game_sport_season ON game (sport, season);
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
	status      text NOT NULL CHECK (status IN ('final', 'awarded', 'postponed', 'abandoned', 'cancelled')),
	detail      jsonb NOT NULL DEFAULT '{}',
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	PRIMARY KEY (game_id, known_at, recorded_at),
	CHECK ((status IN ('final', 'awarded')) = (home_score IS NOT NULL AND away_score IS NOT NULL)),
	CHECK (home_score >= 0 AND away_score >= 0)
);
COMMENT ON TABLE result IS 'Scores; a corrected score is a new row known from the payload that brought it. First known when the game ends: start plus sport.duration.';
COMMENT ON COLUMN result.status IS 'awarded: decided by a committee, not on the pitch; it settles no bet and moves no rating.';
COMMENT ON COLUMN result.detail IS 'What else the source says of the game (half-time score, shots, cards, …) under its own names.';
CREATE INDEX result_known ON result (known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.result', '');

-- No foreign keys to book and payload: checking them row by row took half of the time of a load, and loaders join both anyway.
CREATE TABLE quote (
	game_id     bigint NOT NULL REFERENCES game,
	market      text NOT NULL CHECK (market IN ('h2h', 'spreads', 'totals')),
	side        text NOT NULL,
	line        float8,
	book        text NOT NULL,
	price       float8 NOT NULL CHECK (price > 1 AND price < 'Infinity'),
	closing     boolean NOT NULL DEFAULT false,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL,
	CHECK ((market = 'h2h') = (line IS NULL)),
	CHECK (CASE market WHEN 'h2h' THEN side IN ('home', 'draw', 'away') WHEN 'spreads' THEN side IN ('home', 'away') ELSE side IN ('over', 'under') END)
);
COMMENT ON TABLE quote IS 'Decimal prices, one row an outcome. All sides of a book''s market at one moment stand or fall together.';
COMMENT ON COLUMN quote.line IS 'Points added to the side that the row belongs to (spreads), or the total; NULL for h2h.';
COMMENT ON COLUMN quote.closing IS 'true when the source calls it the closing price; known_at is then the start of the game.';
COMMENT ON COLUMN quote.known_at IS 'The book''s last update where the feed has it; football-data: the sport''s decision time; closing prices: the start.';
CREATE INDEX quote_game ON quote (game_id, known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.quote', '');

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

CREATE FUNCTION quotes(p_game_id bigint, as_of timestamptz DEFAULT now())
RETURNS SETOF quote
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 60
BEGIN ATOMIC
	SELECT l.game_id, l.market, l.side, l.line, l.book, l.price, l.closing, l.known_at, l.recorded_at, l.payload_id
	FROM (
		SELECT q.*, rank() OVER (PARTITION BY q.market, q.book ORDER BY q.known_at DESC, q.closing DESC, q.recorded_at DESC) AS age
		FROM quote AS q
		WHERE q.game_id = p_game_id AND q.known_at <= as_of
		  AND q.known_at <= (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = p_game_id AND f.known_at <= as_of
		                     ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1)) AS l
	WHERE l.age = 1
	ORDER BY l.market, l.book, l.side, l.line;
END;
COMMENT ON FUNCTION quotes(bigint, timestamptz) IS
'The latest pre-game prices of every book and market of one game as known at as_of: all sides and lines of the book''s last statement, none of a line that it has left. In-play quotes (after the latest known start) never appear.';

CREATE VIEW closing_quote AS
SELECT DISTINCT ON (q.game_id, q.market, q.book, q.side, q.line) q.*
FROM quote AS q
JOIN LATERAL (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = q.game_id
              ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS latest ON q.known_at <= latest.starts_at
WHERE q.closing
ORDER BY q.game_id, q.market, q.book, q.side, q.line, q.known_at DESC, q.recorded_at DESC;
COMMENT ON VIEW closing_quote IS 'Closing prices: quotes that the source calls closing and that were known by the latest known start of the game.';

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
