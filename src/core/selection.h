/*
 * The best of many strategies looks better than it is: by how much, and how
 * likely its lead is no more than the search for it (Bailey & Lopez de Prado).
 */
#ifndef BET_EDGE_CORE_SELECTION_H
#define BET_EDGE_CORE_SELECTION_H

#include <stddef.h>

#include "core/interval.h"
#include "core/status.h"

#define SELECTION_BLOCKS_MAX 20

/*
 * How sure a Sharpe ratio over n returns of such skewness and kurtosis is to exceed the benchmark.
 * CORE_INVALID: n below 2, or a kurtosis below 1 + skewness^2, which no returns have.
 */
extern core_status selection_probabilistic(double sharpe, double n, double skewness, double kurtosis, double benchmark, double *prob);

/* What the best Sharpe ratio of so many trials (at least 1) is expected to be when none has any skill. */
extern double selection_expected_max(double trials, double variance);

typedef struct selection_splits
{
	double		splits;
	double		overfit;		/* share of splits where the best in the sample is not above the median outside */
	double		loss;			/* share where it has a mean below 0 outside */
	double		mean_logit;		/* mean of ln(w / (1-w)), w its relative rank outside */
} selection_splits;

/* Elements of work that selection_overfitting needs. */
extern size_t selection_work(int strategies, int blocks);

/*
 * Combinatorially symmetric cross-validation of a matrix of returns, a row a period, finite.
 * CORE_INVALID: blocks odd or outside 2 .. SELECTION_BLOCKS_MAX, fewer than 2 strategies or fewer
 * than 2 periods a block.
 */
extern core_status selection_overfitting(const double *returns, int periods, int strategies, int blocks,
										 core_moments *work, void (*interrupts) (void), selection_splits *result);

#endif							/* BET_EDGE_CORE_SELECTION_H */
