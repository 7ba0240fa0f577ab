-- Forecasts of a season scored: the same games for everybody, numbers that plain SQL gives again.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT :'data' <> '' AS has_data \gset
SELECT plan(26);
SELECT simulate_league(3, 8, 3) \g /dev/null
SELECT refresh_ratings('SIM') \g /dev/null
ANALYZE;
CREATE TEMP TABLE forecast AS SELECT * FROM season_forecasts('SIM', 2018, 'multiplicative');
CREATE TEMP TABLE score AS SELECT * FROM evaluate_season('SIM', 2018, 'multiplicative');

SELECT set_eq('SELECT game_id FROM forecast', $$SELECT game_id FROM sports_events WHERE season = 2018 AND sport = 'SIM'$$, 'a forecast of every game of the season');
SELECT is_empty($$SELECT FROM forecast AS f JOIN sports_events AS e USING (game_id)
		WHERE f.as_of <> decision_time('SIM', e.starts_at) OR f.outcome <> 2 - sign(e.home_score - e.away_score)$$, 'at its decision time, with what came');
SELECT results_eq('SELECT scorer, n FROM score ORDER BY scorer', $$VALUES ('base_rate', 56), ('elo', 56), ('market_close', 56), ('market_open', 56)$$,
	'every scorer on the same games; no model is there, so none is scored');
-- The market's prices, straight from the quotes.
CREATE TEMP TABLE market AS
SELECT game_id, closing, array_agg(1 / price / total ORDER BY array_position('{home,draw,away}', side)) AS probs
FROM (SELECT *, sum(1 / price) OVER (PARTITION BY game_id, closing) AS total FROM quote WHERE market = 'h2h' AND book = 'sim_sharp') AS q GROUP BY game_id, closing;
SELECT is_empty($$SELECT FROM forecast AS f JOIN market AS c ON c.game_id = f.game_id AND c.closing JOIN market AS o ON o.game_id = f.game_id AND NOT o.closing,
		generate_series(1, 3) AS i WHERE abs(f.market_close[i] - c.probs[i]) > 1e-12 OR abs(f.market_open[i] - o.probs[i]) > 1e-12$$,
	'market_open and market_close are the sharp book''s prices then and at the close');
SELECT is((SELECT round(log_loss::numeric, 12) FROM score WHERE scorer = 'market_close'),
	(SELECT round(-avg(ln(c.probs[f.outcome]))::numeric, 12) FROM forecast AS f JOIN market AS c ON c.game_id = f.game_id AND c.closing), 'log loss of the close');
SELECT is((SELECT round(diff_log_loss_vs_close::numeric, 12) FROM score WHERE scorer = 'market_open'),
	(SELECT round(avg(ln(c.probs[f.outcome]) - ln(o.probs[f.outcome]))::numeric, 12)
		FROM forecast AS f JOIN market AS c ON c.game_id = f.game_id AND c.closing JOIN market AS o ON o.game_id = f.game_id AND NOT o.closing), 'the difference is game by game');
SELECT is((SELECT round((diff_upper - diff_lower)::numeric, 10) FROM score WHERE scorer = 'market_open'),
	(SELECT round((2 * 2.004044783289136 * stddev(ln(c.probs[f.outcome]) - ln(o.probs[f.outcome])) / sqrt(56))::numeric, 10)
		FROM forecast AS f JOIN market AS c ON c.game_id = f.game_id AND c.closing JOIN market AS o ON o.game_id = f.game_id AND NOT o.closing), 'with Student''s interval on 55 degrees of freedom');
SELECT is((SELECT diff_log_loss_vs_close FROM score WHERE scorer = 'market_close'), NULL, 'the close is not compared with itself');
SELECT is((SELECT round(base_rate[2]::numeric, 12) FROM forecast LIMIT 1),
	(SELECT round(avg((home_score = away_score)::int), 12) FROM sports_events WHERE sport = 'SIM' AND season < 2018), 'base rates are those of earlier seasons');
SELECT is((SELECT count(*) FROM model_evaluations), 4::bigint, 'the rows are kept');
SELECT results_eq($$SELECT scorer, book, method FROM model_evaluations WHERE scorer IN ('elo', 'market_close') ORDER BY 1$$,
	$$VALUES ('elo', NULL, NULL), ('market_close', 'sim_sharp', 'multiplicative')$$, 'with whose prices they are');
SELECT is((SELECT count(*) FROM evaluate_season('SIM', 2018, 'shin', 'sim_soft_1') WHERE scorer LIKE 'market%' AND book = 'sim_soft_1'), 2::bigint, 'another book and method');

-- A price that is the close is no forecast of its own.
UPDATE sport SET decision_days = NULL, decision_hour = NULL WHERE sport = 'SIM';
SELECT results_eq($$SELECT market_open FROM season_forecasts('SIM', 2018, 'multiplicative') ORDER BY game_id$$, 'SELECT market_open FROM forecast ORDER BY game_id',
	'decided at the start, market_open is still the last price before the close');
