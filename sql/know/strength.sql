-- strength: attack and defence of all teams of a sport, fitted every week and known from then on.

CREATE TABLE strength_history (
	sport       text NOT NULL REFERENCES sport,
	known_at    timestamptz NOT NULL,
	valid_until timestamptz NOT NULL,
	fit         dixon_coles_fit NOT NULL,
	last_game_at timestamptz NOT NULL,
	facts       bigint NOT NULL,
	recorded_at timestamptz NOT NULL,
	PRIMARY KEY (sport, known_at),
	CHECK (known_at < valid_until)
);
COMMENT ON TABLE strength_history IS
'Strengths by dixon_coles_fit(), one row a sport and Tuesday 06:00 UTC that follows results: what rating_history knew at known_at of the five years before, weighted by dixon_coles_weight(). Derived by refresh_strengths(), which can rebuild it at any time. As known at t: known_at <= t AND t < valid_until.';
COMMENT ON COLUMN strength_history.fit IS 'Teams are team_id as text.';
COMMENT ON COLUMN strength_history.last_game_at IS 'Latest start of the games fitted.';
COMMENT ON COLUMN strength_history.facts IS 'Exclusive or of the keys of the games and scores known at known_at: when it differs the fit is made anew.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strength_history', '');

CREATE FUNCTION refresh_strengths(p_sport text, p_since timestamptz DEFAULT '-infinity') RETURNS int
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	prior   float8;
	base    record;	-- the last fit that nothing later can change
	written int;
BEGIN
	SELECT s.strength_prior INTO prior FROM sport AS s WHERE s.sport = p_sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', p_sport USING ERRCODE = 'undefined_object';
	END IF;
	SELECT max(s.known_at) AS known_at, coalesce(max(s.known_at), '-infinity') AS ends INTO base
	FROM strength_history AS s WHERE s.sport = p_sport AND s.known_at < p_since AND prior IS NOT NULL;
	WITH event AS (	-- a version of a game comes and goes; what comes back the same cancels out
		SELECT e.at, stable_id(concat_ws(':', e.game_id, e.scored, e.allowed, e.neutral, extract(epoch FROM e.starts_at))) AS fact
		FROM (SELECT h.*, h.known_at AS at FROM rating_history AS h WHERE h.sport = p_sport AND h.rated_at > base.ends
			UNION ALL SELECT h.*, h.known_at FROM rating_history AS h WHERE h.sport = p_sport AND h.rated_at <= base.ends AND h.known_at > base.ends AND h.known_at > h.rated_at
			UNION ALL SELECT h.*, h.valid_until FROM rating_history AS h WHERE h.sport = p_sport AND h.valid_until > base.ends AND h.valid_until < 'infinity') AS e
		WHERE e.is_home AND prior IS NOT NULL
	), week AS (	-- 2001-01-02 was a Tuesday
		SELECT date_bin('7 days', e.at - interval '1 microsecond', '2001-01-02 06:00+00') + interval '7 days' AS known_at, bit_xor(e.fact) AS fact
		FROM event AS e GROUP BY 1
		UNION ALL SELECT s.known_at, s.facts FROM strength_history AS s WHERE s.sport = p_sport AND s.known_at = base.known_at
	), due AS MATERIALIZED (
		SELECT w.known_at, bit_xor(w.fact) OVER o AS facts, lead(w.known_at, 1, 'infinity') OVER o AS valid_until
		FROM week AS w WHERE w.known_at <= now() WINDOW o AS (ORDER BY w.known_at)
	), removed AS (
		DELETE FROM strength_history AS s WHERE s.sport = p_sport AND s.known_at > base.ends AND NOT EXISTS (SELECT FROM due AS d WHERE d.known_at = s.known_at)
		RETURNING 1
	), extended AS (
		UPDATE strength_history AS s SET valid_until = d.valid_until FROM due AS d
		WHERE s.sport = p_sport AND s.known_at = d.known_at AND s.facts = d.facts AND s.valid_until <> d.valid_until
		RETURNING 1
	), stored AS (
		INSERT INTO strength_history AS s (sport, known_at, valid_until, fit, last_game_at, facts, recorded_at)
		SELECT p_sport, d.known_at, d.valid_until, f.fit, f.last_game_at, d.facts, now()
		FROM due AS d CROSS JOIN LATERAL (
			SELECT dixon_coles_fit(h.team_id::text, h.opponent_id::text, h.scored, h.allowed,
				dixon_coles_weight(extract(epoch FROM d.known_at - h.starts_at)::float8 / 86400), h.neutral, prior) AS fit, max(h.starts_at) AS last_game_at
			FROM rating_history AS h
			WHERE h.sport = p_sport AND h.is_home AND h.rated_at > d.known_at - interval '1826 days' AND h.rated_at <= d.known_at
			  AND h.known_at <= d.known_at AND d.known_at < h.valid_until) AS f
		WHERE f.fit IS NOT NULL AND NOT EXISTS (SELECT FROM strength_history AS s WHERE s.sport = p_sport AND s.known_at = d.known_at AND s.facts = d.facts)
		ON CONFLICT (sport, known_at) DO UPDATE
		SET (valid_until, fit, last_game_at, facts, recorded_at) = ROW (excluded.valid_until, excluded.fit, excluded.last_game_at, excluded.facts, excluded.recorded_at)
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM extended) + (SELECT count(*) FROM stored) INTO written;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_strengths(text, timestamptz) IS
'Brings strength_history up to date with rating_history, which has not changed as it was known before p_since, for one sport and returns the number of rows written; refresh_ratings() calls it. Every Tuesday 06:00 UTC that has passed and before which there was news of a game has a fit of the games known then; only weeks whose games differ from what was fitted are fitted, so a second call writes nothing and a new week costs one fit. Sports without a strength_prior have none. Refuses an unknown sport, and what dixon_coles_fit() refuses.';
