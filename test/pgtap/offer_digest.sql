-- The short cut of a poll without news: whatever comes, the tables are those that comparing every price gives.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(16);

-- A number below n that depends on all that is named: the same polls everywhere.
CREATE FUNCTION pg_temp.pick(n int, VARIADIC of_what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
	SELECT (('x' || left(md5(array_to_string(of_what, ' ')), 8))::bit(32)::bigint % n)::int $$;
-- Poll number i: four events, three markets, four books of which one has no name yet; what a book says changes slowly, goes and comes back, is junk at times.
-- All books may take a market down. Every third poll the books stand in another order; last_update moves always.
CREATE FUNCTION pg_temp.poll(i int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('id', 'e' || e, 'sport_key', 'basketball_nba', 'commence_time', '2030-01-10T20:00:00Z', 'home_team', h, 'away_team', a, 'bookmakers', (
		SELECT coalesce(jsonb_agg(jsonb_build_object('key', b, 'last_update', '2030-01-09T10:00:00Z', 'markets', (
			SELECT coalesce(jsonb_agg(jsonb_build_object('key', m, 'last_update', to_char('2030-01-09'::timestamp + i * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'outcomes',
				CASE m WHEN 'h2h' THEN jsonb_build_array(jsonb_build_object('name', h, 'price', x.price), jsonb_build_object('name', a, 'price', 1.9))
				WHEN 'totals' THEN jsonb_build_array(jsonb_build_object('name', 'Over', 'price', x.price, 'point', 220 + x.line), jsonb_build_object('name', 'Under', 'price', 1.9, 'point', 220 + x.line))
				ELSE jsonb_build_array(jsonb_build_object('name', 'Over', 'description', 'A. Scorer', 'price', x.price, 'point', 20 + x.line), jsonb_build_object('name', 'Under', 'description', 'A. Scorer', 'price', 1.9, 'point', 20 + x.line),
					jsonb_build_object('name', 'Over', 'description', 'B. Bench', 'price', 1.9, 'point', 9.5), jsonb_build_object('name', 'Under', 'description', 'B. Bench', 'price', 1.9, 'point', 9.5)) END)
				ORDER BY m), '[]')
			FROM unnest('{h2h,totals,player_points}'::text[]) AS m
			CROSS JOIN LATERAL (SELECT CASE WHEN pg_temp.pick(30, 'junk', e::text, b, m, (i / 4)::text) = 0 THEN 1.0 ELSE 1.9 + pg_temp.pick(3, e::text, b, m, (i / 5)::text) * 0.05 END AS price,
				pg_temp.pick(2, 'line', e::text, b, m, (i / 7)::text) AS line) AS x
			WHERE pg_temp.pick(8, 'market', e::text, b, m, (i / 3)::text) > 0 AND pg_temp.pick(10, 'suspended', e::text, m, (i / 3)::text) > 0)) ORDER BY CASE WHEN i % 3 = 0 THEN pg_temp.pick(99, b, i::text) END, b), '[]')
		FROM unnest('{draftkings,fanduel,betmgm,nobody}'::text[]) AS b WHERE pg_temp.pick(6, 'book', e::text, b, (i / 3)::text) > 0)) ORDER BY e)
	FROM (VALUES (1, 'Boston Celtics', 'Atlanta Hawks'), (2, 'Miami Heat', 'Orlando Magic'), (3, 'Utah Jazz', 'Denver Nuggets'), (4, 'Phoenix Suns', 'Chicago Bulls')) AS event (e, h, a)
	WHERE pg_temp.pick(9, 'event', e::text, (i / 2)::text) > 0 $$;
-- Everything that polls leave, under the payloads' names, since their numbers run on.
CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
	WITH fact AS (
		SELECT 'quote' AS of, to_jsonb(q) AS it, payload_id FROM quote AS q UNION ALL SELECT 'fixture', to_jsonb(f), payload_id FROM fixture AS f UNION ALL SELECT 'event', to_jsonb(e), payload_id FROM game_event AS e
		UNION ALL SELECT 'offer', to_jsonb(o), payload_id FROM offer AS o UNION ALL SELECT 'poll', to_jsonb(o), payload_id FROM offer_poll AS o UNION ALL SELECT 'gap', to_jsonb(o), payload_id FROM offer_gap AS o
		UNION ALL SELECT 'withdrawal', to_jsonb(w) - 'seen_payload_id', payload_id FROM withdrawal AS w UNION ALL SELECT 'reject', to_jsonb(r) - 'reject_id', payload_id FROM reject AS r)
	SELECT count(*) || ' ' || md5(string_agg(concat_ws(' ', f.of, p.name, (f.it - 'payload_id')::text), E'\n' ORDER BY f.of, p.name, (f.it - 'payload_id')::text)) FROM fact AS f LEFT JOIN payload AS p USING (payload_id) $$;
-- A day of polls of two addresses with the same books, kept or taken back. late: every fourth tells of an hour before (an envelope of history), every seventh of the same moment as the one before.
-- shuffled: two in ten come after their followers. named: in the middle a book gets a name and a player another.
CREATE FUNCTION pg_temp.day(polls int, late boolean, shuffled boolean, named boolean, keep boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	i int; doc jsonb; seen timestamptz; got text;
BEGIN
	BEGIN
		FOR i IN SELECT n FROM generate_series(1, polls) AS n ORDER BY CASE WHEN shuffled AND n % 5 = 0 THEN n + 2.5 ELSE n END LOOP
			doc := pg_temp.poll(i);
			seen := '2030-01-09 10:00Z'::timestamptz + i * interval '5 minutes';
			IF late AND (i % 4 = 0 OR i % 7 = 0) THEN
				doc := jsonb_build_object('timestamp', to_char((seen - CASE WHEN i % 4 = 0 THEN interval '62 minutes' ELSE interval '5 minutes' END) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'data', doc);
			END IF;
			IF named AND i = polls / 2 THEN
				INSERT INTO alias (feed, kind, pool, name, target) VALUES ('the_odds_api', 'book', '', 'nobody', 'bovada');
				UPDATE alias SET target = '8' WHERE feed = 'the_odds_api' AND kind = 'player' AND name = 'B. Bench';
			END IF;
			PERFORM load_payload('the_odds_api', format('poll %s?markets=h2h,totals,player_points%s', i, CASE WHEN i / 3 % 3 = 1 THEN '&regions=eu' ELSE '' END), convert_to(doc::text, 'UTF8'), seen);
		END LOOP;
		got := pg_temp.fingerprint();
		IF NOT keep THEN
			RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
		END IF;
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	RETURN got;
END $$;
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION pg_temp.day_price_by_price(polls int, late boolean, shuffled boolean, named boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	got text;
BEGIN
	CREATE TRIGGER nothing BEFORE INSERT ON offer_digest FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing();
	got := pg_temp.day(polls, late, shuffled, named, false);
	DROP TRIGGER nothing ON offer_digest;
	RETURN got;
END $$;
INSERT INTO players (pool, player_id, name) VALUES ('nba', '7', 'Alan Scorer'), ('nba', '8', 'Ben Bench'), ('nba', '9', 'Bill Bench');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('the_odds_api', 'player', 'nba', 'A. Scorer', '7'), ('the_odds_api', 'player', 'nba', 'B. Bench', '9');

SELECT is(pg_temp.day(60, false, false, false, false), pg_temp.day_price_by_price(60, false, false, false), 'a book without a name: as price by price');
SELECT is(pg_temp.day(60, false, false, true, false), pg_temp.day_price_by_price(60, false, false, true), 'names that change in the middle');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('the_odds_api', 'book', '', 'nobody', 'bovada');
SELECT is(pg_temp.day(60, true, false, false, false), pg_temp.day_price_by_price(60, true, false, false), 'late snapshots and equal moments');
SELECT is(pg_temp.day(60, true, true, false, false), pg_temp.day_price_by_price(60, true, true, false), 'payloads out of order');
SELECT is(pg_temp.day_price_by_price(61, true, false, false), pg_temp.day(61, true, false, false, true), 'a day that is kept');
SELECT pg_temp.fingerprint() AS kept \gset
SELECT cmp_ok((SELECT count(*) FROM quote), '>', 500::bigint, 'with prices that move');
SELECT is(replay(), 61, 'a replay');
SELECT is(pg_temp.fingerprint(), :'kept', 'with the short cut gives it again');
SELECT cmp_ok((SELECT count(*) FROM offer_digest WHERE digest IS NOT NULL), '>', 0::bigint, 'which was there');
CREATE TRIGGER nothing BEFORE INSERT ON offer_digest FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing();
SELECT is(replay(), 61, 'a replay');
SELECT is(pg_temp.fingerprint(), :'kept', 'without it too');
DROP TRIGGER nothing ON offer_digest;
SELECT replay((SELECT max(payload_id) FROM payload)) AS again \gset
SELECT is(pg_temp.fingerprint(), :'kept', 'the last payload loaded again changes nothing');

-- ---- what the number tells apart --------------------------------------------------------------
CREATE FUNCTION pg_temp.digest(doc jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(d::text, ';') FROM market_digests(doc) AS d $$;
CREATE TEMP TABLE one AS SELECT '{"id": "e", "home_team": "A", "away_team": "B", "bookmakers": [{"key": "x", "last_update": "1", "markets": [{"key": "h2h", "last_update": "1", "outcomes": [{"name": "A", "price": 1.91}, {"name": "B", "price": 1.91}]}]},
	{"key": "y", "markets": [{"key": "h2h", "outcomes": [{"name": "A", "price": 1.9}, {"name": "B", "price": 2}]}]}]}'::jsonb AS doc;
SELECT is((SELECT count(DISTINCT pg_temp.digest(x)) FROM one, unnest(ARRAY[doc, jsonb_build_array(doc), jsonb_build_object('timestamp', 'x', 'data', doc), jsonb_build_object('data', jsonb_build_array(doc)),
	jsonb_set(doc, '{bookmakers,0,last_update}', '"2"'), jsonb_set(doc, '{bookmakers,0,markets,0,last_update}', '"2"')]) AS x), 1::bigint, 'one event in any envelope, whenever it was updated');
SELECT is((SELECT count(DISTINCT pg_temp.digest(x)) FROM one, unnest(ARRAY[doc, jsonb_set(doc, '{bookmakers,0,markets,0,outcomes,0,price}', '1.92'), jsonb_set(doc, '{bookmakers,0,markets,0,outcomes,1,price}', '1.92'),
	jsonb_set(doc, '{bookmakers,1,markets,0,outcomes,0,price}', '1.91'), jsonb_set(doc, '{bookmakers,0,markets,0,outcomes,0,point}', '1'), jsonb_set(doc, '{bookmakers,0,key}', '"z"'), doc #- '{bookmakers,0}', doc #- '{bookmakers,1}',
	jsonb_set(doc, '{bookmakers,0,markets,0,outcomes,0,name}', '"B"'), jsonb_set(doc, '{home_team}', '"C"'), jsonb_set(doc, '{away_team}', '"A"'), doc #- '{bookmakers,0,markets,0,outcomes,1}']) AS x), 12::bigint, 'any price, point, name, book more or less is another number');
-- The hash of jsonb that the server has is blind to both of these.
SELECT isnt(pg_temp.digest(jsonb_set(doc, '{bookmakers,0,markets,0,outcomes}', (SELECT jsonb_agg(jsonb_build_object('name', 'A', 'price', 1.9)) FROM generate_series(1, 64)))),
	pg_temp.digest(jsonb_set(doc, '{bookmakers,0,markets,0,outcomes}', (SELECT jsonb_agg(jsonb_build_object('name', 'A', 'price', 1.8)) FROM generate_series(1, 64)))), 'equal prices that all move alike') FROM one;
SELECT is((SELECT array_agg(pg_temp.digest(x::jsonb)) FROM unnest('{"1","[]","null","{\"id\": 1, \"home_team\": \"A\", \"away_team\": \"B\", \"bookmakers\": []}","{\"id\": \"e\", \"home_team\": \"A\", \"away_team\": \"B\", \"bookmakers\": 3}","{\"id\": \"e\", \"home_team\": null, \"bookmakers\": []}"}'::text[]) AS x),
	'{NULL,NULL,NULL,"(,,)","(e,,)",NULL}', 'of another form: nothing, or a row without a number');
SELECT * FROM finish();
ROLLBACK;
