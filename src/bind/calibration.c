#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <limits.h>
#include <math.h>

#include "utils/memutils.h"

#include "core/calibration.h"
#include "core/order.h"
#include "core/score.h"

PG_FUNCTION_INFO_V1(bet_edge_platt_accum);
PG_FUNCTION_INFO_V1(bet_edge_platt_final);
PG_FUNCTION_INFO_V1(bet_edge_platt_apply);
PG_FUNCTION_INFO_V1(bet_edge_temperature_accum);
PG_FUNCTION_INFO_V1(bet_edge_temperature_final);
PG_FUNCTION_INFO_V1(bet_edge_temperature_apply);

#define MAX_CLASSES 1000

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
		double	   *probs = arg_class_probs(PG_GETARG_ARRAYTYPE_P(1), MAX_CLASSES, &n);
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
	double	   *probs = arg_class_probs(PG_GETARG_ARRAYTYPE_P(1), MAX_CLASSES, &n);
	double		out[MAX_CLASSES];

	if (temperature <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("temperature must be above 0, not %g", temperature)));
	temperature_apply(temperature, probs, n, out);
	PG_RETURN_ARRAYTYPE_P(float8s_array(out, n));
}

/* ---- beta ------------------------------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(bet_edge_beta_accum);
PG_FUNCTION_INFO_V1(bet_edge_beta_final);
PG_FUNCTION_INFO_V1(bet_edge_beta_apply);

/* The weight of a row: the argument there, or 1. */
static double
row_weight(FunctionCallInfo fcinfo, int argno)
{
	double		weight = PG_NARGS() > argno ? PG_GETARG_FLOAT8(argno) : 1;

	if (weight != 0 && !(weight >= 1e-100 && weight <= 1e100))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight must be 0 or between 1e-100 and 1e100, not %g", weight)));
	return weight;
}

/* A row is ln p, -ln(1-p), the outcome and the weight. */
Datum
bet_edge_beta_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!series_row_has_null(fcinfo))
	{
		double		prob = arg_probability(PG_GETARG_FLOAT8(1), "prob");
		double		weight = row_weight(fcinfo, 3);
		double	   *row;

		if (prob == 0 || prob == 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("prob must be above 0 and below 1 to be learnt from, not %g", prob),
					 errhint("No beta calibration moves a certainty.")));
		if (weight > 0)
		{
			row = series_add(fcinfo, &state, 4);
			row[0] = log(prob);
			row[1] = -log1p(-prob);
			row[2] = PG_GETARG_BOOL(2);
			row[3] = weight;
		}
	}
	return state_datum(fcinfo, state);
}

Datum
bet_edge_beta_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double		fit[3];

	if (state == NULL)
		PG_RETURN_NULL();
	if (beta_fit(state->values, state->n, fit, series_interrupts) != CORE_OK ||
		!isfinite(fit[0]) || !isfinite(fit[1]) || !isfinite(fit[2]))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("beta_fit found no curve for these " INT64_FORMAT " probabilities", state->n)));
	PG_RETURN_ARRAYTYPE_P(float8s_array(fit, 3));
}

Datum
bet_edge_beta_apply(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *fit = arg_float8s(PG_GETARG_ARRAYTYPE_P(0), "fit", 3, 3, &n);

	(void) arg_not_negative(fit[0], "a of fit");
	(void) arg_not_negative(fit[1], "b of fit");
	(void) arg_finite(fit[2], "c of fit");
	PG_RETURN_FLOAT8(beta_apply(fit, arg_probability(PG_GETARG_FLOAT8(1), "prob")));
}

/* ---- isotonic --------------------------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(bet_edge_isotonic_accum);
PG_FUNCTION_INFO_V1(bet_edge_isotonic_outcome_accum);
PG_FUNCTION_INFO_V1(bet_edge_isotonic_final);
PG_FUNCTION_INFO_V1(bet_edge_isotonic_apply);

static Datum
isotonic_add(FunctionCallInfo fcinfo, double y)
{
	series	   *state = series_state(fcinfo);
	double		score = arg_finite(PG_GETARG_FLOAT8(1), "score");
	double		weight = row_weight(fcinfo, 3);

	if (weight > 0)
	{
		double	   *row = series_add(fcinfo, &state, 3);

		order_key_set(row, score);
		row[1] = y + 0.0;
		row[2] = weight;
	}
	return state_datum(fcinfo, state);
}

Datum
bet_edge_isotonic_accum(PG_FUNCTION_ARGS)
{
	if (series_row_has_null(fcinfo))
		return state_datum(fcinfo, series_state(fcinfo));
	return isotonic_add(fcinfo, arg_between(PG_GETARG_FLOAT8(2), -1e100, 1e100, "y"));
}

Datum
bet_edge_isotonic_outcome_accum(PG_FUNCTION_ARGS)
{
	if (series_row_has_null(fcinfo))
		return state_datum(fcinfo, series_state(fcinfo));
	return isotonic_add(fcinfo, PG_GETARG_BOOL(2));
}

/* The state stays as it is: a window asks for it again. */
static double *
copied_rows(const series *state, int64 more, double **work)
{
	Size		size = (Size) state->n * state->width * sizeof(double);
	double	   *rows = MemoryContextAllocHuge(CurrentMemoryContext, size);

	memcpy(rows, state->values, size);
	*work = MemoryContextAllocHuge(CurrentMemoryContext, (Size) more * sizeof(double));
	return rows;
}

