#include "core/calibration.h"
#include "tap.h"

static int	checks = 0;

static void
check(void)
{
	checks++;
}

int
main(void)
{
	double		scores[] = {-2, 0, -1, 0, 0, 1, 1, 0, 2, 1};
	double		flat[] = {3, 1, 3, 0};
	double		rows[] = {0, log(0.9), log(0.1), 0, log(0.9), log(0.1), 0, log(0.9), log(0.1), 0, log(0.9), log(0.1), 1, log(0.9), log(0.1)};
	double		impossible[] = {1, 0, -INFINITY};
	double		probs[] = {0.9, 0.1};
	double		fit[2],
				t,
				out[2];

	ok(platt_fit(scores, 5, fit, check) == CORE_OK, "a sigmoid is found");
	close_to(fit[0], -0.4808612762417825, 1e-12, "A");
	close_to(fit[1], 0.3591553515743047, 1e-12, "B");
	ok(checks > 0, "interrupts are looked at");
	ok(platt_fit(flat, 2, fit, check) == CORE_OK && fit[0] == 0 && fabs(fit[1]) < 1e-15, "scores that say nothing");
	ok(platt_fit(flat, 0, fit, check) == CORE_INVALID, "no rows");
	ok(platt_apply((double[]) {-1, 0}, 1e308) == 1 && platt_apply((double[]) {-1e10, 0}, -1e308) == 0, "no NaN far out");

	ok(temperature_fit(rows, 5, 2, &t, check) == CORE_OK, "a temperature is found");
	close_to(t, log(9) / log(4), 1e-12, "said 0.9, was 0.8");
	temperature_apply(t, probs, 2, out);
	close_to(out[0], 0.8, 1e-12, "applied");
	ok(temperature_fit(rows, 4, 2, &t, check) == CORE_OK && t == TEMPERATURE_LOW, "always right: the lower bound");
	ok(temperature_fit(impossible, 1, 2, &t, check) == CORE_NO_SOLUTION, "what had probability 0 happened");
	return done_testing();
}
