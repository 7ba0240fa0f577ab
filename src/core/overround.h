/*
 * A bookmaker's margin: how much there is, and fair probabilities without it.
 */
#ifndef BET_EDGE_CORE_OVERROUND_H
#define BET_EDGE_CORE_OVERROUND_H

#include <stddef.h>

#include "core/status.h"

#define OVERROUND_MIN 2			/* outcomes of a market */
#define OVERROUND_MAX 1000

typedef enum overround_method
{
	OVERROUND_MULTIPLICATIVE,
	OVERROUND_ADDITIVE,
	OVERROUND_POWER,
	OVERROUND_SHIN,
	OVERROUND_ODDS_RATIO,
	OVERROUND_UNKNOWN
} overround_method;

/* The method of that name, or OVERROUND_UNKNOWN. Some methods have two names. */
extern overround_method overround_method_find(const char *name, size_t n);
/* All names, for a message. */
extern const char *const overround_method_names;

/* The book: sum of 1/odds. */
extern double overround_book(const double *odds, int n);

/*
 * Fair probabilities of n outcomes, all odds finite and above 1. CORE_NO_SOLUTION: the
 * method has no probabilities for this book (shin below a sum of 1, additive on longshots).
 */
extern core_status overround_remove(const double *odds, int n, overround_method method, double *probs);

#endif							/* BET_EDGE_CORE_OVERROUND_H */
