#include "core/blend.h"
#include "fuzz.h"

#define ROWS 40
#define MOST_V 4
#define MOST_K 4

static void
check(void)
{
}

/* Any probabilities above 0: a fit gives finite weights, and they give probabilities of each row. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			voices = fuzz_int(&in, 1, MOST_V),
				k = fuzz_int(&in, 2, MOST_K),
				n = fuzz_int(&in, 1, ROWS),
				width = voices * k + 1;
	double		ridge = ldexp(1, fuzz_int(&in, -10, 30));
	double		probs[ROWS][MOST_V * MOST_K];
	double		rows[ROWS * (MOST_V * MOST_K + 1)],
				weights[MOST_V],
				out[MOST_K];

	for (int i = 0; i < n; i++)
	{
		rows[i * width] = fuzz_int(&in, 0, k - 1);
		for (int v = 0; v < voices; v++)
		{
			double		sum = 0;

			for (int c = 0; c < k; c++)
				sum += probs[i][v * k + c] = 1e-6 + fuzz_unit(&in);
			for (int c = 0; c < k; c++)
				rows[i * width + 1 + v * k + c] = log(probs[i][v * k + c] /= sum);
		}
	}
	if (blend_fit(rows, width, n, voices, k, ridge, weights, check) != CORE_OK)
		return 0;
	for (int i = 0; i < n; i++)
	{
		double		sum = 0;

		FUZZ_CHECK(blend_apply(probs[i], weights, voices, k, out) == CORE_OK);
		for (int c = 0; c < k; c++)
		{
			FUZZ_CHECK(out[c] >= 0 && out[c] <= 1);
			sum += out[c];
		}
		FUZZ_CHECK(fabs(sum - 1) < 1e-9);
	}
	return 0;
}
