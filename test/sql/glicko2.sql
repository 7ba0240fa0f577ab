-- Glicko-2: the paper's example, what must always hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'the paper', round(rating::numeric, 2), round(rd::numeric, 2), round(volatility::numeric, 5)
FROM glicko2_update(1500, 200, 0.06, '{1400,1550,1700}', '{30,100,300}', '{1,0,0}', 0.5);
SELECT 'no games', rating = 1700 AND abs(rd - 60.898607098460175) < 1e-12 AND volatility = 0.06 FROM glicko2_update(1700, 60, 0.06, '{}', '{}', '{}');
SELECT 'a limit', rd = 350 FROM glicko2_update(1700, 350, 0.06, '{}', '{}', '{}', max_rd => 350);
SELECT 'a limit before games', rd < 350 FROM glicko2_update(1700, 350, 0.06, '{1500}', '{350}', '{1}', max_rd => 350);
SELECT 'several roots', abs(volatility - 0.06046306209565867) < 1e-10 FROM glicko2_update(1500, 50, 0.06, '{2200,2200,2200}', '{40,40,40}', '{1,1,1}', 1.0);
SELECT 'the order of games does not matter', abs(a.rating - b.rating) < 1e-10
FROM glicko2_update(1500, 200, 0.06, '{1400,1550}', '{30,100}', '{1,0}') a, glicko2_update(1500, 200, 0.06, '{1550,1400}', '{100,30}', '{0,1}') b;
SELECT 'any lower bound', a = b FROM glicko2_update(1500, 200, 0.06, '[5:5]={1400}', '[0:0]={30}', '{1}') a, glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1}') b;
SELECT 'expected', glicko2_expected(1500, 1500) = 0.5, abs(glicko2_expected(1500, 1400, 0, 30) - 0.639) < 0.001, glicko2_expected(1700, 1500, 350, 350) < glicko2_expected(1700, 1500);
SELECT 'sides sum to 1', bool_and(abs(glicko2_expected(a, b, 80, 200) + glicko2_expected(b, a, 200, 80) - 1) < 1e-15) FROM generate_series(1000, 2000, 125) a, generate_series(1000, 2000, 125) b;
SELECT 'impossible upsets', rating > 0 FROM glicko2_update(0, 50, 0.06, '{20000}', '{40}', '{1}');
SELECT 'NULL', glicko2_update(1500, 200, NULL, '{}', '{}', '{}') IS NULL, glicko2_expected(1500, NULL) IS NULL;

SELECT glicko2_update(1500, 200, -0.06, '{1400}', '{30}', '{1}');
SELECT glicko2_update(1500, 0, 0.06, '{1400}', '{30}', '{1}');
SELECT glicko2_update('NaN', 200, 0.06, '{1400}', '{30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{1400,1500}', '{30}', '{1,0}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1,0}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1.5}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{-30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{NULL}', '{30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{{1400}}', '{30}', '{1}');
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1}', 0);
SELECT glicko2_update(1500, 200, 0.06, '{1400}', '{30}', '{1}', max_rd => 0);
SELECT glicko2_update(1500, 200, 0.06, '{1e9}', '{30}', '{1}');
SELECT glicko2_expected(1500, 'Infinity');
SELECT glicko2_expected(1500, 1500, -1);

-- ---- history: the pass equals the same periods one by one ------------------------------------
CREATE TEMP TABLE game AS SELECT i AS game_id, 10 + (i - 1) / 8 AS period, 't' || i * 7 % 5 AS home, 't' || (i * 7 + 1 + i % 4) % 5 AS away,
	i * 13 % 4 AS home_score, i * 5 % 3 AS away_score, date '2024-01-01' + i AS played_at FROM generate_series(1, 40) i
	UNION ALL SELECT 41, 20, 't0', 't1', NULL, NULL, '2024-03-01' UNION ALL SELECT 42, 20, 't2', 'new', 2, 0, '2024-03-02' UNION ALL SELECT 43, 21, 't0', 't1', 1, 0, '2024-04-01';
CREATE TEMP TABLE history AS SELECT * FROM glicko2_history('SELECT * FROM game ORDER BY game_id');
CREATE TEMP VIEW side AS SELECT game_id, period, home AS team, away AS opponent, home_rating AS rating, home_rd AS rd, home_volatility AS volatility, away_rating, away_rd,
		home_rating_after AS rating_after, home_rd_after AS rd_after, home_volatility_after AS volatility_after, home_score, away_score FROM history JOIN game USING (game_id, period, home, away)
	UNION ALL SELECT game_id, period, away, home, away_rating, away_rd, away_volatility, home_rating, home_rd, away_rating_after, away_rd_after, away_volatility_after, away_score, home_score
		FROM history JOIN game USING (game_id, period, home, away);
