-- Ratings and features on real seasons: the NFL since 1999 and the Premier League since 2016.
BEGIN;
SET search_path = bet_edge, public;
SET client_min_messages = warning;
SELECT plan(17);
\ir elo_replay.inc
SELECT :'data' <> '' AS has_data \gset
\if :has_data
-- psql reads the files: the server may be another user
CREATE TEMP TABLE file (n int GENERATED ALWAYS AS IDENTITY, feed text, name text, body bytea);
\cd :data
\lo_import nfl/games.csv
INSERT INTO file (feed, name, body) VALUES ('nflverse', 'games.csv', lo_get(:LASTOID));
\lo_import soccer/E0_1617.csv
INSERT INTO file (feed, name, body) VALUES ('football_data', 'E0_1617.csv', lo_get(:LASTOID));
\lo_import soccer/E0_1718.csv
INSERT INTO file (feed, name, body) VALUES ('football_data', 'E0_1718.csv', lo_get(:LASTOID));
\lo_import soccer/E0_1819.csv
INSERT INTO file (feed, name, body) VALUES ('football_data', 'E0_1819.csv', lo_get(:LASTOID));
\lo_import soccer/E0_1920.csv
INSERT INTO file (feed, name, body) VALUES ('football_data', 'E0_1920.csv', lo_get(:LASTOID));
SELECT count(l.games) AS files FROM (SELECT * FROM file ORDER BY n) AS f, LATERAL load_payload(f.feed, f.name, f.body) AS l \gset
SELECT count(*) AS names FROM register_names('football_data', 'EPL') \gset
SELECT refresh_ratings() AS written \gset

-- ---- ratings ---------------------------------------------------------------------------------
SELECT is((SELECT count(*) FROM rating_history WHERE sport = 'NFL'), 2 * (SELECT count(*) FROM sports_events WHERE sport = 'NFL' AND status = 'final'), 'NFL: every final is rated for both teams');
SELECT is(pg_temp.rating_differences('NFL', '2100-01-01'), 0::bigint, 'NFL: a replay of FiveThirtyEight''s rules by hand');
SELECT is((SELECT count(*) FROM rating_history WHERE sport = 'NFL' AND season = 1999 AND rating_before <> 1505 AND rated_at =
	(SELECT min(h.rated_at) FROM rating_history AS h WHERE h.team_id = rating_history.team_id)), 0::bigint, 'NFL: in the first season teams start at 1505');
SELECT is((SELECT array_agg(DISTINCT season ORDER BY season) FROM (SELECT DISTINCT ON (team_id) season, rating_before FROM rating_history WHERE sport = 'NFL' ORDER BY team_id, rated_at) AS f
	WHERE rating_before = 1300), '{2002}', 'NFL: Houston starts at 1300 in 2002, and nobody else does');
SELECT is((SELECT count(DISTINCT team_id) FROM rating_history WHERE sport = 'NFL'), 32::bigint, 'NFL: 32 franchises, moved or not');
SELECT ok(bool_and(abs(b.rating_before - (a.rating_after * 2 / 3 + 1505 / 3.0)) < 1e-9) AND count(*) = 3, 'NFL: a franchise that moves takes its rating along (Rams 2016, Chargers 2017, Raiders 2020)')
FROM (VALUES ('2016', 2016), ('2017', 2017), ('2020', 2020)) AS m (label, season)
JOIN LATERAL (SELECT team_id FROM team WHERE pool = 'nfl' AND name LIKE CASE m.season WHEN 2016 THEN '%Rams' WHEN 2017 THEN '%Chargers' ELSE '%Raiders' END) AS t ON true
JOIN LATERAL (SELECT rating_after FROM rating_history AS h WHERE h.team_id = t.team_id AND h.season = m.season - 1 ORDER BY rated_at DESC LIMIT 1) AS a ON true
JOIN LATERAL (SELECT rating_before FROM rating_history AS h WHERE h.team_id = t.team_id AND h.season = m.season ORDER BY rated_at LIMIT 1) AS b ON true;
SELECT is(pg_temp.rating_differences('EPL', '2100-01-01'), 0::bigint, 'EPL: a replay by hand');
SELECT is((SELECT count(*) FROM (SELECT DISTINCT ON (team_id, season) rating_before, season, lag(season) OVER (PARTITION BY team_id ORDER BY rated_at) AS before
		FROM rating_history WHERE sport = 'EPL' ORDER BY team_id, season, rated_at) AS f WHERE season > 2016 AND before IS DISTINCT FROM season - 1 AND rating_before <> 1400), 0::bigint, 'EPL: the promoted start at 1400');
