/*
 * Karlis and Ntzoufras 2003: home goals X1 + X3, away goals X2 + X3 of three independent Poisson numbers.
 */
#ifndef BET_EDGE_CORE_BIVARIATE_POISSON_H
#define BET_EDGE_CORE_BIVARIATE_POISSON_H

#include "core/strength.h"

/*
 * Fits rows, sorted by matches_order, to whom matches_goals has no objection. The strengths are of X1 and X2;
 * fit's theta is the rate of X3, of at least 0. terms: n of work; work: strength_space(teams) doubles; second:
 * 4 * teams doubles.
 */
extern core_status bivariate_poisson_fit(const match *rows, long n, int teams, double prior, strength_fit *fit,
										 match *terms, double *work, double *second, void (*check) (void));

#endif							/* BET_EDGE_CORE_BIVARIATE_POISSON_H */
