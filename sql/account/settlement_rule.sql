-- settlement_rule: what a book does with a game that does not go as planned, as rows, and the grade of a bet by them.

CREATE TABLE settlement_rule (
	sport          text NOT NULL DEFAULT '*',
	market         text NOT NULL DEFAULT '*',
	book           text NOT NULL DEFAULT '*',
	overtime       boolean,
	official_after float8 CHECK (official_after >= 0 AND official_after < 'NaN'),
	decided_stands boolean,
	postponed      interval CHECK (postponed >= interval '0'),
	abandoned      interval CHECK (abandoned >= interval '0'),
	pitchers       text CHECK (pitchers IN ('action', 'listed')),
	absent         text CHECK (absent IN ('void', 'zero')),
	dead_heat      text CHECK (dead_heat IN ('share', 'win', 'push')),
	correction     interval CHECK (correction >= interval '0'),
	decimals       int CHECK (decimals BETWEEN 0 AND 18),
	source         text NOT NULL DEFAULT '',
	builtin        boolean NOT NULL DEFAULT false,
	PRIMARY KEY (sport, market, book)
);
COMMENT ON TABLE settlement_rule IS 'Rules by which bets are settled. Of all rows that fit a bet, a column is taken from the nearest that fills it: a book''s row before one for all books, then a market''s, then a sport''s; NULL leaves it to the others. settlement_terms() shows what comes out. Change a row or add your book''s: it counts for bets that are not settled yet. The shipped rows (builtin) are written from what books commonly say and were not checked against any book''s terms: read those of your book and write its row before money depends on it.';
COMMENT ON COLUMN settlement_rule.sport IS 'A code of sport, a family of sports (soccer, tennis, …), or * for all.';
COMMENT ON COLUMN settlement_rule.market IS 'A market (alternate_… and …_alternate go with their market), player for every market about a player, or * for all.';
COMMENT ON COLUMN settlement_rule.book IS 'A book, or * for all.';
COMMENT ON COLUMN settlement_rule.overtime IS 'true: overtime, extra innings, shoot-outs count; false: the score at the end of the regular time.';
COMMENT ON COLUMN settlement_rule.official_after IS 'What must have been played for bets on a game that was cut short to stand: innings (half an inning less when the home side leads), sets (tennis: a retirement after so many completed sets counts as won by the other; 0: after one ball), else minutes. Infinity: the whole game.';
COMMENT ON COLUMN settlement_rule.decided_stands IS 'true: in a game cut short before that, a total that the score has passed already stands all the same.';
COMMENT ON COLUMN settlement_rule.postponed IS 'A game that does not start within so long of the start that was known when the bet was placed is void. 0: as soon as it is postponed.';
COMMENT ON COLUMN settlement_rule.abandoned IS 'A game that was stopped is void unless it is played to its end within so long of that start.';
COMMENT ON COLUMN settlement_rule.pitchers IS 'Baseball: listed voids a bet when either pitcher who was announced at that time does not start; action does not ask.';
COMMENT ON COLUMN settlement_rule.absent IS 'Player markets: void when the player does not play, or zero: his number is 0.';
COMMENT ON COLUMN settlement_rule.dead_heat IS 'A tie for the places that pay: share divides the stake, win pays in full, push returns it. Used by grade_bet().';
COMMENT ON COLUMN settlement_rule.correction IS 'A corrected score that is known within so long of the first one changes the grade (reversal and new return); a later one does not.';
COMMENT ON COLUMN settlement_rule.decimals IS 'Digits after the point to which the book pays: 2 for cents, 0 for yen, 8 for bitcoin.';
COMMENT ON COLUMN settlement_rule.source IS 'Where the rule is from, in words; of a shipped row from general knowledge, to be checked against the book''s own rules.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.settlement_rule', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON settlement_rule FOR EACH ROW EXECUTE FUNCTION keep_own_row('sport', 'market', 'book');

INSERT INTO settlement_rule (overtime, official_after, decided_stands, postponed, abandoned, pitchers, absent, dead_heat, correction, decimals, source, builtin) VALUES
	(true, 'Infinity', true, '24 hours', '24 hours', 'action', 'void', 'share', '3 days', 2,
		'What most books write: overtime counts, a game must be played on its day and to its end, what is decided stands, a player who does not play is void, ties share', true);
