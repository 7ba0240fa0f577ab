-- espn: scoreboards of site.api.espn.com, every sport in one shape, and the prices that stand in them.

INSERT INTO alias (feed, kind, name, target, builtin)
SELECT 'espn', 'sport', n, t, true
FROM (VALUES ('nfl', 'NFL'), ('nba', 'NBA'), ('wnba', 'WNBA'), ('mlb', 'MLB'), ('nhl', 'NHL'), ('eng.1', 'EPL'), ('eng.2', 'CHAMPIONSHIP'), ('eng.3', 'LEAGUE1'), ('eng.4', 'LEAGUE2'),
	('sco.1', 'SPL'), ('ger.1', 'BUNDESLIGA'), ('ger.2', 'BUNDESLIGA2'), ('ita.1', 'SERIEA'), ('ita.2', 'SERIEB'), ('esp.1', 'LALIGA'), ('esp.2', 'LALIGA2'),
	('fra.1', 'LIGUE1'), ('fra.2', 'LIGUE2'), ('ned.1', 'EREDIVISIE'), ('bel.1', 'PROLEAGUE'), ('por.1', 'PRIMEIRA'), ('tur.1', 'SUPERLIG'), ('gre.1', 'GREECE')) AS league (n, t);

-- ESPN's and TheSportsDB's full names are ours in the American leagues, but for these.
INSERT INTO alias (feed, kind, pool, name, target, builtin)
SELECT DISTINCT f, 'team', a.pool, a.target, a.target, true
FROM alias AS a, unnest('{espn,thesportsdb}'::text[]) AS f
WHERE a.kind = 'team' AND a.builtin AND (a.feed = 'sportsbook_review' AND a.pool IN ('nba', 'mlb', 'nhl') OR a.feed = 'nflverse')
UNION ALL
SELECT f, 'team', pool, n, t, true
FROM unnest('{espn,thesportsdb}'::text[]) AS f, (VALUES ('nba', 'LA Clippers', 'Los Angeles Clippers'), ('mlb', 'Athletics', 'Oakland Athletics'), ('mlb', 'Cleveland Indians', 'Cleveland Guardians'),
	('nfl', 'Washington', 'Washington Commanders'), ('nfl', 'Washington Football Team', 'Washington Commanders'), ('nfl', 'Washington Redskins', 'Washington Commanders'),
	('nfl', 'Oakland Raiders', 'Las Vegas Raiders'), ('nfl', 'San Diego Chargers', 'Los Angeles Chargers'), ('nfl', 'St. Louis Rams', 'Los Angeles Rams')) AS other (pool, n, t);

INSERT INTO alias (feed, kind, name, target, builtin) VALUES
	('espn', 'book', 'DraftKings', 'draftkings', true), ('espn', 'book', '100', 'draftkings', true), ('espn', 'book', 'ESPN BET', 'espnbet', true), ('espn', 'book', '58', 'espnbet', true);

