#include "core/blend.h"
#include "tap.h"

#define ROWS 300
#define MOST_V 4
#define MOST_K 4

static int	checks = 0;

static void
check(void)
{
	checks++;
}

static double rows[ROWS * (MOST_V * MOST_K + 1)];

/* kind 0: voices apart; 1: all the same; 2: every outcome foretold; 3: near 0 and 1 */
static void
random_rows(long n, int voices, int k, int kind)
{
	for (long i = 0; i < n; i++)
	{
		double	   *row = rows + i * (voices * k + 1);

		row[0] = tap_below(k);
		for (int v = 0; v < voices; v++)
		{
			double		sum = 0;

			for (int c = 0; c < k; c++)
			{
				double		p = kind == 3 ? exp(tap_uniform() * 600 - 300) : 0.05 + tap_uniform() + (kind == 2 && c == row[0] ? 1 : 0);

				row[1 + v * k + c] = p;
				sum += p;
			}
			for (int c = 0; c < k; c++)
				row[1 + v * k + c] = kind == 1 && v > 0 ? row[1 + c] : log(row[1 + v * k + c] / sum);
		}
	}
}

/* What must be 0 at the maximum, by blend_apply: observed less expected logarithms of a voice, less the ridge's pull. */
static double
slope(long n, int voices, int k, double ridge, const double *weights)
{
	double		most = 0;

	for (int v = 0; v < voices; v++)
	{
		double		sum = -ridge * (weights[v] - (v == voices - 1));

		for (long i = 0; i < n; i++)
		{
			const double *row = rows + i * (voices * k + 1);
			double		probs[MOST_V * MOST_K],
						out[MOST_K];

			for (int j = 0; j < voices * k; j++)
				probs[j] = exp(row[1 + j]);
			if (blend_apply(probs, weights, voices, k, out) != CORE_OK)
				return INFINITY;
			sum += row[1 + v * k + (int) row[0]];
			for (int c = 0; c < k; c++)
				sum -= out[c] * row[1 + v * k + c];
		}
		most = fmax(most, fabs(sum) / n);
	}
	return most;
}

int
main(void)
{
	double		probs[MOST_V * MOST_K] = {0.5, 0.3, 0.2, 0.6, 0.3, 0.1};
	double		weights[MOST_V] = {1, 0},
				out[MOST_K];
	double		worst = 0;
	int			unfit = 0,
				strange = 0,
				refused = 0;

	ok(blend_apply(probs, weights, 2, 3, out) == CORE_OK, "one voice alone");
	close_to(out[0], 0.5, 1e-15, "is what it says");
	close_to(out[2], 0.2, 1e-15, "of every outcome");
	weights[0] = weights[1] = 0.5;
	ok(blend_apply(probs, weights, 2, 3, out) == CORE_OK, "equal weights");
	close_to(out[0], sqrt(0.3) / (sqrt(0.3) + 0.3 + sqrt(0.02)), 1e-15, "are geometric means, scaled");
	weights[0] = weights[1] = 0;
	ok(blend_apply(probs, weights, 2, 3, out) == CORE_OK && out[1] == 1.0 / 3, "no weight: nothing is known");
	probs[0] = 0;
	probs[1] = 0.8;
	weights[1] = 1;
	ok(blend_apply(probs, weights, 2, 3, out) == CORE_OK && out[0] > 0, "an impossible outcome of no weight is not heard");
	weights[0] = 1;
	ok(blend_apply(probs, weights, 2, 3, out) == CORE_OK && out[0] == 0, "of some weight it stays impossible");
	weights[0] = -1;
	ok(blend_apply(probs, weights, 2, 3, out) == CORE_INVALID, "and a negative weight of it is refused");
	probs[1] = probs[2] = 0;
	probs[0] = 1;
	probs[3] = 0;
	weights[0] = 1;
	ok(blend_apply(probs, weights, 2, 3, out) == CORE_INVALID, "as are voices that leave no outcome");

	/* odds of 3 to 1 three times in four: said by both, weights sum to 1; the ridge leaves them to the last */
	for (int i = 0; i < 8; i++)
	{
		rows[5 * i] = i % 4 == 0;
		rows[5 * i + 1] = rows[5 * i + 3] = log(0.75);
		rows[5 * i + 2] = rows[5 * i + 4] = log(0.25);
	}
	ok(blend_fit(rows, 5, 8, 2, 2, 1e-6, weights, check) == CORE_OK, "a fit");
	close_to(weights[0], 0, 1e-12, "the first has no weight");
	close_to(weights[1], 1, 1e-12, "where nothing tells the voices apart");

	for (int t = 0; t < 20000; t++)
	{
		int			voices = 1 + tap_below(MOST_V),
					k = 2 + tap_below(MOST_K - 1);
		long		n = 1 + tap_below(t % 20 == 0 ? ROWS : 30);
		double		ridge = exp(tap_uniform() * 12 - 4),
					error;

		random_rows(n, voices, k, t % 4);
		if (blend_fit(rows, voices * k + 1, n, voices, k, ridge, weights, check) != CORE_OK)
		{
			unfit++;
			continue;
		}
		error = slope(n, voices, k, ridge, weights);
		if (!(error < 1e-8))
			printf("# kind %d n %ld voices %d k %d ridge %g: slope %g\n", t % 4, n, voices, k, ridge, error);
		worst = fmax(worst, error);
	}
	ok(unfit == 0, "20,000 fits of every kind of rows are found");
	ok(worst < 1e-8, "and no direction leads up from any of them");
	printf("# largest slope a row: %g\n", worst);
	ok(checks > 0, "long loops ask whether to go on");

	for (int t = 0; t < 300000; t++)
	{
		double		sum = 0;

		for (int j = 0; j < 6; j++)
			probs[j] = fmin(fabs(tap_adversary()), 1);
		for (int v = 0; v < 2; v++)
			weights[v] = tap_uniform() * 20 - 5;
		if (blend_apply(probs, weights, 2, 3, out) != CORE_OK)
		{
			refused++;
			continue;
		}
		for (int c = 0; c < 3; c++)
		{
			strange += !(out[c] >= 0 && out[c] <= 1);
			sum += out[c];
		}
		strange += !(fabs(sum - 1) < 1e-12);
	}
	ok(strange == 0 && refused > 0, "any numbers give probabilities or are refused");
	return done_testing();
}
