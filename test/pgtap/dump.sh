#!/bin/sh
# pg_dump and pg_restore carry every row and every sequence of the extension, and shipped rows once.
from=dump_from_$$ to=dump_to_$$
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"; dropdb --if-exists --force $from 2>/dev/null; dropdb --if-exists --force $to 2>/dev/null' EXIT

createdb "$from" && createdb "$to" && sql -d "$from" <<'SQL' >/dev/null || exit 1
SET client_min_messages = warning;
CREATE EXTENSION bet_edge;
SET search_path = bet_edge, public;
SELECT simulate_league(seed => 7, teams => 4, seasons => 2);
SELECT refresh_ratings();

-- Rows of a user's own in tables that come with rows, and shipped rows that were changed.
INSERT INTO sport (sport, title, family, pool, outcomes, time_zone, default_start, duration, elo_rules)
	VALUES ('PUB', 'Pub league', 'soccer', 'pub', 3, 'Europe/Dublin', '11:00', '2 hours', 'plain');
INSERT INTO book (book, title, kind, bettable) VALUES ('corner_shop', 'The corner shop', 'soft', true);
INSERT INTO alias (feed, kind, name, target) VALUES ('pub', 'sport', 'The Pub League', 'PUB');
INSERT INTO schedule (job_name, cron, command) VALUES ('report', '0 9 * * *', 'SELECT 1');
UPDATE sport SET elo_k = 25 WHERE sport = 'EPL';
UPDATE strategy SET max_price = 7 WHERE strategy_name = (SELECT min(strategy_name) FROM strategy);
UPDATE book SET bettable = NOT bettable WHERE book = 'pinnacle';
UPDATE schedule SET cron = '15 4 * * *' WHERE job_name = 'collect';
UPDATE schedule SET is_enabled = false WHERE job_name = 'train';
UPDATE retention SET keep = '2 years' WHERE what = 'quote';
UPDATE feature SET builtin = false WHERE position = 1;
UPDATE feed_host SET allowed_by = 'somebody' WHERE host = 'api.the-odds-api.com';
UPDATE feed SET "interval" = '6 hours' WHERE feed = 'nflverse_games';
UPDATE feed_error SET hold = '2 hours' WHERE error_code = 'INVALID_KEY';
UPDATE credit_plan SET credits = 20000;
INSERT INTO feed_round VALUES ('nflverse_games', now());
INSERT INTO feed_request (feed, source, url, at, credits_planned, held_until, held_scope) VALUES ('nflverse_games', 'nflverse', 'https://example.org/?k={key}', now(), 3, now(), 'url');
UPDATE alias SET target = target || ' FC' WHERE (feed, kind, pool, name) = (SELECT feed, kind, pool, name FROM alias WHERE builtin ORDER BY 1, 2, 3, 4 LIMIT 1);

