#include "league.h"

/* Independent Poisson goals, whose likelihood is concave: its maximum has no slope. */
static bool
term(const void *model, long i, double home, double away, double theta, strength_slope *slope)
{
	const match *m = (const match *) model + i;

	memset(slope, 0, sizeof *slope);
	slope->value = m->weight * (m->home_score * log(home) - home + m->away_score * log(away) - away);
	slope->first[0] = m->weight * (m->home_score - home);
	slope->first[1] = m->weight * (m->away_score - away);
	slope->second[0][0] = -m->weight * home;
	slope->second[1][1] = -m->weight * away;
	return isfinite(slope->value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	match		rows[LEAGUE_MATCHES];
	double		attack[LEAGUE_TEAMS],
				defence[LEAGUE_TEAMS],
				off[LEAGUE_TEAMS] = {0};
	strength_fit fit = {.attack = attack, .defence = defence};
	int			ints[MATCHES_GOALS_WORK(LEAGUE_TEAMS)];
	double	   *work;
	long		n;
	int			teams = fuzz_league(&in, rows, &n, 100);
	strength_problem p;

	if (teams == 0 || matches_goals(rows, n, teams, false, ints, no_check).fault != MATCHES_GOOD)
		return 0;
	work = malloc(strength_space(teams) * sizeof(double));
	p = (strength_problem) {teams, n, rows, term, rows, matches_at_home(rows, n), false, -INFINITY, 0, 100, no_check};
	strength_start(rows, n, teams, p.home, &fit, work);
	if (strength_maximise(&p, &fit, work) == CORE_OK)
	{
		/* each attack scores in the sum what it scored */
		for (long i = 0; i < n; i++)
		{
			double		home,
						away;

			strength_rates(&fit, rows[i].home, rows[i].away, rows[i].neutral, &home, &away);
			off[rows[i].home] += rows[i].weight * (rows[i].home_score - home);
			off[rows[i].away] += rows[i].weight * (rows[i].away_score - away);
		}
		for (int t = 0; t < teams; t++)
			FUZZ_CHECK(fabs(off[t]) < 1e-7);
	}
	free(work);
	return 0;
}
