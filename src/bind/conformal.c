#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "core/conformal.h"

PG_FUNCTION_INFO_V1(bet_edge_conformal_quantile);
PG_FUNCTION_INFO_V1(bet_edge_conformal_interval);
PG_FUNCTION_INFO_V1(bet_edge_conformal_accum);
PG_FUNCTION_INFO_V1(bet_edge_conformal_final);
PG_FUNCTION_INFO_V1(bet_edge_conformal_mondrian);
PG_FUNCTION_INFO_V1(bet_edge_conformal_weighted_quantile);
PG_FUNCTION_INFO_V1(bet_edge_conformal_weighted_accum);
PG_FUNCTION_INFO_V1(bet_edge_conformal_weighted_final);
PG_FUNCTION_INFO_V1(bet_edge_conformal_cqr);
PG_FUNCTION_INFO_V1(bet_edge_conformal_cqr_score);
PG_FUNCTION_INFO_V1(bet_edge_jackknife_plus);
PG_FUNCTION_INFO_V1(bet_edge_cv_plus);
PG_FUNCTION_INFO_V1(bet_edge_conformal_pvalue);
PG_FUNCTION_INFO_V1(bet_edge_aci_update);
PG_FUNCTION_INFO_V1(bet_edge_aci_quantile);
PG_FUNCTION_INFO_V1(bet_edge_aci_stream);
PG_FUNCTION_INFO_V1(bet_edge_conformal_pid_start);
PG_FUNCTION_INFO_V1(bet_edge_conformal_pid_update);

#define MAX_SCORES ((int) (MaxAllocSize / sizeof(double)))

static double
arg_score(double score, const char *name)
{
	if (isnan(score))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a number, not NaN", name)));
	return score;
}

/* Scores may be infinite. */
static double *
arg_scores(ArrayType *array, const char *name, int min_n, int *n)
{
	double	   *scores = arg_float8s(array, name, 0, MAX_SCORES, n);

	if (*n < min_n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must not be empty", name)));
	for (int i = 0; i < *n; i++)
		if (isnan(scores[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s[%d] must be a number, not NaN", name, i + 1)));
	return scores;
}

static void
same_length(const char *name, int n, const char *other, int other_n)
{
	if (n != other_n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have as many elements as %s, %d, not %d", name, other, other_n, n)));
}

/* n finite numbers of at least least; n of 0: as many as there are, but not none. */
static double *
arg_numbers(ArrayType *array, const char *name, double least, int *n)
{
	double	   *values = arg_scores(array, name, 1, n);

	for (int i = 0; i < *n; i++)
		if (!(isfinite(values[i]) && values[i] >= least))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s[%d] must be a finite number%s, not %g", name, i + 1, least == 0 ? " of at least 0" : "", values[i])));
	return values;
}

static Datum
interval_datum(FunctionCallInfo fcinfo, double lower, double upper)
{
	Datum		values[2] = {Float8GetDatum(lower), Float8GetDatum(upper)};
	bool		nulls[2] = {false, false};

	return row_datum(fcinfo, values, nulls);
}

/* ---- split ------------------------------------------------------------------------------- */

static Datum
quantile_datum(const double *scores, int64 n, double alpha)
{
	int64		room = n < 10000 ? 0 : n / 8 + 10000;
	double	   *work = room == 0 ? NULL : MemoryContextAllocHuge(CurrentMemoryContext, room * sizeof(double));
	double		quantile = conformal_order_statistic(scores, n, alpha, work, room, series_interrupts);

	if (work != NULL)
		pfree(work);
	return Float8GetDatum(quantile);
}

static double
quantile_of_array(ArrayType *array, double alpha)
{
	int			n;
	double	   *scores = arg_scores(array, "scores", 1, &n);

	return DatumGetFloat8(quantile_datum(scores, n, arg_alpha(alpha)));
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
	double		sigma = arg_sigma(PG_GETARG_FLOAT8(3));
	double		quantile = quantile_of_array(PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_FLOAT8(2));
	double		reach = quantile * sigma;

	if (quantile < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scores must be absolute errors, but their quantile is %g", quantile)));
	if (isfinite(quantile) && !(isfinite(prediction - reach) && isfinite(prediction + reach)))
		float_overflow_error();
	return interval_datum(fcinfo, prediction - reach, prediction + reach);
}

Datum
bet_edge_conformal_mondrian(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	double		alpha = arg_alpha(PG_GETARG_FLOAT8(2));
	text	   *category = PG_GETARG_TEXT_PP(3);
	int			n,
				m,
				own = 0;
	double	   *scores = arg_scores(PG_GETARG_ARRAYTYPE_P(0), "scores", 1, &n);
	double	   *of_category = palloc(n * sizeof(double));
	Datum	   *categories;
	bool	   *nulls;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("categories must be a one-dimensional array, not one of %d dimensions", ARR_NDIM(array))));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &categories, &nulls, &m);
	same_length("categories", m, "scores", n);
	for (int i = 0; i < n; i++)
	{
		text	   *one = (text *) DatumGetPointer(categories[i]);

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("categories must not contain NULL")));
		if (VARSIZE_ANY_EXHDR(one) == VARSIZE_ANY_EXHDR(category) &&
			memcmp(VARDATA_ANY(one), VARDATA_ANY(category), VARSIZE_ANY_EXHDR(one)) == 0)
			of_category[own++] = scores[i];
	}
	PG_RETURN_DATUM(quantile_datum(of_category, own, alpha));
}

Datum
bet_edge_conformal_pvalue(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *scores = arg_scores(PG_GETARG_ARRAYTYPE_P(0), "scores", 1, &n);
	double		score = arg_score(PG_GETARG_FLOAT8(1), "score");

	PG_RETURN_FLOAT8(conformal_pvalue(scores, n, score, arg_between(PG_GETARG_FLOAT8(2), 0, 1, "u")));
}

/* ---- the aggregate: all scores of a group ---------------------------------------------- */

Datum
bet_edge_conformal_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(series_accum_at_alpha(fcinfo, arg_score, "score"));
}

