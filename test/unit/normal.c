#include "core/normal.h"
#include "tap.h"

int
main(void)
{
	double		worst = 0,
				tail = 0;
	int			rising = 1;

	close_to(normal_cdf(0), 0.5, 0, "half lies below 0");
	close_to(normal_cdf(1.959963984540054), 0.975, 1e-15, "the 97.5 % point");
	close_to(normal_cdf(-10) / 7.619853024160527e-24, 1, 1e-13, "the far tail keeps its digits");
	close_to(normal_quantile(0.975), 1.959963984540054, 1e-15, "quantile of 0.975");
	close_to(normal_quantile(1e-300), -37.0471, 1e-6, "quantile of 1e-300");
	ok(normal_quantile(0.5) == 0, "the median is 0");
	ok(normal_quantile(0) == -INFINITY && normal_quantile(1) == INFINITY, "the ends");
	ok(isnan(normal_quantile(-0.1)) && isnan(normal_quantile(1.1)) && isnan(normal_quantile(NAN)), "no probability");
	for (int i = 0; i < 200000; i++)
	{
		double		p = tap_uniform();
		double		small = exp(-700 * tap_uniform());

		if (p == 0)
			continue;
		worst = fmax(worst, fabs(normal_cdf(normal_quantile(p)) - p));
		tail = fmax(tail, fabs(normal_cdf(normal_quantile(small)) / small - 1));
		rising &= normal_quantile(small) <= normal_quantile(small * (1 + 1e-9));
	}
	close_to(worst, 0, 1e-15, "200,000 probabilities come back");
	close_to(tail, 0, 1e-11, "as do 200,000 from 1e-304, to their own size");
	ok(rising, "the quantile rises");
	return done_testing();
}
