-- Players' bets on a small invented league: prices join by id, are worth what the law of the count says, are staked with their game, picked, placed, settled, and withdrawn.
SET client_min_messages = warning;
SELECT plan(73);
SET search_path = bet_edge, public;
SET timezone = 'UTC';

-- Four teams, three seasons of 20 days, eight men a side.
\set days 20
\set men 9
\ir player_league.inc
SELECT refresh_prop_forms('NBA', 'points', '2010-11-24 12:00'), train_prop('NBA', 'points', rounds => 10, params => '{"min_child_weight": 10}') \g /dev/null

-- ---- prices join by id and game ------------------------------------------------------------------
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'the_odds_api', 'team', 'nba', 'T' || t, 'T' || t FROM generate_series(1, 4) AS t
UNION ALL SELECT 'the_odds_api', 'player', 'nba', 'Man ' || i, i FROM unnest('{101,102,103,304,109}'::text[]) AS i;
CREATE FUNCTION pg_temp.poll(prices jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT convert_to(jsonb_build_object('id', 'e1', 'sport_key', 'basketball_nba', 'commence_time', '2010-11-25T00:00:00Z', 'home_team', 'T1', 'away_team', 'T3', 'bookmakers',
		(SELECT jsonb_agg(b.book) FROM (SELECT jsonb_build_object('key', p ->> 0, 'markets', jsonb_agg(jsonb_build_object('key', p ->> 1, 'last_update', '2010-11-24T12:00:00Z', 'outcomes', p -> 2))) AS book
			FROM jsonb_array_elements(prices) AS p GROUP BY p ->> 0) AS b))::text, 'UTF8')::text $$;
CREATE FUNCTION pg_temp.sides(name text, line float8, over_odds float8, under_odds float8) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('name', 'Over', 'description', name, 'price', over_odds, 'point', line), jsonb_build_object('name', 'Under', 'description', name, 'price', under_odds, 'point', line)) $$;
SELECT results_eq($$SELECT rows_read, games, quotes, rejects FROM load_payload('the_odds_api', 'https://x/v4/sports/basketball_nba/events/e1/odds?oddsFormat=decimal', pg_temp.poll(jsonb_build_array(
	jsonb_build_array('draftkings', 'player_points', pg_temp.sides('Man 101', 9.5, 1.90, 1.90) || pg_temp.sides('Man 102', 9, 2.60, 1.50) || pg_temp.sides('Man 304', 7.5, 1.85, 1.95) || pg_temp.sides('Man 109', 5.5, 1.9, 1.9) || pg_temp.sides('Man 110', 5.5, 1.9, 1.9)),
	jsonb_build_array('draftkings', 'player_points_alternate', pg_temp.sides('Man 101', 14.5, 3.5, 1.28)),
	jsonb_build_array('draftkings', 'player_blocks', pg_temp.sides('Man 101', 0.5, 1.9, 1.9)),
	jsonb_build_array('fanduel', 'player_points', pg_temp.sides('Man 101', 9.5, 2.00, 1.80))))::bytea, '2010-11-24 12:00')$$,
	$$VALUES (1, 1, 14, 1)$$, 'players'' prices: all but those of a name that alias does not have');
SELECT results_eq($$SELECT kind, name FROM unknown_names('the_odds_api')$$, $$VALUES ('player', 'Man 110')$$, 'who is asked for, and never guessed');
SELECT game_id AS g FROM game_event WHERE event_id = 'e1' \gset

-- ---- forecasts and edges -----------------------------------------------------------------------------
CREATE TEMP TABLE said AS SELECT * FROM prop_forecasts('NBA', '2010-11-24 12:00');
SELECT results_eq('SELECT player_id, market, line FROM said', $$VALUES ('101', 'player_points', 9.5::float8), ('101', 'player_points_alternate', 14.5), ('102', 'player_points', 9), ('304', 'player_points', 7.5)$$,
	'every line of players with a form, of props with a model: neither the stranger''s nor blocks');
