/*
 * The arguments of laws of counts, the same wherever a function takes one.
 */
#ifndef BET_EDGE_BIND_COUNT_H
#define BET_EDGE_BIND_COUNT_H

#include "bind/args.h"
#include "core/count.h"

/* The mean of a count: 0 .. 1e9. */
extern double arg_mean(double mean);
/* The size of a negative binomial: 1e-100 or more, infinite too. */
extern double arg_size(double size);

#endif							/* BET_EDGE_BIND_COUNT_H */
