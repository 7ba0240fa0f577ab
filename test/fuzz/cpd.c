#include "core/cpd.h"
#include "fuzz.h"

#define MOST 400

/* Whatever the numbers: probabilities in 0 .. 1 that sum to 1 and lie in their bounds, and a distribution function that grows. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		r[MOST],
				work[MOST];
	cpd			d = {r, 0, fuzz_double(&in), fabs(fuzz_double(&in))};
	double		line = fuzz_double(&in),
				other = fuzz_double(&in),
				lower,
				upper;
	int			whole = fuzz_int(&in, 0, 1),
				plain = fuzz_int(&in, 0, 3);
	cpd_law		law;

	while (in.size > 0 && d.n < MOST)
		r[d.n++] = plain ? fuzz_int(&in, -40, 40) / 2.0 : fuzz_double(&in);
	if (plain)
	{
		d.prediction = round(2 * fmod(d.prediction, 50)) / 2;
		d.sigma = 1;
		line = round(2 * fmod(line, 60)) / 2;
	}
	if (d.n == 0 || !isfinite(d.prediction) || !(d.sigma > 0) || !isfinite(d.sigma) || !isfinite(line) || !isfinite(other) ||
		cpd_prepare(r, work, d.n, NULL) != CORE_OK)
		return 0;
	cpd_line(&d, line, whole, &law);
	FUZZ_CHECK(law.over > 0 && law.under > 0 && law.push >= 0 && fabs(law.over + law.push + law.under - 1) <= 1e-12);
	FUZZ_CHECK(law.over_lower <= law.over && law.over <= law.over_upper && law.over_lower >= 0 && law.over_upper <= 1);
	FUZZ_CHECK(law.under_lower <= law.under && law.under <= law.under_upper && law.under_lower >= 0 && law.under_upper <= 1);
	FUZZ_CHECK((line <= other) ? cpd_cdf(&d, line, 0.5) <= cpd_cdf(&d, other, 0.5) : cpd_cdf(&d, line, 0.5) >= cpd_cdf(&d, other, 0.5));
	if (cpd_interval(&d, 0.2, &lower, &upper) == CORE_OK)
		FUZZ_CHECK(lower <= upper);
	if (plain && cpd_quantile(&d, 0.7, &upper) == CORE_OK && isfinite(upper))
		FUZZ_CHECK(cpd_cdf(&d, upper, 1) >= 0.7 - 1e-9);
	return 0;
}
