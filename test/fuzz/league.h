/* A set of matches from the fuzzer's bytes. */
#ifndef BET_EDGE_FUZZ_LEAGUE_H
#define BET_EDGE_FUZZ_LEAGUE_H

#include "core/strength.h"
#include "fuzz.h"

#define LEAGUE_TEAMS 6
#define LEAGUE_MATCHES 64

static inline void
no_check(void)
{
}

/* Sorted rows, their number in n; every team plays. 0 teams when the bytes do not make a match. */
static inline int
fuzz_league(fuzz_bytes *in, match *rows, long *n, int most)
{
	int			number[LEAGUE_TEAMS] = {0};
	int			teams = 0;
	bool		weighted = fuzz_byte(in) % 2;

	for (*n = 0; *n < LEAGUE_MATCHES && in->size > 0; (*n)++)
	{
		int			home = fuzz_byte(in) % LEAGUE_TEAMS;
		int			away = (home + 1 + fuzz_byte(in) % (LEAGUE_TEAMS - 1)) % LEAGUE_TEAMS;
		int			goals = fuzz_byte(in);
		double		weight = weighted ? fuzz_double(in) : 1;

		rows[*n] = (match) {.home = home, .away = away, .home_score = goals % 8 == 7 ? fuzz_int(in, 0, most) : goals % 8,
		.away_score = goals / 8 % 8, .neutral = goals / 64 == 3, .weight = weight > 0 && weight < 1e300 ? weight : 1};
	}
	if (*n == 0)
		return 0;
	matches_scale(rows, n);
	for (long i = 0; i < *n; i++)
		number[rows[i].home] = number[rows[i].away] = 1;
	for (int t = 0; t < LEAGUE_TEAMS; t++)
		number[t] = number[t] ? teams++ : -1;
	for (long i = 0; i < *n; i++)
	{
		rows[i].home = number[rows[i].home];
		rows[i].away = number[rows[i].away];
	}
	qsort(rows, *n, sizeof(match), matches_order);
	return teams;
}

#endif							/* BET_EDGE_FUZZ_LEAGUE_H */