-- And some in tables that the simulated league leaves empty.
INSERT INTO bet_share (game_id, market, side, source, bets, money, known_at) SELECT game_id, 'h2h', 'home', 'pub', 60, 51.5, now() FROM game LIMIT 1;
INSERT INTO inbox (feed, name, body) VALUES ('pub', 'twice.csv', '\x00ff'), ('pub', 'twice.csv', '\x00ff');
SELECT raise_alert('job_failed', 'report', 'it fell over');
INSERT INTO reject (payload_id, line_no, reason, detail, raw) SELECT payload_id, 3, 'unknown_team', 'Nobody', E'a\tb\\c' FROM payload LIMIT 1;
-- Prices of a month with a partition of its own, made later.
INSERT INTO team SELECT stable_id('nfl:' || n), 'nfl', n FROM unnest('{Here,There}'::text[]) AS n;
INSERT INTO game SELECT stable_id('NFL:2031:Here:There:1'), 'NFL', 2031, stable_id('nfl:Here'), stable_id('nfl:There'), 'NFL:2031:Here:There:1', '2031-10-01';
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT game_id, '2031-10-05', true, '2031-09-21', now(), payload_id FROM game, payload WHERE month = '2031-10-01' LIMIT 1;
INSERT INTO quote (game_id, market, side, book, price, known_at, recorded_at, payload_id, game_month) SELECT game_id, 'h2h', 'home', 'pinnacle', 1.9, '2031-10-04', now(), 1, month FROM game WHERE month = '2031-10-01';
SELECT make_quote_partitions('2031-09-15', 3);
INSERT INTO quote (game_id, market, side, book, price, known_at, recorded_at, payload_id, game_month) SELECT game_id, 'h2h', 'away', 'pinnacle', 2.1, '2031-10-04', now(), 1, month FROM game WHERE month = '2031-10-01';
INSERT INTO game_event (feed, event_id, game_id) SELECT 'the_odds_api', 'x', game_id FROM game LIMIT 1;
INSERT INTO offer (feed, game_id, book, market, participant, said, known_at, payload_id) SELECT 'the_odds_api', game_id, 'pinnacle', 'h2h', '', ARRAY[ROW('home', NULL, 1.9, 100)::offered, ROW('away', NULL, 1.9, NULL)::offered], now(), 1 FROM game LIMIT 1;
INSERT INTO game_venue (game_id, venue, known_at, recorded_at, payload_id) SELECT game_id, (SELECT min(venue) FROM venue), now(), now(), (SELECT min(payload_id) FROM payload) FROM game LIMIT 1;
INSERT INTO offer_poll SELECT 'the_odds_api', game_id, 'h2h', now(), 1 FROM game LIMIT 1;
INSERT INTO offer_gap SELECT 'the_odds_api', game_id, '', 'h2h', now(), now(), 1 FROM game LIMIT 1;
INSERT INTO withdrawal SELECT game_id, 'pinnacle', 'h2h', '', now(), now(), now(), 1, 1 FROM game LIMIT 1;
INSERT INTO outright_quote SELECT 'NFL', 'e', 'americanfootball_nfl_super_bowl_winner', 'Los Angeles Rams', 'pinnacle', 'outrights', 8, now(), now(), payload_id FROM payload LIMIT 1;
INSERT INTO strategy_configuration VALUES ('2020-01-01', 'PUB', 'hunch', 'value', 'public.hunch', true, 'new', 1, 0, 0.5, NULL, NULL, 0, 'STABLE', 0, 3);
INSERT INTO overround_fit (family, book, closing, valid_from, method) VALUES ('soccer', 'sim_sharp', true, '2020-01-01', 'goto');
INSERT INTO simulation (sport, season, staking, bankroll) VALUES ('SIM', 2016, 'kelly', 1000.50);
INSERT INTO weekly_bets (simulation_id, sport, season, week, placed_at, game_id, market, side, line, book, price, stake, strategy_name, tier, probability, edge)
	SELECT 1, 'SIM', 2016, 1, now(), game_id, 'totals', 'over', 2.25, 'sim_sharp', 1.95, 10.01, 'hunch', 'A', 0.1 + 0.2, 0.12 FROM game LIMIT 2;
INSERT INTO bankroll_history (simulation_id, entry, at, event, bet_id, amount, locked, available, at_risk) VALUES (1, 1, now(), 'stake', 1, -10.01, 10.01, 990.49, 10.01);
UPDATE settlement_rule SET postponed = '12 hours' WHERE (sport, market, book) = ('*', '*', '*');
INSERT INTO player_market (market, role, stats) VALUES ('player_tries', 'player', '{tries}');
INSERT INTO weekly_performance (simulation_id, sport, season, week, week_starts, bets, won, turnover, profit, bankroll, games)
	VALUES (1, 'SIM', 2016, 1, '2016-08-08', 1, 0, 10.01, -10.01, 990.49, 2);
