#include "tap.h"

#include <stdlib.h>

#include "core/conformal.h"
#include "core/normal.h"
#include "core/order.h"

static int
ascending(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

static double
normal(void)
{
	return normal_quantile(tap_uniform() * (1 - 1e-12) + 5e-13);
}

static double
quantile(const double *scores, size_t n, double alpha)
{
	return conformal_order_statistic(scores, n, alpha, NULL, 0, NULL);
}

/* Not below what was promised, but for chance (four and a half standard errors). */
static int
at_least(double share, double promised, int trials)
{
	return share >= promised - 4.5 * sqrt(promised * (1 - promised) / trials);
}

#define MANY 200000
static double x[MANY],
			y[MANY],
			sorted[MANY],
			work[MANY],
			room[MANY];

/* ---- order statistics ------------------------------------------------------------------------ */

static void
fill(int kind, size_t n)
{
	for (size_t j = 0; j < n; j++)
		switch (kind)
		{
			case 0:				/* few values */
				x[j] = tap_below(5) - 2;
				break;
			case 1:				/* any finite or infinite bits */
				do
					x[j] = tap_adversary();
				while (isnan(x[j]));
				break;
			case 2:				/* ascending, then one drop */
				x[j] = j == n / 2 ? -1 : (double) j;
				break;
			case 3:				/* organ pipe */
				x[j] = j < n / 2 ? (double) j : (double) (n - j);
				break;
			case 4:				/* alike in their leading bits */
				x[j] = 1 + tap_below(1 << 20) * 0x1p-52;
				break;
			case 5:				/* all alike but one */
				x[j] = j == n / 3 ? 2 : 1;
				break;
			case 6:				/* zeros of both signs */
				x[j] = tap_below(3) ? 0.0 : -0.0;
				break;
			default:
				x[j] = normal();
		}
}

static void
order_statistics(void)
{
	int			wrong = 0,
				unsorted = 0;

	for (int i = 0; i < 20000; i++)
	{
		size_t		n = 1 + (size_t) tap_below(i % 100 == 0 ? 3000 : 60),
					k = (size_t) (tap_uniform() * (double) n);
		double		v;

		fill(i % 8, n);
		memcpy(sorted, x, n * sizeof(double));
		memcpy(y, x, n * sizeof(double));
		qsort(sorted, n, sizeof(double), ascending);
		wrong += order_kth(x, n, k, NULL) != sorted[k];
		order_sort(y, work, n);
		for (size_t j = 0; j < n; j++)
			unsorted += y[j] != sorted[j];
		v = sorted[k];
		wrong += order_below(sorted, n, v) > k || order_upto_from(sorted, n, order_below(sorted, n, v), v) <= k ||
			order_upto_from(sorted, n, 0, v) != order_upto_from(sorted, n, k, v);
	}
	ok(wrong == 0, "the k-th smallest of few, in any order");
	ok(unsorted == 0, "sorted");
	wrong = 0;
	for (int i = 0; i < 48; i++)
	{
		size_t		n = (size_t) (MANY - tap_below(MANY / 2)),
					k = i < 8 ? 0 : i < 16 ? n - 1 : (size_t) (tap_uniform() * (double) n);

		fill(i % 8, n);
		memcpy(sorted, x, n * sizeof(double));
		order_sort(sorted, work, n);
		wrong += order_kth_in(x, n, k, room, n / 8 + 10000, NULL) != sorted[k] ||
			order_kth_in(x, n, k, room, 5000, NULL) != sorted[k] || order_kth(x, n, k, NULL) != sorted[k];
	}
	ok(wrong == 0, "the k-th smallest of many, with room, with too little and without");
	/* a sample that says nothing of the rest: the answer is right all the same */
	for (size_t j = 0; j < MANY; j++)
		x[j] = (double) (j % 1000);
	x[7] = -5;
	ok(order_kth_in(x, MANY, 0, room, MANY, NULL) == -5 && order_kth_in(x, MANY, 1, room, MANY, NULL) == 0, "the least, which no sample has");
}

/* ---- ranks -------------------------------------------------------------------------------------- */

static void
ranks(void)
{
	int			wrong = 0;

	for (int i = 0; i < 5000; i++)
	{
		size_t		n = 1 + (size_t) tap_below(60),
					k = 1 + (size_t) tap_below((int) n);
		double		alpha = ((double) (n + 1 - k) + 0.5 * tap_uniform()) / (double) (n + 1);

		fill(7, n);
		memcpy(sorted, x, n * sizeof(double));
		qsort(sorted, n, sizeof(double), ascending);
		wrong += alpha < 1 && quantile(x, n, alpha) != sorted[k - 1];
	}
	ok(wrong == 0, "every rank");

	/* alpha = m/(n+1) as decimals print it: the rank is n+1-m, never one beside it */
	wrong = 0;
	for (int n = 99; n < 10000; n += 100)
		for (int percent = 1; percent < 100; percent += 3)
		{
			int			rank = n + 1 - (n + 1) * percent / 100;
			double		got;

			for (int j = 0; j < n; j++)
				x[j] = j + 1;
			got = quantile(x, (size_t) n, percent / 100.0);
			wrong += rank > n ? !isinf(got) : got != rank;
		}
	ok(wrong == 0, "whole (n+1)*alpha");
	x[0] = INFINITY;
	x[1] = -INFINITY;
	x[2] = 0;
	ok(quantile(x, 3, 0.5) == 0 && quantile(x, 3, 0.25) == INFINITY && quantile(x, 3, 0.999) == -INFINITY, "infinite scores are scores");
	ok(quantile(x, 3, 0.2) == INFINITY && quantile(x, 0, 0.5) == INFINITY, "too few scores");
	ok(quantile(x, 3, 1 - 0x1p-53) == -INFINITY && quantile(x, 3, 5e-324) == INFINITY, "alpha at the ends");

	/* weights alike are no weights; a weight is that many scores */
	wrong = 0;
	for (int i = 0; i < 20000; i++)
	{
		size_t		n = 1 + (size_t) tap_below(40),
					m = 0;
		double		alpha = (1 + tap_below(998)) / 1000.0,
					scale = exp(20 * normal()),
					q;
		int			test = 1 + tap_below(3);

		fill(i % 8 == 1 ? 0 : i % 8, n);
		for (size_t j = 0; j < n; j++)
		{
			int			times = tap_below(4);

			work[j] = times * scale;
			for (int t = 0; t < times; t++)
				y[m++] = x[j];
		}
		if (conformal_weighted(x, work, 1, n, scale, alpha, NULL, &q) != CORE_OK || q != quantile(y, m, alpha))
			wrong++;
		for (size_t j = 0; j < n; j++)
			work[j] = test * scale;
		if (conformal_weighted(x, work, 1, n, test * scale, alpha, NULL, &q) != CORE_OK || q != quantile(x, n, alpha))
			wrong++;
	}
	ok(wrong == 0, "weights count like so many scores");
}

/* ---- what is promised, on data whose law is known ---------------------------------------------- */

static void
coverage(void)
{
	enum
	{
		TRIALS = 20000, N = 49
	};
	int			split = 0,
				sized = 0,
				regression = 0,
				each_side = 0,
				by_category[2] = {0, 0},
				seen[2] = {0, 0},
				weighted = 0,
				unweighted = 0,
				small_p = 0;
	double		cases[N],
				sigma[N],
				lows[N],
				highs[N],
				weights[N],
				scores[N];

	for (int t = 0; t < TRIALS; t++)
	{
		double		new_sigma = exp(normal()),
					outcome = new_sigma * normal(),
					low,
					high,
					q;
		int			category = tap_below(2),
					own = 0;

		for (int i = 0; i < N; i++)
		{
			sigma[i] = exp(normal());
			cases[i] = sigma[i] * normal();
			scores[i] = fabs(cases[i]);
			lows[i] = -sigma[i] / 2;	/* a poor quantile model */
			highs[i] = sigma[i] * 0.1;
		}
		split += fabs(outcome) <= quantile(scores, N, 0.1);
		small_p += conformal_pvalue(scores, N, fabs(outcome), 1) <= 0.1;
		for (int i = 0; i < N; i++)
			scores[i] = fabs(cases[i]) / (sigma[i] + 0.5);
		sized += fabs(outcome) <= quantile(scores, N, 0.1) * (new_sigma + 0.5);
		(void) conformal_cqr(-new_sigma / 2, new_sigma * 0.1, cases, lows, highs, N, 0.1, 1, work, NULL, &low, &high);
		regression += low <= outcome && outcome <= high;
		(void) conformal_cqr(-new_sigma / 2, new_sigma * 0.1, cases, lows, highs, N, 0.1, 0, work, NULL, &low, &high);
		each_side += low <= outcome && outcome <= high;

		/* two categories, one twice as wild: each has its coverage */
		for (int i = 0; i < N; i++)
			if (tap_below(2) == category)
				scores[own++] = fabs(normal()) * (category + 1);
		by_category[category] += fabs(normal()) * (category + 1) <= quantile(scores, (size_t) own, 0.1);
		seen[category]++;

		/* covariate shift: calibration x uniform in (0, 1), new x has density 2x, errors grow with x */
		for (int i = 0; i < N; i++)
		{
			weights[i] = tap_uniform();
			scores[i] = weights[i] * fabs(normal());
		}
		{
			double		new_x = sqrt(tap_uniform()),
						score = new_x * fabs(normal());

			(void) conformal_weighted(scores, weights, 1, N, new_x, 0.1, NULL, &q);
			weighted += score <= q;
			unweighted += score <= quantile(scores, N, 0.1);
		}
	}
	ok(at_least((double) split / TRIALS, 0.9, TRIALS) && split < 0.91 * TRIALS, "split: 90 %, and not much more");
	ok(at_least((double) sized / TRIALS, 0.9, TRIALS) && sized < 0.91 * TRIALS, "normalised");
	ok(at_least((double) regression / TRIALS, 0.9, TRIALS) && regression < 0.91 * TRIALS, "quantile regression");
	ok(at_least((double) each_side / TRIALS, 0.9, TRIALS) && each_side < 0.94 * TRIALS, "quantile regression, each side");
	ok(at_least((double) by_category[0] / seen[0], 0.9, seen[0]) && at_least((double) by_category[1] / seen[1], 0.9, seen[1]), "Mondrian: in each category");
	ok(at_least((double) weighted / TRIALS, 0.9, TRIALS), "weighted: under covariate shift");
	ok(!at_least((double) unweighted / TRIALS, 0.9, TRIALS), "where without weights it is missed");
	ok(at_least(1 - (double) small_p / TRIALS, 0.9, TRIALS), "a p-value is at most 0.1 with probability 0.1");
}

/* A mean of 20 cases is the model; each left out in turn, or each of 4 folds. */
static void
refitted(void)
{
	enum
	{
		TRIALS = 20000, N = 20
	};
	int			jackknife = 0,
				folds = 0;

	for (int t = 0; t < TRIALS; t++)
	{
		double		cases[N],
					prediction[N],
					residual[N],
					sum = 0,
					outcome = normal(),
					low,
					high;
		int			fold[N];

		for (int i = 0; i < N; i++)
			sum += cases[i] = normal();
		for (int i = 0; i < N; i++)
		{
			prediction[i] = (sum - cases[i]) / (N - 1);
			residual[i] = fabs(cases[i] - prediction[i]);
		}
		(void) conformal_jackknife(prediction, NULL, residual, N, 0.1, work, NULL, &low, &high);
		jackknife += low <= outcome && outcome <= high;
		for (int k = 0; k < 4; k++)
		{
			double		of_fold = 0;

			for (int i = k; i < N; i += 4)
				of_fold += cases[i];
			prediction[k] = (sum - of_fold) / (N - 5);
		}
		for (int i = 0; i < N; i++)
		{
			fold[i] = i % 4 + 1;
			residual[i] = fabs(cases[i] - prediction[i % 4]);
		}
		(void) conformal_jackknife(prediction, fold, residual, N, 0.1, work, NULL, &low, &high);
		folds += low <= outcome && outcome <= high;
	}
	ok(at_least((double) jackknife / TRIALS, 0.8, TRIALS), "jackknife+: at least 1 - 2 alpha");
	ok(fabs((double) jackknife / TRIALS - 0.9) < 0.01, "and for a stable model about 1 - alpha");
	ok(at_least((double) folds / TRIALS, 0.8, TRIALS) && fabs((double) folds / TRIALS - 0.9) < 0.02, "CV+ alike");
}

/* ---- online: whatever the scores do --------------------------------------------------------------- */

static double
wild(int kind, int i)
{
	switch (kind)
	{
		case 0:
			return tap_uniform();
		case 1:					/* jumps */
			return tap_uniform() * (i / 700 % 2 ? 1 : 0.05);
		case 2:					/* grows to its bound */
			return i / 20000.0 * tap_uniform();
		default:				/* all or nothing */
			return i / 50 % 2;
	}
}

static void
online(void)
{
	enum
	{
		STEPS = 20000
	};
	static double stream[STEPS],
				alpha_t[STEPS],
				q[STEPS];
	static unsigned char error[STEPS];
	static size_t tree[STEPS + 1];
	int			wrong = 0,
				late = 0,
				early = 0;

	for (int kind = 0; kind < 4; kind++)
	{
		double		errors = 0;

		for (int i = 0; i < STEPS; i++)
			stream[i] = wild(kind, i);
		conformal_aci_stream(stream, 0, stream, STEPS, 0.1, 0.02, sorted, work, tree, NULL, alpha_t, q, error);
		for (int i = 0; i < STEPS; i++)
		{
			errors += error[i];
			if (i > 100)
				wrong += fabs(errors / (i + 1) - 0.1) > (0.9 + 0.02) / (0.02 * (i + 1));
		}
		for (int i = 0; i < 300; i++)
			wrong += alpha_t[i] > 0 && alpha_t[i] < 1 && q[i] != quantile(stream, (size_t) i, alpha_t[i]);
	}
	ok(wrong == 0, "ACI: the share of errors is within its bound of alpha at every step, whatever comes");

	wrong = 0;
	for (int kind = 0; kind < 4; kind++)
		for (int integral = 0; integral < 2; integral++)
		{
			conformal_pid state = {0, 0, 0, 0};
			conformal_pid_gains gains = {0.1, 0.05, integral ? 2 : 0, 0.3};

			for (int i = 0; i < STEPS; i++)
			{
				conformal_pid_update(&state, wild(kind, i), &gains, 0);
				wrong += isnan(state.quantile);
				/* the tracker: (b + eta) / (eta t); with an integrator that saturates at C t / log t: that / t, and a step */
				if (!integral)
					wrong += fabs(state.errors / state.n - 0.1) > (1 + 0.05) / (0.05 * state.n);
			}
			wrong += fabs(state.errors / state.n - 0.1) > 0.01;
		}
	ok(wrong == 0, "PID: and the same, with the integrator or without");

	/* a drift of the scores that the tracker alone is too slow for: the integrator keeps the share in every stretch */
	for (int integral = 0; integral < 2; integral++)
	{
		conformal_pid state = {1, 1, 0, 0};
		conformal_pid_gains gains = {0.1, 0.01, integral ? 20 : 0, 0.5};

		for (int i = 0; i < 2000; i++)
		{
			double		before = state.errors;

			conformal_pid_update(&state, 1 + i * 0.005 + tap_uniform(), &gains, 0);
			*(integral ? &late : &early) += state.errors > before;
		}
	}
	ok(late < early, "PID: the integrator catches up with a drift");
}

int
main(void)
{
	order_statistics();
	ranks();
	coverage();
	refitted();
	online();
	return done_testing();
}
