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
