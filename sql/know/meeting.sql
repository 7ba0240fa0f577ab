-- meeting: what two teams did against each other, as it was known at a time.

CREATE FUNCTION head_to_head(home_id bigint, away_id bigint, game_id bigint, as_of timestamptz)
RETURNS TABLE (games int, home_wins int, avg_total float8, avg_margin float8, shrunk float8, known_at timestamptz, last_game_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT count(*)::int, CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE h.score = 1) END::int,
		avg((h.scored + h.allowed)::float8), avg((h.scored - h.allowed)::float8),
		sum(h.score - h.expected ORDER BY h.rated_at, h.game_id) / (count(*) + 10), max(h.known_at), max(h.starts_at)
	FROM rating_history AS h
	WHERE h.team_id = head_to_head.home_id AND h.opponent_id = head_to_head.away_id AND h.game_id <> head_to_head.game_id
	  AND h.rated_at <= head_to_head.as_of AND h.known_at <= head_to_head.as_of AND head_to_head.as_of < h.valid_until;
END;
COMMENT ON FUNCTION head_to_head(bigint, bigint, bigint, timestamptz) IS
'One row: all meetings of two teams, game_id apart, as known at as_of, in any competition of the pool, from the first team''s side; shrunk: sum of score minus Elo''s expectation over games + 10. Without a meeting games is 0 and the rest NULL.';

CREATE FUNCTION head_to_heads(home_ids bigint[], away_ids bigint[], game_ids bigint[], as_of timestamptz[])
RETURNS TABLE (game_id bigint, games int, home_wins int, avg_total float8, avg_margin float8, shrunk float8, known_at timestamptz, last_game_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH asked AS MATERIALIZED (
		SELECT a.*, (a.game_id IS NOT NULL AND a.as_of < 'infinity' AND NOT EXISTS (SELECT FROM rating_history AS h	-- the game itself
			WHERE h.team_id = a.home_id AND h.opponent_id = a.away_id AND h.game_id = a.game_id AND h.rated_at <= a.as_of)) IS NOT TRUE AS is_odd
		FROM unnest(home_ids, away_ids, game_ids, head_to_heads.as_of) AS a (home_id, away_id, game_id, as_of)
	), event AS (	-- games asked about among the meetings of the same two teams; odd are those that are known themselves, and meetings told in several versions
		SELECT a.home_id, a.away_id, a.as_of AS at, true AS is_asked, a.game_id,
			NULL::float8 AS score, NULL::float8 AS total, NULL::float8 AS margin, NULL::float8 AS excess, NULL::timestamptz AS known_at, NULL::timestamptz AS starts_at, a.is_odd
		FROM asked AS a
		UNION ALL
		SELECT h.team_id, h.opponent_id, h.rated_at, false, h.game_id, h.score, h.scored + h.allowed, h.scored - h.allowed, h.score - h.expected, h.known_at, h.starts_at,
			h.known_at > h.rated_at OR h.valid_until < 'infinity'
		FROM (SELECT a.home_id, a.away_id, max(a.as_of) AS as_of FROM asked AS a GROUP BY a.home_id, a.away_id) AS p
		-- OFFSET 0: by the index, the meetings of these teams alone, however many games there are beside them
		CROSS JOIN LATERAL (SELECT x.* FROM rating_history AS x WHERE x.team_id = p.home_id AND x.opponent_id = p.away_id AND x.rated_at <= p.as_of OFFSET 0) AS h
	), running AS (
		SELECT e.home_id, e.away_id, e.at, e.is_asked, e.game_id, count(e.score) OVER w AS games, count(*) FILTER (WHERE e.score = 1) OVER w AS home_wins,
			avg(e.total) OVER w AS avg_total, avg(e.margin) OVER w AS avg_margin, sum(e.excess) OVER w AS excess, max(e.known_at) OVER w AS known_at, max(e.starts_at) OVER w AS last_game_at,
			bool_or(e.is_odd) OVER w AS is_odd
		FROM event AS e
		WINDOW w AS (PARTITION BY e.home_id, e.away_id ORDER BY e.at, e.is_asked, e.game_id ROWS UNBOUNDED PRECEDING)
	)
	SELECT r.game_id, v.*
	FROM running AS r
	CROSS JOIN LATERAL (
		SELECT r.games::int, CASE WHEN r.games > 0 THEN r.home_wins END::int, r.avg_total, r.avg_margin, r.excess / (r.games + 10), r.known_at, r.last_game_at
		WHERE NOT r.is_odd
		UNION ALL
		SELECT o.* FROM (SELECT WHERE r.is_odd OFFSET 0) AS odd CROSS JOIN LATERAL head_to_head(r.home_id, r.away_id, r.game_id, r.at) AS o) AS v
	WHERE r.is_asked;
END;
COMMENT ON FUNCTION head_to_heads(bigint[], bigint[], bigint[], timestamptz[]) IS
'head_to_head() of many games, a row each, to the bit: one pass over the meetings of every two teams, where head_to_head() reads all of them for every game.';
