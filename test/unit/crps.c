#include "core/count.h"
#include "core/crps.h"
#include "tap.h"

#include <stdlib.h>

/* The sum of the definition in extended precision, up to where nothing is left. */
static double
by_definition(double y, double mean, double size)
{
	long double q = (long double) mean / ((long double) size + mean);
	long double f = expl(-size * log1pl((long double) mean / size));
	long double cdf = 0;
	long double sum = 0;

	for (long k = 0; k < 2000000; k++)
	{
		long double off;

		cdf += f;
		off = cdf - (y <= k);
		sum += off * off;
		f *= ((long double) size + k) / (k + 1) * q;
		if (k > y && k > mean && f < 1e-25L)
			break;
	}
	return (double) sum;
}

static double
ensemble_by_definition(double y, const double *x, int n, int fair)
{
	long double near = 0;
	long double apart = 0;

	for (int i = 0; i < n; i++)
	{
		near += fabsl((long double) x[i] - y);
		for (int j = 0; j < n; j++)
			apart += fabsl((long double) x[i] - x[j]);
	}
	return (double) (near / n - apart / 2 / (fair ? (long double) n * (n - 1) : (long double) n * n));
}

int
main(void)
{
	double		worst = 0;
	double		worst_poisson = 0;
	int			sound = 1;
	int			ordered = 1;

	for (int i = 0; i < 3000; i++)
	{
		double		mean = pow(10, 6 * tap_uniform() - 3);
		double		size = pow(10, 5 * tap_uniform() - 2);
		double		y = floor(mean * 3 * tap_uniform());
		double		want;

		if (mean / size > 3000)
			continue;
		want = by_definition(y, mean, size);
		worst = fmax(worst, fabs(crps_negbin(y, mean, size) - want) / fmax(want, 1e-3));
	}
	if (!ok(worst < 1e-11, "negative binomial: the sum of the definition, whatever the way to it"))
		printf("# off by %g\n", worst);

	for (int i = 0; i < 3000; i++)
	{
		double		mean = pow(10, 6 * tap_uniform() - 3);
		double		y = floor(mean * 3 * tap_uniform());
		double		near = crps_negbin(y, mean, mean * 1e13);

		worst_poisson = fmax(worst_poisson, fabs(crps_poisson(y, mean) - near) / fmax(near, 1e-3));
	}
	if (!ok(worst_poisson < 1e-11, "Poisson: the negative binomial of a large size"))
		printf("# off by %g\n", worst_poisson);

	/* mpmath 1.3, 60 digits: closed forms */
	close_to(crps_poisson(1000, 1000.5), 7.3919949922981942, 1e-14, "Poisson, mean 1000.5");
	close_to(crps_negbin(0, 1, 1e-12) * 1e12, 1.3862943610902, 1e-10, "a tiny size keeps its digits");

	for (int i = 0; i < 200000; i++)
	{
		double		y = floor(fabs(tap_adversary()));
		double		mean = fabs(tap_adversary());
		double		size = fabs(tap_adversary());
		double		score;

		if (!(y < 2147483648.0) || !(mean <= COUNT_MEAN_MAX) || !(size >= COUNT_SIZE_MIN) || (y > 1e6 && i % 1000))
			continue;
		score = crps_poisson(y, mean);
		sound &= score >= 0 && isfinite(score) && score <= fmax(y, mean) + 1;
		score = crps_negbin(y, mean, size);
		sound &= score >= 0 && isfinite(score) && score <= fmax(y, mean) * (1 + 1e-9) + 1;
		score = crps_normal(tap_adversary(), mean, size);
		sound &= isnan(score) || isinf(size) || score >= 0;
	}
	ok(sound, "between 0 and the farther of y and mean, whatever the arguments");

	worst = 0;
	for (int i = 0; i < 3000; i++)
	{
		double		members[100];
		double		copy[100];
		double		work[100];
		int			n = 1 + tap_below(100);
		int			fair = n > 1 && tap_below(2);
		double		centre = i % 2 ? 0 : 1e9;
		double		y = centre + 10 * tap_uniform();
		double		want;

		for (int k = 0; k < n; k++)
			copy[k] = members[k] = centre + (tap_below(3) ? 10 * tap_uniform() : tap_below(10));
		want = ensemble_by_definition(y, copy, n, fair);
		worst = fmax(worst, fabs(crps_ensemble(y, members, work, n, fair) - want));
		for (int k = 1; k < n; k++)
			ordered &= members[k - 1] <= members[k];
	}
	ok(ordered, "members are sorted");
	if (!ok(worst < 1e-8, "ensemble: the definition, far from 0 too"))
		printf("# off by %g\n", worst);

	/* R: sd (sqrt(2) - 1) / sqrt(pi) at the mean */
	close_to(crps_normal(3, 3, 2), 2 * (sqrt(2) - 1) / sqrt(3.14159265358979323846), 1e-15, "normal at its mean");
	close_to(crps_normal(1e10, 0, 1), 1e10 - 1 / sqrt(3.14159265358979323846), 1e-16, "and far from it");
	return done_testing();
}
