-- Pi-ratings: the paper's example, what must always hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'the paper', round(home_home::numeric, 4), round(home_away::numeric, 4), round(away_home::numeric, 4), round(away_away::numeric, 4), round(expected::numeric, 4)
FROM pi_rating_update(1.6, 0.4, 0.3, -1.2, 4, 1, 0.1, 0.3);
SELECT 'new teams draw', home_home = 0 AND away_away = 0 AND expected = 0 FROM pi_rating_update(0, 0, 0, 0, 1, 1);
SELECT 'as expected', home_home > 0.9999 AND expected < 2 FROM pi_rating_update(1, 1, 0, 0, 2, 0);
SELECT 'what one gains the other loses', bool_and(abs(home_home - h + away_away) < 1e-15), 'with catch-up on the other ground', bool_and(abs(home_away - 0.7 * (home_home - h)) < 1e-15)
FROM generate_series(-1.0, 1, 0.25) h, generate_series(0, 5) x, generate_series(0, 5) y, pi_rating_update(h, 0, 0, 0, x, y);
SELECT 'expected', pi_rating_expected(0, 0) = 0, abs(pi_rating_expected(3, 0) - 9) < 1e-14, abs(pi_rating_expected(0, -3) - 9) < 1e-14;
SELECT 'NULL', pi_rating_update(NULL, 0, 0, 0, 1, 1) IS NULL;

SELECT pi_rating_update('NaN', 0, 0, 0, 1, 1);
SELECT pi_rating_update(0, 0, 0, 0, -1, 1);
SELECT pi_rating_update(0, 0, 0, 0, 1, 1, 1.5);
SELECT pi_rating_update(0, 0, 0, 0, 1, 1, 0.035, -0.1);
SELECT pi_rating_update(1000, 0, 0, 0, 1, 1);
SELECT pi_rating_expected(1000, 1000);

-- ---- history: the pass equals the same games one by one --------------------------------------
CREATE TEMP TABLE game AS SELECT i AS game_id, 1 + i * 7 % 5 AS home, 1 + (i * 7 + 1 + i % 4) % 5 AS away, i * 13 % 4 AS home_score, i * 5 % 3 AS away_score,
	timestamp '2024-01-01' + i * interval '1 h' AS played_at FROM generate_series(1, 200) i UNION ALL SELECT 201, 1, 2, NULL, NULL, '2025-01-01';
CREATE TEMP TABLE history AS SELECT * FROM pi_rating_history('SELECT * FROM game ORDER BY game_id');
SELECT 'every game is an update', count(*) = 200 AND bool_and((u.home_home, u.home_away, u.away_home, u.away_away, u.expected) =
	(h.home_home_after, h.home_away_after, h.away_home_after, h.away_away_after, h.expected))
FROM history h JOIN game g USING (game_id), pi_rating_update(h.home_home, h.home_away, h.away_home, h.away_away, home_score, away_score) u WHERE home_score IS NOT NULL;
SELECT 'and starts where the last one ended', bool_and(h = h_last AND a = a_last) FROM (
	SELECT h, a, lag(h_after, 1, 0) OVER w AS h_last, lag(a_after, 1, 0) OVER w AS a_last FROM (
		SELECT game_id, home AS team, home_home AS h, home_away AS a, home_home_after AS h_after, home_away_after AS a_after FROM history
		UNION ALL SELECT game_id, away, away_home, away_away, away_home_after, away_away_after FROM history) s WINDOW w AS (PARTITION BY team ORDER BY game_id)) x;
SELECT 'a game to come', expected = pi_rating_expected(home_home, away_away), num_nulls(home_home_after, away_away_after) = 2 FROM history WHERE game_id = 201;
SELECT 'a table by its name', count(*) = 201 AND bool_and(h = t) FROM history h JOIN pi_rating_history('game') t USING (game_id);
SELECT 'a regclass', count(*) = 201 AND bool_and(r = t) FROM pi_rating_history('game'::regclass, 0.1, 0.5) r JOIN pi_rating_history('game', 0.1, 0.5) t USING (game_id);
SELECT 'and its defaults', count(*) = 201 AND bool_and(h = t) FROM history h JOIN pi_rating_history('game'::regclass) t USING (game_id);
SELECT 'NULL is no table', count(*) = 0 FROM pi_rating_history(NULL::regclass);
SELECT 'goes on where it ended', count(*) = 101, bool_and(t = h) FROM history h JOIN pi_rating_history('SELECT * FROM game WHERE game_id > 100 ORDER BY game_id',
	initial => (SELECT jsonb_object_agg(team, jsonb_build_object('home', h, 'away', a)) FROM (SELECT DISTINCT ON (team) * FROM (
		SELECT game_id, home AS team, home_home_after AS h, home_away_after AS a FROM history UNION ALL SELECT game_id, away, away_home_after, away_away_after FROM history) x
		WHERE game_id <= 100 ORDER BY team, game_id DESC) y)) t USING (game_id);
SELECT 'own rates', home_home_after = 0 FROM pi_rating_history('game', 0) WHERE game_id = 3;

SELECT * FROM pi_rating_history('SELECT game_id, home, away, home_score FROM game');
SELECT * FROM pi_rating_history('pg_class'::regclass);
SELECT * FROM pi_rating_history('game'::regclass, catch_up => 2);
SELECT * FROM pi_rating_history('game', catch_up => 2);
