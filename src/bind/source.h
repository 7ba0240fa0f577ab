/*
 * Reading the rows of a query or a table that the caller names by a text.
 */
#ifndef BET_EDGE_SOURCE_H
#define BET_EDGE_SOURCE_H

#include "bind/compat.h"

#include "tcop/dest.h"

/* The table that source names, and its quoted name; InvalidOid when source is a query. */
extern Oid	source_table(text *source, const char **name);
/* The query that source is, or that reads the table it names. */
extern const char *source_query(text *source);
/* Hand the rows of a query to the receiver, read-only and with the caller's rights and snapshot. */
extern void source_read(const char *query, DestReceiver *receiver);
/* What a receiver of source_read that has nothing to end ends with. */
extern void source_end(DestReceiver *receiver);

#endif							/* BET_EDGE_SOURCE_H */
