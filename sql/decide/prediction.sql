-- prediction: what the live model says of the games to come.

CREATE FUNCTION upcoming_games(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS TABLE (game_id bigint, starts_at timestamptz, home_id bigint, away_id bigint, season int, neutral boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20	-- not STRICT, so that the planner can merge it
BEGIN ATOMIC
	SELECT g.game_id, f.starts_at, g.home_id, g.away_id, g.season, f.neutral
	FROM fixture AS f
	JOIN game AS g ON g.game_id = f.game_id
	WHERE f.starts_at >= as_of AND f.starts_at < as_of + horizon AND f.known_at <= as_of AND g.sport = upcoming_games.sport
	  AND NOT EXISTS (SELECT 1 FROM fixture AS later
	                  WHERE later.game_id = f.game_id AND later.known_at <= as_of
	                    AND (later.known_at, later.recorded_at) > (f.known_at, f.recorded_at))
	  -- a postponed game comes back with a fixture that is known after the postponement
	  AND NOT EXISTS (SELECT 1 FROM result AS r WHERE r.game_id = f.game_id AND r.known_at <= as_of
	                    AND r.status <> 'scheduled' AND (r.status <> 'postponed' OR r.known_at >= f.known_at)
	                    AND NOT EXISTS (SELECT 1 FROM result AS later WHERE later.game_id = r.game_id AND later.status = 'scheduled' AND later.known_at <= as_of
	                                      AND (later.known_at, later.recorded_at) > (r.known_at, r.recorded_at)));
END;
COMMENT ON FUNCTION upcoming_games(text, timestamptz, interval) IS
'Games of a sport that start within horizon from as_of on, by the fixture known at as_of, without a result known at as_of; a postponed game counts again once a newer fixture is known, and any once it is said to be scheduled after all.';

CREATE FUNCTION predict_games(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', ahead interval DEFAULT '0')
RETURNS TABLE (game_id bigint, bet_type text, model_id bigint, probs float8[], prediction float8, residuals float8[], features real[], key_numbers key_numbers, line float8)
LANGUAGE sql STABLE ROWS 30	-- not STRICT, so that the planner merges it into its callers, whose plans are kept
BEGIN ATOMIC
	WITH live AS MATERIALIZED (
		SELECT m.*, r.feature_function
		FROM unnest('{moneyline,spread,total}'::text[]) AS t (bet_type), model_at(predict_games.sport, t.bet_type, predict_games.as_of) AS m LEFT JOIN training_run AS r ON r.run_id = m.run_id
	), known AS MATERIALIZED (
		SELECT NULL AS source, f.game_id, to_jsonb(f) AS row
		FROM game_features(predict_games.sport, as_of + ahead, as_of + ahead + horizon, as_of) AS f
		WHERE f.game_id IN (SELECT u.game_id FROM upcoming_games(predict_games.sport, as_of, ahead + horizon) AS u)
		UNION ALL
		SELECT o.feature_function, f.game_id, f.features
		FROM (SELECT DISTINCT l.feature_function FROM live AS l WHERE l.feature_function <> 'bet_edge.game_features') AS o,
			features_by(o.feature_function, predict_games.sport, as_of + ahead, as_of + ahead + horizon, as_of) AS f
		WHERE f.game_id IN (SELECT u.game_id FROM upcoming_games(predict_games.sport, as_of, ahead + horizon) AS u)
	)
	SELECT k.game_id, l.bet_type, l.model_id,
		CASE WHEN l.bet_type = 'moneyline' THEN model_probabilities(l.forest, l.coefficients, l.calibration, v.vector, v.market, b.margin) END,
		CASE WHEN l.bet_type <> 'moneyline' THEN model_number(l.forest, l.coefficients, l.calibration, l.bet_type, v.vector, v.market, b.margin) END,
		l.residuals, v.vector, t.keys, t.line
	FROM live AS l
	JOIN known AS k ON k.source IS NOT DISTINCT FROM nullif(l.feature_function, 'bet_edge.game_features')
	-- OFFSET 0: computed once, not for each of its uses
	CROSS JOIN LATERAL (SELECT feature_vector(k.row, l.features) AS vector, row_market(k.row, l.bet_type) AS market OFFSET 0) AS v
	CROSS JOIN LATERAL (SELECT model_margin(l.market, l.bet_type, v.market, l.features, v.vector) AS margin OFFSET 0) AS b
	CROSS JOIN LATERAL model_law(l.market, l.key_numbers, predict_games.sport, l.bet_type, v.market, as_of) AS t;
END;
COMMENT ON FUNCTION predict_games(text, timestamptz, interval, interval) IS
'Predictions for the upcoming games by the models live at as_of, features as of as_of by the function that each learned from: of games that start within horizon from as_of + ahead on. probs: calibrated {home, draw, away} or {home, away} (moneyline); prediction: home margin (spread) or total, calibrated too, with the model''s out-of-fold residuals, and key numbers and line as model_law() has them. Both are NULL where what a model starts from is not known yet. For a past as_of the answer is the one that would have been given then: a model is live only after its knowledge_cutoff.';

CREATE FUNCTION predict_scores(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', ahead interval DEFAULT '0')
RETURNS TABLE (game_id bigint, probs float8[], margin float8, total float8, grid float8[], margins float8[], totals float8[], model_ids bigint[])
LANGUAGE sql STABLE ROWS 10	-- not STRICT, as predict_games()
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT * FROM predict_games(predict_scores.sport, as_of, horizon, ahead)
	)
	SELECT g.game_id, m.probs, d.prediction, t.prediction, l.grid, l.margins, l.totals, ARRAY[m.model_id, d.model_id, t.model_id]
	FROM sport AS s
	CROSS JOIN (SELECT DISTINCT p.game_id FROM said AS p) AS g
	LEFT JOIN said AS m ON m.game_id = g.game_id AND m.bet_type = 'moneyline'
	LEFT JOIN said AS d ON d.game_id = g.game_id AND d.bet_type = 'spread'
	LEFT JOIN said AS t ON t.game_id = g.game_id AND t.bet_type = 'total'
	CROSS JOIN LATERAL joint_score_law(s.outcomes, m.probs, d.prediction, t.prediction,
		(SELECT (h.fit).rho FROM strength_history AS h WHERE h.sport = predict_scores.sport AND h.known_at <= as_of AND as_of < h.valid_until),
		d.key_numbers, t.key_numbers, d.line, t.line) AS l
	WHERE s.sport = predict_scores.sport;
END;
COMMENT ON FUNCTION predict_scores(text, timestamptz, interval, interval) IS
'One law of the score for each of the upcoming games of predict_games(), by joint_score_law() of the three models live at as_of; rho is that of the strengths known then. Moneyline, spreads and totals at any line are read from margins and totals by line_probabilities(), correct scores from grid (sports with draws). probs, margin, total: what the moneyline, spread and total models say by themselves, model_ids in this order.';

CREATE FUNCTION model_outcome(probs float8[], margins float8[], totals float8[], market text, side text, line float8)
RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE
		-- with a draw to back, or without a law, the winner is the moneyline model's alone; both say the same
		WHEN market = 'h2h' AND (cardinality(probs) = 3 OR margins IS NULL) THEN (
			SELECT CASE WHEN p.win IS NOT NULL THEN ARRAY[p.win, 0, 0, 0, 1 - p.win] END
			FROM (SELECT probs[CASE side WHEN 'home' THEN 1 WHEN 'away' THEN cardinality(probs) WHEN 'draw' THEN CASE cardinality(probs) WHEN 3 THEN 2 END END] AS win) AS p)
		WHEN market IN ('h2h', 'spreads', 'totals') THEN (
			SELECT CASE WHEN l.p_win IS NOT NULL THEN ARRAY[l.p_win, l.p_half_win, l.p_push, l.p_half_loss, l.p_loss] END
			FROM line_probabilities(CASE market WHEN 'totals' THEN totals ELSE margins END, CASE market WHEN 'totals' THEN 'totals' ELSE 'spreads' END,
				side, CASE market WHEN 'h2h' THEN 0 ELSE line END) AS l)
	END;
END;
COMMENT ON FUNCTION model_outcome(float8[], float8[], float8[], text, text, float8) IS
'Probabilities {win, half win, push, half loss, loss} of a bet under one law of the score, as predict_scores() gives it: h2h, spreads and totals at any line. A tie pushes h2h where no draw can be backed. NULL where the law is missing.';

CREATE FUNCTION team_named(sport text, name text) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	league sport;
	found_ids bigint[];
BEGIN
	SELECT s.* INTO league FROM sport AS s WHERE s.sport = team_named.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', coalesce(team_named.sport, 'NULL') USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	SELECT array_agg(DISTINCT t.team_id) INTO found_ids FROM team AS t
	WHERE t.pool = league.pool AND (t.name = team_named.name OR t.name IN (SELECT a.target FROM alias AS a WHERE a.kind = 'team' AND a.pool = league.pool AND a.name = team_named.name));
	IF cardinality(found_ids) = 1 THEN
		RETURN found_ids[1];
	END IF;
	RAISE EXCEPTION '% team "%" of %', CASE WHEN found_ids IS NULL THEN 'unknown' ELSE 'ambiguous' END, coalesce(team_named.name, 'NULL'), team_named.sport
		USING ERRCODE = 'undefined_object', HINT = 'Teams are found by bet_edge.team.name or a name of any feed in bet_edge.alias, exactly as it is written there.';
END $$;
COMMENT ON FUNCTION team_named(text, text) IS 'A team by its name or by a feed''s exact name for it. Error (42704): unknown sport, unknown name, or one that feeds give to several teams.';

CREATE FUNCTION predict_match(sport text, home_team text, away_team text, as_of timestamptz, bet_type text)
RETURNS TABLE (game_id bigint, starts_at timestamptz, outcomes int, probs float8[], prediction float8, margins float8[], totals float8[], model_id bigint, residuals float8[])
LANGUAGE plpgsql STABLE ROWS 1
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	home bigint := team_named(predict_match.sport, predict_match.home_team);
	away bigint := team_named(predict_match.sport, predict_match.away_team);
	next record;
BEGIN
	SELECT u.game_id, u.starts_at INTO next FROM upcoming_games(predict_match.sport, predict_match.as_of, '1 year') AS u
	WHERE u.home_id = home AND u.away_id = away ORDER BY u.starts_at LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no game of "%" at home to "%" is known to be played within a year of %', predict_match.home_team, predict_match.away_team, coalesce(predict_match.as_of::text, 'NULL')
			USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM bet_edge.upcoming_games(sport, as_of, horizon) lists them.';
	END IF;
	RETURN QUERY
	SELECT next.game_id, next.starts_at, s.outcomes, p.probs, CASE predict_match.bet_type WHEN 'spread' THEN p.margin WHEN 'total' THEN p.total END, p.margins, p.totals, m.model_id, m.residuals
	FROM sport AS s
	CROSS JOIN predict_scores(predict_match.sport, predict_match.as_of, '1 second', next.starts_at - predict_match.as_of) AS p
	JOIN model AS m ON m.model_id = p.model_ids[array_position('{moneyline,spread,total}'::text[], predict_match.bet_type)]
	WHERE s.sport = predict_match.sport AND p.game_id = next.game_id
	  AND CASE predict_match.bet_type WHEN 'moneyline' THEN p.probs WHEN 'spread' THEN p.margins ELSE p.totals END IS NOT NULL;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no % model of % could speak at %', predict_match.bet_type, predict_match.sport, predict_match.as_of
			USING ERRCODE = 'undefined_object', HINT = 'CALL bet_edge.train_model(sport, bet_type) for moneyline, spread and total; the law of spreads and totals of a two-way sport takes 100 out-of-fold games.';
	END IF;
END $$;
COMMENT ON FUNCTION predict_match(text, text, text, timestamptz, text) IS
'The next game of two teams as known at as_of, and its law of the score: what predict_moneyline(), predict_spread() and predict_total() share. Errors (42704): unknown sport or team, no such game within a year, no live model.';

CREATE FUNCTION predict_moneyline(sport text, home_team text, away_team text, as_of timestamptz DEFAULT now())
RETURNS TABLE (game_id bigint, starts_at timestamptz, prediction text, prob_home float8, prob_draw float8, prob_away float8,
	fair_home float8, fair_draw float8, fair_away float8, confidence float8, model_id bigint)
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
	SELECT m.game_id, m.starts_at, (ARRAY['home', 'draw', 'away'])[best.outcome], o.probs[1], o.probs[2], o.probs[3],
		f.share / nullif(o.probs[1], 0), CASE m.outcomes WHEN 3 THEN 1 / nullif(o.probs[2], 0) END, f.share / nullif(o.probs[3], 0),
		o.probs[best.outcome] / f.share, m.model_id
	FROM predict_match(predict_moneyline.sport, home_team, away_team, predict_moneyline.as_of, 'moneyline') AS m
	CROSS JOIN LATERAL (SELECT coalesce(margin_law_outcomes(m.margins), ARRAY[m.probs[1], CASE m.outcomes WHEN 3 THEN m.probs[2] END, m.probs[m.outcomes]]) AS probs) AS o
	CROSS JOIN LATERAL (SELECT CASE m.outcomes WHEN 3 THEN 1 ELSE o.probs[1] + o.probs[3] END AS share) AS f
	CROSS JOIN LATERAL (SELECT k AS outcome FROM unnest(CASE m.outcomes WHEN 3 THEN '{1,2,3}'::int[] ELSE '{1,3}' END) AS k ORDER BY o.probs[k] DESC, k LIMIT 1) AS best;
END;
COMMENT ON FUNCTION predict_moneyline(text, text, text, timestamptz) IS
'Who wins the next game of two teams, by the live models as of as_of: prediction, the likeliest of home, draw and away; probabilities that sum to 1, from the law of the score that prices spreads and totals too; decimal odds that would be fair. Where no draw can be backed, prob_draw is the chance of a tie, which pushes, and confidence, the probability of the prediction, is given none. Errors (42704): unknown sport or team, no such game within a year, no live model.';

CREATE FUNCTION predict_spread(sport text, home_team text, away_team text, line float8 DEFAULT NULL, as_of timestamptz DEFAULT now(), alpha float8 DEFAULT 0.05)
RETURNS TABLE (game_id bigint, starts_at timestamptz, prediction text, mean float8, line float8, prob_home float8, prob_push float8, prob_away float8,
	fair_home float8, fair_away float8, lower float8, upper float8, conformal_home float8, confidence float8, model_id bigint)
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
	SELECT m.game_id, m.starts_at, CASE WHEN p.first >= p.second THEN 'home' ELSE 'away' END, e.mean, l.line, p.first, p.push, p.second,
		1 + p.second / nullif(p.first, 0), 1 + p.first / nullif(p.second, 0), i.lower, i.upper, c.prob_over,
		greatest(p.first, p.second) / nullif(p.first + p.second, 0), m.model_id
	FROM predict_match(predict_spread.sport, home_team, away_team, predict_spread.as_of, 'spread') AS m
	CROSS JOIN LATERAL (SELECT sum(k * m.margins[k]) AS mean FROM generate_subscripts(m.margins, 1) AS k) AS e
	LEFT JOIN LATERAL game_market(m.game_id, m.outcomes, predict_spread.as_of) AS q ON true
	CROSS JOIN LATERAL (SELECT coalesce(predict_spread.line, round(q.current_spread * 2) / 2, 0.5 - ceil(e.mean)) AS line) AS l
	CROSS JOIN LATERAL (SELECT w.p_win + w.p_half_win / 2 AS first, w.p_push + (w.p_half_win + w.p_half_loss) / 2 AS push, w.p_loss + w.p_half_loss / 2 AS second
		FROM line_probabilities(m.margins, 'spreads', 'home', l.line) AS w) AS p
	LEFT JOIN LATERAL (SELECT (cpd_interval(cpd(m.residuals), predict_spread.alpha, m.prediction)).*) AS i ON m.residuals IS NOT NULL
	LEFT JOIN LATERAL (SELECT d.prob_over FROM cpd_prob(cpd(m.residuals), -l.line, m.prediction, whole => true) AS d) AS c ON m.residuals IS NOT NULL;
END;
COMMENT ON FUNCTION predict_spread(text, text, text, float8, timestamptz, float8) IS
'The home margin of the next game of two teams against a line, by the live models as of as_of. line: the points added to the home side, a multiple of 0.25; NULL: the market''s, to the half point, or where nothing is quoted the half point next to the mean. prediction: the likelier side; mean: of the law of margins; prob_home, prob_push, prob_away: shares of the stake, they sum to 1 and agree with predict_moneyline() at every line; fair_home, fair_away: decimal odds worth nothing; lower, upper: conformal interval of the margin that misses at most alpha; conformal_home: what the model''s out-of-fold errors alone say of prob_home, whatever their law; NULL before there are any. confidence: probability of the prediction without a push. Errors: as predict_moneyline() (42704), a line or alpha that is none (22023).';

CREATE FUNCTION predict_total(sport text, home_team text, away_team text, line float8 DEFAULT NULL, as_of timestamptz DEFAULT now(), alpha float8 DEFAULT 0.05)
RETURNS TABLE (game_id bigint, starts_at timestamptz, prediction text, mean float8, line float8, prob_over float8, prob_push float8, prob_under float8,
	fair_over float8, fair_under float8, lower float8, upper float8, conformal_over float8, confidence float8, model_id bigint)
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
	SELECT m.game_id, m.starts_at, CASE WHEN p.first >= p.second THEN 'over' ELSE 'under' END, e.mean, l.line, p.first, p.push, p.second,
		1 + p.second / nullif(p.first, 0), 1 + p.first / nullif(p.second, 0), greatest(i.lower, 0), i.upper, c.prob_over,
		greatest(p.first, p.second) / nullif(p.first + p.second, 0), m.model_id
	FROM predict_match(predict_total.sport, home_team, away_team, predict_total.as_of, 'total') AS m
	CROSS JOIN LATERAL (SELECT sum(k * m.totals[k]) AS mean FROM generate_subscripts(m.totals, 1) AS k) AS e
	LEFT JOIN LATERAL game_market(m.game_id, m.outcomes, predict_total.as_of) AS q ON true
	CROSS JOIN LATERAL (SELECT coalesce(predict_total.line, round(q.current_total * 2) / 2, ceil(e.mean) - 0.5) AS line) AS l
	CROSS JOIN LATERAL (SELECT w.p_win + w.p_half_win / 2 AS first, w.p_push + (w.p_half_win + w.p_half_loss) / 2 AS push, w.p_loss + w.p_half_loss / 2 AS second
		FROM line_probabilities(m.totals, 'totals', 'over', l.line) AS w) AS p
	LEFT JOIN LATERAL (SELECT (cpd_interval(cpd(m.residuals), predict_total.alpha, m.prediction)).*) AS i ON m.residuals IS NOT NULL
	LEFT JOIN LATERAL (SELECT d.prob_over FROM cpd_prob(cpd(m.residuals), l.line, m.prediction, whole => true) AS d) AS c ON m.residuals IS NOT NULL;
END;
COMMENT ON FUNCTION predict_total(text, text, text, float8, timestamptz, float8) IS
'The total of the next game of two teams against a line, by the live models as of as_of: as predict_spread(), with over and under for home and away. Where nothing is quoted the line is the half point next to the mean.';

CREATE TABLE ai_predictions (
	prediction_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	created_at         timestamptz NOT NULL DEFAULT now(),
	as_of              timestamptz NOT NULL,
	rank               int NOT NULL,
	sport              text NOT NULL REFERENCES sport,
	game_id            bigint NOT NULL REFERENCES game,
	market             text NOT NULL,
	side               text NOT NULL,
	line               float8,
	book               text NOT NULL REFERENCES book,
	price              float8 NOT NULL,
	probability        float8 NOT NULL,
	model_probability  float8,
	market_probability float8 NOT NULL,
	edge               float8 NOT NULL,
	prob_edge          float8 NOT NULL,
	tier               text NOT NULL,
	confidence         float8 NOT NULL,
	stake              numeric NOT NULL,
	strategy_name      text NOT NULL,
	model_id           bigint REFERENCES model,
	reason             text NOT NULL,
	explanation        text,
	kelly              float8,
	growth             float8,
	detail             jsonb,
	settings           jsonb,
	net_price          float8,
	participant        text
);
COMMENT ON TABLE ai_predictions IS 'The picks, as generate_picks() stored them: at most one bet a market of a game and decision time, unless hedging was asked for. SELECT … WHERE created_at > now() - interval ''1 day'' ORDER BY confidence DESC.';
COMMENT ON COLUMN ai_predictions.probability IS 'The strategy''s probability of winning the bet, given that it is not pushed.';
COMMENT ON COLUMN ai_predictions.model_probability IS 'The live model''s, where a model was live; it may disagree with the strategy.';
COMMENT ON COLUMN ai_predictions.stake IS '0 for what a strategy said that was off at the time.';
COMMENT ON COLUMN ai_predictions.explanation IS 'The features that moved the model''s forecast of this side most (TreeSHAP; log-odds or points).';
COMMENT ON COLUMN ai_predictions.kelly IS 'Share of the bankroll of the full Kelly stake among all bets of the decision, before stake_cut.';
COMMENT ON COLUMN ai_predictions.growth IS 'Expected log growth of the bankroll by this stake alone.';
COMMENT ON COLUMN ai_predictions.price IS 'As the book shows it; net_price: what it pays after an exchange''s commission.';
COMMENT ON COLUMN ai_predictions.detail IS 'What generate_picks() says beside the columns: outcome, prices, features, votes, stake and its cuts.';
COMMENT ON COLUMN ai_predictions.participant IS 'The player of a player''s market, as quote.participant; NULL: the game.';
COMMENT ON COLUMN ai_predictions.settings IS 'What generate_picks() was asked, with the staking rule as it was: replay_pick() decides again from it.';
CREATE UNIQUE INDEX ai_predictions_once ON ai_predictions (as_of, game_id, market, side, coalesce(line, 'infinity'), coalesce(participant, ''));
CREATE INDEX ai_predictions_created ON ai_predictions (created_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.ai_predictions', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.ai_predictions_prediction_id_seq', '');

CREATE TABLE stake_cut (
	prediction_id bigint NOT NULL REFERENCES ai_predictions ON DELETE CASCADE,
	step          int NOT NULL,
	reason        text NOT NULL CHECK (reason IN ('probability_error', 'fraction', 'max_stake', 'max_tier', 'book_limit', 'max_game', 'max_book', 'max_sport', 'max_day', 'stake_unit', 'min_stake')),
	stake_before  numeric NOT NULL,
	stake_after   numeric NOT NULL,
	stake_limit   numeric,
	PRIMARY KEY (prediction_id, step),
	CHECK (stake_after < stake_before)
);
COMMENT ON TABLE stake_cut IS 'What took from the full Kelly stake of a stored pick, in the order in which it did; see slate_stakes().';
COMMENT ON COLUMN stake_cut.stake_limit IS 'The limit in money, of this bet or of all that share it; NULL where there is none (probability_error, fraction).';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.stake_cut', '');

CREATE FUNCTION pick_features(sport text, game_id bigint, market text, side text, as_of timestamptz, top int DEFAULT 3)
RETURNS TABLE (feature text, contribution float8)
LANGUAGE sql STABLE STRICT ROWS 3
BEGIN ATOMIC
	WITH forecast AS (
		SELECT m.forest, m.coefficients, m.features AS names, feature_vector(f.features, m.features) AS vector
		FROM model_at(pick_features.sport, CASE pick_features.market WHEN 'h2h' THEN 'moneyline' WHEN 'spreads' THEN 'spread' WHEN 'totals' THEN 'total' END, pick_features.as_of) AS m
		LEFT JOIN training_run AS r ON r.run_id = m.run_id
		JOIN upcoming_games(pick_features.sport, pick_features.as_of) AS u ON u.game_id = pick_features.game_id
		JOIN LATERAL features_by(coalesce(r.feature_function, 'bet_edge.game_features'), pick_features.sport, u.starts_at, u.starts_at + interval '1 second', pick_features.as_of) AS f ON f.game_id = pick_features.game_id
	), moved AS (
		SELECT c.names[e.feature] AS name,
			-- towards the side that is bet on; a forest of one output speaks for away (h2h), home, over
			e.contribution * CASE WHEN pick_features.side = CASE pick_features.market WHEN 'h2h' THEN 'home' WHEN 'spreads' THEN 'away' ELSE 'under' END AND f.outputs = 1
				THEN -1 ELSE 1 END AS contribution
		FROM forecast AS c
		CROSS JOIN LATERAL (SELECT coalesce((forest_summary(c.forest)).outputs, array_length(c.coefficients, 1) - 1) AS outputs) AS f
		CROSS JOIN LATERAL artifact_contributions(c.forest, c.coefficients, c.vector) AS e
		WHERE e.feature > 0 AND e.contribution <> 0
		  AND e.class = CASE f.outputs WHEN 3 THEN array_position('{home,draw,away}'::text[], pick_features.side) ELSE 1 END
		ORDER BY abs(e.contribution) DESC, e.feature
		LIMIT top
	)
	SELECT m.name, m.contribution FROM moved AS m ORDER BY abs(m.contribution) DESC, m.name;
END;
COMMENT ON FUNCTION pick_features(text, bigint, text, text, timestamptz, int) IS
'The top features by absolute TreeSHAP contribution to the live model''s forecast of this game, positive where they speak for the side: in log-odds (h2h), in points (spreads, totals). No row where no model was live, and for other markets.';

CREATE FUNCTION explain_pick(sport text, game_id bigint, market text, side text, as_of timestamptz, top int DEFAULT 3)
RETURNS text
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT string_agg(format('%s %s', f.feature, to_char(f.contribution, 'FMSG990.000')), ', ' ORDER BY abs(f.contribution) DESC, f.feature)
	FROM pick_features(explain_pick.sport, explain_pick.game_id, explain_pick.market, explain_pick.side, explain_pick.as_of, explain_pick.top) AS f;
END;
COMMENT ON FUNCTION explain_pick(text, bigint, text, text, timestamptz, int) IS
'pick_features() in one line. NULL where no model was live.';
