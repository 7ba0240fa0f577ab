/*
 * The type forest, text out: what XGBoost 1.7 itself would write.
 */
#include "bind/forest.h"

#include "bind/rows.h"

#include <limits.h>
#include <math.h>

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(bet_edge_forest_out);
PG_FUNCTION_INFO_V1(bet_edge_forest_send);
PG_FUNCTION_INFO_V1(bet_edge_forest_summary);

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

	forest_whole(PG_GETARG_DATUM(0), &f);
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

	forest_whole(PG_GETARG_DATUM(0), &f);
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

	forest_whole(PG_GETARG_DATUM(0), &f);
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