SELECT ok(bool_and((s.mean, s.prob_over, s.prob_push) = (p.mean, p.prob_over, p.prob_push)), 'as predict_prop() answers for that game') FROM said AS s
CROSS JOIN LATERAL predict_prop('NBA', 'points', s.player_id, s.line, jsonb_build_object('is_home', s.player_id LIKE '1%', 'opponent', CASE WHEN s.player_id LIKE '1%' THEN 'T3' ELSE 'T1' END,
	'rest_days', (timestamptz '2010-11-25' AT TIME ZONE 'America/New_York')::date - (timestamptz '2010-11-21' AT TIME ZONE 'America/New_York')::date)) AS p;
SELECT ok(bool_and(abs(market_over + market_under - 1) < 1e-12), 'the books without their margin') FROM said;
SELECT ok(abs(market_over - 0.5 * (remove_overround('{2.0,1.8}', 'power'))[1] - 0.25) < 1e-12, 'of both books, by the power method') FROM said WHERE player_id = '101' AND line = 9.5;
CREATE TEMP TABLE worth AS SELECT e.* FROM prop_edges('NBA', '2010-11-24 12:00') AS e;
SELECT is(count(*), 10::bigint, 'a signal a price') FROM worth;
SELECT ok(bool_and(abs(w.edge - (CASE w.side WHEN 'over' THEN s.prob_over ELSE s.prob_under END * w.price + s.prob_push - 1)) < 1e-12
	AND abs(w.prob_edge - (CASE w.side WHEN 'over' THEN s.prob_over / (s.prob_over + s.prob_under) - s.market_over ELSE s.prob_under / (s.prob_over + s.prob_under) - s.market_under END)) < 1e-12),
	'edge: what the law says at the price, a whole line pushes; prob_edge: beside the market') FROM worth AS w JOIN said AS s ON s.player_id = w.participant AND s.market = w.market AND s.line = w.line;
SELECT ok(bool_or(s.prob_push > 0), 'one line can push') FROM said AS s;
SELECT is_empty($$SELECT * FROM prop_edges('NBA', '2010-11-24 12:00') WHERE participant = '103'$$, 'without a price no edge');
SELECT ok((predict_prop('NBA', 'points', '103', 12.5)).fair_over > 1, 'but fair odds');
SELECT is_empty($$SELECT * FROM prop_forecasts('NBA', '2010-11-24 14:00')$$, 'prices that were not seen again for two hours are gone');
SELECT is_empty($$SELECT * FROM prop_forecasts('NBA', '2010-11-21 01:00', max_age => '10 years')$$, 'a form that knows of later games does not speak of earlier ones');

-- ---- withdrawn ------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.hurt(who text, word text, at timestamptz) RETURNS void LANGUAGE sql AS $$
	INSERT INTO injury (pool, player_id, source, team_id, status, chance_out, is_injury, known_at, recorded_at, payload_id)
	SELECT 'nba', who, 'test', stable_id('nba:T1'), word, injury_chance(word), true, at, at, (SELECT min(payload_id) FROM payload) $$;
SELECT pg_temp.hurt('101', 'out', '2010-11-24 12:10'), pg_temp.hurt('101', 'active', '2010-11-24 12:40'), pg_temp.hurt('304', 'questionable', '2010-11-24 12:10') \g /dev/null
SELECT is((SELECT array_agg(DISTINCT player_id ORDER BY player_id) FROM prop_forecasts('NBA', '2010-11-24 12:05')), '{101,102,304}'::text[], 'before the news nothing is known of it');
SELECT is((SELECT array_agg(DISTINCT player_id ORDER BY player_id) FROM prop_forecasts('NBA', '2010-11-24 12:20')), '{102,304}'::text[], 'a player who is out has his props withdrawn; one who may play has not');
SELECT results_eq($$SELECT game_id, role, player_id, reason, known_at FROM prop_withdrawals('NBA', '2010-11-24 12:20')$$, $$VALUES (NULL::bigint, NULL::text, '101', 'out', timestamptz '2010-11-24 12:10')$$, 'and it says why, and since when');
SELECT is_empty($$SELECT * FROM strategy_prop_value('NBA', '2010-11-24 12:20') WHERE participant = '101'$$, 'no strategy bets on him');
SELECT is((SELECT array_agg(DISTINCT player_id ORDER BY player_id) FROM prop_forecasts('NBA', '2010-11-24 12:45')), '{101,102,304}'::text[], 'until he is back');
INSERT INTO pregame SELECT :g, 'home', 'pitcher', '102', 'Man 102', '2010-11-24 12:00', now(), min(payload_id) FROM payload;
SELECT bag_eq($$SELECT game_id, player_id, role, reason FROM prop_withdrawals('NBA', '2010-11-24 12:45')$$, $$SELECT e.game_id, m.player_id, 'pitcher' AS role, 'another pitcher is announced' AS reason FROM game_event AS e, player_teams('2010-11-24 12:45') AS m WHERE e.event_id = 'e1' AND m.team_id = stable_id('nba:T1') AND m.player_id <> '102'$$,
	'who is not announced to pitch, of his team alone');
