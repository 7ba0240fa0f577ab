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

/* The state in argument 0 of a transition or final function, NULL before the first row. */
extern series *series_state(FunctionCallInfo fcinfo);
/* A place for one more row; state NULL starts one in the aggregate's memory. */
extern double *series_add(FunctionCallInfo fcinfo, series **state, int width);
/* The constant of one more row, an argument of that name: refuses one that is not that of the rows before. Call it before series_add. */
extern void series_same(const series *state, double constant, const char *name);
/* CHECK_FOR_INTERRUPTS for loops in core. */
extern void series_interrupts(void);

#endif							/* BET_EDGE_SERIES_H */
