-- rating: every team's games with the ratings before and after, as they were known at any time.

CREATE TABLE kalman_setting (
	sport         text PRIMARY KEY REFERENCES sport,
	noise         float8 NOT NULL CHECK (noise > 0),
	team_prior    float8 NOT NULL CHECK (team_prior >= 0),
	team_drift    float8 NOT NULL CHECK (team_drift >= 0),
	season_keep   float8 NOT NULL CHECK (season_keep BETWEEN 0 AND 1),
	season_drift  float8 NOT NULL CHECK (season_drift >= 0),
	league_drift  float8 NOT NULL CHECK (league_drift >= 0),
	starter_role  text,
	starter_mean  float8 NOT NULL DEFAULT 0,
	starter_prior float8 NOT NULL DEFAULT 0 CHECK (starter_prior >= 0),
	starter_drift float8 NOT NULL DEFAULT 0 CHECK (starter_drift >= 0),
	starter_side  text NOT NULL DEFAULT 'attack' CHECK (starter_side IN ('attack', 'defence')),
	starter_stays boolean NOT NULL DEFAULT false,
	builtin       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE kalman_setting IS 'Arguments of kalman_history() for the sports whose strengths refresh_ratings() filters. Shipped ones were chosen by log loss before the last season of each sport (see the page of this stage).';
COMMENT ON COLUMN kalman_setting.starter_role IS 'pregame.item of the player who is rated beside his team: quarterback, pitcher, goalie; NULL: nobody.';
COMMENT ON COLUMN kalman_setting.starter_stays IS 'true: as long as nobody is named, the one who started the team''s latest game is expected; false: nobody is, and the team''s own strength stands.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.kalman_setting', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON kalman_setting FOR EACH ROW EXECUTE FUNCTION keep_own_row('sport');
INSERT INTO kalman_setting (sport, noise, team_prior, team_drift, season_keep, season_drift, league_drift, starter_role, starter_mean, starter_prior, starter_drift, starter_side, starter_stays, builtin) VALUES
	('NFL', 80, 4.5, 0.1, 0.68, 4.5, 0.0026, 'quarterback', -5.5, 11.5, 1.3, 'attack', true, true),
	('NBA', 64, 5, 0.036, 0.83, 2.8, 0.00001, NULL, 0, 0, 0, 'attack', false, true),
	('NHL', 2.5, 0.08, 0.0001, 0.87, 0.025, 0.00001, 'goalie', 0, 0.1, 0.01, 'defence', false, true),
	('MLB', 9.5, 0.05, 0, 0.6, 0.05, 0.00001, 'pitcher', -0.16, 0.1, 0.017, 'defence', false, true);

CREATE TYPE kalman_state AS (attack float8, attack_variance float8, defence float8, defence_variance float8,
	starter text, opponent_starter text, starter_value float8, starter_variance float8,
	level float8, level_variance float8, home_advantage float8, home_advantage_variance float8);
COMMENT ON TYPE kalman_state IS 'What kalman_history() says of a team after a game, of its starter (NULL: unknown) and of the league.';

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
	chances         int,
	chances_allowed int,
	score         float8 NOT NULL,
	expected      float8 NOT NULL,
	rating_before float8 NOT NULL,
	rating_after  float8 NOT NULL,
	glicko2_rating     float8 NOT NULL,
	glicko2_rd         float8 NOT NULL,
	glicko2_volatility float8 NOT NULL,
	pi_home       float8 NOT NULL,
	pi_away       float8 NOT NULL,
	season_games   int NOT NULL,
	season_wins    int NOT NULL,
	season_scored  int NOT NULL,
	season_allowed int NOT NULL,
	form_last5    float8 NOT NULL,
	form_last10   float8 NOT NULL,
	streak        int NOT NULL,
	kalman        kalman_state,
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
COMMENT ON COLUMN rating_history.chances IS 'Goals that the team''s chances were worth, in hundredths, by chances() (chances_allowed: the opponent''s). NULL where the source counts no shots.';
COMMENT ON COLUMN rating_history.score IS '1 for a win of the team, 0.5 for a draw, 0 for a defeat.';
COMMENT ON COLUMN rating_history.expected IS 'Score that the ratings before the game expected of the team, home advantage included.';
COMMENT ON COLUMN rating_history.rating_before IS 'Rating at the start of the game, carried into its season.';
COMMENT ON COLUMN rating_history.glicko2_rating IS 'Glicko-2 rating after the game, with its deviation (glicko2_rd) and volatility. The results known at one moment are one rating period.';
COMMENT ON COLUMN rating_history.pi_home IS 'Pi-rating of the team''s games at home after the game, and (pi_away) of those away.';
COMMENT ON COLUMN rating_history.season_games IS 'Games of the team in the season up to this one, itself included, and of them season_wins, with season_scored and season_allowed points.';
COMMENT ON COLUMN rating_history.form_last5 IS 'Mean score of the latest 5 games up to this one (form_last10: 10), seasons before included.';
COMMENT ON COLUMN rating_history.streak IS 'Wins (positive) or defeats (negative) in a row up to this game; 0 after a draw.';
COMMENT ON COLUMN rating_history.kalman IS 'Strengths in points after the game; NULL in a sport without kalman_setting. A starter counts as he was known when the result was.';
COMMENT ON COLUMN rating_history.rated_at IS 'When the game''s first result was known: the order in which ratings move. Never later than known_at, so an index on it serves every reader.';
COMMENT ON COLUMN rating_history.known_at IS 'When this version was first to be known: rated_at, or the time of the correction (of this game or an earlier one) that changed it.';
COMMENT ON COLUMN rating_history.valid_until IS 'known_at of the version that replaced this one, or of the news that withdrew the game; infinity while it stands.';
CREATE INDEX rating_history_latest ON rating_history (team_id, sport, rated_at);
CREATE INDEX rating_history_season ON rating_history (team_id, sport, season, rated_at);
CREATE INDEX rating_history_start ON rating_history (team_id, starts_at);
CREATE INDEX rating_history_turn ON rating_history (sport, season, rated_at) WHERE is_home;
CREATE INDEX rating_history_sport ON rating_history (sport, rated_at);
CREATE INDEX rating_history_corrected ON rating_history (sport, known_at) WHERE known_at > rated_at;
CREATE INDEX rating_history_ended ON rating_history (sport, valid_until) WHERE valid_until < 'infinity';
CREATE INDEX rating_history_starter ON rating_history (sport, ((kalman).starter), rated_at) WHERE (kalman).starter IS NOT NULL;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.rating_history', '');

CREATE FUNCTION sport_elo(sport text)
RETURNS TABLE (rules text, k float8, advantage float8, keep float8, mean float8, newcomer float8, promotes boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1	-- a set of one row, which the planner can merge
BEGIN ATOMIC
	SELECT s.elo_rules, coalesce(s.elo_k, c.k), coalesce(s.elo_advantage, c.advantage), coalesce(s.elo_keep, c.keep),
		coalesce(s.elo_mean, c.mean), coalesce(s.elo_newcomer, c.newcomer), s.elo_promotes
	FROM sport AS s, LATERAL elo_constants(s.elo_rules) AS c WHERE s.sport = sport_elo.sport;
END;
COMMENT ON FUNCTION sport_elo(text) IS 'How a sport is rated: its Elo rules and constants, the rules'' own where the sport sets none. No row for an unknown sport.';

-- What refresh_ratings() has to look at, noted by triggers: so a day's news costs a day's work, however long the history is.
CREATE TABLE rating_news (
	sport     text NOT NULL,
	game_id   bigint,
	of_ledger boolean NOT NULL DEFAULT false,
	UNIQUE (sport, game_id, of_ledger)
);
COMMENT ON TABLE rating_news IS 'Games whose fixtures or results have changed since their sport was last rated. Written by triggers, emptied by refresh_ratings().';
COMMENT ON COLUMN rating_news.game_id IS 'NULL: all games of the sport are to be rated anew, since its rules or its ledger were changed.';
COMMENT ON COLUMN rating_news.of_ledger IS 'Rows were taken from rating_history itself.';
-- no row is dumped: what is restored is noted again
SELECT pg_catalog.pg_extension_config_dump('bet_edge.rating_news', 'WHERE false');

CREATE FUNCTION note_rating_news() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		INSERT INTO rating_news (sport) SELECT s.sport FROM sport AS s;
	ELSIF TG_TABLE_NAME IN ('sport', 'kalman_setting') THEN
		INSERT INTO rating_news (sport) VALUES (coalesce(NEW.sport, OLD.sport));
	ELSIF TG_TABLE_NAME IN ('game', 'rating_history') THEN
		INSERT INTO rating_news (sport, of_ledger) SELECT DISTINCT c.sport, TG_TABLE_NAME = 'rating_history' FROM changed AS c;
		IF TG_OP = 'UPDATE' THEN
			INSERT INTO rating_news (sport) SELECT DISTINCT b.sport FROM became AS b;
		END IF;
	ELSE
		INSERT INTO rating_news (sport, game_id) SELECT DISTINCT g.sport, c.game_id FROM changed AS c JOIN game AS g ON g.game_id = c.game_id
		ON CONFLICT DO NOTHING;
		IF TG_OP = 'UPDATE' THEN
			INSERT INTO rating_news (sport, game_id) SELECT DISTINCT g.sport, b.game_id FROM became AS b JOIN game AS g ON g.game_id = b.game_id
			ON CONFLICT DO NOTHING;
		END IF;
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION note_rating_news() IS 'Trigger of the tables that ratings are derived from: notes in rating_news what has changed.';
CREATE TRIGGER news_inserted AFTER INSERT ON result REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_updated AFTER UPDATE ON result REFERENCING OLD TABLE AS changed NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_deleted AFTER DELETE ON result REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_truncated AFTER TRUNCATE ON result FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_inserted AFTER INSERT ON fixture REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_updated AFTER UPDATE ON fixture REFERENCING OLD TABLE AS changed NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_deleted AFTER DELETE ON fixture REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_truncated AFTER TRUNCATE ON fixture FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_inserted AFTER INSERT ON pregame REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_updated AFTER UPDATE ON pregame REFERENCING OLD TABLE AS changed NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_deleted AFTER DELETE ON pregame REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_truncated AFTER TRUNCATE ON pregame FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_updated AFTER UPDATE ON game REFERENCING OLD TABLE AS changed NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_updated AFTER UPDATE ON sport FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_changed AFTER INSERT OR UPDATE OR DELETE ON kalman_setting FOR EACH ROW EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_deleted AFTER DELETE ON rating_history REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();
CREATE TRIGGER news_truncated AFTER TRUNCATE ON rating_history FOR EACH STATEMENT EXECUTE FUNCTION note_rating_news();

CREATE FUNCTION chances(score int, on_target int, shots int, corners int) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 40 * score + 10 * on_target + 2 * shots + 6 * corners;
COMMENT ON FUNCTION chances(int, int, int, int) IS
'What a side''s attack was worth in a soccer match, in hundredths of a goal, by all that says how often it will score again and not by luck alone: 40 a goal, 10 a shot on target, 2 a shot, 6 a corner (weights by forecasts of later seasons, see the page of this stage). shots include those on target. NULL where one is.';

CREATE FUNCTION rated_spells(sport text, game_ids bigint[])
RETURNS TABLE (game_id bigint, season int, home_id bigint, away_id bigint, home_score int, away_score int, home_chances int, away_chances int,
	neutral boolean, starts_at timestamptz, rated_at timestamptz, known_from timestamptz, known_until timestamptz, home_starter text, away_starter text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT s.game_id, s.season, s.home_id, s.away_id, s.home_score, s.away_score, s.home_chances, s.away_chances, f.neutral, f.starts_at,
		greatest(s.first_known, f.known_at, f.starts_at + interval '1 second'), s.known_at, s.known_until, b.home_starter, b.away_starter
	FROM (
		SELECT n.*, lead(n.known_at, 1, 'infinity') OVER (PARTITION BY n.game_id ORDER BY n.known_at) AS known_until
		FROM (	-- what is said again is no news; of rows of one moment the one recorded last stands
			SELECT v.*, min(v.known_at) FILTER (WHERE v.status = 'final') OVER (PARTITION BY v.game_id) AS first_known,
				lag(ROW (v.status, v.home_score, v.away_score, v.home_chances, v.away_chances)) OVER (PARTITION BY v.game_id ORDER BY v.known_at)
					IS DISTINCT FROM ROW (v.status, v.home_score, v.away_score, v.home_chances, v.away_chances) AS is_news
			FROM (SELECT DISTINCT ON (r.game_id, r.known_at) r.game_id, r.known_at, r.status, r.home_score, r.away_score, g.season, g.home_id, g.away_id,
					CASE WHEN d.shots > 0 THEN chances(r.home_score, d.count[1], d.count[2], d.count[3]) END AS home_chances,
					CASE WHEN d.shots > 0 THEN chances(r.away_score, d.count[4], d.count[5], d.count[6]) END AS away_chances
				FROM unnest(game_ids) AS asked (game_id)
				JOIN game AS g ON g.game_id = asked.game_id AND g.sport = rated_spells.sport
				JOIN result AS r ON r.game_id = g.game_id
				CROSS JOIN LATERAL (SELECT c.count, CASE WHEN array_position(c.count, NULL) IS NULL THEN c.count[2] + c.count[5] END AS shots	-- NULL or 0: nobody counted
					FROM (SELECT array_agg(CASE WHEN jsonb_typeof(r.detail -> n.name) = 'number' THEN (r.detail -> n.name)::int END ORDER BY n.place) AS count
						FROM unnest('{HST,HS,HC,AST,AS,AC}'::text[]) WITH ORDINALITY AS n (name, place)) AS c) AS d
				ORDER BY r.game_id, r.known_at, r.recorded_at DESC) AS v) AS n
		WHERE n.is_news) AS s
	CROSS JOIN LATERAL (SELECT x.neutral, x.starts_at, x.known_at FROM fixture AS x
		WHERE x.game_id = s.game_id
		ORDER BY x.known_at > s.first_known, CASE WHEN x.known_at <= s.first_known THEN x.known_at END DESC, x.known_at, x.recorded_at DESC LIMIT 1) AS f
	CROSS JOIN LATERAL (SELECT max(p.value) FILTER (WHERE p.side = 'home') AS home_starter, max(p.value) FILTER (WHERE p.side = 'away') AS away_starter
		FROM pregames(s.game_id, s.first_known) AS p
		WHERE p.item = (SELECT k.starter_role FROM kalman_setting AS k WHERE k.sport = rated_spells.sport)) AS b
	WHERE s.status = 'final' AND (s.home_score <> s.away_score OR (SELECT l.elo_rules FROM sport AS l WHERE l.sport = rated_spells.sport) <> 'nba');
END;
COMMENT ON FUNCTION rated_spells(text, bigint[]) IS
'The scores of games of a sport, game_ids, each with the time during which it was the game''s final result (known_from until known_until, infinity while it stands). rated_at: when a result was first known (after the start, whatever the source says); ratings move in this order. Starters are those that were named in kalman_setting.starter_role when it was. Start and ground are the fixture''s as known then; chances by chances() where the result''s detail has HS, HST and HC of both sides. A level score under rules nba, which know none, is left out: the feed errs.';

CREATE FUNCTION rated_games(sport text, before timestamptz DEFAULT 'infinity')
RETURNS TABLE (game_id bigint, season int, home_id bigint, away_id bigint, home_score int, away_score int,
	neutral boolean, starts_at timestamptz, rated_at timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 5000
BEGIN ATOMIC
	SELECT k.game_id, k.season, k.home_id, k.away_id, k.home_score, k.away_score, k.neutral, k.starts_at, k.rated_at
	FROM (
		SELECT s.*, max(s.season) OVER (ORDER BY s.rated_at, s.game_id ROWS UNBOUNDED PRECEDING) AS season_reached
		FROM (SELECT array_agg(g.game_id) AS game_ids FROM game AS g WHERE g.sport = rated_games.sport) AS a
		CROSS JOIN LATERAL rated_spells(rated_games.sport, a.game_ids) AS s
		WHERE s.known_from < rated_games.before AND s.known_until >= rated_games.before AND s.rated_at < rated_games.before) AS k
	WHERE k.season = k.season_reached;
END;
COMMENT ON FUNCTION rated_games(text, timestamptz) IS
'The played games of a sport (status final) with the scores known before before, as rated_spells() has them. A result that becomes known when the next season has begun is left out: the ratings have moved on.';

CREATE FUNCTION refresh_ratings(sport text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET client_min_messages = warning
SET enable_nestloop = on
SET enable_mergejoin = off
SET extra_float_digits = 1	-- ratings are carried on to the bit
AS $$
#variable_conflict use_column
DECLARE
	rated   text;
	elo     record;
	learning record;
	filter  kalman_setting;
	starter_base jsonb;
	league_base  float8[];
	touched bigint[];
	anew    boolean;
	since   timestamptz;	-- until here the ledger knew what is known now
	starts  timestamptz;	-- and up to here games are rated as they were
	seasons int[];
	epoch   record;
	written int := 0;
	changed int;
BEGIN
	IF refresh_ratings.sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport WHERE sport = refresh_ratings.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', refresh_ratings.sport USING ERRCODE = 'undefined_object';
	END IF;
	LOCK TABLE rating_history IN SHARE ROW EXCLUSIVE MODE;	-- one refresh at a time; readers go on
	DROP TABLE IF EXISTS pg_temp.rating_spell, pg_temp.rating_base, pg_temp.rating_game, pg_temp.rating_pass;
	CREATE TEMP TABLE rating_spell (game_id bigint, season int, home_id bigint, away_id bigint, home_score int, away_score int, home_chances int, away_chances int,
		neutral boolean, starts_at timestamptz, rated_at timestamptz, known_from timestamptz, known_until timestamptz, home_starter text, away_starter text);
	CREATE TEMP TABLE rating_base (points int[], games int, idle int, LIKE rating_history);
	CREATE TEMP TABLE rating_game (LIKE pg_temp.rating_spell, period int);
	CREATE TEMP TABLE rating_pass (n int, ends timestamptz, LIKE rating_history);
	FOR rated IN SELECT s.sport FROM sport AS s WHERE s.sport = coalesce(refresh_ratings.sport, s.sport)
			AND (EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport) OR EXISTS (SELECT FROM rating_history AS h WHERE h.sport = s.sport)) ORDER BY 1 LOOP
		-- the news goes first: what arrives while we read the facts is there for the next refresh
		WITH told AS (DELETE FROM rating_news AS w WHERE w.sport = rated RETURNING w.game_id)
		SELECT array_agg(DISTINCT t.game_id) FILTER (WHERE t.game_id IS NOT NULL), coalesce(bool_or(t.game_id IS NULL), false) INTO touched, anew FROM told AS t;
		anew := anew OR NOT EXISTS (SELECT FROM rating_history AS h WHERE h.sport = rated);
		IF anew THEN
			since := '-infinity';
			starts := '-infinity';
		ELSE	-- the first moment from which facts and ledger tell different stories of a game
			WITH fact AS (
				SELECT s.game_id, s.rated_at, greatest(s.known_from, s.rated_at) AS known_from, s.known_until,
					ROW (s.season, s.home_id, s.away_id, s.home_score, s.away_score, s.home_chances, s.away_chances, s.neutral, s.starts_at, s.rated_at, s.home_starter, s.away_starter) AS story
				FROM rated_spells(rated, touched) AS s WHERE s.known_until > s.rated_at
			), version AS (
				SELECT h.game_id, h.rated_at, h.known_at, h.valid_until,
					ROW (h.season, h.team_id, h.opponent_id, h.scored, h.allowed, h.chances, h.chances_allowed, h.neutral, h.starts_at, h.rated_at, (h.kalman).starter, (h.kalman).opponent_starter) AS story
				FROM unnest(touched) AS t (game_id) JOIN game AS g ON g.game_id = t.game_id
				JOIN rating_history AS h ON h.team_id = g.home_id AND h.opponent_id = g.away_id AND h.game_id = g.game_id
			), ledger AS (	-- versions that differ only by what earlier games did are one
				SELECT v.game_id, v.rated_at, v.story, min(v.known_at) AS known_from, max(v.valid_until) AS known_until
				FROM (SELECT o.*, count(*) FILTER (WHERE o.is_new) OVER (PARTITION BY o.game_id ORDER BY o.known_at) AS spell
					FROM (SELECT x.*, (lag(x.story) OVER w, lag(x.valid_until) OVER w) IS DISTINCT FROM (x.story, x.known_at) AS is_new
						FROM version AS x WINDOW w AS (PARTITION BY x.game_id ORDER BY x.known_at)) AS o) AS v
				GROUP BY v.game_id, v.rated_at, v.story, v.spell
			)
			SELECT min(CASE WHEN f.game_id IS NULL THEN l.known_from WHEN l.game_id IS NULL THEN f.known_from ELSE least(f.known_until, l.known_until) END),
				min(least(f.rated_at, l.rated_at)) INTO since, starts
			FROM fact AS f FULL JOIN ledger AS l ON l.game_id = f.game_id AND l.known_from = f.known_from AND l.story = f.story
			WHERE f.known_until IS DISTINCT FROM l.known_until;
			IF since IS NULL THEN
				PERFORM refresh_strengths(rated, 'infinity');	-- a Tuesday may have passed
				CONTINUE;
			END IF;
			-- corrections known later move the ratings from their games on
			SELECT least(starts, min(m.rated_at)) INTO starts
			FROM (SELECT s.rated_at FROM (SELECT array_agg(DISTINCT r.game_id) AS game_ids FROM result AS r WHERE r.known_at >= since) AS a
					CROSS JOIN LATERAL rated_spells(rated, a.game_ids) AS s
					WHERE s.known_until > s.rated_at AND s.known_until > since AND (s.known_from > s.rated_at OR s.known_until < 'infinity')
				UNION ALL SELECT h.rated_at FROM rating_history AS h WHERE h.sport = rated AND h.known_at > h.rated_at AND h.known_at >= since
				UNION ALL SELECT h.rated_at FROM rating_history AS h WHERE h.sport = rated AND h.valid_until < 'infinity' AND h.valid_until >= since) AS m;
		END IF;
		SELECT * INTO elo FROM sport_elo(rated);
		SELECT s.glicko2_volatility, s.pi_learning_rate INTO learning FROM sport AS s WHERE s.sport = rated;
		SELECT * INTO filter FROM kalman_setting AS k WHERE k.sport = rated;
		TRUNCATE pg_temp.rating_spell, pg_temp.rating_base, pg_temp.rating_pass;
		INSERT INTO pg_temp.rating_spell
		SELECT s.* FROM (SELECT array_agg(c.game_id) AS game_ids
				FROM (SELECT r.game_id FROM result AS r WHERE r.known_at >= starts
					UNION SELECT h.game_id FROM rating_history AS h WHERE h.sport = rated AND h.rated_at >= starts
					UNION SELECT t FROM unnest(touched) AS t) AS c) AS a
		CROSS JOIN LATERAL rated_spells(rated, a.game_ids) AS s
		WHERE s.rated_at >= starts AND s.known_until > s.rated_at AND s.known_until > since;
		ANALYZE pg_temp.rating_spell;

		-- where teams, seasons and rating periods stand before the first game to be rated
		INSERT INTO pg_temp.rating_base
		SELECT f.points, f.games, p.idle, l.*
		FROM (SELECT s.home_id AS team_id FROM pg_temp.rating_spell AS s UNION SELECT s.away_id FROM pg_temp.rating_spell AS s) AS t
		CROSS JOIN LATERAL (SELECT h.* FROM rating_history AS h
			WHERE h.team_id = t.team_id AND h.sport = rated AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since
			ORDER BY h.rated_at DESC, h.game_id DESC LIMIT 1) AS l
		CROSS JOIN LATERAL (SELECT ARRAY[0] || array_agg(x.points ORDER BY x.points_of) AS points, count(*) AS games
			FROM (SELECT sum((2 * h.score)::int) OVER w AS points, row_number() OVER w AS points_of
				FROM (SELECT * FROM rating_history AS h
					WHERE h.team_id = t.team_id AND h.sport = rated AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since
					ORDER BY h.rated_at DESC, h.game_id DESC LIMIT 10) AS h
				WINDOW w AS (ORDER BY h.rated_at DESC, h.game_id DESC ROWS UNBOUNDED PRECEDING)) AS x) AS f
		CROSS JOIN LATERAL (SELECT count(DISTINCT h.rated_at) AS idle FROM rating_history AS h
			WHERE h.sport = rated AND h.is_home AND h.rated_at > l.rated_at AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since) AS p;
		SELECT jsonb_object_agg(t.starter, jsonb_build_object('season', l.season, 'value', (l.kalman).starter_value, 'variance', (l.kalman).starter_variance)) INTO starter_base
		FROM (SELECT s.home_starter AS starter FROM pg_temp.rating_spell AS s UNION SELECT s.away_starter FROM pg_temp.rating_spell AS s) AS t
		CROSS JOIN LATERAL (SELECT h.season, h.kalman FROM rating_history AS h
			WHERE h.sport = rated AND (h.kalman).starter = t.starter AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since
			ORDER BY h.rated_at DESC, h.game_id DESC LIMIT 1) AS l;
		league_base := (SELECT ARRAY[(h.kalman).level, (h.kalman).level_variance, (h.kalman).home_advantage, (h.kalman).home_advantage_variance] FROM rating_history AS h
			WHERE h.sport = rated AND h.is_home AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since AND filter.sport IS NOT NULL
			ORDER BY h.rated_at DESC, h.game_id DESC LIMIT 1);
		SELECT array_agg(b.season ORDER BY b.position) INTO seasons
		FROM (SELECT 1 AS position, * FROM (SELECT h.season FROM rating_history AS h
				WHERE h.sport = rated AND h.is_home AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since
				ORDER BY h.rated_at, h.game_id LIMIT 1) AS first
			UNION ALL SELECT 3, l.season FROM (SELECT h.season FROM rating_history AS h
				WHERE h.sport = rated AND h.is_home AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since
				ORDER BY h.rated_at DESC LIMIT 1) AS l
			UNION ALL SELECT 2, season_before(rated, (SELECT h.season FROM rating_history AS h
				WHERE h.sport = rated AND h.is_home AND h.rated_at < starts AND h.known_at < since AND h.valid_until >= since
				ORDER BY h.rated_at DESC LIMIT 1), since - interval '1 microsecond')) AS b
		WHERE b.season IS NOT NULL;

		-- the ledger as it was known then, and a pass over the games between two moments at which what was rated became known to be different
		INSERT INTO pg_temp.rating_pass
		SELECT 0, since, h.* FROM rating_history AS h
		WHERE h.sport = rated AND h.rated_at >= starts AND h.known_at < since AND h.valid_until >= since;
		FOR epoch IN
			SELECT row_number() OVER w AS n, m.begins, lead(m.begins, 1, 'infinity') OVER w AS ends
			FROM (SELECT since AS begins
				UNION SELECT s.known_from FROM pg_temp.rating_spell AS s WHERE s.known_from > s.rated_at AND s.known_from > since
				UNION SELECT s.known_until FROM pg_temp.rating_spell AS s WHERE s.known_until < 'infinity' AND s.known_until > since) AS m
			WINDOW w AS (ORDER BY m.begins) ORDER BY m.begins
		LOOP
			TRUNCATE pg_temp.rating_game;
			INSERT INTO pg_temp.rating_game
			SELECT g.game_id, g.season, g.home_id, g.away_id, g.home_score, g.away_score, g.home_chances, g.away_chances, g.neutral, g.starts_at, g.rated_at, g.known_from, g.known_until, g.home_starter, g.away_starter,
				dense_rank() OVER (ORDER BY g.rated_at)
			FROM (SELECT s.*, greatest(max(s.season) OVER (ORDER BY s.rated_at, s.game_id ROWS UNBOUNDED PRECEDING), (SELECT max(x) FROM unnest(seasons) AS x)) AS season_reached
				FROM pg_temp.rating_spell AS s
				WHERE s.rated_at < epoch.ends AND s.known_from < epoch.ends AND s.known_until >= epoch.ends) AS g
			WHERE g.season = g.season_reached
			ORDER BY g.rated_at, g.game_id;
			ANALYZE pg_temp.rating_game;
			-- the planner knows nothing of what the histories return: hash joins are right for any number
			PERFORM set_config('enable_nestloop', 'off', true);
			INSERT INTO pg_temp.rating_pass (n, ends, sport, team_id, opponent_id, game_id, is_home, neutral, season, starts_at, scored, allowed, chances, chances_allowed,
				score, expected, rating_before, rating_after, glicko2_rating, glicko2_rd, glicko2_volatility, pi_home, pi_away,
				season_games, season_wins, season_scored, season_allowed, form_last5, form_last10, streak, kalman, rated_at, known_at, valid_until, recorded_at)
			SELECT epoch.n, epoch.ends, rated, p.team_id, p.opponent_id, p.game_id, p.is_home, p.neutral, p.season, p.starts_at, p.scored, p.allowed, p.chances, p.chances_allowed,
				p.score, p.expected, p.rating_before, p.rating_after, p.glicko2_rating, p.glicko2_rd, p.glicko2_volatility, p.pi_home, p.pi_away,
				p.base_games + row_number() OVER s, p.base_wins + sum((p.score = 1)::int) OVER s, p.base_scored + sum(p.scored) OVER s, p.base_allowed + sum(p.allowed) OVER s,
				(sum((2 * p.score)::int) OVER five + coalesce(p.points[1 + least(greatest(5 - p.played, 0), p.games)], 0)) / (2::float8 * least(p.played + p.games, 5)),
				(sum((2 * p.score)::int) OVER ten + coalesce(p.points[1 + least(greatest(10 - p.played, 0), p.games)], 0)) / (2::float8 * least(p.played + p.games, 10)),
				(2 * p.score - 1) * (1 + p.played - coalesce(max(CASE WHEN p.turned THEN p.played END) OVER t, 1 - abs(p.streak))), p.kalman,
				p.rated_at, greatest(p.rated_at, epoch.begins), epoch.ends, now()
			FROM (
				SELECT x.*, row_number() OVER w AS played, coalesce(lag(x.score) OVER w, b.score) IS DISTINCT FROM x.score AS turned, b.points, coalesce(b.games, 0) AS games, b.streak,
					CASE WHEN b.season = x.season THEN b.season_games ELSE 0 END AS base_games, CASE WHEN b.season = x.season THEN b.season_wins ELSE 0 END AS base_wins,
					CASE WHEN b.season = x.season THEN b.season_scored ELSE 0 END AS base_scored, CASE WHEN b.season = x.season THEN b.season_allowed ELSE 0 END AS base_allowed
				FROM (
					SELECT side.*, g.game_id, g.neutral, g.season, g.starts_at, g.rated_at,
						CASE WHEN side.scored > side.allowed THEN 1 WHEN side.scored < side.allowed THEN 0 ELSE 0.5 END::float8 AS score
					FROM pg_temp.rating_game AS g
					JOIN elo_history('SELECT game_id, season, home_id AS home, away_id AS away, home_score, away_score, neutral FROM pg_temp.rating_game ORDER BY rated_at, game_id',
						elo.rules, elo.k, elo.advantage, elo.keep, elo.mean, elo.newcomer, elo.promotes,
						(SELECT jsonb_object_agg(b.team_id, jsonb_build_object('rating', b.rating_after, 'season', b.season)) FROM pg_temp.rating_base AS b), seasons) AS e ON e.game_id = g.game_id
					JOIN glicko2_history('SELECT game_id, period, home_id AS home, away_id AS away, home_score, away_score FROM pg_temp.rating_game ORDER BY period, game_id',
						volatility => learning.glicko2_volatility, max_rd => 350,
						initial => (SELECT jsonb_object_agg(b.team_id, jsonb_build_object('rating', b.glicko2_rating, 'rd', b.glicko2_rd, 'volatility', b.glicko2_volatility, 'idle', b.idle))
							FROM pg_temp.rating_base AS b)) AS v ON v.game_id = g.game_id
					JOIN pi_rating_history('SELECT game_id, home_id AS home, away_id AS away, home_score, away_score FROM pg_temp.rating_game ORDER BY rated_at, game_id',
						learning.pi_learning_rate,
						initial => (SELECT jsonb_object_agg(b.team_id, jsonb_build_object('home', b.pi_home, 'away', b.pi_away)) FROM pg_temp.rating_base AS b)) AS p ON p.game_id = g.game_id
					LEFT JOIN kalman_history('SELECT game_id, season, home_id AS home, away_id AS away, home_score, away_score, neutral, home_starter, away_starter FROM pg_temp.rating_game ORDER BY rated_at, game_id',
						filter.noise, filter.team_prior, filter.team_drift, filter.season_keep, filter.season_drift,
						filter.starter_mean, filter.starter_prior, filter.starter_drift, filter.starter_side, filter.league_drift,
						(SELECT jsonb_object_agg(b.team_id, jsonb_build_object('season', b.season, 'attack', (b.kalman).attack, 'attack_variance', (b.kalman).attack_variance,
							'defence', (b.kalman).defence, 'defence_variance', (b.kalman).defence_variance)) FROM pg_temp.rating_base AS b WHERE filter.sport IS NOT NULL),
						starter_base, league_base) AS k ON k.game_id = g.game_id
					CROSS JOIN LATERAL (VALUES
						(g.home_id, g.away_id, true, g.home_score, g.away_score, g.home_chances, g.away_chances, e.expected, e.home_before, e.home_after,
							v.home_rating_after, v.home_rd_after, v.home_volatility_after, p.home_home_after, p.home_away_after,
							CASE WHEN k.game_id IS NOT NULL THEN ROW (k.home_attack, k.home_attack_variance, k.home_defence, k.home_defence_variance, g.home_starter, g.away_starter,
								k.home_starter_value, k.home_starter_variance, k.level, k.level_variance, k.home_advantage, k.home_advantage_variance)::kalman_state END),
						(g.away_id, g.home_id, false, g.away_score, g.home_score, g.away_chances, g.home_chances, 1 - e.expected, e.away_before, e.away_after,
							v.away_rating_after, v.away_rd_after, v.away_volatility_after, p.away_home_after, p.away_away_after,
							CASE WHEN k.game_id IS NOT NULL THEN ROW (k.away_attack, k.away_attack_variance, k.away_defence, k.away_defence_variance, g.away_starter, g.home_starter,
								k.away_starter_value, k.away_starter_variance, k.level, k.level_variance, k.home_advantage, k.home_advantage_variance)::kalman_state END)
					) AS side (team_id, opponent_id, is_home, scored, allowed, chances, chances_allowed, expected, rating_before, rating_after,
						glicko2_rating, glicko2_rd, glicko2_volatility, pi_home, pi_away, kalman)) AS x
				LEFT JOIN pg_temp.rating_base AS b ON b.team_id = x.team_id
				WINDOW w AS (PARTITION BY x.team_id ORDER BY x.rated_at, x.game_id)) AS p
			WINDOW t AS (PARTITION BY p.team_id ORDER BY p.rated_at, p.game_id ROWS UNBOUNDED PRECEDING),
				five AS (PARTITION BY p.team_id ORDER BY p.rated_at, p.game_id ROWS 4 PRECEDING),
				ten AS (PARTITION BY p.team_id ORDER BY p.rated_at, p.game_id ROWS 9 PRECEDING),
				s AS (PARTITION BY p.team_id, p.season ORDER BY p.rated_at, p.game_id ROWS UNBOUNDED PRECEDING);
			PERFORM set_config('enable_nestloop', 'on', true);
		END LOOP;
		ANALYZE pg_temp.rating_pass;
		IF EXISTS (SELECT FROM pg_temp.rating_pass AS p WHERE p.n <> 1) THEN	-- what a correction did not change goes on as it was
			WITH marked AS (
				SELECT p.ctid AS place, p.n, p.team_id, p.game_id, p.ends,
					lag(p.n) OVER w IS DISTINCT FROM p.n - 1 OR lag(p.content) OVER w IS DISTINCT FROM p.content AS is_new
				FROM (SELECT x.ctid, x.*, ROW(x.scored, x.allowed, x.chances, x.chances_allowed, x.expected, x.rating_before, x.rating_after, x.glicko2_rating, x.glicko2_rd, x.glicko2_volatility,
						x.pi_home, x.pi_away, x.season_games, x.season_wins, x.season_scored, x.season_allowed, x.form_last5, x.form_last10, x.streak,
						x.starts_at, x.neutral, x.rated_at, x.kalman) AS content
					FROM pg_temp.rating_pass AS x) AS p
				WINDOW w AS (PARTITION BY p.team_id, p.game_id ORDER BY p.n)
			), numbered AS (
				SELECT m.*, count(*) FILTER (WHERE m.is_new) OVER (PARTITION BY m.team_id, m.game_id ORDER BY m.n) AS version FROM marked AS m
			), lasting AS (
				SELECT u.*, max(u.ends) OVER (PARTITION BY u.team_id, u.game_id, u.version) AS until FROM numbered AS u
			), dropped AS (
				DELETE FROM pg_temp.rating_pass AS p USING lasting AS l WHERE p.ctid = l.place AND NOT l.is_new
			)
			UPDATE pg_temp.rating_pass AS p SET valid_until = l.until FROM lasting AS l WHERE p.ctid = l.place AND l.is_new AND l.until <> p.valid_until;
		END IF;
		WITH removed AS (
			DELETE FROM rating_history AS h
			WHERE h.sport = rated AND h.rated_at >= starts AND h.valid_until >= since AND NOT EXISTS (SELECT FROM pg_temp.rating_pass AS t
				WHERE t.team_id = h.team_id AND t.opponent_id = h.opponent_id AND t.game_id = h.game_id AND t.known_at = h.known_at)
			RETURNING 1
		), stored AS (
			INSERT INTO rating_history AS h (sport, team_id, opponent_id, game_id, is_home, neutral, season, starts_at, scored, allowed, chances, chances_allowed,
				score, expected, rating_before, rating_after, glicko2_rating, glicko2_rd, glicko2_volatility, pi_home, pi_away,
				season_games, season_wins, season_scored, season_allowed, form_last5, form_last10, streak, kalman, rated_at, known_at, valid_until, recorded_at)
			SELECT rated, t.team_id, t.opponent_id, t.game_id, t.is_home, t.neutral, t.season, t.starts_at, t.scored, t.allowed, t.chances, t.chances_allowed,
				t.score, t.expected, t.rating_before, t.rating_after, t.glicko2_rating, t.glicko2_rd, t.glicko2_volatility, t.pi_home, t.pi_away,
				t.season_games, t.season_wins, t.season_scored, t.season_allowed, t.form_last5, t.form_last10, t.streak, t.kalman, t.rated_at, t.known_at, t.valid_until, now()
			FROM pg_temp.rating_pass AS t
			LEFT JOIN rating_history AS h ON h.sport = rated AND h.team_id = t.team_id AND h.opponent_id = t.opponent_id AND h.game_id = t.game_id AND h.known_at = t.known_at
			WHERE (h.valid_until, h.rated_at, h.scored, h.allowed, h.chances, h.chances_allowed, h.expected, h.rating_before, h.rating_after, h.glicko2_rating, h.glicko2_rd, h.glicko2_volatility,
					h.pi_home, h.pi_away, h.season_games, h.season_wins, h.season_scored, h.season_allowed, h.form_last5, h.form_last10, h.streak, h.starts_at, h.neutral, h.season, h.kalman)
				IS DISTINCT FROM (t.valid_until, t.rated_at, t.scored, t.allowed, t.chances, t.chances_allowed, t.expected, t.rating_before, t.rating_after, t.glicko2_rating, t.glicko2_rd, t.glicko2_volatility,
					t.pi_home, t.pi_away, t.season_games, t.season_wins, t.season_scored, t.season_allowed, t.form_last5, t.form_last10, t.streak, t.starts_at, t.neutral, t.season, t.kalman)
			ORDER BY t.rated_at, t.game_id
			ON CONFLICT (team_id, opponent_id, game_id, known_at) DO UPDATE
			SET (sport, is_home, neutral, season, starts_at, scored, allowed, chances, chances_allowed, score, expected, rating_before, rating_after,
					glicko2_rating, glicko2_rd, glicko2_volatility, pi_home, pi_away, season_games, season_wins, season_scored, season_allowed,
					form_last5, form_last10, streak, kalman, rated_at, valid_until, recorded_at)
				= ROW (excluded.sport, excluded.is_home, excluded.neutral, excluded.season, excluded.starts_at, excluded.scored,
					excluded.allowed, excluded.chances, excluded.chances_allowed, excluded.score, excluded.expected, excluded.rating_before, excluded.rating_after,
					excluded.glicko2_rating, excluded.glicko2_rd, excluded.glicko2_volatility, excluded.pi_home, excluded.pi_away,
					excluded.season_games, excluded.season_wins, excluded.season_scored, excluded.season_allowed,
					excluded.form_last5, excluded.form_last10, excluded.streak, excluded.kalman, excluded.rated_at, excluded.valid_until, excluded.recorded_at)
			RETURNING 1
		)
		SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored) INTO changed;
		written := written + changed;
		DELETE FROM rating_news AS w WHERE w.sport = rated AND w.of_ledger;	-- the rows just removed
		IF changed > 1000 THEN
			ANALYZE rating_history;	-- the readers' plans, and the next sport's, come before autovacuum does
		END IF;
		PERFORM refresh_strengths(rated, since);
	END LOOP;
	DROP TABLE pg_temp.rating_spell, pg_temp.rating_base, pg_temp.rating_game, pg_temp.rating_pass;
	RETURN written;
END $$;
COMMENT ON FUNCTION refresh_ratings(text) IS
'Brings rating_history up to date with the results of one sport, or of all (NULL), and returns the number of rows written. The table is a function of the facts: a second call writes nothing, a day''s results add their rows, and a corrected score gives new versions, known from the correction on, to its game and to later games whose ratings move; the old versions stay, closed by valid_until. Only games from the first changed one on are rated, going on from the ledger before it, to the bits of a whole computation; TRUNCATE rating_history makes the next call do that. A result that arrives late but was to be known earlier (known_at) is rated in its place. Refuses an unknown sport, and what elo_history() refuses.';

CREATE FUNCTION season_before(sport text, season int, as_of timestamptz) RETURNS int
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE	-- planned once a session
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
	RETURN (SELECT r.season FROM rating_history AS r
		WHERE r.sport = season_before.sport AND r.is_home AND r.season < season_before.season
		  AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until
		ORDER BY r.season DESC, r.rated_at DESC LIMIT 1);	-- in the order of an index
END $$;
COMMENT ON FUNCTION season_before(text, int, timestamptz) IS
'The latest season before season of which a rated game of the sport was known at as_of: whom a league that promotes knows already. Not always season - 1, since data may have holes; NULL when there is none.';

CREATE FUNCTION carried_rating(rating float8, season int, entered int, before int, keep float8, mean float8, newcomer float8, promotes boolean)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that the planner can inline it
RETURN CASE WHEN entered <= carried_rating.season THEN carried_rating.rating
	WHEN carried_rating.promotes AND carried_rating.before > carried_rating.season THEN carried_rating.newcomer
	ELSE elo_season_reversion(carried_rating.rating, carried_rating.keep, carried_rating.mean) END;
COMMENT ON FUNCTION carried_rating(float8, int, int, int, float8, float8, float8, boolean) IS
'A rating last used in season as it enters entered: unchanged within the season, newcomer when the league promotes and has played since (before, its season_before(entered), is later than season), otherwise by elo_season_reversion, once however long it was away.';

CREATE FUNCTION entry_rating(sport text, season int, as_of timestamptz, mean float8, newcomer float8) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN entry_rating.season > (SELECT r.season FROM rating_history AS r
		WHERE r.sport = entry_rating.sport AND r.is_home AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until
		ORDER BY r.rated_at, r.game_id LIMIT 1) THEN entry_rating.newcomer ELSE entry_rating.mean END;
END;
COMMENT ON FUNCTION entry_rating(text, int, timestamptz, float8, float8) IS
'The rating with which a team that was never rated enters season: mean in the first season that is known of the sport at as_of, newcomer later.';

CREATE FUNCTION team_rating(team_id bigint, sport text, as_of timestamptz DEFAULT now(), season int DEFAULT NULL) RETURNS float8
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan	-- an index has the answer, which planning would cost ten times
AS $$
DECLARE
	elo record;	-- the sport's rules, and beside them the team's latest game
BEGIN
	IF team_rating.team_id IS NULL OR team_rating.sport IS NULL OR as_of IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT e.*, l.rating_after, l.season INTO elo
	FROM sport_elo(team_rating.sport) AS e
	LEFT JOIN LATERAL (SELECT r.rating_after, r.season FROM rating_history AS r
		WHERE r.team_id = team_rating.team_id AND r.sport = team_rating.sport AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until
		ORDER BY r.rated_at DESC LIMIT 1) AS l ON true;
	IF elo.rules IS NULL THEN
		RAISE EXCEPTION 'unknown sport "%"', team_rating.sport USING ERRCODE = 'undefined_object';
	ELSIF elo.season IS NOT NULL AND team_rating.season <= elo.season THEN
		RETURN elo.rating_after;
	ELSIF elo.season IS NOT NULL THEN
		RETURN carried_rating(elo.rating_after, elo.season, coalesce(team_rating.season, elo.season),
			CASE WHEN elo.promotes THEN season_before(team_rating.sport, team_rating.season, as_of) END, elo.keep, elo.mean, elo.newcomer, elo.promotes);
	ELSIF NOT EXISTS (SELECT FROM team AS t WHERE t.team_id = team_rating.team_id) THEN
		RAISE EXCEPTION 'unknown team %', team_rating.team_id USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN entry_rating(team_rating.sport, coalesce(team_rating.season, (SELECT r.season FROM rating_history AS r
		WHERE r.sport = team_rating.sport AND r.is_home AND r.rated_at <= as_of ORDER BY r.rated_at DESC LIMIT 1)), as_of, elo.mean, elo.newcomer);
END $$;
COMMENT ON FUNCTION team_rating(bigint, text, timestamptz, int) IS
'A team''s Elo rating in a sport as of a time, carried into season by the sport''s rule: what elo_history() would give before the team''s next game. season NULL: as it stands. A team never rated has the sport''s starting rating. An earlier season changes nothing. Refuses an unknown sport or team.';

CREATE FUNCTION elo_draw(sport text, as_of timestamptz DEFAULT now()) RETURNS float8
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	outcomes int := (SELECT s.outcomes FROM sport AS s WHERE s.sport = elo_draw.sport);
BEGIN
	IF outcomes IS NULL THEN
		RAISE EXCEPTION 'unknown sport "%"', elo_draw.sport USING ERRCODE = 'undefined_object';
	ELSIF outcomes = 2 THEN
		RETURN 0;
	END IF;
	RETURN (SELECT elo_draw_fit(array_agg(r.expected), count(*) FILTER (WHERE r.score = 0.5)) FROM rating_history AS r
		WHERE r.sport = elo_draw.sport AND r.is_home AND r.rated_at <= as_of AND r.known_at <= as_of AND as_of < r.valid_until);
END $$;
COMMENT ON FUNCTION elo_draw(text, timestamptz) IS
'The inclination to draws of a sport, Davidson''s nu for elo_outcomes(), by elo_draw_fit() over the Elo expectations of all games known at as_of. 0 where the sport knows no draw; NULL while no game is known, or none that was not drawn. Refuses an unknown sport. Source: Davidson 1970.';
