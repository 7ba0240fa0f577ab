-- measure: what any list of settled bets shows, every number with its interval.

CREATE TYPE settled_bet AS (game_id bigint, settled_at timestamptz, stake float8, profit float8, price float8, tier text, clv float8, line_points float8, line_clv float8);
COMMENT ON TYPE settled_bet IS 'A bet as bet_report() takes it: stake above 0, voids left out; price what it paid, after commission (net_odds()); tier, clv (of a bet whose line stood to the close), line_points and line_clv (of one whose line moved, moved_line()) may be NULL.';

CREATE FUNCTION moved_line(game_id bigint, market text, side text, line float8, price float8, as_of timestamptz DEFAULT now(),
	OUT points float8, OUT clv float8)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	closed record;
	sample float8[];
BEGIN
	IF moved_line.market NOT IN ('spreads', 'totals') THEN
		RETURN;
	END IF;
	SELECT c.line, c.probability INTO closed FROM closing_market(moved_line.game_id, moved_line.as_of) AS c
	WHERE c.market = moved_line.market AND c.side = moved_line.side ORDER BY abs(c.probability - 0.5), c.line LIMIT 1;
	IF NOT FOUND OR closed.line = moved_line.line THEN
		RETURN;
	END IF;
	points := clv_points(moved_line.market, moved_line.side, moved_line.line, closed.line);
	SELECT array_agg(CASE moved_line.market WHEN 'totals' THEN r.home_score + r.away_score ELSE r.home_score - r.away_score END) INTO sample
	FROM (SELECT x.home_score, x.away_score FROM game AS g JOIN game AS o ON o.sport = g.sport JOIN result AS x ON x.game_id = o.game_id
		WHERE g.game_id = moved_line.game_id AND x.status = 'final' AND x.known_at < (SELECT min(f.starts_at) FROM fixture AS f WHERE f.game_id = moved_line.game_id)
		ORDER BY x.known_at DESC, x.game_id LIMIT 2000) AS r;
	IF cardinality(sample) >= 100 THEN
		clv := (clv_line(moved_line.market, moved_line.side, moved_line.line, closed.line, moved_line.price, closed.probability, sample)).clv;
	END IF;
EXCEPTION WHEN data_exception THEN	-- results that do not reach to both sides of the line
	clv := NULL;
END $$;
COMMENT ON FUNCTION moved_line(bigint, text, text, float8, float8, timestamptz) IS
'What became of a spread or total whose line moved between the bet and the close: the points by which it was better than the closing line of the reference book (its most even one), and its closing line value at its own line, by clv_line() over the last 2,000 results of the sport before the game (100 at least). NULL for other markets, where the line stood or where no close is known.';

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
			LEFT JOIN LATERAL moved_line(b.game_id, b.market, b.side, b.line, net_odds(b.price, k.commission), b.settled_at) AS l ON b.clv IS NULL AND b.closing_probability IS NULL
			WHERE b.simulation_id IS NOT DISTINCT FROM simulation_report.simulation AND b.result <> 'void'),
		(SELECT s.bankroll::float8 FROM simulation AS s WHERE s.simulation_id = simulation_report.simulation), 1, replicates, seed) AS r;
END;
COMMENT ON FUNCTION simulation_report(bigint, int, int) IS 'bet_report() of a simulated season or, NULL, of the live bets (bankroll: 100 mean stakes). No row without settled bets.';
