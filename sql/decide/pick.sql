-- pick: the strategies speak, conflicts are settled, limits are kept.

CREATE FUNCTION strategy_signals(p_sport text, as_of timestamptz DEFAULT now(), p_watch boolean DEFAULT false)
RETURNS TABLE (strategy_name text, weight float8, is_enabled boolean, said signal)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	strategy strategy_configuration;
	speaks   regproc;
BEGIN
	FOR strategy IN SELECT * FROM strategy_configuration_at(p_sport, as_of) AS c WHERE c.is_enabled OR p_watch ORDER BY c.strategy_name LOOP
		-- as a regproc the name is one function's and nothing else, whatever the row holds
		speaks := strategy_function(strategy.signal_function);
		IF speaks IS NULL THEN
			CONTINUE WHEN NOT strategy.is_enabled;
			RAISE EXCEPTION 'strategy "%" has no function "%"', strategy.strategy_name, strategy.signal_function USING ERRCODE = 'undefined_function';
		END IF;
		RETURN QUERY EXECUTE format($q$
			SELECT $1, $2, $8, ROW(s.game_id, s.market, s.side, s.line, s.book, s.price, s.outcome, s.probability,
				s.market_probability, s.edge, s.prob_edge, s.strength, least(1, s.confidence * $3))::signal
			FROM %s($4, $5) AS s
			WHERE s.strength >= $6 AND s.market_probability IS NOT NULL
			ORDER BY s.strength DESC LIMIT $7 $q$, speaks)
		USING strategy.strategy_name, strategy.weight_in_ensemble, strategy.confidence_multiplier, p_sport, as_of,
			strategy.min_differential_threshold + strategy.threshold_adjustment, strategy.max_recommendations_per_day, strategy.is_enabled;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION strategy_signals(text, timestamptz, boolean) IS
'Signals of every strategy enabled at as_of (p_watch: of the others too) that pass min_differential_threshold + threshold_adjustment, confidence multiplied by confidence_multiplier (at most 1), at most max_recommendations_per_day a strategy. A signal without a de-vigged market beside it does not pass. Refuses an enabled strategy whose function is not there (42883).';

CREATE FUNCTION generate_picks(as_of timestamptz DEFAULT now(), top int DEFAULT 10, store boolean DEFAULT true,
	p_sport text DEFAULT NULL, p_bankroll numeric DEFAULT NULL, p_staking text DEFAULT 'default',
	p_staked_today numeric DEFAULT NULL, p_exclude bigint[] DEFAULT '{}', p_explain boolean DEFAULT true, p_watch boolean DEFAULT false)
