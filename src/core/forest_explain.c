/* Exact Shapley values of a row under a forest: what forest_explain() of core/forest.h promises. */
#include "core/forest.h"

#include <math.h>
#include <string.h>

/* One feature on the path to a leaf: the share of training rows that the path keeps, and whether this row stays on it. */
typedef struct player
{
	double		share;
	double		stays;			/* 1 or 0 */
	double		sum;
	uint32_t	feature;
} player;

/* A node still to be visited, and the edge that leads to it. */
typedef struct visit
{
	uint32_t	node;
	uint32_t	depth;
	player		edge;
} visit;

/* Gauss-Legendre rules on (0, 1), of 1, 2, ... points: rule q starts at q(q-1)/2. */
typedef struct rules
{
	double	   *at;
	double	   *weight;
} rules;

typedef struct explainer
{
	const forest *f;
	const float *row;
	rules		rules;
	player	   *edges;			/* the path as it is */
	player	   *players;		/* the path by feature */
	double	   *factors;
	visit	   *stack;
	int32_t    *seat;			/* feature -> place among players, -1 */
} explainer;

static uint32_t
deepest(const forest *f)
{
	uint32_t	depth = 1;

	for (uint32_t i = 0; i < f->image->trees; i++)
		depth = f->trees[i].depth > depth ? f->trees[i].depth : depth;
	return depth;
}

static size_t
rule_points(uint32_t depth)
{
	size_t		largest = (depth + 1) / 2;

	return largest * (largest + 1) / 2;
}

size_t
forest_explain_scratch(const forest *f)
{
	uint32_t	depth = deepest(f);

	return 2 * sizeof(double) * rule_points(depth) + sizeof(double) * depth + 2 * sizeof(player) * depth +
		sizeof(visit) * (depth + 2) + sizeof(int32_t) * (size_t) f->image->features;
}

/* Newton's method on the Legendre polynomial, from the classical first guess. */
static void
make_rule(int n, double *at, double *weight)
{
	for (int i = 0; i < n; i++)
	{
		double		x = cos(3.14159265358979323846 * (i + 0.75) / (n + 0.5));
		double		slope = 1;

		for (int round = 0; round < 100; round++)
		{
			double		p = 1,
						before = 0,
						dx;

			for (int k = 1; k <= n; k++)
			{
				double		next = ((2 * k - 1) * x * p - (k - 1) * before) / k;

				before = p;
				p = next;
			}
			slope = n * (x * p - before) / (x * x - 1);
			dx = p / slope;
			x -= dx;
			if (fabs(dx) < 1e-15)
				break;
		}
		at[i] = (1 - x) / 2;
		weight[i] = 1 / ((1 - x * x) * slope * slope);
	}
}

/* A feature that splits twice on a path is one player. Gives their number. */
static int
seat_players(explainer *e, uint32_t depth)
{
	int			n = 0;

	for (uint32_t d = 0; d < depth; d++)
	{
		player	   *edge = &e->edges[d];
		int32_t    *seat = &e->seat[edge->feature];

		if (*seat < 0)
		{
			*seat = n;
			e->players[n] = *edge;
			e->players[n++].sum = 0;
		}
		else
		{
			e->players[*seat].share *= edge->share;
			e->players[*seat].stays *= edge->stays;
		}
	}
	for (int i = 0; i < n; i++)
		e->seat[e->players[i].feature] = -1;
	return n;
}

/*
 * A leaf is the game v(S) = value * prod(in S: stays) * prod(not in S: share),
 * and the Shapley value of a product game is an integral of a polynomial:
 *   phi_i = value (stays_i - share_i) int_0^1 prod_{j<>i} (share_j + (stays_j - share_j) t) dt,
 * which Gauss-Legendre gives exactly, by adding positive terms only.
 */
static void
share_leaf(explainer *e, double value, int n, double *phi)
{
	int			points = (n + 1) / 2;
	const double *at = e->rules.at + points * (points - 1) / 2;
	const double *weight = e->rules.weight + points * (points - 1) / 2;
	double		expected = value;

	for (int i = 0; i < n; i++)
		expected *= e->players[i].share;
	phi[0] += expected;
	for (int i = 0; i < n; i++)
		if (e->players[i].share == 0 && e->players[i].stays == 0)
			return;				/* nothing ever reaches this leaf */
	for (int q = 0; q < points; q++)
	{
		double		product = value * weight[q];

		for (int i = 0; i < n; i++)
		{
			e->factors[i] = e->players[i].share + (e->players[i].stays - e->players[i].share) * at[q];
			product *= e->factors[i];
		}
		for (int i = 0; i < n; i++)
			e->players[i].sum += product / e->factors[i];
	}
	for (int i = 0; i < n; i++)
		phi[1 + e->players[i].feature] += (e->players[i].stays - e->players[i].share) * e->players[i].sum;
}

/* Put a node on the stack, with the edge that leads to it. */
static void
push(explainer *e, int *top, uint32_t node, uint32_t depth, player edge)
{
	e->stack[*top].node = node;
	e->stack[*top].depth = depth;
	e->stack[(*top)++].edge = edge;
}

static core_status
explain_tree(explainer *e, uint32_t root, double weight, double *phi)
{
	const forest *f = e->f;
	int			top = 0;

	push(e, &top, root, 0, (player) {0});
	while (top > 0)
	{
		visit		now = e->stack[--top];
		const forest_node *node = &f->nodes[now.node];
		uint32_t	taken;

		if (now.depth > 0)
			e->edges[now.depth - 1] = now.edge;
		if (forest_is_leaf(f, now.node))
		{
			share_leaf(e, node->value * weight, seat_players(e, now.depth), phi);
			continue;
		}
		if (!(f->cover[now.node] > 0))
			return CORE_INVALID;
		taken = forest_next(f, e->row, now.node);
		for (uint32_t child = node->left; child <= node->left + 1; child++)
			push(e, &top, child, now.depth + 1, (player)
				 {
					 .share = (double) f->cover[child] / f->cover[now.node],
					 .stays = child == taken,
					 .feature = forest_feature(node)
				 });
	}
	return CORE_OK;
}

core_status
forest_explain(const forest *f, const float *row, void *scratch, double *phi)
{
	uint32_t	depth = deepest(f);
	size_t		points = rule_points(depth);
	size_t		width = (size_t) f->image->features + 1;
	explainer	e = {.f = f, .row = row};

	e.rules.at = scratch;
	e.rules.weight = e.rules.at + points;
	e.factors = e.rules.weight + points;
	e.edges = (player *) (e.factors + depth);
	e.players = e.edges + depth;
	e.stack = (visit *) (e.players + depth);
	e.seat = (int32_t *) (e.stack + depth + 2);
	for (uint32_t q = 1; q <= (depth + 1) / 2; q++)
		make_rule(q, e.rules.at + q * (q - 1) / 2, e.rules.weight + q * (q - 1) / 2);
	for (uint32_t i = 0; i < f->image->features; i++)
		e.seat[i] = -1;

	memset(phi, 0, sizeof(double) * width * f->image->groups);
	for (uint32_t g = 0; g < f->image->groups; g++)
		phi[width * g] = f->base[g];
	for (uint32_t i = 0; i < f->image->trees; i++)
		if (explain_tree(&e, f->trees[i].root, f->tree_weight ? f->tree_weight[i] : 1, phi + width * f->trees[i].group) != CORE_OK)
			return CORE_INVALID;
	return CORE_OK;
}
