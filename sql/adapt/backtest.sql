-- backtest: strategies on the past, called exactly as they are called live.

CREATE TABLE backtest_trial (
	trial_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	strategy_name text NOT NULL,
	sport         text NOT NULL REFERENCES sport,
	settings      jsonb NOT NULL,
	first_run_at  timestamptz NOT NULL DEFAULT now(),
	last_run_at   timestamptz NOT NULL DEFAULT now(),
	runs          int NOT NULL DEFAULT 1,
	UNIQUE (strategy_name, sport, settings)
);
COMMENT ON TABLE backtest_trial IS 'Everything that was ever backtested: a strategy in a sport under settings. Rows stay when the strategy goes, since who tried much must know how much: see bet_report().';
COMMENT ON COLUMN backtest_trial.settings IS 'What gives the bets again, bit for bit: the strategy''s function (name and MD5 of its source) and limits, and the conditions given to run_backtest().';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.backtest_trial', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.backtest_trial_trial_id_seq', '');

CREATE TABLE backtest_trial_week (
	trial_id bigint NOT NULL REFERENCES backtest_trial ON DELETE CASCADE,
	week     date NOT NULL,
	bets     int NOT NULL,
	profit   float8 NOT NULL,
	PRIMARY KEY (trial_id, week)
);
COMMENT ON TABLE backtest_trial_week IS 'What a trial won by the week, Monday on, in which its bets were decided, one unit a bet, voids left out; weeks without a bet have no row.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.backtest_trial_week', '');

CREATE TABLE strategy_bet (
	trial_id           bigint NOT NULL REFERENCES backtest_trial,
	strategy_name      text NOT NULL REFERENCES strategy ON UPDATE CASCADE ON DELETE CASCADE,
	sport              text NOT NULL REFERENCES sport,
	as_of              timestamptz NOT NULL,
	game_id            bigint NOT NULL REFERENCES game,
	market             text NOT NULL,
	side               text NOT NULL,
	line               float8,
	book               text NOT NULL REFERENCES book,
	price              float8 NOT NULL,
	probability        float8 NOT NULL,
	market_probability float8 NOT NULL,
	edge               float8 NOT NULL,
	result             text CHECK (result IN ('win', 'half_win', 'push', 'half_loss', 'loss', 'void')),
	profit             float8,
	settled_at         timestamptz,
	clv                float8,
	PRIMARY KEY (strategy_name, game_id),
	CHECK ((result IS NULL) = (profit IS NULL) AND (result IS NULL) = (settled_at IS NULL)),
	CHECK (settled_at > as_of)
);
COMMENT ON TABLE strategy_bet IS 'What each strategy would have bet, one unit a bet and one bet a game. Written by run_backtest().';
COMMENT ON COLUMN strategy_bet.trial_id IS 'Under which settings.';
COMMENT ON COLUMN strategy_bet.price IS 'At which it was struck: the signal''s, but for latency and slippage.';
COMMENT ON COLUMN strategy_bet.as_of IS 'When it was decided: nothing known later entered the decision.';
COMMENT ON COLUMN strategy_bet.profit IS 'Per unit staked, after an exchange''s commission; not rounded to cents.';
COMMENT ON COLUMN strategy_bet.settled_at IS 'When what settled it was known, as bet_grade() has it; from then on the bet counts in strategy_performance.';
COMMENT ON COLUMN strategy_bet.clv IS 'net_odds() of price x de-vigged closing probability - 1; NULL where the close is not known at this line, and when it was known as the bet was decided: at the start it is nothing but minus the margin.';
CREATE INDEX strategy_bet_settled ON strategy_bet (strategy_name, sport, settled_at);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy_bet', '');

CREATE TABLE strategy_performance (
	strategy_name text NOT NULL REFERENCES strategy ON UPDATE CASCADE ON DELETE CASCADE,
	sport         text NOT NULL REFERENCES sport,
	backtest_date date NOT NULL,
	window_from   timestamptz NOT NULL,
	window_to     timestamptz NOT NULL,
	total_bets    int NOT NULL CHECK (total_bets >= 0),
	win_rate      float8,
	roi_per_100   float8,
	clv           float8,
	roi_lower     float8,
	roi_upper     float8,
	clv_bets      int,
	clv_lower     float8,
	clv_upper     float8,
	created_at    timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (strategy_name, sport, backtest_date),
	CHECK (win_rate BETWEEN 0 AND 1 AND roi_per_100 >= -100 AND roi_per_100 < 'Infinity')
);
COMMENT ON TABLE strategy_performance IS 'How a strategy did over the window before each Monday, by what was known then. The orchestrator judges the latest row of the last seven days.';
COMMENT ON COLUMN strategy_performance.backtest_date IS 'The Monday; the row knows what was known when it began in the sport''s time zone.';
COMMENT ON COLUMN strategy_performance.total_bets IS 'Bets settled from window_from until before window_to, voids left out.';
COMMENT ON COLUMN strategy_performance.win_rate IS 'Share won (half wins too) of the bets that were not pushed. NULL without any.';
COMMENT ON COLUMN strategy_performance.roi_per_100 IS 'Profit per 100 staked; pushes count as staked. NULL without bets.';
COMMENT ON COLUMN strategy_performance.roi_lower IS '95 % interval of roi_per_100. NULL for fewer than two bets.';
COMMENT ON COLUMN strategy_performance.clv IS 'Mean closing line value of the clv_bets bets that have one, with its 95 % interval; NULL when none has.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.strategy_performance', '');

