/*
 * The bridge to libxgboost: rows of a query -> matrix -> booster -> forest.
 * A library of its own, so that only who trains has libxgboost and its threads
 * in the backend. Nothing reaches the library that was not checked here or by
 * the forest's parser, and nothing of it outlives the call.
 */
#include "bind/compat.h"

#include <limits.h>
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <xgboost/c_api.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

BET_EDGE_MODULE_MAGIC("bet_edge_train");

PG_FUNCTION_INFO_V1(bet_edge_train_forest);
PG_FUNCTION_INFO_V1(bet_edge_libxgboost_predict);
PG_FUNCTION_INFO_V1(bet_edge_libxgboost_save);

#define BLOCK_OF_ROWS 1000
#define MAX_ROUNDS 100000
#define MAX_FEATURES 100000
#define MAX_CATEGORY 65535

/* ---- the library's handles, and what it says -------------------------------------------------- */

/* Freed with the memory context of the call, so on error and cancel too. */
typedef struct session
{
	MemoryContextCallback at_end;
	DMatrixHandle matrix;
	DMatrixHandle validation;	/* what early stopping watches, or NULL */
	BoosterHandle booster;
	int			threads_before;
} session;

/* Warnings, collected while the library runs: a callback must not raise errors through C++ frames. */
static char warnings[1000];

static void
collect_warning(const char *message)
{
	Size		n = strlen(warnings);

	strlcpy(warnings + n, message, sizeof(warnings) - n);
}

static void
end_session(void *arg)
{
	session    *s = arg;

	if (s->booster != NULL)
		XGBoosterFree(s->booster);
	if (s->matrix != NULL)
		XGDMatrixFree(s->matrix);
	if (s->validation != NULL)
		XGDMatrixFree(s->validation);
	omp_set_num_threads(s->threads_before);
}

static session *
begin_session(int threads)
{
	session    *s = palloc0(sizeof(session));

	s->threads_before = omp_get_max_threads();
	omp_set_num_threads(threads);
	s->at_end.func = end_session;
	s->at_end.arg = s;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &s->at_end);
	warnings[0] = '\0';
	XGBRegisterLogCallback(collect_warning);
	return s;
}

/*
 * The library's last error as one printable line: it comes as
 * "[hh:mm:ss] file:line: text" with a stack trace below, and may quote raw bytes.
 */
