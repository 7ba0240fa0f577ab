-- overround_fit: which way of taking the margin out fits a source's prices best, by the seasons before.

CREATE TABLE overround_fit (
	family      text NOT NULL,
	book        text NOT NULL REFERENCES book,
	closing     boolean NOT NULL,
	valid_from  timestamptz NOT NULL,
	method      text NOT NULL CHECK (remove_overround('{2,2}', method) IS NOT NULL),
	games       bigint CHECK (games > 0),
	losses      jsonb,
	recorded_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (family, book, closing, valid_from),
	CHECK ((games IS NULL) = (losses IS NULL))
);
COMMENT ON TABLE overround_fit IS
'How the margin is taken out of a book''s prices, by family of sports (sport.family: all leagues of soccer are one), for closing prices and for others, from valid_from until the next row. Rows with losses are derived by refresh_overround_fits(); a row without them is yours, and is left alone. What overround_method() answers.';
COMMENT ON COLUMN overround_fit.valid_from IS 'A week before the first game of a season; the row knows only results known before it.';
COMMENT ON COLUMN overround_fit.games IS 'h2h markets with a margin, of games whose result was known before valid_from.';
COMMENT ON COLUMN overround_fit.losses IS 'Mean log loss over them by method, in nats; the least is method.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.overround_fit', '');

