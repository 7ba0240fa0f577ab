/*
 * The state of an aggregate that needs all its values: rows of width doubles
 * in one growing block. Order is that of arrival; merged parts follow each other.
 */
#ifndef BET_EDGE_SERIES_H
#define BET_EDGE_SERIES_H

#include "bind/compat.h"

typedef struct series
{
	MemoryContext context;
	int64		n;				/* rows */
	int64		space;			/* rows that fit */
	int32		width;			/* doubles a row */
	double		constant;		/* an argument that all rows share, such as alpha; 0 where there is none */
	double	   *values;
} series;

/* What a row seldom needs: the first of a group, more room, an error. */
extern void series_begin(FunctionCallInfo fcinfo);
extern double *series_grow(FunctionCallInfo fcinfo, series **state, int width);
extern void series_differs(const series *state, double constant, const char *name) pg_attribute_noreturn();

/* The state in argument 0 of a transition or final function, NULL before the first row. SQL has no other way to a state than an aggregate. */
static inline series *
series_state(FunctionCallInfo fcinfo)
{
	if (!PG_ARGISNULL(0))
		return (series *) PG_GETARG_POINTER(0);
	series_begin(fcinfo);
	return NULL;
}

/* A place for one more row; state NULL starts one in the aggregate's memory. */
static inline double *
series_add(FunctionCallInfo fcinfo, series **state, int width)
{
	series	   *s = *state;

	if (s == NULL || s->n == s->space)
		return series_grow(fcinfo, state, width);
	return s->values + s->width * s->n++;
}

/* The constant of one more row, an argument of that name: refuses one that is not that of the rows before. Call it before series_add. */
static inline void
series_same(const series *state, double constant, const char *name)
{
	if (state != NULL && state->constant != constant)
		series_differs(state, constant, name);
}

/* Whether an argument beside the state is NULL: such rows do not count. */
extern bool series_row_has_null(FunctionCallInfo fcinfo);

/* The transition function of aggregates of (value, alpha), one alpha for all: check refuses what is no value, by name. */
extern Datum series_accum_at_alpha(FunctionCallInfo fcinfo, double (*check) (double value, const char *name), const char *name);

/* CHECK_FOR_INTERRUPTS for loops in core. */
extern void series_interrupts(void);

#endif							/* BET_EDGE_SERIES_H */
