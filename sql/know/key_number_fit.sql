-- key_number_fit: how far a sport's games fall from what its spreads and totals imply, and on which numbers, by the seasons before.

CREATE TABLE key_number_fit (
	sport       text NOT NULL REFERENCES sport,
	market      text NOT NULL CHECK (market IN ('spreads', 'totals')),
	valid_from  timestamptz NOT NULL,
	keys        key_numbers NOT NULL,
	games       bigint NOT NULL CHECK (games > 0),
	recorded_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (sport, market, valid_from)
);
COMMENT ON TABLE key_number_fit IS
'The empirical law of a sport''s margins and totals around what the market implied, from valid_from until the next row: what turns a price at a line into a mean and back. Derived by refresh_key_number_fits(); what key_numbers_at() answers. Sports with draws have none: their law is a grid of goals.';
COMMENT ON COLUMN key_number_fit.valid_from IS 'A week before the first game of a season; the row knows only results known before it.';
COMMENT ON COLUMN key_number_fit.games IS 'Games of the ten years before with a price and a result known.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.key_number_fit', '');

CREATE FUNCTION key_numbers_at(sport text, market text, as_of timestamptz DEFAULT now()) RETURNS key_numbers
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE	-- planned once a session
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
	RETURN (SELECT f.keys FROM key_number_fit AS f WHERE f.sport = key_numbers_at.sport AND f.market = key_numbers_at.market AND f.valid_from <= as_of ORDER BY f.valid_from DESC LIMIT 1);
END $$;
COMMENT ON FUNCTION key_numbers_at(text, text, timestamptz) IS 'Key numbers of a sport''s spreads or totals as fitted by as_of (key_number_fit); NULL where there are none yet.';

