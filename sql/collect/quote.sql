-- quote: prices, in partitions by the month of the game, and what books say as of a time.

-- No foreign keys: checking them row by row took half of the time of a load, and loaders join all three tables anyway.
-- No index on the parent: pg_dump would make those of later partitions twice. Each partition has its own.
CREATE TABLE quote (
	game_id     bigint NOT NULL,
	market      text NOT NULL CHECK (market ~ '^[a-z0-9_]+$' AND octet_length(market) BETWEEN 2 AND 60),
	side        text NOT NULL,
	line        float8,
	book        text NOT NULL,
	price       float8 NOT NULL CHECK (price > 1 AND price < 'Infinity'),
	closing     boolean NOT NULL DEFAULT false,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL,
	game_month  date NOT NULL DEFAULT '-infinity',
	participant text,
	updated_at  timestamptz,
	max_stake   float8,
	CHECK (CASE market WHEN 'h2h' THEN line IS NULL AND side IN ('home', 'draw', 'away')
		WHEN 'spreads' THEN line IS NOT NULL AND side IN ('home', 'away')
		WHEN 'totals' THEN line IS NOT NULL AND side IN ('over', 'under')
		ELSE side IN ('home', 'draw', 'away', 'over', 'under', 'yes', 'no', 'home_draw', 'home_away', 'draw_away') END)
) PARTITION BY RANGE (game_month);
COMMENT ON TABLE quote IS 'Decimal prices, one row an outcome. All sides of a book''s market at one moment stand or fall together; a book is written again only when it says something else. Partitioned by the month of the game: a reader who names game_month = game.month reads one partition.';
COMMENT ON COLUMN quote.market IS 'The Odds API''s key: h2h, spreads, totals; alternate_…, team_totals, …_h1, …_q1, player_…, h2h_lay (prices at which one lays). Tennis: totals_games, totals_sets, spreads_games, spreads_sets, since books mix them under one key.';
COMMENT ON COLUMN quote.line IS 'Points added to the side that the row belongs to (spreads), or the total; NULL for h2h.';
COMMENT ON COLUMN quote.closing IS 'true when the source calls it the closing price; known_at is then the start of the game. Of polled prices nobody knows it when they come: closing_quote finds it.';
COMMENT ON COLUMN quote.known_at IS 'When we (or the feed''s snapshot, for history) saw it; football-data: the sport''s decision time; closing prices of files: the start.';
COMMENT ON COLUMN quote.game_month IS 'game.month of its game.';
COMMENT ON COLUMN quote.participant IS 'Whom the market is about: players.player_id of a player market, home or away of a team''s total; NULL: the game.';
COMMENT ON COLUMN quote.updated_at IS 'The book''s own last update of a polled price, where the feed has none the moment it was seen; NULL for prices out of files of seasons.';
COMMENT ON COLUMN quote.max_stake IS 'The largest stake the book takes at this price, in its currency, where the feed says so.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.quote', '');

CREATE TABLE quote_default PARTITION OF quote DEFAULT;
COMMENT ON TABLE quote_default IS 'Prices of games of months without a partition of their own: make_quote_partitions() makes them.';
CREATE INDEX quote_default_game ON quote_default (game_id, known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.quote_default', '');

CREATE TABLE withdrawal (
	game_id     bigint NOT NULL,
	book        text NOT NULL,
	market      text NOT NULL,
	participant text NOT NULL,
	quoted_at   timestamptz NOT NULL,
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL,
	seen_payload_id bigint,
	PRIMARY KEY (game_id, book, market, participant, quoted_at, known_at)
);
COMMENT ON TABLE withdrawal IS 'Prices that nobody could have from a moment on: taken down by their book, or followed by a statement that stayed out of quote. When they come back they are quoted anew.';
COMMENT ON COLUMN withdrawal.participant IS 'As quote.participant; empty for the game.';
COMMENT ON COLUMN withdrawal.quoted_at IS 'quote.known_at of the prices.';
COMMENT ON COLUMN withdrawal.known_at IS 'The poll that did not have them any more.';
COMMENT ON COLUMN withdrawal.seen_payload_id IS 'The poll that had them last, which replay() needs to know when that was.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.withdrawal', '');

CREATE FUNCTION make_quote_partitions(since date DEFAULT current_date, months int DEFAULT 4) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	first date;
	name  text;
