#include "tap.h"

#include <stdbool.h>

#include "core/bivariate_poisson.h"
#include "league.h"

static match terms[LEAGUE_MATCHES];
static double second[4 * LEAGUE_TEAMS];
static league l;

/* A score's probability as the sum over the goals of X3, each term a product of three Poisson probabilities. */
static double
likelihood(const league *of, const strength_fit *fit)
{
	double		sum = 0;

	for (long i = 0; i < of->n; i++)
	{
		const match *m = &of->rows[i];
		double		home,
					away,
					p = 0;

		league_rates(fit, m, &home, &away);
		for (int k = 0; k <= m->home_score && k <= m->away_score; k++)
		{
			double		common = k == 0 ? -fit->theta : k * log(fit->theta) - fit->theta - lgamma(k + 1.0);

			p += exp(common + (m->home_score - k) * log(home) - home - lgamma(m->home_score - k + 1.0) +
					 (m->away_score - k) * log(away) - away - lgamma(m->away_score - k + 1.0));
		}
		sum += m->weight * log(p);
	}
	return sum;
}

static core_status
fit_league(const league *of, double prior, strength_fit *fit)
{
	fit->attack = league_attack;
	fit->defence = league_defence;
	return bivariate_poisson_fit(of->rows, of->n, of->teams, prior, fit, terms, league_work, second, no_check);
}

/* Goals that both sides score. */
static void
share(league *of, double rate)
{
	for (long i = 0; i < of->n; i++)
	{
		int			goals = poisson(rate);

		of->rows[i].home_score += goals;
		of->rows[i].away_score += goals;
	}
	qsort(of->rows, of->n, sizeof(match), matches_order);
}

static void
random_leagues(const char *name, int count, double prior, int most_teams, double goals, double common, int neutral)
{
	int			fitted = 0,
				none = 0,
				refused = 0,
				wrong = 0;
	double		steepest = 0;

	for (int i = 0; i < count; i++)
	{
		strength_fit fit;
		double		slope,
					gain;
		int			teams = 2 + tap_below(most_teams - 1);
		core_status status;

		play(&l, teams, 2 * teams + tap_below(12 * teams), goals, i % 2, neutral);
		share(&l, common);
		if (league_goals(&l, prior > 0).fault != MATCHES_GOOD)
			continue;
		status = fit_league(&l, prior, &fit);
		if (status != CORE_OK)
		{
			/* that is where a side's own goals vanish: all that it scored may be common */
			double		home,
						away,
						least = 1;

			for (long k = 0; k < l.n; k++)
			{
				league_rates(&fit, &l.rows[k], &home, &away);
				least = fmin(least, fmin(home, away));
			}
			refused++;
			if (!(least < 1e-8))
			{
				wrong++;
				printf("# %d: refused with rates of at least %g\n", i, least);
			}
			continue;
		}
		fitted++;
		none += fit.theta == 0;
		league_around(&l, &fit, prior, 40, likelihood, 0, &slope, &gain);
		steepest = fmax(steepest, slope);
		if (!(gain <= 1e-8) || !(fit.theta >= 0) || fabs(likelihood(&l, &fit) - fit.log_likelihood) > 1e-9 * fabs(fit.log_likelihood))
		{
			wrong++;
			printf("# %d: %d teams, %ld matches, gain %g, common %g, likelihood %.17g against %.17g\n", i, teams, l.n,
				   gain, fit.theta, fit.log_likelihood, likelihood(&l, &fit));
		}
	}
	printf("# %s: %d of %d leagues fitted, %d without common goals, %d without a maximum, largest slope %g\n",
		   name, fitted, count, none, refused, steepest);
	ok(wrong == 0 && fitted > count / 2 && steepest < 1e-5, name);
}

