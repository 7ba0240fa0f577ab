-- nflverse: games.csv of nflverse/nfldata, played games and fixtures.

INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'nflverse', 'team', 'nfl', n, t, true
FROM (VALUES
	('ARI', 'Arizona Cardinals'), ('PHX', 'Arizona Cardinals'), ('PHO', 'Arizona Cardinals'), ('CRD', 'Arizona Cardinals'),
	('ATL', 'Atlanta Falcons'), ('BAL', 'Baltimore Ravens'), ('BUF', 'Buffalo Bills'), ('CAR', 'Carolina Panthers'), ('CHI', 'Chicago Bears'),
	('CIN', 'Cincinnati Bengals'), ('CLE', 'Cleveland Browns'), ('DAL', 'Dallas Cowboys'), ('DEN', 'Denver Broncos'), ('DET', 'Detroit Lions'),
	('GB', 'Green Bay Packers'), ('GNB', 'Green Bay Packers'), ('HOU', 'Houston Texans'), ('IND', 'Indianapolis Colts'),
	('JAX', 'Jacksonville Jaguars'), ('JAC', 'Jacksonville Jaguars'), ('KC', 'Kansas City Chiefs'), ('KAN', 'Kansas City Chiefs'),
	-- franchises that moved keep one name, so that ratings follow them
	('LV', 'Las Vegas Raiders'), ('LVR', 'Las Vegas Raiders'), ('OAK', 'Las Vegas Raiders'), ('RAI', 'Las Vegas Raiders'),
	('LAC', 'Los Angeles Chargers'), ('SD', 'Los Angeles Chargers'), ('SDG', 'Los Angeles Chargers'),
	('LA', 'Los Angeles Rams'), ('LAR', 'Los Angeles Rams'), ('STL', 'Los Angeles Rams'), ('RAM', 'Los Angeles Rams'),
	('MIA', 'Miami Dolphins'), ('MIN', 'Minnesota Vikings'), ('NE', 'New England Patriots'), ('NWE', 'New England Patriots'),
	('NO', 'New Orleans Saints'), ('NOR', 'New Orleans Saints'), ('NYG', 'New York Giants'), ('NYJ', 'New York Jets'),
	('PHI', 'Philadelphia Eagles'), ('PIT', 'Pittsburgh Steelers'), ('SEA', 'Seattle Seahawks'), ('SF', 'San Francisco 49ers'), ('SFO', 'San Francisco 49ers'),
	('TB', 'Tampa Bay Buccaneers'), ('TAM', 'Tampa Bay Buccaneers'), ('TEN', 'Tennessee Titans'),
	('WAS', 'Washington Commanders'), ('WSH', 'Washington Commanders')) AS code (n, t);

INSERT INTO alias (feed, kind, name, target, builtin)
SELECT 'nflverse', 'venue', n, v, true
FROM (VALUES
	('ATL00', 'georgia_dome'), ('ATL97', 'mercedes_benz_stadium'), ('BAL00', 'mt_bank_stadium'), ('BOS00', 'gillette_stadium'),
	('BOS99', 'foxboro_stadium'), ('BRG00', 'tiger_stadium_lsu'), ('BUF00', 'highmark_stadium'), ('BUF01', 'rogers_centre'),
	('CAR00', 'bank_of_america_stadium'), ('CHI98', 'soldier_field'), ('CHI99', 'memorial_stadium_champaign'), ('CIN00', 'paycor_stadium'),
	('CIN99', 'riverfront_stadium'), ('CLE00', 'huntington_bank_field'), ('DAL00', 'att_stadium'), ('DAL99', 'texas_stadium'),
	('DEN00', 'empower_field'), ('DEN99', 'mile_high_stadium'), ('DET00', 'ford_field'), ('DET99', 'pontiac_silverdome'),
	('FRA00', 'deutsche_bank_park'), ('GER00', 'allianz_arena'), ('GNB00', 'lambeau_field'), ('HOU00', 'nrg_stadium'),
	('IND00', 'lucas_oil_stadium'), ('IND99', 'rca_dome'), ('JAX00', 'everbank_stadium'), ('KAN00', 'arrowhead_stadium'),
	('LAX01', 'sofi_stadium'), ('LAX97', 'dignity_health_sports_park'), ('LAX99', 'los_angeles_memorial_coliseum'), ('LON00', 'wembley_stadium'),
	('LON01', 'twickenham_stadium'), ('LON02', 'tottenham_hotspur_stadium'), ('MEX00', 'estadio_azteca'), ('MIA00', 'hard_rock_stadium'),
	('MIN00', 'metrodome'), ('MIN01', 'us_bank_stadium'), ('MIN98', 'huntington_bank_stadium'), ('NAS00', 'nissan_stadium'),
	('NOR00', 'caesars_superdome'), ('NYC00', 'giants_stadium'), ('NYC01', 'metlife_stadium'), ('OAK00', 'oakland_coliseum'),
	('PHI00', 'lincoln_financial_field'), ('PHI99', 'veterans_stadium'), ('PHO00', 'state_farm_stadium'), ('PHO99', 'sun_devil_stadium'),
	('PIT00', 'acrisure_stadium'), ('PIT99', 'three_rivers_stadium'), ('SAN00', 'alamodome'), ('SDG00', 'qualcomm_stadium'),
	('SEA00', 'lumen_field'), ('SEA98', 'kingdome'), ('SEA99', 'husky_stadium'), ('SFO00', 'candlestick_park'),
	('SFO01', 'levis_stadium'), ('STL00', 'dome_at_americas_center'), ('TAM00', 'raymond_james_stadium'), ('VEG00', 'allegiant_stadium'),
	('WAS00', 'northwest_stadium')) AS stadium (n, v);

