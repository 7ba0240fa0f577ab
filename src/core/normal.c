#include "core/normal.h"

#include <float.h>
#include <math.h>

double
normal_cdf(double x)
{
	return erfc(-x * 0.70710678118654752440) / 2;
}

double
normal_density(double x)
{
	return 0.39894228040143267794 * exp(-x * x / 2);
}

/*
 * Newton for ln cdf(x) = ln p. ln cdf is concave, so from a point left of the root
 * it never passes it; cdf(-t) <= exp(-t^2/2) gives that point.
 */
double
normal_quantile(double p)
{
	double		x,
				log_p;

	if (p == 0.5)
		return 0;
	if (!(p > 0 && p < 1))
		return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
	if (p > 0.5)
		return -normal_quantile(1 - p);
	log_p = log(p);
	x = -sqrt(-2 * log_p);
	for (int step = 0; step < 50; step++)
	{
		double		cdf = fmax(normal_cdf(x), DBL_TRUE_MIN);
		double		next = x + (log_p - log(cdf)) * cdf / fmax(normal_density(x), DBL_TRUE_MIN);

		if (!(next > x + 1e-15))
			break;
		x = next;
	}
	return x;
}
