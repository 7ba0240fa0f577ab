/* XGBoost's JSON, read strictly into an image: what passes here can be walked without another check. */
#include "core/forest.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODE_NUMBERS 8			/* whole numbers that are kept a node while its tree is read */
#define DELETED INT32_MAX		/* XGBoost's mark in split_indices of a node that was pruned away */

static core_status __attribute__((format(printf, 2, 3)))
refuse(forest_problem *problem, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vsnprintf(problem->text, sizeof(problem->text), format, args);
	va_end(args);
	return CORE_INVALID;
}

#define TRY(call) \
	do { core_status status_ = (call); if (status_ != CORE_OK) return status_; } while (0)

/* ---- the skeleton of a model ----------------------------------------------------------------- */

static core_status
members(json_span object, const char *what, const char *const *keys, json_span *spans, int n, int required, forest_problem *problem)
{
	json		j = json_at(object);

	if (!json_members(&j, keys, spans, n))
		return refuse(problem, "%s: %s", what, j.problem);
	for (int i = 0; i < required; i++)
		if (spans[i].start == NULL)
			return refuse(problem, "%s lacks \"%s\"", what, keys[i]);
	return CORE_OK;
}

/* XGBoost writes its parameters as strings: "15" for 15. */
static json
unquoted(json_span span)
{
	json		j = json_at(span);
	json_span	inner;

	return span.end > span.start && *span.start == '"' && json_string(&j, &inner) ? json_at(inner) : json_at(span);
}

static core_status
whole(json_span span, const char *what, int32_t lo, int32_t hi, uint32_t *value, forest_problem *problem)
{
	json		j = unquoted(span);
	int32_t		n;

	if (!json_int(&j, &n) || !json_finish(&j))
		return refuse(problem, "%s: %s", what, j.problem);
	if (lo == hi && n != lo)
		return refuse(problem, "%s is %d, not %d", what, n, lo);
	if (n < lo || n > hi)
		return refuse(problem, "%s is %d, not in %d to %d", what, n, lo, hi);
	*value = (uint32_t) n;
	return CORE_OK;
}

/* "5E-1" up to XGBoost 3.0, "[5E-1]" or one number a group from 3.1 on: each in turn. */
typedef struct base_scores
{
	json		j;
	bool		in_brackets;
	bool		first;
} base_scores;

static base_scores
base_scores_of(json_span span)
{
	base_scores b = {.j = unquoted(span), .first = true};

	b.in_brackets = b.j.at < b.j.end && *b.j.at == '[';
	return b;
}

static bool
next_base_score(base_scores *b, float *value)
{
	bool		more = b->in_brackets ? json_element(&b->j, &b->first) : b->first;

	b->first = false;
	return more && json_float(&b->j, value);
}

static core_status
word(json_span span, const char *what, json_span *inner, forest_problem *problem)
{
	json		j = json_at(span);

	if (!json_string(&j, inner))
		return refuse(problem, "%s: %s", what, j.problem);
	return CORE_OK;
}

static bool
is(json_span span, const char *name)
{
	return strlen(name) == (size_t) (span.end - span.start) && memcmp(span.start, name, span.end - span.start) == 0;
}

/* As much of a name from the model as fits a message, printable. */
static const char *
shown(json_span span, char *buffer, int size)
{
	int			n = 0;

	for (const char *c = span.start; c < span.end && n < size - 1; c++)
		buffer[n++] = *c >= ' ' && *c <= '~' ? *c : '?';
	buffer[n] = '\0';
	return buffer;
}

/* An object of strings; of strings that are numbers, when asked. */
static core_status
check_strings(json_span span, const char *what, bool numbers, forest_problem *problem)
{
	json		j = json_at(span);
	json_span	key,
				value;
	float		number;

	for (bool first = true; json_next_member(&j, &first, &key);)
	{
		json		inner;

		if (!json_string(&j, &value))
			break;
		inner = json_at(value);
		if (numbers && !(json_float(&inner, &number) && json_finish(&inner)))
			return refuse(problem, "%s: %s", what, inner.problem);
	}
	return j.problem == NULL ? CORE_OK : refuse(problem, "%s: %s", what, j.problem);
}

/* An array of one string a feature, or an empty one. */
static core_status
check_names(json_span span, const char *what, uint32_t features, forest_problem *problem)
{
	json		j = json_at(span);
	json_span	name;
	bool		first = true;
	uint32_t	n = 0;

	if (span.start == NULL)
		return CORE_OK;
	while (json_element(&j, &first) && json_string(&j, &name))
		n++;
	if (j.problem != NULL)
		return refuse(problem, "%s: %s", what, j.problem);
	if (n != 0 && n != features)
		return refuse(problem, "%s has %u elements for %u features", what, n, features);
	return CORE_OK;
}

