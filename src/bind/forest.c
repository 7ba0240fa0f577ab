/*
 * The type forest. A value is a varlena that holds an image of core/forest.h,
 * stored out of line and uncompressed: prediction fetches the leading part of
 * it and walks that as it is.
 */
#include "bind/forest.h"

#include "bind/args.h"
#include "bind/rows.h"
#include "bind/source.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/forest.h"
#include "core/ubjson.h"

PG_FUNCTION_INFO_V1(bet_edge_forest_in);
PG_FUNCTION_INFO_V1(bet_edge_forest_out);
PG_FUNCTION_INFO_V1(bet_edge_forest_recv);
PG_FUNCTION_INFO_V1(bet_edge_forest_send);
PG_FUNCTION_INFO_V1(bet_edge_forest_from_bytes);
PG_FUNCTION_INFO_V1(bet_edge_forest_summary);
PG_FUNCTION_INFO_V1(bet_edge_predict);
PG_FUNCTION_INFO_V1(bet_edge_predict_class);
PG_FUNCTION_INFO_V1(bet_edge_predict_margin);
PG_FUNCTION_INFO_V1(bet_edge_predict_rows);
PG_FUNCTION_INFO_V1(bet_edge_predict_class_rows);
PG_FUNCTION_INFO_V1(bet_edge_explain);

/* ---- text in ---------------------------------------------------------------------------------- */

static void
sign_image(forest_image *image, Size size)
{
	Size		from = offsetof(forest_image, digest) + sizeof(image->digest);
	bytea	   *rest = palloc(VARHDRSZ + size - from);
	bytea	   *digest;

	SET_VARSIZE(rest, VARHDRSZ + size - from);
	memcpy(VARDATA(rest), (char *) image + from, size - from);
	digest = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, PointerGetDatum(rest)));
	memcpy(image->digest, VARDATA_ANY(digest), sizeof(image->digest));
	pfree(rest);
}

static Datum
forest_from_text(const char *text, Size length)
{
	forest_source source;
	forest_problem problem;
	forest_image *image = NULL;
	void	   *scratch;

	if (forest_open(text, length, &source, &problem) == CORE_OK)
	{
		if (source.image_size > MaxAllocSize || source.scratch_size > MaxAllocSize)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a forest of %u nodes is too large", source.head.nodes)));
		image = palloc(source.image_size);
		scratch = palloc(source.scratch_size);
		if (forest_read(&source, image, scratch, &problem) == CORE_OK)
		{
			pfree(scratch);
			sign_image(image, forest_size(image));
			SET_VARSIZE(image, forest_size(image));
			return PointerGetDatum(image);
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input for type forest: %s", problem.text),
			 errhint("A forest is what XGBoost's save_model writes as JSON.")));
	return (Datum) 0;			/* not reached */
}

Datum
bet_edge_forest_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);

	PG_RETURN_DATUM(forest_from_text(text, strlen(text)));
}

Datum
bet_edge_forest_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *text = pq_getmsgtext(message, message->len - message->cursor, &length);

	PG_RETURN_DATUM(forest_from_text(text, length));
}

/* UBJSON is made JSON first, so that one reader checks all models. */
static char *
json_of_ubjson(const uint8 *bytes, Size size, Size *length)
{
	ubjson_problem problem;
	char	   *text;

	if (ubjson_to_json(bytes, size, NULL, length, &problem) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid UBJSON for type forest: %s, at byte %zu", problem.text, problem.at + 1),
				 errhint("A forest is what XGBoost's save_model writes as UBJSON or JSON.")));
	text = MemoryContextAllocHuge(CurrentMemoryContext, *length + 1);
	if (ubjson_to_json(bytes, size, text, length, &problem) != CORE_OK)
		elog(ERROR, "UBJSON changed while it was read");
	text[*length] = '\0';
	return text;
}

