/*
 * Removing a margin, for the bindings that need fair probabilities on their way.
 */
#ifndef BET_EDGE_BIND_OVERROUND_H
#define BET_EDGE_BIND_OVERROUND_H

#include "bind/args.h"

#include "core/overround.h"

/* The decimal odds of min_n outcomes or more, each finite and above 1. */
static inline double *
arg_market(ArrayType *array, const char *name, int min_n, int *n)
{
	double	   *odds = arg_float8s(array, name, min_n, OVERROUND_MAX, n);

	return arg_odds_array(odds, *n, name);
}
/* Removes the overround by the method of that name, or says of the argument `name` why that cannot be done. */
extern void fair_market(const double *odds, int n, const char *name, text *method, double target, double *probs, overround_fit *fit);

#endif							/* BET_EDGE_BIND_OVERROUND_H */