static core_status
check_version(json_span span, forest_problem *problem)
{
	json		j = json_at(span);
	bool		first = true;
	int32_t		part;
	int			n = 0;

	if (span.start == NULL)
		return CORE_OK;
	while (json_element(&j, &first) && json_int(&j, &part))
		n++;
	if (j.problem != NULL || n != 3)
		return refuse(problem, "version: %s", j.problem ? j.problem : "expected three numbers");
	return CORE_OK;
}

/* What is kept as it was must be what XGBoost expects there. */
static core_status
check_texts(const forest_source *source, forest_problem *problem)
{
	if (source->texts[FOREST_ATTRIBUTES].start != NULL)
		TRY(check_strings(source->texts[FOREST_ATTRIBUTES], "attributes", false, problem));
	TRY(check_names(source->texts[FOREST_FEATURE_NAMES], "feature_names", source->head.features, problem));
	TRY(check_names(source->texts[FOREST_FEATURE_TYPES], "feature_types", source->head.features, problem));
	return check_version(source->texts[FOREST_VERSION], problem);
}

/*
 * The objective's own parameters, which only further training would use: numbers, or words where
 * XGBoost has words. Ranking changed the name of its own in 2.0; pseudo-Huber got its own in 1.6.
 */
static core_status
check_objective_param(const forest_source *source, forest_problem *problem)
{
	static const char *const class_keys[] = {"num_class"};
	forest_objective objective = source->head.objective;
	const char *keys[] = {forest_objectives[objective].param, NULL};
	bool		numbers = objective != FOREST_AFT && objective != FOREST_QUANTILEERROR;
	bool		optional = objective == FOREST_PSEUDOHUBERERROR;
	json_span	param[2],
				classes;
	uint32_t	n;

	if (keys[0] == NULL)
		return CORE_OK;
	if (objective >= FOREST_RANK_PAIRWISE && objective <= FOREST_RANK_MAP)
	{
		keys[1] = "lambdarank_param";
		TRY(members(source->texts[FOREST_OBJECTIVE_PARAM], "objective", keys, param, 2, 0, problem));
		if (param[0].start == NULL && param[1].start != NULL)
			return check_strings(param[1], keys[1], false, problem);
	}
	TRY(members(source->texts[FOREST_OBJECTIVE_PARAM], "objective", keys, param, 1, !optional, problem));
	if (param[0].start == NULL)
		return CORE_OK;
	TRY(check_strings(param[0], keys[0], numbers, problem));
	if (source->head.groups > 1)
	{
		TRY(members(param[0], keys[0], class_keys, &classes, 1, 1, problem));
		TRY(whole(classes, "num_class of the objective", source->head.groups, source->head.groups, &n, problem));
	}
	return CORE_OK;
}

static core_status
read_objective(forest_source *source, forest_problem *problem)
{
	static const char *const keys[] = {"name"};
	json_span	name;
	char		buffer[60];
	forest_image *head = &source->head;
	forest_link link;

	TRY(members(source->texts[FOREST_OBJECTIVE_PARAM], "objective", keys, &name, 1, 1, problem));
	TRY(word(name, "objective", &name, problem));
	for (head->objective = 0; head->objective < FOREST_OBJECTIVES; head->objective++)
		if (is(name, forest_objectives[head->objective].name))
			break;
	if (head->objective == FOREST_OBJECTIVES)
		return refuse(problem, "objective \"%s\" is not supported", shown(name, buffer, sizeof(buffer)));
	link = forest_objectives[head->objective].link;
	if ((link == FOREST_PROBABILITIES || link == FOREST_LARGEST) != (head->groups > 1))
		return refuse(problem, "num_class is %u for objective %s", head->groups, forest_objectives[head->objective].name);
	return check_objective_param(source, problem);
}

/* base_score is in output space: what the link would make of the base margin. To margins, when there is room for them. */
static core_status
read_base_scores(const forest_source *source, float *margins, forest_problem *problem)
{
	const forest_image *head = &source->head;
	forest_link link = forest_objectives[head->objective].link;
	base_scores b = base_scores_of(source->base_score);
	float		score,
				margin = 0;
	uint32_t	n = 0;

	while (next_base_score(&b, &score))
	{
		margin = link == FOREST_SIGMOID ? -logf(1.0f / score - 1.0f) : link == FOREST_EXP ? logf(score) : score;
		if (!isfinite(margin))
			return refuse(problem, "base_score %g is outside the domain of %s", score, forest_objectives[head->objective].name);
		if (margins != NULL && n < head->groups)
			margins[n] = margin;
		n++;
	}
	if (b.j.problem != NULL || !json_finish(&b.j))
		return refuse(problem, "base_score: %s", b.j.problem);
	if (n != 1 && n != head->groups)
		return refuse(problem, "base_score has %u numbers, not 1%s", n, head->groups > 1 ? " or one a class" : "");
	for (uint32_t g = n; margins != NULL && g < head->groups; g++)
		margins[g] = margin;
	return CORE_OK;
}

