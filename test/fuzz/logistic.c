#include "core/logistic.h"
#include "fuzz.h"

#define ROWS 40
#define MOST_P 5
#define MOST_K 4

static void
check(void)
{
}

/* Any rows: a fit gives probabilities for each of them, and says so when it cannot. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	int			k = fuzz_int(&in, 2, MOST_K),
				p = fuzz_int(&in, 1, MOST_P),
				n = fuzz_int(&in, k, ROWS);
	double		ridge = ldexp(1, fuzz_int(&in, -10, 30));
	double		rows[ROWS * (MOST_P + 1)],
				model[(MOST_K + 1) * (MOST_P + 1)],
				work[ROWS * (MOST_P + 1) + 24 * 24 + 200],
				probs[MOST_K];
	float		x[MOST_P];

	FUZZ_CHECK(logistic_space(n, p, k) <= sizeof work / sizeof *work);
	for (int i = 0; i < n; i++)
	{
		rows[i * (p + 1)] = i < k ? i + 1 : fuzz_int(&in, 1, k);
		for (int j = 1; j <= p; j++)
		{
			float		value = (float) (fuzz_byte(&in) % 2 ? fuzz_double(&in) : fuzz_int(&in, -9, 9));

			rows[i * (p + 1) + j] = isinf(value) ? NAN : value;
		}
	}
	if (logistic_fit(rows, p + 1, n, p, k, false, ridge, model, work, check) != CORE_OK)
		return 0;
	for (int i = 0; i < n; i++)
	{
		double		sum = 0;

		for (int j = 0; j < p; j++)
			x[j] = (float) rows[i * (p + 1) + j + 1];
		FUZZ_CHECK(logistic_apply(model, p, k, x, NULL, probs) == CORE_OK);
		for (int a = 0; a < k; a++)
		{
			FUZZ_CHECK(probs[a] >= 0 && probs[a] <= 1);
			sum += probs[a];
		}
		FUZZ_CHECK(fabs(sum - 1) < 1e-9);
	}
	return 0;
}
