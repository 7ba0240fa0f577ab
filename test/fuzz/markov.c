#include "core/markov.h"
#include "league.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	match		rows[LEAGUE_MATCHES];
	double		ratings[LEAGUE_TEAMS],
				work[LEAGUE_TEAMS * LEAGUE_TEAMS],
				sum = 0;
	int			ints[MARKOV_INTS(LEAGUE_TEAMS)],
				from = -1,
				to = -1;
	long		n;
	double		prior = fuzz_double(&in);
	int			teams = fuzz_league(&in, rows, &n, 65535);
	core_status status;

	prior = prior > 0 ? prior : 0;
	if (teams == 0)
		return 0;
	status = markov_ratings(rows, n, teams, prior, ratings, &from, &to, work, ints, no_check);
	if (status == CORE_NO_SOLUTION)
		FUZZ_CHECK(from >= 0 && from < teams && to >= 0 && to < teams && from != to);
	if (status != CORE_OK)
		return 0;
	for (int t = 0; t < teams; t++)
	{
		FUZZ_CHECK(ratings[t] >= 0 && ratings[t] <= 1);
		sum += ratings[t];
	}
	FUZZ_CHECK(fabs(sum - 1) < 1e-12);
	return 0;
}
