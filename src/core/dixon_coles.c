#include "core/dixon_coles.h"

#include <math.h>
#include <string.h>

/* What a barrier adds to each low score's weight: from first to last in powers of step; good enough below. */
#define BARRIER_FIRST 1e-2
#define BARRIER_STEP 0.05
#define BARRIER_LAST 1e-11
#define BARRIER_ENOUGH 1e-9

/* Newton takes 4 to 8. */
#define STEPS 100
#define STEPS_BEFORE_BARRIER 20

typedef struct dixon_coles
{
	const dixon_coles_pair *pairs;
	double		barrier;
} dixon_coles;

static bool
term(const void *model, long i, double home, double away, double rho, strength_slope *slope)
{
	const dixon_coles *dc = model;
	const dixon_coles_pair *p = &dc->pairs[i];
	/* tau of 0-0, 0-1, 1-0, 1-1 is 1 + rho * each */
	double		by[4] = {-home * away, home, away, -1};
	static const int rises[4][2] = {{1, 1}, {1, 0}, {0, 1}, {0, 0}};
	double		value = p->home_goals * log(home) + p->away_goals * log(away) - p->weight * (home + away);
	double		d[3] = {p->home_goals - p->weight * home, p->away_goals - p->weight * away, 0};

	memset(slope->second, 0, sizeof slope->second);
	slope->second[0][0] = -p->weight * home;
	slope->second[1][1] = -p->weight * away;
	for (int k = 0; k < 4; k++)
	{
		double		weight = p->low[k / 2][k % 2] + dc->barrier;
		double		s = rho * by[k];
		double		tau = 1 + s;

		if (!(tau > 0))
			return false;
		if (weight == 0)
			continue;
		value += weight * log1p(s);
		d[2] += weight * by[k] / tau;
		slope->second[2][2] -= weight * (by[k] / tau) * (by[k] / tau);
		for (int a = 0; a < 2; a++)
		{
			if (!rises[k][a])
				continue;
			d[a] += weight * s / tau;
			slope->second[2][a] += weight * by[k] / (tau * tau);
			for (int b = 0; b <= a; b++)
				if (rises[k][b])
					slope->second[a][b] += weight * s / (tau * tau);
		}
	}
	slope->value = value;
	memcpy(slope->first, d, sizeof d);
	return isfinite(value);
}

/* Sums up the rows of each pair; the number of pairs. */
static long
sum_up(const match *rows, long n, dixon_coles_pair *pairs, match *terms)
{
	long		k = -1;

	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];

		if (k < 0 || m->home != terms[k].home || m->away != terms[k].away || m->neutral != terms[k].neutral)
		{
			terms[++k] = *m;
			memset(&pairs[k], 0, sizeof pairs[k]);
		}
		pairs[k].weight += m->weight;
		pairs[k].home_goals += m->weight * m->home_score;
		pairs[k].away_goals += m->weight * m->away_score;
		if (m->home_score <= 1 && m->away_score <= 1)
			pairs[k].low[m->home_score][m->away_score] += m->weight;
	}
	return k + 1;
}

/* The likelihood still rises at a limit of rho. Walk to it along the middle of a closing passage. */
static core_status
at_limit(strength_problem *problem, dixon_coles *model, strength_fit *fit, double *work)
{
	double		reached = INFINITY;

	problem->steps = STEPS;
	fit->theta = 0;
	for (model->barrier = BARRIER_FIRST; model->barrier >= BARRIER_LAST; model->barrier *= BARRIER_STEP)
		if (strength_maximise(problem, fit, work) == CORE_OK)
			reached = model->barrier;
	/* no step more, only the likelihood without the barrier */
	model->barrier = 0;
	problem->steps = 0;
	(void) strength_maximise(problem, fit, work);
	return reached <= BARRIER_ENOUGH ? CORE_OK : CORE_NO_CONVERGENCE;
}

core_status
dixon_coles_fit(const match *rows, long n, int teams, double prior, strength_fit *fit,
				dixon_coles_pair *pairs, match *terms, double *work, void (*check) (void))
{
	dixon_coles model = {pairs, 0};
	strength_problem problem = {teams, 0, terms, term, &model, matches_at_home(rows, n), false, -INFINITY, prior, STEPS, check};
	double		constant = 0,
				low = 0;
	core_status status;

	problem.n = sum_up(rows, n, pairs, terms);
	for (long i = 0; i < n; i++)
		constant -= rows[i].weight * (lgamma(rows[i].home_score + 1.0) + lgamma(rows[i].away_score + 1.0));
	for (long i = 0; i < problem.n; i++)
		for (int k = 0; k < 4; k++)
			low += pairs[i].low[k / 2][k % 2];

	/* Without dependence first: concave, and rho = 0 is within any limits. Without low scores that is all. */
	strength_start(rows, n, teams, problem.home, fit, work);
	fit->theta = 0;
	status = strength_maximise(&problem, fit, work);
	if (status == CORE_OK && low > 0)
	{
		problem.theta = true;
		problem.steps = STEPS_BEFORE_BARRIER;
		status = strength_maximise(&problem, fit, work);
		if (status == CORE_NO_CONVERGENCE)
			status = at_limit(&problem, &model, fit, work);
	}
	fit->log_likelihood += constant;
	return status;
}
