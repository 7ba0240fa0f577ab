/*
 * Split conformal prediction: how far a new case may lie from its prediction.
 */
#ifndef BET_EDGE_CORE_CONFORMAL_H
#define BET_EDGE_CORE_CONFORMAL_H

#include <stddef.h>

/*
 * The ceil((n+1)(1-alpha))-th smallest score, Infinity when there are fewer. No score
 * may be NaN, 0 < alpha < 1, n >= 1. Reorders the scores.
 */
extern double conformal_order_statistic(double *scores, size_t n, double alpha);

#endif							/* BET_EDGE_CORE_CONFORMAL_H */
