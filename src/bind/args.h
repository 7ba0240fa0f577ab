/*
 * Checking arguments: the first lines of every binding. Each helper raises an
 * error that names the argument and the value, SQLSTATE class 22.
 */
#ifndef BET_EDGE_ARGS_H
#define BET_EDGE_ARGS_H

#include "bind/compat.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "nodes/nodes.h"
#include "utils/array.h"

/* A finite number. */
extern void refuse_infinite(double value, const char *name) pg_attribute_noreturn();
static inline double
arg_finite(double value, const char *name)
{
	if (unlikely(!isfinite(value)))
		refuse_infinite(value, name);
	return value;
}
/* A result that must be finite: an overflow error when it is not. */
extern Datum finite_datum(double value);
/* A finite number in [lo, hi]; written so that NaN fails it. */
extern void refuse_outside(double value, double lo, double hi, const char *name) pg_attribute_noreturn();
static inline double
arg_between(double value, double lo, double hi, const char *name)
{
	if (unlikely(!(value >= lo && value <= hi)))
		refuse_outside(value, lo, hi, name);
	return value;
}
/* A probability: in [0, 1]. */
static inline double
arg_probability(double value, const char *name)
{
	return arg_between(value, 0, 1, name);
}
/* A finite number of at least 0. */
extern double arg_not_negative(double value, const char *name);
/* A finite number above 0. */
extern double arg_positive(double value, const char *name);
/* A score or another count: at least 0. */
extern void refuse_count(int32 value, const char *name) pg_attribute_noreturn();
static inline int32
arg_count(int32 value, const char *name)
{
	if (unlikely(value < 0))
		refuse_count(value, name);
	return value;
}
/*
 * Five arguments from argno on: the probabilities of win, half win, push, half loss and loss. They
 * must sum to 1 within 1e-6, and are scaled to do so.
 */
extern void arg_law(FunctionCallInfo fcinfo, int argno, double law[5]);
/* Decimal odds: finite and above 1. */
extern double arg_odds(double value, const char *name);
/* The miscoverage of an interval: inside (0, 1). */
extern void refuse_alpha(double alpha) pg_attribute_noreturn();
static inline double
arg_alpha(double alpha)
{
	if (unlikely(!(alpha > 0 && alpha < 1)))
		refuse_alpha(alpha);
	return alpha;
}
/* The expected size of an error: finite and above 0. */
extern double arg_sigma(double sigma);
/* Two neighbouring int4 of an array's header as one word. */
static inline uint64
arg_header_word(const void *array, int word)
{
	uint64		value;

	memcpy(&value, (const char *) array + word * sizeof(value), sizeof(value));
	return value;
}

#ifdef WORDS_BIGENDIAN
#define ARG_HEADER(a, b) ((uint64) (uint32) (a) << 32 | (uint32) (b))
#define ARG_HEADER_SIZE(size) (size)
#else
#define ARG_HEADER(a, b) ((uint64) (uint32) (b) << 32 | (uint32) (a))
#define ARG_HEADER_SIZE(size) ((size) << 2)
#endif

/* A one-dimensional float8[] without NULLs, of min_n..max_n elements; the data may be read-only. */
extern double *arg_float8s_checked(ArrayType *array, const char *name, int min_n, int max_n, int *n);
static inline double *
arg_float8s(ArrayType *array, const char *name, int min_n, int max_n, int *n)
{
	/* what nearly every array is: one look at its header */
	if (unlikely(!(ARR_NDIM(array) == 1 && arg_header_word(array, 1) == ARG_HEADER(0, FLOAT8OID) &&
				   ARR_DIMS(array)[0] >= min_n && ARR_DIMS(array)[0] <= max_n)))
		return arg_float8s_checked(array, name, min_n, max_n, n);
	*n = ARR_DIMS(array)[0];
	return (double *) ((char *) array + ARR_OVERHEAD_NONULLS(1));
}

