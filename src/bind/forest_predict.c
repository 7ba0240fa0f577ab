/*
 * What a forest predicts: of one row, of all rows of a query, and why.
 */
#include "bind/forest.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/source.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bet_edge_predict);
PG_FUNCTION_INFO_V1(bet_edge_predict_class);
PG_FUNCTION_INFO_V1(bet_edge_predict_margin);
PG_FUNCTION_INFO_V1(bet_edge_predict_rows);
PG_FUNCTION_INFO_V1(bet_edge_predict_class_rows);
PG_FUNCTION_INFO_V1(bet_edge_explain);

/* Elements as floats with NaN for NULL; a copy only when there are NULLs. */
static const float *
arg_features(ArrayType *array, uint32 expected)
{
	int			n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	const float *data = (const float *) ARR_DATA_PTR(array);
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	float	   *copy;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must be a one-dimensional array, not one of %d dimensions", ARR_NDIM(array))));
	if (n != expected)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features has %d elements, but the forest takes %u", n, expected)));
	if (bitmap == NULL)
		return data;
	copy = palloc(sizeof(float) * n);
	for (int i = 0; i < n; i++)
		copy[i] = bitmap[i / 8] & (1 << i % 8) ? *data++ : NAN;
	return copy;
}

/* Rows up to this many features need no allocation. */
#define SMALL_ROW 256

static void
make_row(ArrayType *features, const forest *f, float *row)
{
	uint32		where;

	if (forest_row(arg_features(features, f->image->features), f->image->features, row, &where) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("features[%u] is infinite", where + 1),
				 errhint("NULL or NaN stands for a missing value.")));
}

/* The margins that the trees of one row add to: these, or the forest's own when there are none. */
static const float *
base_margin_of(ArrayType *array, const forest *f)
{
	const float *base = (const float *) ARR_DATA_PTR(array);
	int			n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (n == 0)
		return f->base;
	if (ARR_NDIM(array) > 1 || n != f->image->groups)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("base_margin has %d elements, but the forest has %u margins", n, f->image->groups)));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("base_margin must not contain NULL")));
	for (int i = 0; i < n; i++)
		if (!isfinite(base[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("base_margin[%d] must be a finite number, not %g", i + 1, base[i])));
	return base;
}

/* Margins of a row, one a group. */
static void
margins_of(FunctionCallInfo fcinfo, forest *f, float *margins)
{
	float		small[FOREST_ROW(SMALL_ROW)];
	float	   *row = f->image->features <= SMALL_ROW ? small : palloc(sizeof(float) * FOREST_ROW(f->image->features));

	make_row(PG_GETARG_ARRAYTYPE_P(1), f, row);
	if (PG_NARGS() > 2)
		f->base = base_margin_of(PG_GETARG_ARRAYTYPE_P(2), f);
	forest_margins(f, row, 1, margins);
	if (row != small)
		pfree(row);
}

static void
check_finite(const float *values, uint32 n)
{
	for (uint32 i = 0; i < n; i++)
		if (!isfinite(values[i]))
			float_overflow_error();
}

static ArrayType *
floats_array(const float *values, int n)
{
	double	   *wide = palloc(sizeof(double) * n);

	check_finite(values, n);
	for (int i = 0; i < n; i++)
		wide[i] = values[i];
	return float8s_array(wide, n);
}

static void
check_one_output(const forest *f)
{
	if (forest_outputs(f) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the forest has %u classes, predict gives one number", f->image->groups),
				 errhint("Use predict_class.")));
}

static void
check_classes(const forest *f)
{
	if (f->image->groups == 1 && f->image->objective != FOREST_LOGISTIC)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a forest of objective %s has no classes", forest_objectives[f->image->objective].name),
				 errhint("Use predict.")));
}

/* Margins to the probabilities of all classes. */
static ArrayType *
class_array(const forest *f, float *margins)
{
	double		both[2];

	if (f->image->groups > 1)
	{
		forest_probabilities(f, margins);
		return floats_array(margins, f->image->groups);
	}
	forest_values(f, margins);
	both[0] = 1 - (double) margins[0];
	both[1] = margins[0];
	return float8s_array(both, 2);
}

