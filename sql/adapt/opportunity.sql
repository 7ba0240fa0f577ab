-- opportunity: what the strategies say of the games that are near, after the orchestrator, and why not.

CREATE FUNCTION strategy_opinions(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS TABLE (strategy_name text, game_id bigint, starts_at timestamptz, said signal, is_enabled boolean, reason text,
	fixed_threshold float8, threshold float8, confidence float8, weight float8, day_limit int, place bigint, picked_at timestamptz)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	speaker record;
BEGIN
	FOR speaker IN
		SELECT y.*, strategy_function(y.signal_function) AS speaks, coalesce(c.is_enabled, false) AS is_enabled,
			coalesce(c.reason, 'off: refresh_strategies() has not judged it') AS reason, y.min_differential_threshold AS fixed,
			y.min_differential_threshold + coalesce(c.threshold_adjustment, 0.3) AS threshold, coalesce(c.confidence_multiplier, 1) AS multiplier,
			coalesce(c.weight_in_ensemble, 0.5) AS weight, y.max_recommendations_per_day - coalesce((SELECT p.picks FROM picks_today(k.sport, strategy_opinions.as_of) AS p WHERE p.strategy_name = y.strategy_name), 0) AS day_limit
		FROM sport AS k CROSS JOIN strategy AS y
		LEFT JOIN LATERAL (SELECT x.* FROM strategy_configuration_at(k.sport, strategy_opinions.as_of) AS x WHERE x.strategy_name = y.strategy_name) AS c ON true
		WHERE k.sport = strategy_opinions.sport ORDER BY y.strategy_name
	LOOP
		CONTINUE WHEN speaker.speaks IS NULL;
		RETURN QUERY
		SELECT speaker.strategy_name, s.game_id, u.starts_at, s::signal, speaker.is_enabled, speaker.reason, speaker.fixed, speaker.threshold, CASE WHEN s.confidence IS NOT NULL THEN least(1, s.confidence * speaker.multiplier) END,
			speaker.weight, speaker.day_limit, row_number() OVER (PARTITION BY s.strength >= speaker.threshold AND num_nulls(s.market_probability, s.confidence) = 0 AND e.picked_at IS NULL
				ORDER BY s.strength DESC, s.game_id, s.market, s.side, s.line, s.book, s.participant), e.picked_at
		FROM strategy_says(speaker.speaks, strategy_opinions.sport, strategy_opinions.as_of, speaker.max_implied_probability, speaker.max_price, speaker.max_edge) AS s
		JOIN upcoming_games(strategy_opinions.sport, strategy_opinions.as_of, horizon) AS u ON u.game_id = s.game_id
		LEFT JOIN LATERAL (SELECT max(a.as_of) AS picked_at FROM earlier_picks(strategy_opinions.as_of) AS a WHERE a.game_id = s.game_id) AS e ON true;
	END LOOP;
END $$;
COMMENT ON FUNCTION strategy_opinions(text, timestamptz, interval) IS
'Every signal of every strategy within its limits (strategy_says()), on or off, on the games of a sport that start within horizon, with what the orchestrator makes of it: is_enabled and reason, threshold (fixed_threshold + adjustment; +0.3 for a strategy never judged), confidence (the signal''s x multiplier, at most 1), weight in the vote, place among the strategy''s signals (those that may be picked and others counted apart, the strongest first) and day_limit, how many it may still have on the day of as_of once the picks stored that day are counted; picked_at: when a bet on the game was last picked, after which generate_picks() leaves it alone.';

CREATE FUNCTION analyze_opportunities(minutes_ahead int DEFAULT 60, debug boolean DEFAULT false, as_of timestamptz DEFAULT now())
RETURNS TABLE (sport text, game_id bigint, starts_at timestamptz, home_team text, away_team text, market text, side text, line float8, book text, price float8,
	probability float8, market_probability float8, edge float8, strength float8, confidence float8, votes float8, strategies text, decision text, net_price float8, participant text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF minutes_ahead IS NULL OR minutes_ahead < 1 OR minutes_ahead > 100000 OR analyze_opportunities.as_of IS NULL THEN
		RAISE EXCEPTION 'minutes_ahead must be from 1 to 100000 and as_of a time, not % and %', coalesce(minutes_ahead::text, 'NULL'), coalesce(analyze_opportunities.as_of::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY
	WITH opinion AS MATERIALIZED (
		SELECT k.sport, o.strategy_name, o.game_id, o.starts_at, (o.said).market, (o.said).side, (o.said).line, (o.said).book, (o.said).price, (o.said).probability,
			(o.said).market_probability, (o.said).edge, (o.said).strength, (o.said).participant, o.confidence, o.weight,
			CASE WHEN NOT o.is_enabled THEN o.reason
				WHEN (o.said).market_probability IS NULL THEN 'no market to compare with'
				WHEN o.confidence IS NULL THEN 'no confidence to vote with'
				WHEN (o.said).strength < o.threshold THEN format('strength %s below %s', round((o.said).strength::numeric, 2), round(o.threshold::numeric, 2))
				WHEN o.picked_at IS NOT NULL THEN 'the game was picked already'
				WHEN o.place > o.day_limit THEN format('over the limit of the day (%s left)', greatest(o.day_limit, 0)) END AS against
		FROM (SELECT DISTINCT g.sport FROM games_ahead(make_interval(mins => minutes_ahead), analyze_opportunities.as_of) AS a JOIN game AS g ON g.game_id = a) AS k
		CROSS JOIN LATERAL strategy_opinions(k.sport, analyze_opportunities.as_of, make_interval(mins => minutes_ahead)) AS o
	), vote AS (
		SELECT o.game_id, o.market, o.participant, o.side, sum(o.confidence * o.weight) AS votes, string_agg(DISTINCT o.strategy_name, ', ') AS strategies
		FROM opinion AS o WHERE o.against IS NULL GROUP BY o.game_id, o.market, o.participant, o.side
	), winner AS (
		SELECT DISTINCT ON (v.game_id, v.market, v.participant) v.* FROM vote AS v ORDER BY v.game_id, v.market, v.participant, v.votes DESC, v.side
	), decided AS (
		SELECT o.*, v.votes, v.strategies, coalesce(o.against, CASE WHEN w.side IS NULL THEN format('outvoted: %s for the other side', round(x.votes::numeric, 3)) ELSE 'recommended' END) AS decision,
			row_number() OVER (PARTITION BY o.game_id, o.market, o.participant, o.side, o.against IS NULL ORDER BY o.edge DESC, o.weight DESC, o.strategy_name, o.line, o.book) AS n
		FROM opinion AS o
		LEFT JOIN vote AS v ON v.game_id = o.game_id AND v.market = o.market AND v.participant IS NOT DISTINCT FROM o.participant AND v.side = o.side AND o.against IS NULL
		LEFT JOIN winner AS w ON w.game_id = o.game_id AND w.market = o.market AND w.participant IS NOT DISTINCT FROM o.participant AND w.side = o.side AND o.against IS NULL
		LEFT JOIN winner AS x ON x.game_id = o.game_id AND x.market = o.market AND x.participant IS NOT DISTINCT FROM o.participant
	)
	SELECT d.sport, d.game_id, d.starts_at, h.name, a.name, d.market, d.side, d.line, d.book, d.price, d.probability, d.market_probability, d.edge, d.strength,
		d.confidence, d.votes, coalesce(d.strategies, d.strategy_name), d.decision, net_odds(d.price, (SELECT b.commission FROM book AS b WHERE b.book = d.book)), d.participant
	FROM decided AS d JOIN game AS g ON g.game_id = d.game_id JOIN team AS h ON h.team_id = g.home_id JOIN team AS a ON a.team_id = g.away_id
	WHERE (d.decision = 'recommended' AND d.n = 1) OR (debug AND (d.against IS NOT NULL OR d.n = 1))
	ORDER BY d.decision <> 'recommended', d.starts_at, d.edge DESC, d.game_id, d.market, d.side, d.strategy_name;
END $$;
COMMENT ON FUNCTION analyze_opportunities(int, boolean, timestamptz) IS
'What there is to bet on the games that start within minutes_ahead after as_of, one row a game, market, player and side: signals of the strategies that are on, at their adjusted thresholds and within their limits of the day; games that a stored pick bets on already are left out; sides that contradict each other are decided by the larger sum of confidence x weight (votes). The row is the signal with the largest edge, strategies all that voted for it; net_price is what its price pays after an exchange''s commission. debug: also what was not recommended, with the reason in decision. Stakes are generate_picks()'' affair; nothing is stored. Refuses minutes_ahead outside 1 to 100000 (22023).';

CREATE FUNCTION orchestrator_demo(minutes_ahead int DEFAULT 60, as_of timestamptz DEFAULT now())
RETURNS TABLE (sport text, game text, strategy_name text, market text, side text, line float8, price float8, strength float8,
	fixed_threshold float8, fixed_bets boolean, adaptive_threshold float8, is_enabled boolean, adaptive_bets boolean,
	fixed_confidence float8, adaptive_confidence float8, weight float8, reason text)
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT k.sport, h.name || ' - ' || a.name, o.strategy_name, (o.said).market, (o.said).side, (o.said).line, (o.said).price, (o.said).strength,
		o.fixed_threshold, (o.said).strength >= o.fixed_threshold, o.threshold, o.is_enabled, o.is_enabled AND (o.said).strength >= o.threshold AND (o.place <= o.day_limit OR o.picked_at IS NOT NULL),
		(o.said).confidence, o.confidence, o.weight, o.reason
	FROM (SELECT DISTINCT g.sport FROM games_ahead(make_interval(mins => minutes_ahead), as_of) AS x JOIN game AS g ON g.game_id = x) AS k
	CROSS JOIN LATERAL strategy_opinions(k.sport, as_of, make_interval(mins => minutes_ahead)) AS o
	JOIN game AS g ON g.game_id = o.game_id JOIN team AS h ON h.team_id = g.home_id JOIN team AS a ON a.team_id = g.away_id
	ORDER BY k.sport, o.starts_at, o.game_id, o.strategy_name;
END;
COMMENT ON FUNCTION orchestrator_demo(int, timestamptz) IS
'Fixed thresholds beside adaptive ones on the same games, those that start within minutes_ahead after as_of: every signal, whether it would be bet at the strategy''s fixed threshold with every strategy on, and whether the orchestrator lets it through, with both confidences and the weight in the vote. Nothing is stored.';