Datum
bet_edge_forest_from_bytes(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Size		length = VARSIZE_ANY_EXHDR(bytes);
	char	   *text = VARDATA_ANY(bytes);

	if (ubjson_is((uint8 *) text, length))
		text = json_of_ubjson((uint8 *) text, length, &length);
	else if (length > 0 && *text == '{')
		text = pnstrdup(text, length);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid bytes for type forest: neither UBJSON nor JSON"),
				 errhint("A forest is what XGBoost's save_model writes as UBJSON or JSON; its older binary format is not read.")));
	if (length > INT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a model of more than 2 GB")));
	/* XGBoost's strings are UTF-8; a zero byte among them is refused here */
	text = pg_any_to_server(text, length, PG_UTF8);
	PG_RETURN_DATUM(forest_from_text(text, strlen(text)));
}

/* ---- text out: what XGBoost 1.7 itself would write ---------------------------------------------- */

static void
check_image(const void *image)
{
	if (!forest_is_image(image))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a stored forest is damaged, or was made by another version of bet_edge")));
}

static void
whole_forest(Datum datum, forest *f)
{
	struct varlena *image = PG_DETOAST_DATUM(datum);

	check_image(image);
	forest_view(f, image);
}

/* XGBoost's way of writing a float: the shortest digits, one of them before the point, 1.5E-1. */
static void
put_float(StringInfo out, float value)
{
	char		decimal[FLOAT_SHORTEST_DECIMAL_LEN];
	char		digits[FLOAT_SHORTEST_DECIMAL_LEN];
	char	   *c = decimal;
	int			n = 0,
				lead = 0,
				point = -1,
				exponent = 0;

	float_to_shortest_decimal_buf(value, decimal);
	if (isnan(value))
	{
		appendStringInfoString(out, "NaN");
		return;
	}
	if (*c == '-')
		appendStringInfoChar(out, *c++);
	for (; *c != '\0' && *c != 'e'; c++)
	{
		if (*c == '.')
			point = n;
		else
			digits[n++] = *c;
	}
	if (*c == 'e')
		exponent = atoi(c + 1);
	if (point < 0)
		point = n;
	while (lead < n - 1 && digits[lead] == '0')
		lead++;
	while (n > lead + 1 && digits[n - 1] == '0')
		n--;
	appendStringInfoChar(out, digits[lead]);
	if (n > lead + 1)
	{
		appendStringInfoChar(out, '.');
		appendBinaryStringInfo(out, digits + lead + 1, n - lead - 1);
	}
	appendStringInfo(out, "E%d", value == 0 ? 0 : exponent + point - lead - 1);
}

static void
put_text(StringInfo out, const char *key, const forest *f, forest_text text, const char *otherwise)
{
	appendStringInfoString(out, key);
	if (f->image->text_length[text] > 0)
		appendBinaryStringInfo(out, f->texts[text], f->image->text_length[text]);
	else
		appendStringInfoString(out, otherwise);
}

/* The nodes of one tree, numbered from 0. */
typedef struct tree_view
{
	const forest *f;
	uint32		root;
	uint32		n;
} tree_view;

static void
put_floats(StringInfo out, const char *key, const tree_view *t, const float *values)
{
	appendStringInfo(out, "%s[", key);
	for (uint32 i = 0; i < t->n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		put_float(out, values[t->root + i]);
	}
	appendStringInfoChar(out, ']');
}

static void
put_ints(StringInfo out, const char *key, const tree_view *t, int (*value) (const tree_view *, uint32))
{
	appendStringInfo(out, "%s[", key);
	for (uint32 i = 0; i < t->n; i++)
		appendStringInfo(out, i > 0 ? ",%d" : "%d", value(t, t->root + i));
	appendStringInfoChar(out, ']');
}

static int
left_child(const tree_view *t, uint32 node)
{
	return forest_is_leaf(t->f, node) ? -1 : (int) (t->f->nodes[node].left - t->root);
}

static int
right_child(const tree_view *t, uint32 node)
{
	return forest_is_leaf(t->f, node) ? -1 : (int) (t->f->nodes[node].left + 1 - t->root);
}

static int
split_feature(const tree_view *t, uint32 node)
{
	return forest_is_leaf(t->f, node) ? 0 : (int) forest_feature(&t->f->nodes[node]);
}

static int
default_left(const tree_view *t, uint32 node)
{
	return !forest_is_leaf(t->f, node) && t->f->nodes[node].slot % 2 == 0;
}

static int
split_type(const tree_view *t, uint32 node)
{
	return forest_set(t->f, node) != NULL;
}

