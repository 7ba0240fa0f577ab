#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/conformal.h"

PG_FUNCTION_INFO_V1(bet_edge_conformal_quantile);
PG_FUNCTION_INFO_V1(bet_edge_conformal_interval);
PG_FUNCTION_INFO_V1(bet_edge_conformal_accum);
PG_FUNCTION_INFO_V1(bet_edge_conformal_final);

static double
arg_alpha(double alpha)
{
	if (!(alpha > 0 && alpha < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha must be above 0 and below 1, not %g", alpha),
				 errhint("alpha is the miscoverage: 0.1 for intervals that hold 90%% of outcomes.")));
	return alpha;
}

static double
quantile_of_array(ArrayType *array, double alpha)
{
	int			n;
	double	   *scores = arg_float8s(array, "scores", 0, MaxAllocSize / sizeof(double), &n);
	double	   *copy;
	double		quantile;

	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("scores must not be empty")));
	copy = (double *) palloc(n * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		if (isnan(scores[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scores[%d] must be a number, not NaN", i + 1)));
		copy[i] = scores[i];
	}
	quantile = conformal_order_statistic(copy, n, arg_alpha(alpha));
	pfree(copy);
	return quantile;
}

Datum
bet_edge_conformal_quantile(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(quantile_of_array(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_FLOAT8(1)));
}

Datum
bet_edge_conformal_interval(PG_FUNCTION_ARGS)
{
	double		prediction = arg_finite(PG_GETARG_FLOAT8(0), "prediction");
	double		sigma = arg_finite(PG_GETARG_FLOAT8(3), "sigma");
	double		reach;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (sigma <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sigma must be above 0, not %g", sigma)));
	reach = quantile_of_array(PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_FLOAT8(2)) * sigma;
	if (reach < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scores must be absolute errors, but their quantile is %g", reach / sigma)));
	values[0] = Float8GetDatum(prediction - reach);
	values[1] = Float8GetDatum(prediction + reach);
	return row_datum(fcinfo, values, nulls);
}

/* ---- the aggregate: all scores of a group ---------------------------------------------- */

Datum
bet_edge_conformal_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double		score,
				alpha;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		score = PG_GETARG_FLOAT8(1);
		alpha = PG_GETARG_FLOAT8(2);
		if (isnan(score))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("score must be a number, not NaN")));
		if (state == NULL)
			(void) arg_alpha(alpha);
		series_same(state, alpha);
		*series_add(fcinfo, &state, 1) = score;
		state->constant = alpha;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* Reorders the scores of the state, which changes nothing that a later row or call can see. */
Datum
bet_edge_conformal_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(conformal_order_statistic(state->values, state->n, state->constant));
}