SELECT is((SELECT count(DISTINCT player_id) FROM prop_forecasts('NBA', '2010-11-24 12:45')), 3::bigint, 'which is nothing to other roles');

-- ---- who else plays ---------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.known(at timestamptz) RETURNS TABLE (player_id text, team text, context jsonb) LANGUAGE sql AS $$
	SELECT c.player_id, 'T' || left(c.player_id, 1), c.game_context FROM prop_contexts('NBA', at) AS c WHERE c.prop_type = 'points' $$;
UPDATE prop_form SET features[1] = 12 WHERE player_id IN ('108', '308') AND game_id IS NULL;
CREATE TEMP TABLE form AS SELECT f.player_id, left(f.player_id, 1) AS team, f.features[1]::float8 AS exposure, f.features[1]::float8 * f.features[2] AS count_ratio, f.features[1] >= 15 AS regular
FROM prop_form AS f WHERE f.prop_type = 'points' AND f.game_id IS NULL;
SELECT bag_eq($$SELECT player_id FROM pg_temp.known('2010-11-24 12:45')$$, $$SELECT player_id FROM form WHERE team IN ('1', '3')$$, 'every player of both teams has a question, once');
SELECT ok(bool_and(k.context = jsonb_build_object('is_home', k.team = 'T1', 'opponent', CASE k.team WHEN 'T1' THEN 'T3' ELSE 'T1' END, 'rest_days', 4)), 'ground, opponent and rest; where no list of injuries is known, nothing of team-mates')
FROM pg_temp.known('2010-11-24 12:45') AS k;
INSERT INTO injury_report (pool, source, team_id, known_at, valid_until, is_whole, recorded_at, payload_id) SELECT 'nba', 'test', NULL, '2010-11-24 12:05', '2010-11-27', true, now(), min(payload_id) FROM payload;
-- of a team: all its regulars but the share that may be missing, he himself fully
CREATE FUNCTION pg_temp.missing(at timestamptz, missing jsonb) RETURNS bool LANGUAGE sql AS $$
	SELECT count(*) > 10 AND bool_and(abs((k.context ->> 'team_exposure')::float8 - w.exposure) < 0.006 AND abs((k.context ->> 'team_count_ratio')::float8 - w.count_ratio) < 0.006)
	FROM pg_temp.known(at) AS k CROSS JOIN LATERAL (
		SELECT sum(f.exposure * x.plays) AS exposure, sum(f.count_ratio * x.plays) AS count_ratio
		FROM form AS f CROSS JOIN LATERAL (SELECT CASE WHEN f.player_id = k.player_id THEN 1 ELSE 1 - coalesce((missing ->> f.player_id)::float8, 0) END AS plays) AS x
		WHERE f.regular AND 'T' || f.team = k.team) AS w $$;
