/*
 * Where an outcome fell in its forecast distribution: the probability integral
 * transform (Dawid 1984), and the count distributions it needs at one place.
 */
#ifndef BET_EDGE_CORE_PIT_H
#define BET_EDGE_CORE_PIT_H

/* A distribution over counts at k: P(X = k), P(X <= k) and P(X > k). */
typedef struct count_at
{
	double		density;
	double		cdf;
	double		above;
} count_at;

/* k a whole number of 0 or more, mean >= 0. */
extern count_at poisson_at(double k, double mean);
/* The same with variance mean + mean^2 / size, size > 0. */
extern count_at negbin_at(double k, double mean, double size);
/* The point at share u of the step at k. */
extern double pit_count(count_at at, double u);
extern double pit_normal(double y, double mean, double sd);
/* ln P(X = 0) of a negative binomial, without the sign. */
extern double negbin_log_zero(double mean, double size);

#endif							/* BET_EDGE_CORE_PIT_H */
