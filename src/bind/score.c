#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "utils/float.h"
#include "utils/memutils.h"

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
PG_FUNCTION_INFO_V1(bet_edge_skill_score);
PG_FUNCTION_INFO_V1(bet_edge_forecast_interval_score);
PG_FUNCTION_INFO_V1(bet_edge_forecast_pinball_loss);
PG_FUNCTION_INFO_V1(bet_edge_interval_coverage_accum);
PG_FUNCTION_INFO_V1(bet_edge_interval_width_accum);
PG_FUNCTION_INFO_V1(bet_edge_interval_score_accum);
PG_FUNCTION_INFO_V1(bet_edge_pinball_loss_accum);
PG_FUNCTION_INFO_V1(bet_edge_brier_skill_accum);
PG_FUNCTION_INFO_V1(bet_edge_brier_skill_classes_accum);
PG_FUNCTION_INFO_V1(bet_edge_brier_skill_combine);
PG_FUNCTION_INFO_V1(bet_edge_brier_skill_final);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_clustered_accum);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_clustered_final);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_accum);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_combine);
PG_FUNCTION_INFO_V1(bet_edge_paired_difference_final);

#define MAX_CLASSES 1000

static inline double
arg_prob(FunctionCallInfo fcinfo, int argno)
{
	return arg_probability(PG_GETARG_FLOAT8(argno), "prob");
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

static pg_noinline void pg_attribute_noreturn()
refuse_classes(const double *probs, int n, const char *name)
{
	double		sum = 0;

	for (int k = 0; k < n; k++)
		sum += arg_probability(probs[k], psprintf("each of %s", name));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must sum to 1, not %.9g", name, sum)));
}

/* Probabilities of classes; room is of MAX_CLASSES. */
static inline const double *
arg_probs(Datum value, const char *name, double *room, int *n)
{
	const double *probs = arg_float8s_datum(value, name, 2, MAX_CLASSES, room, n);

	if (unlikely(score_probs(probs, *n) != CORE_OK))
		refuse_classes(probs, *n, name);
	return probs;
}

/* The class that happened, from 0. */
static inline int
arg_outcome(int32 outcome, int n)
{
	if (unlikely(outcome < 1 || outcome > n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcome must be between 1 and %d, not %d", n, outcome)));
	return outcome - 1;
}

/* probs and outcome of the arguments from argno on */
static inline const double *
arg_classes(FunctionCallInfo fcinfo, int argno, double *room, int *n, int *outcome)
{
	const double *probs = arg_probs(PG_GETARG_DATUM(argno), "probs", room, n);

	*outcome = arg_outcome(PG_GETARG_INT32(argno + 1), *n);
	return probs;
}

/* a - b of the arguments after the state */
static inline double
arg_difference(FunctionCallInfo fcinfo)
{
	return arg_finite(arg_finite(PG_GETARG_FLOAT8(1), "a") - arg_finite(PG_GETARG_FLOAT8(2), "b"), "a - b");
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

static inline void
add_loss(score_mean *state, double loss)
{
	core_sum_add(&state->sum, loss);
	state->n += 1;
}

static pg_noinline Datum
accumulate_slowly(FunctionCallInfo fcinfo, const char *function, double (*loss) (FunctionCallInfo, int))
{
	ArrayType  *array;
	score_mean *state = mean_state(fcinfo, 0, function, &array);

	add_loss(state, loss(fcinfo, 1));
	PG_RETURN_ARRAYTYPE_P(array);
}

/* The slow way apart and last, so that the usual one saves no registers. */
static pg_attribute_always_inline Datum
accumulate(FunctionCallInfo fcinfo, const char *function, double (*loss) (FunctionCallInfo, int))
{
	score_mean *state = (score_mean *) arg_plain_state(fcinfo, 0, DOUBLES(score_mean));

	if (unlikely(state == NULL))
		return accumulate_slowly(fcinfo, function, loss);
	add_loss(state, loss(fcinfo, 1));
	return PG_GETARG_DATUM(0);
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

/* ---- skill: the share of a reference's loss that is gone ----------------------------------------- */

Datum
bet_edge_skill_score(PG_FUNCTION_ARGS)
{
	double		score = arg_not_negative(PG_GETARG_FLOAT8(0), "score");
	double		reference = arg_not_negative(PG_GETARG_FLOAT8(1), "reference");

	if (reference == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(1 - score / reference));
}

typedef struct skill_state
{
	double		n;
	core_sum	score;
	core_sum	reference;
} skill_state;

static inline skill_state *
arg_skill_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	skill_state *state = (skill_state *) arg_state(fcinfo, argno, DOUBLES(skill_state), "brier_skill_score", array);

	if (unlikely(!arg_in_aggregate(fcinfo)))
	{
		score_mean	score = {state->n, state->score};
		score_mean	reference = {state->n, state->reference};

		if (!score_mean_sound(&score) || !score_mean_sound(&reference))
			refuse_state("brier_skill_score");
	}
	return state;
}

Datum
bet_edge_brier_skill_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	skill_state *state = arg_skill_state(fcinfo, 0, &array);
	double		happened = score_happened[PG_GETARG_BOOL(3)];
	double		off = arg_prob(fcinfo, 1) - happened;
	double		reference_off = arg_probability(PG_GETARG_FLOAT8(2), "reference_prob") - happened;

	state->n += 1;
	core_sum_add(&state->score, off * off);
	core_sum_add(&state->reference, reference_off * reference_off);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_brier_skill_classes_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	skill_state *state = arg_skill_state(fcinfo, 0, &array);
	double		room[MAX_CLASSES];
	double		reference_room[MAX_CLASSES];
	int			n,
				reference_n,
				outcome = PG_GETARG_INT32(3);
	const double *probs = arg_probs(PG_GETARG_DATUM(1), "probs", room, &n);
	const double *reference = arg_probs(PG_GETARG_DATUM(2), "reference_probs", reference_room, &reference_n);

	if (n != reference_n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("reference_probs must have as many elements as probs, %d, not %d", n, reference_n)));
	outcome = arg_outcome(outcome, n);
	state->n += 1;
	core_sum_add(&state->score, score_brier(probs, n, outcome));
	core_sum_add(&state->reference, score_brier(reference, n, outcome));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_brier_skill_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	skill_state *into = arg_skill_state(fcinfo, 0, &array);
	skill_state *from = arg_skill_state(fcinfo, 1, &other);

	into->n += from->n;
	core_sum_merge(&into->score, from->score);
	core_sum_merge(&into->reference, from->reference);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_brier_skill_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	skill_state *state = arg_skill_state(fcinfo, 0, &array);
	double		score = core_sum_value(state->score);
	double		reference = core_sum_value(state->reference);

	if (state->n == 0 || reference <= 0 || isinf(reference))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(finite_datum(1 - score / reference));
}

/* ---- intervals and quantiles ----------------------------------------------------------------------- */

/* What is infinite though its arguments are not has overflowed. */
static inline double
no_overflow(double value, double lower, double upper)
{
	if (unlikely(isinf(value)) && isfinite(lower) && isfinite(upper))
		float_overflow_error();
	return value;
}

static pg_noinline void pg_attribute_noreturn()
refuse_interval(double lower, double upper)
{
	if (isnan(lower) || lower == get_float8_infinity())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lower must be a number or -Infinity, not %g", lower)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("upper must be at least lower, %g, not %g", lower, upper)));
}

static inline void
arg_interval(double lower, double upper)
{
	if (unlikely(!(upper >= lower) || lower == INFINITY || upper == -INFINITY))
		refuse_interval(lower, upper);
}

/* lower and upper from argno on */
static inline double
interval_width(FunctionCallInfo fcinfo, int argno)
{
	double		lower = PG_GETARG_FLOAT8(argno);
	double		upper = PG_GETARG_FLOAT8(argno + 1);

	arg_interval(lower, upper);
	return no_overflow(upper - lower, lower, upper);
}

/* y, lower, upper */
static inline double
interval_coverage(FunctionCallInfo fcinfo, int argno)
{
	double		y = arg_finite(PG_GETARG_FLOAT8(argno), "y");
	double		lower = PG_GETARG_FLOAT8(argno + 1);
	double		upper = PG_GETARG_FLOAT8(argno + 2);

	arg_interval(lower, upper);
	return (y >= lower) & (y <= upper);
}

/* y, lower, upper, alpha */
static inline double
interval_score(FunctionCallInfo fcinfo, int argno)
{
	double		y = arg_finite(PG_GETARG_FLOAT8(argno), "y");
	double		lower = PG_GETARG_FLOAT8(argno + 1);
	double		upper = PG_GETARG_FLOAT8(argno + 2);
	double		alpha = arg_alpha(PG_GETARG_FLOAT8(argno + 3));

	arg_interval(lower, upper);
	return no_overflow(score_interval(y, lower, upper, alpha), lower, upper);
}

/* y, forecast, prob */
static inline double
pinball_loss(FunctionCallInfo fcinfo, int argno)
{
	double		y = arg_finite(PG_GETARG_FLOAT8(argno), "y");
	double		forecast = arg_finite(PG_GETARG_FLOAT8(argno + 1), "forecast");
	double		prob = PG_GETARG_FLOAT8(argno + 2);

	if (unlikely(!(prob > 0 && prob < 1)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prob must be above 0 and below 1, not %g", prob)));
	return no_overflow(score_pinball(y, forecast, prob), y, forecast);
}

Datum
bet_edge_forecast_interval_score(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(interval_score(fcinfo, 0));
}

Datum
bet_edge_forecast_pinball_loss(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(pinball_loss(fcinfo, 0));
}

Datum
bet_edge_interval_coverage_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "interval_coverage", interval_coverage);
}

Datum
bet_edge_interval_width_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "interval_width", interval_width);
}

