-- pick: the strategies speak, conflicts are settled, the slate is staked, and what was decided can be decided again.

CREATE FUNCTION earlier_picks(as_of timestamptz DEFAULT now(), before bigint DEFAULT 0) RETURNS SETOF ai_predictions
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT a.* FROM ai_predictions AS a
	WHERE a.stake > 0 AND (a.as_of < earlier_picks.as_of OR a.as_of = earlier_picks.as_of AND a.prediction_id < before OR earlier_picks.as_of = now() AND a.as_of > now());
END;
COMMENT ON FUNCTION earlier_picks(timestamptz, bigint) IS
'The bets among the stored picks that were decided before as_of, and of those of as_of itself the ones with a prediction_id below before. Of now, all that are stored for another time: two sessions that decide at once may store in another order than they began.';

CREATE FUNCTION picks_today(sport text, as_of timestamptz DEFAULT now(), before bigint DEFAULT 0) RETURNS TABLE (strategy_name text, picks int)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT a.strategy_name, count(*)::int
	FROM sport AS k JOIN earlier_picks(picks_today.as_of, before) AS a ON a.sport = k.sport
	WHERE k.sport = picks_today.sport AND a.as_of >= date_trunc('day', picks_today.as_of, k.time_zone)
	GROUP BY a.strategy_name;
END;
COMMENT ON FUNCTION picks_today(text, timestamptz, bigint) IS
'How many picks of each strategy were stored for a sport earlier (earlier_picks()) on the day of as_of (the sport''s time zone): what counts against max_recommendations_per_day.';

CREATE FUNCTION strategy_signals(sport text, as_of timestamptz DEFAULT now(), watch boolean DEFAULT false, exclude bigint[] DEFAULT '{}', picks jsonb DEFAULT NULL)
RETURNS TABLE (strategy_name text, weight float8, is_enabled boolean, said signal)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	strategy strategy_configuration;
	speaks   regproc;
	-- of the day, by strategy
	picked   CONSTANT jsonb := coalesce(picks, (SELECT jsonb_object_agg(p.strategy_name, p.picks) FROM picks_today(strategy_signals.sport, as_of) AS p), '{}');
BEGIN
	FOR strategy IN SELECT * FROM strategy_configuration_at(strategy_signals.sport, as_of) AS c WHERE c.is_enabled OR watch ORDER BY c.strategy_name LOOP
		speaks := strategy_function(strategy.signal_function);
		IF speaks IS NULL THEN
			CONTINUE WHEN NOT strategy.is_enabled;
			RAISE EXCEPTION 'strategy "%" has no function "%"', strategy.strategy_name, strategy.signal_function USING ERRCODE = 'undefined_function';
		END IF;
		RETURN QUERY
		SELECT strategy.strategy_name, strategy.weight_in_ensemble, strategy.is_enabled, ROW(s.game_id, s.market, s.side, s.line, s.book, s.price, s.outcome, s.probability,
			s.market_probability, s.edge, s.prob_edge, s.strength, least(1, s.confidence * strategy.confidence_multiplier), s.participant)::signal
		FROM strategy_says(speaks, strategy_signals.sport, strategy_signals.as_of, strategy.max_implied_probability, strategy.max_price, strategy.max_edge) AS s
		WHERE s.strength >= strategy.min_differential_threshold + strategy.threshold_adjustment AND s.market_probability IS NOT NULL AND s.confidence IS NOT NULL AND (s.game_id = ANY (exclude)) IS NOT TRUE
		ORDER BY s.strength DESC, s.game_id, s.market, s.side, s.line, s.book, s.participant
		LIMIT greatest(0, strategy.max_recommendations_per_day - coalesce((picked ->> strategy.strategy_name)::int, 0));
	END LOOP;
