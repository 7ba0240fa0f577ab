-- identity: sports, teams, books, and the alias gate through which every name must pass.

CREATE FUNCTION stable_id(key text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('x' || left(md5(key), 16))::bit(64)::bigint;
COMMENT ON FUNCTION stable_id(text) IS
'Surrogate key of a natural key: its first 64 bits of MD5. The same on every server and at every replay, so that rebuilt tables are equal row by row.';

CREATE FUNCTION keep_own_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	replaced bigint;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF OLD.builtin AND NEW IS DISTINCT FROM OLD THEN
			NEW.builtin := false;
		END IF;
	ELSIF NOT NEW.builtin THEN
		EXECUTE (SELECT format('UPDATE %I.%I AS shipped SET (%s) = ROW(%s) WHERE shipped.builtin AND %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
				string_agg(quote_ident(attname), ', ' ORDER BY attnum), string_agg(format('($1).%I', attname), ', ' ORDER BY attnum),
				(SELECT string_agg(format('shipped.%1$I = ($1).%1$I', key), ' AND ') FROM unnest(TG_ARGV) AS key))
			FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attgenerated = '') USING NEW;
		GET DIAGNOSTICS replaced = ROW_COUNT;
		IF replaced > 0 THEN
			RETURN NULL;
		END IF;
	END IF;
	RETURN NEW;
END $$;
COMMENT ON FUNCTION keep_own_row() IS
'Trigger of the tables that come with rows (builtin), given the columns of their key: a shipped row that is changed becomes the user''s, so that it is dumped; a user''s row with the key of a shipped one overwrites it (and is not counted as inserted), so that the dump restores.';

CREATE TABLE sport (
	sport            text PRIMARY KEY,
	title            text NOT NULL,
	api_key          text UNIQUE,
	family           text NOT NULL CHECK (family IN ('soccer', 'american_football', 'basketball', 'baseball', 'hockey', 'tennis')),
	pool             text NOT NULL,
	outcomes         int  NOT NULL CHECK (outcomes IN (2, 3)),
	time_zone        text NOT NULL,
	default_start    time NOT NULL,
	duration         interval NOT NULL CHECK (duration > interval '0'),
	decision_days    int[] CHECK (decision_days <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
	decision_hour    time,
	elo_rules        text NOT NULL,
	elo_k            float8,
	elo_advantage    float8,
	elo_keep         float8,
	elo_mean         float8,
	elo_newcomer     float8,
	elo_promotes     boolean NOT NULL DEFAULT false,
	glicko2_volatility float8 NOT NULL DEFAULT 0.06,
	pi_learning_rate float8 NOT NULL DEFAULT 0.035,
	strength_prior   float8,
	overround_method text NOT NULL DEFAULT 'shin',
	overround_limit  float8 CHECK (overround_limit > 0),
	builtin          boolean NOT NULL DEFAULT false,
	season_month     int NOT NULL DEFAULT 7 CHECK (season_month BETWEEN 1 AND 12),
	edge_method      text CHECK (CASE WHEN edge_method <> 'worst' THEN remove_overround('{2,2}', edge_method) IS NOT NULL ELSE true END),
	CHECK ((decision_days IS NULL) = (decision_hour IS NULL)),
	CHECK (strength_prior > 0)
);
COMMENT ON TABLE sport IS 'Competitions by the code that people type (EPL, NFL): how they are timed, rated and de-vigged.';
COMMENT ON COLUMN sport.api_key IS 'The Odds API key of the competition.';
COMMENT ON COLUMN sport.pool IS 'Namespace of team names: clubs of one country share it, so a promoted club keeps its identity.';
COMMENT ON COLUMN sport.outcomes IS '3 where a draw is a result of its own in the h2h market, 2 where a tie pushes.';
COMMENT ON COLUMN sport.default_start IS 'Local kick-off that is assumed when the source gives a day alone.';
COMMENT ON COLUMN sport.duration IS 'From kick-off until the result counts as known.';
COMMENT ON COLUMN sport.decision_days IS 'ISO days of the week (1 = Monday) on which prices are collected and bets decided; NULL: at the start of each game.';
COMMENT ON COLUMN sport.decision_hour IS 'Local time of that decision; NULL with decision_days.';
COMMENT ON COLUMN sport.elo_rules IS 'Rules of elo_update(); the other elo_ columns replace single constants of the rules, NULL keeps them.';
COMMENT ON COLUMN sport.elo_promotes IS 'true: a team that was not in the last season of the competition that is known starts at elo_newcomer.';
COMMENT ON COLUMN sport.glicko2_volatility IS 'Volatility with which a team starts in glicko2_history().';
COMMENT ON COLUMN sport.pi_learning_rate IS 'learning_rate of pi_rating_history().';
COMMENT ON COLUMN sport.strength_prior IS 'prior of dixon_coles_fit(), in goals'' worth of being average, above 0; NULL: no strengths are fitted.';
COMMENT ON COLUMN sport.overround_method IS 'Method of remove_overround() for this competition''s market probabilities where overround_fit has none: see overround_method().';
COMMENT ON COLUMN sport.edge_method IS 'How market_prices(), and so every strategy and pick, takes the margin out of the prices that edges are measured against: a method of remove_overround(), or worst, of each outcome the lowest that several methods find; NULL: overround_method(). Features, forecasts and closing line value keep to that.';
COMMENT ON COLUMN sport.overround_limit IS 'Largest overround of one book''s market that is believed; above it the prices are a mistake and go to reject. NULL: any.';
COMMENT ON COLUMN sport.season_month IS 'Month with which a season begins, for feeds that do not name it: 1 where it is the calendar year.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.sport', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON sport FOR EACH ROW EXECUTE FUNCTION keep_own_row('sport');

INSERT INTO sport (sport, title, api_key, family, pool, outcomes, time_zone, default_start, duration, decision_days, decision_hour,
	elo_rules, elo_k, elo_advantage, elo_keep, elo_mean, elo_newcomer, elo_promotes, strength_prior, builtin, season_month)
SELECT code, title, api_key, 'soccer', pool, 3, 'Europe/London', '15:00', '2 hours', '{2,5}', '15:00',
	'world_football', 20, 65, 1, 1500, 1400, true, 5, true, season_month
FROM (VALUES
	('EPL',          'Premier League (England)',  'soccer_epl',                    'england', 7),
	('CHAMPIONSHIP', 'Championship (England)',    'soccer_efl_champ',              'england', 7),
	('LEAGUE1',      'League One (England)',      'soccer_england_league1',        'england', 7),
	('LEAGUE2',      'League Two (England)',      'soccer_england_league2',        'england', 7),
	('SPL',          'Premiership (Scotland)',    'soccer_spl',                    'scotland', 7),
	('BUNDESLIGA',   'Bundesliga (Germany)',      'soccer_germany_bundesliga',     'germany', 7),
	('BUNDESLIGA2',  '2. Bundesliga (Germany)',   'soccer_germany_bundesliga2',    'germany', 7),
	('SERIEA',       'Serie A (Italy)',           'soccer_italy_serie_a',          'italy', 7),
	('SERIEB',       'Serie B (Italy)',           'soccer_italy_serie_b',          'italy', 7),
	('LALIGA',       'La Liga (Spain)',           'soccer_spain_la_liga',          'spain', 7),
	('LALIGA2',      'Segunda División (Spain)',  'soccer_spain_segunda_division', 'spain', 7),
	('LIGUE1',       'Ligue 1 (France)',          'soccer_france_ligue_one',       'france', 7),
	('LIGUE2',       'Ligue 2 (France)',          'soccer_france_ligue_two',       'france', 7),
	('EREDIVISIE',   'Eredivisie (Netherlands)',  'soccer_netherlands_eredivisie', 'netherlands', 7),
	('PROLEAGUE',    'Pro League (Belgium)',      'soccer_belgium_first_div',      'belgium', 7),
	('PRIMEIRA',     'Primeira Liga (Portugal)',  'soccer_portugal_primeira_liga', 'portugal', 7),
	('SUPERLIG',     'Süper Lig (Turkey)',        'soccer_turkey_super_league',    'turkey', 7),
	('GREECE',       'Super League (Greece)',     'soccer_greece_super_league',    'greece', 7),
	('EKSTRAKLASA',  'Ekstraklasa (Poland)',      'soccer_poland_ekstraklasa',     'poland', 7),
	('NATIONALLEAGUE', 'National League (England)', NULL,                          'england', 7),
	('SCOTLAND1',    'Championship (Scotland)',   NULL,                            'scotland', 7),
	('SCOTLAND2',    'League One (Scotland)',     NULL,                            'scotland', 7),
	('SCOTLAND3',    'League Two (Scotland)',     NULL,                            'scotland', 7),
	('AUSTRIA',      'Bundesliga (Austria)',      'soccer_austria_bundesliga',     'austria', 7),
	('DENMARK',      'Superliga (Denmark)',       'soccer_denmark_superliga',      'denmark', 7),
	('LIGAMX',       'Liga MX (Mexico)',          'soccer_mexico_ligamx',          'mexico', 7),
	('ROMANIA',      'Liga 1 (Romania)',          NULL,                            'romania', 7),
	('RUSSIA',       'Premier League (Russia)',   NULL,                            'russia', 7),
	('SWITZERLAND',  'Super League (Switzerland)', 'soccer_switzerland_superleague', 'switzerland', 7),
	('ARGENTINA',    'Primera División (Argentina)', 'soccer_argentina_primera_division', 'argentina', 1),
	('BRASILEIRAO',  'Série A (Brazil)',          'soccer_brazil_campeonato',      'brazil', 1),
	('CHINA',        'Super League (China)',      'soccer_china_superleague',      'china', 1),
	('VEIKKAUSLIIGA', 'Veikkausliiga (Finland)',  'soccer_finland_veikkausliiga',  'finland', 1),
	('IRELAND',      'Premier Division (Ireland)', 'soccer_league_of_ireland',     'ireland', 1),
	('JLEAGUE',      'J1 League (Japan)',         'soccer_japan_j_league',         'japan', 1),
	('ELITESERIEN',  'Eliteserien (Norway)',      'soccer_norway_eliteserien',     'norway', 1),
	('ALLSVENSKAN',  'Allsvenskan (Sweden)',      'soccer_sweden_allsvenskan',     'sweden', 1),
	('MLS',          'Major League Soccer (USA)', 'soccer_usa_mls',                'usa', 1)
) AS league (code, title, api_key, pool, season_month);

INSERT INTO sport (sport, title, api_key, family, pool, outcomes, time_zone, default_start, duration, decision_days, decision_hour,
	elo_rules, elo_k, elo_advantage, elo_keep, elo_mean, elo_newcomer, elo_promotes, strength_prior, overround_method, overround_limit, builtin, season_month) VALUES
	('NFL', 'National Football League', 'americanfootball_nfl', 'american_football', 'nfl', 2, 'America/New_York', '13:00', '3 hours 30 minutes',
		NULL, NULL, 'nfl', NULL, NULL, NULL, NULL, NULL, false, NULL, 'shin', 0.15, true, 5),
	('NBA', 'National Basketball Association', 'basketball_nba', 'basketball', 'nba', 2, 'America/New_York', '19:00', '2 hours 30 minutes',
		NULL, NULL, 'nba', NULL, 80, NULL, NULL, NULL, false, NULL, 'multiplicative', 0.15, true, 9),
	('WNBA', 'Women''s National Basketball Association', 'basketball_wnba', 'basketball', 'wnba', 2, 'America/New_York', '19:00', '2 hours 15 minutes',
		NULL, NULL, 'nba', NULL, 80, NULL, NULL, NULL, false, NULL, 'multiplicative', 0.15, true, 1),
	('NHL', 'National Hockey League', 'icehockey_nhl', 'hockey', 'nhl', 2, 'America/New_York', '19:00', '3 hours',
		'{1,2,3,4,5,6,7}', '10:00', 'world_football', 3, 35, 0.8, 1500, 1450, false, NULL, 'multiplicative', 0.15, true, 9),
	('MLB', 'Major League Baseball', 'baseball_mlb', 'baseball', 'mlb', 2, 'America/New_York', '19:00', '3 hours 30 minutes',
		'{1,2,3,4,5,6,7}', '10:00', 'plain', 4, 25, 0.7, 1500, 1500, false, NULL, 'shin', 0.15, true, 1),
	('ATP', 'ATP Tour, men''s singles', 'tennis_atp', 'tennis', 'atp', 2, 'UTC', '12:00', '4 hours',
		NULL, NULL, 'nfl', 32, 0, 1, 1500, 1350, false, NULL, 'shin', 0.2, true, 1),
	('WTA', 'WTA Tour, women''s singles', 'tennis_wta', 'tennis', 'wta', 2, 'UTC', '12:00', '4 hours',
		NULL, NULL, 'nfl', 32, 0, 1, 1500, 1350, false, NULL, 'shin', 0.2, true, 1),
	('SIM', 'Simulated league', NULL, 'soccer', 'simulated', 3, 'UTC', '15:00', '2 hours',
		'{2,5}', '15:00', 'world_football', 20, 65, 1, 1500, 1400, false, 5, 'shin', NULL, true, 7);

CREATE FUNCTION season_of(sport text, starts_at timestamptz) RETURNS int
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT extract(year FROM (starts_at AT TIME ZONE s.time_zone) - (s.season_month - 1) * interval '1 month')::int FROM sport AS s WHERE s.sport = season_of.sport;
END;
COMMENT ON FUNCTION season_of(text, timestamptz) IS 'The season to which a start belongs, by sport.season_month: the year in which it began. NULL for an unknown sport.';

CREATE TABLE team (
	team_id bigint PRIMARY KEY,
	pool    text NOT NULL,
	name    text NOT NULL,
	UNIQUE (pool, name),
	CHECK (team_id = stable_id(pool || ':' || name))
);
COMMENT ON TABLE team IS 'Teams by pool and name. The key is stable_id(pool || '':'' || name).';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.team', '');

CREATE TABLE book (
	book     text PRIMARY KEY,
	title    text NOT NULL,
	kind     text NOT NULL CHECK (kind IN ('sharp', 'soft', 'exchange', 'consensus', 'aggregate', 'dfs')),
	bettable boolean NOT NULL,
	builtin  boolean NOT NULL DEFAULT false,
	commission float8 NOT NULL DEFAULT 0 CHECK (commission >= 0 AND commission < 1),
	skin_of  text REFERENCES book,
	weight   float8 CHECK (weight >= 0 AND weight < 'Infinity'),
	CHECK (skin_of <> book)
);
COMMENT ON TABLE book IS 'Bookmakers by The Odds API''s keys, and the aggregates that sources publish.';
COMMENT ON COLUMN book.kind IS 'sharp: moves the market; soft: follows it; exchange; consensus: one line for many books; aggregate: a maximum or a mean of many books; dfs: shows multipliers of a fantasy game as prices.';
COMMENT ON COLUMN book.commission IS 'Share of net winnings that an exchange keeps: a price of 2.50 pays 1 + 1.50 x (1 - commission).';
COMMENT ON COLUMN book.skin_of IS 'The book whose prices this one shows under its own name; of each such family one counts in a consensus. NULL: prices of its own.';
COMMENT ON COLUMN book.weight IS 'Its weight in a consensus; NULL: by kind (book_weight()).';
COMMENT ON COLUMN book.bettable IS 'false for a number that nobody sells: a mean, and a best price whose book the source does not name. Setting it for market_max studies line shopping over all the books that the source follows; line, price and grade are then of no named book.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.book', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON book FOR EACH ROW EXECUTE FUNCTION keep_own_row('book');

CREATE FUNCTION book_weight(weight float8, kind text) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that it becomes a part of the query
RETURN CASE WHEN weight < 'Infinity' THEN weight ELSE CASE kind WHEN 'sharp' THEN 4 WHEN 'exchange' THEN 3 WHEN 'soft' THEN 1 WHEN 'consensus' THEN 1 ELSE 0 END END;
COMMENT ON FUNCTION book_weight(float8, text) IS 'What a book counts in a consensus: book.weight, or where that is no number by book.kind (sharp 4, exchange 3, soft and consensus 1, others 0).';

INSERT INTO book (book, title, kind, bettable, builtin, commission)
SELECT b, t, k, k NOT IN ('aggregate', 'dfs'), true, CASE k WHEN 'exchange' THEN 0.05 ELSE 0 END
FROM (VALUES
	('pinnacle', 'Pinnacle', 'sharp'), ('bet365', 'bet365', 'soft'), ('bwin', 'bwin', 'soft'), ('interwetten', 'Interwetten', 'soft'),
	('ladbrokes_uk', 'Ladbrokes', 'soft'), ('williamhill', 'William Hill', 'soft'), ('betvictor', 'BetVictor (VC Bet)', 'soft'),
	('gamebookers', 'Gamebookers', 'soft'), ('sportingbet', 'Sportingbet', 'soft'), ('sportingodds', 'Sporting Odds', 'soft'),
	('stanjames', 'Stan James', 'soft'), ('expekt', 'Expekt', 'soft'), ('centrebet', 'Centrebet', 'soft'), ('unibet', 'Unibet', 'soft'), ('stanleybet', 'Stanleybet', 'soft'), ('bluesquare', 'Blue Square', 'soft'),
	('onexbet', '1xBet', 'soft'), ('betmgm', 'BetMGM', 'soft'), ('betfred_uk', 'Betfred', 'soft'), ('coral', 'Coral', 'soft'), ('betfair_sb_uk', 'Betfair Sportsbook', 'soft'),
	('betfair_ex_eu', 'Betfair Exchange', 'exchange'), ('draftkings', 'DraftKings', 'soft'), ('espnbet', 'ESPN BET', 'soft'), ('fanduel', 'FanDuel', 'soft'),
	('consensus', 'Consensus line of the American books', 'consensus'),
	('market_max', 'Best price over the books a source follows', 'aggregate'),
	('market_avg', 'Mean price over the books a source follows', 'aggregate'),
	('sim_sharp', 'Simulated sharp book', 'sharp'), ('sim_soft_1', 'Simulated soft book 1', 'soft'), ('sim_soft_2', 'Simulated soft book 2', 'soft'),
	('sim_soft_3', 'Simulated soft book 3', 'soft'), ('sim_soft_4', 'Simulated soft book 4', 'soft')
) AS shipped (b, t, k);

CREATE TABLE alias (
	feed    text NOT NULL,
	kind    text NOT NULL CHECK (kind IN ('sport', 'team', 'book', 'player', 'venue')),
	pool    text NOT NULL DEFAULT '',
	name    text NOT NULL,
	target  text NOT NULL,
	builtin boolean NOT NULL DEFAULT false,
	PRIMARY KEY (feed, kind, pool, name)
);
COMMENT ON TABLE alias IS 'The only way from a name in a feed to a sport, team, book, player or venue: an exact match. What is not here stays out, in reject.';
COMMENT ON COLUMN alias.pool IS 'For teams and players the pool of the sport (the same spelling may be another club in another country); empty otherwise.';
COMMENT ON COLUMN alias.target IS 'sport.sport, team.name or players.player_id within the pool, book.book or venue.venue.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.alias', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON alias FOR EACH ROW EXECUTE FUNCTION keep_own_row('feed', 'kind', 'pool', 'name');

CREATE FUNCTION decision_time(sport text, starts_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN s.decision_days IS NULL THEN decision_time.starts_at ELSE (
		SELECT max(moment.at) FROM (
			SELECT ((decision_time.starts_at AT TIME ZONE s.time_zone)::date - back + s.decision_hour) AT TIME ZONE s.time_zone AS at
			FROM generate_series(0, 7) AS back
			WHERE extract(isodow FROM (decision_time.starts_at AT TIME ZONE s.time_zone)::date - back) = ANY (s.decision_days)) AS moment
		WHERE moment.at < decision_time.starts_at) END
	FROM sport AS s WHERE s.sport = decision_time.sport;
END;
COMMENT ON FUNCTION decision_time(text, timestamptz) IS
'When bets on a game that starts at starts_at are decided: the latest decision_days/decision_hour of the sport strictly before it (soccer: Tuesday or Friday 15:00 London, when football-data collects prices), or the start itself for sports without decision days. NULL for an unknown sport.';