/* A climb that knows no slopes: the best of ever smaller moves along each parameter, from a common rate of its own. */
static double
pattern_search(const league *of, double common)
{
	double		x[2 * LEAGUE_TEAMS + 2] = {0};
	int			n = 2 * of->teams + 2;
	strength_fit fit = {.attack = x, .defence = x + of->teams};
	double		best;

	x[n - 1] = fit.theta = common;
	fit.home_advantage = 0;
	best = likelihood(of, &fit);
	for (double size = 0.5; size > 1e-7;)
	{
		bool		moved = false;

		for (int i = 0; i < n; i++)
			for (int side = -1; side <= 1; side += 2)
			{
				double		before = x[i],
							value;

				x[i] += side * size;
				if (x[n - 1] < 0)
					x[n - 1] = 0;
				fit.home_advantage = x[n - 2];
				fit.theta = x[n - 1];
				value = likelihood(of, &fit);
				if (value > best)
				{
					best = value;
					moved = true;
				}
				else
					x[i] = before;
			}
		if (!moved)
			size /= 2;
	}
	return best;
}

int
main(void)
{
	strength_fit fit;
	int			wrong = 0;
	double		worst = 0;

	random_leagues("goals in common", 500, 0, 8, 1, 0.3, 0);
	random_leagues("none in common", 500, 0, 8, 1.3, 0, 1);
	random_leagues("most in common", 400, 0, 5, 1, 3, 0);
	random_leagues("many goals", 100, 0, 5, 30, 20, 0);
	random_leagues("with a prior", 600, 2, 8, 1, 0.3, 1);

	/* no higher summit anywhere, by a search that shares nothing with the fit */
	for (int i = 0; i < 40; i++)
	{
		do
		{
			play(&l, 3, 24, 1, 0, 0);
			share(&l, 0.4 * (i % 3));
		} while (league_goals(&l, false).fault != MATCHES_GOOD || fit_league(&l, 0, &fit) != CORE_OK);
		for (int from = 0; from < 3; from++)
		{
			double		found = pattern_search(&l, 0.4 * from);

			if (!(found <= fit.log_likelihood + 1e-7) || (from == 0 && found < fit.log_likelihood - 1) || !isfinite(found))
			{
				wrong++;
				printf("# %d from %g: found %.12g, fit %.12g, common %g\n", i, 0.4 * from, found, fit.log_likelihood, fit.theta);
			}
		}
	}
	ok(wrong == 0, "a search without slopes finds no higher likelihood");

	/* scores without a positive covariance: independent Poisson, so each attack scores in the sum what it scored */
	do
	{
		play(&l, 6, 120, 1.3, 0, 0);
		for (long i = 0; i < l.n; i++)
			if (l.rows[i].home_score > 0 && l.rows[i].away_score > 0)
				l.rows[i].away_score = 0;
	} while (league_goals(&l, false).fault != MATCHES_GOOD);
	ok(fit_league(&l, 0, &fit) == CORE_OK && fit.theta == 0, "no common goals where sides never both score");
	for (int t = 0; t < l.teams; t++)
	{
		double		off = 0;

		for (long i = 0; i < l.n; i++)
		{
			double		home,
						away;

			league_rates(&fit, &l.rows[i], &home, &away);
			off += (l.rows[i].home == t) * (l.rows[i].home_score - home) + (l.rows[i].away == t) * (l.rows[i].away_score - away);
		}
		worst = fmax(worst, fabs(off));
	}
	ok(worst < 1e-9, "the independent Poisson fit");

	/* goals that all are shared have no rate of their own */
	for (long i = 0; i < l.n; i++)
		l.rows[i].home_score = l.rows[i].away_score = 1;
	(void) fit_league(&l, 0, &fit);
	printf("# common %g, home %g, likelihood %g\n", fit.theta, fit.attack[0] + fit.defence[1], fit.log_likelihood);
	ok(fit_league(&l, 0, &fit) == CORE_NO_CONVERGENCE, "all matches 1-1: no maximum");
	return done_testing();
}
