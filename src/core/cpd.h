/*
 * Conformal predictive distributions: the residuals of calibration cases in ascending order,
 * moved to a new prediction and stretched by its sigma (split conformal predictive systems,
 * Vovk et al. 2020). The points of the distribution are prediction + sigma * residual.
 */
#ifndef BET_EDGE_CORE_CPD_H
#define BET_EDGE_CORE_CPD_H

#include <stddef.h>

#include "core/status.h"

typedef struct cpd
{
	const double *residuals;	/* ascending, finite */
	size_t		n;				/* at least 1 */
	double		prediction;		/* finite */
	double		sigma;			/* finite, above 0 */
} cpd;

typedef struct cpd_law
{
	double		over;
	double		push;
	double		under;
	double		over_lower;
	double		over_upper;
	double		under_lower;
	double		under_upper;
} cpd_law;

/* Checks and sorts residuals in place; work has place for n, interrupts may be NULL. CORE_INVALID when one is not finite. */
extern core_status cpd_prepare(double *residuals, double *work, size_t n, void (*interrupts) (void));

/*
 * (points below value + u * (points at value + 1)) / (n + 1). A point is at value when it is so
 * but for rounding.
 */
extern double cpd_cdf(const cpd *d, double value, double u);

/*
 * How an outcome falls against a line. whole: outcomes are whole numbers, points count for the
 * nearest one, halves for both neighbours in equal parts. The mass of the new case itself,
 * 1/(n+1), goes in halves to over and under. The bounds hold for any place of that mass and, for
 * whole outcomes, of the border between two neighbouring numbers.
 */
extern void cpd_line(const cpd *d, double line, int whole, cpd_law *law);

/* The ceil((n+1) prob)-th point, Infinity when there are fewer; 0 < prob < 1. */
extern core_status cpd_quantile(const cpd *d, double prob, double *value);
/* Leaves out at most alpha/2 on each side. */
extern core_status cpd_interval(const cpd *d, double alpha, double *lower, double *upper);

#endif							/* BET_EDGE_CORE_CPD_H */
