/*
 * How good a forecast was: Brier 1950, logarithmic and ranked probability
 * score (Epstein 1969, divided by r - 1 as Constantinou & Fenton 2012 do).
 * Classes are counted from 0 here; smaller is better everywhere.
 */
#ifndef BET_EDGE_CORE_SCORE_H
#define BET_EDGE_CORE_SCORE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "core/sum.h"

#define SCORE_SUM_TOLERANCE 1e-6
#define SCORE_LN2 0.69314718055994530942

/* CORE_INVALID unless each is in [0,1] and they sum to 1 within the tolerance. */
static inline core_status
score_probs(const double *probs, int n)
{
	double		sum = 0;

	for (int k = 0; k < n; k++)
	{
		if (!(probs[k] >= 0 && probs[k] <= 1))
			return CORE_INVALID;
		sum += probs[k];
	}
	return fabs(sum - 1) <= SCORE_SUM_TOLERANCE ? CORE_OK : CORE_INVALID;
}

static inline double
score_brier(const double *probs, int n, int outcome)
{
	double		sum = 0;

	for (int k = 0; k < n; k++)
	{
		double		off = probs[k] - (k == outcome);

		sum += off * off;
	}
	return sum;
}

/* Squared differences of the cumulative distributions: near misses cost less. */
static inline double
score_rps(const double *probs, int n, int outcome)
{
	double		ahead = 0;
	double		sum = 0;

	for (int k = 0; k < n - 1; k++)
	{
		ahead += probs[k] - (k == outcome);
		sum += ahead * ahead;
	}
	return sum / (n - 1);
}

/* -ln p: Infinity for p = 0. */
extern double score_log(double p);
/* The same of an event with probability p that happened or not. */
extern double score_log_event(double p, int happened);

/* Of the interval lower..upper at 1 - alpha (Winkler 1972; Gneiting & Raftery 2007). */
static inline double
score_interval(double y, double lower, double upper, double alpha)
{
	return (upper - lower) + (y < lower ? 2 / alpha * (lower - y) : y > upper ? 2 / alpha * (y - upper) : 0);
}

/* A table, as compilers make a jump of a comparison: one that no processor can foresee. */
static const double score_happened[2] = {0, 1};

/* Of a forecast of the quantile tau: tau for what y is above it, 1 - tau for what it is below. */
static inline double
score_pinball(double y, double forecast, double tau)
{
	return fabs(score_happened[y < forecast] - tau) * fabs(y - forecast);
}

/* ---- a mean whose rows come in clusters ---------------------------------------------------------- */

typedef struct score_row
{
	int64_t		cluster;
	double		value;
} score_row;

typedef struct score_cluster
{
	int64_t		cluster;
	double		n;				/* rows, 0 in an empty place */
	core_sum	sum;
} score_cluster;

/* Places that score_clusters needs for n rows: a power of 2. */
extern size_t score_cluster_places(size_t n);
/*
 * Mean of n rows and its standard error when the rows of one cluster go together (Liang & Zeger 1986):
 * G/(G-1) times the sum of the squared sums of a cluster's deviations, over n squared, rooted. place has
 * score_cluster_places(n) of them, all bytes 0. The number of clusters; the error is 0 for a single one.
 */
extern size_t score_clusters(const score_row *row, size_t n, score_cluster *place, double *mean, double *error, void (*check) (void));

/* ---- means of many ----------------------------------------------------------------------------- */

typedef struct score_mean
{
	double		n;
	core_sum	sum;
} score_mean;

/*
 * A sum of -ln(factor): one logarithm for a few hundred factors in place of
 * one each. The product is kept to twice the digits of a double (Ogita, Rump
 * & Oishi 2005), so that the sum is at least as good as one of logarithms.
 */
typedef struct score_logs
{
	double		n;
	core_sum	sum;
	double		product;		/* of the factors that sum does not hold; 1 to begin with */
	double		low;			/* what rounding took from it */
} score_logs;

#define SCORE_PRODUCT_LEAST 0x1p-300	/* a product below goes to the sum */
#define SCORE_FACTOR_LEAST 0x1p-100	/* and so does a factor: products stay far from 0 */

extern double score_log_product(double product, double low);
extern double score_logs_mean(const score_logs *logs);
extern void score_logs_merge(score_logs *logs, const score_logs *other);
/* Is it one that score_logs_add could have made? */
extern int	score_logs_sound(const score_logs *logs);
extern int	score_mean_sound(const score_mean *mean);

/* value - (its rounded half of 26 digits) */
static inline void
score_split(double value, double *high, double *low)
{
	double		scaled = 134217729 * value;

	*high = scaled - (scaled - value);
	*low = value - *high;
}

/* The factor is p + low, p in [0,1]. */
static inline void
score_logs_add(score_logs *logs, double p, double low)
{
	double		product = logs->product * p;
	double		ah,
				al,
				ph,
				pl;

	logs->n += 1;
	if (p < SCORE_FACTOR_LEAST)
	{
		core_sum_add(&logs->sum, -log(p));
		return;
	}
	score_split(logs->product, &ah, &al);
	score_split(p, &ph, &pl);
	logs->low = logs->low * p + (logs->product * low + (al * pl - (((product - ah * ph) - al * ph) - ah * pl)));
	logs->product = product;
	if (product < SCORE_PRODUCT_LEAST)
	{
		core_sum_add(&logs->sum, score_log_product(logs->product, logs->low));
		logs->product = 1;
		logs->low = 0;
	}
}

/* An event of probability p that happened or not: the factor p or 1 - p, without a branch on a coin. */
static inline void
score_logs_add_event(score_logs *logs, double p, int happened)
{
	double		not = score_happened[!happened];
	double		off = p - not;

	score_logs_add(logs, fabs(off), (off + not) - p);
}

#endif							/* BET_EDGE_CORE_SCORE_H */
