#include "core/settlement.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		line = fuzz_byte(&in) % 2 ? fuzz_double(&in) : fuzz_int(&in, -80, 80) * 0.25;
	double		prediction = fuzz_byte(&in) % 4 ? fuzz_int(&in, -600, 600) / 10.0 : fuzz_double(&in);
	int			lay = fuzz_byte(&in) % 2,
				n = fuzz_int(&in, 0, 40);
	double		residuals[40],
				law[SETTLE_RESULTS],
				mirror[SETTLE_RESULTS],
				net_returns[SETTLE_RESULTS],
				sum = 0;

	for (int i = 0; i < n; i++)
		residuals[i] = fuzz_byte(&in) % 8 ? fuzz_int(&in, -300, 300) / 10.0 : fuzz_double(&in);
	if (settlement_line(line) == CORE_OK)
	{
		FUZZ_CHECK(settlement_ahead(line) + settlement_ahead(-line) == SETTLE_LOSS);
		if (settlement_law(prediction, residuals, n, -INFINITY, 1, line, law) == CORE_OK)
		{
			for (int r = 0; r < SETTLE_RESULTS; r++)
				sum += law[r];
			FUZZ_CHECK(fabs(sum - 1) <= 1e-15);
			FUZZ_CHECK(settlement_law(prediction, residuals, n, -INFINITY, -1, -line, mirror) == CORE_OK);
			for (int r = 0; r < SETTLE_RESULTS; r++)
				FUZZ_CHECK(law[r] == mirror[SETTLE_LOSS - r]);
		}
	}
	settlement_returns(1 + fabs(prediction), fuzz_unit(&in), lay, net_returns);
	FUZZ_CHECK(net_returns[lay ? SETTLE_WIN : SETTLE_LOSS] == -1 && net_returns[SETTLE_PUSH] == 0);
	return 0;
}
