#include "bind/args.h"
#include "bind/series.h"

#include <math.h>

#include "core/calibration.h"
#include "core/score.h"

PG_FUNCTION_INFO_V1(bet_edge_platt_accum);
PG_FUNCTION_INFO_V1(bet_edge_platt_final);
PG_FUNCTION_INFO_V1(bet_edge_platt_apply);
PG_FUNCTION_INFO_V1(bet_edge_temperature_accum);
PG_FUNCTION_INFO_V1(bet_edge_temperature_final);
PG_FUNCTION_INFO_V1(bet_edge_temperature_apply);

#define MAX_CLASSES 1000

static double *
arg_probs(ArrayType *array, int *n)
{
	double	   *probs = arg_float8s(array, "probs", 2, MAX_CLASSES, n);
	double		sum = 0;

	for (int k = 0; k < *n; k++)
		sum += arg_probability(probs[k], "each of probs");
	if (score_probs(probs, *n) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must sum to 1, not %.9g", sum)));
	return probs;
}

static Datum
state_datum(FunctionCallInfo fcinfo, series *state)
{
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_platt_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		double		score = arg_finite(PG_GETARG_FLOAT8(1), "score");
		double	   *row = series_add(fcinfo, &state, 2);

		row[0] = score;
		row[1] = PG_GETARG_BOOL(2);
	}
	return state_datum(fcinfo, state);
}

Datum
bet_edge_platt_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double		fit[2];

	if (state == NULL)
		PG_RETURN_NULL();
	if (platt_fit(state->values, state->n, fit, series_interrupts) != CORE_OK ||
		!isfinite(fit[0]) || !isfinite(fit[1]))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("platt_fit found no sigmoid for these " INT64_FORMAT " scores", state->n),
				 errhint("Scores may span too many orders of magnitude.")));
	PG_RETURN_ARRAYTYPE_P(float8s_array(fit, 2));
}

Datum
bet_edge_platt_apply(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *fit = arg_float8s(PG_GETARG_ARRAYTYPE_P(0), "fit", 2, 2, &n);

	(void) arg_finite(fit[0], "A of fit");
	(void) arg_finite(fit[1], "B of fit");
	PG_RETURN_FLOAT8(platt_apply(fit, arg_finite(PG_GETARG_FLOAT8(1), "score")));
}

/* A row is the outcome, from 0, and the logarithm of each probability. */
Datum
bet_edge_temperature_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		int			n;
		double	   *probs = arg_probs(PG_GETARG_ARRAYTYPE_P(1), &n);
		int32		outcome = PG_GETARG_INT32(2);
		double	   *row;

		if (outcome < 1 || outcome > n)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("outcome must be between 1 and %d, not %d", n, outcome)));
		if (state != NULL && state->width != n + 1)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("probs must have %d elements in every row, not %d", state->width - 1, n)));
		row = series_add(fcinfo, &state, n + 1);
		row[0] = outcome - 1;
		for (int k = 0; k < n; k++)
			row[k + 1] = log(probs[k]);
	}
	return state_datum(fcinfo, state);
}

Datum
bet_edge_temperature_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double		temperature;

	if (state == NULL)
		PG_RETURN_NULL();
	if (temperature_fit(state->values, state->n, state->width - 1, &temperature, series_interrupts) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("temperature_fit met an outcome to which probs give 0"),
				 errhint("No temperature changes a probability of 0, and the log loss is infinite.")));
	PG_RETURN_FLOAT8(temperature);
}

Datum
bet_edge_temperature_apply(PG_FUNCTION_ARGS)
{
	double		temperature = arg_finite(PG_GETARG_FLOAT8(0), "temperature");
	int			n;
	double	   *probs = arg_probs(PG_GETARG_ARRAYTYPE_P(1), &n);
	double		out[MAX_CLASSES];

	if (temperature <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("temperature must be above 0, not %g", temperature)));
	temperature_apply(temperature, probs, n, out);
	PG_RETURN_ARRAYTYPE_P(float8s_array(out, n));
}
