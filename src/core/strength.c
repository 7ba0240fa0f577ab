#include "core/strength.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/cholesky.h"

/* Strengths are logarithms: a step this small changes no digit that matters, and Newton squares it. */
#define SMALL_STEP 1e-10
/* How far one step may move a strength. */
#define LONG_STEP 3

/*
 * Parameters in order: attacks, defences, their level where a prior holds them to 0, home advantage, theta.
 * A level of its own is what holding them to their mean comes to, and keeps apart what is stiff and what is not.
 */
typedef struct walk
{
	const strength_problem *p;
	int			n;				/* parameters */
	int			level;			/* place of the level, or -1 */
	int			home;			/* place of home advantage, or -1 */
	int			theta;			/* place of theta, or -1 */
	double	   *x;
	double	   *trial;
	double	   *rate;			/* exp of trial */
	double	   *gradient;
	double	   *scale;
	double	   *gauge;
	double	   *step;
	double	   *hessian;		/* its negative, lower triangle */
	double	   *factor;
} walk;

size_t
strength_space(int teams)
{
	size_t		n = 2 * (size_t) teams + 3;

	return 7 * n + 2 * n * n;
}

static void
walk_start(walk *w, const strength_problem *p, double *work)
{
	w->p = p;
	w->n = 2 * p->teams;
	w->level = p->prior > 0 ? w->n++ : -1;
	w->home = p->home ? w->n++ : -1;
	w->theta = p->theta ? w->n++ : -1;
	w->x = work;
	w->trial = w->x + w->n;
	w->rate = w->trial + w->n;
	w->gradient = w->rate + w->n;
	w->scale = w->gradient + w->n;
	w->gauge = w->scale + w->n;
	w->step = w->gauge + w->n;
	w->hessian = w->step + w->n;
	w->factor = w->hessian + (size_t) w->n * w->n;
}

static void
bend(walk *w, int i, int j, double value)
{
	w->hessian[i >= j ? (size_t) i * w->n + j : (size_t) j * w->n + i] -= value;
}

/* The prior: the less likely, the further from 0. */
static double
hold(walk *w, bool slopes)
{
	double		prior = w->p->prior;
	double		value = 0;

	for (int i = 0; i < 2 * w->p->teams; i++)
	{
		value -= prior * w->trial[i] * w->trial[i] / 2;
		if (slopes)
		{
			w->gradient[i] -= prior * w->trial[i];
			bend(w, i, i, -prior);
		}
	}
	return value;
}

/* The sum at trial, and how much rounding may be in it; with slopes, gradient and hessian. False outside the domain. */
static bool
look(walk *w, bool slopes, double *likelihood, double *objective, double *noise)
{
	const strength_problem *p = w->p;
	int			teams = p->teams;
	double		theta = w->theta >= 0 ? w->trial[w->theta] : 0;
	double		level = w->level >= 0 ? exp(w->trial[w->level]) : 1;
	double		home = w->home >= 0 ? exp(w->trial[w->home]) : 1;

	for (int i = 0; i < 2 * teams; i++)
		w->rate[i] = exp(w->trial[i]);
	if (slopes)
	{
		memset(w->gradient, 0, w->n * sizeof(double));
		memset(w->hessian, 0, (size_t) w->n * w->n * sizeof(double));
	}
	*likelihood = *noise = 0;
	p->check();
	for (long i = 0; i < p->n; i++)
	{
		const match *m = &p->terms[i];
		/* parameters of ln home rate, of ln away rate, theta: which slope each takes */
		int			place[8] = {m->home, teams + m->away, w->level, m->neutral ? -1 : w->home,
		m->away, teams + m->home, w->level, w->theta};
		static const int by[8] = {0, 0, 0, 0, 1, 1, 1, 2};
		strength_slope s;

		if (!p->term(p->model, i, level * w->rate[m->home] * w->rate[teams + m->away] * (m->neutral ? 1 : home),
					 level * w->rate[m->away] * w->rate[teams + m->home], theta, &s))
			return false;
		*likelihood += s.value;
		*noise += 16 * DBL_EPSILON * (1 + fabs(s.value));
		if (!slopes)
			continue;
		for (int a = 0; a < 8; a++)
		{
			if (place[a] < 0)
				continue;
			w->gradient[place[a]] += s.first[by[a]];
			/* a parameter of both rates meets itself from either side */
			for (int b = 0; b <= a; b++)
				if (place[b] >= 0)
					bend(w, place[a], place[b], s.second[by[a]][by[b]] * (a != b && place[a] == place[b] ? 2 : 1));
		}
	}
	*objective = *likelihood + (p->prior > 0 ? hold(w, slopes) : 0);
	return isfinite(*objective);
}

