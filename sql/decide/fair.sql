-- fair: what a bet at any line is worth: the books together, the model where it is proven, and prices carried from line to line.

CREATE FUNCTION market_law(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '1 hour', OUT grid float8[], OUT margins float8[], OUT totals float8[])
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT c.* FROM consensus(market_law.game_id, as_of, max_age) AS c WHERE c.is_main AND c.participant IS NULL AND c.market IN ('h2h', 'spreads', 'totals')
	), main AS MATERIALIZED (
		SELECT array_agg(s.probability ORDER BY array_position('{home,draw,away}'::text[], s.side)) FILTER (WHERE s.market = 'h2h') AS probs,
			-- main lines that no bet can have say nothing
			max(s.line) FILTER (WHERE s.market = 'spreads' AND s.side = 'home' AND s.line * 4 = round(s.line * 4)) AS spread,
			max(s.probability) FILTER (WHERE s.market = 'spreads' AND s.side = 'home' AND s.line * 4 = round(s.line * 4)) AS cover,
			max(s.line) FILTER (WHERE s.market = 'totals' AND s.side = 'over' AND s.line * 4 = round(s.line * 4)) AS total_line,
			max(s.probability) FILTER (WHERE s.market = 'totals' AND s.side = 'over' AND s.line * 4 = round(s.line * 4)) AS over_prob
		FROM said AS s
	), known AS MATERIALIZED (
		SELECT k.outcomes, (SELECT (h.fit).rho FROM strength_history AS h WHERE h.sport = g.sport AND h.known_at <= as_of AND as_of < h.valid_until) AS rho,
			key_numbers_at(g.sport, 'spreads', as_of) AS margin_keys, key_numbers_at(g.sport, 'totals', as_of) AS total_keys
		FROM game AS g JOIN sport AS k ON k.sport = g.sport WHERE g.game_id = market_law.game_id
	)
	SELECT l.grid, l.margins, l.totals
	FROM main AS m CROSS JOIN known AS k
	CROSS JOIN LATERAL implied_score(k.outcomes, m.spread, m.cover, m.probs, m.total_line, m.over_prob, k.rho, k.margin_keys, k.total_keys) AS i
	-- a moneyline of two says no more than the spread does
	CROSS JOIN LATERAL joint_score_law(k.outcomes, CASE WHEN k.outcomes = 3 THEN m.probs END, i.margin, i.total, k.rho, k.margin_keys, k.total_keys, m.spread, m.total_line) AS l;
END;
COMMENT ON FUNCTION market_law(bigint, timestamptz, interval) IS
'The law of a game''s score that the books'' consensus() implies at its main lines: implied_score() of spread (or winner) and total, and joint_score_law() around it with the sport''s empirical margins (key_number_fit) or, with draws, a grid of goals moved to the consensus of home, draw and away. What any bet at any line is worth by it: line_probabilities(). NULL where lines or key numbers are missing.';

CREATE FUNCTION convert_line(sport text, market text, side text, line float8, prob float8, to_line float8, as_of timestamptz DEFAULT now(),
	other_line float8 DEFAULT NULL, other_prob float8 DEFAULT 0.5,
	OUT probability float8, OUT push float8, OUT fair_price float8, OUT points float8)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	league sport;
	first  CONSTANT boolean := convert_line.side IN ('home', 'over');
	-- the first side's own line and probability
	quoted CONSTANT float8 := CASE WHEN convert_line.side = 'away' THEN 0 - line ELSE line END;
	chance CONSTANT float8 := CASE WHEN first THEN prob ELSE 1 - prob END;
	keys   key_numbers;
	goals  float8[];
	law    float8[];
	w      record;
