-- line: margins and totals against the market's: the law around what models say of them, and what it was worth at the line that was quoted.

CREATE FUNCTION joint_score_law(outcomes int, probs float8[], margin float8, total float8, rho float8, margin_keys key_numbers, total_keys key_numbers,
	spread_line float8 DEFAULT NULL, total_line float8 DEFAULT NULL, OUT grid float8[], OUT margins float8[], OUT totals float8[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	home constant float8 := greatest((total + margin) / 2, 0.05);
	away constant float8 := greatest((total - margin) / 2, 0.05);
BEGIN
	IF outcomes = 3 THEN
		IF home IS NULL OR margin IS NULL THEN
			RETURN;
		ELSIF NOT (abs(margin) <= 1000 AND abs(total) <= 1000) THEN
			RAISE EXCEPTION 'margin and total must be numbers of goals up to 1000, not % and %', margin, total USING ERRCODE = 'numeric_value_out_of_range';
		END IF;
		grid := dixon_coles_grid(home, away, least(greatest(coalesce(rho, 0), -1 / greatest(home, away)), 1, 1 / (home * away)),
			greatest(15, ceil(2 * greatest(home, away)) + 10)::int);
		IF probs IS NOT NULL THEN
			grid := score_grid_reconcile(grid, probs, spread_line, total_line);
		END IF;
		margins := margin_law(grid);
		totals := total_law(grid);
	ELSE
		margins := margin_law(margin, margin_keys);
		IF probs IS NOT NULL THEN
			margins := margin_law_reconcile(margins, probs, spread_line);
		END IF;
		totals := total_law(total, total_keys);
	END IF;
END $$;
COMMENT ON FUNCTION joint_score_law(int, float8[], float8, float8, float8, key_numbers, key_numbers, float8, float8) IS
'One law of a game''s score from what three models say of it: probs of the moneyline model, the mean margin of the spread model, the mean total of the total model. outcomes 3: a Dixon-Coles grid of the rates (total ± margin)/2, at least 0.05 each, with rho within its limits; 2: the margin and the total around their means, with key numbers. The law is then moved, by the least relative entropy, to have the moneyline model''s probabilities, and keeps what the spread and total models say at spread_line (home side''s) and total_line as far as these allow (NULL: nothing to keep). margins and totals are arrays whose subscripts are the numbers; grid NULL for 2 outcomes. NULL where a prediction or its key numbers are missing; without probs the law is that of the other two. Refuses means of goals that are no numbers or beyond 1000 (22003).';

CREATE FUNCTION model_law(setting text, own_keys key_numbers, sport text, bet_type text, market float8[], as_of timestamptz, OUT keys key_numbers, OUT line float8)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(CASE WHEN m.is_heard THEN key_numbers_at(model_law.sport, CASE model_law.bet_type WHEN 'spread' THEN 'spreads' WHEN 'total' THEN 'totals' END, model_law.as_of) END, own_keys),
		CASE WHEN m.is_heard THEN model_law.market[2] END
	FROM (SELECT setting IN ('margin', 'blend') AND model_law.bet_type <> 'moneyline' AND model_law.market IS NOT NULL AS is_heard) AS m;
END;
COMMENT ON FUNCTION model_law(text, key_numbers, text, text, float8[], timestamptz) IS
'What joint_score_law() needs of a spread or total model beside its prediction. A model that starts from the market or weighs it (training_run.market margin, blend) speaks in the market''s terms where there is one: the key numbers that the market''s own price was read by (key_numbers_at()), so that what it does not change is priced as the market does, and the line at which it was read. Others, and without a market, its own key numbers and no line.';

CREATE FUNCTION line_chance(law float8[], market text, line float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT (l.p_win + l.p_half_win / 2) / nullif(l.p_win + l.p_half_win / 2 + l.p_loss + l.p_half_loss / 2, 0)
	FROM line_probabilities(law, market, CASE market WHEN 'totals' THEN 'over' ELSE 'home' END, line) AS l;
END;
COMMENT ON FUNCTION line_chance(float8[], text, float8) IS
'Probability that a bet on home (market spreads) or over (totals) at line wins under a law when it is no push, half results as halves: what 1 over fair odds is. NULL where it always is.';

CREATE FUNCTION line_loss(chance float8, ahead float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN ahead <> 0 THEN least(2 * abs(ahead), 1) * forecast_log_loss(chance, ahead > 0, 1e-15) END;
COMMENT ON FUNCTION line_loss(float8, float8) IS
'Log loss of line_chance() once the bet is ahead of its line by so many points (a multiple of 0.25): half of it for half a win or half a loss, NULL for a push, which says nothing. Proper: the least on average for who says what is true.';

CREATE FUNCTION quoted_loss(sport text, outcomes int, bet_type text, prediction float8, market float8[], label float8, as_of timestamptz) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE quoted_loss.bet_type
		WHEN 'spread' THEN line_loss(line_chance(l.margins, 'spreads', quoted_loss.market[2]), quoted_loss.label + quoted_loss.market[2])
		WHEN 'total' THEN line_loss(line_chance(l.totals, 'totals', quoted_loss.market[2]), quoted_loss.label - quoted_loss.market[2]) END
	FROM model_law('margin', NULL, quoted_loss.sport, quoted_loss.bet_type, quoted_loss.market, quoted_loss.as_of) AS m
	CROSS JOIN LATERAL joint_score_law(quoted_loss.outcomes, NULL, CASE quoted_loss.bet_type WHEN 'spread' THEN quoted_loss.prediction ELSE quoted_loss.market[4] END, CASE quoted_loss.bet_type WHEN 'total' THEN quoted_loss.prediction ELSE quoted_loss.market[4] END,
		CASE quoted_loss.outcomes WHEN 3 THEN (SELECT (h.fit).rho FROM strength_history AS h WHERE h.sport = quoted_loss.sport AND h.known_at <= quoted_loss.as_of AND quoted_loss.as_of < h.valid_until) END,
		CASE quoted_loss.bet_type WHEN 'spread' THEN m.keys END, CASE quoted_loss.bet_type WHEN 'total' THEN m.keys END) AS l;
END;
COMMENT ON FUNCTION quoted_loss(text, int, text, float8, float8[], float8, timestamptz) IS
'Log loss (line_loss()) of a predicted margin (bet_type spread) or total at the line that the market quoted, market as row_market() gives it, by the law of the market''s terms as of as_of; label: what came. NULL for a push, without a quoted line or without key numbers.';

CREATE FUNCTION line_calibration_fits(run_id bigint, last_fold int) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT CASE WHEN w.n >= 100 THEN jsonb_build_array('{"method": "market", "weights": [0, 1]}'::jsonb, jsonb_build_object('method', 'blend', 'weights', jsonb_build_array(w.own, 1 - w.own)))
		ELSE '[]' END
	FROM (SELECT count(*) AS n, coalesce(least(greatest(sum((o.raw[1] - o.market[1]) * (o.label - o.market[1])) / nullif(sum((o.raw[1] - o.market[1]) ^ 2), 0), 0), 1), 0) AS own
		FROM oof_prediction AS o WHERE o.run_id = line_calibration_fits.run_id AND o.fold <= last_fold AND o.raw[1] IS NOT NULL AND o.market[1] IS NOT NULL) AS w;
END;
COMMENT ON FUNCTION line_calibration_fits(bigint, int) IS
'The calibrations of a spread or total model that can be fitted on its run''s out-of-fold predictions up to a fold, in the form of calibrate_number(): from 100 games with a market on the market itself and the blend with it, by the weight in 0 to 1 of least squares.';

CREATE FUNCTION line_calibration_losses(run_id bigint, fold int, outcomes int, fit jsonb) RETURNS jsonb
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT (SELECT jsonb_build_object('squared_error', avg((o.label - calibrate_number(line_calibration_losses.fit, o.raw[1], o.market[1])) ^ 2))
			FROM oof_prediction AS o WHERE o.run_id = line_calibration_losses.run_id AND o.fold = line_calibration_losses.fold)
		|| coalesce((SELECT jsonb_object_agg(l.method, l.loss) FILTER (WHERE l.loss IS NOT NULL)
			FROM (SELECT f.fit ->> 'method' AS method,
					avg(quoted_loss(r.sport, line_calibration_losses.outcomes, r.bet_type, calibrate_number(f.fit, o.raw[1], o.market[1]), o.market, o.label, o.as_of)) AS loss
				FROM training_run AS r JOIN oof_prediction AS o ON o.run_id = r.run_id AND o.fold = line_calibration_losses.fold AND o.market[3] IS NOT NULL
				CROSS JOIN jsonb_array_elements('[{"method": "none"}]' || line_calibration_fits(line_calibration_losses.run_id, line_calibration_losses.fold - 1)) AS f (fit)
				WHERE r.run_id = line_calibration_losses.run_id GROUP BY f.fit) AS l), '{}');
END;
COMMENT ON FUNCTION line_calibration_losses(bigint, int, int, jsonb) IS
'Of a fold''s out-of-fold margins or totals: squared_error, mean, under the calibration fit that the fold''s model has; and where lines were quoted the mean log loss there (quoted_loss()) by calibration method, each fitted on the folds before.';
