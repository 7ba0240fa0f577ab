/*
 * Stakes on several bets at once: those that make the bankroll grow fastest together, at least
 * 0 each and in all at most a limit. The growth is concave in them, so there is one maximum, and
 * the conditions of Karush, Kuhn and Tucker tell it: they are met to 1e-9 or better.
 */
#ifndef BET_EDGE_CORE_KELLY_PORTFOLIO_H
#define BET_EDGE_CORE_KELLY_PORTFOLIO_H

#include <stddef.h>

#include "core/kelly.h"

#define KELLY_MAX_BETS 500
#define KELLY_MAX_SCENARIOS 1000000
/* Beyond these odds the quadrature of independent bets loses digits. */
#define KELLY_MAX_ODDS 1e9
/*
 * Where all stakes may be lost they leave this much of the bankroll: below it the digits of the
 * stakes, which sum to nearly 1, no longer say how much is left.
 */
#define KELLY_RESERVE 1e-7

/* Doubles of workspace for n bets. */
extern size_t kelly_portfolio_space(int n);

/*
 * Bets whose results depend on each other: profit per unit staked of each of n bets (columns, at
 * least -1) in each scenario (rows). What the probabilities leave to 1 loses all stakes.
 * CORE_INVALID when they sum to more than 1. interrupts may be NULL.
 */
extern core_status kelly_scenarios(const double *probs, size_t scenarios, const double *net_returns, int n, double limit,
								   void (*interrupts) (void), double *space, double *stakes);
/* Minus infinity where all may be lost. */
extern double kelly_scenarios_growth(const double *stakes, const double *probs, size_t scenarios, const double *net_returns, int n);

/*
 * Independent bets, each of which wins odds - 1, pushes (NULL: none does) or loses its stake.
 * CORE_INVALID when a bet's probabilities sum to more than 1.
 */
extern core_status kelly_independent(const double *probs, const double *pushes, const double *odds, int n, double limit,
									 void (*interrupts) (void), double *space, double *stakes);
extern double kelly_independent_growth(const double *stakes, const double *probs, const double *pushes, const double *odds,
									   int n, double *space);

#endif							/* BET_EDGE_CORE_KELLY_PORTFOLIO_H */
