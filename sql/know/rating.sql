-- rating: every team's games with the ratings before and after, as they were known at any time.

CREATE TABLE rating_history (
	sport         text NOT NULL REFERENCES sport,
	team_id       bigint NOT NULL REFERENCES team,
	opponent_id   bigint NOT NULL REFERENCES team,
	game_id       bigint NOT NULL REFERENCES game,
	is_home       boolean NOT NULL,
	neutral       boolean NOT NULL,
	season        int NOT NULL,
	starts_at     timestamptz NOT NULL,
	scored        int NOT NULL,
	allowed       int NOT NULL,
	score         float8 NOT NULL,
	expected      float8 NOT NULL,
	rating_before float8 NOT NULL,
	rating_after  float8 NOT NULL,
	rated_at      timestamptz NOT NULL,
	known_at      timestamptz NOT NULL,
	valid_until   timestamptz NOT NULL,
	recorded_at   timestamptz NOT NULL,
	PRIMARY KEY (team_id, opponent_id, game_id, known_at),
	CHECK (starts_at < rated_at AND rated_at <= known_at AND known_at < valid_until)
);
COMMENT ON TABLE rating_history IS
'Ledger of every team''s played games, one row a team, game and version; derived from result, fixture and sport by refresh_ratings(), which can rebuild it at any time. As known at t: known_at <= t AND t < valid_until. Awarded games are not in it.';
COMMENT ON COLUMN rating_history.neutral IS 'Ground and start as the fixture said when the result was first known.';
COMMENT ON COLUMN rating_history.score IS '1 for a win of the team, 0.5 for a draw, 0 for a defeat.';
COMMENT ON COLUMN rating_history.expected IS 'Score that the ratings before the game expected of the team, home advantage included.';
COMMENT ON COLUMN rating_history.rating_before IS 'Rating at the start of the game, carried into its season.';
COMMENT ON COLUMN rating_history.rated_at IS 'When the game''s first result was known: the order in which ratings move. Never later than known_at, so an index on it serves every reader.';
COMMENT ON COLUMN rating_history.known_at IS 'When this version was first to be known: rated_at, or the time of the correction (of this game or an earlier one) that changed it.';
COMMENT ON COLUMN rating_history.valid_until IS 'known_at of the version that replaced this one, or of the news that withdrew the game; infinity while it stands.';
CREATE INDEX rating_history_latest ON rating_history (team_id, sport, rated_at);
CREATE INDEX rating_history_season ON rating_history (team_id, sport, season, rated_at);
CREATE INDEX rating_history_start ON rating_history (team_id, starts_at);
CREATE INDEX rating_history_sport ON rating_history (sport, rated_at) WHERE is_home;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.rating_history', '');

CREATE FUNCTION sport_elo(p_sport text, OUT rules text, OUT k float8, OUT advantage float8, OUT keep float8, OUT mean float8,
	OUT newcomer float8, OUT promotes boolean)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT s.elo_rules, coalesce(s.elo_k, c.k), coalesce(s.elo_advantage, c.advantage), coalesce(s.elo_keep, c.keep),
		coalesce(s.elo_mean, c.mean), coalesce(s.elo_newcomer, c.newcomer), s.elo_promotes
	FROM sport AS s, LATERAL elo_constants(s.elo_rules) AS c WHERE s.sport = p_sport;
END;
COMMENT ON FUNCTION sport_elo(text) IS 'How a sport is rated: its Elo rules and constants, the rules'' own where the sport sets none. NULLs for an unknown sport.';

