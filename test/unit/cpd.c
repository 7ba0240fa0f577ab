#include "tap.h"

#include <stdlib.h>

#include "core/cpd.h"
#include "core/normal.h"
#include "core/order.h"

static double r[5000],
			work[5000];

static int
within(double share, double want, int n)
{
	return fabs(share - want) <= 4.5 * sqrt(want * (1 - want) / n);
}

static double
normal(void)
{
	return normal_quantile(tap_uniform() * (1 - 1e-12) + 5e-13);
}

int
main(void)
{
	int			wrong = 0,
				calls = 0,
				over[3] = {0, 0, 0},
				trials = 60000;
	double		bins[10] = {0},
				lower = 0,
				upper = 0;
	cpd_law		law;

	/* against counting one by one, on lattices that meet the borders and on any numbers */
	for (int i = 0; i < 200000; i++)
	{
		cpd			d = {r, (size_t) (1 + tap_below(40)), tap_below(41) / 2.0 - 10, 1};
		double		line = tap_below(81) / 4.0 - 10,
					under = 0,
					above = 0,
					at = 0;
		int			any = tap_below(3) == 0;

		for (size_t j = 0; j < d.n; j++)
			r[j] = any ? 20 * tap_uniform() - 10 : tap_below(41) / 2.0 - 10;
		if (cpd_prepare(r, work, d.n, NULL) != CORE_OK)
			wrong++;
		cpd_line(&d, line, 1, &law);
		for (size_t j = 0; j < d.n; j++)
		{
			double		point = d.prediction + r[j];

			for (int half = -1; half <= 1; half += 2)	/* a half goes both ways */
			{
				double		outcome = point + 0.5 == floor(point + 0.5) ? point + 0.5 * half : floor(point + 0.5);

				under += 0.5 * (outcome < line);
				above += 0.5 * (outcome > line);
				at += 0.5 * (outcome == line);
			}
		}
		wrong += fabs(law.under * (d.n + 1.0) - 0.5 - under) > 1e-9 || fabs(law.over * (d.n + 1.0) - 0.5 - above) > 1e-9 ||
			fabs(law.push * (d.n + 1.0) - at) > 1e-9 || fabs(law.under + law.push + law.over - 1) > 1e-14 ||
			!(law.under_lower <= law.under && law.under <= law.under_upper && law.over_lower <= law.over && law.over <= law.over_upper);
		calls++;
	}
	ok(wrong == 0, "200,000 lines as counted one by one");

	/* anything at all */
	wrong = 0;
	for (int i = 0; i < 300000; i++)
	{
		cpd			d = {r, (size_t) (1 + tap_below(6)), tap_adversary(), fabs(tap_adversary())};
		double		line = tap_adversary(),
					low,
					high;

		for (size_t j = 0; j < d.n; j++)
			r[j] = tap_adversary();
		if (cpd_prepare(r, work, d.n, NULL) != CORE_OK || !isfinite(d.prediction) || !isfinite(line) || !(d.sigma > 0) || isinf(d.sigma))
			continue;
		cpd_line(&d, line, tap_below(2), &law);
		wrong += !(law.under > 0 && law.over > 0 && law.push >= 0 && fabs(law.under + law.push + law.over - 1) <= 1e-14 &&
				   law.under_lower >= 0 && law.under_upper <= 1 && law.over_lower >= 0 && law.over_upper <= 1 &&
				   law.under_lower <= law.under && law.under <= law.under_upper && law.over_lower <= law.over && law.over <= law.over_upper);
		wrong += cpd_interval(&d, 0.3, &low, &high) == CORE_OK && !(low <= high);
		wrong += cpd_quantile(&d, 0.6, &low) == CORE_OK && isnan(low);
		wrong += !(cpd_cdf(&d, line, 0.5) > 0 && cpd_cdf(&d, line, 0.5) < 1);
	}
	ok(wrong == 0, "adversarial numbers: probabilities are probabilities");

	/* the guarantee: with u uniform the place of the outcome is uniform, ties or not, n small or not */
	for (int whole = 0; whole < 2; whole++)
	{
		int			good = 1;

		memset(bins, 0, sizeof bins);
		for (int t = 0; t < trials; t++)
		{
			cpd			d = {r, 9, 0, 1};
			double		outcome = 2 * normal();

			for (size_t j = 0; j < d.n; j++)
				r[j] = whole ? round(2 * normal()) : 2 * normal();
			(void) cpd_prepare(r, work, d.n, NULL);
			bins[(int) fmin(9, 10 * cpd_cdf(&d, whole ? round(outcome) : outcome, tap_uniform()))]++;
		}
		for (int b = 0; b < 10; b++)
			good &= within(bins[b] / trials, 0.1, trials);
		ok(good, whole ? "uniform for whole outcomes" : "uniform for continuous outcomes");
	}

	/* whole outcomes, a line at a given distance: the share of overs, pushes and unders is what was said, and in the bounds */
	{
		double		said[3] = {0, 0, 0};

		trials = 20000;
		for (int t = 0; t < trials; t++)
		{
			/* a prediction of any decimals, the outcome a whole number around it */
			cpd			d = {r, 200, 40 + 10 * tap_uniform(), 1};
			double		line = floor(d.prediction) + 3,
						outcome = round(d.prediction + 13 * normal());

			for (size_t j = 0; j < d.n; j++)
			{
				double		prediction = 40 + 10 * tap_uniform();

				r[j] = round(prediction + 13 * normal()) - prediction;
			}
			(void) cpd_prepare(r, work, d.n, NULL);
			cpd_line(&d, line, 1, &law);
			said[0] += law.under;
			said[1] += law.push;
			said[2] += law.over;
			lower += law.over_lower;
			upper += law.over_upper;
			over[outcome < line ? 0 : outcome == line ? 1 : 2]++;
		}
		ok(within((double) over[0] / trials, said[0] / trials, trials) && within((double) over[1] / trials, said[1] / trials, trials) &&
		   within((double) over[2] / trials, said[2] / trials, trials), "overs, pushes and unders come as often as said");
		ok(lower <= over[2] && over[2] <= upper, "and within the bounds");
	}

	/* intervals hold what they promise, quantiles too */
	{
		int			inside = 0,
					upto = 0;

		for (int t = 0; t < trials; t++)
		{
			cpd			d = {r, 39, 100, 3};
			double		outcome = 100 + 3 * exp(normal()),
						low,
						high,
						q;

			for (size_t j = 0; j < d.n; j++)
				r[j] = exp(normal());
			(void) cpd_prepare(r, work, d.n, NULL);
			(void) cpd_interval(&d, 0.1, &low, &high);
			(void) cpd_quantile(&d, 0.75, &q);
			inside += low <= outcome && outcome <= high;
			upto += outcome <= q;
		}
		ok(within((double) inside / trials, 0.9, trials) && within((double) upto / trials, 0.75, trials), "intervals and quantiles of skewed residuals");
	}
	return done_testing();
}
