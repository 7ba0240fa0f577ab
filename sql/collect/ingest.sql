-- ingest: the way of a file from the inbox to facts, and the way back to the beginning.

CREATE FUNCTION load_stored_payload(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
	source  record;
	problem text;
BEGIN
	SELECT p.feed, p.same_as, p.name, p.received_at INTO source FROM payload AS p WHERE p.payload_id = load_stored_payload.payload_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'payload % is not there', load_stored_payload.payload_id USING ERRCODE = 'no_data_found';
	END IF;
	DELETE FROM reject AS r WHERE r.payload_id = load_stored_payload.payload_id;
	BEGIN
		EXECUTE format('SELECT l.rows_read, l.games, l.quotes, l.rejects FROM bet_edge.%I($1) AS l', 'load_' || source.feed)
			INTO rows_read, games, quotes, rejects USING load_stored_payload.payload_id;
		IF source.same_as IS NOT NULL THEN
			DELETE FROM reject AS r WHERE r.payload_id = load_stored_payload.payload_id;
			rejects := 0;
		END IF;
	EXCEPTION WHEN bad_copy_file_format OR character_not_in_repertoire THEN
		GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
		INSERT INTO reject (payload_id, reason, detail) VALUES (load_stored_payload.payload_id, 'bad_file', problem);
		UPDATE payload AS p SET loaded_at = clock_timestamp(), rows_read = 0, rows_blank = 0 WHERE p.payload_id = load_stored_payload.payload_id;
		rows_read := 0;
		games := 0;
		quotes := 0;
		rejects := 1;
	WHEN insufficient_privilege THEN
		RAISE;
	-- A loader that stumbles keeps neither its own payload nor those behind it waiting.
	WHEN data_exception OR integrity_constraint_violation OR cardinality_violation OR program_limit_exceeded OR feature_not_supported OR syntax_error_or_access_rule_violation OR plpgsql_error THEN
		GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
		INSERT INTO reject (payload_id, reason, detail) VALUES (load_stored_payload.payload_id, 'parse_error', SQLSTATE || ': ' || problem);
		UPDATE payload AS p SET loaded_at = NULL, rows_read = NULL, rows_blank = NULL WHERE p.payload_id = load_stored_payload.payload_id;
		rows_read := 0;
		games := 0;
		quotes := 0;
		rejects := 1;
	END;
	-- One that came late: what the next of its address said was no news then, and may be now. Polled prices and live scores see to that themselves.
	IF problem IS NULL AND source.feed NOT IN ('draftkings', 'nba_live', 'pinnacle', 'the_odds_api') AND current_setting('bet_edge.reloading', true) IS DISTINCT FROM 'on' THEN
		PERFORM set_config('bet_edge.reloading', 'on', true);
		PERFORM load_stored_payload(l.payload_id) FROM (SELECT p.payload_id FROM payload AS p WHERE p.feed = source.feed AND md5(p.name) = md5(source.name) AND p.name = source.name
			AND p.received_at > source.received_at AND p.payload_id < load_stored_payload.payload_id ORDER BY p.received_at LIMIT 1) AS l;
		PERFORM set_config('bet_edge.reloading', 'off', true);
	END IF;
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_stored_payload(bigint) IS
'Loads a stored payload with the loader of its feed; load_payload() and replay() call it. A file that cannot be read at all (not CSV, not text, another header) becomes one reject, bad_file; one at which the loader fails becomes one reject, parse_error, with nothing of it loaded and loaded_at NULL, so that health() tells and replay(payload_id) tries again. Its rejects of an earlier load are written anew; one with the bytes of another has none, since they are that one''s. After one that comes late the next of its address is loaded once more.';

CREATE FUNCTION load_payload(feed text, name text, body bytea, received_at timestamptz DEFAULT now())
RETURNS TABLE (payload_id bigint, rows_read int, games int, quotes int, rejects int, duplicate boolean)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	moment timestamptz;
	digest CONSTANT text := encode(sha256(load_payload.body), 'hex');
	source payload;
BEGIN
	IF load_payload.feed <> ALL (loadable_feeds()) THEN
		RAISE EXCEPTION 'feed % has no loader', quote_literal(load_payload.feed)
			USING ERRCODE = 'undefined_object', HINT = 'Feeds are ' || array_to_string(loadable_feeds(), ', ') || '.';
	END IF;
	-- One loader at a time: each compares with what the ones before it stored.
	LOCK TABLE payload IN SHARE ROW EXCLUSIVE MODE;
	-- What this address had said last by then; under a name that is new, the same bytes if they are still what theirs said last.
	SELECT * INTO source FROM payload AS p
	WHERE p.feed = load_payload.feed AND md5(p.name) = md5(load_payload.name) AND p.name = load_payload.name AND p.received_at <= load_payload.received_at
	ORDER BY p.received_at DESC LIMIT 1;
	IF NOT FOUND THEN
		SELECT * INTO source FROM payload AS p
		WHERE p.feed = load_payload.feed AND p.sha256 = digest AND NOT EXISTS (SELECT FROM payload AS x
			WHERE x.feed = p.feed AND md5(x.name) = md5(p.name) AND x.name = p.name AND x.received_at > p.received_at AND x.sha256 <> p.sha256)
		ORDER BY p.received_at DESC LIMIT 1;
	END IF;
	duplicate := coalesce(source.sha256 = digest, false);
	SELECT p.payload_id INTO payload_id FROM payload AS p WHERE p.feed = load_payload.feed AND p.sha256 = digest AND p.same_as IS NULL;
	IF duplicate AND (load_payload.feed <> ALL (confirming_feeds()) OR EXISTS (SELECT FROM payload AS p
		WHERE p.feed = source.feed AND md5(p.name) = md5(source.name) AND p.name = source.name AND p.received_at >= load_payload.received_at)) THEN
		rows_read := 0;
		games := 0;
		quotes := 0;
		rejects := 0;
		RETURN NEXT;
		RETURN;
	END IF;
	-- What was said before what is told by this moment, so no two share it.
	SELECT min(c.at) INTO moment
	FROM (SELECT load_payload.received_at AS at
	      UNION ALL SELECT p.received_at + interval '1 microsecond' FROM payload AS p WHERE p.received_at >= load_payload.received_at) AS c
	WHERE NOT EXISTS (SELECT FROM payload AS p WHERE p.received_at = c.at);
	INSERT INTO payload AS p (feed, name, sha256, body, received_at, same_as)
	VALUES (load_payload.feed, load_payload.name, digest, CASE WHEN payload_id IS NULL THEN load_payload.body END, moment, payload_id)
	RETURNING * INTO source;
	SELECT * INTO rows_read, games, quotes, rejects FROM load_stored_payload(source.payload_id);
	payload_id := coalesce(payload_id, source.payload_id);
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_payload(text, text, bytea, timestamptz) IS
'Stores a file as it came and loads it, in the caller''s transaction: feed (one of loadable_feeds()), a name for the report, its bytes, when they were received. Returns the payload that has the bytes, data rows read, games taken, quotes appended, rejects; duplicate when they are what the feed had said last under that name (or, under a new name, under another): then nothing is news, and of confirming_feeds() what they list was seen again. Bytes of before that come back after others are loaded again: a correction withdrawn. Refuses an unknown feed (42704).';

CREATE PROCEDURE ingest(feed text DEFAULT NULL)
LANGUAGE plpgsql
-- A procedure that commits has no search_path of its own: every name is qualified.
AS $$
DECLARE
	known CONSTANT pg_catalog.text[] := bet_edge.loadable_feeds();
	files pg_catalog.int4;
	done  pg_catalog.int4 := 0;
	file  pg_catalog.record;
	got   pg_catalog.record;
	began pg_catalog.timestamptz;
	unmet pg_catalog.int8;
BEGIN
	PERFORM bet_edge.expect_to_commit('ingest');
	SELECT pg_catalog.count(*) INTO files FROM bet_edge.inbox AS i
	WHERE i.feed OPERATOR(pg_catalog.=) ANY (known) AND (ingest.feed IS NULL OR i.feed OPERATOR(pg_catalog.=) ingest.feed);
	LOOP
		began := pg_catalog.clock_timestamp();
		DELETE FROM bet_edge.inbox AS d WHERE d.ctid OPERATOR(pg_catalog.=) (
			SELECT i.ctid FROM bet_edge.inbox AS i
			WHERE i.feed OPERATOR(pg_catalog.=) ANY (known) AND (ingest.feed IS NULL OR i.feed OPERATOR(pg_catalog.=) ingest.feed)
			ORDER BY i.received_at, i.name, i.ctid LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING d.* INTO file;
		EXIT WHEN NOT FOUND;
		SELECT * INTO got FROM bet_edge.load_payload(file.feed, file.name, file.body, file.received_at);
		done := done OPERATOR(pg_catalog.+) 1;
		IF got.duplicate THEN
			RAISE NOTICE 'file % of %: %, a duplicate of payload %', done, greatest(files, done), file.name, got.payload_id;
		ELSE
			SELECT pg_catalog.count(*) INTO unmet FROM bet_edge.reject AS r
			WHERE r.payload_id OPERATOR(pg_catalog.=) got.payload_id AND r.reason OPERATOR(pg_catalog.=) 'unknown_team';
			RAISE NOTICE 'file % of %: %, % rows, % quotes, % wait for a team''s name, % other rejects, % s', done, greatest(files, done), file.name, got.rows_read,
				pg_catalog.to_char(got.quotes, 'FM999,999,999'), unmet, got.rejects OPERATOR(pg_catalog.-) unmet,
				pg_catalog.to_char(extract(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) began), 'FM999990.0');
		END IF;
		COMMIT;
	END LOOP;
	SELECT pg_catalog.count(*) INTO files FROM bet_edge.inbox AS i WHERE NOT (i.feed OPERATOR(pg_catalog.=) ANY (known));
	IF files OPERATOR(pg_catalog.>) 0 THEN
		RAISE WARNING '% files of feeds without a loader stay in inbox', files;
	END IF;
END $$;
COMMENT ON PROCEDURE ingest(text) IS
'Loads what waits in inbox, oldest first, of one feed or of all, and reports each file. Commits after each: whatever stops it, finished files are in and the others wait for the next call. Files that were delivered before are dropped; files of unknown feeds stay.';

CREATE FUNCTION replay(payload_id bigint DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	stored  bigint;
	done    int := 0;
	orphans int;
BEGIN
	LOCK TABLE payload IN SHARE ROW EXCLUSIVE MODE;
	PERFORM set_config('bet_edge.replaying', 'on', true);	-- what follows live scores stays still
	IF replay.payload_id IS NOT NULL THEN
		PERFORM load_stored_payload(replay.payload_id);
		PERFORM set_config('bet_edge.replaying', 'off', true);
		RETURN 1;
	END IF;
	-- Games, teams and players stay, since bets and ratings refer to them; their keys are what they would be again.
	INSERT INTO replayed_start SELECT DISTINCT f.game_id, f.starts_at FROM fixture AS f;
	TRUNCATE fixture, result, quote, pregame, injury_report, injury, weather_archive, weather_forecast, weather_grid, game_venue, outright_quote, offer, offer_poll, offer_gap, offer_digest, withdrawal, reject, player_name, player_team, ranking, player_game, live_score, score_pattern_history RESTART IDENTITY;
	DELETE FROM game_event WHERE game_event.payload_id IS NOT NULL;
	-- In the order in which they were loaded: what each brings depends on what was there.
	FOR stored IN SELECT p.payload_id FROM payload AS p ORDER BY p.payload_id LOOP
		PERFORM load_stored_payload(stored);
		done := done + 1;
	END LOOP;
	BEGIN
		DELETE FROM game AS g WHERE NOT EXISTS (SELECT FROM fixture AS f WHERE f.game_id = g.game_id);
	EXCEPTION WHEN foreign_key_violation THEN
		SELECT count(*) INTO orphans FROM game AS g WHERE NOT EXISTS (SELECT FROM fixture AS f WHERE f.game_id = g.game_id);
		RAISE WARNING '% games that no payload holds stay, since bets or ratings refer to them', orphans;
	END;
	DELETE FROM replayed_start;
	PERFORM set_config('bet_edge.replaying', 'off', true);
	RETURN done;
END $$;
COMMENT ON FUNCTION replay(bigint) IS
'Without an argument: rebuilds fixtures, results, quotes, rejects and games from the stored payloads, in the order in which they were loaded first (payload_id), in one transaction; the same payloads and aliases give the same rows, and a game keeps its number, so that bets and ratings stay with it, also when an alias that was learnt late lets in a game before it. With a payload: loads it again, so that rows whose names alias has learnt enter; facts that are there are not appended again. Without an argument it locks the tables that it empties against readers too; when it or a session that holds a read lock on one of them is stopped as a deadlock (40P01), call it again: nothing is lost. Returns the number of payloads.';

CREATE FUNCTION register_names(feed text, sport text) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	space  text;
	unmet  text[];
	stored bigint;
BEGIN
	IF register_names.feed <> ALL (loadable_feeds()) THEN
		RAISE EXCEPTION 'feed % has no loader', quote_literal(register_names.feed)
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Feeds are ' || array_to_string(loadable_feeds(), ', ') || '.';
	END IF;
	SELECT s.pool INTO space FROM sport AS s WHERE s.sport = register_names.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'sport % is not there', quote_literal(register_names.sport) USING ERRCODE = 'undefined_object';
	END IF;
	LOCK TABLE payload IN SHARE ROW EXCLUSIVE MODE;
	SELECT array_agg(DISTINCT n ORDER BY n) INTO unmet
	FROM reject AS r JOIN payload AS p ON p.payload_id = r.payload_id CROSS JOIN LATERAL unnest(r.unknown) AS n
	WHERE p.feed = register_names.feed AND r.sport = register_names.sport AND r.reason = 'unknown_team';
	INSERT INTO alias (feed, kind, pool, name, target)
	SELECT register_names.feed, 'team', space, n, n FROM unnest(unmet) AS n
	ON CONFLICT DO NOTHING;
	FOR stored IN
		SELECT p.payload_id FROM payload AS p
		WHERE p.feed = register_names.feed AND EXISTS (SELECT FROM reject AS r WHERE r.payload_id = coalesce(p.same_as, p.payload_id) AND r.sport = register_names.sport AND r.reason = 'unknown_team')
		ORDER BY p.payload_id
	LOOP
		PERFORM load_stored_payload(stored);
	END LOOP;
	RETURN QUERY SELECT unnest(unmet);
END $$;
COMMENT ON FUNCTION register_names(text, text) IS
'For a league met for the first time: makes every team name that waits in reject for this feed and sport a team of that name, loads the payloads concerned again, and returns the names. Look at them: a second spelling of a club becomes a second club; give such a spelling an alias row before. Refuses a feed without a loader (22023) and an unknown sport (42704).';

CREATE VIEW load_report AS
SELECT p.feed, p.payload_id, p.name, p.received_at, p.loaded_at, p.rows_read, p.rows_blank,
	coalesce(f.games, 0) AS games, coalesce(q.quotes, 0) AS quotes, coalesce(r.rejects, 0) AS rejects, coalesce(r.reasons, '{}') AS reasons
FROM payload AS p
LEFT JOIN (SELECT payload_id, count(DISTINCT game_id) AS games FROM fixture GROUP BY payload_id) AS f USING (payload_id)
LEFT JOIN (SELECT payload_id, count(*) AS quotes FROM quote GROUP BY payload_id) AS q USING (payload_id)
LEFT JOIN (SELECT payload_id, sum(n)::bigint AS rejects, jsonb_object_agg(reason, n ORDER BY reason) AS reasons
           FROM (SELECT payload_id, reason, count(*) AS n FROM reject GROUP BY payload_id, reason) AS c GROUP BY payload_id) AS r USING (payload_id);
COMMENT ON VIEW load_report IS 'What every payload brought: rows read, games whose fixture it was the first to state (or changed), quotes appended, and rejects by reason.';
