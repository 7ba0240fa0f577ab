#include "core/kelly_portfolio.h"
#include "fuzz.h"

#define MAX_BETS 5
#define MAX_SCENARIOS 12

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static double space[2 * MAX_BETS * MAX_BETS + 12 * MAX_BETS];
	fuzz_bytes	in = {data, size};
	int			n = fuzz_int(&in, 1, MAX_BETS),
				scenarios = fuzz_int(&in, 1, MAX_SCENARIOS);
	double		limit = fuzz_byte(&in) % 2 ? 1 : fuzz_unit(&in);
	double		probs[MAX_SCENARIOS],
				net_returns[MAX_SCENARIOS * MAX_BETS],
				stakes[MAX_BETS],
				sum = 0;

	FUZZ_CHECK(kelly_portfolio_space(MAX_BETS) <= sizeof space / sizeof space[0]);
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
