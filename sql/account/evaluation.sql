-- evaluation: forecasts against the market, on games that every forecaster could price.

CREATE TABLE model_evaluations (
	evaluation_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	evaluated_at           timestamptz NOT NULL DEFAULT now(),
	sport                  text NOT NULL REFERENCES sport,
	bet_type               text NOT NULL,
	season                 int NOT NULL,
	scorer                 text NOT NULL CHECK (scorer IN ('model', 'elo', 'market_open', 'market_close', 'base_rate')),
	model_id               bigint,
	book                   text REFERENCES book,
	method                 text,
	n                      int NOT NULL,
	log_loss               float8,
	brier                  float8,
	rps                    float8,
	diff_log_loss_vs_close float8,
	diff_lower             float8,
	diff_upper             float8
);
COMMENT ON TABLE model_evaluations IS 'Who forecast a season how well: every scorer on the same n games. Written by evaluate_season().';
COMMENT ON COLUMN model_evaluations.scorer IS 'model: the one live at each game''s decision time; elo: ratings alone; market_open, market_close: de-vigged prices of book at the decision time and at the close; base_rate: how often each outcome came in earlier seasons.';
COMMENT ON COLUMN model_evaluations.model_id IS 'The model that priced the latest game; earlier games may have been priced by earlier ones.';
COMMENT ON COLUMN model_evaluations.book IS 'Whose prices the market scorers are; NULL for the others.';
COMMENT ON COLUMN model_evaluations.method IS 'How the margin was removed from them: a method of remove_overround(), or fitted, by overround_method() as of each game.';
COMMENT ON COLUMN model_evaluations.log_loss IS 'Mean, in nats.';
COMMENT ON COLUMN model_evaluations.brier IS 'Mean of the sum over outcomes, 0 to 2.';
COMMENT ON COLUMN model_evaluations.rps IS 'Mean ranked probability score over home, draw, away, divided by outcomes - 1.';
COMMENT ON COLUMN model_evaluations.diff_log_loss_vs_close IS 'Mean over games of log loss minus that of market_close: negative is better than the close.';
COMMENT ON COLUMN model_evaluations.diff_lower IS '95 % interval of that mean, Student''s t over games.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model_evaluations', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.model_evaluations_evaluation_id_seq', '');

CREATE FUNCTION h2h_probabilities(sides text[], prices float8[], outcomes int, method text) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN sides = CASE h2h_probabilities.outcomes WHEN 3 THEN '{home,draw,away}'::text[] ELSE '{home,away}'::text[] END
	THEN market_probabilities(prices, h2h_probabilities.method) END;
COMMENT ON FUNCTION h2h_probabilities(text[], float8[], int, text) IS
'Probabilities {home, draw, away} or {home, away} of a book''s h2h prices by market_probabilities(); NULL when a side is missing.';

CREATE FUNCTION market_h2h(game_id bigint, book text, method text, outcomes int, as_of timestamptz, closing boolean) RETURNS float8[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT h2h_probabilities(array_agg(q.side ORDER BY array_position('{home,draw,away}'::text[], q.side)),
		array_agg(q.price ORDER BY array_position('{home,draw,away}'::text[], q.side)), market_h2h.outcomes, market_h2h.method)
	FROM (
		SELECT DISTINCT ON (x.side) x.side, x.price FROM quote AS x
		WHERE x.game_id = market_h2h.game_id AND x.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = market_h2h.game_id) AND x.market = 'h2h' AND x.book = market_h2h.book AND x.known_at <= as_of AND x.closing = market_h2h.closing
		ORDER BY x.side, x.known_at DESC, x.recorded_at DESC) AS q;
END;
COMMENT ON FUNCTION market_h2h(bigint, text, text, int, timestamptz, boolean) IS
'One book''s h2h market of a game without its margin as known at as_of: its closing prices when closing, else the last of the others. NULL when it is not whole.';

CREATE FUNCTION reference_book(sport text, season int) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT q.book
	FROM game AS g
	-- game by game, by the index: a season is a small part of all quotes
	CROSS JOIN LATERAL (SELECT DISTINCT x.book FROM quote AS x WHERE x.game_id = g.game_id AND x.game_month = g.month AND x.market = 'h2h' AND x.closing) AS q
	JOIN book AS b ON b.book = q.book
	WHERE g.sport = reference_book.sport AND g.season = reference_book.season AND (b.kind IN ('sharp', 'exchange', 'consensus') OR b.book = 'market_avg')
	GROUP BY q.book, b.kind
	ORDER BY array_position('{sharp,exchange,consensus,aggregate}'::text[], b.kind), count(*) DESC, q.book
	LIMIT 1;