INSERT INTO players VALUES ('pub', '007', 'Ann Example', '{"hand": "L"}');
INSERT INTO player_name SELECT 'pub', '007', 'A. Example', now(), now(), payload_id FROM payload LIMIT 1;
INSERT INTO player_team SELECT 'pub', '007', team_id, now(), now(), payload_id FROM payload, team LIMIT 1;
INSERT INTO player_game SELECT game_id, 'pub', '007', home_id, 'player', true, 12.5, '{"points": 7}', now(), now(), payload_id FROM game, payload LIMIT 1;
INSERT INTO prop_type (sport, prop_type, market, role, stat, exposure, prior) VALUES ('NBA', 'steals', 'player_steals', 'player', 'steals', 'minutes', 100);
INSERT INTO prop_form (sport, prop_type, player_id, season, starts_at, features) VALUES ('NBA', 'steals', '007', 2030, 'infinity', '{1.5,NaN}');
INSERT INTO prop_surrounding VALUES ('NBA', 'steals', 'league', '', 0.1);
INSERT INTO live_score SELECT 'pub', '1', now(), 'poll', 'live', 1, 43.1, 676.9, 2, 0, payload_id FROM payload LIMIT 1;
INSERT INTO score_pattern_history SELECT '0029600001', 1996, '1996-11-01', home_id, away_id, array_fill(3, ARRAY[24]), 3, -1, 0, now(), payload_id FROM game, payload LIMIT 1;
INSERT INTO halftime_out_of_fold VALUES ('0029600001', 1996, '1996-11-01', 'half', 3, -2, 90.5, NULL, 0.5, 1, 0.7, 0.3, 0.2, 0.1, NULL);
UPDATE halftime_setting SET neighbours = 150;
INSERT INTO halftime_model (knowledge_cutoff, first_season, last_season, games, distance, neighbours, hidden, weights, points, changes, sha256)
	SELECT now(), 1996, 1996, 1, 'shape', 1, 16, w, p, c, halftime_sha256(w, p, c) FROM (VALUES ('{0.1,-3e-7}'::real[], '{{1,2}}'::real[], '{3,4}'::real[])) AS v (w, p, c);
INSERT INTO halftime_neighbour VALUES (1, 1, '0029600001', '1996-11-01', 'A', 'B', 3, -1, array_fill(3::smallint, '{18}'));
INSERT INTO halftime_blend VALUES (1, 'half', 'none', 'source', '{0,0,0,0.4,0.6}');
INSERT INTO halftime_calibration VALUES (1, 'half', 'none', 'source', 'close', '{0.1,2.5}');
INSERT INTO halftime_adaptation VALUES ('half', 'none', 'learned', 'close', 0.05, 0.0495, 1, 1);
INSERT INTO halftime_forecast (feed, event_id, game_info, pattern, prediction, final, model_id, received_at, steps) VALUES ('pub', '1', '{}', '{1}', '{"point_forecast": 1.5}', '{}', 1, now(), '{"model_ms": 0.7}');
INSERT INTO halftime_outcome VALUES (1, 'half', 3, 1.5, now());
INSERT INTO halftime_call (feed, event_id, model_ms, total_ms, error) VALUES ('pub', '1', 0.7, 2, NULL), ('pub', '2', NULL, NULL, '42704: none');
INSERT INTO ranking SELECT 'pub', '007', '2030-01-07', 1, 9, now(), now(), payload_id FROM payload LIMIT 1;
INSERT INTO injury SELECT 'pub', '007', 'pub', team_id, 'out', 1, true, 'knee', NULL, NULL, now(), 'infinity', now(), now(), payload_id FROM payload, team LIMIT 1;
INSERT INTO injury_report SELECT 'pub', 'pub', team_id, now(), now(), true, now(), payload_id FROM payload, team LIMIT 1;
INSERT INTO player_share VALUES ('pub', '007', 0.25, now(), now());
INSERT INTO weather_forecast SELECT (SELECT min(venue) FROM venue), 'pub', now(), now() + interval '1 hour', now(), 12.5, 3, 7, 270, 0.2, 0, 1, now(), now(), payload_id FROM payload LIMIT 1;
INSERT INTO weather_archive SELECT (SELECT min(venue) FROM venue), 'pub', now(), now() + interval '1 hour', 12.5, 3, 7, 270, 0.2, now(), now(), payload_id FROM payload LIMIT 1;
INSERT INTO weather_grid SELECT 'PUB/1,2', (SELECT min(venue) FROM venue), now(), payload_id FROM payload LIMIT 1;
INSERT INTO pregame SELECT game_id, 'home', 'goalie', '007', 'A. Example', now(), now(), payload_id FROM game, payload LIMIT 2;
INSERT INTO pregame_item VALUES ('pub', 'keeper', 'home', 'goalie', NULL, true, 'start');
UPDATE kalman_setting SET noise = 81 WHERE sport = 'NFL';
UPDATE staking_rule SET multiplier = 0.125;
UPDATE promotion_rule SET min_games = 250;
INSERT INTO training_run (sport, bet_type, framework, status, feature_function, params, rounds, refit_weeks, max_runtime_seconds)
	VALUES ('SIM', 'spread', 'xgboost', 'finished', 'bet_edge.game_features', '{}', 1, 8, 60);
