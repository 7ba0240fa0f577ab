-- Glicko-2: Glickman's own example, upsets with several roots, a period without games.
SELECT golden.agrees('glicko2', $$SELECT case_id, golden.ok(u.rating, expected_rating, tolerance)
	AND golden.ok(u.rd, expected_rd, tolerance) AND golden.ok(u.volatility, expected_vol, tolerance)
	FROM golden.glicko2 c, glicko2_update(c.rating, c.rd, c.vol, opp_rating, opp_rd, score, c.tau) u$$);
SELECT golden.agrees('glicko2, refused', $$SELECT case_id, golden.refused('SELECT glicko2_update(1500, 200, ' || (arguments::jsonb ->> 'vol') || ', ''{1400}'', ''{30}'', ''{1}'')')
	FROM golden.invalid_inputs WHERE function = 'glicko2'$$);