static core_status
read_model_param(forest_source *source, forest_problem *problem)
{
	static const char *const keys[] = {"base_score", "num_feature", "num_class", "num_target", "boost_from_average"};
	json_span	spans[5];
	uint32_t	classes,
				targets,
				average;
	base_scores b;
	float		score;
	forest_image *head = &source->head;

	TRY(members(source->texts[FOREST_MODEL_PARAM], "learner_model_param", keys, spans, 5, 3, problem));
	TRY(check_strings(source->texts[FOREST_MODEL_PARAM], "learner_model_param", false, problem));
	TRY(whole(spans[1], "num_feature", 1, FOREST_MAX_FEATURES, &head->features, problem));
	TRY(whole(spans[2], "num_class", 0, FOREST_MAX_GROUPS, &classes, problem));
	if (spans[3].start != NULL)
	{
		TRY(whole(spans[3], "num_target", 0, INT32_MAX, &targets, problem));
		if (targets > 1)
			return refuse(problem, "a model of %u targets is not supported", targets);
	}
	if (spans[4].start != NULL)
		TRY(whole(spans[4], keys[4], 0, 1, &average, problem));
	head->groups = classes > 1 ? classes : 1;
	TRY(read_objective(source, problem));
	source->base_score = spans[0];
	TRY(read_base_scores(source, NULL, problem));
	b = base_scores_of(spans[0]);
	source->base_in_brackets = b.in_brackets && next_base_score(&b, &score) && !next_base_score(&b, &score);
	return CORE_OK;
}

static core_status
count_elements(json_span array, const char *what, uint32_t tree, uint32_t *n, forest_problem *problem)
{
	json		j = json_at(array);
	bool		first = true;

	*n = 0;
	if (array.start == NULL)
		return CORE_OK;
	while (json_element(&j, &first) && json_skip(&j))
		(*n)++;
	return j.problem == NULL ? CORE_OK : refuse(problem, "tree %u: %s: %s", tree, what, j.problem);
}

/* How many trees there are, and how many nodes: children are counted, whatever num_nodes says. */
static core_status
count_trees(forest_source *source, forest_problem *problem)
{
	static const char *const keys[] = {"left_children", "categories", "categories_nodes"};
	json		j = json_at(source->trees);
	bool		first = true;
	uint64_t	nodes = 0,
				sets = 0;
	uint32_t	trees = 0;

	while (json_element(&j, &first))
	{
		json_span	arrays[3];
		uint32_t	n[3];

		if (!json_members(&j, keys, arrays, 3))
			break;
		if (arrays[0].start == NULL)
			return refuse(problem, "tree %u lacks \"left_children\"", trees);
		for (int i = 0; i < 3; i++)
			TRY(count_elements(arrays[i], keys[i], trees, &n[i], problem));
		nodes += n[0];
		sets += (uint64_t) n[1] + n[2];
		if (n[0] > source->largest)
			source->largest = n[0];
		if (nodes > FOREST_MAX_NODES || sets > FOREST_MAX_NODES || ++trees > FOREST_MAX_TREES)
			return refuse(problem, "a forest of more than %d trees, or %d nodes or categories", FOREST_MAX_TREES, FOREST_MAX_NODES);
	}
	if (j.problem != NULL)
		return refuse(problem, "tree %u: %s", trees, j.problem);
	if (trees == 0)
		return refuse(problem, "a forest without trees");
	if (trees != source->head.trees)
		return refuse(problem, "num_trees is %u, but there are %u trees", source->head.trees, trees);
	source->head.nodes = (uint32_t) nodes;
	source->head.sets = (uint32_t) sets;
	return CORE_OK;
}

