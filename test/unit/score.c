#include "core/interval.h"
#include "core/score.h"
#include "core/sum.h"
#include "tap.h"

/* Sums of logarithms against extended precision: forecasts of every kind, merged at random places. */
static void
logs(void)
{
	double		worst = 0;
	int			sound = 1;

	for (int round = 0; round < 400; round++)
	{
		score_logs	logs = {.product = 1};
		score_logs	part = {.product = 1};
		long double want = 0;
		int			kind = round % 4;
		int			n = 1 + tap_below(2000);

		for (int i = 0; i < n; i++)
		{
			double		p = kind == 0 ? tap_uniform() : kind == 1 ? 1e-3 : kind == 2 ? pow(10, -17 * tap_uniform()) : tap_below(20) ? 1e-18 : 1e-290;
			int			happened = kind == 1 ? 0 : kind == 3 ? p < 1e-200 : tap_uniform() < p;

			score_logs_add_event(&part, p, happened);
			want -= happened ? logl(p) : log1pl(-(long double) p);
			sound &= score_logs_sound(&part);
			if (tap_below(700) == 0)
			{
				score_logs_merge(&logs, &part);
				part = (score_logs) {.product = 1};
			}
		}
		score_logs_merge(&logs, &part);
		want /= n;
		worst = fmax(worst, want == 0 ? fabs(score_logs_mean(&logs)) : fabs((double) ((score_logs_mean(&logs) - want) / want)));
	}
	ok(sound, "states stay what a state is");
	if (!ok(worst < 4e-16, "the mean of logarithms is that of extended precision to rounding, for small losses too"))
		printf("# off by %g of its size\n", worst);
}

static void
no_check(void)
{
}

/* Clusters found by looking at every pair of rows. */
static void
clusters(void)
{
	double		worst = 0;
	int			counted = 1;

	for (int round = 0; round < 500; round++)
	{
		score_row	row[120];
		score_cluster place[256] = {{0}};
		int			n = 1 + tap_below(120);
		double		mean = 0;
		double		got_mean,
					error;
		double		sum = 0;
		size_t		distinct = 0;
		size_t		got;

		for (int i = 0; i < n; i++)
		{
			row[i] = (score_row) {tap_below(40) * (int64_t) (round % 2 ? 1 : 1LL << 57), 1e3 + tap_uniform()};
			mean += row[i].value / n;
		}
		for (int i = 0; i < n; i++)
		{
			int			first = 1;

			for (int j = 0; j < i; j++)
				first &= row[j].cluster != row[i].cluster;
			distinct += first;
			for (int j = 0; j < n; j++)
				if (row[i].cluster == row[j].cluster)
					sum += (row[i].value - mean) * (row[j].value - mean);
		}
		got = score_clusters(row, n, place, &got_mean, &error, no_check);
		counted &= got == distinct;
		if (distinct > 1)
			worst = fmax(worst, fabs(error - sqrt(sum * distinct / (distinct - 1)) / n));
	}
	ok(counted, "clusters are counted");
	ok(worst < 1e-10, "and their error is that of all pairs of rows of one cluster");
}

int
main(void)
{
	double		probs[] = {0.9, 0.1, 0};
	double		bad[] = {0.9, 0.2};
	core_sum	sum = {0, 0};
	core_sum	other = {0, 0};
	core_moments a = {0};
	core_moments b = {0};

	ok(score_probs(probs, 3) == CORE_OK && score_probs(bad, 2) == CORE_INVALID, "probabilities sum to 1");
	bad[0] = NAN;
	ok(score_probs(bad, 2) == CORE_INVALID, "NaN is no probability");
	close_to(score_brier(probs, 3, 0), 0.02, 1e-15, "Brier");
	close_to(score_rps(probs, 3, 0), 0.005, 1e-15, "RPS");
	ok(isinf(score_log(0)) && score_log(1) == 0 && !signbit(score_log(1)), "log loss at the ends");
	ok(score_log_event(1e-18, 0) == 1e-18 && isinf(score_log_event(1, 0)), "of what did not happen");

	core_sum_add(&sum, 1);
	core_sum_add(&sum, 1e100);
	core_sum_add(&other, 1);
	core_sum_add(&other, -1e100);
	core_sum_merge(&sum, other);
	ok(core_sum_value(sum) == 2, "a compensated sum keeps what plain addition loses");
	core_sum_add(&sum, INFINITY);
	core_sum_add(&sum, 1);
	ok(isinf(core_sum_value(sum)), "an infinite sum stays infinite");

	for (int i = 0; i < 10; i++)
		core_moments_add(i < 3 ? &a : &b, 1e9 + i);
	core_moments_merge(&a, &b);
	ok(a.n == 10 && a.mean == 1e9 + 4.5, "moments merge");
	close_to(a.m2, 82.5, 1e-9, "far from 0");

	/* R 4.2: qt(0.975, df) */
	close_to(student_975(1), 12.706204736174705, 1e-12, "t with 1 degree of freedom");
	close_to(student_975(2), 4.302652729749464, 1e-12, "2");
	close_to(student_975(9), 2.262157162798205, 1e-12, "9");
	close_to(student_975(30), 2.042272456301238, 1e-12, "30");
	close_to(student_975(200), student_975(200 + 1e-9), 1e-11, "the expansion meets the series");
	close_to(student_975(1e12), 1.959963984540054, 1e-11, "the normal's in the end");
	logs();
	clusters();
	return done_testing();
}
