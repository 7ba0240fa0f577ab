#include "bind/args.h"

#include <float.h>
#include <limits.h>
#include <math.h>

#include "access/detoast.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "core/score.h"

void
refuse_infinite(double value, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be a finite number, not %g", name, value)));
}

Datum
finite_datum(double value)
{
	if (!isfinite(value))
		float_overflow_error();
	return Float8GetDatum(value);
}

void
refuse_outside(double value, double lo, double hi, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be between %g and %g, not %g", name, lo, hi, value)));
}

void
arg_law(FunctionCallInfo fcinfo, int argno, double law[5])
{
	static const char *const names[] = {"p_win", "p_half_win", "p_push", "p_half_loss", "p_loss"};
	double		sum = 0;

	for (int r = 0; r < 5; r++)
		sum += law[r] = arg_probability(PG_GETARG_FLOAT8(argno + r), names[r]);
	if (fabs(sum - 1) > 1e-6)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probabilities must sum to 1, not %.9g", sum)));
	for (int r = 0; r < 5; r++)
		law[r] /= sum;
}

double
arg_not_negative(double value, const char *name)
{
	if (!(value >= 0) || isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a finite number of at least 0, not %g", name, value)));
	return value;
}

void
refuse_count(int32 value, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must not be negative, not %d", name, value)));
}

double
arg_positive(double value, const char *name)
{
	if (!(value > 0) || isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a finite number above 0, not %g", name, value)));
	return value;
}

double
arg_odds(double value, const char *name)
{
	if (!(value > 1) || isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be decimal odds above 1, not %s", name, float8out_internal(value)),
				 value <= -100 && !isinf(value) ?
				 errhint("decimal_odds() makes american odds decimal.") : 0));
	return value;
}

void
refuse_alpha(double alpha)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("alpha must be above 0 and below 1, not %g", alpha),
			 errhint("alpha is a share: 0.1 is 10%%, as of the outcomes that an interval may miss.")));
}

double
arg_sigma(double sigma)
{
	if (arg_finite(sigma, "sigma") <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sigma must be above 0, not %g", sigma)));
	return sigma;
}

static void
check_array(ArrayType *array, const char *name, Oid type, int min_n, int max_n, int *n)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be a one-dimensional array, not one of %d dimensions", name, ARR_NDIM(array))));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name)));
	if (ARR_ELEMTYPE(array) != type)
		elog(ERROR, "%s has element type %u, expected %u", name, ARR_ELEMTYPE(array), type);

	*n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	if (*n < min_n || *n > max_n)
	{
		if (min_n == max_n)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("%s must have %d elements, not %d", name, min_n, *n)));
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have %d to %d elements, not %d", name, min_n, max_n, *n)));
	}
}

double *
arg_float8s_checked(ArrayType *array, const char *name, int min_n, int max_n, int *n)
{
	check_array(array, name, FLOAT8OID, min_n, max_n, n);
	return (double *) ARR_DATA_PTR(array);
}

double *
arg_float8s_with(ArrayType *array, const char *name, int n, const char *first)
{
	int			m;
	double	   *values = arg_float8s(array, name, 0, INT_MAX, &m);

	if (n != m)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s and %s must have the same length, not %d and %d", first, name, n, m)));
	return values;
}

double *
arg_probabilities(double *values, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!(values[i] >= 0 && values[i] <= 1))
			arg_probability(values[i], psprintf("%s[%d]", name, i + 1));
	return values;
}

double *
arg_class_probs(ArrayType *array, int max_n, int *n)
{
	double	   *probs = arg_float8s(array, "probs", 2, max_n, n);
	double		sum = 0;

	for (int k = 0; k < *n; k++)
		sum += arg_probability(probs[k], "each of probs");
	if (score_probs(probs, *n) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("probs must sum to 1, not %.9g", sum)));
	return probs;
}

void
refuse_odds(double value, const char *name, int i)
{
	arg_odds(value, psprintf("%s[%d]", name, i + 1));
	pg_unreachable();
}

int32 *
arg_int4s(ArrayType *array, const char *name, int min_n, int max_n, int *n)
{
	check_array(array, name, INT4OID, min_n, max_n, n);
	return (int32 *) ARR_DATA_PTR(array);
}

const float *
arg_reals_stored(ArrayType *array, const char *name, int most, int *n)
{
	*n = ARR_NDIM(array) == 1 ? ARR_DIMS(array)[0] : 0;
	if (*n < 1 || *n > most)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be a one-dimensional array of 1 to %d elements", name, most)));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name)));
	return (const float *) ARR_DATA_PTR(array);
}

const float *
arg_reals(ArrayType *array, const char *name, int most, int *n)
{
	const float *values = arg_reals_stored(array, name, most, n);

	for (int i = 0; i < *n; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s[%d] must be a finite number, not %g", name, i + 1, values[i])));
	return values;
}

void *
kept_state(FunctionCallInfo fcinfo, Size size)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, size);
	return fcinfo->flinfo->fn_extra;
}

struct varlena *
arg_kept(FunctionCallInfo fcinfo, int argno, kept_value *kept)
{
	Datum		datum = PG_GETARG_DATUM(argno);
	struct varatt_external pointer;

	if (!VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
		return PG_DETOAST_DATUM(datum);
	VARATT_EXTERNAL_GET_POINTER(pointer, DatumGetPointer(datum));
	if (kept->value == NULL || memcmp(&kept->pointer, &pointer, sizeof(pointer)) != 0)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (kept->value != NULL)
			pfree(kept->value);
		kept->value = NULL;
		kept->value = PG_DETOAST_DATUM(datum);
		MemoryContextSwitchTo(old);
		kept->pointer = pointer;
	}
	return kept->value;
}