static core_status
read_booster(forest_source *source, json_span booster, forest_problem *problem)
{
	static const char *const booster_keys[] = {"name", "model", "gbtree", "weight_drop"};
	static const char *const model_keys[] = {"gbtree_model_param", "tree_info", "trees"};
	static const char *const param_keys[] = {"num_trees", "num_parallel_tree", "size_leaf_vector"};
	json_span	parts[4],
				model[3],
				param[3],
				name;
	uint32_t	leaf_vector = 0;
	char		buffer[60];

	TRY(members(booster, "gradient_booster", booster_keys, parts, 4, 1, problem));
	TRY(word(parts[0], "gradient_booster", &name, problem));
	if (is(name, "dart"))
	{
		source->head.dart = 1;
		source->tree_weights = parts[3];
		if (parts[2].start == NULL || parts[3].start == NULL)
			return refuse(problem, "dart lacks \"%s\"", booster_keys[parts[2].start == NULL ? 2 : 3]);
		TRY(members(parts[2], "gbtree of dart", booster_keys, parts, 2, 1, problem));
		TRY(word(parts[0], "gbtree of dart", &name, problem));
	}
	if (!is(name, "gbtree"))
		return refuse(problem, "booster \"%s\" is not supported, only gbtree and dart", shown(name, buffer, sizeof(buffer)));
	if (parts[1].start == NULL)
		return refuse(problem, "gradient_booster lacks \"model\"");
	TRY(members(parts[1], "model", model_keys, model, 3, 3, problem));
	TRY(members(model[0], "gbtree_model_param", param_keys, param, 3, 1, problem));
	TRY(whole(param[0], "num_trees", 1, FOREST_MAX_TREES, &source->head.trees, problem));
	source->head.parallel_trees = 1;
	if (param[1].start != NULL)
		TRY(whole(param[1], "num_parallel_tree", 1, FOREST_MAX_TREES, &source->head.parallel_trees, problem));
	if (param[2].start != NULL)
	{
		TRY(whole(param[2], "size_leaf_vector", 0, INT32_MAX, &leaf_vector, problem));
		if (leaf_vector > 1)
			return refuse(problem, "leaves that are vectors (size_leaf_vector %u) are not supported", leaf_vector);
	}
	source->tree_info = model[1];
	source->trees = model[2];
	return count_trees(source, problem);
}

core_status
forest_open(const char *text, size_t length, forest_source *source, forest_problem *problem)
{
	static const char *const top_keys[] = {"learner", "version"};
	static const char *const keys[] = {"gradient_booster", "learner_model_param", "objective",
	"attributes", "feature_names", "feature_types"};
	json_span	top[2],
				spans[6];
	json		j = json_open(text, length);

	memset(source, 0, sizeof(*source));
	if (length > INT_MAX)
		return refuse(problem, "a model of more than 2 GB");
	if (!json_members(&j, top_keys, top, 2) || !json_finish(&j))
		return refuse(problem, "%s, at character %zu", j.problem, (size_t) (j.at - j.start) + 1);
	if (top[0].start == NULL)
		return refuse(problem, "no \"learner\": this is not what XGBoost's save_model writes as JSON");
	TRY(members(top[0], "learner", keys, spans, 6, 3, problem));
	source->texts[FOREST_VERSION] = top[1];
	source->texts[FOREST_MODEL_PARAM] = spans[1];
	source->texts[FOREST_OBJECTIVE_PARAM] = spans[2];
	source->texts[FOREST_ATTRIBUTES] = spans[3];
	source->texts[FOREST_FEATURE_NAMES] = spans[4];
	source->texts[FOREST_FEATURE_TYPES] = spans[5];
	TRY(read_model_param(source, problem));
	TRY(check_texts(source, problem));
	TRY(read_booster(source, spans[0], problem));

	source->head.magic = FOREST_MAGIC;
	for (int i = 0; i < FOREST_TEXTS; i++)
		source->head.text_length[i] = (uint32_t) (source->texts[i].end - source->texts[i].start);
	source->head.text_length[FOREST_MODEL_PARAM] -= source->base_in_brackets ? 2 : 0;
	source->image_size = forest_size(&source->head);
	source->scratch_size = (size_t) source->largest * NODE_NUMBERS * sizeof(int32_t);
	return CORE_OK;
}

/* ---- one tree -------------------------------------------------------------------------------- */

/* A tree as XGBoost writes it: whole numbers in scratch, floats in order of XGBoost's numbering. */
typedef struct raw_tree
{
	uint32_t	number;
	int32_t		n;
	int32_t    *left;
	int32_t    *right;
	int32_t    *parent;
	int32_t    *feature;
	int32_t    *default_left;
	int32_t    *set;			/* where its set of categories is, -1 when it has none */
	int32_t    *order;			/* nodes as they are laid out: our number -> XGBoost's */
	int32_t    *place;			/* XGBoost's number -> ours */
	uint32_t	deleted;		/* nodes that were pruned away */
} raw_tree;

enum tree_key
{
	LEFT, RIGHT, PARENT, FEATURE, DEFAULT_LEFT, CONDITION, HESSIAN, TREE_PARAM,
	LOSS, WEIGHT, SPLIT_TYPE, CATEGORIES, CATEGORY_NODES, CATEGORY_SEGMENTS, CATEGORY_SIZES, TREE_KEYS
};

static const char *const tree_keys[TREE_KEYS] = {
	"left_children", "right_children", "parents", "split_indices", "default_left", "split_conditions", "sum_hessian",
	"tree_param", "loss_changes", "base_weights", "split_type",
	"categories", "categories_nodes", "categories_segments", "categories_sizes"
};

