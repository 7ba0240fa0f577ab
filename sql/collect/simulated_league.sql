-- simulated_league: a football league whose true probabilities are known, for the demo and for tests.

CREATE TABLE simulated_truth (
	game_id     bigint PRIMARY KEY REFERENCES game ON DELETE CASCADE,
	p_home      float8 NOT NULL,
	p_draw      float8 NOT NULL,
	p_away      float8 NOT NULL,
	lambda_home float8 NOT NULL,
	lambda_away float8 NOT NULL,
	p_over      float8 NOT NULL,
	handicap    float8 NOT NULL,
	p_handicap  float8 NOT NULL
);
COMMENT ON TABLE simulated_truth IS 'The probabilities that the goals of simulate_league() were drawn from. Nothing but tests and demonstrations may read it: no bettor knows it.';
COMMENT ON COLUMN simulated_truth.lambda_home IS 'Expected goals of the home side before the low-score correction.';
COMMENT ON COLUMN simulated_truth.p_over IS 'Probability of more than 2.5 goals.';
COMMENT ON COLUMN simulated_truth.handicap IS 'The Asian handicap that is quoted: goals added to the home side, the quarter line nearest to an even bet.';
COMMENT ON COLUMN simulated_truth.p_handicap IS 'Probability that 1 / price is fair for the home side of that handicap: share won of the stake that is not pushed.';
SELECT pg_catalog.pg_extension_config_dump('bet_edge.simulated_truth', '');

