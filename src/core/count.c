#include "core/count.h"
#include "core/normal.h"

#include <math.h>
#include <stdbool.h>

#define TWO_PI 6.283185307179586476925286766559
#define POISSON_SIZE 1e40		/* from here no double tells the negative binomial from Poisson */
#define FAR 1e300				/* no law has mass out here */

/* ---- leading terms ------------------------------------------------------------------------------ */

/* ln x! - ln(sqrt(2 pi x) (x/e)^x), x > 0 */
static double
stirling_rest(double x)
{
	double		rest = 0,
				s;

	for (; x < 16; x++)
		rest += (x + 0.5) * log1p(1 / x) - 1;
	s = 1 / (x * x);
	return rest + (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691.0 / 360360))))) / x;
}

/* a ln(a/b) + b - a, never negative, with a - b given: its digits are the answer's */
static double
deviance(double a, double b, double difference)
{
	double		v = difference / (a + b);
	double		ratio = a / b;

	if (fabs(v) < 0.5)
	{
		double		square = v * v,
					power = 2 * a * v * square,
					sum = difference * v;

		for (int j = 3; j < 200; j += 2)
		{
			double		next = sum + power / j;

			if (next == sum)
				break;
			sum = next;
			power *= square;
		}
		return sum;
	}
	return a * (ratio > 1e-300 && ratio < 1e300 ? log(ratio) : log(a) - log(b)) - difference;
}

static double
poisson_pmf(double mean, double x)
{
	if (x == 0)
		return exp(-mean);
	if (mean == 0)
		return 0;
	return exp(-stirling_rest(x) - deviance(x, mean, x - mean)) / sqrt(TWO_PI * x);
}

double
negbin_log_zero(double mean, double size)
{
	return mean < size ? -size * log1p(mean / size) : size * (log(size) - log(size + mean));
}

static double
negbin_pmf(double mean, double size, double x)
{
	double		p = size / (size + mean);
	double		n = x + size;
	double		d = p * (x - mean);

	if (x == 0)
		return exp(negbin_log_zero(mean, size));
	if (mean == 0)
		return 0;
	return exp(stirling_rest(n) - stirling_rest(x) - stirling_rest(size) -
			   deviance(x, n * (mean / (size + mean)), d) - deviance(size, n * p, -d)) *
		sqrt(size / n) / sqrt(TWO_PI * x);
}

static double
binomial_pmf(double trials, double prob, double x)
{
	double		high = trials * prob;
	double		d = (x - high) - fma(trials, prob, -high);	/* x - trials*prob, rounded once */
	double		rest = trials - x;

	if (x == 0)
		return prob == 1 ? trials == 0 : exp(trials * log1p(-prob));
	if (rest == 0)
		return prob == 0 ? 0 : exp(trials * log(prob));
	if (rest < 0 || prob == 0 || prob == 1)
		return 0;
	return exp(stirling_rest(trials) - stirling_rest(x) - stirling_rest(rest) -
			   deviance(x, high, d) - deviance(rest, trials * (1 - prob), -d)) *
		sqrt(trials / rest) / sqrt(TWO_PI * x);
}

static double
base_pmf(const count_law *law, double x)
{
	switch (law->kind)
	{
		case COUNT_BINOMIAL:
			return binomial_pmf(law->trials, law->prob, x);
		case COUNT_NEGBIN:
			if (law->size < POISSON_SIZE)
				return negbin_pmf(law->mean, law->size, x);
			break;
		case COUNT_POISSON:
			break;
	}
	return poisson_pmf(law->mean, x);
}

double
count_pmf(const count_law *law, double count)
{
	if (count < 0)
		return 0;
	return (1 - law->extra_zero) * base_pmf(law, fmin(count, FAR)) + (count == 0 ? law->extra_zero : 0);
}

/* ---- tails -------------------------------------------------------------------------------------- */

/* The larger tail is what the other parts leave. */
static void
complement(count_parts *parts)
{
	if (parts->under > parts->over && parts->under > parts->at)
		parts->under = 1 - (parts->at + parts->over);
	else if (parts->over > parts->at)
		parts->over = 1 - (parts->at + parts->under);
}

