-- market: what the books say together: consensus, best price, arbitrage and middles, moves and who has not moved.

CREATE FUNCTION opening_quotes(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS SETOF quote
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 60
BEGIN ATOMIC
	SELECT l.game_id, l.market, l.side, l.line, l.book, l.price, l.closing, l.known_at, l.recorded_at, l.payload_id, l.game_month, l.participant, l.updated_at, l.max_stake
	FROM (
		SELECT q.*, rank() OVER (PARTITION BY q.market, q.book, q.participant ORDER BY q.known_at, q.closing, q.recorded_at) AS age
		FROM quote AS q
		WHERE q.game_id = opening_quotes.game_id AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = opening_quotes.game_id) AND q.known_at <= as_of
		  AND greatest(q.known_at, q.updated_at) <= (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = opening_quotes.game_id AND f.known_at <= as_of
		                     ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1)) AS l
	WHERE l.age = 1
	ORDER BY l.market, l.book, l.participant, l.side, l.line;
END;
COMMENT ON FUNCTION opening_quotes(bigint, timestamptz) IS 'The first pre-game statement of every book and market of one game, as known at as_of: the opening prices as far as we saw them.';

CREATE VIEW opening_quote AS
SELECT g.game_id, q.market, q.side, q.line, q.book, q.price, q.closing, q.known_at, q.recorded_at, q.payload_id, q.game_month, q.participant, q.updated_at, q.max_stake
FROM game AS g CROSS JOIN LATERAL opening_quotes(g.game_id) AS q;
COMMENT ON VIEW opening_quote IS 'opening_quotes() of every game, as known now.';

