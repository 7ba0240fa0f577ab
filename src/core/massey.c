#include "core/massey.h"

#include <math.h>
#include <string.h>

#include "core/cholesky.h"

/* Solutions are put right by what they miss, game by game. */
#define REFINEMENTS 2

size_t
massey_space(int teams)
{
	size_t		n = (size_t) teams + 1;

	return n * n + 4 * n;
}

/* Factors a with a unit diagonal and the direction of all teams filled, when gauge: no equation speaks of it. */
static core_status
factor(double *a, int n, int teams, bool gauge, double *scale, void (*check) (void))
{
	double		length = 0;

	for (int i = 0; i < n; i++)
	{
		double		diagonal = a[(size_t) i * n + i];

		if (!(diagonal > 0) || isinf(diagonal))
			return CORE_NO_SOLUTION;
		scale[i] = 1 / sqrt(diagonal);
		if (i < teams)
			length += diagonal;
	}
	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++)
		{
			a[(size_t) i * n + j] *= scale[i] * scale[j];
			if (gauge && i < teams)
				a[(size_t) i * n + j] += 1 / (scale[i] * scale[j] * length);
		}
	return cholesky_factor(a, n, check);
}

/* x += the solution of what is missing */
static void
correct(const double *a, int n, const double *scale, double *missing, double *x)
{
	for (int i = 0; i < n; i++)
		missing[i] *= scale[i];
	cholesky_solve(a, n, missing);
	for (int i = 0; i < n; i++)
		x[i] += missing[i] * scale[i];
}

/* Margins: each game says rating[home] - rating[away] + home advantage = margin. */
static core_status
rate(const match *rows, long n, int teams, bool home, massey_fit *fit, double *a, double *scale, double *missing, double *x, void (*check) (void))
{
	int			size = teams + home;
	double		mean = 0;

	memset(a, 0, (size_t) size * size * sizeof(double));
	memset(x, 0, size * sizeof(double));
	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];
		int			high = m->home > m->away ? m->home : m->away;
		int			low = m->home + m->away - high;

		a[(size_t) m->home * size + m->home] += m->weight;
		a[(size_t) m->away * size + m->away] += m->weight;
		a[(size_t) high * size + low] -= m->weight;
		if (home && !m->neutral)
		{
			a[(size_t) teams * size + m->home] += m->weight;
			a[(size_t) teams * size + m->away] -= m->weight;
			a[(size_t) teams * size + teams] += m->weight;
		}
	}
	if (factor(a, size, teams, true, scale, check) != CORE_OK)
		return CORE_NO_SOLUTION;
	for (int turn = 0; turn <= REFINEMENTS; turn++)
	{
		memset(missing, 0, size * sizeof(double));
		for (long i = 0; i < n; i++)
		{
			const match *m = &rows[i];
			bool		edge = home && !m->neutral;
			double		off = m->weight * ((double) m->home_score - m->away_score - (x[m->home] - x[m->away]) - (edge ? x[teams] : 0));

			missing[m->home] += off;
			missing[m->away] -= off;
			if (edge)
				missing[teams] += off;
		}
		correct(a, size, scale, missing, x);
	}
	for (int t = 0; t < teams; t++)
		mean += x[t] / teams;
	for (int t = 0; t < teams; t++)
		fit->ratings[t] = x[t] - mean;
	fit->home_advantage = home ? x[teams] : 0;
	return CORE_OK;
}

/*
 * Points: what a team scored in all is the sum of its offence - the others' defence, half of home advantage
 * for the one at home and half against the other; with offence = rating - defence.
 */
static core_status
split(const match *rows, long n, int teams, massey_fit *fit, double *a, double *scale, double *missing, double *x, void (*check) (void))
{
	memset(a, 0, (size_t) teams * teams * sizeof(double));
	memset(x, 0, teams * sizeof(double));
	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];
		int			high = m->home > m->away ? m->home : m->away;
		int			low = m->home + m->away - high;

		a[(size_t) m->home * teams + m->home] += m->weight;
		a[(size_t) m->away * teams + m->away] += m->weight;
		a[(size_t) high * teams + low] += m->weight;
	}
	if (factor(a, teams, teams, false, scale, check) != CORE_OK)
		return CORE_NO_SOLUTION;
	for (int turn = 0; turn <= REFINEMENTS; turn++)
	{
		memset(missing, 0, teams * sizeof(double));
		for (long i = 0; i < n; i++)
		{
			const match *m = &rows[i];
			double		half = m->neutral ? 0 : fit->home_advantage / 2;
			double		sum = x[m->home] + x[m->away];

			missing[m->home] += m->weight * (fit->ratings[m->home] - (m->home_score - half) - sum);
			missing[m->away] += m->weight * (fit->ratings[m->away] - (m->away_score + half) - sum);
		}
		correct(a, teams, scale, missing, x);
	}
	for (int t = 0; t < teams; t++)
	{
		fit->defence[t] = x[t];
		fit->offence[t] = fit->ratings[t] - x[t];
	}
	return CORE_OK;
}

core_status
massey_ratings(const match *rows, long n, int teams, bool home, massey_fit *fit, double *work, int *ints, void (*check) (void))
{
	size_t		most = (size_t) teams + 1;
	double	   *scale = work + most * most;
	double	   *missing = scale + most;
	double	   *x = missing + most;
	core_status status = rate(rows, n, teams, home && matches_at_home(rows, n), fit, work, scale, missing, x, check);

	fit->split = status == CORE_OK && matches_odd_circle(rows, n, teams, ints);
	return fit->split ? split(rows, n, teams, fit, work, scale, missing, x, check) : status;
}

double
massey_margin(double home_rating, double away_rating, double home_advantage)
{
	return home_rating - away_rating + home_advantage;
}
