-- Props on a small invented league: what is known before a game, models as laws, answers and refusals.
SET client_min_messages = warning;
SELECT plan(80);
SET search_path = bet_edge, public;

-- Four teams, three seasons of 40 days, eight men a side; a man's points follow his number, his minutes too.
\set days 40
\set men 8
\ir player_league.inc

SELECT is(refresh_prop_forms('NBA', 'points', '2011-06-01'), 240 * 16 - 32 + 32, 'a row a line, but for the first day, and one for everybody''s next game');
-- by hand: season average before his last game
SELECT ok(bool_and(abs(f.features[16] * f.features[1] - x.mean) < 1e-4), 'an average is that of the games before, as a ratio') FROM prop_form AS f
CROSS JOIN LATERAL (SELECT avg(g.minutes) AS mean FROM player_game AS g JOIN game USING (game_id) JOIN fixture USING (game_id) WHERE g.player_id = f.player_id AND game.season = f.season AND fixture.starts_at < f.starts_at) AS x
WHERE f.player_id = '103' AND f.season > 2008 AND f.game_id IS NOT NULL AND f.features[16] IS NOT NULL;
-- by hand: what he did counts half after 15 games and after 180 days; with the league's mean as one game of today. The league's first day has no rate.
SELECT ok(abs(f.features[1] - x.mean) < 1e-4, 'a game counts by how many games and days ago it was') FROM prop_form AS f
CROSS JOIN LATERAL (SELECT (sum(g.minutes * g.weight) + u.ratio) / (sum(g.weight) + 1) AS mean
	FROM (SELECT minutes, fixture.starts_at, power(2, (row_number() OVER (ORDER BY fixture.starts_at) - 1 - count(*) OVER ()) / 15.0 + extract(epoch FROM fixture.starts_at - f.starts_at) / 86400 / 180) AS weight
		FROM player_game JOIN fixture USING (game_id) WHERE player_id = f.player_id AND fixture.starts_at < f.starts_at) AS g,
		prop_surroundings('NBA', 'points', '2011-06-01') AS u
	WHERE g.starts_at > '2008-11-03' AND u.kind = 'exposure' AND u.day = (f.starts_at AT TIME ZONE 'America/New_York')::date GROUP BY u.ratio) AS x
WHERE f.player_id = '103' AND f.game_id IS NOT NULL ORDER BY f.starts_at DESC LIMIT 1;
SELECT is(count(*) FILTER (WHERE last_game_at >= starts_at OR known_at > starts_at), 0::bigint, 'nothing is known before it was') FROM prop_form WHERE game_id IS NOT NULL;
SELECT throws_ok($$INSERT INTO prop_form SELECT sport, prop_type, game_id, player_id, team_id, season, starts_at, known_at, starts_at, slot, count, exposure, features FROM prop_form WHERE game_id IS NOT NULL LIMIT 1$$,
	'23514', NULL, 'a row whose averages hold its own game is refused');
