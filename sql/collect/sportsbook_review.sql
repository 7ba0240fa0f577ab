-- sportsbook_review: games with opening and closing lines of the American sports, in whatever columns: a layout is rows.

INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'sportsbook_review', 'team', p, n, t, true
FROM (VALUES
	-- franchises that moved keep one name; LosAngeles and NewYork (NFL) are two clubs each and stay out
	('nba', 'Atlanta', 'Atlanta Hawks'), ('nba', 'Boston', 'Boston Celtics'), ('nba', 'Brooklyn', 'Brooklyn Nets'),
	('nba', 'New Jersey', 'Brooklyn Nets'), ('nba', 'Charlotte', 'Charlotte Hornets'), ('nba', 'Chicago', 'Chicago Bulls'),
	('nba', 'Cleveland', 'Cleveland Cavaliers'), ('nba', 'Dallas', 'Dallas Mavericks'), ('nba', 'Denver', 'Denver Nuggets'),
	('nba', 'Detroit', 'Detroit Pistons'), ('nba', 'Golden State', 'Golden State Warriors'), ('nba', 'Houston', 'Houston Rockets'),
	('nba', 'Indiana', 'Indiana Pacers'), ('nba', 'LA Clippers', 'Los Angeles Clippers'), ('nba', 'LA Lakers', 'Los Angeles Lakers'),
	('nba', 'Memphis', 'Memphis Grizzlies'), ('nba', 'Miami', 'Miami Heat'), ('nba', 'Milwaukee', 'Milwaukee Bucks'),
	('nba', 'Minnesota', 'Minnesota Timberwolves'), ('nba', 'New Orleans', 'New Orleans Pelicans'),
	('nba', 'New York', 'New York Knicks'), ('nba', 'Oklahoma City', 'Oklahoma City Thunder'),
	('nba', 'Seattle', 'Oklahoma City Thunder'), ('nba', 'Orlando', 'Orlando Magic'), ('nba', 'Philadelphia', 'Philadelphia 76ers'),
	('nba', 'Phoenix', 'Phoenix Suns'), ('nba', 'Portland', 'Portland Trail Blazers'), ('nba', 'Sacramento', 'Sacramento Kings'),
	('nba', 'San Antonio', 'San Antonio Spurs'), ('nba', 'Toronto', 'Toronto Raptors'), ('nba', 'Utah', 'Utah Jazz'),
	('nba', 'Washington', 'Washington Wizards'),
	('nhl', 'Anaheim Ducks', 'Anaheim Ducks'), ('nhl', 'Arizona Coyotes', 'Arizona Coyotes'), ('nhl', 'Boston Bruins', 'Boston Bruins'),
	('nhl', 'Buffalo Sabres', 'Buffalo Sabres'), ('nhl', 'Calgary Flames', 'Calgary Flames'),
	('nhl', 'Carolina Hurricanes', 'Carolina Hurricanes'), ('nhl', 'Chicago Blackhawks', 'Chicago Blackhawks'),
	('nhl', 'Colorado Avalanche', 'Colorado Avalanche'), ('nhl', 'Columbus Blue Jackets', 'Columbus Blue Jackets'),
	('nhl', 'Dallas Stars', 'Dallas Stars'), ('nhl', 'Detroit Red Wings', 'Detroit Red Wings'),
	('nhl', 'Edmonton Oilers', 'Edmonton Oilers'), ('nhl', 'Florida Panthers', 'Florida Panthers'),
	('nhl', 'Los Angeles Kings', 'Los Angeles Kings'), ('nhl', 'Minnesota Wild', 'Minnesota Wild'),
	('nhl', 'Montréal Canadiens', 'Montréal Canadiens'), ('nhl', 'Nashville Predators', 'Nashville Predators'),
	('nhl', 'New Jersey Devils', 'New Jersey Devils'), ('nhl', 'New York Islanders', 'New York Islanders'),
	('nhl', 'New York Rangers', 'New York Rangers'), ('nhl', 'Ottawa Senators', 'Ottawa Senators'),
	('nhl', 'Philadelphia Flyers', 'Philadelphia Flyers'), ('nhl', 'Phoenix Coyotes', 'Arizona Coyotes'),
	('nhl', 'Pittsburgh Penguins', 'Pittsburgh Penguins'), ('nhl', 'San Jose Sharks', 'San Jose Sharks'),
	('nhl', 'St. Louis Blues', 'St. Louis Blues'), ('nhl', 'Tampa Bay Lightning', 'Tampa Bay Lightning'),
	('nhl', 'Toronto Maple Leafs', 'Toronto Maple Leafs'), ('nhl', 'Vancouver Canucks', 'Vancouver Canucks'),
	('nhl', 'Vegas Golden Knights', 'Vegas Golden Knights'), ('nhl', 'Washington Capitals', 'Washington Capitals'),
	('nhl', 'Winnipeg Jets', 'Winnipeg Jets'), ('nhl', 'Winnipeg Jets Jets', 'Winnipeg Jets'),
	('nhl', 'Atlanta Thrashers', 'Winnipeg Jets'), ('nhl', 'Edmonton OIlers', 'Edmonton Oilers'), ('nhl', 'Montreal Canadiens', 'Montréal Canadiens'),
	('nhl', 'Seattle Kraken', 'Seattle Kraken'), ('nhl', 'Utah Hockey Club', 'Utah Mammoth'), ('nhl', 'Utah Mammoth', 'Utah Mammoth'),
	('mlb', 'ARI', 'Arizona Diamondbacks'), ('mlb', 'ATL', 'Atlanta Braves'), ('mlb', 'BAL', 'Baltimore Orioles'),
	('mlb', 'BOS', 'Boston Red Sox'), ('mlb', 'CUB', 'Chicago Cubs'), ('mlb', 'CHC', 'Chicago Cubs'),
	('mlb', 'CWS', 'Chicago White Sox'), ('mlb', 'CIN', 'Cincinnati Reds'), ('mlb', 'CLE', 'Cleveland Guardians'),
	('mlb', 'COL', 'Colorado Rockies'), ('mlb', 'DET', 'Detroit Tigers'), ('mlb', 'HOU', 'Houston Astros'),
	('mlb', 'KAN', 'Kansas City Royals'), ('mlb', 'KC', 'Kansas City Royals'), ('mlb', 'LAA', 'Los Angeles Angels'),
	('mlb', 'LAD', 'Los Angeles Dodgers'), ('mlb', 'LOS', 'Los Angeles Dodgers'), ('mlb', 'MIA', 'Miami Marlins'),
	('mlb', 'MIL', 'Milwaukee Brewers'), ('mlb', 'MIN', 'Minnesota Twins'), ('mlb', 'NYM', 'New York Mets'),
	('mlb', 'NYY', 'New York Yankees'), ('mlb', 'OAK', 'Oakland Athletics'), ('mlb', 'PHI', 'Philadelphia Phillies'),
	('mlb', 'PIT', 'Pittsburgh Pirates'), ('mlb', 'SDG', 'San Diego Padres'), ('mlb', 'SD', 'San Diego Padres'),
	('mlb', 'SFO', 'San Francisco Giants'), ('mlb', 'SF', 'San Francisco Giants'), ('mlb', 'SEA', 'Seattle Mariners'),
	('mlb', 'STL', 'St. Louis Cardinals'), ('mlb', 'TAM', 'Tampa Bay Rays'), ('mlb', 'TB', 'Tampa Bay Rays'),
	('mlb', 'TEX', 'Texas Rangers'), ('mlb', 'TOR', 'Toronto Blue Jays'), ('mlb', 'WAS', 'Washington Nationals'),
	('mlb', 'WSH', 'Washington Nationals'), ('mlb', 'ATH', 'Oakland Athletics'), ('mlb', 'AZ', 'Arizona Diamondbacks'), ('mlb', 'BRS', 'Boston Red Sox'), ('mlb', 'CHW', 'Chicago White Sox'),
	('mlb', 'FLA', 'Miami Marlins'), ('mlb', 'SFG', 'San Francisco Giants'),
	('nfl', 'Cardinals', 'Arizona Cardinals'), ('nfl', 'Falcons', 'Atlanta Falcons'), ('nfl', 'Ravens', 'Baltimore Ravens'),
	('nfl', 'Bills', 'Buffalo Bills'), ('nfl', 'BuffaloBills', 'Buffalo Bills'), ('nfl', 'Panthers', 'Carolina Panthers'),
	('nfl', 'Bears', 'Chicago Bears'), ('nfl', 'Bengals', 'Cincinnati Bengals'), ('nfl', 'Browns', 'Cleveland Browns'),
	('nfl', 'Cowboys', 'Dallas Cowboys'), ('nfl', 'Broncos', 'Denver Broncos'), ('nfl', 'Lions', 'Detroit Lions'),
	('nfl', 'Packers', 'Green Bay Packers'), ('nfl', 'Texans', 'Houston Texans'), ('nfl', 'Colts', 'Indianapolis Colts'),
	('nfl', 'Jaguars', 'Jacksonville Jaguars'), ('nfl', 'Chiefs', 'Kansas City Chiefs'), ('nfl', 'KCChiefs', 'Kansas City Chiefs'),
	('nfl', 'Kansas', 'Kansas City Chiefs'), ('nfl', 'Raiders', 'Las Vegas Raiders'), ('nfl', 'LVRaiders', 'Las Vegas Raiders'),
	('nfl', 'Oakland', 'Las Vegas Raiders'), ('nfl', 'Chargers', 'Los Angeles Chargers'), ('nfl', 'SanDiego', 'Los Angeles Chargers'),
	('nfl', 'Rams', 'Los Angeles Rams'), ('nfl', 'St.Louis', 'Los Angeles Rams'), ('nfl', 'Dolphins', 'Miami Dolphins'),
	('nfl', 'Vikings', 'Minnesota Vikings'), ('nfl', 'Patriots', 'New England Patriots'), ('nfl', 'Saints', 'New Orleans Saints'),
	('nfl', 'Giants', 'New York Giants'), ('nfl', 'Jets', 'New York Jets'), ('nfl', 'Eagles', 'Philadelphia Eagles'),
	('nfl', 'Steelers', 'Pittsburgh Steelers'), ('nfl', 'Seahawks', 'Seattle Seahawks'), ('nfl', 'Fortyniners', 'San Francisco 49ers'),
	('nfl', 'Buccaneers', 'Tampa Bay Buccaneers'), ('nfl', 'Tampa', 'Tampa Bay Buccaneers'), ('nfl', 'Titans', 'Tennessee Titans'),
	('nfl', 'Commanders', 'Washington Commanders'), ('nfl', 'Washingtom', 'Washington Commanders')
) AS name (p, n, t);

