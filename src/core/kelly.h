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
 * probability lose; otherwise the stake comes back. Negative without value, to minus
 * infinity where nothing can be gained.
 */
extern double kelly_binary(double win, double lose, double b);

/*
 * A bet with n possible net returns per unit staked, each at least -1; what the
 * probabilities leave to 1 loses the stake. In [0, 1].
 */
extern core_status kelly_any(const double *probs, const double *net_returns, int n, double *fraction);

/* Expected profit per unit staked. */
extern double kelly_value(const double *probs, const double *net_returns, int n);

/* Expected log growth of staking that share: E ln(1 + f r). Minus infinity where all may be lost. */
extern double kelly_growth(const double *probs, const double *net_returns, int n, double fraction);

/*
 * Bets on n outcomes of which at most one comes, at odds above 1 (Smoczynski & Tomkins 2010).
 * CORE_INVALID when the probabilities sum to more than 1.
 */
extern core_status kelly_outcomes(const double *probs, const double *odds, int n, double *stakes);

/* Expected log growth of stakes on such outcomes. */
extern double kelly_outcomes_growth(const double *stakes, const double *probs, const double *odds, int n);

/* Multiplied, then scaled down together until they sum to no more than the limit. */
extern void kelly_limit(double *stakes, int n, double multiplier, double limit);

#endif							/* BET_EDGE_CORE_KELLY_H */
