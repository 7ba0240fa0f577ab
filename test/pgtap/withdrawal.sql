-- What books take down: one price, a whole market, a whole game; whose polls may say so; and that polls that come late tell the same.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SET client_min_messages = warning;
SELECT no_plan();
\ir book_poll.inc
\set odds 'https://api.the-odds-api.com/v4/sports/basketball_nba/odds?regions=us,eu&markets=h2h,spreads'
-- The home side's prices that can be had, by market and book.
CREATE FUNCTION pg_temp.had(at timestamptz, of_feed text DEFAULT 'the_odds_api') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT concat_ws(' ', q.market, q.participant, q.book, q.price), ', ') FROM game_event AS e CROSS JOIN LATERAL standing_quotes(e.game_id, at) AS q WHERE e.feed = of_feed AND q.side IN ('home', 'over') $$;
\ir replayed.inc

-- ---- a market that all its books take down --------------------------------------------------------------
SELECT is(pg_temp.poll('2030-01-09 10:00Z', '
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x', :'odds'), '1 8 0', 'two books');
SELECT game_id AS g FROM game \gset
SELECT is(pg_temp.poll('2030-01-09 11:00Z', '
	pinnacle   x x  -3.5 1.95 1.93  x x x
	draftkings x x  -3.5 1.91 1.91  x x x', :'odds'), '1 0 0', 'both take h2h down');
SELECT is(pg_temp.had('2030-01-09 11:00Z'), 'spreads draftkings 1.91, spreads pinnacle 1.95', 'nobody has it');
SELECT is_empty($$SELECT * FROM market_prices('NBA', '2030-01-09 11:01Z') WHERE market = 'h2h'$$, 'not among prices to bet on either');
SELECT is(pg_temp.had('2030-01-09 10:59Z'), 'h2h draftkings 2.05, h2h pinnacle 1.9, spreads draftkings 1.91, spreads pinnacle 1.95', 'what could be had before stays known');
SELECT results_eq($$SELECT book, is_standing, last_seen FROM current_quote WHERE market = 'h2h' AND side = 'home' ORDER BY 1$$,
	$$VALUES ('draftkings', false, '2030-01-09 10:00Z'::timestamptz), ('pinnacle', false, '2030-01-09 10:00Z')$$, 'they were seen at 10:00');
SELECT is(struck_price(:g, 'h2h', 'home', NULL, 'draftkings', 2.05, '2030-01-09 10:50Z', '5 minutes'), 2.05::float8, 'a slow hand gets the price while it is there');
SELECT is(struck_price(:g, 'h2h', 'home', NULL, 'draftkings', 2.05, '2030-01-09 10:50Z', '15 minutes'), NULL, 'not when it was taken down meanwhile');
SELECT is(pg_temp.poll('2030-01-09 11:05Z', '
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x', :'odds'), '1 4 0', 'the same as at first: h2h is back');
SELECT is(pg_temp.poll('2030-01-09 11:10Z', '', :'odds'), '1 0 0', 'no book at all');
SELECT is(pg_temp.had('2030-01-09 11:10Z'), NULL, 'has anything');
SELECT is(pg_temp.poll('2030-01-09 11:15Z', '
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x', :'odds'), '1 8 0', 'all is back');
SELECT is(pg_temp.poll('2030-01-09 11:17Z', '
	pinnacle   1.90 2.00  -3.5 1.95 1.93  x x x
	draftkings 2.05 1.85  -3.5 1.91 1.91  x x x', :'odds'), '1 0 0', 'and stays');
SELECT is((SELECT concat_ws(' ', games, quotes) FROM load_payload('the_odds_api', :'odds', '[]', '2030-01-09 11:20Z')), '0 0', 'a poll that does not tell of the game');
SELECT is((SELECT concat_ws(' ', games, quotes) FROM load_payload('the_odds_api', 'https://api.the-odds-api.com/v4/sports/basketball_nba/scores', convert_to('[{"id": "e1", "sport_key": "basketball_nba", "commence_time": "2030-01-10T20:00:00Z",
	"home_team": "Boston Celtics", "away_team": "Atlanta Hawks", "completed": false, "scores": null}]', 'UTF8'), '2030-01-09 11:21Z')), '1 0', 'one that has no prices');
SELECT is(pg_temp.poll('2030-01-09 11:22Z', '', replace(:'odds', 'h2h,spreads', 'totals')), '1 0 0', 'one that asks for another market');
SELECT is(pg_temp.poll('2030-01-09 11:23Z', '', replace(:'odds', 'us,eu', 'uk')), '1 0 0', 'one that asks other books');
SELECT is(pg_temp.poll('2030-01-09 11:24Z', '
	fanduel x x  x x x  219.5 1.9 1.9', 'a file of totals'), '1 2 0', 'and a file whose name does not say what was asked');
SELECT is(pg_temp.had('2030-01-09 11:24Z'), 'h2h draftkings 2.05, h2h pinnacle 1.9, spreads draftkings 1.91, spreads pinnacle 1.95, totals fanduel 1.9', 'take nothing down');
SELECT is((SELECT string_agg(DISTINCT known_at || ' ' || last_seen, ', ') FROM standing_prices(:g, '2030-01-09 11:18Z')), '2030-01-09 11:15:00+00 2030-01-09 11:17:00+00', 'at 11:18 one knew of the poll that brought nothing new');
SELECT is(poll_markets('https://x/odds?regions=us&markets=h2h%2Ctotals&bookmakers=y'), '{h2h,h2h_lay,totals,totals_lay}', 'the markets of an address, with prices to lay');
SELECT is(array[poll_markets('https://x/odds?regions=us')::text, poll_markets('odds.json')::text], '{"{h2h,h2h_lay}",NULL}', 'without any h2h, of a name nobody knows');
SELECT ok(pg_temp.replayed(), 'replay() gives all of it again');

-- ---- one book's own feed ----------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.pinnacle(at timestamptz, VARIADIC markets text[]) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', games, quotes, rejects) FROM load_payload('pinnacle', 'straight', convert_to('[' || array_to_string(ARRAY(SELECT format('{"matchupId": 11, "type": "%s", "period": 0, "status": "%s", "version": %s, "prices": [{"designation": "home", "price": -150%s}, {"designation": "away", "price": 130%4$s}]}',
		split_part(m, ' ', 1), split_part(m, ' ', 2), extract(epoch FROM at)::bigint, CASE WHEN m ~ 'total' THEN ', "points": 4.5' ELSE '' END) FROM unnest(markets) AS m), ',') || ']', 'UTF8'), at) $$;
SELECT is((SELECT games FROM load_payload('pinnacle', 'matchups', convert_to('[{"id": 11, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
	"participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]}]', 'UTF8'), '2030-04-01 09:00Z')), 1, 'a game of Pinnacle''s');
SELECT is(array[pg_temp.pinnacle('2030-04-01 10:00Z', 'moneyline open', 'team_total open'), pg_temp.had('2030-04-01 10:00Z', 'pinnacle')], '{0 4 0,"h2h pinnacle 1.6666666666666667, team_totals pinnacle 1.6666666666666667"}', 'its prices');
SELECT is(array[pg_temp.pinnacle('2030-04-01 10:15Z', 'moneyline suspended', 'team_total open'), pg_temp.had('2030-04-01 10:15Z', 'pinnacle')], '{"0 0 0","team_totals pinnacle 1.6666666666666667"}', 'one suspended');
SELECT is(array[pg_temp.pinnacle('2030-04-01 10:30Z', 'moneyline open'), pg_temp.had('2030-04-01 10:30Z', 'pinnacle')], '{0 2 0,h2h pinnacle 1.6666666666666667}', 'open again, and the other gone');
SELECT is(array[pg_temp.pinnacle('2030-04-01 10:45Z', 'moneyline closed', 'team_total closed'), pg_temp.had('2030-04-01 10:45Z', 'pinnacle')], '{"0 0 0",NULL}', 'both closed');

INSERT INTO players (pool, player_id, name) VALUES ('mlb', 'a1', 'Man A'), ('mlb', 'b1', 'Man B');
INSERT INTO alias (feed, kind, pool, name, target) VALUES ('draftkings', 'player', 'mlb', 'Man A', 'a1'), ('draftkings', 'player', 'mlb', 'Man B', 'b1');
CREATE FUNCTION pg_temp.draftkings(at timestamptz, category text, VARIADIC suspended boolean[]) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', quotes, rejects) FROM load_payload('draftkings', category, convert_to(format('{"at": "%s", "eventGroup": {"name": "MLB", "events": [{"providerEventId": "e1", "teamName1": "NY Mets", "teamName2": "ATL Braves", "startDate": "2030-06-01T23:10:00.0000000Z"}],
		"offerCategories": [{"name": "Batter Props", "offerSubcategoryDescriptors": [{"name": "Singles"}, {"name": "%s", "offerSubcategory": {"offers": [[%s]]}}]}]}}', at, category, (
			SELECT string_agg(format('{"providerEventId": "e1", "label": "%1$s %2$s", "isSuspended": %3$s, "isOpen": true, "outcomes": [{"label": "Over", "oddsAmerican": "-110", "line": 0.5, "participant": "%1$s"}, {"label": "Under", "oddsAmerican": "-110", "line": 0.5, "participant": "%1$s"}]}',
				n, category, s::text), ',') FROM ROWS FROM (unnest('{Man A,Man B}'::text[]), unnest(suspended)) AS x (n, s) WHERE s IS NOT NULL)), 'UTF8'), at) $$;
SELECT is(array[pg_temp.draftkings('2030-06-01 12:00Z', 'Hits', false, false), pg_temp.draftkings('2030-06-01 12:01Z', 'Singles', false), pg_temp.had('2030-06-01 12:01Z', 'draftkings')],
	'{4 0,2 0,"batter_hits a1 draftkings 1.9090909090909092, batter_hits b1 draftkings 1.9090909090909092, batter_singles a1 draftkings 1.9090909090909092"}', 'two players of DraftKings');
SELECT is(array[pg_temp.draftkings('2030-06-01 12:20Z', 'Hits', true, false), pg_temp.had('2030-06-01 12:20Z', 'draftkings')], '{0 0,"batter_hits b1 draftkings 1.9090909090909092, batter_singles a1 draftkings 1.9090909090909092"}', 'one is suspended');
SELECT is(array[pg_temp.draftkings('2030-06-01 12:40Z', 'Hits', true, true), pg_temp.had('2030-06-01 12:40Z', 'draftkings')], '{0 0,"batter_singles a1 draftkings 1.9090909090909092"}', 'both are');
SELECT is(array[pg_temp.draftkings('2030-06-01 13:00Z', 'Hits', NULL), pg_temp.draftkings('2030-06-01 13:01Z', 'Hits', false, false), pg_temp.draftkings('2030-06-01 13:02Z', 'Hits', NULL), pg_temp.had('2030-06-01 13:02Z', 'draftkings')],
	'{0 0,4 0,0 0,"batter_singles a1 draftkings 1.9090909090909092"}', 'or off the board; what was not asked for stays');
SELECT ok(pg_temp.replayed(), 'replay() gives all of it again');

-- ---- whose poll it is ---------------------------------------------------------------------------------------
SAVEPOINT alone;
SELECT is(array[pg_temp.poll('2030-01-10 10:00Z', 'williamhill 1.9 2.0 x x x x x x' || E'\n' || 'coral 1.85 2.0 x x x x x x', 'odds?regions=uk'), pg_temp.poll('2030-01-10 12:00Z', 'tab 1.5 2.7 x x x x x x', 'odds?regions=au')], '{1 4 0,1 2 0}', 'Britain is asked at ten, Australia at noon');
SELECT results_eq(format($$SELECT book FROM standing_prices(%s, '2030-01-10 12:30Z', '1 hour') WHERE side = 'home'$$, :g), $$VALUES ('tab')$$, 'the books of the one are not seen in the other''s poll');
SELECT results_eq($$SELECT book, last_seen FROM current_quote WHERE feed = 'the_odds_api' AND known_at >= '2030-01-10' AND side = 'home' ORDER BY book$$, $$VALUES ('coral', '2030-01-10 10:00Z'::timestamptz), ('tab', '2030-01-10 12:00Z'), ('williamhill', '2030-01-10 10:00Z')$$, 'but where they were');
SELECT pg_temp.poll('2030-01-10 19:50Z', 'tab 1.45 2.8 x x x x x x', 'odds?regions=au') \g /dev/null
SELECT is(last_seen_before_start(:g, 'h2h', 'williamhill', NULL, '2030-01-10 10:00Z', (SELECT payload_id FROM quote WHERE book = 'williamhill' LIMIT 1), '2030-01-11'), '2030-01-10 10:00Z', 'nor when the market closes');
SELECT ok(pg_temp.replayed(), 'replay() knows whose poll it was');
ROLLBACK TO alone;
SELECT is(array[pg_temp.poll('2030-01-10 10:00Z', 'betmgm 1.9 2.0 x x x x x x' || E'\n' || 'fanduel 1.85 2.0 x x x x x x', 'odds?regions=us'),
	pg_temp.poll('2030-01-10 11:00Z', 'betmgm 1.9 2.0 x x x x x x' || E'\n' || 'fanduel 1.85 2.0 x x x x x x' || E'\n' || 'bovada 1.9 2.02 x x x x x x', 'odds?regions=us,us2')], '{1 4 0,1 2 0}', 'a feed is asked for one region more');
SELECT is(pg_temp.poll('2030-01-10 12:00Z', 'betmgm 1.9 2.0 x x x x x x' || E'\n' || 'bovada 1.9 2.02 x x x x x x', 'odds?regions=us,us2'), '1 0 0', 'a book of the first is gone');
SELECT results_eq($$SELECT book, is_standing, known_at, last_seen FROM current_quote WHERE feed = 'the_odds_api' AND known_at >= '2030-01-10' AND side = 'home' ORDER BY book$$, $$VALUES ('betmgm', true, '2030-01-10 10:00Z'::timestamptz, '2030-01-10 12:00Z'::timestamptz),
	('bovada', true, '2030-01-10 11:00Z', '2030-01-10 12:00Z'), ('fanduel', false, '2030-01-10 10:00Z', '2030-01-10 11:00Z')$$, 'which the wider poll tells: it had it');
SELECT is(array[pg_temp.poll('2030-01-10 12:10Z', 'betmgm 1.9 2.0 x x x x x x', 'odds?regions=us'), pg_temp.poll('2030-01-10 12:20Z', 'bovada 1.9 2.02 x x x x x x', 'odds?regions=us,us2')], '{1 0 0,1 0 0}', 'two addresses with a book in both');
SELECT results_eq($$SELECT book, is_standing FROM current_quote WHERE feed = 'the_odds_api' AND known_at >= '2030-01-10' AND side = 'home' ORDER BY book$$, $$VALUES ('betmgm', true), ('bovada', true), ('fanduel', false)$$, 'the one that listed it last decides');
SELECT is(array[pg_temp.poll('2030-01-10 12:30Z', 'betmgm 1.9 2.0 x x x x x x', 'odds?regions=us'), pg_temp.poll('2030-01-10 12:40Z', '', 'odds?regions=us&markets=h2h')], '{1 0 0,1 0 0}', 'and takes it down');
SELECT results_eq($$SELECT book, is_standing FROM current_quote WHERE feed = 'the_odds_api' AND known_at >= '2030-01-10' AND side = 'home' ORDER BY book$$, $$VALUES ('betmgm', false), ('bovada', true), ('fanduel', false)$$, 'that alone');
SELECT ok(pg_temp.replayed(), 'replay() gives all of it again');
ROLLBACK TO alone;

-- ---- a game that the feed leaves out, and lists again -----------------------------------------------------------
SELECT set_config('bet_edge.other', '{"id": "gap2", "sport_key": "basketball_nba", "commence_time": "2030-01-12T20:00:00Z", "home_team": "Utah Jazz", "away_team": "Miami Heat", "bookmakers": [{"key": "fanduel", "markets": [{"key": "h2h", "outcomes": [{"name": "Utah Jazz", "price": 1.9}, {"name": "Miami Heat", "price": 2.0}]}]}]}', true) \g /dev/null
CREATE FUNCTION pg_temp.listed(at text, home float8) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', games, quotes, rejects) FROM load_payload('the_odds_api', 'https://x/v4/sports/basketball_nba/odds?regions=us2', convert_to('[' || concat_ws(',', current_setting('bet_edge.other'), CASE WHEN home IS NOT NULL THEN
		format('{"id": "gap1", "sport_key": "basketball_nba", "commence_time": "2030-01-11T20:00:00Z", "home_team": "Phoenix Suns", "away_team": "Chicago Bulls", "bookmakers": [{"key": "fanduel", "at": "%s", "markets": [{"key": "h2h", "outcomes": [{"name": "Phoenix Suns", "price": %s}, {"name": "Chicago Bulls", "price": 2.0}]}]}]}', at, home) END) || ']', 'UTF8'),
		('2030-01-11 ' || at || 'Z')::timestamptz) $$;
CREATE FUNCTION pg_temp.seen(at text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(p.price || ' ' || to_char(p.last_seen, 'HH24:MI'), ', ') FROM game_event AS e CROSS JOIN LATERAL standing_prices(e.game_id, ('2030-01-11 ' || at || 'Z')::timestamptz, '1 day') AS p WHERE e.event_id = 'gap1' AND p.side = 'home' $$;
SELECT is(array[pg_temp.listed('10:00', 1.9), pg_temp.listed('10:10', 1.9), pg_temp.listed('10:20', NULL), pg_temp.listed('10:30', NULL), pg_temp.seen('10:31')], '{2 4 0,2 0 0,1 0 0,1 0 0,1.9 10:10}', 'a game is left out: its price was last seen before that');
SELECT is(array[pg_temp.listed('10:40', 1.9), pg_temp.seen('10:31'), pg_temp.seen('10:41')], '{2 0 0,1.9 10:10,1.9 10:40}', 'it is listed again as it was: between it was as old as it had been');
SELECT is(array[pg_temp.listed('10:50', NULL), pg_temp.listed('11:00', 1.8), pg_temp.seen('10:59'), pg_temp.seen('11:01')], '{1 0 0,2 2 0,1.9 10:40,1.8 11:00}', 'and so when it comes back with another price');
SELECT is(array[pg_temp.listed('11:10', 1.8), pg_temp.listed('11:20', 1.8), pg_temp.seen('11:05'), pg_temp.seen('11:15')], '{2 0 0,2 0 0,1.8 11:00,1.8 11:10}', 'where it was not left out every poll counts');
SELECT results_eq($$SELECT to_char(seen_at, 'HH24:MI'), to_char(again_at, 'HH24:MI') FROM offer_gap ORDER BY 1$$, $$VALUES ('10:10', '10:40'), ('10:40', '11:00')$$, 'which is kept');
SELECT ok(pg_temp.replayed(), 'and told again by replay()');
ROLLBACK TO alone;

-- ---- a market that is asked for and not listed ------------------------------------------------------------------
\set both 'https://x/v4/sports/basketball_nba/odds?regions=us2&markets=h2h,totals'
CREATE FUNCTION pg_temp.totals(VARIADIC at text[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a, (SELECT q.price FROM standing_quotes((SELECT game_id FROM game_event WHERE event_id = 'e1' AND feed = 'the_odds_api'), ('2030-01-10 ' || a || 'Z')::timestamptz) AS q WHERE q.book = 'bovada' AND q.market = 'totals' AND q.side = 'over')), ', ' ORDER BY n)
	FROM unnest(at) WITH ORDINALITY AS x (a, n) $$;
CREATE FUNCTION pg_temp.asked(at text, price text, address text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.poll(('2030-01-10 ' || at || 'Z')::timestamptz, concat('bovada 1.9 2.0 x x x ', CASE WHEN price IS NULL THEN 'x x x' ELSE '219.5 ' || price || ' 1.9' END), address) $$;
SELECT is(array[pg_temp.asked('12:00', NULL, :'both'), pg_temp.asked('12:20', NULL, :'both')], '{1 2 0,1 0 0}', 'polls that list no total');
SELECT is(array[pg_temp.asked('12:10', '1.9', :'both'), pg_temp.totals('12:09', '12:10', '12:19', '12:20')], '{1 2 0,"12:09, 12:10 1.9, 12:19 1.9, 12:20"}', 'a late one that lists it: until the next that was asked for it');
SELECT is(array[pg_temp.asked('12:15', '1.8', :'both'), pg_temp.totals('12:10', '12:15', '12:20')], '{1 2 0,"12:10 1.9, 12:15 1.8, 12:20"}', 'another between the two');
SELECT is(array[pg_temp.asked('12:05', NULL, :'both'), pg_temp.asked('12:25', '1.7', :'both'), pg_temp.totals('12:10', '12:20', '12:25', '12:31')], '{0 0 0,1 2 0,"12:10 1.9, 12:20, 12:25 1.7, 12:31 1.7"}', 'one that no poll has followed stands');
SELECT is(array[pg_temp.asked('13:00', NULL, replace(:'both', ',totals', '')), pg_temp.asked('12:40', '2.1', :'both'), pg_temp.totals('12:31', '12:40', '13:01')], '{1 0 0,1 2 0,"12:31 1.7, 12:40 2.1, 13:01 2.1"}', 'and so does one before a poll that was not asked for it');
SELECT ok(pg_temp.replayed(), 'replay() gives all of it again');
ROLLBACK TO alone;

-- ---- polls that come late -------------------------------------------------------------------------------------
-- Seven polls, ten minutes apart, of two books that move, leave and come back and, at times, are of two regions: in order, with one or two of them after the others, and after a replay the same can be had at every minute.
CREATE FUNCTION pg_temp.of(seed int, n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (('x' || left(md5(concat_ws(' ', seed, array_to_string(what, ' '))), 8))::bit(32)::bigint % n)::int $$;
CREATE FUNCTION pg_temp.snapshot(seed int, i int) RETURNS void LANGUAGE sql AS $$
	SELECT load_payload('the_odds_api', 'odds?markets=h2h' || CASE WHEN seed % 3 = 0 THEN '&regions=r' || pg_temp.of(seed, 2, 'region', i::text) ELSE '' END, convert_to(format('{"timestamp": "%s", "data": [{"id": "late%s", "sport_key": "basketball_nba", "commence_time": "2030-02-10T20:00:00Z", "home_team": "Miami Heat", "away_team": "Utah Jazz", "bookmakers": [%s]}]}',
		to_char('2030-02-10 10:00'::timestamp + i * interval '10 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), seed, (
		SELECT string_agg(format('{"key": "%s", "title": "x", "markets": [{"key": "h2h", "outcomes": [{"name": "Miami Heat", "price": %s}%s]}]}', b, 1.8 + 0.1 * pg_temp.of(seed, 2, 'price', b, i::text),
			CASE WHEN pg_temp.of(seed, 9, 'half', b, i::text) > 0 THEN ', {"name": "Utah Jazz", "price": 2.0}' ELSE '' END), ',')
		FROM unnest('{fanduel,betmgm}'::text[]) AS b WHERE pg_temp.of(seed, 3, 'there', b, i::text) > 0 AND (seed % 3 > 0 OR pg_temp.of(seed, 2, 'region', i::text) = (b = 'betmgm')::int))), 'UTF8'), '2030-02-10 10:00Z'::timestamptz + i * interval '10 minutes') $$;
CREATE FUNCTION pg_temp.season() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', m, x.s), ', ' ORDER BY m) FROM generate_series(1, 71, 10) AS m
	CROSS JOIN LATERAL (SELECT string_agg(q.book || q.price, ' ' ORDER BY q.book) AS s FROM game_event AS e CROSS JOIN LATERAL standing_quotes(e.game_id, '2030-02-10 10:00Z'::timestamptz + m * interval '1 minute') AS q
		WHERE e.event_id ~ 'late' AND q.side = 'home') AS x $$;
CREATE TEMP TABLE story (seed int, late int, told text, told_late text, replayed text);
CREATE FUNCTION pg_temp.tell(seed int, late int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	told text; told_late text; replayed text;
BEGIN
	BEGIN
		PERFORM pg_temp.snapshot(seed, i) FROM generate_series(0, 6) AS i;
		told := pg_temp.season();
		RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	BEGIN
		PERFORM pg_temp.snapshot(seed, o.i) FROM (SELECT i FROM generate_series(0, 6) AS i ORDER BY (i IN (pg_temp.of(seed, 6, 'first'), pg_temp.of(seed, 6, 'second')))::int * late, i OFFSET 0) AS o;
		told_late := pg_temp.season();
		PERFORM replay();
		replayed := pg_temp.season();
		RAISE EXCEPTION 'enough' USING ERRCODE = '22L00';
	EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
	END;
	INSERT INTO story VALUES (seed, late, told, told_late, replayed);
END $$;
DELETE FROM payload WHERE payload_id NOT IN (SELECT payload_id FROM game_event WHERE payload_id IS NOT NULL);
SELECT pg_temp.tell(s, 1) FROM generate_series(1, 20) AS s \g /dev/null
SELECT is_empty('SELECT seed, told, told_late FROM story WHERE told IS DISTINCT FROM told_late', 'polls out of order tell what they do in order');
SELECT is_empty('SELECT seed, told_late, replayed FROM story WHERE told_late IS DISTINCT FROM replayed', 'and replay() tells it, too');
SELECT cmp_ok((SELECT count(DISTINCT told) FROM story), '>', 10::bigint, 'of twenty stories');
SELECT * FROM finish();
ROLLBACK;