static char *
clean_line(const char *message)
{
	const char *c = message;
	char	   *line;
	Size		n;

	while (*c == '\n' || *c == ' ')
		c++;
	if (*c == '[')
	{
		const char *colon = strstr(c, ": ");

		if (colon != NULL && colon < c + strcspn(c, "\n"))
			c = colon + 2;
	}
	/* "Check failed: condition : what it means": the condition is for the library's authors */
	if (strncmp(c, "Check failed: ", 14) == 0)
	{
		const char *meaning = strstr(c + 14, ": ");

		if (meaning != NULL && meaning < c + strcspn(c, "\n") && meaning[2] != '\0' && meaning[2] != '\n')
			c = meaning + 2;
	}
	while (*c == '\n' || *c == ' ')
		c++;
	n = strcspn(c, "\n");
	line = pnstrdup(c, Min(n, 300));
	for (char *p = line; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	while (n > 0 && n <= 300 && strchr(" .:", line[n - 1]) != NULL)
		line[--n] = '\0';
	return line;
}

static void
check(int status, const char *what)
{
	if (status != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: %s", what, clean_line(XGBGetLastError()))));
}

/* Threads that the library starts meanwhile will never run PostgreSQL's signal handlers. */
static void
hold_signals(sigset_t *before)
{
	sigset_t	all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, before);
}

static void
release_signals(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void
make_matrix(session *s, const float *rows, Size n, int features)
{
	sigset_t	before;
	int			status;

	hold_signals(&before);
	status = XGDMatrixCreateFromMat(rows, n, features, NAN, &s->matrix);
	release_signals(&before);
	check(status, "libxgboost could not take the rows");
}

/* What the trees of each row add to, in place of the model's own base. */
static void
set_base_margin(session *s, const float *margins, Size n)
{
	check(XGDMatrixSetFloatInfo(s->matrix, "base_margin", margins, n), "base_margin");
}

/* ---- rows of the source ----------------------------------------------------------------------- */

typedef struct rows
{
	MemoryContext context;
	Size		n;
	Size		room;
	int			features;		/* -1 before the first row */
	float	   *values;
	float	   *labels;
	float	   *weights;
	int			margins;		/* a row; 0 without such a column */
	float	   *base_margins;
	bool		validated;		/* there is such a column */
	int		   *training;		/* numbers of the rows to train on, and of those to validate on */
	int		   *validation;
	Size		n_training;
} rows;

enum source_column
{
	LABEL, FEATURES, WEIGHT, BASE_MARGIN, VALIDATION, SOURCE_COLUMNS
};

typedef struct source_columns
{
	int			place[SOURCE_COLUMNS];
	Oid			type[SOURCE_COLUMNS];
} source_columns;

static void
find_columns(TupleDesc desc, source_columns *columns)
{
	static const char *const names[SOURCE_COLUMNS] = {"label", "features", "weight", "base_margin", "validation"};

	for (int i = 0; i < SOURCE_COLUMNS; i++)
	{
		int			place = SPI_fnumber(desc, names[i]);

		columns->place[i] = place;
		if (place <= 0 && i >= WEIGHT)
			continue;
		if (place <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("source has no column \"%s\"", names[i]),
					 errhint("It must give label (a number), features real[] and, if wanted, weight (a number), base_margin real[] and validation boolean.")));
		columns->type[i] = getBaseType(SPI_gettypeid(desc, place));
		if (i == VALIDATION && columns->type[i] != BOOLOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of source must be boolean, not %s", names[i], format_type_be(columns->type[i]))));
		if (i == FEATURES || i == BASE_MARGIN ? columns->type[i] != FLOAT4ARRAYOID :
			columns->type[i] != FLOAT8OID && columns->type[i] != FLOAT4OID && columns->type[i] != INT4OID &&
			columns->type[i] != INT2OID && columns->type[i] != INT8OID && columns->type[i] != NUMERICOID &&
			columns->type[i] != BOOLOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of source must be %s, not %s", names[i],
							i == FEATURES || i == BASE_MARGIN ? "real[]" : "a number", format_type_be(columns->type[i]))));
	}
}

static double
number(Datum datum, Oid type)
{
	switch (type)
	{
		case FLOAT8OID:
			return DatumGetFloat8(datum);
		case FLOAT4OID:
			return DatumGetFloat4(datum);
		case INT4OID:
			return DatumGetInt32(datum);
		case INT2OID:
			return DatumGetInt16(datum);
		case INT8OID:
			return (double) DatumGetInt64(datum);
		case BOOLOID:
			return DatumGetBool(datum);
		default:
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, datum));
	}
}

static float
finite_number(HeapTuple tuple, TupleDesc desc, const source_columns *columns, enum source_column column, Size row)
{
	bool		isnull;
	Datum		datum = SPI_getbinval(tuple, desc, columns->place[column], &isnull);
	const char *name = column == LABEL ? "label" : "weight";
	float		value;

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of row %zu is NULL", name, row)));
	value = (float) number(datum, columns->type[column]);
	if (!isfinite(value) || (column == WEIGHT && value < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of row %zu is %g, not a finite number%s", name, row, value,
						column == WEIGHT ? " of at least 0" : "")));
	return value;
}