/*
 * (hessian + damping) step = gradient, in parameters scaled to a unit diagonal. Attack and defence of all
 * can be traded for each other: the gauge fills that direction, along which there is no gradient. With a
 * prior it is attacks and defences each that stay at a mean of 0. Theta stays where it is when fixed.
 */
static bool
solve(walk *w, double damping, bool fixed)
{
	int			n = w->n - (fixed ? 1 : 0);
	int			teams = w->p->teams;
	double		length[2] = {0};

	for (int i = 0; i < n; i++)
	{
		double		diagonal = fabs(w->hessian[(size_t) i * w->n + i]);

		if (!(diagonal > 0) || isinf(diagonal))
			return false;
		w->scale[i] = 1 / sqrt(diagonal);
	}
	for (int i = 0; i < 2 * teams; i++)
	{
		w->gauge[i] = w->level >= 0 ? w->scale[i] : i < teams ? 1 / w->scale[i] : -1 / w->scale[i];
		length[w->level >= 0 && i >= teams] += w->gauge[i] * w->gauge[i];
	}
	for (int i = 0; i < 2 * teams; i++)
		w->gauge[i] /= sqrt(length[w->level >= 0 && i >= teams]);
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j <= i; j++)
			w->factor[(size_t) i * n + j] = w->hessian[(size_t) i * w->n + j] * w->scale[i] * w->scale[j];
		if (i < 2 * teams)
			for (int j = w->level >= 0 && i >= teams ? teams : 0; j <= i; j++)
				w->factor[(size_t) i * n + j] += w->gauge[i] * w->gauge[j];
		w->factor[(size_t) i * n + i] += damping;
		w->step[i] = w->gradient[i] * w->scale[i];
	}
	if (cholesky_factor(w->factor, n, w->p->check) != CORE_OK)
		return false;
	cholesky_solve(w->factor, n, w->step);
	for (int i = 0; i < n; i++)
		w->step[i] *= w->scale[i];
	if (fixed)
		w->step[n] = 0;
	return true;
}

/* Newton, damped where the sum is not concave, in steps that do not lower it. */
static core_status
climb(walk *w, double *likelihood)
{
	double		objective,
				noise;
	double		damping = 0;

	memcpy(w->trial, w->x, w->n * sizeof(double));
	if (!look(w, true, likelihood, &objective, &noise))
		return CORE_INVALID;
	for (int turn = 0; turn < w->p->steps; turn++)
	{
		bool		fixed = w->theta >= 0 && w->x[w->theta] <= w->p->theta_min && w->gradient[w->theta] <= 0;
		double		longest = 0,
					share = 1,
					next = 0,
					next_likelihood = 0;
		bool		better = false,
					cut = false;

		while (!solve(w, damping, fixed))
		{
			damping = fmax(damping * 10, 1e-4);
			if (damping > 1e10)
				return CORE_NO_CONVERGENCE;
		}
		for (int i = 0; i < w->n; i++)
			longest = fmax(longest, fabs(w->step[i]));
		if (!isfinite(longest))
			return CORE_NO_CONVERGENCE;
		if (longest > LONG_STEP)
			share = LONG_STEP / longest;
		for (int halving = 0; halving < 60 && !better; halving++, share /= 2)
		{
			cut = false;
			for (int i = 0; i < w->n; i++)
				w->trial[i] = w->x[i] + share * w->step[i];
			if (w->theta >= 0 && w->trial[w->theta] < w->p->theta_min)
			{
				w->trial[w->theta] = w->p->theta_min;
				cut = true;
			}
			better = look(w, false, &next_likelihood, &next, &noise) && next >= objective - noise;
			if (better)
				break;
		}
		if (!better)
		{
			if (damping > 1e6)
				return CORE_NO_CONVERGENCE;
			damping = fmax(damping * 10, 1e-4);
			continue;
		}
		memcpy(w->x, w->trial, w->n * sizeof(double));
		(void) look(w, true, likelihood, &objective, &noise);
		/* Newton's own step, whole: what is left is its square */
		if (longest <= SMALL_STEP && damping == 0 && share == 1 && !cut)
			return CORE_OK;
		damping = damping > 1e-8 ? damping / 10 : 0;
	}
	return CORE_NO_CONVERGENCE;
}

