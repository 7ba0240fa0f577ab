#include "core/forest.h"

#include <math.h>

const char *const forest_objectives[] =
{"reg:squarederror", "binary:logistic", "binary:logitraw", "count:poisson", "multi:softprob", NULL};

/* ---- the stored form ------------------------------------------------------------------------- */

bool
forest_is_image(const void *image)
{
	return ((const forest_image *) image)->magic == FOREST_MAGIC;
}

size_t
forest_hot_size(const forest_image *image)
{
	return sizeof(forest_image) + sizeof(forest_tree) * (size_t) image->trees + sizeof(forest_node) * (size_t) image->nodes;
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
	const char *text;

	f->image = image;
	f->trees = (const forest_tree *) (f->image + 1);
	f->nodes = (const forest_node *) (f->trees + f->image->trees);
	f->cover = (const float *) (f->nodes + f->image->nodes);
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

/* Trees walked at once: their loads wait for memory together. */
#define LANES 8

void
forest_margins(const forest *f, const float *row, float *margins)
{
	const forest_tree *trees = f->trees;
	const forest_node *nodes = f->nodes;
	uint32_t	n = f->image->trees,
				i = 0;

	for (uint32_t g = 0; g < f->image->groups; g++)
		margins[g] = f->image->base_margin;
	for (; i + LANES <= n; i += LANES)
	{
		uint32_t	at[LANES];
		uint32_t	depth = 0;

		for (int k = 0; k < LANES; k++)
		{
			at[k] = trees[i + k].root;
			depth = trees[i + k].depth > depth ? trees[i + k].depth : depth;
		}
		for (; depth > 0; depth--)
		{
#pragma GCC unroll 8
			for (int k = 0; k < LANES; k++)
				at[k] = forest_step(nodes, row, at[k]);
		}
		/* float32 sums in the order of the trees, as libxgboost has them */
		for (int k = 0; k < LANES; k++)
			margins[trees[i + k].group] += nodes[at[k]].value;
	}
	for (; i < n; i++)
	{
		uint32_t	at = trees[i].root;

		for (uint32_t depth = trees[i].depth; depth > 0; depth--)
			at = forest_step(nodes, row, at);
		margins[trees[i].group] += nodes[at].value;
	}
}

/* libxgboost's formulas and roundings: common::Sigmoid, common::Softmax. */
void
forest_values(const forest *f, float *margins)
{
	uint32_t	groups = f->image->groups;
	float		x;
	float		largest;
	double		sum = 0;

	switch ((forest_objective) f->image->objective)
	{
		case FOREST_SQUAREDERROR:
		case FOREST_LOGITRAW:
			return;
		case FOREST_LOGISTIC:
			x = -margins[0];
			x = x < 88.7f ? x : 88.7f;
			margins[0] = 1.0f / (expf(x) + 1.0f + 1e-16f);
			return;
		case FOREST_POISSON:
			margins[0] = expf(margins[0]);
			return;
		case FOREST_SOFTPROB:
			largest = margins[0];
			for (uint32_t g = 1; g < groups; g++)
				largest = margins[g] > largest ? margins[g] : largest;
			for (uint32_t g = 0; g < groups; g++)
			{
				margins[g] = expf(margins[g] - largest);
				sum += margins[g];
			}
			for (uint32_t g = 0; g < groups; g++)
				margins[g] /= (float) sum;
			return;
	}
}
