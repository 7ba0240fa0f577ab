/*
 * Training: rows of a query -> matrix -> booster -> forest. Nothing reaches
 * libxgboost that was not checked here or by the forest's parser, and nothing
 * of it outlives the call.
 */
#include "bind/compat.h"

#include <limits.h>
#include <math.h>
#include <omp.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "train/examples.h"
#include "train/parameters.h"
#include "train/session.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(bet_edge_train_forest);
PG_FUNCTION_INFO_V1(bet_edge_train_forest_times);

#define BLOCK_OF_ROWS 5000
#define MAX_ROUNDS 100000
#define MAX_CATEGORY 65535

/* ---- what cannot be trained on ---------------------------------------------------------------- */

/* The library says which label is wrong in its own words only; here is where. */
static void
check_labels(const examples *r, const parameters *p)
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
check_validation(const examples *r, bool wanted)
{
	Size		n = 0;

	for (Size i = 0; r->validation != NULL && i < r->n; i++)
		n += r->validation[i];
	if (wanted && (n == 0 || n == r->n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("early_stopping needs rows with validation true and rows with validation false, not %zu and %zu", n, r->n - n),
				 errhint("validation is a boolean column of source.")));
	if (!wanted && r->validation != NULL)
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
	check_library(XGBoosterSetStrFeatureInfo(s->booster, "feature_name", names, features), "feature_names");
}

/* Categories are counted from 0; the library makes room for as many as the largest says. */
static void
check_categories(const examples *r, int feature)
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
read_types(ArrayType *array, const examples *r)
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

/* ---- the matrix ------------------------------------------------------------------------------- */

/* What comes with n rows from begin on. */
static int
set_columns(DMatrixHandle matrix, const examples *e, Size begin, Size n, const char **types)
{
	if (XGDMatrixSetFloatInfo(matrix, "label", e->labels + begin, n) != 0)
		return -1;
	if (e->weights != NULL && XGDMatrixSetFloatInfo(matrix, "weight", e->weights + begin, n) != 0)
		return -1;
	if (e->margins > 0 && XGDMatrixSetFloatInfo(matrix, "base_margin", e->base_margins + begin * e->margins, n * e->margins) != 0)
		return -1;
	return types == NULL ? 0 : XGDMatrixSetStrFeatureInfo(matrix, "feature_type", types, e->features);
}

/* Rows as the library asks for them, some times over. */
typedef struct stream
{
	const examples *rows;
	const char **types;
	DMatrixHandle proxy;
	const sigset_t *signals;	/* as they are outside of the library */
	Size		place;
	bool		failed;
	bool		stopped;		/* by a cancel or something else that waits to be looked at */
} stream;

static void
first_block(void *handle)
{
	((stream *) handle)->place = 0;
}

/* 0 at the end. The first block comes always: the library is not made for none. */
static int
next_block(void *handle)
{
	stream	   *b = handle;
	const examples *e = b->rows;
	Size		begin = b->place;
	Size		n = Min(e->n - begin, BLOCK_OF_ROWS);
	char		where[150];
	sigset_t	held;

	release_signals(b->signals);
	hold_signals(&held);
	b->stopped |= begin > 0 && InterruptPending;
	if (n == 0 || (b->stopped && begin > 0))
		return 0;
	snprintf(where, sizeof(where), "{\"data\":[%zu,true],\"shape\":[%zu,%d],\"typestr\":\"<f4\",\"version\":3}",
			 (Size) (e->values + begin * e->features), n, e->features);
	if (XGProxyDMatrixSetDataDense(b->proxy, where) != 0 || set_columns(b->proxy, e, begin, n, b->types) != 0)
		b->failed = true;
	b->place += n;
	return 1;
}

/*
 * The matrix of tree_method hist: features cut into bins, which takes as long as dozens of rounds. The library asks for
 * the rows block by block, where a cancel is seen, and comes to the same model as from a matrix of the values.
 */
static void
make_binned_matrix(session *s, const examples *e, const char **types, int threads, int bins)
{
	char	   *config = psprintf("{\"missing\":NaN,\"nthread\":%d,\"max_bin\":%d}", threads, bins);
	sigset_t	before;
	stream		b = {.rows = e, .types = types, .signals = &before};
	int			status;

	check_library(XGProxyDMatrixCreate(&s->proxy), "libxgboost could not make a matrix");
	b.proxy = s->proxy;
	do
	{
		b.stopped = false;
		b.place = 0;
		hold_signals(&before);
		status = XGQuantileDMatrixCreateFromCallback(&b, b.proxy, NULL, first_block, next_block, config, &s->matrix);
		release_signals(&before);
		CHECK_FOR_INTERRUPTS();
		if (b.stopped && status == 0)
		{
			XGDMatrixFree(s->matrix);
			s->matrix = NULL;
		}
	} while (b.stopped);
	check_library(b.failed ? -1 : status, "libxgboost could not take the rows");
}

static bool
is_binned(const parameters *p)
{
	const char *method = parameter_value(p, "tree_method");
	const char *booster = parameter_value(p, "booster");

	return method != NULL && strcmp(method, "hist") == 0 && (booster == NULL || strcmp(booster, "gbtree") == 0) &&
		parameter_value(p, "updater") == NULL && parameter_value(p, "process_type") == NULL;
}

