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

CREATE FUNCTION season_start(sport text, season int) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT date_trunc('week', min(f.starts_at) AT TIME ZONE s.time_zone)::date
	FROM sport AS s JOIN game AS g ON g.sport = s.sport AND g.season = season_start.season
	CROSS JOIN LATERAL (SELECT x.starts_at FROM fixture AS x WHERE x.game_id = g.game_id ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f
	WHERE s.sport = season_start.sport GROUP BY s.time_zone;
END;
COMMENT ON FUNCTION season_start(text, int) IS 'Monday of the week of a season''s first game, in the sport''s time zone. NULL without games.';

CREATE FUNCTION week_of_season(monday date, moment timestamptz, time_zone text) RETURNS int
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN 1 + (date_trunc('week', moment AT TIME ZONE time_zone)::date - monday) / 7;
COMMENT ON FUNCTION week_of_season(date, timestamptz, text) IS 'Calendar week of a season that began in the week of that Monday (season_start()) in which a moment lies, in a time zone. What season_week() says, for many moments of a season.';

CREATE FUNCTION season_week(sport text, season int, at timestamptz) RETURNS int
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT week_of_season(season_start(season_week.sport, season_week.season), season_week.at, s.time_zone)
	FROM sport AS s WHERE s.sport = season_week.sport;
END;
COMMENT ON FUNCTION season_week(text, int, timestamptz) IS 'Calendar week of a season in which a moment lies: 1 = the week, Monday to Sunday in the sport''s time zone, of its first game.';
