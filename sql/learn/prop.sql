-- prop: models of players' counts, as a law of the count and not a mean alone.

CREATE TABLE prop_model (
	model_id bigint PRIMARY KEY REFERENCES model ON DELETE CASCADE,
	law      text NOT NULL CHECK (law IN ('negbin', 'zero_inflated', 'binomial')),
	spread   forest,
	extra_zero float8 CHECK (extra_zero >= 0 AND extra_zero < 1),
	curve    float8[] NOT NULL CHECK (array_ndims(curve) = 2),
	usual    jsonb NOT NULL,
	card     jsonb NOT NULL DEFAULT '{}',
	CHECK ((law <> 'binomial') = (spread IS NOT NULL)),
	CHECK ((law = 'zero_inflated') = (extra_zero IS NOT NULL))
);
COMMENT ON TABLE prop_model IS 'What a model of players'' counts has beside its row of model, whose forest gives the mean on top of prop_baseline().';
COMMENT ON COLUMN prop_model.spread IS 'All laws but binomial: the forest of variance over mean.';
COMMENT ON COLUMN prop_model.extra_zero IS 'Law zero_inflated: how likely the count is 0 whatever the negative binomial says.';
COMMENT ON COLUMN prop_model.curve IS 'The conformal predictive distribution: where outcomes out of fold lay in the law that was forecast for them, as hundredths {{chance by the law}, {share of outcomes}} between which isotonic_apply() interpolates. One for all means: of few lines a curve each does more harm than good (docs/props.md).';
COMMENT ON COLUMN prop_model.usual IS 'The league when it was trained, {"league_rate", "exposure"}: for players of whom nothing is known.';
COMMENT ON COLUMN prop_model.card IS 'Of a shipped model: data, span, rows, measures on the held-out season, notices.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.prop_model', '');

CREATE TABLE prop_trials (
	model_id bigint NOT NULL REFERENCES prop_model ON DELETE CASCADE,
	slot     int NOT NULL,
	weights  float8[] NOT NULL,
	PRIMARY KEY (model_id, slot)
);
COMMENT ON TABLE prop_trials IS 'Law binomial: how often a starter in this place of the order came up 0, 1, …, 9 times; slot 0: any place.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.prop_trials', '');

