#include "core/colley.h"

#include <math.h>
#include <string.h>

#include "core/cholesky.h"

/* Solutions are put right by what they miss, game by game. */
#define REFINEMENTS 2

size_t
colley_space(int teams)
{
	return (size_t) teams * teams + 2 * (size_t) teams;
}

/* (2 + games) r - sum of opponents' r = 1 + (wins - losses) / 2, for r - 1/2: no 1, and unit in place of 1 game */
core_status
colley_ratings(const match *rows, long n, int teams, double unit, double *ratings, double *work, void (*check) (void))
{
	double	   *a = work;
	double	   *scale = work + (size_t) teams * teams;
	double	   *missing = scale + teams;

	memset(a, 0, (size_t) teams * teams * sizeof(double));
	for (int t = 0; t < teams; t++)
	{
		a[(size_t) t * teams + t] = 2 * unit;
		ratings[t] = 0;
	}
	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];
		int			high = m->home > m->away ? m->home : m->away;
		int			low = m->home + m->away - high;

		a[(size_t) m->home * teams + m->home] += m->weight;
		a[(size_t) m->away * teams + m->away] += m->weight;
		a[(size_t) high * teams + low] -= m->weight;
	}
	for (int t = 0; t < teams; t++)
	{
		if (isinf(a[(size_t) t * teams + t]))
			return CORE_NO_SOLUTION;
		scale[t] = 1 / sqrt(a[(size_t) t * teams + t]);
	}
	for (int i = 0; i < teams; i++)
		for (int j = 0; j <= i; j++)
			a[(size_t) i * teams + j] *= scale[i] * scale[j];
	if (cholesky_factor(a, teams, check) != CORE_OK)
		return CORE_NO_SOLUTION;
	for (int turn = 0; turn <= REFINEMENTS; turn++)
	{
		for (int t = 0; t < teams; t++)
			missing[t] = -2 * unit * ratings[t];
		for (long i = 0; i < n; i++)
		{
			const match *m = &rows[i];
			int			won = (m->home_score > m->away_score) - (m->home_score < m->away_score);
			double		off = m->weight * (won / 2.0 - (ratings[m->home] - ratings[m->away]));

			missing[m->home] += off;
			missing[m->away] -= off;
		}
		for (int t = 0; t < teams; t++)
			missing[t] *= scale[t];
		cholesky_solve(a, teams, missing);
		for (int t = 0; t < teams; t++)
			ratings[t] += missing[t] * scale[t];
	}
	for (int t = 0; t < teams; t++)
		ratings[t] += 0.5;
	return CORE_OK;
}
