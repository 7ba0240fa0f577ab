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
	prob_error      float8 NOT NULL DEFAULT 0 CHECK (prob_error >= 0 AND prob_error < 1),
	max_tier        float8[] NOT NULL DEFAULT '{1,1,1}' CHECK (array_ndims(max_tier) = 1 AND array_length(max_tier, 1) = 3 AND array_lower(max_tier, 1) = 1 AND (0 <= ALL (max_tier)) IS TRUE AND 1 >= ALL (max_tier)),
	max_bets_game   int NOT NULL DEFAULT 1 CHECK (max_bets_game > 0),
	max_game        float8 NOT NULL DEFAULT 0.04 CHECK (max_game > 0 AND max_game <= 1),
	max_book        float8 NOT NULL DEFAULT 1 CHECK (max_book > 0 AND max_book <= 1),
	max_sport       float8 NOT NULL DEFAULT 1 CHECK (max_sport > 0 AND max_sport <= 1),
	min_stake       numeric NOT NULL DEFAULT 0 CHECK (min_stake >= 0),
	stake_unit      numeric NOT NULL DEFAULT 0.01 CHECK (stake_unit > 0 AND stake_unit % 0.01 = 0),
	same_game       float8 NOT NULL DEFAULT 0.25 CHECK (same_game >= 0 AND same_game <= 1),
	CHECK (max_edge > min_edge)
);
COMMENT ON TABLE staking_rule IS 'Named rules of staking; ''default'' is what generate_picks() and simulate_season() use unless told otherwise.';
COMMENT ON COLUMN staking_rule.bankroll IS 'Assumed when the caller gives none.';
COMMENT ON COLUMN staking_rule.multiplier IS 'Share of the full Kelly stake.';
COMMENT ON COLUMN staking_rule.max_stake IS 'Largest stake on one bet, as a share of the bankroll.';
COMMENT ON COLUMN staking_rule.max_day IS 'Largest sum of stakes decided on one day, as a share of the bankroll.';
COMMENT ON COLUMN staking_rule.min_edge IS 'Smallest edge (expected profit per unit staked) that is bet: tier C begins at 0.02.';
COMMENT ON COLUMN staking_rule.max_edge IS 'An edge above this is taken for a stale or mistaken price, or a mistaken model, and is not bet.';
COMMENT ON COLUMN staking_rule.prob_error IS 'Standard error of a probability: stakes are shrunk for it by kelly_shrink(), on top of multiplier. 0: not at all. prob_error() measures it from forecasts that had not seen the outcomes.';
COMMENT ON COLUMN staking_rule.max_tier IS 'Largest stake on one bet of tier {A, B, C}, as a share of the bankroll.';
COMMENT ON COLUMN staking_rule.max_bets_game IS 'Most bets on one game, on different markets, those worth most; hedging lifts it.';
COMMENT ON COLUMN staking_rule.max_game IS 'Largest sum of stakes on one game, as a share of the bankroll; so max_book and max_sport of the stakes of one day at a book and in a sport.';
COMMENT ON COLUMN staking_rule.min_stake IS 'A smaller stake, in money, is none.';
COMMENT ON COLUMN staking_rule.stake_unit IS 'Stakes are whole multiples of this, in money, rounded down.';
COMMENT ON COLUMN staking_rule.same_game IS 'How far bets on different players of one game, and on its score, are taken to come together (player_leg_scenarios()): 0 not at all, 1 always. The largest rank correlation measured is 0.20 (docs/props.md).';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.staking_rule', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON staking_rule FOR EACH ROW EXECUTE FUNCTION keep_own_row('staking');
INSERT INTO staking_rule VALUES ('default', 10000, 0.25, 0.02, 0.10, 0.02, 0.25, true);
INSERT INTO staking_rule VALUES ('tiered', 10000, 0.5, 0.03, 0.15, 0.02, 0.25, true, 0.02, '{0.03,0.015,0.0075}', 3, 0.04, 0.08, 0.10, 2, 1);

CREATE FUNCTION signal_stake(outcome float8[], price float8, multiplier float8 DEFAULT 0.25, cap float8 DEFAULT 0.02) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kelly_line(outcome[1], outcome[2], outcome[3], outcome[4], outcome[5], price, multiplier => multiplier, cap => cap);
COMMENT ON FUNCTION signal_stake(float8[], float8, float8, float8) IS
'Stake as a share of the bankroll for a bet with probabilities {win, half win, push, half loss, loss} at decimal price: least(multiplier x full Kelly, cap), 0 without value; see kelly_line().';
