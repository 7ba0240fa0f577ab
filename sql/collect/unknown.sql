-- unknown: names that wait, the person's answer to them, and fixtures that two feeds may have told as two games.

CREATE FUNCTION unknown_names(for_feed text DEFAULT NULL)
RETURNS TABLE (feed text, kind text, sport text, name text, rejects bigint, payloads bigint, first_received timestamptz, last_received timestamptz, candidates text[])
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH waiting AS (
		SELECT p.feed, substr(r.reason, 9) AS kind, CASE WHEN r.reason IN ('unknown_team', 'unknown_player') THEN r.sport END AS sport, n.name, p.payload_id, p.received_at
		FROM reject AS r
		JOIN payload AS p ON p.payload_id = r.payload_id
		CROSS JOIN LATERAL unnest(coalesce(r.unknown, ARRAY[substring(r.detail FROM '''([^'']+)''')])) AS n (name)
		WHERE r.reason IN ('unknown_team', 'unknown_player', 'unknown_book', 'unknown_sport') AND n.name IS NOT NULL AND (for_feed IS NULL OR p.feed = for_feed)
	), missing AS MATERIALIZED (
		SELECT w.feed, w.kind, w.sport, w.name, count(*) AS rejects, count(DISTINCT w.payload_id) AS payloads, min(w.received_at) AS first_received, max(w.received_at) AS last_received
		FROM waiting AS w GROUP BY w.feed, w.kind, w.sport, w.name
	), target AS MATERIALIZED (
		SELECT 'team' AS kind, t.pool, t.name AS target, t.name AS spelling FROM team AS t
		UNION SELECT 'team', a.pool, a.target, a.target FROM alias AS a WHERE a.kind = 'team'
		UNION ALL SELECT 'player', p.pool, p.player_id, p.name FROM players AS p
		UNION ALL SELECT 'book', '', b.book, b.title FROM book AS b
		UNION ALL SELECT 'sport', '', s.sport, concat_ws(' ', s.title, s.api_key) FROM sport AS s
	)
	SELECT m.feed, m.kind, m.sport, m.name, m.rejects, m.payloads, m.first_received, m.last_received,
		coalesce((SELECT array_agg(c.target ORDER BY c.shared DESC, c.spelling COLLATE "C") FROM (
			SELECT t.target, t.spelling, count(DISTINCT word) AS shared
			FROM target AS t
			CROSS JOIN LATERAL regexp_split_to_table(lower(m.name), '[^[:alnum:]]+') AS word
			WHERE t.kind = m.kind AND t.pool = coalesce((SELECT s.pool FROM sport AS s WHERE s.sport = m.sport), '')
			  AND length(word) > 2 AND strpos(lower(t.spelling), word) > 0
			GROUP BY t.target, t.spelling ORDER BY count(DISTINCT word) DESC, t.spelling COLLATE "C" LIMIT 5) AS c), '{}')
	FROM missing AS m
	ORDER BY m.rejects DESC, m.feed, m.kind, m.name;
END;
COMMENT ON FUNCTION unknown_names(text) IS
'Names that wait in reject, of one feed or of all: what each should be (sport, team, book, player), how many rows and payloads wait for it, and up to five candidates, those that share most words with it. They are for a person to choose from, with add_alias(): nothing is matched by likeness.';

CREATE FUNCTION add_alias(feed text, kind text, name text, target text, sport text DEFAULT NULL, is_new boolean DEFAULT false) RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	space  text := '';
	there  boolean;
	stored bigint;
	done   int := 0;
BEGIN
	IF num_nulls(feed, kind, name, target) > 0 OR kind NOT IN ('sport', 'team', 'book', 'player') THEN
		RAISE EXCEPTION 'kind must be sport, team, book or player, with a feed, a name and a target, not %', coalesce(quote_literal(kind), 'null') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF kind IN ('team', 'player') THEN
		SELECT s.pool INTO space FROM sport AS s WHERE s.sport = add_alias.sport;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'sport % is not there: a % belongs to one', coalesce(quote_literal(sport), 'null'), kind USING ERRCODE = 'undefined_object';
		END IF;
	END IF;
	there := CASE kind WHEN 'sport' THEN EXISTS (SELECT FROM sport AS s WHERE s.sport = add_alias.target)
		WHEN 'book' THEN EXISTS (SELECT FROM book AS b WHERE b.book = add_alias.target)
		WHEN 'player' THEN EXISTS (SELECT FROM players AS p WHERE p.pool = space AND p.player_id = add_alias.target)
		ELSE is_new OR EXISTS (SELECT FROM team AS t WHERE t.pool = space AND t.name = add_alias.target)
			OR EXISTS (SELECT FROM alias AS a WHERE a.kind = 'team' AND a.pool = space AND a.target = add_alias.target) END;
	IF NOT there THEN
		RAISE EXCEPTION 'there is no % named %', kind, quote_literal(target) USING ERRCODE = 'undefined_object',
			HINT = CASE kind WHEN 'team' THEN 'For a team that nobody has told of yet: is_new => true.' ELSE 'It needs its row first.' END;
	END IF;
	LOCK TABLE payload IN SHARE ROW EXCLUSIVE MODE;
	INSERT INTO alias (feed, kind, pool, name, target) VALUES (add_alias.feed, add_alias.kind, space, add_alias.name, add_alias.target);
	FOR stored IN
		SELECT p.payload_id FROM payload AS p
		WHERE p.feed = add_alias.feed AND EXISTS (SELECT FROM reject AS r WHERE r.payload_id = coalesce(p.same_as, p.payload_id) AND r.reason = 'unknown_' || add_alias.kind
			AND (add_alias.name = ANY (r.unknown) OR r.unknown IS NULL AND strpos(r.detail, quote_literal(add_alias.name)) > 0))
		ORDER BY p.payload_id
	LOOP
		PERFORM load_stored_payload(stored);
		done := done + 1;
	END LOOP;
	RETURN done;
END $$;
COMMENT ON FUNCTION add_alias(text, text, text, text, text, boolean) IS
'Says what a name in a feed is (kind sport, team, book or player; target as in alias; sport for teams and players) and loads the payloads in which it waited again, in the order in which they were loaded first. Returns their number. A team must be known already, by any feed, unless is_new. Refuses an unknown target (42704) and a name that has an alias (23505).';

CREATE VIEW unjoined_games AS
WITH told AS (
	SELECT f.game_id, array_agg(DISTINCT p.feed ORDER BY p.feed) AS feeds FROM fixture AS f JOIN payload AS p ON p.payload_id = f.payload_id GROUP BY f.game_id
)
SELECT a.sport, a.game_id, a.home_team, a.away_team, a.starts_at, t.feeds,
	b.game_id AS other_game_id, b.home_team AS other_home_team, b.starts_at AS other_starts_at, u.feeds AS other_feeds
FROM sports_events AS a
JOIN sports_events AS b ON b.sport = a.sport AND b.game_id > a.game_id AND least(b.home_id, b.away_id) = least(a.home_id, a.away_id) AND greatest(b.home_id, b.away_id) = greatest(a.home_id, a.away_id)
JOIN told AS t ON t.game_id = a.game_id
JOIN told AS u ON u.game_id = b.game_id
WHERE b.starts_at BETWEEN a.starts_at - interval '14 days' AND a.starts_at + interval '14 days' AND NOT t.feeds && u.feeds;
COMMENT ON VIEW unjoined_games IS
'Pairs of games of the same two teams within 14 days of each other that no feed has told both of: perhaps one fixture whose starts differ by more than the 12 hours within which it is joined. To join them give the event of one feed a row in game_event with the game_id of the other, and replay().';
