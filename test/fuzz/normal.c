#include "core/normal.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		p = fuzz_double(&in);
	double		x = normal_quantile(p);

	if (p >= 0 && p <= 1)
		FUZZ_CHECK(fabs(normal_cdf(x) - p) <= 1e-15);
	else
		FUZZ_CHECK(isnan(x));
	return 0;
}
