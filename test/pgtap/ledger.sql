-- 100,000 random bets (psql -v bets=4000: as many) in stakes of four currencies, with voids, halves, dead heats and corrected scores: the money adds up to the last digit.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
\if :{?bets}
\else
\set bets 100000
\endif
SELECT plan(20);
SELECT setseed(0.6);

-- 1,000 games of four sports in ten days, or a game for every 80 bets, each of which can be made once: most are played, some are not, or late, or not to the end; some scores are wrong at first.
INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', '2024-01-01');
CREATE TEMP TABLE made AS
SELECT i, (ARRAY['EPL', 'NFL', 'MLB', 'ATP'])[1 + i % 4] AS sport, timestamptz '2024-05-01 12:00' + i % 10 * interval '1 day' AS starts_at, random() AS fate, random() AS wrong,
	CASE WHEN i % 4 = 3 THEN 2 * (random() < 0.5)::int ELSE (random() * random() * 9)::int END AS home, CASE WHEN i % 4 = 3 THEN 1 ELSE (random() * random() * 9)::int END AS away
FROM generate_series(1, greatest(1000, :bets / 80)) AS i;
ALTER TABLE made ADD game_key text, ADD pool text, ADD game_id bigint;
UPDATE made AS m SET game_key = sport || ':2024:' || i, pool = (SELECT s.pool FROM sport AS s WHERE s.sport = m.sport);
UPDATE made SET game_id = stable_id(game_key);
INSERT INTO team SELECT DISTINCT stable_id(pool || ':' || t || i), pool, t || i FROM made, unnest('{home,away}'::text[]) AS t;
INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) SELECT game_id, sport, 2024, stable_id(pool || ':home' || i), stable_id(pool || ':away' || i), game_key FROM made;
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
SELECT m.game_id, m.starts_at, true, m.starts_at - interval '14 days', now(), payload_id FROM made AS m, payload;
-- postponed: played the next day, or in a month
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id)
SELECT m.game_id, m.starts_at + CASE WHEN m.fate < 0.05 THEN interval '20 hours' ELSE interval '30 days' END, true, m.starts_at, now(), payload_id FROM made AS m, payload WHERE m.fate < 0.1;
INSERT INTO result (game_id, home_score, away_score, status, detail, known_at, recorded_at, payload_id)
SELECT m.game_id, NULL, NULL, 'postponed', '{}'::jsonb, m.starts_at, now(), payload_id FROM made AS m, payload WHERE m.fate < 0.1
UNION ALL
SELECT m.game_id, CASE WHEN m.fate < 0.15 OR m.fate >= 0.20 THEN m.home + (m.wrong < 0.1)::int END, CASE WHEN m.fate < 0.15 OR m.fate >= 0.20 THEN m.away END,
	CASE WHEN m.fate < 0.10 THEN 'final' WHEN m.fate < 0.15 THEN 'awarded' WHEN m.fate < 0.17 THEN 'cancelled' WHEN m.fate < 0.20 THEN 'abandoned' ELSE 'final' END,
	CASE WHEN m.fate BETWEEN 0.17 AND 0.20 AND m.sport = 'ATP' THEN '{"winner": "home", "sets": "6-4 2-1"}'::jsonb WHEN m.sport = 'MLB' AND m.fate > 0.95 THEN '{"played": 6}' ELSE '{}' END,
	m.starts_at + CASE WHEN m.fate < 0.05 THEN interval '24 hours' WHEN m.fate < 0.1 THEN interval '31 days' ELSE interval '4 hours' END, now(), payload_id
FROM made AS m, payload
UNION ALL
-- corrected the next day, or too late
SELECT m.game_id, m.home, m.away, 'final', '{}', m.starts_at + CASE WHEN m.wrong < 0.07 THEN interval '26 hours' ELSE interval '8 days' END, now(), payload_id
FROM made AS m, payload WHERE m.wrong < 0.1 AND m.fate >= 0.20;

-- ---- bets: yen, dollars, dinars, bitcoin -----------------------------------------------------------
INSERT INTO settlement_rule (book, decimals) VALUES ('sim_soft_1', 0), ('sim_soft_3', 3), ('sim_soft_4', 8);
UPDATE book SET commission = 0.05 WHERE book = 'sim_soft_3';
CREATE TEMP TABLE decimals AS SELECT * FROM (VALUES ('sim_soft_1', 0), ('sim_soft_2', 2), ('sim_soft_3', 3), ('sim_soft_4', 8)) AS v (book, decimals);
CREATE TEMP TABLE wanted AS
SELECT w.*, (ARRAY['sim_soft_1', 'sim_soft_2', 'sim_soft_3', 'sim_soft_4'])[c] AS book, round((1.01 + 8 * random() * random())::numeric, 1 + c % 3)::float8 + 0.01 AS price,
	CASE c WHEN 1 THEN 100 + trunc(random() * 100000)::numeric WHEN 2 THEN 0.01 + round((random() * 500)::numeric, 2) WHEN 3 THEN 0.001 + round((random() * 20)::numeric, 3)
		ELSE 0.00000001 + round((random() * 0.02)::numeric, 8) END AS stake
