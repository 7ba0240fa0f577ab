/*
 * Making probabilities honest: Platt's sigmoid (Platt 1999; Lin, Lin & Weng
 * 2007) and temperature scaling (Guo et al. 2017). check is called now and
 * then and may jump away: nothing is held here.
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

#endif							/* BET_EDGE_CORE_CALIBRATION_H */
