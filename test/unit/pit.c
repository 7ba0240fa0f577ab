#include "core/pit.h"
#include "tap.h"

static count_parts
negbin(double k, double mean, double size)
{
	count_law	law = {COUNT_NEGBIN, .mean = mean, .size = size};

	return count_split(&law, k);
}

int
main(void)
{
	double		worst = 0;
	double		worst_sum = 0;
	int			sound = 1;

	for (int i = 0; i < 2000; i++)
	{
		double		mean = pow(10, 6 * tap_uniform() - 2);
		double		size = pow(10, 6 * tap_uniform() - 3);
		int			k = (int) (mean * 2 * tap_uniform());
		long double q = (long double) mean / ((long double) size + mean);
		long double f = expl(-size * log1pl((long double) mean / size));
		long double p = expl(-(long double) mean);
		long double cdf = 0;
		long double poisson = 0;

		for (int j = 0; j <= k; j++)
		{
			cdf += f;
			poisson += p;
			f *= ((long double) size + j) / (j + 1) * q;
			p *= (long double) mean / (j + 1);
		}
		worst = fmax(worst, fabs(pit_count(negbin(k, mean, size), 1) - (double) cdf));
		if (mean < 11000)
			worst = fmax(worst, fabs(pit_count(negbin(k, mean, INFINITY), 1) - (double) poisson));
	}
	if (!ok(worst < 3e-13, "cdf of counts: the sum of their probabilities in extended precision"))
		printf("# off by %g\n", worst);

	for (int i = 0; i < 300000; i++)
	{
		double		y = floor(fabs(tap_adversary()));
		double		mean = fabs(tap_adversary());
		double		size = fabs(tap_adversary());
		double		u = tap_uniform();

		if (!(y < 2147483647.0) || !(mean <= COUNT_MEAN_MAX) || !(size >= COUNT_SIZE_MIN) || (y > 1e6 && i % 1000))
			continue;
		for (int which = 0; which < 2; which++)
		{
			count_parts parts = negbin(y, mean, which ? size : INFINITY);

			sound &= parts.under >= 0 && parts.at >= 0 && parts.over >= 0;
			worst_sum = fmax(worst_sum, fabs(parts.under + parts.at + parts.over - 1));
			sound &= pit_count(parts, u) >= 0 && pit_count(parts, u) <= 1;
		}
		sound &= isinf(size) || (pit_normal(mean, y, size) >= 0 && pit_normal(mean, y, size) <= 1);
	}
	ok(sound, "probabilities, whatever the arguments");
	ok(worst_sum < 1e-13, "that sum to 1");

	/* sums of probabilities by hand */
	close_to(pit_count(negbin(12, 10, INFINITY), 1), 0.7915564763948745, 1e-14, "Poisson");
	close_to(pit_count(negbin(0, 2, INFINITY), 0), 0, 0, "nothing is below 0");
	close_to(pit_count(negbin(2, 3, 1), 1), 1 - 0.75 * 0.75 * 0.75, 1e-15, "geometric");
	close_to(pit_normal(1.959963984540054, 0, 1), 0.975, 1e-15, "normal");
	ok(pit_normal(1e308, -1e308, 1) == 1 && pit_normal(1e308, -1e308, 1.7e308) < 1, "normal, far apart");
	return done_testing();
}
