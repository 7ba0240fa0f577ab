/*
 * Gradient boosted trees as XGBoost makes them, in a form that is walked as it
 * is stored. Reading is strict: whatever passes forest_read can be walked
 * without another check. Margins and values are the same float32 that
 * libxgboost 1.7 gives, to the last bit.
 */
#ifndef BET_EDGE_CORE_FOREST_H
#define BET_EDGE_CORE_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/json.h"
#include "core/status.h"

#define FOREST_MAGIC 0x32545246	/* "FRT2" */
#define FOREST_MAX_DEPTH 256
#define FOREST_MAX_FEATURES 100000
#define FOREST_MAX_GROUPS 1000
#define FOREST_MAX_TREES 1000000
#define FOREST_MAX_NODES 30000000
#define FOREST_MAX_CATEGORY ((1 << 24) - 1)	/* float32 counts no further */

typedef enum forest_objective
{
	FOREST_SQUAREDERROR, FOREST_SQUAREDLOGERROR, FOREST_PSEUDOHUBERERROR, FOREST_ABSOLUTEERROR, FOREST_QUANTILEERROR,
	FOREST_REG_LOGISTIC, FOREST_GAMMA, FOREST_TWEEDIE,
	FOREST_LOGISTIC, FOREST_LOGITRAW, FOREST_HINGE, FOREST_POISSON,
	FOREST_SOFTPROB, FOREST_SOFTMAX,
	FOREST_RANK_PAIRWISE, FOREST_RANK_NDCG, FOREST_RANK_MAP,
	FOREST_COX, FOREST_AFT, FOREST_OBJECTIVES
} forest_objective;

/* From margins to values. */
typedef enum forest_link
{
	FOREST_IDENTITY, FOREST_SIGMOID, FOREST_EXP, FOREST_STEP, FOREST_PROBABILITIES, FOREST_LARGEST
} forest_link;

/* XGBoost's name, its name of the objective's parameters (NULL: it has none), and the link. */
typedef struct forest_objective_kind
{
	const char *name;
	const char *param;
	forest_link link;
} forest_objective_kind;

extern const forest_objective_kind forest_objectives[FOREST_OBJECTIVES];

/* Parts of XGBoost's JSON that prediction does not need, kept as they were. */
typedef enum forest_text
{
	FOREST_ATTRIBUTES, FOREST_FEATURE_NAMES, FOREST_FEATURE_TYPES,
	FOREST_MODEL_PARAM, FOREST_OBJECTIVE_PARAM, FOREST_VERSION, FOREST_TEXTS
} forest_text;

/*
 * A node asks whether features[slot] < value. Features stand twice, 2f with
 * -infinity and 2f+1 with +infinity where missing, so the slot also says where
 * a missing value goes. Children are neighbours: left, and left + 1. A leaf
 * asks the slot that always holds -infinity and points to itself; its value is
 * what it adds. A node marked as categorical asks whether features[slot] is
 * none of a set: its value is no float but the place of that set.
 */
typedef struct forest_node
{
	float		value;
	uint32_t	slot;
	uint32_t	left;			/* counted over the whole forest */
} forest_node;

#define FOREST_CATEGORICAL 0x80000000u	/* in slot */

typedef struct forest_tree
{
	uint32_t	root;
	uint32_t	depth;
	uint32_t	group;
} forest_tree;

/*
 * The stored form: this, the base margins of the groups, the weights of the trees (dart only), the
 * trees, the nodes, the sets of categories, three floats a node, the texts. A set is its length, and
 * then its categories in ascending order.
 */
typedef struct forest_image
{
	uint32_t	container;		/* belongs to whoever stores the image */
	uint32_t	magic;
	uint8_t		digest[16];		/* of everything after it, made by whoever stores the image */
	uint32_t	objective;
	uint32_t	features;
	uint32_t	groups;
	uint32_t	trees;
	uint32_t	nodes;
	uint32_t	parallel_trees;
	uint32_t	dart;			/* 1: trees are weighted */
	uint32_t	sets;			/* numbers in the sets of categories */
	uint32_t	text_length[FOREST_TEXTS];
} forest_image;

/* The trees side by side, for processors that walk many at once. */
typedef struct forest_lanes forest_lanes;

