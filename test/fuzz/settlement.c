#include "core/settlement.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		line = fuzz_byte(&in) % 2 ? fuzz_double(&in) : fuzz_int(&in, -80, 80) * 0.25;
	double		odds = 1 + fabs(fuzz_byte(&in) % 4 ? fuzz_int(&in, -600, 600) / 10.0 : fuzz_double(&in));
	int			lay = fuzz_byte(&in) % 2;
	double		net_returns[SETTLE_RESULTS];

	if (settlement_line(line) == CORE_OK)
		FUZZ_CHECK(settlement_ahead(line) + settlement_ahead(-line) == SETTLE_LOSS);
	settlement_returns(odds, fuzz_unit(&in), lay, net_returns);
	FUZZ_CHECK(net_returns[lay ? SETTLE_WIN : SETTLE_LOSS] == -1 && net_returns[SETTLE_PUSH] == 0);
	return 0;
}