static count_parts
poisson_split(double mean, double k)
{
	count_parts parts = {0, poisson_pmf(mean, k), 0};
	double		sum = 0,
				term = 1;

	if (k + 1 > mean)
	{
		for (double j = k + 1; (term *= mean / j) > sum * 1e-17; j++)
			sum += term;
		parts.over = parts.at * sum;
		parts.under = k == 0 ? 0 : 1 - (parts.at + parts.over);
	}
	else
	{
		for (double j = k; j > 0 && (term *= j / mean) > sum * 1e-17; j--)
			sum += term;
		parts.under = parts.at * sum;
		parts.over = k == 0 ? -expm1(-mean) : 1 - (parts.at + parts.under);
	}
	return parts;
}

/*
 * The incomplete beta ratio I_x(a, b) over x^a y^b / B(a, b), y = 1 - x: a continued
 * fraction, by Lentz. lambda is a y - b x, given because its digits cancel, and above -1.
 */
static double
beta_fraction(double a, double b, double x, double y, double lambda)
{
	double		value = a / (a + 1) * (lambda + 1);
	double		c = value,
				d = 0;

	for (double n = 1; n < 1e6; n++)
	{
		double		s = a + 2 * n - 1;
		double		w = n * ((b - n) * x);
		double		alpha = (a + n - 1) / s * ((a + b + n - 1) * x / s) * w;
		double		beta = n + w / s + (a + n) / (s + 2) * (lambda + 1 + n * (1 + y));
		double		change;

		if (alpha == 0)
			break;
		d = 1 / (beta + alpha * d);
		c = beta + alpha / c;
		change = c * d;
		value *= change;
		if (fabs(change - 1) < 1e-16)
			break;
	}
	return 1 / value;
}

/* ln Gamma(k + r) - ln Gamma(k) for k >= 1 and r in (0, 1), with r's own digits */
static double
log_gamma_step(double k, double r)
{
	static const double series[] = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360};
	double		sum = 0,
				grow;

	for (; k < 16; k++)
		sum -= log1p(r / k);
	grow = log1p(r / k);
	sum += (k - 0.5) * grow + r * (log(k + r) - 1);
	for (int j = 0; j < 6; j++)
		sum += series[j] * pow(k, -(2 * j + 1)) * expm1(-(2 * j + 1) * grow);
	return sum;
}

/* P(X >= k) for sizes below 1 and k*size of the order of the mean or less: 1 - I_p(size, k) without 1. */
static double
negbin_small_size_over(double mean, double size, double k)
{
	double		p = size / (size + mean);
	double		lead = negbin_log_zero(mean, size) + log_gamma_step(k, size) - log_gamma_step(1, size);
	double		term = 1,
				sum = 0;

	for (double n = 1; n < 1000; n++)
	{
		double		next;

		term *= (n - k) * p / n;
		next = sum + term / (n + size);
		if (next == sum)
			break;
		sum = next;
	}
	return -expm1(lead) - exp(lead) * size * sum;
}

static count_parts
negbin_split(double mean, double size, double k)
{
	double		p = size / (size + mean);
	double		q = mean / (size + mean);
	count_parts parts = {0, negbin_pmf(mean, size, k), 0};

	if (mean == 0)
		parts.under = k > 0;
	else if (size < 0.5 ? k + 2 > mean + mean / size : k + 1 > mean)
	{
		parts.over = (k + 1) * (negbin_pmf(mean, size, k + 1) * beta_fraction(k + 1, size, q, p, p * (k + 1 - mean)));
		parts.under = k == 0 ? 0 : 1 - (parts.at + parts.over);
	}
	else if (size < 0.5)
	{
		parts.over = negbin_small_size_over(mean, size, k + 1);
		if (k > 0 && k < mean)
			parts.under = k * (parts.at * beta_fraction(size, k, p, q, p * (mean - k)));
		else if (k > 0)
			parts.under = 1 - (parts.at + parts.over);
		complement(&parts);
	}
	else if (k == 0)
		parts.over = -expm1(negbin_log_zero(mean, size));
	else
	{
		parts.under = k * (parts.at * beta_fraction(size, k, p, q, p * (mean - k)));
		parts.over = 1 - (parts.at + parts.under);
	}
	return parts;
}

