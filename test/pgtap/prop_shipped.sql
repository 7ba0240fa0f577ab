-- A database that never saw a game answers from the models that come with the extension.
SET client_min_messages = warning;
SELECT plan(10);
SET search_path = bet_edge, public;
SELECT is(count(*), (SELECT count(*) FROM shipped_model WHERE loader = 'import_prop_model'), 'the shipped models of props load') FROM load_shipped_models() WHERE model ~ '/shipped$';
SELECT is(count(*), (SELECT count(*) FROM prop_model), 'once') FROM load_shipped_models() WHERE model ~ '/shipped$';
SELECT is(count(*), 0::bigint, 'there is no player''s line') FROM player_game;
SELECT ok(mean BETWEEN 5 AND 30 AND prob_push = 0 AND abs(prob_over + prob_under - 1) < 1e-12 AND fair_over > 1 AND fair_under > 1 AND lower <= mean AND mean <= upper AND confidence = 0 AND model_id > 0,
	'the question of the plan has an answer, of the average player') FROM predict_prop('NBA', 'points', '201939', 25.5, '{"is_home": true}');
SELECT cmp_ok((SELECT mean FROM predict_prop('NBA', 'points', '201939', 25.5, '{"starter": true}')), '>', (SELECT mean FROM predict_prop('NBA', 'points', '201939', 25.5, '{"starter": false}')), 'starters score more');
SELECT cmp_ok(min(p.prob_over), '>', 0.3::float8, 'a hit is likely for one who bats first') FROM predict_prop('MLB', 'batter_hits', 'nobody', 0.5, '{"slot": 1}') AS p;
-- what is not said of the schedule is like the mean of what may be said, not like the game of a man who never played before
SELECT ok(bool_and(abs(x.unsaid / x.said - 1) < 0.04), 'a question without ground and rest is answered between those that have them')
FROM unnest('{points,rebounds,assists}'::text[]) AS p,
	LATERAL (VALUES (36, 1.6), (30, 1.1), (22, 0.8)) AS man (minutes, rate),
	LATERAL (SELECT jsonb_build_object('expected_exposure', man.minutes, 'rate', man.rate, 'games', 300, 'season_games', 40, 'start_share', (man.minutes > 25)::int, 'exposure_fast_ratio', 1, 'exposure_season_ratio', 1,
		'exposure_last_ratio', 1, 'exposure_spread', 5, 'rate_fast_ratio', 1, 'rate_long_ratio', 1, 'rate_season_ratio', 1, 'volume_ratio', man.rate, 'position', 1) AS known) AS k,
	LATERAL (SELECT avg(q.mean) FILTER (WHERE q.ask = 1) AS unsaid, avg(q.mean) FILTER (WHERE q.ask > 1) AS said
		FROM predict_props(ARRAY[ROW('NBA', p, 'nobody', 5.5, k.known)::prop_ask] || ARRAY(SELECT ROW('NBA', p, 'nobody', 5.5, k.known || jsonb_build_object('is_home', home, 'rest_days', rest, 'pace', 1, 'opponent', 1, 'venue', 1))::prop_ask
			FROM unnest('{0,1}'::int[]) AS home, generate_series(1, 3) AS rest)) AS q) AS x;
-- a man from the bench who is said not to start, the rest of the news not, between those of whom it is; ground alone, of a batter, between those whose opponent is known
SELECT ok(bool_and(abs(x.unsaid / x.said - 1) < 0.05), 'a question with news in parts is answered between those that have all of it') FROM unnest('{points,rebounds,assists}'::text[]) AS p,
	LATERAL (SELECT jsonb_build_object('expected_exposure', 19, 'rate', 0.9, 'games', 300, 'season_games', 40, 'start_share', 0, 'exposure_fast_ratio', 1, 'exposure_season_ratio', 1, 'exposure_last_ratio', 1, 'exposure_spread', 5,
		'rate_fast_ratio', 1, 'rate_long_ratio', 1, 'rate_season_ratio', 1, 'volume_ratio', 0.9, 'position', 2, 'is_home', 1, 'rest_days', 2, 'pace', 1, 'opponent', 1, 'venue', 1, 'starter', 0) AS known) AS k,
	LATERAL (SELECT avg(q.mean) FILTER (WHERE q.ask = 1) AS unsaid, avg(q.mean) FILTER (WHERE q.ask > 1) AS said
		FROM predict_props(ARRAY[ROW('NBA', p, 'nobody', 5.5, k.known)::prop_ask] || ARRAY(SELECT ROW('NBA', p, 'nobody', 5.5, k.known || jsonb_build_object('team_exposure', e, 'team_count_ratio', e))::prop_ask
			FROM generate_series(185, 255, 10) AS e)) AS q) AS x;
SELECT ok(bool_and(abs(x.unsaid / x.said - 1) < 0.05), 'and so is one with the ground alone') FROM unnest('{hits,home_runs,batter_strikeouts}'::text[]) AS p,
	LATERAL (SELECT jsonb_build_object('expected_exposure', 4.1, 'rate', 1, 'games', 300, 'season_games', 60, 'start_share', 1, 'exposure_fast_ratio', 1, 'exposure_season_ratio', 1, 'exposure_last_ratio', 1, 'exposure_spread', 0.7,
		'rate_fast_ratio', 1, 'rate_long_ratio', 1, 'rate_season_ratio', 1, 'volume_ratio', 1, 'is_home', 1) AS known) AS k,
	LATERAL (SELECT avg(q.mean) FILTER (WHERE q.ask = 1) AS unsaid, avg(q.mean) FILTER (WHERE q.ask > 1) AS said
		FROM predict_props(ARRAY[ROW('MLB', p, 'nobody', 0.5, k.known)::prop_ask] || ARRAY(SELECT ROW('MLB', p, 'nobody', 0.5, k.known || jsonb_build_object('rest_days', rest, 'opponent', o, 'venue', 1))::prop_ask
			FROM generate_series(1, 2) AS rest, unnest('{0.95,1,1.05}'::float8[]) AS o)) AS q) AS x;
SELECT ok(bool_and(p.lower <= p.mean AND p.mean <= p.upper AND p.mean < 9), 'nobody has more hits than tries') FROM unnest('{1000,100,1}'::float8[]) AS r, predict_prop('MLB', 'hits', 'x', 0.5, jsonb_build_object('league_rate', r)) AS p;
SELECT * FROM finish();