Datum
bet_edge_interval_score_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "interval_score", interval_score);
}

Datum
bet_edge_pinball_loss_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, "pinball_loss", pinball_loss);
}

/* ---- the mean of paired differences whose rows come in clusters: state is every row --------------- */

Datum
bet_edge_paired_difference_clustered_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		score_row	row = {PG_GETARG_INT64(3), arg_difference(fcinfo)};

		StaticAssertStmt(sizeof(row) == 2 * sizeof(double), "a row of two doubles");
		memcpy(series_add(fcinfo, &state, 2), &row, sizeof(row));
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_paired_difference_clustered_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	score_cluster *place;
	size_t		clusters;
	double		mean,
				error;
	Datum		values[6];
	bool		nulls[6] = {0};

	if (state == NULL)
		PG_RETURN_NULL();
	place = MemoryContextAllocExtended(CurrentMemoryContext, score_cluster_places(state->n) * sizeof(score_cluster), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	clusters = score_clusters((score_row *) state->values, state->n, place, &mean, &error, series_interrupts);
	pfree(place);
	values[0] = Int64GetDatum(state->n);
	values[1] = Int64GetDatum((int64) clusters);
	values[2] = finite_datum(mean);
	nulls[3] = nulls[4] = nulls[5] = clusters < 2;
	if (clusters >= 2)
	{
		double		reach = student_975((double) clusters - 1) * error;

		values[3] = finite_datum(mean - reach);
		values[4] = finite_datum(mean + reach);
		values[5] = finite_datum(error);
	}
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
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

	core_moments_add(state, arg_difference(fcinfo));
	return arg_state_datum(fcinfo, array);
}

Datum
bet_edge_paired_difference_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	core_moments *state = moments_state(fcinfo, 0, &array);

	core_moments_merge(state, moments_state(fcinfo, 1, &other));
	return arg_state_datum(fcinfo, array);
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
