-- strategy_configuration: which strategies may speak, and how loudly. Written by refresh_strategies()
-- (adapt), read here: the one place where the loop closes.

CREATE TYPE signal AS (
	game_id            bigint,
	market             text,
	side               text,
	line               float8,
	book               text,
	price              float8,
	outcome            float8[],
	probability        float8,
	market_probability float8,
	edge               float8,
	prob_edge          float8,
	strength           float8,
	confidence         float8,
	participant        text
);
COMMENT ON TYPE signal IS
'What a strategy says: one bet it would make. outcome = probabilities of {win, half win, push, half loss, loss}; probability = P(the bet is not lost | it is not pushed), half results counting half; market_probability = the same from the de-vigged market; edge = expected profit per unit staked at price; prob_edge = probability - market_probability; strength = the quantity held against min_differential_threshold (edge in per cent); confidence in [0, 1]. price is the book''s, edge is after what an exchange keeps of it (signal_of() with its commission). participant = the player of a player''s market, as quote.participant, NULL otherwise.';

CREATE FUNCTION strategy_function(signal_function text) RETURNS regproc
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN CASE WHEN strpos(signal_function, '(') = 0 THEN to_regprocedure(signal_function || '(text, timestamptz)')::oid::regproc END;
COMMENT ON FUNCTION strategy_function(text) IS
'The function of that name that takes (text, timestamptz), as a value that is one function''s name and nothing else when it is put into a statement; NULL where there is none.';

CREATE TABLE strategy_configuration (
	effective_at              timestamptz NOT NULL,
	sport                     text NOT NULL REFERENCES sport,
	strategy_name             text NOT NULL,
	signal_type               text NOT NULL,
	signal_function           text NOT NULL,
	is_enabled                boolean NOT NULL,
	reason                    text NOT NULL,
	confidence_multiplier     float8 NOT NULL CHECK (confidence_multiplier BETWEEN 0.8 AND 1.2),
	threshold_adjustment      float8 NOT NULL CHECK (threshold_adjustment BETWEEN -0.3 AND 0.3),
	weight_in_ensemble        float8 NOT NULL CHECK (weight_in_ensemble BETWEEN 0 AND 1),
	recent_win_rate           float8,
	recent_roi                float8,
	sample_size               int NOT NULL,
	performance_trend         text NOT NULL CHECK (performance_trend IN ('IMPROVING', 'STABLE', 'DECLINING')),
	min_differential_threshold float8 NOT NULL,
	max_recommendations_per_day int NOT NULL,
	recorded_at               timestamptz NOT NULL DEFAULT now(),
	max_implied_probability   float8 NOT NULL DEFAULT 0.80 CHECK (max_implied_probability > 0 AND max_implied_probability <= 1),
	max_price                 float8 NOT NULL DEFAULT 10 CHECK (max_price > 1),
	max_edge                  float8 NOT NULL DEFAULT 0.25 CHECK (max_edge > 0),
	PRIMARY KEY (effective_at, sport, strategy_name)
);
COMMENT ON TABLE strategy_configuration IS 'Every version of the strategies'' configuration. A version holds from effective_at until the next one of the same sport and strategy; the last good one stays when a refresh fails.';
COMMENT ON COLUMN strategy_configuration.signal_function IS 'Function (sport text, as_of timestamptz) RETURNS SETOF signal, schema-qualified.';
COMMENT ON COLUMN strategy_configuration.recent_roi IS 'Profit per 100 staked in the judged window.';
COMMENT ON COLUMN strategy_configuration.max_implied_probability IS 'The strategy''s limits of odds and edge, as strategy has them: strategy_says().';
COMMENT ON COLUMN strategy_configuration.min_differential_threshold IS 'A signal passes iff strength >= this + threshold_adjustment.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy_configuration', '');

CREATE FUNCTION strategy_configuration_at(sport text, as_of timestamptz DEFAULT now())
RETURNS SETOF strategy_configuration
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT DISTINCT ON (c.strategy_name) c.*
	FROM strategy_configuration AS c
	WHERE c.sport = strategy_configuration_at.sport AND c.effective_at <= as_of
	ORDER BY c.strategy_name, c.effective_at DESC;
END;
COMMENT ON FUNCTION strategy_configuration_at(text, timestamptz) IS 'The configuration of every strategy of a sport that was in force at as_of; no row where no refresh had run yet.';

CREATE FUNCTION within_limits(price float8, edge float8, max_implied_probability float8, max_price float8, max_edge float8) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (1 / nullif(price, 0) <= max_implied_probability AND price <= max_price AND edge <= max_edge) IS NOT FALSE;
COMMENT ON FUNCTION within_limits(float8, float8, float8, float8, float8) IS
'Whether a bet keeps a strategy''s limits: no shorter price than max_implied_probability allows (the juice), none longer than max_price, no edge above max_edge. price is the one that the book shows. What is NULL breaks no limit.';

CREATE FUNCTION strategy_says(speaks regproc, sport text, as_of timestamptz, max_implied_probability float8, max_price float8, max_edge float8)
RETURNS SETOF signal
LANGUAGE plpgsql STABLE ROWS 10
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
	-- a regproc is one function's name and nothing else, whatever the row held
	RETURN QUERY EXECUTE format($q$
		SELECT s.game_id, s.market, s.side, s.line, s.book, s.price, s.outcome, s.probability, s.market_probability, e.edge, s.prob_edge,
			CASE WHEN abs(s.strength - 100 * s.edge) < 1e-9 THEN 100 * e.edge ELSE s.strength END, s.confidence, s.participant
		FROM %s($1, $2) AS s
		LEFT JOIN bet_edge.book AS b ON b.book = s.book AND b.commission > 0
		CROSS JOIN LATERAL (SELECT CASE WHEN b.commission > 0 AND cardinality(s.outcome) = 5 AND s.edge IS NOT NULL
			THEN least(s.edge, bet_edge.expected_profit(s.outcome[1], s.outcome[2], s.outcome[3], s.outcome[4], s.outcome[5], s.price, b.commission)) ELSE s.edge END AS edge) AS e
		WHERE bet_edge.within_limits(s.price, e.edge, $3, $4, $5) $q$, speaks)
	USING strategy_says.sport, strategy_says.as_of, strategy_says.max_implied_probability, strategy_says.max_price, strategy_says.max_edge;
END $$;
COMMENT ON FUNCTION strategy_says(regproc, text, timestamptz, float8, float8, float8) IS
'What a strategy''s function (strategy_function()) says of a sport as of a time, within its limits (within_limits()); the one way in which picks, backtests and opportunities hear a strategy. An edge that forgets the commission of an exchange (book.commission) is put right by the signal''s own outcome, and its strength where that is the edge in per cent.';
