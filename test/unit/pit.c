#include "core/pit.h"
#include "tap.h"

int
main(void)
{
	double		worst = 0;
	double		worst_pair = 0;
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
		worst = fmax(worst, fabs(negbin_at(k, mean, size).cdf - (double) cdf));
		if (mean < 11000)
			worst = fmax(worst, fabs(poisson_at(k, mean).cdf - (double) poisson));
	}
	if (!ok(worst < 3e-13, "cdf of counts: the sum of their probabilities in extended precision"))
		printf("# off by %g\n", worst);

	for (int i = 0; i < 300000; i++)
	{
		double		y = floor(fabs(tap_adversary()));
		double		mean = fabs(tap_adversary());
		double		size = fabs(tap_adversary());
		count_at	at;

		if (!(y < 2147483647.0) || !isfinite(mean) || !(size > 0) || isinf(size) || (y > 1e6 && i % 1000))
			continue;
		for (int which = 0; which < 2; which++)
		{
			double		u = tap_uniform();

			at = which ? negbin_at(y, mean, size) : poisson_at(y, mean);
			sound &= at.density >= 0 && at.density <= 1 + 1e-9 && at.cdf >= 0 && at.cdf <= 1 && at.above >= 0 && at.above <= 1;
			worst_pair = fmax(worst_pair, fabs(at.cdf + at.above - 1));
			sound &= pit_count(at, u) >= 0 && pit_count(at, u) <= 1;
		}
		sound &= pit_normal(mean, y, size) >= 0 && pit_normal(mean, y, size) <= 1;
	}
	ok(sound, "probabilities, whatever the arguments");
	ok(worst_pair < 1e-13, "that sum to 1");

	/* sums of probabilities by hand */
	close_to(poisson_at(12, 10).cdf, 0.7915564763948745, 1e-14, "Poisson");
	close_to(pit_count(poisson_at(0, 2), 0), 0, 0, "nothing is below 0");
	close_to(negbin_at(2, 3, 1).cdf, 1 - 0.75 * 0.75 * 0.75, 1e-15, "geometric");
	close_to(pit_normal(1.959963984540054, 0, 1), 0.975, 1e-15, "normal");
	ok(pit_normal(1e308, -1e308, 1) == 1 && pit_normal(1e308, -1e308, 1.7e308) < 1, "normal, far apart");
	return done_testing();
}
