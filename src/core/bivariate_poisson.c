#include "core/bivariate_poisson.h"

#include <math.h>
#include <string.h>

#define STEPS 200
/* Parts of a side's mean goals to set out from as common. */
static const double parts[] = {0, 0.15, 0.4, 0.8};

/* Sums that grow beyond this are scaled down by it. */
#define LARGE 1e200

/*
 * ln S, S = sum over k goals of X3 of C(x,k) C(y,k) k! t^k, t = common / (home * away), and the slopes of S
 * by t over S. Written so that t = 0 is a point like any other.
 */
static double
shared(int x, int y, double t, double *first, double *second)
{
	int			most = x < y ? x : y;
	double		power[3] = {1, 0, 0};	/* c_k * t^k, t^(k-1), t^(k-2) */
	double		sum[3] = {1, 0, 0};
	double		scaled = 0;

	for (int k = 0; k < most; k++)
	{
		double		ratio = (double) (x - k) * (y - k) / (k + 1);

		power[2] = k == 1 ? power[1] * ratio : power[2] * ratio * t;
		power[1] = k == 0 ? ratio : power[1] * ratio * t;
		power[0] *= ratio * t;
		sum[0] += power[0];
		sum[1] += (k + 1) * power[1];
		sum[2] += (k + 1.0) * k * power[2];
		if (sum[0] > LARGE || sum[1] > LARGE || sum[2] > LARGE)
		{
			for (int i = 0; i < 3; i++)
			{
				power[i] /= LARGE;
				sum[i] /= LARGE;
			}
			scaled += log(LARGE);
		}
	}
	*first = sum[1] / sum[0];
	*second = sum[2] / sum[0];
	return log(sum[0]) + scaled;
}

static bool
term(const void *model, long i, double home, double away, double common, strength_slope *slope)
{
	const match *m = (const match *) model + i;
	double		w = m->weight;
	double		by = 1 / (home * away),
				once,
				twice,
				bend;
	double		sum = shared(m->home_score, m->away_score, common * by, &once, &twice);

	/* moments of the common goals given the score, over common and over its square */
	once *= by;
	twice *= by * by;
	bend = common * (common * (twice - once * once) + once);	/* their variance */
	slope->value = w * (m->home_score * log(home) + m->away_score * log(away) - home - away - common + sum);
	slope->first[0] = w * (m->home_score - home - common * once);
	slope->first[1] = w * (m->away_score - away - common * once);
	slope->first[2] = w * (once - 1);
	slope->second[0][0] = w * (bend - home);
	slope->second[1][0] = w * bend;
	slope->second[1][1] = w * (bend - away);
	slope->second[2][0] = slope->second[2][1] = -w * (common * (twice - once * once) + once);
	slope->second[2][2] = w * (twice - once * once);
	return isfinite(slope->value) && isfinite(twice) && isfinite(bend);
}

core_status
bivariate_poisson_fit(const match *rows, long n, int teams, double prior, strength_fit *fit,
					  match *terms, double *work, double *second, void (*check) (void))
{
	strength_problem problem = {teams, 0, terms, term, terms, matches_at_home(rows, n), false, 0, prior, STEPS, check};
	strength_fit start = {.attack = second, .defence = second + teams};
	strength_fit other = {.attack = second + 2 * teams, .defence = second + 3 * teams};
	double		constant = 0,
				goals = 0,
				weight = 0;
	core_status status;

	/* equal scores of equal teams are one term */
	for (long i = 0; i < n; i++)
	{
		const match *m = &rows[i];
		match	   *last = &terms[problem.n - 1];

		constant -= m->weight * (lgamma(m->home_score + 1.0) + lgamma(m->away_score + 1.0));
		goals += m->weight * ((double) m->home_score + m->away_score) / 2;
		weight += m->weight;
		if (problem.n > 0 && m->home == last->home && m->away == last->away && m->neutral == last->neutral &&
			m->home_score == last->home_score && m->away_score == last->away_score)
			last->weight += m->weight;
		else
			terms[problem.n++] = *m;
	}

	/* Without common goals first, then from there and with some: the likelihood may have more than one summit. */
	strength_start(rows, n, teams, problem.home, fit, work);
	fit->theta = 0;
	status = strength_maximise(&problem, fit, work);
	if (status != CORE_OK)
		return status;
	memcpy(start.attack, fit->attack, teams * sizeof(double));
	memcpy(start.defence, fit->defence, teams * sizeof(double));
	start.home_advantage = fit->home_advantage;
	problem.theta = true;
	for (int i = 0; i < sizeof parts / sizeof parts[0]; i++)
	{
		core_status reached;

		for (int t = 0; t < teams; t++)
		{
			other.attack[t] = start.attack[t];
			other.defence[t] = start.defence[t] + log(1 - parts[i]);
		}
		other.home_advantage = start.home_advantage;
		other.theta = parts[i] * goals / weight;
		reached = strength_maximise(&problem, &other, work);
		/* the higher one, even where it climbs without end: then there is no maximum */
		if (i == 0 || (reached != CORE_INVALID && other.log_likelihood > fit->log_likelihood + 1e-9 * fabs(fit->log_likelihood)))
		{
			memcpy(fit->attack, other.attack, teams * sizeof(double));
			memcpy(fit->defence, other.defence, teams * sizeof(double));
			fit->home_advantage = other.home_advantage;
			fit->theta = other.theta;
			fit->log_likelihood = other.log_likelihood;
			status = reached;
		}
	}
	fit->log_likelihood += constant;
	return status;
}