/* A second array of as many elements as the first, which has n. */
extern double *arg_float8s_with(ArrayType *array, const char *name, int n, const char *first);
/* Each element a probability; decimal odds. */
extern double *arg_probabilities(double *values, int n, const char *name);
/* Probabilities of 2 to max_n classes, an argument probs that sums to 1 within the tolerance of core/score. */
extern double *arg_class_probs(ArrayType *array, int max_n, int *n);
extern void refuse_odds(double value, const char *name, int i) pg_attribute_noreturn();
static inline double *
arg_odds_array(double *values, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (unlikely(!(values[i] > 1 && values[i] <= DBL_MAX)))
			refuse_odds(values[i], name, i);
	return values;
}
/* The same for int4[]. */
extern int32 *arg_int4s(ArrayType *array, const char *name, int min_n, int max_n, int *n);
/* A one-dimensional real[] without NULLs of 1 to most elements: finite ones, or such as a table keeps, finite or not. */
extern const float *arg_reals(ArrayType *array, const char *name, int most, int *n);
extern const float *arg_reals_stored(ArrayType *array, const char *name, int most, int *n);
/* A stored value of many kilobytes, fetched once a query and not once a call: all 0 at first, in fn_extra. */
typedef struct kept_value
{
	struct varatt_external pointer; /* where value was fetched from */
	struct varlena *value;
} kept_value;
/* Argument argno, plain; kept as long as the call's FmgrInfo when it is stored out of line. */
extern struct varlena *arg_kept(FunctionCallInfo fcinfo, int argno, kept_value *kept);
/*
 * What is made of a stored value, kept from statement to statement: whoever forecasts game by game asks for the same each
 * time. It is found by where the value is stored and, once a query, by its first bytes, should that place be used again.
 */
#define SESSION_HEAD 1024
#define SESSION_KEPT 4			/* so many values, the one not asked for the longest making room */
typedef struct session_value
{
	void	   *made;			/* by one palloc; NULL: nothing yet */
	uint64		asked;			/* the higher the later */
	struct varatt_external pointer;
	char		head[SESSION_HEAD];
} session_value;
/* That of argument argno; NULL when it is not stored, or not of 1 kB to 16 MB. checked, in fn_extra and 0 at first, is the query's. */
extern void *arg_session(FunctionCallInfo fcinfo, int argno, session_value session[SESSION_KEPT], struct varatt_external checked[SESSION_KEPT],
						 void *(*make) (struct varlena *value, MemoryContext context));
/* The function's own state in fn_extra: so many bytes, all 0 at first. */
extern void *kept_state(FunctionCallInfo fcinfo, Size size);
/* A float8[][] without NULLs, of at most max_n rows and columns each; row after row, may be read-only. */
extern double *arg_float8_matrix(ArrayType *array, const char *name, int max_n, int *rows, int *columns);
/* The elements of a one-dimensional text[] without NULLs, of min_n..max_n elements. */
extern void arg_texts(ArrayType *array, const char *name, int min_n, int max_n, Datum **texts, int *n);
/* A new float8[] of n values. */
extern ArrayType *float8s_array(const double *values, int n);
/* A new float8[] of n values, at least one, all of them to be filled at *values. */
static inline ArrayType *
float8s_room(int n, double **values)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + (Size) n * sizeof(double);
	ArrayType  *array = (ArrayType *) palloc(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	*values = (double *) ((char *) array + ARR_OVERHEAD_NONULLS(1));
	return array;
}
/* A new float8[][] of rows * columns values, all 0, to be filled at *values. */
extern ArrayType *float8_matrix(int rows, int columns, double **values);
/* The place of a name in a NULL-ended list of choices; a name that is not there is an error with the list as hint. */
extern int	arg_choice(text *value, const char *const *choices, const char *name);

/* ---- the state of an aggregate: a float8[] of exactly n elements ------------------------------- */

/* AggCheckCallContext without the call: only then may argument 0 be written in place. */
static inline bool
arg_in_aggregate(FunctionCallInfo fcinfo)
{
	return fcinfo->context != NULL && (IsA(fcinfo->context, AggState) || IsA(fcinfo->context, WindowAggState));
}

