/*
 * The rows that a model is trained on: a query's columns as arrays of floats.
 */
#ifndef BET_EDGE_EXAMPLES_H
#define BET_EDGE_EXAMPLES_H

#include "bind/compat.h"

#include "utils/array.h"

typedef struct examples
{
	Size		n;
	int			features;		/* a row */
	float	   *values;			/* NaN is missing */
	float	   *labels;
	float	   *weights;		/* NULL without such a column, as the next two */
	float	   *base_margins;
	bool	   *validation;
	int			margins;		/* a row; 0 without base_margin */
} examples;

/* All rows of source, a query or the name of a table, read-only and with the caller's rights; arrays in the current memory context. */
extern examples examples_read(text *source);
/* Those with validation go out into a set of their own, the others stay, each in their order. */
extern examples examples_split(examples *all);
/* The n elements of a real[] into numbers: NULL becomes NaN, infinity is refused with the number of its row. */
extern void examples_features(ArrayType *array, float *to, Size n, Size row);
/* The n elements of a real[], all finite. */
extern void examples_margins(ArrayType *array, float *to, Size n, Size row);

#endif							/* BET_EDGE_EXAMPLES_H */