/* Most forests have few groups. */
#define FEW_GROUPS 32

Datum
bet_edge_predict(PG_FUNCTION_ARGS)
{
	forest		f;
	float		few[FEW_GROUPS];
	float	   *values = few;

	forest_arg(fcinfo, &f);
	check_one_output(&f);
	if (f.image->groups > FEW_GROUPS)
		values = palloc(sizeof(float) * f.image->groups);
	margins_of(fcinfo, &f, values);
	forest_values(&f, values);
	check_finite(values, 1);
	PG_RETURN_FLOAT8(values[0]);
}

Datum
bet_edge_predict_class(PG_FUNCTION_ARGS)
{
	forest		f;
	float	   *values;

	forest_arg(fcinfo, &f);
	check_classes(&f);
	values = palloc(sizeof(float) * f.image->groups);
	margins_of(fcinfo, &f, values);
	PG_RETURN_ARRAYTYPE_P(class_array(&f, values));
}

Datum
bet_edge_predict_margin(PG_FUNCTION_ARGS)
{
	forest		f;
	float	   *margins;

	forest_arg(fcinfo, &f);
	margins = palloc(sizeof(float) * f.image->groups);
	margins_of(fcinfo, &f, margins);
	PG_RETURN_ARRAYTYPE_P(floats_array(margins, f.image->groups));
}

/* ---- prediction of all rows of a query -------------------------------------------------------- */

/* Rows that are walked together: a few trees at a time, so that these stay in the cache. */
#define BLOCK_OF_ROWS 64

enum source_column
{
	ID, FEATURES, BASE_MARGIN, SOURCE_COLUMNS
};

static const char *const source_names[SOURCE_COLUMNS] = {"id", "features", "base_margin"};

typedef struct block_receiver
{
	DestReceiver pub;
	forest		f;
	bool		classes;
	int			columns[SOURCE_COLUMNS];	/* attribute numbers */
	Oid			id_type;
	row_set		results;
	MemoryContext scratch;		/* of one block */
	float	   *rows;
	float	   *margins;		/* begin as the base margins */
	int64		ids[BLOCK_OF_ROWS];
	int			n;
} block_receiver;

static void
predict_block(block_receiver *b)
{
	const forest *f = &b->f;
	MemoryContext old = MemoryContextSwitchTo(b->scratch);

	forest_add(f, b->rows, b->n, b->margins);
	for (int i = 0; i < b->n; i++)
	{
		float	   *margins = b->margins + i * f->image->groups;
		Datum		values[2] = {Int64GetDatum(b->ids[i])};
		const bool	nulls[2] = {false, false};

		if (b->classes)
			values[1] = PointerGetDatum(class_array(f, margins));
		else
		{
			forest_values(f, margins);
			check_finite(margins, 1);
			values[1] = Float8GetDatum(margins[0]);
		}
		row_set_put(&b->results, values, nulls);
	}
	b->n = 0;
	MemoryContextSwitchTo(old);
	MemoryContextReset(b->scratch);
}

static void
receive_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	block_receiver *b = (block_receiver *) self;

	for (int c = 0; c < SOURCE_COLUMNS; c++)
	{
		Oid			type;

		b->columns[c] = SPI_fnumber(desc, source_names[c]);
		if (b->columns[c] <= 0 && c == BASE_MARGIN)
			continue;
		if (b->columns[c] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("source has no column \"%s\"", source_names[c]),
					 errhint("It must give id (smallint, integer or bigint), features (real[]) and, if wanted, base_margin (real[]); a query can name them with AS.")));
		type = getBaseType(SPI_gettypeid(desc, b->columns[c]));
		if (c == ID ? type != INT8OID && type != INT4OID && type != INT2OID : type != FLOAT4ARRAYOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of source must be of type %s, not %s", source_names[c],
							c == ID ? "smallint, integer or bigint" : "real[]", format_type_be(type))));
		if (c == ID)
			b->id_type = type;
	}
}

