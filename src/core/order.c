#include "core/order.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/sum.h"

#define DIGIT 11				/* bits that one pass tells apart; six passes tell all 64 */
#define BUCKETS (1 << DIGIT)
#define FEW 128					/* fewer are sorted by insertion */

/* Unsigned numbers in the order of the doubles. */
static inline uint64_t
key_of(double x)
{
	uint64_t	bits;

	x += 0.0;					/* -0 becomes 0 */
	memcpy(&bits, &x, sizeof bits);
	return bits ^ ((uint64_t) ((int64_t) bits >> 63) | UINT64_C(1) << 63);
}

static inline double
value_of(uint64_t key)
{
	uint64_t	bits = key ^ (key >> 63 ? UINT64_C(1) << 63 : ~UINT64_C(0));
	double		x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

static void
insertion_sort(double *x, size_t n)
{
	for (size_t i = 1; i < n; i++)
	{
		double		held = x[i];
		size_t		j = i;

		for (; j > 0 && x[j - 1] > held; j--)
			x[j] = x[j - 1];
		x[j] = held;
	}
}

/*
 * Counts by the leading digit, goes on with the bucket that holds the k-th, and so on through
 * the digits. Two tables in turns: neighbours often share a bucket, and the next increment
 * would wait for the last.
 */
double
order_kth(const double *x, size_t n, size_t k, void (*interrupts) (void))
{
	uint64_t	prefix = 0,
				mask = 0;
	size_t		within = n;

	for (int shift = 64 - DIGIT; within > FEW && mask != ~UINT64_C(0); shift -= DIGIT)
	{
		int			by = shift < 0 ? 0 : shift;
		size_t		count[2][BUCKETS];
		size_t		i = 0,
					b = 0;

		memset(count, 0, sizeof count);
		for (; mask == 0 && i + 1 < n; i += 2)
		{
			count[0][key_of(x[i]) >> by]++;
			count[1][key_of(x[i + 1]) >> by]++;
		}
		for (; i < n; i++)
		{
			uint64_t	key = key_of(x[i]);

			if ((key & mask) == prefix)
				count[0][key >> by & (BUCKETS - 1)]++;
		}
		while (k >= count[0][b] + count[1][b])
		{
			k -= count[0][b] + count[1][b];
			b++;
		}
		within = count[0][b] + count[1][b];
		prefix |= (uint64_t) b << by;
		mask |= (uint64_t) (BUCKETS - 1) << by;
		if (interrupts != NULL)
			interrupts();
	}
	if (within > FEW)
		return value_of(prefix);	/* all of them equal */
	else
	{
		double		few[FEW];
		size_t		m = 0;

		for (size_t i = 0; i < n && m < within; i++)
			if ((key_of(x[i]) & mask) == prefix)
				few[m++] = x[i] + 0.0;
		insertion_sort(few, m);
		return few[k];
	}
}

#define SAMPLE 1024
#define BLOCK 4096

/*
 * Two values of a sample that the k-th should lie between (Floyd & Rivest 1975), and one pass
 * that counts what is below and keeps what is between. Whether it worked is known afterwards.
 */
double
order_kth_in(const double *x, size_t n, size_t k, double *work, size_t room, void (*interrupts) (void))
{
	double		sample[SAMPLE],
				spare[SAMPLE],
				share = (double) k / (double) n,
				reach = 3 * sqrt(SAMPLE * share * (1 - share)) + 2,
				from = SAMPLE * share - reach,
				to = SAMPLE * share + reach,
				lo,
				hi;
	size_t		below = 0,
				at_lo = 0,
				at_hi = 0,
				between = 0,
				i = 0;
	uint64_t	draw = n;

	if (work == NULL || n < 16 * SAMPLE)
		return order_kth(x, n, k, interrupts);
	for (int j = 0; j < SAMPLE; j++)
	{
		draw = draw * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		sample[j] = x[(draw >> 11) % n];
	}
	order_sort(sample, spare, SAMPLE);
	lo = from < 0 ? -INFINITY : sample[(size_t) from];
	hi = to >= SAMPLE ? INFINITY : sample[(size_t) to];
	while (i < n && between + BLOCK <= room)
	{
		size_t		end = n - i > BLOCK ? i + BLOCK : n;

		for (; i < end; i++)
		{
			double		v = x[i];

			below += v < lo;
			at_lo += v == lo;
			at_hi += v == hi;
			work[between] = v;
			between += (v > lo) & (v < hi);
		}
		if (interrupts != NULL && i % (BLOCK * 256) == 0)
			interrupts();
	}
	if (i < n || k < below)
		return order_kth(x, n, k, interrupts);
	k -= below;
	if (k < at_lo)
		return lo + 0.0;
	k -= at_lo;
	if (k < between)
		return order_kth(work, between, k, interrupts);
	return k - between < at_hi ? hi + 0.0 : order_kth(x, n, k + below + at_lo, interrupts);
}

double
order_weighted(const double *x, const double *w, size_t stride, size_t n, double rest, double limit,
			   void (*interrupts) (void))
{
	uint64_t	prefix = 0,
				mask = 0;
	core_sum	above = {rest, 0};

	for (int shift = 64 - DIGIT; mask != ~UINT64_C(0); shift -= DIGIT)
	{
		int			by = shift < 0 ? 0 : shift;
		core_sum	weight[BUCKETS];
		size_t		count[BUCKETS];
		size_t		chosen = 0,
					b;

		memset(weight, 0, sizeof weight);
		memset(count, 0, sizeof count);
		for (size_t i = 0; i < n; i++)
		{
			uint64_t	key = key_of(x[i * stride]);

			if ((key & mask) == prefix)
			{
				b = key >> by & (BUCKETS - 1);
				core_sum_add(&weight[b], w[i * stride]);
				count[b]++;
			}
		}
		for (b = BUCKETS; b-- > 0;)
		{
			core_sum	with = above;

			if (count[b] == 0)
				continue;
			chosen = b;
			core_sum_merge(&with, weight[b]);
			if (core_sum_value(with) > limit)
				break;
			above = with;
		}
		if (b == (size_t) -1)	/* no weight is too much: go on to the smallest */
			limit = INFINITY;
		prefix |= (uint64_t) chosen << by;
		mask |= (uint64_t) (BUCKETS - 1) << by;
		if (interrupts != NULL)
			interrupts();
		if (count[chosen] == 1)
		{
			for (size_t i = 0; i < n; i++)
				if ((key_of(x[i * stride]) & mask) == prefix)
					return x[i * stride] + 0.0;
		}
	}
	return value_of(prefix);
}

void
order_sort(double *x, double *work, size_t n)
{
	order_sort_many(x, work, n, NULL);
}

void
order_sort_many(double *x, double *work, size_t n, void (*interrupts) (void))
{
	size_t		count[8][256];
	double	   *from = x,
			   *to = work;
	size_t		i = 1;

	while (i < n && x[i - 1] <= x[i])
		i++;
	if (i >= n)
		return;					/* in order already */
	if (n <= FEW)
	{
		insertion_sort(x, n);
		return;
	}
	memset(count, 0, sizeof count);
	for (i = 0; i < n; i++)
	{
		uint64_t	key = key_of(x[i]);

		for (int d = 0; d < 8; d++)
			count[d][key >> 8 * d & 255]++;
	}
	for (int d = 0; d < 8; d++)
	{
		size_t		place = 0;

		if (interrupts != NULL)
			interrupts();
		if (count[d][key_of(x[0]) >> 8 * d & 255] == n)
			continue;			/* all share this digit */
		for (int b = 0; b < 256; b++)
		{
			size_t		here = count[d][b];

			count[d][b] = place;
			place += here;
		}
		for (i = 0; i < n; i++)
			to[count[d][key_of(from[i]) >> 8 * d & 255]++] = from[i];
		{
			double	   *held = from;

			from = to;
			to = held;
		}
	}
	if (from != x)
		memcpy(x, from, n * sizeof(double));
}

void
order_key_set(double *column, double x)
{
	uint64_t	bits = key_of(x) ^ UINT64_C(1) << 63;

	memcpy(column, &bits, sizeof bits);
}

double
order_key_value(const double *column)
{
	uint64_t	bits;

	memcpy(&bits, column, sizeof bits);
	return value_of(bits ^ UINT64_C(1) << 63);
}

static int
row_after(const double *a, const double *b, size_t width)
{
	int64_t		key_a,
				key_b;

	memcpy(&key_a, a, sizeof key_a);
	memcpy(&key_b, b, sizeof key_b);
	if (key_a != key_b)
		return key_a > key_b;
	for (size_t c = 1; c < width; c++)
		if (a[c] != b[c])
			return a[c] > b[c];
	return 0;
}

/* Merging runs of 1, 2, 4, … rows; runs that already follow each other are copied. */
void
order_sort_rows(double *rows, double *work, size_t n, size_t width, void (*interrupts) (void))
{
	size_t		size = width * sizeof(double);
	size_t		sorted = 1;
	double	   *from = rows,
			   *to = work;

	while (sorted < n && !row_after(rows + (sorted - 1) * width, rows + sorted * width, width))
		sorted++;
	if (sorted >= n)
		return;
	for (size_t run = 1; run < n; run *= 2)
	{
		for (size_t start = 0; start < n; start += 2 * run)
		{
			size_t		left = start,
						middle = n - start < run ? n : start + run,
						right = middle,
						end = n - start < 2 * run ? n : start + 2 * run;
			double	   *out = to + start * width;

			if (right < end && row_after(from + (middle - 1) * width, from + middle * width, width))
				while (left < middle && right < end)
				{
					size_t	   *next = row_after(from + left * width, from + right * width, width) ? &right : &left;

					memcpy(out, from + *next * width, size);
					out += width;
					++*next;
				}
			memcpy(out, from + left * width, (middle - left) * size);
			memcpy(out + (middle - left) * width, from + right * width, (end - right) * size);
			if (start % 65536 == 0)
				interrupts();
		}
		{
			double	   *held = from;

			from = to;
			to = held;
		}
	}
	if (from != rows)
		memcpy(rows, from, n * size);
}

/* Without a jump on what is compared, which nothing could foretell. */
size_t
order_below(const double *sorted, size_t n, double v)
{
	const double *base = sorted;

	if (n == 0)
		return 0;
	while (n > 1)
	{
		size_t		half = n / 2;

		base += half & -(size_t) (base[half - 1] < v);
		n -= half;
	}
	return (size_t) (base - sorted) + (*base < v);
}

size_t
order_upto(const double *sorted, size_t n, double v)
{
	return order_upto_from(sorted, n, 0, v);
}

size_t
order_upto_from(const double *sorted, size_t n, size_t from, double v)
{
	size_t		step = 1,
				lo = from,
				hi = from;

	while (hi < n && sorted[hi] <= v)
	{
		lo = hi + 1;
		hi += step;
		step *= 2;
	}
	if (hi > n)
		hi = n;
	while (lo < hi)
	{
		size_t		middle = lo + (hi - lo) / 2;

		if (sorted[middle] <= v)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}
