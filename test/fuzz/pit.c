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

	if (!(mean <= COUNT_MEAN_MAX) || !(dispersion >= COUNT_SIZE_MIN))
		return 0;
	for (int which = 0; which < 2; which++)
	{
		count_law	law = {COUNT_NEGBIN, .mean = mean, .size = which ? dispersion : INFINITY};
		count_parts parts = count_split(&law, y);

		FUZZ_CHECK(parts.under >= 0 && parts.at >= 0 && parts.over >= 0 && fabs(parts.under + parts.at + parts.over - 1) < 1e-9);
		FUZZ_CHECK(pit_count(parts, u) >= 0 && pit_count(parts, u) <= 1);
	}
	FUZZ_CHECK(isinf(dispersion) || pit_normal(y, mean, dispersion) >= 0 && pit_normal(y, mean, dispersion) <= 1);
	return 0;
}
