#include "core/interval.h"
#include "tap.h"

static void
student(void)
{
	int			bad = 0;

	/* closed forms for one and two degrees of freedom */
	for (int i = 0; i < 100000; i++)
	{
		double		t = ldexp(tap_uniform(), tap_below(60) - 10);
		double		one = atan(1 / t) / 3.14159265358979323846;
		double		two = 1 / (sqrt(2 + t * t) * (sqrt(2 + t * t) + t));

		bad += fabs(student_above(t, 1) - one) > 1e-13 * one;
		bad += fabs(student_above(t, 2) - two) > 1e-13 * two;
		bad += fabs(student_above(-t, 2) - (1 - two)) > 1e-15;
	}
	ok(bad == 0, "Student's tail at one and two degrees of freedom");
	bad = 0;
	for (int i = 0; i < 100000; i++)
	{
		double		df = 1 + (tap_below(2) ? tap_below(300) : ldexp(1, tap_below(50)));
		double		t = tap_uniform() * 12;
		double		p = student_above(t, df);

		bad += !(p > 0 && p <= 0.5) || !(student_above(t + 0.01, df) < p);
	}
	ok(bad == 0, "falls, at any degrees of freedom");
	for (int df = 1; df < 400; df += 7)
		bad += fabs(student_above(student_975(df), df) - 0.025) > 1e-12;
	ok(bad == 0, "and meets the quantile");
	/* 40 digits by an arbitrary-precision program */
	close_to(student_above(3, 9999) / 0.00135322442785617, 1, 1e-12, "near the change of method");
	close_to(student_above(1e200, 1) / 3.1830988618379067e-201, 1, 1e-13, "very far");
}

/* Against sums in extended precision, merged in any number of parts. */
static void
moments(void)
{
	int			bad = 0;

	for (int round = 0; round < 20000; round++)
	{
		core_moments parts[4] = {{0}};
		core_moments whole = {0};
		double		values[200];
		double		offset = round % 4 ? 0 : 1e6,
					scale = pow(10, 40 * tap_uniform() - 20);
		int			n = 1 + tap_below(200);
		long double mean = 0,
					m2 = 0;

		for (int i = 0; i < n; i++)
		{
			values[i] = scale * (offset + tap_uniform() - 0.5);
			mean += (long double) values[i] / n;
			core_moments_add(&whole, values[i]);
			core_moments_add(&parts[tap_below(4)], values[i]);
		}
		for (int i = 0; i < n; i++)
			m2 += (values[i] - mean) * (values[i] - mean);
		for (int k = 1; k < 4; k++)
			core_moments_merge(&parts[0], &parts[k]);
		for (int which = 0; which < 2; which++)
		{
			const core_moments *m = which ? &parts[0] : &whole;

			bad += m->n != n || !(m->m2 >= 0) || fabs(m->mean - (double) mean) > 1e-14 * scale * (1 + offset) ||
				fabs(m->m2 - (double) m2) > (offset > 0 ? 1e-9 : 1e-13) * n * scale * scale;
		}
	}
	ok(bad == 0, "20,000 sets: mean and spread, at once and in parts");
}

int
main(void)
{
	static const double table[][2] = {{1, 12.706204736174698}, {2, 4.302652729749464}, {10, 2.2281388519862742}, {30, 2.0422724563012373}, {1000, 1.9623390808264078}};
	core_moments none = {0},
				one = {0};

	student();
	for (int i = 0; i < 5; i++)
		close_to(student_975(table[i][0]), table[i][1], 1e-12, "the 97.5 % point as tables have it");
	moments();
	core_moments_add(&one, 3);
	core_moments_merge(&one, &none);
	core_moments_merge(&none, &one);
	ok(none.n == 1 && none.mean == 3 && none.m2 == 0, "nothing merged is nothing");
	return done_testing();
}
