/*
 * The share of the bankroll that makes it grow fastest (Kelly 1956).
 */
#ifndef BET_EDGE_CORE_KELLY_H
#define BET_EDGE_CORE_KELLY_H

#include "core/status.h"

/* Probabilities may exceed a sum of 1 by their own rounding. */
#define KELLY_SUM_SLACK 1e-9

/*
 * A bet that gains b per unit at risk with probability win and loses the unit with
 * probability lose; otherwise the stake comes back. Negative without value.
 */
extern double kelly_binary(double win, double lose, double b);

/*
 * A bet with n possible net returns per unit staked, each at least -1; what the
 * probabilities leave to 1 loses the stake. In [0, 1].
 */
extern core_status kelly_any(const double *probs, const double *net_returns, int n, double *fraction);

#endif							/* BET_EDGE_CORE_KELLY_H */
