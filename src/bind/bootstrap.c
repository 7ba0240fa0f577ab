#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include "utils/float.h"
#include "utils/memutils.h"

#include "core/bootstrap.h"

PG_FUNCTION_INFO_V1(bet_edge_roi_bootstrap_accum);
PG_FUNCTION_INFO_V1(bet_edge_mean_bootstrap_accum);
PG_FUNCTION_INFO_V1(bet_edge_bootstrap_final);

#define ROW_WIDTH ((int) (sizeof(bootstrap_row) / sizeof(double)))

/* Replicates and seed travel as the one constant of the series, a whole number below 2^53. */
static double
pack(int32 replicates, int32 seed)
{
	return replicates * 4294967296.0 + (uint32) seed;
}

static int32
packed_replicates(double constant)
{
	return (int32) (constant / 4294967296.0);
}

static uint32
packed_seed(double constant)
{
	return (uint32) (constant - packed_replicates(constant) * 4294967296.0);
}

static Datum
accumulate(FunctionCallInfo fcinfo, double value, double weight, int64 cluster, int32 replicates, int32 seed)
{
	series	   *state = series_state(fcinfo);
	bootstrap_row *row;

	if (replicates < BOOTSTRAP_LEAST || replicates > BOOTSTRAP_MOST)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("replicates must be between %d and %d, not %d", BOOTSTRAP_LEAST, BOOTSTRAP_MOST, replicates)));
	if (state != NULL && state->constant != pack(replicates, seed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("replicates and seed must be the same in all rows of a group, not %d and %u after %d and %u",
						replicates, (uint32) seed, packed_replicates(state->constant), packed_seed(state->constant))));
	row = (bootstrap_row *) series_add(fcinfo, &state, ROW_WIDTH);
	row->cluster = cluster;
	row->value = value;
	row->weight = weight;
	state->constant = pack(replicates, seed);
	PG_RETURN_POINTER(state);
}

static Datum
unchanged(FunctionCallInfo fcinfo)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static bool
any_null(FunctionCallInfo fcinfo)
{
	for (int i = 1; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

/* profit, stake, cluster, replicates, seed */
Datum
bet_edge_roi_bootstrap_accum(PG_FUNCTION_ARGS)
{
	if (any_null(fcinfo))
		return unchanged(fcinfo);
	return accumulate(fcinfo, arg_finite(PG_GETARG_FLOAT8(1), "profit"), arg_not_negative(PG_GETARG_FLOAT8(2), "stake"),
					  PG_GETARG_INT64(3), PG_GETARG_INT32(4), PG_GETARG_INT32(5));
}

/* value, cluster, replicates, seed */
Datum
bet_edge_mean_bootstrap_accum(PG_FUNCTION_ARGS)
{
	if (any_null(fcinfo))
		return unchanged(fcinfo);
	return accumulate(fcinfo, arg_finite(PG_GETARG_FLOAT8(1), "value"), 1,
					  PG_GETARG_INT64(2), PG_GETARG_INT32(3), PG_GETARG_INT32(4));
}

Datum
bet_edge_bootstrap_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	bootstrap_interval r;
	bootstrap_row *rows;
	double	   *drawn;
	Size		size;
	Datum		values[6];
	bool		nulls[6] = {0};

	if (state == NULL)
		PG_RETURN_NULL();
	/* core sorts and overwrites: the state may be asked again */
	size = (Size) state->n * sizeof(bootstrap_row);
	rows = MemoryContextAllocHuge(CurrentMemoryContext, 2 * size);
	memcpy(rows, state->values, size);
	drawn = palloc(packed_replicates(state->constant) * sizeof(double));
	if (bootstrap_ratio(rows, rows + state->n, state->n, drawn, packed_replicates(state->constant),
						packed_seed(state->constant), series_interrupts, &r) != CORE_OK)
		float_overflow_error();
	pfree(rows);
	pfree(drawn);

	values[0] = Int64GetDatum((int64) r.clusters);
	values[1] = Float8GetDatum(r.estimate);
	values[2] = Float8GetDatum(r.lower);
	values[3] = Float8GetDatum(r.upper);
	values[4] = Float8GetDatum(r.error);
	values[5] = Float8GetDatum(r.positive);
	nulls[1] = !r.known;
	nulls[2] = nulls[3] = nulls[4] = nulls[5] = !r.bounded;
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
