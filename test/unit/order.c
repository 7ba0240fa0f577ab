#include "core/order.h"
#include "tap.h"

#include <stdlib.h>

#define MOST 3000
#define MANY 60000
#define WIDTH 4

static double x[MANY],
			w[MANY],
			sorted[MANY],
			mine[MANY],
			work[MANY];
static int	calls;

static void
count_calls(void)
{
	calls++;
}

static int
ascending(const void *a, const void *b)
{
	double		p = *(const double *) a,
				q = *(const double *) b;

	return (p > q) - (p < q);
}

static int
rows_ascending(const void *a, const void *b)
{
	const double *p = a,
			   *q = b;
	int64_t		k,
				l;

	memcpy(&k, p, sizeof k);
	memcpy(&l, q, sizeof l);
	if (k != l)
		return k < l ? -1 : 1;
	for (int i = 1; i < WIDTH; i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	return 0;
}

/* Of a kind: spread evenly, few different, any size, one neighbourhood, already in order, infinite too. */
static void
values(double *into, size_t n, int kind)
{
	for (size_t i = 0; i < n; i++)
	{
		double		v = kind == 0 ? tap_uniform() : kind == 1 ? tap_below(5) : kind == 2 ? (tap_uniform() - 0.5) * pow(10, 600 * tap_uniform() - 300) :
			kind == 3 ? 1 + 0x1p-52 * tap_below(1000) : kind == 4 ? (double) i : tap_adversary();

		into[i] = isnan(v) ? -INFINITY : v;
	}
}

/* The definition: rest and what is greater make at most limit. */
static double
weighted(size_t n, double rest, double limit)
{
	double		best = INFINITY;

	for (size_t i = 0; i < n; i++)
	{
		double		above = rest;

		for (size_t j = 0; j < n; j++)
			above += x[j] > x[i] ? w[j] : 0;
		if (above <= limit)
			best = fmin(best, x[i]);
	}
	return best;
}

int
main(void)
{
	int			same = 1,
				many = 1,
				kth = 1,
				kth_in = 1,
				untouched = 1,
				places = 1,
				heavy = 1,
				rows = 1,
				keys = 1;

	for (int round = 0; round < 2000; round++)
	{
		size_t		n = 1 + tap_below(round % 20 ? 200 : MOST);

		values(x, n, round % 6);
		memcpy(sorted, x, n * sizeof(double));
		qsort(sorted, n, sizeof(double), ascending);
		memcpy(mine, x, n * sizeof(double));
		order_sort(mine, work, n);
		for (size_t i = 0; i < n; i++)
			same &= mine[i] == sorted[i];
		memcpy(mine, x, n * sizeof(double));
		order_sort_many(mine, work, n, count_calls);
		for (size_t i = 0; i < n; i++)
			many &= mine[i] == sorted[i];
		memcpy(mine, x, n * sizeof(double));
		for (int i = 0; i < 20; i++)
		{
			size_t		k = i == 0 ? 0 : i == 1 ? n - 1 : tap_below(n),
						below = 0,
						upto = 0,
						from;
			double		v = i % 2 ? sorted[k] : tap_adversary();

			kth &= order_kth(x, n, k, NULL) == sorted[k];
			kth_in &= order_kth_in(x, n, k, work, n, NULL) == sorted[k] && order_kth_in(x, n, k, NULL, 0, NULL) == sorted[k];
			if (isnan(v))
				continue;
			while (below < n && sorted[below] < v)
				below++;
			for (upto = below; upto < n && sorted[upto] <= v; upto++);
			from = tap_below(upto + 1);
			places &= order_below(sorted, n, v) == below && order_upto(sorted, n, v) == upto && order_upto_from(sorted, n, from, v) == upto;
		}
		untouched &= memcmp(mine, x, n * sizeof(double)) == 0;
	}
	ok(same, "2,000 sets of any kind: sorted as qsort does");
	ok(many, "also by what sorts very many");
	ok(kth, "40,000 places: the k-th of the sorted");
	ok(kth_in, "also with room to work in, and none");
	ok(untouched, "that only reads");
	ok(places, "how many are below, and how many not above, a value");

	for (int round = 0; round < 30; round++)
	{
		size_t		k = tap_below(MANY);

		values(x, MANY, round % 6);
		memcpy(sorted, x, sizeof x);
		qsort(sorted, MANY, sizeof(double), ascending);
		kth &= order_kth_in(x, MANY, k, work, MANY / 8 + 4096, count_calls) == sorted[k];
		memcpy(mine, x, sizeof x);
		order_sort_many(mine, work, MANY, count_calls);
		many &= memcmp(mine, sorted, sizeof x) == 0 || round % 6 == 5;
		for (size_t i = 0; i < MANY; i++)
			many &= mine[i] == sorted[i];
	}
	ok(kth && many && calls > 0, "sets of 60,000, with a look for interrupts on the way");

	for (int round = 0; round < 1500; round++)
	{
		size_t		n = 1 + tap_below(60);
		double		rest = tap_below(4),
					total = rest,
					limit;

		values(x, n, round % 6);
		for (size_t i = 0; i < n; i++)
			total += w[i] = tap_below(3) ? tap_below(8) : 0;
		/* whole weights add up exactly, whatever the order */
		limit = rest + tap_below((int) (total - rest) + 2);
		heavy &= order_weighted(x, w, 1, n, rest, limit, NULL) == weighted(n, rest, limit);
	}
	ok(heavy, "1,500 weighted quantiles are those of the definition");

	for (int round = 0; round < 2000; round++)
	{
		size_t		n = 1 + tap_below(round % 20 ? 50 : MOST);

		for (size_t i = 0; i < n; i++)
		{
			int64_t		key = round % 3 == 0 ? tap_below(4) - 2 : round % 3 == 1 ? (int64_t) tap_random() : (int64_t) i;

			memcpy(&x[i * WIDTH], &key, sizeof key);
			for (int k = 1; k < WIDTH; k++)
				x[i * WIDTH + k] = tap_below(3);
		}
		memcpy(sorted, x, n * WIDTH * sizeof(double));
		qsort(sorted, n, WIDTH * sizeof(double), rows_ascending);
		order_sort_rows(x, work, n, WIDTH, count_calls);
		rows &= memcmp(sorted, x, n * WIDTH * sizeof(double)) == 0;
	}
	ok(rows, "2,000 sets of rows: by the first column's integer, then by the others");

	for (int i = 0; i < 300000; i++)
	{
		double		p = tap_adversary(),
					q = tap_adversary(),
					key[2];
		int64_t		bits[2];

		if (isnan(p) || isnan(q))
			continue;
		order_key_set(&key[0], p);
		order_key_set(&key[1], q);
		memcpy(bits, key, sizeof bits);
		keys &= order_key_value(&key[0]) == p && !(p == 0 && signbit(order_key_value(&key[0]))) && (p < q) == (bits[0] < bits[1]) && (p == q) == (bits[0] == bits[1]);
	}
	ok(keys, "300,000 keys: in the order of their numbers, and back");
	return done_testing();
}
