-- Ratings and features of n games of one sport: rounds of 20 games of 40 teams, 78 rounds a season, every third day of August to
-- April; three books quote h2h twice, two of them a handicap and a total. One competition is harder than many small ones.
CREATE TABLE facts AS SELECT payload_id FROM (SELECT simulate_league(1, 4, 1) AS payload_id) AS p;
INSERT INTO team (team_id, pool, name) SELECT stable_id('nfl:Bench ' || i), 'nfl', 'Bench ' || i FROM generate_series(0, 39) AS i;
CREATE TABLE drawn AS
	SELECT stable_id('bench' || x.game) AS game_id, 'bench' || x.game AS game_key, round / 78 + 1900 AS season, stable_id('nfl:Bench ' || seat[1]) AS home_id, stable_id('nfl:Bench ' || seat[2]) AS away_id,
		make_timestamptz(round / 78 + 1900, 8, 5, 13, 0, 0, 'UTC') + (round % 78) * interval '3 days' AS starts_at,
		20 + floor(20 * random())::int AS home_score, 18 + floor(20 * random())::int AS away_score, 1.5 + random() AS price
	FROM generate_series(0, :n - 1) AS x (game), LATERAL (SELECT x.game / 20 AS round, x.game % 20 AS k) AS r,
		-- the circle method: one team sits, the others turn
		LATERAL (SELECT CASE WHEN k = 0 THEN 39 ELSE (round + k) % 39 END AS one, (round - k + 3900000) % 39 AS two) AS c,
		LATERAL (SELECT CASE WHEN (k + round / 39) % 2 = 0 THEN ARRAY[one, two] ELSE ARRAY[two, one] END AS seat) AS s;
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) SELECT game_id, 'NFL', season, home_id, away_id, game_key FROM drawn;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
	SELECT game_id, starts_at, true, starts_at - interval '14 days', now(), payload_id FROM drawn, facts;
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
	SELECT game_id, home_score, away_score, 'final', starts_at + interval '3 hours', now(), payload_id FROM drawn, facts;
INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id)
	SELECT game_id, q.market, q.side, q.line, b.book, CASE WHEN q.side IN ('home', 'over') THEN price ELSE 1.02 * price / (price - 1) END, false,
		starts_at - hours * interval '1 hour', now(), payload_id
	FROM drawn, facts, (VALUES ('pinnacle', true), ('draftkings', true), ('fanduel', false)) AS b (book, lines), (VALUES (60), (2)) AS t (hours),
		(VALUES ('h2h', 'home', NULL), ('h2h', 'away', NULL), ('spreads', 'home', -2.5), ('spreads', 'away', 2.5), ('totals', 'over', 44.5), ('totals', 'under', 44.5)) AS q (market, side, line)
	WHERE q.market = 'h2h' OR b.lines;
VACUUM ANALYZE;
SELECT refresh_ratings('NFL') \g /dev/null
VACUUM ANALYZE;
-- a day's results, taken back and told again
CREATE TABLE last_day AS SELECT r.* FROM result AS r JOIN game AS g USING (game_id)
	WHERE g.sport = 'NFL' AND r.known_at = (SELECT max(known_at) FROM result JOIN game USING (game_id) WHERE sport = 'NFL');
CREATE FUNCTION a_day_twice() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	written int;
BEGIN
	DELETE FROM result AS r USING last_day AS d WHERE r.game_id = d.game_id;
	written := refresh_ratings('NFL');
	INSERT INTO result SELECT * FROM last_day;
	RETURN written + refresh_ratings('NFL');
END $$;
-- a score of thirty rounds ago is corrected, known today, and the correction taken back
CREATE TABLE correction AS SELECT game_id, home_score + 1 AS home_score, away_score, status, detail, (SELECT max(known_at) FROM last_day) AS known_at, recorded_at, payload_id
	FROM (SELECT r.* FROM drawn JOIN result AS r USING (game_id) ORDER BY starts_at DESC, game_id OFFSET 600 LIMIT 1) AS x;
CREATE FUNCTION a_correction_twice() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	written int;
BEGIN
	INSERT INTO result SELECT * FROM correction;
	written := refresh_ratings('NFL');
	DELETE FROM result AS r USING correction AS c WHERE (r.game_id, r.known_at) = (c.game_id, c.known_at);
	RETURN written + refresh_ratings('NFL');
END $$;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance) VALUES
	('game_features, 50 of them', :n, $$SELECT sum(home_form_last10) FROM game_features('NFL', '-infinity', 'infinity', 'infinity')$$,
		'form of ten games alone, a window over all results', $$SELECT sum(form) FILTER (WHERE at_home) FROM (
			SELECT at_home, avg(score) OVER (PARTITION BY team ORDER BY starts_at ROWS BETWEEN 10 PRECEDING AND 1 PRECEDING) AS form
			FROM (SELECT g.home_id, g.away_id, f.starts_at, (1 + sign(r.home_score - r.away_score)) / 2 AS won
				FROM game AS g JOIN fixture AS f USING (game_id) JOIN result AS r USING (game_id) WHERE g.sport = 'NFL') AS p,
				LATERAL (VALUES (home_id, true, won), (away_id, false, 1 - won)) AS side (team, at_home, score)) AS x$$, 1e-9);
-- the same in two periods, which two processors take: the planner counts on two workers, of which one has nothing to do
SELECT min(starts_at) AS middle FROM drawn WHERE season >= (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY season) FROM drawn) \gset
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, workers) SELECT 'game_features of two periods in one statement, two workers', n,
	format($$SELECT sum(home_form_last10) FROM (SELECT * FROM game_features('NFL', '-infinity', %L, 'infinity') UNION ALL SELECT * FROM game_features('NFL', %1$L, 'infinity', 'infinity')) AS x$$, :'middle'),
	other_name, other, tolerance, 2 FROM pair WHERE ours ~ 'game_features';
INSERT INTO pair (subject, n, ours, other_name, other)
	SELECT subject, :n, ours, 'Elo alone of all games, nothing stored',
		$$SELECT count(*) FROM elo_history('SELECT game_id, season, home_id AS home, away_id AS away, home_score, away_score, false AS neutral
			FROM game JOIN fixture USING (game_id) JOIN result USING (game_id) WHERE sport = ''NFL'' ORDER BY starts_at, game_id', 'nfl')$$
	FROM (VALUES ('two refreshes, each after a day of 20 games', 'SELECT a_day_twice()'),
		('two refreshes, each after a score of 600 games ago', 'SELECT a_correction_twice()')) AS x (subject, ours);
