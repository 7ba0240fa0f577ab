-- What a book does with a game that does not go as planned: each rule by a game that shows it.
BEGIN;
SET search_path = bet_edge, public;
SET timezone = 'UTC';
SELECT plan(44);

INSERT INTO payload (feed, name, sha256, body, received_at) VALUES ('test', 'test', 'test', '', '2024-01-01');
CREATE FUNCTION pg_temp.game(p_sport text, n text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	key  text := p_sport || ':2023:' || n;
	pool text := (SELECT s.pool FROM sport AS s WHERE s.sport = p_sport);
BEGIN
	INSERT INTO team (team_id, pool, name) SELECT stable_id(pool || ':' || t), pool, t FROM unnest(ARRAY['home ' || n, 'away ' || n]) AS t;
	INSERT INTO game (game_id, sport, season, home_id, away_id, game_key) VALUES (stable_id(key), p_sport, 2023, stable_id(pool || ':home ' || n), stable_id(pool || ':away ' || n), key);
	INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT stable_id(key), '2024-05-01 18:00', true, '2024-04-01', now(), payload_id FROM payload;
	RETURN stable_id(key);
END $$;
CREATE FUNCTION pg_temp.ended(p_game bigint, home int, away int, p_status text, at timestamptz, p_detail jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	INSERT INTO result (game_id, home_score, away_score, status, detail, known_at, recorded_at, payload_id) SELECT p_game, home, away, p_status, p_detail, at, now(), payload_id FROM payload
$$;
-- What a bet of 10 at 2.00, placed the day before, came to: result and when.
CREATE FUNCTION pg_temp.graded(p_game bigint, p_market text, p_side text, p_line float8, p_book text DEFAULT 'draftkings', as_of timestamptz DEFAULT 'infinity', p_who text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', g.result, to_char(g.known_at, 'MM-DD HH24:MI')) FROM (SELECT) AS one
	LEFT JOIN bet_grade(p_game, '2024-04-30', p_market, p_side, p_line, p_book, 2, 10, p_who, graded.as_of) AS g ON true
$$;

-- ---- the nearest row speaks ---------------------------------------------------------------------------
SELECT is((settlement_terms('EPL', 'h2h', 'bet365')).overtime, false, 'soccer: 90 minutes');
SELECT is((settlement_terms('NBA', 'h2h', 'bet365')).overtime, true, 'basketball: with overtime');
SELECT is((settlement_terms('NHL', 'h2h_3_way', 'bet365')).overtime, false, 'three ways: the regular time');
SELECT is((settlement_terms('ATP', 'h2h', 'pinnacle')).official_after || ' ' || (settlement_terms('ATP', 'h2h', 'bet365')).official_after, '1 Infinity', 'a book''s row before that of all books');
SELECT is((settlement_terms('MLB', 'alternate_totals', 'fanduel')).official_after, 9::float8, 'alternates go with their market');
INSERT INTO settlement_rule (book, postponed) VALUES ('fanduel', '0');
SELECT is((settlement_terms('NFL', 'h2h', 'fanduel')).postponed::text || ' ' || (settlement_terms('NFL', 'h2h', 'fanduel')).official_after, '00:00:00 55', 'a row of one''s own changes its columns alone');
UPDATE settlement_rule SET correction = '1 day' WHERE (sport, market, book) = ('*', '*', '*');
SELECT is((SELECT builtin FROM settlement_rule WHERE (sport, market, book) = ('*', '*', '*')), false, 'a shipped row that is changed is the user''s');

-- ---- postponed, abandoned, awarded -----------------------------------------------------------------------
SELECT pg_temp.game('EPL', 'p1') AS p1, pg_temp.game('EPL', 'p2') AS p2, pg_temp.game('EPL', 'p3') AS p3, pg_temp.game('EPL', 'p4') AS p4, pg_temp.game('EPL', 'p5') AS p5 \gset
SELECT pg_temp.ended(:p1, NULL, NULL, 'postponed', '2024-05-01 17:00'), pg_temp.ended(:p1, 2, 0, 'final', '2024-05-02 20:00'),
	pg_temp.ended(:p2, NULL, NULL, 'postponed', '2024-05-01 17:00'), pg_temp.ended(:p2, 2, 0, 'final', '2024-05-20 20:00'),
	pg_temp.ended(:p3, NULL, NULL, 'abandoned', '2024-05-01 19:00'), pg_temp.ended(:p4, 3, 0, 'awarded', '2024-05-01 20:00'), pg_temp.ended(:p5, 2, 0, 'final', '2024-05-09 20:00') \g /dev/null
INSERT INTO fixture (game_id, starts_at, time_known, known_at, recorded_at, payload_id) SELECT :p5, '2024-05-09 18:00', true, '2024-05-01 09:00', now(), payload_id FROM payload;
SELECT is(pg_temp.graded(:p1, 'h2h', 'home', NULL), 'win 05-02 20:00', 'postponed and played within 48 hours: it stands');
SELECT is(pg_temp.graded(:p1, 'h2h', 'home', NULL, 'fanduel'), 'void 05-01 17:00', 'but not at a book that voids at once');
SELECT is(pg_temp.graded(:p1, 'h2h', 'home', NULL, as_of => '2024-05-02'), '', 'until then it waits');
SELECT is(pg_temp.graded(:p2, 'h2h', 'home', NULL), 'void 05-03 20:00', 'postponed and played later: void once the time is over');
SELECT is(pg_temp.graded(:p2, 'h2h', 'home', NULL, as_of => '2024-05-03 19:59'), '', 'not before');
SELECT is(pg_temp.graded(:p3, 'h2h', 'home', NULL), 'void 05-03 20:00', 'abandoned and not played on');
SELECT is(pg_temp.graded(:p4, 'h2h', 'home', NULL), 'void 05-01 20:00', 'awarded by a committee');
SELECT is(pg_temp.graded(:p5, 'h2h', 'home', NULL), 'void 05-09 20:00', 'moved by a week without a word of postponing');

-- ---- overtime ------------------------------------------------------------------------------------------------
SELECT pg_temp.game('NHL', 'o1') AS o1, pg_temp.game('NHL', 'o2') AS o2, pg_temp.game('EPL', 'o3') AS o3, pg_temp.game('NFL', 'o4') AS o4 \gset
SELECT pg_temp.ended(:o1, 3, 2, 'final', '2024-05-01 21:00', '{"overtime": 1}'), pg_temp.ended(:o2, 4, 3, 'final', '2024-05-01 21:00', '{"home_p1": 1, "home_p2": 1, "home_p3": 2, "away_p1": 0, "away_p2": 0, "away_p3": 3}'),
	pg_temp.ended(:o3, 2, 1, 'final', '2024-05-01 21:00', '{"overtime": 1, "home_periods": [1.0, 0.0, 1.0, 0.0], "away_periods": [0, 1, 0, 0]}'), pg_temp.ended(:o4, 26, 20, 'final', '2024-05-01 22:00', '{"overtime": 1}') \g /dev/null
SELECT is(pg_temp.graded(:o1, 'h2h', 'home', NULL), 'win 05-01 21:00', 'moneyline of hockey: overtime counts');
SELECT is(pg_temp.graded(:o1, 'h2h_3_way', 'draw', NULL), 'win 05-01 21:00', 'three ways: it does not');
SELECT is(pg_temp.graded(:o2, 'h2h_3_way', 'home', NULL), 'win 05-01 21:00', 'by periods');
SELECT is(pg_temp.graded(:o3, 'h2h', 'draw', NULL), 'win 05-01 21:00', 'extra time of a cup match does not count');
SELECT is(pg_temp.graded(:o4, 'h2h_3_way', 'draw', NULL), '', 'a score that nobody told is not guessed: the bet stays open');

-- ---- cut short ----------------------------------------------------------------------------------------------------
SELECT pg_temp.game('MLB', 'm1') AS m1, pg_temp.game('NFL', 'm2') AS m2 \gset
SELECT pg_temp.ended(:m1, 4, 3, 'final', '2024-05-01 21:00', '{"home_innings": "0|0|1|3|x", "away_innings": "3|0|0|0|0"}'), pg_temp.ended(:m2, 20, 17, 'final', '2024-05-01 21:00', '{"played": 56}') \g /dev/null
SELECT is(game_played('baseball', '{"home_innings": "0|0|1|3|x", "away_innings": "3|0|0|0|0"}'), 4.5::float8, 'innings are counted by halves');
SELECT is(pg_temp.graded(:m1, 'h2h', 'home', NULL), 'win 05-01 21:00', 'moneyline: four and a half innings with the home side ahead');
SELECT is(pg_temp.graded(:m1, 'spreads', 'home', -1.5), 'void 05-01 21:00', 'the run line needs nine');
SELECT is(pg_temp.graded(:m1, 'totals', 'under', 8.5), 'void 05-01 21:00', 'so does a total');
SELECT is(pg_temp.graded(:m1, 'totals', 'over', 6.5), 'win 05-01 21:00', 'unless it is decided already');
SELECT is(pg_temp.graded(:m2, 'h2h', 'home', NULL) || ', ' || pg_temp.graded(:m2, 'totals', 'over', 40.5), 'win 05-01 21:00, void 05-01 21:00', 'football: official after 55 minutes, totals after 60');

-- ---- pitchers -----------------------------------------------------------------------------------------------------
INSERT INTO pregame SELECT :m1, 'home', 'pitcher', 'ace', 'Ace', '2024-04-29', now(), payload_id FROM payload;
SELECT is(pg_temp.graded(:m1, 'h2h', 'home', NULL, 'pinnacle'), 'win 05-01 21:00', 'the listed pitcher starts');
INSERT INTO pregame SELECT :m1, 'home', 'pitcher', 'other', 'Other', '2024-05-01 15:00', now(), payload_id FROM payload;
SELECT is(pg_temp.graded(:m1, 'h2h', 'home', NULL, 'pinnacle') || ', ' || pg_temp.graded(:m1, 'h2h', 'home', NULL), 'void 05-01 21:00, win 05-01 21:00', 'another one does: void where pitchers are listed, action elsewhere');

-- ---- tennis -------------------------------------------------------------------------------------------------------
SELECT pg_temp.game('ATP', 't1') AS t1, pg_temp.game('ATP', 't2') AS t2, pg_temp.game('ATP', 't3') AS t3 \gset
SELECT pg_temp.ended(:t1, NULL, NULL, 'abandoned', '2024-05-01 21:00', '{"winner": "away", "sets": "6-4 2-3"}'), pg_temp.ended(:t2, NULL, NULL, 'abandoned', '2024-05-01 21:00', '{"winner": "home", "sets": "5-4"}'),
	pg_temp.ended(:t3, NULL, NULL, 'cancelled', '2024-05-01 17:00', '{"winner": "home"}') \g /dev/null
SELECT is(pg_temp.graded(:t1, 'h2h', 'away', NULL, 'pinnacle') || ', ' || pg_temp.graded(:t1, 'h2h', 'home', NULL, 'pinnacle'), 'win 05-01 21:00, loss 05-01 21:00', 'a retirement after the first set counts');
SELECT is(pg_temp.graded(:t1, 'h2h', 'away', NULL, 'bet365'), 'void 05-01 21:00', 'not where the match must be completed');
SELECT is(pg_temp.graded(:t2, 'h2h', 'home', NULL, 'pinnacle'), 'void 05-01 21:00', 'before the first set is over it is void');
INSERT INTO settlement_rule (sport, market, book, official_after) VALUES ('tennis', 'h2h', 'unibet', 0);
SELECT is(pg_temp.graded(:t2, 'h2h', 'home', NULL, 'unibet'), 'win 05-01 21:00', 'but where one ball is enough');
SELECT is(pg_temp.graded(:t1, 'spreads', 'home', 1.5, 'pinnacle'), 'void 05-01 21:00', 'handicaps need the whole match');
SELECT is(pg_temp.graded(:t3, 'h2h', 'home', NULL, 'pinnacle'), 'void 05-01 17:00', 'a walkover is void');

-- ---- players ------------------------------------------------------------------------------------------------------
SELECT pg_temp.game('NBA', 'b1') AS b1 \gset
SELECT pg_temp.ended(:b1, 100, 90, 'final', '2024-05-01 21:00') \g /dev/null
SELECT is(pg_temp.graded(:b1, 'player_points', 'over', 20.5, p_who => '7'), '', 'a player''s bet waits for the players'' lines');
INSERT INTO players (pool, player_id, name) VALUES ('nba', '7', 'Seven'), ('nba', '8', 'Eight');
INSERT INTO player_game (game_id, pool, player_id, team_id, role, starter, minutes, stats, known_at, recorded_at, payload_id)
SELECT :b1, 'nba', '7', g.home_id, 'player', true, 30, '{"points": 21, "assists": 4}', '2024-05-01 22:00', now(), payload_id FROM game AS g, payload WHERE g.game_id = :b1;
SELECT is(pg_temp.graded(:b1, 'player_points', 'over', 20.5, p_who => '7'), 'win 05-01 22:00', 'over his points');
SELECT is(pg_temp.graded(:b1, 'player_points_assists', 'under', 25, p_who => '7'), 'push 05-01 22:00', 'two numbers are added');
SELECT is(pg_temp.graded(:b1, 'player_points', 'under', 10.5, p_who => '8'), 'void 05-01 22:00', 'who does not play is void');
SELECT is(pg_temp.graded(:b1, 'player_rebounds', 'under', 5.5, p_who => '7'), '', 'a count that the feed leaves empty is unknown, not 0: the bet waits');
SELECT is(pg_temp.graded(:b1, 'player_points_rebounds', 'under', 30.5, p_who => '7'), '', 'so does one on its sum with a known one');

-- ---- corrected scores, taken back by rows ------------------------------------------------------------------------
SELECT pg_temp.game('EPL', 'c1') AS c1 \gset
SELECT move_money('deposit', 100, '2024-04-01') \g /dev/null
SELECT place_bet(NULL, '2024-04-30', ROW(:c1, 'h2h', 'home', NULL, 'bet365', 2.5, NULL, 0.5, 0.4, 0.05, 0.1, 5, 0.5, NULL)::signal, 10, 'test') AS bet \gset
SELECT pg_temp.ended(:c1, 1, 0, 'final', '2024-05-01 20:00') \g /dev/null
SELECT settle_bets('2024-05-01 21:00') \g /dev/null
SELECT pg_temp.ended(:c1, 1, 1, 'final', '2024-05-02 10:00'), pg_temp.ended(:c1, 1, 0, 'final', '2024-05-08') \g /dev/null
SELECT is(settle_bets('2024-06-01'), 1, 'a correction within the book''s time is booked, a later one is not');
SELECT is((SELECT string_agg(concat_ws(' ', event, amount, locked, note), ' | ' ORDER BY entry) FROM bankroll_history WHERE bet_id = :bet),
	'stake -10 10 | return 25.00 -10 win: 1-0 | reversal -25.00 10 win: taken back | return 0.00 -10 loss: 1-1', 'as rows, with what was booked left as it was');
SELECT is(grade_bet(:bet, 'win', tied => 2, note => 'as if'), 12.50, 'by hand a dead heat shares the stake');
SELECT is(concat_ws(' ', settle_bets('2024-06-02'), (SELECT by_hand FROM weekly_bets WHERE bet_id = :bet), (SELECT count(*) FROM bankroll_faults())), '0 t 0', 'and is left alone after that');
SELECT * FROM finish();
ROLLBACK;
