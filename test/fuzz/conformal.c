#include "core/conformal.h"
#include "core/order.h"
#include "fuzz.h"

#define MOST 400

static int
ascending(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The order statistics are those of a sort; a quantile is a score or Infinity; a stream's alpha is never NaN. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes	in = {data, size};
	double		x[MOST],
				w[MOST],
				sorted[MOST],
				work[MOST],
				alpha_t[MOST],
				quantile[MOST];
	unsigned char error[MOST];
	size_t		tree[MOST + 1],
				n = 0,
				k;
	double		alpha = (1 + fuzz_int(&in, 0, 997)) / 1000.0,
				gamma = fuzz_unit(&in),
				q,
				total = 1;
	int			few = fuzz_int(&in, 0, 1);

	k = (size_t) fuzz_int(&in, 0, MOST - 1);
	while (in.size > 0 && n < MOST)
	{
		double		value = few ? fuzz_int(&in, -3, 3) : fuzz_double(&in);

		if (isnan(value))
			continue;
		w[n] = fuzz_int(&in, 0, 4) / 4.0;
		total += w[n];
		x[n++] = value;
	}
	if (n == 0)
		return 0;
	memcpy(sorted, x, n * sizeof(double));
	qsort(sorted, n, sizeof(double), ascending);
	FUZZ_CHECK(order_kth(x, n, k % n, NULL) == sorted[k % n]);
	q = conformal_order_statistic(x, n, alpha, NULL, 0, NULL);
	k = order_below(sorted, n, q);
	FUZZ_CHECK(isinf(q) || (k < n && sorted[k] == q));
	FUZZ_CHECK(q == INFINITY || (double) order_upto_from(sorted, n, k, q) >= (1 - alpha) * (double) (n + 1) - 1e-6);

	if (conformal_weighted(x, w, 1, n, 1, alpha, NULL, &q) == CORE_OK && q != INFINITY)
	{
		double		above = 1;

		for (size_t i = 0; i < n; i++)
			above += x[i] > q ? w[i] : 0;
		FUZZ_CHECK(above <= alpha * total * (1 + 1e-9));
	}
	FUZZ_CHECK(conformal_pvalue(x, n, x[0], 1) <= 1 && conformal_pvalue(x, n, x[0], 0) >= 0);
	conformal_aci_stream(x, n / 2, x + n / 2, n - n / 2, alpha, gamma, sorted, work, tree, NULL, alpha_t, quantile, error);
	for (size_t i = 0; i < n - n / 2; i++)
	{
		FUZZ_CHECK(!isnan(alpha_t[i]) && !isnan(quantile[i]));
		if (alpha_t[i] > 0 && alpha_t[i] < 1)
			FUZZ_CHECK(quantile[i] == (n / 2 + i == 0 ? INFINITY : conformal_order_statistic(x, n / 2 + i, alpha_t[i], NULL, 0, NULL)));
	}
	return 0;
}