/* default_left may be true and false in other dialects. */
static bool
int_or_bool(json *j, int32_t *value)
{
	json		before = *j;

	if (json_int(j, value))
		return true;
	*j = before;
	if (!json_skip(j))
		return false;
	*value = j->at[-1] == 'e' && j->at - before.at >= 4 && memcmp(j->at - 4, "true", 4) == 0;
	return *value || (j->at - before.at >= 5 && memcmp(j->at - 5, "false", 5) == 0);
}

static core_status
ints(const json_span *spans, enum tree_key key, const raw_tree *t, int32_t *out, forest_problem *problem)
{
	json		j = json_at(spans[key]);
	bool		first = true;
	int32_t		n = 0;

	while (json_element(&j, &first))
	{
		if (n == t->n)
			return refuse(problem, "tree %u: %s has more than %d elements", t->number, tree_keys[key], t->n);
		if (!(key == DEFAULT_LEFT ? int_or_bool(&j, &out[n]) : json_int(&j, &out[n])))
			break;
		n++;
	}
	if (j.problem != NULL)
		return refuse(problem, "tree %u: %s: %s", t->number, tree_keys[key], j.problem);
	if (n != t->n)
		return refuse(problem, "tree %u: %s has %d elements, not %d", t->number, tree_keys[key], n, t->n);
	return CORE_OK;
}

static bool
no_threshold(const raw_tree *t, int32_t node)
{
	return t->place[node] < 0 || (t->set[node] >= 0 && t->left[node] != -1);
}

/*
 * Floats go straight to where they are laid out; those of pruned nodes are only checked.
 * A categorical split has no threshold: XGBoost writes NaN.
 */
static core_status
floats(const json_span *spans, enum tree_key key, const raw_tree *t, float *out, size_t stride, forest_problem *problem)
{
	json		j = json_at(spans[key]);
	bool		first = true;
	int32_t		n = 0;

	while (json_element(&j, &first))
	{
		float		value;

		if (n == t->n)
			return refuse(problem, "tree %u: %s has more than %d elements", t->number, tree_keys[key], t->n);
		if (!(key == CONDITION && no_threshold(t, n) ? json_float_or_nan(&j, &value) : json_float(&j, &value)))
			break;
		if (t->place[n] >= 0)
			memcpy((char *) out + stride * t->place[n], &value, sizeof(float));
		n++;
	}
	if (j.problem != NULL)
		return refuse(problem, "tree %u: %s: %s", t->number, tree_keys[key], j.problem);
	if (n != t->n)
		return refuse(problem, "tree %u: %s has %d elements, not %d", t->number, tree_keys[key], n, t->n);
	return CORE_OK;
}

/* The next whole number of an array that should have one more. */
static core_status
next_int(json *j, bool *first, const raw_tree *t, enum tree_key key, int32_t *value, forest_problem *problem)
{
	if (json_element(j, first) && json_int(j, value))
		return CORE_OK;
	return refuse(problem, "tree %u: %s: %s", t->number, tree_keys[key], j->problem ? j->problem : "has too few elements");
}

/* The categories of one node, in ascending order, after what was written so far. */
static core_status
read_set(json *j, bool *first, const raw_tree *t, int32_t size, uint32_t *sets, uint32_t *used, forest_problem *problem)
{
	int32_t		before = -1;

	sets[(*used)++] = (uint32_t) size;
	for (int32_t k = 0; k < size; k++)
	{
		int32_t		category;

		TRY(next_int(j, first, t, CATEGORIES, &category, problem));
		if (category <= before || category > FOREST_MAX_CATEGORY)
			return refuse(problem, "tree %u: category %d after %d: they ascend from 0 to %d within a node",
						  t->number, category, before, FOREST_MAX_CATEGORY);
		sets[(*used)++] = (uint32_t) category;
		before = category;
	}
	return CORE_OK;
}

/*
 * Which nodes split by categories, and by which: one list of categories for the tree, cut into
 * segments, one a node that split_type marks with 1, in the order of the nodes.
 */
