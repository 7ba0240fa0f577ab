-- A database that never saw a game answers from the models that come with the extension.
SET client_min_messages = warning;
SELECT plan(7);
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
SELECT * FROM finish();
