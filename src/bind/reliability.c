#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "core/normal.h"
#include "core/reliability.h"
#include "core/sum.h"

PG_FUNCTION_INFO_V1(bet_edge_reliability_accum);
PG_FUNCTION_INFO_V1(bet_edge_reliability_combine);
PG_FUNCTION_INFO_V1(bet_edge_forecasts_accum);
PG_FUNCTION_INFO_V1(bet_edge_brier_decomposition_final);
PG_FUNCTION_INFO_V1(bet_edge_brier_decomposition_distinct_final);
PG_FUNCTION_INFO_V1(bet_edge_expected_calibration_error_final);
PG_FUNCTION_INFO_V1(bet_edge_expected_calibration_error_forecasts_final);
PG_FUNCTION_INFO_V1(bet_edge_maximum_calibration_error_final);
PG_FUNCTION_INFO_V1(bet_edge_maximum_calibration_error_forecasts_final);
PG_FUNCTION_INFO_V1(bet_edge_reliability_table_final);
PG_FUNCTION_INFO_V1(bet_edge_reliability_table_forecasts_final);
PG_FUNCTION_INFO_V1(bet_edge_ks_calibration_error_final);
PG_FUNCTION_INFO_V1(bet_edge_spiegelhalter_accum);
PG_FUNCTION_INFO_V1(bet_edge_spiegelhalter_combine);
PG_FUNCTION_INFO_V1(bet_edge_spiegelhalter_final);

#define DEFAULT_BINS 10
#define DOUBLES(type) ((int) (sizeof(type) / sizeof(double)))
#define BIN DOUBLES(reliability_bin)

static const char *const strategies[] = {"uniform", "quantile", NULL};

static int32
arg_bins(int32 bins)
{
	if (bins < 1 || bins > RELIABILITY_MOST_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be between 1 and %d, not %d", RELIABILITY_MOST_BINS, bins)));
	return bins;
}

/* ---- bins of equal width: state is one reliability_bin each, empty before the first row ---------- */

/* Bins of a state that is not the plain one of a running aggregate; bins 0 takes any number. */
static pg_noinline reliability_bin *
bins_slowly(FunctionCallInfo fcinfo, int argno, int bins, ArrayType **array)
{
	ArrayType  *state = PG_GETARG_ARRAYTYPE_P(argno);
	int			n = ARR_NDIM(state) == 0 ? 0 : ARR_DIMS(state)[0];
	reliability_bin *bin;

	if (ARR_NDIM(state) == 0 && bins > 0)
	{
		Size		size = ARR_OVERHEAD_NONULLS(1) + bins * sizeof(reliability_bin);
		double	   *zero = palloc0(size);

		*array = float8s_array(zero, bins * BIN);
		return (reliability_bin *) ARR_DATA_PTR(*array);
	}
	if (n == 0 || n % BIN != 0 || n / BIN > RELIABILITY_MOST_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("expected a state of %d float8 values for each bin", BIN)));
	if (bins > 0 && n != bins * BIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be the same in all rows of a group, not %d and %d", n / BIN, bins)));
	*array = arg_state_slowly(fcinfo, argno, n, "reliability");
	bin = (reliability_bin *) ARR_DATA_PTR(*array);
	if (!arg_in_aggregate(fcinfo))
		for (int k = 0; k < n / BIN; k++)
			if (!reliability_sound(&bin[k]))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("this is no state of an aggregate of reliability")));
	return bin;
}

Datum
bet_edge_reliability_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array = (ArrayType *) DatumGetPointer(PG_GETARG_DATUM(0));
	double		p = PG_GETARG_FLOAT8(1);
	int			bins = PG_NARGS() > 3 ? arg_bins(PG_GETARG_INT32(3)) : DEFAULT_BINS;
	reliability_bin *bin;
	int			k;

	if (unlikely(!(p >= 0 && p <= 1)))
		(void) arg_probability(p, "prob");
	if (likely(arg_in_aggregate(fcinfo) && arg_is_plain_state(array, bins * BIN)))
		bin = (reliability_bin *) ((char *) array + ARR_OVERHEAD_NONULLS(1));
	else
		bin = bins_slowly(fcinfo, 0, bins, &array);
	k = reliability_bin_of(p, bins);
	reliability_add(&bin[k], p, reliability_centre(k, bins), PG_GETARG_BOOL(2));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_reliability_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *from = PG_GETARG_ARRAYTYPE_P(1);
	ArrayType  *array;
	reliability_bin *into,
			   *other;
	int			bins;

	if (ARR_NDIM(from) == 0)
	{
		array = PG_GETARG_ARRAYTYPE_P(0);
		if (ARR_NDIM(array) > 0)
			(void) bins_slowly(fcinfo, 0, 0, &array);
		PG_RETURN_ARRAYTYPE_P(array);
	}
	other = bins_slowly(fcinfo, 1, 0, &from);
	bins = ARR_DIMS(from)[0] / BIN;
	into = bins_slowly(fcinfo, 0, bins, &array);
	for (int k = 0; k < bins; k++)
		reliability_merge(&into[k], &other[k]);
	PG_RETURN_ARRAYTYPE_P(array);
}

