/*
 * What the models of goals share: from a set of matches to a row
 * (teams, attack, defence, home_advantage, theta, log_likelihood, matches), and from it to the rates of a match.
 */
#ifndef BET_EDGE_BIND_STRENGTH_H
#define BET_EDGE_BIND_STRENGTH_H

#include "bind/matches.h"

/* Fits a set to whom matches_goals has no objection; fit's arrays and work are there. */
typedef core_status (*strength_fitter) (const match_set *set, double prior, strength_fit *fit, double *work);

extern Datum strength_final(FunctionCallInfo fcinfo, const char *function, strength_fitter fitter);
/* (fit, home, away, neutral): the rates, and theta of the fit, which is named for messages. */
extern void arg_rates(FunctionCallInfo fcinfo, const char *theta_name, double *home_rate, double *away_rate, double *theta);

#endif							/* BET_EDGE_BIND_STRENGTH_H */