static void
put_parents(StringInfo out, const tree_view *t)
{
	int		   *parents = palloc(sizeof(int) * t->n);

	parents[0] = INT_MAX;
	for (uint32 i = 0; i < t->n; i++)
	{
		if (forest_is_leaf(t->f, t->root + i))
			continue;
		parents[left_child(t, t->root + i)] = i;
		parents[right_child(t, t->root + i)] = i;
	}
	appendStringInfoString(out, ",\"parents\":[");
	for (uint32 i = 0; i < t->n; i++)
		appendStringInfo(out, i > 0 ? ",%d" : "%d", parents[i]);
	appendStringInfoChar(out, ']');
	pfree(parents);
}

/* What is told of each set of categories. */
typedef enum set_part
{
	SET_NODE, SET_SEGMENT, SET_SIZE, SET_CATEGORIES
} set_part;

static void
put_sets(StringInfo out, const char *key, const tree_view *t, set_part part)
{
	uint32		segment = 0;
	const char *comma = "";

	appendStringInfo(out, "%s[", key);
	for (uint32 i = 0; i < t->n; i++)
	{
		const uint32 *set = forest_set(t->f, t->root + i);

		if (set == NULL)
			continue;
		for (uint32 k = 0; k < (part == SET_CATEGORIES ? set[0] : 1); k++)
		{
			appendStringInfo(out, "%s%u", comma,
							 part == SET_NODE ? i : part == SET_SEGMENT ? segment : part == SET_SIZE ? set[0] : set[1 + k]);
			comma = ",";
		}
		segment += set[0];
	}
	appendStringInfoChar(out, ']');
}

static void
put_tree(StringInfo out, const forest *f, uint32 number)
{
	uint32		end = number + 1 < f->image->trees ? f->trees[number + 1].root : f->image->nodes;
	tree_view	t = {f, f->trees[number].root, end - f->trees[number].root};

	put_floats(out, "{\"base_weights\":", &t, f->weight);
	put_sets(out, ",\"categories\":", &t, SET_CATEGORIES);
	put_sets(out, ",\"categories_nodes\":", &t, SET_NODE);
	put_sets(out, ",\"categories_segments\":", &t, SET_SEGMENT);
	put_sets(out, ",\"categories_sizes\":", &t, SET_SIZE);
	put_ints(out, ",\"default_left\":", &t, default_left);
	appendStringInfo(out, ",\"id\":%u", number);
	put_ints(out, ",\"left_children\":", &t, left_child);
	put_floats(out, ",\"loss_changes\":", &t, f->gain);
	put_parents(out, &t);
	put_ints(out, ",\"right_children\":", &t, right_child);
	appendStringInfoString(out, ",\"split_conditions\":[");
	for (uint32 i = 0; i < t.n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		put_float(out, split_type(&t, t.root + i) ? NAN : f->nodes[t.root + i].value);
	}
	appendStringInfoChar(out, ']');
	put_ints(out, ",\"split_indices\":", &t, split_feature);
	put_ints(out, ",\"split_type\":", &t, split_type);
	put_floats(out, ",\"sum_hessian\":", &t, f->cover);
	appendStringInfo(out, ",\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"%u\",\"num_nodes\":\"%u\",\"size_leaf_vector\":\"0\"}}",
					 f->image->features, t.n);
}

static void
put_trees(StringInfo out, const forest *f)
{
	appendStringInfo(out, "{\"model\":{\"gbtree_model_param\":{\"num_parallel_tree\":\"%u\",\"num_trees\":\"%u\",\"size_leaf_vector\":\"0\"},\"tree_info\":[",
					 f->image->parallel_trees, f->image->trees);
	for (uint32 i = 0; i < f->image->trees; i++)
		appendStringInfo(out, i > 0 ? ",%u" : "%u", f->trees[i].group);
	appendStringInfoString(out, "],\"trees\":[");
	for (uint32 i = 0; i < f->image->trees; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		put_tree(out, f, i);
	}
	appendStringInfoString(out, "]},\"name\":\"gbtree\"}");
}

