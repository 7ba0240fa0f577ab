#include "core/logistic.h"

#include <math.h>
#include <string.h>

#include "core/cholesky.h"

#define ROUNDS 100
#define HALVINGS 40
/* Newton's decrement, a row, below which a step changes nothing that counts, and below which it needs no search. */
#define SETTLED 1e-20
#define SAFE 1e-6
#define ROWS_A_CHECK 512

size_t
logistic_space(long n, int p, int k)
{
	size_t		width = (size_t) p + 1;
	size_t		d = logistic_outputs(k) * width;

	return n * width + d * d + 4 * d + width + (size_t) k;
}

typedef struct problem
{
	const double *z;			/* n rows: 1, scaled features */
	const double *rows;
	int			stride;
	bool		offset;
	long		n;
	int			width;
	int			k;
	int			outputs;
	double		ridge;
	double	   *probs;
	void		(*check) (void);
} problem;

/* Margins of k classes become their probabilities; answers the logarithm of the sum of their exponentials. */
static double
softmax(double *values, int k)
{
	double		most = values[0],
				sum = 0;

	for (int a = 1; a < k; a++)
		most = fmax(most, values[a]);
	for (int a = 0; a < k; a++)
		sum += values[a] = exp(values[a] - most);
	for (int a = 0; a < k; a++)
		values[a] /= sum;
	return most + log(sum);
}

