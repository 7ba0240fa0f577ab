-- prop_feature: what was known of a player before each of his games, for forecasts of what he will do in it.

CREATE TABLE prop_type (
	sport       text NOT NULL REFERENCES sport,
	prop_type   text NOT NULL CHECK (prop_type ~ '^[a-z_]{2,60}$'),
	market      text NOT NULL,
	role        text NOT NULL CHECK (role IN ('player', 'batter', 'pitcher')),
	stat        text NOT NULL,
	exposure    text NOT NULL,
	starts_only boolean NOT NULL DEFAULT false,
	volume      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(volume) = 'object' AND NOT jsonb_path_exists(volume, '$.* ? (@.type() <> "number")')),
	pace        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(pace) = 'object' AND NOT jsonb_path_exists(pace, '$.* ? (@.type() <> "number")')),
	half_lives  float8[] NOT NULL DEFAULT '{4,15,10,40,150}' CHECK (cardinality(half_lives) = 5 AND array_position(half_lives, NULL) IS NULL AND 0.5 <= ALL (half_lives) AND 100000 >= ALL (half_lives)),
	half_life_days float8 NOT NULL DEFAULT 365 CHECK (half_life_days BETWEEN 30 AND 100000),
	prior       float8 NOT NULL CHECK (prior > 0 AND prior < 'Infinity'),
	regular     float8 NOT NULL DEFAULT 0 CHECK (regular >= 0 AND regular < 'Infinity'),
	law         text NOT NULL DEFAULT 'negbin' CHECK (law IN ('negbin', 'zero_inflated', 'binomial')),
	builtin     boolean NOT NULL DEFAULT false,
	PRIMARY KEY (sport, prop_type),
	UNIQUE (sport, market)
);
COMMENT ON TABLE prop_type IS 'Counts of players that are forecast: playing time (exposure) times rate. A row of your own, another count of player_game.stats, is forecast like the shipped ones once train_prop() has seen it.';
COMMENT ON COLUMN prop_type.market IS 'The Odds API''s key of the market, which predict_prop() takes as well.';
COMMENT ON COLUMN prop_type.stat IS 'The count, in player_game.stats.';
COMMENT ON COLUMN prop_type.exposure IS 'What the count grows with: minutes, or a number of player_game.stats.';
COMMENT ON COLUMN prop_type.starts_only IS 'true: forecast for players who begin the game; of a pitcher nothing but his starts counts.';
COMMENT ON COLUMN prop_type.volume IS 'Other counts that tell of the rate, with weights: {"field_goals_attempted": 1, "free_throws_attempted": 0.44}.';
COMMENT ON COLUMN prop_type.pace IS 'Counts whose sum over a game says how fast it was, with weights; empty: pace is not known.';
COMMENT ON COLUMN prop_type.half_lives IS 'Half-lives in games of the averages: two of the exposure, three of the rate. The second of each makes the baseline.';
COMMENT ON COLUMN prop_type.half_life_days IS 'Beside them, what he did so many days ago counts half: players change over a summer without a game.';
COMMENT ON COLUMN prop_type.prior IS 'How much exposure at the league''s rate every player''s rate is shrunk with.';
COMMENT ON COLUMN prop_type.regular IS 'Whose expected exposure is at least this is a regular, whose absence is news; 0: nobody is.';
COMMENT ON COLUMN prop_type.law IS 'negbin: negative binomial with a dispersion of each row''s own; zero_inflated: the same with a share of extra zeros, fitted out of fold; binomial: so many tries (a whole exposure of at most 9) as the place in the batting order gives, each a success alike.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.prop_type', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON prop_type FOR EACH ROW EXECUTE FUNCTION keep_own_row('sport', 'prop_type');
INSERT INTO prop_type (sport, prop_type, market, role, stat, exposure, starts_only, volume, half_lives, half_life_days, prior, regular, law, pace, builtin)
SELECT t.sport, t.prop_type, t.market, t.role, t.stat, t.exposure, t.starts_only, t.volume::jsonb, t.half_lives::float8[],
	CASE t.role WHEN 'player' THEN 180 WHEN 'batter' THEN 730 ELSE 365 END, t.prior, t.regular,
	CASE t.role WHEN 'batter' THEN 'binomial' ELSE 'negbin' END,
	CASE t.sport WHEN 'NBA' THEN '{"field_goals_attempted": 1, "free_throws_attempted": 0.44, "turnovers": 1, "offensive_rebounds": -1}' ELSE '{}' END::jsonb, true