INSERT INTO model (name, sport, bet_type, framework, run_id, features, knowledge_cutoff, forest, sha256, residuals, stage)
	SELECT 'SIM/spread/1', 'SIM', 'spread', 'xgboost', 1, '{a,b}', now(), f, forest_sha256(f), '{-0.1, Infinity}', 'production'
	FROM train_forest('SELECT i AS label, ARRAY[i, random()]::real[] AS features FROM generate_series(1, 50) AS i', '{"objective": "reg:squarederror"}', 3) AS f;
INSERT INTO prop_model (model_id, law, curve, usual) VALUES (1, 'binomial', '{{0,1},{0,1}}', '{"exposure": 4}');
INSERT INTO prop_trials VALUES (1, 0, '{0.1,0.9}');
SELECT make_live(1, 'first', 'to be dumped');
INSERT INTO model_forecast (model_id, game_id, as_of, role, prediction) SELECT 1, game_id, now(), 'champion', 2.5 FROM game LIMIT 2;
INSERT INTO game_forecast (game_id, forecaster, as_of, probs) SELECT game_id, 'hunch', now(), '{0.1, 0.2, 0.7}' FROM game LIMIT 2;
INSERT INTO key_number_fit VALUES ('NFL', 'spreads', now(), ROW(13.5, '{0.2,0.7}'), 300);
INSERT INTO training_fold VALUES (1, 1, 1, now(), now(), now(), 1, 1, 0.1, '{"squared_error": 1}');
INSERT INTO strategy (strategy_name, signal_type, signal_function, description) VALUES ('hunch', 'rating', 'public.hunch', 'A feeling');
INSERT INTO live_strategy_state VALUES ('SIM', 1, now(), '{hunch}', '{}', '{"hunch": {"roi": 1.5}}', now());
SELECT select_rule('shrunk');
SELECT switch_strategy('hunch', 'off', 'no more');
INSERT INTO backtest_trial (strategy_name, sport, settings) VALUES ('hunch', 'SIM', '{"slippage": 0.1}');
INSERT INTO backtest_trial_week VALUES (1, '2016-08-08', 2, -0.1);
INSERT INTO strategy_bet (trial_id, strategy_name, sport, as_of, game_id, market, side, book, price, probability, market_probability, edge)
	SELECT 1, 'hunch', 'SIM', '2016-08-08', game_id, 'h2h', 'away', 'sim_sharp', 3.1, 1 / 3.0, 0.3, 0.1 / 3 FROM game LIMIT 2;
INSERT INTO strategy_performance (strategy_name, sport, backtest_date, window_from, window_to, total_bets)
	VALUES ('hunch', 'SIM', '2016-08-15', '-infinity', '2016-08-15', 0);
