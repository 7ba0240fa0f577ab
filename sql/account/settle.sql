-- settle: grades into money, all at once, and taken back by rows when they were wrong.

CREATE TYPE graded_bet AS (
	bet_id              bigint,
	result              text,
	payout              numeric,
	known_at            timestamptz,
	note                text,
	by_hand             boolean,
	closing_price       float8,
	closing_probability float8,
	clv                 float8
);
COMMENT ON TYPE graded_bet IS 'What a bet came to: result and payout (NULL: open again), when that was known and why, by whom, and what the close said of it.';

CREATE FUNCTION book_grades(simulation bigint, grades graded_bet[]) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	movements movement[];
	booked    int;
BEGIN
	PERFORM lock_bankroll(simulation);	-- as the last to book them left the bets
	SELECT array_agg(ROW(g.known_at, m.event, b.bet_id, m.amount, m.locked, m.note)::movement ORDER BY g.known_at, b.bet_id, m.step) INTO movements
	FROM unnest(grades) AS g
	JOIN weekly_bets AS b ON b.bet_id = g.bet_id AND coalesce(b.simulation_id, 0) = coalesce(simulation, 0)
	CROSS JOIN LATERAL (VALUES (1, 'reversal', 0 - (b.stake + b.profit), b.stake, concat_ws(': ', b.result, 'taken back'), b.result),
		(2, 'return', g.payout, 0 - b.stake, concat_ws(': ', g.result, g.note), g.result)) AS m (step, event, amount, locked, note, result)
	WHERE m.result IS NOT NULL;
	PERFORM append_movements(simulation, movements);
	UPDATE weekly_bets AS b SET result = g.result, profit = g.payout - b.stake, settled_at = CASE WHEN g.result IS NOT NULL THEN g.known_at END, by_hand = g.by_hand,
		closing_price = g.closing_price, closing_probability = g.closing_probability, clv = g.clv
	FROM unnest(grades) AS g
	WHERE b.bet_id = g.bet_id AND coalesce(b.simulation_id, 0) = coalesce(simulation, 0);
	GET DIAGNOSTICS booked = ROW_COUNT;
	RETURN booked;
END $$;
COMMENT ON FUNCTION book_grades(bigint, graded_bet[]) IS
'Books what bets of one bankroll came to, at once and in the order in which it was known: of a bet that was settled before first a reversal of that to the digit, then the return; and the state of the bet in weekly_bets. Returns the number of bets. For settle_bets() and grade_bet(), which say what is due.';

