#include <stdlib.h>

#include "core/interval.h"
#include "core/order.h"
#include "core/returns.h"
#include "tap.h"

static void
interrupts(void)
{
}

/*
 * Samples of whole numbers, scaled and shifted by powers of two, so that nothing rounds on the way in and
 * sums in whole numbers say exactly what must come out; in one piece and in parts.
 */
static void
random_moments(void)
{
	double		worst_sharpe = 0,
				worst_sortino = 0,
				worst_shape = 0,
				worst_merge = 0;

	for (int round = 0; round < 20000; round++)
	{
		returns_moments whole = {0};
		returns_moments parts[3] = {{0}};
		long double s1 = 0,
					s2 = 0,
					s3 = 0,
					s4 = 0,
					down = 0;
		int			n = 2 + tap_below(60);
		int			width = 2 + tap_below(1000);
		double		scale = ldexp(1, tap_below(41) - 20);
		double		offset = round % 2 ? 0 : tap_below(1 << 20);
		double		values[62];
		double		got,
					want,
					merged;

		for (int i = 0; i < n; i++)
		{
			int			v = tap_below(width) - width / 2;

			values[i] = v;
			s1 += v;
			down += v < 0 ? (long double) v * v : 0;
			returns_moments_add(&whole, (v + offset) * scale, offset * scale, 0);
			returns_moments_add(&parts[tap_below(3)], (v + offset) * scale, offset * scale, 0);
		}
		for (int i = 0; i < n; i++)
		{
			long double d = values[i] - s1 / n;

			s2 += d * d;
			s3 += d * d * d;
			s4 += d * d * d * d;
		}
		returns_moments_merge(&parts[0], &parts[1]);
		returns_moments_merge(&parts[0], &parts[2]);
		if (returns_sharpe(&whole, &got) == CORE_OK)
		{
			want = (double) (s1 / n / sqrtl(s2 / (n - 1)));
			worst_sharpe = fmax(worst_sharpe, fabs(got - want) / fmax(1, fabs(want)));
			worst_merge = fmax(worst_merge, returns_sharpe(&parts[0], &merged) == CORE_OK ? fabs(merged - got) / fmax(1, fabs(got)) : 1);
			want = (double) (s3 / n / (s2 / n) / sqrtl(s2 / n));
			worst_shape = fmax(worst_shape, returns_skewness(&whole, &got) == CORE_OK ? fabs(got - want) / fmax(1, fabs(want)) : 1);
			worst_merge = fmax(worst_merge, returns_skewness(&parts[0], &merged) == CORE_OK ? fabs(merged - got) / fmax(1, fabs(got)) : 1);
			want = (double) (s4 * n / (s2 * s2));
			worst_shape = fmax(worst_shape, returns_kurtosis(&whole, &got) == CORE_OK ? fabs(got - want) / want : 1);
			worst_merge = fmax(worst_merge, returns_kurtosis(&parts[0], &merged) == CORE_OK ? fabs(merged - got) / got : 1);
		}
		if (returns_sortino(&whole, &got) == CORE_OK)
		{
			want = (double) (s1 / n / sqrtl(down / n));
			worst_sortino = fmax(worst_sortino, fabs(got - want) / fmax(1, fabs(want)));
		}
	}
	printf("# largest errors: sharpe %.1g, sortino %.1g, shape %.1g, merged %.1g\n", worst_sharpe, worst_sortino, worst_shape, worst_merge);
	ok(worst_sharpe < 1e-13 && worst_sortino < 1e-13 && worst_shape < 1e-12, "20,000 samples: ratios and shape as whole numbers have them");
	ok(worst_merge < 1e-12, "parts merge to the whole");
}

/* Nothing that is accepted becomes NaN: what overflowed says so by being infinite or NaN in the sums. */
static void
adversaries(void)
{
	int			bad = 0;

	for (int round = 0; round < 300000; round++)
	{
		returns_moments m = {0};
		returns_curve curve = {0};
		int			n = tap_below(6);
		double		ratio;

		for (int i = 0; i < n; i++)
		{
			double		value = tap_adversary();

			if (!isfinite(value))
				continue;
			returns_moments_add(&m, value, 0, 0);
			if (returns_curve_add(&curve, value, 100, 0) == CORE_OK)
				bad += !(curve.drawdown >= 0 && curve.fraction >= 0);
		}
		if (isfinite(m.m2) && isfinite(m.mean) && returns_sharpe(&m, &ratio) == CORE_OK)
			bad += isnan(ratio);
		if (returns_sortino(&m, &ratio) == CORE_OK && isfinite(m.mean) && isfinite(core_sum_value(m.shortfall2)))
			bad += isnan(ratio);
	}
	ok(bad == 0, "300,000 awkward samples");
}

static int
by_time(const void *a, const void *b)
{
	const returns_bet *x = a,
			   *y = b;

	if (x->at != y->at)
		return x->at > y->at ? 1 : -1;
	return (x->profit > y->profit) - (x->profit < y->profit);
}