static core_status
read_categories(const json_span *spans, raw_tree *t, uint32_t *sets, uint32_t *used, forest_problem *problem)
{
	json		j[TREE_KEYS];
	bool		first[TREE_KEYS];
	int32_t		marked = 0,
				total = 0,
				node = -1;

	memset(t->set, 0, sizeof(int32_t) * t->n);
	if (spans[SPLIT_TYPE].start != NULL)
		TRY(ints(spans, SPLIT_TYPE, t, t->set, problem));
	for (int32_t i = 0; i < t->n; i++)
	{
		if (t->set[i] != 0 && t->set[i] != 1)
			return refuse(problem, "tree %u: split_type of node %d is %d, not 0 or 1", t->number, i, t->set[i]);
		marked += t->set[i];
		t->set[i]--;			/* -1: none; 0: one that is still to come */
	}
	for (int key = CATEGORIES; key <= CATEGORY_SIZES; key++)
	{
		if (spans[key].start == NULL && marked > 0)
			return refuse(problem, "tree %u lacks \"%s\"", t->number, tree_keys[key]);
		j[key] = json_at(spans[key]);
		first[key] = true;
	}
	for (int32_t k = 0; k < marked; k++)
	{
		int32_t		segment,
					size,
					before = node;
		uint32_t	place = *used;

		TRY(next_int(&j[CATEGORY_NODES], &first[CATEGORY_NODES], t, CATEGORY_NODES, &node, problem));
		TRY(next_int(&j[CATEGORY_SEGMENTS], &first[CATEGORY_SEGMENTS], t, CATEGORY_SEGMENTS, &segment, problem));
		TRY(next_int(&j[CATEGORY_SIZES], &first[CATEGORY_SIZES], t, CATEGORY_SIZES, &size, problem));
		if (node <= before || node >= t->n || t->set[node] < 0)
			return refuse(problem, "tree %u: categories_nodes has %d after %d, where split_type has no 1", t->number, node, before);
		if (segment != total || size < 1)
			return refuse(problem, "tree %u: the categories of node %d are %d from %d on, not at least 1 from %d on",
						  t->number, node, size, segment, total);
		TRY(read_set(&j[CATEGORIES], &first[CATEGORIES], t, size, sets, used, problem));
		t->set[node] = (int32_t) place;
		total += size;
	}
	for (int key = CATEGORIES; key <= CATEGORY_SIZES; key++)
	{
		if (spans[key].start == NULL)
			continue;
		if (json_element(&j[key], &first[key]))
			return refuse(problem, "tree %u: %s has too many elements", t->number, tree_keys[key]);
		if (j[key].problem != NULL)
			return refuse(problem, "tree %u: %s: %s", t->number, tree_keys[key], j[key].problem);
	}
	return CORE_OK;
}

/* The children of a node, if it is sound. */
static core_status
check_node(const raw_tree *t, int32_t i, uint32_t features, forest_problem *problem)
{
	int32_t		children[2] = {t->left[i], t->right[i]};

	if (children[0] == -1 && children[1] == -1)
		return CORE_OK;
	for (int k = 0; k < 2; k++)
	{
		if (children[k] <= 0 || children[k] >= t->n)
			return refuse(problem, "tree %u: node %d has a child %d, not in 1 to %d", t->number, i, children[k], t->n - 1);
		if (t->parent[children[k]] != i)
			return refuse(problem, "tree %u: node %d has the child %d, whose parent is %d",
						  t->number, i, children[k], t->parent[children[k]]);
	}
	if (t->feature[i] < 0 || (uint32_t) t->feature[i] >= features)
		return refuse(problem, "tree %u: node %d splits by feature %d of %u", t->number, i, t->feature[i], features);
	if (t->default_left[i] != 0 && t->default_left[i] != 1)
		return refuse(problem, "tree %u: default_left of node %d is %d", t->number, i, t->default_left[i]);
	return CORE_OK;
}

/*
 * Walk the tree level by level from its root and number its nodes so that
 * siblings are neighbours. A node met twice is a cycle or a shared child.
 */
static core_status
lay_out(raw_tree *t, uint32_t features, uint32_t *depth, int32_t *laid, forest_problem *problem)
{
	int32_t		n = 1,
				level_end = 1;

	for (int32_t i = 0; i < t->n; i++)
		t->place[i] = -1;
	t->order[0] = 0;
	t->place[0] = 0;
	*depth = 0;
	for (int32_t i = 0; i < n; i++)
	{
		int32_t		node = t->order[i];

		if (i == level_end)
		{
			level_end = n;
			if (++*depth > FOREST_MAX_DEPTH)
				return refuse(problem, "tree %u is deeper than %d", t->number, FOREST_MAX_DEPTH);
		}
		TRY(check_node(t, node, features, problem));
		if (t->left[node] == -1)
			continue;
		for (int k = 0; k < 2; k++)
		{
			int32_t		child = k ? t->right[node] : t->left[node];

			if (t->place[child] >= 0)
				return refuse(problem, "tree %u: node %d is reached twice", t->number, child);
			t->place[child] = n;
			t->order[n++] = child;
		}
	}
	*laid = n;
	return CORE_OK;
}

