/* The Test Anything Protocol in a few lines, for the unit tests of src/core. */
#ifndef BET_EDGE_TAP_H
#define BET_EDGE_TAP_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int	tap_count = 0;
static int	tap_failed = 0;

static inline int
ok(int passed, const char *name)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", ++tap_count, name);
	tap_failed += !passed;
	return passed;
}

/* |got - want| <= tolerance * max(1, |want|) */
static inline int
close_to(double got, double want, double tolerance, const char *name)
{
	int			passed = got == want || fabs(got - want) <= tolerance * fmax(1, fabs(want));

	ok(passed, name);
	if (!passed)
		printf("# got %.17g, want %.17g\n", got, want);
	return passed;
}

/* Random numbers that are the same in every run (splitmix64, Steele et al. 2014). */
static uint64_t tap_seed = 1;

static inline uint64_t
tap_random(void)
{
	uint64_t	z = tap_seed += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* In [0, 1). */
static inline double
tap_uniform(void)
{
	return (tap_random() >> 11) * 0x1p-53;
}

/* In 0 .. n-1. */
static inline int
tap_below(int n)
{
	return (int) (tap_random() % (uint64_t) n);
}

/* A number that arithmetic trips over, now and then any 64 bits: NaN and infinities among them. */
static inline double
tap_adversary(void)
{
	static const double awkward[] = {
		0, -0.0, 1, -1, 0.5, 2, 1 + 1e-15, 1 - 1e-16, 1e-15, 1e-300, 1e300, -1e300, 5e-324, -5e-324, 0x1p-1022, 0x1p1023,
		0x1p53, 0x1p53 + 2, 1e9, 1e15, 0.1, 0.3, 100, 1000, NAN, INFINITY, -INFINITY,
	};
	const int	n = sizeof awkward / sizeof awkward[0];
	int			pick = tap_below(n + 2);
	uint64_t	bits = tap_random();
	double		any;

	if (pick < n)
		return awkward[pick];
	if (pick == n)
		return tap_uniform();
	memcpy(&any, &bits, sizeof any);
	return any;
}

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif							/* BET_EDGE_TAP_H */
