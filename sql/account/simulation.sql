-- simulation: a season played decision by decision, from what was known at each.

CREATE FUNCTION struck_price(game_id bigint, market text, side text, line float8, book text, price float8, as_of timestamptz,
	latency interval DEFAULT '0', slippage float8 DEFAULT 0, rejection float8 DEFAULT 0, seed int DEFAULT 0, participant text DEFAULT NULL)
RETURNS float8
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF NOT coalesce(rejection = 0 OR simulated_uniform(seed, concat_ws(' ', struck_price.game_id, struck_price.market, struck_price.side, struck_price.line, struck_price.book, extract(epoch FROM as_of), struck_price.participant)) >= rejection, false) THEN
		RETURN NULL;
	ELSIF latency IS DISTINCT FROM interval '0' THEN
		struck_price.price := (SELECT q.price FROM standing_quotes(struck_price.game_id, as_of + latency) AS q
			WHERE q.market = struck_price.market AND q.side = struck_price.side AND q.line IS NOT DISTINCT FROM struck_price.line AND q.book = struck_price.book AND q.participant IS NOT DISTINCT FROM struck_price.participant
			  AND (SELECT f.starts_at FROM fixture AS f WHERE f.game_id = struck_price.game_id AND f.known_at <= as_of + latency
			       ORDER BY f.known_at DESC, f.recorded_at DESC LIMIT 1) >= as_of + latency
			LIMIT 1);
	END IF;
	RETURN 1 + (struck_price.price - 1) * (1 - slippage);
END $$;
COMMENT ON FUNCTION struck_price(bigint, text, text, float8, text, float8, timestamptz, interval, float8, float8, int, text) IS
'At what price a bet decided at as_of is struck: the same book''s price of the side at the line latency later, with the share slippage of what it would win lost. NULL, no bet, where that line is gone or taken down by then or the game has begun, and in the share rejection of cases in which the book refuses: which ones depends on seed and the bet alone.';

