-- The leakage guard: a planted leak of each kind is refused by its name, and what evidence hides, behaviour shows.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(72);

SELECT simulate_league(7, 8, 2) AS payload \gset
-- five quarterbacks a team, each known when the game begins
INSERT INTO kalman_setting (sport, noise, team_prior, team_drift, season_keep, season_drift, league_drift, starter_role, starter_prior)
	VALUES ('SIM', 1.5, 0.2, 0.01, 0.7, 0.05, 0.001, 'quarterback', 0.3);
INSERT INTO pregame (game_id, side, item, value, label, known_at, recorded_at, payload_id)
	SELECT g.game_id, s.side, 'quarterback', concat(s.team_id, ' ', (g.game_id & 255) % 5), 'Somebody', f.starts_at, f.recorded_at, f.payload_id
	FROM game AS g JOIN fixture AS f USING (game_id) CROSS JOIN LATERAL (VALUES ('home', g.home_id), ('away', g.away_id)) AS s (side, team_id);
SELECT refresh_ratings('SIM') AS written \gset
SELECT known_at AS middle FROM result ORDER BY known_at OFFSET 80 LIMIT 1 \gset

-- A training set: the features of all games, with more columns or other evidence.
CREATE FUNCTION pg_temp.leak(more text DEFAULT NULL, evidence text DEFAULT 'f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end') RETURNS int LANGUAGE sql AS $$
	SELECT check_leakage(format('SELECT %s, f.home_elo, f.elo_diff, f.home_streak%s
		FROM bet_edge.game_features(''SIM'', ''-infinity'', ''infinity'', ''infinity'') AS f JOIN bet_edge.sports_events AS e ON e.game_id = f.game_id',
		evidence, ', ' || more), 'SIM', 'planted')
$$;
SELECT is(pg_temp.leak(), (SELECT count(*)::int FROM game), 'features without a leak pass, and are counted');
SELECT is(pg_temp.leak('3.5::numeric AS constant, NULL::float8 AS unknown, e.neutral, f.home_elo > 1500 AS strong'), (SELECT count(*)::int FROM game), 'so do constants, unknowns and booleans');
SELECT is(check_leakage('SELECT * FROM bet_edge.game_features(''SIM'', ''-infinity'', ''-infinity'')', 'SIM'), 0, 'and no rows');

-- ---- structure ------------------------------------------------------------------------------
SELECT throws_ok(format('SELECT pg_temp.leak(''1.0::float8 AS %s'')', name), '22L01', format('structure: feature "%s" of planted carries the name of a result', name), 'structure: the name ' || name)
FROM unnest('{home_score,away_score,score,result,outcome,margin,total_score,ftr,fthg,ftag,winner,home_win}'::text[]) AS name;
SELECT throws_ok(format('SELECT pg_temp.leak(%L)', expression || ' AS innocent'), '22L01', format('structure: feature "innocent" of planted is the %s of its own game', quantity), 'structure: ' || expression)
FROM (VALUES ('e.home_score', 'home score'), ('1 - e.away_score / 100.0', 'away score'), ('e.home_score - e.away_score', 'margin'), ('10 * (e.home_score + e.away_score)', 'total'),
	('sign(e.away_score - e.home_score)', 'outcome'), ('e.home_score > e.away_score', 'home win'), ('(e.home_score = e.away_score)::int', 'draw'),
	('CASE WHEN e.game_id % 3 = 0 THEN e.home_score END', 'home score')) AS v (expression, quantity);
SELECT lives_ok('SELECT pg_temp.leak(''CASE WHEN e.game_id IN (SELECT game_id FROM bet_edge.result ORDER BY game_id LIMIT 19) THEN e.home_score END AS few'')', 'nineteen rows prove nothing');
SELECT throws_ok('SELECT pg_temp.leak(''e.home_team'')', '22L01', 'structure: feature "home_team" of planted is of type text, not a number', 'structure: a text');
SELECT throws_ok('SELECT pg_temp.leak(NULL, ''f.game_id, f.as_of, f.known_at, f.last_game_at'')', '22L01', 'structure: planted has no column "window_end" of type timestamp with time zone', 'structure: evidence is missing');
SELECT throws_ok('SELECT pg_temp.leak(NULL, ''f.game_id, f.as_of::date AS as_of, f.known_at, f.last_game_at, f.window_end'')', '22L01', 'structure: planted has no column "as_of" of type timestamp with time zone', 'structure: evidence of another type');
SELECT throws_ok('SELECT pg_temp.leak(NULL, ''f.game_id, NULL::timestamptz AS as_of, f.known_at, f.last_game_at, f.window_end'')', '22L01', NULL, 'structure: no as_of');
SELECT throws_ok('SELECT pg_temp.leak(NULL, ''f.game_id + 1 AS game_id, f.as_of, f.known_at, f.last_game_at, f.window_end'')', '22L01', NULL, 'structure: a game of nowhere');

