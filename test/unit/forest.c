/*
 * Forests: random trees against a naive walk and against Shapley's own
 * definition; damaged texts under the sanitisers.
 */
#include "core/forest.h"
#include "tap.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 42;

static uint32_t
chance(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t) (seed >> 33) % n;
}

/* ---- a forest read into memory of exactly its size, so that the sanitiser sees every step beyond -- */

typedef struct read_forest
{
	core_status status;
	forest_problem problem;
	void	   *image;
	forest		f;
} read_forest;

static read_forest
read_text(const char *text, size_t length)
{
	read_forest r = {.status = CORE_INVALID};
	forest_source source;
	char	   *copy = malloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	r.problem.text[0] = '\0';
	r.status = forest_open(copy, length, &source, &r.problem);
	if (r.status == CORE_OK)
	{
		void	   *scratch = malloc(source.scratch_size);
		void	   *image = malloc(source.image_size);

		r.status = forest_read(&source, image, scratch, &r.problem);
		free(scratch);
		if (r.status == CORE_OK)
		{
			size_t		size = forest_size(image);

			r.image = memcpy(malloc(size), image, size);
			forest_view(&r.f, r.image);
		}
		free(image);
	}
	free(copy);
	return r;
}

/* ---- random trees as XGBoost would write them --------------------------------------------------- */

#define FEATURES 6
#define NODES 31

typedef struct toy
{
	int			n;
	int			left[NODES],
				right[NODES],
				parent[NODES],
				feature[NODES],
				default_left[NODES],
				categorical[NODES];
	unsigned	listed[NODES];	/* a bit a category */
	float		condition[NODES];
	int			cover[NODES];
} toy;

static uint32_t categorical_percent = 0;

static void
grow(toy *t, int node, int depth)
{
	t->left[node] = t->right[node] = -1;
	t->feature[node] = t->default_left[node] = t->categorical[node] = 0;
	t->condition[node] = (float) ((int) chance(2001) - 1000) / 100;
	if (depth == 4 || t->cover[node] < 2 || chance(8) == 0)
		return;
	t->left[node] = t->n++;
	t->right[node] = t->n++;
	if (chance(4) == 0)			/* siblings in the other order */
	{
		t->left[node]++;
		t->right[node]--;
	}
	t->parent[t->left[node]] = t->parent[t->right[node]] = node;
	t->feature[node] = chance(FEATURES);
	t->default_left[node] = chance(2);
	t->condition[node] = (float) ((int) chance(21) - 10) / 10;
	t->categorical[node] = chance(100) < categorical_percent;
	t->listed[node] = 1 + chance(65535);
	t->cover[t->left[node]] = 1 + chance(t->cover[node] - 1);
	t->cover[t->right[node]] = t->cover[node] - t->cover[t->left[node]];
	grow(t, t->left[node], depth + 1);
	grow(t, t->right[node], depth + 1);
}

static toy
new_toy(void)
{
	toy			t = {.n = 1};

	t.parent[0] = 2147483647;
	t.cover[0] = 1000;
	grow(&t, 0, 0);
	return t;
}

static char *
put_ints(char *to, const char *key, const int *values, int n)
{
	to += sprintf(to, "\"%s\":[", key);
	for (int i = 0; i < n; i++)
		to += sprintf(to, "%s%d", i ? "," : "", values[i]);
	return to + sprintf(to, "],");
}

static char *
put_floats(char *to, const char *key, const float *values, int n)
{
	to += sprintf(to, "\"%s\":[", key);
	for (int i = 0; i < n; i++)
		to += sprintf(to, "%s%.9g", i ? "," : "", values[i]);
	return to + sprintf(to, "],");
}

