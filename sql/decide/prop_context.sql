-- prop_context: what is known of each player's upcoming game, as a question to predict_props().

CREATE FUNCTION prop_withdrawals(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS TABLE (game_id bigint, role text, player_id text, reason text, known_at timestamptz)
LANGUAGE sql STABLE STRICT ROWS 100
BEGIN ATOMIC
	SELECT NULL::bigint, NULL::text, i.player_id, i.status, i.known_at
	FROM sport AS s CROSS JOIN LATERAL injuries(s.pool, as_of) AS i WHERE s.sport = prop_withdrawals.sport AND i.chance_out > 0.5
	UNION ALL
	-- whose side another one starts for; a name that is no id says nothing
	SELECT g.game_id, 'pitcher', m.player_id, 'another pitcher is announced', n.known_at
	FROM upcoming_games(prop_withdrawals.sport, as_of, horizon) AS g JOIN sport AS s ON s.sport = prop_withdrawals.sport CROSS JOIN LATERAL pregames(g.game_id, as_of) AS n
	JOIN player_teams(as_of) AS m ON m.pool = s.pool AND m.team_id = CASE n.side WHEN 'home' THEN g.home_id WHEN 'away' THEN g.away_id END AND m.player_id <> n.value
	WHERE n.item = 'pitcher' AND EXISTS (SELECT FROM players AS k WHERE k.pool = s.pool AND k.player_id = n.value);
END;
COMMENT ON FUNCTION prop_withdrawals(text, timestamptz, interval) IS
'On whom nothing is bet, in which upcoming game, in which role, why, and since when, by what was known at as_of: players said to be out or doubtful (more likely to miss it than not, injuries()) in any game and role (both NULL), and in role pitcher all of a team for which another one is announced to start.';

CREATE FUNCTION prop_contexts(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days')
RETURNS TABLE (game_id bigint, starts_at timestamptz, prop_type text, player_id text, name text, game_context jsonb)
LANGUAGE sql STABLE STRICT ROWS 1000
BEGIN ATOMIC
	WITH begun AS MATERIALIZED (	-- games that forms may not know of yet
		SELECT v.team_id, f.starts_at FROM fixture AS f JOIN game AS g ON g.game_id = f.game_id CROSS JOIN LATERAL (VALUES (g.home_id), (g.away_id)) AS v (team_id)
		WHERE g.sport = prop_contexts.sport AND f.starts_at >= as_of - interval '10 days' AND f.starts_at < as_of AND f.known_at <= as_of
		  AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = f.game_id AND x.known_at <= as_of AND (x.known_at, x.recorded_at) > (f.known_at, f.recorded_at))
		  AND NOT EXISTS (SELECT FROM result AS r WHERE r.game_id = f.game_id AND r.known_at <= as_of AND r.status IN ('postponed', 'cancelled'))
	), game AS MATERIALIZED (
		SELECT u.*, s.pool, s.time_zone, x.name AS home, y.name AS away
		FROM upcoming_games(prop_contexts.sport, as_of, horizon) AS u JOIN sport AS s ON s.sport = prop_contexts.sport JOIN team AS x ON x.team_id = u.home_id JOIN team AS y ON y.team_id = u.away_id
	), side AS MATERIALIZED (	-- each team's game, whom it meets, and its own game before, which he will have played
		SELECT g.*, v.*, greatest(lag(g.starts_at) OVER (PARTITION BY v.team_id ORDER BY g.starts_at, g.game_id), (SELECT max(b.starts_at) FROM begun AS b WHERE b.team_id = v.team_id)) AS before,
			(SELECT n.value FROM pregames(g.game_id, as_of) AS n WHERE n.item = 'pitcher' AND n.side = v.other AND EXISTS (SELECT FROM players AS x WHERE x.pool = g.pool AND x.player_id = n.value)) AS pitcher
		FROM game AS g CROSS JOIN LATERAL (VALUES (g.home_id, true, g.away, 'away'), (g.away_id, false, g.home, 'home')) AS v (team_id, is_home, opponent, other)
	), known AS MATERIALIZED (	-- what surrounds a player is of the same moment as the forms; and forms that do not know of games of three days ago are stale
		SELECT t.prop_type, t.role, t.starts_only, t.regular FROM prop_type AS t
		CROSS JOIN LATERAL (SELECT max(x.known_at) AS known_at, max(x.last_game_at) AS last_game_at FROM prop_form AS x WHERE x.sport = t.sport AND x.prop_type = t.prop_type AND x.game_id IS NULL) AS n
		WHERE t.sport = prop_contexts.sport AND n.known_at > as_of IS NOT TRUE AND (SELECT max(b.starts_at) FROM begun AS b WHERE b.starts_at < as_of - interval '3 days') > n.last_game_at IS NOT TRUE
	), form AS MATERIALIZED (
		SELECT t.*, f.player_id, f.team_id, f.last_game_at, f.features[1]::float8 AS exposure, f.features[1]::float8 * f.features[2] AS count_ratio
		FROM known AS t JOIN prop_form AS f ON f.sport = prop_contexts.sport AND f.prop_type = t.prop_type AND f.game_id IS NULL
	), word AS MATERIALIZED (
		SELECT i.player_id, i.chance_out FROM sport AS s CROSS JOIN LATERAL injuries(s.pool, as_of) AS i WHERE s.sport = prop_contexts.sport
	), listed AS MATERIALIZED (	-- who is not on a list plays only while there is one
		SELECT x.team_id FROM (SELECT DISTINCT g.pool, g.team_id FROM side AS g) AS x WHERE EXISTS (SELECT FROM injury_lists(x.pool, x.team_id, as_of))
	), counted AS (
		-- before a season nobody has been seen, and half of last season's regulars are gone
		SELECT f.*, CASE WHEN f.regular > 0 AND f.exposure >= f.regular AND l.team_id IS NOT NULL AND max(f.last_game_at) OVER team > as_of - interval '60 days' THEN coalesce(w.chance_out,
			-- regulars not seen for more than two weeks are in their team's next game 9 times in 100 (NBA, 2014-15 to 2018-19, 9,767 times), but for those who have come off the list since
			CASE WHEN f.last_game_at >= max(f.last_game_at) OVER team - interval '14 days' OR EXISTS (SELECT FROM injury AS i JOIN sport AS s ON s.pool = i.pool
				WHERE s.sport = prop_contexts.sport AND i.player_id = f.player_id AND i.status = 'active' AND i.known_at > f.last_game_at AND i.known_at <= as_of) THEN 0 ELSE 1 END) END AS chance_out
		FROM form AS f LEFT JOIN listed AS l ON l.team_id = f.team_id LEFT JOIN word AS w ON w.player_id = f.player_id
		WINDOW team AS (PARTITION BY f.prop_type, f.team_id)
	), expected AS MATERIALIZED (	-- he himself plays, or the question is void
		SELECT c.*, sum((1 - c.chance_out) * c.exposure) OVER team + coalesce(c.chance_out * c.exposure, 0) AS team_exposure, sum((1 - c.chance_out) * c.count_ratio) OVER team + coalesce(c.chance_out * c.count_ratio, 0) AS team_count_ratio
		FROM counted AS c WINDOW team AS (PARTITION BY c.prop_type, c.team_id)
	), withdrawn AS MATERIALIZED (
		SELECT w.* FROM prop_withdrawals(prop_contexts.sport, as_of, horizon) AS w
	)
	SELECT g.game_id, g.starts_at, f.prop_type, f.player_id, k.name,
		jsonb_strip_nulls(jsonb_build_object('is_home', g.is_home, 'opponent', g.opponent, 'starter', CASE WHEN f.starts_only THEN true END,
			'rest_days', least((g.starts_at AT TIME ZONE g.time_zone)::date - (greatest(f.last_game_at, CASE WHEN f.role <> 'pitcher' THEN g.before END) AT TIME ZONE g.time_zone)::date, 10), 'pitcher', CASE f.role WHEN 'batter' THEN g.pitcher END,
			'team_exposure', round(f.team_exposure::numeric, 2), 'team_count_ratio', round(f.team_count_ratio::numeric, 2)))
	FROM side AS g JOIN expected AS f ON f.team_id = g.team_id
	JOIN players AS k ON k.pool = g.pool AND k.player_id = f.player_id
	WHERE NOT EXISTS (SELECT FROM withdrawn AS w WHERE w.player_id = f.player_id AND coalesce(w.game_id, g.game_id) = g.game_id AND coalesce(w.role, f.role) = f.role)
	ORDER BY g.starts_at, g.game_id, f.prop_type, f.player_id;
END;
COMMENT ON FUNCTION prop_contexts(text, timestamptz, interval) IS
'The game_context of predict_props() for every player with a form in the upcoming games of his team, by what was known at as_of: ground, opponent, days of rest (since his last game, or the one that his team plays in between; a pitcher since his last), the announced starting pitcher whom a batter faces, and, of props with regulars whose team''s injuries are known (injury_lists()), the regulars who are expected to play: who is on a list by one less chance_out, who is not on one fully, but not who was last seen more than two weeks before his team''s last game (unknown in the first game after 60 days). Left out: who is withdrawn (prop_withdrawals()), and props whose forms (prop_form, prop_surrounding) know of any game after as_of (ask of the past after refresh_prop_forms(as_of => …)) or of none of the games of three days before and since. Of pitchers all of a team are here until one is announced.';
