#include "core/kelly_portfolio.h"
#include "fuzz.h"

#define MAX_BETS 5
#define MAX_SCENARIOS 12

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static double space[2 * MAX_BETS * MAX_BETS + 20 * MAX_BETS + 512];
	fuzz_bytes	in = {data, size};
	int			n = fuzz_int(&in, 1, MAX_BETS),
				scenarios = fuzz_int(&in, 1, MAX_SCENARIOS);
	double		limit = fuzz_byte(&in) % 2 ? 1 : fuzz_unit(&in);
	double		probs[MAX_SCENARIOS],
				pushes[MAX_BETS],
				odds[MAX_BETS],
				net_returns[MAX_SCENARIOS * MAX_BETS],
				stakes[MAX_BETS],
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
	FUZZ_CHECK(kelly_portfolio_space(MAX_BETS) <= sizeof space / sizeof space[0]);
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

	sum = 0;
	for (int s = 0; s < scenarios; s++)
	{
		probs[s] = fuzz_byte(&in) % 8 ? fuzz_unit(&in) : fabs(fuzz_double(&in));
		if (!(probs[s] <= 1))
			probs[s] = 0;
		sum += probs[s];
		for (int i = 0; i < n; i++)
		{
			double		r = fuzz_byte(&in) % 8 ? fuzz_int(&in, -10, 30) / 10.0 : fuzz_double(&in);

			net_returns[s * n + i] = r >= -1 && r <= KELLY_MAX_ODDS ? r : -1;
		}
	}
	if (sum > 1)
		for (int s = 0; s < scenarios; s++)
			probs[s] /= sum;
	FUZZ_CHECK(kelly_scenarios(probs, scenarios, net_returns, n, limit, NULL, space, stakes) == CORE_OK);
	sum = 0;
	for (int i = 0; i < n; i++)
	{
		FUZZ_CHECK(stakes[i] >= 0);
		sum += stakes[i];
	}
	FUZZ_CHECK(sum <= limit * (1 + 1e-14));
	FUZZ_CHECK(kelly_scenarios_growth(stakes, probs, scenarios, net_returns, n) >= -1e-6);
	return 0;
}