CREATE FUNCTION rated_games(p_sport text, p_before timestamptz DEFAULT 'infinity')
RETURNS TABLE (game_id bigint, season int, home_id bigint, away_id bigint, home_score int, away_score int,
	neutral boolean, starts_at timestamptz, rated_at timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5000
BEGIN ATOMIC
	SELECT k.game_id, k.season, k.home_id, k.away_id, k.home_score, k.away_score, k.neutral, k.starts_at, k.rated_at
	FROM (
		SELECT g.game_id, g.season, g.home_id, g.away_id, r.home_score, r.away_score, f.neutral, f.starts_at, t.rated_at,
			max(g.season) OVER (ORDER BY t.rated_at, g.game_id ROWS UNBOUNDED PRECEDING) AS season_reached
		FROM (SELECT v.game_id, v.status, v.home_score, v.away_score,
				row_number() OVER (PARTITION BY v.game_id ORDER BY v.known_at DESC, v.recorded_at DESC) AS age,
				min(v.known_at) FILTER (WHERE v.status = 'final') OVER (PARTITION BY v.game_id) AS first_known
			FROM result AS v JOIN game AS x ON x.game_id = v.game_id
			WHERE x.sport = p_sport AND v.known_at < p_before) AS r
		JOIN game AS g ON g.game_id = r.game_id
		JOIN LATERAL (SELECT x.starts_at, x.neutral, x.known_at FROM fixture AS x WHERE x.game_id = r.game_id
			ORDER BY x.known_at > r.first_known, abs(extract(epoch FROM x.known_at - r.first_known)), x.recorded_at DESC LIMIT 1) AS f ON true
		CROSS JOIN LATERAL (SELECT greatest(r.first_known, f.known_at, f.starts_at + interval '1 second') AS rated_at) AS t
		WHERE r.age = 1 AND r.status = 'final' AND f.known_at < p_before) AS k
	WHERE k.season = k.season_reached;
END;
COMMENT ON FUNCTION rated_games(text, timestamptz) IS
'The played games of a sport (status final) with the scores known before p_before. rated_at: when a result was first known (after the start, whatever the source says); ratings move in this order. Start and ground are the fixture''s as known then. A result that becomes known when the next season has begun is left out: the ratings have moved on.';

CREATE FUNCTION rating_pass(p_sport text, p_before timestamptz DEFAULT 'infinity')
RETURNS TABLE (team_id bigint, opponent_id bigint, game_id bigint, is_home boolean, neutral boolean, season int, starts_at timestamptz,
	scored int, allowed int, score float8, expected float8, rating_before float8, rating_after float8, rated_at timestamptz)
LANGUAGE plpgsql STABLE STRICT ROWS 10000
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT side.team_id, side.opponent_id, g.game_id, side.is_home, g.neutral, g.season, g.starts_at, side.scored, side.allowed,
		CASE WHEN side.scored > side.allowed THEN 1 WHEN side.scored < side.allowed THEN 0 ELSE 0.5 END::float8,
		side.expected, side.rating_before, side.rating_after, g.rated_at
	FROM sport_elo(p_sport) AS e
	CROSS JOIN LATERAL elo_history(
		format('SELECT game_id, season, home_id AS home, away_id AS away, home_score, away_score, neutral
			FROM bet_edge.rated_games(%L, %L) ORDER BY rated_at, game_id', p_sport, p_before),
		e.rules, e.k, e.advantage, e.keep, e.mean, e.newcomer, e.promotes) AS h
	JOIN rated_games(p_sport, p_before) AS g ON g.game_id = h.game_id
	CROSS JOIN LATERAL (VALUES
		(g.home_id, g.away_id, true, g.home_score, g.away_score, h.expected, h.home_before, h.home_after),
		(g.away_id, g.home_id, false, g.away_score, g.home_score, 1 - h.expected, h.away_before, h.away_after)
	) AS side (team_id, opponent_id, is_home, scored, allowed, expected, rating_before, rating_after);
END $$;
COMMENT ON FUNCTION rating_pass(text, timestamptz) IS
'All ratings of a sport computed afresh from the results known before p_before, one row a team and game: what refresh_ratings() stores.';

CREATE FUNCTION refresh_ratings(p_sport text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	rated   text;
	written int := 0;
	changed int;
BEGIN
	IF p_sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport WHERE sport = p_sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object';
	END IF;
	LOCK TABLE rating_history IN SHARE ROW EXCLUSIVE MODE;	-- one refresh at a time; readers go on
	FOR rated IN SELECT sport FROM sport WHERE sport = coalesce(p_sport, sport) ORDER BY sport LOOP
		WITH correction AS (	-- moments at which what was already rated became known to be different
			SELECT DISTINCT v.known_at
			FROM (SELECT r.known_at, ROW(r.status, r.home_score, r.away_score) AS news,
					lag(ROW(r.status, r.home_score, r.away_score)) OVER (PARTITION BY r.game_id ORDER BY r.known_at, r.recorded_at) AS before,
					min(r.known_at) FILTER (WHERE r.status = 'final') OVER (PARTITION BY r.game_id) AS first_known
				FROM result AS r JOIN game AS g ON g.game_id = r.game_id WHERE g.sport = rated) AS v
			WHERE v.known_at > v.first_known AND v.news IS DISTINCT FROM v.before
		), epoch AS (	-- between two corrections one pass tells the truth
			SELECT m.starts, row_number() OVER w AS n, lead(m.starts, 1, 'infinity') OVER w AS ends
			FROM (SELECT '-infinity'::timestamptz AS starts UNION ALL SELECT known_at FROM correction) AS m
			WINDOW w AS (ORDER BY m.starts)
		), pass AS (
			SELECT e.n, e.starts, e.ends, p.*, ROW(p.scored, p.allowed, p.expected, p.rating_before, p.rating_after) AS content
			FROM epoch AS e CROSS JOIN LATERAL rating_pass(rated, e.ends) AS p
		), marked AS (
			SELECT p.*, lag(p.n) OVER w IS DISTINCT FROM p.n - 1 OR lag(p.content) OVER w IS DISTINCT FROM p.content AS is_new
			FROM pass AS p WINDOW w AS (PARTITION BY p.team_id, p.game_id ORDER BY p.n)
		), numbered AS (
			SELECT m.*, count(*) FILTER (WHERE m.is_new) OVER (PARTITION BY m.team_id, m.game_id ORDER BY m.n) AS version
			FROM marked AS m
		), target AS MATERIALIZED (
			SELECT DISTINCT ON (n.team_id, n.game_id, n.version) n.team_id, n.opponent_id, n.game_id, n.is_home, n.neutral, n.season,
				n.starts_at, n.scored, n.allowed, n.score, n.expected, n.rating_before, n.rating_after, n.rated_at,
				greatest(n.rated_at, n.starts) AS known_at,
				max(n.ends) OVER (PARTITION BY n.team_id, n.game_id, n.version) AS valid_until
			FROM numbered AS n ORDER BY n.team_id, n.game_id, n.version, n.n
		), removed AS (
			DELETE FROM rating_history AS h
			WHERE h.sport = rated AND NOT EXISTS (SELECT FROM target AS t
				WHERE t.team_id = h.team_id AND t.opponent_id = h.opponent_id AND t.game_id = h.game_id AND t.known_at = h.known_at)
			RETURNING 1
		), stored AS (
			INSERT INTO rating_history AS h (sport, team_id, opponent_id, game_id, is_home, neutral, season, starts_at, scored, allowed,
				score, expected, rating_before, rating_after, rated_at, known_at, valid_until, recorded_at)
			SELECT rated, t.team_id, t.opponent_id, t.game_id, t.is_home, t.neutral, t.season, t.starts_at, t.scored, t.allowed,
				t.score, t.expected, t.rating_before, t.rating_after, t.rated_at, t.known_at, t.valid_until, now()
			FROM target AS t
			WHERE NOT EXISTS (SELECT FROM rating_history AS h
				WHERE h.sport = rated AND h.team_id = t.team_id AND h.opponent_id = t.opponent_id AND h.game_id = t.game_id
				  AND h.known_at = t.known_at AND h.valid_until = t.valid_until AND h.rated_at = t.rated_at
				  AND h.scored = t.scored AND h.allowed = t.allowed AND h.expected = t.expected
				  AND h.rating_before = t.rating_before AND h.rating_after = t.rating_after
				  AND h.starts_at = t.starts_at AND h.neutral = t.neutral AND h.season = t.season)
			ORDER BY t.rated_at, t.game_id
			ON CONFLICT (team_id, opponent_id, game_id, known_at) DO UPDATE
			SET (sport, is_home, neutral, season, starts_at, scored, allowed, score, expected, rating_before, rating_after,
					rated_at, valid_until, recorded_at)
				= ROW (excluded.sport, excluded.is_home, excluded.neutral, excluded.season, excluded.starts_at, excluded.scored,
					excluded.allowed, excluded.score, excluded.expected, excluded.rating_before, excluded.rating_after,
					excluded.rated_at, excluded.valid_until, excluded.recorded_at)
			RETURNING 1
		)
		SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored) INTO changed;
		written := written + changed;
	END LOOP;
	IF written > 1000 THEN
		ANALYZE rating_history;	-- the readers' plans come before autovacuum does
	END IF;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_ratings(text) IS
'Brings rating_history up to date with the results of one sport, or of all (NULL), and returns the number of rows written. The table is a function of the facts: a second call writes nothing, a day''s results add their rows, and a corrected score gives new versions, known from the correction on, to its game and to later games whose ratings move; the old versions stay, closed by valid_until. A result that arrives late but was to be known earlier (known_at) is rated in its place. Refuses an unknown sport, and what elo_history() refuses.';

CREATE FUNCTION season_before(p_sport text, p_season int, as_of timestamptz) RETURNS int
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.season FROM rating_history AS r	-- seasons only rise with rated_at, so the latest is the highest
	WHERE r.sport = p_sport AND r.is_home AND r.season < p_season
	  AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until
	ORDER BY r.rated_at DESC LIMIT 1;
END;
COMMENT ON FUNCTION season_before(text, int, timestamptz) IS
'The latest season before p_season of which a rated game of the sport was known at as_of: whom a league that promotes knows already. Not always p_season - 1, since data may have holes; NULL when there is none.';

CREATE FUNCTION carried_rating(p_rating float8, p_season int, p_into int, p_before int, p_keep float8, p_mean float8, p_newcomer float8, p_promotes boolean)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that the planner can inline it
RETURN CASE WHEN p_into <= p_season THEN p_rating
	WHEN p_promotes AND p_before > p_season THEN p_newcomer
	ELSE elo_season_reversion(p_rating, p_keep, p_mean) END;
COMMENT ON FUNCTION carried_rating(float8, int, int, int, float8, float8, float8, boolean) IS
'A rating last used in p_season as it enters p_into: unchanged within the season, p_newcomer when the league promotes and has played since (p_before, its season_before(p_into), is later than p_season), otherwise by elo_season_reversion, once however long it was away.';

CREATE FUNCTION entry_rating(p_sport text, p_season int, as_of timestamptz, p_mean float8, p_newcomer float8) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN p_season > (SELECT r.season FROM rating_history AS r
		WHERE r.sport = p_sport AND r.is_home AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until
		ORDER BY r.rated_at, r.game_id LIMIT 1) THEN p_newcomer ELSE p_mean END;
END;
COMMENT ON FUNCTION entry_rating(text, int, timestamptz, float8, float8) IS
'The rating with which a team that was never rated enters p_season: p_mean in the first season that is known of the sport at as_of, p_newcomer later.';

CREATE FUNCTION team_rating(p_team_id bigint, p_sport text, as_of timestamptz DEFAULT now(), p_season int DEFAULT NULL) RETURNS float8
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	elo  record;
	last record;
BEGIN
	IF p_team_id IS NULL OR p_sport IS NULL OR as_of IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT * INTO elo FROM sport_elo(p_sport);
	IF elo.rules IS NULL THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object';
	ELSIF NOT EXISTS (SELECT FROM team AS t WHERE t.team_id = p_team_id) THEN
		RAISE EXCEPTION 'unknown team %', p_team_id USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT r.rating_after, r.season INTO last FROM rating_history AS r
	WHERE r.team_id = p_team_id AND r.sport = p_sport AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until
	ORDER BY r.rated_at DESC LIMIT 1;
	IF FOUND THEN
		RETURN carried_rating(last.rating_after, last.season, coalesce(p_season, last.season),
			CASE WHEN elo.promotes THEN season_before(p_sport, p_season, as_of) END, elo.keep, elo.mean, elo.newcomer, elo.promotes);
	END IF;
	RETURN entry_rating(p_sport, coalesce(p_season, (SELECT r.season FROM rating_history AS r
		WHERE r.sport = p_sport AND r.is_home AND r.rated_at <= as_of ORDER BY r.rated_at DESC LIMIT 1)), as_of, elo.mean, elo.newcomer);
END $$;
COMMENT ON FUNCTION team_rating(bigint, text, timestamptz, int) IS
'A team''s Elo rating in a sport as of a time, carried into p_season by the sport''s rule: what elo_history() would give before the team''s next game. p_season NULL: as it stands. A team never rated has the sport''s starting rating. An earlier p_season changes nothing. Refuses an unknown sport or team.';

CREATE FUNCTION elo_draw(p_sport text, as_of timestamptz DEFAULT now()) RETURNS float8
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
SET jit = off
AS $$
DECLARE
	outcomes int := (SELECT s.outcomes FROM sport AS s WHERE s.sport = p_sport);
	evenness float8[];
	draws    float8;
	drawn    float8;
	slope    float8;
	nu       float8 := 0;
BEGIN
	IF outcomes IS NULL THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object';
	ELSIF outcomes = 2 THEN
		RETURN 0;
	END IF;
	SELECT array_agg(sqrt(r.expected * (1 - r.expected))), count(*) FILTER (WHERE r.score = 0.5)
	INTO evenness, draws FROM rating_history AS r
	WHERE r.sport = p_sport AND r.is_home AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until;
	IF evenness IS NULL OR draws = cardinality(evenness) THEN
		RETURN NULL;
	END IF;
	LOOP	-- the sum is concave in nu, so Newton from 0 climbs to the root and never passes it
		SELECT sum(nu * s / (1 + nu * s)), sum(s / (1 + nu * s) ^ 2) INTO drawn, slope FROM unnest(evenness) AS s;
		EXIT WHEN draws - drawn <= 1e-10 * draws;
		nu := nu + (draws - drawn) / slope;
	END LOOP;
	RETURN nu;
END $$;
COMMENT ON FUNCTION elo_draw(text, timestamptz) IS
'The inclination to draws of a sport, Davidson''s nu for elo_outcomes(), by maximum likelihood given the Elo expectations of all games known at as_of: nu such that the expected number of draws, sum of nu*s/(1+nu*s) with s = sqrt(e(1-e)), is the number seen. 0 where the sport knows no draw; NULL while no game is known, or none that was not drawn. Refuses an unknown sport. Source: Davidson 1970.';
