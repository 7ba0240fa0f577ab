#include "bind/args.h"
#include "bind/series.h"

#include <math.h>

#include "core/blend.h"
#include "core/score.h"

PG_FUNCTION_INFO_V1(bet_edge_blend);
PG_FUNCTION_INFO_V1(bet_edge_blend_accum);
PG_FUNCTION_INFO_V1(bet_edge_blend_final);

#define MAX_CLASSES 1000

/* A row of probabilities a voice. */
static double *
arg_voices(ArrayType *array, int *voices, int *classes)
{
	double	   *probs = arg_float8_matrix(array, "probs", MAX_CLASSES, voices, classes);

	if (*voices > BLEND_VOICES || *classes < 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("probs must have 1 to %d rows of 2 to %d probabilities, not %d of %d", BLEND_VOICES, MAX_CLASSES, *voices, *classes)));
	for (int v = 0; v < *voices; v++)
		if (score_probs(probs + v * *classes, *classes) != CORE_OK)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("row %d of probs must be probabilities that sum to 1", v + 1)));
	return probs;
}

/* (probs, weights) */
Datum
bet_edge_blend(PG_FUNCTION_ARGS)
{
	int			voices,
				classes;
	double	   *probs = arg_voices(PG_GETARG_ARRAYTYPE_P(0), &voices, &classes);
	double	   *weights = arg_float8s_with(PG_GETARG_ARRAYTYPE_P(1), "weights", voices, "probs");
	double	   *out;
	ArrayType  *array = float8s_room(classes, &out);

	for (int v = 0; v < voices; v++)
		(void) arg_between(weights[v], -1000, 1000, "each of weights");
	if (blend_apply(probs, weights, voices, classes, out) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs leave no outcome that every row of weight above 0 holds possible, or one of weight below 0 holds one impossible")));
	PG_RETURN_ARRAYTYPE_P(array);
}

/* (state, probs, outcome, ridge): a row is the outcome, from 0, the logarithms, and how many voices they are of. */
Datum
bet_edge_blend_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		int			voices,
					classes;
		double	   *probs = arg_voices(PG_GETARG_ARRAYTYPE_P(1), &voices, &classes);
		int32		outcome = PG_GETARG_INT32(2);
		double		ridge = arg_between(PG_GETARG_FLOAT8(3), 1e-6, 1e12, "ridge");
		int			n = voices * classes;
		double	   *row;

		if (outcome < 1 || outcome > classes)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("outcome must be between 1 and %d, not %d", classes, outcome)));
		if (state != NULL && (state->width != n + 2 || state->values[state->width - 1] != voices))
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("probs must be of one size in all rows, not of %d x %d", voices, classes)));
		for (int i = 0; i < n; i++)
			if (probs[i] == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("each of probs must be above 0"),
						 errhint("What is held impossible has no log odds to weigh.")));
		series_same(state, ridge, "ridge");
		row = series_add(fcinfo, &state, n + 2);
		state->constant = ridge;
		row[0] = outcome - 1;
		for (int i = 0; i < n; i++)
			row[i + 1] = log(probs[i]);
		row[n + 1] = voices;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
bet_edge_blend_final(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	double	   *weights;
	ArrayType  *array;
	int			voices;

	if (state == NULL)
		PG_RETURN_NULL();
	voices = (int) state->values[state->width - 1];
	array = float8s_room(voices, &weights);
	if (blend_fit(state->values, state->width, state->n, voices, (state->width - 2) / voices, state->constant, weights, series_interrupts) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("blend_fit found no fit"),
				 errhint("A greater ridge holds it.")));
	PG_RETURN_ARRAYTYPE_P(array);
}
