#include "fuzz.h"

#include <float.h>
#include <stdbool.h>

#include "core/overround.h"

/* Any odds: refused, or probabilities that sum to the target and keep the order; and the way back. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	overround_method method = (overround_method) fuzz_int(&in, 0, OVERROUND_UNKNOWN - 1);
	int			n = fuzz_int(&in, OVERROUND_MIN, 12);
	double		target = fuzz_byte(&in) < 128 ? 1 : n * fuzz_unit(&in);
	bool		printed = fuzz_byte(&in) < 128;
	double		overround = fuzz_unit(&in) - 0.2;
	double		odds[12],
				probs[12],
				again[12],
				sum = 0;
	overround_fit fit;
	core_status status;

	for (int i = 0; i < n; i++)
	{
		odds[i] = printed ? 1 + fuzz_int(&in, 1, 65535) / 100.0 : fabs(fuzz_double(&in));
		if (!(odds[i] > 1 && isfinite(odds[i])))
			odds[i] = 1.01 + i;
	}
	status = overround_remove(odds, n, method, target, probs, &fit);
	FUZZ_CHECK(status == CORE_OK || status == CORE_NO_SOLUTION || (status == CORE_INVALID && !(target >= OVERROUND_TARGET_MIN && target < n)));
	if (status != CORE_OK)
		return 0;
	for (int i = 0; i < n; i++)
	{
		FUZZ_CHECK(probs[i] > 0 && probs[i] <= 1);
		for (int j = 0; j < i; j++)
			FUZZ_CHECK(odds[i] == odds[j] ? probs[i] == probs[j] : (odds[i] > odds[j]) == (probs[i] < probs[j]) || fabs(probs[i] - probs[j]) < 1e-14);
		sum += probs[i];
	}
	FUZZ_CHECK(fabs(sum - target) <= 1e-12 * fmax(1, target));

	/* nor does a subnormal probability hold its digits: its price may be refused, as a probability of 0 is */
	for (int i = 0; i < n; i++)
		if (!(probs[i] < 1 - 1e-9 && probs[i] >= DBL_MIN))
			return 0;
	status = overround_add(probs, n, method, overround, odds, &fit);
	FUZZ_CHECK(status == CORE_OK || status == CORE_NO_SOLUTION);
	if (status != CORE_OK)
		return 0;
	for (int i = 0; i < n; i++)
	{
		FUZZ_CHECK(odds[i] > 1 && isfinite(odds[i]));
		/* so close to 1 a double no longer holds the price */
		if (odds[i] < 1 + 1e-5)
			return 0;
	}
	FUZZ_CHECK(fabs(overround_book(odds, n) - sum * (1 + overround)) <= 1e-11 * fmax(1, sum));
	status = overround_remove(odds, n, method, sum, again, &fit);
	FUZZ_CHECK(status == CORE_OK);
	for (int i = 0; i < n; i++)
		FUZZ_CHECK(fabs(again[i] - probs[i]) <= 1e-9);
	return 0;
}
