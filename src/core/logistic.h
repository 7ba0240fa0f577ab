/*
 * Logistic regression of two or more classes with a ridge (Hoerl & Kennard 1970; le Cessie & van Houwelingen
 * 1992), by Newton's method, which for it is iteratively reweighted least squares.
 *
 * A row is the class, from 1, and p features, NaN for missing. A model of k classes is a matrix of 1 + p columns:
 * {0, the features' means}, then one row {intercept, coefficients} for each class, or for the second of two alone.
 * A feature counts from its mean, so a missing one counts nothing. A row may go on with a margin for each row of
 * coefficients, in log odds, that the features add to (an offset).
 */
#ifndef BET_EDGE_CORE_LOGISTIC_H
#define BET_EDGE_CORE_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/* Rows of coefficients for k classes. */
static inline int
logistic_outputs(int k)
{
	return k == 2 ? 1 : k;
}

/* Doubles that logistic_fit works in. */
extern size_t logistic_space(long n, int p, int k);

/*
 * The model with the greatest log-likelihood less ridge / 2 times the squares of the coefficients, the features
 * scaled to a standard deviation of 1 within these rows. Intercepts are free; those of several classes sum to 0.
 * stride: doubles from row to row; offset: rows have margins. CORE_INVALID: a class from 1 to k is missing. check is
 * called now and then and may jump away.
 */
extern core_status logistic_fit(const double *rows, int stride, long n, int p, int k, bool offset, double ridge, double *model,
								double *work, void (*check) (void));

/* Probabilities of the k classes; offset: the margins to add to, or NULL. CORE_INVALID: a margin is beyond all numbers. */
extern core_status logistic_apply(const double *model, int p, int k, const float *features, const float *offset, double *probs);

#endif							/* BET_EDGE_CORE_LOGISTIC_H */