BEGIN
	IF months NOT BETWEEN 1 AND 1200 THEN
		RAISE EXCEPTION 'months must be from 1 to 1200, not %', months USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR first IN SELECT (date_trunc('month', since) + i * interval '1 month')::date FROM generate_series(0, months - 1) AS i LOOP
		name := 'quote_' || to_char(first, 'YYYY_MM');
		CONTINUE WHEN to_regclass('bet_edge.' || name) IS NOT NULL;
		-- Made beside the table and hung in when it holds what the default partition had of the month.
		LOCK TABLE quote IN SHARE ROW EXCLUSIVE MODE;
		EXECUTE format('CREATE TABLE bet_edge.%I (LIKE bet_edge.quote INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
		EXECUTE format('COMMENT ON TABLE bet_edge.%I IS %L', name, format('Prices of games of %s.', to_char(first, 'YYYY-MM')));
		EXECUTE format('WITH moved AS (DELETE FROM bet_edge.quote_default WHERE game_month >= %1$L AND game_month < %2$L RETURNING *) INSERT INTO bet_edge.%3$I SELECT * FROM moved',
			first, first + interval '1 month', name);
		EXECUTE format('CREATE INDEX ON bet_edge.%I (game_id, known_at)', name);
		EXECUTE format('ALTER TABLE bet_edge.quote ATTACH PARTITION bet_edge.%I FOR VALUES FROM (%L) TO (%L)', name, first, (first + interval '1 month')::date);
		RETURN NEXT name;
	END LOOP;
END $$;
COMMENT ON FUNCTION make_quote_partitions(date, int) IS
'Makes the partitions of quote for so many months (1 to 1200) from the month of since on, those that are there left alone; prices that waited in quote_default move in. Returns the names of the new ones. They are ordinary tables of yours: pg_dump carries them, and DROP TABLE bet_edge.quote_2024_01 forgets a month. Locks quote against writers while it works.';

CREATE FUNCTION detach_quote_partitions(before date) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	FOR name IN SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'bet_edge.quote'::regclass AND c.relname ~ '^quote_\d{4}_\d\d$'
		  AND (to_date(substr(c.relname, 7), 'YYYY_MM') + interval '1 month')::date <= before ORDER BY 1
	LOOP
		EXECUTE format('ALTER TABLE bet_edge.quote DETACH PARTITION bet_edge.%I', name);
		RETURN NEXT name;
	END LOOP;
END $$;
COMMENT ON FUNCTION detach_quote_partitions(date) IS
'Takes the partitions whose months ended by the given day out of quote and returns their names. They stay as tables of yours, to be kept elsewhere or attached again; drop_quote_partitions() drops them instead.';

CREATE FUNCTION drop_quote_partitions(before date) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	FOR name IN SELECT detach_quote_partitions(before) LOOP
		EXECUTE format('DROP TABLE bet_edge.%I', name);
		RETURN NEXT name;
	END LOOP;
END $$;
COMMENT ON FUNCTION drop_quote_partitions(date) IS
'Drops the partitions of quote whose months ended by the given day and returns their names. The prices are gone until replay(); keep the payloads. What is in quote_default stays.';

CREATE FUNCTION quotes(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS SETOF quote
LANGUAGE sql STABLE PARALLEL SAFE ROWS 60	-- not STRICT, so that the planner can merge it into a query over many games
BEGIN ATOMIC
	SELECT l.game_id, l.market, l.side, l.line, l.book, l.price, l.closing, l.known_at, l.recorded_at, l.payload_id,
		l.game_month, l.participant, l.updated_at, l.max_stake
	FROM (
		SELECT q.*, rank() OVER (PARTITION BY q.market, q.book, q.participant ORDER BY q.known_at DESC, q.closing DESC, q.recorded_at DESC) AS age
		FROM quote AS q
		WHERE q.game_id = quotes.game_id AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = quotes.game_id) AND q.known_at <= as_of
		  AND greatest(q.known_at, q.updated_at) <= (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = quotes.game_id AND f.known_at <= as_of
		                     ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1)) AS l
	WHERE l.age = 1
	ORDER BY l.market, l.book, l.participant, l.side, l.line;
END;
COMMENT ON FUNCTION quotes(bigint, timestamptz) IS
'The latest pre-game prices of every book and market of one game as known at as_of: all sides and lines of the book''s last statement, none of a line that it has left. In-play quotes (seen or updated after the latest known start) never appear.';

CREATE FUNCTION closing_quotes(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS SETOF quote
LANGUAGE sql STABLE PARALLEL SAFE ROWS 60	-- not STRICT, as above
BEGIN ATOMIC
	-- Prices that a source calls closing come before those that were the last when the game began.
	SELECT l.game_id, l.market, l.side, l.line, l.book, l.price, true, l.known_at, l.recorded_at, l.payload_id,
		l.game_month, l.participant, l.updated_at, l.max_stake
	FROM (
		SELECT q.*, start.starts_at, rank() OVER (PARTITION BY q.market, q.book, q.participant, CASE WHEN q.closing THEN q.line * CASE q.side WHEN 'away' THEN -1 ELSE 1 END END
				ORDER BY q.known_at DESC, q.recorded_at DESC) AS age,
			bool_or(q.closing) OVER (PARTITION BY q.market, q.book, q.participant) AS is_told
		FROM quote AS q
		CROSS JOIN (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = closing_quotes.game_id AND f.known_at <= as_of
		            ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS start
		WHERE q.game_id = closing_quotes.game_id AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = closing_quotes.game_id) AND q.known_at <= as_of
		  AND CASE WHEN q.closing THEN q.known_at <= start.starts_at
			ELSE q.updated_at < start.starts_at AND q.known_at < start.starts_at AND start.starts_at <= as_of END) AS l
	WHERE l.age = 1 AND l.closing = l.is_told
	  AND (l.closing OR NOT EXISTS (SELECT FROM withdrawal AS w WHERE w.game_id = l.game_id AND w.book = l.book AND w.market = l.market AND w.participant = coalesce(l.participant, '')
		AND w.quoted_at = l.known_at AND w.known_at <= least(as_of, l.starts_at - interval '15 minutes')))
	ORDER BY l.market, l.book, l.participant, l.side, l.line;
END;
COMMENT ON FUNCTION closing_quotes(bigint, timestamptz) IS
'The closing prices of one game as known at as_of: of each book and market what its source calls closing or, of polled prices once the game has begun, the last statement that the book had updated and we had seen before the latest known start. A price that its book took down a quarter of an hour or more before the start and did not put back is none: a book that suspends as the game begins has closed, one that leaves hours before has not. Nor is a price of which the source says only that it was before the close.';

CREATE VIEW closing_quote AS
SELECT g.game_id, q.market, q.side, q.line, q.book, q.price, q.closing, q.known_at, q.recorded_at, q.payload_id, q.game_month, q.participant, q.updated_at, q.max_stake
FROM game AS g CROSS JOIN LATERAL closing_quotes(g.game_id) AS q;
COMMENT ON VIEW closing_quote IS 'closing_quotes() of every game, as known now.';
