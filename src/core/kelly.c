#include "core/kelly.h"

#include <math.h>

double
kelly_binary(double win, double lose, double b)
{
	/* a bet that can only push, or that pays nothing: stake nothing */
	if (win <= 0 || b <= 0)
		return lose > 0 ? -1 : 0;
	return (b * win - lose) / (b * (win + lose));
}

typedef struct bet
{
	const double *probs;
	const double *net_returns;
	int			n;
	double		rest;			/* probability of losing the stake beside those listed */
} bet;

/* The slope of E ln(1 + f r), and the slope of that. */
static double
growth_slope(const bet *b, double f, double *curvature)
{
	double		ratio = -1 / (1 - f);
	double		slope = b->rest > 0 ? b->rest * ratio : 0;

	*curvature = b->rest > 0 ? -b->rest * ratio * ratio : 0;
	for (int i = 0; i < b->n; i++)
	{
		if (b->probs[i] == 0)
			continue;
		ratio = b->net_returns[i] / (1 + f * b->net_returns[i]);
		slope += b->probs[i] * ratio;
		*curvature -= b->probs[i] * ratio * ratio;
	}
	return slope;
}

core_status
kelly_any(const double *probs, const double *net_returns, int n, double *fraction)
{
	bet			b = {probs, net_returns, n, 1};
	double		lo = 0,
				hi = 1,
				f = 0,
				curvature;

	for (int i = 0; i < n; i++)
	{
		if (!(probs[i] >= 0) || !(net_returns[i] >= -1) || isinf(net_returns[i]))
			return CORE_INVALID;
		b.rest -= probs[i];
	}
	if (b.rest < -KELLY_SUM_SLACK)
		return CORE_INVALID;
	if (b.rest < KELLY_SUM_SLACK)
		b.rest = 0;

	*fraction = 0;
	if (!(growth_slope(&b, 0, &curvature) > 0))
		return CORE_OK;
	*fraction = 1;
	if (growth_slope(&b, 1, &curvature) >= 0)
		return CORE_OK;

	/* The slope falls from above 0 to below it (or to minus infinity, at f = 1). */
	for (int step = 0; step < 200 && hi - lo > 1e-16; step++)
	{
		double		slope = growth_slope(&b, f, &curvature);
		double		next = f - slope / curvature;

		if (slope > 0)
			lo = f;
		else
			hi = f;
		if (!(next > lo && next < hi))
			next = lo + (hi - lo) / 2;
		if (fabs(next - f) <= 1e-16)
			break;
		f = next;
	}
	*fraction = f;
	return CORE_OK;
}
