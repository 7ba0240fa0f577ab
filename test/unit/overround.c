#include "tap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/overround.h"

#define METHODS OVERROUND_UNKNOWN

static const char *const method_name[METHODS] = {
	"multiplicative", "additive", "power", "shin", "odds_ratio", "logarithmic", "wpo", "balanced_book", "jsd", "goto"
};

static double
total(const double *p, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

static double
fair(const double *odds, int n, overround_method method, int outcome)
{
	double		p[OVERROUND_MAX];
	overround_fit fit;

	return overround_remove(odds, n, method, 1, p, &fit) == CORE_OK ? p[outcome] : -1;
}

static double
parameter(const double *odds, int n, overround_method method, double target)
{
	double		p[OVERROUND_MAX];
	overround_fit fit;

	return overround_remove(odds, n, method, target, p, &fit) == CORE_OK ? fit.parameter : -1;
}

/* The distance of the definition, digits lost as it may. */
static double
distance(double p, double q)
{
	long double a = p,
				b = q,
				m = (a + b) / 2;

	return (double) sqrtl((a * logl(a / m) + (1 - a) * logl((1 - a) / (1 - m)) +
						   b * logl(b / m) + (1 - b) * logl((1 - b) / (1 - m))) / 2);
}

/* Is p what the method's formula makes of the odds with this parameter? */
static bool
as_defined(double odds, double p, overround_method method, double x, int n, double book, double target)
{
	double		q = 1 / odds,
				want = p;

	switch (method)
	{
		case OVERROUND_MULTIPLICATIVE:
			want = q * target / book;
			break;
		case OVERROUND_ADDITIVE:
		case OVERROUND_WPO:
			want = q - (book - target) / n;
			break;
		case OVERROUND_POWER:
			want = pow(odds, -x);
			break;
		case OVERROUND_SHIN:
			/* (1-z)p^2 + zp = a, in numbers of one winner */
			p /= target;
			return fabs(((1 - x) * p * p + x * p) - q * q / (target * book)) <= 1e-13;
		case OVERROUND_LOGARITHMIC:
			want = 1 / (1 + exp(log(odds - 1) + x));
			break;
		case OVERROUND_ODDS_RATIO:
			want = 1 / (1 + x * (odds - 1));
			break;
		case OVERROUND_BALANCED_BOOK:
			return fabs(p - (q - x) / (1 - x)) <= 1e-14 + 1e-15 / (1 - x);
		case OVERROUND_JSD:
			return x < 1e-6 || p < 1e-12 || fabs(distance(p, q) - x) <= 1e-11;
		case OVERROUND_GOTO:
			want = q - x * sqrt((odds - 1) / odds);
			break;
		default:
			return false;
	}
	return fabs(p - want) <= 2e-12;
}

/*
 * Refused for a reason that can be seen, or probabilities in (0, 1) that sum to the target, keep
 * the order of the odds and are what the definition says. Counts the refusals.
 */
static bool
sound(const double *odds, int n, overround_method method, double target, int *refused)
{
	double		p[OVERROUND_MAX],
				book = overround_book(odds, n);
	overround_fit fit = {0};
	core_status status = overround_remove(odds, n, method, target, p, &fit);
	bool		margin = fabs(book - target) > 1e-12 * target;
	bool		good = status == CORE_OK;

	if (status == CORE_NO_SOLUTION)
	{
		*refused += 1;
		good = fit.outcome >= 0 ? !(fit.value > 0 && fit.value < 1) :
			overround_needs_margin(method) && (book < target || target < 1 || (method == OVERROUND_SHIN && book > n * 0.9));
		if (!good)
			printf("# %s refused outcome %d (%g): ", method_name[method], fit.outcome, fit.value);
	}
	else if (good)
	{
		good = fabs(total(p, n) - target) <= 1e-12 * fmax(1, target) &&
			isnan(fit.parameter) == (method == OVERROUND_MULTIPLICATIVE || method == OVERROUND_ADDITIVE || method == OVERROUND_WPO);
		if (!good)
			printf("# %s sums to target %+g, parameter %g: ", method_name[method], total(p, n) - target, fit.parameter);
		for (int i = 0; good && i < n; i++)
		{
			good = p[i] > 0 && p[i] <= 1;
			if (margin)
				good &= as_defined(odds[i], p[i], method, fit.parameter, n, book, target);
			for (int j = 0; good && j < i && j < 20; j++)
				good = odds[i] == odds[j] ? p[i] == p[j] : (odds[i] > odds[j]) == (p[i] < p[j]) || fabs(p[i] - p[j]) < 1e-15;
			if (!good)
				printf("# %s gives odds %.17g (%d) %.17g, parameter %.17g: ", method_name[method], odds[i], i, p[i], fit.parameter);
		}
	}
	if (!good)
	{
		printf("status %d, book %.17g, target %g,", status, book, target);
		for (int i = 0; i < n && i < 6; i++)
			printf(" %.17g", odds[i]);
		printf("%s\n", n > 6 ? " ..." : "");
	}
	return good;
}

/* A book of n outcomes whose implied probabilities sum to the given number. */
static void
make_book(double *odds, int n, double book, double spread)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += odds[i] = exp(-spread * tap_uniform());
	for (int i = 0; i < n; i++)
	{
		odds[i] = sum / (odds[i] * book);
		if (odds[i] < 1.0001)
			odds[i] = 1.0001;
	}
}

