/*
 * Colley 2002: ratings from wins and losses alone, each beginning as an even chance.
 */
#ifndef BET_EDGE_CORE_COLLEY_H
#define BET_EDGE_CORE_COLLEY_H

#include "core/matches.h"

#define COLLEY_MAX_TEAMS 2000

/* Doubles of work. */
extern size_t colley_space(int teams);

/*
 * Ratings whose mean is 0.5. A weight of unit is one game. CORE_NO_SOLUTION: weights so large that the even
 * chance is lost among them.
 */
extern core_status colley_ratings(const match *rows, long n, int teams, double unit, double *ratings,
								  double *work, void (*check) (void));

#endif							/* BET_EDGE_CORE_COLLEY_H */
