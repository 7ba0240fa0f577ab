-- Feeds into facts: n / 100 events of The Odds API (20 books, three markets each: 120 prices an event) parsed and stored, the same poll again
-- with nothing new, and n rows of a football-data file with one book's prices; each beside what COPY or parsing alone takes. What no load can
-- be below is measured beside them: the rows that the events and the file become, once by COPY into tables with nothing but primary keys, and
-- once by INSERT … SELECT, finished as they are, into the tables themselves, with their partitions, indexes, foreign keys, checks and triggers.
-- Ours is taken back after each turn, and only what it did is in its time.
CREATE TABLE poll (name text PRIMARY KEY, body bytea);
CREATE TABLE bench_team AS SELECT row_number() OVER (ORDER BY target) - 1 AS i, target AS name FROM (SELECT DISTINCT target FROM alias WHERE feed = 'the_odds_api' AND kind = 'team' AND pool = 'nba') AS t;
CREATE TABLE bench_book AS SELECT row_number() OVER (ORDER BY book) AS i, book FROM book WHERE kind = 'soft' AND skin_of IS NULL AND bettable ORDER BY book LIMIT 20;
CREATE FUNCTION bench_poll(updated text, events int) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to((SELECT jsonb_agg(jsonb_build_object('id', 'e' || x.i, 'sport_key', 'basketball_nba', 'sport_title', 'NBA',
			'commence_time', to_char('2030-01-01'::timestamp + x.i / 15 * interval '1 day' + x.i % 15 * interval '30 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
			'home_team', h.name, 'away_team', a.name, 'bookmakers', (
				SELECT jsonb_agg(jsonb_build_object('key', b.book, 'title', b.book, 'last_update', updated, 'markets', jsonb_build_array(
					jsonb_build_object('key', 'h2h', 'last_update', updated, 'outcomes', jsonb_build_array(jsonb_build_object('name', h.name, 'price', 1.85 + b.i * 0.005), jsonb_build_object('name', a.name, 'price', 2.0 - b.i * 0.005))),
					jsonb_build_object('key', 'spreads', 'last_update', updated, 'outcomes', jsonb_build_array(jsonb_build_object('name', h.name, 'price', 1.91, 'point', -1.5), jsonb_build_object('name', a.name, 'price', 1.89 + b.i * 0.002, 'point', 1.5))),
					jsonb_build_object('key', 'totals', 'last_update', updated, 'outcomes', jsonb_build_array(jsonb_build_object('name', 'Over', 'price', 1.91, 'point', 220.5), jsonb_build_object('name', 'Under', 'price', 1.89 + b.i * 0.002, 'point', 220.5))))) ORDER BY b.i) FROM bench_book AS b)) ORDER BY x.i)
		FROM generate_series(0, events - 1) AS x (i) JOIN bench_team AS h ON h.i = x.i % 30 JOIN bench_team AS a ON a.i = (x.i + 1 + x.i / 30 % 29) % 30)::text, 'UTF8') $$;
INSERT INTO poll SELECT 'first', bench_poll('2029-12-20T09:59:00Z', :n / 100);
INSERT INTO poll SELECT 'second', bench_poll('2029-12-20T10:09:00Z', :n / 100);
INSERT INTO poll SELECT 'season', convert_to(E'Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HS,AS,HC,AC,B365H,B365D,B365A\n' || (SELECT string_agg(format('E0,%s,Club %s,Club %s,1,0,H,9,8,5,4,%s,3.4,%s', to_char('1905-01-02'::date + (i / 10)::int, 'DD/MM/YYYY'), i % 20, (i + 1 + i / 20 % 19) % 20,
	(1.8 + i % 9 * 0.01), (4.5 - i % 9 * 0.02)), E'\n' ORDER BY i) FROM generate_series(0, :n - 1) AS i), 'UTF8');
INSERT INTO alias (feed, kind, pool, name, target) SELECT 'football_data', 'team', 'england', 'Club ' || i, 'Club ' || i FROM generate_series(0, 19) AS i;
CREATE FUNCTION loaded(feed text, poll text, at timestamptz) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	got record;
BEGIN
	BEGIN
		SELECT * INTO got FROM load_payload(loaded.feed, poll, (SELECT p.body FROM public.poll AS p WHERE p.name = loaded.poll), at);
		RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	RETURN got.quotes;
END $$;
-- Other events, a hundred years on: nothing of them is there.
INSERT INTO poll SELECT 'third', convert_to(regexp_replace(regexp_replace(convert_from(body, 'UTF8'), '"id": "e', '"id": "f', 'g'), '"commence_time": "20', '"commence_time": "21', 'g'), 'UTF8') FROM poll WHERE name = 'first';
-- The finished rows of a load, kept beside: table by table, in the order in which they refer to each other.
CREATE TABLE kept_table AS SELECT * FROM unnest('{payload,team,game,game_event,fixture,result,quote,offer,offer_poll,offer_digest}'::text[]) WITH ORDINALITY AS t (name, n);
CREATE FUNCTION keep(feed text, poll text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	new bigint;
	one record;
BEGIN
	BEGIN
		SELECT l.payload_id INTO new FROM load_payload(keep.feed, poll, (SELECT p.body FROM public.poll AS p WHERE p.name = keep.poll), at) AS l;
		FOR one IN SELECT * FROM kept_table LOOP
			EXECUTE format('COPY (SELECT t.* FROM bet_edge.%I AS t WHERE %s) TO ''/tmp/bet_edge_bench_%s_%1$s.csv'' WITH (FORMAT csv)', one.name,
				CASE one.name WHEN 'payload' THEN 't.payload_id = ' || new WHEN 'team' THEN 'true' ELSE 't.game_id IN (SELECT f.game_id FROM bet_edge.fixture AS f WHERE f.payload_id = ' || new || ')' END, poll);
		END LOOP;
		RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	FOR one IN SELECT * FROM kept_table LOOP
		EXECUTE format('CREATE TABLE public.%s_%s AS SELECT * FROM bet_edge.%2$I WITH NO DATA', poll, one.name);
		EXECUTE format('COPY public.%s_%s FROM ''/tmp/bet_edge_bench_%1$s_%2$s.csv'' WITH (FORMAT csv)', poll, one.name);
	END LOOP;
END $$;
SELECT keep('the_odds_api', 'third', '2029-12-20 10:10Z'), keep('football_data', 'season', '2030-01-01') \g /dev/null
-- Under the settings of append_facts(): with the server's own every foreign key is checked with a plan of its own, and takes longer than a whole load.
CREATE FUNCTION stored(poll text) RETURNS float8 LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
	one record;
	got bigint;
	n   bigint;
BEGIN
	BEGIN
		FOR one IN SELECT * FROM kept_table AS k ORDER BY k.n LOOP
			EXECUTE format('INSERT INTO bet_edge.%1$I OVERRIDING SYSTEM VALUE SELECT * FROM public.%2$s_%1$s %3$s', one.name, poll, CASE one.name WHEN 'team' THEN 'ON CONFLICT DO NOTHING' ELSE '' END);
			GET DIAGNOSTICS got = ROW_COUNT;
			IF one.name = 'quote' THEN
				n := got;
			END IF;
		END LOOP;
		RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	RETURN n;
END $$;
-- The normalised rows as files for COPY: those that a load leaves.
CREATE TABLE plain (LIKE quote);
CREATE TABLE bare_game (LIKE game, PRIMARY KEY (game_id));
CREATE TABLE bare_fixture (LIKE fixture, PRIMARY KEY (game_id, known_at, recorded_at));
CREATE TABLE bare_result (LIKE result, PRIMARY KEY (game_id, known_at, recorded_at));
CREATE TABLE bare_offer (LIKE offer, PRIMARY KEY (game_id, feed, book, market, participant));
CREATE TABLE plain_season (div text, day text, home text, away text, fthg int, ftag int, ftr text, hs int, "as" int, hc int, ac int, h float8, d float8, a float8);
SELECT load_payload('the_odds_api', 'first', body, '2029-12-20 10:00Z') FROM poll WHERE name = 'first' \g /dev/null
COPY (SELECT * FROM quote) TO '/tmp/bet_edge_bench_quotes.csv' WITH (FORMAT csv);
COPY (SELECT * FROM offer) TO '/tmp/bet_edge_bench_offers.csv' WITH (FORMAT csv);
BEGIN;
SELECT load_payload('football_data', 'season', body, '2030-01-01') FROM poll WHERE name = 'season' \g /dev/null
COPY (SELECT * FROM game WHERE sport = 'EPL') TO '/tmp/bet_edge_bench_games.csv' WITH (FORMAT csv);
COPY (SELECT f.* FROM fixture AS f JOIN game AS g USING (game_id) WHERE g.sport = 'EPL') TO '/tmp/bet_edge_bench_fixtures.csv' WITH (FORMAT csv);
COPY (SELECT r.* FROM result AS r JOIN game AS g USING (game_id) WHERE g.sport = 'EPL') TO '/tmp/bet_edge_bench_results.csv' WITH (FORMAT csv);
COPY (SELECT q.* FROM quote AS q JOIN game AS g USING (game_id) WHERE g.sport = 'EPL') TO '/tmp/bet_edge_bench_season_quotes.csv' WITH (FORMAT csv);
ROLLBACK;
CREATE FUNCTION copied(target regclass, file text, header boolean) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	BEGIN
		EXECUTE format('COPY %s FROM %L WITH (FORMAT csv, HEADER %s)', target, file, CASE WHEN header THEN 'true' ELSE 'false' END);
		GET DIAGNOSTICS n = ROW_COUNT;
		RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	RETURN n;
END $$;
COPY (SELECT unnest(string_to_array(convert_from(body, 'UTF8'), E'\n')) FROM poll WHERE name = 'season') TO '/tmp/bet_edge_bench_season.csv' WITH (FORMAT text);
VACUUM ANALYZE;
INSERT INTO pair (subject, n, ours, other_name, other, tolerance, goal) VALUES
	('a poll of The Odds API without news', :n / 100, $$SELECT loaded('the_odds_api', 'second', '2029-12-20 10:10Z')$$,
		'parsing it alone', $$SELECT 0 * sum(price) FROM (SELECT convert_from(p.body, 'UTF8')::jsonb AS doc FROM poll AS p WHERE p.name = 'second' OFFSET 0) AS p, parse_the_odds_api(p.doc)$$, 0, 1.2),
	('events of The Odds API parsed and stored', :n / 100, $$SELECT loaded('the_odds_api', 'third', '2029-12-20 10:10Z')$$,
		'COPY of their prices, no index', $$SELECT copied('plain', '/tmp/bet_edge_bench_quotes.csv', false)$$, 0, 3),
	('COPY of all rows of those events, primary keys alone', :n / 100, $$SELECT 0 * copied('bare_offer', '/tmp/bet_edge_bench_offers.csv', false) + copied('plain', '/tmp/bet_edge_bench_quotes.csv', false)$$,
		'COPY of their prices, no index', $$SELECT copied('plain', '/tmp/bet_edge_bench_quotes.csv', false)$$, 0, NULL),
	('INSERT of all rows of those events into the tables themselves', :n / 100, $$SELECT stored('third')$$,
		'COPY of their prices, no index', $$SELECT copied('plain', '/tmp/bet_edge_bench_quotes.csv', false)$$, 0, NULL),
	('rows of football-data with three prices', :n, $$SELECT loaded('football_data', 'season', '2030-01-01')$$,
		'COPY of the file', $$SELECT 3 * copied('plain_season', '/tmp/bet_edge_bench_season.csv', true)$$, NULL, 4),
	('COPY of all rows of that file, primary keys alone', :n, $$SELECT 0 * (copied('bare_game', '/tmp/bet_edge_bench_games.csv', false) + copied('bare_fixture', '/tmp/bet_edge_bench_fixtures.csv', false)
			+ copied('bare_result', '/tmp/bet_edge_bench_results.csv', false)) + copied('plain', '/tmp/bet_edge_bench_season_quotes.csv', false)$$,
		'COPY of the file', $$SELECT 3 * copied('plain_season', '/tmp/bet_edge_bench_season.csv', true)$$, 0, NULL),
	('INSERT of all rows of that file into the tables themselves', :n, $$SELECT stored('season')$$,
		'COPY of the file', $$SELECT 3 * copied('plain_season', '/tmp/bet_edge_bench_season.csv', true)$$, 0, NULL);