/* 2 and 3 outcomes most of the time, 40 now and then. */
static int
some_outcomes(void)
{
	int			kind = tap_below(8);

	return kind < 2 ? 2 : kind < 5 ? 3 : kind < 7 ? 4 + tap_below(6) : 10 + tap_below(31);
}

/* Odds that nobody prints. */
static double
awkward_odds(void)
{
	static const double awkward[] = {
		1 + 0x1p-52, 1 + 1e-15, 1 + 1e-12, 1 + 1e-9, 1 + 1e-6, 1.001, 1.01, 1.5, 2 - 0x1p-52, 2, 2 + 0x1p-51, 3, 10, 1000, 1e6, 1e9,
		1e12, 1e15, 1e17, 1e30, 1e100, 1e154, 1e155, 1e300, 1.7e308
	};
	double		any = tap_adversary();

	if (any > 1 && isfinite(any) && tap_below(2))
		return any;
	return awkward[tap_below((int) (sizeof awkward / sizeof awkward[0]))];
}

/* remove(add(p)) is p. */
static bool
there_and_back(const double *p, int n, overround_method method, double overround, int *refused)
{
	double		odds[OVERROUND_MAX],
				back[OVERROUND_MAX],
				target = total(p, n),
				worst = 0;
	overround_fit fit,
				again;
	core_status status = overround_add(p, n, method, overround, odds, &fit);

	if (status == CORE_NO_SOLUTION)
	{
		*refused += 1;
		return true;
	}
	if (status == CORE_OK)
	{
		for (int i = 0; i < n; i++)
			if (!(odds[i] > 1 && isfinite(odds[i])))
				status = CORE_INVALID;
		if (fabs(overround_book(odds, n) - target * (1 + overround)) > 1e-11 * fmax(1, target))
			status = CORE_INVALID;
	}
	if (status == CORE_OK)
		status = overround_remove(odds, n, method, target, back, &again);
	for (int i = 0; status == CORE_OK && i < n; i++)
		worst = fmax(worst, fabs(back[i] - p[i]));
	if (status == CORE_OK && worst <= 1e-10 && (isnan(fit.parameter) || fabs(fit.parameter - again.parameter) <= 1e-6 * (1 + fabs(fit.parameter))))
		return true;
	printf("# %s, %d outcomes, overround %g: status %d, off by %g, parameter %.17g and %.17g;", method_name[method], n, overround,
		   status, worst, fit.parameter, again.parameter);
	for (int i = 0; i < n && i < 6; i++)
		printf(" %.17g", p[i]);
	printf("\n");
	return false;
}

/*
 * Usual markets have a way of their own. On both sides of where it ends, and on it, each outcome must
 * give the same parameter by the method's own formula: power ln p / ln q, shin z = (q^2/B - p^2) / (p(1-p)).
 */
