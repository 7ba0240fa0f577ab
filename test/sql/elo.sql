-- Elo: the formulas' own examples, what must always hold, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = bet_edge, public;

SELECT 'equals', elo_expected(1500, 1500) = 0.5;
SELECT 'home advantage', abs(elo_expected(1500, 1500, 100) - 0.6400649998028851) < 1e-15;
SELECT 'sides sum to 1', bool_and(abs(elo_expected(a, b, h) + elo_expected(b, a, -h) - 1) < 1e-15)
FROM generate_series(1000, 2000, 125) a, generate_series(1000, 2000, 125) b, (VALUES (0), (65.5)) v (h);
SELECT 'far apart', elo_expected(1e6, 0) = 1, elo_expected(0, 1e6) = 0;

-- both forms resolve from bare literals
SELECT 'plain form', home = 1510 AND away = 1490 AND multiplier = 1 FROM elo_update(1500, 1500, 1, 20, 0);
SELECT 'game form', abs(home - 1516.462462070399) < 1e-9 AND abs(multiplier - 2.0197666188501717) < 1e-12
FROM elo_update(1500, 1500, 24, 17, 'nfl');
SELECT 'nba', abs(home - 1506.9170949668037) < 1e-9 FROM elo_update(1500, 1500, 110, 100, 'nba');
SELECT 'world football', abs(home - 1837.7931750206972) < 1e-9 AND multiplier = 1.75
FROM elo_update(1800, 1700, 3, 0, 'world_football', true, k => 60);
SELECT 'goals count from three', array_agg(multiplier ORDER BY n) = '{1,1,1.5,1.75,1.875}'
FROM generate_series(0, 4) n, elo_update(1500, 1500, n, 0, 'world_football');
SELECT 'plain rules are plain', g = p FROM elo_update(1600, 1500, 3, 0, 'plain') g, elo_update(1600, 1500, 1) p;
SELECT 'null k and advantage are the rules'' own', a = b
FROM elo_update(1600, 1500, 3, 1, 'nfl', false, NULL, NULL) a, elo_update(1600, 1500, 3, 1, 'nfl', false, 20, 65) b;

-- what one wins the other loses; a tie moves ratings; a mirrored game on neutral ground mirrors
SELECT 'zero sum', bool_and(abs(home + away - a - b) < 1e-9), 'loser never gains',
	bool_and(CASE WHEN x > y THEN home >= a WHEN x < y THEN home <= a ELSE true END)
FROM generate_series(1200, 1800, 150) a, generate_series(1200, 1800, 150) b, generate_series(0, 40, 8) x,
	generate_series(3, 43, 8) y, unnest('{nfl,nba,world_football,plain}'::text[]) r, elo_update(a, b, x, y, r);
SELECT 'a tie moves ratings', bool_and(home < 1600 AND away > 1500)
FROM unnest('{nfl,world_football,plain}'::text[]) r, elo_update(1600, 1500, 20, 20, r);
SELECT 'mirror', bool_and(abs(g.home - m.away) < 1e-9 AND abs(g.away - m.home) < 1e-9)
FROM unnest('{nfl,nba,world_football,plain}'::text[]) r, elo_update(1600, 1480, 30, 13, r, true) g,
	elo_update(1480, 1600, 13, 30, r, true) m;
SELECT 'NULL in, NULL out', elo_update(NULL, 1500, 1, 0, 'nfl') IS NULL, elo_expected(NULL, 1) IS NULL;

SELECT 'reversion', elo_season_reversion(1650.5, 2.0 / 3) = 1602, elo_season_reversion(1300.25, 0.75, 1505) = 1351.4375;