FROM (VALUES
	('NBA', 'points',             'player_points',      'player',  'points',     'minutes',           false, '{"field_goals_attempted": 1, "free_throws_attempted": 0.44}', '{4,15,10,40,150}', 100, 15),
	('NBA', 'rebounds',           'player_rebounds',    'player',  'rebounds',   'minutes',           false, '{"offensive_rebounds": 1}', '{4,15,10,40,150}', 100, 15),
	('NBA', 'assists',            'player_assists',     'player',  'assists',    'minutes',           false, '{"turnovers": 1}', '{4,15,10,40,150}', 100, 15),
	('MLB', 'hits',               'batter_hits',        'batter',  'hits',       'plate_appearances', true,  '{"strikeouts": 1}', '{4,20,25,100,400}', 200, 0),
	('MLB', 'home_runs',          'batter_home_runs',   'batter',  'home_runs',  'plate_appearances', true,  '{"total_bases": 1, "hits": -1}', '{4,20,25,100,400}', 200, 0),
	('MLB', 'batter_strikeouts',  'batter_strikeouts',  'batter',  'strikeouts', 'plate_appearances', true,  '{"walks": 1}', '{4,20,25,100,400}', 60, 0),
	('MLB', 'pitcher_strikeouts', 'pitcher_strikeouts', 'pitcher', 'strikeouts', 'batters_faced',     true,  '{"walks": 1}', '{3,10,5,20,60}', 70, 0)
) AS t (sport, prop_type, market, role, stat, exposure, starts_only, volume, half_lives, prior, regular);

CREATE FUNCTION prop_type_named(sport text, prop_type text) RETURNS prop_type
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	named prop_type;
BEGIN
	SELECT t.* INTO named FROM prop_type AS t WHERE t.sport = prop_type_named.sport AND prop_type_named.prop_type IN (t.prop_type, t.market);
	IF FOUND THEN
		RETURN named;
	ELSIF NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = prop_type_named.sport) THEN
		RAISE EXCEPTION 'unknown sport %', coalesce('"' || sport || '"', 'NULL') USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	END IF;
	RAISE EXCEPTION 'unknown prop_type % of %', coalesce('"' || prop_type || '"', 'NULL'), sport USING ERRCODE = 'undefined_object',
		HINT = coalesce('There are ' || (SELECT string_agg(t.prop_type, ', ' ORDER BY t.prop_type) FROM prop_type AS t WHERE t.sport = prop_type_named.sport) || '.', 'No prop of this sport is forecast; see bet_edge.prop_type.');
END $$;
COMMENT ON FUNCTION prop_type_named(text, text) IS 'The prop of a sport by its name or by the key of its market. Unknown ones are errors (42704).';

CREATE TYPE prop_line AS (
	game_id     bigint,
	player_id   text,
	team_id     bigint,
	opponent_id bigint,
	venue_id    bigint,
	season      int,
	starts_at   timestamptz,
	day         date,
	known_at    timestamptz,
	is_home     boolean,
	starter     boolean,
	count       float8,
	exposure    float8,
	volume      float8,
	pace        float8,
	position    text,
	slot        int,
	pitcher     text,
	same_hand   boolean
);
COMMENT ON TYPE prop_line IS 'A player''s line of a game as a prop sees it: count, exposure and volume by prop_type; slot, pitcher (the opposing starter) and same_hand of a batter.';

