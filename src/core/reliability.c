#include "core/reliability.h"

#include <math.h>

#include "core/order.h"

void
reliability_merge(reliability_bin *into, const reliability_bin *from)
{
	into->n += from->n;
	into->hits += from->hits;
	core_sum_merge(&into->off, from->off);
	core_sum_merge(&into->off2, from->off2);
	core_sum_merge(&into->hit_off, from->hit_off);
}

static int
sum_sound(core_sum sum, double n)
{
	return fabs(sum.high) <= n && fabs(sum.low) <= 1e-6 * n;
}

int
reliability_sound(const reliability_bin *bin)
{
	return bin->n >= 0 && bin->n <= 0x1p53 && bin->n == floor(bin->n) && bin->hits >= 0 && bin->hits <= bin->n &&
		sum_sound(bin->off, bin->n) && sum_sound(bin->off2, bin->n) && sum_sound(bin->hit_off, bin->hits) && bin->off2.high >= 0;
}

int
reliability_lines(const reliability_bin *bin, int bins, reliability_line *line)
{
	int			lines = 0;

	for (int k = 0; k < bins; k++)
		if (bin[k].n > 0)
			line[lines++] = (reliability_line) {
				(double) k / bins, (k + 1.0) / bins, bin[k].n,
				fmin(fmax(reliability_centre(k, bins) + core_sum_value(bin[k].off) / bin[k].n, 0), 1), bin[k].hits / bin[k].n
			};
	return lines;
}

void
reliability_error(const reliability_line *line, int lines, double *expected, double *greatest)
{
	core_sum	sum = {0};
	double		n = 0;

	*greatest = 0;
	for (int k = 0; k < lines; k++)
	{
		double		gap = fabs(line[k].mean - line[k].frequency);

		core_sum_add(&sum, line[k].n * gap);
		n += line[k].n;
		*greatest = fmax(*greatest, gap);
	}
	*expected = core_sum_value(sum) / n;
}

/* Sums over groups on the way to the parts. */
typedef struct group_sums
{
	double		n;
	double		hits;
	core_sum	brier;
	core_sum	reliability;
	core_sum	squares;		/* of the frequencies */
	core_sum	variance;
	core_sum	covariance;
} group_sums;

static void
parts_of(const group_sums *sums, double centre, reliability_parts *parts)
{
	double		n = sums->n;
	double		base = sums->hits / n;

	parts->brier = core_sum_value(sums->brier) / n;
	parts->reliability = core_sum_value(sums->reliability) / n;
	/* the squares are about the centre, which is near the base rate: little cancels */
	parts->resolution = fmax(core_sum_value(sums->squares) / n - (base - centre) * (base - centre), 0);
	parts->uncertainty = base * (1 - base);
	parts->within_variance = core_sum_value(sums->variance) / n;
	parts->within_covariance = 2 * core_sum_value(sums->covariance) / n;
}

static double
base_rate(const reliability_bin *bin, int bins)
{
	double		n = 0;
	double		hits = 0;

	for (int k = 0; k < bins; k++)
	{
		n += bin[k].n;
		hits += bin[k].hits;
	}
	return hits / n;
}

void
reliability_decompose(const reliability_bin *bin, int bins, reliability_parts *parts)
{
	group_sums	sums = {0};
	double		base = base_rate(bin, bins);

	for (int k = 0; k < bins; k++)
	{
		double		centre = reliability_centre(k, bins);
		double		n = bin[k].n;
		double		off,
					off2,
					hit_off,
					frequency;

		if (n == 0)
			continue;
		off = core_sum_value(bin[k].off);
		off2 = core_sum_value(bin[k].off2);
		hit_off = core_sum_value(bin[k].hit_off);
		frequency = bin[k].hits / n;
		sums.n += n;
		sums.hits += bin[k].hits;
		/* (p - y)^2 with p = centre + off, over hits and misses */
		core_sum_add(&sums.brier, off2 + 2 * (centre * off - hit_off) + bin[k].hits * (1 - centre) * (1 - centre) + (n - bin[k].hits) * centre * centre);
		core_sum_add(&sums.reliability, n * pow(centre + off / n - frequency, 2));
		core_sum_add(&sums.squares, n * (frequency - base) * (frequency - base));
		core_sum_add(&sums.variance, fmax(off2 - off * off / n, 0));
		core_sum_add(&sums.covariance, hit_off - off * frequency);
	}
	parts_of(&sums, base, parts);
}