INSERT INTO model_evaluations (sport, bet_type, season, scorer, n, log_loss) VALUES ('SIM', 'moneyline', 2016, 'elo', 3, 'Infinity');
INSERT INTO ai_predictions (as_of, rank, sport, game_id, market, side, book, price, probability, market_probability, edge, prob_edge, tier, confidence, stake, strategy_name, model_id, reason)
	SELECT '2016-08-08', 1, 'SIM', game_id, 'h2h', 'away', 'sim_sharp', 3.1, 0.4, 0.3, 0.24, 0.1, 'A', 0.6, 12.34, 'hunch', 1, 'because' FROM game LIMIT 1;
INSERT INTO stake_cut SELECT prediction_id, 1, 'max_stake', 20, 12.34, 12.34 FROM ai_predictions;
INSERT INTO training_trial VALUES (1, 1, 1, '{"eta": 0.1}', 20, 0.65, 80, 0.5, 'finished', NULL), (1, 1, 2, '{"eta": -1}', 20, NULL, 80, 0.1, 'failed', 'eta');
INSERT INTO oof_prediction SELECT 1, game_id, 1, now(), '{0.3, NaN}', NULL, 1 FROM game LIMIT 3;
SQL

# name, rows, fingerprint of every table and sequence that the extension registered
cat >"$dir/fingerprint.sql" <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(r::text, chr(10) ORDER BY r::text COLLATE "C")) FROM %s AS r;', c.oid::regclass, c.oid::regclass)
FROM pg_extension AS e, unnest(e.extconfig, e.extcondition) AS t(oid, rows) JOIN pg_class AS c USING (oid)
WHERE e.extname = 'bet_edge' AND c.relkind IN ('r', 'p') AND t.rows <> 'WHERE false' ORDER BY c.relname \gexec
SELECT format('SELECT %L, 1, concat_ws('' '', last_value, is_called) FROM %s;', c.oid::regclass, c.oid::regclass)
FROM pg_extension AS e, unnest(e.extconfig) AS t(oid) JOIN pg_class AS c USING (oid)
WHERE e.extname = 'bet_edge' AND c.relkind = 'S' ORDER BY c.relname \gexec
SQL
sql -d "$from" -f "$dir/fingerprint.sql" >"$dir/before" || exit 1

n=0
report() { # status, name, file of diagnostics
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || { echo "not ok $n - $2"; sed 's/^/# /' "$3"; }
}
pg_dump -Fc -d "$from" -f "$dir/dump" 2>"$dir/log"
report $? 'pg_dump' "$dir/log"
pg_restore --exit-on-error -d "$to" "$dir/dump" 2>"$dir/log"
report $? 'pg_restore into an empty database' "$dir/log"
sql -d "$to" -f "$dir/fingerprint.sql" >"$dir/after" 2>"$dir/log"
report $? 'the tables are there' "$dir/log"
diff "$dir/before" "$dir/after" >"$dir/log"
report $? "every row of every table and every sequence is the same ($(wc -l <"$dir/before") compared)" "$dir/log"
pg_dump -Fc -d "$to" -f "$dir/dump" 2>"$dir/log" && dropdb --force "$from" && createdb "$from" &&
	pg_restore --exit-on-error -d "$from" "$dir/dump" 2>"$dir/log" && sql -d "$from" -f "$dir/fingerprint.sql" 2>&1 | diff "$dir/before" - >"$dir/log"
report $? 'and again when what was restored is dumped' "$dir/log"
psql -X -q -A -t -d "$from" -c "SELECT count(*) FROM bet_edge.quote_2031_10, pg_index AS i WHERE i.indrelid = 'bet_edge.quote_2031_10'::regclass" | grep -qx 2 || echo "prices of October 2031, or their index, are not in their partition" >"$dir/log"
report $(grep -q . "$dir/log" && echo 1 || echo 0) 'a partition made later comes back with its rows and its index' "$dir/log"
awk -F'|' '$2 == 0 { print $1 ": give it a row in this test"; empty = 1 } END { exit empty }' "$dir/before" >"$dir/log"
report $? 'every table had rows to carry' "$dir/log"
echo "1..$n"
