/*
 * A grid of scores as an argument, for every binding that reads one.
 */
#ifndef BET_EDGE_BIND_SCORE_GRID_H
#define BET_EDGE_BIND_SCORE_GRID_H

#include "bind/compat.h"

#include "core/score_grid.h"

/* A float8[][] of probabilities that sum to more than 0 and at most 1. */
extern score_grid arg_grid(FunctionCallInfo fcinfo, int argno);

#endif							/* BET_EDGE_BIND_SCORE_GRID_H */
