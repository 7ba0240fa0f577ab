#include "core/conformal.h"

#include <math.h>
#include <stdint.h>

static void
swap(double *a, double *b)
{
	double		held = *a;

	*a = *b;
	*b = held;
}

/* The k-th smallest, k from 0 (Hoare's selection). The pivot's place is drawn, so no order of input is bad. */
static double
select_kth(double *x, size_t n, size_t k)
{
	size_t		lo = 0,
				hi = n - 1;
	uint64_t	draw = n;

	while (lo < hi)
	{
		size_t		i = lo,
					j = hi;
		double		pivot;

		draw = draw * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		pivot = x[lo + (size_t) ((draw >> 33) % (hi - lo + 1))];
		for (;;)
		{
			while (x[i] < pivot)
				i++;
			while (x[j] > pivot)
				j--;
			if (i >= j)
				break;
			/* equal values are swapped too: that keeps the halves even */
			swap(&x[i++], &x[j--]);
		}
		/* x[lo..i-1] <= pivot <= x[j+1..hi]; i and j met on the pivot, or passed each other */
		if (i == j)
		{
			if (k == i)
				return x[k];
			if (k < i)
				hi = i - 1;
			else
				lo = i + 1;
		}
		else if (k <= j)
			hi = j;
		else
			lo = i;
	}
	return x[k];
}

double
conformal_order_statistic(double *scores, size_t n, double alpha)
{
	/*
	 * ceil((n+1)(1-alpha)) of the alpha that was written, not of the double below or
	 * above it: where (n+1)*alpha is whole, rounding must not move the rank.
	 */
	double		below = (double) (n + 1) * alpha;
	double		rank = (double) (n + 1) - floor(below + 1e-9 + below * 4e-16);

	if (rank > (double) n)
		return INFINITY;
	return select_kth(scores, n, rank < 1 ? 0 : (size_t) rank - 1);
}
