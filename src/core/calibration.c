#include "core/calibration.h"

#include <math.h>
#include <stdbool.h>

/* ---- Platt ------------------------------------------------------------------------------------ */

/* ln(1 + exp(x)) without overflow */
static double
softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* Platt's smoothed targets keep the optimum finite, even of separable scores. */
typedef struct platt_problem
{
	const double *rows;
	long		n;
	double		shift;			/* scores are taken as (score - shift) / scale */
	double		scale;
	double		hit;			/* target of an event that happened */
	double		miss;
	void		(*check) (void);
} platt_problem;

static double
platt_standard(const platt_problem *p, long i)
{
	return (p->rows[2 * i] - p->shift) / p->scale;
}

static double
platt_loss(const platt_problem *p, double a, double b)
{
	double		loss = 0;

	p->check();
	for (long i = 0; i < p->n; i++)
	{
		double		z = a * platt_standard(p, i) + b;

		loss += softplus(z) - (1 - (p->rows[2 * i + 1] ? p->hit : p->miss)) * z;
	}
	return loss;
}

/* Gradient and Hessian in one pass. */
static void
platt_slopes(const platt_problem *p, double a, double b, double g[2], double h[3])
{
	p->check();
	g[0] = g[1] = h[0] = h[1] = h[2] = 0;
	for (long i = 0; i < p->n; i++)
	{
		double		x = platt_standard(p, i);
		double		z = a * x + b;
		double		e = exp(-fabs(z));
		double		q = z > 0 ? 1 / (1 + e) : e / (1 + e);	/* 1 - P */
		double		w = e / ((1 + e) * (1 + e));
		double		d = q - (1 - (p->rows[2 * i + 1] ? p->hit : p->miss));

		g[0] += d * x;
		g[1] += d;
		h[0] += w * x * x;
		h[1] += w * x;
		h[2] += w;
	}
}

/* Newton with halved steps: the loss is convex, so the walk ends at its one minimum. */
static core_status
platt_newton(const platt_problem *p, bool flat, double fit[2])
{
	double		a = fit[0],
				b = fit[1];
	double		loss = platt_loss(p, a, b);

	for (int i = 0; i < 200; i++)
	{
		double		g[2],
					h[3],
					da = 0,
					db,
					step = 1,
					next;

		platt_slopes(p, a, b, g, h);
		if (flat)
			db = -g[1] / h[2];
		else
		{
			double		det = h[0] * h[2] - h[1] * h[1];

			if (!(det > 0))
				return CORE_NO_CONVERGENCE;
			da = -(h[2] * g[0] - h[1] * g[1]) / det;
			db = -(h[0] * g[1] - h[1] * g[0]) / det;
		}
		next = platt_loss(p, a + da, b + db);
		while (!(next <= loss + 1e-13 * fabs(loss)) && step > 1e-10)
		{
			step /= 2;
			next = platt_loss(p, a + step * da, b + step * db);
		}
		a += step * da;
		b += step * db;
		loss = next;
		fit[0] = a;
		fit[1] = b;
		if (fabs(da) <= 1e-12 * (1 + fabs(a)) && fabs(db) <= 1e-12 * (1 + fabs(b)))
			return CORE_OK;
	}
	return CORE_NO_CONVERGENCE;
}

core_status
platt_fit(const double *rows, long n, double fit[2], void (*check) (void))
{
	platt_problem p = {rows, n, 0, 1, 0, 0, check};
	double		hits = 0,
				spread = 0;
	core_status status;

	if (n < 1)
		return CORE_INVALID;
	for (long i = 0; i < n; i++)
	{
		hits += rows[2 * i + 1];
		p.shift += (rows[2 * i] - p.shift) / (i + 1);
		spread = fmax(spread, fabs(rows[2 * i] - rows[0]));
	}
	if (!isfinite(p.shift) || !isfinite(spread))
		return CORE_INVALID;
	p.scale = spread > 0 ? spread : 1;
	p.hit = (hits + 1) / (hits + 2);
	p.miss = 1 / (n - hits + 2);

	fit[0] = 0;
	fit[1] = log((n - hits + 1) / (hits + 1));
	status = platt_newton(&p, spread == 0, fit);
	fit[0] /= p.scale;			/* back to the scores as given */
	fit[1] -= fit[0] * p.shift;
	return status;
}

double
platt_apply(const double fit[2], double score)
{
	return 1 / (1 + exp(fit[0] * score + fit[1]));
}

/* ---- temperature ------------------------------------------------------------------------------ */

/* Derivative of the log loss by beta = 1/T and, into curvature, its own: never negative. */
static double
temperature_slope(const double *rows, long n, int k, double beta, double *curvature)
{
	double		slope = 0;

	*curvature = 0;
	for (long i = 0; i < n; i++)
	{
		const double *logs = rows + i * (k + 1) + 1;
		double		top = logs[0],
					sum = 0,
					mean = 0,
					square = 0;

		for (int c = 1; c < k; c++)
			top = fmax(top, logs[c]);
		for (int c = 0; c < k; c++)
		{
			double		below = logs[c] - top;
			double		w;

			if (isinf(below))
				continue;		/* a class of probability 0 stays at 0 */
			w = exp(beta * below);
			sum += w;
			mean += w * below;
			square += w * below * below;
		}
		mean /= sum;
		slope += mean - (logs[(int) rows[i * (k + 1)]] - top);
		*curvature += square / sum - mean * mean;
	}
	return slope;
}

/* Newton in ln T between bounds that close in, so that no step can run away. */
core_status
temperature_fit(const double *rows, long n, int k, double *temperature, void (*check) (void))
{
	double		low = log(TEMPERATURE_LOW),
				high = log(TEMPERATURE_HIGH);
	double		at = 0;

	if (n < 1)
		return CORE_INVALID;
	for (long i = 0; i < n; i++)
		if (isinf(rows[i * (k + 1) + 1 + (int) rows[i * (k + 1)]]))
			return CORE_NO_SOLUTION;	/* what happened had probability 0: no temperature helps */

	for (int i = 0; i < 100 && high - low > 1e-13; i++)
	{
		double		beta = exp(-at);
		double		curvature;
		double		slope = temperature_slope(rows, n, k, beta, &curvature);
		double		next = at + slope / (beta * curvature);

		check();
		if (slope == 0)
			break;
		if (slope > 0)			/* the loss rises with beta: hotter is better */
			low = at;
		else
			high = at;
		if (!(next > low && next < high))
			next = (low + high) / 2;
		if (fabs(next - at) < 1e-13)
			break;
		at = next;
	}
	/* a bound that never moved and was run into is the answer */
	*temperature = high - at < 1e-12 && high == log(TEMPERATURE_HIGH) ? TEMPERATURE_HIGH :
		at - low < 1e-12 && low == log(TEMPERATURE_LOW) ? TEMPERATURE_LOW : exp(at);
	return CORE_OK;
}

void
temperature_apply(double temperature, const double *probs, int k, double *out)
{
	double		top = probs[0],
				sum = 0;

	for (int c = 1; c < k; c++)
		top = fmax(top, probs[c]);
	for (int c = 0; c < k; c++)
		sum += out[c] = pow(probs[c] / top, 1 / temperature);
	for (int c = 0; c < k; c++)
		out[c] /= sum;
}
