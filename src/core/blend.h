/*
 * Several forecasts of the same game as one: a weighted sum of the logarithms of their probabilities, scaled to
 * sum to 1 (logarithmic opinion pool, Genest & Zidek 1986; of a model and the market, Benter 1994).
 */
#ifndef BET_EDGE_CORE_BLEND_H
#define BET_EDGE_CORE_BLEND_H

#include "core/status.h"

#define BLEND_VOICES 16

/*
 * probs: a row of k a voice. CORE_INVALID: no probability is left, or a voice of negative weight gives one of 0.
 */
extern core_status blend_apply(const double *probs, const double *weights, int voices, int k, double *out);

/*
 * The weights with the greatest log-likelihood less ridge / 2 times the squares of their distances to those of
 * the last voice alone. A row, of width doubles, begins with what happened, from 0, and k logarithms of probabilities a voice, all
 * finite; ridge is above 0.
 * check is called now and then and may jump away.
 */
extern core_status blend_fit(const double *rows, int width, long n, int voices, int k, double ridge, double *weights,
							 void (*check) (void));

#endif							/* BET_EDGE_CORE_BLEND_H */
