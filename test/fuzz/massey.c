#include "core/massey.h"
#include "league.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	match		rows[LEAGUE_MATCHES];
	double		ratings[LEAGUE_TEAMS],
				offence[LEAGUE_TEAMS],
				defence[LEAGUE_TEAMS],
				work[(LEAGUE_TEAMS + 1) * (LEAGUE_TEAMS + 5)],
				sum = 0;
	massey_fit	fit = {.ratings = ratings, .offence = offence, .defence = defence};
	int			ints[4 * LEAGUE_TEAMS];
	long		n;
	bool		home = fuzz_byte(&in) % 2;
	int			teams = fuzz_league(&in, rows, &n, 65535);

	if (teams == 0 || matches_compare(rows, n, teams, home, ints).fault != MATCHES_GOOD ||
		massey_ratings(rows, n, teams, home, &fit, work, ints, no_check) != CORE_OK)
		return 0;
	for (int t = 0; t < teams; t++)
	{
		FUZZ_CHECK(isfinite(ratings[t]) && (!fit.split || (isfinite(offence[t]) && isfinite(defence[t]))));
		sum += ratings[t];
	}
	FUZZ_CHECK(isfinite(massey_margin(ratings[0], ratings[1], fit.home_advantage)));
	FUZZ_CHECK(fabs(sum) < 1e-4);
	return 0;
}
