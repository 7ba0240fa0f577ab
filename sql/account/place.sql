-- place: bets that are made, entered with their stakes.

CREATE TYPE bet_to_place AS (
	said     signal,
	stake    numeric,
	strategy text,
	model_id bigint
);
COMMENT ON TYPE bet_to_place IS 'A bet for place_bets(): what is bet at which price (signal), how much, on whose word, by which model (NULL: none).';

CREATE FUNCTION place_bets(simulation bigint, placed_at timestamptz, bets bet_to_place[]) RETURNS bigint[]
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	bad    record;
	placed bigint[];
	staked movement[];
BEGIN
	SELECT b.stake INTO bad FROM unnest(bets) WITH ORDINALITY AS b (said, stake, strategy, model_id, n) WHERE NOT coalesce(b.stake > 0 AND b.stake < 'Infinity', false) ORDER BY b.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'a stake must be a finite amount above 0, not %', coalesce(bad.stake::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- a side, line or price that could never be graded is refused by settle_bet(), as bet_grades() will ask it
	PERFORM settle_bet(CASE WHEN NOT m.graded THEN 'h2h' WHEN m.of_player THEN 'totals' ELSE (b.said).market END,
		CASE WHEN NOT m.graded THEN 'home'
			WHEN m.of_player THEN CASE (b.said).side WHEN 'yes' THEN 'over' WHEN 'no' THEN 'under' ELSE (b.said).side END
			WHEN (b.said).market LIKE '%team_totals' AND (b.said).participant IN ('home', 'away') THEN (b.said).participant || '_' || (b.said).side ELSE (b.said).side END,
		CASE WHEN NOT m.graded THEN NULL WHEN m.of_player THEN coalesce((b.said).line, 0.5) ELSE (b.said).line END, 1, 0, (b.said).price, b.stake, 'final', false)
	FROM unnest(bets) AS b
	LEFT JOIN (SELECT k.market, is_graded_market(k.market) AS graded, is_player_market(k.market) AS of_player
		FROM (SELECT DISTINCT (x.said).market FROM unnest(bets) AS x) AS k) AS m ON m.market = (b.said).market;
	SELECT b.model_id, m.knowledge_cutoff INTO bad FROM unnest(bets) AS b JOIN model AS m ON m.model_id = b.model_id WHERE m.knowledge_cutoff > place_bets.placed_at LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'model % has learned from results until %: it cannot bet at %', bad.model_id, bad.knowledge_cutoff, place_bets.placed_at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT g.game_id, r.known_at INTO bad
	FROM (SELECT DISTINCT (b.said).game_id FROM unnest(bets) AS b) AS g
	CROSS JOIN LATERAL (SELECT min(x.known_at) AS known_at FROM result AS x WHERE x.game_id = g.game_id AND x.status = 'final' AND x.known_at <= place_bets.placed_at AND NOT is_taken_back(x, place_bets.placed_at)) AS r
	WHERE r.known_at IS NOT NULL LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'the result of game % was known at %: no bet at %', bad.game_id, bad.known_at, place_bets.placed_at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF place_bets.simulation IS NOT NULL THEN
		SELECT (b.said).* INTO bad
		FROM unnest(bets) AS b
		LEFT JOIN game AS g ON g.game_id = (b.said).game_id
		LEFT JOIN LATERAL (SELECT true AS found FROM quote AS q	-- of the game's partition alone
			WHERE q.game_month = g.month AND q.game_id = (b.said).game_id
			  AND q.known_at <= place_bets.placed_at + coalesce((SELECT (s.settings ->> 'latency')::interval FROM simulation AS s WHERE s.simulation_id = place_bets.simulation), interval '0')
			  AND q.market = (b.said).market AND q.side = (b.said).side AND q.line IS NOT DISTINCT FROM (b.said).line AND q.book = (b.said).book AND q.price >= (b.said).price
			  AND q.participant IS NOT DISTINCT FROM (b.said).participant LIMIT 1) AS offered ON true
		WHERE offered.found IS NULL LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION 'book "%" had not offered % % at % by %: line and price of a bet come from its book', bad.book,
				concat_ws(' ', bad.market, bad.side), coalesce(bad.line::text, 'no line'), bad.price, place_bets.placed_at USING ERRCODE = 'invalid_parameter_value';
		END IF;
	END IF;
	PERFORM lock_bankroll(place_bets.simulation);
	WITH season AS MATERIALIZED (	-- read once for all bets on it
		SELECT x.sport, x.season, s.time_zone, season_start(x.sport, x.season) AS monday
		FROM (SELECT DISTINCT g.sport, g.season FROM game AS g WHERE g.game_id = ANY (ARRAY(SELECT (b.said).game_id FROM unnest(bets) AS b))) AS x JOIN sport AS s ON s.sport = x.sport
	), placed AS (
		INSERT INTO weekly_bets (simulation_id, sport, season, week, placed_at, game_id, market, side, line, book, price, stake, strategy_name,
			model_id, tier, probability, market_probability, edge, prob_edge, participant)
		SELECT place_bets.simulation, g.sport, g.season, week_of_season(s.monday, f.starts_at, s.time_zone), place_bets.placed_at, g.game_id, (b.said).market, (b.said).side,
			(b.said).line, (b.said).book, (b.said).price, b.stake, b.strategy, b.model_id, signal_tier((b.said).edge), (b.said).probability,
			(b.said).market_probability, (b.said).edge, (b.said).prob_edge, (b.said).participant
		FROM unnest(bets) WITH ORDINALITY AS b (said, stake, strategy, model_id, n)
		JOIN game AS g ON g.game_id = (b.said).game_id
		JOIN season AS s ON s.sport = g.sport AND s.season = g.season
		JOIN LATERAL (SELECT x.starts_at FROM fixture AS x WHERE x.game_id = g.game_id AND x.known_at <= place_bets.placed_at
		              ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f ON true
		ORDER BY b.n
		RETURNING bet_id, stake
	)
	SELECT array_agg(p.bet_id ORDER BY p.bet_id), array_agg(ROW(place_bets.placed_at, 'stake', p.bet_id, -p.stake, p.stake, NULL)::movement ORDER BY p.bet_id)
	INTO placed, staked FROM placed AS p;
	SELECT (b.said).game_id INTO bad FROM unnest(bets) AS b
	WHERE cardinality(placed) IS DISTINCT FROM cardinality(bets) AND NOT EXISTS (SELECT FROM fixture AS f WHERE f.game_id = (b.said).game_id AND f.known_at <= place_bets.placed_at) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'no game % is known at %', bad.game_id, place_bets.placed_at USING ERRCODE = 'no_data_found';
	END IF;
	PERFORM append_movements(place_bets.simulation, staked);
	RETURN coalesce(placed, '{}');
END $$;
COMMENT ON FUNCTION place_bets(bigint, timestamptz, bet_to_place[]) IS
'Enters bets that are made at one time in weekly_bets and their stakes in bankroll_history, in the order of the array, and returns their bet_ids in that order. All or none: refuses what place_bet() refuses of any of them, so stakes that together are more than what is available, too.';

CREATE FUNCTION place_bet(simulation bigint, placed_at timestamptz, said signal, stake numeric, strategy text, model_id bigint DEFAULT NULL,
	participant text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	place_bet.said.participant := coalesce(participant, place_bet.said.participant);
	RETURN (place_bets(simulation, place_bet.placed_at, ARRAY[ROW(place_bet.said, place_bet.stake, place_bet.strategy, place_bet.model_id)::bet_to_place]))[1];
END $$;
COMMENT ON FUNCTION place_bet(bigint, timestamptz, signal, numeric, text, bigint, text) IS
'Enters a bet in weekly_bets and its stake in bankroll_history; returns the bet_id. simulation NULL: a live bet. participant: of player markets and team totals, as quote.participant; NULL: the signal''s. Refuses a game not known at placed_at or whose result is, a stake that is not positive or more than what is available, a side, line or price that could not be graded, a model that has learned from results after placed_at, the same bet twice, and in a simulation a line and price that the book had not offered by then.';

CREATE FUNCTION place_pick(prediction_id bigint, stake numeric DEFAULT NULL, placed_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	pick ai_predictions;
BEGIN
	SELECT * INTO pick FROM ai_predictions AS p WHERE p.prediction_id = place_pick.prediction_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no pick %', place_pick.prediction_id USING ERRCODE = 'no_data_found', HINT = 'Picks are rows of bet_edge.ai_predictions.';
	END IF;
	RETURN place_bet(NULL, place_pick.placed_at, ROW(pick.game_id, pick.market, pick.side, pick.line, pick.book, pick.price, NULL, pick.probability,
		pick.market_probability, pick.edge, pick.prob_edge, NULL, NULL, pick.participant)::signal, coalesce(place_pick.stake, pick.stake), pick.strategy_name, pick.model_id, pick.participant);
END $$;
COMMENT ON FUNCTION place_pick(bigint, numeric, timestamptz) IS
'Enters a pick of ai_predictions as a live bet at its price, for its stake or stake; returns the bet_id. Call it once the bookmaker has taken the bet: nothing places bets by itself. Refuses an unknown pick and what place_bet() refuses.';
