#include "core/glicko2.h"

#include <math.h>

static const double SCALE = 173.7178;
static const double PI_SQUARED = 9.86960440108935861883;

/* How much a result counts that rests on an uncertain rating. */
static double
weight(double rd)
{
	double		phi = rd / SCALE;

	return 1 / sqrt(1 + 3 * phi * phi / PI_SQUARED);
}

/* The scaled difference of two ratings; a weight of 0 forgets even an infinite one. */
static double
advantage(double g, double rating, double opponent_rating)
{
	return g > 0 ? g * ((rating - opponent_rating) / SCALE) : 0;
}

static double
logistic(double x)
{
	return 1 / (1 + exp(-x));
}

double
glicko2_expected(double rating, double opponent_rating, double rd)
{
	return logistic(advantage(weight(rd), rating, opponent_rating));
}

void
glicko2_add(glicko2_evidence *evidence, double rating, double opponent_rating, double opponent_rd, double score)
{
	double		g = weight(opponent_rd);
	double		x = advantage(g, rating, opponent_rating);
	double		win = logistic(x);
	double		loss = logistic(-x);	/* 1 - win would lose its digits */

	evidence->surprise += g * (score * loss - (1 - score) * win);
	evidence->information += g * g * win * loss;
}

double
glicko2_idle_rd(double rd, double volatility, double periods, double max_rd)
{
	return fmin(hypot(rd, SCALE * volatility * sqrt(periods)), max_rd);
}

/*
 * Glickman's f at ln(sigma'^2) = ln(sigma^2) + y, times tau^2; in terms of the
 * information w = 1/v and the surprise D = delta/v, so that w may be tiny.
 */
typedef struct volatility_equation
{
	double		w;
	double		d2;				/* D^2 */
	double		phi2;
	double		sigma2;
	double		tau2;
} volatility_equation;

static double
f(const volatility_equation *e, double y)
{
	double		s2 = e->sigma2 * exp(y);
	double		spread = 1 + (e->phi2 + s2) * e->w;

	return e->tau2 * s2 * (e->d2 - e->w * spread) / (2 * spread * spread) - y;
}

/*
 * Step 5 as the paper has it: the Illinois iteration from its own bracket, since
 * after great upsets f has several roots and the bracket chooses among them.
 */
static core_status
solve(const volatility_equation *e, double tau, double *y)
{
	double		excess = e->d2 - e->w * (1 + e->phi2 * e->w);
	double		a = 0,
				b = -tau,
				fa,
				fb;

	if (excess > 0)
	{
		if (e->w <= 0)
			return CORE_INVALID;
		b = log(excess) - 2 * log(e->w) - log(e->sigma2);
	}
	else
		while (f(e, b) < 0)
			b -= tau;
	fa = f(e, a);
	fb = f(e, b);
	for (int i = 0; fabs(b - a) > 1e-13 * fmax(1, fabs(a)); i++)
	{
		double		c = a + (a - b) * fa / (fb - fa);
		double		fc = f(e, c);

		if (!isfinite(fc))
			return CORE_INVALID;
		if (i >= 200)
		{
			if (fabs(b - a) > 1e-11 * fmax(1, fabs(a)))
				return CORE_NO_CONVERGENCE;
			break;
		}
		if (fc * fb <= 0)
		{
			a = b;
			fa = fb;
		}
		else
			fa /= 2;
		b = c;
		fb = fc;
	}
	*y = a;
	return isfinite(a) ? CORE_OK : CORE_INVALID;
}

core_status
glicko2_close(const glicko2_player *before, const glicko2_evidence *evidence, double tau, double max_rd,
			  glicko2_player *after)
{
	double		phi = before->rd / SCALE;
	double		sigma = before->volatility;
	volatility_equation e = {evidence->information, evidence->surprise * evidence->surprise,
	phi * phi, sigma * sigma, tau * tau};
	double		y,
				star;
	core_status status = solve(&e, tau, &y);

	if (status != CORE_OK)
		return status;
	after->volatility = sigma * exp(y / 2);
	star = glicko2_idle_rd(before->rd, after->volatility, 1, max_rd) / SCALE;
	phi = star / sqrt(1 + star * star * e.w);
	after->rd = SCALE * phi;
	after->rating = before->rating + SCALE * phi * phi * evidence->surprise;
	return isfinite(after->rating) && isfinite(after->rd) && isfinite(after->volatility) ? CORE_OK : CORE_INVALID;
}
