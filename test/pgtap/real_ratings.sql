-- Ratings and scores on real seasons: numbers that others have published or that anybody can recompute.
\ir ../golden/golden.inc
SELECT plan(5);
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT :'data' <> '' AS has_data \gset

-- a table of text columns named by the first line of a CSV file
CREATE FUNCTION pg_temp.table_of(header text, name text) RETURNS text LANGUAGE sql AS
$$ SELECT format('CREATE TEMP TABLE %I (%s)', name, string_agg(format('%I text', btrim(c, E'\r\n ')), ', ' ORDER BY i))
	FROM string_to_table(header, ',') WITH ORDINALITY t (c, i) $$;

\if :has_data
\set here `pwd`
\cd :data
\set header `head -1 nfl/games.csv`
SELECT pg_temp.table_of(:'header', 'nfl') \gexec
\copy nfl FROM 'nfl/games.csv' (FORMAT csv, HEADER)
\set header `head -1 soccer/E0_2324.csv`
SELECT pg_temp.table_of(:'header', 'epl') \gexec
\copy epl FROM 'soccer/E0_2324.csv' (FORMAT csv, HEADER)
\cd :here

-- ---- the market's own scores, Premier League 2023-24, Pinnacle's closing odds ---------------------
CREATE TEMP TABLE market AS SELECT remove_overround(ARRAY["PSCH", "PSCD", "PSCA"]::float8[], 'multiplicative') AS p, position("FTR" IN 'HDA') AS y FROM epl;
SELECT is(count(*), 380::bigint, 'a whole season') FROM market;
SELECT is(ARRAY[round(log_loss(p, y)::numeric, 5), round(brier_score(p, y)::numeric, 4), round(ranked_probability_score(p, y)::numeric, 4)],
	'{0.89955,0.5258,0.1805}', 'log loss, Brier and RPS of the closing odds') FROM market;

-- ---- the NFL since 1999, one franchise under one name ----------------------------------------------
CREATE TEMP TABLE franchise AS SELECT * FROM (VALUES ('STL', 'LA'), ('SD', 'LAC'), ('OAK', 'LV')) f (moved, team);
CREATE TEMP TABLE game AS SELECT row_number() OVER (ORDER BY gameday, game_id) AS game_id, gameday::date, season::int,
	coalesce(h.team, home_team) AS home, coalesce(a.team, away_team) AS away, home_score::int, away_score::int, location = 'Neutral' AS neutral
FROM nfl LEFT JOIN franchise h ON h.moved = home_team LEFT JOIN franchise a ON a.moved = away_team;
CREATE TEMP TABLE history AS SELECT * FROM elo_history('SELECT * FROM game ORDER BY game_id', 'nfl');

-- the rules written out a second time, game by game
CREATE FUNCTION pg_temp.replay() RETURNS TABLE (game_id bigint, home_before float8, away_before float8) LANGUAGE plpgsql AS $$
DECLARE
	g record;
	r jsonb := '{}';	-- team: [rating, season]
	h float8; a float8; d float8; shift float8;
BEGIN
	FOR g IN SELECT * FROM game ORDER BY game.game_id LOOP
		h := coalesce(CASE WHEN (r->g.home->>1)::int < g.season THEN (r->g.home->>0)::float8 * 2 / 3 + 1505 / 3.0 ELSE (r->g.home->>0)::float8 END,
			CASE WHEN g.season = 1999 THEN 1505 ELSE 1300 END);
		a := coalesce(CASE WHEN (r->g.away->>1)::int < g.season THEN (r->g.away->>0)::float8 * 2 / 3 + 1505 / 3.0 ELSE (r->g.away->>0)::float8 END,
			CASE WHEN g.season = 1999 THEN 1505 ELSE 1300 END);
		game_id := g.game_id; home_before := h; away_before := a;
		RETURN NEXT;
		d := h - a + CASE WHEN g.neutral THEN 0 ELSE 65 END;
		shift := 20 * (sign(g.home_score - g.away_score) / 2.0 + 0.5 - 1 / (1 + 10 ^ (-d / 400)))
			* ln(greatest(abs(g.home_score - g.away_score), 1) + 1) * 2.2
			/ CASE WHEN g.home_score = g.away_score THEN 1 ELSE sign(g.home_score - g.away_score) * d * 0.001 + 2.2 END;
		r := r || jsonb_build_object(g.home, jsonb_build_array(h + shift, g.season), g.away, jsonb_build_array(a - shift, g.season));
	END LOOP;
END $$;
SELECT ok(count(*) = (SELECT count(*) FROM nfl) AND max(abs(h.home_before - r.home_before)) < 1e-8 AND max(abs(h.away_before - r.away_before)) < 1e-8,
	'elo_history is the rules game by game') FROM history h JOIN pg_temp.replay() r USING (game_id);
SELECT cmp_ok(log_loss(expected, g.home_score > g.away_score), '<', (SELECT log_loss(rate, home_score > away_score)
		FROM game, (SELECT avg((home_score > away_score)::int)::float8 AS rate FROM game WHERE home_score <> away_score) x WHERE home_score <> away_score) - 0.03,
	'ratings know much more than that home sides win') FROM history h JOIN game g USING (game_id) WHERE g.home_score <> g.away_score;
\else
SELECT skip('no folder of real games', 4);
\endif

-- A third of a rating is given back every year, so that a start from the mean in 1999 is forgotten:
-- these are the ratings that FiveThirtyEight, who started in 1920, published.
SELECT :'has_data'::boolean AND :'has_golden'::boolean AS has_both \gset
\if :has_both
SELECT ok(count(*) >= 8 AND max(off) < 0.2 AND max(off) FILTER (WHERE season >= 2019) < 0.005, 'ratings as FiveThirtyEight published them')
FROM (SELECT e.season, greatest(abs(h.home_before - elo1_pre), abs(h.away_before - elo2_pre)) AS off
	FROM golden.elo_538_nfl e JOIN game g ON g.gameday = e.game_date::date AND (g.home_score, g.away_score) = (e.score1, e.score2)
	JOIN history h USING (game_id) WHERE e.season >= 2013) x;
\else
SELECT skip('no folder of real games and reference values', 1);
\endif
SELECT finish();
