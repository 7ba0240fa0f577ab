#include "tap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/overround.h"

static uint64_t seed = 7;

static double
uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (seed >> 11) / 9007199254740992.0;
}

static double
total(const double *p, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

/* Does a method answer, with probabilities in (0, 1) that sum to 1 and keep the order of the odds? */
static bool
sound(const double *odds, int n, overround_method method)
{
	double		p[OVERROUND_MAX];
	core_status status = overround_remove(odds, n, method, p);
	bool		good = status == CORE_OK && fabs(total(p, n) - 1) <= 1e-12;

	for (int i = 0; good && i < n; i++)
	{
		good = p[i] > 0 && p[i] < 1;
		for (int j = 0; good && j < i; j++)
			good = odds[i] == odds[j] ? p[i] == p[j] : (odds[i] > odds[j]) == (p[i] < p[j]) || fabs(p[i] - p[j]) < 1e-15;
	}
	if (!good)
		printf("# method %d, %d outcomes from %.17g, %.17g: status %d, sum - 1 = %g\n",
			   method, n, odds[0], odds[1], status, total(p, n) - 1);
	return good;
}

/* A book of n outcomes whose implied probabilities sum to the given number. */
static void
make_book(double *odds, int n, double book, double spread)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += odds[i] = exp(-spread * uniform());
	for (int i = 0; i < n; i++)
	{
		odds[i] = sum / (odds[i] * book);
		if (odds[i] < 1.0001)
			odds[i] = 1.0001;
	}
}

int
main(void)
{
	const double three[] = {1.33, 4.8, 8.5};
	const double longshot[] = {1.05, 11, 101, 101};
	const double arbitrage[] = {2.05, 2.02};
	const double fair[] = {3, 1.5};
	double		p[OVERROUND_MAX],
				q[OVERROUND_MAX],
				odds[OVERROUND_MAX];
	int			wrong;

	ok(overround_method_find("shin", 4) == OVERROUND_SHIN && overround_method_find("basic", 5) == OVERROUND_MULTIPLICATIVE &&
	   overround_method_find("wpo", 3) == OVERROUND_ADDITIVE && overround_method_find("logarithmic", 11) == OVERROUND_ODDS_RATIO,
	   "names and second names");
	ok(overround_method_find("jsd", 3) == OVERROUND_UNKNOWN && overround_method_find("shin ", 5) == OVERROUND_UNKNOWN &&
	   overround_method_find("", 0) == OVERROUND_UNKNOWN, "no other names");

	overround_remove(three, 3, OVERROUND_SHIN, p);
	close_to(p[0], 0.7185582841749564, 1e-14, "shin, favourite");
	close_to(p[2], 0.09654682460447356, 1e-14, "shin, longshot");
	overround_remove(three, 3, OVERROUND_POWER, p);
	close_to(p[0], 0.729588124939792, 1e-14, "power");
	overround_remove(three, 3, OVERROUND_ODDS_RATIO, p);
	close_to(p[0], 0.7180851348240487, 1e-14, "odds_ratio");

	ok(overround_remove(longshot, 4, OVERROUND_ADDITIVE, p) == CORE_NO_SOLUTION, "additive has nothing left for longshots");
	ok(overround_remove(arbitrage, 2, OVERROUND_SHIN, p) == CORE_NO_SOLUTION, "shin needs a margin");
	ok(sound(arbitrage, 2, OVERROUND_POWER) && sound(arbitrage, 2, OVERROUND_ODDS_RATIO) &&
	   sound(arbitrage, 2, OVERROUND_ADDITIVE) && sound(arbitrage, 2, OVERROUND_MULTIPLICATIVE), "the others do not");
	for (int m = 0; m < OVERROUND_UNKNOWN; m++)
	{
		overround_remove(fair, 2, (overround_method) m, p);
		ok(fabs(p[0] - 1.0 / 3) <= 1e-15 && fabs(p[1] - 2.0 / 3) <= 1e-15, "a fair book is left as it is");
	}

	for (int m = 0; m < OVERROUND_UNKNOWN; m++)
	{
		wrong = 0;
		for (int i = 0; i < 4000; i++)
		{
			int			n = 2 + (int) (uniform() * 39);

			make_book(odds, n, 1 + uniform() * uniform(), m == OVERROUND_ADDITIVE ? 0.05 : 8);
			wrong += !sound(odds, n, (overround_method) m);
			if (m == OVERROUND_SHIN)
				continue;
			make_book(odds, n, 0.8 + 0.2 * uniform(), m == OVERROUND_ADDITIVE ? 0.05 : 8);
			wrong += overround_book(odds, n) > 1.0001 ? 0 : !sound(odds, n, (overround_method) m);
		}
		ok(wrong == 0, "random books of 2 to 40 outcomes");
	}

	/* the corners: a certainty beside anything, nearly no margin, the largest market */
	wrong = 0;
	for (int m = OVERROUND_POWER; m < OVERROUND_UNKNOWN; m++)
		for (double near = 1e-15; near < 1; near *= 10)
			for (double far = 1; far <= 1e15; far *= 10)
				for (int n = 2; n <= 4; n++)
				{
					double		corner[4] = {1 + near, 1 + far, 1 + far, 1 + near};

					if (overround_book(corner, n) > 1 - 1e-12)
						wrong += !(overround_remove(corner, n, (overround_method) m, p) == CORE_OK &&
								   fabs(total(p, n) - 1) <= 1e-12);
				}
	ok(wrong == 0, "corners");
	for (int i = 0; i < OVERROUND_MAX; i++)
		odds[i] = 2 + 3 * i;
	ok(sound(odds, OVERROUND_MAX, OVERROUND_SHIN) && sound(odds, OVERROUND_MAX, OVERROUND_POWER) &&
	   sound(odds, OVERROUND_MAX, OVERROUND_ODDS_RATIO), "the largest market");

	/* two outcomes: shin is additive; any number: relabelling outcomes relabels results */
	wrong = 0;
	for (int i = 0; i < 1000; i++)
	{
		double		swapped[3];

		make_book(odds, 2, 1 + 0.2 * uniform(), 3);
		overround_remove(odds, 2, OVERROUND_SHIN, p);
		overround_remove(odds, 2, OVERROUND_ADDITIVE, q);
		wrong += fabs(p[0] - q[0]) > 1e-15;
		make_book(odds, 3, 1 + 0.2 * uniform(), 3);
		swapped[0] = odds[2], swapped[1] = odds[0], swapped[2] = odds[1];
		overround_remove(odds, 3, OVERROUND_SHIN, p);
		overround_remove(swapped, 3, OVERROUND_SHIN, q);
		wrong += fabs(p[0] - q[1]) > 1e-14 || fabs(p[2] - q[0]) > 1e-14;
	}
	ok(wrong == 0, "shin: two outcomes as additive, any order");
	return done_testing();
}
