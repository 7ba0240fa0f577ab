#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"

#include <math.h>

#include "access/detoast.h"
#include "utils/memutils.h"

#include "core/nearest.h"

PG_FUNCTION_INFO_V1(bet_edge_nearest_neighbours);

#define MAX_DIMENSIONS 1000
#define MAX_NEIGHBOURS 10000

typedef struct nearest_points
{
	float	   *packed;			/* NULL: none yet */
	int			n;
	int			dimensions;
} nearest_points;

/* The points of a query, packed once as long as they are the same value. */
typedef struct nearest_kept
{
	kept_value	stored;
	struct varlena *of;
	nearest_points points;
	struct varatt_external checked; /* the session's are known to be these */
} nearest_kept;

/*
 * Those of a stored value stay packed from statement to statement: whoever forecasts game by game asks for the same each
 * time. They are found by where the value is stored and by its first bytes, should that place be used again.
 */
#define SESSION_BYTES (16 * 1024 * 1024)
#define HEAD_BYTES 1024
static nearest_points session;
static struct varatt_external session_pointer;
static char session_head[HEAD_BYTES];

static void
pack_points(ArrayType *array, MemoryContext context, nearest_points *into)
{
	const float *points = (float *) ARR_DATA_PTR(array);
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
	into->packed = MemoryContextAllocHuge(context, sizeof(float) * nearest_space(n, dimensions));
	into->n = n;
	into->dimensions = dimensions;
	nearest_pack(points, n, dimensions, into->packed);
}

static void
forget_points(nearest_points *points)
{
	if (points->packed != NULL)
		pfree(points->packed);
	points->packed = NULL;
}

/* The session's points when they are, or become, those of the first argument; NULL when it is not stored or too large to keep. */
static const nearest_points *
points_of_session(FunctionCallInfo fcinfo, nearest_kept *kept)
{
	Datum		datum = PG_GETARG_DATUM(0);
	struct varatt_external pointer;
	struct varlena *head;
	bool		same;

	if (!VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
		return NULL;
	VARATT_EXTERNAL_GET_POINTER(pointer, DatumGetPointer(datum));
	if (pointer.va_rawsize > SESSION_BYTES || pointer.va_rawsize < HEAD_BYTES + VARHDRSZ)
		return NULL;
	same = session.packed != NULL && memcmp(&session_pointer, &pointer, sizeof(pointer)) == 0;
	if (same && memcmp(&kept->checked, &pointer, sizeof(pointer)) == 0)
		return &session;
	head = PG_DETOAST_DATUM_SLICE(datum, 0, HEAD_BYTES);
	if (!same || memcmp(VARDATA_ANY(head), session_head, HEAD_BYTES) != 0)
	{
		struct varlena *whole = PG_DETOAST_DATUM(datum);

		forget_points(&session);
		pack_points((ArrayType *) whole, TopMemoryContext, &session);
		session_pointer = pointer;
		memcpy(session_head, VARDATA_ANY(head), HEAD_BYTES);
		pfree(whole);
	}
	pfree(head);
	kept->checked = pointer;
	return &session;
}

/* (points, query, k) */
Datum
bet_edge_nearest_neighbours(PG_FUNCTION_ARGS)
{
	nearest_kept *kept = kept_state(fcinfo, sizeof(nearest_kept));
	const nearest_points *points = points_of_session(fcinfo, kept);
	int			n;
	const float *query = arg_reals(PG_GETARG_ARRAYTYPE_P(1), "query", MAX_DIMENSIONS, &n);
	int			k = (int) arg_between(PG_GETARG_INT32(2), 1, MAX_NEIGHBOURS, "k");
	nearest_point *found;
	TupleDesc	desc;
	Tuplestorestate *rows;

	if (points == NULL)
	{
		struct varlena *value = arg_kept(fcinfo, 0, &kept->stored);

		if (kept->points.packed == NULL || value != kept->stored.value || value != kept->of)
		{
			forget_points(&kept->points);
			pack_points((ArrayType *) value, fcinfo->flinfo->fn_mcxt, &kept->points);
			kept->of = value;
		}
		points = &kept->points;
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
