-- live_score: what a game's score was at which reading of its clock, and the pattern of a game by minutes of play.

CREATE TABLE live_score (
	feed         text NOT NULL,
	event_id     text NOT NULL,
	received_at  timestamptz NOT NULL,
	source       text NOT NULL CHECK (source IN ('poll', 'period', 'play_by_play')),
	status       text NOT NULL CHECK (status IN ('scheduled', 'live', 'final', 'postponed')),
	period       int NOT NULL CHECK (period >= 0),
	seconds_left float8 NOT NULL CHECK (seconds_left >= 0),
	elapsed      float8 NOT NULL CHECK (elapsed >= 0),
	home_score   int NOT NULL CHECK (home_score >= 0),
	away_score   int NOT NULL CHECK (away_score >= 0),
	payload_id   bigint NOT NULL,
	PRIMARY KEY (feed, event_id, received_at, source, elapsed)
);
COMMENT ON TABLE live_score IS 'Readings of running games, appended poll by poll when they say something new: the score of a moment of the game clock, at the end of a period (from the scores by period) and at every minute (from play-by-play). By the feed''s id of the game, so that no reading waits for a name; game_event has the game.';
COMMENT ON COLUMN live_score.seconds_left IS 'Game clock: seconds left in the period.';
COMMENT ON COLUMN live_score.elapsed IS 'Seconds of play since the start.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.live_score', '');

