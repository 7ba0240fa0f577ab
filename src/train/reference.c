/*
 * libxgboost's own predictions and files of a forest: what ours are held to.
 */
#include "bind/compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "train/examples.h"
#include "train/session.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bet_edge_libxgboost_predict);
PG_FUNCTION_INFO_V1(bet_edge_libxgboost_save);

static int
prediction_kind(text *kind)
{
	char	   *name = text_to_cstring(kind);

	if (strcmp(name, "value") == 0)
		return 0;
	if (strcmp(name, "margin") == 0)
		return 1;
	if (strcmp(name, "contributions") == 0)
		return 2;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("unknown kind \"%s\"", name),
			 errhint("Known: value, margin, contributions.")));
	return 0;					/* not reached */
}

/* Rows of a one- or two-dimensional array. */
static float *
matrix_of(ArrayType *array, Size *n, int *features)
{
	float	   *values;
	Size		width;

	if (ARR_NDIM(array) < 1 || ARR_NDIM(array) > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must be an array of one or two dimensions")));
	*n = ARR_NDIM(array) == 1 ? 1 : ARR_DIMS(array)[0];
	*features = ARR_DIMS(array)[ARR_NDIM(array) - 1];
	width = *n * *features;
	values = palloc(sizeof(float) * width);
	examples_features(array, values, width, 1);
	return values;
}

/* The forest that is the first argument, by its text. */
static void
load_booster(session *s, FunctionCallInfo fcinfo)
{
	Oid			output;
	bool		varlena;
	char	   *model;
	sigset_t	before;
	int			status;

	getTypeOutputInfo(get_fn_expr_argtype(fcinfo->flinfo, 0), &output, &varlena);
	model = OidOutputFunctionCall(output, PG_GETARG_DATUM(0));
	check_library(XGBoosterCreate(NULL, 0, &s->booster), "libxgboost could not start");
	hold_signals(&before);
	status = XGBoosterLoadModelFromBuffer(s->booster, model, strlen(model));
	release_signals(&before);
	check_library(status, "libxgboost could not load the model");
	check_library(XGBoosterSetParam(s->booster, "nthread", "1"), "nthread");
	pfree(model);
}

Datum
bet_edge_libxgboost_save(PG_FUNCTION_ARGS)
{
	char	   *format = text_to_cstring(PG_GETARG_TEXT_PP(1));
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(outer, "libxgboost_save", ALLOCSET_DEFAULT_SIZES);
	session    *s;
	const char *bytes;
	Size		length;
	bytea	   *result;

	if (strcmp(format, "ubj") != 0 && strcmp(format, "json") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("unknown format \"%s\"", format),
				 errhint("Known: ubj, json.")));
	MemoryContextSwitchTo(context);
	s = begin_session(1);
	load_booster(s, fcinfo);
	length = saved_model(s, format, MaxAllocSize - VARHDRSZ, &bytes);
	MemoryContextSwitchTo(outer);
	result = palloc(VARHDRSZ + length);
	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), bytes, length);
	MemoryContextDelete(context);
	PG_RETURN_BYTEA_P(result);
}

/* What XGBoosterPredictFromDMatrix and XGBoosterPredictFromDense are asked, by kind. */
static const char *const prediction_configs[] = {
	"{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}",
	"{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}",
	"{\"type\":2,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}"
};

/* All rows at once, as a matrix: how many numbers, and where. */
static Size
predict_matrix(session *s, const float *values, Size n, int features, ArrayType *base_margin, int kind, const float **result)
{
	int			margins = ArrayGetNItems(ARR_NDIM(base_margin), ARR_DIMS(base_margin));
	const bst_ulong *shape;
	bst_ulong	dim;
	Size		total = 1;

	make_matrix(&s->matrix, values, n, features);
	if (margins > 0)
	{
		float	   *room = palloc(sizeof(float) * margins);

		examples_margins(base_margin, room, margins, 1);
		check_library(XGDMatrixSetFloatInfo(s->matrix, "base_margin", room, margins), "base_margin");
	}
	check_library(XGBoosterPredictFromDMatrix(s->booster, s->matrix, prediction_configs[kind], &shape, &dim, result),
		  "libxgboost could not predict");
	for (bst_ulong i = 0; i < dim; i++)
		total *= shape[i];
	return total;
}

/* A call a row: the fastest that libxgboost has for one row at a time, with a matrix kept from call to call. */
static Size
predict_one_by_one(session *s, const float *values, Size n, int features, int kind, const float **result)
{
	float	   *row = palloc(sizeof(float) * features);
	char	   *where = psprintf("{\"data\":[%zu,true],\"shape\":[1,%d],\"typestr\":\"<f4\",\"version\":3}", (Size) row, features);
	float	   *all = NULL;
	Size		width = 0;

	check_library(XGProxyDMatrixCreate(&s->matrix), "libxgboost could not make a matrix");
	for (Size i = 0; i < n; i++)
	{
		const bst_ulong *shape;
		bst_ulong	dim;
		const float *of_row;

		CHECK_FOR_INTERRUPTS();
		memcpy(row, values + i * features, sizeof(float) * features);
		check_library(XGBoosterPredictFromDense(s->booster, where, prediction_configs[kind], s->matrix, &shape, &dim, &of_row),
			  "libxgboost could not predict");
		if (i == 0)
		{
			width = shape[dim - 1];
			all = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * n * width);
		}
		memcpy(all + i * width, of_row, sizeof(float) * width);
	}
	*result = all;
	return n * width;
}

Datum
bet_edge_libxgboost_predict(PG_FUNCTION_ARGS)
{
	int			kind = prediction_kind(PG_GETARG_TEXT_PP(2));
	ArrayType  *base_margin = PG_GETARG_ARRAYTYPE_P(3);
	bool		one_by_one = PG_GETARG_BOOL(4);
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(outer, "libxgboost_predict", ALLOCSET_DEFAULT_SIZES);
	float	   *values;
	Size		n;
	int			features;
	session    *s;
	const float *result;
	Size		total;
	Datum	   *datums;
	ArrayType  *array;

	if (one_by_one && ARR_NDIM(base_margin) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("libxgboost takes no base_margin when it is asked one by one")));
	MemoryContextSwitchTo(context);
	values = matrix_of(PG_GETARG_ARRAYTYPE_P(1), &n, &features);
	s = begin_session(1);
	load_booster(s, fcinfo);
	if (one_by_one)
		total = predict_one_by_one(s, values, n, features, kind, &result);
	else
		total = predict_matrix(s, values, n, features, base_margin, kind, &result);
	datums = palloc(sizeof(Datum) * total);
	for (Size i = 0; i < total; i++)
		datums[i] = Float8GetDatum(result[i]);
	MemoryContextSwitchTo(outer);
	array = construct_array(datums, total, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	MemoryContextDelete(context);
	PG_RETURN_ARRAYTYPE_P(array);
}