CREATE FUNCTION simulated_uniform(seed int, key text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (('x' || left(md5(seed || ':' || key), 13))::bit(52)::bigint + 0.5::float8) / 4503599627370496;
COMMENT ON FUNCTION simulated_uniform(int, text) IS
'A number in (0, 1) that looks uniform and depends on seed and key alone: 52 bits of their MD5. The same on every server and version, unlike random(); the same key gives the same number.';

CREATE FUNCTION simulated_normal(seed int, key text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN sqrt(-2 * ln(simulated_uniform(seed, key || ':r'))) * cos(2 * pi() * simulated_uniform(seed, key || ':a'));
COMMENT ON FUNCTION simulated_normal(int, text) IS
'A standard normal number that depends on seed and key alone: simulated_uniform() through Box and Muller''s transformation.';

CREATE FUNCTION simulated_calendar(teams int, seasons int, first_season int, fixtures_ahead boolean)
RETURNS TABLE (season int, round int, starts_at timestamptz, decided_at timestamptz, played boolean)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	rounds    CONSTANT int := 2 * (teams - 1);
	-- Tuesdays where forty Saturdays are too few; some always.
	tuesdays  CONSTANT int := greatest(rounds - 40, rounds / 8);
	saturdays CONSTANT int := rounds - tuesdays;
BEGIN
	IF teams < 4 OR teams > 40 OR teams % 2 = 1 THEN
		RAISE EXCEPTION 'teams must be an even number from 4 to 40, not %', teams USING ERRCODE = 'invalid_parameter_value';
	ELSIF seasons < 1 OR seasons > 100 THEN
		RAISE EXCEPTION 'seasons must be from 1 to 100, not %', seasons USING ERRCODE = 'invalid_parameter_value';
	ELSIF first_season < 1900 OR first_season > 2200 THEN
		RAISE EXCEPTION 'first_season must be from 1900 to 2200, not %', first_season USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY
	WITH week AS (
		SELECT y, i, make_date(y, 8, 10) + (13 - extract(isodow FROM make_date(y, 8, 10))::int) % 7 + 7 * (i * 40 / saturdays) AS saturday
		FROM generate_series(first_season, first_season + seasons - 1 + fixtures_ahead::int) AS y CROSS JOIN generate_series(0, saturdays - 1) AS i
	), slot AS (
		SELECT y, (saturday + time '15:00') AT TIME ZONE 'UTC' AS at FROM week
		UNION ALL
		SELECT y, (saturday + 3 + time '19:45') AT TIME ZONE 'UTC'
		FROM week JOIN generate_series(1, tuesdays) AS j ON i = j * saturdays / (tuesdays + 1)
	), numbered AS (
		SELECT y, row_number() OVER (PARTITION BY y ORDER BY at)::int AS number, at, y < first_season + seasons AS complete FROM slot
	)
	SELECT y, number, at, decision_time('SIM', at), complete OR number <= 5 FROM numbered WHERE complete OR number <= 6 ORDER BY y, number;
END $$;
COMMENT ON FUNCTION simulated_calendar(int, int, int, boolean) IS
'The rounds of a simulated league: a double round robin on Saturdays and some Tuesdays between August and May; with fixtures_ahead five rounds of one more season and a sixth that is not played. teams is even, 4 to 40; seasons 1 to 100; first_season 1900 to 2200; anything else is refused.';

CREATE FUNCTION load_simulated_league(payload_id bigint)
RETURNS TABLE (rows_read int, games int, quotes int, rejects int)
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
-- The planner knows nothing of the rows of a WITH query and would loop over them.
SET enable_nestloop = off
AS $$
DECLARE
	names CONSTANT text[] := ARRAY['Alderwick', 'Bramley Vale', 'Carrowmoor', 'Dunsmere', 'Eastholm', 'Fenwater', 'Garrowby',
		'Hartsley', 'Inverlea', 'Jarrowfield', 'Kelsworth', 'Langmoor', 'Marlow Bay', 'Northgarth', 'Oakhaven', 'Penrose',
		'Quarrybank', 'Ravenford', 'Stonebeck', 'Thornaby Hill', 'Ullesmere', 'Vexford', 'Westerdale', 'Yarrowton',
		'Ashcombe', 'Birchover', 'Coldbrook', 'Deepwell', 'Elmstead Green', 'Foxley', 'Greyabbey', 'Heronsgate',
		'Ironbridge End', 'Kingsmarsh', 'Lindenholt', 'Millrace', 'Nettleham', 'Orchard Cross', 'Pikewater', 'Rookhope'];
	factorial CONSTANT float8[] := ARRAY[1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600];
	low_score CONSTANT float8 := -0.06;
	source    payload;
	league    jsonb;
	v_seed    int;
	teams     int;
	seasons   int;
	start     int;
	ahead     boolean;
	rounds    int;
BEGIN
	SELECT * INTO source FROM payload AS p
	WHERE p.payload_id = load_simulated_league.payload_id AND p.feed = 'simulated_league';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'payload % is not there or not of feed simulated_league', payload_id USING ERRCODE = 'no_data_found';
	END IF;
	league := convert_from(source.body, 'UTF8')::jsonb;
	IF league ->> 'version' IS DISTINCT FROM '1' THEN
		RAISE EXCEPTION 'payload % asks for version % of the simulated league, this is version 1', payload_id, league ->> 'version'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	v_seed := league ->> 'seed';
	teams := league ->> 'teams';
	seasons := league ->> 'seasons';
	start := league ->> 'first_season';
	ahead := league ->> 'fixtures_ahead';
	IF num_nulls(v_seed, teams, seasons, start, ahead) > 0 THEN
		RAISE EXCEPTION 'payload % does not name every parameter of the simulated league', payload_id USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM FROM fixture AS f WHERE f.payload_id = source.payload_id;
	IF FOUND THEN
		rows_read := 0;
		games := 0;
		quotes := 0;
		rejects := 0;
		RETURN NEXT;
		RETURN;
	END IF;
	-- Two leagues would share their games' keys and mix into one.
	IF EXISTS (SELECT FROM fixture AS f JOIN game AS g USING (game_id) WHERE g.sport = 'SIM') THEN
		RAISE EXCEPTION 'another simulated league is there already'
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'One database holds one simulated league: use another database, or roll back.';
	END IF;

	rounds := 2 * (teams - 1);
	-- One statement: the league is drawn once and written to every table from the same rows.
	WITH RECURSIVE member AS MATERIALIZED (
		SELECT i AS number, names[i] AS name, stable_id('simulated:' || names[i]) AS team_id FROM generate_series(1, teams) AS i
	), calendar AS MATERIALIZED (
		SELECT c.season AS year, c.round, c.starts_at, c.decided_at, c.played FROM simulated_calendar(teams, seasons, start, ahead) AS c
	), season AS MATERIALIZED (
		SELECT DISTINCT year FROM calendar
	), seat AS MATERIALIZED (
		-- The circle method seats the teams anew each season.
		SELECT s.year, m.number, row_number() OVER (PARTITION BY s.year
			ORDER BY simulated_uniform(v_seed, concat_ws(':', 'seat', s.year, m.number)))::int - 1 AS seat
		FROM season AS s CROSS JOIN member AS m
	), pairing AS MATERIALIZED (
		SELECT r + 1 + half * (teams - 1) AS round,
			CASE WHEN flip THEN second ELSE first END AS home_seat, CASE WHEN flip THEN first ELSE second END AS away_seat
		FROM (
			SELECT r, half, (k + half + CASE WHEN k = 0 THEN r ELSE 0 END) % 2 = 1 AS flip,
				CASE WHEN k = 0 THEN teams - 1 ELSE (r + k) % (teams - 1) END AS first, (r - k + teams - 1) % (teams - 1) AS second
			FROM generate_series(0, teams - 2) AS r CROSS JOIN generate_series(0, teams / 2 - 1) AS k
				CROSS JOIN generate_series(0, 1) AS half) AS circle
	), drift AS MATERIALIZED (
		-- Within a season a team's quality and style wander a little from round to round.
		SELECT s.year, m.number, trait, round,
			sum(0.045 * simulated_normal(v_seed, concat_ws(':', trait, s.year, m.number, round)))
				OVER (PARTITION BY s.year, m.number, trait ORDER BY round) AS moved
		FROM season AS s CROSS JOIN member AS m CROSS JOIN unnest(ARRAY['quality', 'style']) AS trait CROSS JOIN generate_series(1, rounds) AS round
	), trait AS (
		SELECT start AS year, m.number, t.trait, simulated_normal(v_seed, concat_ws(':', t.trait, m.number)) AS value
		FROM member AS m CROSS JOIN unnest(ARRAY['quality', 'style']) AS t(trait)
		UNION ALL
		SELECT t.year + 1, t.number, t.trait, 0.85 * (t.value + d.moved) + 0.45 * simulated_normal(v_seed, concat_ws(':', t.trait, t.year + 1, t.number))
		FROM trait AS t JOIN drift AS d ON d.year = t.year AND d.number = t.number AND d.trait = t.trait AND d.round = rounds
		WHERE t.year < start + seasons - 1 + ahead::int
	), strength AS MATERIALIZED (
		SELECT q.year, q.number, d.round, 0.25 * (q.value + d.moved) + 0.07 * (y.value + e.moved) AS attack,
			-0.21 * (q.value + d.moved) + 0.07 * (y.value + e.moved) AS leak
		FROM trait AS q
		JOIN drift AS d ON d.year = q.year AND d.number = q.number AND d.trait = 'quality'
		JOIN trait AS y ON y.year = q.year AND y.number = q.number AND y.trait = 'style'
		JOIN drift AS e ON e.year = q.year AND e.number = q.number AND e.trait = 'style' AND e.round = d.round
		WHERE q.trait = 'quality'
	), meeting AS (
		SELECT c.year, c.round, c.starts_at, c.decided_at, c.played, h.team_id AS home_id, a.team_id AS away_id,
			'SIM:' || c.year || ':' || h.name || ':' || a.name || ':1' AS game_key,
			least(greatest(exp(0.40 + hs.attack + aws.leak), 0.25), 4.5) AS lambda,
			least(greatest(exp(0.14 + aws.attack + hs.leak), 0.25), 4.5) AS mu
		FROM calendar AS c
		JOIN pairing AS p ON p.round = c.round
		JOIN seat AS ht ON ht.year = c.year AND ht.seat = p.home_seat
		JOIN seat AS at ON at.year = c.year AND at.seat = p.away_seat
		JOIN member AS h ON h.number = ht.number
		JOIN member AS a ON a.number = at.number
		JOIN strength AS hs ON hs.year = c.year AND hs.round = c.round AND hs.number = ht.number
		JOIN strength AS aws ON aws.year = c.year AND aws.round = c.round AND aws.number = at.number
	), met AS MATERIALIZED (
		SELECT m.*, stable_id(m.game_key) AS game_id, simulated_uniform(v_seed, m.game_key || ':score') AS luck FROM meeting AS m
	), cell AS MATERIALIZED (
		SELECT n, n / 13 AS h, n % 13 AS a FROM generate_series(0, 168) AS n
	), drawn AS MATERIALIZED (
		-- The grid of scores, 0..12 each: one uniform number picks the score, sums give the truth.
		SELECT m.*, s.*
		FROM met AS m CROSS JOIN LATERAL (
			SELECT sum(p) FILTER (WHERE h > a) / max(total) AS p_home, sum(p) FILTER (WHERE h = a) / max(total) AS p_draw,
				sum(p) FILTER (WHERE h < a) / max(total) AS p_away, sum(p) FILTER (WHERE h + a > 2) / max(total) AS p_over,
				count(*) FILTER (WHERE below < total * m.luck)::int AS score,
				array_agg(p ORDER BY n) AS grid
			FROM (
				SELECT n, h, a, p, sum(p) OVER (ORDER BY n) AS below, sum(p) OVER () AS total
				FROM (
					SELECT n, h, a, exp(-m.lambda - m.mu) * m.lambda ^ h * m.mu ^ a / (factorial[h + 1] * factorial[a + 1])
						* CASE n WHEN 0 THEN 1 - m.lambda * m.mu * low_score WHEN 1 THEN 1 + m.lambda * low_score
							WHEN 13 THEN 1 + m.mu * low_score WHEN 14 THEN 1 - low_score ELSE 1 END AS p
					FROM cell) AS density) AS cumulated) AS s
	), margin AS MATERIALIZED (
		SELECT d.game_id, c.h - c.a AS margin, sum(d.grid[c.n + 1] ORDER BY c.n) AS p FROM drawn AS d CROSS JOIN cell AS c
		GROUP BY d.game_id, c.h - c.a ORDER BY d.game_id, c.h - c.a
	), handicap AS MATERIALIZED (
		-- A quarter line wins or loses half the stake a quarter goal from it: 2x clipped to [0, 1] is the share won.
		SELECT DISTINCT ON (game_id) game_id, line, won / (won + lost) AS p_cover
		FROM (
			SELECT d.game_id, line, sum(m.p * least(1, greatest(0, 2 * (m.margin + line))) ORDER BY m.margin) AS won,
				sum(m.p * least(1, greatest(0, -2 * (m.margin + line))) ORDER BY m.margin) AS lost
			FROM drawn AS d
			CROSS JOIN LATERAL (SELECT (near - round(4 * (d.lambda - d.mu))) / 4 AS line FROM generate_series(-3, 3) AS near) AS l
			JOIN margin AS m ON m.game_id = d.game_id
			GROUP BY d.game_id, line) AS bet
		ORDER BY game_id, abs(won / (won + lost) - 0.5), line
	), add_team AS (
		INSERT INTO team (team_id, pool, name) SELECT m.team_id, 'simulated', m.name FROM member AS m
		ON CONFLICT DO NOTHING
	), add_game AS (
		INSERT INTO game (game_id, sport, season, home_id, away_id, game_key)
		SELECT d.game_id, 'SIM', d.year, d.home_id, d.away_id, d.game_key FROM drawn AS d ORDER BY d.starts_at, d.game_key
		ON CONFLICT DO NOTHING
	), add_truth AS (
		INSERT INTO simulated_truth (game_id, p_home, p_draw, p_away, lambda_home, lambda_away, p_over, handicap, p_handicap)
		SELECT d.game_id, d.p_home, d.p_draw, d.p_away, d.lambda, d.mu, d.p_over, h.line, h.p_cover
		FROM drawn AS d JOIN handicap AS h ON h.game_id = d.game_id ORDER BY d.starts_at, d.game_key
		ON CONFLICT DO NOTHING
	), add_fixture AS (
		INSERT INTO fixture (game_id, starts_at, time_known, week, known_at, recorded_at, payload_id)
		SELECT d.game_id, d.starts_at, true, d.round, d.starts_at - interval '14 days', source.received_at, source.payload_id
		FROM drawn AS d ORDER BY d.starts_at, d.game_key
	), add_result AS (
		INSERT INTO result (game_id, home_score, away_score, status, known_at, recorded_at, payload_id)
		SELECT d.game_id, d.score / 13, d.score % 13, 'final', d.starts_at + s.duration, source.received_at, source.payload_id
		FROM drawn AS d JOIN sport AS s ON s.sport = 'SIM' WHERE d.played ORDER BY d.starts_at, d.game_key
	), maker (book, overround, bias, noise, late_noise, every_market) AS (
		-- bias: exponent of the favourite-longshot bias; noise: of the log probabilities at the opening, late_noise: what comes in until the start.
		VALUES ('sim_sharp', 0.025, 0.98, 0.025, 0.008, true), ('sim_soft_1', 0.05, 0.95, 0.04, 0.03, true),
			('sim_soft_2', 0.055, 0.95, 0.045, 0.03, true), ('sim_soft_3', 0.06, 0.94, 0.05, 0.035, false), ('sim_soft_4', 0.07, 0.93, 0.06, 0.04, false)
	), outcome AS MATERIALIZED (
		SELECT d.game_id, d.game_key, 'h2h' AS market, o.side, NULL::float8 AS line, o.p
		FROM drawn AS d CROSS JOIN LATERAL (VALUES ('home', d.p_home), ('draw', d.p_draw), ('away', d.p_away)) AS o(side, p)
		UNION ALL
		SELECT d.game_id, d.game_key, 'totals', o.side, 2.5, o.p
		FROM drawn AS d CROSS JOIN LATERAL (VALUES ('over', d.p_over), ('under', 1 - d.p_over)) AS o(side, p)
		UNION ALL
		SELECT d.game_id, d.game_key, 'spreads', o.side, o.line, o.p
		FROM drawn AS d JOIN handicap AS h ON h.game_id = d.game_id
		CROSS JOIN LATERAL (VALUES ('home', h.line, h.p_cover), ('away', 0 - h.line, 1 - h.p_cover)) AS o(side, line, p)
	), belief AS MATERIALIZED (
		-- At the opening the whole market errs together and each book by itself; by the start most of both is gone.
		SELECT o.game_id, o.market, o.side, o.line, b.book, b.overround, b.bias, ln(o.p) AS truth,
			0.03 * simulated_normal(v_seed, concat_ws(':', o.game_key, o.market, o.side)) AS common,
			b.noise * simulated_normal(v_seed, concat_ws(':', o.game_key, o.market, o.side, b.book)) AS own,
			b.late_noise * simulated_normal(v_seed, concat_ws(':', o.game_key, o.market, o.side, b.book, 'late')) AS late
		FROM outcome AS o JOIN maker AS b ON b.every_market OR o.market = 'h2h'
	), weight AS (
		SELECT b.*, phase.closing, exp(b.bias * (b.truth
			+ CASE WHEN phase.closing THEN 0.4 * b.common + 0.5 * b.own + b.late ELSE b.common + b.own END)) AS weight
		FROM belief AS b CROSS JOIN (VALUES (false), (true)) AS phase(closing)
	), price AS (
		SELECT w.*, greatest(1.01, round((sum(weight) OVER (PARTITION BY game_id, market, book, closing
			ORDER BY side ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) / (weight * (1 + overround)))::numeric, 2)) AS price
		FROM weight AS w
	), add_quote AS (
		INSERT INTO quote (game_id, market, side, line, book, price, closing, known_at, recorded_at, payload_id)
		SELECT p.game_id, p.market, p.side, p.line, p.book, p.price, p.closing,
			CASE WHEN p.closing THEN d.starts_at ELSE d.decided_at END, source.received_at, source.payload_id
		FROM price AS p JOIN drawn AS d ON d.game_id = p.game_id
		WHERE d.played OR NOT p.closing
		ORDER BY d.starts_at, d.game_key, p.closing, p.book, p.market, p.side
	)
	SELECT count(*) INTO games FROM drawn;
	UPDATE payload AS p SET loaded_at = now(), rows_read = load_simulated_league.games WHERE p.payload_id = source.payload_id;
	rows_read := games;
	rejects := 0;
	quotes := (SELECT count(*) FROM quote AS q WHERE q.payload_id = source.payload_id);
	RETURN NEXT;
END $$;
COMMENT ON FUNCTION load_simulated_league(bigint) IS
'Draws the league that a payload of feed simulated_league asks for and appends its games, fixtures, results, quotes and truth; nothing when its facts are there already. Returns rows read (games), games, quotes and rejects. The same payload always gives the same rows. Refuses parameters out of range and a second league beside another.';

CREATE FUNCTION simulate_league(seed int DEFAULT 1, teams int DEFAULT 20, seasons int DEFAULT 8, first_season int DEFAULT 2016, fixtures_ahead boolean DEFAULT true)
RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
DECLARE
	content bytea := convert_to(format('{"version": 1, "seed": %s, "teams": %s, "seasons": %s, "first_season": %s, "fixtures_ahead": %s}',
		seed, teams, seasons, first_season, fixtures_ahead::text), 'UTF8');
	stored  payload;
BEGIN
	-- Received when the last fact is known: a fixed moment, so that a replay is equal.
	INSERT INTO payload (feed, name, sha256, body, received_at)
	SELECT 'simulated_league', format('seed %s', seed), encode(sha256(content), 'hex'), content,
		max(CASE WHEN c.played THEN c.starts_at + s.duration ELSE c.decided_at END)
	FROM simulated_calendar(teams, seasons, first_season, fixtures_ahead) AS c JOIN sport AS s ON s.sport = 'SIM'
	ON CONFLICT (feed, sha256) WHERE same_as IS NULL DO NOTHING;
	SELECT * INTO STRICT stored FROM payload AS p WHERE p.feed = 'simulated_league' AND p.sha256 = encode(sha256(content), 'hex');
	IF stored.loaded_at IS NULL THEN
		PERFORM load_simulated_league(stored.payload_id);
	END IF;
	RETURN stored.payload_id;
END $$;
COMMENT ON FUNCTION simulate_league(int, int, int, int, boolean) IS
'Stores and loads a football league (sport SIM) whose true probabilities are in simulated_truth: so many complete seasons of a double round robin and, with fixtures_ahead, five rounds of the next one and a sixth with opening prices but without results. One sharp and four soft books, opening and closing quotes. Everything follows from the arguments: the same call changes nothing. Returns the payload_id. Refuses an odd number of teams, fewer than 4 or more than 40, seasons below 1 and a second league beside another.';
