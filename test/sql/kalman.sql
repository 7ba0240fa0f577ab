-- Kalman filter of scores: a game by hand, what must always hold, going on from an earlier pass, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

-- level and home advantage known for sure, noise 1, four strengths of variance 1: a quarter of the error each
SELECT 'by hand', home_expected = 21, away_expected = 19, abs(home_attack - 1) < 1e-15, abs(away_defence + 1) < 1e-15, abs(home_starter_value - 1) < 1e-15,
	abs(home_starter_variance - 0.75) < 1e-15, abs(away_attack) < 1e-15, level = 20, home_advantage = 2
FROM kalman_history('SELECT 1 AS game_id, 2024 AS season, ''a'' AS home, ''b'' AS away, 25 AS home_score, 19 AS away_score, false AS neutral, ''x'' AS home_starter, ''y'' AS away_starter',
	1, 1, starter_prior => 1, initial_league => '{20,0,2,0}');
SELECT 'a starter who defends', abs(away_starter_value + 1) < 1e-15, abs(home_starter_value) < 1e-15
FROM kalman_history('SELECT 1 AS game_id, 2024 AS season, ''a'' AS home, ''b'' AS away, 25 AS home_score, 19 AS away_score, false AS neutral, ''x'' AS home_starter, ''y'' AS away_starter',
	1, 1, starter_prior => 1, starter_side => 'defence', initial_league => '{20,0,2,0}');

CREATE TEMP TABLE game AS SELECT i AS game_id, 2020 + i / 100 AS season, 1 + i * 7 % 5 AS home, 1 + (i * 7 + 1 + i % 4) % 5 AS away, 17 + i * 13 % 14 AS home_score, 15 + i * 5 % 13 AS away_score,
	i % 17 = 0 AS neutral, CASE WHEN i % 10 > 0 THEN 'q' || i * 3 % 7 END AS home_starter, 'q' || (i * 3 + 1) % 7 AS away_starter,
	timestamp '2024-01-01' + i * interval '1 h' AS played_at FROM generate_series(1, 300) i
	UNION ALL SELECT 301, 2023, 1, 2, NULL, NULL, false, 'q1', NULL, '2025-01-01';
CREATE TEMP TABLE history AS SELECT * FROM kalman_history('SELECT * FROM game ORDER BY game_id', 90, 5, 0.1, 0.7, 4, -5, 10, 1, league_drift => 0.003);
SELECT 'rows', count(*) = 301, bool_and((home_starter_value IS NULL) = (home_starter IS NULL OR home_score IS NULL)), bool_and((home_attack IS NULL) = (home_score IS NULL)),
	bool_and(home_attack_variance > 0 AND level_variance > 0) FROM history JOIN game USING (game_id);
SELECT 'a game to come', home_expected + away_expected BETWEEN 20 AND 70, num_nulls(home_attack, away_defence, level, home_advantage) = 4 FROM history WHERE game_id = 301;
SELECT 'scores are as expected in the mean', abs(avg(home_expected + away_expected - home_score - away_score)) < 0.5 FROM history JOIN game USING (game_id) WHERE game_id > 50;
SELECT 'a table by its name', count(*) = 301 AND bool_and(h = t) FROM history h JOIN kalman_history('game', 90, 5, 0.1, 0.7, 4, -5, 10, 1, league_drift => 0.003) t USING (game_id);
SELECT 'NULL gives no row', count(*) = 0 FROM kalman_history('game', NULL, 5);

-- to the bit: teams and starters as their latest game left them
CREATE TEMP TABLE state AS
SELECT game_id, season, side.* FROM history JOIN game USING (game_id) CROSS JOIN LATERAL (VALUES (game.home, home_attack, home_attack_variance, home_defence, home_defence_variance, home_starter, home_starter_value, home_starter_variance),
	(game.away, away_attack, away_attack_variance, away_defence, away_defence_variance, away_starter, away_starter_value, away_starter_variance)) AS side (team, a, av, d, dv, starter, s, sv)
WHERE game_id <= 150;
SET extra_float_digits = 1;
SELECT 'goes on where it ended', count(*) = 151, bool_and(t = h) FROM history h JOIN kalman_history('SELECT * FROM game WHERE game_id > 150 ORDER BY game_id', 90, 5, 0.1, 0.7, 4, -5, 10, 1, league_drift => 0.003,
	initial => (SELECT jsonb_object_agg(team, jsonb_build_object('season', season, 'attack', a, 'attack_variance', av, 'defence', d, 'defence_variance', dv))
		FROM (SELECT DISTINCT ON (team) * FROM state ORDER BY team, game_id DESC) x),
	initial_starters => (SELECT jsonb_object_agg(starter, jsonb_build_object('season', season, 'value', s, 'variance', sv))
		FROM (SELECT DISTINCT ON (starter) * FROM state WHERE starter IS NOT NULL ORDER BY starter, game_id DESC) x),
	initial_league => (SELECT ARRAY[level, level_variance, home_advantage, home_advantage_variance] FROM history WHERE game_id = 150)) t USING (game_id);

SELECT * FROM kalman_history('SELECT game_id, season, home, away, home_score, away_score, neutral FROM game', 90, 5);
SELECT * FROM kalman_history('SELECT *, 1 AS x FROM (SELECT game_id, season, home, away, home_score, away_score, neutral, 7 AS home_starter, away_starter FROM game) g', 90, 5);
SELECT * FROM kalman_history('game', 0, 5);
SELECT * FROM kalman_history('game', 90, -1);
SELECT * FROM kalman_history('game', 90, 5, season_keep => 1.5);
SELECT * FROM kalman_history('game', 90, 5, starter_side => 'middle');
SELECT * FROM kalman_history('game', 90, 5, starter_mean => 'NaN');
SELECT * FROM kalman_history('SELECT * FROM game', 90, 5, initial => '{"1": {"attack": 3}}');
SELECT * FROM kalman_history('SELECT * FROM game', 90, 5, initial_starters => '[]');
SELECT * FROM kalman_history('game', 90, 5, initial_league => '{1,2}');
SELECT * FROM kalman_history('game', 90, 5, initial_league => '{1,-2,0,1}');
