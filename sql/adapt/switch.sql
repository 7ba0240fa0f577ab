-- switch: the operator's hand on a strategy, above what it is judged to be.

CREATE TABLE strategy_switch (
	strategy_name text NOT NULL,
	sport         text NOT NULL,
	known_at      timestamptz NOT NULL DEFAULT now(),
	decision      text NOT NULL CHECK (decision IN ('on', 'off', 'judged')),
	reason        text NOT NULL CHECK (reason <> ''),
	switch_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
COMMENT ON TABLE strategy_switch IS 'What was decided by hand of a strategy, from known_at until the next row: switch_strategy() adds them, and strategy_verdict() obeys.';
COMMENT ON COLUMN strategy_switch.sport IS 'The sport it holds for; *: all of them.';
COMMENT ON COLUMN strategy_switch.decision IS 'on or off whatever its results; judged: by the rule again.';
COMMENT ON COLUMN strategy_switch.switch_id IS 'In the order in which they were said: of one moment the last holds.';
CREATE INDEX strategy_switch_strategy ON strategy_switch (strategy_name, known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy_switch', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy_switch_switch_id_seq', '');

CREATE FUNCTION strategy_switched(strategy text, sport text, as_of timestamptz DEFAULT now()) RETURNS strategy_switch
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT w.* FROM strategy_switch AS w
	WHERE w.strategy_name = strategy_switched.strategy AND w.sport IN (strategy_switched.sport, '*') AND w.known_at <= as_of
	ORDER BY w.known_at DESC, w.switch_id DESC LIMIT 1;
END;
COMMENT ON FUNCTION strategy_switched(text, text, timestamptz) IS 'The decision by hand that is in force for a strategy in a sport at as_of: the latest for the sport or for all, of one moment the last said; NULL where there never was one.';
