-- promotion: what a model must have shown, on games it had not seen, before it may speak.

CREATE TABLE promotion_rule (
	rule                  text PRIMARY KEY,
	min_games             int NOT NULL CHECK (min_games >= 0),
	max_loss_to_market    float8 NOT NULL,
	max_loss_to_champion  float8 NOT NULL,
	max_calibration_error float8 NOT NULL CHECK (max_calibration_error > 0),
	min_edge              float8 NOT NULL,
	min_bets              int NOT NULL CHECK (min_bets > 1),
	min_roi_upper         float8 NOT NULL,
	builtin               boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE promotion_rule IS 'Gates of promote_model(); it asks the row ''default''. See promotion_check().';
COMMENT ON COLUMN promotion_rule.min_games IS 'Fewest out-of-fold games.';
COMMENT ON COLUMN promotion_rule.max_loss_to_market IS 'Most by which its mean loss may exceed the closing market''s on the same games, as a share of that: 0.02 is about 0.02 nats of a three-way log loss.';
COMMENT ON COLUMN promotion_rule.max_loss_to_champion IS 'The same against the out-of-fold forecasts of the model that is live.';
COMMENT ON COLUMN promotion_rule.max_calibration_error IS 'Largest expected calibration error (moneyline), or bias in standard deviations beyond its 95 % interval (spread, total).';
COMMENT ON COLUMN promotion_rule.min_edge IS 'Edge from which a bet of the return gate is made.';
COMMENT ON COLUMN promotion_rule.min_bets IS 'With fewer such bets the return is not judged.';
COMMENT ON COLUMN promotion_rule.min_roi_upper IS 'Least upper end of the return''s 95 % interval: 0 refuses what has shown that it loses.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.promotion_rule', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON promotion_rule FOR EACH ROW EXECUTE FUNCTION keep_own_row('rule');
INSERT INTO promotion_rule VALUES ('default', 300, 0.02, 0.002, 0.05, 0.02, 100, 0, true);

CREATE FUNCTION out_of_fold(run_id bigint)
RETURNS TABLE (game_id bigint, as_of timestamptz, forecast float8[], label float8, loss float8)
LANGUAGE sql STABLE STRICT ROWS 1000
BEGIN ATOMIC
	SELECT o.game_id, o.as_of, c.forecast, o.label,
		CASE WHEN m.bet_type = 'moneyline' THEN -ln(greatest(c.forecast[o.label::int], 1e-15)) ELSE (o.label - c.forecast[1]) ^ 2 END
	FROM oof_prediction AS o
	JOIN training_fold AS f ON f.run_id = o.run_id AND f.fold = o.fold
	JOIN model AS m ON m.model_id = f.model_id
	CROSS JOIN LATERAL (SELECT CASE WHEN m.bet_type = 'moneyline' THEN calibrate(m.calibration, o.raw, o.market) ELSE ARRAY[calibrate_number(m.calibration, o.raw[1], o.market[1])] END AS forecast OFFSET 0) AS c
	WHERE o.run_id = out_of_fold.run_id;
END;
COMMENT ON FUNCTION out_of_fold(bigint) IS
'What a run''s folds said of games that they had not seen, calibrated as each fold was then, from earlier folds alone: class probabilities or {margin or total}; label: the class from 1, the margin or total that came; loss: log loss in nats (a probability below 1e-15 counts as that) or squared error.';

CREATE FUNCTION promotion_check(model_id bigint, rule text DEFAULT 'default')
RETURNS TABLE (gate text, passed boolean, value float8, bound float8, detail text)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	chosen   record;
	champion record;
	gates    promotion_rule;
	d        record;
BEGIN
	SELECT m.model_id, m.name, m.sport, m.bet_type, m.run_id, s.outcomes INTO chosen
	FROM model AS m LEFT JOIN sport AS s ON s.sport = m.sport WHERE m.model_id = promotion_check.model_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown model %', promotion_check.model_id USING ERRCODE = 'undefined_object';
	END IF;
	SELECT * INTO gates FROM promotion_rule AS r WHERE r.rule = promotion_check.rule;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown rule "%"', promotion_check.rule USING ERRCODE = 'undefined_object', HINT = 'Rules are rows of bet_edge.promotion_rule.';
	END IF;

	SELECT count(*) AS n INTO d FROM oof_prediction AS o WHERE o.run_id = chosen.run_id;
	RETURN QUERY SELECT 'games', d.n >= gates.min_games, d.n::float8, gates.min_games::float8,
		format('%s games forecast out of fold, %s needed', d.n, gates.min_games);

	-- what the close said of the same games, as probabilities, a margin or a total
	WITH forecast AS MATERIALIZED (
		SELECT o.*, e.starts_at FROM out_of_fold(chosen.run_id) AS o JOIN sports_events AS e ON e.game_id = o.game_id
	), market AS (
		SELECT c.game_id, CASE chosen.bet_type WHEN 'spread' THEN ARRAY[-c.current_spread] WHEN 'total' THEN ARRAY[c.current_total]
			ELSE market_probabilities(c.sharpest, overround_method(chosen.sport, c.sharpest_book, c.sharpest_closing, f.starts_at)) END AS said
		FROM (SELECT array_agg(f.game_id ORDER BY f.game_id) AS games, array_agg(f.starts_at ORDER BY f.game_id) AS starts FROM forecast AS f) AS a,
			game_markets(a.games, chosen.outcomes, a.starts) AS c
		JOIN forecast AS f ON f.game_id = c.game_id
	)
	SELECT count(*) AS n, avg(f.loss) AS model, avg(l.loss) AS market, (paired_difference(f.loss, l.loss)).* INTO d
	FROM forecast AS f JOIN market AS m ON m.game_id = f.game_id
	CROSS JOIN LATERAL (SELECT CASE WHEN chosen.bet_type = 'moneyline' THEN -ln(greatest(m.said[f.label::int], 1e-15)) ELSE (f.label - m.said[1]) ^ 2 END AS loss) AS l
	WHERE l.loss IS NOT NULL;
	RETURN QUERY SELECT 'market', CASE WHEN d.n >= gates.min_games THEN d.model <= d.market * (1 + gates.max_loss_to_market) END,
		d.model / nullif(d.market, 0) - 1, gates.max_loss_to_market,
		CASE WHEN d.n > 0 THEN format('loss %s, the closing market''s %s on %s games, difference %s to %s', round(d.model::numeric, 4), round(d.market::numeric, 4), d.n,
			round(d.lower::numeric, 4), round(d.upper::numeric, 4)) ELSE 'no closing prices' END;

	SELECT m.model_id, m.name, m.run_id INTO champion FROM model AS m
	WHERE m.sport = chosen.sport AND m.bet_type = chosen.bet_type AND m.stage = 'production' AND m.model_id <> chosen.model_id;
	SELECT count(*) AS n, avg(a.loss) AS model, avg(b.loss) AS champion, (paired_difference(a.loss, b.loss)).* INTO d
	FROM out_of_fold(chosen.run_id) AS a JOIN out_of_fold(champion.run_id) AS b ON b.game_id = a.game_id;
	RETURN QUERY SELECT 'champion', CASE WHEN d.n >= gates.min_games THEN d.model <= d.champion * (1 + gates.max_loss_to_champion) END,
		d.model / nullif(d.champion, 0) - 1, gates.max_loss_to_champion,
		CASE WHEN d.n > 0 THEN format('loss %s, that of %s %s on %s games, difference %s to %s', round(d.model::numeric, 4), champion.name, round(d.champion::numeric, 4), d.n,
			round(d.lower::numeric, 4), round(d.upper::numeric, 4)) ELSE 'no live model with games in common' END;

	IF chosen.bet_type = 'moneyline' THEN
		SELECT count(*) / nullif(chosen.outcomes, 0) AS n, expected_calibration_error(o.forecast[k], o.label = k) AS error INTO d
		FROM out_of_fold(chosen.run_id) AS o, generate_subscripts(o.forecast, 1) AS k;
	ELSE
		SELECT count(*) AS n, greatest(abs(avg(o.label - o.forecast[1])) - 1.96 * stddev_samp(o.label - o.forecast[1]) / sqrt(count(*)), 0)
			/ nullif(stddev_samp(o.label - o.forecast[1]), 0) AS error INTO d FROM out_of_fold(chosen.run_id) AS o;
	END IF;
	RETURN QUERY SELECT 'calibration', d.error <= gates.max_calibration_error, d.error, gates.max_calibration_error,
		CASE WHEN d.error IS NULL THEN 'too few out-of-fold predictions'
			ELSE format(CASE chosen.bet_type WHEN 'moneyline' THEN 'expected calibration error %s' ELSE 'bias %s standard deviations beyond its interval' END, round(d.error::numeric, 4)) END;

	-- one bet a game, one unit, where the price of the decision was worth most
	IF chosen.bet_type = 'moneyline' THEN
		WITH forecast AS MATERIALIZED (
			SELECT * FROM out_of_fold(chosen.run_id)
		), price AS (
			SELECT c.game_id, CASE chosen.outcomes WHEN 3 THEN ARRAY[c.home_price, c.draw_price, c.away_price] ELSE ARRAY[c.home_price, c.away_price] END AS prices
			FROM (SELECT array_agg(f.game_id ORDER BY f.game_id) AS games, array_agg(f.as_of ORDER BY f.game_id) AS moments FROM forecast AS f) AS a,
				game_markets(a.games, chosen.outcomes, a.moments) AS c
		), bet AS (
			SELECT DISTINCT ON (f.game_id) f.game_id, CASE WHEN f.label = k THEN p.prices[k] - 1 ELSE -1 END AS profit
			FROM forecast AS f JOIN price AS p ON p.game_id = f.game_id, generate_subscripts(f.forecast, 1) AS k
			WHERE f.forecast[k] * p.prices[k] - 1 >= gates.min_edge
			ORDER BY f.game_id, f.forecast[k] * p.prices[k] DESC, k
		)
		SELECT count(*) AS bets, (roi_interval(b.profit, 1)).* INTO d FROM bet AS b;
		RETURN QUERY SELECT 'return', CASE WHEN d.bets >= gates.min_bets THEN d.upper >= gates.min_roi_upper END, d.upper, gates.min_roi_upper,
			CASE WHEN d.bets > 1 THEN format('return %s %% on %s bets, between %s and %s %%', round(100 * d.roi::numeric, 1), d.bets, round(100 * d.lower::numeric, 1), round(100 * d.upper::numeric, 1))
				ELSE 'no bets at prices of the time' END;
	END IF;
END $$;
COMMENT ON FUNCTION promotion_check(bigint, text) IS
'The gates of a model, on its run''s out-of-fold forecasts alone: games (enough of them), market (mean loss against the de-vigged closing market, paired by game), champion (against the live model''s out-of-fold forecasts), calibration, return (moneyline: one unit on the best side of each game with min_edge at the mean price of its decision time; its 95 % interval). value and bound are as promotion_rule describes them; detail says it in words. passed NULL: not judged, for want of prices, bets, a champion or games in common. Errors (42704): unknown model or rule.';

CREATE FUNCTION promote_model(model_id bigint, reason text DEFAULT 'promoted', force boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	chosen model;
	failed text;
	gates  jsonb;
BEGIN
	SELECT * INTO chosen FROM model AS m WHERE m.model_id = promote_model.model_id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown model %', promote_model.model_id USING ERRCODE = 'undefined_object';
	ELSIF chosen.sport IS NULL OR chosen.stage IN ('fold', 'production') THEN
		RAISE EXCEPTION 'model % ("%") cannot be promoted: %', chosen.model_id, chosen.name,
			CASE chosen.stage WHEN 'fold' THEN 'it is a walk-forward fold' WHEN 'production' THEN 'it is in production' ELSE 'it has no sport and bet type' END
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT string_agg(c.gate || ': ' || c.detail, '; ') FILTER (WHERE NOT c.passed), jsonb_agg(to_jsonb(c)) INTO failed, gates
	FROM promotion_check(chosen.model_id) AS c;
	IF failed IS NOT NULL AND NOT promote_model.force THEN
		RAISE EXCEPTION 'model % ("%") is not promoted: %', chosen.model_id, chosen.name, failed USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'promotion_check() has every gate, promotion_rule its bounds; force => true promotes all the same.';
	END IF;
	RETURN make_live(chosen.model_id, 'promotion', promote_model.reason || CASE WHEN failed IS NOT NULL THEN ' (forced; ' || failed || ')' ELSE '' END, gates => gates);
END $$;
COMMENT ON FUNCTION promote_model(bigint, text, boolean) IS
'Makes a model the one in production for its sport and bet type, from now on, if every gate of promotion_check() that can be judged is passed; the one before is archived, and rollback_model() brings it back. The gates'' values are kept in model_live. force: promotes in spite of them, and the reason says so. Returns its name. Errors: a gate is not passed, which one and why (55000); unknown model (42704); a fold, a model without a target, the model that is in production already (22023).';
