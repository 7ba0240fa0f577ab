/*
 * The type forest: what its functions share, and what the session may say of prediction.
 */
#ifndef BET_EDGE_BIND_FOREST_H
#define BET_EDGE_BIND_FOREST_H

#include "bind/compat.h"

#include "core/forest.h"

/* Setting bet_edge.avx512. */
extern bool forest_avx512;

/* Refuses an image that is damaged or of another version. */
extern void forest_check(const void *image);
/* All of a forest, with what only its text needs. */
extern void forest_whole(Datum datum, forest *f);
/* What prediction needs of the first argument: a stored one's is fetched once a session. */
extern void forest_arg(FunctionCallInfo fcinfo, forest *f);
/* The same as a copy, that stays as it is whatever the query does. */
extern void forest_own(Datum datum, forest *f);

#endif							/* BET_EDGE_BIND_FOREST_H */