static void
edges(void)
{
	static const double nudge[] = {1 - 1e-9, 1, 1 + 1e-9};
	double		worst[2] = {0, 0},
				sum = 0;
	int			solved = 0;

	for (int i = 0; i < 30000; i++)
	{
		int			n = 7 + tap_below(4);
		double		odds[10],
					q[10],
					p[10],
					book = 0;
		overround_fit fit;
		bool		long_shot = tap_below(2);

		if (tap_below(3) == 0)
			n = 2 + tap_below(2);
		for (int k = 0; k < n; k++)
			book += q[k] = 0.05 + tap_uniform();
		for (int k = 0; k < n; k++)
			odds[k] = book / q[k] / (long_shot ? 1.05 : 1.5 * nudge[tap_below(3)]);
		if (long_shot)
			odds[tap_below(n)] = 1e4 * nudge[tap_below(3)];
		book = overround_book(odds, n);
		if (!(book > 1))
			continue;
		for (int m = 0; m < 2; m++)
		{
			double		least = INFINITY,
						most = -INFINITY;
			bool		sure = false;

			for (int k = 0; k < n; k++)
				sure |= odds[k] <= 1;
			if (sure || overround_remove(odds, n, m ? OVERROUND_SHIN : OVERROUND_POWER, 1, p, &fit) != CORE_OK)
				continue;
			solved++;
			sum = fmax(sum, fabs(total(p, n) - 1));
			for (int k = 0; k < n; k++)
			{
				double		own = 1 / odds[k];
				double		x = m ? (own * own / book - p[k] * p[k]) / (p[k] * (1 - p[k])) : log(p[k]) / log(own);

				least = fmin(least, x);
				most = fmax(most, x);
			}
			worst[m] = fmax(worst[m], most - least);
		}
	}
	ok(solved > 20000, "markets at the edge of the usual are solved");
	close_to(sum, 0, 1e-12, "their probabilities sum to 1");
	close_to(worst[0], 0, 1e-9, "power: one exponent for all outcomes");
	close_to(worst[1], 0, 1e-9, "shin: one z for all outcomes");
	printf("# %d solved, sum %g, power %g, shin %g\n", solved, sum, worst[0], worst[1]);
}

