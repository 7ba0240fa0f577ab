-- Answers with damage: whatever one place of them becomes, be it missing, null, empty or of another type, no loader fails, and the games beside it are in with all that is said of them.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(19);

-- Every place of the part of a document at a path, with everything that may stand there instead.
CREATE FUNCTION pg_temp.damaged(doc jsonb, part text[]) RETURNS TABLE (place text[], damage text, body jsonb) LANGUAGE sql AS $$
	WITH RECURSIVE node AS (
		SELECT part AS place, doc #> part AS value
		UNION ALL
		SELECT n.place || e.key, e.value FROM node AS n CROSS JOIN LATERAL (
			SELECT o.key, o.value FROM jsonb_each(CASE jsonb_typeof(n.value) WHEN 'object' THEN n.value END) AS o
			UNION ALL SELECT (a.n - 1)::text, a.value FROM jsonb_array_elements(CASE jsonb_typeof(n.value) WHEN 'array' THEN n.value END) WITH ORDINALITY AS a (value, n)) AS e
	)
	SELECT n.place, coalesce(d.value::text, 'missing'), CASE WHEN d.value IS NULL THEN doc #- n.place ELSE jsonb_set(doc, n.place, d.value) END
	FROM node AS n CROSS JOIN (VALUES (NULL::jsonb), ('null'), ('"x"'), ('-1.5'), ('[]'), ('[null, 5, {}]'), ('{"a": 1}')) AS d (value)
	WHERE n.place <> '{}' $$;
-- What went wrong: the loader failed, or less is known of the others (what a load leaves, counted by a query) than without the damage. Each is taken back.
CREATE FUNCTION pg_temp.wrong(feed text, name text, doc jsonb, part text[], others text, at timestamptz) RETURNS TABLE (place text[], damage text, wrong text) LANGUAGE plpgsql AS $$
DECLARE
	sound bigint;
	here  bigint;
BEGIN
	FOR place, damage, doc IN SELECT NULL::text[], 'none', doc UNION ALL SELECT * FROM pg_temp.damaged(doc, part) LOOP
		BEGIN
			PERFORM load_payload(feed, name, convert_to(doc::text, 'UTF8'), at);
			wrong := (SELECT r.detail FROM reject AS r WHERE r.reason = 'parse_error' LIMIT 1);
			EXECUTE others INTO here;
			RAISE EXCEPTION 'taken back' USING ERRCODE = '22L00';
		EXCEPTION WHEN SQLSTATE '22L00' THEN NULL;
		WHEN OTHERS THEN wrong := SQLSTATE || ' ' || SQLERRM;
		END;
		IF place IS NULL AND coalesce(here, 0) = 0 THEN
			wrong := 'nothing of the others is there without any damage';
		ELSIF place IS NULL THEN
			sound := here;
		ELSIF here < sound THEN
			wrong := coalesce(wrong, format('%s of %s', here, sound));
		END IF;
		IF wrong IS NOT NULL THEN
			RETURN NEXT;
		END IF;
	END LOOP;
END $$;

