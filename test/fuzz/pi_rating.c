#include "core/pi_rating.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	pi_team		home = {fuzz_double(&in), fuzz_double(&in)};
	pi_team		away = {fuzz_double(&in), fuzz_double(&in)};
	double		rate = fuzz_unit(&in),
				catch_up = fuzz_unit(&in);
	int			home_goals = fuzz_int(&in, 0, 65535),
				away_goals = fuzz_int(&in, 0, 65535);
	pi_team		before = home;
	double		expected;

	if (!(fabs(home.home) < 900 && fabs(home.away) < 900 && fabs(away.home) < 900 && fabs(away.away) < 900))
		return 0;
	expected = pi_update(&home, &away, home_goals, away_goals, rate, catch_up);
	FUZZ_CHECK(isfinite(expected) && isfinite(home.home) && isfinite(home.away) && isfinite(away.home) && isfinite(away.away));
	FUZZ_CHECK((home.home - before.home) * (home_goals - away_goals - expected) >= 0);
	return 0;
}
