-- bet: what was staked, what became of it, and the money.

CREATE TABLE simulation (
	simulation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sport         text NOT NULL REFERENCES sport,
	season        int NOT NULL,
	staking       text NOT NULL,
	bankroll      numeric NOT NULL CHECK (bankroll > 0),
	started_at    timestamptz NOT NULL DEFAULT now(),
	finished_at   timestamptz,
	note          text
);
COMMENT ON TABLE simulation IS 'Seasons played by simulate_season(). Rows of weekly_bets, weekly_performance and bankroll_history without a simulation are live.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.simulation', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.simulation_simulation_id_seq', '');

CREATE TABLE weekly_bets (
	bet_id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	simulation_id      bigint REFERENCES simulation ON DELETE CASCADE,
	sport              text NOT NULL REFERENCES sport,
	season             int NOT NULL,
	week               int NOT NULL,
	placed_at          timestamptz NOT NULL,
	game_id            bigint NOT NULL REFERENCES game,
	market             text NOT NULL,
	side               text NOT NULL,
	line               float8,
	book               text NOT NULL REFERENCES book,
	price              float8 NOT NULL,
	stake              numeric NOT NULL CHECK (stake > 0),
	strategy_name      text NOT NULL,
	model_id           bigint,
	tier               text NOT NULL,
	probability        float8 NOT NULL,
	market_probability float8,
	edge               float8 NOT NULL,
	prob_edge          float8,
	closing_price      float8,
	closing_probability float8,
	clv                float8,
	result             text CHECK (result IN ('win', 'half_win', 'push', 'half_loss', 'loss', 'void')),
	profit             numeric,
	settled_at         timestamptz,
	CHECK ((result IS NULL) = (profit IS NULL) AND (result IS NULL) = (settled_at IS NULL)),
	CHECK (settled_at >= placed_at)
);
COMMENT ON TABLE weekly_bets IS 'Bets, live (simulation_id NULL) and simulated, open (result NULL) and settled. Line, price and grade come from one book.';
COMMENT ON COLUMN weekly_bets.week IS 'Week of the season in which the game was to start when the bet was placed; 1 = the calendar week (Monday to Sunday, the sport''s time zone) of the season''s first game.';
COMMENT ON COLUMN weekly_bets.placed_at IS 'The as_of of the decision: nothing known later entered it.';
COMMENT ON COLUMN weekly_bets.profit IS 'What was paid back, to the cent, less the stake: stake x (price - 1) when won, -stake when lost, 0 when pushed or void, halves in between.';
COMMENT ON COLUMN weekly_bets.closing_price IS 'The same book''s closing price at the same line, NULL where it is not known.';
COMMENT ON COLUMN weekly_bets.closing_probability IS 'De-vigged closing probability of the reference book at the same line.';
COMMENT ON COLUMN weekly_bets.clv IS 'Closing line value against the de-vigged close: price x closing_probability - 1. NULL when the bet was placed once that close was known: at the start it is nothing but minus the margin.';
COMMENT ON COLUMN weekly_bets.settled_at IS 'known_at of the result that settled it.';
CREATE INDEX weekly_bets_game ON weekly_bets (game_id);
-- NULLs are equal here: a live bet (no simulation) and a h2h bet (no line) exist once, too.
CREATE UNIQUE INDEX weekly_bets_once ON weekly_bets (coalesce(simulation_id, 0), game_id, market, side, coalesce(line, 'infinity'));
CREATE INDEX weekly_bets_open ON weekly_bets (simulation_id, game_id) WHERE result IS NULL;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weekly_bets', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weekly_bets_bet_id_seq', '');

CREATE TABLE bankroll_history (
	bankroll_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	simulation_id bigint REFERENCES simulation ON DELETE CASCADE,
	at            timestamptz NOT NULL,
	event         text NOT NULL CHECK (event IN ('deposit', 'withdrawal', 'stake', 'settlement')),
	bet_id        bigint REFERENCES weekly_bets ON DELETE CASCADE,
	amount        numeric NOT NULL,
	available     numeric NOT NULL,
	at_risk       numeric NOT NULL CHECK (at_risk >= 0),
	bankroll      numeric GENERATED ALWAYS AS (available + at_risk) STORED
);
COMMENT ON TABLE bankroll_history IS 'Every movement of money. available + at_risk = bankroll; a stake moves money from the one to the other, a settlement brings it back with its profit.';
COMMENT ON COLUMN bankroll_history.amount IS 'Stake (negative), payout (positive), deposit or withdrawal.';
CREATE INDEX bankroll_history_simulation ON bankroll_history (simulation_id, bankroll_id);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.bankroll_history', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.bankroll_history_bankroll_id_seq', '');

