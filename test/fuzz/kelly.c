#include "core/kelly.h"
#include "fuzz.h"

#define MAX_BETS 8

static double
odds_from(fuzz_bytes *in)
{
	double		odds = fuzz_byte(in) % 4 ? 1.01 + fuzz_unit(in) * fuzz_int(in, 1, 100) : fabs(fuzz_double(in));

	return odds > 1 && isfinite(odds) ? odds : 2;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			n = fuzz_int(&in, 1, MAX_BETS);
	double		probs[MAX_BETS],
				odds[MAX_BETS],
				net_returns[MAX_BETS],
				stakes[MAX_BETS],
				fraction,
				sum = 0,
				total = 0;
	int			rare = 0;

	for (int i = 0; i < n; i++)
	{
		probs[i] = fuzz_byte(&in) % 8 ? fuzz_unit(&in) : fuzz_double(&in);
		odds[i] = odds_from(&in);
		net_returns[i] = fuzz_byte(&in) % 8 ? fuzz_unit(&in) * 4 - 1 : fuzz_double(&in);
		sum += probs[i];
		/* what such a result would leave is below the digits of the stakes */
		rare |= probs[i] > 0 && probs[i] < 1e-15;
	}
	if (kelly_any(probs, net_returns, n, &fraction) == CORE_OK)
	{
		FUZZ_CHECK(fraction >= 0 && fraction <= 1);
		FUZZ_CHECK(rare || kelly_growth(probs, net_returns, n, fraction) >= -1e-9);
	}
	for (int i = 0; i < n; i++)
	{
		if (!(probs[i] >= 0 && probs[i] <= 1))
			return 0;
		if (sum > 1)
			probs[i] /= sum;
	}
	FUZZ_CHECK(kelly_outcomes(probs, odds, n, stakes) == CORE_OK);
	for (int i = 0; i < n; i++)
	{
		FUZZ_CHECK(stakes[i] >= 0 && stakes[i] <= probs[i]);
		total += stakes[i];
	}
	FUZZ_CHECK(total <= 1 + 1e-12);
	FUZZ_CHECK(rare || kelly_outcomes_growth(stakes, probs, odds, n) >= -1e-9);
	return 0;
}
