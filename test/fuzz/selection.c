#include "core/selection.h"
#include "fuzz.h"

static void
interrupts(void)
{
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	static double returns[40 * 5];
	static core_moments work[5 * 2 * 32];
	int			strategies = fuzz_int(&in, 1, 5);
	int			periods = fuzz_int(&in, 1, 40);
	int			blocks = fuzz_int(&in, 0, 10);
	double		sharpe = fuzz_double(&in);
	double		skewness = fuzz_unit(&in) * 6 - 3;
	double		kurtosis = 1 + skewness * skewness + fuzz_unit(&in);
	double		benchmark = fuzz_double(&in);
	double		p;
	selection_splits splits;

	if (isfinite(sharpe) && isfinite(benchmark))
	{
		FUZZ_CHECK(selection_probabilistic(sharpe, 2 + fuzz_int(&in, 0, 1000), skewness, kurtosis, benchmark, &p) == CORE_OK);
		FUZZ_CHECK(p >= 0 && p <= 1);
	}
	for (int i = 0; i < periods * strategies; i++)
	{
		returns[i] = fuzz_int(&in, 0, 3) ? fuzz_int(&in, -9, 9) : fuzz_double(&in);
		if (!isfinite(returns[i]))
			returns[i] = 0;
	}
	if (selection_overfitting(returns, periods, strategies, blocks, work, interrupts, &splits) != CORE_OK)
		return 0;
	FUZZ_CHECK(splits.overfit >= 0 && splits.overfit <= 1 && splits.loss >= 0 && splits.loss <= 1);
	FUZZ_CHECK(fabs(splits.mean_logit) <= log(strategies) + 1e-12);
	return 0;
}
