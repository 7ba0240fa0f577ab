-- the_odds_api: The Odds API v4: events, odds of every market, scores, outrights, snapshots of history, and the flat tables made of them.

INSERT INTO book (book, title, kind, bettable, builtin, commission, skin_of)
SELECT b, t, k, k <> 'dfs', true, c, s
FROM (VALUES
	('unibet_us', 'Unibet (US)', 'soft', 0, 'betrivers'), ('betrivers', 'BetRivers', 'soft', 0, NULL), ('pointsbetus', 'PointsBet (US)', 'soft', 0, NULL),
	('mybookieag', 'MyBookie.ag', 'soft', 0, NULL), ('lowvig', 'LowVig.ag', 'soft', 0, NULL), ('betonlineag', 'BetOnline.ag', 'soft', 0, NULL),
	('williamhill_us', 'Caesars', 'soft', 0, NULL), ('betus', 'BetUS', 'soft', 0, NULL), ('bovada', 'Bovada', 'soft', 0, NULL), ('superbook', 'SuperBook', 'soft', 0, NULL),
	('wynnbet', 'WynnBET', 'soft', 0, NULL), ('fanatics', 'Fanatics', 'soft', 0, NULL), ('betfair', 'Betfair (before its regions)', 'exchange', 0.05, 'betfair_ex_eu'),
	('sugarhouse', 'SugarHouse', 'soft', 0, 'betrivers'), ('twinspires', 'TwinSpires', 'soft', 0, NULL), ('barstool', 'Barstool Sportsbook', 'soft', 0, NULL),
	('gtbets', 'GTbets', 'soft', 0, NULL), ('intertops', 'Intertops', 'soft', 0, NULL), ('foxbet', 'FOX Bet', 'soft', 0, NULL), ('paddypower', 'Paddy Power', 'soft', 0, NULL),
	('fliff', 'Fliff', 'soft', 0, NULL), ('sport888', '888sport', 'soft', 0, NULL), ('betsson', 'Betsson', 'soft', 0, NULL), ('pointsbetau', 'PointsBet (AU)', 'soft', 0, NULL),
	('nordicbet', 'Nordic Bet', 'soft', 0, 'betsson'), ('betway', 'Betway', 'soft', 0, NULL), ('smarkets', 'Smarkets', 'exchange', 0.02, NULL),
	('winamax_de', 'Winamax (DE)', 'soft', 0, 'winamax_fr'), ('winamax_fr', 'Winamax (FR)', 'soft', 0, NULL), ('matchbook', 'Matchbook', 'exchange', 0.02, NULL),
	('tabtouch', 'TABtouch', 'soft', 0, NULL), ('betparx', 'betPARX', 'soft', 0, 'betrivers'), ('leovegas', 'LeoVegas', 'soft', 0, 'unibet'),
	('unibet_se', 'Unibet (SE)', 'soft', 0, 'unibet'), ('unibet_nl', 'Unibet (NL)', 'soft', 0, 'unibet'), ('unibet_fr', 'Unibet (FR)', 'soft', 0, 'unibet'),
	('unibet_uk', 'Unibet (UK)', 'soft', 0, 'unibet'), ('unibet_it', 'Unibet (IT)', 'soft', 0, 'unibet'), ('livescorebet', 'LiveScore Bet', 'soft', 0, 'virginbet'), ('casumo', 'Casumo', 'soft', 0, 'unibet'),
	('ballybet', 'Bally Bet', 'soft', 0, 'betrivers'), ('virginbet', 'Virgin Bet', 'soft', 0, NULL), ('pmu_fr', 'PMU (FR)', 'soft', 0, NULL),
	('leovegas_se', 'LeoVegas (SE)', 'soft', 0, 'unibet'), ('grosvenor', 'Grosvenor', 'soft', 0, 'unibet'), ('coolbet', 'Coolbet', 'soft', 0, NULL), ('tab', 'TAB', 'soft', 0, NULL),
	('hardrockbet', 'Hard Rock Bet', 'soft', 0, NULL), ('hardrockbet_oh', 'Hard Rock Bet (OH)', 'soft', 0, 'hardrockbet'), ('hardrockbet_fl', 'Hard Rock Bet (FL)', 'soft', 0, 'hardrockbet'),
	('hardrockbet_az', 'Hard Rock Bet (AZ)', 'soft', 0, 'hardrockbet'), ('tipico_de', 'Tipico', 'soft', 0, NULL), ('betfair_ex_uk', 'Betfair Exchange (UK)', 'exchange', 0.05, 'betfair_ex_eu'),
	('betfair_ex_au', 'Betfair Exchange (AU)', 'exchange', 0.05, 'betfair_ex_eu'), ('sportsbet', 'SportsBet', 'soft', 0, NULL), ('rebet', 'ReBet', 'soft', 0, NULL),
	('betclic_fr', 'Betclic (FR)', 'soft', 0, NULL), ('skybet', 'Sky Bet', 'soft', 0, NULL), ('ladbrokes_au', 'Ladbrokes (AU)', 'soft', 0, NULL), ('neds', 'Neds', 'soft', 0, 'ladbrokes_au'),
	('boylesports', 'BoyleSports', 'soft', 0, NULL), ('betright', 'Bet Right', 'soft', 0, NULL), ('betr_au', 'Betr', 'soft', 0, NULL),
	('betanysports', 'BetAnything', 'soft', 0, NULL), ('everygame', 'Everygame', 'soft', 0, NULL), ('playup', 'PlayUp', 'soft', 0, NULL), ('dabble_au', 'Dabble AU', 'soft', 0, NULL),
	('codere_it', 'Codere (IT)', 'soft', 0, NULL), ('marathonbet', 'Marathon Bet', 'soft', 0, NULL), ('novig', 'Novig', 'exchange', 0, NULL), ('prophetx', 'ProphetX', 'exchange', 0.01, NULL),
	('betopenly', 'BetOpenly', 'exchange', 0.01, NULL), ('kalshi', 'Kalshi', 'exchange', 0.02, NULL), ('polymarket', 'Polymarket', 'exchange', 0, NULL),
	('prizepicks', 'PrizePicks', 'dfs', 0, NULL), ('underdog', 'Underdog Fantasy', 'dfs', 0, NULL), ('pick6', 'DraftKings Pick6', 'dfs', 0, NULL), ('betr_us_dfs', 'Betr Picks', 'dfs', 0, NULL)
) AS shipped (b, t, k, c, s);
-- 'caesars' is what tables made of the feed call it.
INSERT INTO alias (feed, kind, name, target, builtin) VALUES ('the_odds_api', 'book', 'caesars', 'williamhill_us', true);

INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT DISTINCT 'the_odds_api', 'team', a.pool, a.target, a.target, true FROM alias AS a WHERE a.kind = 'team' AND a.pool IN ('nfl', 'nba', 'nhl', 'mlb') AND a.builtin;
INSERT INTO alias (feed, kind, pool, name, target, builtin) VALUES
	('the_odds_api', 'team', 'nhl', 'St Louis Blues', 'St. Louis Blues', true),
	('the_odds_api', 'team', 'nba', 'LA Clippers', 'Los Angeles Clippers', true),
	('the_odds_api', 'team', 'nfl', 'Washington Football Team', 'Washington Commanders', true),
	('the_odds_api', 'team', 'nfl', 'Washington Redskins', 'Washington Commanders', true),
	('the_odds_api', 'team', 'nfl', 'Oakland Raiders', 'Las Vegas Raiders', true),
	('the_odds_api', 'team', 'nhl', 'Seattle Kraken', 'Seattle Kraken', true), ('the_odds_api', 'team', 'nhl', 'Utah Mammoth', 'Utah Mammoth', true),
	('the_odds_api', 'team', 'nhl', 'Utah Hockey Club', 'Utah Mammoth', true), ('the_odds_api', 'team', 'mlb', 'Athletics', 'Oakland Athletics', true)
ON CONFLICT DO NOTHING;
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'the_odds_api', 'team', 'wnba', n, n, true FROM unnest('{Atlanta Dream,Chicago Sky,Connecticut Sun,Dallas Wings,Golden State Valkyries,Indiana Fever,Las Vegas Aces,Los Angeles Sparks,Minnesota Lynx,New York Liberty,Phoenix Mercury,Portland Fire,Seattle Storm,Toronto Tempo,Washington Mystics}'::text[]) AS n;

