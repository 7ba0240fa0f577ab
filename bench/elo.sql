-- Ratings of 10 n games of 1,000 teams. The scan hands the same rows out in the same order, every column read.
SET work_mem = '4MB';	-- PostgreSQL's own
CREATE TABLE match AS
	SELECT n::bigint AS game_id, 1 AS season, 1 + h AS home, 1 + (h + 1 + floor(random() * 999)::int) % 1000 AS away,
		floor(random() * 5)::int AS home_score, floor(random() * 4)::int AS away_score, false AS neutral
	FROM (SELECT n, floor(random() * 1000)::int AS h FROM generate_series(1, 10 * :n) AS n) AS x;
ALTER TABLE match ADD PRIMARY KEY (game_id);
CREATE TABLE named_match AS SELECT game_id, season, 'team ' || home AS home, 'team ' || away AS away, home_score, away_score, neutral FROM match;
ALTER TABLE named_match ADD PRIMARY KEY (game_id);
VACUUM ANALYZE;

CREATE FUNCTION elo_loop() RETURNS SETOF float8 LANGUAGE plpgsql STABLE AS $$
DECLARE
	m record; rating float8[] := array_fill(1500::float8, ARRAY[1000]); expected float8; moved float8;
BEGIN
	FOR m IN SELECT home, away, home_score, away_score FROM match ORDER BY game_id LOOP
		expected := 1 / (1 + power(10::float8, (rating[m.away] - rating[m.home]) / 400));
		moved := 20 * ((sign(m.home_score - m.away_score) + 1) / 2 - expected);
		RETURN NEXT rating[m.home];
		rating[m.home] := rating[m.home] + moved;
		rating[m.away] := rating[m.away] - moved;
	END LOOP;
END $$;

-- how drawish a league is, from the expectations of n games of which every fourth was drawn
CREATE TABLE expectation AS SELECT 0.1 + 0.8 * random() AS expected FROM generate_series(1, :n);
CREATE FUNCTION draw_loop(draws float8) RETURNS float8 LANGUAGE plpgsql STABLE AS $$
DECLARE
	evenness float8[] := ARRAY(SELECT sqrt(expected * (1 - expected)) FROM expectation); nu float8 := 0; drawn float8; slope float8;
BEGIN
	LOOP
		SELECT sum(nu * s / (1 + nu * s)), sum(s / (1 + nu * s) ^ 2) INTO drawn, slope FROM unnest(evenness) AS s;
		EXIT WHEN draws - drawn <= 1e-10 * draws;
		nu := nu + (draws - drawn) / slope;
	END LOOP;
	RETURN nu;
END $$;

INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('elo_history(plain), every rating out', 10 * :n,
		$$SELECT sum(home_before) FROM elo_history('SELECT * FROM match ORDER BY game_id', 'plain')$$,
		'loop in plpgsql over an array', 'SELECT sum(r) FROM elo_loop() AS r', 1e-9, 0.4),
	('elo_history(plain), every rating out', 10 * :n,
		$$SELECT sum(home_before) FROM elo_history('SELECT * FROM match ORDER BY game_id', 'plain')$$,
		'ordered scan of the games', $$SELECT sum(season + home + away + home_score + away_score + neutral::int)
			FROM (SELECT * FROM match ORDER BY game_id OFFSET 0) AS x$$, NULL, 3.3),
	('elo_history(plain), teams by name', 10 * :n,
		$$SELECT sum(home_before) FROM elo_history('SELECT * FROM named_match ORDER BY game_id', 'plain')$$,
		'ordered scan of the games', $$SELECT sum(season + octet_length(home) + octet_length(away) + home_score + away_score + neutral::int)
			FROM (SELECT * FROM named_match ORDER BY game_id OFFSET 0) AS x$$, NULL, 3.3),
	('elo_ratings(plain), the last ratings', 10 * :n,
		$$SELECT (elo_ratings(home, away, home_score, away_score, 'plain') ->> '1')::float8 FROM (SELECT * FROM match ORDER BY game_id OFFSET 0) AS x$$,
		'ordered scan of the games', $$SELECT sum(home + away + home_score + away_score)
			FROM (SELECT * FROM match ORDER BY game_id OFFSET 0) AS x$$, NULL, 1.2),
	('elo_ratings(plain), the last ratings', 10 * :n,
		$$SELECT (elo_ratings(home, away, home_score, away_score, 'plain') ->> '1')::float8 FROM (SELECT * FROM match ORDER BY game_id OFFSET 0) AS x$$,
		'the last row of elo_history', $$SELECT CASE home WHEN '1' THEN home_after ELSE away_after END
			FROM elo_history('SELECT * FROM match ORDER BY game_id', 'plain') WHERE '1' IN (home, away) ORDER BY game_id DESC LIMIT 1$$, 1e-12, 0.6),
	('elo_draw_fit, array_agg included', :n, 'SELECT elo_draw_fit(array_agg(expected), 0.25 * count(*)) FROM expectation',
		'Newton over unnest() in plpgsql', 'SELECT draw_loop(0.25 * count(*)) FROM expectation', 1e-9, 0.2);
