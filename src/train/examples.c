#include "train/examples.h"

#include <float.h>
#include <limits.h>
#include <math.h>

#include "bind/source.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define MAX_FEATURES 100000
#define FIRST_ROOM 1000
#define ROWS_BETWEEN_RESETS 1000

enum source_column
{
	LABEL, FEATURES, WEIGHT, BASE_MARGIN, VALIDATION, SOURCE_COLUMNS
};

static const char *const source_names[SOURCE_COLUMNS] = {"label", "features", "weight", "base_margin", "validation"};

/* What the executor hands its rows to. */
typedef struct receiver
{
	DestReceiver pub;
	examples   *rows;
	Size		room;
	int			place[SOURCE_COLUMNS];	/* attribute numbers */
	Oid			type[SOURCE_COLUMNS];
	int			last;			/* highest of them */
	MemoryContext context;		/* of the arrays */
	MemoryContext scratch;		/* of some rows */
} receiver;

static bool
is_number(Oid type)
{
	return type == FLOAT8OID || type == FLOAT4OID || type == INT4OID || type == INT2OID || type == INT8OID ||
		type == NUMERICOID || type == BOOLOID;
}

static void
receive_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	receiver   *r = (receiver *) self;

	for (int c = 0; c < SOURCE_COLUMNS; c++)
	{
		bool		array = c == FEATURES || c == BASE_MARGIN;
		Oid			type;

		r->place[c] = SPI_fnumber(desc, source_names[c]);
		if (r->place[c] <= 0 && c >= WEIGHT)
			continue;
		if (r->place[c] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("source has no column \"%s\"", source_names[c]),
					 errhint("It must give label (a number), features real[] and, if wanted, weight (a number), base_margin real[] and validation boolean.")));
		r->last = Max(r->last, r->place[c]);
		r->type[c] = type = getBaseType(SPI_gettypeid(desc, r->place[c]));
		if (c == VALIDATION ? type != BOOLOID : array ? type != FLOAT4ARRAYOID : !is_number(type))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of source must be %s, not %s", source_names[c],
							c == VALIDATION ? "boolean" : array ? "real[]" : "a number", format_type_be(type))));
	}
}

static void *
enlarged(const receiver *r, void *array, Size room, Size size)
{
	return array == NULL ? MemoryContextAllocHuge(r->context, room * size) : repalloc_huge(array, room * size);
}

static void
make_room(receiver *r)
{
	examples   *e = r->rows;
	Size		room = r->room == 0 ? FIRST_ROOM : r->room * 2;
	Size		width = Max(e->features, e->margins);

	if (e->n < r->room)
		return;
	if (e->n >= INT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d rows for training", INT_MAX)));
	if (room > SIZE_MAX / 2 / sizeof(float) / width || room * width > (Size) 1 << 36)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more rows for training than fit in memory")));
	e->values = enlarged(r, e->values, room, e->features * sizeof(float));
	e->labels = enlarged(r, e->labels, room, sizeof(float));
	if (r->place[WEIGHT] > 0)
		e->weights = enlarged(r, e->weights, room, sizeof(float));
	if (r->place[BASE_MARGIN] > 0)
		e->base_margins = enlarged(r, e->base_margins, room, e->margins * sizeof(float));
	if (r->place[VALIDATION] > 0)
		e->validation = enlarged(r, e->validation, room, sizeof(bool));
	r->room = room;
}

void
examples_features(ArrayType *array, float *to, Size n, Size row)
{
	const float *data = (const float *) ARR_DATA_PTR(array);
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	bool		infinite = false;

	if (bitmap == NULL)
		memcpy(to, data, n * sizeof(float));
	else
		for (Size i = 0; i < n; i++)
			to[i] = bitmap[i / 8] & (1 << i % 8) ? *data++ : NAN;
	for (Size i = 0; i < n; i++)
		infinite |= fabsf(to[i]) > FLT_MAX;
	for (Size i = 0; infinite && i < n; i++)
		if (isinf(to[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("features[%zu] of row %zu is infinite", i + 1, row),
					 errhint("NULL or NaN stands for a missing value.")));
}

void
examples_margins(ArrayType *array, float *to, Size n, Size row)
{
	bool		nulls = ARR_HASNULL(array) && array_contains_nulls(array);

	for (Size i = 0; i < n; i++)
	{
		to[i] = nulls ? NAN : ((const float *) ARR_DATA_PTR(array))[i];
		if (!isfinite(to[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("base_margin[%zu] of row %zu must be a finite number", i + 1, row)));
	}
}

static double
number(Datum datum, Oid type)
{
	switch (type)
	{
		case FLOAT8OID:
			return DatumGetFloat8(datum);
		case FLOAT4OID:
			return DatumGetFloat4(datum);
		case INT4OID:
			return DatumGetInt32(datum);
		case INT2OID:
			return DatumGetInt16(datum);
		case INT8OID:
			return (double) DatumGetInt64(datum);
		case BOOLOID:
			return DatumGetBool(datum);
		default:
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, datum));
	}
}

static float
finite_number(const receiver *r, enum source_column column, Datum datum, Size row)
{
	float		value = (float) number(datum, r->type[column]);

	if (!isfinite(value) || (column == WEIGHT && value < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of row %zu is %g, not a finite number%s", source_names[column], row, value,
						column == WEIGHT ? " of at least 0" : "")));
	return value;
}

