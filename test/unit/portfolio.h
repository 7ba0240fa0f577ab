/* What the tests of stakes on several bets share. */
#include <math.h>

/* How far from the conditions of the maximum, by the definition in extended precision. */
static double
conditions(const double *stakes, const double *probs, int scenarios, const double *net_returns, int n, double limit)
{
	long double slopes[16] = {0},
				sizes[16] = {0},
				sum = 0,
				price = 0,
				rest = 1,
				worst = 0;

	for (int i = 0; i < n; i++)
		sum += stakes[i];
	for (int s = 0; s <= scenarios; s++)
	{
		long double wealth = 1;
		long double p = s < scenarios ? probs[s] : fabsl(rest) < 1e-9L ? 0 : rest;

		if (p == 0)
			continue;
		for (int i = 0; i < n; i++)
			wealth += stakes[i] * (s < scenarios ? (long double) net_returns[s * n + i] : -1);
		for (int i = 0; i < n; i++)
		{
			long double term = p * (s < scenarios ? (long double) net_returns[s * n + i] : -1) / wealth;

			slopes[i] += term;
			sizes[i] += fabsl(term);
		}
		rest -= p;
	}
	if (sum > limit * (1 - 1e-9L))
	{
		for (int i = 0; i < n; i++)
			price += stakes[i] * slopes[i] / sum;
		if (price < 0)
			price = 0;
	}
	for (int i = 0; i < n; i++)
		if (sizes[i] > 0)
		{
			long double excess = (slopes[i] - price) / sizes[i];

			worst = fmaxl(worst, stakes[i] > 0 ? fabsl(excess) : excess);
		}
	return (double) worst;
}
