#include "core/matches.h"

/*
 * Nodes whose differences are known: a forest of trees in which each node knows its value minus that of
 * its parent. Joined nodes of one tree are comparable.
 */
typedef struct forest
{
	int		   *parent;
	int		   *above;
} forest;

static void
forest_start(forest *f, int n)
{
	for (int i = 0; i < n; i++)
	{
		f->parent[i] = i;
		f->above[i] = 0;
	}
}

/* The root of i, and i's value minus the root's. Halves the path on its way. */
static int
forest_root(forest *f, int i, int *value)
{
	*value = 0;
	while (f->parent[i] != i)
	{
		int			p = f->parent[i];

		f->above[i] += f->above[p];
		f->parent[i] = f->parent[p];
		*value += f->above[i];
		i = f->parent[i];
	}
	return i;
}

/* Value of i minus value of j is known: does it agree with what was known before? */
static bool
forest_join(forest *f, int i, int j, int difference)
{
	int			vi,
				vj;
	int			ri = forest_root(f, i, &vi);
	int			rj = forest_root(f, j, &vj);

	if (ri == rj)
		return vi - vj == difference;
	/* the higher root goes under the lower: which is which depends on the numbers alone */
	if (ri < rj)
	{
		f->parent[rj] = ri;
		f->above[rj] = vi - vj - difference;
	}
	else
	{
		f->parent[ri] = rj;
		f->above[ri] = difference + vj - vi;
	}
	return true;
}

/* The first node that is not in node 0's tree, or -1. */
static int
forest_apart(forest *f, int n)
{
	int			value;

	for (int i = 1; i < n; i++)
		if (forest_root(f, i, &value) != 0)
			return i;
	return -1;
}

double
matches_scale(match *rows, long *n)
{
	double		largest = 0;
	long		left = 0;

	for (long i = 0; i < *n; i++)
		if (rows[i].weight > largest)
			largest = rows[i].weight;
	for (long i = 0; i < *n; i++)
	{
		rows[left] = rows[i];
		rows[left].weight /= largest;
		left += rows[left].weight > 0;
	}
	*n = left;
	return largest;
}

int
matches_order(const void *a, const void *b)
{
	const match *m = a,
			   *o = b;
	int32_t		ma[5] = {m->home, m->away, m->neutral, m->home_score, m->away_score};
	int32_t		oa[5] = {o->home, o->away, o->neutral, o->home_score, o->away_score};

	for (int k = 0; k < 5; k++)
		if (ma[k] != oa[k])
			return ma[k] < oa[k] ? -1 : 1;
	return (m->weight > o->weight) - (m->weight < o->weight);
}

bool
matches_at_home(const match *rows, long n)
{
	for (long i = 0; i < n; i++)
		if (!rows[i].neutral)
			return true;
	return false;
}

match_finding
matches_compare(const match *rows, long n, int teams, bool home, int *work)
{
	forest		f = {work, work + teams};
	bool		same = true;	/* the teams' differences could make all of home advantage */
	int			apart;

	forest_start(&f, teams);
	for (long i = 0; i < n; i++)
		same &= forest_join(&f, rows[i].home, rows[i].away, !rows[i].neutral);
	apart = forest_apart(&f, teams);
	if (apart >= 0)
		return (match_finding) {MATCHES_APART, 0, apart};
	if (home && same && matches_at_home(rows, n))
		return (match_finding) {MATCHES_NO_HOME, 0, 0};
	return (match_finding) {MATCHES_GOOD, 0, 0};
}

bool
matches_odd_circle(const match *rows, long n, int teams, int *work)
{
	/* each team twice, on either side: an odd circle joins its two */
	forest		f = {work, work + 2 * teams};
	int			value;

	forest_start(&f, 2 * teams);
	for (long i = 0; i < n; i++)
	{
		(void) forest_join(&f, rows[i].home, teams + rows[i].away, 0);
		(void) forest_join(&f, rows[i].away, teams + rows[i].home, 0);
	}
	return forest_root(&f, 0, &value) == forest_root(&f, teams, &value);
}

/* ---- goals: cells of an attack (node i) against a defence (node teams + j, its sign turned) ----- */

typedef struct cell
{
	int			attack;
	int			defence;
	int			home;			/* 1 where home advantage is part of it */
	bool		scored;
} cell;

static cell
cell_of(const match *row, int side, int teams)
{
	return (cell) {side ? row->away : row->home, teams + (side ? row->home : row->away),
		!side && !row->neutral, (side ? row->away_score : row->home_score) > 0};
}

/*
 * The likelihood grows for ever along a direction that leaves every cell with goals as it is and raises
 * none without. Without home advantage in it, the direction moves whole trees of cells with goals, and a
 * cell without goals says that its attack's tree moves no higher than its defence's: none is left when
 * these orders lead from every tree to every other. Two searches show it, from tree 0 and towards it.
 */