-- Not STRICT, so that it is planned as a part of the statement.
CREATE FUNCTION api_time(moment text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN moment ~ '^[12]\d\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$'	-- nearly all, at a tenth of the price
		THEN make_timestamp(substr(moment, 1, 4)::int, substr(moment, 6, 2)::int, substr(moment, 9, 2)::int, substr(moment, 12, 2)::int, substr(moment, 15, 2)::int, substr(moment, 18, 2)::float8) AT TIME ZONE 'UTC'
	WHEN moment ~ '^\d{9,10}$' THEN to_timestamp(moment::float8) ELSE utc_time(moment) END;
COMMENT ON FUNCTION api_time(text) IS 'A moment in either form of dateFormat: utc_time(), or whole seconds since 1970. NULL when it is neither.';

CREATE FUNCTION the_odds_api_events(payload jsonb) RETURNS TABLE (e jsonb, n bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT x.e, x.n FROM jsonb_array_elements(CASE jsonb_typeof(payload) WHEN 'array' THEN payload ELSE CASE jsonb_typeof(payload -> 'data') WHEN 'array' THEN payload -> 'data'
		WHEN 'object' THEN jsonb_build_array(payload -> 'data') ELSE jsonb_build_array(payload) END END) WITH ORDINALITY AS x (e, n);
END;
COMMENT ON FUNCTION the_odds_api_events(jsonb) IS 'The events in an answer of The Odds API, whether it is a list, one event, or an envelope of history with either, and their places from 1.';

CREATE FUNCTION parse_the_odds_api(payload jsonb, odds_format text DEFAULT 'decimal')
RETURNS TABLE (line_no int, event_id text, sport_key text, commence_time timestamptz, home_team text, away_team text, seen_at timestamptz,
	book text, market text, side text, participant text, line float8, price float8, quoted text, max_stake float8, updated_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10000
BEGIN ATOMIC
	SELECT e.line_no::int, e.id, e.sport_key, e.commence_time, e.home_team, e.away_team, e.seen_at,
		b.key, b.market, n.side,
		CASE WHEN is_player_market(b.market) THEN coalesce(o.description, CASE WHEN n.side IS NULL OR n.side = 'yes' AND o.name <> 'Yes' THEN o.name END)
			WHEN b.market ~ 'team_totals' THEN CASE o.description WHEN e.home_team THEN 'home' WHEN e.away_team THEN 'away' ELSE o.description END
			WHEN e.home_team IS NULL THEN o.name END,
		decimal_number(o.point), odds_or_null(o.price, odds_format), o.price, decimal_number(o.bet_limit), b.updated_at
	FROM (
		SELECT x.n AS line_no, x.e ->> 'id' AS id, x.e ->> 'sport_key' AS sport_key, api_time(x.e ->> 'commence_time') AS commence_time,
			x.e ->> 'home_team' AS home_team, x.e ->> 'away_team' AS away_team, api_time(payload ->> 'timestamp') AS seen_at, x.e -> 'bookmakers' AS bookmakers
		FROM the_odds_api_events(payload) AS x
		OFFSET 0) AS e
	CROSS JOIN LATERAL (
		-- The market's own last update, then the book's, then the snapshot's.
		SELECT l.key, l.market, l.outcomes, coalesce(api_time(l.market_update), api_time(l.book_update), e.seen_at) AS updated_at
		FROM (SELECT k.b ->> 'key' AS key, m.m ->> 'key' AS market, m.m -> 'outcomes' AS outcomes, m.m ->> 'last_update' AS market_update, k.b ->> 'last_update' AS book_update
			FROM jsonb_array_elements(json_list(e.bookmakers)) AS k (b) CROSS JOIN LATERAL jsonb_array_elements(json_list(k.b -> 'markets')) AS m (m)
			OFFSET 0) AS l
		OFFSET 0) AS b
	CROSS JOIN LATERAL jsonb_to_recordset(json_list(b.outcomes)) AS o (name text, description text, price text, point text, bet_limit text)
	CROSS JOIN LATERAL (SELECT CASE o.name WHEN e.home_team THEN 'home' WHEN e.away_team THEN 'away' WHEN 'Over' THEN 'over' WHEN 'Under' THEN 'under' WHEN 'Draw' THEN 'draw'
		WHEN 'Yes' THEN 'yes' WHEN 'No' THEN 'no' WHEN e.home_team || ' or Draw' THEN 'home_draw' WHEN 'Draw or ' || e.home_team THEN 'home_draw'
		WHEN e.away_team || ' or Draw' THEN 'draw_away' WHEN 'Draw or ' || e.away_team THEN 'draw_away'
		WHEN e.home_team || ' or ' || e.away_team THEN 'home_away' WHEN e.away_team || ' or ' || e.home_team THEN 'home_away'
		ELSE CASE WHEN is_player_market(b.market) AND o.description IS NULL THEN 'yes' END END AS side) AS n;
END;
COMMENT ON FUNCTION parse_the_odds_api(jsonb, text) IS
'The prices in an answer of The Odds API, one row an outcome: of /odds, of one event''s odds, of the envelopes of history (seen_at is then the snapshot''s time) and of outrights (home_team NULL, the runner in participant). Sides by name, never by place; point belongs to the side it stands with; updated_at: the market''s, else the book''s, else the snapshot''s. odds_format of the request: decimal or american, since the answer does not say. Nothing is judged or looked up here: books, teams and players are under the feed''s names.';

CREATE FUNCTION parse_the_odds_api_table(body text)
RETURNS TABLE (line_no int, event_id text, sport_key text, commence_time timestamptz, home_team text, away_team text, seen_at timestamptz,
	book text, market text, side text, participant text, line float8, price float8, quoted text, max_stake float8, updated_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH record AS (
		SELECT r.line_no, r.fields, h.fields AS names
		FROM csv_rows(body) AS r CROSS JOIN (SELECT f.fields, f.line_no FROM csv_rows(body) AS f LIMIT 1) AS h WHERE r.line_no > h.line_no
	), named AS (
		SELECT r.line_no, cell(r.fields, array_position(r.names, 'game_id')) AS id, cell(r.fields, array_position(r.names, 'sport')) AS sport,
			api_time(cell(r.fields, array_position(r.names, 'commence_time'))) AS starts_at,
			cell(r.fields, array_position(r.names, 'home_team')) AS home, cell(r.fields, array_position(r.names, 'away_team')) AS away,
			coalesce(api_time(cell(r.fields, array_position(r.names, 'api_snapshot_timestamp_utc'))), api_time(cell(r.fields, array_position(r.names, 'snapshot_taken_at_utc'))),
				api_time(cell(r.fields, array_position(r.names, 'date')) || 'T12:00Z')) AS seen_at,
			api_time(cell(r.fields, array_position(r.names, 'bookmaker_last_update_utc'))) AS updated_at,
			cell(r.fields, array_position(r.names, 'bookmaker')) AS book, r.fields, r.names
		FROM record AS r
	)
	SELECT n.line_no, n.id, n.sport, n.starts_at, n.home, n.away, n.seen_at, n.book, o.market, o.side, NULL, CASE WHEN o.line ~ '^-?\d+(\.\d+)?$' THEN o.line::float8 END,
		odds_or_null(o.price, 'american'), o.price, NULL::float8, coalesce(n.updated_at, n.seen_at)
	FROM named AS n
	CROSS JOIN LATERAL (
		SELECT c.market, c.side, cell(n.fields, array_position(n.names, c.line)) AS line, cell(n.fields, array_position(n.names, c.price)) AS price
		FROM (VALUES ('h2h', 'home', NULL, 'ml_home'), ('h2h', 'away', NULL, 'ml_away'), ('spreads', 'home', 'spread_home', 'spread_home_odds'), ('spreads', 'away', 'spread_away', 'spread_away_odds'),
			('totals', 'over', 'total_line', 'total_over_odds'), ('totals', 'under', 'total_line', 'total_under_odds')) AS c (market, side, line, price)) AS o
	-- A market that is missing is an empty cell.
	WHERE o.price IS NOT NULL;
END;
COMMENT ON FUNCTION parse_the_odds_api_table(text) IS
'The prices in a table made of answers of The Odds API, one row a game, book and capture (game_id, commence_time, home_team, away_team, bookmaker, ml_home, …; American odds), as parse_the_odds_api() returns them. seen_at: the snapshot''s time, else when the capture was taken, else noon UTC of its date.';

CREATE TABLE outright_quote (
	sport       text NOT NULL REFERENCES sport,
	event_id    text NOT NULL,
	event_key   text NOT NULL,
	runner      text NOT NULL,
	book        text NOT NULL,
	market      text NOT NULL,
	price       float8 NOT NULL CHECK (price > 1 AND price < 'Infinity'),
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL,
	payload_id  bigint NOT NULL REFERENCES payload,
	updated_at  timestamptz,
	PRIMARY KEY (event_id, market, runner, book, known_at, recorded_at)
);
COMMENT ON TABLE outright_quote IS 'Prices of who wins a competition, a row when a book''s price of a runner changes. There is no game: the runner stays under the feed''s name.';
COMMENT ON COLUMN outright_quote.event_key IS 'The feed''s key of the competition''s outright market: americanfootball_nfl_super_bowl_winner.';
COMMENT ON COLUMN outright_quote.market IS 'outrights, or outrights_lay of an exchange.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.outright_quote', '');

CREATE FUNCTION load_the_odds_api(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
-- A plan of its own for every payload would hold copies of it.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	source  payload;
	doc     jsonb;
	format  text;
	listed  collected_game[];
	priced  collected_quote[];
	capture record;
	tennis  boolean;
	changed market_digest[];
	digests market_digest[];
	part    jsonb;
	told_of text[];
	markets text[] := poll_markets((SELECT p.name FROM payload AS p WHERE p.payload_id = load_the_odds_api.payload_id));
	element CONSTANT text := ' ? (@.type() != "object" || exists (@.id) || exists (@.key) || exists (@.home_team) || exists (@.commence_time) || exists (@.bookmakers))';
	seen_at timestamptz;
	names   text[];
	top     int;
BEGIN
	SELECT * INTO source FROM payload AS p WHERE p.payload_id = load_the_odds_api.payload_id AND p.feed = 'the_odds_api';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'payload % is not there or not of feed the_odds_api', load_the_odds_api.payload_id USING ERRCODE = 'no_data_found';
	END IF;
	games := 0;
	quotes := 0;
	source.body := payload_body(load_the_odds_api.payload_id, source.feed);
	IF decode_text(substring(source.body FROM 1 FOR 400)) ~ '^[a-z_]+,[a-z_,]*' THEN
		SELECT c.names, c.header_line INTO names, top FROM csv_payload(load_the_odds_api.payload_id, 'the_odds_api') AS c;
		IF names @> '{event_id,sport_key,commence_time,home_team,away_team,completed,score_name,score_value}' THEN
			-- Scores, one row a team: put together again as the feed sends them.
			SELECT jsonb_agg(e.event ORDER BY e.first) INTO doc FROM (
				SELECT min(r.line_no) AS first, jsonb_build_object('id', cell(r.fields, array_position(names, 'event_id')), 'sport_key', min(cell(r.fields, array_position(names, 'sport_key'))),
					'commence_time', min(cell(r.fields, array_position(names, 'commence_time'))), 'home_team', min(cell(r.fields, array_position(names, 'home_team'))),
					'away_team', min(cell(r.fields, array_position(names, 'away_team'))), 'completed', bool_and(lower(cell(r.fields, array_position(names, 'completed'))) = 'true'),
					'scores', jsonb_agg(jsonb_build_object('name', cell(r.fields, array_position(names, 'score_name')), 'score', cell(r.fields, array_position(names, 'score_value'))))) AS event
				FROM csv_rows(decode_text(source.body)) AS r WHERE r.line_no > top GROUP BY cell(r.fields, array_position(names, 'event_id'))) AS e;
		ELSIF NOT (names @> '{game_id,commence_time,home_team,away_team,bookmaker,ml_home,ml_away}') THEN
			RAISE EXCEPTION 'payload % is not a table of The Odds API''s prices or scores: its header has neither game_id, commence_time, home_team, away_team, bookmaker, ml_home, ml_away nor event_id, completed, score_name, score_value',
				load_the_odds_api.payload_id USING ERRCODE = 'bad_copy_file_format';
		END IF;
	ELSE
		doc := json_payload(load_the_odds_api.payload_id, 'the_odds_api');
		IF jsonb_typeof(doc) = 'object' AND (doc ? 'error_code' OR doc ? 'message' AND NOT doc ? 'id') THEN
			RAISE EXCEPTION 'The Odds API answered with an error: %', concat_ws(', ', doc ->> 'error_code', doc ->> 'message') USING ERRCODE = 'bad_copy_file_format';
		-- What has neither events nor sports (id, key) is another feed's, or a form that the API has taken since: not no news.
		ELSIF (CASE WHEN jsonb_typeof(doc -> 'data') IN ('array', 'object') THEN doc -> 'data' <> '[]' AND NOT doc @? ('$.data[*]' || element)::jsonpath ELSE doc <> '[]' AND NOT doc @? ('$[*]' || element)::jsonpath END) THEN
			RAISE EXCEPTION 'no answer of The Odds API: %', left(doc::text, 80) USING ERRCODE = 'bad_copy_file_format';
		END IF;
	END IF;
	IF doc IS NULL THEN
		FOR capture IN
			WITH row AS MATERIALIZED (
				SELECT t.*, s.sport FROM parse_the_odds_api_table(decode_text(source.body)) AS t LEFT JOIN sport AS s ON s.sport = t.sport_key
			), event AS (
				SELECT DISTINCT ON (r.seen_at, r.event_id) r.* FROM row AS r WHERE r.sport IS NOT NULL AND r.commence_time IS NOT NULL AND r.seen_at IS NOT NULL ORDER BY r.seen_at, r.event_id, r.line_no
			), numbered AS (
				SELECT e.*, row_number() OVER (PARTITION BY e.seen_at, e.sport, e.home_team, e.away_team, (e.commence_time - interval '9 hours')::date ORDER BY e.commence_time)::int AS number FROM event AS e
			)
			SELECT n.seen_at, array_agg(ROW(n.line_no, n.event_id, n.sport, season_of(n.sport, n.commence_time), n.home_team, n.away_team, n.number, n.commence_time, true, false,
					NULL, NULL, NULL, NULL, NULL, '{}', n.event_id, n.seen_at)::collected_game ORDER BY n.line_no) AS listed,
				(SELECT array_agg(ROW(r.event_id, r.book, r.market, r.side, r.participant, r.line, r.price, r.quoted, r.max_stake, r.updated_at, NULL)::collected_quote)
					FROM row AS r WHERE r.seen_at = n.seen_at AND r.sport IS NOT NULL) AS priced,
				array_agg(n.event_id) AS told_of, (SELECT array_agg(DISTINCT r.market) FROM row AS r) AS markets
			FROM numbered AS n GROUP BY n.seen_at ORDER BY n.seen_at
		LOOP
			games := games + (append_facts(load_the_odds_api.payload_id, capture.listed, '{}', 'american')).games_read;
			quotes := quotes + append_quotes(load_the_odds_api.payload_id, capture.priced, capture.seen_at, events => capture.told_of, markets => capture.markets);
		END LOOP;
		INSERT INTO reject (payload_id, line_no, reason, detail, raw)
		SELECT DISTINCT load_the_odds_api.payload_id, t.line_no, CASE WHEN s.sport IS NULL THEN 'unknown_sport' ELSE 'bad_date' END,
			CASE WHEN s.sport IS NULL THEN format('there is no sport %L', t.sport_key) ELSE 'no start or no time of the capture' END, t.event_id
		FROM parse_the_odds_api_table(decode_text(source.body)) AS t LEFT JOIN sport AS s ON s.sport = t.sport_key
		WHERE s.sport IS NULL OR t.commence_time IS NULL OR t.seen_at IS NULL;
		rows_read := (SELECT count(*) - 1 FROM csv_rows(decode_text(source.body)));
	ELSE
		format := coalesce(substring(source.name FROM 'oddsFormat=(decimal|american)'), CASE WHEN source.name ~ '^https?://' THEN 'decimal'
			WHEN jsonb_path_exists(coalesce(doc -> 'data', doc), 'lax $[0 to 2].bookmakers[*].markets[*].outcomes[*].price ? (@ < 0)') THEN 'american' ELSE 'decimal' END);
		WITH event AS MATERIALIZED (
			SELECT DISTINCT ON (coalesce(x.e ->> 'id', 'place ' || x.n)) x.n::int AS line_no, x.e, x.e ->> 'id' AS id, x.e ->> 'sport_key' AS sport_key, api_time(x.e ->> 'commence_time') AS starts_at,
				x.e ->> 'home_team' AS home, x.e ->> 'away_team' AS away, api_time(doc ->> 'timestamp') AS seen_at
			FROM the_odds_api_events(doc) AS x
			WHERE x.e ? 'id' OR x.e ?| '{home_team,away_team,commence_time,bookmakers,scores}' OR jsonb_typeof(x.e) <> 'object' ORDER BY coalesce(x.e ->> 'id', 'place ' || x.n), x.n
		), key AS MATERIALIZED (
			SELECT k.*, s.sport, s.family, s.time_zone FROM (SELECT DISTINCT e.sport_key, e.home IS NULL AS is_outright FROM event AS e) AS k
			CROSS JOIN LATERAL (SELECT t.* FROM sport AS t
				WHERE k.sport_key = t.api_key OR t.family = 'tennis' AND starts_with(k.sport_key, t.api_key || '_') OR k.is_outright AND starts_with(k.sport_key, t.api_key || '_')
				   OR t.sport = (SELECT a.target FROM alias AS a WHERE a.feed = 'the_odds_api' AND a.kind = 'sport' AND a.pool = '' AND a.name = k.sport_key)
				ORDER BY length(t.api_key) DESC LIMIT 1) AS s
		), known AS MATERIALIZED (
			SELECT e.*, k.sport, k.family, k.time_zone FROM event AS e LEFT JOIN key AS k ON k.sport_key = e.sport_key AND k.is_outright = (e.home IS NULL)
		), judged AS MATERIALIZED (
			SELECT k.*, score.home AS home_score, score.away AS away_score, (k.e -> 'completed') = 'true' AS is_over,
				CASE WHEN k.id IS NULL THEN 'short_row' WHEN k.sport IS NULL THEN 'unknown_sport' WHEN k.starts_at IS NULL THEN 'bad_date'
				WHEN k.away IS NULL AND k.home IS NOT NULL OR k.home IS NULL AND k.away IS NOT NULL THEN 'short_row'
				WHEN (k.e -> 'completed') = 'true' AND (score.home IS NULL OR score.away IS NULL) THEN 'bad_score' END AS reason
			FROM known AS k
			LEFT JOIN LATERAL (SELECT max(CASE WHEN c.score ~ '^\d{1,3}$' AND c.name = k.home THEN c.score::int END) AS home, max(CASE WHEN c.score ~ '^\d{1,3}$' AND c.name = k.away THEN c.score::int END) AS away
				FROM jsonb_to_recordset(json_list(k.e -> 'scores')) AS c (name text, score text)) AS score ON true
		), add_reject AS (
			INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
			SELECT load_the_odds_api.payload_id, j.line_no, j.reason, CASE j.reason WHEN 'unknown_sport' THEN format('no sport has the key %L', j.sport_key) WHEN 'bad_date' THEN format('%L is no moment', j.e ->> 'commence_time')
				WHEN 'short_row' THEN CASE WHEN j.id IS NULL THEN 'the event has no id' ELSE 'one team is missing' END ELSE format('completed with scores %s', j.e -> 'scores') END, (CASE jsonb_typeof(j.e) WHEN 'object' THEN j.e - 'bookmakers' ELSE j.e END)::text, j.sport
			FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
		)
		SELECT (SELECT count(*) FROM judged), (SELECT bool_or(j.family = 'tennis') FROM judged AS j),
			(SELECT coalesce(array_agg(ROW(j.line_no, (j.e - 'bookmakers')::text, j.sport, season_of(j.sport, j.starts_at), j.home, j.away, j.number, j.starts_at, true, false, NULL, NULL,
				CASE WHEN j.is_over THEN j.home_score END, CASE WHEN j.is_over THEN j.away_score END, CASE WHEN j.is_over THEN 'final' END, '{}', j.id, j.seen_at)::collected_game ORDER BY j.line_no), '{}')
			FROM (SELECT x.*, row_number() OVER (PARTITION BY x.sport, x.home, x.away, (x.starts_at AT TIME ZONE x.time_zone)::date ORDER BY x.starts_at, x.line_no)::int AS number
				FROM judged AS x WHERE x.reason IS NULL AND x.home IS NOT NULL) AS j),
			-- Not of events and scores, which have no prices to list.
			(SELECT array_agg(j.id) FROM judged AS j WHERE j.home IS NOT NULL AND j.e @> '{"bookmakers": []}')
		INTO rows_read, tennis, listed, told_of;
		games := (append_facts(load_the_odds_api.payload_id, listed, '{}', format)).games_read;
		seen_at := api_time(doc ->> 'timestamp');
		part := doc;
		IF tennis THEN
			-- Books mix games and sets under one key: totals up to 5.5 are sets, and so are the spreads of a book with such a total.
			SELECT array_agg(ROW(q.event_id, q.book, CASE WHEN q.market ~ '^(alternate_)?(totals|spreads)$' THEN q.market || CASE WHEN q.least <= 5.5 THEN '_sets' ELSE '_games' END ELSE q.market END,
				q.side, q.participant, q.line, q.price, q.quoted, q.max_stake, q.updated_at, NULL)::collected_quote) INTO priced
			FROM (SELECT t.*, min(t.line) FILTER (WHERE t.market ~ 'totals$') OVER (PARTITION BY t.event_id, t.book) AS least FROM parse_the_odds_api(doc, format) AS t) AS q
			WHERE q.home_team IS NOT NULL;
			markets := array_cat(markets, ARRAY(SELECT m || kind FROM unnest(markets) AS m, unnest('{_sets,_games}'::text[]) AS kind));
		ELSE
			SELECT CASE WHEN bool_and(d.digest IS NOT NULL) THEN array_agg(ROW(d.event_id, d.market, d.digest || ' ' || format)::market_digest) END INTO digests FROM market_digests(doc) AS d;
			changed := changed_markets(load_the_odds_api.payload_id, digests, seen_at);
			IF cardinality(changed) < cardinality(digests) THEN
				part := jsonb_build_object('timestamp', doc -> 'timestamp', 'data', (SELECT coalesce(jsonb_agg(x.e ORDER BY x.n), '[]')
					FROM the_odds_api_events(doc) AS x WHERE x.e ->> 'id' IN (SELECT c.event_id FROM unnest(changed) AS c)));
			END IF;
			SELECT array_agg(ROW(q.event_id, q.book, q.market, q.side, q.participant, q.line, q.price, q.quoted, q.max_stake, q.updated_at, NULL)::collected_quote) INTO priced
			FROM parse_the_odds_api(part, format) AS q
			WHERE q.home_team IS NOT NULL AND (coalesce(cardinality(changed) = cardinality(digests), true) OR (q.event_id, q.market) IN (SELECT c.event_id, c.market FROM unnest(changed) AS c));
		END IF;
		-- It was asked for what it lists of any game, whatever its name says.
		markets := array_cat(markets, ARRAY(SELECT d.market FROM unnest(digests) AS d UNION SELECT q.market FROM unnest(priced) AS q));
		quotes := append_quotes(load_the_odds_api.payload_id, priced, seen_at, changed, told_of, markets);
		INSERT INTO outright_quote (sport, event_id, event_key, runner, book, market, price, known_at, recorded_at, payload_id, updated_at)
		SELECT s.sport, q.event_id, q.sport_key, q.participant, q.book, q.market, q.price, m.seen_at, source.received_at, load_the_odds_api.payload_id, q.updated_at
		FROM parse_the_odds_api(doc, format) AS q
		CROSS JOIN LATERAL (SELECT least(source.received_at, q.seen_at) AS seen_at) AS m
		JOIN LATERAL (SELECT t.sport FROM sport AS t WHERE starts_with(q.sport_key, t.api_key || '_') ORDER BY length(t.api_key) DESC LIMIT 1) AS s ON true
		WHERE q.home_team IS NULL AND q.participant IS NOT NULL AND q.price > 1.01 AND q.event_id IS NOT NULL AND q.book IS NOT NULL AND q.market IS NOT NULL
		  AND q.price IS DISTINCT FROM (SELECT o.price FROM outright_quote AS o WHERE o.event_id = q.event_id AND o.market = q.market AND o.runner = q.participant AND o.book = q.book
			AND o.known_at <= m.seen_at ORDER BY o.known_at DESC, o.recorded_at DESC LIMIT 1)
		ORDER BY q.event_id, q.book, q.participant
		ON CONFLICT DO NOTHING;
		INSERT INTO reject (payload_id, reason, detail, raw)
		SELECT load_the_odds_api.payload_id, CASE WHEN q.book IS NULL THEN 'unknown_book' ELSE 'bad_market' END, 'prices of an outright whose book or market has no name', q.event_id
		FROM parse_the_odds_api(doc, format) AS q WHERE q.home_team IS NULL AND q.event_id IS NOT NULL AND (q.book IS NULL OR q.market IS NULL) GROUP BY q.event_id, q.book IS NULL ORDER BY q.event_id, q.book IS NULL;
	END IF;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_the_odds_api.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_the_odds_api.rows_read, rows_blank = 0 WHERE p.payload_id = load_the_odds_api.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_the_odds_api(bigint) IS
'Loads a stored payload of feed the_odds_api; load_payload() and replay() call it: events, odds of any market, scores, outrights, history with its envelope, and tables of prices as CSV. The odds format is that of oddsFormat in the payload''s name (its address), else by the API''s default decimal; of a file without an address american when a price is negative. An error in place of an answer is one reject, bad_file, and so is a form that no answer has. Returns events read, games taken, quotes appended and rejects.';