CREATE TABLE sportsbook_review_layout (
	layout       text PRIMARY KEY,
	sport        text NOT NULL REFERENCES sport,
	season_shift int NOT NULL DEFAULT 0,
	ties         boolean NOT NULL DEFAULT false,
	line_odds    text,
	builtin      boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE sportsbook_review_layout IS 'Kinds of files that load_sportsbook_review() reads: the layout of a file is the one all of whose columns its header has, of several the one with the most.';
COMMENT ON COLUMN sportsbook_review_layout.season_shift IS 'Added to the year that begins the season column: -1 where the file names a season by the year in which it ends.';
COMMENT ON COLUMN sportsbook_review_layout.ties IS 'false: a level score is no result of this sport and is rejected.';
COMMENT ON COLUMN sportsbook_review_layout.line_odds IS 'American odds of spreads and totals in a layout that has no prices for them; the archives leave out the usual -110. NULL: such a line makes no quote.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.sportsbook_review_layout', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON sportsbook_review_layout FOR EACH ROW EXECUTE FUNCTION keep_own_row('layout');

CREATE TABLE sportsbook_review_column (
	layout  text NOT NULL REFERENCES sportsbook_review_layout,
	name    text NOT NULL,
	role    text NOT NULL CHECK (role IN ('season', 'date', 'home', 'away', 'home_score', 'away_score', 'neutral', 'number', 'stage',
		'home_part', 'away_part', 'detail', 'price', 'line')),
	market  text CHECK (market IN ('h2h', 'spreads', 'totals')),
	side    text CHECK (side IN ('home', 'away', 'over', 'under')),
	closing boolean,
	lowest  float8,
	highest float8,
	builtin boolean NOT NULL DEFAULT false,
	PRIMARY KEY (layout, name),
	CHECK ((role IN ('price', 'line')) = (num_nonnulls(market, side, closing) = 3)),
	CHECK ((role = 'line') = (num_nonnulls(lowest, highest) = 2))
);
COMMENT ON TABLE sportsbook_review_column IS 'Columns of a layout and what they mean; other columns of a file are not read.';
COMMENT ON COLUMN sportsbook_review_column.role IS
'number: orders the games of one pairing on one day (rotation or game number); home_part, away_part: points by period or inning, several in a cell with | between, which must agree with the score; detail: kept in result.detail, as parts are; line with side away: must be the opposite of the home line; the rest says itself.';
COMMENT ON COLUMN sportsbook_review_column.lowest IS 'Lines below lowest or above highest are another column''s number and go to reject.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.sportsbook_review_column', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON sportsbook_review_column FOR EACH ROW EXECUTE FUNCTION keep_own_row('layout', 'name');

INSERT INTO sportsbook_review_layout (layout, sport, season_shift, ties, line_odds, builtin) VALUES
	('nba', 'NBA', -1, false, '-110', true), ('nhl', 'NHL', 0, false, NULL, true), ('mlb', 'MLB', 0, false, NULL, true),
	('mlb_close', 'MLB', 0, false, NULL, true), ('nfl_open', 'NFL', 0, true, '-110', true);

INSERT INTO sportsbook_review_column (layout, name, role, market, side, closing, lowest, highest, builtin)
SELECT l.layout, c.name, c.role, c.market, c.side, c.closing, c.lowest, c.highest, true
FROM sportsbook_review_layout AS l
JOIN (VALUES
	('{nba,nhl,mlb,mlb_close,nfl_open}'::text[], 'season', 'season', NULL, NULL, NULL::boolean, NULL::float8, NULL::float8),
	('{nba,nhl,mlb,mlb_close,nfl_open}', 'date', 'date', NULL, NULL, NULL, NULL, NULL),
	('{nba,nhl,mlb,mlb_close,nfl_open}', 'home_team', 'home', NULL, NULL, NULL, NULL, NULL),
	('{nba,nhl,mlb,mlb_close,nfl_open}', 'away_team', 'away', NULL, NULL, NULL, NULL, NULL),
	('{nba,mlb_close}', 'home_score', 'home_score', NULL, NULL, NULL, NULL, NULL), ('{nba,mlb_close}', 'away_score', 'away_score', NULL, NULL, NULL, NULL, NULL),
	('{nhl,mlb,nfl_open}', 'home_final', 'home_score', NULL, NULL, NULL, NULL, NULL), ('{nhl,mlb,nfl_open}', 'away_final', 'away_score', NULL, NULL, NULL, NULL, NULL),
	('{nba,nhl,mlb}', 'neutral', 'neutral', NULL, NULL, NULL, NULL, NULL),
	('{mlb}', 'rot_home', 'number', NULL, NULL, NULL, NULL, NULL), ('{mlb_close}', 'game_number', 'number', NULL, NULL, NULL, NULL, NULL),
	('{mlb_close}', 'game_type', 'stage', NULL, NULL, NULL, NULL, NULL),
	('{nhl}', 'home_p1', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nhl}', 'away_p1', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{nhl}', 'home_p2', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nhl}', 'away_p2', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{nhl}', 'home_p3', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nhl}', 'away_p3', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{mlb}', 'home_innings', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{mlb}', 'away_innings', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{nfl_open}', 'home_q1', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nfl_open}', 'away_q1', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{nfl_open}', 'home_q2', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nfl_open}', 'away_q2', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{nfl_open}', 'home_q3', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nfl_open}', 'away_q3', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{nfl_open}', 'home_q4', 'home_part', NULL, NULL, NULL, NULL, NULL), ('{nfl_open}', 'away_q4', 'away_part', NULL, NULL, NULL, NULL, NULL),
	('{mlb}', 'home_pitcher', 'detail', NULL, NULL, NULL, NULL, NULL), ('{mlb}', 'away_pitcher', 'detail', NULL, NULL, NULL, NULL, NULL),
	('{nba}', 'second_half_total', 'detail', NULL, NULL, NULL, NULL, NULL), ('{mlb_close}', 'site', 'detail', NULL, NULL, NULL, NULL, NULL),
	('{mlb_close}', 'start_time', 'detail', NULL, NULL, NULL, NULL, NULL), ('{mlb_close}', 'day_night', 'detail', NULL, NULL, NULL, NULL, NULL),
	('{mlb_close}', 'temp_f', 'detail', NULL, NULL, NULL, NULL, NULL), ('{mlb_close}', 'wind_mph', 'detail', NULL, NULL, NULL, NULL, NULL),
	('{mlb_close}', 'wind_dir', 'detail', NULL, NULL, NULL, NULL, NULL), ('{mlb_close}', 'attendance', 'detail', NULL, NULL, NULL, NULL, NULL),
	('{nba}', 'home_ml', 'price', 'h2h', 'home', true, NULL, NULL), ('{nba}', 'away_ml', 'price', 'h2h', 'away', true, NULL, NULL),
	('{nhl,mlb}', 'home_open_ml', 'price', 'h2h', 'home', false, NULL, NULL), ('{nhl,mlb}', 'away_open_ml', 'price', 'h2h', 'away', false, NULL, NULL),
	('{nhl,mlb,mlb_close}', 'home_close_ml', 'price', 'h2h', 'home', true, NULL, NULL),
	('{nhl,mlb,mlb_close}', 'away_close_ml', 'price', 'h2h', 'away', true, NULL, NULL),
	('{nba}', 'home_spread', 'line', 'spreads', 'home', true, -40, 40), ('{nba}', 'away_spread', 'line', 'spreads', 'away', true, -40, 40),
	('{nhl}', 'home_puckline', 'line', 'spreads', 'home', true, -4, 4), ('{nhl}', 'away_puckline', 'line', 'spreads', 'away', true, -4, 4),
	('{nhl}', 'home_puckline_odds', 'price', 'spreads', 'home', true, NULL, NULL), ('{nhl}', 'away_puckline_odds', 'price', 'spreads', 'away', true, NULL, NULL),
	('{mlb,mlb_close}', 'home_run_line', 'line', 'spreads', 'home', true, -4, 4), ('{mlb,mlb_close}', 'away_run_line', 'line', 'spreads', 'away', true, -4, 4),
	('{mlb,mlb_close}', 'home_run_line_odds', 'price', 'spreads', 'home', true, NULL, NULL),
	('{mlb,mlb_close}', 'away_run_line_odds', 'price', 'spreads', 'away', true, NULL, NULL),
	('{nfl_open}', 'home_open_spread', 'line', 'spreads', 'home', false, -30, 30), ('{nfl_open}', 'away_open_spread', 'line', 'spreads', 'away', false, -30, 30),
	('{nba}', 'total', 'line', 'totals', 'over', true, 120, 300), ('{nhl}', 'open_total', 'line', 'totals', 'over', false, 2, 12),
	('{nhl}', 'close_total', 'line', 'totals', 'over', true, 2, 12), ('{mlb}', 'open_total', 'line', 'totals', 'over', false, 3, 25),
	('{mlb,mlb_close}', 'close_total', 'line', 'totals', 'over', true, 3, 25), ('{nfl_open}', 'open_total', 'line', 'totals', 'over', false, 25, 80),
	('{nhl,mlb}', 'open_over_odds', 'price', 'totals', 'over', false, NULL, NULL), ('{nhl,mlb}', 'open_under_odds', 'price', 'totals', 'under', false, NULL, NULL),
	('{nhl,mlb,mlb_close}', 'close_over_odds', 'price', 'totals', 'over', true, NULL, NULL),
	('{nhl,mlb,mlb_close}', 'close_under_odds', 'price', 'totals', 'under', true, NULL, NULL)
) AS c (layouts, name, role, market, side, closing, lowest, highest) ON l.layout = ANY (c.layouts);

