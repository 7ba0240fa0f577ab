-- A database that never saw a game answers from the models that come with the extension.
SET client_min_messages = warning;
SELECT plan(6);
SET search_path = bet_edge, public;
SELECT is(count(*), (SELECT count(*) FROM shipped_model WHERE loader = 'import_prop_model'), 'the shipped models of props load') FROM load_shipped_models() WHERE model ~ '/shipped$';
SELECT is(count(*), (SELECT count(*) FROM prop_model), 'once') FROM load_shipped_models() WHERE model ~ '/shipped$';
SELECT is(count(*), 0::bigint, 'there is no player''s line') FROM player_game;
SELECT ok(mean BETWEEN 5 AND 30 AND prob_push = 0 AND abs(prob_over + prob_under - 1) < 1e-12 AND fair_over > 1 AND fair_under > 1 AND lower <= mean AND mean <= upper AND confidence = 0 AND model_id > 0,
	'the question of the plan has an answer, of the average player') FROM predict_prop('NBA', 'points', '201939', 25.5, '{"is_home": true}');
SELECT cmp_ok((SELECT mean FROM predict_prop('NBA', 'points', '201939', 25.5, '{"starter": true}')), '>', (SELECT mean FROM predict_prop('NBA', 'points', '201939', 25.5, '{"starter": false}')), 'starters score more');
SELECT cmp_ok(min(p.prob_over), '>', 0.3::float8, 'a hit is likely for one who bats first') FROM predict_prop('MLB', 'batter_hits', 'nobody', 0.5, '{"slot": 1}') AS p;
SELECT * FROM finish();
