/*
 * What holds together a procedure that commits on the way: advisory locks of its session, which are let go
 * when its transaction fails, and a clock that cancels it.
 */
#include "bind/compat.h"

#include <limits.h>
#include <math.h>
#include <signal.h>

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(bet_edge_expect_to_commit);
PG_FUNCTION_INFO_V1(bet_edge_hold_claim);
PG_FUNCTION_INFO_V1(bet_edge_release_claims);
PG_FUNCTION_INFO_V1(bet_edge_claim_deadline);

#define MAX_HELD 8

static struct
{
	int32		class;
	int32		key;
}			held[MAX_HELD];
static int	n_held = 0;
static bool watching = false;
static TimeoutId deadline;

static void
release_all(void)
{
	while (n_held > 0)
	{
		n_held--;
		(void) DirectFunctionCall2(pg_advisory_unlock_int4, Int32GetDatum(held[n_held].class), Int32GetDatum(held[n_held].key));
	}
}

/* As a statement's timeout: what is running ends like a statement that the user cancels. */
static void
cancel_statement(void)
{
	kill(MyProcPid, SIGINT);
}

static void
at_end_of_transaction(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_ABORT)
		return;
	disable_timeout(deadline, false);
	release_all();
}

static void
watch(void)
{
	if (watching)
		return;
	deadline = RegisterTimeout(USER_TIMEOUT, cancel_statement);
	RegisterXactCallback(at_end_of_transaction, NULL);
	watching = true;
}

/* What COMMIT would say at the end of the first step, in words that help, before any work is lost. */
Datum
bet_edge_expect_to_commit(PG_FUNCTION_ARGS)
{
	if (IsTransactionBlock())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("%s commits on its way and cannot run inside a transaction block", text_to_cstring(PG_GETARG_TEXT_PP(0))),
				 errhint("Call it outside BEGIN and COMMIT; drivers that open a transaction by themselves have a setting for that, autocommit.")));
	PG_RETURN_VOID();
}

/* (class, key): false when another session holds it. */
Datum
bet_edge_hold_claim(PG_FUNCTION_ARGS)
{
	watch();
	if (n_held == MAX_HELD)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a session holds at most %d claims", MAX_HELD)));
	if (!DatumGetBool(DirectFunctionCall2(pg_try_advisory_lock_int4, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1))))
		PG_RETURN_BOOL(false);
	held[n_held].class = PG_GETARG_INT32(0);
	held[n_held].key = PG_GETARG_INT32(1);
	n_held++;
	PG_RETURN_BOOL(true);
}

Datum
bet_edge_release_claims(PG_FUNCTION_ARGS)
{
	watch();
	disable_timeout(deadline, false);
	release_all();
	PG_RETURN_VOID();
}

/* In so many seconds from now. */
Datum
bet_edge_claim_deadline(PG_FUNCTION_ARGS)
{
	double		seconds = PG_GETARG_FLOAT8(0);

	if (!(seconds > 0 && seconds <= INT_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("seconds must be above 0 and at most %d, not %g", INT_MAX, seconds)));
	watch();
	enable_timeout_at(deadline, GetCurrentTimestamp() + (TimestampTz) ceil(seconds * USECS_PER_SEC));
	PG_RETURN_VOID();
}
