-- prop_edge: what the prop models say against the prices that books hang on players.

CREATE FUNCTION prop_withdrawn(game_id bigint, role text, player_id text, as_of timestamptz DEFAULT now(), OUT reason text, OUT known_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT w.reason, w.known_at FROM (
		SELECT i.status AS reason, i.known_at
		FROM game AS g JOIN sport AS s ON s.sport = g.sport CROSS JOIN LATERAL injuries(s.pool, as_of) AS i
		WHERE g.game_id = prop_withdrawn.game_id AND i.player_id = prop_withdrawn.player_id AND i.chance_out > 0.5
		UNION ALL
		-- whose side another one starts for; a name that is no id says nothing
		SELECT 'another pitcher is announced', n.known_at
		FROM game AS g JOIN sport AS s ON s.sport = g.sport
		JOIN LATERAL (SELECT x.team_id FROM player_team AS x WHERE x.pool = s.pool AND x.player_id = prop_withdrawn.player_id AND x.known_at <= as_of
			ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS t ON true
		JOIN LATERAL pregames(g.game_id, as_of) AS n ON n.item = 'pitcher' AND n.side = CASE t.team_id WHEN g.home_id THEN 'home' WHEN g.away_id THEN 'away' END
		WHERE g.game_id = prop_withdrawn.game_id AND prop_withdrawn.role = 'pitcher' AND n.value <> prop_withdrawn.player_id AND EXISTS (SELECT FROM players AS k WHERE k.pool = s.pool AND k.player_id = n.value)
	) AS w
	ORDER BY w.known_at LIMIT 1;
END;
COMMENT ON FUNCTION prop_withdrawn(bigint, text, text, timestamptz) IS
'Why nothing is bet on a player in a game, by what was known at as_of, and since when: he is said to be out or doubtful (more likely to miss it than not, injuries()), or, in role pitcher, another one is announced to start for his team. No row values (NULL) while he is expected to play.';

CREATE FUNCTION prop_forecasts(sport text, as_of timestamptz DEFAULT now(), horizon interval DEFAULT '7 days', max_age interval DEFAULT '1 hour')
RETURNS TABLE (game_id bigint, starts_at timestamptz, player_id text, name text, prop_type text, market text, line float8, mean float8, prob_over float8, prob_under float8, prob_push float8,
	fair_over float8, fair_under float8, confidence float8, model_id bigint, market_over float8, market_under float8)
LANGUAGE sql STABLE STRICT ROWS 200
BEGIN ATOMIC
	WITH game AS MATERIALIZED (
		SELECT u.*, s.pool, x.name AS home, y.name AS away, s.time_zone
		FROM upcoming_games(prop_forecasts.sport, as_of, horizon) AS u JOIN sport AS s ON s.sport = prop_forecasts.sport JOIN team AS x ON x.team_id = u.home_id JOIN team AS y ON y.team_id = u.away_id
	), priced AS MATERIALIZED (	-- proportional margins flatter long shots, and most of these are: power
		SELECT g.game_id, c.market, c.participant, c.line, max(c.probability) FILTER (WHERE c.side = 'over') AS market_over, max(c.probability) FILTER (WHERE c.side = 'under') AS market_under
		FROM game AS g CROSS JOIN LATERAL consensus(g.game_id, as_of, max_age, 'power') AS c
		WHERE c.participant IS NOT NULL AND is_player_market(c.market) GROUP BY g.game_id, c.market, c.participant, c.line
	), hung AS MATERIALIZED (
		SELECT DISTINCT g.game_id, p.market, p.participant, p.line
		FROM game AS g CROSS JOIN LATERAL standing_prices(g.game_id, as_of, max_age) AS p
		WHERE p.participant IS NOT NULL AND p.side IN ('over', 'under') AND is_player_market(p.market) AND p.line * 2 = floor(p.line * 2) AND abs(p.line) <= 1e6
	), question AS MATERIALIZED (
		SELECT row_number() OVER () AS ask, h.*, g.starts_at, k.name, t.prop_type,
			jsonb_strip_nulls(jsonb_build_object('is_home', m.is_home, 'opponent', CASE WHEN m.is_home THEN g.away ELSE g.home END, 'starter', CASE WHEN t.starts_only THEN true END,
				'rest_days', least((g.starts_at AT TIME ZONE g.time_zone)::date - (f.last_game_at AT TIME ZONE g.time_zone)::date, 10), 'pitcher', o.value))
				- CASE WHEN m.is_home IS NULL THEN 'opponent' ELSE '' END AS context
		FROM hung AS h JOIN game AS g ON g.game_id = h.game_id
		JOIN prop_type AS t ON t.sport = prop_forecasts.sport AND h.market IN (t.market, t.market || '_alternate')
			-- what surrounds a player is of the same moment as the forms
			AND NOT EXISTS (SELECT FROM prop_form AS x WHERE x.sport = t.sport AND x.prop_type = t.prop_type AND x.game_id IS NULL AND x.known_at > as_of)
		-- of whom nothing is known there is a price, and nothing to say
		JOIN prop_form AS f ON f.sport = t.sport AND f.prop_type = t.prop_type AND f.player_id = h.participant AND f.game_id IS NULL
		JOIN players AS k ON k.pool = g.pool AND k.player_id = h.participant
		CROSS JOIN LATERAL (SELECT CASE f.team_id WHEN g.home_id THEN true WHEN g.away_id THEN false END AS is_home) AS m
		LEFT JOIN LATERAL (SELECT n.value FROM pregames(g.game_id, as_of) AS n WHERE t.role = 'batter' AND n.item = 'pitcher' AND n.side = CASE WHEN m.is_home THEN 'away' WHEN NOT m.is_home THEN 'home' END
			AND EXISTS (SELECT FROM players AS x WHERE x.pool = g.pool AND x.player_id = n.value)) AS o ON true
		WHERE EXISTS (SELECT FROM model_at(prop_forecasts.sport, t.prop_type, as_of) AS l WHERE l.stage = 'production')
		  AND (prop_withdrawn(h.game_id, t.role, h.participant, as_of)).reason IS NULL
	)
	SELECT q.game_id, q.starts_at, q.participant, q.name, q.prop_type, q.market, q.line, a.mean, a.prob_over, a.prob_under, a.prob_push, a.fair_over, a.fair_under, a.confidence, a.model_id, p.market_over, p.market_under
	FROM predict_props(ARRAY(SELECT ROW(prop_forecasts.sport, x.prop_type, x.participant, x.line, x.context)::prop_ask FROM question AS x ORDER BY x.ask)) AS a
	JOIN question AS q ON q.ask = a.ask
	LEFT JOIN priced AS p ON p.game_id = q.game_id AND p.market = q.market AND p.participant = q.participant AND p.line IS NOT DISTINCT FROM q.line
	ORDER BY q.starts_at, q.game_id, q.participant, q.market, q.line;
END;
COMMENT ON FUNCTION prop_forecasts(text, timestamptz, interval, interval) IS
'Every line that books hang on players of the upcoming games, as known at as_of, with the production model''s forecast of it (predict_props()) for that game: ground, opponent, rest and announced starters. market_over and market_under: the books'' consensus() without its margin (power; NULL where no book has both sides). Players and games join by id alone. Left out: who is withdrawn (prop_withdrawn()), of whom prop_form has nothing, props without a production model that had learned by then. prop_form and prop_surrounding stand for one moment: a prop whose forms know of any game after as_of says nothing, so ask of the past after refresh_prop_forms(as_of => …).';

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
