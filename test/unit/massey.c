#include "tap.h"

#include <stdbool.h>

#include "core/massey.h"
#include "league.h"

static double ratings[LEAGUE_TEAMS],
			offence[LEAGUE_TEAMS],
			defence[LEAGUE_TEAMS],
			work[(LEAGUE_TEAMS + 1) * (LEAGUE_TEAMS + 5)];
static int	ints[4 * LEAGUE_TEAMS];
static league l;

static core_status
fit_league(const league *of, bool home, massey_fit *fit)
{
	*fit = (massey_fit) {.ratings = ratings, .offence = offence, .defence = defence};
	return massey_ratings(of->rows, of->n, of->teams, home, fit, work, ints, no_check);
}

static double
squares(const league *of, const double *r, double home)
{
	double		sum = 0;

	for (long i = 0; i < of->n; i++)
	{
		const match *m = &of->rows[i];
		double		off = m->home_score - m->away_score - (r[m->home] - r[m->away]) - (m->neutral ? 0 : home);

		sum += m->weight * off * off;
	}
	return sum;
}

/* The least squares have no slope, and points scored add up. */
static double
missed(const league *of, bool home, const massey_fit *fit)
{
	double		slope[LEAGUE_TEAMS] = {0},
				points[LEAGUE_TEAMS] = {0},
				edge = 0,
				sum = 0,
				worst = 0;

	for (long i = 0; i < of->n; i++)
	{
		const match *m = &of->rows[i];
		double		half = m->neutral ? 0 : fit->home_advantage / 2;
		double		off = m->weight * (m->home_score - m->away_score - (ratings[m->home] - ratings[m->away]) - 2 * half);

		slope[m->home] += off;
		slope[m->away] -= off;
		edge += m->neutral ? 0 : off;
		points[m->home] += m->weight * (m->home_score - half - (offence[m->home] - defence[m->away]));
		points[m->away] += m->weight * (m->away_score + half - (offence[m->away] - defence[m->home]));
	}
	for (int t = 0; t < of->teams; t++)
	{
		sum += ratings[t];
		worst = fmax(worst, fabs(slope[t]));
		if (fit->split)
			worst = fmax(worst, fmax(fabs(points[t]), fabs(offence[t] + defence[t] - ratings[t])));
	}
	return fmax(fmax(worst, fabs(sum)), home ? fabs(edge) : 0);
}

int
main(void)
{
	/* five teams of the Atlantic Coast Conference in 2005, who all met (Langville and Meyer 2012) */
	static const int acc[10][4] = {{0, 1, 7, 52}, {0, 2, 21, 24}, {0, 3, 7, 38}, {0, 4, 0, 45}, {1, 2, 34, 16},
	{1, 3, 25, 17}, {1, 4, 27, 7}, {2, 3, 7, 5}, {2, 4, 3, 30}, {3, 4, 14, 52}};
	const double want[5] = {-24.8, 18.2, -8, -3.4, 18};
	massey_fit	fit;
	int			done = 0,
				odd = 0,
				wrong = 0;
	double		worst = 0;

	l.teams = 5;
	l.n = 10;
	for (int i = 0; i < 10; i++)
		l.rows[i] = (match) {acc[i][0], acc[i][1], acc[i][2], acc[i][3], 1, 1, 0};
	ok(fit_league(&l, true, &fit) == CORE_OK && fit.home_advantage == 0, "neutral games have no home advantage");
	for (int t = 0; t < 5; t++)
		close_to(ratings[t], want[t], 1e-14, "a published rating");

	for (int i = 0; i < 20000; i++)
	{
		bool		home = i % 3 == 0;
		double		least;

		play(&l, 2 + tap_below(10), 2 + tap_below(60), 1 + i % 40, i % 2, i % 5 == 0);
		if (matches_compare(l.rows, l.n, l.teams, home, ints).fault != MATCHES_GOOD)
			continue;
		done++;
		if (fit_league(&l, home, &fit) != CORE_OK)
		{
			wrong++;
			continue;
		}
		odd += !fit.split;
		worst = fmax(worst, missed(&l, home, &fit));
		least = squares(&l, ratings, fit.home_advantage);
		for (int k = 0; k < 10; k++)
		{
			double		moved[LEAGUE_TEAMS];

			for (int t = 0; t < l.teams; t++)
				moved[t] = ratings[t] + tap_uniform() - 0.5;
			wrong += squares(&l, moved, fit.home_advantage + home * (tap_uniform() - 0.5)) < least;
		}
	}
	printf("# %d sets rated, %d without a split, equations missed by at most %g\n", done, odd, worst);
	ok(done > 5000 && odd > 0 && wrong == 0 && worst < 1e-9, "no ratings come closer to the margins, and points add up");

	/* weights of 20 orders of magnitude, within the digits that are there */
	wrong = done = 0;
	for (int i = 0; i < 2000; i++)
	{
		play(&l, 6, 40, 3, 1, 0);
		for (long k = 0; k < l.n; k++)
			l.rows[k].weight = pow(10, -20 * tap_uniform());
		if (matches_compare(l.rows, l.n, l.teams, false, ints).fault != MATCHES_GOOD)
			continue;
		done++;
		if (fit_league(&l, false, &fit) == CORE_OK)
			for (int t = 0; t < l.teams; t++)
				wrong += !isfinite(ratings[t]);
	}
	ok(done > 1000 && wrong == 0, "weights far apart: an answer or none, never a NaN");
	return done_testing();
}