-- his own game, and all that comes later, become another one: nothing before moves
CREATE TEMP TABLE was AS SELECT game_id, player_id, features FROM prop_form WHERE starts_at <= '2010-11-20' AND game_id IS NOT NULL;
UPDATE player_game AS g SET minutes = 1 + g.minutes / 2, stats = g.stats || '{"points": 99}' FROM fixture AS f WHERE f.game_id = g.game_id AND f.starts_at >= '2010-11-20';
SELECT is(count(*) FILTER (WHERE w.features[1:9] || w.features[12:] IS DISTINCT FROM n.features[1:9] || n.features[12:]), 0::bigint, 'what comes moves nothing that was known before')
FROM was AS w LEFT JOIN prop_features('NBA', 'points', '2011-06-01') AS n USING (game_id, player_id);
SELECT cmp_ok(count(*) FILTER (WHERE f.features[2] <> n.features[2]), '>', 100::bigint, 'and moves what is known after') FROM prop_form AS f JOIN prop_features('NBA', 'points', '2011-06-01') AS n USING (game_id, player_id)
WHERE f.starts_at > '2010-11-22' AND f.game_id IS NOT NULL;
-- a correction of later is out of the training, not in the past
-- a league that makes twice as much of everything is the same to the trees; its level is in the baseline alone
SELECT cmp_ok(count(DISTINCT f.features[11]) FILTER (WHERE f.features[22] IS NOT NULL), '>', 100::bigint, 'team-mates and volume are known') FROM prop_form AS f;
BEGIN;
CREATE TEMP TABLE once AS SELECT game_id, player_id, features FROM prop_features('NBA', 'points', '2011-06-01');
UPDATE player_game AS g SET stats = g.stats || (SELECT jsonb_object_agg(s.key, 2 * s.value::numeric) FROM jsonb_each_text(g.stats) AS s WHERE s.key IN ('points', 'field_goals_attempted', 'free_throws_attempted'));
SELECT is(count(*) FILTER (WHERE (prop_inputs(o.features))[1:22] || o.features[24:] IS DISTINCT FROM (prop_inputs(n.features))[1:22] || n.features[24:] OR abs(n.features[3] / o.features[3] - 2) > 1e-5), 0::bigint, 'twice the counts, the same features')
FROM once AS o LEFT JOIN prop_features('NBA', 'points', '2011-06-01') AS n USING (game_id, player_id) WHERE o.game_id IS NOT NULL;
ROLLBACK;
SELECT is(prop_without(ARRAY(SELECT generate_series(1, 27))::real[], '{opponent,starter,position}'), '{1,2,3,NULL,5,6,7,NULL,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,NULL}'::real[], 'what is left unsaid is not known');
SELECT is(prop_without('{1,2}', '{}'), '{1,2}'::real[], 'where nothing is, all is as it was');
CREATE TEMP TABLE unsaid AS SELECT prop_unsaid(n::text) AS names FROM generate_series(1, 20000) AS n;
SELECT ok(abs(avg((names = '{}')::int) - 0.5 - 0.5 * 0.6 * 0.8 ^ 10) < 0.02, 'half of the games are learned whole, and of the others those where nothing happens to be hidden') FROM unsaid;
SELECT set_eq($$SELECT DISTINCT n FROM unsaid, unnest(names) AS n$$, '{opponent,venue,pitcher,same_hand,starter,slot,team_exposure,team_count_ratio,is_home,rest_days,pace}'::text[], 'what a question can say of a game is hidden at times, what is known of the player never');
SELECT ok(bool_and(abs(s.share - s.chance) < 0.02), 'each as often as was said') FROM (SELECT c.chance, avg((c.name = ANY (u.names))::int) AS share
	FROM unsaid AS u, (VALUES ('rest_days', 0.5 * (1 - 0.8 ^ 2)), ('is_home', 0.5 * (1 - 0.8 ^ 2)), ('venue', 0.5 * (1 - 0.8 ^ 3)), ('starter', 0.5 * (1 - 0.6 * 0.8)), ('slot', 0.5 * (1 - 0.6 * 0.8 ^ 2)), ('same_hand', 0.5 * (1 - 0.6 * 0.8 ^ 2))) AS c (name, chance) GROUP BY c.name, c.chance) AS s;
SELECT ok(bool_or('starter' = ANY (names) AND 'team_exposure' <> ALL (names)) AND bool_or('starter' <> ALL (names) AND 'team_exposure' = ANY (names)) AND bool_or(names = '{rest_days}'), 'news in parts, and the rest alone') FROM unsaid;
SELECT is(prop_baseline('{30,1,0.5,1.1,1,4}'), ln(30 * 0.5 * 1.1::real * 2), 'the baseline');
SELECT is(count(prop_baseline(f)), 0::bigint, 'what is not known has none') FROM unnest(ARRAY['{NULL,1,0.5}', '{30,NULL,0.5}', '{30,1,NULL}', '{}', '{30,1}', NULL]) AS x, LATERAL (SELECT x::real[] AS f) AS y;