SELECT ok(elo_draw('EPL', '2020-08-01') BETWEEN 0.5 AND 0.9, format('EPL: draws, nu = %s', round(elo_draw('EPL', '2020-08-01')::numeric, 3)));

-- ---- features ----------------------------------------------------------------------------------
SELECT is(check_leakage($$SELECT * FROM game_features('NFL', '-infinity', 'infinity', 'infinity')$$, 'NFL'), (SELECT count(*)::int FROM game WHERE sport = 'NFL'), 'NFL: no leak by the evidence');
SELECT is(check_leakage($$SELECT * FROM game_features('EPL', '-infinity', 'infinity', 'infinity')$$, 'EPL'), 1520, 'EPL: no leak by the evidence');
SELECT ok(scramble_check('EPL', '2019-01-11 18:00+00') >= 380, 'EPL: nor by behaviour');
SELECT ok(scramble_check('NFL', '2015-11-15 19:00+00') >= 250, 'NFL: nor by behaviour');

-- Arsenal against Leicester, the first match of 2017-18: what the files say, counted by hand in SQL
CREATE TEMP TABLE told AS SELECT f.* FROM sports_events AS e JOIN game_features('EPL', '2017-08-01', '2018-07-01', 'infinity') AS f USING (game_id)
WHERE e.sport = 'EPL' AND e.season = 2017 AND e.home_team LIKE 'Arsenal%' AND e.away_team LIKE 'Leicester%';
CREATE TEMP TABLE arsenal AS SELECT e.*, (e.home_team LIKE 'Arsenal%') AS at_home, sign(home_score - away_score) * CASE WHEN e.home_team LIKE 'Arsenal%' THEN 1 ELSE -1 END AS won
FROM sports_events AS e WHERE e.sport = 'EPL' AND e.season = 2016 AND (e.home_team LIKE 'Arsenal%' OR e.away_team LIKE 'Arsenal%');
SELECT is((home_games_played, home_win_pct, home_form_last5, home_form_last10, h2h_games), (0::float8, NULL::float8,
	(SELECT avg((1 + won) / 2) FROM (SELECT won FROM arsenal ORDER BY starts_at DESC LIMIT 5) AS x)::float8,
	(SELECT avg((1 + won) / 2) FROM (SELECT won FROM arsenal ORDER BY starts_at DESC LIMIT 10) AS x)::float8,
	(SELECT count(*) FROM arsenal WHERE 'Leicester' IN (split_part(home_team, ' ', 1), split_part(away_team, ' ', 1)))::float8), 'EPL: form of last season, nothing of this one yet') FROM told;
SELECT is(round(home_rest_days), (SELECT round(extract(epoch FROM e.starts_at - max(a.starts_at)) / 86400) FROM arsenal AS a)::float8, 'EPL: a summer''s rest')
FROM told JOIN sports_events AS e USING (game_id) GROUP BY home_rest_days, e.starts_at;
SELECT ok(home_elo > 1500 AND market_home > 0.5 AND abs(market_home + market_draw + market_away - 1) < 1e-9 AND home_moneyline < away_moneyline, 'EPL: Arsenal are favourites at home') FROM told;
SELECT ok(corr(home_elo_expected, market_home) > 0.8 AND count(*) = 1520, format('EPL: Elo and the market agree (correlation %s)', round(corr(home_elo_expected, market_home)::numeric, 2)))
FROM game_features('EPL', '-infinity', 'infinity', 'infinity');
\else
SELECT skip('no folder of real matches', 17);
\endif
SELECT * FROM finish();
ROLLBACK;
