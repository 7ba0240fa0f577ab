/*
 * A sum that does not lose digits to its length (Neumaier 1974): two doubles,
 * so it also lives in the float8[] state of an aggregate.
 */
#ifndef BET_EDGE_CORE_SUM_H
#define BET_EDGE_CORE_SUM_H

#include <math.h>

typedef struct core_sum
{
	double		high;
	double		low;			/* what rounding took from high */
} core_sum;

static inline void
core_sum_add(core_sum *sum, double value)
{
	double		total = sum->high + value;
	double		lost = fabs(sum->high) >= fabs(value) ? (sum->high - total) + value : (value - total) + sum->high;

	sum->high = total;
	if (isfinite(total))		/* an infinite sum stays one; it has no low part */
		sum->low += lost;
}

static inline void
core_sum_merge(core_sum *sum, core_sum other)
{
	core_sum_add(sum, other.high);
	sum->low += other.low;
}

static inline double
core_sum_value(core_sum sum)
{
	return sum.high + sum.low;
}

#endif							/* BET_EDGE_CORE_SUM_H */
