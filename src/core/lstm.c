#include "core/lstm.h"

#include <math.h>
#include <string.h>

#include "core/random.h"

int			lstm_register_bits = 512;

/* ---- kernels: portable, and for wider registers where the processor has them -------------------- */

#define WIDTH 4
#define NAME(kernel) kernel##_128
#define TARGET
#define FMA(a, b, c) fma_of_128(a, b, c)
typedef float four __attribute__((vector_size(16)));
static inline four
fma_of_128(four a, four b, four c)
{
	for (int k = 0; k < 4; k++)
		c[k] = fmaf(a[k], b[k], c[k]);
	return c;
}
#include "core/lstm_kernel.h"

#ifdef __x86_64__
#include <immintrin.h>

#define WIDTH 8
#define NAME(kernel) kernel##_256
#define TARGET __attribute__((target("avx2,fma")))
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#include "core/lstm_kernel.h"

#define WIDTH 16
#define NAME(kernel) kernel##_512
#define TARGET __attribute__((target("avx512f")))
#define FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#include "core/lstm_kernel.h"

#define WIDEST(kernel) \
	(lstm_register_bits >= 512 && __builtin_cpu_supports("avx512f") ? kernel##_512 : \
	 lstm_register_bits >= 256 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? kernel##_256 : kernel##_128)
#else
#define WIDEST(kernel) kernel##_128
#endif

/* ---- prediction ---------------------------------------------------------------------------------- */

static void
outputs_of(lstm_shape s, const float *weights, const float *state, float *outputs)
{
	const float *head = weights + (1 + (size_t) s.inputs + s.hidden) * 4 * s.hidden;

	for (int k = 0; k < s.outputs; k++)
	{
		outputs[k] = head[k];
		for (int i = 0; i < s.hidden; i++)
			outputs[k] += state[i] * head[(size_t) (1 + i) * s.outputs + k];
	}
}

size_t
lstm_space(lstm_shape s)
{
	return 7 * (size_t) s.hidden;
}

void
lstm_predict(lstm_shape s, const float *weights, const float *sequence, int steps, float *space, float *outputs)
{
	int			h = s.hidden;
	float	   *state = space,
			   *cells = space + h,
			   *bounded = space + 2 * h,
			   *gates = space + 3 * h;

	memset(state, 0, 2 * h * sizeof(float));
	for (int t = 0; t < steps; t++)
		WIDEST(step) (s, weights, sequence + (size_t) t * s.inputs, state, cells, gates, cells, bounded, state);
	outputs_of(s, weights, state, outputs);
}

/* ---- learning ------------------------------------------------------------------------------------ */

/* Per step, from the empty one before the first: gates, cells, their tanh, state. */
size_t
lstm_gradient_space(lstm_shape s, int steps)
{
	return 7 * (size_t) s.hidden * (steps + 1) + 6 * (size_t) s.hidden + s.outputs + 4 * (size_t) s.hidden * s.hidden;
}

double
lstm_gradient(lstm_shape s, const float *weights, const float *sequence, int steps, const float *targets, float *space, float *gradient)
{
	int			h = s.hidden;
	size_t		stride = 7 * (size_t) h,
				head = (1 + (size_t) s.inputs + h) * 4 * h;
	float	   *slopes = space + stride * (steps + 1),
			   *state_slopes = slopes + 4 * h,
			   *cell_slopes = state_slopes + h,
			   *outputs = cell_slopes + h,
			   *turned = outputs + s.outputs;
	float	   *last = space + stride * steps + 6 * h;
	double		loss = 0;

	memset(space, 0, stride * sizeof(float));
	for (int t = 0; t < steps; t++)
	{
		float	   *before = space + stride * t,
				   *now = before + stride;

		WIDEST(step) (s, weights, sequence + (size_t) t * s.inputs, before + 6 * h, before + 4 * h, now, now + 4 * h, now + 5 * h, now + 6 * h);
	}
	outputs_of(s, weights, last, outputs);
	memset(state_slopes, 0, 2 * h * sizeof(float));
	for (int k = 0; k < s.outputs; k++)
	{
		float		off = outputs[k] - targets[k];

		loss += (double) off * off / 2;
		gradient[head + k] += off;
		for (int i = 0; i < h; i++)
		{
			size_t		at = head + (size_t) (1 + i) * s.outputs + k;

			gradient[at] += off * last[i];
			state_slopes[i] += off * weights[at];
		}
	}
	for (int i = 0; i < h; i++)
		for (int j = 0; j < 4 * h; j++)
			turned[(size_t) j * h + i] = weights[(1 + (size_t) s.inputs + i) * 4 * h + j];
	for (int t = steps; t > 0; t--)
	{
		const float *now = space + stride * t,
				   *before = now - stride;

		WIDEST(step_back) (s, turned, sequence + (size_t) (t - 1) * s.inputs, before + 6 * h, before + 4 * h, now, now + 5 * h, slopes,
						   state_slopes, cell_slopes, gradient);
	}
	return loss;
}

size_t
lstm_fit_space(lstm_shape s, int steps)
{
	return 4 * lstm_weights(s) + lstm_gradient_space(s, steps);
}

/* A step of Adam against the gradient, which is emptied. scale: of the gradient; the corrections are of the moments' empty start. */
static void
adam(float *weights, float *gradient, float *mean, float *square, size_t n, float scale, float rate, float mean_correction,
	 float square_correction)
{
	for (size_t i = 0; i < n; i++)
	{
		float		slope = gradient[i] * scale;

		mean[i] = 0.9f * mean[i] + 0.1f * slope;
		square[i] = 0.999f * square[i] + 0.001f * slope * slope;
		weights[i] -= rate * (mean[i] * mean_correction) / (sqrtf(square[i] * square_correction) + 1e-8f);
		gradient[i] = 0;
	}
}

/* As PyTorch starts them, uniform within 1 / sqrt(hidden), but for the forget gates: open (Jozefowicz et al. 2015). */
static void
start(lstm_shape s, uint64_t *random, float *weights)
{
	double		width = 1 / sqrt(s.hidden);

	for (size_t i = 0; i < lstm_weights(s); i++)
		weights[i] = (float) ((2 * random_uniform(random) - 1) * width);
	for (int i = 0; i < s.hidden; i++)
		weights[s.hidden + i] = 1;
}

static double
mean_loss(lstm_shape s, const float *weights, lstm_rows rows, float *space, void (*check) (void))
{
	float	   *outputs = space + lstm_space(s);
	double		sum = 0;

	for (size_t i = 0; i < rows.n; i++)
	{
		if (i % 64 == 0)
			check();
		lstm_predict(s, weights, rows.sequences + i * rows.steps * s.inputs, rows.steps, space, outputs);
		for (int k = 0; k < s.outputs; k++)
		{
			double		off = (double) outputs[k] - rows.targets[i * s.outputs + k];

			sum += off * off / 2;
		}
	}
	return sum / rows.n;
}

core_status
lstm_fit(lstm_shape s, lstm_rows learn, lstm_rows aside, lstm_training how, size_t *order, float *space, float *weights,
		 void (*check) (void))
{
	size_t		n = lstm_weights(s);
	float	   *mean = space,
			   *square = mean + n,
			   *gradient = square + n,
			   *best = gradient + n,
			   *work = best + n;
	double		least = INFINITY,
				mean_left = 1,
				square_left = 1;
	int			idle = 0;

	start(s, &how.seed, weights);
	memset(space, 0, 3 * n * sizeof(float));
	memcpy(best, weights, n * sizeof(float));
	for (size_t i = 0; i < learn.n; i++)
		order[i] = i;
	for (int epoch = 0; epoch < how.epochs && idle < how.patience; epoch++)
	{
		double		loss = 0;

		for (size_t i = learn.n; i > 1; i--)
		{
			size_t		j = random_below(&how.seed, i),
						last = order[i - 1];

			order[i - 1] = order[j];
			order[j] = last;
		}
		for (size_t first = 0; first < learn.n; first += how.batch)
		{
			size_t		end = first + how.batch < learn.n ? first + how.batch : learn.n;

			for (size_t i = first; i < end; i++)
			{
				if (i % 16 == 0)
					check();
				loss += lstm_gradient(s, weights, learn.sequences + order[i] * learn.steps * s.inputs, learn.steps,
									  learn.targets + order[i] * s.outputs, work, gradient);
			}
			mean_left *= 0.9;
			square_left *= 0.999;
			adam(weights, gradient, mean, square, n, 1 / (float) (end - first), (float) how.learning_rate,
				 (float) (1 / (1 - mean_left)), (float) (1 / (1 - square_left)));
		}
		if (aside.n > 0)
			loss = mean_loss(s, weights, aside, work, check);
		if (!isfinite(loss))
			return CORE_NO_CONVERGENCE;
		idle++;
		if (aside.n == 0 || loss < least)
		{
			least = loss;
			idle = 0;
			memcpy(best, weights, n * sizeof(float));
		}
	}
	memcpy(weights, best, n * sizeof(float));
	return CORE_OK;
}
