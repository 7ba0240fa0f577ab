-- tennis_data: matches and odds of tennis-data.co.uk, winner first as the site has them, or with sides already shuffled.

-- Second spellings; register_names() makes every other name a player.
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT 'tennis_data', 'team', 'atp', n, t, true
FROM (VALUES
	('Stebe C-M.', 'Stebe C.M.'), ('Kohlschreiber P..', 'Kohlschreiber P.'), ('Munoz-De La Nava D.', 'Munoz De La Nava D.'), ('Del Potro J. M.', 'Del Potro J.M.'),
	('Carreno-Busta P.', 'Carreno Busta P.'), ('Struff J-L.', 'Struff J.L.'), ('Herbert P-H.', 'Herbert P.H.'), ('Herbert P.H', 'Herbert P.H.'), ('Zhang Ze.', 'Zhang Ze'),
	('Zayid M. S.', 'Zayid M.S.'), ('O Connell C.', 'O''Connell C.'), ('Hernandez-Fernandez J', 'Hernandez-Fernandez J.'), ('Tseng C. H.', 'Tseng C.H.'),
	('Aragone JC', 'Aragone J.C.'), ('Varillas J. P.', 'Varillas J.P.')) AS spelling (n, t);

CREATE TABLE tennis_data_column (
	name    text PRIMARY KEY,
	book    text NOT NULL REFERENCES book,
	second  boolean NOT NULL,
	builtin boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE tennis_data_column IS 'Columns of tennis-data.co.uk files that hold prices; a new bookmaker is two rows more.';
COMMENT ON COLUMN tennis_data_column.second IS 'false: the price of the player who is named first in a row (Winner, Player_1); true: of the other.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.tennis_data_column', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON tennis_data_column FOR EACH ROW EXECUTE FUNCTION keep_own_row('name');

INSERT INTO tennis_data_column (name, book, second, builtin)
SELECT code || mark, book, mark = 'L', true
FROM (VALUES ('B365', 'bet365'), ('EX', 'expekt'), ('LB', 'ladbrokes_uk'), ('PS', 'pinnacle'), ('SJ', 'stanjames'), ('SB', 'sportingbet'), ('CB', 'centrebet'),
	('UB', 'unibet'), ('Max', 'market_max'), ('Avg', 'market_avg')) AS bookmaker (code, book), unnest('{W,L}'::text[]) AS mark
UNION ALL
-- in 10,471 of 10,471 matches that both kinds of files have these are bet365's prices
VALUES ('Odd_1', 'bet365', false, true), ('Odd_2', 'bet365', true, true);

CREATE FUNCTION first_is_home(season int, first text, second text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ((get_byte(sha256(convert_to(concat_ws(':', season, least(first, second), greatest(first, second)), 'UTF8')), 0) & 1) = 0) = (first = least(first, second));
COMMENT ON FUNCTION first_is_home(int, text, text) IS
'Which of two players is called home where a source names the winner first: a coin that the result cannot weigh, since the season and both names alone turn it, and turn it alike in every feed.';

CREATE FUNCTION load_tennis_data(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	kept   CONSTANT text[] := '{Tournament,Series,Tier,Court,Surface,Round,Best of,Comment}';
	rounds CONSTANT text[] := '{1st Round,2nd Round,3rd Round,4th Round,Round Robin,Quarterfinals,Semifinals,The Final}';
	body   text;
	top    int;
	names  text[];
	drawn  boolean;
	at     int[];
	games_at int[];
	league sport;
	blank  int;
	listed collected_game[];
	priced collected_offer[];
BEGIN
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(load_tennis_data.payload_id, 'tennis_data') AS c;
	-- Places of: day, best of, round, both players, their ranks and points; comment or winner and score.
	drawn := array_position(names, 'Player_1') IS NOT NULL;
	at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest(CASE WHEN drawn
		THEN '{Date,Best of,Round,Player_1,Player_2,Rank_1,Rank_2,Pts_1,Pts_2,Winner,score}'::text[]
		ELSE '{Date,Best of,Round,Winner,Loser,WRank,LRank,WPts,LPts,Comment,L1}' END) WITH ORDINALITY AS want (n, i));
	IF names IS NULL OR at[1] IS NULL OR at[2] IS NULL OR at[3] IS NULL OR at[4] IS NULL OR at[5] IS NULL OR at[10] IS NULL OR at[11] IS NULL THEN
		RAISE EXCEPTION 'payload % is not a tennis-data file: its header lacks one of %', load_tennis_data.payload_id,
			CASE WHEN drawn THEN 'Date, Best of, Round, Player_1, Player_2, Winner, score' ELSE 'Date, Best of, Round, Winner, Loser, Comment, L1' END
			USING ERRCODE = 'bad_copy_file_format';
	END IF;
	games_at := (SELECT array_agg(array_position(names, side || n) ORDER BY n, side DESC) FROM generate_series(1, 5) AS n, unnest('{W,L}'::text[]) AS side);
	-- The first column of a file of the tour counts its tournaments under its own name; the other layout has the two players alone.
	SELECT * INTO league FROM sport AS s WHERE s.sport = CASE WHEN names[1] = 'WTA' OR drawn AND (SELECT p.name FROM payload AS p WHERE p.payload_id = load_tennis_data.payload_id) ~* 'wta' THEN 'WTA' ELSE 'ATP' END;

	WITH record AS MATERIALIZED (
		SELECT r.line_no, r.fields, r.raw, r.raw ~ '^[,"[:space:]]*$' AS blank, cell(r.fields, at[1]) AS day, cell(r.fields, at[2]) AS best_of,
			cell(r.fields, at[3]) AS round, cell(r.fields, at[4]) AS first, cell(r.fields, at[5]) AS second, cell(r.fields, at[10]) AS ending,
			-- games of every set, the first player's before the other's
			CASE WHEN drawn THEN cell(r.fields, at[11]) ELSE (SELECT string_agg(concat_ws('-', cell(r.fields, games_at[2 * n - 1]), cell(r.fields, games_at[2 * n])), ' ' ORDER BY n)
				FROM generate_series(1, 5) AS n WHERE cell(r.fields, games_at[2 * n]) IS NOT NULL) END AS sets
		FROM csv_rows(body) AS r WHERE r.line_no > top
	), counted AS MATERIALIZED (
		SELECT r.*, s.won, s.lost, s.turned,
			CASE WHEN drawn THEN iso_day(regexp_replace(regexp_replace(r.day, '^(\d{1,2})/(\d{1,2})/(\d{4})$', '\3-0\1-0\2'), '-0(\d\d)', '-\1', 'g')) ELSE iso_day(r.day) END AS played_on,
			CASE WHEN NOT drawn THEN 1 WHEN r.ending = r.first THEN 1 WHEN r.ending = r.second THEN 2 END AS winner,
			CASE WHEN r.best_of IN ('3', '5') THEN r.best_of::int / 2 + 1 END AS needed
		FROM record AS r
		CROSS JOIN LATERAL (
			-- a set is over at six games and two ahead, or at seven
			SELECT count(*) FILTER (WHERE a > b AND a >= least(greatest(6, b + 2), 7))::int AS won, count(*) FILTER (WHERE b > a AND b >= least(greatest(6, a + 2), 7))::int AS lost,
				string_agg(b || '-' || a, ' ' ORDER BY n) AS turned
			FROM (SELECT n, m[1]::int AS a, m[2]::int AS b FROM regexp_matches(r.sets, '(?:^| )(\d{1,2})-(\d{1,2})(?= |$)', 'g') WITH ORDINALITY AS g (m, n)) AS g) AS s
		WHERE NOT r.blank
	), parsed AS MATERIALIZED (
		SELECT c.*, CASE c.winner WHEN 1 THEN c.won >= c.needed AND c.won > c.lost WHEN 2 THEN c.lost >= c.needed AND c.lost > c.won END AS finished,
			coalesce(a.target, c.first) AS first_name, coalesce(b.target, c.second) AS second_name,
			-- files are in the order of tournaments: a day before the first row's has a wrong year
			first_value(c.played_on) OVER (ORDER BY c.line_no) AS begins,
			-- the year begins in the last days of December
			extract(year FROM c.played_on + 12)::int AS season
		FROM counted AS c
		LEFT JOIN alias AS a ON a.feed = 'tennis_data' AND a.kind = 'team' AND a.pool = league.pool AND a.name = c.first
		LEFT JOIN alias AS b ON b.feed = 'tennis_data' AND b.kind = 'team' AND b.pool = league.pool AND b.name = c.second
	), judged AS MATERIALIZED (
		SELECT p.*, CASE
			WHEN cardinality(p.fields) > cardinality(names)
				AND EXISTS (SELECT FROM generate_series(cardinality(names) + 1, cardinality(p.fields)) AS i WHERE cell(p.fields, i) IS NOT NULL) THEN 'long_row'
			WHEN p.first IS NULL OR p.second IS NULL THEN 'short_row'
			WHEN p.played_on IS NULL OR p.played_on < p.begins - 7 THEN 'bad_date'
			WHEN p.winner IS NULL OR p.needed IS NULL OR (NOT drawn AND (p.ending = ANY ('{Completed,Retired,Walkover,Disqualified,Awarded}')) IS NOT TRUE)
				OR (NOT drawn AND p.ending = 'Completed' AND NOT p.finished) THEN 'bad_score'
			END AS reason,
			first_is_home(p.season, p.first_name, p.second_name) AS first_home
		FROM parsed AS p
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT load_tennis_data.payload_id, j.line_no, j.reason, CASE j.reason
			WHEN 'long_row' THEN format('%s fields under a header of %s, and not empty beyond it', cardinality(j.fields), cardinality(names))
			WHEN 'short_row' THEN 'a player is missing'
			WHEN 'bad_date' THEN format('not a day as %s, or before the file begins: %L', CASE WHEN drawn THEN 'm/d/yyyy' ELSE 'yyyy-mm-dd' END, j.day)
			ELSE format('best of %s, %s, sets %s', coalesce(j.best_of, 'unknown'), coalesce(j.ending, 'no end'), coalesce(j.sets, 'unknown')) END, j.raw, league.sport
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), game_row AS MATERIALIZED (
		SELECT j.*, CASE WHEN j.ending IN ('Walkover', 'Awarded') OR (drawn AND j.sets IS NULL) THEN 'cancelled'
			WHEN j.finished AND (drawn OR j.ending = 'Completed') THEN 'final' ELSE 'abandoned' END AS status
		FROM judged AS j WHERE j.reason IS NULL
	), turn AS MATERIALIZED (
		-- who plays twice on a day begins the second match when the first is over
		SELECT line_no, max(n) AS nth
		FROM (SELECT g.line_no, row_number() OVER (PARTITION BY g.played_on, p.player ORDER BY array_position(rounds, g.round), g.line_no)::int AS n
			FROM game_row AS g CROSS JOIN LATERAL (VALUES (g.first), (g.second)) AS p (player)) AS played
		GROUP BY line_no
	), stat AS MATERIALIZED (
		SELECT n AS name, array_position(names, n) AS place FROM unnest(kept) AS n WHERE n = ANY (names)
	), maker AS MATERIALIZED (
		SELECT c.book, min(h.place) FILTER (WHERE NOT c.second)::int AS place_1, min(h.place) FILTER (WHERE c.second)::int AS place_2
		FROM unnest(names) WITH ORDINALITY AS h (name, place) JOIN tennis_data_column AS c ON c.name = h.name GROUP BY c.book
	), offer AS (
		SELECT ROW(g.line_no, 'h2h', m.book, true, NULL,
			CASE WHEN g.first_home THEN ARRAY[price_1, price_2] ELSE ARRAY[price_2, price_1] END,
			CASE WHEN g.first_home THEN ARRAY[names[m.place_1], names[m.place_2]] ELSE ARRAY[names[m.place_2], names[m.place_1]] END, NULL)::collected_offer AS offer
		FROM game_row AS g CROSS JOIN maker AS m
		CROSS JOIN LATERAL (SELECT cell(g.fields, m.place_1) AS price_1, cell(g.fields, m.place_2) AS price_2 OFFSET 0) AS p
		WHERE num_nonnulls(price_1, price_2) > 0
	)
	SELECT (SELECT count(*) FROM record AS r WHERE r.blank), (SELECT count(*) FROM counted),
		(SELECT coalesce(array_agg(ROW(g.line_no, g.raw, league.sport, g.season, CASE WHEN g.first_home THEN g.first ELSE g.second END,
				CASE WHEN g.first_home THEN g.second ELSE g.first END, 1,
				(g.played_on + league.default_start + (t.nth - 1) * league.duration) AT TIME ZONE league.time_zone, false, true, NULL, g.round,
				CASE WHEN g.status = 'final' THEN CASE WHEN g.first_home THEN g.won ELSE g.lost END END,
				CASE WHEN g.status = 'final' THEN CASE WHEN g.first_home THEN g.lost ELSE g.won END END, g.status,
				(SELECT coalesce(jsonb_object_agg(s.name, to_jsonb(v)), '{}') FROM stat AS s CROSS JOIN LATERAL (SELECT cell(g.fields, s.place) AS v) AS c WHERE v IS NOT NULL)
				|| jsonb_strip_nulls(jsonb_build_object('winner', CASE WHEN (g.winner = 1) = g.first_home THEN 'home' ELSE 'away' END,
					'sets', CASE WHEN g.first_home THEN g.sets ELSE coalesce(g.turned, g.sets) END,
					'home_rank', cell(g.fields, at[CASE WHEN g.first_home THEN 6 ELSE 7 END]), 'away_rank', cell(g.fields, at[CASE WHEN g.first_home THEN 7 ELSE 6 END]),
					'home_points', cell(g.fields, at[CASE WHEN g.first_home THEN 8 ELSE 9 END]), 'away_points', cell(g.fields, at[CASE WHEN g.first_home THEN 9 ELSE 8 END]))), NULL, NULL)::collected_game
			ORDER BY g.line_no), '{}') FROM game_row AS g JOIN turn AS t ON t.line_no = g.line_no),
		(SELECT coalesce(array_agg(o.offer), '{}') FROM offer AS o)
	INTO blank, rows_read, listed, priced;

	SELECT f.games_read, f.quotes_appended INTO games, quotes FROM append_facts(load_tennis_data.payload_id, listed, priced, 'decimal') AS f;
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = load_tennis_data.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = load_tennis_data.rows_read, rows_blank = blank WHERE p.payload_id = load_tennis_data.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_tennis_data(bigint) IS
'Loads a stored payload of feed tennis_data; load_payload() and replay() call it. Reads the layout of tennis-data.co.uk (Winner, Loser, …; days as yyyy-mm-dd) and one with Player_1, Player_2, Winner (m/d/yyyy). The women''s tour is told by the first column, WTA, or in the other layout by a name with wta in it; all else is ATP. Which player is home is decided by a hash of both names and the year, so that the order of a row says nothing; all ground is neutral, and scores are sets. A match that ended by retirement or disqualification is abandoned, a walkover cancelled: neither moves a rating, bets on them settle by settlement_rule, and result.detail has the winner. Files give days alone; a player''s second match of a day begins when the first, by round, is over. The one price a book has of a match is taken as its closing price, known at the start. Returns rows read, games taken, quotes appended and rejects of the payload.';
