-- The live game on an invented league: leads walk at random and drift with the home side's strength. Trained in seconds, so that every step is walked.
SET search_path = bet_edge, public;
SET client_min_messages = error;
SELECT plan(114);

-- ---- what needs no model ---------------------------------------------------------------------------------------
SELECT is(pattern_point('{1,-2,3}'), '{1,-2,3}'::real[], 'level: the pattern');
SELECT is(pattern_point('{1,-2,3}', 'shape'), '{-2,-5,0}'::real[], 'shape: the way to the last value');
SELECT is(pattern_point('{2,2,2}', 'time'), ARRAY[2 * sqrt(0.5), 2, 2 * sqrt(1.5)]::real[], 'time: late minutes count more, as many in all');
SELECT results_eq($$SELECT score_closeness(d) FROM unnest('{0,-5,6,-12,13,-40}'::int[]) AS d$$, $$VALUES ('close'), ('close'), ('open'), ('open'), ('wide'), ('wide')$$, 'how close a score is');
SELECT is(linear_solution('{{0,2},{4,1}}', '{2,9}'), '{2,1}'::float8[], 'an equation whose first pivot is 0');
SELECT throws_ok($$SELECT linear_solution('{{1,2},{2,4}}', '{1,2}')$$, '22023', NULL, 'one without an answer');
SELECT throws_ok($$SELECT linear_solution('{{1,2}}', '{1,2}')$$, '2202E', NULL, 'one that is not square');
SELECT throws_ok(format('SELECT predict_halftime(%L)', p), state, words, 'refused: ' || words) FROM (VALUES
	('{1,2,3}'::int[], '2202E', 'Pattern must be 18 values, got 3'), ('{}', '2202E', 'Pattern must be 18 values, got 0'), (NULL, '2202E', 'Pattern must be 18 values, got 0'), (array_fill(1, '{19}'), '2202E', 'Pattern must be 18 values, got 19'),
	(array_fill(NULL::int, '{18}'), '22004', 'pattern must not contain NULL'), (array_fill(-2147483648, '{18}'), '22023', 'pattern must hold differentials between -150 and 150, not -2147483648')) AS v (p, state, words);
SELECT throws_ok($$SELECT predict_halftime(array_fill(0, '{18}'))$$, '42704', NULL, 'without a model there is no forecast');
SELECT is(warm_up() < 10000, true, 'nor anything to warm up');
-- The shipped model, in a database that never saw the data.
SELECT count(*) FROM load_shipped_models() \g /dev/null
SELECT is((predict_halftime('{2,3,5,7,8,9,7,6,8,9,10,11,9,8,10,11,12,4}', return_explanation => false))::text, '{"interval_lower": -7.45, "interval_upper": 15.93, "point_forecast": 4.24, "coverage_probability": 0.95}', 'the shipped model says what its page says');
SELECT results_eq('SELECT cardinality(changes) / 2, hidden, shipped FROM halftime_model', 'VALUES (5000, 64, true)', 'with all that it holds');
DELETE FROM halftime_model;
SELECT setval('halftime_model_model_id_seq', 1, false) \g /dev/null

-- ---- a league of four seasons ------------------------------------------------------------------------------------
INSERT INTO team (team_id, pool, name) SELECT stable_id('nba:Team ' || i), 'nba', 'Team ' || i FROM generate_series(1, 10) AS i;
CREATE TEMP TABLE walk AS
SELECT season, n, 1 + n % 10 AS home, 1 + (n + 1 + n / 10 % 8) % 10 AS away, m, round(((('x' || substr(md5(concat(season, '-', n, '-', m)), 1, 7))::bit(28)::int % 1000) / 1000.0 - 0.5) * 8)::int AS step
FROM generate_series(2010, 2013) AS season, generate_series(0, 119) AS n, generate_series(1, 25) AS m;
INSERT INTO score_pattern_history (event_id, season, played_on, home_id, away_id, pattern, half_diff, final_diff, overtime, known_at, payload_id)
SELECT lpad((season * 1000 + n)::text, 10, '0'), season, make_date(season, 11, 1) + n / 5, stable_id('nba:Team ' || home), stable_id('nba:Team ' || away), leads[:24], leads[24], CASE leads[25] WHEN 0 THEN 1 ELSE leads[25] END, 0, (make_date(season, 11, 1) + n / 5 + time '22:30') AT TIME ZONE 'UTC', 0
FROM (SELECT season, n, home, away, array_agg(lead ORDER BY m) AS leads
	FROM (SELECT *, (sum(step + CASE WHEN m = 25 THEN 3 * sign(away - home) ELSE 0 END) OVER (PARTITION BY season, n ORDER BY m))::int AS lead FROM walk) AS w GROUP BY season, n, home, away) AS g;
