#include "league.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	match		rows[LEAGUE_MATCHES];
	int			work[MATCHES_GOALS_WORK(LEAGUE_TEAMS)];
	long		n;
	int			teams = fuzz_league(&in, rows, &n, 10000);
	match_finding apart,
				goals;

	if (teams == 0)
		return 0;
	apart = matches_compare(rows, n, teams, false, work);
	goals = matches_goals(rows, n, teams, false, work, no_check);
	FUZZ_CHECK(goals.a >= 0 && goals.a < teams && goals.b >= 0 && goals.b < teams);
	FUZZ_CHECK(apart.fault == MATCHES_GOOD || goals.fault != MATCHES_GOOD);
	/* twice the matches say no more of who can be compared */
	if (n <= LEAGUE_MATCHES / 2)
	{
		memcpy(rows + n, rows, n * sizeof(match));
		FUZZ_CHECK(matches_goals(rows, 2 * n, teams, false, work, no_check).fault == goals.fault);
	}
	return 0;
}
