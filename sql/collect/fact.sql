-- fact: from what a loader read in a payload to games, fixtures, results and quotes. Every feed ends here.

CREATE TYPE collected_game AS (
	line_no    int,
	raw        text,
	sport      text,
	season     int,
	home       text,
	away       text,
	number     int,
	starts_at  timestamptz,
	time_known boolean,
	neutral    boolean,
	week       int,
	stage      text,
	home_score int,
	away_score int,
	status     text,
	detail     jsonb,
	event_id   text,
	seen_at    timestamptz
);
COMMENT ON TYPE collected_game IS 'A game as a loader read it: teams still under the feed''s names, status NULL when the feed does not say that it is over, scheduled or live where it says that it is not (still to be played, being played): that takes back what it said before; number: which of the pairing''s games of that day it is, 1 but for double-headers; event_id: the feed''s own id (sport:id where ids are shared by leagues), NULL for feeds that list whole seasons without one; seen_at: when the feed said so, if that was before the payload came (history), NULL otherwise.';

CREATE TYPE collected_offer AS (
	line_no int,
	market  text,
	book    text,
	closing boolean,
	line    text,
	prices  text[],
	columns text[],
	problem text
);
COMMENT ON TYPE collected_offer IS 'One book''s market on the game of the same line_no, as text. prices are home, draw, away or home, away or over, under, and columns the names of their cells; line is the home side''s handicap or the total; problem: what the loader found wrong with the line, NULL mostly.';

CREATE TABLE replayed_start (
	game_id   bigint NOT NULL,
	starts_at timestamptz NOT NULL,
	PRIMARY KEY (game_id, starts_at)
);
COMMENT ON TABLE replayed_start IS 'During replay(): every start that each game had before it. Empty otherwise.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.replayed_start', 'WHERE false');