CREATE FUNCTION prop_lines(sport text, prop_type text, role text, as_of timestamptz) RETURNS SETOF prop_line
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	SELECT g.game_id, l.player_id, l.team_id, CASE l.team_id WHEN g.home_id THEN g.away_id ELSE g.home_id END, g.home_id, g.season, f.starts_at,
		(f.starts_at AT TIME ZONE s.time_zone)::date, l.known_at, l.team_id = g.home_id, l.starter,
		(l.stats ->> t.stat)::float8, CASE WHEN prop_lines.role <> t.role THEN (l.stats ->> 'batters_faced')::float8 WHEN t.exposure = 'minutes' THEN l.minutes ELSE (l.stats ->> t.exposure)::float8 END,
		(SELECT sum((l.stats ->> v.key)::float8 * v.value::float8) FROM jsonb_each_text(t.volume) AS v),
		(SELECT sum((l.stats ->> v.key)::float8 * v.value::float8) FROM jsonb_each_text(t.pace) AS v),
		l.stats ->> 'position', (l.stats ->> 'batting_order')::int, l.stats ->> 'opposing_starter',
		CASE WHEN l.stats ->> 'bats' IN ('L', 'R') THEN l.stats ->> 'bats' = l.stats ->> 'opposing_throws' WHEN l.stats ->> 'bats' = 'B' THEN false END
	FROM prop_type AS t JOIN sport AS s ON s.sport = t.sport
	JOIN game AS g ON g.sport = t.sport
	JOIN player_games(prop_lines.as_of) AS l ON l.game_id = g.game_id AND l.role = prop_lines.role
	JOIN fixtures(prop_lines.as_of) AS f ON f.game_id = g.game_id
	WHERE t.sport = prop_lines.sport AND t.prop_type = prop_lines.prop_type AND (t.role <> 'pitcher' OR l.starter)
	  -- pitchers at bat are no batters
	  AND (l.role <> 'batter' OR l.stats ->> 'position' IS DISTINCT FROM 'P');
END;
COMMENT ON FUNCTION prop_lines(text, text, text, timestamptz) IS 'Players'' lines known at as_of in the terms of a prop; role: prop_type.role, or pitcher for what pitchers allowed of a batter''s count.';

