-- leakage: nothing that was not known may reach a model. Evidence is checked on every training
-- set; behaviour is checked by changing the future and looking whether the past moves.

CREATE FUNCTION result_column_names() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{homescore,awayscore,score,scorehome,scoreaway,scored,allowed,homegoals,awaygoals,goals,homepoints,awaypoints,points,
fthg,ftag,ftr,hthg,htag,htr,result,outcome,winner,margin,homemargin,totalscore,totalgoals,totalpoints,homewin,awaywin,homewon,awaywon,won,
target,label,actual,payout,profit}'::text[];
COMMENT ON FUNCTION result_column_names() IS 'Names (lower case, without underscores) that a result goes by and no feature may carry.';

CREATE FUNCTION check_leakage(source text, sport text, name text DEFAULT 'feature set') RETURNS int
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	evidence constant text[] := '{game_id,as_of,known_at,last_game_at,window_end}';
	features text[];
	known    float8[];
	bad      record;
	probe    refcursor;
	n        int;
BEGIN
	IF NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = check_leakage.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', check_leakage.sport USING ERRCODE = 'undefined_object';
	END IF;
	DROP TABLE IF EXISTS pg_temp.leakage_rows, pg_temp.leakage_games;
	OPEN probe FOR EXECUTE 'SELECT * FROM (' || source || ') AS source';	-- one query and no more can be opened
	CLOSE probe;
	EXECUTE 'CREATE TEMP TABLE leakage_rows AS SELECT * FROM (' || source || ') AS source';
	SELECT array_agg(a.attname::text ORDER BY a.attnum) INTO features
	FROM pg_catalog.pg_attribute AS a
	WHERE a.attrelid = 'pg_temp.leakage_rows'::regclass AND a.attnum > 0 AND a.attname <> ALL (evidence);

	-- structure: the weather as it was
	SELECT p.oid::regprocedure AS function INTO bad
	FROM pg_catalog.pg_proc AS p
	WHERE concat_ws(' ', source, check_leakage.name) ~ ('\m' || p.proname || '\M') AND (p.prosrc ~ '\mweather_archive\M' OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d
		WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.refobjid = 'weather_archive'::regclass)) LIMIT 1;
	IF FOUND OR source ~ '\mweather_archive\M' THEN
		RAISE EXCEPTION 'structure: % reads weather_archive%, what the weather was and not what was forecast', check_leakage.name, ' in ' || bad.function USING ERRCODE = '22L01';
	END IF;

	-- structure: the columns as such
	SELECT e.name, e.type INTO bad
	FROM unnest(evidence, '{bigint,timestamptz,timestamptz,timestamptz,timestamptz}'::regtype[]) AS e (name, type)
	LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = 'pg_temp.leakage_rows'::regclass AND a.attname = e.name
	WHERE a.atttypid IS DISTINCT FROM e.type LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'structure: % has no column "%" of type %', check_leakage.name, bad.name, bad.type USING ERRCODE = '22L01',
			HINT = 'A feature set gives game_id, as_of, known_at, last_game_at and window_end, then its features.';
	END IF;
	SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type INTO bad
	FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
	WHERE a.attrelid = 'pg_temp.leakage_rows'::regclass AND a.attname = ANY (features) AND t.typcategory NOT IN ('N', 'B') LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'structure: feature "%" of % is of type %, not a number', bad.name, check_leakage.name, bad.type USING ERRCODE = '22L01';
	END IF;
	SELECT f INTO bad FROM unnest(features) AS f WHERE replace(lower(f), '_', '') = ANY (result_column_names()) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'structure: feature "%" of % carries the name of a result', bad.f, check_leakage.name USING ERRCODE = '22L01';
	END IF;
	CREATE TEMP TABLE leakage_games AS
	SELECT r.game_id, r.as_of, r.known_at, r.last_game_at, r.window_end, e.starts_at,
		e.home_score::float8 AS h, e.away_score::float8 AS a, sign(e.home_score - e.away_score)::float8 AS s
	FROM pg_temp.leakage_rows AS r
	LEFT JOIN (SELECT x.game_id, x.starts_at,
			CASE WHEN x.status = 'final' THEN x.home_score END AS home_score, CASE WHEN x.status = 'final' THEN x.away_score END AS away_score
		FROM sports_events AS x WHERE x.sport = check_leakage.sport) AS e ON e.game_id = r.game_id;
	SELECT g.game_id, g.starts_at INTO bad FROM pg_temp.leakage_games AS g WHERE g.starts_at IS NULL OR g.as_of IS NULL LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'structure: game % of % %', bad.game_id, check_leakage.name,
			CASE WHEN bad.starts_at IS NULL THEN format('is no game of %s', check_leakage.sport) ELSE 'has no as_of' END USING ERRCODE = '22L01';
	END IF;

	SELECT g.game_id INTO bad FROM pg_temp.leakage_games AS g GROUP BY g.game_id HAVING count(*) > 1 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'structure: % has more than one row of game %', check_leakage.name, bad.game_id USING ERRCODE = '22L01';
	END IF;

	-- structure: a feature that is the result, or a linear function of it, by another name
	FOR i IN 1 .. coalesce(cardinality(features), 0) LOOP
		EXECUTE format('SELECT CASE WHEN count(*) >= 20 THEN ARRAY[corr(x, h), corr(x, a), corr(x, h - a), corr(x, h + a), corr(x, s),
				CASE WHEN count(*) FILTER (WHERE s = 1) BETWEEN 5 AND count(*) - 5 THEN corr(x, (s = 1)::int) END,
				CASE WHEN count(*) FILTER (WHERE s = 0) BETWEEN 5 AND count(*) - 5 THEN corr(x, (s = 0)::int) END,
				CASE WHEN count(*) FILTER (WHERE s = -1) BETWEEN 5 AND count(*) - 5 THEN corr(x, (s = -1)::int) END] END
			FROM (SELECT %s AS x, g.h, g.a, g.s FROM pg_temp.leakage_rows AS r JOIN pg_temp.leakage_games AS g ON g.game_id = r.game_id) AS v
			WHERE x IS NOT NULL AND h IS NOT NULL',
			format(CASE (SELECT t.typcategory FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
				WHERE a.attrelid = 'pg_temp.leakage_rows'::regclass AND a.attname = features[i])
				WHEN 'B' THEN 'r.%I::int::float8' ELSE 'r.%I::float8' END, features[i])) INTO known;
		SELECT q.quantity INTO bad
		FROM unnest(known, '{"home score","away score",margin,total,outcome,"home win",draw,"away win"}'::text[]) AS q (r, quantity)
		WHERE q.r <> 'NaN' AND abs(q.r) > 1 - 1e-9 LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION 'structure: feature "%" of % is the % of its own game', features[i], check_leakage.name, bad.quantity USING ERRCODE = '22L01',
				DETAIL = 'It is a linear function of it in every row where both are known.';
		END IF;
	END LOOP;

	-- provenance, boundary, window: the evidence
	SELECT * INTO bad FROM pg_temp.leakage_games AS g WHERE g.known_at > g.as_of LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'provenance: % uses a fact of game % known at %, after its as_of %', check_leakage.name, bad.game_id, bad.known_at, bad.as_of
			USING ERRCODE = '22L02';
	END IF;
	SELECT * INTO bad FROM pg_temp.leakage_games AS g WHERE g.last_game_at >= g.starts_at OR g.as_of > g.starts_at LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'boundary: % %', check_leakage.name, CASE WHEN bad.as_of > bad.starts_at
				THEN format('looks at game %s as of %s, after its start %s', bad.game_id, bad.as_of, bad.starts_at)
				ELSE format('uses a game that starts at %s for game %s, which starts at %s', bad.last_game_at, bad.game_id, bad.starts_at) END
			USING ERRCODE = '22L03';
	END IF;
	SELECT * INTO bad FROM pg_temp.leakage_games AS g WHERE g.window_end > least(g.as_of, g.starts_at) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'window: % has a window for game % that ends at %, after its as_of %', check_leakage.name, bad.game_id, bad.window_end, bad.as_of
			USING ERRCODE = '22L04';
	END IF;

	SELECT count(*) INTO n FROM pg_temp.leakage_rows;
	DROP TABLE pg_temp.leakage_rows, pg_temp.leakage_games;
	RETURN n;
