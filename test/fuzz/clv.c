#include "core/clv.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		closing = fuzz_int(&in, -200, 200) / 4.0;
	double		taken = closing + fuzz_int(&in, -40, 40) / 4.0;
	double		prob = fuzz_int(&in, 0, 3) ? fuzz_unit(&in) : fuzz_double(&in);
	double		sign = fuzz_int(&in, 0, 1) ? 1 : -1;
	double		sample[40];
	double		law[SETTLE_RESULTS];
	double		sum = 0;
	int			n = fuzz_int(&in, 2, 40);

	for (int i = 0; i < n; i++)
		sample[i] = fuzz_int(&in, 0, 9) ? fuzz_int(&in, -60, 60) : fuzz_double(&in);
	if (clv_law(sample, n, sign, taken, closing, prob, law) != CORE_OK)
		return 0;
	for (int r = 0; r < SETTLE_RESULTS; r++)
	{
		FUZZ_CHECK(law[r] >= 0 && law[r] <= 1);
		sum += law[r];
	}
	FUZZ_CHECK(fabs(sum - 1) <= 1e-12);
	return 0;
}