/* The bins of the state of a final function; their number 0 before the first row. */
static reliability_bin *
final_bins(FunctionCallInfo fcinfo, int *bins)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	reliability_bin *bin;
	double		n = 0;

	*bins = 0;
	if (ARR_NDIM(array) == 0)
		return NULL;
	bin = bins_slowly(fcinfo, 0, 0, &array);
	*bins = ARR_DIMS(array)[0] / BIN;
	for (int k = 0; k < *bins; k++)
		n += bin[k].n;
	if (n == 0)
		*bins = 0;
	return bin;
}

/* ---- forecasts one by one: state is each of them, with a minus where the event did not happen ---- */

Datum
bet_edge_forecasts_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	bool		skip = false;

	for (int i = 1; i < PG_NARGS(); i++)
		skip |= PG_ARGISNULL(i);
	if (!skip)
	{
		double		p = arg_probability(PG_GETARG_FLOAT8(1), "prob");
		double		constant = 0;

		if (PG_NARGS() > 3)
		{
			constant = arg_bins(PG_GETARG_INT32(3));
			if (arg_choice(PG_GETARG_TEXT_PP(4), strategies, "strategy") == 1)
				constant = -constant;
		}
		series_same(state, constant, "bins (below 0: by quantile)");
		*series_add(fcinfo, &state, 1) = PG_GETARG_BOOL(2) ? p + 0 : -p;
		state->constant = constant;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* A sorted copy, as a final function leaves its state alone. */
static double *
split_copy(const series *state, size_t *happened)
{
	Size		size = state->n * sizeof(double);
	double	   *values = MemoryContextAllocHuge(CurrentMemoryContext, size);
	double	   *work = MemoryContextAllocHuge(CurrentMemoryContext, size);

	memcpy(values, state->values, size);
	*happened = reliability_split(values, work, state->n);
	pfree(work);
	return values;
}

static int
lines_of_forecasts(FunctionCallInfo fcinfo, reliability_line *line)
{
	series	   *state = series_state(fcinfo);
	int			bins;

	if (state == NULL)
		return 0;
	bins = (int) fabs(state->constant);
	if (state->constant < 0)
	{
		size_t		happened;
		double	   *values = split_copy(state, &happened);

		return reliability_quantiles(values, state->n, happened, bins, line);
	}
	else
	{
		reliability_bin *bin = palloc0(bins * sizeof(reliability_bin));

		for (int64 i = 0; i < state->n; i++)
		{
			double		p = fabs(state->values[i]);
			int			k = reliability_bin_of(p, bins);

			reliability_add(&bin[k], p, reliability_centre(k, bins), !signbit(state->values[i]));
		}
		return reliability_lines(bin, bins, line);
	}
}

static int
lines_of_bins(FunctionCallInfo fcinfo, reliability_line *line)
{
	int			bins;
	reliability_bin *bin = final_bins(fcinfo, &bins);

	return reliability_lines(bin, bins, line);
}

/* ---- what follows from them ------------------------------------------------------------------------- */

static Datum
error_datum(FunctionCallInfo fcinfo, int (*lines_of) (FunctionCallInfo, reliability_line *), bool greatest)
{
	reliability_line *line = palloc(RELIABILITY_MOST_BINS * sizeof(reliability_line));
	int			lines = lines_of(fcinfo, line);
	double		mean,
				most;

	if (lines == 0)
		PG_RETURN_NULL();
	reliability_error(line, lines, &mean, &most);
	PG_RETURN_FLOAT8(greatest ? most : mean);
}

Datum
bet_edge_expected_calibration_error_final(PG_FUNCTION_ARGS)
{
	return error_datum(fcinfo, lines_of_bins, false);
}

Datum
bet_edge_expected_calibration_error_forecasts_final(PG_FUNCTION_ARGS)
{
	return error_datum(fcinfo, lines_of_forecasts, false);
}

Datum
bet_edge_maximum_calibration_error_final(PG_FUNCTION_ARGS)
{
	return error_datum(fcinfo, lines_of_bins, true);
}

Datum
bet_edge_maximum_calibration_error_forecasts_final(PG_FUNCTION_ARGS)
{
	return error_datum(fcinfo, lines_of_forecasts, true);
}

static Datum
table_datum(FunctionCallInfo fcinfo, int (*lines_of) (FunctionCallInfo, reliability_line *))
{
	reliability_line *line = palloc(RELIABILITY_MOST_BINS * sizeof(reliability_line));
	int			lines = lines_of(fcinfo, line);
	Datum	   *rows = palloc(RELIABILITY_MOST_BINS * sizeof(Datum));
	Oid			type;
	TupleDesc	desc;

	if (lines == 0)
		PG_RETURN_NULL();
	(void) get_call_result_type(fcinfo, &type, NULL);
	type = get_element_type(type);
	desc = lookup_rowtype_tupdesc_copy(type, -1);
	for (int k = 0; k < lines; k++)
	{
		double		lower,
					upper;
		Datum		values[7];
		bool		nulls[7] = {0};

		reliability_wilson(line[k].frequency, line[k].n, &lower, &upper);
		values[0] = Float8GetDatum(line[k].lower);
		values[1] = Float8GetDatum(line[k].upper);
		values[2] = Int64GetDatum((int64) line[k].n);
		values[3] = Float8GetDatum(line[k].mean);
		values[4] = Float8GetDatum(line[k].frequency);
		values[5] = Float8GetDatum(lower);
		values[6] = Float8GetDatum(upper);
		rows[k] = HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, lines, type, -1, false, TYPALIGN_DOUBLE));
}

