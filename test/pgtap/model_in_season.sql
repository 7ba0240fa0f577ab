-- A model among the scorers and the bettors: priced by the one that was live then, and by nothing that knew more.
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT plan(11);
SELECT simulate_league(3, 12, 3) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
CALL train_model('SIM', 'moneyline', holdout_season => 2018, rounds => 10);
SELECT run_backtest('model_value', '2017-08-01', '2019-07-01', 'SIM') AS bets \gset
SELECT replay_strategies('SIM', '2018-07-01', '2019-07-01') \g /dev/null
-- The rule may have it off all season: this is about what it does when it is on.
UPDATE strategy_configuration SET is_enabled = true WHERE strategy_name = 'model_value';
SELECT simulate_season('SIM', 2018) AS sim \gset

SELECT cmp_ok(:bets, '>', 20, 'model_value bets');
SELECT is_empty($$WITH said AS MATERIALIZED (SELECT r.at, p.* FROM (SELECT DISTINCT as_of AS at FROM strategy_bet) AS r, predict_games('SIM', r.at) AS p)
		SELECT FROM strategy_bet AS b WHERE NOT EXISTS (SELECT FROM said AS p WHERE p.at = b.as_of AND p.game_id = b.game_id
			AND abs(p.probs[array_position('{home,draw,away}', b.side)] - b.probability) < 1e-12)$$, 'by the probability that was given then');
SELECT cmp_ok((SELECT count(*) FROM weekly_bets WHERE simulation_id = :sim), '>', 10::bigint, 'and so in the season');
SELECT is_empty(format($$SELECT FROM weekly_bets AS b LEFT JOIN model AS m USING (model_id) WHERE b.simulation_id = %s
		AND NOT coalesce(m.knowledge_cutoff <= b.placed_at, false)$$, :sim), 'every bet names its model, which knew nothing later');
SELECT is((SELECT count(*) FROM weekly_performance WHERE simulation_id = :sim AND model_brier IS NULL AND games > 0), 0::bigint, 'the model has a Brier score every week');
CREATE TEMP TABLE forecast AS SELECT * FROM season_forecasts('SIM', 2018);
SELECT ok(abs(sum(w.model_brier * w.games) / sum(w.games) - f.brier) < 1e-9 AND sum(w.games) = f.n, 'which is that of its forecasts')
FROM weekly_performance AS w, (SELECT brier_score(model, outcome) AS brier, count(*) AS n FROM forecast) AS f WHERE w.simulation_id = :sim GROUP BY f.brier, f.n;
SELECT is_empty('SELECT FROM forecast AS f LEFT JOIN model AS m USING (model_id) WHERE NOT coalesce(m.knowledge_cutoff <= f.as_of, false)', 'no forecast by a model that knew its future');
SELECT results_eq($$SELECT scorer, n FROM evaluate_season('SIM', 2018) ORDER BY 1$$,
	$$VALUES ('base_rate', 132), ('elo', 132), ('market_close', 132), ('market_open', 132), ('model', 132)$$, 'five scorers on the same games');
SELECT is((SELECT model_id FROM model_evaluations WHERE scorer = 'model'), (SELECT model_id FROM forecast ORDER BY as_of DESC LIMIT 1), 'the model is named');
SELECT is((SELECT round(log_loss::numeric, 10) FROM model_evaluations WHERE scorer = 'model'), (SELECT round(-avg(ln(model[outcome]))::numeric, 10) FROM forecast), 'its log loss');
-- 2017 has games before the first model: they count for nobody.
SELECT is((SELECT count(DISTINCT n) || ' ' || (max(n) = (SELECT count(model) FROM season_forecasts('SIM', 2017)))::text FROM evaluate_season('SIM', 2017)), '1 true',
	'games that no model could price are left out for all');
SELECT * FROM finish();
