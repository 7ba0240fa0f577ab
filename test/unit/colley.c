#include "tap.h"

#include <stdbool.h>

#include "core/colley.h"
#include "league.h"

static double ratings[LEAGUE_TEAMS],
			work[LEAGUE_TEAMS * (LEAGUE_TEAMS + 2)];
static league l;

int
main(void)
{
	/* five teams of the Atlantic Coast Conference in 2005, who all met (Langville and Meyer 2012) */
	static const int acc[10][4] = {{0, 1, 7, 52}, {0, 2, 21, 24}, {0, 3, 7, 38}, {0, 4, 0, 45}, {1, 2, 34, 16},
	{1, 3, 25, 17}, {1, 4, 27, 7}, {2, 3, 7, 5}, {2, 4, 3, 30}, {3, 4, 14, 52}};
	const double want[5] = {1.5 / 7, 5.5 / 7, 0.5, 2.5 / 7, 4.5 / 7};
	double		worst = 0;
	int			wrong = 0;

	l.teams = 5;
	l.n = 10;
	for (int i = 0; i < 10; i++)
		l.rows[i] = (match) {acc[i][0], acc[i][1], acc[i][2], acc[i][3], 1, 0, 0};
	ok(colley_ratings(l.rows, l.n, l.teams, 1, ratings, work, no_check) == CORE_OK, "a league");
	for (int t = 0; t < 5; t++)
		close_to(ratings[t], want[t], 1e-15, "a published rating");

	for (int i = 0; i < 50000; i++)
	{
		double		row[LEAGUE_TEAMS],
					mean = 0;

		/* teams that meet nobody among them, and leagues apart */
		play(&l, 2 + tap_below(12), 1 + tap_below(60), 1.3, i % 2, 0);
		if (colley_ratings(l.rows, l.n, l.teams, 1, ratings, work, no_check) != CORE_OK)
		{
			wrong++;
			continue;
		}
		for (int t = 0; t < l.teams; t++)
			row[t] = 1 - 2 * ratings[t];
		for (long k = 0; k < l.n; k++)
		{
			const match *m = &l.rows[k];
			double		won = m->home_score > m->away_score ? 0.5 : m->home_score < m->away_score ? -0.5 : 0;

			row[m->home] += m->weight * (won - ratings[m->home] + ratings[m->away]);
			row[m->away] += m->weight * (-won - ratings[m->away] + ratings[m->home]);
		}
		for (int t = 0; t < l.teams; t++)
		{
			worst = fmax(worst, fabs(row[t]));
			mean += ratings[t] / l.teams;
		}
		worst = fmax(worst, fabs(mean - 0.5));
	}
	printf("# equations missed by at most %g\n", worst);
	ok(wrong == 0 && worst < 1e-12, "Colley's equations hold, and the mean is 1/2");

	for (long k = 0; k < l.n; k++)
		l.rows[k].home_score = l.rows[k].away_score;
	(void) colley_ratings(l.rows, l.n, l.teams, 1, ratings, work, no_check);
	for (int t = 0; t < l.teams; t++)
		wrong += ratings[t] != 0.5;
	ok(wrong == 0, "draws alone leave all at 1/2");
	ok(colley_ratings(l.rows, l.n, l.teams, 1e-300, ratings, work, no_check) == CORE_NO_SOLUTION, "weights of 1e300 leave nothing of the even chance");
	return done_testing();
}