CREATE FUNCTION sport_mondays(sport text, since timestamptz, until timestamptz) RETURNS TABLE (backtest_date date, begins timestamptz)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT d::date, m.begins
	FROM sport AS s
	CROSS JOIN LATERAL generate_series(date_trunc('week', since AT TIME ZONE s.time_zone), until AT TIME ZONE s.time_zone, interval '7 days') AS d
	CROSS JOIN LATERAL (SELECT d AT TIME ZONE s.time_zone AS begins) AS m
	WHERE s.sport = sport_mondays.sport AND m.begins > since AND m.begins <= until;
END;
COMMENT ON FUNCTION sport_mondays(text, timestamptz, timestamptz) IS 'The Mondays that begin in (since, until], in the sport''s time zone.';

CREATE FUNCTION settle_backtest(strategy text, sport text, as_of timestamptz DEFAULT now()) RETURNS int
LANGUAGE sql
SET timezone = 'UTC'
BEGIN ATOMIC
	WITH graded AS (
		SELECT (s.bet).game_id, s.result, (s.payout - 1)::float8 AS profit, s.known_at,
			CASE WHEN s.result <> 'void' AND (s.bet).placed_at < c.closing_known_at THEN net_odds((s.bet).price, k.commission) * c.closing_probability - 1 END AS clv
		FROM (SELECT array_agg(ROW(NULL, b.game_id, b.as_of, b.market, b.side, b.line, b.book, b.price, 1, NULL, NULL, NULL)::bet_to_grade) AS bets
			FROM strategy_bet AS b WHERE b.strategy_name = settle_backtest.strategy AND b.sport = settle_backtest.sport AND b.result IS NULL) AS o
		CROSS JOIN LATERAL bet_grades(o.bets, settle_backtest.as_of) AS s
		JOIN book AS k ON k.book = (s.bet).book
		CROSS JOIN LATERAL closing_line((s.bet).game_id, (s.bet).market, (s.bet).side, (s.bet).line, (s.bet).book, s.known_at) AS c
	), settled AS (
		UPDATE strategy_bet AS b SET result = g.result, profit = g.profit, settled_at = g.known_at, clv = g.clv
		FROM graded AS g
		WHERE b.strategy_name = settle_backtest.strategy AND b.game_id = g.game_id
		RETURNING 1
	)
	SELECT count(*)::int FROM settled;
END;
COMMENT ON FUNCTION settle_backtest(text, text, timestamptz) IS
'Settles a strategy''s open backtest bets as settle_bets() does bets that were placed: by settlement_rule and what was known at as_of (bet_grades(): commission, corrections, games postponed or cut short), with the closing line value of those decided before the close was known. Returns their number.';

CREATE FUNCTION run_backtest(strategy text, since timestamptz, until timestamptz DEFAULT now(), sport text DEFAULT NULL, period interval DEFAULT '1 year',
	lead_time interval DEFAULT '0', latency interval DEFAULT '0', slippage float8 DEFAULT 0, rejection float8 DEFAULT 0, day_limit int DEFAULT NULL, seed int DEFAULT 0)
RETURNS int
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan	-- as decide_picks()
AS $$
#variable_conflict use_column
DECLARE
	tried  strategy;
	speaks regproc;	-- quoted where it has to be, whatever the name is
	league text;
	rounds timestamptz[];
	moment timestamptz;
	bets   int;
	total  int := 0;
	mute   bigint;
	muted  bigint := 0;
	lacks  text[];
	lacked text[] := '{}';
	done   int;
	told   timestamptz := clock_timestamp();
	v_settings jsonb := check_conditions(lead_time, latency, slippage, rejection, seed);
	v_trial    bigint;
	zone       text;
