-- bankroll: the money, as a ledger to which rows are appended.

CREATE TABLE bankroll_history (
	bankroll_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	simulation_id bigint REFERENCES simulation ON DELETE CASCADE,
	entry         bigint NOT NULL CHECK (entry > 0),
	at            timestamptz NOT NULL,
	event         text NOT NULL CHECK (event IN ('deposit', 'withdrawal', 'stake', 'return', 'reversal', 'correction')),
	bet_id        bigint REFERENCES weekly_bets ON DELETE CASCADE,
	amount        numeric NOT NULL CHECK (amount > '-Infinity' AND amount < 'Infinity'),
	locked        numeric NOT NULL CHECK (locked > '-Infinity' AND locked < 'Infinity'),
	available     numeric NOT NULL,
	at_risk       numeric NOT NULL CHECK (at_risk >= 0),
	bankroll      numeric GENERATED ALWAYS AS (available + at_risk) STORED,
	note          text,
	recorded_at   timestamptz NOT NULL DEFAULT now(),
	CHECK ((event IN ('stake', 'return', 'reversal')) = (bet_id IS NOT NULL)),
	CHECK (CASE event WHEN 'stake' THEN amount < 0 AND locked = 0 - amount WHEN 'return' THEN amount >= 0 AND locked < 0 WHEN 'reversal' THEN amount <= 0 AND locked > 0
		WHEN 'deposit' THEN amount >= 0 AND locked = 0 WHEN 'withdrawal' THEN amount <= 0 AND locked = 0 ELSE locked = 0 END),
	-- only what takes a payout back may leave less than nothing
	CHECK (available >= 0 OR event NOT IN ('stake', 'withdrawal'))
);
COMMENT ON TABLE bankroll_history IS 'The ledger: every movement of money is a row, and no row is ever changed or deleted. available + at_risk = bankroll; a stake moves money from the one to the other, a return brings it back with its profit, a reversal undoes a return to the digit.';
COMMENT ON COLUMN bankroll_history.entry IS '1, 2, 3, … without a gap in each bankroll (the live one and each simulation''s): every row follows from the one before it.';
COMMENT ON COLUMN bankroll_history.at IS 'When it happened: the bet was placed, the result was known.';
COMMENT ON COLUMN bankroll_history.amount IS 'Change of available: stake (negative), payout (positive), what is taken back (negative), deposit, withdrawal, correction.';
COMMENT ON COLUMN bankroll_history.locked IS 'Change of at_risk: what a stake locks, and a return sets free.';
COMMENT ON COLUMN bankroll_history.available IS 'After the movement. Below 0 only when a payout that was spent already is taken back.';
COMMENT ON COLUMN bankroll_history.note IS 'Why: of a return the result and the score, or what made it void.';
CREATE UNIQUE INDEX bankroll_history_entry ON bankroll_history (coalesce(simulation_id, 0), entry);
CREATE INDEX bankroll_history_bet ON bankroll_history (bet_id);
CREATE INDEX bankroll_history_simulation ON bankroll_history (simulation_id, bankroll_id);
SELECT pg_catalog.pg_extension_config_dump('bet_edge.bankroll_history', '');
SELECT pg_catalog.pg_extension_config_dump('bet_edge.bankroll_history_bankroll_id_seq', '');
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON bankroll_history FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON bankroll_history EXECUTE FUNCTION refuse_change();

CREATE VIEW bankroll_balance AS
SELECT h.simulation_id, sum(h.amount) AS available, sum(h.locked) AS at_risk, sum(h.amount + h.locked) AS bankroll, count(*) AS entries, max(h.at) AS at
FROM bankroll_history AS h GROUP BY h.simulation_id;
COMMENT ON VIEW bankroll_balance IS 'The balance of every bankroll as the sum of its ledger: free, staked on open bets, both together; simulation_id NULL is the live one. bankroll() gives the same at once.';