static void
put_dart(StringInfo out, const forest *f)
{
	appendStringInfoString(out, "{\"gbtree\":");
	put_trees(out, f);
	appendStringInfoString(out, ",\"name\":\"dart\",\"weight_drop\":[");
	for (uint32 i = 0; i < f->image->trees; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		put_float(out, f->tree_weight[i]);
	}
	appendStringInfoString(out, "]}");
}

static void
put_forest(StringInfo out, const forest *f)
{
	put_text(out, "{\"learner\":{\"attributes\":", f, FOREST_ATTRIBUTES, "{}");
	put_text(out, ",\"feature_names\":", f, FOREST_FEATURE_NAMES, "[]");
	put_text(out, ",\"feature_types\":", f, FOREST_FEATURE_TYPES, "[]");
	appendStringInfoString(out, ",\"gradient_booster\":");
	if (f->image->dart)
		put_dart(out, f);
	else
		put_trees(out, f);
	put_text(out, ",\"learner_model_param\":", f, FOREST_MODEL_PARAM, "{}");
	put_text(out, ",\"objective\":", f, FOREST_OBJECTIVE_PARAM, "{}");
	put_text(out, "},\"version\":", f, FOREST_VERSION, "[1,7,4]");
	appendStringInfoChar(out, '}');
}

Datum
bet_edge_forest_out(PG_FUNCTION_ARGS)
{
	StringInfoData out;
	forest		f;

	whole_forest(PG_GETARG_DATUM(0), &f);
	initStringInfo(&out);
	put_forest(&out, &f);
	PG_RETURN_CSTRING(out.data);
}