SELECT 'every period is an update', count(*) > 20 AND bool_and(abs(u.rating - s.rating_after) < 1e-9 AND abs(u.rd - s.rd_after) < 1e-9 AND abs(u.volatility - s.volatility_after) < 1e-12)
FROM (SELECT team, period, min(rating) AS rating, min(rd) AS rd, min(volatility) AS volatility, min(rating_after) AS rating_after, min(rd_after) AS rd_after, min(volatility_after) AS volatility_after,
		array_agg(away_rating ORDER BY game_id) AS ratings, array_agg(away_rd ORDER BY game_id) AS rds,
		array_agg((sign(home_score - away_score) + 1) / 2 ORDER BY game_id) AS scores
	FROM side WHERE home_score IS NOT NULL GROUP BY 1, 2) s, glicko2_update(rating, rd, volatility, ratings, rds, scores) u;
SELECT 'and starts where the last one ended', count(*) > 10, bool_and(rating = before AND rd = rd_before)
FROM (SELECT DISTINCT ON (team, period) rating, rd, lag(rating_after) OVER w AS before, lag(rd_after) OVER w AS rd_before, period - lag(period) OVER w AS gap
	FROM side WHERE period < 20 WINDOW w AS (PARTITION BY team ORDER BY period, game_id) ORDER BY team, period, game_id) x WHERE gap = 1;
SELECT 'newcomers', home_rating = 1500 AND home_rd = 350 AND expected = 0.5 FROM history WHERE game_id = 1;
SELECT 'a new team later', away_rating = 1500 AND away_rd = 350 FROM history WHERE game_id = 42;
SELECT 'a game to come shows ratings', num_nulls(home_rating_after, away_volatility_after) = 2 AND home_rd > 0 FROM history WHERE game_id = 41;
SELECT 'and makes nobody surer', abs(b.home_rd - sqrt(a.home_rd ^ 2 + (173.7178 * a.home_volatility) ^ 2)) < 1e-9 FROM history a, history b WHERE a.game_id = 41 AND b.game_id = 43;
SELECT 'goes on where it ended', count(*) = 27, bool_and(t = h) FROM history h JOIN glicko2_history('SELECT * FROM game WHERE period > 11 ORDER BY game_id',
	initial => (SELECT jsonb_object_agg(team, jsonb_build_object('rating', rating_after, 'rd', rd_after, 'volatility', volatility_after, 'idle', 11 - period))
		FROM (SELECT DISTINCT ON (team) * FROM side WHERE period <= 11 ORDER BY team, game_id DESC) x)) t USING (game_id);
SELECT 'idle periods', t.away_rd = h.away_rd FROM history h JOIN glicko2_history('SELECT * FROM game WHERE game_id = 43',
	initial => (SELECT jsonb_object_agg(team, jsonb_build_object('rating', rating_after, 'rd', rd_after, 'volatility', volatility_after, 'idle', (SELECT count(DISTINCT period) FROM game g WHERE g.period > x.period AND g.period < 21)))
		FROM (SELECT DISTINCT ON (team) * FROM side WHERE game_id < 41 ORDER BY team, game_id DESC) x)) t USING (game_id);
SELECT * FROM glicko2_history('SELECT * FROM game ORDER BY game_id', initial => '{"t0": {"rating": 1500, "rd": 60}}');
SELECT * FROM glicko2_history('SELECT * FROM game ORDER BY game_id', initial => '{"t0": {"rating": 1500, "rd": 0, "volatility": 0.06}}');
SELECT 'a table by its name', count(*) = 43 AND bool_and(h = t) FROM history h JOIN glicko2_history('game') t USING (game_id);
SELECT 'a regclass', count(*) = 43 AND bool_and(r = t) FROM glicko2_history('game'::regclass, 0.6, 1000, 100, 0.05, 110) r JOIN glicko2_history('game', 0.6, 1000, 100, 0.05, 110) t USING (game_id);
SELECT 'and its defaults', count(*) = 43 AND bool_and(h = t) FROM history h JOIN glicko2_history('game'::regclass) t USING (game_id);
SELECT 'own start', home_rating = 1000 AND home_rd = 100 AND home_volatility = 0.05 FROM glicko2_history('game', 0.6, 1000, 100, 0.05, 110) WHERE game_id = 1;
SELECT 'a limit', max(greatest(home_rd, away_rd)) <= 360 AND max(greatest(home_rd, away_rd)) > 300 FROM glicko2_history('game', volatility => 5, max_rd => 360);
SELECT 'no games', count(*) = 0 FROM glicko2_history('SELECT * FROM game WHERE false');

SELECT * FROM glicko2_history('SELECT game_id, home, away, home_score, away_score FROM game');
SELECT * FROM glicko2_history('SELECT * FROM game ORDER BY period DESC');
SELECT * FROM glicko2_history('pg_class'::regclass);
SELECT * FROM glicko2_history('game'::regclass, 0);
SELECT * FROM glicko2_history('game', 0);
SELECT * FROM glicko2_history('game', rd => NULL);
SELECT * FROM glicko2_history('game', volatility => -1);