/* The sets as one list, cut into segments. */
static char *
put_sets(char *to, const toy *t)
{
	int			categories[NODES * 16],
				nodes[NODES],
				segments[NODES],
				sizes[NODES],
				sets = 0,
				n = 0;

	for (int i = 0; i < t->n; i++)
	{
		if (!t->categorical[i])
			continue;
		nodes[sets] = i;
		segments[sets] = n;
		for (int k = 0; k < 16; k++)
			if (t->listed[i] & 1u << k)
				categories[n++] = k;
		sizes[sets] = n - segments[sets];
		sets++;
	}
	to = put_ints(to, "split_type", t->categorical, t->n);
	to = put_ints(to, "categories", categories, n);
	to = put_ints(to, "categories_nodes", nodes, sets);
	to = put_ints(to, "categories_segments", segments, sets);
	return put_ints(to, "categories_sizes", sizes, sets);
}

/* A categorical split has no threshold. */
static char *
put_conditions(char *to, const toy *t)
{
	to += sprintf(to, "\"split_conditions\":[");
	for (int i = 0; i < t->n; i++)
		to += t->categorical[i] ? sprintf(to, "%sNaN", i ? "," : "") : sprintf(to, "%s%.9g", i ? "," : "", t->condition[i]);
	return to + sprintf(to, "],");
}

static char *
put_toy(char *to, const toy *t)
{
	*to++ = '{';
	to = put_ints(to, "left_children", t->left, t->n);
	to = put_ints(to, "right_children", t->right, t->n);
	to = put_ints(to, "parents", t->parent, t->n);
	to = put_ints(to, "split_indices", t->feature, t->n);
	to = put_ints(to, "default_left", t->default_left, t->n);
	to = put_conditions(to, t);
	if (categorical_percent > 0)
		to = put_sets(to, t);
	to = put_ints(to, "sum_hessian", t->cover, t->n);
	to = put_floats(to, "loss_changes", t->condition, t->n);
	to = put_floats(to, "base_weights", t->condition, t->n);
	return to + sprintf(to, "\"tree_param\":{\"num_nodes\":\"%d\"}}", t->n);
}

#define TREES 21
#define GROUPS 3
#define TEXT 100000

static size_t
put_model(char *to, const toy *toys, int groups, const float *weights)
{
	char	   *at = to;
	const char *name = weights ? "{\"name\":\"dart\",\"gbtree\":{\"name\":\"gbtree\"" : "{\"name\":\"gbtree\"";

	at += sprintf(at, "{\"version\":[1,7,4],\"learner\":{\"objective\":%s,", groups > 1 ?
				  "{\"name\":\"multi:softprob\",\"softmax_multiclass_param\":{\"num_class\":\"3\"}}" :
				  "{\"name\":\"reg:squarederror\",\"reg_loss_param\":{\"scale_pos_weight\":\"1\"}}");
	at += sprintf(at, "\"learner_model_param\":{\"base_score\":\"2.5E-1\",\"num_class\":\"%d\",\"num_feature\":\"%d\"},", groups > 1 ? groups : 0, FEATURES);
	at += sprintf(at, "\"gradient_booster\":%s,\"model\":{\"gbtree_model_param\":{\"num_trees\":\"%d\"},\"trees\":[", name, TREES);
	for (int i = 0; i < TREES; i++)
	{
		if (i > 0)
			*at++ = ',';
		at = put_toy(at, &toys[i]);
	}
	at += sprintf(at, "],\"tree_info\":[");
	for (int i = 0; i < TREES; i++)
		at += sprintf(at, "%s%d", i ? "," : "", i % groups);
	at += sprintf(at, "]}");
	if (weights != NULL)
	{
		*at++ = '}';
		*at++ = ',';
		at = put_floats(at, "weight_drop", weights, TREES) - 1;
	}
	at += sprintf(at, "}}}");
	return at - to;
}

/* ---- the naive ways ------------------------------------------------------------------------------ */

static bool
goes_left(const toy *t, int node, const float *x)
{
	float		value = x[t->feature[node]];

	if (isnan(value))
		return t->default_left[node];
	if (t->categorical[node])
		return !(value >= 0 && value < 16 && (t->listed[node] & 1u << (int) value));
	return value < t->condition[node];
}

static float
leaf_of(const toy *t, const float *x)
{
	int			node = 0;

	while (t->left[node] != -1)
		node = goes_left(t, node, x) ? t->left[node] : t->right[node];
	return t->condition[node];
}