CREATE FUNCTION clock_seconds(clock text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN clock ~ '^\s*PT\d{1,2}M\d{1,2}(\.\d+)?S\s*$' THEN substring(clock FROM 'PT(\d+)M')::int * 60 + substring(clock FROM 'M([\d.]+)S')::float8
	WHEN clock ~ '^\s*\d{1,2}:[0-5]\d(\.\d+)?\s*$' THEN substring(clock FROM '(\d+):')::int * 60 + substring(clock FROM ':([\d.]+)')::float8
	WHEN clock ~ '^\s*\d{1,2}(\.\d+)?\s*$' THEN btrim(clock)::float8 END;
COMMENT ON FUNCTION clock_seconds(text) IS 'Seconds on a game clock written PT07M15.00S, 7:15 (with blanks around it) or 43.1; NULL when it is none of them, or empty.';

-- These two are not STRICT, so that the planner can inline them; NULL gives NULL.
CREATE FUNCTION basketball_elapsed(period int, seconds_left float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN seconds_left IS NULL THEN NULL WHEN period < 1 THEN 0 WHEN period <= 4 THEN period * 720 - least(seconds_left, 720) ELSE 2880 + (period - 4.0::float8) * 300 - least(seconds_left, 300) END;
COMMENT ON FUNCTION basketball_elapsed(int, float8) IS 'Seconds played in an NBA game when so many are left in the period: four of 12 minutes, then overtimes of 5.';

CREATE FUNCTION basketball_period(minute int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN minute <= 48 THEN greatest((minute + 11) / 12, 1) ELSE 5 + (minute - 49) / 5 END;
COMMENT ON FUNCTION basketball_period(int) IS 'The period of an NBA game to which a minute of play belongs, counted from 1: minute 12 is the last of the first.';

CREATE TYPE collected_score AS (
	event_id     text,
	source       text,
	status       text,
	period       int,
	seconds_left float8,
	home_score   int,
	away_score   int
);
COMMENT ON TYPE collected_score IS 'A reading of a running game as a loader read it.';

CREATE FUNCTION append_scores(payload_id bigint, scores collected_score[]) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	source payload;
	rows   int;
BEGIN
	SELECT * INTO STRICT source FROM payload AS p WHERE p.payload_id = append_scores.payload_id;
	-- A poll is compared with the poll before it, a minute or the end of a period with what was last said of that minute.
	INSERT INTO live_score (feed, event_id, received_at, source, status, period, seconds_left, elapsed, home_score, away_score, payload_id)
	SELECT source.feed, s.event_id, source.received_at, s.source, s.status, s.period, s.seconds_left, s.elapsed, s.home_score, s.away_score, append_scores.payload_id
	FROM (SELECT DISTINCT ON (x.event_id, x.source, basketball_elapsed(x.period, x.seconds_left)) x.*, basketball_elapsed(x.period, x.seconds_left) AS elapsed
	      FROM unnest(scores) AS x ORDER BY x.event_id, x.source, basketball_elapsed(x.period, x.seconds_left), x.period) AS s
	LEFT JOIN LATERAL (SELECT l.* FROM live_score AS l WHERE l.feed = source.feed AND l.event_id = s.event_id AND l.source = s.source AND l.received_at <= source.received_at
	                   AND (s.source = 'poll' OR l.elapsed = s.elapsed AND l.received_at > coalesce((SELECT max(x.received_at) FROM live_score AS x WHERE x.feed = source.feed AND x.event_id = s.event_id
	                       AND x.status IN ('scheduled', 'postponed') AND x.received_at <= source.received_at), '-infinity'))
	                   ORDER BY l.received_at DESC LIMIT 1) AS told ON true
	WHERE (told.status, told.elapsed, told.period, told.home_score, told.away_score) IS DISTINCT FROM (s.status, s.elapsed, s.period, s.home_score, s.away_score)
	ORDER BY s.event_id, s.source, s.elapsed
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS rows = ROW_COUNT;
	RETURN rows;
END $$;
COMMENT ON FUNCTION append_scores(bigint, collected_score[]) IS 'Appends to live_score what a payload says that its feed has not said last; returns the rows appended.';

-- Not STRICT, so that it is inlined.
CREATE FUNCTION score_follows(elapsed float8, home int, away int, next_elapsed float8, next_home int, next_away int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN next_home BETWEEN home - 4 AND home + 4 + greatest(next_elapsed - elapsed, 0) / 4 AND next_away BETWEEN away - 4 AND away + 4 + greatest(next_elapsed - elapsed, 0) / 4
	AND (next_home > 0 OR next_away > 0 OR home = 0 AND away = 0) AND (next_elapsed >= elapsed - 60 OR next_home + next_away >= home + away)
	AND NOT ((next_home < home OR next_away < away) AND abs(next_home - home) + abs(next_away - away) > abs(next_home - away) + abs(next_away - home));
COMMENT ON FUNCTION score_follows(float8, int, int, float8, int, int) IS
'Whether a reading of a basketball game can go on from another: no side has more than four points less, nor more than four points and one for every four seconds played more; it is not 0-0 after points; not more than a minute of play earlier with fewer points in all; and where a side has less, not nearer to the score with home and away changed.';

CREATE FUNCTION sound_readings(elapsed float8[], home int[], away int[], status text[] DEFAULT NULL, received timestamptz[] DEFAULT NULL, OUT counted boolean[], OUT since timestamptz)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	n        int := coalesce(cardinality(elapsed), 0);
	e        float8;	-- the reading
	h        int;
	a        int;
	good     int := 0;	-- the last that counts
	before   int := 0;	-- the one before it
	doubted  int := 0;	-- the first of those in doubt since then
	latest   int;	-- the last of them
	back     boolean;
	held     int := 0;	-- the last before a fall, a leap or another beginning that may prove wrong
	kind     text;
	stopped  int := 0;	-- the last that says that the game is not on
	begun    int := 1;
	begun_before int;
	since_before timestamptz;
	follows  boolean;
BEGIN
	IF (n = coalesce(cardinality(home), 0) AND n = coalesce(cardinality(away), 0) AND n = coalesce(cardinality(status), n) AND n = coalesce(cardinality(received), n)) IS NOT TRUE OR array_ndims(elapsed) > 1 OR array_lower(elapsed, 1) <> 1 THEN
		RAISE EXCEPTION 'elapsed, home, away, status and received must be of one length and counted from 1' USING ERRCODE = 'array_subscript_error';
	END IF;
	counted := array_fill(false, ARRAY[n]);
	FOR i IN 1 .. n LOOP
		IF status[i] <> 'live' THEN
			IF status[i] <> 'final' THEN
				stopped := i;
				doubted := 0;
				CONTINUE;
			ELSIF elapsed[i] < 2880 THEN
				CONTINUE;
			END IF;
		END IF;
		e := elapsed[i];
		h := home[i];
		a := away[i];
		IF stopped > 0 THEN
			IF good = 0 OR e < elapsed[good] AND NOT (e >= elapsed[good] - 60 AND score_follows(elapsed[good], home[good], away[good], e, h, a)) THEN
				since := received[stopped];
				begun := i;
				good := 0;
				before := 0;
				held := 0;
			END IF;
			stopped := 0;
		END IF;
		-- nothing comes after the end that could say more of how much was scored before it
		follows := good = 0 OR score_follows(elapsed[good], home[good], away[good], e, h, a) OR status[i] = 'final' AND h >= home[good] - 4 AND a >= away[good] - 4 AND h + a > 0;
		IF held > 0 AND score_follows(elapsed[held], home[held], away[held], e, h, a) AND (NOT follows OR kind = 'back' AND e - elapsed[good] > 30 + extract(epoch FROM received[i] - received[good])) THEN
			-- It goes on where it was before; no game is played faster than time goes by.
			FOR k IN held + 1 .. i - 1 LOOP
				counted[k] := false;
			END LOOP;
			IF kind = 'back' THEN
				begun := begun_before;
				since := since_before;
			END IF;
			good := held;
			before := 0;
			held := 0;
			follows := true;
		END IF;
		IF follows THEN
			counted[i] := true;
			IF before > 0 AND (home[good] < home[before] AND (h = home[before] OR received IS NULL AND h > home[before]) OR away[good] < away[before] AND (a = away[before] OR received IS NULL AND a > away[before])) THEN
				counted[good] := false;	-- less for once
			ELSE
				before := good;
			END IF;
			IF held = 0 THEN
				IF h < home[good] OR a < away[good] THEN
					held := good;
					kind := 'low';
				END IF;
			ELSIF (CASE kind WHEN 'low' THEN h >= home[held] AND a >= away[held] WHEN 'high' THEN e > elapsed[held] + 120 ELSE e >= elapsed[held] END) THEN
				held := 0;
			END IF;
			good := i;
			doubted := 0;
			CONTINUE;
		END IF;
		IF doubted = 0 OR NOT score_follows(elapsed[latest], home[latest], away[latest], e, h, a) THEN
			doubted := i;
			back := e < elapsed[good] - 60 AND h + a < home[good] + away[good];
		-- more than two baskets taken back want a minute of play, and nothing makes all points undone
		ELSIF back AND e < elapsed[good] OR (h >= home[good] - 6 AND a >= away[good] - 6 OR e >= elapsed[doubted] + 60) AND (h + a > 0 OR greatest(home[good], away[good]) <= 4) THEN
			IF back AND e < elapsed[good] THEN
				begun_before := begun;
				since_before := since;
				begun := doubted;
				since := received[doubted] - interval '1 microsecond';
				kind := 'back';
				held := 0;
			END IF;
			IF held = 0 OR kind = 'high' THEN
				held := good;
				kind := CASE WHEN begun = doubted THEN 'back' WHEN h < home[good] OR a < away[good] THEN 'low' ELSE 'high' END;
			END IF;
			FOR k IN doubted .. i LOOP
				counted[k] := (status[k] = 'final' AND elapsed[k] < 2880) IS NOT TRUE;
			END LOOP;
			good := i;
			before := 0;
			doubted := 0;
			CONTINUE;
		END IF;
		latest := i;
	END LOOP;
	IF stopped > 0 THEN
		since := received[stopped];
		begun := n + 1;
	END IF;
	FOR k IN 1 .. begun - 1 LOOP
		counted[k] := false;
	END LOOP;
END $$;
COMMENT ON FUNCTION sound_readings(float8[], int[], int[], text[], timestamptz[]) IS
'Which of a game''s readings count (counted, in their order), and since when they are of this game (since, exclusive; NULL: all are). What does not follow what counts as score_follows() says is in doubt until the reading after it says the same: the newest never counts then. Less that is had again sooner than it can be scored, by up to four points in the very next reading, was a slip, however long it stood; so was more that was gone within two minutes of play, and a clock that ran back and forth faster than time. A basket or two less that stay down are a correction, more than six points from a minute of play on; 0-0 after more than four points never is. Where the clock is back by more than a minute, with fewer points, and stays behind, the game was begun again, as where status said meanwhile that it is not on and the clock is back at all. status final counts from four periods on. Without received the readings are plays in their order: also less that is more in the very next is a slip. Refuses arrays of different lengths (2202E).';

CREATE FUNCTION minute_scores(plays collected_score[]) RETURNS SETOF collected_score
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	WITH told AS MATERIALIZED (
		SELECT p.event_id, p.period, p.home_score, p.away_score, basketball_elapsed(p.period, p.seconds_left) AS elapsed, row_number() OVER (PARTITION BY p.event_id ORDER BY p.period, basketball_elapsed(p.period, p.seconds_left), p.n)::int AS n
		FROM unnest(plays) WITH ORDINALITY AS p (event_id, source, status, period, seconds_left, home_score, away_score, n) WHERE p.period BETWEEN 1 AND 20
	), judged AS MATERIALIZED (
		SELECT t.event_id, sound_readings(array_agg(t.elapsed ORDER BY t.n), array_agg(t.home_score ORDER BY t.n), array_agg(t.away_score ORDER BY t.n)) AS readings FROM told AS t GROUP BY t.event_id
	), play AS MATERIALIZED (
		-- nobody can have had more points than is said after later plays
		SELECT t.event_id, t.period, t.elapsed, t.n, c.counted, min(t.home_score) FILTER (WHERE c.counted) OVER later AS home_score, min(t.away_score) FILTER (WHERE c.counted) OVER later AS away_score
		FROM told AS t JOIN (SELECT j.event_id, r.n, r.counted FROM judged AS j CROSS JOIN LATERAL unnest((j.readings).counted) WITH ORDINALITY AS r (counted, n)) AS c ON c.event_id IS NOT DISTINCT FROM t.event_id AND c.n = t.n
		WINDOW later AS (PARTITION BY t.event_id ORDER BY t.n DESC)
	)
	SELECT g.event_id, 'play_by_play', 'live', m.period, basketball_elapsed(m.period, 0) - m.minute * 60, coalesce(s.home_score, 0), coalesce(s.away_score, 0)
	FROM (SELECT event_id, ceil(max(elapsed) / 60)::int AS minutes FROM play GROUP BY event_id) AS g
	CROSS JOIN LATERAL (SELECT n AS minute, basketball_period(n) AS period FROM generate_series(1, g.minutes) AS n) AS m
	LEFT JOIN LATERAL (SELECT p.home_score, p.away_score FROM play AS p WHERE p.event_id = g.event_id AND p.counted AND p.period <= m.period AND p.elapsed <= m.minute * 60 ORDER BY p.period DESC, p.elapsed DESC, p.n DESC LIMIT 1) AS s ON true
	-- minutes that play has reached; free throws before the first second of a period are that period's
	WHERE EXISTS (SELECT FROM play AS p WHERE p.event_id = g.event_id AND (p.period > m.period OR p.period = m.period AND p.elapsed >= m.minute * 60))
	ORDER BY g.event_id, m.minute;
$$;
COMMENT ON FUNCTION minute_scores(collected_score[]) IS 'From plays, each with the score after it and in their own order, the score at the end of every minute that play has reached: after the last one at or before it by the game clock, of those that count by sound_readings(), and no more than after any that comes later. Periods beyond 20 are none.';

CREATE FUNCTION sound_polls(feed text, event_id text, as_of timestamptz DEFAULT 'infinity', OUT counted boolean[], OUT since timestamptz)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	SELECT s.counted, s.since INTO counted, since FROM (SELECT array_agg(l.elapsed) AS elapsed, array_agg(l.home_score) AS home, array_agg(l.away_score) AS away, array_agg(l.status) AS status, array_agg(l.received_at) AS received
		FROM (SELECT x.* FROM live_score AS x WHERE x.feed = sound_polls.feed AND x.event_id = sound_polls.event_id AND x.received_at <= as_of AND x.source = 'poll' ORDER BY x.received_at, x.elapsed) AS l) AS p
	CROSS JOIN LATERAL sound_readings(p.elapsed, p.home, p.away, p.status, p.received) AS s;
END $$;
COMMENT ON FUNCTION sound_polls(text, text, timestamptz) IS 'sound_readings() of a game''s polls in the order in which they had been received by as_of: which of them count, and after when what was received of the game is of this game: the last time that it was said to be not on, or had been begun again (NULL: all of it is).';

CREATE FUNCTION sound_scores(feed text, event_id text, as_of timestamptz DEFAULT 'infinity') RETURNS SETOF live_score
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 300
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	counted boolean[];
	since   timestamptz;
BEGIN
	SELECT s.counted, s.since INTO counted, since FROM sound_polls(sound_scores.feed, sound_scores.event_id, as_of) AS s;
	RETURN QUERY
	WITH poll AS MATERIALIZED (
		SELECT p.l FROM (SELECT x AS l, row_number() OVER (ORDER BY x.received_at, x.elapsed)::int AS n FROM live_score AS x
			WHERE x.feed = sound_scores.feed AND x.event_id = sound_scores.event_id AND x.received_at <= as_of AND x.source = 'poll') AS p
		WHERE counted[p.n]
	), word AS MATERIALIZED (
		SELECT DISTINCT ON (x.source, x.period, x.elapsed) x AS l FROM live_score AS x
		WHERE x.feed = sound_scores.feed AND x.event_id = sound_scores.event_id AND x.received_at <= as_of AND x.source <> 'poll' AND x.received_at > coalesce(since, '-infinity')
		ORDER BY x.source, x.period, x.elapsed, x.received_at DESC
	)
	SELECT (p.l).* FROM poll AS p
	UNION ALL
	SELECT (w.l).* FROM word AS w
	-- the end of a period has not fewer points than polls before it and after it say
	WHERE NOT ((w.l).source = 'period' AND EXISTS (SELECT FROM poll AS b WHERE (b.l).elapsed <= (w.l).elapsed AND ((b.l).home_score > (w.l).home_score + 4 OR (b.l).away_score > (w.l).away_score + 4))
		AND EXISTS (SELECT FROM poll AS a WHERE (a.l).elapsed >= (w.l).elapsed AND ((a.l).home_score > (w.l).home_score + 4 + ((a.l).elapsed - (w.l).elapsed) / 4 OR (a.l).away_score > (w.l).away_score + 4 + ((a.l).elapsed - (w.l).elapsed) / 4)));
END $$;
COMMENT ON FUNCTION sound_scores(text, text, timestamptz) IS
'The readings of a game that count, of what had been received by as_of: polls by sound_polls(); of the ends of periods and the minutes of a play-by-play the last word on each since the game began, but for an end of a period with fewer points than polls before and after it allow.';

CREATE FUNCTION score_minutes(feed text, event_id text, minutes int DEFAULT 18, as_of timestamptz DEFAULT 'infinity')
RETURNS TABLE (minute int, differential int, home_score int, away_score int, source text)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 18
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH sound AS MATERIALIZED (
		SELECT s.received_at, s.source, s.period, s.elapsed, s.home_score, s.away_score, CASE s.source WHEN 'play_by_play' THEN 1 WHEN 'period' THEN 2 ELSE 3 END AS rank FROM sound_scores(feed, event_id, as_of) AS s
	), boundary AS (
		SELECT m.minute, m.minute * 60 AS at, p.period, (r.period, r.elapsed) >= (p.period, m.minute * 60) AS passed
		FROM generate_series(1, minutes) AS m (minute) CROSS JOIN LATERAL (SELECT basketball_period(m.minute) AS period) AS p
		LEFT JOIN (SELECT s.period, s.elapsed FROM sound AS s ORDER BY s.period DESC, s.elapsed DESC LIMIT 1) AS r ON true
	), taken AS (
		SELECT b.minute, b.at, b.period, s.home_score, s.away_score, s.received_at, CASE WHEN s.elapsed <= b.at - 60 THEN 'carried' WHEN s.source IS NULL AND b.passed THEN 'missing' ELSE s.source END AS source
		FROM boundary AS b
		LEFT JOIN LATERAL (
			-- The minute itself, from play-by-play or else the scores by period, or the last reading before its end.
			SELECT x.* FROM sound AS x WHERE b.passed AND x.period <= b.period AND x.elapsed <= b.at
			ORDER BY x.period DESC, x.elapsed DESC, x.rank, x.received_at DESC LIMIT 1) AS s ON true
	)
	SELECT t.minute, least(t.home_score, later.home) - least(t.away_score, later.away), least(t.home_score, later.home), least(t.away_score, later.away),
		CASE WHEN later.home < t.home_score OR later.away < t.away_score THEN 'corrected' ELSE t.source END
	FROM taken AS t
	-- Nobody can have had more points at a minute than is said later of that minute or one after it.
	LEFT JOIN LATERAL (SELECT min(x.home_score) AS home, min(x.away_score) AS away FROM sound AS x
		WHERE t.home_score IS NOT NULL AND x.received_at > t.received_at AND (x.period > t.period OR x.period = t.period AND x.elapsed >= t.at)) AS later ON true
	ORDER BY t.minute;
END $$;
COMMENT ON FUNCTION score_minutes(text, text, int, timestamptz) IS
'The score of an NBA game at the end of each of its first minutes of play, from what had been received by as_of: home minus away, and where it is from: play_by_play; period, the scores by period; poll, the last reading at or before the minute''s end and inside the minute; carried, one from before it; corrected, points taken back later; missing, the game was joined after it; NULL, not played yet. Of the readings those of sound_scores() count: none from before a game was put off or begun again, no slips, and not the newest while it has fallen or leapt.';

CREATE FUNCTION score_pattern(feed text, event_id text, minutes int DEFAULT 18, as_of timestamptz DEFAULT 'infinity', max_carried int DEFAULT 3) RETURNS int[]
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
	SELECT array_agg(m.differential ORDER BY m.minute) FROM score_minutes(feed, event_id, minutes, as_of) AS m
	HAVING count(m.differential) = minutes AND count(*) FILTER (WHERE m.source = 'carried') <= max_carried;
$$;
COMMENT ON FUNCTION score_pattern(text, text, int, timestamptz, int) IS
'The differentials of score_minutes(), home minus away, as the pattern that predict_halftime() takes; NULL until all of them are known, for a game joined too late, and when more than max_carried minutes had to be carried.';

CREATE VIEW live_games AS
SELECT l.feed, l.event_id, e.game_id, h.name AS home_team, a.name AS away_team, l.status, l.period, l.seconds_left, l.elapsed, l.home_score, l.away_score, l.home_score - l.away_score AS differential, l.received_at
FROM (SELECT DISTINCT ON (s.feed, s.event_id) s.*
	FROM (SELECT x.*, first_value(x.received_at) OVER polls AS polled_at, first_value(x.status) OVER polls AS polled_status, first_value(x.period) OVER polls AS polled_period, first_value(x.elapsed) OVER polls AS polled_elapsed
		FROM live_score AS x WHERE x.source <> 'period' WINDOW polls AS (PARTITION BY x.feed, x.event_id ORDER BY x.source = 'poll' DESC, x.received_at DESC, x.elapsed DESC)) AS s
	-- the last poll; where polls stay away, the last minute of a play-by-play that came after it
	WHERE s.source = 'poll' AND (s.received_at, s.elapsed) = (s.polled_at, s.polled_elapsed)
		OR s.source = 'play_by_play' AND s.received_at > s.polled_at AND s.polled_status IN ('scheduled', 'live') AND (s.period, s.elapsed) > (s.polled_period, s.polled_elapsed)
	ORDER BY s.feed, s.event_id, s.received_at DESC, s.period DESC, s.elapsed DESC) AS l
LEFT JOIN game_event AS e ON e.feed = l.feed AND e.event_id = l.event_id
LEFT JOIN game AS g ON g.game_id = e.game_id
LEFT JOIN team AS h ON h.team_id = CASE WHEN e.swapped THEN g.away_id ELSE g.home_id END
LEFT JOIN team AS a ON a.team_id = CASE WHEN e.swapped THEN g.home_id ELSE g.away_id END;
COMMENT ON VIEW live_games IS 'Every polled game as it was last seen, by poll or a play-by-play that has got further: home and away as the feed has them, the score, the clock, and our game where its event is known.';

CREATE TABLE score_pattern_history (
	event_id   text PRIMARY KEY,
	season     int NOT NULL,
	played_on  date NOT NULL,
	home_id    bigint NOT NULL REFERENCES team,
	away_id    bigint NOT NULL REFERENCES team,
	pattern    int[] NOT NULL CHECK (cardinality(pattern) = 24),
	half_diff  int NOT NULL,
	final_diff int NOT NULL,
	overtime   int NOT NULL,
	known_at   timestamptz NOT NULL,
	payload_id bigint NOT NULL,
	CHECK (half_diff = pattern[24])
);
COMMENT ON TABLE score_pattern_history IS 'NBA games by minutes: home minus away at the end of each of the first 24, at half-time and in the end. What a forecast of the half may learn from: games with known_at before it.';
COMMENT ON COLUMN score_pattern_history.event_id IS 'The NBA''s id, ten characters with leading zeros.';
COMMENT ON COLUMN score_pattern_history.known_at IS 'The end of the game by sport.default_start and sport.duration.';
CREATE INDEX score_pattern_known ON score_pattern_history (known_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.score_pattern_history', '');

CREATE FUNCTION append_score_patterns(payload_id bigint, feed text)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
	body  text;
	top   int;
	names text[];
	at    int[];
	first int;
	taken int;
	read  int;
BEGIN
	SELECT c.body, c.header_line, c.names INTO body, top, names FROM csv_payload(append_score_patterns.payload_id, append_score_patterns.feed) AS c;
	at := (SELECT array_agg(array_position(names, n) ORDER BY i) FROM unnest('{game_id,season,date,home,away,half_diff,final_diff,ot_periods}'::text[]) WITH ORDINALITY AS want (n, i));
	first := array_position(names, 'd01');
	WITH record AS MATERIALIZED (
		SELECT r.line_no, r.raw, cell(r.fields, at[1]) AS id, whole_number(left(cell(r.fields, at[2]), 4)) AS season, iso_day(cell(r.fields, at[3])) AS day, cell(r.fields, at[4]) AS home, cell(r.fields, at[5]) AS away,
			h.target AS home_team, a.target AS away_team, whole_number(cell(r.fields, at[6])) AS half, whole_number(cell(r.fields, at[7])) AS ending, coalesce(whole_number(cell(r.fields, at[8])), 0) AS overtime,
			CASE WHEN array_to_string(r.fields[first:first + 23], ',', 'x') ~ '^-?\d{1,3}(,-?\d{1,3}){23}$' THEN r.fields[first:first + 23]::int[] END AS pattern
		FROM csv_rows(body) AS r
		LEFT JOIN alias AS h ON h.feed = append_score_patterns.feed AND h.kind = 'team' AND h.pool = 'nba' AND h.name = cell(r.fields, at[4])
		LEFT JOIN alias AS a ON a.feed = append_score_patterns.feed AND a.kind = 'team' AND a.pool = 'nba' AND a.name = cell(r.fields, at[5])
		WHERE r.line_no > top
	), judged AS MATERIALIZED (
		SELECT r.*, CASE WHEN r.home_team IS NULL OR r.away_team IS NULL THEN 'unknown_team' WHEN r.id IS NULL OR r.day IS NULL OR r.season IS NULL THEN 'bad_date'
			WHEN r.pattern IS NULL OR r.half IS DISTINCT FROM r.pattern[24] OR r.ending IS NULL OR r.ending = 0 THEN 'bad_score'
			WHEN row_number() OVER (PARTITION BY r.id ORDER BY r.line_no) > 1 OR EXISTS (SELECT FROM score_pattern_history AS x WHERE x.event_id = r.id AND x.payload_id <> append_score_patterns.payload_id) THEN 'duplicate_row' END AS reason
		FROM record AS r
	), add_reject AS (
		INSERT INTO reject (payload_id, line_no, reason, detail, raw, sport)
		SELECT append_score_patterns.payload_id, j.line_no, j.reason, CASE j.reason WHEN 'unknown_team' THEN format('alias has no team of NBA named %L or %L', j.home, j.away) WHEN 'bad_date' THEN 'no game, no season or no day as yyyy-mm-dd'
			WHEN 'bad_score' THEN format('differentials of 24 minutes, %s at the half as the last of them and an end other than 0 are wanted', coalesce(j.half::text, 'something')) ELSE format('game %s is there already', j.id) END, j.raw, 'NBA'
		FROM judged AS j WHERE j.reason IS NOT NULL ORDER BY j.line_no
	), add_team AS (
		INSERT INTO team (team_id, pool, name) SELECT stable_id('nba:' || n), 'nba', n FROM (SELECT home_team AS n FROM judged WHERE reason IS NULL UNION SELECT away_team FROM judged WHERE reason IS NULL) AS t ORDER BY n ON CONFLICT DO NOTHING
	), added AS (
		INSERT INTO score_pattern_history (event_id, season, played_on, home_id, away_id, pattern, half_diff, final_diff, overtime, known_at, payload_id)
		SELECT j.id, j.season, j.day, stable_id('nba:' || j.home_team), stable_id('nba:' || j.away_team), j.pattern, j.half, j.ending, j.overtime,
			least(p.received_at, (j.day + s.default_start) AT TIME ZONE s.time_zone + s.duration), append_score_patterns.payload_id
		FROM judged AS j JOIN sport AS s ON s.sport = 'NBA' JOIN payload AS p ON p.payload_id = append_score_patterns.payload_id WHERE j.reason IS NULL ORDER BY j.line_no
		ON CONFLICT DO NOTHING
	)
	SELECT count(*) FILTER (WHERE j.reason IS NULL), count(*) INTO taken, read FROM judged AS j;
	RETURN QUERY SELECT * FROM finish_load(append_score_patterns.payload_id, read, taken);
END $$;
COMMENT ON FUNCTION append_score_patterns(bigint, text) IS
'Loads a stored table of minute-by-minute differentials (game_id, season, date, home, away, d01 … d24, half_diff, final_diff, ot_periods) into score_pattern_history, for the loader of its feed. A game is there once; codes of teams pass through alias. Returns lines read, games taken, quotes (none) and rejects.';
