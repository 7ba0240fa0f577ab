-- slate: the stakes of all bets of a day at once, and what was cut from each.

CREATE FUNCTION leg_result(market text, side text, line float8, margin int, total int, draws boolean) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN market = 'h2h' AND draws THEN CASE WHEN sign(margin) = CASE side WHEN 'home' THEN 1 WHEN 'away' THEN -1 ELSE 0 END THEN 1 ELSE -1 END
	WHEN market = 'h2h' THEN sign(CASE side WHEN 'home' THEN margin ELSE -margin END)
	WHEN NOT abs(line) < 10000 THEN NULL
	WHEN market = 'spreads' THEN greatest(-1, least(1, 2 * (CASE side WHEN 'home' THEN margin ELSE -margin END + line)))
	WHEN market = 'totals' THEN greatest(-1, least(1, 2 * (total - line) * CASE side WHEN 'over' THEN 1 ELSE -1 END)) END;
COMMENT ON FUNCTION leg_result(text, text, float8, int, int, boolean) IS
'What becomes of a bet on h2h, spreads or totals at a home margin and a total: 1 won, 0.5 half won, 0 pushed, -0.5 half lost, -1 lost. line belongs to the side, a multiple of 0.25; draws: a level score loses h2h, otherwise it pushes. NULL for other markets, and for a line that is none.';

