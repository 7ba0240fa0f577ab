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
	CHECK ((result IS NULL) = (profit IS NULL)),
	UNIQUE (simulation_id, game_id, market, side, line)
);
COMMENT ON TABLE weekly_bets IS 'Bets, live (simulation_id NULL) and simulated, open (result NULL) and settled. Line, price and grade come from one book.';
COMMENT ON COLUMN weekly_bets.week IS 'Calendar week of the season, 1 = the week (Monday to Sunday) of its first game.';
COMMENT ON COLUMN weekly_bets.closing_price IS 'The same book''s closing price at the same line, NULL where it is not known.';
COMMENT ON COLUMN weekly_bets.closing_probability IS 'De-vigged closing probability of the reference book at the same line.';
COMMENT ON COLUMN weekly_bets.clv IS 'Closing line value against the de-vigged close: price x closing_probability - 1.';
COMMENT ON COLUMN weekly_bets.settled_at IS 'known_at of the result that settled it.';
CREATE INDEX weekly_bets_game ON weekly_bets (game_id);
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
	games         int NOT NULL,
	UNIQUE (simulation_id, sport, season, week)
);
COMMENT ON TABLE weekly_performance IS 'A season week by week: bets decided in the week, as settled. roi = profit/turnover (pushes stay in the turnover, voids leave it); clv = mean of weekly_bets.clv; Brier scores over all games of the week, model against de-vigged close.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.weekly_performance', '');
