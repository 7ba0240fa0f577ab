/*
 * A law is a float8[] whose subscripts are the numbers themselves: law[-3] is the probability of -3.
 */
#include "bind/args.h"
#include "bind/rows.h"
#include "bind/series.h"
#include "bind/score_grid.h"
#include "bind/settlement.h"

#include <math.h>

#include "core/score_law.h"

PG_FUNCTION_INFO_V1(bet_edge_key_numbers_accum);
PG_FUNCTION_INFO_V1(bet_edge_margin_key_numbers_final);
PG_FUNCTION_INFO_V1(bet_edge_total_key_numbers_final);
PG_FUNCTION_INFO_V1(bet_edge_margin_law);
PG_FUNCTION_INFO_V1(bet_edge_total_law);
PG_FUNCTION_INFO_V1(bet_edge_grid_margin_law);
PG_FUNCTION_INFO_V1(bet_edge_grid_total_law);
PG_FUNCTION_INFO_V1(bet_edge_margin_law_outcomes);
PG_FUNCTION_INFO_V1(bet_edge_margin_law_reconcile);
PG_FUNCTION_INFO_V1(bet_edge_score_grid_reconcile);
PG_FUNCTION_INFO_V1(bet_edge_line_probabilities);
PG_FUNCTION_INFO_V1(bet_edge_implied_margin);
PG_FUNCTION_INFO_V1(bet_edge_implied_total);
PG_FUNCTION_INFO_V1(bet_edge_implied_goals);

/* In games' worth of the smooth law, to each number. */
#define PRIOR 10

static int
arg_reach(double prediction, double scale)
{
	int			reach;

	if (score_law_reach(prediction, scale, &reach) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("prediction and eight times the scale must be at most %d together, not %g and %g", SCORE_LAW_MAX, prediction, scale)));
	return reach;
}

/* ---- key numbers ----------------------------------------------------------------------------- */

Datum
bet_edge_key_numbers_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		double		prediction = arg_between(PG_GETARG_FLOAT8(1), -SCORE_LAW_MAX, SCORE_LAW_MAX, "prediction");
		double		outcome = arg_between(PG_GETARG_INT32(2), -SCORE_LAW_MAX, SCORE_LAW_MAX, "outcome");
		score_law_case *row = (score_law_case *) series_add(fcinfo, &state, 2);

		row->prediction = prediction;
		row->outcome = outcome;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static int
compare_cases(const void *a, const void *b)
{
	const score_law_case *x = a,
			   *y = b;

	return x->prediction != y->prediction ? (x->prediction > y->prediction ? 1 : -1) : (x->outcome > y->outcome) - (x->outcome < y->outcome);
}

static Datum
key_numbers_final(FunctionCallInfo fcinfo, bool margins)
{
	series	   *state = series_state(fcinfo);
	Size		size;
	score_law_case *cases;
	double		scale,
			   *weights;
	int			n = 0;
	Datum		values[2];
	bool		nulls[2] = {0};

	if (state == NULL)
		PG_RETURN_NULL();
	/* sorted: games of one prediction are one law, and the same rows the same bits in whatever order they came */
	size = state->n * sizeof(score_law_case);
	cases = memcpy(MemoryContextAllocHuge(CurrentMemoryContext, size), state->values, size);
	qsort(cases, state->n, sizeof(score_law_case), compare_cases);
	if (score_law_scale(cases, state->n, &scale) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("predictions must differ from the outcomes by %g or more in root mean square", SCORE_LAW_MIN_SCALE),
				 errhint("Forecasts made before the games never hit them all.")));
	for (int64 i = 0; i < state->n; i++)
	{
		if (!margins)
			(void) arg_count(cases[i].outcome, "total");
		n = Max(n, Max((int) fabs(cases[i].outcome), arg_reach(cases[i].prediction, scale)) + 1);
	}
	values[1] = PointerGetDatum(float8s_room(n, &weights));
	score_law_fit(cases, state->n, scale, PRIOR, margins ? 1 - n : 0, n, weights, palloc(3 * n * sizeof(double)), series_interrupts);
	values[0] = Float8GetDatum(scale);
	return row_datum(fcinfo, values, nulls);
}

Datum
bet_edge_margin_key_numbers_final(PG_FUNCTION_ARGS)
{
	return key_numbers_final(fcinfo, true);
}