CREATE TEMP TABLE early AS SELECT * FROM quote WHERE book = 'sim_sharp' AND NOT closing;
DELETE FROM quote WHERE book = 'sim_sharp' AND NOT closing;
SELECT results_eq($$SELECT scorer, n FROM evaluate_season('SIM', 2018) ORDER BY 1$$, $$VALUES ('base_rate', 56), ('elo', 56), ('market_close', 56)$$,
	'where there is none it is left out');
INSERT INTO quote SELECT * FROM early;
UPDATE sport SET decision_days = '{2,5}', decision_hour = '15:00' WHERE sport = 'SIM';

-- A game that one scorer cannot price is left out for all.
DELETE FROM quote WHERE closing AND book = 'sim_sharp' AND side = 'draw' AND game_id = (SELECT min(game_id) FROM forecast);
SELECT results_eq($$SELECT DISTINCT n FROM evaluate_season('SIM', 2018)$$, 'VALUES (55)', 'a market without all its sides prices nothing, and nobody is scored on that game');
DELETE FROM quote WHERE closing;
SELECT results_eq($$SELECT scorer, n, diff_log_loss_vs_close FROM evaluate_season('SIM', 2018, 'shin', 'sim_sharp') ORDER BY 1$$,
	$$VALUES ('base_rate', 56, NULL::float8), ('elo', 56, NULL), ('market_open', 56, NULL)$$, 'without a close nothing is compared with it');
SELECT is((SELECT count(*) FROM evaluate_season('SIM', 2016) WHERE scorer = 'base_rate'), 0::bigint, 'the first season has no earlier one');
SELECT throws_ok($$SELECT evaluate_season('SIM', 1950)$$, 'P0002', 'no finished games of SIM in season 1950', 'a season without games is refused');
SELECT throws_ok($$SELECT evaluate_season('NOPE', 2018)$$, '42704', 'unknown sport "NOPE"', 'so is an unknown sport');
SELECT throws_ok($$SELECT evaluate_season('SIM', 2018, 'shin', 'nope')$$, '42704', 'unknown book "nope"', 'an unknown book');
SELECT throws_ok($$SELECT evaluate_season('SIM', 2018, 'nope')$$, '22023', NULL, 'and an unknown method');
SELECT is((SELECT count(*) FROM model_evaluations WHERE season = 1950), 0::bigint, 'and none leaves a row');

-- ---- the market's scores that anybody can recompute -----------------------------------------------
\if :has_data
\set here `pwd`
\cd :data
\set season_2022 `base64 -w0 soccer/E0_2223.csv`
\set season_2023 `base64 -w0 soccer/E0_2324.csv`
\set nfl `grep -E '^(game_id|20(18|19))' nfl/games.csv | base64 -w0`
\cd :here
SELECT load_payload('football_data', 'E0_2223.csv', decode(:'season_2022', 'base64')), load_payload('football_data', 'E0_2324.csv', decode(:'season_2023', 'base64')),
	load_payload('nflverse', 'games.csv', decode(:'nfl', 'base64')) \g /dev/null
SELECT register_names('football_data', 'EPL') \g /dev/null
SELECT refresh_ratings(s) FROM unnest('{EPL,NFL}'::text[]) AS s \g /dev/null
ANALYZE;
SELECT is(concat_ws(' ', n, abs(log_loss - 0.8996) < 0.0001, round(brier::numeric, 4), round(rps::numeric, 4), book), '380 t 0.5258 0.1805 pinnacle',
	'Premier League 2023-24: log loss 0.8996, Brier 0.5258, RPS 0.1805 of Pinnacle''s close on 380 matches') FROM evaluate_season('EPL', 2023, 'multiplicative') WHERE scorer = 'market_close';
SELECT ok(bool_and(n = 380) AND max(log_loss) FILTER (WHERE scorer = 'elo') BETWEEN 0.90 AND 0.96, 'and everybody on the same 380') FROM evaluate_season('EPL', 2023);
SELECT results_eq($$SELECT DISTINCT n::bigint FROM evaluate_season('NFL', 2019)$$,
	$$SELECT count(*) FROM sports_events AS e WHERE sport = 'NFL' AND season = 2019 AND home_score <> away_score
		AND (SELECT count(DISTINCT side) FROM quote AS q WHERE q.game_id = e.game_id AND q.market = 'h2h') = 2$$, 'NFL 2019: ties are left out');
SELECT is((SELECT string_agg(DISTINCT scorer, ' ' ORDER BY scorer) FROM model_evaluations WHERE sport = 'NFL'), 'base_rate elo market_close', 'and the close is scored once');
\else
SELECT skip('DATA_DIR is not there: EPL and NFL seasons', 4);
\endif
SELECT * FROM finish();
ROLLBACK;
