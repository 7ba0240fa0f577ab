-- halftime_quality: every method against the score at the trigger, season by season, each season forecast from those before.

CREATE FUNCTION halftime_errors(first int DEFAULT 0, last int DEFAULT 10000)
RETURNS TABLE (season int, played_on date, event_id text, target text, strength text, method text, closeness text, error float8)
LANGUAGE sql STABLE STRICT ROWS 200000
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH fitted AS MATERIALIZED (
		SELECT f.* FROM halftime_fits(last) AS f WHERE f.season BETWEEN first AND last
	), rival AS MATERIALIZED (	-- of the blends, the one with less squared error over the seasons before speaks
		SELECT f.season, f.target, f.strength, f.method, avg((o.change - (SELECT sum(w * v) FROM unnest(f.weights, halftime_terms(o, f.strength)) AS x (w, v))) ^ 2) AS square, count(*) AS n
		FROM fitted AS f JOIN halftime_out_of_fold AS o ON o.season = f.season AND o.target = f.target
		WHERE (f.strength <> 'spread' OR o.spread IS NOT NULL) GROUP BY f.season, f.target, f.strength, f.method
	), served AS MATERIALIZED (
		SELECT DISTINCT ON (f.season, f.target, f.strength) f.season, f.target, f.strength, f.weights
		FROM fitted AS f LEFT JOIN rival AS r ON r.season < f.season AND r.target = f.target AND r.strength = f.strength AND r.method = f.method
		GROUP BY f.season, f.target, f.strength, f.method, f.weights ORDER BY f.season, f.target, f.strength, sum(r.square * r.n) / sum(r.n), f.method = 'least squares' DESC
	), said AS (
		SELECT o AS game, m.strength, m.method, m.change FROM halftime_out_of_fold AS o
		CROSS JOIN LATERAL (VALUES ('none', 'score at the trigger', 0), ('none', 'dejavu ten', o.dejavu_ten), ('none', 'dejavu', o.dejavu), ('none', 'lstm', o.lstm), ('none', 'boosting', o.boosting),
			('elo', 'boosting', o.boosting_elo), ('spread', 'boosting', o.boosting_spread), ('none', 'source, ten', 0.4 * o.dejavu_ten + 0.6 * o.lstm), ('none', 'source', 0.4 * o.dejavu + 0.6 * o.lstm)) AS m (strength, method, change)
		WHERE o.season BETWEEN first AND last
		UNION ALL
		SELECT o, f.strength, f.method, (SELECT sum(w * v) FROM unnest(f.weights, halftime_terms(o, f.strength)) AS x (w, v))
		FROM halftime_out_of_fold AS o JOIN (SELECT * FROM fitted UNION ALL SELECT s.season, s.target, s.strength, 'served', s.weights FROM served AS s) AS f ON f.season = o.season AND f.target = o.target WHERE (f.strength <> 'spread' OR o.spread IS NOT NULL)
	)
	SELECT (s.game).season, (s.game).played_on, (s.game).event_id, (s.game).target, s.strength, s.method, score_closeness((s.game).lead), (s.game).change - s.change
	FROM said AS s WHERE s.change IS NOT NULL;
$$;
COMMENT ON FUNCTION halftime_errors(int, int) IS
'Errors (what came less what was said) of every method on the games of halftime_out_of_fold between two seasons: score at the trigger; random walk, the score plus drift and strength times the time left, least squares on score and strength, and learned, on Dejavu and the network too, all three fitted on the seasons before; served, the one of them with the least squared error over the seasons before; dejavu ten and dejavu, lstm, boosting; the source''s blend with either Dejavu. strength: what it knew before the game.';

