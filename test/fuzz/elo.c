#include "core/elo.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	elo_rule	rule = fuzz_int(&in, ELO_PLAIN, ELO_WORLD_FOOTBALL);
	double		home = fuzz_double(&in),
				away = fuzz_double(&in),
				advantage = fuzz_double(&in),
				p[3];
	elo_step	step;
	int			home_score = fuzz_int(&in, 0, 65535),
				away_score = fuzz_int(&in, 0, 65535);

	if (!isfinite(home) || !isfinite(away) || !isfinite(advantage) || fabs(home) > 1e15 || fabs(away) > 1e15)
		return 0;
	if (elo_game(rule, home, away, home_score, away_score, 20, advantage, &step) == CORE_OK)
	{
		FUZZ_CHECK(step.expected >= 0 && step.expected <= 1 && step.multiplier >= 0);
		FUZZ_CHECK(home_score <= away_score || step.home >= home);
		FUZZ_CHECK(home_score >= away_score || step.home <= home);
		elo_outcomes(step.expected, fabs(fuzz_unit(&in)), p);
		FUZZ_CHECK(fabs(p[0] + p[1] + p[2] - 1) <= 1e-15);
		if (step.expected > 1e-6 && step.expected < 1 - 1e-6)
		{
			double		evenness[2] = {sqrt(step.expected * (1 - step.expected)), 0.5},
						draws = 1.99 * fabs(fuzz_unit(&in)),
						nu = 0;

			while (!elo_draw_step(evenness, 2, draws, &nu))
				;
			FUZZ_CHECK(fabs(nu * evenness[0] / (1 + nu * evenness[0]) + nu * 0.5 / (1 + nu * 0.5) - draws) <= 1e-9 * draws);
		}
	}
	return 0;
}
