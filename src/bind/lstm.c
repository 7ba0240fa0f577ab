#include "bind/args.h"
#include "bind/series.h"

#include <math.h>

#include "port.h"
#include "utils/memutils.h"

#include "core/lstm.h"

PG_FUNCTION_INFO_V1(bet_edge_lstm_predict);
PG_FUNCTION_INFO_V1(bet_edge_lstm_accum);
PG_FUNCTION_INFO_V1(bet_edge_lstm_final);

#define MAX_INPUTS 64
#define MAX_OUTPUTS 16
#define MAX_SEQUENCE 4096
#define MAX_EPOCHS 10000
#define BATCH 32
#define PATIENCE 8

/* A row of the aggregate: these, the targets, the sequence. */
enum setting
{
	ASIDE, INPUTS, HIDDEN, EPOCHS, LEARNING_RATE, SEED, TARGETS, SETTINGS
};

static lstm_shape
shape_of(int32 inputs, int32 hidden, int sequence)
{
	arg_between(inputs, 1, MAX_INPUTS, "inputs");
	arg_between(hidden, LSTM_UNIT, LSTM_MOST_HIDDEN, "hidden");
	if (hidden % LSTM_UNIT != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("hidden must be a multiple of %d, not %d", LSTM_UNIT, hidden)));
	if (sequence % inputs != 0)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("sequence has %d elements, no whole number of steps of %d", sequence, inputs)));
	return (lstm_shape) {inputs, hidden, 0};
}

/* The weights of a call: those that the session keeps, or the query. */
typedef struct lstm_kept
{
	kept_value	stored;
	struct varatt_external checked[SESSION_KEPT];
} lstm_kept;

static session_value session[SESSION_KEPT];

static void *
copy_weights(struct varlena *value, MemoryContext context)
{
	return memcpy(MemoryContextAlloc(context, VARSIZE(value)), value, VARSIZE(value));
}

/* (weights, inputs, hidden, sequence) */
Datum
bet_edge_lstm_predict(PG_FUNCTION_ARGS)
{
	lstm_kept  *kept = kept_state(fcinfo, sizeof(lstm_kept));
	ArrayType  *stored = arg_session(fcinfo, 0, session, kept->checked, copy_weights);
	int			n,
				length;
	const float *weights = arg_reals_stored(stored != NULL ? stored : (ArrayType *) arg_kept(fcinfo, 0, &kept->stored),
											"weights", PG_INT32_MAX / 8, &n);
	const float *sequence = arg_reals(PG_GETARG_ARRAYTYPE_P(3), "sequence", MAX_SEQUENCE, &length);
	lstm_shape	shape = shape_of(PG_GETARG_INT32(1), PG_GETARG_INT32(2), length);
	size_t		layer = lstm_weights(shape);
	Datum		outputs[MAX_OUTPUTS];
	float		values[MAX_OUTPUTS];
	float	   *space;

	shape.outputs = n > layer ? (n - layer) / (1 + shape.hidden) : 0;
	if (shape.outputs < 1 || shape.outputs > MAX_OUTPUTS || lstm_weights(shape) != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("weights of %d elements are not those of %d inputs and %d hidden units", n, shape.inputs, shape.hidden),
				 errhint("They are what lstm_fit gives for the same inputs and hidden.")));
	space = palloc(sizeof(float) * lstm_space(shape));
	lstm_predict(shape, weights, sequence, length / shape.inputs, space, values);
	for (int k = 0; k < shape.outputs; k++)
	{
		if (!isfinite(values[k]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("output %d of these weights and sequence is out of range", k + 1)));
		outputs[k] = Float4GetDatum(values[k]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(outputs, shape.outputs, FLOAT4OID, sizeof(float4), true, TYPALIGN_INT));
}