END $$;
COMMENT ON FUNCTION check_leakage(text, text, text) IS
'The guard of every training set: source is the text of a query, read with the caller''s rights (relations outside bet_edge by schema and name), that gives game_id, as_of, known_at, last_game_at, window_end and any number of numeric features, one row a game of sport. Returns the number of rows, or refuses, naming name, the feature or game, and the kind of leak:
structure (22L01): weather_archive in the query or in a function that it or name names, a missing column, a game twice, a feature with the name of a result, or one that is a linear function of the score, margin, total or outcome of its own game (20 rows or more);
provenance (22L02): known_at after as_of; boundary (22L03): last_game_at not before the game''s start, or as_of after it; window (22L04): window_end after as_of.
It believes the evidence columns: scramble_check() does not.';

CREATE FUNCTION scramble_difference(sport text, at timestamptz, said text, OUT keys text[], OUT moved text, OUT field text, OUT before jsonb, OUT after jsonb)
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	since  constant timestamptz := scramble_difference.at - interval '1 year';
	till   constant timestamptz := scramble_difference.at + interval '14 days';
	news   constant timestamptz := scramble_difference.at + interval '1 second';
	was    jsonb;
	now_is jsonb;
BEGIN
	IF NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = scramble_difference.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', scramble_difference.sport USING ERRCODE = 'undefined_object';
	END IF;
	IF NOT EXISTS (SELECT FROM result AS r JOIN game AS g ON g.game_id = r.game_id
			WHERE g.sport = scramble_difference.sport AND r.known_at > scramble_difference.at AND r.status = 'final') THEN
		RAISE EXCEPTION 'no result of % is known after %: the check would prove nothing', scramble_difference.sport, scramble_difference.at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	EXECUTE said INTO was;
	keys := ARRAY(SELECT jsonb_object_keys(was));
	IF keys = '{}' THEN
		RETURN;
	END IF;
	BEGIN
		-- what became known later turns out differently, and so do starters, and prices known after a game was decided
		UPDATE result AS r SET home_score = 2 * r.away_score + 1, away_score = 2 * r.home_score
		FROM game AS g
		WHERE g.game_id = r.game_id AND g.sport = scramble_difference.sport AND r.known_at > scramble_difference.at AND r.status = 'final';
		UPDATE quote AS q SET price = 1 + (q.price - 1) * CASE WHEN q.side IN ('home', 'over') THEN 1.5 ELSE 0.8 END,
			line = q.line + CASE q.side WHEN 'away' THEN -1 ELSE 1 END
		FROM game AS g
		LEFT JOIN (SELECT (w.value ->> 'game_id')::bigint AS game_id, max((w.value ->> 'as_of')::timestamptz) AS as_of
			FROM jsonb_each(was) AS w GROUP BY 1) AS decided ON decided.game_id = g.game_id
		WHERE g.game_id = q.game_id AND g.sport = scramble_difference.sport AND q.known_at > coalesce(decided.as_of, scramble_difference.at);
		UPDATE pregame AS b SET value = CASE WHEN b.value ~ '^\d+$' THEN b.value || '0' ELSE b.value || ' the younger' END
		FROM game AS g WHERE g.game_id = b.game_id AND g.sport = scramble_difference.sport AND b.known_at > scramble_difference.at;
		-- and a second later everything known until then is corrected
		INSERT INTO result (game_id, home_score, away_score, status, detail, known_at, recorded_at, payload_id)
		SELECT e.game_id, 2 * e.away_score + 1, 2 * e.home_score, 'final', '{}', news, clock_timestamp(), r.payload_id
		FROM sports_events AS e
		CROSS JOIN LATERAL (SELECT x.payload_id FROM result AS x WHERE x.game_id = e.game_id AND x.known_at <= scramble_difference.at LIMIT 1) AS r
		WHERE e.sport = scramble_difference.sport AND e.status = 'final' AND e.starts_at >= since;
		INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id, game_month, participant, updated_at)
		SELECT q.game_id, q.market, q.side, q.line + CASE q.side WHEN 'away' THEN -2 ELSE 2 END, q.book,
			1 + (q.price - 1) * CASE WHEN q.side IN ('home', 'over') THEN 2 ELSE 0.7 END, false, news, clock_timestamp(), q.payload_id,
			q.game_month, q.participant, CASE WHEN q.updated_at IS NOT NULL THEN news END
		FROM sports_events AS e JOIN quote AS q ON q.game_id = e.game_id
		WHERE e.sport = scramble_difference.sport AND e.starts_at >= scramble_difference.at - interval '30 days' AND e.starts_at < till AND q.known_at <= scramble_difference.at;
		INSERT INTO fixture (game_id, starts_at, time_known, neutral, week, stage, known_at, recorded_at, payload_id)
		SELECT f.game_id, f.starts_at, f.time_known, NOT f.neutral, f.week, f.stage, news, clock_timestamp(), f.payload_id
		FROM fixtures(scramble_difference.at) AS f JOIN game AS g ON g.game_id = f.game_id
		WHERE g.sport = scramble_difference.sport AND f.starts_at >= since AND f.starts_at < till;
		INSERT INTO game_venue (game_id, venue, known_at, recorded_at, payload_id)
		SELECT f.game_id, (SELECT v.venue FROM venue AS v WHERE v.latitude IS NOT NULL ORDER BY md5(v.venue || f.game_id) LIMIT 1), news, clock_timestamp(), f.payload_id
		FROM fixtures(scramble_difference.at) AS f JOIN game AS g ON g.game_id = f.game_id
		WHERE g.sport = scramble_difference.sport AND f.starts_at >= since AND f.starts_at < till;
		-- later forecasts say something else, and so does the weather itself
		UPDATE weather_forecast AS w SET temperature = 30 - w.temperature, wind_speed = 90 - w.wind_speed, precipitation_prob = 1 - w.precipitation_prob WHERE w.known_at > scramble_difference.at;
		UPDATE weather_archive AS w SET temperature = 30 - w.temperature, wind_speed = 90 - w.wind_speed, precipitation = w.precipitation + 5;
		INSERT INTO weather_forecast (venue, source, starts_at, ends_at, temperature, wind_speed, precipitation_prob, known_at, recorded_at, payload_id)
		SELECT w.venue, w.source, w.starts_at, w.ends_at, 31 - w.temperature, 91 - w.wind_speed, 1 - w.precipitation_prob, news, clock_timestamp(), w.payload_id
		FROM (SELECT DISTINCT ON (x.venue, x.source, x.starts_at) x.* FROM weather_forecast AS x
			WHERE x.starts_at >= since AND x.starts_at < till AND x.known_at <= scramble_difference.at ORDER BY x.venue, x.source, x.starts_at, x.known_at DESC, x.recorded_at DESC) AS w;
		-- whoever was out plays, and the others are out
		UPDATE injury AS i SET chance_out = 1 - i.chance_out, status = CASE i.status WHEN 'active' THEN 'out' ELSE 'active' END FROM sport AS s WHERE s.sport = scramble_difference.sport AND i.pool = s.pool AND i.known_at > scramble_difference.at;
		INSERT INTO injury (pool, player_id, source, team_id, status, chance_out, is_injury, known_at, recorded_at, payload_id)
		SELECT i.pool, i.player_id, i.source, i.team_id, CASE i.status WHEN 'active' THEN 'out' ELSE 'active' END, 1 - i.chance_out, true, news, clock_timestamp(), i.payload_id
		FROM (SELECT DISTINCT ON (x.player_id, x.source) x.* FROM injury AS x JOIN sport AS s ON s.pool = x.pool
			WHERE s.sport = scramble_difference.sport AND x.known_at <= scramble_difference.at ORDER BY x.player_id, x.source, x.known_at DESC, x.recorded_at DESC) AS i;
		INSERT INTO pregame (game_id, side, item, value, label, known_at, recorded_at, payload_id)
		SELECT DISTINCT ON (b.game_id, b.side, b.item) b.game_id, b.side, b.item, CASE WHEN b.value ~ '^\d+$' THEN b.value || '1' ELSE b.value || ' the elder' END, b.label, news, clock_timestamp(), b.payload_id
		FROM pregame AS b JOIN game AS g ON g.game_id = b.game_id WHERE g.sport = scramble_difference.sport AND b.known_at <= scramble_difference.at;
		PERFORM refresh_ratings(scramble_difference.sport);
		EXECUTE said INTO now_is;
		RAISE EXCEPTION 'enough seen' USING ERRCODE = '22L00';	-- takes all of it back
	EXCEPTION WHEN SQLSTATE '22L00' THEN
		NULL;
	END;
	SELECT v.key, c.key, c.value, v.after -> c.key INTO moved, field, before, after
	FROM (SELECT coalesce(x.key, y.key) AS key, coalesce(x.value, '{"game_id": null}') AS before, y.value AS after
		FROM jsonb_each(was) AS x FULL JOIN jsonb_each(now_is) AS y ON y.key = x.key) AS v
	CROSS JOIN LATERAL jsonb_each(v.before) AS c
	WHERE c.value IS DISTINCT FROM v.after -> c.key
	  AND CASE WHEN jsonb_typeof(c.value) = 'number' AND jsonb_typeof(v.after -> c.key) = 'number'
		THEN abs(c.value::float8 - (v.after -> c.key)::float8) > 1e-9 * greatest(1, abs(c.value::float8)) ELSE true END
	ORDER BY c.key IN ('as_of', 'known_at', 'last_game_at', 'window_end'), v.key, c.key LIMIT 1;
