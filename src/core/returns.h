/*
 * What betting brought: return on turnover with its interval, the shape of
 * returns and their ratios to risk, and how far the bankroll fell from its peaks.
 */
#ifndef BET_EDGE_CORE_RETURNS_H
#define BET_EDGE_CORE_RETURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	double		periods;		/* a year, 0 when nothing is annualised */
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

/* Once a row: inline. */
static inline void
returns_add(returns_turnover *t, double profit, double stake)
{
	t->n += 1;
	core_sum_add(&t->profit, profit);
	core_sum_add(&t->stake, stake);
	core_sum_add(&t->profit2, profit * profit);
	core_sum_add(&t->product, profit * stake);
	core_sum_add(&t->stake2, stake * stake);
}

extern void returns_merge(returns_turnover *t, const returns_turnover *other);
extern returns_interval returns_of(const returns_turnover *t);

/* The mean and what rounding takes from it. */
static inline void
returns_shift_mean(returns_moments *m, double by)
{
	double		high = m->mean + by;
	double		part = high - m->mean;

	m->low += (m->mean - (high - part)) + (by - part);
	m->mean = high;
}

/* CORE_INVALID when target or periods are not those of the values before. */
static inline core_status
returns_moments_add(returns_moments *m, double value, double target, double periods)
{
	double		before = m->n;
	double		deviation,
				step,
				square,
				below;

	if (before == 0)
	{
		m->target = target;
		m->periods = periods;
	}
	else if (target != m->target || periods != m->periods)
		return CORE_INVALID;

	deviation = (value - m->mean) - m->low;
	m->n += 1;
	step = deviation / m->n;
	square = deviation * step * before;
	m->spread = before == 0 ? 0 : fmax(m->spread, fabs(deviation));
	m->m4 += square * step * step * (m->n * m->n - 3 * m->n + 3) + 6 * step * step * m->m2 - 4 * step * m->m3;
	m->m3 += square * step * (m->n - 2) - 3 * step * m->m2;
	m->m2 += square;
	returns_shift_mean(m, step);

	below = target - value;
	if (below > 0)
	{
		core_sum_add(&m->shortfall2, below * below);
		m->worst = fmax(m->worst, below);
	}
	return CORE_OK;
}

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

/* CORE_INVALID when bankroll or periods are not those of the first bet, CORE_NO_SOLUTION when the balance overflows. */
extern core_status returns_curve_add(returns_curve *c, double profit, double bankroll, double periods);

/* A bet with its time, the rows of order_sort_rows. */
typedef struct returns_bet
{
	int64_t		at;
	double		profit;
} returns_bet;

/* The curve of bets in order of time; those of one time are one step. */
extern core_status returns_curve_of(const returns_bet *bets, size_t n, double bankroll, returns_curve *c);

/* Growth a year over the largest fall as a share. CORE_INVALID without a fall, without time, or with a balance below 0. */
extern core_status returns_calmar(const returns_curve *c, double years, double *ratio);

/* Wins and losses in a row; a profit of 0 is neither and breaks nothing. */
typedef struct returns_runs
{
	double		losing;
	double		longest_losing;
	double		winning;
	double		longest_winning;
} returns_runs;

extern void returns_runs_add(returns_runs *r, double profit);

/* The alpha-quantile at (n-1) alpha between the ascending returns, and the mean of those up to it, as losses. */
extern double returns_value_at_risk(const double *returns, size_t n, double alpha, void (*interrupts) (void));
extern double returns_shortfall(const double *returns, size_t n, double alpha, void (*interrupts) (void));

/* P(a return this high or higher) were the true one 0. CORE_INVALID without an interval or when all returns are equal. */
extern core_status returns_p_value(const returns_turnover *t, double *p);

/* Flat bets at such odds and edge until a one-sided test at alpha shows it with that power. May be infinite. */
extern double returns_bets_needed(double edge, double odds, double alpha, double power);

#endif							/* BET_EDGE_CORE_RETURNS_H */
