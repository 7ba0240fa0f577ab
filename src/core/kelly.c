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

double
kelly_shrink_delta(double prob, double b, double sigma)
{
	double		full = kelly_binary(prob, 1 - prob, b);
	double		spread = (b + 1) / b * sigma;	/* of the full stake */

	return full > 0 ? full / (1 + spread / full * (spread / full)) : 0;
}

#define SHRINK_NODES 1600

/*
 * The k that maximises E[p ln(1 + b k s(q)) + (1-p) ln(1 - k s(q))] over estimates q, with s(q) the
 * stake that an estimate suggests. The density need not be normalised: the slope in k is 0 or not.
 * Nodes are those of the double exponential rule, which does not mind a density infinite at an end.
 */
core_status
kelly_shrink_beta(double prob, double b, double sigma, double *stake)
{
	double		full = kelly_binary(prob, 1 - prob, b);
	double		size = prob * (1 - prob) / (sigma * sigma) - 1;
	/* estimates less prob: from the first with value to the last that matters */
	double		from = fmax(1 / (1 + b) - prob, -40 * sigma),
				to = fmin(1 - prob, 40 * sigma);
	double		suggested[SHRINK_NODES],
				weights[SHRINK_NODES];
	double		lo = 0,
				hi = 1,
				k = 1,
				peak = -INFINITY;

	*stake = 0;
	if (!(full > 0))
		return CORE_OK;
	*stake = full;
	if (sigma < 1e-300 || prob == 1)	/* a certainty has no other estimate */
		return sigma > 0 && prob == 1 ? CORE_NO_SOLUTION : CORE_OK;
	if (!(size > 0))
		return CORE_NO_SOLUTION;
	for (int i = 0; i < SHRINK_NODES; i++)
	{
		double		x = (i - (SHRINK_NODES - 1) / 2.0) * (8.0 / SHRINK_NODES);
		double		u = 1 / (1 + exp(-3.14159265358979323846 * sinh(x)));	/* the share of the way */
		double		v = 1 / (1 + exp(3.14159265358979323846 * sinh(x)));
		double		off = u < 0.5 ? from + (to - from) * u : to - (to - from) * v;
		double		above = log1p(off / prob);
		double		below = to == 1 - prob && u > 0.5 ? log((to - from) * v / to) : log1p(-off / (1 - prob));

		/* of q the density, a normal one where a beta one differs by less than its digits; of the way dq/dx */
		if (sigma < 1e-7 * fmin(prob, 1 - prob))
			weights[i] = -(off / sigma) * (off / sigma) / 2;
		else
			weights[i] = size * (prob * above + (1 - prob) * below) - above - below;
		weights[i] += log(u) + log(v) + log(cosh(x));
		suggested[i] = fmin(fmax(full + off * (b + 1) / b, 0), 1);
		if (weights[i] > peak)
			peak = weights[i];
	}
	for (int i = 0; i < SHRINK_NODES; i++)
		weights[i] = exp(weights[i] - peak);
	for (int step = 0; step < 100 && hi - lo > 1e-16 * hi; step++)
	{
		double		slope = 0,
					fall = 0,
					next;

		for (int i = 0; i < SHRINK_NODES; i++)
		{
			double		s = suggested[i];
			double		gain = b * s / (1 + b * k * s),
						loss = s / (1 - k * s);

			if (weights[i] == 0 || s == 0)
				continue;
			if (k * s >= 1)
			{
				slope = -INFINITY;
				break;
			}
			slope += weights[i] * (prob * gain - (1 - prob) * loss);
			fall += weights[i] * (prob * gain * gain + (1 - prob) * loss * loss);
		}
		if (slope > 0)
			lo = k;
		else
			hi = k;
		next = k + slope / fall;
		if (!(next > lo && next < hi))
			next = lo + (hi - lo) / 2;
		if (fabs(next - k) <= 1e-16 * k)
			break;
		k = next;
	}
	*stake = k * full;
	return CORE_OK;
}

double
kelly_adjustment(const double *probs, const double *steps, int n)
{
	double		lo = 0,
				hi = 1,
				mean = 0,
				root;
	int			falls = 0;

	for (int i = 0; i < n; i++)
		if (probs[i] > 0)
		{
			mean += probs[i] * steps[i];
			falls |= steps[i] < 0;
		}
	if (!falls)
		return INFINITY;
	if (!(mean > 0))
		return 0;

	/* E exp(-r step) - 1 is convex, 0 at 0, and falls there: below 0 up to the root, above beyond */
	root = hi;
	for (int turn = 0; turn < 4 * MAX_STEPS; turn++)
	{
		double		excess = 0,
					slope = 0,
					next;

		for (int i = 0; i < n; i++)
			if (probs[i] > 0)
			{
				double		term = expm1(-root * steps[i]);

				excess += probs[i] * term;
				slope -= probs[i] * steps[i] * (1 + term);
			}
		if (excess >= 0)
			hi = root;
		else
		{
			lo = root;
			if (hi == root || hi <= lo)
			{
				/* no upper end yet */
				hi = root = 2 * root;
				if (isinf(root))
					return INFINITY;
				continue;
			}
		}
		next = root - excess / slope;
		if (!(next > lo && next < hi))
			next = lo + (hi - lo) / 2;
		if (fabs(next - root) <= 1e-16 * root || !(next > lo && next < hi))
			break;
		root = next;
	}
	return root;
}

double
kelly_drawdown(double multiple, double fraction)
{
	if (multiple >= 2 || fraction == 1)
		return 1;
	return multiple > 0 ? pow(fraction, 2 / multiple - 1) : 0;
}

double
kelly_drawdown_multiplier(double fraction, double prob)
{
	return 2 / (1 + log(prob) / log(fraction));
}

double
kelly_drawdown_bets(double win, double lose, double b, double stake, double fraction)
{
	double		probs[] = {win, lose};
	double		steps[] = {log1p(stake * b), log1p(-stake)};
	double		root;

	if (fraction == 1)
		return 1;
	if (stake == 0)
		return 0;
	root = stake < 1 || lose <= 0 ? kelly_adjustment(probs, steps, 2) : 0;
	return root == 0 ? 1 : pow(fraction, root);
}

double
kelly_ruin(double win, double lose, double b, double bankroll)
{
	double		probs[] = {win, lose};
	double		steps[] = {b, -1};
	double		root = kelly_adjustment(probs, steps, 2);

	return bankroll == 0 || root == 0 ? 1 : exp(-root * bankroll);
}