-- Davidson: sums to 1, keeps the expected score, draw odds between equals
SELECT 'outcomes', bool_and(abs(p[1] + p[2] + p[3] - 1) < 1e-15 AND abs(p[1] / (p[1] + p[3]) - e) < 1e-15)
FROM (VALUES (0.5), (0.9), (0.01)) e (e), elo_outcomes(e, 0.7) p;
SELECT 'draw between equals', abs((elo_outcomes(0.5, 0.7))[2] - 0.7 / 2.7) < 1e-15;
SELECT 'fitted draws', abs(elo_draw_fit(array_fill(0.5::float8, ARRAY[100]), 25) - 2.0 / 3) < 1e-12, elo_draw_fit('{0.3,0.6}', 0) = 0,
	elo_draw_fit('{0.3,0.6}', 2) IS NULL, elo_draw_fit('{0.3,1,0}', 1) IS NULL, elo_draw_fit(NULL, 1) IS NULL;
SELECT 'no draws', elo_outcomes(0.6, 0) = '{0.6,0,0.4}', elo_outcomes(1, 0.7) = '{1,0,0}';

-- refused
SELECT elo_expected('NaN', 1500);
SELECT elo_expected(1500, 'Infinity');
SELECT elo_update(1500, 1500, 1.5, 20, 0);
SELECT elo_update(1500, 1500, 1, -20, 0);
SELECT elo_update(1500, 1500, -3, 0, 'nfl');
SELECT elo_update(1500, 1500, 100, 100, 'nba');
SELECT elo_update(0, 5000, 20, 10, 'nfl', true);
SELECT elo_update(1500, 1500, 24, 17, 'cricket');
SELECT elo_update(1500, 1500, 24, 17, 'world_football', k => 'Infinity');
SELECT elo_update(1.7e308, 0, 1, 1.7e308, -1.7e308);
SELECT elo_season_reversion(1500, 1.1);
SELECT elo_outcomes(1.1, 0.5);
SELECT elo_outcomes(0.5, -1);
SELECT elo_draw_fit('{0.3,1.5}', 1);
SELECT elo_draw_fit('{0.3}', 2);
SELECT elo_draw_fit('{}', 0);

-- ---- history -------------------------------------------------------------------------------
CREATE TEMP TABLE game (game_id bigint, season int, home text, away text, home_score int, away_score int, neutral boolean);
INSERT INTO game VALUES
	(1, 2001, 'A', 'B', 24, 17, false), (2, 2001, 'B', 'C', 10, 10, true), (3, 2001, 'C', 'A', 3, 35, false),
	(4, 2002, 'A', 'B', 14, 20, false), (5, 2002, 'D', 'A', 21, 20, false), (6, 2002, 'A', 'D', NULL, NULL, false),
	(7, 2003, 'C', 'A', 7, 6, false), (8, 2003, 'B', 'C', NULL, NULL, true);

-- the pass equals the same games one by one
CREATE TEMP TABLE nfl AS SELECT h.*, g.season, g.home_score, g.away_score, g.neutral
FROM elo_history('SELECT * FROM game ORDER BY game_id', 'nfl') h JOIN game g USING (game_id);
SELECT 'every game', count(*) = 8 FROM nfl;
SELECT 'each step is elo_update', bool_and(u.home = home_after AND u.away = away_after AND u.expected = nfl.expected AND u.multiplier = nfl.multiplier)
FROM nfl, elo_update(home_before, away_before, home_score, away_score, 'nfl', neutral) u WHERE home_score IS NOT NULL;
SELECT 'first season at the mean', bool_and(1505 IN (home_before, away_before)) FROM nfl WHERE game_id <= 2;
SELECT 'new season', b.home_before = elo_season_reversion(a.away_after, 2.0 / 3) FROM nfl a, nfl b WHERE a.game_id = 3 AND b.game_id = 4;
SELECT 'only once', b.away_before = a.home_after FROM nfl a, nfl b WHERE a.game_id = 4 AND b.game_id = 5;
SELECT 'newcomer', home_before = 1300 FROM nfl WHERE game_id = 5;
SELECT 'a year away is one reversion', b.home_before = elo_season_reversion(a.home_after, 2.0 / 3) FROM nfl a, nfl b WHERE a.game_id = 3 AND b.game_id = 7;
SELECT 'not played yet', home_before = elo_season_reversion((SELECT away_after FROM nfl WHERE game_id = 4), 2.0 / 3),
	abs(expected - elo_expected(home_before, away_before)) < 1e-15, num_nulls(multiplier, home_after, away_after) = 3