-- ---- provenance, boundary, window: one row among many is enough ---------------------------------
SELECT game_id AS one, decision_time('SIM', starts_at) AS decided, starts_at AS start FROM fixture ORDER BY starts_at, game_id OFFSET 70 LIMIT 1 \gset
CREATE FUNCTION pg_temp.refused(state text, message text, kind text, column_name text, value text, one bigint) RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT pg_temp.leak(NULL, %L)', (SELECT string_agg(CASE c WHEN column_name THEN format('CASE f.game_id WHEN %s THEN %s ELSE f.%s END AS %3$s', one, value, c) ELSE 'f.' || c END, ', ')
		FROM unnest('{game_id,as_of,known_at,last_game_at,window_end}'::text[]) AS c)), state, message, kind) $$;
SELECT pg_temp.refused('22L02', format('provenance: planted uses a fact of game %s known at %s, after its as_of %s', :one, :'start'::timestamptz, :'decided'::timestamptz), 'provenance: a closing price', 'known_at', 'e.starts_at', :one);
SELECT pg_temp.refused('22L02', NULL, 'provenance: a microsecond late', 'known_at', 'f.as_of + interval ''1 microsecond''', :one);
SELECT pg_temp.refused('22L03', format('boundary: planted uses a game that starts at %s for game %s, which starts at %1$s', :'start'::timestamptz, :one), 'boundary: the game itself', 'last_game_at', 'e.starts_at', :one);
SELECT pg_temp.refused('22L03', NULL, 'boundary: a later game', 'last_game_at', 'e.starts_at + interval ''7 days''', :one);
SELECT pg_temp.refused('22L03', format('boundary: planted looks at game %s as of %s, after its start %s', :one, :'start'::timestamptz + interval '1 hour', :'start'::timestamptz), 'boundary: asked after the start', 'as_of', 'e.starts_at + interval ''1 hour''', :one);
SELECT pg_temp.refused('22L04', format('window: planted has a window for game %s that ends at %s, after its as_of %s', :one, :'start'::timestamptz, :'decided'::timestamptz), 'window: a window up to the start', 'window_end', 'e.starts_at', :one);
SELECT throws_ok($$SELECT check_leakage('SELECT 1', 'CURLING')$$, '42704', 'unknown sport "CURLING"', 'an unknown sport is refused');

-- ---- behaviour ----------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	SELECT md5(concat((SELECT string_agg(r::text, '' ORDER BY r::text) FROM rating_history AS r), (SELECT string_agg(r::text, '' ORDER BY r::text) FROM result AS r),
		(SELECT string_agg(q::text, '' ORDER BY q::text) FROM quote AS q), (SELECT string_agg(f::text, '' ORDER BY f::text) FROM fixture AS f))) $$;
SELECT pg_temp.fingerprint() AS before \gset
SELECT ok(scramble_check('SIM', :'middle') > 60, 'game_features() does not move when the future does');
SELECT decision_time('SIM', starts_at) + interval '1 hour' AS between FROM fixture JOIN game USING (game_id) WHERE season = 2018 AND week = 4 LIMIT 1 \gset
SELECT ok(scramble_check('SIM', :'between') > 50, 'nor between a decision and the start');