SELECT cmp_ok(count(*) FILTER (WHERE regular), '<', count(*), 'some are regulars, some not') FROM form;
SELECT ok(pg_temp.missing('2010-11-24 12:06', '{}'), 'with a list on which nobody is, all regulars play');
SELECT ok(pg_temp.missing('2010-11-24 12:20', jsonb_build_object('101', 1, '304', injury_chance('questionable'))), 'who is out is missed whole, who is questionable by half, and he himself is counted on');
SELECT ok(pg_temp.missing('2010-11-24 12:45', jsonb_build_object('304', injury_chance('questionable'))), 'who is off the list is back');
SELECT is_empty($$SELECT * FROM pg_temp.known('2010-11-24 12:20') WHERE player_id = '101'$$, 'who is out has no question');
BEGIN;
UPDATE prop_form SET last_game_at = last_game_at - interval '15 days' WHERE player_id IN ('101', '103') AND game_id IS NULL;
SELECT ok(pg_temp.missing('2010-11-24 12:06', '{"101": 1, "103": 1}'), 'who was not seen for two weeks is not counted on');
SELECT ok(pg_temp.missing('2010-11-24 12:45', jsonb_build_object('103', 1, '304', injury_chance('questionable'))), 'until he has come off the list');
ROLLBACK;
SELECT ok(bool_and(abs(s.mean - p.mean) < 1e-12), 'a forecast of a line that books hang is the answer to that question') FROM prop_forecasts('NBA', '2010-11-24 12:45') AS s JOIN pg_temp.known('2010-11-24 12:45') AS k USING (player_id)
CROSS JOIN LATERAL predict_prop('NBA', 'points', s.player_id, s.line, k.context) AS p;
SELECT is_empty($$SELECT * FROM prop_contexts('NBA', '2010-11-21 01:00')$$, 'forms that know of later games ask nothing of earlier ones');
DELETE FROM injury_report;
BEGIN;
-- forms that do not know of the games of three days ago are silent
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) VALUES (stable_id('missed'), 'NBA', 2010, stable_id('nba:T2'), stable_id('nba:T4'), 'missed');
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT stable_id('missed'), '2010-11-21 12:00', true, '2010-11-20', now(), min(payload_id) FROM payload;
SELECT is(count(*) > 0, true, 'a game of three days ago may be missing') FROM prop_contexts('NBA', '2010-11-24 11:55');
SELECT is_empty($$SELECT * FROM prop_contexts('NBA', '2010-11-24 12:45')$$, 'an older one not');
DELETE FROM fixture WHERE game_id = stable_id('missed');
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) VALUES (stable_id('next'), 'NBA', 2010, stable_id('nba:T4'), stable_id('nba:T1'), 'next');
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT stable_id('next'), '2010-11-27 00:00', true, '2010-11-20', now(), min(payload_id) FROM payload;
SELECT results_eq($$SELECT DISTINCT (game_context ->> 'rest_days')::int, (game_context ->> 'is_home')::bool, game_context ->> 'opponent' FROM prop_contexts('NBA', '2010-11-24 12:45') WHERE player_id LIKE '1%' ORDER BY 1$$,
	$$VALUES (2, false, 'T4'), (4, true, 'T3')$$, 'rest before a second game is since the first, which is not played yet');
SELECT set_eq($$SELECT DISTINCT (game_context ->> 'rest_days')::int FROM prop_contexts('NBA', '2010-11-25 01:00') WHERE player_id LIKE '1%'$$, '{2}'::int[], 'and once it has begun, before anybody''s form knows');
ROLLBACK;

-- ---- stakes on one game -------------------------------------------------------------------------------
CREATE TEMP TABLE leg AS SELECT ARRAY[signal_of(:g, 'player_points', 'over', 9.5, 'draftkings', 2.1, '{0.55,0,0,0,0.45}', 0.5, participant => '101'),
	signal_of(:g, 'player_points', 'over', 9, 'draftkings', 2.1, '{0.5,0,0.1,0,0.4}', 0.5, participant => '102'), signal_of(:g, 'totals', 'over', 205.25, 'draftkings', 2.0, '{0.45,0.1,0,0.05,0.4}', 0.5)] AS legs;
