#include "tap.h"

#include <stdbool.h>

#include "core/count.h"

/* From sums and gamma functions of 40 digits (mpmath): below, at and above a count. */
static const struct
{
	count_kind	kind;
	double		a;				/* mean, or trials */
	double		b;				/* size, or prob */
	double		count;
	double		under;
	double		at;
	double		over;
}			reference[] = {
	{COUNT_POISSON, 2.0, 0.0, 61, 1.0, 6.1480315469227723084e-67, 2.0482257806191601433e-68},
	{COUNT_POISSON, 1000000.0, 0.0, 1000100, 5.3969486148611639804e-1, 3.969327344158122886e-4, 4.5990820577946778967e-1},
	{COUNT_POISSON, 1000000.0, 0.0, 1030000, 1.0, 1.2232132831015097984e-197, 4.0727269007077211972e-196},
	{COUNT_POISSON, 1000000.0, 0.0, 970000, 5.0118498747880982337e-200, 1.5517751981821198887e-201, 1.0},
	{COUNT_POISSON, 1e-10, 0.0, 0, 0, 9.999999999e-1, 9.9999999995000003643e-11},
	{COUNT_POISSON, 1e-10, 0.0, 1, 9.999999999e-1, 9.9999999990000003644e-11, 4.999999999666667031e-21},
	{COUNT_POISSON, 700.5, 0.0, 3, 1.471436972810013416e-299, 3.4260097553185590518e-297, 1.0},
	{COUNT_POISSON, 10000.0, 0.0, 10000, 4.9867019166004479962e-1, 3.9893895589628256487e-3, 4.9734041878099237473e-1},
	{COUNT_POISSON, 0.5, 0.0, 150, 1.0, 7.4380655011146033439e-309, 2.4710639208120138339e-311},
	{COUNT_NEGBIN, 25.0, 12.0, 26, 5.6154948335655475318e-1, 4.3342283832614376244e-2, 3.9510823281083087058e-1},
	{COUNT_NEGBIN, 25.0, 12.0, 400, 1.0, 1.316903161904626555e-53, 2.9882074145639985149e-53},
	{COUNT_NEGBIN, 3.0, 1e-06, 0, 0, 9.9998508598803501656e-1, 1.4914011964983439351e-5},
	{COUNT_NEGBIN, 3.0, 1e-06, 2, 9.9998608597278767634e-1, 4.9999270965803181957e-7, 1.3414034502665623447e-5},
	{COUNT_NEGBIN, 3.0, 1e-06, 50, 9.999895651194564963e-1, 1.9999457975694032671e-8, 1.0414881085528009359e-5},
	{COUNT_NEGBIN, 100.0, 0.001, 7, 9.9097721117703783055e-1, 1.4155827213437869916e-4, 8.8812305508277907486e-3},
	{COUNT_NEGBIN, 10000.0, 0.01, 100, 9.1716887187032858868e-1, 9.1707805850975240107e-5, 8.2739420323820436078e-2},
	{COUNT_NEGBIN, 1000.0, 0.3, 2, 1.140277590912191101e-1, 1.7095089132867711515e-2, 8.6887715177591317838e-1},
	{COUNT_NEGBIN, 50.0, 1000000000.0, 90, 9.9999977068151990217e-1, 1.0486748025836271412e-7, 1.2445099983946249475e-7},
	{COUNT_NEGBIN, 50.0, 1000000000000000.0, 10, 1.2596084591671548122e-12, 5.1905444593357607972e-12, 9.9999999999354984708e-1},
	{COUNT_NEGBIN, 1000000.0, 100.0, 10000, 6.456706979525861716e-159, 6.3921526921439513413e-161, 1.0},
	{COUNT_NEGBIN, 1000000.0, 10000.0, 1100000, 1.0, 2.429008437448087762e-25, 2.6671639165987785125e-22},
	{COUNT_NEGBIN, 5.0, 0.5, 200, 9.9999999931986823326e-1, 6.3300225599486451204e-11, 6.1683154113678223858e-10},
	{COUNT_BINOMIAL, 5.0, 0.3, 2, 5.2822000000000002285e-1, 3.0869999999999999184e-1, 1.6307999999999998531e-1},
	{COUNT_BINOMIAL, 1000000.0, 0.5, 503000, 9.9999999900742511804e-1, 1.2150669037173147718e-11, 9.804242129243372307e-10},
	{COUNT_BINOMIAL, 1000000000.0, 1e-09, 3, 9.1969860302057565291e-1, 6.1313240164583774398e-2, 1.8988156814840572692e-2},
	{COUNT_BINOMIAL, 1000.0, 0.999, 990, 9.5999551852283043124e-9, 9.7828383499421278849e-8, 9.9999989257166131535e-1},
	{COUNT_BINOMIAL, 600.0, 0.25, 400, 1.0, 3.8658081352732524064e-102, 7.6947761202799843892e-103},
	{COUNT_BINOMIAL, 7.0, 1e-12, 0, 0, 9.99999999993e-1, 6.9999999999789998592e-12},
	{COUNT_BINOMIAL, 7.0, 0.9999999999990905, 7, 6.3664629123931268725e-12, 9.9999999999363353709e-1, 0},
};