FROM nfl WHERE game_id = 8;
SELECT 'an unplayed game moves nothing', b.away_before = elo_season_reversion(a.away_after, 2.0 / 3) FROM nfl a, nfl b WHERE a.game_id = 5 AND b.game_id = 7;

SELECT 'promoted', home_before = 1234 FROM elo_history('SELECT * FROM game ORDER BY game_id', 'nfl', newcomer => 1234, promotes => true) WHERE game_id = 7;
-- no file of 2002 and 2003: who played in 2001 keeps its rating in 2004, who missed 2004 is a newcomer in 2006
CREATE TEMP TABLE hole (game_id bigint, season int, home text, away text, home_score int, away_score int, neutral boolean);
INSERT INTO hole VALUES (1, 2001, 'A', 'B', 2, 0, false), (2, 2001, 'C', 'A', 1, 1, false), (3, 2004, 'A', 'B', 0, 1, false),
	(4, 2004, 'B', 'E', 3, 0, false), (5, 2006, 'B', 'C', 1, 0, false), (6, 2006, 'A', 'E', 2, 2, false);
CREATE TEMP TABLE holes AS SELECT * FROM elo_history('SELECT * FROM hole ORDER BY game_id', 'world_football', keep => 0.7, promotes => true);
SELECT 'a hole relegates nobody', bool_and(abs(b.home_before - elo_season_reversion(a.away_after, 0.7, 1500)) < 1e-9 AND abs(b.away_before - elo_season_reversion(c.away_after, 0.7, 1500)) < 1e-9)
FROM holes a, holes b, holes c WHERE a.game_id = 2 AND b.game_id = 3 AND c.game_id = 1;
SELECT 'after the next hole', abs(b.home_before - elo_season_reversion(a.home_after, 0.7, 1500)) < 1e-9, abs(c.away_before - elo_season_reversion(a.away_after, 0.7, 1500)) < 1e-9
FROM holes a, holes b, holes c WHERE a.game_id = 4 AND b.game_id = 5 AND c.game_id = 6;
SELECT 'who missed the last season played', away_before = 1400 FROM holes WHERE game_id = 5;
SELECT 'a late game of a season gone by', abs(home_before - elo_season_reversion(1600, 0.7, 1500)) < 1e-9, away_before = 1500
FROM elo_history($$SELECT * FROM (SELECT * FROM hole UNION ALL SELECT 7, 2001, 'F', 'G', 1, 0, false UNION ALL SELECT 8, 2002, 'F', 'G', 1, 0, false) x ORDER BY game_id$$,
	'world_football', k => 0, keep => 0.7, promotes => true, initial => '{"F": 1600}') WHERE game_id = 8;
SELECT 'goes on where it ended', count(*) = 15, bool_and(t = h) FROM generate_series(1, 5) AS ended, holes h, LATERAL (
	SELECT * FROM elo_history(format('SELECT * FROM hole WHERE game_id > %s ORDER BY game_id', ended), 'world_football', keep => 0.7, promotes => true,
		initial => (SELECT jsonb_object_agg(team, jsonb_build_object('rating', rating, 'season', season)) FROM (SELECT DISTINCT ON (team) * FROM (
			SELECT g.game_id, season, g.home AS team, home_after AS rating FROM holes g JOIN hole USING (game_id) UNION ALL SELECT g.game_id, season, g.away, away_after FROM holes g JOIN hole USING (game_id)) x
			WHERE game_id <= ended ORDER BY team, game_id DESC) y),
		seasons => ARRAY(SELECT DISTINCT season FROM hole WHERE game_id <= ended ORDER BY 1))) t WHERE t.game_id = h.game_id;