CREATE TEMP TABLE worst AS SELECT l.legs, s.* FROM leg AS l, leg_scenarios_at_worst(l.legs) AS s;
SELECT ok(abs((SELECT sum(p) FROM unnest(probs) AS p) - 1) < 1e-12 AND cardinality(net_returns) = 3 * cardinality(probs), 'scenarios of all legs, which sum to 1') FROM worst;
SELECT ok(bool_and(abs(e.edge - (SELECT sum(w.probs[s] * w.net_returns[3 * (s - 1) + e.n]) FROM generate_subscripts(w.probs, 1) AS s)) < 1e-12), 'each leg is worth in them what it is worth alone')
FROM worst AS w, unnest(w.legs) WITH ORDINALITY AS e (game_id, market, side, line, book, price, outcome, probability, market_probability, edge, prob_edge, strength, confidence, participant, n);
SELECT ok(bool_and(w.net_returns[3 * s - 1] <= 0 OR w.net_returns[3 * s - 2] > 0), 'the likelier leg wins whenever the other does') FROM worst AS w, generate_subscripts(w.probs, 1) AS s;
CREATE TEMP TABLE staking AS SELECT jsonb_populate_record(s, '{"multiplier": 1, "max_stake": 1, "max_day": 1, "max_game": 1}') AS rule FROM staking_rule AS s WHERE s.staking = 'default';
SELECT ok(abs(sum(t.kelly) FILTER (WHERE NOT one) - sum(t.kelly) FILTER (WHERE one)) < 1e-6, 'two alike of one game are staked as one')
FROM leg AS l, staking AS r, (VALUES (true), (false)) AS v (one), LATERAL slate_stakes(CASE WHEN one THEN l.legs[1:1] ELSE ARRAY[l.legs[1], signal_of(:g, 'player_assists', 'over', 3.5, 'draftkings', 2.1, '{0.55,0,0,0,0.45}', 0.5, participant => '101')] END, r.rule, 1000) AS t;
SELECT ok(bool_and(growth_rate_scenarios >= 0), 'and at same_game 1 what they stake grows whatever comes together') FROM (SELECT sum(t.growth) AS growth_rate_scenarios FROM leg AS l, staking AS r, LATERAL slate_stakes(l.legs, jsonb_populate_record(r.rule, '{"same_game": 1}'), 1000) AS t) AS x;
-- between independent and always together, each leg as likely as alone
CREATE TEMP TABLE mixed AS SELECT g AS same_game, l.legs, s.* FROM leg AS l, unnest('{0,0.25,0.6,1}'::float8[]) AS g, player_leg_scenarios(l.legs, g) AS s;
SELECT ok(bool_and(abs((SELECT sum(p) FROM unnest(probs) AS p) - 1) < 1e-12 AND cardinality(net_returns) = 3 * cardinality(probs)), 'scenarios sum to 1 however far they come together') FROM mixed;
SELECT ok(bool_and(abs(e.edge - (SELECT sum(w.probs[s] * w.net_returns[3 * (s - 1) + e.n]) FROM generate_subscripts(w.probs, 1) AS s)) < 1e-12), 'each leg is worth in them what it is worth alone')
FROM mixed AS w, unnest(w.legs) WITH ORDINALITY AS e (game_id, market, side, line, book, price, outcome, probability, market_probability, edge, prob_edge, strength, confidence, participant, n);
SELECT ok(bool_and(abs((SELECT sum(w.probs[s]) FROM generate_subscripts(w.probs, 1) AS s WHERE w.net_returns[3 * s - 2] > 0 AND w.net_returns[3 * s - 1] > 0 AND w.net_returns[3 * s] > 0) - (w.same_game * 0.5 + (1 - w.same_game) * 0.55 * 0.5 * 0.55)) < 1e-12), 'all win together as often as the mixture says') FROM mixed AS w;
SELECT results_eq($$SELECT probs, net_returns FROM mixed WHERE same_game = 1$$, $$SELECT probs, net_returns FROM worst$$, 'at 1 it is the worst that can be');
SELECT ok(bool_and((SELECT bool_and(m.net_returns[3 * s - 1] <= 0 OR m.net_returns[3 * s] > 0) FROM generate_subscripts(m.probs, 1) AS s)), 'two bets on one player always come together') FROM unnest('{0,0.25}'::float8[]) AS g,
	player_leg_scenarios(ARRAY[signal_of(:g, 'player_points', 'over', 9.5, 'draftkings', 2.1, '{0.55,0,0,0,0.45}', 0.5, participant => '101'), signal_of(:g, 'player_points', 'over', 12.5, 'draftkings', 2.9, '{0.3,0,0,0,0.7}', 0.5, participant => '102'),
		signal_of(:g, 'player_assists', 'over', 3.5, 'draftkings', 2.5, '{0.4,0,0,0,0.6}', 0.5, participant => '102')], g) AS m;
