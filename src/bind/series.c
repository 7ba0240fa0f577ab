#include "bind/args.h"
#include "bind/series.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bet_edge_series_combine);
PG_FUNCTION_INFO_V1(bet_edge_series_serial);
PG_FUNCTION_INFO_V1(bet_edge_series_deserial);

static series *
series_create(MemoryContext context, int width, int64 space)
{
	series	   *s = MemoryContextAllocZero(context, sizeof(series));

	s->context = context;
	s->width = width;
	s->space = Max(space, 1);
	s->values = MemoryContextAllocHuge(context, (Size) s->space * width * sizeof(double));
	return s;
}

static void
series_reserve(series *s, int64 rows)
{
	if (rows <= s->space)
		return;
	s->space = Max(rows, s->space * 2);
	s->values = repalloc_huge(s->values, (Size) s->space * s->width * sizeof(double));
}

static void
series_append(series *s, const double *values, int64 rows)
{
	series_reserve(s, s->n + rows);
	memcpy(s->values + s->n * s->width, values, (Size) rows * s->width * sizeof(double));
	s->n += rows;
}

void
series_begin(FunctionCallInfo fcinfo)
{
	(void) aggregate_context(fcinfo);
}

double *
series_grow(FunctionCallInfo fcinfo, series **state, int width)
{
	series	   *s = *state;

	if (s == NULL)
		s = *state = series_create(aggregate_context(fcinfo), width, 64);
	series_reserve(s, s->n + 1);
	return s->values + s->width * s->n++;
}

void
series_differs(const series *state, double constant, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be the same in all rows of a group, not %g and %g", name, state->constant, constant)));
}

void
series_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* Not strict: either part may have seen no rows. The right one is copied, it lives elsewhere. */
Datum
bet_edge_series_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	series	   *into = PG_ARGISNULL(0) ? NULL : (series *) PG_GETARG_POINTER(0);
	series	   *from = PG_ARGISNULL(1) ? NULL : (series *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
		{
			into = series_create(context, from->width, from->n);
			into->constant = from->constant;
		}
		if (into->constant != from->constant)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("an argument that all rows of a group must share differs between them")));
		if (into->width != from->width)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("all rows must have the same number of classes")));
		series_append(into, from->values, from->n);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

/* Workers run the same binary on the same machine: the doubles travel as they are. */
Datum
bet_edge_series_serial(PG_FUNCTION_ARGS)
{
	series	   *s = (series *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	(void) aggregate_context(fcinfo);
	pq_begintypsend(&buf);
	pq_sendint32(&buf, s->width);
	pq_sendfloat8(&buf, s->constant);
	pq_sendint64(&buf, s->n);
	pq_sendbytes(&buf, (char *) s->values, s->n * s->width * sizeof(double));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
bet_edge_series_deserial(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buf;
	series	   *s;
	int32		width;
	double		constant;
	int64		n;

	(void) aggregate_context(fcinfo);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	width = pq_getmsgint(&buf, 4);
	constant = pq_getmsgfloat8(&buf);
	n = pq_getmsgint64(&buf);
	if (width < 1 || n < 0 || n > (int64) (buf.len / sizeof(double)) / width)
		elog(ERROR, "damaged state of an aggregate");
	s = series_create(CurrentMemoryContext, width, n);
	s->constant = constant;
	pq_copymsgbytes(&buf, (char *) s->values, n * width * sizeof(double));
	s->n = n;
	pq_getmsgend(&buf);
	PG_RETURN_POINTER(s);
}

bool
series_row_has_null(FunctionCallInfo fcinfo)
{
	for (int i = 1; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

Datum
series_accum_at_alpha(FunctionCallInfo fcinfo, double (*check) (double value, const char *name), const char *name)
{
	series	   *state = series_state(fcinfo);

	if (!series_row_has_null(fcinfo))
	{
		double		value = check(PG_GETARG_FLOAT8(1), name);
		double		alpha = PG_GETARG_FLOAT8(2);

		if (state == NULL)
			(void) arg_alpha(alpha);
		series_same(state, alpha, "alpha");
		*series_add(fcinfo, &state, 1) = value;
		state->constant = alpha;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}