/* What no path reaches must have been marked as pruned, and counted. */
static core_status
check_deleted(const raw_tree *t, forest_problem *problem)
{
	uint32_t	deleted = 0;

	for (int32_t i = 0; i < t->n; i++)
	{
		if (t->place[i] >= 0)
			continue;
		if (t->feature[i] != DELETED)
			return refuse(problem, "tree %u: node %d is never reached", t->number, i);
		deleted++;
	}
	if (deleted != t->deleted)
		return refuse(problem, "tree %u: num_deleted is %u, but %u nodes are never reached", t->number, t->deleted, deleted);
	return CORE_OK;
}

/* XGBoost's own numbering does when siblings are neighbours and nothing was pruned. */
static void
keep_numbering(raw_tree *t, int32_t laid)
{
	if (laid != t->n)
		return;
	for (int32_t i = 0; i < t->n; i++)
		if (t->left[i] != -1 && t->right[i] != t->left[i] + 1)
			return;
	for (int32_t i = 0; i < t->n; i++)
		t->order[i] = t->place[i] = i;
}

static core_status
read_tree_param(const json_span *spans, raw_tree *t, uint32_t features, forest_problem *problem)
{
	static const char *const keys[] = {"num_nodes", "num_deleted", "num_feature", "size_leaf_vector"};
	json_span	param[4];
	uint32_t	value;
	char		what[60];

	snprintf(what, sizeof(what), "tree_param of tree %u", t->number);
	TRY(members(spans[TREE_PARAM], what, keys, param, 4, 1, problem));
	TRY(whole(param[0], "num_nodes", 1, FOREST_MAX_NODES, &value, problem));
	if ((int32_t) value != t->n)
		return refuse(problem, "tree %u: num_nodes is %u, but there are %d", t->number, value, t->n);
	t->deleted = 0;
	if (param[1].start != NULL)
		TRY(whole(param[1], "num_deleted", 0, FOREST_MAX_NODES, &t->deleted, problem));
	if (param[2].start != NULL)
	{
		TRY(whole(param[2], "num_feature", 0, FOREST_MAX_FEATURES, &value, problem));
		if (value > features)
			return refuse(problem, "tree %u: num_feature is %u, more than the forest's %u", t->number, value, features);
	}
	if (param[3].start != NULL)
	{
		TRY(whole(param[3], "size_leaf_vector", 0, INT32_MAX, &value, problem));
		if (value > 1)
			return refuse(problem, "tree %u: leaves that are vectors (size_leaf_vector %u) are not supported", t->number, value);
	}
	return CORE_OK;
}

/* Where the parts of an image are that is being written. */
typedef struct parts
{
	forest_image *head;
	forest_tree *trees;
	forest_node *nodes;
	uint32_t   *sets;
	float	   *cover;
	float	   *gain;
	float	   *weight;
	uint32_t	used;			/* nodes laid out so far */
	uint32_t	sets_used;
} parts;

static core_status
read_tree(json *j, raw_tree *t, parts *to, forest_problem *problem)
{
	json_span	spans[TREE_KEYS];
	forest_tree *tree = &to->trees[t->number];
	forest_node *nodes = to->nodes + to->used;
	int32_t		laid = 0;
	uint32_t	n;

	if (!json_members(j, tree_keys, spans, TREE_KEYS))
		return refuse(problem, "tree %u: %s", t->number, j->problem);
	for (int i = 0; i <= WEIGHT; i++)
		if (spans[i].start == NULL)
			return refuse(problem, "tree %u lacks \"%s\"", t->number, tree_keys[i]);
	TRY(count_elements(spans[LEFT], tree_keys[LEFT], t->number, &n, problem));
	t->n = (int32_t) n;
	TRY(read_tree_param(spans, t, to->head->features, problem));
	TRY(ints(spans, LEFT, t, t->left, problem));
	TRY(ints(spans, RIGHT, t, t->right, problem));
	TRY(ints(spans, PARENT, t, t->parent, problem));
	TRY(ints(spans, FEATURE, t, t->feature, problem));
	TRY(ints(spans, DEFAULT_LEFT, t, t->default_left, problem));
	TRY(read_categories(spans, t, to->sets, &to->sets_used, problem));
	TRY(lay_out(t, to->head->features, &tree->depth, &laid, problem));
	TRY(check_deleted(t, problem));
	keep_numbering(t, laid);

	TRY(floats(spans, CONDITION, t, &nodes->value, sizeof(forest_node), problem));
	TRY(floats(spans, HESSIAN, t, to->cover + to->used, sizeof(float), problem));
	TRY(floats(spans, LOSS, t, to->gain + to->used, sizeof(float), problem));
	TRY(floats(spans, WEIGHT, t, to->weight + to->used, sizeof(float), problem));
	for (int32_t i = 0; i < laid; i++)
	{
		int32_t		node = t->order[i];
		bool		leaf = t->left[node] == -1;

		nodes[i].slot = leaf ? 2 * to->head->features : 2 * (uint32_t) t->feature[node] + !t->default_left[node];
		if (t->set[node] >= 0 && !leaf)
		{
			nodes[i].slot |= FOREST_CATEGORICAL;
			memcpy(&nodes[i].value, &t->set[node], sizeof(float));
		}
		nodes[i].left = to->used + (leaf ? i : t->place[t->left[node]]);
		if (to->cover[to->used + i] < 0)
			return refuse(problem, "tree %u: sum_hessian of node %d is negative", t->number, node);
	}
	tree->root = to->used;
	to->used += laid;
	return CORE_OK;
}