CREATE FUNCTION append_facts(payload_id bigint, games collected_game[], offers collected_offer[], odds_format text)
RETURNS TABLE (games_read int, quotes_appended int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
-- The planner knows nothing of the rows in an array, and would loop over them. One plan serves a session, however its tables grow;
-- the checks of foreign keys run under these settings too, and a plan of its own for every row took a third of a load.
SET enable_nestloop = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	source payload;
	replaying CONSTANT boolean := EXISTS (SELECT FROM replayed_start);
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_facts.payload_id;
	RETURN QUERY
	WITH named AS (
		SELECT g.*, o.status, s.pool, s.time_zone, s.duration, s.overround_limit, h.target AS home_team, a.target AS away_team,
			-- The same event, or where a feed has no ids the same game of that day.
			row_number() OVER (PARTITION BY g.home COLLATE "C", g.away COLLATE "C", CASE WHEN g.event_id IS NULL THEN (g.starts_at AT TIME ZONE s.time_zone)::date END, CASE WHEN g.event_id IS NULL THEN g.number END,
				CASE WHEN g.event_id IS NULL THEN g.season END, g.event_id, g.sport ORDER BY g.line_no) AS copy,
			-- Prices of games still to be played were seen before the first of them began.
			least(source.received_at, min(g.starts_at) FILTER (WHERE o.status IS NULL) OVER ()) AS priced_at,
			least(source.received_at, g.seen_at) AS told_at, e.game_id AS event_game
		FROM unnest(games) AS g (line_no, raw, sport, season, home, away, number, starts_at, time_known, neutral, week, stage, home_score, away_score, said, detail, event_id, seen_at)
		CROSS JOIN LATERAL (SELECT CASE WHEN g.said NOT IN ('scheduled', 'live') THEN g.said END AS status) AS o
		JOIN sport AS s ON s.sport = g.sport
		LEFT JOIN LATERAL (SELECT x.game_id FROM game_event AS x WHERE x.feed = source.feed AND x.event_id = g.event_id OFFSET 0) AS e ON true
		LEFT JOIN alias AS h ON h.feed = source.feed AND h.kind = 'team' AND h.pool = s.pool AND h.name = g.home
		LEFT JOIN alias AS a ON a.feed = source.feed AND a.kind = 'team' AND a.pool = s.pool AND a.name = g.away
	), judged AS MATERIALIZED (
		SELECT n.*, CASE
			WHEN n.home_team IS NULL OR n.away_team IS NULL THEN 'unknown_team'
			WHEN n.home_team = n.away_team THEN 'same_team'
			WHEN n.copy > 1 THEN 'duplicate_row' END AS reason
		FROM named AS n
	), settled AS MATERIALIZED (
		-- Events of which the feed has said all this before: nothing to do.
		SELECT j.line_no FROM judged AS j
		CROSS JOIN LATERAL (SELECT f.* FROM fixture AS f JOIN payload AS p ON p.payload_id = f.payload_id AND p.feed = source.feed
		                    WHERE f.game_id = j.event_game AND f.recorded_at <= source.received_at AND f.known_at <= greatest(j.told_at, j.starts_at - interval '14 days')
		                    ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS told
		WHERE j.reason IS NULL AND j.event_game IS NOT NULL AND j.said IS NULL AND j.time_known AND j.detail = '{}' AND cardinality(offers) = 0
		  AND (j.starts_at, j.neutral, j.week, j.stage) IS NOT DISTINCT FROM (told.starts_at, told.neutral, told.week, told.stage) AND told.time_known
	), news AS MATERIALIZED (
		SELECT j.* FROM judged AS j LEFT JOIN settled AS s ON s.line_no = j.line_no WHERE j.reason IS NULL AND s.line_no IS NULL
	), pairing AS MATERIALIZED (
		SELECT sport, season, pool, home_team, away_team, stable_id(pool || ':' || home_team) AS home_id, stable_id(pool || ':' || away_team) AS away_id,
			min(starts_at) AS first_start
		FROM news GROUP BY sport, season, pool, home_team, away_team
	), known AS MATERIALIZED (
		-- What is there of each pairing, at either ground: another feed may have its sides the other way round.
		SELECT p.sport, p.season, p.home_team, p.away_team, g.game_id, g.game_key, g.home_id <> p.home_id AS swapped, f.starts_at,
			CASE WHEN g.home_id = p.home_id AND g.season = p.season THEN substring(g.game_key FROM '\d+$')::int END AS number,
			-- Games that were played before those of this payload, which may be a part of the season, keep their numbers.
			f.starts_at < p.first_start - interval '3 days' AND EXISTS (
				SELECT FROM result AS r WHERE r.game_id = g.game_id AND r.home_score IS NOT NULL AND r.recorded_at <= source.received_at)
			-- and so do those that another feed knows by their ids and this one has never told of
			OR EXISTS (SELECT FROM game_event AS e WHERE e.game_id = g.game_id AND e.feed <> source.feed)
				AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = g.game_id AND (SELECT p.feed FROM payload AS p WHERE p.payload_id = x.payload_id) = source.feed)
			OR f.is_remembered AS is_kept
		FROM pairing AS p
		CROSS JOIN LATERAL (
			SELECT x.* FROM game AS x WHERE x.home_id = p.home_id AND x.away_id = p.away_id AND x.sport = p.sport AND abs(x.season - p.season) <= 1
			UNION ALL
			SELECT x.* FROM game AS x WHERE x.home_id = p.away_id AND x.away_id = p.home_id AND x.sport = p.sport AND abs(x.season - p.season) <= 1 OFFSET 0) AS g
		-- As it stood when this payload came; of games that later payloads brought before it was loaded, what they said.
		CROSS JOIN LATERAL (
			(SELECT f.starts_at, false AS is_remembered FROM fixture AS f WHERE f.game_id = g.game_id
			 ORDER BY f.recorded_at <= source.received_at DESC, f.known_at DESC, f.recorded_at DESC LIMIT 1)
			-- In a replay a game that is not told of again yet keeps its number, whichever payload names it first now.
			UNION ALL SELECT r.starts_at, true FROM replayed_start AS r
			WHERE replaying AND r.game_id = g.game_id AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = g.game_id)) AS f
	), near AS (
		-- The same fixture: the same two teams within 12 hours, one to one, the nearest first.
		SELECT j.line_no, k.game_id, k.game_key, k.swapped,
			row_number() OVER (PARTITION BY j.line_no ORDER BY abs(extract(epoch FROM k.starts_at - j.starts_at)), k.swapped, k.game_key) AS of_row,
			row_number() OVER (PARTITION BY k.game_id ORDER BY abs(extract(epoch FROM k.starts_at - j.starts_at)), k.swapped, j.line_no) AS of_game
		FROM news AS j
		JOIN known AS k ON k.sport = j.sport AND k.season = j.season AND k.home_team = j.home_team AND k.away_team = j.away_team
		WHERE j.event_game IS NULL AND k.starts_at BETWEEN j.starts_at - interval '12 hours' AND j.starts_at + interval '12 hours'
		  AND NOT EXISTS (SELECT FROM game_event AS e WHERE e.game_id = k.game_id AND e.feed = source.feed AND e.event_id <> j.event_id)
	), same AS MATERIALIZED (
		SELECT n.line_no, n.game_key, n.swapped FROM near AS n WHERE n.of_row = 1 AND n.of_game = 1
		UNION ALL
		SELECT j.line_no, g.game_key, g.home_team <> j.home_team
		FROM news AS j CROSS JOIN LATERAL (SELECT x.game_key, (SELECT t.name FROM team AS t WHERE t.team_id = x.home_id) AS home_team
		                                   FROM game AS x WHERE x.game_id = j.event_game OFFSET 0) AS g
	), used AS MATERIALIZED (
		SELECT k.sport, k.season, k.home_team, k.away_team, array_agg(k.number) AS numbers,
			array_agg(k.number) FILTER (WHERE k.is_kept OR s.line_no IS NOT NULL) AS kept
		FROM known AS k LEFT JOIN same AS s ON s.game_key = k.game_key
		WHERE k.number IS NOT NULL GROUP BY k.sport, k.season, k.home_team, k.away_team
	), numbered AS (
		-- A game that is not there yet takes the next number that is free; one of a whole season's list, that of a game which moved.
		SELECT n.*, coalesce(n.old_key, concat_ws(':', n.sport, n.season, n.home_team, n.away_team, CASE WHEN n.spent IS NULL THEN n.nth ELSE
			(SELECT i FROM generate_series(1, cardinality(n.spent) + n.nth) AS i WHERE i <> ALL (n.spent) ORDER BY i OFFSET n.nth - 1 LIMIT 1) END)) AS game_key
		FROM (
			SELECT j.*, p.home_id, p.away_id, coalesce(s.swapped, false) AS swapped, s.game_key AS old_key,
				CASE WHEN j.event_id IS NULL THEN u.kept ELSE u.numbers END AS spent,
				row_number() OVER (PARTITION BY j.sport, j.season, j.home_team, j.away_team, s.line_no IS NULL ORDER BY j.starts_at, j.line_no) AS nth
			FROM news AS j
			JOIN pairing AS p ON p.sport = j.sport AND p.season = j.season AND p.home_team = j.home_team AND p.away_team = j.away_team
			LEFT JOIN same AS s ON s.line_no = j.line_no
			LEFT JOIN used AS u ON u.sport = j.sport AND u.season = j.season AND u.home_team = j.home_team AND u.away_team = j.away_team) AS n
	), met AS MATERIALIZED (
		SELECT n.line_no, n.raw, n.sport, n.season, n.home_id, n.away_id, n.game_key, stable_id(n.game_key) AS game_id, n.event_id, n.swapped,
			n.pool, n.time_zone, n.duration, n.overround_limit, n.priced_at, n.told_at, n.starts_at, n.time_known, n.neutral, n.week, n.stage, n.said, n.status, n.detail,
			CASE WHEN n.swapped THEN n.away_score ELSE n.home_score END AS home_score, CASE WHEN n.swapped THEN n.home_score ELSE n.away_score END AS away_score
		FROM numbered AS n
	), other AS MATERIALIZED (
		-- What another feed has told of games of which this row has the day alone.
		SELECT m.line_no, f.feed, f.starts_at, f.time_known, f.neutral, f.week, f.stage, r.home_score, r.away_score,
			(f.starts_at AT TIME ZONE m.time_zone)::date AS day, (m.starts_at AT TIME ZONE m.time_zone)::date AS row_day
		FROM met AS m
		CROSS JOIN LATERAL (SELECT x.*, p.feed FROM fixture AS x JOIN payload AS p ON p.payload_id = x.payload_id AND p.feed <> source.feed
		                    WHERE x.game_id = m.game_id AND x.time_known AND x.recorded_at <= source.received_at
		                    ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f
		LEFT JOIN LATERAL (SELECT x.* FROM result AS x JOIN payload AS p ON p.payload_id = x.payload_id AND p.feed = f.feed
		                   WHERE x.game_id = m.game_id AND x.recorded_at <= source.received_at
		                   ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS r ON true
		WHERE NOT m.time_known
	), contradicted AS MATERIALIZED (
		SELECT m.line_no, m.raw, m.sport, format('%s has %s to %s on %s, this row %s to %s on %s', o.feed, o.home_score, o.away_score, o.day,
			m.home_score, m.away_score, o.row_day) AS detail
		FROM met AS m JOIN other AS o ON o.line_no = m.line_no
		WHERE o.day <> o.row_day OR o.home_score <> m.home_score OR o.away_score <> m.away_score
	), decided AS MATERIALIZED (
		SELECT x.sport, x.starts_at, decision_time(x.sport, x.starts_at) AS decided_at
		FROM (SELECT DISTINCT m.sport, coalesce(o.starts_at, m.starts_at) AS starts_at FROM met AS m LEFT JOIN other AS o ON o.line_no = m.line_no WHERE m.status IS NOT NULL) AS x
	), taken AS MATERIALIZED (
		SELECT m.line_no, m.raw, m.sport, m.season, m.home_id, m.away_id, m.game_key, m.game_id, m.event_id, m.swapped, m.pool, m.time_zone, m.duration, m.overround_limit,
			m.priced_at, m.told_at,
			coalesce(o.starts_at, m.starts_at) AS starts_at, coalesce(o.time_known, m.time_known) AS time_known, coalesce(o.neutral, m.neutral) AS neutral,
			CASE WHEN o.line_no IS NULL THEN m.week ELSE o.week END AS week, CASE WHEN o.line_no IS NULL THEN m.stage ELSE o.stage END AS stage,
			m.home_score, m.away_score, m.said, m.status, m.detail, o.line_no IS NOT NULL AS is_fixed, o.home_score IS NOT NULL AS is_scored,
			d.decided_at, coalesce((SELECT g.month FROM game AS g WHERE g.game_id = m.game_id), date_trunc('month', coalesce(o.starts_at, m.starts_at) AT TIME ZONE 'UTC')::date) AS month
		FROM met AS m
		LEFT JOIN other AS o ON o.line_no = m.line_no
		LEFT JOIN decided AS d ON d.sport = m.sport AND d.starts_at = coalesce(o.starts_at, m.starts_at)
		WHERE NOT EXISTS (SELECT FROM contradicted AS c WHERE c.line_no = m.line_no)
	), add_contradicted AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT source.payload_id, c.line_no, 'contradicts_feed', c.detail, c.raw, c.sport FROM contradicted AS c ORDER BY c.line_no
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport, unknown)
		SELECT source.payload_id, j.line_no, j.reason, CASE j.reason
				WHEN 'unknown_team' THEN format('alias has no team of %s named %s', j.sport,
					concat_ws(' or ', CASE WHEN home_team IS NULL THEN quote_literal(home) END, CASE WHEN away_team IS NULL THEN quote_literal(away) END))
				WHEN 'same_team' THEN format('%s and %s are both %s', quote_literal(home), quote_literal(away), home_team)
				ELSE format('%s against %s on that day is there already', home, away) END,
			j.raw, j.sport, CASE j.reason WHEN 'unknown_team' THEN array_remove(
				ARRAY[CASE WHEN home_team IS NULL THEN home END, CASE WHEN away_team IS NULL THEN away END], NULL) END
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), add_team AS (
		INSERT INTO team (team_id, pool, name)
		SELECT home_id, pool, home_team FROM pairing UNION SELECT away_id, pool, away_team FROM pairing ORDER BY 2, 3
		ON CONFLICT DO NOTHING
	), add_game AS (
		INSERT INTO game (game_id, sport, season, home_id, away_id, game_key, month)
		SELECT game_id, sport, season, home_id, away_id, game_key, month FROM taken ORDER BY starts_at, game_key
		ON CONFLICT DO NOTHING
	), add_event AS (
		INSERT INTO game_event (feed, event_id, game_id, swapped, payload_id)
		SELECT source.feed, event_id, game_id, swapped, source.payload_id FROM taken WHERE event_id IS NOT NULL ORDER BY event_id
		ON CONFLICT DO NOTHING
	), add_fixture AS (
		INSERT INTO fixture (game_id, starts_at, time_known, neutral, week, stage, known_at, recorded_at, payload_id)
		SELECT t.game_id, t.starts_at, t.time_known, t.neutral, t.week, t.stage,
			CASE WHEN told.game_id IS NULL THEN least(t.told_at, t.starts_at - interval '14 days') ELSE t.told_at END,
			source.received_at, source.payload_id
		FROM taken AS t
		LEFT JOIN LATERAL (SELECT f.* FROM fixture AS f JOIN payload AS p ON p.payload_id = f.payload_id AND p.feed = source.feed
		                   WHERE f.game_id = t.game_id AND f.recorded_at <= source.received_at AND f.known_at <= greatest(t.told_at, t.starts_at - interval '14 days')
		                   ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) AS told ON true
		WHERE NOT t.is_fixed AND (told.game_id IS NULL OR (t.starts_at, t.time_known, t.neutral, t.week, t.stage)
			IS DISTINCT FROM (told.starts_at, told.time_known, told.neutral, told.week, told.stage))
		ORDER BY t.starts_at, t.game_key
	), add_result AS (
		INSERT INTO result (game_id, home_score, away_score, status, detail, known_at, recorded_at, payload_id)
		SELECT t.game_id, t.home_score, t.away_score, coalesce(t.status, 'scheduled'), CASE WHEN t.status IS NULL THEN '{}' ELSE t.detail END,
			CASE WHEN told.game_id IS NULL AND t.status IS NOT NULL AND stands.status IS DISTINCT FROM 'scheduled' THEN least(t.told_at, t.starts_at + t.duration) ELSE t.told_at END,
			source.received_at, source.payload_id
		FROM taken AS t
		LEFT JOIN LATERAL (SELECT r.* FROM result AS r JOIN payload AS p ON p.payload_id = r.payload_id AND p.feed = source.feed
		                   WHERE r.game_id = t.game_id AND r.recorded_at <= source.received_at
		                   ORDER BY r.known_at DESC, r.recorded_at DESC LIMIT 1) AS told ON true
		LEFT JOIN LATERAL (SELECT r.status FROM result AS r WHERE r.game_id = t.game_id AND r.recorded_at <= source.received_at
		                   ORDER BY r.known_at DESC, r.recorded_at DESC LIMIT 1) AS stands ON true
		WHERE t.status IS NOT NULL AND NOT t.is_scored AND (told.game_id IS NULL OR (t.home_score, t.away_score, t.status, t.detail)
			IS DISTINCT FROM (told.home_score, told.away_score, told.status, told.detail))
		  -- Not over after all: what this feed said is taken back, and that a game which is being played was put off, whoever said so.
		  -- An old page takes nothing back that another feed still says.
		  OR t.said IN ('scheduled', 'live') AND told.status <> 'scheduled'
			AND NOT EXISTS (SELECT FROM (SELECT DISTINCT ON (p.feed) r.status FROM result AS r JOIN payload AS p ON p.payload_id = r.payload_id AND p.feed <> source.feed
				WHERE r.game_id = t.game_id AND r.recorded_at <= source.received_at ORDER BY p.feed, r.known_at DESC, r.recorded_at DESC) AS x WHERE x.status IN ('final', 'awarded'))
		  OR t.said = 'live' AND stands.status IN ('postponed', 'cancelled')
		ORDER BY t.starts_at, t.game_key
	), before AS (
		SELECT t.game_id, t.game_key, t.told_at, CASE WHEN NOT t.swapped OR i.side = 'both' THEN i.side WHEN i.side = 'home' THEN 'away' ELSE 'home' END AS side, i.item, coalesce(a.target, CASE WHEN i.player THEN regexp_replace(d.value, '\s', '', 'g') ELSE d.value END) AS value,
			coalesce(t.detail ->> i.label, d.value) AS label,
			CASE WHEN t.status IS NULL THEN t.told_at ELSE least(t.told_at, CASE i.known WHEN 'start' THEN t.starts_at WHEN 'decision' THEN t.decided_at
				ELSE date_trunc('week', t.starts_at, t.time_zone) END) END AS known_at
		FROM taken AS t CROSS JOIN LATERAL jsonb_each_text(t.detail) AS d
		JOIN pregame_item AS i ON i.feed = source.feed AND i.name = d.key
		LEFT JOIN alias AS a ON i.player AND a.feed = source.feed AND a.kind = 'player' AND a.pool = t.pool AND a.name = d.value
	), add_before AS (
		INSERT INTO pregame (game_id, side, item, value, label, known_at, recorded_at, payload_id)
		SELECT b.game_id, b.side, b.item, b.value, b.label, CASE WHEN told.game_id IS NULL THEN b.known_at ELSE b.told_at END, source.received_at, source.payload_id
		FROM before AS b
		LEFT JOIN LATERAL (SELECT x.* FROM pregame AS x JOIN payload AS p ON p.payload_id = x.payload_id AND p.feed = source.feed
		                   WHERE x.game_id = b.game_id AND x.side = b.side AND x.item = b.item AND x.recorded_at <= source.received_at AND x.known_at <= greatest(b.told_at, b.known_at)
		                   ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS told ON true
		WHERE told.game_id IS NULL OR (b.value, b.label) IS DISTINCT FROM (told.value, told.label)
		ORDER BY b.game_key, b.side, b.item
	), offer AS (
		SELECT o.line_no, o.market, o.book, o.closing, o.columns, o.problem, p.prices, p.line, t.game_id, t.game_key, t.sport, t.overround_limit, t.raw, t.status IS NOT NULL AS played,
			t.month AS game_month, CASE WHEN t.status IS NULL THEN t.priced_at
				ELSE least(source.received_at, CASE WHEN o.closing THEN t.starts_at ELSE t.decided_at END) END AS known_at,
			cardinality(o.prices) AS n,
			odds_or_null(p.prices[1], odds_format) AS price_1, odds_or_null(p.prices[2], odds_format) AS price_2, odds_or_null(p.prices[3], odds_format) AS price_3,
			CASE WHEN p.line ~ '^[-+]?\d{1,3}(\.\d+)?$' THEN p.line::float8 END AS points
		FROM unnest(offers) AS o
		JOIN taken AS t ON t.line_no = o.line_no
		-- of a game whose sides the feed has the other way round
		CROSS JOIN LATERAL (SELECT CASE WHEN NOT t.swapped OR o.market = 'totals' THEN o.prices WHEN o.prices[3] IS NULL THEN ARRAY[o.prices[2], o.prices[1]]
				ELSE ARRAY[o.prices[3], o.prices[2], o.prices[1]] END AS prices,
			CASE WHEN t.swapped AND o.market = 'spreads' AND o.line ~ '^[-+]?\d{1,3}(\.\d+)?$' THEN (0 - o.line::numeric)::text ELSE o.line END AS line) AS p
		OFFSET 0
	), priced AS MATERIALIZED (
		SELECT o.*, CASE
			WHEN (o.price_1 IS NULL AND o.prices[1] IS NOT NULL) OR (o.price_2 IS NULL AND o.prices[2] IS NOT NULL)
				OR (o.price_3 IS NULL AND o.prices[3] IS NOT NULL) THEN 'bad_odds'
			WHEN o.price_1 IS NULL OR o.price_2 IS NULL OR (o.n = 3 AND o.price_3 IS NULL) OR (o.market <> 'h2h' AND o.line IS NULL) THEN 'incomplete_market'
			WHEN o.problem IS NOT NULL OR o.market <> 'h2h' AND (o.points IS NULL OR o.points * 4 <> floor(o.points * 4)) THEN 'bad_line'
			WHEN 1 / o.price_1 + 1 / o.price_2 + coalesce(1 / o.price_3, 0) < 1 - 1e-12 AND b.kind <> 'aggregate' THEN 'implied_sum_below_1'
			WHEN 1 / o.price_1 + 1 / o.price_2 + coalesce(1 / o.price_3, 0) > 1 + o.overround_limit THEN 'overround_above_limit' END AS reason
		FROM offer AS o
		JOIN book AS b ON b.book = o.book
	), add_priced_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT source.payload_id, p.line_no, p.reason, format('%s %s: ', p.book, p.market) || CASE
				WHEN p.reason IN ('implied_sum_below_1', 'overround_above_limit') THEN format('the prices imply %s in all', round((1 / price_1 + 1 / price_2 + coalesce(1 / price_3, 0))::numeric, 4))
				WHEN p.reason = 'bad_line' THEN coalesce(p.problem, format('%L is not a line in quarter points', p.line))
				WHEN p.reason = 'incomplete_market' THEN coalesce((SELECT string_agg(p.columns[i], ', ') FROM generate_series(1, p.n) AS i WHERE p.prices[i] IS NULL)
					|| ' missing', 'the line is missing')
				ELSE (SELECT string_agg(format('%s is %L', p.columns[i], p.prices[i]), ', ') FROM generate_series(1, p.n) AS i
					WHERE p.prices[i] IS NOT NULL AND odds_or_null(p.prices[i], odds_format) IS NULL) END, p.raw, p.sport
		FROM priced AS p WHERE p.reason IS NOT NULL ORDER BY p.line_no, p.closing, p.book, p.market
	), told AS MATERIALIZED (
		-- What this feed last said of each of these books' markets: the newest row of each side.
		SELECT game_id, market, book, closing,
			array_agg(price ORDER BY array_position('{home,over,draw,away,under}', side)) AS prices,
			max(line) FILTER (WHERE side IN ('home', 'over')) AS points
		FROM (
			SELECT DISTINCT ON (q.game_id, q.market, q.book, q.closing, q.side) q.*
			FROM taken AS t
			CROSS JOIN LATERAL (SELECT * FROM quote AS x WHERE x.game_id = t.game_id AND x.recorded_at <= source.received_at AND x.participant IS NULL OFFSET 0) AS q
			JOIN payload AS p ON p.payload_id = q.payload_id AND p.feed = source.feed
			ORDER BY q.game_id, q.market, q.book, q.closing, q.side, q.recorded_at DESC) AS newest
		GROUP BY game_id, market, book, closing
	), fresh AS MATERIALIZED (
		SELECT p.*, CASE WHEN told.game_id IS NULL OR NOT p.played THEN p.known_at ELSE source.received_at END AS quoted_at
		FROM priced AS p
		LEFT JOIN told ON told.game_id = p.game_id AND told.market = p.market AND told.book = p.book AND told.closing = p.closing
		WHERE p.reason IS NULL AND (told.game_id IS NULL OR told.points IS DISTINCT FROM p.points
			OR told.prices IS DISTINCT FROM array_remove(ARRAY[p.price_1, p.price_2, p.price_3], NULL))
	), add_quote AS (
		INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id, game_month)
		SELECT f.game_id, f.market, side.name, side.line, f.book, side.price, f.closing, f.quoted_at, source.received_at, source.payload_id, f.game_month
		FROM fresh AS f
		CROSS JOIN LATERAL (VALUES
			(CASE f.market WHEN 'totals' THEN 'over' ELSE 'home' END, f.points, f.price_1),
			(CASE WHEN f.market = 'totals' THEN 'under' WHEN f.n = 3 THEN 'draw' ELSE 'away' END,
				CASE f.market WHEN 'spreads' THEN 0 - f.points ELSE f.points END, f.price_2),
			('away', NULL, f.price_3)) AS side (name, line, price)
		WHERE side.price IS NOT NULL
		ORDER BY f.line_no, f.closing, f.book COLLATE "C", f.market COLLATE "C"
	)
	SELECT ((SELECT count(*) FROM taken) + (SELECT count(*) FROM settled))::int, (SELECT coalesce(sum(n), 0)::int FROM fresh);
