#include "core/settlement.h"
#include "tap.h"

int
main(void)
{
	double		law[SETTLE_RESULTS];
	double		residuals[] = {0.6, 1.4, -3.2, -2.1};
	double		bad[] = {NAN};
	int			agree = 1;

	/* against the definition: half the stake on the line a quarter below, half on that a quarter above */
	for (int q = -40; q <= 40; q++)
	{
		double		ahead = q * 0.25;
		double		step = q % 2 ? 0.25 : 0;
		double		units = ((ahead - step > 0) - (ahead - step < 0) + (ahead + step > 0) - (ahead + step < 0)) / 2.0;
		static const double of[] = {1, 0.5, 0, -0.5, -1};

		agree &= of[settlement_ahead(ahead)] == units;
	}
	ok(agree, "a quarter line is two half stakes");
	ok(settlement_line(-2.75) == CORE_OK && settlement_line(0) == CORE_OK, "quarter lines");
	ok(settlement_line(0.3) && settlement_line(NAN) && settlement_line(INFINITY), "no other lines");
	ok(settlement_law(2, residuals, 4, -INFINITY, 1, -2.75, law) == CORE_OK &&
	   law[SETTLE_HALF_WIN] == 0.5 && law[SETTLE_LOSS] == 0.5, "the law of a line");
	close_to(settlement_profit(law, 2), -0.25, 1e-15, "what it is worth");
	ok(settlement_law(2, bad, 1, 0, 1, 0, law) == CORE_INVALID && settlement_law(2, bad, 0, 0, 1, 0, law) == CORE_INVALID,
	   "no residuals or infinite ones");
	return done_testing();
}
