#include "core/pi_rating.h"
#include "tap.h"

#include <stdbool.h>

#define N 300000

int
main(void)
{
	pi_team		home = {1.6, 0.4},
				away = {0.3, -1.2};
	bool		directions = true,
				mirrored = true,
				moved = true,
				total = true;

	close_to(pi_update(&home, &away, 4, 1, 0.1, 0.3), 3.926435305343182, 1e-15, "the paper's expectation");
	close_to(home.home, 1.5145736713398417, 1e-15, "home side at home");
	close_to(home.away, 0.3743721014019525, 1e-15, "home side away");
	close_to(away.home, 0.32562789859804747, 1e-15, "away side at home");
	close_to(away.away, -1.1145736713398418, 1e-15, "away side away");
	ok(pi_expected(0, 0) == 0 && pi_expected(-1, -1) == 0, "equals");
	for (int i = 0; i < N; i++)
	{
		pi_team		h = {3 * tap_uniform() - 1.5, 3 * tap_uniform() - 1.5},
					a = {3 * tap_uniform() - 1.5, 3 * tap_uniform() - 1.5};
		pi_team		h0 = h,
					a0 = a;
		int			hg = tap_below(8),
					ag = tap_below(8);
		double		rate = tap_uniform(),
					catch_up = tap_uniform();
		double		expected = pi_update(&h, &a, hg, ag, rate, catch_up);
		double		error = hg - ag - expected;

		directions = directions && (h.home - h0.home) * error >= 0 && (a.away - a0.away) * error <= 0;
		moved = moved && fabs((h.home - h0.home) + (a.away - a0.away)) < 1e-13
			&& fabs((h.away - h0.away) - catch_up * (h.home - h0.home)) < 1e-13
			&& fabs(fabs(h.home - h0.home) - rate * 3 * log10(1 + fabs(error))) < 1e-13;
		mirrored = mirrored && pi_expected(h0.home, a0.away) == -pi_expected(a0.away, h0.home);
	}
	ok(directions, "who does better than expected gains, the other loses");
	ok(moved, "both move as far, the other ground by its share");
	ok(mirrored, "expectations mirror");
	for (int i = 0; i < N; i++)
	{
		double		a = tap_adversary(),
					b = tap_adversary();

		if (fabs(a) < 900 && fabs(b) < 900)
			total = total && isfinite(pi_expected(a, b));
	}
	ok(total, "finite below a rating of 900");
	return done_testing();
}