UPDATE halftime_setting SET max_total_ms = 1e9, base_games = 300, neighbours = 20, lstm_hidden = 16, lstm_epochs = 2, lstm_seasons = 2, boosting = '{"objective": "reg:squarederror", "max_depth": 2, "rounds": 5}';
SELECT is(builtin, false, 'a setting that is changed is ours') FROM halftime_setting;
SELECT results_eq($$SELECT count(*), count(spread), count(DISTINCT elo) > 100, bool_and(lead + half = h.half_diff AND lead + final = h.final_diff) FROM halftime_games('2014-01-01') AS g JOIN score_pattern_history AS h USING (event_id)$$,
	$$VALUES (480::bigint, 0::bigint, true, true)$$, 'games to learn from, without a line');
SELECT is((SELECT count(*) FROM halftime_games('2012-06-01')), 240::bigint, 'as of a time');
SELECT is(fit_halftime_lstm(2010), NULL, 'nothing is learnt from nothing');
SELECT throws_ok('SELECT walk_halftime(2010)', '22023', NULL, 'the first season has none before it');
SELECT is(walk_halftime(2012), 120, 'a season is forecast');
SELECT results_eq('SELECT target, count(*), count(boosting_spread) FROM halftime_out_of_fold GROUP BY target ORDER BY target', $$VALUES ('final', 120::bigint, 0::bigint), ('half', 120, 0)$$, 'both targets, by all methods that know enough');
CREATE TEMP TABLE said AS SELECT * FROM halftime_out_of_fold;
CREATE TEMP TABLE truth AS SELECT event_id, pattern, half_diff, final_diff FROM score_pattern_history;
-- Scramble every result of the season that is forecast and of later ones: no forecast of it may change.
UPDATE score_pattern_history SET pattern = pattern[:18] || array_fill(50, '{6}'), half_diff = 50, final_diff = 7 WHERE season >= 2012;
SELECT walk_halftime(2012) \g /dev/null
SELECT is((SELECT count(*) FROM halftime_out_of_fold AS o JOIN said AS b USING (event_id, target) WHERE (o.lead, o.drift, o.dejavu_ten, o.dejavu, o.lstm, o.boosting) IS DISTINCT FROM (b.lead, b.drift, b.dejavu_ten, b.dejavu, b.lstm, b.boosting)), 0::bigint,
	'no result of the season or after it reaches a forecast');
SELECT is((SELECT bool_and(o.elo = b.elo) FROM halftime_out_of_fold AS o JOIN said AS b USING (event_id, target) WHERE o.event_id = '0002012000'), true, 'nor the strength of its first game');
UPDATE score_pattern_history AS h SET pattern = t.pattern, half_diff = t.half_diff, final_diff = t.final_diff FROM truth AS t WHERE t.event_id = h.event_id;

-- ---- training, by the procedure ------------------------------------------------------------------------------------
CALL train_halftime(2012, '2014-01-01', again => true);
SELECT results_eq('SELECT season, count(*) FROM halftime_out_of_fold GROUP BY season ORDER BY season', 'VALUES (2012, 240::bigint), (2013, 240)', 'two seasons are walked through');
SELECT results_eq('SELECT first_season, last_season, games, distance, neighbours, hidden, cardinality(points), knowledge_cutoff FROM halftime_model', $$VALUES (2012, 2013, 240, 'shape', 20, 16, 300 * 18, '2013-11-24 22:30+00'::timestamptz)$$, 'a model');
SELECT throws_ok($$UPDATE halftime_model SET weights[1] = 0$$, '23514', NULL, 'whose weights nobody bends');
SELECT results_eq('SELECT target, strength, blend FROM halftime_blend ORDER BY 1, 2, 3', $$VALUES ('final', 'elo', 'learned'), ('final', 'none', 'learned'), ('final', 'none', 'source'), ('half', 'elo', 'learned'), ('half', 'none', 'learned'), ('half', 'none', 'source')$$,
	'blends, of the strength that there is');
SELECT is((SELECT weights FROM halftime_blend WHERE target = 'half' AND blend = 'source'), '{0,0,0,0.4,0.6}', 'the source''s');
SELECT is((SELECT array_agg(m ORDER BY m) FROM (SELECT DISTINCT method AS m FROM halftime_errors()) AS e), '{boosting,dejavu,"dejavu ten",learned,"least squares",lstm,"random walk","score at the trigger",served,source,"source, ten"}'::text[], 'every method is judged');
SELECT is((SELECT bool_and(abs(e.error - (o.change - 0.4 * o.dejavu - 0.6 * o.lstm)) < 1e-9) FROM halftime_errors() AS e JOIN halftime_out_of_fold AS o USING (event_id, target) WHERE e.method = 'source'), true, 'the source''s blend is 0.4 and 0.6');
SELECT is((SELECT bool_and(o.change = e.error) FROM halftime_errors() AS e JOIN halftime_out_of_fold AS o USING (event_id, target) WHERE e.method = 'score at the trigger'), true, 'the score at the trigger stands');
SELECT results_eq($$SELECT season, n, mae > 0 AND rmse >= mae AND crps < mae, coverage95 >= coverage90 AND coverage90 >= coverage80 AND coverage80 > 0.5 FROM halftime_quality(2013, 2013) WHERE target = 'half' AND method = 'lstm'$$,
	'VALUES (2013, 120::bigint, true, true)', 'quality by season');