END;
$$;
COMMENT ON FUNCTION strategy_signals(text, timestamptz, boolean, bigint[], jsonb) IS
'Signals of every strategy enabled at as_of (watch: of the others too) within its limits (strategy_says()) that pass min_differential_threshold + threshold_adjustment, confidence multiplied by confidence_multiplier (at most 1), on games that are not in exclude; of each strategy the strongest, of equal ones that of the lower game_id, market, side, line, book and participant, at most max_recommendations_per_day a day of the sport''s time zone: picks, how many of them it has had that day already, {"model_value": 2}; NULL: picks_today(). A signal without a de-vigged market beside it or without a confidence does not pass. Refuses an enabled strategy whose function is not there (42883).';

CREATE FUNCTION standing_offers(game_id bigint, market text, side text, line float8, as_of timestamptz DEFAULT now(), participant text DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('book', q.book, 'line', q.line, 'price', q.price, 'net_price', net_odds(q.price, b.commission), 'max_stake', q.max_stake))
		ORDER BY net_odds(q.price, b.commission) DESC, q.book), '[]')
	FROM standing_quotes(standing_offers.game_id, as_of) AS q JOIN book AS b ON b.book = q.book
	WHERE q.market = standing_offers.market AND q.side = standing_offers.side AND q.line IS NOT DISTINCT FROM standing_offers.line AND q.participant IS NOT DISTINCT FROM standing_offers.participant;
END;
COMMENT ON FUNCTION standing_offers(bigint, text, text, float8, timestamptz, text) IS 'Every book''s price of one bet that stands at as_of (standing_quotes()), and net_price, what it pays after the commission of an exchange, the longest first: [{"book", "line", "price", "net_price", "max_stake"}, …].';

CREATE FUNCTION decide_picks(as_of timestamptz, top int, for_sport text, bankroll numeric, rule staking_rule, staked jsonb, exclude bigint[],
	explained boolean, watched boolean, hedge boolean, modelled boolean DEFAULT true)