static void
make_room(rows *r)
{
	Size		room = r->room == 0 ? BLOCK_OF_ROWS : r->room * 2;
	Size		width = Max(r->features, 1);
	Size		margins = Max(r->margins, 1);

	if (r->n < r->room)
		return;
	if (r->n >= INT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d rows for training", INT_MAX)));
	if (room > SIZE_MAX / 2 / sizeof(float) / Max(width, margins) || room * Max(width, margins) > (Size) 1 << 36)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more rows for training than fit in memory")));
	if (r->room == 0)
	{
		r->values = MemoryContextAllocHuge(r->context, room * width * sizeof(float));
		r->labels = MemoryContextAllocHuge(r->context, room * sizeof(float));
		r->weights = MemoryContextAllocHuge(r->context, room * sizeof(float));
		r->base_margins = MemoryContextAllocHuge(r->context, room * margins * sizeof(float));
		r->training = MemoryContextAllocHuge(r->context, room * sizeof(int));
		r->validation = MemoryContextAllocHuge(r->context, room * sizeof(int));
	}
	else
	{
		r->values = repalloc_huge(r->values, room * width * sizeof(float));
		r->labels = repalloc_huge(r->labels, room * sizeof(float));
		r->weights = repalloc_huge(r->weights, room * sizeof(float));
		r->base_margins = repalloc_huge(r->base_margins, room * margins * sizeof(float));
		r->training = repalloc_huge(r->training, room * sizeof(int));
		r->validation = repalloc_huge(r->validation, room * sizeof(int));
	}
	r->room = room;
}

/* One real[] into the matrix: NULL becomes NaN, libxgboost's missing. */
static void
put_features(ArrayType *array, float *to, int n, Size row)
{
	const float *data = (const float *) ARR_DATA_PTR(array);
	bits8	   *bitmap = ARR_NULLBITMAP(array);

	for (int i = 0; i < n; i++)
	{
		to[i] = bitmap == NULL || bitmap[i / 8] & (1 << i % 8) ? *data++ : NAN;
		if (isinf(to[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("features[%d] of row %zu is infinite", i + 1, row),
					 errhint("NULL or NaN stands for a missing value.")));
	}
}

/* A copy of the real[] of a row: one dimension, 1 to MAX_FEATURES elements, as many as in the rows before (-1: there are none). */
static ArrayType *
row_array(HeapTuple tuple, TupleDesc desc, const source_columns *columns, enum source_column column, int before, Size row)
{
	const char *name = column == FEATURES ? "features" : "base_margin";
	bool		isnull;
	Datum		datum = SPI_getbinval(tuple, desc, columns->place[column], &isnull);
	ArrayType  *array;
	int			n;

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of row %zu is NULL", name, row)));
	array = DatumGetArrayTypePCopy(datum);
	n = ARR_NDIM(array) == 1 ? ARR_DIMS(array)[0] : 0;
	if (n == 0 || n > MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s of row %zu must be a one-dimensional array of 1 to %d elements", name, row, MAX_FEATURES)));
	if (before >= 0 && n != before)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s of row %zu has %d elements, those before it have %d", name, row, n, before)));
	return array;
}

/* The margins of a row: finite, none missing. */
static void
put_margins(const float *margins, bool nulls, int n, float *to, Size row)
{
	for (int i = 0; i < n; i++)
	{
		to[i] = nulls ? NAN : margins[i];
		if (!isfinite(to[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("base_margin[%d] of row %zu must be a finite number", i + 1, row)));
	}
}

/* Whether the row is trained on or validated on. */
static void
put_part(rows *r, HeapTuple tuple, TupleDesc desc, const source_columns *columns)
{
	bool		isnull = false;
	bool		validation = columns->place[VALIDATION] > 0 &&
		DatumGetBool(SPI_getbinval(tuple, desc, columns->place[VALIDATION], &isnull));

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("validation of row %zu is NULL", r->n + 1)));
	r->validated = columns->place[VALIDATION] > 0;
	if (validation)
		r->validation[r->n - r->n_training] = (int) r->n;
	else
		r->training[r->n_training++] = (int) r->n;
}

static void
put_row(rows *r, HeapTuple tuple, TupleDesc desc, const source_columns *columns)
{
	Size		row = r->n + 1;
	ArrayType  *array = row_array(tuple, desc, columns, FEATURES, r->features, row);
	ArrayType  *base_margin = columns->place[BASE_MARGIN] > 0 ?
		row_array(tuple, desc, columns, BASE_MARGIN, r->n > 0 ? r->margins : -1, row) : NULL;
	int			n = ARR_DIMS(array)[0];

	r->features = n;
	r->margins = base_margin ? ARR_DIMS(base_margin)[0] : 0;
	make_room(r);
	put_features(array, r->values + r->n * n, n, row);
	if (base_margin)
	{
		put_margins((const float *) ARR_DATA_PTR(base_margin), ARR_HASNULL(base_margin) && array_contains_nulls(base_margin),
					r->margins, r->base_margins + r->n * r->margins, row);
		pfree(base_margin);
	}
	pfree(array);
	r->labels[r->n] = finite_number(tuple, desc, columns, LABEL, row);
	r->weights[r->n] = columns->place[WEIGHT] > 0 ? finite_number(tuple, desc, columns, WEIGHT, row) : 1;
	put_part(r, tuple, desc, columns);
	r->n++;
}

/* Run the query read-only, with the caller's rights and snapshot; gives whether it has weights. */
static bool
read_rows(const char *source, rows *r)
{
	SPIPlanPtr	plan;
	Portal		portal;
	source_columns columns = {{0}, {0}};
	bool		first = true;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	plan = SPI_prepare(source, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (!SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source must be one query that gives rows")));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	do
	{
		SPI_cursor_fetch(portal, true, BLOCK_OF_ROWS);
		if (first)
			find_columns(SPI_tuptable->tupdesc, &columns);
		first = false;
		for (uint64 i = 0; i < SPI_processed; i++)
			put_row(r, SPI_tuptable->vals[i], SPI_tuptable->tupdesc, &columns);
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	} while (SPI_processed > 0);
	SPI_cursor_close(portal);
	SPI_finish();
	if (r->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("no rows for training")));
	return columns.place[WEIGHT] > 0;
}

/* ---- parameters ------------------------------------------------------------------------------- */

typedef struct parameter
{
	char	   *name;
	char	   *value;
} parameter;

typedef struct parameters
{
	int			n;
	parameter  *list;
} parameters;

static char *
scalar_text(const char *name, JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("parameter \"%s\" must be a string, a number or a boolean", name)));
			return NULL;		/* not reached */
	}
}