Datum
bet_edge_total_key_numbers_final(PG_FUNCTION_ARGS)
{
	return key_numbers_final(fcinfo, false);
}

/* ---- making a law ---------------------------------------------------------------------------- */

static ArrayType *
law_room(int lowest, int n, double **probs)
{
	ArrayType  *array = float8s_room(n, probs);

	ARR_LBOUND(array)[0] = lowest;
	return array;
}

static key_numbers
arg_keys(HeapTupleHeader row)
{
	bool		no_scale,
				no_weights;
	Datum		scale = GetAttributeByNum(row, 1, &no_scale),
				weights = GetAttributeByNum(row, 2, &no_weights);
	key_numbers keys;

	if (no_scale || no_weights)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of keys must not be NULL", no_scale ? "scale" : "weights")));
	keys.scale = arg_between(DatumGetFloat8(scale), SCORE_LAW_MIN_SCALE, SCORE_LAW_MAX, "scale of keys");
	keys.weights = arg_float8s(DatumGetArrayTypeP(weights), "weights of keys", 0, SCORE_LAW_MAX + 1, &keys.n);
	for (int k = 0; k < keys.n; k++)
		(void) arg_between(keys.weights[k], 0, 1e6, "each of the weights of keys");
	return keys;
}

static Datum
points_law(FunctionCallInfo fcinfo, bool margins)
{
	double		prediction = arg_finite(PG_GETARG_FLOAT8(0), "prediction");
	key_numbers keys = arg_keys(PG_GETARG_HEAPTUPLEHEADER(1));
	int			reach = arg_reach(prediction, keys.scale),
				lowest = margins ? -reach : 0;
	double	   *probs;
	ArrayType  *array = law_room(lowest, reach - lowest + 1, &probs);

	if (score_law_points(prediction, &keys, lowest, reach - lowest + 1, probs) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights of keys must be above 0 somewhere near the prediction %g", prediction)));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_margin_law(PG_FUNCTION_ARGS)
{
	return points_law(fcinfo, true);
}

Datum
bet_edge_total_law(PG_FUNCTION_ARGS)
{
	return points_law(fcinfo, false);
}

static Datum
grid_law(FunctionCallInfo fcinfo, bool margins)
{
	score_grid	grid = arg_grid(fcinfo, 0);
	double	   *probs;
	ArrayType  *array = law_room(margins ? 1 - grid.columns : 0, grid.rows + grid.columns - 1, &probs);

	score_law_of_grid(&grid, margins, probs);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_grid_margin_law(PG_FUNCTION_ARGS)
{
	return grid_law(fcinfo, true);
}

Datum
bet_edge_grid_total_law(PG_FUNCTION_ARGS)
{
	return grid_law(fcinfo, false);
}

/* ---- reading one ----------------------------------------------------------------------------- */

static score_law
arg_number_law(ArrayType *array, const char *name)
{
	score_law	law;
	double		sum = 0;

	law.probs = arg_float8s(array, name, 1, 2 * SCORE_LAW_MAX + 1, &law.n);
	law.lowest = ARR_LBOUND(array)[0];
	if (law.lowest < -SCORE_LAW_MAX || law.lowest > SCORE_LAW_MAX + 1 - law.n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("subscripts of %s must be between %d and %d, not %d to %.0f", name, -SCORE_LAW_MAX, SCORE_LAW_MAX,
						law.lowest, (double) law.lowest + law.n - 1)));
	for (int i = 0; i < law.n; i++)
		sum += arg_probability(law.probs[i], name);
	if (!(fabs(sum - 1) <= 1e-6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must sum to 1, not %.9g", name, sum)));
	return law;
}

Datum
bet_edge_margin_law_outcomes(PG_FUNCTION_ARGS)
{
	score_law	law = arg_number_law(PG_GETARG_ARRAYTYPE_P(0), "margins");
	double		probs[3];

	score_law_outcomes(&law, probs);
	PG_RETURN_ARRAYTYPE_P(float8s_array(probs, 3));
}

/* {home, draw, away}, or {home, away} where a sport has no draws. */
static double *
arg_outcomes(ArrayType *array, int fewest, int *outcomes)
{
	double	   *probs = arg_class_probs(array, 3, outcomes);

	if (*outcomes < fewest)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("probs must be 3 probabilities, home, draw and away, not %d", *outcomes)));
	return probs;
}

static void
refuse_outcome(core_status status)
{
	if (status != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must be 0 for an outcome that is impossible before")));
}

/* The lines from argno on, NaN where there is none; NULL for none at all. */
static double *
arg_lines(FunctionCallInfo fcinfo, int argno, int n, double lines[2])
{
	lines[0] = lines[1] = NAN;
	for (int i = 0; i < n; i++)
		if (!PG_ARGISNULL(argno + i))
			lines[i] = arg_line(PG_GETARG_FLOAT8(argno + i));
	return lines;
}

Datum
bet_edge_margin_law_reconcile(PG_FUNCTION_ARGS)
{
	score_law	law;
	int			outcomes;
	double	   *probs,
			   *reconciled,
				lines[2];
	ArrayType  *array;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	law = arg_number_law(PG_GETARG_ARRAYTYPE_P(0), "margins");
	probs = arg_outcomes(PG_GETARG_ARRAYTYPE_P(1), 2, &outcomes);
	array = law_room(law.lowest, law.n, &reconciled);
	refuse_outcome(score_law_reconcile(&law, probs, outcomes, arg_lines(fcinfo, 2, 1, lines), reconciled));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
bet_edge_score_grid_reconcile(PG_FUNCTION_ARGS)
{
	score_grid	grid;
	int			outcomes;
	double	   *probs,
			   *reconciled,
				lines[2];
	ArrayType  *array;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	grid = arg_grid(fcinfo, 0);
	probs = arg_outcomes(PG_GETARG_ARRAYTYPE_P(1), 3, &outcomes);
	array = float8_matrix(grid.rows, grid.columns, &reconciled);
	refuse_outcome(score_grid_reconcile(&grid, probs, arg_lines(fcinfo, 2, 2, lines), reconciled));
	PG_RETURN_ARRAYTYPE_P(array);
}

/* ---- what a price at a line implies ---------------------------------------------------------- */

static Datum
implied(FunctionCallInfo fcinfo, bool margins)
{
	double		line = arg_line(PG_GETARG_FLOAT8(0)),
				prob = arg_probability(PG_GETARG_FLOAT8(1), "prob"),
				prediction;
	key_numbers keys = arg_keys(PG_GETARG_HEAPTUPLEHEADER(2));

	if (score_law_implied(&keys, margins, line, prob, &prediction) != CORE_OK)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(prediction);
}

Datum
bet_edge_implied_margin(PG_FUNCTION_ARGS)
{
	return implied(fcinfo, true);
}

Datum
bet_edge_implied_total(PG_FUNCTION_ARGS)
{
	return implied(fcinfo, false);
}

Datum
bet_edge_implied_goals(PG_FUNCTION_ARGS)
{
	double		lines[2] = {arg_line(PG_GETARG_FLOAT8(0)), arg_line(PG_GETARG_FLOAT8(2))},
				probs[2] = {arg_probability(PG_GETARG_FLOAT8(1), "cover"), arg_probability(PG_GETARG_FLOAT8(3), "over_prob")},
				rates[2];

	if (score_law_implied_goals(lines, probs, arg_finite(PG_GETARG_FLOAT8(4), "rho"), rates) != CORE_OK)
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(float8s_array(rates, 2));
}

Datum
bet_edge_line_probabilities(PG_FUNCTION_ARGS)
{
	static const char *const markets[] = {"spreads", "totals", NULL};
	score_law	law = arg_number_law(PG_GETARG_ARRAYTYPE_P(0), "law");
	bool		totals = arg_choice(PG_GETARG_TEXT_PP(1), markets, "market") == 1;
	bool		first = arg_choice(PG_GETARG_TEXT_PP(2), totals ? settlement_totals : settlement_teams, "side") == 0;
	double		line = arg_line(PG_GETARG_FLOAT8(3));
	double		results[SETTLE_RESULTS];
	Datum		values[SETTLE_RESULTS];
	bool		nulls[SETTLE_RESULTS] = {0};

	score_law_line(&law, first ? 1 : -1, totals && first ? -line : line, results);
	for (int r = 0; r < SETTLE_RESULTS; r++)
		values[r] = Float8GetDatum(results[r]);
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}