SELECT is((SELECT cardinality(s.probs) FROM player_leg_scenarios(ARRAY(SELECT signal_of(:g, 'player_points', 'over', 9.5, 'draftkings', 2.1, '{0.5,0,0,0,0.5}', 0.5, participant => n::text) FROM generate_series(1, 13) AS n), 0.25) AS s), 2, 'too many combinations are taken at worst');
SELECT throws_ok(format('SELECT player_leg_scenarios(%L::signal[], %s)', (SELECT legs FROM leg), x), '22023', 'same_game must be between 0 and 1, not ' || y, 'same_game ' || y) FROM (VALUES ('1.1', '1.1'), ('''NaN''', 'NaN'), ('NULL', 'NULL')) AS v (x, y);
SELECT ok(k[1] > k[2] AND k[2] > k[3] AND k[3] > k[4], 'the more they come together the less is staked on two players') FROM (SELECT array_agg(x.kelly ORDER BY x.g) AS k FROM (SELECT g, sum(t.kelly) AS kelly FROM leg AS l, staking AS r, unnest('{0,0.25,0.6,1}'::float8[]) AS g,
	LATERAL slate_stakes(ARRAY[l.legs[1], signal_of(:g, 'player_points', 'over', 8.5, 'draftkings', 2.1, '{0.55,0,0,0,0.45}', 0.5, participant => '102')], jsonb_populate_record(r.rule, jsonb_build_object('same_game', g)), 1000) AS t GROUP BY g) AS x) AS y;

-- ---- picks, bets, settlement ---------------------------------------------------------------------------
UPDATE strategy SET max_edge = 10 WHERE strategy_name = 'prop_value';
INSERT INTO strategy_configuration (effective_at, sport, strategy_name, signal_type, signal_function, is_enabled, reason, confidence_multiplier, threshold_adjustment, weight_in_ensemble, sample_size, performance_trend,
	min_differential_threshold, max_recommendations_per_day, max_edge) VALUES ('2010-11-01', 'NBA', 'prop_value', 'model', 'bet_edge.strategy_prop_value', true, 'test', 1, 0, 1, 0, 'STABLE', 2, 10, 10);
INSERT INTO staking_rule SELECT (jsonb_populate_record(s, '{"staking": "props", "builtin": false, "max_edge": 10, "max_bets_game": 3}')).* FROM staking_rule AS s WHERE s.staking = 'default';
CREATE TEMP TABLE pick AS SELECT * FROM generate_picks('2010-11-24 12:00', 10, true, 'NBA', 1000, 'props');
SELECT ok(count(*) BETWEEN 1 AND 3 AND count(DISTINCT participant) = count(*) AND bool_and(participant IS NOT NULL AND model_id IS NOT NULL AND stake > 0 AND edge >= 0.02), 'picks on players, one each, with the model that says so') FROM pick;
SELECT ok(sum(stake) <= 40, 'within the limit of a game') FROM pick;
SELECT ok(bool_and((replay_pick(prediction_id)).same), 'decided again, the same') FROM ai_predictions;
-- one whose player is out since: marked while his game is to come
BEGIN;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT :g, now() + interval '1 day', true, '2010-11-24 12:01', now(), min(payload_id) FROM payload;
SELECT is(count(withdrawn), 0::bigint, 'nobody is out') FROM explained_picks;
SELECT pg_temp.hurt(participant, 'out', now() - interval '1 hour') FROM ai_predictions ORDER BY rank LIMIT 1 \g /dev/null
SELECT is(array_agg(DISTINCT withdrawn), '{out}'::text[], 'a stored pick says that its player is out') FROM explained_picks WHERE participant = (SELECT participant FROM ai_predictions ORDER BY rank LIMIT 1);
ROLLBACK;
SELECT move_money('deposit', 1000, '2010-11-01') \g /dev/null
CREATE TEMP TABLE bet AS SELECT place_pick(prediction_id, 10, '2010-11-24 12:00') AS bet_id FROM ai_predictions;
SELECT is((SELECT count(*) FROM weekly_bets AS b JOIN pick AS p ON p.participant = b.participant AND p.market = b.market AND p.side = b.side), (SELECT count(*) FROM pick), 'placed on the same players');
-- one on who will not play, one on an alternate line
SELECT place_bet(NULL, '2010-11-24 12:00', signal_of(:g, 'player_points', 'over', 5.5, 'draftkings', 1.9, '{0.55,0,0,0,0.45}', 0.5, participant => '109'), 10, 'test') AS absent,
	place_bet(NULL, '2010-11-24 12:00', signal_of(:g, 'player_points_alternate', 'under', 14.5, 'draftkings', 1.28, '{0.9,0,0,0,0.1}', 0.5, participant => '101'), 10, 'test') AS alternate \gset
