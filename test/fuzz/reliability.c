#include "core/reliability.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			bins = fuzz_int(&in, 1, 64);
	double		values[256];
	double		work[256];
	reliability_bin bin[64] = {{0}};
	reliability_line line[64];
	reliability_parts parts;
	size_t		n = 0;
	size_t		happened;
	int			lines;

	while (in.size > 0 && n < 256)
	{
		double		p = fuzz_double(&in);

		if (!(fabs(p) <= 1))
			continue;
		values[n++] = p;
		p = fabs(p);
		reliability_add(&bin[reliability_bin_of(p, bins)], p, reliability_centre(reliability_bin_of(p, bins), bins), !signbit(values[n - 1]));
	}
	if (n == 0)
		return 0;
	for (int k = 0; k < bins; k++)
		FUZZ_CHECK(reliability_sound(&bin[k]));
	reliability_decompose(bin, bins, &parts);
	FUZZ_CHECK(fabs(parts.reliability - parts.resolution + parts.uncertainty + parts.within_variance - parts.within_covariance - parts.brier) < 1e-12);
	happened = reliability_split(values, work, n);
	lines = reliability_quantiles(values, n, happened, bins, line);
	FUZZ_CHECK(lines == (n < bins ? n : bins));
	for (int k = 0; k < lines; k++)
		FUZZ_CHECK(line[k].n > 0 && line[k].mean >= 0 && line[k].mean <= 1 && line[k].frequency >= 0 && line[k].frequency <= 1);
	FUZZ_CHECK(reliability_ks(values, n, happened) <= 1);
	return 0;
}
