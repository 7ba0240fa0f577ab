-- feature: what was known of a game at a time, as numbers a model can learn from.

CREATE TABLE feature (
	name          text PRIMARY KEY,
	position      int NOT NULL UNIQUE,
	feature_group text NOT NULL,
	unit          text NOT NULL,
	definition    text NOT NULL,
	trained       boolean NOT NULL DEFAULT true,
	trained_in    text[] NOT NULL DEFAULT '{}',
	builtin       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE feature IS 'Catalogue of the columns of game_features() in their order, and of whatever columns users'' own feature functions add.';
COMMENT ON COLUMN feature.trained IS 'Whether train_model() learns from it. Shipped as out-of-fold log loss had it (see the page of this stage); yours to change, for the next training.';
COMMENT ON COLUMN feature.trained_in IS 'Families of sport (sport.family) whose models learn from it although the others do not.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.feature', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON feature FOR EACH ROW EXECUTE FUNCTION keep_own_row('name');

INSERT INTO feature (name, position, feature_group, unit, definition, trained, trained_in, builtin)
SELECT f.name, row_number() OVER (), f.feature_group, f.unit, f.definition,
	CASE f.feature_group WHEN 'odds' THEN f.name <> ALL ('{total_movement,market_movement,market_dispersion,sharp_soft_gap,market_spread,market_cover,implied_margin,market_total,market_over,implied_total}') ELSE f.name IN ('elo_diff', 'home_rest_days', 'away_rest_days') END,
	-- where the Kalman filter is kept, team statistics add noise to it
	CASE WHEN f.feature_group = 'kalman' THEN '{american_football,basketball,baseball,hockey}' WHEN f.feature_group = 'ranking' THEN '{tennis}' WHEN f.name LIKE '%\_back\_to\_back' THEN '{basketball,hockey}'
		WHEN f.feature_group IN ('elo', 'pi', 'strength', 'team', 'momentum') OR f.feature_group = 'h2h' AND f.name <> 'h2h_shrunk' THEN '{soccer,tennis}' ELSE '{}' END::text[], true
FROM (VALUES
	('home_elo', 'elo', 'rating points', 'Elo rating of the home side, carried into the game''s season'),
	('away_elo', 'elo', 'rating points', 'Elo rating of the away side, carried into the game''s season'),
	('elo_diff', 'elo', 'rating points', 'home_elo minus away_elo plus the sport''s home advantage (none on neutral ground)'),
	('home_elo_expected', 'elo', 'score 0..1', 'Expected score of the home side, 1/(1+10^(-elo_diff/400))'),
	('home_glicko2', 'glicko2', 'rating points', 'Glicko-2 rating of the home side after its latest game; 1500 before its first'),
	('away_glicko2', 'glicko2', 'rating points', 'The same of the away side'),
	('glicko2_expected', 'glicko2', 'score 0..1', 'glicko2_expected() of the two ratings and their deviations, without home advantage'),
	('pi_expected', 'pi', 'points', 'Expected margin of the home side by pi-ratings: pi_rating_expected() of its rating at home and the away side''s rating away, 0 before their first game'),
	('home_goal_rate', 'strength', 'points', 'Goals expected of the home side by the week''s Dixon-Coles strengths; unknown where a side is not in them or no strengths are fitted'),
	('away_goal_rate', 'strength', 'points', 'The same of the away side'),
	('home_chance_rate', 'strength', 'goals', 'Goals expected of the home side by the week''s strengths in chances (goals, shots, corners): chance_rates(); unknown where a side is not in them or nobody counts chances'),
	('away_chance_rate', 'strength', 'goals', 'The same of the away side'),
	('rated_home', 'strength', 'probability', 'Probability of the home side by the best of these ratings that is known: chances, goals, Elo; where a model without odds starts from'),
	('rated_draw', 'strength', 'probability', 'The same of the draw; unknown where a draw is not an outcome'),
	('rated_away', 'strength', 'probability', 'The same of the away side'),
	('kalman_margin', 'kalman', 'points', 'Expected margin of the home side by the attack, defence and starters of both sides and the home advantage of the league (kalman_history()); of a starter who is not named as kalman_setting.starter_stays says'),
	('kalman_total', 'kalman', 'points', 'Expected total of points (goals, runs) by the same'),
	('home_quarterback_value', 'starter', 'points', 'What the home side''s named quarterback adds to its score, by his games so far (a newcomer: kalman_setting.starter_mean); unknown while nobody is named'),
	('away_quarterback_value', 'starter', 'points', 'The same of the away side'),
	('home_pitcher_value', 'starter', 'points', 'What the home side''s named starting pitcher takes from the other side''s score, by his games so far; unknown while nobody is named'),
	('away_pitcher_value', 'starter', 'points', 'The same of the away side'),
	('rank_diff', 'ranking', 'log ratio', 'Away player''s rank over the home player''s, its natural logarithm: above 0 where the home player is ranked better; unknown without both'),
	('ranking_points_diff', 'ranking', 'log ratio', 'Home player''s ranking points over the away player''s, its natural logarithm'),
	('best_of', 'ranking', 'sets', 'Most sets that the match can have'),
	('home_win_pct', 'team', 'share', 'Games won by the home side as a share of its games of the season so far'),
	('away_win_pct', 'team', 'share', 'The same of the away side'),
	('home_games_played', 'team', 'games', 'Games of the home side in the season so far'),
	('away_games_played', 'team', 'games', 'The same of the away side'),
	('home_ppg', 'team', 'points per game', 'Points (goals) scored by the home side per game of the season so far'),
	('away_ppg', 'team', 'points per game', 'The same of the away side'),
	('home_ppg_allowed', 'team', 'points per game', 'Points (goals) allowed by the home side per game of the season so far'),
	('away_ppg_allowed', 'team', 'points per game', 'The same of the away side'),
	('home_point_diff', 'team', 'points per game', 'Mean margin of the home side in the season so far'),
	('away_point_diff', 'team', 'points per game', 'The same of the away side'),
	('home_form_last5', 'momentum', 'score 0..1', 'Mean score (win 1, draw 0.5, defeat 0) of the home side''s latest 5 games of the competition, or fewer where fewer are known'),
	('away_form_last5', 'momentum', 'score 0..1', 'The same of the away side'),
	('home_form_last10', 'momentum', 'score 0..1', 'Mean score of the home side''s latest 10 games of the competition'),
	('away_form_last10', 'momentum', 'score 0..1', 'The same of the away side'),
	('home_streak', 'momentum', 'games', 'Wins (positive) or defeats (negative) in a row of the home side in the competition; 0 after a draw'),
	('away_streak', 'momentum', 'games', 'The same of the away side'),
	('home_rest_days', 'momentum', 'days', 'Days since the start of the home side''s previous game in any competition of the pool'),
	('away_rest_days', 'momentum', 'days', 'The same of the away side'),
	('home_back_to_back', 'momentum', 'yes 1, no 0', 'The home side''s previous game in any competition of the pool began less than 36 hours before'),
	('away_back_to_back', 'momentum', 'yes 1, no 0', 'The same of the away side'),
	('h2h_games', 'h2h', 'games', 'Meetings of the two sides in any competition of the pool'),
	('h2h_home_wins', 'h2h', 'games', 'Meetings won by the present home side, wherever they were played'),
	('h2h_avg_total', 'h2h', 'points', 'Mean total of points (goals) of the meetings'),
	('h2h_avg_margin', 'h2h', 'points', 'Mean margin of the present home side in the meetings'),
	('h2h_shrunk', 'h2h', 'score -1..1', 'How much more the present home side scored (win 1, draw 0.5) in the meetings than its Elo expected, summed and divided by meetings + 10: what a pairing says beyond the ratings, drawn to none'),
	('opening_spread', 'odds', 'points', 'Home line when first quoted, mean over the books'),
	('current_spread', 'odds', 'points', 'Home line as last quoted, mean over the books'),
	('spread_movement', 'odds', 'points', 'current_spread minus opening_spread'),
	('opening_total', 'odds', 'points', 'Total line when first quoted, mean over the books'),
	('current_total', 'odds', 'points', 'Total line as last quoted, mean over the books'),
	('total_movement', 'odds', 'points', 'current_total minus opening_total'),
	('home_moneyline', 'odds', 'decimal odds', 'Price of the home side as last quoted, mean over the books'),
	('draw_moneyline', 'odds', 'decimal odds', 'Price of the draw as last quoted, mean over the books; unknown where a draw is not an outcome'),
	('away_moneyline', 'odds', 'decimal odds', 'Price of the away side as last quoted, mean over the books'),
	('market_home', 'odds', 'probability', 'Probability of the home side in the sharpest market quoted, margin removed'),
	('market_draw', 'odds', 'probability', 'Probability of the draw in the sharpest market quoted, margin removed'),
	('market_away', 'odds', 'probability', 'Probability of the away side in the sharpest market quoted, margin removed'),
	('market_movement', 'odds', 'probability', 'Probability of the home side in the sharpest market as last quoted minus as first quoted, prices scaled to 100 %'),
	('market_dispersion', 'odds', 'probability', 'Standard deviation between the books of the home side''s probability as last quoted, prices scaled to 100 %; unknown with fewer than two books'),
	('sharp_soft_gap', 'odds', 'probability', 'Home side''s probability by the sharp books and exchanges minus by the soft ones, as last quoted, prices scaled to 100 %'),
	('market_spread', 'odds', 'points', 'Home line of the sharpest book that quotes a spread, as last quoted'),
	('market_cover', 'odds', 'probability', 'That the home side beats market_spread when it is no push, by that book''s prices, margin removed'),
	('implied_margin', 'odds', 'points', 'Home margin that market_spread and market_cover imply by the sport''s key numbers, or together with the total by goals; without a spread the one that market_home and market_away imply'),
	('market_total', 'odds', 'points', 'Total line of the sharpest book that quotes one, as last quoted'),
	('market_over', 'odds', 'probability', 'That the total is over market_total when it is no push, by that book''s prices, margin removed'),
	('implied_total', 'odds', 'points', 'Total that market_total and market_over imply, as implied_margin'),
	('home_travel', 'travel', 'kilometres', 'Great circle from the ground of the home side''s previous game in any competition of the pool, or from its own ground where that game began 4 days before or more (no road trip) or none is known'),
	('away_travel', 'travel', 'kilometres', 'The same of the away side'),
	('home_time_zones', 'travel', 'hours', 'How far clocks at the ground are ahead of those where home_travel begins, at the start of the game: positive after travelling east'),
	('away_time_zones', 'travel', 'hours', 'The same of the away side'),
	('altitude_diff', 'travel', 'metres', 'Altitude of the ground minus that of the away side''s own ground'),
	('roof', 'travel', 'yes 1, no 0', 'The ground is always under a roof; unknown where the roof is opened and closed'),
	('temperature', 'weather', 'degrees Celsius', 'Forecast for the ground at the hour of the start, the latest known; unknown under a fixed roof, where it has no meaning'),
	('wind_speed', 'weather', 'km/h', 'The same forecast''s wind'),
	('precipitation_prob', 'weather', 'probability', 'The same forecast''s probability of rain or snow'),
	('weather_impact', 'weather', 'score 0..1', 'weather_impact() of the three in the open; 0 under a fixed roof; unknown where the roof is opened and closed'),
	('home_injury_count', 'injury', 'players', 'Players of the home side who are as likely as not, or likelier, to miss the game for an injury or illness, by the lists known; unknown without a list'),
	('away_injury_count', 'injury', 'players', 'The same of the away side'),
	('injury_impact', 'injury', 'players', 'Loss of the away side minus loss of the home side: for every player who may be missing for whatever reason, the probability that he is times the share of the game that he plays (minutes or snaps; a third where it is not known); unknown without a list of both')
) AS f (name, feature_group, unit, definition);

-- The readers below have one statement each and no SET, so that the planner merges them
-- into game_features(): there those of teams become a few index look-ups per game.

CREATE FUNCTION team_form(team_id bigint, sport text, season int, game_id bigint, as_of timestamptz)
RETURNS TABLE (rating float8, rating_season int, glicko2_rating float8, glicko2_rd float8, pi_home float8, pi_away float8,
	games int, win_pct float8, ppg float8, ppg_allowed float8, point_diff float8, form_last5 float8, form_last10 float8, streak int,
	kalman kalman_state, last_start timestamptz, known_at timestamptz, last_game_at timestamptz, last_game_id bigint, last_host_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT l.rating_after, l.season, l.glicko2_rating, l.glicko2_rd, l.pi_home, l.pi_away,
		coalesce(n.games, 0), n.wins::float8 / n.games, n.scored::float8 / n.games, n.allowed::float8 / n.games, (n.scored - n.allowed)::float8 / n.games,
		l.form_last5, l.form_last10, l.streak, l.kalman, a.starts_at, greatest(l.known_at, s.known_at, a.known_at), greatest(l.starts_at, s.starts_at, a.starts_at),
		a.game_id, CASE WHEN a.neutral THEN NULL WHEN a.is_home THEN team_form.team_id ELSE a.opponent_id END
	FROM (	-- a result of the game itself, known though it is said to start later, ends what may be known
		SELECT coalesce(min(r.known_at), 'infinity') AS ends FROM result AS r
		WHERE r.game_id = team_form.game_id AND r.status = 'final' AND r.known_at <= team_form.as_of) AS own
	LEFT JOIN LATERAL (
		SELECT h.* FROM rating_history AS h
		WHERE h.team_id = team_form.team_id AND h.sport = team_form.sport
		  AND h.rated_at <= team_form.as_of AND h.rated_at < own.ends AND h.known_at <= team_form.as_of AND team_form.as_of < h.valid_until
		ORDER BY h.rated_at DESC LIMIT 1) AS l ON true
	LEFT JOIN LATERAL (
		SELECT h.* FROM rating_history AS h
		WHERE l.season > team_form.season	-- a game made up for in the next season: look for the team's last one of its own
		  AND h.team_id = team_form.team_id AND h.sport = team_form.sport AND h.season = team_form.season
		  AND h.rated_at <= team_form.as_of AND h.rated_at < own.ends AND h.known_at <= team_form.as_of AND team_form.as_of < h.valid_until
		ORDER BY h.rated_at DESC LIMIT 1) AS s ON true
	LEFT JOIN LATERAL (
		SELECT h.starts_at, h.known_at, h.game_id, h.opponent_id, h.is_home, h.neutral FROM rating_history AS h
		WHERE h.team_id = team_form.team_id AND h.starts_at < team_form.as_of
		  AND h.rated_at <= team_form.as_of AND h.rated_at < own.ends AND h.known_at <= team_form.as_of AND team_form.as_of < h.valid_until
		ORDER BY h.starts_at DESC LIMIT 1) AS a ON true
	CROSS JOIN LATERAL (SELECT CASE WHEN l.season = team_form.season THEN l.season_games ELSE s.season_games END AS games,
		CASE WHEN l.season = team_form.season THEN l.season_wins ELSE s.season_wins END AS wins,
		CASE WHEN l.season = team_form.season THEN l.season_scored ELSE s.season_scored END AS scored,
		CASE WHEN l.season = team_form.season THEN l.season_allowed ELSE s.season_allowed END AS allowed) AS n;
END;
COMMENT ON FUNCTION team_form(bigint, text, int, bigint, timestamptz) IS
'One row: what was known at as_of of a team''s games, before game_id (the game that is asked about). Ratings after the latest game of the sport and its season, form and streak; season to date (games, win_pct, points per game and allowed, mean margin); kalman_history() after that game; the previous start in any competition of the pool; that game and its host (last_game_id, last_host_id: NULL on neutral ground); known_at and last_game_at are the latest among the games used. NULL for what is not known.';

CREATE FUNCTION starter_form(sport text, starter text, game_id bigint, as_of timestamptz)
RETURNS TABLE (value float8, variance float8, known_at timestamptz, last_game_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT (h.kalman).starter_value, (h.kalman).starter_variance, h.known_at, h.starts_at
	FROM rating_history AS h
	WHERE h.sport = starter_form.sport AND (h.kalman).starter = starter_form.starter AND h.rated_at <= starter_form.as_of AND h.known_at <= starter_form.as_of AND starter_form.as_of < h.valid_until
	  AND NOT EXISTS (SELECT FROM result AS r WHERE r.game_id = starter_form.game_id AND r.status = 'final' AND r.known_at <= h.rated_at)
	ORDER BY h.rated_at DESC, h.game_id DESC LIMIT 1;
END;
COMMENT ON FUNCTION starter_form(text, text, bigint, timestamptz) IS
'One row: what was known at as_of of a starter (lineup.player) after the latest of his games before game_id: value and variance by kalman_history(), when this was known and when that game began. No row for one who has not started yet.';

CREATE TYPE market_summary AS (
	opening_spread float8, current_spread float8, opening_total float8, current_total float8,
	home_price float8, draw_price float8, away_price float8, sharpest float8[], movement float8, dispersion float8, sharp_soft_gap float8, known_at timestamptz,
	sharpest_book int, sharpest_closing boolean,
	spread_line float8, spread_prices float8[], spread_book int, spread_closing boolean, total_line float8, total_prices float8[], total_book int, total_closing boolean
);
COMMENT ON TYPE market_summary IS 'What the books say of one game: the columns of game_markets(), books by their numbers.';

CREATE FUNCTION market_summary_accum(state internal, book int, kind text, market text, side text, line float8, price float8,
		closing boolean, known_at timestamptz, recorded_at timestamptz, outcomes int) RETURNS internal
	AS 'MODULE_PATHNAME', 'bet_edge_market_summary_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION market_summary_accum(internal, int, text, text, text, float8, float8, boolean, timestamptz, timestamptz, int) IS 'Adds a quote to the state of aggregate market_summary.';
CREATE FUNCTION market_summary_final(state internal) RETURNS market_summary
	AS 'MODULE_PATHNAME', 'bet_edge_market_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION market_summary_final(internal) IS 'What the quotes in a state of aggregate market_summary say; NULL without a whole market.';
CREATE AGGREGATE market_summary(book int, kind text, market text, side text, line float8, price float8,
		closing boolean, known_at timestamptz, recorded_at timestamptz, outcomes int)
	(SFUNC = market_summary_accum, STYPE = internal, FINALFUNC = market_summary_final, COMBINEFUNC = series_combine,
	SERIALFUNC = series_serial, DESERIALFUNC = series_deserial, PARALLEL = SAFE);
COMMENT ON AGGREGATE market_summary(int, text, text, text, float8, float8, boolean, timestamptz, timestamptz, int) IS
'The quotes of one game, in any order, as game_markets() describes them. book: a number of the book''s own, by which means are summed; kind, market, side, line, price (decimal odds) and times as in the tables book and quote; outcomes: 2, or 3 where a market needs a draw to be whole. Rows with a NULL other than an h2h line are left out; NULL without a whole market. Refuses unknown kinds, markets and sides, a line in h2h or none elsewhere, odds of 1 or less, and outcomes that are not 2 or 3.';

CREATE FUNCTION game_markets(game_ids bigint[], outcomes int, as_of timestamptz[])
RETURNS TABLE (game_id bigint, opening_spread float8, current_spread float8, opening_total float8, current_total float8,
	home_price float8, draw_price float8, away_price float8, sharpest float8[], movement float8, dispersion float8, sharp_soft_gap float8, known_at timestamptz,
	sharpest_book text, sharpest_closing boolean, spread_line float8, spread_prices float8[], spread_book text, spread_closing boolean,
	total_line float8, total_prices float8[], total_book text, total_closing boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT d.game_id, (m.said).opening_spread, (m.said).current_spread, (m.said).opening_total, (m.said).current_total,
		(m.said).home_price, (m.said).draw_price, (m.said).away_price, (m.said).sharpest, (m.said).movement, (m.said).dispersion, (m.said).sharp_soft_gap, (m.said).known_at,
		n.names[(m.said).sharpest_book], (m.said).sharpest_closing, (m.said).spread_line, (m.said).spread_prices, n.names[(m.said).spread_book], (m.said).spread_closing,
		(m.said).total_line, (m.said).total_prices, n.names[(m.said).total_book], (m.said).total_closing
	FROM (SELECT array_agg(b.book ORDER BY b.book COLLATE "C") AS names,
			-- kinds of those that speak for themselves
			array_agg(CASE WHEN b.skin_of IS NULL AND (b.kind NOT IN ('aggregate', 'dfs') OR b.book = 'market_avg') THEN b.kind END ORDER BY b.book COLLATE "C") AS kinds
		FROM book AS b) AS n CROSS JOIN unnest(game_ids, game_markets.as_of) AS d (game_id, as_of)
	CROSS JOIN LATERAL (
		SELECT market_summary(b.number, n.kinds[b.number], q.market, q.side, q.line, q.price, q.closing, q.known_at, q.recorded_at, game_markets.outcomes) AS said
		FROM quote AS q
		-- looked up in an array: a join is planned for one quote a game, and reads all books for each
		CROSS JOIN LATERAL (SELECT width_bucket(q.book COLLATE "C", n.names) AS number OFFSET 0) AS b
		WHERE q.game_id = d.game_id AND q.game_month = (SELECT g.month FROM game AS g WHERE g.game_id = d.game_id)
		  AND q.known_at <= d.as_of AND q.market IN ('h2h', 'spreads', 'totals')
		  AND n.kinds[b.number] IS NOT NULL AND n.names[b.number] = q.book) AS m
	WHERE (m.said).known_at IS NOT NULL;
END;
COMMENT ON FUNCTION game_markets(bigint[], int, timestamptz[]) IS
'One row a game of game_ids that is quoted: its quotes as known at its element of as_of. Spread (home line) and total when first and when last quoted and the h2h prices, each a mean over the books, or market_avg where no book is known; sharpest: mean h2h prices of the sharpest kind of book present (sharp, exchange, consensus, market_avg, soft), sharpest_book: that book, NULL for a mean of several, sharpest_closing: whether these are closing prices; spread_line, spread_prices {home, away}, spread_book, spread_closing: the spread of one book, of the sharpest kind that quotes one the book with the least margin (not below 0); total_… the same of the total, {over, under}; movement: home probability there, last minus first; dispersion between books and sharp_soft_gap of that probability, prices scaled to 100 %. Of several lines that a book quotes at once its most even one counts; a market without all its sides does not.';

CREATE FUNCTION game_market(game_id bigint, outcomes int, as_of timestamptz)
RETURNS TABLE (opening_spread float8, current_spread float8, opening_total float8, current_total float8,
	home_price float8, draw_price float8, away_price float8, sharpest float8[], movement float8, dispersion float8, sharp_soft_gap float8, known_at timestamptz,
	sharpest_book text, sharpest_closing boolean, spread_line float8, spread_prices float8[], spread_book text, spread_closing boolean,
	total_line float8, total_prices float8[], total_book text, total_closing boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT m.opening_spread, m.current_spread, m.opening_total, m.current_total, m.home_price, m.draw_price, m.away_price, m.sharpest, m.movement, m.dispersion, m.sharp_soft_gap, m.known_at, m.sharpest_book, m.sharpest_closing,
		m.spread_line, m.spread_prices, m.spread_book, m.spread_closing, m.total_line, m.total_prices, m.total_book, m.total_closing
	FROM game_markets(ARRAY[game_market.game_id], game_market.outcomes, ARRAY[game_market.as_of]) AS m;
END;
COMMENT ON FUNCTION game_market(bigint, int, timestamptz) IS 'game_markets() of one game: no row where nothing is quoted.';

CREATE FUNCTION game_features(sport text, since timestamptz, until timestamptz, at timestamptz DEFAULT now())
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz,
	home_elo float8, away_elo float8, elo_diff float8, home_elo_expected float8,
	home_glicko2 float8, away_glicko2 float8, glicko2_expected float8, pi_expected float8, home_goal_rate float8, away_goal_rate float8,
	home_chance_rate float8, away_chance_rate float8, rated_home float8, rated_draw float8, rated_away float8,
	kalman_margin float8, kalman_total float8,
	home_quarterback_value float8, away_quarterback_value float8, home_pitcher_value float8, away_pitcher_value float8,
	rank_diff float8, ranking_points_diff float8, best_of float8,
	home_win_pct float8, away_win_pct float8, home_games_played float8, away_games_played float8, home_ppg float8, away_ppg float8,
	home_ppg_allowed float8, away_ppg_allowed float8, home_point_diff float8, away_point_diff float8,
	home_form_last5 float8, away_form_last5 float8, home_form_last10 float8, away_form_last10 float8,
	home_streak float8, away_streak float8, home_rest_days float8, away_rest_days float8,
	home_back_to_back float8, away_back_to_back float8,
	h2h_games float8, h2h_home_wins float8, h2h_avg_total float8, h2h_avg_margin float8, h2h_shrunk float8,
	opening_spread float8, current_spread float8, spread_movement float8, opening_total float8, current_total float8, total_movement float8,
	home_moneyline float8, draw_moneyline float8, away_moneyline float8, market_home float8, market_draw float8, market_away float8,
	market_movement float8, market_dispersion float8, sharp_soft_gap float8,
	market_spread float8, market_cover float8, implied_margin float8, market_total float8, market_over float8, implied_total float8,
	home_travel float8, away_travel float8, home_time_zones float8, away_time_zones float8, altitude_diff float8, roof float8,
	temperature float8, wind_speed float8, precipitation_prob float8, weather_impact float8,
	home_injury_count float8, away_injury_count float8, injury_impact float8)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 1000 COST 1000000	-- periods of one statement go to several processors
SET search_path = pg_catalog, bet_edge, pg_temp
-- Many small look-ups: compiling them costs more than it saves, and the latest ten games are
-- to be read from the end of an index, not fetched in bulk and sorted.
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
	elo      record;
	filter   kalman_setting;
	outcomes int;
	space    text;
	kin      text;
	usual    text;
	ranked   boolean;
	sited    boolean;
	forecast boolean;
	reported boolean;
BEGIN
	SELECT s.outcomes, s.pool, s.family, s.overround_method, s.family = 'tennis' INTO outcomes, space, kin, usual, ranked FROM sport AS s WHERE s.sport = game_features.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', game_features.sport USING ERRCODE = 'undefined_object';
	END IF;
	SELECT * INTO elo FROM sport_elo(game_features.sport);
	SELECT * INTO filter FROM kalman_setting AS k WHERE k.sport = game_features.sport;
	sited := EXISTS (SELECT FROM game_venue AS v JOIN game AS g ON g.game_id = v.game_id JOIN sport AS s ON s.sport = g.sport WHERE s.pool = space);
	reported := EXISTS (SELECT FROM injury_report AS r WHERE r.pool = space);
	forecast := EXISTS (SELECT FROM weather_forecast);
	RETURN QUERY
	WITH listed AS MATERIALIZED (	-- games in the period, by the latest fixture known at at
		SELECT f.game_id, f.starts_at, g.season, g.home_id, g.away_id
		FROM fixture AS f JOIN game AS g ON g.game_id = f.game_id
		WHERE f.starts_at >= since AND f.starts_at < until AND f.known_at <= game_features.at AND g.sport = game_features.sport
		  AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = f.game_id AND x.known_at <= game_features.at
			AND (x.known_at, x.recorded_at) > (f.known_at, f.recorded_at))
	), moment AS MATERIALIZED (
		SELECT s.*, CASE WHEN w.fit IS NULL THEN coalesce(elo_draw(game_features.sport, s.as_of), 0.7) END AS draw, w.fit, w.chance_fit, w.goals_per_chance, w.known_at AS fit_known_at, w.last_game_at AS fit_last_game_at, CASE WHEN elo.promotes THEN season_before(game_features.sport, s.season, s.as_of) END AS before,
			key_numbers_at(game_features.sport, 'spreads', s.as_of) AS margin_keys, key_numbers_at(game_features.sport, 'totals', s.as_of) AS total_keys
		FROM (SELECT d.starts_at, d.season, CASE WHEN d.starts_at >= game_features.at THEN game_features.at ELSE decision_time(game_features.sport, d.starts_at) END AS as_of
			FROM (SELECT DISTINCT l.starts_at, l.season FROM listed AS l) AS d OFFSET 0) AS s	-- OFFSET 0: as_of is computed once
		LEFT JOIN LATERAL (SELECT x.* FROM strength_history AS x
			WHERE x.sport = game_features.sport AND x.known_at <= s.as_of AND s.as_of < x.valid_until ORDER BY x.known_at DESC LIMIT 1) AS w ON true
	), ground AS MATERIALIZED (
		SELECT * FROM pool_grounds(space)
	), asked AS MATERIALIZED (
		SELECT array_agg(l.game_id) AS game_ids, array_agg(l.home_id) AS home_ids, array_agg(l.away_id) AS away_ids, array_agg(m.as_of) AS moments
		FROM listed AS l JOIN moment AS m ON m.starts_at = l.starts_at AND m.season = l.season
	), quoted AS MATERIALIZED (
		SELECT q.* FROM asked AS d CROSS JOIN LATERAL game_markets(d.game_ids, outcomes, d.moments) AS q
	), met AS MATERIALIZED (
		SELECT x.game_id, x.games, x.home_wins, x.avg_total, x.avg_margin, x.shrunk, x.known_at AS meetings_known_at, x.last_game_at AS last_meeting_at
		FROM asked AS d CROSS JOIN LATERAL head_to_heads(d.home_ids, d.away_ids, d.game_ids, d.moments) AS x
	), priced AS MATERIALIZED (	-- all games quoted and met are listed; FULL, since it is never done by comparing each with each
		SELECT * FROM listed FULL JOIN quoted USING (game_id) FULL JOIN met USING (game_id)
	)
	SELECT l.game_id, m.as_of,
		greatest(f.known_at, h.known_at, a.known_at, l.meetings_known_at, l.known_at, d.known_at, at.known_at, host.known_at, guest.known_at, w.known_at, hi.known_at, ai.known_at, b.known_at, x.known_at, y.known_at),
		greatest(h.last_game_at, a.last_game_at, l.last_meeting_at, d.last_game_at, x.last_game_at, y.last_game_at),
		greatest(h.known_at, a.known_at, l.meetings_known_at, d.known_at, x.known_at, y.known_at),
		e.home, e.away, e.home - e.away + e.advantage, elo_expected(e.home, e.away, e.advantage),
		g.home, g.away, glicko2_expected(g.home, g.away, coalesce(h.glicko2_rd, 350), coalesce(a.glicko2_rd, 350)),
		pi_rating_expected(coalesce(h.pi_home, 0), coalesce(a.pi_away, 0)), d.home_rate, d.away_rate,
		d.home_chance_rate, d.away_chance_rate, o.rated[1], CASE outcomes WHEN 3 THEN o.rated[2] END, o.rated[outcomes],
		k.home - k.away + k.advantage, k.home + k.away + 2 * coalesce((h.kalman).level, (a.kalman).level),
		CASE filter.starter_role WHEN 'quarterback' THEN k.home_value END, CASE filter.starter_role WHEN 'quarterback' THEN k.away_value END,
		CASE filter.starter_role WHEN 'pitcher' THEN k.home_value END, CASE filter.starter_role WHEN 'pitcher' THEN k.away_value END,
		ln(b.away_rank / b.home_rank), ln(b.home_points / b.away_points), b.best_of,
		h.win_pct, a.win_pct, h.games::float8, a.games::float8, h.ppg, a.ppg, h.ppg_allowed, a.ppg_allowed, h.point_diff, a.point_diff,
		h.form_last5, a.form_last5, h.form_last10, a.form_last10, h.streak::float8, a.streak::float8,
		extract(epoch FROM f.starts_at - h.last_start)::float8 / 86400, extract(epoch FROM f.starts_at - a.last_start)::float8 / 86400,
		(f.starts_at - h.last_start < interval '36 hours')::int::float8, (f.starts_at - a.last_start < interval '36 hours')::int::float8,
		l.games::float8, l.home_wins::float8, l.avg_total, l.avg_margin, l.shrunk,
		l.opening_spread, l.current_spread, l.current_spread - l.opening_spread, l.opening_total, l.current_total, l.current_total - l.opening_total,
		l.home_price, CASE outcomes WHEN 3 THEN l.draw_price END, l.away_price,
		p.fair[1], CASE outcomes WHEN 3 THEN p.fair[2] END, p.fair[outcomes],
		l.movement, l.dispersion, l.sharp_soft_gap,
		l.spread_line, sp.cover, implied.margin, l.total_line, tp.over_prob, implied.total,
		great_circle_km(hv.latitude, hv.longitude, v0.latitude, v0.longitude), great_circle_km(av.latitude, av.longitude, v0.latitude, v0.longitude),
		time_zones_crossed(hv.time_zone, v0.time_zone, f.starts_at), time_zones_crossed(av.time_zone, v0.time_zone, f.starts_at),
		v0.altitude - own.altitude, CASE v0.roof WHEN 'dome' THEN 1 WHEN 'outdoors' THEN 0 END::float8,
		w.temperature, w.wind_speed, w.precipitation_prob,
		CASE v0.roof WHEN 'dome' THEN 0 WHEN 'outdoors' THEN weather_impact(w.temperature, w.wind_speed, w.precipitation_prob) END,
		hi.players::float8, ai.players::float8, ai.loss - hi.loss
	FROM priced AS l
	JOIN moment AS m ON m.starts_at = l.starts_at AND m.season = l.season
	LEFT JOIN LATERAL (SELECT x.starts_at, x.neutral, x.known_at FROM fixture AS x	-- what was known of the fixture itself
		WHERE x.game_id = l.game_id AND x.known_at <= m.as_of ORDER BY x.known_at DESC, x.recorded_at DESC LIMIT 1) AS f ON true
	CROSS JOIN LATERAL team_form(l.home_id, game_features.sport, l.season, l.game_id, m.as_of) AS h
	CROSS JOIN LATERAL team_form(l.away_id, game_features.sport, l.season, l.game_id, m.as_of) AS a
	CROSS JOIN LATERAL (SELECT
		coalesce(carried_rating(h.rating, h.rating_season, l.season, m.before, elo.keep, elo.mean, elo.newcomer, elo.promotes),
			entry_rating(game_features.sport, l.season, m.as_of, elo.mean, elo.newcomer)) AS home,
		coalesce(carried_rating(a.rating, a.rating_season, l.season, m.before, elo.keep, elo.mean, elo.newcomer, elo.promotes),
			entry_rating(game_features.sport, l.season, m.as_of, elo.mean, elo.newcomer)) AS away,
		CASE WHEN f.neutral THEN 0 WHEN NOT f.neutral THEN elo.advantage END AS advantage) AS e
	CROSS JOIN LATERAL (SELECT coalesce(h.glicko2_rating, 1500) AS home, coalesce(a.glicko2_rating, 1500) AS away) AS g
	LEFT JOIN LATERAL (SELECT max(p.value) FILTER (WHERE p.item = filter.starter_role AND p.side = 'home') AS home, max(p.value) FILTER (WHERE p.item = filter.starter_role AND p.side = 'away') AS away,
			max(n.number) FILTER (WHERE p.item = 'rank' AND p.side = 'home') AS home_rank, max(n.number) FILTER (WHERE p.item = 'rank' AND p.side = 'away') AS away_rank,
			max(n.number) FILTER (WHERE p.item = 'ranking_points' AND p.side = 'home') AS home_points, max(n.number) FILTER (WHERE p.item = 'ranking_points' AND p.side = 'away') AS away_points,
			max(n.number) FILTER (WHERE p.item = 'best_of') AS best_of, max(p.known_at) AS known_at
		FROM pregames(l.game_id, m.as_of) AS p
		CROSS JOIN LATERAL (SELECT CASE WHEN p.value ~ '^[1-9]\d{0,6}$' THEN p.value::float8 END AS number) AS n	-- no rank is written in many ways
		WHERE (filter.starter_role IS NOT NULL OR ranked) AND (p.item = filter.starter_role OR ranked AND p.item IN ('rank', 'ranking_points', 'best_of'))) AS b ON true
	LEFT JOIN LATERAL starter_form(game_features.sport, coalesce(b.home, CASE WHEN filter.starter_stays THEN (h.kalman).starter END), l.game_id, m.as_of) AS x ON filter.starter_role IS NOT NULL
	LEFT JOIN LATERAL starter_form(game_features.sport, coalesce(b.away, CASE WHEN filter.starter_stays THEN (a.kalman).starter END), l.game_id, m.as_of) AS y ON filter.starter_role IS NOT NULL
	CROSS JOIN LATERAL (SELECT n.home_value, n.away_value,
			-- what each side is expected to score beside the level; a team without a game is average
			s.home_keep * coalesce((h.kalman).attack, 0) - s.away_keep * coalesce((a.kalman).defence, 0) + CASE filter.starter_side WHEN 'attack' THEN s.home_starter ELSE 0 - s.away_starter END AS home,
			s.away_keep * coalesce((a.kalman).attack, 0) - s.home_keep * coalesce((h.kalman).defence, 0) + CASE filter.starter_side WHEN 'attack' THEN s.away_starter ELSE 0 - s.home_starter END AS away,
			CASE WHEN NOT f.neutral THEN coalesce((h.kalman).home_advantage, (a.kalman).home_advantage) WHEN filter.sport IS NOT NULL AND f.neutral THEN 0 END AS advantage
		FROM (SELECT CASE WHEN b.home IS NOT NULL THEN coalesce(x.value, filter.starter_mean) END AS home_value,
			CASE WHEN b.away IS NOT NULL THEN coalesce(y.value, filter.starter_mean) END AS away_value) AS n
		CROSS JOIN LATERAL (SELECT coalesce(n.home_value, x.value, 0) AS home_starter, coalesce(n.away_value, y.value, 0) AS away_starter,
			CASE WHEN h.rating_season < l.season THEN filter.season_keep ELSE 1 END AS home_keep, CASE WHEN a.rating_season < l.season THEN filter.season_keep ELSE 1 END AS away_keep) AS s) AS k
	LEFT JOIN LATERAL (SELECT r.home_rate, r.away_rate, c.home_rate AS home_chance_rate, c.away_rate AS away_chance_rate, m.fit_known_at AS known_at, m.fit_last_game_at AS last_game_at
		FROM (SELECT WHERE l.home_id::text = ANY ((m.fit).teams) AND l.away_id::text = ANY ((m.fit).teams)
			  AND NOT EXISTS (SELECT FROM result AS o WHERE o.game_id = l.game_id AND o.status = 'final' AND o.known_at <= m.fit_known_at) OFFSET 0) AS fitted
		CROSS JOIN LATERAL dixon_coles_rates(m.fit, l.home_id::text, l.away_id::text, f.neutral) AS r
		LEFT JOIN LATERAL (SELECT x.* FROM (SELECT WHERE l.home_id::text = ANY ((m.chance_fit).teams) AND l.away_id::text = ANY ((m.chance_fit).teams) OFFSET 0) AS counted
			CROSS JOIN LATERAL chance_rates(m.chance_fit, m.goals_per_chance, l.home_id::text, l.away_id::text, f.neutral) AS x) AS c ON true) AS d ON true
	-- OFFSET 0: computed once, not for each of its uses
	CROSS JOIN LATERAL (SELECT coalesce(rate_outcomes(d.home_chance_rate, d.away_chance_rate, (m.fit).rho), rate_outcomes(d.home_rate, d.away_rate, (m.fit).rho),
		-- a side that is not in the strengths; the rate of draws passes over all games before, so it is asked no oftener
		elo_outcomes(elo_expected(e.home, e.away, e.advantage), coalesce(m.draw, elo_draw(game_features.sport, m.as_of), 0.7))) AS probs OFFSET 0) AS three
	CROSS JOIN LATERAL (SELECT outcome_probabilities(three.probs, outcomes) AS rated OFFSET 0) AS o
	CROSS JOIN LATERAL (SELECT market_probabilities(l.sharpest, x.method) AS fair FROM overround_methods(kin, usual, l.sharpest_book, l.sharpest_closing, m.as_of) AS x OFFSET 0) AS p
	CROSS JOIN LATERAL (SELECT (market_probabilities(l.spread_prices, x.method))[1] AS cover FROM overround_methods(kin, usual, l.spread_book, l.spread_closing, m.as_of) AS x OFFSET 0) AS sp
	CROSS JOIN LATERAL (SELECT (market_probabilities(l.total_prices, x.method))[1] AS over_prob FROM overround_methods(kin, usual, l.total_book, l.total_closing, m.as_of) AS x OFFSET 0) AS tp
	CROSS JOIN LATERAL implied_score(outcomes, l.spread_line, sp.cover, p.fair, l.total_line, tp.over_prob, (m.fit).rho, m.margin_keys, m.total_keys) AS implied
	-- where the game is played, and where its sides come from; WHERE within the joined side, so that nothing is looked up where nothing is told
	LEFT JOIN LATERAL (SELECT x.* FROM game_ground(l.game_id, m.as_of) AS x WHERE sited) AS at ON true
	LEFT JOIN LATERAL (SELECT x.* FROM game_ground(h.last_game_id, m.as_of) AS x WHERE sited) AS host ON true
	LEFT JOIN LATERAL (SELECT x.* FROM game_ground(a.last_game_id, m.as_of) AS x WHERE sited) AS guest ON true
	LEFT JOIN ground AS hg ON hg.team_id = l.home_id AND hg.valid_from <= f.starts_at AND f.starts_at < hg.valid_until
	LEFT JOIN ground AS ag ON ag.team_id = l.away_id AND ag.valid_from <= f.starts_at AND f.starts_at < ag.valid_until
	LEFT JOIN ground AS hl ON hl.team_id = h.last_host_id AND hl.valid_from <= h.last_start AND h.last_start < hl.valid_until
	LEFT JOIN ground AS al ON al.team_id = a.last_host_id AND al.valid_from <= a.last_start AND a.last_start < al.valid_until
	CROSS JOIN LATERAL (SELECT coalesce(at.venue, CASE WHEN NOT f.neutral THEN hg.venue END) AS here,
		CASE WHEN h.last_start > f.starts_at - interval '96 hours' THEN coalesce(host.venue, hl.venue) ELSE hg.venue END AS home,
		CASE WHEN a.last_start > f.starts_at - interval '96 hours' THEN coalesce(guest.venue, al.venue) ELSE ag.venue END AS away OFFSET 0) AS place
	LEFT JOIN venue AS v0 ON v0.venue = place.here
	LEFT JOIN venue AS hv ON hv.venue = place.home
	LEFT JOIN venue AS av ON av.venue = place.away
	LEFT JOIN venue AS own ON own.venue = ag.venue
	LEFT JOIN LATERAL (SELECT x.* FROM weather_at(place.here, f.starts_at, m.as_of) AS x WHERE forecast AND v0.roof <> 'dome') AS w ON true
	LEFT JOIN LATERAL (SELECT x.* FROM team_injuries(space, l.home_id, m.as_of) AS x WHERE reported) AS hi ON true
	LEFT JOIN LATERAL (SELECT x.* FROM team_injuries(space, l.away_id, m.as_of) AS x WHERE reported) AS ai ON true
	ORDER BY l.starts_at, l.game_id;
END $$;
COMMENT ON FUNCTION game_features(text, timestamptz, timestamptz, timestamptz) IS
'One row a game of a sport with since <= start < until (by the fixture as known at at): what was known of it at the row''s as_of, which is at for a game that has not started by then, otherwise the game''s decision_time(). No fact known later than as_of is read. known_at: latest known_at of all facts used; last_game_at: latest start of the games used; window_end: latest known_at among them; these three are the evidence that check_leakage() examines. The columns after them are described in the table feature; NULL is unknown. Any function with this signature and these first five columns can be trained on. Refuses an unknown sport.';