END $$;
COMMENT ON FUNCTION append_facts(bigint, collected_game[], collected_offer[], text) IS
'The last step of every loader: names through alias, games numbered, and of fixtures, results and prices what this feed has not said already, in one statement. Rows and markets that cannot be taken go to reject.
A fact that the feed states for the first time is known by its rule, but never later than the payload: fixtures 14 days before the start, results at start plus sport.duration, what is known before a game by pregame_item.known, prices at decision_time(), closing prices at the start; prices of games still to be played when the payload came or, if earlier, when the first of them began. A later statement that differs is appended and known from its payload on; so is that a game is to be played after all, a result with the status scheduled. Two feeds'' rows of the same two teams that start within 12 hours of each other are one game, whichever is at home in them; an event_id stays with its game, however far that moves. Of a game whose day alone a row has, start, ground and score that another feed has told stand; a row of another day or score is rejected. odds_format as in decimal_odds().';

CREATE TYPE parsed_game AS (
	game    collected_game,
	reason  text,
	problem text
);
COMMENT ON TYPE parsed_game IS 'What parse_<feed>() makes of one game: the game, or a reason (as in reject) and the problem in words.';

CREATE FUNCTION append_parsed(payload_id bigint, parsed parsed_game[], offers collected_offer[], odds_format text)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
	SELECT append_parsed.payload_id, (p.game).line_no, p.reason, p.problem, (p.game).raw, (p.game).sport
	FROM unnest(parsed) AS p WHERE p.reason IS NOT NULL ORDER BY (p.game).line_no;
	SELECT f.games_read, f.quotes_appended INTO games, quotes
	FROM append_facts(append_parsed.payload_id, (SELECT coalesce(array_agg(p.game ORDER BY (p.game).line_no), '{}') FROM unnest(parsed) AS p WHERE p.reason IS NULL), offers, odds_format) AS f;
	rows_read := cardinality(parsed);
	rejects := (SELECT count(*) FROM reject AS r WHERE r.payload_id = append_parsed.payload_id);
	UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = append_parsed.rows_read, rows_blank = 0 WHERE p.payload_id = append_parsed.payload_id;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION append_parsed(bigint, parsed_game[], collected_offer[], text) IS
