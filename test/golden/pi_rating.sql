-- Pi-ratings, the paper's example among them.
SELECT golden.agrees('pi_rating', $$SELECT case_id, golden.ok(u.expected, expected_goal_diff, tolerance)
	AND golden.ok(pi_rating_expected(c.home_home, c.away_away), expected_goal_diff, tolerance)
	AND golden.ok(u.home_home, expected_home_home, tolerance) AND golden.ok(u.home_away, expected_home_away, tolerance)
	AND golden.ok(u.away_home, expected_away_home, tolerance) AND golden.ok(u.away_away, expected_away_away, tolerance)
	FROM golden.pi_rating c, pi_rating_update(c.home_home, c.home_away, c.away_home, c.away_away, goals_home, goals_away, lambda_, gamma) u$$);