CREATE FUNCTION leg_scenarios(legs signal[], law float8[] DEFAULT NULL, net_prices float8[] DEFAULT NULL, OUT probs float8[], OUT net_returns float8[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	results  CONSTANT float8[] := '{1,0.5,0,-0.5,-1}';
	prices   CONSTANT float8[] := coalesce(net_prices, ARRAY(SELECT l.price FROM unnest(legs) AS l));
	k        CONSTANT int := cardinality(legs);
	patterns int[];		-- of every scenario and leg the number of its result
	n        int;
	mass     float8[];
	factor   float8;
	off      float8;
BEGIN
	IF k = 1 OR law IS NULL THEN
		IF k <> 1 THEN
			RAISE EXCEPTION 'legs of one game need the law of its score' USING ERRCODE = 'invalid_parameter_value';
		END IF;
		SELECT array_agg(o.p ORDER BY o.i), array_agg(CASE WHEN results[o.i] > 0 THEN results[o.i] * (prices[1] - 1) ELSE results[o.i] END ORDER BY o.i)
		INTO probs, net_returns FROM unnest(legs[1].outcome) WITH ORDINALITY AS o (p, i) WHERE o.p > 0;
		RETURN;
	END IF;
	WITH cell AS (
		SELECT CASE WHEN g.a IS NOT NULL THEN g.h - g.a ELSE g.h END AS margin, CASE WHEN g.a IS NOT NULL THEN g.h + g.a ELSE g.h END AS total, g.p
		FROM (SELECT h - array_lower(law, 1) AS h, a - array_lower(law, 2) AS a, law[h][a] AS p FROM generate_subscripts(law, 1) AS h, generate_subscripts(law, 2) AS a WHERE array_ndims(law) = 2
			UNION ALL SELECT h, NULL, law[h] FROM generate_subscripts(law, 1) AS h WHERE array_ndims(law) = 1) AS g
		WHERE g.p > 0
	), pattern AS (
		SELECT r.pattern, sum(c.p) AS p
		FROM cell AS c CROSS JOIN LATERAL (SELECT array_agg((3 - 2 * leg_result(l.market, l.side, l.line, c.margin, c.total, array_ndims(law) = 2))::int ORDER BY l.n) AS pattern
			FROM unnest(legs) WITH ORDINALITY AS l (game_id, market, side, line, book, price, outcome, probability, market_probability, edge, prob_edge, strength, confidence, participant, n)) AS r
		GROUP BY r.pattern
	)
	SELECT array_agg(p.p / t.total ORDER BY p.pattern), array_agg(p.pattern ORDER BY p.pattern) INTO probs, patterns
	FROM pattern AS p CROSS JOIN (SELECT sum(x.p) AS total FROM pattern AS x) AS t;
	n := cardinality(probs);
	-- each leg wins as often as its own signal says: of all laws that do, the one closest to the score's (iterative proportional fitting)
	FOR turn IN 1..100 LOOP
		off := 0;
		FOR leg IN 1..k LOOP
			mass := '{0,0,0,0,0}';
			FOR s IN 1..n LOOP
				mass[patterns[s][leg]] := mass[patterns[s][leg]] + probs[s];
			END LOOP;
			FOR r IN 1..5 LOOP
				CONTINUE WHEN mass[r] = 0;
				factor := legs[leg].outcome[r] / mass[r];
				off := greatest(off, abs(factor - 1) * mass[r]);
				CONTINUE WHEN factor = 1;
				FOR s IN 1..n LOOP
					IF patterns[s][leg] = r THEN
						probs[s] := probs[s] * factor;
					END IF;
				END LOOP;
			END LOOP;
		END LOOP;
		EXIT WHEN off < 1e-13;
	END LOOP;
	SELECT array_agg(p / t.total ORDER BY i) INTO probs FROM unnest(probs) WITH ORDINALITY AS u (p, i) CROSS JOIN (SELECT sum(x) AS total FROM unnest(probs) AS x) AS t;
	IF probs[1] IS NULL THEN
		RAISE EXCEPTION 'no score brings what the legs say together' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT array_agg(CASE WHEN results[patterns[s][leg]] > 0 THEN results[patterns[s][leg]] * (prices[leg] - 1) ELSE results[patterns[s][leg]] END ORDER BY s, leg)
	INTO net_returns FROM generate_series(1, n) AS s, generate_series(1, k) AS leg;
END $$;
COMMENT ON FUNCTION leg_scenarios(signal[], float8[], float8[]) IS
'The scenarios of bets on one game, for kelly_scenarios() and kelly_slate(): every combination of results that law allows, its probability, and net_returns, the profit per unit of each leg in it, scenario after scenario. law: a grid of scores (then a draw loses h2h), or a law of margins or of totals whose subscripts are the numbers (then a tie pushes); not needed for one leg. net_prices: what each leg pays after commission (net_odds()); NULL: its price. Each leg''s results keep the probabilities of its own signal: the law is moved to them by the least relative entropy, so that it says only what comes together. Errors: several legs without a law, or that no score can bring together (22023).';

CREATE FUNCTION leg_scenarios_at_worst(legs signal[], net_prices float8[] DEFAULT NULL, OUT probs float8[], OUT net_returns float8[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH result AS (	-- up to which chance a leg has at least this result
		SELECT l.n, r.i, least(sum(l.outcome[r.i]) OVER (PARTITION BY l.n ORDER BY r.i), 1) AS reach,
			CASE WHEN r.result > 0 THEN r.result * (coalesce(net_prices[l.n], l.price) - 1) ELSE r.result END AS net
		FROM (SELECT u.ordinality AS n, u.outcome, u.price FROM unnest(legs) WITH ORDINALITY AS u) AS l
		CROSS JOIN unnest('{1,0.5,0,-0.5,-1}'::float8[]) WITH ORDINALITY AS r (result, i)
	), step AS (
		SELECT c.reach, c.reach - lag(c.reach, 1, 0::float8) OVER (ORDER BY c.reach) AS p
		FROM (SELECT DISTINCT CASE r.i WHEN 5 THEN 1 ELSE r.reach END AS reach FROM result AS r WHERE r.reach > 0) AS c
	), scenario AS (
		SELECT s.reach, s.p, (SELECT array_agg(x.net ORDER BY x.n) FROM (SELECT DISTINCT ON (r.n) r.n, r.net FROM result AS r WHERE r.i = 5 OR r.reach >= s.reach ORDER BY r.n, r.i) AS x) AS net
		FROM step AS s WHERE s.p > 0
	)
	SELECT (SELECT array_agg(s.p / t.total ORDER BY s.reach) FROM scenario AS s), (SELECT array_agg(u.net ORDER BY s.reach, u.n) FROM scenario AS s, unnest(s.net) WITH ORDINALITY AS u (net, n))
	FROM (SELECT sum(s.p) AS total FROM scenario AS s) AS t;
END;
COMMENT ON FUNCTION leg_scenarios_at_worst(signal[], float8[]) IS
'Scenarios as leg_scenarios() has them, for bets of which no law says how they come together: as if the best fate of one always met the best of the others (comonotonic). Of all joint laws with the legs'' own probabilities this has the largest sum in the convex order, so that stakes grow a bankroll under any other at least as fast as under it: those that it gives are the best against the worst that could be. net_prices: what each leg pays after commission; NULL: its price.';

CREATE FUNCTION player_leg_scenarios(legs signal[], same_game float8, net_prices float8[] DEFAULT NULL, OUT probs float8[], OUT net_returns float8[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	part   record;
	law    record;
	places int[] := '{}';	-- whose legs product has, in its order
	chance float8[] := '{1}';
	nets   float8[] := '{}';
	width  int := 0;
BEGIN
	IF NOT coalesce(same_game BETWEEN 0 AND 1, false) THEN
		RAISE EXCEPTION 'same_game must be between 0 and 1, not %', coalesce(same_game::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT w.probs, w.net_returns INTO probs, net_returns FROM leg_scenarios_at_worst(legs, net_prices) AS w;
	FOR part IN SELECT array_agg(l.n::int ORDER BY l.n) AS numbers, array_agg(legs[l.n] ORDER BY l.n) AS legs, CASE WHEN net_prices IS NOT NULL THEN array_agg(net_prices[l.n] ORDER BY l.n) END AS prices
		FROM (SELECT u.ordinality AS n, u.participant FROM unnest(legs) WITH ORDINALITY AS u) AS l WHERE same_game < 1 GROUP BY coalesce(l.participant, '') ORDER BY min(l.n)
	LOOP
		SELECT w.* INTO law FROM leg_scenarios_at_worst(part.legs, part.prices) AS w;
		IF cardinality(part.numbers) = cardinality(legs) OR cardinality(chance) * cardinality(law.probs) > 4096 THEN
			RETURN;
		END IF;
		SELECT array_agg(u.v ORDER BY i, j, u.k) INTO nets FROM generate_subscripts(chance, 1) AS i, generate_subscripts(law.probs, 1) AS j,
			LATERAL unnest(nets[(i - 1) * width + 1:i * width] || law.net_returns[(j - 1) * cardinality(part.numbers) + 1:j * cardinality(part.numbers)]) WITH ORDINALITY AS u (v, k);
		SELECT array_agg(p * q ORDER BY i, j) INTO chance FROM unnest(chance) WITH ORDINALITY AS x (p, i), unnest(law.probs) WITH ORDINALITY AS y (q, j);
		places := places || part.numbers;
		width := cardinality(places);
	END LOOP;
	IF width > 0 THEN
		probs := ARRAY(SELECT same_game * p FROM unnest(probs) WITH ORDINALITY AS u (p, i) WHERE same_game > 0 ORDER BY i) || ARRAY(SELECT (1 - same_game) * p FROM unnest(chance) WITH ORDINALITY AS u (p, i) ORDER BY i);
		net_returns := CASE WHEN same_game > 0 THEN net_returns ELSE '{}' END || ARRAY(SELECT nets[(i - 1) * width + array_position(places, n)] FROM generate_subscripts(chance, 1) AS i, generate_series(1, width) AS n ORDER BY i, n);
	END IF;
END $$;
COMMENT ON FUNCTION player_leg_scenarios(signal[], float8, float8[]) IS
'Scenarios as leg_scenarios() has them of bets on one game that have players among them: with the chance same_game (0 to 1) as leg_scenarios_at_worst(), else what different players do, and the score, independent of each other; bets on one player, and those on the score, always at worst. Each leg keeps its own probabilities, any two of different players have a rank correlation of same_game, and their best and worst come together more often than in a normal law of that correlation. Where the combinations would be more than 4096, all at worst. net_prices: what each leg pays after commission; NULL: its price. Errors: same_game outside 0 to 1 (22023). Source: mixture of the copulas M and P of Frechet (1958), Nelsen 2006, 2.2.';

CREATE FUNCTION leg_group(outcomes int, market text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN market NOT IN ('h2h', 'spreads', 'totals') THEN NULL WHEN outcomes = 3 THEN 'score' WHEN market = 'totals' THEN 'total' ELSE 'margin' END;
COMMENT ON FUNCTION leg_group(int, text) IS
'Legs of one game in one group depend on each other: with draws (outcomes 3) all that the score decides, otherwise what the margin decides and what the total does, which one law has independent of each other. NULL for another market, which stands for itself.';

CREATE FUNCTION reference_law(outcomes int, legs signal[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN outcomes = 3 THEN dixon_coles_grid(1.5, 1.2, -0.05)
		WHEN max(l.market) = 'totals' THEN total_law(avg(l.line), ROW(greatest(sqrt(avg(l.line)), 1), '{}')::key_numbers)
		ELSE margin_law(0, ROW(12, '{}')::key_numbers) END
	FROM unnest(legs) AS l;
END;
COMMENT ON FUNCTION reference_law(int, signal[]) IS
'An ordinary game''s law, for legs of a game of which no model says the score: leg_scenarios() takes from it what comes together, and the chances from the legs.';

CREATE FUNCTION slate_scenarios(said signal[], as_of timestamptz, same_game float8 DEFAULT 1, OUT numbers int[], OUT bets float8[], OUT scenarios float8[], OUT probs float8[], OUT net_returns float8[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	WITH leg AS MATERIALIZED (
		SELECT l.n, g.sport, k.outcomes, said[l.n] AS leg, l.game_id, net_odds(l.price, coalesce(b.commission, 0)) AS net_price,
			CASE WHEN bool_or(l.participant IS NOT NULL) OVER (PARTITION BY l.game_id) THEN 'players' ELSE coalesce(leg_group(k.outcomes, l.market), 'leg ' || l.n) END AS part
		FROM (SELECT u.ordinality AS n, u.game_id, u.market, u.participant, u.book, u.price FROM unnest(said) WITH ORDINALITY AS u) AS l
		JOIN game AS g ON g.game_id = l.game_id JOIN sport AS k ON k.sport = g.sport LEFT JOIN book AS b ON b.book = l.book
	), part AS MATERIALIZED (
		SELECT l.game_id, l.part, min(l.sport) AS sport, min(l.outcomes) AS outcomes, array_agg(l.leg ORDER BY l.n) AS legs, array_agg(l.net_price ORDER BY l.n) AS net_prices, array_agg(l.n ORDER BY l.n) AS numbers
		FROM leg AS l GROUP BY l.game_id, l.part
	), law AS MATERIALIZED (
		-- asked for where it is needed: of sports with a game of several legs
		SELECT p.game_id, p.grid, p.margins, p.totals
		FROM (SELECT DISTINCT x.sport FROM part AS x WHERE cardinality(x.legs) > 1 AND x.part <> 'players' AND slate_scenarios.as_of IS NOT NULL) AS s
		CROSS JOIN LATERAL predict_scores(s.sport, slate_scenarios.as_of) AS p
	), listed AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY p.game_id, p.part) AS place, p.numbers, s.probs, s.net_returns
		FROM part AS p LEFT JOIN law AS w ON w.game_id = p.game_id
		CROSS JOIN LATERAL (
			SELECT a.* FROM player_leg_scenarios(p.legs, slate_scenarios.same_game, p.net_prices) AS a WHERE p.part = 'players'
			UNION ALL SELECT a.* FROM leg_scenarios(p.legs, CASE WHEN cardinality(p.legs) > 1 THEN
				coalesce(CASE p.part WHEN 'score' THEN w.grid WHEN 'margin' THEN w.margins ELSE w.totals END, reference_law(p.outcomes, p.legs)) END, p.net_prices) AS a WHERE p.part <> 'players') AS s
	)
	SELECT (SELECT array_agg(u.n ORDER BY l.place, u.i) FROM listed AS l, unnest(l.numbers) WITH ORDINALITY AS u (n, i)),
		(SELECT array_agg(cardinality(l.numbers) ORDER BY l.place) FROM listed AS l), (SELECT array_agg(cardinality(l.probs) ORDER BY l.place) FROM listed AS l),
		(SELECT array_agg(u.p ORDER BY l.place, u.i) FROM listed AS l, unnest(l.probs) WITH ORDINALITY AS u (p, i)),
		(SELECT array_agg(u.r ORDER BY l.place, u.i) FROM listed AS l, unnest(l.net_returns) WITH ORDINALITY AS u (r, i))
	INTO numbers, bets, scenarios, probs, net_returns;
END $$;
COMMENT ON FUNCTION slate_scenarios(signal[], timestamptz, float8) IS
'Bets as kelly_slate() takes them, at what they pay after their book''s commission: what depends on each other (leg_group()) as one of its games, with leg_scenarios() under the law of predict_scores() as of as_of, or of reference_law() where no model says the score (or as_of is NULL). numbers: which element of said each of its bets is. A game with a bet on a player has no law of everything: its bets are taken together by player_leg_scenarios() with same_game.';

CREATE FUNCTION slate_stakes(said signal[], rule staking_rule, bankroll numeric, as_of timestamptz DEFAULT NULL, staked jsonb DEFAULT '{}')
RETURNS TABLE (n int, kelly float8, stake numeric, growth float8, cuts jsonb)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	asked   record;
	full_of float8[];		-- shares of the bankroll, in the order of said
	pays    float8[];		-- after commission
	amount  numeric[];
	together numeric[];		-- of all bets that share the limit
	was     numeric;
	most    numeric;
	steps   jsonb[];
	limited numeric[];
	games   text[];
	books   text[];
	sports  text[];
	step    text;
BEGIN
	IF NOT coalesce(bankroll >= 0 AND bankroll < 'Infinity', false) OR rule IS NULL THEN
		RAISE EXCEPTION 'bankroll must be an amount of money and rule a row of staking_rule, not % and %', coalesce(bankroll::text, 'NULL'), coalesce(rule.staking, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF coalesce(cardinality(said), 0) = 0 OR bankroll = 0 THEN
		RETURN;
	ELSIF cardinality(said) > 500 THEN
		RAISE EXCEPTION 'a slate has at most 500 bets, not %', cardinality(said) USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT * INTO asked FROM slate_scenarios(said, slate_stakes.as_of, coalesce(rule.same_game, 1));	-- rules stored before there was one have none
	IF cardinality(asked.numbers) IS DISTINCT FROM cardinality(said) THEN
		RAISE EXCEPTION 'a signal of the slate is on a game that is not known' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	full_of := (SELECT array_agg(u.f ORDER BY u.n) FROM unnest(asked.numbers, kelly_slate(asked.bets, asked.scenarios, asked.probs, asked.net_returns)) AS u (n, f));
	amount := ARRAY(SELECT trunc(bankroll * f::numeric, 8) FROM unnest(full_of) WITH ORDINALITY AS u (f, i) ORDER BY i);
	steps := array_fill('[]'::jsonb, ARRAY[cardinality(said)]);
	SELECT array_agg(s.game_id::text ORDER BY s.ordinality), array_agg(s.book ORDER BY s.ordinality), array_agg(g.sport ORDER BY s.ordinality),
		array_agg(net_odds(s.price, coalesce(b.commission, 0)) ORDER BY s.ordinality)
	INTO games, books, sports, pays FROM unnest(said) WITH ORDINALITY AS s JOIN game AS g ON g.game_id = s.game_id LEFT JOIN book AS b ON b.book = s.book;
	IF slate_stakes.as_of IS NOT NULL THEN
		limited := ARRAY(SELECT q.max_stake::numeric FROM unnest(said) WITH ORDINALITY AS s
			LEFT JOIN LATERAL (SELECT min(x.max_stake) AS max_stake FROM quotes(s.game_id, slate_stakes.as_of) AS x
				WHERE x.market = s.market AND x.side = s.side AND x.line IS NOT DISTINCT FROM s.line AND x.book = s.book AND x.price = s.price AND x.participant IS NOT DISTINCT FROM s.participant) AS q ON true
			ORDER BY s.ordinality);
	END IF;
	-- a limit of one bet before those of several, so that nothing is cut twice for one reason
	FOREACH step IN ARRAY '{probability_error,fraction,max_stake,max_tier,book_limit,max_game,max_book,max_sport,max_day,stake_unit,min_stake}'::text[] LOOP
		together := CASE WHEN step IN ('max_game', 'max_book', 'max_sport', 'max_day') THEN
			(SELECT array_agg(t.together ORDER BY t.i) FROM (SELECT u.i, sum(u.amount) OVER (PARTITION BY u.shared) AS together
				FROM unnest(amount, CASE step WHEN 'max_game' THEN games WHEN 'max_book' THEN books WHEN 'max_sport' THEN sports END) WITH ORDINALITY AS u (amount, shared, i)) AS t)
			ELSE amount END;
		FOR i IN 1..cardinality(said) LOOP
			was := amount[i];
			most := CASE step WHEN 'max_stake' THEN bankroll * rule.max_stake::numeric
				WHEN 'max_tier' THEN bankroll * coalesce(rule.max_tier[array_position('{A,B,C}'::text[], signal_tier(said[i].edge))], 1)::numeric
				WHEN 'book_limit' THEN limited[i]
				WHEN 'max_game' THEN bankroll * rule.max_game::numeric
				WHEN 'max_book' THEN greatest(0, bankroll * rule.max_book::numeric - coalesce((staked -> 'book' ->> books[i])::numeric, 0))
				WHEN 'max_sport' THEN greatest(0, bankroll * rule.max_sport::numeric - coalesce((staked -> 'sport' ->> sports[i])::numeric, 0))
				WHEN 'max_day' THEN greatest(0, bankroll * rule.max_day::numeric - coalesce((staked ->> 'day')::numeric, 0))
				WHEN 'stake_unit' THEN rule.stake_unit WHEN 'min_stake' THEN rule.min_stake END;
			amount[i] := CASE
				WHEN step = 'probability_error' THEN CASE WHEN rule.prob_error > 0 AND kelly_fraction(said[i].probability, pays[i]) > 0
					THEN was * (kelly_shrink(said[i].probability, pays[i], rule.prob_error) / kelly_fraction(said[i].probability, pays[i]))::numeric ELSE was END
				WHEN step = 'fraction' THEN was * rule.multiplier::numeric
				WHEN step = 'stake_unit' THEN div(was, most) * most
				WHEN step = 'min_stake' THEN CASE WHEN was >= most THEN was ELSE 0 END
				WHEN together[i] > most THEN trunc(was * most / together[i], 8)	-- of what they share, each its part
				ELSE was END;
			IF amount[i] < was THEN
				steps[i] := steps[i] || jsonb_build_object('reason', step, 'before', trim_scale(was), 'after', trim_scale(amount[i]), 'limit', trim_scale(most));
			END IF;
		END LOOP;
	END LOOP;
	RETURN QUERY SELECT s.ordinality::int, full_of[s.ordinality], amount[s.ordinality], growth_rate_payoffs((amount[s.ordinality] / bankroll)::float8, s.outcome,
		ARRAY[pays[s.ordinality] - 1, (pays[s.ordinality] - 1) / 2, 0, -0.5, -1]), steps[s.ordinality]
	FROM unnest(said) WITH ORDINALITY AS s ORDER BY s.ordinality;
END $$;
COMMENT ON FUNCTION slate_stakes(signal[], staking_rule, numeric, timestamptz, jsonb) IS
'Stakes on all bets of a day at once, under a staking rule, in units of bankroll and at what each pays after its book''s commission: kelly, the shares of the bankroll that grow it fastest together (kelly_slate() over slate_scenarios()); then, one after the other, what takes from them, each with its row in cuts, {reason, before, after, limit} in money: probability_error (kelly_shrink() by the rule''s prob_error), fraction (multiplier), max_stake, max_tier, book_limit (quote.max_stake, known at as_of), max_game, max_book, max_sport and max_day, in which bets that share a limit are cut in proportion, stake_unit (rounded down) and min_stake. growth: expected log growth of the stake alone. staked: what was staked that day already, {"day": 95, "book": {"pinnacle": 20}, "sport": {"EPL": 95}}. as_of NULL: nothing is looked up, neither models nor limits. Refuses more than 500 bets, games that are not known, and what is no bankroll (22023).';