'What a loader does with what its parse_<feed>() found: rows with a reason go to reject, the others and their offers to append_facts(); returns what a loader returns.';

CREATE FUNCTION feed_team(feed text, pool text, id text, name text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN EXISTS (SELECT FROM alias AS a WHERE a.feed = feed_team.feed AND a.kind = 'team' AND a.pool = feed_team.pool AND a.name = feed_team.id)
		THEN id ELSE nullif(btrim(name), '') END;
END;
COMMENT ON FUNCTION feed_team(text, text, text, text) IS
'What a feed that gives its teams both an id and a name is taken to call one: the id where alias knows it in this pool (ids of one feed repeat between leagues), else the name.';

CREATE FUNCTION known_books(payload_id bigint, offers collected_offer[]) RETURNS collected_offer[]
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	known collected_offer[];
BEGIN
	WITH named AS MATERIALIZED (
		SELECT o.*, a.target FROM unnest(offers) AS o JOIN payload AS p ON p.payload_id = known_books.payload_id
		LEFT JOIN alias AS a ON a.feed = p.feed AND a.kind = 'book' AND a.pool = '' AND a.name = o.book
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail)
		SELECT known_books.payload_id, n.line_no, 'unknown_book', format('alias has no book named %L: its %s stay out', n.book, string_agg(n.market, ', ' ORDER BY n.market))
		FROM named AS n WHERE n.target IS NULL GROUP BY n.line_no, n.book ORDER BY n.line_no, n.book
	)
	SELECT coalesce(array_agg(ROW(n.line_no, n.market, n.target, n.closing, n.line, n.prices, n.columns, n.problem)::collected_offer), '{}')
	INTO known FROM named AS n WHERE n.target IS NOT NULL;
	RETURN known;
END $$;
COMMENT ON FUNCTION known_books(bigint, collected_offer[]) IS
'The offers under our names of their books; those of a book that alias does not have become rejects, unknown_book, one a game and book. For loaders whose feed names the books.';
