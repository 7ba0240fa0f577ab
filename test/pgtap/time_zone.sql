-- Whoever asks from wherever: what is stored and what is known does not depend on the session's time zone.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT plan(10);
SELECT simulate_league(3, 8, 5) \g /dev/null
-- A two-way sport, whose season begins a week after London set its clocks.
INSERT INTO team SELECT stable_id('nfl:' || n), 'nfl', n FROM unnest('{A,B,C,D}'::text[]) AS n;
INSERT INTO game SELECT stable_id(k), 'NFL', y, stable_id('nfl:A'), stable_id('nfl:B'), k FROM generate_series(2015, 2018) AS y, generate_series(1, 200) AS i, LATERAL (SELECT format('NFL:%s:A:B:%s', y, i) AS k) AS x;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
SELECT game_id, timestamptz '2000-03-29 20:00Z' + make_interval(years => season - 2000) + split_part(game_key, ':', 5)::int * interval '1 day', true, '2010-01-01', '2010-01-01', 1 FROM game WHERE sport = 'NFL';
INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
SELECT f.game_id, 17 + abs(f.game_id) % 14, 14 + abs(f.game_id / 7) % 17, 'final', f.starts_at + interval '4 hours', f.starts_at, 1 FROM fixture AS f JOIN game AS g USING (game_id) WHERE g.sport = 'NFL';
INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id)
SELECT f.game_id, m.market, m.side, m.line, 'pinnacle', 1.9 + m.more, true, f.starts_at, f.starts_at, 1 FROM fixture AS f JOIN game AS g USING (game_id),
	(VALUES ('spreads', 'home', -2.5, 0.02), ('spreads', 'away', 2.5, 0), ('totals', 'over', 44.5, 0), ('totals', 'under', 44.5, 0.03)) AS m (market, side, line, more) WHERE g.sport = 'NFL';
CREATE FUNCTION pg_temp.refreshed() RETURNS bigint LANGUAGE sql AS
$$ SELECT refresh_ratings('SIM') + refresh_ratings('NFL') + refresh_strengths('SIM') + refresh_overround_fits() + refresh_key_number_fits('NFL') $$;
SELECT cmp_ok(pg_temp.refreshed(), '>', 300::bigint, 'what is derived is derived');
SELECT ok(count(*) > 0, 'key numbers too') FROM key_number_fit;
ANALYZE;
CREATE FUNCTION pg_temp.facts() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(x.t || x.r, E'\n' ORDER BY x.t COLLATE "C", x.r COLLATE "C")) FROM game AS g CROSS JOIN LATERAL (
		SELECT 'fixture', record_send(f)::text FROM fixture AS f WHERE f.game_id = g.game_id UNION ALL SELECT 'result', record_send(r)::text FROM result AS r WHERE r.game_id = g.game_id
		UNION ALL SELECT 'quote', record_send(q)::text FROM quote AS q WHERE q.game_id = g.game_id AND q.game_month = g.month) AS x (t, r) WHERE g.sport = 'SIM' $$;
CREATE FUNCTION pg_temp.features() RETURNS text LANGUAGE sql AS
$$ SELECT md5(string_agg(record_send(f)::text, '' ORDER BY f.game_id)) FROM game_features('SIM', '-infinity', 'infinity', 'infinity') AS f $$;
CREATE FUNCTION pg_temp.bets() RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(row(strategy_name, backtest_date, extract(epoch FROM window_from), total_bets, roi_per_100)::text, ' ' ORDER BY strategy_name, backtest_date) FROM strategy_performance $$;
SELECT pg_temp.facts() AS facts, pg_temp.features() AS features \gset
SELECT run_backtest('elo_value', '2016-10-01 00:00Z', '2017-05-15 00:00Z', 'SIM') AS n \gset
SELECT pg_temp.bets() AS bets \gset

SET timezone = 'America/Los_Angeles';
SELECT is(pg_temp.refreshed(), 0::bigint, 'from Los Angeles there is nothing new to derive');
SELECT is(pg_temp.features(), :'features', 'the features are the same to the last bit');
SELECT is(run_backtest('elo_value', '2016-10-01 00:00Z', '2017-05-15 00:00Z', 'SIM'), :n, 'a backtest makes as many bets');
SELECT is(pg_temp.bets(), :'bets', 'and judges them over the same weeks');
SET timezone = 'Europe/London';
SELECT is(pg_temp.refreshed(), 0::bigint, 'nor is there from London');
SELECT is(pg_temp.features(), :'features', 'nor are there other features');
SET timezone = 'America/New_York';
SELECT cmp_ok(replay(), '>', 0, 'replay() from a third');
SELECT is(pg_temp.facts(), :'facts', 'gives every fixture, result and price again, to the last bit');
SELECT * FROM finish();
ROLLBACK;
