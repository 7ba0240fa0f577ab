#include "tap.h"

#include <stdbool.h>

#include "core/markov.h"
#include "league.h"

static double ratings[LEAGUE_TEAMS],
			work[LEAGUE_TEAMS * LEAGUE_TEAMS],
			share[LEAGUE_TEAMS][LEAGUE_TEAMS];
static int	ints[MARKOV_INTS(LEAGUE_TEAMS)];
static league l;

/* The chain's transitions, written anew. */
static void
transitions(double prior)
{
	for (int t = 0; t < l.teams; t++)
	{
		double		sum = prior;

		for (int i = 0; i < l.teams; i++)
			share[t][i] = prior / l.teams;
		for (long k = 0; k < l.n; k++)
		{
			const match *m = &l.rows[k];
			int			other = m->home == t ? m->away : m->home,
						own = m->home == t ? m->home_score : m->away_score,
						others = m->home + m->away == t + other ? m->home_score + m->away_score - own : 0;
			double		votes = m->home != t && m->away != t ? 0 : m->weight * (own < others ? 1 : own == others ? 0.5 : 0);

			share[t][other] += votes;
			sum += votes;
		}
		for (int i = 0; i < l.teams; i++)
			share[t][i] = sum > 0 ? share[t][i] / sum : 1.0 / l.teams;
	}
}

int
main(void)
{
	/* five teams of the Atlantic Coast Conference in 2005, who all met; the ratings by hand */
	static const int acc[10][4] = {{0, 1, 7, 52}, {0, 2, 21, 24}, {0, 3, 7, 38}, {0, 4, 0, 45}, {1, 2, 34, 16},
	{1, 3, 25, 17}, {1, 4, 27, 7}, {2, 3, 7, 5}, {2, 4, 3, 30}, {3, 4, 14, 52}};
	const double want[5] = {12 / 137.0, 60 / 137.0, 20 / 137.0, 15 / 137.0, 30 / 137.0};
	double		worst = 0;
	int			wrong = 0,
				apart = 0,
				from,
				to;

	l.teams = 5;
	l.n = 10;
	for (int i = 0; i < 10; i++)
		l.rows[i] = (match) {acc[i][0], acc[i][1], acc[i][2], acc[i][3], 1, 0, 0};
	ok(markov_ratings(l.rows, l.n, l.teams, 0, ratings, &from, &to, work, ints, no_check) == CORE_OK, "a league");
	for (int t = 0; t < 5; t++)
		close_to(ratings[t], want[t], 1e-15, "a rating");

	for (int i = 0; i < 50000; i++)
	{
		double		prior = i % 3 ? 0 : 0.1,
					sum = 0;
		core_status status;

		play(&l, 2 + tap_below(12), 1 + tap_below(60), 1.3, i % 2, 0);
		status = markov_ratings(l.rows, l.n, l.teams, prior, ratings, &from, &to, work, ints, no_check);
		if (status != CORE_OK)
		{
			apart++;
			wrong += status != CORE_NO_SOLUTION || prior > 0 || from == to;
			continue;
		}
		transitions(prior);
		for (int t = 0; t < l.teams; t++)
		{
			double		in = 0;

			for (int k = 0; k < l.teams; k++)
				in += ratings[k] * share[k][t];
			worst = fmax(worst, fabs(in - ratings[t]));
			sum += ratings[t];
			wrong += !(ratings[t] >= 0);
		}
		worst = fmax(worst, fabs(sum - 1));
	}
	printf("# equations missed by at most %g, %d leagues without an answer\n", worst, apart);
	ok(wrong == 0 && worst < 1e-14 && apart > 100 && apart < 25000, "ratings are what the votes leave as it is, sum to 1, and only two closed sets have none");

	/* 0 beat 1 and lost to nobody else; 2 and 3 beat each other and all the rest */
	l = (league) {.teams = 5, .n = 6};
	l.rows[0] = (match) {2, 3, 1, 0, 1, 0, 0};
	l.rows[1] = (match) {3, 2, 1, 0, 1, 0, 0};
	l.rows[2] = (match) {2, 0, 1, 0, 1, 0, 0};
	l.rows[3] = (match) {3, 1, 1, 0, 1, 0, 0};
	l.rows[4] = (match) {0, 1, 1, 0, 1, 0, 0};
	l.rows[5] = (match) {1, 4, 1, 0, 1, 0, 0};
	ok(markov_ratings(l.rows, l.n, l.teams, 0, ratings, &from, &to, work, ints, no_check) == CORE_OK &&
	   ratings[0] == 0 && ratings[1] == 0 && ratings[2] == 0.5 && ratings[3] == 0.5 && ratings[4] == 0, "the votes of all end with two that beat each other");
	l.rows[2] = (match) {0, 1, 0, 1, 1, 0, 0};
	l.rows[3] = (match) {0, 1, 1, 0, 1, 0, 0};
	ok(markov_ratings(l.rows, l.n, l.teams, 0, ratings, &from, &to, work, ints, no_check) == CORE_NO_SOLUTION && (from < 2) + (from == 4) != (to < 2) + (to == 4),
	   "two pairs that lost to nobody outside, and one of each is named");
	ok(markov_ratings(l.rows, l.n, l.teams, 1e-9, ratings, &from, &to, work, ints, no_check) == CORE_OK, "a prior has an answer");
	ok(markov_ratings(l.rows, l.n, l.teams, 1e300, ratings, &from, &to, work, ints, no_check) == CORE_OK && fabs(ratings[0] - 0.2) < 1e-12, "a huge one leaves all alike");
	ok(markov_ratings(l.rows, l.n, l.teams, INFINITY, ratings, &from, &to, work, ints, no_check) == CORE_INVALID, "one without end is refused");
	return done_testing();
}