BEGIN
	IF convert_line.market IS NULL OR convert_line.side IS NULL OR NOT (convert_line.market = 'spreads' AND convert_line.side IN ('home', 'away') OR convert_line.market = 'totals' AND convert_line.side IN ('over', 'under')) THEN
		RAISE EXCEPTION 'lines are those of spreads (home, away) and totals (over, under), not of % (%)', coalesce(convert_line.market, 'NULL'), coalesce(convert_line.side, 'NULL') USING ERRCODE = 'undefined_object';
	END IF;
	SELECT * INTO league FROM sport AS s WHERE s.sport = convert_line.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', coalesce(convert_line.sport, 'NULL') USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	IF league.outcomes = 3 THEN
		goals := CASE convert_line.market WHEN 'spreads' THEN implied_goals(quoted, chance, coalesce(other_line, 2.5), other_prob)
			ELSE implied_goals(coalesce(other_line, 0), other_prob, quoted, chance) END;
		law := dixon_coles_grid(goals[1], goals[2]);
		law := CASE convert_line.market WHEN 'spreads' THEN margin_law(law) ELSE total_law(law) END;
	ELSE
		keys := key_numbers_at(convert_line.sport, convert_line.market, convert_line.as_of);
		law := CASE convert_line.market WHEN 'spreads' THEN margin_law(implied_margin(quoted, chance, keys), keys) ELSE total_law(implied_total(quoted, chance, keys), keys) END;
	END IF;
	SELECT * INTO w FROM line_probabilities(law, convert_line.market, convert_line.side, to_line);
	probability := (w.p_win + w.p_half_win / 2) / nullif(w.p_win + w.p_half_win / 2 + w.p_loss + w.p_half_loss / 2, 0);
	push := w.p_push + (w.p_half_win + w.p_half_loss) / 2;
	fair_price := 1 / nullif(probability, 0);
	points := (to_line - line) * CASE convert_line.side WHEN 'over' THEN -1 ELSE 1 END;
END $$;
COMMENT ON FUNCTION convert_line(text, text, text, float8, float8, float8, timestamptz, float8, float8) IS
'A probability at one line carried to another by the sport''s empirical margins: of spreads (line belongs to the side) or totals, prob that the bet wins at line when it does not push, and the same at to_line; push, the share of the stake that comes back there; fair_price, the odds worth nothing; points, how much easier to_line is. Where no draw exists by implied_margin() or implied_total() under the key numbers known at as_of, so that three points of the NFL are worth what they were; NULL where there are none. With draws by goals, for which the other market is needed too: its line (total 2.5, or the home side''s 0) and probability. Errors: unknown sport, market or side (42704), lines that are no multiples of 0.25, probabilities outside 0..1 (22023).';

