-- Pinnacle's guest API: what is a game, what a price, and which answers are old; made-up games.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(18);
CREATE FUNCTION pg_temp.load(name text, doc text, at timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', rows_read, games, quotes, rejects) FROM load_payload('pinnacle', name, convert_to(doc, 'UTF8'), at) $$;
CREATE FUNCTION pg_temp.market(id int, type text, key text, prices text, more text DEFAULT '', version int DEFAULT 10, period int DEFAULT 0, status text DEFAULT 'open') RETURNS text LANGUAGE sql AS $$
	SELECT format('{"matchupId": %s, "type": "%s", "key": "%s", "period": %s, "status": "%s", "version": %s%s, "prices": [%s]}', id, type, key, period, status, version, more, prices) $$;

SELECT is(pg_temp.load('markets', '[' || pg_temp.market(11, 'moneyline', 's;0;m', '{"designation": "home", "price": -150}, {"designation": "away", "price": 130}') || ']', '2030-04-01 09:59Z'), '1 0 0 1', 'prices of a matchup that nobody has listed');
SELECT is(pg_temp.load('matchups', $$[
	{"id": 11, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
		"participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]},
	{"id": 12, "type": "matchup", "parentId": 11, "isLive": true, "startTime": "2030-04-02T00:00:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
		"participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]},
	{"id": 13, "type": "matchup", "parentId": 11, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Hits", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
		"participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]},
	{"id": 14, "type": "special", "parentId": null, "isLive": false, "units": "Place 1st", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}}, "special": {"description": "Pennant"},
		"participants": [{"alignment": "neutral", "id": 15, "name": "Chicago Cubs"}]},
	{"id": 16, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 9, "name": "Elsewhere", "sport": {"id": 3, "name": "Baseball"}},
		"participants": [{"alignment": "home", "name": "Here"}, {"alignment": "away", "name": "There"}]}]$$, '2030-04-01 10:00Z'), '5 1 0 4', 'one game; its live copy, its hits, a special and a league nobody knows are none');
SELECT results_eq($$SELECT reason, detail FROM reject WHERE payload_id = (SELECT payload_id FROM payload WHERE name = 'matchups') ORDER BY line_no$$, $$VALUES ('not_a_game', 'live matchup Regular of 11'), ('not_a_game', 'matchup Hits of 11'),
	('not_a_game', 'special Place 1st Pennant of no game'), ('unknown_sport', 'alias has no sport for ''Baseball/Elsewhere''')$$, 'each says what it is');
SELECT is((SELECT starts_at FROM sports_events), '2030-04-02 00:10Z'::timestamptz, 'the start is the parent''s');
SELECT is(replay((SELECT min(payload_id) FROM payload WHERE name = 'markets')), 1, 'the prices that waited are loaded again');
SELECT is((SELECT count(*) FROM quote), 2::bigint, 'and are in');

SELECT is(pg_temp.load('markets', '[' || concat_ws(',',
	pg_temp.market(11, 'spread', 's;0;s;-1.5', '{"designation": "home", "price": 135, "points": -1.5}, {"designation": "away", "price": -155, "points": 1.5}', ', "isAlternate": false, "limits": [{"amount": 16600, "type": "maxRiskStake"}]'),
	pg_temp.market(11, 'spread', 's;0;s;0.0', '{"designation": "home", "price": -140, "points": 0.0}, {"designation": "away", "price": 122, "points": -0.0}', ', "isAlternate": true'),
	pg_temp.market(11, 'spread', 's;0;s;-2.5', '{"designation": "home", "price": 190, "points": -2.5}, {"designation": "away", "price": -225, "points": 2.5}', ', "isAlternate": true'),
	pg_temp.market(11, 'total', 's;1;ou;4.25', '{"designation": "over", "price": -110, "points": 4.25}, {"designation": "under", "price": -106, "points": 4.25}', ', "isAlternate": false', 10, 1),
	pg_temp.market(11, 'team_total', 's;0;tt;4.5;away', '{"designation": "over", "price": -110, "points": 4.5}, {"designation": "under", "price": -110, "points": 4.5}', ', "side": "away"'),
	pg_temp.market(11, 'moneyline', 's;9;m', '{"designation": "home", "price": 317}, {"designation": "away", "price": 349}, {"designation": "draw", "price": -156}', '', 10, 9),
	pg_temp.market(11, 'total', 's;0;ou;8.5', '{"designation": "over", "price": -110, "points": 8.5}, {"designation": "under", "price": -110, "points": 8.5}', '', 10, 0, 'suspended'),
	pg_temp.market(14, 'moneyline', 's;0;m', '{"participantId": 15, "price": 300}')) || ']', '2030-04-01 10:05Z'), '8 0 13 1', 'main and alternate lines, a period, a team''s total, a third way; nothing that is not open');
SELECT results_eq($$SELECT concat_ws(' ', market, participant, side, line, round(price::numeric, 3), max_stake) FROM quote WHERE market <> 'h2h' ORDER BY market, participant, line, side$$, $$VALUES
	('alternate_spreads home -2.5 2.900'), ('alternate_spreads away 0 2.220'), ('alternate_spreads home 0 1.714'), ('alternate_spreads away 2.5 1.444'), ('h2h_3_way_inning_9 away 4.490'), ('h2h_3_way_inning_9 draw 1.641'), ('h2h_3_way_inning_9 home 4.170'),
	('spreads home -1.5 2.350 16600'), ('spreads away 1.5 1.645 16600'), ('team_totals away over 4.5 1.909'), ('team_totals away under 4.5 1.909'), ('totals_1st_5_innings over 4.25 1.909'), ('totals_1st_5_innings under 4.25 1.943')$$,
	'points of each side, a pick''em without a sign, the limit');
SELECT is(pg_temp.load('markets', '[' || pg_temp.market(11, 'spread', 's;0;s;-1.5', '{"designation": "home", "price": 120, "points": -1.5}, {"designation": "away", "price": -140, "points": 1.5}', ', "isAlternate": false', 9) || ']', '2030-04-01 10:06Z'),
	'1 0 0 0', 'a version below the stored one is an old answer');
SELECT is(pg_temp.load('markets', '[' || pg_temp.market(11, 'spread', 's;0;s;-1.5', '{"designation": "home", "price": 120, "points": -1.5}, {"designation": "away", "price": -140, "points": 1.5}', ', "isAlternate": false', 11) || ']', '2030-04-01 10:07Z'),
	'1 0 2 0', 'one above it is news');
SELECT is(pg_temp.load('html', '{"status": 403, "title": "BAD_APIKEY"}', '2030-04-01 10:08Z'), '0 0 0 1', 'an error is no list');

-- ---- the same fixture from another feed ---------------------------------------------------------------
SELECT is((SELECT concat_ws(' ', games, quotes, rejects) FROM load_payload('the_odds_api', 'odds', convert_to('[{"id": "a1", "sport_key": "baseball_mlb", "commence_time": "2030-04-02T03:00:00Z", "home_team": "Chicago Cubs", "away_team": "Boston Red Sox", "bookmakers": [
	{"key": "fanduel", "title": "x", "markets": [{"key": "h2h", "outcomes": [{"name": "Boston Red Sox", "price": 1.6}, {"name": "Chicago Cubs", "price": 2.4}]},
		{"key": "spreads", "outcomes": [{"name": "Boston Red Sox", "price": 2.3, "point": -1.5}, {"name": "Chicago Cubs", "price": 1.65, "point": 1.5}]}]}]}]', 'UTF8'), '2030-04-01 11:00Z')), '1 4 0', 'three hours later and with its sides the other way round');
SELECT is((SELECT count(*) || ' ' || count(DISTINCT e.feed) FROM game JOIN game_event AS e USING (game_id)), '2 2', 'is the same game, known to both feeds');
SELECT results_eq($$SELECT concat_ws(' ', market, side, line, price) FROM quote WHERE book = 'fanduel' ORDER BY 1$$, $$VALUES ('h2h away 2.4'), ('h2h home 1.6'), ('spreads away 1.5 1.65'), ('spreads home -1.5 2.3')$$, 'its prices turned to our sides');
SELECT is((SELECT concat_ws(' ', p.games, (SELECT count(*) FROM unjoined_games)) FROM load_payload('the_odds_api', 'later', convert_to('[{"id": "a2", "sport_key": "baseball_mlb", "commence_time": "2030-04-05T03:00:00Z", "home_team": "Boston Red Sox", "away_team": "Chicago Cubs"}]', 'UTF8'), '2030-04-01 12:00Z') AS p),
	'1 0', 'days later it is another game');

-- ---- rotation: the number on a board in the United States, which may be missing ---------------------------
CREATE FUNCTION pg_temp.listed(id int, starts text, home text, away text, more text) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"id": %s, "type": "matchup", "parentId": null, "isLive": false, "startTime": "%s", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
		"participants": [{"alignment": "home", "name": "%s"}, {"alignment": "away", "name": "%s"}]%s}', id, starts, home, away, more) $$;
SELECT is(pg_temp.load('matchups', '[' || concat_ws(',', pg_temp.listed(31, '2030-06-02T20:10:00Z', 'New York Mets', 'Miami Marlins', ', "rotation": 909'), pg_temp.listed(32, '2030-06-02T17:10:00Z', 'New York Mets', 'Miami Marlins', ''),
	pg_temp.listed(33, '2030-06-02T17:10:00Z', 'Boston Red Sox', 'Detroit Tigers', ', "rotation": null'), pg_temp.listed(34, '2030-06-02T17:10:00Z', 'Texas Rangers', 'Seattle Mariners', ', "rotation": "none"')) || ']', '2030-06-01Z'), '4 4 0 0', 'games with one, without, with none');
SELECT results_eq($$SELECT e.event_id, s.starts_at FROM sports_events AS s JOIN game_event AS e USING (game_id) JOIN game AS g USING (game_id) WHERE s.home_team = 'New York Mets' ORDER BY g.game_key$$,
	$$VALUES ('32', '2030-06-02 17:10Z'::timestamptz), ('31', '2030-06-02 20:10Z')$$, 'a double-header goes by its hours');
SELECT pg_temp.load('matchups', '[' || pg_temp.listed(31, '2030-06-02T20:10:00Z', 'New York Mets', 'Miami Marlins', '') || ']', '2030-06-01 01:00Z') AS again \gset
SELECT is(:'again' || ' ' || (SELECT count(*) FROM fixture JOIN game_event USING (game_id) WHERE event_id = '31'), '1 1 0 0 1', 'one that is gone or given later is no news');
SELECT * FROM finish();
ROLLBACK;