static double
dot(const double *a, const double *b, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static double
intercepts(const problem *q, const double *theta)
{
	double		sum = 0;

	for (int a = 0; a < q->outputs && q->outputs > 1; a++)
		sum += theta[a * q->width];
	return sum;
}

/* Probabilities of row i into q->probs; its log-likelihood. Of two classes the first has margin 0. */
static double
row_likelihood(const problem *q, const double *theta, long i)
{
	const double *z = q->z + (size_t) i * q->width;
	const double *row = q->rows + (size_t) i * q->stride;
	int			class = (int) row[0] - 1;
	double		margin;

	q->probs[0] = 0;
	for (int a = 0; a < q->outputs; a++)
		q->probs[a + (q->k == 2)] = dot(theta + (size_t) a * q->width, z, q->width) + (q->offset ? row[q->width + a] : 0);
	margin = q->probs[class];
	return margin - softmax(q->probs, q->k);
}

static double
objective(const problem *q, const double *theta)
{
	double		sum = 0,
				squares = 0,
				free = intercepts(q, theta);

	for (long i = 0; i < q->n; i++)
	{
		if (i % ROWS_A_CHECK == 0)
			q->check();
		sum += row_likelihood(q, theta, i);
	}
	for (int a = 0; a < q->outputs; a++)
		squares += dot(theta + (size_t) a * q->width + 1, theta + (size_t) a * q->width + 1, q->width - 1);
	return sum - q->ridge / 2 * squares - (double) q->n / 2 * free * free;
}

/* Gradient, and the lower triangle of the information (rows of d). */
static void
derivatives(const problem *q, const double *theta, double *g, double *h)
{
	int			w = q->width;
	size_t		d = (size_t) q->outputs * w;
	double		free = intercepts(q, theta);

	memset(g, 0, d * sizeof(double));
	memset(h, 0, d * d * sizeof(double));
	for (long i = 0; i < q->n; i++)
	{
		const double *z = q->z + (size_t) i * w;
		int			class = (int) q->rows[(size_t) i * q->stride] - 1;
		int			first = q->k == 2;	/* the class of output 0 */

		if (i % ROWS_A_CHECK == 0)
			q->check();
		(void) row_likelihood(q, theta, i);
		for (int a = 0; a < q->outputs; a++)
		{
			double		pa = q->probs[a + first];
			double		miss = (class == a + first) - pa;

			for (int j = 0; j < w; j++)
				g[(size_t) a * w + j] += miss * z[j];
			for (int b = 0; b <= a; b++)
			{
				double		weight = a == b ? pa * (1 - pa) : -pa * q->probs[b + first];

				for (int j = 0; j < w; j++)
				{
					double	   *to = h + ((size_t) a * w + j) * d + (size_t) b * w;
					double		by = weight * z[j];
					int			end = a == b ? j + 1 : w;

					for (int l = 0; l < end; l++)
						to[l] += by * z[l];
				}
			}
		}
	}
	for (int a = 0; a < q->outputs; a++)
	{
		for (int j = 1; j < w; j++)
		{
			g[(size_t) a * w + j] -= q->ridge * theta[(size_t) a * w + j];
			h[((size_t) a * w + j) * d + (size_t) a * w + j] += q->ridge;
		}
		/* only the intercepts' differences matter: their sum is held at 0 */
		if (q->outputs > 1)
		{
			g[(size_t) a * w] -= (double) q->n * free;
			for (int b = 0; b <= a; b++)
				h[(size_t) a * w * d + (size_t) b * w] += (double) q->n;
		}
	}
}

/* Scaled copies of the features into z, 0 where missing; means and scales (0: a feature that never varies). */
static void
standardise(const double *rows, int stride, long n, int width, double *z, double *means, double *scales, void (*check) (void))
{
	for (int j = 1; j < width; j++)
	{
		double		most = 0,
					mean = 0,
					squares = 0;
		long		known = 0;

		check();
		for (long i = 0; i < n; i++)
		{
			double		x = rows[(size_t) i * stride + j];

			if (isnan(x))
				continue;
			known++;
			mean += (x - mean) / known;
			most = fmax(most, fabs(x));
		}
		for (long i = 0; i < n; i++)
		{
			double		x = rows[(size_t) i * stride + j];

			if (!isnan(x))
				squares += (x - mean) * (x - mean);
		}
		means[j] = mean;
		scales[j] = known > 0 ? sqrt(squares / known) : 0;
		if (scales[j] <= 1e-12 * most)
			scales[j] = 0;		/* what rounding leaves of a constant */
		for (long i = 0; i < n; i++)
		{
			double		x = rows[(size_t) i * stride + j];

			z[(size_t) i * width + j] = isnan(x) || scales[j] == 0 ? 0 : (x - mean) / scales[j];
		}
	}
	for (long i = 0; i < n; i++)
		z[(size_t) i * width] = 1;
}

static core_status
newton(const problem *q, double *theta, double *work)
{
	size_t		d = (size_t) q->outputs * q->width;
	double	   *h = work;
	double	   *g = h + d * d;
	double	   *step = g + d;
	double	   *next = step + d;
	double		now = objective(q, theta);

	for (int round = 0; round < ROUNDS; round++)
	{
		double		decrement,
					length = 1,
					then = now;

		derivatives(q, theta, g, h);
		if (cholesky_factor(h, (int) d, q->check) != CORE_OK)
			return CORE_NO_SOLUTION;
		memcpy(step, g, d * sizeof(double));
		cholesky_solve(h, (int) d, step);
		decrement = dot(step, g, (int) d) / q->n;
		for (int halving = 0; halving < HALVINGS; halving++, length /= 2)
		{
			for (size_t j = 0; j < d; j++)
				next[j] = theta[j] + length * step[j];
			if (decrement < SAFE)
				break;
			then = objective(q, next);
			if (then >= now + 1e-4 * length * decrement * q->n)
				break;
		}
		memcpy(theta, next, d * sizeof(double));
		now = then;
		if (decrement < SETTLED)
			return CORE_OK;
	}
	return CORE_NO_CONVERGENCE;
}

core_status
logistic_fit(const double *rows, int stride, long n, int p, int k, bool offset, double ridge, double *model, double *work,
			 void (*check) (void))
{
	int			width = p + 1;
	problem		q = {.rows = rows, .stride = stride, .offset = offset, .n = n, .width = width, .k = k, .outputs = logistic_outputs(k), .ridge = ridge, .check = check};
	size_t		d = (size_t) q.outputs * width;
	double	   *z = work;
	double	   *scales = z + (size_t) n * width;
	double	   *theta = scales + width;
	core_status status;

	q.z = z;
	q.probs = theta + d;
	memset(q.probs, 0, k * sizeof(double));
	for (long i = 0; i < n; i++)
		q.probs[(int) rows[(size_t) i * stride] - 1]++;
	for (int a = 0; a < k; a++)
		if (q.probs[a] == 0)
			return CORE_INVALID;
	memset(model, 0, (d + width) * sizeof(double));
	standardise(rows, stride, n, width, z, model, scales, check);
	memset(theta, 0, d * sizeof(double));
	status = newton(&q, theta, q.probs + k);
	if (status != CORE_OK)
		return status;
	for (int a = 0; a < q.outputs; a++)
	{
		double	   *to = model + (size_t) (a + 1) * width;

		to[0] = theta[(size_t) a * width];
		for (int j = 1; j < width; j++)
			to[j] = scales[j] == 0 ? 0 : theta[(size_t) a * width + j] / scales[j];
	}
	return CORE_OK;
}

core_status
logistic_apply(const double *model, int p, int k, const float *features, const float *offset, double *probs)
{
	int			width = p + 1,
				outputs = logistic_outputs(k);

	probs[0] = 0;
	for (int a = 0; a < outputs; a++)
	{
		const double *row = model + (size_t) (a + 1) * width;
		double		margin = row[0] + (offset != NULL ? offset[a] : 0);

		for (int j = 1; j < width; j++)
			if (!isnan(features[j - 1]) && row[j] != 0)
				margin += row[j] * (features[j - 1] - model[j]);
		if (!isfinite(margin))
			return CORE_INVALID;
		probs[a + (k == 2)] = margin;
	}
	for (int a = 1; a < k; a++)
		if (!isfinite(probs[a] - probs[0]))
			return CORE_INVALID;
	(void) softmax(probs, k);
	return CORE_OK;
}
