-- nba_live: cdn.nba.com's scoreboard, box score and play-by-play.

CREATE FUNCTION parse_nba_live(payload jsonb) RETURNS SETOF parsed_game
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH told AS (
		SELECT e.n::int AS line_no, e.game, e.game ->> 'gameId' AS id, e.game #>> '{homeTeam,teamTricode}' AS home, e.game #>> '{awayTeam,teamTricode}' AS away, whole_number(e.game ->> 'period') AS period,
			whole_number(e.game #>> '{homeTeam,score}') AS home_points, whole_number(e.game #>> '{awayTeam,score}') AS away_points,
			-- gameEt says Z and means US Eastern
			utc_time(e.game ->> 'gameTimeUTC') AS starts_at,
			clock_seconds(e.game ->> 'gameClock') AS clock, CASE WHEN e.game ->> 'gameStatusText' ~* '^\s*(ppd|postponed)' THEN 'postponed' WHEN e.game ->> 'gameStatusText' ~* '^\s*cancel' THEN 'cancelled' WHEN e.game ->> 'gameStatus' = '3' THEN 'final'
				WHEN e.game ->> 'gameStatus' = '2' THEN 'live' WHEN e.game ->> 'gameStatus' = '1' THEN 'scheduled' END AS ending
		FROM jsonb_array_elements(CASE WHEN jsonb_typeof(payload #> '{scoreboard,games}') = 'array' THEN payload #> '{scoreboard,games}' WHEN payload #> '{game,homeTeam}' IS NOT NULL THEN jsonb_build_array(payload -> 'game') ELSE '[]' END)
			WITH ORDINALITY AS e (game, n)
	)
	SELECT ROW(t.line_no, t.game::text, 'NBA', CASE WHEN t.id ~ '^\d{10}$' THEN CASE WHEN substr(t.id, 4, 2) > '45' THEN 1900 ELSE 2000 END + substr(t.id, 4, 2)::int END, t.home, t.away, 1, t.starts_at, true, coalesce(t.game ->> 'isNeutral', 'false') = 'true',
			NULL, CASE substr(t.id, 3, 1) WHEN '2' THEN 'REG' WHEN '4' THEN 'POST' WHEN '5' THEN 'PLAYIN' WHEN '6' THEN 'CUP' END,
			CASE WHEN t.ending = 'final' THEN t.home_points END, CASE WHEN t.ending = 'final' THEN t.away_points END, t.ending,
			jsonb_strip_nulls(jsonb_build_object('nba_id', t.id, 'overtime', CASE WHEN t.ending = 'final' THEN greatest(t.period - 4, 0) END,
				'home_periods', jsonb_path_query_array(t.game, '$.homeTeam.periods[*].score'), 'away_periods', jsonb_path_query_array(t.game, '$.awayTeam.periods[*].score'),
				'arena', t.game #>> '{arena,arenaName}', 'attendance', t.game -> 'attendance')), t.id, NULL)::collected_game,
		r.reason, CASE r.reason WHEN 'exhibition' THEN format('game %s counts for nothing', t.id) WHEN 'short_row' THEN 'home team or away team is missing'
			WHEN 'bad_date' THEN format('not a game''s id or not a time: %s, %s', coalesce(t.id, 'none'), coalesce(t.game ->> 'gameTimeUTC', 'none'))
			WHEN 'bad_score' THEN format('%s with the scores %s and %s, period %s, clock %s', t.ending, coalesce(left(t.game #>> '{homeTeam,score}', 20), 'none'), coalesce(left(t.game #>> '{awayTeam,score}', 20), 'none'), coalesce(left(t.game ->> 'period', 20), 'none'), coalesce(left(t.game ->> 'gameClock', 20), 'none')) END
	FROM told AS t
	CROSS JOIN LATERAL (SELECT CASE WHEN substr(t.id, 3, 1) IN ('1', '3') THEN 'exhibition' WHEN coalesce(t.home, '') = '' OR coalesce(t.away, '') = '' THEN 'short_row'
		WHEN t.starts_at IS NULL OR coalesce(t.id, '') !~ '^\d{10}$' THEN 'bad_date' WHEN t.ending = 'final' AND (t.home_points = t.away_points) IS NOT FALSE
		OR t.ending IN ('live', 'final') AND (least(t.home_points, t.away_points) < 0 OR greatest(t.home_points, t.away_points) > 999 OR t.period NOT BETWEEN 0 AND 20 OR t.clock > 720) THEN 'bad_score' END AS reason) AS r
	ORDER BY t.line_no;
$$;
COMMENT ON FUNCTION parse_nba_live(jsonb) IS
'The games of a scoreboard or box score of the NBA. Season and kind of game are in its id; pre-season and all-star games are exhibition. Times come from gameTimeUTC: gameEt ends in Z and is Eastern. A score counts when gameStatus is 3; 1 and 2 say that the game is not over, whatever was said before. One that is on or over with numbers that no game has (negative, beyond 20 periods, 999 points, 12 minutes on the clock) is rejected.';

CREATE FUNCTION parse_nba_live_actions(payload jsonb) RETURNS TABLE (line_no int, action jsonb, place int, reading collected_score)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 600
BEGIN ATOMIC
	SELECT a.n::int, a.action, r.place, CASE WHEN r.seconds_left IS NOT NULL AND r.place IS NOT NULL AND r.period BETWEEN 1 AND 20 AND r.home BETWEEN 0 AND 999 AND r.away BETWEEN 0 AND 999
		THEN ROW(payload #>> '{game,gameId}', NULL, NULL, r.period, r.seconds_left, r.home, r.away)::collected_score END
	FROM jsonb_array_elements(CASE jsonb_typeof(payload #> '{game,actions}') WHEN 'array' THEN payload #> '{game,actions}' END) WITH ORDINALITY AS a (action, n)
	CROSS JOIN LATERAL (SELECT whole_number(a.action ->> 'orderNumber') AS place, whole_number(a.action ->> 'period') AS period, clock_seconds(a.action ->> 'clock') AS seconds_left,
		whole_number(a.action ->> 'scoreHome') AS home, whole_number(a.action ->> 'scoreAway') AS away) AS r;
END;
COMMENT ON FUNCTION parse_nba_live_actions(jsonb) IS 'The actions of a play-by-play of the NBA in the order of the answer: place is their order of play (orderNumber), reading the score after each; NULL where period (1 to 20), clock, score (up to 999) or place is not one.';

CREATE FUNCTION parse_nba_live_scores(payload jsonb) RETURNS SETOF collected_score
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH game AS MATERIALIZED (
		SELECT e.game ->> 'gameId' AS id, e.game, whole_number(e.game ->> 'period') AS period, whole_number(e.game #>> '{homeTeam,score}') AS home, whole_number(e.game #>> '{awayTeam,score}') AS away,
			CASE WHEN e.game ->> 'gameStatusText' ~* '^\s*(ppd|postponed|cancel)' THEN 'postponed' WHEN e.game ->> 'gameStatus' = '1' THEN 'scheduled' WHEN e.game ->> 'gameStatus' = '2' THEN 'live' WHEN e.game ->> 'gameStatus' = '3' THEN 'final' END AS status,
			-- between periods the clock may be empty
			coalesce(clock_seconds(e.game ->> 'gameClock'), CASE WHEN e.game ->> 'gameStatus' <> '2' OR e.game ->> 'gameStatusText' ~* '^\s*(half|end)' THEN 0 END) AS seconds_left
		FROM jsonb_path_query(payload, '$.scoreboard.games[*]') AS e (game)
	)
	SELECT g.id, 'poll', g.status, CASE WHEN g.period BETWEEN 0 AND 20 THEN g.period ELSE 0 END, g.seconds_left, coalesce(g.home, 0), coalesce(g.away, 0)
	FROM game AS g
	WHERE g.id IS NOT NULL AND g.seconds_left BETWEEN 0 AND 720 AND coalesce(least(g.home, g.away), 0) >= 0 AND coalesce(greatest(g.home, g.away), 0) <= 999
	  AND (g.status IN ('scheduled', 'postponed') OR g.status IN ('live', 'final') AND num_nulls(g.home, g.away) = 0 AND (g.period BETWEEN 1 AND 20 OR g.period = 0 AND g.home + g.away = 0))
	UNION ALL
	SELECT g.id, 'period', 'live', p.period, 0, p.home, p.away
	FROM game AS g
	CROSS JOIN LATERAL (SELECT p.n::int AS period, sum(p.home) OVER (ORDER BY p.n)::int AS home, sum(p.away) OVER (ORDER BY p.n)::int AS away, bool_and(p.home IS NOT NULL AND p.away IS NOT NULL) OVER (ORDER BY p.n) AS sound
		FROM (SELECT x.n, CASE WHEN s.home BETWEEN 0 AND 999 THEN s.home END AS home, CASE WHEN s.away BETWEEN 0 AND 999 THEN s.away END AS away
			FROM jsonb_path_query(g.game, '$.homeTeam.periods[*]') WITH ORDINALITY AS x (home, n)
			CROSS JOIN LATERAL (SELECT whole_number(x.home ->> 'score') AS home, whole_number(g.game #>> ARRAY['awayTeam', 'periods', (x.n - 1)::text, 'score']) AS away) AS s WHERE x.n <= 20) AS p) AS p
	-- at the end of a period nobody had more than now
	WHERE g.id IS NOT NULL AND g.status IN ('live', 'final') AND g.period <= 20 AND (p.period < g.period OR g.status = 'final' AND p.period = g.period AND g.period > 3) AND p.sound AND (p.home <= g.home AND p.away <= g.away) IS NOT FALSE
	UNION ALL
	SELECT m.* FROM minute_scores((SELECT coalesce(array_agg(a.reading ORDER BY a.place), '{}') FROM parse_nba_live_actions(payload) AS a WHERE (a.reading).event_id IS NOT NULL)) AS m;
$$;
COMMENT ON FUNCTION parse_nba_live_scores(jsonb) IS
'The readings in a scoreboard (the score now, and at the end of every period that is over up to the first without a score) or a play-by-play (the score at every minute that play has reached: the last action at or before it by game clock and orderNumber, whatever the order of actions). Scores are strings there; the clock is PT07M15.00S, 3:37 or empty. A game that is on or over has no reading without a score or a period, nor with numbers that no game has: beyond 20 periods, 999 points, 12 minutes on the clock.';

CREATE FUNCTION parse_nba_live_players(payload jsonb) RETURNS SETOF collected_player_game
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT row_number() OVER (ORDER BY side.n, p.n)::int, p.player::text, 'NBA', payload #>> '{game,gameId}', substring(p.player ->> 'personId' FROM '^\d{1,10}$'), p.player ->> 'name', payload #>> ARRAY['game', side.key, 'teamTricode'], 'player',
		p.player ->> 'starter' = '1', s.minutes / 60,
		CASE WHEN p.player ->> 'played' = '1' THEN (SELECT jsonb_object_agg(k.ours, p.player #> ARRAY['statistics', k.theirs]) FROM (VALUES ('points', 'points'), ('rebounds', 'reboundsTotal'), ('offensive_rebounds', 'reboundsOffensive'), ('assists', 'assists'), ('steals', 'steals'),
				('blocks', 'blocks'), ('turnovers', 'turnovers'), ('field_goals_made', 'fieldGoalsMade'), ('field_goals_attempted', 'fieldGoalsAttempted'), ('threes', 'threePointersMade'), ('threes_attempted', 'threePointersAttempted'),
				('free_throws_made', 'freeThrowsMade'), ('free_throws_attempted', 'freeThrowsAttempted')) AS k (ours, theirs)
			WHERE jsonb_typeof(p.player #> ARRAY['statistics', k.theirs]) = 'number')
			|| CASE WHEN p.player ->> 'position' <> '' THEN jsonb_build_object('position', p.player ->> 'position') ELSE '{}' END END
	FROM (VALUES ('homeTeam', 1), ('awayTeam', 2)) AS side (key, n)
	CROSS JOIN LATERAL jsonb_path_query(payload -> 'game' -> side.key, '$.players[*]') WITH ORDINALITY AS p (player, n)
	CROSS JOIN LATERAL (SELECT clock_seconds(p.player #>> '{statistics,minutes}') AS minutes) AS s
	WHERE p.player ->> 'played' IS DISTINCT FROM '0' AND payload #>> '{game,gameStatus}' = '3';
$$;
COMMENT ON FUNCTION parse_nba_live_players(jsonb) IS 'The players'' lines of a box score of the NBA whose game is over, of those who played. Without an id of the NBA, a name or numbers of what he did one is NULL.';

CREATE FUNCTION nba_live_listed(payload jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT g ->> 'gameId' FROM jsonb_path_query(payload, '$.scoreboard.games[*]') AS g WHERE g ->> 'gameId' IS NOT NULL) || array_remove(ARRAY[payload #>> '{game,gameId}'], NULL);
COMMENT ON FUNCTION nba_live_listed(jsonb) IS 'The ids of the games of which an answer of the NBA tells: those of a scoreboard, that of a box score or play-by-play.';

CREATE FUNCTION nba_live_rows(listed text[]) RETURNS bigint
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
	SELECT (SELECT count(*) FROM live_score AS s WHERE s.feed = 'nba_live' AND s.event_id = ANY (listed))
		+ (SELECT count(*) FROM game_event AS e JOIN fixture AS f ON f.game_id = e.game_id WHERE e.feed = 'nba_live' AND e.event_id = ANY (listed))
		+ (SELECT count(*) FROM game_event AS e JOIN result AS r ON r.game_id = e.game_id WHERE e.feed = 'nba_live' AND e.event_id = ANY (listed))
		+ (SELECT count(*) FROM game_event AS e JOIN player_game AS p ON p.game_id = e.game_id WHERE e.feed = 'nba_live' AND e.event_id = ANY (listed));
END;
COMMENT ON FUNCTION nba_live_rows(text[]) IS 'How many rows there are of the readings, fixtures, results and players'' lines of games of the NBA, by its ids: whether a page had something to add.';

CREATE FUNCTION load_nba_live(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	content jsonb := json_payload(load_nba_live.payload_id, 'nba_live');
	got     record;
	listed  CONSTANT text[] := nba_live_listed(content);
	waiting text[] := listed;	-- games that no page after this one has told of yet
	later   record;
	before  bigint;
	actions int := jsonb_array_length(CASE WHEN jsonb_typeof(content #> '{game,actions}') = 'array' THEN content #> '{game,actions}' ELSE '[]' END);
BEGIN
	IF jsonb_typeof(content #> '{scoreboard,games}') IS DISTINCT FROM 'array' AND jsonb_typeof(content #> '{game,actions}') IS DISTINCT FROM 'array' AND jsonb_typeof(content #> '{game,homeTeam}') IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION 'payload % is neither scoreboard, box score nor play-by-play of the NBA', load_nba_live.payload_id USING ERRCODE = 'bad_copy_file_format';
	END IF;
	SELECT * INTO got FROM append_parsed(load_nba_live.payload_id, (SELECT coalesce(array_agg(g), '{}') FROM parse_nba_live(content) AS g), '{}', 'decimal');
	INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
	SELECT load_nba_live.payload_id, a.line_no, 'bad_score', format('no reading: place %s, period %s, clock %s, score %s and %s', left(a.action ->> 'orderNumber', 20), left(a.action ->> 'period', 20), left(a.action ->> 'clock', 20),
		left(a.action ->> 'scoreHome', 20), left(a.action ->> 'scoreAway', 20)), a.action::text, 'NBA'
	FROM parse_nba_live_actions(content) AS a WHERE a.reading IS NULL ORDER BY a.line_no;
	PERFORM append_scores(load_nba_live.payload_id, (SELECT coalesce(array_agg(s), '{}') FROM parse_nba_live_scores(content) AS s));
	IF content #> '{game,homeTeam,players}' IS NOT NULL THEN
		PERFORM append_player_games(load_nba_live.payload_id, (SELECT coalesce(array_agg(l), '{}') FROM parse_nba_live_players(content) AS l));
	END IF;
	RETURN QUERY SELECT * FROM finish_load(load_nba_live.payload_id, got.rows_read + actions, got.games);
	-- What the next answer said again was no news when it came; after one that came late between them it may be, and so may what was said after that. Where a page that tells of
	-- all these games has nothing to add, the pages behind it have neither.
	IF current_setting('bet_edge.reloading', true) = 'on' THEN
		RETURN;
	END IF;
	PERFORM set_config('bet_edge.reloading', 'on', true);
	FOR later IN SELECT x.payload_id FROM payload AS p JOIN payload AS x ON x.feed = p.feed AND md5(x.name) = md5(p.name) AND x.name = p.name AND x.received_at > p.received_at AND x.payload_id < p.payload_id AND x.rows_read > 0
		WHERE p.payload_id = load_nba_live.payload_id ORDER BY x.received_at
	LOOP
		content := json_payload(later.payload_id, 'nba_live');
		EXIT WHEN NOT listed && nba_live_listed(content);
		before := nba_live_rows(listed);
		PERFORM load_stored_payload(later.payload_id);
		waiting := ARRAY(SELECT unnest(waiting) EXCEPT SELECT unnest(nba_live_listed(content)));
		EXIT WHEN waiting = '{}' AND nba_live_rows(listed) = before;
	END LOOP;
	PERFORM set_config('bet_edge.reloading', 'off', true);
END $$;
COMMENT ON FUNCTION load_nba_live(bigint) IS
'Loads a stored answer of feed nba_live; load_payload() and replay() call it: a scoreboard becomes games and live_score, a box score a game and, when it is over, player_game, a play-by-play live_score. After an answer that comes late those of its address that follow it by the time of capture are loaded once more, until one that tells of the same games adds nothing, so that the newest has the word. Returns rows read, games taken, quotes appended (none) and rejects of the payload.';