static parameters
read_parameters(Jsonb *params)
{
	JsonbIterator *it = JsonbIteratorInit(&params->root);
	JsonbValue	key,
				value;
	parameters	p = {0, NULL};

	if (!JB_ROOT_IS_OBJECT(params))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("params must be a JSON object of libxgboost's parameters")));
	p.list = palloc(sizeof(parameter) * (JB_ROOT_COUNT(params) + 1));
	(void) JsonbIteratorNext(&it, &key, true);	/* the object itself */
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		(void) JsonbIteratorNext(&it, &value, true);
		p.list[p.n].name = pnstrdup(key.val.string.val, key.val.string.len);
		p.list[p.n].value = scalar_text(p.list[p.n].name, &value);
		p.n++;
	}
	return p;
}

static const char *
parameter_value(const parameters *p, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return p->list[i].value;
	return NULL;
}

/* A parameter of ours that is a whole number. */
static int
whole_parameter(const parameters *p, const char *name, int otherwise, int lo, int hi)
{
	const char *value = parameter_value(p, name);
	char	   *end;
	long		n;

	if (value == NULL)
		return otherwise;
	n = strtol(value, &end, 10);
	if (*value == '\0' || *end != '\0' || n < lo || n > hi)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("parameter \"%s\" must be a whole number between %d and %d, not \"%s\"", name, lo, hi, value)));
	return (int) n;
}

static void
set_parameters(session *s, const parameters *p, int threads)
{
	check(XGBoosterSetParam(s->booster, "nthread", psprintf("%d", threads)), "nthread");
	check(XGBoosterSetParam(s->booster, "verbosity", "1"), "verbosity");
	check(XGBoosterSetParam(s->booster, "validate_parameters", "true"), "validate_parameters");
	for (int i = 0; i < p->n; i++)
	{
		const char *name = p->list[i].name;

		if (strcmp(name, "nthread") == 0 || strcmp(name, "n_jobs") == 0 || strcmp(name, "verbosity") == 0 ||
			strcmp(name, "validate_parameters") == 0)
			continue;
		check(XGBoosterSetParam(s->booster, name, p->list[i].value), psprintf("parameter \"%s\"", name));
	}
}

/* A parameter that the library does not know is only a warning there: Parameters: { "etaa" } might not be used. */
static void
check_warnings(void)
{
	const char *unknown = strstr(warnings, "Parameters: { ");
	int			length;

	if (unknown == NULL)
		return;
	unknown += strlen("Parameters: { ");
	length = strcspn(unknown, "}\n");
	while (length > 0 && unknown[length - 1] == ' ')
		length--;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("libxgboost does not use the parameter %.*s", length, unknown)));
}