FROM (SELECT m.game_id, m.starts_at, o.*, 1 + trunc(random() * 4)::int AS c
	FROM made AS m CROSS JOIN LATERAL (
		SELECT 'h2h' AS market, s AS side, NULL::float8 AS line FROM unnest('{home,away}'::text[]) AS s
		UNION ALL SELECT 'spreads', s, l / 4.0 FROM unnest('{home,away}'::text[]) AS s, generate_series(-11, 11) AS l WHERE m.sport <> 'ATP'
		UNION ALL SELECT 'totals', s, l / 4.0 FROM unnest('{over,under}'::text[]) AS s, generate_series(2, 36) AS l WHERE m.sport <> 'ATP') AS o
	ORDER BY random() LIMIT :bets) AS w;
CREATE FUNCTION pg_temp.sig(w wanted) RETURNS signal LANGUAGE sql AS $$ SELECT ROW(w.game_id, w.market, w.side, w.line, w.book, w.price, NULL, 0.5, 0.5, 0.01, 0, 1, 0.5, NULL)::signal $$;
SELECT move_money('deposit', 6e9, '2024-04-01') \g /dev/null
ALTER TABLE wanted ADD n bigint GENERATED ALWAYS AS IDENTITY;
SELECT is(count(place_bet(NULL, '2024-04-30', pg_temp.sig(w), w.stake, 'test')), 1000::bigint, 'a thousand bets are placed one by one') FROM wanted AS w WHERE n <= 1000;
SELECT is(cardinality(place_bets(NULL, '2024-04-30', (SELECT array_agg(ROW(pg_temp.sig(w), w.stake, 'test', NULL)::bet_to_place ORDER BY n) FROM wanted AS w WHERE n > 1000))), :bets - 1000, 'the others at once');
SELECT is((SELECT count(*) FROM weekly_bets), :bets::bigint, 'all of them');
SELECT is((SELECT at_risk FROM bankroll()), (SELECT sum(stake) FROM wanted), 'lock their stakes');
ANALYZE weekly_bets, bankroll_history, result, fixture, game;

-- ---- settled day by day, with money coming and going -------------------------------------------------
CREATE TEMP TABLE settled (day int, n int, seconds float8);
DO $$
DECLARE
	began timestamptz;
	booked int;
BEGIN
	FOR day IN 0..14 LOOP
		began := clock_timestamp();
		booked := settle_bets(timestamptz '2024-05-01 23:00' + day * interval '1 day');
		INSERT INTO settled VALUES (day, booked, extract(epoch FROM clock_timestamp() - began));
		PERFORM move_money('withdrawal', -0.37 * day, timestamptz '2024-05-01 23:30' + day * interval '1 day'),
			move_money('correction', (day - 7) * 0.123456789, timestamptz '2024-05-01 23:40' + day * interval '1 day', note => 'as the account says');
	END LOOP;
END $$;
SELECT cmp_ok((SELECT max(n) FROM settled), '>', :bets * 8 / 100, 'a tenth of them settles in one call');
SELECT diag(format('%s bets settled in %s s', n, round(seconds::numeric, 2))) FROM settled ORDER BY n DESC LIMIT 1;
SELECT is(settle_bets('2024-05-15 23:00'), 0, 'a second call books nothing');
-- dead heats, by hand, of bets that are settled and of some that are not
SELECT count(grade_bet(bet_id, 'win', tied => 2 + (bet_id % 3)::int, places => 1, as_of => '2024-05-16')) AS hand FROM (SELECT bet_id FROM weekly_bets ORDER BY stable_id(bet_id::text) LIMIT :bets / 50) AS b \gset
SELECT settle_bets('2024-05-17') \g /dev/null
SELECT is_empty('SELECT * FROM bankroll_faults()', 'every entry follows from the one before, and every bet from its entries');
-- many grades at once are those of each bet by itself
CREATE TEMP TABLE part AS SELECT ROW(bet_id, game_id, placed_at, market, side, line, book, price, stake, NULL, NULL, NULL)::bet_to_grade AS bet FROM (SELECT * FROM weekly_bets ORDER BY stable_id(bet_id::text) LIMIT 400) AS b;
SELECT set_eq($$SELECT (g.bet).bet_id, g.result, g.payout, g.known_at, g.reason, g.decimals FROM bet_grades((SELECT array_agg(bet) FROM part), '2024-05-05 18:00') AS g$$,
	$$SELECT (p.bet).bet_id, g.* FROM part AS p CROSS JOIN LATERAL bet_grade((p.bet).game_id, (p.bet).placed_at, (p.bet).market, (p.bet).side, (p.bet).line, (p.bet).book, (p.bet).price, (p.bet).stake, NULL, '2024-05-05 18:00') AS g$$,
	'grades of many bets at once are those of each');