END;
COMMENT ON FUNCTION reference_book(text, int) IS 'The sharpest book with closing h2h prices in a season: sharp, exchange, consensus, market_avg; among equals the one with the most games. NULL without any.';

CREATE FUNCTION betting_rounds(sport text, since timestamptz, until timestamptz) RETURNS SETOF timestamptz
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH announced AS MATERIALIZED (
		SELECT f.starts_at, min(f.known_at) AS known_at
		FROM fixture AS f JOIN game AS g ON g.game_id = f.game_id
		WHERE g.sport = betting_rounds.sport AND f.starts_at >= since AND f.starts_at < until + interval '8 days'
		GROUP BY f.starts_at
	), round AS MATERIALIZED (
		SELECT a.known_at, decision_time(betting_rounds.sport, a.starts_at) AS at FROM announced AS a
	)
	SELECT DISTINCT r.at FROM round AS r WHERE r.at >= since AND r.at < until AND r.known_at <= r.at ORDER BY r.at;
END;
COMMENT ON FUNCTION betting_rounds(text, timestamptz, timestamptz) IS
'Moments in [since, until) at which bets on a sport''s games are decided: decision_time() of every fixture that was known by then, moved ones at both times.';

CREATE FUNCTION reference_forecasts(sport text, season int, method text DEFAULT NULL, book text DEFAULT NULL)
RETURNS TABLE (game_id bigint, starts_at timestamptz, as_of timestamptz, outcome int, base_rate float8[], elo float8[], dixon_coles float8[],
	market_open float8[], market_close float8[], chances float8[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	league sport;
	v_book text := coalesce(reference_forecasts.book, reference_book(reference_forecasts.sport, reference_forecasts.season));
	rules  record;
BEGIN
	SELECT * INTO league FROM sport AS s WHERE s.sport = reference_forecasts.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', reference_forecasts.sport USING ERRCODE = 'undefined_object';
	ELSIF reference_forecasts.book IS NOT NULL AND NOT EXISTS (SELECT FROM book AS b WHERE b.book = reference_forecasts.book) THEN
		RAISE EXCEPTION 'unknown book "%"', reference_forecasts.book USING ERRCODE = 'undefined_object';
	END IF;
	PERFORM remove_overround('{2,2}', reference_forecasts.method);	-- refuses an unknown method before the work begins
	SELECT * INTO rules FROM sport_elo(reference_forecasts.sport);
	RETURN QUERY
	WITH listed AS MATERIALIZED (
		SELECT e.*, decision_time(reference_forecasts.sport, e.starts_at) AS at,
			CASE WHEN e.home_score > e.away_score THEN 1 WHEN e.home_score < e.away_score THEN league.outcomes ELSE 2 END AS outcome
		FROM sports_events AS e
		WHERE e.sport = reference_forecasts.sport AND e.season = reference_forecasts.season AND e.status = 'final' AND (league.outcomes = 3 OR e.home_score <> e.away_score)
	), moment AS MATERIALIZED (
		SELECT d.at, elo_draw(reference_forecasts.sport, d.at) AS nu, w.fit, w.chance_fit, w.goals_per_chance,
			d.at >= (SELECT min(h.rated_at) FROM rating_history AS h WHERE h.sport = reference_forecasts.sport) AS rated
		FROM (SELECT DISTINCT l.at FROM listed AS l) AS d
		LEFT JOIN LATERAL (SELECT x.* FROM strength_history AS x
			WHERE x.sport = reference_forecasts.sport AND x.known_at <= d.at AND d.at < x.valid_until ORDER BY x.known_at DESC LIMIT 1) AS w ON true
	), earlier AS MATERIALIZED (
		SELECT nullif(ARRAY[avg((r.home_score > r.away_score)::int), avg((r.home_score = r.away_score)::int), avg((r.home_score < r.away_score)::int)]::float8[], '{NULL,NULL,NULL}') AS shares
		FROM game AS g
		CROSS JOIN LATERAL (SELECT x.home_score, x.away_score, x.status FROM result AS x
			WHERE x.game_id = g.game_id AND x.known_at <= (SELECT min(l.at) FROM listed AS l) ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS r
		WHERE g.sport = reference_forecasts.sport AND g.season < reference_forecasts.season AND r.status = 'final' AND (league.outcomes = 3 OR r.home_score <> r.away_score)
	)
	SELECT l.game_id, l.starts_at, l.at, l.outcome, outcome_probabilities(b.shares, league.outcomes),
		CASE WHEN m.rated THEN outcome_probabilities(elo_outcomes(elo_expected(team_rating(l.home_id, reference_forecasts.sport, l.at, reference_forecasts.season),
			team_rating(l.away_id, reference_forecasts.sport, l.at, reference_forecasts.season), CASE WHEN l.neutral THEN 0 ELSE rules.advantage END), m.nu), league.outcomes) END,
		d.probs,
		market_h2h(l.game_id, v_book, coalesce(reference_forecasts.method, y.method), league.outcomes, l.at, false),
		market_h2h(l.game_id, v_book, coalesce(reference_forecasts.method, z.method), league.outcomes, l.starts_at, true),
		c.probs
	FROM listed AS l JOIN moment AS m ON m.at = l.at CROSS JOIN earlier AS b
	CROSS JOIN LATERAL overround_methods(league.family, league.overround_method, v_book, false, l.at) AS y
	CROSS JOIN LATERAL overround_methods(league.family, league.overround_method, v_book, true, l.at) AS z
	LEFT JOIN LATERAL (SELECT outcome_probabilities(rate_outcomes(r.home_rate, r.away_rate, (m.fit).rho), league.outcomes) AS probs
		FROM (SELECT WHERE l.home_id::text = ANY ((m.fit).teams) AND l.away_id::text = ANY ((m.fit).teams) OFFSET 0) AS fitted
		CROSS JOIN LATERAL dixon_coles_rates(m.fit, l.home_id::text, l.away_id::text, l.neutral) AS r) AS d ON true
	LEFT JOIN LATERAL (SELECT outcome_probabilities(rate_outcomes(r.home_rate, r.away_rate, (m.fit).rho), league.outcomes) AS probs
		FROM (SELECT WHERE l.home_id::text = ANY ((m.chance_fit).teams) AND l.away_id::text = ANY ((m.chance_fit).teams) OFFSET 0) AS fitted
		CROSS JOIN LATERAL chance_rates(m.chance_fit, m.goals_per_chance, l.home_id::text, l.away_id::text, l.neutral) AS r) AS c ON true
	ORDER BY l.at, l.starts_at, l.game_id;
END $$;
COMMENT ON FUNCTION reference_forecasts(text, int, text, text) IS
'What those who need no training said of every played game of a season (ties of two-way sports left out) before it was known, as probabilities {home, draw, away} or {home, away}, and the number of the outcome that came. as_of: the game''s decision time, later than which nothing is read but for market_close. base_rate: how often each outcome came in earlier seasons; elo: the ratings alone; dixon_coles: the week''s strengths (sport.strength_prior; without draws in two-way sports); chances: the same of the week''s chances (chance_rates()), where a source counts them; market_open: the book''s last prices that are not closing ones; market_close: its closing prices. NULL where nobody could price the game. method: of remove_overround(), NULL = overround_method() as of then; book: NULL = reference_book(). Errors: unknown sport or book, a method that remove_overround() does not know.';

CREATE FUNCTION season_forecasts(sport text, season int, method text DEFAULT NULL, book text DEFAULT NULL)
RETURNS TABLE (game_id bigint, starts_at timestamptz, as_of timestamptz, outcome int, model_id bigint, model float8[], elo float8[],
	market_open float8[], market_close float8[], base_rate float8[])
LANGUAGE sql STABLE
SET plan_cache_mode = force_generic_plan	-- planned once, not for every decision time
BEGIN ATOMIC
	WITH said AS MATERIALIZED (
		SELECT * FROM reference_forecasts(season_forecasts.sport, season_forecasts.season, season_forecasts.method, season_forecasts.book)
	), forecast AS (
		SELECT m.as_of, p.game_id, p.model_id, p.probs
		FROM (SELECT s.as_of, max(s.starts_at) - s.as_of + interval '1 second' AS horizon FROM said AS s GROUP BY s.as_of) AS m
		CROSS JOIN LATERAL predict_games(season_forecasts.sport, m.as_of, m.horizon) AS p
		WHERE p.bet_type = 'moneyline' AND EXISTS (SELECT FROM model AS x WHERE x.sport = season_forecasts.sport AND x.bet_type = 'moneyline')
	)
	SELECT s.game_id, s.starts_at, s.as_of, s.outcome, f.model_id, f.probs, s.elo, s.market_open, s.market_close, s.base_rate
	FROM said AS s LEFT JOIN forecast AS f ON f.game_id = s.game_id AND f.as_of = s.as_of;
END;
COMMENT ON FUNCTION season_forecasts(text, int, text, text) IS
'reference_forecasts() of a season, and beside them the model that was live at each game''s decision time with what it said; NULL where none was.';

CREATE FUNCTION evaluate_season(sport text, season int, method text DEFAULT NULL, book text DEFAULT NULL)
RETURNS SETOF model_evaluations
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	v_book text := coalesce(evaluate_season.book, reference_book(evaluate_season.sport, evaluate_season.season));
BEGIN
	IF NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = evaluate_season.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', evaluate_season.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF NOT EXISTS (SELECT FROM sports_events AS e WHERE e.sport = evaluate_season.sport AND e.season = evaluate_season.season AND e.status = 'final') THEN
		RAISE EXCEPTION 'no finished games of % in season %', evaluate_season.sport, evaluate_season.season USING ERRCODE = 'no_data_found';
	END IF;
	RETURN QUERY
	WITH said AS MATERIALIZED (
		SELECT * FROM season_forecasts(evaluate_season.sport, evaluate_season.season, evaluate_season.method, evaluate_season.book)
	), forecast AS MATERIALIZED (
		SELECT f.game_id, f.as_of, f.outcome, f.model_id, s.scorer, s.probs
		FROM said AS f
		CROSS JOIN LATERAL (VALUES ('model', f.model), ('elo', f.elo), ('market_open', f.market_open), ('market_close', f.market_close),
			('base_rate', f.base_rate)) AS s (scorer, probs)
		WHERE s.probs IS NOT NULL
	), complete AS (
		SELECT f.game_id FROM forecast AS f GROUP BY f.game_id
		HAVING count(*) = (SELECT count(DISTINCT a.scorer) FROM forecast AS a)
	), loss AS MATERIALIZED (
		SELECT f.*, forecast_log_loss(f.probs, f.outcome) AS log_loss, forecast_brier(f.probs, f.outcome) AS brier, forecast_rps(f.probs, f.outcome) AS rps
		FROM forecast AS f JOIN complete AS c ON c.game_id = f.game_id
	), score AS (
		SELECT l.scorer, count(*)::int AS n, avg(l.log_loss) AS log_loss, avg(l.brier) AS brier, avg(l.rps) AS rps,
			(array_agg(l.model_id ORDER BY l.as_of DESC, l.game_id))[1] AS model_id,
			CASE WHEN l.scorer <> 'market_close' THEN paired_difference(l.log_loss, m.log_loss) END AS difference
		FROM loss AS l
		LEFT JOIN loss AS m ON m.game_id = l.game_id AND m.scorer = 'market_close'
		GROUP BY l.scorer
	)
	INSERT INTO model_evaluations (sport, bet_type, season, scorer, model_id, book, method, n, log_loss, brier, rps,
		diff_log_loss_vs_close, diff_lower, diff_upper)
	SELECT evaluate_season.sport, 'moneyline', evaluate_season.season, s.scorer, CASE s.scorer WHEN 'model' THEN s.model_id END,
		CASE WHEN s.scorer LIKE 'market%' THEN v_book END, CASE WHEN s.scorer LIKE 'market%' THEN coalesce(evaluate_season.method, 'fitted') END,
		s.n, s.log_loss, s.brier, s.rps, (s.difference).mean, (s.difference).lower, (s.difference).upper
	FROM score AS s
	ORDER BY s.log_loss, s.scorer
	RETURNING *;
END $$;
COMMENT ON FUNCTION evaluate_season(text, int, text, text) IS
'Scores the h2h forecasts of a season and stores the rows it returns in model_evaluations: log loss (nats), Brier, RPS of the model live at each game''s decision time, of Elo alone, of the market then and at the close, and of base rates, on the games that all of them priced, with the paired difference of log loss to the close and its 95 % interval over games. A scorer that priced no game of the season is left out; so are ties of two-way sports. Errors: unknown sport or book (42704), a season without finished games (P0002), an unknown method (22023). method and book: how the market''s margin is removed (NULL: overround_method() as of each game) and whose prices these are (NULL: the sharpest book with closing prices). Judge on several seasons: 380 matches resolve a difference of about 0.012.';
