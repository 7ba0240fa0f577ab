-- football_data: the CSV files of football-data.co.uk, every season's layout, both of its forms.

INSERT INTO alias (feed, kind, name, target, builtin)
SELECT 'football_data', 'sport', n, t, true
FROM (VALUES
	('E0', 'EPL'), ('E1', 'CHAMPIONSHIP'), ('E2', 'LEAGUE1'), ('E3', 'LEAGUE2'), ('SC0', 'SPL'), ('D1', 'BUNDESLIGA'), ('D2', 'BUNDESLIGA2'),
	('I1', 'SERIEA'), ('I2', 'SERIEB'), ('SP1', 'LALIGA'), ('SP2', 'LALIGA2'), ('F1', 'LIGUE1'), ('F2', 'LIGUE2'), ('N1', 'EREDIVISIE'),
	('B1', 'PROLEAGUE'), ('P1', 'PRIMEIRA'), ('T1', 'SUPERLIG'), ('G1', 'GREECE'),
	('EC', 'NATIONALLEAGUE'), ('SC1', 'SCOTLAND1'), ('SC2', 'SCOTLAND2'), ('SC3', 'SCOTLAND3'),
	-- the files by country, some leagues under the names that they had as well
	('Argentina/Liga Profesional', 'ARGENTINA'), ('Argentina/Superliga', 'ARGENTINA'), ('Argentina/Primera Division', 'ARGENTINA'), ('Austria/Bundesliga', 'AUSTRIA'), ('Brazil/Serie A', 'BRASILEIRAO'),
	('China/Super League', 'CHINA'), ('Denmark/Superliga', 'DENMARK'), ('Finland/Veikkausliiga', 'VEIKKAUSLIIGA'), ('Ireland/Premier Division', 'IRELAND'), ('Japan/J-League', 'JLEAGUE'),
	('Japan/J1 League', 'JLEAGUE'), ('Mexico/Liga MX', 'LIGAMX'), ('Norway/Eliteserien', 'ELITESERIEN'), ('Norway/Tippeligaen', 'ELITESERIEN'), ('Poland/Ekstraklasa', 'EKSTRAKLASA'), ('Romania/Liga 1', 'ROMANIA'),
	('Romania/Superliga', 'ROMANIA'), ('Russia/Premier League', 'RUSSIA'), ('Sweden/Allsvenskan', 'ALLSVENSKAN'), ('Switzerland/Super League', 'SWITZERLAND'), ('USA/MLS', 'MLS')) AS division (n, t);

CREATE TABLE football_data_column (
	name    text PRIMARY KEY,
	book    text REFERENCES book,
	market  text NOT NULL CHECK (market IN ('h2h', 'spreads', 'totals')),
	side    text NOT NULL CHECK (side IN ('home', 'draw', 'away', 'over', 'under', 'line')),
	closing boolean NOT NULL,
	builtin boolean NOT NULL DEFAULT false,
	CHECK (side = 'line' OR book IS NOT NULL)
);
COMMENT ON TABLE football_data_column IS 'Columns of football-data.co.uk that hold prices and handicaps. A column that is not here is not read as a price; a new bookmaker is a few rows more.';
COMMENT ON COLUMN football_data_column.book IS 'NULL for a handicap that belongs to every book without a column of its own.';
COMMENT ON COLUMN football_data_column.side IS 'line: the home side''s handicap.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.football_data_column', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON football_data_column FOR EACH ROW EXECUTE FUNCTION keep_own_row('name');

