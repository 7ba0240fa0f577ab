#include <stdlib.h>

#include "core/bootstrap.h"
#include "core/interval.h"
#include "tap.h"

#define ROWS 400

static bootstrap_row rows[ROWS],
			work[ROWS];
static double drawn[20000];

static void
interrupts(void)
{
}

static bootstrap_interval
interval(const bootstrap_row *from, int n, int replicates, uint64_t seed)
{
	bootstrap_interval result;

	memcpy(rows, from, n * sizeof(bootstrap_row));
	if (bootstrap_ratio(rows, work, n, drawn, replicates, seed, interrupts, &result) != CORE_OK)
		result.estimate = result.lower = NAN;
	return result;
}

/* The same bits for the rows in any order. */
static void
any_order(void)
{
	int			bad = 0;

	for (int round = 0; round < 1000; round++)
	{
		bootstrap_row bets[ROWS];
		int			n = 1 + tap_below(ROWS);
		bootstrap_interval a,
					b;

		for (int i = 0; i < n; i++)
		{
			bets[i].cluster = round % 2 ? (int64_t) tap_random() : tap_below(40);
			bets[i].weight = tap_below(10) ? 1 + tap_uniform() : 0;
			bets[i].value = bets[i].weight * (tap_below(2) ? -1 : tap_uniform() * 2);
		}
		a = interval(bets, n, 200, round);
		for (int i = n - 1; i > 0; i--)
		{
			int			j = tap_below(i + 1);
			bootstrap_row held = bets[i];

			bets[i] = bets[j];
			bets[j] = held;
		}
		b = interval(bets, n, 200, round);
		bad += memcmp(&a, &b, sizeof a) != 0;
		bad += a.bounded && !(a.lower <= a.upper && a.positive >= 0 && a.positive <= 1 && a.error >= 0);
	}
	ok(bad == 0, "1,000 sets of bets shuffled: the same bits");
}

/* Games at 2.0 with two equal bets each: the true mean is in the interval about 95 times in 100, and bets taken as independent fall short. */
static void
coverage(void)
{
	int			inside = 0,
				naive = 0;

	for (int round = 0; round < 1000; round++)
	{
		bootstrap_row bets[200];
		bootstrap_interval r;

		for (int i = 0; i < 200; i++)
		{
			bets[i].cluster = i / 2;
			bets[i].weight = 1;
			bets[i].value = i % 2 ? bets[i - 1].value : tap_below(2) ? 1 : -1;
		}
		r = interval(bets, 200, 500, round);
		inside += r.lower <= 0 && 0 <= r.upper;
		for (int i = 0; i < 200; i++)
			bets[i].cluster = i;
		r = interval(bets, 200, 500, round);
		naive += r.lower <= 0 && 0 <= r.upper;
	}
	printf("# coverage of 95 %%: clustered %d, bets taken as independent %d of 1000\n", inside, naive);
	ok(inside >= 920 && inside <= 975, "95 % of the clustered intervals hold the truth");
	ok(naive < 880, "taking both bets on a game as independent does not");
}

static void
adversaries(void)
{
	int			bad = 0;

	for (int round = 0; round < 100000; round++)
	{
		int			n = tap_below(6);
		bootstrap_interval r;

		for (int i = 0; i < n; i++)
		{
			double		value = tap_adversary();
			double		weight = fabs(tap_adversary());

			rows[i].cluster = tap_below(3) ? tap_below(3) : (int64_t) tap_random();
			rows[i].value = isfinite(value) ? value : 1;
			rows[i].weight = isfinite(weight) ? weight : 1;
		}
		if (bootstrap_ratio(rows, work, n, drawn, 100, round, interrupts, &r) != CORE_OK)
			continue;
		bad += r.known && !isfinite(r.estimate);
		bad += r.bounded && !(r.lower <= r.upper && isfinite(r.error) && r.positive >= 0 && r.positive <= 1);
	}
	ok(bad == 0, "100,000 awkward sets of bets: finite numbers or a refusal");
}

