-- claim: what holds together a procedure that commits on the way. It needs no other part.

CREATE FUNCTION expect_to_commit(procedure text) RETURNS void
	AS 'MODULE_PATHNAME', 'bet_edge_expect_to_commit' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION expect_to_commit(text) IS
'An error that names the procedure where it could not commit, inside a transaction block (25001): for the beginning of one that commits on its way.';
CREATE FUNCTION hold_claim(class int, key int) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bet_edge_hold_claim' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION hold_claim(int, int) IS
'Takes the advisory lock (class, key) for this session, over commits, until release_claims() or until its transaction fails; false when another session holds it. Classes: 25189 a training run, 25190 a training target, 25191 a job (1 collect, 2 poll_live, 3 maintain).';
CREATE FUNCTION release_claims() RETURNS void
	AS 'MODULE_PATHNAME', 'bet_edge_release_claims' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION release_claims() IS 'Lets go of what hold_claim() took in this session and stops the clock of claim_deadline().';
CREATE FUNCTION claim_deadline(seconds float8) RETURNS void
	AS 'MODULE_PATHNAME', 'bet_edge_claim_deadline' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION claim_deadline(float8) IS
'Cancels what this session runs in so many seconds from now (57014), over commits, unless release_claims() comes first or its transaction fails.';
