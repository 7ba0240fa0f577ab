#include "core/glicko2.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	glicko2_player p = {fuzz_double(&in), fabs(fuzz_double(&in)), fabs(fuzz_double(&in))};
	glicko2_player after;
	glicko2_evidence e = {0};
	double		tau = 100 * fuzz_unit(&in);

	if (!isfinite(p.rating) || !(p.rd > 0 && p.rd <= 1e308) || !(p.volatility > 0 && p.volatility <= 1e308) || !(tau > 0))
		return 0;
	for (int n = fuzz_int(&in, 1, 8); n > 0; n--)
	{
		double		opponent = fuzz_double(&in);
		double		rd = fabs(fuzz_double(&in));

		if (isfinite(opponent) && isfinite(rd))
			glicko2_add(&e, p.rating, opponent, rd, fuzz_unit(&in));
	}
	if (glicko2_close(&p, &e, tau, INFINITY, &after) == CORE_OK)
		FUZZ_CHECK(isfinite(after.rating) && isfinite(after.rd) && after.volatility >= 0 && isfinite(after.volatility));
	return 0;
}