static bool
one_order(const match *rows, long n, int teams, forest *scored, int *reached, bool towards, match_finding *finding, void (*check) (void))
{
	bool		more = true;
	int			value;

	for (int i = 0; i < 2 * teams; i++)
		reached[i] = 0;
	reached[forest_root(scored, 0, &value)] = 1;
	while (more)
	{
		check();
		more = false;
		for (long i = 0; i < 2 * n; i++)
		{
			cell		c = cell_of(&rows[i / 2], i % 2, teams);
			int			a = forest_root(scored, c.attack, &value);
			int			d = forest_root(scored, c.defence, &value);

			if (towards ? reached[d] && !reached[a] : reached[a] && !reached[d])
			{
				reached[towards ? a : d] = 1;
				more = true;
			}
		}
	}
	for (long i = 0; i < 2 * n; i++)
	{
		cell		c = cell_of(&rows[i / 2], i % 2, teams);

		if (reached[forest_root(scored, c.attack, &value)] != reached[forest_root(scored, c.defence, &value)])
		{
			*finding = (match_finding) {MATCHES_UNBOUNDED, c.attack, c.defence - teams};
			return false;
		}
	}
	return true;
}

/*
 * With home advantage moving by sign: attack - defence = -sign in cells with goals at home, and no higher
 * in those without. Such differences exist unless some circle of them adds up to less than nothing
 * (Bellman 1958).
 */
static bool
home_moves(const match *rows, long n, int teams, int sign, int *level, void (*check) (void))
{
	for (int i = 0; i < 2 * teams; i++)
		level[i] = 0;
	for (int round = 0; round <= 2 * teams; round++)
	{
		bool		moved = false;

		check();
		for (long i = 0; i < 2 * n; i++)
		{
			cell		c = cell_of(&rows[i / 2], i % 2, teams);
			int			gap = -sign * c.home;

			if (level[c.attack] > level[c.defence] + gap)
			{
				level[c.attack] = level[c.defence] + gap;
				moved = true;
			}
			if (c.scored && level[c.defence] > level[c.attack] - gap)
			{
				level[c.defence] = level[c.attack] - gap;
				moved = true;
			}
		}
		if (!moved)
			return true;
	}
	return false;
}

match_finding
matches_goals(const match *rows, long n, int teams, bool prior, int *work, void (*check) (void))
{
	forest		all = {work, work + 2 * teams};
	forest		scored = {work + 4 * teams, work + 6 * teams};
	int		   *goals = work + 8 * teams;	/* of each attack, against each defence */
	int		   *reached = work + 10 * teams;
	bool		home = matches_at_home(rows, n);
	bool		same = true,
				may_move = home;
	bool		at_home = false,
				elsewhere = false;
	match_finding finding = {MATCHES_GOOD, 0, 0};
	int			apart;

	forest_start(&all, 2 * teams);
	forest_start(&scored, 2 * teams);
	for (int i = 0; i < 2 * teams; i++)
		goals[i] = 0;
	for (long i = 0; i < 2 * n; i++)
	{
		cell		c = cell_of(&rows[i / 2], i % 2, teams);

		same &= forest_join(&all, c.attack, c.defence, -c.home);
		if (!c.scored)
			continue;
		may_move &= forest_join(&scored, c.attack, c.defence, -c.home);
		goals[c.attack] = goals[c.defence] = 1;
		at_home |= c.home;
		elsewhere |= !c.home;
	}

	/* With a prior only the level of goals and home advantage are free. */
	if (prior)
	{
		if (!elsewhere || (home && !at_home))
			finding.fault = MATCHES_HOME_UNBOUNDED;
		return finding;
	}

	for (int i = 0; i < 2 * teams; i++)
		if (!goals[i])
			return (match_finding) {i < teams ? MATCHES_NEVER_SCORED : MATCHES_NEVER_CONCEDED, i % teams, 0};
	apart = forest_apart(&all, 2 * teams);
	if (apart >= 0)
	{
		/* an attack and a defence that no chain joins: of teams that do not meet, or of two groups */
		match_finding meet = matches_compare(rows, n, teams, false, reached);

		if (meet.fault != MATCHES_GOOD)
			return meet;
		return (match_finding) {MATCHES_TWO_SIDED, 0, apart % teams};
	}
	if (home && same)
		return (match_finding) {MATCHES_NO_HOME, 0, 0};
	if (!one_order(rows, n, teams, &scored, reached, false, &finding, check) ||
		!one_order(rows, n, teams, &scored, reached, true, &finding, check))
		return finding;
	if (may_move && (home_moves(rows, n, teams, 1, reached, check) || home_moves(rows, n, teams, -1, reached, check)))
		finding.fault = MATCHES_HOME_UNBOUNDED;
	return finding;
}