Datum
bet_edge_conformal_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(quantile_datum(state->values, state->n, state->constant));
}

/* ---- weighted ------------------------------------------------------------------------------ */

static double
arg_weight(double weight)
{
	if (!(isfinite(weight) && weight >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight must be a finite number of at least 0, not %g", weight)));
	return weight;
}

static Datum
weighted_datum(const double *scores, const double *weights, int stride, int64 n, double test_weight, double alpha)
{
	double		quantile;

	if (conformal_weighted(scores, weights, stride, n, test_weight, alpha, series_interrupts, &quantile) != CORE_OK)
		float_overflow_error();
	return Float8GetDatum(quantile);
}

Datum
bet_edge_conformal_weighted_quantile(PG_FUNCTION_ARGS)
{
	int			n,
				m;
	double	   *scores = arg_scores(PG_GETARG_ARRAYTYPE_P(0), "scores", 1, &n);
	double	   *weights = arg_numbers(PG_GETARG_ARRAYTYPE_P(1), "weights", 0, &m);
	double		alpha = arg_alpha(PG_GETARG_FLOAT8(2));
	double		test_weight = arg_finite(PG_GETARG_FLOAT8(3), "test_weight");

	same_length("weights", m, "scores", n);
	if (test_weight <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("test_weight must be above 0, not %g", test_weight)));
	return weighted_datum(scores, weights, 1, n, test_weight, alpha);
}

Datum
bet_edge_conformal_weighted_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		double		score = arg_score(PG_GETARG_FLOAT8(1), "score");
		double		weight = arg_weight(PG_GETARG_FLOAT8(2));
		double		alpha = PG_GETARG_FLOAT8(3);
		double	   *row;

		if (state == NULL)
			(void) arg_alpha(alpha);
		series_same(state, alpha, "alpha");
		row = series_add(fcinfo, &state, 2);
		row[0] = score;
		row[1] = weight;
		state->constant = alpha;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_conformal_weighted_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (state == NULL)
		PG_RETURN_NULL();
	return weighted_datum(state->values, state->values + 1, 2, state->n, 1, state->constant);
}

/* ---- intervals of models that were fitted more than once, or to quantiles ------------------ */

static Datum
jackknife_datum(FunctionCallInfo fcinfo, const double *predictions, const int32 *fold, const double *residuals, int n, double alpha)
{
	double		lower,
				upper;

	if (conformal_jackknife(predictions, fold, residuals, n, alpha, palloc(n * sizeof(double)), series_interrupts,
							&lower, &upper) != CORE_OK)
		float_overflow_error();
	return interval_datum(fcinfo, lower, upper);
}

