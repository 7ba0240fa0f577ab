#include "core/pit.h"

#include <math.h>

#include "core/normal.h"

#define TWO_PI 6.283185307179586477
#define HALF_LOG_TWO_PI 0.9189385332046727418
#define SERIES_MOST 10000		/* a mean above goes by the asymptotic expansion */
#define FRACTION_MOST 2000000

/* ln n! - ln(sqrt(2 pi n) (n/e)^n), n > 0 */
static double
stirling_rest(double n)
{
	double		n2 = n * n;

	if (n < 16)
		return lgamma(n + 1) - (n + 0.5) * log(n) + n - HALF_LOG_TWO_PI;
	return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / n2) / n2) / n2) / n2) / n;
}

/* x ln(x/mean) + mean - x for x, mean > 0, off = x - mean: without cancellation near the mean (Loader 2000) */
static double
deviance(double x, double mean, double off)
{
	double		ratio = x / mean;

	if (fabs(off) < 0.1 * (x + mean) && isfinite(x + mean))
	{
		double		v = off / (x + mean);
		double		sum = off * v;
		double		term = 2 * x * v;

		for (int j = 3; j < 1000; j += 2)
		{
			double		before = sum;

			term *= v * v;
			sum += term / j;
			if (sum == before)
				break;
		}
		return sum;
	}
	return x * (ratio > 0 && isfinite(ratio) ? log(ratio) : log(x) - log(mean)) - off;
}

static double
poisson_density(double k, double mean)
{
	if (mean == 0)
		return k == 0;
	if (k == 0)
		return exp(-mean);
	return exp(-stirling_rest(k) - deviance(k, mean, k - mean)) / sqrt(TWO_PI * k);
}

/* P(X <= k) = Q(a, mean), a = k + 1, for a large mean (Temme 1979; DLMF 8.12). */
static void
poisson_expansion(double k, double mean, count_at *at)
{
	double		a = k + 1;
	double		rest = deviance(a, mean, a - mean);
	double		eta = copysign(sqrt(2 * rest / a), mean - a);
	double		c0,
				c1,
				off = 0;

	if (rest < 700)
	{
		c0 = -1.0 / 3 + eta * (1.0 / 12 + eta * (-2.0 / 135 + eta * (1.0 / 864 + eta * (1.0 / 2835 + eta * (-139.0 / 777600 + eta / 25515)))));
		c1 = -1.0 / 540 + eta * (-1.0 / 288 + eta * (1.0 / 378 - eta * 77.0 / 77760));
		off = exp(-rest) / sqrt(TWO_PI * a) * (c0 + (c1 + 25.0 / 6048 / a) / a);
	}
	at->cdf = fmin(fmax(0.5 * erfc(copysign(sqrt(rest), eta)) + off, 0), 1);
	at->above = fmin(fmax(0.5 * erfc(-copysign(sqrt(rest), eta)) - off, 0), 1);
}

/* The sum of f(k), f(k-1), ... below the mean, of f(k+1), f(k+2), ... above it, each from its first term. */
count_at
poisson_at(double k, double mean)
{
	count_at	at = {poisson_density(k, mean), 1, 0};
	double		term = 1;
	double		sum = 1;

	if (mean == 0)
		return at;
	if (mean > SERIES_MOST)
		poisson_expansion(k, mean, &at);
	else if (k <= mean)
	{
		for (double j = k; j > 0 && term > 1e-17 * sum; j--)
			sum += term *= j / mean;
		at.cdf = fmin(at.density * sum, 1);
		at.above = 1 - at.cdf;
	}
	else
	{
		for (double j = k + 2; term > 1e-17 * sum; j++)
			sum += term *= mean / j;
		at.above = fmin(poisson_density(k + 1, mean) * sum, 1);
		at.cdf = 1 - at.above;
	}
	return at;
}

double
negbin_log_zero(double mean, double size)
{
	double		ratio = mean / size;

	return size * (isfinite(ratio) ? log1p(ratio) : log(mean) - log(size));
}

/* Binomial density of size successes in size + k trials, times size / (size + k): exact where gammas cancel (Loader 2000). */
static double
negbin_density(double k, double mean, double size)
{
	double		p = 1 / (1 + mean / size);
	double		q = 1 / (1 + size / mean);
	double		n = size + k;
	double		off = (k - mean) * p;	/* k - n q, which would cancel */

	if (mean == 0)
		return k == 0;
	if (k == 0)
		return exp(-negbin_log_zero(mean, size));
	if (p == 0 || q == 0)
		return p == 0 ? 0 : poisson_density(k, mean);
	return exp(stirling_rest(n) - stirling_rest(size) - stirling_rest(k) - deviance(size, n * p, -off) - deviance(k, n * q, off)) *
		sqrt(size / n / (TWO_PI * k));
}

/* The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method, x < (a+1)/(a+b+2). */
static double
beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double		c = 1;
	double		d = 1 - (a + b) / (a + 1) * x;
	double		value;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	value = d;
	for (double m = 1; m < FRACTION_MOST; m++)
	{
		double		even = m / (a + 2 * m - 1) * ((b - m) / (a + 2 * m)) * x;
		double		odd = -(a + m) / (a + 2 * m) * ((a + b + m) / (a + 2 * m + 1)) * x;
		double		step;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		value *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		step = d * c;
		value *= step;
		if (fabs(step - 1) < 3e-16)
			break;
	}
	return value;
}

/* P(X <= k) is the incomplete beta function I_p(size, k + 1). */
count_at
negbin_at(double k, double mean, double size)
{
	double		p = 1 / (1 + mean / size);
	double		q = 1 / (1 + size / mean);
	count_at	at = {negbin_density(k, mean, size), 1, 0};

	if (mean == 0)
		return at;
	if (q < 1e-17 && q * k < 1e-17)
		return poisson_at(k, mean);
	if (p == 0)					/* so small a size that the tail has the weight of size alone */
	{
		at.cdf = exp(-negbin_log_zero(mean, size));
		at.above = 1 - at.cdf;
	}
	else if (size >= mean)		/* as thin a tail as to sum from k on: the fraction would cancel for p near 1 */
	{
		double		term = 1;
		double		sum = 1;

		if (k <= mean)
		{
			for (double j = k; j > 0 && term > 1e-17 * sum; j--)
				sum += term *= j / ((size + j - 1) * q);
			at.cdf = fmin(at.density * sum, 1);
			at.above = 1 - at.cdf;
		}
		else
		{
			for (double j = k + 2; term > 1e-17 * sum; j++)
				sum += term *= (size + j - 1) / j * q;
			at.above = fmin(negbin_density(k + 1, mean, size) * sum, 1);
			at.cdf = 1 - at.above;
		}
	}
	else if (p < (size + 1) / (size + k + 3))
	{
		at.cdf = fmin(at.density * q * ((size + k) / size) * beta_fraction(size, k + 1, p), 1);
		at.above = 1 - at.cdf;
	}
	else
	{
		at.above = fmin(at.density * q * ((size + k) / (k + 1)) * beta_fraction(k + 1, size, q), 1);
		at.cdf = 1 - at.above;
	}
	return at;
}

double
pit_count(count_at at, double u)
{
	return fmin(fmax(at.cdf - (1 - u) * at.density, 0), 1);
}

double
pit_normal(double y, double mean, double sd)
{
	double		off = y - mean;

	/* halves of what is too far apart for a double */
	return normal_cdf(isfinite(off) ? off / sd : (y / 2 - mean / 2) / (sd / 2));
}
