#include "core/blend.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/cholesky.h"

#define ROUNDS 100
#define HALVINGS 40
/* Newton's decrement, a row, below which a step changes nothing that counts, and below which it needs no search. */
#define SETTLED 1e-22
#define SAFE 1e-6
#define ROWS_A_CHECK 4096

core_status
blend_apply(const double *probs, const double *weights, int voices, int k, double *out)
{
	double		top = -INFINITY,
				sum = 0;

	for (int c = 0; c < k; c++)
	{
		out[c] = 0;
		for (int v = 0; v < voices; v++)
			if (weights[v] != 0)
				out[c] += weights[v] * log(probs[v * k + c]);
		if (isnan(out[c]) || out[c] == INFINITY)
			return CORE_INVALID;
		top = fmax(top, out[c]);
	}
	if (isinf(top))
		return CORE_INVALID;
	for (int c = 0; c < k; c++)
		sum += out[c] = exp(out[c] - top);
	for (int c = 0; c < k; c++)
		out[c] /= sum;
	return CORE_OK;
}

typedef struct problem
{
	const double *rows;
	int			width;
	long		n;
	int			voices;
	int			k;
	double		ridge;
	void		(*check) (void);
} problem;

/* How far the voices are for outcome c rather than for what happened, and the weighted sum of that. */
static double
margin_of(const problem *q, const double *weights, const double *row, int c, double *apart)
{
	double		margin = 0;

	for (int v = 0; v < q->voices; v++)
	{
		const double *logs = row + 1 + v * q->k;

		apart[v] = logs[c] - logs[(int) row[0]];
		margin += weights[v] * apart[v];
	}
	return margin;
}

/* Log-likelihood less the penalty; its gradient and the lower triangle of its negative curvature where they are asked for. */
static double
objective(const problem *q, const double *weights, double *gradient, double *curvature)
{
	int			voices = q->voices;
	double		sum = 0;

	if (gradient != NULL)
	{
		memset(gradient, 0, voices * sizeof(double));
		memset(curvature, 0, (size_t) voices * voices * sizeof(double));
	}
	for (long i = 0; i < q->n; i++)
	{
		const double *row = q->rows + (size_t) i * q->width;
		double		apart[BLEND_VOICES];
		double		means[BLEND_VOICES] = {0};
		double		squares[BLEND_VOICES * BLEND_VOICES] = {0};
		double		top = 0,
					total = 0;

		if (i % ROWS_A_CHECK == 0)
			q->check();
		for (int c = 0; c < q->k; c++)
			top = fmax(top, margin_of(q, weights, row, c, apart));
		/* as sums of ratios to the likeliest outcome */
		for (int c = 0; c < q->k; c++)
		{
			double		margin = margin_of(q, weights, row, c, apart);
			double		w = exp(margin - top);

			total += w;
			for (int v = 0; v < voices && gradient != NULL; v++)
			{
				means[v] += w * apart[v];
				for (int u = 0; u <= v; u++)
					squares[v * voices + u] += w * apart[v] * apart[u];
			}
		}
		sum -= top + log(total);
		for (int v = 0; v < voices && gradient != NULL; v++)
		{
			gradient[v] -= means[v] / total;
			for (int u = 0; u <= v; u++)
				curvature[v * voices + u] += squares[v * voices + u] / total - means[v] / total * (means[u] / total);
		}
	}
	for (int v = 0; v < voices; v++)
	{
		double		away = weights[v] - (v == voices - 1);

		sum -= q->ridge / 2 * away * away;
		if (gradient == NULL)
			continue;
		gradient[v] -= q->ridge * away;
		curvature[v * voices + v] += q->ridge;
	}
	return sum;
}

core_status
blend_fit(const double *rows, int width, long n, int voices, int k, double ridge, double *weights, void (*check) (void))
{
	problem		q = {rows, width, n, voices, k, ridge, check};
	double		gradient[BLEND_VOICES],
				step[BLEND_VOICES],
				next[BLEND_VOICES],
				curvature[BLEND_VOICES * BLEND_VOICES];
	double		now;

	for (int v = 0; v < voices; v++)
		weights[v] = v == voices - 1;
	now = objective(&q, weights, NULL, NULL);
	for (int round = 0; round < ROUNDS; round++)
	{
		bool		moved = false;	/* beyond what rounding makes of logarithms of hundreds */
		double		decrement = 0,
					length = 1,
					then = now;

		(void) objective(&q, weights, gradient, curvature);
		if (cholesky_factor(curvature, voices, check) != CORE_OK)
return CORE_NO_SOLUTION;
		memcpy(step, gradient, voices * sizeof(double));
		cholesky_solve(curvature, voices, step);
		for (int v = 0; v < voices; v++)
		{
			decrement += step[v] * gradient[v];
			moved |= fabs(step[v]) > 1e-12 * fmax(1, fabs(weights[v]));
		}
		for (int halving = 0; halving < HALVINGS; halving++, length /= 2)
		{
			for (int v = 0; v < voices; v++)
				next[v] = weights[v] + length * step[v];
			then = objective(&q, next, NULL, NULL);
			if (decrement < SAFE * n || then >= now + 1e-4 * length * decrement)
				break;
		}
		memcpy(weights, next, voices * sizeof(double));
		now = then;
		if (decrement < SETTLED * n || !moved)
			return CORE_OK;
	}
	return CORE_NO_CONVERGENCE;
}