CREATE FUNCTION prop_mean(f forest, features real[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that it becomes a part of the query and predict() keeps the forest from row to row
RETURN predict(f, prop_inputs(features), ARRAY[prop_baseline(features)]::real[]);
COMMENT ON FUNCTION prop_mean(forest, real[]) IS 'The mean count by a prop model''s forest, which corrects prop_baseline().';

CREATE FUNCTION prop_without(features real[], unsaid text[]) RETURNS real[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN cardinality(unsaid) = 0 THEN features ELSE ARRAY(SELECT CASE WHEN n.name <> ALL (unsaid) THEN features[n.i] END FROM unnest(prop_feature_names()) WITH ORDINALITY AS n (name, i) ORDER BY n.i) END;
COMMENT ON FUNCTION prop_without(real[], text[]) IS 'Features of a prop as a question has them that leaves out unsaid, some of prop_feature_names(): those are NULL.';

CREATE FUNCTION even_number(key text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ((hashtextextended(key, 0) & 1048575) + 0.5) / 1048576;
COMMENT ON FUNCTION even_number(text) IS 'A number between 0 and 1 that a key always has: chance that can be repeated.';

CREATE FUNCTION prop_unsaid(game text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT n.name FROM (VALUES
	(0.4, '{pitcher,same_hand,starter,slot,team_exposure,team_count_ratio}'), (0.2, '{pitcher,same_hand}'), (0.2, '{same_hand}'), (0.2, '{starter,slot}'), (0.2, '{slot}'), (0.2, '{team_exposure,team_count_ratio}'),
	(0.2, '{opponent,venue,is_home,rest_days,pace}'), (0.2, '{opponent,pace}'), (0.2, '{opponent,venue,pace}'), (0.2, '{is_home,venue}'), (0.2, '{rest_days}')) AS part (chance, names), unnest(part.names::text[]) AS n (name)
	WHERE even_number(game) < 0.5 AND even_number(game || part.names) < part.chance ORDER BY n.name);
COMMENT ON FUNCTION prop_unsaid(text) IS
'What a question about that game (any key, as its id) leaves out: of half of the games nothing; of the others all news with chance 0.4, and each piece of news and of the schedule that may be unknown by itself with 0.2, as the key draws them. train_prop() learns from games as asked like this.';

CREATE FUNCTION count_size(mean float8, excess float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT, so that it becomes a part of the query
RETURN CASE WHEN mean < 'Infinity' AND excess > 0.001 AND excess < 'Infinity' THEN mean / excess ELSE 'Infinity' END;
COMMENT ON FUNCTION count_size(float8, float8) IS 'The size of a negative binomial law of that mean and variance (1 + excess) x mean: infinite, a Poisson law, where excess is not above 0 (or, as mean, no number).';

CREATE FUNCTION trials_mean(trials float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN trials[2] + 2 * trials[3] + 3 * trials[4] + 4 * trials[5] + 5 * trials[6] + 6 * trials[7] + 7 * trials[8] + 8 * trials[9] + 9 * trials[10];
COMMENT ON FUNCTION trials_mean(float8[]) IS 'The mean of 0 to 9 tries as likely as trials, which sum to 1 (prop_trials.weights).';

CREATE FUNCTION count_below(law text, mean float8, spread float8, trials float8[], count float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN count < 0 THEN 0
	WHEN law = 'negbin' THEN negbin_cdf(mean, count_size(mean, spread - 1), count)
	WHEN law = 'zero_inflated' THEN zero_inflated_negbin_cdf(mean / (1 - trials[1]), count_size(mean / (1 - trials[1]), spread - 1 - mean * trials[1] / (1 - trials[1])), trials[1], count)
	ELSE (binomial_mixture_line('{0,1,2,3,4,5,6,7,8,9}', least(mean / trials_mean(trials), 1),
		trials, count + 0.5)).prob_under END;
COMMENT ON FUNCTION count_below(text, float8, float8, float8[], float8) IS
'Probability of that whole count or less by a prop''s law before calibration: negbin of that mean and variance spread x mean (Poisson where spread is not above 1), zero_inflated of the same mean and variance, of which trials[1] are extra zeros, or binomial of 0 to 9 tries as likely as trials, which sum to 1, and that mean.';

CREATE FUNCTION trials_quantile(mean float8, trials float8[], prob float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- by itself, as a query in count_quantile() would keep it from becoming a part of those that call it
RETURN (SELECT min(k) FROM generate_series(0, 9) AS k WHERE k = 9 OR count_below('binomial', mean, NULL, trials, k) >= prob);
COMMENT ON FUNCTION trials_quantile(float8, float8[], float8) IS 'count_quantile() of law binomial.';

CREATE FUNCTION count_quantile(law text, mean float8, spread float8, trials float8[], prob float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN law = 'negbin' THEN negbin_quantile(mean, count_size(mean, spread - 1), prob)
	WHEN law = 'zero_inflated' THEN zero_inflated_negbin_quantile(mean / (1 - trials[1]), count_size(mean / (1 - trials[1]), spread - 1 - mean * trials[1] / (1 - trials[1])), trials[1], prob)
	ELSE trials_quantile(mean, trials, prob) END;
COMMENT ON FUNCTION count_quantile(text, float8, float8, float8[], float8) IS 'The least count whose count_below() is at least prob.';

CREATE FUNCTION prop_pit(law text, mean float8, spread float8, trials float8[], count float8, u float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN u BETWEEN 0 AND 1 THEN (1 - u) * count_below(law, mean, spread, trials, count - 1) + u * count_below(law, mean, spread, trials, count) END;
COMMENT ON FUNCTION prop_pit(text, float8, float8, float8[], float8, float8) IS 'Where a count lay in the law that was forecast for it, u of the way through its own probability: evenly from 0 to 1 if the law is right.';

CREATE FUNCTION train_prop(sport text, prop_type text, before_season int DEFAULT NULL, rounds int DEFAULT 240, params jsonb DEFAULT '{}', promote boolean DEFAULT true) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, bet_edge, pg_temp
SET enable_nestloop = off	-- forms that were just refreshed have old statistics
AS $$
#variable_conflict use_variable
DECLARE
	type    prop_type;
	setting jsonb := '{"objective": "count:poisson", "max_depth": 4, "eta": 0.1, "tree_method": "hist", "subsample": 0.7, "colsample_bytree": 0.7, "seed": 1}';
	wide    jsonb := '{"objective": "reg:gamma", "max_depth": 3, "eta": 0.1, "tree_method": "hist", "min_child_weight": 300, "subsample": 0.7, "seed": 1}';
	learn   constant text := 'SELECT count AS label, bet_edge.prop_inputs(features) AS features, base_margin%s FROM pg_temp.prop_example%s';
	seasons int[];
	f       forest;
	g       forest;
	extra   float8;
	newest  timestamptz;
	id      bigint;
	part    int;
BEGIN
	type := prop_type_named(sport, prop_type);
	rounds := coalesce(rounds, 240);
	params := coalesce(params, '{}');
	CREATE TEMP TABLE prop_example ON COMMIT DROP AS
	SELECT row_number() OVER (ORDER BY r.starts_at, r.game_id, r.player_id) AS id, r.season, r.count, coalesce(r.slot, 0) AS slot, r.exposure, r.known_at, r.starts_at, r.last_game_at,
		r.game_id % 2 <> 0 AS odd, even_number(r.game_id || r.player_id) AS u, n.features, ARRAY[prop_baseline(n.features)]::real[] AS base_margin, NULL::float8 AS mean, NULL::float8 AS spread
	FROM prop_form AS r
	-- as a question may be asked: what is always known in training, trees would know to be missing from first games alone
	JOIN (SELECT x.game_id, prop_unsaid(x.game_id::text) AS unsaid FROM (SELECT DISTINCT f.game_id FROM prop_form AS f WHERE f.sport = type.sport AND f.prop_type = type.prop_type) AS x OFFSET 0) AS k ON k.game_id = r.game_id
	CROSS JOIN LATERAL (SELECT prop_without(r.features, k.unsaid) AS features OFFSET 0) AS n
	WHERE r.sport = type.sport AND r.prop_type = type.prop_type AND r.game_id IS NOT NULL AND r.season < coalesce(before_season, 9999) AND prop_baseline(n.features) IS NOT NULL
	  AND (r.known_at IS NULL OR r.known_at <= r.starts_at);	-- what a correction of later touched
	seasons := ARRAY(SELECT DISTINCT e.season FROM prop_example AS e ORDER BY e.season);
	IF coalesce(cardinality(seasons), 0) < 2 THEN
		RAISE EXCEPTION 'train_prop needs two seasons of % % or more in prop_form, not %', type.sport, type.prop_type, coalesce(cardinality(seasons), 0) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'refresh_prop_forms() fills it from players'' lines.';
	END IF;
	ANALYZE prop_example;
	IF type.law = 'binomial' AND (SELECT max(e.exposure) FROM prop_example AS e) > 15 THEN
		RAISE EXCEPTION 'law binomial of % % is for an exposure of a few whole tries, not up to %', type.sport, type.prop_type, (SELECT max(e.exposure) FROM prop_example AS e) USING ERRCODE = 'invalid_parameter_value', HINT = 'prop_type.law negbin is for playing time.';
	END IF;
	-- a leaf has at least about 150 lines; few lines carry shallow trees; and as many trees as make forecasts of the newest fifth, from the other lines, better
	SELECT setting || jsonb_build_object('min_child_weight', round(150 * avg(e.count)::numeric, 2)) || CASE WHEN count(*) < 30000 THEN '{"max_depth": 3}' ELSE '{}' END::jsonb || params,
		percentile_disc(0.8) WITHIN GROUP (ORDER BY e.starts_at) INTO setting, newest FROM prop_example AS e;
	SELECT s.trees INTO rounds FROM forest_summary(train_forest(format(learn, format(', starts_at >= %L AS validation', newest), ''), setting, rounds, early_stopping => 25)) AS s;
	FOREACH part IN ARRAY seasons[greatest(2, cardinality(seasons) - 2):] LOOP
		f := train_forest(format(learn, '', format(' WHERE season < %s', part)), setting, rounds);
		UPDATE prop_example AS e SET mean = prop_mean(f, e.features) WHERE e.season = part;
	END LOOP;
	IF type.law <> 'binomial' THEN
		FOR part IN 0 .. 1 LOOP	-- of one half of the games from the other
			g := train_forest(format('SELECT (count - mean) ^ 2 / mean + 0.01 AS label, bet_edge.prop_inputs(features) AS features FROM pg_temp.prop_example WHERE mean IS NOT NULL AND odd = %L', part = 1), wide, 60);
			UPDATE prop_example AS e SET spread = predict(g, prop_inputs(e.features)) WHERE e.mean IS NOT NULL AND e.odd <> (part = 1);
		END LOOP;
		g := train_forest('SELECT (count - mean) ^ 2 / mean + 0.01 AS label, bet_edge.prop_inputs(features) AS features FROM pg_temp.prop_example WHERE mean IS NOT NULL', wide, 60);
	END IF;
	IF type.law = 'zero_inflated' THEN	-- the likeliest of forecasts out of fold; 0 where plain is as good
		SELECT z INTO extra FROM prop_example AS e CROSS JOIN unnest('{0,0.0025,0.005,0.01,0.015,0.02,0.03,0.04,0.05,0.075,0.1,0.15,0.2,0.3}'::float8[]) AS z
		WHERE e.mean IS NOT NULL GROUP BY z ORDER BY avg(-ln(greatest(count_below(type.law, e.mean, e.spread, ARRAY[z], e.count) - count_below(type.law, e.mean, e.spread, ARRAY[z], e.count - 1), 1e-12))), z LIMIT 1;
	END IF;
	f := train_forest(format(learn, '', ''), setting, rounds, prop_feature_names());
	INSERT INTO model (name, sport, bet_type, framework, features, knowledge_cutoff, training_rows, forest, sha256, stage)
	SELECT format('%s/%s/%s', type.sport, type.prop_type, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')), type.sport, type.prop_type, 'xgboost', prop_feature_names(),
		max(e.starts_at) + (SELECT s.duration FROM sport AS s WHERE s.sport = type.sport), count(*), f, forest_sha256(f), 'candidate'
	FROM prop_example AS e
	RETURNING model_id INTO id;
	INSERT INTO prop_model (model_id, law, spread, extra_zero, curve, usual)
	SELECT id, type.law, g, extra, '{{0,1},{0,1}}', jsonb_build_object('league_rate', avg(e.features[3]), 'exposure', avg(e.exposure)) FROM prop_example AS e WHERE e.season = seasons[cardinality(seasons)];
	IF type.law = 'binomial' THEN
		INSERT INTO prop_trials (model_id, slot, weights)
		SELECT id, x.slot, array_agg(x.n / x.whole ORDER BY x.tries)
		FROM (SELECT p.slot, k AS tries, count(e.id) FILTER (WHERE least(e.exposure, 9) = k) + 0.01 AS n, (count(e.id) / 10.0 + 0.1)::float8 AS whole
			FROM (SELECT DISTINCT y.slot FROM prop_example AS y UNION SELECT 0) AS p
			JOIN prop_example AS e ON p.slot IN (0, e.slot) CROSS JOIN generate_series(0, 9) AS k GROUP BY p.slot, k) AS x
		GROUP BY x.slot;
		UPDATE prop_trials AS t SET weights = ARRAY(SELECT w / (SELECT sum(y) FROM unnest(t.weights) AS y) FROM unnest(t.weights) WITH ORDINALITY AS a (w, i) ORDER BY i) WHERE t.model_id = id;
	END IF;
	UPDATE prop_model AS p SET curve = ARRAY[ARRAY[0::float8] || c.reached || 1::float8, ARRAY(SELECT k / 100.0 FROM generate_series(0, 100) AS k)::float8[]]
	FROM (SELECT percentile_cont(ARRAY(SELECT k / 100.0 FROM generate_series(1, 99) AS k)) WITHIN GROUP (ORDER BY prop_pit(type.law, e.mean, e.spread, coalesce(t.weights, ARRAY[extra]), e.count, e.u)) AS reached
		FROM prop_example AS e LEFT JOIN prop_trials AS t ON t.model_id = id AND t.slot = e.slot WHERE e.mean IS NOT NULL AND e.features[24] >= 5) AS c
	WHERE p.model_id = id AND c.reached IS NOT NULL;
	DROP TABLE prop_example;
	IF promote THEN
		PERFORM make_live(id, 'first', 'train_prop()');
	END IF;
	RETURN id;
END $$;
COMMENT ON FUNCTION train_prop(text, text, int, int, jsonb, boolean) IS
'Trains a model of a prop from prop_form, of seasons before before_season alone (NULL: all): the mean, XGBoost on top of prop_baseline(); its dispersion and conformal calibration from forecasts of up to three seasons, each by a model of the seasons before it. rounds: no more trees than so many, fewer where 25 more make forecasts of the newest fifth of the lines, from the others, no better. params go over the defaults of the mean''s trees (which are shallower below 30,000 lines). promote: it prices from now on. Returns model_id. Errors: unknown sport or prop_type (42704), fewer than two seasons, law binomial with an exposure that is no number of tries (22023).';

CREATE FUNCTION prop_asked(said real[], venue real, pace real, own real[], usual real[]) RETURNS real[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE	-- not STRICT and each element by its number, so that it becomes a part of the query
RETURN ARRAY[
	coalesce(said[1], own[1], usual[1]), coalesce(said[2], own[2], usual[2]), coalesce(said[3], own[3], usual[3]), coalesce(said[4], own[4]), coalesce(said[5], venue, own[5]),
	coalesce(said[6], own[6]), coalesce(said[7], own[7]), coalesce(said[8], own[8]), coalesce(said[9], own[9]), coalesce(said[10], own[10]),
	coalesce(said[11], own[11]), coalesce(said[12], own[12]), coalesce(said[13], own[13]), coalesce(said[14], pace, own[14]), coalesce(said[15], own[15]),
	coalesce(said[16], own[16]), coalesce(said[17], own[17]), coalesce(said[18], own[18]), coalesce(said[19], own[19]), coalesce(said[20], own[20]),
	coalesce(said[21], own[21]), coalesce(said[22], own[22]), coalesce(said[23], own[23]), coalesce(said[24], own[24], usual[24]), coalesce(said[25], own[25], usual[25]),
	coalesce(said[26], own[26]), coalesce(said[27], own[27])];
COMMENT ON FUNCTION prop_asked(real[], real, real, real[], real[]) IS
'Features of a question: what it says itself, venue and pace of the two teams, else the player''s own, else (exposure, rates, games) the usual; each array in the order of prop_feature_names().';

CREATE TYPE prop_ask AS (
	sport        text,
	prop_type    text,
	player_id    text,
	line         float8,
	game_context jsonb
);
COMMENT ON TYPE prop_ask IS 'A question for predict_props(): as the parameters of predict_prop().';

CREATE TYPE prop_question AS (
	sport        text,
	prop_type    text,
	player_id    text,
	game_context jsonb,
	asks         int[],
	lines        float8[]
);
COMMENT ON TYPE prop_question IS 'Asks of predict_props() that differ in their lines alone, as it keeps them; asks are their places.';

CREATE FUNCTION predict_props(asks prop_ask[])
RETURNS TABLE (ask int, sport text, prop_type text, player_id text, line float8, mean float8, prob_over float8, prob_under float8, prob_push float8,
	fair_over float8, fair_under float8, lower float8, upper float8, confidence float8, model_id bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 1000
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan	-- planned once a session: for one question planning would cost more than the answer
AS $$
#variable_conflict use_column
DECLARE
	bad   record;
	names constant text[] := prop_feature_names();
	-- every player, prop and context once, with its lines; and of those every prop and context
	questions constant prop_question[] := ARRAY(SELECT ROW(a.sport, a.prop_type, a.player_id, coalesce(a.game_context, '{}'), array_agg(a.n::int), array_agg(a.line))::prop_question
		FROM unnest(asks) WITH ORDINALITY AS a (sport, prop_type, player_id, line, game_context, n) GROUP BY a.sport, a.prop_type, a.player_id, coalesce(a.game_context, '{}'));
	kinds constant prop_ask[] := ARRAY(SELECT ROW(q.sport, q.prop_type, NULL, NULL, q.game_context)::prop_ask FROM unnest(questions) AS q GROUP BY q.sport, q.prop_type, q.game_context);
BEGIN
	-- what cannot be answered
	PERFORM prop_type_named(k.sport, k.prop_type) FROM (SELECT DISTINCT x.sport, x.prop_type FROM unnest(kinds) AS x) AS k;
	SELECT a.* INTO bad FROM unnest(asks) AS a WHERE a.line IS NULL OR a.line = 'NaN' OR abs(a.line) > 1e6 OR a.line * 2 <> floor(a.line * 2) OR a.player_id IS NULL LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION '%', CASE WHEN bad.player_id IS NULL THEN 'player_id must not be NULL' ELSE 'line must be a multiple of 0.5' || CASE WHEN abs(bad.line) > 1e6 THEN ' and at most a million' ELSE '' END || ', not ' || coalesce(bad.line::text, 'NULL') END USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT k.* INTO bad FROM unnest(kinds) AS k WHERE jsonb_typeof(k.game_context) <> 'object' LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'game_context must be an object, not %', bad.game_context USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT k.key, k.value INTO bad FROM unnest(kinds) AS c, jsonb_each(c.game_context) AS k
	WHERE k.key <> ALL (names) OR jsonb_typeof(k.value) NOT IN ('number', 'null') AND NOT CASE jsonb_typeof(k.value) WHEN 'string' THEN k.key IN ('opponent', 'pitcher') WHEN 'boolean' THEN k.key IN ('is_home', 'starter', 'same_hand') ELSE false END LIMIT 1;
	IF FOUND AND bad.key = ANY (names) THEN
		RAISE EXCEPTION 'game_context: % must be %, not %', bad.key, CASE WHEN bad.key IN ('opponent', 'pitcher') THEN 'a name or a number' WHEN bad.key IN ('is_home', 'starter', 'same_hand') THEN 'true, false, 0 or 1' ELSE 'a number' END, bad.value USING ERRCODE = 'datatype_mismatch';
	ELSIF FOUND THEN
		RAISE EXCEPTION 'game_context has an unknown key "%"', bad.key USING ERRCODE = 'undefined_column', HINT = 'Keys are those of prop_feature_names(): ' || array_to_string(names, ', ') || '.';
	END IF;
	SELECT k.game_context ->> 'slot' AS slot INTO bad FROM unnest(kinds) AS k
	WHERE jsonb_typeof(k.game_context -> 'slot') = 'number' AND (k.game_context ->> 'slot')::numeric NOT IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'game_context: slot must be a place in the order, 1 to 9 (0: none), not %', bad.slot USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT k.key, k.value, x.least, x.most INTO bad FROM unnest(kinds) AS c, jsonb_each(c.game_context) AS k,
		LATERAL (SELECT CASE WHEN k.key IN ('expected_exposure', 'rate', 'league_rate', 'opponent', 'venue', 'pitcher') THEN 0.001 ELSE 0 END AS least,	-- factors of the baseline
			CASE WHEN k.key IN ('is_home', 'starter', 'same_hand') THEN 1 WHEN k.key IN ('expected_exposure', 'rate', 'league_rate', 'opponent', 'venue', 'pitcher') THEN 1000 ELSE 100000 END AS most) AS x
	WHERE CASE jsonb_typeof(k.value) WHEN 'number' THEN k.value::numeric NOT BETWEEN x.least AND x.most OR k.value::numeric > 0 AND k.value::numeric < 1e-9 OR k.key IN ('is_home', 'starter', 'same_hand') AND k.value::numeric NOT IN (0, 1) END LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'game_context: % must be %, not %', bad.key, CASE WHEN bad.most = 1 THEN '0, 1, true or false' ELSE format('between %s and %s', bad.least, bad.most) END, bad.value USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT a.sport, t.prop_type INTO bad FROM unnest(kinds) AS a JOIN prop_type AS t ON t.sport = a.sport AND a.prop_type IN (t.prop_type, t.market)
	WHERE NOT EXISTS (SELECT FROM model AS m JOIN prop_model AS p ON p.model_id = m.model_id WHERE m.sport = t.sport AND m.bet_type = t.prop_type AND m.stage = 'production') LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'there is no model of % %', bad.sport, bad.prop_type USING ERRCODE = 'no_data_found', HINT = 'load_shipped_models() brings those of the extension, train_prop() makes one.';
	END IF;
	SELECT c.opponent, s.pool INTO bad FROM (SELECT DISTINCT a.sport, a.game_context ->> 'opponent' AS opponent FROM unnest(kinds) AS a WHERE jsonb_typeof(a.game_context -> 'opponent') = 'string') AS c JOIN sport AS s ON s.sport = c.sport
	WHERE NOT EXISTS (SELECT FROM team AS x WHERE x.pool = s.pool AND x.name = c.opponent) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'game_context: there is no team "%" in %', bad.opponent, bad.pool USING ERRCODE = 'undefined_object';
	END IF;

	RETURN QUERY
	WITH around AS MATERIALIZED (	-- the league (id '') and its teams
		SELECT r.sport, r.prop_type, r.id, max(r.ratio) FILTER (WHERE r.kind = 'exposure') AS exposure, max(r.ratio) FILTER (WHERE r.kind = 'league') AS league,
			max(r.ratio) FILTER (WHERE r.kind = 'opponent') AS opponent, max(r.ratio) FILTER (WHERE r.kind = 'venue') AS venue, max(r.ratio) FILTER (WHERE r.kind = 'pace') AS pace
		FROM (SELECT DISTINCT t.sport, t.prop_type FROM unnest(kinds) AS k JOIN prop_type AS t ON t.sport = k.sport AND k.prop_type IN (t.prop_type, t.market)) AS x
		JOIN prop_surrounding AS r ON r.sport = x.sport AND r.prop_type = x.prop_type AND r.kind IN ('exposure', 'league', 'opponent', 'venue', 'pace')
		GROUP BY r.sport, r.prop_type, r.id
	), kind AS MATERIALIZED (	-- what the model of a prop takes from a context, in the order of names: said in it, that of its opponent and pitcher, or usual
		SELECT k.sport, k.prop_type AS asked, k.game_context AS context, w.*, nullif(k.game_context -> 'is_home', 'null') IN ('true', '1') AS is_home, o.venue, o.pace,
			ARRAY(SELECT CASE jsonb_typeof(k.game_context -> n.name) WHEN 'number' THEN (k.game_context ->> n.name)::real WHEN 'boolean' THEN (k.game_context ->> n.name)::boolean::int::real
					ELSE CASE n.name WHEN 'opponent' THEN o.opponent WHEN 'pitcher' THEN p.ratio END::real END
				FROM unnest(names) WITH ORDINALITY AS n (name, i) ORDER BY n.i) AS said,
			ARRAY(SELECT CASE n.name WHEN 'expected_exposure' THEN coalesce(u.exposure, w.usual_exposure) WHEN 'rate' THEN 1 WHEN 'league_rate' THEN coalesce(u.league, w.usual_rate)
					WHEN 'games' THEN 0 WHEN 'season_games' THEN 0 END::real
				FROM unnest(names) WITH ORDINALITY AS n (name, i) ORDER BY n.i) AS usual
		FROM unnest(kinds) AS k
		CROSS JOIN LATERAL (SELECT t.prop_type, m.model_id, m.forest, p.law, p.spread, ARRAY[p.extra_zero] AS extra, p.curve, (p.usual ->> 'exposure')::float8 AS usual_exposure, (p.usual ->> 'league_rate')::float8 AS usual_rate,
				stable_id(s.pool || ':' || CASE WHEN jsonb_typeof(k.game_context -> 'opponent') = 'string' THEN k.game_context ->> 'opponent' END)::text AS opponent_id
			FROM prop_type AS t JOIN sport AS s ON s.sport = t.sport JOIN model AS m ON m.sport = t.sport AND m.bet_type = t.prop_type AND m.stage = 'production' JOIN prop_model AS p ON p.model_id = m.model_id
			WHERE t.sport = k.sport AND k.prop_type IN (t.prop_type, t.market) LIMIT 1) AS w
		LEFT JOIN around AS u ON u.sport = k.sport AND u.prop_type = w.prop_type AND u.id = ''
		LEFT JOIN around AS o ON o.sport = k.sport AND o.prop_type = w.prop_type AND o.id = w.opponent_id
		LEFT JOIN prop_surrounding AS p ON p.sport = k.sport AND p.prop_type = w.prop_type AND p.kind = 'pitcher' AND p.id = k.game_context ->> 'pitcher'
	), subject AS (	-- OFFSET 0: what a row has is worked out once, and not kept beyond it
		SELECT q.asks, q.lines, k.sport, k.prop_type, q.player_id, k.model_id, k.forest, k.law, k.spread, k.extra, k.curve, coalesce(f.own_share, 0) AS confidence,
			prop_asked(k.said, CASE WHEN k.is_home THEN h.venue WHEN NOT k.is_home THEN k.venue END::real, (k.pace * h.pace)::real, f.features, k.usual) AS features
		FROM unnest(questions) AS q JOIN kind AS k ON k.sport = q.sport AND k.asked = q.prop_type AND k.context = q.game_context
		LEFT JOIN prop_form AS f ON f.sport = k.sport AND f.prop_type = k.prop_type AND f.player_id = q.player_id AND f.game_id IS NULL
		LEFT JOIN around AS h ON h.sport = k.sport AND h.prop_type = k.prop_type AND h.id = f.team_id::text OFFSET 0
	), meant AS MATERIALIZED (	-- no more than every try
		SELECT s.*, coalesce(r.weights, s.extra) AS weights, least(prop_mean(s.forest, s.features), trials_mean(r.weights)) AS mean, predict(s.spread, prop_inputs(s.features)) AS wide
		FROM subject AS s LEFT JOIN prop_trials AS r ON r.model_id = s.model_id AND r.slot = coalesce(s.features[9], 0)::int
	), drawn AS (
		SELECT e.*, count_quantile(e.law, e.mean, e.wide, e.weights, e.curve[1][6]) AS lower, count_quantile(e.law, e.mean, e.wide, e.weights, e.curve[1][96]) AS upper FROM meant AS e OFFSET 0
	), reached AS (
		SELECT a.ask, a.line, d.sport, d.prop_type, d.player_id, d.mean, d.lower, d.upper, d.confidence, d.model_id, isotonic_apply(d.curve, count_below(d.law, d.mean, d.wide, d.weights, floor(a.line))) AS at_most,
			CASE WHEN a.line <= 0 THEN 0 WHEN a.line = floor(a.line) THEN isotonic_apply(d.curve, count_below(d.law, d.mean, d.wide, d.weights, a.line - 1)) END AS under
		FROM drawn AS d, unnest(d.asks, d.lines) AS a (ask, line) OFFSET 0
	)
	SELECT x.ask, x.sport, x.prop_type, x.player_id, x.line, x.mean, 1 - x.at_most, u.under, x.at_most - u.under,
		1 + u.under / nullif(1 - x.at_most, 0), 1 + (1 - x.at_most) / nullif(u.under, 0), x.lower, x.upper, x.confidence, x.model_id
	FROM reached AS x CROSS JOIN LATERAL (SELECT coalesce(x.under, x.at_most) AS under) AS u ORDER BY x.ask;	-- below half a point nothing pushes
END $$;
COMMENT ON FUNCTION predict_props(prop_ask[]) IS
'predict_prop() for a whole slate, in the order of asks (ask counts them): every player, prop and context is forecast once, whatever the number of lines.';

CREATE FUNCTION predict_prop(sport text, prop_type text, player_id text, line float8, game_context jsonb DEFAULT '{}',
	OUT mean float8, OUT prob_over float8, OUT prob_under float8, OUT prob_push float8, OUT fair_over float8, OUT fair_under float8, OUT lower float8, OUT upper float8, OUT confidence float8, OUT model_id bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT p.mean, p.prob_over, p.prob_under, p.prob_push, p.fair_over, p.fair_under, p.lower, p.upper, p.confidence, p.model_id
	FROM predict_props(ARRAY[ROW(predict_prop.sport, predict_prop.prop_type, predict_prop.player_id, predict_prop.line, predict_prop.game_context)::prop_ask]) AS p;
END;
COMMENT ON FUNCTION predict_prop(text, text, text, float8, jsonb) IS
'A player''s count against a line by the production model of that prop (its name or the key of its market), in his next game: mean, probabilities that sum to 1, fair decimal odds (the stake back on a push; NULL for a side that cannot win), the interval that holds nine outcomes of ten, and model_id. confidence, 0 to 1, is the share of his rate that is his own record, weighed by games and days ago as prop_features() does; the rest is that of the league. 0 says that nothing is known of him and a man of that role without a record answers, below the league''s average.
game_context says what is known of the game: is_home, opponent (a team''s name), rest_days, starter, slot (place in the batting order), pitcher (the opposing starter''s player_id), or any other of prop_feature_names() as a number. Errors: unknown sport, prop_type or team (42704), key (42703), a value that is no number (42804), a number out of its range, a line that is no multiple of 0.5 or beyond a million (22023), no model (P0002).';
