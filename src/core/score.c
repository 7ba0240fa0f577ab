#include "core/score.h"

#include <math.h>

core_status
score_probs(const double *probs, int n)
{
	double		sum = 0;

	for (int k = 0; k < n; k++)
	{
		if (!(probs[k] >= 0 && probs[k] <= 1))
			return CORE_INVALID;
		sum += probs[k];
	}
	return fabs(sum - 1) <= SCORE_SUM_TOLERANCE ? CORE_OK : CORE_INVALID;
}

double
score_brier(const double *probs, int n, int outcome)
{
	double		sum = 0;

	for (int k = 0; k < n; k++)
	{
		double		off = probs[k] - (k == outcome);

		sum += off * off;
	}
	return sum;
}

/* Squared differences of the cumulative distributions: near misses cost less. */
double
score_rps(const double *probs, int n, int outcome)
{
	double		ahead = 0;
	double		sum = 0;

	for (int k = 0; k < n - 1; k++)
	{
		ahead += probs[k] - (k == outcome);
		sum += ahead * ahead;
	}
	return sum / (n - 1);
}

double
score_log(double p)
{
	return p == 1 ? 0 : -log(p);	/* not -0 */
}

double
score_log_event(double p, int happened)
{
	if (happened)
		return score_log(p);
	return p == 0 ? 0 : -log1p(-p);	/* log1p keeps the digits of a small p */
}

/* -ln(product + low); near 1 the difference from 1 is what counts. */
double
score_log_product(double product, double low)
{
	if (product > 0.5)
		return 0 - log1p((product - 1) + low);
	return -(log(product) + low / product);
}

double
score_logs_mean(const score_logs *logs)
{
	core_sum	sum = logs->sum;

	core_sum_add(&sum, score_log_product(logs->product, logs->low));
	return core_sum_value(sum) / logs->n;
}

void
score_logs_merge(score_logs *logs, const score_logs *other)
{
	logs->n += other->n;
	core_sum_merge(&logs->sum, other->sum);
	core_sum_add(&logs->sum, score_log_product(other->product, other->low));
}

int
score_mean_sound(const score_mean *mean)
{
	return mean->n >= 0 && mean->n <= 0x1p53 && mean->n == floor(mean->n) && mean->sum.high >= 0 && fabs(mean->sum.low) <= mean->sum.high &&
		isfinite(mean->sum.low);
}

int
score_logs_sound(const score_logs *logs)
{
	score_mean	mean = {logs->n, logs->sum};

	return score_mean_sound(&mean) && logs->product >= SCORE_PRODUCT_LEAST && logs->product <= 1 &&
		fabs(logs->low) <= logs->product;
}