-- ---- a model -----------------------------------------------------------------------------------------
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '101', 20.5)$$, 'P0002', 'there is no model of NBA points', 'no model yet');
SELECT throws_ok($$SELECT train_prop('NBA', 'points', 2009)$$, '22023', NULL, 'one season is too little to train on');
SELECT isnt(train_prop('NBA', 'points', 2010, rounds => 20, params => '{"min_child_weight": 10}'), NULL, 'a model of the first two');
SELECT results_eq($$SELECT bet_type, stage, cardinality(features) FROM model$$, $$VALUES ('points', 'production', 27)$$, 'is a model like others');
SELECT ok((forest_summary(forest)).trees BETWEEN 1 AND 20, 'with no more trees than it may have') FROM model;
SELECT train_prop('NBA', 'points', 2010, rounds => 400, params => '{"min_child_weight": 10}', promote => false) AS free \gset
SELECT cmp_ok((forest_summary(forest)).trees, '<', 400, 'and no more than help') FROM model WHERE model_id = :free;
DELETE FROM model WHERE model_id = :free;
SELECT ok(q.model < q.average, 'and better than the season''s average with Poisson')
FROM (SELECT max(crps) FILTER (WHERE forecaster = 'model') AS model, max(crps) FILTER (WHERE forecaster ~ 'Poisson') AS average FROM model, prop_quality(model_id, 2010, 5)) AS q;

CREATE TEMP TABLE said AS SELECT * FROM predict_prop('NBA', 'points', '103', 12, '{"is_home": true, "starter": true, "opponent": "T3"}');
SELECT ok(prob_over + prob_under + prob_push BETWEEN 1 - 1e-12 AND 1 + 1e-12 AND prob_push > 0 AND lower <= mean AND mean <= upper, 'probabilities sum to 1, a whole line can push, the mean lies in its interval') FROM said;
SELECT ok(abs(fair_over - (1 + prob_under / prob_over)) < 1e-12 AND abs(fair_under - (1 + prob_over / prob_under)) < 1e-12, 'fair odds') FROM said;
-- of his own, by days and games ago, beside the prior
CREATE TEMP TABLE own AS SELECT x.as_of, f.own_share, (SELECT sum(l.minutes * power(2, -l.ago / 40.0 - extract(epoch FROM least(x.as_of, l.last + interval '4800 hours') - l.starts_at) / 86400 / 180))
	FROM (SELECT p.minutes, h.starts_at, row_number() OVER (ORDER BY h.starts_at DESC) AS ago, max(h.starts_at) OVER () AS last FROM player_games(x.as_of) AS p JOIN fixture AS h USING (game_id) WHERE p.player_id = '103') AS l) AS own
FROM unnest('{2010-11-30,2011-06-01}'::timestamptz[]) AS x (as_of) CROSS JOIN LATERAL prop_features('NBA', 'points', x.as_of) AS f WHERE f.player_id = '103' AND f.game_id IS NULL;
SELECT ok(bool_and(abs(own_share - own / (own + 100)) < 0.001), 'what is his own of his rate: games by how many games and days ago, beside the prior (the first day of all has no league yet)') FROM own;
SELECT cmp_ok(max(own_share) FILTER (WHERE as_of < '2011-01-01'), '>', max(own_share) FILTER (WHERE as_of > '2011-01-01'), 'less of it half a year later') FROM own;
SELECT is(confidence, (SELECT own_share FROM prop_form WHERE player_id = '103' AND prop_type = 'points' AND game_id IS NULL), 'is the confidence') FROM said;
SELECT results_eq($$SELECT confidence, mean > 0, prob_over > 0 FROM predict_prop('NBA', 'player_points', 'nobody', 8.5)$$, $$VALUES (0::float8, true, true)$$, 'of a stranger the league''s average, and confidence says so');
SELECT results_eq($$SELECT ask, player_id, mean = (SELECT mean FROM predict_prop('NBA', 'points', player_id, line)), line FROM predict_props(ARRAY(SELECT ROW('NBA', 'points', '10' || n, 8.5 + n, '{}')::prop_ask FROM generate_series(1, 8) AS n))$$,
	$$SELECT n, '10' || n, true, (8.5 + n)::float8 FROM generate_series(1, 8) AS n$$, 'a slate is the same, one by one');
