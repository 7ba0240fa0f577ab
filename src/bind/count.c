#include "bind/count.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#define MAX_EXPOSURES 100000

/* ---- arguments ------------------------------------------------------------------------------------ */

double
arg_mean(double mean)
{
	return arg_between(mean, 0, COUNT_MEAN_MAX, "mean");
}

double
arg_size(double size)
{
	/* written so that NaN fails it */
	if (!(size >= COUNT_SIZE_MIN))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("size must be at least %g, not %g", COUNT_SIZE_MIN, size),
				 errhint("The variance is mean + mean^2/size; an infinite size is Poisson.")));
	return size;
}

static double
arg_trials(int32 trials, const char *name)
{
	if (trials < 0 || trials > COUNT_MEAN_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be between 0 and %.0f, not %d", name, COUNT_MEAN_MAX, trials)));
	return trials;
}

static double
arg_whole(double count)
{
	if (arg_finite(count, "count") != floor(count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("count must be a whole number, not %g", count)));
	return count;
}

static double
arg_line(double line)
{
	if (arg_finite(line, "line") * 2 != floor(line * 2) && fabs(line) < 1e300)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("line must be a multiple of 0.5, not %g", line),
				 errhint("A quarter line is two half stakes on the lines 0.25 below and above it.")));
	return line;
}

/* The laws: the first arguments of each function; answers how many they are. */
static int
poisson_law(FunctionCallInfo fcinfo, count_law *law)
{
	*law = (count_law) {COUNT_POISSON, .mean = arg_mean(PG_GETARG_FLOAT8(0))};
	return 1;
}

static int
negbin_law(FunctionCallInfo fcinfo, count_law *law)
{
	(void) poisson_law(fcinfo, law);
	law->kind = COUNT_NEGBIN;
	law->size = arg_size(PG_GETARG_FLOAT8(1));
	return 2;
}

static int
binomial_law(FunctionCallInfo fcinfo, count_law *law)
{
	*law = (count_law) {COUNT_BINOMIAL, .trials = arg_trials(PG_GETARG_INT32(0), "trials"),
		.prob = arg_probability(PG_GETARG_FLOAT8(1), "p_success")};
	return 2;
}

static int
zero_inflated_poisson_law(FunctionCallInfo fcinfo, count_law *law)
{
	int			n = poisson_law(fcinfo, law);

	law->extra_zero = arg_probability(PG_GETARG_FLOAT8(n), "extra_zero");
	return n + 1;
}

static int
zero_inflated_negbin_law(FunctionCallInfo fcinfo, count_law *law)
{
	int			n = negbin_law(fcinfo, law);

	law->extra_zero = arg_probability(PG_GETARG_FLOAT8(n), "extra_zero");
	return n + 1;
}

/* Fair odds of a side give the stake back on a push; NULL where no odds are long enough. */
static Datum
line_datum(FunctionCallInfo fcinfo, count_parts parts)
{
	double		over = 1 + parts.under / parts.over;
	double		under = 1 + parts.over / parts.under;
	Datum		values[5] = {Float8GetDatum(parts.over), Float8GetDatum(parts.at), Float8GetDatum(parts.under),
	Float8GetDatum(over), Float8GetDatum(under)};
	bool		nulls[5] = {0, 0, 0, !isfinite(over), !isfinite(under)};

	return row_datum(fcinfo, values, nulls);
}

/* ---- a law's four functions ------------------------------------------------------------------------- */

