#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <limits.h>
#include <math.h>

#include "utils/memutils.h"

#include "core/selection.h"

PG_FUNCTION_INFO_V1(bet_edge_probabilistic_sharpe_ratio);
PG_FUNCTION_INFO_V1(bet_edge_expected_max_sharpe);
PG_FUNCTION_INFO_V1(bet_edge_deflated_sharpe_ratio);
PG_FUNCTION_INFO_V1(bet_edge_probability_of_backtest_overfitting);
PG_FUNCTION_INFO_V1(bet_edge_backtest_overfitting);

static double
arg_at_least(int64 value, int64 least, const char *name)
{
	if (value < least)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be at least %lld, not %lld", name, (long long) least, (long long) value)));
	return (double) value;
}

/* Arguments sharpe, n, skewness and kurtosis, from the first one. */
static double
probabilistic(FunctionCallInfo fcinfo, double benchmark)
{
	double		sharpe = arg_finite(PG_GETARG_FLOAT8(0), "sharpe");
	double		n = arg_at_least(PG_GETARG_INT64(1), 2, "n");
	double		skewness = arg_finite(PG_GETARG_FLOAT8(2), "skewness");
	double		kurtosis = arg_finite(PG_GETARG_FLOAT8(3), "kurtosis");
	double		prob;

	if (selection_probabilistic(sharpe, n, skewness, kurtosis, benchmark, &prob) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("kurtosis must be at least 1 + skewness^2, %g, not %g", 1 + skewness * skewness, kurtosis),
				 errhint("It is 3 for a normal law, not the excess over 3.")));
	return prob;
}

Datum
bet_edge_probabilistic_sharpe_ratio(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(probabilistic(fcinfo, arg_finite(PG_GETARG_FLOAT8(4), "benchmark")));
}

Datum
bet_edge_expected_max_sharpe(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(selection_expected_max(arg_at_least(PG_GETARG_INT64(0), 1, "trials"), arg_not_negative(PG_GETARG_FLOAT8(1), "sharpe_variance")));
}

Datum
bet_edge_deflated_sharpe_ratio(PG_FUNCTION_ARGS)
{
	double		trials = arg_at_least(PG_GETARG_INT64(4), 1, "trials");

	PG_RETURN_FLOAT8(probabilistic(fcinfo, selection_expected_max(trials, arg_not_negative(PG_GETARG_FLOAT8(5), "sharpe_variance"))));
}

/* ---- overfitting of backtests: arguments returns, blocks ------------------------------------------ */

static selection_splits
overfitting(FunctionCallInfo fcinfo)
{
	int32		blocks = PG_GETARG_INT32(1);
	int			periods,
				strategies;
	double	   *returns = arg_float8_matrix(PG_GETARG_ARRAYTYPE_P(0), "returns", INT_MAX, &periods, &strategies);
	core_moments *work;
	selection_splits result;

	if (blocks < 2 || blocks > SELECTION_BLOCKS_MAX || blocks % 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("blocks must be an even number from 2 to %d, not %d", SELECTION_BLOCKS_MAX, blocks)));
	if (strategies < 2 || strategies > 10000)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("returns must have 2 to 10000 strategies (columns), not %d", strategies)));
	if (periods / 2 < blocks)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("returns must have at least %d periods (rows), two for each of %d blocks, not %d", 2 * blocks, blocks, periods)));
	for (int t = 0; t < periods; t++)
		for (int s = 0; s < strategies; s++)
			if (!isfinite(returns[(size_t) t * strategies + s]))
				arg_finite(returns[(size_t) t * strategies + s], psprintf("returns[%d][%d]", t + 1, s + 1));

	work = MemoryContextAllocHuge(CurrentMemoryContext, selection_work(strategies, blocks) * sizeof(core_moments));
	if (selection_overfitting(returns, periods, strategies, blocks, work, series_interrupts, &result) != CORE_OK)
		elog(ERROR, "probability_of_backtest_overfitting refused what was checked");
	pfree(work);
	return result;
}

Datum
bet_edge_probability_of_backtest_overfitting(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(overfitting(fcinfo).overfit);
}

Datum
bet_edge_backtest_overfitting(PG_FUNCTION_ARGS)
{
	selection_splits result = overfitting(fcinfo);
	Datum		values[4];
	bool		nulls[4] = {0};

	values[0] = Int64GetDatum((int64) result.splits);
	values[1] = Float8GetDatum(result.overfit);
	values[2] = Float8GetDatum(result.loss);
	values[3] = Float8GetDatum(result.mean_logit);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
