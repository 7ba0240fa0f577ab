/*
 * Closing line value: what a bet's price and line were worth at the close.
 */
#ifndef BET_EDGE_CORE_CLV_H
#define BET_EDGE_CORE_CLV_H

#include "core/settlement.h"
#include "core/status.h"

#define CLV_SAMPLE_LIMIT 1e6	/* no score of any sport is further from 0 */

/* Of the price: what the closing price is without the margin, probability prob. */
extern double clv_fair(double odds, double prob);

/*
 * How a bet at taken_line would have settled under the market's own closing opinion.
 * That opinion is the law of the sample (final margins or totals within CLV_SAMPLE_LIMIT), tilted by
 * exp(theta * score) so that at closing_line the bet has the closing probability prob, pushes aside:
 * the shape, key numbers and all, is the sample's, the centre is the market's. A bet is ahead by
 * sign * score + its line. CORE_NO_SOLUTION when the sample does not reach to both sides of the closing line.
 */
extern core_status clv_law(const double *sample, int n, double sign, double taken_line, double closing_line,
						   double prob, double law[SETTLE_RESULTS]);

/* The two-way probability in such a law, pushes aside: what odds of 1/prob make a fair bet. */
extern double clv_two_way(const double law[SETTLE_RESULTS]);

#endif							/* BET_EDGE_CORE_CLV_H */
