-- prop_edge: what the prop models say against the prices that books hang on players.

CREATE FUNCTION prop_forecasts(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', max_age interval DEFAULT '1 hour')
RETURNS TABLE (game_id bigint, starts_at timestamptz, player_id text, name text, prop_type text, market text, line float8, mean float8, prob_over float8, prob_under float8, prob_push float8,
	fair_over float8, fair_under float8, confidence float8, model_id bigint, market_over float8, market_under float8)
LANGUAGE sql STABLE STRICT ROWS 200
BEGIN ATOMIC
	WITH game AS MATERIALIZED (
		SELECT u.game_id FROM upcoming_games(prop_forecasts.sport, as_of, horizon) AS u
	), priced AS MATERIALIZED (	-- proportional margins flatter long shots, and most of these are: power
		SELECT g.game_id, c.market, c.participant, c.line, max(c.probability) FILTER (WHERE c.side = 'over') AS market_over, max(c.probability) FILTER (WHERE c.side = 'under') AS market_under
		FROM game AS g CROSS JOIN LATERAL consensus(g.game_id, as_of, max_age, 'power') AS c
		WHERE c.participant IS NOT NULL AND is_player_market(c.market) GROUP BY g.game_id, c.market, c.participant, c.line
	), hung AS MATERIALIZED (
		SELECT DISTINCT g.game_id, p.market, p.participant, p.line
		FROM game AS g CROSS JOIN LATERAL standing_prices(g.game_id, as_of, max_age) AS p
		WHERE p.participant IS NOT NULL AND p.side IN ('over', 'under') AND is_player_market(p.market) AND p.line * 2 = floor(p.line * 2) AND abs(p.line) <= 1e6
	), context AS MATERIALIZED (
		SELECT c.* FROM prop_contexts(prop_forecasts.sport, as_of, horizon) AS c
	), question AS MATERIALIZED (
		SELECT row_number() OVER () AS ask, h.*, c.starts_at, c.name, t.prop_type, c.game_context AS context
		FROM hung AS h JOIN prop_type AS t ON t.sport = prop_forecasts.sport AND h.market IN (t.market, t.market || '_alternate')
		-- of a man of whom nothing is known, or of neither team, there is a price, and nothing to say
		JOIN context AS c ON c.game_id = h.game_id AND c.prop_type = t.prop_type AND c.player_id = h.participant
		WHERE EXISTS (SELECT FROM model_at(prop_forecasts.sport, t.prop_type, as_of) AS l WHERE l.stage = 'production')
	)
	SELECT q.game_id, q.starts_at, q.participant, q.name, q.prop_type, q.market, q.line, a.mean, a.prob_over, a.prob_under, a.prob_push, a.fair_over, a.fair_under, a.confidence, a.model_id, p.market_over, p.market_under
	FROM predict_props(ARRAY(SELECT ROW(prop_forecasts.sport, x.prop_type, x.participant, x.line, x.context)::prop_ask FROM question AS x ORDER BY x.ask)) AS a
	JOIN question AS q ON q.ask = a.ask
	LEFT JOIN priced AS p ON p.game_id = q.game_id AND p.market = q.market AND p.participant = q.participant AND p.line IS NOT DISTINCT FROM q.line
	ORDER BY q.starts_at, q.game_id, q.participant, q.market, q.line;
END;
COMMENT ON FUNCTION prop_forecasts(text, timestamptz, interval, interval) IS
'Every line that books hang on players of the upcoming games, as known at as_of, with the production model''s forecast of it (predict_props()) for that game as prop_contexts() knows it. market_over and market_under: the books'' consensus() without its margin (power; NULL where no book has both sides). Players and games join by id alone. Left out: who is withdrawn (prop_withdrawals()), of whom prop_form has nothing or who is of neither team, props without a production model that had learned by then. prop_form and prop_surrounding stand for one moment: a prop whose forms know of any game after as_of says nothing, so ask of the past after refresh_prop_forms(as_of => …); nor does one whose forms are behind the games of three days ago.';

CREATE FUNCTION prop_edges(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', max_age interval DEFAULT '1 hour')
RETURNS SETOF signal
LANGUAGE sql STABLE STRICT ROWS 200
BEGIN ATOMIC
	SELECT signal_of(f.game_id, q.market, q.side, q.line, q.book, q.price, CASE q.side WHEN 'over' THEN ARRAY[f.prob_over, 0, f.prob_push, 0, f.prob_under] ELSE ARRAY[f.prob_under, 0, f.prob_push, 0, f.prob_over] END,
		CASE q.side WHEN 'over' THEN f.market_over ELSE f.market_under END, (SELECT b.commission FROM book AS b WHERE b.book = q.book), f.player_id)
	FROM prop_forecasts(prop_edges.sport, as_of, horizon, max_age) AS f
	JOIN LATERAL standing_prices(f.game_id, as_of, max_age) AS q ON q.market = f.market AND q.participant = f.player_id AND q.line = f.line AND q.side IN ('over', 'under')
	WHERE q.bettable;
END;
COMMENT ON FUNCTION prop_edges(text, timestamptz, interval, interval) IS
'The prop models against every price that can be had on players of the upcoming games: one signal a price, participant the player, edge by the law of his count (a whole line pushes), prob_edge beside the books without their margin. From prop_forecasts(); a prop without a price has no row here, only predict_prop()''s fair odds.';
