-- strategy: functions of (sport, as_of) that say which bets they would make. Live and backtest call the same ones.

CREATE TABLE strategy (
	strategy_name               text PRIMARY KEY,
	signal_type                 text NOT NULL,
	signal_function             text NOT NULL,
	description                 text NOT NULL,
	min_differential_threshold  float8 NOT NULL DEFAULT 2.0,
	max_recommendations_per_day int NOT NULL DEFAULT 10 CHECK (max_recommendations_per_day > 0),
	max_implied_probability     float8 NOT NULL DEFAULT 0.80 CHECK (max_implied_probability > 0 AND max_implied_probability <= 1),
	max_price                   float8 NOT NULL DEFAULT 10 CHECK (max_price > 1),
	max_edge                    float8 NOT NULL DEFAULT 0.25 CHECK (max_edge > 0),
	builtin                     boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE strategy IS 'Strategies by name. A new one is a function (sport text, as_of timestamptz) RETURNS SETOF bet_edge.signal that reads nothing known after as_of, and a row here; run_backtest() judges it and the orchestrator decides whether it may speak.';
COMMENT ON COLUMN strategy.signal_type IS 'What the signals rest on: model, market, rating or action (where bets and money go).';
COMMENT ON COLUMN strategy.signal_function IS 'Schema-qualified name of the function.';
COMMENT ON COLUMN strategy.min_differential_threshold IS 'Smallest strength of a signal that is bet, before the orchestrator''s adjustment. Strength is the edge in per cent of the stake (a default of 2: tier C), or what the strategy''s function says.';
COMMENT ON COLUMN strategy.max_recommendations_per_day IS 'Most signals of a day (the sport''s time zone) that are bet, the strongest of each decision first, of equal ones the lower game_id.';
COMMENT ON COLUMN strategy.max_implied_probability IS 'Juice limit, held wherever the strategy''s bets are chosen (strategy_says()): no bet at a price whose implied probability 1/price is above this (0.80: decimal 1.25).';
COMMENT ON COLUMN strategy.max_price IS 'Juice limit at the other end: no bet at longer decimal odds, where a small error in a probability is a large one in the edge.';
COMMENT ON COLUMN strategy.max_edge IS 'A larger edge is taken for a stale or mistaken price or a mistaken probability, and is not bet.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON strategy FOR EACH ROW EXECUTE FUNCTION keep_own_row('strategy_name');

INSERT INTO strategy (strategy_name, signal_type, signal_function, description, min_differential_threshold, builtin) VALUES
	('model_value', 'model', 'bet_edge.strategy_model_value', 'The live model against the best price of any book: h2h, spreads and totals.', 2, true),
	('prop_value', 'model', 'bet_edge.strategy_prop_value', 'The prop models against the best price of any book: counts of players.', 2, true),
	('sharp_consensus', 'market', 'bet_edge.strategy_sharp_consensus', 'The sharpest book''s prices without their margin against the best price of the other books; no model.', 2.5, true),
	('elo_value', 'rating', 'bet_edge.strategy_elo_value', 'Elo ratings alone against the best price of any book: h2h.', 2, true),
	('sharp_action', 'action', 'bet_edge.strategy_sharp_action', 'The side with at least 15 points more of the money than of the bets: where the larger bets are.', 15, true),
	('opposing_markets', 'action', 'bet_edge.strategy_opposing_markets', 'Money and bets part on one team in h2h and on the other in spreads: the stronger of the two.', 20, true),
	('reverse_line_move', 'action', 'bet_edge.strategy_reverse_line_move', 'The side that prices have moved to against the public or against the soft books.', 1, true),
	('steam', 'action', 'bet_edge.strategy_steam', 'The side that at least three families of books moved to within minutes, in the last hour.', 3, true);

CREATE FUNCTION strategy_best(strategy text, signals signal[]) RETURNS SETOF signal
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT DISTINCT ON (s.game_id, s.participant) s.*
	FROM unnest(signals) AS s
	JOIN strategy AS y ON y.strategy_name = strategy_best.strategy
	WHERE s.edge > 0 AND within_limits(s.price, s.edge, y.max_implied_probability, y.max_price, y.max_edge)
	ORDER BY s.game_id, s.participant, s.edge DESC, s.market, s.side, s.line, s.book;
END;
COMMENT ON FUNCTION strategy_best(text, signal[]) IS
'Of the signals the one with the largest edge of each game, and of each player in it, where that is positive, within the strategy''s max_edge and juice limits (max_implied_probability, max_price): what a strategy''s function returns.';

CREATE FUNCTION strategy_model_value(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN QUERY SELECT b.* FROM strategy_best('model_value', ARRAY(SELECT e FROM model_edges(strategy_model_value.sport, strategy_model_value.as_of) AS e)) AS b;
END $$;
COMMENT ON FUNCTION strategy_model_value(text, timestamptz) IS
'Strategy model_value: for every upcoming game the bet with the largest edge by the model live at as_of, at the best bettable price known then. Empty where no model was live.';

CREATE FUNCTION strategy_prop_value(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM prop_form AS f WHERE f.sport = strategy_prop_value.sport AND f.game_id IS NULL) THEN
		RETURN QUERY SELECT b.* FROM strategy_best('prop_value', ARRAY(SELECT e FROM prop_edges(strategy_prop_value.sport, strategy_prop_value.as_of) AS e)) AS b;
	END IF;
END $$;
COMMENT ON FUNCTION strategy_prop_value(text, timestamptz) IS
'Strategy prop_value: for every player of an upcoming game the bet with the largest edge by the production models of his props (prop_edges()), at the best bettable price known at as_of. Empty where no player''s form is known.';

CREATE FUNCTION strategy_sharp_consensus(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT b.* FROM strategy_best('sharp_consensus', ARRAY(
		SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price,
			ARRAY[m.market_probability, 0, 0, 0, 1 - m.market_probability], m.market_probability, m.commission)
		FROM market_prices(strategy_sharp_consensus.sport, strategy_sharp_consensus.as_of) AS m
		JOIN book AS r ON r.book = m.reference_book
		WHERE m.bettable AND m.book <> m.reference_book AND (r.kind IN ('sharp', 'exchange', 'consensus') OR r.book = 'market_avg')
		  -- two prices say what wins and what loses, not how often a whole or quarter line pushes
		  AND (m.market = 'h2h' OR abs(m.line) - floor(abs(m.line)) = 0.5))) AS b;
END $$;
COMMENT ON FUNCTION strategy_sharp_consensus(text, timestamptz) IS
'Strategy sharp_consensus: the sharpest book''s probabilities (sharp, exchange, consensus or market_avg, margin removed) against the best price of the other bettable books as known at as_of. h2h, and spreads and totals on half lines only, where a bet wins or loses; a tie in a two-way sport is left out of account.';

CREATE FUNCTION strategy_elo_value(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	rules record;
	nu    float8 := elo_draw(strategy_elo_value.sport, strategy_elo_value.as_of);
BEGIN
	SELECT * INTO rules FROM sport_elo(strategy_elo_value.sport);
	RETURN QUERY
	WITH rated AS MATERIALIZED (
		SELECT u.game_id, elo_outcomes(elo_expected(team_rating(u.home_id, strategy_elo_value.sport, strategy_elo_value.as_of, u.season),
			team_rating(u.away_id, strategy_elo_value.sport, strategy_elo_value.as_of, u.season), CASE WHEN u.neutral THEN 0 ELSE rules.advantage END), nu) AS probs
		FROM upcoming_games(strategy_elo_value.sport, strategy_elo_value.as_of) AS u
		-- equal ratings at the start of all history say nothing
		WHERE EXISTS (SELECT FROM rating_history AS h WHERE h.sport = strategy_elo_value.sport AND h.rated_at <= strategy_elo_value.as_of)
	), priced AS MATERIALIZED (
		SELECT * FROM market_prices(strategy_elo_value.sport, strategy_elo_value.as_of, markets => '{h2h}') AS m WHERE m.bettable
	)
	SELECT b.* FROM strategy_best('elo_value', ARRAY(
		SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price, ARRAY[p.win, 0, 0, 0, 1 - p.win], m.market_probability, m.commission)
		FROM rated AS r
		JOIN priced AS m ON m.game_id = r.game_id
		CROSS JOIN LATERAL (SELECT r.probs[array_position('{home,draw,away}'::text[], m.side)] AS win) AS p
		WHERE p.win IS NOT NULL)) AS b;
END $$;
COMMENT ON FUNCTION strategy_elo_value(text, timestamptz) IS
'Strategy elo_value: h2h probabilities from Elo ratings as of as_of, with the sport''s home advantage (none on neutral ground) and elo_draw(), at the best bettable price known then. Empty before the first rated game.';

-- ---- where bets and money go -----------------------------------------------------------------

CREATE TYPE side_call AS (game_id bigint, market text, side text, strength float8, confidence float8);
COMMENT ON TYPE side_call IS 'A side of a market that somebody takes, without a probability of its own: strength in the strategy''s unit, confidence in [0, 1].';

CREATE FUNCTION strategy_follow(strategy text, sport text, as_of timestamptz, calls side_call[]) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF cardinality(calls) = 0 THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT DISTINCT ON (s.game_id) s.game_id, s.market, s.side, s.line, s.book, s.price, s.outcome, s.probability, s.market_probability, s.edge, s.prob_edge,
		c.strength, s.probability * c.confidence, s.participant
	FROM unnest(calls) AS c
	JOIN market_prices(strategy_follow.sport, strategy_follow.as_of) AS m ON m.game_id = c.game_id AND m.market = c.market AND m.side = c.side
	JOIN strategy AS y ON y.strategy_name = strategy_follow.strategy
	CROSS JOIN LATERAL signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price,
		ARRAY[m.market_probability, 0, 0, 0, 1 - m.market_probability], m.market_probability, m.commission) AS s
	WHERE m.bettable AND m.market_probability IS NOT NULL AND (m.market = 'h2h' OR abs(m.line) - floor(abs(m.line)) = 0.5)
	  AND within_limits(s.price, s.edge, y.max_implied_probability, y.max_price, y.max_edge)
	ORDER BY s.game_id, c.strength DESC, s.edge DESC, s.market, s.side, s.line, s.book;
END $$;
COMMENT ON FUNCTION strategy_follow(text, text, timestamptz, side_call[]) IS
'Sides as signals of a strategy: of each game the strongest call, at the best bettable price known at as_of within the strategy''s limits (h2h, half lines). The probability is the market''s own, so the edge says what the price is worth and nothing of what the call may know; it may be negative, and then generate_picks() bets nothing. confidence = probability x that of the call.';

CREATE FUNCTION strategy_sharp_action(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT s.* FROM strategy_follow('sharp_action', strategy_sharp_action.sport, as_of, ARRAY(
		SELECT ROW(u.game_id, b.market, b.side, b.differential, least(1, b.differential / 20))::side_call
		FROM upcoming_games(strategy_sharp_action.sport, as_of) AS u CROSS JOIN LATERAL bet_shares(u.game_id, as_of) AS b
		WHERE b.differential > 0)) AS s;
END;
COMMENT ON FUNCTION strategy_sharp_action(text, timestamptz) IS
'Strategy sharp_action: the side whose share of the money is above its share of the bets (bet_shares()). strength = that differential in points: 15 is moderate and the strategy''s threshold, 20 is high; confidence grows to full at 20. Nothing without rows of bet_share.';

CREATE FUNCTION strategy_opposing_markets(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH taken AS (
		SELECT DISTINCT ON (u.game_id, b.market) u.game_id, b.market, b.side, b.differential
		FROM upcoming_games(strategy_opposing_markets.sport, as_of) AS u CROSS JOIN LATERAL bet_shares(u.game_id, as_of) AS b
		WHERE b.market IN ('h2h', 'spreads') AND b.side IN ('home', 'away') AND b.differential >= 5
		ORDER BY u.game_id, b.market, b.differential DESC, b.side
	)
	SELECT s.* FROM strategy_follow('opposing_markets', strategy_opposing_markets.sport, as_of, ARRAY(
		SELECT CASE WHEN h.differential >= p.differential THEN ROW(h.game_id, h.market, h.side, h.differential + p.differential, least(1, h.differential / 20))::side_call
			ELSE ROW(p.game_id, p.market, p.side, h.differential + p.differential, least(1, p.differential / 20))::side_call END
		FROM taken AS h JOIN taken AS p ON p.game_id = h.game_id AND p.market = 'spreads' AND p.side <> h.side
		WHERE h.market = 'h2h')) AS s;
END;
COMMENT ON FUNCTION strategy_opposing_markets(text, timestamptz) IS
'Strategy opposing_markets: the larger bets (bet_shares(), differentials of at least 5 points) are on one team in h2h and on the other in spreads. Takes the side of the larger differential; strength = both differentials together, in points. Nothing without rows of bet_share.';

CREATE FUNCTION watched_games(sport text, as_of timestamptz DEFAULT now()) RETURNS TABLE (game_id bigint, outcomes int)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT u.game_id, s.outcomes
	FROM upcoming_games(watched_games.sport, as_of) AS u
	JOIN game AS g ON g.game_id = u.game_id
	JOIN sport AS s ON s.sport = g.sport
	CROSS JOIN LATERAL (SELECT min(q.known_at) < max(q.known_at) AS moved FROM quote AS q
		WHERE q.game_id = u.game_id AND q.game_month = g.month AND q.known_at <= as_of) AS q
	WHERE q.moved;
END;
COMMENT ON FUNCTION watched_games(text, timestamptz) IS 'Upcoming games of a sport whose prices were known at more than one moment by as_of: where something can have moved.';

CREATE FUNCTION strategy_reverse_line_move(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT s.* FROM strategy_follow('reverse_line_move', strategy_reverse_line_move.sport, as_of, ARRAY(
		SELECT ROW(w.game_id, r.market, r.side, 100 * abs(r.sharp_now - r.sharp_before), 1)::side_call
		FROM watched_games(strategy_reverse_line_move.sport, as_of) AS w CROSS JOIN LATERAL reverse_line_moves(w.game_id, as_of) AS r
		WHERE r.participant IS NULL AND (w.outcomes = 2 OR r.market <> 'h2h' OR r.side = 'home')
		UNION ALL
		-- the public's side, and prices that went the other way
		SELECT ROW(w.game_id, b.market, CASE b.side WHEN 'home' THEN 'away' WHEN 'away' THEN 'home' WHEN 'over' THEN 'under' ELSE 'over' END, -100 * m.shift, b.bets / 100)::side_call
		FROM watched_games(strategy_reverse_line_move.sport, as_of) AS w CROSS JOIN LATERAL bet_shares(w.game_id, as_of) AS b
		CROSS JOIN LATERAL (
			SELECT avg(x.shift) * CASE WHEN b.side IN ('home', 'over') THEN 1 ELSE -1 END AS shift
			FROM (SELECT sum(CASE WHEN l.line IS NOT DISTINCT FROM l.old_line THEN l.probability - l.old_probability ELSE 0.01 * l.direction END) AS shift
				FROM line_moves(w.game_id, as_of) AS l WHERE l.market = b.market AND l.participant IS NULL GROUP BY l.book) AS x) AS m
		WHERE b.bets >= 60 AND m.shift < 0 AND b.side <> 'draw' AND (w.outcomes = 2 OR b.market <> 'h2h' OR b.side = 'away'))) AS s;
END;
COMMENT ON FUNCTION strategy_reverse_line_move(text, timestamptz) IS
'Strategy reverse_line_move: the sharp books'' side of reverse_line_moves(), and the side opposite to the one with at least 60 % of the bets (bet_share) when prices moved towards it all the same. strength = the move in per cent of probability, of the sharp books or of all (mean over books, a moved line counting as 1). In three-way h2h only moves towards home have a side. Nothing where prices are known at one moment only.';

CREATE FUNCTION strategy_steam(sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT s.* FROM strategy_follow('steam', strategy_steam.sport, as_of, ARRAY(
		SELECT ROW(w.game_id, m.market, CASE WHEN m.market = 'totals' THEN CASE m.direction WHEN 1 THEN 'over' ELSE 'under' END
				ELSE CASE m.direction WHEN 1 THEN 'home' ELSE 'away' END END, m.books, CASE WHEN m.leader_kind IN ('sharp', 'exchange') THEN 1 ELSE 0.75 END)::side_call
		FROM watched_games(strategy_steam.sport, as_of) AS w CROSS JOIN LATERAL steam_moves(w.game_id, as_of) AS m
		WHERE m.participant IS NULL AND m.ended_at > as_of - interval '1 hour' AND m.market IN ('h2h', 'spreads', 'totals')
		  AND (w.outcomes = 2 OR m.market <> 'h2h' OR m.direction = 1))) AS s;
END;
COMMENT ON FUNCTION strategy_steam(text, timestamptz) IS
'Strategy steam: the side of the steam_moves() that ended in the hour before as_of, at the best price that is left. strength = families of books that moved; confidence is full when a sharp book or an exchange led. In three-way h2h only moves towards home have a side.';

CREATE FUNCTION check_strategy(strategy text, sport text, at timestamptz) RETURNS int
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
	tried strategy;
	seen  record;
BEGIN
	SELECT * INTO tried FROM strategy AS s WHERE s.strategy_name = check_strategy.strategy;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown strategy "%"', check_strategy.strategy USING ERRCODE = 'undefined_object', HINT = 'Strategies are rows of bet_edge.strategy.';
	ELSIF strategy_function(tried.signal_function) IS NULL THEN
		RAISE EXCEPTION 'strategy "%" has no function "%"', check_strategy.strategy, tried.signal_function USING ERRCODE = 'undefined_function';
	END IF;
	SELECT * INTO seen FROM scramble_difference(check_strategy.sport, check_strategy.at, format(
		'SELECT coalesce(jsonb_object_agg(concat_ws('' '', s.game_id, s.market, s.participant, s.side, s.line, s.book), to_jsonb(s)), ''{}'') FROM %s(%L, %L) AS s',
		strategy_function(tried.signal_function), check_strategy.sport, check_strategy.at));
	IF seen.keys = '{}' THEN
		RAISE EXCEPTION 'strategy "%" says nothing of % at %: the check would prove nothing', check_strategy.strategy, check_strategy.sport, check_strategy.at USING ERRCODE = 'invalid_parameter_value';
	ELSIF seen.moved IS NOT NULL THEN
		RAISE EXCEPTION 'behaviour: what strategy "%" says at % of game % depends on what became known later', check_strategy.strategy, check_strategy.at, seen.moved
			USING ERRCODE = '22L05', DETAIL = format('"%s" was %s, and is %s when the later results, prices, forecasts and corrections are other ones.',
				seen.field, coalesce(seen.before::text, 'absent'), coalesce(seen.after::text, 'absent'));
	END IF;
	RETURN cardinality(seen.keys);
END $$;
COMMENT ON FUNCTION check_strategy(text, text, timestamptz) IS
'The proof that a strategy knows nothing of the future, as scramble_check() proves it of features: what its function says of a sport at a moment of the past, before and after everything that became known later was made something else and everything known before was corrected a second later, in a subtransaction that is rolled back. Returns how many signals were compared; refuses a strategy that says something else then (22L05: it reads results, closing prices or whatever it could not have read at that time), one that says nothing at that moment (22023), an unknown strategy or sport (42704), a moment with no result after it (22023). Ask it of a strategy of your own at a few moments before you believe its backtest. Locks the changed rows while it runs.';