CREATE FUNCTION load_nflverse(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	required CONSTANT text[] := '{season,game_type,week,gameday,gametime,away_team,away_score,home_team,home_score,location,result,total}';
	odds     CONSTANT text[] := '{home_moneyline,away_moneyline,spread_line,home_spread_odds,away_spread_odds,total_line,over_odds,under_odds}';
	-- spread_line and total_line are kept here too: many old games have no prices for them.
	kept     CONSTANT text[] := '{overtime,away_rest,home_rest,div_game,roof,surface,temp,wind,spread_line,total_line,away_qb_id,home_qb_id,away_qb_name,home_qb_name,away_coach,home_coach,referee,stadium_id,stadium}';
	zone     text;
	kick_off time;
	body     text;
	top      int;
	names    text[];
	missing  text;
	at       int[];
	o        int[];
	blank    int;
	listed   collected_game[];
	priced   collected_offer[];
BEGIN
	SELECT s.time_zone, s.default_start INTO zone, kick_off FROM sport AS s WHERE s.sport = 'NFL';
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(load_nflverse.payload_id, 'nflverse') AS c;
	SELECT string_agg(n, ', ') INTO missing FROM unnest(required) AS n WHERE array_position(names, n) IS NULL;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'payload % is not nflverse''s games.csv: its header lacks %', load_nflverse.payload_id, missing USING ERRCODE = 'bad_copy_file_format';
	END IF;
	at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest(required) WITH ORDINALITY AS want (n, i));
	o := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest(odds) WITH ORDINALITY AS want (n, i));

	WITH record AS MATERIALIZED (
		SELECT r.line_no, r.fields, r.raw, r.raw ~ '^[,"[:space:]]*$' AS blank,
			cell(r.fields, at[1]) AS season, cell(r.fields, at[2]) AS stage, cell(r.fields, at[3]) AS week, cell(r.fields, at[4]) AS day,
			cell(r.fields, at[5]) AS clock, cell(r.fields, at[6]) AS away, cell(r.fields, at[7]) AS away_points, cell(r.fields, at[8]) AS home,
			cell(r.fields, at[9]) AS home_points, cell(r.fields, at[10]) AS location, cell(r.fields, at[11]) AS margin, cell(r.fields, at[12]) AS total
		FROM csv_rows(body) AS r WHERE r.line_no > top
	), parsed AS MATERIALIZED (
		SELECT r.*,
			iso_day(r.day) AS played_on,
			CASE WHEN r.clock ~ '^([01]?\d|2[0-3]):[0-5]\d$' THEN r.clock::time END AS started,
			CASE WHEN r.home_points ~ '^\d{1,3}$' THEN r.home_points::int END AS home_score,
			CASE WHEN r.away_points ~ '^\d{1,3}$' THEN r.away_points::int END AS away_score
		FROM record AS r WHERE NOT r.blank
	), judged AS MATERIALIZED (
		SELECT p.*, CASE
			WHEN cardinality(p.fields) > cardinality(names)
				AND EXISTS (SELECT FROM generate_series(cardinality(names) + 1, cardinality(p.fields)) AS i WHERE cell(p.fields, i) IS NOT NULL) THEN 'long_row'
			WHEN p.home IS NULL OR p.away IS NULL THEN 'short_row'
			WHEN p.played_on IS NULL OR (p.clock IS NOT NULL AND p.started IS NULL) OR coalesce(p.season, '') !~ '^[12]\d\d\d$'
				OR coalesce(p.week, '0') !~ '^\d{1,2}$' THEN 'bad_date'
			WHEN num_nonnulls(p.home_points, p.away_points, p.margin, p.total) > 0 AND (p.home_score IS NULL OR p.away_score IS NULL
				OR coalesce(p.margin, (p.home_score - p.away_score)::text) <> (p.home_score - p.away_score)::text
				OR coalesce(p.total, (p.home_score + p.away_score)::text) <> (p.home_score + p.away_score)::text) THEN 'bad_score'
			END AS reason
		FROM parsed AS p
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT load_nflverse.payload_id, j.line_no, j.reason, CASE j.reason
			WHEN 'long_row' THEN format('%s fields under a header of %s, and not empty beyond it', cardinality(j.fields), cardinality(names))
			WHEN 'short_row' THEN 'home team or away team is missing'
			WHEN 'bad_date' THEN format('not a season as yyyy, a week, a day as yyyy-mm-dd, a time as hh:mm: %s', concat_ws(' ', j.season, j.week, j.day, j.clock))
			ELSE format('scores %L and %L, result %L, total %L', j.home_points, j.away_points, j.margin, j.total) END, j.raw, 'NFL'
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), game_row AS MATERIALIZED (
		SELECT j.*, cell(j.fields, o[3]) AS spread FROM judged AS j WHERE j.reason IS NULL
	), stat AS MATERIALIZED (
		SELECT n AS name, array_position(names, n) AS place FROM unnest(kept) AS n WHERE n = ANY (names)
	), offer AS (
		SELECT ROW(g.line_no, m.market, 'consensus', g.home_score IS NOT NULL, m.line, m.prices, m.columns, NULL)::collected_offer AS offer
		FROM game_row AS g
		CROSS JOIN LATERAL (VALUES
			('h2h', NULL, ARRAY[cell(g.fields, o[1]), cell(g.fields, o[2])], odds[1:2]),
			-- spread_line is positive when the home side gives points: the other way round than a handicap.
			('spreads', CASE WHEN g.spread ~ '^-?\d{1,3}(\.\d+)?$' THEN (0 - g.spread::numeric)::text ELSE g.spread END,
				ARRAY[cell(g.fields, o[4]), cell(g.fields, o[5])], odds[4:5]),
			('totals', cell(g.fields, o[6]), ARRAY[cell(g.fields, o[7]), cell(g.fields, o[8])], odds[7:8])) AS m (market, line, prices, columns)
		WHERE num_nonnulls(m.prices[1], m.prices[2]) > 0
	)
	SELECT (SELECT count(*) FROM record AS r WHERE r.blank), (SELECT count(*) FROM parsed),
		(SELECT coalesce(array_agg(ROW(g.line_no, g.raw, 'NFL', g.season::int, g.home, g.away, 1, (g.played_on + coalesce(g.started, kick_off)) AT TIME ZONE zone,
				g.started IS NOT NULL, coalesce(g.location = 'Neutral', false), g.week::int, g.stage, g.home_score, g.away_score,
				CASE WHEN g.home_score IS NOT NULL THEN 'final' END,
				(SELECT coalesce(jsonb_object_agg(s.name, CASE WHEN v ~ '^-?(0|[1-9]\d{0,8})(\.\d{1,3})?$' THEN to_jsonb(v::numeric) ELSE to_jsonb(v) END), '{}')
					FROM stat AS s CROSS JOIN LATERAL (SELECT cell(g.fields, s.place) AS v) AS c WHERE v IS NOT NULL), NULL, NULL)::collected_game
			ORDER BY g.line_no), '{}') FROM game_row AS g),
		(SELECT coalesce(array_agg(f.offer), '{}') FROM offer AS f)
	INTO blank, rows_read, listed, priced;

	SELECT f.games_read, f.quotes_appended INTO games, quotes FROM append_facts(load_nflverse.payload_id, listed, priced, 'american') AS f;
	PERFORM append_game_venues(load_nflverse.payload_id, listed, 'stadium_id');
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_nflverse.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_nflverse.rows_read, rows_blank = blank WHERE p.payload_id = load_nflverse.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_nflverse(bigint) IS
'Loads a stored payload of feed nflverse (games.csv of nflverse/nfldata); load_payload() and replay() call it. Times are US Eastern; a game without one starts at sport.default_start. Prices of played games are closing prices of book consensus, those of games without a score are not. A spread_line or total_line without prices makes no quote; both stay in result.detail, as the source writes them (spread_line positive: home favoured). stadium_id, where it is an alias of kind venue, says the ground (game_venue). Returns rows read, games taken, quotes appended and rejects of the payload.';
