-- bet_share: how the public's bets and its money are divided between the sides of a market.

CREATE TABLE bet_share (
	game_id     bigint NOT NULL REFERENCES game,
	market      text NOT NULL CHECK (market IN ('h2h', 'spreads', 'totals')),
	side        text NOT NULL CHECK (side IN ('home', 'draw', 'away', 'over', 'under')),
	source      text NOT NULL,
	bets        numeric NOT NULL CHECK (bets BETWEEN 0 AND 100),
	money       numeric NOT NULL CHECK (money BETWEEN 0 AND 100),
	known_at    timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (game_id, market, side, source, known_at)
);
COMMENT ON TABLE bet_share IS 'What share of the bets and of the money is on a side, as a book or a tracker publishes it; later statements are later rows. No feed of ours brings it: insert what you have. Strategies sharp_action, opposing_markets and reverse_line_move read it.';
COMMENT ON COLUMN bet_share.source IS 'Who says so: a book or a tracker.';
COMMENT ON COLUMN bet_share.bets IS 'Per cent of the number of bets on the market.';
COMMENT ON COLUMN bet_share.money IS 'Per cent of the money staked on the market.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.bet_share', '');

CREATE FUNCTION bet_shares(game_id bigint, as_of timestamptz DEFAULT now())
RETURNS TABLE (market text, side text, bets float8, money float8, differential float8, sources int)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 6
BEGIN ATOMIC
	SELECT l.market, l.side, avg(l.bets)::float8, avg(l.money)::float8, (avg(l.money) - avg(l.bets))::float8, count(*)::int
	FROM (
		SELECT DISTINCT ON (b.market, b.side, b.source) b.market, b.side, b.bets, b.money FROM bet_share AS b
		WHERE b.game_id = bet_shares.game_id AND b.known_at <= as_of
		ORDER BY b.market, b.side, b.source, b.known_at DESC) AS l
	GROUP BY l.market, l.side
	ORDER BY l.market, l.side;
END;
COMMENT ON FUNCTION bet_shares(bigint, timestamptz) IS
'Of every side of a game the share of the bets and of the money in per cent, as last known at as_of, the mean of the sources. differential = money - bets in points: above 0 the larger bets are on this side.';
