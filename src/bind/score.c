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
PG_FUNCTION_INFO_V1(bet_edge_forecast_ignorance);
PG_FUNCTION_INFO_V1(bet_edge_forecast_ignorance_classes);
PG_FUNCTION_INFO_V1(bet_edge_log_loss_combine);
PG_FUNCTION_INFO_V1(bet_edge_log_loss_final);
PG_FUNCTION_INFO_V1(bet_edge_ignorance_final);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_accum);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_combine);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_final);

#define MAX_CLASSES 1000

static pg_noinline void
refuse_probability(double p)
{
	(void) arg_probability(p, "prob");
}

/* Inline: it runs once a row. */
static inline double
arg_prob(FunctionCallInfo fcinfo, int argno)
{
	double		p = PG_GETARG_FLOAT8(argno);

	if (unlikely(!(p >= 0 && p <= 1)))
		refuse_probability(p);
	return p;
}

/* Clipped to [eps, 1-eps] when called with eps. */
static inline double
arg_clipped_prob(FunctionCallInfo fcinfo, int argno)
{
	double		p = arg_prob(fcinfo, argno);

	if (PG_NARGS() > argno + 2)
	{
		double		eps = arg_between(PG_GETARG_FLOAT8(argno + 2), 0, 0.5, "eps");

		p = fmin(fmax(p, eps), 1 - eps);
	}
	return p;
}

static pg_noinline void
refuse_classes(const double *probs, int n)
{
	double		sum = 0;

	for (int k = 0; k < n; k++)
		sum += arg_probability(probs[k], "each of probs");
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("probs must sum to 1, not %.9g", sum)));
}

/* probs and outcome of the arguments from argno on; room is of MAX_CLASSES. */
static inline const double *
arg_classes(FunctionCallInfo fcinfo, int argno, double *room, int *n, int *outcome)
{
	const double *probs = arg_float8s_datum(PG_GETARG_DATUM(argno), "probs", 2, MAX_CLASSES, room, n);

	if (unlikely(score_probs(probs, *n) != CORE_OK))
		refuse_classes(probs, *n);
	*outcome = PG_GETARG_INT32(argno + 1) - 1;
	if (unlikely(*outcome < 0 || *outcome >= *n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcome must be between 1 and %d, not %d", *n, PG_GETARG_INT32(argno + 1))));
	return probs;
}

/* ---- one forecast: the arguments that start at argno ---------------------------------------- */

static inline double
binary_brier(FunctionCallInfo fcinfo, int argno)
{
	double		off = arg_prob(fcinfo, argno) - score_happened[PG_GETARG_BOOL(argno + 1)];

	return off * off;
}

static inline double
classes_brier(FunctionCallInfo fcinfo, int argno)
{
	double		room[MAX_CLASSES];
	int			n,
				outcome;
	const double *probs = arg_classes(fcinfo, argno, room, &n, &outcome);

	return score_brier(probs, n, outcome);
}

static inline double
classes_rps(FunctionCallInfo fcinfo, int argno)
{
	double		room[MAX_CLASSES];
	int			n,
				outcome;
	const double *probs = arg_classes(fcinfo, argno, room, &n, &outcome);

	return score_rps(probs, n, outcome);
}

static double
binary_log_loss(FunctionCallInfo fcinfo)
{
	return score_log_event(arg_clipped_prob(fcinfo, 0), PG_GETARG_BOOL(1));
}

static double
classes_log_loss(FunctionCallInfo fcinfo)
{
	double		room[MAX_CLASSES];
	int			n,
				outcome;
	const double *probs = arg_classes(fcinfo, 0, room, &n, &outcome);

	return score_log(probs[outcome]);
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
	PG_RETURN_FLOAT8(binary_log_loss(fcinfo));
}

Datum
bet_edge_forecast_log_loss_classes(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(classes_log_loss(fcinfo));
}

Datum
bet_edge_forecast_ignorance(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(binary_log_loss(fcinfo) / SCORE_LN2);
}

Datum
bet_edge_forecast_ignorance_classes(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(classes_log_loss(fcinfo) / SCORE_LN2);
}

Datum
bet_edge_forecast_rps(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(classes_rps(fcinfo, 0));
}

/* ---- means over many: state {n, sum, sum's low part} ------------------------------------------ */

#define DOUBLES(type) ((int) (sizeof(type) / sizeof(double)))

static pg_noinline void
refuse_state(const char *function)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: this is no state of an aggregate of scores", function)));
}

static inline score_mean *
mean_state(FunctionCallInfo fcinfo, int argno, const char *function, ArrayType **array)
{
	score_mean *state = (score_mean *) arg_state(fcinfo, argno, DOUBLES(score_mean), function, array);

	if (unlikely(!arg_in_aggregate(fcinfo)) && !score_mean_sound(state))
		refuse_state(function);
	return state;
}

static pg_attribute_always_inline Datum
accumulate(FunctionCallInfo fcinfo, const char *function, double (*loss) (FunctionCallInfo, int))
{
	ArrayType  *array;
	score_mean *state = mean_state(fcinfo, 0, function, &array);

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
bet_edge_rps_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "ranked_probability_score", classes_rps);
}

Datum
bet_edge_score_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	score_mean *into = mean_state(fcinfo, 0, "score_combine", &array);
	score_mean *from = mean_state(fcinfo, 1, "score_combine", &other);

	into->n += from->n;
	core_sum_merge(&into->sum, from->sum);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_score_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	score_mean *state = mean_state(fcinfo, 0, "score_final", &array);

	if (state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(core_sum_value(state->sum) / state->n);
}

/* ---- logarithms: state {n, sum, sum's low part, product, product's low part} ------------------- */

static inline score_logs *
logs_state(FunctionCallInfo fcinfo, int argno, const char *function, ArrayType **array)
{
	score_logs *state = (score_logs *) arg_state(fcinfo, argno, DOUBLES(score_logs), function, array);

	if (unlikely(!arg_in_aggregate(fcinfo)) && !score_logs_sound(state))
		refuse_state(function);
	return state;
}

Datum
bet_edge_log_loss_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	score_logs *state = logs_state(fcinfo, 0, "log_loss", &array);

	score_logs_add_event(state, arg_clipped_prob(fcinfo, 1), PG_GETARG_BOOL(2));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_log_loss_classes_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	score_logs *state = logs_state(fcinfo, 0, "log_loss", &array);
	double		room[MAX_CLASSES];
	int			n,
				outcome;
	const double *probs = arg_classes(fcinfo, 1, room, &n, &outcome);

	score_logs_add(state, probs[outcome], 0);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_log_loss_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	score_logs *into = logs_state(fcinfo, 0, "log_loss_combine", &array);

	score_logs_merge(into, logs_state(fcinfo, 1, "log_loss_combine", &other));
	PG_RETURN_ARRAYTYPE_P(array);
}

static Datum
logs_final(FunctionCallInfo fcinfo, const char *function, double unit)
{
	ArrayType  *array;
	score_logs *state = logs_state(fcinfo, 0, function, &array);

	if (state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score_logs_mean(state) / unit);
}

Datum
bet_edge_log_loss_final(PG_FUNCTION_ARGS)
{
	return logs_final(fcinfo, "log_loss_final", 1);
}

Datum
bet_edge_ignorance_final(PG_FUNCTION_ARGS)
{
	return logs_final(fcinfo, "ignorance_final", SCORE_LN2);
}

/* ---- the mean of paired differences: state {n, mean, m2} -------------------------------------- */

static core_moments *
moments_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	return (core_moments *) arg_state(fcinfo, argno, DOUBLES(core_moments), "paired_difference", array);
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
