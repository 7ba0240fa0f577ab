/* The Test Anything Protocol in a few lines, for the unit tests of src/core. */
#ifndef BET_EDGE_TAP_H
#define BET_EDGE_TAP_H

#include <math.h>
#include <stdio.h>

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

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif							/* BET_EDGE_TAP_H */
