#include "core/interval.h"
#include "core/score.h"
#include "core/sum.h"
#include "tap.h"

int
main(void)
{
	double		probs[] = {0.9, 0.1, 0};
	double		bad[] = {0.9, 0.2};
	core_sum	sum = {0, 0};
	core_sum	other = {0, 0};
	core_moments a = {0};
	core_moments b = {0};

	ok(score_probs(probs, 3) == CORE_OK && score_probs(bad, 2) == CORE_INVALID, "probabilities sum to 1");
	bad[0] = NAN;
	ok(score_probs(bad, 2) == CORE_INVALID, "NaN is no probability");
	close_to(score_brier(probs, 3, 0), 0.02, 1e-15, "Brier");
	close_to(score_rps(probs, 3, 0), 0.005, 1e-15, "RPS");
	ok(isinf(score_log(0)) && score_log(1) == 0 && !signbit(score_log(1)), "log loss at the ends");
	ok(score_log_event(1e-18, 0) == 1e-18 && isinf(score_log_event(1, 0)), "of what did not happen");

	core_sum_add(&sum, 1);
	core_sum_add(&sum, 1e100);
	core_sum_add(&other, 1);
	core_sum_add(&other, -1e100);
	core_sum_merge(&sum, other);
	ok(core_sum_value(sum) == 2, "a compensated sum keeps what plain addition loses");
	core_sum_add(&sum, INFINITY);
	core_sum_add(&sum, 1);
	ok(isinf(core_sum_value(sum)), "an infinite sum stays infinite");

	for (int i = 0; i < 10; i++)
		core_moments_add(i < 3 ? &a : &b, 1e9 + i);
	core_moments_merge(&a, &b);
	ok(a.n == 10 && a.mean == 1e9 + 4.5, "moments merge");
	close_to(a.m2, 82.5, 1e-9, "far from 0");

	/* R 4.2: qt(0.975, df) */
	close_to(student_975(1), 12.706204736174705, 1e-12, "t with 1 degree of freedom");
	close_to(student_975(2), 4.302652729749464, 1e-12, "2");
	close_to(student_975(9), 2.262157162798205, 1e-12, "9");
	close_to(student_975(30), 2.042272456301238, 1e-12, "30");
	close_to(student_975(200), student_975(200 + 1e-9), 1e-11, "the expansion meets the series");
	close_to(student_975(1e12), 1.959963984540054, 1e-11, "the normal's in the end");
	return done_testing();
}