static count_parts
binomial_split(double n, double p, double k)
{
	double		q = 1 - p;
	double		middle = (n + 1) * p;
	double		rest = fma(n + 1, p, -middle);	/* what rounding took from middle */
	count_parts parts = {0, binomial_pmf(n, p, k), 0};

	if (k > n || p == 0)
		parts.under = k > 0;
	else if (p == 1)
		parts.over = k < n;
	else
	{
		bool		at_mode = fabs(k + 0.5 - middle) < 1;

		if (k < n && (k + 1 > middle || at_mode || k == 0))
			parts.over = k == 0 ? -expm1(n * log1p(-p)) :
				(k + 1) * (binomial_pmf(n, p, k + 1) * q * beta_fraction(k + 1, n - k, p, q, k + 1 - middle - rest));
		if (k > 0 && (k < middle || at_mode || k == n))
			parts.under = k == n ? -expm1(n * log(p)) :
				(n - k + 1) * (binomial_pmf(n, p, k - 1) * p * beta_fraction(n - k + 1, k, q, p, middle - k + rest));
		if (k > 0 && k < n)
		{
			if (parts.under == 0 && k >= middle)
				parts.under = 1 - (parts.at + parts.over);
			else if (parts.over == 0 && k + 1 <= middle)
				parts.over = 1 - (parts.at + parts.under);
			else
				complement(&parts);
		}
	}
	return parts;
}

count_parts
count_split(const count_law *law, double count)
{
	double		base = 1 - law->extra_zero;
	double		k = fmin(count, FAR);
	count_parts parts;

	if (count < 0)
		return (count_parts) {0, 0, 1};
	if (law->kind == COUNT_BINOMIAL)
		parts = binomial_split(law->trials, law->prob, k);
	else if (law->kind == COUNT_NEGBIN && law->size < POISSON_SIZE)
		parts = negbin_split(law->mean, law->size, k);
	else
		parts = poisson_split(law->mean, k);
	if (law->extra_zero > 0)
	{
		parts.under *= base;
		parts.at *= base;
		parts.over *= base;
		*(count == 0 ? &parts.at : &parts.under) += law->extra_zero;
	}
	return parts;
}

count_parts
count_line(const count_law *law, double line)
{
	count_parts parts = count_split(law, floor(line));

	if (line != floor(line))
	{
		parts.under = 1 - parts.over < 0.5 ? parts.under + parts.at : 1 - parts.over;
		parts.at = 0;
	}
	return parts;
}

count_parts
count_mixture_line(const count_law *law, const double *exposure, const double *weights, int n, double line)
{
	count_parts sum = {0, 0, 0};
	double		top = 0,
				weight = 0;

	for (int i = 0; i < n; i++)
		top = fmax(top, weights[i]);
	for (int i = 0; i < n; i++)
	{
		count_law	one = *law;
		double		w = weights[i] / top;
		count_parts parts;

		one.mean *= exposure[i];
		one.trials *= exposure[i];
		parts = count_line(&one, line);
		weight += w;
		sum.under += w * parts.under;
		sum.at += w * parts.at;
		sum.over += w * parts.over;
	}
	return (count_parts) {sum.under / weight, sum.at / weight, sum.over / weight};
}

double
count_cdf(const count_law *law, double count)
{
	return count_line(law, floor(count) + 0.5).under;
}

/*
 * A whole number near the quantile, by Cornish and Fisher (1938); 1, from where doubling
 * finds the rest, for laws far from normal and where neighbours differ by no digit.
 */
static double
near_quantile(const count_law *law, double prob)
{
	bool		binomial = law->kind == COUNT_BINOMIAL;
	double		mean = binomial ? law->trials * law->prob : law->mean;
	double		grow = binomial ? -law->prob : law->kind == COUNT_NEGBIN ? mean / law->size : 0;
	double		deviation = sqrt(mean * (1 + grow));
	double		z = normal_quantile((prob - law->extra_zero) / (1 - law->extra_zero));
	double		guess = floor(mean + deviation * z + (1 + 2 * grow) * (z * z - 1) / 6 + 0.5);

	return deviation < mean && guess > 0 && guess < 1e6 ? guess : 1;
}

