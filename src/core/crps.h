/*
 * The continuous ranked probability score of a whole forecast distribution:
 * the integral of (F(x) - [y <= x])^2 (Matheson & Winkler 1976), in the units of y.
 */
#ifndef BET_EDGE_CORE_CRPS_H
#define BET_EDGE_CORE_CRPS_H

/* sd >= 0: a point forecast's is |y - mean|. */
extern double crps_normal(double y, double mean, double sd);
/* y a whole number of 0 or more, mean and size as the laws of core/count.h take them. */
extern double crps_poisson(double y, double mean);
/* The same with variance mean + mean^2 / size; infinite is Poisson. */
extern double crps_negbin(double y, double mean, double size);
/* Sorts the n members, work has place for as many; fair (Ferro 2014) needs two. Infinite when it does not fit a double. */
extern double crps_ensemble(double y, double *members, double *work, long n, int fair);

#endif							/* BET_EDGE_CORE_CRPS_H */
