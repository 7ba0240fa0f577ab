#include "core/markov.h"

#include <math.h>
#include <string.h>

size_t
markov_space(int teams)
{
	return (size_t) teams * teams;
}

/* Marks who is reached from a team along its votes, or along them backwards; how many were not marked before. */
static int
reach(const double *vote, int teams, int from, bool backwards, int *reached, int *stack)
{
	int			depth = 0,
				found = 1;

	reached[from] = 1;
	stack[depth++] = from;
	while (depth > 0)
	{
		int			at = stack[--depth];

		for (int t = 0; t < teams; t++)
			if (!reached[t] && (backwards ? vote[(size_t) t * teams + at] : vote[(size_t) at * teams + t]) > 0)
			{
				reached[t] = 1;
				found++;
				stack[depth++] = t;
			}
	}
	return found;
}

/* The shares of votes, of who has none for all alike. */
static core_status
cast(const match *rows, long n, int teams, double prior, double *vote)
{
	memset(vote, 0, markov_space(teams) * sizeof(double));
	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];
		double		home = m->home_score > m->away_score ? 0 : m->home_score < m->away_score ? 1 : 0.5;

		vote[(size_t) m->home * teams + m->away] += home * m->weight;
		vote[(size_t) m->away * teams + m->home] += (1 - home) * m->weight;
	}
	for (int t = 0; t < teams; t++)
	{
		double	   *of = vote + (size_t) t * teams,
					sum = prior;

		for (int i = 0; i < teams; i++)
			sum += of[i];
		if (isinf(sum))
			return CORE_INVALID;
		for (int i = 0; i < teams; i++)
			of[i] = sum > 0 ? (of[i] + prior / teams) / sum : 1.0 / teams;
	}
	return CORE_OK;
}

/* The chain's lasting shares by Grassmann, Taksar and Heyman's elimination, in which nothing is subtracted. */
static core_status
settle(double *vote, int n, double *share, void (*check) (void))
{
	double		sum = 1;

	for (int k = n - 1; k > 0; k--)
	{
		const double *row = vote + (size_t) k * n;
		double		left = 0;

		check();
		for (int j = 0; j < k; j++)
			left += row[j];
		if (!(left > 0))
			return CORE_INVALID;
		for (int i = 0; i < k; i++)
		{
			double	   *of = vote + (size_t) i * n;

			of[k] /= left;
			if (of[k] > 0)
				for (int j = 0; j < k; j++)
					of[j] += of[k] * row[j];
		}
	}
	share[0] = 1;
	for (int k = 1; k < n; k++)
	{
		share[k] = 0;
		for (int i = 0; i < k; i++)
			share[k] += share[i] * vote[(size_t) i * n + k];
		sum += share[k];
	}
	for (int k = 0; k < n; k++)
		share[k] /= sum;
	return isfinite(sum) ? CORE_OK : CORE_INVALID;
}

core_status
markov_ratings(const match *rows, long n, int teams, double prior, double *ratings, int *from, int *to,
			   double *work, int *ints, void (*check) (void))
{
	int		   *reached = ints,
			   *stack = ints + teams;
	int			members = 0;

	if (cast(rows, n, teams, prior, work) != CORE_OK)
		return CORE_INVALID;

	/* The last team that none before it leads to is led to by all, if any is. */
	memset(reached, 0, teams * sizeof(int));
	for (int t = 0; t < teams; t++)
		if (!reached[t])
		{
			*to = t;
			(void) reach(work, teams, t, true, reached, stack);
		}
	memset(reached, 0, teams * sizeof(int));
	if (reach(work, teams, *to, true, reached, stack) < teams)
	{
		for (*from = 0; reached[*from]; ++*from)
			;
		return CORE_NO_SOLUTION;
	}

	/* Votes that have come among these stay there: the others keep nothing. */
	memset(reached, 0, teams * sizeof(int));
	members = reach(work, teams, *to, false, reached, stack);
	if (members < teams)
		for (int i = 0, row = 0; i < teams; i++)
			if (reached[i])
			{
				for (int j = 0, column = 0; j < teams; j++)
					if (reached[j])
						work[(size_t) row * members + column++] = work[(size_t) i * teams + j];
				row++;
			}
	if (settle(work, members, ratings, check) != CORE_OK)
		return CORE_INVALID;
	for (int t = teams - 1; members < teams && t >= 0; t--)
		ratings[t] = reached[t] ? ratings[--members] : 0;
	return CORE_OK;
}
