/*
 * Checking arguments: the first lines of every binding. Each helper raises an
 * error that names the argument and the value, SQLSTATE class 22.
 */
#ifndef BET_EDGE_ARGS_H
#define BET_EDGE_ARGS_H

#include "bind/compat.h"

#include "utils/array.h"

/* A finite number. */
extern double arg_finite(double value, const char *name);
/* A result that must be finite: an overflow error when it is not. */
extern Datum finite_datum(double value);
/* A finite number in [lo, hi]. */
extern double arg_between(double value, double lo, double hi, const char *name);
/* A probability: in [0, 1]. */
extern double arg_probability(double value, const char *name);
/* Decimal odds: finite and above 1. */
extern double arg_odds(double value, const char *name);
/* A one-dimensional float8[] without NULLs, of min_n..max_n elements; the data may be read-only. */
extern double *arg_float8s(ArrayType *array, const char *name, int min_n, int max_n, int *n);
/* The same for int4[]. */
extern int32 *arg_int4s(ArrayType *array, const char *name, int min_n, int max_n, int *n);
/* A new float8[] of n values. */
extern ArrayType *float8s_array(const double *values, int n);
/* The place of a name in a NULL-ended list of choices; a name that is not there is an error with the list as hint. */
extern int	arg_choice(text *value, const char *const *choices, const char *name);
/* The state of an aggregate: a float8[] of exactly n elements, writable in place when possible. */
extern double *arg_state(FunctionCallInfo fcinfo, int argno, int n, const char *function, ArrayType **array);

#endif							/* BET_EDGE_ARGS_H */
