/*
 * Conformal prediction: how far a new case may lie from its prediction.
 *
 * interrupts, unless NULL, is called now and then in what takes long.
 */
#ifndef BET_EDGE_CORE_CONFORMAL_H
#define BET_EDGE_CORE_CONFORMAL_H

#include <stddef.h>

#include "core/status.h"

/*
 * floor((n+1)*alpha), 0 <= alpha < 1, of the alpha that was written, not of the double below
 * or above it: where (n+1)*alpha is whole, rounding must not move the rank. At most n.
 */
extern size_t conformal_rank_below(size_t n, double alpha);

/*
 * The ceil((n+1)(1-alpha))-th smallest score, Infinity when there are fewer. No score
 * may be NaN, 0 < alpha < 1. work and room as for order_kth_in.
 */
extern double conformal_order_statistic(const double *scores, size_t n, double alpha, double *work, size_t room,
										void (*interrupts) (void));

/*
 * The smallest score with which the greater scores and the test case weigh at most alpha of
 * the whole; Infinity when the test case alone weighs more. Score i is scores[i * stride], its
 * weight weights[i * stride]. CORE_INVALID when the weights' sum overflows.
 */
extern core_status conformal_weighted(const double *scores, const double *weights, size_t stride, size_t n,
									  double test_weight, double alpha, void (*interrupts) (void), double *quantile);

/*
 * The floor(alpha(n+1))-th smallest of prediction - residual (-Infinity without one) and the
 * ceil((1-alpha)(n+1))-th smallest of prediction + residual (Infinity). Case i's prediction is
 * predictions[fold ? fold[i] - 1 : i]. work: n doubles. CORE_INVALID when a sum overflows.
 */
extern core_status conformal_jackknife(const double *predictions, const int *fold, const double *residuals, size_t n,
									   double alpha, double *work, void (*interrupts) (void), double *lower, double *upper);

/*
 * Conformalized quantile regression: how far outside its interval each outcome lies (negative
 * inside), below it and above it (apart) or whichever is more (together). Infinite on overflow.
 */
extern double conformal_cqr_score(double outcome, double lower, double upper);
/* work: n doubles. CORE_INVALID when a difference or the result overflows. */
extern core_status conformal_cqr(double prediction_lower, double prediction_upper, const double *outcomes,
								 const double *lowers, const double *uppers, size_t n, double alpha, int symmetric,
								 double *work, void (*interrupts) (void), double *lower, double *upper);

/* (greater + u * (equal + 1)) / (n + 1): u = 1 is valid as it is, u drawn from 0..1 makes it uniform. */
extern double conformal_pvalue(const double *scores, size_t n, double score, double u);

/* ---- online: adaptive conformal inference ---------------------------------------------------- */

/* alpha_t + gamma * (alpha - error), not clipped. */
extern double conformal_aci(double alpha_t, int error, double alpha, double gamma);

/*
 * The scores of a stream one after another: at each the quantile at alpha_t of the known scores
 * and those of the stream before it. sorted and work: known + n doubles each, tree: known + n + 1
 * counters. Results: alpha_t, quantile and error, n each.
 */
extern void conformal_aci_stream(const double *known, size_t known_n, const double *stream, size_t n,
								 double alpha, double gamma, double *sorted, double *work, size_t *tree,
								 void (*interrupts) (void), double *alpha_t, double *quantile, unsigned char *error);

/* ---- online: conformal PID control ----------------------------------------------------------- */

typedef struct conformal_pid
{
	double		quantile;		/* what the next score is expected not to exceed */
	double		tracked;		/* the part that follows the errors one by one */
	double		errors;			/* scores above their quantile */
	double		n;				/* scores seen */
} conformal_pid;

typedef struct conformal_pid_gains
{
	double		alpha;
	double		learning_rate;	/* step of the tracked part, in units of the score */
	double		integral_gain;	/* 0: no integrator */
	double		saturation;
} conformal_pid_gains;

/* Takes in one score; forecast is the scorecaster's part of the next quantile. The quantile may become infinite. */
extern void conformal_pid_update(conformal_pid *state, double score, const conformal_pid_gains *gains, double forecast);

#endif							/* BET_EDGE_CORE_CONFORMAL_H */
