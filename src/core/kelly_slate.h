/*
 * Stakes on a whole slate at once: games that do not depend on each other, each with bets whose
 * results do. The maximum is that of kelly_portfolio.h over all combinations of the games'
 * scenarios, which are too many to be listed.
 */
#ifndef BET_EDGE_CORE_KELLY_SLATE_H
#define BET_EDGE_CORE_KELLY_SLATE_H

#include "core/kelly_portfolio.h"

/* Doubles of workspace for so many games with n bets and so many scenarios in all. */
extern size_t kelly_slate_space(int n, int games, size_t scenarios);

/*
 * bets and scenarios: how many each game has, at least 1; probs of the scenarios, game after game;
 * net_returns: of each game a matrix with a row a scenario and a column a bet, one after the other,
 * profits per unit staked of at least -1. What a game's probabilities leave to 1 loses all stakes
 * on it: CORE_INVALID when they sum to more than 1. Stakes, in the order of the bets, leave at
 * least KELLY_RESERVE. interrupts may be NULL.
 */
extern core_status kelly_slate(const int *bets, const int *scenarios, int games, const double *probs, const double *net_returns,
							   double limit, void (*interrupts) (void), double *space, double *stakes);
/* Minus infinity where all may be lost; NaN where kelly_slate() says CORE_INVALID. */
extern double kelly_slate_growth(const double *stakes, const int *bets, const int *scenarios, int games, const double *probs,
								 const double *net_returns, double *space);

/* Doubles of workspace for n independent bets. */
extern size_t kelly_independent_space(int n);

/*
 * Independent bets, each of which wins odds - 1, pushes (NULL: none does) or loses its stake.
 * CORE_INVALID when a bet's probabilities sum to more than 1.
 */
extern core_status kelly_independent(const double *probs, const double *pushes, const double *odds, int n, double limit,
									 void (*interrupts) (void), double *space, double *stakes);
extern double kelly_independent_growth(const double *stakes, const double *probs, const double *pushes, const double *odds,
									   int n, double *space);

#endif							/* BET_EDGE_CORE_KELLY_SLATE_H */