static count_law
law_of(count_kind kind, double a, double b)
{
	return kind == COUNT_BINOMIAL ? (count_law) {kind, .trials = a, .prob = b} : (count_law) {kind, .mean = a, .size = b};
}

/* |got - want| relative to want, however small; 0 below what doubles hold in full. */
static double
off(double got, double want)
{
	return got == want || fmax(got, want) < 1e-300 ? 0 : fabs(got - want) / want;
}

static double
between(double low, double high)
{
	return exp(log(low) + tap_uniform() * (log(high) - log(low)));
}

/* Any law of ordinary or odd size, and a count near its middle or far out. */
static count_law
random_law(double *count)
{
	count_kind	kind = (count_kind) tap_below(3);
	count_law	law;
	double		middle,
				spread;

	if (kind == COUNT_BINOMIAL)
	{
		double		p = tap_below(2) ? tap_uniform() : between(1e-12, 1);

		law = law_of(kind, floor(between(1, 1e6)), tap_below(3) ? p : 1 - p);
		middle = law.trials * law.prob;
		spread = sqrt(middle * (1 - law.prob));
	}
	else
	{
		law = law_of(kind, between(1e-8, 1e5), tap_below(2) ? between(0.1, 1e3) : between(1e-8, 1e16));
		middle = law.mean;
		spread = sqrt(middle + (kind == COUNT_NEGBIN ? middle * middle / law.size : 0));
	}
	if (tap_below(4) == 0)
		law.extra_zero = tap_uniform();
	*count = fmax(0, floor(middle + (tap_uniform() * 2 - 1) * (tap_below(2) ? 2 : 20) * spread));
	if (kind == COUNT_BINOMIAL)
		*count = fmin(*count, law.trials);
	return law;
}

static bool
sums_to_one(count_parts p)
{
	return p.under >= 0 && p.at >= 0 && p.over >= 0 && p.under <= 1 && p.at <= 1 && p.over <= 1 && fabs(p.under + p.at + p.over - 1) <= 1e-15;
}

static void
show(const char *what, count_law law, double count)
{
	printf("# %s: kind %d, mean %.17g, size %.17g, trials %.17g, prob %.17g, extra %.17g, count %.17g\n", what, law.kind, law.mean,
		   law.size, law.trials, law.prob, law.extra_zero, count);
}

static int	calls = 0;

static void
check(void)
{
	calls++;
}

static double
negbin_log_likelihood(const double *histogram, long n, double mean, double size)
{
	double		sum = 0;

	for (long k = 0; k < n; k++)
		if (histogram[k] > 0)
			sum += histogram[k] * log(count_pmf(&(count_law) {COUNT_NEGBIN, .mean = mean, .size = size}, k));
	return sum;
}