-- ---- The Odds API ---------------------------------------------------------------------------------------------
SELECT '[{"id": "a", "sport_key": "baseball_mlb", "sport_title": "MLB", "commence_time": "2031-04-02T17:05:00Z", "home_team": "Boston Red Sox", "away_team": "Chicago Cubs", "bookmakers": [
		{"key": "pinnacle", "title": "Pinnacle", "last_update": "2031-04-02T10:00:00Z", "markets": [
			{"key": "h2h", "last_update": "2031-04-02T10:00:00Z", "outcomes": [{"name": "Boston Red Sox", "price": 1.9, "bet_limit": 500}, {"name": "Chicago Cubs", "price": 1.95}]},
			{"key": "alternate_spreads", "outcomes": [{"name": "Boston Red Sox", "price": 1.9, "point": -1.5}, {"name": "Chicago Cubs", "price": 1.95, "point": 1.5}, {"name": "Boston Red Sox", "price": 2.9, "point": -2.5}, {"name": "Chicago Cubs", "price": 1.4, "point": 2.5}]},
			{"key": "pitcher_strikeouts", "outcomes": [{"name": "Over", "description": "A. Pitcher", "price": 1.9, "point": 5.5}, {"name": "Under", "description": "A. Pitcher", "price": 1.9, "point": 5.5}]}]}]},
	{"id": "b", "sport_key": "baseball_mlb", "sport_title": "MLB", "commence_time": "2031-04-02T17:05:00Z", "home_team": "New York Mets", "away_team": "Miami Marlins", "bookmakers": [
		{"key": "pinnacle", "title": "Pinnacle", "last_update": "2031-04-02T10:00:00Z", "markets": [
			{"key": "h2h", "outcomes": [{"name": "New York Mets", "price": 1.9}, {"name": "Miami Marlins", "price": 1.95}]},
			{"key": "totals", "outcomes": [{"name": "Over", "price": 1.9, "point": 8.5}, {"name": "Under", "price": 1.95, "point": 8.5}]}]}]}]' AS odds \gset
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/sports/baseball_mlb/odds?regions=us&markets=h2h,totals', %L, '{0}',
	'SELECT count(*) FROM sports_events AS e JOIN quote USING (game_id) WHERE e.home_team = ''New York Mets''', '2031-04-02 10:01Z')$$, :'odds'), 'The Odds API: prices of one game');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/historical/sports/baseball_mlb/odds?date=2031-04-02T10:01:00Z', %L, '{data,0,bookmakers,0,markets}',
	'SELECT count(*) FROM quote', '2031-05-02 10:01Z') WHERE wrong !~ '^\d+ of \d+$'$$, jsonb_build_object('timestamp', '2031-04-02T10:00:00Z', 'data', :'odds'::jsonb)), 'and of history');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/sports/baseball_mlb/scores', %L, '{0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets'' AND e.home_score = 3', '2031-04-03 10:01Z')$$,
	'[{"id": "a", "sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "completed": true, "home_team": "Boston Red Sox", "away_team": "Chicago Cubs", "scores": [{"name": "Boston Red Sox", "score": "5"}, {"name": "Chicago Cubs", "score": "4"}], "last_update": "2031-04-02T23:00:00Z"},
	{"id": "b", "sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "completed": true, "home_team": "New York Mets", "away_team": "Miami Marlins", "scores": [{"name": "New York Mets", "score": "3"}, {"name": "Miami Marlins", "score": "4"}], "last_update": null}]'), 'scores');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('the_odds_api', 'https://x/v4/sports/americanfootball_nfl_super_bowl_winner/odds?markets=outrights', %L, '{0}', 'SELECT count(*) FROM outright_quote WHERE runner = ''Us''', '2031-04-03 10:01Z')$$,
	'[{"id": "a", "sport_key": "americanfootball_nfl_super_bowl_winner", "commence_time": "2032-02-02T17:05:00Z", "home_team": null, "away_team": null, "bookmakers": [{"key": "fanduel", "markets": [{"key": "outrights", "outcomes": [{"name": "They", "price": 9.5}]}]}]},
	{"id": "b", "sport_key": "americanfootball_nfl_super_bowl_winner", "commence_time": "2033-02-02T17:05:00Z", "home_team": null, "away_team": null, "bookmakers": [{"key": "fanduel", "markets": [{"key": "outrights", "outcomes": [{"name": "Us", "price": 2.5}]}]}]}]'), 'outrights');

-- ---- Pinnacle ---------------------------------------------------------------------------------------------------
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('pinnacle', 'matchups', %L, '{0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets''', '2031-04-03 10:01Z')$$,
	'[{"id": 11, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}}, "participants": [{"alignment": "home", "name": "Boston Red Sox"}, {"alignment": "away", "name": "Chicago Cubs"}]},
	{"id": 12, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}}, "participants": [{"alignment": "home", "name": "New York Mets"}, {"alignment": "away", "name": "Miami Marlins"}]}]'), 'Pinnacle: matchups');
