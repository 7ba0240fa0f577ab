-- strength: attack and defence of all teams of a sport, fitted every week and known from then on.

CREATE TABLE strength_history (
	sport       text NOT NULL REFERENCES sport,
	known_at    timestamptz NOT NULL,
	valid_until timestamptz NOT NULL,
	fit         dixon_coles_fit NOT NULL,
	chance_fit  dixon_coles_fit,
	goals_per_chance float8,
	last_game_at timestamptz NOT NULL,
	facts       bigint NOT NULL,
	recorded_at timestamptz NOT NULL,
	PRIMARY KEY (sport, known_at),
	CHECK (known_at < valid_until),
	CHECK ((chance_fit IS NULL) = (goals_per_chance IS NULL))
);
COMMENT ON TABLE strength_history IS
'Strengths by dixon_coles_fit(), one row a sport and Tuesday 06:00 UTC that follows results: what rating_history knew at known_at of the five years before, weighted by dixon_coles_weight(), and of those among them whose chances were counted. Derived by refresh_strengths(), which can rebuild it at any time. As known at t: known_at <= t AND t < valid_until.';
COMMENT ON COLUMN strength_history.fit IS 'Teams are team_id as text.';
COMMENT ON COLUMN strength_history.chance_fit IS 'The same of the teams'' chances, rating_history.chances, each hundredth of a goal a hundredth of an event, half a game''s weight gone after 180 days. NULL where none were counted.';
COMMENT ON COLUMN strength_history.goals_per_chance IS 'Goals a hundredth of these chances in the same games by the same weights.';
COMMENT ON COLUMN strength_history.last_game_at IS 'Latest start of the games fitted.';
COMMENT ON COLUMN strength_history.facts IS 'Exclusive or of the keys of the games and scores known at known_at: when it differs the fit is made anew.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strength_history', '');

CREATE FUNCTION refresh_strengths(sport text, since timestamptz DEFAULT '-infinity') RETURNS int
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
	prior   float8;
	base    record;	-- the last fit that nothing later can change
	written int;
BEGIN
	SELECT s.strength_prior INTO prior FROM sport AS s WHERE s.sport = refresh_strengths.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', refresh_strengths.sport USING ERRCODE = 'undefined_object';
	END IF;
	SELECT max(s.known_at) AS known_at, coalesce(max(s.known_at), '-infinity') AS ends INTO base
	FROM strength_history AS s WHERE s.sport = refresh_strengths.sport AND s.known_at < since AND prior IS NOT NULL;
	WITH event AS (	-- a version of a game comes and goes; what comes back the same cancels out
		SELECT e.at, stable_id(concat_ws(':', e.game_id, e.scored, e.allowed, e.chances, e.chances_allowed, e.neutral, extract(epoch FROM e.starts_at))) AS fact
		FROM (SELECT h.*, h.known_at AS at FROM rating_history AS h WHERE h.sport = refresh_strengths.sport AND h.rated_at > base.ends
			UNION ALL SELECT h.*, h.known_at FROM rating_history AS h WHERE h.sport = refresh_strengths.sport AND h.rated_at <= base.ends AND h.known_at > base.ends AND h.known_at > h.rated_at
			UNION ALL SELECT h.*, h.valid_until FROM rating_history AS h WHERE h.sport = refresh_strengths.sport AND h.valid_until > base.ends AND h.valid_until < 'infinity') AS e
		WHERE e.is_home AND prior IS NOT NULL
	), week AS (	-- 2001-01-02 was a Tuesday
		SELECT date_bin('7 days', e.at - interval '1 microsecond', '2001-01-02 06:00+00') + interval '7 days' AS known_at, bit_xor(e.fact) AS fact
		FROM event AS e GROUP BY 1
		UNION ALL SELECT s.known_at, s.facts FROM strength_history AS s WHERE s.sport = refresh_strengths.sport AND s.known_at = base.known_at
	), due AS MATERIALIZED (
		SELECT w.known_at, bit_xor(w.fact) OVER o AS facts, lead(w.known_at, 1, 'infinity') OVER o AS valid_until
		FROM week AS w WHERE w.known_at <= now() WINDOW o AS (ORDER BY w.known_at)
	), removed AS (
		DELETE FROM strength_history AS s WHERE s.sport = refresh_strengths.sport AND s.known_at > base.ends AND NOT EXISTS (SELECT FROM due AS d WHERE d.known_at = s.known_at)
		RETURNING 1
	), extended AS (
		UPDATE strength_history AS s SET valid_until = d.valid_until FROM due AS d
		WHERE s.sport = refresh_strengths.sport AND s.known_at = d.known_at AND s.facts = d.facts AND s.valid_until <> d.valid_until
		RETURNING 1
	), stored AS (
		INSERT INTO strength_history AS s (sport, known_at, valid_until, fit, chance_fit, goals_per_chance, last_game_at, facts, recorded_at)
		SELECT refresh_strengths.sport, d.known_at, d.valid_until, f.fit, f.chance_fit, f.goals_per_chance, f.last_game_at, d.facts, now()
		FROM due AS d CROSS JOIN LATERAL (
			SELECT dixon_coles_fit(h.team_id::text, h.opponent_id::text, h.scored, h.allowed, dixon_coles_weight(w.age), h.neutral, prior) AS fit, max(h.starts_at) AS last_game_at,
				-- rates a hundred times too high weigh a hundredth; at such rates no score is low, so rho is 0
				dixon_coles_fit(h.team_id::text, h.opponent_id::text, h.chances, h.chances_allowed, w.weight / 100, h.neutral, prior) FILTER (WHERE h.chances IS NOT NULL) AS chance_fit,
				sum(w.weight * (h.scored + h.allowed) ORDER BY h.rated_at, h.game_id) FILTER (WHERE h.chances IS NOT NULL)
					/ sum(w.weight * (h.chances + h.chances_allowed) ORDER BY h.rated_at, h.game_id) AS goals_per_chance
			FROM rating_history AS h
			CROSS JOIN LATERAL (SELECT a.age, dixon_coles_weight(a.age, ln(2) / 180) AS weight
				FROM (SELECT extract(epoch FROM d.known_at - h.starts_at)::float8 / 86400 AS age OFFSET 0) AS a) AS w
			WHERE h.sport = refresh_strengths.sport AND h.is_home AND h.rated_at > d.known_at - interval '1826 days' AND h.rated_at <= d.known_at
			  AND h.known_at <= d.known_at AND d.known_at < h.valid_until) AS f
		WHERE f.fit IS NOT NULL AND NOT EXISTS (SELECT FROM strength_history AS s WHERE s.sport = refresh_strengths.sport AND s.known_at = d.known_at AND s.facts = d.facts)
		ON CONFLICT (sport, known_at) DO UPDATE
		SET (valid_until, fit, chance_fit, goals_per_chance, last_game_at, facts, recorded_at)
			= ROW (excluded.valid_until, excluded.fit, excluded.chance_fit, excluded.goals_per_chance, excluded.last_game_at, excluded.facts, excluded.recorded_at)
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM extended) + (SELECT count(*) FROM stored) INTO written;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_strengths(text, timestamptz) IS
'Brings strength_history up to date with rating_history, which has not changed as it was known before since, for one sport and returns the number of rows written; refresh_ratings() calls it. Every Tuesday 06:00 UTC that has passed and before which there was news of a game has a fit of the games known then; only weeks whose games differ from what was fitted are fitted, so a second call writes nothing and a new week costs one fit. Sports without a strength_prior have none. Refuses an unknown sport, and what dixon_coles_fit() refuses.';