-- what a table happens to have: any integer type, any type of name
CREATE TEMP TABLE typed AS SELECT game_id::int, season::smallint, home::varchar(10), away::name, home_score::bigint, away_score::smallint, neutral FROM game;
SELECT 'types of a source', count(*) = 8 AND bool_and(t = h) FROM elo_history('SELECT * FROM typed ORDER BY game_id', 'nfl') t
JOIN elo_history('SELECT * FROM game ORDER BY game_id', 'nfl') h USING (game_id);
SELECT 'and the other way round', count(*) = 8 AND bool_and(t = h)
FROM elo_history('SELECT game_id::smallint, season::bigint, home::name, away::varchar, home_score::smallint, away_score::bigint, neutral FROM game ORDER BY game_id', 'nfl') t
JOIN elo_history('SELECT * FROM game ORDER BY game_id', 'nfl') h USING (game_id);
SELECT 'initial, by a name', home_before = 1600 FROM elo_history('SELECT * FROM typed ORDER BY game_id', 'nfl', initial => '{"A": 1600}') WHERE game_id = 1;

SELECT 'initial', home_before = 1600.5, away_before = 1500 FROM elo_history('SELECT * FROM game ORDER BY game_id', 'plain', initial => '{"A": 1600.5, "D": 1400, "nobody": 1}') WHERE game_id = 1;
SELECT 'initial, a later team', home_before = 1400 FROM elo_history('SELECT * FROM game ORDER BY game_id', 'nfl', initial => '{"D": 1400}') WHERE game_id = 5;
SELECT 'own parameters', home_before = 1000, home_after = 1010, abs(expected - 0.5) < 1e-15
FROM elo_history('SELECT * FROM game ORDER BY game_id', 'plain', k => 20, mean => 1000) WHERE game_id = 1;
SELECT 'columns by name', count(*) = 8 FROM elo_history('SELECT 1 AS more, neutral, away_score, home_score, away, home, season, game_id FROM game ORDER BY game_id', 'nfl');
SELECT 'no games', count(*) = 0 FROM elo_history('SELECT * FROM game WHERE false', 'nfl');

SELECT 'constants are the ones used', c.mean = h.home_before AND abs(h.home_after - c.mean - c.k * h.multiplier * (1 - elo_expected(c.mean, c.mean, c.advantage))) < 1e-9
FROM unnest('{plain,nfl,world_football}'::text[]) r, elo_constants(r) c, elo_history('SELECT * FROM game ORDER BY game_id', r) h WHERE h.game_id = 1;
SELECT elo_constants('rugby');

-- more games than a block, more teams than the first table
CREATE TEMP TABLE many AS SELECT i::bigint AS game_id, 1 AS season, 't' || i % 500 AS home, 'u' || i * 7 % 500 AS away,
	i * 13 % 5 AS home_score, i * 17 % 7 AS away_score, false AS neutral FROM generate_series(1, 3500) i;
CREATE TEMP TABLE history AS SELECT * FROM elo_history('SELECT * FROM many ORDER BY game_id', 'world_football');
SELECT 'all blocks', count(*) = 3500 AND count(DISTINCT game_id) = 3500 FROM history;
SELECT 'total is kept', abs(sum(r) - 1000 * 1500.0) < 1e-6 FROM (SELECT DISTINCT ON (team) r FROM
	(SELECT game_id, home, home_after FROM history UNION ALL SELECT game_id, away, away_after FROM history) x (game_id, team, r)
	ORDER BY team, game_id DESC) last;
SELECT 'every game starts where the last one ended', bool_and(before = last) FROM
	(SELECT before, lag(after, 1, 1500) OVER (PARTITION BY team ORDER BY game_id) AS last FROM
		(SELECT game_id, home, home_before, home_after FROM history UNION ALL SELECT game_id, away, away_before, away_after FROM history) x (game_id, team, before, after)) y;

-- teams as numbers, of any size; a table or a view by its name
CREATE TEMP TABLE numbered AS SELECT game_id, season, CASE WHEN home = 't7' THEN -9000000000 ELSE 1 + substr(home, 2)::bigint * 300 END AS home,
	10 + substr(away, 2)::int * 300 AS away, home_score, away_score, neutral, timestamp '2024-01-01' + game_id * interval '1 min' AS played_at FROM many;
