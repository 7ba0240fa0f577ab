/*
 * What betting brought: return on turnover with its interval, and how far the
 * bankroll fell from its peaks.
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

/* CORE_INVALID when the bankroll is not that of the first bet. */
extern core_status returns_curve_add(returns_curve *c, double profit, double bankroll);

#endif							/* BET_EDGE_CORE_RETURNS_H */