RETURNS TABLE (rank int, sport text, game_id bigint, market text, side text, line float8, book text, price float8,
	probability float8, model_probability float8, market_probability float8, edge float8, prob_edge float8, tier text,
	confidence float8, stake numeric, strategy_name text, model_id bigint, reason text, explanation text, kelly float8, growth float8, detail jsonb, net_price float8, participant text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan	-- so are the strategies' statements: planned once a session, not at every decision
AS $$
#variable_conflict use_column
DECLARE
	chosen jsonb[];		-- one bet each: the signal, who says it, who else voted
	slate  signal[];
BEGIN
	WITH said AS MATERIALIZED (
		SELECT s.sport, v.strategy_name, v.weight, v.is_enabled, v.said AS word, (v.said).*
		FROM sport AS s, strategy_signals(s.sport, decide_picks.as_of, watched, exclude, coalesce(staked -> 'picks' -> s.sport, '{}')) AS v
		WHERE s.sport = coalesce(for_sport, s.sport)
	), heard AS MATERIALIZED (
		SELECT s.*, growth_rate_payoffs(k.f, s.outcome, k.r) AS worth
		FROM said AS s LEFT JOIN book AS b ON b.book = s.book
		CROSS JOIN LATERAL (SELECT net_odds(s.price, coalesce(b.commission, 0)) - 1 AS gain) AS n
		CROSS JOIN LATERAL (SELECT kelly_payoffs(s.outcome, x.r) AS f, x.r FROM (SELECT ARRAY[n.gain, n.gain / 2, 0, -0.5, -1] AS r) AS x) AS k
		WHERE s.edge >= rule.min_edge AND s.edge <= rule.max_edge AND cardinality(s.outcome) = 5
	), vote AS (
		-- sides of one game and market contradict each other: confidence x weight decides
		SELECT h.is_enabled, h.game_id, h.market, coalesce(h.participant, '') AS who, h.side, sum(h.confidence * h.weight) AS votes, string_agg(DISTINCT h.strategy_name, ', ' ORDER BY h.strategy_name) AS voters
		FROM heard AS h GROUP BY h.is_enabled, h.game_id, h.market, who, h.side
	), winner AS (
		SELECT DISTINCT ON (v.is_enabled, v.game_id, v.market, v.who, CASE WHEN hedge THEN v.side END) v.*
		FROM vote AS v ORDER BY v.is_enabled, v.game_id, v.market, v.who, CASE WHEN hedge THEN v.side END, v.votes DESC, v.side
	), best AS (
		-- of all prices and lines of a side the one worth most; what is only watched never stands beside a bet on its game
		SELECT DISTINCT ON (h.game_id, h.market, h.participant, CASE WHEN hedge THEN h.side END, CASE WHEN hedge THEN h.line END) h.*, w.voters
		FROM heard AS h JOIN winner AS w USING (is_enabled, game_id, market, side)
		WHERE w.who = coalesce(h.participant, '') AND (h.is_enabled OR NOT EXISTS (SELECT FROM heard AS x WHERE x.is_enabled AND x.game_id = h.game_id))
		ORDER BY h.game_id, h.market, h.participant, CASE WHEN hedge THEN h.side END, CASE WHEN hedge THEN h.line END, h.is_enabled DESC, h.worth DESC, h.edge DESC, h.weight DESC, h.strategy_name, h.side, h.line, h.book
	), few AS (
		SELECT b.*, row_number() OVER (PARTITION BY b.game_id ORDER BY b.worth DESC, b.market, b.participant, b.side, b.line) AS place FROM best AS b
	)
	SELECT array_agg(to_jsonb(b.word) || jsonb_build_object('sport', b.sport, 'strategy_name', b.strategy_name, 'is_enabled', b.is_enabled, 'worth', b.worth, 'voters', b.voters,
		'votes', (SELECT jsonb_agg(jsonb_build_object('strategy', h.strategy_name, 'enabled', h.is_enabled, 'side', h.side, 'line', h.line, 'book', h.book, 'price', h.price, 'edge', h.edge,
				'confidence', h.confidence, 'weight', h.weight) ORDER BY h.strategy_name, h.side, h.line, h.book)
			FROM heard AS h WHERE h.game_id = b.game_id AND h.market = b.market AND h.participant IS NOT DISTINCT FROM b.participant))
		ORDER BY b.is_enabled DESC, b.worth DESC, b.game_id, b.market, b.participant, b.side, b.line)
	INTO chosen FROM few AS b WHERE hedge OR b.place <= rule.max_bets_game;
	-- a slate of more than 500 is cut to the bets worth most
	slate := ARRAY(SELECT jsonb_populate_record(NULL::signal, c.bet) FROM unnest(chosen) WITH ORDINALITY AS c (bet, i) WHERE (c.bet ->> 'is_enabled')::boolean ORDER BY c.i LIMIT 500);
	IF cardinality(slate) > 0 THEN
		-- what the first stakes leave out has no part in the second
		slate := ARRAY(SELECT slate[t.n] FROM slate_stakes(slate, rule, bankroll, decide_picks.as_of, staked) AS t WHERE t.stake > 0 ORDER BY t.growth DESC, t.n LIMIT decide_picks.top);
	END IF;
	RETURN QUERY
	WITH bet AS MATERIALIZED (
		SELECT t.n::int AS n, slate[t.n] AS word, t.kelly, t.stake, t.growth, t.cuts FROM slate_stakes(slate, rule, bankroll, decide_picks.as_of, staked) AS t WHERE t.stake > 0
	), watch AS (
		SELECT jsonb_populate_record(NULL::signal, c.bet) AS word, c.i FROM unnest(chosen) WITH ORDINALITY AS c (bet, i)
		WHERE watched AND NOT (c.bet ->> 'is_enabled')::boolean
	), listed AS (
		SELECT row_number() OVER (ORDER BY x.is_enabled DESC, x.growth DESC, x.i) AS place, x.is_enabled, (x.word).*, x.kelly, x.stake, x.growth, x.cuts
		FROM (SELECT true AS is_enabled, b.word, b.kelly, b.stake, b.growth, b.cuts, b.n::bigint AS i FROM bet AS b
			UNION ALL SELECT false, w.word, NULL, 0.00, NULL, '[]', w.i FROM watch AS w) AS x
	), taken AS MATERIALIZED (
		SELECT l.*, c.bet FROM listed AS l
		JOIN LATERAL (SELECT u.bet FROM unnest(chosen) AS u (bet) WHERE (u.bet ->> 'game_id')::bigint = l.game_id AND u.bet ->> 'market' = l.market AND u.bet ->> 'side' = l.side
			AND (u.bet ->> 'line')::float8 IS NOT DISTINCT FROM l.line AND u.bet ->> 'book' = l.book AND u.bet ->> 'participant' IS NOT DISTINCT FROM l.participant) AS c ON true
		WHERE l.place <= decide_picks.top
	), speaking AS MATERIALIZED (
		SELECT x.sport, x.market, m.model_id
		FROM (SELECT DISTINCT t.bet ->> 'sport' AS sport, t.market FROM taken AS t) AS x
		CROSS JOIN LATERAL model_at(x.sport, CASE x.market WHEN 'h2h' THEN 'moneyline' WHEN 'spreads' THEN 'spread' WHEN 'totals' THEN 'total'
			ELSE (SELECT y.prop_type FROM prop_type AS y WHERE y.sport = x.sport AND x.market IN (y.market, y.market || '_alternate')) END, decide_picks.as_of) AS m
	), law AS MATERIALIZED (	-- of the hours in which these games start
		SELECT p.game_id, p.probs, p.margins, p.totals
		FROM (SELECT g.sport, min(u.starts_at) - decide_picks.as_of AS ahead, max(u.starts_at) - min(u.starts_at) + interval '1 second' AS horizon
			FROM (SELECT DISTINCT t.bet ->> 'sport' AS sport, t.game_id FROM taken AS t WHERE modelled) AS g
			JOIN LATERAL upcoming_games(g.sport, decide_picks.as_of) AS u ON u.game_id = g.game_id GROUP BY g.sport) AS s
		CROSS JOIN LATERAL predict_scores(s.sport, decide_picks.as_of, s.horizon, s.ahead) AS p
	)
	SELECT t.place::int, t.bet ->> 'sport', t.game_id, t.market, t.side, t.line, t.book, t.price, t.probability, e.probability, t.market_probability, t.edge, t.prob_edge,
		signal_tier(t.edge), t.confidence, t.stake, t.bet ->> 'strategy_name', m.model_id,
		format('%s: %s at %s, stake %s', t.bet ->> 'voters', to_char(100 * t.edge, 'FMS990.0') || ' % expected',
			t.price || CASE WHEN n.net_price < t.price THEN format(' (%s after commission)', round(n.net_price::numeric, 4)) ELSE '' END,
			CASE WHEN NOT t.is_enabled THEN '0: the strategy is off' ELSE 'of ' || coalesce((SELECT string_agg(CASE x ->> 'reason' WHEN 'fraction' THEN 'fractional Kelly' WHEN 'probability_error' THEN 'a doubted probability'
				WHEN 'max_stake' THEN 'at the cap of one bet' WHEN 'max_tier' THEN 'at the cap of its tier' WHEN 'book_limit' THEN 'at the book''s limit' WHEN 'max_day' THEN 'cut by the daily limit'
				ELSE 'cut by ' || (x ->> 'reason') END, ', ' ORDER BY o) FROM jsonb_array_elements(t.cuts) WITH ORDINALITY AS y (x, o) WHERE x ->> 'reason' <> 'stake_unit'), 'full Kelly') END),
		CASE WHEN explained THEN explain_pick(t.bet ->> 'sport', t.game_id, t.market, t.side, decide_picks.as_of) END, t.kelly, t.growth,
		jsonb_build_object('outcome', t.outcome, 'votes', t.bet -> 'votes', 'price', t.price, 'net_price', n.net_price, 'fair_price', 1 / nullif(t.probability, 0), 'market_fair_price', 1 / nullif(t.market_probability, 0),
			'kelly', t.kelly, 'growth', t.growth, 'stake', t.stake, 'cuts', t.cuts)
		|| CASE WHEN explained THEN jsonb_build_object('prices', standing_offers(t.game_id, t.market, t.side, t.line, decide_picks.as_of, t.participant),
			'features', coalesce((SELECT jsonb_agg(jsonb_build_object('feature', f.feature, 'contribution', f.contribution)) FROM pick_features(t.bet ->> 'sport', t.game_id, t.market, t.side, decide_picks.as_of, 10) AS f), '[]'))
		ELSE '{}' END, n.net_price, t.participant
	FROM taken AS t
	CROSS JOIN LATERAL (SELECT net_odds(t.price, coalesce((SELECT b.commission FROM book AS b WHERE b.book = t.book), 0)) AS net_price) AS n
	LEFT JOIN speaking AS m ON m.sport = t.bet ->> 'sport' AND m.market = t.market
	LEFT JOIN law AS w ON w.game_id = t.game_id
	CROSS JOIN LATERAL (SELECT (o.outcome[1] + o.outcome[2] / 2) / nullif(o.outcome[1] + (o.outcome[2] + o.outcome[4]) / 2 + o.outcome[5], 0) AS probability
		FROM (SELECT model_outcome(w.probs, w.margins, w.totals, t.market, t.side, t.line) AS outcome OFFSET 0) AS o) AS e
	ORDER BY t.place;
END $$;
COMMENT ON FUNCTION decide_picks(timestamptz, int, text, numeric, staking_rule, jsonb, bigint[], boolean, boolean, boolean, boolean) IS
'What generate_picks() decides, from its settings alone and from what was known at as_of; writes nothing. staked as slate_stakes() takes it, with picks, how many each strategy has had that day, {"EPL": {"model_value": 2}}; exclude: games not to bet on; modelled: the model is asked for model_probability. A replay asks it with the settings that were stored.';

CREATE FUNCTION generate_picks(as_of timestamptz DEFAULT now(), top int DEFAULT 10, store boolean DEFAULT true,
	for_sport text DEFAULT NULL, bankroll numeric DEFAULT NULL, staking text DEFAULT 'default',
	staked_today numeric DEFAULT NULL, exclude bigint[] DEFAULT '{}', explain boolean DEFAULT true, watch boolean DEFAULT false,
	hedge boolean DEFAULT false, staked jsonb DEFAULT NULL, model boolean DEFAULT true)
RETURNS TABLE (rank int, sport text, game_id bigint, market text, side text, line float8, book text, price float8,
	probability float8, model_probability float8, market_probability float8, edge float8, prob_edge float8, tier text,
	confidence float8, stake numeric, strategy_name text, model_id bigint, reason text, explanation text, kelly float8, growth float8, detail jsonb, net_price float8, participant text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	rule     staking_rule;
	bank     numeric;
	so_far   jsonb := generate_picks.staked;
	settings jsonb;
	stored   bigint;
	before   bigint;
	zone     text := 'UTC';
	few      int;
BEGIN
	IF generate_picks.as_of IS NULL OR generate_picks.top IS NULL OR generate_picks.top < 1 THEN
		RAISE EXCEPTION 'as_of must be a time and top at least 1, not % and %', coalesce(generate_picks.as_of::text, 'NULL'), coalesce(generate_picks.top::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT * INTO rule FROM staking_rule AS s WHERE s.staking = generate_picks.staking;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown staking rule "%"', generate_picks.staking USING ERRCODE = 'undefined_object',
			HINT = 'Rules are rows of bet_edge.staking_rule.';
	END IF;
	IF for_sport IS NOT NULL THEN
		SELECT s.time_zone INTO zone FROM sport AS s WHERE s.sport = for_sport;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'unknown sport "%"', for_sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
		END IF;
	END IF;
	bank := coalesce(generate_picks.bankroll, rule.bankroll);
	IF NOT (bank >= 0 AND bank < 'Infinity') THEN
		RAISE EXCEPTION 'bankroll must not be negative, but is %', bank USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_typeof(so_far) <> 'object' THEN
		RAISE EXCEPTION 'staked must be an object as slate_stakes() takes it, not %', so_far USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF store THEN	-- who stores at the same time would not see our stakes, nor we theirs
		PERFORM pg_advisory_xact_lock(hashtextextended('bet_edge.ai_predictions', 0));
	END IF;
	IF so_far IS NOT NULL THEN
		NULL;
	ELSIF staked_today IS NULL THEN	-- the caller keeps no books: ours are the picks stored earlier
		-- of this very moment: who was asked for another sport, unless that was after us
		before := coalesce((SELECT min(a.prediction_id) FROM ai_predictions AS a WHERE a.as_of = generate_picks.as_of AND a.settings ->> 'sport' IS NOT DISTINCT FROM for_sport), 9223372036854775807);
		WITH today AS (
			SELECT a.sport, a.book, a.stake FROM earlier_picks(generate_picks.as_of, before) AS a WHERE (a.as_of AT TIME ZONE zone)::date = (generate_picks.as_of AT TIME ZONE zone)::date
		)
		SELECT jsonb_build_object('day', coalesce(sum(t.stake), 0),
			'book', coalesce((SELECT jsonb_object_agg(x.book, x.stake) FROM (SELECT y.book, sum(y.stake) AS stake FROM today AS y GROUP BY y.book) AS x), '{}'),
			'sport', coalesce((SELECT jsonb_object_agg(x.sport, x.stake) FROM (SELECT y.sport, sum(y.stake) AS stake FROM today AS y GROUP BY y.sport) AS x), '{}'),
			'picks', coalesce((SELECT jsonb_object_agg(x.sport, x.picks) FROM (SELECT s.sport, jsonb_object_agg(p.strategy_name, p.picks) AS picks
				FROM sport AS s CROSS JOIN LATERAL picks_today(s.sport, generate_picks.as_of, before) AS p WHERE s.sport = coalesce(for_sport, s.sport) GROUP BY s.sport) AS x), '{}'))
		INTO so_far FROM today AS t;
		SELECT exclude || coalesce(array_agg(DISTINCT a.game_id), '{}') INTO exclude FROM earlier_picks(generate_picks.as_of, before) AS a;
	ELSE
		so_far := jsonb_build_object('day', staked_today, 'sport', CASE WHEN for_sport IS NULL THEN '{}' ELSE jsonb_build_object(for_sport, staked_today) END);
	END IF;
	IF store AND NOT watch AND NOT EXISTS (SELECT 1 FROM sport AS s, strategy_configuration_at(s.sport, generate_picks.as_of) AS c
			WHERE s.sport = coalesce(for_sport, s.sport) AND c.is_enabled) THEN
		RAISE NOTICE 'no strategy is on, so there is nothing to bet'
			USING HINT = 'SELECT * FROM bet_edge.strategy_orchestrator says why; strategies are judged by CALL bet_edge.backtest_strategies() and switched by bet_edge.refresh_strategies().';
	END IF;
	few := generate_picks.top - (SELECT coalesce(sum(p.picks::int), 0) FROM jsonb_each(so_far -> 'picks') AS s (sport, by_strategy), jsonb_each_text(s.by_strategy) AS p (strategy_name, picks));
	IF few < 1 THEN
		RETURN;		-- the day has its picks
	END IF;
	settings := jsonb_build_object('top', few, 'sport', for_sport, 'bankroll', bank, 'rule', to_jsonb(rule), 'staked', so_far, 'exclude', to_jsonb(exclude),
		'explained', explain, 'watched', watch, 'hedge', generate_picks.hedge, 'modelled', generate_picks.model);
	FOR rank, sport, game_id, market, side, line, book, price, probability, model_probability, market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, model_id,
		reason, explanation, kelly, growth, detail, net_price, participant
	IN SELECT * FROM decide_picks(generate_picks.as_of, few, for_sport, bank, rule, so_far, exclude, explain, watch, generate_picks.hedge, generate_picks.model) LOOP
		IF store THEN
			INSERT INTO ai_predictions (as_of, rank, sport, game_id, market, side, line, book, price, probability, model_probability,
				market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, model_id, reason, explanation, kelly, growth, detail, settings, net_price, participant)
			VALUES (generate_picks.as_of, rank, sport, game_id, market, side, line, book, price, probability, model_probability,
				market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, model_id, reason, explanation, kelly, growth, detail, settings, net_price, participant)
			ON CONFLICT DO NOTHING
			RETURNING prediction_id INTO stored;
			INSERT INTO stake_cut (prediction_id, step, reason, stake_before, stake_after, stake_limit)
			SELECT stored, c.n, c.cut ->> 'reason', (c.cut ->> 'before')::numeric, (c.cut ->> 'after')::numeric, (c.cut ->> 'limit')::numeric
			FROM jsonb_array_elements(detail -> 'cuts') WITH ORDINALITY AS c (cut, n) WHERE stored IS NOT NULL;
		END IF;
		RETURN NEXT;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION generate_picks(timestamptz, int, boolean, text, numeric, text, numeric, bigint[], boolean, boolean, boolean, jsonb, boolean) IS
'The bets to make at as_of, price as the book shows it and net_price what it pays after an exchange''s commission, which edge, stakes and growth are reckoned with: signals of the strategies that the orchestrator had enabled by then, min_edge <= edge <= max_edge of the staking rule, contradictions on a market settled by the larger sum of confidence x weight, one bet a market of a game (the price and line worth most) and of these max_bets_game a game, all staked together by slate_stakes() in units of bankroll (default: the rule''s), the top of them by expected growth. hedge: every side, line and market that a strategy says may be bet beside the others. detail explains the pick: outcome probabilities, votes, kelly, stake and its cuts and, with explain, every book''s price and the features that moved the model most. store keeps them in ai_predictions and stake_cut (again at the same as_of: no second row), store => false writes nothing; replay_pick() decides a stored one again. for_sport: one sport, NULL all; staked_today: stakes already decided that day, by a caller who keeps the books; NULL: those of the picks stored earlier on the same day (of for_sport''s time zone, without it UTC; of the same as_of those that a call for another sport stored first), which count against the limits, games picked earlier are left out, and the picks of the sport''s own day count against top and each strategy''s max_recommendations_per_day; staked: in place of staked_today, all of it as decide_picks() takes it; exclude: games not to bet on; explain: with the features that moved the model most; watch: after them, at stake 0, what strategies that are off would say; model => false: without model_probability, for which the model is asked once more. Errors: unknown sport or staking rule (42704), top < 1, negative bankroll (22023).';

CREATE FUNCTION replay_pick(prediction_id bigint, OUT same boolean, OUT differences jsonb)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	pick   ai_predictions;
	again  jsonb;
	before jsonb;
BEGIN
	SELECT * INTO pick FROM ai_predictions AS a WHERE a.prediction_id = replay_pick.prediction_id;
	IF NOT FOUND OR pick.settings IS NULL THEN
		RAISE EXCEPTION 'no pick % with its settings', replay_pick.prediction_id USING ERRCODE = 'no_data_found', HINT = 'Picks are rows of bet_edge.ai_predictions.';
	END IF;
	SELECT to_jsonb(d) INTO again
	FROM decide_picks(pick.as_of, (pick.settings ->> 'top')::int, pick.settings ->> 'sport', (pick.settings ->> 'bankroll')::numeric,
		jsonb_populate_record(NULL::staking_rule, pick.settings -> 'rule'), pick.settings -> 'staked', ARRAY(SELECT x::bigint FROM jsonb_array_elements_text(pick.settings -> 'exclude') AS x),
		(pick.settings ->> 'explained')::boolean, (pick.settings ->> 'watched')::boolean, (pick.settings ->> 'hedge')::boolean,
		coalesce((pick.settings ->> 'modelled')::boolean, true)) AS d
	WHERE d.game_id = pick.game_id AND d.market = pick.market AND d.side = pick.side AND d.line IS NOT DISTINCT FROM pick.line AND d.participant IS NOT DISTINCT FROM pick.participant;
	before := to_jsonb(pick) - '{prediction_id,created_at,as_of,settings}'::text[];
	SELECT jsonb_object_agg(b.key, jsonb_build_array(b.value, again -> b.key)) INTO differences
	FROM jsonb_each(before) AS b WHERE again IS NULL OR b.value IS DISTINCT FROM again -> b.key;
	same := differences IS NULL;
END $$;
COMMENT ON FUNCTION replay_pick(bigint) IS
'Decides a stored pick again, as of then and with the settings and the staking rule that it had, from what was known at that time: same, and where it is not differences, {column: [stored, now]}, all of them where there is no such pick now. They can differ only where facts were entered with a time before the decision, a strategy or a book was changed, or, on players, prop_form has learned of later games since (prop_forecasts()): that one has no such pick any more. Refuses an unknown pick, and one stored without settings (P0002).';

CREATE VIEW explained_picks AS
SELECT a.prediction_id, a.as_of, a.rank, a.sport, a.game_id, a.market, a.participant, a.side, a.line, a.book, a.price, a.net_price,
	a.probability, a.model_probability, a.market_probability, a.edge, a.prob_edge, a.tier, a.growth,
	(a.detail #>> '{outcome,0}')::float8 AS p_win, (a.detail #>> '{outcome,1}')::float8 AS p_half_win, (a.detail #>> '{outcome,2}')::float8 AS p_push,
	(a.detail #>> '{outcome,3}')::float8 AS p_half_loss, (a.detail #>> '{outcome,4}')::float8 AS p_loss,
	(a.detail ->> 'fair_price')::float8 AS fair_price, (a.detail ->> 'market_fair_price')::float8 AS market_fair_price,
	o.books, o.prices, o.net_prices, f.features, f.contributions, v.strategies, v.sides, v.confidences, v.weights, a.kelly, a.stake, c.cuts, c.before_cut, c.after_cut,
	CASE WHEN a.participant IS NOT NULL AND EXISTS (SELECT FROM fixture AS x WHERE x.game_id = a.game_id AND x.starts_at > now()) THEN
		(SELECT w.reason FROM prop_withdrawals(a.sport) AS w LEFT JOIN prop_type AS m ON m.sport = a.sport AND m.market = regexp_replace(a.market, '_alternate$', '')
		WHERE w.player_id = a.participant AND coalesce(w.game_id, a.game_id) = a.game_id AND (w.role IS NULL OR w.role = m.role) LIMIT 1) END AS withdrawn
FROM ai_predictions AS a
CROSS JOIN LATERAL (SELECT array_agg(x ->> 'book' ORDER BY n) AS books, array_agg((x ->> 'price')::float8 ORDER BY n) AS prices, array_agg((x ->> 'net_price')::float8 ORDER BY n) AS net_prices
	FROM jsonb_array_elements(a.detail -> 'prices') WITH ORDINALITY AS e (x, n)) AS o
CROSS JOIN LATERAL (SELECT array_agg(x ->> 'feature' ORDER BY n) AS features, array_agg((x ->> 'contribution')::float8 ORDER BY n) AS contributions
	FROM jsonb_array_elements(a.detail -> 'features') WITH ORDINALITY AS e (x, n)) AS f
CROSS JOIN LATERAL (SELECT array_agg(x ->> 'strategy' ORDER BY n) AS strategies, array_agg(x ->> 'side' ORDER BY n) AS sides,
		array_agg((x ->> 'confidence')::float8 ORDER BY n) AS confidences, array_agg((x ->> 'weight')::float8 ORDER BY n) AS weights
	FROM jsonb_array_elements(a.detail -> 'votes') WITH ORDINALITY AS e (x, n)) AS v
CROSS JOIN LATERAL (SELECT array_agg(s.reason ORDER BY s.step) AS cuts, array_agg(s.stake_before ORDER BY s.step) AS before_cut, array_agg(s.stake_after ORDER BY s.step) AS after_cut
	FROM stake_cut AS s WHERE s.prediction_id = a.prediction_id) AS c;
COMMENT ON VIEW explained_picks IS
'The stored picks with what ai_predictions.detail and stake_cut say of them as columns: outcome probabilities, fair prices, every book''s price before and after commission (what pays most first), the features that moved the model most with their TreeSHAP contributions, every strategy''s vote (side, confidence, weight), the full Kelly share, the stake and what cut it; withdrawn: why the player of a game to come is not to be bet on any more (prop_withdrawals()).';
