#include "core/reliability.h"
#include "tap.h"

#define MOST 400

static double p[MOST];
static int	y[MOST];
static double values[MOST];
static double work[MOST];

/* The bin by its edges, one after the other. */
static int
bin_by_edges(double prob, int bins)
{
	for (int k = 0; k < bins; k++)
		if (prob <= (k + 1.0) / bins)
			return k;
	return bins - 1;
}

int
main(void)
{
	int			edges = 1;
	int			sound = 1;
	int			whole = 1;
	double		worst = 0;
	double		worst_parts = 0;
	double		worst_distinct = 0;
	double		lower,
				upper;

	for (int i = 0; i < 400000; i++)
	{
		int			bins = 1 + tap_below(RELIABILITY_MOST_BINS);
		int			k = tap_below(bins + 1);
		double		prob = i % 3 == 0 ? tap_uniform() : i % 3 == 1 ? (double) k / bins : nextafter((double) k / bins, tap_below(2));

		if (prob >= 0 && prob <= 1)
			edges &= reliability_bin_of(prob, bins) == bin_by_edges(prob, bins);
	}
	ok(edges, "the bin is the one whose edges, k / bins rounded, hold the forecast");

	for (int round = 0; round < 2000; round++)
	{
		reliability_bin bin[50] = {{0}};
		reliability_bin part[50] = {{0}};
		reliability_line line[50];
		reliability_parts parts;
		int			bins = 1 + tap_below(50);
		int			n = 1 + tap_below(MOST);
		int			coarse = tap_below(2) ? 1 + tap_below(20) : 0;
		double		brier = 0;
		double		error,
					greatest;
		size_t		happened;
		double		total = 0;
		int			lines;

		for (int i = 0; i < n; i++)
		{
			int			k;

			p[i] = coarse ? (double) tap_below(coarse + 1) / coarse : tap_uniform();
			y[i] = tap_uniform() < p[i];
			k = reliability_bin_of(p[i], bins);
			reliability_add(tap_below(2) ? &bin[k] : &part[k], p[i], reliability_centre(k, bins), y[i]);
			brier += (p[i] - y[i]) * (p[i] - y[i]) / n;
			values[i] = y[i] ? p[i] : -p[i];
		}
		for (int k = 0; k < bins; k++)
		{
			reliability_merge(&bin[k], &part[k]);
			sound &= reliability_sound(&bin[k]);
		}
		reliability_decompose(bin, bins, &parts);
		worst = fmax(worst, fabs(parts.brier - brier));
		worst_parts = fmax(worst_parts, fabs(parts.reliability - parts.resolution + parts.uncertainty + parts.within_variance -
											 parts.within_covariance - brier));
		lines = reliability_lines(bin, bins, line);
		reliability_error(line, lines, &error, &greatest);
		sound &= error >= 0 && error <= greatest + 1e-15 && greatest <= 1;

		happened = reliability_split(values, work, n);
		reliability_distinct(values, n, happened, &parts);
		worst_distinct = fmax(worst_distinct, fabs(parts.reliability - parts.resolution + parts.uncertainty - brier));
		lines = reliability_quantiles(values, n, happened, bins, line);
		for (int k = 0; k < lines; k++)
		{
			total += line[k].n;
			whole &= line[k].n == n / bins + (k < n % bins) && line[k].frequency >= 0 && line[k].frequency <= 1 &&
				line[k].mean >= line[k].lower - 1e-15 && line[k].mean <= line[k].upper + 1e-15;
		}
		whole &= total == n;
		sound &= reliability_ks(values, n, happened) <= 1;
	}
	ok(sound, "merged bins are bins, errors lie in 0..1");
	ok(worst < 1e-14, "bins hold the Brier score");
	ok(worst_parts < 1e-14, "its parts and what is left within bins make it up");
	ok(worst_distinct < 1e-14, "one group a forecast: nothing is left");
	ok(whole, "bins of equal counts hold every forecast");

	reliability_wilson(0.5, 10, &lower, &upper);
	close_to(lower, 0.236593, 1e-6, "Wilson's interval of 5 of 10");
	close_to(upper, 0.763407, 1e-6, "its other end");
	reliability_wilson(0, 10, &lower, &upper);
	ok(lower == 0 && fabs(upper - 0.277533) < 1e-6, "of none of 10");
	return done_testing();
}