static core_status
read_groups(const forest_source *source, forest_tree *trees, forest_problem *problem)
{
	json		j = json_at(source->tree_info);
	bool		first = true;
	uint32_t	n = 0;

	while (json_element(&j, &first))
	{
		int32_t		group;

		if (n == source->head.trees)
			return refuse(problem, "tree_info has more than %u elements", source->head.trees);
		if (!json_int(&j, &group))
			break;
		if (group < 0 || (uint32_t) group >= source->head.groups)
			return refuse(problem, "tree %u belongs to group %d of %u", n, group, source->head.groups);
		trees[n++].group = (uint32_t) group;
	}
	if (j.problem != NULL)
		return refuse(problem, "tree_info: %s", j.problem);
	if (n != source->head.trees)
		return refuse(problem, "tree_info has %u elements, not %u", n, source->head.trees);
	return CORE_OK;
}

static core_status
read_tree_weights(const forest_source *source, float *weights, forest_problem *problem)
{
	json		j = json_at(source->tree_weights);
	bool		first = true;
	uint32_t	n = 0;

	while (json_element(&j, &first))
	{
		if (n == source->head.trees)
			return refuse(problem, "weight_drop has more than %u elements", source->head.trees);
		if (!json_float(&j, &weights[n]))
			break;
		n++;
	}
	if (j.problem != NULL)
		return refuse(problem, "weight_drop: %s", j.problem);
	if (n != source->head.trees)
		return refuse(problem, "weight_drop has %u elements, not %u", n, source->head.trees);
	return CORE_OK;
}

static void
copy_texts(const forest_source *source, const forest *f)
{
	for (int i = 0; i < FOREST_TEXTS; i++)
	{
		const char *from = source->texts[i].start;
		char	   *to = (char *) f->texts[i];

		if (source->head.text_length[i] == 0)
			continue;
		if (i != FOREST_MODEL_PARAM || !source->base_in_brackets)
		{
			memcpy(to, from, source->head.text_length[i]);
			continue;
		}
		for (; from < source->texts[i].end; from++)
			if (from < source->base_score.start || from >= source->base_score.end || (*from != '[' && *from != ']'))
				*to++ = *from;
	}
}

core_status
forest_read(const forest_source *source, void *image, void *scratch, forest_problem *problem)
{
	parts		to;
	raw_tree	t;
	int32_t    *room = scratch;
	json		j = json_at(source->trees);
	bool		first = true;
	forest		f;

	memset(image, 0, source->image_size);
	to.head = image;
	*to.head = source->head;
	forest_view(&f, image);
	to.trees = (forest_tree *) f.trees;
	to.nodes = (forest_node *) f.nodes;
	to.sets = (uint32_t *) f.sets;
	to.cover = (float *) f.cover;
	to.gain = (float *) f.gain;
	to.weight = (float *) f.weight;
	to.used = 0;
	to.sets_used = 0;
	t.left = room;
	t.right = t.left + source->largest;
	t.parent = t.right + source->largest;
	t.feature = t.parent + source->largest;
	t.default_left = t.feature + source->largest;
	t.set = t.default_left + source->largest;
	t.order = t.set + source->largest;
	t.place = t.order + source->largest;

	TRY(read_base_scores(source, (float *) f.base, problem));
	if (f.tree_weight != NULL)
		TRY(read_tree_weights(source, (float *) f.tree_weight, problem));
	TRY(read_groups(source, to.trees, problem));
	for (t.number = 0; json_element(&j, &first); t.number++)
		TRY(read_tree(&j, &t, &to, problem));

	/* pruned nodes left a gap after the others: close it */
	if (to.used < to.head->nodes)
	{
		to.head->nodes = to.used;
		forest_view(&f, image);
		memmove((uint32_t *) f.sets, to.sets, sizeof(uint32_t) * to.sets_used);
		memmove((float *) f.cover, to.cover, sizeof(float) * to.used);
		memmove((float *) f.gain, to.gain, sizeof(float) * to.used);
		memmove((float *) f.weight, to.weight, sizeof(float) * to.used);
	}
	copy_texts(source, &f);
	return CORE_OK;
}
