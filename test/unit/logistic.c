#include "core/logistic.h"
#include "tap.h"

#define ROWS 400
#define MOST_P 8
#define MOST_K 4
#define MOST_STRIDE (MOST_P + 1 + MOST_K)

static int	checks = 0;

static void
check(void)
{
	checks++;
}

static double rows[ROWS * MOST_STRIDE];
static int	offsets = 0;		/* margins that rows end with */
static double model[(MOST_K + 1) * (MOST_P + 1)];
static double work[ROWS * (MOST_P + 1) + 40 * 40 + 1000];

/*
 * What must be 0 at the maximum: for each output the sum of (happened - forecast) x scaled feature, less ridge x
 * scaled coefficient; the largest of them, a row.
 */
static double
slope(long n, int p, int k, double ridge)
{
	double		most = 0;
	int			first = k == 2,
				width = p + 1,
				stride = width + offsets;

	for (int a = 0; a < logistic_outputs(k); a++)
		for (int j = 0; j <= p; j++)
		{
			double		mean = j > 0 ? model[j] : 0,
						squares = 0,
						sum = 0,
						scale;
			long		known = 0;

			for (long i = 0; i < n; i++)
				if (j > 0 && !isnan(rows[i * stride + j]))
				{
					squares += (rows[i * stride + j] - mean) * (rows[i * stride + j] - mean);
					known++;
				}
			scale = j == 0 ? 1 : known > 0 ? sqrt(squares / known) : 0;
			if (scale <= 1e-9 * fmax(1, fabs(mean)))
				continue;
			for (long i = 0; i < n; i++)
			{
				float		x[MOST_P];
				float		base[MOST_K];
				double		probs[MOST_K];
				double		z = j == 0 ? 1 : isnan(rows[i * stride + j]) ? 0 : (rows[i * stride + j] - mean) / scale;

				for (int l = 0; l < p; l++)
					x[l] = (float) rows[i * stride + l + 1];
				for (int l = 0; l < offsets; l++)
					base[l] = (float) rows[i * stride + width + l];
				if (logistic_apply(model, p, k, x, offsets > 0 ? base : NULL, probs) != CORE_OK)
					return INFINITY;
				sum += ((int) rows[i * stride] == a + first + 1 ? 1 - probs[a + first] : -probs[a + first]) * z;
			}
			if (j > 0)
				sum -= ridge * model[(a + 1) * width + j] * scale;
			most = fmax(most, fabs(sum) / n);
		}
	return most;
}

static void
random_rows(long n, int p, int k, int kind)
{
	for (long i = 0; i < n; i++)
	{
		double	   *row = rows + i * (p + 1 + offsets);

		row[0] = i < k ? i + 1 : 1 + tap_below(k);
		for (int j = 1; j <= p; j++)
		{
			double		x = tap_uniform() * 4 - 2 + (j == 1 ? row[0] : 0);

			if (kind == 1)
				x = j == 1 ? row[0] * 1e3 : x; /* the first feature separates the classes */
			else if (kind == 2)
				x = j > 1 ? row[1] : x; /* all features are one */
			else if (kind == 3)
				x = j == 2 ? 7.25 : x * ldexp(1, 20 * j - 60); /* scales worlds apart, one that never varies */
			row[j] = (float) x;
			if (kind == 4 && tap_below(3) == 0)
				row[j] = NAN;
			if (kind == 4 && j == p)
				row[j] = NAN;
		}
		for (int a = 0; a < offsets; a++)
			row[p + 1 + a] = (float) (tap_uniform() * 6 - 3);
	}
}

int
main(void)
{
	double		worst = 0;
	int			refused = 0,
				unfit = 0,
				strange = 0;
	float		x[2] = {1, NAN};
	double		probs[3];

	/* odds of 3 to 1 without features that vary: the intercept is the logarithm of the odds */
	for (int i = 0; i < 8; i++)
	{
		rows[2 * i] = i < 2 ? 1 : 2;
		rows[2 * i + 1] = 5;
	}
	ok(logistic_fit(rows, 1 + 1, 8, 1, 2, false, 1, model, work, check) == CORE_OK, "a fit");
	close_to(model[2], log(3), 1e-12, "the intercept alone is the log odds");
	close_to(model[3], 0, 0, "a feature that never varies has no coefficient");
	close_to(model[1], 5, 1e-15, "its mean is known");

	/* two rows each way: the coefficient b solves 2 (1 - p) = ridge b, p = 1 / (1 + exp(-b)), here by hand at ridge = 2 (1 - p) / b, b = 1 */
	for (int i = 0; i < 4; i++)
	{
		rows[2 * i] = i % 2 + 1;
		rows[2 * i + 1] = i % 2 == 0 ? -1 : 1;
	}
	ok(logistic_fit(rows, 1 + 1, 4, 1, 2, false, 4 / (1 + exp(1)), model, work, check) == CORE_OK, "a worked example");
	close_to(model[3], 1, 1e-12, "its coefficient");
	close_to(model[2], 0, 1e-12, "its intercept");

	for (int t = 0; t < 3000; t++)
	{
		int			p = 1 + tap_below(MOST_P),
					k = 2 + tap_below(MOST_K - 1);
		long		n = k + tap_below(t % 20 == 0 ? ROWS - k : 60);
		double		ridge = exp(tap_uniform() * 12 - 4),
					error;

		offsets = t % 3 == 0 ? logistic_outputs(k) : 0;
		random_rows(n, p, k, t % 5);
		if (logistic_fit(rows, p + 1 + offsets, n, p, k, offsets > 0, ridge, model, work, check) != CORE_OK)
		{
			unfit++;
			continue;
		}
		error = slope(n, p, k, ridge);
		if (!(error < 1e-6))
			printf("# kind %d n %ld p %d k %d ridge %g: slope %g\n", t % 5, n, p, k, ridge, error);
		worst = fmax(worst, error);
	}
	ok(unfit == 0, "3,000 fits of every kind of rows are found, a third of them beside margins");
	/* features are float4 when the model is applied, and rounding there counts */
	ok(worst < 1e-6, "and no direction leads up from any of them");
	printf("# largest slope a row: %g\n", worst);

	offsets = 0;
	random_rows(30, 2, 3, 0);
	for (int i = 0; i < 30; i++)
		if (rows[3 * i] == 2)
			rows[3 * i] = 1;
	ok(logistic_fit(rows, 2 + 1, 30, 2, 3, false, 1, model, work, check) == CORE_INVALID, "a class that never happened is refused");
	ok(checks > 0, "long loops ask whether to go on");

	/* any numbers for a model: probabilities or a refusal */
	for (int t = 0; t < 300000; t++)
	{
		double		sum = 0;
		int			k = 2 + t % 2;

		for (int j = 0; j < 12; j++)
			model[j] = tap_adversary();
		x[0] = (float) tap_adversary();
		if (isinf(x[0]))
			x[0] = NAN;
		if (logistic_apply(model, 2, k, x, NULL, probs) != CORE_OK)
		{
			refused++;
			continue;
		}
		for (int a = 0; a < k; a++)
		{
			strange += !(probs[a] >= 0 && probs[a] <= 1);
			sum += probs[a];
		}
		strange += !(fabs(sum - 1) < 1e-12);
	}
	ok(strange == 0 && refused > 0, "any model gives probabilities or is refused");
	return done_testing();
}
