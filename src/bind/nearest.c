#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/nearest.h"

PG_FUNCTION_INFO_V1(bet_edge_nearest_neighbours);

#define MAX_DIMENSIONS 1000
#define MAX_NEIGHBOURS 10000

typedef struct nearest_points
{
	int			n;
	int			dimensions;
	float		packed[FLEXIBLE_ARRAY_MEMBER];
} nearest_points;

/* The points of a query, packed once as long as they are the same value. */
typedef struct nearest_kept
{
	kept_value	stored;
	struct varlena *of;
	nearest_points *points;		/* NULL: none yet */
	struct varatt_external checked[SESSION_KEPT];
} nearest_kept;

static session_value session[SESSION_KEPT];

static void *
pack_points(struct varlena *value, MemoryContext context)
{
	ArrayType  *array = (ArrayType *) value;
	const float *points = (float *) ARR_DATA_PTR(array);
	nearest_points *made;
	int			n,
				dimensions;

	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[1] > MAX_DIMENSIONS)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("points must be a two-dimensional array, a row a point of up to %d coordinates", MAX_DIMENSIONS),
				 errhint("array_agg over arrays of equal length gives one.")));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("points must not contain NULL")));
	n = ARR_DIMS(array)[0];
	dimensions = ARR_DIMS(array)[1];
	for (Size i = 0; i < (Size) n * dimensions; i++)
		if (!isfinite(points[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("points[%d][%d] must be a finite number, not %g", (int) (i / dimensions) + 1,
							(int) (i % dimensions) + 1, points[i])));
	made = MemoryContextAllocHuge(context, offsetof(nearest_points, packed) + sizeof(float) * nearest_space(n, dimensions));
	made->n = n;
	made->dimensions = dimensions;
	nearest_pack(points, n, dimensions, made->packed);
	return made;
}

/* (points, query, k) */
Datum
bet_edge_nearest_neighbours(PG_FUNCTION_ARGS)
{
	nearest_kept *kept = kept_state(fcinfo, sizeof(nearest_kept));
	const nearest_points *points = arg_session(fcinfo, 0, session, kept->checked, pack_points);
	int			n;
	const float *query = arg_reals(PG_GETARG_ARRAYTYPE_P(1), "query", MAX_DIMENSIONS, &n);
	int			k = (int) arg_between(PG_GETARG_INT32(2), 1, MAX_NEIGHBOURS, "k");
	nearest_point *found;
	TupleDesc	desc;
	Tuplestorestate *rows;

	if (points == NULL)
	{
		struct varlena *value = arg_kept(fcinfo, 0, &kept->stored);

		if (kept->points == NULL || value != kept->stored.value || value != kept->of)
		{
			if (kept->points != NULL)
				pfree(kept->points);
			kept->points = NULL;
			kept->points = pack_points(value, fcinfo->flinfo->fn_mcxt);
			kept->of = value;
		}
		points = kept->points;
	}
	if (n != points->dimensions)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("query has %d elements, but the points have %d coordinates", n, points->dimensions)));
	k = Min(k, points->n);
	found = palloc(sizeof(nearest_point) * k);
	nearest_find(points->packed, points->n, points->dimensions, query, k, found, series_interrupts);
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
