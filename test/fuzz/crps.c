#include "core/count.h"
#include "core/crps.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		y = fuzz_int(&in, 0, 20000);
	double		mean = fabs(fuzz_double(&in));
	double		dispersion = fabs(fuzz_double(&in));
	double		members[64];
	double		work[64];
	int			n = fuzz_int(&in, 1, 64);
	double		real = fuzz_double(&in);
	int			finite = isfinite(real);

	if (mean <= COUNT_MEAN_MAX && dispersion >= COUNT_SIZE_MIN)
	{
		double		poisson = crps_poisson(y, mean);
		double		negbin = crps_negbin(y, mean, dispersion);

		FUZZ_CHECK(poisson >= 0 && poisson <= fmax(y, mean) + 1);
		FUZZ_CHECK(negbin >= 0 && negbin <= fmax(y, mean) * (1 + 1e-9) + 1);
		FUZZ_CHECK(!finite || isinf(dispersion) || crps_normal(real, mean, dispersion) >= 0);
	}
	for (int i = 0; i < n; i++)
	{
		members[i] = fuzz_double(&in);
		finite &= isfinite(members[i]) && fabs(members[i]) < 1e300;
	}
	if (finite && fabs(real) < 1e300)
		FUZZ_CHECK(crps_ensemble(real, members, work, n, 0) >= 0);
	return 0;
}