-- A model of the middle of 2013: that season is walked through, but was not known yet. Whatever its forecasts out of fold were, neither weights nor errors may rest on them.
CREATE FUNCTION pg_temp.rests_on(change int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	made int;
	said text;
BEGIN
	UPDATE halftime_out_of_fold AS o SET change = o.change + rests_on.change WHERE o.season = 2013;
	made := make_halftime_model('2013-11-12');
	said := (SELECT string_agg(concat(b.target, b.strength, b.blend, b.weights), ' ' ORDER BY b.target, b.strength, b.blend) FROM halftime_blend AS b WHERE b.model_id = made)
		|| (SELECT string_agg(c.scores::text, ' ' ORDER BY c.target, c.strength, c.blend, c.closeness) FROM halftime_calibration AS c WHERE c.model_id = made) || (SELECT m.metrics FROM halftime_model AS m WHERE m.model_id = made);
	DELETE FROM halftime_model AS m WHERE m.model_id = made;
	UPDATE halftime_out_of_fold AS o SET change = o.change - rests_on.change WHERE o.season = 2013;
	RETURN said;
END $$;
SELECT is(pg_temp.rests_on(0), pg_temp.rests_on(25), 'blends and intervals of a model made in mid-season rest on seasons that were known');

-- ---- a forecast --------------------------------------------------------------------------------------------------------
CREATE TEMP TABLE sample AS SELECT '{0,2,5,7,8,9,7,6,8,9,10,11,9,8,10,11,12,4}'::int[] AS p;
SELECT is((SELECT array_agg(k ORDER BY k) FROM sample, jsonb_object_keys(predict_halftime(p)) AS k), '{coverage_probability,explanation,interval_lower,interval_upper,point_forecast}'::text[], 'the answer has the source''s keys');
SELECT is((SELECT array_agg(k ORDER BY k) FROM sample, jsonb_object_keys(predict_halftime(p) -> 'explanation') AS k WHERE k IN ('dejavu_prediction', 'lstm_prediction', 'ensemble_forecast', 'dejavu_weight', 'lstm_weight', 'similar_games')),
	'{dejavu_prediction,dejavu_weight,ensemble_forecast,lstm_prediction,lstm_weight,similar_games}'::text[], 'and its explanation');
SELECT is((SELECT predict_halftime(p, 0.05, false) ? 'explanation' FROM sample), false, 'which may be left out');
SELECT is((SELECT abs((x ->> 'point_forecast')::float8 - 0.4 * (x #>> '{explanation,dejavu_prediction}')::float8 - 0.6 * (x #>> '{explanation,lstm_prediction}')::float8) < 0.02 FROM sample, predict_halftime(p, blend => 'source') AS x), true, 'source: 0.4 Dejavu and 0.6 network');
SELECT is((SELECT jsonb_array_length(predict_halftime(p) #> '{explanation,similar_games}') FROM sample), 10, 'ten similar games');
SELECT is((SELECT (predict_halftime(p) #>> '{explanation,similar_games,0,game_id}') = (SELECT event_id FROM similar_games(p, 1)) FROM sample), true, 'as similar_games() has them');
SELECT is((SELECT array_agg(s.event_id ORDER BY s.place) FROM sample, similar_games(p, 5, d) AS s), (SELECT array_agg(e ORDER BY place) FROM (
		SELECT n.event_id AS e, n.place FROM sample, halftime_neighbour AS n ORDER BY (SELECT sum((a - b) ^ 2) FROM unnest(pattern_point(n.pattern::int[], d), pattern_point(p, d)) AS x (a, b)), n.place LIMIT 5) AS five), 'nearest by ' || d)
FROM unnest('{level,shape,time}'::text[]) AS d;
SELECT throws_ok($$SELECT * FROM similar_games(array_fill(0, '{18}'), 5, 'far')$$, '22023', NULL, 'another distance');
SELECT throws_ok(format('SELECT predict_halftime(array_fill(0, ''{18}''), %s)', a), '22023', NULL, 'refused: ' || a) FROM unnest('{0,1,"NULL",target => ''third'',blend => ''best'',spread => 101,elo => 4000}'::text[]) AS a;
SELECT throws_ok('SELECT predict_halftime(array_fill(0, ''{18}''), model_id => 99)', '42704', NULL, 'no such model');
SELECT is((SELECT (predict_halftime(p, elo => 300) ->> 'point_forecast')::float8 > (predict_halftime(p, elo => -300) ->> 'point_forecast')::float8 FROM sample, halftime_blend AS b WHERE b.target = 'half' AND b.strength = 'elo' AND b.weights[3] > 0)
	IS NOT FALSE, true, 'strength counts');
SELECT throws_ok('SELECT predict_halftime(array_fill(0, ''{18}''), spread => 5)', '42704', NULL, 'a line that the model never learnt from');
-- 95 % needs 19 games: with fewer the interval is the whole line.
UPDATE halftime_calibration SET scores = scores[:18] WHERE closeness = 'close';
SELECT results_eq($$SELECT (x -> 'interval_lower')::text, (x -> 'interval_upper')::text, x #>> '{explanation,calibration_games}' FROM sample, predict_halftime(p) AS x$$, $$VALUES ('null', 'null', '18')$$, '18 games: the whole line');
UPDATE halftime_calibration SET scores = array_append(scores, 30) WHERE closeness = 'close';
SELECT results_eq($$SELECT (x ->> 'interval_upper')::numeric - (x ->> 'interval_lower')::numeric FROM sample, predict_halftime(p) AS x$$, 'VALUES (60::numeric)', '19 games: the greatest of them on both sides');
SELECT is(warm_up() > 0, true, 'warm');
-- POST /rpc/predict_halftime: the statement that PostgREST makes of a body
SELECT is((SELECT predict_halftime(pattern => b.pattern, alpha => b.alpha, return_explanation => b.return_explanation) FROM json_to_record('{"pattern": [2,3,5,7,8,9,7,6,8,9,10,11,9,8,10,11,12,4], "alpha": 0.05, "return_explanation": true}') AS b (pattern int[], alpha float8, return_explanation boolean)),
	predict_halftime('{2,3,5,7,8,9,7,6,8,9,10,11,9,8,10,11,12,4}'), 'the body of the source''s request names the arguments');

-- ---- the loop: every 10 seconds a poll ----------------------------------------------------------------------------------
UPDATE halftime_setting SET log_predictions = true;
CREATE FUNCTION pg_temp.poll(at interval, games jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT load_payload('nba_live', 'todaysScoreboard_00.json', convert_to(jsonb_build_object('meta', jsonb_build_object('time', at::text), 'scoreboard', jsonb_build_object('games', games))::text, 'UTF8'), '2031-02-12 00:00+00'::timestamptz + at) $$;
CREATE FUNCTION pg_temp.game(id text, home text, away text, elapsed int, h int, a int, over boolean DEFAULT false) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('gameId', id, 'gameStatus', CASE WHEN over THEN 3 ELSE 2 END, 'gameStatusText', 'Q', 'period', CASE WHEN over THEN 4 ELSE (elapsed + 719) / 720 END, 'gameClock', format('PT%sM%s.00S', lpad(((2880 - elapsed) % 720 / 60)::text, 2, '0'), lpad(((2880 - elapsed) % 60)::text, 2, '0')),
		'gameTimeUTC', '2031-02-12T00:00:00Z', 'homeTeam', jsonb_build_object('teamTricode', home, 'score', h), 'awayTeam', jsonb_build_object('teamTricode', away, 'score', a)) $$;
-- Two games, every half minute of play: the home side of one leads by a point more each minute, of the other it falls behind.
SELECT count(pg_temp.poll(s * interval '10 s', jsonb_build_array(pg_temp.game('0023000001', 'CHA', 'ATL', 30 * s, 3 * (30 * s / 60), 2 * (30 * s / 60)), pg_temp.game('0023000002', 'BOS', 'LAL', 30 * s, 2 * (30 * s / 60), 3 * (30 * s / 60))))) AS polls FROM generate_series(1, 36) AS s \gset
SELECT results_eq('SELECT event_id, pattern FROM halftime_forecast ORDER BY event_id', $$VALUES ('0023000001', ARRAY(SELECT generate_series(1, 18))), ('0023000002', ARRAY(SELECT -generate_series(1, 18)))$$, 'the 18th minute closes: both are forecast, home minus away');
SELECT results_eq($$SELECT game_info FROM halftime_forecast ORDER BY event_id LIMIT 1$$,
	$$VALUES ('{"game_id": "0023000001", "home_team": "Charlotte Hornets", "away_team": "Atlanta Hawks", "score_home": 54, "score_away": 36, "period": 2}'::jsonb)$$, 'the record knows its game');
SELECT is((SELECT bool_and(prediction ? 'point_forecast' AND final ? 'point_forecast' AND steps ?& '{buffer_ms,pattern_ms,model_ms,emit_ms,total_ms}'::text[]) FROM halftime_forecast), true, 'both targets, and the time of every step');
SELECT results_eq('SELECT calls, errors, success_rate, avg_ms > 0 AND min_ms <= p95_ms AND p95_ms <= max_ms FROM halftime_statistics()', 'VALUES (2::bigint, 0::bigint, 1::float8, true)', 'calls are counted');
SELECT count(pg_temp.poll(s * interval '10 s', jsonb_build_array(pg_temp.game('0023000001', 'CHA', 'ATL', 30 * s, 3 * (30 * s / 60), 2 * (30 * s / 60))))) AS polls FROM generate_series(37, 50) AS s \gset
SELECT is((SELECT count(*) FROM halftime_forecast), 2::bigint, 'however often polls repeat');
SELECT results_eq($$SELECT event_id, target, differential, round((differential - (prediction ->> 'point_forecast')::float8)::numeric, 6) = round(error::numeric, 6) FROM halftime_outcome JOIN halftime_forecast USING (forecast_id)$$, $$VALUES ('0023000001', 'half', 24, true)$$, 'the half is noted');
SELECT is((SELECT array_agg(round(alpha_t::numeric, 5) = round((alpha + 0.01 * (alpha - missed))::numeric, 5)) FROM halftime_adaptation), '{t,t,t}', 'and intervals follow');
SELECT pg_temp.poll('1 h', jsonb_build_array(pg_temp.game('0023000001', 'CHA', 'ATL', 2880, 110, 99, true))) \g /dev/null
SELECT is((SELECT array_agg(target || ' ' || differential ORDER BY target) FROM halftime_outcome), '{"final 11","half 24"}', 'so is the end');
-- A failed forecast: the poll is kept, the next one asks again.
CREATE TEMP TABLE blends AS SELECT * FROM halftime_blend;
CREATE TEMP TABLE scores AS SELECT * FROM halftime_calibration;
DELETE FROM halftime_blend;
SELECT count(pg_temp.poll(interval '2 h' + s * interval '10 s', jsonb_build_array(pg_temp.game('0023000003', 'DEN', 'UTA', 30 * s, 30 * s / 60, 0)))) AS polls FROM generate_series(1, 37) AS s \gset
SELECT results_eq($$SELECT count(*), max(elapsed), (SELECT count(*) FROM halftime_forecast WHERE event_id = '0023000003') FROM live_score WHERE event_id = '0023000003' AND source = 'poll'$$, $$VALUES (37::bigint, 1110::float8, 0::bigint)$$, 'a model that fails stops no poll');
SELECT results_eq('SELECT calls, errors, success_rate FROM halftime_statistics()', 'VALUES (4::bigint, 2::bigint, 0.5::float8)', 'errors over all calls');
INSERT INTO halftime_blend SELECT * FROM blends;
INSERT INTO halftime_calibration SELECT * FROM scores;
SELECT pg_temp.poll('3 h', jsonb_build_array(pg_temp.game('0023000003', 'DEN', 'UTA', 1140, 19, 0))) \g /dev/null
SELECT is((SELECT array_agg(pattern[18]) FROM halftime_forecast WHERE event_id = '0023000003'), '{18}', 'the next one is answered');
-- One that takes too long stands, and counts as failed.
UPDATE halftime_setting SET max_total_ms = 0;
SELECT count(pg_temp.poll(interval '5 h' + s * interval '10 s', jsonb_build_array(pg_temp.game('0023000006', 'PHX', 'MIN', 30 * s, 30 * s / 60, 0)))) AS polls FROM generate_series(1, 37) AS s \gset
SELECT results_eq($$SELECT (SELECT pattern[18] FROM halftime_forecast WHERE event_id = '0023000006'), count(*), bool_and(error ~ '^took [\d.]+ ms in all, more than 0$' AND model_ms > 0) FROM halftime_call WHERE event_id = '0023000006'$$, $$VALUES (18, 1::bigint, true)$$, 'too late is an error, and told all the same');
DELETE FROM halftime_call WHERE event_id = '0023000006';
DELETE FROM halftime_forecast WHERE event_id = '0023000006';
UPDATE halftime_setting SET max_total_ms = 1e9;
-- A game joined late has no pattern, one seen after its half no forecast, a put-off one neither.
SELECT pg_temp.poll('4 h', jsonb_build_array(pg_temp.game('0023000004', 'MIA', 'ORL', 1100, 40, 30), pg_temp.game('0023000005', 'SAC', 'POR', 1500, 60, 50))) \g /dev/null
SELECT is((SELECT count(*) FROM halftime_forecast), 3::bigint, 'joined late, or too late: none');
SELECT is((SELECT count(*) FROM halftime_call WHERE error IS NOT NULL), 2::bigint, 'and no error');
-- Put off after its forecast: one game goes on and has its outcome; the other begins anew, and what becomes of that says nothing of the forecast.
SELECT pg_temp.poll('6 h', jsonb_build_array(pg_temp.game('0023000002', 'BOS', 'LAL', 1100, 36, 54) || '{"gameStatus": 1, "gameStatusText": "PPD"}', pg_temp.game('0023000003', 'DEN', 'UTA', 1150, 19, 0) || '{"gameStatus": 1, "gameStatusText": "PPD"}')) \g /dev/null
SELECT count(pg_temp.poll(interval '7 h' + s * interval '10 s', jsonb_build_array(pg_temp.game('0023000002', 'BOS', 'LAL', 30 * s, 3 * (30 * s / 60), 0), pg_temp.game('0023000003', 'DEN', 'UTA', 1150 + s, 20, 0)))) AS polls FROM generate_series(1, 48) AS s \gset
SELECT pg_temp.poll('8 h', jsonb_build_array(pg_temp.game('0023000002', 'BOS', 'LAL', 2880, 110, 99, true), pg_temp.game('0023000003', 'DEN', 'UTA', 2880, 110, 99, true))) \g /dev/null
SELECT results_eq($$SELECT event_id, target, differential FROM halftime_outcome JOIN halftime_forecast USING (forecast_id) WHERE event_id IN ('0023000002', '0023000003') ORDER BY 1, 2$$, $$VALUES ('0023000003', 'final', 11)$$, 'another game than was forecast');
SELECT is((SELECT count(*) FROM halftime_forecast WHERE event_id = '0023000002'), 1::bigint, 'a game is forecast once');
SELECT replay() AS replayed \gset
SELECT is((SELECT array_agg(event_id ORDER BY forecast_id) FROM halftime_forecast), '{0023000001,0023000002,0023000003}', 'a replay forecasts nothing again');
SELECT is((SELECT halftime_model_at('2013-11-24')), NULL, 'no model speaks of a game that it has seen');

-- ---- how it stands, and another database -------------------------------------------------------------------------------------
SELECT is(model_info() #> '{dejavu,database_size}' || (model_info() #> '{lstm,hidden_size}') || (model_info() #> '{conformal,alpha}'), '[300, 16, 0.05]', 'model_info() knows the three of them');
SELECT is((health() -> 'models_loaded')::text || (health() #>> '{live,errors}') || (health() ->> 'problems' ~ '2 of 5 forecasts of running games failed'), 'true2true', 'so does health(), with what failed');
SELECT is(import_halftime_model(export_halftime_model(1)), '1', 'a model that is there is not stored again');
CREATE TEMP TABLE exported AS SELECT export_halftime_model(1) AS model, (SELECT jsonb_agg(predict_halftime(p, target => t) ORDER BY t) FROM sample, unnest('{half,final}'::text[]) AS t) AS said;
TRUNCATE halftime_outcome, halftime_forecast, halftime_adaptation;
DELETE FROM halftime_model;
SELECT throws_ok($$SELECT import_halftime_model('{}')$$, '22023', 'artifact is no model of the live game', 'another document');
SELECT throws_ok($$SELECT import_halftime_model(jsonb_set(model, '{sha256}', '"0"')) FROM exported$$, '23514', NULL, 'a checksum of other bits');
DELETE FROM shipped_model WHERE name = 'halftime';
INSERT INTO shipped_model SELECT 'halftime', 'import_halftime_model', model FROM exported;
SELECT count(*) FROM load_shipped_models() \g /dev/null
SELECT is((SELECT count(*) FROM load_shipped_models() WHERE name = 'halftime') + (SELECT count(*) FROM halftime_model), 2::bigint, 'shipped models load once');
SELECT is((SELECT jsonb_agg(predict_halftime(p, target => t) #- '{explanation,model_id}' ORDER BY t) FROM sample, unnest('{half,final}'::text[]) AS t), (SELECT jsonb_agg(x #- '{explanation,model_id}') FROM exported, jsonb_array_elements(said) AS x), 'and say the same');
SELECT is((SELECT bool_and(c.n = 6) FROM (SELECT count(*) AS n FROM halftime_calibration GROUP BY closeness) AS c), true, 'with all their errors');
-- Nobody knows the teams: no strength is known, the forecast is made of the pattern.
SELECT count(pg_temp.poll(interval '3 h' + s * interval '10 s', jsonb_build_array(pg_temp.game('0012300001', 'XXA', 'XXB', 30 * s, 30 * s / 60, 0)))) AS polls FROM generate_series(1, 37) AS s \gset
SELECT is((SELECT array_agg(pattern[18]) FROM halftime_forecast WHERE event_id = '0012300001'), '{18}', 'a game of unknown teams is forecast as well');
-- ---- what is not to be believed, and what is said later: a poll every 20 seconds of play, each game on a day of its own -------------------
CREATE FUNCTION pg_temp.at(id text, e int, h int DEFAULT NULL, a int DEFAULT NULL, later int DEFAULT 0, more jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.poll(right(id, 2)::int * interval '1 day' + (e + later) * interval '1 s', jsonb_build_array(pg_temp.game(id, 'XX' || right(id, 2), 'XXB', greatest(e, 1), coalesce(h, e / 15), coalesce(a, e / 20)) || more)) $$;
CREATE FUNCTION pg_temp.play(id text, first int, last int, later int DEFAULT 0) RETURNS void LANGUAGE sql AS $$ SELECT pg_temp.at(id, e, later => later) FROM generate_series(first, last, 20) AS e $$;
CREATE FUNCTION pg_temp.became(id text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s %s', target, differential, round((differential - (CASE target WHEN 'half' THEN prediction ELSE final END ->> 'point_forecast')::float8 - o.error)::numeric, 6) = 0), ', ' ORDER BY target) FROM halftime_outcome AS o JOIN halftime_forecast USING (forecast_id) WHERE event_id = id $$;
CREATE FUNCTION pg_temp.moved() RETURNS text LANGUAGE sql AS $$ SELECT md5(coalesce(string_agg(a::text, ';' ORDER BY a::text), '')) FROM halftime_adaptation AS a $$;
SELECT pg_temp.play('0023000051', 0, 1060), pg_temp.at('0023000051', 1080, 58, 54), pg_temp.play('0023000052', 0, 1060), pg_temp.at('0023000052', 1080, 0, 0), pg_temp.at('0023000052', 1100, 0, 0) \g /dev/null
SELECT is_empty($$SELECT FROM halftime_forecast WHERE event_id IN ('0023000051', '0023000052')$$, 'a poll that closes the 18th minute with less than before waits for the next');
SELECT pg_temp.at('0023000051', 1100), pg_temp.at('0023000052', 1120) \g /dev/null
SELECT results_eq($$SELECT event_id, pattern[17:], (game_info ->> 'score_home')::int FROM halftime_forecast WHERE event_id IN ('0023000051', '0023000052') ORDER BY 1$$, $$VALUES ('0023000051', '{17,17}'::int[], 73), ('0023000052', '{17,17}', 74)$$, 'and the game is forecast without it');
-- A basket at the buzzer, counted a poll after the clock's 0:00; a period and an end that are corrected.
SELECT pg_temp.play('0023000053', 0, 1420), pg_temp.at('0023000053', 1440, 96, 72), pg_temp.at('0023000053', 1440, 99, 72, 10, '{"gameStatusText": "Half"}') \g /dev/null
SELECT is(pg_temp.became('0023000053'), NULL, 'the half is not over before the third period begins');
SELECT pg_temp.at('0023000053', 1500, 102, 75, 1000) \g /dev/null
SELECT is(pg_temp.became('0023000053'), 'half 27 t', 'and has the basket at the buzzer');
SELECT pg_temp.moved() AS moved \gset
SELECT pg_temp.at('0023000053', 1520, 101, 76, 1000, jsonb_build_object('homeTeam', '{"teamTricode": "XX53", "score": 101, "periods": [{"score": 48}, {"score": 49}]}'::jsonb, 'awayTeam', '{"teamTricode": "XXB", "score": 76, "periods": [{"score": 36}, {"score": 36}]}'::jsonb)) \g /dev/null
SELECT is(pg_temp.became('0023000053') || (pg_temp.moved() = :'moved'), 'half 25 ttrue', 'what the scores by period correct is corrected, and moves no interval again');
SELECT pg_temp.at('0023000053', 2880, 200, 150, 1000, '{"gameStatus": 3}') \g /dev/null
SELECT pg_temp.moved() AS moved \gset
SELECT pg_temp.at('0023000053', 2880, 198, 150, 1010, '{"gameStatus": 3}') \g /dev/null
SELECT is(pg_temp.became('0023000053') || (pg_temp.moved() = :'moved'), 'final 48 t, half 25 ttrue', 'so is an end');
SELECT is(max(known_at) - min(known_at) > interval '10 min', true, 'known from what said so') FROM halftime_outcome JOIN halftime_forecast USING (forecast_id) WHERE event_id = '0023000053';
-- Called over for one poll in the second period, and once before the 18th minute.
SELECT pg_temp.play('0023000054', 0, 1040), pg_temp.at('0023000054', 1060, more => '{"gameStatus": 3, "period": 2, "gameClock": ""}') \g /dev/null
SELECT is(score_pattern('nba_live', '0023000054'), NULL, 'an end in the second period closes no minute');
SELECT pg_temp.play('0023000054', 1080, 1180), pg_temp.at('0023000054', 1200, more => '{"gameStatus": 3, "period": 2, "gameClock": ""}'), pg_temp.play('0023000054', 1220, 1420), pg_temp.at('0023000054', 1440, 99, 72) \g /dev/null
SELECT is(pg_temp.became('0023000054'), NULL, 'and is none');
SELECT pg_temp.at('0023000054', 2880, 200, 150, more => '{"gameStatus": 3}') \g /dev/null
SELECT is(pg_temp.became('0023000054'), 'final 50 t, half 27 t', 'after four periods one is, and of the half too');
-- Loaded newest first, and late.
SELECT pg_temp.at('0023000055', 2880, 200, 150, more => '{"gameStatus": 3}'), pg_temp.play('0023000055', 0, 1100), pg_temp.at('0023000056', 1500), pg_temp.play('0023000056', 0, 1100), pg_temp.at('0023000057', 1100), pg_temp.play('0023000057', 0, 1080) \g /dev/null
SELECT results_eq($$SELECT event_id, game_info ->> 'score_home' FROM halftime_forecast WHERE event_id BETWEEN '0023000055' AND '0023000057'$$, $$VALUES ('0023000057', '72')$$, 'what is over is not forecast, nor a half that is; what is known of a game is of the reading that closed the minute');
-- Begun again after its forecast, without a word of it.
SELECT pg_temp.play('0023000058', 0, 1200), pg_temp.play('0023000058', 0, 1500, 5000) \g /dev/null
SELECT is(pg_temp.became('0023000058') || count(*), NULL, 'another game than was forecast') FROM halftime_forecast WHERE event_id = '0023000058';
-- Play-by-play alone: teams are known by the event, and nobody asks beyond the half.
INSERT INTO game_event (feed, event_id, game_id) SELECT 'nba_live', '0023000059', game_id FROM game_event WHERE event_id = '0023000001';
CREATE FUNCTION pg_temp.told(last int) RETURNS void LANGUAGE sql AS $$
	SELECT load_payload('nba_live', 'playbyplay_0023000059.json', convert_to(jsonb_build_object('game', jsonb_build_object('gameId', '0023000059', 'actions', (SELECT jsonb_agg(jsonb_build_object('orderNumber', e, 'period', greatest((e + 719) / 720, 1), 'clock', format('PT%sM%s.00S',
		lpad(((2160 - e) % 720 / 60)::text, 2, '0'), lpad(((2160 - e) % 60)::text, 2, '0')), 'scoreHome', (e / 15)::text, 'scoreAway', (e / 20)::text)) FROM generate_series(10, last, 10) AS e)))::text, 'UTF8'), '2031-04-12 00:00+00'::timestamptz + last * interval '1 s') $$;
SELECT pg_temp.told(1090), pg_temp.told(1440) \g /dev/null
SELECT is(game_info #>> '{home_team}' || pg_temp.became(event_id), 'Charlotte Hornetshalf 24 t', 'with play-by-play alone') FROM halftime_forecast WHERE event_id = '0023000059';

-- ---- intervals within each other ---------------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.widths(VARIADIC a float8[]) RETURNS float8[] LANGUAGE sql AS $$
	SELECT array_agg(coalesce((x ->> 'interval_upper')::float8 - (x ->> 'interval_lower')::float8, 'Infinity') ORDER BY n) FROM sample, unnest(a) WITH ORDINALITY AS v (a, n), predict_halftime(p, v.a, false) AS x $$;
CREATE FUNCTION pg_temp.nested() RETURNS boolean LANGUAGE sql AS $$ SELECT bool_and(w <= before) FROM (SELECT w, lag(w) OVER (ORDER BY n) AS before FROM unnest(pg_temp.widths(VARIADIC ARRAY(SELECT n / 200.0 FROM generate_series(1, 199) AS n))) WITH ORDINALITY AS x (w, n)) AS y WHERE before IS NOT NULL $$;
DELETE FROM halftime_adaptation;
SELECT is(adapted_alpha('half', 'none', 'learned', 'close', a), a, 'before the first game alpha is what it is') FROM unnest('{0.03}'::float8[]) AS a;
INSERT INTO halftime_adaptation VALUES ('half', 'none', 'learned', 'close', 0.05, 0.0215, 3, 3);
SELECT is(pg_temp.nested(), true, 'an interval of less has in it one of more');
INSERT INTO halftime_adaptation VALUES ('half', 'none', 'learned', 'close', 0.1, 0.14, 3, 0), ('half', 'none', 'learned', 'close', 0.2, 0.19, 3, 3);
SELECT is((SELECT array_agg(round(adapted_alpha('half', 'none', 'learned', 'close', a)::numeric, 6)) FROM unnest('{0.025,0.05,0.075,0.1,0.15,0.2,0.6}'::float8[]) AS a), '{0.010750,0.0215,0.08075,0.14,0.165,0.19,0.595}', 'on straight lines between the levels');
SELECT is(pg_temp.nested(), true, 'again');
UPDATE halftime_adaptation SET alpha_t = CASE alpha WHEN 0.05 THEN 0.12 WHEN 0.1 THEN -0.01 ELSE 1.1 END;
SELECT is((SELECT array_agg(adapted_alpha('half', 'none', 'learned', 'close', a)) FROM unnest('{0.01,0.05,0.1,0.2,0.5}'::float8[]) AS a), '{-0.01,-0.01,-0.01,1.1,1.1}', 'the wider one where levels contradict each other');
SELECT is(pg_temp.nested(), true, 'and again');
DELETE FROM halftime_adaptation;
SELECT is((SELECT predict_halftime(format('[0:17]=%s', p)::int[], blend => 'source') FROM sample), (SELECT predict_halftime(p, blend => 'source') FROM sample), 'eighteen values are that, from whatever they are counted');
SELECT is((SELECT array_agg(s.event_id || s.distance_to) FROM sample, similar_games(format('[-3:14]=%s', p)::int[], 5, d) AS s), (SELECT array_agg(s.event_id || s.distance_to) FROM sample, similar_games(p, 5, d) AS s), 'so are similar games, by ' || d) FROM unnest('{level,shape,time}'::text[]) AS d;
SELECT is(array_lower(pattern_point('[0:2]={1,2,3}', d), 1), 1, 'and points, by ' || d) FROM unnest('{level,shape,time}'::text[]) AS d;
SELECT is((SELECT jsonb_agg(predict_halftime(p, a, false) -> 'coverage_probability' ORDER BY a) FROM sample, unnest('{0.05,0.1,0.3,0.9}'::float8[]) AS a), '[0.95, 0.9, 0.7, 0.1]', 'coverage is a decimal');
SELECT * FROM finish();