#define SESSION_BYTES (16 * 1024 * 1024)

void *
arg_session(FunctionCallInfo fcinfo, int argno, session_value session[SESSION_KEPT], struct varatt_external checked[SESSION_KEPT],
			void *(*make) (struct varlena *value, MemoryContext context))
{
	static uint64 asked = 0;
	Datum		datum = PG_GETARG_DATUM(argno);
	struct varatt_external pointer;
	bool		same = false;
	int			i = 0;

	if (!VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
		return NULL;
	VARATT_EXTERNAL_GET_POINTER(pointer, DatumGetPointer(datum));
	if (pointer.va_rawsize > SESSION_BYTES || pointer.va_rawsize < SESSION_HEAD + VARHDRSZ)
		return NULL;
	for (int k = 0; k < SESSION_KEPT && !same; k++)
	{
		same = session[k].made != NULL && memcmp(&session[k].pointer, &pointer, sizeof(pointer)) == 0;
		if (same || session[k].asked < session[i].asked)
			i = k;
	}
	if (!same || memcmp(&checked[i], &pointer, sizeof(pointer)) != 0)
	{
		struct varlena *head = PG_DETOAST_DATUM_SLICE(datum, 0, SESSION_HEAD);

		if (!same || memcmp(VARDATA_ANY(head), session[i].head, SESSION_HEAD) != 0)
		{
			struct varlena *whole = PG_DETOAST_DATUM(datum);

			if (session[i].made != NULL)
				pfree(session[i].made);
			session[i].made = NULL;
			session[i].made = make(whole, TopMemoryContext);
			session[i].pointer = pointer;
			memcpy(session[i].head, VARDATA_ANY(head), SESSION_HEAD);
			pfree(whole);
		}
		pfree(head);
		checked[i] = pointer;
	}
	session[i].asked = ++asked;
	return session[i].made;
}

double *
arg_float8_matrix(ArrayType *array, const char *name, int max_n, int *rows, int *columns)
{
	if (ARR_NDIM(array) != 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be a matrix of two dimensions, not %d", name, ARR_NDIM(array))));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name)));
	if (ARR_ELEMTYPE(array) != FLOAT8OID)
		elog(ERROR, "%s has element type %u, expected %u", name, ARR_ELEMTYPE(array), FLOAT8OID);
	*rows = ARR_DIMS(array)[0];
	*columns = ARR_DIMS(array)[1];
	if (*rows > max_n || *columns > max_n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have at most %d rows and columns, not %d and %d", name, max_n, *rows, *columns)));
	return (double *) ARR_DATA_PTR(array);
}

ArrayType *
float8_matrix(int rows, int columns, double **values)
{
	Size		size = ARR_OVERHEAD_NONULLS(2) + (Size) rows * columns * sizeof(double);
	ArrayType  *array = (ArrayType *) palloc0(size);

	SET_VARSIZE(array, size);
	array->ndim = 2;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = rows;
	ARR_DIMS(array)[1] = columns;
	ARR_LBOUND(array)[0] = ARR_LBOUND(array)[1] = 1;
	*values = (double *) ARR_DATA_PTR(array);
	return array;
}

void
arg_texts(ArrayType *array, const char *name, int min_n, int max_n, Datum **texts, int *n)
{
	check_array(array, name, TEXTOID, min_n, max_n, n);
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, texts, NULL, n);
}

ArrayType *
float8s_array(const double *values, int n)
{
	ArrayType  *array;
	double	   *room;

	if (n == 0)
		return construct_empty_array(FLOAT8OID);
	array = float8s_room(n, &room);
	memcpy(room, values, (Size) n * sizeof(double));
	return array;
}

const double *
arg_float8s_slowly(Datum value, const char *name, int min_n, int max_n, int *n)
{
	return arg_float8s(DatumGetArrayTypeP(value), name, min_n, max_n, n);
}

ArrayType *
arg_state_slowly(FunctionCallInfo fcinfo, int argno, int n, const char *function)
{
	/* Inside an aggregate the state is ours to write; called by hand it is the caller's. */
	ArrayType  *state = arg_in_aggregate(fcinfo) ?
		PG_GETARG_ARRAYTYPE_P(argno) : PG_GETARG_ARRAYTYPE_P_COPY(argno);

	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != n ||
		ARR_HASNULL(state) || ARR_ELEMTYPE(state) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: expected a state of %d float8 values", function, n)));
	if (!arg_in_aggregate(fcinfo))
		for (int i = 0; i < n; i++)
			if (isnan(((double *) ARR_DATA_PTR(state))[i]))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s: a state must not contain NaN", function)));
	return state;
}

void
arg_state_overflow(const ArrayType *state)
{
	for (int i = 0; i < ARR_DIMS(state)[0]; i++)
		if (isnan(((double *) ARR_DATA_PTR(state))[i]))
			float_overflow_error();
}

int
arg_choice(text *value, const char *const *choices, const char *name)
{
	StringInfoData list;

	for (int i = 0; choices[i] != NULL; i++)
		if (strlen(choices[i]) == VARSIZE_ANY_EXHDR(value) &&
			memcmp(choices[i], VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) == 0)
			return i;

	initStringInfo(&list);
	for (int i = 0; choices[i] != NULL; i++)
		appendStringInfo(&list, "%s%s", i ? ", " : "", choices[i]);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("unknown %s \"%s\"", name, text_to_cstring(value)),
			 errhint("Known: %s.", list.data)));
	return -1;					/* not reached */
}

MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}