/* The library says which label is wrong in its own words only; here is where. */
static void
check_labels(const rows *r, const parameters *p)
{
	const char *objective = parameter_value(p, "objective");
	bool		binary = objective != NULL && strncmp(objective, "binary:", 7) == 0;
	bool		counts = objective != NULL && strcmp(objective, "count:poisson") == 0;
	bool		classes = objective != NULL && strncmp(objective, "multi:", 6) == 0;
	int			n_classes = classes ? whole_parameter(p, "num_class", 0, 2, 1000) : 0;

	if (classes && n_classes == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("objective %s needs the parameter \"num_class\"", objective)));
	if (r->margins > 0 && r->margins != Max(n_classes, 1))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("base_margin has %d elements, but the objective has %d margins", r->margins, Max(n_classes, 1))));
	for (Size i = 0; i < r->n; i++)
	{
		float		label = r->labels[i];

		if (binary && !(label >= 0 && label <= 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("label of row %zu is %g, but objective %s takes 0 to 1", i + 1, label, objective)));
		if (counts && label < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("label of row %zu is %g, but objective %s takes no negative numbers", i + 1, label, objective)));
		if (classes && (label < 0 || label >= n_classes || label != floorf(label)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("label of row %zu is %g, but the classes are 0 to %d", i + 1, label, n_classes - 1)));
	}
}

/* Early stopping needs rows to train on and rows to watch, and these need early stopping. */
static void
check_validation(const rows *r, bool wanted)
{
	if (wanted && (!r->validated || r->n_training == 0 || r->n_training == r->n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("early_stopping needs rows with validation true and rows with validation false, not %zu and %zu", r->n - r->n_training, r->n_training),
				 errhint("validation is a boolean column of source.")));
	if (!wanted && r->validated)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source has a column validation, but there is no early_stopping")));
}

/* One string a feature, no NULLs. */
static const char **
feature_strings(ArrayType *array, const char *argument, int features)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	const char **strings;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	if (n != features)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s has %d elements, but the rows have %d features", argument, n, features)));
	strings = palloc(sizeof(char *) * n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not contain NULL", argument)));
		strings[i] = TextDatumGetCString(elements[i]);
	}
	return strings;
}

/* Names of the features, for the model to carry: each once. */
static void
set_names(session *s, ArrayType *array, int features)
{
	const char **names = feature_strings(array, "feature_names", features);

	for (int i = 0; i < features; i++)
		for (int k = 0; k < i; k++)
			if (strcmp(names[i], names[k]) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("feature_names has \"%s\" twice", names[i])));
	check(XGBoosterSetStrFeatureInfo(s->booster, "feature_name", names, features), "feature_names");
}

/* Categories are counted from 0; the library makes room for as many as the largest says. */
static void
check_categories(const rows *r, int feature)
{
	for (Size i = 0; i < r->n; i++)
	{
		float		x = r->values[i * r->features + feature];

		if (!isnan(x) && !(x >= 0 && x <= MAX_CATEGORY && x == floorf(x)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("features[%d] of row %zu is %g, but a category is a whole number from 0 to %d",
							feature + 1, i + 1, x, MAX_CATEGORY)));
	}
}

static const char **
read_types(ArrayType *array, const rows *r)
{
	static const char *const known[] = {"c", "float", "int", "i", "q"};
	const char **types = feature_strings(array, "feature_types", r->features);

	for (int i = 0; i < r->features; i++)
	{
		int			k = 0;

		while (k < lengthof(known) && strcmp(types[i], known[k]) != 0)
			k++;
		if (k == lengthof(known))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("feature_types has \"%s\"", types[i]),
					 errhint("Known: c, float, int, i, q.")));
		if (k == 0)
			check_categories(r, i);
	}
	return types;
}

/* Both know the types: the matrix trains by them, the model carries them. */
static void
set_types(session *s, const char **types, int features)
{
	check(XGDMatrixSetStrFeatureInfo(s->matrix, "feature_type", types, features), "feature_types");
	check(XGBoosterSetStrFeatureInfo(s->booster, "feature_type", types, features), "feature_types");
}

/* ---- training --------------------------------------------------------------------------------- */