-- one whose price moves at both books before the start
SELECT place_bet(NULL, '2010-11-24 12:00', signal_of(:g, 'player_points', 'under', 9.5, 'fanduel', 1.8, '{0.6,0,0,0,0.4}', 0.5, participant => '101'), 10, 'test') AS moved \gset
SELECT load_payload('the_odds_api', 'https://x/v4/sports/basketball_nba/events/e1/odds?oddsFormat=decimal', replace(pg_temp.poll(jsonb_build_array(
	jsonb_build_array('draftkings', 'player_points', pg_temp.sides('Man 101', 9.5, 2.05, 1.80)), jsonb_build_array('fanduel', 'player_points', pg_temp.sides('Man 101', 9.5, 2.15, 1.70)))), 'T12:00', 'T20:00')::bytea, '2010-11-24 20:00') \g /dev/null
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id) SELECT :g, 101, 99, 'final', '2010-11-25 02:30', now(), min(payload_id) FROM payload;
SELECT is(settle_bets('2010-11-25 02:40'), 0, 'a score says nothing of players: open until their lines are there');
CREATE FUNCTION pg_temp.line(who text, points int, at timestamptz) RETURNS void LANGUAGE sql AS $$
	INSERT INTO player_game (game_id, pool, player_id, team_id, role, starter, minutes, stats, known_at, recorded_at, payload_id)
	SELECT e.game_id, 'nba', who, stable_id('nba:T' || left(who, 1)), 'player', true, 30, jsonb_build_object('points', points), at, at, (SELECT min(payload_id) FROM payload) FROM game_event AS e WHERE e.event_id = 'e1' $$;
SELECT pg_temp.line('101', 10, '2010-11-25 03:00'), pg_temp.line('102', 9, '2010-11-25 03:00'), pg_temp.line('304', 20, '2010-11-25 03:00') \g /dev/null
SELECT is(settle_bets('2010-11-25 04:00'), (SELECT count(*)::int + 3 FROM pick), 'then all of them');
SELECT ok(b.closing_price = 1.7 AND abs(b.closing_probability - ((remove_overround('{2.05,1.8}', 'power'))[2] + (remove_overround('{2.15,1.7}', 'power'))[2]) / 2) < 1e-12 AND abs(b.clv - (1.8 * b.closing_probability - 1)) < 1e-12,
	'a bet on a player has the closing value of what both books said at the close, without their margins') FROM weekly_bets AS b WHERE bet_id = :moved;
SELECT ok(closing_probability IS NULL AND clv IS NULL, 'one soft book''s close is no measure') FROM weekly_bets WHERE bet_id = :alternate;
SELECT results_eq($$SELECT participant, line, books, known_at FROM closing_player_market((SELECT game_id FROM game_event WHERE event_id = 'e1'), '2010-11-25 04:00') WHERE side = 'over'$$,
	$$VALUES ('101', 9.5::float8, 2, timestamptz '2010-11-24 20:00')$$, 'which is known since it was last seen, of lines that two books hung');
