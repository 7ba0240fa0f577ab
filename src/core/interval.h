/*
 * Means and their 95 % intervals.
 */
#ifndef BET_EDGE_CORE_INTERVAL_H
#define BET_EDGE_CORE_INTERVAL_H

/* Count, mean and sum of squared deviations, updated value by value (Welford) and merged (Chan). */
typedef struct core_moments
{
	double		n;
	double		mean;
	double		m2;
} core_moments;

extern void core_moments_add(core_moments *m, double value);
extern void core_moments_merge(core_moments *m, const core_moments *other);

/* The 0.975 quantile of Student's t with df (a whole number of at least 1) degrees of freedom. */
extern double student_975(double df);
/* P(T > t) of Student's t with df > 0 degrees of freedom; far tails keep their digits. */
extern double student_above(double t, double df);

#endif							/* BET_EDGE_CORE_INTERVAL_H */