INSERT INTO football_data_column (name, book, market, side, closing, builtin)
WITH code (code, short, book) AS (VALUES
	-- short: the code in the over/under and handicap columns
	('B365', 'B365', 'bet365'), ('BW', 'BW', 'bwin'), ('IW', 'IW', 'interwetten'), ('LB', 'LB', 'ladbrokes_uk'), ('PS', 'P', 'pinnacle'),
	('WH', 'WH', 'williamhill'), ('VC', 'VC', 'betvictor'), ('BV', 'BV', 'betvictor'), ('GB', 'GB', 'gamebookers'), ('SB', 'SB', 'sportingbet'),
	('SO', 'SO', 'sportingodds'), ('SJ', 'SJ', 'stanjames'), ('SY', 'SY', 'stanleybet'), ('BS', 'BS', 'bluesquare'), ('1XB', '1XB', 'onexbet'),
	('BMGM', 'BMGM', 'betmgm'), ('CL', 'CL', 'coral'), ('BF', 'BF', 'betfair_sb_uk'), ('BFE', 'BFE', 'betfair_ex_eu'), ('BFD', 'BFD', 'betfred_uk'),
	('Max', 'Max', 'market_max'), ('Avg', 'Avg', 'market_avg'), ('BbMx', 'BbMx', 'market_max'), ('BbAv', 'BbAv', 'market_avg')
), phase (mark, closing) AS (VALUES ('', false), ('C', true)
), part (use_short, suffix, market, side) AS (VALUES
	(false, 'H', 'h2h', 'home'), (false, 'D', 'h2h', 'draw'), (false, 'A', 'h2h', 'away'),
	(true, '>2.5', 'totals', 'over'), (true, '<2.5', 'totals', 'under'),
	(true, 'AHH', 'spreads', 'home'), (true, 'AHA', 'spreads', 'away'), (true, 'AH', 'spreads', 'line')
), named AS (
	SELECT CASE WHEN part.use_short THEN code.short ELSE code.code END || phase.mark || part.suffix AS name, code.book, part.market, part.side, phase.closing
	FROM code CROSS JOIN phase CROSS JOIN part
	UNION ALL VALUES
	('AHh', NULL, 'spreads', 'line', false), ('AHCh', NULL, 'spreads', 'line', true), ('BbAHh', NULL, 'spreads', 'line', false),
	-- the layout of the extra leagues, which has closing prices only
	('PH', 'pinnacle', 'h2h', 'home', true), ('PD', 'pinnacle', 'h2h', 'draw', true), ('PA', 'pinnacle', 'h2h', 'away', true)
)
SELECT name, book, market, side, closing, true FROM named;

