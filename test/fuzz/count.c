#include "core/count.h"
#include "fuzz.h"

static void
check(void)
{
}

/* Any law and line within the limits: parts that sum to 1; any histogram has a fit. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	count_law	law = {.kind = (count_kind) fuzz_int(&in, 0, 2)};
	double		line = fuzz_double(&in);
	double		histogram[64];
	int			n = fuzz_int(&in, 1, 64);
	double		weight = 0,
				mean,
				fitted,
				extra;
	count_parts p;

	law.mean = fabs(fuzz_double(&in));
	law.size = fabs(fuzz_double(&in));
	law.prob = fuzz_unit(&in);
	law.trials = floor(law.mean);
	law.extra_zero = fuzz_unit(&in);
	if (law.mean <= 1e7 && law.size >= COUNT_SIZE_MIN && isfinite(line))
	{
		p = count_line(&law, line);
		FUZZ_CHECK(p.under >= 0 && p.at >= 0 && p.over >= 0 && fabs(p.under + p.at + p.over - 1) < 1e-11);
		FUZZ_CHECK(p.at == 0 || line == floor(line));
		FUZZ_CHECK(count_cdf(&law, count_quantile(&law, 0.5)) >= 0.5);
	}
	for (int k = 0; k < n; k++)
		weight += histogram[k] = fuzz_int(&in, 0, 9) * (double) fuzz_byte(&in);
	if (weight > 0)
	{
		FUZZ_CHECK(negbin_fit(histogram, n, &mean, &fitted, check) == CORE_OK && mean >= 0 && fitted > 0);
		zero_inflated_poisson_fit(histogram, n, &mean, &fitted);
		FUZZ_CHECK(mean >= 0 && fitted >= 0 && fitted <= 1);
		FUZZ_CHECK(zero_inflated_negbin_fit(histogram, n, &mean, &fitted, &extra, check) == CORE_OK);
		FUZZ_CHECK(mean >= 0 && fitted > 0 && extra >= 0 && extra <= 1);
	}
	return 0;
}
