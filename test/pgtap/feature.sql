-- game_features: every number recomputed from the tables of facts by plain SQL, for every game of a small league.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(73);
\ir elo_replay.inc

SELECT simulate_league(4, 8, 3) AS payload \gset
-- Facts that a league of complete seasons does not have: a game taken by a committee, a score corrected
-- later, a neutral ground, a game moved by a month, lines that move,
-- and another competition of the pool.
SELECT game_id AS awarded, home_id AS awarded_home FROM game JOIN result USING (game_id) ORDER BY known_at, game_id OFFSET 40 LIMIT 1 \gset
UPDATE result SET status = 'awarded' WHERE game_id = :awarded;
SELECT game_id AS corrected, known_at AS first FROM result ORDER BY known_at, game_id OFFSET 50 LIMIT 1 \gset
INSERT INTO result SELECT game_id, away_score + 1, home_score, status, detail, known_at + interval '60 days', recorded_at, payload_id FROM result WHERE game_id = :corrected;
UPDATE fixture SET neutral = true WHERE game_id IN (SELECT game_id FROM fixture ORDER BY known_at, game_id OFFSET 60 LIMIT 10);
SELECT game_id AS moved, starts_at AS planned FROM fixture ORDER BY starts_at, game_id OFFSET 80 LIMIT 1 \gset
INSERT INTO fixture SELECT game_id, starts_at + interval '31 days 3 hours', time_known, neutral, week, stage, starts_at - interval '1 day', recorded_at, payload_id FROM fixture WHERE game_id = :moved;
UPDATE result SET known_at = known_at + interval '31 days 3 hours' WHERE game_id = :moved;
UPDATE quote SET known_at = known_at + interval '31 days 3 hours' WHERE game_id = :moved AND closing;
UPDATE result SET detail = jsonb_build_object('HS', 7 + 3 * home_score, 'AS', 6 + 2 * away_score, 'HST', 1 + home_score, 'AST', 2 + away_score, 'HC', 4 + abs(game_id % 3), 'AC', abs(game_id % 7)) - CASE abs(game_id % 5) WHEN 0 THEN 'AC' ELSE '' END;
UPDATE quote SET line = line + CASE side WHEN 'away' THEN 0.25 ELSE -0.25 END WHERE closing AND market <> 'h2h' AND game_id % 3 = 0;
INSERT INTO sport (sport, title, family, pool, outcomes, time_zone, default_start, duration, elo_rules)
SELECT 'CUP', 'Cup', family, pool, 3, time_zone, default_start, duration, elo_rules FROM sport WHERE sport = 'SIM';
INSERT INTO game SELECT stable_id('cup' || game_id), 'CUP', season, home_id, away_id, 'cup' || game_id FROM game WHERE season = 2017;
INSERT INTO fixture SELECT stable_id('cup' || game_id), starts_at + interval '2 days 5 hours', time_known, false, NULL, NULL, known_at, recorded_at, payload_id
FROM fixture JOIN game USING (game_id) WHERE season = 2017 AND sport = 'SIM' AND week % 3 = 0 AND game_id <> :moved;
INSERT INTO result SELECT stable_id('cup' || r.game_id), home_score, away_score, r.status, '{}', r.known_at + interval '2 days 5 hours', r.recorded_at, r.payload_id
FROM result AS r JOIN game USING (game_id) JOIN fixture AS f ON f.game_id = stable_id('cup' || r.game_id);
-- three quarterbacks a team; some are named when bets are decided, most when the game begins
INSERT INTO kalman_setting (sport, noise, team_prior, team_drift, season_keep, season_drift, league_drift, starter_role, starter_mean, starter_prior, starter_drift, starter_stays)
	VALUES ('SIM', 1.5, 0.2, 0.01, 0.7, 0.05, 0.001, 'quarterback', -0.3, 0.3, 0.02, true);
INSERT INTO pregame (game_id, side, item, value, label, known_at, recorded_at, payload_id)
	SELECT g.game_id, s.side, 'quarterback', concat(s.team_id, ' ', (g.game_id & 255) % 3), 'Somebody', CASE WHEN g.game_id % 3 = 0 THEN decision_time('SIM', f.starts_at) ELSE f.starts_at END, f.recorded_at, f.payload_id
	FROM game AS g JOIN fixture AS f USING (game_id) CROSS JOIN LATERAL (VALUES ('home', g.home_id), ('away', g.away_id)) AS s (side, team_id) WHERE g.sport = 'SIM' AND NOT EXISTS (SELECT FROM fixture AS x WHERE x.game_id = f.game_id AND x.known_at < f.known_at);
SELECT refresh_ratings() AS written \gset
CREATE TEMP TABLE features AS SELECT * FROM game_features('SIM', '-infinity', 'infinity', 'infinity');

-- ---- rows ----------------------------------------------------------------------------------
SELECT is((SELECT array_agg(name ORDER BY position) FROM feature WHERE builtin),
	(SELECT proargnames[10:] FROM pg_proc WHERE oid = 'game_features'::regproc), 'the catalogue names the columns in their order');
SELECT ok(array_position(feature_names('bet_edge.game_features', 'feature', 'NBA'), 'home_back_to_back') > 0 AND array_position(feature_names('bet_edge.game_features', 'feature', 'NFL'), 'home_back_to_back') IS NULL,
	'some in their family of sports alone');