SELECT 'numbers are names', count(*) = 3500 AND bool_and(n.home_after = m.home_after AND n.away_before = m.away_before AND n.away = (10 + substr(m.away, 2)::int * 300)::text)
FROM elo_history('SELECT * FROM numbered ORDER BY game_id', 'world_football') n JOIN history m USING (game_id);
SELECT 'initial, a number', home_before = 1600 FROM elo_history('SELECT * FROM numbered ORDER BY game_id', 'plain', initial => '{"301": 1600, "10": 1400}') WHERE game_id = 1;
CREATE TEMP VIEW "Our games" AS SELECT * FROM numbered;
SELECT 'a table by its name', count(*) = 3500 AND bool_and(t = h AND t = v) FROM elo_history('SELECT * FROM numbered ORDER BY game_id', 'nfl') h
JOIN elo_history('numbered', 'nfl') t USING (game_id) JOIN elo_history('pg_temp."Our games"', 'nfl') v USING (game_id);
CREATE SCHEMA "Elo Games";
CREATE TABLE "Elo Games"."my ""2024"" games, final" AS SELECT * FROM numbered;
CREATE TABLE "Elo Games"."SELECT" AS SELECT * FROM numbered;
CREATE TABLE "Elo Games".numbered AS SELECT * FROM numbered WHERE game_id <= 10;
SELECT 'a regclass', t::text, count(*) = 3500 AND bool_and(h = r) FROM unnest(ARRAY['numbered', '"Our games"', '"Elo Games"."my ""2024"" games, final"', '"Elo Games"."SELECT"']::regclass[]) t,
	elo_history(t, 'nfl', k => 30, initial => '{"301": 1600}') h
JOIN elo_history('numbered', 'nfl', k => 30, initial => '{"301": 1600}') r USING (game_id) GROUP BY t ORDER BY t::text COLLATE "C";
SELECT 'one that another hides', count(*) = 10 FROM elo_history('"Elo Games".numbered'::regclass, 'nfl');
SELECT 'literals, names and columns are text', i, n FROM (SELECT 0 AS i, count(*) AS n FROM elo_history('numbered', 'nfl')
	UNION ALL SELECT 1, count(*) FROM elo_history(source => 'SELECT * FROM game ORDER BY game_id', rules => 'nfl')
	UNION ALL SELECT 2, count(*) FROM (SELECT 'numbered'::varchar AS v, 'numbered'::name AS m) x, elo_history(v, 'nfl') a JOIN elo_history(m, 'nfl') b USING (game_id)) y ORDER BY i;
SELECT 'long names', length(home) = 2000 AND length(away) = 100 FROM elo_history($$SELECT 1 AS game_id, 1 AS season, repeat('x', 2000) AS home, repeat('y', 100)::varchar AS away, 1 AS home_score, 0 AS away_score, false AS neutral$$, 'nfl');

-- ---- the ratings after the last game, by an aggregate ------------------------------------------
CREATE TEMP VIEW last_rating AS SELECT DISTINCT ON (team) team, rating FROM
	(SELECT game_id, home, home_after FROM history UNION ALL SELECT game_id, away, away_after FROM history) x (game_id, team, rating) ORDER BY team, game_id DESC;
SELECT 'what elo_history ends with', count(*) = 1000 AND bool_and(value::float8 = rating)
FROM (SELECT elo_ratings(home, away, home_score, away_score, 'world_football', neutral ORDER BY game_id) AS r FROM many) x, jsonb_each_text(r) JOIN last_rating ON key = team;
SELECT 'ordered by a subquery', elo_ratings(home, away, home_score, away_score, 'world_football') = (SELECT jsonb_object_agg(team, rating) FROM last_rating)
FROM (SELECT * FROM many ORDER BY game_id) x;
SELECT 'numbers', (elo_ratings(home, away, home_score, away_score, 'plain' ORDER BY game_id) ->> '-9000000000')::float8
	= (SELECT (elo_ratings(home, away, home_score, away_score, 'plain' ORDER BY game_id) ->> 't7')::float8 FROM many) FROM numbered;
