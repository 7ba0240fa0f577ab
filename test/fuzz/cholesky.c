#include "core/cholesky.h"
#include "fuzz.h"

static void
no_check(void)
{
}

/* Any symmetric matrix: solved to its own rounding, or refused. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			n = fuzz_int(&in, 1, 8);
	double		a[64],
				factor[64],
				x[8],
				b[8];

	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++)
			a[i * n + j] = a[j * n + i] = size % 2 ? fuzz_double(&in) : fuzz_unit(&in) + (i == j) * n;
	for (int i = 0; i < n; i++)
		x[i] = b[i] = fuzz_unit(&in);
	memcpy(factor, a, sizeof a);
	if (cholesky_factor(factor, n, no_check) != CORE_OK)
	{
		FUZZ_CHECK(size % 2);
		return 0;
	}
	cholesky_solve(factor, n, x);
	if (size % 2 == 0)
		for (int i = 0; i < n; i++)
		{
			double		sum = 0;

			for (int j = 0; j < n; j++)
				sum += a[i * n + j] * x[j];
			FUZZ_CHECK(fabs(sum - b[i]) < 1e-12);
		}
	return 0;
}