/* A histogram of up to n counts: any weights, whole numbers that fall off, or a law's own; half with more zeros. */
static void
random_histogram(double *histogram, int n)
{
	int			kind = tap_below(3);
	count_law	law = {COUNT_NEGBIN, .mean = between(0.2, 20), .size = between(0.05, 50), .extra_zero = tap_uniform() * 0.8};

	for (int k = 0; k < n; k++)
		histogram[k] = kind == 0 ? (tap_below(5) < 3 ? between(1e-3, 1e3) : 0) : kind == 1 ? floor(between(0.3, 200) * exp(-0.3 * k)) : 0;
	for (int j = 0; kind == 2 && j < 50; j++)
		histogram[(int) fmin(count_quantile(&law, tap_uniform()), n - 1)]++;
	if (tap_below(2))
		histogram[0] *= between(1, 100);
}

/* ln of the likelihood, by the laws that users have */
static double
inflated_log_likelihood(const double *histogram, long n, double mean, double size, double extra_zero)
{
	double		sum = 0;

	for (long k = 0; k < n; k++)
		if (histogram[k] > 0)
			sum += histogram[k] * log(count_pmf(&(count_law) {COUNT_NEGBIN, .mean = mean, .size = size, .extra_zero = extra_zero}, k));
	return sum;
}

/* How far a fit is from the equations of the maximum, each made relative; mean, size and extra_zero all free. */
static double
likelihood_slope(const double *histogram, long n, double mean, double size, double extra_zero)
{
	double		weight = 0,
				shares = 0,
				all = count_mean(histogram, n),
				zero = exp(-size * log1p(mean / size));

	for (long k = 0; k < n; k++)
		weight += histogram[k];
	for (long k = 0; k < n; k++)
		for (long j = 0; j < k; j++)
			shares += histogram[k] / weight / (size + j);
	return fmax(fabs((1 - extra_zero) * mean / all - 1),
				fmax(fabs(extra_zero + (1 - extra_zero) * zero - histogram[0] / weight),
					 fabs((1 - extra_zero) * log1p(mean / size) / shares - 1)));
}

/* No law that is tried, near the fit or far from it, makes the counts likelier; how many did. */
static int
better_laws(const double *histogram, int n, double mean, double size, double extra_zero)
{
	double		best = inflated_log_likelihood(histogram, n, mean, size, extra_zero);
	double		all = count_mean(histogram, n);
	int			better = 0;

	for (int j = 0; j < 40; j++)
	{
		double		step = between(1e-5, 1);
		double		extra = fmin(fmax(0, extra_zero + step * (tap_uniform() - 0.5)), 0.999);
		double		near = isinf(size) ? between(1, 1e9) : size * exp(step * (tap_uniform() - 0.5));
		bool		far = tap_below(2);

		if (far)
			extra = tap_below(5) ? tap_uniform() : 0;
		better += inflated_log_likelihood(histogram, n, far ? all / (1 - extra) * exp(step * (tap_uniform() - 0.5)) : mean * exp(step * (tap_uniform() - 0.5)),
										  far ? between(1e-4, 1e6) : near, extra) > best + 1e-10 * fabs(best);
	}
	return better;
}

