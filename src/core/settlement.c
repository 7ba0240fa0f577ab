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

void
settlement_returns(double odds, double commission, bool lay, double net_returns[SETTLE_RESULTS])
{
	double		gain = (1 - commission) * (lay ? 1 / (odds - 1) : odds - 1);

	net_returns[lay ? SETTLE_LOSS : SETTLE_WIN] = gain;
	net_returns[lay ? SETTLE_HALF_LOSS : SETTLE_HALF_WIN] = gain / 2;
	net_returns[SETTLE_PUSH] = 0;
	net_returns[lay ? SETTLE_HALF_WIN : SETTLE_HALF_LOSS] = -0.5;
	net_returns[lay ? SETTLE_WIN : SETTLE_LOSS] = -1;
}

double
settlement_value(const double law[SETTLE_RESULTS], const double net_returns[SETTLE_RESULTS])
{
	double		value = 0;

	for (int r = 0; r < SETTLE_RESULTS; r++)
		value += law[r] * net_returns[r];
	return value;
}

double
settlement_profit(const double law[SETTLE_RESULTS], double odds)
{
	double		net_returns[SETTLE_RESULTS];

	settlement_returns(odds, 0, false, net_returns);
	return settlement_value(law, net_returns);
}