int
main(void)
{
	const double three[] = {1.33, 4.8, 8.5};
	const double even[] = {1.90909090909091, 1.90909090909091};
	const double two[] = {10.59, 1.05};
	const double longshot[] = {1.05, 11, 101, 101};
	const double arbitrage[] = {2.05, 2.02};
	const double no_margin[] = {3, 1.5};
	double		p[OVERROUND_MAX],
				q[OVERROUND_MAX],
				odds[OVERROUND_MAX];
	overround_fit fit;
	int			wrong,
				refused,
				runs;

	ok(overround_method_find("shin", 4) == OVERROUND_SHIN && overround_method_find("basic", 5) == OVERROUND_MULTIPLICATIVE &&
	   overround_method_find("differential_margin_weighting", 29) == OVERROUND_WPO && overround_method_find("or", 2) == OVERROUND_ODDS_RATIO &&
	   overround_method_find("bb", 2) == OVERROUND_BALANCED_BOOK && overround_method_find("goto_conversion", 15) == OVERROUND_GOTO,
	   "names and second names");
	wrong = 0;
	for (int m = 0; m < METHODS; m++)
		wrong += overround_method_find(method_name[m], strlen(method_name[m])) != (overround_method) m;
	ok(wrong == 0, "every method has its name");
	ok(overround_method_find("nonsense", 8) == OVERROUND_UNKNOWN && overround_method_find("shin ", 5) == OVERROUND_UNKNOWN &&
	   overround_method_find("", 0) == OVERROUND_UNKNOWN, "no other names");

	close_to(fair(three, 3, OVERROUND_SHIN, 0), 0.7185582841749564, 1e-15, "shin, favourite");
	close_to(fair(three, 3, OVERROUND_SHIN, 2), 0.09654682460447356, 1e-15, "shin, longshot");
	close_to(parameter(three, 3, OVERROUND_SHIN, 1), 0.04035214651608874, 1e-14, "shin, insiders");
	close_to(parameter(two, 2, OVERROUND_SHIN, 1), 0.052647610989383815, 1e-14, "shin of two, insiders");
	close_to(fair(three, 3, OVERROUND_POWER, 0), 0.729588124939792, 1e-15, "power");
	close_to(parameter(three, 3, OVERROUND_POWER, 1), 1.1055343497990107, 1e-14, "power, exponent");
	close_to(fair(three, 3, OVERROUND_ODDS_RATIO, 0), 0.7180851348240487, 1e-15, "odds_ratio");
	close_to(parameter(three, 3, OVERROUND_ODDS_RATIO, 1), 1.1896743558679577, 1e-14, "odds_ratio, odds ratio");
	close_to(parameter(three, 3, OVERROUND_LOGARITHMIC, 1), 0.17367961914317126, 1e-14, "logarithmic, its logarithm");
	close_to(fair(three, 3, OVERROUND_JSD, 0), 0.7219517770371414, 1e-14, "jsd");
	close_to(parameter(three, 3, OVERROUND_JSD, 1), 0.024036184294760593, 1e-14, "jsd, distance");
	close_to(parameter(even, 2, OVERROUND_JSD, 1), 0.016841447837508558, 1e-14, "jsd of two, distance");
	close_to(fair(three, 3, OVERROUND_BALANCED_BOOK, 0), 0.7418290940816659, 1e-15, "balanced_book");
	{
		/* the example that the method is published with */
		const double published[] = {1.2, 3.4, 5.6};

		close_to(fair(published, 3, OVERROUND_GOTO, 0), 0.7753528189788175, 1e-15, "goto, favourite");
		close_to(fair(published, 3, OVERROUND_GOTO, 2), 0.04985244809397199, 1e-15, "goto, longshot");
	}

	ok(overround_remove(longshot, 4, OVERROUND_ADDITIVE, 1, p, &fit) == CORE_NO_SOLUTION && fit.outcome >= 2 && fit.value < 0,
	   "additive has nothing left for longshots, and names one");
	ok(overround_remove(arbitrage, 2, OVERROUND_SHIN, 1, p, &fit) == CORE_NO_SOLUTION && fit.outcome == -1, "shin needs a margin");
	refused = 0;
	ok(sound(arbitrage, 2, OVERROUND_POWER, 1, &refused) && sound(arbitrage, 2, OVERROUND_ODDS_RATIO, 1, &refused) &&
	   sound(arbitrage, 2, OVERROUND_ADDITIVE, 1, &refused) && sound(arbitrage, 2, OVERROUND_MULTIPLICATIVE, 1, &refused) &&
	   sound(arbitrage, 2, OVERROUND_WPO, 1, &refused) && refused == 0, "five do not");
	ok(overround_remove(three, 3, OVERROUND_SHIN, 3, p, &fit) == CORE_INVALID && overround_remove(three, 3, OVERROUND_SHIN, 0, p, &fit) == CORE_INVALID &&
	   overround_remove(three, 3, OVERROUND_SHIN, NAN, p, &fit) == CORE_INVALID && overround_remove(three, 1, OVERROUND_SHIN, 0.5, p, &fit) == CORE_INVALID,
	   "a target between none and all");
	wrong = 0;
	for (int m = 0; m < METHODS; m++)
	{
		wrong += overround_remove(no_margin, 2, (overround_method) m, 1, p, &fit) != CORE_OK || fabs(p[0] - 1.0 / 3) > 1e-15 ||
			fabs(p[1] - 2.0 / 3) > 1e-15;
		wrong += overround_add(p, 2, (overround_method) m, 0, odds, &fit) != CORE_OK || fabs(odds[0] - 3) > 1e-14;
	}
	ok(wrong == 0, "a book without a margin is left as it is, and back");

	for (int m = 0; m < METHODS; m++)
	{
		char		name[100];
		bool		timid = m == OVERROUND_ADDITIVE || m == OVERROUND_WPO || m == OVERROUND_BALANCED_BOOK || m == OVERROUND_GOTO;

		tap_seed = 7;
		wrong = refused = runs = 0;
		for (int i = 0; i < 12000; i++)
		{
			int			n = some_outcomes();
			double		spread = timid && i % 4 ? 1 : 8 * tap_uniform();

			make_book(odds, n, 1 + tap_uniform() * tap_uniform(), spread);
			wrong += !sound(odds, n, (overround_method) m, 1, &refused);
			make_book(odds, n, 1 + 0.1 * tap_uniform() * tap_uniform(), spread);
			wrong += !sound(odds, n, (overround_method) m, 1, &refused);
			runs += 2;
		}
		snprintf(name, sizeof name, "%s: %d books of 2 to 40 outcomes", method_name[m], runs);
		ok(wrong == 0 && refused < runs / 2, name);
		printf("# %d refused\n", refused);

		wrong = refused = runs = 0;
		for (int i = 0; i < 6000; i++)
		{
			int			n = some_outcomes();
			double		target = i % 3 == 0 ? tap_uniform() : tap_uniform() * n;

			make_book(odds, n, 0.6 + 0.4 * tap_uniform(), 8 * tap_uniform());
			wrong += !sound(odds, n, (overround_method) m, 1, &refused);
			make_book(odds, n, fmin(target * (1 + 0.3 * tap_uniform()), n * 0.99), 3 * tap_uniform());
			wrong += !sound(odds, n, (overround_method) m, target, &refused);
			runs += 2;
		}
		snprintf(name, sizeof name, "%s: %d books below 1, and other targets", method_name[m], runs);
		ok(wrong == 0, name);
		printf("# %d refused\n", refused);

		wrong = refused = runs = 0;
		for (int i = 0; i < 12000; i++)
		{
			int			n = 2 + tap_below(4);

			for (int j = 0; j < n; j++)
				odds[j] = awkward_odds();
			wrong += !sound(odds, n, (overround_method) m, i % 4 ? 1 : n * tap_uniform() + 1e-9, &refused);
			runs++;
		}
		snprintf(name, sizeof name, "%s: %d books that nobody prints", method_name[m], runs);
		ok(wrong == 0, name);
		printf("# %d refused\n", refused);

		wrong = refused = runs = 0;
		for (int i = 0; i < 10000; i++)
		{
			int			n = some_outcomes();
			double		target = i % 5 ? 1 : 1 + tap_below(n - 1);

			make_book(odds, n, target, i % 2 ? 1 : 8);
			for (int j = 0; j < n; j++)
				p[j] = fmin(1 / odds[j], 0.9999);
			wrong += !there_and_back(p, n, (overround_method) m, 0.3 * tap_uniform() * tap_uniform(), &refused);
			if (!overround_needs_margin((overround_method) m))
				wrong += !there_and_back(p, n, (overround_method) m, -0.2 * tap_uniform(), &refused);
			runs++;
		}
		snprintf(name, sizeof name, "%s: %d books there and back", method_name[m], runs);
		ok(wrong == 0 && refused < runs * 0.7, name);
		printf("# %d refused\n", refused);

		/* relabelling outcomes relabels results; longer odds, less probable */
		wrong = refused = runs = 0;
		for (int i = 0; i < 5000; i++)
		{
			int			n = 3 + tap_below(6);
			double		turned[9];

			make_book(odds, n, 1.03 + 0.1 * tap_uniform(), 1.5);
			if (overround_remove(odds, n, (overround_method) m, 1, p, &fit) != CORE_OK)
				continue;
			runs++;
			for (int j = 0; j < n; j++)
				turned[j] = odds[(j + 1) % n];
			wrong += overround_remove(turned, n, (overround_method) m, 1, q, &fit) != CORE_OK;
			for (int j = 0; j < n; j++)
				wrong += fabs(q[j] - p[(j + 1) % n]) > 1e-13;
			odds[0] *= 1.001;
			wrong += overround_remove(odds, n, (overround_method) m, 1, q, &fit) == CORE_OK && !(q[0] < p[0] && q[1] > p[1]);
		}
		ok(wrong == 0 && runs > 1000, "any order, and longer odds are less probable");

		/* the less margin, the closer to the quoted probabilities, and to the same without any */
		wrong = 0;
		for (int i = 0; i < 4000; i++)
		{
			int			n = 2 + tap_below(6);
			double		margin = pow(10, -2 - 10 * tap_uniform());

			make_book(odds, n, 1 + margin, 1);
			wrong += overround_remove(odds, n, (overround_method) m, 1, p, &fit) != CORE_OK;
			for (int j = 0; j < n; j++)
				wrong += !(fabs(p[j] - 1 / odds[j]) <= 1.1 * margin && p[j] < 1 / odds[j] + 1e-15);
		}
		ok(wrong == 0, "a vanishing margin");

		for (int i = 0; i < OVERROUND_MAX; i++)
			odds[i] = 800 + 0.3 * i;
		refused = 0;
		ok(sound(odds, OVERROUND_MAX, (overround_method) m, 1, &refused) && (refused == 0 || timid || m == OVERROUND_JSD), "the largest market");
		for (int i = 0; i < OVERROUND_MAX; i++)
			odds[i] = 1.005 + i * 1e-4;
		ok(sound(odds, OVERROUND_MAX, (overround_method) m, 900, &refused), "the largest market of many winners");
	}

	/* two outcomes: shin is additive */
	wrong = 0;
	for (int i = 0; i < 20000; i++)
	{
		make_book(odds, 2, 1 + 0.2 * tap_uniform(), 3);
		overround_remove(odds, 2, OVERROUND_SHIN, 1, p, &fit);
		overround_remove(odds, 2, OVERROUND_ADDITIVE, 1, q, &fit);
		wrong += fabs(p[0] - q[0]) > 1e-15;
		overround_remove(odds, 2, OVERROUND_ODDS_RATIO, 1, p, &fit);
		overround_remove(odds, 2, OVERROUND_LOGARITHMIC, 1, q, &fit);
		wrong += p[0] != q[0];
	}
	ok(wrong == 0, "shin of two is additive, logarithmic is odds_ratio");
	edges();
	return done_testing();
}