CREATE FUNCTION bankroll(simulation bigint DEFAULT NULL, OUT available numeric, OUT at_risk numeric, OUT bankroll numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(b.available, 0), coalesce(b.at_risk, 0), coalesce(b.bankroll, 0)
	FROM (SELECT 1) AS one
	LEFT JOIN LATERAL (
		SELECT h.available, h.at_risk, h.bankroll FROM bankroll_history AS h
		WHERE coalesce(h.simulation_id, 0) = coalesce(simulation, 0) ORDER BY h.entry DESC LIMIT 1) AS b ON true;
END;
COMMENT ON FUNCTION bankroll(bigint) IS 'The money now: free, staked on open bets, and both together; of a simulation or, NULL, live. Zeros before the first deposit.';

CREATE FUNCTION lock_bankroll(simulation bigint) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	SELECT pg_advisory_xact_lock(hashtextextended('bet_edge.bankroll_history', coalesce(simulation, 0)));
END;
COMMENT ON FUNCTION lock_bankroll(bigint) IS 'Waits until no other transaction moves money of this bankroll and keeps the others waiting until this one ends: one movement at a time, each from the balance that the one before it left.';

CREATE TYPE movement AS (
	at     timestamptz,
	event  text,
	bet_id bigint,
	amount numeric,
	locked numeric,
	note   text
);
COMMENT ON TYPE movement IS 'Money that is to move: a row of bankroll_history without what the row before it decides.';

CREATE FUNCTION append_movements(simulation bigint, movements movement[]) RETURNS numeric
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	last  bankroll_history;
	short record;
BEGIN
	PERFORM lock_bankroll(simulation);
	SELECT * INTO last FROM bankroll_history AS h WHERE coalesce(h.simulation_id, 0) = coalesce(simulation, 0) ORDER BY h.entry DESC LIMIT 1;
	SELECT m.event, m.amount, m.had INTO short
	FROM (SELECT x.*, coalesce(last.available, 0) + coalesce(sum(x.amount) OVER (ORDER BY x.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS had
		FROM unnest(movements) WITH ORDINALITY AS x (at, event, bet_id, amount, locked, note, n)) AS m
	WHERE m.event IN ('stake', 'withdrawal') AND m.had + m.amount < 0 ORDER BY m.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'a % of % needs more than the % available', short.event, -short.amount, short.had USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO bankroll_history (simulation_id, entry, at, event, bet_id, amount, locked, available, at_risk, note)
	SELECT simulation, coalesce(last.entry, 0) + m.n, m.at, m.event, m.bet_id, m.amount, m.locked, coalesce(last.available, 0) + sum(m.amount) OVER w, coalesce(last.at_risk, 0) + sum(m.locked) OVER w, m.note
	FROM unnest(movements) WITH ORDINALITY AS m (at, event, bet_id, amount, locked, note, n)
	WINDOW w AS (ORDER BY m.n)
	ORDER BY m.n;
	RETURN (bankroll(simulation)).available;
END $$;
COMMENT ON FUNCTION append_movements(bigint, movement[]) IS
'Appends movements to bankroll_history in the order of the array, each from the balance that the one before it left, and returns the money then available. All or none: refuses (22023) a stake or withdrawal of more than what is available at its place. What alone writes the ledger, for move_money(), place_bets(), settle_bets() and grade_bet(), which say what moves.';

CREATE FUNCTION move_money(event text, amount numeric, at timestamptz DEFAULT now(), simulation bigint DEFAULT NULL,
	bet_id bigint DEFAULT NULL, note text DEFAULT NULL)
RETURNS numeric
LANGUAGE plpgsql
SET search_path = pg_catalog, bet_edge, pg_temp
AS $$
BEGIN
	IF move_money.event IS NULL OR move_money.event <> ALL ('{deposit,withdrawal,stake,correction}') THEN
		RAISE EXCEPTION 'event must be deposit, withdrawal, stake or correction, not %', coalesce(quote_literal(move_money.event), 'NULL')
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Returns and reversals are booked by bet_edge.settle_bets() and bet_edge.grade_bet().';
	END IF;
	IF move_money.amount IS NULL OR move_money.amount = 'NaN' OR abs(move_money.amount) = 'Infinity'
		OR move_money.event <> 'correction' AND sign(move_money.amount) NOT IN (0, (CASE WHEN move_money.event IN ('stake', 'withdrawal') THEN -1 ELSE 1 END)) THEN
		RAISE EXCEPTION 'amount of a % must be %, not %', move_money.event, CASE move_money.event WHEN 'correction' THEN 'a finite amount' WHEN 'deposit' THEN 'at least 0' ELSE 'at most 0' END,
			coalesce(move_money.amount::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN append_movements(simulation, ARRAY[ROW(move_money.at, move_money.event, move_money.bet_id, move_money.amount, CASE move_money.event WHEN 'stake' THEN -move_money.amount ELSE 0 END, move_money.note)::movement]);
END $$;
COMMENT ON FUNCTION move_money(text, numeric, timestamptz, bigint, bigint, text) IS
'Appends a movement to bankroll_history and returns the money then available. event deposit (amount >= 0), withdrawal (<= 0), correction (either: what your account at the book says otherwise, with a note), stake (<= 0, with its bet: place_bet() does it). Live: SELECT move_money(''deposit'', 1000). Refuses an amount of the wrong sign, and a stake or withdrawal of more than the available money.';

CREATE FUNCTION bankroll_faults(simulation bigint DEFAULT NULL) RETURNS TABLE (bankroll_id bigint, bet_id bigint, fault text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT h.bankroll_id, h.bet_id, 'does not follow from the entry before it'
	FROM (SELECT x.*, lag(x.entry, 1, 0::bigint) OVER w AS before, lag(x.available, 1, 0::numeric) OVER w AS had, lag(x.at_risk, 1, 0::numeric) OVER w AS risked
		FROM bankroll_history AS x WHERE coalesce(x.simulation_id, 0) = coalesce(simulation, 0) WINDOW w AS (ORDER BY x.entry)) AS h
	WHERE h.entry <> h.before + 1 OR h.available <> h.had + h.amount OR h.at_risk <> h.risked + h.locked
	UNION ALL
	SELECT NULL, coalesce(b.bet_id, m.bet_id), CASE WHEN b.bet_id IS NULL THEN 'money of a bet of another bankroll' WHEN m.bet_id IS NULL THEN 'a bet without a stake' ELSE 'the bet and its money differ' END
	FROM (SELECT x.* FROM weekly_bets AS x WHERE coalesce(x.simulation_id, 0) = coalesce(simulation, 0)) AS b
	FULL JOIN (SELECT x.bet_id, sum(x.amount) AS amount, sum(x.locked) AS locked, count(*) FILTER (WHERE x.event = 'stake') AS stakes
		FROM bankroll_history AS x WHERE coalesce(x.simulation_id, 0) = coalesce(simulation, 0) AND x.bet_id IS NOT NULL GROUP BY x.bet_id) AS m ON m.bet_id = b.bet_id
	WHERE (m.amount, m.locked, m.stakes) IS DISTINCT FROM (coalesce(b.profit, 0 - b.stake), CASE WHEN b.result IS NULL THEN b.stake ELSE 0 END, 1::bigint);
END;
COMMENT ON FUNCTION bankroll_faults(bigint) IS
'Audit of a bankroll, the live one or a simulation''s: entries that do not follow from the one before, and bets whose stake, profit and state are not what the ledger adds up to. No row: the books agree to the last digit.';
