/*
 * A bookmaker's margin: how much there is, fair probabilities without it, and the way back.
 */
#ifndef BET_EDGE_CORE_OVERROUND_H
#define BET_EDGE_CORE_OVERROUND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

#define OVERROUND_MIN 2			/* outcomes of a market */
#define OVERROUND_MAX 1000
#define OVERROUND_TARGET_MIN 1e-9	/* below, probabilities would drown in their rounding */

typedef enum overround_method
{
	OVERROUND_MULTIPLICATIVE,
	OVERROUND_ADDITIVE,
	OVERROUND_POWER,
	OVERROUND_SHIN,
	OVERROUND_ODDS_RATIO,
	OVERROUND_LOGARITHMIC,
	OVERROUND_WPO,
	OVERROUND_BALANCED_BOOK,
	OVERROUND_JSD,
	OVERROUND_GOTO,
	OVERROUND_UNKNOWN
} overround_method;

/* The method of that name, or OVERROUND_UNKNOWN. Some methods have more than one name. */
extern overround_method overround_method_find(const char *name, size_t n);
/* All names, for a message. */
extern const char *const overround_method_names;
/* Does the method explain a margin, so that it has nothing to say of a book below its target? */
extern bool overround_needs_margin(overround_method method);

/* What a method found beside its numbers. */
typedef struct overround_fit
{
	double		parameter;		/* NaN: the method has none */
	int			outcome;		/* CORE_NO_SOLUTION: the outcome that has no answer, -1 for the whole market */
	double		value;			/* and what the method would have given it */
} overround_fit;

/* The book: sum of 1/odds. */
extern double overround_book(const double *odds, int n);

/*
 * Fair probabilities of n outcomes, all odds finite and above 1. They sum to target, the
 * number of outcomes that win, in [OVERROUND_TARGET_MIN, n). CORE_NO_SOLUTION: the method has no
 * probabilities for this book.
 */
extern core_status overround_remove(const double *odds, int n, overround_method method, double target,
									double *probs, overround_fit *fit);

/*
 * The way back: the odds whose book is sum(probs) * (1 + overround), from which
 * overround_remove takes these probabilities, all in (0, 1).
 */
extern core_status overround_add(const double *probs, int n, overround_method method, double overround,
								 double *odds, overround_fit *fit);

#endif							/* BET_EDGE_CORE_OVERROUND_H */