CREATE FUNCTION prop_surroundings(sport text, prop_type text, as_of timestamptz DEFAULT now())
RETURNS TABLE (kind text, id text, day date, ratio float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 50000
SET enable_nestloop = off
BEGIN ATOMIC
	WITH type AS MATERIALIZED (
		SELECT t.* FROM prop_type AS t WHERE t.sport = prop_surroundings.sport AND t.prop_type = prop_surroundings.prop_type
	), line AS MATERIALIZED (
		SELECT l.*, NOT t.starts_only OR l.starter AS counts FROM type AS t, prop_lines(prop_surroundings.sport, prop_surroundings.prop_type, t.role, prop_surroundings.as_of) AS l WHERE l.count IS NOT NULL AND l.exposure > 0
	), league AS MATERIALIZED (	-- of the 40 days with games before, the off-season skipped
		SELECT x.day, sum(x.count) OVER w / nullif(sum(x.exposure) OVER w, 0) AS rate, sum(x.pace) OVER w / nullif(sum(x.exposure) OVER w, 0) AS pace,
			sum(x.volume) OVER w / nullif(sum(x.exposure) OVER w, 0) AS volume, sum(x.counted) OVER w / nullif(sum(x.lines) OVER w, 0) AS playing
		FROM (SELECT l.day, sum(l.count) AS count, sum(l.exposure) AS exposure, sum(l.pace) AS pace, sum(l.volume) AS volume, sum(l.exposure) FILTER (WHERE l.counts) AS counted, count(*) FILTER (WHERE l.counts) AS lines
			FROM line AS l GROUP BY l.day UNION ALL SELECT 'infinity', NULL, NULL, NULL, NULL, NULL, 0) AS x
		WINDOW w AS (ORDER BY x.day ROWS BETWEEN 40 PRECEDING AND 1 PRECEDING)
	), shifted AS (	-- every count in shares of what the league made of that exposure then
		SELECT l.*, l.count / nullif(g.rate, 0) AS share FROM line AS l JOIN league AS g ON g.day = l.day WHERE g.rate > 0
	), team AS (
		SELECT x.id, x.day, sum(x.against) OVER month AS against, sum(x.faced) OVER month AS faced, sum(x.home) OVER years AS home, sum(x.home_exposure) OVER years AS home_exposure,
			sum(x.road) OVER years AS road, sum(x.road_exposure) OVER years AS road_exposure, avg(x.faced + x.own) OVER years AS game,
			avg(x.pace / nullif(g.pace, 0)) OVER month AS pace
		FROM (
			SELECT e.team_id AS id, e.day, sum(e.against) AS against, sum(e.faced) AS faced, sum(e.own) AS own, sum(e.share) FILTER (WHERE e.home) AS home, sum(e.exposure) FILTER (WHERE e.home) AS home_exposure,
				sum(e.share) FILTER (WHERE NOT e.home) AS road, sum(e.exposure) FILTER (WHERE NOT e.home) AS road_exposure, sum(e.pace) / nullif(sum(e.exposure), 0) AS pace
			FROM (SELECT o.team_id, s.day, CASE o.team_id WHEN s.opponent_id THEN s.share END AS against, CASE o.team_id WHEN s.opponent_id THEN s.exposure ELSE 0 END AS faced,
					CASE o.team_id WHEN s.team_id THEN s.exposure ELSE 0 END AS own, s.share, s.exposure, s.pace, o.team_id = s.venue_id AS home
				FROM shifted AS s CROSS JOIN LATERAL (VALUES (s.team_id), (s.opponent_id)) AS o (team_id)) AS e
			GROUP BY e.team_id, e.day
			UNION ALL SELECT DISTINCT s.team_id, 'infinity'::date, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8 FROM shifted AS s) AS x
		JOIN league AS g ON g.day = x.day
		WINDOW month AS (PARTITION BY x.id ORDER BY x.day ROWS BETWEEN 30 PRECEDING AND 1 PRECEDING), years AS (PARTITION BY x.id ORDER BY x.day ROWS BETWEEN 240 PRECEDING AND 1 PRECEDING)
	), thrown AS MATERIALIZED (	-- what starting pitchers gave up to batters
		SELECT l.player_id, l.day, l.count, l.exposure FROM type AS t, prop_lines(prop_surroundings.sport, prop_surroundings.prop_type, 'pitcher', prop_surroundings.as_of) AS l
		WHERE t.role = 'batter' AND l.count IS NOT NULL AND l.exposure > 0 AND l.starter
	), allowed AS (
		SELECT l.player_id, l.day, sum(l.count / n.rate) AS share, sum(l.exposure) AS exposure
		FROM thrown AS l
		JOIN (SELECT x.day, sum(x.count) OVER w / nullif(sum(x.exposure) OVER w, 0) AS rate FROM (SELECT a.day, sum(a.count) AS count, sum(a.exposure) AS exposure FROM thrown AS a GROUP BY a.day) AS x
			WINDOW w AS (ORDER BY x.day ROWS BETWEEN 40 PRECEDING AND 1 PRECEDING)) AS n ON n.day = l.day
		WHERE n.rate > 0 GROUP BY l.player_id, l.day
		UNION ALL SELECT DISTINCT l.player_id, 'infinity'::date, NULL::float8, NULL::float8 FROM thrown AS l
	), numbered AS (
		SELECT a.*, power(2, least(row_number() OVER (PARTITION BY a.player_id ORDER BY a.day) / 30.0, 900)) AS weight FROM allowed AS a
	)
	SELECT 'league', '', l.day, l.rate FROM league AS l WHERE l.rate > 0
	UNION ALL
	SELECT 'exposure', '', l.day, l.playing FROM league AS l WHERE l.rate > 0
	UNION ALL
	SELECT 'volume', '', l.day, l.volume FROM league AS l WHERE l.volume > 0
	UNION ALL
	SELECT 'opponent', m.id::text, m.day, (coalesce(m.against, 0) + 4 * m.game) / (coalesce(m.faced, 0) + 4 * m.game) FROM team AS m WHERE m.game > 0
	UNION ALL
	SELECT 'venue', m.id::text, m.day, (coalesce(m.home, 0) + 15 * m.game) / (coalesce(m.home_exposure, 0) + 15 * m.game) * (coalesce(m.road_exposure, 0) + 15 * m.game) / (coalesce(m.road, 0) + 15 * m.game)
	FROM team AS m WHERE m.game > 0
	UNION ALL
	SELECT 'pace', m.id::text, m.day, m.pace FROM team AS m WHERE m.pace > 0
	UNION ALL
	SELECT 'pitcher', n.player_id, n.day, (coalesce(sum(n.share * n.weight) OVER w, 0) + t.prior * n.weight) / (coalesce(sum(n.exposure * n.weight) OVER w, 0) + t.prior * n.weight)
	FROM numbered AS n, type AS t WINDOW w AS (PARTITION BY n.player_id ORDER BY n.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);
END;
COMMENT ON FUNCTION prop_surroundings(text, text, timestamptz) IS
'What surrounds a player on each day, from games of the days before alone, and on the day infinity from all known at as_of. kind league: the count per exposure in the last 40 days with games; exposure: the mean of those who are forecast; volume: prop_type.volume per exposure, as the count; the others are ratios to the league: opponent, what a team gave up in its last 30 days with games; venue, games at a team''s ground over its games elsewhere (240 days); pace, the speed of a team''s last 30; pitcher, what a starting pitcher gave up to batters (half-life 30 starts). All but pace are shrunk to 1.';

CREATE FUNCTION prop_feature_names() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{expected_exposure,rate,league_rate,opponent,venue,pitcher,same_hand,starter,slot,team_exposure,team_count_ratio,is_home,rest_days,pace,exposure_fast_ratio,exposure_season_ratio,exposure_last_ratio,exposure_spread,rate_fast_ratio,rate_long_ratio,rate_season_ratio,volume_ratio,count_spread,games,season_games,start_share,position}'::text[];
COMMENT ON FUNCTION prop_feature_names() IS
'What a prop model learns from, in order. expected_exposure: playing time by his slow average; rate: his count per exposure over the league''s, shrunk; league_rate (times what came of late over what the baselines said), opponent, venue, pitcher, pace: prop_surroundings(), pace of both teams. News, NULL before there is any: pitcher, same_hand, starter, slot, team_exposure and team_count_ratio (of the team''s regulars who play, expected exposure, and the same times their rates). rest_days to his last game, at most 10; exposure_…_ratio and rate_…_ratio: other averages over expected_exposure and rate; volume_ratio: prop_type.volume per exposure over the league''s; exposure_spread, count_spread: standard deviation of the one, variance over mean of the other; start_share; position 1 G, 2 F, 3 C.';

CREATE FUNCTION prop_baseline(features real[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that it becomes a part of the query, as prop_inputs()
RETURN CASE WHEN features[1] IS NOT NULL AND features[2] IS NOT NULL AND features[3] IS NOT NULL THEN ln(greatest(features[1]::float8 * features[2] * features[3] * coalesce(features[4], 1) * coalesce(features[5], 1) * sqrt(coalesce(features[6], 1)), 1e-4)) END;
COMMENT ON FUNCTION prop_baseline(real[]) IS
'Where a prop model starts from, the logarithm of a count: expected exposure x rate x league rate x opponent x venue x the root of pitcher (who faces a batter in about half of his plate appearances). NULL where one of the first three is.';

CREATE FUNCTION prop_inputs(features real[]) RETURNS real[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN features IS NOT NULL THEN features[1:2] || NULL::real || features[4:] END;
COMMENT ON FUNCTION prop_inputs(real[]) IS 'What trees see of the features: all but league_rate, which tells the year and nothing else, and is in the baseline.';

CREATE FUNCTION prop_features(sport text, prop_type text, as_of timestamptz DEFAULT now())
RETURNS TABLE (game_id bigint, player_id text, team_id bigint, season int, starts_at timestamptz, known_at timestamptz, last_game_at timestamptz, starter boolean, slot int, is_home boolean,
	count float8, exposure float8, features real[], own_share float8)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100000
SET enable_nestloop = off
BEGIN ATOMIC
	WITH type AS MATERIALIZED (
		SELECT t.* FROM prop_type AS t WHERE t.sport = prop_features.sport AND t.prop_type = prop_features.prop_type
	), line AS MATERIALIZED (
		SELECT l.* FROM type AS t, prop_lines(prop_features.sport, prop_features.prop_type, t.role, prop_features.as_of) AS l WHERE l.count IS NOT NULL AND l.exposure > 0
	), lines AS (
		SELECT l.* FROM line AS l
		UNION ALL	-- the game that is not played yet, of everybody seen in the 400 days before the last
		SELECT NULL, x.player_id, coalesce(m.team_id, x.team_id), NULL, NULL, season_of(prop_features.sport, least(prop_features.as_of, x.starts_at + interval '9600 hours')), 'infinity', 'infinity',
			NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
		FROM (SELECT DISTINCT ON (l.player_id) l.player_id, l.team_id, l.starts_at, max(l.starts_at) OVER () AS newest FROM line AS l ORDER BY l.player_id, l.starts_at DESC) AS x
		CROSS JOIN type AS t JOIN sport AS s ON s.sport = t.sport
		LEFT JOIN player_teams(prop_features.as_of) AS m ON m.pool = s.pool AND m.player_id = x.player_id
		WHERE x.starts_at > x.newest - interval '9600 hours'
	), surroundings AS MATERIALIZED (
		SELECT u.* FROM prop_surroundings(prop_features.sport, prop_features.prop_type, prop_features.as_of) AS u
	), numbered AS (
		SELECT l.*, g.ratio AS league_rate, l.count / g.ratio AS share, l.volume / v.ratio AS volume_share, e.ratio AS usual, NOT t.starts_only OR l.starter AS counts, t.prior, t.regular,
			power(2, least(l.place / t.half_lives[1] + a.age, 900)) AS w1, power(2, least(l.place / t.half_lives[2] + a.age, 900)) AS w2, power(2, least(l.place / t.half_lives[3] + a.age, 900)) AS w3,
			power(2, least(l.place / t.half_lives[4] + a.age, 900)) AS w4, power(2, least(l.place / t.half_lives[5] + a.age, 900)) AS w5
		FROM (SELECT x.*, row_number() OVER (PARTITION BY x.player_id ORDER BY x.starts_at, x.game_id) AS place FROM lines AS x) AS l
		CROSS JOIN type AS t
		-- the next game is today, unless what is known ended more than a summer ago
		CROSS JOIN (SELECT least(prop_features.as_of, max(x.starts_at) + interval '4800 hours') AS today FROM line AS x) AS n
		CROSS JOIN LATERAL (SELECT extract(epoch FROM least(l.starts_at, n.today) - timestamptz '2000-01-01')::float8 / 86400 / t.half_life_days AS age) AS a
		JOIN surroundings AS g ON g.kind = 'league' AND g.day = l.day
		JOIN surroundings AS e ON e.kind = 'exposure' AND e.day = l.day
		LEFT JOIN surroundings AS v ON v.kind = 'volume' AND v.day = l.day
	), formed AS (
		SELECT n.*, max(n.known_at) OVER past AS known, max(n.starts_at) OVER past AS last_at, count(*) OVER past AS games, count(*) OVER season AS season_games,
			(coalesce(sum(n.exposure * n.w2) FILTER (WHERE n.counts) OVER past, 0) + n.usual * n.w2) / (coalesce(sum(n.w2) FILTER (WHERE n.counts) OVER past, 0) + n.w2) AS expected_exposure,
			sum(n.exposure * n.w1) FILTER (WHERE n.counts) OVER past / sum(n.w1) FILTER (WHERE n.counts) OVER past AS exposure_fast,
			avg(n.exposure) FILTER (WHERE n.counts) OVER season AS exposure_season, lag(n.exposure) OVER (PARTITION BY n.player_id ORDER BY n.place) AS exposure_last,
			sqrt(greatest(sum(n.exposure ^ 2 * n.w2) OVER past / sum(n.w2) OVER past - (sum(n.exposure * n.w2) OVER past / sum(n.w2) OVER past) ^ 2, 0)) AS exposure_spread,
			(coalesce(sum(n.share * n.w3) OVER past, 0) + n.prior * n.w3) / (coalesce(sum(n.exposure * n.w3) OVER past, 0) + n.prior * n.w3) AS rate_fast,
			(coalesce(sum(n.share * n.w4) OVER past, 0) + n.prior * n.w4) / (coalesce(sum(n.exposure * n.w4) OVER past, 0) + n.prior * n.w4) AS rate,
			(coalesce(sum(n.share * n.w5) OVER past, 0) + n.prior * n.w5) / (coalesce(sum(n.exposure * n.w5) OVER past, 0) + n.prior * n.w5) AS rate_long,
			coalesce(sum(n.exposure * n.w4) OVER past, 0) / (coalesce(sum(n.exposure * n.w4) OVER past, 0) + n.prior * n.w4) AS own_share,
			sum(n.share) OVER season / sum(n.exposure) OVER season AS rate_season, sum(n.volume_share * n.w4) OVER past / sum(n.exposure * n.w4) OVER past AS volume_ratio,
			sum(n.count ^ 2 * n.w4) OVER past / nullif(sum(n.count * n.w4) OVER past, 0) - sum(n.count * n.w4) OVER past / sum(n.w4) OVER past AS count_spread,
			sum(n.starter::int * n.w1) OVER past / sum(n.w1) OVER past AS start_share,
			avg(CASE n.position WHEN 'G' THEN 1 WHEN 'F' THEN 2 WHEN 'C' THEN 3 END) OVER past AS position_mean
		FROM numbered AS n
		WINDOW past AS (PARTITION BY n.player_id ORDER BY n.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
			season AS (PARTITION BY n.player_id, n.season ORDER BY n.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	), teamed AS (
		SELECT f.*, CASE WHEN f.regular > 0 THEN sum(f.expected_exposure) FILTER (WHERE f.expected_exposure >= f.regular) OVER side END AS team_exposure,
			CASE WHEN f.regular > 0 THEN sum(f.expected_exposure * f.rate) FILTER (WHERE f.expected_exposure >= f.regular) OVER side END AS team_count_ratio
		FROM formed AS f WINDOW side AS (PARTITION BY f.game_id, f.team_id)
	), shaped AS MATERIALIZED (
		SELECT f.*, ARRAY[f.expected_exposure, f.rate, f.league_rate, o.ratio, v.ratio, p.ratio, f.same_hand::int, f.starter::int, f.slot, CASE WHEN f.game_id IS NOT NULL THEN f.team_exposure END, CASE WHEN f.game_id IS NOT NULL THEN f.team_count_ratio END,
			f.is_home::int, CASE WHEN f.game_id IS NOT NULL THEN least(extract(epoch FROM f.starts_at - f.last_at) / 86400, 10) END, a.ratio * b.ratio,
			-- ratios to the averages in the baseline: a tree splits one number at a time, and would need many splits to see how far two are apart
			f.exposure_fast / f.expected_exposure, f.exposure_season / f.expected_exposure, f.exposure_last / f.expected_exposure, f.exposure_spread,
			f.rate_fast / f.rate, f.rate_long / f.rate, f.rate_season / f.rate, f.volume_ratio, f.count_spread, f.games, f.season_games, f.start_share, f.position_mean]::real[] AS shape
		FROM teamed AS f
		LEFT JOIN surroundings AS o ON o.kind = 'opponent' AND o.id = f.opponent_id::text AND o.day = f.day
		LEFT JOIN surroundings AS v ON v.kind = 'venue' AND v.id = f.venue_id::text AND v.day = f.day
		LEFT JOIN surroundings AS p ON p.kind = 'pitcher' AND p.id = f.pitcher AND p.day = f.day
		LEFT JOIN surroundings AS a ON a.kind = 'pace' AND a.id = f.team_id::text AND a.day = f.day
		LEFT JOIN surroundings AS b ON b.kind = 'pace' AND b.id = f.opponent_id::text AND b.day = f.day
		WHERE f.counts OR f.game_id IS NULL
	), drift AS MATERIALIZED (	-- what came in the last 40 days with games over what the baselines said
		SELECT x.day, coalesce(sum(x.count) OVER w / nullif(sum(x.said) OVER w, 0), 1) AS ratio
		FROM (SELECT s.day, sum(s.count) AS count, sum(exp(prop_baseline(s.shape))) FILTER (WHERE s.game_id IS NOT NULL) AS said FROM shaped AS s GROUP BY s.day) AS x
		WINDOW w AS (ORDER BY x.day ROWS BETWEEN 40 PRECEDING AND 1 PRECEDING)
	)
	SELECT s.game_id, s.player_id, s.team_id, s.season, s.starts_at, s.known, s.last_at, s.starter, s.slot, s.is_home, s.count, s.exposure,
		s.shape[1:2] || (s.shape[3] * d.ratio)::real || s.shape[4:], s.own_share
	FROM shaped AS s JOIN drift AS d ON d.day = s.day
	WHERE s.last_at IS NULL OR s.last_at < s.starts_at;	-- who plays twice at one time is forecast once
END;
COMMENT ON FUNCTION prop_features(text, text, timestamptz) IS
'What was known of every player before each of his games that is known at as_of, with what came (count, exposure), and one row with game_id NULL for each player''s next game. Averages are over his earlier games alone, each weighed by how many games and days ago it was, opponents, grounds and the league over earlier days; known_at and last_game_at are the latest of his lines that went in. features in the order of prop_feature_names(); own_share: how much of his rate is his own record, the rest of it the league''s. starter, slot and the opposing starter are taken as announced before the game; of team-mates only whether a regular plays.';

CREATE TABLE prop_form (
	sport        text NOT NULL,
	prop_type    text NOT NULL,
	game_id      bigint,
	player_id    text NOT NULL,
	team_id      bigint,
	season       int NOT NULL,
	starts_at    timestamptz NOT NULL,
	known_at     timestamptz,
	last_game_at timestamptz,
	slot         int,
	count        float8,
	exposure     float8,
	features     real[] NOT NULL,
	own_share    float8,
	CHECK (last_game_at < starts_at),
	FOREIGN KEY (sport, prop_type) REFERENCES prop_type ON DELETE CASCADE
);
COMMENT ON TABLE prop_form IS 'prop_features() as refresh_prop_forms() left them: what was known of every player before each of his games, and before his next (game_id NULL).';
CREATE UNIQUE INDEX prop_form_next ON prop_form (sport, prop_type, player_id) WHERE game_id IS NULL;
SELECT pg_catalog.pg_extension_config_dump('bet_edge.prop_form', '');

CREATE TABLE prop_surrounding (
	sport     text NOT NULL,
	prop_type text NOT NULL,
	kind      text NOT NULL,
	id        text NOT NULL,
	ratio     float8 NOT NULL,
	PRIMARY KEY (sport, prop_type, kind, id),
	FOREIGN KEY (sport, prop_type) REFERENCES prop_type ON DELETE CASCADE
);
COMMENT ON TABLE prop_surrounding IS 'prop_surroundings() of the day after everything that refresh_prop_forms() saw.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.prop_surrounding', '');

CREATE FUNCTION refresh_prop_forms(sport text DEFAULT NULL, prop_type text DEFAULT NULL, as_of timestamptz DEFAULT now()) RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	one  prop_type;
	rows int := 0;
	more int;
BEGIN
	IF sport IS NOT NULL AND prop_type IS NOT NULL THEN
		one := prop_type_named(sport, prop_type);
	ELSIF sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = refresh_prop_forms.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF prop_type IS NOT NULL AND NOT EXISTS (SELECT FROM prop_type AS t WHERE refresh_prop_forms.prop_type IN (t.prop_type, t.market)) THEN
		RAISE EXCEPTION 'unknown prop_type "%"', prop_type USING ERRCODE = 'undefined_object', HINT = 'Those of each sport are rows of bet_edge.prop_type.';
	END IF;
	LOCK TABLE prop_form IN SHARE ROW EXCLUSIVE MODE;	-- a second refresh waits
	FOR one IN SELECT t.* FROM prop_type AS t WHERE t.sport = coalesce(refresh_prop_forms.sport, t.sport) AND coalesce(refresh_prop_forms.prop_type, t.prop_type) IN (t.prop_type, t.market)
		AND EXISTS (SELECT FROM player_game AS g JOIN sport AS s ON s.pool = g.pool WHERE s.sport = t.sport AND g.role = t.role) LOOP
		DELETE FROM prop_form AS f WHERE f.sport = one.sport AND f.prop_type = one.prop_type;
		DELETE FROM prop_surrounding AS f WHERE f.sport = one.sport AND f.prop_type = one.prop_type;
		INSERT INTO prop_form SELECT one.sport, one.prop_type, f.game_id, f.player_id, f.team_id, f.season, f.starts_at, f.known_at, f.last_game_at, f.slot, f.count, f.exposure, f.features, f.own_share
		FROM prop_features(one.sport, one.prop_type, refresh_prop_forms.as_of) AS f;
		GET DIAGNOSTICS more = ROW_COUNT;
		INSERT INTO prop_surrounding SELECT one.sport, one.prop_type, u.kind, u.id, u.ratio FROM prop_surroundings(one.sport, one.prop_type, refresh_prop_forms.as_of) AS u
		WHERE u.day = 'infinity' AND u.ratio IS NOT NULL;
		rows := rows + more;
	END LOOP;
	RETURN rows;
END $$;
COMMENT ON FUNCTION refresh_prop_forms(text, text, timestamptz) IS
'Writes prop_form and prop_surrounding anew from the players'' lines known at as_of, of one sport and prop_type or of all: after every day of games, so that predict_prop() knows of them, and before train_prop(). prop_type may be the key of its market. Returns rows. Errors: unknown sport or prop_type (42704).';