/* What is expected of a row of which only these features are known. */
static double
expectation(const toy *t, int node, const float *x, unsigned known)
{
	if (t->left[node] == -1)
		return t->condition[node];
	if (known & 1u << t->feature[node])
		return expectation(t, goes_left(t, node, x) ? t->left[node] : t->right[node], x, known);
	return (t->cover[t->left[node]] * expectation(t, t->left[node], x, known) +
			t->cover[t->right[node]] * expectation(t, t->right[node], x, known)) / t->cover[node];
}

/* Shapley 1953, over all subsets. */
static double
shapley(const toy *t, const float *x, int feature)
{
	static const double factorial[] = {1, 1, 2, 6, 24, 120, 720};
	double		sum = 0;

	for (unsigned others = 0; others < 1u << FEATURES; others++)
	{
		int			n = __builtin_popcount(others);

		if (others & 1u << feature)
			continue;
		sum += factorial[n] * factorial[FEATURES - 1 - n] / factorial[FEATURES] *
			(expectation(t, 0, x, others | 1u << feature) - expectation(t, 0, x, others));
	}
	return sum;
}

static void
random_row(float *x)
{
	for (int i = 0; i < FEATURES; i++)
		x[i] = chance(6) == 0 ? NAN : chance(2) ? (float) ((int) chance(31) - 15) / 10 : (float) ((int) chance(40) - 4) / 2;
}

/* ---- tests ----------------------------------------------------------------------------------------- */

static void
walks_as_the_naive_walk(const toy *toys, const forest *f, int groups, const float *weights)
{
	int			wrong = 0;

	for (int i = 0; i < 2000; i++)
	{
		float		x[FEATURES],
					row[FOREST_ROW(FEATURES)],
					margins[GROUPS],
					want[GROUPS];
		uint32_t	where;

		random_row(x);
		forest_row(x, FEATURES, row, &where);
		forest_margins(f, row, 1, margins);
		for (int g = 0; g < groups; g++)
			want[g] = 0.25f;
		for (int t = 0; t < TREES; t++)
			want[t % groups] += weights ? leaf_of(&toys[t], x) * weights[t] : leaf_of(&toys[t], x);
		for (int g = 0; g < groups; g++)
			wrong += margins[g] != want[g];
	}
	ok(wrong == 0, "2000 rows are walked to the same bits");
}

/* ---- many trees at once --------------------------------------------------------------------------- */

/* A random forest without a text: nodes as they stand in an image. */
static void
random_forest(forest *f, forest_image *image, uint32_t features, uint32_t trees, uint32_t groups, uint32_t depth)
{
	uint32_t	room = trees << (depth + 1),
				n = 0;
	forest_node *nodes = malloc(sizeof(forest_node) * room);
	forest_tree *of = malloc(sizeof(forest_tree) * trees);
	float	   *base = malloc(sizeof(float) * groups);

	*image = (forest_image) {.features = features, .groups = groups, .trees = trees};
	for (uint32_t g = 0; g < groups; g++)
		base[g] = (float) chance(1000) / 300 - 1;
	for (uint32_t i = 0; i < trees; i++)
	{
		uint32_t	level = n,
					d = 0;

		of[i] = (forest_tree) {.root = n++, .group = chance(groups)};
		/* grown level by level; some trees stay shallow, some are a single leaf */
		for (; level < n; d++)
		{
			uint32_t	end = n;

			for (; level < end; level++)
			{
				forest_node *node = &nodes[level];

				node->value = (float) ((int) chance(41) - 20) / (chance(3) ? 10 : 7);
				node->slot = 2 * features;
				node->left = level;
				if (d == depth || chance(d == 0 ? 20 : 7) == 0)
					continue;
				node->slot = chance(2 * features);
				node->left = n;
				n += 2;
			}
			if (n > end)
				of[i].depth = d + 1;
		}
	}
	image->nodes = n;
	*f = (forest) {.image = image, .base = base, .trees = of, .nodes = nodes};
}