BEGIN
	SELECT * INTO tried FROM strategy AS s WHERE s.strategy_name = run_backtest.strategy;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown strategy "%"', run_backtest.strategy USING ERRCODE = 'undefined_object', HINT = 'Strategies are rows of bet_edge.strategy.';
	ELSIF run_backtest.sport IS NOT NULL AND NOT EXISTS (SELECT FROM sport AS s WHERE s.sport = run_backtest.sport) THEN
		RAISE EXCEPTION 'unknown sport "%"', run_backtest.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF strategy_function(tried.signal_function) IS NULL THEN
		RAISE EXCEPTION 'strategy "%" has no function "%"', run_backtest.strategy, tried.signal_function USING ERRCODE = 'undefined_function';
	ELSIF since IS NULL OR until IS NULL OR since >= until OR NOT isfinite(since) OR NOT isfinite(until) OR run_backtest.period IS NULL OR run_backtest.period <= interval '0' THEN
		RAISE EXCEPTION 'since must be before until, both finite, and period positive, not %, % and %', coalesce(since::text, 'NULL'), coalesce(until::text, 'NULL'), coalesce(run_backtest.period::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF day_limit < 1 THEN
		RAISE EXCEPTION 'day_limit must be at least 1, not %', day_limit USING ERRCODE = 'invalid_parameter_value';
	END IF;
	speaks := strategy_function(tried.signal_function);
	v_settings := v_settings || (to_jsonb(tried) - '{strategy_name,signal_type,description,builtin}'::text[])
		|| jsonb_build_object('source', md5(pg_get_functiondef(speaks)), 'max_recommendations_per_day', coalesce(day_limit, tried.max_recommendations_per_day));
	-- one run of a strategy at a time: each replaces what the one before it wrote
	PERFORM pg_advisory_xact_lock(hashtextextended('bet_edge.strategy_bet ' || run_backtest.strategy, 0));
	FOR league IN SELECT s.sport FROM sport AS s
		WHERE s.sport = coalesce(run_backtest.sport, s.sport) AND EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport) ORDER BY s.sport
	LOOP
		zone := (SELECT s.time_zone FROM sport AS s WHERE s.sport = league);
		INSERT INTO backtest_trial AS t (strategy_name, sport, settings) VALUES (run_backtest.strategy, league, v_settings)
		ON CONFLICT (strategy_name, sport, settings) DO UPDATE SET runs = t.runs + 1, last_run_at = now() RETURNING t.trial_id INTO v_trial;
		DELETE FROM strategy_bet AS b WHERE b.strategy_name = run_backtest.strategy AND b.sport = league AND b.as_of >= since AND b.as_of < until;
		rounds := ARRAY(SELECT r - lead_time FROM betting_rounds(league, since + lead_time, until + lead_time) AS r);
		done := 0;
		FOREACH moment IN ARRAY rounds LOOP
			WITH said AS MATERIALIZED (
				SELECT r.*, array_remove(ARRAY[CASE WHEN r.game_id IS NULL THEN 'game_id' END, CASE WHEN r.market IS NULL THEN 'market' END,
					CASE WHEN r.side IS NULL THEN 'side' END, CASE WHEN r.book IS NULL THEN 'book' END, CASE WHEN r.price IS NULL THEN 'price' END,
					CASE WHEN r.probability IS NULL THEN 'probability' END, CASE WHEN r.edge IS NULL THEN 'edge' END, CASE WHEN r.confidence IS NULL THEN 'confidence' END], NULL) AS lacks
				FROM strategy_says(speaks, league, moment, tried.max_implied_probability, tried.max_price, tried.max_edge) AS r
				WHERE r.strength >= tried.min_differential_threshold AND r.market_probability IS NOT NULL AND r.participant IS NULL
			), wanted AS (
				SELECT s.* FROM (SELECT DISTINCT ON (r.game_id) r.* FROM said AS r WHERE r.lacks = '{}'
					ORDER BY r.game_id, r.strength DESC, r.market, r.side, r.line, r.book) AS s
				WHERE NOT EXISTS (SELECT FROM strategy_bet AS b WHERE b.strategy_name = run_backtest.strategy AND b.game_id = s.game_id)
				ORDER BY s.strength DESC, s.game_id LIMIT greatest(0, coalesce(day_limit, tried.max_recommendations_per_day) - (SELECT count(*) FROM strategy_bet AS b
					WHERE b.strategy_name = run_backtest.strategy AND b.sport = league AND b.as_of >= date_trunc('day', moment, zone) AND b.as_of < moment))
			), bet AS (
				INSERT INTO strategy_bet (trial_id, strategy_name, sport, as_of, game_id, market, side, line, book, price, probability, market_probability, edge)
				SELECT v_trial, run_backtest.strategy, league, moment, s.game_id, s.market, s.side, s.line, s.book, k.price, s.probability, s.market_probability, s.edge
				FROM wanted AS s
				CROSS JOIN LATERAL struck_price(s.game_id, s.market, s.side, s.line, s.book, s.price, moment, latency, slippage, rejection, seed) AS k (price)
				WHERE k.price > 1
				RETURNING 1
			)
			SELECT (SELECT count(*) FROM bet), (SELECT count(*) FROM said AS r WHERE r.lacks <> '{}'),
				ARRAY(SELECT DISTINCT f FROM said AS r, unnest(r.lacks) AS f)
			INTO bets, mute, lacks;
			total := total + bets;
			muted := muted + mute;
			lacked := lacked || lacks;
			done := done + 1;
			IF clock_timestamp() > told + interval '5 seconds' THEN
				told := clock_timestamp();
				RAISE NOTICE '% on %: decision % of %, % bets', run_backtest.strategy, league, done, cardinality(rounds), total;
			END IF;
		END LOOP;
		PERFORM settle_backtest(run_backtest.strategy, league, greatest(now(), until));
		DELETE FROM backtest_trial_week AS w WHERE w.trial_id = v_trial AND w.week BETWEEN date_trunc('week', since AT TIME ZONE zone) AND until AT TIME ZONE zone;
		INSERT INTO backtest_trial_week (trial_id, week, bets, profit)
		SELECT v_trial, w.week, count(*), sum(b.profit ORDER BY b.game_id)
		FROM strategy_bet AS b CROSS JOIN LATERAL (SELECT date_trunc('week', b.as_of AT TIME ZONE zone)::date AS week) AS w
		WHERE b.trial_id = v_trial AND b.result <> 'void' AND w.week BETWEEN date_trunc('week', since AT TIME ZONE zone) AND until AT TIME ZONE zone
		GROUP BY w.week;
		DELETE FROM strategy_performance AS p USING sport_mondays(league, since, until) AS m
		WHERE p.strategy_name = run_backtest.strategy AND p.sport = league AND p.backtest_date = m.backtest_date;
		INSERT INTO strategy_performance (strategy_name, sport, backtest_date, window_from, window_to, total_bets, win_rate, roi_per_100, clv, roi_lower, roi_upper, clv_bets, clv_lower, clv_upper)
		SELECT run_backtest.strategy, league, m.backtest_date, m.begins - run_backtest.period, m.begins, count(b.profit),
			count(*) FILTER (WHERE b.result IN ('win', 'half_win'))::float8 / nullif(count(b.profit) FILTER (WHERE b.result <> 'push'), 0),
			-- in one order: a sum of floats depends on it in its last bit
			100 * (roi_interval(b.profit, 1 ORDER BY b.game_id)).roi, avg(b.clv ORDER BY b.game_id),
			100 * (roi_interval(b.profit, 1 ORDER BY b.game_id)).lower, 100 * (roi_interval(b.profit, 1 ORDER BY b.game_id)).upper,
			count(b.clv), (paired_difference(b.clv, 0 ORDER BY b.game_id)).lower, (paired_difference(b.clv, 0 ORDER BY b.game_id)).upper
		FROM sport_mondays(league, since, until) AS m
		LEFT JOIN strategy_bet AS b ON b.strategy_name = run_backtest.strategy AND b.sport = league AND b.result <> 'void'
			AND b.settled_at >= m.begins - run_backtest.period AND b.settled_at < m.begins
		GROUP BY m.backtest_date, m.begins;
	END LOOP;
	IF muted > 0 THEN
		RAISE WARNING 'strategy "%": % signals without % are not bet', run_backtest.strategy, muted,
			(SELECT string_agg(DISTINCT f, ' or ' ORDER BY f) FROM unnest(lacked) AS f);
	END IF;
	RETURN total;