SELECT ok(n @> '{pi_expected,home_goal_rate,market_home}' AND NOT n && (SELECT array_agg(name) FROM feature WHERE NOT trained AND 'soccer' <> ALL (trained_in)), 'models learn from what the catalogue says') FROM feature_names('bet_edge.game_features', sport => 'EPL') AS n;
SELECT is((SELECT count(*) FROM features), (SELECT count(*) FROM game WHERE sport = 'SIM'), 'a row a game');
SELECT is((SELECT count(*) FROM game_features('SIM', :'planned', :'planned', 'infinity')), 0::bigint, 'the period ends before p_to');
SELECT set_eq(format('SELECT game_id FROM game_features(''SIM'', %L, %1$L::timestamptz + interval ''1 second'', ''infinity'')', :'planned'),
	format('SELECT game_id FROM sports_events WHERE sport = ''SIM'' AND starts_at = %L', :'planned'), 'and begins at p_from, by the latest known start');
SELECT is((SELECT array_agg(game_id) FROM game_features('SIM', :'planned', :'planned'::timestamptz + interval '1 second', :'planned'::timestamptz - interval '2 days') WHERE game_id = :moved),
	ARRAY[:moved], 'a game is where it was known to be');
SELECT is((SELECT count(*) FROM features JOIN sports_events AS e USING (game_id) WHERE as_of IS DISTINCT FROM decision_time('SIM', e.starts_at)), 0::bigint,
	'what has started is seen as of its decision time');
SELECT min(starts_at) AS next FROM fixture JOIN game USING (game_id) WHERE season = 2019 AND week = 6 \gset
SELECT is((SELECT array_agg(DISTINCT as_of) FROM game_features('SIM', :'next', 'infinity', :'next'::timestamptz - interval '1 hour')), ARRAY[:'next'::timestamptz - interval '1 hour'],
	'what has not, as of the time asked');
SELECT is((SELECT count(*) FROM features WHERE (known_at <= as_of AND window_end <= known_at AND last_game_at < window_end) IS FALSE), 0::bigint, 'nothing used is known later than as_of');
SELECT is(check_leakage($$SELECT * FROM bet_edge.game_features('SIM', '-infinity', 'infinity', 'infinity')$$, 'SIM'), (SELECT count(*)::int FROM features), 'the guard agrees');
SELECT is_empty($$SELECT * FROM game_features('SIM', NULL, 'infinity', 'infinity')$$, 'no row for NULL');
-- games when they were decided, when their own results were first known, long after, and at no time
CREATE TEMP TABLE moment AS SELECT e.game_id, e.home_id, e.away_id, t.* FROM sports_events AS e, LATERAL (VALUES (decision_time('SIM', e.starts_at), true),
	((SELECT min(r.known_at) FROM result AS r WHERE r.game_id = e.game_id), false), (e.starts_at + interval '90 days', false), ('infinity', false), (NULL, false)) AS t (as_of, usual);
CREATE TEMP TABLE alone AS SELECT m.usual, m.game_id, h.* FROM moment AS m, head_to_head(m.home_id, m.away_id, m.game_id, m.as_of) AS h;
CREATE FUNCTION pg_temp.together(usual boolean) RETURNS TABLE (LIKE alone) LANGUAGE sql AS $$
	SELECT together.usual, v.* FROM (SELECT array_agg(home_id) AS home_ids, array_agg(away_id) AS away_ids, array_agg(game_id) AS game_ids, array_agg(as_of) AS moments
		FROM moment AS m WHERE m.usual = together.usual) AS a, head_to_heads(home_ids, away_ids, game_ids, moments) AS v $$;
SELECT bag_eq('SELECT * FROM alone WHERE usual', 'SELECT * FROM pg_temp.together(true)', 'meetings are the same for one game and for many');
SELECT bag_eq('SELECT * FROM alone WHERE NOT usual', 'SELECT * FROM pg_temp.together(false)', 'after their own results too, and at no time');
SET LOCAL force_parallel_mode = on;
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || query; END $$;
SELECT ok(bool_or(p ~ 'Gather'), 'features may be had of a parallel worker') FROM pg_temp.plan($$SELECT * FROM game_features('SIM', '-infinity', 'infinity', 'infinity')$$) AS p;
CREATE TEMP TABLE of_worker AS SELECT * FROM game_features('SIM', '-infinity', 'infinity', 'infinity');
SET LOCAL force_parallel_mode = off;
SELECT set_eq('SELECT f::text FROM of_worker AS f', 'SELECT f::text FROM features AS f', 'who finds the same');
SELECT throws_ok($$SELECT * FROM game_features('CURLING', '-infinity', 'infinity')$$, '42704', 'unknown sport "CURLING"', 'an unknown sport is refused');

-- the past is told now as it was told then
SELECT is(count(*) FILTER (WHERE f IS DISTINCT FROM n), 0::bigint, format('%s games told at their decision time are told the same later', count(*)))
FROM (SELECT DISTINCT as_of FROM features ORDER BY as_of OFFSET 20 LIMIT 10) AS t,
	LATERAL game_features('SIM', t.as_of, t.as_of + interval '4 days', t.as_of) AS n, features AS f WHERE f.game_id = n.game_id AND f.as_of = n.as_of;

-- ---- games: from result, fixture and game alone ------------------------------------------------
CREATE TEMP TABLE past AS	-- for every row the games of its two sides that were known
SELECT f.game_id, s.home AS of_home, k.sport = 'SIM' AND k.season = g.season AS in_season, k.sport, x.starts_at, r.known_at, k.game_id AS past_id,
	CASE WHEN k.home_id = s.team THEN r.home_score ELSE r.away_score END AS scored,
	CASE WHEN k.home_id = s.team THEN r.away_score ELSE r.home_score END AS allowed,
	s.other IN (k.home_id, k.away_id) AS meeting,
	row_number() OVER (PARTITION BY f.game_id, s.home, k.sport ORDER BY x.starts_at DESC) AS age