static void
naive_margins(const forest *f, const float *x, float *margins)
{
	for (uint32_t g = 0; g < f->image->groups; g++)
		margins[g] = f->base[g];
	for (uint32_t i = 0; i < f->image->trees; i++)
	{
		uint32_t	at = f->trees[i].root;

		while (f->nodes[at].left != at)
		{
			float		value = x[f->nodes[at].slot / 2];
			bool		left = isnan(value) ? f->nodes[at].slot % 2 == 0 : value < f->nodes[at].value;

			at = f->nodes[at].left + !left;
		}
		margins[f->trees[i].group] += f->nodes[at].value;
	}
}

#define ROWS 200				/* more than one block of rows, and no multiple of one */

/* The rows one by one and all together, by links and in lanes. Gives how many sums differ from the naive walk's. */
static long
differences(forest *f, const forest_lanes *lanes)
{
	uint32_t	features = f->image->features,
				groups = f->image->groups,
				where;
	size_t		width = FOREST_ROW(features);
	float	   *x = malloc(sizeof(float) * features),
			   *rows = malloc(sizeof(float) * width * ROWS),
			   *want = malloc(sizeof(float) * groups * ROWS),
			   *singly = malloc(sizeof(float) * groups * ROWS),
			   *together = malloc(sizeof(float) * groups * ROWS);
	long		n = 0;

	for (int r = 0; r < ROWS; r++)
	{
		for (uint32_t i = 0; i < features; i++)
			x[i] = chance(6) == 0 ? NAN : chance(50) == 0 ? FLT_MAX : chance(50) == 0 ? -0.0f : (float) ((int) chance(41) - 20) / (chance(3) ? 10 : 7);
		forest_row(x, features, rows + r * width, &where);
		naive_margins(f, x, want + r * groups);
	}
	for (int way = 0; way < 2; way++)
	{
		f->lanes = way ? lanes : NULL;
		for (int r = 0; r < ROWS; r++)
			forest_margins(f, rows + r * width, 1, singly + r * groups);
		forest_margins(f, rows, ROWS, together);
		for (uint32_t i = 0; i < ROWS * groups; i++)
			n += memcmp(&singly[i], &want[i], sizeof(float)) != 0 || memcmp(&together[i], &want[i], sizeof(float)) != 0;
	}
	free(x);
	free(rows);
	free(want);
	free(singly);
	free(together);
	return n;
}

static void
every_way_gives_the_same_bits(void)
{
	static const uint32_t features[] = {1, 7, 30, 32, 33, 64, 65, 128, 129, 500};
	long		rows = 0,
				in_lanes = 0,
				wrong = 0;
	bool		as_promised = true;

	for (int i = 0; i < 1000; i++)
	{
		forest		f;
		forest_image image;
		uint32_t	depth = i % 100 == 99 ? 10 : chance(9);
		size_t		size;
		void	   *room;

		random_forest(&f, &image, features[i % 10], 1 + chance(40), 1 + (i % 3 == 0) * chance(4), depth);
		size = forest_lanes_size(&f);
		as_promised &= size == 0 || image.features <= 128;
		room = malloc(size);
		wrong += differences(&f, size > 0 ? forest_lanes_make(&f, room) : NULL);
		rows += ROWS;
		in_lanes += size > 0 ? ROWS : 0;
		free(room);
		free((void *) f.base);
		free((void *) f.trees);
		free((void *) f.nodes);
	}
	ok(wrong == 0, "one by one, together, by links and in lanes: the same bits");
	ok(as_promised, "lanes only where they are said to be");
	printf("# %ld rows of 1000 forests, %ld of them in lanes%s\n", rows, in_lanes, in_lanes ? "" : " (this processor has no AVX-512)");
}

