#include "core/settlement.h"
#include "tap.h"

#include <stdbool.h>

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

	/* the law is what comes of the residuals one by one */
	agree = 1;
	for (int i = 0; i < 20000; i++)
	{
		double		prediction = 20 * tap_uniform() - 10,
					line = (double) (int64_t) (tap_random() % 81) * 0.25 - 10,
					counts[SETTLE_RESULTS] = {0},
					total = 0;
		int			n = 1 + (int) (tap_uniform() * 20);
		double		many[20];

		for (int j = 0; j < n; j++)
		{
			many[j] = 30 * tap_uniform() - 15;
			counts[settlement_ahead(round(prediction + many[j]) + line)]++;
		}
		agree &= settlement_law(prediction, many, n, -INFINITY, 1, line, law) == CORE_OK;
		for (int r = 0; r < SETTLE_RESULTS; r++)
		{
			agree &= law[r] == counts[r] / n;
			total += law[r];
		}
		agree &= fabs(total - 1) <= 1e-15;
	}
	ok(agree, "20000 laws: the residuals one by one");
	return done_testing();
}
