#include "core/returns.h"
#include "fuzz.h"

/* Merged parts say what the whole says, and no ratio is NaN unless an amount overflowed. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	returns_moments whole = {0};
	returns_moments parts[2] = {{0}, {0}};
	returns_curve curve = {0};
	double		offset = fuzz_int(&in, 0, 1) ? 0 : fuzz_int(&in, 0, 60000);
	int			n = fuzz_int(&in, 0, 60);
	double		a,
				b;

	for (int i = 0; i < n; i++)
	{
		double		value = offset + fuzz_int(&in, -1000, 1000) / 256.0;

		returns_moments_add(&whole, value, 0, 0);
		returns_moments_add(&parts[fuzz_int(&in, 0, 1)], value, 0, 0);
		returns_curve_add(&curve, value, 100, 0);
	}
	FUZZ_CHECK(returns_moments_merge(&parts[0], &parts[1]) == CORE_OK);
	FUZZ_CHECK(returns_sharpe(&whole, &a) == returns_sharpe(&parts[0], &b));
	if (returns_sharpe(&whole, &a) == CORE_OK)
	{
		FUZZ_CHECK(returns_sharpe(&parts[0], &b) == CORE_OK && fabs(a - b) <= 1e-12 * fmax(1, fabs(a)));
		FUZZ_CHECK(returns_skewness(&whole, &a) == CORE_OK && returns_kurtosis(&whole, &b) == CORE_OK);
		FUZZ_CHECK(b >= (1 + a * a) * (1 - 1e-9));
	}
	FUZZ_CHECK(curve.drawdown >= 0 && curve.longest <= n);

	/* and anything at all */
	while (in.size > 0)
		returns_moments_add(&whole, fuzz_double(&in), 0, 0);
	if (returns_sharpe(&whole, &a) == CORE_OK && isfinite(whole.m2) && isfinite(whole.mean))
		FUZZ_CHECK(!isnan(a));
	return 0;
}