CREATE FUNCTION part_sum(fields text[], places int[]) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN bool_and(part ~ '^(\d{1,3}|[xX])$') THEN sum(CASE WHEN part ~ '^\d{1,3}$' THEN part::int ELSE 0 END) END::int
	FROM unnest(places) AS place, regexp_split_to_table(coalesce(cell(fields, place), ''), '\|') AS part;
END;
COMMENT ON FUNCTION part_sum(text[], int[]) IS
'Points of the periods or innings that stand in these places of a row, several in one cell with | between, x for one that was not played; NULL when one of them is no number, or without places.';

CREATE FUNCTION load_sportsbook_review(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	body   text;
	top    int;
	names  text[];
	kind   sportsbook_review_layout;
	at     jsonb;
	league sport;
	blank  int;
	listed collected_game[];
	priced collected_offer[];
BEGIN
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(load_sportsbook_review.payload_id, 'sportsbook_review') AS c;
	SELECT l.* INTO kind FROM sportsbook_review_layout AS l JOIN sportsbook_review_column AS c ON c.layout = l.layout
	GROUP BY l.layout HAVING bool_and(c.name = ANY (names)) ORDER BY count(*) DESC, l.layout LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'payload % is no file of a known layout: %', load_sportsbook_review.payload_id, (
			SELECT format('for the nearest, %s, its header lacks %s', c.layout, string_agg(c.name, ', ' ORDER BY c.name))
			FROM sportsbook_review_column AS c WHERE (c.name = ANY (names)) IS NOT TRUE GROUP BY c.layout ORDER BY count(*), c.layout LIMIT 1)
			USING ERRCODE = 'bad_copy_file_format';
	END IF;
	SELECT * INTO league FROM sport AS s WHERE s.sport = kind.sport;
	-- Places by role.
	SELECT jsonb_object_agg(c.role, c.places) INTO at
	FROM (SELECT c.role, array_agg(array_position(names, c.name) ORDER BY array_position(names, c.name)) AS places
		FROM sportsbook_review_column AS c WHERE c.layout = kind.layout GROUP BY c.role) AS c;

	WITH place AS MATERIALIZED (
		SELECT (at -> 'season' ->> 0)::int AS season, (at -> 'date' ->> 0)::int AS day, (at -> 'home' ->> 0)::int AS home, (at -> 'away' ->> 0)::int AS away,
			(at -> 'home_score' ->> 0)::int AS home_score, (at -> 'away_score' ->> 0)::int AS away_score, (at -> 'neutral' ->> 0)::int AS neutral,
			(at -> 'number' ->> 0)::int AS number, (at -> 'stage' ->> 0)::int AS stage,
			(SELECT array_agg(v::int) FROM jsonb_array_elements_text(at -> 'home_part') AS v) AS home_parts,
			(SELECT array_agg(v::int) FROM jsonb_array_elements_text(at -> 'away_part') AS v) AS away_parts
	), record AS MATERIALIZED (
		SELECT r.line_no, r.fields, r.raw, r.raw ~ '^[,"[:space:]]*$' AS blank, cell(r.fields, p.season) AS season, cell(r.fields, p.day) AS day,
			cell(r.fields, p.home) AS home, cell(r.fields, p.away) AS away, cell(r.fields, p.home_score) AS home_points, cell(r.fields, p.away_score) AS away_points,
			coalesce(cell(r.fields, p.neutral), '0') AS neutral, cell(r.fields, p.number) AS number, cell(r.fields, p.stage) AS stage,
			part_sum(r.fields, p.home_parts) AS home_sum, part_sum(r.fields, p.away_parts) AS away_sum
		FROM csv_rows(body) AS r CROSS JOIN place AS p WHERE r.line_no > top
	), parsed AS MATERIALIZED (
		SELECT r.*, iso_day(r.day) AS played_on,
			CASE WHEN r.home_points ~ '^\d{1,3}$' THEN r.home_points::int END AS home_score,
			CASE WHEN r.away_points ~ '^\d{1,3}$' THEN r.away_points::int END AS away_score
		FROM record AS r WHERE NOT r.blank
	), judged AS MATERIALIZED (
		SELECT p.*, max(p.played_on) FILTER (WHERE p.home_score IS NOT NULL) OVER () AS last_day, CASE
			WHEN cardinality(p.fields) > cardinality(names)
				AND EXISTS (SELECT FROM generate_series(cardinality(names) + 1, cardinality(p.fields)) AS i WHERE cell(p.fields, i) IS NOT NULL) THEN 'long_row'
			WHEN p.home IS NULL OR p.away IS NULL THEN 'short_row'
			WHEN p.played_on IS NULL OR coalesce(p.season, '') !~ '^[12]\d\d\d(-\d\d)?$' OR coalesce(p.number, '0') !~ '^\d{1,6}$' OR p.neutral !~ '^[01]$' THEN 'bad_date'
			WHEN num_nonnulls(p.home_points, p.away_points) > 0 AND (p.home_score IS NULL OR p.away_score IS NULL OR (p.home_score = p.away_score AND NOT kind.ties)
				-- what the regular time left level, overtime decides; it adds to the score and takes nothing away
				OR (p.home_sum <> p.away_sum AND (p.home_score <> p.home_sum OR p.away_score <> p.away_sum))
				OR (p.home_sum = p.away_sum AND (p.home_score < p.home_sum OR p.away_score < p.away_sum))) THEN 'bad_score'
			END AS reason
		FROM parsed AS p
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT load_sportsbook_review.payload_id, j.line_no, j.reason, CASE j.reason
			WHEN 'long_row' THEN format('%s fields under a header of %s, and not empty beyond it', cardinality(j.fields), cardinality(names))
			WHEN 'short_row' THEN 'home team or away team is missing'
			WHEN 'bad_date' THEN format('not a season as yyyy or yyyy-yy, a day as yyyy-mm-dd, a whole number of the game, neutral 0 or 1: %s',
				concat_ws(' ', j.season, j.day, j.number, j.neutral))
			ELSE format('scores %L and %L', j.home_points, j.away_points) || CASE WHEN j.home_score = j.away_score AND NOT kind.ties THEN format(', a tie in %s', kind.sport)
				ELSE format(', by parts %s and %s', coalesce(j.home_sum::text, 'unknown'), coalesce(j.away_sum::text, 'unknown')) END END, j.raw, kind.sport
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), game_row AS MATERIALIZED (
		SELECT j.*, dense_rank() OVER (PARTITION BY j.played_on, j.home, j.away ORDER BY j.number::int)::int AS nth,
			-- others of later days have been played: this one was not on its day
			CASE WHEN j.home_score IS NOT NULL THEN 'final' WHEN j.played_on < j.last_day THEN 'postponed' END AS status
		FROM judged AS j WHERE j.reason IS NULL
	), kept AS MATERIALIZED (
		SELECT c.name, array_position(names, c.name) AS place FROM sportsbook_review_column AS c
		WHERE c.layout = kind.layout AND c.role IN ('home_part', 'away_part', 'detail')
	), market AS MATERIALIZED (
		SELECT c.market, c.closing, bool_or(NOT c.closing) OVER (PARTITION BY c.market) AS opens,
			min(c.place) FILTER (WHERE c.role = 'price' AND c.side IN ('home', 'over')) AS place_1, min(c.place) FILTER (WHERE c.role = 'price' AND c.side IN ('away', 'under')) AS place_2,
			min(c.place) FILTER (WHERE c.role = 'line' AND c.side <> 'away') AS line_place, min(c.place) FILTER (WHERE c.role = 'line' AND c.side = 'away') AS away_place,
			min(c.lowest) AS lowest, max(c.highest) AS highest
		FROM (SELECT x.*, array_position(names, x.name) AS place FROM sportsbook_review_column AS x WHERE x.layout = kind.layout AND x.market IS NOT NULL) AS c
		GROUP BY c.market, c.closing
	), offer AS MATERIALIZED (
		SELECT g.line_no, g.status, m.market, m.closing, o.*, ARRAY[names[m.place_1], names[m.place_2]] AS columns,
			CASE WHEN v.points NOT BETWEEN m.lowest AND m.highest THEN format('%s is %s, not in %s to %s', names[m.line_place], o.line, m.lowest, m.highest)
				WHEN v.away_points <> 0 - v.points THEN format('%s is %s and %s is %s', names[m.line_place], o.line, names[m.away_place], o.away_line) END AS problem
		FROM game_row AS g CROSS JOIN market AS m
		CROSS JOIN LATERAL (SELECT cell(g.fields, m.line_place) AS line, cell(g.fields, m.away_place) AS away_line,
			CASE WHEN m.place_1 IS NOT NULL THEN ARRAY[cell(g.fields, m.place_1), cell(g.fields, m.place_2)]
				WHEN cell(g.fields, m.line_place) IS NOT NULL THEN ARRAY[kind.line_odds, kind.line_odds] END AS prices OFFSET 0) AS o
		CROSS JOIN LATERAL (SELECT CASE WHEN o.line ~ '^-?\d{1,4}(\.\d+)?$' THEN o.line::float8 END AS points,
			CASE WHEN o.away_line ~ '^-?\d{1,4}(\.\d+)?$' THEN o.away_line::float8 END AS away_points) AS v
		WHERE num_nonnulls(o.prices[1], o.prices[2]) > 0 AND (g.status IS NOT NULL OR NOT m.closing OR NOT m.opens)
	)
	SELECT (SELECT count(*) FROM record AS r WHERE r.blank), (SELECT count(*) FROM parsed),
		(SELECT coalesce(array_agg(ROW(g.line_no, g.raw, kind.sport, left(g.season, 4)::int + kind.season_shift, g.home, g.away, g.nth,
				-- of two games on a day the second begins when the first is over
				(g.played_on + league.default_start + (g.nth - 1) * league.duration) AT TIME ZONE league.time_zone,
				false, g.neutral = '1', NULL, g.stage, g.home_score, g.away_score, g.status,
				(SELECT coalesce(jsonb_object_agg(k.name, CASE WHEN v ~ '^-?(0|[1-9]\d{0,8})(\.\d{1,3})?$' THEN to_jsonb(v::numeric) ELSE to_jsonb(v) END), '{}')
					FROM kept AS k CROSS JOIN LATERAL (SELECT cell(g.fields, k.place) AS v) AS c WHERE v IS NOT NULL), NULL, NULL)::collected_game
			ORDER BY g.line_no), '{}') FROM game_row AS g),
		(SELECT coalesce(array_agg(ROW(o.line_no, o.market, 'consensus', o.closing AND o.status IS NOT NULL, o.line, o.prices, o.columns, o.problem)::collected_offer), '{}')
			FROM offer AS o)
	INTO blank, rows_read, listed, priced;

	SELECT f.games_read, f.quotes_appended INTO games, quotes FROM append_facts(load_sportsbook_review.payload_id, listed, priced, 'american') AS f;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_sportsbook_review.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_sportsbook_review.rows_read, rows_blank = blank WHERE p.payload_id = load_sportsbook_review.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_sportsbook_review(bigint) IS
'Loads a stored payload of feed sportsbook_review, one row a game with scores and opening and closing lines of book consensus, in a layout of sportsbook_review_layout; load_payload() and replay() call it. Files give days alone: games start at sport.default_start, the second of a double-header when the first is over. Opening prices are known at decision_time(), closing prices at the start. A game without a score before the last that has one is postponed. A level score where the sport has none, and one that its periods contradict, is rejected, as is a line out of its column''s range. Returns rows read, games taken, quotes appended and rejects of the payload.';
