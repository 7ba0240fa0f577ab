#include "core/kalman.h"
#include "fuzz.h"

/* Any rules and games of four teams and four starters: what comes out is finite. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	kalman_rules rules = {0.001 + 1000 * fuzz_unit(&in), 1000 * fuzz_unit(&in), 100 * fuzz_unit(&in), fuzz_unit(&in), 100 * fuzz_unit(&in),
	100 * fuzz_unit(&in) - 50, 1000 * fuzz_unit(&in), 100 * fuzz_unit(&in), fuzz_int(&in, 0, 1), 10 * fuzz_unit(&in)};
	kalman_league league = kalman_new_league(&rules);
	kalman_player teams[4] = {0},
				starters[4] = {0};

	for (int i = 0; i < 200 && in.size > 0; i++)
	{
		int			one = fuzz_int(&in, 0, 3),
					other = (one + fuzz_int(&in, 1, 3)) % 4,
					season = fuzz_int(&in, 2000, 2010),
					who = fuzz_int(&in, 0, 15);
		kalman_side home = {&teams[one], who < 4 ? &starters[who] : NULL},
					away = {&teams[other], who > 7 && who < 12 ? &starters[who - 8] : NULL};
		double		home_score,
					away_score;

		kalman_enter(&rules, &home, season);
		kalman_enter(&rules, &away, season);
		kalman_expected(&rules, &league, &home, &away, who % 2, &home_score, &away_score);
		FUZZ_CHECK(isfinite(home_score) && isfinite(away_score));
		kalman_update(&rules, &league, &home, &away, who % 2, fuzz_int(&in, 0, 65535) * 32768, fuzz_int(&in, 0, 200));
		FUZZ_CHECK(league.level.variance >= 0 && league.home.variance >= 0);
		FUZZ_CHECK(teams[one].attack.variance >= 0 && teams[other].defence.variance >= 0);
	}
	return 0;
}