Datum
bet_edge_forest_send(PG_FUNCTION_ARGS)
{
	StringInfoData text,
				message;
	forest		f;

	whole_forest(PG_GETARG_DATUM(0), &f);
	initStringInfo(&text);
	put_forest(&text, &f);
	pq_begintypsend(&message);
	pq_sendtext(&message, text.data, text.len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
bet_edge_forest_summary(PG_FUNCTION_ARGS)
{
	forest		f;
	uint32		depth = 0;
	StringInfoData names;
	Datum		values[9];
	bool		nulls[9] = {0};

	whole_forest(PG_GETARG_DATUM(0), &f);
	for (uint32 i = 0; i < f.image->trees; i++)
		depth = Max(depth, f.trees[i].depth);
	initStringInfo(&names);
	put_text(&names, "", &f, FOREST_FEATURE_NAMES, "[]");
	values[0] = CStringGetTextDatum(forest_objectives[f.image->objective].name);
	values[1] = Int32GetDatum(f.image->features);
	values[2] = Int32GetDatum(f.image->groups);
	values[3] = Int32GetDatum(f.image->trees);
	values[4] = Int32GetDatum(f.image->nodes);
	values[5] = Int32GetDatum(depth);
	values[6] = Float8GetDatum(f.base[0] + 0.0);	/* not -0 */
	for (uint32 g = 1; g < f.image->groups; g++)
		nulls[6] |= f.base[g] != f.base[0];
	values[7] = DirectFunctionCall1(jsonb_in, CStringGetDatum(names.data));
	values[8] = CStringGetTextDatum(f.image->dart ? "dart" : "gbtree");
	PG_RETURN_DATUM(row_datum(fcinfo, values, nulls));
}

/* ---- forests that stay in memory ---------------------------------------------------------------- */

/*
 * A stored forest is fetched once and kept by the session, found by the digest
 * of its content. Within a query the same toast pointer is the same forest;
 * from query to query the digest is read anew, so a changed row is seen.
 */
#define KEPT_FORESTS 16
#define KEPT_BYTES ((Size) 256 * 1024 * 1024)
/* Laying a forest out in lanes takes as long as some hundred predictions gain: whoever asks less often need not wait for it. */
#define ASKED_BEFORE_LANES 100

typedef struct kept_forest
{
	forest_image *image;		/* its leading part; NULL when the place is free */
	forest_lanes *lanes;		/* NULL when it has none, or not yet */
	Size		lanes_size;		/* 0 when it will have none */
	Size		size;			/* of both */
	uint64		asked;
	uint64		used;			/* when it was last asked for */
} kept_forest;

bool		forest_avx512 = true;

static kept_forest kept[KEPT_FORESTS];
static uint64 kept_clock = 0;

/* What a call remembers for the next row: for each place the pointer that led there. */
typedef struct seen_forests
{
	int			last;
	struct
	{
		struct varatt_external pointer;
		uint8		digest[16];
	}			place[KEPT_FORESTS];
} seen_forests;

static void
drop_kept(int place)
{
	if (kept[place].lanes != NULL)
		pfree(kept[place].lanes);
	pfree(kept[place].image);
	kept[place].lanes = NULL;
	kept[place].image = NULL;
}

/* A free place for a forest of this size, made by dropping those that were not asked for the longest. */
static int
make_place(Size size)
{
	for (;;)
	{
		Size		total = 0;
		int			place = -1,
					oldest = -1;

		for (int i = 0; i < KEPT_FORESTS; i++)
		{
			if (kept[i].image == NULL)
			{
				place = i;
				continue;
			}
			total += kept[i].size;
			if (oldest < 0 || kept[i].used < kept[oldest].used)
				oldest = i;
		}
		if (place >= 0 && (total + size <= KEPT_BYTES || oldest < 0))
			return place;
		drop_kept(oldest);
	}
}

/* The leading part of a forest that stands elsewhere: so much of it, as a copy. */
static forest_image *
part_of(Datum datum, Size size)
{
	return (forest_image *) PG_DETOAST_DATUM_SLICE(datum, 0, size - VARHDRSZ);
}

static void
make_lanes(kept_forest *k)
{
	forest		f;

	forest_view(&f, k->image);
	k->lanes = forest_lanes_make(&f, MemoryContextAllocHuge(TopMemoryContext, k->lanes_size));
}

static int
fetch_forest(Datum datum)
{
	forest_image *head = part_of(datum, sizeof(forest_image));
	forest_image *hot;
	forest		f;
	Size		size,
				lanes_size;
	int			place;

	check_image(head);
	for (int i = 0; i < KEPT_FORESTS; i++)
		if (kept[i].image != NULL && memcmp(kept[i].image->digest, head->digest, sizeof(head->digest)) == 0)
			return i;
	size = forest_hot_size(head);
	hot = part_of(datum, size);
	forest_view(&f, hot);
	lanes_size = forest_lanes_size(&f);
	place = make_place(size + lanes_size);
	kept[place].image = MemoryContextAlloc(TopMemoryContext, size);
	memcpy(kept[place].image, hot, size);
	kept[place].lanes_size = lanes_size;
	kept[place].size = size + lanes_size;
	kept[place].asked = 0;
	pfree(hot);
	pfree(head);
	return place;
}

static bool
is_seen(const seen_forests *seen, int place, const struct varatt_external *pointer)
{
	return memcmp(&seen->place[place].pointer, pointer, sizeof(*pointer)) == 0 && kept[place].image != NULL &&
		memcmp(kept[place].image->digest, seen->place[place].digest, sizeof(seen->place[place].digest)) == 0;
}

static const kept_forest *
stored_forest(FmgrInfo *flinfo, Datum datum)
{
	struct varatt_external pointer;
	seen_forests *seen = flinfo->fn_extra;
	kept_forest *k;
	int			place = 0;

	VARATT_EXTERNAL_GET_POINTER(pointer, DatumGetPointer(datum));
	if (seen == NULL)
		flinfo->fn_extra = seen = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(seen_forests));
	if (!is_seen(seen, seen->last, &pointer))
	{
		while (place < KEPT_FORESTS && !is_seen(seen, place, &pointer))
			place++;
		if (place == KEPT_FORESTS)
		{
			place = fetch_forest(datum);
			seen->place[place].pointer = pointer;
			memcpy(seen->place[place].digest, kept[place].image->digest, sizeof(seen->place[place].digest));
		}
		seen->last = place;
	}
	k = &kept[seen->last];
	k->used = ++kept_clock;
	if (++k->asked == ASKED_BEFORE_LANES && k->lanes_size > 0)
		make_lanes(k);
	return k;
}

/* The leading part of the forest that is the first argument. */
static void
arg_forest(FunctionCallInfo fcinfo, forest *f)
{
	Datum		datum = PG_GETARG_DATUM(0);

	if (VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
	{
		const kept_forest *stored = stored_forest(fcinfo->flinfo, datum);

		forest_view(f, stored->image);
		f->lanes = forest_avx512 ? stored->lanes : NULL;
	}
	else
		whole_forest(datum, f);
}

/* ---- prediction ------------------------------------------------------------------------------- */

/* Elements as floats with NaN for NULL; a copy only when there are NULLs. */
static const float *
arg_features(ArrayType *array, uint32 expected)
{
	int			n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	const float *data = (const float *) ARR_DATA_PTR(array);
	bits8	   *bitmap = ARR_NULLBITMAP(array);
	float	   *copy;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features must be a one-dimensional array, not one of %d dimensions", ARR_NDIM(array))));
	if (n != expected)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("features has %d elements, but the forest takes %u", n, expected)));
	if (bitmap == NULL)
		return data;
	copy = palloc(sizeof(float) * n);
	for (int i = 0; i < n; i++)
		copy[i] = bitmap[i / 8] & (1 << i % 8) ? *data++ : NAN;
	return copy;
}

