/* What the session may say of prediction. */
#ifndef BET_EDGE_BIND_FOREST_H
#define BET_EDGE_BIND_FOREST_H

#include "bind/compat.h"

/* Setting bet_edge.avx512. */
extern bool forest_avx512;

#endif							/* BET_EDGE_BIND_FOREST_H */