CREATE FUNCTION chance_rates(fit dixon_coles_fit, goals_per_chance float8, home text, away text, neutral boolean) RETURNS TABLE (home_rate float8, away_rate float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1	-- neither STRICT nor without a set, so that the planner can inline it
BEGIN ATOMIC
	SELECT l.level * l.lead * exp(CASE WHEN neutral THEN 0 ELSE (fit).home_advantage END), l.level / l.lead
	FROM dixon_coles_rates(fit, home, away, true) AS r
	CROSS JOIN LATERAL (SELECT goals_per_chance * sqrt(r.home_rate * r.away_rate) AS level, (r.home_rate / r.away_rate) ^ 0.7 AS lead) AS l;
END;
COMMENT ON FUNCTION chance_rates(dixon_coles_fit, float8, text, text, boolean) IS
'Goals expected of both sides of a match by the chances that they had before: rates of strength_history.chance_fit, times goals_per_chance, their ratio (home advantage apart) to the power of 1.4, since who makes more chances makes better ones too. Refuses a team that the fit does not have.';

CREATE FUNCTION rate_outcomes(home_rate float8, away_rate float8, rho float8) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that the planner can inline it
RETURN CASE WHEN rho IS NOT NULL THEN score_grid_outcomes(dixon_coles_grid(home_rate, away_rate,
	-- two teams that never met may score more than rho allows
	greatest(-1 / home_rate, -1 / away_rate, least(rho, 1 / (home_rate * away_rate), 1)))) END;
COMMENT ON FUNCTION rate_outcomes(float8, float8, float8) IS
'{home, draw, away} of dixon_coles_grid(), rho held within the limits of these rates. Refuses what dixon_coles_grid() refuses.';

CREATE FUNCTION outcome_probabilities(probs float8[], outcomes int) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN forecast_brier(probs, 3) IS NULL THEN NULL	-- which refuses what are no probabilities of three outcomes
	WHEN outcome_probabilities.outcomes = 2 THEN ARRAY[probs[1] / (probs[1] + probs[3]), probs[3] / (probs[1] + probs[3])] ELSE probs END;
COMMENT ON FUNCTION outcome_probabilities(float8[], int) IS
'Probabilities {home, draw, away} as a sport of outcomes counts them: as they are, or {home, away} given no draw. Refuses what are no probabilities of three outcomes.';
