/*
 * How good a forecast was: Brier 1950, logarithmic and ranked probability
 * score (Epstein 1969, divided by r - 1 as Constantinou & Fenton 2012 do).
 * Classes are counted from 0 here; smaller is better everywhere.
 */
#ifndef BET_EDGE_CORE_SCORE_H
#define BET_EDGE_CORE_SCORE_H

#include "core/status.h"

#define SCORE_SUM_TOLERANCE 1e-6

/* CORE_INVALID unless each is in [0,1] and they sum to 1 within the tolerance. */
extern core_status score_probs(const double *probs, int n);
extern double score_brier(const double *probs, int n, int outcome);
extern double score_rps(const double *probs, int n, int outcome);
/* -ln p: Infinity for p = 0. */
extern double score_log(double p);
/* The same of an event with probability p that happened or not. */
extern double score_log_event(double p, int happened);

#endif							/* BET_EDGE_CORE_SCORE_H */