FROM features AS f JOIN game AS g USING (game_id)
CROSS JOIN LATERAL (VALUES (true, g.home_id, g.away_id), (false, g.away_id, g.home_id)) AS s (home, team, other)
JOIN game AS k ON s.team IN (k.home_id, k.away_id)
CROSS JOIN LATERAL (SELECT * FROM result AS r WHERE r.game_id = k.game_id AND r.known_at <= f.as_of ORDER BY r.known_at DESC LIMIT 1) AS r
CROSS JOIN LATERAL (SELECT * FROM fixture AS x WHERE x.game_id = k.game_id AND x.known_at <= r.known_at ORDER BY x.known_at DESC LIMIT 1) AS x
WHERE r.status = 'final' AND k.game_id <> f.game_id;
CREATE TEMP TABLE expected AS
SELECT game_id, of_home,
	count(*) FILTER (WHERE in_season) AS games, avg((scored > allowed)::int) FILTER (WHERE in_season) AS win_pct, avg(scored) FILTER (WHERE in_season) AS ppg,
	avg(allowed) FILTER (WHERE in_season) AS ppg_allowed, avg(scored - allowed) FILTER (WHERE in_season) AS point_diff,
	avg((1 + sign(scored - allowed)) / 2) FILTER (WHERE sport = 'SIM' AND age <= 5) AS form_last5,
	avg((1 + sign(scored - allowed)) / 2) FILTER (WHERE sport = 'SIM' AND age <= 10) AS form_last10,
	max(starts_at) AS last_start,
	count(*) FILTER (WHERE meeting) AS met, count(*) FILTER (WHERE meeting AND scored > allowed) AS met_won,
	avg(scored + allowed) FILTER (WHERE meeting) AS met_total, avg(scored - allowed) FILTER (WHERE meeting) AS met_margin,
	array_agg(sign(scored - allowed) ORDER BY age) FILTER (WHERE sport = 'SIM') AS run
FROM past GROUP BY game_id, of_home;
ALTER TABLE expected ADD streak int;
UPDATE expected SET streak = run[1] * coalesce((SELECT min(i) - 1 FROM generate_subscripts(run, 1) AS i WHERE run[i] <> run[1]), cardinality(run));

CREATE FUNCTION pg_temp.same(a float8, b numeric) RETURNS boolean LANGUAGE sql AS $$ SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL ELSE abs(a - b) < 1e-9 END $$;
CREATE FUNCTION pg_temp.differ(condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM features AS f JOIN game AS g USING (game_id) LEFT JOIN expected AS h ON h.game_id = f.game_id AND h.of_home
		LEFT JOIN expected AS a ON a.game_id = f.game_id AND NOT a.of_home WHERE (' || condition || ') IS NOT TRUE' INTO n;
	RETURN n;
END $$;
SELECT ok((SELECT count(*) FROM expected WHERE met > 0) > 200 AND (SELECT count(*) FROM past WHERE sport = 'CUP') > 500, 'there is enough to compare');
SELECT is(pg_temp.differ('home_games_played = coalesce(h.games, 0) AND away_games_played = coalesce(a.games, 0)'), 0::bigint, 'games_played');
SELECT is(pg_temp.differ('pg_temp.same(home_win_pct, h.win_pct) AND pg_temp.same(away_win_pct, a.win_pct)'), 0::bigint, 'win_pct');
SELECT is(pg_temp.differ('pg_temp.same(home_ppg, h.ppg) AND pg_temp.same(away_ppg, a.ppg)'), 0::bigint, 'ppg');
SELECT is(pg_temp.differ('pg_temp.same(home_ppg_allowed, h.ppg_allowed) AND pg_temp.same(away_ppg_allowed, a.ppg_allowed)'), 0::bigint, 'ppg_allowed');
SELECT is(pg_temp.differ('pg_temp.same(home_point_diff, h.point_diff) AND pg_temp.same(away_point_diff, a.point_diff)'), 0::bigint, 'point_diff');
SELECT is(pg_temp.differ('pg_temp.same(home_form_last5, h.form_last5::numeric) AND pg_temp.same(away_form_last5, a.form_last5::numeric)'), 0::bigint, 'form_last5');
SELECT is(pg_temp.differ('pg_temp.same(home_form_last10, h.form_last10::numeric) AND pg_temp.same(away_form_last10, a.form_last10::numeric)'), 0::bigint, 'form_last10');
SELECT is(pg_temp.differ('pg_temp.same(home_streak, h.streak) AND pg_temp.same(away_streak, a.streak)'), 0::bigint, 'streak');
SELECT is(pg_temp.differ('pg_temp.same(home_rest_days, extract(epoch FROM (SELECT max(starts_at) FROM fixture AS x WHERE x.game_id = f.game_id AND x.known_at =
		(SELECT max(known_at) FROM fixture AS y WHERE y.game_id = f.game_id AND y.known_at <= as_of)) - h.last_start) / 86400)'), 0::bigint, 'rest_days, games of another competition included');