CREATE TABLE weekly_performance (
	simulation_id bigint REFERENCES simulation ON DELETE CASCADE,
	sport         text NOT NULL REFERENCES sport,
	season        int NOT NULL,
	week          int NOT NULL,
	week_starts   date NOT NULL,
	bets          int NOT NULL,
	won           int NOT NULL,
	turnover      numeric NOT NULL,
	profit        numeric NOT NULL,
	roi           float8,
	win_rate      float8,
	clv           float8,
	bankroll      numeric NOT NULL,
	model_brier   float8,
	market_brier  float8,
	games         int NOT NULL
);
COMMENT ON TABLE weekly_performance IS 'A season week by week, with a row for weeks without a game or a bet, too: bets by weekly_bets.week, as settled. clv = mean of weekly_bets.clv, NULL without any.';
COMMENT ON COLUMN weekly_performance.bets IS 'Bets that were not void.';
COMMENT ON COLUMN weekly_performance.roi IS 'profit / turnover; pushes stay in the turnover, voids leave it. NULL without a bet.';
COMMENT ON COLUMN weekly_performance.win_rate IS 'Share won (half wins too) of the bets that were neither void nor pushed.';
COMMENT ON COLUMN weekly_performance.bankroll IS 'At the end of the week, open bets at what was staked on them.';
COMMENT ON COLUMN weekly_performance.model_brier IS 'Brier score (sum over outcomes) of the model live at each game''s decision time, over the games counted in games.';
COMMENT ON COLUMN weekly_performance.market_brier IS 'The same of the de-vigged closing prices of the reference book.';
COMMENT ON COLUMN weekly_performance.games IS 'Games of the week that both the model and the closing market priced; without a model, those that the market did.';
CREATE UNIQUE INDEX weekly_performance_once ON weekly_performance (coalesce(simulation_id, 0), sport, season, week);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weekly_performance', '');

-- ---- the closing market --------------------------------------------------------------------

CREATE FUNCTION closing_market(p_game_id bigint, as_of timestamptz DEFAULT now(), p_method text DEFAULT NULL, p_book text DEFAULT NULL)
RETURNS TABLE (market text, side text, line float8, book text, price float8, probability float8)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
	WITH latest AS (
		SELECT DISTINCT ON (q.market, q.book, q.side, q.line) q.market, q.side, q.line, q.book, q.price, q.known_at
		FROM closing_quotes(p_game_id, as_of) AS q
		WHERE q.market IN ('h2h', 'spreads', 'totals') AND (p_book IS NULL OR q.book = p_book)
		ORDER BY q.market, q.book, q.side, q.line, q.known_at DESC, q.recorded_at DESC
	), offered AS (
		-- both sides of a spread share the home side's line
		SELECT l.market, CASE WHEN l.market = 'spreads' AND l.side = 'away' THEN -l.line ELSE l.line END AS market_line, l.book, max(l.known_at) AS known_at,
			array_agg(l.side ORDER BY array_position('{home,over,draw,away,under}'::text[], l.side)) AS sides,
			array_agg(l.line ORDER BY array_position('{home,over,draw,away,under}'::text[], l.side)) AS lines,
			array_agg(l.price ORDER BY array_position('{home,over,draw,away,under}'::text[], l.side)) AS prices
		FROM latest AS l
		GROUP BY 1, 2, 3
	), reference AS (
		SELECT DISTINCT ON (o.market, o.market_line) o.*,
			market_probabilities(o.prices, coalesce(p_method, overround_method(g.sport, o.book, true, o.known_at))) AS probabilities
		FROM offered AS o
		JOIN book AS b ON b.book = o.book
		JOIN game AS g ON g.game_id = p_game_id
		JOIN sport AS s ON s.sport = g.sport
		WHERE cardinality(o.prices) = CASE o.market WHEN 'h2h' THEN s.outcomes ELSE 2 END
		  AND (p_book IS NOT NULL OR b.kind IN ('sharp', 'exchange', 'consensus') OR o.book = 'market_avg')
		ORDER BY o.market, o.market_line, array_position('{sharp,exchange,consensus,aggregate,soft}'::text[], b.kind), overround(o.prices), o.book
	)
	SELECT r.market, e.side, e.line, r.book, e.price, e.probability
	FROM reference AS r
	CROSS JOIN LATERAL unnest(r.sides, r.lines, r.prices, r.probabilities) AS e (side, line, price, probability);
