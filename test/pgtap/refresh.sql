-- refresh_ratings step by step is the whole computation, bit for bit: ratings and strengths, after any kind of news.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
\set turns 15
SELECT plan(16);
SELECT setseed(0.5) \g /dev/null

SELECT simulate_league(5, 6, 3) AS payload \gset
UPDATE sport SET elo_keep = 0.7, elo_promotes = true, elo_newcomer = 1390 WHERE sport = 'SIM';
INSERT INTO kalman_setting (sport, noise, team_prior, team_drift, season_keep, season_drift, league_drift, starter_role, starter_mean, starter_prior, starter_drift)
	VALUES ('SIM', 1.5, 0.2, 0.01, 0.7, 0.05, 0.001, 'goalie', -0.3, 0.3, 0.02);
INSERT INTO pregame (game_id, side, item, value, label, known_at, recorded_at, payload_id)
	SELECT g.game_id, s.side, 'goalie', concat(s.team_id, ' ', (g.game_id & 255) % 3), 'Somebody', f.starts_at, f.recorded_at, f.payload_id
	FROM game AS g JOIN fixture AS f USING (game_id) CROSS JOIN LATERAL (VALUES ('home', g.home_id), ('away', g.away_id)) AS s (side, team_id) WHERE g.game_id % 11 <> 0;
CREATE TEMP TABLE said AS SELECT * FROM result;
-- one team misses a season: its ratings grow old
DELETE FROM said USING game AS g WHERE g.game_id = said.game_id AND g.season = 2017 AND (SELECT min(team_id) FROM team) IN (g.home_id, g.away_id);

-- The ledgers as they are and as a rebuild has them: rows that are not in both.
CREATE FUNCTION pg_temp.ledger() RETURNS TABLE (entry text) LANGUAGE sql AS $$
	SELECT (to_jsonb(h) - 'recorded_at')::text FROM rating_history AS h UNION ALL SELECT (to_jsonb(s) - 'recorded_at')::text FROM strength_history AS s $$;
CREATE FUNCTION pg_temp.differences() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
BEGIN
	CREATE TEMP TABLE stepwise ON COMMIT DROP AS SELECT * FROM pg_temp.ledger();
	BEGIN
		TRUNCATE rating_history, strength_history;
		PERFORM refresh_ratings('SIM');
		SELECT (SELECT count(*) FROM stepwise) - count(*) FROM pg_temp.ledger() INTO found;
		found := abs(found) + (SELECT count(*) FROM (TABLE stepwise EXCEPT ALL SELECT * FROM pg_temp.ledger()) AS x);
		RAISE EXCEPTION 'enough seen' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	DROP TABLE stepwise;
	RETURN found;
END $$;

-- ---- day by day --------------------------------------------------------------------------------
TRUNCATE result;
CREATE FUNCTION pg_temp.play(till timestamptz) RETURNS TABLE (written int, games bigint) LANGUAGE sql AS $$
	INSERT INTO result SELECT s.* FROM said AS s WHERE s.known_at <= till AND NOT EXISTS (SELECT FROM result AS r WHERE r.game_id = s.game_id);
	SELECT refresh_ratings('SIM'), (SELECT count(*) FROM result) $$;
CREATE TEMP TABLE days AS SELECT row_number() OVER (ORDER BY known_at) AS day, known_at FROM (SELECT DISTINCT known_at FROM said) AS x;
SELECT is(sum(p.written), 2 * max(p.games), 'a refresh a day: each writes its own rows alone') FROM (SELECT known_at FROM days ORDER BY day LIMIT (SELECT count(*) * 2 / 3 FROM days)) AS d, pg_temp.play(d.known_at) AS p;
SELECT is(pg_temp.differences(), 0::bigint, 'and all of them make what one makes');
SELECT is((SELECT count(*) FROM rating_news WHERE sport = 'SIM'), 0::bigint, 'all news has been told');
SELECT is(refresh_ratings('SIM'), 0, 'without news nothing is written');

