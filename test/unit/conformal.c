#include "tap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/conformal.h"

static uint64_t seed = 3;

static double
uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (seed >> 11) / 9007199254740992.0;
}

static int
ascending(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

int
main(void)
{
	static double x[10000],
				sorted[10000];
	int			wrong = 0;

	/* every rank, on random scores with many, few and no ties */
	for (int i = 0; i < 5000; i++)
	{
		size_t		n = 1 + (size_t) (uniform() * 60);
		size_t		k = 1 + (size_t) (uniform() * (double) n);
		double		kinds = 1 + uniform() * uniform() * 100;
		double		alpha = ((double) (n + 1 - k) + 0.5 * uniform()) / (double) (n + 1);

		for (size_t j = 0; j < n; j++)
			x[j] = floor(uniform() * kinds);
		memcpy(sorted, x, n * sizeof(double));
		qsort(sorted, n, sizeof(double), ascending);
		wrong += alpha < 1 && conformal_order_statistic(x, n, alpha, NULL) != sorted[k - 1];
	}
	ok(wrong == 0, "the k-th smallest");

	/* alpha = m/(n+1) as decimals print it: the rank is n+1-m, never one beside it */
	wrong = 0;
	for (int n = 99; n < 10000; n += 100)
		for (int percent = 1; percent < 100; percent += 3)
		{
			int			rank = n + 1 - (n + 1) * percent / 100;
			double		got;

			for (int j = 0; j < n; j++)
				x[j] = j + 1;
			got = conformal_order_statistic(x, (size_t) n, percent / 100.0, NULL);
			wrong += rank > n ? !isinf(got) : got != rank;
		}
	ok(wrong == 0, "whole (n+1)*alpha");

	for (int j = 0; j < 10000; j++)
		x[j] = 10000 - j;
	ok(conformal_order_statistic(x, 10000, 0.5, NULL) == 5001 && conformal_order_statistic(x, 10000, 0.5, NULL) == 5001, "descending, then as left behind");
	x[0] = INFINITY;
	x[1] = -INFINITY;
	x[2] = 0;
	ok(conformal_order_statistic(x, 3, 0.5, NULL) == 0 && isinf(conformal_order_statistic(x, 3, 0.25, NULL)) &&
	   conformal_order_statistic(x, 3, 0.999, NULL) == -INFINITY, "infinite scores are scores");
	ok(isinf(conformal_order_statistic(x, 3, 0.2, NULL)), "too few scores");
	return done_testing();
}