static int
by_value(const void *a, const void *b)
{
	return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

/* Bets with times, whole amounts: falls and runs as a walk over every pair of days finds them. */
static void
random_curves(void)
{
	int			bad_order = 0,
				bad_curve = 0,
				bad_runs = 0,
				bad_tail = 0;

	for (int round = 0; round < 100000; round++)
	{
		returns_bet bets[40],
					work[40],
					sorted[40];
		double		balance[41],
					profits[40],
					fall = 0,
					share = 0,
					alpha = (1 + tap_below(99)) / 100.0,
					place,
					mean = 0;
		returns_curve curve;
		returns_runs runs = {0};
		int			n = 1 + tap_below(40),
					steps = 0,
					under = 0,
					longest = 0,
					losing = 0;

		for (int i = 0; i < n; i++)
		{
			bets[i].at = round % 3 ? tap_below(n) : (int64_t) tap_random();
			bets[i].profit = tap_below(41) - 20;
		}
		memcpy(sorted, bets, sizeof sorted);
		qsort(sorted, n, sizeof *sorted, by_time);
		order_sort_rows((double *) bets, (double *) work, n, 2, interrupts);
		bad_order += memcmp(bets, sorted, n * sizeof *bets) != 0;

		balance[0] = 100;
		for (int i = 0; i < n; i++)
		{
			balance[i + 1] = balance[i] + sorted[i].profit;
			profits[i] = sorted[i].profit;
		}
		for (int i = 0, peak_at = 0; i < n; i++)
		{
			if (i + 1 < n && sorted[i + 1].at == sorted[i].at)
				continue;		/* not yet settled */
			fall = fmax(fall, balance[peak_at] - balance[i + 1]);
			share = fmax(share, (balance[peak_at] - balance[i + 1]) / balance[peak_at]);
			if (balance[i + 1] >= balance[peak_at])
			{
				peak_at = i + 1;
				under = 0;
			}
			else
				under += i + 1 - steps;
			steps = i + 1;
			longest = under > longest ? under : longest;
		}
		bad_curve += returns_curve_of(bets, n, 100, &curve) != CORE_OK || curve.drawdown != fall || curve.fraction != share || curve.longest != longest;

		for (int from = 0; from < n; from++)
			for (int to = from, run = 0; to < n && profits[to] <= 0; to++)
			{
				run += profits[to] < 0;
				losing = run > losing ? run : losing;
			}
		for (int i = 0; i < n; i++)
			returns_runs_add(&runs, profits[i]);
		bad_runs += runs.longest_losing != losing;

		/* alpha in hundredths: the place is exact in whole numbers */
		qsort(profits, n, sizeof(double), by_value);
		place = (n - 1) * lround(alpha * 100) / 100.0;
		for (int i = 0; i <= (n - 1) * (int) lround(alpha * 100) / 100; i++)
			mean += profits[i];
		mean /= (n - 1) * (int) lround(alpha * 100) / 100 + 1;
		{
			int			rank = (n - 1) * (int) lround(alpha * 100) / 100;
			double		want = profits[rank] + (rank + 1 < n ? (place - rank) * (profits[rank + 1] - profits[rank]) : 0);

			bad_tail += fabs(returns_value_at_risk(profits, n, alpha, interrupts) + want) > 1e-11;
			bad_tail += fabs(returns_shortfall(profits, n, alpha, interrupts) + mean) > 1e-12;
		}
	}
	ok(bad_order == 0, "100,000 lists of bets: one order");
	ok(bad_curve == 0, "their falls");
	ok(bad_runs == 0, "their runs");
	ok(bad_tail == 0, "their worst returns");
}

int
main(void)
{
	static const double profits[] = {10, -20, 5, -30, 50};
	returns_curve curve = {0};
	returns_turnover all = {0};
	returns_turnover a = {0};
	returns_turnover b = {0};
	returns_interval r;

	for (int i = 0; i < 5; i++)
		ok(returns_curve_add(&curve, profits[i], 100, 0) == CORE_OK, "a bet");
	ok(curve.drawdown == 45 && curve.longest == 3, "furthest below a peak, and for how long");
	close_to(curve.fraction, 45 / 110.0, 1e-15, "as a share");
	ok(returns_curve_add(&curve, 1, 101, 0) == CORE_INVALID, "one bankroll");

	r = returns_of(&all);
	ok(!r.known && !r.bounded, "nothing bet");
	returns_add(&all, 50, 100);
	r = returns_of(&all);
	ok(r.known && r.roi == 0.5 && !r.bounded, "one row has no interval");
	returns_add(&all, 0, 50);
	returns_add(&all, 0, 50);
	returns_add(&a, 50, 100);
	returns_add(&b, 0, 50);
	returns_add(&b, 0, 50);
	returns_merge(&a, &b);
	r = returns_of(&a);
	ok(r.roi == 0.25 && r.upper == returns_of(&all).upper, "parts merge");
	close_to(r.upper - r.roi, 4.302652729749464 * sqrt(1.5 * 937.5) / 200, 1e-12, "the ratio's interval");

	close_to(returns_bets_needed(0.05, 2, 0.05, 0.8), 2471, 1e-9, "bets for 5 % at evens");
	random_curves();
	random_moments();
	adversaries();
	return done_testing();
}
