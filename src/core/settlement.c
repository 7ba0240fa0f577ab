#include "core/settlement.h"

#include <math.h>

core_status
settlement_line(double line)
{
	return fabs(line) <= 1e6 && line * 4 == floor(line * 4) ? CORE_OK : CORE_INVALID;
}

/* The two halves stand a quarter to either side; on a half or whole line they agree. */
settlement
settlement_ahead(double points)
{
	if (points >= 0.5)
		return SETTLE_WIN;
	if (points > 0)
		return SETTLE_HALF_WIN;
	if (points == 0)
		return SETTLE_PUSH;
	return points > -0.5 ? SETTLE_HALF_LOSS : SETTLE_LOSS;
}

/*
 * The side is ahead by sign * value + line: a home spread has sign 1, an away
 * spread -1; over is sign 1 with the line taken away, under -1 with it added.
 */
core_status
settlement_law(double prediction, const double *residuals, int n, double lowest,
			   double sign, double line, double law[SETTLE_RESULTS])
{
	long		counts[SETTLE_RESULTS] = {0};

	if (n < 1)
		return CORE_INVALID;
	for (int i = 0; i < n; i++)
	{
		double		value = round(prediction + residuals[i]);

		if (!isfinite(value))
			return CORE_INVALID;
		counts[settlement_ahead(sign * fmax(value, lowest) + line)]++;
	}
	for (int r = 0; r < SETTLE_RESULTS; r++)
		law[r] = (double) counts[r] / n;
	return CORE_OK;
}

double
settlement_profit(const double law[SETTLE_RESULTS], double odds)
{
	return (law[SETTLE_WIN] + law[SETTLE_HALF_WIN] / 2) * (odds - 1)
		- law[SETTLE_HALF_LOSS] / 2 - law[SETTLE_LOSS];
}
