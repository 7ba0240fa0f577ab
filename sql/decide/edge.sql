-- edge: the market without its margin, and what a probability is worth at a price.

-- 0.35 x 3.00 - 1 is 5 %, and in float8 a hair less: the boundaries have room for that
CREATE FUNCTION signal_tier(edge float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN edge >= 0.10 - 1e-12 THEN 'A' WHEN edge >= 0.05 - 1e-12 THEN 'B' WHEN edge >= 0.02 - 1e-12 THEN 'C' ELSE 'D' END;
COMMENT ON FUNCTION signal_tier(float8) IS
'Tier of an edge (expected profit per unit staked): A from 0.10, B from 0.05, C from 0.02, D below; a boundary belongs to the better tier. D is no bet.';

CREATE FUNCTION signal_of(game_id bigint, market text, side text, line float8, book text, price float8,
	outcome float8[], market_probability float8, commission float8 DEFAULT 0, participant text DEFAULT NULL)
RETURNS signal
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ROW(signal_of.game_id, signal_of.market, signal_of.side, signal_of.line, signal_of.book, signal_of.price, signal_of.outcome,
	-- terms repeated, so that the planner can inline it: it is called for every price
	(signal_of.outcome[1] + signal_of.outcome[2] / 2) / nullif(signal_of.outcome[1] + (signal_of.outcome[2] + signal_of.outcome[4]) / 2 + signal_of.outcome[5], 0),
	signal_of.market_probability,
	expected_profit(signal_of.outcome[1], signal_of.outcome[2], signal_of.outcome[3], signal_of.outcome[4], signal_of.outcome[5], signal_of.price, commission),
	(signal_of.outcome[1] + signal_of.outcome[2] / 2) / nullif(signal_of.outcome[1] + (signal_of.outcome[2] + signal_of.outcome[4]) / 2 + signal_of.outcome[5], 0) - signal_of.market_probability,
	100 * expected_profit(signal_of.outcome[1], signal_of.outcome[2], signal_of.outcome[3], signal_of.outcome[4], signal_of.outcome[5], signal_of.price, commission),
	(signal_of.outcome[1] + signal_of.outcome[2] / 2) / nullif(signal_of.outcome[1] + (signal_of.outcome[2] + signal_of.outcome[4]) / 2 + signal_of.outcome[5], 0),
	participant)::signal;
COMMENT ON FUNCTION signal_of(bigint, text, text, float8, text, float8, float8[], float8, float8, text) IS
'A signal from the probabilities outcome = {win, half win, push, half loss, loss} of a bet at price, the price as the book shows it: edge by expected_profit() after commission, the share of net winnings that the book keeps (market_prices.commission); probability of winning given no push (half results count half), strength = 100 x edge, confidence = probability.';

CREATE FUNCTION market_prices(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', markets text[] DEFAULT '{h2h,spreads,totals}')
RETURNS TABLE (game_id bigint, market text, side text, line float8, book text, price float8, bettable boolean,
	market_probability float8, reference_book text, commission float8, net_price float8)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000	-- not STRICT, so that the planner merges it into a strategy's query, whose plan is kept
BEGIN ATOMIC
	WITH latest AS MATERIALIZED (
		SELECT q.game_id, q.market, q.side, q.line, q.book, q.price, q.closing,
			-- both sides of a spread share the home side's line
			CASE WHEN q.market = 'spreads' AND q.side = 'away' THEN -q.line ELSE q.line END AS market_line,
			array_position('{home,over,draw,away,under}'::text[], q.side) AS position
		FROM upcoming_games(market_prices.sport, as_of, horizon) AS u, standing_quotes(u.game_id, as_of) AS q
		WHERE q.market = ANY (markets)
	), offered AS (
		SELECT l.game_id, l.market, l.market_line, l.book,
			bool_or(l.closing) AS closing,
			array_agg(l.side ORDER BY l.position) AS sides, array_agg(l.price ORDER BY l.position) AS prices
		FROM latest AS l
		GROUP BY l.game_id, l.market, l.market_line, l.book
	), sharpest AS (
		-- the sharpest book with a whole market at this line, and with a margin to remove
		SELECT DISTINCT ON (o.game_id, o.market, o.market_line) o.*, s.family, s.overround_method, s.edge_method
		FROM offered AS o
		JOIN book AS b ON b.book = o.book
		JOIN sport AS s ON s.sport = market_prices.sport
		WHERE cardinality(o.prices) = CASE o.market WHEN 'h2h' THEN s.outcomes ELSE 2 END
		  AND overround(o.prices) >= 0 AND (b.kind NOT IN ('aggregate', 'dfs') OR o.book = 'market_avg')
		ORDER BY o.game_id, o.market, o.market_line,
			array_position('{sharp,exchange,consensus,aggregate,soft}'::text[], b.kind), overround(o.prices), o.book
	), reference AS MATERIALIZED (
		SELECT o.game_id, o.market, o.market_line, o.book, o.sides, market_probabilities(o.prices, coalesce(o.edge_method, m.method)) AS probabilities
		FROM sharpest AS o CROSS JOIN LATERAL overround_methods(o.family, o.overround_method, o.book, o.closing, as_of) AS m
	)
	SELECT l.game_id, l.market, l.side, l.line, l.book, l.price, b.bettable,
		r.probabilities[array_position(r.sides, l.side)], r.book, b.commission, net_odds(l.price, b.commission)
	FROM latest AS l
	JOIN book AS b ON b.book = l.book
	LEFT JOIN reference AS r ON r.game_id = l.game_id AND r.market = l.market AND r.market_line IS NOT DISTINCT FROM l.market_line;
END;
COMMENT ON FUNCTION market_prices(text, timestamptz, interval, text[]) IS
'Every pre-game price that stands at as_of (standing_quotes()) for the upcoming games of a sport, with the de-vigged probability of the same side at the same line from the sharpest book that offers the whole market (sharp, exchange, consensus, market_avg, soft; method sport.edge_method or else overround_method()). market_probability is NULL where no book offers the whole market. price as the book shows it; net_price, what it pays after the commission of an exchange. markets: h2h, spreads, totals or fewer of them.';

CREATE FUNCTION model_edges(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS SETOF signal
LANGUAGE sql STABLE ROWS 500	-- not STRICT, as market_prices()
BEGIN ATOMIC
	WITH offered AS MATERIALIZED (
		SELECT * FROM market_prices(model_edges.sport, as_of, horizon) AS m WHERE m.bettable
	), bet AS MATERIALIZED (	-- what many books offer is reckoned once
		SELECT b.game_id, b.market, b.side, b.line, model_outcome(p.probs, p.margins, p.totals, b.market, b.side, b.line) AS outcome
		FROM (SELECT DISTINCT m.game_id, m.market, m.side, m.line FROM offered AS m) AS b
		JOIN predict_scores(model_edges.sport, as_of, horizon) AS p ON p.game_id = b.game_id
	)
	-- in columns: a set of whole values would not be merged
	SELECT (s.said).* FROM (
		SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price, b.outcome, m.market_probability, m.commission) AS said
		FROM offered AS m
		JOIN bet AS b ON b.game_id = m.game_id AND b.market = m.market AND b.side = m.side AND b.line IS NOT DISTINCT FROM m.line
		WHERE b.outcome IS NOT NULL OFFSET 0) AS s;
END;
COMMENT ON FUNCTION model_edges(text, timestamptz, interval) IS
'The probability of the live models, one law of the score (predict_scores()), against every bettable price of the upcoming games: one signal a price, edge (after an exchange''s commission) and prob_edge beside the de-vigged market. No row where no model was live at as_of.';
