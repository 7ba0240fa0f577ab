#include "core/kelly_portfolio.h"
#include "portfolio.h"
#include "tap.h"

#include <stdbool.h>
#include <stdlib.h>

#define MOST 8					/* bets */

static double space[2 * MOST * MOST + 12 * MOST];
static double joint[20];
static double returns[20 * MOST];

int
main(void)
{
	double		probs[MOST],
				odds[MOST],
				stakes[MOST],
				other[MOST],
				worst = 0;
	int			wrong = 0;

	/* outcomes of one event as scenarios: Smoczynski & Tomkins */
	for (int turn = 0; turn < 4000; turn++)
	{
		int			n = 1 + (int) (tap_uniform() * 6);
		double		sum = tap_uniform() < 0.3 ? 0.2 * tap_uniform() : 0;

		for (int i = 0; i < n; i++)
			sum += probs[i] = 0.05 + tap_uniform();
		for (int i = 0; i < n; i++)
		{
			probs[i] /= sum;
			odds[i] = 1.001 + (0.85 + 0.25 * tap_uniform()) / probs[i];
			for (int j = 0; j < n; j++)
				returns[j * n + i] = i == j ? odds[i] - 1 : -1;
		}
		wrong += kelly_outcomes(probs, odds, n, stakes) != CORE_OK;
		wrong += kelly_scenarios(probs, n, returns, n, 1, NULL, space, other) != CORE_OK;
		/* beside a sure profit money kept back is staked on all at no cost or gain: compare what each leaves */
		worst = fmax(worst, fabs(kelly_outcomes_growth(stakes, probs, odds, n) - kelly_scenarios_growth(other, probs, n, returns, n)));
		worst = fmax(worst, conditions(other, probs, n, returns, n, 1));
	}
	ok(wrong == 0 && worst <= 1e-9, "outcomes of one event grow as by Smoczynski and Tomkins");
	printf("# %.2g\n", worst);

	/* dependent bets, copies and sure profits among them */
	wrong = 0;
	worst = 0;
	for (int turn = 0; turn < 4000; turn++)
	{
		int			n = 1 + (int) (tap_uniform() * 5),
					scenarios = 1 + (int) (tap_uniform() * 20);
		double		limit = tap_uniform() < 0.5 ? 1 : tap_uniform(),
					sum = tap_uniform() < 0.5 ? 0 : tap_uniform(),
					total = 0;
		bool		all_lose = sum > 0;

		for (int s = 0; s < scenarios; s++)
		{
			bool		loses = true;

			sum += joint[s] = tap_uniform();
			for (int i = 0; i < n; i++)
			{
				returns[s * n + i] = tap_uniform() < 0.6 ? -1 : tap_uniform() < 0.2 ? 0 : 3 * tap_uniform() * tap_uniform();
				if (i > 0 && turn % 10 == 0)
					returns[s * n + i] = returns[s * n];
				loses &= returns[s * n + i] == -1;
			}
			all_lose |= loses;
		}
		for (int s = 0; s < scenarios; s++)
			joint[s] /= sum;
		wrong += kelly_scenarios(joint, scenarios, returns, n, limit, NULL, space, stakes) != CORE_OK;
		worst = fmax(worst, conditions(stakes, joint, scenarios, returns, n, all_lose ? fmin(limit, 1 - KELLY_RESERVE) : limit));
		for (int i = 0; i < n; i++)
		{
			wrong += !(stakes[i] >= 0);
			total += stakes[i];
		}
		wrong += total > limit * (1 + 1e-14);
	}
	ok(wrong == 0 && worst <= 1e-9, "scenarios: the conditions hold to 1e-9, copies and sure profits included");
	printf("# %.2g\n", worst);

	probs[0] = 0.6, probs[1] = 0.5;
	returns[0] = 1, returns[1] = -1;
	ok(kelly_portfolio_space(MOST) <= sizeof space / sizeof space[0], "the workspace");
	ok(kelly_scenarios(probs, 2, returns, 1, 1, NULL, space, stakes) == CORE_INVALID, "no sum above 1");
	return done_testing();
}
