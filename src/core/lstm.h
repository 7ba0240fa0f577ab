/*
 * A recurrent network: one layer of long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of
 * Gers, Schmidhuber & Cummins 2000) and linear outputs of its last state.
 *
 * Weights are one array: 1 + inputs + hidden rows of 4 * hidden columns (the biases, a row an input, a row a unit of
 * the state before; the columns are the gates input, forget, cell, output), then 1 + hidden rows of outputs columns (the
 * biases, a row a unit). Arithmetic is float32, each sum in one order whatever the width of the registers: the same
 * bits on every processor.
 */
#ifndef BET_EDGE_CORE_LSTM_H
#define BET_EDGE_CORE_LSTM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define LSTM_UNIT 16			/* hidden is a multiple of it */
#define LSTM_MOST_HIDDEN 512

/* The widest registers to use of those that the processor has: 512, 256 or 128. */
extern int	lstm_register_bits;

typedef struct lstm_shape
{
	int			inputs;
	int			hidden;
	int			outputs;
} lstm_shape;

static inline size_t
lstm_weights(lstm_shape s)
{
	return (1 + (size_t) s.inputs + s.hidden) * 4 * s.hidden + (1 + (size_t) s.hidden) * s.outputs;
}

/* Floats that lstm_predict works in, and that lstm_gradient does. */
extern size_t lstm_space(lstm_shape s);
extern size_t lstm_gradient_space(lstm_shape s, int steps);

/* The outputs after a sequence of steps * inputs numbers. */
extern void lstm_predict(lstm_shape s, const float *weights, const float *sequence, int steps, float *space, float *outputs);

/* Half the squared error of the outputs; adds its slope in every weight to gradient (back-propagation through time). */
extern double lstm_gradient(lstm_shape s, const float *weights, const float *sequence, int steps, const float *targets,
							float *space, float *gradient);

typedef struct lstm_training
{
	int			epochs;			/* at most */
	int			patience;		/* epochs without a better loss on the rows kept aside before it ends */
	int			batch;
	double		learning_rate;
	uint64_t	seed;
} lstm_training;

typedef struct lstm_rows
{
	const float *sequences;		/* n * steps * inputs */
	const float *targets;		/* n * outputs */
	size_t		n;
	int			steps;
} lstm_rows;

/* Floats that lstm_fit works in. */
extern size_t lstm_fit_space(lstm_shape s, int steps);

/*
 * Weights that start from the seed and learn the rows by Adam (Kingma & Ba 2015) in batches drawn anew each epoch; those
 * of the epoch with the least mean loss on the rows kept aside, or of the last one when there are none. order has place for learn.n indexes.
 * check is called every few rows and may jump away. CORE_NO_CONVERGENCE: a loss that is no number.
 */
extern core_status lstm_fit(lstm_shape s, lstm_rows learn, lstm_rows aside, lstm_training how, size_t *order, float *space,
							float *weights, void (*check) (void));

#endif							/* BET_EDGE_CORE_LSTM_H */
