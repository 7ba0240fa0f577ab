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
/* Beyond these odds the quadrature of kelly_slate.h loses digits. */
#define KELLY_MAX_ODDS 1e9
/*
 * Where all stakes may be lost they leave this much of the bankroll: below it the digits of the
 * stakes, which sum to nearly 1, no longer say how much is left.
 */
#define KELLY_RESERVE 1e-7
/* Beside this the size of a term is none: its square is no longer a number. */
#define KELLY_NOTHING 1e-100

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

/* What probabilities leave to 1: 0 when that is their rounding, negative when it is not. */
extern double kelly_rest(const double *probs, size_t n);

/*
 * The growth of stakes on whatever bets: its value, its slope in each, and the size of what
 * cancels in that (both NULL: not asked for). The curvature is of the m chosen stakes alone, in
 * ascending order, the lower triangle of an m*m matrix, sign turned.
 */
typedef struct kelly_problem kelly_problem;
struct kelly_problem
{
	int			n;
	double		limit;
	double		(*growth) (const kelly_problem *p, const double *stakes, double *slopes, double *sizes);
	void		(*curvature) (const kelly_problem *p, const double *stakes, const int *chosen, int m, double *matrix);
	void		(*interrupts) (void);
	const void *bets;
};

/* The stakes of the maximum; space as kelly_portfolio_space(n) says. */
extern core_status kelly_maximise(const kelly_problem *p, double *space, double *stakes);
extern void kelly_no_interrupts(void);
/* The next n doubles of a workspace. */
extern double *kelly_take(double **space, size_t n);
extern double kelly_total(const double *values, int n);

#endif							/* BET_EDGE_CORE_KELLY_PORTFOLIO_H */
