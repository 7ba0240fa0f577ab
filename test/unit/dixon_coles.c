#include "tap.h"

#include <stdbool.h>
#include <time.h>

#include "league.h"

static dixon_coles_pair pairs[LEAGUE_MATCHES];
static match terms[LEAGUE_MATCHES];
static league l;

/* Straight from the paper, match by match. */
static double
likelihood(const league *of, const strength_fit *fit)
{
	double		sum = 0;

	for (long i = 0; i < of->n; i++)
	{
		const match *m = &of->rows[i];
		double		home,
					away,
					tau[4];

		league_rates(fit, m, &home, &away);
		tau[0] = 1 - home * away * fit->theta;
		tau[1] = 1 + home * fit->theta;
		tau[2] = 1 + away * fit->theta;
		tau[3] = 1 - fit->theta;
		if (!(tau[0] >= 0 && tau[1] >= 0 && tau[2] >= 0 && tau[3] >= 0))
			return -INFINITY;
		sum += m->weight * (m->home_score * log(home) - home - lgamma(m->home_score + 1.0) +
							m->away_score * log(away) - away - lgamma(m->away_score + 1.0));
		if (m->home_score <= 1 && m->away_score <= 1)
			sum += m->weight * log(tau[2 * m->home_score + m->away_score]);
	}
	return sum;
}

static core_status
fit_league(const league *of, double prior, strength_fit *fit)
{
	fit->attack = league_attack;
	fit->defence = league_defence;
	return dixon_coles_fit(of->rows, of->n, of->teams, prior, fit, pairs, terms, league_work, no_check);
}

/* The least distance of rho from its limits over all matches. */
static double
room(const league *of, const strength_fit *fit)
{
	double		least = 1 - fit->theta;

	for (long i = 0; i < of->n; i++)
	{
		double		home,
					away;

		league_rates(fit, &of->rows[i], &home, &away);
		least = fmin(least, fmin(fmin(1 + home * fit->theta, 1 + away * fit->theta), 1 - home * away * fit->theta));
	}
	return least;
}

static void
random_leagues(const char *name, int count, double prior, int most_teams, double goals, int neutral)
{
	int			fitted = 0,
				edge = 0,
				wrong = 0;
	double		steepest = 0;

	for (int i = 0; i < count; i++)
	{
		strength_fit fit;
		double		slope,
					gain;
		int			teams = 2 + tap_below(most_teams - 1);
		core_status status;

		play(&l, teams, teams + tap_below(8 * teams), goals, i % 2, neutral);
		if (league_goals(&l, prior > 0).fault != MATCHES_GOOD)
			continue;
		fitted++;
		status = fit_league(&l, prior, &fit);
		if (status != CORE_OK)
		{
			wrong++;
			printf("# %d: status %d, %d teams, %ld matches\n", i, status, teams, l.n);
			continue;
		}
		league_around(&l, &fit, prior, 40, likelihood, -INFINITY, &slope, &gain);
		if (room(&l, &fit) < 1e-3)
			edge++;
		else
			steepest = fmax(steepest, slope);
		if (!(gain <= 1e-8) || !(room(&l, &fit) > 0) || fabs(likelihood(&l, &fit) - fit.log_likelihood) > 1e-9 * fabs(fit.log_likelihood))
		{
			wrong++;
			printf("# %d: %d teams, %ld matches, gain %g, rho %g, room %g, likelihood %.17g against %.17g\n", i, teams, l.n,
				   gain, fit.theta, room(&l, &fit), fit.log_likelihood, likelihood(&l, &fit));
		}
	}
	printf("# %s: %d of %d leagues fitted, %d with rho at its limit, largest slope elsewhere %g\n", name, fitted, count, edge, steepest);
	ok(wrong == 0 && fitted > 0 && steepest < 1e-5, name);
}

int
main(void)
{
	strength_fit fit;
	double		a[LEAGUE_TEAMS],
				d[LEAGUE_TEAMS],
				home,
				rho,
				value,
				off = 0;
	clock_t		start;

	random_leagues("no move gains likelihood", 1500, 0, 8, 1.3, 0);
	random_leagues("with neutral matches", 1000, 0, 8, 1.3, 1);
	random_leagues("many goals", 300, 0, 6, 40, 0);
	random_leagues("few goals", 1000, 0, 6, 0.6, 0);
	random_leagues("with a prior", 1000, 2, 8, 1, 1);
	random_leagues("with a weak prior", 500, 1e-3, 8, 1, 0);
	random_leagues("with a strong prior", 500, 1e6, 8, 1, 0);
	random_leagues("with one too strong", 100, 1e9, 8, 1, 0);

	/* weights matter relative to each other alone; teams may be numbered in any order */
	do
		play(&l, 6, 90, 1.3, 1, 1);
	while (league_goals(&l, false).fault != MATCHES_GOOD || fit_league(&l, 0, &fit) != CORE_OK || room(&l, &fit) < 0.01);
	memcpy(a, fit.attack, sizeof a);
	memcpy(d, fit.defence, sizeof d);
	home = fit.home_advantage;
	rho = fit.theta;
	value = fit.log_likelihood;
	for (long i = 0; i < l.n; i++)
		l.rows[i].weight *= 37.5;
	ok(fit_league(&l, 0, &fit) == CORE_OK, "with weights 37.5 times as large");
	for (int t = 0; t < l.teams; t++)
		off = fmax(off, fmax(fabs(fit.attack[t] - a[t]), fabs(fit.defence[t] - d[t])));
	ok(off < 1e-10 && fabs(fit.home_advantage - home) < 1e-10 && fabs(fit.theta - rho) < 1e-10, "has the same estimates");
	close_to(fit.log_likelihood, 37.5 * value, 1e-12, "and 37.5 times the log-likelihood");
	for (long i = 0; i < l.n; i++)
	{
		l.rows[i].weight /= 37.5;
		l.rows[i].home = (l.rows[i].home * 5 + 2) % 6;
		l.rows[i].away = (l.rows[i].away * 5 + 2) % 6;
	}
	qsort(l.rows, l.n, sizeof(match), matches_order);
	ok(fit_league(&l, 0, &fit) == CORE_OK, "with other numbers");
	for (int t = 0; t < l.teams; t++)
		off = fmax(off, fmax(fabs(fit.attack[(t * 5 + 2) % 6] - a[t]), fabs(fit.defence[(t * 5 + 2) % 6] - d[t])));
	ok(off < 1e-10 && fabs(fit.home_advantage - home) < 1e-10 && fabs(fit.theta - rho) < 1e-10, "the same estimates");

	play(&l, 20, 3800, 1.35, 1, 0);
	start = clock();
	ok(fit_league(&l, 0, &fit) == CORE_OK, "20 teams, 3,800 matches");
	printf("# in %.1f ms under the sanitizers\n", 1e3 * (clock() - start) / CLOCKS_PER_SEC);

	/* all on neutral ground */
	do
	{
		play(&l, 5, 60, 1.3, 0, 0);
		for (long i = 0; i < l.n; i++)
			l.rows[i].neutral = 1;
	} while (league_goals(&l, false).fault != MATCHES_GOOD);
	ok(fit_league(&l, 0, &fit) == CORE_OK && fit.home_advantage == 0, "no home advantage where nobody is at home");

	/* no low scores: nothing depends on rho */
	for (long i = 0; i < l.n; i++)
		l.rows[i].home_score += 2;
	ok(fit_league(&l, 0, &fit) == CORE_OK && fit.theta == 0, "rho is 0 where no score tells of it");
	return done_testing();
}
