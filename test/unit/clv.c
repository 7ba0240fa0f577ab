#include "core/clv.h"
#include "tap.h"

/* Whatever the sample, lines and closing probability: a law, and the close's own probability at its own line. */
static void
random_laws(void)
{
	int			solved = 0,
				bad_sum = 0,
				bad_close = 0,
				bad_order = 0;

	for (int round = 0; round < 200000; round++)
	{
		double		sample[30];
		int			n = 2 + tap_below(29);
		int			spread = 1 + tap_below(round % 10 ? 30 : 100000);
		double		sign = tap_below(2) ? 1 : -1;
		double		closing = (tap_below(161) - 80) / 4.0;
		double		taken = closing + (tap_below(41) - 20) / 4.0;
		double		prob = round % 7 == 0 ? ldexp(tap_uniform(), -tap_below(60)) : tap_uniform();
		double		at_close[SETTLE_RESULTS],
					law[SETTLE_RESULTS],
					better[SETTLE_RESULTS],
					sum = 0;

		for (int i = 0; i < n; i++)
			sample[i] = tap_below(2 * spread + 1) - spread;
		if (clv_law(sample, n, sign, closing, closing, prob, at_close) != CORE_OK)
			continue;
		solved++;
		/* rounding of theta * score reaches its logit */
		bad_close += !(fabs(clv_two_way(at_close) - prob) <= 1e-12 * fmax(1e-2, prob));
		if (clv_law(sample, n, sign, taken, closing, prob, law) != CORE_OK ||
			clv_law(sample, n, sign, taken + 0.25, closing, prob, better) != CORE_OK)
		{
			bad_sum++;
			continue;
		}
		for (int r = 0; r < SETTLE_RESULTS; r++)
			sum += law[r] >= 0 ? law[r] : NAN;
		bad_sum += !(fabs(sum - 1) <= 1e-12);
		bad_order += !(settlement_profit(better, 1.9) >= settlement_profit(law, 1.9) - 1e-12);
	}
	ok(solved > 100000, "most random samples reach to both sides");
	ok(bad_sum == 0, "every law sums to 1");
	ok(bad_close == 0, "at its own line the close keeps its probability");
	ok(bad_order == 0, "a quarter point more is never worth less");
}

static void
adversaries(void)
{
	int			bad = 0;

	for (int round = 0; round < 200000; round++)
	{
		double		sample[4];
		double		law[SETTLE_RESULTS];

		for (int i = 0; i < 4; i++)
			sample[i] = tap_below(3) ? tap_below(9) - 4 : tap_adversary();
		if (clv_law(sample, 4, 1, tap_below(2) ? 0.5 : tap_adversary(), tap_below(2) ? 0.5 : tap_adversary(), tap_adversary(), law) == CORE_OK)
			for (int r = 0; r < SETTLE_RESULTS; r++)
				bad += !(law[r] >= 0 && law[r] <= 1);
	}
	ok(bad == 0, "no input gives a share outside 0 .. 1");
}

int
main(void)
{
	static const double even[] = {-3, -1, 1, 3};
	double		law[SETTLE_RESULTS];

	close_to(clv_fair(2.1, 0.5), 0.05, 1e-15, "price times fair probability");
	ok(clv_law(even, 4, 1, 0, 0, 0.5, law) == CORE_OK && law[SETTLE_WIN] == 0.5, "an even sample needs no tilt");
	/* two scores: nothing but the closing probability is left */
	ok(clv_law(even + 1, 2, 1, 0, 0, 0.8, law) == CORE_OK, "a tilted one");
	close_to(law[SETTLE_WIN], 0.8, 1e-13, "to the closing probability");
	ok(clv_law(even, 4, 1, 3, 0, 0.8, law) == CORE_OK && law[SETTLE_PUSH] > 0, "a push at 3");
	ok(clv_law(even, 2, 1, 0, 0, 0.5, law) == CORE_NO_SOLUTION, "one side alone");
	ok(clv_law(even, 4, 1, 0.1, 0, 0.5, law) == CORE_INVALID, "no such line");
	ok(clv_law(even, 4, 1, 0, 0, 1, law) == CORE_INVALID, "nothing is certain");
	random_laws();
	adversaries();
	return done_testing();
}