#define COUNT_FUNCTIONS(name) \
	PG_FUNCTION_INFO_V1(bet_edge_##name##_pmf); \
	PG_FUNCTION_INFO_V1(bet_edge_##name##_cdf); \
	PG_FUNCTION_INFO_V1(bet_edge_##name##_quantile); \
	PG_FUNCTION_INFO_V1(bet_edge_##name##_line); \
	Datum \
	bet_edge_##name##_pmf(PG_FUNCTION_ARGS) \
	{ \
		count_law	law; \
		int			n = name##_law(fcinfo, &law); \
		PG_RETURN_FLOAT8(count_pmf(&law, arg_whole(PG_GETARG_FLOAT8(n)))); \
	} \
	Datum \
	bet_edge_##name##_cdf(PG_FUNCTION_ARGS) \
	{ \
		count_law	law; \
		int			n = name##_law(fcinfo, &law); \
		PG_RETURN_FLOAT8(count_cdf(&law, arg_finite(PG_GETARG_FLOAT8(n), "count"))); \
	} \
	Datum \
	bet_edge_##name##_quantile(PG_FUNCTION_ARGS) \
	{ \
		count_law	law; \
		int			n = name##_law(fcinfo, &law); \
		PG_RETURN_FLOAT8(count_quantile(&law, arg_probability(PG_GETARG_FLOAT8(n), "prob"))); \
	} \
	Datum \
	bet_edge_##name##_line(PG_FUNCTION_ARGS) \
	{ \
		count_law	law; \
		int			n = name##_law(fcinfo, &law); \
		PG_RETURN_DATUM(line_datum(fcinfo, count_line(&law, arg_line(PG_GETARG_FLOAT8(n))))); \
	} \
	extern int no_such_variable

COUNT_FUNCTIONS(poisson);
COUNT_FUNCTIONS(negbin);
COUNT_FUNCTIONS(binomial);
COUNT_FUNCTIONS(zero_inflated_poisson);
COUNT_FUNCTIONS(zero_inflated_negbin);

/* ---- mixtures over playing time --------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(bet_edge_poisson_mixture_line);
PG_FUNCTION_INFO_V1(bet_edge_negbin_mixture_line);
PG_FUNCTION_INFO_V1(bet_edge_binomial_mixture_line);

static double *
arg_weights(ArrayType *array, int n)
{
	int			m;
	double	   *weights = arg_float8s(array, "weights", n, n, &m);
	double		top = 0;

	for (int i = 0; i < n; i++)
	{
		if (!(weights[i] >= 0) || isinf(weights[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("weights[%d] must be a finite number of 0 or more, not %g", i + 1, weights[i])));
		top = fmax(top, weights[i]);
	}
	if (top == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights must have one above 0")));
	return weights;
}

static Datum
minutes_line(FunctionCallInfo fcinfo, count_law law, int argno)
{
	int			n;
	double	   *minutes = arg_float8s(PG_GETARG_ARRAYTYPE_P(argno), "minutes", 1, MAX_EXPOSURES, &n);
	double	   *weights = arg_weights(PG_GETARG_ARRAYTYPE_P(argno + 1), n);

	(void) arg_between(law.mean, 0, COUNT_MEAN_MAX, "rate");
	for (int i = 0; i < n; i++)
		(void) arg_between(law.mean * arg_between(minutes[i], 0, COUNT_MEAN_MAX, "each of minutes"), 0, COUNT_MEAN_MAX, "rate times minutes");
	return line_datum(fcinfo, count_mixture_line(&law, minutes, weights, n, arg_line(PG_GETARG_FLOAT8(argno + 2))));
}

Datum
bet_edge_poisson_mixture_line(PG_FUNCTION_ARGS)
{
	return minutes_line(fcinfo, (count_law) {COUNT_POISSON, .mean = PG_GETARG_FLOAT8(0)}, 1);
}

Datum
bet_edge_negbin_mixture_line(PG_FUNCTION_ARGS)
{
	return minutes_line(fcinfo, (count_law) {COUNT_NEGBIN, .mean = PG_GETARG_FLOAT8(0), .size = arg_size(PG_GETARG_FLOAT8(1))}, 2);
}

Datum
bet_edge_binomial_mixture_line(PG_FUNCTION_ARGS)
{
	int			n;
	int32	   *trials = arg_int4s(PG_GETARG_ARRAYTYPE_P(0), "trials", 1, MAX_EXPOSURES, &n);
	count_law	law = {COUNT_BINOMIAL, .trials = 1, .prob = arg_probability(PG_GETARG_FLOAT8(1), "p_success")};
	double	   *weights = arg_weights(PG_GETARG_ARRAYTYPE_P(2), n);
	double	   *exposure = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
		exposure[i] = arg_trials(trials[i], "each of trials");
	return line_datum(fcinfo, count_mixture_line(&law, exposure, weights, n, arg_line(PG_GETARG_FLOAT8(3))));
}

/* ---- fits: the state is a histogram, element k + 1 the weight of count k, with room at its end ------- */

PG_FUNCTION_INFO_V1(bet_edge_histogram_accum);
PG_FUNCTION_INFO_V1(bet_edge_histogram_combine);
PG_FUNCTION_INFO_V1(bet_edge_poisson_final);
PG_FUNCTION_INFO_V1(bet_edge_negbin_final);
PG_FUNCTION_INFO_V1(bet_edge_zero_inflated_poisson_final);
PG_FUNCTION_INFO_V1(bet_edge_zero_inflated_negbin_final);
PG_FUNCTION_INFO_V1(bet_edge_binomial_accum);
PG_FUNCTION_INFO_V1(bet_edge_binomial_combine);
PG_FUNCTION_INFO_V1(bet_edge_binomial_final);

/* Writable in place inside an aggregate, else a copy. */
static double *
histogram_state(FunctionCallInfo fcinfo, int argno, ArrayType **state, int *n)
{
	double	   *values;

	*state = arg_in_aggregate(fcinfo) ? PG_GETARG_ARRAYTYPE_P(argno) : PG_GETARG_ARRAYTYPE_P_COPY(argno);
	values = arg_float8s(*state, "state", 0, COUNT_HISTOGRAM_MAX * 2, n);
	if (!arg_in_aggregate(fcinfo))
		for (int k = 0; k < *n; k++)
			(void) arg_between(values[k], 0, 1e300, "each of state");
	return values;
}

/* The state with room for n counts. */
static double *
histogram_reserve(ArrayType **state, double *values, int *n, int need)
{
	ArrayType  *grown;
	int			space = 16;

	if (need <= *n)
		return values;
	while (space < need)
		space *= 2;
	grown = palloc0(ARR_OVERHEAD_NONULLS(1) + space * sizeof(double));
	SET_VARSIZE(grown, ARR_OVERHEAD_NONULLS(1) + space * sizeof(double));
	grown->ndim = 1;
	grown->elemtype = FLOAT8OID;
	ARR_DIMS(grown)[0] = space;
	ARR_LBOUND(grown)[0] = 1;
	if (*n > 0)
		memcpy(ARR_DATA_PTR(grown), values, *n * sizeof(double));
	*state = grown;
	*n = space;
	return (double *) ARR_DATA_PTR(grown);
}

Datum
bet_edge_histogram_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *state;
	int			n;
	double	   *values = histogram_state(fcinfo, 0, &state, &n);
	double		count = arg_whole(PG_GETARG_FLOAT8(1));
	double		weight = PG_NARGS() > 2 ? PG_GETARG_FLOAT8(2) : 1;

	(void) arg_between(count, 0, COUNT_HISTOGRAM_MAX, "count");
	if (!(weight >= 0) || isinf(weight))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight must be a finite number of 0 or more, not %g", weight)));
	values = histogram_reserve(&state, values, &n, (int) count + 1);
	values[(int) count] += weight;
	PG_RETURN_ARRAYTYPE_P(state);
}

Datum
bet_edge_histogram_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *into,
			   *from;
	int			n,
				m;
	double	   *values = histogram_state(fcinfo, 0, &into, &n);
	double	   *more = histogram_state(fcinfo, 1, &from, &m);

	values = histogram_reserve(&into, values, &n, m);
	for (int k = 0; k < m; k++)
		values[k] += more[k];
	PG_RETURN_ARRAYTYPE_P(into);
}

/* The histogram up to its last count; NULL without weight. */
static double *
histogram(FunctionCallInfo fcinfo, int *n)
{
	ArrayType  *state;
	double	   *values = histogram_state(fcinfo, 0, &state, n);

	while (*n > 0 && values[*n - 1] == 0)
		(*n)--;
	if (*n > 0)
		(void) arg_finite(count_mean(values, *n), "the mean by these weights");
	return *n > 0 ? values : NULL;
}

Datum
bet_edge_poisson_final(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *values = histogram(fcinfo, &n);

	if (values == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(count_mean(values, n));
}

/* A row of the first two or of all three. */
static Datum
estimate_datum(FunctionCallInfo fcinfo, double a, double b, double c)
{
	Datum		values[3] = {Float8GetDatum(a), Float8GetDatum(b), Float8GetDatum(c)};
	bool		nulls[3] = {0};

	return row_datum(fcinfo, values, nulls);
}

static void
no_size(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s found no size for these counts", name)));
}

Datum
bet_edge_negbin_final(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *values = histogram(fcinfo, &n);
	double		mean,
				size;

	if (values == NULL)
		PG_RETURN_NULL();
	if (negbin_fit(values, n, &mean, &size, series_interrupts) != CORE_OK)
		no_size("negbin_fit");
	PG_RETURN_DATUM(estimate_datum(fcinfo, mean, size, 0));
}

Datum
bet_edge_zero_inflated_poisson_final(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *values = histogram(fcinfo, &n);
	double		mean,
				extra_zero;

	if (values == NULL)
		PG_RETURN_NULL();
	zero_inflated_poisson_fit(values, n, &mean, &extra_zero);
	PG_RETURN_DATUM(estimate_datum(fcinfo, mean, extra_zero, 0));
}

Datum
bet_edge_zero_inflated_negbin_final(PG_FUNCTION_ARGS)
{
	int			n;
	double	   *values = histogram(fcinfo, &n);
	double		mean,
				size,
				extra_zero;

	if (values == NULL)
		PG_RETURN_NULL();
	if (zero_inflated_negbin_fit(values, n, &mean, &size, &extra_zero, series_interrupts) != CORE_OK)
		no_size("zero_inflated_negbin_fit");
	PG_RETURN_DATUM(estimate_datum(fcinfo, mean, size, extra_zero));
}

/* State {successes, trials}: whole numbers, exact to 2^53. */
Datum
bet_edge_binomial_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *state = arg_state(fcinfo, 0, 2, "binomial_fit", &array);
	double		trials = arg_trials(PG_GETARG_INT32(2), "trials");

	state[0] += arg_between(PG_GETARG_INT32(1), 0, trials, "count");
	state[1] += trials;
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_binomial_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	double	   *state = arg_state(fcinfo, 0, 2, "binomial_fit", &array);
	double	   *more = arg_state(fcinfo, 1, 2, "binomial_fit", &other);

	for (int i = 0; i < 2; i++)
		state[i] = arg_between(state[i], 0, 1e300, "each of state") + arg_between(more[i], 0, 1e300, "each of state");
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_binomial_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *state = arg_state(fcinfo, 0, 2, "binomial_fit", &array);

	(void) arg_between(state[1], 0, 1e300, "trials of state");
	(void) arg_between(state[0], 0, state[1], "count of state");
	if (state[1] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(state[0] / state[1]);
}