-- a line that moved: what his own law, moved to the close, says of the line that was taken
CREATE TEMP TABLE own AS SELECT avg(n) AS mean, count_size(avg(n), var_samp(n) / avg(n) - 1) AS size FROM (SELECT (p.stats ->> 'points')::float8 AS n FROM player_game AS p WHERE p.player_id = '101' AND p.known_at < '2010-11-25' ORDER BY p.known_at DESC LIMIT 100) AS x;
CREATE TEMP TABLE close AS SELECT c.probability AS p, (SELECT m FROM generate_series(1, 30, 0.001) AS m ORDER BY abs((negbin_line(m, o.size, 9.5)).prob_over - c.probability) LIMIT 1) AS mean, o.size
FROM own AS o, closing_player_market(:g, '2010-11-25 04:00') AS c WHERE c.participant = '101' AND c.side = 'over' AND c.line = 9.5;
SELECT ok(bool_and(m.points = CASE b.side WHEN 'over' THEN 9.5 - b.line ELSE b.line - 9.5 END AND abs(m.clv - (CASE b.side WHEN 'over' THEN l.prob_over ELSE l.prob_under END * 1.9 + l.prob_push - 1)) < 0.01), 'a bet on a player whose line moved is worth what the close says of the line that was taken')
FROM close AS c, (VALUES ('player_points', 'over', 7.5), ('player_points', 'over', 8), ('player_points', 'under', 10.5), ('player_points_alternate', 'over', 14.5)) AS b (market, side, line),
	LATERAL moved_line(:g, b.market, b.side, b.line, 1.9, '2010-11-25 04:00', '101') AS m, LATERAL negbin_line(c.mean, c.size, b.line) AS l;
SELECT is(concat_ws(' ', m.points, m.clv), '', 'where it stood, nothing') FROM moved_line(:g, 'player_points', 'over', 9.5, 1.9, '2010-11-25 04:00', '101') AS m;
SELECT is(concat_ws(' ', m.points, m.clv), '', 'nor where two books had no close') FROM moved_line(:g, 'player_points', 'over', 8.5, 1.9, '2010-11-25 04:00', '304') AS m;
SELECT is(value || ' ' || bets, '5 1', 'and the report of the bets counts the one under 14.5') FROM simulation_report(NULL, 100) WHERE measure = 'line_points';
SELECT is((SELECT result || ' ' || profit FROM weekly_bets WHERE bet_id = :absent), 'void 0.00', 'who did not play is void');
SELECT is((SELECT result || ' ' || profit FROM weekly_bets WHERE bet_id = :alternate), 'win 2.80', 'an alternate line goes by the same number');
SELECT ok(bool_and(b.result = CASE WHEN b.line = n.points THEN 'push' WHEN (n.points > b.line) = (b.side = 'over') THEN 'win' ELSE 'loss' END), 'by what each did, a whole line pushes')
FROM weekly_bets AS b JOIN (VALUES ('101', 10), ('102', 9), ('304', 20)) AS n (who, points) ON n.who = b.participant;
SELECT pg_temp.line('101', 15, '2010-11-25 12:00') \g /dev/null
SELECT cmp_ok(settle_bets('2010-11-25 13:00'), '>=', 1, 'a corrected line is booked');
SELECT ok((SELECT result || ' ' || profit FROM weekly_bets WHERE bet_id = :alternate) = 'loss -10.00'
	AND (SELECT array_agg(event ORDER BY entry) FROM bankroll_history WHERE bet_id = :alternate) = '{stake,return,reversal,return}', 'as a reversal and a new return');
SELECT is((bankroll()).bankroll, 1000 + (SELECT sum(profit) FROM weekly_bets), 'the money is what the bets came to');

-- ---- forms that know more than was known then -------------------------------------------------------
SELECT refresh_prop_forms('NBA', 'points', '2010-11-24 12:00') \g /dev/null
SELECT is(count(*) > 0, true, 'forms of the day speak') FROM prop_forecasts('NBA', '2010-11-24 12:00');
UPDATE player_game SET known_at = '2010-11-24 18:00' WHERE player_id LIKE '4%' AND game_id IN (SELECT stable_id(key) FROM slate WHERE season = 2010 AND d = 20);
SELECT refresh_prop_forms('NBA', 'points', '2010-11-24 20:00') \g /dev/null
SELECT is_empty($$SELECT * FROM prop_forecasts('NBA', '2010-11-24 12:00')$$, 'forms that know of a later game, were it that of others, are silent');
SELECT * FROM finish();
