#include "bind/args.h"
#include "bind/series.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/logistic.h"

PG_FUNCTION_INFO_V1(bet_edge_logistic_accum);
PG_FUNCTION_INFO_V1(bet_edge_logistic_final);
PG_FUNCTION_INFO_V1(bet_edge_logistic_apply);

#define MAX_FEATURES 1000
#define MAX_CLASSES 100
#define MAX_UNKNOWNS 4000

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

/* (state, features, outcome, ridge) */
Datum
bet_edge_logistic_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		float	   *features;
		int			n = features_of(PG_GETARG_ARRAYTYPE_P(1), &features);
		int32		outcome = PG_GETARG_INT32(2);
		double		ridge = arg_between(PG_GETARG_FLOAT8(3), 1e-6, 1e12, "ridge");
		double	   *row;

		if (outcome < 1 || outcome > MAX_CLASSES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("outcome must be a class from 1 to %d, not %d", MAX_CLASSES, outcome)));
		if (state != NULL && n != state->width - 1)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("features has %d elements, those before it have %d", n, state->width - 1)));
		series_same(state, ridge, "ridge");
		row = series_add(fcinfo, &state, n + 1);
		state->constant = ridge;
		row[0] = outcome;
		for (int i = 0; i < n; i++)
			row[i + 1] = features[i];
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

Datum
bet_edge_logistic_final(PG_FUNCTION_ARGS)
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
	p = state->width - 1;
	for (int64 i = 0; i < state->n; i++)
		classes = Max(classes, (int) state->values[i * state->width]);
	if (classes < 2)
		refuse_fit(CORE_INVALID, 2);
	if (logistic_outputs(classes) * (p + 1) > MAX_UNKNOWNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d features of %d classes are more than %d coefficients", p, classes, MAX_UNKNOWNS)));
	work = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * logistic_space(state->n, p, classes));
	array = float8_matrix(1 + logistic_outputs(classes), p + 1, &model);
	status = logistic_fit(state->values, state->n, p, classes, state->constant, model, work, series_interrupts);
	pfree(work);
	if (status != CORE_OK)
		refuse_fit(status, classes);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_logistic_apply(PG_FUNCTION_ARGS)
{
	int			rows,
				columns,
				n,
				classes;
	double	   *model = arg_float8_matrix(PG_GETARG_ARRAYTYPE_P(0), "model", MAX_FEATURES + 1, &rows, &columns);
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
	array = float8s_room(classes, &probs);
	if (logistic_apply(model, n, classes, features, probs) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the margin of these features is out of range")));
	PG_RETURN_ARRAYTYPE_P(array);
}
