#include "core/returns.h"
#include "tap.h"

int
main(void)
{
	static const double profits[] = {10, -20, 5, -30, 50};
	returns_curve curve = {0};
	returns_turnover all = {0};
	returns_turnover a = {0};
	returns_turnover b = {0};
	returns_interval r;

	for (int i = 0; i < 5; i++)
		ok(returns_curve_add(&curve, profits[i], 100) == CORE_OK, "a bet");
	ok(curve.drawdown == 45 && curve.longest == 3, "furthest below a peak, and for how long");
	close_to(curve.fraction, 45 / 110.0, 1e-15, "as a share");
	ok(returns_curve_add(&curve, 1, 101) == CORE_INVALID, "one bankroll");

	r = returns_of(&all);
	ok(!r.known && !r.bounded, "nothing bet");
	returns_add(&all, 50, 100);
	r = returns_of(&all);
	ok(r.known && r.roi == 0.5 && !r.bounded, "one row has no interval");
	returns_add(&all, 0, 50);
	returns_add(&all, 0, 50);
	returns_add(&a, 50, 100);
	returns_add(&b, 0, 50);
	returns_add(&b, 0, 50);
	returns_merge(&a, &b);
	r = returns_of(&a);
	ok(r.roi == 0.25 && r.upper == returns_of(&all).upper, "parts merge");
	close_to(r.upper - r.roi, 4.302652729749464 * sqrt(1.5 * 937.5) / 200, 1e-12, "the ratio's interval");
	return done_testing();
}
