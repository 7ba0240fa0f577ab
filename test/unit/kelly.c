#include "tap.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/kelly.h"

static uint64_t seed = 11;

static double
uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (seed >> 11) / 9007199254740992.0;
}

static double
growth(const double *p, const double *r, int n, double f)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += p[i] * log1p(f * r[i]);
	return sum;
}

int
main(void)
{
	double		p[5],
				r[5],
				f;
	int			wrong;

	close_to(kelly_binary(0.55, 0.45, 1), 0.1, 1e-15, "55 % at evens");
	ok(kelly_binary(0.5, 0.5, 1) == 0 && kelly_binary(0.4, 0.6, 1) < 0, "no value");
	ok(kelly_binary(0, 0, 1) == 0 && kelly_binary(0, 1, 1) == -1 && kelly_binary(1, 0, 1) == 1, "certainties");
	ok(kelly_binary(0.5, 0.5, 0) == -INFINITY, "nothing to gain");

	p[0] = 0.5, p[1] = 0.1, p[2] = 0.4;
	r[0] = 0.95, r[1] = -0.5, r[2] = -1;
	ok(kelly_any(p, r, 3, &f) == CORE_OK, "a quarter-line handicap");
	close_to(f, 0.028524126113489517, 1e-14, "its fraction");
	kelly_any(p, r, 2, &f);
	close_to(f, 0.028524126113489517, 1e-14, "what is not listed loses the stake");
	r[1] = -1.5;
	ok(kelly_any(p, r, 3, &f) == CORE_INVALID, "no loss above the stake");
	p[0] = 0.6, r[1] = -0.5;
	ok(kelly_any(p, r, 3, &f) == CORE_INVALID, "no sum above 1");
	p[0] = 0.5, p[1] = 0.5, r[1] = 0;
	ok(kelly_any(p, r, 2, &f) == CORE_OK && f == 1, "a bet that cannot lose takes all");
	r[1] = -0.1;
	ok(kelly_any(p, r, 2, &f) == CORE_OK && f == 1, "never more than all");
	p[0] = 1 - 1e-12, p[1] = 1e-12, r[0] = 1, r[1] = -1;
	ok(kelly_any(p, r, 2, &f) == CORE_OK && fabs(f - (1 - 2e-12)) < 1e-15, "close to the pole");

	wrong = 0;
	for (int i = 0; i < 3000; i++)
	{
		double		sum = 0,
					b = 0.05 + 3 * uniform(),
					two;

		r[0] = b, r[1] = b / 2, r[2] = 0, r[3] = -0.5, r[4] = -1;
		for (int j = 0; j < 5; j++)
			sum += p[j] = 0.01 + uniform();
		for (int j = 0; j < 5; j++)
			p[j] /= sum;
		wrong += kelly_any(p, r, 5, &f) != CORE_OK;
		/* no fraction beside it grows faster */
		wrong += growth(p, r, 5, f) < growth(p, r, 5, f > 1e-6 ? f - 1e-6 : 0) - 1e-15 ||
			growth(p, r, 5, f) < growth(p, r, 5, fmin(f + 1e-6, 0.999999)) - 1e-15;
		/* two outcomes and a push: the closed form */
		p[3] = p[1] = 0;
		sum = p[0] + p[2] + p[4];
		p[0] /= sum, p[2] /= sum, p[4] /= sum;
		kelly_any(p, r, 5, &f);
		two = kelly_binary(p[0], p[4], b);
		wrong += fabs(f - fmax(two, 0)) > 1e-13;
	}
	ok(wrong == 0, "random bets: at the maximum of growth, and as the closed form");
	return done_testing();
}
