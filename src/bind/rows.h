/*
 * Returning rows: one composite value, or a set of them in a tuplestore.
 */
#ifndef BET_EDGE_ROWS_H
#define BET_EDGE_ROWS_H

#include "bind/compat.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "utils/tuplestore.h"

/* One row of the function's declared result type; its descriptor is looked up once per query. */
extern Datum row_datum(FunctionCallInfo fcinfo, Datum *values, bool *nulls);
/* The same for a function that keeps more than the descriptor in fn_extra: desc is where, NULL at first. */
extern Datum row_datum_kept(FunctionCallInfo fcinfo, TupleDesc *desc, Datum *values, bool *nulls);
/* Start a materialised set of rows of the declared result type; the caller puts values and returns 0. */
extern Tuplestorestate *rows_begin(FunctionCallInfo fcinfo, TupleDesc *desc);

/* The same for many rows: put copies what a row without NULLs holds in one go. */
typedef struct row_set
{
	Tuplestorestate *store;
	TupleDesc	desc;
	TupleTableSlot *slot;		/* over buffer */
	MinimalTuple buffer;
	bool	   *is_word;		/* for each column: eight bytes by value, as most are */
} row_set;

extern void row_set_begin(FunctionCallInfo fcinfo, row_set *rows);
extern void row_set_put(row_set *rows, const Datum *values, const bool *nulls);

#endif							/* BET_EDGE_ROWS_H */