END;
COMMENT ON FUNCTION closing_market(bigint, timestamptz, text, text) IS
'Closing prices of the reference book of a game and the probabilities in them once the margin is removed, for every market and line that it offers whole: the sharpest of sharp, exchange, consensus and market_avg, or p_book alone. p_method: of remove_overround(), NULL = overround_method() as of the close. Sees only what was known at as_of; empty where nobody''s close is known. A soft book''s close is no measure and is taken only when named.';

CREATE FUNCTION closing_line(p_game_id bigint, p_market text, p_side text, p_line float8, p_book text, as_of timestamptz DEFAULT now(),
	OUT closing_probability float8, OUT reference_book text, OUT closing_price float8, OUT closing_known_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH closed AS (
		SELECT q.book, q.price, q.known_at, q.recorded_at FROM closing_quotes(p_game_id, as_of) AS q
		WHERE q.market = p_market AND q.side = p_side AND q.line IS NOT DISTINCT FROM p_line
	)
	SELECT c.probability, c.book,
		(SELECT o.price FROM closed AS o WHERE o.book = p_book ORDER BY o.known_at DESC, o.recorded_at DESC LIMIT 1),
		(SELECT max(r.known_at) FROM closed AS r WHERE r.book = c.book)
	FROM (SELECT 1) AS one
	LEFT JOIN closing_market(p_game_id, as_of) AS c ON c.market = p_market AND c.side = p_side AND c.line IS NOT DISTINCT FROM p_line;
END;
COMMENT ON FUNCTION closing_line(bigint, text, text, float8, text, timestamptz) IS
'What the close says of one bet: the de-vigged probability of its side at its line in closing_market(), that reference book, the closing price of p_book itself, and since when the reference book''s close was known (the start). NULL where the close is not known or stands at another line. Closing line value of a bet placed before closing_known_at: price x closing_probability - 1 (fair), price / closing_price - 1 (raw); a later one has none.';

-- ---- money ---------------------------------------------------------------------------------

CREATE FUNCTION bankroll(p_simulation bigint DEFAULT NULL, OUT available numeric, OUT at_risk numeric, OUT bankroll numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(b.available, 0), coalesce(b.at_risk, 0), coalesce(b.bankroll, 0)
	FROM (SELECT 1) AS one
	LEFT JOIN LATERAL (
		SELECT h.available, h.at_risk, h.bankroll FROM bankroll_history AS h
		WHERE h.simulation_id IS NOT DISTINCT FROM p_simulation ORDER BY h.bankroll_id DESC LIMIT 1) AS b ON true;
END;
COMMENT ON FUNCTION bankroll(bigint) IS 'The money now: free, staked on open bets, and both together; of a simulation or, NULL, live. Zeros before the first deposit.';

CREATE FUNCTION move_money(p_event text, p_amount numeric, p_at timestamptz DEFAULT now(), p_simulation bigint DEFAULT NULL,
	p_bet_id bigint DEFAULT NULL, p_released numeric DEFAULT 0)
RETURNS numeric
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	had numeric;
	bet numeric;
BEGIN
	IF p_event IS NULL OR p_event <> ALL ('{deposit,withdrawal,stake,settlement}') THEN
		RAISE EXCEPTION 'p_event must be deposit, withdrawal, stake or settlement, not %', coalesce(quote_literal(p_event), 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF p_amount IS NULL OR p_amount = 'NaN' OR abs(p_amount) = 'Infinity' OR sign(p_amount) NOT IN (0, (CASE WHEN p_event IN ('stake', 'withdrawal') THEN -1 ELSE 1 END)) THEN
		RAISE EXCEPTION 'p_amount of a % must be % 0, not %', p_event, CASE WHEN p_event IN ('stake', 'withdrawal') THEN 'at most' ELSE 'at least' END, coalesce(p_amount::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- one movement at a time: every row starts from the one before it
	PERFORM pg_advisory_xact_lock(hashtextextended('bet_edge.bankroll_history', coalesce(p_simulation, 0)));
	SELECT b.available, b.at_risk INTO had, bet FROM bankroll(p_simulation) AS b;
	IF had + p_amount < 0 THEN
		RAISE EXCEPTION 'a % of % needs more than the % available', p_event, -p_amount, had USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO bankroll_history (simulation_id, at, event, bet_id, amount, available, at_risk)
	VALUES (p_simulation, p_at, p_event, p_bet_id, p_amount, had + p_amount,
		bet + CASE p_event WHEN 'stake' THEN -p_amount WHEN 'settlement' THEN -p_released ELSE 0 END);
	RETURN had + p_amount;
END $$;
COMMENT ON FUNCTION move_money(text, numeric, timestamptz, bigint, bigint, numeric) IS
'Appends a movement to bankroll_history and returns the money then available. p_event deposit (p_amount >= 0), withdrawal (<= 0), stake (<= 0, with the bet), settlement (>= 0: the payout; p_released is the stake that is no longer at risk). Live: SELECT move_money(''deposit'', 1000). Refuses an amount of the wrong sign and one that would make the available money negative.';

CREATE FUNCTION season_start(p_sport text, p_season int) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT date_trunc('week', min(e.starts_at) AT TIME ZONE s.time_zone)::date
	FROM sport AS s JOIN sports_events AS e ON e.sport = s.sport AND e.season = p_season
	WHERE s.sport = p_sport GROUP BY s.time_zone;
END;
COMMENT ON FUNCTION season_start(text, int) IS 'Monday of the week of a season''s first game, in the sport''s time zone. NULL without games.';

CREATE FUNCTION season_week(p_sport text, p_season int, p_at timestamptz) RETURNS int
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT 1 + (date_trunc('week', p_at AT TIME ZONE s.time_zone)::date - season_start(p_sport, p_season)) / 7
	FROM sport AS s WHERE s.sport = p_sport;
END;
COMMENT ON FUNCTION season_week(text, int, timestamptz) IS 'Calendar week of a season in which a moment lies: 1 = the week, Monday to Sunday in the sport''s time zone, of its first game.';

CREATE FUNCTION place_bet(p_simulation bigint, p_placed_at timestamptz, p_said signal, p_stake numeric, p_strategy text, p_model_id bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	placed bigint;
BEGIN
	INSERT INTO weekly_bets (simulation_id, sport, season, week, placed_at, game_id, market, side, line, book, price, stake, strategy_name,
		model_id, tier, probability, market_probability, edge, prob_edge)
	SELECT p_simulation, g.sport, g.season, season_week(g.sport, g.season, f.starts_at), p_placed_at, g.game_id, p_said.market, p_said.side,
		p_said.line, p_said.book, p_said.price, p_stake, p_strategy, p_model_id, signal_tier(p_said.edge), p_said.probability,
		p_said.market_probability, p_said.edge, p_said.prob_edge
	FROM game AS g
	JOIN LATERAL (SELECT x.starts_at FROM fixture AS x WHERE x.game_id = g.game_id AND x.known_at <= p_placed_at
	              ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f ON true
	WHERE g.game_id = p_said.game_id
	RETURNING bet_id INTO placed;
	IF placed IS NULL THEN
		RAISE EXCEPTION 'no game % is known at %', p_said.game_id, p_placed_at USING ERRCODE = 'no_data_found';
	END IF;
	PERFORM move_money('stake', -p_stake, p_placed_at, p_simulation, placed);
	RETURN placed;
END $$;
COMMENT ON FUNCTION place_bet(bigint, timestamptz, signal, numeric, text, bigint) IS
'Enters a bet in weekly_bets and its stake in bankroll_history; returns the bet_id. p_simulation NULL: a live bet. Refuses a game not known at p_placed_at, a stake that is not positive or more than what is available, and the same bet twice.';

CREATE FUNCTION place_pick(p_prediction_id bigint, p_stake numeric DEFAULT NULL, p_placed_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	pick ai_predictions;
BEGIN
	SELECT * INTO pick FROM ai_predictions AS p WHERE p.prediction_id = p_prediction_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no pick %', p_prediction_id USING ERRCODE = 'no_data_found', HINT = 'Picks are rows of bet_edge.ai_predictions.';
	END IF;
	RETURN place_bet(NULL, p_placed_at, ROW(pick.game_id, pick.market, pick.side, pick.line, pick.book, pick.price, NULL, pick.probability,
		pick.market_probability, pick.edge, pick.prob_edge, NULL, NULL)::signal, coalesce(p_stake, pick.stake), pick.strategy_name, pick.model_id);
END $$;
COMMENT ON FUNCTION place_pick(bigint, numeric, timestamptz) IS
'Enters a pick of ai_predictions as a live bet at its price, for its stake or p_stake; returns the bet_id. Call it once the bookmaker has taken the bet: nothing places bets by itself. Refuses an unknown pick and what place_bet() refuses.';

CREATE FUNCTION settle_bets(as_of timestamptz DEFAULT now(), p_simulation bigint DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	bet     record;
	settled int := 0;
BEGIN
	FOR bet IN
		SELECT b.bet_id, b.stake, b.price, r.known_at, s.result, round(s.payout, 2) AS payout, c.closing_probability, c.closing_price, c.closing_known_at
		FROM weekly_bets AS b
		JOIN sport AS k ON k.sport = b.sport
		JOIN LATERAL (
			-- the first news after the bet, as at a bookmaker, so that it does not matter when this is called;
			-- what was known when it was placed is no news of it (a game postponed and set anew)
			SELECT x.home_score, x.away_score, x.status, x.known_at FROM result AS x
			WHERE x.game_id = b.game_id AND x.known_at <= settle_bets.as_of AND x.known_at > b.placed_at
			ORDER BY x.known_at, x.recorded_at LIMIT 1) AS r ON true
		CROSS JOIN LATERAL settle_bet(b.market, b.side, b.line, r.home_score, r.away_score, b.price, b.stake,
			CASE r.status WHEN 'awarded' THEN 'cancelled' ELSE r.status END, k.outcomes = 3) AS s
		CROSS JOIN LATERAL closing_line(b.game_id, b.market, b.side, b.line, b.book, settle_bets.as_of) AS c
		WHERE b.result IS NULL AND b.simulation_id IS NOT DISTINCT FROM p_simulation AND b.placed_at <= settle_bets.as_of AND s.result IS NOT NULL
		ORDER BY r.known_at, b.bet_id
	LOOP
		UPDATE weekly_bets AS b SET result = bet.result, profit = bet.payout - b.stake, settled_at = bet.known_at,
			closing_price = bet.closing_price, closing_probability = bet.closing_probability,
			-- at the close itself it would be minus the margin and say nothing
			clv = CASE WHEN bet.result <> 'void' AND b.placed_at < bet.closing_known_at THEN b.price * bet.closing_probability - 1 END
		WHERE b.bet_id = bet.bet_id AND b.result IS NULL;
		IF FOUND THEN
			PERFORM move_money('settlement', bet.payout, bet.known_at, p_simulation, bet.bet_id, bet.stake);
			settled := settled + 1;
		END IF;
	END LOOP;
	RETURN settled;
END $$;
COMMENT ON FUNCTION settle_bets(timestamptz, bigint) IS
'Settles the open bets, of a simulation or live (NULL), on games whose result was known at as_of: result, profit and closing line value (of bets placed before the close was known) in weekly_bets, the money, rounded to the cent, in bankroll_history in the order in which results became known. Awarded, abandoned, cancelled and postponed games are void. Returns the number of bets settled; a second call settles nothing. The first result known after a bet was placed settles it, however late this is called; a corrected score does not settle again.';
