/*
 * Dixon and Coles 1997: Poisson goals whose four lowest scores depend on each other by rho.
 */
#ifndef BET_EDGE_CORE_DIXON_COLES_H
#define BET_EDGE_CORE_DIXON_COLES_H

#include "core/strength.h"

/* All matches of two teams on one kind of ground, summed up: all that the likelihood needs of them. */
typedef struct dixon_coles_pair
{
	double		weight;
	double		home_goals;
	double		away_goals;
	double		low[2][2];		/* weight of 0-0, 0-1, 1-0, 1-1 */
} dixon_coles_pair;

/*
 * Fits rows, sorted by home, away and neutral, to whom matches_goals has no objection. fit's theta is rho,
 * within its limits for each match. pairs and terms: n each of work; work: strength_space(teams) doubles.
 */
extern core_status dixon_coles_fit(const match *rows, long n, int teams, double prior, strength_fit *fit,
								   dixon_coles_pair *pairs, match *terms, double *work, void (*check) (void));

#endif							/* BET_EDGE_CORE_DIXON_COLES_H */
