#include "core/crps.h"

#include <math.h>

#include "core/count.h"
#include "core/normal.h"
#include "core/order.h"
#include "core/sum.h"

#define PI 3.14159265358979323846
#define DIRECT_ROOM 1024		/* counts whose probabilities are held for the plain sum */
#define DIRECT_MEAN 64
#define DIRECT_LEAST 1e-280		/* P(X = 0) from which the recursion can start */
#define SUM_MOST 100000			/* outcomes up to here are summed to */

/* Gneiting et al. 2005, eq. 5, with the far end of the bracket written as what is left of |z|. */
double
crps_normal(double y, double mean, double sd)
{
	double		off = fabs(y - mean);
	double		z;

	if (sd == 0 || !isfinite(off))
		return off;
	z = off / sd;
	if (z > 40)
		return off - sd / sqrt(PI);
	return sd * (z * (1 - 2 * normal_cdf(-z)) + 2 * normal_density(z) - 1 / sqrt(PI));
}

/*
 * The sum of (F(k) - [y <= k])^2 itself, no term of which cancels: for
 * distributions that end within the room. P(X = k) = P(X = k-1) (size + k - 1) q / k, or mean / k where
 * size is infinite. Negative when the room is too small.
 */
static double
crps_direct(double y, double zero, double mean, double size, double q)
{
	double		f[DIRECT_ROOM];
	double		above = 0;
	double		cdf = 0;
	double		sum = 0;
	double		at = zero;		/* not read back from f: every step waits for the one before */
	int			poisson = isinf(size);
	int			last = 0;
	int			from;

	f[0] = zero;
	for (;;)
	{
		double		ratio = poisson ? mean / (last + 1) : (size + last) / (last + 1) * q;

		if (last >= mean && ratio < 0.999 && at * ratio / (1 - ratio) <= 1e-17 * above)
			break;
		if (last + 1 == DIRECT_ROOM)
			return -1;
		at *= ratio;
		f[++last] = at;
		above += at;
		if (at == 0)
			break;
	}
	from = y < last ? (int) ceil(y) : last;
	for (int k = 0; k < from; k++)
	{
		cdf += f[k];
		sum += cdf * cdf;
	}
	if (y > last)
		sum += y - last;
	above = 0;
	for (int k = last - 1; k >= from; k--)
	{
		above += f[k + 1];
		sum += above * above;
	}
	return sum;
}

/* exp(-x) (I0(x) + I1(x)) sqrt(2 pi x) for x > 100 (DLMF 10.40.1) */
static double
bessel_sum(double x)
{
	double		even = 1;
	double		odd = 1;
	double		sum = 2;

	for (int k = 1; k < 60; k++)
	{
		double		before = sum;

		even *= (2 * k - 1) * (2 * k - 1) / (8 * x * k);
		odd *= -(4 - (2 * k - 1) * (2 * k - 1)) / (8 * x * k);
		sum += even + odd;
		if (sum == before)
			break;
	}
	return sum;
}

/* Closed form of Wei & Held 2014 where the mean is large. */
double
crps_poisson(double y, double mean)
{
	count_law	law = {COUNT_POISSON, .mean = mean};
	count_parts parts;

	if (mean == 0)
		return y;
	if (mean <= DIRECT_MEAN)
		return crps_direct(y, exp(-mean), mean, INFINITY, 0);
	parts = count_split(&law, y);
	return (y - mean) * (parts.under + parts.at - parts.over) + mean * (2 * parts.at) - sqrt(mean / PI) / 2 * bessel_sum(2 * mean);
}

/*
 * Half of E|X - X'| (spread), and the mean less it (rest), of a negative binomial. With q = mean / (size + mean)
 * and w = 4q / (1+q)^2 the closed form with 2F1(size+1, 1/2; 2; -4q/p^2) becomes, by Pfaff's transformation and Euler's integral,
 *		spread = mean/(1+q) 4/pi  integral of cos^2 (1 - w sin^2)^(size-1)              over 0 .. pi/2
 *		rest   = mean/(1+q) 4/pi  integral of cos^2 (1 - (1 - w sin^2)^size) / (1 - w sin^2)
 * With cot = exp(u) the trapezoid rule over all u is exact to rounding, whatever the parameters.
 */
