#include "core/clv.h"

#include <math.h>
#include <stdbool.h>

double
clv_fair(double odds, double prob)
{
	return odds * prob - 1;
}

double
clv_two_way(const double law[SETTLE_RESULTS])
{
	double		won = law[SETTLE_WIN] + law[SETTLE_HALF_WIN] / 2;
	double		lost = law[SETTLE_LOSS] + law[SETTLE_HALF_LOSS] / 2;

	return won / (won + lost);
}

typedef struct clv_tilt
{
	const double *sample;
	int			n;
	double		sign;
	double		line;
	double		least;			/* scores go by (sign * score - least) / range: 0 .. 1 */
	double		range;
	double		won_from,		/* where the bet wins, or half wins */
				won_to,
				lost_from,
				lost_to;
} clv_tilt;

static double
place(const clv_tilt *t, int i)
{
	return (t->sign * t->sample[i] - t->least) / t->range;
}

/* ln of the odds that the bet wins under tilt theta, and its slope. Neither sum can underflow: each has a term 1. */
static double
log_odds(const clv_tilt *t, double theta, double *slope)
{
	double		won_top = theta > 0 ? t->won_to : t->won_from;
	double		lost_top = theta > 0 ? t->lost_to : t->lost_from;
	double		won = 0,
				lost = 0,
				won_mean = 0,
				lost_mean = 0;

	for (int i = 0; i < t->n; i++)
	{
		settlement	result = settlement_ahead(t->sign * t->sample[i] + t->line);
		double		share = result == SETTLE_WIN || result == SETTLE_LOSS ? 1 : 0.5;
		double		x = place(t, i);

		if (result < SETTLE_PUSH)
		{
			double		weight = share * exp(theta * (x - won_top));

			won += weight;
			won_mean += weight * x;
		}
		else if (result > SETTLE_PUSH)
		{
			double		weight = share * exp(theta * (x - lost_top));

			lost += weight;
			lost_mean += weight * x;
		}
	}
	*slope = won_mean / won - lost_mean / lost;
	return log(won) - log(lost) + theta * (won_top - lost_top);
}

core_status
clv_law(const double *sample, int n, double sign, double taken_line, double closing_line, double prob, double law[SETTLE_RESULTS])
{
	clv_tilt	t = {sample, n, sign, closing_line, INFINITY, 0, INFINITY, -INFINITY, INFINITY, -INFINITY};
	double		most = -INFINITY,
				wanted = log(prob) - log1p(-prob),
				theta = 0,
				left = -INFINITY,
				right = INFINITY,
				total = 0;

	if (!(prob > 0 && prob < 1) || settlement_line(taken_line) != CORE_OK || settlement_line(closing_line) != CORE_OK)
		return CORE_INVALID;
	for (int i = 0; i < n; i++)
	{
		double		score = sign * sample[i];

		if (!(fabs(score) <= CLV_SAMPLE_LIMIT))
			return CORE_INVALID;
		t.least = fmin(t.least, score);
		most = fmax(most, score);
	}
	t.range = most - t.least;
	if (!(t.range > 0))
		return CORE_NO_SOLUTION;
	for (int i = 0; i < n; i++)
	{
		settlement	result = settlement_ahead(sign * sample[i] + closing_line);
		double		x = place(&t, i);

		if (result < SETTLE_PUSH)
		{
			t.won_from = fmin(t.won_from, x);
			t.won_to = fmax(t.won_to, x);
		}
		else if (result > SETTLE_PUSH)
		{
			t.lost_from = fmin(t.lost_from, x);
			t.lost_to = fmax(t.lost_to, x);
		}
	}
	if (isinf(t.won_from) || isinf(t.lost_from))
		return CORE_NO_SOLUTION;

	/* Newton, kept between the last points left and right of the root; it rises in theta */
	for (int step = 0; step < 200; step++)
	{
		double		slope;
		double		off = log_odds(&t, theta, &slope) - wanted;
		double		next;

		if (fabs(off) <= 1e-14)
			break;
		if (off < 0)
			left = theta;
		else
			right = theta;
		next = theta - off / slope;
		if (!(next > left && next < right))
			next = isinf(left) ? right - 2 * fabs(right) - 1 : isinf(right) ? left + 2 * fabs(left) + 1 : left + (right - left) / 2;
		if (!(next > left && next < right))
			break;
		theta = next;
	}

	for (int r = 0; r < SETTLE_RESULTS; r++)
		law[r] = 0;
	for (int i = 0; i < n; i++)
	{
		double		weight = exp(theta * (place(&t, i) - (theta > 0)));

		law[settlement_ahead(sign * sample[i] + taken_line)] += weight;
		total += weight;
	}
	for (int r = 0; r < SETTLE_RESULTS; r++)
		law[r] /= total;
	return CORE_OK;
}
