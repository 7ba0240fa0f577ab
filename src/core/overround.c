#include "core/overround.h"

#include <math.h>
#include <string.h>

/* A book this close to 1 has no margin: what is left is the rounding of its own sum. */
#define NO_MARGIN 1e-12
/* Probabilities sum to 1 within this. All of them move the same way, so each is as good. */
#define SOLVED 1e-14
#define MAX_STEPS 200

static const struct
{
	const char *name;
	overround_method method;
}			methods[] =
{
	{"shin", OVERROUND_SHIN},
	{"multiplicative", OVERROUND_MULTIPLICATIVE},
	{"basic", OVERROUND_MULTIPLICATIVE},
	{"power", OVERROUND_POWER},
	{"additive", OVERROUND_ADDITIVE},
	{"wpo", OVERROUND_ADDITIVE},
	{"odds_ratio", OVERROUND_ODDS_RATIO},
	{"logarithmic", OVERROUND_ODDS_RATIO},
};

const char *const overround_method_names =
"shin, multiplicative (basic), power, additive (wpo), odds_ratio (logarithmic)";

overround_method
overround_method_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strlen(methods[i].name) == n && memcmp(methods[i].name, name, n) == 0)
			return methods[i].method;
	return OVERROUND_UNKNOWN;
}

double
overround_book(const double *odds, int n)
{
	double		book = 0;

	for (int i = 0; i < n; i++)
		book += 1 / odds[i];
	return book;
}

static core_status
multiplicative(const double *odds, int n, double book, double *probs)
{
	for (int i = 0; i < n; i++)
		probs[i] = 1 / (odds[i] * book);
	return CORE_OK;
}

static core_status
additive(const double *odds, int n, double book, double *probs)
{
	core_status status = CORE_OK;

	for (int i = 0; i < n; i++)
	{
		probs[i] = 1 / odds[i] - (book - 1) / n;
		if (probs[i] <= 0)
			status = CORE_NO_SOLUTION;
	}
	return status;
}

/*
 * Each remaining method has one parameter, and probabilities that all fall as it grows.
 * Newton from the left, where they sum to more than 1, kept between the last points seen
 * left and right of the root. (Power and odds_ratio are convex: there it never passes the
 * root, and no right end is needed. Shin is not, with a large margin.)
 */
typedef void (*sum_function) (const double *odds, int n, double book, double parameter,
							  double *probs, double *excess, double *slope);

static core_status
solve(sum_function sum, const double *odds, int n, double book, double left, double right, double *probs)
{
	double		x = left,
				excess,
				slope;

	for (int step = 0; step < MAX_STEPS; step++)
	{
		double		next;

		sum(odds, n, book, x, probs, &excess, &slope);
		if (fabs(excess) <= SOLVED)
			return CORE_OK;
		if (excess > 0)
			left = x;
		else
			right = x;
		next = x - excess / slope;
		if (!(next > left && next < right) && isfinite(right))
			next = left + (right - left) / 2;
		/* as close as doubles come */
		if (!(next > left && next < right))
			break;
		x = next;
	}
	return fabs(excess) <= NO_MARGIN ? CORE_OK : CORE_NO_CONVERGENCE;
}

/* p = (sqrt(z^2 + 4(1-z)a) - z) / (2(1-z)), a = 1/(o^2 B), without its cancellation and its pole */
static void
shin_sum(const double *odds, int n, double book, double z, double *probs, double *excess, double *slope)
{
	double		sum = -1,
				fall = 0;

	for (int i = 0; i < n; i++)
	{
		double		a = 1 / (odds[i] * odds[i] * book);
		double		s = sqrt(z * z + 4 * (1 - z) * a);
		double		inverse = 1 / (s * (s + z));

		probs[i] = 2 * a * s * inverse;
		sum += probs[i];
		fall += probs[i] * (s + z - 2 * a) * inverse;
	}
	*excess = sum;
	*slope = -fall;
}

static core_status
shin(const double *odds, int n, double book, double *probs)
{
	if (book < 1)
		return CORE_NO_SOLUTION;
	if (n > 2)
		return solve(shin_sum, odds, n, book, 0, 1, probs);
	/* two outcomes: the closed form, the same as additive and always above 0 */
	probs[0] = 0.5 + (1 / odds[0] - 1 / odds[1]) / 2;
	probs[1] = 0.5 + (1 / odds[1] - 1 / odds[0]) / 2;
	return CORE_OK;
}

/* p = o^-k */
static void
power_sum(const double *odds, int n, double book, double k, double *probs, double *excess, double *slope)
{
	double		sum = -1,
				fall = 0;

	for (int i = 0; i < n; i++)
	{
		double		log_odds = log(odds[i]);

		probs[i] = exp(-k * log_odds);
		sum += probs[i];
		fall += probs[i] * log_odds;
	}
	*excess = sum;
	*slope = -fall;
}

/* p = 1/(1 + c(o-1)): the odds ratio of quoted to fair probabilities is c for each outcome */
static void
odds_ratio_sum(const double *odds, int n, double book, double c, double *probs, double *excess, double *slope)
{
	double		sum = -1,
				fall = 0;

	for (int i = 0; i < n; i++)
	{
		probs[i] = 1 / (1 + c * (odds[i] - 1));
		sum += probs[i];
		fall += (odds[i] - 1) * probs[i] * probs[i];
	}
	*excess = sum;
	*slope = -fall;
}

core_status
overround_remove(const double *odds, int n, overround_method method, double *probs)
{
	double		book = overround_book(odds, n);
	double		start = book >= 1 ? 1 : 0;	/* left of the root: at 0 the sum is n */

	if (method == OVERROUND_MULTIPLICATIVE || fabs(book - 1) <= NO_MARGIN)
		return multiplicative(odds, n, book, probs);
	switch (method)
	{
		case OVERROUND_ADDITIVE:
			return additive(odds, n, book, probs);
		case OVERROUND_SHIN:
			return shin(odds, n, book, probs);
		case OVERROUND_POWER:
			return solve(power_sum, odds, n, book, start, INFINITY, probs);
		case OVERROUND_ODDS_RATIO:
			return solve(odds_ratio_sum, odds, n, book, start, INFINITY, probs);
		default:
			return CORE_INVALID;
	}
}
