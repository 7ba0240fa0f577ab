#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/nearest.h"

PG_FUNCTION_INFO_V1(bet_edge_nearest_neighbours);

#define MAX_DIMENSIONS 1000
#define MAX_NEIGHBOURS 10000

/* The points of a query, packed once as long as they are the same stored value. */
typedef struct nearest_kept
{
	kept_value	stored;
	struct varlena *of;
	float	   *packed;
	int			n;
	int			dimensions;
} nearest_kept;

static void
pack_points(FunctionCallInfo fcinfo, ArrayType *array, nearest_kept *kept)
{
	const float *points = (float *) ARR_DATA_PTR(array);

	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[1] > MAX_DIMENSIONS)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("points must be a two-dimensional array, a row a point of up to %d coordinates", MAX_DIMENSIONS),
				 errhint("array_agg over arrays of equal length gives one.")));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("points must not contain NULL")));
	kept->n = ARR_DIMS(array)[0];
	kept->dimensions = ARR_DIMS(array)[1];
	for (Size i = 0; i < (Size) kept->n * kept->dimensions; i++)
		if (!isfinite(points[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("points[%d][%d] must be a finite number, not %g", (int) (i / kept->dimensions) + 1,
							(int) (i % kept->dimensions) + 1, points[i])));
	kept->packed = MemoryContextAllocHuge(fcinfo->flinfo->fn_mcxt, sizeof(float) * nearest_space(kept->n, kept->dimensions));
	nearest_pack(points, kept->n, kept->dimensions, kept->packed);
}

/* (points, query, k) */
Datum
bet_edge_nearest_neighbours(PG_FUNCTION_ARGS)
{
	nearest_kept *kept = kept_state(fcinfo, sizeof(nearest_kept));
	struct varlena *value = arg_kept(fcinfo, 0, &kept->stored);
	int			n;
	const float *query = arg_reals(PG_GETARG_ARRAYTYPE_P(1), "query", MAX_DIMENSIONS, &n);
	int			k = (int) arg_between(PG_GETARG_INT32(2), 1, MAX_NEIGHBOURS, "k");
	nearest_point *found;
	TupleDesc	desc;
	Tuplestorestate *rows;

	if (kept->packed == NULL || value != kept->stored.value || value != kept->of)
	{
		if (kept->packed != NULL)
			pfree(kept->packed);
		kept->packed = NULL;
		pack_points(fcinfo, (ArrayType *) value, kept);
		kept->of = value;
	}
	if (n != kept->dimensions)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("query has %d elements, but the points have %d coordinates", n, kept->dimensions)));
	k = Min(k, kept->n);
	found = palloc(sizeof(nearest_point) * k);
	nearest_find(kept->packed, kept->n, kept->dimensions, query, k, found, series_interrupts);
	rows = rows_begin(fcinfo, &desc);
	for (int i = 0; i < k; i++)
	{
		Datum		values[2] = {Int32GetDatum((int32) found[i].place + 1), Float8GetDatum(sqrt(found[i].square))};
		bool		nulls[2] = {false, false};

		if (isinf(found[i].square))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the distance of point %d from query is out of range", (int) found[i].place + 1)));
		tuplestore_putvalues(rows, desc, values, nulls);
	}
	pfree(found);
	return (Datum) 0;
}
