/*
 * What betting brought: return on turnover with its interval, the shape of
 * returns and their ratios to risk, and how far the bankroll fell from its peaks.
 */
#ifndef BET_EDGE_CORE_RETURNS_H
#define BET_EDGE_CORE_RETURNS_H

#include <stdbool.h>

#include "core/status.h"
#include "core/sum.h"

/* All doubles: these are also the float8[] states of the aggregates. */
typedef struct returns_turnover
{
	double		n;
	core_sum	profit;
	core_sum	stake;
	core_sum	profit2;		/* sums of squares and of the product */
	core_sum	product;
	core_sum	stake2;
} returns_turnover;

typedef struct returns_curve
{
	double		n;
	double		bankroll;
	core_sum	profit;
	double		peak;			/* highest balance so far, the bankroll at least */
	double		drawdown;		/* furthest below a peak, an amount */
	double		fraction;		/* furthest below a peak, as a share of it */
	double		underwater;		/* bets below the last peak up to now */
	double		longest;		/* most such bets in a row */
} returns_curve;

/*
 * n, mean and sums of powers of the deviations from it (Pebay 2008). The mean is two doubles:
 * a large value that all returns share costs the deviations nothing.
 */
typedef struct returns_moments
{
	double		n;
	double		mean;
	double		low;			/* what rounding took from the mean */
	double		m2;
	double		m3;
	double		m4;
	double		spread;			/* largest deviation met: 0 means that all are equal, however small m2 */
	core_sum	shortfall2;		/* sum of min(value - target, 0)^2 */
	double		worst;			/* largest shortfall below the target */
	double		target;
	double		periods;		/* a year, 0 when nothing is annualised */
} returns_moments;

typedef struct returns_interval
{
	double		roi;
	double		lower;
	double		upper;
	bool		known;			/* there is a turnover, so roi is a number */
	bool		bounded;		/* at least two rows: lower and upper are numbers */
} returns_interval;

extern void returns_add(returns_turnover *t, double profit, double stake);
extern void returns_merge(returns_turnover *t, const returns_turnover *other);
extern returns_interval returns_of(const returns_turnover *t);

/* CORE_INVALID when target or periods are not those of the values before. */
extern core_status returns_moments_add(returns_moments *m, double value, double target, double periods);
extern core_status returns_moments_merge(returns_moments *m, const returns_moments *other);

/*
 * CORE_INVALID where the ratio is not defined: a denominator of 0, or (but for Sortino) fewer
 * than two values. CORE_NO_SOLUTION where it is, but squares of the deviations are too small for
 * a double; too large ones give a result that is not finite.
 */
extern core_status returns_sharpe(const returns_moments *m, double *ratio);
extern core_status returns_sortino(const returns_moments *m, double *ratio);
extern core_status returns_skewness(const returns_moments *m, double *skewness);
extern core_status returns_kurtosis(const returns_moments *m, double *kurtosis);

/* CORE_INVALID when the bankroll is not that of the first bet. */
extern core_status returns_curve_add(returns_curve *c, double profit, double bankroll);

#endif							/* BET_EDGE_CORE_RETURNS_H */
