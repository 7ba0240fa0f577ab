-- offer: what each book says now, as polled feeds tell it. A statement becomes rows of quote when it differs from the one before.

CREATE TYPE collected_quote AS (
	event_id    text,
	book        text,
	market      text,
	side        text,
	participant text,
	line        float8,
	price       float8,
	quoted      text,
	max_stake   float8,
	updated_at  timestamptz,
	version     bigint
);
COMMENT ON TYPE collected_quote IS 'A price as a polled feed has it: book and player still under the feed''s names; side home, draw, away, over, under, yes, no, … or NULL where it is none of them; price decimal, NULL where quoted, the price as sent, is none; version: a number that rises with every change, where the feed has one.';

CREATE TYPE offered AS (
	side      text,
	line      float8,
	price     float8,
	max_stake float8
);
COMMENT ON TYPE offered IS 'One price of an offer: side, line, decimal price, largest stake.';

CREATE TABLE offer (
	feed        text NOT NULL,
	game_id     bigint NOT NULL,
	book        text NOT NULL,
	market      text NOT NULL,
	participant text NOT NULL,
	said        offered[] NOT NULL,
	reason      text,
	version     bigint,
	known_at    timestamptz NOT NULL,
	lost_at     timestamptz,
	payload_id  bigint NOT NULL,
	dropped     offered[],
	scope       text NOT NULL DEFAULT '',
	PRIMARY KEY (game_id, feed, book, market, participant)
);
COMMENT ON TABLE offer IS 'The last statement of every book''s market in a polled feed: what the next poll is compared with. A poll that brings nothing new writes nothing here.';
COMMENT ON COLUMN offer.participant IS 'As quote.participant; empty for the game.';
COMMENT ON COLUMN offer.reason IS 'Why all of it stayed out of quote, as reject.reason; NULL: it is in.';
COMMENT ON COLUMN offer.dropped IS 'Prices of it that stayed out of quote, of alternates the lines that cannot be; NULL: none.';
COMMENT ON COLUMN offer.known_at IS 'When the statement was seen first, or again after another or none: quote.known_at of its prices.';
COMMENT ON COLUMN offer.scope IS 'poll_scope() of the poll that listed it last, which alone tells whether it still stands.';
COMMENT ON COLUMN offer.lost_at IS 'When it was last seen, for one that the book has taken down since; NULL while it stands, and then offer_poll.seen_at is when.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.offer', '');

CREATE TABLE offer_poll (
	feed    text NOT NULL,
	game_id bigint NOT NULL,
	market  text NOT NULL,
	seen_at timestamptz NOT NULL,
	payload_id bigint NOT NULL,
	scope   text NOT NULL DEFAULT '',
	PRIMARY KEY (game_id, feed, scope, market)
) WITH (fillfactor = 50);
COMMENT ON TABLE offer_poll IS 'The heartbeat: when a feed was last asked for a market of a game and listed it, or has stopped listing it. All that a poll without changes writes.';
COMMENT ON COLUMN offer_poll.scope IS 'poll_scope() of the address: the books of one region say nothing of another''s.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.offer_poll', '');

CREATE TABLE offer_gap (
	feed     text NOT NULL,
	game_id  bigint NOT NULL,
	scope    text NOT NULL,
	market   text NOT NULL,
	seen_at  timestamptz NOT NULL,
	again_at timestamptz NOT NULL,
	payload_id bigint NOT NULL,
	PRIMARY KEY (game_id, feed, scope, market, seen_at)
);
COMMENT ON TABLE offer_gap IS 'When nobody saw a market: a feed''s polls left its game out without a word, as after seen_at, and listed it again at again_at. Its prices were not taken down, but between the two they were as old as seen_at, which the heartbeat no longer tells.';
COMMENT ON COLUMN offer_gap.payload_id IS 'The poll that listed it again.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.offer_gap', '');

CREATE TABLE offer_digest (
	feed    text NOT NULL,
	game_id bigint NOT NULL,
	market  text NOT NULL,
	digest  text,
	scope   text NOT NULL DEFAULT '',
	PRIMARY KEY (game_id, feed, scope, market)
);
COMMENT ON TABLE offer_digest IS 'What a feed''s last poll held of a market of a game, as a number: a poll with the same number needs no second look. Only a short cut: without its rows the next poll is compared price by price.';
COMMENT ON COLUMN offer_digest.digest IS 'NULL: compare price by price, since a name was unknown, a poll came out of order, or one of another scope has listed a price of it.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.offer_digest', 'WHERE false');

CREATE FUNCTION forget_digests() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	DELETE FROM offer_digest;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION forget_digests() IS 'Trigger of alias and book: under other names the same poll may say something else.';
CREATE TRIGGER named AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON alias FOR EACH STATEMENT EXECUTE FUNCTION forget_digests();
CREATE TRIGGER named AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON book FOR EACH STATEMENT EXECUTE FUNCTION forget_digests();

CREATE TYPE market_digest AS (
	event_id text,
	market   text,
	digest   text
);
COMMENT ON TYPE market_digest IS 'A market of an event in a poll, under the feed''s names, with a number over everything that the poll says of it: all books, all outcomes.';

CREATE FUNCTION market_digests(payload jsonb) RETURNS SETOF market_digest
	AS 'MODULE_PATHNAME', 'bet_edge_market_digests' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION market_digests(jsonb) IS
'Of an answer of The Odds API a row for every market of every event with sides: 128 bits over the sides'' names and, book after book, the outcomes as they stand; times of updates do not count. An event of another form has one row without market and digest.';

