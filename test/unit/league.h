/* Random sets of matches for the tests of what is fitted to them. */
#ifndef BET_EDGE_TEST_LEAGUE_H
#define BET_EDGE_TEST_LEAGUE_H

#include <stdlib.h>
#include <string.h>

#include "core/dixon_coles.h"
#include "core/matches.h"
#include "core/strength.h"

#include "tap.h"

#define LEAGUE_TEAMS 24
#define LEAGUE_MATCHES 5000

typedef struct league
{
	int			teams;
	long		n;
	match		rows[LEAGUE_MATCHES];
} league;

double		league_attack[LEAGUE_TEAMS],
			league_defence[LEAGUE_TEAMS];
int			league_ints[12 * LEAGUE_TEAMS];
double		league_work[7 * (2 * LEAGUE_TEAMS + 3) + 2 * (2 * LEAGUE_TEAMS + 3) * (2 * LEAGUE_TEAMS + 3)];

static inline void
no_check(void)
{
}

static inline int
poisson(double rate)
{
	double		left = exp(-rate);
	double		p = 1;
	int			k = 0;

	while ((p *= tap_uniform()) > left)
		k++;
	return k;
}

/* Teams of unequal strength; weights: matches count differently; neutral: one in four is. */
static inline void
play(league *l, int teams, long n, double goals, int weights, int neutral)
{
	double		strength[LEAGUE_TEAMS];

	l->teams = teams;
	l->n = n;
	for (int t = 0; t < teams; t++)
		strength[t] = tap_uniform() - 0.5;
	for (long i = 0; i < n; i++)
	{
		int			home = tap_below(teams);
		int			away = (home + 1 + tap_below(teams - 1)) % teams;
		double		edge = strength[home] - strength[away];

		l->rows[i] = (match) {.home = home, .away = away, .home_score = poisson(goals * exp(edge + 0.2)),
		.away_score = poisson(goals * exp(-edge)), .weight = weights ? 0.1 + tap_uniform() : 1, .neutral = neutral && tap_below(4) == 0};
	}
	qsort(l->rows, n, sizeof(match), matches_order);
}

static inline match_finding
league_goals(const league *l, bool prior)
{
	return matches_goals(l->rows, l->n, l->teams, prior, league_ints, no_check);
}

/* ln rates of a match under a fit */
static inline void
league_rates(const strength_fit *fit, const match *m, double *home, double *away)
{
	*home = exp(fit->attack[m->home] + fit->defence[m->away] + (m->neutral ? 0 : fit->home_advantage));
	*away = exp(fit->attack[m->away] + fit->defence[m->home]);
}

static inline double
league_prior(const strength_fit *fit, int teams, double prior)
{
	double		sum = 0,
				a = 0,
				d = 0;

	for (int t = 0; t < teams; t++)
	{
		a += fit->attack[t] / teams;
		d += fit->defence[t] / teams;
	}
	for (int t = 0; t < teams; t++)
		sum += (fit->attack[t] - a) * (fit->attack[t] - a) + (fit->defence[t] - d) * (fit->defence[t] - d);
	return prior / 2 * sum;
}

/*
 * How far the likelihood is from its maximum at a fit: the largest slope along any parameter, by central
 * differences, and the largest gain of random moves. likelihood gives -INFINITY outside its domain.
 */
static inline void
league_around(const league *l, const strength_fit *fit, double prior, int moves,
			  double (*likelihood) (const league *, const strength_fit *), double theta_min, double *slope, double *gain)
{
	double		a[LEAGUE_TEAMS],
				d[LEAGUE_TEAMS];
	strength_fit moved = {.attack = a, .defence = d};
	double		here = likelihood(l, fit) - league_prior(fit, l->teams, prior);
	bool		at_home = matches_at_home(l->rows, l->n);

	*slope = *gain = 0;
	for (int k = 0; k < 2 * l->teams + 2 + moves; k++)
	{
		double		size = k < 2 * l->teams + 2 ? 1e-5 : pow(10, -5 * tap_uniform());
		double		value[2];

		for (int side = 0; side < 2; side++)
		{
			memcpy(a, fit->attack, l->teams * sizeof(double));
			memcpy(d, fit->defence, l->teams * sizeof(double));
			moved.home_advantage = fit->home_advantage;
			moved.theta = fit->theta;
			if (k < 2 * l->teams + 2)
			{
				double	   *x = k < l->teams ? &a[k] : k < 2 * l->teams ? &d[k - l->teams] :
					k == 2 * l->teams ? &moved.home_advantage : &moved.theta;

				if (k == 2 * l->teams && !at_home)
					break;
				*x += side ? size : -size;
			}
			else
			{
				for (int t = 0; t < l->teams; t++)
				{
					a[t] += size * (tap_uniform() - 0.5);
					d[t] += size * (tap_uniform() - 0.5);
				}
				if (at_home)
					moved.home_advantage += size * (tap_uniform() - 0.5);
				moved.theta += size * (tap_uniform() - 0.5);
			}
			if (moved.theta < theta_min)
				moved.theta = theta_min;
			value[side] = likelihood(l, &moved) - league_prior(&moved, l->teams, prior);
			*gain = fmax(*gain, value[side] - here);
		}
		if (k < 2 * l->teams + 1 && !(k == 2 * l->teams && !at_home))
			*slope = fmax(*slope, fabs(value[1] - value[0]) / (2 * size));
	}
}

#endif							/* BET_EDGE_TEST_LEAGUE_H */
