#include "bind/args.h"
#include "bind/rows.h"

#include <math.h>

#include "core/interval.h"
#include "core/score.h"
#include "core/sum.h"

PG_FUNCTION_INFO_V1(bet_edge_forecast_brier);
PG_FUNCTION_INFO_V1(bet_edge_forecast_brier_classes);
PG_FUNCTION_INFO_V1(bet_edge_forecast_log_loss);
PG_FUNCTION_INFO_V1(bet_edge_forecast_log_loss_classes);
PG_FUNCTION_INFO_V1(bet_edge_forecast_rps);
PG_FUNCTION_INFO_V1(bet_edge_brier_accum);
PG_FUNCTION_INFO_V1(bet_edge_brier_classes_accum);
PG_FUNCTION_INFO_V1(bet_edge_log_loss_accum);
PG_FUNCTION_INFO_V1(bet_edge_log_loss_classes_accum);
PG_FUNCTION_INFO_V1(bet_edge_rps_accum);
PG_FUNCTION_INFO_V1(bet_edge_score_combine);
PG_FUNCTION_INFO_V1(bet_edge_score_final);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_accum);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_combine);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_final);

#define MAX_CLASSES 1000

/* ---- one forecast: the arguments that start at argno ---------------------------------------- */

static double
binary_brier(FunctionCallInfo fcinfo, int argno)
{
	double		p = arg_probability(PG_GETARG_FLOAT8(argno), "prob");
	double		off = p - PG_GETARG_BOOL(argno + 1);

	return off * off;
}

/* Clipped to [eps, 1-eps] when called with eps. */
static double
binary_log_loss(FunctionCallInfo fcinfo, int argno)
{
	double		p = arg_probability(PG_GETARG_FLOAT8(argno), "prob");

	if (PG_NARGS() > argno + 2)
	{
		double		eps = arg_between(PG_GETARG_FLOAT8(argno + 2), 0, 0.5, "eps");

		p = fmin(fmax(p, eps), 1 - eps);
	}
	return score_log_event(p, PG_GETARG_BOOL(argno + 1));
}

static double *
classes(FunctionCallInfo fcinfo, int argno, int *n, int *outcome)
{
	double	   *probs = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "probs", 2, MAX_CLASSES, n);

	if (score_probs(probs, *n) != CORE_OK)
	{
		double		sum = 0;

		for (int k = 0; k < *n; k++)
			sum += arg_probability(probs[k], "each of probs");
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must sum to 1, not %.9g", sum)));
	}
	*outcome = PG_GETARG_INT32(argno + 1) - 1;
	if (*outcome < 0 || *outcome >= *n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcome must be between 1 and %d, not %d", *n, *outcome + 1)));
	return probs;
}

static double
classes_brier(FunctionCallInfo fcinfo, int argno)
{
	int			n,
				outcome;
	double	   *probs = classes(fcinfo, argno, &n, &outcome);

	return score_brier(probs, n, outcome);
}

static double
classes_log_loss(FunctionCallInfo fcinfo, int argno)
{
	int			n,
				outcome;
	double	   *probs = classes(fcinfo, argno, &n, &outcome);

	return score_log(probs[outcome]);
}

static double
classes_rps(FunctionCallInfo fcinfo, int argno)
{
	int			n,
				outcome;
	double	   *probs = classes(fcinfo, argno, &n, &outcome);

	return score_rps(probs, n, outcome);
}

Datum
bet_edge_forecast_brier(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(binary_brier(fcinfo, 0));
}

Datum
bet_edge_forecast_brier_classes(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(classes_brier(fcinfo, 0));
}

Datum
bet_edge_forecast_log_loss(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(binary_log_loss(fcinfo, 0));
}

Datum
bet_edge_forecast_log_loss_classes(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(classes_log_loss(fcinfo, 0));
}

Datum
bet_edge_forecast_rps(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(classes_rps(fcinfo, 0));
}

/* ---- means over many: state {n, sum, sum's low part} ------------------------------------------ */

typedef struct score_state
{
	double		n;
	core_sum	sum;
} score_state;

#define SCORE_STATE ((int) (sizeof(score_state) / sizeof(double)))

static Datum
accumulate(FunctionCallInfo fcinfo, const char *function, double (*loss) (FunctionCallInfo, int))
{
	ArrayType  *array;
	score_state *state = (score_state *) arg_state(fcinfo, 0, SCORE_STATE, function, &array);

	core_sum_add(&state->sum, loss(fcinfo, 1));
	state->n += 1;
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_brier_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "brier_score", binary_brier);
}

Datum
bet_edge_brier_classes_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "brier_score", classes_brier);
}

Datum
bet_edge_log_loss_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "log_loss", binary_log_loss);
}

Datum
bet_edge_log_loss_classes_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "log_loss", classes_log_loss);
}

Datum
bet_edge_rps_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "ranked_probability_score", classes_rps);
}

Datum
bet_edge_score_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	score_state *into = (score_state *) arg_state(fcinfo, 0, SCORE_STATE, "score_combine", &array);
	score_state *from = (score_state *) arg_state(fcinfo, 1, SCORE_STATE, "score_combine", &other);

	into->n += from->n;
	core_sum_merge(&into->sum, from->sum);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_score_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	score_state *state = (score_state *) arg_state(fcinfo, 0, SCORE_STATE, "score_final", &array);

	if (state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(core_sum_value(state->sum) / state->n);
}

/* ---- the mean of paired differences: state {n, mean, m2} -------------------------------------- */

#define MOMENTS_STATE ((int) (sizeof(core_moments) / sizeof(double)))

static core_moments *
moments_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	return (core_moments *) arg_state(fcinfo, argno, MOMENTS_STATE, "paired_difference", array);
}

Datum
bet_edge_paired_difference_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	core_moments *state = moments_state(fcinfo, 0, &array);

	core_moments_add(state, arg_finite(arg_finite(PG_GETARG_FLOAT8(1), "a") - arg_finite(PG_GETARG_FLOAT8(2), "b"), "a - b"));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_paired_difference_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	core_moments *state = moments_state(fcinfo, 0, &array);

	core_moments_merge(state, moments_state(fcinfo, 1, &other));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_paired_difference_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	core_moments *state = moments_state(fcinfo, 0, &array);
	Datum		values[4] = {Int64GetDatum((int64) state->n)};
	bool		nulls[4] = {0};

	if (state->n == 0)
		PG_RETURN_NULL();
	values[1] = finite_datum(state->mean);
	nulls[2] = nulls[3] = state->n < 2;
	if (state->n >= 2)
	{
		double		reach = student_975(state->n - 1) * sqrt(state->m2 / (state->n - 1) / state->n);

		values[2] = finite_datum(state->mean - reach);
		values[3] = finite_datum(state->mean + reach);
	}
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
