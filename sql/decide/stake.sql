-- stake: how much, under which limits.

CREATE TABLE staking_rule (
	staking         text PRIMARY KEY,
	bankroll        numeric NOT NULL CHECK (bankroll > 0),
	multiplier      float8 NOT NULL CHECK (multiplier > 0 AND multiplier <= 1),
	max_stake       float8 NOT NULL CHECK (max_stake > 0 AND max_stake <= 1),
	max_day         float8 NOT NULL CHECK (max_day > 0 AND max_day <= 1),
	min_edge        float8 NOT NULL CHECK (min_edge >= 0),
	max_edge        float8 NOT NULL,
	builtin         boolean NOT NULL DEFAULT false,
	CHECK (max_edge > min_edge)
);
COMMENT ON TABLE staking_rule IS 'Named rules of staking; ''default'' is what generate_picks() and simulate_season() use unless told otherwise.';
COMMENT ON COLUMN staking_rule.bankroll IS 'Assumed when the caller gives none.';
COMMENT ON COLUMN staking_rule.multiplier IS 'Share of the full Kelly stake.';
COMMENT ON COLUMN staking_rule.max_stake IS 'Largest stake on one bet, as a share of the bankroll.';
COMMENT ON COLUMN staking_rule.max_day IS 'Largest sum of stakes decided on one day, as a share of the bankroll.';
COMMENT ON COLUMN staking_rule.min_edge IS 'Smallest edge (expected profit per unit staked) that is bet: tier C begins at 0.02.';
COMMENT ON COLUMN staking_rule.max_edge IS 'An edge above this is taken for a stale or mistaken price, or a mistaken model, and is not bet.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.staking_rule', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON staking_rule FOR EACH ROW EXECUTE FUNCTION keep_own_row('staking');
INSERT INTO staking_rule VALUES ('default', 10000, 0.25, 0.02, 0.10, 0.02, 0.25, true);

CREATE FUNCTION signal_stake(outcome float8[], price float8, multiplier float8 DEFAULT 0.25, cap float8 DEFAULT 0.02) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kelly_line(outcome[1], outcome[2], outcome[3], outcome[4], outcome[5], price, multiplier => multiplier, cap => cap);
COMMENT ON FUNCTION signal_stake(float8[], float8, float8, float8) IS
'Stake as a share of the bankroll for a bet with probabilities {win, half win, push, half loss, loss} at decimal price: least(multiplier x full Kelly, cap), 0 without value; see kelly_line().';