CREATE FUNCTION implied_score(outcomes int, spread float8, cover float8, probs float8[], total_line float8, over_prob float8, rho float8,
	margin_keys key_numbers, total_keys key_numbers) RETURNS TABLE (margin float8, total float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1	-- a set, so that the planner can inline it
BEGIN ATOMIC
	SELECT CASE outcomes WHEN 3 THEN g.goals[1] - g.goals[2] ELSE implied_margin(s.line, s.prob, margin_keys) END,
		CASE outcomes WHEN 3 THEN g.goals[1] + g.goals[2] ELSE implied_total(total_line, over_prob, total_keys) END
	-- a moneyline is a spread of 0
	FROM (SELECT coalesce(spread, 0) AS line, CASE WHEN spread IS NULL THEN probs[1] / nullif(probs[1] + probs[cardinality(probs)], 0) ELSE cover END AS prob) AS s
	CROSS JOIN LATERAL (SELECT CASE outcomes WHEN 3 THEN implied_goals(s.line, s.prob, total_line, over_prob, coalesce(rho, 0)) END AS goals OFFSET 0) AS g;	-- once, not for each of its uses
END;
COMMENT ON FUNCTION implied_score(int, float8, float8, float8[], float8, float8, float8, key_numbers, key_numbers) IS
'Home margin and total that a market implies: prob cover of beating the home line spread, over_prob of total_line, both given no push, or without a spread probs of the outcomes. outcomes 2: implied_margin() and implied_total() by their key numbers; 3: implied_goals() with rho (NULL: 0). NULL where prices or key numbers are missing, or nothing implies them.';

CREATE FUNCTION refresh_key_number_fits(sport text DEFAULT NULL, min_games int DEFAULT 300) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
	league  text;
	season  record;
	played  record;
	known   record;
	fitted  key_numbers;
	changed int;
	written int := 0;
BEGIN
	IF refresh_key_number_fits.sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = refresh_key_number_fits.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', refresh_key_number_fits.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF refresh_key_number_fits.min_games IS NULL OR refresh_key_number_fits.min_games < 100 THEN
		RAISE EXCEPTION 'min_games must be at least 100, not %', coalesce(refresh_key_number_fits.min_games::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR league IN SELECT s.sport FROM sport AS s WHERE s.outcomes = 2 AND (refresh_key_number_fits.sport IS NULL OR s.sport = refresh_key_number_fits.sport) ORDER BY s.sport LOOP
		-- every game's last prices, as lines and probabilities, beside what came
		WITH listed AS MATERIALIZED (
			SELECT r.game_id, f.starts_at, r.known_at, r.home_score - r.away_score AS margin, r.home_score + r.away_score AS total
			FROM game AS g JOIN fixtures('infinity') AS f ON f.game_id = g.game_id JOIN results() AS r ON r.game_id = g.game_id AND r.status = 'final'
			WHERE g.sport = league
		), quoted AS (
			SELECT l.*, coalesce(q.spread_line, 0) AS spread, q.total_line,
				(CASE WHEN q.spread_line IS NULL THEN market_probabilities(q.sharpest, overround_method(league, q.sharpest_book, q.sharpest_closing, l.starts_at))
					ELSE market_probabilities(q.spread_prices, overround_method(league, q.spread_book, q.spread_closing, l.starts_at)) END)[1] AS cover,
				(market_probabilities(q.total_prices, overround_method(league, q.total_book, q.total_closing, l.starts_at)))[1] AS over_prob
			FROM (SELECT array_agg(l.game_id) AS ids, array_agg(l.starts_at) AS moments FROM listed AS l) AS a
			CROSS JOIN LATERAL game_markets(a.ids, 2, a.moments) AS q JOIN listed AS l ON l.game_id = q.game_id
		)
		SELECT array_agg(q.starts_at) AS starts, array_agg(q.known_at) AS known, array_agg(q.spread) AS spreads, array_agg(q.cover) AS covers, array_agg(q.margin) AS margins,
			array_agg(q.total_line) AS lines, array_agg(q.over_prob) AS overs, array_agg(q.total) AS totals
		INTO played FROM quoted AS q;
		FOR season IN SELECT m.market, s.valid_from FROM unnest('{spreads,totals}'::text[]) AS m (market),
			(SELECT min(f.starts_at) - interval '7 days' AS valid_from FROM game AS g JOIN fixtures('infinity') AS f ON f.game_id = g.game_id
				WHERE g.sport = league GROUP BY g.season) AS s ORDER BY 1, 2
		LOOP
			SELECT count(*) AS games, stddev_samp(u.number) AS around, array_agg(u.line) AS lines, array_agg(u.prob) AS probs, array_agg(u.number) AS numbers INTO known
			FROM unnest(played.known, played.starts, CASE season.market WHEN 'spreads' THEN played.spreads ELSE played.lines END,
				CASE season.market WHEN 'spreads' THEN played.covers ELSE played.overs END,
				CASE season.market WHEN 'spreads' THEN played.margins ELSE played.totals END) AS u (known, starts, line, prob, number)
			WHERE u.known <= season.valid_from AND u.starts >= season.valid_from - interval '10 years' AND u.line IS NOT NULL AND u.prob IS NOT NULL;
			CONTINUE WHEN known.games < refresh_key_number_fits.min_games;
			fitted := ROW(known.around, '{}');
			-- prices become predictions by the law, and predictions make the law; many games have the same price
			FOR pass IN 1..2 LOOP
				fitted := (WITH game AS MATERIALIZED (
					SELECT u.* FROM unnest(known.lines, known.probs, known.numbers) AS u (line, prob, number)
				), price AS MATERIALIZED (
					SELECT p.line, p.prob, CASE season.market WHEN 'spreads' THEN implied_margin(p.line, p.prob, fitted) ELSE implied_total(p.line, p.prob, fitted) END AS implied
					FROM (SELECT DISTINCT g.line, g.prob FROM game AS g) AS p
				), fit AS (
					SELECT margin_key_numbers(p.implied, g.number) FILTER (WHERE season.market = 'spreads') AS margins,
						total_key_numbers(p.implied, g.number) FILTER (WHERE season.market = 'totals') AS totals
					FROM game AS g JOIN price AS p ON p.line = g.line AND p.prob = g.prob
				)
				SELECT CASE season.market WHEN 'spreads' THEN f.margins ELSE f.totals END FROM fit AS f);
			END LOOP;
			INSERT INTO key_number_fit AS f (sport, market, valid_from, keys, games) VALUES (league, season.market, season.valid_from, fitted, known.games)
			ON CONFLICT (sport, market, valid_from) DO UPDATE SET (keys, games, recorded_at) = ROW (excluded.keys, excluded.games, excluded.recorded_at)
			WHERE (f.keys, f.games) IS DISTINCT FROM (excluded.keys, excluded.games);
			GET DIAGNOSTICS changed = ROW_COUNT;
			written := written + changed;
		END LOOP;
	END LOOP;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_key_number_fits(text, int) IS
'Brings key_number_fit up to date for one sport, or all (NULL), and returns the number of rows written; a second call writes none. Of every season, from the games of the ten years before whose result was known a week before it began: each game''s last spread (without one its moneyline, a spread of 0) and total, margins removed, become the margin and total that they imply, and these the predictions of margin_key_numbers() and total_key_numbers(); twice, since either needs the other. Sports without draws. No row where fewer than min_games games were known. Errors: unknown sport (42704), min_games below 100 (22023).';
