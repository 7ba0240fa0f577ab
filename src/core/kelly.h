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

/*
 * A stake shrunk for an estimated probability with standard deviation sigma (Baker & McHale 2013):
 * by the closed form that they derive to second order, or to the maximum of expected growth over
 * estimates with a beta distribution around prob (CORE_NO_SOLUTION: none is so wide).
 */
extern double kelly_shrink_delta(double prob, double b, double sigma);
extern core_status kelly_shrink_beta(double prob, double b, double sigma, double *stake);

/*
 * The exponent of Lundberg: the root r > 0 of E exp(-r step) = 1. A sum of such steps ever falls
 * by d with a probability of at most exp(-r d); exactly that when no step down passes d.
 * 0 when the steps do not rise on average, infinity when none falls.
 */
extern double kelly_adjustment(const double *probs, const double *steps, int n);

/*
 * The probability that the bankroll ever falls to a fraction of what it was: at a multiple of the
 * Kelly stake, in the limit of small bets (Thorp 2006), and the multiple that gives a probability;
 * and with equal bets of a share of the bankroll at most (Lundberg).
 */
extern double kelly_drawdown(double multiple, double fraction);
extern double kelly_drawdown_multiplier(double fraction, double prob);
extern double kelly_drawdown_bets(double win, double lose, double b, double stake, double fraction);
/* The probability that bets of one unit ever lose a bankroll of so many units. */
extern double kelly_ruin(double win, double lose, double b, double bankroll);

/* Multiplied, then scaled down together until they sum to no more than the limit. */
extern void kelly_limit(double *stakes, int n, double multiplier, double limit);

#endif							/* BET_EDGE_CORE_KELLY_H */
