/*
 * Do events happen as often as forecast? Sums over bins of forecasts, and what
 * follows from them: the decomposition of the Brier score (Murphy 1973;
 * Stephenson et al. 2008), the calibration errors, the reliability table.
 */
#ifndef BET_EDGE_CORE_RELIABILITY_H
#define BET_EDGE_CORE_RELIABILITY_H

#include <stddef.h>

#include "core/sum.h"

#define RELIABILITY_MOST_BINS 1000

/* Forecasts of one bin, as differences from its centre; hits may be fractions where ties are shared out. */
typedef struct reliability_bin
{
	double		n;
	double		hits;
	core_sum	off;
	core_sum	off2;
	core_sum	hit_off;		/* of those that happened */
} reliability_bin;

typedef struct reliability_line
{
	double		lower;			/* ends of the bin */
	double		upper;
	double		n;
	double		mean;			/* of the forecasts */
	double		frequency;		/* of the event */
} reliability_line;

typedef struct reliability_parts
{
	double		brier;
	double		reliability;
	double		resolution;
	double		uncertainty;
	double		within_variance;
	double		within_covariance;
} reliability_parts;

/* The bin of p among so many of equal width, (lo, hi], 0 in the first; from 0. */
static inline int
reliability_bin_of(double p, int bins)
{
	double		at = p * bins;
	int			k = (int) at;
	double		off = at - k;

	/* near an edge ask the edge itself, k / bins rounded */
	if (off < 1e-9 || off > 1 - 1e-9)
	{
		k += off > 0.5;
		k -= k > 0 && p <= (double) k / bins;
	}
	return k < bins ? k : bins - 1;
}

static inline double
reliability_centre(int k, int bins)
{
	return (k + 0.5) / bins;
}

static inline void
reliability_add(reliability_bin *bin, double p, double centre, int happened)
{
	double		off = p - centre;

	bin->n += 1;
	core_sum_add(&bin->off, off);
	core_sum_add(&bin->off2, off * off);
	/* times 0 or 1, as nothing foretells a jump */
	bin->hits += happened;
	core_sum_add(&bin->hit_off, off * happened);
}

extern void reliability_merge(reliability_bin *into, const reliability_bin *from);
extern int	reliability_sound(const reliability_bin *bin);
/* The lines of the bins that hold forecasts; their number. */
extern int	reliability_lines(const reliability_bin *bin, int bins, reliability_line *line);
extern void reliability_decompose(const reliability_bin *bin, int bins, reliability_parts *parts);
/* Mean and largest distance of mean and frequency, by weight of the lines. */
extern void reliability_error(const reliability_line *line, int lines, double *expected, double *greatest);

/*
 * Forecasts one by one: n values, p where the event happened and -p (-0 too) where not.
 * Sorts them into p: those that happened and then the others; returns how many happened.
 * work has place for n.
 */
extern size_t reliability_split(double *values, double *work, size_t n);
/* Bins of equal counts of the split values, the first n mod bins one more. Equal forecasts share what happened evenly. */
extern int	reliability_quantiles(const double *values, size_t n, size_t happened, int bins, reliability_line *line);
/* One group for each distinct forecast. */
extern void reliability_distinct(const double *values, size_t n, size_t happened, reliability_parts *parts);
/* The largest distance of the cumulative sums of forecasts and outcomes, over n (Gupta et al. 2021). */
extern double reliability_ks(const double *values, size_t n, size_t happened);

/* Wilson's 95 % interval of a frequency of hits among n (Wilson 1927). */
extern void reliability_wilson(double frequency, double n, double *lower, double *upper);

#endif							/* BET_EDGE_CORE_RELIABILITY_H */