double
count_quantile(const count_law *law, double prob)
{
	double		low = -1,
				high,
				step = 1;

	if (prob >= 1)
		return law->extra_zero == 1 || (law->kind == COUNT_BINOMIAL ? law->prob == 0 : law->mean == 0) ? 0 :
			law->kind == COUNT_BINOMIAL ? law->trials : INFINITY;
	high = near_quantile(law, prob);
	if (count_cdf(law, high) < prob)
	{
		do
		{
			low = high;
			high += step;
			step *= 2;
		} while (count_cdf(law, high) < prob);
	}
	else
		while (high > 0)
		{
			low = fmax(high - step, -1);
			if (low < 0 || count_cdf(law, low) < prob)
				break;
			high = low;
			step *= 2;
		}
	while (high - low > 1)
	{
		double		middle = floor(low + (high - low) / 2);

		if (middle <= low || middle >= high)
			break;
		if (count_cdf(law, middle) < prob)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* ---- fits --------------------------------------------------------------------------------------- */

double
count_mean(const double *histogram, long n)
{
	double		weight = 0,
				sum = 0;

	for (long k = 0; k < n; k++)
	{
		weight += histogram[k];
		sum += k * histogram[k];
	}
	return sum / weight;
}

/* x - ln(1+x) */
static double
less_log1p(double x)
{
	double		sum = 0,
				power = x * x;

	if (fabs(x) > 0.1)
		return x - log1p(x);
	for (int j = 2; j < 40; j++, power *= -x)
		sum += power / j;
	return sum;
}

/* e^x - 1 - x */
static double
more_expm1(double x)
{
	double		sum = 0,
				power = x * x / 2;

	if (fabs(x) > 0.1)
		return expm1(x) - x;
	for (int j = 3; j < 20; power *= x / j++)
		sum += power;
	return sum;
}

/* What a fit of the negative binomial law needs of its histogram. */
typedef struct negbin_sample
{
	const double *histogram;
	long		n;
	double		weight;
	double		mean;
	double		positive;		/* share of counts above 0 */
	double		excess;			/* their mean, less 1 */
	bool		inflated;		/* zeros beyond the law's own are allowed */
} negbin_sample;

static double
log_zero(double mean, double size)
{
	return isinf(size) ? -mean : negbin_log_zero(mean, size);
}

/*
 * The law's mean for this size: the counts', or with extra zeros the one by which what is
 * not 0 has its own mean, m / (1 - P(0)) = 1 + excess. It lies between the means of all and
 * of the counts above 0.
 */
static double
negbin_mean(const negbin_sample *s, double size)
{
	double		low = s->mean,
				high = 1 + s->excess,
				mean = high;

	if (!s->inflated)
		return s->mean;
	for (int i = 0; i < 200; i++)
	{
		double		zero = log_zero(mean, size);
		double		some = -expm1(zero);
		double		off = ((isinf(size) ? 0 : size * less_log1p(mean / size)) + more_expm1(zero)) / some - s->excess;
		double		next = mean - off * some / (1 - mean * exp(zero) / ((1 + mean / size) * some));

		if (off > 0)
			high = mean;
		else
			low = mean;
		if (!(next > low && next < high))
			next = low + (high - low) / 2;
		if (!(next > low && next < high) || fabs(next - mean) <= 1e-16 * mean)
			break;
		mean = next;
	}
	return mean;
}

/*
 * The likelihood's slope by size, times size^2 and over the weight: above 0 when less spread
 * (a larger size) is likelier. The mean goes along with the size, at its own maximum.
 */
static double
negbin_slope(const negbin_sample *s, double size)
{
	double		mean = negbin_mean(s, size);
	double		sum = 0,
				above = 0;

	for (long j = s->n - 1; j > 0; j--)
	{
		above += s->histogram[j];	/* the weight of counts above j - 1 */
		sum += above * (j - 1) / (1 + (j - 1) / size);
	}
	return s->mean / mean * size * size * less_log1p(mean / size) - sum / s->weight;
}

/* The size above low, where the slope is above 0, at which it falls through 0; infinite where it does not. */
static double
negbin_size(const negbin_sample *s, double low, double high, void (*check) (void))
{
	while (negbin_slope(s, high) > 0)
	{
		low = high;
		if ((high *= 4) > 1e15 * (1 + s->mean))
			return INFINITY;
		check();
	}
	while (high / low > 1 + 1e-14)
	{
		double		middle = sqrt(low) * sqrt(high);

		if (!(middle > low && middle < high))
			break;
		if (negbin_slope(s, middle) > 0)
			low = middle;
		else
			high = middle;
		check();
	}
	return (low + high) / 2;
}

/* The mean of k(k - 1); answers CORE_INVALID where the weights are not finite. */
static core_status
negbin_sample_of(const double *histogram, long n, negbin_sample *s, double *pairs)
{
	*s = (negbin_sample) {histogram, n, .mean = count_mean(histogram, n)};
	*pairs = 0;
	if (!isfinite(s->mean))
		return CORE_INVALID;
	for (long k = 0; k < n; k++)
		s->weight += histogram[k];
	for (long k = 1; k < n; k++)
	{
		s->positive += histogram[k] / s->weight;
		s->excess += histogram[k] / s->weight * (k - 1);
		*pairs += histogram[k] / s->weight * k * (k - 1.0);
	}
	s->excess /= s->positive;
	return CORE_OK;
}

static core_status
negbin_plain_fit(const negbin_sample *s, double pairs, double *size, void (*check) (void))
{
	double		low;

	*size = INFINITY;
	/* the variance by weight is not above the mean: the likelihood rises with size for ever */
	if (!(pairs > s->mean * s->mean * (1 + 1e-14)))
		return CORE_OK;
	/* the slope is above 0 left of the only maximum (Levin & Reeds 1977) and below 0 right of it */
	low = s->mean * s->mean / (pairs - s->mean * s->mean);
	*size = low;
	while (negbin_slope(s, low) <= 0)
	{
		*size = low;
		if ((low /= 4) < COUNT_SIZE_MIN)
			return CORE_NO_CONVERGENCE;
		check();
	}
	*size = negbin_size(s, low, *size, check);
	return CORE_OK;
}

core_status
negbin_fit(const double *histogram, long n, double *mean, double *size, void (*check) (void))
{
	negbin_sample s;
	double		pairs;

	if (negbin_sample_of(histogram, n, &s, &pairs) != CORE_OK)
		return CORE_INVALID;
	*mean = s.mean;
	return negbin_plain_fit(&s, pairs, size, check);
}

/*
 * The likelihood is that of the share of zeros, which extra_zero can make what it was, times
 * that of the counts above 0 under the law without its zeros. Where the plain fit has no fewer
 * zeros than there are, it stays the maximum. Else there is a size, below that of the plain
 * fit, at which the law of the plain mean has just as many: there the plain slope is the
 * slope with extra zeros, so it is above 0, and the maximum lies to its right.
 */
core_status
zero_inflated_negbin_fit(const double *histogram, long n, double *mean, double *size, double *extra_zero, void (*check) (void))
{
	negbin_sample s;
	double		pairs,
				zeros,
				low,
				high;
	core_status status;

	*extra_zero = 0;
	if (negbin_sample_of(histogram, n, &s, &pairs) != CORE_OK)
		return CORE_INVALID;
	*mean = s.mean;
	status = negbin_plain_fit(&s, pairs, size, check);
	zeros = s.positive < 0.5 ? log1p(-s.positive) : log(histogram[0] / s.weight);
	if (status != CORE_OK || s.mean == 0 || log_zero(s.mean, *size) >= zeros)
		return status;

	s.inflated = true;
	low = high = fmin(*size, s.mean);
	while (log_zero(s.mean, low) < zeros)
		if ((low /= 4) < COUNT_SIZE_MIN)
			return CORE_NO_CONVERGENCE;
	while (log_zero(s.mean, high) >= zeros)
		high *= 4;
	for (;;)
	{
		double		middle = sqrt(low) * sqrt(high);

		if (!(middle > low && middle < high))
			break;
		if (log_zero(s.mean, middle) >= zeros)
			low = middle;
		else
			high = middle;
	}
	/* against Poisson without its zeros, as the variance is for the plain fit */
	*size = pairs > s.mean * negbin_mean(&s, INFINITY) * (1 + 1e-14) ? negbin_size(&s, high, high, check) : INFINITY;
	*mean = negbin_mean(&s, *size);
	*extra_zero = (*mean - s.mean) / *mean;
	return CORE_OK;
}

void
zero_inflated_poisson_fit(const double *histogram, long n, double *mean, double *extra_zero)
{
	double		weight = 0,
				positive = 0,
				sum = 0,
				low = 0,
				high,
				truncated;

	for (long k = n - 1; k >= 0; k--)
	{
		weight += histogram[k];
		positive += k > 0 ? histogram[k] : 0;
		sum += k * histogram[k];
	}
	*mean = sum / weight;
	*extra_zero = 0;
	if (histogram[0] <= weight * exp(-*mean))
		return;					/* no more zeros than Poisson has by itself */

	/* the mean of what is not 0 is that of Poisson without its zeros */
	truncated = sum / positive;
	high = truncated;
	for (int i = 0; i < 200; i++)
	{
		double		middle = low + (high - low) / 2;

		if (!(middle > low && middle < high))
			break;
		if (-middle / expm1(-middle) < truncated)
			low = middle;
		else
			high = middle;
	}
	*mean = high;
	*extra_zero = fmax(0, 1 + positive / weight / expm1(-high));
}
