#include "tap.h"

#include <stdbool.h>

#include "league.h"

static league l;

static void
set(int teams, int n, const int rows[][4])
{
	l.teams = teams;
	l.n = n;
	for (int i = 0; i < n; i++)
		l.rows[i] = (match) {.home = rows[i][0], .away = rows[i][1], .home_score = rows[i][2], .away_score = rows[i][3], .weight = 1};
	qsort(l.rows, n, sizeof(match), matches_order);
}

static void
found(match_finding f, match_fault fault, int a, int b, const char *name)
{
	if (!ok(f.fault == fault && f.a == a && f.b == b, name))
		printf("# found %d, %d, %d\n", f.fault, f.a, f.b);
}

/* Independent Poisson: does Newton find rates that are no way to 0? */
static bool
poisson_term(const void *model, long i, double home, double away, double theta, strength_slope *slope)
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

static bool
has_maximum(void)
{
	strength_fit fit = {.attack = league_attack, .defence = league_defence};
	strength_problem p = {l.teams, l.n, l.rows, poisson_term, l.rows, matches_at_home(l.rows, l.n), false, -INFINITY, 0, 100, no_check};
	double		least = INFINITY;

	strength_start(l.rows, l.n, l.teams, p.home, &fit, league_work);
	if (strength_maximise(&p, &fit, league_work) != CORE_OK)
		return false;
	for (long i = 0; i < l.n; i++)
	{
		double		home,
					away;

		league_rates(&fit, &l.rows[i], &home, &away);
		least = fmin(least, fmin(home, away));
	}
	return least > 1e-12;
}

int
main(void)
{
	int			good = 0,
				bad[MATCHES_HOME_UNBOUNDED + 1] = {0},
				wrong = 0;
	match		rows[3] = {{.weight = 2}, {.weight = 5e-324}, {.weight = 8}};
	long		n = 3;

	ok(matches_scale(rows, &n) == 8 && n == 2 && rows[0].weight == 0.25 && rows[1].weight == 1, "weights by the largest, without those that vanish");

	set(4, 2, (const int[][4]) {{0, 1, 2, 1}, {2, 3, 1, 1}});
	found(matches_compare(l.rows, l.n, l.teams, false, league_ints), MATCHES_APART, 0, 2, "two leagues");
	found(league_goals(&l, false), MATCHES_APART, 0, 2, "to goals too");
	found(league_goals(&l, true), MATCHES_GOOD, 0, 0, "unless there is a prior");
	set(2, 2, (const int[][4]) {{0, 1, 2, 1}, {1, 0, 1, 1}});
	found(matches_compare(l.rows, l.n, l.teams, true, league_ints), MATCHES_GOOD, 0, 0, "a match and its return");
	found(league_goals(&l, false), MATCHES_TWO_SIDED, 0, 1, "an attack is compared with none");
	set(3, 3, (const int[][4]) {{0, 1, 2, 1}, {1, 2, 2, 1}, {0, 2, 1, 1}});
	found(matches_compare(l.rows, l.n, l.teams, true, league_ints), MATCHES_GOOD, 0, 0, "home advantage around a triangle");
	set(3, 2, (const int[][4]) {{0, 1, 2, 1}, {1, 2, 2, 1}});
	found(matches_compare(l.rows, l.n, l.teams, true, league_ints), MATCHES_NO_HOME, 0, 0, "home advantage along a chain is strength");
	set(3, 6, (const int[][4]) {{0, 1, 2, 1}, {1, 2, 2, 0}, {2, 0, 0, 1}, {1, 0, 1, 1}, {2, 1, 0, 1}, {0, 2, 1, 0}});
	found(league_goals(&l, false), MATCHES_NEVER_SCORED, 2, 0, "a team without goals");
	set(3, 6, (const int[][4]) {{0, 1, 0, 0}, {1, 2, 0, 1}, {2, 0, 1, 0}, {1, 0, 1, 1}, {2, 1, 2, 0}, {0, 2, 0, 1}});
	found(league_goals(&l, false), MATCHES_NEVER_CONCEDED, 2, 0, "a team without goals against it");
	set(3, 6, (const int[][4]) {{0, 1, 0, 1}, {1, 2, 0, 1}, {2, 0, 0, 1}, {1, 0, 0, 1}, {2, 1, 0, 1}, {0, 2, 0, 1}});
	found(league_goals(&l, false), MATCHES_HOME_UNBOUNDED, 0, 0, "nobody scores at home");
	found(league_goals(&l, true), MATCHES_HOME_UNBOUNDED, 0, 0, "which no prior helps");

	/* every verdict against what becomes of Newton's steps */
	for (int i = 0; i < 20000; i++)
	{
		match_finding f;
		int			seen[LEAGUE_TEAMS] = {0};
		int			teams = 2 + tap_below(4);

		play(&l, teams, teams + tap_below(4 * teams), 0.3 + tap_uniform(), 0, i % 2);
		for (long k = 0; k < l.n; k++)
			seen[l.rows[k].home] = seen[l.rows[k].away] = 1;
		for (int t = 0; t < teams; t++)
			teams = seen[t] ? teams : 0;
		if (teams == 0)
			continue;
		f = league_goals(&l, false);
		bad[f.fault]++;
		good += f.fault == MATCHES_GOOD;
		if (f.fault != MATCHES_APART && f.fault != MATCHES_TWO_SIDED && f.fault != MATCHES_NO_HOME &&
			has_maximum() != (f.fault == MATCHES_GOOD) && wrong++ < 3)
		{
			printf("# fault %d of %d, %d\n", f.fault, f.a, f.b);
			for (long k = 0; k < l.n; k++)
				printf("# %d %d %d %d neutral %d\n", l.rows[k].home, l.rows[k].away, l.rows[k].home_score, l.rows[k].away_score, l.rows[k].neutral);
		}
	}
	printf("# verdicts:");
	for (int i = 0; i <= MATCHES_HOME_UNBOUNDED; i++)
		printf(" %d", bad[i]);
	printf("\n");
	ok(wrong == 0 && good > 1000 && bad[MATCHES_UNBOUNDED] > 100, "a maximum exists where Newton finds one");
	return done_testing();
}