CREATE FUNCTION standing_prices(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '1 hour')
RETURNS TABLE (market text, participant text, market_line float8, side text, line float8, book text, family text, kind text, weight float8, bettable boolean,
	price float8, net_price float8, is_alternate boolean, known_at timestamptz, last_seen timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 200
BEGIN ATOMIC
	SELECT DISTINCT ON (m.base, q.participant, m.market_line, q.side, q.book)
		m.base, q.participant, m.market_line, q.side, q.line, q.book, coalesce(b.skin_of, b.book), b.kind,
		book_weight(b.weight, b.kind), b.bettable,
		q.price, net_odds(q.price, b.commission), q.market <> m.base, q.known_at, seen.at
	FROM standing_quotes(standing_prices.game_id, as_of) AS q
	JOIN book AS b ON b.book = q.book
	CROSS JOIN LATERAL (SELECT regexp_replace(q.market, '^alternate_', '') AS base, CASE WHEN q.side = 'away' AND q.market ~ 'spreads' THEN 0 - q.line ELSE q.line END AS market_line) AS m
	LEFT JOIN LATERAL (
		SELECT coalesce(o.lost_at, h.seen_at) AS last_seen
		FROM offer AS o LEFT JOIN offer_poll AS h ON h.feed = o.feed AND h.game_id = o.game_id AND h.scope = o.scope AND h.market = o.market
		WHERE o.game_id = standing_prices.game_id AND o.book = q.book AND o.market = q.market AND o.participant = coalesce(q.participant, '') AND o.known_at = q.known_at
		ORDER BY 1 DESC NULLS LAST LIMIT 1) AS heard ON true
	-- Files of seasons are never too old; what was heard later nobody knew.
	CROSS JOIN LATERAL (SELECT CASE WHEN q.updated_at IS NULL THEN NULL WHEN heard.last_seen <= as_of THEN heard.last_seen
		ELSE last_seen(q.game_id, q.market, q.known_at, q.payload_id, as_of) END AS at OFFSET 0) AS seen
	WHERE seen.at IS NULL OR seen.at >= as_of - max_age
	ORDER BY m.base, q.participant, m.market_line, q.side, q.book, q.market <> m.base;
END;
COMMENT ON FUNCTION standing_prices(bigint, timestamptz, interval) IS
'The pre-game prices of a game that can be had at as_of: standing_quotes() without those that were last seen more than max_age before, as was known then (last_seen(); prices out of files are never too old). Alternates stand under the market they belong to; market_line: the home side''s handicap or the total; family: the book whose skin this is; weight in a consensus; net_price: after an exchange''s commission.';

CREATE FUNCTION consensus(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '1 hour', method text DEFAULT 'setting')
RETURNS TABLE (market text, participant text, side text, line float8, probability float8, fair_price float8, books int, deviation float8, is_main boolean)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 60
BEGIN ATOMIC
	WITH sport AS MATERIALIZED (
		SELECT s.outcomes, s.overround_method FROM game AS g JOIN sport AS s ON s.sport = g.sport WHERE g.game_id = consensus.game_id
	), standing AS MATERIALIZED (
		SELECT * FROM standing_prices(consensus.game_id, as_of, max_age) AS p WHERE p.weight > 0 AND p.market !~ '_lay'
	), whole AS (
		SELECT s.market, s.participant, s.market_line, s.book, s.family, s.weight, bool_and(s.is_alternate) AS is_alternate, max(s.known_at) AS known_at,
			array_agg(s.side ORDER BY s.side) AS sides, array_agg(s.line ORDER BY s.side) AS lines, array_agg(s.price ORDER BY s.side) AS prices
		FROM standing AS s GROUP BY s.market, s.participant, s.market_line, s.book, s.family, s.weight
	), voter AS MATERIALIZED (
		-- One vote a family: the book itself before its skins.
		SELECT DISTINCT ON (w.market, w.participant, w.market_line, w.family) w.*, market_probabilities(w.prices, CASE method WHEN 'setting' THEN s.overround_method ELSE method END) AS probs
		FROM whole AS w CROSS JOIN sport AS s
		WHERE cardinality(w.prices) = CASE WHEN w.market = 'h2h' THEN s.outcomes WHEN w.market LIKE 'h2h\_3\_way%' THEN 3 ELSE 2 END
		ORDER BY w.market, w.participant, w.market_line, w.family, w.book = w.family DESC, w.known_at DESC, w.book
	), main AS (
		SELECT DISTINCT ON (c.market, c.participant) c.market, c.participant, c.market_line
		FROM (SELECT l.market, l.participant, l.market_line, sum(l.weight) OVER (PARTITION BY l.market, l.participant ORDER BY l.market_line) AS below,
				sum(l.weight) OVER (PARTITION BY l.market, l.participant) AS total
			FROM (SELECT v.market, v.participant, v.market_line, sum(v.weight) AS weight FROM voter AS v WHERE NOT v.is_alternate GROUP BY v.market, v.participant, v.market_line) AS l) AS c
		WHERE c.below >= c.total / 2 ORDER BY c.market, c.participant, c.market_line
	)
	SELECT v.market, v.participant, o.side, o.line, sum(v.weight * o.prob) / sum(v.weight), sum(v.weight) / sum(v.weight * o.prob), count(*)::int,
		sqrt(greatest(0, sum(v.weight * o.prob * o.prob) / sum(v.weight) - (sum(v.weight * o.prob) / sum(v.weight)) ^ 2)),
		m.market IS NOT NULL
	FROM voter AS v
	CROSS JOIN LATERAL unnest(v.sides, v.lines, v.probs) AS o (side, line, prob)
	LEFT JOIN main AS m ON m.market = v.market AND m.participant IS NOT DISTINCT FROM v.participant AND m.market_line IS NOT DISTINCT FROM v.market_line
	GROUP BY v.market, v.participant, o.side, o.line, m.market
	ORDER BY v.market, v.participant, m.market IS NULL, o.line, o.side;
END;
COMMENT ON FUNCTION consensus(bigint, timestamptz, interval, text) IS
'What the books of a game say together at as_of: of every market and line the mean probability without margin (sport.overround_method), weighted by sharpness (book.weight), of the books that offer it whole and were seen within max_age, one vote a family of skins; fair_price is one over it, deviation the weighted standard deviation between the books. is_main: the line at the weighted median of the main lines, so that an alternate among them moves nothing. Fantasy and aggregate prices have no vote, lay prices neither. method: one of remove_overround() in place of the sport''s, or worst, of every outcome the lowest over several (market_probabilities()).';

CREATE FUNCTION best_price(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '1 hour')
RETURNS TABLE (market text, participant text, side text, line float8, book text, price float8, net_price float8, offers int, probability float8, edge float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 60
BEGIN ATOMIC
	SELECT DISTINCT ON (p.market, p.participant, p.line, p.side) p.market, p.participant, p.side, p.line, p.book, p.price, p.net_price,
		(count(*) OVER (PARTITION BY p.market, p.participant, p.line, p.side))::int, c.probability, c.probability * p.net_price - 1
	FROM standing_prices(best_price.game_id, as_of, max_age) AS p
	LEFT JOIN consensus(best_price.game_id, as_of, max_age) AS c ON c.market = p.market AND c.participant IS NOT DISTINCT FROM p.participant AND c.side = p.side AND c.line IS NOT DISTINCT FROM p.line
	WHERE p.bettable AND p.market !~ '_lay' AND NOT (coalesce(c.books, 0) >= 3 AND c.probability * p.price > 1.25)
	ORDER BY p.market, p.participant, p.line, p.side, p.net_price DESC, p.weight DESC, p.book;
END;
COMMENT ON FUNCTION best_price(bigint, timestamptz, interval) IS
'The best price after commission of each side at each line of a game, from books that take bets and were seen within max_age; of equal ones the sharper book''s. probability and edge against consensus(). A price that would be worth more than 25 % to a consensus of three books is a mistake of the feed and left out; lay prices are another side and never compared with prices to back.';

CREATE FUNCTION arbitrage(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '10 minutes')
RETURNS TABLE (market text, participant text, sides text[], lines float8[], books text[], prices float8[], implied float8, profit float8, stakes float8[], gap float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	WITH best AS MATERIALIZED (
		SELECT * FROM best_price(arbitrage.game_id, as_of, max_age)
	), lay AS (
		-- Laying a side at odds L is backing the rest at 1 + (1 - commission) / (L - 1).
		SELECT DISTINCT ON (p.side) p.side, p.book, p.price, 1 + (1 - b.commission) / (p.price - 1) AS net_price
		FROM standing_prices(arbitrage.game_id, as_of, max_age) AS p JOIN book AS b ON b.book = p.book
		WHERE p.market = 'h2h_lay' AND p.bettable ORDER BY p.side, 1 + (1 - b.commission) / (p.price - 1) DESC, p.book
	), found AS (
		SELECT b.market, b.participant, array_agg(b.side ORDER BY b.side) AS sides, NULL::float8[] AS lines, array_agg(b.book ORDER BY b.side) AS books,
			array_agg(b.price ORDER BY b.side) AS prices, array_agg(b.net_price ORDER BY b.side) AS net, 0::float8 AS gap
		FROM best AS b CROSS JOIN (SELECT s.outcomes FROM game AS g JOIN sport AS s ON s.sport = g.sport WHERE g.game_id = arbitrage.game_id) AS s
		WHERE b.market = 'h2h' GROUP BY b.market, b.participant, s.outcomes HAVING count(*) = s.outcomes
		UNION ALL
		SELECT b.market, b.participant, ARRAY[b.side, 'lay ' || b.side], NULL, ARRAY[b.book, l.book], ARRAY[b.price, l.price], ARRAY[b.net_price, l.net_price], 0
		FROM best AS b JOIN lay AS l ON l.side = b.side WHERE b.market = 'h2h'
		UNION ALL
		-- Two sides of which one wins at any score: their lines are equal or overlap.
		SELECT x.market, x.participant, ARRAY[x.side, y.side], ARRAY[x.line, y.line], ARRAY[x.book, y.book], ARRAY[x.price, y.price], ARRAY[x.net_price, y.net_price],
			CASE x.side WHEN 'home' THEN x.line + y.line ELSE y.line - x.line END
		FROM best AS x JOIN best AS y ON y.market = x.market AND y.participant IS NOT DISTINCT FROM x.participant AND (x.side, y.side) IN (('home', 'away'), ('over', 'under'))
		WHERE x.line IS NOT NULL AND CASE x.side WHEN 'home' THEN x.line + y.line ELSE y.line - x.line END >= 0
		UNION ALL
		SELECT x.market, x.participant, ARRAY[x.side, y.side], NULL, ARRAY[x.book, y.book], ARRAY[x.price, y.price], ARRAY[x.net_price, y.net_price], 0
		FROM best AS x JOIN best AS y ON y.market = x.market AND y.participant IS NOT DISTINCT FROM x.participant AND x.side = 'yes' AND y.side = 'no' AND x.line IS NOT DISTINCT FROM y.line
	)
	SELECT f.market, f.participant, f.sides, f.lines, f.books, f.prices, i.implied, 1 / i.implied - 1,
		(SELECT array_agg(1 / n / i.implied ORDER BY o) FROM unnest(f.net) WITH ORDINALITY AS u (n, o)), f.gap
	FROM found AS f CROSS JOIN LATERAL (SELECT sum(1 / n) AS implied FROM unnest(f.net) AS n) AS i
	WHERE i.implied < 1 ORDER BY i.implied;
END;
COMMENT ON FUNCTION arbitrage(bigint, timestamptz, interval) IS
'Sets of prices of a game that win whatever happens, after commission: all outcomes of h2h, a price to back against one to lay (sides home, lay home), two sides of a spread or total at one line or at lines that overlap (gap above 0: within it both win), yes and no. implied: the sum of 1/net price, below 1; profit per unit staked and stakes, the shares that make it the same whatever happens. Only prices seen within max_age.';

CREATE FUNCTION middles(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '10 minutes', max_cost float8 DEFAULT 0.05)
RETURNS TABLE (market text, participant text, sides text[], lines float8[], books text[], prices float8[], gap float8, cost float8, break_even float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT x.market, x.participant, ARRAY[x.side, y.side], ARRAY[x.line, y.line], ARRAY[x.book, y.book], ARRAY[x.price, y.price], g.gap,
		1 - 1 / g.implied, g.implied - 1
	FROM best_price(middles.game_id, as_of, max_age) AS x
	JOIN best_price(middles.game_id, as_of, max_age) AS y ON y.market = x.market AND y.participant IS NOT DISTINCT FROM x.participant AND (x.side, y.side) IN (('home', 'away'), ('over', 'under'))
	CROSS JOIN LATERAL (SELECT CASE x.side WHEN 'home' THEN x.line + y.line ELSE y.line - x.line END AS gap, 1 / x.net_price + 1 / y.net_price AS implied) AS g
	WHERE g.gap > 0 AND 1 - 1 / g.implied <= max_cost
	ORDER BY g.implied - 1, g.gap DESC, x.market, x.line, y.line;
END;
COMMENT ON FUNCTION middles(bigint, timestamptz, interval, float8) IS
'Pairs of prices of a game whose lines leave a gap in which both win (over 44 with one book, under 47 with another), after commission. cost: what is lost per unit staked when the result misses the gap, with stakes that lose the same on either side; break_even: the probability of the gap above which the pair is worth it (implied - 1, below 0 for an arbitrage). At most max_cost.';

CREATE FUNCTION line_moves(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (market text, participant text, book text, family text, kind text, moved_at timestamptz, old_line float8, line float8, old_probability float8, probability float8, direction int)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	WITH told AS (
		SELECT q.market, q.participant, q.book, q.known_at, max(CASE WHEN q.side = 'away' AND q.market ~ 'spreads' THEN 0 - q.line ELSE q.line END) AS line,
			sum(1 / q.price) FILTER (WHERE q.side IN ('home', 'over', 'yes')) / sum(1 / q.price) AS probability
		FROM quote AS q
		WHERE q.game_id = line_moves.game_id AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = line_moves.game_id) AND q.known_at <= as_of AND q.market !~ '^alternate_|_lay'
		  AND greatest(q.known_at, q.updated_at) <= (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = line_moves.game_id AND f.known_at <= as_of ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1)
		GROUP BY q.market, q.participant, q.book, q.known_at
	), pair AS (
		SELECT t.*, lag(t.line) OVER w AS old_line, lag(t.probability) OVER w AS old_probability, lag(t.known_at) OVER w AS old_at
		FROM told AS t WINDOW w AS (PARTITION BY t.market, t.participant, t.book ORDER BY t.known_at)
	)
	SELECT p.market, p.participant, p.book, coalesce(b.skin_of, b.book), b.kind, p.known_at, p.old_line, p.line, p.old_probability, p.probability, d.direction
	FROM pair AS p JOIN book AS b ON b.book = p.book
	-- A lower home handicap or a higher total is the market taking home or over, whatever the price; at one line the price tells.
	CROSS JOIN LATERAL (SELECT CASE WHEN p.line IS DISTINCT FROM p.old_line THEN (sign(p.line - p.old_line) * CASE WHEN p.market ~ 'spreads' THEN -1 ELSE 1 END)::int
		ELSE sign(p.probability - p.old_probability)::int END AS direction) AS d
	WHERE p.old_at IS NOT NULL AND d.direction <> 0 AND b.kind NOT IN ('aggregate', 'dfs')
	ORDER BY p.known_at, p.market, p.book;
END;
COMMENT ON FUNCTION line_moves(bigint, timestamptz) IS
'Every pre-game change of a book''s main markets of a game: line and probability (prices scaled to 100 %) of home, over or yes before and after; direction 1: towards that side, -1: away from it.';

CREATE FUNCTION steam_moves(game_id bigint, as_of timestamptz DEFAULT now(), within interval DEFAULT '10 minutes', min_books int DEFAULT 3)
RETURNS TABLE (market text, participant text, direction int, began_at timestamptz, ended_at timestamptz, books int, leader text, leader_kind text, move float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	WITH moved AS MATERIALIZED (
		SELECT DISTINCT ON (m.market, m.participant, m.direction, m.moved_at, m.family) m.*, m.probability - m.old_probability AS step
		FROM line_moves(steam_moves.game_id, as_of) AS m ORDER BY m.market, m.participant, m.direction, m.moved_at, m.family, m.book = m.family DESC, m.book
	), run AS (
		-- A run goes on while the next move the same way comes in time.
		SELECT m.*, sum(CASE WHEN m.gap <= within THEN 0 ELSE 1 END) OVER (PARTITION BY m.market, m.participant, m.direction ORDER BY m.moved_at, m.book) AS n
		FROM (SELECT x.*, x.moved_at - lag(x.moved_at) OVER (PARTITION BY x.market, x.participant, x.direction ORDER BY x.moved_at, x.book) AS gap FROM moved AS x) AS m
	)
	SELECT r.market, r.participant, r.direction, min(r.moved_at), max(r.moved_at), count(DISTINCT r.family)::int,
		(array_agg(r.book ORDER BY r.moved_at, array_position('{sharp,exchange,consensus,soft}'::text[], r.kind), r.book))[1],
		(array_agg(r.kind ORDER BY r.moved_at, array_position('{sharp,exchange,consensus,soft}'::text[], r.kind), r.book))[1], avg(r.step)
	FROM run AS r
	GROUP BY r.market, r.participant, r.direction, r.n
	HAVING count(DISTINCT r.family) >= min_books
	ORDER BY min(r.moved_at), r.market;
END;
COMMENT ON FUNCTION steam_moves(bigint, timestamptz, interval, int) IS
'Steam: runs of moves of one market the same way by at least min_books families of books, each within the given time of the one before. leader: who moved first (of those seen in one poll the sharpest); move: mean change of the probability of home or over.';

CREATE FUNCTION reverse_line_moves(game_id bigint, as_of timestamptz DEFAULT now(), min_move float8 DEFAULT 0.01)
RETURNS TABLE (market text, participant text, side text, sharp_before float8, sharp_now float8, soft_before float8, soft_now float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	WITH phase AS (
		SELECT false AS is_now, q.market, q.participant, q.book, q.side, q.line, q.price FROM opening_quotes(reverse_line_moves.game_id, as_of) AS q
		UNION ALL SELECT true, q.market, q.participant, q.book, q.side, q.line, q.price FROM quotes(reverse_line_moves.game_id, as_of) AS q
	), said AS (
		SELECT p.is_now, p.market, p.participant, b.kind IN ('sharp', 'exchange') AS is_sharp, p.book,
			max(CASE WHEN p.side = 'away' AND p.market ~ 'spreads' THEN 0 - p.line ELSE p.line END) AS line,
			sum(1 / p.price) FILTER (WHERE p.side IN ('home', 'over', 'yes')) / sum(1 / p.price) AS probability
		FROM phase AS p JOIN book AS b ON b.book = p.book
		WHERE p.market !~ '^alternate_|_lay' AND b.kind IN ('sharp', 'exchange', 'soft') AND b.skin_of IS NULL
		GROUP BY p.is_now, p.market, p.participant, b.kind, p.book
	), still AS (
		SELECT x.market, x.participant, x.is_sharp, x.probability AS before, y.probability AS after
		FROM said AS x JOIN said AS y ON y.market = x.market AND y.participant IS NOT DISTINCT FROM x.participant AND y.book = x.book AND y.is_now AND y.line IS NOT DISTINCT FROM x.line
		WHERE NOT x.is_now
	), mean AS (
		SELECT s.market, s.participant, avg(s.before) FILTER (WHERE s.is_sharp) AS sharp_before, avg(s.after) FILTER (WHERE s.is_sharp) AS sharp_now,
			avg(s.before) FILTER (WHERE NOT s.is_sharp) AS soft_before, avg(s.after) FILTER (WHERE NOT s.is_sharp) AS soft_now
		FROM still AS s GROUP BY s.market, s.participant
	)
	SELECT m.market, m.participant, CASE WHEN m.sharp_now > m.sharp_before THEN CASE WHEN m.market ~ 'total|player_|batter_|pitcher_' THEN 'over' ELSE 'home' END
			ELSE CASE WHEN m.market ~ 'total|player_|batter_|pitcher_' THEN 'under' ELSE 'away' END END,
		m.sharp_before, m.sharp_now, m.soft_before, m.soft_now
	FROM mean AS m
	WHERE (m.sharp_now - m.sharp_before) * (m.soft_now - m.soft_before) < 0 AND abs(m.sharp_now - m.sharp_before) >= min_move AND abs(m.soft_now - m.soft_before) >= min_move;
END;
COMMENT ON FUNCTION reverse_line_moves(bigint, timestamptz, float8) IS
'Markets that the sharp books and exchanges have moved one way since their opening and the soft books the other, each by at least min_move of the probability of home or over (prices scaled to 100 %, books whose line is the same as at their opening). side: the sharp books'' side. No feed here tells what share of the bets the public has on a side; soft books, which follow their customers, stand for it.';

CREATE FUNCTION stale_lines(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '1 hour', min_edge float8 DEFAULT 0.02)
RETURNS TABLE (market text, participant text, side text, line float8, book text, price float8, known_at timestamptz, sharp_moved_at timestamptz, sharp_probability float8, edge float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH standing AS MATERIALIZED (
		SELECT * FROM standing_prices(stale_lines.game_id, as_of, max_age)
	), sharp AS (
		SELECT s.market, s.participant, s.market_line, s.side, (1 / s.price) / sum(1 / s.price) OVER w AS probability, s.known_at, count(*) OVER w AS sides, s.family
		FROM standing AS s WHERE s.kind IN ('sharp', 'exchange') AND s.market !~ '_lay'
		WINDOW w AS (PARTITION BY s.market, s.participant, s.market_line, s.book)
	), reference AS (
		SELECT f.market, f.participant, f.market_line, f.side, avg(f.probability) AS probability, max(f.moved_at) AS moved_at
		FROM (SELECT x.market, x.participant, x.market_line, x.side, x.family, avg(x.probability) AS probability, max(x.known_at) AS moved_at FROM sharp AS x WHERE x.sides >= 2
			GROUP BY x.market, x.participant, x.market_line, x.side, x.family) AS f
		GROUP BY f.market, f.participant, f.market_line, f.side
	)
	SELECT s.market, s.participant, s.side, s.line, s.book, s.price, s.known_at, r.moved_at, r.probability, r.probability * s.net_price - 1
	FROM standing AS s
	JOIN reference AS r ON r.market = s.market AND r.participant IS NOT DISTINCT FROM s.participant AND r.market_line IS NOT DISTINCT FROM s.market_line AND r.side = s.side
	WHERE s.kind = 'soft' AND s.bettable AND s.known_at < r.moved_at AND r.probability * s.net_price - 1 >= min_edge
	ORDER BY r.probability * s.net_price DESC, s.book;
END;
COMMENT ON FUNCTION stale_lines(bigint, timestamptz, interval, float8) IS
'Prices of soft books that have not changed since the sharp books and exchanges last did at the same line, and are worth at least min_edge by the mean of these (prices scaled to 100 %): lines that wait for their book to wake.';

CREATE FUNCTION games_ahead(horizon interval DEFAULT '7 days', as_of timestamptz DEFAULT now()) RETURNS SETOF bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT f.game_id FROM fixture AS f
	WHERE f.starts_at > as_of AND f.starts_at <= as_of + horizon AND f.known_at <= as_of
	  AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = f.game_id AND x.known_at <= as_of AND (x.known_at, x.recorded_at) > (f.known_at, f.recorded_at));
END;
COMMENT ON FUNCTION games_ahead(interval, timestamptz) IS 'Games of every sport that start within the horizon after as_of, by the start known then.';

CREATE VIEW consensus_line AS SELECT g AS game_id, c.* FROM games_ahead() AS g CROSS JOIN LATERAL consensus(g) AS c;
COMMENT ON VIEW consensus_line IS 'consensus() now of the games of the next seven days.';
CREATE VIEW best_prices AS SELECT g AS game_id, c.* FROM games_ahead() AS g CROSS JOIN LATERAL best_price(g) AS c;
COMMENT ON VIEW best_prices IS 'best_price() now of the games of the next seven days.';
CREATE VIEW arbitrages AS SELECT g AS game_id, c.* FROM games_ahead() AS g CROSS JOIN LATERAL arbitrage(g) AS c;
COMMENT ON VIEW arbitrages IS 'arbitrage() now in the games of the next seven days.';
CREATE VIEW middle AS SELECT g AS game_id, c.* FROM games_ahead() AS g CROSS JOIN LATERAL middles(g) AS c;
COMMENT ON VIEW middle IS 'middles() now in the games of the next seven days.';
CREATE VIEW steam AS SELECT g AS game_id, c.* FROM games_ahead() AS g CROSS JOIN LATERAL steam_moves(g) AS c;
COMMENT ON VIEW steam IS 'steam_moves() so far in the games of the next seven days.';
CREATE VIEW stale_line AS SELECT g AS game_id, c.* FROM games_ahead() AS g CROSS JOIN LATERAL stale_lines(g) AS c;
COMMENT ON VIEW stale_line IS 'stale_lines() now in the games of the next seven days.';