-- ---- kinds of news, one at a time ------------------------------------------------------------------
SELECT game_id AS early FROM result ORDER BY known_at, game_id OFFSET 25 LIMIT 1 \gset
SELECT max(known_at) AS today FROM result \gset
INSERT INTO result SELECT game_id, away_score + 2, home_score, 'final', '{}', :'today'::timestamptz + interval '1 hour', now(), payload_id FROM result WHERE game_id = :early;
SELECT ok(refresh_ratings('SIM') > 50, 'a corrected score of the first season');
SELECT is(pg_temp.differences(), 0::bigint, 'is what a rebuild makes of it');
SELECT game_id AS postponed FROM said WHERE known_at > :'today' ORDER BY known_at, game_id LIMIT 1 \gset
INSERT INTO fixture SELECT game_id, starts_at + interval '9 days', time_known, neutral, week, stage, starts_at - interval '1 hour', now(), payload_id FROM fixture WHERE game_id = :postponed;
UPDATE said SET known_at = known_at + interval '9 days' WHERE game_id = :postponed;
SELECT count(*) AS played FROM (SELECT known_at FROM days WHERE known_at > :'today' ORDER BY day LIMIT 8) AS d, pg_temp.play(d.known_at) AS p \gset
SELECT is(pg_temp.differences(), 0::bigint, 'a game put off and played later');
SELECT game_id AS late FROM result ORDER BY known_at, game_id OFFSET 60 LIMIT 1 \gset
DELETE FROM result WHERE game_id = :late;
SELECT ok(refresh_ratings('SIM') > 0, 'a game taken back');
SELECT is(pg_temp.differences(), 0::bigint, 'as if it had never been');
SELECT count(*) AS played FROM pg_temp.play('2017-01-01') \gset
SELECT is(pg_temp.differences(), 0::bigint, 'a game that arrives a year late is rated in its place');
UPDATE sport SET elo_k = 31 WHERE sport = 'SIM';
SELECT ok(refresh_ratings('SIM') > 100, 'another constant rates all anew');
SELECT is(pg_temp.differences(), 0::bigint, 'all of it');

-- ---- any news in any order --------------------------------------------------------------------------
CREATE FUNCTION pg_temp.some_news() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	one   result;
	times timestamptz[] := ARRAY(SELECT known_at FROM result ORDER BY known_at);
	at    timestamptz := times[1 + floor(random() * cardinality(times))::int] + floor(random() * 4) * interval '1 day';
BEGIN
	SELECT * INTO one FROM result ORDER BY random() LIMIT 1;
	CASE floor(random() * 10)::int
		WHEN 0, 1 THEN INSERT INTO result VALUES (one.game_id, floor(random() * 5)::int, floor(random() * 4)::int, 'final', '{}', greatest(at, one.known_at), clock_timestamp(), one.payload_id);
		WHEN 2 THEN INSERT INTO result VALUES (one.game_id, NULL, NULL, 'postponed', '{}', greatest(at, one.known_at), clock_timestamp(), one.payload_id);
		WHEN 3 THEN DELETE FROM result WHERE game_id = one.game_id AND known_at >= one.known_at;
		WHEN 4 THEN UPDATE result SET known_at = at WHERE (game_id, known_at, recorded_at) = (one.game_id, one.known_at, one.recorded_at);
		WHEN 5 THEN INSERT INTO fixture SELECT game_id, starts_at + interval '2 days', time_known, NOT neutral, week, stage, at - interval '5 days', clock_timestamp(), payload_id FROM fixture WHERE game_id = one.game_id LIMIT 1;
		WHEN 6 THEN INSERT INTO result SELECT s.* FROM said AS s WHERE NOT EXISTS (SELECT FROM result AS r WHERE r.game_id = s.game_id) ORDER BY random() LIMIT 5;
		-- another starter, now or said to have been known then; and one who never was
		WHEN 8 THEN INSERT INTO pregame VALUES (one.game_id, 'home', 'goalie', 'late ' || floor(random() * 3), 'Somebody', least(at, one.known_at) - floor(random() * 2) * interval '1 hour', clock_timestamp(), one.payload_id);
		WHEN 9 THEN DELETE FROM pregame WHERE game_id = one.game_id AND side = 'away';
		WHEN 7 THEN DELETE FROM fixture WHERE game_id = one.game_id AND known_at > (SELECT min(known_at) FROM fixture WHERE game_id = one.game_id);
	END CASE;
END $$;
CREATE FUNCTION pg_temp.storm(turns int) RETURNS TABLE (wrong bigint, written bigint, idle bigint) LANGUAGE plpgsql AS $$
BEGIN
	wrong := 0; written := 0; idle := 0;
	FOR i IN 1 .. turns LOOP
		FOR k IN 0 .. floor(random() * 3)::int LOOP
			PERFORM pg_temp.some_news();
		END LOOP;
		written := written + refresh_ratings('SIM');
		idle := idle + refresh_ratings('SIM');
		wrong := wrong + pg_temp.differences();
	END LOOP;
	RETURN NEXT;
END $$;
SELECT wrong, written > 100 AS any, idle FROM pg_temp.storm(:turns) \gset
SELECT is(:wrong, 0, 'storms of news: each time what a rebuild makes');
SELECT ok(:'any', 'of many rows');
SELECT is(:idle, 0, 'which a second refresh leaves alone');
SELECT is((SELECT count(*) FROM rating_history AS a JOIN rating_history AS b USING (team_id, game_id) WHERE a.known_at < b.known_at AND a.valid_until > b.known_at), 0::bigint, 'versions do not overlap');

SELECT * FROM finish();
ROLLBACK;