/* Rows up to this many features need no allocation. */
#define SMALL_ROW 256

static void
make_row(ArrayType *features, const forest *f, float *row)
{
	uint32		where;

	if (forest_row(arg_features(features, f->image->features), f->image->features, row, &where) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("features[%u] is infinite", where + 1),
				 errhint("NULL or NaN stands for a missing value.")));
}

/* The margins that the trees of one row add to: these, or the forest's own when there are none. */
static const float *
base_margin_of(ArrayType *array, const forest *f)
{
	const float *base = (const float *) ARR_DATA_PTR(array);
	int			n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (n == 0)
		return f->base;
	if (ARR_NDIM(array) > 1 || n != f->image->groups)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("base_margin has %d elements, but the forest has %u margins", n, f->image->groups)));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("base_margin must not contain NULL")));
	for (int i = 0; i < n; i++)
		if (!isfinite(base[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("base_margin[%d] must be a finite number, not %g", i + 1, base[i])));
	return base;
}

/* Margins of a row, one a group. */
static void
margins_of(FunctionCallInfo fcinfo, forest *f, float *margins)
{
	float		small[FOREST_ROW(SMALL_ROW)];
	float	   *row = f->image->features <= SMALL_ROW ? small : palloc(sizeof(float) * FOREST_ROW(f->image->features));

	make_row(PG_GETARG_ARRAYTYPE_P(1), f, row);
	if (PG_NARGS() > 2)
		f->base = base_margin_of(PG_GETARG_ARRAYTYPE_P(2), f);
	forest_margins(f, row, 1, margins);
	if (row != small)
		pfree(row);
}

static void
check_finite(const float *values, uint32 n)
{
	for (uint32 i = 0; i < n; i++)
		if (!isfinite(values[i]))
			float_overflow_error();
}

static ArrayType *
floats_array(const float *values, int n)
{
	double	   *wide = palloc(sizeof(double) * n);

	check_finite(values, n);
	for (int i = 0; i < n; i++)
		wide[i] = values[i];
	return float8s_array(wide, n);
}

static void
check_one_output(const forest *f)
{
	if (forest_outputs(f) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the forest has %u classes, predict gives one number", f->image->groups),
				 errhint("Use predict_class.")));
}

static void
check_classes(const forest *f)
{
	if (f->image->groups == 1 && f->image->objective != FOREST_LOGISTIC)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a forest of objective %s has no classes", forest_objectives[f->image->objective].name),
				 errhint("Use predict.")));
}

/* Margins to the probabilities of all classes. */
static ArrayType *
class_array(const forest *f, float *margins)
{
	double		both[2];

	if (f->image->groups > 1)
	{
		forest_probabilities(f, margins);
		return floats_array(margins, f->image->groups);
	}
	forest_values(f, margins);
	both[0] = 1 - (double) margins[0];
	both[1] = margins[0];
	return float8s_array(both, 2);
}

/* Most forests have few groups. */
#define FEW_GROUPS 32

Datum
bet_edge_predict(PG_FUNCTION_ARGS)
{
	forest		f;
	float		few[FEW_GROUPS];
	float	   *values = few;

	arg_forest(fcinfo, &f);
	check_one_output(&f);
	if (f.image->groups > FEW_GROUPS)
		values = palloc(sizeof(float) * f.image->groups);
	margins_of(fcinfo, &f, values);
	forest_values(&f, values);
	check_finite(values, 1);
	PG_RETURN_FLOAT8(values[0]);
}