Datum
bet_edge_jackknife_plus(PG_FUNCTION_ARGS)
{
	int			n,
				m;
	double	   *predictions = arg_numbers(PG_GETARG_ARRAYTYPE_P(0), "predictions", -INFINITY, &n);
	double	   *residuals = arg_numbers(PG_GETARG_ARRAYTYPE_P(1), "residuals", 0, &m);

	same_length("residuals", m, "predictions", n);
	return jackknife_datum(fcinfo, predictions, NULL, residuals, n, arg_alpha(PG_GETARG_FLOAT8(2)));
}

Datum
bet_edge_cv_plus(PG_FUNCTION_ARGS)
{
	int			k,
				n,
				m;
	double	   *predictions = arg_numbers(PG_GETARG_ARRAYTYPE_P(0), "predictions", -INFINITY, &k);
	double	   *residuals = arg_numbers(PG_GETARG_ARRAYTYPE_P(1), "residuals", 0, &n);
	int32	   *folds = arg_int4s(PG_GETARG_ARRAYTYPE_P(2), "folds", 0, MAX_SCORES, &m);

	same_length("folds", m, "residuals", n);
	for (int i = 0; i < n; i++)
		if (folds[i] < 1 || folds[i] > k)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("folds[%d] must be the number of a prediction, 1 to %d, not %d", i + 1, k, folds[i])));
	return jackknife_datum(fcinfo, predictions, folds, residuals, n, arg_alpha(PG_GETARG_FLOAT8(3)));
}

Datum
bet_edge_conformal_cqr_score(PG_FUNCTION_ARGS)
{
	return finite_datum(conformal_cqr_score(arg_finite(PG_GETARG_FLOAT8(0), "outcome"),
											arg_finite(PG_GETARG_FLOAT8(1), "lower"), arg_finite(PG_GETARG_FLOAT8(2), "upper")));
}

Datum
bet_edge_conformal_cqr(PG_FUNCTION_ARGS)
{
	double		prediction_lower = arg_finite(PG_GETARG_FLOAT8(0), "prediction_lower");
	double		prediction_upper = arg_finite(PG_GETARG_FLOAT8(1), "prediction_upper");
	int			n,
				m;
	double	   *outcomes = arg_numbers(PG_GETARG_ARRAYTYPE_P(2), "outcomes", -INFINITY, &n);
	double	   *lowers,
			   *uppers;
	double		alpha = arg_alpha(PG_GETARG_FLOAT8(5));
	double		lower,
				upper;

	lowers = arg_numbers(PG_GETARG_ARRAYTYPE_P(3), "lowers", -INFINITY, &m);
	same_length("lowers", m, "outcomes", n);
	uppers = arg_numbers(PG_GETARG_ARRAYTYPE_P(4), "uppers", -INFINITY, &m);
	same_length("uppers", m, "outcomes", n);
	if (conformal_cqr(prediction_lower, prediction_upper, outcomes, lowers, uppers, n, alpha, !PG_GETARG_BOOL(6),
					  palloc(n * sizeof(double)), series_interrupts, &lower, &upper) != CORE_OK)
		float_overflow_error();
	return interval_datum(fcinfo, lower, upper);
}

/* ---- adaptive conformal inference ------------------------------------------------------------ */

static double
arg_gamma(double gamma)
{
	return arg_between(gamma, 0, 1, "gamma");
}

Datum
bet_edge_aci_update(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(conformal_aci(arg_finite(PG_GETARG_FLOAT8(0), "alpha_t"), PG_GETARG_BOOL(1),
								   arg_alpha(PG_GETARG_FLOAT8(2)), arg_gamma(PG_GETARG_FLOAT8(3))));
}

Datum
bet_edge_aci_quantile(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *scores = arg_scores(PG_GETARG_ARRAYTYPE_P(0), "scores", 0, &n);
	double		alpha = arg_finite(PG_GETARG_FLOAT8(1), "alpha_t");

	if (alpha >= 1)
		PG_RETURN_FLOAT8(-get_float8_infinity());
	if (alpha <= 0)
		PG_RETURN_FLOAT8(get_float8_infinity());
	PG_RETURN_DATUM(quantile_datum(scores, n, alpha));
}