CREATE FUNCTION parse_espn(payload jsonb, sport text) RETURNS SETOF parsed_game
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH event AS (
		SELECT e.n::int AS line_no, e.event, e.event #> '{competitions,0}' AS game, coalesce(e.event -> 'status', e.event #> '{competitions,0,status}') AS status,
			coalesce(e.event -> 'season', payload -> 'season') AS season, s.sport, s.pool, s.family, s.time_zone,
			jsonb_path_query_first(e.event, '$.competitions[0].competitors[*] ? (@.homeAway == "home")') AS home,
			jsonb_path_query_first(e.event, '$.competitions[0].competitors[*] ? (@.homeAway == "away")') AS away
		FROM jsonb_array_elements(CASE jsonb_typeof(payload -> 'events') WHEN 'array' THEN payload -> 'events' ELSE '[]' END) WITH ORDINALITY AS e (event, n)
		JOIN sport AS s ON s.sport = parse_espn.sport
	), told AS (
		SELECT e.*, utc_time(e.event ->> 'date') AS starts_at, e.status #>> '{type,name}' AS word, e.status #>> '{type,state}' AS state, (e.status #> '{type,completed}') = 'true' AS completed,
			feed_team('espn', e.pool, e.home #>> '{team,id}', e.home #>> '{team,displayName}') AS home_name, feed_team('espn', e.pool, e.away #>> '{team,id}', e.away #>> '{team,displayName}') AS away_name,
			whole_number(e.home ->> 'score') AS home_points, whole_number(e.away ->> 'score') AS away_points,
			whole_number(e.season ->> 'year') AS year, e.season ->> 'type' AS season_type, whole_number(e.status ->> 'period') AS period,
			coalesce(whole_number(e.game #>> '{format,regulation,periods}'), CASE e.family WHEN 'hockey' THEN 3 WHEN 'baseball' THEN 9 WHEN 'soccer' THEN 2 ELSE 4 END) AS regulation,
			whole_number(coalesce(e.event #>> '{week,number}', payload #>> '{week,number}')) AS week
		FROM event AS e
	), ended AS (
		SELECT t.*, CASE
			WHEN t.word = 'STATUS_POSTPONED' THEN 'postponed'
			WHEN t.word IN ('STATUS_CANCELED', 'STATUS_CANCELLED') THEN 'cancelled'
			WHEN t.word = 'STATUS_ABANDONED' THEN 'abandoned'
			WHEN t.word = 'STATUS_FORFEIT' THEN 'awarded'
			WHEN t.state = 'post' AND t.completed THEN 'final'
			WHEN t.state = 'in' THEN 'live' WHEN t.state = 'pre' THEN 'scheduled' END AS ending
		FROM told AS t
	)
	SELECT ROW(e.line_no, e.event::text, e.sport,
			-- the NBA and the NHL are named by the year in which they end
			e.year - (e.sport IN ('NBA', 'NHL'))::int, e.home_name, e.away_name,
			row_number() OVER (PARTITION BY e.home_name, e.away_name, (e.starts_at AT TIME ZONE e.time_zone)::date ORDER BY e.starts_at, e.line_no), e.starts_at,
			coalesce(e.game ->> 'timeValid', 'true') = 'true', coalesce(e.game ->> 'neutralSite', 'false') = 'true', e.week,
			CASE WHEN e.season_type = '2' THEN 'REG' WHEN e.season_type = '5' THEN 'PLAYIN' WHEN e.sport = 'NFL' AND e.season_type = '3' THEN ('{WC,DIV,CON,PRO,SB}'::text[])[e.week]
				WHEN e.season_type = '3' THEN 'POST' END,
			CASE WHEN e.ending IN ('final', 'awarded') THEN e.home_points END, CASE WHEN e.ending IN ('final', 'awarded') THEN e.away_points END, e.ending,
			jsonb_strip_nulls(jsonb_build_object('espn_id', e.event ->> 'id', 'overtime', CASE WHEN e.ending = 'final' THEN greatest(e.period - e.regulation, 0) END,
				'home_periods', nullif(jsonb_path_query_array(e.home, '$.linescores[*].value'), '[]'), 'away_periods', nullif(jsonb_path_query_array(e.away, '$.linescores[*].value'), '[]'),
				'venue', e.game #>> '{venue,fullName}', 'city', e.game #>> '{venue,address,city}', 'indoor', e.game #> '{venue,indoor}', 'attendance', nullif(e.game -> 'attendance', '0'),
				-- seen at the ground while they play: no forecast
				'weather_observed', e.event -> 'weather', 'note', e.game #>> '{notes,0,headline}')), e.sport || ':' || (e.event ->> 'id'), NULL)::collected_game,
		r.reason, CASE r.reason
			WHEN 'exhibition' THEN format('%s counts for nothing', coalesce(e.event ->> 'name', 'the game'))
			WHEN 'short_row' THEN 'home team or away team is missing'
			WHEN 'bad_date' THEN format('not a time or not a season: %s, %s', coalesce(e.event ->> 'date', 'none'), coalesce(e.season ->> 'year', 'none'))
			WHEN 'bad_score' THEN format('%s with the scores %s and %s', e.ending, coalesce(e.home ->> 'score', 'none'), coalesce(e.away ->> 'score', 'none')) END
	FROM ended AS e
	CROSS JOIN LATERAL (SELECT CASE
		WHEN e.game #>> '{type,abbreviation}' ~* '^(all-?star|exh)' OR e.season_type = '1' THEN 'exhibition'
		WHEN e.home_name IS NULL OR e.away_name IS NULL THEN 'short_row'
		WHEN e.starts_at IS NULL OR e.year IS NULL THEN 'bad_date'
		WHEN e.ending IN ('final', 'awarded') AND (e.home_points IS NULL OR e.away_points IS NULL OR least(e.home_points, e.away_points) < 0 OR e.home_points = e.away_points AND e.family IN ('basketball', 'hockey', 'baseball')) THEN 'bad_score'
		END AS reason) AS r
	ORDER BY e.line_no;
$$;
COMMENT ON FUNCTION parse_espn(jsonb, text) IS
'The games of an ESPN scoreboard of one sport (a key of sport). A score counts when the status says the game is over, never before; a postponed or cancelled game is over without one, a suspended or delayed one is not over. Sides are read from homeAway, overtime from the number of periods; the year of an NBA or NHL season is that of its end. All-star games, exhibitions and pre-season are exhibition. records, which move, are not kept.';

CREATE FUNCTION parse_espn_odds(payload jsonb) RETURNS SETOF collected_offer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT e.n::int, m.market, coalesce(o.odds #>> '{provider,name}', o.odds #>> '{provider,id}'), state = 'post', CASE WHEN m.line ~* '^(pk|even)$' THEN '0' ELSE ltrim(lower(m.line), 'ou') END,
		p.prices, m.columns, NULL::text
	FROM jsonb_array_elements(CASE jsonb_typeof(payload -> 'events') WHEN 'array' THEN payload -> 'events' ELSE '[]' END) WITH ORDINALITY AS e (event, n)
	CROSS JOIN LATERAL (SELECT coalesce(e.event #>> '{status,type,state}', e.event #>> '{competitions,0,status,type,state}', 'pre') AS state) AS s
	CROSS JOIN LATERAL jsonb_path_query(e.event, '$.competitions[0].odds[*] ? (@.type() == "object")') AS o (odds)
	CROSS JOIN LATERAL (VALUES
		('h2h', NULL, array_remove(ARRAY[coalesce(o.odds #>> '{moneyline,home,close,odds}', o.odds #>> '{homeTeamOdds,moneyLine}', o.odds #>> '{homeTeamOdds,current,moneyLine,american}', 'OFF'),
			coalesce(o.odds #>> '{moneyline,draw,close,odds}', o.odds #>> '{drawOdds,moneyLine}'),
			coalesce(o.odds #>> '{moneyline,away,close,odds}', o.odds #>> '{awayTeamOdds,moneyLine}', o.odds #>> '{awayTeamOdds,current,moneyLine,american}', 'OFF')], NULL), '{moneyline}'::text[]),
		('spreads', coalesce(o.odds #>> '{pointSpread,home,close,line}', o.odds ->> 'spread', o.odds #>> '{homeTeamOdds,current,pointSpread,american}'),
			ARRAY[coalesce(o.odds #>> '{pointSpread,home,close,odds}', o.odds #>> '{homeTeamOdds,spreadOdds}', o.odds #>> '{homeTeamOdds,current,spread,american}'),
			coalesce(o.odds #>> '{pointSpread,away,close,odds}', o.odds #>> '{awayTeamOdds,spreadOdds}', o.odds #>> '{awayTeamOdds,current,spread,american}')], '{home pointSpread,away pointSpread}'),
		('totals', coalesce(o.odds #>> '{total,over,close,line}', o.odds ->> 'overUnder'),
			ARRAY[coalesce(o.odds #>> '{total,over,close,odds}', o.odds ->> 'overOdds'), coalesce(o.odds #>> '{total,under,close,odds}', o.odds ->> 'underOdds')], '{over,under}')) AS m (market, line, prices, columns)
	-- off the board is no price; even money is +100
	CROSS JOIN LATERAL (SELECT array_agg(CASE upper(x) WHEN 'OFF' THEN NULL WHEN '' THEN NULL WHEN 'EVEN' THEN '+100' ELSE regexp_replace(x, '\.0+$', '') END ORDER BY i) AS prices
		FROM unnest(m.prices) WITH ORDINALITY AS x (x, i)) AS p
	-- a game that is on may have prices of this moment or of the start: nobody says which
	WHERE s.state IN ('pre', 'post') AND array_remove(p.prices, NULL) <> '{}'
	ORDER BY e.n, m.market;
$$;
COMMENT ON FUNCTION parse_espn_odds(jsonb) IS
'The prices in an ESPN scoreboard, in any of the shapes that it has had: flat, nested, as the core API writes them, null, off the board. Strings with a plus sign, EVEN, totals with a letter; the line is the home side''s. Before the game they are the prices of now, after it the closing ones; while it is on they are left out. book is the provider as ESPN names it.';

CREATE FUNCTION parse_espn_summary(payload jsonb)
RETURNS TABLE (event_id text, team_id text, team text, home boolean, athlete_id text, name text, starter boolean, absent text, minutes float8, stats jsonb)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT payload #>> '{header,id}', t.team #>> '{team,id}', t.team #>> '{team,displayName}',
		(SELECT x ->> 'homeAway' = 'home' FROM jsonb_path_query(payload, '$.boxscore.teams[*]') AS x WHERE x #>> '{team,id}' = t.team #>> '{team,id}' LIMIT 1),
		a.line #>> '{athlete,id}', a.line #>> '{athlete,displayName}', a.line -> 'starter' = 'true',
		-- the reason stands beside those who played too
		CASE WHEN a.line -> 'didNotPlay' = 'true' THEN coalesce(a.line ->> 'reason', 'did not play') END,
		CASE WHEN a.line -> 'stats' ->> (array_position(l.labels, 'MIN') - 1) ~ '^\d{1,3}$' THEN (a.line -> 'stats' ->> (array_position(l.labels, 'MIN') - 1))::float8 END, v.stats
	FROM jsonb_path_query(payload, '$.boxscore.players[*]') AS t (team)
	CROSS JOIN LATERAL jsonb_path_query(t.team, '$.statistics[*]') AS s (part)
	CROSS JOIN LATERAL (SELECT array_agg(x ORDER BY n) AS labels FROM jsonb_array_elements_text(CASE jsonb_typeof(s.part -> 'labels') WHEN 'array' THEN s.part -> 'labels' END) WITH ORDINALITY AS e (x, n)) AS l
	CROSS JOIN LATERAL jsonb_path_query(s.part, '$.athletes[*]') AS a (line)
	CROSS JOIN LATERAL (
		-- made-attempted is two numbers
		SELECT coalesce(jsonb_object_agg(w.word, part.number) FILTER (WHERE w.word <> '' AND part.number IS NOT NULL), '{}') AS stats
		FROM unnest(l.labels) WITH ORDINALITY AS k (label, n)
		JOIN (VALUES ('PTS', '{points}'::text[]), ('REB', '{rebounds}'), ('OREB', '{offensive_rebounds}'), ('AST', '{assists}'), ('STL', '{steals}'), ('BLK', '{blocks}'), ('TO', '{turnovers}'),
			('FG', '{field_goals_made,field_goals_attempted}'), ('3PT', '{threes,threes_attempted}'), ('FT', '{free_throws_made,free_throws_attempted}')) AS ours (label, words) ON ours.label = k.label
		CROSS JOIN LATERAL unnest(ours.words) WITH ORDINALITY AS w (word, place)
		CROSS JOIN LATERAL (SELECT whole_number(split_part(a.line -> 'stats' ->> (k.n - 1)::int, '-', w.place::int)) AS number) AS part) AS v;
$$;
COMMENT ON FUNCTION parse_espn_summary(jsonb) IS
'The players'' lines in the box score of an ESPN summary of basketball, in the words of player_game.stats; absent: why someone did not play, NULL for those who did. Joined to nothing: an athlete''s id is ESPN''s, not the league''s own.';

CREATE FUNCTION load_espn(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	content jsonb := json_payload(load_espn.payload_id, 'espn');
	league  text;
	code    text;
BEGIN
	-- A scoreboard need not say whose it is; its address does.
	SELECT coalesce(substring(p.name FROM '(?:^|/)sports/[^/]+/([^/]+)/'), content #>> '{leagues,0,slug}') INTO league FROM payload AS p WHERE p.payload_id = load_espn.payload_id;
	IF jsonb_typeof(content -> 'events') IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'payload % is not a scoreboard of ESPN: it has no events', load_espn.payload_id USING ERRCODE = 'bad_copy_file_format';
	END IF;
	SELECT a.target INTO code FROM alias AS a WHERE a.feed = 'espn' AND a.kind = 'sport' AND a.pool = '' AND a.name = league;
	IF code IS NULL THEN
		RETURN QUERY SELECT * FROM append_parsed(load_espn.payload_id, (SELECT array_agg(ROW(
				ROW(e.n, e.event::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::collected_game, 'unknown_sport',
				format('alias has no sport of espn named %L', league))::parsed_game)
			FROM jsonb_array_elements(content -> 'events') WITH ORDINALITY AS e (event, n)), '{}', 'american');
		RETURN;
	END IF;
	RETURN QUERY SELECT * FROM append_parsed(load_espn.payload_id,
		(SELECT coalesce(array_agg(g), '{}') FROM parse_espn(content, code) AS g), known_books(load_espn.payload_id, (SELECT coalesce(array_agg(o), '{}') FROM parse_espn_odds(content) AS o)), 'american');
END $$;
COMMENT ON FUNCTION load_espn(bigint) IS
'Loads a stored scoreboard of feed espn; load_payload() and replay() call it. The league is read from the address by which the payload is named (…/sports/basketball/nba/…), else from leagues.slug. Teams are found by their display names, or by their ids where alias has those. Returns rows read, games taken, quotes appended and rejects of the payload.';