END $$;
COMMENT ON FUNCTION run_backtest(text, timestamptz, timestamptz, text, interval, interval, interval, float8, float8, int, int) IS
'Plays a strategy over the past: at every decision time in [since, until) of a sport (NULL: all) its function is called as of then, signals within its limits (strategy_says()) of at least min_differential_threshold with a market probability are bet one unit each, the strongest of a decision first (of equal ones the lower game_id), at most max_recommendations_per_day (or day_limit) a day of the sport''s time zone, a game once, players'' markets left out; they are settled by results known later. For every Monday in (since, until] one row of strategy_performance is written from the bets settled in the period before it. Returns the number of bets. A signal without game_id, market, side, book, price, probability or edge is not bet, and one warning a run names the strategy and what is missing. lead_time: decided so long before the decision time; latency, slippage, rejection, seed: see struck_price(). Under which settings is a row of backtest_trial; the orchestrator judges what ran last, so try other conditions on a strategy of another name. Running it again replaces the bets and rows of the period. Errors: unknown strategy or sport (42704), a strategy without its function (42883), an empty period or window or conditions that cannot be (22023), whatever the strategy raises.';

CREATE FUNCTION backtest_due(for_sport text DEFAULT NULL, as_of timestamptz DEFAULT now(), period interval DEFAULT '1 year')
RETURNS TABLE (strategy_name text, sport text, starts timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
SET timezone = 'UTC'
BEGIN ATOMIC
	SELECT y.strategy_name, s.sport, coalesce((max(p.window_to) FILTER (WHERE p.window_to <= as_of AND p.window_to > as_of - backtest_due.period)) - interval '7 days', as_of - backtest_due.period)
	FROM sport AS s
	CROSS JOIN strategy AS y
	LEFT JOIN strategy_performance AS p ON p.strategy_name = y.strategy_name AND p.sport = s.sport
	WHERE (for_sport IS NULL OR s.sport = for_sport) AND EXISTS (SELECT FROM game AS g WHERE g.sport = s.sport)
	GROUP BY y.strategy_name, s.sport
	ORDER BY s.sport, y.strategy_name;
END;
COMMENT ON FUNCTION backtest_due(text, timestamptz, interval) IS
'From when on each strategy has to be run in each sport with games so that its strategy_performance is complete at as_of: a week before its latest row, since facts come late; period back when it has none in the window.';

CREATE PROCEDURE backtest_strategies(sport text DEFAULT NULL, as_of timestamptz DEFAULT now(), period interval DEFAULT '1 year')
LANGUAGE plpgsql
-- A procedure that commits has no search_path of its own: every name is qualified.
AS $$
DECLARE
	due pg_catalog.record;
BEGIN
	PERFORM bet_edge.expect_to_commit('backtest_strategies');
	FOR due IN SELECT * FROM bet_edge.backtest_due(backtest_strategies.sport, as_of, backtest_strategies.period) LOOP
		BEGIN
			PERFORM bet_edge.run_backtest(due.strategy_name, due.starts, as_of, due.sport, backtest_strategies.period);
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'strategy % in % could not be backtested: %', due.strategy_name, due.sport, SQLERRM;
		END;
		COMMIT;
	END LOOP;
END $$;
COMMENT ON PROCEDURE backtest_strategies(text, timestamptz, interval) IS
'Brings strategy_performance up to as_of for every strategy, in one sport or in all that have games: run_backtest() from backtest_due() on. Run it daily, before refresh_strategies(): a strategy without a row in seven days is off. Commits after each strategy; one that fails is warned of and does not hold up the others.';

CREATE PROCEDURE backtest_history(sports text[] DEFAULT NULL, strategies text[] DEFAULT NULL, period interval DEFAULT '1 year')
LANGUAGE plpgsql
-- A procedure that commits has no search_path of its own: every name is qualified.
AS $$
DECLARE
	due pg_catalog.record;
BEGIN
	PERFORM bet_edge.expect_to_commit('backtest_history');
	FOR due IN
		SELECT y.strategy_name, k.sport, k.first_start, k.last_result
		FROM (SELECT g.sport, pg_catalog.min(f.starts_at) AS first_start, pg_catalog.max(r.known_at) AS last_result
			FROM bet_edge.game AS g JOIN bet_edge.fixture AS f USING (game_id) JOIN bet_edge.result AS r USING (game_id) GROUP BY g.sport) AS k
		CROSS JOIN bet_edge.strategy AS y
		WHERE (sports IS NULL OR k.sport = ANY (sports)) AND (backtest_history.strategies IS NULL OR y.strategy_name = ANY (backtest_history.strategies))
		ORDER BY k.sport, y.strategy_name
	LOOP
		BEGIN
			PERFORM bet_edge.run_backtest(due.strategy_name, due.first_start - interval '8 days', due.last_result + interval '8 days', due.sport, backtest_history.period);
		EXCEPTION WHEN OTHERS THEN
			RAISE WARNING 'strategy % in % could not be backtested: %', due.strategy_name, due.sport, SQLERRM;
		END;
		COMMIT;
	END LOOP;
END $$;
COMMENT ON PROCEDURE backtest_history(text[], text[], interval) IS
'run_backtest() of every strategy (or strategies) in every sport with results (or sports) over all that is loaded, from the first game to the last result. Commits after each; one that fails is warned of and does not hold up the others. backtest_report() has the result.';