static Datum
knots_datum(FunctionCallInfo fcinfo, const double *values, int rows, long k)
{
	ArrayType  *array;
	double	   *out;

	if (k > 10000000)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the fit would have %ld knots, more than 10000000", k)));
	array = float8_matrix(rows, k, &out);
	memcpy(out, values, (Size) rows * k * sizeof(double));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_isotonic_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double	   *rows,
			   *work;

	if (state == NULL)
		PG_RETURN_NULL();
	rows = copied_rows(state, 4 * state->n, &work);
	return knots_datum(fcinfo, rows, 2, isotonic_fit(rows, work, state->n, series_interrupts));
}

typedef struct kept_fit
{
	TupleDesc	desc;
	kept_value	array;
} kept_fit;

static kept_fit *
kept(FunctionCallInfo fcinfo)
{
	return kept_state(fcinfo, sizeof(kept_fit));
}

/* The rows of the fit in argument 0: a matrix of so many, as its aggregate makes it. */
static double *
arg_fit(FunctionCallInfo fcinfo, int rows, int *k)
{
	int			n;
	double	   *fit = arg_float8_matrix((ArrayType *) arg_kept(fcinfo, 0, &kept(fcinfo)->array), "fit", INT_MAX, &n, k);

	if (n != rows)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("fit must be a matrix of %d rows, not %d", rows, n)));
	return fit;
}

Datum
bet_edge_isotonic_apply(PG_FUNCTION_ARGS)
{
	int			k;
	double	   *fit = arg_fit(fcinfo, 2, &k);
	double		value;

	if (isotonic_apply(fit, fit + k, k, arg_finite(PG_GETARG_FLOAT8(1), "score"), &value) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fit must hold ascending scores and ascending finite values, as isotonic_fit makes it")));
	PG_RETURN_FLOAT8(value);
}

/* ---- Venn-Abers ------------------------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(bet_edge_venn_abers_accum);
PG_FUNCTION_INFO_V1(bet_edge_venn_abers_final);
PG_FUNCTION_INFO_V1(bet_edge_venn_abers_apply);
PG_FUNCTION_INFO_V1(bet_edge_cross_venn_abers_accum);
PG_FUNCTION_INFO_V1(bet_edge_cross_venn_abers_combine);
PG_FUNCTION_INFO_V1(bet_edge_cross_venn_abers_final);

Datum
bet_edge_venn_abers_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!series_row_has_null(fcinfo))
	{
		double		score = arg_finite(PG_GETARG_FLOAT8(1), "score");
		double	   *row = series_add(fcinfo, &state, 2);

		order_key_set(row, score);
		row[1] = PG_GETARG_BOOL(2);
	}
	return state_datum(fcinfo, state);
}

Datum
bet_edge_venn_abers_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double	   *rows,
			   *work;
	long		k;

	if (state == NULL)
		PG_RETURN_NULL();
	rows = copied_rows(state, 7 * (state->n + 1), &work);
	k = venn_abers_fit(rows, work, state->n, series_interrupts);
	return knots_datum(fcinfo, work, 3, k);
}

Datum
bet_edge_venn_abers_apply(PG_FUNCTION_ARGS)
{
	int			k;
	double	   *fit = arg_fit(fcinfo, 3, &k);
	double		p0,
				p1;
	Datum		values[3];
	bool		nulls[3] = {0};

	venn_abers_apply(fit, fit + k, fit + 2 * (int64) k, k, arg_finite(PG_GETARG_FLOAT8(1), "score"), &p0, &p1);
	/* written so that NaN fails it */
	if (!(p0 >= 0 && p0 <= p1 && p1 <= 1 && p0 < 1 && p1 > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fit must hold ascending scores and probabilities p0 <= p1, as venn_abers_fit makes it")));
	values[0] = Float8GetDatum(p0);
	values[1] = Float8GetDatum(p1);
	values[2] = Float8GetDatum(p1 / (1 - p0 + p1));
	PG_RETURN_DATUM(row_datum_kept(fcinfo, &kept(fcinfo)->desc, values, nulls));
}

/* State {folds, sum of ln(1-p0), sum of ln p1}. */
Datum
bet_edge_cross_venn_abers_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *state = arg_state(fcinfo, 0, 3, "cross_venn_abers", &array);
	double		p0 = arg_probability(PG_GETARG_FLOAT8(1), "p0"),
				p1 = arg_probability(PG_GETARG_FLOAT8(2), "p1");

	if (p0 > p1 || p0 == 1 || p1 == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p0 and p1 must be those of venn_abers_apply, p0 below 1 and at most p1, p1 above 0, not %g and %g", p0, p1)));
	state[0] += 1;
	state[1] += log1p(-p0);
	state[2] += log(p1);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_cross_venn_abers_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	double	   *state = arg_state(fcinfo, 0, 3, "cross_venn_abers", &array);
	double	   *more = arg_state(fcinfo, 1, 3, "cross_venn_abers", &other);

	for (int i = 0; i < 3; i++)
		state[i] = arg_finite(arg_finite(state[i], "each of state") + arg_finite(more[i], "each of state"), "the sum of states");
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_cross_venn_abers_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *state = arg_state(fcinfo, 0, 3, "cross_venn_abers", &array);

	if (state[0] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(1 / (1 + exp(arg_finite(arg_finite(state[1], "state[2]") / arg_finite(state[0], "state[1]") -
											 arg_finite(state[2], "state[3]") / state[0], "the mean of state"))));
}
