-- Features of a user's own: what a model learned from is what it is asked by, tonight as in training.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(8);
SELECT simulate_league(3, 10, 5) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
CREATE FUNCTION public.own_features(p_sport text, p_from timestamptz, p_to timestamptz, p_as_of timestamptz)
RETURNS TABLE (game_id bigint, as_of timestamptz, known_at timestamptz, last_game_at timestamptz, window_end timestamptz, strength float8, tired float8) LANGUAGE sql STABLE AS $$
	SELECT f.game_id, f.as_of, f.known_at, f.last_game_at, f.window_end, f.elo_diff / 100, (f.home_rest_days < f.away_rest_days)::int::float8 FROM bet_edge.game_features(p_sport, p_from, p_to, p_as_of) AS f
$$;
CALL train_model('SIM', 'moneyline', refit_weeks => 40, rounds => 20, holdout_season => 2020, feature_function => 'public.own_features');
CALL train_model('SIM', 'total', refit_weeks => 40, rounds => 20, holdout_season => 2020, market => 'none');
SELECT starts_at - interval '1 hour' AS moment FROM sports_events WHERE season = 2020 ORDER BY starts_at, game_id OFFSET 20 LIMIT 1 \gset
CREATE TEMP TABLE own AS SELECT * FROM own_features('SIM', :'moment', :'moment'::timestamptz + interval '7 days', :'moment');
SELECT cmp_ok((SELECT count(*) FROM own WHERE strength IS NOT NULL), '>', 3::bigint, 'games to come');
SELECT is_empty(format($$SELECT FROM predict_games('SIM', %L) AS p LEFT JOIN own AS o USING (game_id) WHERE p.bet_type = 'moneyline'
	AND (p.features, p.probs) IS DISTINCT FROM (ARRAY[o.strength, o.tired]::real[], predict_class('SIM/moneyline', o))$$, :'moment'), 'a model is asked by the features that it learned from');
SELECT set_eq(format($$SELECT game_id, bet_type FROM predict_games('SIM', %L)$$, :'moment'), $$SELECT game_id, t FROM own, unnest('{moneyline,total}'::text[]) AS t$$, 'beside one that learned from the usual');
SELECT ok(record_forecasts('SIM', :'moment') = 2 * count(*), 'forecasts are recorded') FROM own;
SELECT is_empty(format($$SELECT FROM model_forecast AS m JOIN predict_games('SIM', %L) AS p USING (game_id, model_id) WHERE (m.probs, m.prediction) IS DISTINCT FROM (p.probs, p.prediction)$$, :'moment'), 'and are the same');
SELECT is((SELECT contribution FROM pick_features('SIM', o.game_id, 'h2h', 'home', :'moment') WHERE feature = 'strength'), e.contribution, 'so are they explained')
FROM (SELECT * FROM own ORDER BY game_id LIMIT 1) AS o, model_at('SIM', 'moneyline', :'moment') AS m, artifact_contributions(m.forest, m.coefficients, ARRAY[o.strength, o.tired]::real[]) AS e WHERE e.feature = 1 AND e.class = 1;
-- and so is the past: what is judged is what the folds said
SELECT refresh_game_forecasts('SIM', 2018, 2019) \g /dev/null
SELECT max(r.run_id) AS run FROM training_run AS r WHERE r.sport = 'SIM' AND r.bet_type = 'moneyline' \gset
SELECT cmp_ok((SELECT count(*) FROM game_forecast WHERE forecaster = 'odds_as_features' AND bet_type = 'moneyline'), '>', 100::bigint, 'forecasts of its folds are judged');
SELECT is_empty(format($$SELECT FROM game_forecast AS f JOIN out_of_fold(%s) AS o USING (game_id) WHERE f.forecaster = 'odds_as_features' AND f.bet_type = 'moneyline' AND f.probs IS DISTINCT FROM o.forecast$$, :run), 'as they were made');
SELECT * FROM finish();
