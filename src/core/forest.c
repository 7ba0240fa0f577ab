#include "core/forest.h"

#include <math.h>

#include <string.h>

const forest_objective_kind forest_objectives[FOREST_OBJECTIVES] = {
	[FOREST_SQUAREDERROR] = {"reg:squarederror", "reg_loss_param", FOREST_IDENTITY},
	[FOREST_SQUAREDLOGERROR] = {"reg:squaredlogerror", "reg_loss_param", FOREST_IDENTITY},
	[FOREST_PSEUDOHUBERERROR] = {"reg:pseudohubererror", "pseudo_huber_param", FOREST_IDENTITY},
	[FOREST_ABSOLUTEERROR] = {"reg:absoluteerror", NULL, FOREST_IDENTITY},
	[FOREST_QUANTILEERROR] = {"reg:quantileerror", "quantile_loss_param", FOREST_IDENTITY},
	[FOREST_REG_LOGISTIC] = {"reg:logistic", "reg_loss_param", FOREST_SIGMOID},
	[FOREST_GAMMA] = {"reg:gamma", NULL, FOREST_EXP},
	[FOREST_TWEEDIE] = {"reg:tweedie", "tweedie_regression_param", FOREST_EXP},
	[FOREST_LOGISTIC] = {"binary:logistic", "reg_loss_param", FOREST_SIGMOID},
	[FOREST_LOGITRAW] = {"binary:logitraw", "reg_loss_param", FOREST_IDENTITY},
	[FOREST_HINGE] = {"binary:hinge", NULL, FOREST_STEP},
	[FOREST_POISSON] = {"count:poisson", "poisson_regression_param", FOREST_EXP},
	[FOREST_SOFTPROB] = {"multi:softprob", "softmax_multiclass_param", FOREST_PROBABILITIES},
	[FOREST_SOFTMAX] = {"multi:softmax", "softmax_multiclass_param", FOREST_LARGEST},
	[FOREST_RANK_PAIRWISE] = {"rank:pairwise", "lambda_rank_param", FOREST_IDENTITY},
	[FOREST_RANK_NDCG] = {"rank:ndcg", "lambda_rank_param", FOREST_IDENTITY},
	[FOREST_RANK_MAP] = {"rank:map", "lambda_rank_param", FOREST_IDENTITY},
	[FOREST_COX] = {"survival:cox", NULL, FOREST_EXP},
	[FOREST_AFT] = {"survival:aft", "aft_loss_param", FOREST_EXP},
};

/* ---- the stored form ------------------------------------------------------------------------- */

bool
forest_is_image(const void *image)
{
	return ((const forest_image *) image)->magic == FOREST_MAGIC;
}

size_t
forest_hot_size(const forest_image *image)
{
	return sizeof(forest_image) + sizeof(float) * ((size_t) image->groups + (image->dart ? image->trees : 0)) +
		sizeof(forest_tree) * (size_t) image->trees + sizeof(forest_node) * (size_t) image->nodes +
		sizeof(uint32_t) * (size_t) image->sets;
}

size_t
forest_size(const forest_image *image)
{
	size_t		size = forest_hot_size(image) + 3 * sizeof(float) * (size_t) image->nodes;

	for (int i = 0; i < FOREST_TEXTS; i++)
		size += image->text_length[i];
	return size;
}

void
forest_view(forest *f, const void *image)
{
	const float *after_base;
	const char *text;

	f->image = image;
	f->lanes = NULL;
	f->base = (const float *) (f->image + 1);
	after_base = f->base + f->image->groups;
	f->tree_weight = f->image->dart ? after_base : NULL;
	f->trees = (const forest_tree *) (after_base + (f->image->dart ? f->image->trees : 0));
	f->nodes = (const forest_node *) (f->trees + f->image->trees);
	f->sets = (const uint32_t *) (f->nodes + f->image->nodes);
	f->cover = (const float *) (f->sets + f->image->sets);
	f->gain = f->cover + f->image->nodes;
	f->weight = f->gain + f->image->nodes;
	text = (const char *) (f->weight + f->image->nodes);
	for (int i = 0; i < FOREST_TEXTS; i++)
	{
		f->texts[i] = text;
		text += f->image->text_length[i];
	}
}

bool
forest_is_leaf(const forest *f, uint32_t node)
{
	return f->nodes[node].slot == 2 * f->image->features;
}

uint32_t
forest_feature(const forest_node *node)
{
	return (node->slot & ~FOREST_CATEGORICAL) / 2;
}

const uint32_t *
forest_set(const forest *f, uint32_t node)
{
	uint32_t	place;

	if (!(f->nodes[node].slot & FOREST_CATEGORICAL))
		return NULL;
	memcpy(&place, &f->nodes[node].value, sizeof(place));
	return f->sets + place;
}

/* ---- prediction ------------------------------------------------------------------------------ */

core_status
forest_row(const float *features, uint32_t n, float *row, uint32_t *where)
{
	bool		infinite = false;

	for (uint32_t i = 0; i < n; i++)
	{
		float		x = features[i];

		infinite |= isinf(x) != 0;
		row[2 * i] = isnan(x) ? -INFINITY : x;
		row[2 * i + 1] = isnan(x) ? INFINITY : x;
	}
	row[2 * n] = -INFINITY;
	if (!infinite)
		return CORE_OK;
	for (*where = 0; !isinf(features[*where]); (*where)++)
		;
	return CORE_INVALID;
}

