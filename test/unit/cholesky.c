#include "core/cholesky.h"
#include "tap.h"

#include <stdlib.h>

#define MOST 40

static void
no_check(void)
{
}

/* Sums of columns' products: positive definite when there are as many as rows. */
static void
gram(double *a, int n, int columns, double spread)
{
	double		c[MOST * MOST];

	for (int i = 0; i < n; i++)
		for (int k = 0; k < columns; k++)
			c[i * columns + k] = (tap_uniform() - 0.5) * pow(spread, tap_uniform() - 0.5);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			a[i * n + j] = 0;
			for (int k = 0; k < columns; k++)
				a[i * n + j] += c[i * columns + k] * c[j * columns + k];
		}
}

int
main(void)
{
	static double a[MOST * MOST],
				factor[MOST * MOST];
	double		b[MOST],
				x[MOST];
	double		product = 0,
				residual = 0;
	int			upper = 1,
				singular = 1,
				indefinite = 1,
				sound = 1;

	for (int round = 0; round < 20000; round++)
	{
		int			n = 1 + tap_below(round % 100 ? 12 : MOST);
		double		top = 0,
					right = 0,
					size = 0;

		gram(a, n, n, round % 3 ? 1 : 1e6);
		for (int i = 0; i < n; i++)
		{
			a[i * n + i] += 1e-3;
			top = fmax(top, a[i * n + i]);
			x[i] = b[i] = tap_uniform() - 0.5;
		}
		memcpy(factor, a, n * n * sizeof(double));
		/* what is above the diagonal is neither read nor written */
		for (int i = 0; i < n; i++)
			for (int j = i + 1; j < n; j++)
				factor[i * n + j] = NAN;
		if (cholesky_factor(factor, n, no_check) != CORE_OK)
		{
			product = INFINITY;
			continue;
		}
		cholesky_solve(factor, n, x);
		for (int i = 0; i < n; i++)
			size = fmax(size, fabs(x[i]));
		for (int i = 0; i < n; i++)
		{
			double		left = -b[i];

			for (int j = 0; j < n; j++)
			{
				double		sum = 0;

				upper &= j <= i || isnan(factor[i * n + j]);
				for (int k = 0; k <= (i < j ? i : j); k++)
					sum += factor[i * n + k] * factor[j * n + k];
				product = fmax(product, fabs(sum - a[i * n + j]) / top);
				left += a[i * n + j] * x[j];
			}
			right = fmax(right, fabs(left));
		}
		residual = fmax(residual, right / (n * top * size));
	}
	close_to(product, 0, 1e-14, "20,000 factors times themselves are the matrix");
	close_to(residual, 0, 1e-14, "and solve it to its own rounding");
	ok(upper, "the upper triangle is not touched");

	for (int round = 0; round < 20000; round++)
	{
		int			n = 2 + tap_below(11),
					k = tap_below(n);

		/* two neighbours that are one: a direction that nothing holds */
		gram(a, n, n, 1);
		k = k ? k : 1;
		memcpy(&a[k * n], &a[(k - 1) * n], n * sizeof(double));
		for (int i = 0; i < n; i++)
			a[i * n + k] = a[i * n + k - 1];
		singular &= cholesky_factor(a, n, no_check) == CORE_NO_SOLUTION;
		gram(a, n, n, 1);
		a[k * n + k] = tap_below(2) ? -a[k * n + k] : 0;
		indefinite &= cholesky_factor(a, n, no_check) == CORE_NO_SOLUTION;
	}
	ok(singular, "20,000 matrices that lack a rank are refused");
	ok(indefinite, "as are those with a diagonal of 0 or less");

	for (int round = 0; round < 200000; round++)
	{
		int			n = 1 + tap_below(4);

		for (int i = 0; i < n * n; i++)
			a[i] = tap_adversary();
		if (cholesky_factor(a, n, no_check) == CORE_OK)
			for (int i = 0; i < n; i++)
			{
				sound &= a[i * n + i] > 0 && isfinite(a[i * n + i]);
				for (int j = 0; j < i; j++)
					sound &= isfinite(a[i * n + j]);
			}
	}
	ok(sound, "200,000 matrices of anything: a finite factor, or refused");

	a[0] = 4;
	b[0] = 8;
	ok(cholesky_factor(a, 1, no_check) == CORE_OK && a[0] == 2, "one number is its root");
	cholesky_solve(a, 1, b);
	ok(b[0] == 2, "and divides");
	ok(cholesky_factor(a, 0, no_check) == CORE_OK, "nothing is solved by nothing");
	return done_testing();
}