CREATE FUNCTION half_point_value(sport text, market text, line float8, as_of timestamptz DEFAULT now(), prob float8 DEFAULT 0.5,
	OUT probability float8, OUT push float8, OUT value float8, OUT fair_price float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT c.probability, c.push, c.probability - half_point_value.prob, c.fair_price
	FROM (SELECT CASE half_point_value.market WHEN 'totals' THEN 'over' ELSE 'home' END AS side, CASE half_point_value.market WHEN 'totals' THEN -0.5 ELSE 0.5 END AS step) AS s
	CROSS JOIN LATERAL convert_line(half_point_value.sport, half_point_value.market, s.side, half_point_value.line, half_point_value.prob, half_point_value.line + s.step, half_point_value.as_of) AS c;
END;
COMMENT ON FUNCTION half_point_value(text, text, float8, timestamptz, float8) IS
'What half a point more is worth to home (spreads) or over (totals) at a line where the bet wins with probability prob: probability there, push, the share that comes back, value, the gain in probability, and fair_price at the better line; see convert_line(). Buying the half point pays where the book''s price there is above fair_price.';

CREATE FUNCTION best_lines(game_id bigint, as_of timestamptz DEFAULT now(), max_age interval DEFAULT '1 hour')
RETURNS TABLE (market text, side text, line float8, book text, price float8, probability float8, push float8, edge float8, is_best boolean, net_price float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 40
BEGIN ATOMIC
	WITH priced AS (
		SELECT p.market, p.side, p.line, p.book, p.price, p.net_price, o.outcome, expected_profit(o.outcome[1], o.outcome[2], o.outcome[3], o.outcome[4], o.outcome[5], p.net_price) AS edge
		FROM market_law(best_lines.game_id, as_of, max_age) AS l
		CROSS JOIN standing_prices(best_lines.game_id, as_of, max_age) AS p
		CROSS JOIN LATERAL (SELECT CASE WHEN p.market IN ('spreads', 'totals') AND p.line * 4 = round(p.line * 4) THEN model_outcome(NULL, l.margins, l.totals, p.market, p.side, p.line) END AS outcome) AS o
		WHERE p.bettable AND p.participant IS NULL AND p.market IN ('spreads', 'totals') AND p.net_price > 1 AND o.outcome IS NOT NULL
	)
	SELECT p.market, p.side, p.line, p.book, p.price, (p.outcome[1] + p.outcome[2] / 2) / nullif(p.outcome[1] + (p.outcome[2] + p.outcome[4]) / 2 + p.outcome[5], 0),
		p.outcome[3] + (p.outcome[2] + p.outcome[4]) / 2, p.edge,
		-- what would be worth more than 25 % is a mistake of the feed
		p.edge <= 0.25 AND p.edge = max(p.edge) FILTER (WHERE p.edge <= 0.25) OVER (PARTITION BY p.market, p.side), p.net_price
	FROM priced AS p
	ORDER BY p.market, p.side, p.edge DESC, p.line, p.book;
END;
COMMENT ON FUNCTION best_lines(bigint, timestamptz, interval) IS
'The prices of spreads and totals of a game, on whatever lines, compared: of each the probability (given no push), the push and the edge after commission (net_price) by market_law(), the one law that the books'' main lines imply. is_best: the best line and price of a side, leaving out what would be worth more than 25 %, a mistake of the feed.';

CREATE FUNCTION fair_prices(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', method text DEFAULT 'setting', max_age interval DEFAULT '1 hour')
RETURNS TABLE (game_id bigint, market text, participant text, side text, line float8, probability float8, fair_price float8, basis text,
	consensus_probability float8, model_probability float8, books int, model_id bigint)
LANGUAGE sql STABLE STRICT ROWS 500
BEGIN ATOMIC
	WITH scored AS MATERIALIZED (
		SELECT * FROM predict_scores(fair_prices.sport, as_of, horizon)
	), heard AS MATERIALIZED (
		-- a model has a say where its calibration was chosen against the market, out of fold; without a market nothing else has
		SELECT t.market, m.model_id, m.market IN ('margin', 'blend') AS is_weighed
		FROM (VALUES ('h2h', 'moneyline'), ('spreads', 'spread'), ('totals', 'total')) AS t (market, bet_type)
		CROSS JOIN LATERAL model_at(fair_prices.sport, t.bet_type, as_of) AS m
	)
	SELECT u.game_id, c.market, c.participant, c.side, c.line, f.probability, 1 / f.probability,
		CASE WHEN f.probability = c.probability THEN 'consensus' ELSE 'model' END, c.probability, s.probability, c.books, h.model_id
	FROM upcoming_games(fair_prices.sport, as_of, horizon) AS u
	CROSS JOIN LATERAL consensus(u.game_id, as_of, max_age, method) AS c
	LEFT JOIN scored AS p ON p.game_id = u.game_id AND c.participant IS NULL
	LEFT JOIN heard AS h ON h.market = c.market AND c.participant IS NULL
	LEFT JOIN LATERAL (SELECT (o.outcome[1] + o.outcome[2] / 2) / nullif(o.outcome[1] + (o.outcome[2] + o.outcome[4]) / 2 + o.outcome[5], 0) AS probability
		FROM (SELECT CASE WHEN c.line IS NULL OR c.line * 4 = round(c.line * 4) THEN model_outcome(p.probs, p.margins, p.totals, c.market, c.side, c.line) END AS outcome) AS o) AS s ON true
	CROSS JOIN LATERAL (SELECT CASE WHEN h.is_weighed THEN coalesce(s.probability, c.probability) ELSE c.probability END AS probability) AS f
	UNION ALL
	-- games that no book prices whole: the model's word is a fair price and no edge
	SELECT p.game_id, 'h2h', NULL, o.side, NULL, s.probability, 1 / nullif(s.probability, 0), 'model alone', NULL, s.probability, 0, h.model_id
	FROM scored AS p
	JOIN heard AS h ON h.market = 'h2h'
	CROSS JOIN unnest('{home,draw,away}'::text[]) AS o (side)
	CROSS JOIN LATERAL (SELECT x.outcome[1] / nullif(x.outcome[1] + x.outcome[5], 0) AS probability FROM (SELECT model_outcome(p.probs, p.margins, p.totals, 'h2h', o.side, NULL) AS outcome) AS x) AS s
	WHERE s.probability IS NOT NULL AND NOT EXISTS (SELECT FROM consensus(p.game_id, as_of, max_age, method) AS c WHERE c.market = 'h2h');
END;
COMMENT ON FUNCTION fair_prices(text, timestamptz, interval, text, interval) IS
'What every bet that books offer on the upcoming games is worth, as known at as_of: probability, when it does not push, and fair_price, one over it. consensus_probability: the books without their margin (consensus(), which has method and max_age). model_probability: the live model''s, at that line. basis: model where the live model was weighed against the market out of fold (training_run.market margin or blend: its calibration is the blend or its own only where that beat both, and the market''s otherwise), consensus elsewhere, players'' markets included; model alone for a game whose winner no book prices whole, which is no edge.';