CREATE FUNCTION halftime_quality(first int DEFAULT 0, last int DEFAULT 10000)
RETURNS TABLE (season int, target text, method text, strength text, n bigint, mae float8, rmse float8, crps float8, coverage80 float8, coverage90 float8, coverage95 float8, width95 float8)
LANGUAGE sql STABLE STRICT ROWS 500
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
	WITH told AS MATERIALIZED (
		SELECT e.*, t.calibration_seasons, t.adaptation FROM halftime_errors(first - 100, last) AS e CROSS JOIN halftime_setting AS t
	), season AS MATERIALIZED (
		SELECT DISTINCT t.season, t.calibration_seasons AS before FROM told AS t WHERE t.season BETWEEN first AND last
	), past AS MATERIALIZED (
		SELECT s.season, t.target, t.method, t.strength, t.closeness, array_agg(abs(t.error)) AS scores
		FROM season AS s JOIN told AS t ON t.season < s.season AND t.season >= s.season - s.before
		GROUP BY s.season, t.target, t.method, t.strength, t.closeness
	), judged AS MATERIALIZED (
		SELECT t.season, t.target, t.method, t.strength, t.closeness, max(t.adaptation) AS gamma, array_agg(abs(t.error) ORDER BY t.played_on, t.event_id) AS scores, array_agg(t.played_on ORDER BY t.played_on, t.event_id) AS days
		FROM told AS t WHERE t.season >= first GROUP BY t.season, t.target, t.method, t.strength, t.closeness
	), interval AS (	-- of a day's games all get what the days before left
		SELECT j.season, j.target, j.method, j.strength, a.alpha, s.score, first_value(s.quantile) OVER (PARTITION BY j.season, j.target, j.method, j.strength, j.closeness, a.alpha, j.days[s.place] ORDER BY s.place) AS half_width
		FROM judged AS j JOIN past AS p ON p.season = j.season AND p.target = j.target AND p.method = j.method AND p.strength = j.strength AND p.closeness = j.closeness
		CROSS JOIN unnest('{0.2,0.1,0.05}'::float8[]) AS a (alpha) CROSS JOIN LATERAL aci_stream(p.scores, j.scores, a.alpha, j.gamma) AS s
	), covered AS MATERIALIZED (
		SELECT i.season, i.target, i.method, i.strength, avg((i.score <= i.half_width)::int) FILTER (WHERE i.alpha = 0.2) AS c80, avg((i.score <= i.half_width)::int) FILTER (WHERE i.alpha = 0.1) AS c90,
			avg((i.score <= i.half_width)::int) FILTER (WHERE i.alpha = 0.05) AS c95, avg(2 * i.half_width) FILTER (WHERE i.alpha = 0.05 AND i.half_width < 'Infinity') AS w95
		FROM interval AS i GROUP BY i.season, i.target, i.method, i.strength
	), law AS MATERIALIZED (	-- 99 quantiles of the errors before stand for the distribution
		SELECT s.season, t.target, t.method, t.strength, percentile_cont((SELECT array_agg(q / 100.0 ORDER BY q) FROM generate_series(1, 99) AS q)) WITHIN GROUP (ORDER BY t.error) AS members
		FROM season AS s JOIN told AS t ON t.season < s.season AND t.season >= s.season - s.before
		GROUP BY s.season, t.target, t.method, t.strength
	)
	SELECT t.season, t.target, t.method, t.strength, count(*), avg(abs(t.error)), sqrt(avg(t.error ^ 2)), avg(crps_ensemble(t.error, l.members)), min(c.c80), min(c.c90), min(c.c95), min(c.w95)
	FROM told AS t
	LEFT JOIN law AS l ON l.season = t.season AND l.target = t.target AND l.method = t.method AND l.strength = t.strength
	LEFT JOIN covered AS c ON c.season = t.season AND c.target = t.target AND c.method = t.method AND c.strength = t.strength
	WHERE t.season >= first
	GROUP BY t.season, t.target, t.method, t.strength ORDER BY t.season, t.target DESC, t.strength, avg(abs(t.error)) DESC;
$$;
COMMENT ON FUNCTION halftime_quality(int, int) IS
'How well each method of halftime_errors() did in each season between two: mean absolute error, root of the mean squared error, CRPS of the distribution that the errors of the seasons before make, and what its intervals of 80, 90 and 95 % covered and how wide those of 95 % were: conformal, by the closeness of the score, from the errors of the seasons before and, by aci_stream(), of the days before. Needs the season before it in halftime_out_of_fold for the last five.';
