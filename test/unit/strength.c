/*
 * The walk to the maximum, by models whose maximum is known without it: Poisson goals, where every
 * team scores in the sum what it scored, and one with a theta that shrinks to a mean.
 */
#include "core/strength.h"
#include "league.h"

typedef struct poisson_model
{
	const match *rows;
	double		pull;			/* of theta to 0.5 */
	double		least;			/* rates below are outside the domain */
} poisson_model;

static bool
term(const void *model, long i, double home, double away, double theta, strength_slope *slope)
{
	const poisson_model *p = model;
	const match *m = &p->rows[i];

	memset(slope, 0, sizeof *slope);
	slope->value = m->weight * (m->home_score * log(home) - home + m->away_score * log(away) - away) - p->pull * (theta - 0.5) * (theta - 0.5);
	slope->first[0] = m->weight * (m->home_score - home);
	slope->first[1] = m->weight * (m->away_score - away);
	slope->first[2] = -2 * p->pull * (theta - 0.5);
	slope->second[0][0] = -m->weight * home;
	slope->second[1][1] = -m->weight * away;
	slope->second[2][2] = -2 * p->pull;
	return isfinite(slope->value) && home >= p->least && away >= p->least;
}

static double
likelihood(const league *l, const strength_fit *fit)
{
	double		sum = 0;

	for (long i = 0; i < l->n; i++)
	{
		const match *m = &l->rows[i];
		double		home,
					away;

		strength_rates(fit, m->home, m->away, m->neutral, &home, &away);
		sum += m->weight * (m->home_score * log(home) - home + m->away_score * log(away) - away);
	}
	return sum;
}

int
main(void)
{
	static league l;
	double		attack[LEAGUE_TEAMS],
				defence[LEAGUE_TEAMS];
	double		worst_goals = 0,
				worst_mean = 0,
				worst_slope = 0,
				worst_gain = 0,
				worst_theta = 0,
				worst_sum = 0;
	int			found = 0,
				asked = 0;

	for (int round = 0; round < 120; round++)
	{
		strength_fit fit = {.attack = attack, .defence = defence};
		poisson_model model = {l.rows, round % 2 ? 0 : 1, 0};
		strength_problem p;
		double		prior = round % 4 < 2 ? 0 : pow(10, 4 * tap_uniform() - 2);
		double		off[2 * LEAGUE_TEAMS] = {0},
					home_off = 0,
					weight = 0,
					sum = 0,
					slope,
					gain;

		play(&l, 2 + tap_below(LEAGUE_TEAMS - 2), 20 + tap_below(500), 0.3 + 2 * tap_uniform(), round % 3 == 0, round % 5 == 0);
		if (league_goals(&l, prior > 0).fault != MATCHES_GOOD)
			continue;
		asked++;
		p = (strength_problem) {l.teams, l.n, l.rows, term, &model, matches_at_home(l.rows, l.n), round % 2 == 0, round % 8 == 0 ? 0.75 : -INFINITY, prior, 100, no_check};
		strength_start(l.rows, l.n, l.teams, p.home, &fit, league_work);
		fit.theta = 1;
		if (strength_maximise(&p, &fit, league_work) != CORE_OK)
			continue;
		found++;
		for (long i = 0; i < l.n; i++)
		{
			const match *m = &l.rows[i];
			double		home,
						away;

			strength_rates(&fit, m->home, m->away, m->neutral, &home, &away);
			off[m->home] += m->weight * (m->home_score - home);
			off[m->away] += m->weight * (m->away_score - away);
			off[l.teams + m->away] += m->weight * (m->home_score - home);
			off[l.teams + m->home] += m->weight * (m->away_score - away);
			home_off += m->neutral ? 0 : m->weight * (m->home_score - home);
			weight += m->weight;
		}
		for (int t = 0; t < l.teams; t++)
			sum += attack[t];
		worst_mean = fmax(worst_mean, fabs(sum));
		if (prior == 0)
			for (int t = 0; t < 2 * l.teams; t++)
				worst_goals = fmax(worst_goals, fabs(off[t]) / weight);
		worst_goals = fmax(worst_goals, fabs(home_off) / weight);
		if (p.theta)
			worst_theta = fmax(worst_theta, fabs(fit.theta - fmax(0.5, p.theta_min)));
		else
			worst_sum = fmax(worst_sum, fabs(fit.log_likelihood - likelihood(&l, &fit)) / weight);
		fit.theta = 0;
		league_around(&l, &fit, prior, 5, likelihood, -INFINITY, &slope, &gain);
		worst_slope = fmax(worst_slope, slope / weight);
		worst_gain = fmax(worst_gain, gain / weight);
	}
	if (!ok(found == asked && asked > 60, "wherever there is one maximum it is found"))
		printf("# %d of %d\n", found, asked);
	close_to(worst_goals, 0, 1e-9, "every team scores and concedes in the sum what it did, home sides too");
	close_to(worst_mean, 0, 1e-12, "attacks have mean 0");
	close_to(worst_slope, 0, 1e-6, "no slope along any strength");
	close_to(worst_gain, 0, 1e-12, "no move gains");
	close_to(worst_theta, 0, 1e-8, "theta goes where it is pulled, or to its least");
	close_to(worst_sum, 0, 1e-12, "the likelihood is the matches'");

	/* rates that must stay above what was scored, and too few steps */
	{
		strength_fit fit = {.attack = attack, .defence = defence};
		poisson_model model = {l.rows, 0, 100};
		strength_problem p;

		do
			play(&l, 5, 200, 1.5, 0, 0);
		while (league_goals(&l, false).fault != MATCHES_GOOD);
		p = (strength_problem) {l.teams, l.n, l.rows, term, &model, true, false, -INFINITY, 0, 100, no_check};
		strength_start(l.rows, l.n, l.teams, true, &fit, league_work);
		ok(strength_maximise(&p, &fit, league_work) != CORE_OK, "no maximum within the domain: said so");
		model.least = 0;
		p.steps = 1;
		strength_start(l.rows, l.n, l.teams, true, &fit, league_work);
		fit.attack[0] = 5;
		ok(strength_maximise(&p, &fit, league_work) != CORE_OK, "nor within the steps");
		p.steps = 100;
		ok(strength_maximise(&p, &fit, league_work) == CORE_OK, "from a far start, with steps enough");
	}
	return done_testing();
}
