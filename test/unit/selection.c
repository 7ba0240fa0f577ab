#include "core/normal.h"
#include "core/selection.h"
#include "tap.h"

static int	calls = 0;

static void
interrupts(void)
{
	calls++;
}

static double
plain_sharpe(const double *returns, int periods, int strategies, int strategy, int blocks, int set, double *mean)
{
	double		sum = 0,
				squares = 0;
	int			n = 0;

	for (int pass = 0; pass < 2; pass++)
		for (int b = 0; b < blocks; b++)
			if (set >> b & 1)
				for (int t = b * periods / blocks; t < (b + 1) * periods / blocks; t++)
				{
					double		x = returns[t * strategies + strategy];

					if (pass == 0)
					{
						sum += x;
						n++;
					}
					else
						squares += (x - sum / n) * (x - sum / n);
				}
	*mean = sum / n;
	return sum / n / sqrt(squares / (n - 1));
}

/* Every split written out. Values are random, so the only ties are those of equal columns, made equal here too. */
static void
brute_force(void)
{
	int			bad = 0,
				rounds = 3000;
	double		gap = 0;

	for (int round = 0; round < rounds; round++)
	{
		static double returns[60 * 6];
		static core_moments work[6 * 2 * 16];
		int			blocks = 2 * (1 + tap_below(4));
		int			strategies = 2 + tap_below(5);
		int			periods = 2 * blocks + tap_below(60 - 2 * blocks + 1);
		int			twin = tap_below(3) ? -1 : 1 + tap_below(strategies - 1);
		double		scale = ldexp(1, round % 3 == 0 ? tap_below(1800) - 900 : 0);
		int			splits = 0,
					overfit = 0,
					loss = 0;
		double		logits = 0;
		selection_splits got;

		for (int i = 0; i < periods * strategies; i++)
			returns[i] = tap_uniform() - 0.5;
		if (twin > 0)
			for (int t = 0; t < periods; t++)
				returns[t * strategies + twin] = returns[t * strategies];
		for (int set = 0; set < 1 << blocks; set++)
		{
			int			best = 0,
						below = 0,
						level = 0;
			double		best_in = -INFINITY,
						best_out,
						best_mean,
						mean,
						w;

			if (__builtin_popcount(set) * 2 != blocks)
				continue;
			for (int s = 0; s < strategies; s++)
			{
				double		value = plain_sharpe(returns, periods, strategies, s, blocks, set, &mean);

				if (value > best_in)
				{
					best_in = value;
					best = s;
				}
			}
			best_out = plain_sharpe(returns, periods, strategies, best, blocks, (1 << blocks) - 1 - set, &best_mean);
			for (int s = 0; s < strategies; s++)
			{
				double		value = plain_sharpe(returns, periods, strategies, s, blocks, (1 << blocks) - 1 - set, &mean);

				below += value < best_out;
				level += value == best_out;
			}
			w = (below + (level + 1) / 2.0) / (strategies + 1);
			splits++;
			overfit += w <= 0.5;
			loss += best_mean < 0;
			logits += log(w / (1 - w));
		}
		for (int i = 0; i < periods * strategies; i++)
			returns[i] *= scale;
		if (selection_overfitting(returns, periods, strategies, blocks, work, interrupts, &got) != CORE_OK || got.splits != splits
			|| got.overfit != (double) overfit / splits || got.loss != (double) loss / splits)
			bad++;
		gap = fmax(gap, fabs(got.mean_logit - logits / splits));
	}
	ok(bad == 0, "3,000 matrices: every split as written out, whatever the scale");
	ok(gap < 1e-12, "and their logits");
}

