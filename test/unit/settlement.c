#include "core/settlement.h"
#include "tap.h"

#include <stdbool.h>

int
main(void)
{
	double		law[SETTLE_RESULTS] = {0, 0.5, 0, 0, 0.5};
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
	close_to(settlement_profit(law, 2), -0.25, 1e-15, "what it is worth");
	/* any line at any score is two half stakes, the two sides mirror, more points are never worse */
	agree = 1;
	for (int i = 0; i < 300000; i++)
	{
		double		line = (double) (int64_t) (tap_random() % 8001) * 0.25 - 1000;
		double		ahead = (double) (int64_t) (tap_random() % 401) - 200 + line;
		double		step = line * 2 == floor(line * 2) ? 0 : 0.25;
		double		odds = 1 + exp(10 * tap_uniform() - 5),
					commission = tap_uniform(),
					back[SETTLE_RESULTS],
					lay[SETTLE_RESULTS];
		settlement	result = settlement_ahead(ahead);

		agree &= settlement_line(line) == CORE_OK && settlement_line(line + 0.125) == CORE_INVALID;
		agree &= settlement_ahead(-ahead) == SETTLE_LOSS - result && settlement_ahead(ahead + 0.25) <= result;
		settlement_returns(odds, commission, false, back);
		settlement_returns(odds, commission, true, lay);
		agree &= back[result] == (back[settlement_ahead(ahead - step)] + back[settlement_ahead(ahead + step)]) / 2;
		for (int r = 0; r < SETTLE_LOSS; r++)
			agree &= back[r] > back[r + 1] - (commission == 1) && lay[r] < lay[r + 1] + (commission == 1);
		/* without commission one side's profit is the other's loss */
		settlement_returns(odds, 0, false, back);
		settlement_returns(odds, 0, true, lay);
		agree &= fabs(lay[result] * (odds - 1) + back[result]) <= 1e-12 * odds;
	}
	ok(agree, "300000 lines: two half stakes, mirrored, and the layer's loss");
	return done_testing();
}