/* The real[] of a row: one dimension, 1 to MAX_FEATURES elements, as many as in the rows before (0: there are none). */
static ArrayType *
row_array(enum source_column column, Datum datum, int before, Size row)
{
	const char *name = source_names[column];
	ArrayType  *array = DatumGetArrayTypeP(datum);
	int			n = ARR_NDIM(array) == 1 ? ARR_DIMS(array)[0] : 0;

	if (n == 0 || n > MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s of row %zu must be a one-dimensional array of 1 to %d elements", name, row, MAX_FEATURES)));
	if (before > 0 && n != before)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s of row %zu has %d elements, those before it have %d", name, row, n, before)));
	return array;
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	receiver   *r = (receiver *) self;
	examples   *e = r->rows;
	Size		row = e->n + 1;
	MemoryContext old = MemoryContextSwitchTo(r->scratch);
	ArrayType  *features,
			   *base_margin = NULL;

#define VALUE(c) slot->tts_values[r->place[c] - 1]
	slot_getsomeattrs(slot, r->last);
	for (int c = 0; c < SOURCE_COLUMNS; c++)
		if (r->place[c] > 0 && slot->tts_isnull[r->place[c] - 1])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s of row %zu is NULL", source_names[c], row)));
	features = row_array(FEATURES, VALUE(FEATURES), e->features, row);
	e->features = ARR_DIMS(features)[0];
	if (r->place[BASE_MARGIN] > 0)
	{
		base_margin = row_array(BASE_MARGIN, VALUE(BASE_MARGIN), e->margins, row);
		e->margins = ARR_DIMS(base_margin)[0];
	}
	make_room(r);
	examples_features(features, e->values + e->n * e->features, e->features, row);
	e->labels[e->n] = finite_number(r, LABEL, VALUE(LABEL), row);
	if (r->place[WEIGHT] > 0)
		e->weights[e->n] = finite_number(r, WEIGHT, VALUE(WEIGHT), row);
	if (base_margin)
		examples_margins(base_margin, e->base_margins + e->n * e->margins, e->margins, row);
	if (r->place[VALIDATION] > 0)
		e->validation[e->n] = DatumGetBool(VALUE(VALIDATION));
#undef VALUE
	e->n++;
	MemoryContextSwitchTo(old);
	if (e->n % ROWS_BETWEEN_RESETS == 0)
		MemoryContextReset(r->scratch);
	return true;
}

examples
examples_read(text *source)
{
	examples	e = {0};
	receiver	r = {
		.pub = {receive_row, receive_startup, source_end, source_end, DestNone},
		.rows = &e,
		.context = CurrentMemoryContext,
		.scratch = AllocSetContextCreate(CurrentMemoryContext, "training rows", ALLOCSET_DEFAULT_SIZES),
	};

	source_read(source_query(source), &r.pub);
	MemoryContextDelete(r.scratch);
	if (e.n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("no rows for training")));
	return e;
}

/* A column of size bytes a row: validation rows are copied, the others move up. */
static void *
split_column(const examples *all, void *column, Size size, Size n_out)
{
	char	   *from = column,
			   *stay = column;
	char	   *result,
			   *out;

	if (column == NULL)
		return NULL;
	result = out = MemoryContextAllocHuge(CurrentMemoryContext, Max(n_out, 1) * size);
	for (Size i = 0; i < all->n; i++, from += size)
	{
		char	  **to = all->validation[i] ? &out : &stay;

		memmove(*to, from, size);
		*to += size;
	}
	return result;
}

examples
examples_split(examples *all)
{
	examples	out = {.features = all->features, .margins = all->margins};

	for (Size i = 0; i < all->n; i++)
		out.n += all->validation[i];
	out.values = split_column(all, all->values, all->features * sizeof(float), out.n);
	out.labels = split_column(all, all->labels, sizeof(float), out.n);
	out.weights = split_column(all, all->weights, sizeof(float), out.n);
	out.base_margins = split_column(all, all->base_margins, all->margins * sizeof(float), out.n);
	all->n -= out.n;
	return out;
}