/* Against measures written out bet by bet, and what must hold of any bets. */
static void
paths(void)
{
	int			bad = 0;
	int			off = 0;

	for (int round = 0; round < 20000; round++)
	{
		bootstrap_bet bets[60];
		bootstrap_path_interval a[PATH_MEASURES],
					b[PATH_MEASURES];
		int			n = 1 + tap_below(60);
		double		balance = 100,
					peak = 100,
					fall = 0,
					share = 0,
					mean = 0,
					square = 0,
					below = 0;
		int			run = 0,
					longest = 0;
		void	   *work = malloc(bootstrap_path_work(n, 100));

		for (int i = 0; i < n; i++)
		{
			double		awkward = tap_adversary();

			bets[i].cluster = round % 2 ? tap_below(20) : (int64_t) tap_random();
			bets[i].stake = 0.5 + tap_uniform();
			bets[i].profit = bets[i].stake * (tap_below(2) ? -1 : tap_below(5) ? tap_uniform() * 2 : 0);
			if (round % 7 == 0 && isfinite(awkward))
				bets[i].profit = awkward;
		}
		if (bootstrap_path(bets, n, 100, 1.5, work, 100, round, interrupts, a) != CORE_OK)
		{
			bad += round % 7 != 0;
			free(work);
			continue;
		}
		bad += bootstrap_path(bets, n, 100, 1.5, work, 100, round, interrupts, b) != CORE_OK || memcmp(a, b, sizeof a) != 0;
		for (int k = 0; k < PATH_MEASURES; k++)
			bad += isnan(a[k].estimate) || !(a[k].lower <= a[k].upper);
		bad += a[PATH_DRAWDOWN].lower < 0 || a[PATH_FRACTION].lower < 0 || a[PATH_LOSING_RUN].lower < 0;
		free(work);
		if (round % 7 == 0)
			continue;
		for (int i = 0; i < n; i++)
		{
			double		part = bets[i].profit / bets[i].stake;

			balance += bets[i].profit;
			peak = fmax(peak, balance);
			fall = fmax(fall, peak - balance);
			share = fmax(share, (peak - balance) / peak);
			run = part < 0 ? run + 1 : part > 0 ? 0 : run;
			longest = longest > run ? longest : run;
			mean += part / n;
			below += part < 0 ? part * part / n : 0;
		}
		for (int i = 0; i < n; i++)
			square += pow(bets[i].profit / bets[i].stake - mean, 2);
		off += fabs(a[PATH_RETURN].estimate - (balance - 100) / 100) > 1e-12 || fabs(a[PATH_DRAWDOWN].estimate - fall) > 1e-10
			|| fabs(a[PATH_FRACTION].estimate - share) > 1e-12 || a[PATH_LOSING_RUN].estimate != longest;
		if (square > 1e-9)
			off += fabs(a[PATH_SHARPE].estimate - mean / sqrt(square / (n - 1))) > 1e-9;
		if (below > 0)
			off += fabs(a[PATH_SORTINO].estimate - mean / sqrt(below)) > 1e-9;
		if (share > 0)
			off += fabs(a[PATH_CALMAR].estimate - (pow(balance / 100, 1 / 1.5) - 1) / share) > 1e-8;
	}
	ok(bad == 0, "paths of 20,000 lists of bets: finite, ordered, the same bits again");
	ok(off == 0, "and their measures are those of a plain walk");
}

int
main(void)
{
	static const bootstrap_row bets[] = {{1, 10, 10}, {2, -10, 10}, {2, 5, 10}, {3, -10, 10}, {4, 30, 20}, {5, 0, 0}};
	bootstrap_interval r = interval(bets, 6, 10000, 42);

	ok(r.clusters == 4 && r.known && r.bounded, "four games with a stake");
	close_to(r.estimate, 25 / 60.0, 1e-15, "profit over turnover");
	ok(r.lower < r.estimate && r.estimate < r.upper, "within its interval");
	printf("# %.17g %.17g %.17g %.17g\n", r.lower, r.upper, r.error, r.positive);
	ok(!interval(bets, 1, 100, 1).bounded && interval(bets, 1, 100, 1).estimate == 1, "one game has no interval");
	ok(!interval(bets + 5, 1, 100, 1).known, "nor no stake an estimate");
	any_order();
	coverage();
	adversaries();
	paths();
	return done_testing();
}
