/*
 * Making probabilities honest: Platt's sigmoid (Platt 1999; Lin, Lin & Weng
 * 2007), temperature scaling (Guo et al. 2017), beta calibration (Kull et al. 2017),
 * isotonic regression and Venn-Abers predictors (Vovk, Petej & Fedorova 2015).
 * check is called now and then and may jump away: nothing is held here.
 */
#ifndef BET_EDGE_CORE_CALIBRATION_H
#define BET_EDGE_CORE_CALIBRATION_H

#include "core/status.h"

#define TEMPERATURE_LOW 0.05
#define TEMPERATURE_HIGH 20.0

/* rows holds n pairs (score, outcome 0 or 1); fit becomes {A, B} of P = 1/(1+exp(A*score+B)). */
extern core_status platt_fit(const double *rows, long n, double fit[2], void (*check) (void));
extern double platt_apply(const double fit[2], double score);

/* rows holds n times (outcome from 0, ln p of each of k classes). */
extern core_status temperature_fit(const double *rows, long n, int k, double *temperature, void (*check) (void));
extern void temperature_apply(double temperature, const double *probs, int k, double *out);

/*
 * rows holds n > 0 times (ln p, -ln(1-p), outcome 0 or 1, weight above 0); fit becomes {a, b, c} of
 * logit = a ln p - b ln(1-p) + c with a, b >= 0 and the greatest likelihood. Where that has no maximum,
 * because one class is missing or a threshold separates them, the targets are Platt's.
 */
extern core_status beta_fit(const double *rows, long n, double fit[3], void (*check) (void));
extern double beta_apply(const double fit[3], double prob);

/*
 * rows holds n > 0 times (order_key_set of the score, y, weight above 0); work has place for 4 n. Answers
 * the number k of knots: their scores are then in rows[0..k-1], ascending, and their values, ascending, in
 * rows[k..2k-1].
 */
extern long isotonic_fit(double *rows, double *work, long n, void (*check) (void));
/* CORE_INVALID where the knots do not ascend. */
extern core_status isotonic_apply(const double *x, const double *y, long k, double score, double *value);

/*
 * rows holds n > 0 times (order_key_set of the score, outcome 0 or 1); work has place for 7 (n + 1). Answers
 * k: work then holds k scores, ascending, the k values of p0 from each score on, and the k of p1 up to it.
 */
extern long venn_abers_fit(double *rows, double *work, long n, void (*check) (void));
extern void venn_abers_apply(const double *x, const double *p0s, const double *p1s, long k, double score, double *p0, double *p1);

#endif							/* BET_EDGE_CORE_CALIBRATION_H */