static void
explains_as_shapley_defined(const toy *toys, const forest *f, int groups, const float *weights)
{
	void	   *scratch = malloc(forest_explain_scratch(f));
	double		worst = 0,
				worst_sum = 0;
	double		phi[GROUPS * (FEATURES + 1)];

	for (int i = 0; i < 15; i++)
	{
		float		x[FEATURES],
					row[FOREST_ROW(FEATURES)];
		uint32_t	where;

		random_row(x);
		forest_row(x, FEATURES, row, &where);
		forest_explain(f, row, scratch, phi);
		for (int g = 0; g < groups; g++)
		{
			double		margin = 0.25,
						sum = 0;

			for (int t = g; t < TREES; t += groups)
				margin += leaf_of(&toys[t], x) * (double) (weights ? weights[t] : 1);
			for (int feature = -1; feature < FEATURES; feature++)
			{
				double		want = feature < 0 ? 0.25 : 0;

				for (int t = g; t < TREES; t += groups)
					want += (feature < 0 ? expectation(&toys[t], 0, x, 0) : shapley(&toys[t], x, feature)) * (weights ? weights[t] : 1);
				worst = fmax(worst, fabs(phi[g * (FEATURES + 1) + 1 + feature] - want));
				sum += phi[g * (FEATURES + 1) + 1 + feature];
			}
			worst_sum = fmax(worst_sum, fabs(sum - margin));
		}
	}
	free(scratch);
	close_to(worst, 0, 1e-12, "Shapley values are those of the definition");
	close_to(worst_sum, 0, 1e-12, "and sum to the margin added up in double precision");
}

/* An image as earlier versions stored it is not taken for one of ours. */
static void
refuses_other_forms(const forest *f)
{
	forest_image other = *f->image;

	ok(forest_is_image(&other), "an image is known by its mark");
	other.magic = 0x31545246;
	ok(!forest_is_image(&other), "one of an earlier form is not");
}

/* A chain of splits, each by a feature of its own: 256 players at the deepest leaf. */
static void
deep_chain(int depth)
{
	char	   *text = malloc(200000),
			   *at = text;
	int			n = 2 * depth + 1;
	read_forest r;

	at += sprintf(at, "{\"learner\":{\"objective\":{\"name\":\"reg:squarederror\",\"reg_loss_param\":{}},\"learner_model_param\":{\"base_score\":\"0\",\"num_class\":\"0\",\"num_feature\":\"%d\"},", depth);
	at += sprintf(at, "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"gbtree_model_param\":{\"num_trees\":\"1\"},\"tree_info\":[0],\"trees\":[{");
#define ARRAY(key, value) \
	at += sprintf(at, "\"" key "\":["); \
	for (int i = 0; i < n; i++) \
		at += sprintf(at, "%s%d", i ? "," : "", value); \
	at += sprintf(at, "],")
	ARRAY("left_children", i == n - 1 || i % 2 == 1 ? -1 : i + 1);
	ARRAY("right_children", i == n - 1 || i % 2 == 1 ? -1 : i + 2);
	ARRAY("parents", i == 0 ? 2147483647 : (i - 1) / 2 * 2);
	ARRAY("split_indices", i == n - 1 || i % 2 == 1 ? 0 : i / 2);
	ARRAY("default_left", 0);
	ARRAY("split_conditions", i == n - 1 ? 100 : i % 2);
	ARRAY("sum_hessian", i == n - 1 ? 1 : i % 2 == 1 ? 1 : depth + 1 - i / 2);
	ARRAY("loss_changes", 0);
	ARRAY("base_weights", 0);
	at += sprintf(at, "\"tree_param\":{\"num_nodes\":\"%d\"}}]}}}}", n);
	r = read_text(text, at - text);
	free(text);
	if (depth > FOREST_MAX_DEPTH)
		ok(r.status == CORE_INVALID && strstr(r.problem.text, "deeper") != NULL, "a tree that is too deep is refused");
	else
	{
		float	   *x = calloc(depth, sizeof(float)),
				   *row = malloc(sizeof(float) * FOREST_ROW(depth));
		double	   *phi = malloc(sizeof(double) * (depth + 1)),
					sum = 0;
		void	   *scratch = malloc(forest_explain_scratch(&r.f));
		uint32_t	where;
		float		margin;

		ok(r.status == CORE_OK, "a tree of the greatest depth is read");
		forest_row(x, depth, row, &where);
		forest_margins(&r.f, row, 1, &margin);
		close_to(margin, 100, 0, "and walked to its end");
		forest_explain(&r.f, row, scratch, phi);
		for (int i = 0; i <= depth; i++)
			sum += phi[i];
		close_to(sum, 100, 1e-12, "and explained: the contributions sum to the margin");
		free(x);
		free(row);
		free(phi);
		free(scratch);
	}
	free(r.image);
}

