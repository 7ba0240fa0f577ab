#include "core/order.h"
#include "fuzz.h"

#define MOST 3000

static int
ascending(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

/* What qsort says, of few values and of many that repeat them. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static double x[MOST],
				sorted[MOST],
				mine[MOST],
				work[MOST],
				many[20 * MOST],
				room[20 * MOST];
	fuzz_bytes	in = {data, size};
	size_t		k = (size_t) fuzz_int(&in, 0, MOST - 1),
				n = 0,
				below;

	while (in.size > 0 && n < MOST)
	{
		double		value = fuzz_double(&in);

		if (!isnan(value))
			x[n++] = value;
	}
	if (n == 0)
		return 0;
	k %= n;
	memcpy(sorted, x, n * sizeof(double));
	memcpy(mine, x, n * sizeof(double));
	qsort(sorted, n, sizeof(double), ascending);
	order_sort(mine, work, n);
	for (size_t i = 0; i < n; i++)
		FUZZ_CHECK(mine[i] == sorted[i]);
	FUZZ_CHECK(order_kth(x, n, k, NULL) == sorted[k]);
	below = order_below(sorted, n, sorted[k]);
	FUZZ_CHECK(below <= k && sorted[below] == sorted[k] && (below == 0 || sorted[below - 1] < sorted[k]));
	FUZZ_CHECK(order_upto_from(sorted, n, below, sorted[k]) == order_upto(sorted, n, sorted[k]) && order_upto(sorted, n, sorted[k]) > k);
	if (n >= 1000)
	{
		for (size_t i = 0; i < 20 * n; i++)
			many[i] = x[i % n];
		FUZZ_CHECK(order_kth_in(many, 20 * n, 20 * k + 7, room, 20 * n, NULL) == sorted[k]);
	}
	return 0;
}