CREATE FUNCTION settle_bets(as_of timestamptz DEFAULT now(), simulation bigint DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	told bet_to_grade[];
	due  graded_bet[];
BEGIN
	PERFORM lock_bankroll(simulation);	-- whoever settled before us has booked it when we look
	-- what is new is asked once for every game
	SELECT array_agg(ROW(b.bet_id, b.game_id, b.placed_at, b.market, b.side, b.line, b.book, b.price, b.stake, b.participant, b.result, b.stake + b.profit)::bet_to_grade) INTO told
	FROM (SELECT x.game_id, min(coalesce(x.settled_at, x.placed_at)) AS since, bool_or(x.participant IS NOT NULL) AS of_player
		FROM weekly_bets AS x WHERE coalesce(x.simulation_id, 0) = coalesce(simulation, 0) AND NOT x.by_hand GROUP BY x.game_id) AS g
	CROSS JOIN LATERAL (SELECT (SELECT max(r.known_at) FROM result AS r WHERE r.game_id = g.game_id AND r.known_at <= settle_bets.as_of) AS result,
		CASE WHEN g.of_player THEN (SELECT max(r.known_at) FROM player_game AS r WHERE r.game_id = g.game_id AND r.known_at <= settle_bets.as_of) END AS players OFFSET 0) AS news
	CROSS JOIN LATERAL (SELECT x.* FROM weekly_bets AS x WHERE coalesce(x.simulation_id, 0) = coalesce(simulation, 0) AND x.game_id = g.game_id AND NOT x.by_hand OFFSET 0) AS b
	WHERE greatest(news.result, news.players) > g.since
	  AND (news.result > coalesce(b.settled_at, b.placed_at) OR b.result IS NOT NULL AND b.participant IS NOT NULL AND news.players > b.settled_at);
	IF told IS NULL THEN
		RETURN 0;
	END IF;
	WITH graded AS MATERIALIZED (
		SELECT (g.bet).bet_id, (g.bet).game_id, (g.bet).market, (g.bet).participant, (g.bet).side, (g.bet).line, (g.bet).book, (g.bet).price, (g.bet).placed_at,
			g.result, p.payout, g.known_at, g.reason
		FROM bet_grades(told, settle_bets.as_of) AS g
		CROSS JOIN LATERAL (SELECT round(g.payout, g.decimals) AS payout OFFSET 0) AS p
		WHERE ((g.bet).result, (g.bet).paid) IS DISTINCT FROM (g.result, p.payout)
	), closed AS MATERIALIZED (
		SELECT g.game_id, c.* FROM (SELECT DISTINCT x.game_id FROM graded AS x) AS g CROSS JOIN LATERAL closing_prices(g.game_id, settle_bets.as_of) AS c
	), line AS (
		SELECT c.game_id, c.market, coalesce(c.participant, '') AS participant, c.side, coalesce(c.line, 'infinity') AS line,
			max(c.closing_probability) AS probability, max(c.closing_known_at) AS known_at
		FROM closed AS c WHERE c.participant IS NULL GROUP BY 1, 2, 3, 4, 5
		UNION ALL
		SELECT g.game_id, c.market, c.participant, c.side, coalesce(c.line, 'infinity'), c.probability, c.known_at
		FROM (SELECT DISTINCT x.game_id FROM graded AS x WHERE x.participant IS NOT NULL) AS g CROSS JOIN LATERAL closing_player_market(g.game_id, settle_bets.as_of) AS c
	)
	SELECT array_agg(ROW(g.bet_id, g.result, g.payout, g.known_at, g.reason, false, o.price, l.probability,
		-- at the close itself it would be minus the margin and say nothing
		CASE WHEN g.result <> 'void' AND g.placed_at < l.known_at THEN net_odds(g.price, k.commission) * l.probability - 1 END)::graded_bet)
	INTO due
	FROM graded AS g
	JOIN book AS k ON k.book = g.book
	LEFT JOIN line AS l ON l.game_id = g.game_id AND l.market = g.market AND l.participant = coalesce(g.participant, '') AND l.side = g.side AND l.line = coalesce(g.line, 'infinity')
	LEFT JOIN closed AS o ON o.game_id = g.game_id AND o.market = g.market AND coalesce(o.participant, '') = coalesce(g.participant, '') AND o.side = g.side
		AND coalesce(o.line, 'infinity') = coalesce(g.line, 'infinity') AND o.book = g.book;
	RETURN CASE WHEN due IS NULL THEN 0 ELSE book_grades(simulation, due) END;
END $$;
COMMENT ON FUNCTION settle_bets(timestamptz, bigint) IS
'Settles the open bets, of a simulation or live (NULL), by what was known at as_of and by settlement_rule (bet_grade()): result, profit and closing line value (of bets placed before the close was known) in weekly_bets, the money in bankroll_history in the order in which results became known. A score that was corrected within settlement_rule.correction of the first is booked as a reversal and a new return; what was booked stays. Returns the number of bets booked; a second call books nothing. Several sessions may settle and bet at once: they wait for each other. Not touched: bets that grade_bet() graded.';

CREATE FUNCTION grade_bet(bet_id bigint, result text, payout numeric DEFAULT NULL, tied int DEFAULT 1, places int DEFAULT 1, note text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS numeric
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	bet    weekly_bets;
	terms  record;
	paid   numeric;
BEGIN
	SELECT * INTO bet FROM weekly_bets AS b WHERE b.bet_id = grade_bet.bet_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no bet %', coalesce(grade_bet.bet_id::text, 'NULL') USING ERRCODE = 'no_data_found', HINT = 'Bets are rows of bet_edge.weekly_bets.';
	ELSIF grade_bet.as_of IS NULL OR grade_bet.as_of < bet.placed_at THEN
		RAISE EXCEPTION 'as_of must be after the bet was placed, %, not %', bet.placed_at, coalesce(grade_bet.as_of::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF grade_bet.payout < 0 OR NOT grade_bet.payout < 'Infinity' OR grade_bet.result IS NULL AND grade_bet.payout IS NOT NULL THEN
		RAISE EXCEPTION 'payout must be a finite amount of at least 0, and NULL without a result, not %', grade_bet.payout USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM lock_bankroll(bet.simulation_id);
	SELECT * INTO bet FROM weekly_bets AS b WHERE b.bet_id = grade_bet.bet_id;	-- as the last to book it left it
	IF bet.result IS NULL AND grade_bet.result IS NULL THEN
		RETURN NULL;
	END IF;
	IF grade_bet.result IS NOT NULL THEN
		SELECT t.dead_heat, coalesce(t.decimals, 2) AS decimals INTO terms FROM settlement_terms(bet.sport, bet.market, bet.book) AS t;
		paid := round(bet.stake + bet_profit(CASE WHEN grade_bet.tied > 1 AND terms.dead_heat = 'push' THEN 'push' ELSE grade_bet.result END, bet.stake, bet.price,
			(SELECT b.commission FROM book AS b WHERE b.book = bet.book),
			CASE WHEN terms.dead_heat = 'share' THEN grade_bet.tied ELSE 1 END, CASE WHEN terms.dead_heat = 'share' THEN grade_bet.places ELSE 1 END), terms.decimals);
		paid := coalesce(grade_bet.payout, paid);
	END IF;
	PERFORM book_grades(bet.simulation_id, ARRAY[ROW(bet.bet_id, CASE WHEN grade_bet.tied > 1 AND terms.dead_heat = 'push' THEN 'push' ELSE grade_bet.result END, paid, grade_bet.as_of,
		concat_ws(', ', 'by hand', CASE WHEN grade_bet.tied > 1 THEN format('%s tied for %s', grade_bet.tied, grade_bet.places) END, grade_bet.note),
		grade_bet.result IS NOT NULL, bet.closing_price, bet.closing_probability, bet.clv)::graded_bet]);
	RETURN paid;
END $$;
COMMENT ON FUNCTION grade_bet(bigint, text, numeric, int, int, text, timestamptz) IS
'Grades a bet by hand: what settle_bets() cannot know (an outright, a half, a cash-out, a bookmaker who decided otherwise). result win, half_win, push, half_loss, loss, void; NULL takes a grade back and leaves the bet to settle_bets(). payout: what the book paid, when it is another amount than the result says. A dead heat is a win with tied runners for so many places, paid as settlement_rule.dead_heat says. Of a settled bet the old return is reversed first. Returns what was paid. Refuses an unknown bet (P0002) and what bet_profit() refuses.';
