#include "core/kelly.h"

#include <math.h>

#include "core/sum.h"

/* Halving from 1 to the smallest double, and its digits. */
#define MAX_STEPS 1200

double
kelly_binary(double win, double lose, double b)
{
	if (win <= 0 && lose <= 0)	/* it can only push */
		return 0;
	if (b <= 0)
		return lose > 0 ? -INFINITY : 0;
	return (b * win - lose) / (b * (win + lose));
}

/* What the probabilities leave to 1: 0 when that is their rounding, negative when it is not. */
static double
rest_of(const double *probs, int n)
{
	double		rest = 1;

	for (int i = 0; i < n; i++)
		rest -= probs[i];
	return fabs(rest) < KELLY_SUM_SLACK ? 0 : rest;
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
	bet			b = {probs, net_returns, n, rest_of(probs, n)};
	double		lo = 0,
				hi = 1,
				f = 0,
				curvature;

	for (int i = 0; i < n; i++)
		if (!(probs[i] >= 0) || !(net_returns[i] >= -1) || isinf(net_returns[i]))
			return CORE_INVALID;
	if (!(b.rest >= 0))
		return CORE_INVALID;

	*fraction = 0;
	if (!(growth_slope(&b, 0, &curvature) > 0))
		return CORE_OK;
	*fraction = 1;
	if (growth_slope(&b, 1, &curvature) >= 0)
		return CORE_OK;

	/* The slope falls from above 0 to below it (or to minus infinity, at f = 1). */
	for (int step = 0; step < MAX_STEPS && hi - lo > 1e-16 * hi; step++)
	{
		double		slope = growth_slope(&b, f, &curvature);
		double		next = f - slope / curvature;

		if (slope > 0)
			lo = f;
		else
			hi = f;
		if (!(next > lo && next < hi))
			next = lo + (hi - lo) / 2;
		if (fabs(next - f) <= 1e-16 * f)
			break;
		f = next;
	}
	*fraction = f;
	return CORE_OK;
}

double
kelly_value(const double *probs, const double *net_returns, int n)
{
	core_sum	value = {-rest_of(probs, n), 0};

	for (int i = 0; i < n; i++)
		core_sum_add(&value, probs[i] * net_returns[i]);
	return core_sum_value(value);
}

double
kelly_growth(const double *probs, const double *net_returns, int n, double fraction)
{
	double		rest = rest_of(probs, n);
	double		growth = rest > 0 ? rest * log1p(-fraction) : 0;

	for (int i = 0; i < n; i++)
		if (probs[i] > 0)
			growth += probs[i] * log1p(fraction * net_returns[i]);
	return growth;
}

/*
 * An outcome is staked on while its expected return p*o exceeds the reserve rate: what the
 * others are expected to leave for each unit that the prices of those staked on leave.
 * Each that joins lowers the rate, so all that exceed it may join at once.
 */
core_status
kelly_outcomes(const double *probs, const double *odds, int n, double *stakes)
{
	double		rest = rest_of(probs, n);
	double		rate = 1;		/* with nothing staked */
	int			staked = 0,
				joined;

	if (!(rest >= 0))
		return CORE_INVALID;
	for (int i = 0; i < n; i++)
		stakes[i] = 0;
	do
	{
		double		others = rest,
					room = 1;

		joined = 0;
		for (int i = 0; i < n; i++)
			if (stakes[i] > 0)
				room -= 1 / odds[i];
			else
				others += probs[i];
		/* no room: all that can happen is staked on, and its prices leave nothing but rounding */
		if (staked > 0)
			rate = room > 0 ? others / room : 0;
		for (int i = 0; i < n; i++)
			if (stakes[i] == 0 && probs[i] * odds[i] > rate)
				stakes[i] = ++joined;
		staked += joined;
	} while (joined > 0);
	for (int i = 0; i < n; i++)
		if (stakes[i] > 0)
			stakes[i] = fmax(probs[i] - rate / odds[i], 0);
	return CORE_OK;
}

double
kelly_outcomes_growth(const double *stakes, const double *probs, const double *odds, int n)
{
	double		rest = rest_of(probs, n);
	double		total = 0,
				growth;

	for (int i = 0; i < n; i++)
		total += stakes[i];
	growth = rest > 0 ? rest * log1p(-fmin(total, 1)) : 0;
	for (int i = 0; i < n; i++)
		if (probs[i] > 0)
		{
			double		profit = stakes[i] * odds[i] - total;

			growth += probs[i] * (profit > -0.5 ? log1p(profit) : log(fmax(1 - total, 0) + stakes[i] * odds[i]));
		}
	return growth;
}

void
kelly_limit(double *stakes, int n, double multiplier, double limit)
{
	double		total = 0;

	for (int i = 0; i < n; i++)
		total += stakes[i] *= multiplier;
	if (total > limit)
		for (int i = 0; i < n; i++)
			stakes[i] *= limit / total;
}