INSERT INTO settlement_rule (sport, market, book, overtime, official_after, postponed, abandoned, pitchers, source, builtin) VALUES
	('soccer', '*', '*', false, 90, '48 hours', '48 hours', NULL, 'European books: 90 minutes and stoppage time; void unless played within 48 hours', true),
	('american_football', '*', '*', NULL, 55, '6 days', '6 days', NULL, 'Books on the NFL: official after 55 minutes; played in the same week of the schedule, Thursday to Wednesday', true),
	('american_football', 'totals', '*', NULL, 60, NULL, NULL, NULL, 'Totals need the whole game', true),
	('basketball', '*', '*', NULL, 43, NULL, NULL, NULL, 'Books on the NBA: official after 43 of 48 minutes', true),
	('basketball', 'totals', '*', NULL, 48, NULL, NULL, NULL, 'Totals need the whole game', true),
	('WNBA', '*', '*', NULL, 35, NULL, NULL, NULL, 'Five minutes short of 40', true),
	('WNBA', 'totals', '*', NULL, 40, NULL, NULL, NULL, 'Totals need the whole game', true),
	('hockey', '*', '*', NULL, 55, NULL, NULL, NULL, 'Books on the NHL: official after 55 minutes, shoot-out included', true),
	('hockey', 'totals', '*', NULL, 60, NULL, NULL, NULL, 'Totals need the whole game', true),
	('baseball', '*', '*', NULL, 9, NULL, NULL, 'action', 'Run lines and totals: nine innings, eight and a half when the home side leads; American books: action whoever pitches', true),
	('baseball', 'h2h', '*', NULL, 5, NULL, NULL, NULL, 'Moneylines: five innings, four and a half when the home side leads', true),
	('baseball', '*', 'pinnacle', NULL, NULL, NULL, NULL, 'listed', 'Pinnacle: both pitchers must start unless the bettor says otherwise', true),
	('tennis', '*', '*', NULL, NULL, '14 days', '14 days', NULL, 'Bets stand until the match is played, whatever the day; handicaps and totals need the whole match', true),
	('tennis', 'h2h', '*', NULL, 1, NULL, NULL, NULL, 'Exchanges, Pinnacle and most books: a retirement counts once a set is complete', true),
	('tennis', 'h2h', 'bet365', NULL, 'Infinity', NULL, NULL, NULL, 'bet365: void unless the match is completed', true);
-- Three ways: the draw is of the regular time, whatever the sport.
INSERT INTO settlement_rule (market, overtime, source, builtin) VALUES ('h2h_3_way', false, 'Three ways are the regular time, whatever the sport', true);

