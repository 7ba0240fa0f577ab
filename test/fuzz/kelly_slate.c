#include "core/kelly_slate.h"
#include "fuzz.h"

#define MAX_BETS 5
#define MAX_GAMES 4
#define MAX_SCENARIOS 5			/* of a game */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static double space[2 * MAX_BETS * MAX_BETS * MAX_GAMES * MAX_GAMES + 60 * MAX_BETS * MAX_GAMES + 2048];
	fuzz_bytes	in = {data, size};
	int			n = fuzz_int(&in, 1, MAX_BETS),
				games = fuzz_int(&in, 1, MAX_GAMES),
				bets[MAX_GAMES],
				scenarios[MAX_GAMES],
				all = 0;
	double		limit = fuzz_byte(&in) % 2 ? 1 : fuzz_unit(&in);
	double		probs[MAX_GAMES * MAX_SCENARIOS],
				pushes[MAX_BETS],
				odds[MAX_BETS],
				net_returns[MAX_GAMES * MAX_SCENARIOS * MAX_BETS],
				stakes[MAX_GAMES * MAX_BETS],
			   *p = probs,
			   *r = net_returns,
				sum = 0;

	for (int i = 0; i < n; i++)
	{
		double		p = fuzz_unit(&in);

		odds[i] = fuzz_byte(&in) % 8 ? 1.01 + fuzz_unit(&in) * fuzz_int(&in, 1, 50) : 1 + fabs(fuzz_double(&in));
		if (!(odds[i] > 1 && odds[i] <= KELLY_MAX_ODDS))
			odds[i] = 2;
		probs[i] = fuzz_byte(&in) % 4 ? fmin(p * 1.5 / odds[i], 1) : p;
		pushes[i] = fuzz_byte(&in) % 4 ? 0 : (1 - probs[i]) * fuzz_unit(&in);
	}
	FUZZ_CHECK(kelly_independent_space(MAX_BETS) <= sizeof space / sizeof space[0]);
	/* listed, or by the integral */
	FUZZ_CHECK(fuzz_byte(&in) % 2 || kelly_independent(probs, NULL, odds, n, limit, NULL, space, stakes) == CORE_OK);
	FUZZ_CHECK(kelly_independent(probs, pushes, odds, n, limit, NULL, space, stakes) == CORE_OK);
	for (int i = 0; i < n; i++)
	{
		FUZZ_CHECK(stakes[i] >= 0);
		FUZZ_CHECK(stakes[i] == 0 || probs[i] * (odds[i] - 1) > 1 - probs[i] - pushes[i]);
		sum += stakes[i];
	}
	FUZZ_CHECK(sum <= limit * (1 + 1e-14) && sum < 1);
	FUZZ_CHECK(kelly_independent_growth(stakes, probs, pushes, odds, n, space) >= -1e-14);

	for (int g = 0; g < games; g++)
	{
		bets[g] = fuzz_int(&in, 1, MAX_BETS);
		scenarios[g] = fuzz_int(&in, 1, MAX_SCENARIOS);
		all += bets[g];
		sum = 0;
		for (int s = 0; s < scenarios[g]; s++)
		{
			p[s] = fuzz_byte(&in) % 8 ? fuzz_unit(&in) : fabs(fuzz_double(&in));
			if (!(p[s] <= 1))
				p[s] = 0;
			sum += p[s];
			for (int i = 0; i < bets[g]; i++)
			{
				double		profit = fuzz_byte(&in) % 8 ? fuzz_int(&in, -10, 30) / 10.0 : fuzz_double(&in);

				r[s * bets[g] + i] = profit >= -1 && profit <= KELLY_MAX_ODDS ? profit : -1;
			}
		}
		if (sum > 1)
			for (int s = 0; s < scenarios[g]; s++)
				p[s] /= sum;
		p += scenarios[g];
		r += scenarios[g] * bets[g];
	}
	FUZZ_CHECK(kelly_slate_space(all, games, MAX_GAMES * MAX_SCENARIOS) <= sizeof space / sizeof space[0]);
	FUZZ_CHECK(kelly_slate(bets, scenarios, games, probs, net_returns, limit, NULL, space, stakes) == CORE_OK);
	sum = 0;
	for (int i = 0; i < all; i++)
	{
		FUZZ_CHECK(stakes[i] >= 0);
		sum += stakes[i];
	}
	FUZZ_CHECK(sum <= limit * (1 + 1e-14) && sum < 1);
	FUZZ_CHECK(kelly_slate_growth(stakes, bets, scenarios, games, probs, net_returns, space) >= -1e-12);
	return 0;
}