CREATE TEMP TABLE question AS SELECT row_number() OVER () AS n, 'NBA' AS sport, prop_type, '10' || p AS player_id, p + half AS line, context::jsonb AS game_context
FROM generate_series(1, 9) AS p, unnest('{points,player_points}'::text[]) AS prop_type, unnest('{0,0.5}'::float8[]) AS half,
	(VALUES (NULL), ('{}'), ('{"is_home": true, "opponent": "T3"}'), ('{"is_home": false, "opponent": "T2", "rest_days": 2, "starter": null}')) AS c (context);
SELECT is(count(*) FILTER (WHERE (s.mean, s.prob_over, s.prob_under, s.prob_push, s.lower, s.upper) = (one.mean, one.prob_over, one.prob_under, one.prob_push, one.lower, one.upper)), count(*),
	'whatever is asked beside it: other players, contexts, names of a prop, whole and half lines')
FROM question AS q JOIN predict_props(ARRAY(SELECT ROW(sport, prop_type, player_id, line, game_context)::prop_ask FROM question ORDER BY n)) AS s ON s.ask = q.n
CROSS JOIN LATERAL predict_prop(q.sport, q.prop_type, q.player_id, q.line, q.game_context) AS one;
SELECT is(count(*), (SELECT count(*) FROM question), 'each once') FROM predict_props(ARRAY(SELECT ROW(sport, prop_type, player_id, line, game_context)::prop_ask FROM question ORDER BY n));
SELECT ok(bool_and(prob_over <= before), 'a higher line is not easier') FROM (SELECT prob_over, lag(prob_over, 1, 1::float8) OVER (ORDER BY line) AS before
	FROM predict_props(ARRAY(SELECT ROW('NBA', 'points', '103', n / 2.0, '{}')::prop_ask FROM generate_series(-2, 200) AS n))) AS x;
SELECT throws_ok($$SELECT predict_prop('CRICKET', 'points', '1', 1.5)$$, '42704', 'unknown sport "CRICKET"', 'no such sport');
SELECT throws_ok($$SELECT predict_prop('NBA', 'goals', '1', 1.5)$$, '42704', 'unknown prop_type "goals" of NBA', 'no such prop');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.25)$$, '22023', 'line must be a multiple of 0.5, not 1.25', 'a quarter line');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '[1]')$$, '22023', 'game_context must be an object, not [1]', 'a context that is no object');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"at_home": true}')$$, '42703', 'game_context has an unknown key "at_home"', 'a key is checked by its name');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"is_home": "yes"}')$$, '42804', 'game_context: is_home must be true, false, 0 or 1, not "yes"', 'and its value');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"slot": 12}')$$, '22023', 'game_context: slot must be a place in the order, 1 to 9 (0: none), not 12', 'no such place in the order');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"games": -5}')$$, '22023', 'game_context: games must be between 0 and 100000, not -5', 'no number of games');
SELECT is((SELECT mean FROM predict_prop('NBA', 'points', '103', 8.5, '{"opponent": "T3", "is_home": null}')), (SELECT mean FROM predict_prop('NBA', 'points', '103', 8.5, '{"opponent": "T3"}')), 'null says nothing');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"expected_exposure": false}')$$, '42804', 'game_context: expected_exposure must be a number, not false', 'no truth');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"rest_days": 1e-50}')$$, '22023', NULL, 'nor a number that no machine has');
-- who plays twice at one time, by a feed that knows the day alone, stops nobody's form
BEGIN;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
SELECT l.game_id, l.before, false, '2010-12-01', now(), (SELECT min(payload_id) FROM payload) FROM (SELECT p.game_id, h.starts_at, lag(h.starts_at) OVER (ORDER BY h.starts_at) AS before FROM player_games('2011-06-01') AS p JOIN fixtures('2011-06-01') AS h USING (game_id) WHERE p.player_id = '103') AS l ORDER BY l.starts_at DESC LIMIT 1;
SELECT lives_ok($$SELECT refresh_prop_forms('NBA', 'points', '2011-06-01')$$, 'two games at one time');
SELECT cmp_ok((SELECT count(*) FROM prop_form WHERE player_id = '103' AND prop_type = 'points'), '>', 50::bigint, 'and he has his others');
ROLLBACK;
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"expected_exposure": 0}')$$, '22023', 'game_context: expected_exposure must be between 0.001 and 1000, not 0', 'nobody plays no minute');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"pitcher": -1}')$$, '22023', 'game_context: pitcher must be between 0.001 and 1000, not -1', 'no ratio');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"rate": 1e39}')$$, '22023', NULL, 'more than a real holds');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"is_home": 7}')$$, '22023', 'game_context: is_home must be 0, 1, true or false, not 7', 'at home or not');
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1e300)$$, '22023', 'line must be a multiple of 0.5 and at most a million, not 1e+300', 'no such line');
SELECT is((SELECT mean FROM predict_prop('NBA', 'points', '103', 9.5, '{"opponent": "T3", "is_home": 1.0}')), (SELECT mean FROM predict_prop('NBA', 'points', '103', 9.5, '{"opponent": "T3", "is_home": true}')), 'a game at home, however it is written');
SELECT throws_ok($$SELECT refresh_prop_forms('NBA', 'nonsense')$$, '42704', 'unknown prop_type "nonsense" of NBA', 'no such prop to refresh');
SELECT throws_ok($$SELECT refresh_prop_forms('ABC')$$, '42704', 'unknown sport "ABC"', 'nor sport');
SELECT throws_ok($$SELECT refresh_prop_forms(prop_type => 'nonsense')$$, '42704', 'unknown prop_type "nonsense"', 'nor a prop of any sport');
SELECT throws_ok(format('INSERT INTO prop_type (sport, prop_type, market, role, stat, exposure, prior, %I) VALUES (''NBA'', ''bad'', ''bad'', ''player'', ''steals'', ''minutes'', 100, %L)', c, v), '23514', NULL, c || ' cannot be ' || v)
FROM (VALUES ('half_life_days', 'NaN'), ('half_lives', '{4,NULL,10,40,150}'), ('volume', '{"x": "y"}')) AS x (c, v);
SELECT throws_ok($$SELECT predict_prop('NBA', 'points', '1', 1.5, '{"opponent": "Nobody"}')$$, '42704', 'game_context: there is no team "Nobody" in nba', 'no such opponent');

