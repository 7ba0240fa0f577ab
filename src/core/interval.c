#include "core/interval.h"

#include <math.h>

#include "core/normal.h"

#define PI 3.14159265358979323846

void
core_moments_add(core_moments *m, double value)
{
	double		delta = value - m->mean;

	m->n += 1;
	m->mean += delta / m->n;
	m->m2 += delta * (value - m->mean);
}

void
core_moments_merge(core_moments *m, const core_moments *other)
{
	double		n = m->n + other->n;
	double		delta = other->mean - m->mean;

	if (other->n == 0)
		return;
	m->mean += delta * (other->n / n);
	m->m2 += other->m2 + delta * delta * (m->n * other->n / n);
	m->n = n;
}

/* P(|T| <= tan(angle) * sqrt(df)): the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4. */
static double
student_inside(double angle, int df)
{
	double		c2 = cos(angle) * cos(angle);
	double		term = df % 2 ? cos(angle) : 1;
	double		sum = df == 1 ? 0 : term;

	for (int k = df % 2 ? 3 : 2; k < df; k += 2)
	{
		term *= c2 * (k - 1) / k;
		sum += term;
	}
	sum *= sin(angle);
	return df % 2 ? 2 / PI * (angle + sum) : sum;
}

/* Exactly by bisection for few degrees of freedom, else the normal quantile corrected (26.7.5). */
double
student_975(double df)
{
	const double z = 1.959963984540054;
	double		lo = 0,
				hi = PI / 2;

	if (df > 200)
	{
		double		z2 = z * z;
		double		g1 = (z2 + 1) * z / 4;
		double		g2 = ((5 * z2 + 16) * z2 + 3) * z / 96;
		double		g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;
		double		g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) * z / 92160;

		return z + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df;
	}
	for (int i = 0; i < 60; i++)
	{
		double		mid = (lo + hi) / 2;

		if (student_inside(mid, (int) df) < 0.95)
			lo = mid;
		else
			hi = mid;
	}
	return tan(lo) * sqrt(df);
}

/* ln of Gamma(a + 1/2) / Gamma(a), by its asymptotic series where that has all digits. */
static double
log_gamma_half(double a)
{
	double		rest = 0;

	for (; a < 20; a += 1)		/* Gamma(a+1) = a Gamma(a) */
		rest += log(a / (a + 0.5));
	return rest + log(a) / 2 - 1 / (8 * a) + 1 / (192 * a * a * a) - 1 / (640 * pow(a, 5)) + 17 / (14336 * pow(a, 7)) - 31 / (18432 * pow(a, 9));
}

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by modified Lentz. */
static double
beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double		c = 1,
				d = 1 - (a + b) / (a + 1) * x,
				value;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	value = d;
	for (int m = 1; m < 10000; m++)
	{
		double		change = 1;

		for (int odd = 0; odd < 2; odd++)
		{
			double		term = odd ? -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1)) * x
				: m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m)) * x;

			d = 1 + term * d;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = 1 + term / c;
			c = fabs(c) < tiny ? tiny : c;
			change = c * d;
			value *= change;
		}
		if (fabs(change - 1) < 1e-16)
			break;
	}
	return value;
}

double
student_above(double t, double df)
{
	double		a = df / 2;
	double		far = t * t / df;	/* (1-x)/x, x = df/(df+t^2) */
	double		front,
				tail;

	if (t < 0)
		return 1 - student_above(-t, df);
	if (df > 1e4)
	{
		/* the normal deviate of as far a tail (Hill 1970) */
		double		y = (df - 0.5) * log1p(far);
		double		b = 48 * (df - 0.5) * (df - 0.5);

		return normal_cdf(-((((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * sqrt(y)));
	}
	if (isinf(far))				/* the leading term of the tail */
		return exp(log_gamma_half(a) + a * log(df) - df * log(t)) / sqrt(PI) / df;
	front = exp(log_gamma_half(a) - a * log1p(far)) * sqrt(far / (1 + far) / PI);
	if (1 / (1 + far) < (a + 1) / (a + 2.5))
		tail = front / a * beta_fraction(a, 0.5, 1 / (1 + far));
	else
		tail = 1 - 2 * front * beta_fraction(0.5, a, far / (1 + far));
	return tail / 2;
}
