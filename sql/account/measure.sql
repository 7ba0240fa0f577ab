-- measure: what any list of settled bets shows, every number with its interval.

CREATE TYPE settled_bet AS (game_id bigint, settled_at timestamptz, stake float8, profit float8, price float8, tier text, clv float8, line_points float8, line_clv float8);
COMMENT ON TYPE settled_bet IS 'A bet as bet_report() takes it: stake above 0, voids left out; price what it paid, after commission (net_odds()); tier, clv (of a bet whose line stood to the close), line_points and line_clv (of one whose line moved, moved_line()) may be NULL.';

CREATE FUNCTION moved_line(game_id bigint, market text, side text, line float8, price float8, as_of timestamptz DEFAULT now(), participant text DEFAULT NULL,
	OUT points float8, OUT clv float8)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	base   CONSTANT text := regexp_replace(market, '_alternate$', '');
	name   CONSTANT text := CASE WHEN participant IS NULL THEN moved_line.market ELSE 'totals' END;
	starts CONSTANT timestamptz := (SELECT min(f.starts_at) FROM fixture AS f WHERE f.game_id = moved_line.game_id);
	closed record;
	sample float8[];
BEGIN
	IF participant IS NULL AND moved_line.market IN ('spreads', 'totals') THEN
		SELECT c.line, c.probability INTO closed FROM closing_market(moved_line.game_id, moved_line.as_of) AS c
		WHERE c.market = moved_line.market AND c.side = moved_line.side ORDER BY abs(c.probability - 0.5), c.line LIMIT 1;
	ELSIF participant IS NOT NULL AND is_player_market(moved_line.market) THEN
		SELECT c.line, c.probability INTO closed FROM closing_player_market(moved_line.game_id, moved_line.as_of) AS c
		WHERE c.market IN (base, base || '_alternate') AND c.participant = moved_line.participant AND c.side = moved_line.side ORDER BY abs(c.probability - 0.5), c.line LIMIT 1;
	ELSE
		RETURN;
	END IF;
	IF closed.line IS NULL OR closed.line = moved_line.line THEN
		RETURN;
	END IF;
	points := clv_points(name, moved_line.side, moved_line.line, closed.line);
	IF participant IS NULL THEN
		SELECT array_agg(CASE moved_line.market WHEN 'totals' THEN r.home_score + r.away_score ELSE r.home_score - r.away_score END) INTO sample
		FROM (SELECT x.home_score, x.away_score FROM game AS g JOIN game AS o ON o.sport = g.sport JOIN result AS x ON x.game_id = o.game_id
			WHERE g.game_id = moved_line.game_id AND x.status = 'final' AND x.known_at < starts
			ORDER BY x.known_at DESC, x.game_id LIMIT 2000) AS r HAVING count(*) >= 100;
	ELSE	-- his own counts are too few to stand one by one, so the law of their mean and variance
		SELECT ARRAY(SELECT negbin_quantile(o.mean, count_size(o.mean, o.variance / o.mean - 1), (k - 0.5) / 1000) FROM generate_series(1, 1000) AS k) INTO sample
		FROM (SELECT avg(c.number) AS mean, var_samp(c.number) AS variance FROM (
			SELECT y.number FROM game AS g JOIN sport AS s ON s.sport = g.sport JOIN player_market AS m ON m.market = base
			CROSS JOIN LATERAL (SELECT DISTINCT ON (p.game_id) p.game_id, p.stats, p.minutes, h.starts_at FROM player_game AS p
				CROSS JOIN LATERAL (SELECT min(f.starts_at) AS starts_at FROM fixture AS f WHERE f.game_id = p.game_id) AS h
				WHERE p.pool = s.pool AND p.player_id = participant AND p.role = m.role AND p.known_at < starts ORDER BY p.game_id, p.known_at DESC, p.recorded_at DESC) AS x
			CROSS JOIN LATERAL (SELECT CASE WHEN count(*) = count(x.stats ->> w) THEN sum((x.stats ->> w)::float8) END AS number FROM unnest(m.stats) AS w) AS y
			WHERE g.game_id = moved_line.game_id AND x.minutes IS DISTINCT FROM 0 AND y.number IS NOT NULL ORDER BY x.starts_at DESC, x.game_id LIMIT 100) AS c HAVING count(*) >= 20) AS o WHERE o.mean > 0;
	END IF;
	IF sample IS NOT NULL THEN
		clv := (clv_line(name, moved_line.side, moved_line.line, closed.line, moved_line.price, closed.probability, sample)).clv;
	END IF;