SELECT 'seasons', bool_and(value::float8 = rating) FROM (SELECT elo_ratings(home, away, home_score, away_score, 'nfl', neutral, season, NULL, NULL ORDER BY game_id) AS r FROM game) x, jsonb_each_text(r)
JOIN (SELECT DISTINCT ON (team) team, rating FROM (SELECT game_id, home, home_after FROM nfl UNION ALL SELECT game_id, away, away_after FROM nfl) y (game_id, team, rating)
	WHERE rating IS NOT NULL ORDER BY team, game_id DESC) z ON key = team;
SELECT 'a k a game', r = '{"A": 1530, "B": 1470}' FROM (SELECT elo_ratings('A'::text, 'B'::text, 1, 0, 'plain', false, 1, k, NULL ORDER BY k DESC) AS r FROM (VALUES (60.0), (0)) v (k)) x;
SELECT 'the start of the next history', home_before = 1530 FROM elo_history('SELECT * FROM game ORDER BY game_id', 'nfl', initial => (SELECT elo_ratings('A'::text, 'B'::text, 1, 0, 'plain', false, 1, 60, 0))) WHERE game_id = 1;
SELECT 'NULLs are no games', elo_ratings(home, away, home_score, away_score, 'nfl') IS NULL FROM game WHERE home_score IS NULL;
SELECT elo_ratings(home, away, home_score, away_score, 'rugby') FROM game;
SELECT elo_ratings(home, home, home_score, away_score, 'nfl') FROM game;
SELECT elo_ratings(home, away, -1, away_score, 'nfl') FROM game;
SELECT elo_ratings(home, away, home_score, away_score, 'nfl', neutral, season, -1, NULL) FROM game;
SELECT elo_ratings(home, away, home_score, away_score, 'nfl', neutral, season, NULL, NULL ORDER BY game_id DESC) FROM game;

-- refused
SELECT * FROM elo_history('no_such_table', 'nfl');
SELECT * FROM elo_history('game', 'nfl');
SELECT * FROM elo_history('elo_team.game.id.x', 'nfl');
SELECT * FROM elo_history('game'::regclass, 'nfl');
SELECT * FROM elo_history('no_such_table'::regclass, 'nfl');
SELECT * FROM elo_history(999999999::oid, 'nfl');
SELECT * FROM elo_history(NULL::regclass, 'nfl');
SELECT * FROM elo_history('numbered'::regclass, 'rugby');
SELECT * FROM elo_history('', 'nfl');
SELECT * FROM elo_history('SELECT * FROM numbered', 'nfl', initial => '{"A": 1500}');
SELECT * FROM elo_history('SELECT * FROM game', 'rugby');
SELECT * FROM elo_history('SELECT game_id, season, home, away, home_score, away_score FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season::text, home, away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id::numeric, season, home, away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, 7 AS away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, away, home_score, away_score, 0 AS neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, 20010000000 AS season, home, away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, away, home_score, -2147483649 AS away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT NULL::smallint AS game_id, season, home, away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('DELETE FROM game RETURNING *', 'nfl');
SELECT * FROM elo_history('CREATE TABLE x (y int)', 'nfl');
SELECT * FROM elo_history('SELECT 1; SELECT 2', 'nfl');
SELECT * FROM elo_history(NULL, 'nfl');
SELECT * FROM elo_history('SELECT * FROM game ORDER BY game_id DESC', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, home AS away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, away, home_score, NULL::int AS away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, NULL::text AS away, home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT game_id, season, home, away, -1 AS home_score, away_score, neutral FROM game', 'nfl');
SELECT * FROM elo_history('SELECT * FROM game', 'nfl', keep => 2);
SELECT * FROM elo_history('SELECT * FROM game', 'nfl', initial => '[1]');
SELECT * FROM elo_history('SELECT * FROM game', 'nfl', initial => '{"A": {"rating": 1500, "year": 1}}');
SELECT * FROM elo_history('SELECT * FROM game', 'nfl', initial => '{"A": {"rating": 1500, "season": 1e10}}');
SELECT * FROM elo_history('SELECT * FROM game', 'nfl', initial => '{"A": "high"}');
DROP SCHEMA "Elo Games" CASCADE;
SELECT 'nothing was deleted', count(*) = 8 FROM game;