static Datum
saved_forest(session *s, Oid type)
{
	const char *bytes;
	bst_ulong	length;
	char	   *text;
	Oid			input,
				io_param;
	Datum		forest;

	check(XGBoosterSaveModelToBuffer(s->booster, "{\"format\":\"json\"}", &length, &bytes),
		  "libxgboost could not save the model");
	if (length >= MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the model has more than 1 GB")));
	text = pnstrdup(bytes, length);
	getTypeInputInfo(type, &input, &io_param);
	forest = OidInputFunctionCall(input, text, io_param, -1);
	pfree(text);
	return forest;
}

static void
one_round(session *s, int round)
{
	sigset_t	before;
	int			status;

	if (round == 0)
		hold_signals(&before);	/* threads start in the first round */
	status = XGBoosterUpdateOneIter(s->booster, round, s->matrix);
	if (round == 0)
		release_signals(&before);
	check(status, "training failed");
}

/* The rows to train on and those to validate on, each a matrix of its own. */
static void
split_matrix(session *s, const rows *r)
{
	DMatrixHandle whole = s->matrix;

	check(XGDMatrixSliceDMatrix(whole, r->validation, r->n - r->n_training, &s->validation), "validation");
	s->matrix = NULL;
	if (XGDMatrixSliceDMatrix(whole, r->training, r->n_training, &s->matrix) != 0)
	{
		s->matrix = whole;
		check(-1, "validation");
	}
	XGDMatrixFree(whole);
}

/* The metric of the validation rows after a round, the less the better; the library says "[12]\tvalidation-logloss:0.61". */
static double
validation_loss(session *s, int round)
{
	const char *name = "validation";
	const char *line;
	const char *metric,
			   *value;
	static const char *const gains[] = {"auc", "map", "ndcg", "pre"};

	check(XGBoosterEvalOneIter(s->booster, round, &s->validation, &name, 1, &line), "validation");
	value = strrchr(line, ':');
	metric = value;
	while (metric != NULL && metric > line && strncmp(metric, "validation-", strlen("validation-")) != 0)
		metric--;
	if (value == NULL)
		elog(ERROR, "libxgboost said of the validation: %s", line);
	for (int i = 0; i < lengthof(gains); i++)
		if (strncmp(metric + strlen("validation-"), gains[i], strlen(gains[i])) == 0)
			return -strtod(value + 1, NULL);
	return strtod(value + 1, NULL);
}

/* The trees up to the best round alone. */
static void
keep_rounds(session *s, int rounds)
{
	BoosterHandle sliced;

	check(XGBoosterSlice(s->booster, 0, rounds, 1, &sliced), "libxgboost could not keep the best rounds");
	XGBoosterFree(s->booster);
	s->booster = sliced;
}

static Datum
train(rows *r, bool weighted, ArrayType *names, const char **types, const parameters *p, int threads, int rounds, int patience, Oid type)
{
	session    *s = begin_session(threads);
	Datum		forest = (Datum) 0;
	double		best = INFINITY;
	int			best_round = 0;

	make_matrix(s, r->values, r->n, r->features);
	pfree(r->values);			/* the matrix is a copy */
	check(XGDMatrixSetFloatInfo(s->matrix, "label", r->labels, r->n), "labels");
	if (weighted)
		check(XGDMatrixSetFloatInfo(s->matrix, "weight", r->weights, r->n), "weights");
	if (r->margins > 0)
		set_base_margin(s, r->base_margins, r->n * r->margins);
	if (patience > 0)
		split_matrix(s, r);
	check(XGBoosterCreate(&s->matrix, 1, &s->booster), "libxgboost could not start");
	set_parameters(s, p, threads);
	if (names != NULL)
		set_names(s, names, r->features);
	if (types != NULL)
		set_types(s, types, r->features);
	for (int round = 0; round < rounds; round++)
	{
		CHECK_FOR_INTERRUPTS();
		one_round(s, round);
		if (round == 0)
		{
			/* what cannot be used is refused now, not after the last round */
			check_warnings();
			forest = saved_forest(s, type);
		}
		if (patience > 0)
		{
			double		loss = validation_loss(s, round);

			if (loss < best)
			{
				best = loss;
				best_round = round;
			}
			if (round - best_round >= patience)
				break;
		}
	}
	if (patience > 0)
		keep_rounds(s, best_round + 1);
	return rounds > 1 ? saved_forest(s, type) : forest;
}

/* Not strict: feature_names, feature_types and early_stopping may be NULL. */
Datum
bet_edge_train_forest(PG_FUNCTION_ARGS)
{
	MemoryContext outer = CurrentMemoryContext;
	rows		r = {.features = -1};
	ArrayType  *names = PG_ARGISNULL(3) ? NULL : PG_GETARG_ARRAYTYPE_P(3);
	const char **types;
	parameters	p;
	int			rounds,
				threads,
				patience = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
	bool		weighted;
	Datum		forest;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	rounds = PG_GETARG_INT32(2);
	if (rounds < 1 || rounds > MAX_ROUNDS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rounds must be between 1 and %d, not %d", MAX_ROUNDS, rounds)));
	if (!PG_ARGISNULL(5) && (patience < 1 || patience > MAX_ROUNDS))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("early_stopping must be between 1 and %d, not %d", MAX_ROUNDS, patience)));
	/* everything of the call is in here, the library's handles too */
	r.context = AllocSetContextCreate(outer, "train_forest", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(r.context);
	p = read_parameters(PG_GETARG_JSONB_P(1));
	threads = whole_parameter(&p, parameter_value(&p, "nthread") ? "nthread" : "n_jobs", 1, 1, omp_get_num_procs());
	weighted = read_rows(text_to_cstring(PG_GETARG_TEXT_PP(0)), &r);
	check_validation(&r, patience > 0);
	check_labels(&r, &p);
	types = PG_ARGISNULL(4) ? NULL : read_types(PG_GETARG_ARRAYTYPE_P(4), &r);
	forest = train(&r, weighted, names, types, &p, threads, rounds, patience, get_func_rettype(fcinfo->flinfo->fn_oid));
	MemoryContextSwitchTo(outer);
	forest = PointerGetDatum(PG_DETOAST_DATUM_COPY(forest));
	MemoryContextDelete(r.context);
	PG_RETURN_DATUM(forest);
}

/* ---- the reference ---------------------------------------------------------------------------- */

static int
prediction_kind(text *kind)
{
	char	   *name = text_to_cstring(kind);

	if (strcmp(name, "value") == 0)
		return 0;
	if (strcmp(name, "margin") == 0)
		return 1;
	if (strcmp(name, "contributions") == 0)
		return 2;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("unknown kind \"%s\"", name),
			 errhint("Known: value, margin, contributions.")));
	return 0;					/* not reached */
}

