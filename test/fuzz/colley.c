#include "core/colley.h"
#include "league.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	match		rows[LEAGUE_MATCHES];
	double		ratings[LEAGUE_TEAMS],
				work[LEAGUE_TEAMS * (LEAGUE_TEAMS + 2)],
				sum = 0;
	long		n;
	double		unit = fuzz_double(&in);
	int			teams = fuzz_league(&in, rows, &n, 65535);

	unit = unit > 0 && unit < 1e300 ? unit : 1;
	if (teams == 0 || colley_ratings(rows, n, teams, unit, ratings, work, no_check) != CORE_OK)
		return 0;
	for (int t = 0; t < teams; t++)
	{
		FUZZ_CHECK(isfinite(ratings[t]));
		sum += ratings[t];
	}
	if (unit > 1e-6)
		FUZZ_CHECK(fabs(sum - teams / 2.0) < 1e-6);
	return 0;
}
