-- The live game on an invented league: leads walk at random and drift with the home side's strength. Trained in seconds, so that every step is walked; the real seasons are in data_live.sql.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = error;
SELECT plan(62);

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
SELECT is(warm_up() < 1000, true, 'nor anything to warm up');

-- ---- a league of four seasons ------------------------------------------------------------------------------------
INSERT INTO team (team_id, pool, name) SELECT -i, 'nba', 'Team ' || i FROM generate_series(1, 10) AS i;
CREATE TEMP TABLE walk AS
SELECT season, n, 1 + n % 10 AS home, 1 + (n + 1 + n / 10 % 8) % 10 AS away, m, round(((('x' || substr(md5(concat(season, '-', n, '-', m)), 1, 7))::bit(28)::int % 1000) / 1000.0 - 0.5) * 8)::int AS step
FROM generate_series(2010, 2013) AS season, generate_series(0, 119) AS n, generate_series(1, 25) AS m;
INSERT INTO score_pattern_history (event_id, season, played_on, home_id, away_id, pattern, half_diff, final_diff, overtime, known_at, payload_id)
SELECT lpad((season * 1000 + n)::text, 10, '0'), season, make_date(season, 11, 1) + n / 5, -home, -away, leads[:24], leads[24], CASE leads[25] WHEN 0 THEN 1 ELSE leads[25] END, 0, (make_date(season, 11, 1) + n / 5 + time '22:30') AT TIME ZONE 'UTC', 0
FROM (SELECT season, n, home, away, array_agg(lead ORDER BY m) AS leads
	FROM (SELECT *, (sum(step + CASE WHEN m = 25 THEN 3 * sign(away - home) ELSE 0 END) OVER (PARTITION BY season, n ORDER BY m))::int AS lead FROM walk) AS w GROUP BY season, n, home, away) AS g;
UPDATE halftime_setting SET base_games = 300, neighbours = 20, lstm_hidden = 16, lstm_epochs = 2, lstm_seasons = 2, boosting = '{"objective": "reg:squarederror", "max_depth": 2, "rounds": 5}';
SELECT is(builtin, false, 'a setting that is changed is ours') FROM halftime_setting;
SELECT results_eq($$SELECT count(*), count(spread), count(DISTINCT elo) > 100, bool_and(lead + half = h.half_diff AND lead + final = h.final_diff) FROM halftime_games('2014-01-01') AS g JOIN score_pattern_history AS h USING (event_id)$$,
	$$VALUES (480::bigint, 0::bigint, true, true)$$, 'games to learn from, without a line');
SELECT is((SELECT count(*) FROM halftime_games('2012-06-01')), 240::bigint, 'as of a time');
SELECT is(fit_halftime_lstm(2010), NULL, 'nothing is learnt from nothing');
SELECT throws_ok('SELECT walk_halftime(2010)', '22023', NULL, 'the first season has none before it');
SELECT is(walk_halftime(2012), 120, 'a season is forecast');
SELECT results_eq('SELECT target, count(*), count(boosting_spread) FROM halftime_out_of_fold GROUP BY target ORDER BY target', $$VALUES ('final', 120::bigint, 0::bigint), ('half', 120, 0)$$, 'both targets, by all methods that know enough');
CREATE TEMP TABLE before AS SELECT * FROM halftime_out_of_fold;
-- A test that pays: scramble every result of the season that is forecast and of later ones, and no forecast may change.
UPDATE score_pattern_history SET pattern = pattern[:18] || array_fill(50, '{6}'), half_diff = 50, final_diff = 60 - n % 100 FROM (SELECT event_id AS e, row_number() OVER (ORDER BY event_id)::int AS n FROM score_pattern_history) AS s WHERE e = event_id AND season >= 2012 AND 60 - n % 100 <> 0;
SELECT walk_halftime(2012) \g /dev/null
SELECT is((SELECT count(*) FROM halftime_out_of_fold AS o JOIN before AS b USING (event_id, target) WHERE (o.lead, o.drift, o.dejavu_ten, o.dejavu, o.lstm, o.boosting) IS DISTINCT FROM (b.lead, b.drift, b.dejavu_ten, b.dejavu, b.lstm, b.boosting)), 0::bigint,
	'no result of the season or after it reaches a forecast');
SELECT is((SELECT o.elo = b.elo FROM halftime_out_of_fold AS o JOIN before AS b USING (event_id, target) ORDER BY o.event_id LIMIT 1), true, 'nor the strength of its first game');
ROLLBACK;
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = error;