/* Where things are in an image. */
typedef struct forest
{
	const forest_image *image;
	const float *base;			/* margin before any tree, a group */
	const float *tree_weight;	/* NULL without dart */
	const forest_tree *trees;
	const forest_node *nodes;
	const uint32_t *sets;
	const float *cover;			/* sum of hessians, a node */
	const float *gain;			/* loss change, a node */
	const float *weight;		/* before the learning rate, a node */
	const char *texts[FOREST_TEXTS];
	const forest_lanes *lanes;	/* NULL: trees are walked by their links */
} forest;

/* What is wrong with a model, in words. */
typedef struct forest_problem
{
	char		text[200];
} forest_problem;

/* A model's text, taken apart as far as is needed to know how large its image is. */
typedef struct forest_source
{
	json_span	texts[FOREST_TEXTS];
	json_span	base_score;
	json_span	trees;
	json_span	tree_info;
	json_span	tree_weights;
	bool		base_in_brackets;	/* of one number: they are left out, older versions do not read them */
	forest_image head;
	uint32_t	largest;		/* nodes of the largest tree */
	size_t		image_size;
	size_t		scratch_size;
} forest_source;

/* XGBoost's JSON, followed by a zero byte. Then make room and read it into an image. */
extern core_status forest_open(const char *text, size_t length, forest_source *source, forest_problem *problem);
extern core_status forest_read(const forest_source *source, void *image, void *scratch, forest_problem *problem);

extern bool forest_is_image(const void *image);
extern size_t forest_size(const forest_image *image);
/* The leading part of an image that prediction needs. */
extern size_t forest_hot_size(const forest_image *image);
extern void forest_view(forest *f, const void *image);

/* The node after this one, when it is not categorical; a leaf comes after itself. */
static inline uint32_t
forest_step(const forest_node *nodes, const float *row, uint32_t at)
{
	const forest_node *node = &nodes[at];

	return node->left + !(row[node->slot] < node->value);
}

extern bool forest_is_leaf(const forest *f, uint32_t node);
extern uint32_t forest_feature(const forest_node *node);
/* The set of a categorical node, NULL of any other. */
extern const uint32_t *forest_set(const forest *f, uint32_t node);
/* The node after this one, of any kind. */
extern uint32_t forest_next(const forest *f, const float *row, uint32_t at);

/* Room for the doubled features of one row, in floats. */
#define FOREST_ROW(features) (2 * (size_t) (features) + 1)
/* Write the doubled row; NaN is missing. CORE_INVALID when a value is infinite: *where is its place. */
extern core_status forest_row(const float *features, uint32_t n, float *row, uint32_t *where);
/* Add the leaves that n rows come to, which stand one after the other, to their margins, one a group. */
extern void forest_add(const forest *f, const float *rows, uint32_t n, float *margins);
/* The same from the forest's base margins on. */
extern void forest_margins(const forest *f, const float *rows, uint32_t n, float *margins);
/* How many values its margins become: one a group, but one in all when only the likeliest class is named. */
extern uint32_t forest_outputs(const forest *f);
/* Margins to values, in place. */
extern void forest_values(const forest *f, float *margins);
/* Margins of classes to their probabilities, in place. */
extern void forest_probabilities(const forest *f, float *margins);

/*
 * Room for the lanes of a forest; 0 when this processor or this kind of forest
 * has no use for them (weights, categories, more than 128 features, trees
 * deeper than 8). The sums are the same with and without, to the last bit.
 */
extern size_t forest_lanes_size(const forest *f);
extern forest_lanes *forest_lanes_make(const forest *f, void *room);
extern void forest_lanes_add(const forest_lanes *lanes, uint32_t groups, const float *rows, uint32_t n, float *margins);

/*
 * Exact Shapley values of the path-dependent game (Lundberg et al. 2018), in
 * units of the margin: phi[group * (features + 1) + 1 + feature], the expected
 * margin at + 0. CORE_INVALID when a node has no cover to weigh its children by.
 */
extern size_t forest_explain_scratch(const forest *f);
extern core_status forest_explain(const forest *f, const float *row, void *scratch, double *phi);

#endif							/* BET_EDGE_CORE_FOREST_H */