static void
negbin_spread(double mean, double size, double *spread, double *rest)
{
	const double step = 0.125;
	double		p = 1 / (1 + mean / size);
	double		q = 1 / (1 + size / mean);
	double		s = p / (1 + q);
	double		w = 4 * q / ((1 + q) * (1 + q));
	double		start = 0.5 * log(fmax(1, size * w));
	core_sum	sums[2] = {{0}};

	if (!isfinite(start))
		start = 0.5 * (log(size) + log(w));
	for (int side = -1; side <= 1; side += 2)
	{
		for (int i = side > 0; i < 100000; i++)
		{
			double		u = start + side * i * step;
			double		e = exp(-fabs(u));
			double		t2 = e * e;
			double		kernel = (u > 0 ? e : e * t2) / ((1 + t2) * (1 + t2));
			double		x = u > 0 ? w * t2 / (1 + t2) : w / (1 + t2);
			double		base = u > 0 ? (s * s * t2 + 1) / (1 + t2) : (s * s + t2) / (1 + t2);
			double		logarithm = x < 0.5 ? log1p(-x) : log(base);
			double		one = kernel * exp((size - 1) * logarithm);
			double		two = kernel / base * -expm1(size * logarithm);

			core_sum_add(&sums[0], one);
			core_sum_add(&sums[1], two);
			if (one <= 1e-19 * sums[0].high && two <= 1e-19 * sums[1].high)
				break;
		}
	}
	*spread = core_sum_value(sums[0]) * step * 4 / PI / (1 + q) * mean;
	*rest = core_sum_value(sums[1]) * step * 4 / PI / (1 + q) * mean;
}

/* E max(y - X, 0): the sum of F(k) below y. */
static double
negbin_short(double y, double mean, double size, double q)
{
	count_law	law = {COUNT_NEGBIN, .mean = mean, .size = size};
	double		log_zero = -negbin_log_zero(mean, size);
	core_sum	sum = {0};
	double		start,
				middle;

	if (log_zero < 1e-18)
		return y;
	if (y > SUM_MOST)
	{
		count_parts parts = count_split(&law, y);

		return fmax((y - mean) * (parts.under + parts.at) + mean * parts.at * (1 + y / size), 0);
	}
	if (log_zero < 600)
	{
		double		density = exp(-log_zero);
		double		cdf = 0;

		for (double k = 0; k < y; k++)
		{
			cdf += density;
			core_sum_add(&sum, fmin(cdf, 1));
			density *= (size + k) / (k + 1) * q;
		}
		return core_sum_value(sum);
	}
	/* from the middle, or from y where that is left of it, both ways: the ends may be too small for a double */
	start = fmin(y - 1, floor(mean));
	middle = count_pmf(&law, start);
	for (double k = start, density = middle; k >= 0 && density > 1e-19 * middle; k--)
	{
		core_sum_add(&sum, density * (y - k));
		density *= k / (size + k - 1) / q;
	}
	for (double k = start + 1, density = middle; k < y && density > 1e-19 * middle; k++)
	{
		density *= (size + k - 1) / k * q;
		core_sum_add(&sum, density * (y - k));
	}
	return core_sum_value(sum);
}

double
crps_negbin(double y, double mean, double size)
{
	double		q = 1 / (1 + size / mean);
	double		log_zero,
				spread,
				rest,
				below = 0;

	if (mean == 0)
		return y;
	if (q < 1e-17 && q * y < 1e-17)
		return crps_poisson(y, mean);
	log_zero = -negbin_log_zero(mean, size);
	if (log_zero < 600 && mean + 40 * (1 + mean / size) + 10 * sqrt(mean) < DIRECT_ROOM)
	{
		double		direct = crps_direct(y, exp(-log_zero), mean, size, q);

		if (direct >= 0)
			return direct;
	}
	negbin_spread(mean, size, &spread, &rest);
	if (y > 0)
		below = negbin_short(y, mean, size, q);
	/* E|X - y| - spread, by the way round that cancels less */
	return fmax(rest < spread ? rest + (2 * below - y) : (mean - y) + 2 * below - spread, 0);
}

/* Between two neighbours F is a step: gaps times squares, no term of which cancels. */
double
crps_ensemble(double y, double *members, double *work, long n, int fair)
{
	core_sum	sum = {0};
	core_sum	spread = {0};		/* half of the mean distance of two members, 1/n^2 */

	order_sort(members, work, n);
	if (y < members[0])
		core_sum_add(&sum, members[0] - y);
	if (y > members[n - 1])
		core_sum_add(&sum, y - members[n - 1]);
	for (long i = 1; i < n; i++)
	{
		double		left = (double) i / n;
		double		right = (double) (n - i) / n;
		double		gap = members[i] - members[i - 1];
		double		before = fmin(fmax(y - members[i - 1], 0), gap);
		double		after = fmin(fmax(members[i] - y, 0), gap);

		core_sum_add(&sum, before * left * left);
		core_sum_add(&sum, after * right * right);
		core_sum_add(&spread, gap * left * right);
	}
	if (fair)
		return core_sum_value(sum) - core_sum_value(spread) / (n - 1);
	return core_sum_value(sum);
}