EXCEPTION WHEN data_exception THEN	-- results that do not reach to both sides of the line
	clv := NULL;
END $$;
COMMENT ON FUNCTION moved_line(bigint, text, text, float8, float8, timestamptz, text) IS
'What became of a spread, a total or (participant) a player''s count whose line moved between the bet and the close: the points by which it was better than the closing line of the reference book, or of the books together (closing_player_market()), its most even one, and its closing line value at its own line, by clv_line() over the last 2,000 results of the sport before the game (100 at least), of a player over the negative binomial law with mean and variance of his last 100 games (20 at least). NULL for other markets, where the line stood or where no close is known.';

CREATE FUNCTION bet_report(bets settled_bet[], bankroll float8 DEFAULT NULL, trials bigint DEFAULT 1, replicates int DEFAULT 10000, seed int DEFAULT 1)
RETURNS TABLE (measure text, value float8, lower float8, upper float8, bets bigint, games bigint, trials bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH bet AS MATERIALIZED (
		SELECT b.*, b.profit / b.stake AS return, row_number() OVER (ORDER BY b.settled_at, b.game_id, b.price, b.profit) AS n,
			dense_rank() OVER (ORDER BY b.game_id)::int AS game
		FROM unnest(bet_report.bets) AS b WHERE b.stake > 0 AND b.profit IS NOT NULL
	), game AS (
		SELECT b.game_id, sum(b.profit ORDER BY b.n) AS profit, sum(b.stake ORDER BY b.n) AS stake FROM bet AS b GROUP BY b.game_id
	), total AS (
		SELECT coalesce(bet_report.bankroll, 100 * avg(b.stake ORDER BY b.n)) AS bankroll, avg(b.price ORDER BY b.n) AS price,
			greatest(extract(epoch FROM max(b.settled_at) - min(b.settled_at))::float8 / (365.25 * 86400), 1 / 365.25) AS years,
			array_agg(b.profit ORDER BY b.n) AS profit, array_agg(b.stake ORDER BY b.n) AS stake, array_agg(b.game ORDER BY b.n) AS game
		FROM bet AS b HAVING count(*) > 0
	), interval_of (place, measure, estimate, bets) AS (
		SELECT 1, 'roi', roi_bootstrap(b.profit, b.stake, b.game_id, replicates, seed), count(*) FROM bet AS b
		UNION ALL SELECT 2, 'flat_roi', mean_bootstrap(b.return, b.game_id, replicates, seed), count(*) FROM bet AS b
		UNION ALL SELECT 3, 'hit_rate', mean_bootstrap((b.profit > 0)::int, b.game_id, replicates, seed), count(*) FROM bet AS b WHERE b.profit <> 0
		UNION ALL SELECT 4, 'hit_rate_' || b.tier, mean_bootstrap((b.profit > 0)::int, b.game_id, replicates, seed), count(*) FROM bet AS b WHERE b.profit <> 0 AND b.tier IS NOT NULL GROUP BY b.tier
		UNION ALL SELECT 5, 'clv', mean_bootstrap(b.clv, b.game_id, replicates, seed), count(*) FROM bet AS b WHERE b.clv IS NOT NULL
		UNION ALL SELECT 6, 'line_points', mean_bootstrap(b.line_points, b.game_id, replicates, seed), count(*) FROM bet AS b WHERE b.line_points IS NOT NULL
		UNION ALL SELECT 7, 'line_clv', mean_bootstrap(b.line_clv, b.game_id, replicates, seed), count(*) FROM bet AS b WHERE b.line_clv IS NOT NULL
	), measured AS (
		SELECT i.place, i.measure, (i.estimate).estimate AS value, (i.estimate).lower, (i.estimate).upper, i.bets, (i.estimate).clusters AS games
		FROM interval_of AS i WHERE i.bets > 0
		UNION ALL
		SELECT 10, p.measure, p.estimate, p.lower, p.upper, cardinality(t.profit), (SELECT count(*) FROM game)
		FROM total AS t CROSS JOIN LATERAL path_bootstrap(t.profit, t.stake, t.game, t.bankroll, t.years, replicates, seed) AS p
		UNION ALL
		SELECT 20, 'p_value', roi_p_value(g.profit, g.stake ORDER BY g.game_id), NULL, NULL, (SELECT count(*) FROM bet), count(*) FROM game AS g HAVING count(*) > 0
		UNION ALL
		SELECT 21, 'bets_needed', CASE WHEN r.roi > 0 AND (1 + r.roi) / t.price < 1 AND t.price > 1 THEN bets_needed(r.roi, t.price) END, NULL, NULL, cardinality(t.profit), (SELECT count(*) FROM game)
		FROM total AS t, (SELECT roi(g.profit, g.stake ORDER BY g.game_id) AS roi FROM game AS g) AS r
	)
	SELECT m.measure, m.value, m.lower, m.upper, m.bets, m.games, bet_report.trials FROM measured AS m ORDER BY m.place, m.measure;
END;
COMMENT ON FUNCTION bet_report(settled_bet[], float8, bigint, int, int) IS
'Every measure of a list of settled bets, a row each, with the 95 % bootstrap interval clustered by game where there is one and the number of bets and games behind it: roi (on stakes, the yield), flat_roi (mean of profit/stake), hit_rate (pushes left out) and by tier, clv, line_points and line_clv (of bets whose line moved), then of path_bootstrap() return_on_bankroll, sharpe_ratio, sortino_ratio, calmar_ratio, max_drawdown, max_drawdown_fraction and longest_losing_run; p_value (one-sided, against a true roi of 0, over games) and bets_needed to show a roi like this one at the mean price. bankroll: at the start; NULL: 100 mean stakes. trials: how many were tried, repeated in every row: an interval knows nothing of it. The same bets in any order and the same seed give the same numbers to the last bit. From any table: SELECT * FROM bet_report(ARRAY(SELECT ROW(game_id, settled_at, stake, profit, price, tier, clv, NULL, NULL)::bet_edge.settled_bet FROM my_bets WHERE result <> ''void'')).';

CREATE FUNCTION simulation_report(simulation bigint, replicates int DEFAULT 10000, seed int DEFAULT 1)
RETURNS TABLE (measure text, value float8, lower float8, upper float8, bets bigint, games bigint, trials bigint)
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
	SELECT r.* FROM bet_report(ARRAY(
			SELECT ROW(b.game_id, b.settled_at, b.stake, b.profit, net_odds(b.price, k.commission), b.tier, b.clv, l.points, l.clv)::settled_bet
			FROM weekly_bets AS b
			JOIN book AS k ON k.book = b.book
			LEFT JOIN LATERAL moved_line(b.game_id, b.market, b.side, b.line, net_odds(b.price, k.commission), b.settled_at, b.participant) AS l ON b.clv IS NULL AND b.closing_probability IS NULL
			WHERE b.simulation_id IS NOT DISTINCT FROM simulation_report.simulation AND b.result <> 'void'),
		(SELECT s.bankroll::float8 FROM simulation AS s WHERE s.simulation_id = simulation_report.simulation), 1, replicates, seed) AS r;
END;
COMMENT ON FUNCTION simulation_report(bigint, int, int) IS 'bet_report() of a simulated season or, NULL, of the live bets (bankroll: 100 mean stakes). No row without settled bets.';
