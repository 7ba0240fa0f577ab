#include "core/interval.h"

#include <math.h>

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
