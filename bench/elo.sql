-- Ratings of n games.
CREATE TABLE match AS
	SELECT n::bigint AS game_id, n / 2000 AS season, 1 + h AS home, 1 + (h + 1 + floor(random() * 199)::int) % 200 AS away,
		floor(random() * 5)::int AS home_score, floor(random() * 4)::int AS away_score
	FROM (SELECT n, floor(random() * 200)::int AS h FROM generate_series(1, :n) AS n) AS x;
VACUUM ANALYZE;

CREATE FUNCTION elo_loop() RETURNS SETOF float8 LANGUAGE plpgsql STABLE AS $$
DECLARE
	m record; rating float8[] := array_fill(1500::float8, ARRAY[200]); expected float8; moved float8;
BEGIN
	FOR m IN SELECT home, away, home_score, away_score FROM match ORDER BY game_id LOOP
		expected := 1 / (1 + power(10::float8, (rating[m.away] - rating[m.home]) / 400));
		moved := 20 * ((sign(m.home_score - m.away_score) + 1) / 2 - expected);
		rating[m.home] := rating[m.home] + moved;
		rating[m.away] := rating[m.away] - moved;
		RETURN NEXT rating[m.home];
	END LOOP;
END $$;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('elo_history(plain), 200 teams', :n,
		$$SELECT sum(home_after) FROM elo_history('SELECT game_id, season, home::text AS home, away::text AS away, home_score, away_score, false AS neutral FROM match ORDER BY game_id', 'plain')$$,
		'loop in plpgsql over an array', 'SELECT sum(r) FROM elo_loop() AS r', 1e-9);
