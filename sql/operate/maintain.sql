-- maintain: partitions before they are needed, and forgetting what retention says may be forgotten.

CREATE TABLE retention (
	what         text PRIMARY KEY CHECK (what IN ('alert', 'feed_request', 'job_run', 'live_score', 'payload', 'quote')),
	keep         interval CHECK (keep >= CASE what WHEN 'feed_request' THEN interval '32 days' ELSE '1 day' END),
	is_detached  boolean NOT NULL DEFAULT false CHECK (what = 'quote' OR NOT is_detached),
	builtin      boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE retention IS 'How long maintain() keeps what: change keep, and the next run does so.';
COMMENT ON COLUMN retention.what IS
'alert: cleared ones. feed_request: requests, but for those that still hold an address and those that a back-fill goes by. job_run: pg_cron''s runs of these jobs. live_score: readings of running games. payload: raw payloads of which no row of a collected table is left, and which wait for no name. quote: prices, whole months, by the month of the game.';
COMMENT ON COLUMN retention.keep IS 'At least a day, of feed_request 32 days, since credits are counted by month; NULL: for ever.';
COMMENT ON COLUMN retention.is_detached IS 'Of quote: true: partitions are detached, not dropped, and stay as tables quote_YYYY_MM.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.retention', 'WHERE NOT builtin');
CREATE TRIGGER own BEFORE INSERT OR UPDATE ON retention FOR EACH ROW EXECUTE FUNCTION keep_own_row('what');

INSERT INTO retention (what, keep, builtin) VALUES
	('alert', '1 year', true), ('feed_request', '400 days', true), ('job_run', '30 days', true), ('live_score', NULL, true), ('payload', NULL, true), ('quote', NULL, true);

CREATE FUNCTION spent_payloads(before timestamptz) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	spent bigint[] := ARRAY(SELECT p.payload_id FROM payload AS p WHERE p.received_at < before AND p.loaded_at IS NOT NULL
		AND NOT EXISTS (SELECT FROM reject AS r WHERE r.payload_id = coalesce(p.same_as, p.payload_id) AND (r.reason LIKE 'unknown\_%' OR r.reason = 'parse_error')));
	fact  record;
BEGIN
	-- Whatever table of the extension has rows by payload; partitions that were detached are no longer its.
	FOR fact IN
		SELECT c.oid::regclass AS rel, a.attname AS col FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname ~ '^(seen_)?payload_id$'
		WHERE c.relnamespace = (SELECT n.relnamespace FROM pg_class AS n WHERE n.oid = 'payload'::regclass) AND c.relkind IN ('r', 'p')
		  AND NOT c.relispartition AND c.oid NOT IN ('payload'::regclass, 'reject'::regclass)
		  AND EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
	LOOP
		EXIT WHEN cardinality(spent) = 0;
		EXECUTE format('SELECT ARRAY(SELECT s FROM unnest($1) AS s WHERE NOT EXISTS (SELECT FROM %s AS f WHERE f.%I = s))', fact.rel, fact.col) INTO spent USING spent;
	END LOOP;
	-- Not the bytes of one that stays.
	RETURN ARRAY(SELECT unnest(spent) EXCEPT SELECT p.same_as FROM payload AS p WHERE p.same_as IS NOT NULL AND p.payload_id <> ALL (spent));
END $$;
COMMENT ON FUNCTION spent_payloads(timestamptz) IS
'Payloads received before a moment that replay() does not need: loaded, waiting for no name, and no row of a collected table is from them (polls that brought nothing new, prices of months that were forgotten).';

CREATE FUNCTION maintain(at timestamptz DEFAULT now()) RETURNS TABLE (what text, done bigint)
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
-- Rather not tonight than with every reader of prices waiting behind it.
SET lock_timeout = '1min'
AS $$
#variable_conflict use_column
DECLARE
	rule   retention;
	cutoff timestamptz;
	beside text;
BEGIN
	IF NOT pg_try_advisory_xact_lock(25191, 3) THEN
		RAISE NOTICE 'another session maintains';
		RETURN;
	END IF;
	what := 'partition';
	SELECT count(*) INTO done FROM make_quote_partitions(maintain.at::date);
	RETURN NEXT;
	-- The locks that readers meet come last: drops of partitions.
	FOR rule IN SELECT * FROM retention AS r WHERE r.keep IS NOT NULL ORDER BY r.what LOOP
		what := rule.what;
		cutoff := maintain.at - rule.keep;
		IF what = 'alert' THEN
			DELETE FROM alert AS a WHERE a.cleared_at < cutoff;
		ELSIF what = 'feed_request' THEN
			DELETE FROM feed_request AS r WHERE r.at < cutoff AND coalesce(r.held_until < maintain.at, true)
				AND NOT (r.status = 200 AND r.error_code IS NULL AND EXISTS (SELECT FROM feed AS f WHERE f.feed = r.feed AND f."interval" IS NULL));
		ELSIF what = 'live_score' THEN
			DELETE FROM live_score AS l WHERE l.received_at < cutoff;
		ELSIF what = 'payload' THEN
			LOCK TABLE payload IN SHARE ROW EXCLUSIVE MODE;
			DELETE FROM payload AS p WHERE p.payload_id = ANY (spent_payloads(cutoff));
		ELSIF what = 'quote' THEN
			-- What polls were compared with, too: it would keep their payloads.
			FOREACH beside IN ARRAY '{withdrawal,offer,offer_poll,offer_gap,offer_digest}'::text[] LOOP
				EXECUTE format('DELETE FROM %I AS x USING game AS g WHERE g.game_id = x.game_id AND g.month < $1 AND isfinite(g.month)', beside) USING date_trunc('month', cutoff)::date;
			END LOOP;
			DELETE FROM quote_default AS q WHERE q.game_month < date_trunc('month', cutoff)::date AND isfinite(q.game_month);
		END IF;
		GET DIAGNOSTICS done = ROW_COUNT;
		IF what = 'job_run' THEN
			done := prune_job_runs(rule.keep);
		ELSIF what = 'quote' THEN
			done := done + CASE WHEN rule.is_detached THEN (SELECT count(*) FROM detach_quote_partitions(date_trunc('month', cutoff)::date))
				ELSE (SELECT count(*) FROM drop_quote_partitions(date_trunc('month', cutoff)::date)) END;
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;
COMMENT ON FUNCTION maintain(timestamptz) IS
'Makes the partitions of quote for this month and the three to come, and forgets what is older than retention says; what was done and how often: partitions made; of quote months (and rows of quote_default) forgotten; of all else rows deleted. Once a day is enough. One session at a time; another returns at once, without rows. Waits a minute for a lock, then gives up (55P03) with nothing done.';