SELECT cmp_ok((SELECT count(*) FROM weekly_bets WHERE result IS NULL), '>', 0::bigint, 'some bets wait');
SELECT is((SELECT at_risk FROM bankroll()), (SELECT sum(stake) FROM weekly_bets WHERE result IS NULL), 'and they alone are at risk');
SELECT settle_bets('infinity') \g /dev/null
SELECT is((SELECT count(*) FROM weekly_bets WHERE result IS NULL), 0::bigint, 'at the end all are settled');

-- for the planner of the checks below
ANALYZE weekly_bets, bankroll_history, made, decimals;

-- ---- the money ------------------------------------------------------------------------------------------
SELECT is_empty('SELECT * FROM bankroll_faults()', 'the books agree');
SELECT is(b.available, s.available, 'balance = sum of the ledger') FROM bankroll() AS b, bankroll_balance AS s WHERE s.simulation_id IS NULL;
SELECT is((bankroll()).bankroll, (SELECT sum(amount) FROM bankroll_history WHERE event IN ('deposit', 'withdrawal', 'correction')) + (SELECT sum(profit) FROM weekly_bets),
	'= what came and went and the profits, to the last digit');
-- Each bet once more, from the games alone: the last score known within three days of the first, if they played in time.
CREATE TEMP VIEW again AS
SELECT b.bet_id, s.result, round(s.payout, r.decimals) - b.stake AS profit
FROM weekly_bets AS b JOIN made AS m USING (game_id) JOIN book AS k USING (book) JOIN decimals AS r USING (book)
CROSS JOIN LATERAL settle_bet(b.market, b.side, b.line, CASE WHEN m.fate BETWEEN 0.17 AND 0.20 AND m.sport = 'ATP' THEN 1 ELSE m.home + (m.wrong < 0.1 AND (m.fate < 0.20 OR m.wrong >= 0.07))::int END,
	CASE WHEN m.fate BETWEEN 0.17 AND 0.20 AND m.sport = 'ATP' THEN 0 ELSE m.away END, b.price, b.stake,
	CASE WHEN m.fate < 0.05 OR m.fate >= 0.20 THEN CASE WHEN m.sport = 'MLB' AND m.fate > 0.95 AND b.market <> 'h2h' AND NOT (m.wrong < 0.07)
			AND NOT (b.market = 'totals' AND m.home + (m.wrong < 0.1)::int + m.away > b.line) THEN 'cancelled' ELSE 'final' END
		WHEN m.fate BETWEEN 0.17 AND 0.20 AND m.sport = 'ATP' THEN 'final' ELSE 'cancelled' END, m.sport = 'EPL', k.commission) AS s;
SELECT is_empty('SELECT b.bet_id, m.sport, m.fate, m.wrong, m.home, m.away, b.market, b.side, b.line, b.stake, b.result, b.profit, a.result, a.profit FROM weekly_bets AS b JOIN again AS a USING (bet_id) JOIN made AS m USING (game_id)
	WHERE NOT b.by_hand AND (a.result, a.profit) IS DISTINCT FROM (b.result, b.profit)', 'every bet is what its game says');
SELECT is_empty('SELECT b.bet_id, b.profit FROM weekly_bets AS b JOIN book AS k USING (book) JOIN decimals AS t USING (book)
	WHERE b.by_hand AND b.profit <> round(b.stake + bet_profit(''win'', b.stake, b.price, k.commission, 2 + (b.bet_id % 3)::int, 1), t.decimals) - b.stake', 'a dead heat shares the stake');
SELECT set_eq('SELECT DISTINCT result FROM weekly_bets', '{win,half_win,push,half_loss,loss,void}'::text[], 'every result came about');
SELECT is((SELECT count(*) FROM bankroll_history WHERE event = 'return') - (SELECT count(*) FROM bankroll_history WHERE event = 'reversal'), (SELECT count(*) FROM weekly_bets), 'every bet has one return that stands');
SELECT cmp_ok((SELECT count(*) FROM bankroll_history WHERE event = 'reversal'), '>', :bets::bigint / 50, 'and some were taken back');
SELECT is_empty($$SELECT r.bet_id FROM bankroll_history AS r CROSS JOIN LATERAL (SELECT x.* FROM bankroll_history AS x WHERE x.bet_id = r.bet_id AND x.entry < r.entry ORDER BY x.entry DESC LIMIT 1) AS was
	WHERE r.event = 'reversal' AND (was.event <> 'return' OR r.amount <> 0 - was.amount OR r.locked <> 0 - was.locked)$$, 'to the digit');
SELECT * FROM finish();
ROLLBACK;
