#include "bind/args.h"
#include "bind/series.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/logistic.h"

PG_FUNCTION_INFO_V1(bet_edge_logistic_accum);
PG_FUNCTION_INFO_V1(bet_edge_logistic_final);
PG_FUNCTION_INFO_V1(bet_edge_logistic_margin_final);
PG_FUNCTION_INFO_V1(bet_edge_logistic_apply);

#define MAX_FEATURES 1000
#define MAX_CLASSES 100
#define MAX_UNKNOWNS 4000

/* The margins that the features add to: none in an empty base_margin, else one for each row of coefficients. */
static float *
margins_of(ArrayType *array, int *n)
{
	float	   *margins = (float *) ARR_DATA_PTR(array);

	*n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	if (ARR_NDIM(array) > 1 || *n == 2 || *n > MAX_CLASSES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("base_margin must be a one-dimensional array of one element a class, or of one for two classes")));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("base_margin must not contain NULL")));
	for (int i = 0; i < *n; i++)
		if (!isfinite(margins[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("base_margin[%d] must be a finite number, not %g", i + 1, margins[i])));
	return margins;
}

/* A real[] of 1 to MAX_FEATURES elements, one of them at to[i]; NULL is missing. */
static int
features_of(ArrayType *array, float **to)
{
	int			n = ARR_NDIM(array) == 1 ? ARR_DIMS(array)[0] : 0;
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	float	   *data = (float *) ARR_DATA_PTR(array);

	if (n < 1 || n > MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must be a one-dimensional array of 1 to %d elements", MAX_FEATURES)));
	*to = palloc(sizeof(float) * n);
	for (int i = 0; i < n; i++)
	{
		(*to)[i] = bitmap == NULL || bitmap[i / 8] & (1 << i % 8) ? *data++ : NAN;
		if (isinf((*to)[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("features[%d] is infinite", i + 1),
					 errhint("NULL or NaN stands for a missing value.")));
	}
	return n;
}

/* (state, features, outcome, ridge[, base_margin]): a row of the last kind ends with its margins, and their number. */
Datum
bet_edge_logistic_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!series_row_has_null(fcinfo))
	{
		bool		offset = PG_NARGS() > 4;
		int			n_margins = 0;
		float	   *margins = offset ? margins_of(PG_GETARG_ARRAYTYPE_P(4), &n_margins) : NULL;
		float	   *features;
		int			n = features_of(PG_GETARG_ARRAYTYPE_P(1), &features);
		int32		outcome = PG_GETARG_INT32(2);
		double		ridge = arg_between(PG_GETARG_FLOAT8(3), 1e-6, 1e12, "ridge");
		double	   *row;

		if (outcome < 1 || outcome > MAX_CLASSES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("outcome must be a class from 1 to %d, not %d", MAX_CLASSES, outcome)));
		if (offset && (n_margins == 0 || outcome > Max(n_margins, 2)))
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("base_margin has %d elements, which is not enough for outcome %d", n_margins, outcome)));
		if (offset && state != NULL && n_margins != state->values[state->width - 1])
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("base_margin has %d elements, those before it have %g", n_margins, state->values[state->width - 1])));
		if (state != NULL && n + n_margins + offset != state->width - 1)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("features has %d elements, those before it have %d", n, state->width - 1 - n_margins - offset)));
		series_same(state, ridge, "ridge");
		row = series_add(fcinfo, &state, n + 1 + n_margins + offset);
		state->constant = ridge;
		row[0] = outcome;
		for (int i = 0; i < n; i++)
			row[i + 1] = features[i];
		for (int i = 0; i < n_margins; i++)
			row[n + 1 + i] = margins[i];
		if (offset)
			row[n + 1 + n_margins] = n_margins;
		pfree(features);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static void pg_attribute_noreturn()
refuse_fit(core_status status, int classes)
{
	if (status == CORE_INVALID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcome must take every class from 1 to %d, and at least two", classes)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("logistic_fit found no fit"),
			 errhint("A greater ridge holds it.")));
}

static Datum
fit_datum(FunctionCallInfo fcinfo, bool offset)
{
	series	   *state = PG_ARGISNULL(0) ? NULL : (series *) PG_GETARG_POINTER(0);
	int			classes = 0,
				p;
	double	   *work,
			   *model;
	ArrayType  *array;
	core_status status;

	if (state == NULL)
		PG_RETURN_NULL();
	for (int64 i = 0; i < state->n; i++)
		classes = Max(classes, (int) state->values[i * state->width]);
	if (offset)
		classes = Max(classes, (int) state->values[state->width - 1]);
	p = state->width - 1 - (offset ? logistic_outputs(classes) + 1 : 0);
	if (classes < 2)
		refuse_fit(CORE_INVALID, 2);
	if (logistic_outputs(classes) * (p + 1) > MAX_UNKNOWNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d features of %d classes are more than %d coefficients", p, classes, MAX_UNKNOWNS)));
	work = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * logistic_space(state->n, p, classes));
	array = float8_matrix(1 + logistic_outputs(classes), p + 1, &model);
	status = logistic_fit(state->values, state->width, state->n, p, classes, offset, state->constant, model, work, series_interrupts);
	pfree(work);
	if (status != CORE_OK)
		refuse_fit(status, classes);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_logistic_final(PG_FUNCTION_ARGS)
{
	return fit_datum(fcinfo, false);
}

Datum
bet_edge_logistic_margin_final(PG_FUNCTION_ARGS)
{
	return fit_datum(fcinfo, true);
}

/* (model, features[, base_margin]) */
Datum
bet_edge_logistic_apply(PG_FUNCTION_ARGS)
{
	int			rows,
				columns,
				n,
				classes;
	double	   *model = arg_float8_matrix(PG_GETARG_ARRAYTYPE_P(0), "model", MAX_FEATURES + 1, &rows, &columns);
	int			n_margins = 0;
	float	   *margins = PG_NARGS() > 2 ? margins_of(PG_GETARG_ARRAYTYPE_P(2), &n_margins) : NULL;
	float	   *features;
	double	   *probs;
	ArrayType  *array;

	n = features_of(PG_GETARG_ARRAYTYPE_P(1), &features);
	classes = rows == 2 ? 2 : rows - 1;
	if (rows < 2 || classes > MAX_CLASSES || columns != n + 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("model of %d rows and %d columns is not for %d features", rows, columns, n),
				 errhint("It is what logistic_fit gives for as many features.")));
	if (n_margins > 0 && n_margins != logistic_outputs(classes))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("base_margin has %d elements, but a model of %d classes takes %d", n_margins, classes, logistic_outputs(classes))));
	array = float8s_room(classes, &probs);
	if (logistic_apply(model, n, classes, features, n_margins > 0 ? margins : NULL, probs) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the margin of these features is out of range")));
	PG_RETURN_ARRAYTYPE_P(array);
}
