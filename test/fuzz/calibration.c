#include "core/calibration.h"
#include "core/order.h"
#include "fuzz.h"

#define MOST 64

static void
check(void)
{
}

/* Any scores and outcomes: fits ascend and stay in 0..1; a fit of any bits gives no NaN that it does not report. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			n = fuzz_int(&in, 1, MOST);
	double		iso[3 * MOST],
				venn[2 * MOST],
				beta[4 * MOST],
				work[7 * (MOST + 1)];
	double		fit[3],
				p0,
				p1,
				value;
	long		k;

	for (int i = 0; i < n; i++)
	{
		double		score = fuzz_byte(&in) % 2 ? fuzz_double(&in) : fuzz_int(&in, -9, 9);
		int			outcome = fuzz_byte(&in) % 2;
		double		p = (fuzz_unit(&in) * 65535 + 0.5) / 65536;

		if (!isfinite(score))
			score = 0;
		order_key_set(iso + 3 * i, score);
		iso[3 * i + 1] = outcome;
		iso[3 * i + 2] = 1 + fuzz_byte(&in);
		order_key_set(venn + 2 * i, score);
		venn[2 * i + 1] = outcome;
		beta[4 * i] = log(p);
		beta[4 * i + 1] = -log1p(-p);
		beta[4 * i + 2] = outcome;
		beta[4 * i + 3] = iso[3 * i + 2];
	}
	k = isotonic_fit(iso, work, n, check);
	FUZZ_CHECK(k >= 1 && k <= n);
	for (long i = 0; i < k; i++)
	{
		FUZZ_CHECK(iso[k + i] >= 0 && iso[k + i] <= 1 && (i == 0 || (iso[i - 1] < iso[i] && iso[k + i - 1] <= iso[k + i])));
		FUZZ_CHECK(isotonic_apply(iso, iso + k, k, iso[i], &value) == CORE_OK && value == iso[k + i]);
	}
	k = venn_abers_fit(venn, work, n, check);
	FUZZ_CHECK(k >= 1 && k <= n);
	for (long i = 0; i < k; i++)
	{
		venn_abers_apply(work, work + k, work + 2 * k, k, work[i], &p0, &p1);
		FUZZ_CHECK(p0 >= 0 && p0 < p1 && p1 <= 1 && p0 == work[k + i] && p1 == work[2 * k + i]);
	}
	if (beta_fit(beta, n, fit, check) == CORE_OK)
	{
		value = beta_apply(fit, fuzz_unit(&in));
		FUZZ_CHECK(fit[0] >= 0 && fit[1] >= 0 && value >= 0 && value <= 1);
	}
	for (int i = 0; i < 8; i++)
		work[i] = fuzz_double(&in);
	value = fuzz_double(&in);
	if (isfinite(value) && isotonic_apply(work, work + 4, 4, value, &p0) == CORE_OK)
		FUZZ_CHECK(isfinite(p0));
	return 0;
}