/* Is a category in the set? A fraction counts as the whole number below it. */
static bool
listed(const uint32_t *set, float value)
{
	uint32_t	lo = 1,
				hi = set[0] + 1,
				category;

	if (!(value >= 0 && value <= FOREST_MAX_CATEGORY))
		return false;
	category = (uint32_t) value;
	while (lo < hi)
	{
		uint32_t	middle = lo + (hi - lo) / 2;

		if (set[middle] < category)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo <= set[0] && set[lo] == category;
}

uint32_t
forest_next(const forest *f, const float *row, uint32_t at)
{
	const uint32_t *set = forest_set(f, at);
	float		value;

	if (set == NULL)
		return forest_step(f->nodes, row, at);
	value = row[f->nodes[at].slot & ~FOREST_CATEGORICAL];
	return f->nodes[at].left + (value == INFINITY || listed(set, value));
}

/* Forests with categories or weights: rarer, and slower. */
static void
add_any(const forest *f, const float *row, float *margins)
{
	for (uint32_t i = 0; i < f->image->trees; i++)
	{
		uint32_t	at = f->trees[i].root;
		uint32_t	group = f->trees[i].group;

		for (uint32_t depth = f->trees[i].depth; depth > 0; depth--)
			at = forest_next(f, row, at);
		margins[group] += f->tree_weight == NULL ? f->nodes[at].value : f->nodes[at].value * f->tree_weight[i];
	}
}

/* The trees from this one on, one after the other. */
static void
add_singly(const forest *f, uint32_t first, const float *row, float *margins)
{
	for (uint32_t i = first; i < f->image->trees; i++)
	{
		uint32_t	at = f->trees[i].root;

		for (uint32_t depth = f->trees[i].depth; depth > 0; depth--)
			at = forest_step(f->nodes, row, at);
		margins[f->trees[i].group] += f->nodes[at].value;
	}
}

/* Trees walked at once: their loads wait for memory together. */
#define AT_ONCE 8

static void
add_eight(const forest *f, uint32_t first, const float *row, float *margins)
{
	const forest_tree *trees = f->trees + first;
	uint32_t	at[AT_ONCE];
	uint32_t	depth = 0;

	for (int k = 0; k < AT_ONCE; k++)
	{
		at[k] = trees[k].root;
		depth = trees[k].depth > depth ? trees[k].depth : depth;
	}
	for (; depth > 0; depth--)
	{
#pragma GCC unroll 8
		for (int k = 0; k < AT_ONCE; k++)
			at[k] = forest_step(f->nodes, row, at[k]);
	}
	/* float32 sums in the order of the trees, as libxgboost has them */
	for (int k = 0; k < AT_ONCE; k++)
		margins[trees[k].group] += f->nodes[at[k]].value;
}

void
forest_add(const forest *f, const float *rows, uint32_t n, float *margins)
{
	uint32_t	trees = f->image->trees,
				groups = f->image->groups,
				i = 0;
	size_t		width = FOREST_ROW(f->image->features);

	if (f->lanes != NULL)
		forest_lanes_add(f->lanes, groups, rows, n, margins);
	else if (f->tree_weight != NULL || f->image->sets > 0)
		for (uint32_t r = 0; r < n; r++)
			add_any(f, rows + r * width, margins + r * groups);
	else
	{
		/* a few trees with all rows, so that they stay in the cache */
		for (; i + AT_ONCE <= trees; i += AT_ONCE)
			for (uint32_t r = 0; r < n; r++)
				add_eight(f, i, rows + r * width, margins + r * groups);
		for (uint32_t r = 0; r < n; r++)
			add_singly(f, i, rows + r * width, margins + r * groups);
	}
}

void
forest_margins(const forest *f, const float *rows, uint32_t n, float *margins)
{
	for (uint32_t r = 0; r < n; r++)
		memcpy(margins + r * f->image->groups, f->base, sizeof(float) * f->image->groups);
	forest_add(f, rows, n, margins);
}

uint32_t
forest_outputs(const forest *f)
{
	return forest_objectives[f->image->objective].link == FOREST_LARGEST ? 1 : f->image->groups;
}

static uint32_t
largest_of(const float *margins, uint32_t groups)
{
	uint32_t	largest = 0;

	for (uint32_t g = 1; g < groups; g++)
		if (margins[g] > margins[largest])
			largest = g;
	return largest;
}

/* libxgboost's formulas and roundings: common::Softmax, common::Sigmoid. */
void
forest_probabilities(const forest *f, float *margins)
{
	uint32_t	groups = f->image->groups;
	float		largest = margins[largest_of(margins, groups)];
	double		sum = 0;

	for (uint32_t g = 0; g < groups; g++)
	{
		margins[g] = expf(margins[g] - largest);
		sum += margins[g];
	}
	for (uint32_t g = 0; g < groups; g++)
		margins[g] /= (float) sum;
}

void
forest_values(const forest *f, float *margins)
{
	float		x;

	switch (forest_objectives[f->image->objective].link)
	{
		case FOREST_IDENTITY:
			return;
		case FOREST_SIGMOID:
			x = -margins[0];
			x = x < 88.7f ? x : 88.7f;
			margins[0] = 1.0f / (expf(x) + 1.0f + 1e-16f);
			return;
		case FOREST_EXP:
			margins[0] = expf(margins[0]);
			return;
		case FOREST_STEP:
			margins[0] = margins[0] > 0;
			return;
		case FOREST_PROBABILITIES:
			forest_probabilities(f, margins);
			return;
		case FOREST_LARGEST:
			margins[0] = (float) largest_of(margins, f->image->groups);
			return;
	}
}
