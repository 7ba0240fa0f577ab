/*
 * What becomes of a bet: a quarter line is two half stakes on the neighbouring lines.
 */
#ifndef BET_EDGE_CORE_SETTLEMENT_H
#define BET_EDGE_CORE_SETTLEMENT_H

#include <stdbool.h>

#include "core/status.h"

typedef enum settlement
{
	SETTLE_WIN, SETTLE_HALF_WIN, SETTLE_PUSH, SETTLE_HALF_LOSS, SETTLE_LOSS, SETTLE_RESULTS
} settlement;

/* CORE_INVALID unless the line is a multiple of a quarter of plausible size. */
extern core_status settlement_line(double line);
/* Of a bet that is ahead of its line by so many points, a multiple of a quarter. */
extern settlement settlement_ahead(double points);

/*
 * Profit per unit at risk of each result, commission taken from winnings. A layer risks the
 * backer's win: for him the results are the other way round.
 */
extern void settlement_returns(double odds, double commission, bool lay, double net_returns[SETTLE_RESULTS]);

/* Expected profit per unit: of these returns, of a stake at decimal odds. */
extern double settlement_value(const double law[SETTLE_RESULTS], const double net_returns[SETTLE_RESULTS]);
extern double settlement_profit(const double law[SETTLE_RESULTS], double odds);

#endif							/* BET_EDGE_CORE_SETTLEMENT_H */
