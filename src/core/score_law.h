/*
 * Laws of a game's whole numbers, its home margin and its total: the probability of each number
 * from lowest on. Made from a prediction and the key numbers of a sport, or from a score grid.
 */
#ifndef BET_EDGE_CORE_SCORE_LAW_H
#define BET_EDGE_CORE_SCORE_LAW_H

#include <stdbool.h>

#include "core/score_grid.h"
#include "core/settlement.h"
#include "core/status.h"

/* No number of a law is further from 0. */
#define SCORE_LAW_MAX 10000
#define SCORE_LAW_MIN_SCALE 1e-3

typedef struct score_law
{
	int			lowest;
	int			n;
	const double *probs;
} score_law;

/* How far outcomes fall from a prediction, and what each distance from 0 weighs beside that; beyond n it weighs 1. */
typedef struct key_numbers
{
	double		scale;
	int			n;
	const double *weights;
} key_numbers;

typedef struct score_law_case
{
	double		prediction;
	double		outcome;		/* a whole number */
} score_law_case;

/* The largest number that counts: CORE_INVALID beyond SCORE_LAW_MAX. */
extern core_status score_law_reach(double prediction, double scale, int *reach);

/*
 * probs[i] ~ weights[|lowest + i|] * exp(-((lowest + i - prediction)/scale)^2 / 2), of n numbers that
 * hold the nearest possible one to the prediction. CORE_NO_SOLUTION when every weight there is 0.
 */
extern core_status score_law_points(double prediction, const key_numbers *keys, int lowest, int n, double *probs);

/*
 * The scale is the root mean square of outcome - prediction; CORE_NO_SOLUTION below the smallest. The weights
 * of 0..n-1 are the most likely ones when each has a gamma prior of mode 1 that counts as prior > 0 games. from:
 * the lowest possible number, -(n-1) for margins, 0 for totals; n is beyond the reach of every prediction and
 * every outcome. work: 3n doubles.
 */
extern core_status score_law_scale(const score_law_case *cases, long n, double *scale);
extern void score_law_fit(const score_law_case *cases, long n_cases, double scale, double prior, int from,
						  int n, double *weights, double *work, void (*check) (void));

/* The margins, from 1 - columns on, and totals, from 0, of a grid: rows + columns - 1 numbers each. */
extern void score_law_of_grid(const score_grid *grid, bool margins, double *probs);

/* {home, draw, away} of a law of margins. */
extern void score_law_outcomes(const score_law *law, double probs[3]);

/*
 * The law, or grid, closest to the given one in relative entropy whose outcomes have these probabilities:
 * {home, draw, away}, or {home, away} given that there is no tie. CORE_NO_SOLUTION when one of
 * them is likely and impossible before.
 */
extern core_status score_law_reconcile(const score_law *law, const double *probs, int outcomes, double *reconciled);
extern core_status score_grid_reconcile(const score_grid *grid, const double probs[3], double *reconciled);

/* A bet that is ahead by sign * number + line. */
extern void score_law_line(const score_law *law, double sign, double line, double results[SETTLE_RESULTS]);

#endif							/* BET_EDGE_CORE_SCORE_LAW_H */