Datum
bet_edge_predict_class(PG_FUNCTION_ARGS)
{
	forest		f;
	float	   *values;

	arg_forest(fcinfo, &f);
	check_classes(&f);
	values = palloc(sizeof(float) * f.image->groups);
	margins_of(fcinfo, &f, values);
	PG_RETURN_ARRAYTYPE_P(class_array(&f, values));
}

Datum
bet_edge_predict_margin(PG_FUNCTION_ARGS)
{
	forest		f;
	float	   *margins;

	arg_forest(fcinfo, &f);
	margins = palloc(sizeof(float) * f.image->groups);
	margins_of(fcinfo, &f, margins);
	PG_RETURN_ARRAYTYPE_P(floats_array(margins, f.image->groups));
}

/* ---- prediction of all rows of a query -------------------------------------------------------- */

/* Rows that are walked together: a few trees at a time, so that these stay in the cache. */
#define BLOCK_OF_ROWS 64

enum source_column
{
	ID, FEATURES, BASE_MARGIN, SOURCE_COLUMNS
};

static const char *const source_names[SOURCE_COLUMNS] = {"id", "features", "base_margin"};

typedef struct block_receiver
{
	DestReceiver pub;
	forest		f;
	bool		classes;
	int			columns[SOURCE_COLUMNS];	/* attribute numbers */
	Oid			id_type;
	row_set		results;
	MemoryContext scratch;		/* of one block */
	float	   *rows;
	float	   *margins;		/* begin as the base margins */
	int64		ids[BLOCK_OF_ROWS];
	int			n;
} block_receiver;

static void
predict_block(block_receiver *b)
{
	const forest *f = &b->f;
	MemoryContext old = MemoryContextSwitchTo(b->scratch);

	forest_add(f, b->rows, b->n, b->margins);
	for (int i = 0; i < b->n; i++)
	{
		float	   *margins = b->margins + i * f->image->groups;
		Datum		values[2] = {Int64GetDatum(b->ids[i])};
		const bool	nulls[2] = {false, false};

		if (b->classes)
			values[1] = PointerGetDatum(class_array(f, margins));
		else
		{
			forest_values(f, margins);
			check_finite(margins, 1);
			values[1] = Float8GetDatum(margins[0]);
		}
		row_set_put(&b->results, values, nulls);
	}
	b->n = 0;
	MemoryContextSwitchTo(old);
	MemoryContextReset(b->scratch);
}

static void
receive_startup(DestReceiver *self, int operation, TupleDesc desc)
{
	block_receiver *b = (block_receiver *) self;

	for (int c = 0; c < SOURCE_COLUMNS; c++)
	{
		Oid			type;

		b->columns[c] = SPI_fnumber(desc, source_names[c]);
		if (b->columns[c] <= 0 && c == BASE_MARGIN)
			continue;
		if (b->columns[c] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("source has no column \"%s\"", source_names[c]),
					 errhint("It must give id (smallint, integer or bigint), features (real[]) and, if wanted, base_margin (real[]); a query can name them with AS.")));
		type = getBaseType(SPI_gettypeid(desc, b->columns[c]));
		if (c == ID ? type != INT8OID && type != INT4OID && type != INT2OID : type != FLOAT4ARRAYOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of source must be of type %s, not %s", source_names[c],
							c == ID ? "smallint, integer or bigint" : "real[]", format_type_be(type))));
		if (c == ID)
			b->id_type = type;
	}
}