END $$;
COMMENT ON FUNCTION scramble_difference(text, timestamptz, text) IS
'What scramble_check() and check_strategy() share: runs said, a query for one jsonb object of rows by key, changes in a subtransaction that is rolled back what became known of a sport after at (scramble_check() says what), runs it again, and returns the keys and of the first row that is another one its key (moved; NULL: none is), the field, and what it was before and after. Numbers are compared to 1e-9; a row that went or came is another one. Prices known after a row''s as_of, without that after at, count as known later. Refuses an unknown sport (42704) and an at with no result after it (22023).';

CREATE FUNCTION scramble_check(sport text, at timestamptz, feature_function regproc DEFAULT 'bet_edge.game_features') RETURNS int
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	seen record;
BEGIN
	-- what a bettor hears who asks at at, and what training hears much later of games decided by then
	SELECT * INTO seen FROM scramble_difference(scramble_check.sport, scramble_check.at, format('SELECT coalesce(jsonb_object_agg(said.at || '' '' || said.game_id, said.row), ''{}'') FROM (
		SELECT ''at the time'' AS at, f.game_id, to_jsonb(f) AS row FROM %1$s(%2$L, %3$L, %4$L, %5$L) AS f WHERE f.as_of <= %5$L
		UNION ALL
		SELECT ''later'', f.game_id, to_jsonb(f) FROM %1$s(%2$L, %3$L, %4$L, ''infinity'') AS f WHERE f.as_of <= %5$L) AS said',
		feature_function, scramble_check.sport, scramble_check.at - interval '1 year', scramble_check.at + interval '14 days', scramble_check.at));
	IF seen.keys = '{}' THEN
		RAISE EXCEPTION '% gives no game of % decided in the year before %', feature_function, scramble_check.sport, scramble_check.at USING ERRCODE = 'invalid_parameter_value';
	ELSIF seen.moved IS NOT NULL THEN
		RAISE EXCEPTION 'behaviour: "%" of % for game % depends on what became known after %',
			seen.field, feature_function, regexp_replace(seen.moved, '^.* ', ''), scramble_check.at
			USING ERRCODE = '22L05', DETAIL = format('Asked %s it was %s, and is %s when the later results, prices, forecasts and corrections are other ones.',
				regexp_replace(seen.moved, ' [^ ]*$', ''), coalesce(seen.before::text, 'absent'), coalesce(seen.after::text, 'absent'));
	END IF;
	RETURN (SELECT count(DISTINCT regexp_replace(k, '^.* ', '')) FROM unnest(seen.keys) AS k);
END $$;
COMMENT ON FUNCTION scramble_check(text, timestamptz, regproc) IS
'The proof that features know nothing of the future: in a subtransaction that is rolled back it changes every result, price and starter of the sport and every forecast of the weather known after at, the weather as it was and every injury told later, corrects everything known before, refreshes the ratings, and computes again what feature_function (any function with the signature of game_features()) says at or before at of the games of the year before and the fortnight after. Returns the number of games compared; refuses a feature that moved (22L05), and a at with no result after it. Prices known after a game was decided are changed too. Locks the changed rows while it runs, and leaves nothing but dead rows for vacuum.';