RETURNS TABLE (rank int, sport text, game_id bigint, market text, side text, line float8, book text, price float8,
	probability float8, model_probability float8, market_probability float8, edge float8, prob_edge float8, tier text,
	confidence float8, stake numeric, strategy_name text, model_id bigint, reason text, explanation text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	rule   staking_rule;
	bank   numeric;
	pick   record;
	room   numeric;
BEGIN
	IF generate_picks.as_of IS NULL OR generate_picks.top IS NULL OR generate_picks.top < 1 THEN
		RAISE EXCEPTION 'as_of must be a time and top at least 1, not % and %', coalesce(generate_picks.as_of::text, 'NULL'), coalesce(generate_picks.top::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT * INTO rule FROM staking_rule AS s WHERE s.staking = p_staking;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown staking rule "%"', p_staking USING ERRCODE = 'undefined_object',
			HINT = 'Rules are rows of bet_edge.staking_rule.';
	END IF;
	IF p_sport IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sport AS s WHERE s.sport = p_sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	bank := coalesce(p_bankroll, rule.bankroll);
	IF NOT bank >= 0 THEN
		RAISE EXCEPTION 'p_bankroll must not be negative, but is %', bank USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF p_staked_today IS NULL THEN	-- the caller keeps no books: ours are the picks stored earlier
		SELECT coalesce(sum(a.stake) FILTER (WHERE (a.as_of AT TIME ZONE 'UTC')::date = (generate_picks.as_of AT TIME ZONE 'UTC')::date), 0),
			p_exclude || coalesce(array_agg(a.game_id), '{}')
		INTO p_staked_today, p_exclude
		FROM ai_predictions AS a WHERE a.as_of < generate_picks.as_of AND a.stake > 0;
	END IF;
	room := greatest(0, bank * rule.max_day::numeric - p_staked_today);
	IF store AND NOT p_watch AND NOT EXISTS (SELECT 1 FROM sport AS s, strategy_configuration_at(s.sport, generate_picks.as_of) AS c
			WHERE s.sport = coalesce(p_sport, s.sport) AND c.is_enabled) THEN
		RAISE NOTICE 'no strategy is on, so there is nothing to bet'
			USING HINT = 'SELECT * FROM bet_edge.strategy_orchestrator says why; strategies are judged by CALL bet_edge.backtest_strategies() and switched by bet_edge.refresh_strategies().';
	END IF;

	FOR pick IN
		WITH said AS (
			SELECT s.sport, v.strategy_name, v.weight, v.is_enabled, (v.said).*
			FROM sport AS s, strategy_signals(s.sport, generate_picks.as_of, p_watch) AS v
			WHERE s.sport = coalesce(p_sport, s.sport)
		), heard AS (
			SELECT * FROM said WHERE edge >= rule.min_edge AND edge <= rule.max_edge AND NOT game_id = ANY (p_exclude)
		), vote AS (
			-- sides of one game and market contradict each other: confidence x weight decides
			SELECT is_enabled, game_id, market, side, sum(confidence * weight) AS votes, string_agg(DISTINCT strategy_name, ', ' ORDER BY strategy_name) AS voters
			FROM heard GROUP BY is_enabled, game_id, market, side
		), winner AS (
			SELECT DISTINCT ON (is_enabled, game_id, market) is_enabled, game_id, market, side, voters
			FROM vote ORDER BY is_enabled, game_id, market, votes DESC, side
		), best AS (
			-- bets on one game are one risk: the best of them speaks, and one that is only watched never displaces it
			SELECT DISTINCT ON (h.game_id) h.*, w.voters,
				CASE WHEN h.is_enabled THEN signal_stake(h.outcome, h.price, rule.multiplier, rule.max_stake) ELSE 0 END AS share
			FROM heard AS h JOIN winner AS w USING (is_enabled, game_id, market, side)
			ORDER BY h.game_id, h.is_enabled DESC, h.edge DESC, h.weight DESC, h.strategy_name
		), edges AS MATERIALIZED (
			SELECT e.* FROM (SELECT DISTINCT sport FROM best) AS s, model_edges(s.sport, generate_picks.as_of) AS e
		)
		SELECT b.*, e.probability AS model_probability, m.model_id,
			row_number() OVER (ORDER BY b.is_enabled DESC, b.edge DESC, b.game_id) AS place, sum(trunc(bank * b.share::numeric, 2)) OVER () AS asked
		FROM (SELECT * FROM best WHERE NOT is_enabled OR trunc(bank * share::numeric, 2) > 0
			ORDER BY is_enabled DESC, edge DESC, game_id LIMIT generate_picks.top) AS b
		LEFT JOIN LATERAL (SELECT x.model_id FROM model_at(b.sport,
				CASE b.market WHEN 'h2h' THEN 'moneyline' WHEN 'spreads' THEN 'spread' ELSE 'total' END, generate_picks.as_of) AS x) AS m ON true
		LEFT JOIN edges AS e ON e.game_id = b.game_id AND e.market = b.market AND e.side = b.side
			AND e.line IS NOT DISTINCT FROM b.line AND e.book = b.book
		ORDER BY place
	LOOP
		-- what is more than the day allows is shared out, so that no bet depends on its place in the list
		stake := trunc(trunc(bank * pick.share::numeric, 2) * least(1, room / nullif(pick.asked, 0)), 2);
		CONTINUE WHEN pick.is_enabled AND stake <= 0;
		rank := pick.place; sport := pick.sport; game_id := pick.game_id; market := pick.market; side := pick.side; line := pick.line;
		book := pick.book; price := pick.price; probability := pick.probability; model_probability := pick.model_probability;
		market_probability := pick.market_probability; edge := pick.edge; prob_edge := pick.prob_edge; tier := signal_tier(pick.edge);
		confidence := pick.confidence; strategy_name := pick.strategy_name; model_id := pick.model_id;
		reason := format('%s: %s at %s, stake %s', pick.voters, to_char(100 * pick.edge, 'FMS990.0') || ' % expected', pick.price::text,
			CASE WHEN NOT pick.is_enabled THEN '0: the strategy is off'
			     WHEN pick.asked > room THEN 'cut by the daily limit'
			     WHEN pick.share >= rule.max_stake THEN 'at the cap of one bet' ELSE 'fractional Kelly' END);
		explanation := CASE WHEN p_explain THEN explain_pick(pick.sport, pick.game_id, pick.market, pick.side, generate_picks.as_of) END;
		IF store THEN
			INSERT INTO ai_predictions (as_of, rank, sport, game_id, market, side, line, book, price, probability, model_probability,
				market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, model_id, reason, explanation)
			VALUES (generate_picks.as_of, rank, sport, game_id, market, side, line, book, price, probability, model_probability,
				market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, model_id, reason, explanation)
			ON CONFLICT DO NOTHING;
		END IF;
		RETURN NEXT;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION generate_picks(timestamptz, int, boolean, text, numeric, text, numeric, bigint[], boolean, boolean) IS
'The bets to make at as_of: signals of the strategies that the orchestrator had enabled by then, min_edge <= edge <= max_edge of the staking rule, contradictions on a market settled by the larger sum of confidence x weight, one bet a game, best edge first, at most top of them. stake = fractional Kelly with the caps of the staking rule, in units of p_bankroll (default: the rule''s), cents rounded down; stakes that together pass the daily limit are all cut in proportion. store keeps them in ai_predictions (again at the same as_of: no second row). p_sport: one sport, NULL all; p_staked_today: stakes already decided that day, by a caller who keeps the books; NULL: those of the picks stored earlier on the same UTC day, and games picked earlier are left out; p_exclude: games not to bet on; p_explain: with the features that moved the model most; p_watch: after them, at stake 0, what strategies that are off would say. Errors: unknown sport or staking rule (42704), top < 1, negative bankroll (22023).';