SELECT games FROM load_payload('pinnacle', 'matchups', convert_to('[{"id": 12, "type": "matchup", "parentId": null, "isLive": false, "startTime": "2030-04-02T00:10:00Z", "units": "Regular", "league": {"id": 246, "name": "MLB", "sport": {"id": 3, "name": "Baseball"}},
	"participants": [{"alignment": "home", "name": "New York Mets"}, {"alignment": "away", "name": "Miami Marlins"}]}]', 'UTF8'), '2030-04-01 09:00Z') \g /dev/null
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('pinnacle', 'straight', %L, '{0}', 'SELECT count(*) FROM quote WHERE market = ''spreads''', '2031-04-03 10:01Z')$$,
	'[{"matchupId": 12, "type": "team_total", "side": "home", "period": 0, "isAlternate": false, "status": "open", "version": 7, "key": "s", "cutoffAt": "2030-04-02T00:10:00Z", "limits": [{"type": "maxRiskStake", "amount": 500}], "prices": [{"designation": "over", "price": -150, "points": 4.5}, {"designation": "under", "price": 130, "points": 4.5}]},
	{"matchupId": 12, "type": "spread", "period": 0, "status": "open", "version": 7, "prices": [{"designation": "home", "price": -110, "points": -1.5}, {"designation": "away", "price": -105, "points": 1.5}]}]'), 'and markets');

-- ---- ESPN --------------------------------------------------------------------------------------------------------
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('espn', 'https://x/sports/baseball/mlb/scoreboard?dates=1', %L, '{events,0}', 'SELECT count(*) FROM sports_events AS e WHERE e.home_team = ''New York Mets''', '2031-04-03 10:01Z')$$,
	(SELECT jsonb_build_object('events', jsonb_agg(jsonb_build_object('id', i::text, 'date', '2031-04-02T23:30Z', 'season', '{"year": 2031, "type": 2}'::jsonb, 'week', '{"number": 3}'::jsonb, 'weather', '{"temperature": 70, "displayValue": "1"}'::jsonb,
		'competitions', jsonb_build_array(jsonb_build_object('id', i::text, 'neutralSite', false, 'attendance', 100, 'type', '{"abbreviation": "STD"}'::jsonb, 'venue', '{"fullName": "A park", "indoor": false}'::jsonb,
			'status', '{"period": 9, "clock": 0, "displayClock": "0:00", "type": {"state": "post", "completed": true, "name": "STATUS_FINAL", "detail": "Final"}}'::jsonb,
			'competitors', jsonb_build_array(jsonb_build_object('homeAway', 'home', 'score', '5', 'team', jsonb_build_object('id', i::text, 'displayName', h), 'linescores', '[{"value": 5}]'::jsonb, 'records', '[{"summary": "1-2"}]'::jsonb),
				jsonb_build_object('homeAway', 'away', 'score', '4', 'team', jsonb_build_object('id', (i + 10)::text, 'displayName', a), 'linescores', '[{"value": 4}]'::jsonb)),
			'odds', '[{"provider": {"id": "58", "name": "ESPN BET"}, "details": "BOS -150", "overUnder": 8.5, "spread": -1.5, "homeTeamOdds": {"moneyLine": -150, "spreadOdds": "+130"}, "awayTeamOdds": {"moneyLine": "EVEN"}, "moneyline": {"home": {"close": {"odds": "-150"}}, "away": {"close": {"odds": "+130"}}},
				"total": {"over": {"close": {"line": "o8.5", "odds": "-110"}}}}]'::jsonb)))))::text
	FROM (VALUES (1, 'Boston Red Sox', 'Chicago Cubs'), (2, 'New York Mets', 'Miami Marlins')) AS g (i, h, a))), 'ESPN: a scoreboard with prices');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('espn_injuries', 'https://x/sports/basketball/nba/injuries', %L, '{injuries,0}', 'SELECT count(*) FROM payload', '2031-04-03 10:01Z')$$,
	'{"injuries": [{"displayName": "Boston Celtics", "injuries": [{"status": "Out", "date": "2031-04-01T10:00Z", "shortComment": "A knee", "athlete": {"displayName": "A. Player", "links": [{"rel": ["playercard"], "href": "https://www.espn.com/nba/player/_/id/7/a"}]},
	"details": {"type": "Knee", "returnDate": "2031-04-09"}}]}, {"displayName": "Miami Heat", "injuries": []}]}'), 'its injuries');