/* (state, sequence, targets, aside, inputs, hidden, epochs, learning_rate, seed) */
Datum
bet_edge_lstm_accum(PG_FUNCTION_ARGS)
{
	series	   *state = series_state(fcinfo);
	bool		known = true;

	for (int i = 1; i < PG_NARGS(); i++)
		known &= !PG_ARGISNULL(i);
	if (known)
	{
		int			length,
					outputs;
		const float *sequence = arg_reals(PG_GETARG_ARRAYTYPE_P(1), "sequence", MAX_SEQUENCE, &length);
		const float *targets = arg_reals(PG_GETARG_ARRAYTYPE_P(2), "targets", MAX_OUTPUTS, &outputs);
		lstm_shape	shape = shape_of(PG_GETARG_INT32(4), PG_GETARG_INT32(5), length);
		double		settings[SETTINGS] = {PG_GETARG_BOOL(3), shape.inputs, shape.hidden,
			arg_between(PG_GETARG_INT32(6), 1, MAX_EPOCHS, "epochs"),
			arg_between(PG_GETARG_FLOAT8(7), 1e-7, 1, "learning_rate"), PG_GETARG_INT32(8), outputs};
		double	   *row;

		if (state != NULL && (state->width != SETTINGS + outputs + length ||
							  memcmp(state->values + INPUTS, settings + INPUTS, sizeof(double) * (SETTINGS - INPUTS)) != 0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("sequence and targets must have the same number of elements in every row, and inputs, hidden, epochs, learning_rate and seed the same value")));
		row = series_add(fcinfo, &state, SETTINGS + outputs + length);
		memcpy(row, settings, sizeof settings);
		for (int i = 0; i < outputs; i++)
			row[SETTINGS + i] = targets[i];
		for (int i = 0; i < length; i++)
			row[SETTINGS + outputs + i] = sequence[i];
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static int
compare_rows(const void *a, const void *b, void *width)
{
	const double *x = a,
			   *y = b;

	for (int i = 0; i < *(int32 *) width; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

Datum
bet_edge_lstm_final(PG_FUNCTION_ARGS)
{
	series	   *state = PG_ARGISNULL(0) ? NULL : (series *) PG_GETARG_POINTER(0);
	double	   *rows;
	float	   *values,
			   *space,
			   *weights;
	size_t	   *order;
	size_t		aside = 0;
	int			outputs,
				length,
				n;
	lstm_shape	shape;
	lstm_rows	all;
	lstm_rows	learn;
	lstm_training how;
	ArrayType  *array;

	if (state == NULL)
		PG_RETURN_NULL();
	/* in an order of their own, those kept aside last: so the order in which they came does not matter */
	rows = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(double) * state->n * state->width);
	memcpy(rows, state->values, sizeof(double) * state->n * state->width);
	qsort_arg(rows, state->n, sizeof(double) * state->width, compare_rows, &state->width);
	for (int64 i = 0; i < state->n; i++)
		aside += rows[i * state->width + ASIDE] != 0;
	if (aside == state->n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("aside must be false in at least one row")));
	shape = (lstm_shape) {rows[INPUTS], rows[HIDDEN], rows[TARGETS]};
	how = (lstm_training) {rows[EPOCHS], PATIENCE, BATCH, rows[LEARNING_RATE], (uint64_t) (int64_t) rows[SEED]};
	outputs = shape.outputs;
	length = state->width - SETTINGS - outputs;

	values = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * state->n * (length + outputs));
	all = (lstm_rows) {values, values + state->n * length, state->n, length / shape.inputs};
	for (int64 i = 0; i < state->n; i++)
	{
		const double *row = rows + i * state->width + SETTINGS;

		for (int j = 0; j < outputs; j++)
			values[state->n * length + i * outputs + j] = row[j];
		for (int j = 0; j < length; j++)
			values[i * length + j] = row[outputs + j];
	}
	pfree(rows);
	learn = all;
	learn.n -= aside;
	order = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(size_t) * learn.n);
	space = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * lstm_fit_space(shape, all.steps));
	n = lstm_weights(shape);
	array = palloc0(ARR_OVERHEAD_NONULLS(1) + sizeof(float) * n);
	SET_VARSIZE(array, ARR_OVERHEAD_NONULLS(1) + sizeof(float) * n);
	array->ndim = 1;
	array->elemtype = FLOAT4OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	weights = (float *) ARR_DATA_PTR(array);
	if (lstm_fit(shape, learn, (lstm_rows) {all.sequences + learn.n * length, all.targets + learn.n * outputs, aside, all.steps},
				 how, order, space, weights, series_interrupts) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("lstm_fit left the range of numbers"),
				 errhint("Scale sequence and targets to a standard deviation near 1, or take a smaller learning_rate.")));
	PG_RETURN_ARRAYTYPE_P(array);
}
