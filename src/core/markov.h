/*
 * Markov's chain of votes (Langville & Meyer 2012, chapter 6): every team votes for those that beat it, and
 * the share of time that a fan spends with each who follows the votes for ever is its rating.
 */
#ifndef BET_EDGE_CORE_MARKOV_H
#define BET_EDGE_CORE_MARKOV_H

#include "core/matches.h"

#define MARKOV_MAX_TEAMS 2000

/* Doubles and ints of work. */
extern size_t markov_space(int teams);
#define MARKOV_INTS(teams) (2 * (size_t) (teams))

/*
 * Ratings whose sum is 1. prior: votes that each team has for all alike, on the scale of the weights.
 * CORE_NO_SOLUTION: no team is reached by the votes of all, *to not by those of *from; CORE_INVALID: weights
 * span too many orders of magnitude.
 */
extern core_status markov_ratings(const match *rows, long n, int teams, double prior, double *ratings, int *from, int *to,
								  double *work, int *ints, void (*check) (void));

#endif							/* BET_EDGE_CORE_MARKOV_H */