/* Which row it was. */
static void
name_row(void *id)
{
	errcontext("row " INT64_FORMAT " of source", *(int64 *) id);
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	block_receiver *b = (block_receiver *) self;
	const forest *f = &b->f;
	MemoryContext old = MemoryContextSwitchTo(b->scratch);
	int64	   *place = &b->ids[b->n];
	ErrorContextCallback of_row = {error_context_stack, name_row, place};
	Datum		values[SOURCE_COLUMNS];

	for (int c = 0; c < SOURCE_COLUMNS; c++)
	{
		bool		isnull;

		if (b->columns[c] <= 0)
			continue;
		values[c] = slot_getattr(slot, b->columns[c], &isnull);
		if (isnull)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"%s\" of source must not be NULL", source_names[c])));
		if (c == ID)
		{
			*place = b->id_type == INT8OID ? DatumGetInt64(values[ID]) : b->id_type == INT4OID ? DatumGetInt32(values[ID]) :
				DatumGetInt16(values[ID]);
			error_context_stack = &of_row;
		}
	}
	make_row(DatumGetArrayTypeP(values[FEATURES]), f, b->rows + b->n * FOREST_ROW(f->image->features));
	memcpy(b->margins + b->n * f->image->groups, b->columns[BASE_MARGIN] > 0 ? base_margin_of(DatumGetArrayTypeP(values[BASE_MARGIN]), f) : f->base,
		   sizeof(float) * f->image->groups);
	error_context_stack = of_row.previous;
	MemoryContextSwitchTo(old);
	if (++b->n == BLOCK_OF_ROWS)
		predict_block(b);
	return true;
}

static void
predict_all(FunctionCallInfo fcinfo, bool classes)
{
	block_receiver b = {
		.pub = {receive_row, receive_startup, source_end, source_end, DestNone},
		.classes = classes,
	};

	forest_own(PG_GETARG_DATUM(0), &b.f);
	if (classes)
		check_classes(&b.f);
	else
		check_one_output(&b.f);
	row_set_begin(fcinfo, &b.results);
	b.scratch = AllocSetContextCreate(CurrentMemoryContext, "predict_rows", ALLOCSET_DEFAULT_SIZES);
	b.rows = palloc(sizeof(float) * BLOCK_OF_ROWS * FOREST_ROW(b.f.image->features));
	b.margins = palloc(sizeof(float) * BLOCK_OF_ROWS * b.f.image->groups);
	source_read(source_query(PG_GETARG_TEXT_PP(1)), &b.pub);
	predict_block(&b);
}

Datum
bet_edge_predict_rows(PG_FUNCTION_ARGS)
{
	predict_all(fcinfo, false);
	return (Datum) 0;
}

Datum
bet_edge_predict_class_rows(PG_FUNCTION_ARGS)
{
	predict_all(fcinfo, true);
	return (Datum) 0;
}

/* ---- explanation ------------------------------------------------------------------------------ */

static void
put_contributions(FunctionCallInfo fcinfo, const forest *f, const double *phi)
{
	TupleDesc	desc;
	Tuplestorestate *store = rows_begin(fcinfo, &desc);
	bool		nulls[3] = {0};

	for (uint32 group = 0; group < f->image->groups; group++)
		for (uint32 feature = 0; feature <= f->image->features; feature++)
		{
			Datum		values[3] = {Int32GetDatum(feature), Int32GetDatum(group + 1), Float8GetDatum(*phi++)};

			tuplestore_putvalues(store, desc, values, nulls);
		}
}

Datum
bet_edge_explain(PG_FUNCTION_ARGS)
{
	forest		f;
	float	   *row;
	double	   *phi;

	forest_whole(PG_GETARG_DATUM(0), &f);
	row = palloc(sizeof(float) * FOREST_ROW(f.image->features));
	make_row(PG_GETARG_ARRAYTYPE_P(1), &f, row);
	phi = palloc(sizeof(double) * (f.image->features + 1) * f.image->groups);
	if (forest_explain(&f, row, palloc(forest_explain_scratch(&f)), phi) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the forest cannot be explained: a node has no training weight (sum_hessian 0)")));
	put_contributions(fcinfo, &f, phi);
	return (Datum) 0;
}