-- ---- the NBA, TheSportsDB, DraftKings, Sleeper ----------------------------------------------------------------------
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nba_live', 'scoreboard', %L, '{scoreboard,games,0}', 'SELECT count(*) FROM live_score JOIN game_event USING (feed, event_id) WHERE event_id = ''0023000002''', '2031-02-12 01:01Z')$$,
	(SELECT jsonb_build_object('scoreboard', jsonb_build_object('games', jsonb_agg(jsonb_build_object('gameId', id, 'gameStatus', 2, 'gameStatusText', 'Q2 05:00', 'period', 2, 'gameClock', 'PT05M00.00S', 'gameTimeUTC', '2031-02-12T00:00:00Z', 'gameEt', '2031-02-11T19:00:00Z',
		'homeTeam', jsonb_build_object('teamTricode', h, 'score', 40, 'periods', '[{"period": 1, "score": 25}, {"period": 2, "score": 15}]'::jsonb),
		'awayTeam', jsonb_build_object('teamTricode', a, 'score', 41, 'periods', '[{"period": 1, "score": 20}, {"period": 2, "score": 21}]'::jsonb)))))::text
	FROM (VALUES ('0023000001', 'CHA', 'ATL'), ('0023000002', 'MIA', 'ORL')) AS g (id, h, a))), 'the NBA: a scoreboard');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('nba_live', 'playbyplay', %L, '{game,actions,0}', 'SELECT count(*) FROM live_score', '2031-02-12 01:01Z')$$,
	'{"game": {"gameId": "0023000001", "actions": [{"orderNumber": 1, "actionNumber": 1, "period": 1, "clock": "PT11M30.00S", "scoreHome": "2", "scoreAway": "0"}, {"orderNumber": 2, "actionNumber": 2, "period": 1, "clock": "PT10M00.00S", "scoreHome": "2", "scoreAway": "3"}]}}'), 'play by play');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('thesportsdb', 'eventsday', %L, '{events,0}', 'SELECT count(*) FROM payload', '2031-02-12 01:01Z')$$,
	'{"events": [{"idEvent": "1", "idLeague": "4424", "strLeague": "MLB", "strSeason": "2031", "idHomeTeam": "1", "idAwayTeam": "2", "strHomeTeam": "Boston Red Sox", "strAwayTeam": "Chicago Cubs", "intHomeScore": "3", "intAwayScore": null, "intRound": "0", "strTimestamp": "2031-04-02T17:05:00", "dateEvent": "2031-04-02", "strTime": "17:05:00", "strStatus": "FT", "strPostponed": "no", "intSpectators": ""}]}'), 'TheSportsDB');
SELECT is_empty(format($$SELECT * FROM pg_temp.wrong('draftkings', 'props', %L, '{eventGroup}', 'SELECT count(*) FROM payload', '2031-04-02 01:01Z')$$,
	'{"eventGroup": {"name": "MLB", "events": [{"providerEventId": "1", "eventId": 2, "name": "BOS Red Sox @ CHI Cubs", "teamName1": "BOS Red Sox", "teamName2": "CHI Cubs", "startDate": "2031-04-02T17:05:00.0000000Z"}], "offerCategories": [{"name": "Batter Props", "offerSubcategoryDescriptors": [{"name": "Hits",
	"offerSubcategory": {"offers": [[{"providerEventId": "1", "label": "A. Player Hits", "isOpen": true, "isSuspended": false, "outcomes": [{"label": "Over", "oddsAmerican": "+100", "line": 0.5, "participant": "A. Player"}, {"label": "Under", "oddsAmerican": "-130", "line": 0.5, "participant": "A. Player"}]}]]}}]}]}}'), 'DraftKings');

-- ---- said twice, or without a time or a name -----------------------------------------------------------------------------
SELECT is(concat_ws(' ', l.rows_read, l.games, l.rejects), '2 1 1', 'an event that stands twice on a page is one game') FROM load_payload('espn', 'https://x/sports/baseball/mlb/scoreboard', convert_to((SELECT jsonb_build_object('events', jsonb_build_array(e.g, e.g))::text
	FROM (SELECT '{"id": "7", "date": "2031-05-02T23:30Z", "season": {"year": 2031, "type": 2}, "competitions": [{"status": {"type": {"state": "pre"}}, "competitors": [{"homeAway": "home", "team": {"displayName": "Boston Red Sox"}}, {"homeAway": "away", "team": {"displayName": "Chicago Cubs"}}]}]}'::jsonb AS g) AS e), 'UTF8'), '2031-04-03') AS l;
SELECT is((SELECT reason FROM reject), 'duplicate_row', 'and a duplicate');
INSERT INTO venue (venue, title, country, latitude, longitude, time_zone, roof) VALUES ('somewhere', 'Somewhere', 'US', 33.9, -117.9, 'America/Los_Angeles', 'outdoors');
SELECT is(concat_ws(' ', l.rows_read, l.rejects), '5 2', 'steps of the weather without a time stay out') FROM load_payload('openweather', 'https://x/data/2.5/forecast?lat=33.9&lon=-117.9&units=metric',
	'{"cod": "200", "list": [{"dt": 1900000000, "main": {"temp": 20}}, {"dt": 1900000000, "main": {"temp": 20}}, {"dt": null}, null, {"dt": 1900010800, "main": {"temp": 21}}]}', '2030-03-01') AS l;
SELECT is((SELECT array_agg(temperature ORDER BY starts_at) FROM weather_forecast WHERE venue = 'somewhere'), '{20,21}', 'and the others are in');
SELECT payload_id AS nameless FROM load_payload('the_odds_api', 'https://x/v4/sports/baseball_mlb/odds', '[null, {"sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "home_team": "Boston Red Sox", "away_team": "Chicago Cubs", "bookmakers": []}]', '2031-04-01') \gset
SELECT is((SELECT string_agg(reason || ': ' || detail, ', ' ORDER BY line_no) FROM reject WHERE payload_id = :nameless), 'short_row: the event has no id, short_row: the event has no id', 'events without an id are told of');
SELECT payload_id AS odd, quotes AS good FROM load_payload('the_odds_api', 'https://x/v4/sports/baseball_mlb/odds?markets=h2h', '[{"id": "z", "sport_key": "baseball_mlb", "commence_time": "2031-04-02T17:05:00Z", "home_team": "New York Mets", "away_team": "Miami Marlins", "bookmakers": [
	{"key": "pinnacle", "markets": [{"key": "A new market!", "outcomes": [{"name": "Over", "price": 1.9}]}, {"key": "a_new_market", "outcomes": [{"name": "Over", "price": 1.9}]}, {"key": "h2h", "outcomes": [{"name": "New York Mets", "price": 1.9}, {"name": "Miami Marlins", "price": 1.95}]}]},
	{"key": "nobody", "markets": [{"key": "h2h", "outcomes": [{"name": "New York Mets", "price": 1.9}, {"name": "Miami Marlins", "price": 1.95}]}]}]}]', '2031-04-01 12:00Z') \gset
SELECT is(:good, 3, 'a market that nobody has heard of is in');
SELECT is((SELECT string_agg(reason || ': ' || detail, ', ' ORDER BY reason) FROM reject WHERE payload_id = :odd), 'bad_market: pinnacle A new market!: a market of no name, unknown_book: neither book nor alias has them', 'one whose key is no word stays out, and so does an unknown book');
SELECT * FROM finish();
ROLLBACK;