Datum
bet_edge_aci_stream(PG_FUNCTION_ARGS)
{
	int			known_n,
				n;
	double	   *known = arg_scores(PG_GETARG_ARRAYTYPE_P(0), "scores", 0, &known_n);
	double	   *stream = arg_scores(PG_GETARG_ARRAYTYPE_P(1), "new_scores", 0, &n);
	double		alpha = arg_alpha(PG_GETARG_FLOAT8(2));
	double		gamma = arg_gamma(PG_GETARG_FLOAT8(3));
	Size		size = (Size) known_n + n;
	double	   *alpha_t = MemoryContextAllocHuge(CurrentMemoryContext, (Size) n * sizeof(double) + 1);
	double	   *quantile = MemoryContextAllocHuge(CurrentMemoryContext, (Size) n * sizeof(double) + 1);
	unsigned char *error = MemoryContextAllocHuge(CurrentMemoryContext, (Size) n + 1);
	double	   *sorted = MemoryContextAllocHuge(CurrentMemoryContext, size * sizeof(double) + 1);
	double	   *work = MemoryContextAllocHuge(CurrentMemoryContext, size * sizeof(double) + 1);
	size_t	   *tree = MemoryContextAllocHuge(CurrentMemoryContext, (size + 1) * sizeof(size_t));
	TupleDesc	desc;
	Tuplestorestate *rows = rows_begin(fcinfo, &desc);

	conformal_aci_stream(known, known_n, stream, n, alpha, gamma, sorted, work, tree, series_interrupts, alpha_t, quantile, error);
	for (int i = 0; i < n; i++)
	{
		Datum		values[5] = {Int32GetDatum(i + 1), Float8GetDatum(stream[i]), Float8GetDatum(alpha_t[i]),
			Float8GetDatum(quantile[i]), BoolGetDatum(error[i])};
		bool		nulls[5] = {false, false, false, false, false};

		tuplestore_putvalues(rows, desc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- conformal PID control ------------------------------------------------------------------- */

static Datum
pid_datum(FunctionCallInfo fcinfo, const conformal_pid *state)
{
	Datum		values[4] = {Float8GetDatum(state->quantile), Float8GetDatum(state->tracked),
		Int64GetDatum((int64) state->errors), Int64GetDatum((int64) state->n)};
	bool		nulls[4] = {false, false, false, false};

	return row_datum(fcinfo, values, nulls);
}

Datum
bet_edge_conformal_pid_start(PG_FUNCTION_ARGS)
{
	double		quantile = arg_finite(PG_GETARG_FLOAT8(0), "quantile");
	conformal_pid state = {quantile, quantile, 0, 0};

	return pid_datum(fcinfo, &state);
}

Datum
bet_edge_conformal_pid_update(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	double		score = arg_score(PG_GETARG_FLOAT8(1), "score");
	conformal_pid_gains gains;
	double		forecast;
	conformal_pid state;
	Datum		field[4];
	int64		errors,
				n;

	gains.learning_rate = arg_finite(PG_GETARG_FLOAT8(2), "learning_rate");
	gains.alpha = arg_alpha(PG_GETARG_FLOAT8(3));
	gains.integral_gain = arg_finite(PG_GETARG_FLOAT8(4), "integral_gain");
	gains.saturation = arg_finite(PG_GETARG_FLOAT8(5), "saturation");
	forecast = arg_finite(PG_GETARG_FLOAT8(6), "forecast");
	if (gains.learning_rate < 0 || gains.integral_gain < 0 || gains.saturation <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("learning_rate and integral_gain must be at least 0 and saturation above 0, not %g, %g and %g",
						gains.learning_rate, gains.integral_gain, gains.saturation)));
	for (int i = 0; i < 4; i++)
	{
		bool		isnull;

		field[i] = GetAttributeByNum(row, i + 1, &isnull);
		if (isnull)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("state must not have NULL in it"),
					 errhint("A state is made by conformal_pid_start.")));
	}
	errors = DatumGetInt64(field[2]);
	n = DatumGetInt64(field[3]);
	if (errors < 0 || errors > n || n >= INT64CONST(1) << 53)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("state must have errors of at least 0 and at most n, below 2^53, not " INT64_FORMAT " of " INT64_FORMAT, errors, n)));
	state.quantile = arg_score(DatumGetFloat8(field[0]), "state's quantile");
	state.tracked = arg_finite(DatumGetFloat8(field[1]), "state's tracked");
	state.errors = (double) errors;
	state.n = (double) n;
	conformal_pid_update(&state, score, &gains, forecast);
	if (!isfinite(state.tracked) || isnan(state.quantile))
		float_overflow_error();
	return pid_datum(fcinfo, &state);
}
