/*
 * Where an outcome fell in its forecast distribution: the probability integral
 * transform (Dawid 1984).
 */
#ifndef BET_EDGE_CORE_PIT_H
#define BET_EDGE_CORE_PIT_H

#include "core/count.h"

/* The point at share u of the step at the count that parts are beside. */
extern double pit_count(count_parts parts, double u);
extern double pit_normal(double y, double mean, double sd);

#endif							/* BET_EDGE_CORE_PIT_H */
