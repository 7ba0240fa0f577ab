#include "core/pit.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		y = fuzz_int(&in, 0, 65535);
	double		mean = fabs(fuzz_double(&in));
	double		dispersion = fabs(fuzz_double(&in));
	double		u = fuzz_unit(&in);

	if (!isfinite(mean) || !(dispersion > 0) || isinf(dispersion))
		return 0;
	for (int which = 0; which < 2; which++)
	{
		count_at	at = which ? negbin_at(y, mean, dispersion) : poisson_at(y, mean);

		FUZZ_CHECK(at.density >= 0 && at.cdf >= 0 && at.above >= 0 && fabs(at.cdf + at.above - 1) < 1e-9);
		FUZZ_CHECK(pit_count(at, u) >= 0 && pit_count(at, u) <= 1);
	}
	FUZZ_CHECK(pit_normal(y, mean, dispersion) >= 0 && pit_normal(y, mean, dispersion) <= 1);
	return 0;
}