Datum
bet_edge_reliability_table_final(PG_FUNCTION_ARGS)
{
	return table_datum(fcinfo, lines_of_bins);
}

Datum
bet_edge_reliability_table_forecasts_final(PG_FUNCTION_ARGS)
{
	return table_datum(fcinfo, lines_of_forecasts);
}

static Datum
parts_datum(FunctionCallInfo fcinfo, const reliability_parts *parts)
{
	Datum		values[6] = {
		Float8GetDatum(parts->brier), Float8GetDatum(parts->reliability), Float8GetDatum(parts->resolution),
		Float8GetDatum(parts->uncertainty), Float8GetDatum(parts->within_variance), Float8GetDatum(parts->within_covariance)
	};
	bool		nulls[6] = {0};

	return row_datum(fcinfo, values, nulls);
}

Datum
bet_edge_brier_decomposition_final(PG_FUNCTION_ARGS)
{
	int			bins;
	reliability_bin *bin = final_bins(fcinfo, &bins);
	reliability_parts parts;

	if (bins == 0)
		PG_RETURN_NULL();
	reliability_decompose(bin, bins, &parts);
	PG_RETURN_DATUM(parts_datum(fcinfo, &parts));
}

Datum
bet_edge_brier_decomposition_distinct_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	reliability_parts parts;
	size_t		happened;
	double	   *values;

	if (state == NULL)
		PG_RETURN_NULL();
	values = split_copy(state, &happened);
	reliability_distinct(values, state->n, happened, &parts);
	PG_RETURN_DATUM(parts_datum(fcinfo, &parts));
}

Datum
bet_edge_ks_calibration_error_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	size_t		happened;
	double	   *values;

	if (state == NULL)
		PG_RETURN_NULL();
	values = split_copy(state, &happened);
	PG_RETURN_FLOAT8(reliability_ks(values, state->n, happened));
}

/* ---- Spiegelhalter's test: state {n, sum of (y-p)(1-2p), its variance} with the sums' low parts -------- */

typedef struct spiegelhalter
{
	double		n;
	core_sum	off;
	core_sum	variance;
} spiegelhalter;

static inline spiegelhalter *
spiegelhalter_state(FunctionCallInfo fcinfo, int argno, ArrayType **array)
{
	spiegelhalter *state = (spiegelhalter *) arg_state(fcinfo, argno, DOUBLES(spiegelhalter), "spiegelhalter_test", array);

	if (unlikely(!arg_in_aggregate(fcinfo)) &&
		!(state->n >= 0 && state->n <= 0x1p53 && fabs(state->off.high) <= state->n && fabs(state->off.low) <= state->n &&
		  state->variance.high >= 0 && state->variance.high <= state->n && fabs(state->variance.low) <= state->variance.high * 1e-6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this is no state of aggregate spiegelhalter_test")));
	return state;
}

Datum
bet_edge_spiegelhalter_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	spiegelhalter *state = spiegelhalter_state(fcinfo, 0, &array);
	double		p = arg_probability(PG_GETARG_FLOAT8(1), "prob");
	double		tilt = 1 - 2 * p;

	state->n += 1;
	core_sum_add(&state->off, (PG_GETARG_BOOL(2) - p) * tilt);
	core_sum_add(&state->variance, tilt * tilt * p * (1 - p));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_spiegelhalter_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array,
			   *other;
	spiegelhalter *into = spiegelhalter_state(fcinfo, 0, &array);
	spiegelhalter *from = spiegelhalter_state(fcinfo, 1, &other);

	into->n += from->n;
	core_sum_merge(&into->off, from->off);
	core_sum_merge(&into->variance, from->variance);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_spiegelhalter_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	spiegelhalter *state = spiegelhalter_state(fcinfo, 0, &array);
	double		variance = core_sum_value(state->variance);
	Datum		values[3] = {Int64GetDatum((int64) state->n)};
	bool		nulls[3] = {false, variance <= 0, variance <= 0};

	if (state->n == 0)
		PG_RETURN_NULL();
	if (variance > 0)
	{
		double		z = core_sum_value(state->off) / sqrt(variance);

		values[1] = finite_datum(z);
		values[2] = Float8GetDatum(2 * normal_cdf(-fabs(z)));
	}
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
