-- close: what the closing market says of a game and of a bet on it.

CREATE FUNCTION closing_books(game_id bigint, as_of timestamptz DEFAULT now(), method text DEFAULT NULL, for_book text DEFAULT NULL)
RETURNS TABLE (market text, participant text, side text, line float8, book text, price float8, known_at timestamptz, payload_id bigint, updated_at timestamptz,
	probability float8, reference_book text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
BEGIN ATOMIC
	WITH latest AS MATERIALIZED (
		SELECT DISTINCT ON (q.market, q.participant, q.side, q.line, q.book) q.*
		FROM closing_quotes(closing_books.game_id, as_of) AS q
		ORDER BY q.market, q.participant, q.side, q.line, q.book, q.known_at DESC, q.recorded_at DESC
	), offered AS (
		-- both sides of a spread share the home side's line
		SELECT l.market, CASE WHEN l.market = 'spreads' AND l.side = 'away' THEN -l.line ELSE l.line END AS market_line, l.book, max(l.known_at) AS known_at,
			array_agg(l.side ORDER BY array_position('{home,over,draw,away,under}'::text[], l.side)) AS sides,
			array_agg(l.line ORDER BY array_position('{home,over,draw,away,under}'::text[], l.side)) AS lines,
			array_agg(l.price ORDER BY array_position('{home,over,draw,away,under}'::text[], l.side)) AS prices
		FROM latest AS l
		WHERE l.market IN ('h2h', 'spreads', 'totals') AND l.participant IS NULL AND (for_book IS NULL OR l.book = for_book)
		GROUP BY 1, 2, 3
	), reference AS MATERIALIZED (
		SELECT DISTINCT ON (o.market, o.market_line) o.*,
			market_probabilities(o.prices, coalesce(closing_books.method, m.method)) AS probabilities
		FROM offered AS o
		JOIN book AS b ON b.book = o.book
		JOIN game AS g ON g.game_id = closing_books.game_id
		JOIN sport AS s ON s.sport = g.sport
		CROSS JOIN LATERAL overround_methods(s.family, s.overround_method, o.book, true, o.known_at) AS m
		WHERE cardinality(o.prices) = CASE o.market WHEN 'h2h' THEN s.outcomes ELSE 2 END
		  AND (for_book IS NOT NULL OR b.kind IN ('sharp', 'exchange', 'consensus') OR o.book = 'market_avg')
		ORDER BY o.market, o.market_line, array_position('{sharp,exchange,consensus,aggregate,soft}'::text[], b.kind), overround(o.prices), o.book
	), fair AS MATERIALIZED (
		SELECT r.market, e.side, e.line, e.probability, r.book FROM reference AS r CROSS JOIN LATERAL unnest(r.sides, r.lines, r.probabilities) AS e (side, line, probability)
	)
	SELECT l.market, l.participant, l.side, l.line, l.book, l.price, l.known_at, l.payload_id, l.updated_at, f.probability, f.book
	FROM latest AS l
	LEFT JOIN fair AS f ON f.market = l.market AND f.side = l.side AND f.line IS NOT DISTINCT FROM l.line AND l.participant IS NULL;
END;
COMMENT ON FUNCTION closing_books(bigint, timestamptz, text, text) IS
'closing_quotes() of a game, the last of each side and line at every book, read once, and beside them what closing_market() says of the same side at the same line, and whose word that is: what closing_market(), closing_prices() and closing_player_market() are read from.';

CREATE FUNCTION closing_market(game_id bigint, as_of timestamptz DEFAULT now(), method text DEFAULT NULL, for_book text DEFAULT NULL)
RETURNS TABLE (market text, side text, line float8, book text, price float8, probability float8)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
	SELECT c.market, c.side, c.line, c.book, c.price, c.probability
	FROM closing_books(closing_market.game_id, as_of, closing_market.method, for_book) AS c WHERE c.book = c.reference_book;
END;
COMMENT ON FUNCTION closing_market(bigint, timestamptz, text, text) IS
'Closing prices of the reference book of a game and the probabilities in them once the margin is removed, for every market and line that it offers whole: the sharpest of sharp, exchange, consensus and market_avg, or for_book alone. method: of remove_overround(), NULL = overround_method() as of the close. Sees only what was known at as_of; empty where nobody''s close is known. A soft book''s close is no measure and is taken only when named.';

CREATE FUNCTION last_seen_before_start(game_id bigint, market text, book text, participant text, known_at timestamptz, payload_id bigint, as_of timestamptz DEFAULT now())
RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT least(s.starts_at, greatest(last_seen_before_start.known_at, CASE WHEN o.known_at = last_seen_before_start.known_at THEN coalesce(o.lost_at, h.seen_at) ELSE
		-- the statement that came after it has taken its place
		last_seen(last_seen_before_start.game_id, last_seen_before_start.market, last_seen_before_start.known_at, last_seen_before_start.payload_id, least(s.starts_at, o.known_at, (SELECT min(w.known_at) FROM withdrawal AS w
			WHERE w.game_id = last_seen_before_start.game_id AND w.book = last_seen_before_start.book AND w.market = last_seen_before_start.market AND w.participant = coalesce(last_seen_before_start.participant, '') AND w.quoted_at = last_seen_before_start.known_at)) - interval '1 microsecond') END))
	FROM (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = last_seen_before_start.game_id AND f.known_at <= as_of ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS s
	LEFT JOIN (SELECT x.* FROM payload AS p JOIN offer AS x ON x.feed = p.feed WHERE p.payload_id = last_seen_before_start.payload_id) AS o
		ON o.game_id = last_seen_before_start.game_id AND o.book = last_seen_before_start.book AND o.market = last_seen_before_start.market AND o.participant = coalesce(last_seen_before_start.participant, '')
	LEFT JOIN offer_poll AS h ON h.feed = o.feed AND h.game_id = o.game_id AND h.scope = o.scope AND h.market = o.market;
END;
COMMENT ON FUNCTION last_seen_before_start(bigint, text, text, text, timestamptz, bigint, timestamptz) IS
'When a polled price of a book, known since known_at from a payload and the last before the start, was last seen before it: by the heartbeat of its feed (offer_poll), or when the book took it down; where it changed after the start, by last_seen(). Never after the start; at least known_at.';

CREATE FUNCTION closing_prices(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (market text, participant text, side text, line float8, book text, price float8, closing_probability float8, reference_book text, closing_known_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
BEGIN ATOMIC
	SELECT q.market, q.participant, q.side, q.line, q.book, q.price, q.probability, q.reference_book,
		max(CASE WHEN q.updated_at IS NULL THEN q.known_at ELSE last_seen_before_start(closing_prices.game_id, q.market, q.book, q.participant, q.known_at, q.payload_id, as_of) END)
			FILTER (WHERE q.book = q.reference_book) OVER (PARTITION BY q.market, q.participant, q.side, q.line)
	FROM closing_books(closing_prices.game_id, as_of) AS q;
END;
COMMENT ON FUNCTION closing_prices(bigint, timestamptz) IS
'Every book''s closing prices of a game and beside them the de-vigged probability of the same side at the same line in closing_market(), whose it is, and closing_known_at, since when that was known: the start or, of polled prices, when they were last seen before it (last_seen_before_start()), not when they last changed. NULL where no reference book stood there.';

CREATE FUNCTION closing_line(game_id bigint, market text, side text, line float8, book text, as_of timestamptz DEFAULT now())
RETURNS TABLE (closing_probability float8, reference_book text, closing_price float8, closing_known_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1	-- a set of one row, which the planner can merge into a query over many bets
BEGIN ATOMIC
	SELECT max(c.closing_probability), max(c.reference_book), max(c.price) FILTER (WHERE c.book = closing_line.book), max(c.closing_known_at)
	FROM closing_prices(closing_line.game_id, as_of) AS c
	WHERE c.market = closing_line.market AND c.participant IS NULL AND c.side = closing_line.side AND c.line IS NOT DISTINCT FROM closing_line.line;
END;
COMMENT ON FUNCTION closing_line(bigint, text, text, float8, text, timestamptz) IS
'What the close says of one bet: the de-vigged probability of its side at its line in closing_market(), that reference book, the closing price of book itself, and since when the reference book''s close was known (closing_prices()). NULL where the close is not known or stands at another line. Closing line value of a bet placed before closing_known_at: net price x closing_probability - 1 (fair), price / closing_price - 1 (raw); a later one has none.';

CREATE FUNCTION closing_player_market(game_id bigint, as_of timestamptz DEFAULT now(), method text DEFAULT 'power')
RETURNS TABLE (market text, participant text, side text, line float8, probability float8, books int, known_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
BEGIN ATOMIC
	WITH whole AS (
		SELECT q.market, q.participant, q.line, q.book, array_agg(q.side ORDER BY q.side) AS sides, array_agg(q.price ORDER BY q.side) AS prices,
			max(CASE WHEN q.updated_at IS NULL THEN q.known_at ELSE last_seen_before_start(closing_player_market.game_id, q.market, q.book, q.participant, q.known_at, q.payload_id, as_of) END) AS known_at
		FROM closing_books(closing_player_market.game_id, as_of) AS q WHERE q.participant IS NOT NULL AND is_player_market(q.market)
		GROUP BY q.market, q.participant, q.line, q.book HAVING count(*) = 2
	), voter AS (	-- one a family, as in consensus()
		SELECT DISTINCT ON (w.market, w.participant, w.line, coalesce(b.skin_of, b.book)) w.*, b.kind, market_probabilities(w.prices, closing_player_market.method) AS probs,
			book_weight(b.weight, b.kind) AS weight
		FROM whole AS w JOIN book AS b ON b.book = w.book
		ORDER BY w.market, w.participant, w.line, coalesce(b.skin_of, b.book), b.skin_of IS NOT NULL, w.known_at DESC, w.book
	)
	SELECT v.market, v.participant, e.side, v.line, sum(v.weight * e.prob ORDER BY v.book) / sum(v.weight ORDER BY v.book), count(*)::int, max(v.known_at)
	FROM voter AS v CROSS JOIN LATERAL unnest(v.sides, v.probs) AS e (side, prob)
	WHERE v.weight > 0
	GROUP BY v.market, v.participant, e.side, v.line HAVING count(*) >= 2 OR bool_or(v.kind IN ('sharp', 'exchange'))
	ORDER BY v.market, v.participant, v.line, e.side;
END;
COMMENT ON FUNCTION closing_player_market(bigint, timestamptz, text) IS
'What the books said together of each player''s market and line at the close: the mean probability without margin (method of remove_overround(); power, as a proportional margin flatters long shots), weighted by sharpness, one vote a family of skins, of the last prices before the start of books that had both sides; how many voted; and since when the last of it was known (closing_prices()). Of two families at least, or of a sharp book or an exchange: one soft book''s close is no measure. Sees only what was known at as_of.';