CREATE TABLE player_market (
	market  text PRIMARY KEY,
	role    text NOT NULL CHECK (role IN ('player', 'batter', 'pitcher')),
	stats   text[] NOT NULL CHECK (cardinality(stats) > 0),
	builtin boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE player_market IS 'Which numbers of player_game.stats a market about a player adds up. A market that is not here is graded by hand.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.player_market', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON player_market FOR EACH ROW EXECUTE FUNCTION keep_own_row('market');
INSERT INTO player_market (market, role, stats, builtin) VALUES
	('player_points', 'player', '{points}', true), ('player_rebounds', 'player', '{rebounds}', true), ('player_assists', 'player', '{assists}', true),
	('player_threes', 'player', '{threes}', true), ('player_blocks', 'player', '{blocks}', true), ('player_steals', 'player', '{steals}', true),
	('player_turnovers', 'player', '{turnovers}', true), ('player_blocks_steals', 'player', '{blocks,steals}', true),
	('player_points_rebounds_assists', 'player', '{points,rebounds,assists}', true), ('player_points_rebounds', 'player', '{points,rebounds}', true),
	('player_points_assists', 'player', '{points,assists}', true), ('player_rebounds_assists', 'player', '{rebounds,assists}', true),
	('batter_hits', 'batter', '{hits}', true), ('batter_home_runs', 'batter', '{home_runs}', true), ('batter_total_bases', 'batter', '{total_bases}', true),
	('batter_walks', 'batter', '{walks}', true), ('batter_strikeouts', 'batter', '{strikeouts}', true), ('batter_doubles', 'batter', '{doubles}', true),
	('pitcher_strikeouts', 'pitcher', '{strikeouts}', true), ('pitcher_hits_allowed', 'pitcher', '{hits}', true), ('pitcher_walks', 'pitcher', '{walks}', true),
	('pitcher_earned_runs', 'pitcher', '{earned_runs}', true), ('pitcher_outs', 'pitcher', '{outs}', true);

CREATE FUNCTION settlement_terms(sport text, market text, book text)
RETURNS TABLE (overtime boolean, official_after float8, decided_stands boolean, postponed interval, abandoned interval, pitchers text, absent text,
	dead_heat text, correction interval, decimals int)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT (array_agg(r.overtime) FILTER (WHERE r.overtime IS NOT NULL))[1],
		(array_agg(r.official_after) FILTER (WHERE r.official_after IS NOT NULL))[1],
		(array_agg(r.decided_stands) FILTER (WHERE r.decided_stands IS NOT NULL))[1],
		(array_agg(r.postponed) FILTER (WHERE r.postponed IS NOT NULL))[1],
		(array_agg(r.abandoned) FILTER (WHERE r.abandoned IS NOT NULL))[1],
		(array_agg(r.pitchers) FILTER (WHERE r.pitchers IS NOT NULL))[1],
		(array_agg(r.absent) FILTER (WHERE r.absent IS NOT NULL))[1],
		(array_agg(r.dead_heat) FILTER (WHERE r.dead_heat IS NOT NULL))[1],
		(array_agg(r.correction) FILTER (WHERE r.correction IS NOT NULL))[1],
		(array_agg(r.decimals) FILTER (WHERE r.decimals IS NOT NULL))[1]
	FROM (
		SELECT x.*, (x.book = '*')::int * 100 + array_position(w.markets, x.market) * 10 + array_position(w.sports, x.sport) AS near
		FROM sport AS k
		CROSS JOIN LATERAL (SELECT ARRAY[k.sport, k.family, '*'] AS sports,
			ARRAY[settlement_terms.market, regexp_replace(settlement_terms.market, '^alternate_|_alternate$', ''), CASE WHEN is_player_market(settlement_terms.market) THEN 'player' END, '*'] AS markets) AS w
		JOIN settlement_rule AS x ON x.sport = ANY (w.sports) AND x.market = ANY (w.markets) AND x.book IN (settlement_terms.book, '*')
		WHERE k.sport = settlement_terms.sport
		ORDER BY near) AS r;
END;
COMMENT ON FUNCTION settlement_terms(text, text, text) IS
'What settlement_rule says of a sport, a market and a book: every column from the nearest row that fills it (a book''s before one for all books, then a market''s, then a sport''s).';

-- ---- what was played ------------------------------------------------------------------------

CREATE FUNCTION regulation_score(family text, detail jsonb, home_score int, away_score int) RETURNS TABLE (home int, away int)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT CASE WHEN s.whole THEN home_score ELSE coalesce(s.home, s.level) END, CASE WHEN s.whole THEN away_score ELSE coalesce(s.away, s.level) END
	FROM (
		SELECT p.overtime = '0' OR family = 'soccer' AND num_nonnulls(p.overtime, p.home[1]) = 0 AS whole,
			-- one goal ends an overtime of hockey
			CASE WHEN family = 'hockey' AND p.overtime <> '0' THEN least(home_score, away_score) END AS level,
			(SELECT sum(v) FROM unnest(p.home) AS v HAVING count(v) = p.n)::int AS home, (SELECT sum(v) FROM unnest(p.away) AS v HAVING count(v) = p.n)::int AS away
		FROM (
			SELECT k.n, detail ->> 'overtime' AS overtime,
				ARRAY(SELECT whole_number(regexp_replace(coalesce(detail #>> ARRAY['home_periods', (i - 1)::text], detail ->> ('home_' || k.part || i)), '\.0+$', '')) FROM generate_series(1, k.n) AS i ORDER BY i) AS home,
				ARRAY(SELECT whole_number(regexp_replace(coalesce(detail #>> ARRAY['away_periods', (i - 1)::text], detail ->> ('away_' || k.part || i)), '\.0+$', '')) FROM generate_series(1, k.n) AS i ORDER BY i) AS away
			FROM (SELECT CASE family WHEN 'soccer' THEN 2 WHEN 'hockey' THEN 3 WHEN 'baseball' THEN 9 ELSE 4 END AS n, CASE family WHEN 'hockey' THEN 'p' ELSE 'q' END AS part) AS k OFFSET 0) AS p OFFSET 0) AS s;
END;
COMMENT ON FUNCTION regulation_score(text, jsonb, int, int) IS
'The score at the end of the regular time, from what a result''s detail says of periods and overtime (ESPN''s home_periods, sportsbookreview''s home_p1 … and home_q1 …, overtime = 0, and of hockey that one goal ends an overtime). A soccer result that says nothing of overtime is of 90 minutes. NULL where it is not told.';

CREATE FUNCTION game_played(family text, detail jsonb) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce((detail ->> 'played')::float8, CASE family
		WHEN 'tennis' THEN (SELECT count(*) FROM regexp_matches(detail ->> 'sets', '(\d{1,2})-(\d{1,2})', 'g') AS m
			WHERE greatest(m[1]::int, m[2]::int) >= least(greatest(6, least(m[1]::int, m[2]::int) + 2), 7))
		WHEN 'baseball' THEN coalesce(jsonb_array_length(detail -> 'home_periods') + jsonb_array_length(detail -> 'away_periods'),
			(SELECT count(*) FROM regexp_matches(concat_ws('|', detail ->> 'home_innings', detail ->> 'away_innings'), '\d+', 'g'))::int) / 2.0 END)
	WHERE detail ?| '{played,sets,home_periods,home_innings}';
END;
COMMENT ON FUNCTION game_played(text, jsonb) IS
'How much of a game was played, from its result''s detail: completed sets (sets), innings, halves counted (home_periods, home_innings), else minutes under the name played, which stands before all others. NULL where it is not told: then the whole game was.';

CREATE FUNCTION listed_pitchers_start(game_id bigint, placed_at timestamptz, as_of timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(bool_and(l.value = coalesce(s.player_id, n.value)), true)
	FROM game AS g
	CROSS JOIN LATERAL pregames(g.game_id, placed_at) AS l
	JOIN LATERAL pregames(g.game_id, as_of) AS n ON n.side = l.side AND n.item = l.item
	LEFT JOIN LATERAL (
		-- a name that is no id cannot be compared with one
		SELECT p.player_id FROM player_game AS p WHERE p.game_id = g.game_id AND p.role = 'pitcher' AND p.starter AND p.known_at <= listed_pitchers_start.as_of
		  AND p.team_id = CASE l.side WHEN 'home' THEN g.home_id ELSE g.away_id END AND EXISTS (SELECT FROM players AS k WHERE k.pool = p.pool AND k.player_id = l.value)
		ORDER BY p.known_at DESC, p.recorded_at DESC LIMIT 1) AS s ON true
	WHERE g.game_id = listed_pitchers_start.game_id AND l.item = 'pitcher';
END;
COMMENT ON FUNCTION listed_pitchers_start(bigint, timestamptz, timestamptz) IS
'Whether the pitchers that were announced when a bet was placed started the game, as known at as_of: by the players'' lines where they are loaded, else by who was named last. True where nobody was announced.';

CREATE FUNCTION is_graded_market(market text) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT replace(market, 'alternate_', '') = ANY ('{h2h,h2h_3_way,draw_no_bet,double_chance,btts,spreads,totals,team_totals}') OR EXISTS (SELECT FROM player_market AS p WHERE p.market = regexp_replace(is_graded_market.market, '_alternate$', ''));
END;
COMMENT ON FUNCTION is_graded_market(text) IS 'Whether bets on a market are settled by settle_bets(): those of settle_bet() and of player_market. Others (a half, a quarter, a lay, outrights) are open until grade_bet() says what they came to.';

CREATE FUNCTION is_taken_back(said result, as_of timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT EXISTS (SELECT FROM result AS r WHERE r.game_id = said.game_id AND r.status = 'scheduled' AND r.known_at > said.known_at AND r.known_at <= is_taken_back.as_of);
END;
COMMENT ON FUNCTION is_taken_back(result, timestamptz) IS 'Whether a result was taken back by as_of: a later row says that the game is still to be played. What it had settled stays booked until there is a result again.';

-- ---- the grade ------------------------------------------------------------------------------

CREATE TYPE bet_to_grade AS (
	bet_id      bigint,
	game_id     bigint,
	placed_at   timestamptz,
	market      text,
	side        text,
	line        float8,
	book        text,
	price       float8,
	stake       numeric,
	participant text,
	result      text,
	paid        numeric
);
COMMENT ON TYPE bet_to_grade IS 'A bet, and how it stands: what was staked on what, when, and of a settled one the result and what was paid back (NULL: open). bet_id is only handed on.';

CREATE FUNCTION bet_grades(bets bet_to_grade[], as_of timestamptz DEFAULT now())
RETURNS TABLE (bet bet_to_grade, result text, payout numeric, known_at timestamptz, reason text, decimals int)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	SELECT o, s.result, s.payout, v.known_at, v.reason, q.decimals
	FROM (
		-- the rules are looked up once for all bets on a market at a book, a game is read once for those of them that were placed at a time
		SELECT x.market, x.of_player, x.is_graded, x.base, k.sport, k.family, k.outcomes, b.commission, t.official_after, t.decided_stands, t.absent, t.correction, coalesce(t.decimals, 2) AS decimals,
			g.game_id, g.season, y.bets, d.known_at AS decided_at, e.retired, e.home, e.away, c.detail ->> 'winner' AS winner, h.played,
			CASE WHEN e.overdue THEN p.until ELSE coalesce(c.known_at, d.known_at) END AS known_at,
			CASE WHEN e.overdue THEN format('%s, and not played within %s', p.status, p.patience)
				WHEN d.status IN ('cancelled', 'awarded') THEN d.status
				WHEN f.starts_at + t.postponed < (SELECT z.starts_at FROM fixture AS z WHERE z.game_id = g.game_id AND z.known_at <= d.known_at
					ORDER BY z.known_at DESC, z.recorded_at DESC LIMIT 1) THEN format('played later than %s after its start', t.postponed)
				WHEN t.pitchers = 'listed' AND k.family = 'baseball' AND NOT listed_pitchers_start(g.game_id, y.placed_at, c.known_at) THEN 'a listed pitcher did not start' END AS void
		FROM (SELECT l.sport, n.market, n.book, array_agg(n) AS bets, is_player_market(n.market) AS of_player, is_graded_market(n.market) AS is_graded, replace(n.market, 'alternate_', '') AS base
			FROM unnest(bet_grades.bets) AS n JOIN game AS l ON l.game_id = n.game_id GROUP BY l.sport, n.market, n.book) AS x
		JOIN sport AS k ON k.sport = x.sport
		JOIN book AS b ON b.book = x.book
		CROSS JOIN LATERAL settlement_terms(x.sport, x.market, x.book) AS t
		CROSS JOIN LATERAL (SELECT n.game_id, n.placed_at, array_agg(n) AS bets FROM unnest(x.bets) AS n GROUP BY n.game_id, n.placed_at) AS y
		JOIN game AS g ON g.game_id = y.game_id
		LEFT JOIN LATERAL (SELECT z.starts_at FROM fixture AS z WHERE z.game_id = g.game_id AND z.known_at <= y.placed_at
			ORDER BY z.known_at DESC, z.recorded_at DESC LIMIT 1) AS f ON true
		-- the first news after the bet, so that it does not matter when this is called; what was known when it was placed is no news of it
		LEFT JOIN LATERAL (SELECT z.status, z.known_at, CASE WHEN n.patience > interval '0' THEN greatest(z.known_at, f.starts_at + n.patience + k.duration) ELSE z.known_at END AS until, n.patience
			FROM result AS z CROSS JOIN LATERAL (SELECT CASE z.status WHEN 'postponed' THEN t.postponed ELSE t.abandoned END AS patience) AS n
			WHERE z.game_id = g.game_id AND z.known_at > y.placed_at AND z.known_at <= bet_grades.as_of
			  AND (z.status = 'postponed' OR z.status = 'abandoned' AND NOT z.detail ? 'winner')
			ORDER BY z.known_at, z.recorded_at LIMIT 1) AS p ON true
		LEFT JOIN LATERAL (SELECT z.* FROM result AS z
			WHERE z.game_id = g.game_id AND z.known_at > y.placed_at AND z.known_at <= bet_grades.as_of
			  AND (z.status IN ('final', 'awarded', 'cancelled') OR z.status = 'abandoned' AND z.detail ? 'winner')
			  AND NOT is_taken_back(z, bet_grades.as_of)
			ORDER BY z.known_at, z.recorded_at LIMIT 1) AS d ON true
		LEFT JOIN LATERAL (SELECT z.* FROM result AS z
			WHERE z.game_id = g.game_id AND z.known_at >= d.known_at AND z.known_at <= bet_grades.as_of AND z.known_at <= d.known_at + t.correction
			  AND (z.status = 'final' OR z.status = 'abandoned' AND z.detail ? 'winner') AND d.status IN ('final', 'abandoned') AND NOT is_taken_back(z, bet_grades.as_of)
			ORDER BY z.known_at DESC, z.recorded_at DESC LIMIT 1) AS c ON true
		CROSS JOIN LATERAL (SELECT c.status = 'abandoned' AS retired, CASE WHEN t.overtime THEN c.home_score ELSE r.home END AS home, CASE WHEN t.overtime THEN c.away_score ELSE r.away END AS away,
				p.until <= bet_grades.as_of AND (d.known_at > p.until) IS NOT FALSE AS overdue
			FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT z.* FROM regulation_score(k.family, c.detail, c.home_score, c.away_score) AS z WHERE NOT t.overtime) AS r ON true OFFSET 0) AS e
		CROSS JOIN LATERAL (SELECT CASE WHEN c.detail ?| '{played,sets,home_periods,home_innings}' THEN game_played(k.family, c.detail) END AS played OFFSET 0) AS h
		WHERE d.known_at IS NOT NULL OR e.overdue
		OFFSET 0) AS q
	CROSS JOIN LATERAL unnest(q.bets) AS o
	CROSS JOIN LATERAL (SELECT CASE WHEN q.market LIKE '%team_totals' AND o.participant IN ('home', 'away') THEN o.participant || '_' || o.side ELSE o.side END AS side OFFSET 0) AS a
	-- a player's number, once the players' lines of the game are there
	LEFT JOIN LATERAL (SELECT max(x.known_at) AS known_at, coalesce(bool_or(x.player_id = o.participant AND x.minutes IS DISTINCT FROM 0), false) AS played,
			-- a count that the feed leaves empty is unknown, not 0
			CASE WHEN count(*) FILTER (WHERE x.player_id = o.participant AND x.minutes IS DISTINCT FROM 0 AND y.value IS NULL) = 0
				THEN coalesce(sum(y.value) FILTER (WHERE x.player_id = o.participant), 0)::int END AS number
		FROM player_market AS m
		CROSS JOIN LATERAL (SELECT DISTINCT ON (z.player_id) z.player_id, z.minutes, z.stats, z.known_at FROM player_game AS z
			WHERE z.game_id = q.game_id AND z.role = m.role AND z.known_at <= bet_grades.as_of AND z.known_at <= q.decided_at + q.correction
			ORDER BY z.player_id, z.known_at DESC, z.recorded_at DESC) AS x
		CROSS JOIN LATERAL (SELECT CASE WHEN count(*) = count(x.stats ->> w) THEN sum((x.stats ->> w)::float8) END AS value FROM unnest(m.stats) AS w) AS y
		WHERE q.of_player AND m.market = regexp_replace(q.market, '_alternate$', '')
		HAVING count(*) > 0) AS l ON true
	CROSS JOIN LATERAL (SELECT CASE WHEN q.of_player THEN l.number WHEN q.base = 'totals' THEN q.home + q.away
			WHEN q.base = 'team_totals' THEN CASE WHEN a.side LIKE 'home%' THEN q.home ELSE q.away END END AS value OFFSET 0) AS n
	CROSS JOIN LATERAL (SELECT CASE
			WHEN q.void IS NOT NULL THEN q.void
			WHEN q.retired AND q.market <> 'h2h' THEN 'retired'
			WHEN q.retired AND coalesce(q.played, 0) < q.official_after THEN 'retired too early'
			WHEN q.family <> 'tennis' AND q.played < q.official_after - CASE WHEN q.family = 'baseball' AND q.home > q.away THEN 0.5 ELSE 0 END
				-- double-headers of these two seasons had seven innings
				AND NOT (q.sport = 'MLB' AND q.season IN (2020, 2021) AND q.played BETWEEN 6.5 AND 7)
				AND NOT (q.decided_stands AND coalesce(n.value > o.line, false)) THEN 'cut short'
			WHEN q.of_player AND q.absent = 'void' AND NOT l.played THEN 'the player did not play' END AS void OFFSET 0) AS w
	CROSS JOIN LATERAL (SELECT greatest(q.known_at, CASE WHEN w.void IS NULL OR w.void LIKE 'the player%' THEN l.known_at END) AS known_at,
			coalesce(w.void, CASE WHEN q.retired THEN 'retired' WHEN q.of_player THEN n.value::text ELSE q.home || '-' || q.away END) AS reason OFFSET 0) AS v
	CROSS JOIN LATERAL settle_bet(
		CASE WHEN w.void IS NOT NULL THEN 'h2h' WHEN NOT q.of_player THEN CASE WHEN q.is_graded THEN q.market END WHEN n.value IS NOT NULL THEN 'totals' END,
		CASE WHEN q.of_player THEN CASE a.side WHEN 'yes' THEN 'over' WHEN 'no' THEN 'under' ELSE a.side END ELSE a.side END,
		CASE WHEN q.of_player THEN coalesce(o.line, 0.5) ELSE o.line END,
		CASE WHEN q.of_player THEN n.value WHEN q.retired THEN (q.winner = 'home')::int ELSE q.home END,
		CASE WHEN q.of_player THEN 0 WHEN q.retired THEN (q.winner = 'away')::int ELSE q.away END,
		o.price, o.stake, CASE WHEN w.void IS NULL THEN 'final' ELSE 'cancelled' END, q.outcomes = 3, q.commission) AS s
	WHERE s.result IS NOT NULL;
END;
COMMENT ON FUNCTION bet_grades(bet_to_grade[], timestamptz) IS
'What bets came to by what was known at as_of and by settlement_rule, each as bet_grade() says it, all at once: beside every bet result, payout, since when and why. No row of a bet that is open.';

CREATE FUNCTION bet_grade(game_id bigint, placed_at timestamptz, market text, side text, line float8, book text, price float8, stake numeric,
	participant text DEFAULT NULL, as_of timestamptz DEFAULT now())
RETURNS TABLE (result text, payout numeric, known_at timestamptz, reason text, decimals int)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT g.result, g.payout, g.known_at, g.reason, g.decimals
	FROM bet_grades(ARRAY[ROW(NULL, bet_grade.game_id, bet_grade.placed_at, bet_grade.market, bet_grade.side, bet_grade.line, bet_grade.book, bet_grade.price, bet_grade.stake,
		bet_grade.participant, NULL, NULL)::bet_to_grade], bet_grade.as_of) AS g;
END;
COMMENT ON FUNCTION bet_grade(bigint, timestamptz, text, text, float8, text, float8, numeric, text, timestamptz) IS
'What a bet on a game came to by what was known at as_of and by settlement_rule: result and payout (as settle_bet(), after the book''s commission; exact, and the decimals to which the book rounds it), when that was known, and why (the score, or what made it void). No row while it is open: no news since it was placed, a postponed game that may still be played in time, players'' lines not loaded, a market that is graded by hand. participant as quote.participant: the player of a player market (then also side yes and no), home or away of team_totals. The first result known after the bet grades it, and a corrected one known within settlement_rule.correction of it.';
