#include "bind/args.h"
#include "bind/rows.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "core/conformal.h"

PG_FUNCTION_INFO_V1(bet_edge_conformal_quantile);
PG_FUNCTION_INFO_V1(bet_edge_conformal_interval);
PG_FUNCTION_INFO_V1(bet_edge_conformal_accum);
PG_FUNCTION_INFO_V1(bet_edge_conformal_combine);
PG_FUNCTION_INFO_V1(bet_edge_conformal_serialize);
PG_FUNCTION_INFO_V1(bet_edge_conformal_deserialize);
PG_FUNCTION_INFO_V1(bet_edge_conformal_final);

static double
arg_alpha(double alpha)
{
	if (!(alpha > 0 && alpha < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha must be above 0 and below 1, not %g", alpha),
				 errhint("alpha is the miscoverage: 0.1 for intervals that hold 90%% of outcomes.")));
	return alpha;
}

static double
quantile_of_array(ArrayType *array, double alpha)
{
	int			n;
	double	   *scores = arg_float8s(array, "scores", 0, MaxAllocSize / sizeof(double), &n);
	double	   *copy;
	double		quantile;

	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("scores must not be empty")));
	copy = (double *) palloc(n * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		if (isnan(scores[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scores[%d] must be a number, not NaN", i + 1)));
		copy[i] = scores[i];
	}
	quantile = conformal_order_statistic(copy, n, arg_alpha(alpha));
	pfree(copy);
	return quantile;
}

Datum
bet_edge_conformal_quantile(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(quantile_of_array(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_FLOAT8(1)));
}

Datum
bet_edge_conformal_interval(PG_FUNCTION_ARGS)
{
	double		prediction = arg_finite(PG_GETARG_FLOAT8(0), "prediction");
	double		sigma = arg_finite(PG_GETARG_FLOAT8(3), "sigma");
	double		reach;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (sigma <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sigma must be above 0, not %g", sigma)));
	reach = quantile_of_array(PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_FLOAT8(2)) * sigma;
	if (reach < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scores must be absolute errors, but their quantile is %g", reach / sigma)));
	values[0] = Float8GetDatum(prediction - reach);
	values[1] = Float8GetDatum(prediction + reach);
	return row_datum(fcinfo, values, nulls);
}

/* ---- the aggregate: all scores of a group ---------------------------------------------- */

typedef struct score_state
{
	double		alpha;
	size_t		n;
	size_t		room;
	double	   *scores;
} score_state;

static score_state *
new_state(MemoryContext context, double alpha, size_t room)
{
	score_state *state = (score_state *) MemoryContextAlloc(context, sizeof(score_state));

	state->alpha = alpha;
	state->n = 0;
	state->room = Max(room, 64);
	state->scores = (double *) MemoryContextAllocHuge(context, state->room * sizeof(double));
	return state;
}

static void
add_scores(score_state *state, const double *scores, size_t n)
{
	if (state->n + n > state->room)
	{
		state->room = Max(2 * state->room, state->n + n);
		state->scores = (double *) repalloc_huge(state->scores, state->room * sizeof(double));
	}
	memcpy(state->scores + state->n, scores, n * sizeof(double));
	state->n += n;
}

static void
same_alpha(double alpha, double other)
{
	if (alpha != other)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha must be the same in all rows of a group, not %g and %g", alpha, other)));
}

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "conformal_quantile support function called outside of an aggregate");
	return context;
}

Datum
bet_edge_conformal_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	score_state *state = PG_ARGISNULL(0) ? NULL : (score_state *) PG_GETARG_POINTER(0);
	double		score,
				alpha;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	score = PG_GETARG_FLOAT8(1);
	alpha = PG_GETARG_FLOAT8(2);
	if (isnan(score))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score must be a number, not NaN")));
	if (state == NULL)
		state = new_state(context, arg_alpha(alpha), 0);
	same_alpha(state->alpha, alpha);
	add_scores(state, &score, 1);
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_conformal_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	score_state *into = PG_ARGISNULL(0) ? NULL : (score_state *) PG_GETARG_POINTER(0);
	score_state *from = PG_ARGISNULL(1) ? NULL : (score_state *) PG_GETARG_POINTER(1);

	if (from != NULL)
	{
		if (into == NULL)
			into = new_state(context, from->alpha, from->n);
		same_alpha(into->alpha, from->alpha);
		add_scores(into, from->scores, from->n);
	}
	if (into == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(into);
}

Datum
bet_edge_conformal_serialize(PG_FUNCTION_ARGS)
{
	score_state *state = (score_state *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	aggregate_context(fcinfo);
	pq_begintypsend(&buf);
	pq_sendfloat8(&buf, state->alpha);
	for (size_t i = 0; i < state->n; i++)
		pq_sendfloat8(&buf, state->scores[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
bet_edge_conformal_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *sent = PG_GETARG_BYTEA_PP(0);
	StringInfoData buf;
	score_state *state;
	size_t		n = VARSIZE_ANY_EXHDR(sent) / sizeof(double) - 1;

	aggregate_context(fcinfo);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA_ANY(sent), VARSIZE_ANY_EXHDR(sent));
	state = new_state(CurrentMemoryContext, pq_getmsgfloat8(&buf), n);
	for (; state->n < n; state->n++)
		state->scores[state->n] = pq_getmsgfloat8(&buf);
	pq_getmsgend(&buf);
	pfree(buf.data);
	PG_RETURN_POINTER(state);
}

/* Reorders the scores of the state, which changes nothing that a later row or call can see. */
Datum
bet_edge_conformal_final(PG_FUNCTION_ARGS)
{
	score_state *state = PG_ARGISNULL(0) ? NULL : (score_state *) PG_GETARG_POINTER(0);

	aggregate_context(fcinfo);
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(conformal_order_statistic(state->scores, state->n, state->alpha));
}
