/*
 * The standard normal distribution.
 */
#ifndef BET_EDGE_CORE_NORMAL_H
#define BET_EDGE_CORE_NORMAL_H

/* P(Z <= x); the far left tail keeps its digits. */
extern double normal_cdf(double x);
extern double normal_density(double x);
/* The x with normal_cdf(x) = p; -Infinity at 0, Infinity at 1, NAN outside. */
extern double normal_quantile(double p);

#endif							/* BET_EDGE_CORE_NORMAL_H */