CREATE FUNCTION passed_over(payload_id bigint, seen bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
BEGIN ATOMIC
	SELECT l.payload_id FROM payload AS source
	CROSS JOIN LATERAL (SELECT x.* FROM (SELECT DISTINCT s FROM unnest(seen) AS s) AS d CROSS JOIN LATERAL (SELECT y.payload_id, y.name, y.received_at FROM payload AS y WHERE y.payload_id = d.s OFFSET 0) AS x) AS l
	WHERE source.payload_id = passed_over.payload_id AND EXISTS (SELECT FROM payload AS x
		WHERE x.feed = source.feed AND md5(x.name) = md5(l.name) AND x.name = l.name AND x.received_at > l.received_at AND x.received_at < source.received_at AND x.payload_id < passed_over.payload_id AND x.rows_read > 0);
END;
COMMENT ON FUNCTION passed_over(bigint, bigint[]) IS 'Of the polls that saw something last before this one, those after which the same address was polled between: what they saw and this one sees again was left out there.';

CREATE FUNCTION changed_markets(payload_id bigint, digests market_digest[], seen_at timestamptz DEFAULT NULL) RETURNS market_digest[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	source  payload;
	moment  timestamptz;
	asked   text;
	changed market_digest[];
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = changed_markets.payload_id;
	moment := least(source.received_at, changed_markets.seen_at);
	asked := poll_scope(source.name);
	WITH listed AS MATERIALIZED (
		SELECT d.event_id, d.market, e.game_id, d.digest || CASE WHEN e.swapped THEN ' swapped' ELSE '' END AS digest, count(*) OVER (PARTITION BY e.game_id, d.market) AS n
		FROM unnest(digests) AS d
		LEFT JOIN LATERAL (SELECT x.game_id, x.swapped FROM game_event AS x WHERE x.feed = source.feed AND x.event_id = d.event_id OFFSET 0) AS e ON true
	), again AS MATERIALIZED (
		-- By the key, row for row: these tables hold all that was ever polled.
		SELECT l.game_id, l.market, h.seen_at, h.payload_id FROM listed AS l
		CROSS JOIN LATERAL (SELECT x.* FROM offer_poll AS x WHERE x.game_id = l.game_id AND x.feed = source.feed AND x.scope = asked AND x.market = l.market OFFSET 0) AS h
		WHERE l.n = 1 AND moment > h.seen_at
		  AND l.digest = (SELECT d.digest FROM offer_digest AS d WHERE d.game_id = l.game_id AND d.feed = source.feed AND d.scope = asked AND d.market = l.market)
	), add_gap AS (
		INSERT INTO offer_gap (feed, game_id, scope, market, seen_at, again_at, payload_id)
		SELECT source.feed, a.game_id, asked, a.market, a.seen_at, moment, changed_markets.payload_id FROM again AS a
		WHERE moment = source.received_at AND a.payload_id = ANY (ARRAY(SELECT passed_over(changed_markets.payload_id, ARRAY(SELECT DISTINCT x.payload_id FROM again AS x))))
		ON CONFLICT DO NOTHING
	), seen AS (
		INSERT INTO offer_poll AS p (feed, game_id, market, seen_at, payload_id, scope)
		SELECT source.feed, a.game_id, a.market, moment, changed_markets.payload_id, asked FROM again AS a
		ON CONFLICT (game_id, feed, scope, market) DO UPDATE SET seen_at = excluded.seen_at, payload_id = excluded.payload_id
		RETURNING p.game_id, p.market
	)
	SELECT coalesce(array_agg(ROW(l.event_id, l.market, l.digest)::market_digest), '{}') INTO changed
	FROM listed AS l LEFT JOIN seen AS s ON s.game_id = l.game_id AND s.market = l.market WHERE s.game_id IS NULL;
	RETURN changed;
END $$;
COMMENT ON FUNCTION changed_markets(bigint, market_digest[], timestamptz) IS
'Which markets of a poll append_quotes() has to look at: all but those of which the last poll of the same feed and scope, if it was before this one, said the same, book for book and price for price. Those were seen again, which is noted.';

CREATE FUNCTION is_player_market(market text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN market ^@ ANY ('{player_,batter_,pitcher_}'::text[]);
COMMENT ON FUNCTION is_player_market(text) IS 'Whether a market of The Odds API''s vocabulary is about a player: player_…, batter_…, pitcher_….';

CREATE FUNCTION poll_scope(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN concat_ws(' ', substring(name FROM '[?&]regions=([^&]*)'), substring(name FROM '[?&]bookmakers=([^&]*)'));
COMMENT ON FUNCTION poll_scope(text) IS 'Whose prices an address asks for, by its regions and bookmakers: what another scope does not list is not taken down.';

CREATE FUNCTION poll_markets(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg(m || lay ORDER BY m, lay) FROM regexp_split_to_table(coalesce(substring(name FROM '[?&]markets=([^&#]+)'), CASE WHEN name ~ '^https?://' THEN 'h2h' END), ',|%2C', 'i') AS m, unnest('{"",_lay}'::text[]) AS lay);
COMMENT ON FUNCTION poll_markets(text) IS 'The markets that an address of The Odds API asks for: those of its markets, h2h where it names none, and the prices to lay that exchanges add to them. NULL for a name that is no address.';

CREATE FUNCTION append_quotes(payload_id bigint, quotes collected_quote[], seen_at timestamptz DEFAULT NULL, digests market_digest[] DEFAULT '{}',
	events text[] DEFAULT '{}', markets text[] DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
-- One plan serves a session, however its tables grow.
SET enable_nestloop = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	source   payload;
	moment   timestamptz;
	asked    text;
	appended int;
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_quotes.payload_id;
	moment := least(source.received_at, append_quotes.seen_at);
	asked := poll_scope(source.name);
	WITH price AS MATERIALIZED (
		-- Without a name an event, a book or a market has one that nobody knows.
		SELECT coalesce(q.event_id, '') AS event_id, coalesce(q.book, '') AS book, coalesce(q.market, '') AS market, q.side, q.participant, q.line, q.price, q.quoted, q.max_stake, q.updated_at, q.version,
			is_player_market(q.market) AS of_player FROM unnest(quotes) AS q
	), listed AS MATERIALIZED (
		SELECT l.event_id, e.game_id, e.swapped, g.month, g.sport, s.pool, s.outcomes, s.family, coalesce(s.overround_limit, 0.25) AS overround_limit
		FROM (SELECT DISTINCT q.event_id FROM price AS q) AS l
		LEFT JOIN LATERAL (SELECT x.* FROM game_event AS x WHERE x.feed = source.feed AND x.event_id = l.event_id OFFSET 0) AS e ON true
		LEFT JOIN LATERAL (SELECT x.* FROM game AS x WHERE x.game_id = e.game_id OFFSET 0) AS g ON true
		LEFT JOIN sport AS s ON s.sport = g.sport
	), known_book AS (
		SELECT n.name, coalesce(a.target, b.book) AS book
		FROM (SELECT DISTINCT q.book AS name FROM price AS q) AS n
		LEFT JOIN alias AS a ON a.feed = source.feed AND a.kind = 'book' AND a.pool = '' AND a.name = n.name
		LEFT JOIN book AS b ON b.book = n.name
	), known_player AS (
		SELECT n.pool, n.participant AS name, a.target
		FROM (SELECT DISTINCT l.pool, q.participant FROM price AS q JOIN listed AS l ON l.event_id = q.event_id
			WHERE q.of_player AND q.participant IS NOT NULL) AS n
		LEFT JOIN alias AS a ON a.feed = source.feed AND a.kind = 'player' AND a.pool = n.pool AND a.name = n.participant
	), named AS MATERIALIZED (
		-- The sides turned where the feed has them the other way round.
		SELECT q.event_id, l.game_id, b.book, q.market,
			CASE WHEN q.of_player THEN p.target WHEN l.swapped AND q.participant IN ('home', 'away') THEN CASE q.participant WHEN 'home' THEN 'away' ELSE 'home' END ELSE coalesce(q.participant, '') END AS participant,
			CASE WHEN q.of_player AND p.target IS NULL THEN q.participant END AS unknown_player,
			CASE WHEN NOT l.swapped THEN q.side ELSE CASE q.side WHEN 'home' THEN 'away' WHEN 'away' THEN 'home' WHEN 'home_draw' THEN 'draw_away' WHEN 'draw_away' THEN 'home_draw' ELSE q.side END END AS side,
			q.line, CASE WHEN q.price > 1.01 THEN q.price END AS price, q.quoted, q.max_stake, q.updated_at, q.version
		FROM price AS q
		JOIN listed AS l ON l.event_id = q.event_id
		LEFT JOIN known_book AS b ON b.name = q.book
		LEFT JOIN known_player AS p ON q.of_player AND p.pool = l.pool AND p.name = q.participant
	), stated AS MATERIALIZED (
		-- In one order whatever the feed's, so that statements can be compared.
		SELECT n.game_id, n.book, n.market, n.participant,
			array_agg(ROW(n.side, n.line, n.price, n.max_stake)::offered) AS said, count(*)::int AS n, count(n.price)::int AS priced,
			count(*) FILTER (WHERE n.side = ANY (CASE n.market WHEN 'h2h' THEN '{home,draw,away}' WHEN 'spreads' THEN '{home,away}' WHEN 'totals' THEN '{over,under}' ELSE '{home,draw,away,over,under,yes,no,home_draw,home_away,draw_away}' END::text[]))::int AS sided,
			sum(1 / n.price) AS implied, string_agg(n.quoted, ', ') FILTER (WHERE n.price IS NULL) AS bad,
			min(CASE WHEN n.side = 'away' THEN 0 - n.line ELSE n.line END) AS least_line, max(CASE WHEN n.side = 'away' THEN 0 - n.line ELSE n.line END) AS most_line,
			count(n.line)::int AS lined, max(n.updated_at) AS updated_at, max(n.version) AS version
		FROM (SELECT x.game_id, x.book COLLATE "C" AS book, x.market COLLATE "C" AS market, x.participant COLLATE "C" AS participant, x.side COLLATE "C" AS side,
				x.line, x.price, x.max_stake, x.quoted COLLATE "C" AS quoted, x.updated_at, x.version
			FROM named AS x WHERE x.game_id IS NOT NULL AND x.book IS NOT NULL AND x.participant IS NOT NULL ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9) AS n
		GROUP BY n.game_id, n.book, n.market, n.participant
	), vanished AS MATERIALIZED (
		-- What it was asked for and does not list any more, and what changed_markets() has not seen in it.
		SELECT e.game_id, p.market FROM unnest(events) AS l (event_id)
		CROSS JOIN LATERAL (SELECT x.game_id FROM game_event AS x WHERE x.feed = source.feed AND x.event_id = l.event_id OFFSET 0) AS e
		CROSS JOIN LATERAL (SELECT x.* FROM offer_poll AS x WHERE x.game_id = e.game_id AND x.feed = source.feed AND x.scope = asked OFFSET 0) AS p
		WHERE (markets IS NULL OR p.market = ANY (markets)) AND (p.seen_at, p.payload_id) <> (moment, source.payload_id)
		EXCEPT SELECT game_id, market FROM stated
	), polled AS MATERIALIZED (
		SELECT game_id, market FROM stated UNION SELECT game_id, market FROM vanished
	), told AS MATERIALIZED (
		SELECT o.* FROM (SELECT DISTINCT game_id FROM polled) AS g
		CROSS JOIN LATERAL (SELECT x.* FROM offer AS x WHERE x.feed = source.feed AND x.game_id = g.game_id OFFSET 0) AS o
	), listened AS MATERIALIZED (
		SELECT p.* FROM (SELECT DISTINCT game_id FROM polled) AS g
		CROSS JOIN LATERAL (SELECT x.* FROM offer_poll AS x WHERE x.feed = source.feed AND x.game_id = g.game_id OFFSET 0) AS p
	), heard AS MATERIALIZED (
		-- is_later: loaded before this one, it has seen what stood later, be it what stood before.
		SELECT DISTINCT ON (p.game_id, p.scope, p.market) p.*, p.seen_at > moment AND p.payload_id < source.payload_id AS is_later
		FROM (SELECT * FROM listened
			-- A later poll that was asked for a market and never saw it has left no heartbeat of it; those of the game's other markets have.
			UNION ALL SELECT l.feed, l.game_id, x.market, l.seen_at, l.payload_id, l.scope
			FROM listened AS l JOIN polled AS x ON x.game_id = l.game_id AND x.market <> l.market
			WHERE l.scope = asked AND l.seen_at > moment AND l.payload_id < source.payload_id
			  AND (markets IS NULL OR x.market = ANY (poll_markets((SELECT y.name FROM payload AS y WHERE y.payload_id = l.payload_id))))) AS p
		ORDER BY p.game_id, p.scope, p.market, p.seen_at DESC, p.payload_id
	), changed AS (
		SELECT s.*, g.month, g.sport, g.outcomes, g.overround_limit, o.game_id IS NULL AS is_first, o.payload_id AS told_by, o.lost_at, o.known_at AS told_at,
			o.reason IS NULL AND o.said IS DISTINCT FROM o.dropped AS was_taken, s.said IS DISTINCT FROM o.said AS is_new,
			coalesce(o.known_at > moment, false) OR coalesce(p.is_later, false) OR coalesce(h.is_later, false) AS is_late
		FROM stated AS s
		JOIN (SELECT DISTINCT l.game_id, l.month, l.sport, l.outcomes, l.overround_limit FROM listed AS l) AS g ON g.game_id = s.game_id
		LEFT JOIN told AS o ON o.game_id = s.game_id AND o.book = s.book AND o.market = s.market AND o.participant = s.participant
		LEFT JOIN heard AS p ON p.game_id = s.game_id AND p.market = s.market AND p.scope = asked
		LEFT JOIN heard AS h ON h.game_id = o.game_id AND h.market = o.market AND h.scope = o.scope
		WHERE o.game_id IS NULL OR o.lost_at IS NOT NULL OR o.payload_id = source.payload_id OR o.known_at > moment
		   OR (coalesce(s.version > o.version, true) AND o.said <> s.said)
	), judged AS MATERIALIZED (
		SELECT s.*, CASE
			WHEN s.market !~ '^[a-z0-9_]{2,60}$' THEN 'bad_market'
			WHEN s.sided < s.n THEN 'unknown_side'
			WHEN s.lined < s.n AND (s.market IN ('spreads', 'totals') OR s.market ~ 'spreads|totals' AND s.least_line IS NOT DISTINCT FROM s.most_line) OR s.market LIKE 'h2h%' AND s.lined > 0 THEN 'bad_line'
			-- Several lines in one market are judged line by line, below.
			WHEN s.least_line IS DISTINCT FROM s.most_line AND s.market NOT IN ('spreads', 'totals') THEN NULL
			WHEN s.least_line IS DISTINCT FROM s.most_line THEN 'bad_line'
			WHEN s.priced < s.n THEN 'bad_odds'
			WHEN s.n <> CASE WHEN s.market IN ('h2h', 'h2h_lay') THEN s.outcomes WHEN s.market IN ('spreads', 'totals') THEN 2 ELSE s.n END
				OR CASE s.n WHEN 1 THEN false WHEN 2 THEN (s.said[1]).side = (s.said[2]).side ELSE s.n > (SELECT count(DISTINCT x.side) FROM unnest(s.said) AS x) END THEN 'incomplete_market'
			WHEN s.n > 1 AND s.market NOT LIKE '%\_lay' AND s.market NOT LIKE 'double_chance%' AND s.implied < 0.99 THEN 'implied_sum_below_1'
			WHEN s.n > 1 AND s.market NOT LIKE 'double_chance%' AND s.implied > 1 + CASE WHEN s.market IN ('h2h', 'spreads', 'totals') THEN s.overround_limit ELSE 0.35 END THEN 'overround_above_limit' END AS reason
		FROM changed AS s
	), sound AS MATERIALIZED (
		SELECT j.*, CASE WHEN j.reason IS NULL THEN j.said END AS taken, NULL::offered[] AS dropped
		FROM judged AS j WHERE j.reason IS NOT NULL OR j.least_line IS NOT DISTINCT FROM j.most_line
		UNION ALL
		SELECT j.*, l.said, l.dropped
		FROM judged AS j
		CROSS JOIN LATERAL (
			SELECT array_agg(x.it) FILTER (WHERE x.good) AS said, array_agg(x.it ORDER BY (x.it).side COLLATE "C", (x.it).line, (x.it).price, (x.it).max_stake) FILTER (WHERE NOT x.good) AS dropped
			FROM (SELECT u AS it, u.price IS NOT NULL AND (u.line IS NOT NULL OR j.market !~ 'spreads|totals') AND count(*) OVER line = count(u.price) OVER line AND (count(*) OVER line < 2
					OR sum(1 / u.price) OVER line BETWEEN 0.99 AND 1.35) AS good
				FROM unnest(j.said) AS u
				WINDOW line AS (PARTITION BY CASE WHEN u.side = 'away' THEN 0 - u.line ELSE u.line END)) AS x) AS l
		WHERE j.reason IS NULL AND j.least_line IS DISTINCT FROM j.most_line
	), add_reject AS (
		INSERT INTO reject (payload_id, reason, detail, raw, sport)
		SELECT source.payload_id, coalesce(s.reason, 'bad_odds'), concat_ws(' ', s.book, s.market, nullif(s.participant, '')) || ': '
				|| CASE WHEN s.reason = 'bad_odds' THEN 'not odds above 1.01: ' || coalesce(s.bad, 'null')
				WHEN s.reason IN ('implied_sum_below_1', 'overround_above_limit') THEN format('the prices imply %s in all', round(s.implied::numeric, 4))
				WHEN s.reason IS NULL THEN 'lines whose prices cannot be: ' || (SELECT string_agg(concat_ws(' ', d.side, d.line, d.price), ', ') FROM unnest(s.dropped) AS d)
				WHEN s.reason = 'bad_line' THEN 'lines ' || concat_ws(' and ', s.least_line, s.most_line)
				WHEN s.reason = 'bad_market' THEN 'a market of no name'
				WHEN s.reason = 'unknown_side' THEN 'an outcome that is neither side of the game'
				ELSE format('%s outcomes', s.n) END,
			to_jsonb(s.said)::text, s.sport
		FROM sound AS s WHERE (s.reason IS NOT NULL OR s.dropped IS NOT NULL) AND (s.is_new OR s.told_by = source.payload_id)
		ORDER BY s.game_id, s.book, s.market, s.participant
	), add_unknown AS (
		INSERT INTO reject (payload_id, reason, detail, raw, sport, unknown)
		SELECT source.payload_id, u.reason, format(u.detail, u.event_id, array_length(u.unknown, 1)), u.event_id, u.sport, u.unknown
		FROM (
			SELECT 'unknown_event' AS reason, '%s is no game that this feed has listed' AS detail, l.event_id, l.sport, NULL::text[] AS unknown
			FROM listed AS l WHERE l.game_id IS NULL
				AND NOT EXISTS (SELECT FROM reject AS r WHERE r.payload_id = source.payload_id AND r.raw LIKE '%' || l.event_id || '%')
			UNION ALL
			SELECT 'unknown_player', '%s: %s names of players that alias does not have', n.event_id, l.sport, array_agg(DISTINCT n.unknown_player ORDER BY n.unknown_player)
			FROM named AS n JOIN listed AS l ON l.event_id = n.event_id WHERE n.unknown_player IS NOT NULL AND n.game_id IS NOT NULL GROUP BY n.event_id, l.sport
			UNION ALL
			SELECT 'unknown_book', 'neither book nor alias has them', NULL, NULL, array_agg(b.name ORDER BY b.name) FROM known_book AS b WHERE b.book IS NULL HAVING count(*) > 0) AS u
		ORDER BY u.reason, u.event_id
	), late AS MATERIALIZED (
		-- An older snapshot is compared with what stood at its own time: what differs stood until the first poll after it, and what that had still is said again then.
		SELECT k.*, h.quoted_at, h.said AS stood, n.payload_id AS next_by, n.known_at AS next_at, h.said IS NOT NULL AND NOT EXISTS (SELECT FROM withdrawal AS w
			WHERE w.game_id = k.game_id AND w.book = k.book AND w.market = k.market AND w.participant = k.participant AND w.quoted_at = h.quoted_at AND w.known_at > moment AND w.known_at <= n.known_at) AS is_again
		FROM (SELECT x.*, (SELECT g.month FROM game AS g WHERE g.game_id = x.game_id) AS month
			FROM (SELECT s.game_id, s.book, s.market, s.participant, (SELECT array_agg(u ORDER BY u.side COLLATE "C", u.line, u.price, u.max_stake) FROM unnest(s.taken) AS u) AS taken
				FROM sound AS s WHERE s.is_late
				UNION ALL
				SELECT t.game_id, t.book, t.market, t.participant, NULL
				FROM told AS t JOIN polled AS x ON x.game_id = t.game_id AND x.market = t.market JOIN heard AS p ON p.game_id = t.game_id AND p.market = t.market AND p.scope = t.scope
				LEFT JOIN stated AS s ON s.game_id = t.game_id AND s.book = t.book AND s.market = t.market AND s.participant = t.participant
				WHERE t.scope = asked AND p.is_later AND s.game_id IS NULL) AS x) AS k
		LEFT JOIN told AS o ON o.game_id = k.game_id AND o.book = k.book AND o.market = k.market AND o.participant = k.participant
		LEFT JOIN LATERAL (
			SELECT q.known_at AS quoted_at, array_agg(ROW(q.side, q.line, q.price, q.max_stake)::offered ORDER BY q.side COLLATE "C", q.line, q.price, q.max_stake) AS said
			FROM (SELECT x.*, rank() OVER (ORDER BY x.known_at DESC, x.recorded_at DESC) AS age FROM quote AS x
				WHERE x.game_id = k.game_id AND x.game_month = k.month AND x.book = k.book AND x.market = k.market AND x.participant IS NOT DISTINCT FROM nullif(k.participant, '')
				  AND x.known_at <= moment AND (SELECT y.feed FROM payload AS y WHERE y.payload_id = x.payload_id) = source.feed OFFSET 0) AS q
			WHERE q.age = 1 AND NOT EXISTS (SELECT FROM withdrawal AS w
				WHERE w.game_id = k.game_id AND w.book = k.book AND w.market = k.market AND w.participant = k.participant AND w.quoted_at = q.known_at AND w.known_at <= moment)
			GROUP BY q.known_at OFFSET 0) AS h ON true
		LEFT JOIN LATERAL (
			SELECT x.payload_id, least(x.received_at, p.seen_at) AS known_at
			FROM (SELECT y.* FROM heard AS y WHERE y.game_id = k.game_id AND y.market = k.market AND y.scope IN (asked, o.scope) AND y.is_later ORDER BY y.scope = o.scope DESC LIMIT 1) AS p
			CROSS JOIN LATERAL (SELECT y.name FROM payload AS y WHERE y.payload_id = p.payload_id OFFSET 0) AS l
			CROSS JOIN LATERAL (SELECT y.payload_id, y.received_at FROM payload AS y
				WHERE y.feed = source.feed AND md5(y.name) = md5(l.name) AND y.name = l.name AND y.received_at > moment AND y.payload_id < source.payload_id AND (y.rows_read > 0 OR y.payload_id = p.payload_id)
				ORDER BY y.received_at LIMIT 1) AS x
			-- Unless it has another statement already.
			WHERE NOT EXISTS (SELECT FROM quote AS q
				WHERE q.game_id = k.game_id AND q.game_month = k.month AND q.book = k.book AND q.market = k.market AND q.participant IS NOT DISTINCT FROM nullif(k.participant, '')
				  AND q.known_at > moment AND q.known_at <= least(x.received_at, p.seen_at) AND (SELECT y.feed FROM payload AS y WHERE y.payload_id = q.payload_id) = source.feed)
			OFFSET 0) AS n ON true
		WHERE k.taken IS DISTINCT FROM h.said
	), fresh AS MATERIALIZED (
		SELECT s.* FROM sound AS s
		WHERE CASE WHEN s.is_late THEN (s.game_id, s.book, s.market, s.participant) IN (SELECT l.game_id, l.book, l.market, l.participant FROM late AS l) ELSE s.is_new OR s.lost_at IS NOT NULL END
	), add_again AS (
		INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id, game_month, participant, updated_at, max_stake)
		SELECT l.game_id, l.market, s.side, s.line, l.book, s.price, false, l.next_at, source.received_at, l.next_by, l.month, nullif(l.participant, ''), l.next_at, s.max_stake
		FROM late AS l CROSS JOIN LATERAL unnest(l.stood) AS s WHERE l.is_again AND l.next_at IS NOT NULL
	), set_again AS (
		INSERT INTO offer (feed, game_id, book, market, participant, said, known_at, payload_id)
		SELECT source.feed, o.game_id, o.book, o.market, o.participant, o.said, l.next_at, o.payload_id
		FROM late AS l JOIN told AS o ON o.game_id = l.game_id AND o.book = l.book AND o.market = l.market AND o.participant = l.participant
		WHERE l.is_again AND l.next_at IS NOT NULL AND o.known_at = l.quoted_at
		ON CONFLICT (feed, game_id, book, market, participant) DO UPDATE SET known_at = excluded.known_at
	), add_quote AS (
		INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id, game_month, participant, updated_at, max_stake)
		SELECT f.game_id, f.market, o.side, o.line + 0.0, f.book, o.price, false, moment, source.received_at, source.payload_id, f.month, nullif(f.participant, ''),
			least(coalesce(f.updated_at, moment), moment), o.max_stake
		FROM fresh AS f CROSS JOIN LATERAL unnest(f.taken) AS o
		RETURNING 1
	), add_offer AS (
		INSERT INTO offer (feed, game_id, book, market, participant, said, reason, dropped, version, known_at, lost_at, payload_id, scope)
		SELECT source.feed, s.game_id, s.book, s.market, s.participant, s.said, s.reason, s.dropped, s.version, moment, CASE WHEN s.is_late THEN moment END, source.payload_id, asked
		FROM sound AS s WHERE s.is_first OR ((s.is_new OR s.lost_at IS NOT NULL) AND NOT s.is_late)
		ON CONFLICT (feed, game_id, book, market, participant) DO UPDATE SET said = excluded.said, reason = excluded.reason, dropped = excluded.dropped, version = excluded.version,
			known_at = excluded.known_at, lost_at = NULL, payload_id = excluded.payload_id, scope = excluded.scope
	), met AS MATERIALIZED (
		-- Listed by a poll of another scope before: from now on it is this one's.
		SELECT o.* FROM stated AS s JOIN told AS o ON o.game_id = s.game_id AND o.book = s.book AND o.market = s.market AND o.participant = s.participant
		WHERE o.scope <> asked AND NOT EXISTS (SELECT FROM heard AS h WHERE h.game_id = o.game_id AND h.market = o.market AND h.scope IN (asked, o.scope) AND h.seen_at >= moment)
	), take_over AS (
		INSERT INTO offer (feed, game_id, book, market, participant, said, known_at, payload_id, scope)
		SELECT source.feed, m.game_id, m.book, m.market, m.participant, m.said, m.known_at, m.payload_id, asked
		FROM met AS m WHERE (m.game_id, m.book, m.market, m.participant) NOT IN (SELECT s.game_id, s.book, s.market, s.participant FROM sound AS s WHERE s.is_new OR s.lost_at IS NOT NULL)
		ON CONFLICT (feed, game_id, book, market, participant) DO UPDATE SET scope = excluded.scope
	), missed AS MATERIALIZED (
		SELECT t.game_id, t.book, t.market, t.participant, t.said, t.known_at, t.reason, t.payload_id AS told_by, p.seen_at, p.payload_id
		FROM told AS t JOIN polled AS x ON x.game_id = t.game_id AND x.market = t.market
		JOIN heard AS p ON p.game_id = t.game_id AND p.market = t.market AND p.scope = t.scope
		LEFT JOIN stated AS s ON s.game_id = t.game_id AND s.book = t.book AND s.market = t.market AND s.participant = t.participant
		WHERE t.scope = asked AND t.lost_at IS NULL AND s.game_id IS NULL AND t.known_at < moment AND p.seen_at < moment
	), lost AS (
		-- By the key, row for row: offer holds all that was ever polled.
		INSERT INTO offer (feed, game_id, book, market, participant, said, known_at, lost_at, payload_id)
		SELECT source.feed, m.game_id, m.book, m.market, m.participant, m.said, m.known_at, m.seen_at, m.told_by FROM missed AS m
		ON CONFLICT (feed, game_id, book, market, participant) DO UPDATE SET lost_at = excluded.lost_at
	), add_withdrawal AS (
		INSERT INTO withdrawal (game_id, book, market, participant, quoted_at, known_at, recorded_at, payload_id, seen_payload_id)
		SELECT w.game_id, w.book, w.market, w.participant, w.quoted_at, w.known_at, source.received_at, w.payload_id, w.seen_payload_id
		FROM (SELECT m.game_id, m.book, m.market, m.participant, m.known_at AS quoted_at, moment AS known_at, source.payload_id, m.payload_id AS seen_payload_id FROM missed AS m WHERE m.reason IS NULL
			UNION ALL SELECT s.game_id, s.book, s.market, s.participant, s.told_at, moment, source.payload_id, NULL FROM sound AS s
				WHERE s.taken IS NULL AND s.is_new AND s.was_taken AND s.lost_at IS NULL AND NOT s.is_late AND NOT s.is_first
			UNION ALL SELECT l.game_id, l.book, l.market, l.participant, l.quoted_at, moment, source.payload_id, NULL FROM late AS l WHERE l.taken IS NULL
			UNION ALL SELECT l.game_id, l.book, l.market, l.participant, moment, l.next_at, l.next_by, NULL FROM late AS l WHERE l.taken IS NOT NULL AND NOT l.is_again AND l.next_at IS NOT NULL
			UNION ALL SELECT l.game_id, l.book, l.market, l.participant, l.next_at, x.known_at, x.payload_id, x.seen_payload_id
				FROM late AS l CROSS JOIN LATERAL (SELECT y.* FROM withdrawal AS y WHERE y.game_id = l.game_id AND y.book = l.book AND y.market = l.market AND y.participant = l.participant
					AND y.quoted_at = l.quoted_at AND y.known_at > l.next_at OFFSET 0) AS x WHERE l.is_again) AS w
		ORDER BY w.game_id, w.book, w.market, w.participant
		ON CONFLICT DO NOTHING
	), add_gap AS (
		INSERT INTO offer_gap (feed, game_id, scope, market, seen_at, again_at, payload_id)
		SELECT source.feed, h.game_id, asked, h.market, h.seen_at, moment, source.payload_id
		FROM polled AS x JOIN heard AS h ON h.game_id = x.game_id AND h.market = x.market
		WHERE h.scope = asked AND h.seen_at < moment AND moment = source.received_at
		  AND h.payload_id = ANY (ARRAY(SELECT passed_over(source.payload_id, ARRAY(SELECT DISTINCT y.payload_id FROM heard AS y WHERE y.scope = asked))))
		ORDER BY h.game_id, h.market
		ON CONFLICT DO NOTHING
	), beat AS (
		INSERT INTO offer_poll AS p (feed, game_id, market, seen_at, payload_id, scope)
		SELECT source.feed, x.game_id, x.market, coalesce(h.seen_at, moment), coalesce(h.payload_id, source.payload_id), asked
		FROM polled AS x LEFT JOIN heard AS h ON h.game_id = x.game_id AND h.market = x.market AND h.scope = asked AND h.is_later
		ORDER BY x.game_id, x.market
		ON CONFLICT (feed, game_id, scope, market) DO UPDATE SET seen_at = excluded.seen_at, payload_id = excluded.payload_id WHERE excluded.seen_at > p.seen_at
	), unnamed AS (
		SELECT DISTINCT n.game_id, n.market FROM named AS n WHERE n.book IS NULL OR n.unknown_player IS NOT NULL
	), digested AS (
		SELECT l.game_id, d.market, min(d.digest) AS digest FROM unnest(digests) AS d JOIN listed AS l ON l.event_id = d.event_id GROUP BY l.game_id, d.market HAVING count(*) = 1
	), add_digest AS (
		-- The next poll may rely on it when this one is the newest of all scopes and nothing in it waits for a name.
		INSERT INTO offer_digest (feed, game_id, scope, market, digest)
		SELECT source.feed, n.game_id, n.scope, n.market, n.digest
		FROM (SELECT x.game_id, asked AS scope, x.market, CASE WHEN u.game_id IS NULL AND p.game_id IS NULL THEN d.digest END AS digest
			FROM polled AS x
			LEFT JOIN digested AS d ON d.game_id = x.game_id AND d.market = x.market
			LEFT JOIN unnamed AS u ON u.game_id = x.game_id AND u.market = x.market
			LEFT JOIN (SELECT DISTINCT h.game_id, h.market FROM heard AS h WHERE h.seen_at >= moment) AS p ON p.game_id = x.game_id AND p.market = x.market
			UNION ALL SELECT DISTINCT m.game_id, m.scope, m.market, NULL FROM met AS m) AS n
		WHERE n.digest IS NOT NULL OR (SELECT o.digest FROM offer_digest AS o WHERE o.game_id = n.game_id AND o.feed = source.feed AND o.scope = n.scope AND o.market = n.market) IS NOT NULL
		ON CONFLICT (game_id, feed, scope, market) DO UPDATE SET digest = excluded.digest
	)
	SELECT count(*) INTO appended FROM add_quote;
	RETURN appended;
END $$;
COMMENT ON FUNCTION append_quotes(bigint, collected_quote[], timestamptz, market_digest[], text[], text[]) IS
'The last step of a polled feed, after append_facts() has met its games: events, books and players through game_event, book and alias, and of each book''s market what differs from its last statement into quote, all sides and lines together. seen_at: when the feed saw them, for history; the payload''s arrival otherwise. What nobody can have sold stays out (odds of 1.01 and below, prices of a market that imply less than 0.99 or more than 1 + sport.overround_limit, 1.35 in side markets), an unknown player or book too, with a reject. digests: changed_markets(), for the next poll. events: those that the answer tells of, with prices or without, and markets: what it was asked for (NULL: all): of these, what it does not list any more is taken down, too. A poll that brings nothing new writes offer_poll alone. Returns the number of prices appended.';

CREATE VIEW current_quote AS
SELECT o.feed, o.game_id, o.market, nullif(o.participant, '') AS participant, o.book, p.side, p.line, p.price, p.max_stake, o.known_at,
	coalesce(o.lost_at, h.seen_at) AS last_seen, o.lost_at IS NULL AS is_standing
FROM offer AS o
LEFT JOIN offer_poll AS h ON h.feed = o.feed AND h.game_id = o.game_id AND h.scope = o.scope AND h.market = o.market
CROSS JOIN LATERAL unnest(o.said) AS p
WHERE o.reason IS NULL AND p <> ALL (coalesce(o.dropped, '{}'));
COMMENT ON VIEW current_quote IS 'The last statement of each book in each polled feed, without what was kept out of quote: since when it stands (known_at), when it was last seen, and whether the book still had it then.';

CREATE FUNCTION standing_quotes(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS SETOF quote
LANGUAGE sql STABLE PARALLEL SAFE ROWS 60	-- not STRICT, so that the planner can merge it into a query over many games
BEGIN ATOMIC
	SELECT q.game_id, q.market, q.side, q.line, q.book, q.price, q.closing, q.known_at, q.recorded_at, q.payload_id, q.game_month, q.participant, q.updated_at, q.max_stake
	FROM quotes(standing_quotes.game_id, as_of) AS q
	WHERE NOT EXISTS (SELECT FROM withdrawal AS w WHERE w.game_id = q.game_id AND w.book = q.book AND w.market = q.market AND w.participant = coalesce(q.participant, '')
		AND w.quoted_at = q.known_at AND w.known_at <= as_of);
END;
COMMENT ON FUNCTION standing_quotes(bigint, timestamptz) IS
'quotes() without what was withdrawn by as_of: the prices that could be had then as far as the polls tell. Whether the last poll was long ago is another question: standing_prices() has max_age.';

CREATE FUNCTION last_seen(game_id bigint, market text, known_at timestamptz, payload_id bigint, as_of timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT greatest(last_seen.known_at,
		(SELECT max(q.known_at) FROM quote AS q JOIN payload AS p ON p.payload_id = q.payload_id
			WHERE q.game_id = last_seen.game_id AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = last_seen.game_id) AND q.market = last_seen.market AND q.known_at <= as_of
			  AND p.feed = l.feed AND poll_scope(p.name) = poll_scope(l.name)),
		-- Not of history, which came when it was over.
		CASE WHEN l.received_at = last_seen.known_at THEN (SELECT max(p.received_at) FROM payload AS p
			WHERE p.feed = l.feed AND md5(p.name) = md5(l.name) AND p.name = l.name AND p.rows_read > 0
			  -- as far as they listed it
			  AND p.received_at <= coalesce((SELECT min(g.seen_at) FROM offer_gap AS g WHERE g.game_id = last_seen.game_id AND g.feed = l.feed AND g.scope = poll_scope(l.name) AND g.market = last_seen.market
				AND g.seen_at <= as_of AND g.again_at > as_of), as_of)) END)
	FROM (SELECT) AS one LEFT JOIN payload AS l ON l.payload_id = last_seen.payload_id;
END;
COMMENT ON FUNCTION last_seen(bigint, text, timestamptz, bigint, timestamptz) IS
'When a polled price of a market, known since known_at from a payload and neither changed nor taken down by as_of, was last seen by then, as far as payloads and prices that are kept tell: at the last poll of the same address that did not leave it out (offer_gap), or when the same feed and scope (poll_scope()) had news of that market. At least known_at. For now, current_quote has it from the heartbeat.';
