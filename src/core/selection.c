#include "core/selection.h"

#include <math.h>

#include "core/normal.h"
#include "core/sum.h"

#define EULER 0.57721566490153286061

core_status
selection_probabilistic(double sharpe, double n, double skewness, double kurtosis, double benchmark, double *prob)
{
	double		ahead,
				variance;

	/* returns of two values have exactly that kurtosis: rounding must not refuse them */
	if (!(n >= 2 && kurtosis >= (1 + skewness * skewness) * (1 - 1e-9)))
		return CORE_INVALID;
	if (fabs(sharpe) <= 1)
	{
		ahead = sharpe - benchmark;
		variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
	}
	else
	{
		/* both over the Sharpe ratio, whose square may not be a number */
		ahead = (1 - benchmark / sharpe) * (sharpe > 0 ? 1 : -1);
		variance = 1 / sharpe / sharpe - skewness / sharpe + (kurtosis - 1) / 4;
	}
	if (ahead == 0)
		*prob = 0.5;
	else if (variance <= 0)
		*prob = ahead > 0;
	else
		*prob = normal_cdf(ahead * sqrt(n - 1) / sqrt(variance));
	return CORE_OK;
}

double
selection_expected_max(double trials, double variance)
{
	/* quantiles of 1 - 1/trials from the other side, which has the digits; a single trial is not chosen */
	if (trials <= 1)
		return 0;
	return -sqrt(variance) * ((1 - EULER) * normal_quantile(1 / trials) + EULER * normal_quantile(1 / (trials * 2.71828182845904523536)));
}

/* ---- combinatorially symmetric cross-validation -------------------------------------------------- */

/*
 * Moments of a strategy over every set of blocks, found in two steps: all sets of the first half of the
 * blocks and all of the second are kept, and any set is one of each merged.
 */
size_t
selection_work(int strategies, int blocks)
{
	return (size_t) strategies * 2 << (blocks / 2);
}

static void
moments_of_sets(const double *returns, int periods, int strategies, int strategy, int blocks, core_moments *low, core_moments *high)
{
	int			half = blocks / 2;
	double		largest = 0;
	int			exponent;

	/* scaled by a power of two, which no ratio sees: squares neither overflow nor underflow */
	for (int t = 0; t < periods; t++)
		largest = fmax(largest, fabs(returns[(size_t) t * strategies + strategy]));
	frexp(largest, &exponent);
	for (int side = 0; side < 2; side++)
	{
		core_moments *sets = side ? high : low;

		sets[0] = (core_moments) {0};
		for (int b = 0; b < half; b++)
		{
			core_moments *block = &sets[1 << b];
			int			from = (int) ((long long) (b + side * half) * periods / blocks);
			int			to = (int) ((long long) (b + side * half + 1) * periods / blocks);

			*block = (core_moments) {0};
			for (int t = from; t < to; t++)
				core_moments_add(block, ldexp(returns[(size_t) t * strategies + strategy], -exponent));
			for (int set = 1; set < 1 << b; set++)
			{
				sets[set + (1 << b)] = sets[set];
				core_moments_merge(&sets[set + (1 << b)], block);
			}
		}
	}
}

static double
sharpe(const core_moments *low, const core_moments *high, double *mean)
{
	core_moments m = *low;

	core_moments_merge(&m, high);
	*mean = m.mean;
	/* m2 may be the smallest double: divided by n - 1 it would be 0 */
	if (m.m2 > 0)
		return m.mean / sqrt(m.m2) * sqrt(m.n - 1);
	return m.mean > 0 ? INFINITY : m.mean < 0 ? -INFINITY : 0;
}

core_status
selection_overfitting(const double *returns, int periods, int strategies, int blocks,
					  core_moments *work, void (*interrupts) (void), selection_splits *result)
{
	int			half = blocks / 2;
	int			sets = 1 << half;
	double		splits = 0,
				overfit = 0,
				loss = 0;
	core_sum	logits = {0};

	if (blocks < 2 || blocks > SELECTION_BLOCKS_MAX || blocks % 2 || strategies < 2 || periods / 2 < blocks)
		return CORE_INVALID;
	for (int s = 0; s < strategies; s++)
	{
		core_moments *low = work + (size_t) s * 2 * sets;

		moments_of_sets(returns, periods, strategies, s, blocks, low, low + sets);
		interrupts();
	}
	for (int low = 0; low < sets; low++)
		for (int high = 0; high < sets; high++)
		{
			int			best = 0,
						below = 0,
						level = 0;
			double		best_in = -INFINITY,
						best_out,
						best_mean,
						mean,
						rank;

			if (__builtin_popcount(low) + __builtin_popcount(high) != half)
				continue;
			for (int s = 0; s < strategies; s++)
			{
				const core_moments *in = work + (size_t) s * 2 * sets;
				double		value = sharpe(in + low, in + sets + high, &mean);

				if (s == 0 || value > best_in)
				{
					best_in = value;
					best = s;
				}
			}
			/* the other blocks */
			best_out = sharpe(work + (size_t) best * 2 * sets + (sets - 1 - low),
							  work + (size_t) best * 2 * sets + sets + (sets - 1 - high), &best_mean);
			for (int s = 0; s < strategies; s++)
			{
				const core_moments *out = work + (size_t) s * 2 * sets;
				double		value = sharpe(out + (sets - 1 - low), out + sets + (sets - 1 - high), &mean);

				below += value < best_out;
				level += value == best_out;
			}
			/* ties share the middle of their ranks */
			rank = (below + (level + 1) / 2.0) / (strategies + 1);
			splits += 1;
			overfit += 2 * below + level <= strategies;
			loss += best_mean < 0;
			core_sum_add(&logits, log(rank / (1 - rank)));
			interrupts();
		}
	result->splits = splits;
	result->overfit = overfit / splits;
	result->loss = loss / splits;
	result->mean_logit = core_sum_value(logits) / splits;
	return CORE_OK;
}