size_t
reliability_split(double *values, double *work, size_t n)
{
	size_t		happened = 0;
	size_t		rest = n;

	for (size_t i = 0; i < n; i++)
	{
		if (signbit(values[i]))
			work[--rest] = -values[i];
		else
			work[happened++] = values[i];
	}
	for (size_t i = 0; i < n; i++)
		values[i] = work[i];
	order_sort(values, work, happened);
	order_sort(values + happened, work, n - happened);
	return happened;
}

/* The next distinct forecast of the two sorted runs: how many times, and in how many of them it happened. */
typedef struct walk
{
	const double *values;
	size_t		n;
	size_t		happened;
	size_t		hit;
	size_t		miss;
	double		p;
	double		count;
	double		hits;
} walk;

static int
next_group(walk *w)
{
	size_t		hit = w->hit;
	size_t		miss = w->miss;

	if (hit == w->happened && miss == w->n)
		return 0;
	w->p = hit < w->happened ? w->values[hit] : w->values[miss];
	if (miss < w->n)
		w->p = fmin(w->p, w->values[miss]);
	while (hit < w->happened && w->values[hit] == w->p)
		hit++;
	while (miss < w->n && w->values[miss] == w->p)
		miss++;
	w->hits = hit - w->hit;
	w->count = w->hits + (miss - w->miss);
	w->hit = hit;
	w->miss = miss;
	return 1;
}

int
reliability_quantiles(const double *values, size_t n, size_t happened, int bins, reliability_line *line)
{
	walk		w = {.values = values, .n = n, .happened = happened, .miss = happened};
	int			lines = 0;
	size_t		each = n / bins;
	size_t		more = n % bins;
	double		left = 0;		/* of the group at hand */
	double		below = 0;

	for (int k = 0; k < bins && (k < more || each > 0); k++)
	{
		double		room = each + (k < more);
		double		size = room;
		core_sum	sum = {0};
		core_sum	hits = {0};

		while (room > 0)
		{
			double		part;

			if (left == 0)
			{
				(void) next_group(&w);
				left = w.count;
			}
			part = fmin(left, room);
			core_sum_add(&sum, part * w.p);
			core_sum_add(&hits, part * (w.hits / w.count));
			left -= part;
			room -= part;
		}
		line[lines++] = (reliability_line) {below, w.p, size, fmin(core_sum_value(sum) / size, 1), fmin(core_sum_value(hits) / size, 1)};
		below = w.p;
	}
	if (lines > 0)
		line[lines - 1].upper = 1;
	return lines;
}

void
reliability_distinct(const double *values, size_t n, size_t happened, reliability_parts *parts)
{
	walk		w = {.values = values, .n = n, .happened = happened, .miss = happened};
	group_sums	sums = {0};
	double		base = (double) happened / n;

	while (next_group(&w))
	{
		double		frequency = w.hits / w.count;

		sums.n += w.count;
		sums.hits += w.hits;
		core_sum_add(&sums.brier, w.hits * (1 - w.p) * (1 - w.p) + (w.count - w.hits) * w.p * w.p);
		core_sum_add(&sums.reliability, w.count * (w.p - frequency) * (w.p - frequency));
		core_sum_add(&sums.squares, w.count * (frequency - base) * (frequency - base));
	}
	parts_of(&sums, base, parts);
}

double
reliability_ks(const double *values, size_t n, size_t happened)
{
	walk		w = {.values = values, .n = n, .happened = happened, .miss = happened};
	core_sum	off = {0};
	double		greatest = 0;

	while (next_group(&w))
	{
		core_sum_add(&off, w.hits - w.count * w.p);
		greatest = fmax(greatest, fabs(core_sum_value(off)));
	}
	return greatest / n;
}

void
reliability_wilson(double frequency, double n, double *lower, double *upper)
{
	const double z = 1.959963984540054;
	double		share = z * z / n;
	double		centre = (frequency + share / 2) / (1 + share);
	double		reach = z * sqrt(frequency * (1 - frequency) / n + share / (4 * n)) / (1 + share);

	*lower = frequency == 0 ? 0 : fmax(centre - reach, 0);
	*upper = frequency == 1 ? 1 : fmin(centre + reach, 1);
}