static void
probabilities(void)
{
	int			bad = 0;
	double		p,
				q;

	for (int round = 0; round < 300000; round++)
	{
		double		sharpe = tap_adversary();
		double		skewness = tap_below(2) ? tap_uniform() * 4 - 2 : tap_adversary();
		double		kurtosis = tap_below(2) ? 1 + skewness * skewness + tap_below(2) * tap_uniform() * 9 : tap_adversary();
		double		benchmark = tap_adversary();
		double		n = tap_below(2) ? 2 + tap_below(1000) : tap_adversary();

		if (!isfinite(sharpe) || !isfinite(skewness) || !isfinite(kurtosis) || !isfinite(benchmark) || !isfinite(n))
			continue;
		if (selection_probabilistic(sharpe, n, skewness, kurtosis, benchmark, &p) != CORE_OK)
			continue;
		bad += !(p >= 0 && p <= 1) || (sharpe > benchmark && p < 0.5) || (sharpe < benchmark && p > 0.5);
		/* mirrored returns */
		if (selection_probabilistic(-sharpe, n, -skewness, kurtosis, -benchmark, &q) != CORE_OK || fabs(p + q - 1) > 1e-12)
			bad++;
	}
	ok(bad == 0, "300,000 awkward Sharpe ratios: a probability on the right side of 1/2, and its mirror");
	bad = 0;
	for (int i = 1; i < 1000; i++)
		bad += !(selection_expected_max(i + 1, 1) > selection_expected_max(i, 1));
	ok(bad == 0, "the more trials, the higher the best");
	ok(isfinite(selection_expected_max(9.2e18, 1)) && selection_expected_max(1, 7) == 0, "any number of trials");
}

int
main(void)
{
	/* the numerical example of Bailey & Lopez de Prado 2014: 5 years of 250 days, 2.5 a year, 100 trials */
	double		sharpe = 2.5 / sqrt(250);
	double		expected = selection_expected_max(100, 0.5 / 250);
	double		p;
	static const double four[] = {1, -1, 2, -3, -1, 1, -4, 2};
	/* A: one block of 1, the other too small for its variance to be a normal number, mean 0 */
	static const double tiny[] = {1, -1, 1, -2, 1, 1, 3.2e-162, 1, -3.2e-162, 2, 0, 3};
	static core_moments work[2 * 2 * 16];
	selection_splits splits;

	close_to(expected, 0.1132, 5e-5, "expected maximum of the paper's example");
	ok(selection_probabilistic(sharpe, 1250, -3, 10, expected, &p) == CORE_OK, "its deflated Sharpe ratio");
	close_to(p, 0.9004, 5e-5, "is 0.9004");
	ok(selection_probabilistic(0.1, 1, 0, 3, 0, &p) == CORE_INVALID, "one return");
	ok(selection_probabilistic(0.1, 10, 2, 4.9, 0, &p) == CORE_INVALID, "no returns have such a kurtosis");
	ok(selection_probabilistic(2, 10, 1, 2, 1, &p) == CORE_OK && p == 1, "no variance left, ahead");
	ok(selection_probabilistic(2, 10, 1, 2, 2, &p) == CORE_OK && p == 0.5, "and level");

	/* two blocks of two: best in the first is the first strategy (0/x against 0/y by hand below) */
	ok(selection_overfitting(four, 4, 2, 2, work, interrupts, &splits) == CORE_OK && splits.splits == 2, "two blocks have two splits");
	/* first half: A (1,2) mean 1.5, B (-1,-3); other half: A (-1,-4), B (1,2): the best of either half is last in the other */
	ok(splits.overfit == 1 && splits.loss == 1, "by hand: the leader always falls");
	close_to(splits.mean_logit, log(0.5), 1e-15, "to rank 1 of 2, w = 1/3");
	ok(selection_overfitting(tiny, 6, 2, 2, work, interrupts, &splits) == CORE_OK && splits.overfit == 1, "by hand: a variance that underflows");
	close_to(splits.mean_logit, log(0.5), 1e-15, "is not 0 / 0");
	ok(selection_overfitting(four, 4, 2, 4, work, interrupts, &splits) == CORE_INVALID, "too few periods");
	ok(selection_overfitting(four, 4, 2, 3, work, interrupts, &splits) == CORE_INVALID, "an odd number of blocks");
	ok(calls > 0, "interrupts are asked for");
	brute_force();
	probabilities();
	return done_testing();
}