/* As arg_state, for whatever is not the plain array of an aggregate that runs; its header is plain in the end. */
extern ArrayType *arg_state_slowly(FunctionCallInfo fcinfo, int argno, int n, const char *function);

/* The whole header at once: flat, one dimension, n float8, no NULLs, from 1. */
static inline bool
arg_is_plain_state(const void *array, int n)
{
	StaticAssertStmt(ARR_OVERHEAD_NONULLS(1) == 24, "the header of an array of one dimension");
	return ((arg_header_word(array, 0) ^ ARG_HEADER(ARG_HEADER_SIZE(24 + n * 8), 1)) |
			(arg_header_word(array, 1) ^ ARG_HEADER(0, FLOAT8OID)) |
			(arg_header_word(array, 2) ^ ARG_HEADER(n, 1))) == 0;
}

/* As arg_float8s, of whatever is not the short array that rows hold. */
extern const double *arg_float8s_slowly(Datum value, const char *name, int min_n, int max_n, int *n);

/* The elements of a float8[] argument as arg_float8s takes it. Rows hold short arrays with a header of one byte, nothing aligned: copied to room, of max_n. */
static inline const double *
arg_float8s_datum(Datum value, const char *name, int min_n, int max_n, double *room, int *n)
{
	const char *packed = DatumGetPointer(value);
	int32		header[2];

	if (unlikely(!VARATT_IS_SHORT(packed) || VARSIZE_SHORT(packed) < VARHDRSZ_SHORT + ARR_OVERHEAD_NONULLS(1) - VARHDRSZ))
		return arg_float8s_slowly(value, name, min_n, max_n, n);
	packed = VARDATA_SHORT(packed);
	memcpy(header, packed + 2 * sizeof(int32), sizeof(header));
	if (unlikely(arg_header_word(packed, 0) != ARG_HEADER(1, 0) || header[0] != FLOAT8OID || header[1] < min_n || header[1] > max_n))
		return arg_float8s_slowly(value, name, min_n, max_n, n);
	*n = header[1];
	packed += 5 * sizeof(int32);
	for (int k = 0; k < header[1]; k++, packed += sizeof(double))
		memcpy(&room[k], packed, sizeof(double));
	return room;
}

/* The state, when it is the plain array of an aggregate that runs; else NULL. n a constant: this runs once a row. */
static inline double *
arg_plain_state(FunctionCallInfo fcinfo, int argno, int n)
{
	char	   *state = DatumGetPointer(PG_GETARG_DATUM(argno));

	return likely(arg_in_aggregate(fcinfo) && arg_is_plain_state(state, n)) ? (double *) (state + ARR_OVERHEAD_NONULLS(1)) : NULL;
}

/* Writable in place inside an aggregate, else a copy. */
static inline double *
arg_state(FunctionCallInfo fcinfo, int argno, int n, const char *function, ArrayType **array)
{
	ArrayType  *state = (ArrayType *) DatumGetPointer(PG_GETARG_DATUM(argno));

	if (arg_plain_state(fcinfo, argno, n) == NULL)
		state = arg_state_slowly(fcinfo, argno, n, function);
	*array = state;
	return (double *) ((char *) state + ARR_OVERHEAD_NONULLS(1));
}

extern void arg_state_overflow(const ArrayType *state);

/* A state to return. Of numbers that no rows have, arithmetic may make NaN: called by hand, that is an error; an aggregate has it in its final function. */
static inline Datum
arg_state_datum(FunctionCallInfo fcinfo, ArrayType *state)
{
	if (unlikely(!arg_in_aggregate(fcinfo)))
		arg_state_overflow(state);
	PG_RETURN_ARRAYTYPE_P(state);
}

/* The memory that lives as long as a group of an aggregate does. */
extern MemoryContext aggregate_context(FunctionCallInfo fcinfo);

#endif							/* BET_EDGE_ARGS_H */