/* Which row it was. */
static void
name_row(void *id)
{
	errcontext("row " INT64_FORMAT " of source", *(int64 *) id);
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	block_receiver *b = (block_receiver *) self;
	const forest *f = &b->f;
	MemoryContext old = MemoryContextSwitchTo(b->scratch);
	int64	   *place = &b->ids[b->n];
	ErrorContextCallback of_row = {error_context_stack, name_row, place};
	Datum		values[SOURCE_COLUMNS];

	for (int c = 0; c < SOURCE_COLUMNS; c++)
	{
		bool		isnull;

		if (b->columns[c] <= 0)
			continue;
		values[c] = slot_getattr(slot, b->columns[c], &isnull);
		if (isnull)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("column \"%s\" of source must not be NULL", source_names[c])));
		if (c == ID)
		{
			*place = b->id_type == INT8OID ? DatumGetInt64(values[ID]) : b->id_type == INT4OID ? DatumGetInt32(values[ID]) :
				DatumGetInt16(values[ID]);
			error_context_stack = &of_row;
		}
	}
	make_row(DatumGetArrayTypeP(values[FEATURES]), f, b->rows + b->n * FOREST_ROW(f->image->features));
	memcpy(b->margins + b->n * f->image->groups, b->columns[BASE_MARGIN] > 0 ? base_margin_of(DatumGetArrayTypeP(values[BASE_MARGIN]), f) : f->base,
		   sizeof(float) * f->image->groups);
	error_context_stack = of_row.previous;
	MemoryContextSwitchTo(old);
	if (++b->n == BLOCK_OF_ROWS)
		predict_block(b);
	return true;
}

/* A forest that stays as it is whatever the query does. */
static void
own_forest(Datum datum, forest *f)
{
	Size		lanes_size;

	if (VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(datum)))
	{
		forest_image *head = part_of(datum, sizeof(forest_image));

		check_image(head);
		forest_view(f, part_of(datum, forest_hot_size(head)));
	}
	else
		whole_forest(datum, f);
	lanes_size = forest_avx512 ? forest_lanes_size(f) : 0;
	if (lanes_size > 0)
		f->lanes = forest_lanes_make(f, MemoryContextAllocHuge(CurrentMemoryContext, lanes_size));
}

static void
predict_all(FunctionCallInfo fcinfo, bool classes)
{
	block_receiver b = {
		.pub = {receive_row, receive_startup, source_end, source_end, DestNone},
		.classes = classes,
	};

	own_forest(PG_GETARG_DATUM(0), &b.f);
	if (classes)
		check_classes(&b.f);
	else
		check_one_output(&b.f);
	row_set_begin(fcinfo, &b.results);
	b.scratch = AllocSetContextCreate(CurrentMemoryContext, "predict_rows", ALLOCSET_DEFAULT_SIZES);
	b.rows = palloc(sizeof(float) * BLOCK_OF_ROWS * FOREST_ROW(b.f.image->features));
	b.margins = palloc(sizeof(float) * BLOCK_OF_ROWS * b.f.image->groups);
	source_read(source_query(PG_GETARG_TEXT_PP(1)), &b.pub);
	predict_block(&b);
}

Datum
bet_edge_predict_rows(PG_FUNCTION_ARGS)
{
	predict_all(fcinfo, false);
	return (Datum) 0;
}

Datum
bet_edge_predict_class_rows(PG_FUNCTION_ARGS)
{
	predict_all(fcinfo, true);
	return (Datum) 0;
}

/* ---- explanation ------------------------------------------------------------------------------ */

static void
put_contributions(FunctionCallInfo fcinfo, const forest *f, const double *phi)
{
	TupleDesc	desc;
	Tuplestorestate *store = rows_begin(fcinfo, &desc);
	bool		nulls[3] = {0};

	for (uint32 group = 0; group < f->image->groups; group++)
		for (uint32 feature = 0; feature <= f->image->features; feature++)
		{
			Datum		values[3] = {Int32GetDatum(feature), Int32GetDatum(group + 1), Float8GetDatum(*phi++)};

			tuplestore_putvalues(store, desc, values, nulls);
		}
}

Datum
bet_edge_explain(PG_FUNCTION_ARGS)
{
	forest		f;
	float	   *row;
	double	   *phi;

	whole_forest(PG_GETARG_DATUM(0), &f);
	row = palloc(sizeof(float) * FOREST_ROW(f.image->features));
	make_row(PG_GETARG_ARRAYTYPE_P(1), &f, row);
	phi = palloc(sizeof(double) * (f.image->features + 1) * f.image->groups);
	if (forest_explain(&f, row, palloc(forest_explain_scratch(&f)), phi) != CORE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the forest cannot be explained: a node has no training weight (sum_hessian 0)")));
	put_contributions(fcinfo, &f, phi);
	return (Datum) 0;
}