CREATE FUNCTION check_conditions(lead_time interval, latency interval, slippage float8, rejection float8, seed int) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	zero CONSTANT interval := '0';
BEGIN
	IF NOT coalesce(lead_time >= zero AND latency >= zero, false) THEN
		RAISE EXCEPTION 'lead_time and latency must be at least 0, not % and %', coalesce(lead_time::text, 'NULL'), coalesce(latency::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT coalesce(slippage >= 0 AND slippage < 1 AND rejection >= 0 AND rejection < 1, false) THEN
		RAISE EXCEPTION 'slippage and rejection must be from 0 to below 1, not % and %', coalesce(slippage::text, 'NULL'), coalesce(rejection::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF seed IS NULL THEN
		RAISE EXCEPTION 'seed must be a number, not NULL' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('lead_time', nullif(lead_time, zero), 'latency', nullif(latency, zero), 'slippage', nullif(slippage, 0),
		'rejection', nullif(rejection, 0), 'seed', CASE WHEN rejection > 0 THEN seed END));
END $$;
COMMENT ON FUNCTION check_conditions(interval, interval, float8, float8, int) IS
'The conditions of a backtest or season as jsonb, those that change nothing left out; refuses (22023) what cannot be.';

CREATE FUNCTION simulate_season(sport text, season int, bankroll numeric DEFAULT 10000, staking text DEFAULT 'default', top int DEFAULT 10,
	lead_time interval DEFAULT '0', latency interval DEFAULT '0', slippage float8 DEFAULT 0, rejection float8 DEFAULT 0, max_stake numeric DEFAULT NULL, seed int DEFAULT 0)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan	-- planned once, not at every decision
AS $$
#variable_conflict use_column
DECLARE
	v_simulation bigint;
	zone         text;
	monday       date := season_start(simulate_season.sport, simulate_season.season);
	last_start   timestamptz;
	weeks        int;
	moment       timestamptz;
	pick         record;
	free         numeric;
	staked       jsonb;
	told         timestamptz := clock_timestamp();
	conditions   jsonb := check_conditions(lead_time, latency, slippage, rejection, seed);
	struck       float8;
	most         float8;
	rule         staking_rule;
	bets         bet_to_place[];
BEGIN
	SELECT * INTO rule FROM staking_rule AS r WHERE r.staking = simulate_season.staking;
	SELECT s.time_zone INTO zone FROM sport AS s WHERE s.sport = simulate_season.sport;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown sport "%"', simulate_season.sport USING ERRCODE = 'undefined_object', HINT = 'Sports are rows of bet_edge.sport.';
	ELSIF monday IS NULL THEN
		RAISE EXCEPTION 'no games of % in season %', simulate_season.sport, simulate_season.season USING ERRCODE = 'no_data_found';
	ELSIF simulate_season.bankroll IS NULL OR simulate_season.bankroll <= 0 OR simulate_season.bankroll >= 'Infinity' THEN
		RAISE EXCEPTION 'bankroll must be above 0, not %', coalesce(simulate_season.bankroll::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT coalesce(max_stake > 0 AND max_stake < 'Infinity', true) THEN
		RAISE EXCEPTION 'max_stake must be above 0, not %', max_stake USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT max(e.starts_at) INTO last_start FROM sports_events AS e WHERE e.sport = simulate_season.sport AND e.season = simulate_season.season;
	weeks := season_week(simulate_season.sport, simulate_season.season, last_start);
	INSERT INTO simulation (sport, season, staking, bankroll, settings)
	VALUES (simulate_season.sport, simulate_season.season, simulate_season.staking, simulate_season.bankroll, conditions || jsonb_strip_nulls(jsonb_build_object('top', top, 'max_stake', max_stake))) RETURNING simulation_id INTO v_simulation;

	FOR moment IN
		SELECT DISTINCT d.at
		FROM game AS g
		JOIN fixture AS f ON f.game_id = g.game_id
		CROSS JOIN LATERAL (SELECT decision_time(simulate_season.sport, f.starts_at) - lead_time AS at) AS d
		WHERE g.sport = simulate_season.sport AND g.season = simulate_season.season AND f.known_at <= d.at
		ORDER BY d.at
	LOOP
		IF staked IS NULL THEN	-- the money is there before the first decision
			PERFORM move_money('deposit', simulate_season.bankroll, moment, v_simulation);
		END IF;
		PERFORM settle_bets(moment, v_simulation);
		free := greatest((bankroll(v_simulation)).available, 0);	-- a correction may have taken back what is staked again
		WITH today AS MATERIALIZED (
			SELECT b.book, b.strategy_name, b.stake FROM weekly_bets AS b
			WHERE b.simulation_id = v_simulation AND (b.placed_at AT TIME ZONE zone)::date = (moment AT TIME ZONE zone)::date
		)
		SELECT jsonb_build_object('day', coalesce(sum(t.stake), 0), 'sport', jsonb_build_object(simulate_season.sport, coalesce(sum(t.stake), 0)),
			'book', coalesce((SELECT jsonb_object_agg(x.book, x.stake) FROM (SELECT y.book, sum(y.stake) AS stake FROM today AS y GROUP BY y.book) AS x), '{}'),
			'picks', jsonb_build_object(simulate_season.sport, coalesce((SELECT jsonb_object_agg(x.strategy_name, x.n) FROM (SELECT y.strategy_name, count(*) AS n FROM today AS y GROUP BY y.strategy_name) AS x), '{}')))
		INTO staked FROM today AS t;
		bets := '{}';
		FOR pick IN
			SELECT p.* FROM generate_picks(moment, top, false, simulate_season.sport, free, simulate_season.staking, staked => staked,
				exclude => ARRAY(SELECT DISTINCT b.game_id FROM weekly_bets AS b WHERE b.simulation_id = v_simulation), explain => false, model => false) AS p
			JOIN game AS g ON g.game_id = p.game_id AND g.season = simulate_season.season
			ORDER BY p.rank
		LOOP
			struck := struck_price(pick.game_id, pick.market, pick.side, pick.line, pick.book, pick.price, moment, latency, slippage, rejection, seed, pick.participant);
			most := (SELECT min(q.max_stake) FROM quotes(pick.game_id, moment) AS q
				WHERE q.market = pick.market AND q.side = pick.side AND q.line IS NOT DISTINCT FROM pick.line AND q.book = pick.book AND q.participant IS NOT DISTINCT FROM pick.participant);
			most := least(max_stake::float8, most);
			IF pick.stake > most THEN
				pick.stake := div(most::numeric, rule.stake_unit) * rule.stake_unit;
				CONTINUE WHEN pick.stake < rule.min_stake;
			END IF;
			CONTINUE WHEN struck IS NULL OR pick.stake <= 0;
			bets := bets || ROW(ROW(pick.game_id, pick.market, pick.side, pick.line, pick.book, struck, NULL,
				pick.probability, pick.market_probability, pick.edge, pick.prob_edge, NULL, NULL, pick.participant)::signal, pick.stake, pick.strategy_name, pick.model_id)::bet_to_place;
		END LOOP;
		PERFORM place_bets(v_simulation, moment, bets);
		IF clock_timestamp() > told + interval '5 seconds' THEN
			told := clock_timestamp();
			RAISE NOTICE '% %: week % of %, bankroll %', simulate_season.sport, simulate_season.season, season_week(simulate_season.sport, simulate_season.season, moment), weeks,
				round((bankroll(v_simulation)).bankroll, 2);
		END IF;
	END LOOP;
	IF staked IS NULL THEN	-- nothing was to be decided
		PERFORM move_money('deposit', simulate_season.bankroll, now(), v_simulation);
	END IF;
	PERFORM settle_bets('infinity', v_simulation);

	-- NULL at the end stands for a season of which the model priced no game: then the market stands alone
	INSERT INTO weekly_performance (simulation_id, sport, season, week, week_starts, bets, won, turnover, profit, roi, win_rate, clv, bankroll,
		model_brier, market_brier, games)
	WITH priced AS MATERIALIZED (
		SELECT week_of_season(monday, f.starts_at, zone) AS week, f.outcome, f.model, f.market_close
		FROM season_forecasts(simulate_season.sport, simulate_season.season) AS f
		WHERE f.market_close IS NOT NULL
	), forecast AS (
		SELECT p.week, count(*)::int AS games, brier_score(p.model, p.outcome) AS model_brier, brier_score(p.market_close, p.outcome) AS market_brier
		FROM priced AS p
		WHERE p.model IS NOT NULL OR NOT EXISTS (SELECT FROM priced AS x WHERE x.model IS NOT NULL)
		GROUP BY p.week
	), bet AS (
		SELECT b.week, count(*)::int AS bets, count(*) FILTER (WHERE b.result IN ('win', 'half_win'))::int AS won,
			count(*) FILTER (WHERE b.result <> 'push') AS decided, sum(b.stake) AS turnover, sum(b.profit) AS profit, avg(b.clv) AS clv
		FROM weekly_bets AS b WHERE b.simulation_id = v_simulation AND b.result <> 'void' GROUP BY b.week
	)
	SELECT v_simulation, simulate_season.sport, simulate_season.season, w, monday + 7 * (w - 1), coalesce(b.bets, 0), coalesce(b.won, 0), coalesce(b.turnover, 0), coalesce(b.profit, 0),
		b.profit::float8 / b.turnover::float8, b.won::float8 / nullif(b.decided, 0), b.clv, h.bankroll,
		f.model_brier, f.market_brier, coalesce(f.games, 0)
	FROM generate_series(1, weeks) AS w
	LEFT JOIN bet AS b ON b.week = w
	LEFT JOIN forecast AS f ON f.week = w
	CROSS JOIN LATERAL (
		SELECT x.bankroll FROM bankroll_history AS x
		WHERE x.simulation_id = v_simulation AND (x.at < (monday + 7 * w)::timestamp AT TIME ZONE zone OR x.event = 'deposit')
		ORDER BY x.bankroll_id DESC LIMIT 1) AS h
	ORDER BY w;
	UPDATE simulation AS s SET finished_at = clock_timestamp() WHERE s.simulation_id = v_simulation;
	RETURN v_simulation;
END $$;
COMMENT ON FUNCTION simulate_season(text, int, numeric, text, int, interval, interval, float8, float8, numeric, int) IS
'Plays a season of a sport as it would have been played live and returns the simulation_id. At every decision time, in order: settle what is known, take the available money (open bets lock theirs), generate_picks() as of then with it (at most top bets a day under the staking rule staking, a game once), place them. At the end everything with a result is settled; rows are in weekly_bets, bankroll_history and weekly_performance, the sum in season_summary(). Bets are made only by strategies that strategy_configuration had switched on by then: see run_backtest() and replay_strategies(). bankroll: money at the start. lead_time: decided so long before the sport''s decision time; latency, slippage, rejection, seed: at what price a bet is struck, see struck_price(); a stake is at most max_stake and what the book takes at the price (quote.max_stake). All of it is kept in simulation.settings, and repeat_simulation() plays it again. Errors: unknown sport or staking rule, no games of the season, a bankroll or limit that is not above 0, conditions that cannot be.';

CREATE FUNCTION repeat_simulation(simulation bigint) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	was simulation;
BEGIN
	SELECT * INTO was FROM simulation AS s WHERE s.simulation_id = repeat_simulation.simulation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown simulation %', coalesce(repeat_simulation.simulation::text, 'NULL') USING ERRCODE = 'undefined_object', HINT = 'Simulations are rows of bet_edge.simulation.';
	END IF;
	RETURN simulate_season(was.sport, was.season, was.bankroll, was.staking, coalesce((was.settings ->> 'top')::int, 10),
		coalesce((was.settings ->> 'lead_time')::interval, '0'), coalesce((was.settings ->> 'latency')::interval, '0'),
		coalesce((was.settings ->> 'slippage')::float8, 0), coalesce((was.settings ->> 'rejection')::float8, 0),
		(was.settings ->> 'max_stake')::numeric, coalesce((was.settings ->> 'seed')::int, 0));
END $$;
COMMENT ON FUNCTION repeat_simulation(bigint) IS
'Plays a simulated season again with the parameters that its row of simulation keeps, and returns the new simulation_id: the same bets to the last bit while facts, models, staking rule and strategy_configuration of that time are the same. Refuses an unknown simulation (42704).';


CREATE FUNCTION season_summary(simulation bigint, OUT sport text, OUT season int, OUT bets int, OUT open_bets int, OUT turnover numeric, OUT profit numeric,
	OUT roi float8, OUT roi_lower float8, OUT roi_upper float8, OUT clv_bets int, OUT clv float8, OUT clv_lower float8, OUT clv_upper float8,
	OUT win_rate float8, OUT starting_bankroll numeric, OUT final_bankroll numeric, OUT max_drawdown float8, OUT max_drawdown_fraction float8)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	WITH bet AS (
		SELECT * FROM weekly_bets AS b WHERE b.simulation_id = season_summary.simulation AND b.result <> 'void'
	), settled AS (
		-- bets on one game are one observation
		SELECT b.game_id, sum(b.profit)::float8 AS profit, sum(b.stake)::float8 AS stake, avg(b.clv) AS clv FROM bet AS b GROUP BY b.game_id
	), estimate AS (
		SELECT roi_interval(s.profit, s.stake) AS roi, paired_difference(s.clv, 0) AS clv FROM settled AS s
	), money AS (
		SELECT sum(b.stake) AS turnover, sum(b.profit) AS profit, count(*)::int AS bets,
			count(*) FILTER (WHERE b.result IN ('win', 'half_win'))::float8 / nullif(count(*) FILTER (WHERE b.result <> 'push'), 0) AS win_rate
		FROM bet AS b
	), fall AS (
		SELECT max_drawdown(b.profit::float8, s.bankroll::float8 ORDER BY b.settled_at, b.bet_id) AS amount,
			max_drawdown_fraction(b.profit::float8, s.bankroll::float8 ORDER BY b.settled_at, b.bet_id) AS share
		FROM bet AS b JOIN simulation AS s ON s.simulation_id = season_summary.simulation
	)
	SELECT s.sport, s.season, m.bets, (SELECT count(*)::int FROM weekly_bets AS b WHERE b.simulation_id = season_summary.simulation AND b.result IS NULL),
		coalesce(m.turnover, 0), coalesce(m.profit, 0), (e.roi).roi, (e.roi).lower, (e.roi).upper,
		coalesce((e.clv).n, 0)::int, (e.clv).mean, (e.clv).lower, (e.clv).upper, m.win_rate,
		s.bankroll, (bankroll(season_summary.simulation)).bankroll, f.amount, f.share
	INTO sport, season, bets, open_bets, turnover, profit, roi, roi_lower, roi_upper, clv_bets, clv, clv_lower, clv_upper, win_rate,
		starting_bankroll, final_bankroll, max_drawdown, max_drawdown_fraction
	FROM simulation AS s, estimate AS e, money AS m, fall AS f
	WHERE s.simulation_id = season_summary.simulation;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'unknown simulation %', season_summary.simulation USING ERRCODE = 'undefined_object', HINT = 'Simulations are rows of bet_edge.simulation.';
	END IF;
END $$;
COMMENT ON FUNCTION season_summary(bigint) IS
'A simulated season in one row: bets (voids left out), turnover, profit, roi = profit/turnover with its 95 % interval clustered by game, mean closing line value with its interval over the clv_bets bets (games) that were placed before a close that is known, share won, bankroll at start and end (open bets at their stakes), largest fall from a peak in money and as a share of the peak, in the order in which results became known. NULL for NULL; refuses an unknown simulation (42704).';
