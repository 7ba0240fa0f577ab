#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <limits.h>

#include "utils/float.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/bootstrap.h"

PG_FUNCTION_INFO_V1(bet_edge_roi_bootstrap_accum);
PG_FUNCTION_INFO_V1(bet_edge_mean_bootstrap_accum);
PG_FUNCTION_INFO_V1(bet_edge_bootstrap_final);
PG_FUNCTION_INFO_V1(bet_edge_path_bootstrap);

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

static void
check_replicates(int32 replicates)
{
	if (replicates < BOOTSTRAP_LEAST || replicates > BOOTSTRAP_MOST)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("replicates must be between %d and %d, not %d", BOOTSTRAP_LEAST, BOOTSTRAP_MOST, replicates)));
}

static Datum
accumulate(FunctionCallInfo fcinfo, double value, double weight, int64 cluster, int32 replicates, int32 seed)
{
	series	   *state = series_state(fcinfo);
	bootstrap_row *row;

	check_replicates(replicates);
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

/* Arguments profit, stake, cluster, bankroll, years, replicates, seed. */
Datum
bet_edge_path_bootstrap(PG_FUNCTION_ARGS)
{
	static const char *const name[PATH_MEASURES] = {"return_on_bankroll", "sharpe_ratio", "sortino_ratio", "calmar_ratio",
	"max_drawdown", "max_drawdown_fraction", "longest_losing_run"};
	int			n,
				stakes,
				clusters;
	const double *profit = arg_float8s(PG_GETARG_ARRAYTYPE_P(0), "profit", 1, INT_MAX, &n);
	const double *stake = arg_float8s(PG_GETARG_ARRAYTYPE_P(1), "stake", 1, INT_MAX, &stakes);
	const int32 *cluster = arg_int4s(PG_GETARG_ARRAYTYPE_P(2), "cluster", 1, INT_MAX, &clusters);
	double		bankroll = arg_positive(PG_GETARG_FLOAT8(3), "bankroll");
	double		years = arg_positive(PG_GETARG_FLOAT8(4), "years");
	int32		replicates = PG_GETARG_INT32(5);
	bootstrap_path_interval result[PATH_MEASURES];
	bootstrap_bet *bets;
	void	   *work;
	row_set		rows;

	if (n != stakes || n != clusters)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("profit, stake and cluster must have equally many elements, not %d, %d and %d", n, stakes, clusters)));
	check_replicates(replicates);
	bets = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(bootstrap_bet));
	for (int i = 0; i < n; i++)
	{
		bets[i].profit = arg_finite(profit[i], "profit");
		bets[i].stake = arg_positive(stake[i], "stake");
		bets[i].cluster = cluster[i];
	}
	work = MemoryContextAllocHuge(CurrentMemoryContext, bootstrap_path_work(n, replicates));
	if (bootstrap_path(bets, n, bankroll, years, work, replicates, (uint32) PG_GETARG_INT32(6), series_interrupts, result) != CORE_OK)
		float_overflow_error();

	row_set_begin(fcinfo, &rows);
	for (int k = 0; k < PATH_MEASURES; k++)
	{
		Datum		values[4] = {CStringGetTextDatum(name[k]), Float8GetDatum(result[k].estimate), Float8GetDatum(result[k].lower), Float8GetDatum(result[k].upper)};
		bool		nulls[4] = {false, !isfinite(result[k].estimate), !isfinite(result[k].lower), !isfinite(result[k].upper)};

		row_set_put(&rows, values, nulls);
	}
	pfree(bets);
	pfree(work);
	return (Datum) 0;
}
