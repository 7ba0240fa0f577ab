-- What a model must have shown before it may speak: every gate, its refusal and its reason.
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(26);
SELECT simulate_league(5, 12, 6) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
CALL train_model('SIM', 'moneyline', 'logistic', refit_weeks => 30);
CALL train_model('SIM', 'moneyline', 'logistic', refit_weeks => 30, params => '{"ridge": 300}');
CALL train_model('SIM', 'total', refit_weeks => 30, rounds => 20);
CREATE FUNCTION pg_temp.model_of(run bigint) RETURNS bigint LANGUAGE sql AS 'SELECT model_id FROM bet_edge.model WHERE run_id = $1 AND fold IS NULL';

SELECT results_eq($$SELECT gate, passed IS NOT NULL FROM promotion_check(pg_temp.model_of(2))$$,
	$$VALUES ('games', true), ('market', true), ('champion', true), ('calibration', true), ('return', true)$$, 'five gates, all judged') ;
SELECT ok(passed AND value = (SELECT count(*) FROM oof_prediction WHERE run_id = 2), 'enough games') FROM promotion_check(pg_temp.model_of(2)) WHERE gate = 'games';
SELECT ok(abs(value + 1 - (SELECT avg(a.loss) / avg(b.loss) FROM out_of_fold(2) AS a JOIN out_of_fold(1) AS b USING (game_id))) < 1e-12, 'the champion''s loss is that of its folds on the same games')
FROM promotion_check(pg_temp.model_of(2)) WHERE gate = 'champion';
SELECT ok((SELECT avg(loss) FROM out_of_fold(2)) BETWEEN 0.8 AND 1.1, 'which is a log loss');
SELECT is_empty($$SELECT FROM out_of_fold(2) AS o JOIN oof_prediction AS p ON p.run_id = 2 AND p.game_id = o.game_id JOIN training_fold AS f ON f.run_id = 2 AND f.fold = p.fold JOIN model AS m USING (model_id)
	WHERE o.forecast <> calibrate(m.calibration, p.raw)$$, 'calibrated as each fold was then');
SELECT set_eq($$SELECT gate FROM promotion_check(pg_temp.model_of(3))$$, '{games,market,champion,calibration}'::text[], 'a total has no return gate');
SELECT is((SELECT passed FROM promotion_check(pg_temp.model_of(3)) WHERE gate = 'champion'), NULL, 'without a champion there is nothing to beat');
SELECT throws_ok('SELECT promotion_check(0)', '42704', 'unknown model 0', 'an unknown model');
SELECT throws_ok($$SELECT promotion_check(pg_temp.model_of(2), 'lenient')$$, '42704', 'unknown rule "lenient"', 'an unknown rule');

-- each bound alone refuses, and says why
UPDATE promotion_rule SET min_games = 100, max_loss_to_market = 1, max_loss_to_champion = 1, max_calibration_error = 1, min_bets = 2, min_roi_upper = -1;
PREPARE promote AS SELECT promote_model(pg_temp.model_of(2));
CREATE FUNCTION pg_temp.refused(change text, reason text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	EXECUTE 'UPDATE bet_edge.promotion_rule SET ' || change;
	line := throws_like('EXECUTE promote', reason, reason);
	UPDATE bet_edge.promotion_rule SET min_games = 100, max_loss_to_market = 1, max_loss_to_champion = 1, max_calibration_error = 1, min_bets = 2, min_roi_upper = -1;
	RETURN line;
END $$;
SELECT pg_temp.refused('min_games = 100000', 'model % ("SIM/moneyline/2") is not promoted: games: % games forecast out of fold, 100000 needed');
SELECT pg_temp.refused('max_loss_to_market = -0.5', 'model % ("SIM/moneyline/2") is not promoted: market: loss %, the closing market''s % on % games, difference % to %');
SELECT pg_temp.refused('max_loss_to_champion = -0.5', 'model % ("SIM/moneyline/2") is not promoted: champion: loss %, that of SIM/moneyline/1 % on % games, difference % to %');
SELECT pg_temp.refused('max_calibration_error = 1e-9', 'model % ("SIM/moneyline/2") is not promoted: calibration: expected calibration error %');
SELECT pg_temp.refused('min_roi_upper = 9', 'model % ("SIM/moneyline/2") is not promoted: return: return % on % bets, between % and %');
SELECT pg_temp.refused('min_roi_upper = 9, max_calibration_error = 1e-9', '%calibration: %; return: %');
SELECT is((SELECT stage FROM model WHERE model_id = pg_temp.model_of(2)), 'candidate', 'a refused model stays a candidate');
UPDATE promotion_rule SET min_bets = 100000, min_roi_upper = 9;
SELECT is(promote_model(pg_temp.model_of(2)), 'SIM/moneyline/2', 'too few bets are not judged, the rest is passed');
SELECT ok(jsonb_array_length(gates) = 5 AND gates @> '[{"gate": "games", "passed": true}]', 'what it had shown is kept') FROM model_live WHERE model_id = pg_temp.model_of(2);

-- a model that is worse than the champion for sure
UPDATE oof_prediction SET raw = ARRAY[raw[3], raw[2], raw[1]] WHERE run_id = 1;
UPDATE promotion_rule SET max_loss_to_champion = 0.002;
SELECT throws_like('SELECT promote_model(pg_temp.model_of(1))', '%champion: loss %', 'one that takes home for away is refused');
SELECT is(promote_model(pg_temp.model_of(1), 'we know better', force => true), 'SIM/moneyline/1', 'force promotes it all the same');
SELECT ok(reason LIKE 'we know better (forced; %champion: loss %', 'and that is written down') FROM live_model('SIM', 'moneyline');

-- champion and challenger side by side, on the season's last weeks as they were
SELECT starts_at - interval '3 days' AS moment FROM (SELECT starts_at FROM sports_events WHERE sport = 'SIM' AND status = 'final' ORDER BY starts_at DESC OFFSET 5 LIMIT 1) AS e \gset
UPDATE model SET knowledge_cutoff = :'moment'::timestamptz - interval '1 day' WHERE fold IS NULL;
UPDATE model SET stage = 'candidate' WHERE run_id = 2 AND fold IS NULL;
SELECT record_forecasts('SIM', :'moment') AS stored \gset
SELECT ok(:stored > 0 AND :stored % 3 = 0, 'two bet types, and a challenger of one');
SELECT is(record_forecasts('SIM', :'moment'), 0, 'once');
SELECT set_eq($$SELECT role, m.name FROM model_forecast AS f JOIN model AS m USING (model_id)$$,
	$$VALUES ('champion', 'SIM/moneyline/1'), ('challenger', 'SIM/moneyline/2'), ('champion', 'SIM/total/3')$$, 'each in its role');
SELECT is_empty(format($$SELECT FROM model_forecast AS f JOIN predict_games('SIM', %L) AS p USING (game_id, model_id) WHERE p.probs IS DISTINCT FROM f.probs OR p.prediction IS DISTINCT FROM f.prediction$$, :'moment'), 'the champion''s is what prices');
SELECT ok(games > 0 AND abs(difference - (challenger_loss - champion_loss)) < 1e-12 AND challenger_id = pg_temp.model_of(2) AND champion_id = pg_temp.model_of(1), 'and they are compared when the games are over') FROM compare_challengers('SIM', 'moneyline');