CREATE FUNCTION overround_methods(family text, fallback text, book text, closing boolean, as_of timestamptz) RETURNS TABLE (method text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT coalesce((SELECT f.method FROM overround_fit AS f
		WHERE f.family = overround_methods.family AND f.book = overround_methods.book AND f.closing = overround_methods.closing AND f.valid_from <= as_of
		ORDER BY f.valid_from DESC LIMIT 1), fallback)
	OFFSET 0;	-- looked up once, not for each use of the method
END;
COMMENT ON FUNCTION overround_methods(text, text, text, boolean, timestamptz) IS
'overround_method() as a row, of a family of sports and the method where it has none: the form that the planner merges into a query over many games.';

CREATE FUNCTION overround_method(sport text, book text, closing boolean, as_of timestamptz DEFAULT now()) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT m.method FROM sport AS s CROSS JOIN LATERAL overround_methods(s.family, s.overround_method, overround_method.book, overround_method.closing, as_of) AS m WHERE s.sport = overround_method.sport;
END;
COMMENT ON FUNCTION overround_method(text, text, boolean, timestamptz) IS
'Method of remove_overround() for a book''s prices in a sport, closing ones or others, as fitted by as_of (overround_fit); where nothing is, and for a mean of several books (book NULL), the sport''s own overround_method. NULL for an unknown sport.';

CREATE FUNCTION worst_probabilities(prices float8[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(f.lowest ORDER BY f.outcome) FROM fair_probabilities(prices) AS f;
END;
COMMENT ON FUNCTION worst_probabilities(float8[]) IS
'Of each outcome the lowest probability that fair_probabilities() has for the prices (decimal odds): method worst of market_probabilities(). They sum to less than 1.';

CREATE FUNCTION market_probabilities(prices float8[], method text) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT and without a query, so that the planner can inline it
RETURN CASE WHEN 1 < ALL (prices)	-- not true either where one is NULL
	THEN CASE WHEN method = 'worst' AND overround(prices) >= 0 THEN worst_probabilities(prices)
		ELSE remove_overround(prices, CASE WHEN overround(prices) < 0 THEN 'multiplicative' ELSE method END) END END;
COMMENT ON FUNCTION market_probabilities(float8[], text) IS
'remove_overround() of prices as they come: multiplicative where they have no margin, which not every method explains; NULL where one of them is missing or no price. method worst: of each outcome the lowest that fair_probabilities() finds, the worst case for who backs it; they sum to less than 1.';

CREATE FUNCTION refresh_overround_fits(family text DEFAULT NULL, min_games int DEFAULT 1000) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
	-- each answers every market with a margin; of equals the first is taken
	methods CONSTANT text[] := '{shin,power,multiplicative,odds_ratio}';
	written int;
BEGIN
	IF refresh_overround_fits.family IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.family = refresh_overround_fits.family) THEN
		RAISE EXCEPTION 'unknown family "%"', refresh_overround_fits.family USING ERRCODE = 'undefined_object', HINT = 'Families are sport.family.';
	ELSIF refresh_overround_fits.min_games IS NULL OR refresh_overround_fits.min_games < 1 THEN
		RAISE EXCEPTION 'min_games must be at least 1, not %', coalesce(refresh_overround_fits.min_games::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	WITH listed AS MATERIALIZED (
		SELECT s.family, s.outcomes, g.game_id, g.season, f.starts_at
		FROM sport AS s JOIN game AS g ON g.sport = s.sport JOIN fixtures('infinity') AS f ON f.game_id = g.game_id
		WHERE refresh_overround_fits.family IS NULL OR s.family = refresh_overround_fits.family
	), season AS MATERIALIZED (
		SELECT o.family, array_agg(DISTINCT o.valid_from ORDER BY o.valid_from) AS starts
		FROM (SELECT l.family, min(l.starts_at) - interval '7 days' AS valid_from FROM listed AS l GROUP BY l.family, l.season) AS o
		GROUP BY o.family
	), version AS MATERIALIZED (	-- a result counts from the first season that begins after it was known, until one that knows better
		SELECT l.family, l.game_id, l.starts_at, l.outcomes, width_bucket(r.known_at, s.starts) AS first, width_bucket(r.until, s.starts) AS last,
			CASE WHEN r.home_score > r.away_score THEN 1 WHEN r.home_score < r.away_score THEN l.outcomes WHEN l.outcomes = 3 THEN 2 END AS outcome
		FROM listed AS l JOIN season AS s ON s.family = l.family
		JOIN (SELECT x.*, lead(x.known_at, 1, 'infinity') OVER (PARTITION BY x.game_id ORDER BY x.known_at, x.recorded_at) AS until FROM result AS x) AS r
			ON r.game_id = l.game_id AND r.status = 'final'
	), whole AS (
		SELECT q.game_id, q.book, q.closing, q.known_at, q.recorded_at,
			array_agg(q.price ORDER BY array_position('{home,draw,away}'::text[], q.side)) AS prices
		FROM quote AS q JOIN listed AS l ON l.game_id = q.game_id
		WHERE q.market = 'h2h' AND q.known_at <= l.starts_at
		GROUP BY q.game_id, q.book, q.closing, q.known_at, q.recorded_at
	), offered AS MATERIALIZED (
		SELECT DISTINCT ON (w.game_id, w.book, w.closing) w.game_id, w.book, w.closing, w.prices FROM whole AS w
		ORDER BY w.game_id, w.book, w.closing, w.known_at DESC, w.recorded_at DESC
	), loss AS (
		SELECT v.family, o.book, o.closing, v.first, v.last, m.method, count(*) AS games,
			sum(forecast_log_loss(remove_overround(o.prices, m.method), v.outcome)) AS loss
		FROM version AS v JOIN offered AS o ON o.game_id = v.game_id CROSS JOIN unnest(methods) AS m (method)
		WHERE v.outcome IS NOT NULL AND v.first < v.last AND cardinality(o.prices) = v.outcomes AND overround(o.prices) > 0
		GROUP BY v.family, o.book, o.closing, v.first, v.last, m.method
	), mean AS (
		SELECT l.family, l.book, l.closing, y.valid_from, l.method, sum(l.games)::bigint AS games,
			round((sum(l.loss) / sum(l.games))::numeric, 9) AS loss	-- rounded, since sums in another order differ in their last bits
		FROM season AS s CROSS JOIN unnest(s.starts) WITH ORDINALITY AS y (valid_from, n)
		JOIN loss AS l ON l.family = s.family AND l.first < y.n AND y.n <= l.last
		GROUP BY l.family, l.book, l.closing, y.valid_from, l.method
	), due AS MATERIALIZED (
		SELECT m.family, m.book, m.closing, m.valid_from, (array_agg(m.method ORDER BY m.loss, array_position(methods, m.method)))[1] AS method,
			min(m.games) AS games, jsonb_object_agg(m.method, m.loss) AS losses
		FROM mean AS m
		GROUP BY m.family, m.book, m.closing, m.valid_from HAVING min(m.games) >= refresh_overround_fits.min_games
	), removed AS (
		DELETE FROM overround_fit AS f
		WHERE f.losses IS NOT NULL AND (refresh_overround_fits.family IS NULL OR f.family = refresh_overround_fits.family)
		  AND NOT EXISTS (SELECT FROM due AS d WHERE (d.family, d.book, d.closing, d.valid_from) = (f.family, f.book, f.closing, f.valid_from))
		RETURNING 1
	), stored AS (
		INSERT INTO overround_fit AS f (family, book, closing, valid_from, method, games, losses)
		SELECT d.family, d.book, d.closing, d.valid_from, d.method, d.games, d.losses FROM due AS d
		ON CONFLICT (family, book, closing, valid_from) DO UPDATE
		SET (method, games, losses, recorded_at) = ROW (excluded.method, excluded.games, excluded.losses, excluded.recorded_at)
		WHERE f.losses IS NOT NULL AND (f.method, f.games, f.losses) IS DISTINCT FROM (excluded.method, excluded.games, excluded.losses)
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored) INTO written;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_overround_fits(text, int) IS
'Brings overround_fit up to date for one family of sports, or all (NULL), and returns the number of rows written; a second call writes none. For every book, closing prices apart from others, and every season: of shin, power, multiplicative and odds_ratio the method whose probabilities had the least mean log loss on all games whose result was known a week before the season began, by the book''s last h2h prices before each game. No method has a parameter, so each loss is out of fold. No row where fewer than min_games games were known: there the sport''s overround_method stands. Errors: unknown family (42704), min_games below 1 (22023).';
