#include "core/cholesky.h"

#include <math.h>
#include <stddef.h>

/* What rounding leaves of a pivot that should be 0. */
#define NO_PIVOT 1e-14

/* Four sums side by side: one would wait for itself. */
static double
dot(const double *a, const double *b, int n)
{
	double		sum[4] = {0};
	int			i = 0;

	for (; i + 4 <= n; i += 4)
		for (int k = 0; k < 4; k++)
			sum[k] += a[i + k] * b[i + k];
	for (; i < n; i++)
		sum[0] += a[i] * b[i];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

core_status
cholesky_factor(double *a, int n, void (*check) (void))
{
	for (int i = 0; i < n; i++)
	{
		double	   *row = a + (size_t) i * n;
		double		pivot;

		check();
		for (int j = 0; j < i; j++)
		{
			const double *above = a + (size_t) j * n;

			row[j] = (row[j] - dot(row, above, j)) / above[j];
		}
		pivot = row[i] - dot(row, row, i);
		if (!(pivot > NO_PIVOT * row[i]) || isinf(pivot))
			return CORE_NO_SOLUTION;
		row[i] = sqrt(pivot);
	}
	return CORE_OK;
}

void
cholesky_solve(const double *a, int n, double *b)
{
	for (int i = 0; i < n; i++)
		b[i] = (b[i] - dot(a + (size_t) i * n, b, i)) / a[(size_t) i * n + i];
	for (int i = n - 1; i >= 0; i--)
	{
		b[i] /= a[(size_t) i * n + i];
		for (int j = 0; j < i; j++)
			b[j] -= a[(size_t) i * n + j] * b[i];
	}
}
