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
 * every outcome. work: 3n doubles. Neighbouring cases of one prediction take the time of one.
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
 * them is likely and impossible before. lines, where not NULL: {of the home side, of the total}, NaN for none: what
 * the law said of a bet there it goes on saying (win against loss, halves as halves), as far as the outcomes
 * allow when no number becomes more than e^3 times likelier against another of its outcome.
 */
extern core_status score_law_reconcile(const score_law *law, const double *probs, int outcomes, const double *lines, double *reconciled);
extern core_status score_grid_reconcile(const score_grid *grid, const double probs[3], const double *lines, double *reconciled);

/*
 * The prediction under which a bet at a line, on home or over, wins with probability prob when it is not pushed (half
 * results as halves). CORE_NO_SOLUTION: none within SCORE_LAW_MAX.
 */
extern core_status score_law_implied(const key_numbers *keys, bool margins, double line, double prob, double *prediction);
/*
 * The same of goals: the rates of score_grid_dixon_coles under which bets on home and on over win like that; rho is held
 * within its limits, no rate is below SCORE_LAW_MIN_RATE.
 */
#define SCORE_LAW_MIN_RATE 0.05
extern core_status score_law_implied_goals(const double lines[2], const double probs[2], double rho, double rates[2]);

/* A bet that is ahead by sign * number + line. */
extern void score_law_line(const score_law *law, double sign, double line, double results[SETTLE_RESULTS]);

#endif							/* BET_EDGE_CORE_SCORE_LAW_H */