core_status
strength_maximise(const strength_problem *p, strength_fit *fit, double *work)
{
	walk		w;
	double		mean[2] = {0};
	core_status status;
	int			teams = p->teams;

	walk_start(&w, p, work);
	memcpy(w.x, fit->attack, teams * sizeof(double));
	memcpy(w.x + teams, fit->defence, teams * sizeof(double));
	if (w.level >= 0)
	{
		for (int i = 0; i < 2 * teams; i++)
			mean[i >= teams] += w.x[i] / teams;
		for (int i = 0; i < 2 * teams; i++)
			w.x[i] -= mean[i >= teams];
		w.x[w.level] = mean[0] + mean[1];
	}
	if (w.home >= 0)
		w.x[w.home] = fit->home_advantage;
	if (w.theta >= 0)
		w.x[w.theta] = fit->theta;
	status = climb(&w, &fit->log_likelihood);
	if (status == CORE_INVALID)
		return status;
	mean[0] = 0;
	for (int i = 0; i < teams; i++)
		mean[0] += w.x[i] / teams;
	for (int i = 0; i < teams; i++)
	{
		fit->attack[i] = w.x[i] - mean[0];
		fit->defence[i] = w.x[teams + i] + mean[0] + (w.level >= 0 ? w.x[w.level] : 0);
	}
	fit->home_advantage = w.home >= 0 ? w.x[w.home] : 0;
	if (w.theta >= 0)
		fit->theta = w.x[w.theta];
	return status;
}

void
strength_start(const match *rows, long n, int teams, bool home, strength_fit *fit, double *work)
{
	double	   *scored = work;
	double	   *conceded = work + teams;
	double	   *games = work + 2 * (size_t) teams;
	double		at_home[2] = {0},	/* goals and weight of home sides */
				others[2] = {0};
	double		level;

	memset(work, 0, 3 * (size_t) teams * sizeof(double));
	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];
		double	   *side = m->neutral ? others : at_home;

		side[0] += m->weight * m->home_score;
		side[1] += m->weight;
		others[0] += m->weight * m->away_score;
		others[1] += m->weight;
		scored[m->home] += m->weight * m->home_score;
		conceded[m->home] += m->weight * m->away_score;
		scored[m->away] += m->weight * m->away_score;
		conceded[m->away] += m->weight * m->home_score;
		games[m->home] += m->weight;
		games[m->away] += m->weight;
	}
	level = (others[0] + at_home[0]) / (others[1] + at_home[1]);
	/* a match more at the mean, for teams without goals */
	for (int t = 0; t < teams; t++)
	{
		fit->attack[t] = log((scored[t] + level * 0.5) / (games[t] + 0.5) / level);
		fit->defence[t] = log((conceded[t] + level * 0.5) / (games[t] + 0.5) / level) + log(level);
	}
	fit->home_advantage = 0;
	if (home && at_home[0] > 0 && others[0] > 0)
	{
		fit->home_advantage = log(at_home[0] / at_home[1]) - log(others[0] / others[1]);
		for (int t = 0; t < teams; t++)
			fit->defence[t] -= fit->home_advantage / 2;
	}
}

void
strength_rates(const strength_fit *fit, int home, int away, bool neutral, double *home_rate, double *away_rate)
{
	*home_rate = exp(fit->attack[home] + fit->defence[away] + (neutral ? 0 : fit->home_advantage));
	*away_rate = exp(fit->attack[away] + fit->defence[home]);
}
