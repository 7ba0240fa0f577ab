-- Elo ratings, FiveThirtyEight's published ones among them.
SELECT golden.agrees('elo_update', $$SELECT case_id, golden.ok(u.expected, c.expected_prob_a, c.tolerance)
	AND golden.ok(u.home, c.expected_a, c.tolerance) AND golden.ok(u.away, c.expected_b, c.tolerance)
	AND golden.ok(elo_expected(rating_a, rating_b, home_advantage), c.expected_prob_a, c.tolerance)
	FROM golden.elo_update c, elo_update(rating_a, rating_b, score_a, k, home_advantage) u$$);
-- elo: games of two rule sets, some of them real with FiveThirtyEight's published ratings
SELECT golden.agrees(f, format($$SELECT case_id, golden.ok(u.expected, expected_prob1, tolerance)
	AND golden.ok(u.multiplier, expected_multiplier, tolerance)
	AND golden.ok(u.home, expected_elo1_post, tolerance) AND golden.ok(u.away, expected_elo2_post, tolerance)
	FROM golden.%I, elo_update(elo1_pre, elo2_pre, score1, score2, %L, neutral) u$$, f, right(f, 3)))
FROM unnest('{elo_nfl,elo_nba,elo_538_nfl,elo_538_nba}'::text[]) f;
SELECT golden.agrees('elo_538_nfl, elo_538_nba', $$SELECT case_id, abs(u.home - published_elo1_post) < 0.0011
	AND abs(u.away - published_elo2_post) < 0.0011 FROM (SELECT *, 'nfl' AS rules FROM golden.elo_538_nfl
	UNION ALL SELECT *, 'nba' FROM golden.elo_538_nba) g, elo_update(elo1_pre, elo2_pre, score1, score2, rules, neutral) u$$);
SELECT golden.agrees('elo_world_football', $$SELECT case_id, golden.ok(u.expected, expected_prob_home, tolerance)
	AND golden.ok(u.multiplier, expected_multiplier, tolerance)
	AND golden.ok(u.home, expected_home, tolerance) AND golden.ok(u.away, expected_away, tolerance)
	FROM golden.elo_world_football c, elo_update(rating_home, rating_away, goals_home, goals_away, 'world_football', neutral, k => c.k) u$$);
SELECT golden.agrees('elo_season_reversion', $$SELECT case_id, golden.ok(elo_season_reversion(rating, keep, mean), expected, tolerance)
	FROM golden.elo_season_reversion$$);
