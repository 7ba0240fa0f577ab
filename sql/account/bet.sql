-- bet: what was staked and what became of it.

CREATE TABLE simulation (
	simulation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sport         text NOT NULL REFERENCES sport,
	season        int NOT NULL,
	staking       text NOT NULL,
	bankroll      numeric NOT NULL CHECK (bankroll > 0),
	started_at    timestamptz NOT NULL DEFAULT now(),
	finished_at   timestamptz,
	note          text,
	settings      jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN simulation.settings IS 'The other parameters of simulate_season(): repeat_simulation() plays the season again from this row.';
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
	participant        text,
	by_hand            boolean NOT NULL DEFAULT false,
	CHECK (stake < 'Infinity'),
	CHECK ((result IS NULL) = (profit IS NULL) AND (result IS NULL) = (settled_at IS NULL)),
	CHECK (settled_at >= placed_at)
);
COMMENT ON TABLE weekly_bets IS 'Bets, live (simulation_id NULL) and simulated, open (result NULL) and settled. Line, price and grade come from one book. What was placed stands for ever; result to clv say how the bet stands now, and bankroll_history has every booking that led there.';
COMMENT ON COLUMN weekly_bets.week IS 'Week of the season in which the game was to start when the bet was placed; 1 = the calendar week (Monday to Sunday, the sport''s time zone) of the season''s first game.';
COMMENT ON COLUMN weekly_bets.placed_at IS 'The as_of of the decision: nothing known later entered it.';
COMMENT ON COLUMN weekly_bets.profit IS 'What was paid back, to settlement_rule.decimals, less the stake: stake x (price - 1) when won, after an exchange''s commission, -stake when lost, 0 when pushed or void, halves in between.';
COMMENT ON COLUMN weekly_bets.closing_price IS 'The same book''s closing price at the same line, NULL where it is not known.';
COMMENT ON COLUMN weekly_bets.closing_probability IS 'De-vigged closing probability of the reference book at the same line.';
COMMENT ON COLUMN weekly_bets.clv IS 'Closing line value against the de-vigged close: net_odds() of price x closing_probability - 1, so after an exchange''s commission. NULL when the bet was placed once that close was known: at the start it is nothing but minus the margin.';
COMMENT ON COLUMN weekly_bets.settled_at IS 'When what settled it was known: the result, or that a game was not played in time.';
COMMENT ON COLUMN weekly_bets.participant IS 'As quote.participant: the player of a player market, home or away of team_totals; NULL: the game.';
COMMENT ON COLUMN weekly_bets.by_hand IS 'true: graded by grade_bet(); settle_bets() leaves it alone.';
CREATE INDEX weekly_bets_game ON weekly_bets (game_id);
-- NULLs are equal here: a live bet (no simulation) and a h2h bet (no line) exist once, too.
CREATE UNIQUE INDEX weekly_bets_once ON weekly_bets (coalesce(simulation_id, 0), game_id, market, side, coalesce(line, 'infinity'), coalesce(participant, ''));
CREATE INDEX weekly_bets_open ON weekly_bets (simulation_id, game_id) WHERE result IS NULL;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weekly_bets', '');

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		-- a season that was played goes with all its rows, and only so
		IF OLD.simulation_id IS NOT NULL AND NOT EXISTS (SELECT FROM simulation AS s WHERE s.simulation_id = OLD.simulation_id) THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION '% of % is refused: what was booked stands', TG_OP, TG_TABLE_NAME USING ERRCODE = 'object_not_in_prerequisite_state',
		HINT = 'A wrong grade is put right by bet_edge.grade_bet(), other money by bet_edge.move_money(''correction'', …); a simulation is deleted whole, from bet_edge.simulation.';
END $$;
COMMENT ON FUNCTION refuse_change() IS 'Trigger of the books: rows are appended, and neither changed nor deleted (55000), but with the whole simulation that they belong to.';
CREATE TRIGGER stands BEFORE UPDATE ON weekly_bets FOR EACH ROW
	WHEN ((OLD.bet_id, OLD.simulation_id, OLD.sport, OLD.season, OLD.week, OLD.placed_at, OLD.game_id, OLD.market, OLD.side, OLD.line, OLD.book, OLD.price, OLD.stake, OLD.participant,
			OLD.strategy_name, OLD.model_id, OLD.tier, OLD.probability, OLD.market_probability, OLD.edge, OLD.prob_edge)
		IS DISTINCT FROM (NEW.bet_id, NEW.simulation_id, NEW.sport, NEW.season, NEW.week, NEW.placed_at, NEW.game_id, NEW.market, NEW.side, NEW.line, NEW.book, NEW.price, NEW.stake, NEW.participant,
			NEW.strategy_name, NEW.model_id, NEW.tier, NEW.probability, NEW.market_probability, NEW.edge, NEW.prob_edge))
	EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON weekly_bets FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON weekly_bets EXECUTE FUNCTION refuse_change();
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weekly_bets_bet_id_seq', '');

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

