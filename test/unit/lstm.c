#include "core/lstm.h"

#include <stdlib.h>

#include "tap.h"

#define MOST_HIDDEN 64
#define MOST_STEPS 18

/* The same network in plain loops and doubles. */
static double
reference(lstm_shape s, const double *weights, const float *sequence, int steps, const float *targets, double *outputs)
{
	int			h = s.hidden,
				columns = 4 * h;
	double		state[MOST_HIDDEN] = {0},
				cells[MOST_HIDDEN] = {0},
				gates[4 * MOST_HIDDEN],
				loss = 0;
	const double *head = weights + (size_t) (1 + s.inputs + h) * columns;

	for (int t = 0; t < steps; t++)
	{
		for (int j = 0; j < columns; j++)
		{
			gates[j] = weights[j];
			for (int i = 0; i < s.inputs; i++)
				gates[j] += sequence[t * s.inputs + i] * weights[(size_t) (1 + i) * columns + j];
			for (int i = 0; i < h; i++)
				gates[j] += state[i] * weights[(size_t) (1 + s.inputs + i) * columns + j];
		}
		for (int i = 0; i < h; i++)
		{
			cells[i] = cells[i] / (1 + exp(-gates[h + i])) + tanh(gates[2 * h + i]) / (1 + exp(-gates[i]));
			state[i] = tanh(cells[i]) / (1 + exp(-gates[3 * h + i]));
		}
	}
	for (int k = 0; k < s.outputs; k++)
	{
		outputs[k] = head[k];
		for (int i = 0; i < h; i++)
			outputs[k] += state[i] * head[(1 + i) * s.outputs + k];
		if (targets)
			loss += (outputs[k] - targets[k]) * (outputs[k] - targets[k]) / 2;
	}
	return loss;
}

static int	checks = 0;

static void
check(void)
{
	checks++;
}

static double
gauss(void)
{
	return sqrt(-2 * log(1 - tap_uniform())) * cos(6.283185307179586 * tap_uniform());
}

int
main(void)
{
	static float weights[60000],
				gradient[60000],
				space[200000],
				other[60000];
	static double precise[60000];
	float		sequence[MOST_STEPS * 4],
				targets[3],
				outputs[3];
	double		expected[3],
				worst = 0,
				slope_worst = 0;
	int			different = 0;

	for (int turn = 0; turn < 60; turn++)
	{
		lstm_shape	s = {1 + tap_below(4), LSTM_UNIT * (1 + tap_below(4)), 1 + tap_below(3)};
		int			steps = 1 + tap_below(MOST_STEPS);
		double		size = turn % 5 == 0 ? 5 : 0.5;
		double		loss;

		for (size_t i = 0; i < lstm_weights(s); i++)
			precise[i] = weights[i] = (float) (size * (2 * tap_uniform() - 1));
		for (int i = 0; i < steps * s.inputs; i++)
			sequence[i] = (float) (4 * tap_uniform() - 2);
		for (int k = 0; k < s.outputs; k++)
			targets[k] = (float) (4 * tap_uniform() - 2);

		lstm_predict(s, weights, sequence, steps, space, outputs);
		reference(s, precise, sequence, steps, NULL, expected);
		/* beside weights of 5 small roundings grow on the way */
		for (int k = 0; k < s.outputs; k++)
			if (size < 1)
				worst = fmax(worst, fabs(outputs[k] - expected[k]));

		memset(gradient, 0, sizeof gradient);
		loss = lstm_gradient(s, weights, sequence, steps, targets, space, gradient);
		if (size < 1)
			for (int j = 0; j < 40; j++)
			{
				size_t		i = tap_random() % lstm_weights(s);
				double		was = precise[i],
							up,
							down;

				precise[i] = was + 1e-5;
				up = reference(s, precise, sequence, steps, targets, expected);
				precise[i] = was - 1e-5;
				down = reference(s, precise, sequence, steps, targets, expected);
				precise[i] = was;
				slope_worst = fmax(slope_worst, fabs((up - down) / 2e-5 - gradient[i]) / (1 + fabs(gradient[i])));
			}
		/* narrower registers, the same bits */
		/* without registers of fused products the portable way is slow */
		for (lstm_register_bits = turn % 10 == 0 ? 128 : 256; lstm_register_bits < 512; lstm_register_bits *= 2)
		{
			float		again[3];

			lstm_predict(s, weights, sequence, steps, space, again);
			different += memcmp(again, outputs, s.outputs * sizeof(float)) != 0;
			memset(other, 0, sizeof other);
			different += lstm_gradient(s, weights, sequence, steps, targets, space, other) != loss;
			different += memcmp(other, gradient, sizeof other) != 0;
		}
	}
	ok(worst <= 1e-6, "the network in plain doubles, to 1e-6");
	ok(slope_worst <= 1e-5, "the gradient is that of finite differences");
	printf("# outputs %.2g, slopes %.2g\n", worst, slope_worst);
	ok(different == 0, "the same bits with registers of 128, 256 and 512 bits");

	/* the gates at both ends of what a float can say */
	{
		lstm_shape	s = {1, 16, 1};

		different = 0;
		for (double size = 1e-30; size < 1e30; size *= 1e3)
		{
			for (size_t i = 0; i < lstm_weights(s); i++)
				weights[i] = (float) (size * (2 * tap_uniform() - 1));
			sequence[0] = sequence[1] = (float) size;
			lstm_predict(s, weights, sequence, 2, space, outputs);
			different += !(fabs(outputs[0]) <= 17 * size);
		}
		ok(different == 0, "no sizes that break it");
	}

	/* it learns what a memory is needed for: the sum of the sequence, by its seed and nothing else */
	{
		enum { N = 300, STEPS = 6 };
		lstm_shape	s = {1, 16, 1};
		static float sequences[N * STEPS],
					sums[N];
		size_t		order[N];
		lstm_rows	learn = {sequences, sums, N - 100, STEPS},
					aside = {sequences + (N - 100) * STEPS, sums + N - 100, 100, STEPS};
		lstm_training how = {80, 80, 16, 0.01, 7};
		double		square = 0,
					error = 0;

		for (int i = 0; i < N; i++)
		{
			sums[i] = 0;
			for (int t = 0; t < STEPS; t++)
				sums[i] += sequences[i * STEPS + t] = (float) gauss() / 3;
		}
		ok(lstm_fit(s, learn, aside, how, order, space, weights, check) == CORE_OK && checks > 1000, "a fit, stopping to look up");
		for (int i = N - 100; i < N; i++)
		{
			lstm_predict(s, weights, sequences + i * STEPS, STEPS, space, outputs);
			square += sums[i] * sums[i];
			error += (outputs[0] - sums[i]) * (outputs[0] - sums[i]);
		}
		ok(error < square / 20, "it learns the sum");
		printf("# %.3f of the variance left\n", error / square);
		memcpy(other, weights, sizeof other);
		lstm_register_bits = 256;
		lstm_fit(s, learn, aside, how, order, space, weights, check);
		lstm_register_bits = 512;
		ok(memcmp(other, weights, lstm_weights(s) * sizeof(float)) == 0, "the same seed, the same weights, whatever the registers");
		how.seed = 8;
		lstm_fit(s, learn, aside, how, order, space, weights, check);
		ok(memcmp(other, weights, lstm_weights(s) * sizeof(float)) != 0, "another seed, others");
		how.learning_rate = 0.1;
		sums[3] = NAN;
		ok(lstm_fit(s, learn, aside, how, order, space, weights, check) == CORE_NO_CONVERGENCE, "a loss that is no number");
	}
	return done_testing();
}