/* Whatever is done to the text, it is refused with a reason, or it is a forest that can be walked and explained. */
static bool
survives(const char *text, size_t length, int *refused)
{
	read_forest r = read_text(text, length);
	bool		fine = r.status == CORE_INVALID ? r.problem.text[0] != '\0' : true;

	*refused += r.status != CORE_OK;
	if (r.status == CORE_OK && r.f.image->features == FEATURES && r.f.image->groups <= GROUPS)
	{
		void	   *scratch = malloc(forest_explain_scratch(&r.f));
		double		phi[GROUPS * (FEATURES + 1)];
		float		x[FEATURES],
					row[FOREST_ROW(FEATURES)],
					margins[GROUPS];
		uint32_t	where;

		random_row(x);
		forest_row(x, FEATURES, row, &where);
		forest_margins(&r.f, row, 1, margins);
		forest_values(&r.f, margins);
		forest_explain(&r.f, row, scratch, phi);
		free(scratch);
	}
	free(r.image);
	return fine;
}

static void
damage(const char *text, size_t length)
{
	static const char *const noise = "0123456789-,[]{}:\"eE. \0\\ntf";
	char	   *copy = malloc(length + 20);
	int			survived = 0,
				refused = 0;

	for (int i = 0; i < 1000; i++)
	{
		size_t		n = length;

		memcpy(copy, text, length);
		switch (i % 4)
		{
			case 0:				/* cut short */
				n = chance(length);
				break;
			case 1:				/* bytes of any kind */
				for (int k = chance(10); k >= 0; k--)
					copy[chance(length)] = (char) chance(256);
				break;
			case 2:				/* bytes that JSON knows */
				for (int k = chance(3); k >= 0; k--)
					copy[chance(length)] = noise[chance(27)];
				break;
			default:			/* a digit for a digit: sound JSON, other numbers */
				for (int k = 0; k < 3;)
				{
					size_t		at = chance(length);

					if (copy[at] >= '0' && copy[at] <= '9')
					{
						copy[at] = '0' + chance(10);
						k++;
					}
				}
		}
		survived += survives(copy, n, &refused);
	}
	ok(survived == 1000, "1000 damaged texts are read safely");
	ok(refused > 600 && refused < 1000, "most of them are refused, some are other forests");
	printf("# %d refused\n", refused);
	free(copy);
}

int
main(void)
{
	toy			toys[TREES];
	float		weights[TREES];
	char	   *text = malloc(TEXT);

	for (int i = 0; i < TREES; i++)
		weights[i] = (float) chance(1000) / 999;
	/* one class and three, thresholds only and sets among them, plain and dart */
	for (int kind = 0; kind < 8; kind++)
	{
		int			groups = kind & 1 ? GROUPS : 1;
		const float *dart = kind & 4 ? weights : NULL;
		size_t		length;
		read_forest r;

		categorical_percent = kind & 2 ? 40 : 0;
		for (int i = 0; i < TREES; i++)
			toys[i] = new_toy();
		length = put_model(text, toys, groups, dart);
		r = read_text(text, length);
		ok(r.status == CORE_OK, "random trees are read");
		if (r.status != CORE_OK)
		{
			printf("# %s\n", r.problem.text);
			continue;
		}
		if (kind == 0)
			refuses_other_forms(&r.f);
		walks_as_the_naive_walk(toys, &r.f, groups, dart);
		explains_as_shapley_defined(toys, &r.f, groups, dart);
		free(r.image);
		damage(text, length);
	}
	every_way_gives_the_same_bits();
	categorical_percent = 0;
	deep_chain(FOREST_MAX_DEPTH);
	deep_chain(FOREST_MAX_DEPTH + 1);
	free(text);
	return done_testing();
}