/* Rows of a one- or two-dimensional array. */
static float *
matrix_of(ArrayType *array, Size *n, int *features)
{
	float	   *values;
	Size		width;

	if (ARR_NDIM(array) < 1 || ARR_NDIM(array) > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must be an array of one or two dimensions")));
	*n = ARR_NDIM(array) == 1 ? 1 : ARR_DIMS(array)[0];
	*features = ARR_DIMS(array)[ARR_NDIM(array) - 1];
	width = *n * *features;
	values = palloc(sizeof(float) * width);
	put_features(array, values, width, 1);
	return values;
}

/* The forest that is the first argument, by its text. */
static void
load_booster(session *s, FunctionCallInfo fcinfo)
{
	Oid			output;
	bool		varlena;
	char	   *model;
	sigset_t	before;
	int			status;

	getTypeOutputInfo(get_fn_expr_argtype(fcinfo->flinfo, 0), &output, &varlena);
	model = OidOutputFunctionCall(output, PG_GETARG_DATUM(0));
	check(XGBoosterCreate(NULL, 0, &s->booster), "libxgboost could not start");
	hold_signals(&before);
	status = XGBoosterLoadModelFromBuffer(s->booster, model, strlen(model));
	release_signals(&before);
	check(status, "libxgboost could not load the model");
	check(XGBoosterSetParam(s->booster, "nthread", "1"), "nthread");
	pfree(model);
}

Datum
bet_edge_libxgboost_save(PG_FUNCTION_ARGS)
{
	char	   *format = text_to_cstring(PG_GETARG_TEXT_PP(1));
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(outer, "libxgboost_save", ALLOCSET_DEFAULT_SIZES);
	session    *s;
	const char *bytes;
	bst_ulong	length;
	bytea	   *result;

	if (strcmp(format, "ubj") != 0 && strcmp(format, "json") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("unknown format \"%s\"", format),
				 errhint("Known: ubj, json.")));
	MemoryContextSwitchTo(context);
	s = begin_session(1);
	load_booster(s, fcinfo);
	check(XGBoosterSaveModelToBuffer(s->booster, psprintf("{\"format\":\"%s\"}", format), &length, &bytes),
		  "libxgboost could not save the model");
	if (length > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the model has more than 1 GB")));
	MemoryContextSwitchTo(outer);
	result = palloc(VARHDRSZ + length);
	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), bytes, length);
	MemoryContextDelete(context);
	PG_RETURN_BYTEA_P(result);
}