-- Honest evidence, honest columns, and one feature that is not: nothing but behaviour tells.
CREATE FUNCTION pg_temp.features_with(feature text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE FUNCTION pg_temp.cheat(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
		RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, form float8) LANGUAGE sql STABLE AS
		%L', format('SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, %s
			FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f JOIN bet_edge.game AS g USING (game_id)', feature));
END $$;
CREATE FUNCTION pg_temp.only_behaviour(feature text, at timestamptz, description text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.features_with(feature);
	RETURN NEXT is(check_leakage('SELECT * FROM pg_temp.cheat(''SIM'', ''-infinity'', ''infinity'', ''infinity'')', 'SIM'), (SELECT count(*)::int FROM game), description || ' has clean evidence');
	RETURN NEXT throws_like(format('SELECT scramble_check(''SIM'', %L, ''pg_temp.cheat'')', at), 'behaviour: "form" of %cheat for game % depends on what became known after %', description || ' is caught');
END $$;
SELECT pg_temp.only_behaviour('(SELECT h.rating_after FROM bet_edge.rating_history AS h WHERE h.team_id = g.home_id AND h.season = g.season ORDER BY h.rated_at DESC LIMIT 1)', :'middle', 'the season''s last rating');
SELECT pg_temp.only_behaviour('(SELECT avg(q.price) FROM bet_edge.closing_quote AS q WHERE q.game_id = f.game_id AND q.market = ''h2h'' AND q.side = ''home'')', :'middle', 'the closing price');
SELECT pg_temp.only_behaviour('(SELECT avg(e.home_score) FROM bet_edge.sports_events AS e WHERE e.home_id = g.home_id)', :'middle', 'a mean over all games');
SELECT pg_temp.only_behaviour('(SELECT (h.fit).home_advantage FROM bet_edge.strength_history AS h WHERE h.sport = g.sport AND h.known_at < make_date(g.season + 1, 7, 1) ORDER BY h.known_at DESC LIMIT 1)', :'middle', 'the strengths of the season''s end');
SELECT pg_temp.only_behaviour('(SELECT avg(q.line) - f.current_spread FROM bet_edge.closing_quote AS q WHERE q.game_id = f.game_id AND q.market = ''spreads'' AND q.side = ''home'')', :'between', 'the closing line in a bet of the day before');
SELECT pg_temp.only_behaviour('(f.home_ppg - (SELECT avg(r.home_score) FROM bet_edge.result AS r)) / (SELECT stddev(r.home_score) FROM bet_edge.result AS r)', :'middle', 'a scale fitted on all seasons');
SELECT pg_temp.only_behaviour('(SELECT right(p.value, 1)::float8 FROM bet_edge.pregames(f.game_id, ''infinity'') AS p WHERE p.side = ''home'' AND p.value ~ ''\d$'')', :'between', 'who started, in a bet of the day before');
SELECT pg_temp.only_behaviour('(SELECT (h.kalman).starter_value FROM bet_edge.rating_history AS h WHERE h.game_id = f.game_id AND h.is_home ORDER BY h.known_at DESC LIMIT 1)', :'middle', 'a player''s own game in his value');
SELECT is(count(home_quarterback_value) FILTER (WHERE as_of < starts_at), 0::bigint, 'nobody is named before the start, and so nobody''s value is known')
FROM game_features('SIM', '-infinity', 'infinity', 'infinity') JOIN fixture USING (game_id);
-- a game put off by half a year still stands under its old date in many a file
SAVEPOINT postponed;
SELECT f.game_id AS off FROM fixture AS f WHERE starts_at < :'middle'::timestamptz - interval '20 days' ORDER BY starts_at DESC, game_id LIMIT 1 \gset
INSERT INTO fixture SELECT game_id, starts_at + interval '100 days', time_known, neutral, week, stage, starts_at - interval '1 day', recorded_at, payload_id FROM fixture WHERE game_id = :off;
UPDATE result SET known_at = known_at + interval '100 days' WHERE game_id = :off;
UPDATE quote SET known_at = known_at + interval '100 days' WHERE game_id = :off AND closing;
SELECT refresh_ratings('SIM') AS written \gset
SELECT ok(scramble_check('SIM', :'middle') > 60, 'a game put off: game_features() waits for its result');
SELECT pg_temp.only_behaviour('(SELECT avg(r.home_score) FROM bet_edge.result AS r JOIN bet_edge.game AS x USING (game_id) JOIN LATERAL (SELECT min(y.starts_at) AS planned FROM bet_edge.fixture AS y WHERE y.game_id = x.game_id) AS d ON d.planned < f.as_of WHERE x.sport = g.sport)', :'middle', 'a postponed game under its old date');
ROLLBACK TO postponed;
SELECT refresh_ratings('SIM') AS written \gset
SELECT pg_temp.features_with('(SELECT h.rating_after FROM bet_edge.rating_history AS h WHERE h.team_id = g.home_id AND h.known_at <= f.as_of AND f.as_of < h.valid_until ORDER BY h.rated_at DESC LIMIT 1)');
SELECT lives_ok(format('SELECT scramble_check(''SIM'', %L, ''pg_temp.cheat'')', :'middle'), 'the latest rating known at as_of is no leak');

-- a strategy that looks up the result, one that waits for the close, and honest ones
CREATE FUNCTION public.knows_the_winner(sport text, as_of timestamptz) RETURNS SETOF bet_edge.signal LANGUAGE sql STABLE AS $$
	SELECT s.* FROM bet_edge.strategy_sharp_consensus(knows_the_winner.sport, knows_the_winner.as_of) AS s JOIN bet_edge.sports_events AS e ON e.game_id = s.game_id
	WHERE s.market <> 'h2h' OR CASE s.side WHEN 'home' THEN e.home_score > e.away_score WHEN 'away' THEN e.home_score < e.away_score ELSE e.home_score = e.away_score END $$;
CREATE FUNCTION public.knows_the_close(sport text, as_of timestamptz) RETURNS SETOF bet_edge.signal LANGUAGE sql STABLE AS $$
	SELECT s.game_id, s.market, s.side, s.line, s.book, s.price, s.outcome, s.probability, s.market_probability, s.edge, s.prob_edge, s.price / q.price, s.confidence, s.participant
	FROM bet_edge.strategy_elo_value(knows_the_close.sport, knows_the_close.as_of) AS s
	CROSS JOIN LATERAL (SELECT avg(x.price) AS price FROM bet_edge.closing_quote AS x WHERE x.game_id = s.game_id AND x.market = s.market AND x.side = s.side) AS q $$;
INSERT INTO strategy (strategy_name, signal_type, signal_function, description) VALUES
	('winner', 'rating', 'public.knows_the_winner', 'Bets on those who win.'), ('close', 'market', 'public.knows_the_close', 'As strong as it beats the close.'),
	('nobody', 'rating', 'public.nobody', 'Has no function.');
SELECT decision_time('SIM', starts_at) AS round FROM fixture JOIN game USING (game_id) WHERE season = 2018 AND week = 4 LIMIT 1 \gset
SELECT cmp_ok(check_strategy('elo_value', 'SIM', :'round'), '>', 0, 'a strategy that knows no more than its time');
SELECT cmp_ok(check_strategy('sharp_consensus', 'SIM', :'round'), '>', 0, 'nor does one of prices');
SELECT throws_like(format('SELECT check_strategy(%L, ''SIM'', %L)', name, :'round'), 'behaviour: what strategy "' || name || '" says at % of game % depends on what became known later', description)
FROM (VALUES ('winner', 'a strategy with the result in it is refused'), ('close', 'and one that knows the closing price')) AS v(name, description);
SELECT throws_ok(format($$SELECT check_strategy('winner', 'SIM', %L)$$, :'round'), '22L05', NULL, 'with a code of its own');
SELECT throws_ok($$SELECT check_strategy('winner', 'SIM', '2000-01-01')$$, '22023', NULL, 'a moment at which it says nothing proves nothing');
SELECT throws_ok($$SELECT check_strategy('luck', 'SIM', now())$$, '42704', 'unknown strategy "luck"', 'an unknown strategy');
SELECT throws_ok($$SELECT check_strategy('nobody', 'SIM', now())$$, '42883', 'strategy "nobody" has no function "public.nobody"', 'a strategy without a function');
SELECT is(pg_temp.fingerprint(), :'before', 'the checks leave nothing behind');
SELECT throws_ok($$SELECT scramble_check('SIM', '2100-01-01')$$, '22023', NULL, 'a time after which nothing is known proves nothing');
SELECT throws_ok($$SELECT scramble_check('SIM', '2000-01-01')$$, '22023', NULL, 'nor one before which nothing was decided');
SELECT throws_ok($$SELECT scramble_check('CURLING', '2000-01-01')$$, '42704', 'unknown sport "CURLING"', 'an unknown sport is refused by it too');

SELECT throws_ok($$SELECT check_leakage('SELECT 1) AS a; CREATE TABLE public.smuggled (); --', 'SIM')$$, '42P11', NULL, 'a source of two statements');
SELECT * FROM finish();
ROLLBACK;