-- Not STRICT, so that it is planned as a part of the statement.
CREATE FUNCTION football_data_day(day text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN day ~ '^(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/(\d\d|[12]\d\d\d)$'
	AND split_part(day, '/', 1)::int <= extract(day FROM make_date(split_part(day, '/', 3)::int + CASE WHEN split_part(day, '/', 3) ~ '^\d\d\d\d$' THEN 0 WHEN split_part(day, '/', 3) >= '90' THEN 1900 ELSE 2000 END, split_part(day, '/', 2)::int, 1) + interval '1 month' - interval '1 day')
	THEN make_date(split_part(day, '/', 3)::int + CASE WHEN split_part(day, '/', 3) ~ '^\d\d\d\d$' THEN 0 WHEN split_part(day, '/', 3) >= '90' THEN 1900 ELSE 2000 END, split_part(day, '/', 2)::int, split_part(day, '/', 1)::int) END;
COMMENT ON FUNCTION football_data_day(text) IS
'A date as football-data.co.uk writes it, dd/mm/yy (90 and later is the last century) or dd/mm/yyyy; NULL when it is not one.';

CREATE FUNCTION load_football_data(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	stats  CONSTANT text[] := '{Attendance,Referee,HTHG,HTAG,HTR,HS,AS,HST,AST,HHW,AHW,HC,AC,HF,AF,HFKC,AFKC,HO,AO,HY,AY,HR,AR,HBP,ABP}';
	body   text;
	top    int;
	names  text[];
	at     int[];
	extra  boolean;
	blank  int;
	listed collected_game[];
	priced collected_offer[];
BEGIN
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(load_football_data.payload_id, 'football_data') AS c;
	-- Places of: division or country, league, season, date, time, home, away, goals of both, result.
	extra := array_position(names, 'Country') IS NOT NULL;
	at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest(CASE WHEN extra
		THEN '{Country,League,Season,Date,Time,Home,Away,HG,AG,Res}'::text[]
		ELSE '{Div,"","",Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR}' END) WITH ORDINALITY AS want (n, i));
	IF names IS NULL OR at[1] IS NULL OR at[4] IS NULL OR at[6] IS NULL OR at[7] IS NULL OR at[8] IS NULL OR at[9] IS NULL THEN
		RAISE EXCEPTION 'payload % is not a football-data file: its header lacks %', load_football_data.payload_id,
			CASE WHEN extra THEN 'one of Country, Date, Home, Away, HG, AG' ELSE 'one of Div, Date, HomeTeam, AwayTeam, FTHG, FTAG' END
			USING ERRCODE = 'bad_copy_file_format';
	END IF;

	WITH record AS MATERIALIZED (
		SELECT r.line_no, r.fields, r.raw, r.raw ~ '^[,"[:space:]]*$' AS blank,
			CASE WHEN extra THEN cell(r.fields, at[1]) || '/' || cell(r.fields, at[2]) ELSE cell(r.fields, at[1]) END AS division,
			cell(r.fields, at[3]) AS season, cell(r.fields, at[4]) AS day, cell(r.fields, at[5]) AS clock, cell(r.fields, at[6]) AS home, cell(r.fields, at[7]) AS away,
			cell(r.fields, at[8]) AS home_goals, cell(r.fields, at[9]) AS away_goals, cell(r.fields, at[10]) AS outcome
		FROM csv_rows(body) AS r WHERE r.line_no > top
	), parsed AS MATERIALIZED (
		SELECT r.*, a.target AS sport, s.time_zone, s.default_start, football_data_day(r.day) AS played_on,
			CASE WHEN r.clock ~ '^([01]?\d|2[0-3]):[0-5]\d$' THEN r.clock::time END AS kick_off,
			CASE WHEN r.home_goals ~ '^\d{1,3}$' THEN r.home_goals::int END AS home_score,
			CASE WHEN r.away_goals ~ '^\d{1,3}$' THEN r.away_goals::int END AS away_score,
			num_nonnulls(cell(r.fields, array_position(names, 'HS')), cell(r.fields, array_position(names, 'AS')),
				cell(r.fields, array_position(names, 'HC')), cell(r.fields, array_position(names, 'AC'))) > 0 AS counted
		FROM record AS r
		LEFT JOIN alias AS a ON a.feed = 'football_data' AND a.kind = 'sport' AND a.pool = '' AND a.name = r.division
		LEFT JOIN sport AS s ON s.sport = a.target
		WHERE NOT r.blank
	), judged AS MATERIALIZED (
		SELECT p.*, min(p.played_on) OVER (PARTITION BY p.sport) AS first_day,
			-- Statistics of nearly all games but this: it was not decided on the pitch.
			NOT p.counted AND count(*) FILTER (WHERE p.counted) OVER (PARTITION BY p.sport)
				> 0.9 * count(*) FILTER (WHERE p.home_score IS NOT NULL) OVER (PARTITION BY p.sport) AS awarded,
			CASE
			WHEN cardinality(p.fields) > cardinality(names)
				AND EXISTS (SELECT FROM generate_series(cardinality(names) + 1, cardinality(p.fields)) AS i WHERE cell(p.fields, i) IS NOT NULL) THEN 'long_row'
			WHEN p.division IS NULL OR p.home IS NULL OR p.away IS NULL THEN 'short_row'
			WHEN p.sport IS NULL THEN 'unknown_sport'
			WHEN p.played_on IS NULL OR (p.clock IS NOT NULL AND p.kick_off IS NULL) OR (extra AND coalesce(p.season, '') !~ '^[12]\d\d\d(/[12]\d\d\d)?$') THEN 'bad_date'
			WHEN num_nonnulls(p.home_goals, p.away_goals, p.outcome) > 0 AND (p.home_score IS NULL OR p.away_score IS NULL
				OR coalesce(p.outcome, 'none') NOT IN ('none', CASE sign(p.home_score - p.away_score) WHEN 1 THEN 'H' WHEN 0 THEN 'D' ELSE 'A' END)) THEN 'bad_score'
			END AS reason
		FROM parsed AS p
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT load_football_data.payload_id, j.line_no, j.reason, CASE j.reason
			WHEN 'long_row' THEN format('%s fields under a header of %s, and not empty beyond it', cardinality(j.fields), cardinality(names))
			WHEN 'short_row' THEN 'division, home team or away team is missing'
			WHEN 'unknown_sport' THEN format('alias has no sport for %L', j.division)
			WHEN 'bad_date' THEN format('not a day as dd/mm/yy or dd/mm/yyyy, a time as hh:mm, a season as yyyy or yyyy/yyyy: %s', concat_ws(' ', j.day, j.clock, j.season))
			ELSE format('goals %L and %L, result %L', j.home_goals, j.away_goals, j.outcome) END, j.raw, j.sport
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), game_row AS MATERIALIZED (
		SELECT j.*, (j.played_on + coalesce(j.kick_off, j.default_start)) AT TIME ZONE j.time_zone AS starts_at,
			CASE WHEN extra THEN left(j.season, 4)::int ELSE extract(year FROM j.first_day - interval '5 months')::int END AS starts_in
		FROM judged AS j WHERE j.reason IS NULL
	), stat AS MATERIALIZED (
		SELECT n AS name, array_position(names, n) AS place FROM unnest(stats) AS n WHERE n = ANY (names)
	), price_column AS (
		SELECT c.*, h.place FROM unnest(names) WITH ORDINALITY AS h (name, place) JOIN football_data_column AS c ON c.name = h.name
	), market AS MATERIALIZED (
		SELECT c.book, c.market, c.closing, min(c.place) FILTER (WHERE c.side IN ('home', 'over'))::int AS place_1,
			min(c.place) FILTER (WHERE c.side = 'draw')::int AS place_2, min(c.place) FILTER (WHERE c.side IN ('away', 'under'))::int AS place_3,
			coalesce(min(c.place) FILTER (WHERE c.side = 'line'), (SELECT min(l.place) FROM price_column AS l
				WHERE l.book IS NULL AND l.market = c.market AND l.closing = c.closing))::int AS line_place
		FROM price_column AS c WHERE c.book IS NOT NULL
		GROUP BY c.book, c.market, c.closing HAVING count(*) FILTER (WHERE c.side <> 'line') > 0
	), offer AS (
		-- A game without a score has no closing prices, except that the extra leagues' only prices stand under those names.
		SELECT ROW(g.line_no, m.market, m.book, (m.closing OR extra) AND g.home_score IS NOT NULL,
			CASE m.market WHEN 'totals' THEN '2.5' WHEN 'spreads' THEN cell(g.fields, m.line_place) END,
			CASE m.market WHEN 'h2h' THEN ARRAY[price_1, price_2, price_3] ELSE ARRAY[price_1, price_3] END,
			CASE m.market WHEN 'h2h' THEN ARRAY[names[m.place_1], names[m.place_2], names[m.place_3]]
				ELSE ARRAY[names[m.place_1], names[m.place_3]] END, NULL)::collected_offer AS offer
		FROM game_row AS g CROSS JOIN market AS m
		CROSS JOIN LATERAL (SELECT cell(g.fields, m.place_1) AS price_1, cell(g.fields, m.place_2) AS price_2, cell(g.fields, m.place_3) AS price_3 OFFSET 0) AS p
		WHERE num_nonnulls(price_1, price_2, price_3) > 0 AND (g.home_score IS NOT NULL OR extra OR NOT m.closing)
	)
	SELECT (SELECT count(*) FROM record AS r WHERE r.blank), (SELECT count(*) FROM parsed),
		(SELECT coalesce(array_agg(ROW(g.line_no, g.raw, g.sport, g.starts_in, g.home, g.away, 1, g.starts_at, g.kick_off IS NOT NULL, false, NULL, NULL,
				g.home_score, g.away_score, CASE WHEN g.home_score IS NULL THEN NULL WHEN g.awarded THEN 'awarded' ELSE 'final' END,
				(SELECT coalesce(jsonb_object_agg(s.name, CASE WHEN v ~ '^(0|[1-9]\d{0,8})$' THEN to_jsonb(v::int) ELSE to_jsonb(v) END), '{}')
					FROM stat AS s CROSS JOIN LATERAL (SELECT cell(g.fields, s.place) AS v) AS c WHERE v IS NOT NULL), NULL, NULL)::collected_game
			ORDER BY g.line_no), '{}') FROM game_row AS g),
		(SELECT coalesce(array_agg(o.offer), '{}') FROM offer AS o)
	INTO blank, rows_read, listed, priced;

	SELECT f.games_read, f.quotes_appended INTO games, quotes FROM append_facts(load_football_data.payload_id, listed, priced, 'decimal') AS f;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_football_data.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_football_data.rows_read, rows_blank = blank WHERE p.payload_id = load_football_data.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_football_data(bigint) IS
'Loads a stored payload of feed football_data; load_payload() and replay() call it. Reads the site''s main layout (Div, Date, …) and that of its extra leagues (Country, League, Season, …; closing prices only), any set of bookmakers, with and without Time. Times are UK time. The season is the year of the division''s earliest date, the year before when that is before June. A game with a score but without statistics, in a file that has them for more than nine of ten games, is awarded. Returns rows read, games taken, quotes appended and rejects of the payload.';