/* What XGBoosterPredictFromDMatrix and XGBoosterPredictFromDense are asked, by kind. */
static const char *const prediction_configs[] = {
	"{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}",
	"{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}",
	"{\"type\":2,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}"
};

/* All rows at once, as a matrix: how many numbers, and where. */
static Size
predict_matrix(session *s, const float *values, Size n, int features, ArrayType *base_margin, int kind, const float **result)
{
	int			margins = ArrayGetNItems(ARR_NDIM(base_margin), ARR_DIMS(base_margin));
	const bst_ulong *shape;
	bst_ulong	dim;
	Size		total = 1;

	make_matrix(s, values, n, features);
	if (margins > 0)
	{
		float	   *room = palloc(sizeof(float) * margins);

		put_margins((const float *) ARR_DATA_PTR(base_margin), ARR_HASNULL(base_margin) && array_contains_nulls(base_margin),
					margins, room, 1);
		set_base_margin(s, room, margins);
	}
	check(XGBoosterPredictFromDMatrix(s->booster, s->matrix, prediction_configs[kind], &shape, &dim, result),
		  "libxgboost could not predict");
	for (bst_ulong i = 0; i < dim; i++)
		total *= shape[i];
	return total;
}

/* A call a row: the fastest that libxgboost has for one row at a time, with a matrix kept from call to call. */
static Size
predict_one_by_one(session *s, const float *values, Size n, int features, int kind, const float **result)
{
	float	   *row = palloc(sizeof(float) * features);
	char	   *where = psprintf("{\"data\":[%zu,true],\"shape\":[1,%d],\"typestr\":\"<f4\",\"version\":3}", (Size) row, features);
	float	   *all = NULL;
	Size		width = 0;

	check(XGProxyDMatrixCreate(&s->matrix), "libxgboost could not make a matrix");
	for (Size i = 0; i < n; i++)
	{
		const bst_ulong *shape;
		bst_ulong	dim;
		const float *of_row;

		CHECK_FOR_INTERRUPTS();
		memcpy(row, values + i * features, sizeof(float) * features);
		check(XGBoosterPredictFromDense(s->booster, where, prediction_configs[kind], s->matrix, &shape, &dim, &of_row),
			  "libxgboost could not predict");
		if (i == 0)
		{
			width = shape[dim - 1];
			all = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(float) * n * width);
		}
		memcpy(all + i * width, of_row, sizeof(float) * width);
	}
	*result = all;
	return n * width;
}

Datum
bet_edge_libxgboost_predict(PG_FUNCTION_ARGS)
{
	int			kind = prediction_kind(PG_GETARG_TEXT_PP(2));
	ArrayType  *base_margin = PG_GETARG_ARRAYTYPE_P(3);
	bool		one_by_one = PG_GETARG_BOOL(4);
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(outer, "libxgboost_predict", ALLOCSET_DEFAULT_SIZES);
	float	   *values;
	Size		n;
	int			features;
	session    *s;
	const float *result;
	Size		total;
	Datum	   *datums;
	ArrayType  *array;

	if (one_by_one && ARR_NDIM(base_margin) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("libxgboost takes no base_margin when it is asked one by one")));
	MemoryContextSwitchTo(context);
	values = matrix_of(PG_GETARG_ARRAYTYPE_P(1), &n, &features);
	s = begin_session(1);
	load_booster(s, fcinfo);
	if (one_by_one)
		total = predict_one_by_one(s, values, n, features, kind, &result);
	else
		total = predict_matrix(s, values, n, features, base_margin, kind, &result);
	datums = palloc(sizeof(Datum) * total);
	for (Size i = 0; i < total; i++)
		datums[i] = Float8GetDatum(result[i]);
	MemoryContextSwitchTo(outer);
	array = construct_array(datums, total, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	MemoryContextDelete(context);
	PG_RETURN_ARRAYTYPE_P(array);
}