CREATE FUNCTION season_start(p_sport text, p_season int) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT date_trunc('week', min(f.starts_at) AT TIME ZONE s.time_zone)::date
	FROM sport AS s JOIN game AS g ON g.sport = s.sport AND g.season = p_season
	CROSS JOIN LATERAL (SELECT x.starts_at FROM fixture AS x WHERE x.game_id = g.game_id ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f
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

CREATE FUNCTION place_bet(p_simulation bigint, p_placed_at timestamptz, p_said signal, p_stake numeric, p_strategy text, p_model_id bigint DEFAULT NULL,
	participant text DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	placed bigint;
	seen   timestamptz;
BEGIN
	participant := coalesce(participant, p_said.participant);
	IF NOT coalesce(p_stake > 0 AND p_stake < 'Infinity', false) THEN
		RAISE EXCEPTION 'p_stake must be a finite amount above 0, not %', coalesce(p_stake::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- a side, line or price that could never be graded is refused by settle_bet(), as bet_grade() will ask it
	PERFORM settle_bet(g.market, g.side, g.line, 1, 0, p_said.price, p_stake, 'final', false)
	FROM (SELECT CASE WHEN NOT is_graded_market(p_said.market) THEN 'h2h' WHEN is_player_market(p_said.market) THEN 'totals' ELSE p_said.market END AS market,
		CASE WHEN NOT is_graded_market(p_said.market) THEN 'home'
			WHEN is_player_market(p_said.market) THEN CASE p_said.side WHEN 'yes' THEN 'over' WHEN 'no' THEN 'under' ELSE p_said.side END
			WHEN p_said.market LIKE '%team_totals' AND participant IN ('home', 'away') THEN participant || '_' || p_said.side ELSE p_said.side END AS side,
		CASE WHEN NOT is_graded_market(p_said.market) THEN NULL WHEN is_player_market(p_said.market) THEN coalesce(p_said.line, 0.5) ELSE p_said.line END AS line) AS g;
	SELECT m.knowledge_cutoff INTO seen FROM model AS m WHERE m.model_id = p_model_id;
	IF seen > p_placed_at THEN
		RAISE EXCEPTION 'model % has learned from results until %: it cannot bet at %', p_model_id, seen, p_placed_at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT r.known_at INTO seen FROM result AS r WHERE r.game_id = p_said.game_id AND r.status = 'final' AND r.known_at <= p_placed_at ORDER BY r.known_at LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'the result of game % was known at %: no bet at %', p_said.game_id, seen, p_placed_at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF p_simulation IS NOT NULL AND NOT EXISTS (SELECT FROM quote AS q WHERE q.game_id = p_said.game_id
			AND q.known_at <= p_placed_at + coalesce((SELECT (s.settings ->> 'latency')::interval FROM simulation AS s WHERE s.simulation_id = p_simulation), interval '0') AND q.market = p_said.market AND q.side = p_said.side
			AND q.line IS NOT DISTINCT FROM p_said.line AND q.book = p_said.book AND q.price >= p_said.price AND q.participant IS NOT DISTINCT FROM place_bet.participant
			AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = p_said.game_id)) THEN
		RAISE EXCEPTION 'book "%" had not offered % % at % by %: line and price of a bet come from its book', p_said.book,
			concat_ws(' ', p_said.market, p_said.side), coalesce(p_said.line::text, 'no line'), p_said.price, p_placed_at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM lock_bankroll(p_simulation);
	INSERT INTO weekly_bets (simulation_id, sport, season, week, placed_at, game_id, market, side, line, book, price, stake, strategy_name,
		model_id, tier, probability, market_probability, edge, prob_edge, participant)
	SELECT p_simulation, g.sport, g.season, season_week(g.sport, g.season, f.starts_at), p_placed_at, g.game_id, p_said.market, p_said.side,
		p_said.line, p_said.book, p_said.price, p_stake, p_strategy, p_model_id, signal_tier(p_said.edge), p_said.probability,
		p_said.market_probability, p_said.edge, p_said.prob_edge, place_bet.participant
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
COMMENT ON FUNCTION place_bet(bigint, timestamptz, signal, numeric, text, bigint, text) IS
'Enters a bet in weekly_bets and its stake in bankroll_history; returns the bet_id. p_simulation NULL: a live bet. participant: of player markets and team totals, as quote.participant; NULL: the signal''s. Refuses a game not known at p_placed_at or whose result is, a stake that is not positive or more than what is available, a side, line or price that could not be graded, a model that has learned from results after p_placed_at, the same bet twice, and in a simulation a line and price that the book had not offered by then.';

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
		pick.market_probability, pick.edge, pick.prob_edge, NULL, NULL, pick.participant)::signal, coalesce(p_stake, pick.stake), pick.strategy_name, pick.model_id, pick.participant);
END $$;
COMMENT ON FUNCTION place_pick(bigint, numeric, timestamptz) IS
'Enters a pick of ai_predictions as a live bet at its price, for its stake or p_stake; returns the bet_id. Call it once the bookmaker has taken the bet: nothing places bets by itself. Refuses an unknown pick and what place_bet() refuses.';