/* Matrices are copies: the rows go. */
static void
make_matrices(session *s, examples *e, const char **types, const parameters *p, int threads, bool validated)
{
	if (validated)
	{
		examples	validation = examples_split(e);

		make_matrix(&s->validation, validation.values, validation.n, validation.features);
		check_library(set_columns(s->validation, &validation, 0, validation.n, types), "validation");
		pfree(validation.values);
	}
	if (is_binned(p))
		make_binned_matrix(s, e, types, threads, whole_parameter(p, "max_bin", 256, 2, INT_MAX));
	else
	{
		make_matrix(&s->matrix, e->values, e->n, e->features);
		check_library(set_columns(s->matrix, e, 0, e->n, types), "rows");
	}
	pfree(e->values);
}

/* ---- training --------------------------------------------------------------------------------- */

/* Where the time of the session's last training went, in seconds. */
enum step
{
	READ, MATRIX, ROUNDS, SAVE, STEPS
};
static double times[STEPS];
static instr_time step_began;

static void
time_is_up(enum step step)
{
	instr_time	now,
				spent;

	INSTR_TIME_SET_CURRENT(now);
	spent = now;
	INSTR_TIME_SUBTRACT(spent, step_began);
	times[step] = INSTR_TIME_GET_DOUBLE(spent);
	step_began = now;
}

static Datum
saved_forest(session *s, Oid type)
{
	const char *bytes;
	Size		length = saved_model(s, "json", MaxAllocSize - 1, &bytes);
	char	   *text = pnstrdup(bytes, length);
	Oid			input,
				io_param;
	Datum		forest;

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
	check_library(status, "training failed");
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

	check_library(XGBoosterEvalOneIter(s->booster, round, &s->validation, &name, 1, &line), "validation");
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

	check_library(XGBoosterSlice(s->booster, 0, rounds, 1, &sliced), "libxgboost could not keep the best rounds");
	XGBoosterFree(s->booster);
	s->booster = sliced;
}

static void
set_parameters(session *s, const parameters *p, int threads)
{
	check_library(XGBoosterSetParam(s->booster, "nthread", psprintf("%d", threads)), "nthread");
	check_library(XGBoosterSetParam(s->booster, "verbosity", "1"), "verbosity");
	check_library(XGBoosterSetParam(s->booster, "validate_parameters", "true"), "validate_parameters");
	for (int i = 0; i < p->n; i++)
	{
		const char *name = p->list[i].name;

		if (strcmp(name, "nthread") == 0 || strcmp(name, "n_jobs") == 0 || strcmp(name, "verbosity") == 0 ||
			strcmp(name, "validate_parameters") == 0)
			continue;
		check_library(XGBoosterSetParam(s->booster, name, p->list[i].value), psprintf("parameter \"%s\"", name));
	}
}

static Datum
train(session *s, examples *e, ArrayType *names, const char **types, const parameters *p, int threads, int rounds, int patience, Oid type)
{
	Datum		forest = (Datum) 0;
	double		best = INFINITY;
	int			best_round = 0;

	make_matrices(s, e, types, p, threads, patience > 0);
	check_library(XGBoosterCreate(&s->matrix, 1, &s->booster), "libxgboost could not start");
	set_parameters(s, p, threads);
	if (names != NULL)
		set_names(s, names, e->features);
	if (types != NULL)
		check_library(XGBoosterSetStrFeatureInfo(s->booster, "feature_type", types, e->features), "feature_types");
	time_is_up(MATRIX);
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
	time_is_up(ROUNDS);
	return rounds > 1 ? saved_forest(s, type) : forest;
}

/* Not strict: feature_names, feature_types and early_stopping may be NULL. */
Datum
bet_edge_train_forest(PG_FUNCTION_ARGS)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context;
	examples	e;
	ArrayType  *names = PG_ARGISNULL(3) ? NULL : PG_GETARG_ARRAYTYPE_P(3);
	const char **types;
	parameters	p;
	int			rounds,
				threads,
				patience = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
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
	context = AllocSetContextCreate(outer, "train_forest", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	memset(times, 0, sizeof(times));
	INSTR_TIME_SET_CURRENT(step_began);
	p = read_parameters(PG_GETARG_JSONB_P(1));
	threads = whole_parameter(&p, parameter_value(&p, "nthread") ? "nthread" : "n_jobs", 1, 1, omp_get_num_procs());
	e = examples_read(PG_GETARG_TEXT_PP(0));
	check_validation(&e, patience > 0);
	check_labels(&e, &p);
	types = PG_ARGISNULL(4) ? NULL : read_types(PG_GETARG_ARRAYTYPE_P(4), &e);
	time_is_up(READ);
	forest = train(begin_session(threads), &e, names, types, &p, threads, rounds, patience, get_func_rettype(fcinfo->flinfo->fn_oid));
	MemoryContextSwitchTo(outer);
	forest = PointerGetDatum(PG_DETOAST_DATUM_COPY(forest));
	MemoryContextDelete(context);
	time_is_up(SAVE);
	PG_RETURN_DATUM(forest);
}

Datum
bet_edge_train_forest_times(PG_FUNCTION_ARGS)
{
	Datum		values[STEPS];
	bool		nulls[STEPS] = {false};
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int i = 0; i < STEPS; i++)
		values[i] = Float8GetDatum(times[i]);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
