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
COMMENT ON COLUMN strategy.signal_type IS 'What the signals rest on: model, market or rating.';
COMMENT ON COLUMN strategy.signal_function IS 'Schema-qualified name of the function.';
COMMENT ON COLUMN strategy.min_differential_threshold IS 'Smallest strength of a signal (edge in per cent of the stake) that is bet, before the orchestrator''s adjustment. A default of 2: tier C.';
COMMENT ON COLUMN strategy.max_recommendations_per_day IS 'Most signals of one decision that are bet, the strongest first.';
COMMENT ON COLUMN strategy.max_implied_probability IS 'Juice limit: no bet at a price whose implied probability 1/price is above this (0.80: decimal 1.25).';
COMMENT ON COLUMN strategy.max_price IS 'Juice limit at the other end: no bet at longer decimal odds, where a small error in a probability is a large one in the edge.';
COMMENT ON COLUMN strategy.max_edge IS 'A larger edge is taken for a stale or mistaken price or a mistaken probability, and is not bet.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON strategy FOR EACH ROW EXECUTE FUNCTION keep_own_row('strategy_name');

INSERT INTO strategy (strategy_name, signal_type, signal_function, description, min_differential_threshold, builtin) VALUES
	('model_value', 'model', 'bet_edge.strategy_model_value', 'The live model against the best price of any book: h2h, spreads and totals.', 2, true),
	('sharp_consensus', 'market', 'bet_edge.strategy_sharp_consensus', 'The sharpest book''s prices without their margin against the best price of the other books; no model.', 2.5, true),
	('elo_value', 'rating', 'bet_edge.strategy_elo_value', 'Elo ratings alone against the best price of any book: h2h.', 2, true);

CREATE FUNCTION strategy_best(p_strategy text, signals signal[]) RETURNS SETOF signal
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT DISTINCT ON (s.game_id) s.*
	FROM unnest(signals) AS s
	JOIN strategy AS y ON y.strategy_name = p_strategy
	WHERE s.edge > 0 AND s.edge <= y.max_edge AND 1 / s.price <= y.max_implied_probability AND s.price <= y.max_price
	ORDER BY s.game_id, s.edge DESC, s.market, s.side, s.line, s.book;
END;
COMMENT ON FUNCTION strategy_best(text, signal[]) IS
'Of the signals the one with the largest edge of each game, where that is positive, within the strategy''s max_edge and juice limits (max_implied_probability, max_price): what a strategy''s function returns.';

CREATE FUNCTION strategy_model_value(p_sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY SELECT b.* FROM strategy_best('model_value', ARRAY(SELECT e FROM model_edges(p_sport, strategy_model_value.as_of) AS e)) AS b;
END $$;
COMMENT ON FUNCTION strategy_model_value(text, timestamptz) IS
'Strategy model_value: for every upcoming game the bet with the largest edge by the model live at as_of, at the best bettable price known then. Empty where no model was live.';

CREATE FUNCTION strategy_sharp_consensus(p_sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT b.* FROM strategy_best('sharp_consensus', ARRAY(
		SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price,
			ARRAY[m.market_probability, 0, 0, 0, 1 - m.market_probability], m.market_probability)
		FROM market_prices(p_sport, strategy_sharp_consensus.as_of) AS m
		JOIN book AS r ON r.book = m.reference_book
		WHERE m.bettable AND m.book <> m.reference_book AND (r.kind IN ('sharp', 'exchange', 'consensus') OR r.book = 'market_avg')
		  -- two prices say what wins and what loses, not how often a whole or quarter line pushes
		  AND (m.market = 'h2h' OR abs(m.line) - floor(abs(m.line)) = 0.5))) AS b;
END $$;
COMMENT ON FUNCTION strategy_sharp_consensus(text, timestamptz) IS
'Strategy sharp_consensus: the sharpest book''s probabilities (sharp, exchange, consensus or market_avg, margin removed) against the best price of the other bettable books as known at as_of. h2h, and spreads and totals on half lines only, where a bet wins or loses; a tie in a two-way sport is left out of account.';

CREATE FUNCTION strategy_elo_value(p_sport text, as_of timestamptz) RETURNS SETOF signal
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
SET jit = off
AS $$
DECLARE
	rules record;
	nu    float8 := elo_draw(p_sport, strategy_elo_value.as_of);
BEGIN
	SELECT * INTO rules FROM sport_elo(p_sport);
	RETURN QUERY
	WITH rated AS MATERIALIZED (
		SELECT u.game_id, elo_outcomes(elo_expected(team_rating(u.home_id, p_sport, strategy_elo_value.as_of, u.season),
			team_rating(u.away_id, p_sport, strategy_elo_value.as_of, u.season), CASE WHEN u.neutral THEN 0 ELSE rules.advantage END), nu) AS probs
		FROM upcoming_games(p_sport, strategy_elo_value.as_of) AS u
		-- equal ratings at the start of all history say nothing
		WHERE EXISTS (SELECT FROM rating_history AS h WHERE h.sport = p_sport AND h.rated_at <= strategy_elo_value.as_of)
	)
	SELECT b.* FROM strategy_best('elo_value', ARRAY(
		SELECT signal_of(m.game_id, m.market, m.side, m.line, m.book, m.price, ARRAY[p.win, 0, 0, 0, 1 - p.win], m.market_probability)
		FROM rated AS r
		JOIN market_prices(p_sport, strategy_elo_value.as_of) AS m ON m.game_id = r.game_id
		CROSS JOIN LATERAL (SELECT r.probs[array_position('{home,draw,away}'::text[], m.side)] AS win) AS p
		WHERE m.market = 'h2h' AND m.bettable AND p.win IS NOT NULL)) AS b;
END $$;
COMMENT ON FUNCTION strategy_elo_value(text, timestamptz) IS
'Strategy elo_value: h2h probabilities from Elo ratings as of as_of, with the sport''s home advantage (none on neutral ground) and elo_draw(), at the best bettable price known then. Empty before the first rated game.';