SELECT is(pg_temp.differ('h2h_games = coalesce(h.met, 0) AND pg_temp.same(h2h_home_wins, CASE WHEN h.met > 0 THEN h.met_won END)
	AND pg_temp.same(h2h_avg_total, h.met_total) AND pg_temp.same(h2h_avg_margin, h.met_margin)'), 0::bigint, 'h2h');
SELECT is(pg_temp.differ('home_back_to_back IS NOT DISTINCT FROM (home_rest_days < 1.5)::int AND away_back_to_back IS NOT DISTINCT FROM (away_rest_days < 1.5)::int'), 0::bigint, 'back_to_back');
SELECT is(pg_temp.differ('pg_temp.same(h2h_shrunk, (SELECT (sum(r.score - r.expected) / (count(*) + 10))::numeric FROM rating_history AS r WHERE r.team_id = g.home_id AND r.opponent_id = g.away_id
	AND r.game_id <> f.game_id AND r.known_at <= f.as_of AND f.as_of < r.valid_until))'), 0::bigint, 'h2h_shrunk');
SELECT ok(max(abs(h2h_shrunk)) BETWEEN 0.01 AND 0.5 AND count(*) FILTER (WHERE h2h_games = 0 AND h2h_shrunk IS NOT NULL) = 0, 'it is small, and unknown without a meeting') FROM features;
SELECT is((SELECT count(*) FROM features WHERE home_games_played = 0 AND num_nonnulls(home_win_pct, home_ppg, home_ppg_allowed, home_point_diff) > 0), 0::bigint, 'unknown is NULL, not 0');
SELECT is((SELECT max(last_game_at) FROM features WHERE game_id = :corrected), (SELECT max(starts_at) FROM past WHERE game_id = :corrected AND sport = 'SIM'), 'last_game_at is the latest start used');
SELECT ok((SELECT count(*) FROM past WHERE past_id = :corrected AND known_at = :'first') >= 2 AND (SELECT count(*) FROM past WHERE past_id = :corrected AND known_at > :'first') > 2,
	'the corrected game counts with its first score at first and with the second later');

-- a run longer than the ten latest games: all lost before 2018, all won since
SELECT home_id AS winner FROM game JOIN result USING (game_id) JOIN fixture USING (game_id) WHERE sport = 'SIM' AND season = 2018 ORDER BY starts_at DESC LIMIT 1 \gset
SAVEPOINT run;
UPDATE result AS r SET home_score = CASE (g.home_id = :winner) = (season >= 2018) WHEN true THEN 5 ELSE 0 END,
	away_score = CASE (g.home_id = :winner) = (season >= 2018) WHEN true THEN 0 ELSE 5 END
FROM game AS g WHERE g.game_id = r.game_id AND g.sport = 'SIM' AND :winner IN (home_id, away_id) AND status = 'final';
SELECT refresh_ratings('SIM') AS written \gset
SELECT is(array_agg(CASE g.home_id WHEN :winner THEN home_streak ELSE away_streak END), ARRAY[(SELECT count(*) FROM result JOIN game USING (game_id)
	WHERE sport = 'SIM' AND season >= 2018 AND :winner IN (home_id, away_id))::float8], 'a run of nineteen wins is counted to its end')
FROM game_features('SIM', :'next', 'infinity', :'next') JOIN game AS g USING (game_id) WHERE :winner IN (g.home_id, g.away_id);
ROLLBACK TO run;

-- ---- ratings -------------------------------------------------------------------------------------
SELECT is(count(*) FILTER (WHERE (abs(f.home_elo - coalesce(r.home, 1500)) < 1e-6 AND abs(f.away_elo - coalesce(r.away, 1500)) < 1e-6) IS NOT TRUE), 0::bigint,
	format('ratings of %s games are those of a replay by hand as of then', count(*)))
FROM (SELECT * FROM features ORDER BY md5(game_id::text) LIMIT 25) AS f JOIN game AS g USING (game_id)
CROSS JOIN LATERAL (SELECT
	(SELECT CASE k.home_id WHEN g.home_id THEN e.home_after ELSE e.away_after END FROM pg_temp.elo_replay('SIM', f.as_of) WITH ORDINALITY AS e (game_id, hb, ab, home_after, away_after, n)
		JOIN game AS k USING (game_id) WHERE g.home_id IN (k.home_id, k.away_id) ORDER BY n DESC LIMIT 1) AS home,
	(SELECT CASE k.home_id WHEN g.away_id THEN e.home_after ELSE e.away_after END FROM pg_temp.elo_replay('SIM', f.as_of) WITH ORDINALITY AS e (game_id, hb, ab, home_after, away_after, n)
		JOIN game AS k USING (game_id) WHERE g.away_id IN (k.home_id, k.away_id) ORDER BY n DESC LIMIT 1) AS away) AS r;
SELECT is((SELECT count(*) FROM features JOIN sports_events AS e USING (game_id)
	WHERE (abs(elo_diff - (features.home_elo - features.away_elo + CASE WHEN e.neutral THEN 0 ELSE 65 END)) < 1e-9) IS NOT TRUE), 0::bigint, 'elo_diff has the home advantage, and none on neutral ground');
SELECT is((SELECT count(*) FROM features WHERE (abs(home_elo_expected - 1 / (1 + 10 ^ (-elo_diff / 400))) < 1e-12) IS NOT TRUE), 0::bigint, 'home_elo_expected');
SELECT is((SELECT count(*) FROM features JOIN game AS g USING (game_id) WHERE (abs(home_elo - team_rating(home_id, 'SIM', as_of, season)) < 1e-9) IS NOT TRUE), 0::bigint, 'home_elo is team_rating');

-- Glicko-2 and pi-ratings as of then: the last row of a pass over what was known then
CREATE TEMP TABLE asked AS SELECT f.*, g.home_id, g.away_id FROM features AS f JOIN game AS g USING (game_id) ORDER BY md5(f.game_id::text) LIMIT 25;
CREATE FUNCTION pg_temp.known_then(p_at timestamptz) RETURNS text LANGUAGE sql AS $$ SELECT format('SELECT game_id, dense_rank() OVER (ORDER BY rated_at)::int AS period,
	home_id AS home, away_id AS away, home_score, away_score FROM rated_games(''SIM'', %L) ORDER BY rated_at, game_id', p_at + interval '1 microsecond') $$;
CREATE TEMP TABLE replayed AS
SELECT a.game_id AS asked, side.team_id, v.*, p.home_home_after, p.home_away_after, p.away_home_after, p.away_away_after
FROM asked AS a CROSS JOIN LATERAL unnest(ARRAY[a.home_id, a.away_id]) AS side (team_id)
CROSS JOIN LATERAL (SELECT x.* FROM glicko2_history(pg_temp.known_then(a.as_of), max_rd => 350) AS x WHERE side.team_id::text IN (x.home, x.away) ORDER BY x.period DESC LIMIT 1) AS v
JOIN LATERAL (SELECT * FROM pi_rating_history(pg_temp.known_then(a.as_of))) AS p ON p.game_id = v.game_id;
SELECT is(count(*) FILTER (WHERE (a.home_glicko2, a.away_glicko2) IS DISTINCT FROM (coalesce(h.r, 1500), coalesce(w.r, 1500))), 0::bigint, format('Glicko-2 of %s games', count(*)))
FROM asked AS a LEFT JOIN LATERAL (SELECT CASE home WHEN a.home_id::text THEN home_rating_after ELSE away_rating_after END FROM replayed WHERE asked = a.game_id AND team_id = a.home_id) AS h (r) ON true
LEFT JOIN LATERAL (SELECT CASE home WHEN a.away_id::text THEN home_rating_after ELSE away_rating_after END FROM replayed WHERE asked = a.game_id AND team_id = a.away_id) AS w (r) ON true;
SELECT is(count(*) FILTER (WHERE a.pi_expected IS DISTINCT FROM pi_rating_expected(coalesce(h.r, 0), coalesce(w.r, 0))), 0::bigint, 'pi-ratings')
FROM asked AS a LEFT JOIN LATERAL (SELECT CASE home WHEN a.home_id::text THEN home_home_after ELSE away_home_after END FROM replayed WHERE asked = a.game_id AND team_id = a.home_id) AS h (r) ON true
LEFT JOIN LATERAL (SELECT CASE home WHEN a.away_id::text THEN home_away_after ELSE away_away_after END FROM replayed WHERE asked = a.game_id AND team_id = a.away_id) AS w (r) ON true;
SELECT ok(bool_and(glicko2_expected BETWEEN 0 AND 1) AND corr(glicko2_expected, home_elo - away_elo) > 0.8 AND corr(pi_expected, elo_diff) > 0.5, 'ratings agree with each other') FROM features;

-- Kalman filter and starters as of then: the state that a pass over what was known then ends in
CREATE TEMP TABLE filtered AS
SELECT a.game_id AS asked, k.*, side.* FROM asked AS a CROSS JOIN LATERAL (SELECT row_number() OVER () AS n, h.* FROM kalman_history(format('SELECT r.game_id, r.season, r.home_id AS home, r.away_id AS away, r.home_score, r.away_score, r.neutral,
		(SELECT value FROM pregame AS b WHERE b.game_id = r.game_id AND b.side = ''home'') AS home_starter, (SELECT value FROM pregame AS b WHERE b.game_id = r.game_id AND b.side = ''away'') AS away_starter
		FROM rated_games(''SIM'', %L) AS r ORDER BY r.rated_at, r.game_id', a.as_of + interval '1 microsecond'), 1.5, 0.2, 0.01, 0.7, 0.05, -0.3, 0.3, 0.02, 'attack', 0.001) AS h) AS k
JOIN game AS g ON g.game_id = k.game_id
CROSS JOIN LATERAL (VALUES ('home', k.home::bigint, k.home_attack, k.home_defence, k.home_starter_value, g.season), ('away', k.away::bigint, k.away_attack, k.away_defence, k.away_starter_value, g.season)) AS side (side, team_id, attack, defence, value, season);
CREATE FUNCTION pg_temp.value_of(p_asked bigint, p_player text) RETURNS float8 LANGUAGE sql AS $$
	SELECT coalesce((SELECT f.value FROM filtered AS f JOIN pregame AS b ON b.game_id = f.game_id AND b.side = f.side WHERE f.asked = p_asked AND b.value = p_player ORDER BY f.n DESC LIMIT 1), CASE WHEN p_player <> '' THEN -0.3 END) $$;
CREATE TEMP TABLE believed AS
SELECT a.*, h.home_advantage, h.level, pg_temp.value_of(a.game_id, b.home) AS home_value, pg_temp.value_of(a.game_id, b.away) AS away_value,
	h.keep * h.attack - w.keep * w.defence + coalesce(pg_temp.value_of(a.game_id, b.home), pg_temp.value_of(a.game_id, h.last), 0) AS home,
	w.keep * w.attack - h.keep * h.defence + coalesce(pg_temp.value_of(a.game_id, b.away), pg_temp.value_of(a.game_id, w.last), 0) AS away
FROM asked AS a JOIN game AS g USING (game_id)
CROSS JOIN LATERAL (SELECT max(value) FILTER (WHERE side = 'home') AS home, max(value) FILTER (WHERE side = 'away') AS away FROM pregame AS b WHERE b.game_id = a.game_id AND b.known_at <= a.as_of) AS b
JOIN LATERAL (SELECT f.*, CASE WHEN f.season < g.season THEN 0.7 ELSE 1 END AS keep, (SELECT value FROM pregame AS b WHERE b.game_id = f.game_id AND b.side = f.side) AS last
	FROM filtered AS f WHERE f.asked = a.game_id AND f.team_id = a.home_id ORDER BY n DESC LIMIT 1) AS h ON true
JOIN LATERAL (SELECT f.*, CASE WHEN f.season < g.season THEN 0.7 ELSE 1 END AS keep, (SELECT value FROM pregame AS b WHERE b.game_id = f.game_id AND b.side = f.side) AS last
	FROM filtered AS f WHERE f.asked = a.game_id AND f.team_id = a.away_id ORDER BY n DESC LIMIT 1) AS w ON true;
SELECT is(count(*) FILTER (WHERE (abs(kalman_margin - (home - away + CASE WHEN neutral THEN 0 ELSE home_advantage END)) < 1e-9) IS NOT TRUE), 0::bigint, format('kalman_margin of %s games', count(*)))
FROM believed JOIN sports_events USING (game_id, home_id, away_id);
SELECT is(count(*) FILTER (WHERE (abs(kalman_total - (home + away + 2 * level)) < 1e-9) IS NOT TRUE), 0::bigint, 'kalman_total') FROM believed;
SELECT ok(count(home_value) > 2 AND count(*) FILTER (WHERE home_value IS NULL) > 2 AND bool_and((home_quarterback_value, away_quarterback_value) IS NOT DISTINCT FROM (home_value, away_value)),
	'the value of a quarterback who is named, and of nobody else') FROM believed;
SELECT is(count(*) FILTER (WHERE num_nonnulls(home_pitcher_value, away_pitcher_value) > 0), 0::bigint, 'no pitchers here') FROM features;
SELECT ok(corr(kalman_margin, elo_diff) > 0.5, 'strengths agree with ratings') FROM features;

-- strengths: fitted from the scores known on the Tuesday before
CREATE TEMP TABLE tuesday AS
SELECT a.game_id, t.at, (SELECT dixon_coles_fit(r.home_id::text, r.away_id::text, r.home_score, r.away_score,
	dixon_coles_weight(extract(epoch FROM t.at - r.starts_at)::float8 / 86400), r.neutral, 5) FROM rated_games('SIM', t.at + interval '1 microsecond') AS r) AS fit
FROM asked AS a CROSS JOIN LATERAL (SELECT max(d) AS at FROM generate_series('2016-07-05 06:00+00'::timestamptz, a.as_of, '7 days') AS d
	WHERE EXISTS (SELECT FROM result JOIN game USING (game_id) WHERE sport = 'SIM' AND known_at > d - interval '7 days' AND known_at <= d)) AS t;
SELECT is(count(*) FILTER (WHERE (abs(a.home_goal_rate - r.home_rate) + abs(a.away_goal_rate - r.away_rate) < 1e-9) IS NOT TRUE), 0::bigint, format('goal rates of %s games', count(*)))
FROM asked AS a JOIN tuesday AS t USING (game_id) JOIN fixtures('infinity') AS x USING (game_id)
CROSS JOIN LATERAL dixon_coles_rates(t.fit, a.home_id::text, a.away_id::text, x.neutral) AS r WHERE t.fit IS NOT NULL HAVING count(*) > 15;
-- and from the chances of those games that were counted
SELECT is(count(*) FILTER (WHERE (abs(a.home_chance_rate - c.goals * w.lead * exp((c.fit).home_advantage) ^ (NOT x.neutral)::int) + abs(a.away_chance_rate - c.goals / w.lead) < 1e-9
		AND abs(a.rated_home - o.probs[1]) + abs(a.rated_draw - o.probs[2]) + abs(a.rated_away - o.probs[3]) < 1e-9) IS NOT TRUE), 0::bigint, format('chance rates of %s games, and what they say of the outcome', count(*)))
FROM asked AS a JOIN tuesday AS t USING (game_id) JOIN fixtures('infinity') AS x USING (game_id)
CROSS JOIN LATERAL (SELECT dixon_coles_fit(r.home_id::text, r.away_id::text, h.home, h.away, 0.5 ^ (h.days / 180) / 100, r.neutral, 5) AS fit,
		sum(0.5 ^ (h.days / 180) * (r.home_score + r.away_score)) / sum(0.5 ^ (h.days / 180) * (h.home + h.away)) AS goals_per_chance
	FROM rated_games('SIM', t.at + interval '1 microsecond') AS r JOIN results(t.at) AS d USING (game_id)
	CROSS JOIN LATERAL (SELECT extract(epoch FROM t.at - r.starts_at)::float8 / 86400 AS days,
		40 * r.home_score + 10 * (d.detail ->> 'HST')::int + 2 * (d.detail ->> 'HS')::int + 6 * (d.detail ->> 'HC')::int AS home,
		40 * r.away_score + 10 * (d.detail ->> 'AST')::int + 2 * (d.detail ->> 'AS')::int + 6 * (d.detail ->> 'AC')::int AS away) AS h
	WHERE d.detail ? 'AC') AS f
CROSS JOIN LATERAL (SELECT r.*, f.fit FROM dixon_coles_rates(f.fit, a.home_id::text, a.away_id::text, true) AS r) AS r
CROSS JOIN LATERAL (SELECT f.fit, f.goals_per_chance * sqrt(r.home_rate * r.away_rate) AS goals) AS c
CROSS JOIN LATERAL (SELECT (r.home_rate / r.away_rate) ^ 0.7 AS lead) AS w
CROSS JOIN LATERAL (SELECT score_grid_outcomes(dixon_coles_grid(a.home_chance_rate, a.away_chance_rate,
	greatest(-1 / a.home_chance_rate, -1 / a.away_chance_rate, least((t.fit).rho, 1 / (a.home_chance_rate * a.away_chance_rate), 1)))) AS probs) AS o
WHERE t.fit IS NOT NULL HAVING count(*) > 15;
SELECT is((SELECT count(*) FROM features WHERE (abs(rated_home + rated_draw + rated_away - 1) < 1e-9) IS NOT TRUE), 0::bigint, 'every game has rated outcomes that sum to one, before the first strengths by Elo');
SELECT is((SELECT count(*) FROM rating_history AS h JOIN result AS r USING (game_id) WHERE (h.chances IS NULL) <> (NOT r.detail ? 'AC')), 0::bigint, 'chances are known where all is counted');
SELECT is((SELECT count(*) FROM features WHERE home_goal_rate IS NULL AND as_of > (SELECT min(known_at) FROM strength_history)), 0::bigint, 'known from the first Tuesday on');
SELECT is(refresh_strengths('SIM') + refresh_strengths('NFL'), 0, 'nothing is fitted twice');
SELECT throws_ok($$SELECT refresh_strengths('CURLING')$$, '42704', 'unknown sport "CURLING"', 'strengths of an unknown sport');

-- ---- odds ----------------------------------------------------------------------------------------
SELECT is((SELECT count(*) FROM features AS f CROSS JOIN LATERAL (SELECT avg(price) FILTER (WHERE side = 'home') AS h, avg(price) FILTER (WHERE side = 'draw') AS d, avg(price) FILTER (WHERE side = 'away') AS a
		FROM quotes(f.game_id, f.as_of) WHERE market = 'h2h') AS q
	WHERE (abs(home_moneyline - h) + abs(draw_moneyline - d) + abs(away_moneyline - a) < 1e-9) IS NOT TRUE), 0::bigint, 'moneylines are means over the books as last quoted');
SELECT is((SELECT count(*) FROM features AS f CROSS JOIN LATERAL (SELECT remove_overround(array_agg(price ORDER BY CASE side WHEN 'home' THEN 1 WHEN 'draw' THEN 2 ELSE 3 END)) AS p
		FROM quotes(f.game_id, f.as_of) WHERE market = 'h2h' AND book = 'sim_sharp') AS q
	WHERE (abs(market_home - p[1]) + abs(market_draw - p[2]) + abs(market_away - p[3]) < 1e-9) IS NOT TRUE), 0::bigint, 'market probabilities are the sharp book''s without its margin');
SELECT is((SELECT count(*) FROM features AS f CROSS JOIN LATERAL (
		SELECT stddev_samp(p) AS spread, avg(p) FILTER (WHERE kind = 'sharp') - avg(p) FILTER (WHERE kind = 'soft') AS gap
		FROM (SELECT book, max(1 / price) FILTER (WHERE side = 'home') / sum(1 / price) AS p FROM quotes(f.game_id, f.as_of) WHERE market = 'h2h' GROUP BY book) AS b JOIN book USING (book)) AS q
	WHERE (abs(market_dispersion - spread) + abs(sharp_soft_gap - gap) < 1e-9) IS NOT TRUE), 0::bigint, 'books differ, sharp ones from soft ones');
CREATE TEMP TABLE close AS SELECT * FROM game_features('NFL', '-infinity', 'infinity') WHERE false;
UPDATE sport SET decision_days = NULL, decision_hour = NULL WHERE sport = 'SIM';	-- decide at the start: then both moments are seen
INSERT INTO close SELECT * FROM game_features('SIM', '-infinity', 'infinity', 'infinity');
SELECT is((SELECT count(*) FROM close AS f CROSS JOIN LATERAL (
		SELECT avg(line) FILTER (WHERE market = 'spreads' AND NOT closing AND side = 'home') AS os, avg(line) FILTER (WHERE market = 'spreads' AND closing AND side = 'home') AS cs,
			avg(line) FILTER (WHERE market = 'totals' AND NOT closing AND side = 'over') AS ot, avg(line) FILTER (WHERE market = 'totals' AND closing AND side = 'over') AS ct,
			bool_or(closing) AS closed
		FROM quote AS q WHERE q.game_id = f.game_id) AS q
	WHERE closed AND (abs(opening_spread - os) + abs(current_spread - cs) + abs(spread_movement - (cs - os)) + abs(opening_total - ot) + abs(current_total - ct) < 1e-9) IS NOT TRUE), 0::bigint,
	'spread and total when first and when last quoted');
SELECT ok((SELECT count(*) FROM close WHERE spread_movement <> 0) > 10 AND (SELECT count(*) FROM features WHERE spread_movement <> 0) = 0, 'a spread has moved at the start, not when first quoted');

-- one upcoming game, quoted in awkward ways
UPDATE sport SET decision_days = '{2,5}', decision_hour = '15:00' WHERE sport = 'SIM';
SELECT game_id AS upcoming FROM fixture WHERE starts_at = :'next' ORDER BY game_id LIMIT 1 \gset
CREATE TEMP TABLE next AS SELECT :'next'::timestamptz AS starts_at, :upcoming::bigint AS game_id;
DELETE FROM quote WHERE game_id = :upcoming;
INSERT INTO quote (game_id, market, side, line, book, price, known_at, recorded_at, payload_id)
SELECT n.game_id, q.market, q.side, q.line, q.book, q.price, n.starts_at + q.minutes * interval '1 minute', n.starts_at, :payload
FROM next AS n, (VALUES
	(-120, 'draftkings', 'h2h', 'home', NULL, 2.0), (-120, 'draftkings', 'h2h', 'draw', NULL, 3.5), (-120, 'draftkings', 'h2h', 'away', NULL, 4.0),
	(-120, 'draftkings', 'spreads', 'home', -1.5, 1.9), (-120, 'draftkings', 'spreads', 'away', 1.5, 1.9),
	(-120, 'draftkings', 'spreads', 'home', -2.5, 2.6), (-120, 'draftkings', 'spreads', 'away', 2.5, 1.5),
	(-60, 'draftkings', 'spreads', 'home', -2.0, 1.9), (-60, 'draftkings', 'spreads', 'away', 2.0, 1.95),
	(-60, 'draftkings', 'h2h', 'home', NULL, 1.5),
	(-60, 'market_max', 'h2h', 'home', NULL, 9), (-60, 'market_max', 'h2h', 'draw', NULL, 9), (-60, 'market_max', 'h2h', 'away', NULL, 9),
	(-60, 'market_avg', 'h2h', 'home', NULL, 2.1), (-60, 'market_avg', 'h2h', 'draw', NULL, 3.4), (-60, 'market_avg', 'h2h', 'away', NULL, 3.9),
	(-60, 'market_avg', 'totals', 'over', 2.75, 1.9), (-60, 'market_avg', 'totals', 'under', 2.75, 1.9),
	(-20, 'pinnacle', 'h2h', 'home', NULL, 2.2), (-20, 'pinnacle', 'h2h', 'draw', NULL, 3.3), (-20, 'pinnacle', 'h2h', 'away', NULL, 3.6),
	(-10, 'pinnacle', 'h2h', 'home', NULL, 3.5), (-10, 'pinnacle', 'h2h', 'draw', NULL, 3.5), (-10, 'pinnacle', 'h2h', 'away', NULL, 3.5),
	(10, 'pinnacle', 'h2h', 'home', NULL, 1.1), (10, 'pinnacle', 'h2h', 'draw', NULL, 11), (10, 'pinnacle', 'h2h', 'away', NULL, 51)
) AS q (minutes, book, market, side, line, price);
CREATE FUNCTION pg_temp.upcoming(minutes int) RETURNS SETOF features LANGUAGE sql AS
$$ SELECT f.* FROM next AS n, game_features('SIM', n.starts_at, 'infinity', n.starts_at + minutes * interval '1 minute') AS f WHERE f.game_id = n.game_id $$;
SELECT is(num_nonnulls(opening_spread, current_spread, spread_movement, opening_total, current_total, home_moneyline, market_home), 0, 'nothing is known of a market before it is quoted')
FROM pg_temp.upcoming(-150);
SELECT is((opening_spread, current_spread, spread_movement), (-1.5::float8, -1.5::float8, 0::float8), 'of several lines the most even one counts') FROM pg_temp.upcoming(-90);
SELECT is((opening_spread, current_spread, spread_movement), (-1.5::float8, -2::float8, -0.5::float8), 'a line moves') FROM pg_temp.upcoming(-30);
SELECT is((home_moneyline, draw_moneyline, away_moneyline, opening_total), (2.0::float8, 3.5::float8, 4.0::float8, 2.75::float8),
	'an incomplete market, a maximum, and a mean beside a book do not count; a mean alone does') FROM pg_temp.upcoming(-30);
SELECT ok(ARRAY[market_home, market_draw, market_away] = remove_overround('{2.1,3.4,3.9}', 'shin'), 'the mean of many books is sharper than one soft book') FROM pg_temp.upcoming(-30);
SELECT ok(ARRAY[market_home, market_draw, market_away] = remove_overround('{2.2,3.3,3.6}', 'shin') AND abs(home_moneyline - 2.1) < 1e-9, 'a sharp book is sharper') FROM pg_temp.upcoming(-15);
SELECT ok(abs(market_home - 1 / 3.0) + abs(market_draw - 1 / 3.0) + abs(market_away - 1 / 3.0) < 1e-9, 'prices below 100 % are scaled') FROM pg_temp.upcoming(-5);
SELECT is((SELECT count(*) FROM pg_temp.upcoming(60) WHERE num_nonnulls(home_moneyline, market_home) > 0 OR as_of > (SELECT starts_at FROM next)), 0::bigint, 'a price of a running game is never seen');

SELECT throws_ok(format('SELECT market_summary(1, %s, %s, %s, %s, %s, false, now(), now(), %s)', kind, market, side, line, price, outcomes), state, message, message)
FROM (VALUES ($$'blunt'$$, $$'h2h'$$, $$'home'$$, 'NULL', 2, 2, '42704', 'unknown kind "blunt"'), ($$'soft'$$, $$'spreads'$$, $$'draw'$$, '1', 2, 2, '22023', 'market "spreads" has no side "draw"'),
	($$'soft'$$, $$'h2h'$$, $$'home'$$, '1', 2, 2, '22023', 'market "h2h" has no line'), ($$'soft'$$, $$'totals'$$, $$'over'$$, 'NULL', 2, 2, '22023', 'market "totals" needs a line, not NULL'),
	($$'soft'$$, $$'h2h'$$, $$'home'$$, 'NULL', 2, 4, '22023', 'outcomes must be 2 or 3, not 4')) AS x (kind, market, side, line, price, outcomes, state, message);

SELECT * FROM finish();
ROLLBACK;
