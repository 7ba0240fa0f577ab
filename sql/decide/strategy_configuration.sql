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
	confidence         float8
);
COMMENT ON TYPE signal IS
'What a strategy says: one bet it would make. outcome = probabilities of {win, half win, push, half loss, loss}; probability = P(the bet is not lost | it is not pushed), half results counting half; market_probability = the same from the de-vigged market; edge = expected profit per unit staked at price; prob_edge = probability - market_probability; strength = the quantity held against min_differential_threshold (edge in per cent); confidence in [0, 1].';

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
	PRIMARY KEY (effective_at, sport, strategy_name)
);
COMMENT ON TABLE strategy_configuration IS 'Every version of the strategies'' configuration. A version holds from effective_at until the next one of the same sport and strategy; the last good one stays when a refresh fails.';
COMMENT ON COLUMN strategy_configuration.signal_function IS 'Function (sport text, as_of timestamptz) RETURNS SETOF signal, schema-qualified.';
COMMENT ON COLUMN strategy_configuration.recent_roi IS 'Profit per 100 staked in the judged window.';
COMMENT ON COLUMN strategy_configuration.min_differential_threshold IS 'A signal passes iff strength >= this + threshold_adjustment.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy_configuration', '');

CREATE FUNCTION strategy_configuration_at(p_sport text, as_of timestamptz DEFAULT now())
RETURNS SETOF strategy_configuration
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT DISTINCT ON (c.strategy_name) c.*
	FROM strategy_configuration AS c
	WHERE c.sport = p_sport AND c.effective_at <= as_of
	ORDER BY c.strategy_name, c.effective_at DESC;
END;
COMMENT ON FUNCTION strategy_configuration_at(text, timestamptz) IS 'The configuration of every strategy of a sport that was in force at as_of; no row where no refresh had run yet.';