int
main(void)
{
	double		worst = 0,
				count;
	int			wrong = 0,
				unsummed = 0,
				unordered = 0,
				unlinked = 0,
				unequal = 0,
				lost = 0;

	for (size_t i = 0; i < sizeof reference / sizeof reference[0]; i++)
	{
		count_law	law = law_of(reference[i].kind, reference[i].a, reference[i].b);
		count_parts p = count_split(&law, reference[i].count);
		double		most = fmax(fmax(off(p.under, reference[i].under), off(p.at, reference[i].at)), off(p.over, reference[i].over));

		worst = fmax(worst, most);
		wrong += !(most <= 1e-12) || !sums_to_one(p) || off(count_pmf(&law, reference[i].count), reference[i].at) > 1e-12;
		if (most > 1e-12)
		{
			show("off the reference", law, reference[i].count);
			printf("# %.17g %.17g %.17g\n", p.under, p.at, p.over);
		}
	}
	printf("# largest relative difference to the reference %.2g\n", worst);
	ok(wrong == 0, "every part within 1e-12 of the reference, far tails too");

	for (int i = 0; i < 200000; i++)
	{
		count_law	law = random_law(&count);
		count_parts p = count_split(&law, count);
		count_parts next = count_split(&law, count + 1);
		count_parts half = count_line(&law, count + 0.5);

		if (!sums_to_one(p) || !sums_to_one(next))
		{
			if (unsummed++ < 5)
			{
				show("does not sum to 1", law, count);
				printf("# %.17g %.17g %.17g, %g\n", p.under, p.at, p.over, p.under + p.at + p.over - 1);
			}
		}
		/* a higher line is harder to pass; one more count moves its own mass and no other */
		if (next.over > p.over * (1 + 1e-12) || next.under < p.under * (1 - 1e-12))
			unordered++ < 5 ? show("not monotone in the line", law, count) : (void) 0;
		if (off(next.over + next.at, p.over) > 2e-12 && fabs(next.over + next.at - p.over) > 1e-15)
			unlinked++ < 5 ? show("parts do not follow each other", law, count) : (void) 0;
		if (half.at != 0 || half.over != p.over || off(half.under, p.under + p.at) > 1e-14 || !sums_to_one(half))
			unlinked++ < 5 ? show("a half line is not between", law, count) : (void) 0;
		if (law.kind != COUNT_BINOMIAL)
		{
			count_law	more = law;

			more.mean *= 1 + tap_uniform() * 0.5;
			if (count_split(&more, count).over < p.over * (1 - 1e-12))
				unordered++ < 5 ? show("not monotone in the mean", law, count) : (void) 0;
		}
		else if (tap_below(4) == 0 && law.extra_zero == 0 && law.prob > 0.25)
		{
			/* successes and failures are one story: 1 - prob is exact here */
			count_law	other = law_of(COUNT_BINOMIAL, law.trials, 1 - law.prob);
			count_parts mirrored = count_split(&other, law.trials - count);

			if (1 - other.prob == law.prob && (off(mirrored.over, p.under) > 2e-12 || off(mirrored.at, p.at) > 2e-12))
				unequal++ < 5 ? show("not its own mirror", law, count) : (void) 0;
		}
	}
	ok(unsummed == 0, "over + push + under = 1 within 1e-15, none below 0");
	ok(unordered == 0, "monotone in the line and in the mean");
	ok(unlinked == 0, "neighbouring lines differ by the mass between them");
	ok(unequal == 0, "a binomial law is its own mirror");

	/* limits */
	worst = 0;
	for (int i = 0; i < 20000; i++)
	{
		double		mean = between(1e-3, 1e3);
		count_law	poisson = law_of(COUNT_POISSON, mean, 0);
		count_law	wide = law_of(COUNT_NEGBIN, mean, 1e30);
		count_law	infinite = law_of(COUNT_NEGBIN, mean, INFINITY);
		count_parts a,
					b,
					c;

		count = floor(mean * 2 * tap_uniform());
		a = count_split(&poisson, count);
		b = count_split(&wide, count);
		c = count_split(&infinite, count);
		worst = fmax(worst, fmax(off(a.over, b.over), fmax(off(a.under, b.under), off(a.at, b.at))));
		wrong += a.over != c.over || a.under != c.under;
	}
	ok(worst < 1e-12 && wrong == 0, "a negative binomial law of huge size is Poisson");
	wrong = 0;
	for (int i = 0; i < 20000; i++)
	{
		/* size 1 is geometric: the tail has a closed form */
		double		mean = between(1e-3, 1e4);
		count_law	law = law_of(COUNT_NEGBIN, mean, 1);

		count = floor(mean * 30 * tap_uniform());
		wrong += off(count_split(&law, count).over, exp(-(count + 1) * log1p(1 / mean))) > 1e-12;
	}
	ok(wrong == 0, "size 1 is geometric");
	wrong = 0;
	for (int i = 0; i < 5000; i++)
	{
		count_law	law = random_law(&count);
		double		level = tap_uniform();
		double		q = count_quantile(&law, level);

		if (!(count_cdf(&law, q) >= level && (q == 0 || count_cdf(&law, q - 1) < level)))
			lost++ < 5 ? show("quantile", law, level) : (void) 0;
	}
	ok(lost == 0, "a quantile is the least count with that much at or below it");
	wrong = 0;
	for (int i = 0; i < 20000; i++)
	{
		/* laws of the size of players' counts, one by one from 0 */
		double		mean = between(0.5, 100);
		double		kind = tap_uniform();
		count_law	law = kind < 0.2 ? law_of(COUNT_POISSON, mean, 0) : kind < 0.4 ? law_of(COUNT_BINOMIAL, floor(mean) + 1, tap_uniform()) :
			law_of(COUNT_NEGBIN, mean, between(0.3, 1000));
		double		k = 0,
					level;

		law.extra_zero = kind > 0.8 ? tap_uniform() : 0;
		level = i % 4 == 0 ? count_cdf(&law, floor(2 * mean * tap_uniform())) : tap_uniform();
		if (level > 0.999)
			continue;
		while (count_cdf(&law, k) < level)
			k++;
		wrong += count_quantile(&law, level) != k;
	}
	ok(wrong == 0, "and the first of all counts from 0, at a step of the law too");

	/* corners */
	{
		count_law	nothing = law_of(COUNT_POISSON, 0, 0);
		count_law	sure = law_of(COUNT_BINOMIAL, 4, 1);
		count_law	never = law_of(COUNT_BINOMIAL, 4, 0);
		count_law	none = law_of(COUNT_BINOMIAL, 0, 0.5);
		count_law	still = law_of(COUNT_NEGBIN, 0, 2);
		count_law	three = law_of(COUNT_POISSON, 3, 0);
		count_law	all_zero = {COUNT_POISSON, .mean = 3, .extra_zero = 1};
		count_parts p;

		ok(count_pmf(&nothing, 0) == 1 && count_pmf(&nothing, 1) == 0 && count_line(&nothing, 0.5).under == 1, "mean 0: all mass at 0");
		ok(count_pmf(&still, 0) == 1 && count_split(&still, 3).under == 1 && count_split(&still, 0).over == 0, "and for the negative binomial");
		ok(count_pmf(&sure, 4) == 1 && count_line(&sure, 3.5).over == 1 && count_pmf(&never, 0) == 1 && count_line(&never, 0.5).under == 1, "certain trials");
		ok(count_pmf(&none, 0) == 1 && count_split(&none, 0).at == 1 && count_pmf(&none, 1) == 0, "no trials");
		ok(count_pmf(&sure, 5) == 0 && count_split(&sure, 5).under == 1, "more than the trials");
		ok(count_line(&three, -0.5).over == 1 && count_line(&three, -1e300).over == 1 && count_pmf(&three, -1) == 0, "negative lines");
		ok(count_line(&three, 1e300).under == 1 && count_line(&three, 1.7e308).under == 1 && count_pmf(&three, 1.7e308) == 0, "lines that no count reaches");
		ok(count_quantile(&three, 1) == INFINITY && count_quantile(&sure, 1) == 4 && count_quantile(&nothing, 1) == 0 && count_quantile(&three, 0) == 0, "the ends of a quantile");
		ok(count_pmf(&all_zero, 0) == 1 && count_line(&all_zero, 0.5).under == 1 && count_quantile(&all_zero, 1) == 0, "nothing but extra zeros");
		wrong = 0;
		for (double mean = 1e-300; mean < 1e10; mean *= 1e10)
			for (double size = 1e-100; size < 1e300; size *= 1e10)
				for (double line = 1e-300; line < 1e300; line = line < 1 ? 1 : line * 1e7)
				{
					count_law	law = law_of(COUNT_NEGBIN, fmin(mean, 1e9), size);

					p = count_line(&law, line);
					if (!(p.under >= 0 && p.at >= 0 && p.over >= 0 && fabs(p.under + p.at + p.over - 1) <= 1e-12))
						wrong++ < 5 ? show("corner", law, line) : (void) 0;
				}
		ok(wrong == 0, "means, sizes and lines of any magnitude");
	}

	/* mixtures: one minute count is the plain law; two are the mean of their laws */
	{
		count_law	rate = law_of(COUNT_NEGBIN, 0.7, 9);
		count_law	at30 = law_of(COUNT_NEGBIN, 21, 9);
		count_law	at36 = law_of(COUNT_NEGBIN, 0.7 * 36, 9);
		double		minutes[] = {30, 36};
		count_parts one = count_mixture_line(&rate, minutes, (double[]) {5}, 1, 22.5);
		count_parts two = count_mixture_line(&rate, minutes, (double[]) {1e308, 1e308}, 2, 22.5);

		close_to(one.over, count_line(&at30, 22.5).over, 1e-15, "a mixture of one");
		close_to(two.over, (count_line(&at30, 22.5).over + count_line(&at36, 22.5).over) / 2, 1e-15, "a mixture of two, with any weights");
	}

	/* fits */
	{
		double		histogram[400];
		double		mean,
					size,
					extra;

		ok(negbin_fit((double[]) {3, 4, 2, 1}, 4, &mean, &size, check) == CORE_OK && size == INFINITY && fabs(mean - 1.1) < 1e-15, "no overdispersion: an infinite size");
		ok(negbin_fit((double[]) {5}, 1, &mean, &size, check) == CORE_OK && mean == 0 && size == INFINITY, "only zeros");
		wrong = 0;
		for (int i = 0; i < 400; i++)
		{
			count_law	law = law_of(COUNT_NEGBIN, between(0.05, 30), between(0.05, 50));
			double		weight = between(1e-3, 1e3);

			for (int k = 0; k < 400; k++)
				histogram[k] = 0;
			for (int j = 0; j < 300; j++)
			{
				double		k = count_quantile(&law, tap_uniform());

				histogram[k < 399 ? (int) k : 399] += weight;
			}
			if (negbin_fit(histogram, 400, &mean, &size, check) != CORE_OK)
				wrong++;
			else if (isfinite(size))
			{
				double		best = negbin_log_likelihood(histogram, 400, mean, size);

				/* the maximum: neighbours are no better, and the slope by ln(size) is 0 */
				for (double by = 0.9; by < 1.15; by += 0.2)
					wrong += negbin_log_likelihood(histogram, 400, mean, size * by) > best + 1e-12 * fabs(best) ||
						negbin_log_likelihood(histogram, 400, mean * by, size) > best + 1e-12 * fabs(best);
			}
		}
		ok(wrong == 0 && calls > 0, "negbin_fit is the maximum of the likelihood");
		wrong = 0;
		for (int k = 0; k < 400; k++)
			histogram[k] = count_pmf(&(count_law) {COUNT_NEGBIN, .mean = 6, .size = 2.5}, k);
		ok(negbin_fit(histogram, 400, &mean, &size, check) == CORE_OK && fabs(size - 2.5) < 1e-9 && fabs(mean - 6) < 1e-9, "and finds the law that made its histogram");
		for (int k = 0; k < 400; k++)
			histogram[k] = count_pmf(&(count_law) {COUNT_POISSON, .mean = 1.3, .extra_zero = 0.2}, k);
		zero_inflated_poisson_fit(histogram, 60, &mean, &extra);
		ok(fabs(mean - 1.3) < 1e-12 && fabs(extra - 0.2) < 1e-12, "so does zero_inflated_poisson_fit");
		zero_inflated_poisson_fit((double[]) {1, 4, 4, 1}, 4, &mean, &extra);
		ok(mean == 1.5 && extra == 0, "too few zeros: Poisson");
		zero_inflated_poisson_fit((double[]) {7}, 1, &mean, &extra);
		ok(mean == 0 && extra == 0, "only zeros: Poisson of mean 0");
		zero_inflated_poisson_fit((double[]) {3, 2}, 2, &mean, &extra);
		ok(mean == 0.4 && extra == 0, "nothing above 1: Poisson");
	}

	/* zero_inflated_negbin_fit */
	{
		double		histogram[400];
		double		mean,
					size,
					extra,
					other_mean,
					other_size,
					other_extra,
					steepest = 0;
		int			fits[3] = {0},
					better = 0;

		wrong = 0;
		for (int i = 0; i < 5000; i++)
		{
			int			n = 2 + tap_below(tap_below(2) ? 6 : 40);
			double		weight = 0;

			random_histogram(histogram, n);
			for (int k = 1; k < n; k++)
				weight += histogram[k];
			if (weight == 0)
				continue;
			if (zero_inflated_negbin_fit(histogram, n, &mean, &size, &extra, check) != CORE_OK || !(mean > 0 && size > 0 && extra >= 0 && extra < 1))
			{
				wrong++;
				continue;
			}
			better += better_laws(histogram, n, mean, size, extra);
			if (extra == 0)
			{
				fits[0]++;
				wrong += negbin_fit(histogram, n, &other_mean, &other_size, check) != CORE_OK || other_mean != mean || other_size != size;
			}
			else if (isinf(size))
			{
				fits[1]++;
				zero_inflated_poisson_fit(histogram, n, &other_mean, &other_extra);
				wrong += off(mean, other_mean) > 1e-10 || fabs(extra - other_extra) > 1e-10;
			}
			else
			{
				fits[2]++;
				steepest = fmax(steepest, likelihood_slope(histogram, n, mean, size, extra));
			}
		}
		printf("# %d as negbin_fit, %d as zero_inflated_poisson_fit, %d of their own, whose equations are off by %.2g\n", fits[0], fits[1], fits[2], steepest);
		ok(wrong == 0 && fits[0] > 500 && fits[1] > 500 && fits[2] > 500, "zero_inflated_negbin_fit: at its edges the other fits");
		ok(better == 0, "no law that is tried is likelier");
		ok(steepest < 1e-11, "the likelihood is level at a fit of its own");

		for (int k = 0; k < 400; k++)
			histogram[k] = count_pmf(&(count_law) {COUNT_NEGBIN, .mean = 6, .size = 2.5, .extra_zero = 0.2}, k);
		ok(zero_inflated_negbin_fit(histogram, 400, &mean, &size, &extra, check) == CORE_OK && fabs(size - 2.5) < 1e-9 && fabs(mean - 6) < 1e-9 && fabs(extra - 0.2) < 1e-9, "it finds the law that made its histogram");
		wrong = 0;
		for (double by = 1e-300; by < 1e300; by *= 1e50)
		{
			double		scaled[5];

			for (int k = 0; k < 5; k++)
				scaled[k] = by * (double[]) {50, 9, 6, 4, 3}[k];
			wrong += zero_inflated_negbin_fit(scaled, 5, &mean, &size, &extra, check) != CORE_OK || likelihood_slope(scaled, 5, mean, size, extra) > 1e-11;
		}
		ok(wrong == 0, "weights of any magnitude");
		ok(zero_inflated_negbin_fit((double[]) {7}, 1, &mean, &size, &extra, check) == CORE_OK && mean == 0 && size == INFINITY && extra == 0, "only zeros: Poisson of mean 0");
		ok(zero_inflated_negbin_fit((double[]) {3, 2}, 2, &mean, &size, &extra, check) == CORE_OK && mean == 0.4 && size == INFINITY && extra == 0, "nothing above 1: Poisson");
		ok(zero_inflated_negbin_fit((double[]) {0, 5, 1, 0, 0, 0, 0, 0, 2}, 9, &mean, &size, &extra, check) == CORE_OK && extra == 0 && mean == 23.0 / 8, "no zeros: no extra zeros");
		ok(zero_inflated_negbin_fit((double[]) {5, 0, 0, 2}, 4, &mean, &size, &extra, check) == CORE_OK && size == INFINITY && off(mean / -expm1(-mean), 3) < 1e-14 && off((1 - extra) * mean, 6.0 / 7) < 1e-14, "all above 0 equal: extra zeros and Poisson");
		ok(zero_inflated_negbin_fit((double[]) {1e300, 0, 1e-300}, 3, &mean, &size, &extra, check) == CORE_OK && mean == 0 && extra == 0, "a share that no double holds is none");
		ok(zero_inflated_negbin_fit((double[]) {1e308, 1e308, 1e308}, 3, &mean, &size, &extra, check) == CORE_INVALID, "weights beyond all doubles");
	}
	return done_testing();
}