-- ---- files --------------------------------------------------------------------------------------------
CREATE TEMP TABLE file AS SELECT export_prop_model(model_id) AS model FROM model;
CREATE TEMP TABLE answer AS SELECT mean, prob_over FROM predict_prop('NBA', 'points', '104', 9.5);
SELECT throws_ok($$SELECT import_prop_model(model || '{"name": "old", "features": ["minutes"]}') FROM file$$, '22023', 'model old was trained on other features than prop_feature_names()', 'one that learned from other features is refused');
SELECT throws_ok($$SELECT import_prop_model(model || '{"name": "old", "calibration": [{"above": 0}]}') FROM file$$, '22023', 'calibration of model old must have 101 numbers', 'and one whose calibration is no curve');
SELECT throws_ok(format($$SELECT import_prop_model(model || '{"name": "old"}' || jsonb_build_object('calibration', jsonb_set(model -> 'calibration', '{%s}', '%s'))) FROM file$$, x.at, x.value), '22023', 'calibration of model old must rise from 0 to 1', 'nor one that falls or does not reach from 0 to 1: ' || x.value)
FROM (VALUES (50, '0'), (0, '0.1'), (100, '0.9'), (50, '"NaN"'), (50, 'null')) AS x (at, value);
SELECT throws_ok($$SELECT import_prop_model(model || '{"name": "old", "usual": {}}') FROM file$$, '22023', 'usual of model old must have league_rate and exposure above 0', 'nor one that knows nothing of the league');
SELECT throws_ok($$SELECT import_prop_model(model || '{"name": "old", "law": "binomial", "trials": []}') FROM file$$, '22023', 'trials of model old must have slot 0 and be ten shares each that sum to 1', 'nor a binomial law without tries');
SELECT throws_ok($$SELECT import_prop_model(model || '{"name": "old", "law": "binomial", "trials": [{"slot": 0, "weights": [1,1,0,0,0,0,0,0,0,0]}]}') FROM file$$, '22023', 'trials of model old must have slot 0 and be ten shares each that sum to 1', 'or with more tries than there are');
SELECT is(import_prop_model(model || '{"name": "copy"}'), 'copy', 'a model comes back from its document') FROM file;
SELECT make_live((SELECT model_id FROM model WHERE name = 'copy'), 'promotion', 'test') \g /dev/null
SELECT ok(bool_and(abs(p.mean - a.mean) < 1e-12 AND abs(p.prob_over - a.prob_over) < 1e-5), 'and says what it said') FROM answer AS a, predict_prop('NBA', 'points', '104', 9.5) AS p;
-- ---- a law with extra zeros ------------------------------------------------------------------------------
SELECT ok(bool_and(count_below('zero_inflated', 7.5, s, '{0}', k) = count_below('negbin', 7.5, s, NULL, k)), 'without extra zeros it is the negative binomial') FROM unnest('{0.5,1,1.5,4}'::float8[]) AS s, generate_series(-1, 40, 3) AS k;
SELECT ok(abs(sum(k * p) - 7.5) < 1e-9 AND abs(sum(k ^ 2 * p) - 7.5 ^ 2 - 3 * 7.5) < 1e-6 AND abs(sum(p) - 1) < 1e-12 AND max(p) FILTER (WHERE k = 0) > 0.1, 'with them mean and variance stay')
FROM generate_series(0, 400) AS k, LATERAL (SELECT count_below('zero_inflated', 7.5, 3, '{0.1}', k) - count_below('zero_inflated', 7.5, 3, '{0.1}', k - 1) AS p) AS x;
SELECT ok(bool_and(count_below('zero_inflated', 7.5, 3, '{0.1}', q) >= p AND (q = 0 OR count_below('zero_inflated', 7.5, 3, '{0.1}', q - 1) < p)), 'its quantile is the least count that reaches it')
FROM generate_series(0.01, 0.99, 0.07) AS p, LATERAL (SELECT count_quantile('zero_inflated', 7.5, 3, '{0.1}', p) AS q) AS x;
INSERT INTO prop_type (sport, prop_type, market, role, stat, exposure, prior, law) VALUES ('NBA', 'spoilt', 'player_spoilt', 'player', 'spoilt', 'minutes', 100, 'zero_inflated');
UPDATE player_game AS g SET stats = g.stats || jsonb_build_object('spoilt', CASE WHEN even_number(g.game_id || g.player_id) < 0.1 THEN 0 ELSE 5 + (g.stats ->> 'points')::int END);	-- a tenth of the games comes to nothing
SELECT refresh_prop_forms('NBA', 'spoilt', '2011-06-01') \g /dev/null
SELECT train_prop('NBA', 'spoilt', 2010, rounds => 20, params => '{"min_child_weight": 10}') AS spoilt \gset
SELECT ok(extra_zero BETWEEN 0.05 AND 0.15, 'a model finds the share that is in its games: ' || extra_zero) FROM prop_model WHERE model_id = :spoilt;
CREATE TEMP TABLE spoilt AS SELECT * FROM predict_prop('NBA', 'spoilt', '103', 0.5);
SELECT ok(prob_under BETWEEN 0.05 AND 0.15 AND lower <= mean AND mean <= upper, 'and says so') FROM spoilt;
SELECT is(import_prop_model(export_prop_model(:spoilt) || '{"name": "spoilt copy"}'), 'spoilt copy', 'its document has it');
SELECT make_live((SELECT model_id FROM model WHERE name = 'spoilt copy'), 'promotion', 'test') \g /dev/null
SELECT ok(abs(p.prob_under - s.prob_under) < 1e-5, 'and its copy') FROM spoilt AS s, predict_prop('NBA', 'spoilt', '103', 0.5) AS p;
UPDATE prop_type SET law = 'binomial' WHERE prop_type = 'spoilt';
SELECT throws_ok($$SELECT train_prop('NBA', 'spoilt', 2010, rounds => 2)$$, '22023', NULL, 'minutes are no tries');
SELECT * FROM finish();
